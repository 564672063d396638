"""A network as files for other programs: the same network gives the same bytes.

GraphML and GEXF (gexf.net 1.3) open in Gephi with names, types, weights and times; the two CSV files are what Kumu
imports (elements and connections); the JSON forms are those of networkx (node-link) and of Cytoscape.js; DOT is
Graphviz's. Pictures are for print, the page for a browser.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from migkg.formats import harmless
from migkg.model import Network
from migkg.queries import short

if TYPE_CHECKING:
    from migkg.network.layout import Places
    from migkg.network.proofs import Proofs


Files: TypeAlias = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Extras:
    """What some formats take beside the network.

    :param places: where nodes shall be drawn. :param proofs: the sentences behind its edges.
    """

    places: Places | None = field(default=None, hash=False)
    proofs: Proofs | None = None


_NONE = Extras()


@dataclass(frozen=True, slots=True)
class NetworkFormat:
    """How a network is written. :param proven: whether it shows the sentences behind the edges."""

    title: str
    suffix: str
    make: Callable[[Network, str, Extras], Files]
    proven: bool = False

    def write(self, network: Network, lang: str, extras: Extras = _NONE) -> Files:
        """What the file's name ends in → its bytes; "" for the name as given. :param lang: of names and titles."""
        return self.make(network, lang, extras)


def _graphml(network: Network, lang: str) -> Files:
    """Identifiers are tokens, as the schema asks; the IRI is an attribute."""
    import networkx as nx

    from migkg.network.gexf import xml_text
    from migkg.network.graph import to_networkx

    graph = to_networkx(network, lang=lang)
    tokens: dict[str, str] = {}
    for iri, held in graph.nodes(data=True):
        token = re.sub(r"[^-.:\w]", ".", short(iri), flags=re.ASCII)
        while token in tokens:
            token += "."
        tokens[token] = held["iri"] = iri
    for held in (graph.graph, *graph.nodes.values(), *(data for *_, data in graph.edges(data=True))):
        held.update({name: xml_text(value) for name, value in held.items() if isinstance(value, str)})
    out = io.BytesIO()
    nx.write_graphml_xml(nx.relabel_nodes(graph, {iri: token for token, iri in tokens.items()}), out)
    return {"": out.getvalue()}


def _gexf(network: Network, lang: str, extras: Extras) -> Files:
    from migkg.network.gexf import gexf
    from migkg.network.positions import arranged

    return {"": gexf(network, lang, arranged(network, extras.places))}


def _csv(network: Network, lang: str) -> Files:
    """As Kumu asks (docs.kumu.io, "Structure your data"): Label, From and To first; "|" between several values."""
    labels = {node.iri: " ".join(node.labels[lang].replace("|", "/").split()) for node in network.nodes}
    printed = Counter(labels.values())
    # Kumu joins by name: of two things with one name, or without one, each shows its IRI too.
    names = {
        iri: label if label and printed[label] == 1 else f"{label} ({short(iri)})".strip()
        for iri, label in labels.items()
    }
    nodes = [["Label", "Type", "Label (en)", "Label (id)", "Country", "Parent", "IRI"]]
    nodes += [
        [
            names[node.iri], node.type, node.labels["en"], node.labels["id"], node.country and short(node.country),
            node.parent and short(node.parent), node.iri,
        ]
        for node in network.nodes
    ]  # fmt: skip
    edges: list[list[Any]] = [["From", "To", "Direction", "Type", "Strength", "First", "Last", "Facts", "Shared"]]
    edges += [
        [
            names[edge.source], names[edge.target], "directed" if network.directed else "mutual", "|".join(edge.kinds),
            edge.weight, edge.first, edge.last, "|".join(edge.facts), "|".join(edge.shared),
        ]
        for edge in network.edges
    ]  # fmt: skip
    return {".edges": _table(edges), ".nodes": _table(nodes)}


def _table(rows: list[list[Any]]) -> bytes:
    out = io.StringIO(newline="")
    written = csv.writer(out, lineterminator="\r\n")  # RFC 4180
    written.writerows([[harmless(str(cell)) for cell in row] for row in rows])
    return out.getvalue().encode()


def _json(network: Network, lang: str) -> Files:
    import networkx as nx

    from migkg.network.graph import to_networkx

    return {"": _dumped(nx.node_link_data(to_networkx(network, lang=lang), edges="links"))}


def _cytoscape(network: Network, lang: str) -> Files:
    import networkx as nx

    from migkg.network.graph import to_networkx

    return {"": _dumped(nx.cytoscape_data(to_networkx(network, lang=lang)))}


def _dumped(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _dot(network: Network, lang: str) -> Files:
    graph, join = ("digraph", "->") if network.directed else ("graph", "--")
    lines = [f"{graph} {_quoted(network.name)} {{", f"  label={_quoted(network.title[lang])};"]
    lines += [
        f"  {_quoted(short(node.iri))} [label={_quoted(node.labels[lang])}, class={_quoted(node.type)}];"
        for node in network.nodes
    ]
    lines += [
        f"  {_quoted(short(edge.source))} {join} {_quoted(short(edge.target))} [weight={edge.weight}, "
        f"penwidth={min(1 + edge.weight / 2, 8):g}, tooltip={_quoted(f'{network.weight}: {edge.weight}')}];"
        for edge in network.edges
    ]
    return {"": ("\n".join([*lines, "}"]) + "\n").encode()}


def _quoted(text: str) -> str:
    """A text as a string of DOT (graphviz.org, "The DOT Language"); a backslash would begin an escape of a label."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _alone(make: Callable[[Network, str], Files]) -> Callable[[Network, str, Extras], Files]:
    """A format that takes nothing beside the network."""
    return lambda network, lang, _: make(network, lang)


def _picture(form: str) -> Callable[[Network, str, Extras], Files]:
    def make(network: Network, lang: str, extras: Extras) -> Files:
        from migkg.network.picture import drawn

        return {"": drawn(network, form, lang, extras.places)}

    return make


def _page(network: Network, lang: str, extras: Extras) -> Files:
    from migkg.network.page import page

    return {"": page(network, lang, proofs=extras.proofs, given=extras.places)}


NETWORK_FORMATS: Mapping[str, NetworkFormat] = {
    "html": NetworkFormat("page to explore, with the sentences behind each edge", ".html", _page, proven=True),
    "graphml": NetworkFormat("GraphML, for Gephi and others", ".graphml", _alone(_graphml)),
    "gexf": NetworkFormat("GEXF with times and places, for Gephi", ".gexf", _gexf),
    "csv": NetworkFormat("two tables, for Kumu and spreadsheets", ".csv", _alone(_csv)),
    "json": NetworkFormat("JSON of nodes and links", ".json", _alone(_json)),
    "cytoscape": NetworkFormat("JSON for Cytoscape", ".cyjs", _alone(_cytoscape)),
    "dot": NetworkFormat("DOT, for Graphviz", ".dot", _alone(_dot)),
    "svg": NetworkFormat("picture that scales", ".svg", _picture("svg")),
    "png": NetworkFormat("picture", ".png", _picture("png")),
    "pdf": NetworkFormat("picture for print", ".pdf", _picture("pdf")),
}
"""Format → how it is written. A further one is a row here and meets the same tests."""
DRAWN = ("html", "svg", "png", "pdf", "gexf")
"""Those in which nodes have places."""
