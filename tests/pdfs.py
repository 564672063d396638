"""Small PDF files, written by hand: what stands where is exactly what the test says."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 595, 842  # A4 in points
LEFT, TOP, LEADING = 72, 760, 14
COLUMNS = 60  # letters of a full line
_LETTER = 0.6  # of the size: the width of each letter of Courier


@dataclass(frozen=True)
class Words:
    """Words at a place, in points from the lower left corner."""

    text: str
    x: float
    y: float
    size: float = 11
    bold: bool = False


def width(text: str, size: float = 11) -> float:
    """How wide a text is printed, in points."""
    return len(text) * size * _LETTER


def column(*paragraphs: str, y: float = TOP, x: float = LEFT, letters: int = COLUMNS, size: float = 11) -> list[Words]:
    """Paragraphs set ragged right, half a line apart; an explicit line break stays."""
    placed = []
    for paragraph in paragraphs:
        for given in paragraph.split("\n"):
            for line in textwrap.wrap(given, letters, break_on_hyphens=False):
                placed.append(Words(line, x, y, size))
                y -= LEADING
        y -= LEADING / 2
    return placed


def pdf(*pages: Sequence[Words], title: str = "", picture: bool = False) -> bytes:
    """A PDF file (ISO 32000-1) in Courier.

    :param picture: whether each page holds a picture, as a scan does.
    """
    fonts = "<< /F1 3 0 R /F2 4 0 R >>"
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", _font("Courier"), _font("Courier-Bold")]
    objects.append("<< /Title (" + _escaped(title) + ") >>")
    objects.append(
        "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 "
        "/Length 1 >>\nstream\nx\nendstream"
    )
    kids = []
    for page in pages:
        marks = [
            f"BT /F{2 if words.bold else 1} {words.size} Tf {words.x} {words.y} Td ({_escaped(words.text)}) Tj ET"
            for words in page
        ] + ["q 500 0 0 700 50 70 cm /I1 Do Q"] * picture
        stream = "\n".join(marks)
        objects.append(f"<< /Length {len(stream.encode('cp1252'))} >>\nstream\n{stream}\nendstream")
        resources = f"<< /Font {fonts} /XObject << /I1 6 0 R >> >>"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents {len(objects)} 0 R "
            f"/Resources {resources} >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    data = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 5 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode() + trailer.encode()


def _font(name: str) -> str:
    return f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
