"""Two kinds of things against each other: objective × organisation, objective × year, policy × speaker.

A cell counts facts and names them. Rows with nothing are kept: what no article tells of is a finding too.
`queries/matrices.toml` declares the matrices.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from migkg import resources
from migkg.errors import DataError, MissingExtra, UnknownName
from migkg.model import Node, Table
from migkg.network.links import Link, Selection, chosen, declarations, nodes_of, pairs
from migkg.queries import Question, find_entity, questions, short
from migkg.sparql import text_of
from migkg.store import Store, select

if TYPE_CHECKING:
    import pandas as pd

_TEXTS = ("title", "row_title", "column_title", "counts", "gap")
_KEYS = {*_TEXTS, *(f"{name}_id" for name in _TEXTS), "questions", "row", "column", "rows"}
_YEAR = "year"
_NAMED = 8  # rows with nothing in a note; all are listed by `gaps`


@dataclass(frozen=True, slots=True)
class Declared:
    """How a matrix is made.

    :param texts: language → title, row_title, column_title, counts, gap.
    :param row, column: "source", "target" or, for columns, "year".
    :param rows: what lists all rows; None for those that have something.
    """

    name: str
    texts: Mapping[str, Mapping[str, str]] = field(hash=False)
    questions: tuple[Question, ...]
    row: str
    column: str
    rows: Question | None


@dataclass(frozen=True, slots=True)
class Head:
    """What a row or a column is of.

    :param key: its IRI, or the year; "" for what has no date. :param labels: language → name, unlike all others.
    :param number: of an objective; None for what has none.
    """

    key: str
    labels: Mapping[str, str] = field(hash=False)
    number: int | None = None

    def name(self, lang: str) -> str:
        """Its name behind its number."""
        return f"{self.number}. {self.labels[lang]}" if self.number is not None else self.labels[lang]


@dataclass(frozen=True, slots=True)
class Cell:
    """What the graph says of a row and a column.

    :param facts: IRIs of the facts that are counted, sorted.
    :param through: IRIs of further facts that lead from the one to the other, sorted.
    :param first, last: ISO dates of what is known of it, as exact as stated; "" where nothing is dated.
    """

    facts: tuple[str, ...]
    through: tuple[str, ...]
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix of counts, which shows itself in a notebook.

    :param texts: language → title, row_title, column_title, counts, gap.
    :param cells: (key of row, key of column) → what is there; empty cells are left out.
    :param notes: how it was cut out of the graph, a sentence each.
    """

    name: str
    texts: Mapping[str, Mapping[str, str]] = field(hash=False)
    rows: tuple[Head, ...]
    columns: tuple[Head, ...]
    cells: Mapping[tuple[str, str], Cell] = field(hash=False)
    notes: tuple[str, ...] = ()
    lang: str = "en"

    def count(self, row: str, column: str) -> int:
        """How many facts a cell counts; by keys."""
        cell = self.cells.get((row, column))
        return len(cell.facts) if cell else 0

    def totals(self) -> Mapping[str, int]:
        """Row → its facts in all columns, each once; also of columns that were left out."""
        return self._totals(0)

    def column_totals(self) -> Mapping[str, int]:
        """Column → its facts in all rows, each once."""
        return self._totals(1)

    def _totals(self, place: int) -> Mapping[str, int]:
        found: dict[str, set[str]] = defaultdict(set)
        for key, cell in self.cells.items():
            found[key[place]].update(cell.facts)
        return {head.key: len(found[head.key]) for head in (self.columns if place else self.rows)}

    def gaps(self) -> tuple[Head, ...]:
        """The rows with nothing."""
        totals = self.totals()
        return tuple(row for row in self.rows if not totals[row.key])

    def told(self) -> tuple[str, ...]:
        """What the matrix is made of and where its gaps are, a sentence each."""
        texts, missing = self.texts[self.lang], self.gaps()
        sentences = [*self.notes, f"{_LANG[self.lang]['counts']}: {texts['counts']}."]
        if missing and all(row.number is not None for row in missing):
            sentences.append(f"{texts['gap']} {', '.join(str(row.number) for row in missing)}.")
        elif missing:
            more = [_LANG[self.lang]["more"].format(len(missing) - _NAMED)] if len(missing) > _NAMED else []
            named = "; ".join([*(row.labels[self.lang] for row in missing[:_NAMED]), *more])
            sentences.append(f"{texts['gap']}: {named}.")
        return tuple(sentences)

    def top(self, most: int) -> Matrix:
        """The columns with the most facts; of years the latest. What is left out is told."""
        if most >= len(self.columns):
            return self
        years = any(head.key.isdigit() for head in self.columns)
        kept = self.columns[-most:] if years else self.columns[:most]
        note = _LANG[self.lang]["left"].format(most, self.texts[self.lang]["column_title"], len(self.columns))
        return Matrix(self.name, self.texts, self.rows, kept, self.cells, (*self.notes, note), self.lang)

    def fitting(self, width: int) -> Matrix:
        """As many columns as stand beside the names of the rows, in so many cells of a terminal."""
        words = (max(map(len, column.labels[self.lang].split()), default=0) for column in self.columns)
        needs = [max(4, min(16, word)) + 2 for word in words]
        room, most = width - 40, 0
        while most < len(needs) and sum(sorted(needs)[: most + 1]) <= room:
            most += 1
        return self.top(max(most, 1))

    def table(self, *, zero: int | None = 0) -> Table:
        """A row for each row, with its total. :param zero: what stands in an empty cell."""
        lang, totals = self.lang, self.totals()
        rows = tuple(
            (row.name(lang), *(self.count(row.key, column.key) or zero for column in self.columns), totals[row.key])
            for row in self.rows
        )
        columns = [_LANG[lang]["all"], self.texts[lang]["row_title"]]
        for column in self.columns:  # a table tells its columns apart by their names
            name = column.labels[lang]
            columns.append(name if name not in columns else f"{name} ({column.key})")
        return Table((*columns[1:], columns[0]), rows, self.texts[lang]["title"], self.told())

    def to_pandas(self) -> pd.DataFrame:
        """The counts as a pandas data frame: rows and columns by name, without totals.

        :raises MissingExtra: when pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise MissingExtra("pandas", "pandas") from error
        texts, lang = self.texts[self.lang], self.lang
        data = [[self.count(row.key, column.key) for column in self.columns] for row in self.rows]
        rows = pd.Index([row.name(lang) for row in self.rows], name=texts["row_title"], dtype="string")
        columns = pd.Index([column.labels[lang] for column in self.columns], name=texts["column_title"], dtype="string")
        return pd.DataFrame(data, index=rows, columns=columns, dtype="int64")

    def _repr_html_(self) -> str:
        table = self.table(zero=None)
        most = max((len(cell.facts) for cell in self.cells.values()), default=1)
        head = "".join(f"<th>{escape(name)}</th>" for name in table.columns)
        rows = ""
        for row in table.rows:
            counts = "".join(
                f'<td style="background:rgba(0,90,140,{(count or 0) / most / 2:.2f})">{count or ""}</td>'
                for count in row[1:-1]
            )
            rows += f'<tr><th style="text-align:left">{escape(row[0])}</th>{counts}<td>{row[-1]}</td></tr>'
        notes = "".join(f"<p>{escape(note)}</p>" for note in self.told())
        return f"<table><caption>{escape(table.title)}</caption><tr>{head}</tr>{rows}</table>{notes}"


_LANG = {
    "en": {
        "all": "all", "counts": "A cell counts", "left": "Of {2} columns the {0} with the most are shown ({1}).",
        "undated": "without a date",
        "more": "and {} more", "country": "Only what belongs to {}.",
    },
    "id": {
        "all": "semua", "counts": "Sel menghitung",
        "left": "Dari {2} kolom hanya {0} yang terbanyak ditampilkan ({1}).", "undated": "tanpa tanggal",
        "more": "dan {} lagi", "country": "Hanya yang termasuk {}.",
    },
}  # fmt: skip


# -- declarations ------------------------------------------------------------------------------------------------------


@cache
def matrices(file: Path | None = None) -> Mapping[str, Declared]:
    """All matrices by name, in the order of their file.

    :raises DataError: when the file, or a question that it names, is missing or broken.
    """
    file = file or resources.path("queries", "matrices.toml")
    known = {**questions(file.parent / "networks"), **questions(file.parent / "matrices")}
    declared = declarations(file, "matrices")
    return {name: _declared(name, given, known, str(file)) for name, given in declared.items()}


def _declared(name: str, given: Any, known: Mapping[str, Question], where: str) -> Declared:
    given = given if isinstance(given, dict) else {}
    for key in sorted(_KEYS - {"rows"}):
        if not isinstance(given.get(key), list if key == "questions" else str):
            raise DataError(f'the matrix {name} has no "{key}", or a wrong one', where=where)
    if unknown := sorted(given.keys() - _KEYS):
        raise DataError(f"the matrix {name} has the unknown key {unknown[0]}", where=where)
    for key, allowed in (("row", ("source", "target")), ("column", ("source", "target", _YEAR))):
        if given[key] not in allowed:
            what = f'the matrix {name} has the {key} "{given[key]}"'
            raise DataError(what, where=where, expected=" or ".join(allowed))
    for asked in (*given["questions"], *([given["rows"]] if "rows" in given else [])):
        if asked not in known:
            raise DataError(f"the matrix {name} asks {asked}", where=where, expected="one of: " + ", ".join(known))
    texts = {lang: {key: given[key + suffix] for key in _TEXTS} for lang, suffix in (("en", ""), ("id", "_id"))}
    asked_for = tuple(known[one] for one in given["questions"])
    rows = known[given["rows"]] if "rows" in given else None
    return Declared(name, texts, asked_for, given["row"], given["column"], rows)


# -- making ------------------------------------------------------------------------------------------------------------


def matrix(store: Store, name: str, selection: Selection | None = None, *, lang: str = "en") -> Matrix:
    """Make a matrix.

    :param name: one of `matrices()`. :param selection: its countries are those of the columns, or of what stands
        behind a year.
    :raises UnknownName: for a matrix or an event type that does not exist; the message lists those that do.
    :raises QueryError: when the time ends before it begins. :raises NothingFound: for a country that is not there.
    """
    if name not in matrices():
        raise UnknownName("matrix", name, matrices())
    declared, selection = matrices()[name], selection or Selection()
    links, notes = chosen(store, declared.questions, selection, lang)
    links = _of_countries(store, links, declared, selection, notes, lang)
    numbers = _numbers(store, declared)
    held: dict[tuple[str, str], list[Link]] = defaultdict(list)
    for link in links:
        row = getattr(link, declared.row)
        if declared.rows is None or row in numbers:
            held[row, link.first[:4] if declared.column == _YEAR else getattr(link, declared.column)].append(link)
    cells = {key: _cell(several) for key, several in sorted(held.items())}
    rows = _heads(store, {*numbers, *(row for row, _ in cells)}, cells, 0, numbers)
    keys = {column for _, column in cells}
    columns = _years(keys) if declared.column == _YEAR else _heads(store, keys, cells, 1, {})
    return Matrix(name, declared.texts, rows, columns, cells, tuple(notes), lang)


def _of_countries(
    store: Store, links: list[Link], declared: Declared, selection: Selection, notes: list[str], lang: str
) -> list[Link]:
    if not selection.countries:
        return links
    wanted = {find_entity(store, country).value for country in selection.countries}
    notes.append(_LANG[lang]["country"].format(", ".join(selection.countries)))
    side = "source" if declared.row == "target" else "target"  # behind a year stands what is not the row
    nodes = nodes_of(store, {getattr(link, side) for link in links})
    return [link for link in links if {nodes[getattr(link, side)].country, getattr(link, side)} & wanted]


def _numbers(store: Store, declared: Declared) -> dict[str, int | None]:
    """All rows that are asked for, with their numbers, if they have any."""
    if declared.rows is None:
        return {}
    found = select(store, declared.rows.sparql, where=declared.rows.where)
    row, number = found.columns.index("row"), found.columns.index("number") if "number" in found.columns else None
    told = {text_of(line[row]): line[number] if number is not None else None for line in found.rows}
    return {iri: None if term is None else int(getattr(term, "value", 0)) for iri, term in told.items()}


def _cell(links: Sequence[Link]) -> Cell:
    facts = sorted({link.fact for link in links})
    through = sorted({link.through for link in links if link.through} - set(facts))
    first = min((link.first for link in links if link.first), default="")
    last = max((link.last for link in links if link.last), default="")
    return Cell(tuple(facts), tuple(through), first, last)


def _heads(
    store: Store, keys: set[str], cells: Mapping[tuple[str, str], Cell], place: int, numbers: Mapping[str, int | None]
) -> tuple[Head, ...]:
    """By number, or the fullest first."""
    facts: dict[str, set[str]] = defaultdict(set)
    for key, cell in cells.items():
        facts[key[place]].update(cell.facts)
    nodes = nodes_of(store, keys)
    labels = {lang: _apart(nodes.values(), lang) for lang in ("en", "id")}
    order = sorted(keys, key=lambda key: (numbers.get(key) or 0, -len(facts[key]), labels["en"][key], key))
    return tuple(Head(key, {lang: labels[lang][key] for lang in labels}, numbers.get(key)) for key in order)


def _apart(nodes: Iterable[Node], lang: str) -> dict[str, str]:
    """Names that tell things apart: of two with one name, each shows its IRI too."""
    nodes = tuple(nodes)
    printed = Counter(node.labels[lang] for node in nodes)
    return {
        node.iri: node.labels[lang] if printed[node.labels[lang]] == 1 else f"{node.labels[lang]} ({short(node.iri)})"
        for node in nodes
    }


def _years(keys: set[str]) -> tuple[Head, ...]:
    """All years from the first to the last, and at the end what has no date."""
    known = sorted(int(key) for key in keys if key)
    years = [f"{year:04}" for year in range(known[0], known[-1] + 1)] if known else []
    dated = tuple(Head(year, {"en": year, "id": year}) for year in years)
    return (*dated, Head("", {lang: _LANG[lang]["undated"] for lang in _LANG})) if "" in keys else dated


def facts_table(store: Store, found: Matrix) -> Table:
    """The facts behind the cells, in their order, with the sentences that state them."""
    lang = found.lang
    cells = [(row, column, found.cells.get((row.key, column.key))) for row in found.rows for column in found.columns]
    told = [(row, column, cell) for row, column, cell in cells if cell]
    facts = {fact for *_, cell in told for fact in (*cell.facts, *cell.through)}
    sentences: dict[str, list[str]] = defaultdict(list)
    for fact, sentence in sorted(pairs(store, facts, "mig:evidence/mig:sentence")):
        sentences[fact].append(sentence)
    rows = tuple(
        (row.name(lang), column.labels[lang], short(fact), fact in cell.facts, sentence)
        for row, column, cell in told
        for fact in (*cell.facts, *cell.through)
        for sentence in sentences[fact]
    )
    texts = found.texts[lang]
    columns = texts["row_title"], texts["column_title"], "fact", "counted", "sentence"
    return Table(columns, rows, texts["title"], found.told())
