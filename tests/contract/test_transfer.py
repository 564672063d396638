"""push and pull on real servers: what arrives, what is left alone, and what a server or a process that dies leaves."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from pathlib import Path
from threading import Timer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from children import Child, push_aloud
from migkg import queries, rdf
from migkg.cli import main
from migkg.errors import EndpointError, GraphError, QueryError
from migkg.folder import FETCHED, publish, read_manifest, staged
from migkg.kg import KnowledgeGraph, RemoteGraph
from migkg.store import EmbeddedStore, RemoteStore, Rows, Store
from migkg.store.base import Statement
from migkg.transfer import pull, push
from servers import SparqlServer, fuseki
from webs import Handler, Server

FIXTURES = Path(__file__).parents[1] / "fixtures"
SERVERS = ["fuseki", "fuseki-union", "virtuoso"]
OTHER = "https://example.org/of-somebody-else"
ADDED = "https://w3id.org/migkg/id/graph/added"


def statement(text: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode("https://example.org/a"), ox.NamedNode("https://example.org/p"), ox.Literal(text))


def folder_of(folder: Path, change: Callable[[EmbeddedStore], None] = lambda _: None) -> Path:
    """A graph folder with the graphs of the fixture."""
    with staged(folder) as staging:
        with EmbeddedStore.open(staging / "store") as store:
            store.bulk_load(FIXTURES / "graph.trig")
            change(store)
        known = {"articles": [], "facts": {"Hosting": 1}, "findings": [], "unmatched": ["s"], "checked": True}
        publish(folder, staging, {**known, "spans": 7})
    return folder


def added(many: int, each: int, word: str = "") -> Callable[[EmbeddedStore], None]:
    """A change for `folder_of`: so many graphs more, each with so many statements that all share and one of its own."""

    def change(store: EmbeddedStore) -> None:
        shared = [statement(f"{word} {m}") for m in range(each)]
        for n in range(many):
            store.put_graph(f"{ADDED}-{n}", [*shared, statement(f"{word} of {n}")])

    return change


def quads(store: Store) -> set[str]:
    """Every named graph; of our literals, Virtuoso writes booleans in another way, and Fuseki's TDB decimal numbers."""
    found = {f"{q} {q.graph_name}" for name in store.graph_names() for q in store.quads(name)}
    boolean = '"^^<http://www.w3.org/2001/XMLSchema#boolean>'
    for word, digit in (("true", "1"), ("false", "0")):
        found = {line.replace(f'"{word}{boolean}', f'"{digit}{boolean}') for line in found}
    return {re.sub(r'^(.* "\d+)\.0("\^\^\S+#decimal>)', r"\1\2", line) for line in found}


def count(store: RemoteStore) -> int:
    """Triples of the default graph, without the notes, which a server that computes the union shows there too."""
    rows = store.query("SELECT ?s { ?s <https://w3id.org/migkg/ont#pushed> ?note }")
    assert isinstance(rows, Rows)
    return store.count() - len(rows.rows)


@pytest.fixture(params=SERVERS)
def sparql(request: pytest.FixtureRequest) -> SparqlServer:
    """A server without graphs."""
    running: SparqlServer = request.getfixturevalue(request.param.replace("-", "_") + "_server")
    running.clear()
    return running


@pytest.fixture
def target(sparql: SparqlServer) -> Iterator[RemoteStore]:
    with RemoteStore(sparql.endpoint, **sparql.options) as store:
        yield store


def test_there_and_back(target: RemoteStore, tmp_path: Path) -> None:
    steps: list[tuple[int, int, str]] = []
    with KnowledgeGraph(folder_of(tmp_path / "kg")) as graph:
        names = graph.store.graph_names()
        done = push(graph, target, progress=lambda *step: steps.append(step))
        assert sorted(done.sent) == list(names)
        assert done.sent[0] == rdf.ONTOLOGY_GRAPH, "articles come after what they refer to"
        assert [step[:2] for step in steps] == [(n, len(names)) for n in range(len(names))]
        again = push(graph, target)
        assert (sorted(again.kept), again.sent, again.missing, again.others) == (list(names), (), (), ())
        assert target.graph_names() == names
        assert count(target) == graph.store.count()
        pulled = pull(target, tmp_path / "copy")
        assert sorted(pulled.sent) == list(names)
        with KnowledgeGraph(tmp_path / "copy") as copy:
            assert quads(copy.store) == quads(graph.store) == quads(target)
            assert copy.store.count() == graph.store.count()
            assert copy.manifest == {**graph.manifest, "store": copy.manifest["store"]}


