"""The graph → a network: edges by the questions of `queries/networks/`, put together as `queries/networks.toml` says.

A question gives edges between two kinds of things ("who hosts which event"). A network takes them as they are, or joins
two sources by what they share: the one-mode projection of a two-mode network (Borgatti and Halgin 2011, "Analyzing
Affiliation Networks").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

from migkg import resources
from migkg.errors import DataError, NothingFound, UnknownName
from migkg.model import Edge, Network, Node
from migkg.network.links import Link, Selection, chosen, declarations, nodes_of
from migkg.queries import Question, find_entity, labels, questions
from migkg.store import Store

_KEYS = {
    "title": str, "title_id": str, "questions": list, "weight": str, "weight_id": str, "over": str, "directed": bool
}  # fmt: skip
_OPTIONAL = ("weight_id", "over", "directed")


@dataclass(frozen=True, slots=True)
class Declaration:
    """How a network is made.

    :param title: language → title. :param over: "target" or "source", what is folded away; "" for nothing.
    :param weight: what an edge's weight counts; `weight_id`: the same in Indonesian, or "".
    """

    name: str
    title: Mapping[str, str] = field(hash=False)
    questions: tuple[Question, ...]
    weight: str
    over: str = ""
    directed: bool = False
    weight_id: str = ""


@cache
def networks(file: Path | None = None) -> Mapping[str, Declaration]:
    """All networks by name, in the order of their file.

    :raises DataError: when the file, or a question that it names, is missing or broken.
    """
    file = file or resources.path("queries", "networks.toml")
    known = questions(file.parent / "networks")
    declared = declarations(file, "networks")
    return {name: _declaration(name, given, known, str(file)) for name, given in declared.items()}


def _declaration(name: str, given: Any, known: Mapping[str, Question], where: str) -> Declaration:
    given = given if isinstance(given, dict) else {}
    for key, kind in _KEYS.items():
        if (key in given or key not in _OPTIONAL) and not isinstance(given.get(key), kind):
            raise DataError(f'the network {name} has no "{key}", or a wrong one', where=where)
    if unknown := sorted(given.keys() - _KEYS.keys()):
        raise DataError(f"the network {name} has the unknown key {unknown[0]}", where=where)
    if given.get("over", "target") not in ("target", "source"):
        raise DataError(f'the network {name} folds "{given["over"]}"', where=where, expected="target or source")
    for asked in given["questions"]:
        if asked not in known:
            raise DataError(f"the network {name} asks {asked}", where=where, expected="one of: " + ", ".join(known))
    titles = {"en": given["title"], "id": given["title_id"]}
    asked_for = tuple(known[one] for one in given["questions"])
    return Declaration(
        name, titles, asked_for, given["weight"], given.get("over", ""), given.get("directed", False),
        given.get("weight_id", ""),
    )  # fmt: skip


def weight_name(network: Network, lang: str) -> str:
    """What the weight of an edge counts, in a language where that is known."""
    declared = networks().get(network.name)
    known = declared.weight_id if declared and lang == "id" and declared.weight == network.weight else ""
    return known or network.weight


def project(store: Store, name: str, selection: Selection | None = None) -> Network:
    """Make a network.

    :param name: one of `networks()`.
    :raises UnknownName: for a network or an event type that does not exist; the message lists those that do.
    :raises QueryError: when the time ends before it begins.
    :raises NothingFound: for a country or an ego that is not there.
    """
    selection = selection or Selection()
    if name not in networks():
        raise UnknownName("network", name, networks())
    declared = networks()[name]
    links, notes = chosen(store, declared.questions, selection)
    edges = list(_folded(links, declared.over) if declared.over else _plain(links, directed=declared.directed))
    nodes = nodes_of(store, {iri for edge in edges for iri in (edge.source, edge.target)})
    edges = _of_countries(store, edges, nodes, selection, notes)
    if selection.min_weight > 1:
        edges = [edge for edge in edges if edge.weight >= selection.min_weight]
        notes.append(f"Edges of a weight below {selection.min_weight} are left out.")
    if selection.ego:
        edges = _around(store, edges, nodes, selection, notes)
    used = {iri for edge in edges for iri in (edge.source, edge.target)}
    return Network(
        name, declared.title, declared.directed, declared.weight,
        tuple(nodes[iri] for iri in sorted(used)), tuple(edges), tuple(notes),
    )  # fmt: skip


def _of_countries(
    store: Store, edges: list[Edge], nodes: Mapping[str, Node], selection: Selection, notes: list[str]
) -> list[Edge]:
    if not selection.countries:
        return edges
    wanted = {find_entity(store, country).value for country in selection.countries}
    notes.append(f"Of each edge, one end at least belongs to {', '.join(selection.countries)}.")
    return [edge for edge in edges if {nodes[edge.source].country, nodes[edge.target].country} & wanted]


def _around(
    store: Store, edges: list[Edge], nodes: Mapping[str, Node], selection: Selection, notes: list[str]
) -> list[Edge]:
    """The edges among what can be reached from one node in so many steps, in any direction."""
    ego = find_entity(store, selection.ego).value
    near: dict[str, set[str]] = defaultdict(set)
    for edge in edges:
        near[edge.source].add(edge.target)
        near[edge.target].add(edge.source)
    if ego not in near:
        name = next(iter(labels(store, [ego]).values()))
        raise NothingFound(f"{name} is not in this network", todo="List what is in it: migkg network --measures")
    reached = rim = {ego}
    for _ in range(selection.hops):
        rim = {other for one in rim for other in near[one]} - reached
        reached = reached | rim
    steps = "1 step" if selection.hops == 1 else f"{selection.hops} steps"
    notes.append(f"Only {nodes[ego].labels['en']} and what is within {steps} of it.")
    return [edge for edge in edges if edge.source in reached and edge.target in reached]


# -- edges -------------------------------------------------------------------------------------------------------------


def _plain(links: Iterable[Link], *, directed: bool) -> Iterator[Edge]:
    """The links as they are; several between two things are one edge, and each fact counts once."""
    grouped: dict[tuple[str, str], list[Link]] = defaultdict(list)
    for link in links:
        ends = (link.source, link.target)
        grouped[ends if directed or ends[::-1] not in grouped else ends[::-1]].append(link)
    for (source, target), several in sorted(grouped.items()):
        yield _edge(source, target, several, len({link.fact for link in several}))


def _folded(links: Iterable[Link], over: str) -> Iterator[Edge]:
    """Two things that share a third: joined by one edge, of the weight of how many they share."""
    sharing: dict[str, dict[str, list[Link]]] = defaultdict(lambda: defaultdict(list))
    for link in links:
        shared, one = (link.target, link.source) if over == "target" else (link.source, link.target)
        sharing[shared][one].append(link)
    pairs: dict[tuple[str, str], dict[str, list[Link]]] = defaultdict(dict)
    for shared in sorted(sharing):
        for one, other in combinations(sorted(sharing[shared]), 2):
            pairs[one, other][shared] = sharing[shared][one] + sharing[shared][other]
    for (one, other), held in sorted(pairs.items()):
        yield _edge(one, other, [link for several in held.values() for link in several], len(held), tuple(held))


def _edge(source: str, target: str, links: Sequence[Link], weight: int, shared: tuple[str, ...] = ()) -> Edge:
    kinds, facts = ({link[i] for link in links} for i in (2, 3))
    first = min((link.first for link in links if link.first), default="")
    last = max((link.last for link in links if link.last), default="")
    return Edge(source, target, tuple(sorted(kinds)), weight, first, last, tuple(sorted(facts)), shared)
