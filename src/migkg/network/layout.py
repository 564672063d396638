"""Where the nodes of a network are drawn: the same network, the same places.

Each connected part is laid out by itself (Fruchterman and Reingold's springs, by rustworkx, seeded; of a large part by
`forces`), turned so that its long side lies flat, and then the parts are put beside each other in rows, the largest
first.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from migkg.model import Edge, Network
from migkg.network.forces import spread

Places = dict[str, tuple[float, float]]
_SEED = 0
_ITERATIONS = 300
_GAP = 1.4  # between two parts, in the distance at which two joined nodes rest
_LARGE = 500  # nodes
_ROOM = 0.5  # of a node of a large part, in squares of that distance
_ASPECT = 1.5  # width to height of all parts together


def places(network: Network) -> Places:
    """Node → (x, y), y upwards; two joined nodes lie about 1 apart."""
    parts = sorted(_parts(network), key=lambda part: (-len(part), part[0]))
    belongs = {iri: number for number, part in enumerate(parts) for iri in part}
    edges: list[list[Edge]] = [[] for _ in parts]
    for edge in network.edges:
        edges[belongs[edge.source]].append(edge)
    return _in_rows([_laid_out(part, inner) for part, inner in zip(parts, edges, strict=True)])


def _parts(network: Network) -> list[list[str]]:
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(node.iri for node in network.nodes)
    graph.add_edges_from((edge.source, edge.target) for edge in network.edges)
    return [sorted(part) for part in nx.connected_components(graph)]


def _laid_out(part: list[str], edges: list[Edge]) -> Places:
    if len(part) == 1:
        return {part[0]: (0.0, 0.0)}
    number = {iri: n for n, iri in enumerate(part)}
    weights: dict[tuple[int, int], int] = {}
    for edge in edges:  # two of them between two nodes, one each way, are one
        one, other = sorted((number[edge.source], number[edge.target]))
        weights[one, other] = weights.get((one, other), 0) + edge.weight
    # The strong are drawn nearer, but not ten times as near.
    pulls = {ends: 1 + math.log(weight) for ends, weight in weights.items()}
    large = len(part) > _LARGE
    found = spread(len(part), list(pulls), list(pulls.values())) if large else _springs(len(part), pulls)
    return _flat(part, found, list(pulls))


def _springs(count: int, pulls: Mapping[tuple[int, int], float]) -> list[tuple[float, float]]:
    import rustworkx as rx

    graph = rx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(count))
    graph.add_edges_from([(*ends, pull) for ends, pull in pulls.items()])
    found = rx.spring_layout(graph, seed=_SEED, num_iter=_ITERATIONS, weight_fn=float, k=1.2 / math.sqrt(count))
    return [(float(found[node][0]), float(found[node][1])) for node in range(count)]


def _flat(part: list[str], found: Sequence[tuple[float, float]], edges: Sequence[tuple[int, int]]) -> Places:
    """Turned so that the longest side is level, from (0, 0) on, in the unit of the mean length of an edge.

    Of a large part, in which most edges are long, in a unit that gives each node its room.
    """
    import numpy as np

    points = np.array(found)
    points -= points.mean(axis=0)
    _, _, axes = np.linalg.svd(points, full_matrices=False)
    axes = axes * np.where(axes.sum(axis=1, keepdims=True) < 0, -1.0, 1.0)  # either sign is as good: take one for good
    points = points @ axes.T
    points -= points.min(axis=0)
    if len(part) > _LARGE:
        unit = math.sqrt(float(np.prod(points.max(axis=0))) / (len(part) * _ROOM))
    else:
        unit = float(np.mean([np.hypot(*(points[one] - points[other])) for one, other in edges]))
    points /= unit or 1.0
    return {iri: (round(float(x), 4), round(float(y), 4)) for iri, (x, y) in zip(part, points, strict=True)}


def _in_rows(parts: list[Places]) -> Places:
    """Parts side by side, row under row, within about the wanted shape; each row in the middle."""
    sizes = [tuple(max(point[axis] for point in part.values()) + _GAP for axis in (0, 1)) for part in parts]
    area = sum(width * height for width, height in sizes)
    limit = max([math.sqrt(area * _ASPECT), *(width for width, _ in sizes)], default=0.0)
    rows: list[list[int]] = []
    x = limit
    for number, (width, _) in enumerate(sizes):
        if x + width > limit:
            rows.append([])
            x = 0.0
        rows[-1].append(number)
        x += width
    put: Places = {}
    y = 0.0
    for row in rows:
        x = (limit - sum(sizes[number][0] for number in row)) / 2
        for number in row:
            width, height = sizes[number]
            put |= {iri: (round(x + px, 4), round(y - height + py, 4)) for iri, (px, py) in parts[number].items()}
            x += width
        y -= max(sizes[number][1] for number in row)
    return put


def extent(found: Places) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of all places."""
    xs, ys = ([point[axis] for point in found.values()] or [0.0] for axis in (0, 1))
    return min(xs), max(xs), min(ys), max(ys)
