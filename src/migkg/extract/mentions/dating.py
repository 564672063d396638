"""When an article was written, and which year its dates mean."""

from __future__ import annotations

import re
from collections.abc import Iterable

from migkg.extract.document import Document
from migkg.extract.lexicon import Lexicon
from migkg.extract.mention import Line
from migkg.extract.mentions.patterns import DateValue, read_date
from migkg.model import PartialDate

# A line that holds a date and at most a word or two beside it tells when the page was published.
_DATE_LINE = 40
_CREDIT = re.compile(r"(?:photo|foto|image|picture|©)[^\n]{0,60}?\b(?P<year>20\d\d)\b", re.IGNORECASE)


def document_date(document: Document, lexicon: Lexicon) -> PartialDate | None:
    """The day of an article as it tells itself: its dateline, else its publication, else a line with a date alone."""
    if document.dateline and document.dateline.date:
        value = read_date(document.dateline.date.of(document.text), lexicon) or _short_date(
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
        if len(line) <= _DATE_LINE and (value := read_date(line, lexicon)) and value.day and value.year:
            return value.start(None)
    return None


def _short_date(text: str) -> DateValue | None:
    """ "23/11/18", as it opens a text."""
    match = re.fullmatch(r"([0-3]?\d)[/.]([01]?\d)[/.](\d\d)", text.strip())
    return DateValue(int(match[1]), int(match[2]), 2000 + int(match[3])) if match else None


def document_year(date: PartialDate | None, text: str, lines: Iterable[Line]) -> int | None:
    """The year that dates without one fall in: of the article, else of its photographs, else of its first full date.

    :param date: of the article. :param lines: of its sentences.
    """
    if date is not None:
        return date.year
    if match := _CREDIT.search(text):
        return int(match["year"])
    for line in lines:
        for mention in line.mentions:
            if line.sentence.kind == "body" and mention.type == "DATE" and mention.value.day and mention.value.year:
                year: int = mention.value.year
                return year
    return None
