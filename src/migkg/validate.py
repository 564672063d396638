"""Triples and shapes → findings in words (SHACL core and SHACL-SPARQL, W3C Recommendation of 2017).

pySHACL judges, on an rdflib graph in memory: on an Oxigraph store it takes `"en"` and `"en"^^xsd:string` for two values
and reports violations that are none. Three things make it several times as fast, and change no result:
a property shape is run once for all nodes its shape targets and not once for each node, the SPARQL queries are parsed
once, and the shapes are read once a process.
"""

from __future__ import annotations

import logging
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from migkg import iris, resources
from migkg.errors import DataError, GraphError, UnknownName
from migkg.model import Finding, Severity
from migkg.ontology import ONT, PREFIXES

if TYPE_CHECKING:
    from concurrent.futures import Future

    import pyoxigraph as ox
    from rdflib import Graph
    from rdflib.term import Node

SYNTAXES = {
    "jsonld": "application/ld+json",
    "nq": "application/n-quads",
    "nt": "application/n-triples",
    "rdfxml": "application/rdf+xml",
    "trig": "application/trig",
    "ttl": "text/turtle",
}
"""Name of a syntax that data may be in → its media type."""

_SH = "http://www.w3.org/ns/shacl#"
_RDF_TYPE = PREFIXES["rdf"] + "type"
_SEVERITIES: Mapping[str, Severity] = {_SH + "Violation": "violation", _SH + "Warning": "warning", _SH + "Info": "info"}
_ORDER: Mapping[Severity, int] = {"violation": 0, "warning": 1, "info": 2}
_PROPERTY = _SH + "property"
# What people read; left out of the engine's copy, because it walks all that a shape says again and again.
_ANNOTATIONS = (_SH + "message", _SH + "name", PREFIXES["rdfs"] + "isDefinedBy")
# Graphs that hold no article although they are named like those that do.
_NO_ARTICLES = frozenset({"reference", "ontology", "schemes"})

# Neither library may print. A handler that does nothing is enough: without any, Python prints to stderr.
_log = logging.getLogger("migkg.pyshacl")
_log.addHandler(logging.NullHandler())
_log.setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Report:
    """What a validator found.

    :param findings: violations first, then warnings, then gaps; each sorted.
    :param unmatched: names of the shapes that had nothing to look at, sorted. No finding of such a shape says nothing.
    :param checked: number of nodes that at least one shape looked at.
    """

    findings: tuple[Finding, ...] = ()
    unmatched: tuple[str, ...] = ()
    checked: int = 0

    @property
    def conforms(self) -> bool:
        """True when nothing is wrong; warnings and gaps do not count."""
        return all(finding.severity != "violation" for finding in self.findings)


class Validator(Protocol):
    """Whatever judges data by shapes."""

    def validate(self, data: bytes, syntax: str = "nt", *, where: str = "") -> Report:
        """Judge RDF data.

        :param syntax: one of `SYNTAXES`. Quads are judged as one graph; the graph's name tells the article.
        :param where: the file that the data comes from, for messages.
        :raises GraphError: when the data cannot be parsed.
        :raises UnknownName: for another syntax.
        """


def validate(data: bytes, syntax: str = "nt", *, shapes: Path | None = None, where: str = "") -> Report:
    """Judge RDF data by the shapes that come with migkg, or by those of a file.

    :param data: an article's graph, or several, with the classes and labels of the known things they speak of.
    :param shapes: a Turtle file with SHACL shapes.
    :raises DataError: when the shapes are missing or broken; else see `Validator.validate`.
    """
    return load_validator(shapes).validate(data, syntax, where=where)


def validate_batches(
    batches: Iterable[bytes], *, jobs: int = 1, syntax: str = "nt", shapes: Path | None = None
) -> Iterator[Report]:
    """Judge many graphs, each on its own, in several processes.

    :param batches: data in one syntax; taken as needed, so that only a few are in memory at once.
    :param jobs: number of processes; with 1 all is done in this one.
    :returns: the reports in the order of the batches, whatever the number of processes.
    :raises GraphError: when a batch cannot be parsed, or a process was killed; else see `validate`.
    """
    if jobs < 1:
        raise ValueError(f"{jobs} jobs")
    if jobs == 1:
        for batch in batches:
            yield validate(batch, syntax, shapes=shapes)
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    load_validator(shapes)  # broken shapes are told here, and not once a process
    waiting: deque[Future[Report]] = deque()
    remaining = iter(batches)
    # A forked process would inherit the engines' threads, stopped half-way.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        try:
            for batch in islice(remaining, 3 * jobs):
                waiting.append(pool.submit(validate, batch, syntax, shapes=shapes))
            while waiting:
                report = waiting.popleft().result()
                for batch in islice(remaining, 1):
                    waiting.append(pool.submit(validate, batch, syntax, shapes=shapes))
                yield report
        except BrokenProcessPool as error:
            raise GraphError(
                "a process that validates was killed", todo="Try again with fewer jobs; memory may have run out."
            ) from error
        finally:
            pool.shutdown(cancel_futures=True)


