"""Exports: the same bytes for the same data, nothing lost, whole files or none."""

from __future__ import annotations

import csv
import io
import os
import random
import warnings
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from migkg.errors import UnknownName, WriteError
from migkg.export import EXPORTS, export, to_bytes
from migkg.ontology import ID, PREFIXES
from migkg.store import EmbeddedStore

FIXTURES = Path(__file__).parent.parent / "fixtures"
RDF = [name for name in EXPORTS if name != "csv"]
FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
RDFLIB = {"ttl": "turtle", "trig": "trig", "nt": "nt", "nq": "nquads", "jsonld": "json-ld", "rdfxml": "xml"}
_S = ox.NamedNode("https://example.org/s")
_XSD = PREFIXES["xsd"]


@pytest.fixture(scope="module")
def store() -> Iterator[EmbeddedStore]:
    with EmbeddedStore() as made:
        made.bulk_load(FIXTURES / "graph.trig")
        yield made


def odd_literals() -> list[ox.Literal]:
    """Literals that a writer may get wrong."""
    return [
        ox.Literal("quote \" apostrophe ' backslash \\ <tag> &amp; {brace}"),
        ox.Literal("two\nlines .\n<https://example.org/x> a <y> ."),
        ox.Literal("carriage\rreturn\r\nand\ttab\t"),
        ox.Literal("nbsp\u00a0 line separator\u2028 \U0001f30f “curly” – dash"),
        ox.Literal(""),
        ox.Literal("  spaces  "),
        ox.Literal("ya", language="id"),
        ox.Literal("en-GB text", language="en-gb"),
        ox.Literal("https://example.org/not-an-iri"),
        ox.Literal("https://example.org/", datatype=ox.NamedNode(_XSD + "anyURI")),
        ox.Literal("12", datatype=ox.NamedNode(_XSD + "nonNegativeInteger")),
        ox.Literal(12),
        ox.Literal(-3),
        ox.Literal("2500000.50", datatype=ox.NamedNode(_XSD + "decimal")),
        ox.Literal("2024", datatype=ox.NamedNode(_XSD + "gYear")),
        ox.Literal("2024-06", datatype=ox.NamedNode(_XSD + "gYearMonth")),
        ox.Literal("2024-06-12", datatype=ox.NamedNode(_XSD + "date")),
        ox.Literal("true", datatype=ox.NamedNode(_XSD + "boolean")),
    ]


def odd_quads() -> list[ox.Quad]:
    """Each odd literal under properties for which the JSON-LD context expects this or that; IRIs in all places."""
    graph = ox.NamedNode(ID + "graph/odd")
    names = ["mig:start", "mig:title", "mig:acronym", "mig:event", "mig:inPerson", "skos:prefLabel", "rdfs:label"]
    properties = [PREFIXES[p] + n for p, _, n in (name.partition(":") for name in names)] + ["https://example.org/p"]
    objects: list[ox.Literal | ox.NamedNode] = [
        *odd_literals(),
        ox.NamedNode("https://example.org/o?a=1&b=%20#x"),
        ox.NamedNode(ID + "place/id"),
        ox.NamedNode("urn:x:y"),
    ]
    return [
        *(ox.Quad(_S, ox.NamedNode(p), value, graph) for p in properties for value in objects),
        ox.Quad(_S, ox.NamedNode(PREFIXES["rdf"] + "type"), ox.NamedNode("https://example.org/Class"), graph),
        ox.Quad(_S, ox.NamedNode(PREFIXES["rdf"] + "type"), ox.NamedNode(PREFIXES["mig"] + "Fact"), graph),
    ]


@pytest.fixture(scope="module")
def odd() -> Iterator[EmbeddedStore]:
    with EmbeddedStore() as made:
        made.put_graph(ID + "graph/odd", odd_quads())
        made.put_graph(ID + "graph/more", [ox.Triple(_S, ox.NamedNode("https://example.org/p"), ox.Literal("more"))])
        yield made


def expected(store: EmbeddedStore, name: str) -> set[ox.Quad]:
    if EXPORTS[name].quads:
        return {quad for graph in store.graph_names() for quad in store.quads(graph)}
    return set(store.quads())


# --- same data, same bytes ---


