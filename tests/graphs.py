"""Graphs and releases for reading only: each is made once for all tests of a run, in the process that first asks."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest

import migkg
from migkg.build import build
from migkg.folder import make_empty
from migkg.kg import KnowledgeGraph
from migkg.portal import PARTS, Release, make_release, write_release
from migkg.rdf import ONTOLOGY_GRAPH, REFERENCE_GRAPH, SCHEMES_GRAPH, background, graph_iri
from migkg.store import EmbeddedStore

ARTICLES = Path(__file__).parents[1] / "data" / "articles"


@contextmanager
def fixture_graph() -> Iterator[EmbeddedStore]:
    """The graph of `fixtures/graph.trig` with ontology, schemes and reference data."""
    with EmbeddedStore() as made:
        made.bulk_load(Path(__file__).parent / "fixtures" / "graph.trig")
        for data in background():
            made.bulk_load(data)
        yield made


def shared(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that the first who asks makes, for reading only; the processes of pytest-xdist share it."""
    top = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        top = top.parent
    folder, made = top / name, top / f"{name}.made"
    with (top / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            make(folder)
            made.touch()
    return folder


def bundled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph folder with all bundled articles."""
    return shared(tmp_path_factory, "bundled-graph", lambda folder: build((), folder))


def small(tmp_path_factory: pytest.TempPathFactory, *articles: str) -> Path:
    """A graph folder with some of the bundled articles, and of the reference data what these lead to."""

    def make(folder: Path) -> None:
        make_empty(folder)
        with KnowledgeGraph(bundled(tmp_path_factory)) as kg:
            about: dict[str, list[ox.Triple]] = defaultdict(list)
            for quad in kg.store.quads(REFERENCE_GRAPH):
                about[quad.subject.value].append(quad.triple)
            graphs = {name: [quad.triple for quad in kg.store.quads(name)] for name in map(graph_iri, articles)}
            graphs |= {name: [quad.triple for quad in kg.store.quads(name)] for name in (ONTOLOGY_GRAPH, SCHEMES_GRAPH)}
            waiting = [str(triple.object)[1:-1] for triples in graphs.values() for triple in triples]
            kept: dict[str, list[ox.Triple]] = {}
            while waiting:
                iri = waiting.pop()
                if iri in about and iri not in kept:
                    kept[iri] = about[iri]
                    waiting += [str(triple.object)[1:-1] for triple in about[iri]]
            graphs[REFERENCE_GRAPH] = [triple for triples in kept.values() for triple in triples]
            told = dict(kg.manifest)
        entries = [entry for entry in told["articles"] if entry["id"] in articles]
        file = folder / "manifest.json"
        more = {"articles": entries, "facts": told["facts"], "checked": told["checked"]}
        manifest = json.loads(file.read_text(encoding="utf-8")) | more
        file.write_text(json.dumps(manifest), encoding="utf-8")
        with EmbeddedStore.open(folder / manifest["store"]) as store:
            for name, triples in graphs.items():
                store.put_graph(name, triples)

    return shared(tmp_path_factory, "small-" + hashlib.sha256(" ".join(articles).encode()).hexdigest()[:8], make)


PUBLISHER = {"publisher": "Example Institute", "email": "data@example.org", "homepage": "https://example.org/"}
NO_PAGES = {name: part for name, part in PARTS.items() if name not in ("site", "docs")}


def released(tmp_path_factory: pytest.TempPathFactory, *articles: str) -> Path:
    """A release without pages and unchecked, for reading only, of all bundled articles or of these."""
    graph = small(tmp_path_factory, *articles) if articles else bundled(tmp_path_factory)

    def make(out: Path) -> None:
        with migkg.open(graph) as kg:
            release = make_release(kg, **PUBLISHER, endpoint="https://example.org/sparql")
            write_release(release, out, parts=NO_PAGES, check=False)

    return shared(tmp_path_factory, f"{graph.name}-release", make)


DISCUSSION = ("2024-06-12-public-discussion-jakarta-en", "2024-06-12-public-discussion-jakarta-id")
"""One press release in both languages."""
SITE = "https://example.org/deep/kg/"
SITE_PARTS = {"data": PARTS["data"], "site": PARTS["site"]}


def site_release(kg: KnowledgeGraph) -> Release:
    """The settings of a static site of a graph."""
    return make_release(kg, **PUBLISHER, date="2026-11-30", site=SITE)


def sited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The static site of that press release, for reading only."""

    def make(out: Path) -> None:
        with KnowledgeGraph(small(tmp_path_factory, *DISCUSSION)) as kg:
            write_release(site_release(kg), out, parts=SITE_PARTS, check=False)

    return shared(tmp_path_factory, "site", make)


def article(folder: Path, name: str, text: str, **front: str) -> Path:
    """Write a Markdown article."""
    file = folder / f"{name}.md"
    pairs = "".join(f"{key}: {value}\n" for key, value in front.items())
    file.write_text(f"---\n{pairs}---\n{text}\n" if front else text, encoding="utf-8")
    return file
