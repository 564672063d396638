"""Jobs of the SPARQL endpoint: a query to the bytes of its answer, in a process that may be ended at any moment."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from migkg.errors import QueryError
from migkg.ontology import PREFIXES
from migkg.sparql import Prepared, prepare
from migkg.web.frames import Reply
from migkg.web.protocol import GRAPHS, TABLES, Operation, with_charset

if TYPE_CHECKING:
    import pyoxigraph as ox

    Found: TypeAlias = "ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples"

# Stands in each row: in TSV and XML once and nowhere else but in TSV's head, as values write it otherwise.
_MARKS = {"json": b"{", "xml": b"<result>", "csv": b"\n", "tsv": b"\n"}


class _TooLarge(Exception):
    """An answer of more bytes than allowed."""


class _Bounded(io.BytesIO):
    """Takes so many bytes and no more."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._room = most

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        self._room -= len(data)
        if self._room < 0:
            raise _TooLarge
        return super().write(data)


def answer(
    engine: ox.Store, asked: Operation, *, base: str, table: str | None, graph: str | None, rows: int, size: int
) -> Reply:
    """Answer a query.

    :param base: IRI that relative IRIs in the query start from.
    :param table, graph: formats of `TABLES` and `GRAPHS`; None when the client takes none of them.
    :param rows: most rows or triples, the first ones; `Reply.cut` says so. :param size: most bytes.
    :raises QueryError: see `Store.query`.
    """
    import pyoxigraph as ox

    prepared = prepare(asked.text, {})
    try:
        found = _ask(engine, prepared, prepared.limited(rows + 1) or prepared.text, asked, base)
        if isinstance(found, ox.QueryTriples):
            return _triples(found, graph, rows, size) if graph else _unacceptable("triples", GRAPHS)
        if table is None:
            return _unacceptable("a boolean" if isinstance(found, ox.QueryBoolean) else "a table", TABLES)
        form = {
            "json": ox.QueryResultsFormat.JSON, "xml": ox.QueryResultsFormat.XML,
            "csv": ox.QueryResultsFormat.CSV, "tsv": ox.QueryResultsFormat.TSV,
        }[table]  # fmt: skip
        media = with_charset(TABLES[table][0]) + ("; header=present" if table == "csv" else "")
        if isinstance(found, ox.QueryBoolean):
            return Reply(200, media, found.serialize(format=form) or b"")
        if ordered := prepared.starred(variable.value for variable in found.variables):
            prepared = prepare(ordered, {})
            found = _ask(engine, prepared, prepared.limited(rows + 1) or ordered, asked, base)
        data = _written(found, form, size)
        if not _more(data, table, rows):
            return Reply(200, media, data)
        found = _ask(engine, prepared, prepared.limited(rows) or prepared.text, asked, base)
        return Reply(200, media, _written(found, form, size), rows)
    except _TooLarge:
        return _too_large(size)
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(f"the query cannot be run: {error}", where="query") from error


def _written(found: Found, form: ox.QueryResultsFormat, size: int) -> bytes:
    out = _Bounded(size)
    found.serialize(out, form)  # type: ignore[arg-type]
    return out.getvalue()


def _ask(engine: ox.Store, prepared: Prepared, text: str, asked: Operation, base: str) -> Found:
    import pyoxigraph as ox

    try:
        all_graphs = not asked.default and not asked.named
        return engine.query(
            text,
            base_iri=base,
            prefixes=dict(prepared.reading.prefixes),
            default_graph=None if all_graphs else [ox.NamedNode(iri) for iri in asked.default],
            named_graphs=None if all_graphs else [ox.NamedNode(iri) for iri in asked.named],
        )
    except SyntaxError as error:
        raise prepared.syntax_error(str(error)) from error


def _more(data: bytes, table: str, rows: int) -> bool:
    """Whether a serialised answer has more than so many rows."""
    marks = data.count(_MARKS[table])
    if marks <= rows:
        return False
    if table == "csv":
        return sum(1 for _ in csv.reader(io.StringIO(data.decode(), newline=""))) - 1 > rows
    if table == "json":
        return len(json.loads(data)["results"]["bindings"]) > rows
    return table == "xml" or marks - 1 > rows


def _triples(found: Iterable[ox.Triple], graph: str, rows: int, size: int) -> Reply:
    """Distinct triples, sorted, so that the same answer has the same bytes."""
    taken = list(islice(found, rows + 1))
    cut = rows if len(taken) > rows else 0
    data = serialised(sorted(set(taken[:rows]), key=str), graph)
    return Reply(200, type_of(graph), data, cut) if len(data) <= size else _too_large(size)


def serialised(triples: Iterable[ox.Triple], graph: str) -> bytes:
    """Triples in a format of `GRAPHS`."""
    import pyoxigraph as ox

    form = {
        "ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES,
        "rdfxml": ox.RdfFormat.RDF_XML, "jsonld": ox.RdfFormat.JSON_LD,
    }[graph]  # fmt: skip
    return ox.serialize(triples, format=form, prefixes=dict(PREFIXES)) or b""


def type_of(graph: str) -> str:
    """The Content-Type of a format of `GRAPHS`."""
    return with_charset(GRAPHS[graph][0])


def _unacceptable(what: str, offers: Mapping[str, tuple[str, ...]]) -> Reply:
    known = ", ".join(types[0] for types in offers.values())
    return Reply(406, body=f"The answer is {what}; expected an Accept header with one of: {known}.\n".encode())


def _too_large(size: int) -> Reply:
    text = f"The answer has more than {size:,} bytes. Ask for less: name fewer columns, or add LIMIT and OFFSET.\n"
    return Reply(413, body=text.encode())
