"""The pattern language: what each symbol matches, what is refused, and that all patterns match in linear time."""

from __future__ import annotations

import re
from time import process_time
from typing import TYPE_CHECKING

import pytest

from migkg.errors import DataError, UnknownName
from migkg.extract import tracking
from migkg.extract.facts import RULES, statements
from migkg.extract.grammar import compile_pattern, grammar, placeholders
from migkg.extract.lexicon import LANGUAGES
from migkg.extract.mention import TYPES
from migkg.extract.mentions.compose import COMPOSITIONS
from sentences import claims

if TYPE_CHECKING:
    from collections.abc import Iterator


def matched(pattern: str, line: str, lang: str = "en") -> str | None:
    """What a pattern matches in a line, which ends with a space as all lines do; "" is an empty match."""
    match = compile_pattern(pattern, lang).search(line + " ")
    return match and match.group().strip()


# -- symbols


@pytest.mark.parametrize(
    ("pattern", "line", "expected"),
    [
        # words
        ("held", "ORG0 held EVENT1 .", "held"),
        ("held", "ORG0 upheld EVENT1 .", None),
        ("held", "ORG0 helds EVENT1 .", None),
        ("at|of", "ROLE0 of ORG1", "of"),
        ("at|of", "ROLE0 for ORG1", None),
        (",|of", "ROLE0 , ORG1", ","),
        # classes
        ("@hold", "ORG0 carried out EVENT1", "carried out"),
        ("@together", "ORG0 in collaboration with ORG1", "in collaboration with"),
        # mentions
        ("{ORG}", "the ORG12 held", "ORG12"),
        ("{a:ORG}", "the ORG12 held", "ORG12"),
        ("{a:ORG|PLACE}", "the PLACE3 held", "PLACE3"),
        ("{a:ORG}", "the PLACE3 held", None),
        ("{a:ORG} {b:PLACE}", "ORG0 PLACE1", "ORG0 PLACE1"),
        # lists
        ("{a:ORG+}", "ORG0 held", "ORG0"),
        ("{a:ORG+}", "ORG0 , ORG1 and the ORG2 held", "ORG0 , ORG1 and the ORG2"),
        ("{a:ORG+}", "ORG0 , ORG1 , and ORG2 held", "ORG0 , ORG1 , and ORG2"),
        ("{a:ORG+}", "ORG0 as well as ORG1 held", "ORG0 as well as ORG1"),
        ("{a:ORG+}", "ORG0 & ORG1 held", "ORG0 & ORG1"),
        ("{a:ORG+}", "ORG0 met ORG1", "ORG0"),
        ("{a:ORG+}", "ORG0 and PLACE1", "ORG0"),
        ("{a:ORG|PLACE+}", "ORG0 and PLACE1", "ORG0 and PLACE1"),
        # options
        ("the? {ORG}", "the ORG0", "the ORG0"),
        ("the? {ORG}", "an ORG0", "ORG0"),
        ("{PLACE}? held", "ORG0 held", "held"),
        ("{PLACE}? held", "PLACE0 held", "PLACE0 held"),
        ("( in {PLACE} )? held", "in PLACE0 held", "in PLACE0 held"),
        ("( in {PLACE} )? held", "ORG0 held", "held"),
        ("@hold? {EVENT}", "carried out EVENT0", "carried out EVENT0"),
        # sequences and alternatives
        ("{ORG} ( at|in {PLACE} | from {DATE} ) held", "ORG0 in PLACE1 held", "ORG0 in PLACE1 held"),
        ("{ORG} ( at|in {PLACE} | from {DATE} ) held", "ORG0 from DATE1 held", "ORG0 from DATE1 held"),
        ("{ORG} ( at|in {PLACE} | from {DATE} ) held", "ORG0 held", None),
        ("( a ( b | c )? d )", "a d", "a d"),
        ("( a ( b | c )? d )", "a c d", "a c d"),
        # gaps
        ("{ORG} ..2 {EVENT}", "ORG0 , in EVENT1", "ORG0 , in EVENT1"),
        ("{ORG} ..2 {EVENT}", "ORG0 ORG1 EVENT2", "ORG0 ORG1 EVENT2"),
        ("{ORG} ..2 {EVENT}", "ORG0 a b c EVENT1", None),
        ("{ORG} .2 {EVENT}", "ORG0 held a EVENT1", "ORG0 held a EVENT1"),
        ("{ORG} .2 {EVENT}", "ORG0 PLACE1 EVENT2", None),
        ("{ORG} ~3 {EVENT}", "ORG0 held a EVENT1", "ORG0 held a EVENT1"),
        ("{ORG} ~3 {EVENT}", "ORG0 spoke about a EVENT1", None),
        ("{ORG} ..9 {EVENT}", "ORG0 a EVENT1 b EVENT2", "ORG0 a EVENT1"),
        # ends of the sentence
        ("^ {ORG}", "ORG0 held", "ORG0"),
        ("^ {ORG}", "the ORG0 held", None),
        ("{EVENT} $", "ORG0 held EVENT1 .", "EVENT1"),
        ("{EVENT} $", "ORG0 held EVENT1", "EVENT1"),
        ("{EVENT} $", "ORG0 held EVENT1 today .", None),
        # signs that mean something in regular expressions
        ("a.b", "a.b", "a.b"),
        ("a.b", "axb", None),
        ("[ {ORG} ]", "[ ORG0 ]", "[ ORG0 ]"),
        ("'s", "ORG0 's EVENT1", "'s"),
    ],
)
def test_symbol(pattern: str, line: str, expected: str | None) -> None:
    assert matched(pattern, line) == expected


