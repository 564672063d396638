"""What the service offers, as OpenAPI 3.1."""

from __future__ import annotations

from typing import Any

from migkg import __version__
from migkg.pages.links import LANGUAGES
from migkg.queries import Parameter, questions
from migkg.web.protocol import FILES, FORM_TYPE, GRAPHS, QUERY_TYPE, TABLES, UPDATE_TYPE

_TEXT: dict[str, Any] = {"schema": {"type": "string"}}
_LANG: dict[str, Any] = {"name": "lang", "in": "query", "schema": {"type": "string", "enum": list(LANGUAGES)}}
_SCHEMAS: dict[str, dict[str, Any]] = {
    "entity": {"type": "string", "description": "A name, an IRI, or its short form as organization/iom"},
    "text": {"type": "string"},
    "date": {"type": "string", "pattern": r"^\d{4}(-\d{2}){0,2}$"},
    "integer": {"type": "integer"},
}


def openapi(base: str, *, writes: bool) -> dict[str, Any]:
    """The description. :param base: address of the service. :param writes: True when a token lets changes in."""
    results = {media: _TEXT for types in (*TABLES.values(), *GRAPHS.values()) for media in types[:1]}
    answers = {
        "200": {"description": "The answer", "content": results, "headers": {"X-Migkg-Truncated": {
            "description": "The answer was cut after so many rows", "schema": {"type": "integer"}}}},
        "400": _why("The query cannot be read or run"), "406": _why("No format fits the Accept header"),
        "413": _why("The answer or the request is too large"),
        "500": _why("The query took too long or too much memory"), "503": _why("Too many queries; try again"),
    }  # fmt: skip
    graphs = [_parameter("default-graph-uri", "A graph to ask; all when none is named", many=True),
              _parameter("named-graph-uri", "A graph that GRAPH may name", many=True)]  # fmt: skip
    sparql: dict[str, Any] = {
        "get": _operation("query", "Ask in SPARQL 1.1; without a query the service description",
                          [_parameter("query", "The query"), *graphs], answers),
        "post": _operation("queryByPost", "Ask in SPARQL 1.1; with the token change the graph", graphs, answers,
                           [QUERY_TYPE, FORM_TYPE, *([UPDATE_TYPE] if writes else [])]),
    }  # fmt: skip
    named = [_parameter("graph", "IRI of a graph"), _parameter("default", "The union of all graphs")]
    rdf = {media: _TEXT for types in GRAPHS.values() for media in types[:1]}
    store: dict[str, Any] = {"get": _operation("getGraph", "A graph as a whole", named, _found(rdf))}
    if writes:
        done = {"201": _why("Made"), "204": _why("Changed"), "401": _why("The token is missing or wrong")}
        for method, text in (("put", "Replace a graph"), ("post", "Add to a graph"), ("delete", "Remove a graph")):
            body = list(rdf) if method != "delete" else []
            store[method] = _operation(f"{method}Graph", text, named[:1], done, body, secured=True)
    health = _operation("health", "Whether questions are answered", [], _found({"application/json": {}}))
    path = {"name": "path", "in": "path", "required": True, "schema": {"type": "string"}}
    thing = _operation("thing", "A thing, by 303 to its page or data", [path], {"303": _why("See there")})
    words = _parameter("q", "The words")
    paths: dict[str, Any] = {
        "/sparql": sparql, "/graphs": store,
        "/find": {"get": _listing("find", "Things by their names, articles by their words", words)},
        "/articles": {"get": _listing("articles", "All articles, the newest first", _parameter("page", "From 1"))},
        "/queries": {"get": _listing("queries", "The ready-made questions")},
        "/health": {"get": health}, "/id/{path}": {"get": thing},
    }  # fmt: skip
    iris = {**_parameter("iris", "IRIs in place of labels"), "schema": {"type": "boolean"}}
    suffixes = ", ".join(f".{form}" for form in FILES)
    for name, asked in questions().items():
        parameters = [*(_asked(parameter) for parameter in asked.parameters.values()), _LANG, iris]
        cells = {column: {"type": "object", "description": texts["en"]} for column, texts in asked.columns.items()}
        row = {"type": "object", "properties": cells}
        table: dict[str, Any] = {"type": "object", "properties": {"bindings": {"type": "array", "items": row}}}
        shape: dict[str, Any] = {"schema": {"type": "object", "properties": {"results": table}}}
        files: dict[str, Any] = {types[0]: shape if form == "json" else {} for form, types in FILES.items()}
        replies: dict[str, Any] = {**_found({**files, "text/html": {}}), "400": _why("A parameter is wrong or missing")}
        operation = _operation(f"ask-{name}", asked.title["en"], parameters, replies)
        text = f"{asked.answers['en']} The format is that of the Accept header, or of a suffix: {suffixes}."
        paths[f"/queries/{name}"] = {"get": {**operation, "description": text}}
    made = {
        "openapi": "3.1.0",
        "info": {"title": "migkg", "version": __version__, "description": "A knowledge graph of migration governance."},
        "servers": [{"url": base.rstrip("/")}], "paths": paths,
    }  # fmt: skip
    if writes:
        made["components"] = {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}}
    return made


def _why(text: str) -> dict[str, Any]:
    return {"description": text}


def _found(content: dict[str, Any]) -> dict[str, Any]:
    return {"200": {"description": "Found", "content": content}, "404": _why("There is no such thing")}


def _operation(
    name: str, text: str, parameters: list[dict[str, Any]], answers: dict[str, Any], body: list[str] | None = None,
    *, secured: bool = False,
) -> dict[str, Any]:  # fmt: skip
    made: dict[str, Any] = {"operationId": name, "summary": text, "parameters": parameters, "responses": answers}
    if body:
        made["requestBody"] = {"required": True, "content": dict.fromkeys(body, _TEXT)}
    if secured:
        made["security"] = [{"token": []}]
    return made


def _listing(name: str, text: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    return _operation(name, text, [*parameters, _LANG], _found({"application/json": {}, "text/html": {}}))


def _parameter(name: str, text: str, *, many: bool = False) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "array", "items": {"type": "string"}} if many else {"type": "string"}
    return {"name": name, "in": "query", "description": text, "schema": schema}


def _asked(parameter: Parameter) -> dict[str, Any]:
    required = not parameter.optional and parameter.default is None
    schema = dict(_SCHEMAS[parameter.type])
    if parameter.default:
        schema["default"] = int(parameter.default) if parameter.type == "integer" else parameter.default
    return {**_parameter(parameter.name, parameter.help["en"]), "required": required, "schema": schema}
