"""A network as a picture for print: SVG, PNG or PDF, by matplotlib.

Kinds of nodes differ by colour (Okabe and Ito's palette, told apart by colour-blind readers) and by shape (told apart
in grey). Names stand where they cover no other name and no node; the weakest are left out where there is no room, and
the line under the picture says how many.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import Any

from migkg import __version__
from migkg.model import Network, Node
from migkg.network.layout import Places, extent
from migkg.network.names import Spot, placed
from migkg.network.palette import Look, kind_label, looks, strength
from migkg.network.paper import INK, PAPER, SOURCE, across, opened, printable, saved, wrapped
from migkg.network.positions import arranged
from migkg.network.projection import weight_name

# matplotlib's names of the shapes, and how large each is drawn to weigh as much as the others.
_MARKERS = {
    "circle": ("o", 1.0), "square": ("s", 0.8), "triangle": ("^", 1.05), "diamond": ("D", 0.6), "hexagon": ("h", 1.1),
    "nabla": ("v", 1.05), "pentagon": ("p", 1.1),
}  # fmt: skip
_EDGE = "#8a8a8a"
_WIDTH, _HEIGHT = 10.0, 7.0  # inches: a landscape page with its margins
_SIDE, _TOP = 0.35, 1.05  # inches: margin, and where the drawing begins
_BESIDE, _ABOVE = 1.2, 0.4  # inches that names need around the outermost nodes
_NAME = ((28, 4), (18, 5), (42, 2), (34, 6))  # characters of a line of a name, and lines; the likeliest first
_NAMED = 150  # nodes that have their names; more cannot be read on a page
_FULL = 60  # nodes, or edges, up to which they have their full size
_LARGEST = 1000  # nodes of a picture
_TEXT, _SMALL = 7.5, 6.5  # points
_INCH = 72  # points

_WORDS = {
    "en": {
        "counts": "{:,} nodes, {:,} edges. Width of edges: {}. Size of nodes: the weight of their edges.",
        "strongest": "The {:,} strongest of {:,} nodes are shown.",
        "unnamed": "Of {:,} nodes the {:,} strongest that have room are named.",
        "drawn": "Drawn by migkg {}; every edge rests on quoted sentences.",
        "empty": "Nothing is known that fits.",
    },
    "id": {
        "counts": "{:,} simpul, {:,} garis. Lebar garis: {}. Ukuran simpul: bobot garis-garisnya.",
        "strongest": "Hanya {:,} simpul terkuat dari {:,} yang ditampilkan.",
        "unnamed": "Dari {:,} simpul, {:,} yang terkuat dan mendapat tempat diberi nama.",
        "drawn": "Digambar oleh migkg {}; setiap garis bertumpu pada kalimat yang dikutip.",
        "empty": "Tidak ada yang sesuai.",
    },
}  # fmt: skip


def drawn(network: Network, form: str, lang: str, given: Places | None = None) -> bytes:
    """A picture.

    :param form: svg, png or pdf. :param lang: of names and of the title. :param given: where nodes shall be.
    :raises MissingExtra: when matplotlib is not installed.
    """
    shown, notes = _strongest(network, lang)
    words = _WORDS[lang]
    legend = _rows([(look, kind_label(kind, lang)) for kind, look in looks(shown).items()])
    with opened(_WIDTH, _HEIGHT) as figure:
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, _WIDTH)
        axes.set_ylim(0, _HEIGHT)  # inches
        # The drawing takes what legend and notes leave; a note on names is known only after, and has its line.
        room = textwrap.wrap(" ".join((*network.notes, *notes, words["unnamed"], words["drawn"])), 165)
        foot = 0.35 + 0.12 * len(room) + 0.2 * len(legend)
        area = (_SIDE, foot, _WIDTH - _SIDE, _HEIGHT - _TOP + 0.1)
        named = _draw(axes, shown, _at(arranged(shown, given), area), area, lang)
        if named < len(shown.nodes):
            notes.append(words["unnamed"].format(len(shown.nodes), named))
        _frame(axes, shown, lang, [*network.notes, *notes, words["drawn"].format(__version__)], legend)
        return saved(figure, form)


def _strongest(network: Network, lang: str) -> tuple[Network, list[str]]:
    """What can be read on a page, and a note on what is left out."""
    if len(network.nodes) <= _LARGEST:
        return network, []
    strong = strength(network)
    kept = {node.iri for node in sorted(network.nodes, key=lambda n: (-strong[n.iri], n.iri))[:_LARGEST]}
    nodes = tuple(node for node in network.nodes if node.iri in kept)
    edges = tuple(edge for edge in network.edges if edge.source in kept and edge.target in kept)
    cut = Network(network.name, network.title, network.directed, network.weight, nodes, edges, network.notes)
    return cut, [_WORDS[lang]["strongest"].format(_LARGEST, len(network.nodes))]


def _at(where: Places, area: tuple[float, float, float, float]) -> Places:
    """Places on the page: the whole area is used, with room for names; what has no extent lies in the middle."""
    left, right, bottom, top = extent(where)
    low_x, low_y, high_x, high_y = area
    low_x, low_y, high_x, high_y = low_x + _BESIDE, low_y + _ABOVE, high_x - _BESIDE, high_y - _ABOVE

    def spread(value: float, first: float, last: float, low: float, high: float) -> float:
        return low + (value - first) / (last - first) * (high - low) if last > first else (low + high) / 2

    return {
        iri: (spread(x, left, right, low_x, high_x), spread(y, bottom, top, low_y, high_y))
        for iri, (x, y) in where.items()
    }


def _draw(axes: Any, network: Network, where: Places, area: tuple[float, float, float, float], lang: str) -> int:
    """Edges, nodes and names; how many names have room."""
    strong = strength(network)
    strongest = max(strong.values(), default=1) or 1
    few = min(1.0, (_FULL / max(len(network.nodes), 1)) ** 0.75)
    size = {iri: (30 + 260 * math.sqrt(value / strongest)) * few for iri, value in strong.items()}  # points squared
    radius = {iri: math.sqrt(value) / 2 / _INCH for iri, value in size.items()}
    _edges(axes, network, where, radius)
    for kind, look in looks(network).items():
        chosen = [node.iri for node in network.nodes if node.type == kind]
        marker, share = _MARKERS[look.shape]
        axes.scatter(
            [where[iri][0] for iri in chosen], [where[iri][1] for iri in chosen],
            s=[size[iri] * share for iri in chosen], c=look.colour, marker=marker, edgecolors=PAPER,
            linewidths=0.8 * math.sqrt(few), zorder=3,
        )  # fmt: skip
    order = sorted(network.nodes, key=lambda node: (-strong[node.iri], node.iri))
    return _names(axes, network, order, where, radius, area, lang)


def _edges(axes: Any, network: Network, where: Places, radius: dict[str, float]) -> None:
    """Lines, the strongest on top; of a directed network with heads, which end where the node begins."""
    from matplotlib.collections import LineCollection, PolyCollection

    few = min(1.0, (_FULL / max(len(network.edges), 1)) ** 0.35)
    order = sorted(network.edges, key=lambda edge: edge.weight)
    widths = [(0.6 + min(edge.weight, 12) * 0.45) * few for edge in order]
    lines, heads = [], []
    for edge, width in zip(order, widths, strict=True):
        (x0, y0), (x1, y1) = where[edge.source], where[edge.target]
        length = math.hypot(x1 - x0, y1 - y0)
        if network.directed and length > 0:
            ahead, wide = (0.07 + width / _INCH) * max(few, 0.4), (0.03 + width / _INCH) * max(few, 0.4)
            step_x, step_y = (x1 - x0) / length, (y1 - y0) / length
            reach = max(length - radius[edge.target] - 0.02, 0)
            tip_x, tip_y = x0 + step_x * reach, y0 + step_y * reach
            x1, y1 = tip_x - step_x * ahead, tip_y - step_y * ahead
            aside_x, aside_y = -step_y * wide, step_x * wide
            heads.append([(tip_x, tip_y), (x1 + aside_x, y1 + aside_y), (x1 - aside_x, y1 - aside_y)])
        lines.append([(x0, y0), (x1, y1)])
    alpha = 0.75 * max(few, 0.25)
    axes.add_collection(LineCollection(lines, colors=_EDGE, linewidths=widths, alpha=alpha, zorder=1))
    axes.add_collection(PolyCollection(heads, facecolors=_EDGE, edgecolors="none", alpha=alpha, zorder=2))


def _names(
    axes: Any, network: Network, order: Sequence[Node], where: Places, radius: dict[str, float],
    area: tuple[float, float, float, float], lang: str,
) -> int:  # fmt: skip
    """Write names beside their nodes, the strongest first; how many have room."""
    from matplotlib.patheffects import withStroke

    points = [_TEXT if 2 * radius[node.iri] * _INCH > 12 else _SMALL for node in order]
    texts = [_shapes(node.labels[lang]) or [[printable(node.iri)]] for node in order[:_NAMED]]
    spots = []
    for number, (node, size) in enumerate(zip(order, points, strict=True)):
        named = texts[number] if number < _NAMED else []
        sizes = ((max(across(line, size) for line in lines), len(lines) * size * 1.22 / _INCH) for lines in named)
        spots.append(Spot(*where[node.iri], radius[node.iri], tuple((wide + 0.03, high) for wide, high in sizes)))
    strongest = sorted(network.edges, key=lambda edge: -edge.weight)
    ends = [(*where[edge.source], *where[edge.target]) for edge in strongest]
    found = placed(spots, ends, area, gap=0.04)
    for place, shapes, size, node in zip(found, texts, points, order, strict=False):
        if place is None:
            continue
        lines = shapes[place.shape]
        half = max(across(line, size) for line in lines) / 2
        x = place.x + {"left": -half, "center": 0.0, "right": half}[place.align]
        if place.far:  # a line from the node to the nearest point of the name
            high = len(lines) * size * 1.22 / _INCH / 2
            end = [
                min(max(at, middle - reach), middle + reach)
                for at, middle, reach in zip(where[node.iri], (place.x, place.y), (half, high), strict=True)
            ]
            axes.plot(*zip(where[node.iri], end, strict=True), color=INK, linewidth=0.4, alpha=0.6, zorder=2.5)
        axes.text(
            x, place.y, "\n".join(lines), ha=place.align, va="center", zorder=4, fontsize=size, color=INK,
            linespacing=1.05, multialignment=place.align, path_effects=[withStroke(linewidth=2, foreground=PAPER)],
        )  # fmt: skip
    return sum(place is not None for place in found)


def _shapes(text: str) -> list[list[str]]:
    """A name in few long lines, or in more and shorter ones."""
    found = [lines for lines in (wrapped(text, most, limit) for most, limit in _NAME) if lines]
    whole = [lines for lines in found if not lines[-1].endswith(" …")] or found[:1]
    return [lines for number, lines in enumerate(whole) if lines not in whole[:number]]


def _rows(entries: Sequence[tuple[Look, str]]) -> list[list[tuple[Look, str]]]:
    """The legend's entries in as many rows as the page needs."""
    rows: list[list[tuple[Look, str]]] = []
    x = _WIDTH
    for look, text in entries:
        width = 0.45 + across(printable(text), _TEXT)
        if x + width > _WIDTH - _SIDE:
            rows.append([])
            x = _SIDE
        rows[-1].append((look, text))
        x += width
    return rows


