"""Betweenness and closeness of large networks: shortest paths in steps, on arrays.

networkx walks node by node; rustworkx does so in compiled code, and still needs half a minute of one core for 5,000
nodes and 50,000 edges. Here closeness walks from 64 nodes at once, a bit each, and gives the same numbers; betweenness
walks edge by edge of a whole step at once, and of a large network from some of the nodes only.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

EXACT = 2000
"""Nodes up to which betweenness is exact."""
PIVOTS = 1000
"""Nodes from which it is estimated beyond."""
_SEED = 0
_DEEP = 64  # steps; of longer paths each step is short, and rustworkx is faster
_BLOCK = 4_000_000  # words of 64 bits at once, 32 MB


class Arcs:
    """An undirected graph without weights as arrays: each edge both ways, in the order of where it begins.

    :param count: how many nodes, which are numbers from 0 on. :param edges: pairs of them, each edge once.
    """

    def __init__(self, count: int, edges: Sequence[tuple[int, int]]) -> None:
        import numpy as np

        pairs = np.array(edges, dtype=np.int64).reshape(-1, 2)
        begins, ends = np.concatenate([pairs, pairs[:, ::-1]]).T
        self.count, self.edges = count, edges
        self.ends = ends[np.argsort(begins, kind="stable")]
        self.degree = np.bincount(begins, minlength=count)
        self.start = np.concatenate([[0], np.cumsum(self.degree)])[:-1].astype(np.int64)

    def rust(self) -> Any:
        """The same for rustworkx."""
        import rustworkx as rx

        graph = rx.PyGraph(multigraph=False)
        graph.add_nodes_from(range(self.count))
        graph.add_edges_from_no_data(list(self.edges))
        return graph

    def of(self, front: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Where all edges of some nodes begin, and where they end."""
        import numpy as np

        counts = self.degree[front]
        first = np.repeat(self.start[front] - np.cumsum(counts) + counts, counts)
        return np.repeat(front, counts), self.ends[first + np.arange(len(first))]

    def steps(self, source: int) -> Iterator[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]]:
        """The edges of shortest paths from a node, a step at a time."""
        import numpy as np

        seen = np.zeros(self.count, dtype=bool)
        seen[source] = True
        front = np.array([source])
        while front.size:
            begins, ends = self.of(front)
            new = ~seen[ends]
            begins, ends = begins[new], ends[new]
            before = seen.copy()
            seen[ends] = True
            front = np.flatnonzero(seen & ~before)
            if front.size:
                yield begins, ends


def betweenness(arcs: Arcs) -> tuple[list[float], bool]:
    """Each node's betweenness, normalised as by networkx, and whether it is exact.

    Sources: Brandes 2001, "A faster algorithm for betweenness centrality"; for the estimate Brandes and Pich 2007,
    "Centrality estimation in large networks", with pivots drawn at random, seeded.
    """
    import rustworkx as rx

    if arcs.count <= EXACT or _deep(arcs):
        found = rx.graph_betweenness_centrality(arcs.rust())
        return [found[node] for node in range(arcs.count)], True
    return list(from_pivots(arcs, min(PIVOTS, arcs.count))), arcs.count <= PIVOTS


def _deep(arcs: Arcs) -> bool:
    fullest = int(arcs.degree.argmax())
    return sum(1 for _ in arcs.steps(fullest)) > _DEEP / 2


def from_pivots(arcs: Arcs, pivots: int) -> list[float]:
    """Betweenness by the paths that begin at so many nodes; by those from all nodes it is exact."""
    import numpy as np

    total = np.zeros(arcs.count)
    for source in random.Random(_SEED).sample(range(arcs.count), pivots):  # noqa: S311 - no secret
        paths = np.zeros(arcs.count)
        paths[source] = 1
        steps = list(arcs.steps(source))
        for step in range(len(steps)):
            begins, ends = steps[step]
            paths += np.bincount(ends, weights=paths[begins], minlength=arcs.count)
        through = np.zeros(arcs.count)
        for begins, ends in reversed(steps):
            share = paths[begins] / paths[ends] * (1 + through[ends])
            through += np.bincount(begins, weights=share, minlength=arcs.count)
        through[source] = 0
        total += through
    pairs = max((arcs.count - 1) * (arcs.count - 2), 1)
    return [float(value) for value in total * (arcs.count / pivots) / pairs]


def closeness(arcs: Arcs) -> list[float]:
    """Each node's closeness, scaled by the share of nodes that it reaches (Wasserman and Faust 1994), as by networkx.

    All nodes that reach a node within some steps are bits of a row; a step joins the rows of its neighbours.
    """
    import numpy as np
    import rustworkx as rx

    if not len(arcs.ends):
        return [0.0] * arcs.count
    words = max(1, _BLOCK // len(arcs.ends))
    far, reached = np.zeros(arcs.count), np.ones(arcs.count)
    joined = np.flatnonzero(arcs.degree)
    for low in range(0, arcs.count, 64 * words):
        nodes = np.arange(low, min(low + 64 * words, arcs.count))
        rows = np.zeros((arcs.count, (len(nodes) + 63) // 64), dtype=np.uint64)
        rows[nodes, (nodes - low) // 64] = np.uint64(1) << ((nodes - low) % 64).astype(np.uint64)
        held = np.bitwise_count(rows).sum(axis=1, dtype=np.int64)
        for step in range(1, _DEEP + 2):
            rows[joined] |= np.bitwise_or.reduceat(rows[arcs.ends], arcs.start[joined], axis=0)
            now = np.bitwise_count(rows).sum(axis=1, dtype=np.int64)
            if (now == held).all():
                break
            far += (now - held) * step
            reached += now - held
            held = now
        else:
            found = rx.graph_closeness_centrality(arcs.rust())
            return [found[node] for node in range(arcs.count)]
    near = np.divide(reached - 1, far, out=np.zeros(arcs.count), where=far > 0)
    return [float(value) for value in near * (reached - 1) / max(arcs.count - 1, 1)]
