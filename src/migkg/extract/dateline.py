"""The dateline that opens a news text: where it was written, mostly when, and sometimes by which agency."""

from __future__ import annotations

import re
from dataclasses import dataclass

from migkg.extract.lexicon import Lexicon, word_class
from migkg.model import Span

_PLACE = r"(?P<place>[A-ZÀ-Ý][\w’']*(?: [A-ZÀ-Ý][\w’']*){0,2})"
_DAY = r"(?P<date>(?:\w{4,9},? )?\(?\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?)\)"
# An agency: "KOMPAS.com", "Kemnaker.go.id", "Humas_Info"; or any word or two where a dash closes the dateline.
_AGENCY = r"(?:[\w-]+(?:\.[A-Za-z]{2,4}){1,2}|[Hh]umas[\w.]*|\w+_\w+)"
_NEXT = r"(?=\W{0,2}[A-ZÀ-Ý0-9])"
# "Jakarta – …", "JAKARTA, 12 June 2024 – …", "Jakarta (12/06) - …", "Geneva/New York, 3 May —": a place, then a dash.
_DASHED = re.compile(
    r"(?P<place>[A-ZÀ-Ý][\w’'.]*(?:[ /-](?:[a-z]{1,3} )?[A-ZÀ-Ý][\w’'.]*){0,4}(?:, [A-ZÀ-Ý]\w+(?: [A-ZÀ-Ý]\w+){0,2})??)"
    r"(?:(?:, |,| \(|\s)(?P<date>[^–—\n]{3,40}?)\)?)?\s*(?: [-–—]{1,2} |[–—]\s?|: )" + _NEXT
)
# "2 August 2022, Cairo – …", "date 2025-09-07 ASTANA — …"
_DATE_FIRST = re.compile(
    r"(?:[Dd]ate:? )?(?P<date>\d[^–—\n]{3,28}?),? (?P<place>[A-ZÀ-Ý][\w’']*(?: [A-ZÀ-Ý][\w’']*){0,2})"
    r"\s?[-–—]{1,2} ?(?=[“\"A-ZÀ-Ý])"
)
# "23/11/18 – …", "28 June 2023 — …": a date alone.
_DATE_ONLY = re.compile(r"(?:[Dd]ate:? )?(?P<place>)(?P<date>\d[^–—\n:]{5,28}?)\s?[–—-]{1,2} (?=[“\"A-ZÀ-Ý])")
_PRESS = tuple(
    re.compile(source + _NEXT)
    for source in (
        # "TEMPO.CO, Jakarta - …", "jpnn.com, JAKARTA (3/5) – …"; "Liputan6.com, Jakarta …" without a dash
        rf"{_AGENCY}, {_PLACE}(?:,? \(?{_DAY})?(?:\s?[-–—]{{1,2}}\s?|: )",
        rf"{_AGENCY}, (?P<place>[A-ZÀ-Ý]\w+) ",
        # "JAKARTA, KOMPAS.com – …", "Tangerang, Humas_Info; …", "Jakarta, Kemnaker.go.id: …"
        rf"{_PLACE}(?:,? |, ?\(|\s?\(){_AGENCY}\)?(?:,? \(?{_DAY})?\s?(?:[-–—]{{1,2}}|[;:|])\s?",
        # "Poso, KemenP2MI (11/12) – …"
        rf"{_PLACE}, [A-Z]\w+(?: \w+)?,? \({_DAY}\s?[-–—]{{1,2}}\s?",
        # "Semarang, (12/6) …", "Bantul (28/8) – …"
        rf"{_PLACE},? \({_DAY}(?:\s?[-–—:,;]{{1,2}})?\s",
        # "Surakarta, 9 Oktober 2023. …"
        rf"{_PLACE}, (?P<date>\d{{1,2}} \w{{3,9}} \d{{4}})(?:\. | \| )",
        # "Tbilisi. On 3 May …"
        r"(?P<place>[A-ZÀ-Ý][a-zà-ÿ’']{3,})\. (?=(?:On|In|Today|The|Pada) )",
        # "SURABAYA- …", "Jakarta | …"
        r"(?P<place>[A-ZÀ-Ý]{4,}(?: [A-ZÀ-Ý]{3,}){0,2})-{1,2}\s?",
        rf"{_PLACE} \| ",
    )
)
_AGENCY_BEHIND = re.compile(r",? ?\(?(?:\([A-Z][\w ./]{1,20}|/[A-Z]\w{1,12}/)\)?$")
_LONGEST = 160
_PLACE_WORDS = 4
_ASIDE = re.compile(r"(?:(?!\. )[^\n])*? [–—-] ")


