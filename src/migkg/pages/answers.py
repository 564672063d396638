"""Pages of questions: the form, the answer as a table with links, and the sentences under numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from migkg.errors import MigkgError
from migkg.kg import KnowledgeGraph
from migkg.model import Table
from migkg.ontology import PREFIXES
from migkg.pages.models import Field, Link, QuestionPage, Quote, Row, SparqlPage, TableView
from migkg.pages.things import pieces
from migkg.pages.words import words
from migkg.queries import labels, question, run, run_sparql, short
from migkg.sparql import prepare
from migkg.tables import SENTENCE, SOURCE, WORDS

SHOWN = 500
"""Rows of a table that a page shows."""


def question_page(kg: KnowledgeGraph, name: str, given: Mapping[str, str], *, lang: str = "en") -> QuestionPage:
    """A ready-made question; with its answer unless a parameter that it needs is missing.

    :param given: parameter → text, as typed into the form.
    :raises UnknownName: when there is no such question.
    """
    asked = question(name)
    given = {key: value.strip() for key, value in given.items() if key in asked.parameters and value.strip()}
    fields = tuple(
        Field(p.name, p.name.replace("_", " "), p.type, p.help, given.get(p.name, p.default or ""),
              not p.optional and p.default is None)
        for p in asked.parameters.values()
    )  # fmt: skip
    table, message = None, ""
    if all(field.value for field in fields if field.required):
        try:
            table = table_view(kg, run(kg.store, asked, given, lang=lang, iris=True), lang=lang)
        except MigkgError as error:
            message = str(error)
    return QuestionPage(
        asked.title.get(lang, asked.title["en"]), "queries", "", name, asked.answers, fields, given, table, message,
        asked.sparql,
    )  # fmt: skip


def sparql_page(kg: KnowledgeGraph, query: str = "", *, lang: str = "en") -> SparqlPage:
    """The endpoint for people, with the answer when there is a query."""
    title, prefixes = words(lang)["sparql"], tuple(PREFIXES.items())
    if not query.strip():
        return SparqlPage(title, "sparql", "", _EXAMPLE, None, "", prefixes)
    try:
        limited = prepare(query, {}).limited(SHOWN + 1)
        table = run_sparql(kg.store, limited or query, lang=lang, iris=True)
    except MigkgError as error:
        return SparqlPage(title, "sparql", "", query, None, str(error), prefixes)
    return SparqlPage(title, "sparql", "", query, table_view(kg, table, lang=lang, proofs=False), "", prefixes)


_EXAMPLE = """SELECT ?event ?start ?place WHERE {
  ?event a schema:Event ; schema:startDate ?start
  OPTIONAL { ?event schema:location ?place }
}
ORDER BY DESC(?start)
LIMIT 20
"""


def table_view(kg: KnowledgeGraph, table: Table, *, lang: str = "en", proofs: bool = True) -> TableView:
    """A table with IRIs as one with links.

    :param proofs: True to show the sentence that proves a row as a numbered note below.
    """
    proved = proofs and SENTENCE in table.columns
    below = [name for name in (*WORDS, SENTENCE, *SOURCE) if proved and name in table.columns]
    columns = [name for name in table.columns if name not in below]
    shown = [dict(zip(table.columns, row, strict=True)) for row in table.rows[:SHOWN]]
    named = labels(kg.store, {cell for row in shown for cell in row.values() if _is_iri(cell)}, lang=lang)
    quotes: dict[tuple[Any, ...], int] = {}
    rows: list[Row] = []
    for row in shown:
        cells = tuple(_cell(row[name], named) for name in columns)
        number = (quotes.setdefault(tuple(row.get(name) for name in _PROOF), len(quotes) + 1),) if proved else ()
        if rows and proved and rows[-1].cells == cells:  # several sentences may prove one row
            rows[-1] = Row(cells, tuple(dict.fromkeys((*rows[-1].quotes, *number))))
        else:
            rows.append(Row(cells, number))
    notes = tuple(_note(kg, text, lang) for text in table.notes)
    numeric = tuple(_are_numbers(row[name] for row in shown) for name in columns)
    proof = tuple(_quote(dict(zip(_PROOF, key, strict=True)), named) for key in quotes)
    heads = tuple(name.replace("_", " ").capitalize() if proofs else name for name in columns)
    return TableView(heads, numeric, tuple(rows), len(table.rows), notes, proof)


_PROOF = (*WORDS, SENTENCE, *SOURCE)


def _quote(row: Mapping[str, Any], named: Mapping[str, str]) -> tuple[Quote, Link]:
    sentence = str(row[SENTENCE] or "")
    marks = []
    for name in WORDS:
        words_ = str(row[name] or "")
        start = sentence.find(words_) if words_ else -1
        if start >= 0:
            marks.append((start, start + len(words_)))
    article = _cell(row[SOURCE[0]], named)
    return Quote(pieces(sentence, marks), 0), article if article.text else Link(str(row[SOURCE[1]] or ""))


def _cell(value: Any, named: Mapping[str, str]) -> Link:
    if _is_iri(value):
        return Link(named[value] if named[value] != short(value) else value, value)
    if isinstance(value, bool):
        return Link("true" if value else "false")
    return Link("" if value is None else str(value))


def _note(kg: KnowledgeGraph, text: str, lang: str) -> str:
    """`organization: IRI` with the label of the thing."""
    name, _, value = text.partition(": ")
    return f"{name}: {labels(kg.store, [value], lang=lang)[value]}" if _is_iri(value) else text


def _is_iri(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://")) and not set(value) & set(' <>"{}|\\^`')


def _are_numbers(values: Iterable[Any]) -> bool:
    kinds = {type(value) for value in values} - {type(None)}
    return bool(kinds) and kinds <= {int, float, Decimal}
