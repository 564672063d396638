"""How kinds of nodes look, in pictures and pages alike: by colour and by shape.

The colours are those of Okabe and Ito 2008, "Color Universal Design", which colour-blind readers tell apart, less black
(for names) and yellow (too light on paper); shapes tell them apart in grey.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from migkg.model import Network
from migkg.ontology import load_ontology


class Look(NamedTuple):
    """:param colour: on paper; `dark`: on a dark ground. :param shape: its name."""

    colour: str
    dark: str
    shape: str


LOOKS = (
    Look("#0072B2", "#3D9BD8", "circle"),
    Look("#D55E00", "#E8782A", "square"),
    Look("#009E73", "#1DB88B", "triangle"),
    Look("#CC79A7", "#D992BA", "diamond"),
    Look("#56B4E9", "#7CC6F0", "hexagon"),
    Look("#E69F00", "#F0B43C", "nabla"),
    Look("#666666", "#A0A4AA", "pentagon"),
)
"""Kinds beyond the last share it."""
_OWN = {"person": 0, "public-body": 1, "igo": 2, "organization": 3, "unit": 4, "event": 5}


def kinds(network: Network) -> list[str]:
    """The kinds of nodes, the commonest first."""
    counts = Counter(node.type for node in network.nodes)
    return sorted(counts, key=lambda kind: (-counts[kind], kind))


def looks(network: Network) -> dict[str, Look]:
    """Kind → how it looks, the commonest first: the kinds that are met most look the same in every network."""
    found = kinds(network)
    own = {kind: _OWN[kind] for kind in found if kind in _OWN}
    last = len(LOOKS) - 1
    free = (place for place in reversed(range(last)) if place not in own.values())
    places = {kind: own[kind] if kind in own else next(free, last) for kind in found}
    return {kind: LOOKS[place] for kind, place in places.items()}


def kind_label(kind: str, lang: str) -> str:
    """What a kind is called."""
    known = load_ontology().entities.get(kind)
    return known.label.get(lang, known.label.get("en", kind)) if known else kind or "–"


def strength(network: Network) -> dict[str, int]:
    """Node → the sum of the weights of its edges."""
    found = dict.fromkeys((node.iri for node in network.nodes), 0)
    for edge in network.edges:
        found[edge.source] += edge.weight
        found[edge.target] += edge.weight
    return found
