"""Measures of a network, each with the definition that is printed beside it (`queries/measures.toml`).

Direction is left aside, except by PageRank and density; of two edges between two nodes, one each way, the weights are
added. All are those of networkx, which needs minutes for some thousand nodes; the slow ones are computed otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from migkg import resources
from migkg.model import Network, Table
from migkg.network.links import declarations
from migkg.network.palette import kind_label
from migkg.network.paths import PIVOTS, Arcs, betweenness, closeness

_SEED = 0
_DIGITS = 3


@cache
def definitions() -> Mapping[str, Mapping[str, str]]:
    """Measure → its title, its definition, and what it is of.

    :raises DataError: when their file is broken.
    """
    return declarations(resources.path("queries", "measures.toml"), "measures")


@dataclass(frozen=True, slots=True)
class Measured:
    """A network's measures; not a number where one has no meaning.

    :param nodes: measure → node → value. :param whole: measure → value.
    :param notes: how measures were come by that are not exact, a sentence each.
    """

    nodes: Mapping[str, Mapping[str, float]] = field(hash=False)
    whole: Mapping[str, float] = field(hash=False)
    notes: tuple[str, ...] = ()


def measured(network: Network) -> Measured:
    """All measures, each computed once."""
    import networkx as nx

    names = [node.iri for node in network.nodes]
    graph = _undirected(network)
    arcs = Arcs(len(names), list(graph.edges()))
    between, exact = betweenness(arcs)
    constraint, effective = _brokerage(graph)
    groups = _communities(graph, names)
    community = {node: number for number, group in enumerate(groups, 1) for node in group}
    found: dict[str, Mapping[int, float] | list[float]] = {
        "degree": dict(graph.degree()), "strength": dict(graph.degree(weight="weight")), "betweenness": between,
        "closeness": closeness(arcs), "pagerank": _pagerank(network, names), "eigenvector": _eigenvector(graph),
        "constraint": constraint, "effective_size": effective, "core": nx.core_number(graph), "community": community,
    }  # fmt: skip
    nodes = {name: {iri: values[number] for number, iri in enumerate(names)} for name, values in found.items()}
    return Measured(nodes, _whole(network, graph, groups), () if exact else (_ESTIMATED.format(PIVOTS, len(names)),))


_ESTIMATED = "Betweenness is estimated from the shortest paths that begin at {:,} of {:,} nodes; close ranks may vary."


def node_measures(network: Network) -> Mapping[str, Mapping[str, float]]:
    """Measure → node → value, for all measures of nodes; not a number where a measure has no meaning for a node."""
    return measured(network).nodes


def network_measures(network: Network) -> Mapping[str, float]:
    """Measures of the network as a whole; not a number where one has no meaning."""
    return measured(network).whole


def _undirected(network: Network) -> Any:
    """The network without directions; nodes are their places, so that no order hangs on how names are hashed."""
    import networkx as nx

    graph = nx.Graph()
    place = {node.iri: number for number, node in enumerate(network.nodes)}
    graph.add_nodes_from((number, {"type": node.type}) for number, node in enumerate(network.nodes))
    for edge in network.edges:
        one, other = place[edge.source], place[edge.target]
        before = graph.edges[one, other]["weight"] if graph.has_edge(one, other) else 0
        graph.add_edge(one, other, weight=before + edge.weight)
    return graph


def _pagerank(network: Network, names: list[str]) -> list[float]:
    """Along directions, where there are any; an edge without one leads both ways."""
    import rustworkx as rx

    place = {name: number for number, name in enumerate(names)}
    arcs = [(place[edge.source], place[edge.target], edge.weight) for edge in network.edges]
    if not network.directed:
        arcs += [(other, one, weight) for one, other, weight in arcs]
    graph = rx.PyDiGraph(multigraph=False)
    graph.add_nodes_from(names)
    graph.add_edges_from(arcs)
    found = rx.pagerank(graph, weight_fn=float) if names else {}
    return [found[number] for number in range(len(names))]


def _eigenvector(graph: Any) -> list[float]:
    """By the power method on the weights plus the identity, as networkx; of what does not settle, nothing."""
    import numpy as np

    count = len(graph)
    if not graph.number_of_edges():
        return [math.nan] * count
    ones, others, weights = (np.array(list(column)) for column in zip(*graph.edges(data="weight"), strict=True))
    begins, ends, weights = np.append(ones, others), np.append(others, ones), np.append(weights, weights)
    now = np.full(count, 1 / count)
    for _ in range(1000):
        before = now
        now = before + np.bincount(begins, weights=weights * before[ends], minlength=count)
        now /= np.linalg.norm(now)
        if np.abs(now - before).sum() < count * 1e-6:
            return [float(value) for value in now]
    return [math.nan] * count


def _brokerage(graph: Any) -> tuple[dict[int, float], dict[int, float]]:
    """Burt's constraint and effective size, as networkx has them, in a hundredth of its time.

    Sources: Burt 1992, "Structural Holes"; for effective size without weights Borgatti 1997, "Structural holes:
    unpacking Burt's redundancy measures".
    """
    shares = {}
    for node, near in graph.adjacency():
        strength = sum(data["weight"] for data in near.values())
        shares[node] = {other: data["weight"] / strength for other, data in near.items()}
    constraint, effective = dict.fromkeys(graph, math.nan), dict.fromkeys(graph, math.nan)
    for node, mine in shares.items():
        if not mine:
            continue
        total, ties = 0.0, 0  # each tie between two contacts is met twice
        for contact, direct in mine.items():
            theirs = shares[contact]
            few, many = (theirs, mine) if len(theirs) < len(mine) else (mine, theirs)
            common = [it for it in few if it in many]
            ties += len(common)
            total += (direct + sum(mine[it] * shares[it][contact] for it in common)) ** 2
        constraint[node], effective[node] = total, len(mine) - ties / len(mine)
    return constraint, effective


def _communities(graph: Any, names: list[str]) -> list[set[int]]:
    """The largest first; of two as large, that with the first node by name."""
    import networkx as nx

    if not graph.number_of_edges():
        return sorted(({node} for node in graph), key=lambda group: names[min(group)])
    found = nx.community.louvain_communities(graph, weight="weight", seed=_SEED)
    return sorted(found, key=lambda group: (-len(group), min(names[node] for node in group)))


def _whole(network: Network, graph: Any, groups: list[set[int]]) -> dict[str, float]:
    import networkx as nx

    edges, count = graph.number_of_edges(), len(graph)
    mixed = len({data["type"] for node, data in graph.nodes(data=True) if graph.degree(node)}) > 1
    possible = count * (count - 1) / (1 if network.directed else 2)
    return {
        "density": len(network.edges) / possible if possible else 0.0,
        "components": nx.number_connected_components(graph),
        "assortativity": nx.attribute_assortativity_coefficient(graph, "type") if mixed else math.nan,
        "modularity": nx.community.modularity(graph, groups, weight="weight") if edges else math.nan,
    }


def measures_table(network: Network, *, lang: str = "en", top: int | None = None) -> Table:
    """The actors with their measures, those of the highest strength first; what each counts is in the notes.

    :param top: how many; None for all.
    """
    both = measured(network)
    found, whole = both.nodes, both.whole
    order = sorted(network.nodes, key=lambda node: (-found["strength"][node.iri], node.labels[lang], node.iri))
    shown = [name for name, about in definitions().items() if about["of"] == "node"]
    rows = tuple(
        (node.labels[lang], kind_label(node.type, lang), *(rounded(found[name][node.iri]) for name in shown))
        for node in order[:top]
    )
    told = [f"{said(about, 'title', lang)}: {said(about, 'definition', lang)}"
            for about in definitions().values() if about["of"] == "node"]  # fmt: skip
    told += [
        f"{said(about, 'title', lang)} {rounded(whole[name])}: {said(about, 'definition', lang)}"
        for name, about in definitions().items()
        if about["of"] == "network" and not math.isnan(whole[name])
    ]
    counts = f"{len(network.nodes):,} nodes, {len(network.edges):,} edges; weight: {network.weight}"
    columns = ("node", "type", *(said(definitions()[name], "title", lang) for name in shown))
    return Table(columns, rows, f"{network.title[lang]}: {counts}", (*network.notes, *both.notes, *told))


def said(about: Mapping[str, str], key: str, lang: str) -> str:
    """A text of a definition in a language, or in English."""
    return about.get(f"{key}_{lang}") or about[key]


def rounded(value: float) -> float | int | None:
    """A measure as a table shows it; nothing for what is not a number."""
    if math.isnan(value):
        return None
    return int(value) if isinstance(value, int) or float(value).is_integer() else round(value, _DIGITS)
