"""Gold against what the graph says: every agreement, miss and false alarm of one article.

How each kind is compared:

- people, organisations, policies, programmes, speakers: a row of gold and an entity are one when they share a key (see
  `names.keys`); each stands in one pair only. An organisation or person without a printed name does not count.
- roles: person, title and organisation as one item. The title is compared like a name; a title that gold does not give
  must be missing in the graph too. The organisation is that of gold's row; an organisation that the words of the fact
  do not name was concluded from the title, so it also serves where gold names none, or its parent body. Title
  and organisation may be split elsewhere: "Director of X" at Y is "Director" at "X, Y", and "Coordinator in Z" at Y
  is "Coordinator" at "Y in Z". In titles, little words and the plural do not count.
- events are aligned one to one, so that type, start, place, organisers and words of the label agree most; a pair agrees
  in two of the five at least. Each slot is then compared over the pairs: a filled slot of an event that gold alone has
  is a miss, one of an event that the graph alone has a false alarm. Gold lists main events, so sessions, and launches
  before an event, are no false alarms.
- place: the most specific name. A wider place that the graph knows beside it is no false alarm.
- relations: both ends by name; events by the alignment; a session's relation is that of its event. That an office is
  part of the body it is named after, that a unit concluded from a title is part of its body, and who pays whom when
  money goes through something, is right where gold has it and no false alarm where it has not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from migkg.evaluate.answer import Answer, SaidEvent, SaidRelation, SaidRole, Thing, objective
from migkg.evaluate.gold import RELATIONS, Gold, GoldEvent, Person, Row
from migkg.evaluate.names import all_keys, joined, keys, pair, plain, words

KINDS = (
    "people", "roles", "organisations", "policies", "programmes", "events", "event-type", "event-start", "event-end",
    "event-place", "event-organisers", "event-participants", "speakers", *RELATIONS, "relations", "objectives", "sdgs",
)  # fmt: skip
"""What is scored; `relations` are all relations together."""

# Type of gold → types of the graph that it stands for (notations of the scheme event-types).
_TYPES = {
    "Meeting": {"meeting", "dialogue", "session"},
    "Workshop": {"workshop"},
    "Training": {"training"},
    "Conference": {"conference", "symposium", "dialogue"},
    "Launch": {"launch"},
    "Consultation": {"consultation", "dialogue", "session"},
    "PublicDiscussion": {"public-discussion", "dialogue"},
    "Signing": {"signing"},
    "Handover": {"handover"},
    "Visit": {"visit"},
    "Campaign": {"campaign"},
    "Ceremony": {"ceremony"},
    "Operation": {"operation"},
    "Other": {"other", "session"},
}
# Types that a careful reader may take for one another.
_GATHERINGS = {"Meeting", "Workshop", "Training", "Conference", "Consultation", "PublicDiscussion", "Other"}
_ACTS = {"Launch", "Signing", "Handover", "Ceremony", "Campaign", "Other"}

Result = Literal["right", "missed", "false"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One item of one article.

    :param text: the item in words.
    :param sentence: of a miss, the first that holds its name; else the one that proves it in the graph.
    """

    article: str
    kind: str
    result: Result
    text: str
    sentence: str


def compare(gold: Gold, said: Answer, sentences: Sequence[str]) -> tuple[Outcome, ...]:
    """All outcomes of an article.

    :param sentences: of the article, in which the names that were missed are looked up.
    """
    return tuple(_Comparison(gold, said, sentences).run())


