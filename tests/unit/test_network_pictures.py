"""Layout and pictures of networks: the same network, the same bytes, and nothing on top of another."""

from __future__ import annotations

import math
import sys
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from migkg.errors import MissingExtra
from migkg.model import Edge, Network, Node
from migkg.network import NETWORK_FORMATS, layout, picture
from migkg.network.forces import spread
from migkg.network.names import Spot, crossings, placed
from migkg.network.palette import looks

NAMES = ("International Organization for Migration", 'quoted "name" <b>&', "مكتب", "🌏 planet", "$x^2$ \\frac", "")


def network(pairs: list[tuple[int, int]], *, directed: bool = False, alone: int = 0) -> Network:
    ends = sorted({end for pair in pairs for end in pair} | set(range(1000, 1000 + alone)))
    nodes = tuple(
        Node(f"x:{n:04}", {"en": NAMES[n % len(NAMES)] + f" {n}", "id": f"nama {n}"}, ("igo", "unit", "zzz")[n % 3])
        for n in ends
    )
    edges = tuple(
        Edge(f"x:{one:04}", f"x:{other:04}", ("hosting",), 1 + one % 4, "2024", "2024", ("x:f",))
        for one, other in pairs
    )
    title = {"en": "Who meets whom", "id": "Siapa bertemu siapa"}
    return Network("test", title, directed, "events", nodes, edges, ("Only events of the type workshop.",))


GRAPHS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 12)).filter(lambda pair: pair[0] < pair[1]), unique=True, max_size=14
)


@given(GRAPHS, st.integers(0, 3))
@settings(max_examples=40, deadline=None)
def test_every_node_has_a_place_of_its_own_and_always_the_same(pairs: list[tuple[int, int]], alone: int) -> None:
    one = network(pairs, alone=alone)
    found = layout.places(one)
    assert set(found) == {node.iri for node in one.nodes}
    assert len(set(found.values())) == len(found)
    assert layout.places(one) == found


@given(GRAPHS, st.integers(0, 3))
@settings(max_examples=40, deadline=None)
def test_the_same_of_large_parts(pairs: list[tuple[int, int]], alone: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "_LARGE", 1)
        one = network(pairs, alone=alone)
        found = layout.places(one)
        assert len(set(found.values())) == len(found) == len(one.nodes)
        assert all(math.isfinite(value) for place in found.values() for value in place)
        assert layout.places(one) == found


SHAPES = {
    "star": [(0, n) for n in range(1, 30)],
    "path": [(n, n + 1) for n in range(30)],
    "all joined": list(combinations(range(12), 2)),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_forces_on_plain_shapes(shape: str) -> None:
    pairs = SHAPES[shape]
    count = 1 + max(end for pair in pairs for end in pair)
    found = spread(count, pairs, [1.0] * len(pairs))
    assert len(set(found)) == count
    reach = max(math.dist(one, other) for one, other in combinations(found, 2))
    assert min(math.dist(one, other) for one, other in combinations(found, 2)) > reach / 1000, "none covers another"
    if shape == "path":
        assert math.dist(found[0], found[30]) > 0.9 * reach


def test_groups_come_apart() -> None:
    groups = [range(20), range(20, 40), range(40, 60)]
    pairs = [pair for group in groups for pair in combinations(group, 2)] + [(0, 20), (20, 40), (40, 0)]
    found = spread(60, pairs, [1.0] * len(pairs))
    for group in groups:
        within = max(math.dist(found[one], found[other]) for one, other in combinations(group, 2))
        without = min(math.dist(found[n], found[m]) for n in group for m in range(60) if m not in group)
        assert within < 2 * without


def test_parts_lie_beside_each_other() -> None:
    found = layout.places(network([(0, 1), (1, 2), (3, 4), (5, 6)], alone=2))
    groups = [["x:0000", "x:0001", "x:0002"], ["x:0003", "x:0004"], ["x:0005", "x:0006"], ["x:1000"], ["x:1001"]]
    boxes = [layout.extent({iri: found[iri] for iri in group}) for group in groups]
    for (left, right, bottom, top), (left2, right2, bottom2, top2) in combinations(boxes, 2):
        assert right < left2 or right2 < left or top < bottom2 or top2 < bottom


@pytest.mark.parametrize("form", ["svg", "png", "pdf"])
@pytest.mark.parametrize("directed", [False, True])
def test_the_same_network_gives_the_same_picture(form: str, directed: bool) -> None:  # noqa: FBT001
    one = network([(0, 1), (1, 2), (2, 3), (0, 4), (0, 5)], directed=directed)
    first, second = (NETWORK_FORMATS[form].write(one, "en")[""] for _ in range(2))
    assert first == second
    start = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}[form]
    assert first.startswith(start)
    assert NETWORK_FORMATS[form].write(one, "id")[""] != first


