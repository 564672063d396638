"""Web pages, fetched or saved."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from migkg.errors import SourceError
from migkg.model import PartialDate
from migkg.readers.base import Parts, Raw, decode, normalise, one_line, web_address, with_title

if TYPE_CHECKING:
    from collections.abc import Iterator

# A page whose main text is shorter is a menu, a login form or an error page; the shortest news has 150 characters.
MIN_PAGE_TEXT = 100
_ATTRIBUTES = 2_000  # of a tag, at least, when no person or program means well; a picture may stand in one
_LONG_TAG = re.compile(r"<([A-Za-z]\w{0,20})[^<>]{4000,}>")


def read_page(raw: Raw) -> Iterator[Parts]:
    """The main text of an HTML page, one line a paragraph, with what its metadata states.

    Its `lang` attribute is not believed: templates state the language of the software more often than that of the text.
    """
    from trafilatura import bare_extraction, load_html

    stated = re.search(rb"<meta[^>]+?charset\s*=\s*[\"']?\s*([\w.:-]+)", raw.data[:4096], re.IGNORECASE)
    source = normalise(decode(raw, stated[1].decode("ascii", "replace") if stated else None))
    tree = load_html(_LONG_TAG.sub(_slimmed, source))
    # Dates are read below: trafilatura's search falls back to any date on the page, and looks at the clock.
    options: dict[str, Any] = {
        "url": raw.url,
        "include_comments": False,
        "with_metadata": True,
        "date_extraction_params": {"max_date": "2100-01-01", "extensive_search": False},
    }
    page: Any = None
    if tree is not None:
        page = bare_extraction(tree, fast=True, **options)
        # The thorough search takes twice as long, and finds more only where the quick one found little.
        if page is None or len(page.text) < 3 * MIN_PAGE_TEXT:
            thorough: Any = bare_extraction(tree, fast=False, **options)
            page = max((found for found in (page, thorough) if found), key=lambda found: len(found.text), default=None)
    lines = [" ".join(line.split()) for line in page.text.split("\n")] if page else []
    text = normalise("\n".join(line for line in lines if line))
    if len(text) < MIN_PAGE_TEXT:
        raise SourceError(
            f"no article on this page (main text of {len(text)} characters)",
            where=raw.source,
            expected=f"at least {MIN_PAGE_TEXT}",
            todo="Copy the article's text into a .txt file, and give migkg that file.",
        )
    title = one_line(page.title)
    url = _canonical(page.url) or raw.url
    sitename = one_line(page.sitename)
    yield Parts(
        with_title(text, title, lines),
        title=title,
        url=url,
        # trafilatura falls back to the host, which is no publisher's name.
        publisher=None if sitename and "." in sitename and " " not in sitename else sitename,
        published=_published(tree),
        name=url,
    )


def _slimmed(tag: re.Match[str]) -> str:
    """A tag without its attributes when they are thousands, which cost the parser the square of their number."""
    return tag[0] if len(tag[0].split()) < _ATTRIBUTES else f"<{tag[1]}>"


def _canonical(url: str | None) -> str | None:
    """A page's statement of its own address, unless it is none or only names the site."""
    try:
        parts = urlsplit(web_address(url or ""))
    except ValueError:
        return None
    return url if parts.path.strip("/") or parts.query else None


# Names of <meta> that state a date of publication, the most telling first.
_PUBLISHED = (
    "article:published_time", "og:published_time", "datepublished", "publish-date", "publish_date", "publishdate",
    "publication_date", "pubdate", "parsely-pub-date", "citation_publication_date", "dcterms.issued",
    "dc.date.issued", "dc.date.created", "dcterms.date", "dc.date", "date",
)  # fmt: skip


def _published(tree: Any) -> PartialDate | None:
    """The day that a page states as that of its publication: <meta>, JSON-LD, <time>; never a date in the text."""
    metas = {
        (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower(): meta.get("content") or ""
        for meta in tree.iter("meta")
    }
    stated = [metas[name] for name in _PUBLISHED if name in metas]
    for script in tree.iterfind('.//script[@type="application/ld+json"]'):
        stated += re.findall(r'"datePublished"\s*:\s*"([^"]*)"', script.text or "")
    for time in tree.iterfind(".//time[@datetime]"):
        if time.get("pubdate") is not None or "publish" in f"{time.get('itemprop')} {time.get('class')}".lower():
            stated.append(time.get("datetime"))
    for value in stated:
        found = re.match(r"\s*(\d{4})([-/]?)(\d\d)\2(\d\d)(?!\d)", value)
        # Software fills unknown dates with year 1 or 1970; no news page is older than the web.
        if found and int(found[1]) > 1990:
            try:
                return PartialDate(int(found[1]), int(found[3]), int(found[4]))
            except ValueError:
                continue
    return None
