"""The page and the data of one thing, fact, article or term."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from textwrap import shorten
from typing import TYPE_CHECKING

from migkg import rdf
from migkg.errors import NothingFound
from migkg.export import EXPORTS
from migkg.kg import KnowledgeGraph
from migkg.model import RULES
from migkg.ontology import BASE, ID, ONT, PREFIXES
from migkg.pages.models import Details, FactGroup, FactItem, Incoming, Link, Part, Quote, Source, ThingPage
from migkg.queries import labels, plain, short
from migkg.sparql import Term, text_of, values
from migkg.store import select
from migkg.views import Explanation, FactView, Quotation, in_words

if TYPE_CHECKING:
    import pyoxigraph as ox

SHOWN = 50
"""Facts of one kind that a page shows, and sentences of one fact."""
_LONG = 80  # characters; a value as long as this is a sentence or a clause
_SHOWN = 60  # things listed under one incoming property
_NAMED = 3  # things that the title of a fact names
_ARTICLE, _SPAN, _EVENT, _MENTION = ID + "article/", ID + "span/", ID + "event/", ID + "fact/mention-"
# Of an event, only this: the rest is told fact by fact.
_OF_EVENT = {
    PREFIXES["schema"] + name for name in ("startDate", "endDate", "location", "eventAttendanceMode")
} | {PREFIXES["dct"] + "type"}  # fmt: skip


def thing_page(kg: KnowledgeGraph, iri: str, *, lang: str = "en") -> ThingPage:
    """The page of a thing.

    :raises NothingFound: when the graph says nothing of it.
    """
    (page,) = thing_pages(kg, [_node(iri).value], lang=lang)
    return page


def thing_pages(kg: KnowledgeGraph, iris: Sequence[str], *, lang: str = "en") -> list[ThingPage]:
    """The pages of many things, with as many queries as for one. A few hundred at once take little memory.

    :param iris: each once.
    :raises NothingFound: when the graph says nothing of one of them.
    """
    articles, others = ([iri for iri in iris if iri.startswith(_ARTICLE) == wanted] for wanted in (True, False))
    found = {
        told.iri: told
        for group, most in ((articles, None), (others, SHOWN))
        if group
        for told in kg.explain_all(group, lang=lang, most=most)
    }
    stated, incoming = _stated(kg, iris, lang), _incoming(kg, iris, lang)
    classes = {node for told in found.values() for node in told.classes}
    named = _labelled(kg, classes, lang)
    return [_page(kg, found[iri], stated[iri], incoming.get(iri, ()), named) for iri in iris]


def _page(
    kg: KnowledgeGraph, found: Explanation, stated: tuple[Details, tuple[Part, ...]], incoming: Iterable[Incoming],
    named: Mapping[str, str],
) -> ThingPage:  # fmt: skip
    numbers = Numbers()
    facts = sorted(found.facts, key=lambda fact: fact.iri.startswith(_MENTION))  # what is only named comes last
    groups = tuple(
        FactGroup(f"{index}", kind.capitalize(), part, tuple(_item(fact, numbers) for fact in facts))
        for index, ((kind, part), facts) in enumerate(groupby(facts, key=lambda fact: (fact.kind, fact.part)), 1)
    )
    details = _by_name(
        (name, Link(value, node)) for (name, value), node in zip(found.details, found.nodes, strict=True)
    )
    if found.iri.startswith((_ARTICLE, _SPAN, _EVENT)) or not (groups or details):
        details += stated[0]
    told = (quotation for fact in found.facts for quotation in fact.quotations)
    # Two vocabularies may call a class by one word, "Person" and "person".
    types = {named[node].casefold(): Link(named[node], node) for node in sorted(found.classes, reverse=True)}
    return ThingPage(
        _title(found, stated[1]), "articles" if found.iri.startswith(_ARTICLE) else "things", found.iri,
        types=tuple(types[name] for name in sorted(types)), names=found.names, details=details, parts=stated[1],
        groups=groups, sources=numbers.sources, incoming=tuple(incoming), json_ld=_json_ld(kg, found.iri),
        total=found.total, lang=next((one.lang for one in told if one.source == found.iri), ""),
    )  # fmt: skip


def _title(found: Explanation, parts: Iterable[Part]) -> str:
    """The label; of a fact what it is and whom it is about, of a span its words."""
    own = next((fact for fact in found.facts if fact.iri == found.iri), None)
    if own:
        names = list(dict.fromkeys(own.names))
        return f"{own.kind.capitalize()}: {' · '.join(names[:_NAMED])}" if names else found.label
    if found.iri.startswith(_SPAN):
        words = [links[0].text for part in parts if part.key == "quote" for _, links in part.details[:1]]
        return next((f"“{shorten(text, _LONG, placeholder=' …')}”" for text in words), found.label)
    return found.label


@dataclass(slots=True)
class Numbers:
    """Gives each source of a page a number, in the order in which they are cited."""

    _found: dict[tuple[str, str], Source] = field(default_factory=dict)

    def of(self, quotation: Quotation) -> int:
        """The number of a quotation's article."""
        key = (quotation.source, quotation.article)
        if key not in self._found:
            number, told = len(self._found) + 1, quotation
            self._found[key] = Source(
                number, told.article, told.source, told.published or "", told.address or "", told.lang
            )
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
        Quote(pieces(told.sentence, told.marks), numbers.of(told), told.page, told.lang)
        for told in fact.quotations[:SHOWN]
    )
    readers = () if fact.readers == (RULES,) else fact.readers
    return FactItem(fact.iri, rows, quotes, readers, len(fact.quotations) - len(quotes))


