"""The service description (W3C 2013) with the numbers of the graph in VoID, and the graph as one file (a read job)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migkg.export import EXPORTS
from migkg.kg import KnowledgeGraph
from migkg.ontology import PREFIXES
from migkg.store import select
from migkg.web.answers import serialised, type_of
from migkg.web.frames import Job, Reply

if TYPE_CHECKING:
    import pyoxigraph as ox

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "RDF_XML", "JSON-LD",
)  # fmt: skip
_CLASSES = "SELECT ?class (COUNT(?it) AS ?number) WHERE { ?it a ?class } GROUP BY ?class ORDER BY ?class"
_PROPERTIES = "SELECT (COUNT(DISTINCT ?p) AS ?number) WHERE { ?s ?p ?o }"


def describe(kg: KnowledgeGraph, job: Job) -> Reply:
    """The service description; `endpoint`, `format` and `writes` are told by the job."""
    form = str(job.arguments["format"])
    triples = _triples(kg, str(job.arguments["endpoint"]), writes=bool(job.arguments["writes"]))
    return Reply(200, type_of(form), serialised(sorted(triples, key=str), form))


def _triples(kg: KnowledgeGraph, endpoint: str, *, writes: bool) -> list[ox.Triple]:
    import pyoxigraph as ox

    made: list[ox.Triple] = []

    def say(it: str, name: str, value: str | int) -> None:
        prefix, _, local = name.partition(":")
        known = {"sd": _SD, **PREFIXES}
        node = ox.Literal(value) if isinstance(value, int) else ox.NamedNode(value)
        made.append(ox.Triple(ox.NamedNode(it), ox.NamedNode(known[prefix] + local), node))

    service, dataset, graph = (f"{endpoint}#{name}" for name in ("service", "dataset", "graph"))
    say(service, "rdf:type", _SD + "Service")
    say(service, "sd:endpoint", endpoint)
    say(service, "sd:supportedLanguage", _SD + "SPARQL11Query")
    if writes:
        say(service, "sd:supportedLanguage", _SD + "SPARQL11Update")
    say(service, "sd:feature", _SD + "UnionDefaultGraph")
    for name in _RESULTS:
        say(service, "sd:resultFormat", _FORMATS + name)
    say(service, "sd:defaultDataset", dataset)
    say(dataset, "rdf:type", _SD + "Dataset")
    say(dataset, "rdf:type", PREFIXES["void"] + "Dataset")
    say(dataset, "void:sparqlEndpoint", endpoint)
    say(dataset, "sd:defaultGraph", graph)
    say(graph, "rdf:type", _SD + "Graph")
    say(graph, "rdf:type", PREFIXES["void"] + "Dataset")
    counts = select(kg.store, _CLASSES).rows
    for it in (dataset, graph):
        say(it, "void:triples", kg.store.count())
    say(graph, "void:classes", len(counts))
    say(graph, "void:properties", int(select(kg.store, _PROPERTIES).rows[0][0].value))  # type: ignore[union-attr]
    for number, (class_, count) in enumerate(counts, 1):
        part = f"{endpoint}#class-{number}"
        say(graph, "void:classPartition", part)
        say(part, "void:class", class_.value)  # type: ignore[union-attr]
        say(part, "void:entities", int(count.value))  # type: ignore[union-attr]
    return made


def graph(kg: KnowledgeGraph, job: Job) -> Reply:
    """GET a graph by the Graph Store Protocol: a named one, or without a name the default graph."""
    form, name = str(job.arguments["format"]), job.arguments["graph"]
    quads = sorted(kg.store.quads(name), key=str)
    if not quads and name is not None:
        return Reply(404, body=f"There is no graph {name}.\n".encode())
    return Reply(200, type_of(form), EXPORTS[form].write(quads, kg.store))


def health(kg: KnowledgeGraph, _: Job) -> Reply:
    """Whether questions are answered, and from what."""
    import json

    manifest = kg.manifest
    told = {
        "status": "ok" if kg.store.query("ASK {}") else "broken", "migkg": manifest.get("migkg", ""),
        "articles": len(manifest["articles"]), "facts": sum(manifest["facts"].values()),
        "triples": manifest.get("triples", 0),
    }  # fmt: skip
    return Reply(200, "application/json", json.dumps(told).encode() + b"\n")
