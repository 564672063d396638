"""What stands on a page: view models, ready to be shown by a template, without a word of HTML or HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Link:
    """A text, and the IRI of the thing or the address that it stands for; "" when it is only a text."""

    text: str
    iri: str = ""


Details: TypeAlias = tuple[tuple[str, tuple[Link, ...]], ...]
"""(property, values) in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a thing with an IRI that ends in "#" and its `key`, as the position of a span."""

    key: str
    title: str
    details: Details


@dataclass(frozen=True, slots=True)
class Source:
    """An article that proves something on a page, under a number."""

    number: int
    title: str
    iri: str
    published: str = ""
    address: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence that proves something.

    :param pieces: (text, whether it is the very words), in order. :param source: number of the article, 0 for none.
    """

    pieces: tuple[tuple[str, bool], ...]
    source: int
    page: int | None = None
    lang: str = ""


@dataclass(frozen=True, slots=True)
class FactItem:
    """A fact on a page. :param rows: (role or qualifier, values). :param more: sentences that are not shown."""

    iri: str
    rows: Details
    quotes: tuple[Quote, ...]
    readers: tuple[str, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts of one kind in which the thing has one part. :param key: names it in an address."""

    key: str
    kind: str
    part: str
    facts: tuple[FactItem, ...]


@dataclass(frozen=True, slots=True)
class Incoming:
    """Things that point here by one property. :param more: how many are not listed."""

    name: str
    things: tuple[Link, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """What every page has.

    :param title: of the window and of the page. :param section: which part of the site it is in.
    :param iri: of the thing that it tells of, "" for none.
    """

    title: str
    section: str = ""
    iri: str = ""


@dataclass(frozen=True, slots=True)
class ThingPage(Page):
    """A thing, fact, article or term.

    :param details: (property, values). :param json_ld: what the graph says of it, for programs.
    :param total: facts that there are; `facts` of them are shown. :param lang: of its title, when that has its own.
    """

    types: tuple[Link, ...] = ()
    names: tuple[str, ...] = ()
    details: Details = ()
    parts: tuple[Part, ...] = ()
    groups: tuple[FactGroup, ...] = ()
    sources: tuple[Source, ...] = ()
    incoming: tuple[Incoming, ...] = ()
    json_ld: str = ""
    total: int = 0
    lang: str = ""

    @property
    def facts(self) -> int:
        """How many facts the page has."""
        return sum(len(group.facts) for group in self.groups)


@dataclass(frozen=True, slots=True)
class HomePage(Page):
    """The first page.

    :param lead: what the graph is about, "" for what it is about as a rule. :param json_ld: the same for programs.
    :param counts: (what, how many). :param questions: (name, what it answers).
    """

    lead: str = ""

    counts: tuple[tuple[str, int], ...] = ()
    articles: tuple[ArticleItem, ...] = ()
    questions: tuple[tuple[str, str], ...] = ()
    json_ld: str = ""


@dataclass(frozen=True, slots=True)
class ArticleItem:
    """An article in a list."""

    iri: str
    title: str
    publisher: str
    published: str
    lang: str
    facts: int


@dataclass(frozen=True, slots=True)
class ArticlesPage(Page):
    """Articles, the newest first. :param number: of this page of the list, from 1; `pages` there are."""

    articles: tuple[ArticleItem, ...] = ()
    total: int = 0
    number: int = 1
    pages: int = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that a page leads to. :param section: as `Links.section` takes it. :param number: how long it is."""

    title: str
    section: str
    number: int


@dataclass(frozen=True, slots=True)
class BrowsePage(Page):
    """All lists of things. :param groups: (heading, lists)."""

    groups: tuple[tuple[str, tuple[Listed, ...]], ...] = ()
    letters: tuple[Listed, ...] = ()


@dataclass(frozen=True, slots=True)
class ListItem:
    """A thing in a list. :param note: what more there is to say. :param facts: how many facts speak of it."""

    iri: str
    label: str
    note: str = ""
    facts: int = 0


@dataclass(frozen=True, slots=True)
class ListPage(Page):
    """Things of one kind, or under one letter. :param key: section of the list. :param number: see `ArticlesPage`."""

    key: str = ""
    items: tuple[ListItem, ...] = ()
    total: int = 0
    number: int = 1
    pages: int = 1


@dataclass(frozen=True, slots=True)
class Download:
    """A file of a release. :param path: inside the release. :param size: bytes."""

    title: str
    path: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class DownloadsPage(Page):
    """The files of a release. :param groups: (heading, files)."""

    lead: str = ""
    groups: tuple[tuple[str, tuple[Download, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class FoundItem:
    """A thing or article that was looked for. :param pieces: the text that matched, as in `Quote`."""

    iri: str
    label: str
    kind: str
    how: str
    pieces: tuple[tuple[str, bool], ...]
    articles: int


@dataclass(frozen=True, slots=True)
class FindPage(Page):
    """What was looked for, and what was found.

    :param message: why nothing was. :param letters: lists of names by their first letter, where no program answers.
    """

    text: str = ""
    things: tuple[FoundItem, ...] = ()
    articles: tuple[FoundItem, ...] = ()
    message: str = ""
    letters: tuple[Listed, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionItem:
    """A ready-made question in a list."""

    name: str
    title: str
    answers: str


@dataclass(frozen=True, slots=True)
class QuestionsPage(Page):
    """The ready-made questions."""

    questions: tuple[QuestionItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter in a form."""

    name: str
    label: str
    type: str
    help: str
    value: str
    required: bool
    example: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table. :param numeric: for each cell. :param quotes: numbers of the sentences that prove it."""

    cells: tuple[Link, ...]
    quotes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TableView:
    """A table. :param numeric: for each column, whether it holds numbers. :param total: rows that there are."""

    columns: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[Row, ...]
    total: int
    notes: tuple[str, ...] = ()
    quotes: tuple[tuple[Quote, Link], ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionPage(Page):
    """A ready-made question with its form and its answer. :param given: the parameters of this answer."""

    name: str = ""
    answers: str = ""
    fields: tuple[Field, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict, hash=False)
    table: TableView | None = None
    message: str = ""
    sparql: str = ""


@dataclass(frozen=True, slots=True)
class SparqlPage(Page):
    """The endpoint for people: a query and its answer."""

    query: str = ""
    table: TableView | None = None
    message: str = ""
    prefixes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the vocabulary. :param parts: (role or qualifier, its IRI) of a kind of fact."""

    iri: str
    name: str
    label: str
    definition: str
    parts: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class VocabularyPage(Page):
    """The ontology and the schemes.

    :param groups: (heading, terms). :param picture, documentation: files of a release, "" where there are none.
    """

    definition: str = ""
    groups: tuple[tuple[str, tuple[Term, ...]], ...] = ()
    schemes: tuple[Link, ...] = ()
    picture: str = ""
    documentation: str = ""


@dataclass(frozen=True, slots=True)
class DocumentPage(Page):
    """A page whose text is made elsewhere. :param body: HTML that is safe. :param contents: (title, place, titles)."""

    lead: str = ""
    picture: str = ""
    body: str = ""
    contents: tuple[tuple[Link, tuple[Link, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class MessagePage(Page):
    """Something that is not there, or did not work."""

    message: str = ""


AnyPage = Any
"""One of the pages above; a template of the same name shows it."""
