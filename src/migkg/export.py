"""Writes the graph in every format, the same bytes for the same data: sorted, with fixed prefixes, no blank nodes.

Formats of triples hold the default graph (the union of all graphs), formats of quads each named graph.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from migkg import resources
from migkg.errors import DataError, UnknownName, WriteError
from migkg.formats import harmless
from migkg.ontology import PREFIXES, load_ontology
from migkg.queries import labels, plain, short

if TYPE_CHECKING:
    import pyoxigraph as ox

    from migkg.store import Store

_TYPE = PREFIXES["rdf"] + "type"
_XSD = PREFIXES["xsd"]


@dataclass(frozen=True, slots=True)
class Export:
    """One format.

    :param title: its name for people.
    :param suffix: of files, with the dot.
    :param quads: True when it keeps the named graphs apart.
    :param write: sorted quads → the bytes of a file; the store is for what is beside the quads (labels).
    """

    title: str
    media_type: str
    suffix: str
    quads: bool
    write: Callable[[list[ox.Quad], Store], bytes]


def export(store: Store, name: str, out: Path | BinaryIO, *, graphs: Iterable[str] | None = None) -> None:
    """Write the graph, or some of its named graphs, in one format.

    A file is written aside and renamed, so that it is complete or as it was.

    :param name: one of `EXPORTS`.
    :param out: a file, or an open binary stream.
    :param graphs: IRIs of the named graphs to write; None for all.
    :raises UnknownName: for another format, or a graph that is not there.
    :raises WriteError: when the target cannot be written, or the format cannot hold the data.
    """
    data = to_bytes(store, name, graphs=graphs)
    try:
        if isinstance(out, Path):
            write_aside(out, data)
        else:
            out.write(data)
    except BrokenPipeError:
        raise  # the reader has seen enough; no fault of the target
    except OSError as error:
        raise WriteError(
            f"the {EXPORTS[name].title} file could not be written ({error.strerror or error})", where=str(out)
        ) from error


def to_bytes(store: Store, name: str, *, graphs: Iterable[str] | None = None) -> bytes:
    """What `export` writes, in memory."""
    if name not in EXPORTS:
        raise UnknownName("format", name, EXPORTS)
    form = EXPORTS[name]
    return form.write(_quads(store, graphs, keep=form.quads), store)


def write_aside(path: Path, data: bytes) -> None:
    """Write a file under another name and rename it: nobody ever sees half of it.

    :raises OSError: as of the file system.
    """
    handle, aside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        Path(aside).chmod(0o666 & ~umask)  # mkstemp makes it private
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def _quads(store: Store, graphs: Iterable[str] | None, *, keep: bool) -> list[ox.Quad]:
    """The quads to write, sorted: a subject's `rdf:type` first, then by predicate and object."""
    import pyoxigraph as ox

    if graphs is None:
        names = store.graph_names() if keep else ()
        found = [quad for name in names for quad in store.quads(name)] if keep else list(store.quads())
    else:
        known, wanted = store.graph_names(), sorted(set(graphs))
        for name in wanted:
            if name not in known:
                raise UnknownName("graph", name, known)
        found = [quad for name in wanted for quad in store.quads(name)]
        if not keep:
            found = list({ox.Quad(quad.subject, quad.predicate, quad.object) for quad in found})
    return sorted(found, key=_order)


def _order(quad: ox.Quad) -> tuple[str, str, str, str]:
    predicate = quad.predicate.value
    return str(quad.graph_name), str(quad.subject), "" if predicate == _TYPE else predicate, str(quad.object)


# --- text formats, by the RDF library's own fast serialiser ---


def turtle(triples: Iterable[ox.Triple], prefixes: Mapping[str, str] = PREFIXES) -> bytes:
    """Triples that are in no store as Turtle, in the same order and form as those of a graph."""
    import pyoxigraph as ox

    quads = sorted({ox.Quad(*triple) for triple in triples}, key=_order)
    return _readable(_serialised((quad.triple for quad in quads), ox.RdfFormat.TURTLE, prefixes))


def _turtle(quads: list[ox.Quad], _: Store) -> bytes:
    import pyoxigraph as ox

    return _readable(_serialised((quad.triple for quad in quads), ox.RdfFormat.TURTLE))


def _trig(quads: list[ox.Quad], _: Store) -> bytes:
    import pyoxigraph as ox

    return _readable(_serialised(quads, ox.RdfFormat.TRIG))


def _ntriples(quads: list[ox.Quad], _: Store) -> bytes:
    import pyoxigraph as ox

    return _serialised((quad.triple for quad in quads), ox.RdfFormat.N_TRIPLES)


def _nquads(quads: list[ox.Quad], _: Store) -> bytes:
    import pyoxigraph as ox

    return _serialised(quads, ox.RdfFormat.N_QUADS)


