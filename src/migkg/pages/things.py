"""The page and the data of one thing, fact, article or term."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from migkg import rdf
from migkg.errors import NothingFound
from migkg.export import EXPORTS
from migkg.kg import KnowledgeGraph
from migkg.model import RULES
from migkg.ontology import BASE, ID, ONT, PREFIXES
from migkg.pages.models import FactGroup, FactItem, Incoming, Link, Quote, Source, ThingPage
from migkg.queries import labels, plain, short
from migkg.sparql import Term
from migkg.store import select
from migkg.views import FactView, Quotation, in_words

if TYPE_CHECKING:
    import pyoxigraph as ox

SHOWN = 50
"""Facts of one kind that a page shows, and sentences of one fact."""
_LONG = 80  # characters; a value as long as this is a sentence or a clause
_SHOWN = 60  # things listed under one incoming property
_ARTICLE, _MENTION = ID + "article/", ID + "fact/mention-"


def thing_page(kg: KnowledgeGraph, iri: str, *, lang: str = "en") -> ThingPage:
    """The page of a thing.

    :raises NothingFound: when the graph says nothing of it.
    """
    found = kg.explain(f"<{iri}>", lang=lang, most=None if iri.startswith(_ARTICLE) else SHOWN)
    numbers = Numbers()
    facts = sorted(found.facts, key=lambda fact: fact.iri.startswith(_MENTION))  # what is only named comes last
    groups = tuple(
        FactGroup(f"{index}", kind.capitalize(), part, tuple(_item(fact, numbers) for fact in facts))
        for index, ((kind, part), facts) in enumerate(groupby(facts, key=lambda fact: (fact.kind, fact.part)), 1)
    )
    details = _by_name(
        (name, Link(value, node)) for (name, value), node in zip(found.details, found.nodes, strict=True)
    )
    if iri.startswith(_ARTICLE) or not (groups or details):
        details += _stated(kg, iri, lang)
    types = sorted(zip(_labelled(kg, found.classes, lang), found.classes, strict=True))
    return ThingPage(
        found.label, "articles" if iri.startswith(_ARTICLE) else "things", iri,
        types=tuple(Link(label, node) for label, node in types), names=found.names, details=details, groups=groups,
        sources=numbers.sources, incoming=tuple(_incoming(kg, iri, lang)), json_ld=_json_ld(kg, iri),
        total=found.total,
    )  # fmt: skip


@dataclass(slots=True)
class Numbers:
    """Gives each source of a page a number, in the order in which they are cited."""

    _found: dict[tuple[str, str], Source] = field(default_factory=dict)

    def of(self, quotation: Quotation) -> int:
        """The number of a quotation's article."""
        key = (quotation.source, quotation.article)
        if key not in self._found:
            number, told = len(self._found) + 1, quotation
            self._found[key] = Source(number, told.article, told.source, told.published or "", told.address or "")
        return self._found[key].number

    @property
    def sources(self) -> tuple[Source, ...]:
        """All of them, by their numbers."""
        return tuple(self._found.values())


def _item(fact: FactView, numbers: Numbers) -> FactItem:
    quoted = {quotation.sentence for quotation in fact.quotations}
    values = ((name, Link(value, node)) for (name, value), node in zip(fact.values, fact.nodes, strict=True))
    sources = {quotation.source for quotation in fact.quotations}

    def stands_below(link: Link) -> bool:
        long = len(link.text) > _LONG and any(link.text in sentence for sentence in quoted)
        return link.iri in sources if link.iri else link.text in quoted or long

    rows = _by_name((name, link) for name, link in values if not stands_below(link))
    quotes = tuple(
        Quote(pieces(told.sentence, told.marks), numbers.of(told), told.page) for told in fact.quotations[:SHOWN]
    )  # fmt: skip
    readers = () if fact.readers == (RULES,) else fact.readers
    return FactItem(fact.iri, rows, quotes, readers, len(fact.quotations) - len(quotes))


def _by_name(values: Iterable[tuple[str, Link]]) -> tuple[tuple[str, tuple[Link, ...]], ...]:
    told: dict[str, list[Link]] = defaultdict(list)
    for name, link in values:
        told[name].append(link)
    return tuple((name, tuple(links)) for name, links in told.items())


def pieces(sentence: str, marks: Iterable[tuple[int, int]]) -> tuple[tuple[str, bool], ...]:
    """A text cut where marks begin and end.

    :param marks: half-open offsets; they may overlap. One of all of the text says nothing and is left out.

    >>> pieces("one two three", [(4, 7)])
    (('one ', False), ('two', True), (' three', False))
    """
    inside = [(start, end) for start, end in marks if end - start < len(sentence.rstrip('.!?”"')) and start < end]
    cuts = sorted({0, len(sentence), *(cut for mark in inside for cut in mark if 0 < cut < len(sentence))})
    found: list[tuple[str, bool]] = []
    for start, end in pairwise(cuts):
        marked = any(first <= start and end <= last for first, last in inside)
        if found and found[-1][1] == marked:
            found[-1] = (found[-1][0] + sentence[start:end], marked)
        else:
            found.append((sentence[start:end], marked))
    return tuple(found)


def _labelled(kg: KnowledgeGraph, iris: Iterable[str], lang: str) -> list[str]:
    listed = list(iris)
    named = labels(kg.store, listed, lang=lang)
    return [in_words(iri) if named[iri] == short(iri) else named[iri] for iri in listed]


# -- what no fact says -------------------------------------------------------------------------------------------------

_OWN = "SELECT DISTINCT ?name ?value WHERE { ?this ?name ?value } ORDER BY ?name"
_UNTOLD = {
    PREFIXES["rdf"] + "type", PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel",
    PREFIXES["schema"] + "headline",
    PREFIXES["schema"] + "mentions", PREFIXES["schema"] + "about", ONT + "publisherName", PREFIXES["foaf"] + "name",
    ONT + "mentionedAs",
}  # fmt: skip


