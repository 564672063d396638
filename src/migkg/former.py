"""What a build keeps of the graph before it: articles whose source is as it was, and those that came by a feed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from migkg import rdf
from migkg.errors import GraphError, NewerGraph
from migkg.folder import read_manifest
from migkg.model import Article, Finding
from migkg.readers.feeds import same_page
from migkg.store import EmbeddedStore


@dataclass(frozen=True)
class Former:
    """The graph in a folder before a build.

    :param entries: id → what the manifest says of an article.
    """

    folder: Path
    manifest: Mapping[str, Any]
    entries: Mapping[str, Mapping[str, Any]]

    def known(self) -> dict[str, str]:
        """`same_page` of every address that led to an article → its id."""
        return {
            same_page(address): entry["id"]
            for entry in self.entries.values()
            for address in (entry["source"], entry["url"], *entry["also"])
            if address
        }

    def of_feed(self, feed: str) -> set[str]:
        """The ids of the articles that came by a feed."""
        return {entry["id"] for entry in self.entries.values() if entry["feed"] == feed}

    def parcels(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """(source, digest) of what was read without a fault → the ids of all the articles it holds."""
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for entry in self.entries.values():
            if entry["parcel"]:
                found[entry["named"], entry["parcel"]].append(entry["id"])
        return {parcel: tuple(ids) for parcel, ids in found.items()}

    def article(self, id_: str) -> Article:
        """What is known of an article, without its text."""
        entry = self.entries[id_]
        return Article(id_, "", entry["sha256"], entry["source"], url=entry["url"], lang=entry["lang"])

    def findings(self, id_: str) -> tuple[Finding, ...]:
        """What was found in an article; that another source holds it too is found anew."""
        return self._findings.get(id_, ())

    @cached_property
    def _findings(self) -> Mapping[str, tuple[Finding, ...]]:
        found: dict[str, list[Finding]] = defaultdict(list)
        for told in self.manifest["findings"]:
            if told["article"] and told["shape"] != "duplicate-article":
                found[told["article"]].append(Finding(**told))
        return {id_: tuple(findings) for id_, findings in found.items()}

    def idle(self, id_: str) -> frozenset[str] | None:
        """The shapes that had nothing to look at in an article; None when it was not checked."""
        bits = self.entries[id_]["idle"]
        return None if bits is None else unpacked(bits, self.manifest["shapes"])

    def graphs(self, ids: Iterable[str]) -> Iterator[bytes]:
        """The N-Quads of articles, sorted."""
        wanted = sorted(ids)
        if not wanted:
            return
        with EmbeddedStore.open(self.place, read_only=True) as store:
            for id_ in wanted:
                lines = sorted(f"{q.subject} {q.predicate} {q.object}" for q in store.quads(rdf.graph_iri(id_)))
                yield rdf.nquads(lines, rdf.graph_iri(id_))

    def copy_to(self, place: Path) -> None:
        """The store, once more; files that never change are shared."""
        with EmbeddedStore.open(self.place, read_only=True) as store:
            store.copy_to(place)

    @property
    def place(self) -> Path:
        """Where the store is."""
        return self.folder / str(self.manifest["store"])


def packed(names: frozenset[str], of: list[str]) -> str:
    """Some of a list of names, a bit each, as a hexadecimal number: ten thousand articles have such a list."""
    return f"{sum(1 << i for i, name in enumerate(of) if name in names):x}"


def unpacked(bits: str, of: list[str]) -> frozenset[str]:
    """The way back of `packed`."""
    number = int(bits, 16)
    return frozenset(name for i, name in enumerate(of) if number >> i & 1)


def open_former(folder: Path) -> Former:
    """The graph in a folder; one without articles when there is none, or none that can be read.

    :raises NewerGraph: when a newer migkg made it.
    """
    try:
        manifest = read_manifest(folder)
        with EmbeddedStore.open(folder / manifest["store"], read_only=True):
            pass
    except NewerGraph:
        raise
    except GraphError:
        return Former(folder, {"key": "", "checked": True, "findings": [], "shapes": []}, {})
    # What an older version wrote tells less: of its articles, only those that came by a feed are looked at.
    less = {"parcel": "", "idle": None, "title": None, "published": None}
    entries = {
        entry["id"]: {**less, "named": entry["source"], **entry} for entry in manifest["articles"] if "feed" in entry
    }
    return Former(folder, {"key": "", "shapes": [], **manifest}, entries)
