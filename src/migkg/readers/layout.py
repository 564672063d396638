"""Lines on pages → paragraphs: what is printed on every page dropped, broken lines and words joined again.

Works on where lines stand and how large they are printed; no word of any language stands here.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

# Rows at the top and at the bottom of a page that may be a running head or foot.
_EDGE_ROWS = 3
_REPEATED = 3  # pages with the same line at the same height; on a few pages, fewer
_FEW_PAGES = 5
_SAME_HEIGHT, _SAME_ROW = 4.0, 3.0  # points
_APART = 1.75  # of the usual distance of two lines, at least between a running head and the text
_SAME_SIZE = 0.6  # points, by which the sizes of one paragraph's lines differ at most
_READ_SIZE = 0.15  # of the size, by which recognised text may differ within a paragraph
_FOOTNOTE = 0.9  # of the body's size; footnotes are set smaller
_PITCH = 1.25  # of the usual distance of two lines; paragraphs stand further apart
_WIDEST = 2.2  # of the size; no paragraph's lines are further apart than double spacing
_INDENT = 18  # points
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_CONTENTS = re.compile(r"(?:\. ?){4}\d+$")  # dots that lead to a page
_ITEM = re.compile(r"[•●▪◦‣·*■□\uf0b7]|[–—-]\s|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]\s")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(r"(\w)([-\u2010\u00ad])$")


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line.

    :param page: from 1. :param left, right, base: where it begins, ends and stands, in points from the page's lower
        left corner. :param size: of its letters, in points. :param bold: whether it is set in bold from end to end.
    """

    text: str
    page: int
    left: float
    right: float
    base: float
    size: float
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together.

    :param pieces: (page, text) for each stretch of one page; joined they are the paragraph.
    """

    pieces: tuple[tuple[int, str], ...]
    size: float

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(text for _, text in self.pieces)


def paragraphs(lines: Sequence[Line]) -> tuple[Paragraph, ...]:
    """The paragraphs of a document.

    :param lines: of all pages, in reading order.
    """
    body = _without_running_heads(lines)
    usual = _usual_size(body)
    breaker = _Breaker(body)
    words = _vocabulary(body)
    groups: list[list[Line]] = []
    notes: list[list[Line]] = []  # footnotes wait until the paragraph above them has gone on on the next page
    for line in body:
        small = line.size < usual * _FOOTNOTE
        if small and groups and line.page == groups[-1][-1].page:
            if notes and not breaker.between(notes[-1][-1], line):
                notes[-1].append(line)
            else:
                notes.append([line])
            continue
        if groups and not breaker.between(groups[-1][-1], line):
            groups[-1].append(line)
            continue
        groups += notes
        notes = []
        groups.append([line])
    return tuple(_joined(group, words) for group in [*groups, *notes])


# --- what is printed on every page ------------------------------------------------------------------------------------


def _without_running_heads(lines: Sequence[Line]) -> list[Line]:
    """Without the rows at the edges of pages that stand at the same height of other pages too, numbers aside."""
    pages: dict[int, list[list[Line]]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: (line.page, -line.base)):
        rows = pages[line.page]
        if rows and rows[-1][0].base - line.base < _SAME_ROW:
            rows[-1].append(line)
        else:
            rows.append([line])
    seen: dict[tuple[str | int, int], set[int]] = defaultdict(set)
    for page, rows in pages.items():
        for row in (*rows[:_EDGE_ROWS], *rows[_EDGE_ROWS:][-_EDGE_ROWS:]):
            for line in row:
                for sign in _signs(line):
                    seen[sign].add(page)

    def often(row: Sequence[Line]) -> int:
        return max((len(seen.get(sign, ())) for line in row for sign in _signs(line)), default=0)

    pitches = _pitches(lines)
    enough = _REPEATED if len(pages) > _FEW_PAGES else 2
    dropped: set[Line] = set()
    for rows in pages.values():
        for edge in (rows, rows[::-1]):
            counts = list(takewhile(lambda count: count >= enough, map(often, edge[:_EDGE_ROWS])))
            # What is printed on every page is set apart from the text; a page of nothing else is empty.
            if len(counts) == len(edge) and min(counts) > len(pages) / 2:
                dropped.update(line for row in edge for line in row)
            ends = [
                end for end in range(1, len(counts) + 1)
                if end < len(edge) and _apart(edge[end - 1][0], edge[end][0], pitches)
            ]  # fmt: skip
            if ends:
                last = ends[-1] if len(edge) > 2 * _EDGE_ROWS else ends[0]
                dropped.update(line for row in edge[:last] for line in row)
    return [line for line in lines if line not in dropped]


def _apart(outer: Line, inner: Line, pitches: Mapping[int, float]) -> bool:
    usual = pitches.get(round(inner.size), inner.size * _PITCH)
    return abs(outer.base - inner.base) > _APART * usual or abs(outer.size - inner.size) > inner.size * (1 - _FOOTNOTE)


def _signs(line: Line) -> Iterator[tuple[str | int, int]]:
    """What a running head shares with those of other pages: its height, and its words or the count of the pages.

    The words of a head may change with the chapter; then the page's number beside them still gives it away. Heights
    are read from a coarse ruler, twice, so that neighbours share a step.
    """
    words = re.sub(r"\d+", "#", " ".join(line.text.casefold().split()))
    numbers = [int(number) - line.page for number in re.findall(r"^\d{1,4}\b|\b\d{1,4}$", line.text)]
    for height in (int(line.base // _SAME_HEIGHT), int(line.base // _SAME_HEIGHT) + 1):
        yield words, height
        yield from ((number, height) for number in numbers)


# --- which lines belong together --------------------------------------------------------------------------------------


def _usual_size(lines: Iterable[Line]) -> float:
    """The size in which most of the text is printed."""
    count: Counter[float] = Counter()
    for line in lines:
        count[round(line.size * 2) / 2] += len(line.text)
    return count.most_common(1)[0][0] if count else 0.0


def _pitches(lines: Iterable[Line]) -> dict[int, float]:
    """Size → the usual distance of two lines of it, in points."""
    found: dict[int, Counter[float]] = defaultdict(Counter)
    for above, below in pairwise(lines):
        pitch = above.base - below.base
        if above.page == below.page and 0 < pitch < _WIDEST * above.size:
            found[round(above.size)][round(pitch * 2) / 2] += 1
    return {size: count.most_common(1)[0][0] for size, count in found.items()}


class _Breaker:
    """Tells where paragraphs end, by what is usual in the document."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.pitches = _pitches(lines)
        self.edges: dict[tuple[int, int, int], float] = {}
        for line in lines:
            for place in _places(line):
                self.edges[place] = max(self.edges.get(place, 0.0), line.right)

    def between(self, above: Line, below: Line) -> bool:
        """Whether a paragraph ends between two lines that follow each other."""
        differ = abs(above.size - below.size)
        if above.bold != below.bold or differ > max(_SAME_SIZE, _READ_SIZE * above.size):
            return True
        if differ > _SAME_SIZE and not below.text[:1].islower():
            return True
        if _ITEM.match(below.text) or _CONTENTS.search(above.text):
            return True
        runs_on = below.text[:1].islower() or _BROKEN.search(above.text) is not None
        ended = _SENTENCE_END.search(above.text) is not None
        pitch = above.base - below.base
        if above.page != below.page or pitch <= 0:
            # The next page or column: only a sentence that is not over goes on there.
            return ended or not (runs_on or self._full(above, below))
        usual = self.pitches.get(round(above.size), above.size * _PITCH)
        if pitch > max(usual * _PITCH, usual + 1):
            return True
        return not (self._full(above, below) or (runs_on and not ended))

    def _full(self, above: Line, below: Line) -> bool:
        """Whether the first word below would not have fitted into the line above: then that line was simply full."""
        first = below.text.split(None, 1)[0]
        letter = (below.right - below.left) / max(len(below.text), 1)
        edge = max(self.edges[place] for place in _places(above))
        return above.right + (len(first) + 0.5) * letter > edge


