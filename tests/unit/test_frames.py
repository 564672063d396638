"""Answers as data frames, and sentences as footnotes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from migkg import queries
from migkg.errors import MissingExtra
from migkg.footnotes import NO_SENTENCE, with_footnotes
from migkg.frames import Answer
from migkg.model import Footnote, Table
from migkg.store import EmbeddedStore


@pytest.fixture(scope="module")
def store() -> Iterator[EmbeddedStore]:
    with EmbeddedStore() as made:
        made.bulk_load(Path(__file__).parent.parent / "fixtures" / "graph.trig")
        yield made


def ask(store: EmbeddedStore, name: str, **params: str) -> Answer:
    return Answer.of(queries.run(store, queries.question(name), params))


ODD = Answer(
    ("text", "number", "real", "yes", "nothing", "mixed", "large"),
    (("a", 3, Decimal("2.5"), True, None, 1, 2**70), (None, None, 0.5, None, None, "x", 1)),
)


def test_pandas_has_useful_types(store: EmbeddedStore) -> None:
    frame = ODD.to_pandas()
    types = ["string", "Int64", "Float64", "boolean", "string", "string", "Float64"]
    assert [str(kind) for kind in frame.dtypes] == types
    assert frame["number"].sum() == 3
    frame = ask(store, "people").to_pandas()
    assert str(frame["observed"].dtype) == "datetime64[s]"
    assert frame["observed"].dt.year.max() == 2024
    assert str(ask(store, "events").to_pandas()["start"].dtype) == "string", "one of them is only a month"


def test_polars_has_useful_types(store: EmbeddedStore) -> None:
    polars = pytest.importorskip("polars")
    kinds = [polars.String, polars.Int64, polars.Float64, polars.Boolean, *[polars.String] * 2, polars.Float64]
    assert ODD.to_polars().dtypes == kinds
    frame = ask(store, "people").to_polars()
    assert frame.schema["observed"] == polars.Date
    assert ask(store, "events").to_polars().schema["start"] == polars.String


@pytest.mark.parametrize("rows", [(), (("Ani", "2024-06-12"),)])
def test_a_frame_has_the_rows_and_columns_of_its_table(rows: tuple[tuple[str, str], ...]) -> None:
    answer = Answer(("name", "name_2"), rows)
    assert answer.to_pandas().shape == answer.to_polars().shape == (len(rows), 2)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_missing_library_is_told_with_its_install_line(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    line = rf"{library} is not installed. Install it with: python -m pip install 'migkg\[{library}\]'"
    with pytest.raises(MissingExtra, match=line):
        getattr(ODD, f"to_{library}")()


# --- footnotes ---


def test_rows_that_only_their_sentences_tell_apart_become_one(store: EmbeddedStore) -> None:
    table = ask(store, "organisers", organizer="IOM", event="event/consultation-2024-06-12-semarang")
    noted = with_footnotes(store, table)
    assert noted.columns == ("organizer", "event", "start", "sources")
    assert [row["sources"] for row in noted] == ["[1] [2]"]
    assert [(note.number, note.article, note.url) for note in noted.footnotes] == [
        (1, "Consultation on safe migration opens in Semarang", "https://news.example/consultation"),
        (2, "Konsultasi migrasi aman dibuka di Semarang", "https://news.example/konsultasi"),
    ]
    assert all(note.sentence in {row["sentence"] for row in table} for note in noted.footnotes)


def test_one_sentence_has_one_number(store: EmbeddedStore) -> None:
    noted = with_footnotes(store, ask(store, "event-outcomes"))
    assert [row["sources"] for row in noted] == ["[1]", "[2]", "[2]"]
    assert [note.number for note in noted.footnotes] == [1, 2]


@pytest.mark.parametrize("name", queries.questions())
def test_footnotes_lose_no_sentence(store: EmbeddedStore, name: str) -> None:
    examples = {"facts": {"entity": "IOM"}, "sources-of-fact": {"fact": "fact/hosting-1"}}
    policy = {"policy": "GCM"} if name in ("who-spoke-about", "policy-timeline") else {}
    table = ask(store, name, **examples.get(name, policy))
    noted = with_footnotes(store, table)
    if "sentence" not in table.columns:
        assert noted.notes[-1] == NO_SENTENCE
        return
    assert {note.sentence for note in noted.footnotes} == {row["sentence"] for row in table} - {None}
    assert {"sentence", "article", "url"}.isdisjoint(noted.columns)
    assert len(set(noted.rows)) <= len(noted) <= len(table)


def test_a_table_of_no_store_has_footnotes_too(store: EmbeddedStore) -> None:
    table = Table(("who", "sentence", "article"), (("Ani", "Ani spoke.", "Talks"), ("Budi", None, "Talks")))
    noted = with_footnotes(store, table)
    assert noted.rows == (("Ani", "[1]"), ("Budi", ""))
    assert noted.footnotes == (Footnote(1, "Ani spoke.", "Talks"),)
