"""Statements: who said what, where, and what it was about.

A statement is read in two steps: each line yields utterances (a quotation or a reported clause with its speaker), then
neighbouring utterances of one speaker become one statement: "X stressed the importance of Y. “…,” she said."
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from migkg.extract.claims import Claim, EventRef, Target
from migkg.extract.facts.participation import ROLES, key_of
from migkg.extract.facts.rules import expand
from migkg.extract.grammar import compile_pattern, grammar, of_language, placeholders
from migkg.extract.mention import Line, Mention
from migkg.extract.mentions import Reading
from migkg.extract.mentions.phrases import RoleValue
from migkg.extract.tracking import Events
from migkg.model import Ref, Span, Text

_ONT = "https://w3id.org/migkg/ont#"
_JOIN = " … "
# A pronoun reaches back this many sentences.
_REACH = 2
_ABOUT = ("POLICY", "OBJ", "PROG", "ORG")

# Before the verb: "Rina Sari, in her remarks, also said".
_LEAD = "{speaker:NAME+} ,? ( , ..10 , )? ( who )? ( has|have|had )? ( @adverb )?"
# construction, language, patterns over lines in which a person's phrase is one symbol. `speaker` is a name; `title` a
# post that stands for who holds it; neither stands where a pronoun does.
QUOTED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "statement.quotation-then-speaker", "en",
        (
            "{quotation:QUOTE} ,? ( @adverb )? @say ( the? .3 ,? )? {speaker:NAME+} ..24 ( ,|.? {more:QUOTE} )?",
            "{quotation:QUOTE} ,? {speaker:NAME+} ,? ( ..14 , )? ( who )? ( has|have|had )? ( @adverb )? @say ..3 ( ,|.? {more:QUOTE} )?",
            "{quotation:QUOTE} ,? ( @say )? ( according to ) {speaker:NAME+}",
            "{quotation:QUOTE} ,? ( @say the .2 {title:ROLE} | the .2 {title2:ROLE} ( @adverb )? @say )",
        ),
    ),
    (
        "statement.pronoun", "en",
        (
            "{quotation:QUOTE} ,? @he ( @adverb )? .1 @say ( .3 {more:QUOTE} )?",
            "{quotation:QUOTE} ,? @say @he ( .3 {more:QUOTE} )?",
            "@he ( @adverb )? .2 @report ..8 {quotation:QUOTE}",
        ),
    ),
    (
        "statement.speaker-then-quotation", "en",
        (
            "{speaker:NAME+} ..20 @say ..6 ,|:|that? {quotation:QUOTE}",
            f"{_LEAD} @report ..14 {{quotation:QUOTE}}",
            "{speaker:NAME+} ..20 @say .3 {quotation:QUOTE}",
            "{speaker:NAME+} ..12 : {quotation:QUOTE}",
            "according to {speaker:NAME+} ,? ..4 {quotation:QUOTE}",
            "the .2 {title:ROLE} ( @adverb )? @report ..8 {quotation:QUOTE}",
        ),
    ),
    ("statement.continued", "en", ("^ {quotation:QUOTE} .? $",)),
    (
        "statement.quotation-then-speaker", "id",
        (
            "{quotation:QUOTE} ,? ( demikian )? @say ( .2 ,? )? {speaker:NAME+} ..24 ( ,|.? {more:QUOTE} )?",
            "{quotation:QUOTE} ,? {speaker:NAME+} ,? ( ..14 , )? ( @adverb )? @say",
        ),
    ),
    (
        "statement.pronoun", "id",
        (
            "{quotation:QUOTE} ,? @say @he",
            "{quotation:QUOTE} ,? @he .1 @say",
            "{quotation:QUOTE} ,? @say_suffixed",
            "^ ( ..8 , )? @he ( @adverb )? .2 @report ..8 {quotation:QUOTE}",
        ),
    ),
    (
        "statement.speaker-then-quotation", "id",
        (
            "{speaker:NAME+} ..20 @say ..6 ,|:|bahwa {quotation:QUOTE}",
            "{speaker:NAME+} ..20 @say .3 {quotation:QUOTE}",
            f"{_LEAD.replace('( who )? ( has|have|had )?', '( yang )?')} @report ..14 {{quotation:QUOTE}}",
            "{speaker:NAME+} ..12 : {quotation:QUOTE}",
        ),
    ),
    ("statement.continued", "id", ("^ {quotation:QUOTE} .? $",)),
)  # fmt: skip

REPORTED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "statement.reported", "en",
        (
            f"{_LEAD} @report",
            "according to {speaker:NAME+}",
            "^ ( ..10 , )? the .2 {title:ROLE} ( has|had )? ( @adverb )? @report",
        ),
    ),
    (
        "statement.attributed", "en",
        (", {speaker:NAME+} ( has|have )? ( @adverb )? @say $", ", @say {speaker:NAME+}"),
    ),
    ("statement.pronoun", "en", ("^ ( ..10 , )? @he ( has|have|had )? ( @adverb )? @report",)),
    (
        "statement.reported", "id",
        (
            f"{_LEAD.replace('( who )? ( has|have|had )?', '( yang )?')} @report",
            "menurut {speaker:NAME+}",
        ),
    ),
    ("statement.pronoun", "id", ("^ ( ..10 , )? @he ( @adverb )? @report",)),
)  # fmt: skip
# Where an attribution says that it was spoken.
_AT_EVENT = {
    "en": "during|at|in|opening|closing|addressing|attending|inaugurating|launching|following ( the|a|an )? .3 {event:EVENT}",
    "id": "dalam|pada|saat|di|membuka|menutup|menghadiri|usai .2 {event:EVENT}",
}


@dataclass(frozen=True, slots=True)
class Utterance:
    """One quotation or reported clause with its speaker.

    :param speakers: none where a pronoun stands or nothing at all; several for a joint statement.
    :param quotes: in order; none for a reported clause.
    :param event: what the attribution names; `spoke_at`: where it says that the words were spoken.
    :param title: post that stands for the speaker; `holders`: whom the text gave that post before.
    :param before: the only person that the sentence before names.
    """

    line: Line
    rule: str
    speakers: tuple[Mention, ...]
    quotes: tuple[Mention, ...]
    span: Span
    about: tuple[Target, ...]
    event: str | None
    spoke_at: str | None = None
    title: Mention | None = None
    holders: tuple[Mention, ...] = ()
    before: tuple[Mention, ...] = ()


def statements(reading: Reading, events: Events) -> Iterator[Claim]:
    """All statements of a document, and at which event who spoke."""
    last: Utterance | None = None
    pending: Utterance | None = None
    for found in _utterances(reading, events):
        utterance = found
        if not utterance.speakers:
            # A pronoun, a title or a quotation alone: the one who spoke or was named just before.
            speakers = _meant(found, last)
            if not speakers:
                continue
            utterance = replace(found, speakers=speakers)
        joins = (
            pending is not None
            and bool(utterance.quotes)
            and _same(pending.speakers, utterance.speakers)
            and utterance.line.sentence.index - pending.line.sentence.index <= 1
        )
        if pending is not None:
            yield from _claims(reading, (pending, utterance) if joins else (pending,))
        if utterance.quotes and not joins:
            yield from _claims(reading, (utterance,))
        pending = None if utterance.quotes else utterance
        last = utterance
    if pending is not None:
        yield from _claims(reading, (pending,))


def _meant(found: Utterance, last: Utterance | None) -> tuple[Mention, ...]:
    """Whom a pronoun or title means: the only person of the sentence before, else who spoke last, near by."""
    if found.title is not None:
        return found.holders
    if found.before and found.rule == "statement.pronoun" and (last is None or found.line.sentence.index - 1 > last.line.sentence.index):
        return found.before
    if last is None or found.line.sentence.index - last.line.sentence.index > _REACH:
        return ()
    return last.speakers


def _same(ones: tuple[Mention, ...], others: tuple[Mention, ...]) -> bool:
    longer, shorter = sorted((ones[0].text.split(), others[0].text.split()), key=len, reverse=True)
    return len(ones) == len(others) and set(shorter) <= set(longer)


def _claims(reading: Reading, parts: tuple[Utterance, ...]) -> Iterator[Claim]:
    """The statement, and that its speaker spoke at the event."""
    yield _claim(reading, parts)
    for part in parts:
        if part.spoke_at:
            for speaker in part.speakers:
                yield Claim(
                    "Participation", {"event": (EventRef(part.spoke_at),), "participant": (speaker,)}, part.span,
                    part.line.sentence.span, "participation.attribution", {"participationRole": (Ref(ROLES + "speaker"),)},
                )  # fmt: skip


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
    lang, text = reading.document.lang, reading.document.text
    holders: dict[str, tuple[Mention, ...]] = {}
    before: tuple[Mention, ...] = ()
    for plain, line in zip(reading.lines, reading.people, strict=True):
        if line.sentence.kind != "body":
            continue
        direct = "QUOTE" in line.types
        found = list(_matches(QUOTED, line, lang))[:1] if direct else _reported(line, lang)
        for n, (rule, match) in enumerate(found):
            groups = match.groupdict()
            speakers = _mentions(line, groups.get("speaker"))
            titles = _mentions(line, groups.get("title") or groups.get("title2"))
            quotes = _mentions(line, groups.get("quotation")) + _mentions(line, groups.get("more"))
            following = found[n + 1] if n + 1 < len(found) else None
            limit = following[1].start() if following else len(line.text)
            if quotes:
                span = line.span(*match.span())
                about = _about_inside(reading, line, quotes, events)
            elif rule == "statement.attributed":
                span, about = line.sentence.span, _about_between(line, 0, match.start(), events)
                span = Span(span.start, line.span(*match.span()).end)
            else:
                span, about = _clause(line, match, events, limit)
            told = len(line.text) if quotes else match.end()
            yield Utterance(
                line, rule, speakers, quotes, _trimmed(span, text), about, _event(line, events, told),
                _spoke_at(line, events, told if quotes else min(limit, told), lang),
                titles[0] if titles else None, holders.get(_head(titles), ()), before,
            )  # fmt: skip
        _note(plain, line, holders)
        people = {place.mention.text: place.mention for place in line.places if place.mention.type == "NAME"}
        before = tuple(people.values()) if len(people) == 1 else ()


def _reported(line: Line, lang: str) -> list[tuple[str, re.Match[str]]]:
    """Reported clauses, in order; nobody speaks twice in one, and a pronoun speaks only where nobody else does."""
    found: list[tuple[str, re.Match[str]]] = []
    rules, patterns = of_language(REPORTED, lang)
    for number, regex in grammar(patterns, lang).fitting(line.words):
        if found and "speaker" not in patterns[number]:
            continue
        for match in regex.finditer(line.text):
            if not any(match.start() < other.end() and other.start() < match.end() for _, other in found):
                found.append((rules[number], match))
    return sorted(found, key=lambda one: one[1].start())


def _head(titles: tuple[Mention, ...]) -> str:
    """The head noun of a title, which a later mention of it shares: "the Minister"."""
    value = titles[0].value if titles else None
    return value.head if isinstance(value, RoleValue) else ""


def _note(plain: Line, line: Line, holders: dict[str, tuple[Mention, ...]]) -> None:
    """Keep who holds which post, by its head noun."""
    for place in line.places:
        if place.mention.type == "NAME":
            for post in plain.mentions:
                if post.type == "ROLE" and place.span.holds(post.span) and (head := _head((post,))):
                    holders[head] = (place.mention,)


def _spoke_at(line: Line, events: Events, limit: int, lang: str) -> str | None:
    """The event at which the attribution says that the words were spoken."""
    if "EVENT" in line.types:
        match = compile_pattern(_AT_EVENT[lang], lang).search(line.text)
        if match and match.end() <= limit:
            return key_of(events, line.find(placeholders(match["event"])[0]))
    return None


def _trimmed(span: Span, text: str) -> Span:
    end = span.end
    while end - 1 > span.start and text[end - 1] in " ,;:":
        end -= 1
    return Span(span.start, end)


def _matches(
    table: tuple[tuple[str, str, tuple[str, ...]], ...], line: Line, lang: str
) -> Iterator[tuple[str, re.Match[str]]]:
    rules, patterns = of_language(table, lang)
    for number, regex in grammar(patterns, lang).fitting(line.words):
        if match := regex.search(line.text):
            yield rules[number], match


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


def _clause(
    line: Line, match: re.Match[str], events: Events, limit: int
) -> tuple[Span, tuple[Target, ...]]:
    """A reported clause goes from its speaker to the end of the sentence, or to the next speaker."""
    # In a list of speakers ("X shared …; Y, a lecturer, spoke of …") each clause ends at its semicolon.
    end = line.text.find(" ; ", match.end())
    end = min(limit, len(line.text) if end < 0 else end)
    return line.span(match.start(), max(end, match.end())), _about_between(line, match.end(), end, events)


def _about_between(line: Line, start: int, end: int, events: Events) -> tuple[Target, ...]:
    behind = [mention for offset, mention in line.placed() if start <= offset < end and mention.type in _ABOUT]
    return tuple(dict.fromkeys(target for mention in behind for target in expand(mention, events)))


def _event(line: Line, events: Events, limit: int) -> str | None:
    """The event that the attribution names: "during the second session", "in her remarks".

    :param limit: offset in the line behind which is claimed and not told where.
    """
    for offset, mention in line.placed():
        if mention.type == "EVENT" and offset < limit:
            keys = events.keys(mention)
            if len(keys) == 1:
                return keys[0]
    words = f" {line.text[:limit]}"
    if events.main and any(f" {word} " in words for word in _REMARKS):
        return events.main
    return None


_REMARKS = ("remarks", "remark", "speech", "address", "sambutannya", "sambutan", "pidatonya", "paparannya")
