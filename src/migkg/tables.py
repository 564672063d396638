"""Tables as text for people, in a window of any width; `formats` has those for programs.

A line for people is a sequence of pieces with a style (`Line`), so that a terminal, a notebook and plain text can each
show it in their own way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from migkg.model import Table

Line = tuple[tuple[str, str], ...]
"""Pieces of (text, style); a style is one of "", "bold", "dim", "underline"."""

WIDTH = 120  # of text that no window bounds
_INDENT = "    "
_GAP = "  "
# A word longer than this may be cut when a table is narrow.
_LONGEST_WORD = 16
# Columns that prove a row. As long as all others together, they stand under their row, over the whole width.
_SENTENCE, _WORDS, _SOURCE = "sentence", ("quotation", "words"), ("article", "url")
NOTES = "sources"
"""The column with the numbers of a row's footnotes."""


def show(table: Table, width: int = WIDTH) -> Iterator[Line]:
    """A table in at most `width` cells of a terminal; the sentence that proves a row stands under it."""
    has = set(table.columns)
    below = [name for name in _WORDS if has & {_SENTENCE, NOTES}]
    below += [name for name in (_SENTENCE, *_SOURCE) if has & {_SENTENCE, _SOURCE[-1]}]
    below = [name for name in below if name in has]
    columns = [name for name in table.columns if name not in below]
    rows = [{name: _word(value) for name, value in row.items()} for row in table]
    heads = {name: name.replace("_", " ") for name in columns}
    right = {name for name in columns if _are_numbers(row[name] for row in table)}
    needs = [_measure([heads[name], *(row[name] for row in rows)]) for name in columns]
    widths = dict(zip(columns, fit(needs, width), strict=True))
    if table.title:
        yield from (((line, "bold"),) for line in lines_of(table.title, width))
        yield ()
    yield from _row(heads, widths, right, "bold")
    yield ((_GAP.join("─" * widths[name] for name in columns), "dim"),)
    former: list[str] | None = None
    for row in rows:
        cells = [row[name] for name in columns]
        if below and former is not None:
            yield ()
        if cells != former or not below:  # several sentences may prove one row
            yield from _row(row, widths, right)
        former = cells
        if below:
            yield from _proof(row, width)
    yield ()
    for footnote in table.footnotes:
        mark = f"[{footnote.number}] "
        source = f" — {footnote.article}" + (f" <{footnote.url}>" if footnote.url else "")
        lines = lines_of(f"{mark}“{footnote.sentence}”{source}", width - len(_INDENT))
        yield from (((f"{_INDENT if number else ''}{line}", "dim"),) for number, line in enumerate(lines))
    if table.footnotes:
        yield ()
    for note in table.notes:
        yield from (((line, "dim"),) for line in lines_of(note, width))
    yield ((f"{len(table):,} row{'' if len(table) == 1 else 's'}", "dim"),)


def _are_numbers(values: Iterable[Any]) -> bool:
    kinds = {type(value) for value in values} - {type(None)}
    return bool(kinds) and kinds <= {int, float, Decimal}


def plain(lines: Iterable[Line]) -> str:
    """Lines without their styles."""
    return "\n".join("".join(clean(text) for text, _ in line) for line in lines)


def _row(row: Mapping[str, str], widths: Mapping[str, int], right: Iterable[str], style: str = "") -> Iterator[Line]:
    cells = {name: lines_of(row[name], width) for name, width in widths.items()}
    for number in range(max(map(len, cells.values()), default=0)):
        pieces = []
        for name, lines in cells.items():
            text = lines[number] if number < len(lines) else ""
            space = " " * (widths[name] - size(text))
            pieces.append(space + text if name in right else text + space)
        yield ((_GAP.join(pieces).rstrip(), style),)


