"""Facts → triples → text → triples → facts: nothing is lost and nothing breaks, whatever an article holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from migkg import rdf
from migkg.model import Article, Entity, Evidence, Extraction, Fact, PartialDate, Ref, Span, Text, Value
from migkg.ontology import ID, load_ontology
from migkg.reference import Code, Reference

XSD = "http://www.w3.org/2001/XMLSchema#"
NOTHING_KNOWN = Reference({}, {}, {}, {})
KINDS = load_ontology().facts

# All that Unicode has, with what a writer of RDF may get wrong more often than by chance.
texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.text(st.sampled_from("\"'\\<>{}|^`\t\b\n\r\f\x00\x1f\x7f\x85\u2028\ufeff\ufffe😀é \u0301.#@")),
)
tags = st.sampled_from(["en", "id", "und"])
iris = st.sampled_from([f"{ID}{segment}/{name}" for segment in ("person", "organization") for name in "abcd"])
days = st.dates().map(lambda day: PartialDate(day.year, day.month, day.day))
dates = st.one_of(days, days.map(lambda d: replace(d, day=None)), days.map(lambda d: PartialDate(d.year)))
decimals = st.decimals(allow_nan=False, allow_infinity=False)
values: st.SearchStrategy[Value] = st.one_of(
    iris.map(Ref), st.builds(Text, texts, tags), texts, st.integers(), decimals, dates
)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    text = draw(texts.filter(lambda text: len(text) > 1))
    return Article(
        id=draw(texts.filter(bool)), text=text, sha256="0" * 64, source="x", title=draw(st.none() | texts),
        url=draw(st.none() | texts | texts.map(lambda end: "https://example.org/" + end)),
        publisher=draw(st.none() | texts), published=draw(st.none() | dates),
        lang=draw(st.sampled_from([None, "en", "id"])),
    )  # fmt: skip


def spans(article: Article) -> st.SearchStrategy[Span]:
    ends = st.lists(st.integers(0, len(article.text)), min_size=2, max_size=2, unique=True).map(sorted)
    return ends.map(lambda pair: Span(*pair))


@st.composite
def facts(draw: st.DrawFn, article: Article) -> Fact:
    """A fact of any kind, in the form in which they are read back: sorted, by one rule."""
    kind = draw(st.sampled_from(sorted(KINDS)).map(KINDS.__getitem__))
    sentence = draw(spans(article))
    found = draw(st.lists(spans(article), min_size=1, max_size=3, unique=True))
    rule = draw(st.sampled_from(["hosting.held", "rule two"]))
    return Fact(
        kind.name,
        tuple((name, told) for name in kind.roles if (told := draw(_several(iris)))),
        tuple((name, told) for name in kind.qualifiers if (told := draw(_several(values, key=rdf.term)))),
        tuple(sorted(Evidence(span, sentence, rule) for span in found)),
    )


def _several(one: st.SearchStrategy[Any], key: Callable[[Any], str] = str) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(one, max_size=2, unique_by=key).map(lambda found: tuple(sorted(found, key=key)))


@st.composite
def extractions(draw: st.DrawFn) -> Extraction:
    article = draw(articles())
    found = draw(st.lists(facts(article), max_size=2))
    used = sorted({iri for fact in found for _, told in fact.roles for iri in told})
    entities = tuple(
        Entity(iri, "person", (Text(draw(texts), "en"),), tuple(draw(st.lists(texts, max_size=1)))) for iri in used
    )
    return Extraction(article, entities, tuple(found))


def parsed(data: bytes) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(data, ox.RdfFormat.N_TRIPLES)}


@given(values | st.builds(Code, texts, st.just(XSD + "nonNegativeInteger")))
def test_a_term_comes_back_from_both_readers(value: Value | Code) -> None:
    data = rdf.ntriples([f"<http://x/s> <http://x/p> {rdf.term(value)}"])
    (triple,) = parsed(data)
    back = rdf.value(triple.object)
    assert back == value
    assert type(back) is type(value)
    ((_, _, other),) = rdflib.Graph().parse(data=data, format="nt")
    assert str(other) == triple.object.value
    if isinstance(other, rdflib.Literal):
        assert other.language == triple.object.language
        assert other.datatype is None or str(other.datatype) == triple.object.datatype.value


@given(extractions())
def test_an_article_graph_is_readable_whatever_the_article_holds(extraction: Extraction) -> None:
    lines = rdf.graph_lines(extraction, NOTHING_KNOWN)
    assert len(parsed(rdf.ntriples(lines))) == len(lines)
    graph = rdf.graph_iri(extraction.article.id)
    quads = list(ox.parse(rdf.nquads(lines, graph), ox.RdfFormat.N_QUADS))
    assert {str(quad.graph_name) for quad in quads} == {f"<{graph}>"}
    assert len(rdf.ntriples(lines).splitlines()) == len(lines)  # one line a triple, even for tools that split at \x85


@given(extractions())
def test_facts_come_back(extraction: Extraction) -> None:
    lines = rdf.graph_lines(extraction, NOTHING_KNOWN)
    back = rdf.read_facts(rdf.triples(parsed(rdf.ntriples(lines))))
    merged = {rdf.fact_iri(fact) for fact in extraction.facts}
    assert {rdf.fact_iri(fact) for fact in back} == merged
    if len(merged) == len(extraction.facts) and not _share_a_span(extraction):
        assert sorted(back, key=rdf.fact_iri) == sorted(extraction.facts, key=rdf.fact_iri)


def _share_a_span(extraction: Extraction) -> bool:
    """Two facts that quote the same words out of different sentences: then each has both sentences."""
    around: dict[Span, set[Span]] = {}
    for fact in extraction.facts:
        for evidence in fact.evidence:
            around.setdefault(evidence.span, set()).add(evidence.sentence)
    return any(len(sentences) > 1 for sentences in around.values())


@given(extractions())
def test_the_words_of_a_span_are_those_of_the_text(extraction: Extraction) -> None:
    text = extraction.article.text
    read = rdf.triples(parsed(rdf.ntriples(rdf.graph_lines(extraction, NOTHING_KNOWN))))
    held = {(subject, predicate.rpartition("#")[2]): value for subject, predicate, value in read}
    for (node, name), words in held.items():
        if name == "exact":
            span = node.removesuffix("#quote")
            start, end = (held[f"{span}#position", name] for name in ("start", "end"))
            assert text[start:end] == words
            assert text[:start].endswith(held.get((node, "prefix"), ""))
            assert text[end:].startswith(held.get((node, "suffix"), ""))
            assert ((node, "prefix") in held) == (text.find(words, text.find(words) + 1) >= 0)


@given(st.data())
def test_a_fact_is_the_same_whoever_words_it(data: st.DataObject) -> None:
    article = data.draw(articles())
    fact = data.draw(facts(article))
    wording = KINDS[fact.kind].wording
    others = {name: (Text(data.draw(texts), "id"),) for name in sorted(wording)}
    other = replace(
        fact,
        evidence=(Evidence(Span(0, 1), Span(0, 1), "another"),),
        qualifiers=tuple((name, others.get(name, told[::-1])) for name, told in fact.qualifiers),
        roles=tuple((name, told[::-1]) for name, told in fact.roles),
    )
    assert rdf.fact_iri(other) == rdf.fact_iri(fact)


@given(st.data())
def test_another_role_or_qualifier_is_another_fact(data: st.DataObject) -> None:
    fact = data.draw(facts(data.draw(articles())))
    kind = KINDS[fact.kind]
    name = data.draw(st.sampled_from(sorted(kind.roles)))
    told = (*fact.role(name), ID + "person/someone-else")
    roles = dict(fact.roles) | {name: told}
    assert rdf.fact_iri(replace(fact, roles=tuple(sorted(roles.items())))) != rdf.fact_iri(fact)
    for name in set(kind.qualifiers) - kind.wording:
        more = dict(fact.qualifiers) | {name: (*fact.qualifier(name), Text("another", "en"))}
        if Text("another", "en") not in fact.qualifier(name):
            assert rdf.fact_iri(replace(fact, qualifiers=tuple(sorted(more.items())))) != rdf.fact_iri(fact)


@given(extractions(), st.randoms(use_true_random=False))
def test_lines_do_not_depend_on_the_order_of_facts(extraction: Extraction, chance: Random) -> None:
    shuffled = list(extraction.facts)
    chance.shuffle(shuffled)
    other = replace(extraction, facts=tuple(shuffled))
    assert rdf.graph_lines(other, NOTHING_KNOWN) == rdf.graph_lines(extraction, NOTHING_KNOWN)


@given(decimals)
def test_equal_decimals_are_written_alike(number: Decimal) -> None:
    """In canonical form: a store that canonicalises them must not change the IRI of a fact."""
    assert rdf.term(number) == rdf.term(Decimal(f"{number:f}"))
    assert rdf.term(number) == rdf.term(Decimal(f"{number:f}" + ("0" if number % 1 else ".0")))
    assert "E" not in rdf.term(number).split("^^")[0]


@pytest.mark.parametrize(
    ("number", "text"),
    [("2500000.50", "2500000.5"), ("4E+6", "4000000"), ("10", "10"), ("-0.00", "0"), ("-1.0", "-1"), ("0.05", "0.05")],
)
def test_canonical_decimals(number: str, text: str) -> None:
    assert rdf.term(Decimal(number)) == f'"{text}"^^<{XSD}decimal>'
