"""`migkg portal`: the release of a graph."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from migkg.cli.options import WRONG_DATA, kg_option, lang_option, open_graph
from migkg.cli.terminal import Progress, print_lines, say, width

if TYPE_CHECKING:
    from migkg.portal import Check

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
@click.option("--check", is_flag=True, help="Only check the release that is in OUT.")
@click.option("--shapes", type=_FOLDER, metavar="DIR", help="SHACL shapes of others to check by, as those of DCAT-AP.")
@click.option("--force", is_flag=True, help="Also when the graph does not conform, or a check fails.")
@lang_option
@kg_option
def portal(
    out: Path | None, settings: Path | None, folder: Path, former: Path | None, shapes: Path | None, lang: str, *,
    example: bool, check: bool, force: bool, **options: str | None,
) -> None:  # fmt: skip
    """Write everything that a linked-data portal, a registry or a web server needs into the folder OUT, and check it.

    The same graph and the same settings give the same bytes. A release that fails a check is not written; the exit
    code is 1 then.

    \b
    Examples:
      migkg portal --example > portal.toml
      migkg portal release --settings portal.toml
      migkg portal release --check --shapes dcat-ap/
    """
    from migkg.portal import ChecksFailed, check_release, make_release, passed, write_release
    from migkg.portal.release import defaults

    if example:
        click.echo(defaults(), nl=False)
        return
    if out is None:
        raise click.UsageError("Name the folder for the release: migkg portal OUT")
    if check:
        checks = check_release(out, shapes)
        _print(checks, lang)
        raise SystemExit(0 if passed(checks) else WRONG_DATA)
    with open_graph(folder) as graph:
        release = make_release(graph, settings, former=former, **options)
        try:
            with Progress("Writing", "parts written") as progress:
                written = write_release(release, out, shapes=shapes, force=force, progress=progress)
        except ChecksFailed as error:
            _print(error.checks, lang)
            raise
    _print(written.checks, lang)
    say(f"Release {release.version} of {release.date} is in {out}.")
    if not passed(written.checks):
        raise SystemExit(WRONG_DATA)


def _print(checks: Sequence[Check], lang: str) -> None:
    from migkg.portal import checks_table
    from migkg.tables import show

    print_lines(show(checks_table(checks, lang=lang), width()))
