"""The service as an ASGI application: requests to jobs, replies to responses. It never opens a store itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from migkg.web import protocol
from migkg.web.frames import Job, Reply
from migkg.web.guard import Guard, check_right_to_write, log
from migkg.web.pool import Pool, Stopped
from migkg.web.protocol import GRAPHS, TABLES, BadRequest, Operation
from migkg.web.settings import Settings
from migkg.web.site import Site, wants_pages

_PLAIN = "text/plain; charset=utf-8"
_OPEN = {
    "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "X-Migkg-Truncated", "Vary": "Accept",
}  # fmt: skip
_PREFLIGHT = {
    **_OPEN, "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS", "Access-Control-Allow-Headers": "Accept",
    "Access-Control-Max-Age": "86400",
}  # fmt: skip
_KEPT = 16  # service descriptions
_RECEIVING = 60.0  # seconds in which the body of a request has to be there


class Service:
    """The routes over one pool."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.pool = Pool(settings)
        self._described: tuple[object, dict[tuple[str, str], Reply]] = (None, {})
        root = urlsplit(settings.public).path + "/"
        self.site = Site(self.read, self.address, root, writes=bool(settings.token))

    # -- SPARQL Protocol -----------------------------------------------------------------------------------------------

    async def sparql(self, request: Request) -> Response:
        """Query and Update; without a query the service description."""
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=_PREFLIGHT)
        media = request.headers.get("content-type", "")
        writes = bool(self.settings.token) and request.method == "POST"
        body = await read_body(request, self.settings.upload if writes else self.settings.body)
        asked = protocol.parse(request.method, request.url.query.encode("latin-1"), media, body)
        if request.method in ("GET", "HEAD") and not asked.format and wants_pages(request):
            return await self.site.page(request, section="sparql", parameters={"query": asked.text})
        if asked.kind == "update":
            return await self._update(request, asked)
        if not asked.kind:
            return await self._description(request)
        table, graph = (_wanted(request, asked.format, offers) for offers in (TABLES, GRAPHS))
        arguments = {
            "operation": asdict(asked), "base": self.address(request, "/sparql"), "table": table, "graph": graph,
            "rows": self.settings.rows, "size": self.settings.answer,
        }  # fmt: skip
        return response(await self.read(request, Job("query", arguments)), _OPEN)

    async def _update(self, request: Request, asked: Operation) -> Response:
        self.check_right_to_write(request)
        if asked.default or asked.named:
            raise BadRequest(400, "Name graphs in the update itself (USING, WITH) and not in the address.")
        arguments = {"text": asked.text, "base": self.address(request, "/sparql")}
        return response(await self.pool.write(Job("update", arguments)))

    async def _description(self, request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            raise BadRequest(400, "There is no query. Expected the parameter query.")
        form = protocol.negotiate(request.headers.get("accept", ""), GRAPHS)
        if form is None:
            raise BadRequest(406, _expected(GRAPHS))
        endpoint = self.address(request, "/sparql")
        arguments = {"endpoint": endpoint, "format": form, "writes": bool(self.settings.token)}
        # It counts the whole graph, so it is made once for each state of it; of few addresses, as Host may be many.
        if self._described[0] != self.pool.state or len(self._described[1]) > _KEPT:
            self._described = (self.pool.state, {})
        known = self._described[1]
        reply = known.get((endpoint, form)) or await self.read(request, Job("describe", arguments))
        if reply.status == 200:
            known[endpoint, form] = reply
        return response(reply, _OPEN)

    # -- Graph Store Protocol ------------------------------------------------------------------------------------------

    async def graphs(self, request: Request) -> Response:
        """A graph by `?graph=IRI`; `?default` is the union, for reading only."""
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=_PREFLIGHT)
        reads = request.method in ("GET", "HEAD")
        if not reads:
            self.check_right_to_write(request)
        body = await read_body(request, self.settings.body if reads else self.settings.upload)
        pairs = protocol.fields(request.url.query.encode("latin-1"))
        names = [value for name, value in pairs if name == "graph"]
        default = any(name == "default" for name, _ in pairs)
        if len(names) + default != 1:
            raise BadRequest(400, "Expected one of: ?graph=IRI, ?default.")
        name = names[0] if names else None
        if reads:
            form = protocol.negotiate(request.headers.get("accept", ""), GRAPHS)
            if form is None:
                raise BadRequest(406, _expected(GRAPHS))
            return response(await self.read(request, Job("graph", {"graph": name, "format": form})), _OPEN)
        if default:
            raise BadRequest(403, "The default graph is the union of the named ones. Write into a named graph.")
        arguments = {"graph": name, "method": request.method, "format": ""}
        if request.method != "DELETE":
            media = protocol.media_type(request.headers.get("content-type", ""))
            arguments["format"] = next((form for form, types in GRAPHS.items() if media in types), "")
            if not arguments["format"]:
                raise BadRequest(415, "Expected a Content-Type that is one of: " + _listed(GRAPHS) + ".")
        return response(await self.pool.write(Job("graph", arguments, body)))

    async def health(self, request: Request) -> Response:
        """Whether questions are answered."""
        return response(await self.read(request, Job("health")), {"Cache-Control": "no-store"})

    # -- common --------------------------------------------------------------------------------------------------------

    def address(self, request: Request, path: str) -> str:
        """An address of this service, as the client knows it."""
        return (self.settings.public or f"{request.url.scheme}://{request.url.netloc}") + path

    def check_right_to_write(self, request: Request) -> None:
        """Raise BadRequest unless the request has the token."""
        told = request.headers
        authorization, origin = told.get("authorization", ""), told.get("origin", "")
        check_right_to_write(self.settings, authorization, origin, told.get("host", ""))

    async def read(self, request: Request, job: Job) -> Reply:
        """Have a job done that only reads; it is given up when the client goes away."""
        await read_body(request, self.settings.body)
        reply = await _while_connected(request, self.pool.run(job))
        if reply.fault:
            log.error("%s: %s", job.name, reply.fault)
        return reply