def merge(reports: Iterable[Report]) -> Report:
    """Many reports as one; a shape is unmatched when it was in all of them. `checked` counts a node once a report."""
    findings: set[Finding] = set()
    unmatched: set[str] | None = None
    checked = 0
    for report in reports:
        findings.update(report.findings)
        unmatched = set(report.unmatched) if unmatched is None else unmatched.intersection(report.unmatched)
        checked += report.checked
    return Report(_sorted(findings), tuple(sorted(unmatched or ())), checked)


@cache
def load_validator(shapes: Path | None = None) -> Validator:
    """The validator for a file of shapes, made once a process. See `validate`."""
    return ShaclValidator(shapes or resources.path("ontology", "shapes.ttl"))


@dataclass(frozen=True, slots=True)
class _Group:
    """A shape with targets, and the shapes to run on what it targets."""

    name: str
    target: Any  # pyshacl.Shape, whose methods have no types
    checks: tuple[Any, ...]


class ShaclValidator:
    """pySHACL with the shapes of one file.

    :param lang: the language in which findings are told, where the shapes know it; else English.
    :raises DataError: when the file is missing, is no Turtle, or its shapes are not well-formed.
    """

    def __init__(self, shapes: Path, lang: str = "en") -> None:
        import pyshacl
        from pyshacl.graph_abstraction import DataGraph
        from rdflib import Graph, URIRef

        logging.getLogger("rdflib.term").addHandler(logging.NullHandler())  # it logs each ill-typed literal
        text = _read(shapes)
        self._source = _Source(shapes, text)
        graph, _ = _parsed(text, "ttl", where=str(shapes), error=DataError)
        self._source.check_terms(graph)
        self._messages = _messages(graph, lang)
        engine = pyshacl.ShapesGraph(graph, debug=False, logger=_log)
        with self._source.failures():
            found = {str(shape.node): shape for shape in engine.shapes}
        constrained = {name for name, shape in found.items() if self._prepare(shape)}
        self._groups = tuple(_groups(found, constrained, graph))
        for annotation in _ANNOTATIONS:
            graph.remove((None, URIRef(annotation), None))
        self._executor = pyshacl.Validator(
            DataGraph.from_rdflib(Graph()), shacl_graph=Graph(), options={"logger": _log}
        ).make_executor()

    def validate(self, data: bytes, syntax: str = "nt", *, where: str = "") -> Report:
        """See `Validator.validate`."""
        graph, homes = _parsed(data, syntax, where=where, error=GraphError)
        article = _articles(graph, homes)
        findings: set[Finding] = set()
        unmatched: set[str] = set()
        checked: set[Node] = set()
        for group in self._groups:
            focus = group.target.focus_nodes(graph)
            if not focus:
                unmatched.add(group.name)
                continue
            checked |= focus
            for check in group.checks:
                with self._source.failures(check.node):
                    _, results = check.validate(self._executor, graph, focus=list(focus))
                findings.update(self._finding(result, triples, article) for _, result, triples in results)
        return Report(_sorted(findings), tuple(sorted(unmatched)), len(checked))

    def _prepare(self, shape: Any) -> bool:
        """Build a shape's own constraints once, so that a broken one is told now; True when there are any."""
        from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS, CONSTRAINT_PARAMETERS_MAP

        used = {predicate for predicate, _ in shape.sg.predicate_objects(shape.node)}
        parameters = [name for name in ALL_CONSTRAINT_PARAMETERS if name in used]
        part = shape.node
        try:
            for constraint in [CONSTRAINT_PARAMETERS_MAP[name](shape) for name in parameters]:
                for query in getattr(constraint, "sparql_constraints", ()):
                    part = query.node
                    _, text = query.pre_bind_variables(part)
                    _prepared(query.apply_prefixes(text))
        except Exception as error:  # whatever a value of the wrong kind, a bad pattern or a bad query makes them raise
            raise self._source.broken(part, str(getattr(error, "message", error))) from error
        return any(str(name) != _PROPERTY for name in parameters)

    def _finding(self, result: Any, triples: Sequence[tuple[Any, Any, Any]], article: Mapping[str, str]) -> Finding:
        """One validation result, whose parts are values or (graph, value); triples of others are its details."""
        parts = {str(p): str(o[1] if isinstance(o, tuple) else o) for s, p, o in triples if s == result}
        shape, focus = parts[_SH + "sourceShape"], parts[_SH + "focusNode"]
        value = parts.get(_SH + "value", "")
        messages = (self._messages.get(parts.get(_SH + key, "")) for key in ("sourceConstraint", "sourceShape"))
        return Finding(
            severity=_SEVERITIES.get(parts[_SH + "resultSeverity"], "violation"),
            shape=iris.name(shape),
            focus=focus,
            message=next(filter(None, messages), parts.get(_SH + "resultMessage", "")),
            path=parts.get(_SH + "resultPath", ""),
            value="" if value == focus else value,  # of a node shape, the value is the node itself
            article=article.get(focus, article.get("", "")),
        )


