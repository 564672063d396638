"""The service as its users and its attackers meet it: standard clients, bounds, changes, a build meanwhile."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
import rdflib
import urllib3

from graphs import article, bundled
from migkg.build import build
from migkg.errors import GraphError
from migkg.folder import locked
from migkg.kg import KnowledgeGraph
from services import TOKEN, RunningService, service

CROSS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
HEAP = "SELECT (COUNT(*) AS ?n) WHERE { { SELECT DISTINCT * WHERE { ?a ?b ?c . ?d ?e ?f } } }"
REGEX = """SELECT (COUNT(*) AS ?n) WHERE {
  ?a ?b ?c . ?d ?e ?f FILTER(REGEX(CONCAT(STR(?c), STR(?f)), "(x+x+)+y|.*a.*b.*c$")) }"""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundled(tmp_path_factory)


@pytest.fixture(scope="module")
def running(graph: Path) -> Iterator[RunningService]:
    with service(graph) as started:
        yield started


@pytest.fixture(scope="module")
def narrow(graph: Path) -> Iterator[RunningService]:
    """One with narrow bounds."""
    with service(graph, "--timeout", "1.5", "--memory", "128", "--rows", "50") as started:
        yield started


@pytest.fixture(scope="module")
def open_to_changes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """One over a graph of its own, with a token."""
    with service(tmp_path_factory.mktemp("changes") / "kg", token=TOKEN) as started:
        yield started


@pytest.fixture
def changing(open_to_changes: RunningService) -> RunningService:
    """The same without a graph."""
    assert open_to_changes.write("POST", "sparql", "CLEAR ALL", "application/sparql-update").status == 204
    return open_to_changes


# --- clients ---


def test_sparqlwrapper(running: RunningService) -> None:
    from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

    client = SPARQLWrapper(running.endpoint)
    client.setQuery("SELECT (COUNT(*) AS ?n) WHERE { ?s a <https://schema.org/Event> }")
    client.setReturnFormat(JSON)
    first = client.queryAndConvert()
    client.setMethod(POST)
    assert client.queryAndConvert() == first
    assert int(first["results"]["bindings"][0]["n"]["value"]) > 5
    client.setQuery("CONSTRUCT { ?s a ?o } WHERE { ?s a ?o } LIMIT 5")
    client.setReturnFormat(TURTLE)
    assert len(rdflib.Graph().parse(data=client.queryAndConvert(), format="turtle")) == 5


def test_rdflib(running: RunningService) -> None:
    graph = rdflib.Graph("SPARQLStore")
    graph.open(running.endpoint)
    gcm = rdflib.URIRef("https://w3id.org/migkg/id/policy/gcm")
    assert any(graph.triples((gcm, rdflib.RDF.type, None)))
    (row,) = graph.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    assert int(row[0]) > 10_000  # type: ignore[index, arg-type]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl(running: RunningService) -> None:
    command = [
        "curl",
        "-sS",
        "--noproxy",
        "*",
        running.endpoint,
        "--data-urlencode",
        "query=ASK {}",
        "-H",
        "Accept: text/csv",
    ]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "true"


def test_query_method(running: RunningService) -> None:
    answer = running.send("QUERY", "sparql", "ASK {}", "application/sparql-query")
    assert json.loads(answer.data) == {"head": {}, "boolean": True}


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("text/*", "application/sparql-results+xml"),
        ("text/csv;q=0.5, application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/tab-separated-values", "text/tab-separated-values"),
        ("application/json", "application/sparql-results+json"),
    ],
)
def test_format_of_a_table(accept: str, media: str, running: RunningService) -> None:
    answer = running.query("SELECT * WHERE { ?s ?p ?o } LIMIT 1", accept)
    assert answer.headers["Content-Type"].startswith(media)
    assert "Accept" in answer.headers["Vary"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("query", "accept"), [("ASK {}", "text/turtle"), ("DESCRIBE <x:y>", "text/csv"), ("ASK {}", "image/png")]
)
def test_no_format_fits(query: str, accept: str, running: RunningService) -> None:
    answer = running.query(query, accept)
    assert answer.status == 406
    assert b"expected an Accept header with one of" in answer.data


def test_columns_as_the_query_names_them(running: RunningService) -> None:
    assert running.query("SELECT * WHERE { ?s ?p ?o } LIMIT 1", "text/csv").data.startswith(b"s,p,o\r\n")


def test_prefixes_need_no_declaration_and_errors_name_the_place(running: RunningService) -> None:
    assert running.query("ASK { ?e a schema:Event }").status == 200
    answer = running.query("SELECT ?x WHERE {\n ?x a unknown:Thing }")
    assert answer.status == 400
    assert b"query:2: the prefix" in answer.data


# --- only reading, and only here ---


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("INSERT DATA { <x:a> <x:b> <x:c> }", 400),
        ("SELECT * WHERE { SERVICE <http://127.0.0.1:PORT/> { ?s ?p ?o } }", 400),
        ("SELECT * WHERE { SERVICE SILENT <http://127.0.0.1:PORT/> { ?s ?p ?o } }", 400),
        ("SELECT * WHERE { { ?s ?p true} sErViCe?x{ ?s ?p ?o } }", 400),
        ("SELECT * FROM <http://127.0.0.1:PORT/data> WHERE { ?s ?p ?o }", 200),
        ("SELECT * WHERE { ?s ?p 'SERVICE <http://127.0.0.1:PORT/>' } # SERVICE <x:y> {}", 200),
    ],
)
def test_a_query_asks_nobody_else(text: str, status: int, running: RunningService) -> None:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)

        do_GET = do_POST  # noqa: N815

    with HTTPServer(("127.0.0.1", 0), Handler) as other:
        thread = Thread(target=other.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        answer = running.query(text.replace("PORT", str(other.server_port)))
        other.shutdown()
        thread.join()
    assert (answer.status, asked) == (status, [])


def test_changes_need_a_token_that_this_service_has_not(running: RunningService) -> None:
    assert running.write("POST", "sparql", "CLEAR ALL", "application/sparql-update").status == 403
    assert running.write("PUT", "graphs?graph=x:y", "<x:a> <x:b> 1 .", "text/turtle").status == 403


def test_names_of_the_service(running: RunningService) -> None:
    """A page of another site must not ask us under its own name (DNS rebinding)."""
    assert running.get("health", Host="evil.example").status == 421
    port = running.address.rstrip("/").rpartition(":")[2]
    assert running.get("health", Host=f"LocalHost:{port}").status == 200


def test_preflight_allows_reading_only(running: RunningService) -> None:
    answer = running.http.request("OPTIONS", running.endpoint, headers={"Origin": "https://portal.example"})
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


def test_headers_for_browsers(running: RunningService) -> None:
    headers = running.get("health").headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "server" not in headers


def test_log_without_secrets(changing: RunningService) -> None:
    changing.query("SELECT ?secret WHERE { ?secret ?p 'word' }")
    changing.write("POST", "sparql?other=word", "INSERT DATA {}", "application/sparql-update")
    changing.get("a%0Aline/health")
    last, end = "GET /a\\nline/health 404", time.monotonic() + 10
    while not any(last in line for line in changing.lines) and time.monotonic() < end:
        time.sleep(0.05)
    log = "".join(changing.lines)
    assert last in log
    assert "GET /sparql 200" in log
    assert "secret" not in log
    assert "word" not in log
    assert TOKEN not in log


# --- bounds ---


def test_a_query_that_takes_too_long(narrow: RunningService) -> None:
    for query in (CROSS, REGEX):
        start = time.monotonic()
        answer = narrow.query(query)
        assert answer.status == 500
        assert b"stopped after 1.5 seconds" in answer.data
        assert time.monotonic() - start < 4
    assert narrow.query("ASK {}").status == 200


def test_a_query_that_takes_too_much_memory(graph: Path) -> None:
    with service(graph, "--memory", "96", "--timeout", "30") as started:
        answer = started.query(HEAP)
        assert answer.status == 500
        assert b"more than 96 MB of memory" in answer.data
        assert started.query("ASK {}").status == 200


@pytest.mark.parametrize(
    "accept", ["application/json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"]
)
def test_an_answer_with_too_many_rows_is_cut_and_says_so(accept: str, narrow: RunningService) -> None:
    for query, cut in (
        ("SELECT * WHERE { ?s ?p ?o }", True),
        ("SELECT ?s WHERE { ?s mig:evidence ?o } ORDER BY ?s LIMIT 70 # LIMIT 3", True),
        ("SELECT ?s WHERE { ?s ?p ?o } LIMIT 50", False),
        ("SELECT ?s WHERE { { SELECT ?s WHERE { ?s ?p ?o } LIMIT 51 } } VALUES ?q { 1 }", True),
        ("SELECT ?s WHERE { { SELECT ?s WHERE { ?s ?p ?o } LIMIT 9 } }", False),
    ):
        answer = narrow.query(query, accept)
        assert answer.status == 200, answer.data
        assert answer.headers.get("X-Migkg-Truncated") == ("50" if cut else None)
        if accept == "application/json":
            assert len(json.loads(answer.data)["results"]["bindings"]) in (50, 9)
    answer = narrow.query("CONSTRUCT WHERE { ?s ?p ?o }")
    assert answer.headers["X-Migkg-Truncated"] == "50"
    assert len(rdflib.Graph().parse(data=answer.data, format="turtle")) == 50


def test_requests_that_are_too_large(running: RunningService) -> None:
    answer = running.send("POST", "sparql", b"#" * 2_000_000, "application/sparql-query")
    assert answer.status == 413
    assert running.get("sparql?query=" + "x" * 100_000).status in (400, 431)
    host, port = running.address.removeprefix("http://").rstrip("/").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as raw:  # no Content-Length, so it has to be counted
        raw.sendall(b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
                    b"Content-Type: application/sparql-query\r\n\r\n")  # fmt: skip
        piece = b"10000\r\n" + b"#" * 0x10000 + b"\r\n"
        try:
            for _ in range(40):
                raw.sendall(piece)
        except OSError:
            pass
        assert b" 413 " in raw.recv(100)


def test_a_client_that_goes_away_takes_its_query_along(graph: Path) -> None:
    with service(graph, "--workers", "1", "--timeout", "20") as started:
        host, port = started.address.removeprefix("http://").rstrip("/").split(":")
        with socket.create_connection((host, int(port))) as raw:
            body = CROSS.encode()
            raw.sendall(b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
                        b"Content-Length: %d\r\n\r\n%s" % (len(body), body))  # fmt: skip
            time.sleep(0.7)
        start = time.monotonic()
        assert started.query("ASK {}").status == 200
        assert time.monotonic() - start < 5


def test_an_answer_is_sent_at_once(running: RunningService) -> None:
    """Nagle's algorithm and a client's delayed acknowledgement (RFC 1122) once added 40 ms to every answer."""

    def took() -> float:
        start = time.perf_counter()
        running.query("ASK {}")
        return time.perf_counter() - start

    assert min(took() for _ in range(20)) < 0.03


def test_fifty_clients(running: RunningService) -> None:
    query = "SELECT ?e ?label WHERE { ?e a schema:Event ; rdfs:label ?label } LIMIT 20"

    def ask(number: int) -> int:
        return [running.query(query), running.get("health")][number % 2].status

    with ThreadPoolExecutor(50) as pool:
        assert set(pool.map(ask, range(300))) == {200}


# --- changes ---


def union_holds(started: RunningService) -> bool:
    """Whether the default graph is the union of the named graphs."""
    more = "ASK { ?s ?p ?o FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } } }"
    less = "ASK { GRAPH ?g { ?s ?p ?o } FILTER NOT EXISTS { ?s ?p ?o } }"
    return not any(json.loads(started.query(text).data)["boolean"] for text in (more, less))


def test_graph_store_protocol(changing: RunningService) -> None:
    started = changing
    one, two = "graphs?graph=https%3A%2F%2Fexample.org%2F1", "graphs?graph=https%3A%2F%2Fexample.org%2F2"
    assert started.get(one).status == 404
    assert started.write("PUT", one, "<x:a> <x:b> 1, 2 .", "text/turtle").status == 201
    assert started.write("PUT", two, "<x:a> <x:b> 2 .", "text/turtle").status == 201
    assert started.write("PUT", one, "<x:a> <x:b> 2, 3 .", "text/turtle").status == 204
    assert started.write("POST", one, "<x:a> <x:b> 4 .", "application/n-triples; charset=utf-8").status == 400
    assert started.write("POST", one, '<x:a> <x:b> "4" .', "application/n-triples").status == 204
    assert union_holds(started)
    assert len(rdflib.Graph().parse(data=started.get(one).data, format="turtle")) == 3
    assert len(rdflib.Graph().parse(data=started.get("graphs?default").data, format="turtle")) == 3
    assert started.http.request("HEAD", started.address + one).status == 200
    assert started.write("DELETE", one, "", "text/plain").status == 204
    assert started.write("DELETE", one, "", "text/plain").status == 404
    assert union_holds(started)
    assert len(rdflib.Graph().parse(data=started.get("graphs?default").data, format="turtle")) == 1
    for method, path, body, media, status in (
        ("PUT", one, "<x:a> <x:b> [] .", "text/turtle", 400),
        ("PUT", one, "<x:a> <x:b>", "text/turtle", 400),
        ("PUT", one, "x", "image/png", 415),
        ("PUT", "graphs?default", "<x:a> <x:b> 1 .", "text/turtle", 403),
        ("PUT", "graphs", "<x:a> <x:b> 1 .", "text/turtle", 400),
        ("PUT", "graphs?graph=no%20iri", "<x:a> <x:b> 1 .", "text/turtle", 400),
    ):
        assert started.write(method, path, body, media).status == status
    assert started.send("PUT", one, "", "text/turtle").status == 401
    assert started.send("PUT", one, "", "text/turtle", Authorization="Bearer wrong").status == 401
    other = {"Authorization": f"Bearer {TOKEN}", "Origin": "https://evil.example"}
    assert started.send("PUT", one, "", "text/turtle", **other).status == 403


def test_update(changing: RunningService) -> None:
    from SPARQLWrapper import POST, SPARQLWrapper

    started = changing
    client = SPARQLWrapper(started.endpoint)
    client.setCredentials("anyone", TOKEN)
    client.setMethod(POST)
    client.setQuery("INSERT DATA { GRAPH <x:g> { <x:a> <x:b> 1, 2 } GRAPH <x:h> { <x:a> <x:b> 2 } }")
    client.query()
    assert union_holds(started)
    client.setQuery("DELETE WHERE { GRAPH <x:g> { ?s ?p ?o } }")
    client.query()
    assert union_holds(started)
    assert b"<result>" in started.query("SELECT * WHERE { <x:a> <x:b> 2 }", "text/xml").data
    media = "application/sparql-update"
    for text in (
        "LOAD <http://127.0.0.1:9/>",
        "INSERT { GRAPH <x:g> { ?s ?p ?o } } WHERE { SERVICE <x:y> { ?s ?p ?o } }",
        "DROP",
    ):
        assert started.write("POST", "sparql", text, media).status == 400
    assert started.send("POST", "sparql", "CLEAR ALL", media).status == 401


def test_updates_that_rdflib_joins(changing: RunningService) -> None:
    """It declares its prefixes anew for each of them."""
    from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore

    store = SPARQLUpdateStore(
        changing.endpoint, changing.endpoint, auth=("anyone", TOKEN), autocommit=False, context_aware=True
    )
    graph = rdflib.Dataset(store=store).graph(rdflib.URIRef("x:joined"))
    graph.add((rdflib.URIRef("x:a"), rdflib.URIRef("x:b"), rdflib.Literal(1)))
    graph.update("INSERT DATA { y:c y:d 2 }", initNs={"y": "x:"})
    store.commit()
    assert union_holds(changing)
    found = changing.query("SELECT ?o { GRAPH <x:joined> { ?s ?p ?o } } ORDER BY ?o", "text/csv").data
    assert found == b"o\r\n1\r\n2\r\n"


def test_a_build_keeps_nothing_of_what_was_changed(tmp_path: Path) -> None:
    folder, sources = tmp_path / "kg", tmp_path / "news"
    sources.mkdir()
    article(sources, "one", "Ani Wijaya, Director of IOM, met reporters in Jakarta on 3 May 2024.", title="First")
    build((str(sources),), folder, check=False)
    with KnowledgeGraph(folder) as kg:
        before = sorted(map(str, kg.store.engine))
    with service(folder, token=TOKEN) as started:
        assert b"Ani Wijaya" in started.get("find?q=Wijaya", "application/json").data
        graph = "graphs?graph=https%3A%2F%2Fw3id.org%2Fmigkg%2Fid%2Fgraph%2Fone"
        assert started.write("PUT", graph, "<x:a> <x:b> 1 .", "text/turtle").status == 204
        assert json.loads(started.query("ASK { <x:a> <x:b> 1 }").data)["boolean"]
        assert b"Ani Wijaya" not in started.get("find?q=Wijaya", "application/json").data
        with folder_lock(folder):  # as while a build is running
            answer = started.write("PUT", graph, "<x:a> <x:b> 2 .", "text/turtle")
            assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
            assert b"another build is writing" in answer.data
            assert started.query("ASK {}").status == 200
    build((str(sources),), folder, check=False)
    with KnowledgeGraph(folder) as kg:
        assert sorted(map(str, kg.store.engine)) == before


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """The lock of a folder, as soon as the service lets go of it."""
    for _ in range(100):
        try:
            with locked(folder):
                yield
                return
        except GraphError:
            time.sleep(0.1)
    raise AssertionError("the service keeps the lock")


def test_a_killed_change_is_whole_or_absent(tmp_path: Path) -> None:
    """Service and workers are killed at some moment of a stream of changes; then each graph is as some PUT left it."""
    folder, rounds, seen = tmp_path / "kg", 2, set[int]()
    sizes = (400, 4000)
    bodies = ["\n".join(f"<x:{size}-{n}> <x:p> <x:{n % 7}> ." for n in range(size)) for size in sizes]
    for number in range(rounds):
        with service(folder, token=TOKEN) as started:
            assert union_holds(started)
            for graph in ("1", "2"):
                answer = started.get(f"graphs?graph=x%3A{graph}", "application/n-triples")
                held = answer.data.count(b"\n") if answer.status == 200 else 0
                assert held in ((0, *sizes) if number else (0,))
                seen.add(held)
            over = time.monotonic() + 0.3 + number * 0.17
            pids: list[int] = []

            def change(graph: str, over: float = over, started: RunningService = started) -> None:
                with suppress(urllib3.exceptions.HTTPError):
                    for turn in range(1000):
                        if time.monotonic() > over:
                            return
                        started.write("PUT", f"graphs?graph=x%3A{graph}", bodies[turn % 2], "application/n-triples")

            with ThreadPoolExecutor(2) as pool:
                for graph in ("1", "2"):
                    pool.submit(change, graph)
                time.sleep(max(0, over - time.monotonic() - 0.05))
                pids = [*workers_of(started), started.process.pid]
                for pid in pids:
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
    with service(folder, token=TOKEN) as started:
        assert union_holds(started)
    assert len(seen) > 1


# --- a build meanwhile ---


def test_a_new_build_is_taken_up(tmp_path: Path) -> None:
    folder, sources = tmp_path / "kg", tmp_path / "news"
    sources.mkdir()
    article(sources, "one", "Ani Wijaya, Director of IOM, met reporters in Jakarta on 3 May 2024.", title="First")
    build((str(sources),), folder, check=False)
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?a a schema:NewsArticle }"

    def articles(started: RunningService) -> int:
        return int(json.loads(started.query(count).data)["results"]["bindings"][0]["n"]["value"])

    with service(folder) as started:
        assert articles(started) == 1
        for number, name in enumerate(("two", "three"), 2):
            text = f"The {name} minister opened a workshop on labour migration in Semarang on 4 June 2024."
            article(sources, name, text, title=name)
            build((str(sources),), folder, check=False)
            assert articles(started) == number
        end = time.monotonic() + 10
        while (held := deleted_files(started)) and time.monotonic() < end:
            time.sleep(0.1)
        assert held == []


def deleted_files(started: RunningService) -> list[str]:
    """What its processes hold of graphs that are gone."""
    return [file for pid in workers_of(started) for file in open_files(pid) if file.endswith("(deleted)")]


def workers_of(started: RunningService) -> list[int]:
    """The processes below the service."""
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("there is no /proc here, which tells what files a process holds")
    found, wanted = [], {started.process.pid}
    for _ in range(3):
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(stat.read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if parent in wanted:
                found.append(int(stat.parent.name))
        wanted |= set(found)
    return sorted(set(found))


def open_files(pid: int) -> list[str]:
    """The regular files that a process holds."""
    found = []
    for link in Path(f"/proc/{pid}/fd").glob("*"):
        try:
            found.append(os.readlink(link))  # noqa: PTH115 - it may be no path
        except OSError:
            continue
    return [file for file in found if file.startswith("/")]


def test_nothing_is_left_when_it_ends(graph: Path) -> None:
    with service(graph) as started:
        started.query("ASK {}")
        pids = workers_of(started)
        assert pids
    end = time.monotonic() + 10
    while any(map(works, pids)) and time.monotonic() < end:
        time.sleep(0.1)
    assert not [pid for pid in pids if works(pid)]


def works(pid: int) -> bool:
    """Whether there is such a process, and it is more than a number that its parent did not ask for yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_graph_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="there is no graph here"), service(tmp_path / "none"):
        pass