def _frame(
    axes: Any, network: Network, lang: str, notes: Sequence[str], legend: Sequence[Sequence[tuple[Look, str]]]
) -> None:
    """Title, legend, and the lines that say what this is and where it comes from."""
    words = _WORDS[lang]
    title = "".join(wrapped(network.title[lang], 80, 1))
    axes.text(_SIDE, _HEIGHT - 0.38, title, fontsize=13, fontweight="bold", color=INK, va="center")
    counts = words["counts"].format(len(network.nodes), len(network.edges), weight_name(network, lang))
    axes.text(_SIDE, _HEIGHT - 0.64, printable(counts), fontsize=8, color=INK, va="center")
    if not network.nodes:
        axes.text(_WIDTH / 2, _HEIGHT / 2, words["empty"], fontsize=11, color=SOURCE, ha="center", va="center")
    lines = textwrap.wrap(printable(" ".join(notes)), 165)
    low = 0.2 + 0.12 * len(lines)
    axes.text(_SIDE, low, "\n".join(lines), fontsize=_SMALL, color=SOURCE, va="top", linespacing=1.25)
    y = low + 0.15 + 0.2 * (len(legend) - 1)
    for row in legend:
        x = _SIDE + 0.06
        for look, text in row:
            marker, share = _MARKERS[look.shape]
            axes.scatter([x], [y], s=45 * share, c=look.colour, marker=marker, edgecolors=PAPER, linewidths=0.5)
            name = printable(text)
            axes.text(x + 0.12, y, name, fontsize=_TEXT, color=INK, va="center_baseline")
            x += 0.45 + across(name, _TEXT)
        y -= 0.2
