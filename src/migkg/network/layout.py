"""Where the nodes of a network are drawn: the same network, the same places.

Each connected part is laid out by itself (Fruchterman and Reingold's springs, by rustworkx, seeded), turned so that its
long side lies flat, and then the parts are put beside each other in rows, the largest first.
"""

from __future__ import annotations

import math

from migkg.model import Network

Places = dict[str, tuple[float, float]]
_SEED = 0
_ITERATIONS = 300
_GAP = 1.4  # between two parts, in the distance at which two joined nodes rest
_ASPECT = 1.5  # width to height of all parts together


def places(network: Network) -> Places:
    """Node → (x, y), y upwards; two joined nodes lie about 1 apart."""
    parts = sorted(_parts(network), key=lambda part: (-len(part), part[0]))
    return _in_rows([_laid_out(network, part) for part in parts])


def _parts(network: Network) -> list[list[str]]:
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(node.iri for node in network.nodes)
    graph.add_edges_from((edge.source, edge.target) for edge in network.edges)
    return [sorted(part) for part in nx.connected_components(graph)]


def _laid_out(network: Network, part: list[str]) -> Places:
    import rustworkx as rx

    if len(part) == 1:
        return {part[0]: (0.0, 0.0)}
    number = {iri: n for n, iri in enumerate(part)}
    graph = rx.PyGraph(multigraph=False)
    graph.add_nodes_from(part)
    graph.add_edges_from(
        [(number[e.source], number[e.target], e.weight) for e in network.edges if e.source in number]
    )
    # The strong are drawn nearer, but not ten times as near.
    rest = 1.2 / math.sqrt(len(part))
    found = rx.spring_layout(graph, seed=_SEED, num_iter=_ITERATIONS, weight_fn=lambda w: 1 + math.log(w), k=rest)
    return _flat({iri: (float(found[n][0]), float(found[n][1])) for iri, n in number.items()}, network)


def _flat(found: Places, network: Network) -> Places:
    """Turned so that the longest side is level, in the unit of the mean length of an edge, from (0, 0) on."""
    import numpy as np

    names = list(found)
    points = np.array([found[name] for name in names])
    points -= points.mean(axis=0)
    _, _, axes = np.linalg.svd(points, full_matrices=False)
    axes = axes * np.where(axes.sum(axis=1, keepdims=True) < 0, -1.0, 1.0)  # either sign is as good: take one for good
    points = points @ axes.T
    place = {name: n for n, name in enumerate(names)}
    ends = [(place[e.source], place[e.target]) for e in network.edges if e.source in place]
    unit = float(np.mean([np.hypot(*(points[one] - points[other])) for one, other in ends])) or 1.0
    points = (points - points.min(axis=0)) / unit
    return {name: (round(float(x), 4), round(float(y), 4)) for name, (x, y) in zip(names, points, strict=True)}


def _in_rows(parts: list[Places]) -> Places:
    """Parts side by side, row under row, within about the wanted shape."""
    sizes = [tuple(max(point[axis] for point in part.values()) + _GAP for axis in (0, 1)) for part in parts]
    area = sum(width * height for width, height in sizes)
    limit = max([math.sqrt(area * _ASPECT), *(width for width, _ in sizes)], default=0.0)
    put: Places = {}
    x = y = deepest = 0.0
    for part, (width, height) in zip(parts, sizes, strict=True):
        if x and x + width > limit:
            x, y, deepest = 0.0, y - deepest, 0.0
        put |= {iri: (round(x + px, 4), round(y - height + py, 4)) for iri, (px, py) in part.items()}
        x, deepest = x + width, max(deepest, height)
    return put


def extent(found: Places) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of all places."""
    xs, ys = ([point[axis] for point in found.values()] or [0.0] for axis in (0, 1))
    return min(xs), max(xs), min(ys), max(ys)


