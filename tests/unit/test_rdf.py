"""How facts are written, and what holds for the whole graph of the bundled articles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from graphs import ARTICLES, bundled
from migkg import rdf
from migkg.articles import read_articles
from migkg.build import read_one
from migkg.errors import DataError
from migkg.folder import read_manifest
from migkg.model import Article, Evidence, Extraction, Fact, PartialDate, Ref, Span, Text
from migkg.ontology import ID, ONT, PREFIXES, load_ontology
from migkg.reference import load_reference
from migkg.store import EmbeddedStore

ORG, SCHEMA, OA, PROV = (PREFIXES[name] for name in ("org", "schema", "oa", "prov"))
IOM, KEMLU, EVENT = ID + "organization/iom", ID + "organization/id-kemlu", ID + "event/talks"
TEXT = "IOM and MOFA held talks on 12 June 2024."
PROOF = (Evidence(Span(0, 39), Span(0, 40), "hosting.held"),)


def fact(kind: str, qualifiers: dict[str, object] | None = None, **roles: str) -> Fact:
    told = tuple((name, (value,)) for name, value in sorted((qualifiers or {}).items()))
    return Fact(kind, tuple((name, (iri,)) for name, iri in sorted(roles.items())), told, PROOF)


def article(**more: object) -> Article:
    return Article(**{"id": "talks", "text": TEXT, "sha256": "0" * 64, "source": "talks.txt", "lang": "en", **more})


def shortcuts(one: Fact, **types: str) -> set[tuple[str, str, object]]:
    by_iri = {ID + iri.replace("_", "/", 1): frozenset({type_}) for iri, type_ in types.items()}
    return set(rdf.shortcut_triples(one, by_iri))


# --- shortcuts ---


def test_a_shortcut_leads_from_role_to_role() -> None:
    one = fact("Hosting", event=EVENT, organizer=IOM)
    assert shortcuts(one) == {(EVENT, SCHEMA + "organizer", Ref(IOM))}


def test_a_shortcut_may_lead_to_a_qualifier() -> None:
    day = PartialDate(2024, 6, 12)
    one = fact("Occurrence", {"start": day}, event=EVENT)
    assert shortcuts(one) == {(EVENT, SCHEMA + "startDate", day)}


def test_a_symmetric_kind_is_written_both_ways() -> None:
    one = fact("Partnership", partner=IOM, otherPartner=KEMLU)
    assert shortcuts(one) == {(IOM, ONT + "partnerOf", Ref(KEMLU)), (KEMLU, ONT + "partnerOf", Ref(IOM))}


def test_a_condition_on_a_qualifier() -> None:
    roles = {"adopter": KEMLU, "policy": ID + "policy/plan"}
    for status, name in (("Adopted", "adoptedBy"), ("Drafted", "draftedBy"), ("Ratified", "ratifiedBy")):
        one = fact("Adoption", {"status": Ref(ONT + status)}, **roles)
        assert shortcuts(one) == {(ID + "policy/plan", ONT + name, Ref(KEMLU))}
    assert shortcuts(fact("Adoption", **roles)) == set()


def test_a_condition_on_a_class() -> None:
    one = fact("PartOf", part=ID + "organization/unit", whole=KEMLU)
    unit, body = (shortcuts(one, organization_unit=ORG + name) for name in ("OrganizationalUnit", "Organization"))
    assert unit == {(ID + "organization/unit", ORG + "unitOf", Ref(KEMLU))}
    assert body == {(ID + "organization/unit", ORG + "subOrganizationOf", Ref(KEMLU))}


# --- facts and evidence ---


def test_a_fact_has_its_types_roles_qualifiers_label_and_evidence() -> None:
    one = fact("Commitment", {"status": Ref(ONT + "Champion")}, party=ID + "place/id", framework=ID + "policy/gcm")
    labels = {ID + "place/id": "Indonesia"}
    this = rdf.fact_iri(one)
    found = {(name, value) for subject, name, value in rdf.fact_triples(one, article(), labels) if subject == this}
    span = ID + "span/talks/0-39"
    assert found == {
        (PREFIXES["rdf"] + "type", Ref(ONT + "Commitment")),
        (PREFIXES["rdf"] + "type", Ref(ONT + "Fact")),
        (ONT + "party", Ref(ID + "place/id")),
        (ONT + "framework", Ref(ID + "policy/gcm")),
        (ONT + "status", Ref(ONT + "Champion")),
        (PREFIXES["rdfs"] + "label", Text("commitment: gcm · Indonesia", "en")),
        (ONT + "evidence", Ref(span)),
        (ONT + "rule", "hosting.held"),
        (ONT + "reader", "rules"),
    }


def test_evidence_is_a_span_of_a_snapshot_with_position_quotation_and_sentence() -> None:
    found = set(rdf.evidence_triples(PROOF[:1], article()))
    span = ID + "span/talks/0-39"
    assert {
        (span, OA + "hasSource", Ref(ID + "snapshot/talks")),
        (span, ONT + "sentence", TEXT),
        (span, ONT + "sentenceStart", 0),
        (f"{span}#position", OA + "start", 0),
        (f"{span}#position", OA + "end", 39),
        (f"{span}#quote", OA + "exact", TEXT[:39]),
    } <= found


def test_what_stands_around_a_span_is_told_only_when_its_words_stand_elsewhere_too() -> None:
    text = "IOM met IOM."
    for span, told in ((Span(4, 7), set()), (Span(8, 11), {("prefix", "IOM met "), ("suffix", ".")})):
        proof = Evidence(span, Span(0, 12), "rule")
        found = rdf.evidence_triples([proof], article(text=text))
        assert {(p.removeprefix(OA), value) for _, p, value in found if p in (OA + "prefix", OA + "suffix")} == told


@pytest.mark.parametrize(
    ("url", "iri"),
    [
        ("https://example.org/a b?<x>", "https://example.org/a%20b?%3Cx%3E"),
        ("https://example.org/ok", "https://example.org/ok"),
        ("not an address", None),
        (None, None),
    ],
)
def test_an_odd_address_does_not_break_the_file(url: str | None, iri: str | None) -> None:
    lines = rdf.graph_lines(Extraction(article(url=url), (), ()), load_reference())
    read = rdf.triples(ox.parse(rdf.ntriples(lines), ox.RdfFormat.N_TRIPLES))
    assert [value for _, name, value in read if name == SCHEMA + "url"] == ([Ref(iri)] if iri else [])


@pytest.mark.parametrize("id_", ["talks <1>", 'a"b', "a\nb", "é", "100%", "a/b#c"])
def test_an_odd_id_does_not_break_the_file(id_: str) -> None:
    extraction = Extraction(article(id=id_), (), (fact("Hosting", event=EVENT, organizer=IOM),))
    lines = rdf.graph_lines(extraction, load_reference())
    data = rdf.nquads(lines, rdf.graph_iri(id_))
    assert len(list(ox.parse(data, ox.RdfFormat.N_QUADS))) == len(lines)


def test_a_known_publisher_is_linked() -> None:
    lines = rdf.graph_lines(Extraction(article(publisher="IOM Indonesia"), (), ()), load_reference())
    assert f"<{ID}article/talks> <{SCHEMA}publisher> <{ID}organization/iom-indonesia>" in lines
    lines = rdf.graph_lines(Extraction(article(publisher="Nobody's Gazette"), (), ()), load_reference())
    assert not [line for line in lines if SCHEMA + "publisher" in line]


# --- the way back ---


def test_foreign_triples_are_left_alone() -> None:
    turtle = """@prefix mig: <https://w3id.org/migkg/ont#> . @prefix oa: <http://www.w3.org/ns/oa#> .
        <x:1> a mig:Hosting ; mig:event <x:e> ; mig:evidence <x:s>, <x:t>, <x:u>, <x:gone> .
        <x:s> oa:hasSelector <x:p> ; mig:sentence "x" ; mig:sentenceStart 0 . <x:p> oa:start 4 ; oa:end 2 .
        <x:t> oa:hasSelector <x:q> ; mig:sentence "x" ; mig:sentenceStart 0 . <x:q> oa:start "one" ; oa:end 2 .
        <x:u> oa:hasSelector <x:r> . <x:r> oa:start 1 ; oa:end 2 .
        <x:2> a mig:Unknown ; mig:event <x:e> . [] a mig:Hosting ."""
    (found,) = rdf.read_facts(rdf.triples(ox.parse(turtle, ox.RdfFormat.TURTLE)))
    assert found == Fact("Hosting", (("event", ("x:e",)),))


def test_a_literal_of_another_type_is_read_as_its_text() -> None:
    turtle = '<x:1> a <https://w3id.org/migkg/ont#Attendance> ; <https://w3id.org/migkg/ont#online> "5"^^<x:t> .'
    (found,) = rdf.read_facts(rdf.triples(ox.parse(turtle, ox.RdfFormat.TURTLE)))
    assert found.qualifier("online") == ("5",)


# --- background ---


def test_background_is_three_graphs_without_blank_nodes() -> None:
    documents = list(rdf.background())
    graphs = [{quad.graph_name.value for quad in ox.parse(data, ox.RdfFormat.N_QUADS)} for data in documents]
    assert graphs == [{rdf.REFERENCE_GRAPH}, {rdf.ONTOLOGY_GRAPH}, {rdf.SCHEMES_GRAPH}]
    assert not [line for data in documents for line in data.splitlines() if b"_:" in line.split(b'"')[0]]
    assert documents == list(rdf.background())


def test_a_broken_scheme_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ontology" / "schemes").mkdir(parents=True)
    (tmp_path / "ontology" / "migkg.ttl").write_text("<x:1> <x:2> .")
    monkeypatch.setattr("migkg.resources.root", lambda: tmp_path)
    monkeypatch.setattr(rdf, "reference_files", lambda: ())
    monkeypatch.setattr(rdf, "load_links", lambda: ())
    with pytest.raises(DataError, match=r"migkg\.ttl: cannot be read as Turtle"):
        list(rdf.background())


# --- the graph of the bundled articles ---


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    folder = bundled(tmp_path_factory)
    with EmbeddedStore.open(folder / read_manifest(folder)["store"], read_only=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def extractions() -> tuple[Extraction, ...]:
    reference = load_reference()
    files = sorted(ARTICLES.glob("*.md"))
    return tuple(read_one(article, reference) for file in files for article in read_articles(str(file)))


def graph(store: EmbeddedStore, article_id: str) -> list[rdf.Triple]:
    return list(rdf.triples(store.quads(rdf.graph_iri(article_id))))


def test_every_span_of_the_graph_quotes_the_text(store: EmbeddedStore, extractions: tuple[Extraction, ...]) -> None:
    spans = 0
    for extraction in extractions:
        text = extraction.article.text
        held = {(subject, predicate): value for subject, predicate, value in graph(store, extraction.article.id)}
        for subject, predicate in list(held):
            if predicate == OA + "start":
                start, end = held[subject, OA + "start"], held[subject, OA + "end"]
                assert isinstance(start, int)
                assert isinstance(end, int)
                assert text[start:end] == held[subject.replace("#position", "#quote"), OA + "exact"]
                spans += 1
    assert spans > 200


def test_every_fact_of_the_graph_has_evidence_and_comes_back(
    store: EmbeddedStore, extractions: tuple[Extraction, ...]
) -> None:
    for extraction in extractions:
        back = {rdf.fact_iri(one): one for one in rdf.read_facts(graph(store, extraction.article.id))}
        assert set(back) == {rdf.fact_iri(one) for one in extraction.facts}
        for one in extraction.facts:
            read = back[rdf.fact_iri(one)]
            assert read.evidence
            assert {e.span for e in read.evidence} == {e.span for e in one.evidence}
            assert (read.kind, read.roles) == (one.kind, one.roles)
            assert {(n, rdf.term(v)) for n, vs in read.qualifiers for v in vs} == {
                (n, rdf.term(v)) for n, vs in one.qualifiers for v in vs
            }


def test_every_node_that_is_a_fact_has_evidence(store: EmbeddedStore) -> None:
    proof = "?fact mig:evidence/oa:hasSelector/oa:exact ?words"
    assert store.query(f"ASK {{ ?fact a mig:Fact FILTER NOT EXISTS {{ {proof} }} }}") is False


def test_every_shortcut_has_its_fact_and_the_other_way_round(
    store: EmbeddedStore, extractions: tuple[Extraction, ...]
) -> None:
    reference = load_reference()
    predicates = {shortcut.predicate for kind in load_ontology().facts.values() for shortcut in kind.shortcuts}
    written = 0
    for extraction in extractions:
        held = graph(store, extraction.article.id)
        types = rdf.types_of(extraction, reference)
        due = {triple for one in rdf.read_facts(held) for triple in rdf.shortcut_triples(one, types)}
        assert due <= set(held)
        # A role may be the same property as a shortcut, and ISO 3166 says where a place is; neither is a shortcut.
        facts = {subject for subject, _, _ in held if subject.startswith(ID + "fact/")}
        stated = {(s, p, o) for s, p, o in held if p in predicates and s not in facts}
        links = {(entity.iri, name, value) for entity in extraction.entities for name, value in entity.links}
        assert stated - links == due
        written += len(due)
    assert written > 200


def test_the_default_graph_is_the_union(store: EmbeddedStore) -> None:
    union = {quad.triple for name in store.graph_names() for quad in store.quads(name)}
    assert union == {quad.triple for quad in store.quads()}


def test_subdivisions_that_files_only_name_have_label_and_class() -> None:
    """`places.ttl` gives Texas further names; ISO 3166 has the rest."""
    found = b"".join(rdf.background()).decode()
    texas = [line for line in found.splitlines() if line.startswith(f"<{ID}place/us-tx> ")]
    assert any('prefLabel> "Texas"@en' in line for line in texas)
    assert any(f"<{SCHEMA}Place>" in line for line in texas)
    assert any('notation> "US-TX"' in line for line in texas)
