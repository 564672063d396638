"""Mentions: typed spans of a document, and the line of types and words that fact patterns run over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from migkg.extract.document import Sentence
from migkg.model import RULES, Span
from migkg.reference import Name

# In order of trust: where two mentions of equal length compete for the same words, the earlier type wins.
TYPES = (
    "QUOTE", "DATE", "OBJ", "POLICY", "PROG", "ORG", "PLACE", "CATEGORY", "EVENT", "ROLE",
    "MONEY", "NUM", "DEMONYM", "NAME",
)  # fmt: skip


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


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence as one string: plain words in small letters, each mention as TYPE and number, a space behind each.

    :param items: what stands at each position: the span in the article and the mention, if it is one.
    :param offsets: where each item starts in `text`.
    """

    sentence: Sentence
    text: str
    items: tuple[tuple[Span, Mention | None], ...]
    offsets: tuple[int, ...]
    types: frozenset[str]
    mentions: tuple[Mention, ...] = field(default=())

    def span(self, start: int, end: int) -> Span:
        """Offsets of `text` → the span of the article that they cover."""
        covered = [item[0] for item, offset in zip(self.items, self.offsets, strict=True) if start <= offset < end]
        return Span(covered[0].start, covered[-1].end)

    def find(self, placeholder: str) -> Mention:
        """The mention behind a placeholder such as `ORG3`."""
        return self.mentions[int("".join(char for char in placeholder if char.isdigit()))]


def select(candidates: Iterable[Mention]) -> tuple[Mention, ...]:
    """Keep the longest of overlapping mentions (leftmost, then by trust), in the order of the text."""
    rank = {name: i for i, name in enumerate(TYPES)}
    chosen: list[Mention] = []
    taken: set[int] = set()
    for mention in sorted(
        candidates, key=lambda m: (m.type != "QUOTE", m.span.start - m.span.end, m.span.start, rank[m.type])
    ):
        cells = range(mention.span.start, mention.span.end)
        # Ends suffice: a longer mention was placed before, so an overlap covers one of this mention's ends.
        if cells[0] not in taken and cells[-1] not in taken:
            chosen.append(mention)
            taken.update(cells)
    return tuple(sorted(chosen, key=lambda m: m.span))


def encode(sentence: Sentence, mentions: Iterable[Mention]) -> Line:
    """Write a sentence as the string that patterns read.

    :param mentions: selected ones that lie in this sentence, in the order of the text, without overlaps.
    """
    parts: list[str] = []
    items: list[tuple[Span, Mention | None]] = []
    offsets: list[int] = []
    types: set[str] = set()
    found = tuple(mentions)
    position = length = token = 0
    count = len(sentence.words)
    while token < count:
        start = sentence.starts[token]
        if position < len(found) and found[position].span.start <= start:
            mention = found[position]
            part = f"{mention.type}{position}"
            span = mention.span
            types.add(mention.type)
            while token < count and sentence.starts[token] < span.end:
                token += 1
            position += 1
            items.append((span, mention))
        else:
            part = _plain(sentence.words[token])
            items.append((Span(start, sentence.ends[token]), None))
            token += 1
        parts.append(part)
        offsets.append(length)
        length += len(part) + 1
    return Line(sentence, " ".join(parts) + " ", tuple(items), tuple(offsets), frozenset(types), found)


# Brackets group symbols in a pattern, so those of the text are written otherwise; curly apostrophes become straight.
_PLAIN = str.maketrans({"(": "[", ")": "]", "’": "'", "‘": "'", "–": "-", "—": "-", " ": None})


def _plain(word: str) -> str:
    return word.lower().translate(_PLAIN)
