"""What all pictures for print share: paper, ink, font and files; by matplotlib, the same bytes for the same picture."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from migkg.errors import MissingExtra

INK, PAPER, SOURCE = "#222222", "#ffffff", "#555555"
_FONT = "DejaVu Sans"  # comes with matplotlib: the same everywhere
_DPI = 200
_STYLE: dict[Any, Any] = {
    "svg.hashsalt": "migkg", "svg.fonttype": "path", "pdf.fonttype": 42, "font.family": _FONT, "path.simplify": False,
    "text.parse_math": False,
}  # fmt: skip
# The day of writing is no part of a picture.
_UNDATED: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": None}, "png": {"Software": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}  # fmt: skip


@contextmanager
def opened(width: float, height: float) -> Iterator[Any]:
    """An empty figure of so many inches.

    :raises MissingExtra: when matplotlib is not installed.
    """
    try:
        import matplotlib as mpl
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtra("matplotlib", "pictures") from error
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(width, height), dpi=_DPI, facecolor=PAPER)
        FigureCanvasAgg(figure)  # measures texts, whatever the form of the file
        yield figure


def saved(figure: Any, form: str) -> bytes:
    """A figure as svg, png or pdf."""
    out = io.BytesIO()
    figure.savefig(out, format=form, metadata=_UNDATED[form])
    return out.getvalue()


@cache
def _font() -> Any:
    try:
        from matplotlib.font_manager import findfont, get_font
    except ImportError as error:
        raise MissingExtra("matplotlib", "pictures") from error
    return get_font(findfont(_FONT))


def printable(text: str) -> str:
    """A text in which a box stands for each character that the font lacks."""
    return "".join(char if char.isspace() or _font().get_char_index(ord(char)) else "□" for char in text)


def across(text: str, points: float) -> float:
    """How wide a line of text is, in inches."""
    _font().set_size(points, _DPI)
    _font().set_text(text, 0.0)
    return float(_font().get_width_height()[0]) / 64 / _DPI


def wrapped(text: str, most: int, lines: int) -> list[str]:
    """A text in at most so many lines of so many characters, about as long as each other."""

    def cut(width: int) -> list[str]:
        return textwrap.wrap(printable(text), width, max_lines=lines, placeholder=" …")

    found = cut(most)
    while most > 8 and len(tighter := cut(most - 1)) == len(found) and not _cut_off(tighter, found):
        found, most = tighter, most - 1
    return found


def _cut_off(tighter: list[str], found: list[str]) -> bool:
    return any(line.endswith("…") for line in tighter) or not found