def test_list_of_the_indonesian_language() -> None:
    assert matched("{a:ORG+}", "ORG0 , ORG1 serta ORG2 hadir", "id") == "ORG0 , ORG1 serta ORG2"


def test_names_of_groups() -> None:
    match = compile_pattern("{who:ORG+} held (what: the? {event:EVENT} )", "en").search(
        "ORG0 and ORG1 held the EVENT2 . "
    )
    assert match is not None
    assert placeholders(match["who"]) == ["ORG0", "ORG1"]
    assert match["what"].split() == ["the", "EVENT2"]
    assert placeholders(match["event"]) == ["EVENT2"]


def test_placeholders_are_mentions_only() -> None:
    assert placeholders("the ORG0 , and ORG12 in 2021 ") == ["ORG0", "ORG12"]
    assert placeholders("") == []


@pytest.mark.parametrize(
    ("pattern", "line", "fits"),
    [
        ("{a:ORG} held {b:EVENT}", "ORG held EVENT", True),
        ("{a:ORG} held {b:EVENT}", "ORG EVENT", False),
        ("{a:ORG} held {b:EVENT}", "ORG held", False),
        ("{a:ORG+} ( in {PLACE} )? {DATE}? the? ..3 $", "ORG", True),
        ("( {ORG} | {PLACE} ) held", "PLACE held", True),
        ("( {ORG} | {PLACE} ) held", "NAME held", False),
        ("( {ORG} | .3 ) held", "held", True),
        ("{x:OBJ|POLICY} on|of {ORG}", "POLICY of ORG", True),
        ("{x:OBJ|POLICY} on|of {ORG}", "POLICY in ORG", False),
        ("( {NAME} , )? @attend {ORG}", "attended by ORG", True),
        ("( {NAME} , )? @attend {ORG}", "by ORG", False),
        ("( in ( {PLACE} | {DATE} ) )", "in", False),
        ("( in ( {PLACE} | {DATE} ) )", "in DATE", True),
        (".3", "", True),
    ],
)
def test_only_patterns_that_can_match_are_tried(pattern: str, line: str, *, fits: bool) -> None:
    found = [number for number, _ in grammar((pattern,), "en").fitting(frozenset(line.split()))]
    assert found == ([0] if fits else [])


