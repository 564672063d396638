"""A network as networkx has it."""

from __future__ import annotations

from typing import Any

import networkx as nx

from migkg.model import Edge, Network, Node
from migkg.queries import short


def to_networkx(
    network: Network, *, lang: str = "en",
    undirected: type[nx.Graph] = nx.Graph, directed: type[nx.DiGraph] = nx.DiGraph,
) -> nx.Graph:  # fmt: skip
    """A network as a graph whose nodes are IRIs.

    Nodes have `label`, `label_en`, `label_id`, `type`, `country` and `parent`; edges have `weight`, `kind`, `first`,
    `last`, and `facts` and `shared` as IRIs with spaces between. Every value is a text or a number, which every format
    takes.

    :param lang: of `label` and of the title. :param undirected, directed: the class of the graph, of either kind.
    """
    kind = directed if network.directed else undirected
    made = kind(
        name=network.name, title=network.title[lang], weight_counts=network.weight, notes="\n".join(network.notes),
        lang=lang,
    )  # fmt: skip
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


def to_network(graph: Any) -> Network:
    """A graph of `to_networkx`, perhaps changed since, as a network; countries and parents keep their short names."""
    held = graph.graph
    nodes = tuple(
        Node(iri, {"en": at["label_en"], "id": at["label_id"]}, at["type"], at["country"], at["parent"])
        for iri, at in sorted(graph.nodes(data=True))
    )
    edges = tuple(
        Edge(
            one, other, tuple(at["kind"].split()), at["weight"], at["first"], at["last"], tuple(at["facts"].split()),
            tuple(at["shared"].split()),
        )
        for one, other, at in sorted(graph.edges(data=True), key=lambda edge: edge[:2])
    )
    title = {"en": held["title"], "id": held["title"]}
    notes = tuple(held["notes"].splitlines())
    return Network(held["name"], title, graph.is_directed(), held["weight_counts"], nodes, edges, notes)