def _groups(found: Mapping[str, Any], constrained: set[str], graph: Graph) -> Iterator[_Group]:
    """The shapes with targets. Those of their property shapes are run apart, once for all nodes of the target.

    That is the same as SHACL's `sh:property` unless another shape refers to the shape: then it is left as it is.
    """
    from rdflib import URIRef

    for name, shape in sorted(found.items()):
        if shape.deactivated or not any(list(target) for target in shape.target()):
            continue
        parts: list[str] = []
        if not any(graph.triples((None, None, shape.node))):
            parts = sorted(str(part) for part in graph.objects(shape.node, URIRef(_PROPERTY)))
            graph.remove((shape.node, URIRef(_PROPERTY), None))
        whole = [name] if name in constrained or not parts else []
        yield _Group(iris.name(name), shape, tuple(found[one] for one in whole + parts))


class _Source:
    """The file of shapes, for errors that say where in it."""

    def __init__(self, path: Path, text: bytes) -> None:
        self._path = path
        self._text = text.decode(errors="replace")

    def error(self, what: str, term: str = "", *, todo: str = "") -> DataError:
        return DataError(what, where=str(self._path), line=self._line(term), todo=todo)

    def broken(self, shape: object, why: str) -> DataError:
        name = f"the shape {iris.name(str(shape))}" if shape else "a shape"
        return self.error(f"{name} is broken: {' '.join(why.split()).rstrip('.')}", str(shape))

    @contextmanager
    def failures(self, shape: object = "") -> Iterator[None]:
        """Turn what pySHACL raises on a broken shape into an error that names it."""
        from pyshacl.errors import ReportableRuntimeError

        try:
            yield
        except ReportableRuntimeError as error:
            raise self.broken(shape, str(error.message)) from error

    def check_terms(self, graph: Graph) -> None:
        """Refuse misspelt terms of SHACL, which engines pass over as if nothing had been asked for."""
        from rdflib.namespace import SH

        for term in sorted({str(term) for triple in graph for term in triple}):
            name = term.removeprefix(_SH)
            if name != term and name not in SH:
                close = get_close_matches(name, [str(known).removeprefix(_SH) for known in dir(SH)], n=1)
                todo = f"Did you mean sh:{close[0]}?" if close else ""
                raise self.error(f"sh:{name} is no term of SHACL", term, todo=todo)

    def _line(self, term: str) -> int | None:
        """The line on which a term is first the subject, or else first named."""
        name = re.escape(iris.name(term))
        for pattern in (rf"^\S*[:/#]{name}>?\s", rf"[:/#]{name}\b"):
            match = re.search(pattern, self._text, re.MULTILINE) if term else None
            if match:
                return self._text.count("\n", 0, match.start()) + 1
        return None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(
            f"the shapes cannot be read ({error.strerror})", where=str(path), expected="a Turtle file with SHACL shapes"
        ) from error


