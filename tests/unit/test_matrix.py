"""Matrices: what a cell counts and leads to, rows with nothing, options, files, heat maps, bad input."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from graphs import fixture_graph
from migkg.cli import main
from migkg.errors import DataError, MissingExtra, NothingFound, QueryError, UnknownName
from migkg.network import heatmap, selection
from migkg.network import matrix as room
from migkg.network.cells import MATRIX_FORMATS
from migkg.network.matrix import Cell, Head, Matrix, facts_table, matrices, matrix
from migkg.store import EmbeddedStore

QUERIES = Path(__file__).parents[2] / "queries"
HOSTILE = (
    'quoted "name"',
    "<b>&amp;</b>",
    "back\\slash\nline",
    "مكتب الهجرة",
    "🌏",
    "=cmd()",
    "$x^2$",
    "all",
    "objective",
    "",
)


@pytest.fixture(scope="module")
def store() -> Iterator[EmbeddedStore]:
    with fixture_graph() as made:
        yield made


def small(names: tuple[str, ...] = HOSTILE, *, rows: tuple[str, ...] = ("one", "two"), lang: str = "en") -> Matrix:
    """Each column has something in the first row; the last row has nothing."""
    columns = tuple(Head(f"x:{n}", {"en": name, "id": name}) for n, name in enumerate(names))
    heads = tuple(Head(f"r:{n}", {"en": name, "id": name}, n + 1) for n, name in enumerate(rows))
    cells = {
        ("r:0", column.key): Cell(tuple(f"f:{n}-{k}" for k in range(n + 1)), (), "2024", "2024")
        for n, column in enumerate(columns)
    }
    return Matrix("test", matrices()["objective-organisation"].texts, heads, columns, cells if rows else {}, (), lang)


# --- making ---


@pytest.mark.parametrize("name", matrices())
def test_every_matrix_has_an_expected_answer(store: EmbeddedStore, golden: Any, name: str) -> None:
    lines = []
    for lang in ("en", "id"):
        table = matrix(store, name, lang=lang).table()
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\n").writerows([table.columns, *table.rows])
        lines += [f"# {table.title}\n", *(f"# {note}\n" for note in table.notes), out.getvalue()]
    golden.check(f"matrices/{name}.txt", "".join(lines))


@pytest.mark.parametrize("name", matrices())
def test_every_cell_leads_to_facts_with_evidence(store: EmbeddedStore, name: str) -> None:
    found = matrix(store, name)
    assert found.cells
    for cell in found.cells.values():
        assert cell.facts
        assert not set(cell.facts) & set(cell.through)
        for fact in (*cell.facts, *cell.through):
            assert store.query(f"ASK {{ <{fact}> mig:evidence/mig:sentence ?sentence }}") is True
    table = facts_table(store, found)
    assert {row["fact"] for row in table} == {
        fact.removeprefix("https://w3id.org/migkg/id/")
        for cell in found.cells.values()
        for fact in (*cell.facts, *cell.through)
    }
    assert all(row["sentence"] for row in table)


@pytest.mark.parametrize("name", [name for name in matrices() if name.startswith("objective")])
def test_all_objectives_are_shown_and_the_gaps_are_named(store: EmbeddedStore, name: str) -> None:
    found = matrix(store, name)
    assert [row.number for row in found.rows] == list(range(1, 24))
    gaps = {row.number for row in found.gaps()}
    assert 12 in gaps
    assert 5 not in gaps
    assert found.told()[-1].startswith("No article tells of ")
    assert " 12," in found.told()[-1]
    assert matrix(store, name, lang="id").told()[-1].startswith("Tidak ada artikel")


def test_of_a_session_who_hosts_the_event_works_on_its_objective(store: EmbeddedStore) -> None:
    """The session is on objective 23, IOM hosts the whole: the fact on the session counts, hosting leads there."""
    found = matrix(store, "objective-organisation")
    base = "https://w3id.org/migkg/"
    cell = found.cells[base + "scheme/gcm/objective-23", base + "id/organization/iom"]
    assert [fact.rpartition("/")[2] for fact in cell.facts] == ["addressing-2"]
    assert [fact.rpartition("/")[2] for fact in cell.through] == ["hosting-1"]


def test_years_have_no_holes_and_what_has_no_date_stands_at_the_end() -> None:
    assert [head.key for head in room._years({"2021", "2024", ""})] == ["2021", "2022", "2023", "2024", ""]
    assert room._years(set()) == ()


def test_options(store: EmbeddedStore) -> None:
    late = matrix(store, "objective-year", selection(since="2024"))
    assert [column.key for column in late.columns] == ["2024"]
    assert "Only what holds in the time from 2024 to the end." in late.told()
    both = selection(until="2024", countries=["Indonesia"], roll_up=True, event_types=["consultation"])
    told = " ".join(matrix(store, "objective-organisation", both, lang="id").told())
    assert "Hanya yang berlaku pada masa dari awal sampai 2024." in told
    assert not re.search(r"\b(the|Only|counts?|to|of)\b", told)
    nothing = matrix(store, "objective-year", selection(until="1990"))
    assert (len(nothing.rows), nothing.columns, len(nothing.gaps())) == (23, (), 23)
    home = matrix(store, "objective-organisation", selection(countries=["Indonesia"]))
    assert {column.labels["en"] for column in home.columns} <= {
        "IOM Indonesia", "Ministry of Foreign Affairs of the Republic of Indonesia"
    }  # fmt: skip
    assert home.cells
    rolled = matrix(store, "objective-organisation", selection(roll_up=True))
    assert "IOM Indonesia" not in {column.labels["en"] for column in rolled.columns}


def test_top_keeps_the_fullest_columns_and_of_years_the_latest(store: EmbeddedStore) -> None:
    found = matrix(store, "objective-organisation")
    first = found.top(1)
    assert first.columns == found.columns[:1]
    assert "Of 5 columns the 1 with the most are shown (organisation)." in first.told()
    assert first.totals() == found.totals(), "a total counts what is left out too"
    assert [column.key for column in matrix(store, "objective-year").top(1).columns] == ["2024"]
    assert found.top(99) is found


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), st.sets(st.integers(0, 5), min_size=1), max_size=9
    )
)
@settings(max_examples=50, deadline=None)
def test_totals_count_each_fact_once(held: dict[tuple[str, str], set[int]]) -> None:
    heads = [tuple(Head(key, {"en": key, "id": key}) for key in keys) for keys in ("abc", "xyz")]
    cells = {key: Cell(tuple(sorted(map(str, facts))), (), "", "") for key, facts in held.items()}
    made = Matrix("test", matrices()["policy-speaker"].texts, heads[0], heads[1], cells)
    for row in "abc":
        facts = set().union(*(found for (one, _), found in held.items() if one == row))
        assert made.totals()[row] == len(facts)
        assert (made.rows["abc".index(row)] in made.gaps()) == (not facts)
    for column in "xyz":
        assert made.column_totals()[column] == len(set().union(*(f for (_, one), f in held.items() if one == column)))


@pytest.mark.parametrize(
    ("name", "options", "error", "words"),
    [
        ("objective-yeer", {}, UnknownName, 'unknown matrix "objective-yeer"; expected one of: objective-organisation'),
        ("objective-year", {"since": "soon"}, QueryError, '"soon" is no date'),
        ("objective-year", {"since": "2025", "until": "2024"}, QueryError, "from 2025 to 2024 ends before it begins"),
        ("objective-year", {"event_types": ["wrkshop"]}, UnknownName, 'unknown event type "wrkshop"'),
        ("policy-speaker", {"countries": ["Atlantis"]}, NothingFound, "Atlantis"),
    ],
)
def test_bad_options(
    store: EmbeddedStore, name: str, options: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        matrix(store, name, selection(**options))


GOOD = (QUERIES / "matrices.toml").read_text().partition("[objective-year]")[0]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (GOOD, "x", "the matrices cannot be read"),
        (GOOD, "a = 1", 'the matrix a has no "column"'),
        ('row = "source"', "row = 3", 'has no "row", or a wrong one'),
        ('row = "source"', 'row = "year"', 'has the row "year"; expected source or target'),
        ('rows = "objectives"', 'rows = "nothing"', "asks nothing; expected one of: "),
        ('rows = "objectives"', "more = 1", "has the unknown key more"),
    ],
)
def test_a_broken_declaration_is_told(tmp_path: Path, old: str, new: str, words: str) -> None:
    for folder in ("networks", "matrices"):
        (tmp_path / folder).symlink_to(QUERIES / folder)
    (tmp_path / "matrices.toml").write_text(GOOD.replace(old, new))
    with pytest.raises(DataError, match=words):
        matrices(tmp_path / "matrices.toml")


# --- files ---


def test_csv_is_harmless_and_tells_columns_apart() -> None:
    rows = list(csv.reader(io.StringIO(MATRIX_FORMATS["csv"](small(), None).decode(), newline="")))
    assert rows[0][0] == "objective"
    assert len(set(rows[0])) == len(rows[0]) == len(HOSTILE) + 2
    assert rows[1][1:] == [str(n + 1) for n in range(len(HOSTILE))] + [str(sum(range(1, len(HOSTILE) + 1)))]
    assert rows[2] == ["2. two", *["0"] * (len(HOSTILE) + 1)]
    bad = replace(small(), rows=(Head("r:0", {"en": "=1+1", "id": "=1+1"}),))
    assert b"\n'=1+1," in MATRIX_FORMATS["csv"](bad, None)


def test_json_leads_from_each_cell_to_its_facts() -> None:
    data = json.loads(MATRIX_FORMATS["json"](small(), None))
    assert [row["label"] for row in data["rows"]] == ["one", "two"]
    assert [column["label"] for column in data["columns"]] == list(HOSTILE)
    assert data["gaps"] == ["r:1"]
    assert all(cell["count"] == len(cell["facts"]) for cell in data["cells"])
    assert data["rows"][0]["total"] == sum(cell["count"] for cell in data["cells"])


@pytest.mark.parametrize("form", MATRIX_FORMATS)
@pytest.mark.parametrize("case", ["hostile", "empty", "one"])
def test_every_format_takes_every_matrix_and_gives_the_same_bytes(form: str, case: str) -> None:
    made = {"hostile": small(), "empty": small((), rows=()), "one": small(("only",), rows=("row",))}[case]
    assert MATRIX_FORMATS[form](made, None) == MATRIX_FORMATS[form](made, None) != b""


def test_a_heat_map_names_all_and_nothing_covers_another(monkeypatch: pytest.MonkeyPatch, store: EmbeddedStore) -> None:
    from matplotlib.figure import Figure

    for made in (
        small(HOSTILE * 2),
        matrix(store, "objective-year", lang="id"),
        matrix(store, "objective-organisation"),
    ):
        kept: list[tuple[str, Any, float]] = []

        def look(figure: Figure, *args: Any, kept: list[Any] = kept, **named: Any) -> None:
            renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
            page = figure.bbox
            for text in figure.axes[0].texts:
                box = text.get_window_extent(renderer)
                assert page.x0 <= box.x0 and box.x1 <= page.x1, text.get_text()
                assert page.y0 <= box.y0 and box.y1 <= page.y1, text.get_text()
                kept.append((text.get_text(), box, text.get_rotation()))

        monkeypatch.setattr(Figure, "savefig", look)
        heatmap.drawn(made, "png")
        for (one, box, _), (other, box2, _) in combinations([text for text in kept if not text[2]], 2):
            assert not box.overlaps(box2), (one, other)
        shown = " ".join(text.replace("\n", " ") for text, *_ in kept)
        assert made.texts[made.lang]["title"] in shown
        assert made.texts[made.lang]["gap"] in shown
        assert {"en": "nothing", "id": "tidak ada"}[made.lang] in shown


def test_a_large_matrix_shows_what_a_page_can_hold_and_says_so() -> None:
    shown = heatmap._fitting(small(tuple(map(str, range(40))), rows=tuple(map(str, range(70)))))
    assert (len(shown.columns), len(shown.rows)) == (30, 60)
    assert "Of 70 rows the first 60 are shown." in shown.told()
    assert etree.fromstring(heatmap.drawn(shown, "svg")).tag.endswith("svg")


@given(st.integers(1, 5000))
@settings(max_examples=60, deadline=None)
def test_every_count_has_one_shade_and_more_is_darker(most: int) -> None:
    made = small((), rows=("a",))
    made = replace(made, columns=(Head("x", {"en": "x", "id": "x"}),))
    made = replace(made, cells={("r:0", "x"): Cell(tuple(map(str, range(most))), (), "", "")})
    bounds = heatmap._bounds(made)
    assert bounds[0][0] == 1
    assert bounds[-1][1] >= most
    assert all(after[0] == before[1] + 1 for before, after in pairwise(bounds))
    shades = heatmap._spread(len(bounds))
    light = [
        sum(int(shade[i : i + 2], 16) * part for i, part in ((1, 0.299), (3, 0.587), (5, 0.114))) for shade in shades
    ]
    assert light == sorted(set(light), reverse=True), "told apart in grey"


def test_without_matplotlib_the_install_line_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from migkg.network import paper

    paper._font.cache_clear()
    for name in ("matplotlib", "matplotlib.font_manager"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtra, match=r"matplotlib is not installed\. Install it with: .*'migkg\[pictures\]'"):
        heatmap.drawn(small(), "png")


# --- the command and Python ---


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from graphs import bundled

    return bundled(tmp_path_factory)


def run(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, ["matrix", *words])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    return done.exit_code, done.stdout, done.stderr


def test_the_command(folder: Path, tmp_path: Path) -> None:
    kg = ("--kg", str(folder))
    assert all(name in run()[1] for name in matrices())
    code, shown, _ = run("objective-year", *kg)
    assert code == 0
    assert "12. Strengthen certainty" in " ".join(shown.split())
    assert "No article tells of objective 1, 2" in shown
    code, shown, _ = run("policy-speaker", "--top", "2", "--facts", *kg)
    assert "fact/statement-" in shown
    assert run("objective-year", "--until", "1990", *kg)[0] == 1
    code, _, told = run("policy-speaker", "-o", str(tmp_path / "who.svg"), *kg)
    assert (code, told.startswith("Wrote ")) == (0, True)
    assert json.loads(run("policy-speaker", "--format", "json", *kg)[1])["cells"][0]["facts"]
    assert "| policy |" in run("policy-speaker", "--format", "md", *kg)[1]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nothing",), 'unknown matrix "nothing"; expected one of: objective-organisation, objective-year'),
        (("objective-year", "--format", "svgg"), 'unknown format "svgg"'),
        (("objective-year", "-o", "x.gif"), 'unknown format "gif"'),
        (("objective-year", "--format", "table", "-o", "x"), "a table is not written to a file"),
        (("objective-year", "--facts", "-o", "x.png"), "png has no place for facts"),
        (("objective-year", "--since", "2025", "--until", "2024"), "ends before it begins"),
        (("objective-year", "-o", "/no/such/folder/x.md"), "could not be written"),
    ],
)
def test_the_command_with_bad_input(folder: Path, words: tuple[str, ...], told: str) -> None:
    code, shown, errors = run(*words, "--kg", str(folder))
    assert (code, shown) == (2, "")
    assert told in errors


def test_python_gives_a_matrix_that_shows_itself(folder: Path) -> None:
    import migkg

    with migkg.open(folder) as kg:
        found = kg.matrix("policy-speaker", since="2020")
        frame = found.to_pandas()
        html = found._repr_html_()
    assert frame.index.name == "policy"
    assert frame.columns.name == "speaker"
    assert frame.loc["Global Compact for Safe, Orderly and Regular Migration", "Penny Dewi Herasati"] >= 1
    assert "Who speaks about which policy" in html
    hostile = small()._repr_html_()
    assert etree.fromstring(f"<div>{hostile}</div>") is not None
    assert "<b>" not in hostile
