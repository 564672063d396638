"""`migkg push` and `migkg pull`: a graph to a SPARQL server and back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import click

from migkg.cli.endpoint import Endpoint, server_option
from migkg.cli.options import BAD_INPUT, json_option, kg_option, open_graph
from migkg.cli.terminal import Progress, print_json, say

if TYPE_CHECKING:
    from migkg.transfer import Transfer

_LIMIT = 8  # graphs named before "… and N more"


@click.command(short_help="Send the graph to a SPARQL server.")
@server_option(writes=True)
@click.option("--delete", is_flag=True, help="Take away what an earlier push brought and the graph no longer holds.")
@json_option
@kg_option
def push(endpoint: Endpoint, folder: Path, *, delete: bool, as_json: bool) -> None:
    """Send the graph to a SPARQL server, article by article.

    What the server holds already is left alone, so that a push that failed or was stopped goes on where it ended when
    it is run again. Graphs on the server that no push brought are never touched.

    \b
    Examples:
      migkg push --endpoint http://localhost:3030/kg
      migkg push --endpoint https://example.org/sparql --user me     (the password is in MIGKG_PASSWORD)
    """
    from migkg.store import RemoteStore
    from migkg.transfer import push as run

    with (
        open_graph(folder) as graph,
        RemoteStore(endpoint.address, **endpoint.options) as target,
        Progress("Sending", "graphs sent") as progress,
    ):
        done = run(graph, target, delete=delete, progress=progress)
    if as_json:
        _print(done)
    else:
        there = len(done.sent) + len(done.kept)
        removed = f", {_graphs(len(done.removed))} taken away" if done.removed else ""
        sent = f"{len(done.sent):,} sent, {len(done.kept):,} there before"
        click.echo(f"{_graphs(there)} on the server: {sent}{removed}.")
        if done.others:
            others = f"Also on the server, and not in the graph: {_listed(done.others)}."
            say(others + ("" if delete else " --delete takes away what a push brought."))
    if done.error:
        if done.missing:
            say(f"Not there, or not as they are here: {_listed(done.missing)}.")
        say(f"migkg: {done.error}\nRun the same command again to go on.")
        raise SystemExit(BAD_INPUT)


@click.command(short_help="Fetch the graph of a SPARQL server.")
@server_option(writes=False)
@json_option
@kg_option
def pull(endpoint: Endpoint, folder: Path, *, as_json: bool) -> None:
    """Fetch all named graphs of a SPARQL server into a graph folder.

    The former graph of the folder is replaced when all is there; of it, what is the same on the server is not fetched
    again. The texts of articles do not come along, only the sentences that prove facts.

    \b
    Example:
      migkg pull --endpoint http://localhost:3030/kg --kg copy
    """
    from migkg.store import RemoteStore
    from migkg.transfer import pull as run

    with (
        RemoteStore(endpoint.address, **endpoint.options) as source,
        Progress("Fetching", "graphs fetched") as progress,
    ):
        done = run(source, folder, progress=progress)
    if as_json:
        _print(done)
    else:
        fetched = f"{len(done.sent):,} fetched, {len(done.kept):,} there before"
        click.echo(f"{_graphs(len(done.sent) + len(done.kept))} in {folder}: {fetched}.")


def _print(done: Transfer) -> None:
    names = ("sent", "kept", "removed", "missing", "others")
    print_json({**{name: getattr(done, name) for name in names}, "error": str(done.error) if done.error else None})


def _graphs(number: int) -> str:
    return f"{number:,} graph{'' if number == 1 else 's'}"


def _listed(names: Sequence[str]) -> str:
    """Named graphs by the last part of their IRIs."""
    shown = ", ".join(unquote(name.rstrip("/#").rpartition("/")[2]) for name in names[:_LIMIT])
    return shown + (f", … and {len(names) - _LIMIT:,} more" if len(names) > _LIMIT else "")
