"""Sessions of an event and what each of them was about, as `tracking` read them."""

from __future__ import annotations

from collections.abc import Iterator

from migkg.extract.claims import Claim, EventRef, Target
from migkg.extract.facts.rules import expand
from migkg.extract.grammar import grammar, placeholders
from migkg.extract.mention import Line, Mention
from migkg.extract.mentions import Reading
from migkg.extract.mentions.patterns import ObjectiveValue
from migkg.extract.tracking import SUBJECT, Events
from migkg.model import Span, Text, Value


def session_claims(reading: Reading, events: Events) -> Iterator[Claim]:
    """SubEvent for each session that a division gives, Addressing for each subject of a session."""
    for parent, line, span in events.divisions:
        for event in events.all.values():
            if event.parent == parent and event.order is not None:
                roles: dict[str, tuple[Target, ...]] = {"event": (EventRef(parent),), "session": (EventRef(event.key),)}
                yield _claim("SubEvent", roles, {"order": (event.order,)}, line, span, "subevent.divided-into")
    themes = _themes(reading, events)
    for key, mention, position, line, span in events.topics:
        topics = expand(mention, events)
        topic = topics[position] if mention.type == "OBJ" else topics[0]
        theme = themes.pop((key, topic), None)
        roles = {"subject": (EventRef(key),), "topic": (topic,)}
        yield _claim("Addressing", roles, {}, line, span, "addressing.session-topic")
        if theme:
            text, other, words = theme
            yield _claim("Addressing", roles, {"theme": (text,)}, other, words, "addressing.session-theme")


def _themes(reading: Reading, events: Events) -> dict[tuple[str, Target], tuple[Text, Line, Span]]:
    """Session and objective → the theme printed in brackets behind the objective where the session is named by it."""
    found = {}
    for line in reading.lines:
        if not {"OBJ", "EVENT"} <= line.types:
            continue
        for _, regex in grammar(SUBJECT[reading.document.lang], reading.document.lang).fitting(line.words):
            for match in regex.finditer(line.text):
                topic, session = _one(line, match["topic"]), _one(line, match["session"])
                value = topic.value
                keys = events.keys(session)
                if isinstance(value, ObjectiveValue) and value.theme_span and len(keys) == 1:
                    text = " ".join(value.theme_span.of(reading.document.text).split())
                    theme = Text(text, reading.document.lang)
                    found[keys[0], expand(topic, events)[0]] = (theme, line, line.span(*match.span()))
    return found


def _one(line: Line, group: str) -> Mention:
    return line.find(placeholders(group)[0])


def _claim(
    kind: str,
    roles: dict[str, tuple[Target, ...]],
    qualifiers: dict[str, tuple[Value, ...]],
    line: Line,
    span: Span,
    rule: str,
) -> Claim:
    return Claim(kind, roles, span, line.sentence.span, rule, qualifiers)
