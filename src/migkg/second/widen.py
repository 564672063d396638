"""What an article's mentions become when those of a second reader are added to those of the rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from migkg import iris
from migkg.extract import Claims
from migkg.extract.mention import Mention
from migkg.extract.mentions import Reading, read_mentions
from migkg.extract.mentions.phrases import EventNoun
from migkg.extract.tracking import Event, Events
from migkg.reference import Reference


def event_value(words: str) -> EventNoun:
    """The value of an event's mention that has no event noun: nothing is known of it but its words."""
    return EventNoun(words.lower(), "other", known=False, new=True, plural=False)


def widen(claims: Claims, mentions: Iterable[Mention], reference: Reference) -> Claims:
    """Read the article's mentions again with those of a second reader among them; the claims stay as they are.

    Events of the rules keep their keys. A further one has a key made from its words, so that all its mentions meet.
    """
    document, lexicon = claims.reading.document, claims.reading.lexicon
    second = (*claims.second, *mentions)
    reading = read_mentions(document, lexicon, reference, second)
    return replace(claims, reading=reading, events=_events(claims.events, reading), second=second)


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
    return replace(events, all=found, of=of)
