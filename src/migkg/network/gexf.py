"""A network as GEXF 1.3 (gexf.net), which opens in Gephi with names, types, weights, times, colours, sizes and places.

networkx writes GEXF 1.2 without the last three, and the day of writing with it.
"""

from __future__ import annotations

import math
import re
from calendar import monthrange
from collections.abc import Iterable
from xml.etree import ElementTree as ET

from migkg import __version__
from migkg.model import Edge, Network, Node
from migkg.network.layout import Places
from migkg.network.palette import looks, strength
from migkg.queries import short

GEXF, VIZ = "http://gexf.net/1.3", "http://gexf.net/1.3/viz"
_NODE = {"iri": "string", "type": "string", "label_en": "string", "label_id": "string", "country": "string",
         "parent": "string"}  # fmt: skip
_EDGE = {"relation": "string", "first": "string", "last": "string", "facts": "string", "shared": "string"}
_SHAPES = {"circle": "disc", "nabla": "triangle"}  # other names are GEXF's own
_UNIT = 100  # of Gephi, where two joined nodes lie about so far apart
_SMALL, _LARGE = 8, 40  # nodes across

# What XML 1.0 cannot hold, section 2.2.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def gexf(network: Network, lang: str, where: Places) -> bytes:
    """A network; edges are there from their first to their last day, nodes as long as any of their edges.

    :param lang: of names and of the title. :param where: node → (x, y).
    """
    ET.register_namespace("", GEXF)
    ET.register_namespace("viz", VIZ)
    root = ET.Element(f"{{{GEXF}}}gexf", {"version": "1.3"})
    meta = _child(root, "meta")
    _child(meta, "creator").text = f"migkg {__version__}"
    told = (f"{network.title[lang]}.", f"Weight: {network.weight}.", *network.notes)
    _child(meta, "description").text = xml_text(" ".join(told))
    graph = _child(
        root, "graph", defaultedgetype="directed" if network.directed else "undirected", idtype="string",
        mode="dynamic", timeformat="date",
    )  # fmt: skip
    for of, columns in (("node", _NODE), ("edge", _EDGE)):
        held = _child(graph, "attributes", **{"class": of})
        for number, (title, type_) in enumerate(columns.items()):
            _child(held, "attribute", id=str(number), title=title, type=type_)
    _nodes(_child(graph, "nodes", count=str(len(network.nodes))), network, lang, where)
    edges = _child(graph, "edges", count=str(len(network.edges)))
    for number, edge in enumerate(network.edges):
        times = _times([edge])
        made = _child(
            edges, "edge", id=str(number), source=xml_text(edge.source), target=xml_text(edge.target),
            weight=str(edge.weight), **times,
        )  # fmt: skip
        kind, facts, shared = (" ".join(several) for several in (edge.kinds, edge.facts, edge.shared))
        _values(made, (kind, edge.first, edge.last, facts, shared))
    ET.indent(root, " ")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode").encode() + b"\n"


def _nodes(parent: ET.Element, network: Network, lang: str, where: Places) -> None:
    strong = strength(network)
    strongest = max(strong.values(), default=1) or 1
    seen = looks(network)
    around: dict[str, list[Edge]] = {node.iri: [] for node in network.nodes}
    for edge in network.edges:
        around[edge.source].append(edge)
        around[edge.target].append(edge)
    for node in network.nodes:
        times = _times(around[node.iri])
        made = _child(parent, "node", id=xml_text(node.iri), label=xml_text(node.labels[lang]), **times)
        _values(made, _told(node))
        look = seen[node.type]
        red, green, blue = (str(int(look.colour[at : at + 2], 16)) for at in (1, 3, 5))
        x, y = where[node.iri]
        size = _SMALL + (_LARGE - _SMALL) * math.sqrt(strong[node.iri] / strongest)
        ET.SubElement(made, f"{{{VIZ}}}color", {"r": red, "g": green, "b": blue})
        ET.SubElement(made, f"{{{VIZ}}}position", {"x": f"{x * _UNIT:.2f}", "y": f"{y * _UNIT:.2f}", "z": "0.0"})
        ET.SubElement(made, f"{{{VIZ}}}size", {"value": f"{size:.2f}"})
        ET.SubElement(made, f"{{{VIZ}}}shape", {"value": _SHAPES.get(look.shape, look.shape)})


def _told(node: Node) -> tuple[str, ...]:
    links = (iri and short(iri) for iri in (node.country, node.parent))
    return node.iri, node.type, node.labels["en"], node.labels["id"], *links


def _child(parent: ET.Element, name: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{GEXF}}}{name}", attributes)


def _values(parent: ET.Element, values: Iterable[str]) -> None:
    held = _child(parent, "attvalues")
    for number, value in enumerate(values):
        if value:
            _child(held, "attvalue", **{"for": str(number), "value": xml_text(value)})


def xml_text(text: str) -> str:
    """A text without what XML cannot hold."""
    return _NOT_IN_XML.sub("\ufffd", text)


def _times(edges: Iterable[Edge]) -> dict[str, str]:
    first = min((day(edge.first) for edge in edges if edge.first), default="")
    last = max((day(edge.last, end=True) for edge in edges if edge.last), default="")
    return {name: date for name, date in (("start", first), ("end", last)) if date}


def day(date: str, *, end: bool = False) -> str:
    """The first or the last day of a partial date.

    >>> day("2024-06"), day("2024-02", end=True), day("2023", end=True)
    ('2024-06-01', '2024-02-29', '2023-12-31')
    """
    year, month, of_month = ([int(part) for part in date.split("-")] + [0, 0])[:3]
    month = month or (12 if end else 1)
    return f"{year:04}-{month:02}-{of_month or (monthrange(year, month)[1] if end else 1):02}"
