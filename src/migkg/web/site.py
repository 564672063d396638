"""Routes of the pages and of the data behind them: which job a request is, and how its reply is shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from migkg.ontology import BASE
from migkg.pages.links import DATA, LANGUAGES, Links
from migkg.pages.models import MessagePage
from migkg.pages.render import render, static
from migkg.web import protocol
from migkg.web.frames import Job, Reply
from migkg.web.protocol import BadRequest

Read: TypeAlias = Callable[[Request, Job], Awaitable[Reply]]
Address: TypeAlias = Callable[[Request, str], str]

HTML = {"html": ("text/html", "application/xhtml+xml")}
_JSON = {"json": ("application/json",)}
_SUFFIXES = (*DATA, *(f".{lang}.html" for lang in LANGUAGES[1:]), ".html")
_STATUS = {400: "This cannot be answered", 404: "Not found", 405: "Not allowed", 500: "This did not work", 503: "Busy"}
_ROBOTS = b"User-agent: *\nDisallow: /sparql\nDisallow: /graphs\nDisallow: /find\n"
_OPEN = {"Access-Control-Allow-Origin": "*", "Vary": "Accept"}


class Site:
    """The pages of a service.

    :param read: has a job done. :param address: full address of a path. :param root: path of the service, as `/`.
    """

    def __init__(self, read: Read, address: Address, root: str, *, writes: bool) -> None:
        self._read = read
        self._address = address
        self._root = root
        self._writes = writes

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route("/", self.section),
            *(Route(f"/{name}", self.section) for name in ("articles", "find", "queries")),
            Route("/queries/{name}", self.question),
            *(Route(f"/{top}/{{path:path}}", self.thing) for top in ("id", "scheme")),
            *(Route(f"/ont{suffix}", self.thing) for suffix in ("", *_SUFFIXES)),
            Route("/static/{name}", self.static),
            Route("/openapi.json", self.openapi),
            Route("/robots.txt", self.robots),
        ]

    async def section(self, request: Request) -> Response:
        """A page that lists things; as JSON when the client wants that."""
        section, told = request.url.path.strip("/"), self.told(request)
        form = told.get("format") or protocol.negotiate(request.headers.get("accept", ""), {**HTML, **_JSON})
        if form == "json" and section:
            arguments = {"section": section, "parameters": told, "lang": self.lang(request)}
            return self.show(request, await self._read(request, Job("listing", arguments)))
        return await self.page(request, section=section, parameters=told)

    async def question(self, request: Request) -> Response:
        """A ready-made question: its page, or its answer as a file, by a suffix of the address or as it is accepted."""
        given = request.path_params["name"]
        name, dot, form = given.rpartition(".")
        told = self.told(request)
        if not dot or form not in protocol.FILES:
            name, form = given, protocol.negotiate(request.headers.get("accept", ""), {**HTML, **protocol.FILES})
        if form not in protocol.FILES:
            return await self.page(request, section=f"queries/{given}", parameters=told)
        iris = told.pop("iris", "") not in ("", "0", "false")
        arguments = {"name": name, "form": form, "parameters": told, "lang": self.lang(request), "iris": iris}
        return self.show(request, await self._read(request, Job("table", arguments)))

    async def thing(self, request: Request) -> Response:
        """A thing: by 303 to its page or its data (Cool URIs for the Semantic Web, section 4.2), or these."""
        path = request.url.path if request.url.path.startswith("/ont") else request.scope["path"]
        path = path.removeprefix("/")
        suffix = next((suffix for suffix in _SUFFIXES if path.endswith(suffix)), "")
        iri = BASE + path.removesuffix(suffix)
        if not suffix:
            accept = request.headers.get("accept", "")
            wanted = protocol.negotiate(accept, {**HTML, **{suffix: (media,) for suffix, media in DATA.items()}})
            if wanted is None:
                raise BadRequest(
                    406, f"Expected an Accept header with text/html or one of: {', '.join(DATA.values())}."
                )
            links = Links(self._root, self.wished(request))
            where = links.page(iri) if wanted == "html" else links.data(iri, wanted)
            headers = {**_OPEN, "Location": where, "Vary": "Accept, Accept-Language", "Cache-Control": "no-cache"}
            return Response(status_code=303, headers=headers)
        if suffix in DATA:
            arguments = {"iri": iri, "suffix": suffix}
            reply = await self._read(request, Job("thing", arguments))
            return self.show(request, reply, {"Link": f'<{iri}>; rel="describes"'})
        lang = suffix.removesuffix(".html").removeprefix(".") or LANGUAGES[0]
        return await self.page(request, iri=iri, lang=lang)

    async def page(
        self, request: Request, *, section: str = "", iri: str = "", lang: str = "",
        parameters: Mapping[str, str] | None = None,
    ) -> Response:  # fmt: skip
        """A page as HTML."""
        arguments = {
            "section": section, "iri": iri, "lang": lang or self.lang(request), "root": self._root,
            "parameters": dict(parameters or {}), "base": self._address(request, "/"),
        }  # fmt: skip
        return self.show(request, await self._read(request, Job("page", arguments)))

    async def openapi(self, request: Request) -> Response:
        """What the service offers."""
        arguments = {"base": self._address(request, "/"), "writes": self._writes}
        return self.show(request, await self._read(request, Job("openapi", arguments)))

    async def static(self, request: Request) -> Response:
        """A file that pages need."""
        data = static(request.path_params["name"])
        if data is None:
            raise BadRequest(404, "There is no such file.")
        return Response(data, headers={"Content-Type": "text/css; charset=utf-8", "Cache-Control": "max-age=3600"})

    async def robots(self, _: Request) -> Response:
        """What programs that read the whole web should leave alone."""
        return Response(_ROBOTS, headers={"Content-Type": "text/plain; charset=utf-8"})

    # -- common --------------------------------------------------------------------------------------------------------

    def show(self, request: Request, reply: Reply, headers: Mapping[str, str] | None = None) -> Response:
        """A reply as a response; what went wrong as a page, to who reads pages."""
        told = {**_OPEN, "Cache-Control": "no-cache", **(headers or {}), "Content-Type": reply.type}
        if reply.status >= 400 and reply.type.startswith("text/plain") and wants_pages(request):
            page = MessagePage(_STATUS.get(reply.status, _STATUS[400]), message=reply.body.decode().strip())
            told["Content-Type"] = "text/html; charset=utf-8"
            return Response(render(page, Links(self._root, self.lang(request))), reply.status, told)
        if reply.status == 503:
            told["Retry-After"] = "2"
        return Response(reply.body, reply.status, told)

    def told(self, request: Request) -> dict[str, str]:
        """The parameters of a request but for the language; of several values the last."""
        pairs = protocol.fields(request.url.query.encode("latin-1"))
        return {name: value for name, value in pairs if name != "lang"}

    def lang(self, request: Request) -> str:
        """The language that the address names."""
        wanted = request.query_params.get("lang", "")
        return wanted if wanted in LANGUAGES else LANGUAGES[0]

    def wished(self, request: Request) -> str:
        """The language that the client prefers."""
        accept = request.headers.get("accept-language", "")
        return protocol.negotiate(accept, {lang: (lang,) for lang in LANGUAGES}) or LANGUAGES[0]


def wants_pages(request: Request) -> bool:
    """Whether a person with a browser asks."""
    offers = {**protocol.TABLES, **protocol.GRAPHS, **HTML}
    return protocol.negotiate(request.headers.get("accept", ""), offers) == "html"
