"""A web address → its bytes: with limits, manners, and no way into a private network.

Every hop of a redirection is checked, and the connection goes to the very address that was checked, so that a name
which resolves to something else a moment later gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urldefrag, urljoin, urlsplit

from migkg import __version__
from migkg.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable
    from urllib.robotparser import RobotFileParser

    from urllib3 import BaseHTTPResponse

USER_AGENT = f"migkg/{__version__}"
TIMEOUT = 30.0
RETRIES = 2  # more would only keep a broken server busy
MAX_REDIRECTS = 5
# RFC 9309: a crawler reads at least the first 500 KiB of robots.txt.
ROBOTS_BYTES = 500 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SAVE = "Open it in a browser, save the page, and give migkg the saved file."


@dataclass(frozen=True, slots=True)
class Page:
    """What an address answered.

    :param url: the address after redirections, without fragment.
    :param media_type: for example `text/html`, in small letters; "" when the server did not say.
    :param charset: as stated by the server.
    """

    url: str
    data: bytes
    media_type: str
    charset: str | None = None


class _TooLargeError(Exception):
    """The answer passes the limit."""


def fetch(
    url: str,
    *,
    max_bytes: int,
    timeout: float = TIMEOUT,
    allow_private: bool = False,
    pause: Callable[[float], object] = time.sleep,
) -> Page:
    """Fetch one page, after asking the site's robots.txt.

    :param max_bytes: a larger answer is refused while it comes in.
    :param timeout: seconds to wait for a connection or for more data; the whole answer may take ten times as long.
    :param allow_private: also connect to private, loopback and link-local addresses (for tests and intranets).
    :param pause: called with the seconds to wait before another try.
    :raises SourceError: not http(s), no such host, refused by robots.txt, status other than 200, timeout, too large.
    """
    polite = _Manners(max_bytes, timeout, allow_private, pause, url)
    here, status, headers, data = _follow(url, polite, _ask_robots)
    if status != 200:
        raise SourceError(f"the server answered {_status(status)}", where=url, expected="200 OK", todo=_advice(status))
    media_type, charset = _content_type(headers.get("Content-Type", ""))
    return Page(here, data, media_type, charset)


@dataclass(frozen=True, slots=True)
class _Manners:
    """How to ask; `asked` is the address as the user gave it, which every error names."""

    max_bytes: int
    timeout: float
    allow_private: bool
    pause: Callable[[float], object]
    asked: str


def _follow(url: str, polite: _Manners, check: Callable[[str, _Manners], None]) -> tuple[str, int, Any, bytes]:
    """GET and follow redirections; `check` sees every address before it is asked."""
    here = urldefrag(url).url
    for _ in range(MAX_REDIRECTS + 1):
        check(here, polite)
        status, headers, data = _get_patiently(here, polite)
        if status not in _REDIRECTS or not headers.get("Location"):
            return here, status, headers, data
        here = urldefrag(urljoin(here, headers["Location"])).url
    raise SourceError(f"more than {MAX_REDIRECTS} redirections, the last to {here}", where=polite.asked, todo=_SAVE)


def _ask_robots(url: str, polite: _Manners) -> None:
    parts = _split(url, asked=polite.asked)
    robots = f"{parts.scheme}://{parts.netloc}/robots.txt"
    if not _robots(replace(polite, max_bytes=ROBOTS_BYTES, asked=robots)).can_fetch(USER_AGENT, url):
        raise SourceError(f"the site's robots.txt asks programs not to read {url}", where=polite.asked, todo=_SAVE)


@lru_cache(maxsize=256)
def _robots(polite: _Manners) -> RobotFileParser:
    """The rules of a site (RFC 9309): no file allows all; a server that fails allows nothing for now."""
    from urllib.robotparser import RobotFileParser

    _, status, _, data = _follow(polite.asked, polite, lambda *_: None)
    if status >= 500:
        raise SourceError(f"the server answered {_status(status)}", where=polite.asked, todo="Try again later.")
    rules = RobotFileParser()
    rules.parse(data.decode("utf-8", "replace").splitlines() if status == 200 else [])
    return rules


def _status(status: int) -> str:
    from http import HTTPStatus

    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _advice(status: int) -> str:
    if status in (404, 410):
        return "Check the address; the page may have moved."
    if status in (401, 403, 451):
        return f"The site does not hand this page to programs. {_SAVE}"
    return "Try again later." if status == 429 or status >= 500 else _SAVE


def _content_type(header: str) -> tuple[str, str | None]:
    from email.message import Message

    message = Message()
    message["Content-Type"] = header
    charset = message.get_param("charset")
    return header.split(";")[0].strip().lower(), charset if isinstance(charset, str) else None


def _split(url: str, *, asked: str) -> SplitResult:
    """The parts of an address that may be fetched."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise SourceError(f"not an address: {error}", where=asked, expected="https://host/path") from error
    if parts.scheme not in ("http", "https") or not host:
        raise SourceError(
            f"cannot fetch {url}", where=asked, expected="an address that starts with http:// or https://"
        )
    if parts.username is not None:
        raise SourceError(
            "the address holds a user name", where=asked, todo="Leave it out: the address becomes part of the graph."
        )
    return parts


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    return host if host.isascii() else host.encode("idna").decode()


