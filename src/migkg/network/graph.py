"""A network as networkx has it."""

from __future__ import annotations

from collections.abc import Mapping
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


def to_network(graph: nx.Graph) -> Network:
    """A graph of `to_networkx`, perhaps changed since, as a network; what a user's nodes and edges lack is left empty.

    Countries and parents keep their short names.
    """
    held = graph.graph
    nodes = tuple(_node(str(iri), at) for iri, at in sorted(graph.nodes(data=True), key=lambda node: str(node[0])))
    edges = tuple(
        _edge(str(one), str(other), at)
        for one, other, at in sorted(graph.edges(data=True), key=lambda edge: (str(edge[0]), str(edge[1])))
    )
    title = dict.fromkeys(("en", "id"), str(held.get("title", "")))
    notes = tuple(held.get("notes", "").splitlines())
    counts = held.get("weight_counts", "")
    return Network(held.get("name", ""), title, graph.is_directed(), counts, nodes, edges, notes)


def _node(iri: str, at: Mapping[str, Any]) -> Node:
    name = at.get("label", iri)
    labels = {lang: str(at.get(f"label_{lang}", name)) for lang in ("en", "id")}
    return Node(iri, labels, at.get("type", ""), at.get("country", ""), at.get("parent", ""))


def _edge(one: str, other: str, at: Mapping[str, Any]) -> Edge:
    kinds, facts, shared = (tuple(at.get(name, "").split()) for name in ("kind", "facts", "shared"))
    return Edge(one, other, kinds, at.get("weight", 1), at.get("first", ""), at.get("last", ""), facts, shared)