def _rdfxml(quads: list[ox.Quad], _: Store) -> bytes:
    import pyoxigraph as ox

    for quad in quads:
        _check_xml(quad)
    data = _serialised((quad.triple for quad in quads), ox.RdfFormat.RDF_XML)
    return data.replace(b"\r", b"&#13;") + b"\n"  # a reader takes a bare carriage return for a line feed


def _serialised(
    data: Iterable[ox.Triple] | Iterable[ox.Quad], form: ox.RdfFormat, prefixes: Mapping[str, str] = PREFIXES
) -> bytes:
    import pyoxigraph as ox

    written = ox.serialize(data, format=form, prefixes=dict(prefixes))
    return written or b""


def _readable(data: bytes) -> bytes:
    """Sorted prefixes, spaces for tabs, an empty line between subjects.

    Safe on lines, because the serialiser writes line breaks and tabs inside of a literal as `\\n` and `\\t`.
    """
    lines = data.split(b"\n")
    count = next((number for number, line in enumerate(lines) if not line.startswith(b"@prefix")), len(lines))
    body = b"\n".join(lines[count:]).replace(b"\t", b"    ")
    body = re.sub(rb" \.\n(?=[^\n}])", b" .\n\n", body).replace(b"}\n<", b"}\n\n<")
    return b"\n".join(sorted(lines[:count])) + b"\n\n" + body


_XML_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_XML_NAME_END = re.compile(r"[^\W\d][\w.-]*\Z")


def _check_xml(quad: ox.Quad) -> None:
    """RDF/XML cannot hold every graph, and the serialiser would write what no reader accepts."""
    other = "Export as Turtle or N-Triples instead."
    if not _XML_NAME_END.search(quad.predicate.value):
        raise WriteError(f"RDF/XML cannot hold the property <{quad.predicate.value}>", todo=other)
    if found := _XML_FORBIDDEN.search(quad.object.value if hasattr(quad.object, "value") else ""):
        raise WriteError(f"RDF/XML cannot hold the character U+{ord(found[0]):04X}, at {quad.subject}", todo=other)


# --- JSON-LD, one node a line, with the short names of ontology/context.jsonld ---


@dataclass(frozen=True, slots=True)
class _ShortNames:
    text: str  # the context as it is written
    by_property: Mapping[str, tuple[str, str]]  # property IRI → name, and what its values are
    classes: Mapping[str, str]

    def iri(self, iri: str) -> str:
        for prefix, namespace in PREFIXES.items():
            if iri.startswith(namespace) and not iri[len(namespace) :].startswith("//"):
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri


@cache
def _short_names() -> _ShortNames:
    path = resources.path("ontology", "context.jsonld")
    try:
        context = json.loads(path.read_bytes())["@context"]
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"the JSON-LD context cannot be read ({error})", where=str(path)) from error
    by_property: dict[str, tuple[str, str]] = {}
    classes: dict[str, str] = {}
    for name, meaning in sorted(context.items(), reverse=True):  # of two names for one thing, the first
        iri = meaning if isinstance(meaning, str) else meaning.get("@id", "") if isinstance(meaning, dict) else ""
        prefix, colon, local = iri.partition(":")
        if not colon or not local or prefix not in PREFIXES or name in PREFIXES:
            continue
        full = PREFIXES[prefix] + local
        if isinstance(meaning, str):
            classes[full] = name
            by_property[full] = (name, "")
        elif "@container" in meaning:
            by_property[full] = (name, meaning["@container"])
        else:
            kind = meaning.get("@type", "")
            prefix, colon, local = kind.partition(":")
            by_property[full] = (name, PREFIXES[prefix] + local if colon else kind)
    return _ShortNames(json.dumps(context, ensure_ascii=False, sort_keys=True), by_property, classes)


def _jsonld(quads: list[ox.Quad], _: Store) -> bytes:
    names = _short_names()
    nodes = []
    for subject, of_subject in groupby(quads, key=lambda quad: quad.subject):
        node: dict[str, Any] = {"id": subject.value if hasattr(subject, "value") else str(subject)}
        for quad in of_subject:
            _add(node, quad, names)
        nodes.append(json.dumps({key: _single(value) for key, value in node.items()}, ensure_ascii=False))
    return ('{"@context": ' + names.text + ',\n"@graph": [\n' + ",\n".join(nodes) + "\n]}\n").encode()


