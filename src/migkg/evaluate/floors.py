"""A gate: the F1 of each kind must not fall below what was reached before on the same gold."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from migkg.errors import SourceError, WriteError
from migkg.evaluate.matching import KINDS
from migkg.evaluate.report import Score

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Floors:
    """What was reached before.

    :param gold: SHA-256 of the gold files, see `gold.gold_hash`. :param floors: kind → F1, rounded down to 4 decimals.
    """

    gold: str
    floors: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Fallen:
    """A kind below its floor."""

    kind: str
    floor: float
    f1: float

    def __str__(self) -> str:
        return f"{self.kind} fell from {self.floor:.{_DIGITS}f} to {self.f1:.{_DIGITS}f}"


def reached(found: Score) -> dict[str, float]:
    """Kind → F1, rounded down; without those of nothing to count."""
    unit = 10**_DIGITS
    return {kind: math.floor(f1 * unit) / unit for kind in KINDS if (f1 := found.total[kind].f1) is not None}


def fallen(found: Score, floors: Floors) -> tuple[Fallen, ...]:
    """The kinds below their floors.

    :raises SourceError: when the floors were pinned on other gold: figures on different gold do not compare.
    """
    if found.gold != floors.gold:
        raise SourceError(
            "the floors were pinned on other gold", expected=f"gold with the hash {floors.gold[:12]}…",
            todo="Pin them again with --pin, and say in the commit what changed in the gold.",
        )  # fmt: skip
    now = reached(found)
    return tuple(
        Fallen(kind, floor, now.get(kind, 0.0)) for kind, floor in floors.floors.items() if now.get(kind, 0.0) < floor
    )


def pin(found: Score, floors: Floors | None) -> Floors:
    """Floors at what is reached now. On the same gold they only rise.

    :raises WriteError: when a kind is below its floor.
    """
    if floors is not None and floors.gold == found.gold and (below := fallen(found, floors)):
        raise WriteError(
            "floors are never lowered: " + "; ".join(map(str, below)),
            todo="Mend what made them fall, or change the gold where it is wrong.",
        )  # fmt: skip
    return Floors(found.gold, reached(found))


def read_floors(file: Path) -> Floors:
    """Read floors.

    :raises SourceError: when the file is missing or does not hold them.
    """
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SourceError("no such file", where=str(file), todo="Make it with --pin.") from error
    except (OSError, ValueError) as error:
        raise SourceError(f"cannot be read ({error})", where=str(file), expected="floors as JSON") from error
    floors = value.get("floors") if isinstance(value, dict) else None
    if not isinstance(floors, dict) or not isinstance(value.get("gold"), str):
        raise SourceError("no floors in it", where=str(file), expected='a JSON object with "gold" and "floors"')
    for kind, floor in floors.items():
        if kind not in KINDS or not isinstance(floor, (int, float)) or not 0 <= floor <= 1:
            raise SourceError(f'"{kind}": {floor} is no floor', where=str(file), expected="a kind and a number up to 1")
    return Floors(value["gold"], floors)


def write_floors(file: Path, floors: Floors) -> None:
    """Write floors: the same ones give the same bytes.

    :raises WriteError: when the file cannot be written.
    """
    text = json.dumps({"gold": floors.gold, "floors": dict(floors.floors)}, indent=1) + "\n"
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise WriteError(f"cannot be written ({error.strerror})", where=str(file)) from error
