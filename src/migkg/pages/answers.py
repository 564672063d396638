"""Pages of questions: the form, the answer as a table with links, and the sentences under numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from migkg.errors import MigkgError
from migkg.footnotes import with_footnotes
from migkg.kg import KnowledgeGraph
from migkg.model import Table
from migkg.ontology import PREFIXES
from migkg.pages.models import Field, Link, QuestionPage, Quote, Row, SparqlPage, TableView
from migkg.pages.words import words
from migkg.queries import Question, in_language, question, run, run_sparql
from migkg.sparql import prepare
from migkg.store import Store
from migkg.tables import NOTES

SHOWN = 500
"""Rows of a table that a page shows."""


def answered(
    kg: KnowledgeGraph, asked: Question, given: Mapping[str, str], *, lang: str = "en"
) -> tuple[Table | None, str]:
    """The answer to a ready-made question, or why there is none; neither when a parameter that it needs is missing.

    :param given: parameter → text.
    """
    needed = (p for p in asked.parameters.values() if not p.optional and p.default is None)
    if not all(given.get(parameter.name) for parameter in needed):
        return None, ""
    try:
        return run(kg.store, asked, given, lang=lang), ""
    except MigkgError as error:
        return None, str(error)


def question_page(
    kg: KnowledgeGraph, name: str, given: Mapping[str, str], *, lang: str = "en",
    answer: tuple[Table | None, str] | None = None,
) -> QuestionPage:  # fmt: skip
    """A ready-made question; with its answer unless a parameter that it needs is missing.

    :param given: parameter → text, as typed into the form. :param answer: see `answered`, when it is known already.
    :raises UnknownName: when there is no such question.
    """
    asked = question(name)
    given = {key: value.strip() for key, value in given.items() if key in asked.parameters and value.strip()}
    fields = tuple(
        Field(p.name, p.name.replace("_", " "), p.type, in_language(p.help, lang), given.get(p.name, p.default or ""),
              not p.optional and p.default is None, p.example)
        for p in asked.parameters.values()
    )  # fmt: skip
    found, message = answer or answered(kg, asked, given, lang=lang)
    table = table_view(kg.store, found) if found is not None else None
    return QuestionPage(
        in_language(asked.title, lang), "queries", "", name, in_language(asked.answers, lang), fields, given, table,
        message, asked.sparql.strip(),
    )  # fmt: skip


def sparql_page(kg: KnowledgeGraph, query: str = "", *, lang: str = "en") -> SparqlPage:
    """The endpoint for people, with the answer when there is a query."""
    title, prefixes = words(lang)["sparql"], tuple(PREFIXES.items())
    if not query.strip():
        return SparqlPage(title, "sparql", "", _EXAMPLE, None, "", prefixes)
    try:
        limited = prepare(query, {}).limited(SHOWN + 1)
        table = run_sparql(kg.store, limited or query, lang=lang)
    except MigkgError as error:
        return SparqlPage(title, "sparql", "", query, None, str(error), prefixes)
    return SparqlPage(title, "sparql", "", query, table_view(kg.store, table, proofs=False), "", prefixes)


_EXAMPLE = """SELECT ?event ?start ?place WHERE {
  ?event a schema:Event ; schema:startDate ?start
  OPTIONAL { ?event schema:location ?place }
}
ORDER BY DESC(?start)
LIMIT 20
"""


def table_view(store: Store, table: Table, *, proofs: bool = True) -> TableView:
    """A table with links.

    :param proofs: True to show the sentences that prove its rows as numbered notes below.
    """
    total = len(table.rows)
    table = replace(table, rows=table.rows[:SHOWN], terms=table.terms[:SHOWN])
    proofs = proofs and "sentence" in table.columns
    if proofs:
        table = with_footnotes(store, table)
    columns = [name for name in table.columns if name != NOTES or not proofs]
    rows = tuple(
        Row(
            tuple(map(_cell, shown[: len(columns)], terms)),
            tuple(map(int, re.findall(r"\d+", shown[-1]))) if proofs else (),
        )
        for shown, terms in zip(table.rows, table.terms, strict=True)
    )
    quotes = tuple(
        (Quote(((note.sentence, False),), note.number), Link(note.article, note.iri)) for note in table.footnotes
    )  # fmt: skip
    heads = tuple(name.replace("_", " ").capitalize() if table.title else name for name in columns)
    numeric = tuple(_are_numbers(row[place] for row in table.rows) for place in range(len(columns)))
    return TableView(heads, numeric, rows, total, table.notes, quotes)


def _cell(value: Any, term: Any) -> Link:
    import pyoxigraph as ox

    if isinstance(value, bool):
        return Link("true" if value else "false")
    return Link("" if value is None else str(value), term.value if isinstance(term, ox.NamedNode) else "")


def _are_numbers(values: Iterable[Any]) -> bool:
    kinds = {type(value) for value in values} - {type(None)}
    return bool(kinds) and kinds <= {int, float, Decimal}
