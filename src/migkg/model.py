"""The words of migkg as types: frozen dataclasses, standard library only.

Offsets everywhere are Unicode code points into `Article.text`, half-open: `text[start:end]`.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date as precisely as a text gives it: a year, a month or a day.

    :raises ValueError: when no such day or month exists.

    >>> str(PartialDate(2024, 6, 12)), str(PartialDate(2023, 3))
    ('2024-06-12', '2023-03')
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.year <= 9999:
            raise ValueError(f"no year {self.year}")
        if self.month is None:
            if self.day is not None:
                raise ValueError("a day needs a month")
        elif not 1 <= self.month <= 12:
            raise ValueError(f"no month {self.month}")
        elif self.day is not None and not 1 <= self.day <= monthrange(self.year, self.month)[1]:
            raise ValueError(f"no day {self.day} in {self.year}-{self.month:02}")

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read `YYYY`, `YYYY-MM` or `YYYY-MM-DD` (ISO 8601)."""
        parts = text.split("-")
        if not 1 <= len(parts) <= 3 or not all(part.isascii() and part.isdigit() for part in parts):
            raise ValueError(f"not a date: {text!r}")
        return cls(*(int(part) for part in parts))

    @property
    def precision(self) -> Literal["year", "month", "day"]:
        """The smallest unit that is known."""
        return "day" if self.day else "month" if self.month else "year"

    def __str__(self) -> str:
        text = f"{self.year:04}"
        if self.month is not None:
            text += f"-{self.month:02}"
        if self.day is not None:
            text += f"-{self.day:02}"
        return text


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of an article's text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def of(self, text: str) -> str:
        """The words that the span covers."""
        return text[self.start : self.end]

    def holds(self, other: Span) -> bool:
        """Whether the other span lies within this one."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end

    def join(self, other: Span) -> Span:
        """The stretch from the start of the one to the end of the other."""
        return Span(min(self.start, other.start), max(self.end, other.end))


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it was read; `text` is the frozen snapshot that every span points into.

    :param id: slug of its address or file name, unique in a corpus; part of its IRI.
    :param url: the address it was published at, when known.
    :param sha256: hex digest of `text` in UTF-8.
    :param lang: BCP 47 primary tag, `en` or `id`; None when neither was recognised.
    :param source: where it was read from, as the user named it.
    :param pages: (offset, page) wherever another page of a paged source begins, in the order of the offsets; a page
        without text begins where it ends.
    """

    id: str
    text: str
    sha256: str
    source: str
    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    published: PartialDate | None = None
    lang: str | None = None
    read: PartialDate | None = None
    pages: tuple[tuple[int, int], ...] = ()

    def page(self, offset: int) -> int | None:
        """The page that a character stands on; None when the source has no pages."""
        place = bisect_right(self.pages, offset, key=lambda start: start[0])
        return self.pages[place - 1][1] if place else None


@dataclass(frozen=True, slots=True)
class Text:
    """A string in a language (RDF language-tagged literal)."""

    value: str
    lang: str


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """A reference to a thing by its IRI."""

    iri: str


Value = Ref | Text | str | int | Decimal | PartialDate


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing that facts speak of.

    :param kind: name of an entity kind of the ontology (`person`, `organization`, `unit`, `law`, …).
    :param labels: preferred labels, one a language.
    :param names: forms under which the article mentions it, as printed.
    :param known: True when the reference data holds it.
    """

    iri: str
    kind: str
    labels: tuple[Text, ...] = ()
    names: tuple[str, ...] = ()
    known: bool = False
    links: tuple[tuple[str, Value], ...] = ()


RULES = "rules"
"""The first reader: migkg's own rules."""


@dataclass(frozen=True, slots=True, order=True)
class Agent:
    """A program that read an article beside the rules.

    :param name: as evidence names it, for example `spacy:en_core_web_sm`; `version`: of its model.
    """

    name: str
    version: str


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """The exact words that state a fact, the sentences around them, and the rule and the reader that read them."""

    span: Span
    sentence: Span
    rule: str
    reader: str = RULES


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a kind that the ontology declares.

    :param roles: role name → entity IRIs, sorted; qualifiers: name → values, sorted.
    :param evidence: at least one; a fact without evidence never leaves extraction (the evidence gate).
    """

    kind: str
    roles: tuple[tuple[str, tuple[str, ...]], ...]
    qualifiers: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    evidence: tuple[Evidence, ...] = ()

    def role(self, name: str) -> tuple[str, ...]:
        """The IRIs in a role; empty when the fact lacks it."""
        return next((iris for role, iris in self.roles if role == name), ())

    def qualifier(self, name: str) -> tuple[Value, ...]:
        """The values of a qualifier; empty when the fact lacks it."""
        return next((values for qualifier, values in self.qualifiers if qualifier == name), ())


Severity = Literal["violation", "warning", "info"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something a person should look at.

    :param focus: the IRI it is about (SHACL focus node), or "".
    :param shape: name of the shape or check that found it.
    :param path: the property it is about, or the second reader.
    :param article: id of the article, or "" when it concerns no single one.
    """

    severity: Severity
    shape: str
    focus: str
    message: str
    path: str = ""
    value: str = ""
    article: str = ""


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that one article yields: a pure function of the article, the reference data and the rules.

    :param agents: what else read it, when something did.
    """

    article: Article
    entities: tuple[Entity, ...]
    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...] = ()
    agents: tuple[Agent, ...] = ()


@dataclass(frozen=True, slots=True)
class Footnote:
    """A sentence that proves rows of a table, and where it stands.

    :param url: the article's address; "" when it has none. :param iri: the article's IRI, if the store gave it.
    """

    number: int
    sentence: str
    article: str
    url: str = ""
    iri: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Table:
    """An answer: named columns, rows of plain Python values (str, int, float, bool, Decimal, None).

    :param notes: what was asked for, as "parameter: value".
    :param terms: the RDF terms behind the rows, where a store gave them; they do not count for equality.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    title: str = ""
    notes: tuple[str, ...] = field(default=())
    footnotes: tuple[Footnote, ...] = ()
    terms: tuple[tuple[Any, ...], ...] = field(default=(), compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for row in self.rows:
            yield dict(zip(self.columns, row, strict=True))


@dataclass(frozen=True, slots=True)
class Node:
    """A thing in a network.

    :param labels: language → name. :param type: kind of entity, such as `igo`; `concept` for an objective.
    :param country: IRI of its country, or "". :param parent: IRI of what it is a unit of, or "".
    """

    iri: str
    labels: Mapping[str, str] = field(hash=False)
    type: str = ""
    country: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """What joins two things in a network.

    :param kinds: the questions that found it, sorted. :param weight: as the network counts.
    :param first, last: ISO dates of what is known of it, as exact as stated; "" where nothing is dated.
    :param facts: IRIs of the facts behind it, sorted. :param shared: IRIs of what the two have in common, sorted.
    """

    source: str
    target: str
    kinds: tuple[str, ...]
    weight: int
    first: str
    last: str
    facts: tuple[str, ...]
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Network:
    """A network of stakeholders, and what it is a network of.

    :param title: language → title. :param weight: what an edge's weight counts.
    :param notes: how it was cut out of the graph, a sentence each.
    """

    name: str
    title: Mapping[str, str] = field(hash=False)
    directed: bool
    weight: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    notes: tuple[str, ...] = ()
