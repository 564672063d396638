"""What all readers share: the shape of what they take and give, bytes to text, values of metadata."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from migkg.errors import SourceError
from migkg.model import PartialDate

LANGUAGES = ("en", "id")


def silent(_: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes with what is known of them before they are read.

    :param source: as the user named it. :param name: what the id is made of: an address or a file's stem.
    :param url: the address they were fetched from. :param charset: as a server stated it.
    :param line: of the source, at which the bytes begin, from 1.
    :param tell: called now and then with how far a long reading has come.
    """

    source: str
    data: bytes
    name: str
    url: str | None = None
    charset: str | None = None
    line: int = 1
    tell: Callable[[str], object] = field(default=silent, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a reader found: the text, and what the source states about it.

    :param lang: `en` or `id`; "" when it is stated to be another language; None when nothing is stated.
    :param name: what the id is made of, when not of the source's own name.
    :param line: of the source, at which the article stands, when it holds several.
    :param pages: (offset, page) as in `Article`; then the text is in its stored form already.
    """

    text: str
    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    published: PartialDate | None = None
    read: PartialDate | None = None
    lang: str | None = None
    name: str | None = None
    line: int | None = None
    pages: tuple[tuple[int, int], ...] = ()


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
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


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


# --- what a source states of itself -----------------------------------------------------------------------------------


def web_address(value: str) -> str:
    """The value, when it is an http or https address.

    :raises ValueError: when it is none.
    """
    if urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname or len(value.split()) != 1:
        raise ValueError(value)
    return value


def stated_language(tag: str) -> str:
    """`en` or `id` for a tag of BCP 47, "" for another language's.

    :raises ValueError: when it is no tag.
    """
    primary = re.fullmatch(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]+)*", tag.strip())
    if not primary:
        raise ValueError(tag)
    code = primary[1].lower()
    code = {"in": "id", "ind": "id", "eng": "en"}.get(code, code)  # "in" was Indonesian's code until 1989
    return code if code in LANGUAGES else ""


def with_title(text: str, title: str | None, lines: list[str]) -> str:
    """The text with its title as the first line, unless one of `lines` is the title already."""
    return text if title is None or any(one_line(line) == title for line in lines) else f"{title}\n{text}"
