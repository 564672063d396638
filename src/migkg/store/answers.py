"""What a server answers, and how a query is written for it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from migkg.sparql import Term, reading_of
from migkg.store.base import Rows
from migkg.store.parts import Parts

if TYPE_CHECKING:
    import pyoxigraph as ox

_BLOCK = 5000  # rows in one VALUES


def declared(sparql: str) -> str:
    """The query with the usual prefixes that it uses; a declaration of its own comes later and counts."""
    return "".join(f"PREFIX {name}: <{iri}> " for name, iri in reading_of(sparql).prefixes.items()) + sparql


def constructed(parts: Parts, found: Rows) -> tuple[ox.Triple, ...]:
    """The triples of a CONSTRUCT; the embedded engine fills in the template."""
    import pyoxigraph as ox

    blank = "urn:migkg:blank:"  # a blank node cannot stand in VALUES

    def written(term: Term | None) -> str:
        return "UNDEF" if term is None else f"<{blank}{term.value}>" if isinstance(term, ox.BlankNode) else str(term)

    def read(term: Any) -> Any:
        named = isinstance(term, ox.NamedNode) and term.value.startswith(blank)
        return ox.BlankNode(term.value.removeprefix(blank)) if named else term

    triples: set[ox.Triple] = set()
    names = " ".join(f"?{name}" for name in found.columns)
    for start in range(0, len(found.rows), _BLOCK):
        rows = " ".join(f"({' '.join(map(written, row))})" for row in found.rows[start : start + _BLOCK])
        text = f"{parts.prologue}\nCONSTRUCT {{ {parts.template}\n}} WHERE {{ VALUES ({names}) {{ {rows} }} }}"
        made: Any = ox.Store().query(text)
        triples.update(ox.Triple(read(t.subject), t.predicate, read(t.object)) for t in made)
    return tuple(sorted(triples, key=str))


def read_results(body: bytes) -> Rows | bool:
    """Results in the SPARQL 1.1 Query Results JSON Format.

    :raises SyntaxError: when they are incomplete or something else.
    """
    try:
        return _read(body)
    except SyntaxError as error:
        if "blank node" not in str(error):
            raise
    names: dict[bytes, bytes] = {}  # Virtuoso calls them nodeID://b10
    return _read(
        re.sub(
            rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*)"([^"\\]*)"',
            lambda match: match[1] + names.setdefault(match[2], b'"b%d"' % len(names)),
            body,
        )
    )


def _read(body: bytes) -> Rows | bool:
    import pyoxigraph as ox

    found = ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean):
        try:
            json.loads(body)  # the parser above does not look at what follows the value
        except ValueError as error:
            raise SyntaxError(str(error)) from error
        return bool(found)
    columns = tuple(variable.value for variable in found.variables)
    try:
        return Rows(columns, tuple(tuple(solution[name] for name in columns) for solution in found))
    except SyntaxError as error:
        fault = str(error)
    # The engine's object may only be dropped by this thread; the traceback of the error would keep it for any.
    del found
    raise SyntaxError(fault)
