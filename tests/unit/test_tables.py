"""Tables for people, in a window of any width."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migkg.model import Footnote, Table
from migkg.tables import fit, lines_of, plain, show, size, wrap
from strategies import tables

PEOPLE = Table(
    ("person", "post", "observed", "sentence", "article", "url"),
    (
        ("Ani Wijaya", "Head of the Unit", "2024-06-12", "Ani Wijaya, Head of the Unit, spoke.", "Talks", None),
        ("Ani Wijaya", "Head of the Unit", "2024-06-12", "Ani Wijaya berbicara.", "Diskusi", "https://x.org/1"),
        ("Budi", None, None, "Budi listened.", "Talks", None),
    ),
    title="People",
    notes=("organization: IOM",),
)  # fmt: skip
widths = st.integers(20, 200)


# --- for people ---


def test_a_sentence_stands_under_its_row_and_a_row_is_not_repeated() -> None:
    assert plain(show(PEOPLE, 60)) == (
        "People\n"
        "\n"
        "person      post              observed\n"
        "──────────  ────────────────  ──────────\n"
        "Ani Wijaya  Head of the Unit  2024-06-12\n"
        "    “Ani Wijaya, Head of the Unit, spoke.” — Talks\n"
        "\n"
        "    “Ani Wijaya berbicara.” — Diskusi <https://x.org/1>\n"
        "\n"
        "Budi\n"
        "    “Budi listened.” — Talks\n"
        "\n"
        "organization: IOM\n"
        "3 rows"
    )


def test_without_a_sentence_all_columns_are_columns_and_numbers_stand_right() -> None:
    table = Table(("article", "facts"), (("Talks", 7), ("Longer talks", 1200)))
    assert plain(show(table)) == (
        "article       facts\n────────────  ─────\nTalks             7\nLonger talks   1200\n\n2 rows"
    )


def test_the_words_are_underlined_in_their_sentence() -> None:
    table = Table(("who", "words", "sentence"), (("Ani", "she said", "Yes, she said."),))
    pieces = [piece for line in show(table) for piece in line]
    assert ("she said", "underline") in pieces
    assert "she said\n" not in plain(show(table))


def test_words_that_are_all_of_the_sentence_are_not_underlined() -> None:
    table = Table(("who", "quotation", "sentence"), (("Ani", "She said so.", "She said so."),))
    assert "underline" not in {style for line in show(table) for _, style in line}


def test_words_out_of_another_sentence_stand_on_their_own() -> None:
    table = Table(("who", "quotation", "sentence"), (("Ani", "Go home.", "She said so."),))
    assert "“Go home.”\n    “She said so.”" in plain(show(table))


@pytest.mark.parametrize("width", [40, 80, 160])
def test_a_very_long_sentence_wraps(width: int) -> None:
    table = Table(("person", "sentence"), (("Ani", "word " * 400 + "x" * 300),))
    lines = [plain([line]) for line in show(table, width)]
    assert max(map(size, lines)) <= width
    assert "".join(lines).count("word") == 400


@given(tables(), widths)
def test_no_line_is_wider_than_the_window(table: Table, width: int) -> None:
    assert all(size(plain([line])) <= width for line in show(table, width))


@given(tables())
def test_nothing_that_a_terminal_obeys_is_shown(table: Table) -> None:
    shown = plain(show(table)).replace("\n", "")
    assert not [c for c in shown if c < " " or "\x7f" <= c <= "\x9f"]


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 200)), min_size=1, max_size=12), widths)
def test_columns_fit(needs: list[tuple[int, int]], width: int) -> None:
    needs = [(min(word, line), line) for word, line in needs]
    found = fit(needs, width)
    room = width - 2 * (len(needs) - 1)
    assert all(1 <= made <= line for made, (_, line) in zip(found, needs, strict=True))
    if room >= len(needs):
        assert sum(found) <= room
    if sum(line for _, line in needs) <= room:
        assert found == [line for _, line in needs]


def test_a_short_column_is_not_squeezed_for_a_long_one() -> None:
    assert fit([(10, 10), (12, 200), (8, 90)], 80) == [10, 33, 33]


@given(st.text(), st.integers(2, 80))
def test_wrapping_loses_nothing_but_space(words: str, width: int) -> None:
    found = wrap(words, width)
    assert "".join(words[a:b] for a, b in found).split() == [] or "".join(
        "".join(words[a:b].split()) for a, b in found
    ) == "".join(words.split())
    assert all(size(words[a:b]) <= width for a, b in found)
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("words", "width", "lines"),
    [
        ("one two three", 8, ["one two", "three"]),
        ("one\ntwo", 80, ["one", "two"]),
        ("abcdefgh ij", 3, ["abc", "def", "gh", "ij"]),
        ("", 5, []),
        ("移民组织", 4, ["移民", "组织"]),
    ],
)
def test_lines(words: str, width: int, lines: list[str]) -> None:
    assert lines_of(words, width) == lines


def test_cells_of_a_terminal() -> None:
    assert (size("abc"), size("é"), size("e\u0301"), size("移"), size("a\u200bb")) == (3, 1, 1, 2, 2)


def test_footnotes_stand_below_the_table_with_their_addresses() -> None:
    notes = (Footnote(1, "Ani Wijaya spoke.", "Talks", "https://x.org/1"), Footnote(2, "Budi listened.", "Diskusi"))
    shown = plain(show(Table(("person", "sources"), (("Ani Wijaya", "[1] [2]"),), footnotes=notes), 60))
    assert shown.splitlines() == [
        "person      sources",
        "──────────  ───────",
        "Ani Wijaya  [1] [2]",
        "",
        "[1] “Ani Wijaya spoke.” — Talks <https://x.org/1>",
        "[2] “Budi listened.” — Diskusi",
        "",
        "1 row",
    ]
