"""GEXF and GraphML hold to their schemas, and come back as they were.

What an element may hold is written down here from the specifications, in our own words: GEXF 1.3 from the schemas in
`specs/1.3` of github.com/gephi/gexf, GraphML 1.0 from graphml.graphdrawing.org (structure, and the extension for
attributes); an identifier of GraphML is an NMTOKEN of XML 1.0.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

import networkx as nx
import pytest
from lxml import etree

from migkg.model import Edge, Network, Node
from migkg.network import NETWORK_FORMATS
from migkg.network.gexf import GEXF, VIZ, day

HOSTILE = (
    "a", 'quoted "name"', "<b>&amp;</b>", "back\\slash\nline", "مكتب", "🌏", "=cmd()", "a|b,c;d", "", "\x00\x0b\x1b",
    "\ufffe", "]]>", "<!-- -->", "\u202eright to left",
)  # fmt: skip
KINDS = ("igo", "person", "unit", "law", "event", "fund", "agenda", "concept", "")


def hostile(*, directed: bool = False) -> Network:
    """Each node has a bad name; the first is joined to all others; some edges have no date."""
    nodes = tuple(
        Node(f"https://example.org/{n}/ü#x", {"en": text, "id": text}, KINDS[n % len(KINDS)], "place/id", "")
        for n, text in enumerate(HOSTILE)
    )
    edges = tuple(
        Edge(nodes[0].iri, node.iri, ("hosting",), n, *(("2023", "2024-02") if n % 3 else ("", "")), (f"x:f{n}", "x:g"))
        for n, node in enumerate(nodes)
        if n
    )
    return Network("test", {"en": "Test <&>", "id": "Uji"}, directed, "events", nodes, edges, ("A note.",))


NETWORKS = {
    "hostile": hostile(),
    "directed": hostile(directed=True),
    "empty": Network("e", {"en": "E", "id": "E"}, False, "events", (), ()),  # noqa: FBT003
    "one node": Network("o", {"en": "O", "id": "O"}, True, "events", (Node("x:1", {"en": "One", "id": "Satu"}),), ()),  # noqa: FBT003
}


class Rule(NamedTuple):
    """Attribute → what its value is; those in `needed` must be there. Children in their order, with how often."""

    attributes: Mapping[str, Callable[[str], object]]
    needed: tuple[str, ...] = ()
    children: str = ""  # a pattern on the names of the children, each followed by a space


def one_of(*values: str) -> Callable[[str], bool]:
    return lambda value: value in values or bool(pytest.fail(value))


def channel(value: str) -> bool:
    return 0 <= int(value) <= 255 or bool(pytest.fail(value))


def some_day(value: str) -> date:
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", value)
    return date.fromisoformat(value)


TIMES = {"start": some_day, "end": some_day}
TYPES = one_of("string", "integer", "long", "double", "float", "boolean", "liststring", "anyURI")
GEXF_RULES = {
    "gexf": Rule({"version": one_of("1.3")}, ("version",), "(meta )?graph "),
    "meta": Rule({"lastmodifieddate": some_day}, (), "(creator |keywords |description )*"),
    "creator": Rule({}),
    "description": Rule({}),
    "graph": Rule(
        {
            "defaultedgetype": one_of("directed", "undirected", "mutual"), "idtype": one_of("string", "integer"),
            "mode": one_of("static", "dynamic", "slice"), "timeformat": one_of("date", "dateTime", "integer", "double"),
        },
        (), "(attributes )*nodes edges ",
    ),
    "attributes": Rule({"class": one_of("node", "edge")}, ("class",), "(attribute )*"),
    "attribute": Rule({"id": str, "title": str, "type": TYPES}, ("id", "title", "type"), "(default |options )*"),
    "nodes": Rule({"count": int}, (), "(node )*"),
    "node": Rule({"id": str, "label": str, **TIMES}, ("id",), "(attvalues )?(color )?(position )?(size )?(shape )?"),
    "attvalues": Rule({}, (), "(attvalue )*"),
    "attvalue": Rule({"for": str, "value": str}, ("for", "value")),
    "edges": Rule({"count": int}, (), "(edge )*"),
    "edge": Rule(
        {"id": str, "source": str, "target": str, "weight": float, **TIMES}, ("source", "target"), "(attvalues )?"
    ),
    "color": Rule({"r": channel, "g": channel, "b": channel, "a": float}),
    "position": Rule({"x": float, "y": float, "z": float}, ("x", "y")),
    "size": Rule({"value": lambda value: float(value) >= 0 or pytest.fail(value)}, ("value",)),
    "shape": Rule({"value": one_of("disc", "triangle", "square", "diamond", "pentagon", "hexagon")}, ("value",)),
}  # fmt: skip


def token(value: str) -> None:
    assert re.fullmatch(r"[-.:\w]+", value), value


GRAPHML_RULES = {
    "graphml": Rule({}, (), "(key )*graph "),
    "key": Rule(
        {
            "id": token, "for": one_of("graph", "node", "edge", "all"), "attr.name": str,
            "attr.type": one_of("boolean", "int", "long", "float", "double", "string"),
        },
        ("id", "for", "attr.name", "attr.type"), "(default )?",
    ),
    "graph": Rule(
        {"id": token, "edgedefault": one_of("directed", "undirected")}, ("edgedefault",), "(data |node |edge )*"
    ),
    "node": Rule({"id": token}, ("id",), "(data )*"),
    "edge": Rule({"id": token, "source": token, "target": token}, ("source", "target"), "(data )*"),
    "data": Rule({"key": token}, ("key",)),
}  # fmt: skip


def holds(root: etree._Element, rules: Mapping[str, Rule], spaces: tuple[str, ...]) -> None:
    """Every element stands where the rules allow it, with attributes that they allow."""
    for element in root.iter(etree.Element):
        name = etree.QName(element)
        assert name.namespace in spaces
        rule = rules[name.localname]
        told = {key: value for key, value in element.attrib.items() if not key.startswith("{")}
        assert told.keys() <= rule.attributes.keys(), name
        assert set(rule.needed) <= told.keys(), name
        for key, value in told.items():
            rule.attributes[key](value)
        children = "".join(etree.QName(child).localname + " " for child in element)
        assert re.fullmatch(rule.children, children), (name, children[:99])


def written(form: str, network: Network) -> tuple[bytes, etree._Element]:
    data = NETWORK_FORMATS[form].write(network, "en")[""]
    return data, etree.fromstring(data)


@pytest.mark.parametrize("case", NETWORKS)
def test_gexf_holds_to_its_schema(case: str) -> None:
    network = NETWORKS[case]
    data, root = written("gexf", network)
    assert root.tag == f"{{{GEXF}}}gexf"
    holds(root, GEXF_RULES, (GEXF, VIZ))
    find = etree.ETXPath
    nodes, edges = (find(f"//{{{GEXF}}}{name}")(root) for name in ("node", "edge"))
    ids = [node.get("id") for node in nodes]
    assert ids == [node.iri for node in network.nodes]
    assert all(edge.get("source") in ids and edge.get("target") in ids for edge in edges)
    assert len({edge.get("id") for edge in edges}) == len(edges) == len(network.edges)
    for of in ("node", "edge"):
        known = find(f"//{{{GEXF}}}attributes[@class='{of}']/{{{GEXF}}}attribute/@id")(root)
        assert len(set(known)) == len(known)
        assert set(find(f"//{{{GEXF}}}{of}//{{{GEXF}}}attvalue/@for")(root)) <= set(known)
    assert {len(find(f"{{{VIZ}}}{name}")(node)) for node in nodes for name in ("color", "position", "size")} <= {1}
    for element in (*nodes, *edges):
        if element.get("start"):
            assert element.get("start") <= element.get("end")
    assert data == NETWORK_FORMATS["gexf"].write(network, "en")[""]
    assert b"lastmodifieddate" not in data


@pytest.mark.parametrize("case", NETWORKS)
def test_gexf_is_read_by_networkx(case: str) -> None:
    network = NETWORKS[case]
    back = nx.read_gexf(io.BytesIO(written("gexf", network)[0]), version="1.3")
    assert back.is_directed() == network.directed
    assert list(back) == [node.iri for node in network.nodes]
    assert back.number_of_edges() == len(network.edges)
    for edge in network.edges:
        held = back.edges[edge.source, edge.target]
        assert held["weight"] == edge.weight
        assert held["facts"].split() == list(edge.facts)
        if edge.first:
            assert (held["start"], held["end"]) == ("2023-01-01", "2024-02-29")
    for node in network.nodes:
        held = back.nodes[node.iri]
        if not re.search("[\x00-\x1f\ufffe]", node.labels["en"]):
            assert held["label"] == node.labels["en"]
        assert held.get("type", "") == node.type
        assert held["viz"]["size"] > 0


def test_gexf_says_what_it_is_a_network_of() -> None:
    _, root = written("gexf", hostile())
    (told,) = etree.ETXPath(f"//{{{GEXF}}}description")(root)
    assert told.text == "Test <&>. Weight: events. A note."


def test_like_nodes_look_alike_and_unlike_ones_do_not() -> None:
    _, root = written("gexf", hostile())
    looks: dict[str, set[tuple[str, ...]]] = {}
    for node, element in zip(hostile().nodes, etree.ETXPath(f"//{{{GEXF}}}node")(root), strict=True):
        (colour,) = etree.ETXPath(f"{{{VIZ}}}color")(element)
        looks.setdefault(node.type, set()).add(tuple(colour.attrib.values()))
    assert all(len(found) == 1 for found in looks.values())
    assert len({min(found) for found in looks.values()}) == 7, "as many as there are colours"


@pytest.mark.parametrize("case", NETWORKS)
def test_graphml_holds_to_its_schema_and_comes_back(case: str) -> None:
    network = NETWORKS[case]
    data, root = written("graphml", network)
    holds(root, GRAPHML_RULES, ("http://graphml.graphdrawing.org/xmlns",))
    names = [(key.get("for"), key.get("attr.name")) for key in root.findall("{*}key")]
    assert len(set(names)) == len(names)
    back = nx.read_graphml(io.BytesIO(data))
    assert back.is_directed() == network.directed
    iris = nx.get_node_attributes(back, "iri")
    assert list(iris.values()) == [node.iri for node in network.nodes]
    for node, held in zip(network.nodes, back.nodes.values(), strict=True):
        if not re.search("[\x00-\x08\x0b\x1b\ufffe]", node.labels["en"]):
            assert (held["label"] or "") == node.labels["en"]
    weights = {(iris[one], iris[other]): held["weight"] for one, other, held in back.edges(data=True)}
    assert weights == {(edge.source, edge.target): edge.weight for edge in network.edges}


@pytest.mark.parametrize(
    ("date_", "end", "wanted"),
    [("2024", False, "2024-01-01"), ("2023-02", True, "2023-02-28"), ("2024-06-12", True, "2024-06-12")],
)
def test_partial_dates_become_days(date_: str, end: bool, wanted: str) -> None:  # noqa: FBT001
    assert day(date_, end=end) == wanted
