"""PDF files with a text layer, page by page."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from migkg.errors import SourceError
from migkg.readers.base import Parts, Raw, normalise, one_line
from migkg.readers.layout import Line, Paragraph, paragraphs

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

MAX_PAGES = 5_000
_LETTERS = 20  # on all pages together; a scan has none, or a stamp
_TELL = 50  # pages
_BOLD = 600
_ASKED = 5  # letters of a line that are asked for their size: words in another font stand in it
_TITLE_WORDS = 40
_TITLE_SIZE = 1.15  # of the text's
_NEWLINE = 10
_HYPHENS = (2, 0xFFFE)  # the library writes these for a hyphen at a line's end, in place of the line's end too
_LINE_ENDS = (_NEWLINE, 13, *_HYPHENS)
# One printed sign, several letters.
_SIGNS = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\u00a0": " ", "\u202f": " ",
     "\u2007": " ", **{chr(hyphen): "-" for hyphen in _HYPHENS}}
)  # fmt: skip


def read_pdf(raw: Raw) -> Iterator[Parts]:
    """The text of a PDF file, one line a paragraph, with the page of each stretch.

    :raises SourceError: not a PDF file, broken, locked by a password, a scan without text.
    """
    lines, pages, scanned, title = _read(raw)
    found = paragraphs(lines)
    if sum(sum(map(str.isalnum, paragraph.text)) for paragraph in found) < _LETTERS:
        raise SourceError(
            f"no text on its {pages:,} page{'' if pages == 1 else 's'}: a scan, or pictures only", where=raw.source,
            expected="a PDF file with a text layer",
            todo="Let a program for text recognition add one, for example: ocrmypdf OLD.pdf NEW.pdf",
        )  # fmt: skip
    text, starts = _placed(found, scanned)
    yield Parts(text, title=_title(found, title), pages=starts)


def _read(raw: Raw) -> tuple[list[Line], int, tuple[int, ...], str | None]:
    """The lines, the number of pages, the pages that are pictures without text, and the stated title."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(raw.data)
    except pdfium.PdfiumError as error:
        raise _unreadable(raw, error) from error
    try:
        count = len(document)
        if count > MAX_PAGES:
            raise SourceError(f"{count:,} pages", where=raw.source, expected=f"at most {MAX_PAGES:,}", todo="Cut it.")
        lines: list[Line] = []
        scanned: list[int] = []
        for index in range(count):
            found = _page(document, index)
            lines += found or ()
            if found is None:
                scanned.append(index + 1)
            if (index + 1) % _TELL == 0:
                raw.tell(f"page {index + 1:,} of {count:,}")
        return lines, count, tuple(scanned), document.get_metadata_value("Title")
    except pdfium.PdfiumError as error:
        raise _unreadable(raw, error) from error
    finally:
        document.close()


def _unreadable(raw: Raw, error: Exception) -> SourceError:
    if "password" in str(error).lower():
        todo = "Save a copy without a password, and give migkg the copy."
        return SourceError("locked by a password", where=raw.source, todo=todo)
    if not raw.data.lstrip().startswith(b"%PDF"):
        return SourceError("not a PDF file", where=raw.source, expected="a file that begins with %PDF")
    todo = "Open it in a reader of PDF files and save it again."
    return SourceError(f"the PDF file is broken ({error})", where=raw.source, todo=todo)


def _page(document: PdfDocument, index: int) -> list[Line] | None:
    """The lines of a page in reading order; None for a picture without text."""
    import pypdfium2 as pdfium

    try:
        page = document[index]
    except pdfium.PdfiumError:
        return []  # one broken page among good ones
    text = page.get_textpage()
    try:
        lines = [line for line in _lines(text.raw, index + 1) if line.text]
        return lines if lines or not _has_picture(page) else None
    finally:
        text.close()
        page.close()


def _has_picture(page: PdfPage) -> bool:
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    return next(iter(page.get_objects(filter=(FPDF_PAGEOBJ_IMAGE,))), None) is not None


