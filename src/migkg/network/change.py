"""What changed in a network from one period to another: who and what came, went, grew and shrank."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from migkg.errors import QueryError
from migkg.formats import to_csv
from migkg.frames import Answer
from migkg.model import Edge, Network, Node, Table
from migkg.network.links import Selection, selection
from migkg.network.measures import definitions, measured, rounded
from migkg.network.palette import kind_label
from migkg.network.projection import project
from migkg.store import Store

CAME, WENT, GREW, SHRANK, SAME = CHANGES = ("came", "went", "grew", "shrank", "same")
_SHOWN = ("strength", "degree", "betweenness", "pagerank")
_COUNTS = ("degree", "strength")  # of what is not there, 0; other measures say nothing of it


@dataclass(frozen=True, slots=True)
class NodeChange:
    """A node in both periods.

    :param change: one of `CHANGES`, by its strength.
    :param before, after: measure → value, of all measures of nodes; empty where the period lacks it.
    """

    node: Node
    change: str
    before: Mapping[str, float] = field(hash=False)
    after: Mapping[str, float] = field(hash=False)


@dataclass(frozen=True, slots=True)
class EdgeChange:
    """An edge in both periods.

    :param change: one of `CHANGES`, by its weight. :param before, after: as the network has it, or None.
    """

    source: str
    target: str
    change: str
    before: Edge | None
    after: Edge | None

    @property
    def weights(self) -> tuple[int, int]:
        """Its weight in both periods; 0 where it is not there."""
        return _weight(self.before), _weight(self.after)


@dataclass(frozen=True, slots=True)
class Change:
    """What changed in a network, which shows itself in a notebook.

    :param title: language → title of the network. :param weight: what an edge's weight counts.
    :param periods: the two periods as they were given.
    :param nodes: the strongest first. :param edges: those whose weight changed most first.
    :param notes: how the networks were cut out of the graph, a sentence each.
    """

    name: str
    title: Mapping[str, str] = field(hash=False)
    periods: tuple[str, str]
    directed: bool
    weight: str
    nodes: tuple[NodeChange, ...]
    edges: tuple[EdgeChange, ...]
    notes: tuple[str, ...] = ()
    lang: str = "en"

    def actors(self, top: int | None = None, *, every: bool = False) -> Answer:
        """The nodes with their measures in both periods. :param top: how many. :param every: with all measures."""
        shown = [name for name, about in definitions().items() if about["of"] == "node"] if every else list(_SHOWN)
        shown = [name for name in shown if name != "community"]  # its numbers are those of one period
        absent = {name: 0 if name in _COUNTS else math.nan for name in shown}
        columns = ["node", "type", "change"]
        for name in shown:
            columns += [f"{definitions()[name]['title']} {period}" for period in ("before", "after")]
        rows = tuple(
            (one.node.labels[self.lang], kind_label(one.node.type, self.lang), one.change,
             *(rounded(values.get(name, absent[name])) for name in shown for values in (one.before, one.after)))
            for one in self.nodes[:top]
        )  # fmt: skip
        told = (f"{definitions()[name]['title']}: {definitions()[name]['definition']}" for name in shown)
        title = self._title("nodes", [one.change for one in self.nodes])
        return Answer(tuple(columns), rows, title, (*self.notes, *told))

    def ties(self, top: int | None = None) -> Answer:
        """The edges that came, went, grew or shrank. :param top: how many."""
        names = {one.node.iri: one.node.labels[self.lang] for one in self.nodes}
        changed = [one for one in self.edges if one.change != SAME]
        rows = tuple((names[one.source], names[one.target], one.change, *one.weights) for one in changed[:top])
        ends = ("from", "to") if self.directed else ("one", "other")
        title = self._title("edges", [one.change for one in self.edges])
        columns = (*ends, "change", "weight before", "weight after")
        return Answer(columns, rows, title, (f"weight: {self.weight}", *self.notes))

    def _title(self, what: str, changes: list[str]) -> str:
        counts = Counter(changes)
        told = ", ".join(f"{counts[change]:,} {change}" for change in CHANGES if counts[change]) or "none"
        return f"{self.title[self.lang]}, from {self.periods[0]} to {self.periods[1]}: {what}: {told}"

    def _repr_html_(self) -> str:
        return self.actors(10)._repr_html_() + self.ties(10)._repr_html_()


def _weight(edge: Edge | None) -> int:
    return edge.weight if edge else 0


def compare(before: Network, after: Network, periods: tuple[str, str], *, lang: str = "en") -> Change:
    """What changed from one network to another of the same kind.

    :param periods: what the two are called.
    """
    values = measured(before).nodes, measured(after).nodes
    known = {node.iri: node for network in (before, after) for node in network.nodes}
    there = [{node.iri for node in network.nodes} for network in (before, after)]

    def of(iri: str, period: int) -> dict[str, float]:
        return {name: found[iri] for name, found in values[period].items()} if iri in there[period] else {}

    nodes = [(node, of(iri, 0), of(iri, 1)) for iri, node in known.items()]
    told = [NodeChange(node, _change(*(held.get("strength") for held in pair)), *pair) for node, *pair in nodes]
    told.sort(key=lambda one: (-max(one.before.get("strength", 0), one.after.get("strength", 0)), one.node.iri))
    held = [{_ends(edge): edge for edge in network.edges} for network in (before, after)]
    edges = [
        EdgeChange(*ends, _change(*(edges[ends].weight if ends in edges else None for edges in held)),
                   held[0].get(ends), held[1].get(ends))
        for ends in sorted({*held[0], *held[1]})
    ]  # fmt: skip
    edges.sort(key=lambda one: (-abs(one.weights[1] - one.weights[0]), -max(one.weights), one.source, one.target))
    notes = tuple(dict.fromkeys((*before.notes, *after.notes)))
    return Change(
        after.name, after.title, periods, after.directed, after.weight, tuple(told), tuple(edges), notes, lang
    )  # fmt: skip


def _ends(edge: Edge) -> tuple[str, str]:
    return edge.source, edge.target


def _change(before: float | None, after: float | None) -> str:
    if before is None or after is None:
        return CAME if before is None else WENT
    return GREW if after > before else SHRANK if after < before else SAME


def change(
    store: Store, name: str, before: str, after: str, wanted: Selection | None = None, *, lang: str = "en"
) -> Change:
    """What changed in a network between two periods of the graph.

    :param before, after: periods as `2023`, `2022..2023-06`, `..2021` or `2024..`.
    :param wanted: what else is selected; its time is left aside.
    :raises QueryError: for a period that is none. :raises UnknownName: see `project`.
    """
    made = []
    for text in (before, after):
        since, until = period(text)
        times = selection(since, until)
        chosen = replace(wanted or Selection(), since=times.since, until=times.until)
        made.append(_sorted_ends(project(store, name, chosen)))
    return compare(made[0], made[1], (before, after), lang=lang)


def _sorted_ends(network: Network) -> Network:
    """An undirected edge with its ends in order, so that it is the same one in both periods."""
    if network.directed:
        return network
    turned = (
        edge if edge.source < edge.target else replace(edge, source=edge.target, target=edge.source)
        for edge in network.edges
    )
    return replace(network, edges=tuple(turned))


def period(text: str) -> tuple[str, str]:
    """The first and the last date of a period; "" where it is open.

    :raises QueryError: when it is none.

    >>> period("2023"), period("2022..2023-06"), period("2024..")
    (('2023', '2023'), ('2022', '2023-06'), ('2024', ''))
    """
    since, dots, until = (part.strip() for part in text.partition(".."))
    if not since and not until:
        raise QueryError(f'"{text}" is no period', expected="a period as 2023, 2022..2023-06, ..2021 or 2024..")
    return since, until if dots else since


# -- files -------------------------------------------------------------------------------------------------------------


def as_csv(found: Change) -> Mapping[str, bytes]:
    """Two tables: `.nodes` with all measures, `.edges` with the facts."""
    names = {one.node.iri: one.node.labels[found.lang] for one in found.nodes}
    ends = ("From", "To") if found.directed else ("One", "Other")
    rows = tuple(
        (names[one.source], names[one.target], one.change, *one.weights, _facts(one.before), _facts(one.after),
         one.source, one.target)
        for one in found.edges
    )  # fmt: skip
    told = ("Change", "Weight before", "Weight after", "Facts before", "Facts after", "Source IRI", "Target IRI")
    columns = (*ends, *told)
    actors = found.actors(every=True)
    nodes = Table(
        (*actors.columns, "IRI"), tuple((*row, one.node.iri) for row, one in zip(actors.rows, found.nodes, strict=True))
    )
    return {".edges": to_csv(Table(columns, rows)).encode(), ".nodes": to_csv(nodes).encode()}


def _facts(edge: Edge | None) -> str:
    return " ".join(edge.facts) if edge else ""


def as_json(found: Change) -> Mapping[str, bytes]:
    """Nodes with their measures and edges with their facts, in both periods."""

    def values(held: Mapping[str, float]) -> dict[str, Any]:
        return {name: None if math.isnan(value) else value for name, value in held.items()}

    def edge(held: Edge | None) -> dict[str, Any] | None:
        return {"weight": held.weight, "first": held.first, "last": held.last, "facts": held.facts} if held else None

    data = {
        "name": found.name, "title": found.title[found.lang], "periods": found.periods, "directed": found.directed,
        "weight": found.weight, "notes": found.notes,
        "nodes": [
            {"id": one.node.iri, "label": one.node.labels[found.lang], "type": one.node.type, "change": one.change,
             "before": values(one.before), "after": values(one.after)}
            for one in found.nodes
        ],
        "edges": [
            {"source": one.source, "target": one.target, "change": one.change, "before": edge(one.before),
             "after": edge(one.after)}
            for one in found.edges
        ],
    }  # fmt: skip
    return {"": (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()}


CHANGE_FORMATS = {"csv": as_csv, "json": as_json}
"""Format → what the file's name ends in → its bytes."""
