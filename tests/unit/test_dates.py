"""Dates as texts print them, in both languages, and what looks like a date and is none."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migkg.extract.lexicon import load_lexicon
from migkg.extract.mentions.patterns import read_date, weekday_number
from migkg.model import PartialDate
from sentences import facts, mentions, rows

if TYPE_CHECKING:
    from migkg.extract.mentions.patterns import DateValue

YEAR = 2022  # of publication, for dates without one
# Dates stand in a later sentence here: what opens a text may be a dateline.
BEFORE = {
    "en": "All of them came to the capital of the country for a meeting of the board.",
    "id": "Semua orang datang ke kota untuk menghadiri rapat yang sudah lama ditunggu.",
}


def dates(text: str, lang: str = "en") -> list[str]:
    """Each date as "start" or "start/end", ISO; `--` stands for the year where the text has none."""
    found = []
    for mention in mentions(f"{BEFORE[lang]} {text}", "DATE", lang):
        value: DateValue = mention.value
        start, end = (str(day).replace(str(YEAR), "--") if day else "" for day in (value.start(YEAR), value.end(YEAR)))
        found.append(f"{start}/{end}" if end else start)
    return found


EN = [
    # one day
    ("on 12 June 2024", ["2024-06-12"]),
    ("on 12 June, 2024", ["2024-06-12"]),
    ("on 1 May 2024", ["2024-05-01"]),
    ("on 01 May 2024", ["2024-05-01"]),
    ("on Wednesday, 12 June 2024", ["2024-06-12"]),
    ("on Wednesday 12 June 2024", ["2024-06-12"]),
    ("on the 12th of June 2024", ["2024-06-12"]),
    ("on the 1st of June, 2024", ["2024-06-01"]),
    ("on the 2nd of June", ["---06-02"]),
    ("on 3rd June", ["---06-03"]),
    ("on June 12, 2024", ["2024-06-12"]),
    ("on June 12th, 2024", ["2024-06-12"]),
    ("on Wednesday, June 12, 2024", ["2024-06-12"]),
    ("on June 12", ["---06-12"]),
    ("on 12 June", ["---06-12"]),
    ("on 12 JUNE 2024", ["2024-06-12"]),
    ("on 12 Jun 2024", ["2024-06-12"]),
    ("on 12 Sept. 2024", ["2024-09-12"]),
    ("on 12 Sept 2024", ["2024-09-12"]),
    ("on Wednesday (12/06/2024)", ["2024-06-12"]),
    ("on Wednesday (12/06)", ["---06-12"]),
    ("on 12/06/2024", ["2024-06-12"]),
    ("on 12/6/2024", ["2024-06-12"]),
    ("on 12.06.2024", ["2024-06-12"]),
    ("on 2024-06-12", ["2024-06-12"]),
    # ranges of days
    ("from 30 May to 2 June 2024", ["2024-05-30/2024-06-02"]),
    ("from 30 May until 2 June", ["---05-30/---06-02"]),
    ("30 May 2024 - 2 June 2024", ["2024-05-30/2024-06-02"]),
    ("30 December 2023 – 2 January 2024", ["2023-12-30/2024-01-02"]),
    ("12 June 2024 to 14 June 2024", ["2024-06-12/2024-06-14"]),
    ("on 20-21 June 2023", ["2023-06-20/2023-06-21"]),
    ("on 20–21 June 2023", ["2023-06-20/2023-06-21"]),
    ("on 20 – 21 June", ["---06-20/---06-21"]),
    ("on 15 and 16 March 2023", ["2023-03-15/2023-03-16"]),
    ("from 15 to 17 March 2023", ["2023-03-15/2023-03-17"]),
    ("on June 20-21, 2023", ["2023-06-20/2023-06-21"]),
    ("on June 20 and 21, 2023", ["2023-06-20/2023-06-21"]),
    # months and years
    ("from March to June 2023", ["2023-03/2023-06"]),
    ("March–June 2023", ["2023-03/2023-06"]),
    ("March 2023 to June 2023", ["2023-03/2023-06"]),
    ("June 2024–May 2025", ["2024-06/2025-05"]),
    ("in June 2023", ["2023-06"]),
    ("in June, 2023", ["2023-06"]),
    ("in early June 2023", ["2023-06"]),
    ("since 2019", ["2019"]),
    ("in 2019", ["2019"]),
    ("by 2025", ["2025"]),
    ("between 2019 and 2023", ["2019", "2023"]),
    ("in 2019-2023", ["2019/2023"]),
    # leap days
    ("on 29 February 2024", ["2024-02-29"]),
    ("on February 29, 2024", ["2024-02-29"]),
    # several in one sentence
    ("on 3 May 2021 and later on 10 June 2022", ["2021-05-03", "2022-06-10".replace(str(YEAR), "--")]),
]

ID = [
    ("pada 12 Juni 2024", ["2024-06-12"]),
    ("pada Rabu, 12 Juni 2024", ["2024-06-12"]),
    ("pada Rabu (12/06/2024)", ["2024-06-12"]),
    ("pada Rabu (12/6)", ["---06-12"]),
    ("pada hari Rabu, 12 Juni 2024", ["2024-06-12"]),
    ("pada Jumat, 3 Mei 2024", ["2024-05-03"]),
    ("pada Jum’at, 3 Mei 2024", ["2024-05-03"]),
    ("pada 12 Agt 2024", ["2024-08-12"]),
    ("pada 12.12.2024", ["2024-12-12"]),
    ("pada 20-21 Juni 2023", ["2023-06-20/2023-06-21"]),
    ("pada 20 hingga 21 Juni 2023", ["2023-06-20/2023-06-21"]),
    ("pada 20 s.d. 21 Juni 2023", ["2023-06-20/2023-06-21"]),
    ("pada 20 s/d 21 Juni 2023", ["2023-06-20/2023-06-21"]),
    ("pada 20 dan 21 Juni 2023", ["2023-06-20/2023-06-21"]),
    ("pada 30 Mei hingga 2 Juni 2024", ["2024-05-30/2024-06-02"]),
    ("pada 30 Mei – 2 Juni 2024", ["2024-05-30/2024-06-02"]),
    ("sejak Maret 2023", ["2023-03"]),
    ("dari Maret hingga Juni 2023", ["2023-03/2023-06"]),
    ("pada tahun 2019", ["2019"]),
    ("sejak 2019", ["2019"]),
    ("pada 29 Februari 2024", ["2024-02-29"]),
]


@pytest.mark.parametrize(("words", "expected"), EN)
def test_english(words: str, expected: list[str]) -> None:
    assert dates(f"They met {words}.") == expected


@pytest.mark.parametrize(("words", "expected"), ID)
def test_indonesian(words: str, expected: list[str]) -> None:
    assert dates(f"Mereka bertemu {words}.", "id") == expected


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Call +62 21 5795 1275 or 0812-2024-1998.", "en"),
        ("The 2030 Agenda for Sustainable Development matters.", "en"),
        ("Agenda 2030 penting.", "id"),
        ("Law 18/2017 and UU 18/2017 were cited.", "en"),
        ("Resolution 73/195 was cited.", "en"),
        ("The score was 3-2 and 21.5.2 is a version.", "en"),
        ("Some 45% of 2,024 people and 2024.5 tonnes were counted.", "en"),
        ("Pages 12/13 and 3/4 of the report tell of 24/7 duty.", "en"),
        ("In the 1990s and the 2020s it grew.", "en"),
        ("They met at 12.30 and at 09.00-11.00.", "en"),
        ("Rapat pukul 09.00-11.00 WIB.", "id"),
        ("It may be that they come in any of 3 ways.", "en"),
        ("The fiscal year 2023/24 is over.", "en"),
        ("Some 12.000 orang hadir.", "id"),
        ("The marchers of 5 mayors came.", "en"),
    ],
)
def test_what_is_no_date(text: str, lang: str) -> None:
    assert dates(text, lang) == []


@pytest.mark.parametrize(
    "words", ["31 April 2024", "30 February 2024", "29 February 2023", "32 May 2024", "0 May 2024"]
)
def test_a_day_that_does_not_exist_is_never_given(words: str) -> None:
    assert all(mention.value.start(YEAR).precision != "day" for mention in mentions(f"They met on {words}.", "DATE"))


def test_leap_day_without_a_year() -> None:
    (mention,) = mentions("They met on 29 February.", "DATE")
    assert str(mention.value.start(2024)) == "2024-02-29"
    assert mention.value.start(2023) is None


@pytest.mark.parametrize(
    ("text", "lang", "weekday"),
    [
        ("They met on Wednesday, 12 June 2024.", "en", "Wednesday"),
        ("They met on Monday (12/06/2024).", "en", "Monday"),
        ("They met on 12 June 2024.", "en", None),
        ("Mereka bertemu pada Rabu, 12 Juni 2024.", "id", "Rabu"),
        ("Mereka bertemu pada Jum’at, 3 Mei 2024.", "id", "Jum’at"),
    ],
)
def test_weekday_is_kept_as_printed(text: str, lang: str, weekday: str | None) -> None:
    (mention,) = mentions(text, "DATE", lang)
    assert mention.value.weekday == weekday


def test_year_is_that_of_the_dateline_then_of_publication() -> None:
    lead = "UNODC held a workshop on 3 May in Bandung with forty officials from eight ministries of the country."
    later = PartialDate(2019, 1, 1)
    assert rows(facts(f"Jakarta, 5 May 2021 – {lead}", published=later), "Occurrence", "start") == [("2021-05-03",)]
    assert rows(facts(lead, published=later), "Occurrence", "start") == [("2019-05-03",)]
    assert all(start == "" for (start,) in rows(facts(lead), "Occurrence", "start")), "no year, no date"


def test_read_date_of_a_dateline() -> None:
    english, indonesian = load_lexicon("en"), load_lexicon("id")
    value = read_date("Wednesday (12/06/2024)", english)
    assert value is not None
    assert (str(value.start(None)), value.weekday) == ("2024-06-12", "Wednesday")
    assert read_date("Kominfo", indonesian) is None
    assert read_date("", english) is None


@pytest.mark.parametrize(
    ("day", "number"), [(PartialDate(2024, 6, 12), 3), (PartialDate(2024, 6), None), (PartialDate(2024), None)]
)
def test_weekday_number(day: PartialDate, number: int | None) -> None:
    assert weekday_number(day) == number


@given(st.dates(date(1950, 1, 1), date(2049, 12, 31)), st.integers(1, 40), st.sampled_from(["en", "id"]))
def test_every_day_is_read_back(first: date, length: int, lang: str) -> None:
    lexicon = load_lexicon(lang)
    names = {number: name.capitalize() for name, number in sorted(lexicon.months.items(), key=lambda m: len(m[0]))}
    last = first + timedelta(days=length)

    def words(day: date) -> str:
        return f"{day.day} {names[day.month]} {day.year}"

    assert dates(f"Xx {words(first)}.", lang) == [str(first).replace(str(YEAR), "--")]
    both = f"{first}/{last}".replace(str(YEAR), "--")
    assert dates(f"Xx {words(first)} – {words(last)}.", lang) == [both]


# -- a wrong day is worse than none


def test_list_of_days() -> None:
    assert dates("They met on 3, 4 and 5 May 2021.") == ["2021-05-03/2021-05-05"]


def test_range_over_the_turn_of_the_year() -> None:
    assert dates("They met 30 December – 2 January 2024.") == ["2023-12-30/2024-01-02"]


@pytest.mark.xfail(strict=True, reason="dates: the first of several days is lost, and a wrong start given")
@pytest.mark.parametrize(
    ("words", "lang", "expected"),
    [
        ("on 3 & 4 May 2021", "en", "2021-05-03/2021-05-04"),
        ("from Saturday 3 to Sunday 4 May 2021", "en", "2021-05-03/2021-05-04"),
        ("Monday, 3 May - Tuesday, 4 May 2021", "en", "2021-05-03/2021-05-04"),
        ("pada 20 sampai dengan 21 Juni 2023", "id", "2023-06-20/2023-06-21"),
        ("from 2019 to 2023", "en", "2019/2023"),
        ("in 2019–2023", "en", "2019/2023"),
    ],
)
def test_range_in_other_words(words: str, lang: str, expected: str) -> None:
    assert dates(f"They met {words}.", lang) == [expected]


@pytest.mark.parametrize("text", ["Only 3 may come.", "They may 3 times ask for it."])
def test_may_in_small_letters_is_no_month(text: str) -> None:
    assert dates(text) == []


def test_date_in_brackets_holds_both_of_them() -> None:
    (mention,) = mentions("They met on Wednesday (12/06/2024) in Bandung.", "DATE")
    assert mention.text.count("(") == mention.text.count(")")
