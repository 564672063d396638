"""The embedded kind of store: Oxigraph, in memory or in a folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self

from migkg.errors import GraphError, QueryError, WriteError
from migkg.sparql import Term, prepare
from migkg.store.base import Answer, Rows, Statement, graph_node, refuse_blank

if TYPE_CHECKING:
    import pyoxigraph as ox

# Bytes. The engine holds all that it loads at once in memory, in about four times as many bytes.
_PIECE = 96 * 1024 * 1024
# Pieces from which on merging them is worth a fourth of the time to load them. Each is one more place to look a triple
# up in: two make a question a third slower than one, a hundred ten times.
_MANY = 3
_BLOCK = 1 << 18
_GRAPH_NAME = re.compile(rb" <[^<>]*> \.$", re.MULTILINE)


class _Piece:
    """The next lines of a file, as a file of its own.

    :param unnamed: True leaves the graph names of N-Quads out.
    """

    def __init__(self, lines: BinaryIO, *, unnamed: bool) -> None:
        self._lines = lines
        self._unnamed = unnamed
        self._left = _PIECE
        self._block = BytesIO()

    def read(self, size: int) -> bytes:
        """Some bytes, at most so many; none at the end of the piece."""
        data = self._block.read(size)
        if not data and self._left > 0:
            block = self._lines.read(min(_BLOCK, self._left))
            self._left -= len(block)
            block += self._lines.readline()
            self._block = BytesIO(_GRAPH_NAME.sub(b" .", block) if self._unnamed else block)
            data = self._block.read(size)
        return data


class EmbeddedStore:
    """Oxigraph, in memory or in a folder. `EmbeddedStore()` is an empty one in memory."""

    def __init__(self) -> None:
        import pyoxigraph as ox

        self._engine: ox.Store | None = ox.Store()
        self._read_only = False
        self._where = "the graph in memory"

    @classmethod
    def open(cls, folder: Path | str, *, read_only: bool = False) -> Self:
        """Open the graph in a folder; an absent or empty folder becomes a new graph, unless read only.

        Any number of processes may read at once; one may write, and none should read meanwhile.

        :raises GraphError: when there is no graph, something else, or a graph that another process writes.
        """
        import pyoxigraph as ox

        folder = Path(folder)
        _check_folder(folder, read_only=read_only)
        store = cls()
        try:
            if not read_only:
                folder.mkdir(parents=True, exist_ok=True)
            store._engine = ox.Store.read_only(str(folder)) if read_only else ox.Store(folder)
        except (OSError, RuntimeError) as error:
            if "lock" in str(error).lower():
                raise GraphError(
                    "another process is writing this graph", where=str(folder), todo="Try again when it has ended."
                ) from error
            raise GraphError(
                f"this graph cannot be opened ({error})",
                where=str(folder),
                todo="Run `migkg build` into a new folder, or mend the permissions of this one.",
            ) from error
        store._read_only, store._where = read_only, str(folder)
        return store

    def query(self, sparql: str, bindings: Mapping[str, Term] | None = None, *, where: str = "query") -> Answer:
        """See `Store.query`."""
        import pyoxigraph as ox

        prepared = prepare(sparql, bindings or {}, where=where)
        try:
            # Of the prefixes those that are used: to declare all takes the engine longer than many a question.
            answer = self._open.query(prepared.text, prefixes=dict(prepared.reading.prefixes))
            if isinstance(answer, ox.QueryBoolean):
                return bool(answer)
            if isinstance(answer, ox.QueryTriples):
                return tuple(sorted(set(answer), key=str))
            names = tuple([variable.value for variable in answer.variables])
            columns = prepared.columns(names)
            if columns == names:
                return Rows(columns, tuple(map(tuple, answer)))  # cell by cell costs twice as much
            return Rows(columns, tuple(tuple(solution[name] for name in columns) for solution in answer))
        except SyntaxError as error:
            raise prepared.syntax_error(str(error)) from error
        except (OSError, RuntimeError, ValueError) as error:
            raise QueryError(f"the query cannot be run: {error}", where=where) from error

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """See `Store.quads`."""
        import pyoxigraph as ox

        return self._open.quads_for_pattern(None, None, None, graph_node(graph) if graph else ox.DefaultGraph())

    def graph_names(self) -> tuple[str, ...]:
        """See `Store.graph_names`."""
        return tuple(sorted(str(name.value) for name in self._open.named_graphs()))

    def put_graph(self, name: str, triples: Iterable[Statement]) -> None:
        """See `Store.put_graph`."""
        import pyoxigraph as ox

        engine, graph, default = self._writable(), graph_node(name), ox.DefaultGraph()
        new = {ox.Triple(t.subject, t.predicate, t.object) for t in triples}
        for triple in new:
            refuse_blank(triple, where=name)
        old = {ox.Triple(q.subject, q.predicate, q.object) for q in engine.quads_for_pattern(None, None, None, graph)}
        gone, come = old - new, new - old
        unstated = [
            triple
            for triple in gone
            if all(
                quad.graph_name in (graph, default)
                for quad in engine.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
            )
        ]
        # One update is one transaction: readers see the former graph or the new one. The text is made by the
        # engine's own serialiser, and is faster than removing quad by quad.
        update = (
            f"DELETE DATA {{ {_block(unstated)} GRAPH {graph} {{ {_block(gone)} }} }} ;\n"
            f"INSERT DATA {{ {_block(come)} GRAPH {graph} {{ {_block(come)} }} }}"
            + (f" ;\nDROP SILENT GRAPH {graph}" if not new else "")
        )
        try:
            engine.update(update)
        except OSError as error:
            raise WriteError(f"the graph {name} could not be written ({error})", where=self._where) from error

    def delete_graph(self, name: str) -> None:
        """See `Store.delete_graph`."""
        self.put_graph(name, ())

    def bulk_load(self, source: Path | bytes | BinaryIO) -> None:
        """See `Store.bulk_load`."""
        import pyoxigraph as ox

        engine = self._writable()
        where = str(source) if isinstance(source, Path) else "N-Quads"
        trig = isinstance(source, Path) and source.suffix == ".trig"
        form = ox.RdfFormat.TRIG if trig else ox.RdfFormat.N_QUADS

        def both(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
            for quad in quads:
                subject, predicate, value, graph = quad  # to ask for each by its name costs a sixth more
                if isinstance(graph, ox.DefaultGraph):
                    raise GraphError(f"the triple {quad} is in no named graph", where=where, expected="a graph name")
                refuse_blank(quad, where=where)
                yield quad
                yield ox.Quad(subject, predicate, value)

        try:
            quads = ox.parse(path=source, format=form) if isinstance(source, Path) else ox.parse(source, form)
            engine.bulk_extend(both(quads))
        except FileNotFoundError as error:
            raise GraphError("no such file", where=where, expected="a file of N-Quads or TriG") from error
        except SyntaxError as error:
            raise GraphError(f"not readable as RDF ({error.msg})", where=where, line=error.lineno) from error
        except OSError as error:
            raise WriteError(f"the graph could not be written ({error})", where=self._where) from error

    def load_written(self, quads: Path) -> None:
        """Load what migkg itself wrote, without looking at each triple: more than twice as fast as `bulk_load`.

        A large load is merged into one piece at its end, for which the disk needs room for both.

        :param quads: N-Quads without blank nodes, all in named graphs, each term behind one space. Only the syntax is
            checked, not each IRI.
        :raises GraphError: when the file is not readable as RDF. :raises WriteError: no space, no permission.
        """
        import pyoxigraph as ox

        engine, most = self._writable(), 0
        try:
            # The default graph on its own, as most questions ask that one: its triples lie in fewer places then.
            for unnamed in (False, True):
                with quads.open("rb") as lines:
                    pieces = 0
                    while lines.peek(1):
                        piece = _Piece(lines, unnamed=unnamed)
                        engine.bulk_load(piece, format=ox.RdfFormat.N_QUADS, lenient=True)  # type: ignore[arg-type]
                        pieces += 1
                most = max(most, pieces)
            if most >= _MANY:
                engine.optimize()
        except SyntaxError as error:
            raise GraphError(f"not readable as RDF ({error.msg})", where=str(quads), line=error.lineno) from error
        except OSError as error:
            raise WriteError(f"the graph could not be written ({error})", where=self._where) from error

    def count(self, graph: str | None = None) -> int:
        """See `Store.count`."""
        import pyoxigraph as ox

        wanted = ox.DefaultGraph() if graph is None else graph_node(graph)
        answer = self._open.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", default_graph=wanted)
        return int(next(iter(answer))["n"].value)  # type: ignore[arg-type]

    def holds(self, node: ox.NamedNode) -> bool:
        """See `Store.holds`. By the index: a query would be read and planned first, for longer than it takes."""
        import pyoxigraph as ox

        find, default = self._open.quads_for_pattern, ox.DefaultGraph()
        return bool(next(find(node, None, None, default), None) or next(find(None, None, node, default), None))

    def copy_to(self, folder: Path) -> None:
        """The store, once more in another folder; on one disk, files that never change are shared.

        :raises WriteError: no space, no permission.
        """
        try:
            self._open.backup(folder)
        except OSError as error:
            raise WriteError(f"the graph could not be written ({error})", where=str(folder)) from error

    def close(self) -> None:
        """See `Store.close`."""
        if self._engine is not None and not self._read_only:
            self._engine.flush()
        self._engine = None  # the engine lets go of its lock when nothing refers to it any more

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def engine(self) -> ox.Store:
        """The engine itself, for what only it can do; `prepare` each query first."""
        return self._open

    @property
    def _open(self) -> ox.Store:
        if self._engine is None:
            raise GraphError("this graph is closed", where=self._where, todo="Open it again.")
        return self._engine

    def _writable(self) -> ox.Store:
        if self._read_only:
            raise GraphError("this graph is open for reading only", where=self._where)
        return self._open


def _check_folder(folder: Path, *, read_only: bool) -> None:
    """Refuse what the engine would only refuse in its own words, or fill with its files."""
    build = "Make one with `migkg build`."
    if folder.exists() and not folder.is_dir():
        raise GraphError("this is a file", where=str(folder), expected="a folder that holds a graph", todo=build)
    empty = not folder.exists() or not any(folder.iterdir())
    if empty and read_only:
        raise GraphError("there is no graph here", where=str(folder), todo=build)
    if not empty and not (folder / "CURRENT").is_file():  # every RocksDB folder has this file
        raise GraphError(
            "this folder holds other files and no graph", where=str(folder), expected="a folder made by `migkg build`"
        )


def _block(triples: Iterable[ox.Triple]) -> str:
    return " ".join(f"{triple} ." for triple in triples)
