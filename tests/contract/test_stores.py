"""What every store must do, alike for every kind: add a new kind to `STORES` and it meets the same tests.

What servers do in their own way is a field of their `Kind`, and the test that meets it says what is compared.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migkg.errors import GraphError, MigkgError, QueryError
from migkg.store import EmbeddedStore, RemoteStore, Rows, Store
from servers import SparqlServer

EX = "https://example.org/"
G1, G2, G3 = (f"{EX}graph/{n}" for n in (1, 2, 3))


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(EX + name)


def triple(s: str, p: str, o: str | ox.Literal) -> ox.Triple:
    return ox.Triple(node(s), node(p), o if isinstance(o, ox.Literal) else node(o))


def union(store: Store) -> set[ox.Triple]:
    return {ox.Triple(q.subject, q.predicate, q.object) for g in store.graph_names() for q in store.quads(g)}


def default(store: Store) -> list[ox.Triple]:
    return sorted((ox.Triple(q.subject, q.predicate, q.object) for q in store.quads()), key=str)


def rows(store: Store, sparql: str, **bindings: ox.NamedNode | ox.Literal) -> list[tuple[str, ...]]:
    answer = store.query(sparql, bindings)
    assert isinstance(answer, Rows)
    return [tuple(getattr(term, "value", "") for term in row) for row in answer.rows]


@dataclass(frozen=True)
class Kind:
    """A kind of store.

    :param opened: a new, empty store; its folder is for this test alone, a server is shared by all tests of a process.
    :param rewrites: literals come back with another text of the same value ("01" as 1).
    :param shows_all: `GRAPH ?g` also meets graphs of the server itself.
    :param forgiving: a function that it does not know gives an unbound value, as any other error in an expression.
    """

    opened: Callable[[pytest.FixtureRequest, Path], Store]
    rewrites: bool = False
    shows_all: bool = False
    forgiving: bool = False


def on(name: str, *, settled: bool = False) -> Callable[[pytest.FixtureRequest, Path], Store]:
    """A store on a server, which is a fixture of this name.

    :param settled: with one write behind it, before which the default graph shows triples of the server itself.
    """

    def opened(request: pytest.FixtureRequest, _: Path) -> Store:
        server: SparqlServer = request.getfixturevalue(name)
        store = RemoteStore(server.endpoint, **server.options)
        if settled:
            store.put_graph(G1, [triple("a", "p", "b")])
        server.clear()
        return store

    return opened


STORES = {
    "memory": Kind(lambda *_: EmbeddedStore()),
    "folder": Kind(lambda _, folder: EmbeddedStore.open(folder / "kg")),
    "fuseki": Kind(on("fuseki_server"), forgiving=True),
    "fuseki-union": Kind(on("fuseki_union_server"), forgiving=True),
    "migkg": Kind(on("migkg_server")),
    "virtuoso": Kind(on("virtuoso_server", settled=True), rewrites=True, shows_all=True),
}
KINDS = list(STORES)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return STORES[request.param]


@pytest.fixture
def store(kind: Kind, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with kind.opened(request, tmp_path) as made:
        yield made


# --- graphs ---


def test_new_store_is_empty(store: Store) -> None:
    assert store.graph_names() == ()
    assert store.count() == 0
    assert store.query("ASK { ?s ?p ?o }") is False


def test_holds_what_is_a_subject_or_an_object(store: Store) -> None:
    store.put_graph(G1, [triple("a", "p", "b"), triple("b", "p", ox.Literal("c"))])
    assert [name for name in "abpcd" if store.holds(node(name))] == ["a", "b"]
    assert not store.holds(ox.NamedNode(G1))


def test_put_graph_shows_in_the_named_and_in_the_default_graph(store: Store, kind: Kind) -> None:
    store.put_graph(G1, [triple("a", "p", "b")])
    assert store.graph_names() == (G1,)
    assert rows(store, "SELECT ?s ?o { ?s ?p ?o }") == [(f"{EX}a", f"{EX}b")]
    if not kind.shows_all:
        assert rows(store, "SELECT ?g { GRAPH ?g { ?s ?p ?o } }") == [(G1,)]
    assert (G1,) in rows(store, f"SELECT ?g {{ GRAPH ?g {{ <{EX}a> ?p ?o }} }}")
    assert store.query(f"ASK {{ GRAPH <{G1}> {{ ?s ?p <{EX}b> }} }}") is True
    assert [q.graph_name for q in store.quads(G1)] == [ox.NamedNode(G1)]


def test_put_graph_replaces_the_graph(store: Store) -> None:
    store.put_graph(G1, [triple("a", "p", "b"), triple("a", "p", "c")])
    store.put_graph(G1, [triple("a", "p", "c"), triple("a", "p", "d")])
    assert [q.object for q in sorted(store.quads(G1), key=str)] == [node("c"), node("d")]
    assert default(store) == [triple("a", "p", "c"), triple("a", "p", "d")]


def test_a_triple_of_three_graphs_counts_once(store: Store) -> None:
    for graph in (G1, G2, G3):
        store.put_graph(graph, [triple("a", "p", "b")])
    assert rows(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == [("1",)]
    assert store.count() == 1
    assert store.count(G2) == 1


def test_delete_graph_keeps_what_another_graph_states(store: Store) -> None:
    store.put_graph(G1, [triple("a", "p", "b"), triple("a", "p", "only")])
    store.put_graph(G2, [triple("a", "p", "b")])
    store.delete_graph(G1)
    assert store.graph_names() == (G2,)
    assert default(store) == [triple("a", "p", "b")]
    store.delete_graph(G2)
    assert store.graph_names() == ()
    assert default(store) == []


def test_delete_of_an_absent_graph_does_nothing(store: Store) -> None:
    store.put_graph(G1, [triple("a", "p", "b")])
    store.delete_graph(G2)
    assert store.count() == 1


def test_an_empty_graph_is_no_graph(store: Store) -> None:
    store.put_graph(G1, [triple("a", "p", "b")])
    store.put_graph(G1, [])
    assert store.graph_names() == ()
    assert store.count() == 0


def test_literals_come_back_as_they_went_in(store: Store) -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    literals = [
        ox.Literal('quote " backslash \\ line\nbreak \t tab \u2028 “curly” \U0001f30f'),
        ox.Literal("pembukaan", language="id"),
        ox.Literal("2024-06", datatype=ox.NamedNode(xsd + "gYearMonth")),
        ox.Literal("2024", datatype=ox.NamedNode(xsd + "gYear")),
        ox.Literal("2024-06-12", datatype=ox.NamedNode(xsd + "date")),
        ox.Literal(110),
        ox.Literal(""),
        ox.Literal("} ; DROP ALL ; INSERT DATA { "),
    ]
    store.put_graph(G1, [triple("a", "p", literal) for literal in literals])
    assert {q.object for q in store.quads(G1)} == set(literals)
    store.put_graph(G1, [triple("a", "p", literals[0])])
    assert default(store) == [triple("a", "p", literals[0])]


@pytest.mark.parametrize("name", ["", "not an iri", "relative/path", "https://example.org/a b"])
def test_a_graph_is_named_by_an_absolute_iri(store: Store, name: str) -> None:
    with pytest.raises(GraphError, match="cannot name a graph"):
        store.put_graph(name, [triple("a", "p", "b")])


def test_blank_nodes_are_refused_and_nothing_is_written(store: Store) -> None:
    with pytest.raises(GraphError, match="blank node"):
        store.put_graph(G1, [triple("a", "p", "b"), ox.Triple(ox.BlankNode("x"), node("p"), node("o"))])
    with pytest.raises(GraphError, match="blank node"):
        store.bulk_load(b"<https://e.org/a> <https://e.org/b> _:x <https://e.org/g> .\n")
    assert store.count() == 0


# --- bulk load ---

NQUADS = (
    b"<https://example.org/a> <https://example.org/p> <https://example.org/b> <https://example.org/graph/1> .\n"
    b"<https://example.org/a> <https://example.org/p> <https://example.org/b> <https://example.org/graph/2> .\n"
    b'<https://example.org/a> <https://example.org/p> "x"@id <https://example.org/graph/2> .\n'
)


def test_bulk_load_fills_both_kinds_of_graph(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "all.nq"
    file.write_bytes(NQUADS)
    sources: tuple[Path | bytes | io.BytesIO, ...] = (NQUADS, io.BytesIO(NQUADS), file)
    for source in sources:
        store.bulk_load(source)
        assert store.graph_names() == (G1, G2)
        assert default(store) == [triple("a", "p", ox.Literal("x", language="id")), triple("a", "p", "b")]
    store.put_graph(G3, [triple("c", "p", "d")])
    store.delete_graph(G2)
    assert default(store) == [triple("a", "p", "b"), triple("c", "p", "d")]


def test_bulk_load_reads_trig_by_suffix(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "all.trig"
    file.write_text(f"<{G1}> {{ <{EX}a> a <{EX}B> }}", encoding="utf-8")
    store.bulk_load(file)
    assert store.count(G1) == 1


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (NQUADS + b"<https://example.org/a> <https://example.org/p> .\n", "not readable"),
        (NQUADS + b"<https://example.org/a> <https://example.org/p> <https://example.org/z> .\n", "in no named graph"),
    ],
)
def test_bulk_load_of_broken_data_says_so_and_adds_nothing(store: Store, data: bytes, message: str) -> None:
    with pytest.raises(GraphError, match=message):
        store.bulk_load(data)
    assert store.count() == 0


def test_bulk_load_of_a_missing_file(store: Store, tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="no such file"):
        store.bulk_load(tmp_path / "none.nq")


# --- queries ---


@pytest.fixture
def filled(store: Store) -> Store:
    store.put_graph(G1, [triple("a", "p", "b"), triple("a", "q", ox.Literal("x")), triple("c", "p", "d")])
    return store


def test_columns_keep_the_order_of_the_select(filled: Store) -> None:
    answer = filled.query("SELECT ?o (1 AS ?n) ?s { ?s <https://example.org/p> ?o } ORDER BY ?s")
    assert isinstance(answer, Rows)
    assert answer.columns == ("o", "n", "s")
    assert answer.rows[0] == (node("b"), ox.Literal(1), node("a"))


def test_select_star_is_ordered_by_first_appearance(filled: Store) -> None:
    sparql = (
        "# ?comment\nSELECT DISTINCT * { ?z <https://example.org/p> ?a . FILTER EXISTS { ?z ?hidden ?m } ?z ?m '?s' }"
    )
    answer = filled.query(sparql.replace("'?s'", "?b"))
    assert isinstance(answer, Rows)
    assert answer.columns == ("z", "a", "m", "b")


def test_unbound_is_none(filled: Store) -> None:
    answer = filled.query(f"SELECT ?s ?x {{ ?s <{EX}p> ?o OPTIONAL {{ ?s <{EX}q> ?x }} }} ORDER BY ?s")
    assert isinstance(answer, Rows)
    assert [row[1] for row in answer.rows] == [ox.Literal("x"), None]


def test_ask_and_construct_and_describe(filled: Store) -> None:
    assert filled.query(f"ASK {{ <{EX}a> ?p ?o }}") is True
    made = filled.query("CONSTRUCT { ?o <https://example.org/r> ?s } WHERE { ?s <https://example.org/p> ?o }")
    assert made == (triple("b", "r", "a"), triple("d", "r", "c"))
    described = filled.query(f"DESCRIBE <{EX}c>")
    assert isinstance(described, tuple)
    assert triple("c", "p", "d") in described


def test_usual_prefixes_need_no_declaration(filled: Store) -> None:
    assert rows(filled, "SELECT ?x { VALUES ?x { mig:Fact org:Post skos:Concept } }")[0] == (
        "https://w3id.org/migkg/ont#Fact",
    )


def test_bindings_reach_patterns_filters_and_exists(filled: Store) -> None:
    for pattern in (
        f"?s <{EX}p> ?it",
        f"?s <{EX}p> ?x FILTER(!BOUND(?it) || ?x = ?it)",
        f"?s <{EX}p> ?x FILTER(!BOUND(?it) || EXISTS {{ ?s <{EX}p> ?it }})",
    ):
        assert rows(filled, f"SELECT ?s {{ {pattern} }}", it=node("b")) == [(f"{EX}a",)]
        assert len(rows(filled, f"SELECT ?s {{ {pattern} }}")) == 2


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT (EXISTS { ?s ?p ?it } AS ?there) ?s WHERE { ?s <https://example.org/p> ?it }",
        "SELECT ?it ?s { ?s <https://example.org/p> ?it }",
        "PREFIX ex: <https://example.org/> SELECT ?x ?s FROM <https://example.org/graph/1> { ?s ex:p ?it } #{",
    ],
)
def test_bindings_enter_the_outermost_group(filled: Store, sparql: str) -> None:
    assert [row[1] for row in rows(filled, sparql, it=node("b"))] == [f"{EX}a"]


def test_bindings_in_other_forms(filled: Store) -> None:
    construct = f"CONSTRUCT {{ ?s <{EX}r> ?it }} {{ ?s <{EX}p> ?it }}"
    assert filled.query(construct, {"it": node("b")}) == (triple("a", "r", "b"),)
    assert filled.query(
        f"CONSTRUCT WHERE {{ ?s <{EX}p> ?it }}".replace("WHERE", f"{{ ?s <{EX}p> ?it }} WHERE"), {"it": node("b")}
    ) == (triple("a", "p", "b"),)
    assert filled.query(f"ASK {{ ?s <{EX}p> ?it }}", {"it": node("z")}) is False
    with pytest.raises(QueryError, match="no pattern"):
        filled.query("DESCRIBE ?it", {"it": node("b")})
    with pytest.raises(QueryError, match="no variable"):
        filled.query("SELECT ?s { ?s ?p ?o }", {"it": node("b")})
    with pytest.raises(QueryError, match="cannot be bound"):
        filled.query("SELECT ?it { ?s ?p ?it }", {"it": ox.BlankNode("x")})


@pytest.mark.parametrize(
    "value",
    [
        'x" } DROP ALL #',
        '") } UNION { ?s ?p ?o } #',
        "\\",
        '\\" ) } ?s ?p ?o . { ',
        "line\nbreak } #",
        '"""',
    ],
)
def test_a_bound_value_is_never_read_as_sparql(filled: Store, value: str) -> None:
    filled.put_graph(G2, [triple("hit", "q", ox.Literal(value))])
    assert rows(filled, f"SELECT ?s {{ ?s <{EX}q> ?it }}", it=ox.Literal(value)) == [(f"{EX}hit",)]


