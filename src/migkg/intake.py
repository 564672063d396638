"""Sources → parcels, each of which a worker reads on its own: long files are cut, feeds are followed.

What needs the network or standard input is done here, in one process, so that a host is asked at a decent pace however
many workers read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from migkg.articles import FEED, STDIN, is_address, kind_of, opened, read_raw
from migkg.errors import MigkgError, SourceError
from migkg.model import Article, Finding, PartialDate
from migkg.readers.base import Raw, silent
from migkg.readers.feeds import Link, read_links, same_page
from migkg.readers.jsonl import pieces

if TYPE_CHECKING:
    from migkg.fetch import Web

LINES = 8  # of a file of JSON Lines, that a worker takes at a time
LIMIT = 100  # new articles of a feed in one run; a sitemap may list all that a site ever published
MAX_LISTS = 50  # sitemaps of an index


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a worker reads at a time.

    :param raw: None when the worker opens the source itself: a file. :param kind: row of SOURCES that reads it.
    :param articles: about how many it holds. :param feed: the one that named it, with the date it stated.
    :param digest: of all that decides what is read; "" when that is not known.
    :param kept: ids of its articles, which are in the graph already: nothing is to be read.
    """

    source: str
    raw: Raw | None = None
    kind: str = ""
    articles: int = 1
    feed: str = ""
    published: PartialDate | None = None
    digest: str = ""
    kept: tuple[str, ...] = ()


@dataclass(slots=True)
class Intake:
    """Opens sources one after the other.

    :param web: by which addresses are fetched.
    :param total: how many articles there may be, one a source at first; it grows while sources are opened.
    :param errors: sources that could not be opened. :param findings: what was left for another run.
    :param known: `same_page` of an address → id of its article in the graph; a feed's articles there are not fetched.
    :param limit: new articles to fetch of one feed.
    :param met: ids of known articles that a feed still names.
    :param held: (source, digest) → ids of the articles that the graph holds of it.
    """

    web: Web
    total: int = 0
    errors: list[MigkgError] = field(default_factory=list)
    findings: set[Finding] = field(default_factory=set)
    known: Mapping[str, str] = field(default_factory=dict)
    limit: int = LIMIT
    met: set[str] = field(default_factory=set)
    held: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    _fetched: set[str] = field(default_factory=set)

    def parcels(self, sources: Iterable[str]) -> Iterator[Parcel]:
        """The parcels of sources, in their order."""
        listed = tuple(sources)
        self._fetched.update(map(same_page, filter(is_address, listed)))
        for source in listed:
            try:
                yield from self._of(source)
            except SourceError as error:
                self.errors.append(error)

    def _of(self, source: str) -> Iterator[Parcel]:
        local = source != STDIN and not is_address(source)
        if local and kind_of(source) == "jsonl":
            yield from self._lines(source)
        elif local and kind_of(source) not in (None, FEED):
            yield self._parcel(Parcel(source), _file_digest(source))
        else:
            raw, kind = opened(source, self.web)
            if kind == FEED:
                yield from self._items(source, raw)
            else:
                yield self._parcel(Parcel(source, raw, kind))

    def _parcel(self, parcel: Parcel, digest: str = "") -> Parcel:
        """With its digest, and kept when the graph holds just this already."""
        if raw := parcel.raw:
            told = (parcel.kind, parcel.feed, parcel.published, raw.name, raw.url, raw.charset, raw.line)
            digest = hashlib.sha256(repr(told).encode() + raw.data).hexdigest()
        kept = self.held.get((parcel.source, digest), ())
        return replace(parcel, digest=digest, kept=kept, raw=None if kept else parcel.raw)

    def _lines(self, source: str) -> Iterator[Parcel]:
        """A file of JSON Lines in pieces; it may be larger than memory."""
        try:
            with Path(source).open("rb") as file:
                self.total += sum(block.count(b"\n") for block in iter(lambda: file.read(2**20), b"")) - 1
                if not file.tell():
                    raise SourceError("empty", where=source, expected="an article")
                file.seek(0)
                for piece in pieces(file, source, Path(source).stem, LINES, self.web.max_bytes):
                    if isinstance(piece, SourceError):
                        self.errors.append(piece)
                    else:
                        yield self._parcel(Parcel(source, piece, "jsonl", piece.data.count(b"\n")))
        except OSError as error:
            raise SourceError(f"cannot read it: {error.strerror}", where=source) from error

    # -- feeds --

    def _items(self, feed: str, raw: Raw) -> Iterator[Parcel]:
        """The new articles that a feed or sitemap names, the newest first where dates of change tell."""
        new: list[Link] = []
        for link in self._links(raw):
            page = same_page(link.address)
            if page in self.known:
                self.met.add(self.known[page])
            elif page not in self._fetched:
                self._fetched.add(page)
                new.append(link)
        new.sort(key=lambda link: link.changed, reverse=True)
        if len(new) > self.limit:
            message = (
                f"{feed} names {len(new):,} new articles; {self.limit:,} were read. "
                "Build again into the same folder to read more, or raise --limit."
            )
            self.findings.add(Finding("warning", "feed.more", "", message))
        self.total += len(new[: self.limit]) - 1
        for link in new[: self.limit]:
            try:
                item, kind = opened(link.address, self.web)
                if kind == FEED:
                    raise SourceError("a feed in a feed is not followed", where=link.address, todo="Name it by itself.")
            except SourceError as error:
                self.errors.append(error)
                self.total -= 1
            else:
                yield self._parcel(Parcel(link.address, item, kind, feed=feed, published=link.published))

    def _links(self, raw: Raw) -> Iterator[Link]:
        """The links to articles; those of an index's sitemaps are followed, those of an index in an index are not."""
        lists: list[Link] = []
        for link in self._sound(raw):
            if link.is_list:
                lists.append(link)
            else:
                yield link
        lists.sort(key=lambda link: link.changed, reverse=True)
        if len(lists) > MAX_LISTS:
            message = f"{raw.source} names {len(lists):,} sitemaps; {MAX_LISTS} were read. Name others by themselves."
            self.findings.add(Finding("warning", "feed.lists", "", message))
        for entry in lists[:MAX_LISTS]:
            try:
                listed, kind = opened(entry.address, self.web)
                if kind != FEED:
                    raise SourceError("no sitemap", where=entry.address, expected="a sitemap, as the index says")
                for link in self._sound(listed):
                    if link.is_list:
                        raise SourceError("an index in an index is not followed", where=entry.address)
                    yield link
            except SourceError as error:
                self.errors.append(error)

    def _sound(self, raw: Raw) -> Iterator[Link]:
        for link in read_links(raw):
            if isinstance(link, SourceError):
                self.errors.append(link)
            else:
                yield link


def _file_digest(source: str) -> str:
    """Of a file's content; "" when it cannot be read, which whoever reads it will tell."""
    try:
        with Path(source).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):  # ValueError: a null byte in the name
        return ""


def read_parcel(parcel: Parcel, web: Web, tell: Callable[[str], object] = silent) -> Iterator[Article | SourceError]:
    """The articles of a parcel, with an error for each that could not be read.

    :param tell: called now and then with how far a long reading has come.
    :raises SourceError: when none could.
    """
    raw, kind = (parcel.raw, parcel.kind) if parcel.raw else opened(parcel.source, web)
    for article in read_raw(replace(raw, tell=tell), kind):
        if isinstance(article, Article) and article.published is None and parcel.published is not None:
            yield replace(article, published=parcel.published)
        else:
            yield article