@dataclass(frozen=True, slots=True)
class Dateline:
    """Place and date that open a news text; one of them may be missing."""

    place: Span | None
    date: Span | None

    @property
    def span(self) -> Span:
        """All of it."""
        first = self.place or self.date
        assert first is not None  # noqa: S101 - it has one of them
        return first.join(self.date or first)


def find_dateline(text: str, line: Span, lexicon: Lexicon) -> Dateline | None:
    """The dateline that a line opens with.

    :param line: a paragraph of the article.
    """
    match = _match(text, line, lexicon)
    if match is None:
        return None
    if not match["place"]:
        return Dateline(None, Span(*match.span("date")))
    place, printed = Span(*match.span("place")), match.groupdict().get("date")
    if not _may_be_place(place.of(text), lexicon):
        return None
    if printed is not None:
        printed = _AGENCY_BEHIND.sub("", printed)  # "Kakara, Uganda, 3 May 2021 (UNHCR) – …"
    if printed is None:
        # "Rina Sari – a coordinator – opened …": two dashes in one sentence enclose an aside.
        return None if _ASIDE.match(text[match.end() : line.end]) else Dateline(place, None)
    parts = re.findall(r"[\w/.-]+", printed)
    begin = match.start("date")
    if _is_date(printed, lexicon):
        return Dateline(place, Span(begin, begin + len(printed)))
    # Its country, perhaps with a date behind it: "Addis Ababa, Ethiopia 29 January 2019".
    names = [part for part in parts if part[0].isupper() and part.isalpha() and part.casefold() not in lexicon.months]
    rest = parts[len(names) :]
    if names != parts[: len(names)] or len(names) > _PLACE_WORDS:
        return None
    if not rest:
        return Dateline(place, None)
    if not all(_is_date_word(part, lexicon) for part in rest):
        return None
    return Dateline(place, Span(begin + printed.index(rest[0]), begin + len(printed)))


def dateline_end(text: str, line: Span, lexicon: Lexicon) -> int:
    """Where the first sentence starts behind a line's dateline; the start of the line when it has none."""
    match = _match(text, line, lexicon)
    return match.end() if match else line.start


def _match(text: str, line: Span, lexicon: Lexicon) -> re.Match[str] | None:
    """Place and date in either order; the forms with an agency or a bare date go first, as they say more."""
    end = min(line.end, line.start + _LONGEST)
    for first in (_DATE_FIRST, _DATE_ONLY):
        match = first.match(text, line.start, end)
        if match and _is_date(match["date"], lexicon):
            return match
    for pattern in _PRESS:
        match = pattern.match(text, line.start, end)
        if match and _may_be_place(match["place"], lexicon):
            date = match.groupdict().get("date")
            if date is None or _is_date(date, lexicon):
                return match
    return _DASHED.match(text, line.start, end)


def _may_be_place(words: str, lexicon: Lexicon) -> bool:
    parts = words.casefold().split()
    opens = parts[0] in word_class(lexicon.lang, "openers")
    return not opens and words.casefold() not in lexicon.labels and len(parts) <= _PLACE_WORDS


def _is_date(printed: str, lexicon: Lexicon) -> bool:
    parts = re.findall(r"[\w/.-]+", printed)
    return bool(parts) and all(_is_date_word(part, lexicon) for part in parts)


def _is_date_word(word: str, lexicon: Lexicon) -> bool:
    word = word.casefold().rstrip(".")
    if word in lexicon.months or word in lexicon.weekdays:
        return True
    return (
        re.fullmatch(r"\d{1,4}(?:st|nd|rd|th)?|\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?|\d{4}-\d\d-\d\d", word) is not None
    )
