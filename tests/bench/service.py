"""What the service adds to a query, and how it bears many clients: `python tests/bench/service.py [GRAPH FOLDER]`.

Side by side in one run, for each query: the engine alone (query and serialise, in this process); the worker process that
makes a query killable; the whole way over HTTP on a kept connection. What the process that listens works for an answer is
given in CPU time too, which other work on the machine changes little. Without a folder the bundled corpus is built.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pyoxigraph as ox

sys.path.insert(0, str(Path(__file__).parents[1]))

from migkg.build import build
from migkg.folder import read_manifest
from migkg.ontology import PREFIXES
from migkg.web.frames import Job
from migkg.web.pool import Pool
from migkg.web.settings import Settings
from services import service

QUERIES = {
    "ask": "ASK {}",
    "one thing": "SELECT ?p ?o WHERE { <https://w3id.org/migkg/id/policy/gcm> ?p ?o }",
    "events": "SELECT ?e ?start ?place WHERE { ?e a schema:Event ; schema:startDate ?start OPTIONAL { ?e schema:location ?place } }",
    "1000 rows": "SELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT 1000",
    "count": "SELECT ?type (COUNT(*) AS ?n) WHERE { ?s a ?type } GROUP BY ?type",
}
REPEATS, CLIENTS, EACH = 200, 50, 20
MIX = ["one thing", "events", "ask"]


def milliseconds(times: list[float]) -> float:
    return statistics.median(times) * 1000


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


async def timed_async(work: Callable[[], Awaitable[object]]) -> float:
    start = time.perf_counter()
    await work()
    return time.perf_counter() - start


def engine_alone(folder: Path) -> dict[str, float]:
    store = ox.Store.read_only(str(folder / read_manifest(folder)["store"]))

    def answer(query: str) -> object:
        return store.query(query, prefixes=dict(PREFIXES)).serialize(format=ox.QueryResultsFormat.JSON)

    return {
        name: milliseconds([timed(partial(answer, query)) for _ in range(REPEATS)]) for name, query in QUERIES.items()
    }


async def by_worker(folder: Path) -> dict[str, float]:
    found = {}
    async with Pool(Settings(folder)) as pool:
        for name, query in QUERIES.items():
            operation = {"kind": "query", "text": query, "default": (), "named": (), "format": ""}
            arguments: dict[str, Any] = {
                "operation": operation, "base": "http://127.0.0.1/sparql", "table": "json", "graph": "ttl",
                "rows": 100_000, "size": 1 << 26,
            }  # fmt: skip
            job = Job("query", arguments)
            found[name] = milliseconds([await timed_async(partial(pool.run, job)) for _ in range(REPEATS)])
    return found


def worked(pid: int) -> float:
    """CPU seconds of a process, without its children; 0 where there is no /proc."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def over_http(folder: Path) -> tuple[dict[str, float], list[float], int, float, float]:
    with service(folder, "--quiet") as started:
        before = worked(started.process.pid)
        for _ in range(1000):
            started.query(QUERIES["one thing"])
        cpu = worked(started.process.pid) - before  # of 1,000 answers, so milliseconds of one
        found = {
            name: milliseconds([timed(partial(started.query, query)) for _ in range(REPEATS)])
            for name, query in QUERIES.items()
        }

        def client(number: int) -> list[tuple[float, int]]:
            answers = []
            for turn in range(EACH):
                start = time.perf_counter()
                answer = started.query(QUERIES[MIX[(number + turn) % len(MIX)]])
                answers.append((time.perf_counter() - start, answer.status))
            return answers

        start = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            answers = [answer for listed in pool.map(client, range(CLIENTS)) for answer in listed]
        took = time.perf_counter() - start
    return found, [seconds for seconds, _ in answers], sum(status != 200 for _, status in answers), took, cpu


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(temporary) / "kg"
        if len(sys.argv) < 2:
            build((), folder, check=False)
        alone, worker = engine_alone(folder), asyncio.run(by_worker(folder))
        http, waits, failed, took, cpu = over_http(folder)
    print(f"{'ms, median of ' + str(REPEATS):20} {'engine':>8} {'+ worker':>9} {'+ HTTP':>8} {'all':>8}")
    for name in QUERIES:
        added = worker[name] - alone[name], http[name] - worker[name]
        print(f"{name:20} {alone[name]:8.2f} {added[0]:9.2f} {added[1]:8.2f} {http[name]:8.2f}")
    over = statistics.median(http[name] - worker[name] for name in QUERIES)
    print(f"service over query and worker: {over:.2f} ms median; the listening process works {cpu:.2f} ms an answer")
    ranked = sorted(waits)
    print(
        f"{CLIENTS} clients, {len(waits)} queries: {failed} errors, {len(waits) / took:.0f} a second, "
        f"median {milliseconds(waits):.0f} ms, 95 % within {ranked[int(len(ranked) * 0.95)] * 1000:.0f} ms"
    )


if __name__ == "__main__":
    main()
