"""Mentions with a form of their own: dates, acts by number, objectives, figures, sums of money.

Each is a regular expression without nested repetition, built from the words of the lexicon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as calendar_date
from decimal import Decimal
from functools import cache

from migkg.extract.lexicon import Lexicon, load_lexicon
from migkg.extract.mention import Mention
from migkg.model import PartialDate, Span

_SCHEME = "https://w3id.org/migkg/scheme/"
_DASH = "[-–—]"


@dataclass(frozen=True, slots=True)
class DateValue:
    """A date or range as printed; a year that the text leaves out is None until `complete_year` gives one."""

    day: int | None
    month: int | None
    year: int | None
    end_day: int | None = None
    end_month: int | None = None
    end_year: int | None = None
    weekday: str | None = None

    def start(self, year: int | None) -> PartialDate | None:
        """The first day, with the year of the document where none is printed; None without either."""
        return _partial(self.year or year, self.month, self.day)

    def end(self, year: int | None) -> PartialDate | None:
        """The last day of a range; None for a single date."""
        if self.end_day is None and self.end_month is None and self.end_year is None:
            return None
        return _partial(self.end_year or self.year or year, self.end_month or self.month, self.end_day)


@dataclass(frozen=True, slots=True)
class ActValue:
    """An act by its number: the code of its type (`uu`, `perpres`, …, or `law` where the country tells), number, year."""

    code: str
    number: str
    year: int


@dataclass(frozen=True, slots=True)
class ObjectiveValue:
    """Objectives named by number, in the order of the text, and the theme printed in brackets behind them."""

    iris: tuple[str, ...]
    theme: str | None = None
    theme_span: Span | None = None


@dataclass(frozen=True, slots=True)
class MoneyValue:
    """A sum with its ISO 4217 code."""

    amount: Decimal
    currency: str


def _partial(year: int | None, month: int | None, day: int | None) -> PartialDate | None:
    if year is None:
        return None
    try:
        return PartialDate(year, month, day)
    except ValueError:
        return None


# What dates of a form need: two months, a link between two days, numbers joined by a mark.
_MONTHS, _LINK, _JOINED = "months", "link", "joined"
_TO = rf"(?:{_DASH}|to|until|and|hingga|sampai|s\.d\.|dan|s/d)"
_CUES = {_LINK: re.compile(_TO), _JOINED: re.compile(r"\d[/.-]\d")}
# Characters before the first and behind the last month that may belong to a date.
_BEFORE, _BEHIND = 90, 60


@cache
def _months(lang: str) -> re.Pattern[str]:
    names = sorted({name.rstrip(".") for name in load_lexicon(lang).months}, key=lambda name: -len(name))
    return re.compile(rf"(?:{'|'.join(names)})(?!\w)")


@cache
def _date_patterns(lang: str) -> tuple[tuple[re.Pattern[str], frozenset[str], bool], ...]:
    """Each form of dates, what it needs, and whether it has a month's name."""
    lexicon = load_lexicon(lang)
    # A full stop belongs to an abbreviated month only.
    full = {
        number: max((name for name in lexicon.months if lexicon.months[name] == number), key=len)
        for number in lexicon.months.values()
    }
    names = [name if name == full[number] else name.rstrip(".") + r"\b\.?" for name, number in lexicon.months.items()]
    month = "(?P<month%s>" + "|".join(sorted(names, key=lambda m: -len(m))) + r")(?!\w)"
    weekday = "(?:(?P<weekday>" + "|".join(lexicon.weekdays) + r")\b,? ?\(?(?:the )?)?"
    day = r"(?P<day%s>[0-3]?\d)(?:st|nd|rd|th)?(?: of)?"
    year = r"(?P<year%s>(?:19|20)\d\d)\b"
    to = rf"\s?{_TO}\s?"
    sources = (
        # 30 May to 2 June 2024; 30 May 2024 - 2 June 2024
        (rf"\b{weekday}{day % ''} {month % ''}(?:,? {year % ''})?{to}{day % '2'} {month % '2'}(?:,? {year % '2'})?", (_MONTHS, _LINK)),
        # 3, 4 and 5 May 2021
        (rf"\b{weekday}{day % ''}(?:, [0-3]?\d){{1,4}},?{to}{day % '2'} {month % ''}(?:,? {year % ''})?", (_LINK,)),
        # 20-21 June 2023; 15 and 16 March 2023
        (rf"\b{weekday}{day % ''}{to}{day % '2'} {month % ''}(?:,? {year % ''})?", (_LINK,)),
        # Sept. 4 to Jan. 31, 2026
        (rf"\b{weekday}{month % ''} {day % ''}(?:,? {year % ''})?{to}{month % '2'} {day % '2'}(?:,? {year % '2'})?", (_MONTHS, _LINK)),
        # June 20-21, 2023
        (rf"\b{weekday}{month % ''} {day % ''}{to}{day % '2'}\b(?:,? {year % ''})?", (_LINK,)),
        # Wednesday, 12 June 2024; 12th of June
        (rf"\b{weekday}{day % ''} {month % ''}(?:,? {year % ''})?", ()),
        # June 12, 2024
        (rf"\b{weekday}{month % ''} {day % ''}\b(?:st|nd|rd|th)?(?:,? {year % ''})?", ()),
        # Wednesday (12/06/2024), 12/6/2024
        (rf"\b(?P<weekday>{'|'.join(lexicon.weekdays)})\b,? \((?P<day>[0-3]?\d)[/.](?P<number>[01]?\d)(?:[/.]{year % ''})?\)", (_JOINED,)),
        (rf"\b{weekday}(?P<day>[0-3]?\d)[/.](?P<number>[01]?\d)[/.]{year % ''}", (_JOINED,)),
        (rf"\b{weekday[:-1]}(?<=\()(?P<day>[0-3]?\d)/(?P<number>[01]?\d)(?=\))", (_JOINED,)),
        # today (26/03)
        (r"(?<=\()(?P<day>[0-3]?\d)/(?P<number>[01]?\d)(?=\))", (_JOINED,)),
        # 2024-06-12
        (rf"\b{year % ''}-(?P<number>[01]\d)-(?P<day>[0-3]\d)\b", (_JOINED,)),
        # March to June 2023; June 2023
        (rf"\b{month % ''}(?: {year % ''})?{to}{month % '2'} {year % '2'}", (_MONTHS, _LINK)),
        (rf"\b{month % ''},? {year % ''}", ()),
        # March this year
        (rf"\b{month % ''}(?= this year\b| tahun ini\b)", ()),
    )
    return tuple(
        (re.compile(source, re.IGNORECASE), frozenset(needs), "<month>" in source) for source, needs in sources
    )


