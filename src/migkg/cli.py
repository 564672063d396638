"""The command line: thin, and with the web the only room that prints.

Results go to standard output, progress and messages to standard error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from migkg import __version__
from migkg.errors import MigkgError, QueryError, UnknownName

if TYPE_CHECKING:
    from rich.console import Console

    from migkg.build import BuildReport
    from migkg.kg import KnowledgeGraph
    from migkg.model import Extraction, Finding, Table

_PARTIAL = 1
_LIMIT = 12  # findings and errors shown before "… and N more"


class _Group(click.Group):
    """Commands in the order of a first day's work, and every error of ours as one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except MigkgError as error:
            click.echo(f"migkg: {error}", err=True)
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            # The reader of a pipe left; what is buffered must not raise again at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except KeyboardInterrupt:
            click.echo("migkg: stopped; the former graph is untouched", err=True)
            ctx.exit(130)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="migkg")
def main() -> None:
    """Turn news on migration governance into a knowledge graph with a quotation behind every fact.

    \b
    First steps:
      migkg build                         the bundled articles into ./kg
      migkg query people                  who holds which post
      migkg explain "Penny Dewi Herasati" all that is known, with the sentences
    """


_kg = click.option(
    "--kg", "folder", default="kg", show_default=True, type=click.Path(path_type=Path), help="Graph folder."
)
_lang = click.option(
    "--lang", default="en", show_default=True, type=click.Choice(["en", "id"]), help="Language of labels and titles."
)


@main.command()
@click.argument("sources", nargs=-1)
@_kg
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(1), help="Worker processes.")
@click.option("--check/--no-check", default=True, show_default=True, help="Check the facts with SHACL.")
@click.option("--allow-private", is_flag=True, help="Also fetch from addresses in private networks.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def build(
    sources: tuple[str, ...], folder: Path, jobs: int, *, check: bool, allow_private: bool, as_json: bool
) -> None:
    """Build a graph from files, folders or addresses; from the bundled articles when none is named.

    \b
    Examples:
      migkg build
      migkg build articles/ report.html https://example.org/news/1 --kg mygraph --jobs 2
    """
    from migkg.build import build as run

    with _progress() as progress:
        report = run(sources, folder, jobs=jobs, check=check, allow_private=allow_private, progress=progress)
    if as_json:
        _print_json(_summary(report))
    else:
        _show_report(report)
    if report.errors or not report.conforms:
        raise SystemExit(2 if report.errors else _PARTIAL)


@main.command()
@click.argument("source")
@click.option("--format", "form", default="table", show_default=True, help="table, json or ttl.")
@click.option("--allow-private", is_flag=True, help="Also fetch from addresses in private networks.")
@_lang
def extract(source: str, form: str, lang: str, *, allow_private: bool) -> None:
    """Show the facts of one article with the words that state them; store nothing.

    \b
    Example:
      migkg extract article.txt
    """
    from migkg.build import extract_source
    from migkg.views import extraction_json, extraction_table, extraction_turtle

    writers: dict[str, Callable[[Extraction], str]] = {"json": extraction_json, "ttl": extraction_turtle}
    if form not in ("table", *writers):
        raise UnknownName("format", form, ("table", *writers))
    facts = 0
    for extraction in extract_source(source, allow_private=allow_private):
        facts += len(extraction.facts)
        if form == "table":
            _show_table(extraction_table(extraction, lang))
        else:
            click.echo(writers[form](extraction), nl=False)
        _show_findings(extraction.findings)
    if not facts:
        click.echo("No fact was found.", err=True)
        raise SystemExit(_PARTIAL)


@main.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@_kg
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def validate(files: tuple[Path, ...], folder: Path, *, as_json: bool) -> None:
    """Check RDF files with SHACL, or show what the last build found in the graph.

    \b
    Examples:
      migkg validate
      migkg validate export.ttl
    """
    from dataclasses import asdict

    from migkg.validate import validate_file

    if files:
        reports = [validate_file(file) for file in files]
        findings = [finding for report in reports for finding in report.findings]
        unmatched = set.intersection(*(set(report.unmatched) for report in reports))
    else:
        graph = _open(folder)
        if not graph.manifest["checked"]:
            raise QueryError("this graph was built with --no-check", where=str(folder), todo="Build it again with --check.")
        findings, unmatched = list(graph.findings()), set(graph.manifest["unmatched"])
    violations = sum(finding.severity == "violation" for finding in findings)
    if as_json:
        _print_json({"conforms": not violations, "findings": [asdict(f) for f in findings], "unmatched": sorted(unmatched)})
    else:
        _show_findings(findings, everything=True, err=False)
        if unmatched:
            click.echo(f"Shapes that matched nothing: {', '.join(sorted(unmatched))}")
        click.echo("The data do not conform." if violations else "The data conform.")
    if violations:
        raise SystemExit(_PARTIAL)


