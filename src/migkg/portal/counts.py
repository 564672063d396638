"""What a file of triples holds, counted from the very file (VoID, W3C Interest Group Note of 2011)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from migkg.errors import GraphError
from migkg.ontology import PREFIXES, load_ontology

if TYPE_CHECKING:
    import pyoxigraph as ox

_TYPE = PREFIXES["rdf"] + "type"
LINKS = (
    *(PREFIXES["skos"] + name for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch")),
    PREFIXES["schema"] + "sameAs",
    PREFIXES["owl"] + "sameAs",
)
"""Properties that link a thing to the same or a like thing of another data set."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of one file; triples of several named graphs count once.

    :param entities: things of the kinds that the ontology knows, by the address space that they live in.
    :param classes: class → its instances. :param properties: property → (triples, subjects, objects).
    :param links: (property, host of the other data set) → (triples, subjects, objects).
    """

    triples: int
    subjects: int
    objects: int
    entities: int
    classes: Mapping[str, int]
    properties: Mapping[str, tuple[int, int, int]]
    links: Mapping[tuple[str, str], tuple[int, int, int]]


def segments() -> tuple[str, ...]:
    """First parts of the addresses of entities: `organization`, `person` …"""
    return tuple(sorted({kind.segment for kind in load_ontology().entities.values()}))


def forms() -> Mapping[str, ox.RdfFormat]:
    """Suffix of a file → its syntax."""
    import pyoxigraph as ox

    return {
        ".ttl": ox.RdfFormat.TURTLE, ".trig": ox.RdfFormat.TRIG, ".nq": ox.RdfFormat.N_QUADS,
        ".nt": ox.RdfFormat.N_TRIPLES, ".jsonld": ox.RdfFormat.JSON_LD,
    }  # fmt: skip


@cache
def _prefix_of(base: str) -> tuple[str, ...]:
    return tuple(f"{base}id/{segment}/" for segment in segments())


def triples(file: Path) -> set[ox.Triple]:
    """All triples of a file, of whatever graph.

    :raises GraphError: when it cannot be read as RDF.
    """
    import pyoxigraph as ox

    try:
        return {quad.triple for quad in ox.parse(path=str(file), format=forms()[file.suffix])}
    except (OSError, SyntaxError) as error:
        raise GraphError(f"cannot be read as RDF ({error})", where=str(file)) from error


def count(file: Path, base: str) -> Counts:
    """The numbers of a file.

    :param base: what IRIs of the data begin with.
    :raises GraphError: when it cannot be read as RDF.
    """
    return counted(triples(file), base)


def counted(found: set[ox.Triple], base: str) -> Counts:
    """The numbers of triples; see `count`."""
    subjects = {str(triple.subject) for triple in found}
    classes = Counter(str(triple.object)[1:-1] for triple in found if triple.predicate.value == _TYPE)
    groups: dict[tuple[str, ...], list[ox.Triple]] = defaultdict(list)
    for triple in found:
        predicate = triple.predicate.value
        groups[(predicate,)].append(triple)
        if predicate in LINKS and not str(triple.object).startswith(f"<{base}"):
            groups[predicate, urlsplit(str(triple.object)[1:-1]).netloc].append(triple)
    numbers = {key: _distinct(held) for key, held in sorted(groups.items())}
    prefixes = tuple(f"<{prefix}" for prefix in _prefix_of(base))
    return Counts(
        len(found), len(subjects), len({str(triple.object) for triple in found}),
        sum(subject.startswith(prefixes) for subject in subjects), dict(sorted(classes.items())),
        {key[0]: told for key, told in numbers.items() if len(key) == 1},
        {(key[0], key[1]): told for key, told in numbers.items() if len(key) == 2},
    )  # fmt: skip


def _distinct(held: list[ox.Triple]) -> tuple[int, int, int]:
    return len(held), len({str(triple.subject) for triple in held}), len({str(triple.object) for triple in held})
