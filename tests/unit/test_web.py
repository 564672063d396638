"""Parts of the service without a server: what a request asks for, what a worker may not do, how a query is bounded."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migkg.errors import QueryError
from migkg.sparql import extended, prepare, prepare_update, written_graphs
from migkg.store import EmbeddedStore
from migkg.web import frames, graphs, protocol
from migkg.web.frames import Job
from migkg.web.guard import check_right_to_write, host_of
from migkg.web.protocol import GRAPHS, TABLES, BadRequest, negotiate, parse
from migkg.web.settings import Settings

linux = pytest.mark.skipif(sys.platform != "linux", reason="these bounds are Linux's; elsewhere others hold")

# --- a worker's bounds ---


def confined(code: str) -> subprocess.CompletedProcess[str]:
    begin = "import pyoxigraph as ox\nfrom migkg.web import confine\n"
    return subprocess.run([sys.executable, "-c", begin + code], capture_output=True, text=True, check=False, timeout=60)


@linux
@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.socket()",
        "import socket; socket.socket(socket.AF_UNIX)",
        "import os; os.execv('/bin/true', ['true'])",
        "import subprocess; subprocess.run(['/bin/true'])",
        "list(ox.Store().query('SELECT * { SERVICE <http://127.0.0.1:8099/> { ?s ?p ?o } }'))",
        "ox.Store().update('LOAD <http://127.0.0.1:8099/>')",
    ],
)
def test_a_worker_reaches_nobody(code: str) -> None:
    done = confined("assert confine.forbid_network()\n" + code)
    assert done.returncode == 1
    assert "Operation not permitted" in done.stderr


@linux
def test_a_worker_has_so_much_memory() -> None:
    code = "confine.limit_memory(64 * 1024 * 1024)\nheld = bytearray({} * 1024 * 1024)"
    assert confined(code.format(32)).returncode == 0
    assert "MemoryError" in confined(code.format(80)).stderr


@linux
def test_a_worker_works_so_long() -> None:
    assert confined("confine.limit_work(0.1)\nwhile True: pass").returncode == -24  # SIGXCPU


# --- a query's rows ---


@pytest.mark.parametrize(
    ("query", "limited"),
    [
        ("SELECT * { ?s ?p ?o }", "SELECT * { ?s ?p ?o }\nLIMIT 9\n"),
        ("SELECT * { ?s ?p ?o } LIMIT 5", None),
        ("SELECT * { ?s ?p ?o } LIMIT 50 OFFSET 7", "SELECT * { ?s ?p ?o } LIMIT 9 OFFSET 7"),
        ("SELECT * { ?s ?p ?o } ORDER BY DESC(?s)", "SELECT * { ?s ?p ?o } ORDER BY DESC(?s)\nLIMIT 9\n"),
        ("SELECT * { ?s ?p ?o } VALUES ?s { 1 }", "SELECT * { ?s ?p ?o } \nLIMIT 9\nVALUES ?s { 1 }"),
        (
            "SELECT * { { SELECT * { ?s ?p ?o } LIMIT 50 } }",
            "SELECT * { { SELECT * { ?s ?p ?o } LIMIT 50 } }\nLIMIT 9\n",
        ),
        ("SELECT * { ?s ?p 'LIMIT 3 }' } # LIMIT 3", "SELECT * { ?s ?p 'LIMIT 3 }' } # LIMIT 3\nLIMIT 9\n"),
        ("ASK { ?s ?p ?o }", None),
        ("CONSTRUCT { ?s ?p ?o } WHERE { { SELECT * { ?s ?p ?o } } }", None),
    ],
)
def test_a_limit_is_put_where_it_counts(query: str, limited: str | None) -> None:
    made = prepare(query, {}).limited(9)
    assert made == limited
    ox.Store().query(made or query)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=3), st.integers(1, 12), st.booleans())
def test_a_limited_query_gives_the_first_rows(numbers: list[int], most: int, ordered: bool) -> None:  # noqa: FBT001
    inner, *limits = numbers
    query = f"SELECT ?n {{ {{ SELECT ?n {{ VALUES ?n {{ {' '.join(map(str, range(20)))} }} }} LIMIT {inner} }} }}"
    query += " ORDER BY ?n" if ordered else ""
    query += f" LIMIT {limits[0]}" if limits else ""
    store = ox.Store()
    whole = [row["n"] for row in store.query(query)]  # type: ignore[union-attr]
    some = [row["n"] for row in store.query(prepare(query, {}).limited(most) or query)]  # type: ignore[union-attr]
    assert some == whole[:most]


@pytest.mark.parametrize(
    "text",
    ["LOAD <x:y>", "load silent <x:y> into graph <x:z>", "INSERT { ?s ?p ?o } WHERE { SERVICE <x:y> { ?s ?p ?o } }",
     "INSERT DATA { <x:a> <x:b> 1 }; LOADSILENT<x:y>"],
)  # fmt: skip
def test_an_update_stays_here(text: str) -> None:
    with pytest.raises(QueryError):
        prepare_update(text)


def test_words_in_literals_do_not_count() -> None:
    prepare_update('INSERT DATA { GRAPH <x:g> { <x:load> <x:service> "LOAD SERVICE" } } # LOAD')


# --- updates ---


@pytest.mark.parametrize(
    ("text", "graphs"),
    [
        ("INSERT DATA { GRAPH <x:g> { <x:a> <x:b> 1 ; <x:c> 2 . } GRAPH<x:h> {} }", "x:g x:h"),
        ("delete data { graph <x:g> { <x:a> x: 'GRAPH ?g }' } }; insert data { graph <x:h> {} };", "x:g x:h"),
        ("DELETE WHERE { GRAPH <x:g> { ?s ?p ?o } }", "x:g"),
        ("WITH <x:g> DELETE { ?s ?p 1 } INSERT { ?s ?p 2 . GRAPH <x:h> { } } USING NAMED <x:i> WHERE {}", "x:g x:h"),
        ("DELETE { GRAPH <x:g> { ?s ?p ?o } } WHERE { ?s ?p ?o FILTER (?o > 1) } # GRAPH ?g", "x:g"),
        ("CREATE SILENT GRAPH <x:h> ; INSERT DATA { GRAPH <x:g> { <x:a> <x:b> 1 } }", "x:g x:h"),
        ("DELETE DATA { GRAPH <x:g> { <x:a> <x:b> 1 } } ; DROP GRAPH <x:h> ; CLEAR SILENT GRAPH <x:i>", "x:g x:h x:i"),
        ("PREFIX x: <x:y/> INSERT DATA { GRAPH x:g { <x:a> <x:b> 1 } } ; PREFIX : <x:> CLEAR GRAPH :h", "x:y/g x:h"),
        ("INSERT DATA { GRAPH mig:g { <x:a> <x:b> 1 } }", "https://w3id.org/migkg/ont#g"),
        ("PREFIX mig: <x:> INSERT DATA { GRAPH mig:g { <x:a> <x:b> 1 } }", "x:g"),
        ("", ""),
        ("INSERT DATA { <x:a> <x:b> 1 }", None),
        ("INSERT DATA { GRAPH <x:g> { <x:a> <x:b> 1 } . <x:a> <x:b> 1 }", None),
        ("WITH <x:g> DELETE { ?s ?p 1 } WHERE { ?s ?p 1 } ; DELETE WHERE { ?s ?p 1 }", None),
        ("DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }", None),
        ("INSERT DATA { GRAPH <g> { <x:a> <x:b> 1 } }", None),
        ("INSERT DATA { GRAPH <x:a/../g> { <x:a> <x:b> 1 } }", None),
        ("INSERT DATA { GRAPH <x:\\u0067> { <x:a> <x:b> 1 } }", None),
        ("PREFIX mig: <x:> PREFIX mig: <y:> INSERT DATA { GRAPH mig:g { <x:a> <x:b> 1 } }", None),
        ("PREFIX x: <x:y/> INSERT DATA { GRAPH x:.g { <x:a> <x:b> 1 } }", None),
        ("PREFIX x: <x:> INSERT DATA { GRAPH x:g%20h { <x:a> <x:b> 1 } }", None),
        ("PREFIX x: <y/> INSERT DATA { GRAPH x:g { <x:a> <x:b> 1 } }", None),
        ("INSERT DATA { GRAPH nowhere:g { <x:a> <x:b> 1 } }", None),
        ("CLEAR ALL", None),
        ("CLEAR SILENT NAMED", None),
        ("DROP DEFAULT", None),
        ("COPY <x:g> TO <x:h>", None),
    ],
)  # fmt: skip
def test_graphs_that_an_update_names(text: str, graphs: str | None) -> None:
    assert written_graphs(prepare_update(text)) == (None if graphs is None else frozenset(graphs.split()))


@pytest.mark.parametrize("text", ["", "  # nothing\n", "CLEAR ALL", "CLEAR ALL ;", "CLEAR ALL ; # that is all"])
def test_an_update_goes_on(text: str) -> None:
    store = ox.Store()
    store.update("INSERT DATA { <x:a> <x:b> <x:c> }")
    store.update(extended(prepare_update(text), "INSERT DATA { <x:d> <x:e> <x:f> }"))
    held = {quad.subject.value for quad in store}
    assert held == ({"x:d"} if "CLEAR" in text else {"x:a", "x:d"})


NAMES = st.sampled_from(["<x:a>", "<x:b>", "<x:c>"])
TRIPLES = st.lists(st.tuples(NAMES, NAMES, NAMES).map(" ".join), min_size=1, max_size=4).map(" . ".join)
GRAPHS_GIVEN = st.sampled_from(["<x:a>", "<x:g>", "<x:h>", "mig:g"])
OPERATIONS = st.one_of(
    st.builds("INSERT DATA {{ GRAPH {} {{ {} }} GRAPH <x:i> {{ {} }} }}".format, GRAPHS_GIVEN, TRIPLES, TRIPLES),
    st.builds("DELETE DATA {{ GRAPH {} {{ {} }} }}".format, GRAPHS_GIVEN, TRIPLES),
    st.builds("DELETE WHERE {{ GRAPH {} {{ {} ?p ?o }} }}".format, GRAPHS_GIVEN, NAMES),
    st.builds("DELETE {{ GRAPH {} {{ ?s ?p {} }} }} WHERE {{ ?s ?p {} }}".format, GRAPHS_GIVEN, NAMES, NAMES),
    st.builds("WITH {} DELETE {{ ?s ?p {} }} INSERT {{ ?p ?s ?o }} WHERE {{ ?s ?p ?o }}".format, GRAPHS_GIVEN, NAMES),
    st.builds("INSERT {{ GRAPH ?s {{ ?s ?p ?o }} }} WHERE {{ GRAPH {} {{ ?s ?p ?o }} }}".format, GRAPHS_GIVEN),
    st.builds("INSERT DATA {{ {} }}".format, TRIPLES),
    st.builds("DELETE DATA {{ {} }}".format, TRIPLES),
    st.builds("CLEAR SILENT GRAPH {}".format, GRAPHS_GIVEN),
    st.builds("DROP SILENT GRAPH {}".format, GRAPHS_GIVEN),
    st.builds("PREFIX mig: <x:> INSERT DATA {{ GRAPH mig:a {{ {} }} }}".format, TRIPLES),
    st.sampled_from(["CLEAR ALL", "DROP NAMED", "CLEAR DEFAULT"]),
    st.builds("CREATE SILENT GRAPH {}".format, GRAPHS_GIVEN),
    st.builds("MOVE SILENT {} TO {}".format, GRAPHS_GIVEN, GRAPHS_GIVEN),
)  # fmt: skip


@given(st.lists(st.lists(OPERATIONS, max_size=3).map(" ;\n".join), max_size=5))
def test_the_default_graph_follows_every_update(updates: list[str]) -> None:
    store, other = EmbeddedStore(), EmbeddedStore()
    for text in updates:
        graphs.update(store, Job("update", {"text": text, "base": "x:"}))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(graphs, "written_graphs", lambda _: None)
            graphs.update(other, Job("update", {"text": text, "base": "x:"}))
        held = set(store.engine)
        assert held == set(other.engine)
        assert {q.triple for q in held if q.graph_name == ox.DefaultGraph()} == {
            q.triple for q in held if q.graph_name != ox.DefaultGraph()
        }


@pytest.mark.parametrize(
    "text",
    [
        "PREFIX a: <x:a/> DELETE DATA {} ; PREFIX b: <x:b/> INSERT DATA { GRAPH <x:g> { b:s a:p 1 . a:s a:p 1 } }",
        "prefix a: <x:a/>\nCLEAR ALL;PREFIX b: <x:b/> PREFIX a: <x:a/>INSERT DATA{GRAPH <x:g> {b:s a:p 1 . a:s a:p 1}}",
        "PREFIX : <x:b/> PREFIX mig: <x:a/> INSERT DATA { GRAPH <x:g> { :s mig:p 1 . mig:s mig:p 1 } }",
    ],
)  # fmt: skip
def test_prefixes_may_be_declared_before_each_operation(text: str) -> None:
    store = EmbeddedStore()
    graphs.update(store, Job("update", {"text": text, "base": "x:"}))
    assert {quad.subject.value for quad in store.quads("x:g")} == {"x:a/s", "x:b/s"}
    assert {quad.predicate.value for quad in store.quads()} == {"x:a/p"}


def test_a_graph_with_a_blank_node_is_followed_too() -> None:
    store = EmbeddedStore()
    for text in ("INSERT { GRAPH <x:g> { _:b <x:p> 1 } } WHERE {}", "DELETE WHERE { GRAPH <x:g> { ?s <x:p> ?o } }"):
        graphs.update(store, Job("update", {"text": text, "base": "x:"}))
        assert len(store.engine) == (2 if "INSERT" in text else 0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("INSRT DATA {}", 'the update cannot be read from "INSRT" on (column 1). Did you mean INSERT?'),
        ("DROP", "the update ends too early (column 5)"),
        ("INSERT DATA {\n GRAPH <x:g> { <x:a> <x:b> 1 }", 'update:1: the "{" is not closed (column 13)'),
        ("DELETE WHERE {\n ?s ogr:a ?o }", 'update:2: the prefix "ogr:" is not declared (column 5). Did you mean org:'),
        ("PREFIX a: <x:>\nINSERT DATA { GRAPH <x:g> { a:s a:p } }", 'update:2: the update cannot be read from "}" on'),
        ("PREFIX a: <x:> CLEAR ALL ; PREFIX a: <y:> CLEAR ALL", 'cannot be read from "PREFIX" on (column 28)'),
        ("PREFIX a:b <x:> CLEAR ALL", "update:1: the update cannot be read from"),
        ("DROP GRAPH mig:g ; PREFIX mig: <x:> DROP GRAPH mig:g", 'cannot be read from "PREFIX" on (column 20)'),
        ("CLEAR GRAPH <x:g>", "The graph <x:g> does not exist"),
    ],
)
def test_an_update_that_cannot_be_read(text: str, told: str) -> None:
    with pytest.raises(QueryError) as caught:
        graphs.update(EmbeddedStore(), Job("update", {"text": text, "base": "x:"}))
    assert told in str(caught.value)


# --- requests ---


@pytest.mark.parametrize(
    ("accept", "table", "graph"),
    [
        ("", "json", "ttl"),
        ("*/*", "json", "ttl"),
        ("text/csv", "csv", None),
        ("text/csv;q=0", None, None),
        ("application/json;q=0.2, text/tab-separated-values;q=0.9", "tsv", "jsonld"),
        ("TEXT/CSV ; q=0.5 , */*;q=0.1", "csv", "ttl"),
        ("application/rdf+xml", None, "rdfxml"),
        ("nonsense; q=x", None, None),
        (",,;;", None, None),
    ],
)
def test_negotiation(accept: str, table: str | None, graph: str | None) -> None:
    assert (negotiate(accept, TABLES), negotiate(accept, GRAPHS)) == (table, graph)


@given(st.text(max_size=60))
def test_any_accept_header_is_read(accept: str) -> None:
    assert negotiate(accept, TABLES) in (None, *TABLES)


@given(
    st.sampled_from(["GET", "POST", "QUERY", "HEAD"]), st.binary(max_size=60), st.binary(max_size=60),
    st.sampled_from(["", "application/sparql-query", "application/x-www-form-urlencoded", "text/x;charset=é"]),
)  # fmt: skip
def test_any_request_is_read_or_refused(method: str, query: bytes, body: bytes, media: str) -> None:
    try:
        assert parse(method, query, media, body).kind in ("", "query", "update")
    except BadRequest as error:
        assert error.status in (400, 405, 415)


def test_frames() -> None:
    data = frames.pack({"a": "ü"}, b"\x00body")
    assert frames.read(io.BytesIO(data)) == ({"a": "ü"}, b"\x00body")
    assert all(frames.read(io.BytesIO(data[:cut])) is None for cut in range(len(data)))


# --- who may write ---


@pytest.mark.parametrize(
    ("authorization", "origin", "status"),
    [
        ("Bearer sesame", "", None),
        ("bearer  sesame", "", None),
        ("Basic YW55Ym9keTpzZXNhbWU=", "", None),
        ("Bearer sesame", "http://here:80", None),
        ("Bearer sesame", "http://elsewhere", 403),
        ("Bearer sesame", "null", 403),
        ("Bearer Sesame", "", 401),
        ("Bearer", "", 401),
        ("Basic sesame", "", 401),
        ("Basic §", "", 401),
        ("Digest sesame", "", 401),
        ("", "", 401),
    ],
)
def test_right_to_write(authorization: str, origin: str, status: int | None, tmp_path: Path) -> None:
    settings = Settings(tmp_path, token="sesame")  # noqa: S106
    if status is None:
        check_right_to_write(settings, authorization, origin, "here:80")
        return
    with pytest.raises(BadRequest) as caught:
        check_right_to_write(settings, authorization, origin, "here:80")
    assert caught.value.status == status


def test_without_a_token_nobody_may_write(tmp_path: Path) -> None:
    for authorization in ("", "Bearer ", "Basic Og=="):
        with pytest.raises(BadRequest) as caught:
            check_right_to_write(Settings(tmp_path), authorization, "", "here")
        assert caught.value.status == 403


@pytest.mark.parametrize(
    ("given", "name"), [("a.b:80", "a.b"), ("[::1]:8", "::1"), ("[::1", "::1"), ("", ""), (":8", "")]
)
def test_name_in_a_host_header(given: str, name: str) -> None:
    assert host_of(given) == name


def test_parameters_are_read_as_the_standard_says() -> None:
    asked = parse("POST", b"default-graph-uri=x:a", protocol.FORM_TYPE, b"query=ASK+%7B%7D&named-graph-uri=x:b")
    assert (asked.text, asked.default, asked.named) == ("ASK {}", ("x:a",), ("x:b",))
