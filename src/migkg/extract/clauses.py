"""Clauses that report events: the verb, the bodies that act, when and where.

A small hand-written parser over a line's symbols: asides, short forms in brackets, dates and adverbs may stand between
the parts, which a pattern of fixed gaps cannot allow for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from migkg.extract.lexicon import Lexicon, load_lexicon, word_class
from migkg.extract.mention import Line, Mention
from migkg.extract.mentions.patterns import DateValue
from migkg.extract.mentions.phrases import EventNoun, phrase_at, trie
from migkg.model import Span

_REACH = 60  # symbols between the first body and its verb
_ASIDE = 24
_OBJECT = 14
_TOPIC = 40
_BY = 10
# Code of a frame whose event is one named before: "A organised it".
SAME = "same"


@dataclass(frozen=True, slots=True)
class Frame:
    """A verb that reports an event.

    :param event: the noun phrase that names it; None where the verb alone tells what happened ("handed over").
    :param code: type of such an event. :param act: the words from the verb to the end of its object.
    :param organizers: bodies that do it, in the order of the text.
    :param verb: offset of the verb in the line; `span`: from the first of the parts to the last.
    """

    event: Mention | None
    code: str
    act: Span | None
    organizers: tuple[Mention, ...]
    date: Mention | None
    place: Mention | None
    verb: int
    span: Span


@cache
def _phrases(lang: str, name: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """First word → phrases of a word class, longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in load_lexicon(lang).words[name]:
        words = tuple(phrase.split())
        found.setdefault(words[0], []).append(words)
    return {first: tuple(sorted(phrases, key=lambda p: (-len(p), p))) for first, phrases in found.items()}


def frames(line: Line, lexicon: Lexicon, text: str) -> tuple[Frame, ...]:
    """The frames of a sentence, in its order."""
    if _verbs(lexicon.lang).isdisjoint(line.words):
        return ()
    return tuple(_Clause(line, lexicon, text).frames())


@cache
def _verbs(lang: str) -> frozenset[str]:
    """The words that a frame's verb starts with."""
    return frozenset(trie(lang, "acts")).union(*(_phrases(lang, name) for name in ("held", "hold", "happen")))