def _places(line: Line) -> tuple[tuple[int, int, int], ...]:
    """The page's columns of one size by their left edges, on a coarse ruler, with room for an indent on either side."""
    step = int(line.left // _INDENT)
    return tuple((line.page, round(line.size), step + by) for by in (-1, 0, 1))


# --- words ------------------------------------------------------------------------------------------------------------


def _vocabulary(lines: Iterable[Line]) -> frozenset[str]:
    """The words of the document that no line breaks."""
    return frozenset(
        word for line in lines for word in _WORD.findall(_BROKEN.sub(r"\1 ", line.text).casefold().rsplit(" ", 1)[0])
    )


def _joined(lines: Sequence[Line], words: frozenset[str]) -> Paragraph:
    pieces: list[tuple[int, str]] = []
    for line, after in zip(lines, [*lines[1:], None], strict=True):
        text = line.text
        if after is not None:
            text = _before(text, after.text, words)
        if pieces and pieces[-1][0] == line.page:
            pieces[-1] = (line.page, pieces[-1][1] + text)
        else:
            pieces.append((line.page, text))
    return Paragraph(tuple(pieces), lines[0].size)


def _before(text: str, after: str, words: frozenset[str]) -> str:
    """A line with what stands between it and the next: a space, or nothing where a word was broken.

    A hyphen at the line's end belongs to the word when the document has the word with it elsewhere, before a capital
    or a figure, and where a word is doubled (Indonesian plurals).
    """
    broken = _BROKEN.search(text)
    if broken is None or not after[:1].isalnum():
        return text + " "
    if broken[2] == "\u00ad":
        return text[:-1]
    left = text[:-1].rsplit(None, 1)[-1].casefold()
    right = after.split(None, 1)[0].casefold()
    end, start = _WORD.findall(left), _WORD.match(right)
    if not after[0].islower() or not broken[1].isalpha() or not end or start is None:
        return text
    if end[-1] + start[0] in words:
        return text[:-1]
    hyphened = f"{end[-1]}-{start[0]}"
    return text if hyphened in words or start[0].startswith(end[-1].rsplit("-", 1)[-1]) else text[:-1]
