"""A matrix as a heat map for print: SVG, PNG or PDF.

Shades of one colour, light to dark, which keep their order in grey and for colour-blind readers; the number stands in
each cell, so that no one has to guess it. The name of a row with nothing is in italics, its cells are struck through.
"""

from __future__ import annotations

import math
import textwrap
from dataclasses import replace
from itertools import pairwise
from typing import Any

from migkg import __version__
from migkg.network.matrix import Head, Matrix
from migkg.network.paper import INK, PAPER, SOURCE, across, opened, printable, saved, wrapped

# ColorBrewer's "Blues" (Harrower and Brewer 2003) without the lightest: a count is never taken for nothing.
_SHADES = ("#c6dbef", "#9ecae1", "#6baed6", "#4292c6", "#2171b5", "#08519c", "#08306b")
_EMPTY, _STRUCK = "#f3f3f3", "#b0b0b0"
_COLUMNS, _ROWS = 30, 60  # of a picture; more cannot be read on a page
_LINES = 2  # of a name
_ROW_NAME, _COLUMN_NAME = 64, 40  # characters of a line
_SMALL, _TEXT = 6.5, 7.5  # points
_SIDE, _WIDTH = 0.3, 8.0  # inches: margin, and least width of a picture
_WORDS = {
    "en": {"all": "all", "nothing": "nothing", "rows": "Of {} rows the first {} are shown.",
           "drawn": "Drawn by migkg {}; every fact rests on quoted sentences."},
    "id": {"all": "semua", "nothing": "tidak ada", "rows": "Dari {} baris hanya {} pertama yang ditampilkan.",
           "drawn": "Digambar oleh migkg {}; setiap fakta bertumpu pada kalimat yang dikutip."},
}  # fmt: skip


def drawn(matrix: Matrix, form: str) -> bytes:
    """A picture, in the matrix's language.

    :param form: svg, png or pdf.
    :raises MissingExtra: when matplotlib is not installed.
    """
    shown, words = _fitting(matrix), _WORDS[matrix.lang]
    names = [_lines(row, matrix.lang, _ROW_NAME) for row in shown.rows]
    heads = [*(_lines(column, matrix.lang, _COLUMN_NAME) for column in shown.columns), [words["all"]]]
    level = all(len(line) <= 7 for lines in heads for line in lines)  # years need no slope
    longest = max(across(line, _TEXT) for lines in heads for line in lines)
    above = 0.2 if level else longest * math.sin(math.pi / 4) + 0.25
    beside = 0.1 if level else longest * math.cos(math.pi / 4)
    left = _SIDE + max((across(line, _TEXT) for lines in names for line in lines), default=0.0) + 0.12
    room = _WIDTH - left - beside - _SIDE
    step = min(max(room / len(heads), 0.46 if level or max(map(len, heads)) > 1 else 0.4), 0.7)
    width = max(_WIDTH, left + step * len(heads) + beside + _SIDE)
    tall = [0.12 * max(len(lines), 1) + 0.11 for lines in names]
    top = 0.75 + above
    bottom = top + sum(tall)
    notes = [line for told in (*shown.told(), words["drawn"].format(__version__))
             for line in textwrap.wrap(printable(told), int((width - 2 * _SIDE) * 21))]  # fmt: skip
    with opened(width, bottom + 0.75 + 0.125 * len(notes) + _SIDE / 2) as figure:
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, width)
        axes.set_ylim(figure.get_figheight(), 0)  # inches, downwards
        title = printable(shown.texts[shown.lang]["title"])
        axes.text(_SIDE, 0.4, title, fontsize=13, fontweight="bold", color=INK, va="center")
        for number, lines in enumerate(heads):
            x = left + step * (number + 0.5) + (0.12 if number == len(heads) - 1 else 0)
            axes.text(
                x, top - 0.07, "\n".join(lines), fontsize=_TEXT, color=INK, rotation=0 if level else 45,
                ha="center" if level else "left", va="bottom", rotation_mode="anchor", linespacing=1.05,
                fontweight="bold" if number == len(heads) - 1 else "normal",
            )  # fmt: skip
        _rows(axes, shown, names, tall, left, top, step)
        _legend(axes, shown, bottom + 0.33)
        axes.text(_SIDE, bottom + 0.62, "\n".join(notes), fontsize=_SMALL, color=SOURCE, va="top", linespacing=1.3)
        return saved(figure, form)


