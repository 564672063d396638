"""Dates that lean on the date of the article."""

from __future__ import annotations

from datetime import date as calendar_date
from datetime import timedelta

from migkg.extract.mentions import Reading
from migkg.extract.mentions.patterns import DateValue
from migkg.model import PartialDate


def nearest_year(value: DateValue, reading: Reading) -> int | None:
    """The year that brings a day and month without one nearest to the article's own date."""
    today = reading.date
    if value.year is not None or today is None or today.month is None or value.month is None:
        return reading.year
    day = calendar_date(today.year, today.month, today.day or 15)
    years = [today.year, today.year - 1, today.year + 1]
    return min(
        years, key=lambda year: abs((calendar_date(year, value.month or 1, min(value.day or 15, 28)) - day).days)
    )


def day_before(date: PartialDate, days: int) -> PartialDate | None:
    """A day that "yesterday" means; None when the date has no day."""
    if date.month is None or date.day is None:
        return None
    day = calendar_date(date.year, date.month, date.day) - timedelta(days=days)
    return PartialDate(day.year, day.month, day.day)
