"""SPARQL 1.1 Protocol (W3C 2013): what a request asks for, and in which format it wants the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

QUERY_TYPE, UPDATE_TYPE = "application/sparql-query", "application/sparql-update"
FORM_TYPE = "application/x-www-form-urlencoded"

# Format → media types, the preferred one first; the first format is that of a client with no wish.
TABLES: Mapping[str, tuple[str, ...]] = {
    "json": ("application/sparql-results+json", "application/json"),
    "xml": ("application/sparql-results+xml", "application/xml", "text/xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
}
# Those of a ready-made question's answer.
FILES: Mapping[str, tuple[str, ...]] = {
    **{form: TABLES[form] for form in ("json", "csv", "xml")},
    "md": ("text/markdown",),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
}
GRAPHS: Mapping[str, tuple[str, ...]] = {
    "ttl": ("text/turtle", "application/x-turtle"),
    "nt": ("application/n-triples", "text/plain"),
    "rdfxml": ("application/rdf+xml",),
    "jsonld": ("application/ld+json", "application/json"),
}
_MAX_PARTS = 64  # of one Accept header


class BadRequest(Exception):
    """A request that cannot be answered.

    :param status: of HTTP. :param message: for the one who asked.
    """

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class Operation:
    """A query or an update, and the graphs that it is about.

    :param kind: `query`, `update`, or "" when the request names neither.
    :param default, named: IRIs of graphs; both empty means all.
    :param format: as the request's parameter `format` names it; "" leaves it to `negotiate`.
    """

    kind: str
    text: str = ""
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    format: str = ""


def parse(method: str, query_string: bytes, content_type: str, body: bytes) -> Operation:
    """What a request to the endpoint asks for (sections 2.1 and 2.2).

    :raises BadRequest: 400, 405 or 415, as the standard's tests expect.
    """
    pairs = fields(query_string)
    media = media_type(content_type)
    direct = {QUERY_TYPE: "query", UPDATE_TYPE: "update"}.get(media)
    if method in ("GET", "HEAD"):
        if any(name == "update" for name, _ in pairs):
            raise BadRequest(405, "An update has to be sent by POST.", {"Allow": "POST"})
    elif method == "QUERY" or direct:
        if direct is None or (method == "QUERY" and direct != "query"):
            raise BadRequest(415, f"Expected the media type {QUERY_TYPE}.")
        if any(name in ("query", "update") for name, _ in pairs):
            raise BadRequest(400, "There is a query in the address and another one in the body; expected one.")
        pairs += [(direct, text(body, content_type))]
    elif media == FORM_TYPE:
        text(body, content_type)
        pairs += fields(body)
    else:
        expected = f"Expected {FORM_TYPE}, {QUERY_TYPE} or {UPDATE_TYPE}"
        raise BadRequest(415, f"{expected}, not {media}." if media else f"There is no Content-Type. {expected}.")
    return _operation(pairs)


def _operation(pairs: Sequence[tuple[str, str]]) -> Operation:
    told = [(name, value) for name, value in pairs if name in ("query", "update")]
    if len(told) > 1:
        raise BadRequest(400, f"There are {len(told)} queries or updates; expected one.")
    kind, text = told[0] if told else ("", "")

    def all_of(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in pairs if key == name)

    using = {"query": ("default-graph-uri", "named-graph-uri"), "update": ("using-graph-uri", "using-named-graph-uri")}
    default, named = using[kind or "query"]
    return Operation(kind, text, all_of(default), all_of(named), next(iter(all_of("format")), ""))


def fields(data: bytes) -> list[tuple[str, str]]:
    """The parameters of an address or a form.

    :raises BadRequest: 400 when they are not UTF-8.
    """
    try:
        return parse_qsl(data.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=200)
    except UnicodeDecodeError as error:
        raise BadRequest(400, "The parameters are not UTF-8.") from error
    except ValueError as error:
        raise BadRequest(400, f"The parameters cannot be read: {error}.") from error


def text(body: bytes, content_type: str) -> str:
    """A body as text.

    :raises BadRequest: 400 when it is not UTF-8, 415 when it says so.
    """
    charset = parameter(content_type, "charset").lower()
    if charset not in ("", "utf-8", "utf8", "us-ascii"):
        raise BadRequest(415, f"Expected UTF-8, not {charset}.")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(400, "The body is not UTF-8.") from error


def media_type(content_type: str) -> str:
    """`text/html` of `Text/HTML; charset=utf-8`."""
    return content_type.partition(";")[0].strip().lower()


def parameter(value: str, name: str) -> str:
    """A parameter of a header's value; "" when there is none."""
    for part in value.split(";")[1:]:
        key, _, found = part.partition("=")
        if key.strip().lower() == name:
            return found.strip().strip('"')
    return ""


def with_charset(media: str) -> str:
    """A media type as a Content-Type: all our text is UTF-8."""
    return f"{media}; charset=utf-8" if media.startswith("text/") else media


def negotiate(accept: str, offers: Mapping[str, tuple[str, ...]]) -> str | None:
    """The format that suits an Accept header best (RFC 9110, section 12.5.1); None when none does.

    :param offers: format → its media types; among equals the first wins.
    """
    if not accept.strip():
        return next(iter(offers))
    wishes: dict[str, float] = {}
    for part in accept.split(",")[:_MAX_PARTS]:
        try:
            weight = float(parameter(part, "q") or 1)
        except ValueError:
            weight = 0.0
        wishes[media_type(part)] = weight

    def weight_of(media: str) -> float:
        for wish in (media, media.partition("/")[0] + "/*", "*/*"):
            if wish in wishes:
                return wishes[wish]
        return 0.0

    best, most = None, 0.0
    for name, types in offers.items():
        weight = max(map(weight_of, types))
        if weight > most:
            best, most = name, weight
    return best
