"""Source → `Article`: the table `SOURCES` says which formats are read, one function and one row each.

Where the bytes come from (a file, `-` for standard input, a web address) and what they are (text, Markdown, a web
page, …) are told apart first, so every format can come from everywhere. A reader yields one or several articles, and
an error for each that it cannot read.

The text of an article is frozen here, as spans point into it: newlines are `\\n`, no byte order mark, Unicode NFC
(one article gives the same bytes whether its accents were typed as one character or as two), no white space at the
end, and characters that XML cannot hold are spaces; nothing else is touched. Titles, datelines and boilerplate of
plain text are found later, in `extract.document`; here only what the source states of itself is taken.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import unicodedata
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from migkg.errors import SourceError
from migkg.fetch import TIMEOUT, Web
from migkg.languages import guess_language
from migkg.model import Article, Finding
from migkg.readers.base import Parts, Raw, normalise, one_line
from migkg.readers.docx import read_docx
from migkg.readers.feeds import BEGINS, GZIP, TRACKING
from migkg.readers.html import read_page
from migkg.readers.jsonl import read_lines
from migkg.readers.markdown import read_markdown
from migkg.readers.pdf import read_pdf
from migkg.readers.text import read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

STDIN, FEED = "-", "feed"
# The longest report of a UN agency is about 1 MB of text, the heaviest news page about 5 MB of HTML;
# trafilatura stops at 20 MB too.
MAX_BYTES = 20_000_000
MAX_ID = 80
_HEAD = 4096  # bytes that tell what a source is


@dataclass(frozen=True, slots=True)
class SourceKind:
    """A format that articles come in.

    :param suffixes: of files and addresses, small letters with the dot.
    :param media_types: by which a server announces it.
    :param begins: how its bytes begin, for sources that nothing else tells of.
    :param times: how many times larger than a text it may be, for what holds pictures.
    """

    label: str
    suffixes: tuple[str, ...]
    media_types: tuple[str, ...]
    read: Callable[[Raw], Iterator[Parts | SourceError]]
    begins: re.Pattern[bytes] | None = None
    times: int = 1


# --- where bytes come from -----------------------------------------------------------------------------------------


def discover(sources: Sequence[str]) -> tuple[str, ...]:
    """The articles' sources, in order, each once: folders give their files, sorted; addresses and `-` stay.

    In a folder only files with a known suffix count, at any depth; hidden files and folders do not.

    :raises SourceError: a path is missing, or a folder holds no article.
    """
    found: dict[str, None] = {}
    for source in sources:
        if source == STDIN or is_address(source):
            found[source] = None
        elif os.path.isdir(source):  # noqa: PTH112 - Path.is_dir raises on an over-long name
            found.update(dict.fromkeys(_files_under(source)))
        elif os.path.exists(source):  # noqa: PTH110
            found[source] = None
        else:
            raise _missing(source)
    return tuple(found)


def _files_under(folder: str) -> list[str]:
    def refuse(error: OSError) -> None:
        raise SourceError(f"cannot look into the folder: {error.strerror}", where=str(error.filename)) from error

    files: list[Path] = []
    for where, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]  # os.walk goes into what is left
        # A feed leads to the web: it is followed when it is named, not because it lies about.
        files += [Path(where, name) for name in names if not name.startswith(".") and kind_of(name) not in (None, FEED)]
    if not files:
        raise SourceError("no article in this folder", where=folder, expected=f"files that end in {_known_suffixes()}")
    return [file.as_posix() for file in sorted(files)]


def is_address(source: str) -> bool:
    """Whether a source is an address rather than a file: it begins with a scheme."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", source) is not None


def kind_of(name: str) -> str | None:
    """The row of SOURCES that a file's name tells by its ending."""
    suffix = Path(name).suffix.lower()
    return next((name for name, kind in SOURCES.items() if suffix in kind.suffixes), None)


def _known_suffixes() -> str:
    return ", ".join(suffix for name, kind in SOURCES.items() for suffix in kind.suffixes if name != FEED)


def _missing(source: str) -> SourceError:
    path = Path(source)
    try:
        siblings = [sibling.name for sibling in path.parent.iterdir()]
    except (OSError, ValueError):
        siblings = []
    close = get_close_matches(path.name, siblings, n=1)
    return SourceError("no such file or folder", where=source, todo=f'Did you mean "{close[0]}"?' if close else "")