@pytest.mark.parametrize("pairs", [[], [(0, 1)]])
def test_an_empty_network_and_a_single_edge_are_drawn(pairs: list[tuple[int, int]]) -> None:
    data = picture.drawn(network(pairs), "svg", "en")
    assert etree.fromstring(data).tag.endswith("svg")


def drawn_texts(monkeypatch: pytest.MonkeyPatch, one: Network) -> list[tuple[str, Any]]:
    """The texts of a picture and the boxes that they take."""
    from matplotlib.figure import Figure

    kept: list[tuple[str, Any]] = []
    real = Figure.savefig

    def look(figure: Figure, *args: Any, **named: Any) -> None:
        renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
        found = [*figure.axes[0].texts, *figure.texts]
        kept.extend((text.get_text(), text.get_window_extent(renderer)) for text in found if text.get_text())
        real(figure, *args, **named)

    monkeypatch.setattr(Figure, "savefig", look)
    picture.drawn(one, "png", "en")
    return kept


def test_no_name_covers_another(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = [(one, other) for one in range(30) for other in (one + 1, one + 7) if other < 30]
    texts = drawn_texts(monkeypatch, network(pairs, alone=4))
    for (one, box), (other, box2) in combinations(texts, 2):
        assert not box.overlaps(box2), (one, other)
    shown = " ".join(text for text, _ in texts)
    assert "Who meets whom" in shown
    assert "Width of edges: events" in shown
    assert "Only events of the type workshop." in shown.replace("\n", " ")


def test_of_a_large_network_the_strongest_are_drawn_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "_LARGEST", 5)
    texts = drawn_texts(monkeypatch, network([(0, n) for n in range(1, 12)]))
    told = " ".join(text.replace("\n", " ") for text, _ in texts)
    assert "The 5 strongest of 12 nodes are shown." in told
    assert "5 nodes, 4 edges" in told


def test_without_matplotlib_the_install_line_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtra, match=r"matplotlib is not installed\. Install it with: .*'migkg\[pictures\]'"):
        picture.drawn(network([(0, 1)]), "png", "en")


def test_lines_and_boxes() -> None:
    import numpy as np

    boxes = np.array([(0, 0, 2, 1), (10, 10, 11, 11)])
    for line, crosses in (
        ((-1, 0.5, 3, 0.5), 1), ((-1, 2, 3, 2), 0), ((1, -1, 1, 3), 1), ((3, 0, 4, 1), 0), ((0.5, 0.5, 1, 0.6), 1),
        ((-1, 0, 0, 3), 0),
    ):  # fmt: skip
        assert crossings(np.array([line]), boxes).tolist() == [crosses, 0]


SPOTS = st.lists(
    st.builds(
        Spot, st.floats(0, 10), st.floats(0, 10), st.floats(0.01, 0.3),
        st.lists(st.tuples(st.floats(0.1, 3), st.floats(0.1, 1)), min_size=1, max_size=3).map(tuple),
    ),
    max_size=12,
)  # fmt: skip


