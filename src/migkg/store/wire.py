"""HTTP to one server: authentication, time limits, retries, and what goes wrong in words."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit, urlunsplit

import requests
import urllib3
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth

from migkg import __version__
from migkg.errors import EndpointError

_BUSY = (429, 502, 503, 504)
_CONNECT = 10.0  # seconds
_PATIENCE = 20  # an answer that drips may take so many times the time limit in all
_LONGEST_PAUSE = 60.0  # seconds; a server may ask for more
_PIECE = 1 << 16
_LOOPBACK = re.compile(r"localhost|127\.\d+\.\d+\.\d+|::1")


@dataclass(frozen=True, slots=True)
class Access:
    """How a server is reached and how patient to be.

    :param timeout: seconds to wait for an answer to begin, and then for each piece of it.
    :param tries: how often to ask when the connection fails or the server is busy.
    :param pause: seconds before the second try, doubled before each further one; a server's Retry-After is obeyed.
    """

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    timeout: float = 60.0
    tries: int = 4
    pause: float = 0.5


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer; the names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The media type without its parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def told(self) -> str:
        """What the server says of an error, short; "" for a web page."""
        if "html" in self.media_type:
            return ""
        line = next((line.strip() for line in self.body.decode("utf-8", "replace").splitlines() if line.strip()), "")
        return line[:200]


class _Nobody(AuthBase):
    """No credentials, also none out of a netrc file."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class Wire:
    """One session with a server; connections are kept open between requests."""

    def __init__(self, address: str, access: Access) -> None:
        self.where, user, password = split_credentials(address)
        self.access = access
        self._user, self._password = access.user or user, access.password or password
        self._session = requests.Session()
        self._session.auth = _Nobody()
        self._session.headers["User-Agent"] = f"migkg/{__version__}"

    def send(self, method: str, address: str, headers: Mapping[str, str], data: bytes | None) -> Reply:
        """Send a request, again when the server is busy or the connection fails; all that migkg sends may be repeated.

        :returns: the answer, whatever its status, but for those that `EndpointError` tells.
        :raises EndpointError: no connection, no answer in time, a broken answer, a bad certificate, a redirection,
            credentials that are missing or wrong, a server that stays busy.
        """
        pause = self.access.pause
        for tries_left in reversed(range(self.access.tries)):
            try:
                reply = self._authorised(method, address, headers, data)
            except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
                fault, final = self._fault(error)
                if final or not tries_left:
                    raise fault from error
                wait = pause
            except requests.RequestException as error:
                raise self._fault(error)[0] from error
            else:
                if reply.status not in _BUSY or not tries_left:
                    return self._checked(reply)
                wait = _asked_pause(reply, pause)
            time.sleep(wait)
            pause *= 2
        raise AssertionError("the last try returns or raises")

    def close(self) -> None:
        """Let the connections go."""
        self._session.close()

    def _authorised(self, method: str, address: str, headers: Mapping[str, str], data: bytes | None) -> Reply:
        """Answer a challenge in the way it asks for."""
        reply = self._once(method, address, headers, data)
        if reply.status != 401 or not self._user or not isinstance(self._session.auth, _Nobody):
            return reply
        challenge = reply.headers.get("www-authenticate", "").lower()
        kind = HTTPDigestAuth if "digest" in challenge else HTTPBasicAuth
        # As bytes: what is not Latin-1 would otherwise be refused.
        user, password = self._user.encode(), self._password.encode()
        self._session.auth = kind(*(user, password) if kind is HTTPBasicAuth else (self._user, self._password))
        return self._once(method, address, headers, data)

    def _once(self, method: str, address: str, headers: Mapping[str, str], data: bytes | None) -> Reply:
        # A request to this machine never goes by a proxy.
        direct = {"http": "", "https": ""} if _LOOPBACK.fullmatch(urlsplit(address).hostname or "") else None
        bearer = {"Authorization": f"Bearer {self.access.token}"} if self.access.token else {}
        end = time.monotonic() + _PATIENCE * self.access.timeout
        with self._session.request(
            method, address, headers={**headers, **bearer}, data=data, stream=True, allow_redirects=False,
            timeout=(min(_CONNECT, self.access.timeout), self.access.timeout), proxies=direct,
            verify=os.environ.get("SSL_CERT_FILE") or True,
        ) as answer:  # fmt: skip
            body = b"".join(self._pieces(answer.iter_content(_PIECE), end))
            return Reply(answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, body)

    def _pieces(self, pieces: Iterable[bytes], end: float) -> Iterable[bytes]:
        for piece in pieces:
            if time.monotonic() > end:
                raise requests.ReadTimeout
            yield piece

    def _fault(self, error: requests.RequestException) -> tuple[EndpointError, bool]:
        """What went wrong, and whether to ask again is in vain."""
        text = str(error)
        if isinstance(error, requests.exceptions.SSLError) or "CERTIFICATE_VERIFY_FAILED" in text:
            why = re.search(r"certificate verify failed: ([^(\]]+)", text)
            what = f"the server's certificate is not trusted ({why[1].strip() if why else 'it cannot be verified'})"
            return self._error(what, todo="Name a file with its authority's certificate in SSL_CERT_FILE."), True
        reason = error.args[0] if error.args else None
        late = isinstance(error, requests.Timeout) or isinstance(reason, urllib3.exceptions.ReadTimeoutError)
        if late and not isinstance(error, requests.ConnectTimeout):
            what = f"no answer within {self.access.timeout:g} seconds"
            return self._error(what, todo="Ask for less, or allow more time with --timeout."), True
        if isinstance(error, requests.exceptions.ProxyError):
            return self._error("the proxy that the environment names does not answer"), False
        if isinstance(error, requests.exceptions.ChunkedEncodingError):
            return self._error("the answer broke off", todo="Try again; the server's log may say why."), False
        if isinstance(error, requests.ConnectionError):
            unknown = "NameResolution" in text or "getaddrinfo" in text
            what = "there is no such host" if unknown else "the server does not answer"
            return self._error(what, todo="Is the address right, and does the server run?"), False
        return self._error(f"the request failed ({type(error).__name__})"), True

    def _checked(self, reply: Reply) -> Reply:
        """Statuses that mean the same whatever was asked."""
        told = f" ({reply.told()})" if reply.told() else ""
        if reply.status == 401:
            given = self._user or self.access.token
            what = "the user name, password or token is not accepted" if given else "the server asks who you are"
            raise self._error(what, todo="Give --user and the password in MIGKG_PASSWORD, or a token in MIGKG_TOKEN.")
        if reply.status == 403:
            raise self._error(f"the server refuses this{told}", todo="Ask who runs it for the right to do so.")
        if reply.status in _BUSY:
            what = f"the server is busy or its gateway fails (status {reply.status}, asked {self.access.tries} times)"
            raise self._error(what, todo="Try again later.")
        if 300 <= reply.status < 400:
            target = split_credentials(reply.headers.get("location", ""))[0]
            raise self._error("the address has moved", expected=f"the address {target}" if target else "")
        if reply.status in (404, 405, 410):
            what = f"nothing answers this request here (status {reply.status})"
            expected = "the address of a SPARQL endpoint"
            raise self._error(what, expected=expected, todo="Look it up in the server's settings.")
        if reply.status == 206 or reply.headers.get("x-sql-state") == "S1TAT":
            raise self._error("the server gave up before the answer was complete", todo="Ask for less.")
        return reply

    def _error(self, what: str, *, expected: str = "", todo: str = "") -> EndpointError:
        return EndpointError(what, where=self.where, expected=expected, todo=todo)


def split_credentials(address: str) -> tuple[str, str, str]:
    """(address without them, user, password) of an address that may carry credentials.

    >>> split_credentials("http://me:secret@example.org/sparql")
    ('http://example.org/sparql', 'me', 'secret')
    """
    parts = urlsplit(address)
    bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    return bare, unquote(parts.username or ""), unquote(parts.password or "")


def _asked_pause(reply: Reply, pause: float) -> float:
    """Seconds that a busy server asks for; a date as Retry-After is not obeyed."""
    asked = reply.headers.get("retry-after", "")
    return min(max(float(asked), pause), _LONGEST_PAUSE) if asked.isdecimal() else pause
