"""What lists of others say of the codes that a description uses: `ontology/portal/authorities.ttl`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from migkg import resources

if TYPE_CHECKING:
    import pyoxigraph as ox

EU = "http://publications.europa.eu/resource/authority/"
MEDIA = "https://www.iana.org/assignments/media-types/"


@cache
def authorities() -> Mapping[str, tuple[ox.Triple, ...]]:
    """IRI → what the file says of it.

    :raises DataError: when the file is missing or broken.
    """
    found: dict[str, list[ox.Triple]] = defaultdict(list)
    for quad in resources.quads(resources.path("ontology", "portal", "authorities.ttl")):
        found[str(quad.subject)[1:-1]].append(quad.triple)
    return {iri: tuple(triples) for iri, triples in found.items()}


def codes(name: str) -> tuple[str, ...]:
    """The codes of one of the EU's lists that are known here."""
    start = f"{EU}{name}/"
    return tuple(sorted(iri[len(start) :] for iri in authorities() if iri.startswith(start)))


def told_of(triples: Iterable[ox.Triple]) -> set[ox.Triple]:
    """What is known of all that triples name, and of what that names in turn."""
    found: set[ox.Triple] = set()
    todo = {str(triple.object)[1:-1] for triple in triples}
    while todo:
        new = {triple for iri in todo for triple in authorities().get(iri, ())} - found
        found |= new
        todo = {str(triple.object)[1:-1] for triple in new}
    return found