# What must not stand before is looked at last: a search for its first digit is fast.
_YEAR = re.compile(r"(?P<year>(?:1[89]\d|20[0-4])\d)(?<![\w/.-]\d{4})(?![\w/%]|[.,]\d)(?:-(?P<year2>20\d\d)\b)?")
_BARE_YEAR_CUE = re.compile(
    r"(?:\b(?:in|since|until|by|from|year|tahun|sejak|pada|hingga|sampai|and|between|of) |[–—-]|\()$", re.I
)


def find_dates(text: str, span: Span, lexicon: Lexicon) -> Iterator[Mention]:
    """Dates and ranges in a stretch of text."""
    taken: list[Span] = []
    words = span.of(text).lower()
    months = [match.span() for match in _months(lexicon.lang).finditer(words)]
    cues = {name for name, cue in _CUES.items() if cue.search(words)} | ({_MONTHS} if len(months) > 1 else set())
    first = max(span.start, span.start + months[0][0] - _BEFORE) if months else span.start
    last = min(span.end, span.start + months[-1][1] + _BEHIND) if months else span.end
    for pattern, needs, named in _date_patterns(lexicon.lang):
        if not needs <= cues or (named and not months):
            continue
        for match in pattern.finditer(text, first if named else span.start, last if named else span.end):
            here = Span(*match.span())
            value = _date_value(match, lexicon)
            if value is None or any(here.overlaps(other) for other in taken):
                continue
            taken.append(here)
            yield Mention("DATE", here, match.group(), value=value)
    for match in _YEAR.finditer(text, span.start, span.end):
        here = Span(*match.span())
        cued = match["year2"] or _BARE_YEAR_CUE.search(text[max(0, here.start - 12) : here.start])
        if cued and not any(here.overlaps(other) for other in taken):
            end = int(match["year2"]) if match["year2"] else None
            yield Mention("DATE", here, match.group(), value=DateValue(None, None, int(match["year"]), end_year=end))


