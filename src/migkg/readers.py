"""The readers of `articles.SOURCES`: bytes → what an article's source says, one function a format.

A reader is a generator function from `Raw` to `Parts`, one for each article that the bytes hold. Heavy libraries are
imported inside the readers that need them.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from migkg.errors import SourceError
from migkg.model import PartialDate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from markdown_it.token import Token

LANGUAGES = ("en", "id")
# A page whose main text is shorter is a menu, a login form or an error page; the shortest news has 150 characters.
MIN_PAGE_TEXT = 100


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes with what is known of them before they are read.

    :param source: as the user named it. :param name: what the id is made of: an address or a file's stem.
    :param url: the address they were fetched from. :param charset: as a server stated it.
    """

    source: str
    data: bytes
    name: str
    url: str | None = None
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """What a reader found: the text, and what the source states about it.

    :param lang: `en` or `id`; "" when it is stated to be another language; None when nothing is stated.
    :param name: what the id is made of, when not of the source's own name.
    """

    text: str
    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    published: PartialDate | None = None
    read: PartialDate | None = None
    lang: str | None = None
    name: str | None = None


# --- bytes → text --------------------------------------------------------------------------------------------------

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b"))  # escape: ISO-2022 encodings switch with it
# Encodings of the web (WHATWG Encoding Standard) under Python's names; others of Python's codecs are no charsets.
_WEB_ENCODING = re.compile(
    r"utf-8|iso8859-\d+|cp(?:866|874|125\d)|koi8-[ru]|mac-(?:roman|cyrillic)|gb(?:k|2312|18030)|big5|euc_(?:jp|kr)"
    r"|shift_jis|iso2022_jp"
)
# XML 1.0 has no way to write these, and quotations must survive RDF/XML and SPARQL's XML results.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def decode(raw: Raw, declared: str | None = None) -> str:
    """The bytes as text: by byte order mark, else UTF-8, else the charset that the server or the page states.

    UTF-8 goes before a stated charset, as other encodings hardly ever are valid UTF-8 while statements are often wrong.
    An encoding is never guessed: a wrong guess alters names silently.

    :param declared: the charset that the document itself states.
    :raises SourceError: binary data, white space only, or no encoding fits.
    """
    text = _decode(raw, declared)
    if not text.strip("\ufeff \t\n\v\f\r"):
        raise SourceError("nothing but white space", where=raw.source, expected="an article")
    return text


def _decode(raw: Raw, declared: str | None) -> str:
    data = raw.data
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                text = data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise SourceError(
                    f"not valid {encoding[:6].upper()}, though it begins like it (byte {error.start + len(mark)})",
                    where=raw.source,
                    todo="Save it again as UTF-8.",
                ) from error
            _refuse_binary(text.encode("utf-8"), raw.source)
            return text
    _refuse_binary(data, raw.source)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        for charset in (raw.charset, declared):
            other = _decode_as(data, charset)
            if other is not None:
                return other
        raise SourceError(
            f"not valid UTF-8 at byte {error.start} (0x{data[error.start]:02x})",
            where=raw.source,
            line=data.count(b"\n", 0, error.start) + 1,
            expected="text in UTF-8",
            todo="Convert it, for example: iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW",
        ) from error


def _decode_as(data: bytes, charset: str | None) -> str | None:
    try:
        name = codecs.lookup(charset or "utf-8").name
        # Browsers read these two as windows-1252, and so do the pages' authors.
        name = "cp1252" if name in ("iso8859-1", "ascii") else name
        return data.decode(name) if _WEB_ENCODING.fullmatch(name) else None
    except (LookupError, ValueError):
        return None


def _refuse_binary(data: bytes, source: str) -> None:
    controls = len(data) - len(data.translate(None, _CONTROLS))
    # One part in ten: text has none, while compressed data has about one in nine.
    if b"\0" in data or controls > len(data) / 10:
        raise SourceError(
            "not text: it holds control characters", where=source, expected="text in UTF-8", todo="Save it as text."
        )


def normalise(text: str) -> str:
    """The form in which a text is stored (see `migkg.articles`); applying it again changes nothing."""
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _NOT_IN_XML.sub(" ", text))


def one_line(value: str | None) -> str | None:
    """A value of metadata without line breaks and double spaces; None when nothing is left."""
    return " ".join(normalise(value).split()) or None if value else None


# --- the readers, one a format --------------------------------------------------------------------------------------


def read_text(raw: Raw) -> Iterator[Parts]:
    """Plain text, as it is."""
    yield Parts(decode(raw))


def _address(value: str) -> str:
    if urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname or len(value.split()) != 1:
        raise ValueError(value)
    return value


def _stated_language(tag: str) -> str:
    """`en` or `id` for a tag of BCP 47, "" for another language's."""
    primary = re.fullmatch(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]+)*", tag.strip())
    if not primary:
        raise ValueError(tag)
    code = primary[1].lower()
    code = {"in": "id", "ind": "id", "eng": "en"}.get(code, code)  # "in" was Indonesian's code until 1989
    return code if code in LANGUAGES else ""


