"""Checks of a release by queries that have to find nothing: `ontology/portal/checks/*.rq`.

Lists that they follow, each as far as it can be decided without the web: FOOPS! (Garijo et al. 2021) and OOPS!
(Poveda-Villalón et al. 2014) for ontologies, Skosify and qSKOS for schemes, the five stars of linked open data.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from migkg import resources
from migkg.errors import DataError
from migkg.model import Finding, Severity
from migkg.portal.check import Check, Pack
from migkg.portal.sheet import NAMES

if TYPE_CHECKING:
    import pyoxigraph as ox

_OVER: Mapping[str, tuple[str, ...]] = {
    "ontology": ("data/ontology.ttl",),
    "graph": ("data/graph.ttl",),
    "metadata": ("catalogue.ttl", "void.ttl"),
    "all": ("data/graph.ttl", "data/terms.ttl", "catalogue.ttl", "catalogue-2.1.1.ttl", "void.ttl"),
}
"""Name → files that are looked at as one; `schemes` are looked at one by one."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A query that has to find nothing.

    :param source: the list that asks for it. :param over: a key of `_OVER`, or `schemes`.
    """

    name: str
    title: Mapping[str, str]
    source: str
    over: str
    severity: Severity
    sparql: str


@cache
def probes() -> tuple[Probe, ...]:
    """All of them, by name.

    :raises DataError: when one is broken.
    """
    return tuple(map(_probe, sorted(path.stem for path in resources.path("ontology", "portal", "checks").glob("*.rq"))))


def _probe(name: str) -> Probe:
    file = resources.path("ontology", "portal", "checks", f"{name}.rq")
    text = file.read_text(encoding="utf-8")
    head = "".join(line[3:] + "\n" for line in text.splitlines() if line.startswith("#: "))
    try:
        told = tomllib.loads(head)
        titles = {"en": told["title"], "id": told["title_id"]}
        return Probe(name, titles, told["list"], told["over"], told.get("severity", "violation"), text)
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise DataError(f"the head of the query is broken ({error})", where=str(file)) from error


def run_probes(pack: Pack) -> Iterator[Check]:
    """Each over its files."""
    stores: dict[tuple[str, ...], ox.Store] = {}
    for probe in probes():
        groups = [(path,) for path in pack.matching("data/schemes/*.ttl")] if probe.over == "schemes" else [
            _OVER[probe.over]
        ]  # fmt: skip
        findings: list[Finding] = []
        looked = 0
        for paths in groups:
            if paths not in stores:
                stores[paths] = _store(pack, paths)
            looked += len(stores[paths])
            findings += found(probe, stores[paths])
        over = sorted({path for paths in groups for path in paths})
        yield Check(probe.source, probe.title, tuple(over), tuple(sorted(findings)), looked)


def found(probe: Probe, store: ox.Store) -> Iterator[Finding]:
    """What a query finds."""
    import pyoxigraph as ox

    try:
        rows = store.query(probe.sparql, prefixes=dict(NAMES))
    except SyntaxError as error:
        raise DataError(f"the query is broken ({error})", where=f"{probe.name}.rq") from error
    if not isinstance(rows, ox.QuerySolutions):
        raise DataError("the query gives no table", where=f"{probe.name}.rq", expected="a SELECT")
    names = [variable.value for variable in rows.variables]
    for row in rows:
        focus, value = (_text(row[name]) if name in names else "" for name in ("focus", "value"))
        yield Finding(probe.severity, probe.name, focus, probe.title["en"], value=value)


def _text(term: object) -> str:
    return str(getattr(term, "value", "") if term is not None else "")


def _store(pack: Pack, paths: Sequence[str]) -> ox.Store:
    import pyoxigraph as ox

    store = ox.Store()
    for path in paths:
        store.extend(ox.Quad(*triple) for triple in pack.triples(path))
    return store
