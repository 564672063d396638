"""A web server on this machine whose answers a test writes."""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event
from typing import TypeAlias

Route: TypeAlias = "Callable[[Handler], None]"


class Handler(BaseHTTPRequestHandler):
    """Answers by a table of routes, and remembers what it was asked; a route may leave out what follows a "?"."""

    server: Server
    body: bytes

    def do_GET(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append((self.path, dict(self.headers)))
        route = self.server.routes.get(self.path) or self.server.routes.get(self.path.partition("?")[0])
        (route or (lambda handler: handler.answer(404)))(self)

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the base class names them so

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content_Length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        pass


class Server(ThreadingHTTPServer):
    """A server whose routes a test fills in."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.routes: dict[str, Route] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.over = Event()
        self.url = f"http://127.0.0.1:{self.server_port}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked if path != "/robots.txt"]
