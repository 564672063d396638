"""Every named question: through migkg, beside the bare engine and beside rdflib in memory, on the same graph in one run.

    python tests/bench/queries.py [ARTICLES | GRAPH] [QUESTION ...] [--no-rdflib] [--no-labels]

GRAPH is the folder of a graph that is there already, as one of 10,000 articles; loading is then left out.

Ratios tell; absolute figures are those of the machine: the best of several rounds, in turn, as other work only ever
adds. "bare" is pyoxigraph on the text of the question's file with its terms bound, with the usual prefixes, its rows
turned into a list. "migkg" is the same answer as a table of terms (`iris=True`), "labels" that with a label for each
thing, and its ratio is to the bare engine with one look-up of `skos:prefLabel` for each thing. rdflib, with the graph in
memory, gets a minute and one try; how many times the one of migkg its time is, is told for migkg's graph on disk and for
the same graph in memory too.
"""

from __future__ import annotations

import gc
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import corpus
import pyoxigraph as ox

import migkg
from migkg import queries
from migkg.build import build
from migkg.ontology import PREFIXES
from migkg.sparql import prepare
from migkg.store import EmbeddedStore

PATIENCE = 60  # seconds for one question to rdflib
FEWEST, ROUNDS = 3, 15
ENOUGH = 8  # seconds for the rounds of one question; one more begins before they are over
LEAST = 2  # seconds that they take at least: fifteen of a millisecond would all fall into one busy moment
LABEL = ox.NamedNode(PREFIXES["skos"] + "prefLabel")


