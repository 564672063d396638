"""The condition of a text: what is said of a mixture, of damage, of a text that breaks off, of a menu."""

from __future__ import annotations

import hashlib

import pytest

from migkg.articles import read_articles
from migkg.languages import guess_language, languages_of
from migkg.model import Article, Extraction, Finding
from migkg.reference import load_reference
from migkg.resources import path
from migkg.workers import read_one

EN = (
    "The International Organization for Migration (IOM) held a workshop in Jakarta on 12 June 2024. "
    "It was about the rights of the people who work in the region, and it was open to all of them."
)
ID = (
    "Organisasi Internasional untuk Migrasi (IOM) menggelar lokakarya di Jakarta pada 12 Juni 2024. "
    "Lokakarya itu membahas hak para pekerja yang bekerja di kawasan ini dan terbuka bagi mereka."
)
FR = "Les participants ont parlé de la gouvernance des migrations et de la protection des travailleurs."


def read(text: str, lang: str | None = None, pages: tuple[tuple[int, int], ...] = ()) -> Extraction:
    digest = hashlib.sha256(text.encode()).hexdigest()
    article = Article("a", text, digest, "a.txt", lang=lang or guess_language(text), pages=pages)
    return read_one(article, load_reference())


def told(text: str, lang: str | None = None, pages: tuple[tuple[int, int], ...] = ()) -> dict[str, str]:
    found = read(text, lang, pages).findings
    assert all(isinstance(finding, Finding) and finding.severity == "warning" for finding in found)
    return {finding.shape: finding.message for finding in found}


def test_nothing_is_said_of_a_sound_text() -> None:
    for text in (EN, ID, f"A workshop\n{EN}\n{EN}"):
        assert told(text) == {}


@pytest.mark.parametrize("file", sorted(path("data", "articles").glob("*.md")), ids=lambda file: file.stem)
def test_nothing_is_said_of_the_bundled_articles(file: object) -> None:
    (article,) = read_articles(str(file))
    assert {finding.shape for finding in read_one(article, load_reference()).findings if "." in finding.shape} == set()


# --- languages ---


def test_a_language_that_is_not_read_is_told_and_nothing_is_read() -> None:
    extraction = read(f"{FR} {FR}")
    assert (extraction.facts, extraction.entities) == ((), ())
    assert [finding.message for finding in extraction.findings] == [
        "This article is neither in English nor in Indonesian; nothing was read from it."
    ]


def test_the_shares_of_languages() -> None:
    assert languages_of(EN) == {"en": 1.0}
    assert languages_of(f"{EN}\n{FR}") == {"en": 1.0}
    shares = languages_of(f"{EN}\n{EN}\n{EN}\n{ID}")
    assert shares.keys() == {"en", "id"}
    assert 0.7 < shares["en"] < 0.8
    assert languages_of("Menu\nHome\n") == {}


def test_a_text_in_two_languages_alike_is_not_read_and_says_why() -> None:
    extraction = read(f"{EN}\n{ID}")
    assert extraction.facts == ()
    (finding,) = extraction.findings
    assert finding.shape == "language.unknown"
    assert "in English and in Indonesian alike" in finding.message
    assert "Save each language" in finding.message


@pytest.mark.parametrize(
    ("text", "other", "lang"),
    [(f"{EN}\n{EN}\n{EN}\n{ID}", "Indonesian", "English"), (f"{ID}\n{ID}\n{ID}\n{EN}", "English", "Indonesian")],
)
def test_a_part_in_the_other_language_is_told(text: str, other: str, lang: str) -> None:
    assert guess_language(text) == {"English": "en", "Indonesian": "id"}[lang]
    message = told(text)["language.mixed"]
    assert f"is in {other}, and was read as {lang}" in message
    assert "2" in message


def test_a_stated_language_is_read_and_the_mixture_told() -> None:
    extraction = read(f"{EN}\n{ID}", lang="en")
    assert extraction.facts
    assert [finding.shape for finding in extraction.findings] == ["language.mixed"]


def test_a_quotation_in_the_other_language_is_no_mixture() -> None:
    assert told(f"{EN}\n{EN}\n{EN}\n{EN}\n{EN}\n“{ID[:90]}”, she said.") == {}


# --- damage ---

OCR = (
    "The lnternati0nal 0rganizat1on for M1gration (l0M) he1d a w0rksh0p in Jak~rta on 12 June 2O24. It w~s about the "
    "r1ghts of the pe0ple who w0rk in the reg|on, and it was op3n to all of th3m, as the m1n|ster of lab0ur sa1d."
)
MOJIBAKE = (
    "The minister said that â€œworkersâ€\x9d canâ€™t pay, and that the Sultanateâ€™s crews arenâ€™t safe; the "
    "captainâ€™s fees, the guildâ€™s fees and the harbourâ€™s fees arenâ€™t fair, and it isnâ€™t what the councilâ€™s "
    "rules say."
)


@pytest.mark.parametrize("text", [OCR, MOJIBAKE], ids=["bad text recognition", "wrong encoding"])
def test_a_damaged_text_is_told(text: str) -> None:
    assert "hold characters that belong to no word" in told(text, lang="en")["text.odd"]


def test_a_text_that_is_damaged_beyond_its_language_says_so() -> None:
    text = "Tb3 lnt3rn~ti0nal 0rg~niz~t1on f0r M1gr~tion h3ld ~ w0rksb0p 1n J~k~rta w1tb tb3 m1n1str1es." * 3
    assert guess_language(text) is None
    assert "too many of its words are damaged" in told(text)["language.unknown"]


def test_codes_and_addresses_are_no_damage() -> None:
    text = f"{EN}\nBP2MI, P2MI, UU 18/2017, COVID19, G20, SE4ALL, 3rd, iPhone, McKinley, a1b@example.org, x=1.\n" * 3
    assert "text.odd" not in told(text, lang="en")


# --- what is missing ---


@pytest.mark.parametrize(
    ("end", "cut"),
    [
        ("The minister said on Tuesday that the crews of all islands will soon be able to", True),
        ("The minister said on Tuesday that the crews of all islands will soon be able to, and", True),
        ("The minister said on Tuesday that the crews of all islands will soon be able to.", False),
        ("“The minister said on Tuesday that the crews of all islands will soon be able to.”", False),
        ("The minister said on Tuesday that the crews of all islands will soon be able to…", False),
        ("Contact: Mara Quill, Harbour Town", False),
        ("#crews #safety", False),
    ],
)
def test_a_text_that_breaks_off_is_told(end: str, cut: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert ("text.cut" in told(f"A workshop\n{EN}\n{end}")) == cut


def test_nothing_is_made_of_a_sentence_that_breaks_off() -> None:
    facts = read(EN).facts
    assert read(f"{EN} The minister of").facts == facts


def test_a_menu_is_told() -> None:
    menu = "Home\nAbout the ministry\nNews of the week\nWhat we do for the crews\nContact\nThe rights of the people"
    assert told(menu, lang="en") == {
        "text.menu": "This article holds no sentence, only labels such as those of a menu."
    }


def test_pages_that_are_pictures_are_told() -> None:
    text = f"{EN}\n{EN}"
    pages = ((0, 1), (len(EN) + 1, 2), (len(EN) + 1, 3), (len(text), 4))
    assert told(text, pages=pages) == {"text.scanned": "Pages 2, 4: a picture without text, which was not read."}
    assert told(text, pages=((0, 1), (len(EN) + 1, 2))) == {}
    many = ((0, 1), *((len(text), page) for page in range(2, 20)))
    assert "Pages 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 8 more" in told(text, pages=many)["text.scanned"]
