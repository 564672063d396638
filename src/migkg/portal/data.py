"""The data of a release: the graph in several syntaxes, and what it is made of, each as a Turtle file.

No HDT: the libraries for it in Python only read such files, and none of them was renewed since 2021.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from migkg import rdf, resources
from migkg.errors import DataError
from migkg.export import EXPORTS, to_bytes
from migkg.ontology import PREFIXES, SCHEME
from migkg.portal.release import File, Release

if TYPE_CHECKING:
    import pyoxigraph as ox

FOLDER = "data"
SCHEMES = f"{FOLDER}/schemes"
_KINDS = {"ttl": "RDF_TURTLE", "trig": "RDF_TRIG", "nq": "RDF_N_QUADS", "jsonld": "JSON_LD"}
_GRAPH: Mapping[str, Mapping[str, str]] = {
    "ttl": {"en": "The graph as Turtle", "id": "Graf dalam Turtle"},
    "trig": {"en": "The graph as TriG, by article", "id": "Graf dalam TriG, per artikel"},
    "nq": {"en": "The graph as N-Quads, by article", "id": "Graf dalam N-Quads, per artikel"},
    "jsonld": {"en": "The graph as JSON-LD", "id": "Graf dalam JSON-LD"},
}
_PARTS: Mapping[str, Mapping[str, str]] = {
    "ontology": {"en": "Ontology", "id": "Ontologi"},
    "reference": {
        "en": "Reference data: organisations, places, policies, programmes",
        "id": "Data rujukan: organisasi, tempat, kebijakan, program",
    },
    "shapes": {"en": "SHACL shapes of the graph", "id": "Bentuk SHACL untuk graf"},
}
_OWL, _SKOS = "http://www.w3.org/2002/07/owl", PREFIXES["skos"][:-1]
_SHACL = "http://www.w3.org/ns/shacl"


def write_data(release: Release, folder: Path, made: Sequence[File]) -> Iterator[File]:  # noqa: ARG001
    """Write all data files.

    :raises DataError: when a file of the ontology is broken. :raises OSError: as of the file system.
    """
    (folder / SCHEMES).mkdir(parents=True, exist_ok=True)
    for name, title in _GRAPH.items():
        yield _file(folder, f"graph.{name}", to_bytes(release.store, name), title, name)
    for name, graph in (("ontology", rdf.ONTOLOGY_GRAPH), ("reference", rdf.REFERENCE_GRAPH)):
        data = to_bytes(release.store, "ttl", graphs=[graph])
        yield _file(folder, f"{name}.ttl", data, _PARTS[name], conforms=(_OWL,) if name == "ontology" else None)
    yield _file(folder, "shapes.ttl", _turtle(release, _parsed("shapes.ttl")), _PARTS["shapes"], conforms=(_SHACL,))
    for name, quads in sorted(_by_scheme(release.store.quads(rdf.SCHEMES_GRAPH)).items()):
        title = {"en": f"Scheme: {_label(quads, name, 'en')}", "id": f"Skema: {_label(quads, name, 'id')}"}
        yield _file(folder, f"schemes/{name}.ttl", _turtle(release, quads), title, conforms=(_SKOS,))


def _file(
    folder: Path, name: str, data: bytes, title: Mapping[str, str], form: str = "ttl",
    conforms: tuple[str, ...] | None = None,
) -> File:  # fmt: skip
    (folder / FOLDER / name).write_bytes(data)
    file = File(f"{FOLDER}/{name}", title, EXPORTS[form].media_type, _KINDS[form])
    return file if conforms is None else File(file.path, title, file.media_type, file.kind, conforms)


def _by_scheme(quads: Iterable[ox.Quad]) -> Mapping[str, list[ox.Quad]]:
    """Name of a scheme → its triples; what is no term of any (who made it) goes to each scheme that names it."""
    found: dict[str, list[ox.Quad]] = defaultdict(list)
    shared: dict[str, list[ox.Quad]] = defaultdict(list)
    for quad in quads:
        subject = str(quad.subject).strip("<>")
        name = subject.removeprefix(SCHEME).partition("/")[0]
        (found[name] if subject.startswith(SCHEME) else shared[subject]).append(quad)
    for held in found.values():
        named = {str(quad.object).strip("<>") for quad in held}
        held += [quad for subject, told in shared.items() if subject in named for quad in told]
    return found


def _label(quads: Iterable[ox.Quad], name: str, lang: str) -> str:
    import pyoxigraph as ox

    label, scheme = ox.NamedNode(PREFIXES["skos"] + "prefLabel"), ox.NamedNode(SCHEME + name)
    told = (quad.object for quad in quads if quad.subject == scheme and quad.predicate == label)
    return next((one.value for one in told if isinstance(one, ox.Literal) and one.language == lang), name)


def _turtle(release: Release, quads: Iterable[ox.Quad]) -> bytes:
    return EXPORTS["ttl"].write(sorted(quads, key=_order), release.store)


def _order(quad: ox.Quad) -> tuple[str, str, str]:
    predicate = quad.predicate.value
    return str(quad.subject), "" if predicate == PREFIXES["rdf"] + "type" else predicate, str(quad.object)


def _parsed(name: str) -> list[ox.Quad]:
    import pyoxigraph as ox

    file = resources.path("ontology", name)
    try:
        return list(ox.parse(path=str(file)))
    except (OSError, SyntaxError) as error:
        raise DataError(f"cannot be read as Turtle ({error})", where=str(file)) from error
