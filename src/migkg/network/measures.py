"""Measures of a network, each with the definition that is printed beside it (`queries/measures.toml`).

Direction is left aside, except by PageRank. Betweenness, closeness and PageRank are computed by rustworkx, which gives
the same numbers as networkx, many times as fast on some thousand nodes; networkx would need SciPy for the last.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from migkg import resources
from migkg.errors import DataError
from migkg.model import Network, Table

_SEED = 0
_DIGITS = 3


@cache
def definitions() -> Mapping[str, Mapping[str, str]]:
    """Measure → its title, its definition, and what it is of.

    :raises DataError: when their file is broken.
    """
    file = resources.path("queries", "measures.toml")
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"the measures cannot be read ({error})", where=str(file)) from error


def node_measures(network: Network) -> dict[str, dict[str, float]]:
    """Measure → node → value, for all measures of nodes; not a number where a measure has no meaning for a node."""
    import networkx as nx
    import rustworkx as rx

    from migkg.network.graph import to_networkx

    directed = to_networkx(network)
    graph = _undirected(directed)
    names = list(graph)
    fast = _fast(graph, names)
    constraint = nx.constraint(graph, weight="weight") if graph.number_of_edges() else {}
    return {
        "degree": dict(graph.degree()),
        "strength": dict(graph.degree(weight="weight")),
        "betweenness": _by_name(rx.graph_betweenness_centrality(fast), names),
        "closeness": _by_name(rx.graph_closeness_centrality(fast), names),
        "pagerank": _by_name(rx.pagerank(_arcs(directed, names), weight_fn=float), names) if names else {},
        "constraint": {node: constraint.get(node, math.nan) for node in graph},
        "effective_size": nx.effective_size(graph) if graph.number_of_edges() else dict.fromkeys(graph, math.nan),
        "core": nx.core_number(graph),
        "community": {node: number for number, group in enumerate(_communities(graph), 1) for node in group},
    }


def _undirected(graph: Any) -> Any:
    import networkx as nx

    return nx.Graph(graph.to_undirected()) if graph.is_directed() else graph


def _fast(graph: Any, names: list[str]) -> Any:
    """The graph for rustworkx, without weights; nodes are their places among the names."""
    import rustworkx as rx

    place = {name: number for number, name in enumerate(names)}
    fast = rx.PyGraph(multigraph=False)
    fast.add_nodes_from(names)
    fast.add_edges_from_no_data([(place[one], place[other]) for one, other in graph.edges()])
    return fast


def _arcs(graph: Any, names: list[str]) -> Any:
    """The graph for rustworkx, with weights and directions; an edge without one leads both ways."""
    import rustworkx as rx

    place = {name: number for number, name in enumerate(names)}
    arcs = [(place[one], place[other], weight) for one, other, weight in graph.edges(data="weight")]
    if not graph.is_directed():
        arcs += [(other, one, weight) for one, other, weight in arcs]
    fast = rx.PyDiGraph(multigraph=False)
    fast.add_nodes_from(names)
    fast.add_edges_from(arcs)
    return fast


def _by_name(found: Any, names: list[str]) -> dict[str, float]:
    return {name: found[number] for number, name in enumerate(names)}


def _communities(graph: Any) -> list[set[str]]:
    """The largest first; of two as large, that with the first node by name."""
    import networkx as nx

    if not graph.number_of_edges():
        return sorted(({node} for node in graph), key=min)
    found = nx.community.louvain_communities(graph, weight="weight", seed=_SEED)
    return sorted(found, key=lambda group: (-len(group), min(group)))


def network_measures(network: Network) -> dict[str, float]:
    """Measures of the network as a whole; not a number where one has no meaning."""
    import networkx as nx

    from migkg.network.graph import to_networkx

    directed = to_networkx(network)
    graph = _undirected(directed)
    types = {node.type for node in network.nodes}
    edges = graph.number_of_edges()
    mixed = nx.attribute_assortativity_coefficient(graph, "type") if edges and len(types) > 1 else math.nan
    return {
        "density": nx.density(directed),
        "components": nx.number_connected_components(graph) if len(graph) else 0,
        "assortativity": mixed,
        "modularity": nx.community.modularity(graph, _communities(graph), weight="weight") if edges else math.nan,
    }


def measures_table(network: Network, *, lang: str = "en", top: int | None = None) -> Table:
    """The actors with their measures, those of the highest strength first; what each counts is in the notes.

    :param top: how many; None for all.
    """
    found = node_measures(network)
    order = sorted(network.nodes, key=lambda node: (-found["strength"][node.iri], node.labels[lang], node.iri))
    shown = [name for name, about in definitions().items() if about["of"] == "node"]
    rows = tuple(
        (node.labels[lang], node.type, *(_rounded(found[name][node.iri]) for name in shown)) for node in order[:top]
    )
    whole = network_measures(network)
    told = [f"{about['title']}: {about['definition']}" for about in definitions().values() if about["of"] == "node"]
    told += [
        f"{about['title']} {_rounded(whole[name])}: {about['definition']}"
        for name, about in definitions().items()
        if about["of"] == "network" and not math.isnan(whole[name])
    ]
    counts = f"{len(network.nodes):,} nodes, {len(network.edges):,} edges; weight: {network.weight}"
    columns = ("node", "type", *(definitions()[name]["title"] for name in shown))
    return Table(columns, rows, f"{network.title[lang]}: {counts}", (*network.notes, *told))


def _rounded(value: float) -> float | int | None:
    if math.isnan(value):
        return None
    return int(value) if isinstance(value, int) or float(value).is_integer() else round(value, _DIGITS)