def test_patterns_are_tried_in_their_order() -> None:
    patterns = ("{ORG}", "held", "@hold", "{PLACE}", ".2 {ORG}")
    assert [n for n, _ in grammar(patterns, "en").fitting(frozenset({"ORG", "held", "a"}))] == [0, 1, 2, 4]


# -- errors


@pytest.mark.parametrize("pattern", ["( a b", "a ( b ( c )", "(name: a"])
def test_bracket_that_is_not_closed(pattern: str) -> None:
    with pytest.raises(DataError, match="not closed") as error:
        compile_pattern(pattern, "en")
    assert pattern in str(error.value)


@pytest.mark.parametrize("pattern", ["a )", "( a ) ) b", ")?"])
def test_bracket_that_was_not_opened(pattern: str) -> None:
    with pytest.raises(DataError, match="not opened") as error:
        compile_pattern(pattern, "en")
    assert pattern in str(error.value)


def test_unknown_word_class_names_the_near_ones() -> None:
    with pytest.raises(UnknownName) as error:
        compile_pattern("{ORG} @holdd {EVENT}", "en")
    message = str(error.value)
    assert 'word class "holdd"' in message
    assert 'Did you mean "hold"' in message


def test_unknown_language() -> None:
    with pytest.raises(UnknownName):
        compile_pattern("{ORG}", "fr")


@pytest.mark.parametrize("pattern", ["{member:Name}", "{ORG", "(the {ORG} ", "{a-b:ORG}"])
def test_symbol_of_the_wrong_form(pattern: str) -> None:
    with pytest.raises(DataError):
        compile_pattern(pattern, "en")


@pytest.mark.xfail(strict=True, reason="grammar: a type that no mention has makes a pattern that never matches")
def test_unknown_mention_type() -> None:
    with pytest.raises((DataError, UnknownName)):
        compile_pattern("{organizer:ORGS}", "en")


# -- the tables of patterns


def _tables() -> Iterator[tuple[str, str, str]]:
    for rule in RULES:
        yield from ((rule.name, rule.lang, pattern) for pattern in rule.patterns)
    for name in ("DIVIDED", "SUBJECT", "TOPICS"):
        for lang, patterns in getattr(tracking, name).items():
            yield from ((name.lower(), lang, pattern) for pattern in patterns)
    for table in (statements.QUOTED, statements.REPORTED, COMPOSITIONS):
        for name, lang, patterns in table:
            yield from ((name, lang, pattern) for pattern in patterns)


PATTERNS = sorted(set(_tables()))
every_pattern = pytest.mark.parametrize(
    ("lang", "pattern"), [pytest.param(lang, p, id=f"{name}-{lang}-{i}") for i, (name, lang, p) in enumerate(PATTERNS)]
)


@every_pattern
def test_pattern_compiles(lang: str, pattern: str) -> None:
    assert lang in LANGUAGES
    assert isinstance(compile_pattern(pattern, lang), re.Pattern)


@every_pattern
def test_pattern_uses_known_types_and_words_in_small_letters(lang: str, pattern: str) -> None:
    for symbol in pattern.split():
        mention = re.fullmatch(r"\{(?:\w+:)?([A-Z|]+)\+?\}\??", symbol)
        if mention:
            assert set(mention[1].split("|")) <= set(TYPES), symbol
        else:
            assert not re.search(r"[{}]", symbol), symbol
            assert re.fullmatch(r"\((?:\w+:)?|\)\??", symbol) or not re.search(r"[()A-Z]", symbol), symbol