def _add(node: dict[str, Any], quad: ox.Quad, names: _ShortNames) -> None:
    """Put one triple into its node: under the short name if the value is of the kind that the name stands for."""
    import pyoxigraph as ox

    predicate, value = quad.predicate.value, quad.object
    name, kind = names.by_property.get(predicate, ("", ""))
    key = names.iri(predicate)
    written: Any = str(value)
    if isinstance(value, ox.NamedNode):
        if predicate == _TYPE:
            key, written = "type", names.classes.get(value.value) or names.iri(value.value)
        elif name and kind == "@id":
            key, written = name, value.value
        else:
            written = {"id": value.value}
    elif isinstance(value, ox.Literal):
        datatype = value.datatype.value
        if value.language and name and kind == "@language":
            languages = node.setdefault(name, {})
            languages.setdefault(value.language, []).append(value.value)
            return
        if value.language:
            written = {"@value": value.value, "@language": value.language}
        elif datatype != _XSD + "string":
            written = {"@value": value.value, "@type": names.iri(datatype)}
            if name and kind == datatype:
                key, written = name, value.value
            elif datatype == _XSD + "integer" and str(int(value.value)) == value.value:
                key, written = (name, int(value.value)) if name and not kind else (key, int(value.value))
        elif name and not kind:
            key, written = name, value.value
        else:
            written = value.value
    node.setdefault(key, []).append(written)


def _single(value: Any) -> Any:
    """Lists of one as their value, as JSON-LD means the same."""
    if isinstance(value, dict):
        return {key: _single(inner) for key, inner in value.items()}
    return value[0] if isinstance(value, list) and len(value) == 1 else value


# --- CSV: facts for a spreadsheet ---


def _csv(quads: list[ox.Quad], store: Store) -> bytes:
    """One row for each fact and evidence; a column for each role and qualifier that occurs, with labels for IRIs."""
    import pyoxigraph as ox

    by_subject: dict[str, dict[str, list[Any]]] = {}
    for quad in quads:
        if isinstance(quad.subject, ox.NamedNode):
            by_subject.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, []).append(quad.object)
    kinds = {kind.iri: kind for kind in load_ontology().facts.values()}
    properties = {iri: name for kind in kinds.values() for name, iri in {**kind.roles, **kind.qualifiers}.items()}
    facts = {
        iri: (kinds[held.value], found)
        for iri, found in by_subject.items()
        for held in found.get(_TYPE, ())
        if held.value in kinds
    }
    used = sorted({properties[p] for _, found in facts.values() for p in found if p in properties})
    nodes = {v.value for _, found in facts.values() for vs in found.values() for v in vs if isinstance(v, ox.NamedNode)}
    shown = labels(store, nodes)

    def words(values: Iterable[Any]) -> str:
        return "; ".join(shown.get(v.value, v.value) if isinstance(v, ox.NamedNode) else str(plain(v)) for v in values)

    def follow(start: str, first: str, *rest: str) -> Iterator[Any]:
        for value in by_subject.get(start, {}).get(first, ()):
            if rest:
                yield from follow(value.value, *rest)
            else:
                yield value

    oa, mig, schema = PREFIXES["oa"], PREFIXES["mig"], PREFIXES["schema"]
    quote, source = (oa + "hasSelector", oa + "exact"), (oa + "hasSource", PREFIXES["prov"] + "specializationOf")
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")  # RFC 4180
    writer.writerow(["fact", "kind", "statement", *used, "words", "sentence", "article", "published", "url"])
    for iri, (kind, found) in facts.items():
        cells = {properties[p]: words(values) for p, values in found.items() if p in properties}
        start = [short(iri), kind.name, words(found.get(PREFIXES["rdfs"] + "label", ()))]
        for span in [v.value for v in found.get(mig + "evidence", ())] or [""]:
            end = [
                words(follow(span, *quote)),
                words(follow(span, mig + "sentence")),
                *(words(follow(span, *source, schema + p)) for p in ("headline", "datePublished", "url")),
            ]
            writer.writerow([harmless(cell) for cell in (*start, *(cells.get(name, "") for name in used), *end)])
    return out.getvalue().encode()


EXPORTS: Mapping[str, Export] = {
    "ttl": Export("Turtle", "text/turtle", ".ttl", quads=False, write=_turtle),
    "trig": Export("TriG", "application/trig", ".trig", quads=True, write=_trig),
    "nt": Export("N-Triples", "application/n-triples", ".nt", quads=False, write=_ntriples),
    "nq": Export("N-Quads", "application/n-quads", ".nq", quads=True, write=_nquads),
    "jsonld": Export("JSON-LD", "application/ld+json", ".jsonld", quads=False, write=_jsonld),
    "rdfxml": Export("RDF/XML", "application/rdf+xml", ".rdf", quads=False, write=_rdfxml),
    "csv": Export("CSV of facts", "text/csv", ".csv", quads=False, write=_csv),
}
"""Format → how it is written. A further one is a row here and meets the same tests."""
