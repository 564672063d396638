"""What a page of a network tells beyond it: the sentences behind each edge, and the names of what edges share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from migkg.model import Network
from migkg.network.links import pairs
from migkg.queries import labels
from migkg.quotations import quotations
from migkg.store import Store
from migkg.views import Quotation


@dataclass(frozen=True, slots=True)
class Proofs:
    """:param quotations: fact → the sentences that state it. :param publishers: article → who published it.
    :param about: fact → what it speaks of, among what its edges share.
    :param labels: IRI → name, of what edges share (with the day of an event), of countries and of parents.
    """

    quotations: Mapping[str, list[Quotation]] = field(default_factory=dict, hash=False)
    publishers: Mapping[str, str] = field(default_factory=dict, hash=False)
    about: Mapping[str, list[str]] = field(default_factory=dict, hash=False)
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)


def proofs(store: Store, network: Network, *, lang: str = "en") -> Proofs:
    """The proofs of all edges, by a few questions for all of them together."""
    facts = sorted({fact for edge in network.edges for fact in edge.facts})
    shared = {iri for edge in network.edges for iri in edge.shared}
    told = quotations(store, facts)
    articles = sorted({one.source for several in told.values() for one in several})
    about: dict[str, list[str]] = defaultdict(list)
    for fact, thing in sorted(pairs(store, facts if shared else (), "?part")):
        if thing in shared:
            about[fact].append(thing)
    days = _first(pairs(store, shared, "schema:startDate"))
    around = {iri for node in network.nodes for iri in (node.country, node.parent) if iri}
    named = labels(store, shared | around, lang=lang)
    dated = {iri: f"{name}, {days[iri]}" if iri in days else name for iri, name in named.items()}
    return Proofs(dict(told), _first(pairs(store, articles, "mig:publisherName")), dict(about), dated)


def _first(told: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for iri, value in told:
        found[iri] = min(value, found.get(iri, value))
    return found