def opened(source: str, web: Web) -> tuple[Raw, str]:
    """The bytes of a source, and the row of SOURCES that reads them.

    :param source: a file, `-` for standard input or an http(s) address.
    :raises SourceError: missing, empty, too large, of no known kind, not fetched.
    """
    if source == STDIN:
        data = sys.stdin.buffer.read(web.max_bytes + 1)
        raw, kind = Raw(STDIN, data, "stdin"), _sniffed(data) or "text"
    elif is_address(source):
        raw, kind = _from_web(source, web)
    else:
        raw, kind = _from_file(source, web.max_bytes)
    if not raw.data:
        raise SourceError("empty", where=source, expected="an article")
    if not raw.data.strip(b"\xef\xbb\xbf \t\r\n\v\f"):
        raise SourceError("nothing but white space", where=source, expected="an article")
    if len(raw.data) > (limit := web.max_bytes * SOURCES[kind].times):
        raise SourceError(f"larger than {limit:,} bytes", where=source, todo="Cut it into its articles.")
    return raw, kind


def _from_web(source: str, web: Web) -> tuple[Raw, str]:
    larger = {media_type: kind.times for kind in SOURCES.values() for media_type in kind.media_types}
    page = web.fetch(source, larger)
    # Servers hand out Markdown as text/plain and unknown things as octet-stream: then the suffix tells more.
    by_suffix = kind_of(urlsplit(page.url).path)
    by_type = next((name for name, kind in SOURCES.items() if page.media_type in kind.media_types), None)
    sniffed = _sniffed(page.data)
    if page.media_type in ("", "text/plain", "application/octet-stream"):
        kind = by_suffix or sniffed or by_type
    elif FEED in (by_type, sniffed):
        kind = sniffed or by_type  # feeds come under many types, and pages under those of XML
    else:
        kind = by_type
    if kind is None:
        known = ", ".join(media_type for kind in SOURCES.values() for media_type in kind.media_types)
        raise SourceError(f"the server sent {page.media_type or 'something unnamed'}", where=source, expected=known)
    return Raw(source, page.data, page.url, page.url, page.charset), kind


def _from_file(source: str, max_bytes: int) -> tuple[Raw, str]:
    path = Path(source)
    if not os.path.exists(source):  # noqa: PTH110 - Path.exists raises on an over-long name
        raise _missing(source)
    if path.is_dir():
        raise SourceError("this is a folder", where=source, expected="one file", todo="Name a file in it.")
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
            kind = kind_of(path.name) or _sniffed(head)
            data = head + file.read(max_bytes * (SOURCES[kind].times if kind else 0) + 1)
    except OSError as error:
        raise SourceError(f"cannot read it: {error.strerror}", where=source) from error
    if kind is None:
        raise SourceError(
            f'files that end in "{path.suffix}" are not read' if path.suffix else "the file's name has no ending",
            where=source,
            expected=f"a name that ends in {_known_suffixes()}",
            todo=f"Save it as text, or pipe its text in with {STDIN} as the source.",
        )
    return Raw(source, data, path.stem), kind


def _sniffed(data: bytes) -> str | None:
    """The row of SOURCES that bytes of no stated kind seem to be of."""
    head = data[:_HEAD]
    if head.startswith(GZIP):
        return FEED  # the only packed thing that is read: a large sitemap
    return next((name for name, kind in SOURCES.items() if kind.begins and kind.begins.match(head)), None)


def _leads_on(raw: Raw) -> Iterator[Parts | SourceError]:
    """A feed holds no article; `intake` follows it."""
    raise SourceError("a feed, whose articles are at other addresses", where=raw.source, expected="an article")
    yield  # a generator, like the others


SOURCES: dict[str, SourceKind] = {
    "text": SourceKind("plain text", (".txt",), ("text/plain",), read_text),
    "markdown": SourceKind("Markdown with front matter", (".md", ".markdown"), ("text/markdown",), read_markdown),
    "page": SourceKind(
        "web page", (".html", ".htm"), ("text/html", "application/xhtml+xml"), read_page,
        re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE html|<html)", re.IGNORECASE),
    ),
    "pdf": SourceKind(
        "PDF with a text layer", (".pdf",), ("application/pdf",), read_pdf, re.compile(rb"\s*%PDF-"), times=10
    ),
    "docx": SourceKind(
        "Word file", (".docx",), ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
        read_docx, re.compile(rb"PK\x03\x04"), times=5,
    ),
    FEED: SourceKind(
        "feed or sitemap", (".xml", ".rss", ".atom"),
        ("application/rss+xml", "application/atom+xml", "application/xml", "text/xml", "application/rdf+xml",
         "application/gzip", "application/x-gzip"), _leads_on, BEGINS,
    ),
    "jsonl": SourceKind(
        "JSON Lines", (".jsonl", ".ndjson"),
        ("application/jsonl", "application/x-ndjson", "application/jsonlines", "application/x-jsonlines"),
        read_lines, re.compile(rb'\s*\{\s*"'),
    ),
}  # fmt: skip


