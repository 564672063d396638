"""Writes pages and what stands beside them into the folder of a release."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from migkg.errors import GraphError
from migkg.kg import KnowledgeGraph
from migkg.pages.links import LANGUAGES, Links
from migkg.pages.models import Link, Page
from migkg.pages.render import render
from migkg.pages.words import words
from migkg.portal.release import Release

# Of things that describe how a fact was read; their pages are led to from facts, and no search engine needs them.
_RECORDS = re.compile(r"id/(?:span|snapshot|activity|graph|software)/")


@dataclass(slots=True)
class Writer:
    """Writes pages, each in all languages.

    :param pages: page → its languages, of those that search engines are told.
    """

    release: Release
    folder: Path
    pages: dict[str, tuple[str, ...]] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)

    @property
    def kg(self) -> KnowledgeGraph:
        """The graph."""
        return self.release.graph

    def write(self, path: str, data: bytes) -> None:
        """Write a file, once."""
        if path.casefold() in self.written:  # some disks do not tell capitals from small letters
            todo = "Rename the article or the thing of which the file is."
            raise GraphError(f"two things of the graph need the file {path}", where=str(self.kg.folder), todo=todo)
        self.written.add(path.casefold())
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)

    def put(self, path: str, made: Callable[..., Page]) -> None:
        """Write a page in all languages. :param path: inside the site, without language and ending."""
        for lang in LANGUAGES:
            self.page(path, lang, made(lang=lang))
        if not _RECORDS.match(path):
            self.pages[path] = LANGUAGES

    def page(self, path: str, lang: str, page: Page, others: Mapping[str, str] | None = None) -> None:
        """Write a page in one language.

        :param others: language → what stands for it there, when that is another page; by default it is the same.
        """
        links = Links("../" * path.count("/"), lang, live=False)
        same = {code: (others or {}).get(code, path) for code in LANGUAGES}
        switch = {code: links.file(at(other, code)) for code, other in same.items()}
        full = {code: self.address(path, code) for code, other in same.items() if other == path}
        data = render(page, links, switch=switch, full=full, release=self.told(lang))
        self.write(at(path, lang), data)

    def address(self, path: str, lang: str) -> str:
        """The full address of a page; of the first page that of the site."""
        return self.release.site if at(path, lang) == "index.html" else self.release.address(at(path, lang))

    def told(self, lang: str) -> tuple[Link, ...]:
        """What the foot of each page tells."""
        release, told = self.release, words(lang)
        return (
            Link(told["version"].format(number=release.version)), Link(told["licence"], release.licence),
            Link(release.publisher.name, release.publisher.homepage),
        )  # fmt: skip


def at(path: str, lang: str, suffix: str = ".html") -> str:
    """The file of a page. :param path: without language and ending."""
    return path + ("" if lang == LANGUAGES[0] else f".{lang}") + suffix
