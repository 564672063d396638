"""The lexicons: complete, consistent with the schemes and each other; broken files are refused with what to mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from migkg import resources
from migkg.errors import DataError, UnknownName
from migkg.extract.lexicon import LANGUAGES, load_lexicon, read_lexicon
from migkg.reference import load_reference
from sentences import document

if TYPE_CHECKING:
    from pathlib import Path

KNOWN_CUT = {"dp3ap2kb"}
EVENT_TYPES = "https://w3id.org/migkg/scheme/event-types/"

both = pytest.mark.parametrize("lang", LANGUAGES)


@both
def test_every_language_loads(lang: str) -> None:
    lexicon = load_lexicon(lang)
    assert lexicon.lang == lang
    assert load_lexicon(lang) is lexicon, "read once"


def test_unknown_language_names_the_known_ones() -> None:
    with pytest.raises(UnknownName) as error:
        load_lexicon("fr")
    assert "en, id" in str(error.value)


@both
def test_months_and_weekdays_are_complete(lang: str) -> None:
    lexicon = load_lexicon(lang)
    assert set(lexicon.months.values()) == set(range(1, 13))
    assert set(lexicon.weekdays.values()) == set(range(1, 8))
    assert all(word == word.lower() for word in (*lexicon.months, *lexicon.weekdays))


@both
def test_numbers_and_ordinals_are_small_and_make_sense(lang: str) -> None:
    lexicon = load_lexicon(lang)
    assert lexicon.numbers[{"en": "three", "id": "tiga"}[lang]] == 3
    assert all(number > 0 for number in lexicon.numbers.values())
    assert all(order == -1 or 1 <= order <= 20 for order in lexicon.ordinals.values())
    assert lexicon.ordinals[{"en": "last", "id": "terakhir"}[lang]] == -1


@both
def test_event_nouns_have_a_type_of_the_scheme(lang: str) -> None:
    known = load_reference().entities
    unknown = {code for code in load_lexicon(lang).events.values() if EVENT_TYPES + code not in known}
    assert not unknown


@both
def test_generic_event_nouns_are_event_nouns(lang: str) -> None:
    lexicon = load_lexicon(lang)
    known = {word for noun in lexicon.events for word in noun.split()}
    # These stand for an event that was named by another noun, and name none.
    pronouns = {"programme", "program", "occasion", "gathering"}
    assert {noun for noun in lexicon.generic_events if noun.split()[0] not in known} <= pronouns


def test_heads_of_posts_are_named_in_english_in_both_languages() -> None:
    indonesian = load_lexicon("id").role_heads
    assert indonesian["koordinator proyek"] == "project coordinator"
    assert indonesian["duta besar"] == "ambassador"
    english = load_lexicon("en").role_heads
    assert all(head == meaning for head, meaning in english.items())
    # A post is named by its head: where English has the same head, both languages must give the same post.
    assert len(set(indonesian.values()) & set(english)) > 50


@both
def test_units_are_head_nouns_of_organisations(lang: str) -> None:
    lexicon = load_lexicon(lang)
    assert set(lexicon.headed) <= set(lexicon.role_heads)
    assert all(noun for noun in lexicon.headed.values())


@both
@pytest.mark.parametrize("table", ["events", "role_heads"])
def test_phrases_are_written_in_small_letters(lang: str, table: str) -> None:
    phrases = getattr(load_lexicon(lang), table)
    assert [phrase for phrase in phrases if phrase != phrase.lower() or phrase != " ".join(phrase.split())] == []


def spoken(phrase: str, lang: str) -> str:
    """A phrase as the tokeniser leaves it, in the middle of a sentence."""
    (sentence,) = document(f"x {phrase} y", lang).sentences
    return " ".join(sentence.words).lower()[2:-2]


@both
@pytest.mark.parametrize("table", ["words", "events", "role_heads", "organization_before", "organization_after"])
def test_phrases_are_cut_into_words_as_a_text_is(lang: str, table: str) -> None:
    found = getattr(load_lexicon(lang), table)
    phrases = {phrase for group in found.values() for phrase in group} if table == "words" else set(found)
    # Abbreviations keep their full stop only with their capitals.
    cut = {phrase for phrase in phrases if not phrase.endswith(".") and spoken(phrase, lang) != phrase}
    assert cut <= KNOWN_CUT, "a phrase that the tokeniser cuts otherwise is never found"


@pytest.mark.parametrize("phrase", ["chargé d'affaires"])
def test_phrase_with_an_apostrophe(phrase: str) -> None:
    assert spoken(phrase, "en") == phrase


@both
def test_word_classes_hold_no_phrase_twice(lang: str) -> None:
    double = {
        name: sorted({phrase for phrase in phrases if phrases.count(phrase) > 1})
        for name, phrases in load_lexicon(lang).words.items()
        if len(set(phrases)) < len(phrases)
    }
    assert not double


@both
def test_word_classes_fit_the_line_that_patterns_read(lang: str) -> None:
    wrong = [
        (name, phrase)
        for name, phrases in load_lexicon(lang).words.items()
        for phrase in phrases
        if not phrase
        or phrase != phrase.lower()
        or "’" in phrase
        or "(" in phrase
        or phrase != " ".join(phrase.split())
    ]
    assert not wrong, "a line is in small letters, with straight apostrophes and square brackets"


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        read_lexicon(tmp_path / "none.toml")
    assert "none.toml" in str(error.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [("lang = ", "not TOML"), ("lang = 'en'", "missing"), ("", "missing"), ("months = 3\n", "missing")],
)
def test_broken_file_says_what_is_wrong(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "xx.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_lexicon(file)
    assert words in str(error.value)
    assert str(file) in str(error.value)


def test_file_that_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / "xx.toml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="not TOML"):
        read_lexicon(file)


@both
def test_a_table_of_the_wrong_form(lang: str, tmp_path: Path) -> None:
    text = resources.path("data", "lexicon", f"{lang}.toml").read_text(encoding="utf-8")
    file = tmp_path / "xx.toml"
    file.write_text(text.replace("[events]", "[happenings]"), encoding="utf-8")
    with pytest.raises(DataError, match="'events'"):
        read_lexicon(file)