@given(SPOTS)
@settings(max_examples=60, deadline=None)
def test_names_cover_no_name_and_no_node_and_stay_on_the_page(spots: list[Spot]) -> None:
    found = placed(spots, [(0, 0, 10, 10), (0, 10, 10, 0)], (0, 0, 10, 10), gap=0.05)
    assert len(found) == len(spots)
    nodes = [(spot.x - spot.radius, spot.y - spot.radius, spot.x + spot.radius, spot.y + spot.radius) for spot in spots]
    names = []
    for spot, place in zip(spots, found, strict=True):
        if place is not None:
            wide, high = spot.shapes[place.shape]
            names.append((place.x - wide / 2, place.y - high / 2, place.x + wide / 2, place.y + high / 2))
    for left, low, right, high in names:
        assert left > -1e-9 and low > -1e-9 and right < 10 + 1e-9 and high < 10 + 1e-9
    for number, one in enumerate(names):
        for other in (*names[:number], *nodes):
            apart = (
                one[0] >= other[2] - 1e-9,
                one[2] <= other[0] + 1e-9,
                one[1] >= other[3] - 1e-9,
                one[3] <= other[1] + 1e-9,
            )
            assert any(apart)


def test_where_there_is_no_room_beside_it_a_name_stands_farther_off() -> None:
    near = Spot(5, 5, 0.2, ((1.0, 0.2),))
    wall = [Spot(5 + x / 10, 5 + y / 10, 0.05, ()) for x in range(-6, 7) for y in range(-6, 7) if x or y]
    (place, *_) = placed([near, *wall], [], (0, 0, 10, 10), gap=0.05)
    assert place is not None
    assert place.far


@pytest.mark.parametrize("form", ["svg", "png", "pdf"])
def test_bad_names_are_drawn(form: str) -> None:
    """Quotation marks, mark-up, mathematics, right to left, what the font lacks, control characters, very long ones."""
    names = ('"quoted" <b>&amp;</b>', "$x^2$ \\frac{", "مكتب الهجرة", "🌏", "\x00\x0b", "", "word " * 80, "x" * 300)
    nodes = tuple(Node(f"x:{n}", {"en": name, "id": name}, "") for n, name in enumerate(names))
    edges = tuple(Edge("x:0", f"x:{n}", ("hosting",), 1, "", "", ("x:f",)) for n in range(1, len(names)))
    bad = Network("test", {"en": "<&> 🌏 " * 30, "id": "x"}, True, "$events$", nodes, edges, ('A "note" <&>.',))  # noqa: FBT003
    data = picture.drawn(bad, form, "en")
    assert data == picture.drawn(bad, form, "en")
    if form == "svg":
        assert etree.fromstring(data).tag.endswith("svg")


def test_kinds_that_are_met_most_look_the_same_everywhere() -> None:
    def kinds(*names: str) -> Network:
        nodes = tuple(Node(f"x:{n}", {"en": name, "id": name}, name) for n, name in enumerate(names))
        return Network("test", {"en": "T", "id": "T"}, False, "events", nodes, ())  # noqa: FBT003

    one, other = (
        looks(kinds("person", "igo", "igo", "law")),
        looks(kinds("event", "event", "event", "person", "agenda")),
    )
    assert one["person"] == other["person"]
    assert len(set(one.values())) == 3
    assert one["igo"] not in other.values()
    assert len(set(other.values())) == 3
    many = looks(kinds(*map(str, range(20))))
    assert len(set(many.values())) == 7


def test_an_edge_with_a_direction_ends_before_its_node(monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib.figure import Figure

    def look(figure: Figure, *args: Any, **named: Any) -> None:
        _, heads = figure.axes[0].collections[:2]
        assert len(heads.get_paths()) == 3

    monkeypatch.setattr(Figure, "savefig", look)
    picture.drawn(network([(0, 1), (1, 0), (1, 2)], directed=True), "png", "id")
