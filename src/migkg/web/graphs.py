"""Jobs that change the graph: SPARQL 1.1 Update and the Graph Store Protocol (W3C 2013).

The default graph is the union of the named graphs and follows them; it cannot be written itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migkg.errors import GraphError, QueryError
from migkg.ontology import PREFIXES
from migkg.sparql import check_update
from migkg.store import EmbeddedStore
from migkg.web.frames import Job, Reply
from migkg.web.protocol import GRAPHS

if TYPE_CHECKING:
    import pyoxigraph as ox

# One request is one transaction: readers never see a default graph that does not follow.
_FOLLOW = """ ;
DELETE { ?s ?p ?o } WHERE { ?s ?p ?o FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } } } ;
INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } FILTER NOT EXISTS { ?s ?p ?o } }
"""


def update(store: EmbeddedStore, job: Job) -> Reply:
    """Run an update; then the default graph is made to follow the named graphs again.

    :raises QueryError: when it cannot be parsed or run, or would fetch from elsewhere.
    """
    text = str(job.arguments["text"])
    check_update(text)
    try:
        store.engine.update(text + "\n" + _FOLLOW, base_iri=job.arguments["base"], prefixes=dict(PREFIXES))
    except SyntaxError as error:
        raise QueryError(f"the update cannot be read ({error.msg})", where="update") from error
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(f"the update cannot be run: {error}", where="update") from error
    return Reply(204)


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
