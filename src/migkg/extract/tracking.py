"""Which event mentions of a document speak of the same event, and which sessions an event has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from migkg.extract.clauses import SAME, Frame, frames
from migkg.extract.grammar import grammar, placeholders
from migkg.extract.lexicon import LANGUAGES, load_lexicon, word_class
from migkg.extract.mention import Line, Mention
from migkg.extract.mentions import Reading
from migkg.extract.mentions.phrases import EventNoun
from migkg.model import Span

SESSION = "session"
# Sentences that open a body and report its news.
_LEAD = 2
# Types of events that a verb alone may tell; the others are gatherings.
_ACTS = frozenset({"launch", "signing", "handover", "ceremony", "other", "operation"})
# Patterns that divide an event into sessions, by language.
DIVIDED = {
    "en": (
        "{event:EVENT} ( was|were|is )? @divided {count:NUM} .2 {session:EVENT}",
        # Without an event of its own: that of the article.
        "^ the|its|this programme|program|agenda|day ( was|were )? @divided {count:NUM} .2 {session:EVENT}",
    ),
    "id": (
        "{event:EVENT} @divided {count:NUM} {session:EVENT}",
        "{event:EVENT} @divided dalam? {count:NUM} {session:EVENT}",
    ),
}
# Patterns that name a session by its subject.
SUBJECT = {
    "en": ("{topic:OBJ|POLICY} {session:EVENT}", "{session:EVENT} ( on|for|about )? the? {topic:OBJ|POLICY}"),
    "id": ("{session:EVENT} ( tentang|mengenai|terkait|untuk|membahas|soal )? {topic:OBJ|POLICY}",),
}
# Patterns that say what sessions discuss; the subjects of several sessions stand in their order.
TOPICS = {
    "en": ("{session:EVENT} .1 @discuss the? .5 {topic:OBJ|POLICY+}",),
    "id": ("{session:EVENT} .2 @discuss .5 {topic:OBJ|POLICY+}",),
}


@dataclass(frozen=True, slots=True)
class Event:
    """An event of the document.

    :param mention: the first one, which names it; `code`: type in the scheme event-types.
    :param parent: key of the event that this is a session of; `order`: its place there, from 1.
    :param named: True when nothing tells it but its own words, as a second reader marked them.
    :param title: what to call it where its words are no noun phrase: "handover of …".
    """

    key: str
    code: str
    mention: Mention
    line: Line
    parent: str | None = None
    order: int | None = None
    plural: bool = False
    named: bool = False
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Events:
    """All events of a document.

    :param of: mention's span → keys (several for "the first two sessions").
    :param topics: key of a session → (what it is about, line, words).
    :param main: key of the event that the article reports first.
    :param frames: (line, frame, key of its event) for each clause that reports an event.
    """

    all: Mapping[str, Event]
    of: Mapping[Span, tuple[str, ...]]
    topics: tuple[tuple[str, Mention, int, Line, Span], ...]
    divisions: tuple[tuple[str, Line, Span], ...]
    main: str | None
    frames: tuple[tuple[Line, Frame, str], ...] = ()

    def keys(self, mention: Mention) -> tuple[str, ...]:
        """Keys of the events that a mention speaks of."""
        return self.of.get(mention.span, ())


class _Tracker:
    """Reads the lines in order and gives each event mention its keys."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.lang = reading.document.lang
        self.all: dict[str, Event] = {}
        self.of: dict[Span, tuple[str, ...]] = {}
        self.topics: list[tuple[str, Mention, int, Line, Span]] = []
        self.divisions: list[tuple[str, Line, Span]] = []
        self.main: str | None = None
        self.frames: list[tuple[Line, Frame, str]] = []
        self.lead = [line for line in reading.lines if line.sentence.kind == "body"][:_LEAD]

    def run(self) -> Events:
        lines = self.reading.lines
        for line in [
            *(x for x in lines if x.sentence.kind == "body"),
            *(x for x in lines if x.sentence.kind == "title"),
        ]:
            self.read(line)
        return Events(self.all, self.of, tuple(self.topics), tuple(self.divisions), self.main, tuple(self.frames))

    def read(self, line: Line) -> None:
        found = frames(line, self.reading.lexicon, self.reading.document.text)
        held = {frame.event.span for frame in found if frame.event}
        if not held and line.sentence.kind == "body":
            for frame in found:
                if frame.code == SAME and self.main:
                    self.frames.append((line, frame, self.main))
                elif frame.act is not None:
                    self.act(frame, frame.act, line)
        if "EVENT" not in line.types:
            return
        divided = self.match(DIVIDED, line)
        sessions_here = {m.span for match in divided for m in _found(line, match, "session")}
        for mention in line.mentions:
            if mention.type == "EVENT" and mention.span not in sessions_here:
                self.of[mention.span] = self.resolve(mention, line, held=mention.span in held)
        for frame in found:
            if frame.event and len(keys := self.of.get(frame.event.span, ())) == 1:
                self.frames.append((line, frame, keys[0]))
        if any(frame.act and frame.organizers for frame in found):
            # "At a ceremony held at the port, A and B handed over …": who acts there holds it.
            told = {key for of, _, key in self.frames if of is line and self.all[key].code in ("ceremony", "handover")}
            if len(told) == 1:
                self.frames += [(line, frame, min(told)) for frame in found if frame.act and frame.organizers]
        for match in divided:
            self.divide(line, match)
        for match in self.match(TOPICS, line):
            self.discuss(line, match)

    def act(self, frame: Frame, act: Span, line: Line) -> None:
        """What a verb alone tells is an event where the lead reports it, or where the sentence says when it was."""
        words = frozenset(line.text.split())
        dated = frame.date is not None and frame.date.value.day is not None
        if not (line in self.lead or dated or words & word_class(self.lang, "deictic")):
            return
        if any(self.at_event(mention) for mention in line.mentions):
            return  # what was done there belongs to that event
        same = [e.key for e in self.all.values() if e.code == frame.code and not e.parent and not e.plural]
        if same and not dated:
            key = same[-1]
        else:
            noun = min((n for n, code in self.reading.lexicon.events.items() if code == frame.code), key=len)
            value = EventNoun(noun, frame.code, known=False, new=True, plural=False)
            text = " ".join(act.of(self.reading.document.text).split())
            mention = Mention("EVENT", act, text, value=value)
            key = self.add(mention, line, title=act_label(noun, frame, self.reading))
            self.of[act] = (key,)
        self.frames.append((line, frame, key))

    def at_event(self, mention: Mention) -> bool:
        """ "… at a workshop": a gathering that holds what else the sentence reports."""
        if mention.type != "EVENT" or mention.value.plural or mention.value.code in _ACTS:
            return False
        before = self.reading.document.text[: mention.span.start].rstrip().rpartition(" ")[2].lower()
        return before in word_class(self.lang, "during")

    def match(self, patterns: Mapping[str, tuple[str, ...]], line: Line) -> list[re.Match[str]]:
        fitting = grammar(patterns[self.lang], self.lang).fitting(line.words)
        return [match for _, regex in fitting for match in regex.finditer(line.text)]

    def divide(self, line: Line, match: re.Match[str]) -> None:
        session = _found(line, match, "session")[0]
        events = _found(line, match, "event")
        keys = self.of.get(events[0].span, ()) if events else (self.main,) if self.main else ()
        count = _found(line, match, "count")[0].value
        if session.value.code != SESSION or len(keys) != 1 or not 2 <= count <= 20:
            return
        parent = keys[0]
        for order in range(1, count + 1):
            key = f"{parent}/{order}"
            self.all[key] = Event(key, SESSION, session, line, parent, order)
        self.of[session.span] = tuple(f"{parent}/{order}" for order in range(1, count + 1))
        self.divisions.append((parent, line, line.span(*match.span())))

    def discuss(self, line: Line, match: re.Match[str]) -> None:
        keys = self.of.get(_found(line, match, "session")[0].span, ())
        if not all(self.all[key].parent for key in keys) or not keys:
            return
        subjects = [
            (mention, i) for mention in _found(line, match, "topic")
            for i in range(len(mention.value.iris) if mention.type == "OBJ" else 1)
        ]  # fmt: skip
        words = line.span(*match.span())
        if len(keys) == 1:
            self.topics += [(keys[0], mention, i, line, words) for mention, i in subjects]
        elif len(keys) == len(subjects):
            self.topics += [(key, mention, i, line, words) for key, (mention, i) in zip(keys, subjects, strict=True)]

    # -- coreference -----------------------------------------------------------------------------------------------

    def resolve(self, mention: Mention, line: Line, *, held: bool = False) -> tuple[str, ...]:
        noun: EventNoun = mention.value
        if line.sentence.kind == "title":
            same = [e for e in self.all.values() if e.code == noun.code and not e.parent]
            return (same[0].key,) if same else ()
        session = self.session(mention, line)
        if session is not None:
            return session
        if not noun.new and (known := self.known(noun)):
            return (known,)
        if self.main and noun.known and noun.code not in _ACTS | {SESSION} and self.all[self.main].title:
            main = self.all[self.main]
            near = line.sentence.index - main.line.sentence.index <= 1 and "DATE" not in line.types
            if main.code == "meeting" and near:
                # "Officials met … The focus group discussion …": the noun says what it was.
                self.all[self.main] = replace(main, code=noun.code, mention=mention, title=None)
                return (self.main,)
        if self.main and noun.known and noun.noun in self.reading.lexicon.hypernyms and mention.text[1:].islower():
            return (self.main,)
        told = self.all[self.main] if self.main else None
        if told and noun.code == "ceremony" and told.title and (not noun.new or line is told.line):
            return (told.key,)  # "launched the strategy in a ceremony"
        if self.lang == "en" and not (noun.known or noun.new or noun.plural or held) and mention.text.islower():
            return ()  # "training", "discussion" as such
        if noun.known and noun.noun in self.reading.lexicon.generic_events and self.main and not self.fits(noun):
            return (self.main,) if noun.code == "other" else ()
        return (self.add(mention, line),)

    def fits(self, noun: EventNoun) -> bool:
        return noun.code not in ("other", SESSION)

    def add(self, mention: Mention, line: Line, title: str | None = None) -> str:
        noun: EventNoun = mention.value
        key = f"e{len([event for event in self.all.values() if not event.parent]) + 1}"
        self.all[key] = Event(key, noun.code, mention, line, plural=noun.plural, title=title)
        if self.main is None and not noun.plural:
            self.main = key
        return key

    def known(self, noun: EventNoun) -> str | None:
        """The latest event with this noun, or one that this noun shortens; "the event" is the main one."""
        indonesian = self.lang == "id"
        if not noun.known and not indonesian:
            # A bare noun ("consultations") only means an event named with the same noun.
            return next(
                (e.key for e in reversed(self.all.values()) if not e.parent and e.mention.value.noun == noun.noun), None
            )
        if noun.code == "other":
            return self.main
        for event in reversed(self.all.values()):
            other: str = event.mention.value.noun
            shorter = other.startswith(noun.noun + " ") if indonesian else other.endswith(" " + noun.noun)
            if not event.parent and not event.plural and (other == noun.noun or shorter):
                return event.key
        if not noun.known:
            return None  # Indonesian has no articles: a bare noun may be new
        same = [e.key for e in self.all.values() if not e.parent and e.code == noun.code and not e.plural]
        return same[-1] if same else None

    def session(self, mention: Mention, line: Line) -> tuple[str, ...] | None:
        """Sessions told by their number or subject; None when the mention is of another kind."""
        noun: EventNoun = mention.value
        sessions = [event for event in self.all.values() if event.parent]
        if not sessions:
            return None
        for match in self.match(SUBJECT, line):
            if any(found.span == mention.span for found in _found(line, match, "session")):
                keys = self.by_subject(_found(line, match, "topic")[0])
                if keys:
                    return keys
        if noun.code != SESSION:
            return None
        lexicon = self.reading.lexicon
        orders = [lexicon.ordinals[word] for word in noun.modifiers if word in lexicon.ordinals]
        counts = [lexicon.numbers[word] for word in noun.modifiers if word in lexicon.numbers]
        if not orders:
            return ()
        last = max(event.order or 0 for event in sessions)
        start = orders[0] if orders[0] > 0 else last
        picked = range(start, start + (counts[0] if counts else 1))
        if orders[0] < 0 and counts:
            picked = range(last - counts[0] + 1, last + 1)
        return tuple(event.key for event in sessions if event.order in picked)

    def by_subject(self, topic: Mention) -> tuple[str, ...]:
        wanted = subject_keys(topic)
        return tuple(key for key, mention, i, _, _ in self.topics if subject_keys(mention)[i] in wanted)


