"""Tables in the formats that programs and reports read."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
from hypothesis import given
from openpyxl import load_workbook

from migkg import queries
from migkg.errors import QueryError, UnknownName
from migkg.formats import write_table
from migkg.model import Footnote, Table
from migkg.ontology import ID
from migkg.store import EmbeddedStore
from strategies import tables

XSD = "http://www.w3.org/2001/XMLSchema#"
ENGINE = {"json": ox.QueryResultsFormat.JSON, "xml": ox.QueryResultsFormat.XML}
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@pytest.fixture(scope="module")
def store() -> Iterator[EmbeddedStore]:
    with EmbeddedStore() as made:
        made.bulk_load(Path(__file__).parent.parent / "fixtures" / "graph.trig")
        yield made


ODD = Table(
    ("text", "number", "part", "yes", "nothing", "real"),
    (
        ('a "quoted", text\nof two lines | with \\ pipes', 3, Decimal("2.50"), True, None, 0.5),
        ("=HYPERLINK(\"x\")", -3, Decimal("-1"), False, None, -1.0),
    ),
)  # fmt: skip


def test_csv() -> None:
    rows = list(csv.reader(io.StringIO(str(write_table(ODD, "csv")), newline="")))
    assert rows[0] == list(ODD.columns)
    assert rows[1] == ['a "quoted", text\nof two lines | with \\ pipes', "3", "2.50", "true", "", "0.5"]
    assert rows[2][0] == '\'=HYPERLINK("x")', "a spreadsheet would run it"
    assert rows[2][1:3] == ["-3", "-1"]


def bindings(table: Table) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(str(write_table(table, "json")))["results"]["bindings"]
    return found


def test_json_is_sparql_results() -> None:
    made = json.loads(str(write_table(ODD, "json")))
    assert made["head"]["vars"] == list(ODD.columns)
    assert made["results"]["bindings"][0] == {
        "text": {"type": "literal", "value": ODD.rows[0][0]},
        "number": {"type": "literal", "value": "3", "datatype": XSD + "integer"},
        "part": {"type": "literal", "value": "2.50", "datatype": XSD + "decimal"},
        "yes": {"type": "literal", "value": "true", "datatype": XSD + "boolean"},
        "real": {"type": "literal", "value": "0.5", "datatype": XSD + "double"},
    }


def test_numbers_without_end_are_those_of_xml_schema() -> None:
    table = Table(("x",), ((float("nan"),), (float("inf"),), (float("-inf"),)))
    assert [row["x"]["value"] for row in bindings(table)] == ["NaN", "INF", "-INF"]


def test_terms_stay_terms_with_their_labels_beside_them(store: EmbeddedStore) -> None:
    table = queries.run(store, queries.question("people"), {"person": "Rina Hartati", "organization": "Kemlu"})
    first = bindings(table)[0]
    assert first["person"] == {"type": "uri", "value": ID + "person/rina-hartati"}
    assert first["personLabel"] == {"type": "literal", "value": "Rina Hartati"}
    assert first["observed"] == {"type": "literal", "value": "2024-06-13", "datatype": XSD + "date"}
    assert "titleLabel" not in first
    bare = queries.run(store, queries.question("people"), {"person": "Rina Hartati"}, iris=True)
    assert "personLabel" not in bindings(bare)[0]
    spoken = queries.run_sparql(store, 'SELECT ?x { VALUES ?x { "ya"@id } }')
    assert bindings(spoken) == [{"x": {"type": "literal", "value": "ya", "xml:lang": "id"}}]


@pytest.mark.parametrize("name", ["people", "attendance", "objective-coverage", "events"])
def test_other_programs_read_our_json_and_xml(store: EmbeddedStore, name: str) -> None:
    from rdflib.query import Result

    table = queries.run(store, queries.question(name))
    for form in ("json", "xml"):
        read = Result.parse(io.BytesIO(str(write_table(table, form)).encode()), format=form)
        assert len(list(read)) == len(table)
        engine = ox.parse_query_results(str(write_table(table, form)), format=ENGINE[form])
        assert isinstance(engine, ox.QuerySolutions)
        held = [tuple(solution[column] for column in table.columns) for solution in engine]
        assert held == list(table.terms)


@pytest.mark.parametrize(("ask", "told"), [("ASK { ?s ?p ?o }", True), ("ASK { <x:a> <x:b> <x:c> }", False)])
def test_the_answer_to_an_ask(store: EmbeddedStore, ask: str, told: bool) -> None:  # noqa: FBT001
    table = queries.run_sparql(store, ask)
    assert json.loads(str(write_table(table, "json"))) == {"head": {}, "boolean": told}
    assert f"<boolean>{str(told).lower()}</boolean>" in str(write_table(table, "xml"))


def test_markdown_is_one_line_a_row() -> None:
    head, rule, first, _ = str(write_table(ODD, "md")).splitlines()
    assert head == "| text | number | part | yes | nothing | real |"
    assert rule == "|---|---|---|---|---|---|"
    assert first.startswith('| a "quoted", text<br>of two lines \\| with \\\\ pipes | 3 | 2.50 | true |  | 0.5 |')


def test_xml_follows_the_recommendation() -> None:
    space = {"s": "http://www.w3.org/2005/sparql-results#"}
    root = ET.fromstring(str(write_table(ODD, "xml")))  # noqa: S314 - our own
    assert [variable.get("name") for variable in root.findall("s:head/s:variable", space)] == list(ODD.columns)
    result = root.find("s:results/s:result", space)
    assert result is not None
    found = {b.get("name"): b.find("s:literal", space) for b in result.findall("s:binding", space)}
    assert set(found) == set(ODD.columns) - {"nothing"}
    types = {
        name: (literal.get("datatype") or "").rpartition("#")[2]
        for name, literal in found.items()
        if literal is not None
    }
    assert types == {"text": "", "number": "integer", "part": "decimal", "yes": "boolean", "real": "double"}


@given(tables())
def test_every_format_can_be_read_back(table: Table) -> None:
    assert len(bindings(table)) == len(table)
    assert len(list(csv.reader(io.StringIO(str(write_table(table, "csv")), newline="")))) == len(table) + 1
    assert len(str(write_table(table, "md")).split("\n")) == len(table) + 3
    root = ET.fromstring(str(write_table(table, "xml")))  # noqa: S314 - our own
    texts = [value for row in table.rows for value in row if isinstance(value, str)]
    literals = [e for e in root.iter("{http://www.w3.org/2005/sparql-results#}literal") if not e.get("datatype")]
    assert [literal.text or "" for literal in literals] == [NOT_IN_XML.sub("\ufffd", value) for value in texts]


def test_an_unknown_format_lists_the_known() -> None:
    with pytest.raises(UnknownName, match=r'expected one of: csv, json, md, xlsx, xml.* Did you mean "json"'):
        write_table(ODD, "jsn")


# --- Markdown ---


def test_markdown_shows_what_an_article_prints_and_obeys_none_of_it() -> None:
    table = Table(("x",), (("<script>*a* `b` [c](d)|\\",),))
    assert str(write_table(table, "md")).splitlines()[2] == r"| \<script>\*a\* \`b\` \[c\](d)\|\\ |"


def test_markdown_footnotes() -> None:
    notes = (Footnote(1, "One.", "Talks", "https://x.org/1"), Footnote(2, "Two.", "D", "javascript:alert(1)"))
    made = str(write_table(Table(("who", "sources"), (("Ani", "[1] [2]"),), footnotes=notes), "md"))
    assert made.splitlines() == [
        "| who | sources |",
        "|---|---|",
        "| Ani | [^1][^2] |",
        "",
        "[^1]: “One.” — [Talks](<https://x.org/1>)",
        "[^2]: “Two.” — D",
    ]
    for form in ("csv", "json", "xml"):
        with pytest.raises(QueryError, match=f"{form} has no place for footnotes; expected table, md, xlsx"):
            write_table(Table(("who", "sources"), (("Ani", "[1]"),), footnotes=notes), form)


# --- Excel ---


def sheets(table: Table) -> dict[str, list[list[Any]]]:
    made = write_table(table, "xlsx")
    assert isinstance(made, bytes)
    assert made == write_table(table, "xlsx"), "the same bytes each time"
    book = load_workbook(io.BytesIO(made))
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row), "a formula"
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


def test_excel() -> None:
    (rows,) = sheets(ODD).values()
    assert rows[0] == list(ODD.columns)
    assert rows[1] == ['a "quoted", text\nof two lines | with \\ pipes', 3, 2.5, True, None, 0.5]
    assert rows[2][0] == '=HYPERLINK("x")', "as text, and not as a formula"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "http://x.org", "{=1}", "\t=1", "00123", "1e5"])
def test_excel_takes_every_text_for_text(cell: str) -> None:
    ((_, (found,)),) = sheets(Table(("x",), ((cell,),))).values()
    assert found == cell


def test_excel_has_a_sheet_of_sources() -> None:
    notes = (Footnote(1, "=One.", "Talks", "https://x.org/1"),)
    found = sheets(Table(("who", "sources"), (("Ani", "[1]"),), footnotes=notes))
    assert found["Sources"] == [["number", "sentence", "article", "url"], [1, "=One.", "Talks", "https://x.org/1"]]


def test_excel_cuts_what_no_cell_can_hold() -> None:
    ((_, (found,)),) = sheets(Table(("x",), (("a" * 40_000,),))).values()
    assert len(found) == 32_767
    assert found.endswith("a…")


@given(tables())
def test_excel_can_be_read_back(table: Table) -> None:
    (rows,) = sheets(table).values()
    assert len(rows) == len(table) + 1 or not any(table.rows[-1]), "only empty rows may go"
