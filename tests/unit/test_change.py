"""What changed in a network between two periods: nodes, edges, measures, files, bad input."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from migkg.cli import main
from migkg.errors import QueryError
from migkg.model import Edge, Network, Node
from migkg.network.change import CHANGE_FORMATS, CHANGES, Change, compare, period

HOSTILE = {"a": 'quoted "name"', "b": "<b>&amp;</b>", "c": "مكتب", "d": "🌏", "e": "=cmd()"}


def network(weights: dict[str, int], *, directed: bool = False) -> Network:
    """Edges as "ab": 2."""
    names = sorted(set("".join(weights)))
    labels = {name: HOSTILE.get(name, name) for name in names}
    nodes = tuple(Node(f"x:{name}", {"en": labels[name], "id": labels[name]}, "igo") for name in names)
    edges = tuple(
        Edge(f"x:{pair[0]}", f"x:{pair[1]}", ("hosting",), weight, "2024", "2024", (f"f:{pair}",))
        for pair, weight in sorted(weights.items())
    )
    return Network("test", {"en": "Test", "id": "Uji"}, directed, "events", nodes, edges, ("A note.",))


def between(before: dict[str, int], after: dict[str, int]) -> Change:
    return compare(network(before), network(after), ("2023", "2024"))


def test_what_came_went_grew_and_shrank() -> None:
    found = between({"ab": 1, "ac": 3, "ad": 1, "bc": 2}, {"ab": 2, "ac": 1, "ae": 1, "bc": 2})
    edges = {one.source[2:] + one.target[2:]: (one.change, *one.weights) for one in found.edges}
    assert edges == {
        "ab": ("grew", 1, 2), "ac": ("shrank", 3, 1), "ad": ("went", 1, 0), "ae": ("came", 0, 1), "bc": ("same", 2, 2)
    }  # fmt: skip
    nodes = {one.node.iri[2:]: one.change for one in found.nodes}
    assert nodes == {"a": "shrank", "b": "grew", "c": "shrank", "d": "went", "e": "came"}
    assert [row["change"] for row in found.ties()] == ["shrank", "grew", "went", "came"], "the largest change first"
    assert found.ties().title == "Test, from 2023 to 2024: edges: 1 came, 1 went, 1 grew, 1 shrank, 1 same"
    row = next(iter(found.actors()))
    assert (row["strength before"], row["strength after"], row["degree before"], row["degree after"]) == (5, 4, 3, 3)
    gone = next(row for row in found.actors(every=True) if row["change"] == "went")
    assert (gone["degree after"], gone["constraint after"]) == (0, None)


WEIGHTS = st.dictionaries(st.sampled_from(["ab", "ac", "bc", "bd", "cd"]), st.integers(1, 4))


@given(WEIGHTS, WEIGHTS)
@settings(max_examples=40, deadline=None)
def test_back_is_the_opposite_of_forth(before: dict[str, int], after: dict[str, int]) -> None:
    opposite = dict(zip(CHANGES, ("went", "came", "shrank", "grew", "same"), strict=True))
    forth, back = between(before, after), between(after, before)
    assert {one.node.iri: opposite[one.change] for one in forth.nodes} == {
        one.node.iri: one.change for one in back.nodes
    }
    assert {(one.source, one.target): one.weights for one in forth.edges} == {
        (one.source, one.target): one.weights[::-1] for one in back.edges
    }
    assert sum(one.weights[1] for one in forth.edges) == sum(after.values())
    assert {one.change for one in between(before, before).edges} <= {"same"}


@pytest.mark.parametrize("case", [({}, {}), ({}, {"ab": 1}), ({"ab": 1}, {}), ({"ab": 1, "cd": 2}, {"ae": 3})])
def test_every_format_takes_every_change(case: tuple[dict[str, int], dict[str, int]]) -> None:
    found = between(*case)
    for write in CHANGE_FORMATS.values():
        assert write(found) == write(found)
    data = json.loads(CHANGE_FORMATS["json"](found)[""])
    assert len(data["edges"]) == len({*case[0], *case[1]})
    assert all((edge["before"] or edge["after"])["facts"] for edge in data["edges"])
    tables = {
        name: list(csv.reader(io.StringIO(made.decode(), newline="")))
        for name, made in CHANGE_FORMATS["csv"](found).items()
    }
    assert (len(tables[".nodes"]), len(tables[".edges"])) == (len(found.nodes) + 1, len(found.edges) + 1)
    cells = {cell for table in tables.values() for row in table for cell in row}
    assert not any(cell.startswith("=") for cell in cells)
    assert "<b>" not in found._repr_html_()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2023", ("2023", "2023")),
        ("..2021", ("", "2021")),
        (" 2022-01 .. 23 ", ("2022-01", "23")),
        ("2024..", ("2024", "")),
    ],
)
def test_periods(text: str, wanted: tuple[str, str]) -> None:
    assert period(text) == wanted


@pytest.mark.parametrize("text", ["", "..", " .. "])
def test_what_is_no_period_is_told(text: str) -> None:
    with pytest.raises(QueryError, match=r"is no period; expected a period as 2023, 2022\.\.2023-06"):
        period(text)


# --- the command and Python ---


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from graphs import bundled

    return bundled(tmp_path_factory)


def run(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, ["network", "--projection", "co-hosting", *words])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    return done.exit_code, done.stdout, done.stderr


def test_the_command(folder: Path, tmp_path: Path) -> None:
    change = ("--kg", str(folder), "--change", "..2023", "2024..")
    code, shown, _ = run(*change, "--top", "3")
    assert code == 0
    assert "Organisations that host events together, from ..2023 to 2024..: nodes:" in shown
    assert "edges:" in shown
    assert "constraint" in run(*change, "--measures")[1]
    assert run("--kg", str(folder), "--change", "1980", "1990")[0] == 1
    assert run(*change, "-o", str(tmp_path / "change.csv"))[0] == 0
    assert {path.name for path in tmp_path.iterdir()} == {"change.nodes.csv", "change.edges.csv"}
    assert json.loads(run(*change, "--format", "json")[1])["periods"] == ["..2023", "2024.."]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--change", "2023", "soon"), '"soon" is no date'),
        (("--change", "..", "2023"), '".." is no period'),
        (("--change", "2024..2023", "2025"), "ends before it begins"),
        (("--change", "2023", "2024", "--since", "2020"), "--change names its own periods"),
        (("--change", "2023", "2024", "-o", "x.gexf"), "a change is not written as gexf; expected table, csv, json"),
    ],
)
def test_the_command_with_bad_input(folder: Path, words: tuple[str, ...], told: str) -> None:
    code, shown, errors = run(*words, "--kg", str(folder))
    assert (code, shown) == (2, "")
    assert told in errors


def test_in_python(folder: Path) -> None:
    import migkg

    with migkg.open(folder) as kg:
        found = kg.change("co-hosting", "..2023", "2024..")
        frame = found.ties().to_pandas()
        assert set(frame["change"]) <= set(CHANGES)
        assert "Organisations that host events together" in found._repr_html_()
        for one in found.edges:  # undirected: the same edge in both periods
            assert one.source < one.target
