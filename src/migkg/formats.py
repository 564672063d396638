"""Tables for programs and reports: CSV, SPARQL results in JSON and XML, Markdown, Excel.

CSV, Markdown and Excel show a thing by its label. JSON and XML are SPARQL results and hold the RDF terms themselves;
the label of a thing stands beside it, in a column of its own with `Label` behind its name.

Excel files are written by XlsxWriter, not openpyxl: it only writes, which is all that is needed, depends on nothing,
never takes a string for a formula when told so, and gives the same bytes for the same table.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from migkg.errors import QueryError, UnknownName
from migkg.model import Table
from migkg.tables import NOTES

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_XSD = "http://www.w3.org/2001/XMLSchema#"
_DATATYPES = ((bool, "boolean"), (int, "integer"), (Decimal, "decimal"), (float, "double"))
_PLAIN = {_XSD + "string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"}


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


# -- CSV ---------------------------------------------------------------------------------------------------------------


def to_csv(table: Table) -> str:
    """Comma-separated values as in RFC 4180, with a header row."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow([harmless(value) if isinstance(value, str) else _word(value) for value in row])
    return out.getvalue()


def harmless(cell: str) -> str:
    """A spreadsheet must not run a cell that an article begins with `=`, `+`, `-` or `@`; numbers are no commands."""
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and not re.fullmatch(r"-?[\d.]+", cell) else cell


# -- SPARQL results ----------------------------------------------------------------------------------------------------

_Binding = tuple[str, str, str, str]
"""(type, value, datatype, language): uri, bnode or literal."""


def _bindings(table: Table) -> tuple[tuple[str, ...], Iterator[dict[str, _Binding]]]:
    """The columns, with those of labels, and the rows as RDF terms."""
    if not table.terms:
        rows = ({name: _of_value(value) for name, value in row.items() if value is not None} for row in table)
        return table.columns, rows
    things = {
        place for row in table.terms for place, term in enumerate(row) if type(term).__name__ == "NamedNode"
    }  # the engine's own type, without loading it
    labelled = any(
        table.rows[number][place] != getattr(term, "value", None)
        for number, row in enumerate(table.terms)
        for place, term in enumerate(row)
        if place in things and term is not None
    )
    columns: list[str] = []
    for place, name in enumerate(table.columns):
        columns += [name, f"{name}Label"] if labelled and place in things else [name]

    def rows_of() -> Iterator[dict[str, _Binding]]:
        for shown, terms in zip(table.rows, table.terms, strict=True):
            row: dict[str, _Binding] = {}
            for place, (name, term) in enumerate(zip(table.columns, terms, strict=True)):
                if term is None:
                    continue
                row[name] = _of_term(term)
                if labelled and place in things:
                    row[f"{name}Label"] = ("literal", _word(shown[place]), "", "")
            yield row

    return tuple(columns), rows_of()


def _of_value(value: Any) -> _Binding:
    datatype = next((_XSD + name for kind, name in _DATATYPES if isinstance(value, kind)), "")
    text = _word(value)
    if isinstance(value, float) and not math.isfinite(value):
        text = {"inf": "INF", "-inf": "-INF", "nan": "NaN"}[text]
    return "literal", text, datatype, ""


def _of_term(term: Any) -> _Binding:
    kind = type(term).__name__
    if kind == "Literal":
        datatype = term.datatype.value
        return "literal", term.value, "" if datatype in _PLAIN else datatype, term.language or ""
    if kind in ("NamedNode", "BlankNode"):
        return {"NamedNode": "uri", "BlankNode": "bnode"}[kind], term.value, "", ""
    return "literal", str(term), "", ""  # a triple term, of RDF 1.2


def _boolean(table: Table) -> bool | None:
    """The answer to an ASK."""
    answer = table.rows[0][0] if table.columns == ("answer",) and len(table.rows) == 1 and not table.terms else None
    return answer if isinstance(answer, bool) else None


def to_json(table: Table) -> str:
    """SPARQL 1.1 Query Results JSON Format (W3C Recommendation, 2013)."""
    answer = _boolean(table)
    if answer is not None:
        return json.dumps({"head": {}, "boolean": answer}) + "\n"
    columns, rows = _bindings(table)

    def written(binding: _Binding) -> dict[str, str]:
        kind, value, datatype, language = binding
        return {
            "type": kind, "value": value, **({"datatype": datatype} if datatype and not language else {}),
            **({"xml:lang": language} if language else {}),
        }  # fmt: skip

    bindings = [{name: written(binding) for name, binding in row.items()} for row in rows]
    results = {"head": {"vars": columns}, "results": {"bindings": bindings}}
    return json.dumps(results, ensure_ascii=False, indent=1) + "\n"


