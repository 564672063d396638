"""Mentions: typed spans of a document, and the line of types and words that fact patterns run over."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from operator import attrgetter
from typing import Any, NamedTuple

from migkg.extract.document import Sentence
from migkg.model import RULES, Span
from migkg.reference import Name

# In order of trust: where two mentions of equal length compete for the same words, the earlier type wins.
TYPES = (
    "QUOTE", "DATE", "OBJ", "POLICY", "PROG", "ORG", "PLACE", "CATEGORY", "EVENT", "ROLE",
    "MONEY", "NUM", "DEMONYM", "NAME",
)  # fmt: skip
_LETTERS = "".join(TYPES)
_at = attrgetter("at")
_RANK = {name: rank for rank, name in enumerate(TYPES)}


@dataclass(frozen=True, slots=True)
class Mention:
    """A typed span.

    :param text: the words as printed, white space collapsed; an acronym in brackets behind them is left out.
    :param names: what the reference data know by this name (several when it is ambiguous).
    :param value: what the words mean where they can be read at once: a date, a number, a code, a composition.
    :param acronym: the short form defined in brackets behind the words.
    :param reader: who found it.
    """

    type: str
    span: Span
    text: str
    names: tuple[Name, ...] = ()
    value: Any = None
    acronym: str | None = None
    reader: str = RULES


class Place(NamedTuple):
    """Where a mention stands in a line.

    :param at: its number among what stands in the line; `behind`: the first token of the sentence behind it.
    :param span: the words that it stands for, which may be more than the mention's own.
    """

    at: int
    behind: int
    span: Span
    mention: Mention


@dataclass(frozen=True)
class Line:
    """A sentence as one string: plain words in small letters, each mention as TYPE and number, a space behind each.

    :param types: of its mentions; `words`: these and all that stands in `text`, to ask what a pattern needs.
    :param mentions: by their numbers in `text`; `places`: those that stand there, in order.
    """

    sentence: Sentence
    text: str
    types: frozenset[str]
    words: frozenset[str]
    mentions: tuple[Mention, ...]
    places: tuple[Place, ...]

    @cached_property
    def items(self) -> tuple[tuple[Span, Mention | None], ...]:
        """What stands in `text`: the span in the article, and the mention if it is one."""
        mentions = {place.at: place.mention for place in self.places}
        return tuple((Span(*self._item(at)), mentions.get(at)) for at in range(self.text.count(" ")))

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """Where each item starts in `text`."""
        return tuple(accumulate((len(item) + 1 for item in self.text.split(" ")[:-2]), initial=0))

    def span(self, start: int, end: int) -> Span:
        """Offsets of `text` → the span of the article that they cover."""
        # Each item has one space behind it and none in it.
        first = self.text.count(" ", 0, start) + (start > 0 and self.text[start - 1] != " ")
        return Span(self._item(first)[0], self._item(self.text.count(" ", 0, end - 1))[1])

    def placed(self) -> Iterator[tuple[int, Mention]]:
        """The mentions that stand in `text`, each with the offset where it starts there."""
        return ((self.offsets[place.at], place.mention) for place in self.places)

    def token(self, at: int) -> int:
        """The sentence's first token in an item of `text`, by number."""
        i = bisect_left(self.places, at, key=_at)
        return self.places[i - 1].behind + at - self.places[i - 1].at - 1 if i else at

    def _item(self, at: int) -> tuple[int, int]:
        """Start and end in the article of an item of `text`, by number."""
        i = bisect_left(self.places, at, key=_at)
        if i < len(self.places) and self.places[i].at == at:
            return self.places[i].span.start, self.places[i].span.end
        token = self.token(at)
        return self.sentence.starts[token], self.sentence.ends[token]

    def find(self, placeholder: str) -> Mention:
        """The mention behind a placeholder such as `ORG3`."""
        return self.mentions[int(placeholder.lstrip(_LETTERS))]


def select(candidates: Iterable[Mention]) -> tuple[Mention, ...]:
    """Keep the longest of overlapping mentions (leftmost, then by trust), in the order of the text."""
    found = sorted(candidates, key=_start)
    if all(one.span.end <= other.span.start for one, other in pairwise(found)):
        return tuple(found)  # most sentences: nothing overlaps
    chosen: list[Mention] = []
    taken: set[int] = set()
    for mention in sorted(
        found, key=lambda m: (m.type != "QUOTE", m.span.start - m.span.end, m.span.start, _RANK[m.type])
    ):
        cells = range(mention.span.start, mention.span.end)
        # Ends suffice: a longer mention was placed before, so an overlap covers one of this mention's ends.
        if cells[0] not in taken and cells[-1] not in taken:
            chosen.append(mention)
            taken.update(cells)
    return tuple(sorted(chosen, key=_start))


def _start(mention: Mention) -> int:
    return mention.span.start


def encode(sentence: Sentence, mentions: Iterable[Mention]) -> Line:
    """Write a sentence as the string that patterns read.

    :param mentions: selected ones that lie in this sentence, in the order of the text, without overlaps.
    """
    found = tuple(mentions)
    words, starts = sentence.plain, sentence.starts
    parts: list[str] = []
    places: list[Place] = []
    token = 0
    for number, mention in enumerate(found):
        first = bisect_left(starts, mention.span.start, token)
        if first == len(words):
            break
        parts += words[token:first]
        token = bisect_left(starts, mention.span.end, first)
        places.append(Place(len(parts), token, mention.span, mention))
        parts.append(f"{mention.type}{number}")
    parts += words[token:]
    return written(sentence, parts, found, places)


def written(sentence: Sentence, parts: list[str], mentions: tuple[Mention, ...], places: list[Place]) -> Line:
    """A line of these parts."""
    types = frozenset([place.mention.type for place in places])
    return Line(sentence, " ".join(parts) + " ", types, types.union(parts), mentions, tuple(places))