# --- what a query must not do ---

CALLS = [
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { service silent <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o .SERVICE<http://127.0.0.1:9/>{ ?s ?p ?o } }",
    "SELECT * { ?s ?p 5.SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p 5e3SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p trueSERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "PREFIX : <http://127.0.0.1:9/> SELECT * { ?s ?p true.SERVICE:x { ?s ?p ?o } }",
    "PREFIX : <http://127.0.0.1:9/> SELECT * { SERVICE:x { ?s ?p ?o } }",
    "PREFIX e: <http://e/> SELECT * { ?s ?p e:.SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "PREFIX e: <http://e/> SELECT * { ?s ?p e:a\\# . SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "PREFIX e: <http://e/> SELECT * { ?s ?p e:a\\' . SERVICE <http://127.0.0.1:9/> { ?s ?p 'o' } }",
    "SELECT * { ?s ?p 'a\\'' . SERVICE <http://127.0.0.1:9/> { ?s ?p 'o' } }",
    'SELECT * { ?s ?p """a"" \\""" """ . SERVICE <http://127.0.0.1:9/> { ?s ?p "" } }',
    "SELECT * { FILTER(1 < 2) SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } FILTER(2 > 1) }",
    "SELECT * { # comment\rSERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p 'a'@en.SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { { SELECT * { SERVICE ?x { ?s ?p ?o } } } }",
]


@pytest.mark.parametrize("sparql", CALLS)
def test_a_query_never_calls_another_service(store: Store, sparql: str) -> None:
    with pytest.raises(QueryError, match="from the graph alone"):
        store.query(sparql)


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT * { ?s <https://example.org/service> 'SERVICE <x> {' } # SERVICE",
        'PREFIX e: <https://example.org/> SELECT * { ?s e:service ?service . ?s ?p """SERVICE "" x""" }',
        "SELECT * { ?s ?p 'x'@en-service }",
    ],
)
def test_the_word_service_is_allowed_where_it_is_no_keyword(store: Store, sparql: str) -> None:
    answer = store.query(sparql)
    assert isinstance(answer, Rows)
    assert answer.rows == ()