def _by_name(values: Iterable[tuple[str, Link]]) -> Details:
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


def _labelled(kg: KnowledgeGraph, iris: Iterable[str], lang: str) -> dict[str, str]:
    named = labels(kg.store, iris, lang=lang)
    return {iri: in_words(iri) if text == short(iri) else text for iri, text in named.items()}


# -- what no fact says -------------------------------------------------------------------------------------------------

_OWN = "SELECT DISTINCT ?this ?name ?value WHERE {{ {block} ?this ?name ?value }} ORDER BY ?this ?name"
_UNTOLD = {
    PREFIXES["rdf"] + "type", PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel",
    PREFIXES["schema"] + "headline",
    PREFIXES["schema"] + "mentions", PREFIXES["schema"] + "about", ONT + "publisherName", PREFIXES["foaf"] + "name",
    ONT + "mentionedAs",
}  # fmt: skip


def _stated(kg: KnowledgeGraph, iris: Iterable[str], lang: str) -> dict[str, tuple[Details, tuple[Part, ...]]]:
    """Thing → all that the graph states of it itself, and of the parts of it that have a "#" in their IRI."""
    import pyoxigraph as ox

    told = _own(kg, iris)
    inside = {
        iri: sorted({text_of(value) for _, value in rows if text_of(value).startswith(iri + "#")})
        for iri, rows in told.items()
    }
    parts = _own(kg, [part for found in inside.values() for part in found])
    rows = [row for held in (told, parts) for rows in held.values() for row in rows]
    nodes = {text_of(term) for row in rows for term in row if isinstance(term, ox.NamedNode)}
    known = labels(kg.store, nodes, lang=lang)
    named = {iri: in_words(iri) if text == short(iri) else text for iri, text in known.items()}

    def shown(term: Term | None) -> Link:
        if isinstance(term, ox.NamedNode):  # an address has no label
            address = known[term.value] == short(term.value) and not term.value.startswith(BASE)
            return Link(term.value if address else named[term.value], term.value)
        return Link(str(plain(term)) if term is not None else "")

    def details(rows: Iterable[tuple[Term | None, Term | None]]) -> Details:
        return _by_name((named[text_of(name)], shown(value)) for name, value in rows if text_of(name) not in _UNTOLD)

    return {
        iri: (
            details(
                (name, value)
                for name, value in rows
                if text_of(value) not in inside[iri]
                and (not iri.startswith(_EVENT) or text_of(name) in _OF_EVENT)
            ),
            tuple(Part(part.partition("#")[2], in_words(part), details(parts.get(part, ()))) for part in inside[iri]),
        )
        for iri, rows in told.items()
    }


def _own(kg: KnowledgeGraph, iris: Iterable[str]) -> dict[str, list[tuple[Term | None, Term | None]]]:
    found: dict[str, list[tuple[Term | None, Term | None]]] = defaultdict(list)
    if block := _block(iris):
        for this, name, value in select(kg.store, _OWN.format(block=block)).rows:
            found[text_of(this)].append((name, value))
    return found


def _block(iris: Iterable[str]) -> str:
    import pyoxigraph as ox

    rows = [[ox.NamedNode(iri)] for iri in iris]
    return values(["this"], rows) if rows else ""


