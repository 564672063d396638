"""Feeds and sitemaps: the addresses of articles, with what is said of each.

RSS 0.9 to 2.0 (www.rssboard.org/rss-specification), Atom (RFC 4287), sitemaps and their indexes (www.sitemaps.org).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin, urlsplit, urlunsplit

from migkg.errors import SourceError
from migkg.model import PartialDate
from migkg.readers.base import Raw, web_address

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_BYTES = 50_000_000  # of a sitemap when unpacked, by its standard
GZIP = b"\x1f\x8b"
_ITEMS = {"item": "feed", "entry": "feed", "url": "sitemap", "sitemap": "index"}
_ROOTS = ("rss", "rdf:RDF", "feed", "urlset", "sitemapindex")
BEGINS = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?[^>]*>\s*)?(?:<!(?:DOCTYPE[^>]*|--[^>]*)>\s*){0,9}<(?:rss|rdf:RDF|feed|(?:\w+:)?urlset|(?:\w+:)?sitemapindex)[\s>]"
)
# Parts of an address that name who sent a reader there, not what is read.
TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_\w+")


@dataclass(frozen=True, slots=True)
class Link:
    """An article that a feed names, or another list.

    :param published: as the feed states it. :param changed: a date, as the list states it; "" when it does not.
    :param line: of the feed.
    """

    address: str
    published: PartialDate | None = None
    changed: str = ""
    is_list: bool = False
    line: int | None = None


def same_page(address: str) -> str:
    """What two addresses of one page share: scheme, case of the host, fragment, a last slash and trackers aside.

    >>> same_page("http://News.example/a/?utm_source=feed#top") == same_page("https://news.example/a")
    True
    """
    try:
        parts = urlsplit(urldefrag(address.strip()).url)
    except ValueError:
        return address
    asked = "&".join(part for part in parts.query.split("&") if part and not TRACKING.fullmatch(part.partition("=")[0]))
    return urlunsplit(("", parts.netloc.lower(), parts.path.rstrip("/"), asked, ""))


def read_links(raw: Raw) -> Iterator[Link | SourceError]:
    """The links of a feed or sitemap, in its order, each address once; an item without one is an error beside them.

    :raises SourceError: not readable as XML, no feed and no sitemap, no item in it.
    """
    root = _parsed(raw)
    seen: set[str] = set()
    empty = True
    for element in root.iter("{*}item", "{*}entry", "{*}url", "{*}sitemap"):
        link = _link(element, raw)
        if isinstance(link, SourceError):
            yield link
        elif link is not None and same_page(link.address) not in seen:
            seen.add(same_page(link.address))
            yield link
        empty = False
    if empty:
        raise SourceError("no item in this feed", where=raw.source, expected="the addresses of articles")


def _parsed(raw: Raw) -> _Element:
    from lxml import etree

    data = raw.data
    if data.startswith(GZIP):
        try:
            data = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(data, MAX_BYTES + 1)
        except zlib.error as error:
            raise SourceError(f"the packed file is broken ({error})", where=raw.source) from error
        if len(data) > MAX_BYTES:
            raise SourceError(f"unpacked, it is larger than {MAX_BYTES:,} bytes", where=raw.source)
    # Feeds are often no good XML; what can be read of them is. Nothing outside is looked at, entities stay unexpanded.
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError(f"not readable as XML ({error})", where=raw.source, expected="a feed or a sitemap") from error
    name = _name(root) if root is not None else ""
    if name not in (root_name.rpartition(":")[2] for root_name in _ROOTS):
        what = f"XML of another kind (<{name}>)" if name else "not readable as XML"
        raise SourceError(what, where=raw.source, expected="a feed (RSS, Atom) or a sitemap")
    return root


def _name(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def _link(element: _Element, raw: Raw) -> Link | SourceError | None:
    children = [(_name(child), child) for child in element]
    texts = {name: (child.text or "").strip() for name, child in reversed(children)}
    address = texts.get("loc") or _atom_link(children) or texts.get("link") or ""
    guid = next((child for name, child in children if name == "guid"), None)
    if not address and guid is not None and guid.get("isPermaLink", "true") == "true":
        address = texts["guid"]
    line = element.sourceline
    if not address:
        # Lists of other things, such as a podcast's categories, have items too.
        return SourceError("an item without an address", where=raw.source, line=line) if children else None
    try:
        address = web_address(urljoin(raw.url or "", urljoin(element.base or "", address)))
    except ValueError:
        return SourceError(f"an item with no address: {address!r:.80}", where=raw.source, line=line)
    news = {_name(part): (part.text or "").strip() for name, child in children if name == "news" for part in child}
    stated = (texts.get(name) for name in ("pubDate", "published", "issued", "date"))
    dates = (_date(value) for value in (*stated, news.get("publication_date")) if value)
    changed = texts.get("lastmod", "")
    return Link(address, next(filter(None, dates), None), changed, _name(element) == "sitemap", line)


def _atom_link(children: list[tuple[str, _Element]]) -> str:
    """The entry's own page among its links (RFC 4287, section 4.2.7.2)."""
    links = [child for name, child in children if name == "link" and child.get("href")]
    return next((str(link.get("href")).strip() for link in links if link.get("rel", "alternate") == "alternate"), "")


def _date(value: str) -> PartialDate | None:
    """The day of a date in RFC 5322 or ISO 8601, as it is stated, in whatever time zone."""
    from email.utils import parsedate

    found = re.match(r"(\d{4})-(\d\d)-(\d\d)", value)
    parts = tuple(map(int, found.groups())) if found else (parsedate(value) or ())[:3]
    try:
        # Software fills unknown dates with year 1 or 1970.
        return PartialDate(*parts) if len(parts) == 3 and parts[0] > 1990 else None
    except ValueError:
        return None