@pytest.mark.parametrize(
    "sparql",
    [
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "PREFIX e: <a:> delete where { ?s ?p ?o }",
        "LOAD <http://x/>",
        "DROP ALL",
        "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_a_query_never_changes_the_graph(filled: Store, sparql: str) -> None:
    with pytest.raises(QueryError, match="only reads"):
        filled.query(sparql)
    assert filled.count() == 3


# --- messages ---


@pytest.mark.parametrize(
    ("sparql", "line", "message"),
    [
        ("SELECT * WHERE { ?s ?p }", 1, 'mine.rq:1: the query cannot be read from "}" on (column 24)'),
        ("SELECT ?x\nWHERE {\n  ?x foo:bar ?y }", 3, 'the prefix "foo:" is not declared'),
        ("SELECT ?x WHERE {", 1, 'the "{" is not closed (column 17)'),
        ("", 1, "ends too early"),
        ("SELECT (COUNT(?x) AS ?n) ?y { ?x ?p ?y } GROUP BY ?x", None, "does not bind or group by"),
        ("SELECT ?x { ?x <https://example.org/é> 'é' ?y }", 1, 'from "?y" on (column 44)'),
        ("SELECT ?x {\n  ?x ?p ?y\n  FILTER(?x >>)\n}", 3, 'from ">" on (column 14)'),
        ("SELECT ?x { ?x ?p ?y } ODER BY ?x", 1, 'from "ODER" on (column 24)'),
        ("SELEC ?x { ?x ?p ?y }", 1, 'from "SELEC" on (column 1)'),
        ("SELECT ?x { ?x ?p ?y # }\n", 1, 'the "{" is not closed (column 11)'),
        ("nonsense", 1, 'cannot be read from "nonsense"'),
        ("SELCT ?x { ?x ?p ?y }", 1, "Did you mean SELECT?"),
        ("SELECT ?x {\n ?x ?p ?y FILTR(?y > 1) }", 2, "Did you mean FILTER?"),
        ("SELECT ?x { ?x a shema:Event }", 1, 'the prefix "shema:" is not declared (column 18). Did you mean schema:?'),
        ('SELECT ?x {\n ?x ?p "open }', 2, "the quotation mark is not closed (column 8)"),
        ("SELECT ?x { ?x ?p ?y FILTER(?y > }", 1, 'the "(" is not closed (column 28)'),
        ("SELECT ?x { ?x a http://x.example/y }", 1, "An address stands in angle brackets"),
    ],
)
def test_syntax_errors_say_where_in_few_words(store: Store, sparql: str, line: int | None, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        store.query(sparql, where="mine.rq")
    assert message in str(caught.value)
    assert caught.value.line == line
    assert str(caught.value).startswith("mine.rq:")
    assert "\\u{" not in str(caught.value)
    assert len(str(caught.value)) < 330


def test_syntax_errors_after_a_binding_point_into_the_users_text(store: Store) -> None:
    with pytest.raises(QueryError, match=r'query:1: .* from "}" on .column 20'):
        store.query("SELECT ?s { ?s ?it }", {"it": ox.Literal("x")})


def test_a_query_that_cannot_run(store: Store, kind: Kind) -> None:
    if kind.forgiving:
        answer = store.query("SELECT (<https://example.org/boom>(1) AS ?x) {}")
        assert isinstance(answer, Rows)
        assert answer.rows == ((None,),)
        return
    with pytest.raises(QueryError, match="cannot be run"):
        store.query("SELECT (<https://example.org/boom>(1) AS ?x) {}")


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    store.close()
    with pytest.raises(GraphError, match="closed"):
        store.count()


# --- the default graph is the union, whatever happens ---

_triples = st.builds(
    lambda s, o: triple(s, "p", ox.Literal(o)),
    st.sampled_from(["a", "b"]),
    st.sampled_from(["x", "y", 'z " } \\']),
)
_edits = st.lists(
    st.tuples(
        st.sampled_from(["put", "delete", "bulk"]), st.sampled_from([G1, G2, G3]), st.lists(_triples, max_size=4)
    ),
    max_size=8,
)


@settings(max_examples=150)
@given(_edits)
def test_the_default_graph_is_always_the_union(edits: list[tuple[str, str, list[ox.Triple]]]) -> None:
    with EmbeddedStore() as store:
        expected: dict[str, set[ox.Triple]] = {}
        for what, graph, triples in edits:
            if what == "put":
                store.put_graph(graph, triples)
                expected[graph] = set(triples)
            elif what == "delete":
                store.delete_graph(graph)
                expected.pop(graph, None)
            else:
                store.bulk_load("".join(f"{t} <{graph}> .\n" for t in triples).encode())
                expected.setdefault(graph, set()).update(triples)
            assert union(store) == set().union(*expected.values())
            assert default(store) == sorted(union(store), key=str)
            assert store.graph_names() == tuple(sorted(name for name, held in expected.items() if held))
            assert store.count() == len(union(store))


# --- the folder kind ---


def test_a_folder_keeps_what_was_put(tmp_path: Path) -> None:
    with EmbeddedStore.open(tmp_path / "deep" / "kg") as store:
        store.put_graph(G1, [triple("a", "p", "b")])
    with EmbeddedStore.open(tmp_path / "deep" / "kg", read_only=True) as store:
        assert default(store) == [triple("a", "p", "b")]
        with pytest.raises(GraphError, match="reading only"):
            store.put_graph(G1, [])
    with EmbeddedStore.open(tmp_path / "deep" / "kg") as store:
        assert store.count() == 1


def test_two_readers_at_once(tmp_path: Path) -> None:
    EmbeddedStore.open(tmp_path / "kg").close()
    with (
        EmbeddedStore.open(tmp_path / "kg", read_only=True) as one,
        EmbeddedStore.open(tmp_path / "kg", read_only=True) as two,
    ):
        assert one.count() == two.count() == 0


def _lock(folder: Path) -> object:
    return EmbeddedStore.open(folder)


@pytest.mark.parametrize(
    ("prepare_folder", "read_only", "message"),
    [
        (lambda _: None, True, "there is no graph here.*migkg build"),
        (lambda f: f.mkdir(), True, "there is no graph here.*migkg build"),
        (lambda f: f.write_text("x"), True, "this is a file.*migkg build"),
        (lambda f: f.write_text("x"), False, "this is a file"),
        (lambda f: (f.mkdir(), (f / "x.txt").write_text("x")), True, "other files"),
        (lambda f: (f.mkdir(), (f / "x.txt").write_text("x")), False, "other files"),
        (lambda f: (f.mkdir(), (f / "CURRENT").write_text("x")), True, "cannot be opened"),
        (_lock, False, "another process is writing"),
    ],
)
def test_a_folder_that_is_no_graph(
    tmp_path: Path, prepare_folder: Callable[[Path], object], *, read_only: bool, message: str
) -> None:
    folder = tmp_path / "kg"
    kept = prepare_folder(folder)
    before = sorted(tmp_path.rglob("*.txt"))
    with pytest.raises(GraphError, match=message) as caught:
        EmbeddedStore.open(folder, read_only=read_only)
    assert isinstance(caught.value, MigkgError)
    assert str(folder) in str(caught.value)
    assert sorted(tmp_path.rglob("*.txt")) == before
    del kept