def _proof(row: Mapping[str, str], width: int) -> Iterator[Line]:
    """The sentence with the very words underlined, and its source; without a sentence what there is."""
    sentence = row.get(_SENTENCE, "")
    marks = []
    for name in _WORDS:
        words = row.get(name, "")
        start = sentence.find(words) if words else -1
        if start >= 0:
            marks.append((start, start + len(words)))
        elif words:
            yield from quote(words, (), width)
    source = " ".join(part for part in (row.get("article", ""), f"<{row['url']}>" if row.get("url") else "") if part)
    yield from quote(sentence, marks, width, f" — {source}" if source else "")
    if not sentence and source:
        yield from (((f"{_INDENT}{line}", "dim"),) for line in lines_of(source, width - len(_INDENT)))


def quote(sentence: str, marks: Sequence[tuple[int, int]], width: int, source: str = "") -> Iterator[Line]:
    """A sentence in quotation marks, indented, with the words at `marks` underlined and its source behind it.

    :param marks: (start, end) in the sentence; a mark of all of it is left out, as it would say nothing.
    """
    if not sentence:
        return
    text = f"“{sentence}”{source}"
    inside: set[int] = set()
    for start, end in marks:
        if end - start < len(sentence.rstrip(".!?”\"")):
            inside.update(range(start + 1, end + 1))
    for start, end in wrap(text, width - len(_INDENT)):
        cuts = [start, *(i for i in range(start + 1, end) if (i in inside) != (i - 1 in inside)), end]
        pieces = ((text[a:b], "underline" if a in inside else "dim") for a, b in pairwise(cuts))
        yield ((_INDENT, ""), *pieces)


def fit(needs: Sequence[tuple[int, int]], width: int) -> list[int]:
    """Widths of columns, so that they fit: the widest give way first, down to their longest word.

    :param needs: (longest word, longest line) of each column.
    """
    room = width - len(_GAP) * (len(needs) - 1)
    least, most = [min(word, _LONGEST_WORD) for word, _ in needs], [line for _, line in needs]
    if sum(least) > room:
        least = [1] * len(needs)

    def capped(cap: int) -> list[int]:
        return [max(low, min(high, cap)) for low, high in zip(least, most, strict=True)]

    cap = max(most, default=0)
    while cap > 1 and sum(capped(cap)) > room:
        cap -= 1
    widths = capped(cap)
    for column in sorted(range(len(needs)), key=lambda column: -most[column]):  # what rounding left over
        widths[column] += max(0, min(most[column] - widths[column], room - sum(widths)))
    return widths


def _measure(cells: Iterable[str]) -> tuple[int, int]:
    word = line = 0
    for cell in cells:
        for part in cell.split("\n"):
            line = max(line, size(part))
        for part in cell.split():
            word = max(word, size(part))
    return max(word, 1), max(line, 1)


def lines_of(text: str, width: int) -> list[str]:
    """A text in lines of at most `width` cells."""
    return [text[start:end] for start, end in wrap(text, width)]


def wrap(text: str, width: int) -> list[tuple[int, int]]:
    """Where a text breaks into lines of at most `width` cells: half-open offsets. Longer words are cut.

    >>> wrap("one two three", 8)
    [(0, 7), (8, 13)]
    """
    width = max(width, 1)
    found: list[tuple[int, int]] = []
    start = end = -1  # of the line that is being filled
    for match in re.finditer(r"\n|\S+", text):
        if match[0] == "\n":
            found.append((max(start, 0), max(end, 0)))
            start = -1
            continue
        if start >= 0 and size(text[start : match.end()]) > width:
            found.append((start, end))
            start = -1
        start = match.start() if start < 0 else start
        end = match.end()
        while size(text[start:end]) > width:
            cut = start + 1
            while cut < end and size(text[start : cut + 1]) <= width:
                cut += 1
            if cut == end:
                break
            found.append((start, cut))
            start = cut
    if start >= 0:
        found.append((start, end))
    return found


def size(text: str) -> int:
    """Cells that a text takes in a terminal: none for a combining mark, two for a wide character (UAX 11)."""
    if text.isascii():
        return len(text)
    seen = (c for c in text if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in seen)


_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def clean(text: str) -> str:
    """A text with spaces for control characters: an article must not send commands to a terminal (ECMA-48)."""
    return _CONTROLS.sub(" ", text)


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
