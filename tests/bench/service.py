"""What the service adds to a query, and how it bears many clients: `python tests/bench/service.py [GRAPH FOLDER]`.

Side by side in one run, for each query: the engine alone (query and serialise, in this process); the worker process that
makes a query killable; the whole way over HTTP on a kept connection, by a client that is a bare socket, as a library would
add its own time. What the process that listens works for an answer is given in CPU time too, which other work on the machine
changes little. Without a folder the bundled corpus is built.
"""

from __future__ import annotations

import asyncio
import os
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

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


def milliseconds(times: Iterable[float]) -> float:
    return statistics.median(times) * 1000


def worked(pid: int) -> float:
    """CPU seconds of a process, without its children; 0 where there is no /proc."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


class Client:
    """Asks over one kept connection."""

    def __init__(self, address: str) -> None:
        self._host = address.removeprefix("http://").rstrip("/")
        host, _, port = self._host.rpartition(":")
        self._socket = socket.create_connection((host, int(port)))

    def query(self, text: str) -> int:
        """Send a query by GET and read the whole answer; the number of its bytes."""
        path = "/sparql?" + urlencode({"query": text})
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: {self._host}\r\n\r\n".encode())
        head, end, body = b"", b"", b""
        while not end:
            head, end, body = (head + self._more()).partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(head.decode())
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        held = len(body)
        while held < length:
            held += len(self._more())
        return held

    def _more(self) -> bytes:
        data = self._socket.recv(1 << 18)
        if not data:
            raise RuntimeError("the service hung up")
        return data


async def side_by_side(folder: Path, client: Client) -> dict[str, list[float]]:
    """Query → median milliseconds of: the engine, what the worker adds to it, what HTTP adds to both; each time in turn."""
    store = ox.Store.read_only(str(folder / read_manifest(folder)["store"]))
    found = {}
    async with Pool(Settings(folder)) as pool:
        for name, query in QUERIES.items():
            operation = {"kind": "query", "text": query, "default": (), "named": (), "format": ""}
            arguments: dict[str, Any] = {
                "operation": operation, "base": "http://127.0.0.1/sparql", "table": "json", "graph": "ttl",
                "rows": 100_000, "size": 1 << 26,
            }  # fmt: skip
            job = Job("query", arguments)
            rounds = []
            for _ in range(REPEATS):
                start = time.perf_counter()
                store.query(query, prefixes=dict(PREFIXES)).serialize(format=ox.QueryResultsFormat.JSON)
                alone = time.perf_counter()
                await pool.run(job)
                by_worker = time.perf_counter()
                client.query(query)
                rounds.append((alone - start, by_worker - alone, time.perf_counter() - by_worker))
            added = [(engine, worker - engine, http - worker) for engine, worker, http in rounds]
            found[name] = [milliseconds(column) for column in zip(*added, strict=True)]
    return found


def report(folder: Path) -> None:
    with service(folder, "--quiet") as started:
        one = Client(started.address)
        found = asyncio.run(side_by_side(folder, one))
        before = worked(started.process.pid)
        for _ in range(1000):
            one.query(QUERIES["one thing"])
        cpu = worked(started.process.pid) - before  # of 1,000 answers, so milliseconds of one
        print(f"{'ms, median of ' + str(REPEATS):20} {'engine':>8} {'+ worker':>9} {'+ HTTP':>8}")
        for name, (engine, worker, http) in found.items():
            print(f"{name:20} {engine:8.2f} {worker:9.2f} {http:8.2f}")
        over = statistics.median(http for _, _, http in found.values())
        print(f"service over query and worker: {over:.2f} ms median; the one that listens works {cpu:.2f} ms an answer")

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
    ranked, failed = sorted(seconds for seconds, _ in answers), sum(status != 200 for _, status in answers)
    print(
        f"{CLIENTS} clients, {len(answers)} queries: {failed} errors, {len(answers) / took:.0f} a second, "
        f"median {milliseconds(ranked):.0f} ms, 95 % within {ranked[int(len(ranked) * 0.95)] * 1000:.0f} ms"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(temporary) / "kg"
        if len(sys.argv) < 2:
            build((), folder, check=False)
        report(folder)


if __name__ == "__main__":
    main()
