"""The sentences behind a table as numbered footnotes, each with the address of its article."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from migkg.model import Footnote, Table
from migkg.sparql import blocks, text_of
from migkg.store import Store, select
from migkg.tables import NOTES

_SENTENCE, _ARTICLE, _URL = "sentence", "article", "url"
NO_SENTENCE = "This question counts or compares; its rows have no sentence of their own."


def with_footnotes(store: Store, table: Table) -> Table:
    """A table whose sentences stand below it; rows that differ in nothing else become one row.

    :returns: in place of the columns for sentence, article and address one with the numbers of the footnotes; a table
        without a column of sentences as it is, with a note that says so.
    """
    if _SENTENCE not in table.columns:
        return replace(table, notes=(*table.notes, NO_SENTENCE))
    places = {name: table.columns.index(name) for name in (_SENTENCE, _ARTICLE, _URL) if name in table.columns}
    kept = [place for place in range(len(table.columns)) if place not in places.values()]
    urls = _urls(store, (row[places[_ARTICLE]] for row in table.terms if _ARTICLE in places))
    iris: dict[int, str] = {}
    numbers: dict[tuple[str, str, str], int] = {}
    rows: dict[tuple[object, ...], list[int]] = {}
    terms: dict[tuple[object, ...], tuple[object, ...]] = {}
    for shown, held in zip(table.rows, table.terms or table.rows, strict=True):
        article = held[places[_ARTICLE]] if _ARTICLE in places else None
        url = shown[places[_URL]] if _URL in places else urls.get(text_of(article), "")
        cells, key = tuple(shown[place] for place in kept), tuple(held[place] for place in kept)
        found = rows.setdefault(key, [])
        terms[key] = cells
        if sentence := shown[places[_SENTENCE]]:
            title = str(shown[places[_ARTICLE]] or "") if _ARTICLE in places else ""
            number = numbers.setdefault((str(sentence), title, str(url or "")), len(numbers) + 1)
            iris.setdefault(number, text_of(article))
            if number not in found:
                found.append(number)
    return replace(
        table,
        columns=(*(table.columns[place] for place in kept), NOTES),
        rows=tuple((*terms[key], " ".join(f"[{number}]" for number in found)) for key, found in rows.items()),
        footnotes=tuple(Footnote(number, *note, iris[number]) for note, number in numbers.items()),
        terms=tuple((*key, None) for key in rows) if table.terms else (),
    )


def _urls(store: Store, articles: Iterable[object]) -> dict[str, str]:
    """Article → its address, for those that have one."""
    import pyoxigraph as ox

    wanted = sorted({article.value for article in articles if isinstance(article, ox.NamedNode)})
    found: dict[str, str] = {}
    for block in blocks("it", wanted):
        for it, url in select(store, f"SELECT ?it ?url WHERE {{ {block} ?it schema:url ?url }}").rows:
            if isinstance(it, ox.NamedNode) and isinstance(url, ox.NamedNode | ox.Literal):
                found[it.value] = min(url.value, found.get(it.value, url.value))
    return found
