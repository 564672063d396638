"""Statements: who said what, where, and what it was about.

A statement is read in two steps: each line yields utterances (a quotation or a reported clause with its speaker), then
neighbouring utterances of one speaker become one statement: "X stressed the importance of Y. “…,” she said."
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from migkg.extract.claims import Claim, EventRef, Target
from migkg.extract.facts.rules import expand
from migkg.extract.grammar import compile_pattern, needed_types, placeholders
from migkg.extract.mention import Line, Mention
from migkg.extract.mentions import Reading
from migkg.extract.tracking import Events
from migkg.model import Ref, Span, Text

_ONT = "https://w3id.org/migkg/ont#"
_JOIN = " … "
# A pronoun reaches back this many sentences.
_REACH = 2
_ABOUT = ("POLICY", "OBJ", "PROG", "ORG")

# construction, language, patterns. `speaker` is a name, or missing where a pronoun stands.
QUOTED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "statement.quotation-then-speaker", "en",
        (
            "{quotation:QUOTE} ,? @say ( the? .2 {ORG}? 's? {ROLE}? ( of|at|for|, the? {ORG} )? ( in|for {PLACE} )? ,? )? {speaker:NAME+} ..24 ( ,|.? {more:QUOTE} )?",
            "{quotation:QUOTE} ,? {speaker:NAME+} ( , ..14 , )? @say ( .3 {more:QUOTE} )?",
        ),
    ),
    (
        "statement.pronoun", "en",
        ("{quotation:QUOTE} ,? @he .1 @say ( .3 {more:QUOTE} )?", "{quotation:QUOTE} ,? @say @he ( .3 {more:QUOTE} )?", "@he .2 @say .2 ,|: {quotation:QUOTE}"),
    ),
    (
        "statement.speaker-then-quotation", "en",
        ("{speaker:NAME+} ..20 @say .6 ,|:|that? {quotation:QUOTE}", "{speaker:NAME+} ..20 @say .3 {quotation:QUOTE}"),
    ),
    ("statement.continued", "en", ("^ {quotation:QUOTE} .? $",)),
    (
        "statement.quotation-then-speaker", "id",
        (
            "{quotation:QUOTE} ,? @say ( {ROLE}? ( di|pada|,|dari )? {ORG}? ,? ( di {PLACE} )? ,? )? {speaker:NAME+} ..24 ( ,|.? {more:QUOTE} )?",
            "{quotation:QUOTE} ,? {speaker:NAME+} ( , ..14 , )? @say",
        ),
    ),
    ("statement.pronoun", "id", ("{quotation:QUOTE} ,? @say @he", "{quotation:QUOTE} ,? @he .1 @say", "{quotation:QUOTE} ,? @say_suffixed", "^ @he .2 @say .2 ,|: {quotation:QUOTE}")),
    (
        "statement.speaker-then-quotation", "id",
        ("{speaker:NAME+} ..20 @say .6 ,|: {quotation:QUOTE}", "{speaker:NAME+} ..20 @say .3 {quotation:QUOTE}"),
    ),
    ("statement.continued", "id", ("^ {quotation:QUOTE} .? $",)),
)  # fmt: skip

REPORTED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "statement.reported", "en",
        (
            "{speaker:NAME+} ( , ..16 , | [ ..10 ] ,? | of|from the? {ORG} )? ( who )? ( also|further|then|later|again|both|particularly )? @report",
            "{speaker:NAME+} , the? {ROLE} ( ,|of|at|for|in ( the )? {ORG|PLACE} )? ( ,|of|at|in ( the )? {ORG|PLACE} )? ( also )? @report",
            "{speaker:NAME+} , the? {ORG} 's? {ROLE} ( ,|of|in ( the )? {PLACE} )? ( also )? @report",
        ),
    ),
    (
        "statement.reported", "id",
        (
            "{speaker:NAME+} ( , ..16 , | [ ..10 ] ,? | dari {ORG} )? ( yang )? ( juga|turut|lalu|kemudian )? @report",
            "{speaker:NAME+} , {ROLE} ( ,|di|pada|dari )? {ORG}? ( ,|di|pada {ORG} )? ( juga )? @report",
            "{ROLE} ( ,|di|pada|dari )? {ORG}? ,? {speaker:NAME+} ,? ( juga )? @report",
            "^ menurut ( {ROLE} ( ,|di|pada|dari )? {ORG}? ,? )? {speaker:NAME+} ,",
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Utterance:
    """One quotation or reported clause with its speaker.

    :param speakers: none where a pronoun stands or nothing at all; several for a joint statement.
    :param quotes: in order; none for a reported clause.
    """

    line: Line
    rule: str
    speakers: tuple[Mention, ...]
    quotes: tuple[Mention, ...]
    span: Span
    about: tuple[Target, ...]
    event: str | None


def statements(reading: Reading, events: Events) -> Iterator[Claim]:
    """All statements of a document."""
    last: Utterance | None = None
    pending: Utterance | None = None
    for found in _utterances(reading, events):
        utterance = found
        if not utterance.speakers:
            # A pronoun, or a quotation alone: the one who spoke just before.
            if last is None or found.line.sentence.index - last.line.sentence.index > _REACH:
                continue
            utterance = replace(found, speakers=last.speakers)
        joins = (
            pending is not None
            and bool(utterance.quotes)
            and _same(pending.speakers, utterance.speakers)
            and utterance.line.sentence.index - pending.line.sentence.index <= 1
        )
        if pending is not None:
            yield _claim(reading, (pending, utterance) if joins else (pending,))
        if utterance.quotes and not joins:
            yield _claim(reading, (utterance,))
        pending = None if utterance.quotes else utterance
        last = utterance
    if pending is not None:
        yield _claim(reading, (pending,))


def _same(ones: tuple[Mention, ...], others: tuple[Mention, ...]) -> bool:
    longer, shorter = sorted((ones[0].text.split(), others[0].text.split()), key=len, reverse=True)
    return len(ones) == len(others) and set(shorter) <= set(longer)


def _claim(reading: Reading, parts: tuple[Utterance, ...]) -> Claim:
    text, lang = reading.document.text, reading.document.lang
    quotes = [quote for part in parts for quote in part.quotes]
    about = tuple(dict.fromkeys(target for part in parts for target in part.about))
    event = next((part.event for part in parts if part.event), None)
    roles: dict[str, tuple[Target, ...]] = {"speaker": parts[0].speakers}
    if event:
        roles["event"] = (EventRef(event),)
    if about:
        roles["about"] = about
    span = parts[0].span.join(parts[-1].span)
    sentence = parts[0].line.sentence.span.join(parts[-1].line.sentence.span)
    quotation = _JOIN.join(_inner(quote, text) for quote in quotes)
    if not quotes:
        quotation = " ".join(parts[0].span.of(text).split())
    mode = Ref(_ONT + ("Direct" if quotes else "Reported"))
    return Claim(
        "Statement", roles, span, sentence, parts[-1].rule, {"quotation": (Text(quotation, lang),), "mode": (mode,)}
    )


def _inner(quote: Mention, text: str) -> str:
    """The words of a quotation without its marks and the comma that links it to its attribution."""
    return " ".join(quote.span.of(text).strip('“”"«»„ ').rstrip(",").split())


def _utterances(reading: Reading, events: Events) -> Iterator[Utterance]:
    lang = reading.document.lang
    for line in reading.lines:
        if line.sentence.kind != "body" or not line.types & {"QUOTE", "NAME"}:
            continue
        found = next(_matches(QUOTED, line, lang), None) if "QUOTE" in line.types else None
        if found is None:
            found = next(_matches(REPORTED, line, lang), None) if "QUOTE" not in line.types else None
        if found is None:
            continue
        rule, match = found
        groups = match.groupdict()
        speaker = _mentions(line, groups.get("speaker"))
        quotes = _mentions(line, groups.get("quotation")) + _mentions(line, groups.get("more"))
        if quotes:
            span = line.span(*match.span())
            about = _about_inside(reading, line, quotes, events)
        else:
            span, about = _clause(line, match, events)
        yield Utterance(
            line, rule, speaker, quotes, _trimmed(span, reading.document.text),
            about, _event(line, events, len(line.text) if quotes else match.end()),
        )  # fmt: skip


def _trimmed(span: Span, text: str) -> Span:
    end = span.end
    while end - 1 > span.start and text[end - 1] in " ,;:":
        end -= 1
    return Span(span.start, end)


def _matches(
    table: tuple[tuple[str, str, tuple[str, ...]], ...], line: Line, lang: str
) -> Iterator[tuple[str, re.Match[str]]]:
    for rule, language, patterns in table:
        if language == lang:
            for pattern in patterns:
                if needed_types(pattern) <= line.types:
                    match = compile_pattern(pattern, lang).search(line.text)
                    if match:
                        yield rule, match


def _mentions(line: Line, group: str | None) -> tuple[Mention, ...]:
    return tuple(line.find(placeholder) for placeholder in placeholders(group or ""))


def _about_inside(reading: Reading, line: Line, quotes: tuple[Mention, ...], events: Events) -> tuple[Target, ...]:
    inside = reading.inner.get(line.sentence.index, ())
    return tuple(
        dict.fromkeys(
            target
            for mention in inside
            if mention.type in _ABOUT and any(quote.span.holds(mention.span) for quote in quotes)
            for target in expand(mention, events)
        )
    )


def _clause(line: Line, match: re.Match[str], events: Events) -> tuple[Span, tuple[Target, ...]]:
    """A reported clause goes from its speaker to the end of the sentence."""
    start: int = match.start()
    verb: int = match.start("first") if match.groupdict().get("first") else match.end()
    # In a list of speakers ("X shared …; Y, a lecturer, spoke of …") each clause ends at its semicolon.
    end = line.text.find(" ; ", verb)
    end = len(line.text) if end < 0 else end
    behind = [
        item[1]
        for item, offset in zip(line.items, line.offsets, strict=True)
        if verb <= offset < end and item[1] is not None
    ]
    about = tuple(
        dict.fromkeys(target for mention in behind if mention.type in _ABOUT for target in expand(mention, events))
    )
    return line.span(start, end), about


def _event(line: Line, events: Events, limit: int) -> str | None:
    """The event that the attribution names: "during the second session", "in her remarks".

    :param limit: offset in the line behind which is claimed and not told where.
    """
    for (_, mention), offset in zip(line.items, line.offsets, strict=True):
        if mention is not None and mention.type == "EVENT" and offset < limit:
            keys = events.keys(mention)
            if len(keys) == 1:
                return keys[0]
    words = f" {line.text[:limit]}"
    if events.main and any(f" {word} " in words for word in _REMARKS):
        return events.main
    return None


_REMARKS = ("remarks", "remark", "speech", "address", "sambutannya", "sambutan", "pidatonya", "paparannya")
