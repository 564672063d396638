"""A release loads elsewhere as it is, with the same numbers of triples: rdflib, Jena's riot, Fuseki, Virtuoso."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from rdflib import Dataset, Graph
from requests.auth import HTTPDigestAuth

from graphs import DISCUSSION, released
from servers import SparqlServer, fuseki_jar


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release; `MIGKG_RELEASE` names another one, to try a large one by hand."""
    if named := os.environ.get("MIGKG_RELEASE"):
        return Path(named)
    return released(tmp_path_factory, *DISCUSSION)


@pytest.fixture(scope="module")
def counts(pack: Path) -> dict[str, int]:
    """What the release says of itself: triples of the graph; and the statements of N-Quads, one a line."""
    text = (pack / "void.ttl").read_text(encoding="utf-8")
    (triples,) = re.findall(r"a void:Dataset , dcat:Dataset ;(?:.|\n)*?void:triples (\d+) ;", text) or re.findall(
        r"a dcat:Dataset , void:Dataset ;(?:.|\n)*?void:triples (\d+) ;", text
    )
    return {"triples": int(triples), "quads": len((pack / "data" / "graph.nq").read_bytes().splitlines())}


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib.*")  # rdflib's readers use what it deprecates
def test_rdflib(pack: Path, counts: dict[str, int]) -> None:
    assert len(Graph().parse(pack / "data" / "graph.ttl")) == counts["triples"]
    assert len(Graph().parse(pack / "data" / "graph.jsonld")) == counts["triples"]
    dataset = Dataset()
    dataset.parse(data=(pack / "data" / "graph.trig").read_bytes(), format="trig")
    assert len(list(dataset.quads())) == counts["quads"]
    for file in sorted(pack.glob("*.ttl")) + sorted((pack / "data").rglob("*.ttl")):
        assert len(Graph().parse(file)), file


def test_riot(pack: Path, counts: dict[str, int], tmp_path: Path) -> None:
    """Jena reads every file without a warning, and counts the same."""
    jar = fuseki_jar()
    if shutil.which("java") is None or jar is None:
        pytest.skip("no Java or no jar of Jena: see README, or run .ci/run")
    files = [path.relative_to(pack).as_posix() for path in sorted(pack.rglob("*")) if path.suffix in
             (".ttl", ".trig", ".nq", ".jsonld", ".nt")]  # fmt: skip
    data = {f"data/graph.{form}" for form in ("ttl", "trig", "nq", "jsonld")}
    assert data < set(files)
    java = ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", str(jar), "riotcmd.riot"]
    done = subprocess.run(
        [*java, "--strict", "--check", "--count", *files], cwd=pack, capture_output=True, text=True, check=False,
        env={**os.environ, "SIS_DATA": str(tmp_path)},
    )  # fmt: skip
    output = done.stdout + done.stderr
    assert done.returncode == 0, output
    assert not re.search(r"\b(WARN|ERROR)\b", output), output
    found = {name.strip(): int(number.replace(",", "")) for name, number in
             re.findall(r"^(\S+)\s*: (?:Triples|Quads) += ([\d,]+)", output, re.MULTILINE)}  # fmt: skip
    assert found.keys() >= data
    assert found["data/graph.ttl"] == found["data/graph.jsonld"] == counts["triples"]
    assert found["data/graph.trig"] == found["data/graph.nq"] == counts["quads"]


def number(server: SparqlServer, pattern: str) -> int:
    answer = requests.get(
        server.endpoint, params={"query": f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}"},
        headers={"Accept": "application/sparql-results+json"}, timeout=60,
    )  # fmt: skip
    answer.raise_for_status()
    return int(answer.json()["results"]["bindings"][0]["n"]["value"])


@pytest.fixture
def jena(fuseki_server: SparqlServer) -> Iterator[SparqlServer]:
    fuseki_server.clear()
    yield fuseki_server
    fuseki_server.clear()  # other tests use it too


@pytest.fixture
def openlink(virtuoso_server: SparqlServer) -> Iterator[SparqlServer]:
    yield virtuoso_server
    virtuoso_server.clear()


def test_fuseki(pack: Path, counts: dict[str, int], jena: SparqlServer) -> None:
    """By the address that the README of the release gives."""
    for file, media in (("graph.nq", "application/n-quads"), ("graph.ttl", "text/turtle")):
        assert f"{jena.endpoint.rpartition('/')[2]}/data" in (pack / "README.md").read_text(encoding="utf-8")
        target = f"{jena.endpoint}/data" + ("?default" if file.endswith("ttl") else "")
        data = (pack / "data" / file).read_bytes()
        requests.post(target, data=data, headers={"Content-Type": media}, timeout=120).raise_for_status()
    assert number(jena, "GRAPH ?g { ?s ?p ?o }") == counts["quads"]
    assert number(jena, "?s ?p ?o") == counts["triples"]


def test_virtuoso(pack: Path, counts: dict[str, int], openlink: SparqlServer) -> None:
    """By the address that the README of the release gives."""
    readme = (pack / "README.md").read_text(encoding="utf-8")
    (path, graph) = re.findall(r"localhost:8890(/\S+?graph-uri=)(\S+?)\"", readme)[0]
    answer = requests.put(
        openlink.endpoint.removesuffix("/sparql") + path + graph, data=(pack / "data" / "graph.ttl").read_bytes(),
        headers={"Content-Type": "text/turtle"}, auth=HTTPDigestAuth("dba", "dba"), timeout=120,
    )  # fmt: skip
    answer.raise_for_status()
    assert number(openlink, f"GRAPH <{graph}> {{ ?s ?p ?o }}") == counts["triples"]
