"""Dates that lean on the date of the article."""

from __future__ import annotations

import pytest

from migkg.extract.facts.times import day_before, nearest_year
from migkg.extract.mentions import Reading
from migkg.extract.mentions.patterns import DateValue
from migkg.model import PartialDate
from sentences import claims


def reading(dateline: str) -> Reading:
    return claims(f"Bandung, {dateline} – UNODC held a workshop on fair recruitment for forty officers.").reading


@pytest.mark.parametrize(
    ("dateline", "day", "month", "year"),
    [
        ("3 May 2021", 4, 5, 2021),
        ("3 January 2021", 28, 12, 2020),
        ("28 December 2020", 4, 1, 2021),
    ],
)
def test_a_day_without_a_year_is_near_the_article(dateline: str, day: int, month: int, year: int) -> None:
    assert nearest_year(DateValue(day, month, None), reading(dateline)) == year


def test_a_stated_year_stands() -> None:
    value = DateValue(3, 5, 2019)
    assert value.start(nearest_year(value, reading("3 May 2021"))) == PartialDate(2019, 5, 3)


def test_the_day_before() -> None:
    assert day_before(PartialDate(2021, 3, 1), 1) == PartialDate(2021, 2, 28)
    assert day_before(PartialDate(2021, 3), 1) is None