_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def to_xml(table: Table) -> str:
    """SPARQL Query Results XML Format (W3C Recommendation, second edition, 2013)."""
    from xml.etree import ElementTree as ET

    root = ET.Element("sparql", xmlns="http://www.w3.org/2005/sparql-results#")
    head = ET.SubElement(root, "head")
    answer = _boolean(table)
    if answer is not None:
        ET.SubElement(root, "boolean").text = _word(answer)
    else:
        columns, rows = _bindings(table)
        for column in columns:
            ET.SubElement(head, "variable", name=column)
        results = ET.SubElement(root, "results")
        for row in rows:
            result = ET.SubElement(results, "result")
            for name, (kind, value, datatype, language) in row.items():
                element = ET.SubElement(ET.SubElement(result, "binding", name=name), kind)
                element.text = _NOT_IN_XML.sub("\ufffd", value)
                if language:
                    element.set("xml:lang", language)
                elif datatype:
                    element.set("datatype", datatype)
    ET.indent(root, " ")
    # A reader takes a bare carriage return for a line feed.
    text = ET.tostring(root, encoding="unicode").replace("\r", "&#13;")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + text + "\n"


# -- Markdown ----------------------------------------------------------------------------------------------------------


def to_markdown(table: Table) -> str:
    """A pipe table (GitHub Flavored Markdown, section 4.10), with its footnotes."""
    columns = [name.replace("_", " ") for name in table.columns]
    head = _pipes(columns) + "|" + "---|" * len(columns) + "\n"
    marks = table.columns.index(NOTES) if table.footnotes else -1
    rows = []
    for row in table.rows:
        cells = [_inline(value) for value in row]
        if marks >= 0:
            cells[marks] = re.sub(r"\[(\d+)\] ?", r"[^\1]", _word(row[marks]))
        rows.append(_pipes(cells))
    notes = (
        f"[^{note.number}]: “{_inline(note.sentence)}” — {_link(note.article, note.url)}\n" for note in table.footnotes
    )
    return head + "".join(rows) + ("\n" if table.footnotes else "") + "".join(notes)


def _pipes(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |\n"


def _inline(value: Any) -> str:
    """A text that Markdown shows as it is, on one line."""
    return re.sub(r"\r\n?|\n", "<br>", re.sub(r"([\\|`*<\[\]])", r"\\\1", _word(value)))


def _link(label: str, url: str) -> str:
    target = url.replace("<", "%3C").replace(">", "%3E").replace("\n", "")
    return f"[{_inline(label)}](<{target}>)" if url.startswith(("http://", "https://")) else _inline(label)


# -- Excel -------------------------------------------------------------------------------------------------------------

_CELL, _ROWS = 32_767, 1_048_575  # what a cell and a sheet can hold
_WIDEST = 60  # characters across a column


def to_xlsx(table: Table) -> bytes:
    """A workbook: the table on one sheet, its footnotes on a second one. No cell is a formula.

    :raises QueryError: for more rows than a sheet can hold.
    """
    from datetime import UTC, datetime

    import xlsxwriter

    if len(table) > _ROWS:
        raise QueryError(
            f"the answer has {len(table):,} rows", expected=f"at most {_ROWS:,} in a sheet", todo="Use --format csv."
        )
    out = io.BytesIO()
    never = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, {**never, "in_memory": True}) as book:
        book.set_properties({"title": table.title[:255], "created": datetime(2000, 1, 1, tzinfo=UTC)})
        wrap, bold = book.add_format({"text_wrap": True, "valign": "top"}), book.add_format({"bold": True})
        _sheet(book.add_worksheet("Answer"), table, wrap, bold)
        if table.footnotes:
            rows = tuple((note.number, note.sentence, note.article, note.url) for note in table.footnotes)
            _sheet(book.add_worksheet("Sources"), Table(("number", "sentence", "article", "url"), rows), wrap, bold)
    return out.getvalue()


def _sheet(sheet: Worksheet, table: Table, wrap: Format, bold: Format) -> None:
    for column, name in enumerate(table.columns):
        sheet.write_string(0, column, name.replace("_", " "), bold)
        longest = max((len(_word(row[column])) for row in table.rows), default=0)
        sheet.set_column(column, column, min(max(len(name), longest) + 2, _WIDEST), wrap)
    for number, row in enumerate(table.rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, bool):
                sheet.write_boolean(number, column, value)
            elif isinstance(value, int | float | Decimal) and -(10**15) < value < 10**15:  # no more digits than a cell
                sheet.write_number(number, column, value)
            elif value is not None:
                text = _NOT_IN_XML.sub("\ufffd", _word(value))
                sheet.write_string(number, column, text if len(text) <= _CELL else text[: _CELL - 1] + "…")
    sheet.freeze_panes(1, 0)
    if table.rows:
        sheet.autofilter(0, 0, len(table), len(table.columns) - 1)


FORMATS: Mapping[str, Callable[[Table], str | bytes]] = {
    "csv": to_csv, "json": to_json, "md": to_markdown, "xlsx": to_xlsx, "xml": to_xml,
}  # fmt: skip
WITH_FOOTNOTES = ("md", "xlsx")
"""Formats that have a place for footnotes; in the others the sentences are a column."""


def write_table(table: Table, form: str) -> str | bytes:
    """A table in one of `FORMATS`; bytes where it is no text.

    :raises UnknownName: for another one. :raises QueryError: when the format cannot hold it.
    """
    if form not in FORMATS:
        raise UnknownName("format", form, FORMATS)
    if table.footnotes and form not in WITH_FOOTNOTES:
        raise QueryError(
            f"{form} has no place for footnotes", expected="table, " + ", ".join(WITH_FOOTNOTES),
            todo="Leave --footnotes out: the sentences are a column then.",
        )  # fmt: skip
    return FORMATS[form](table)