@pytest.mark.parametrize("name", EXPORTS)
def test_bytes_do_not_depend_on_the_order_of_insertion(store: EmbeddedStore, name: str) -> None:
    quads = [quad for graph in store.graph_names() for quad in store.quads(graph)]
    first = to_bytes(store, name)
    for seed in range(3):
        chance = random.Random(seed)  # noqa: S311 - a shuffle, no secret
        chance.shuffle(quads)
        with EmbeddedStore() as other:
            graphs = list(store.graph_names())
            chance.shuffle(graphs)
            for graph in graphs:
                other.put_graph(graph, [quad for quad in quads if str(quad.graph_name) == f"<{graph}>"])
            assert to_bytes(other, name) == first


@pytest.mark.parametrize("name", RDF)
def test_a_folder_store_gives_the_same_bytes(store: EmbeddedStore, tmp_path: Path, name: str) -> None:
    with EmbeddedStore.open(tmp_path / "kg") as other:
        other.bulk_load(to_bytes(store, "nq"))
        assert to_bytes(other, name) == to_bytes(store, name)


@pytest.mark.parametrize("name", EXPORTS)
def test_fixture_is_written_as_recorded(store: EmbeddedStore, golden: object, name: str) -> None:
    made = to_bytes(store, name, graphs=[ID + "graph/c-programme"])
    golden.check(f"export/c-programme{EXPORTS[name].suffix}", made)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["ttl", "trig", "nt", "nq"])
def test_a_new_graph_only_adds_lines(store: EmbeddedStore, name: str) -> None:
    with EmbeddedStore() as other:
        for graph in store.graph_names():
            if not graph.endswith("c-programme"):
                other.put_graph(graph, store.quads(graph))
        few, many = to_bytes(other, "nt").splitlines(), to_bytes(store, "nt").splitlines()
        assert set(few) < set(many)
        kept = [line for line in many if line in set(few)]
        assert kept == few


# --- nothing lost ---


@pytest.mark.parametrize("name", RDF)
def test_pyoxigraph_reads_the_same_graph(store: EmbeddedStore, odd: EmbeddedStore, name: str) -> None:
    for held in (store, odd):
        assert set(ox.parse(to_bytes(held, name), FORMATS[name])) == expected(held, name)


@pytest.mark.parametrize("name", RDF)
def test_rdflib_reads_the_same_graph(store: EmbeddedStore, odd: EmbeddedStore, name: str) -> None:
    import rdflib

    def known(data: bytes, form: str) -> set[tuple[str, ...]]:
        graph = rdflib.Dataset()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of ill-typed and deprecated things that are not ours
            graph.parse(io.BytesIO(data), format=form)
        found = set()
        for s, p, o, g in graph.quads():
            # rdflib keeps "x" and "x"^^xsd:string apart, and may respell numbers.
            plain = isinstance(o, rdflib.Literal) and o.datatype == rdflib.XSD.string
            name = str(g) if g is not None and "graph/" in str(g) else ""
            found.add((s.n3(), p.n3(), rdflib.Literal(str(o)).n3() if plain else o.n3(), name))
        return found

    for held in (store, odd):
        lines = to_bytes(held, "nq" if EXPORTS[name].quads else "nt")
        assert known(to_bytes(held, name), RDFLIB[name]) == known(lines, "nquads" if EXPORTS[name].quads else "nt")


@pytest.mark.parametrize("name", RDF)
def test_an_empty_graph_is_written(name: str) -> None:
    with EmbeddedStore() as empty:
        assert list(ox.parse(to_bytes(empty, name), FORMATS[name])) == []


def test_triple_formats_hold_the_union_once(store: EmbeddedStore) -> None:
    assert len(to_bytes(store, "nt").splitlines()) == store.count()


def test_some_graphs_only(store: EmbeddedStore) -> None:
    a, b = ID + "graph/a-consultation", ID + "graph/b-konsultasi"
    assert set(ox.parse(to_bytes(store, "nq", graphs=[a]), FORMATS["nq"])) == set(store.quads(a))
    triples = {quad.triple for graph in (a, b) for quad in store.quads(graph)}
    assert len(to_bytes(store, "nt", graphs=[b, a]).splitlines()) == len(triples)
    with pytest.raises(UnknownName, match="graph"):
        to_bytes(store, "nq", graphs=[ID + "graph/none"])


def test_turtle_is_made_for_readers(store: EmbeddedStore) -> None:
    text = to_bytes(store, "ttl").decode()
    assert "\t" not in text
    assert "_:" not in text
    block = next(part for part in text.split("\n\n") if part.startswith(f"<{ID}fact/funding-1>"))
    assert block.splitlines()[0].endswith(" a mig:Fact , mig:Funding ;")
    assert [line.split()[0] for line in block.splitlines()[1:4]] == ["rdfs:label", "mig:amount", "mig:currency"]
    prefixes = [line for line in text.splitlines() if line.startswith("@prefix")]
    assert prefixes == sorted(prefixes)
    assert len(prefixes) == len(PREFIXES)


