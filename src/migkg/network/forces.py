"""Where the nodes of a large connected network lie: by forces between all nodes, on arrays.

Springs as rustworkx has them take minutes for some thousand nodes, and end in a ball. Here nodes begin where their
distances put them, and every node pushes all others away by how many edges it has, so that groups come apart.

Sources: Brandes and Pich 2006, "Eigensolver Methods for Progressive Multidimensional Scaling of Large Data" (where
they begin); Jacomy et al. 2014, "ForceAtlas2" (the forces).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from migkg.network.paths import Arcs

if TYPE_CHECKING:
    import numpy as np

_PIVOTS = 50
_STEPS = 120
_PAIRS = 3_000_000_000  # looked at in all; beyond 5,000 nodes there are fewer steps
_BLOCK = 200_000  # pairs at once, which a processor keeps at hand


def spread(count: int, edges: Sequence[tuple[int, int]], weights: Sequence[float]) -> list[tuple[float, float]]:
    """Node → (x, y), always the same; nodes are numbers from 0 on, and all are connected.

    :param weights: how strongly each edge pulls.
    """
    import numpy as np

    arcs = Arcs(count, edges)
    ones, others = np.array(edges).T
    pull = np.array(weights, dtype=np.float32)
    mass = (arcs.degree + 1).astype(np.float32)
    x, y = (_begin(arcs) * np.sqrt(count)).astype(np.float32)
    steps = max(min(_STEPS, _PAIRS // count**2), 10)
    for step in range(steps):
        push_x, push_y = _pushes(x, y, mass)
        drawn_x, drawn_y = (x[others] - x[ones]) * pull, (y[others] - y[ones]) * pull
        push_x += np.bincount(ones, drawn_x, count) - np.bincount(others, drawn_x, count)
        push_y += np.bincount(ones, drawn_y, count) - np.bincount(others, drawn_y, count)
        length = np.sqrt(push_x * push_x + push_y * push_y) + 1e-9
        size = max(float(np.ptp(x)), float(np.ptp(y)), 1.0)
        furthest = size * 0.1 * (1 - step / steps) ** 1.5 + size * 1e-4
        share = np.minimum(length / mass, furthest) / length
        x, y = (x + push_x * share).astype(np.float32), (y + push_y * share).astype(np.float32)
        x, y = x - x.mean(), y - y.mean()
    return list(zip(x.tolist(), y.tolist(), strict=True))


def _begin(arcs: Arcs) -> np.ndarray[Any, Any]:
    """By distances to some nodes far from each other: the two directions in which they differ most."""
    import numpy as np

    pivots = min(_PIVOTS, arcs.count)
    steps = np.zeros((arcs.count, pivots))
    nearest, pivot = np.full(arcs.count, np.inf), int(arcs.degree.argmax())
    for number in range(pivots):
        for step, (_, ends) in enumerate(arcs.steps(pivot), 1):
            steps[ends, number] = step
        nearest = np.minimum(nearest, steps[:, number])
        pivot = int(nearest.argmax())
    squares = steps**2
    centred = -0.5 * (squares - squares.mean(axis=0) - squares.mean(axis=1, keepdims=True) + squares.mean())
    _, axes = np.linalg.eigh(centred.T @ centred)
    found = (centred @ axes[:, -2:]).T[::-1]
    found *= np.where(found[:, :1] < 0, -1.0, 1.0)  # either sign is as good: take one for good
    # What lies on one spot is drawn apart, each a little differently.
    turn = np.arange(arcs.count) * 2.399963  # the golden angle
    apart = np.stack([np.cos(turn), np.sin(turn)]) * 0.01
    return np.asarray(found / np.maximum(np.abs(found).max(axis=1, keepdims=True), 1e-9) + apart)


def _pushes(
    x: np.ndarray[Any, Any], y: np.ndarray[Any, Any], mass: np.ndarray[Any, Any]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """How far all others push each node away: by the product of the masses, the less the further."""
    import numpy as np

    push_x, push_y = np.empty(len(x)), np.empty(len(x))
    rows = max(1, _BLOCK // len(x))
    for low in range(0, len(x), rows):
        part = slice(low, low + rows)
        across, up = x[part, None] - x, y[part, None] - y
        force = across * across
        force += up * up
        force += np.float32(1e-3)
        np.divide(mass, force, out=force)
        across *= force
        up *= force
        push_x[part], push_y[part] = across.sum(axis=1), up.sum(axis=1)
    return push_x * mass, push_y * mass
