"""The command line: thin, and with the web the only room that prints.

Results go to standard output, progress and messages to standard error. Heavy rooms are imported by the commands that
need them, so that `--help` is fast.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from migkg import __version__
from migkg.cli.build import LIMIT, build, lost_lines, show_left_out, status
from migkg.cli.endpoint import endpoint_option
from migkg.cli.find import find
from migkg.cli.matrix import matrix
from migkg.cli.network import network
from migkg.cli.options import (
    BAD_INPUT,
    WRONG_DATA,
    allow_private_option,
    delay_option,
    format_option,
    json_option,
    kg_option,
    lang_option,
    limit_new_option,
    open_graph,
    open_place,
    readers_option,
)  # fmt: skip
from migkg.cli.portal import portal
from migkg.cli.query import explain, query
from migkg.cli.score import score
from migkg.cli.serve import serve
from migkg.cli.terminal import Commands, print_json, print_lines, say, width
from migkg.cli.transfer import pull, push
from migkg.errors import GraphError, MigkgError, QueryError, UnknownName

if TYPE_CHECKING:
    from migkg.model import Extraction
    from migkg.validate import Report

_EXTRACT_FORMATS = ("table", "json", "ttl")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="migkg")
def main() -> None:
    """Turn news on migration governance into a knowledge graph with a quotation behind every fact.

    \b
    First steps:
      migkg build                   the bundled articles into ./kg
      migkg query people            who holds which post
      migkg explain IOM             all that is known, with the sentences
    """


def _export_names() -> Iterable[str]:
    from migkg.export import EXPORTS

    return EXPORTS


main.add_command(build)
main.add_command(status)


@main.command(short_help="Show the facts of one article.")
@click.argument("source")
@format_option(lambda: _EXTRACT_FORMATS, "table", "table, json or ttl.")
@readers_option
@limit_new_option
@delay_option
@allow_private_option
@lang_option
def extract(
    source: str, form: str, lang: str, readers: tuple[str, ...], limit: int, delay: float, *, allow_private: bool
) -> None:
    """Show the facts of one source's articles with the words that state them; store nothing.

    What cannot be read among several articles is reported and left out, and the exit code is 2.

    \b
    Examples:
      migkg extract article.txt
      migkg extract https://example.org/news/1 --format json
    """
    from migkg.build import extractions
    from migkg.second import lost
    from migkg.views import extraction_json, extraction_turtle, show_extraction, show_findings

    if form not in _EXTRACT_FORMATS:
        raise UnknownName("format", form, _EXTRACT_FORMATS)
    writers: dict[str, Callable[[Extraction], str]] = {"json": extraction_json, "ttl": extraction_turtle}
    errors: list[MigkgError] = []
    read = facts = 0
    found = extractions(
        source, allow_private=allow_private, delay=delay, limit=limit, readers=readers, left_out=errors.append,
        tell=lambda part: say(f"{source}: {part}"),
    )  # fmt: skip
    for extraction in found:
        read += 1
        facts += len(extraction.facts)
        if form == "table":
            print_lines(show_extraction(extraction, width(), lang=lang))
        else:
            click.echo(writers[form](extraction), nl=False)
        print_lines(show_findings(extraction.findings, width(), limit=LIMIT), err=True)
        for line in lost_lines(lost(extraction.findings)):
            say(line)
    if len(errors) == 1 and not read:
        raise errors[0]
    show_left_out(errors)
    if errors:
        raise SystemExit(BAD_INPUT)
    if not facts:
        say("No fact was found.")
        raise SystemExit(WRONG_DATA)


@main.command(short_help="Check a graph or RDF files with SHACL.")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@kg_option
@json_option
def validate(files: tuple[Path, ...], folder: Path, *, as_json: bool) -> None:
    """Check RDF files with SHACL, or show what the last build found in the graph.

    The exit code is 1 when something is wrong. Warnings and gaps are shown, and do not count.

    \b
    Examples:
      migkg validate
      migkg validate graph.ttl
    """
    from dataclasses import asdict

    from migkg.views import counts, show_findings

    if files:
        from migkg.validate import merge

        found = merge([_validated(file) for file in files])
        findings, unmatched = found.findings, found.unmatched
    else:
        with open_graph(folder) as graph:
            if not graph.manifest["checked"]:
                what = "this graph was built with --no-check"
                raise QueryError(what, where=str(folder), todo="Build it again without --no-check.")
            findings, unmatched = graph.findings(), tuple(graph.manifest["unmatched"])
    conforms = not any(finding.severity == "violation" for finding in findings)
    if as_json:
        found_json = [asdict(finding) for finding in findings]
        print_json({"conforms": conforms, "findings": found_json, "unmatched": unmatched})
    else:
        print_lines(show_findings(findings, width()))
        if unmatched:
            click.echo(f"Shapes that had nothing to look at: {', '.join(unmatched)}")
        click.echo(f"The data {'conform' if conforms else 'do not conform'}: {counts(findings)}.")
    if not conforms:
        raise SystemExit(WRONG_DATA)


main.add_command(query)
main.add_command(find)
main.add_command(explain)


@main.command(short_help="Write the graph in an RDF format.")
@format_option(
    _export_names, None, "ttl, trig, nt, nq, jsonld, rdfxml or csv; told by the file's suffix when left out."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write; standard output when left out.")
@kg_option
@endpoint_option
def export(form: str | None, output: Path | None, folder: Path) -> None:
    """Write the graph in an RDF format: the same graph gives the same bytes.

    \b
    Examples:
      migkg export -o graph.ttl
      migkg export --format trig > graph.trig
    """
    from migkg.export import EXPORTS, to_bytes
    from migkg.export import export as write

    output = None if output == Path("-") else output
    if form is None:
        suffix = output.suffix if output is not None else ""
        form = next((name for name, kind in EXPORTS.items() if kind.suffix == suffix), suffix.lstrip(".") or "ttl")
    if form not in EXPORTS:
        raise UnknownName("format", form, EXPORTS)
    with open_place(folder) as graph:
        if output is None:
            sys.stdout.buffer.write(to_bytes(graph.store, form))
        else:
            write(graph.store, form, output)
    if output is not None:
        say(f"Wrote {output} ({output.stat().st_size:,} bytes).")


main.add_command(network)
main.add_command(matrix)
main.add_command(portal)
main.add_command(score)
main.add_command(serve)
main.add_command(push)
main.add_command(pull)


@main.command(short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of a shell.

    \b
    Example:
      migkg completion bash >> ~/.bashrc
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - click has one for each choice above
    click.echo(kind(main, {}, "migkg", "_MIGKG_COMPLETE").source())


# -- input -------------------------------------------------------------------------------------------------------------


def _validated(file: Path) -> Report:
    from migkg.export import EXPORTS
    from migkg.validate import SYNTAXES, validate

    known = {kind.suffix: name for name, kind in EXPORTS.items() if name in SYNTAXES}
    if file.suffix.lower() not in known:
        what = f'the suffix "{file.suffix}" tells no RDF syntax'
        raise GraphError(what, where=str(file), expected="a file that ends in " + ", ".join(known))
    try:
        data = file.read_bytes()
    except OSError as error:
        raise GraphError(f"cannot be read ({error.strerror})", where=str(file)) from error
    return validate(data, known[file.suffix.lower()], where=str(file))
