"""What a check of a release is, and the release as checks read it: from its files alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from migkg.model import Finding
from migkg.ontology import BASE
from migkg.portal.counts import forms, triples
from migkg.portal.release import read_marker

if TYPE_CHECKING:
    import pyoxigraph as ox


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found.

    :param group: the list that it belongs to, as `FOOPS!`. :param title: language → what holds when it passes.
    :param over: the files that it looked at. :param looked: how many nodes, files or links it looked at.
    :param gate: whether violations of it make a release fail. :param notes: language → what was left out, and why.
    """

    group: str
    title: Mapping[str, str] = field(hash=False)
    over: Sequence[str]
    findings: tuple[Finding, ...] = ()
    looked: int = 0
    gate: bool = True
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    def count(self, severity: str) -> int:
        """How many findings are of a severity."""
        return sum(finding.severity == severity for finding in self.findings)

    @property
    def passed(self) -> bool:
        """True without violations, or where they do not count."""
        return not self.gate or not self.count("violation")


class Pack:
    """A release on disk.

    :raises GraphError: when the folder is no release of ours.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        told = read_marker(folder, "base", "site")
        self.base, self.site = str(told["base"]), str(told["site"])
        self._triples: dict[str, set[ox.Triple]] = {}

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Paths of all files, sorted."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return tuple(sorted(path.relative_to(self.folder).as_posix() for path in found))

    def matching(self, pattern: str) -> tuple[str, ...]:
        """Paths of the files that a pattern means."""
        found = (path for path in self.folder.glob(pattern) if path.is_file())
        return tuple(sorted(path.relative_to(self.folder).as_posix() for path in found))

    def triples(self, path: str) -> set[ox.Triple]:
        """All triples of a file, read once.

        :raises GraphError: when it is missing or broken.
        """
        if path not in self._triples:
            self._triples[path] = triples(self.folder / path)
        return self._triples[path]

    @property
    def rdf(self) -> tuple[str, ...]:
        """Paths of the data files and the descriptions; the pages' own data are made of these."""
        return tuple(
            path for path in self.paths
            if Path(path).suffix in forms() and (path.startswith("data/") or "/" not in path) and path != "report.ttl"
        )  # fmt: skip

    def local(self, address: str) -> str | None:
        """Path in the release of an address under the site or the base; None for one elsewhere."""
        for root in (self.site, self.base, BASE):
            if address.startswith(root):
                return address[len(root) :]
        return None
