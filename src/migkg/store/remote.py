"""The remote kind of store: any SPARQL 1.1 endpoint, by SPARQLWrapper.

**The default graph.** To a query it is the union of the named graphs, each triple once, as in an embedded store.
Servers differ, so the first write of a session finds out by a triple in two named graphs, and keeps the promise:

- the server shows nothing of named graphs in its default graph (Fuseki, Oxigraph): the union is kept there;
- it shows their union, each triple once (Fuseki with a union default graph, migkg's own service): nothing to do;
- it shows their union with repetitions (Virtuoso): the union is kept in a named graph, `UNION`, which queries get as
  their default graph by the protocol's `default-graph-uri`.

A query with FROM says itself what its default graph is, and is left as it is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Self
from urllib.parse import quote, urljoin, urlsplit

from migkg.errors import EndpointError, GraphError, QueryError
from migkg.sparql import Term, prepare, text_of, values
from migkg.store.answers import constructed, declared, read_results
from migkg.store.base import Answer, Rows, Statement, graph_node, refuse_blank
from migkg.store.parts import GRAPH, Parts, as_select, by_variables, page, parts_of, total, whole

if TYPE_CHECKING:
    import pyoxigraph as ox

    from migkg.store.wire import Reply

_OWN = "https://w3id.org/migkg/graph/"
UNION = _OWN + "union"
"""Where the union is kept on servers whose default graph repeats triples."""
MARKS = _OWN + "marks"
"""What migkg notes of the graphs on a server, see `RemoteStore.mark`."""
_PROBES = (_OWN + "probe-1", _OWN + "probe-2")
_MARK = "https://w3id.org/migkg/ont#pushed"
# Named graphs that servers bring along.
_SYSTEM = re.compile(
    r"http://www\.openlinksw\.com/schemas/.*|http://www\.w3\.org/2002/07/owl#|http://www\.w3\.org/ns/ldp#"
    r"|urn:activitystreams-owl:map|urn:core:services:sparql|http://localuriqaserver/sparql|https?://[^/]*/(?:DAV|sparql)/?"
)
# Where a server that its answers give away takes updates and whole graphs, seen from the address of its queries.
_VIRTUOSO = ("sparql-auth", "sparql-graph-crud-auth")
_FUSEKI = ("update", "data")
_LONG = 1500  # characters; longer queries go by POST
_RESULTS = ("application/sparql-results+json", "application/json", "text/javascript", "application/javascript")


class RemoteStore:
    """A SPARQL 1.1 endpoint.

    :param endpoint: address of queries; it may carry a user name and password.
    :param update: address of updates; when left out, that which the server is known for, or the same as of queries.
    :param graph_store: address of the Graph Store Protocol, if there is one; known servers need not be told it.
    :param user, password: of HTTP authentication, basic or digest, as the server asks for.
    :param token: a bearer token.
    :param timeout: seconds to wait for an answer to begin, and then for each piece of it.
    :param tries: how often to ask a server that is busy or cannot be reached.
    :param pause: seconds before the second try, doubled before each further one.
    :raises EndpointError: when an address is no http or https address.
    """

    def __init__(
        self, endpoint: str, *, update: str = "", graph_store: str = "", user: str = "", password: str = "",
        token: str = "", timeout: float = 60.0, tries: int = 4, pause: float = 0.5,
    ) -> None:  # fmt: skip
        from migkg.store.wire import Access, Wire, split_credentials

        for address in filter(None, (endpoint, update, graph_store)):
            if urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).hostname:
                bare = split_credentials(address)[0]
                raise EndpointError(f'"{bare}" is no address of a server', expected="http://… or https://…")
        self._wire: Wire | None = Wire(endpoint, Access(user, password, token, timeout, tries, pause))
        self._endpoint = self._wire.where
        self._addresses = (split_credentials(update)[0], split_credentials(graph_store)[0])
        self._known = bool(update)
        self._layout: _Layout | None = None
        self._default: str | None = None  # what queries get as default graph; "" for the server's own
        self._whole = 0  # the most rows of an answer that was complete: one with fewer is not cut

    def query(self, sparql: str, bindings: Mapping[str, Term] | None = None, *, where: str = "query") -> Answer:
        """See `Store.query`. DESCRIBE gives the triples of which a thing is the subject.

        :raises EndpointError: when the server cannot be reached, refuses, or answers in part or in another form.
        """
        import pyoxigraph as ox

        self._open()
        prepared = prepare(sparql, bindings or {}, where=where)
        try:
            ox.Store().query(prepared.text, prefixes=dict(prepared.reading.prefixes))
        except SyntaxError as error:
            raise prepared.syntax_error(str(error)) from error
        except (OSError, RuntimeError, ValueError):
            pass  # a function that the embedded engine lacks, and the server may have
        parts = parts_of(declared(prepared.text))
        if parts.form == "ASK":
            return self._ask(declared(prepared.text), parts, where)
        if parts.form == "CONSTRUCT":
            return constructed(parts, self._table(as_select(parts), where))
        if parts.form == "DESCRIBE":
            return self._described(parts, self._table(as_select(parts), where), where)
        found = self._table(parts, where)
        columns = prepared.columns(found.columns)
        order = [found.columns.index(name) for name in columns]
        return Rows(columns, tuple(tuple(row[n] for n in order) for row in found.rows))

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """See `Store.quads`."""
        import pyoxigraph as ox

        name: ox.NamedNode | ox.DefaultGraph = ox.DefaultGraph() if graph is None else graph_node(graph)
        pattern = "?s ?p ?o" if graph is None else f"GRAPH {name} {{ ?s ?p ?o }}"
        # A default graph that repeats triples is one that nobody wrote through migkg.
        found = self._table(parts_of(f"SELECT{' DISTINCT' * (graph is None)} ?s ?p ?o WHERE {{ {pattern} }}"))
        return (ox.Quad(s, p, o, name) for s, p, o in found.rows)  # type: ignore[arg-type]

    def graph_names(self) -> tuple[str, ...]:
        """See `Store.graph_names`; graphs that a server or migkg keeps for itself are left out."""
        return tuple(sorted(self.counts()))

    def counts(self) -> dict[str, int]:
        """How many triples each named graph holds."""
        found = self._table(parts_of("SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"))
        named = {text_of(name): int(text_of(n)) for name, n in found.rows}
        return {name: n for name, n in named.items() if n and not _hidden(name)}

    def put_graph(self, name: str, triples: Iterable[Statement]) -> None:
        """See `Store.put_graph`.

        All or nothing where the server makes a request one transaction, as Fuseki does. Where it takes several
        (Virtuoso), a failure between them is healed by putting the graph again.

        :raises EndpointError: when the server cannot be reached or refuses.
        """
        graph = graph_node(name)
        lines = _lines(triples, where=name)
        layout = self._writable()
        if layout.graph_store and layout.default != _STORED:
            if layout.default == _KEPT:
                self._update(_forget(graph, f"GRAPH <{UNION}>"))
            self._replace(name, lines)
            if layout.default == _KEPT and lines:
                self._update(_remember(graph, f"GRAPH <{UNION}>"))
            return
        data = f"INSERT DATA {{ GRAPH {graph} {{\n{lines}}} }}" if lines else ""
        union = {_STORED: "", _KEPT: f"GRAPH <{UNION}>"}.get(layout.default)
        steps = [f"DROP SILENT GRAPH {graph}", data]
        if union is not None:
            steps = [_forget(graph, union), *steps, _remember(graph, union) if lines else ""]
        self._update(" ;\n".join(filter(None, steps)))

    def delete_graph(self, name: str) -> None:
        """See `Store.delete_graph`."""
        self.put_graph(name, ())

    def bulk_load(self, source: Path | bytes | BinaryIO) -> None:
        """See `Store.bulk_load`. Graph by graph: when the server fails midway, whole graphs are there."""
        import pyoxigraph as ox

        where = str(source) if isinstance(source, Path) else "N-Quads"
        trig = isinstance(source, Path) and source.suffix == ".trig"
        form = ox.RdfFormat.TRIG if trig else ox.RdfFormat.N_QUADS
        graphs: dict[str, set[ox.Triple]] = defaultdict(set)
        try:
            for quad in ox.parse(path=source, format=form) if isinstance(source, Path) else ox.parse(source, form):
                if not isinstance(quad.graph_name, ox.NamedNode):
                    raise GraphError(f"the triple {quad} is in no named graph", where=where, expected="a graph name")
                refuse_blank(quad, where=where)
                graphs[quad.graph_name.value].add(quad.triple)
        except FileNotFoundError as error:
            raise GraphError("no such file", where=where, expected="a file of N-Quads or TriG") from error
        except SyntaxError as error:
            raise GraphError(f"not readable as RDF ({error.msg})", where=where, line=error.lineno) from error
        for name, triples in graphs.items():
            self.put_graph(name, triples.union(quad.triple for quad in self.quads(name)))

    def count(self, graph: str | None = None) -> int:
        """See `Store.count`."""
        return self._count_of("?s ?p ?o" if graph is None else f"GRAPH {graph_node(graph)} {{ ?s ?p ?o }}")

    def holds(self, node: ox.NamedNode) -> bool:
        """See `Store.holds`."""
        return self.query("ASK { { ?it ?p ?o } UNION { ?s ?q ?it } }", {"it": node}) is True

    def mark(self, name: str, text: str) -> None:
        """Note a text beside a named graph; "" takes the note away."""
        import pyoxigraph as ox

        graph, predicate = graph_node(name), ox.NamedNode(_MARK)
        steps = [f"DELETE WHERE {{ GRAPH <{MARKS}> {{ {graph} {predicate} ?text }} }}"]
        if text:
            steps.append(f"INSERT DATA {{ GRAPH <{MARKS}> {{ {graph} {predicate} {ox.Literal(text)} }} }}")
        self._update(" ;\n".join(steps))

    def marks(self) -> dict[str, str]:
        """Named graph → its note."""
        found = self._table(parts_of(f"SELECT ?g ?text WHERE {{ GRAPH <{MARKS}> {{ ?g <{_MARK}> ?text }} }}"))
        return {text_of(name): text_of(text) for name, text in found.rows}

    def close(self) -> None:
        """See `Store.close`."""
        if self._wire:
            self._wire.close()
        self._wire = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<RemoteStore {self._endpoint}>"

    # -- answers --

    def _table(self, parts: Parts, where: str = "query") -> Rows:
        """The rows of a SELECT, all of them, however few the server gives at once."""
        try:
            found = self._rows(whole(parts), parts, where)
        except QueryError as error:
            if "SR353" not in error.what:  # Virtuoso sorts only so many rows for an ORDER BY with a LIMIT
                raise
            columns = self._rows(page(parts, (), 1, 0), parts, where).columns
            return self._paged(parts, columns, 1000, where)
        n = len(found.rows)
        if n < self._whole or (parts.limit is not None and n >= parts.limit):
            return found
        if n < self._wanted(parts, where):
            return self._paged(parts, found.columns, n or 1000, where)
        self._whole = max(n, self._whole)
        return found

    def _wanted(self, parts: Parts, where: str) -> int:
        """How many rows a SELECT has."""
        rows = int(text_of(self._rows(total(parts), parts, where).rows[0][0])) - parts.offset
        return max(rows if parts.limit is None else min(rows, parts.limit), 0)

    def _paged(self, parts: Parts, columns: Sequence[str], size: int, where: str) -> Rows:
        wanted = self._wanted(parts, where)
        rows: list[tuple[Term | None, ...]] = []
        while len(rows) < wanted:
            found = self._rows(page(parts, columns, min(size, wanted - len(rows)), len(rows)), parts, where)
            if not found.rows or len(found.rows) > wanted - len(rows):
                what = f"the server gave {len(rows):,} of {wanted:,} rows"
                raise self._error(what, todo="The graph may have changed meanwhile; try again.")
            order = [found.columns.index(name) for name in columns]
            rows += (tuple(row[n] for n in order) for row in found.rows)
        return Rows(tuple(columns), tuple(rows))

    def _ask(self, sparql: str, parts: Parts, where: str) -> bool:
        found = self._results(self._get(sparql, "ASK", parts), where)
        # Virtuoso gives a table of one cell.
        return found if isinstance(found, bool) else any(text_of(term) == "1" for row in found.rows for term in row)

    def _rows(self, sparql: str, parts: Parts | None = None, where: str = "query") -> Rows:
        found = self._results(self._get(sparql, "SELECT", parts), where)
        if isinstance(found, bool):
            raise self._error("the answer is no table", expected="the rows of a SELECT")
        return found

    def _described(self, parts: Parts, found: Rows, where: str) -> tuple[ox.Triple, ...]:
        import pyoxigraph as ox

        named = [n for n, name in enumerate(found.columns) if not name.startswith(GRAPH)]
        cells = (row[n] for row in found.rows for n in named)
        things = sorted({cell for cell in cells if isinstance(cell, ox.NamedNode)}, key=str)
        triples: set[ox.Triple] = set()
        for start in range(0, len(things), 200):
            block = values(["s"], [[thing] for thing in things[start : start + 200]])
            text = f"SELECT DISTINCT ?s ?p ?o {parts.dataset} WHERE {{ {block} ?s ?p ?o }}"
            rows = self._table(parts_of(f"{parts.prologue}\n{text}"), where).rows
            triples.update(ox.Triple(s, p, o) for s, p, o in rows)  # type: ignore[arg-type]
        return tuple(sorted(triples, key=str))

    def _results(self, reply: Reply, where: str) -> Rows | bool:
        if reply.status in (400, 500):
            told = reply.told() or f"status {reply.status}"
            raise QueryError(f"the query cannot be run: {told}", where=where, todo=f"Asked was {self._endpoint}.")
        if reply.status != 200:
            raise self._error(f"the answer has status {reply.status}", expected="200")
        if "html" in reply.media_type:
            raise self._error(
                "the address answers with a web page", expected="results of SPARQL in JSON",
                todo="Give the address of the endpoint, not of the page about it.",
            )  # fmt: skip
        if reply.media_type not in _RESULTS:
            raise self._error(
                f'the answer is of the type "{reply.media_type or "none"}"', expected="application/sparql-results+json"
            )
        try:
            return read_results(reply.body)
        except SyntaxError as error:
            what = f"the answer is cut off or no results of SPARQL ({error})"
            raise self._error(what, todo="Try again; the server's log may say why.") from error

    # -- requests --

    def _get(self, sparql: str, form: str, parts: Parts | None) -> Reply:
        from SPARQLWrapper import GET, JSON, POST, SPARQLWrapper

        wrapper = SPARQLWrapper(self._endpoint)
        wrapper.setOnlyConneg(True)
        wrapper.setReturnFormat(JSON)
        if (default := self._default_graph()) and not (parts and parts.dataset):
            wrapper.addParameter("default-graph-uri", default)
            sparql = by_variables(sparql, (UNION, MARKS))
        wrapper.setMethod(POST if len(sparql) > _LONG or "?" in self._endpoint else GET)
        return self._send(wrapper, sparql, form)

    def _update(self, text: str) -> None:
        from SPARQLWrapper import JSON, POST, SPARQLWrapper

        wrapper = SPARQLWrapper(self._endpoint, self._write_addresses()[0])
        wrapper.setReturnFormat(JSON)
        wrapper.setMethod(POST)
        reply = self._send(wrapper, text, "INSERT")
        if reply.status not in (200, 201, 202, 204):
            told = f": {reply.told()}" if reply.told() else ""
            raise self._error(
                f"the server refuses an update (status {reply.status}){told}",
                todo="Does it allow updates, and is --update its address for them?",
            )

    def _send(self, wrapper: Any, text: str, form: str) -> Reply:
        # Set as attributes: `setQuery` looks for the form with an expression that takes long on long texts. The
        # wrapper's own sending opens a connection for each request and knows neither retries nor incomplete answers.
        wrapper.queryString, wrapper.queryType = text, form
        request = wrapper._createRequest()
        headers = {name: value for name, value in request.header_items() if name != "User-agent"}
        reply: Reply = self._open().send(request.get_method(), request.full_url, headers, request.data)
        return reply

    def _replace(self, name: str, lines: str) -> None:
        """Replace a named graph by the Graph Store Protocol."""
        address = self._write_addresses()[1]
        address += ("&" if "?" in address else "?") + "graph=" + quote(name, safe="")
        method = "PUT" if lines else "DELETE"
        headers = {"Content-Type": "application/n-triples"} if lines else {}
        try:
            reply = self._open().send(method, address, headers, lines.encode() if lines else None)
        except EndpointError as error:
            if lines or "status 404" not in error.what:
                raise
            return  # there was no such graph
        if reply.status not in (200, 201, 202, 204):
            told = f": {reply.told()}" if reply.told() else ""
            raise self._error(f"the server does not take the graph {name} (status {reply.status}){told}")

    # -- what kind of server this is --

    def _write_addresses(self) -> tuple[str, str]:
        """Where updates and whole graphs go."""
        if not self._known:
            reply = self._get("ASK {}", "ASK", None)
            update, graph_store = self._addresses
            own: tuple[str, str] = (self._endpoint, "")
            if "virtuoso" in reply.headers.get("server", "").lower():
                own = _beside(self._endpoint, _VIRTUOSO)
            elif "fuseki-request-id" in reply.headers:
                service = urlsplit(self._endpoint).path.rsplit("/", 1)[-1] in ("query", "sparql")
                own = _beside(self._endpoint, _FUSEKI) if service else (self._endpoint, self._endpoint)
            self._addresses = (update or own[0], graph_store or own[1])
            self._known = True
        return self._addresses

    def _default_graph(self) -> str:
        if self._default is None:
            self._default = ""
            if self._ask(f"ASK {{ GRAPH <{UNION}> {{ ?s ?p ?o }} }}", parts_of("ASK {}"), "query"):
                self._default = UNION
        return self._default

    def _writable(self) -> _Layout:
        """How this server keeps its default graph; found out by a triple in two named graphs."""
        if self._layout is None:
            graph_store = bool(self._write_addresses()[1])
            if self._default_graph():
                self._layout = _Layout(_KEPT, graph_store)
            else:
                self._layout = _Layout(self._probed(), graph_store)
            if self._layout.default == _KEPT:
                self._default = UNION
        return self._layout

    def _probed(self) -> str:
        triple = f"<{_OWN}probe> <{_MARK}> <{_OWN}probe>"
        self._update("INSERT DATA { " + " ".join(f"GRAPH <{name}> {{ {triple} }}" for name in _PROBES) + " }")
        try:
            seen = self._count_of(f"<{_OWN}probe> <{_MARK}> ?o")
            if seen < 2:
                return _UNION if seen else _STORED
            # Does a default graph that is named leave the named graphs to be seen?
            self._default = _PROBES[0]
            return _KEPT if self._count_of(f"GRAPH ?g {{ <{_OWN}probe> <{_MARK}> ?o }}") == len(_PROBES) else _UNION
        finally:
            self._default = ""
            self._update(" ; ".join(f"DROP SILENT GRAPH <{name}>" for name in _PROBES))

    def _count_of(self, pattern: str) -> int:
        """How many solutions a pattern has."""
        return int(text_of(self._rows(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}").rows[0][0]))

    def _open(self) -> Any:
        if self._wire is None:
            raise GraphError("this graph is closed", where=self._endpoint, todo="Open it again.")
        return self._wire

    def _error(self, what: str, *, expected: str = "", todo: str = "") -> EndpointError:
        return EndpointError(what, where=self._endpoint, expected=expected, todo=todo)


_STORED, _UNION, _KEPT = "the union is stored there", "the server shows the union", "the union is kept in a named graph"


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a server keeps its default graph, and whether it takes whole graphs."""

    default: str
    graph_store: bool