def _stated(kg: KnowledgeGraph, iri: str, lang: str) -> tuple[tuple[str, tuple[Link, ...]], ...]:
    """All that the graph states of a thing itself."""
    import pyoxigraph as ox

    rows = [row for row in select(kg.store, _OWN, {"this": ox.NamedNode(iri)}).rows if _value(row[0]) not in _UNTOLD]
    nodes = {_value(term) for row in rows for term in row if isinstance(term, ox.NamedNode)}
    named = dict(zip(sorted(nodes), _labelled(kg, sorted(nodes), lang), strict=True))

    def shown(term: Term | None) -> Link:
        if isinstance(term, ox.NamedNode):
            return Link(named[term.value] if term.value.startswith(BASE) else term.value, term.value)
        return Link(str(plain(term)) if term is not None else "")

    return _by_name((named[_value(name)], shown(value)) for name, value in rows)


_INCOMING = """SELECT DISTINCT ?name ?thing WHERE {
  ?thing ?name ?this
  FILTER NOT EXISTS { ?thing mig:evidence ?span }
  FILTER(?name NOT IN (rdf:type, schema:mentions, dct:source, oa:hasSource, oa:hasSelector, oa:refinedBy,
    prov:specializationOf, skos:topConceptOf, skos:hasTopConcept, dct:publisher, dct:creator, rdfs:isDefinedBy,
    mig:country, mig:evidence, prov:wasDerivedFrom, prov:used, prov:wasGeneratedBy))
}"""


def _incoming(kg: KnowledgeGraph, iri: str, lang: str) -> Iterator[Incoming]:
    import pyoxigraph as ox

    told: dict[str, set[str]] = defaultdict(set)
    for row in select(kg.store, _INCOMING, {"this": ox.NamedNode(iri)}).rows:
        if isinstance(row[1], ox.NamedNode):
            told[_value(row[0])].add(row[1].value)
    for name, label in sorted(zip(told, _labelled(kg, told, lang), strict=True), key=lambda pair: pair[1]):
        # Labels cost, so of very many things some are taken by their IRIs.
        some = sorted(told[name])[: 10 * _SHOWN]
        links = sorted(
            (Link(text, node) for text, node in zip(_labelled(kg, some, lang), some, strict=True)), key=_order
        )
        yield Incoming(label, tuple(links[:_SHOWN]), len(told[name]) - len(links[:_SHOWN]))


def _order(link: Link) -> tuple[object, ...]:
    """Numbers within a text by their value, so that objective 2 comes before objective 10."""
    parts = re.split(r"(\d{1,9})", link.iri if "/scheme/" in link.iri else link.text.casefold())
    return (*((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts),)


def _value(term: Term | None) -> str:
    return str(getattr(term, "value", ""))


# -- data --------------------------------------------------------------------------------------------------------------

# Each on its own is a look-up, see `kg`.
_BELOW = (
    "SELECT DISTINCT ?it WHERE { ?it ?role ?this ; mig:evidence ?span }",
    "SELECT DISTINCT ?it WHERE { ?this mig:evidence ?it }",
    "SELECT DISTINCT ?it WHERE { ?this mig:evidence/oa:hasSelector ?it }",
    "SELECT DISTINCT ?it WHERE { ?this oa:hasSelector ?it }",
    "SELECT DISTINCT ?it WHERE { ?it skos:inScheme ?this }",
)


def data(kg: KnowledgeGraph, iri: str, form: str) -> bytes:
    """The data of a thing: all that the graph says of it, with the facts about it; of a fact with its quotations; of
    an article its whole graph.

    :param form: a format of triples of `export.EXPORTS`.
    :raises NothingFound: when the graph says nothing of it.
    """
    return EXPORTS[form].write(sorted(set(_quads(kg, iri)), key=str), kg.store)


def _quads(kg: KnowledgeGraph, iri: str) -> Iterator[ox.Quad]:
    import pyoxigraph as ox

    try:
        node = ox.NamedNode(iri)
    except ValueError as error:
        raise NothingFound(f'"{iri}" is no IRI') from error
    if iri.startswith(_ARTICLE):
        yield from (ox.Quad(*quad.triple) for quad in kg.store.quads(rdf.graph_iri(iri[len(_ARTICLE) :])))
    if iri == ONT[:-1]:
        yield from (ox.Quad(*quad.triple) for quad in kg.store.quads(rdf.ONTOLOGY_GRAPH))
    engine = kg.store.engine
    own = list(engine.quads_for_pattern(node, None, None, ox.DefaultGraph()))
    if not own:
        raise NothingFound(f"the graph says nothing of {short(iri)}")
    yield from own
    for sparql in _BELOW:
        for (it,) in select(kg.store, sparql, {"this": node}).rows:
            if isinstance(it, ox.NamedNode):
                yield from engine.quads_for_pattern(it, None, None, ox.DefaultGraph())


def _json_ld(kg: KnowledgeGraph, iri: str) -> str:
    """What the graph says of a thing itself, for a page's own data block."""
    import pyoxigraph as ox

    own = kg.store.engine.quads_for_pattern(ox.NamedNode(iri), None, None, ox.DefaultGraph())
    triples = sorted((quad.triple for quad in own), key=str)
    used = {str(value) for triple in triples for value in triple}
    prefixes = {
        name: space for name, space in PREFIXES.items() if any(value.startswith("<" + space) for value in used)
    }  # fmt: skip
    return (ox.serialize(triples, format=ox.RdfFormat.JSON_LD, prefixes=prefixes) or b"").decode()
