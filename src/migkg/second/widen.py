"""Mentions of a second reader: how its words become one, and what an article's mentions become with it among them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from migkg import iris
from migkg.extract import Claims
from migkg.extract.clauses import SAME, Frame, frames
from migkg.extract.lexicon import Lexicon, word_class
from migkg.extract.mention import Line, Mention, select
from migkg.extract.mentions import Reading, read_mentions
from migkg.extract.mentions.patterns import DateValue, find_figures, read_date
from migkg.extract.mentions.phrases import EventNoun
from migkg.extract.tracking import Event, Events
from migkg.model import Span
from migkg.reference import Reference

_VALUED = ("DATE", "MONEY")
_COMMON = ("EVENT", "ROLE")  # these are told in small letters too
_YEAR = re.compile(r"(?:19|20)\d\d")
# What stands at the end of a name without being part of it.
_TAIL = re.compile(r"['’]s?|[^\w.)]+")


def widen(claims: Claims, mentions: Iterable[Mention], reference: Reference) -> Claims:
    """Read the article's mentions again with those of a second reader among them; the claims stay as they are.

    Where two mentions clash, the one that was there first stays: what the rules read does not hang on who reads after.
    Only a run of capitals that no claim takes for a person gives way. Events of the rules keep their keys; a new one
    has a key made from its words, so that all its mentions meet.
    """
    document, lexicon = claims.reading.document, claims.reading.lexicon
    people = {
        word
        for claim in claims.claims
        for targets in claim.roles.values()
        for target in targets
        if isinstance(target, Mention) and target.type == "NAME"
        for word in target.text.split()
    }
    kept = select(mention for mention in mentions if not _clashes(mention, claims.reading, people))
    second = (*claims.second, *kept)
    reading = read_mentions(document, lexicon, reference, second)
    # A form that the rules have read means what it meant to them.
    read = {m.text for line in claims.reading.lines for m in line.mentions}
    news = {form: long for form, long in reading.aliases.items() if form not in read}
    reading = replace(reading, aliases={**news, **claims.reading.aliases})
    return replace(claims, reading=reading, events=_events(claims.events, reading), second=second)


def _clashes(mention: Mention, reading: Reading, people: set[str]) -> bool:
    """Whether a mention shares words with another that stays, or crosses a quotation mark.

    :param people: words of the names that claims take for people.
    """
    index = reading.document.sentence_at(mention.span.start).index
    others = (*reading.lines[index].mentions, *reading.inner.get(index, ()))

    def stays(other: Mention) -> bool:
        if other.type == "QUOTE":
            return not other.span.holds(mention.span)
        guessed = other.type == "NAME" != mention.type and mention.span.holds(other.span)
        return not guessed or not people.isdisjoint(other.text.split())

    return any(other.span.overlaps(mention.span) and stays(other) for other in others)


def _events(events: Events, reading: Reading) -> Events:
    found, of = dict(events.all), dict(events.of)
    for line in reading.lines:
        for mention in line.mentions if line.sentence.kind == "body" else ():
            if mention.type != "EVENT" or any(span.overlaps(mention.span) for span in events.of):
                continue
            name = reading.aliases.get(mention.text, mention).text
            key = f"n-{iris.slug(name)}"
            found.setdefault(key, Event(key, mention.value.code, replace(mention, text=name), line, named=True))
            of[mention.span] = (key,)
    return replace(events, all=found, of=of, frames=tuple(_frames(events, of, reading)))


def _frames(events: Events, of: Mapping[Span, tuple[str, ...]], reading: Reading) -> Iterator[tuple[Line, Frame, str]]:
    """The clauses that report known events, read again: new names may stand in them. They make no new events."""
    for line in reading.lines:
        found = frames(line, reading.lexicon, reading.document.text) if line.sentence.kind == "body" else ()
        held = any(frame.event for frame in found)
        for frame in found:
            keys = of.get(frame.event.span, ()) if frame.event else of.get(frame.act, ()) if frame.act else ()
            if frame.code == SAME and events.main:
                keys = (events.main,)
            if len(keys) == 1 and bool(frame.event) == held:
                yield line, frame, keys[0]


def mark(type_: str, span: Span, reading: Reading, reader: str) -> Mention | None:
    """A mention of this type in the whole tokens of a span, without an article before it and a genitive behind it.

    :returns: None where no token is left, for a name without a capital or a pronoun, and for a date or sum that the
        rules cannot read.
    """
    text, lexicon, sentence = reading.document.text, reading.lexicon, reading.document.sentence_at(span.start)
    inside = [
        Span(start, end)
        for start, end in zip(sentence.starts, sentence.ends, strict=True)
        if span.start <= start and end <= span.end
    ]
    openers = word_class(lexicon.lang, "openers") | word_class(lexicon.lang, "he")
    while inside and inside[0].of(text).lower() in openers:
        inside.pop(0)
    while inside and _TAIL.fullmatch(inside[-1].of(text)):
        inside.pop()
    mention = _mention(type_, inside[0].join(inside[-1]), text, lexicon) if inside else None
    return replace(mention, reader=reader) if mention else None


def _mention(type_: str, span: Span, text: str, lexicon: Lexicon) -> Mention | None:
    words = " ".join(span.of(text).split())
    value: object = None
    if type_ in _VALUED:
        value = _date(words, lexicon) if type_ == "DATE" else _money(words)
        if value is None:
            return None
    elif not any(char.isalpha() for char in words) or (type_ not in _COMMON and words.islower()):
        return None
    elif type_ == "NAME" and " " not in words:
        value = "short"
    elif type_ == "EVENT":
        # It has no event noun: nothing is known of it but its words.
        value = EventNoun(words.lower(), "other", known=False, new=True, plural=False)
    return Mention(type_, span, words, value=value)


def _date(words: str, lexicon: Lexicon) -> DateValue | None:
    return DateValue(None, None, int(words)) if _YEAR.fullmatch(words) else read_date(words, lexicon)


def _money(words: str) -> object:
    return next((found.value for found in find_figures(words, Span(0, len(words))) if found.type == "MONEY"), None)
