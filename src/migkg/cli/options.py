"""Options that several commands share, and the graph that they name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from migkg.cli.endpoint import Endpoint
from migkg.cli.terminal import complete

if TYPE_CHECKING:
    from migkg.kg import Graph, KnowledgeGraph

WRONG_DATA, BAD_INPUT = 1, 2  # exit codes

kg_option = click.option(
    "--kg", "folder", default="kg", show_default=True, type=click.Path(path_type=Path), help="Graph folder."
)
lang_option = click.option(
    "--lang", default="en", show_default=True, type=click.Choice(["en", "id"]), help="Language of labels and titles."
)
allow_private_option = click.option(
    "--allow-private", is_flag=True, help="Also fetch from addresses in private networks."
)
readers_option = click.option(
    "--reader", "readers", multiple=True, metavar="READER",
    help="Who reads: rules, spacy:NAME, llm:URL#MODEL; may be given several times.  [default: rules]",
)  # fmt: skip
delay_option = click.option(
    "--delay", default=1.0, show_default=True, type=click.FloatRange(0, 60), metavar="SECONDS",
    help="Time between two requests to one host.",
)  # fmt: skip
limit_new_option = click.option(
    "--limit", default=100, show_default=True, type=click.IntRange(1), metavar="N",
    help="New articles to read of a feed or sitemap.",
)  # fmt: skip
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def format_option(names: Callable[[], Iterable[str]], default: str | None, text: str) -> Callable[[Any], Any]:
    """The option `--format`; its names are looked up when a shell completes one."""
    shown = default is not None
    return click.option(
        "--format", "form", default=default, show_default=shown, shell_complete=complete(names), help=text
    )


def open_graph(folder: Path) -> KnowledgeGraph:
    """The graph of a command, for reading."""
    from migkg.kg import KnowledgeGraph

    return KnowledgeGraph(folder)


def open_place(place: Path | Endpoint) -> Graph:
    """The same of a command with `endpoint_option`: the graph of a folder, or of a server that it put in its place."""
    from migkg.kg import RemoteGraph

    return RemoteGraph(place.address, **place.options) if isinstance(place, Endpoint) else open_graph(place)
