"""A network as a picture for print: SVG, PNG or PDF, by matplotlib.

Kinds of nodes differ by colour (Okabe and Ito's palette, told apart by colour-blind readers) and by shape (told apart
in grey). Names stand where they cover no other name and no node; the weakest are left out where there is no room, and
the line under the picture says how many.
"""

from __future__ import annotations

import math
import textwrap
from typing import Any

from migkg import __version__
from migkg.model import Network
from migkg.network.layout import Places, extent
from migkg.network.palette import kind_label, kinds, look, strength
from migkg.network.paper import INK, PAPER, SOURCE, opened, printable, saved
from migkg.network.positions import arranged

# matplotlib's names of the shapes.
_MARKERS = {
    "circle": "o", "square": "s", "triangle": "^", "diamond": "D", "hexagon": "h", "nabla": "v", "pentagon": "p"
}  # fmt: skip
_EDGE = "#8a8a8a"
_WIDTH, _HEIGHT = 10.0, 7.0  # inches: a landscape page with its margins
_NAME = 26  # characters of a line of a name
_LARGEST = 300  # nodes of a picture; more cannot be read on a page


def drawn(network: Network, form: str, lang: str, given: Places | None = None) -> bytes:
    """A picture.

    :param form: svg, png or pdf. :param lang: of names and of the title. :param given: where nodes shall be.
    :raises MissingExtra: when matplotlib is not installed.
    """
    shown, left = _strongest(network)
    with opened(_WIDTH, _HEIGHT) as figure:
        axes = figure.add_axes((0.02, 0.1, 0.96, 0.8))
        axes.set_axis_off()
        hidden = _draw(axes, figure, shown, arranged(shown, given), lang)
        _frame(figure, shown, lang, [*left, *hidden])
        return saved(figure, form)


def _strongest(network: Network) -> tuple[Network, list[str]]:
    """What can be read on a page, and a note on what is left out."""
    if len(network.nodes) <= _LARGEST:
        return network, []
    strong = strength(network)
    kept = {node.iri for node in sorted(network.nodes, key=lambda n: (-strong[n.iri], n.iri))[:_LARGEST]}
    nodes = tuple(node for node in network.nodes if node.iri in kept)
    edges = tuple(edge for edge in network.edges if edge.source in kept and edge.target in kept)
    cut = Network(network.name, network.title, network.directed, network.weight, nodes, edges, network.notes)
    return cut, [f"The {_LARGEST} strongest of {len(network.nodes):,} nodes are shown."]


def _draw(axes: Any, figure: Any, network: Network, where: Places, lang: str) -> list[str]:
    """Edges, nodes and names; a note on names that found no room."""
    from matplotlib.collections import LineCollection

    left, right, bottom, top = extent(where)
    margin = 0.06 * max(right - left, top - bottom, 1.0)
    axes.set_xlim(left - 3 * margin, right + 3 * margin)
    axes.set_ylim(bottom - 2 * margin, top + 2 * margin)
    strong = strength(network)
    strongest = max(strong.values(), default=1) or 1
    size = {iri: 30 + 260 * math.sqrt(value / strongest) for iri, value in strong.items()}  # points squared
    widths = [0.5 + min(edge.weight, 12) * 0.45 for edge in network.edges]
    if network.directed:
        for edge, width in zip(network.edges, widths, strict=True):
            gap = math.sqrt(size[edge.target]) / 2 + 1
            arrow = {"arrowstyle": "-|>", "color": _EDGE, "linewidth": width, "shrinkA": 0, "shrinkB": gap}
            axes.annotate("", where[edge.target], where[edge.source], arrowprops=arrow, zorder=1)
    else:
        lines = [(where[edge.source], where[edge.target]) for edge in network.edges]
        axes.add_collection(LineCollection(lines, colors=_EDGE, linewidths=widths, alpha=0.7, zorder=1))
    for number, kind in enumerate(kinds(network)):
        chosen = [node.iri for node in network.nodes if node.type == kind]
        axes.scatter(
            [where[iri][0] for iri in chosen], [where[iri][1] for iri in chosen], s=[size[iri] for iri in chosen],
            c=look(number).colour, marker=_MARKERS[look(number).shape], edgecolors=PAPER, linewidths=0.8, zorder=2,
            label=kind_label(kind, lang),
        )  # fmt: skip
    missing = _names(axes, figure, network, where, size, lang)
    return [f"{missing:,} names found no room."] if missing else []


