"""The W3C's tests of the SPARQL 1.1 Protocol, service description and result formats, against a running service."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.collection import Collection

from migkg.folder import make_empty, read_manifest
from services import TOKEN, RunningService, service

SUITE = Path(__file__).parents[3] / "shared" / "standards" / "w3c-sparql11"
HERE = "https://suite.example/"
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")

pytestmark = pytest.mark.skipif(not SUITE.is_dir(), reason="the W3C's tests are not here: ../shared is missing")

_BY_VALUE = "the engine keeps numbers by value: 1.0E6 comes back as 1000000, a negativeInteger as an integer"
_USING = "graphs of an update are named in its text (USING); by the address the service refuses them with 400"
SKIPPED = {
    "update_dataset_default_graph": _USING,
    "update_dataset_default_graphs": _USING,
    "update_dataset_named_graphs": _USING,
    "update_dataset_full": _USING,
    "csv03": _BY_VALUE,
    "tsv03": _BY_VALUE,
}


def manifest(folder: str) -> rdflib.Graph:
    return rdflib.Graph().parse(SUITE / folder / "manifest.ttl", publicID=f"{HERE}{folder}/")


def entries(folder: str) -> list[str]:
    if not SUITE.is_dir():
        return []
    graph = manifest(folder)
    top = graph.value(predicate=rdflib.RDF.type, object=MF.Manifest)
    found = graph.value(top, MF.entries)
    assert top is not None and found is not None
    return [str(entry) for entry in Collection(graph, found)]


def short(entry: str) -> str:
    return entry.rpartition("#")[2]


@pytest.fixture(scope="module")
def reads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A service over the data of all tests, each file a named graph (they hold blank nodes, so not by our own door)."""
    folder = tmp_path_factory.mktemp("w3c") / "kg"
    make_empty(folder)
    store = ox.Store(folder / read_manifest(folder)["store"])
    for number in (1, 2, 3):
        name = ox.NamedNode(f"http://kasei.us/2009/09/sparql/data/data{number}.rdf")
        store.load(path=SUITE / "protocol" / f"data{number}.nt", to_graph=name)
    for file in (*SUITE.glob("csv-tsv-res/*.ttl"), *SUITE.glob("json-res/*.ttl")):
        if file.name != "manifest.ttl":
            store.load(path=file, to_graph=ox.NamedNode(f"{HERE}{file.parent.name}/{file.name}"))
    store.flush()
    del store
    with service(folder) as running:
        yield running


@pytest.fixture(scope="module")
def writes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    with service(tmp_path_factory.mktemp("w3c-update") / "kg", token=TOKEN) as running:
        yield running


# --- protocol ---

ACCEPTABLE = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {"application/sparql-results+json", "application/sparql-results+xml", "text/csv"},
    "RDF": {"text/turtle", "application/rdf+xml", "application/n-triples"},
}


@pytest.mark.parametrize("entry", entries("protocol"), ids=short)
def test_protocol(entry: str, reads: RunningService, writes: RunningService) -> None:
    if short(entry) in SKIPPED:
        pytest.skip(SKIPPED[short(entry)])
    graph = manifest("protocol")
    action = graph.value(rdflib.URIRef(entry), MF.action)
    requests = graph.value(action, HT.requests)
    assert requests is not None
    running = writes if "update" in entry else reads
    for request in Collection(graph, requests):
        check(graph, request, running)


def check(graph: rdflib.Graph, request: Any, running: RunningService) -> None:
    """Send a request as the manifest has it, and compare the response."""
    path = str(graph.value(request, HT.absolutePath)).removeprefix("/")
    headers = {"Authorization": f"Bearer {TOKEN}"}
    told = graph.value(request, HT.headers)
    for header in Collection(graph, told) if told is not None else ():
        headers[str(graph.value(header, HT.fieldName))] = str(graph.value(header, HT.fieldValue))
    body = graph.value(request, HT.body)
    data = None
    if body is not None:
        encoding = str(graph.value(body, CNT.characterEncoding))
        data = str(graph.value(body, CNT.chars)).encode(encoding)
    method = str(graph.value(request, HT.methodName))
    answer = running.http.request(method, running.address + path, body=data, headers=headers, redirect=False)
    expected = graph.value(request, HT.resp)
    classes = {str(status)[-3] for status in graph.objects(expected, MF.expectedStatus)}
    assert str(answer.status)[0] in classes, answer.data.decode()
    media = answer.headers.get("Content-Type", "").partition(";")[0]
    form = graph.value(expected, MF.expectedFormat)
    if form is not None:
        assert media in ACCEPTABLE[str(form)]
    boolean = graph.value(expected, MF.expectedBoolean)
    if boolean is not None:
        assert json.loads(answer.data)["boolean"] is bool(boolean.toPython())  # type: ignore[attr-defined]


