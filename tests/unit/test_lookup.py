"""Finding things by name and articles by words: what is found, in which order, and where the index lives."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

import migkg
from graphs import article, bundled
from migkg import lookup
from migkg.build import build
from migkg.cli import main
from migkg.errors import GraphError, QueryError
from migkg.folder import index_file
from migkg.store import EmbeddedStore
from migkg.tables import plain

FIXTURES = Path(__file__).parent.parent / "fixtures"
TEXT = (
    "Jakarta – The International Organization for Migration (IOM) held a workshop on return in Jakarta on 3 May 2024. "
    "The tamarind tree in front of the hall gave shade."
)


def _index(folder: Path) -> Path:
    """The index of a graph folder."""
    file = index_file(folder)
    assert file
    return file


@pytest.fixture(scope="module")
def store() -> Iterator[EmbeddedStore]:
    with EmbeddedStore() as made:
        made.bulk_load(FIXTURES / "graph.trig")
        yield made


@pytest.fixture(scope="module")
def db(store: EmbeddedStore) -> Iterator[sqlite3.Connection]:
    made = lookup.open_index(None, store)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("text", "label", "how"),
    [
        ("kemlu", "Ministry of Foreign Affairs of the Republic of Indonesia", "acronym"),
        ("KÉMLU", "Ministry of Foreign Affairs of the Republic of Indonesia", "acronym"),
        ("rina hartati", "Rina Hartati", "name"),
        ("Rina Hartatti", "Rina Hartati", "name"),  # a letter too many
        ("rian hartati", "Rina Hartati", "name"),  # two letters changed places
        ("hartati", "Rina Hartati", "name"),
        ("Rina Har", "Rina Hartati", "name"),  # not typed to its end
        ("organisasi internasional untuk migrasi", "International Organization for Migration", "name"),
        ("Global Compct", "Global Compact for Safe, Orderly and Regular Migration", "also called"),
        ("lentera", "Lentera Perantau Foundation", "name"),
    ],
)
def test_a_thing_is_found_by_its_names(
    db: sqlite3.Connection, store: EmbeddedStore, text: str, label: str, how: str
) -> None:
    first = lookup.find(db, store, text)[0]
    assert (first.label, first.how) == (label, how)


def test_labels_and_kinds_are_in_the_language_asked_for(db: sqlite3.Connection, store: EmbeddedStore) -> None:
    first = lookup.find(db, store, "iom", lang="id")[0]
    assert first.label == "Organisasi Internasional untuk Migrasi"


def test_articles_that_name_a_thing_are_counted(db: sqlite3.Connection, store: EmbeddedStore) -> None:
    assert lookup.find(db, store, "Rina Hartati")[0].articles == 3
    assert lookup.find(db, store, "Lentera Perantau Foundation")[0].articles == 3


def test_articles_are_found_by_words_after_the_things(db: sqlite3.Connection, store: EmbeddedStore) -> None:
    found = lookup.find(db, store, "regular pathways data")
    assert [one.how for one in found] == ["words"]
    assert found[0].label == "Consultation on safe migration opens in Semarang"
    assert [found[0].matched[start:end] for start, end in found[0].marks] == ["regular", "pathways", "data"]
    found = lookup.find(db, store, "hartati")
    assert [one.how for one in found] == ["name", *["words"] * 3]


def test_short_words_are_not_guessed_at(db: sqlite3.Connection, store: EmbeddedStore) -> None:
    assert lookup.find(db, store, "xom") == ()


@pytest.mark.parametrize("text", ['"', "*", "", "  ", "-- ; ()"])
def test_a_text_without_a_word_is_refused(db: sqlite3.Connection, store: EmbeddedStore, text: str) -> None:
    with pytest.raises(QueryError, match="there is no word in"):
        lookup.find(db, store, text)


@pytest.mark.parametrize("text", ['rina" OR "x', "NOT rina NEAR(", "title:rina", "rina*", "^rina", "{rina}"])
def test_the_index_reads_no_command_in_what_is_looked_for(
    db: sqlite3.Connection, store: EmbeddedStore, text: str
) -> None:
    lookup.find(db, store, text)


def test_the_limit_holds_for_things_and_articles(db: sqlite3.Connection, store: EmbeddedStore) -> None:
    found = lookup.find(db, store, "migration", limit=2)
    assert [one.how == "words" for one in found] == [False, False, True, True]


def test_results_for_people_name_the_next_command(db: sqlite3.Connection, store: EmbeddedStore) -> None:
    for width in (80, 120):
        shown = plain(lookup.show_found(lookup.find(db, store, "konsultasi"), width))
        assert "    migkg explain event/consultation-2024-06-12-semarang" in shown
        assert "https://" not in shown
        assert max(map(len, shown.splitlines())) <= width


# --- where it lives ---


@pytest.mark.usefixtures("bare")
def test_a_build_indexes_the_whole_text(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    source = article(tmp_path, "a", TEXT)
    build([str(source)], tmp_path / "kg", check=False)
    with migkg.open(tmp_path / "kg") as kg:
        (found,) = kg.find("tamarind")  # and not Samarinda, as an article has the very word
        assert "tamarind" in found.matched
        for form in ("trig", "nq"):
            kg.export(form, tmp_path / "out")
            assert b"tamarind" not in (tmp_path / "out").read_bytes()


@pytest.mark.usefixtures("bare")
def test_the_same_articles_make_the_same_bytes(tmp_path: Path) -> None:
    sources = [str(article(tmp_path, name, f"Jakarta – IOM met UNHCR on {name} May 2024.")) for name in ("3", "4", "5")]
    build(sources, tmp_path / "one", check=False)
    build(sources, tmp_path / "two", check=False, jobs=2)
    build(sources, tmp_path / "one", check=False)
    assert _index(tmp_path / "one").read_bytes() == _index(tmp_path / "two").read_bytes()


@pytest.mark.usefixtures("bare")
def test_texts_of_articles_that_are_not_read_again_are_kept(tmp_path: Path) -> None:
    source = article(tmp_path, "a", TEXT)
    build([str(source)], tmp_path / "kg", check=False)
    former = _index(tmp_path / "kg")
    with migkg.open(tmp_path / "kg") as kg:
        with lookup.Writer(tmp_path / "new", former) as writer:
            writer.finish(kg.store).close()
        db = lookup.open_index(tmp_path / "new", kg.store)
        assert lookup.find(db, kg.store, "tamarind")
        db.close()


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("damage", ["missing", "older", "no database"])
def test_without_its_file_the_sentences_of_the_graph_are_searched(tmp_path: Path, damage: str) -> None:
    source = article(tmp_path, "a", TEXT)
    build([str(source)], tmp_path / "kg", check=False)
    file = _index(tmp_path / "kg")
    if damage == "missing":
        file.unlink()
    elif damage == "no database":
        file.write_bytes(b"not a database at all" * 100)
    else:
        with sqlite3.connect(file) as made:
            made.execute("PRAGMA user_version = 99")
        made.close()
    with migkg.open(tmp_path / "kg") as kg:
        assert kg.find("workshop")[-1].how == "words"
        assert "words" not in [one.how for one in kg.find("tamarind")]


def test_a_broken_index_is_told(tmp_path: Path, store: EmbeddedStore) -> None:
    with lookup.Writer(tmp_path / "x") as writer:
        writer.finish(store).close()
    db = sqlite3.connect(tmp_path / "x")
    db.execute("DROP TABLE article")
    with pytest.raises(GraphError, match="the index cannot be read"):
        lookup.find(db, store, "pathways")
    db.close()


# --- the command ---


def test_the_command(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = str(bundled(tmp_path_factory))
    run = CliRunner().invoke
    found = run(main, ["find", "kemlu", "--kg", folder])
    assert found.exit_code == 0
    assert "migkg explain organization/id-kemlu" in found.stdout
    assert '"how": "acronym"' in run(main, ["find", "kemlu", "--kg", folder, "--json"]).stdout
    nothing = run(main, ["find", "xyzzy", "qqqqq", "--kg", folder])
    assert nothing.exit_code == 1
    assert 'Nothing is called "xyzzy qqqqq"' in nothing.stderr
    assert run(main, ["find", "???", "--kg", folder]).exit_code == 2