def _date_value(match: re.Match[str], lexicon: Lexicon) -> DateValue | None:
    group = match.groupdict()

    def number(name: str) -> int | None:
        return int(group[name]) if group.get(name) else None

    month = _month(group["month"], lexicon) if group.get("month") else number("number")
    month2 = _month(group["month2"], lexicon) if group.get("month2") else None
    if lexicon.lang == "en" and (group.get("month") or "A")[0].islower():
        return None  # "may 12 people", "march 5 miles"
    year, year2 = number("year"), number("year2")
    day, day2 = number("day"), number("day2")
    if month2 is not None and year is None and year2 is not None:
        year = year2 - 1 if month is not None and month2 < month else year2
    probe = year or 2024  # a leap year: 29 February may stand without its year
    if _partial(probe, month, day) is None or (day2 and _partial(year2 or probe, month2 or month, day2) is None):
        return None
    return DateValue(day, month, year, day2, month2, year2 if month2 else None, group.get("weekday"))


def _month(word: str, lexicon: Lexicon) -> int:
    word = word.lower()
    return lexicon.months[word if word in lexicon.months else word.rstrip(".")]


def read_date(text: str, lexicon: Lexicon) -> DateValue | None:
    """The first date in a short text, for example a dateline."""
    for mention in find_dates(text, Span(0, len(text)), lexicon) if text else ():
        if isinstance(mention.value, DateValue):
            return mention.value
    return None


def weekday_number(date: PartialDate) -> int | None:
    """ISO weekday, Monday is 1; None when the day is not known."""
    if date.month is None or date.day is None:
        return None
    return calendar_date(date.year, date.month, date.day).isoweekday()


# -- acts -----------------------------------------------------------------------------------------------------------------

