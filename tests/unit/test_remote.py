"""A remote store against servers that misbehave, and one that cuts its answers."""

from __future__ import annotations

import base64
import json
import shutil
import socket
import ssl
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest

from migkg.errors import EndpointError, GraphError, MigkgError, QueryError
from migkg.store import EmbeddedStore, RemoteStore, Rows
from migkg.store.parts import parts_of, whole
from webs import Handler, Server

JSON = "application/sparql-results+json"
ASK = "ASK { ?s ?p ?o }"
YES = b'{"head":{},"boolean":true}'


def remote(server: Server, **options: object) -> RemoteStore:
    return RemoteStore(f"{server.url}/sparql", **{"pause": 0.0, **options})  # type: ignore[arg-type]


def answers(body: bytes = YES, status: int = 200, type: str = JSON, **headers: str) -> Callable[[Handler], None]:  # noqa: A002
    return lambda handler: handler.answer(status, body, Content_Type=type, **headers)


def question(handler: Handler) -> str:
    """The query that a handler was asked."""
    text = handler.body.decode() if handler.command == "POST" else urlsplit(handler.path).query
    return parse_qs(text)["query"][0]


def broken(handler: Handler) -> None:
    """Half of an answer, then nothing."""
    handler.answer(200, YES[:10], Content_Length="100", Content_Type=JSON)
    handler.close_connection = True


def test_nobody_answers() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}/sparql"
    with pytest.raises(EndpointError, match=r"/sparql: the server does not answer\. Is the address right"):
        RemoteStore(address, pause=0).query(ASK)


@pytest.mark.parametrize("address", ["", "kg", "ftp://example.org/", "http://", "file:///etc/passwd"])
def test_what_is_no_address(address: str) -> None:
    if address:
        with pytest.raises(EndpointError, match="no address of a server"):
            RemoteStore(address)
    with pytest.raises(EndpointError, match="no address of a server"):
        RemoteStore("http://localhost/", update=address or "x")


@pytest.mark.parametrize(
    ("route", "error", "message", "asked"),
    [
        (answers(b"<html>Welcome</html>", type="text/html; charset=utf-8"), EndpointError, "with a web page", 1),
        (answers(b"a,b", type="text/csv"), EndpointError, 'of the type "text/csv"; expected application/sparql', 1),
        (answers(YES[:-1]), EndpointError, "cut off or no results", 1),
        (answers(b'{"head":{"vars":["x"]},"results":{"bindings":[{'), EndpointError, "cut off or no results", 1),
        (answers(b"{}"), EndpointError, "cut off or no results", 1),
        (broken, EndpointError, "the answer broke off", 4),
        (answers(status=206), EndpointError, "before the answer was complete", 1),
        (answers(X_SQL_State="S1TAT"), EndpointError, "before the answer was complete", 1),
        (answers(b"", 401, WWW_Authenticate='Basic realm="x"'), EndpointError, "asks who you are.*MIGKG_PASSWORD", 1),
        (answers(b"not you", 403, "text/plain"), EndpointError, r"refuses this \(not you\)", 1),
        (answers(b"<html>", 404, "text/html"), EndpointError, r"\(status 404\); expected the address of a SPARQL", 1),
        (answers(b"", 405), EndpointError, "status 405", 1),
        (answers(b"", 301, Location="https://u:p@example.org/x"), EndpointError, "the address https://exa", 1),
        (answers(b"", 503), EndpointError, r"busy or its gateway fails \(status 503, asked 4 times\)", 4),
        (answers(b"", 429, Retry_After="0"), EndpointError, "status 429", 4),
        (answers(b"", 504), EndpointError, "status 504", 4),
        (answers(b"", 418), EndpointError, "status 418", 1),
        (answers(b"Parse error: line 7\nmore", 400, "text/plain"), QueryError, "cannot be run: Parse error: line 7", 1),
        (answers(b"<html>\n", 500, "text/html"), QueryError, "cannot be run: status 500", 1),
    ],
)
def test_misbehaviour_in_words(
    server: Server, route: Callable[[Handler], None], error: type[MigkgError], message: str, asked: int
) -> None:
    server.routes["/sparql"] = answers()
    store = remote(server)
    assert store.query(ASK) is True
    server.routes["/sparql"] = route
    server.asked.clear()
    with pytest.raises(error, match=message) as caught:
        store.query(ASK)
    assert type(caught.value) is error
    assert len(server.asked) == asked
    assert server.url in str(caught.value)