def test_only_what_changed_is_sent(target: RemoteStore, tmp_path: Path) -> None:
    target.put_graph(OTHER, [statement("not ours")])
    with KnowledgeGraph(folder_of(tmp_path / "kg", lambda s: s.put_graph(ADDED, [statement("one")]))) as graph:
        push(graph, target)
    with KnowledgeGraph(folder_of(tmp_path / "kg", lambda s: s.put_graph(ADDED, [statement("two")]))) as graph:
        assert push(graph, target).sent == (ADDED,)
        assert push(graph, target).sent == ()
        target.put_graph(ADDED, [statement("edited there"), statement("by hand")])
        assert push(graph, target).sent == (ADDED,), "the note alone is not believed"
    with KnowledgeGraph(folder_of(tmp_path / "kg")) as graph:
        left = push(graph, target)
        assert (left.sent, left.removed, left.others) == ((), (), (OTHER, ADDED))
        gone = push(graph, target, delete=True)
        assert (gone.removed, gone.others) == ((ADDED,), (OTHER,))
        assert set(target.graph_names()) == {*graph.store.graph_names(), OTHER}
        target.delete_graph(OTHER)
        assert count(target) == graph.store.count()


def test_pull_fetches_only_what_the_folder_lacks(target: RemoteStore, tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="holds no named graph"):
        pull(target, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    with KnowledgeGraph(folder_of(tmp_path / "kg")) as graph:
        push(graph, target)
        names = graph.store.graph_names()
    pull(target, tmp_path / "copy")
    target.put_graph(ADDED, [statement("by other means")])
    pulled = pull(target, tmp_path / "copy")
    assert ADDED in pulled.sent
    if len(pulled.sent) > 1:  # what Virtuoso rewrote is not what the note tells
        assert all(name in (ADDED, rdf.ONTOLOGY_GRAPH) for name in pulled.sent)
    assert len(pulled.sent) + len(pulled.kept) == len(names) + 1


def test_a_server_filled_by_other_means_can_be_pulled(target: RemoteStore, tmp_path: Path) -> None:
    target.bulk_load(FIXTURES / "graph.trig")
    pull(target, tmp_path / "copy")
    with KnowledgeGraph(tmp_path / "copy") as copy:
        assert len(copy.manifest["articles"]) == 4
        assert copy.manifest["facts"]["Hosting"] > 0
        assert not copy.manifest["checked"]
        assert len(copy.query("people")) > 0


ASKED = {
    **{
        name: {}
        for name in queries.questions()
        if not any(p.default is None and not p.optional for p in queries.question(name).parameters.values())
    },
    "facts": {"entity": "Rina Hartati"},
    "sources-of-fact": {"fact": "fact/hosting-1"},
    "who-spoke-about": {"policy": "GCM"},
    "policy-timeline": {"policy": "GCM"},
    "law-family": {"law": "policy/uu-39-2004"},
    "organisation-units": {"organization": "UN"},
}


# Not asked there: Virtuoso 7.2.5 gives no group whose key is unbound, reads paths and NOT EXISTS in its own way here
# and there, and runs out of memory on the last one.
OTHERWISE = {"virtuoso": {"event-places", "objective-gaps", "possible-same-events", "speakers", "two-employers"}}


def test_every_question_has_the_same_answer_on_a_server(target: RemoteStore, sparql: SparqlServer) -> None:
    with EmbeddedStore() as own:
        own.bulk_load(FIXTURES / "graph.trig")
        target.bulk_load(FIXTURES / "graph.trig")
        differ = {}
        for name in ASKED.keys() - OTHERWISE.get(sparql.kind, set()):
            asked, params = queries.question(name), ASKED[name]
            expected = queries.run(own, asked, params).rows
            try:
                found = queries.run(target, asked, params).rows
            except QueryError as error:
                differ[name] = str(error)
                continue
            if expected != found:
                differ[name] = f"{expected} {found}"
        assert differ == {}
    with RemoteGraph(sparql.endpoint, **sparql.options) as graph:
        assert graph.explain("Rina Hartati").facts
        assert len(graph.graph()) == target.count()


# --- servers and processes that die ---


def whole(store: Store, *expected: Store) -> None:
    """Each graph on a server is one of those that were sent."""
    read, sent = quads(store), [quads(one) for one in expected]
    for name in store.graph_names():
        held = {line for line in read if line.endswith(f"<{name}>")}
        assert any(held == {line for line in lines if line.endswith(f"<{name}>")} for lines in sent), f"half of {name}"


def starts(timer: Timer, at: int) -> Callable[[int, int, str], None]:
    """A progress callback that starts a timer at a step."""

    def tell(done: int, *_: object) -> None:
        if done == at:
            timer.start()

    return tell


def test_a_server_that_is_killed_leaves_whole_graphs(tmp_path: Path) -> None:
    """At a random point; the push goes on where it ended."""
    chance = random.Random(4)  # noqa: S311
    (tmp_path / "data").mkdir()
    arguments = ("--tdb2", f"--loc={tmp_path / 'data'}")
    many = 12

    with KnowledgeGraph(folder_of(tmp_path / "kg", added(many, 50))) as graph:
        names = set(graph.store.graph_names())
        with fuseki(*arguments, log=tmp_path / "log.txt") as sparql:
            store = RemoteStore(sparql.endpoint, pause=0.01)
            timer = Timer(chance.random() * 0.02, sparql.kill)
            done = push(graph, store, progress=starts(timer, chance.randrange(3, many)))
            assert isinstance(done.error, EndpointError)
            assert names == {*done.sent, *done.kept, *done.missing}
            before = len(done.sent)
            assert before >= 3
        with fuseki(*arguments, log=tmp_path / "log.txt") as sparql, RemoteStore(sparql.endpoint) as store:
            assert len(store.graph_names()) >= before, "what was there is there"
            whole(store, graph.store)
            done = push(graph, store)
            assert done.error is None
            assert len(done.kept) >= before, "resumed"
            assert quads(store) == quads(graph.store)
            assert store.count() == graph.store.count()


def test_a_push_that_is_killed_can_be_resumed(target: RemoteStore, sparql: SparqlServer, tmp_path: Path) -> None:
    """At random points, a new state over an older one."""
    chance = random.Random(8)  # noqa: S311

    with KnowledgeGraph(folder_of(tmp_path / "old", added(10, 40, "old"))) as graph:
        push(graph, target)
    folder_of(tmp_path / "new", added(10, 40, "new"))
    with (
        KnowledgeGraph(tmp_path / "new") as new,
        KnowledgeGraph(tmp_path / "old") as old,
    ):
        total = len(new.store.graph_names())
        for at in (chance.randrange(3, 8), chance.randrange(8, total - 5)):
            pushing = Child(push_aloud, tmp_path / "new", sparql.endpoint, sparql.options)
            pushing.wait_for(at)
            time.sleep(chance.random() * 0.02)
            pushing.kill()
            time.sleep(0.2)  # what the server has begun, it ends
            whole(target, new.store, old.store)
        login = {f"MIGKG_{name.upper()}": value for name, value in sparql.options.items()}
        command = ["push", "--endpoint", sparql.endpoint, "--kg", str(tmp_path / "new"), "--json"]
        done = CliRunner(env=login).invoke(main, command)
        assert done.exit_code == 0, done.output
        assert quads(target) == quads(new.store)
        assert count(target) == new.store.count()


class Stopping(RemoteStore):
    """Ends its process' work before or after one of the requests that write, as a kill between two of them does."""

    def __init__(self, endpoint: str, at: int, *, before: bool, **options: Any) -> None:
        super().__init__(endpoint, **options)
        self.left, self.before = at, before

    def _counted(self, write: Callable[[], None]) -> None:
        if self.left == 0 and self.before:
            raise KeyboardInterrupt
        write()
        if self.left == 0:
            raise KeyboardInterrupt
        self.left -= 1

    def mark(self, name: str, text: str) -> None:
        self._counted(lambda: super(Stopping, self).mark(name, text))

    def put_graph(self, name: str, triples: Iterable[Statement]) -> None:
        self._counted(lambda: super(Stopping, self).put_graph(name, triples))


def test_a_push_that_ends_between_any_two_requests_can_be_resumed(
    target: RemoteStore, sparql: SparqlServer, tmp_path: Path
) -> None:
    """A kill at random points hardly ever falls between a graph and the note beside it."""

    folder_of(tmp_path / "old", added(2, 1, "old"))
    folder_of(tmp_path / "new", added(2, 1, "new"))
    with KnowledgeGraph(tmp_path / "old") as old, KnowledgeGraph(tmp_path / "new") as new:
        points = 0
        for at, before in product(range(20), (True, False)):
            push(old, target)
            with Stopping(sparql.endpoint, at, before=before, **sparql.options) as stopping:
                try:
                    push(new, stopping)
                except KeyboardInterrupt:
                    points += 1
                else:
                    break
            whole(target, new.store, old.store)
            for kg in (old, new):  # back again, too: what was sent last must not be taken for what was noted last
                assert push(kg, target).error is None
                assert quads(target) == quads(kg.store)
                assert count(target) == kg.store.count()
            assert push(new, target).sent == ()
        # The note of the build goes first and comes last; each graph loses its note, is sent, and is noted.
        assert points == 2 * (1 + 2 * 3 + 1)


def test_a_pull_that_fails_leaves_the_folder_as_it_was(target: RemoteStore, tmp_path: Path) -> None:
    with KnowledgeGraph(folder_of(tmp_path / "kg", lambda s: s.put_graph(ADDED, [statement("one")]))) as graph:
        push(graph, target)
    with KnowledgeGraph(folder_of(tmp_path / "copy")) as graph:
        before = quads(graph.store)

    def stop(done: int, *_: object) -> None:
        if done == 3:
            raise EndpointError("the server is gone")

    with pytest.raises(EndpointError):
        pull(target, tmp_path / "copy", progress=stop)
    with KnowledgeGraph(tmp_path / "copy") as graph:
        assert quads(graph.store) == before
    assert sorted(path.name for path in (tmp_path / "copy").iterdir() if "building" in path.name) == []


def test_a_first_pull_that_is_killed_is_resumed(target: RemoteStore, sparql: SparqlServer, tmp_path: Path) -> None:
    source = folder_of(tmp_path / "kg", lambda s: s.put_graph(ADDED, [statement('a "line"\nand one')]))
    with KnowledgeGraph(source) as graph:
        push(graph, target)
        stop = len(graph.store.graph_names()) - 1

        def killed(done: int, *_: object) -> None:
            if done == stop:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            pull(target, tmp_path / "copy", progress=killed)
        with pytest.raises(GraphError, match="no graph here"):
            read_manifest(tmp_path / "copy")
        asked: list[str | None] = []

        class Listening(RemoteStore):
            def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
                asked.append(graph)
                return super().quads(graph)

        with Listening(sparql.endpoint, **sparql.options) as listening:
            done = pull(listening, tmp_path / "copy")
        assert len(asked) == 1, "only what was not there yet"
        assert len(done.sent) == stop + 1
        with KnowledgeGraph(tmp_path / "copy") as copy:
            assert quads(copy.store) == quads(target)
    assert not (tmp_path / "copy" / FETCHED).exists()


# --- the command line ---


def test_commands(target: RemoteStore, sparql: SparqlServer, tmp_path: Path) -> None:
    kg = str(folder_of(tmp_path / "kg"))
    login = {f"MIGKG_{name.upper()}": value for name, value in sparql.options.items()}
    runner = CliRunner(env=login)
    at = ["--endpoint", sparql.endpoint]
    pushed = runner.invoke(main, ["push", *at, "--kg", kg])
    assert (pushed.exit_code, pushed.stdout) == (0, "7 graphs on the server: 7 sent, 0 there before.\n")
    assert runner.invoke(main, ["push", *at, "--kg", kg, "--json"]).exit_code == 0
    copy = str(tmp_path / "copy")
    pulled = runner.invoke(main, ["pull", *at, "--kg", copy])
    assert (pulled.exit_code, pulled.stdout) == (0, f"7 graphs in {copy}: 7 fetched, 0 there before.\n")
    for command in (["query", "people", "--format", "csv"], ["explain", "Rina Hartati"]):
        there, here = runner.invoke(main, [*command, *at]), runner.invoke(main, [*command, "--kg", kg])
        assert there.exit_code == here.exit_code == 0
        assert there.stdout == here.stdout


def test_a_push_that_fails_says_what_is_there(server_of_half: Server, tmp_path: Path) -> None:
    command = ["push", "--kg", str(folder_of(tmp_path / "kg")), "--endpoint", f"{server_of_half.url}/sparql"]
    done = CliRunner().invoke(main, [*command, "--update", f"{server_of_half.url}/update"])
    assert done.exit_code == 2
    assert done.stdout == "1 graph on the server: 1 sent, 0 there before.\n"
    assert "Not there, or not as they are here: reference, " in done.stderr
    assert "the server refuses an update (status 507): disk full" in done.stderr
    assert "Run the same command again to go on." in done.stderr


@pytest.fixture
def server_of_half(server: Server) -> Server:
    """A server of our own that has no more room for the second graph."""
    data = ox.Store()
    written: list[str] = []

    def ask(handler: Handler) -> None:
        found = data.query(asked(handler)["query"])
        body = found.serialize(format=ox.QueryResultsFormat.JSON)  # type: ignore[call-arg,union-attr]
        handler.answer(200, body or b"", Content_Type="application/sparql-results+json")

    def update(handler: Handler) -> None:
        text = asked(handler)["update"]
        if "graph/reference" in text:
            handler.answer(507, b"disk full", Content_Type="text/plain")
            return
        written.append(text)
        data.update(text)
        handler.answer(204)

    server.routes |= {"/sparql": ask, "/update": update}
    return server


def asked(handler: Handler) -> dict[str, str]:
    text = handler.body.decode() if handler.command == "POST" else urlsplit(handler.path).query
    return {name: values[0] for name, values in parse_qs(text).items()}
