"""A network as networkx has it, which shows in a notebook what it is a network of."""

from __future__ import annotations

from html import escape
from typing import Any

import networkx as nx

from migkg.model import Network
from migkg.queries import short


class _Shown:
    """What both kinds of graphs show of themselves."""

    graph: dict[str, Any]
    nodes: Any

    def _repr_html_(self) -> str:
        weighted = sorted(self.degree(weight="weight"), key=lambda pair: (-pair[1], pair[0]))[:10]  # type: ignore[attr-defined]
        rows = "".join(
            f"<tr><td>{escape(str(self.nodes[iri]['label']))}</td><td>{escape(str(self.nodes[iri]['type']))}</td>"
            f"<td>{strength}</td></tr>"
            for iri, strength in weighted
        )
        counts = f"{self.number_of_nodes():,} nodes, {self.number_of_edges():,} edges"  # type: ignore[attr-defined]
        title = f"{self.graph['title']}: {counts}; weight: {self.graph['weight_counts']}"
        head = "<tr><th>node</th><th>type</th><th>strength</th></tr>"
        notes = "".join(f"<p>{escape(note)}</p>" for note in self.graph["notes"].splitlines())
        return f"<table><caption>{escape(title)}</caption>{head}{rows}</table>{notes}"


class NetworkGraph(_Shown, nx.Graph):  # type: ignore[misc]
    """An undirected network."""


class DirectedNetworkGraph(_Shown, nx.DiGraph):  # type: ignore[misc]
    """A network whose edges have a direction."""


def to_networkx(network: Network, *, lang: str = "en") -> NetworkGraph | DirectedNetworkGraph:
    """A network as a graph whose nodes are IRIs.

    Nodes have `label`, `label_en`, `label_id`, `type`, `country` and `parent`; edges have `weight`, `kind`, `first`,
    `last`, and `facts` and `shared` as IRIs with spaces between. Every value is a text or a number, which every format
    takes.

    :param lang: of `label` and of the title.
    """
    kind = DirectedNetworkGraph if network.directed else NetworkGraph
    made = kind(
        name=network.name, title=network.title[lang], weight_counts=network.weight, notes="\n".join(network.notes)
    )
    for node in network.nodes:
        made.add_node(
            node.iri, label=node.labels[lang], label_en=node.labels["en"], label_id=node.labels["id"], type=node.type,
            country=node.country and short(node.country), parent=node.parent and short(node.parent),
        )  # fmt: skip
    for edge in network.edges:
        made.add_edge(
            edge.source, edge.target, weight=edge.weight, kind=" ".join(edge.kinds), first=edge.first, last=edge.last,
            facts=" ".join(edge.facts), shared=" ".join(edge.shared),
        )  # fmt: skip
    return made
