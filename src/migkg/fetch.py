"""A web address → its bytes: with limits, manners, and no way into a private network.

Every hop of a redirection is checked, and the connection goes to the very address that was checked, so that a name
which resolves to something else a moment later gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urldefrag, urljoin, urlsplit

from migkg import __version__
from migkg.errors import SourceError

if TYPE_CHECKING:
    from urllib.robotparser import RobotFileParser

    from urllib3 import BaseHTTPResponse

USER_AGENT = f"migkg/{__version__}"
TIMEOUT = 30.0
DELAY = 1.0  # seconds between two requests to one host, as search engines' robots keep at least
# A robots.txt or a busy server may ask for more patience than a person at a terminal has.
MAX_DELAY, MAX_WAIT = 30.0, 60.0
RETRIES = 2  # more would only keep a broken server busy
MAX_REDIRECTS = 5
# RFC 9309: a crawler reads at least the first 500 KiB of robots.txt.
ROBOTS_BYTES = 500 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BUSY = 429  # Too Many Requests
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


@dataclass(frozen=True, slots=True)
class _Request:
    """What is asked now: `asked` is the address as the user gave it, which every error names; `body`: None for GET."""

    asked: str
    max_bytes: int
    body: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()
    larger: tuple[tuple[str, int], ...] = ()


class _TooLargeError(Exception):
    """The answer passes the limit, which is the argument."""


@dataclass(slots=True)
class Web:
    """The web as one run meets it: what sites allow, and when each was last asked, is remembered as long as it lives.

    :param max_bytes: a larger answer is refused while it comes in.
    :param timeout: seconds to wait for a connection or for more data; the whole answer may take ten times as long.
    :param delay: seconds between two requests to one host; a longer one that its robots.txt asks for is kept, up to
        MAX_DELAY.
    :param allow_private: also connect to private, loopback and link-local addresses (for tests and intranets).
    :param pause: called with the seconds to wait. :param clock: seconds that never go backwards.
    """

    max_bytes: int
    timeout: float = TIMEOUT
    delay: float = DELAY
    allow_private: bool = False
    pause: Callable[[float], object] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _rules: dict[str, RobotFileParser | SourceError] = field(default_factory=dict)
    _asked: dict[str, float] = field(default_factory=dict)

    def fetch(self, url: str, larger: Mapping[str, int] | None = None) -> Page:
        """Fetch one page, after asking the site's robots.txt.

        A lost connection, a server's fault and "too many requests" are met with RETRIES more tries, after growing
        pauses or the one that the server asks for, up to MAX_WAIT seconds.

        :param larger: media type → how many times `max_bytes` an answer of it may have.
        :raises SourceError: not http(s), no such host, refused by robots.txt, status other than 200, timeout, too
            large, an address of a private network.
        """
        request = _Request(url, self.max_bytes, larger=tuple((larger or {}).items()))
        here, status, headers, data = self._follow(url, request, self._approach)
        if status != 200:
            todo = _advice(status, _retry_after(headers))
            raise SourceError(f"the server answered {_status(status)}", where=url, expected="200 OK", todo=todo)
        media_type, charset = _content_type(headers.get("Content-Type", ""))
        return Page(here, data, media_type, charset)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Ask a service that the user named, with the patience of `fetch` and its limits; no robots.txt speaks of it.

        A redirection is not followed, so that what the headers hold goes to no other address.

        :returns: the status, and the body where the status is 200.
        :raises SourceError: no such host, no connection, timeout, too large.
        """
        status, _, data = self._get_patiently(url, _Request(url, self.max_bytes, body, tuple(headers.items())))
        return status, data

    def _follow(
        self, url: str, request: _Request, approach: Callable[[str, _Request], None]
    ) -> tuple[str, int, Any, bytes]:
        """GET and follow redirections; `approach` sees every address before it is asked."""
        here = urldefrag(url).url
        for _ in range(MAX_REDIRECTS + 1):
            approach(here, request)
            status, headers, data = self._get_patiently(here, request)
            if status not in _REDIRECTS or not headers.get("Location"):
                return here, status, headers, data
            here = urldefrag(urljoin(here, headers["Location"])).url
        what = f"more than {MAX_REDIRECTS} redirections, the last to {here}"
        raise SourceError(what, where=request.asked, todo=_SAVE)

    def _approach(self, url: str, request: _Request) -> None:
        """Ask the site's robots.txt, then wait until the host may be asked again."""
        parts = _split(url, asked=request.asked)
        rules = self._robots(f"{parts.scheme}://{parts.netloc}/robots.txt", request.asked)
        if not rules.can_fetch(USER_AGENT, url):
            raise SourceError(f"the site's robots.txt asks programs not to read {url}", where=request.asked, todo=_SAVE)
        stated = float(rules.crawl_delay(USER_AGENT) or 0)
        last = self._asked.get(parts.netloc.lower())
        if last is not None:
            wait = last + max(self.delay, min(stated, MAX_DELAY)) - self.clock()
            if wait > 0:
                self.pause(wait)
        self._asked[parts.netloc.lower()] = self.clock()

    def _robots(self, address: str, asked: str) -> RobotFileParser:
        """The rules of a site, asked for once; a site that could not say them stays closed for this run."""
        if address not in self._rules:
            try:
                self._rules[address] = self._ask_robots(address)
            except SourceError as error:
                self._rules[address] = error
        rules = self._rules[address]
        if isinstance(rules, SourceError):
            raise SourceError(f"{address}: {rules.what}", where=asked, expected=rules.expected, todo=rules.todo)
        return rules

    def _ask_robots(self, address: str) -> RobotFileParser:
        """The rules of a site as `urllib.robotparser` takes them: no file allows all, one that is locked nothing.

        A server that fails allows nothing for now (RFC 9309, section 2.3.1.4).
        """
        from urllib.robotparser import RobotFileParser

        _, status, _, data = self._follow(address, _Request(address, ROBOTS_BYTES), lambda *_: None)
        if status >= 500 or status == _BUSY:
            raise SourceError(f"the server answered {_status(status)}", where=address, todo="Try again later.")
        rules = RobotFileParser()
        locked = ["User-agent: *", "Disallow: /"] if status in (401, 403) else []
        rules.parse(data.decode("utf-8", "replace").splitlines() if status == 200 else locked)
        return rules

    def _get_patiently(self, url: str, request: _Request) -> tuple[int, Any, bytes]:
        """GET, with RETRIES more tries after a server's fault, a lost connection or "too many requests"."""
        from urllib3.exceptions import HTTPError, NewConnectionError, SSLError
        from urllib3.exceptions import TimeoutError as SlowError

        where = request.asked
        tries = RETRIES + 1
        for attempt in range(tries):
            last = attempt == RETRIES
            wait = 0.5 * 2**attempt
            try:
                status, headers, data = self._get(url, request)
            except _TooLargeError as error:
                raise SourceError(
                    f"the answer is larger than {error.args[0]:,} bytes",
                    where=where,
                    todo="Save the article alone to a file, and give migkg that file.",
                ) from None
            except SSLError as error:
                raise SourceError(f"no safe connection: {error}", where=where, todo=_SAVE) from error
            except (HTTPError, OSError) as error:
                if last:
                    # urllib3 counts a refused connection among the timeouts.
                    slow = isinstance(error, (SlowError, TimeoutError)) and not isinstance(error, NewConnectionError)
                    what = f"no answer within {self.timeout:g} s" if slow else f"the connection failed ({error})"
                    todo = "Check the address and the connection, or try later."
                    raise SourceError(f"{what}, at {tries} tries", where=where, todo=todo) from error
            else:
                wait = max(wait, _retry_after(headers) or 0.0)
                if (status < 500 and status != _BUSY) or last or wait > MAX_WAIT:
                    return status, headers, data
            self.pause(wait)
        raise AssertionError("the last try returns or raises")

    def _get(self, url: str, request: _Request) -> tuple[int, Any, bytes]:
        """One GET, tried at each of the host's addresses until one takes the connection."""
        from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

        parts = _split(url, asked=request.asked)
        *others, last = self._addresses(parts, request)
        for address in others:
            try:
                return self._get_at(parts, address, request)
            except (ConnectTimeoutError, NewConnectionError):
                continue
        return self._get_at(parts, last, request)

    def _addresses(self, parts: SplitResult, request: _Request) -> tuple[str, ...]:
        """The IP addresses of the host, all of them public unless private ones are allowed."""
        try:
            port = parts.port or (443 if parts.scheme == "https" else 80)
            found = socket.getaddrinfo(_host(parts), port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            todo = "Check the address and the connection."
            raise SourceError(f"the host {parts.hostname} is not known", where=request.asked, todo=todo) from error
        addresses = tuple(dict.fromkeys(str(info[4][0]) for info in found))
        for address in addresses:
            if not self.allow_private and not _public(address):
                what = f"{parts.hostname} is at {address}, an address of a private network"
                raise SourceError(what, where=request.asked, todo=_SAVE)
        return addresses

    def _get_at(self, parts: SplitResult, address: str, request: _Request) -> tuple[int, Any, bytes]:
        from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
        from urllib3.exceptions import LocationParseError
        from urllib3.util import parse_url

        host = _host(parts)
        limit = Timeout(connect=self.timeout, read=self.timeout)
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
            raise SourceError(f"not an address: {error}", where=request.asked, expected="https://host/path") from error
        headers = {
            "Host": f"{named}:{parts.port}" if parts.port else named,
            "User-Agent": USER_AGENT,
            "Accept": "text/html, text/markdown, text/plain, */*;q=0.1",
            "Accept-Encoding": "gzip",
            **dict(request.headers),
        }
        method = "GET" if request.body is None else "POST"
        with pool:
            # `retries=False` raises a failure as it is; redirections are followed by hand, hop by checked hop.
            response = pool.urlopen(
                method, target, body=request.body, headers=headers, redirect=False, retries=False, preload_content=False
            )
            try:
                data = self._read(response, request) if response.status == 200 else b""
                return response.status, response.headers, data
            finally:
                response.close()

    def _read(self, response: BaseHTTPResponse, request: _Request) -> bytes:
        """The body, as long as it stays within size and time (a server may send a byte every few seconds for ever)."""
        media_type, _ = _content_type(response.headers.get("Content-Type", ""))
        limit = request.max_bytes * dict(request.larger).get(media_type, 1)
        stated = response.headers.get("Content-Length", "")
        if stated.isdigit() and int(stated) > limit:
            raise _TooLargeError(limit)
        end = time.monotonic() + 10 * self.timeout
        chunks: list[bytes] = []
        size = 0
        while chunk := response.read1(64 * 1024, decode_content=True):
            chunks.append(chunk)
            size += len(chunk)
            if size > limit:
                raise _TooLargeError(limit)
            if time.monotonic() > end:
                raise TimeoutError
        return b"".join(chunks)


def _status(status: int) -> str:
    from http import HTTPStatus

    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _advice(status: int, wait: float | None) -> str:
    if status in (404, 410):
        return "Check the address; the page may have moved."
    if status in (401, 403, 451):
        return f"The site does not hand this page to programs. {_SAVE}"
    if status == _BUSY or status >= 500:
        return f"Try again in {wait:,.0f} s." if wait else "Try again later."
    return _SAVE


def _retry_after(headers: Any) -> float | None:
    """The seconds that a server asks to wait (RFC 9110, section 10.2.3); a date is taken relative to its own clock."""
    from email.utils import parsedate_to_datetime

    stated = (headers.get("Retry-After") or "").strip()
    if stated.isascii() and stated.isdigit():
        return float(stated)
    try:
        wait = parsedate_to_datetime(stated) - parsedate_to_datetime(headers.get("Date") or "")
    except (ValueError, TypeError):
        return None
    return max(wait.total_seconds(), 0.0)


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


def _public(address: str) -> bool:
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        # An IPv4 address in IPv6 dress leads to the IPv4 one.
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return _public(str(inner))
    return ip.is_global and not ip.is_multicast