@main.command()
@click.argument("name", required=False)
@click.option("-p", "--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter of the question.")
@click.option("--file", "file", type=click.Path(path_type=Path), help="A SPARQL query in a file; - is standard input.")
@click.option("--sparql", help="A SPARQL query.")
@click.option("--format", "form", default="table", show_default=True, help="table, csv, json, md, xml or ttl.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--iris", is_flag=True, help="Show IRIs in place of labels.")
@_lang
@_kg
def query(  # noqa: PLR0913 - one parameter an option
    name: str | None, params: tuple[str, ...], file: Path | None, sparql: str | None, form: str, lang: str,
    folder: Path, *, as_json: bool, iris: bool,
) -> None:  # fmt: skip
    """Ask a ready-made question, or a SPARQL query of your own; without either, list the questions.

    \b
    Examples:
      migkg query
      migkg query people -p organization=IOM
      migkg query --sparql "SELECT ?e WHERE { ?e a schema:Event }"
    """
    from migkg.tables import FORMATS, write_table

    form = "json" if as_json else form
    if form not in ("table", "ttl", *FORMATS):
        raise UnknownName("format", form, ("table", "ttl", *FORMATS))
    if sum(thing is not None for thing in (name, file, sparql)) > 1:
        raise QueryError("more than one query is named", expected="one of NAME, --file, --sparql")
    if name is None and file is None and sparql is None:
        table = _questions(lang)
    else:
        text = sparql if file is None else _read(file)
        with _open(folder) as graph:
            if form == "ttl":
                if text is None:
                    raise QueryError("a ready-made question has no Turtle", expected="a CONSTRUCT query")
                click.echo(graph.construct(text), nl=False)
                return
            table = graph.query(name, lang=lang, iris=iris, **_pairs(params)) if name else graph.sparql(text or "", lang=lang, iris=iris)
    if form == "table":
        _show_table(table)
    else:
        click.echo(write_table(table, form), nl=False)
    if not table.rows:
        raise SystemExit(_PARTIAL)


@main.command()
@click.argument("thing")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@_lang
@_kg
def explain(thing: str, lang: str, folder: Path, *, as_json: bool) -> None:
    """Explain an entity or a fact in words, with every sentence that proves it.

    THING is a name, an IRI, or its short form such as person/penny-dewi-herasati.
    """
    from dataclasses import asdict

    with _open(folder) as graph:
        found = graph.explain(thing, lang=lang)
    if as_json:
        _print_json(asdict(found))
        return
    console = _console()
    console.print(f"[bold]{_plain(found.label)}[/bold]  [dim]{_plain(', '.join(found.types))}[/dim]")
    console.print(f"[dim]{_plain(found.iri)}[/dim]", soft_wrap=True)
    if found.names:
        console.print(f"also: {_plain('; '.join(found.names))}")
    for fact in found.facts:
        console.print(f"\n[bold]{_plain(fact.kind)}[/bold]")
        for role, value in fact.roles:
            console.print(f"  {_plain(role)}: {_plain(value)}")
        for quotation in fact.quotations:
            before, words, after = (
                quotation.sentence[: quotation.start],
                quotation.sentence[quotation.start : quotation.end],
                quotation.sentence[quotation.end :],
            )
            console.print(f"  [dim]“{_plain(before)}[/dim][underline]{_plain(words)}[/underline][dim]{_plain(after)}”[/dim]")
            where = quotation.article + (f" <{quotation.address}>" if quotation.address else "")
            console.print(f"   — {_plain(where)}", soft_wrap=True)
    if not found.facts:
        console.print("\nNo fact speaks of it.")


