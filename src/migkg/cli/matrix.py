"""`migkg matrix`: who works on which objective, what happened when, who speaks about which policy."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from migkg.cli.options import WRONG_DATA, format_option, kg_option, lang_option, open_graph
from migkg.cli.terminal import complete, print_lines, say, width
from migkg.errors import QueryError, UnknownName, WriteError

if TYPE_CHECKING:
    from migkg.model import Table

_TABLE = "table"


def _names() -> Iterable[str]:
    from migkg.network.matrix import matrices

    return matrices()


def _formats() -> Iterable[str]:
    from migkg.network.cells import MATRIX_FORMATS

    return (_TABLE, *MATRIX_FORMATS)


@click.command(short_help="Two kinds of things against each other, with the gaps.")
@click.argument("name", required=False, shell_complete=complete(_names))
@click.option("--since", default="", metavar="DATE", help="Only what holds on this day, month or year, or later.")
@click.option("--until", default="", metavar="DATE", help="Only what holds on this day, month or year, or earlier.")
@click.option("--event-type", "types", multiple=True, metavar="TYPE", help="Only events of this type, e.g. workshop.")
@click.option("--country", "countries", multiple=True, help="Only what belongs to this country.")
@click.option("--roll-up", is_flag=True, help="Count units as the bodies that they are part of.")
@click.option("--top", type=click.IntRange(1), metavar="N", help="Only the N fullest columns; the latest years.")
@click.option("--facts", is_flag=True, help="The facts behind the cells, with their sentences.")
@format_option(_formats, None, "table, csv, json, md, xlsx, svg, png or pdf; told by the file's suffix.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write.")
@lang_option
@kg_option
def matrix(
    name: str | None, since: str, until: str, types: tuple[str, ...], countries: tuple[str, ...], top: int | None,
    form: str | None, output: Path | None, lang: str, folder: Path, *, roll_up: bool, facts: bool,
) -> None:  # fmt: skip
    """Show a matrix, or write it as a table or a heat map; without a name, list them.

    Rows with nothing are kept and named: they are what no article tells of.

    \b
    Examples:
      migkg matrix
      migkg matrix objective-year
      migkg matrix objective-organisation --since 2023 --facts
      migkg matrix policy-speaker --top 12 -o who-speaks.svg
    """
    from migkg.network.cells import MATRIX_FORMATS
    from migkg.network.links import selection
    from migkg.network.matrix import facts_table
    from migkg.network.matrix import matrix as made
    from migkg.tables import show

    if name is None:
        print_lines(show(_listed(lang), width()))
        return
    output = None if output == Path("-") else output
    form = form or (output.suffix.lstrip(".") if output else _TABLE)
    if form not in (_TABLE, *MATRIX_FORMATS):
        raise UnknownName("format", form, (_TABLE, *MATRIX_FORMATS))
    if form == _TABLE and output:
        raise QueryError("a table is not written to a file", expected="another --format, or no --output")
    wanted = selection(since, until, types, countries, roll_up=roll_up)
    with open_graph(folder) as graph:
        found = made(graph.store, name, wanted, lang=lang)
        found = found.top(top) if top else found
        behind = facts_table(graph.store, found) if facts else None
    if form == _TABLE:
        print_lines(show(behind or found.fitting(width()).table(zero=None), width()))
    else:
        data = MATRIX_FORMATS[form](found, behind)
        if output is None:
            click.echo(data, nl=False)
        else:
            _write(output, data)
    if not found.cells:
        raise SystemExit(WRONG_DATA)


def _listed(lang: str) -> Table:
    from migkg.model import Table
    from migkg.network.matrix import matrices

    rows = tuple((one.name, one.texts[lang]["title"], one.texts[lang]["counts"]) for one in matrices().values())
    return Table(("matrix", "title", "a cell counts"), rows, title="Matrices: migkg matrix NAME")


def _write(output: Path, data: bytes) -> None:
    try:
        output.write_bytes(data)
    except OSError as error:
        raise WriteError(f"the matrix could not be written ({error.strerror})", where=str(output)) from error
    say(f"Wrote {output} ({len(data):,} bytes).")