def _forget(graph: ox.NamedNode, union: str) -> str:
    """Take out of the union what this named graph alone states."""
    where = union.removeprefix("GRAPH ")
    others = f"FILTER(?other NOT IN ({', '.join(filter(None, (str(graph), where)))}))"
    stated = f"FILTER NOT EXISTS {{ GRAPH ?other {{ ?s ?p ?o }} {others} }}"
    return f"DELETE {{ {_in(union)} }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} {stated} }}"


def _remember(graph: ox.NamedNode, union: str) -> str:
    return f"INSERT {{ {_in(union)} }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}"


def _in(union: str) -> str:
    return f"{union} {{ ?s ?p ?o }}" if union else "?s ?p ?o"


def _lines(triples: Iterable[Statement], *, where: str) -> str:
    """N-Triples, sorted, each triple once."""
    found = set()
    for triple in triples:
        refuse_blank(triple, where=where)
        found.add(f"{triple.subject} {triple.predicate} {triple.object} .\n")
    return "".join(sorted(found))


def _beside(endpoint: str, names: tuple[str, str]) -> tuple[str, str]:
    return urljoin(endpoint, names[0]), urljoin(endpoint, names[1])


def _hidden(name: str) -> bool:
    return name in (UNION, MARKS, *_PROBES) or bool(_SYSTEM.fullmatch(name))