# Key of the front matter → how its value is read, and what is expected of it.
FRONT_MATTER: dict[str, tuple[Callable[[str], Any], str]] = {
    "title": (str, "a title"),
    "url": (_address, "an address that starts with http:// or https://"),
    "published": (PartialDate.parse, "a date as YYYY-MM-DD, YYYY-MM or YYYY"),
    "read": (PartialDate.parse, "a date as YYYY-MM-DD, YYYY-MM or YYYY"),
    "publisher": (str, "a name"),
    "lang": (_stated_language, "a language tag such as en or id"),
}


def _front_matter(text: str, source: str) -> tuple[dict[str, Any], str]:
    """The pairs between two `---` lines, and the rest; no pairs when the text does not begin with `---`."""
    first, *lines = text.split("\n")
    if first.rstrip() != "---":
        return {}, text
    values: dict[str, Any] = {}
    for number, line in enumerate(lines, start=2):
        if line.rstrip() == "---":
            return values, "\n".join(lines[number - 1 :])
        if not line.strip() or line.startswith("#"):
            continue
        key, colon, value = line.partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon or not re.fullmatch(r"\w+", key):
            raise SourceError(
                f"the front matter is broken: {line.strip()[:60]!r}",
                where=source,
                line=number,
                expected='"key: value", and a line "---" after the last one',
            )
        if key not in FRONT_MATTER or key in values:
            raise SourceError(
                f'the key "{key}" {"comes twice" if key in values else "is not known"}',
                where=source,
                line=number,
                expected="one of: " + ", ".join(FRONT_MATTER),
            )
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1].strip()
        convert, expected = FRONT_MATTER[key]
        try:
            values[key] = convert(value) if value else None
        except ValueError as error:
            raise SourceError(f"{key}: {value!r}", where=source, line=number, expected=expected) from error
    raise SourceError("the front matter has no end", where=source, line=1, expected='a line "---" after its last pair')


def read_markdown(raw: Raw) -> Iterator[Parts]:
    """Markdown, with what its front matter states."""
    values, body = _front_matter(normalise(decode(raw)), raw.source)
    text = plain_text(body)
    if not text:
        raise SourceError("no text" + (" after the front matter" if values else ""), where=raw.source)
    yield Parts(_with_title(text, values.get("title"), text.split("\n", 1)[:1]), **values)


def _with_title(text: str, title: str | None, lines: list[str]) -> str:
    """The text with its title as the first line, unless one of `lines` is the title already."""
    return text if title is None or any(one_line(line) == title for line in lines) else f"{title}\n{text}"


@cache
def _markdown() -> Any:
    from markdown_it import MarkdownIt

    # Four spaces open a code block in Markdown and a paragraph in news.
    return MarkdownIt("commonmark").enable("table").disable("code")


def plain_text(markdown: str) -> str:
    """Markdown (CommonMark and tables) without its marks: one line a paragraph, heading, list item or table row.

    A link leaves its words, a picture nothing; list items keep "- " or their number; cells are parted by " | ".
    """
    lines: list[str] = []
    mark, depth = "", 0
    row: list[str] | None = None
    for token in _markdown().parse(markdown):
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                depth += 1
            case "bullet_list_close" | "ordered_list_close":
                depth -= 1
            case "list_item_open":
                mark = "  " * (depth - 1) + (f"{token.info}{token.markup} " if token.info else "- ")
            case "tr_open":
                row = []
            case "tr_close":
                lines.append(" | ".join(row or ()))
                row = None
            case "inline" if row is not None:
                row.append(_inline(token))
            case "inline":
                lines.append(mark + _inline(token))
                mark = ""
            case "fence":
                lines.append(token.content.rstrip("\n"))
            case "html_block":
                lines.append(_without_tags(token.content))
    return "\n".join(line for line in lines if line.strip())


def _inline(token: Token) -> str:
    text = ""
    for child in token.children or ():
        match child.type:
            case "text" | "code_inline":
                text += child.content
            case "softbreak":
                text += " "
            case "hardbreak":
                text += "\n"
            case "html_inline" if child.content.lower().startswith("<br"):
                text += "\n"
    return text.strip()


def _without_tags(block: str) -> str:
    from html import unescape

    text = unescape(re.sub(r"(?is)<!--.*?-->|<(script|style)\b.*?</\1>|<[^>]*>", "", block))
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


def read_page(raw: Raw) -> Iterator[Parts]:
    """The main text of an HTML page, one line a paragraph, with what its metadata states.

    Its `lang` attribute is not believed: templates state the language of the software more often than that of the text.
    """
    from trafilatura import bare_extraction, load_html

    stated = re.search(rb"<meta[^>]+?charset\s*=\s*[\"']?\s*([\w.:-]+)", raw.data[:4096], re.IGNORECASE)
    tree = load_html(normalise(decode(raw, stated[1].decode("ascii", "replace") if stated else None)))
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
        _with_title(text, title, lines),
        title=title,
        url=url,
        # trafilatura falls back to the host, which is no publisher's name.
        publisher=None if sitename and "." in sitename and " " not in sitename else sitename,
        published=_published(tree),
        name=url,
    )


def _canonical(url: str | None) -> str | None:
    """A page's statement of its own address, unless it is none or only names the site."""
    try:
        parts = urlsplit(_address(url or ""))
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
