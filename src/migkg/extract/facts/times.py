"""When an article was written, and which year its dates mean."""

from __future__ import annotations

import re
from datetime import date as calendar_date
from datetime import timedelta

from migkg.extract.mentions import Reading
from migkg.extract.mentions.patterns import DateValue, read_date
from migkg.model import PartialDate

# A line that holds a date and at most a word or two beside it tells when the page was published.
_DATE_LINE = 40
_CREDIT = re.compile(r"(?:photo|foto|image|picture|©)[^\n]{0,60}?\b(?P<year>20\d\d)\b", re.IGNORECASE)


def document_date(reading: Reading) -> PartialDate | None:
    """The day of an article as it tells itself: its dateline, else its publication, else a line with a date alone."""
    document = reading.document
    if document.dateline and document.dateline.date:
        value = read_date(document.dateline.date.of(document.text), reading.lexicon) or short_date(
            document.dateline.date.of(document.text)
        )
        if value and value.year:
            return value.start(None)
    if document.article.published:
        return document.article.published
    for block in document.blocks:
        if block.kind == "body":
            break
        line = block.span.of(document.text)
        if len(line) <= _DATE_LINE and (value := read_date(line, reading.lexicon)) and value.day and value.year:
            return value.start(None)
    return None


def short_date(text: str) -> DateValue | None:
    """ "23/11/18", as it opens a text."""
    match = re.fullmatch(r"([0-3]?\d)[/.]([01]?\d)[/.](\d\d)", text.strip())
    return DateValue(int(match[1]), int(match[2]), 2000 + int(match[3])) if match else None


def document_year(reading: Reading) -> int | None:
    """The year that dates without one fall in: of the article, else of its photographs, else of its first full date."""
    if (date := document_date(reading)) is not None:
        return date.year
    text = reading.document.text
    if match := _CREDIT.search(text):
        return int(match["year"])
    return _first_year(reading)


def _first_year(reading: Reading) -> int | None:
    for line in reading.lines:
        for mention in line.mentions:
            if line.sentence.kind == "body" and mention.type == "DATE" and mention.value.day and mention.value.year:
                year: int = mention.value.year
                return year
    return None


def nearest_year(value: DateValue, reading: Reading) -> int | None:
    """The year that brings a day and month without one nearest to the article's own date."""
    today = document_date(reading)
    if value.year is not None or today is None or today.month is None or value.month is None:
        return document_year(reading)
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
