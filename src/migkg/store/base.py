"""What a store is: one protocol for every kind, and what its answers are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, Self, TypeAlias

from migkg.errors import GraphError, QueryError
from migkg.sparql import Term

if TYPE_CHECKING:
    import pyoxigraph as ox

Statement: TypeAlias = "ox.Triple | ox.Quad"  # of a quad, only subject, predicate and object are read


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to a SELECT: a column for each variable, in the order of the query; None where unbound."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


Answer: TypeAlias = "Rows | bool | tuple[ox.Triple, ...]"


class Store(Protocol):
    """What every kind of store offers. `tests/contract/test_stores.py` states it in full."""

    def query(self, sparql: str, bindings: Mapping[str, Term] | None = None, *, where: str = "query") -> Answer:
        """Answer a SPARQL 1.1 query over the default graph (the union) and the named graphs.

        :param bindings: variable name → the term it stands for. The term holds in the outermost group of the
            query, in its FILTERs and in EXISTS; OPTIONAL, UNION and subqueries meet it as a join.
        :param where: the file or place the query comes from, for messages.
        :returns: `Rows` for SELECT, a bool for ASK, sorted distinct triples for CONSTRUCT and DESCRIBE.
        :raises QueryError: when it cannot be parsed or run, would call another service, or would change the graph.
        """

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """The triples of a named graph, or with None those of the default graph, each once, in no fixed order."""

    def graph_names(self) -> tuple[str, ...]:
        """The IRIs of the named graphs that hold at least one triple, sorted."""

    def put_graph(self, name: str, triples: Iterable[Statement]) -> None:
        """Replace a named graph as a whole, all or nothing; the default graph follows.

        :raises GraphError: for a blank node, or when the store is open for reading only.
        :raises WriteError: when the store cannot be written.
        """

    def delete_graph(self, name: str) -> None:
        """Remove a named graph, and from the default graph what no other graph states; an absent one is no error."""

    def bulk_load(self, source: Path | bytes | BinaryIO) -> None:
        """Add the graphs of an N-Quads file (or TriG, by its suffix) to what is there, fast.

        :raises GraphError: when it is missing or broken, has a blank node, or a triple in no named graph.
        """

    def count(self, graph: str | None = None) -> int:
        """How many triples a named graph, or with None the default graph, holds."""

    def holds(self, node: ox.NamedNode) -> bool:
        """Whether a triple of the default graph has an IRI as its subject or object."""

    def close(self) -> None:
        """Write all that is pending and let the store go; further use raises GraphError."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


def select(store: Store, sparql: str, bindings: Mapping[str, Term] | None = None, *, where: str = "query") -> Rows:
    """Answer a query that has to be a SELECT.

    :raises QueryError: when it is of another form; else see `Store.query`.
    """
    answer = store.query(sparql, bindings, where=where)
    if not isinstance(answer, Rows):
        raise QueryError("the query gives no table", where=where, expected="a SELECT")
    return answer


def graph_node(name: str) -> ox.NamedNode:
    """The node that names a graph.

    :raises GraphError: when it is no absolute IRI.
    """
    import pyoxigraph as ox

    try:
        return ox.NamedNode(name)
    except ValueError as error:
        raise GraphError(f'"{name}" cannot name a graph ({error})', expected="an absolute IRI") from error


def refuse_blank(triple: Statement, *, where: str) -> None:
    """Raise GraphError for a triple with a blank node."""
    import pyoxigraph as ox

    if isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode):
        raise GraphError(f"blank node in {triple}", where=where, expected="an IRI for every node")
