"""The option `--endpoint`: a SPARQL server in place of a graph folder, and how to log in there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

import click


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A SPARQL server and how to reach it.

    :param options: of `RemoteStore`; they hold secrets and are not shown.
    """

    address: str
    options: Mapping[str, Any] = field(repr=False)


_LOGIN = {
    "user": click.option("--user", default="", envvar="MIGKG_USER", help="Name to log in with.  [env: MIGKG_USER]"),
    "password": click.option(
        "--password", default="", envvar="MIGKG_PASSWORD", help="Better in the environment.  [env: MIGKG_PASSWORD]"
    ),
    "token": click.option("--token", default="", envvar="MIGKG_TOKEN", help="Bearer token.  [env: MIGKG_TOKEN]"),
    "timeout": click.option(
        "--timeout", default=60.0, show_default=True, type=click.FloatRange(0, min_open=True), metavar="SECONDS",
        help="Longest silence of the server.",
    ),
}  # fmt: skip
_WRITE = {
    "update": click.option(
        "--update", default="", metavar="URL", help="Where the server takes updates, if it is of no known kind."
    ),
    "graph_store": click.option(
        "--graph-store", default="", metavar="URL", help="Where it takes whole graphs, if it is of no known kind."
    ),
}


def endpoint_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """For a command that reads a folder: `--endpoint` puts an `Endpoint` in the place of its `folder`."""

    def put(endpoint: Endpoint | None, given: dict[str, Any]) -> None:
        if endpoint is not None:
            given["folder"] = endpoint

    told = "Ask a SPARQL server at this address, and no folder."
    return click.option("--endpoint", metavar="URL", help=told)(_with(command, _LOGIN, put))


def server_option(*, writes: bool) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """For a command about a server: it gets an `Endpoint` as `endpoint`."""

    def put(endpoint: Endpoint | None, given: dict[str, Any]) -> None:
        given["endpoint"] = endpoint

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        found = _with(command, {**_LOGIN, **(_WRITE if writes else {})}, put)
        return click.option("--endpoint", metavar="URL", required=True, help="Where the server answers queries.")(found)

    return decorate


def _with(
    command: Callable[..., Any],
    options: dict[str, Callable[[Any], Any]],
    put: Callable[[Endpoint | None, dict[str, Any]], None],
) -> Callable[..., Any]:
    @wraps(command)
    def called(*args: Any, endpoint: str | None, **given: Any) -> Any:
        told = {name: given.pop(name) for name in options}
        put(None if endpoint is None else Endpoint(endpoint, told), given)
        return command(*args, **given)

    found: Any = called
    for option in reversed(options.values()):
        found = option(found)
    return found  # type: ignore[no-any-return]