def _messages(graph: Graph, lang: str) -> dict[str, str]:
    """Shape or constraint → its message. pySHACL's own choice would lose the language of those of SPARQL."""
    from rdflib import Literal, URIRef

    found: dict[str, dict[str, str]] = {}
    for shape, message in graph.subject_objects(URIRef(_SH + "message")):
        if isinstance(message, Literal):
            found.setdefault(str(shape), {})[message.language or ""] = str(message)
    return {
        shape: next((texts[tag] for tag in (lang, "en", "") if tag in texts), min(texts.values()))
        for shape, texts in found.items()
    }


@cache
def _prepared(sparql: str) -> Any:
    from rdflib.plugins.sparql import prepareQuery

    return prepareQuery(sparql)


@cache
def _graph_class() -> type[Graph]:
    from rdflib import Graph

    class PreparedGraph(Graph):
        """A graph that parses each query once: pySHACL sends the same text for every node."""

        def query(self, query_object: Any, *args: Any, **options: Any) -> Any:
            return super().query(
                _prepared(query_object) if isinstance(query_object, str) else query_object, *args, **options
            )

    return PreparedGraph


def _parsed(
    data: bytes, syntax: str, *, where: str, error: type[DataError | GraphError]
) -> tuple[Graph, dict[str, set[str]]]:
    """Data as an rdflib graph, and for each subject the ids of the articles whose named graphs speak of it."""
    import pyoxigraph as ox

    if syntax not in SYNTAXES:
        raise UnknownName("syntax", syntax, SYNTAXES, where=where)
    form = ox.RdfFormat.from_media_type(SYNTAXES[syntax])
    graph = _graph_class()()
    terms: dict[Any, Node] = {}
    homes: dict[str, set[str]] = {}

    def triples(quads: Iterable[ox.Quad]) -> Iterator[tuple[Node, Node, Node, Graph]]:
        for quad in quads:
            found = []
            for term in (quad.subject, quad.predicate, quad.object):
                node = terms.get(term)
                if node is None:
                    node = terms[term] = _node(term)
                found.append(node)
            name = getattr(quad.graph_name, "value", "")
            if "/graph/" in name and iris.name(name) not in _NO_ARTICLES:
                homes.setdefault(str(found[0]), set()).add(iris.name(name))
            yield found[0], found[1], found[2], graph

    try:
        graph.addN(triples(ox.parse(data, format=form)))
    except SyntaxError as caught:
        raise error(
            f"not readable as RDF ({caught.msg})", where=where, line=caught.lineno, expected=SYNTAXES[syntax]
        ) from caught
    return graph, homes


def to_rdflib(triples: Iterable[ox.Triple]) -> Graph:
    """Triples as an rdflib graph, in which literals keep their lexical forms."""
    graph = _graph_class()()
    graph.addN((_node(t.subject), _node(t.predicate), _node(t.object), graph) for t in triples)
    return graph


def _node(term: ox.NamedNode | ox.BlankNode | ox.Triple | ox.Literal) -> Node:
    """A pyoxigraph term as rdflib knows it: xsd:string is the plain literal, and lexical forms are kept."""
    import pyoxigraph as ox
    from rdflib import BNode, Literal, URIRef

    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if isinstance(term, ox.Triple):
        raise SyntaxError("a triple inside a triple is not supported")
    if term.language:
        return Literal(term.value, lang=term.language)
    datatype = term.datatype.value
    if datatype == PREFIXES["xsd"] + "string":
        return Literal(term.value)
    return Literal(term.value, datatype=URIRef(datatype), normalize=False)


def _articles(graph: Graph, homes: Mapping[str, set[str]]) -> dict[str, str]:
    """Node → id of the article that it belongs to; under "" the only article of the data, if it has only one."""
    from rdflib import URIRef

    snapshots = {iris.name(str(s)) for s in graph.subjects(URIRef(_RDF_TYPE), URIRef(ONT + "Snapshot"))}
    if len(snapshots) == 1:
        return {"": snapshots.pop()}
    found: dict[str, set[str]] = {node: set(ids) for node, ids in homes.items()}
    for span, snapshot in graph.subject_objects(URIRef(PREFIXES["oa"] + "hasSource")):
        article = iris.name(str(snapshot))
        for node in (snapshot, span, *graph.subjects(URIRef(ONT + "evidence"), span)):
            found.setdefault(str(node), set()).add(article)
        for selector in graph.objects(span, URIRef(PREFIXES["oa"] + "hasSelector")):
            found.setdefault(str(selector), set()).add(article)
    return {node: min(ids) for node, ids in found.items() if len(ids) == 1}


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: (_ORDER[finding.severity], finding)))