EXAMPLES = [(rule.lang, text) for rule in RULES for text in (*(good for good, _ in rule.good), *rule.bad)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_pattern_that_matches_is_tried(lang: str) -> None:
    patterns = tuple(pattern for _, language, pattern in PATTERNS if language == lang)
    lines = [line for language, text in EXAMPLES if language == lang for line in claims(text, lang).reading.lines]
    for line in lines:
        tried = {number for number, _ in grammar(patterns, lang).fitting(line.words)}
        matching = {i for i, pattern in enumerate(patterns) if compile_pattern(pattern, lang).search(line.text)}
        assert matching <= tried, [(patterns[i], line.text) for i in matching - tried]


@every_pattern
def test_pattern_matches_no_empty_line(lang: str, pattern: str) -> None:
    assert not compile_pattern(pattern, lang).search("")


ADVERSARIES = {
    "en": (
        "ORG0 , ", "ORG0 and ", "ORG0 and the ", "ORG0 , and the ", "ORG0 , ORG1 and ORG2 , ", "with ORG0 and ",
        "with the ORG0 ", "together with the ORG0 , ", "ORG0 held ", "ORG0 , held ", "on DATE0 , in PLACE1 , ",
        "EVENT0 , ", "EVENT0 on the ", "EVENT0 and NUM1 participants , ", "NAME0 , ",
        "NAME0 , the ROLE1 of the ORG2 , ", "NAME0 and NAME1 said ", "QUOTE0 , said ", "POLICY0 , the ",
        "POLICY0 and PROG1 , the agreement ", "OBJ0 and ", "was supported by the ORG0 , ",
        "before the EVENT0 , POLICY1 ", "PLACE0 and ", "PLACE0 signed ", ", ", "the ", "and ", "held ",
        "[ ", "MONEY0 from ORG1 to ", "CATEGORY0 , ",
    ),
    "id": (
        "ORG0 , ", "ORG0 dan ", "ORG0 dan para ", "ORG0 , ORG1 serta ORG2 , ", "bersama ORG0 , ", "ORG0 menggelar ",
        "pada DATE0 , di PLACE1 , ", "EVENT0 , ", "EVENT0 tentang ", "EVENT0 dihadiri NUM1 peserta , ", "NAME0 , ",
        "NAME0 , ROLE1 , ORG2 , ", "NAME0 dan NAME1 ", "QUOTE0 , ujar ", "POLICY0 , ", "PROG0 dan PROG1 , ",
        "OBJ0 dan ", "didukung oleh ORG0 , ", "sebelum EVENT0 , POLICY1 ", "PLACE0 , ", ", ", "yang ",
        "dan ", "[ ", "CATEGORY0 , ",
    ),
}  # fmt: skip
# Exponential matching shows at small sizes already, so these go first and nothing hangs.
SIZES = (12, 16, 20, 24, 100, 400)
LIMIT = 0.5  # seconds; the slowest pattern needs 0.02 for the longest line on the slowest machine seen


def _seconds(compiled: re.Pattern[str], line: str, repeats: int = 1) -> float:
    """CPU time of the fastest of several runs."""
    times = []
    for _ in range(repeats):
        start = process_time()
        for _match in compiled.finditer(line):
            pass
        times.append(process_time() - start)
    return min(times)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_matching_is_linear(lang: str) -> None:
    """Four times the length takes at most ten times as long (squared it would be 16); tiny times are left out."""
    for _, language, pattern in PATTERNS:
        if language != lang:
            continue
        compiled = compile_pattern(pattern, lang)
        for unit in ADVERSARIES[lang]:
            times: list[float] = []
            for size in SIZES:
                line = unit * size
                times.append(_seconds(compiled, line))
                assert times[-1] < LIMIT, (unit, pattern, times)
            if times[-1] > 0.02 and times[-1] > 10 * times[-2]:  # another process may have been in the way
                again = [[_seconds(compiled, unit * size, 5) for size in SIZES[-2:]] for _ in range(5)]
                assert any(long < 10 * short for short, long in again), (unit, pattern, again)


def test_a_long_list_is_read_in_a_moment() -> None:
    claims("UNODC and the ILO met.")  # words and names are loaded once
    start = process_time()
    claims("UNODC and the " * 60 + "ILO met.")
    assert process_time() - start < 1
