"""`migkg serve`: the web service."""

from __future__ import annotations

import os
from pathlib import Path

import click

from migkg.cli.options import kg_option
from migkg.cli.terminal import say
from migkg.errors import QueryError

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_TOKEN = "MIGKG_TOKEN"  # noqa: S105 - the name of a variable
_MEGABYTE = 1024 * 1024


@click.command(short_help="Serve the graph: pages, SPARQL endpoint, data.")
@kg_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--host-name", "names", multiple=True, metavar="NAME", help="A name that others ask under; repeatable.")
@click.option("--public-url", default="", metavar="URL", help="The address that others know the service by.")
@click.option(
    "--token", default="", envvar=_TOKEN, metavar="TOKEN", show_envvar=True,
    help="Allow changes to who gives this token; safer in the variable, which other users of a machine cannot see.",
)  # fmt: skip
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Queries at a time.")
@click.option("--timeout", default=30.0, show_default=True, type=click.FloatRange(0.1), help="Seconds for a query.")
@click.option("--memory", default=1024, show_default=True, type=click.IntRange(64), help="Megabytes for a query.")
@click.option("--rows", default=100_000, show_default=True, type=click.IntRange(1), help="Rows of an answer.")
@click.option("-q", "--quiet", is_flag=True, help="No access log.")
def serve(
    folder: Path, host: str, port: int, names: tuple[str, ...], public_url: str, token: str, workers: int,
    timeout: float, memory: int, rows: int, *, quiet: bool,
) -> None:  # fmt: skip
    """Serve the graph on this machine: pages to read, a SPARQL 1.1 endpoint, and every thing as data.

    A build may replace the graph meanwhile; the service takes the new one up by itself. With a token, SPARQL Update
    and the Graph Store Protocol may change it.

    \b
    Examples:
      migkg serve
      migkg serve --port 0 --timeout 10
    """
    from migkg.folder import make_empty, read_manifest
    from migkg.web.serve import serve as run
    from migkg.web.settings import Settings

    if public_url and not public_url.startswith(("http://", "https://")):
        raise QueryError(f'--public-url is "{public_url}"', expected="an address that begins with http:// or https://")
    os.environ.pop(_TOKEN, None)  # the processes that answer queries need not know it
    if token:
        make_empty(folder)
    read_manifest(folder)
    if host not in _LOOPBACK:
        say(f"Warning: everyone who can reach {host} can ask; queries are bounded, but there is no password.")
    hosts = (*names, *(() if host in ("0.0.0.0", "::") else (host,)))  # noqa: S104 - compared, not listened on
    settings = Settings(
        folder, hosts=hosts, public=public_url.rstrip("/"), token=token, workers=workers, seconds=timeout,
        memory=memory * _MEGABYTE, rows=rows,
    )  # fmt: skip
    run(settings, host, port, lambda address: say(f"Serving {folder} at {address} (end with Ctrl-C)"), quiet=quiet)