def _lines(page: Any, number: int) -> Iterator[Line]:
    """The lines of a text page: the library puts line breaks where it sees them, and has a box for every sign."""
    from pypdfium2.raw import FPDFText_CountChars, FPDFText_GetUnicode

    units = [FPDFText_GetUnicode(page, index) for index in range(FPDFText_CountChars(page))]
    begin = 0
    for index, unit in enumerate([*units, _NEWLINE]):
        if unit in _LINE_ENDS:
            end = index + (unit in _HYPHENS)
            shown = [at for at in range(begin, end) if _shown(units[at])]
            if shown:
                yield _line(page, units, shown, number)
            begin = index + 1


def _shown(unit: int) -> bool:
    return (unit > 32 and unit != 0xA0) or unit in _HYPHENS


def _line(page: Any, units: list[int], shown: list[int], number: int) -> Line:
    from ctypes import byref

    from pypdfium2.raw import (
        FS_MATRIX,
        FS_RECTF,
        FPDFText_GetFontSize,
        FPDFText_GetFontWeight,
        FPDFText_GetLooseCharBox,
        FPDFText_GetMatrix,
    )

    first, last, matrix = FS_RECTF(), FS_RECTF(), FS_MATRIX()
    FPDFText_GetLooseCharBox(page, shown[0], byref(first))
    FPDFText_GetLooseCharBox(page, shown[-1], byref(last))
    letters = [index for index in shown if chr(units[index]).isalnum()] or shown
    asked = sorted({letters[len(letters) * step // _ASKED] for step in range(_ASKED)})
    bold = all(FPDFText_GetFontWeight(page, index) >= _BOLD for index in asked)
    found: Counter[tuple[float, float]] = Counter()
    for index in asked:
        FPDFText_GetMatrix(page, index, byref(matrix))
        height = FPDFText_GetFontSize(page, index) * math.hypot(matrix.b, matrix.d)
        found[round(height, 1), round(matrix.f, 1)] += 1
    size, base = found.most_common(1)[0][0]
    # Signs beyond the first plane come as two units.
    coded = b"".join(unit.to_bytes(2, "little") if unit < 0x10000 else chr(unit).encode("utf-16-le")
                     for unit in units[shown[0] : shown[-1] + 1])  # fmt: skip
    text = coded.decode("utf-16-le", "replace").translate(_SIGNS)
    values = (first.left, last.right, base, size)
    left, right, base, size = (value if math.isfinite(value) else 0.0 for value in values)
    return Line(" ".join(normalise(text).split()), number, left, right, base, size, bold)


def _placed(found: tuple[Paragraph, ...], scanned: tuple[int, ...]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text, and (offset, page) wherever another page begins; a page that is a picture begins where it ends."""
    text = ""
    pieces = [(page, piece) for paragraph in found for page, piece in (*paragraph.pieces, (0, "\n"))]
    starts: list[tuple[int, int]] = []
    parts: list[str] = []
    offset, left = 0, list(scanned)
    for page, piece in pieces:
        if page and (not starts or starts[-1][1] != page):
            while left and left[0] < page:
                starts.append((offset, left.pop(0)))
            starts.append((offset, page))
        parts.append(piece)
        offset += len(piece)
    text = "".join(parts).rstrip()
    return text, (*starts, *((len(text), page) for page in left))


def _title(found: tuple[Paragraph, ...], stated: str | None) -> str | None:
    """The stated title when it is printed on the first page; else what is printed largest there.

    What software states is mostly the name of a file or of a template.
    """
    first = [paragraph for paragraph in found if paragraph.pieces[0][0] == found[0].pieces[0][0]]
    title = one_line(stated)
    for paragraph in first:
        if title and paragraph.text.casefold() == title.casefold():
            return paragraph.text
    largest = max(first, key=lambda paragraph: paragraph.size)
    sizes = sorted(paragraph.size for paragraph in found for _ in range(len(paragraph.text)))
    usual = sizes[len(sizes) // 2] if sizes else 0.0
    words = re.findall(r"\w+", largest.text)
    return largest.text if largest.size >= usual * _TITLE_SIZE and 2 < len(words) <= _TITLE_WORDS else None