class _Comparison:
    def __init__(self, gold: Gold, said: Answer, sentences: Sequence[str]) -> None:
        self.gold = gold
        self.said = said
        self.sentences = [(f" {plain(sentence)} ", sentence) for sentence in sentences]
        self.aligned = align(gold, said.events)
        self.keys_of = {said.events[s].iri: gold.events[g].key for g, s in self.aligned.items()}

    def run(self) -> Iterator[Outcome]:
        gold, said = self.gold, self.said
        yield from self._named("people", _named_people(gold.people), said.people)
        yield from self._roles()
        for kind, rows, things in (
            ("organisations", gold.organisations, said.organisations),
            ("policies", gold.policies, said.policies),
            ("programmes", gold.programmes, said.programmes),
        ):
            yield from self._named(kind, [_of_row(row) for row in rows], things)
        yield from self._events()
        yield from self._named("speakers", _named_people(p for p in gold.people if p.speaks), said.speakers)
        yield from self._relations()
        yield from self._listed("objectives", [str(number) for number in gold.gcm_objectives], said.objectives)
        yield from self._listed("sdgs", gold.sdgs, said.goals)

    # -- outcomes --------------------------------------------------------------------------------------------------

    def _right(self, kind: str, text: str, sentence: str) -> Outcome:
        return Outcome(self.gold.id, kind, "right", text, sentence)

    def _missed(self, kind: str, text: str, *named: Iterable[str]) -> Outcome:
        return Outcome(self.gold.id, kind, "missed", text, self._sentence(*named))

    def _false(self, kind: str, text: str, sentence: str) -> Outcome:
        return Outcome(self.gold.id, kind, "false", text, sentence)

    def _sentence(self, *named: Iterable[str]) -> str:
        """The first sentence that holds one key of each set, else of the first set that any sentence holds."""
        wanted = [[f" {key} " for key in found] for found in named if found]

        def holds(sentence: str, found: list[str]) -> bool:
            return any(key in sentence for key in found)

        for sentence, printed in self.sentences:
            if wanted and all(holds(sentence, found) for found in wanted):
                return printed
        return next((printed for found in wanted for sentence, printed in self.sentences if holds(sentence, found)), "")

    def _telling(self, event: GoldEvent) -> str:
        """The sentence that shares most with an event: words of its label, place, organisers, day."""
        names = [keys(name) for name in (*event.organisers, *([event.place] if event.place else []))]
        day = event.start.split("-")[-1].lstrip("0") if event.start else ""

        def shared(sentence: str) -> int:
            named = sum(any(f" {key} " in sentence for key in found) for found in names)
            return len(words(event.label) & set(sentence.split())) + 2 * named + 2 * (f" {day} " in sentence)

        best = max(self.sentences, key=lambda pair: shared(pair[0]), default=("", ""))
        return best[1] if shared(best[0]) else ""

    def _named(
        self, kind: str, rows: Sequence[tuple[str, frozenset[str]]], things: Sequence[Thing]
    ) -> Iterator[Outcome]:
        pairs = pair(rows, things, lambda row, thing: bool(row[1] & thing.keys))
        for g, (name, found) in enumerate(rows):
            if g in pairs:
                yield self._right(kind, name, things[pairs[g]].sentence)
            else:
                yield self._missed(kind, name, found)
        for s, thing in enumerate(things):
            if s not in pairs.values():
                yield self._false(kind, thing.name, thing.sentence)

    def _listed(self, kind: str, wanted: Sequence[str], said: Sequence[tuple[str, str]]) -> Iterator[Outcome]:
        """Values that are compared as they stand."""
        found = dict(said)
        for value in wanted:
            yield self._right(kind, value, found[value]) if value in found else self._missed(kind, value, (value,))
        for value, sentence in said:
            if value not in wanted:
                yield self._false(kind, value, sentence)

    # -- roles -----------------------------------------------------------------------------------------------------

    def _roles(self) -> Iterator[Outcome]:
        wanted = [person for person in self.gold.people if person.role is not None or person.organisation is not None]
        pairs = pair(wanted, self.said.roles, self._same_role)
        for g, person in enumerate(wanted):
            text = _role(person.name, person.role, person.organisation)
            if g in pairs:
                yield self._right("roles", text, self.said.roles[pairs[g]].sentence)
            else:
                yield self._missed("roles", text, keys(person.name))
        for s, role in enumerate(self.said.roles):
            if s not in pairs.values():
                organisation = role.organisation.name if role.organisation else None
                yield self._false("roles", _role(role.person.name, role.title, organisation), role.sentence)

    def _same_role(self, gold: Person, said: SaidRole) -> bool:
        if not keys(gold.name) & said.person.keys:
            return False
        forms = self.gold.forms(gold.organisation) if gold.organisation is not None else ()
        body = said.organisation
        same_title = joined(gold.role) == joined(said.title)
        if body is None or not said.printed:
            if same_title and (not forms or (body is not None and bool(all_keys(forms) & (body.keys | body.wholes)))):
                return True
        elif same_title and all_keys(forms) & body.keys:
            return True
        if gold.role is None or said.title is None:
            return False
        theirs = {joined(said.title, name) for name in (body.keys if body is not None else ())}
        if not said.printed:
            theirs.add(joined(said.title))
        return any(joined(gold.role, form) in theirs for form in (forms or ("",)))

    # -- events ----------------------------------------------------------------------------------------------------

    def _events(self) -> Iterator[Outcome]:
        for g, event in enumerate(self.gold.events):
            other = self.said.events[self.aligned[g]] if g in self.aligned else None
            text = f"{event.key} {event.label}"
            if other is not None:
                yield self._right("events", text, other.sentence)
            else:
                yield Outcome(self.gold.id, "events", "missed", text, self._telling(event))
            yield from self._slots(event, other)
        for s, other in enumerate(self.said.events):
            if s not in self.aligned.values() and other.whole is None:
                yield self._false("events", other.label, other.sentence)
                yield from self._slots(None, other)

    def _slots(self, gold: GoldEvent | None, said: SaidEvent | None) -> Iterator[Outcome]:
        at = f"{gold.key}: " if gold else f"{said.label}: " if said else ""

        def slot(
            name: str, wanted: Sequence[tuple[str, frozenset[str]]], found: Sequence[tuple[str, frozenset[str], str]]
        ) -> Iterator[Outcome]:
            pairs = pair(wanted, found, lambda one, other: bool(one[1] & other[1]))
            for g, (text, named) in enumerate(wanted):
                if g in pairs:
                    yield self._right(name, at + text, found[pairs[g]][2])
                elif gold is not None:
                    sentence = self._sentence(named) if name in ("event-place", "event-organisers") else ""
                    yield Outcome(self.gold.id, name, "missed", at + text, sentence or self._telling(gold))
            for s, (text, _, sentence) in enumerate(found):
                if s not in pairs.values():
                    yield self._false(name, at + text, sentence)

        def exact(values: Iterable[str | None]) -> list[tuple[str, frozenset[str]]]:
            return [(value, frozenset((value,))) for value in values if value is not None]

        types = [(said.type, said.type, said.sentence)] if said else []
        yield from slot(
            "event-type",
            [(gold.type, frozenset(_TYPES[gold.type]))] if gold else [],
            [(text, frozenset((value,)), sentence) for text, value, sentence in types],
        )
        for name, value, found in (
            ("event-start", gold.start if gold else None, said.starts if said else ()),
            ("event-end", gold.end if gold else None, said.ends if said else ()),
        ):
            yield from slot(name, exact([value]), [(date, frozenset((date,)), s) for date, s in found])
        place = gold.place if gold else None
        places = [(thing, sentence) for thing, sentence in (said.places if said else ())]
        right = [thing for thing, _ in places if place is not None and _place_keys(place) & thing.keys]
        if right:  # a wider place beside the right one
            places = [(thing, sentence) for thing, sentence in places if thing is right[0] or not thing.known]
        yield from slot(
            "event-place",
            [(place, _place_keys(place))] if place is not None else [],
            [(thing.name, thing.keys, sentence) for thing, sentence in places],
        )
        yield from slot(
            "event-organisers",
            [(name, all_keys(self.gold.forms(name))) for name in (gold.organisers if gold else ())],
            [(thing.name, thing.keys, sentence) for thing, sentence in (said.organisers if said else ())],
        )
        wanted = [f"{name} {number}" for name, number in (gold.participants if gold else ())]
        yield from slot(
            "event-participants",
            [(figure, frozenset((figure,))) for figure in wanted],
            [
                (f"{name} {number}", frozenset((f"{name} {number}",)), sentence)
                for (name, number), sentence in (said.figures if said else ())
            ],
        )

    # -- relations -------------------------------------------------------------------------------------------------

    def _relations(self) -> Iterator[Outcome]:
        for relation in RELATIONS:
            wanted = [row for row in self.gold.relations if row[1] == relation]
            found = [one for one in self.said.relations if one.relation == relation]
            pairs = pair(wanted, found, self._same_relation)
            for g, (subject, _, target) in enumerate(wanted):
                text = f"{subject} → {target}"
                if g in pairs:
                    yield self._right(relation, text, found[pairs[g]].sentence)
                else:
                    yield self._missed(relation, text, *map(self._end_keys, (subject, target)))
            for s, one in enumerate(found):
                if s not in pairs.values() and not one.implied:
                    yield self._false(relation, f"{self._name(one.subject)} → {self._name(one.target)}", one.sentence)

    def _name(self, thing: Thing) -> str:
        return self.keys_of.get(thing.iri) or objective(thing.iri) or thing.name

    def _end_keys(self, end: str) -> frozenset[str]:
        return frozenset() if self.gold.event(end) else all_keys(self.gold.forms(end))

    def _same_relation(self, gold: tuple[str, str, str], said: SaidRelation) -> bool:
        subject, relation, target = gold
        straight = self._same_end(subject, said.subject) and self._same_end(target, said.target)
        if straight or relation != "partners":
            return straight
        return self._same_end(subject, said.target) and self._same_end(target, said.subject)

    def _same_end(self, gold: str, said: Thing) -> bool:
        if self.gold.event(gold) is not None:
            return self.keys_of.get(said.iri) == gold
        if number := objective(said.iri):
            return plain(gold) == plain(number)
        return bool(self._end_keys(gold) & said.keys)


