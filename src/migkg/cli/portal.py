"""`migkg portal`: the release of a graph."""

from __future__ import annotations

from pathlib import Path

import click

from migkg.cli.options import kg_option, open_graph
from migkg.cli.terminal import say

_FOLDER = click.Path(path_type=Path)


@click.command(short_help="Write a release for a linked-data portal.")
@click.argument("out", type=_FOLDER, required=False)
@click.option("--settings", type=_FOLDER, metavar="FILE", help="Settings of the release, as TOML.")
@click.option("--example", is_flag=True, help="Print a file of settings with all of them explained.")
@click.option("--publisher", metavar="NAME", help="Who publishes it.")
@click.option("--email", metavar="ADDRESS", help="The publisher's address for questions.")
@click.option("--homepage", metavar="URL", help="The publisher's web address.")
@click.option("--base", metavar="IRI", help="What the IRIs of your data begin with; a slash ends it.")
@click.option("--site", metavar="URL", help="Where the files will lie on the web.  [default: the base]")
@click.option("--date", metavar="DATE", help="Of the release.  [default: the newest date of an article]")
@click.option("--release", "version", metavar="VERSION", help="Its number.  [default: the date]")
@click.option("--service", "endpoint", metavar="URL", help="A SPARQL endpoint that serves this data.")
@click.option("--former", type=_FOLDER, metavar="DIR", help="An earlier release, to tell what changed since.")
@click.option("--force", is_flag=True, help="Also when the graph does not conform.")
@kg_option
def portal(
    out: Path | None, settings: Path | None, folder: Path, former: Path | None, *, example: bool, force: bool,
    **options: str | None,
) -> None:  # fmt: skip
    """Write everything that a linked-data portal, a registry or a web server needs into the folder OUT.

    The same graph and the same settings give the same bytes.

    \b
    Examples:
      migkg portal --example > portal.toml
      migkg portal release --settings portal.toml
    """
    from migkg.portal import make_release, write_release
    from migkg.portal.release import defaults

    if example:
        click.echo(defaults(), nl=False)
        return
    if out is None:
        raise click.UsageError("Name the folder for the release: migkg portal OUT")
    with open_graph(folder) as graph:
        release = make_release(graph, settings, former=former, **options)
        write_release(release, out, force=force)
    say(f"Release {release.version} of {release.date} is in {out}.")
