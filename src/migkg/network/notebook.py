"""A network in a notebook: a networkx graph that shows itself as a page, with the sentences behind its edges."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

import networkx as nx

from migkg.model import Network
from migkg.network.graph import to_network, to_networkx
from migkg.network.page import page
from migkg.network.proofs import Proofs, proofs
from migkg.queries import short
from migkg.store import Store

_SHOWN = 1000, 10_000  # nodes and edges of a graph that shows itself as a page; a notebook keeps a page in its file


class _Shown:
    """What both kinds of graphs show of themselves."""

    graph: dict[str, Any]
    nodes: Any
    _proofs: Proofs | None = None

    @property
    def proofs(self) -> Proofs | None:
        """The sentences behind the edges, for the page; a part of a graph has those of the whole."""
        return self._proofs or getattr(getattr(self, "_graph", None), "proofs", None)

    @proofs.setter
    def proofs(self, given: Proofs | None) -> None:
        self._proofs = given

    def copy(self, as_view: bool = False) -> Any:  # noqa: FBT001, FBT002 - as networkx has it
        """A copy with the same proofs."""
        made = super().copy(as_view)  # type: ignore[misc]
        made.proofs = self.proofs
        return made

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """The page in a frame that may do nothing but run its own program; a table where it would be too large."""
        if not _fits(self):
            return {"text/html": self._table(), "text/plain": str(self)}
        made = page(to_network(self), self.graph.get("lang", "en"), proofs=self.proofs).decode()
        allowed = "allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox"
        look = "width: 100%; height: 640px; border: 1px solid #d5dae0"
        title = escape(self.graph.get("title", ""))
        frame = f'<iframe title="{title}" sandbox="{allowed}" style="{look}" srcdoc="{escape(made)}"></iframe>'
        return {"text/html": frame, "text/plain": str(self)}

    def _table(self) -> str:
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


def shown(store: Store, network: Network, *, lang: str = "en") -> nx.Graph:
    """A network as a graph of networkx, see `graph.to_networkx`; what it shows of itself is read from the store now."""
    made = to_networkx(network, lang=lang, undirected=NetworkGraph, directed=DirectedNetworkGraph)
    if _fits(made):
        told = proofs(store, network, lang=lang)
        # The graph holds short names of countries and parents.
        names = {**told.labels, **{short(iri): name for iri, name in told.labels.items()}}
        made.proofs = replace(told, labels=names)
    return made


def _fits(graph: Any) -> bool:
    """Whether a graph shows itself as a page."""
    nodes, edges = _SHOWN
    return bool(graph.number_of_nodes() <= nodes and graph.number_of_edges() <= edges)