def _named_people(people: Iterable[Person]) -> list[tuple[str, frozenset[str]]]:
    """Each person once: one with two posts has two rows."""
    return [(name, keys(name)) for name in dict.fromkeys(person.name for person in people)]


def _of_row(row: Row) -> tuple[str, frozenset[str]]:
    return row.name, row.keys


def _role(person: str, title: str | None, organisation: str | None) -> str:
    return f"{person} | {title or '–'} | {organisation or '–'}"


def _place_keys(place: str) -> frozenset[str]:
    """A place by its whole name and by its most specific part: "Hall in Town" is "Hall"."""
    return all_keys([place, re.split(r",\s| in ", place)[0]])


# -- alignment ---------------------------------------------------------------------------------------------------------


def align(gold: Gold, said: Sequence[SaidEvent]) -> dict[int, int]:
    """The pairs of events that agree most in all: index in gold → index in `said`; the earlier ones on a tie."""
    weights = [[_agreement(gold, one, other) for other in said] for one in gold.events]
    # Over the events of the graph, the best choice for each set of gold events that are taken: gold has few.
    best: dict[int, tuple[float, tuple[tuple[int, int], ...]]] = {0: (0.0, ())}
    for s in range(len(said)):
        for taken, (total, pairs) in sorted(best.items()):
            for g in range(len(gold.events)):
                if not taken >> g & 1 and weights[g][s] > 0:
                    value = total + weights[g][s]
                    if value > best.get(taken | 1 << g, (0.0, ()))[0] + 1e-9:
                        best[taken | 1 << g] = (value, (*pairs, (g, s)))
    return dict(max(best.values(), key=lambda choice: choice[0])[1])


def _agreement(gold: Gold, one: GoldEvent, other: SaidEvent) -> float:
    """How much two events agree; 0 when they agree in less than two things."""
    right_type = other.type in _TYPES[one.type]
    group = right_type or any(
        one.type in group and any(other.type in _TYPES[name] for name in group) for group in (_GATHERINGS, _ACTS)
    )
    start = one.start is not None and any(date == one.start for date, _ in other.starts)
    place = one.place is not None and any(_place_keys(one.place) & thing.keys for thing, _ in other.places)
    hosts = [all_keys(gold.forms(name)) for name in one.organisers]
    shared = sum(any(host & thing.keys for thing, _ in other.organisers) for host in hosts)
    ours, theirs = words(one.label), words(other.label)
    overlap = len(ours & theirs) / max(1, min(len(ours), len(theirs)))
    agreed = (group, start, place, shared > 0, overlap >= 1 / 3)
    if sum(agreed) < 2:
        return 0.0
    weight = 2.0 * right_type + group + 3.0 * start + 2.0 * place + 2.0 * shared / max(1, len(hosts)) + 2.0 * overlap
    return weight * (0.5 if other.whole is not None else 1.0)