_ACT_WORDS = {
    "government regulation in lieu of law": "perppu", "peraturan pemerintah pengganti undang-undang": "perppu", "perppu": "perppu",
    "presidential regulation": "perpres", "peraturan presiden": "perpres", "perpres": "perpres",
    "presidential decree": "keppres", "keputusan presiden": "keppres", "keppres": "keppres",
    "government regulation": "pp", "peraturan pemerintah": "pp", "pp": "pp",
    "ministerial regulation": "permen", "peraturan menteri": "permen", "permenaker": "permen",
    "permendagri": "permen", "permenlu": "permen", "permenkumham": "permen", "permen": "permen", "keputusan menteri": "kepmen", "kepmen": "kepmen", "peraturan": "peraturan",
    "regional regulation": "perda", "peraturan daerah": "perda", "perda": "perda", "peraturan gubernur": "pergub", "pergub": "pergub",
    "governor regulation": "pergub", "gubernatorial regulation": "pergub", "peraturan bupati": "perbup", "perbup": "perbup",
    "peraturan wali kota": "perwali", "peraturan walikota": "perwali", "perwali": "perwali",
    "undang-undang": "uu", "uu": "uu", "law": "law", "act": "act", "decree": "decree", "republic act": "act",
}  # fmt: skip
_ACT = re.compile(
    r"\b(?P<word>" + "|".join(re.escape(word) for word in sorted(_ACT_WORDS, key=lambda w: -len(w))) + r")"
    r"(?:\s(?:of the )?republic of indonesia)?\s?(?:\(\w{1,8}\)\s?)?"
    # "Peraturan Menteri Ketenagakerjaan Nomor …": who issued it
    r"(?:(?P<issuer>(?-i:(?:(?:[A-Z][\w-]*|dan)\s){1,8}))(?=(?:No\.?|Number|Nomor)\s))?"
    r"(?:(?:No\.?|Number|Nomor|Num\.)\s?)?(?P<number>\d{1,4})(?:\s?/\s?|,?\s(?:of|year|tahun|of the year)\s)(?P<year>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_OF_YEAR = re.compile(r"[/\s](?i:\s?|(?:of|year|tahun|of the year)\s)(?:19|20)\d\d\b")


def find_acts(text: str, span: Span) -> Iterator[Mention]:
    """Laws and regulations by number: "Law No. 18 of 2017", "UU No. 18 Tahun 2017", "PP 59/2021"."""
    if _OF_YEAR.search(text, span.start, span.end) is None:
        return
    for match in _ACT.finditer(text, span.start, span.end):
        word = match["word"]
        if word.islower() and " " not in word:
            continue
        code = _ACT_WORDS[word.lower()]
        if code == "peraturan" and not match["issuer"]:
            continue
        value = ActValue(code, match["number"].lstrip("0"), int(match["year"]))
        yield Mention("POLICY", Span(*match.span()), match.group(), value=value)


# -- programmes by title ----------------------------------------------------------------------------------------------------

_PROGRAMME = r"(?:projects?|programmes?|programs?|initiative|proyek|program|inisiatif)"
_TITLED = re.compile(
    rf"\b{_PROGRAMME},?\s[“\"](?P<title>[^“”\"\n]{{4,250}})[”\"]|[“\"](?P<title2>[^“”\"\n]{{4,250}})[”\"]\s{_PROGRAMME}\b",
    re.IGNORECASE,
)


def find_programmes(text: str, span: Span) -> Iterator[Mention]:
    """Programmes whose title stands in quotation marks beside the word "project" or "programme"."""
    if text.find("“", span.start, span.end) < 0 and text.find('"', span.start, span.end) < 0:
        return
    for match in _TITLED.finditer(text, span.start, span.end):
        title = " ".join((match["title"] or match["title2"]).strip(" ,.").split())
        if title and title[0].isupper():
            yield Mention("PROG", Span(*match.span()), title)


# -- objectives -----------------------------------------------------------------------------------------------------------

_NUMBERS = r"(?P<numbers>\d{1,2}(?:\.[\dc])?(?:(?:, | and |, and | & | dan |, dan | to |[-–]| hingga | sampai )(?:objectives? |no\.? )?\d{1,2}(?:\.[\dc])?){0,22})"
_OBJECTIVES = re.compile(
    r"\b(?P<before>GCM(?:'s|’s)? )?(?:objectives?|tujuan)(?P<gcm>(?: of the)? GCM)? (?:no\.? |nos\.? |numbers? |nomor )?"
    + _NUMBERS
    + r"(?!\d|\s?%|\.\d|\s?per ?cent|\s?persen)(?:(?P<after> GCM\b)|(?=(?P<of> (?:of|in|under|from) the (?:GCM\b|Global Compact)))|)",
    re.IGNORECASE,
)
_SDGS = re.compile(r"\b(?:SDGs?|TPB)(?: (?:targets?|goals?|no\.?|target))? " + _NUMBERS + r"(?!\d)", re.IGNORECASE)
_OF_SDGS = re.compile(
    r"\b(?:targets?|goals?|tujuan) " + _NUMBERS
    + r"(?!\d)(?= (?:of|under|in|dari|dalam) (?:the )?(?:(?:United Nations|UN) )?(?:SDGs?|Sustainable Development Goals?|TPB)\b)",
    re.IGNORECASE,
)
_NUMBERED = ("objective", "tujuan", "goal", "target", "sdg", "tpb")  # one of these stands in all of them
_THEME = re.compile(r" ?\((?P<theme>[^()\n]{4,200})\)")
_NUMBER = re.compile(r"\d{1,2}(?:\.[\dc])?")


def find_objectives(text: str, span: Span, *, compact: bool) -> Iterator[Mention]:
    """GCM objectives and SDGs by number.

    :param compact: True when the article names the Global Compact: "Objective 7" alone is read as one of its objectives.
    """
    words = span.of(text).lower()
    if not any(noun in words for noun in _NUMBERED):
        return
    for match in _OBJECTIVES.finditer(text, span.start, span.end):
        named = match["before"] or match["gcm"] or match["after"] or match["of"]
        numbers = _counted(match["numbers"])
        if not (named or compact) or not numbers or not all(1 <= number <= 23 for number in numbers):
            continue
        yield _objective(text, match, tuple(f"{_SCHEME}gcm/objective-{number}" for number in numbers))
    for match in (*_SDGS.finditer(text, span.start, span.end), *_OF_SDGS.finditer(text, span.start, span.end)):
        goals: list[str] = _NUMBER.findall(match["numbers"])
        iris = tuple(f"{_SCHEME}sdg/{'target' if '.' in goal else 'goal'}-{goal}" for goal in goals)
        if all(1 <= int(goal.split(".")[0]) <= 17 for goal in goals):
            yield _objective(text, match, iris)


def _counted(printed: str) -> list[int]:
    """ "5, 7 and 9 to 11" as numbers."""
    numbers: list[int] = []
    for link, number in re.findall(r"(to |[-–]|hingga |sampai )?(?<![\d.])(\d{1,2})(?![\d.]*\d)", printed):
        value = int(number)
        numbers += range(numbers[-1] + 1, value + 1) if link and numbers and numbers[-1] < value else [value]
    return numbers


def _objective(text: str, match: re.Match[str], iris: tuple[str, ...]) -> Mention:
    theme = _THEME.match(text, match.end()) if len(iris) == 1 else None
    if theme is None:
        return Mention("OBJ", Span(*match.span()), match.group(), value=ObjectiveValue(iris))
    value = ObjectiveValue(iris, theme["theme"], Span(*theme.span("theme")))
    return Mention("OBJ", Span(match.start(), theme.end()), text[match.start() : match.end()], value=value)


# -- figures --------------------------------------------------------------------------------------------------------------

_CURRENCIES = {
    "US$": "USD", "USD": "USD", "$": "USD", "EUR": "EUR", "€": "EUR", "GBP": "GBP", "£": "GBP", "IDR": "IDR", "Rp": "IDR",
    "AUD": "AUD", "A$": "AUD", "CAD": "CAD", "CHF": "CHF", "JPY": "JPY", "¥": "JPY", "KRW": "KRW", "SEK": "SEK", "NOK": "NOK", "DKK": "DKK",
}  # fmt: skip
_CURRENCY = re.compile("|".join(map(re.escape, _CURRENCIES)))
_MONEY = re.compile(
    r"(?<![\w$])(?P<code>"
    + "|".join(re.escape(code) for code in sorted(_CURRENCIES, key=lambda c: -len(c)))
    + r")\.?\s?"
    r"(?P<amount>\d{1,3}(?:[.,’' ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?)(?![-–]\d)"
    r"(?:\s?(?P<scale>million|billion|trillion|thousand|juta|miliar|triliun|ribu|mn|bn|mio|m|k))?\b(?!\s?\w+(?:illion|iliar)\b)"
)
_SCALES = {
    "thousand": 3, "ribu": 3, "k": 3, "million": 6, "juta": 6, "m": 6, "mn": 6, "mio": 6,
    "billion": 9, "miliar": 9, "bn": 9, "trillion": 12, "triliun": 12,
}  # fmt: skip
_FIGURE = re.compile(
    r"(?<![\w.,/-])(?P<number>\d{1,3}(?:[.,]\d{3})+|\d{1,6})(?![\d%/]|[.,]\d|-\d|\s(?:ribu|juta|miliar|thousand|million|billion)\b)\b"
)


def find_figures(text: str, span: Span) -> Iterator[Mention]:
    """Sums of money and counts in digits."""
    money = _MONEY.finditer(text, span.start, span.end) if _CURRENCY.search(text, span.start, span.end) else ()
    for match in money:
        amount = _decimal(match["amount"]) * (Decimal(10) ** _SCALES.get(match["scale"] or "", 0))
        yield Mention("MONEY", Span(*match.span()), match.group(), value=MoneyValue(amount, _CURRENCIES[match["code"]]))
    for match in _FIGURE.finditer(text, span.start, span.end):
        number = int(match["number"].replace(",", "").replace(".", ""))
        yield Mention("NUM", Span(*match.span()), match.group(), value=number)


COMPOUND_NUMBERS = frozenset(
    {"belas", "puluh", "ratus", "ribu", "juta", "miliar", "hundred", "thousand", "million", "billion"}
)


def number_word(word: str, lexicon: Lexicon) -> int | None:
    """A number in letters: "seventeen", "forty-four"; "one" alone is mostly no figure."""
    tens, hyphen, units = word.partition("-")
    first = lexicon.numbers.get(tens)
    if first is None or first == 1:
        return None
    if not hyphen:
        return first
    second = lexicon.numbers.get(units)
    return first + second if second is not None and first % 10 == 0 and second < 10 else None


def _decimal(text: str) -> Decimal:
    """Read "1,500,000.50" and "1.500.000,50": the last mark is a decimal one when one or two digits follow it."""
    text = text.replace("’", "").replace("'", "").replace(" ", "")
    head, mark, tail = text, "", ""
    for sign in ".,":
        if sign in text and len(text.rsplit(sign, 1)[1]) <= 2:
            head, mark, tail = text.rpartition(sign)
    return Decimal(head.replace(",", "").replace(".", "") + ("." + tail if mark else ""))
