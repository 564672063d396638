"""What holds for every request, whatever it asks for: who may ask under which name, what a browser may do, the log."""

from __future__ import annotations

import base64
import binascii
import hmac
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from migkg.web.protocol import BadRequest
from migkg.web.settings import Settings

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

log = logging.getLogger("migkg.web")

LOOPBACK = ("localhost", "127.0.0.1", "::1")
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY, "x-content-type-options": "nosniff", "referrer-policy": "no-referrer",
    "x-frame-options": "DENY", "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}  # fmt: skip
_ADDED = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]


class Guard:
    """Wraps an ASGI application: checks the Host header, adds security headers, writes the access log.

    The log has no query string, no body and no header, so that no query and no token gets into it.
    """

    def __init__(self, app: App, settings: Settings) -> None:
        self._app = app
        self._hosts = {*LOOPBACK, *(host.lower() for host in settings.hosts)}
        if settings.public:
            self._hosts.add(host_of(urlsplit(settings.public).netloc))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI 3."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, told = time.perf_counter(), {"status": 500, "bytes": 0}

        async def tell(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                told["status"] = message["status"]
                message["headers"] = [*message.get("headers", ()), *_ADDED]
            else:
                told["bytes"] += len(message.get("body", b""))
            await send(message)

        try:
            host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
            if host_of(host) in self._hosts or "*" in self._hosts:
                await self._app(scope, receive, tell)
            else:  # a page of another site whose name was made to lead here (DNS rebinding)
                text = b"This service is not known under that name. Start it with --host-name NAME to allow it.\n"
                headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(text))]
                await tell({"type": "http.response.start", "status": 421, "headers": headers})
                await tell({"type": "http.response.body", "body": text})
        finally:
            client = (scope.get("client") or ("-",))[0]
            took = (time.perf_counter() - start) * 1000
            path = ascii(scope["path"])[1:-1]  # no line break of a client's in the log
            log.info("%s %s %s %d %d %.0f ms", client, scope["method"], path, told["status"], told["bytes"], took)


def host_of(netloc: str) -> str:
    """The name in a Host header, without its port.

    >>> host_of("Example.org:8000"), host_of("[::1]:8000")
    ('example.org', '::1')
    """
    name = netloc.strip().lower()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name.partition(":")[0]


def check_right_to_write(settings: Settings, authorization: str, origin: str, host: str) -> None:
    """Check that a request may change the graph.

    :param authorization: the header: `Bearer TOKEN`, or Basic with the token as password and any name.
    :param origin: the header of that name; a browser sends the site whose page made the request.
    :raises BadRequest: 401 without the token, 403 when nobody may write, or for a page of another site.
    """
    if not settings.token:
        raise BadRequest(403, "This service only reads. Start it with a token to allow changes.")
    if origin and urlsplit(origin).netloc.lower() != host.lower():
        raise BadRequest(403, "A page of another site may not change the graph.")
    kind, _, given = authorization.strip().partition(" ")
    secret = given.strip().encode("utf-8", "surrogateescape")
    if kind.lower() == "basic":
        try:
            secret = base64.b64decode(secret, validate=True).partition(b":")[2]
        except (binascii.Error, ValueError):
            secret = b""
    elif kind.lower() != "bearer":
        secret = b""
    if not hmac.compare_digest(secret, settings.token.encode()):
        raise BadRequest(401, "Changes need the token.", {"WWW-Authenticate": 'Basic realm="migkg", charset="UTF-8"'})
