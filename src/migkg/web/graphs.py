"""Jobs that change the graph: SPARQL 1.1 Update and the Graph Store Protocol (W3C 2013).

The default graph is the union of the named graphs and follows them; it cannot be written itself.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from migkg.errors import GraphError, QueryError
from migkg.sparql import UPDATE, Prepared, extended, prepare_update, values, written_graphs
from migkg.store import EmbeddedStore
from migkg.web.frames import Job, Reply
from migkg.web.protocol import GRAPHS

if TYPE_CHECKING:
    import pyoxigraph as ox

# One request is one transaction: readers never see a default graph that does not follow.
_FOLLOW = """DELETE {{ ?s ?p ?o }} WHERE {{ {old} FILTER NOT EXISTS {{ GRAPH ?g {{ ?s ?p ?o }} }} }} ;
INSERT {{ ?s ?p ?o }} WHERE {{ {new} FILTER NOT EXISTS {{ ?s ?p ?o }} }}
"""
_FEW = 20_000  # triples that may stand in the text of an update


def update(store: EmbeddedStore, job: Job) -> Reply:
    """Run an update; then the default graph is made to follow the named graphs again.

    :raises QueryError: when it cannot be parsed or run, or would fetch from elsewhere.
    """
    prepared = prepare_update(str(job.arguments["text"]))
    text = extended(prepared, _follow(store, prepared))
    try:
        store.engine.update(text, base_iri=job.arguments["base"], prefixes=dict(prepared.reading.prefixes))
    except SyntaxError as error:
        raise prepared.syntax_error(str(error)) from error
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(f"the update cannot be run: {error}", where=UPDATE) from error
    return Reply(204)


def _follow(store: EmbeddedStore, update: Prepared) -> str:
    """What an update needs to be followed: a look at what the graphs it names held and hold, else at all graphs."""
    import pyoxigraph as ox

    graphs = written_graphs(update)
    if graphs is not None:
        quads = (quad for name in sorted(graphs) for quad in store.quads(name))
        old = [(quad.subject, quad.predicate, quad.object) for quad in islice(quads, _FEW + 1)]
        # A blank node cannot be named in an update.
        if len(old) <= _FEW and not any(isinstance(term, ox.BlankNode) for row in old for term in row):
            new = " UNION ".join(f"{{ GRAPH {ox.NamedNode(name)} {{ ?s ?p ?o }} }}" for name in sorted(graphs))
            return _FOLLOW.format(old=values(("s", "p", "o"), old), new=new or "VALUES (?s ?p ?o) {}")
    return _FOLLOW.format(old="?s ?p ?o", new="GRAPH ?g { ?s ?p ?o }")


def change(store: EmbeddedStore, job: Job) -> Reply:
    """PUT, POST or DELETE a named graph (sections 5.3 to 5.6).

    :raises GraphError: when what was sent is not readable as RDF, or has blank nodes.
    """
    name, method = str(job.arguments["graph"]), job.arguments["method"]
    held = next(iter(store.quads(name)), None) is not None
    if method == "DELETE":
        if not held:
            return Reply(404, body=f"There is no graph {name}.\n".encode())
        store.delete_graph(name)
        return Reply(204)
    triples = _parsed(job.body, job.arguments["format"], name)
    if method == "POST":
        triples += [quad.triple for quad in store.quads(name)]
    store.put_graph(name, triples)
    return Reply(204 if held else 201)


def _parsed(data: bytes, form: str, name: str) -> list[ox.Triple]:
    import pyoxigraph as ox

    formats = {
        "ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES,
        "rdfxml": ox.RdfFormat.RDF_XML, "jsonld": ox.RdfFormat.JSON_LD,
    }  # fmt: skip
    try:
        return [quad.triple for quad in ox.parse(data, formats[form], base_iri=name)]
    except SyntaxError as error:
        what = f"what was sent is not readable as {GRAPHS[form][0]} ({error.msg})"
        raise GraphError(what, where=name, line=error.lineno) from error
