"""Facts ↔ triples: one generic function each way, driven by the kinds that the ontology declares.

A triple here is (subject IRI, predicate IRI, value) in plain Python; lines are N-Triples (W3C RDF 1.1 N-Triples). They
are written by hand because an article has a thousand of them: building and serialising library objects takes four
times as long, and sorted lines are what byte-equal output needs anyway.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from migkg import __version__, iris, resources
from migkg.model import Agent, Article, Entity, Evidence, Extraction, Fact, PartialDate, Ref, Span, Text, Value
from migkg.ontology import ID, ONT, PREFIXES, FactKind, load_ontology
from migkg.reference import Code, Reference, country_triples, load_links, place_triples, reference_files

if TYPE_CHECKING:
    from pathlib import Path

    import pyoxigraph as ox

Triple = tuple[str, str, Value | Code]

_RDF_TYPE = PREFIXES["rdf"] + "type"
_LABEL = PREFIXES["rdfs"] + "label"
_SKOS, _OA, _PROV, _SCHEMA = (PREFIXES[name] for name in ("skos", "oa", "prov", "schema"))
_DCT, _FOAF, _XSD = PREFIXES["dct"], PREFIXES["foaf"], PREFIXES["xsd"]
# Enough to tell a quotation from the same words elsewhere (W3C Web Annotation Data Model, section 4.2.4).
_CONTEXT = 32
# How parts of a PDF file are named (RFC 3778, section 3), as the Data Model writes it (section 4.2.1).
_PDF_FRAGMENTS, _PAGE = "http://tools.ietf.org/rfc/rfc3778", "page="
REFERENCE_GRAPH, ONTOLOGY_GRAPH, SCHEMES_GRAPH = (f"{ID}graph/{name}" for name in ("reference", "ontology", "schemes"))


# -- terms -----------------------------------------------------------------------------------------------------------

# As canonical N-Triples has it (RDF 1.2 N-Triples, section 4): control characters confuse line-based tools.
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\t": "\\t", "\b": "\\b", "\n": "\\n", "\r": "\\r", "\f": "\\f"}
_ESCAPED = re.compile(r'[\\"\x00-\x1f\x7f]')
_XSD_OF_DATE = {"day": "date", "month": "gYearMonth", "year": "gYear"}
_PRECISION = {_XSD + name: precision for precision, name in _XSD_OF_DATE.items()}


def _string(text: str) -> str:
    return f'"{_ESCAPED.sub(_escape, text)}"' if _ESCAPED.search(text) else f'"{text}"'


def _decimal(number: Decimal) -> str:
    """The canonical form (XML Schema 1.1 Datatypes, section 3.3.3.1), which stores turn every decimal number into."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if number else "0"


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}"


def term(value: Value | Code) -> str:
    """A value as an N-Triples term.

    >>> term(Text("Kemlu", "id")), term(PartialDate(2023, 3))
    ('"Kemlu"@id', '"2023-03"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>')
    """
    if value.__class__ is Ref:  # most are, and a class has no subclass here
        return f"<{value.iri}>"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, Text):
        return f"{_string(value.value)}@{value.lang}"
    if isinstance(value, PartialDate):
        return f'"{value}"^^<{_XSD}{_XSD_OF_DATE[value.precision]}>'
    if isinstance(value, Decimal):
        return f'"{_decimal(value)}"^^<{_XSD}decimal>'
    if isinstance(value, Code):
        return f"{_string(value.value)}^^<{value.datatype}>"
    return f'"{value}"^^<{_XSD}integer>'


