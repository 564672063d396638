"""What a build keeps of the graph before it: articles that came by a feed, which may name them no longer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from migkg import rdf
from migkg.errors import GraphError
from migkg.folder import read_manifest
from migkg.model import Article, Finding
from migkg.readers.feeds import same_page
from migkg.store import EmbeddedStore


@dataclass(frozen=True, slots=True)
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

    def graphs(self, ids: set[str]) -> Iterator[tuple[Article, Mapping[str, Any], tuple[Finding, ...], bytes]]:
        """(article, its entry, its findings, its N-Quads) of each, sorted."""
        findings = [Finding(**finding) for finding in self.manifest["findings"]]
        with EmbeddedStore.open(self.folder / self.manifest["store"], read_only=True) as store:
            for id_ in sorted(ids):
                entry = self.entries[id_]
                lines = sorted(f"{q.subject} {q.predicate} {q.object}" for q in store.quads(rdf.graph_iri(id_)))
                article = Article(id_, "", entry["sha256"], entry["source"], url=entry["url"], lang=entry["lang"])
                own = tuple(finding for finding in findings if finding.article == id_)
                yield article, entry, own, rdf.nquads(lines, rdf.graph_iri(id_))


def open_former(folder: Path) -> Former | None:
    """The graph in a folder; None when there is none, or none that can be read."""
    try:
        manifest = read_manifest(folder)
    except GraphError:
        return None
    # A version before feeds wrote less, and none of its articles came by one.
    return Former(folder, manifest, {entry["id"]: entry for entry in manifest["articles"] if "feed" in entry})