def once(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def side_by_side(*works: Callable[[], Any]) -> list[float]:
    """Least seconds of each, in turn."""
    times: list[list[float]] = [[] for _ in works]
    total = 0.0
    while (len(times[0]) < ROUNDS or total < LEAST) and (total < ENOUGH or len(times[0]) < FEWEST):
        for spent, work in zip(times, works, strict=True):
            spent.append(once(work))
            total += spent[-1]
    return [min(spent) for spent in times]


def example(engine: ox.Store, asked: queries.Question) -> dict[str, str]:
    """What the question must be given, out of this graph."""
    needed = {p.name: p.example for p in asked.parameters.values() if p.default is None and not p.optional}
    if "fact" in needed:
        first = engine.query("SELECT ?fact { ?fact mig:evidence ?span } ORDER BY ?fact LIMIT 1", prefixes=dict(PREFIXES))
        needed["fact"] = next(iter(first))["fact"].value
    return needed


def prepared(store: EmbeddedStore, asked: queries.Question, params: dict[str, str]) -> str:
    """The question's file with its terms bound."""
    sent: list[str] = []

    class Listener:
        def query(self, sparql: str, bindings: Any = None, *, where: str = "query") -> Any:
            if sparql == asked.sparql:
                sent.append(prepare(Path(where).read_text(encoding="utf-8"), bindings or {}, where=where).text)
            return store.query(sparql, bindings, where=where)

        def holds(self, node: Any) -> bool:
            return store.holds(node)

    queries.run(Listener(), asked, params, iris=True)  # type: ignore[arg-type]
    return sent[0]


def too_long(*_: object) -> None:
    raise TimeoutError


def slow(graph: Any, text: str) -> tuple[float, int] | str:
    """Seconds and rows of rdflib, or why there are none."""
    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(PATIENCE)
    try:
        start = time.perf_counter()
        rows = len(list(graph.query(text, initNs=PREFIXES)))
        return time.perf_counter() - start, rows
    except TimeoutError:
        return f">{PATIENCE * 1000}"
    except TypeError:  # its MIN fails where some rows have no value
        return "fails"
    finally:
        signal.alarm(0)


def loads(folder: Path, kg: Any) -> None:
    """Loading through migkg beside the bare engine, the same statements into a store on disk."""
    lines, both = folder / "all.nq", folder / "both.nq"
    kg.export("nq", lines)
    data = lines.read_bytes()
    default = b"\n".join(sorted({line[: line.rindex(b"<")] + b"." for line in data.splitlines()}))
    both.write_bytes(data + default + b"\n")

    def bare(source: Path) -> None:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            store = ox.Store(place)
            store.bulk_load(path=source, format=ox.RdfFormat.N_QUADS)
            store.flush()

    def ours(source: Path, way: str) -> None:
        with tempfile.TemporaryDirectory(dir=folder) as place, EmbeddedStore.open(Path(place) / "s") as store:
            getattr(store, way)(source)

    raw, written, checked = side_by_side(
        lambda: bare(both), lambda: ours(lines, "load_written"), lambda: ours(lines, "bulk_load")
    )
    statements = len(both.read_bytes().splitlines())
    print(f"load of {statements:,} statements: bare bulk load {raw * 1000:.0f} ms; a build's load {written / raw:.2f} times that,")
    print(f"  a load of foreign RDF, each triple looked at, {checked / raw:.2f} times")


def main() -> None:
    given = [word for word in sys.argv[1:] if not word.startswith("--")]
    peer, labels = "--no-rdflib" not in sys.argv, "--no-labels" not in sys.argv
    names = given[1:] or list(queries.questions())
    if given and Path(given[0]).is_dir():
        with migkg.open(given[0]) as kg:
            report(kg, len(kg.manifest["articles"]), names, peer=peer, labels=labels)
        return
    count = int(given[0]) if given else 200
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        corpus.write(folder / "articles", count, varied=True)
        build([str(folder / "articles")], folder / "kg", check=False, jobs=os.cpu_count() or 1)
        with migkg.open(folder / "kg") as kg:
            report(kg, count, names, peer=peer, labels=labels)
            loads(folder, kg)


def report(kg: Any, count: int, names: list[str], *, peer: bool, labels: bool) -> None:
    engine = kg.store._engine
    graph, memory = None, EmbeddedStore()
    if peer:
        import rdflib

        graph = rdflib.Dataset(default_union=True)
        with tempfile.TemporaryDirectory() as place:
            kg.export("nq", Path(place) / "peer.nq")
            graph.parse(Path(place) / "peer.nq", format="nquads")
            memory.bulk_load(Path(place) / "peer.nq")
    gc.collect()
    gc.freeze()
    print(f"{count:,} articles, {kg.store.count():,} triples; ms, and how many times the one of the bare engine")
    heads = [("question", -24), ("rows", 6), ("bare", 9), ("migkg", 9), ("x", 6)]
    heads += [("labels", 9), ("x", 6)] if labels else []
    heads += [("rdflib", 10), ("x disk", 8), ("x memory", 9)] if peer else []
    print("".join(f"{word:<{-width}}" if width < 0 else f"{word:>{width}}" for word, width in heads))
    ratios: dict[str, list[float]] = {"migkg": [], "labels": [], "rdflib, disk": [], "rdflib, memory": []}
    for name in names:
        asked = queries.question(name)
        params = example(engine, asked)
        text = prepared(kg.store, asked, params)
        rows = len(list(engine.query(text, prefixes=dict(PREFIXES))))

        def bare(text: str = text) -> list[Any]:
            return list(engine.query(text, prefixes=dict(PREFIXES)))

        def labelled(text: str = text) -> None:
            answer = engine.query(text, prefixes=dict(PREFIXES))
            names = [variable.value for variable in answer.variables]
            found = [tuple(solution[name] for name in names) for solution in answer]
            for node in {cell for row in found for cell in row if isinstance(cell, ox.NamedNode)}:
                list(engine.quads_for_pattern(node, LABEL, None, ox.DefaultGraph()))

        def terms(name: str = name, params: dict[str, str] = params) -> object:
            return kg.query(name, iris=True, **params)

        def words(name: str = name, params: dict[str, str] = params) -> object:
            return kg.query(name, **params)

        raw, ours = side_by_side(bare, terms)
        ratios["migkg"].append(ours / raw)
        line = f"{name:24}{rows:6}{raw * 1000:9.2f}{ours * 1000:9.2f}{ours / raw:6.2f}"
        if labels:
            with_names, named = side_by_side(labelled, words)
            ratios["labels"].append(named / with_names)
            line += f"{named * 1000:9.2f}{named / with_names:6.2f}"
        if graph is not None:
            other = slow(graph, text)
            (alike,) = side_by_side(lambda asked=asked, params=params: queries.run(memory, asked, params, iris=True))
            told = other if isinstance(other, str) else f"{other[0] * 1000:.0f}"
            line += f"{told:>10}"
            if told != "fails":
                seconds = PATIENCE if isinstance(other, str) else other[0]
                ratios["rdflib, disk"].append(seconds / ours)
                ratios["rdflib, memory"].append(seconds / alike)
                line += f"{seconds / ours:8.0f}{seconds / alike:9.0f}"
            if not isinstance(other, str) and other[1] != rows:
                line += f"  rdflib has {other[1]} rows"
        print(line, flush=True)
    for name, found in ratios.items():
        if found:
            print(f"median {name}: {statistics.median(found):.2f} times; largest {max(found):.2f}")


if __name__ == "__main__":
    main()
