"""Where a user has put the nodes of a network: a small JSON file, saved by the page and read for every picture."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from migkg.errors import QueryError
from migkg.model import Network
from migkg.network.layout import Places, extent, places

_EXPECTED = "a file that the page of a network saved by “save positions”"
_STEP = 1.0  # the distance at which two joined nodes rest


def read_positions(file: Path) -> Places:
    """Node → (x, y) out of a file.

    :raises QueryError: when it cannot be read or holds something else.
    """
    try:
        told = json.loads(file.read_text(encoding="utf-8-sig"))
        found = told["positions"]
        return {str(iri): _point(point) for iri, point in found.items()}
    except OSError as error:
        raise QueryError(f"the positions cannot be read ({error.strerror})", where=str(file)) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise QueryError("this file holds no positions", where=str(file), expected=_EXPECTED) from error


def _point(value: Any) -> tuple[float, float]:
    x, y = (float(part) for part in value)
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError(value)
    return x, y


def positions(network: Network, found: Places) -> str:
    """The text of such a file; the page writes the same."""
    held = {node.iri: [round(axis, 4) for axis in found[node.iri]] for node in network.nodes if node.iri in found}
    return json.dumps({"network": network.name, "positions": held}, ensure_ascii=False, indent=1) + "\n"


def arranged(network: Network, given: Mapping[str, tuple[float, float]] | None = None) -> Places:
    """Where nodes are: as given, others near what they are joined to, or below all; laid out where none is given."""
    known = {node.iri: given[node.iri] for node in network.nodes if node.iri in given} if given else {}
    if not known:
        return places(network)
    near: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for edge in network.edges:
        for one, other in ((edge.source, edge.target), (edge.target, edge.source)):
            if one not in known and other in known:
                near[one].append(known[other])
    left, _, bottom, _ = extent(known)
    new = sorted(node.iri for node in network.nodes if node.iri not in known)
    for number, iri in enumerate(new):
        # The golden angle keeps several new neighbours of one node apart.
        angle, held = number * 2.399963, near[iri]
        x = sum(point[0] for point in held) / len(held) if held else left + number * _STEP
        y = sum(point[1] for point in held) / len(held) if held else bottom - 2 * _STEP
        known[iri] = (x + _STEP * math.cos(angle) / 2, y + _STEP * math.sin(angle) / 2)
    return {iri: (round(x, 4), round(y, 4)) for iri, (x, y) in known.items()}