def test_jsonld_uses_the_short_names(store: EmbeddedStore) -> None:
    import json

    nodes = {node["id"]: node for node in json.loads(to_bytes(store, "jsonld"))["@graph"]}
    fact = nodes[ID + "fact/hosting-1"]
    assert fact["type"] == ["Fact", "Hosting"]
    assert fact["organizer"] == ID + "organization/iom"
    assert len(fact["evidence"]) == 2
    assert nodes[ID + "organization/iom"]["prefLabel"]["id"] == "Organisasi Internasional untuk Migrasi"


# --- CSV ---


def test_csv_has_a_row_for_each_fact_and_evidence(store: EmbeddedStore) -> None:
    rows = list(csv.DictReader(io.StringIO(to_bytes(store, "csv").decode())))
    hosting = [row for row in rows if row["fact"] == "fact/hosting-1"]
    assert [row["article"] for row in hosting] == [
        "Consultation on safe migration opens in Semarang",
        "Konsultasi migrasi aman dibuka di Semarang",
    ]
    assert hosting[0]["organizer"] == "International Organization for Migration"
    assert hosting[0]["words"] in hosting[0]["sentence"]
    funding = next(row for row in rows if row["kind"] == "Funding")
    assert (funding["amount"], funding["currency"], funding["start"]) == ("2500000", "USD", "2024")


def test_csv_never_starts_a_formula() -> None:
    fact = ox.NamedNode(ID + "fact/1")
    with EmbeddedStore() as store:
        store.put_graph(
            ID + "graph/x",
            [
                ox.Triple(fact, ox.NamedNode(PREFIXES["rdf"] + "type"), ox.NamedNode(PREFIXES["mig"] + "Statement")),
                ox.Triple(fact, ox.NamedNode(PREFIXES["mig"] + "quotation"), ox.Literal('=HYPERLINK("https://x")')),
            ],
        )
        assert '"\'=HYPERLINK(""https://x"")"' in to_bytes(store, "csv").decode()


# --- files ---


def test_a_file_is_written_whole_and_nothing_beside_it(store: EmbeddedStore, tmp_path: Path) -> None:
    target = tmp_path / "graph.ttl"
    export(store, "ttl", target)
    export(store, "ttl", target)
    assert target.read_bytes() == to_bytes(store, "ttl")
    assert list(tmp_path.iterdir()) == [target]
    umask = os.umask(0)
    os.umask(umask)
    assert target.stat().st_mode & 0o777 == 0o666 & ~umask
    stream = io.BytesIO()
    export(store, "ttl", stream)
    assert stream.getvalue() == target.read_bytes()


def test_a_failed_write_leaves_the_former_file(
    store: EmbeddedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "graph.ttl"
    target.write_text("former")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError, match="No space left on device"):
        export(store, "ttl", target)
    assert target.read_text() == "former"
    assert list(tmp_path.iterdir()) == [target]


def test_a_target_that_cannot_be_written(store: EmbeddedStore, tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="none"):
        export(store, "ttl", tmp_path / "none" / "graph.ttl")
    (tmp_path / "folder").mkdir()
    with pytest.raises(WriteError, match="folder"):
        export(store, "ttl", tmp_path / "folder")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
    with pytest.raises(UnknownName, match='Did you mean "ttl"'):
        export(store, "tttl", tmp_path / "x")


@pytest.mark.parametrize(
    ("predicate", "value", "message"),
    [
        ("https://example.org/1", ox.Literal("x"), "property"),
        ("https://example.org/p", ox.Literal("a\x0bb"), r"character U\+000B"),
    ],
)
def test_what_rdfxml_cannot_hold_is_refused(predicate: str, value: ox.Literal, message: str) -> None:
    with EmbeddedStore() as store:
        store.put_graph(ID + "graph/x", [ox.Triple(_S, ox.NamedNode(predicate), value)])
        with pytest.raises(WriteError, match=message):
            to_bytes(store, "rdfxml")
        assert set(ox.parse(to_bytes(store, "ttl"), FORMATS["ttl"])) == expected(store, "ttl")
        assert set(ox.parse(to_bytes(store, "jsonld"), FORMATS["jsonld"])) == expected(store, "jsonld")