def subject_keys(mention: Mention) -> tuple[object, ...]:
    """What a subject is, comparable: objectives one by one, a policy by what it may be."""
    if mention.type == "OBJ":
        return tuple(mention.value.iris)
    if isinstance(mention.value, tuple):
        return tuple((c.kind, *(subject_keys(part)[0] for _, part in c.parts)) for c in mention.value)
    names = frozenset(name.iri for name in mention.names)
    return (names or mention.text.casefold(),)


def _found(line: Line, match: re.Match[str], role: str) -> list[Mention]:
    return [line.find(placeholder) for placeholder in placeholders(match.groupdict().get(role) or "")]


def track(reading: Reading) -> Events:
    """Give every event mention of a document the events that it speaks of."""
    return _Tracker(reading).run()


def act_label(noun: str, frame: Frame, reading: Reading) -> str:
    """What to call an event that a verb tells: "handover of …"."""
    text = reading.document.text
    assert frame.act is not None  # noqa: S101 - of frames without an event
    words = " ".join(frame.act.of(text).split())
    verb = next((v for v in sorted(reading.lexicon.acts, key=len, reverse=True) if words.lower().startswith(v)), "")
    thing = words[len(verb) :].strip(" ,:;")
    link = " of " if reading.document.lang == "en" else " "
    return noun + link + thing if thing else noun