def _addresses(parts: SplitResult, polite: _Manners) -> tuple[str, ...]:
    """The IP addresses of the host, all of them public unless private ones are allowed."""
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = socket.getaddrinfo(_host(parts), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SourceError(
            f"the host {parts.hostname} is not known", where=polite.asked, todo="Check the address and the connection."
        ) from error
    addresses = tuple(dict.fromkeys(str(info[4][0]) for info in found))
    for address in addresses:
        if not polite.allow_private and not _public(address):
            raise SourceError(
                f"{parts.hostname} is at {address}, an address of a private network", where=polite.asked, todo=_SAVE
            )
    return addresses


def _public(address: str) -> bool:
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        # An IPv4 address in IPv6 dress leads to the IPv4 one.
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return _public(str(inner))
    return ip.is_global and not ip.is_multicast


def _get_patiently(url: str, polite: _Manners) -> tuple[int, Any, bytes]:
    """GET, with RETRIES more tries after a server's fault or a lost connection."""
    from urllib3.exceptions import HTTPError, NewConnectionError, SSLError
    from urllib3.exceptions import TimeoutError as SlowError

    where = polite.asked
    tries = RETRIES + 1
    for attempt in range(tries):
        last = attempt == RETRIES
        try:
            status, headers, data = _get(url, polite)
        except _TooLargeError:
            raise SourceError(
                f"the answer is larger than {polite.max_bytes:,} bytes",
                where=where,
                todo="Save the article alone to a file, and give migkg that file.",
            ) from None
        except SSLError as error:
            raise SourceError(f"no safe connection: {error}", where=where, todo=_SAVE) from error
        except (HTTPError, OSError) as error:
            if last:
                # urllib3 counts a refused connection among the timeouts.
                slow = isinstance(error, (SlowError, TimeoutError)) and not isinstance(error, NewConnectionError)
                what = f"no answer within {polite.timeout:g} s" if slow else f"the connection failed ({error})"
                raise SourceError(
                    f"{what}, at {tries} tries", where=where, todo="Check the address and the connection, or try later."
                ) from error
        else:
            if status < 500 or last:
                return status, headers, data
        polite.pause(0.5 * 2**attempt)
    raise AssertionError("the last try returns or raises")


def _get(url: str, polite: _Manners) -> tuple[int, Any, bytes]:
    """One GET, tried at each of the host's addresses until one takes the connection."""
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

    parts = _split(url, asked=polite.asked)
    *others, last = _addresses(parts, polite)
    for address in others:
        try:
            return _get_at(parts, address, polite)
        except (ConnectTimeoutError, NewConnectionError):
            continue
    return _get_at(parts, last, polite)


def _get_at(parts: SplitResult, address: str, polite: _Manners) -> tuple[int, Any, bytes]:
    from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
    from urllib3.exceptions import LocationParseError
    from urllib3.util import parse_url

    host = _host(parts)
    limit = Timeout(connect=polite.timeout, read=polite.timeout)
    pool: HTTPConnectionPool
    if parts.scheme == "https":
        # Connect to the checked address, but ask for, and verify, the certificate of the name.
        pool = HTTPSConnectionPool(address, parts.port, timeout=limit, assert_hostname=host, server_hostname=host)
    else:
        pool = HTTPConnectionPool(address, parts.port, timeout=limit)
    named = f"[{host}]" if ":" in host else host
    try:
        target = parse_url(parts.geturl()).request_uri
    except LocationParseError as error:
        raise SourceError(f"not an address: {error}", where=polite.asked, expected="https://host/path") from error
    headers = {
        "Host": f"{named}:{parts.port}" if parts.port else named,
        "User-Agent": USER_AGENT,
        "Accept": "text/html, text/markdown, text/plain, */*;q=0.1",
    }
    with pool:
        # `retries=False` raises a failure as it is; redirections are followed by hand, hop by checked hop.
        response = pool.urlopen("GET", target, headers=headers, redirect=False, retries=False, preload_content=False)
        try:
            data = _read(response, polite) if response.status == 200 else b""
            return response.status, response.headers, data
        finally:
            response.close()


def _read(response: BaseHTTPResponse, polite: _Manners) -> bytes:
    """The body, as long as it stays within size and time (a server may send a byte every few seconds for ever)."""
    stated = response.headers.get("Content-Length", "")
    if stated.isdigit() and int(stated) > polite.max_bytes:
        raise _TooLargeError
    end = time.monotonic() + 10 * polite.timeout
    chunks: list[bytes] = []
    size = 0
    while chunk := response.read1(64 * 1024, decode_content=True):
        chunks.append(chunk)
        size += len(chunk)
        if size > polite.max_bytes:
            raise _TooLargeError
        if time.monotonic() > end:
            raise TimeoutError
    return b"".join(chunks)
