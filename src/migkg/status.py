"""What is in a graph, from which articles, made when by which version, and what a build would read anew."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from migkg.articles import FEED, MAX_BYTES, STDIN, discover, is_address, kind_of
from migkg.errors import SourceError
from migkg.fetch import Web
from migkg.fingerprint import fingerprint
from migkg.folder import MANIFEST, read_manifest
from migkg.former import open_former
from migkg.intake import Intake

UNCHANGED, CHANGED, GONE, NEW, UNKNOWN = "unchanged", "changed", "gone", "new", "unknown"


@dataclass(frozen=True, slots=True)
class Status:
    """What a graph folder tells of itself.

    :param built: when the graph was put in place, by the file system's clock. :param version: of migkg that made it.
    :param current: whether the code, the data and the libraries are those that made it.
    :param articles: what the manifest says of each. :param states: source → how it is now; addresses are `unknown`.
    """

    folder: Path
    built: datetime
    version: str
    current: bool
    checked: bool
    triples: int
    facts: Mapping[str, int]
    articles: tuple[Mapping[str, Any], ...]
    states: Mapping[str, str]

    @property
    def languages(self) -> Mapping[str, int]:
        """Language → number of articles; "" for those in no language that migkg reads."""
        return Counter(entry["lang"] or "" for entry in self.articles)

    @property
    def stale(self) -> bool:
        """Whether a build would give another graph, as far as that can be told without the network."""
        return not self.current or bool({CHANGED, GONE, NEW} & set(self.states.values()))


def status(folder: Path) -> Status:
    """Look at a graph folder and at the files it was made from; nothing is fetched and nothing is written.

    :raises GraphError: when there is no graph in it.
    """
    manifest = read_manifest(folder)
    made = manifest.get("build", {})
    current = bool(made) and fingerprint(made["readers"], check=manifest["checked"]) == manifest.get("key")
    built = datetime.fromtimestamp((folder / MANIFEST).stat().st_mtime, UTC)
    return Status(
        folder, built, manifest.get("migkg", ""), current, manifest["checked"], manifest["triples"],
        manifest["facts"], tuple(manifest["articles"]), _states(folder, made),
    )  # fmt: skip


def _states(folder: Path, made: Mapping[str, Any]) -> Mapping[str, str]:
    """Each source as it is now, found by the very steps of a build."""
    former = open_former(folder)
    # A line of a file is named FILE:LINE; what another source holds too is read by each build.
    again = {name for entry in former.entries.values() for also in entry["also"] for name in (also, _file(also))}
    named = {entry["named"] for entry in former.entries.values()} | again
    states = {source: UNKNOWN if is_address(source) or source == STDIN else GONE for source in named}
    here = Path(made.get("from", "."))
    intake = Intake(Web(MAX_BYTES), held={})
    held = former.parcels()
    for source in made.get("sources", ()):
        if is_address(source) or source == STDIN:
            continue
        try:
            found = discover((str(here / source),))
        except SourceError:
            continue
        for file in found:
            if file == str(here / source):
                name = source
            else:
                name = file if Path(source).is_absolute() else str(Path(file).relative_to(here))
            if kind_of(file) in (None, FEED):  # it may lead to the web
                states[name] = UNKNOWN
                continue
            kept = [(name, parcel.digest) in held for parcel in intake.parcels((file,))]
            states[name] = UNCHANGED if (kept and all(kept)) or name in again else CHANGED if name in named else NEW
    return states


def _file(source: str) -> str:
    """`more.jsonl:3` → `more.jsonl`."""
    return re.sub(r":\d+$", "", source)