def test_all_of_the_protocol_is_there() -> None:
    assert len(entries("protocol")) == 34
    assert set(SKIPPED) <= {short(entry) for folder in ("protocol", "csv-tsv-res") for entry in entries(folder)}


# --- service description ---


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # of rdflib's JSON-LD reader
@pytest.mark.parametrize(
    "media", ["text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json"]
)
def test_service_description(media: str, reads: RunningService) -> None:
    answer = reads.get("sparql", media)
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith(media)
    graph = rdflib.Graph().parse(data=answer.data, format="json-ld" if "ld+json" in media else media)
    endpoint = rdflib.URIRef(reads.endpoint)
    service_ = graph.value(predicate=SD.endpoint, object=endpoint)
    assert (service_, rdflib.RDF.type, SD.Service) in graph
    # The standard's schema: what each property leads from and to.
    assert set(graph.subjects(SD.endpoint)) == {service_}
    assert (service_, SD.supportedLanguage, SD.SPARQL11Query) in graph
    assert (service_, SD.supportedLanguage, SD.SPARQL11Update) not in graph
    assert (service_, SD.feature, SD.BasicFederatedQuery) not in graph
    (dataset,) = graph.objects(service_, SD.defaultDataset)
    assert (dataset, rdflib.RDF.type, SD.Dataset) in graph
    (default,) = graph.objects(dataset, SD.defaultGraph)
    assert (default, rdflib.RDF.type, SD.Graph) in graph
    assert len(set(graph.objects(service_, SD.resultFormat))) == 8


# --- result formats ---


def data_of(graph: rdflib.Graph, entry: str) -> tuple[str, str, Path]:
    action = graph.value(rdflib.URIRef(entry), MF.action)
    query = str(graph.value(action, QT.query)).removeprefix(HERE)
    expected = str(graph.value(rdflib.URIRef(entry), MF.result)).removeprefix(HERE)
    return (SUITE / query).read_text(), str(graph.value(action, QT.data)), SUITE / expected


def without_names(rows: list[list[str]]) -> list[list[str]]:
    return sorted(["_:" if cell.startswith("_:") else cell for cell in row] for row in rows)


@pytest.mark.parametrize("entry", entries("csv-tsv-res"), ids=short)
def test_csv_and_tsv(entry: str, reads: RunningService) -> None:
    if short(entry) in SKIPPED:
        pytest.skip(SKIPPED[short(entry)])
    query, graph, expected = data_of(manifest("csv-tsv-res"), entry)
    form = expected.suffix[1:]
    media = {"csv": "text/csv", "tsv": "text/tab-separated-values"}[form]
    answer = reads.query(query, media, **{"default-graph-uri": graph})
    assert answer.headers["Content-Type"].startswith(media)

    def rows(text: str) -> list[list[str]]:
        if form == "csv":
            return list(csv.reader(io.StringIO(text, newline="")))
        return [line.split("\t") for line in text.splitlines()]

    made, wanted = rows(answer.data.decode()), rows(expected.read_text())
    assert made[0] == wanted[0]
    assert without_names(made[1:]) == without_names(wanted[1:])


@pytest.mark.parametrize("entry", entries("json-res"), ids=short)
def test_json(entry: str, reads: RunningService) -> None:
    query, graph, expected = data_of(manifest("json-res"), entry)
    made = json.loads(reads.query(query, "application/json", **{"default-graph-uri": graph}).data)
    wanted = json.loads(expected.read_text())
    if "boolean" in wanted:
        assert made == {"head": {}, "boolean": wanted["boolean"]}
        return
    assert made["head"]["vars"] == wanted["head"]["vars"]

    def rows(result: Any) -> list[str]:
        for row in result["results"]["bindings"]:
            for cell in row.values():
                if cell["type"] == "bnode":
                    cell["value"] = ""
        return sorted(json.dumps(row, sort_keys=True) for row in result["results"]["bindings"])

    assert rows(made) == rows(wanted)
