"""Word files (.docx, ECMA-376): headings, paragraphs and tables in their order.

Read with zipfile and lxml, as it takes a page of code: python-docx leaves out what stands in content controls and what
was inserted under tracked changes, and unpacks every picture of a file whose size nothing bounds.
"""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from migkg.errors import SourceError
from migkg.readers.base import Parts, Raw, normalise, one_line

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_XML = 50_000_000  # bytes of an unpacked part: about 20,000 pages of text
MAX_PARTS = 20_000
_DOCUMENT, _CORE = "word/document.xml", "docProps/core.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_OLD = b"\xd0\xcf\x11\xe0"  # the container of Word 97, and of a file that is locked by a password
# What was deleted, what describes and what stands there for older programs is no text.
_NO_TEXT = frozenset({_W + "del", _W + "moveFrom", _W + "rPr", _W + "pPr", _W + "rt", _MC + "Fallback"})
_SIGNS = {_W + "tab": " ", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-"}
_BROKEN = (BadZipFile, zlib.error, lzma.LZMAError)
_LISTS = ("ListBullet", "ListNumber")


def read_docx(raw: Raw) -> Iterator[Parts]:
    """The text of a Word file, one line a paragraph, heading, list item or table row.

    :raises SourceError: not a Word file, broken, locked, no text, larger when unpacked than any text is.
    """
    try:
        with ZipFile(BytesIO(_checked(raw))) as archive:
            body = _xml(archive, _DOCUMENT, raw)
            core = _xml(archive, _CORE, raw) if _CORE in archive.namelist() else None
    except (*_BROKEN, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        todo = "Open it in a word processor and save it again."
        raise SourceError(f"the Word file is broken ({error})", where=raw.source, todo=todo) from error
    lines: list[str] = []
    title = None
    for text, style in _blocks(body):
        found = [line for line in (" ".join(part.split()) for part in normalise(text).split("\n")) if line]
        title = title or (" ".join(found) if style == "Title" else None)
        lines += [" ".join(found)] if style == "Title" and found else found
    if not lines:
        raise SourceError("no text in it", where=raw.source, expected="a Word file with text")
    stated = one_line(core.findtext(f".//{_TITLE}")) if core is not None else None
    # What software states is mostly the name of a file or of a template: it is believed where the text begins with it.
    title = title or next((line for line in lines[:5] if stated and line.casefold() == stated.casefold()), None)
    yield Parts("\n".join(lines), title=title)


def _checked(raw: Raw) -> bytes:
    """The bytes, when they are an archive that may be opened."""
    if raw.data.startswith(_OLD):
        raise SourceError(
            "an old Word file (.doc), or one that is locked by a password", where=raw.source,
            expected="a .docx file", todo="Save it as .docx without a password.",
        )  # fmt: skip
    if not raw.data.startswith(b"PK"):
        raise SourceError("not a Word file", where=raw.source, expected="a .docx file")
    # Each entry of an archive's directory costs ten times its bytes in memory.
    if raw.data.count(b"PK\x01\x02") > MAX_PARTS:
        raise SourceError(f"more than {MAX_PARTS:,} files in it", where=raw.source, expected="a .docx file")
    return raw.data


def _xml(archive: ZipFile, name: str, raw: Raw) -> _Element:
    """A part of the file; unpacked no further than a text can be long (archives that grow without end)."""
    from lxml import etree

    try:
        with archive.open(name) as file:
            data = file.read(MAX_XML + 1)
    except KeyError:
        raise SourceError("an archive without a Word text", where=raw.source, expected="a .docx file") from None
    if len(data) > MAX_XML:
        todo = "Copy its text into a .txt file, and give migkg that file."
        raise SourceError(f"unpacked, its text is larger than {MAX_XML:,} bytes", where=raw.source, todo=todo)
    try:
        # Nothing outside of the file is looked at, and entities stay what they are.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(f"its {name} is not readable as XML ({error.msg})", where=raw.source) from error


def _blocks(parent: _Element) -> Iterator[tuple[str, str]]:
    """(text, style) of the paragraphs and table rows under an element, in their order."""
    for child in parent:
        if child.tag == _W + "p":
            yield from _paragraph(child)
        elif child.tag == _W + "tbl":
            for row in child.iterchildren(_W + "tr"):
                yield from _row(row)
        elif isinstance(child.tag, str) and child.tag not in _NO_TEXT:
            yield from _blocks(child)  # content controls, insertions and the like


def _row(row: _Element) -> Iterator[tuple[str, str]]:
    """A row as one line; where only one cell holds text, the table is there for the layout."""
    cells = [blocks for cell in row.iter(_W + "tc") if (blocks := [b for b in _blocks(cell) if b[0].strip()])
             and next(cell.iterancestors(_W + "tr")) is row]  # fmt: skip
    if len(cells) == 1:
        yield from cells[0]
    elif cells:
        yield " | ".join(" ".join(" ".join(text.split()) for text, _ in blocks) for blocks in cells), ""


def _paragraph(paragraph: _Element) -> Iterator[tuple[str, str]]:
    """A paragraph, and after it what stands in text boxes that are tied to it."""
    text: list[str] = []
    boxes: list[_Element] = []
    _collect(paragraph, text, boxes)
    style = _value(paragraph, f"{_W}pPr/{_W}pStyle")
    listed = _value(paragraph, f"{_W}pPr/{_W}numPr/{_W}numId") not in ("", "0") or style.startswith(_LISTS)
    found = "".join(text)
    yield ("- " if listed and found.strip() and not style.startswith("Heading") else "") + found, style
    for box in boxes:
        yield from _blocks(box)


def _value(element: _Element, path: str) -> str:
    found = element.find(path)
    return str(found.get(_W + "val", "")) if found is not None else ""


def _collect(element: _Element, text: list[str], boxes: list[_Element]) -> None:
    for child in element:
        tag: Any = child.tag
        if tag == _W + "t":
            text.append(child.text or "")
        elif tag in _SIGNS:
            text.append(_SIGNS[tag])
        elif tag == _W + "txbxContent":
            boxes.append(child)
        elif tag == _W + "r" and child.find(f"{_W}rPr/{_W}vanish") is not None:
            continue  # hidden
        elif isinstance(tag, str) and tag not in _NO_TEXT:
            _collect(child, text, boxes)
