"""Where names stand beside what they name, on a picture: none covers another, or a node."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np

_LINES = 3000  # that a name is kept off, the strongest; among more, no place is free of them

# To the right and upwards, the likeliest first, in the distance at which the name begins.
_SIDES = (
    (1, 0), (-1, 0), (0, 1), (0, -1), (0.75, 0.75), (-0.75, 0.75), (0.75, -0.75), (-0.75, -0.75), (0.35, 1), (-0.35, 1),
    (0.35, -1), (-0.35, -1),
)  # fmt: skip


_RINGS = (1, 6, 14, 24)  # gaps at which a name begins; to all but the first leads a line


class Spot(NamedTuple):
    """What is drawn: its middle and radius, and (width, height) of each shape that its name may have, if it has one."""

    x: float
    y: float
    radius: float
    shapes: tuple[tuple[float, float], ...]


class Place(NamedTuple):
    """Where a name stands: its middle, how its lines are aligned (left, center, right), its shape, and whether far."""

    x: float
    y: float
    align: str
    shape: int
    far: bool


def placed(
    spots: Sequence[Spot], lines: Sequence[tuple[float, float, float, float]], page: tuple[float, float, float, float],
    *, gap: float,
) -> list[Place | None]:  # fmt: skip
    """A place for each name, or None where there is no room; in one unit for all.

    :param spots: the most important first: they choose first. :param lines: from (x, y) to (x, y), the strongest first;
        of the free places, that which the fewest of them cross is taken.
    :param page: left, bottom, right and top of where names may stand. :param gap: between a node and its name.
    """
    import numpy as np

    taken = np.empty((2 * len(spots), 4))
    for number, spot in enumerate(spots):
        taken[number] = spot.x - spot.radius, spot.y - spot.radius, spot.x + spot.radius, spot.y + spot.radius
    count = len(spots)
    drawn = np.array(lines[:_LINES], dtype=float).reshape(-1, 4)
    found: list[Place | None] = []
    for spot in spots:
        choices = list(_choices(spot, gap))
        boxes = np.array([choice.box for choice in choices]).reshape(-1, 4)
        inside = (boxes[:, :2] >= page[:2]).all(axis=1) & (boxes[:, 2:] <= page[2:]).all(axis=1)
        apart = (
            (boxes[:, None, 0] >= taken[:count, 2]) | (boxes[:, None, 2] <= taken[:count, 0])
            | (boxes[:, None, 1] >= taken[:count, 3]) | (boxes[:, None, 3] <= taken[:count, 1])
        )  # fmt: skip
        free = np.flatnonzero(inside & apart.all(axis=1))
        if not free.size:
            found.append(None)
            continue
        cost = crossings(drawn, boxes[free]) + [choices[place].cost for place in free]
        best = choices[int(free[int(cost.argmin())])]
        left, low, right, high = best.box
        found.append(Place((left + right) / 2, (low + high) / 2, best.align, best.shape, best.far))
        taken[count] = best.box
        count += 1
    return found


class _Choice(NamedTuple):
    box: tuple[float, float, float, float]
    align: str
    shape: int
    far: bool
    cost: float  # in lines crossed


def _choices(spot: Spot, gap: float) -> Iterator[_Choice]:
    for shape, (width, height) in enumerate(spot.shapes):
        for ring, steps in enumerate(_RINGS):
            for side, up in _SIDES:
                x, y = (middle + way * (spot.radius + gap * steps) for middle, way in ((spot.x, side), (spot.y, up)))
                align = "left" if side > 0.5 else "right" if side < -0.5 else "center"
                left = {"left": x, "right": x - width, "center": x - width / 2 + side * width / 2}[align]
                low = y if up > 0.5 else y - height if up < -0.5 else y - height / 2
                box = left, low, left + width, low + height
                yield _Choice(box, align, shape, bool(ring), 0.4 * shape + 1.5 * ring)


def crossings(lines: np.ndarray[Any, Any], boxes: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """How many lines pass through each box (Liang and Barsky 1984)."""
    import numpy as np

    enters, leaves = np.zeros((len(boxes), len(lines))), np.ones((len(boxes), len(lines)))
    for axis in (0, 1):
        begin, step = lines[:, axis], lines[:, axis + 2] - lines[:, axis]
        low, high = boxes[:, axis, None] - begin, boxes[:, axis + 2, None] - begin
        with np.errstate(divide="ignore", invalid="ignore"):
            near, far = np.minimum(low / step, high / step), np.maximum(low / step, high / step)
        still, within = step == 0, (low <= 0) & (high >= 0)
        near, far = np.where(still, np.where(within, 0, 2), near), np.where(still, np.where(within, 1, -1), far)
        enters, leaves = np.maximum(enters, near), np.minimum(leaves, far)
    return np.asarray((enters < leaves).sum(axis=1))
