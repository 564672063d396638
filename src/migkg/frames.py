"""Answers as users of Python meet them: shown in a notebook, and as data frames of pandas and polars."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Any

from migkg.errors import MissingExtra
from migkg.model import Table
from migkg.tables import plain, show

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

_DATE = "http://www.w3.org/2001/XMLSchema#date"


class Answer(Table):
    """A table that shows itself in a notebook and turns into a data frame."""

    __slots__ = ()

    @classmethod
    def of(cls, table: Table) -> Answer:
        """The same table."""
        return cls(table.columns, table.rows, table.title, table.notes, table.footnotes, table.terms)

    def to_pandas(self) -> pd.DataFrame:
        """As a pandas data frame: columns `string`, `Int64`, `Float64`, `boolean` with NA; full dates `datetime64[s]`.

        :raises MissingExtra: when pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise MissingExtra("pandas", "pandas") from error
        names = {"text": "string", "integer": "Int64", "real": "Float64", "boolean": "boolean", "date": "datetime64[s]"}
        made = {number: pd.Series(cells, dtype=names[kind]) for number, (kind, cells) in enumerate(self._columns())}
        frame = pd.DataFrame(made, index=range(len(self)))
        frame.columns = pd.Index(self.columns)
        return frame

    def to_polars(self) -> pl.DataFrame:
        """As a polars data frame: columns `String`, `Int64`, `Float64`, `Boolean` with null; full dates `Date`.

        :raises MissingExtra: when polars is not installed.
        """
        try:
            import polars as pl
        except ImportError as error:
            raise MissingExtra("polars", "polars") from error
        kinds = {"text": pl.String, "integer": pl.Int64, "real": pl.Float64, "boolean": pl.Boolean, "date": pl.Date}
        found = zip(self.columns, self._columns(), strict=True)
        return pl.DataFrame([pl.Series(name, cells, dtype=kinds[kind]) for name, (kind, cells) in found])

    def _columns(self) -> Iterator[tuple[str, list[Any]]]:
        """(kind, cells) of each column. Dates that may be a year or a month stay text, as do numbers beside words."""
        for place in range(len(self.columns)):
            cells = [row[place] for row in self.rows]
            kinds = {type(cell) for cell in cells} - {type(None)}
            terms = [row[place] for row in self.terms] if self.terms else []
            told = [pair for pair in zip(cells, terms, strict=False) if pair[0] is not None]
            if told and all(_full_date(term) for _, term in told):
                yield "date", [None if cell is None else date.fromisoformat(cell) for cell in cells]
            elif kinds == {bool}:
                yield "boolean", cells
            elif kinds == {int} and all(cell is None or abs(cell) < 2**63 for cell in cells):
                yield "integer", cells
            elif kinds and kinds <= {int, float, Decimal}:
                yield "real", [None if cell is None else float(cell) for cell in cells]
            else:
                yield "text", [None if cell is None else str(cell) for cell in cells]

    def __str__(self) -> str:
        return plain(show(self))

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(column)}</th>" for column in self.columns)
        rows = "".join(
            "<tr>" + "".join(f"<td>{'' if cell is None else escape(str(cell))}</td>" for cell in row) + "</tr>"
            for row in self.rows
        )
        title = f"<caption>{escape(self.title)}</caption>" if self.title else ""
        return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _full_date(term: Any) -> bool:
    if getattr(getattr(term, "datatype", None), "value", "") != _DATE:
        return False
    try:
        date.fromisoformat(term.value)
    except ValueError:  # with a time zone, or ill-typed in the graph
        return False
    return True