@main.command()
@click.option("--format", "form", help="ttl, trig, nt, nq, jsonld, rdfxml or csv; told by the file's suffix when left out.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write; standard output when left out.")
@_kg
def export(form: str | None, output: Path | None, folder: Path) -> None:
    """Write the graph in an RDF format: the same graph gives the same bytes.

    \b
    Examples:
      migkg export -o graph.ttl
      migkg export --format trig > graph.trig
    """
    from migkg.export import EXPORTS
    from migkg.export import export as write

    if form is None:
        form = output.suffix.lstrip(".") if output is not None else "ttl"
        form = next((name for name, kind in EXPORTS.items() if kind.suffix.lstrip(".") == form), form)
    with _open(folder) as graph:
        write(graph.store, form, output if output is not None else sys.stdout.buffer)
    if output is not None:
        click.echo(f"Wrote {output} ({output.stat().st_size:,} bytes).", err=True)


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of a shell: migkg completion bash >> ~/.bashrc"""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - click has one for each choice above
    click.echo(kind(main, {}, "migkg", "_MIGKG_COMPLETE").source())


# -- helpers --------------------------------------------------------------------------------------------------------------


def _open(folder: Path) -> KnowledgeGraph:
    from migkg.kg import KnowledgeGraph

    return KnowledgeGraph(folder)


def _read(file: Path) -> str:
    if str(file) == "-":
        return click.get_text_stream("stdin").read()
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(f"the query cannot be read ({error})", where=str(file)) from error


def _pairs(params: Sequence[str]) -> dict[str, str]:
    pairs = {}
    for param in params:
        name, equals, value = param.partition("=")
        if not equals or not name:
            raise QueryError(f'"{param}" is no parameter', expected="NAME=VALUE, for example -p organization=IOM")
        pairs[name] = value
    return pairs


def _questions(lang: str) -> Table:
    from migkg.model import Table
    from migkg.queries import questions

    rows = tuple(
        (name, asked.title.get(lang, asked.title["en"]), ", ".join(asked.parameters)) for name, asked in questions().items()
    )
    return Table(("question", "title", "parameters"), rows, title="Questions: migkg query QUESTION -p parameter=value")


def _console(*, err: bool = False) -> Console:
    from rich.console import Console

    # A pipe has no width of its own: wide enough that labels stay whole.
    stream = sys.stderr if err else sys.stdout
    return Console(file=stream, highlight=False, width=None if stream.isatty() else 160)


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def _show_table(table: Table) -> None:
    from rich import box
    from rich.table import Table as RichTable

    shown = RichTable(title=_plain(table.title) or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in table.columns:
        shown.add_column(_plain(column.replace("_", " ")), overflow="fold")
    for row in table.rows:
        shown.add_row(*("" if cell is None else _plain(str(cell)) for cell in row))
    console = _console()
    console.print(shown)
    for note in table.notes:
        console.print(f"[dim]{_plain(note)}[/dim]")
    console.print(f"[dim]{len(table)} row{'' if len(table) == 1 else 's'}[/dim]")


def _print_json(value: Any) -> None:
    import json

    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str))


class _progress:  # noqa: N801 - a context manager that reads as a verb
    """A progress bar on a terminal; a plain line now and then elsewhere."""

    def __enter__(self) -> Callable[[int, int, str], None]:
        if not sys.stderr.isatty():
            self.bar: Any = None
            self.tenths = 0
            return self.plain
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self.bar = Progress(
            TextColumn("Reading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
            TextColumn("{task.description}"), console=_console(err=True), transient=True,
        )  # fmt: skip
        self.bar.__enter__()
        self.task = self.bar.add_task("", total=None)
        return self.fancy

    def fancy(self, done: int, total: int, source: str) -> None:
        self.bar.update(self.task, completed=done, total=total, description=_plain(Path(source).name[:40]))

    def plain(self, done: int, total: int, source: str) -> None:  # noqa: ARG002 - one signature for both
        if total >= 100 and done * 10 // total > self.tenths:
            self.tenths = done * 10 // total
            click.echo(f"{done:,} of {total:,} sources read", err=True)

    def __exit__(self, *problem: object) -> None:
        if self.bar is not None:
            self.bar.__exit__(*problem)


def _summary(report: BuildReport) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "folder": str(report.folder), "articles": report.articles, "facts": dict(report.facts),
        "entities": report.entities, "spans": report.spans, "triples": report.triples, "conforms": report.conforms,
        "findings": [asdict(finding) for finding in report.findings],
        "errors": [str(error) for error in report.errors], "unmatched": list(report.unmatched),
    }  # fmt: skip


def _show_report(report: BuildReport) -> None:
    console = _console()
    total = sum(report.facts.values())
    console.print(
        f"[bold]{report.articles:,} articles[/bold] → {total:,} facts in {report.spans:,} quoted spans → "
        f"{report.triples:,} triples in [bold]{_plain(str(report.folder))}[/bold]"
    )
    console.print("[dim]" + ", ".join(f"{kind} {count:,}" for kind, count in report.facts.items()) + "[/dim]")
    _show_findings(report.findings)
    for error in report.errors[:_LIMIT]:
        click.echo(f"left out: {error}", err=True)
    if len(report.errors) > _LIMIT:
        click.echo(f"… and {len(report.errors) - _LIMIT:,} more sources left out", err=True)
    if report.checked:
        verdict = "conform" if report.conforms else "do not conform"
        console.print(f"SHACL: the data {verdict}; {_counts(report.findings)}.")
    where = "" if str(report.folder) == "kg" else f" --kg {report.folder}"
    console.print(f"Next: migkg query{where} · migkg explain IOM{where} · migkg export -o graph.ttl{where}", soft_wrap=True)


def _counts(findings: Iterable[Finding]) -> str:
    listed = list(findings)
    names = (("violation", "violations"), ("warning", "warnings"), ("info", "notes"))
    return ", ".join(f"{sum(f.severity == severity for f in listed):,} {name}" for severity, name in names)


def _show_findings(findings: Iterable[Finding], *, everything: bool = False, err: bool = True) -> None:
    """Findings in words; notes only when everything is asked for."""
    listed = [finding for finding in findings if everything or finding.severity != "info"]
    for finding in listed if everything else listed[:_LIMIT]:
        where = " ".join(part for part in (finding.article, finding.focus) if part)
        click.echo(f"{finding.severity}: {finding.message}" + (f" ({where})" if where else ""), err=err)
    if not everything and len(listed) > _LIMIT:
        click.echo(f"… and {len(listed) - _LIMIT:,} more: migkg validate", err=err)


if __name__ == "__main__":
    main()
