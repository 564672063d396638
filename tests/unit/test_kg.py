"""A built graph in Python: what a user of `import migkg` meets."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

import migkg
from graphs import bundled
from migkg import kg
from migkg.build import build
from migkg.errors import GraphError, NothingFound, QueryError, UnknownName
from migkg.folder import STORES, read_manifest
from migkg.frames import Answer
from migkg.kg import KnowledgeGraph
from migkg.model import Finding
from migkg.ontology import ID
from migkg.store import EmbeddedStore


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundled(tmp_path_factory)


@pytest.fixture(scope="module")
def graph(folder: Path) -> Iterator[KnowledgeGraph]:
    with migkg.open(folder) as opened:
        yield opened


# --- questions ---


def test_a_question_with_a_parameter(graph: KnowledgeGraph) -> None:
    answer = graph.query("people", person="Penny Dewi Herasati")
    assert len(answer) > 0
    assert {row["person"] for row in answer} == {"Penny Dewi Herasati"}
    assert answer.columns[:3] == ("person", "title", "post")
    assert "2024-06-12" in {row["observed"] for row in answer}, "dates are as printed"
    assert graph.query("people", lang="id").title == "Orang dan jabatannya"


def test_a_question_of_ones_own(graph: KnowledgeGraph) -> None:
    (row,) = graph.sparql("SELECT (COUNT(*) AS ?n) WHERE { ?e a schema:Event }").rows
    assert row[0] > 5
    assert graph.sparql(f"SELECT ?x WHERE {{ VALUES ?x {{ <{ID}organization/iom> }} }}").rows == (
        ("International Organization for Migration",),
    )
    assert graph.sparql(f"SELECT ?x WHERE {{ VALUES ?x {{ <{ID}organization/iom> }} }}", iris=True).rows == (
        (ID + "organization/iom",),
    )


def test_what_cannot_be_asked(graph: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match='Did you mean "people"'):
        graph.query("peple")
    with pytest.raises(UnknownName, match="organization"):
        graph.query("people", organisation="IOM")
    with pytest.raises(QueryError, match=r"mine\.rq:1: the query cannot be read"):
        graph.sparql("SELECT nonsense", where="mine.rq")


def test_an_answer_prints_as_a_table(graph: KnowledgeGraph) -> None:
    shown = str(graph.query("people", person="Penny Dewi Herasati"))
    assert shown.startswith("People and their posts\n\nperson")
    assert "    “Penny Dewi Herasati" in shown


def test_an_answer_in_a_notebook() -> None:
    answer = Answer(("a<b", "n"), (("x & y", 1), (None, 2)), title="T")
    assert answer._repr_html_() == (
        "<table><caption>T</caption><thead><tr><th>a&lt;b</th><th>n</th></tr></thead>"
        "<tbody><tr><td>x &amp; y</td><td>1</td></tr><tr><td></td><td>2</td></tr></tbody></table>"
    )


def test_triples_as_turtle(graph: KnowledgeGraph) -> None:
    text = f"CONSTRUCT {{ ?o a org:Organization }} WHERE {{ VALUES ?o {{ <{ID}organization/iom> }} }}"
    made = graph.construct(text)
    assert made.endswith("<https://w3id.org/migkg/id/organization/iom> a org:Organization .\n")
    assert made == graph.construct(text)
    for other in ("SELECT ?s WHERE { ?s ?p ?o }", "ASK { ?s ?p ?o }"):
        with pytest.raises(QueryError, match="expected CONSTRUCT or DESCRIBE"):
            graph.construct(other)


# --- explanations ---


@pytest.mark.parametrize(
    "thing",
    [
        "Penny Dewi Herasati",
        "penny dewi herasati",
        "person/penny-dewi-herasati",
        ID + "person/penny-dewi-herasati",
        f"<{ID}person/penny-dewi-herasati>",
    ],
)
def test_a_person(graph: KnowledgeGraph, thing: str) -> None:
    found = graph.explain(thing)
    assert found.iri == ID + "person/penny-dewi-herasati"
    assert (found.label, found.types) == ("Penny Dewi Herasati", ("person",))
    kinds = {(fact.kind, fact.part) for fact in found.facts}
    assert kinds >= {("affiliation", "member"), ("participation", "participant")}
    for fact in found.facts:
        assert fact.quotations
        assert fact.rules
        assert "Penny Dewi Herasati" not in dict(fact.values).values()
        for quotation in fact.quotations:
            assert all(0 <= start < end <= len(quotation.sentence) for start, end in quotation.marks)
            assert (quotation.address or "").startswith("https://")


def test_facts_are_grouped_by_kind_and_sorted_by_date(graph: KnowledgeGraph) -> None:
    facts = graph.explain("Penny Dewi Herasati").facts
    kinds = [(fact.kind, fact.part) for fact in facts]
    assert kinds == sorted(kinds)
    dates = [dict(fact.values).get("observed", "") for fact in facts if fact.kind == "affiliation"]
    assert dates == sorted(dates)


def test_a_fact_by_its_iri_and_its_short_form(graph: KnowledgeGraph) -> None:
    iri = graph.explain("Penny Dewi Herasati").facts[0].iri
    for form in (iri, iri.removeprefix(ID)):
        found = graph.explain(form)
        (fact,) = found.facts
        assert (found.iri, fact.iri, fact.part) == (iri, iri, "")
        assert ("member", "Penny Dewi Herasati") in fact.values


def test_several_words_of_one_sentence_are_one_quotation(graph: KnowledgeGraph) -> None:
    for event in graph.sparql("SELECT DISTINCT ?e WHERE { ?f a mig:Occurrence ; mig:event ?e }", iris=True).rows:
        for fact in graph.explain(event[0]).facts:
            keys = [(quotation.sentence, quotation.article) for quotation in fact.quotations]
            assert len(keys) == len(set(keys))


def test_a_known_body_with_what_the_reference_data_tells(graph: KnowledgeGraph) -> None:
    found = graph.explain("IOM")
    assert found.label == "International Organization for Migration"
    assert {"IOM", "UN Migration"} <= set(found.names)
    assert "United Nations" in dict(found.details).values()
    indonesian = graph.explain("IOM", lang="id")
    assert indonesian.label == "Organisasi Internasional untuk Migrasi"
    assert any(fact.kind == "penyelenggaraan" for fact in indonesian.facts)


def test_a_concept_with_its_definition_in_one_language(graph: KnowledgeGraph) -> None:
    details = graph.explain("https://w3id.org/migkg/scheme/gcm/objective-5").details
    assert [name for name, _ in details].count("definition") == 1


def test_an_article_with_the_facts_that_it_states(graph: KnowledgeGraph) -> None:
    found = graph.explain("article/2024-06-12-public-discussion-jakarta-en")
    entry = next(e for e in graph.manifest["articles"] if e["id"] == "2024-06-12-public-discussion-jakarta-en")
    assert len(found.facts) == entry["facts"]


def test_nothing_to_explain(graph: KnowledgeGraph) -> None:
    for thing in ("Nobody At All", ID + "person/nobody", "person/nobody", "event/<x>"):
        with pytest.raises(NothingFound) as caught:
            graph.explain(thing)
        assert caught.value.exit_code == 1


def test_an_explanation_prints(graph: KnowledgeGraph) -> None:
    shown = str(graph.explain("Penny Dewi Herasati"))
    assert shown.startswith("Penny Dewi Herasati  person\n")
    assert "Affiliation, as member" in shown
    assert "\nSources\n[1] " in shown


# --- the graph itself ---


def test_an_rdflib_graph_that_answers(graph: KnowledgeGraph) -> None:
    made = graph.graph()
    assert isinstance(made, rdflib.Graph)
    rows = list(made.query("SELECT ?label WHERE { ?x a org:Organization ; skos:prefLabel ?label } LIMIT 3"))
    assert len(rows) == 3
    iom = rdflib.URIRef(ID + "organization/iom")
    assert (iom, rdflib.RDF.type, rdflib.ORG.Organization) in made
    assert rdflib.Literal("International Organization for Migration", lang="en") in set(
        made.objects(iom, rdflib.SKOS.prefLabel)
    )
    assert len(made) == graph.manifest["triples"]
    assert dict(made.namespaces())["mig"] == rdflib.URIRef("https://w3id.org/migkg/ont#")


def test_export(graph: KnowledgeGraph, tmp_path: Path) -> None:
    graph.export("nt", tmp_path / "graph.nt")
    read = {quad.triple for quad in ox.parse(path=str(tmp_path / "graph.nt"))}
    assert len(read) == graph.manifest["triples"]
    with pytest.raises(UnknownName, match='Did you mean "ttl"'):
        graph.export("tll", tmp_path / "graph.ttl")


def test_findings_of_the_build(graph: KnowledgeGraph) -> None:
    assert all(isinstance(finding, Finding) for finding in graph.findings())
    assert not [finding for finding in graph.findings() if finding.severity == "violation"]


def test_its_name(graph: KnowledgeGraph, folder: Path) -> None:
    assert repr(graph) == f"<KnowledgeGraph {folder}: 28 articles, {sum(graph.manifest['facts'].values())} facts>"


def test_a_closed_graph_says_so(folder: Path) -> None:
    with migkg.open(str(folder)) as opened:
        pass
    with pytest.raises(GraphError, match="closed"):
        opened.query("people")


# --- folders ---


def test_no_graph(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for folder in (tmp_path / "none", tmp_path, tmp_path / "file"):
        with pytest.raises(GraphError, match=f"there is no graph here. Make a graph with: migkg build --kg {folder}"):
            migkg.open(folder)


MANIFEST = {"store": "store-a", "articles": [], "facts": {}, "findings": [], "unmatched": [], "checked": True}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{", "the manifest cannot be read"),
        ("[]", "the manifest is no JSON object"),
        ("\udcff", "the manifest cannot be read"),
        (json.dumps(MANIFEST | {"store": 7}), 'the manifest has no "store", or a wrong one'),
        (json.dumps({"store": "store-a"}), 'the manifest has no "articles", or a wrong one'),
        (json.dumps(MANIFEST), "the store that the manifest names is missing"),
    ],
)
def test_a_broken_manifest(tmp_path: Path, text: str, what: str) -> None:
    (tmp_path / "manifest.json").write_text(text, errors="surrogateescape")
    with pytest.raises(GraphError, match=what):
        migkg.open(tmp_path)


def test_a_broken_store(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "kg")
    store = tmp_path / "kg" / json.loads((folder / "manifest.json").read_text())["store"]
    (store / "CURRENT").write_text("nonsense")
    with pytest.raises(GraphError, match="this graph cannot be opened"):
        migkg.open(tmp_path / "kg")


def test_a_build_that_ends_meanwhile_does_no_harm(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The manifest was read, then a build put another store in place of the one that it names."""
    shutil.copytree(folder, tmp_path / "kg")
    former = read_manifest(tmp_path / "kg")
    other = next(name for name in STORES if name != former["store"])
    real = EmbeddedStore.open

    def replaced(place: Path, *, read_only: bool = False) -> EmbeddedStore:
        if not (tmp_path / "kg" / other).exists():
            (tmp_path / "kg" / former["store"]).rename(tmp_path / "kg" / other)
            (tmp_path / "kg" / "manifest.json").write_text(json.dumps(former | {"store": other}))
        return real(place, read_only=read_only)

    monkeypatch.setattr(kg.EmbeddedStore, "open", replaced)
    with migkg.open(tmp_path / "kg") as opened:
        assert opened.manifest["store"] == other
        assert len(opened.query("people")) > 0


def test_an_open_graph_outlives_the_next_build(folder: Path, tmp_path: Path) -> None:
    """RocksDB opens files as it needs them; one that is gone by then makes it take memory without end."""
    shutil.copytree(folder, tmp_path / "kg")
    source = tmp_path / "talks.txt"
    source.write_text("Bandung – UNODC and the ILO held a workshop on fair recruitment on 3 May 2021.")
    with migkg.open(tmp_path / "kg") as opened:
        build([str(source)], tmp_path / "kg", check=False)
        assert len(opened.query("people")) > 0