def test_a_slow_server_is_asked_once(server: Server) -> None:
    server.routes["/sparql"] = lambda _: server.over.wait(5)  # type: ignore[assignment,return-value]
    with pytest.raises(EndpointError, match=r"no answer within 0\.2 seconds.*--timeout"):
        remote(server, timeout=0.2).query(ASK)
    assert len(server.asked) == 1


def test_an_answer_that_drips_has_an_end(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def drip(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", JSON)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for _ in range(100):
            if server.over.wait(0.02):
                return
            handler.wfile.write(b"1\r\n \r\n")
            handler.wfile.flush()

    monkeypatch.setattr("migkg.store.wire._PATIENCE", 1)
    monkeypatch.setattr("migkg.store.wire._PIECE", 1)
    server.routes["/sparql"] = drip
    with pytest.raises(EndpointError, match="no answer within"):
        remote(server, timeout=0.2).query(ASK)


@pytest.mark.parametrize("bad", [answers(b"", 503), answers(b"", 429, Retry_After="0"), broken])
def test_a_second_try_may_succeed(server: Server, bad: Callable[[Handler], None]) -> None:
    def first_bad(handler: Handler) -> None:
        (bad if len(server.asked) % 2 else answers())(handler)

    server.routes["/sparql"] = first_bad
    assert remote(server).query(ASK) is True


def test_waiting_time_doubles_and_the_server_may_ask_for_more(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("migkg.store.wire.time.sleep", waited.append)
    server.routes["/sparql"] = answers(b"", 503)
    with pytest.raises(EndpointError):
        remote(server, pause=0.5).query(ASK)
    server.routes["/sparql"] = answers(b"", 503, Retry_After="3600")
    with pytest.raises(EndpointError):
        remote(server, pause=0.5).query(ASK)
    assert waited == [0.5, 1.0, 2.0, 60.0, 60.0, 60.0]


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes its certificate with openssl")
def test_certificates(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.routes["/sparql"] = answers()
    address = f"https://localhost:{server.server_port}/sparql"
    with pytest.raises(EndpointError, match=r"certificate is not trusted \(self-signed certificate\).*SSL_CERT_FILE"):
        RemoteStore(address, pause=0).query(ASK)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert RemoteStore(address, pause=0).query(ASK) is True
    with pytest.raises(EndpointError, match="certificate is not trusted"):
        RemoteStore(address.replace("localhost", "127.0.0.1"), pause=0).query(ASK)


# --- who asks ---


def guarded(user: str, password: str) -> Callable[[Handler], None]:
    right = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

    def route(handler: Handler) -> None:
        if handler.headers.get("Authorization") == right:
            answers()(handler)
        else:
            answers(b"", 401, WWW_Authenticate='Basic realm="x"')(handler)

    return route


def test_basic_authentication_and_secrets_are_not_shown(server: Server) -> None:
    server.routes["/sparql"] = guarded("me", "sécret:1")
    store = remote(server, user="me", password="sécret:1")  # noqa: S106
    assert store.query(ASK) is True
    server.asked.clear()
    assert store.query(ASK) is True
    assert len(server.asked) == 1, "what the server wants is known by now"
    address = server.url.replace("//", "//me:s%C3%A9cret:1@") + "/sparql"
    other = RemoteStore(address, pause=0)
    assert other.query(ASK) is True
    wrong = RemoteStore(address.replace("1@", "2@"), pause=0)
    with pytest.raises(EndpointError, match="the user name, password or token is not accepted") as caught:
        wrong.query(ASK)
    assert other._wire is not None
    for shown in (caught.value, store, other, other._wire.access):
        assert "cret" not in f"{shown} {shown!r}"


def test_a_token_is_a_bearer_token(server: Server) -> None:
    server.routes["/sparql"] = answers()
    remote(server, token="abc").query(ASK)  # noqa: S106
    assert server.asked[0][1]["Authorization"] == "Bearer abc"


def test_no_credentials_out_of_other_files(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    server.routes["/sparql"] = answers()
    assert remote(server).query(ASK) is True, "a server of this machine is not asked by a proxy"
    assert "Authorization" not in server.asked[0][1]


def test_a_redirection_is_told_and_not_followed(server: Server) -> None:
    server.routes["/sparql"] = answers(b"", 302, Location=f"{server.url}/other")
    with pytest.raises(EndpointError, match="moved"):
        remote(server, user="me", password="secret").query(ASK)  # noqa: S106
    assert all(not path.startswith("/other") for path in server.paths())


# --- what is asked ---


def test_long_queries_go_by_post_and_prefixes_are_declared(server: Server) -> None:
    queries: list[tuple[str, str]] = []

    def route(handler: Handler) -> None:
        queries.append((handler.command, question(handler)))
        answers()(handler)

    server.routes["/sparql"] = route
    store = remote(server)
    store.query("ASK { ?s a skos:Concept }")
    store.query("ASK { ?s a skos:Concept } #" + "x" * 3000)
    assert [method for method, _ in queries[1:]] == ["GET", "POST"]
    assert queries[1][1].startswith("PREFIX skos: <http://www.w3.org/2004/02/skos/core#> ASK")
    assert server.asked[1][1]["Accept"].startswith(JSON)
    assert server.asked[1][1]["User-Agent"].startswith("migkg/")


def test_broken_queries_never_reach_the_server(server: Server) -> None:
    store = remote(server)
    for sparql in ("SELECT * { ?s ?p }", "DROP ALL", "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }"):
        with pytest.raises(QueryError):
            store.query(sparql)
    assert server.asked == []


def test_a_closed_store_asks_nobody(server: Server) -> None:
    store = remote(server)
    store.close()
    with pytest.raises(GraphError, match="closed"):
        store.query(ASK)


# --- answers that a server cuts ---


def endpoint(data: ox.Store, cap: int, *, header: bool = False) -> Callable[[Handler], None]:
    """A SPARQL endpoint that gives so many rows and no more."""

    def route(handler: Handler) -> None:
        found = data.query(question(handler))
        if isinstance(found, ox.QueryBoolean):
            answers(b'{"head":{},"boolean":%s}' % (b"true" if found else b"false"))(handler)
            return
        assert isinstance(found, ox.QuerySolutions)
        results = json.loads(found.serialize(format=ox.QueryResultsFormat.JSON) or b"{}")
        cut = len(results["results"]["bindings"]) > cap
        del results["results"]["bindings"][cap:]
        answers(json.dumps(results).encode(), **({"X_SPARQL_MaxRows": str(cap)} if header and cut else {}))(handler)

    return route


@pytest.fixture(scope="module")
def filled() -> EmbeddedStore:
    store = EmbeddedStore()
    lines = []
    for n in range(60):
        graph, tag = f"<e:g{n % 2}> .\n", "en" if n % 2 else "id"
        lines.append(f'<e:s{n % 13}> <e:p{n % 3}> "same {n % 7}"@{tag} {graph}')
        lines.append(f'<e:s{n}> <e:n> "{n % 10}" {graph}<e:s{n}> <e:to> <e:s{n + 1}> {graph}')
    store.bulk_load("".join(lines).encode())
    return store


@pytest.mark.parametrize("cap", [1, 7, 50, 1000])
@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT ?s ?p ?o { ?s ?p ?o }",
        "SELECT * { ?s <e:to> ?o } # } LIMIT",
        "SELECT DISTINCT ?o { ?s ?p ?o }",
        "SELECT REDUCED ?p { ?s ?p ?o } LIMIT 30 OFFSET 5",
        "SELECT ?s ?n { ?s <e:n> ?n } ORDER BY DESC(?n) ?s LIMIT 23 OFFSET 4",
        "SELECT ?n (COUNT(*) AS ?many) { ?s <e:n> ?n } GROUP BY ?n HAVING(COUNT(*) > 1) ORDER BY ?n",
        "SELECT ?s (EXISTS { ?s <e:n> '3' } AS ?three) WHERE { { SELECT DISTINCT ?s { ?s ?p ?o } LIMIT 1000 } }",
        "SELECT ?s ?x { ?s <e:to> ?o OPTIONAL { ?s <e:n> ?x FILTER(?x = '4') } } ORDER BY ?s",
        "SELECT ?s { ?s <e:n> ?n } VALUES ?n { '1' '2' }",
        "SELECT ?s FROM <e:g0> { ?s <e:n> ?n }",
        "SELECT ?s { GRAPH <e:g1> { ?s <e:to> ?o } }",
        "SELECT ?s { ?s <e:none> ?n }",
        "CONSTRUCT { ?o <e:from> ?s . <e:a> <e:b> 'c' } { ?s <e:to> ?o }",
        "CONSTRUCT { <e:a> <e:b> 'c' } WHERE { ?s ?p ?o }",
        "CONSTRUCT WHERE { ?s <e:to> ?o . ?s <e:n> ?n }",
        "CONSTRUCT { ?s <e:is> ?x } WHERE { ?s <e:to> ?o OPTIONAL { ?s <e:p1> ?x } } ORDER BY ?s LIMIT 20",
        "DESCRIBE <e:s1>",
        "PREFIX e: <e:> DESCRIBE e:s1 ?s <e:none> WHERE { ?s <e:n> '3' }",
        "DESCRIBE * { ?s <e:n> '3' }",
        "ASK { ?s <e:n> '3' }",
    ],
)
def test_no_answer_is_cut(server: Server, filled: EmbeddedStore, sparql: str, cap: int) -> None:
    assert filled._engine is not None
    server.routes["/sparql"] = endpoint(filled._engine, cap, header=cap == 7)
    found, expected = remote(server).query(sparql), filled.query(sparql)
    if isinstance(expected, Rows):
        assert isinstance(found, Rows)
        assert found.columns == expected.columns
        if "LIMIT" not in sparql or "ORDER" in sparql:
            assert Counter(found.rows) == Counter(expected.rows)
        if "ORDER BY DESC" in sparql:
            assert found.rows == expected.rows
        assert len(found.rows) == len(expected.rows)
    else:
        assert found == expected


def test_a_server_that_keeps_rows_back_is_found_out(server: Server, filled: EmbeddedStore) -> None:
    engine = filled._engine
    assert engine is not None
    whole_answer = endpoint(engine, 1000)

    def route(handler: Handler) -> None:
        asked = question(handler)
        later = "OFFSET" in asked and "OFFSET 0" not in asked
        nothing = answers(b'{"head":{"vars":["s"]},"results":{"bindings":[]}}')
        (whole_answer if "COUNT" in asked else nothing if later else endpoint(engine, 7))(handler)

    server.routes["/sparql"] = route
    with pytest.raises(EndpointError, match="gave 7 of 60 rows"):
        remote(server).query("SELECT ?s { ?s <e:to> ?o }")


def test_answers_smaller_than_a_complete_one_are_not_counted(server: Server, filled: EmbeddedStore) -> None:
    assert filled._engine is not None
    server.routes["/sparql"] = endpoint(filled._engine, 1000)
    store = remote(server)
    store.query("SELECT ?s { ?s <e:to> ?o }")
    assert len(server.asked) == 3  # about the default graph, the query, its rows counted
    for _ in range(3):
        store.query("SELECT ?s { ?s <e:n> '3' }")
    assert len(server.asked) == 3 + 3


@pytest.mark.parametrize(
    "sparql",
    [
        """BASE <http://x/> PREFIX a: <b:> # }
        SELECT ?a FROM <g:1> FROM NAMED a:g { ?a ?b '}' } GROUP BY ?a HAVING (1 < 2)
        ORDER BY DESC(?a) ?b LIMIT 3 OFFSET 4 VALUES ?a { <a:> }""",
        "select*where{?a ?b ?c}limit 5",
        "SELECT (1 AS ?x) {} OFFSET 2",
    ],
)
def test_a_query_taken_apart_means_the_same(sparql: str) -> None:
    assert parts_of(whole(parts_of(sparql))) == parts_of(sparql)