def label(event: Event, text: str) -> str:
    """A noun phrase that names an event: its noun with what it was about."""
    if event.title:
        return event.title
    quoted = _QUOTED.match(text, max(0, event.mention.span.start - 1))
    if quoted:
        return " ".join(quoted["title"].strip(" ,.").split())
    return noun_phrase(event, text) + _subject(event, text)


def noun_phrase(event: Event, text: str) -> str:
    """An event's noun with its modifiers, without article: "two-day national workshop"."""
    start = event.mention.span.start
    words = " ".join(Span(start, event.mention.span.end).of(text).split())
    parts = words.split()
    if len(parts) > 1 and parts[0].lower() in _ARTICLES:
        parts = parts[1:]
    if len(parts) > 1 and parts[-1].lower() in ("ini", "tersebut", "itu"):
        parts = parts[:-1]
    return " ".join(parts)


_ARTICLES = frozenset(
    {"a", "an", "the", "this", "that", "these", "those", "its", "their", "another", "sebuah", "suatu"}
)
_SUBJECT_START = re.compile(r"\s+(?:on|about|for|to|of|tentang|mengenai|untuk|bertema|bertajuk)\b", re.IGNORECASE)
_BRACKETS = re.compile(r"\s?\([^()]*\)")
_SUBJECT_WORDS = 18
# A title that starts with the event's noun: "Youth Dialogue: …" in quotation marks.
_QUOTED = re.compile(r"[“\"«](?P<title>[^“”\"«»\n]{4,150})[”\"»]")
_SUBJECT_END = re.compile(
    r"[.;:!?](?=\s|$)|,\s(?!\w+,|\w+ and )|\s(?:in|on|at|di|pada) (?=[^a-z]*\d)|"
    r"\s(?:was|were|is|has|have|held|attended|which|that|who|with|yang|dengan|dihadiri)\b"
)


@cache
def _day_begins() -> re.Pattern[str]:
    """Where words tell a day, in any language: "on Tuesday", "pada hari Selasa", "on 3 March", "on March 3"."""
    names = sorted({name for lang in LANGUAGES for name in (*load_lexicon(lang).weekdays, *load_lexicon(lang).months)})
    return re.compile(rf"\s(?:on|pada)\s(?:the\s|hari\s)?(?:\d|(?:{'|'.join(map(re.escape, names))})\b)", re.IGNORECASE)


def _subject(event: Event, text: str) -> str:
    end = event.line.sentence.span.end
    rest = text[event.mention.span.end : end]
    if not _SUBJECT_START.match(rest):
        return ""
    # "a workshop on Tuesday": a day is when it was, not what it was about.
    ends = [match.start() for match in (_SUBJECT_END.search(rest), _day_begins().search(rest)) if match]
    phrase = _BRACKETS.sub("", rest[: min(ends)] if ends else rest)
    words = phrase.split()
    return " " + " ".join(words[:_SUBJECT_WORDS]).rstrip(",.") if len(words) > 1 else ""
