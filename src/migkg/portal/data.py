"""The data of a release: the graph in several syntaxes, and what it is made of, each as a Turtle file.

No HDT: the library for it in Python (`hdt`, of 2019) only reads such files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from migkg import rdf, resources
from migkg.export import EXPORTS, to_bytes, turtle
from migkg.ontology import BASE, ONT, PREFIXES, SCHEME
from migkg.pages.links import LANGUAGES
from migkg.portal.release import File, Release
from migkg.portal.words import texts

if TYPE_CHECKING:
    import pyoxigraph as ox

Texts: TypeAlias = Mapping[str, str]  # by language

FOLDER = "data"
SCHEMES = f"{FOLDER}/schemes"
_KINDS = {"ttl": "RDF_TURTLE", "trig": "RDF_TRIG", "nq": "RDF_N_QUADS", "jsonld": "JSON_LD"}
_OWL, _SKOS, _SHACL = "http://www.w3.org/2002/07/owl", PREFIXES["skos"][:-1], "http://www.w3.org/ns/shacl"
_RDFS = PREFIXES["rdfs"][:-1]
_SHAPES = BASE + "shape"
_TITLES = (PREFIXES["dct"] + "title", PREFIXES["skos"] + "prefLabel")
_DESCRIPTIONS = (PREFIXES["dct"] + "description", PREFIXES["skos"] + "definition")


def write_data(release: Release, folder: Path, made: Sequence[File]) -> Iterator[File]:  # noqa: ARG001
    """Write all data files.

    :raises DataError: when a file of the ontology is broken. :raises OSError: as of the file system.
    """
    store = release.store
    (folder / SCHEMES).mkdir(parents=True, exist_ok=True)
    for form, kind in _KINDS.items():
        _write(folder, f"graph.{form}", to_bytes(store, form))
        yield File(f"{FOLDER}/graph.{form}", EXPORTS[form].media_type, kind, *_told(f"graph_{form}"))
    parts = [
        ("reference", list(store.quads(rdf.REFERENCE_GRAPH)), "", ONT[:-1]),
        ("ontology", list(store.quads(rdf.ONTOLOGY_GRAPH)), ONT[:-1], _OWL),
        ("shapes", resources.quads(resources.path("ontology", "shapes.ttl")), _SHAPES, _SHACL),
        ("terms", resources.quads(resources.path("ontology", "portal", "terms.ttl")), "", _RDFS),
    ]
    for name, quads in sorted(_by_scheme(store.quads(rdf.SCHEMES_GRAPH)).items()):
        parts.append((f"schemes/{name}", quads, SCHEME + name, _SKOS))
    for name, quads, about, conforms in parts:
        _write(folder, f"{name}.ttl", turtle(quad.triple for quad in quads))
        told = (_texts(quads, about, _TITLES), _texts(quads, about, _DESCRIPTIONS)) if about else _told(name)
        path, form = f"{FOLDER}/{name}.ttl", EXPORTS["ttl"].media_type
        yield File(path, form, _KINDS["ttl"], *told, conforms, name.replace("schemes/", "scheme/"))


def _write(folder: Path, name: str, data: bytes) -> None:
    (folder / FOLDER / name).write_bytes(data)


def _told(key: str) -> tuple[Texts, Texts]:
    return texts(key), texts(f"{key}_about")


def _texts(quads: Iterable[ox.Quad], about: str, properties: Sequence[str]) -> Texts:
    """Language → what a title or a description says of something."""
    import pyoxigraph as ox

    told = {
        quad.object.language: quad.object.value
        for quad in quads
        if quad.predicate.value in properties and quad.subject == ox.NamedNode(about)
        if isinstance(quad.object, ox.Literal)
    }
    return {lang: told.get(lang) or told.get("en") or about for lang in LANGUAGES}


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