def value(node: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Value | Code:
    """A term of the RDF library as a value: what `term` wrote comes back, a literal of another kind is a `Code`."""
    import pyoxigraph as ox

    if not isinstance(node, ox.Literal):
        return Ref(node.value if isinstance(node, ox.NamedNode) else str(node))
    text, datatype = node.value, node.datatype.value
    if node.language:
        return Text(text, node.language)
    try:
        if datatype in _PRECISION and PartialDate.parse(text).precision == _PRECISION[datatype]:
            return PartialDate.parse(text)
        if datatype == _XSD + "integer":
            return int(text)
        if datatype == _XSD + "decimal":
            return Decimal(text)
    except (ValueError, InvalidOperation):
        return Code(text, datatype)
    return text if datatype == _XSD + "string" else Code(text, datatype)


def triples(statements: Iterable[ox.Triple | ox.Quad]) -> Iterator[Triple]:
    """Statements of the RDF library in plain Python; those about blank nodes are left out."""
    import pyoxigraph as ox

    for statement in statements:
        if isinstance(statement.subject, ox.NamedNode):
            yield statement.subject.value, statement.predicate.value, value(statement.object)


def lines(found: Iterable[Triple]) -> list[str]:
    """Sorted N-Triples lines without their full stop, each once."""
    return sorted({f"<{subject}> <{predicate}> {term(value)}" for subject, predicate, value in found})


# -- an article's graph ----------------------------------------------------------------------------------------------


def article_iri(article: Article) -> str:
    """The article: what was published, whatever its wording at the time."""
    return iris.entity("article", article.id)


def snapshot_iri(article: Article) -> str:
    """The text as it was read, which spans point into."""
    return iris.entity("snapshot", article.id)


def graph_iri(article_id: str) -> str:
    """The named graph that holds what an article states."""
    return iris.entity("graph", article_id)


def span_iri(article: Article, span: Span) -> str:
    """A stretch of the snapshot."""
    return f"{iris.entity('span', article.id)}/{span.start}-{span.end}"


def fact_iri(fact: Fact) -> str:
    """A hash of kind, roles and qualifiers; evidence and mere wording are left out, so that two articles meet."""
    wording = load_ontology().kind(fact.kind).wording
    roles = sorted(f"{name}={iri}" for name, found in fact.roles for iri in found)
    told = [(name, values) for name, values in fact.qualifiers if name not in wording]
    parts = (fact.kind, *roles, *sorted(f"{name}={term(value)}" for name, values in told for value in values))
    return iris.entity("fact", iris.slug(fact.kind), iris.digest(*parts, length=16))


def article_triples(extraction: Extraction, reference: Reference) -> list[Triple]:
    """All that an article's named graph holds."""
    labels = {entity.iri: entity.labels[0].value for entity in extraction.entities if entity.labels}
    found: list[Triple] = list(_source(extraction.article, reference, extraction.agents))
    for entity in extraction.entities:
        found += entity_triples(entity, extraction.article)
    for fact in extraction.facts:
        found += fact_triples(fact, extraction.article, labels)
    found += evidence_triples((proof for fact in extraction.facts for proof in fact.evidence), extraction.article)
    return found


def _source(article: Article, reference: Reference, agents: Iterable[Agent]) -> Iterator[Triple]:
    """The article, its frozen text and how its graph came about (W3C PROV-O)."""
    this, snapshot, graph = article_iri(article), snapshot_iri(article), graph_iri(article.id)
    activity = iris.entity("activity", article.id)
    lang = article.lang or "und"
    yield this, _RDF_TYPE, Ref(_SCHEMA + "NewsArticle")
    if article.title:
        yield this, _SCHEMA + "headline", Text(article.title, lang)
        yield this, _SKOS + "prefLabel", Text(article.title, lang)
    if article.published:
        yield this, _SCHEMA + "datePublished", article.published
    yield this, _SCHEMA + "inLanguage", lang  # und: undetermined (BCP 47, section 4.1)
    if article.url and (url := iris.address(article.url)):
        yield this, _SCHEMA + "url", Ref(url)
    if article.read:
        yield this, ONT + "dateRead", article.read
    if article.publisher:
        known = {name.iri for name in reference.lookup(article.publisher) if not name.local}
        if len(known) == 1:
            yield this, _SCHEMA + "publisher", Ref(known.pop())
        yield this, ONT + "publisherName", article.publisher
    yield snapshot, _RDF_TYPE, Ref(ONT + "Snapshot")
    yield snapshot, _RDF_TYPE, Ref(_PROV + "Entity")
    yield snapshot, _PROV + "specializationOf", Ref(this)
    yield snapshot, ONT + "textSha256", article.sha256
    yield graph, _RDF_TYPE, Ref(ONT + "ArticleGraph")
    yield graph, _RDF_TYPE, Ref(_PROV + "Entity")
    yield graph, _PROV + "wasDerivedFrom", Ref(snapshot)
    yield graph, _PROV + "wasGeneratedBy", Ref(activity)
    yield activity, _RDF_TYPE, Ref(_PROV + "Activity")
    yield activity, _PROV + "used", Ref(snapshot)
    for agent in (Agent("migkg", __version__), *agents):
        software = iris.entity("software", f"{agent.name}-{agent.version}")
        yield activity, _PROV + "wasAssociatedWith", Ref(software)
        yield software, _RDF_TYPE, Ref(_PROV + "SoftwareAgent")
        yield software, _LABEL, Text(f"{agent.name} {agent.version}", "en")
        yield software, ONT + "version", agent.version


def entity_triples(entity: Entity, article: Article) -> Iterator[Triple]:
    """What an article's graph says of an entity beyond its facts; known ones are described in the reference graph."""
    lang = article.lang or "und"
    if entity.known:
        yield from ((iri, predicate, value) for iri, predicate, value in place_triples(entity.iri))
    else:
        for kind in load_ontology().entities[entity.kind].types:
            yield entity.iri, _RDF_TYPE, Ref(kind)
        for label in entity.labels:
            yield entity.iri, _SKOS + "prefLabel", label
            if entity.kind == "person":
                yield entity.iri, _FOAF + "name", label.value
    for form in entity.names:
        yield entity.iri, ONT + "mentionedAs", Text(form, lang)
    for predicate, value in entity.links:
        yield entity.iri, predicate, value


def fact_triples(fact: Fact, article: Article, labels: Mapping[str, str]) -> Iterator[Triple]:
    """A fact's node, without its shortcuts and its spans.

    :param labels: entity IRI → label, for the fact's own label.
    """
    kind = load_ontology().kind(fact.kind)
    this = fact_iri(fact)
    for type_ in kind.types:
        yield this, _RDF_TYPE, Ref(type_)
    for name, found in fact.roles:
        for iri in found:
            yield this, kind.roles[name], Ref(iri)
    for name, values in fact.qualifiers:
        for value in values:
            yield this, kind.qualifiers[name], value
    yield this, _LABEL, Text(_fact_label(fact, kind, labels), "en")
    for evidence in fact.evidence:
        yield this, ONT + "evidence", Ref(span_iri(article, evidence.span))
        yield this, ONT + "rule", evidence.rule
        yield this, ONT + "reader", evidence.reader


def shortcut_triples(fact: Fact, types: Mapping[str, frozenset[str]]) -> Iterator[Triple]:
    """The direct triples that a kind declares.

    :param types: entity IRI → its classes, for shortcuts that hold for one class only.
    """
    kind = load_ontology().kind(fact.kind)
    marks = {value.iri for _, values in fact.qualifiers for value in values if isinstance(value, Ref)}
    for shortcut in kind.shortcuts:
        values: tuple[Value, ...] = tuple(Ref(iri) for iri in fact.role(shortcut.target))
        values = values or fact.qualifier(shortcut.target)
        for source in fact.role(shortcut.source):
            if shortcut.only_if and shortcut.only_if not in marks | types.get(source, frozenset()):
                continue
            for value in values:
                yield source, shortcut.predicate, value
                if kind.symmetric and isinstance(value, Ref):
                    yield value.iri, shortcut.predicate, Ref(source)


def evidence_triples(proofs: Iterable[Evidence], article: Article) -> Iterator[Triple]:
    """Words, as W3C Web Annotation selectors, and the sentence around them; what several facts share, once."""
    for span, sentence in {(proof.span, proof.sentence) for proof in proofs}:
        yield from _span_triples(span, article)
        yield span_iri(article, span), ONT + "sentence", sentence.of(article.text)
        yield span_iri(article, span), ONT + "sentenceStart", sentence.start


def _span_triples(span: Span, article: Article) -> Iterator[Triple]:
    this, text = span_iri(article, span), article.text
    position, quote = f"{this}#position", f"{this}#quote"
    yield this, _RDF_TYPE, Ref(_OA + "SpecificResource")
    yield this, _OA + "hasSource", Ref(snapshot_iri(article))
    yield this, _OA + "hasSelector", Ref(position)
    yield this, _OA + "hasSelector", Ref(quote)
    yield position, _RDF_TYPE, Ref(_OA + "TextPositionSelector")
    yield position, _OA + "start", span.start
    yield position, _OA + "end", span.end
    yield quote, _RDF_TYPE, Ref(_OA + "TextQuoteSelector")
    exact = span.of(text)
    yield quote, _OA + "exact", exact
    if text.find(exact, text.find(exact) + 1) >= 0:  # what stands once is found without what stands around it
        yield quote, _OA + "prefix", text[max(0, span.start - _CONTEXT) : span.start]
        yield quote, _OA + "suffix", text[span.end : span.end + _CONTEXT]
    if (number := article.page(span.start)) is not None:
        # A page, refined by the quotation, is one more way to the same words (W3C Web Annotation Data Model, 4.2.9).
        page = f"{this}#page"
        yield this, _OA + "hasSelector", Ref(page)
        yield page, _RDF_TYPE, Ref(_OA + "FragmentSelector")
        yield page, _DCT + "conformsTo", Ref(_PDF_FRAGMENTS)
        yield page, PREFIXES["rdf"] + "value", f"{_PAGE}{number}"
        yield page, _OA + "refinedBy", Ref(quote)


def page_number(fragment: str | None) -> int | None:
    """The page that a fragment of a PDF file names.

    >>> page_number("page=3"), page_number(None)
    (3, None)
    """
    number = (fragment or "").removeprefix(_PAGE)
    return int(number) if number.isdecimal() else None


def _fact_label(fact: Fact, kind: FactKind, labels: Mapping[str, str]) -> str:
    """Plain words for a fact: "hosting: IOM, public discussion on …"."""
    names = [labels.get(iri, iris.name(iri)) for _, found in fact.roles for iri in found]
    return f"{kind.label['en']}: " + " · ".join(names)


def types_of(extraction: Extraction, reference: Reference) -> dict[str, frozenset[str]]:
    """The classes of every entity that an article's facts speak of."""
    found = {}
    for entity in extraction.entities:
        known = reference.entities.get(entity.iri)
        types = known.types if known else load_ontology().entities[entity.kind].types
        found[entity.iri] = frozenset(types)
    return found


def graph_lines(extraction: Extraction, reference: Reference) -> list[str]:
    """An article's graph as sorted N-Triples lines, facts, shortcuts and evidence together."""
    found = article_triples(extraction, reference)
    types = types_of(extraction, reference)
    for fact in extraction.facts:
        found += shortcut_triples(fact, types)
    return lines(found)


def context_lines(extraction: Extraction, reference: Reference) -> list[str]:
    """What a validator needs beside an article's graph: the classes and labels of known things, and the text.

    Neither is published: the reference graph has the former, and the text belongs to its publisher.
    """
    found: list[Triple] = [(snapshot_iri(extraction.article), ONT + "snapshotText", extraction.article.text)]
    used = {entity.iri for entity in extraction.entities}
    marks = (value for fact in extraction.facts for _, values in fact.qualifiers for value in values)
    used |= {value.iri for value in marks if isinstance(value, Ref)}
    used |= {value.iri for entity in extraction.entities for _, value in entity.links if isinstance(value, Ref)}
    for iri in used:
        known = reference.entities.get(iri)
        if known is not None:
            found += [(iri, _RDF_TYPE, Ref(type_)) for type_ in known.types]
            found += [(iri, _SKOS + "prefLabel", label) for label in known.labels]
    return lines(found)


def ntriples(found: Iterable[str]) -> bytes:
    """Lines as an N-Triples document."""
    return "".join(f"{line} .\n" for line in found).encode()


def nquads(found: Iterable[str], graph: str) -> bytes:
    """Lines as an N-Quads document, all in one named graph."""
    return "".join(f"{line} <{graph}> .\n" for line in found).encode()


def background() -> Iterator[bytes]:
    """Reference data, ontology and schemes as N-Quads documents, each in its named graph.

    :raises DataError: when a file of theirs is missing or broken.
    """

    links: list[Triple] = [(link.entity, link.predicate, Ref(link.target)) for link in load_links()]
    parts: tuple[tuple[str, Iterable[Path], Iterable[Triple]], ...] = (
        (REFERENCE_GRAPH, reference_files(), [*country_triples(), *links]),
        (ONTOLOGY_GRAPH, [resources.path("ontology", "migkg.ttl")], ()),
        (SCHEMES_GRAPH, resources.path("ontology", "schemes").glob("*.ttl"), ()),
    )
    for graph, files, more in parts:
        found, subjects = set(lines(more)), set[str]()
        for file in files:
            quads = resources.quads(file)
            found.update(f"{q.subject} {q.predicate} {q.object}" for q in quads)
            subjects.update(str(q.subject)[1:-1] for q in quads)
        # A file may add names to a subdivision, for which ISO 3166 has the label and the class.
        found.update(lines(triple for iri in subjects for triple in place_triples(iri)))
        yield nquads(sorted(found), graph)


# -- the way back ----------------------------------------------------------------------------------------------------


def read_facts(found: Iterable[Triple]) -> tuple[Fact, ...]:
    """The facts that triples hold, sorted by their IRIs; see `facts_by_iri`."""
    return tuple(facts_by_iri(found).values())


def facts_by_iri(found: Iterable[Triple]) -> dict[str, Fact]:
    """The facts that triples hold, with their evidence, by the same declarations that wrote them; sorted by IRI.

    The triples do not tell which of several rules read which words: then each evidence names them all.
    """
    nodes: dict[str, dict[str, dict[str, Value | Code]]] = defaultdict(lambda: defaultdict(dict))
    for subject, predicate, held in found:
        nodes[subject][predicate][term(held)] = held
    kinds = {Ref(kind.iri): kind for kind in load_ontology().facts.values()}
    facts: dict[str, Fact] = {}
    for this in sorted(nodes):
        node = {predicate: tuple(values.values()) for predicate, values in nodes[this].items()}
        stated = [kinds[type_] for type_ in node.get(_RDF_TYPE, ()) if isinstance(type_, Ref) and type_ in kinds]
        if not stated:
            continue
        kind = max(stated, key=lambda kind: (len(kind.types), kind.name))  # of a kind and its superclass, the kind
        roles = {name: _iris(node.get(iri, ())) for name, iri in kind.roles.items()}
        marks = {name: tuple(map(_plain, node.get(iri, ()))) for name, iri in kind.qualifiers.items()}
        rule, reader = (", ".join(sorted(map(str, node.get(ONT + name, ())))) for name in ("rule", "reader"))
        spans = (
            (_span(span, nodes), _sentence(span, nodes)) for span in _iris(node.get(ONT + "evidence", ()))
        )
        facts[this] = Fact(
            kind.name,
            tuple((name, values) for name, values in sorted(roles.items()) if values),
            tuple((name, tuple(sorted(values, key=term))) for name, values in sorted(marks.items()) if values),
            tuple(sorted({Evidence(span, around, rule, reader) for span, around in spans if span and around})),
        )
    return facts


def _iris(values: Iterable[Value | Code]) -> tuple[str, ...]:
    return tuple(sorted(value.iri for value in values if isinstance(value, Ref)))


def _plain(held: Value | Code) -> Value:
    return held.value if isinstance(held, Code) else held


_Nodes = Mapping[str, Mapping[str, Mapping[str, Value | Code]]]


def _sentence(iri: str, nodes: _Nodes) -> Span | None:
    """The stretch that a span's sentence covers; None without a readable one."""
    node = nodes.get(iri, {})
    texts, starts = (
        [str(_plain(held)) for held in node.get(ONT + name, {}).values()] for name in ("sentence", "sentenceStart")
    )
    if len(texts) == len(starts) == 1 and starts[0].isdecimal() and texts[0]:
        return Span(int(starts[0]), int(starts[0]) + len(texts[0]))
    return None


def _span(iri: str, nodes: _Nodes) -> Span | None:
    """The span that a node's position selector gives; None without a readable one."""
    for selector in _iris(nodes[iri][_OA + "hasSelector"].values()) if iri in nodes else ():
        node = nodes.get(selector, {})
        offsets = [str(_plain(held)) for name in ("start", "end") for held in node.get(_OA + name, {}).values()]
        if len(offsets) == 2 and all(offset.isdecimal() for offset in offsets) and int(offsets[0]) < int(offsets[1]):
            return Span(int(offsets[0]), int(offsets[1]))
    return None
