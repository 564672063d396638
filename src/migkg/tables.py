"""Tables as text: CSV, JSON, Markdown, SPARQL results in XML."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from migkg.errors import UnknownName
from migkg.model import Table


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def to_csv(table: Table) -> str:
    """Comma-separated values as in RFC 4180, with a header row."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.columns)
    writer.writerows(table.rows)
    return out.getvalue()


def to_json(table: Table) -> str:
    """A list of objects, one a row, keyed by column."""
    rows = [{name: _plain(value) for name, value in row.items()} for row in table]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def to_markdown(table: Table) -> str:
    """A pipe table (GitHub Flavored Markdown, section 4.10)."""
    head = "| " + " | ".join(table.columns) + " |\n|" + "---|" * len(table.columns) + "\n"
    cells = (
        ("" if value is None else str(value).replace("\\", "\\\\").replace("|", "\\|").replace("\n", "<br>") for value in row)
        for row in table.rows
    )
    return head + "".join("| " + " | ".join(row) + " |\n" for row in cells)


def to_xml(table: Table) -> str:
    """SPARQL Query Results XML Format (W3C 2013); values are labels, so all are literals."""
    from xml.etree import ElementTree as ET

    root = ET.Element("sparql", xmlns="http://www.w3.org/2005/sparql-results#")
    head = ET.SubElement(root, "head")
    for column in table.columns:
        ET.SubElement(head, "variable", name=column)
    results = ET.SubElement(root, "results")
    for row in table:
        result = ET.SubElement(results, "result")
        for column, value in row.items():
            if value is not None:
                ET.SubElement(ET.SubElement(result, "binding", name=column), "literal").text = str(value)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


FORMATS: Mapping[str, Callable[[Table], str]] = {"csv": to_csv, "json": to_json, "md": to_markdown, "xml": to_xml}


def write_table(table: Table, form: str) -> str:
    """A table in one of `FORMATS`. :raises UnknownName: for another one."""
    if form not in FORMATS:
        raise UnknownName("format", form, FORMATS)
    return FORMATS[form](table)
