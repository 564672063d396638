"""`migkg query` and `migkg explain`: the graph asked."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from migkg.cli.endpoint import endpoint_option
from migkg.cli.options import WRONG_DATA, format_option, json_option, kg_option, lang_option, open_place
from migkg.cli.terminal import complete, print_json, print_lines, say, width
from migkg.errors import QueryError, UnknownName, WriteError

if TYPE_CHECKING:
    from migkg.model import Table

_TABLE_FORMATS = ("table", "csv", "json", "md", "xlsx", "xml", "ttl")


def _question_names() -> Iterable[str]:
    from migkg.queries import questions

    return questions()


@click.command(short_help="Ask a ready-made question, or in SPARQL.")
@click.argument("name", required=False, shell_complete=complete(_question_names))
@click.option("-p", "--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter of the question.")
@click.option("--file", "file", type=click.Path(path_type=Path), help="A SPARQL query in a file; - is standard input.")
@click.option("--sparql", help="A SPARQL query.")
@format_option(
    lambda: _TABLE_FORMATS, None,
    "table, csv, json, xml, md, xlsx, or ttl for CONSTRUCT and DESCRIBE; told by the output's suffix when left out.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write; standard output when left out.")
@click.option("--footnotes", is_flag=True, help="Sentences as numbered footnotes (table, md, xlsx).")
@click.option("--about", is_flag=True, help="Explain the question: its parameters with examples, its columns.")
@click.option("--iris", is_flag=True, help="Show IRIs in place of labels.")
@lang_option
@kg_option
@endpoint_option
def query(
    name: str | None, params: tuple[str, ...], file: Path | None, sparql: str | None, form: str | None, lang: str,
    folder: Path, output: Path | None, *, about: bool, as_json: bool, footnotes: bool, iris: bool,
) -> None:  # fmt: skip
    """Ask a ready-made question, or a SPARQL query of your own; without either, list the questions.

    \b
    Examples:
      migkg query
      migkg query people --about
      migkg query people -p organization=IOM
      migkg query policy-timeline -p policy=GCM --footnotes --format md
      migkg query --sparql "SELECT ?e WHERE { ?e a schema:Event }"
    """
    from migkg.queries import question

    output = None if output == Path("-") else output
    form = "json" if as_json else form or (output.suffix.lstrip(".").lower() if output else "table")
    if form not in _TABLE_FORMATS:
        raise UnknownName("format", form, _TABLE_FORMATS)
    if form == "xlsx" and output is None and sys.stdout.isatty():
        raise QueryError("a workbook is nothing to read in a terminal", todo="Name a file: -o answer.xlsx")
    if name == "-":
        name, file = None, file or Path("-")
    if sum(thing is not None for thing in (name, file, sparql)) > 1:
        raise QueryError("more than one query is named", expected="one of NAME, --file, --sparql")
    if params and name is None:
        raise QueryError("only a ready-made question has parameters", todo="List the questions with: migkg query")
    table: Table
    if about or (name is None and file is None and sparql is None and form == "json"):
        _describe(name, lang, as_json=form == "json")
        return
    if name is not None:
        if name.endswith(".rq") and Path(name).is_file():
            raise QueryError(f"{name} is a file", expected="a ready-made question", todo=f"Ask it by --file {name}")
        if "{" in name:
            raise QueryError("this is SPARQL", expected="a ready-made question", todo="Put --sparql before it.")
        asked, pairs = question(name), _pairs(params)
        if form == "ttl":
            raise QueryError("a ready-made question has no Turtle", expected="--sparql or --file with a CONSTRUCT")
        with open_place(folder) as graph:
            table = graph.query(asked.name, lang=lang, iris=iris, footnotes=footnotes, **pairs)
    elif file is not None or sparql is not None:
        text, where = (sparql or "", "query") if file is None else _read(file)
        with open_place(folder) as graph:
            if form == "ttl":
                _write(graph.construct(text, where=where), output)
                return
            table = graph.sparql(text, lang=lang, iris=iris, footnotes=footnotes, where=where)
    else:
        table = _questions(lang)
    _print_table(table, form, output)
    if not table.rows:
        raise SystemExit(WRONG_DATA)


@click.command(short_help="Explain a thing or a fact in words.")
@click.argument("thing")
@json_option
@lang_option
@kg_option
@endpoint_option
def explain(thing: str, lang: str, folder: Path, *, as_json: bool) -> None:
    """Explain a thing or a fact in words, with every sentence that proves it.

    THING is a name, an IRI, or its short form such as person/penny-dewi-herasati.
    """
    from dataclasses import asdict

    from migkg.views import show_explanation

    with open_place(folder) as graph:
        found = graph.explain(thing, lang=lang)
    if as_json:
        print_json(asdict(found))
    else:
        print_lines(show_explanation(found, width()))


def _read(file: Path) -> tuple[str, str]:
    """A query and where it comes from, for messages."""
    where = "standard input" if file == Path("-") else str(file)
    try:
        data = sys.stdin.buffer.read() if file == Path("-") else file.read_bytes()
        return data.decode("utf-8-sig"), where
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise QueryError(f"the query cannot be read ({why})", where=where) from error


def _pairs(params: Sequence[str]) -> dict[str, str]:
    pairs = {}
    for param in params:
        name, equals, value = param.partition("=")
        if not equals or not name:
            raise QueryError(f'"{param}" is no parameter', expected="NAME=VALUE, for example -p organization=IOM")
        if name in pairs:
            raise QueryError(f"the parameter {name} is given twice", expected="each parameter once")
        pairs[name] = value
    return pairs


def _questions(lang: str) -> Table:
    from migkg.model import Table
    from migkg.queries import in_language, questions

    def listed(name: str, *, optional: bool) -> str:
        return f"[{name}]" if optional else name

    rows = tuple(
        (
            name,
            in_language(asked.title, lang),
            " ".join(listed(p.name, optional=p.optional or p.default is not None) for p in asked.parameters.values()),
        )
        for name, asked in questions().items()
    )
    title = "Questions: migkg query QUESTION -p parameter=value; more of one: migkg query QUESTION --about"
    return Table(("question", "title", "parameters"), rows, title=title)


def _describe(name: str | None, lang: str, *, as_json: bool) -> None:
    """One question, or all, in words or as JSON."""
    from dataclasses import asdict

    from migkg.queries import in_language, question, questions, show_question

    if name is None and not as_json:
        raise QueryError("--about explains one question", expected="its name", todo="They are listed by: migkg query")
    asked = questions().values() if name is None else [question(name)]
    if not as_json:
        print_lines(line for one in asked for line in show_question(one, width(), lang=lang))
        return
    told = [
        {
            "question": one.name, "title": in_language(one.title, lang), "answers": in_language(one.answers, lang),
            "parameters": [{**asdict(it), "help": in_language(it.help, lang)} for it in one.parameters.values()],
            "columns": {name: in_language(texts, lang) for name, texts in one.columns.items()},
        }
        for one in asked
    ]  # fmt: skip
    print_json(told)


def _print_table(table: Table, form: str, output: Path | None) -> None:
    from migkg.formats import write_table
    from migkg.tables import plain, show

    if form == "ttl":
        raise QueryError("a list of questions has no Turtle", expected="--sparql or --file with a CONSTRUCT")
    if form != "table":
        _write(write_table(table, form), output)
    elif output is None:
        print_lines(show(table, width()))
    else:
        _write(plain(show(table)) + "\n", output)


def _write(made: str | bytes, output: Path | None) -> None:
    """To a file, or to standard output as it is: CSV has its own ends of lines."""
    data = made.encode() if isinstance(made, str) else made
    if output is None:
        if isinstance(made, str):
            click.echo(made, nl=False)
        else:
            sys.stdout.buffer.write(data)
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        raise WriteError(f"cannot be written ({error.strerror})", where=str(output)) from error
    say(f"Wrote {output} ({len(data):,} bytes).")