# --- text → article --------------------------------------------------------------------------------------------------


def read_articles(
    source: str, *, max_bytes: int = MAX_BYTES, timeout: float = TIMEOUT, allow_private: bool = False
) -> tuple[Article, ...]:
    """The articles of one source, all of them or none.

    :param source: a file, `-` for standard input or an http(s) address.
    :param max_bytes: a larger source is refused.
    :param timeout: seconds to wait for a web server. :param allow_private: also fetch from private networks.
    :raises SourceError: missing, empty, binary, wrongly encoded, too large, no article in it, broken front matter.
    """
    raw, kind = opened(source, Web(max_bytes, timeout, allow_private=allow_private))
    articles = []
    for found in read_raw(raw, kind):
        if isinstance(found, SourceError):
            raise found
        articles.append(found)
    return tuple(articles)


def read_raw(raw: Raw, kind: str) -> Iterator[Article | SourceError]:
    """The articles in bytes that a row of SOURCES reads, with an error for each that could not be read.

    :raises SourceError: when none could.
    """
    for parts in SOURCES[kind].read(raw):
        yield parts if isinstance(parts, SourceError) else _article(raw, parts)


def _article(raw: Raw, parts: Parts) -> Article:
    text = normalise(parts.text).rstrip()
    if not text:
        raise SourceError("nothing but white space", where=raw.source, expected="an article")
    return Article(
        id=article_id(parts.name or raw.name),
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        # A file name may hold bytes that are no UTF-8; RDF cannot.
        source=(raw.source + (f":{parts.line}" if parts.line else "")).encode("utf-8", "replace").decode(),
        title=one_line(parts.title),
        url=parts.url or raw.url,
        publisher=one_line(parts.publisher),
        published=parts.published,
        lang=(guess_language(text) if parts.lang is None else parts.lang) or None,
        read=parts.read,
        pages=parts.pages,
    )


_PAGE_SUFFIX = re.compile(r"(?:/(?:index|default))?\.(?:html?|php|aspx?|jsp|md|txt|pdf|docx)$|/+$", re.IGNORECASE)


def article_id(name: str) -> str:
    """The slug of an address's last part or of a file's stem: ASCII, small letters, hyphens, at most MAX_ID characters.

    Where letters are lost (other scripts, a cut) a short hash of the name keeps two names apart.

    >>> article_id("https://example.org/news/Joint-Visit.html"), article_id("2024-06-12-talks.en")
    ('joint-visit', '2024-06-12-talks-en')
    """
    if is_address(name):
        parts = urlsplit(name)
        path = _PAGE_SUFFIX.sub("", parts.path)
        asked = [value for key, value in parse_qsl(parts.query) if not TRACKING.fullmatch(key)]
        name = " ".join([unquote(path).rsplit("/", 1)[-1] or parts.hostname or "", *asked])
    letters = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    slug = re.sub(r"[^a-z0-9]+", "-", letters.lower()).strip("-")
    # Cs: a byte of a file name that is no UTF-8.
    lost = any(not c.isascii() and (c.isalnum() or unicodedata.category(c) == "Cs") for c in letters)
    if slug and len(slug) <= MAX_ID and not lost:
        return slug
    digest = hashlib.sha256(unicodedata.normalize("NFC", name).encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return f"{slug[: MAX_ID - 9].strip('-') or 'article'}-{digest}"


@dataclass(slots=True)
class Register:
    """The articles of a build: each id once, each text once, the first in the order of the sources."""

    by_id: dict[str, Article] = field(default_factory=dict)
    by_text: dict[str, Article] = field(default_factory=dict)

    def add(self, article: Article) -> Finding | SourceError | None:
        """Take in an article.

        :returns: None for a new one; a finding when its text is known; an error when another text has its id.
        """
        if (first := self.by_text.get(article.sha256)) is not None:
            message = f"{article.source} holds the same article as {first.source}; it is read once."
            return Finding("warning", "duplicate-article", "", message, article=first.id)
        if (first := self.by_id.get(article.id)) is not None:
            return SourceError(
                f'its id "{article.id}" is that of another article, {first.source}', where=article.source,
                expected="one id an article", todo="Rename one of the two.",
            )  # fmt: skip
        self.by_id[article.id] = self.by_text[article.sha256] = article
        return None