class _Clause:
    def __init__(self, line: Line, lexicon: Lexicon, text: str) -> None:
        self.line = line
        self.lexicon = lexicon
        self.lang = lexicon.lang
        self.text = text
        self.tokens = tuple(line.text.split())
        self.count = len(self.tokens)
        self.mentions = {place.at: place.mention for place in line.places}

    # -- symbols ---------------------------------------------------------------------------------------------------

    def at(self, i: int) -> Mention | None:
        return self.mentions.get(i)

    def type(self, i: int) -> str:
        mention = self.at(i)
        return mention.type if mention else ""

    def token(self, i: int) -> str:
        return self.tokens[i] if 0 <= i < self.count else ""

    def capital(self, i: int) -> bool:
        return self.text[self.line.items[i][0].start].isupper() if 0 <= i < self.count else False

    def phrase(self, name: str, i: int) -> int:
        """How many symbols a phrase of the class takes here; 0 for none."""
        for words in _phrases(self.lang, name).get(self.tokens[i], ()):
            if self.tokens[i : i + len(words)] == words:
                return len(words)
        return 0

    def is_word(self, name: str, i: int) -> bool:
        return self.token(i) in word_class(self.lang, name)

    def article(self, i: int) -> bool:
        return self.is_word("articles", i)

    # -- frames ----------------------------------------------------------------------------------------------------

    def frames(self) -> Iterator[Frame]:
        verbs = _verbs(self.lang)
        for i in [i for i, token in enumerate(self.tokens) if token in verbs]:
            frame = self.held(i) or self.active(i) or self.happens(i) or self.act(i)
            if frame is not None:
                yield frame

    def held(self, i: int) -> Frame | None:
        """ "A workshop … was held by A and B", "a workshop, organised by A"."""
        length = self.phrase("held", i)
        if not length:
            return None
        by = self.by(i + length)
        if self.lang == "en" and not self.copula(i) and by is None and self.type(i - 1) != "EVENT":
            return None
        event, code = self.before(i), ""
        if event is None and (event := self.pronoun(i)) is not None:
            code = SAME
        if event is None:
            return None
        organizers = self.hosts(by, self.count)[0] if by is not None else ()
        more = self.cohosts(i + length)
        found = self.at(event) if not code else None
        return self.frame(event, found, code, None, (*organizers, *more), i, i + length)

    def pronoun(self, verb: int) -> int | None:
        """ "It was convened by …"."""
        j = verb - 1
        while j >= 0 and self.phrase("aux", j):
            j -= 1
        return j if self.is_word("it", j) else None

    def by(self, start: int) -> int | None:
        """Where the bodies behind "by" start."""
        if self.lang == "id" and self.type(start) == "ORG":
            return start
        for i in range(start, min(start + _BY, self.count)):
            if self.is_word("by", i):
                return i + 1
            if self.at(i) and self.type(i) not in ("DATE", "PLACE"):
                return None
        return None

    def active(self, i: int) -> Frame | None:
        """ "A, in collaboration with B, held a workshop"."""
        length = self.phrase("hold", i)
        if not length or (self.lang == "en" and self.copula(i) and not self.token(i).endswith("ing")):
            return None
        organizers, first = self.subject(i)
        event, code, after = self.object(i + length), "", i + length
        if event is None and self.is_word("it", i + length - 1):
            event, code = i, SAME
        elif event is None and self.is_word("it", i + length):
            event, code = i + length, SAME
        elif event is None:
            event = self.antecedent(first) if first is not None else None
        elif self.is_word("beside", event + 1):
            after = event + 2
        if event is None:
            return None
        more = self.cohosts(max(event + 1, after))
        if after == event + 2 and not more:
            more = self.hosts(after, self.count)[0]
        found = self.at(event) if not code else None
        return self.frame(event, found, code, None, (*organizers, *more), i, i + length)

    def antecedent(self, subject: int) -> int | None:
        """ "a workshop that A organised": the event before the relative clause whose subject starts here."""
        j = subject - 1
        if self.article(j):
            j -= 1
        if not self.is_word("which", j):
            return None
        return next((k for k in range(j - 1, max(-1, j - _OBJECT), -1) if self.type(k) == "EVENT"), None)

    def happens(self, i: int) -> Frame | None:
        """ "The workshop took place …"."""
        length = self.phrase("happen", i)
        event = self.before(i) if length else None
        if event is None:
            return None
        more = self.cohosts(i + length)
        return self.frame(event, self.at(event), "", None, more, i, i + length)

    def act(self, i: int) -> Frame | None:
        """ "A handed over X to B", "the agreement was signed": the verb tells what happened."""
        found = phrase_at(self.tokens, i, self.lang, "acts")
        if found is None or self.object(i + found[0]) is not None:
            return None
        length, code = found
        passive = self.copula(i) or (self.lang == "id" and self.token(i).startswith("di"))
        if passive:
            by = self.by(i + length)
            organizers = self.hosts(by, self.count)[0] if by is not None else ()
        else:
            organizers, _ = self.subject(i)
            if not organizers and not self.person(i):
                return None
        end = self.object_end(i + length)
        if not passive and end == i + length:
            return None
        first = self.line.items[i][0]
        span = first.join(self.line.items[end - 1][0])
        if passive:
            span = self.passive_object(i) or span
        if code in ("signing", "visit", "meeting"):
            organizers = ()  # they take part in it
        return self.frame(i, None, code, span, organizers, i, i + length)

    def passive_object(self, verb: int) -> Span | None:
        end = verb
        while end > 0 and (self.is_word("be", end - 1) or self.phrase("aux", end - 1)):
            end -= 1
        start = end
        while start > 0 and end - start < _OBJECT and self.token(start - 1) not in (",", ";", ":"):
            start -= 1
        return self.line.items[start][0].join(self.line.items[end - 1][0]) if start < end else None

    def object_end(self, start: int) -> int:
        end = start
        while end < self.count and end - start < _OBJECT:
            stop = self.token(end) in (",", ".", ";", ":", "who", "which", "that", "yang") or self.type(end) == "QUOTE"
            if stop or (end > start + 1 and self.is_word("purpose", end)):
                break
            end += 1
        return end

    def person(self, verb: int) -> bool:
        """Whether a person is named before the verb."""
        return any(self.type(j) in ("NAME", "ROLE", "ORG", "PLACE") for j in range(max(0, verb - 12), verb))

    def frame(
        self, at: int, event: Mention | None, code: str, act: Span | None,
        organizers: tuple[Mention, ...], verb: int, after: int,
    ) -> Frame:  # fmt: skip
        date, place = self.when(at, verb), self.where(at, verb, after, country=event is not None)
        span = self.line.items[verb][0]
        for part in (event, date, place, *organizers):
            if part is not None and self.line.sentence.span.holds(part.span):
                span = span.join(part.span)
        if act is not None:
            span = span.join(act)
        return Frame(event, code, act, organizers, date, place, self.line.offsets[verb], span)

    def copula(self, i: int) -> bool:
        j = i - 1
        while j >= 0 and self.phrase("aux", j) and not self.is_word("be", j):
            j -= 1
        return self.is_word("be", j)

    def before(self, verb: int) -> int | None:
        """The event that is the verb's subject: the nearest that no preposition governs."""
        nearest = None
        for j in range(verb - 1, max(-1, verb - _ASIDE), -1):
            if self.type(j) == "EVENT":
                nearest = j if nearest is None else nearest
                if not self.is_word("governors", j - 1):
                    return j
            elif self.type(j) == "QUOTE" or self.token(j) in (";", ":"):
                break
        return nearest

    def object(self, start: int) -> int | None:
        """The event that is the verb's object."""
        bracket = False
        for j in range(start, min(start + _OBJECT, self.count)):
            if self.type(j) == "EVENT":
                return j
            bracket = (bracket or self.token(j) == "[") and self.token(j) != "]"
            if bracket or self.token(j) in ("]", ","):
                continue
            if self.token(j) in (".", ";", ":") or self.is_word("barriers", j) or self.type(j) == "QUOTE":
                return None
            if self.type(j) == "POLICY" and j + 1 < self.count and self.type(j + 1) != "EVENT":
                return None
        return None

    # -- bodies ----------------------------------------------------------------------------------------------------

    def subject(self, verb: int) -> tuple[tuple[Mention, ...], int | None]:
        """The bodies that the verb's clause starts with, and where they start."""
        for j in range(max(0, verb - _REACH), verb):
            if self.type(j) == "ORG" and not self.governed(j):
                found, end = self.hosts(j, verb)
                if end == verb and found:
                    return found, j
        return (), None

    def governed(self, j: int) -> bool:
        before = j - 1
        if self.article(before):
            before -= 1
        if self.token(before) == "'s" and self.type(before - 1) == "PLACE":
            return False  # "Indonesia's Ministry of …"
        if self.token(before) == "of" and self.is_word("outposts", before - 1):
            return False  # "the Kenya office of the ILO"
        if self.token(before) == "with" or self.token(before) == "bersama":
            # "In collaboration with A, B held …"
            return not any(self.phrase("cohost", k) == before + 1 - k for k in range(max(0, before - 3), before + 1))
        return self.is_word("governors", before)

    def cohosts(self, start: int) -> tuple[Mention, ...]:
        """Bodies behind "in collaboration with", after the verb."""
        for j in range(start, min(start + _TOPIC, self.count)):
            if self.token(j) in (".", ";") or self.type(j) == "QUOTE":
                break
            length = self.phrase("cohost", j)
            if length:
                return self.hosts(j + length, self.count)[0]
        return ()

    def hosts(self, start: int, end: int) -> tuple[tuple[Mention, ...], int]:
        """Read a list of bodies with all that may stand between them, up to the verb at `end`.

        :returns: the bodies, and the symbol at which the reading stopped.
        """
        found: list[Mention] = []
        role, i, skipped = "host", start, 0
        stop = end == self.count
        while i < end:
            kind, word = self.type(i), self.token(i)
            step = 1
            if word == "[":
                step = self.bracket(i)
            elif kind == "ORG":
                if role == "host":
                    found += [mention] if (mention := self.at(i)) else []
            elif kind == "NAME" and role == "host" and (self.token(i + 1) == "[" and self.is_joint(i - 1)):
                found += [replace(mention, type="ORG", value=None)] if (mention := self.at(i)) else []
            elif length := self.phrase("cohost", i):
                role, step = "host", length
            elif length := self.phrase("backing", i):
                role, step = "support", length
            elif self.is_joint(i) or self.article(i) or (length := self.phrase("aux", i)):
                step = max(1, self.phrase("aux", i))
                if stop and found and word == "," and not self.list_goes_on(i):
                    break
            elif kind in ("CATEGORY", "DEMONYM") or (kind in ("DATE", "PLACE") and (found or role == "support")):
                if stop and kind == "DATE":
                    break
            elif found and self.is_word("inside", i) and self.type(i + 1 + self.article(i + 1)) == "ORG":
                step = 2 + self.article(i + 1)  # "in the Prime Minister's Office"
            elif self.token(i) in word_class(self.lang, "at") and self.type(i + 1) in ("DATE", "PLACE"):
                if stop and self.type(i + 1) == "DATE":
                    break
                step = 2
            elif role == "host" and self.capital(i) and kind == "" and self.is_joint(i - 1):
                step = self.capitals(i)
                found.append(self.body(i, i + step))
            elif (comma := self.aside(i, end)) is not None and not stop:
                step = comma - i
            elif role == "support" and skipped < 12 and not stop:
                skipped += 1
            else:
                break
            i += step
        return tuple(dict.fromkeys(found)), min(i, end)

    def is_joint(self, i: int) -> bool:
        """Whether a list may go on behind this symbol."""
        if self.token(i) == "the":
            return self.is_joint(i - 1)
        return self.is_word("joints", i) or any(
            self.phrase("cohost", k) == i + 1 - k for k in range(max(0, i - 3), i + 1)
        )

    def list_goes_on(self, comma: int) -> bool:
        i = comma + 1
        if i < self.count and (self.phrase("cohost", i) or self.phrase("backing", i)):
            return True
        while self.article(i) or self.is_word("joints", i):
            i += 1
        return self.type(i) == "ORG"

    def bracket(self, i: int) -> int:
        for j in range(i + 1, min(i + 12, self.count)):
            if self.token(j) == "]":
                return j + 1 - i
        return 1

    def aside(self, i: int, end: int) -> int | None:
        """The comma that ends an aside which starts here, behind a comma."""
        before = i - 2 if self.article(i - 1) else i - 1
        if self.token(before) != ",":
            return None
        return next((j for j in range(i + 1, min(i + _ASIDE, end)) if self.token(j) == ","), None)

    def capitals(self, i: int) -> int:
        end = i
        while end < self.count and self.capital(end) and not self.at(end) and end - i < 5:
            end += 1
        return end - i

    def body(self, first: int, end: int) -> Mention:
        span = self.line.items[first][0].join(self.line.items[end - 1][0])
        return Mention("ORG", span, " ".join(span.of(self.text).split()))

    # -- time and place --------------------------------------------------------------------------------------------

    def when(self, event: int, verb: int) -> Mention | None:
        """The date that belongs to the event or its verb: the nearest with a day; a month or year right behind."""
        best: tuple[int, Mention] | None = None
        for j in range(self.count):
            mention = self.at(j)
            if mention is None or mention.type != "DATE" or not isinstance(mention.value, DateValue):
                continue
            before = j - 1
            while self.token(before) in ("[", ",", "-") or self.is_word("day_words", before):
                before -= 1
            if self.is_word("limits", before) and not self.begins(event, before, mention.value):
                continue
            distance = min(abs(j - event), abs(j - verb))
            if not mention.value.day and not (distance <= 4 and j > event and self.is_word("in_time", j - 1)):
                continue
            if best is None or distance < best[0]:
                best = (distance, mention)
        return best[1] if best else None

    def begins(self, event: int, limit: int, value: DateValue) -> bool:
        """ "since" and the like still tell when several events began, or a range right behind the event."""
        mention = self.at(event)
        plural = mention is not None and isinstance(mention.value, EventNoun) and mention.value.plural
        return (plural and self.is_word("since", limit)) or (limit == event + 1 and value.end(2000) is not None)

    def where(self, event: int, verb: int, after: int, *, country: bool) -> Mention | None:
        """The most specific place behind the event or its verb."""
        found: list[tuple[int, Mention]] = []
        start = min(max(event, verb), after)
        topic = False
        for j in range(start, min(start + _TOPIC, self.count - 1)):
            if self.token(j) in (".", ";") or self.type(j) == "QUOTE":
                break
            if self.type(j) == "DATE":
                topic = False
            if self.is_word("about", j) and self.type(j + 1) != "DATE":
                topic = True
            if not self.is_word("place_words", j) or self.type(j - 1) in ("ROLE", "NAME"):
                continue
            k = j + 2 if self.article(j + 1) else j + 1
            place = self.place(j, k)
            if place is None:
                continue
            beside = self.type(k + 1) == "DATE" or (
                (self.is_word("in_time", k + 1) or self.token(k + 1) == ",") and self.type(k + 2) == "DATE"
            ) or self.type(j - 1) == "DATE" or (self.token(j - 1) == "," and self.type(j - 2) == "DATE")  # fmt: skip
            is_country = any(name.kind == "country" for name in place.names)
            venue = not place.names
            close = country and j - max(event, verb) <= 3 and not topic
            if (is_country and not (beside or close)) or (topic and not venue and not beside and not self.ends(k + 1)):
                continue
            found.append((0 if venue else 2 if is_country else 1, place))
        opening = self.opening_place(min(event, verb))
        if opening is not None:
            found.append((3, opening))
        return min(found, key=lambda item: item[0])[1] if found else None

    def ends(self, i: int) -> bool:
        return i >= self.count or self.token(i) in (".", ",") or self.phrase("aux", i) > 0

    def opening_place(self, end: int) -> Mention | None:
        """ "In Bandung, A held …"."""
        for j in range(min(6, end)):
            if self.is_word("place_words", j) and self.type(j + 1) == "PLACE" and self.token(j + 2) == ",":
                return self.at(j + 1)
        return None

    def place(self, preposition: int, k: int) -> Mention | None:
        mention = self.at(k)
        if mention is not None:
            if mention.type == "PLACE":
                return mention
            if mention.type == "ORG" and self.is_word("venue_words", preposition) and self.is_venue(mention.text):
                return replace(mention, type="PLACE", names=(), value=None)
            if mention.type != "NAME":
                return None
        return self.unknown_place(k)

    def unknown_place(self, k: int) -> Mention | None:
        """Capitals behind "in" that nothing else explains, before a date, a comma or the end of the sentence."""
        end = k + 1 if self.type(k) == "NAME" else k + self.capitals(k)
        words = self.tokens[k:end]
        if end == k or not (self.ends(end) or self.type(end) == "DATE" or self.type(end + 1) == "DATE"):
            return None
        if not self.type(k) and any(word in self.lexicon.not_names or not word.isalpha() for word in words):
            return None
        return replace(self.body(k, end), type="PLACE")

    def is_venue(self, text: str) -> bool:
        return not word_class(self.lang, "venue_bodies").isdisjoint(text.lower().split())