async def read_body(request: Request, most: int) -> bytes:
    """The body of a request.

    :raises BadRequest: 413 when it has more bytes than `most`, 408 when it does not come.
    """
    if hasattr(request, "_body"):
        return await request.body()
    length = request.headers.get("content-length", "")
    too_large = BadRequest(413, f"The request has more than {most:,} bytes.", {"Connection": "close"})
    if length.isdigit() and int(length) > most:
        raise too_large
    data = bytearray()
    try:
        async with asyncio.timeout(_RECEIVING):
            async for chunk in request.stream():
                data += chunk
                if len(data) > most:
                    raise too_large
    except TimeoutError:
        raise BadRequest(408, "The request did not come to its end.", {"Connection": "close"}) from None
    request._body = bytes(data)
    return request._body


async def _while_connected(request: Request, work: Awaitable[Reply]) -> Reply:
    """Give the work up when the client goes away."""
    asking = asyncio.current_task()
    assert asking is not None  # noqa: S101 - in a coroutine
    gone = asyncio.ensure_future(request.receive())

    def give_up(_: object) -> None:
        asking.cancel()

    gone.add_done_callback(give_up)
    try:
        return await work
    except asyncio.CancelledError:
        if gone.done() and not asking.uncancel():
            raise ClientDisconnect from None
        raise
    finally:
        gone.remove_done_callback(give_up)
        gone.cancel()


def response(reply: Reply, headers: Mapping[str, str] | None = None) -> Response:
    """A worker's reply as a response."""
    told = {"Cache-Control": "no-cache", **(headers or {}), **reply.headers}
    if reply.cut:
        told["X-Migkg-Truncated"] = f"{reply.cut}"
    if reply.status == 503:
        told["Retry-After"] = "2"
    if reply.status != 204:
        told["Content-Type"] = reply.type
    return Response(reply.body, reply.status, told)


def _wanted(request: Request, named: str, offers: Mapping[str, tuple[str, ...]]) -> str | None:
    """The format of an answer: by the parameter `format`, else (clients have other names, too) by the Accept header."""
    return named if named in offers else protocol.negotiate(request.headers.get("accept", ""), offers)


def _listed(offers: Mapping[str, Sequence[str]]) -> str:
    return ", ".join(types[0] for types in offers.values())


def _expected(offers: Mapping[str, Sequence[str]]) -> str:
    return f"Expected an Accept header with one of: {_listed(offers)}."


def application(settings: Settings) -> Guard:
    """The service as an ASGI application."""
    service = Service(settings)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with service.pool:
            yield

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, BadRequest | Stopped)  # noqa: S101 - registered for these
        headers: dict[str, str] = dict(error.headers) if isinstance(error, BadRequest) else {}
        return service.site.show(request, Reply(error.status, _PLAIN, f"{error.message}\n".encode()), headers)

    async def refused_by_route(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for this
        text = f"There is nothing at {request.url.path}." if error.status_code == 404 else f"{error.detail}."
        return service.site.show(request, Reply(error.status_code, _PLAIN, f"{text}\n".encode()), error.headers)

    async def gone(_: Request, __: Exception) -> Response:
        return Response(status_code=499)  # nobody reads it; the log does

    reading = ["GET", "HEAD", "OPTIONS"]
    handlers: dict[Any, Any] = {
        BadRequest: refused, Stopped: refused, HTTPException: refused_by_route, ClientDisconnect: gone,
    }  # fmt: skip
    app = Starlette(
        routes=[
            *(Route(path, service.sparql, methods=[*reading, "POST", "QUERY"]) for path in ("/sparql", "/sparql/")),
            Route("/graphs", service.graphs, methods=[*reading, "PUT", "POST", "DELETE"]),
            Route("/health", service.health),
            *service.site.routes(),
        ],
        exception_handlers=handlers,
        lifespan=lifespan,
    )
    return Guard(app, settings)