def _lines(head: Head, lang: str, most: int) -> list[str]:
    return wrapped(head.name(lang), most, _LINES) or [printable(head.key) or "–"]


def _fitting(matrix: Matrix) -> Matrix:
    """What can be read on a page, and notes on what is left out."""
    shown = matrix.top(_COLUMNS)
    if len(shown.rows) <= _ROWS:
        return shown
    note = _WORDS[matrix.lang]["rows"].format(len(shown.rows), _ROWS)
    return replace(shown, rows=shown.rows[:_ROWS], notes=(*shown.notes, note))


def _rows(
    axes: Any, matrix: Matrix, names: list[list[str]], tall: list[float], left: float, top: float, step: float
) -> None:
    from matplotlib.patches import Rectangle

    totals, colour = matrix.totals(), _colours(matrix)
    y = top
    for row, lines, height in zip(matrix.rows, names, tall, strict=True):
        middle, total = y + height / 2, totals[row.key]
        style = {"color": INK if total else SOURCE, "fontstyle": "normal" if total else "italic"}
        name = "\n".join(lines)
        axes.text(left - 0.08, middle, name, fontsize=_TEXT, ha="right", va="center", linespacing=1.05, **style)
        for number, column in enumerate(matrix.columns):
            count = matrix.count(row.key, column.key)
            x, shade = left + step * number, colour(count)
            axes.add_patch(Rectangle((x, y), step, height, facecolor=shade, edgecolor=PAPER, linewidth=1.2))
            if count:
                ink = PAPER if shade in _SHADES[3:] else INK
                at = x + step / 2, middle
                axes.text(*at, str(count), fontsize=_TEXT, color=ink, ha="center", va="center_baseline")
        if not total and matrix.columns:
            end = left + step * len(matrix.columns)
            axes.plot([left + 0.08, end - 0.08], [middle, middle], color=_STRUCK, linewidth=0.8)
        x = left + step * (len(matrix.columns) + 0.5) + 0.12
        axes.text(x, middle, str(total), fontsize=_TEXT, ha="center", va="center_baseline", fontweight="bold", **style)
        y += height


def _bounds(matrix: Matrix) -> list[tuple[int, int]]:
    """The counts of each shade, from and to; of few counts each has its own."""
    most = max((matrix.count(row.key, column.key) for row in matrix.rows for column in matrix.columns), default=0)
    if most <= len(_SHADES):
        return [(count, count) for count in range(1, most + 1)]
    ends = [math.ceil(most ** (number / 5)) for number in range(6)]  # each about as many times the one before
    ends = sorted({max(end, number + 1) for number, end in enumerate(ends)})
    return [(1, 1), *((low + 1, high) for low, high in pairwise(ends) if high > 1)]


def _colours(matrix: Matrix) -> Any:
    bounds = _bounds(matrix)
    shades = _spread(len(bounds))

    def colour(count: int) -> str:
        return next((shade for shade, (low, high) in zip(shades, bounds, strict=True) if low <= count <= high), _EMPTY)

    return colour


def _spread(wanted: int) -> list[str]:
    """So many shades, as far apart as may be; of few, none so dark that it shouts."""
    if wanted <= 4:
        return [_SHADES[1], _SHADES[3], _SHADES[4], _SHADES[5]][:wanted]
    return [_SHADES[round(number * (len(_SHADES) - 1) / (wanted - 1))] for number in range(wanted)]


def _legend(axes: Any, matrix: Matrix, y: float) -> None:
    from matplotlib.patches import Rectangle

    bounds = _bounds(matrix)
    told = [str(low) if low == high else f"{low}–{high}" for low, high in bounds]
    x = _SIDE
    for shade, text in zip([_EMPTY, *_spread(len(bounds))], [_WORDS[matrix.lang]["nothing"], *told], strict=True):
        axes.add_patch(Rectangle((x, y - 0.07), 0.22, 0.14, facecolor=shade, edgecolor=_STRUCK, linewidth=0.5))
        axes.text(x + 0.28, y, text, fontsize=_TEXT, color=INK, va="center_baseline")
        x += 0.28 + across(text, _TEXT) + 0.22