_INCOMING = """SELECT DISTINCT ?this ?name ?thing WHERE {{
  {block} ?thing ?name ?this
  FILTER NOT EXISTS {{ ?thing mig:evidence ?span }}
  FILTER(?name NOT IN (rdf:type, schema:mentions, dct:source, oa:hasSource, oa:hasSelector, oa:refinedBy,
    prov:specializationOf, skos:topConceptOf, skos:hasTopConcept, dct:publisher, dct:creator, rdfs:isDefinedBy,
    mig:country, mig:evidence, prov:wasDerivedFrom, prov:used, prov:wasGeneratedBy))
}}"""


def _incoming(kg: KnowledgeGraph, iris: Iterable[str], lang: str) -> dict[str, list[Incoming]]:
    import pyoxigraph as ox

    told: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for this, name, thing in select(kg.store, _INCOMING.format(block=_block(iris))).rows:
        if isinstance(thing, ox.NamedNode):
            told[text_of(this)][text_of(name)].add(thing.value)
    # Labels cost, so of very many things some are taken by their IRIs.
    some = {(iri, name): sorted(told[iri][name])[: 10 * _SHOWN] for iri in told for name in told[iri]}
    named = _labelled(kg, {*(name for _, name in some), *(iri for iris in some.values() for iri in iris)}, lang)

    def shown(iri: str, name: str) -> Incoming:
        links = sorted((Link(named[thing], thing) for thing in some[iri, name]), key=_order)[:_SHOWN]
        return Incoming(named[name], tuple(links), len(told[iri][name]) - len(links))

    return {iri: sorted((shown(iri, name) for name in of), key=lambda one: one.name) for iri, of in told.items()}


def _order(link: Link) -> tuple[object, ...]:
    """Numbers within a text by their value, so that objective 2 comes before objective 10."""
    parts = re.split(r"(\d{1,9})", link.iri if "/scheme/" in link.iri else link.text.casefold())
    return (*((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts),)


def _node(iri: str) -> ox.NamedNode:
    import pyoxigraph as ox

    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise NothingFound(f'"{iri}" is no IRI') from error


# -- data --------------------------------------------------------------------------------------------------------------

# Each on its own is a look-up, see `kg`.
_BELOW = (
    "SELECT DISTINCT ?this ?it WHERE {{ {block} ?it ?role ?this . ?it mig:evidence ?span }}",
    "SELECT DISTINCT ?this ?it WHERE {{ {block} ?this mig:evidence ?it }}",
    "SELECT DISTINCT ?this ?it WHERE {{ {block} ?this mig:evidence/oa:hasSelector ?it }}",
    "SELECT DISTINCT ?this ?it WHERE {{ {block} ?this oa:hasSelector ?it }}",
    "SELECT DISTINCT ?this ?it WHERE {{ {block} ?it skos:inScheme ?this }}",
)


def data(kg: KnowledgeGraph, iri: str, form: str) -> bytes:
    """The data of a thing: all that the graph says of it, with the facts about it; of a fact with its quotations; of
    an article its whole graph.

    :param form: a format of triples of `export.EXPORTS`.
    :raises NothingFound: when the graph says nothing of it.
    """
    ((_, found),) = data_of(kg, [_node(iri).value], [form])
    return found[form]


def data_of(kg: KnowledgeGraph, iris: Sequence[str], forms: Sequence[str]) -> Iterator[tuple[str, dict[str, bytes]]]:
    """The data of many things, each in several formats, with as many queries as for one."""
    import pyoxigraph as ox

    engine, default = kg.store.engine, ox.DefaultGraph()
    below: dict[str, set[str]] = defaultdict(set)
    for sparql in _BELOW:
        for this, it in select(kg.store, sparql.format(block=_block(iris))).rows:
            if isinstance(it, ox.NamedNode):
                below[text_of(this)].add(it.value)
    for iri in iris:
        found = set(engine.quads_for_pattern(ox.NamedNode(iri), None, None, default))
        if not found:
            raise NothingFound(f"the graph says nothing of {short(iri)}")
        if iri.startswith(_ARTICLE):
            found.update(ox.Quad(*quad.triple) for quad in kg.store.quads(rdf.graph_iri(iri[len(_ARTICLE) :])))
        if iri == ONT[:-1]:
            found.update(ox.Quad(*quad.triple) for quad in kg.store.quads(rdf.ONTOLOGY_GRAPH))
        for other in below[iri]:
            found.update(engine.quads_for_pattern(ox.NamedNode(other), None, None, default))
        quads = sorted(found, key=str)
        yield iri, {form: EXPORTS[form].write(quads, kg.store) for form in forms}


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