def _names(axes: Any, figure: Any, network: Network, where: Places, size: dict[str, float], lang: str) -> int:
    """Write names beside their nodes, the largest nodes first, across as few edges as may be; how many have no room."""
    from matplotlib.patheffects import withStroke
    from matplotlib.transforms import Bbox

    renderer = figure.canvas.get_renderer()
    to_pixels = axes.transData.transform
    radius = {iri: math.sqrt(value) / 2 * figure.dpi / 72 for iri, value in size.items()}
    taken = []
    for iri, r in radius.items():
        x, y = to_pixels(where[iri])
        taken.append(Bbox.from_extents(x - r, y - r, x + r, y + r))
    page, inverse = figure.bbox, axes.transData.inverted().transform
    lines = [(to_pixels(where[edge.source]), to_pixels(where[edge.target])) for edge in network.edges]
    missing = 0
    for node in sorted(network.nodes, key=lambda node: (-size[node.iri], node.iri)):
        wrapped = textwrap.wrap(printable(node.labels[lang]), _NAME, max_lines=3, placeholder=" …")
        x, y = to_pixels(where[node.iri])
        gap = radius[node.iri] + 5
        best: tuple[int, Any, Any] | None = None
        for dx, dy, across, up in _SIDES:
            name = axes.text(
                *inverse((x + dx * gap, y + dy * gap)), "\n".join(wrapped) or node.iri, ha=across, va=up, zorder=3,
                fontsize=7.5 if size[node.iri] > 150 else 6.5, color=INK, linespacing=1.05,
                multialignment=across, path_effects=[withStroke(linewidth=2, foreground=PAPER)],
            )  # fmt: skip
            box = name.get_window_extent(renderer)
            crossed = sum(_crosses(line, box) for line in lines)
            free = page.x0 < box.x0 and box.x1 < page.x1 and not any(box.overlaps(other) for other in taken)
            if free and (best is None or crossed < best[0]):
                if best:
                    best[1].remove()
                best = crossed, name, box
            else:
                name.remove()
        if best:
            taken.append(best[2])
        else:
            missing += 1
    return missing


# Where a name stands beside its node, the likeliest first: steps to the right and upwards, and how it is aligned.
_SIDES = (
    (1, 0, "left", "center"), (-1, 0, "right", "center"), (0, 1, "center", "bottom"), (0, -1, "center", "top"),
    (0.75, 0.75, "left", "bottom"), (-0.75, 0.75, "right", "bottom"), (0.75, -0.75, "left", "top"),
    (-0.75, -0.75, "right", "top"),
)  # fmt: skip


def _crosses(line: tuple[Any, Any], box: Any) -> bool:
    """Whether a line passes through a box (Liang and Barsky 1984)."""
    (x0, y0), (x1, y1) = line
    enters, leaves = 0.0, 1.0
    for step, low, high in ((x1 - x0, box.x0 - x0, box.x1 - x0), (y1 - y0, box.y0 - y0, box.y1 - y0)):
        if step == 0:
            if low > 0 or high < 0:
                return False
            continue
        near, far = sorted((low / step, high / step))
        enters, leaves = max(enters, near), min(leaves, far)
    return bool(enters < leaves)


def _frame(figure: Any, network: Network, lang: str, notes: list[str]) -> None:
    """Title, legend, and the line that says what this is and where it comes from."""
    figure.text(0.03, 0.95, printable(network.title[lang]), fontsize=13, fontweight="bold", color=INK, va="center")
    counts = f"{len(network.nodes):,} nodes, {len(network.edges):,} edges; width of edges: {network.weight}"
    figure.text(0.03, 0.915, counts, fontsize=8, color=INK, va="center")
    handles, labels = figure.axes[0].get_legend_handles_labels()
    if handles:
        drawn_legend = figure.legend(
            handles, labels, loc="lower left", bbox_to_anchor=(0.025, 0.045), ncols=min(len(labels), 7), frameon=False,
            fontsize=7.5, labelcolor=INK, handletextpad=0.2, columnspacing=1.4,
        )  # fmt: skip
        for handle in drawn_legend.legend_handles:
            handle.set_sizes([40])
    told = " ".join([*network.notes, *notes, f"Drawn by migkg {__version__}; every edge rests on quoted sentences."])
    lines = "\n".join(textwrap.wrap(printable(told), 170))
    figure.text(0.03, 0.025, lines, fontsize=6.5, color=SOURCE, va="center")
