"""`migkg network`: networks of stakeholders out of the graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from migkg.cli.options import WRONG_DATA, format_option, kg_option, lang_option, open_graph
from migkg.cli.terminal import complete, print_lines, say, width
from migkg.errors import QueryError, UnknownName, WriteError

if TYPE_CHECKING:
    from migkg.model import Network, Table
    from migkg.network import Selection

_TABLE = "table"


def _names() -> Iterable[str]:
    from migkg.network import networks

    return networks()


def _formats() -> Iterable[str]:
    from migkg.network import NETWORK_FORMATS

    return (_TABLE, *NETWORK_FORMATS)


@click.command(short_help="Networks of stakeholders, with measures.")
@click.option("--projection", "name", metavar="NAME", shell_complete=complete(_names), help="Which network.")
@click.option("--since", default="", metavar="DATE", help="Only what holds on this day, month or year, or later.")
@click.option("--until", default="", metavar="DATE", help="Only what holds on this day, month or year, or earlier.")
@click.option("--event-type", "types", multiple=True, metavar="TYPE", help="Only events of this type, e.g. workshop.")
@click.option("--country", "countries", multiple=True, help="Only edges with an end in this country.")
@click.option("--min-weight", default=1, show_default=True, type=click.IntRange(1), help="Leave out lighter edges.")
@click.option("--roll-up", is_flag=True, help="Count units as the bodies that they are part of.")
@click.option(
    "--change", "periods", nargs=2, metavar="BEFORE AFTER",
    help="What changed between two periods, each as 2023, 2022..2023-06, ..2021 or 2024..",
)
@click.option("--ego", default="", metavar="NAME", help="Only this thing and what is near it.")
@click.option("--hops", default=1, show_default=True, type=click.IntRange(1), metavar="N", help="How near: N steps.")
@click.option("--measures", is_flag=True, help="The nodes with their measures, and what each counts.")
@click.option("--top", type=click.IntRange(1), metavar="N", help="Only the N first rows of a table.")
@click.option("--positions", type=click.Path(path_type=Path), metavar="FILE", help="Where nodes are, out of a page.")
@format_option(_formats, None, "table, html, svg, png, pdf, graphml, gexf, csv, json, …; told by the file's suffix.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write.")
@lang_option
@kg_option
def network(
    name: str | None, since: str, until: str, types: tuple[str, ...], countries: tuple[str, ...], min_weight: int,
    ego: str, hops: int, periods: tuple[str, str] | None, top: int | None, positions: Path | None, form: str | None,
    output: Path | None, lang: str, folder: Path, *, roll_up: bool, measures: bool,
) -> None:  # fmt: skip
    """Show a network of stakeholders, or write it to a file; without a name, list them.

    An .html file is a page to explore, which works offline and shows the sentences behind each edge. CSV makes two
    files, NAME.nodes.csv and NAME.edges.csv. A change is a table, CSV or JSON.

    \b
    Examples:
      migkg network
      migkg network --projection co-hosting -o hosts.html
      migkg network --projection co-hosting --measures --top 10
      migkg network --projection participation --ego IOM --hops 2 -o around-iom.svg
      migkg network --projection co-participation --since 2023 --roll-up -o who-met-whom.gexf
      migkg network --projection co-hosting --change 2023 2024..
    """
    from migkg.network import NETWORK_FORMATS, project, selection
    from migkg.network.formats import DRAWN, Extras
    from migkg.network.measures import measures_table
    from migkg.network.positions import read_positions
    from migkg.network.proofs import proofs
    from migkg.tables import show

    if name is None:
        print_lines(show(_listed(lang), width()))
        return
    suffixes = {kind.suffix: known for known, kind in NETWORK_FORMATS.items()}
    form = form or (suffixes.get(output.suffix, output.suffix.lstrip(".")) if output else _TABLE)
    if form not in (_TABLE, *NETWORK_FORMATS):
        raise UnknownName("format", form, (_TABLE, *NETWORK_FORMATS))
    if positions and form not in DRAWN:
        raise QueryError("--positions says where nodes are drawn", expected="--format " + ", ".join(DRAWN))
    wanted = selection(since, until, types, countries, min_weight=min_weight, roll_up=roll_up, ego=ego, hops=hops)
    given = read_positions(positions) if positions else None
    if periods:
        if since or until:
            raise QueryError("--change names its own periods", expected="no --since and no --until beside it")
        _change(folder, name, periods, wanted, form, output, lang, top, measures=measures)
        return
    with open_graph(folder) as graph:
        found = project(graph.store, name, wanted)
        proven = form in NETWORK_FORMATS and NETWORK_FORMATS[form].proven
        extras = Extras(given, proofs(graph.store, found, lang=lang) if proven else None)
    if form == _TABLE:
        if output:
            raise QueryError("a table is not written to a file", expected="another --format, or no --output")
        print_lines(show(measures_table(found, lang=lang, top=top) if measures else _edges(found, lang, top), width()))
    else:
        _write(NETWORK_FORMATS[form].write(found, lang, extras), form, output)
    if not found.edges:
        raise SystemExit(WRONG_DATA)


def _listed(lang: str) -> Table:
    from migkg.model import Table
    from migkg.network import networks

    rows = tuple((one.name, one.title[lang], one.weight) for one in networks().values())
    return Table(("projection", "title", "weight counts"), rows, title="Networks: migkg network --projection NAME")


def _edges(network: Network, lang: str, top: int | None) -> Table:
    """The edges, the heaviest first."""
    from migkg.model import Table

    names = {node.iri: node.labels[lang] for node in network.nodes}
    order = sorted(network.edges, key=lambda edge: (-edge.weight, names[edge.source], names[edge.target]))
    rows = tuple(
        (names[e.source], names[e.target], e.weight, e.first, e.last, len(e.facts)) for e in order[:top]
    )
    columns = ("from", "to") if network.directed else ("one", "other")
    counts = f"{len(network.nodes):,} nodes, {len(network.edges):,} edges; weight: {network.weight}"
    return Table(
        (*columns, "weight", "first", "last", "facts"), rows, f"{network.title[lang]}: {counts}", network.notes
    )


def _change(
    folder: Path, name: str, periods: tuple[str, str], wanted: Selection, form: str, output: Path | None, lang: str,
    top: int | None, *, measures: bool,
) -> None:  # fmt: skip
    from migkg.network.change import CHANGE_FORMATS, change
    from migkg.tables import show

    if form not in (_TABLE, *CHANGE_FORMATS):
        raise QueryError(f"a change is not written as {form}", expected="table, " + ", ".join(CHANGE_FORMATS))
    if form == _TABLE and output:
        raise QueryError("a table is not written to a file", expected="another --format, or no --output")
    with open_graph(folder) as graph:
        found = change(graph.store, name, *periods, wanted, lang=lang)
    if form == _TABLE:
        print_lines(show(found.actors(top, every=measures), width()))
        print_lines([(), *show(found.ties(top), width())])
    else:
        _write(CHANGE_FORMATS[form](found), form, output)
    if not found.nodes:
        raise SystemExit(WRONG_DATA)


def _write(made: Mapping[str, bytes], form: str, output: Path | None) -> None:
    if output is None or output == Path("-"):
        if len(made) > 1:
            raise QueryError(f"{form} makes {len(made)} files", expected="a file to write: --output NAME.csv")
        click.echo(made[""], nl=False)
        return
    for part, data in made.items():
        file = output.with_suffix(part + output.suffix) if part else output
        try:
            file.write_bytes(data)
        except OSError as error:
            raise WriteError(f"the network could not be written ({error.strerror})", where=str(file)) from error
        say(f"Wrote {file} ({len(data):,} bytes).")
