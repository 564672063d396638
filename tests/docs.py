"""Small Word files, written by hand."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"


def p(text: str, style: str = "") -> str:
    """A paragraph; `text` may hold runs of its own."""
    runs = text if text.startswith("<w:") else f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'
    return f'<w:p>{f"<w:pPr><w:pStyle w:val={style!r}/></w:pPr>" if style else ""}{runs}</w:p>'


def table(*rows: tuple[str, ...]) -> str:
    """A table of cells, each of which is text or paragraphs."""
    cells = ["".join(f"<w:tc>{c if c.startswith('<w:') else p(c)}</w:tc>" for c in row) for row in rows]
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def docx(*body: str, title: str = "", head: str = "", **parts: bytes) -> bytes:
    """A Word file.

    :param head: what stands before the root element. :param parts: further files, a "/" written as "__".
    """
    document = f'{head}<w:document xmlns:w="{W}" xmlns:mc="{MC}"><w:body>{"".join(body)}</w:body></w:document>'
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", document)
        if title:
            core = f'<p xmlns="{CORE}" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></p>'
            archive.writestr("docProps/core.xml", core)
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return out.getvalue()
