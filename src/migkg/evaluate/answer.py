"""What the graph of one article says, in the shape of gold: read off the facts and entities, never off the rules.

Facts that only a site's own blurb states, above the article, do not count: gold skips the menu too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from migkg import iris
from migkg.evaluate.names import all_keys, keys, plain
from migkg.model import Article, Entity, Extraction, Fact, Ref
from migkg.ontology import SCHEME, load_ontology
from migkg.reference import Reference

# Relation of gold → kind of fact, role of the subject, role of the object. That what money goes through funds
# something, and is funded, follows: gold may say it or not.
RELATION_ROLES = (
    ("funds", "Funding", "funder", "funded"),
    ("funds", "Funding", "through", "funded"),
    ("funds", "Funding", "funder", "through"),
    ("implements", "Implementation", "implementer", "programme"),
    ("partOf", "PartOf", "part", "whole"),
    ("partners", "Partnership", "partner", "otherPartner"),
    ("attends", "Participation", "participant", "event"),
    ("addresses", "Addressing", "subject", "topic"),
    ("launches", "Launch", "event", "output"),
    ("signs", "Signature", "signatory", "agreement"),
    ("adopts", "Adoption", "adopter", "policy"),
)
_BRACKETS = re.compile(r"\([^()]*\)")
_FIGURES = (("total", "total"), ("in_person", "inPerson"), ("online", "online"))
_OBJECTIVE, _GOAL = re.compile(re.escape(SCHEME) + r"gcm/objective-(\d+)"), re.compile(
    re.escape(SCHEME) + r"sdg/(?:goal|target)-(.+)"
)


@dataclass(frozen=True, slots=True)
class Thing:
    """An entity as the article speaks of it.

    :param name: as printed, the longest, else its label. :param keys: of its labels and of its names as printed.
    :param wholes: the keys of what the reference data say it is part of.
    :param sentence: the first one that states a fact about it.
    """

    iri: str
    name: str
    keys: frozenset[str]
    known: bool
    wholes: frozenset[str]
    sentence: str


@dataclass(frozen=True, slots=True)
class SaidRole:
    """A person's title, with the organisation of it.

    :param printed: False when the organisation was concluded from the title, as the words of the fact do not name it.
    """

    person: Thing
    title: str | None
    organisation: Thing | None
    printed: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class SaidEvent:
    """An event with what fills its slots: (value, sentence) each.

    :param whole: IRI of the event that it is a session of, or that it precedes as its launch.
    """

    iri: str
    label: str
    type: str
    starts: tuple[tuple[str, str], ...]
    ends: tuple[tuple[str, str], ...]
    places: tuple[tuple[Thing, str], ...]
    organisers: tuple[tuple[Thing, str], ...]
    figures: tuple[tuple[tuple[str, int], str], ...]
    whole: str | None
    sentence: str


@dataclass(frozen=True, slots=True)
class SaidRelation:
    """Two things that a fact links.

    :param implied: True when it only follows: from a part's own name ("IOM Mongolia" is part of IOM), from the title of
        the one who heads it, or from a payment through something.
    """

    subject: Thing
    relation: str
    target: Thing
    implied: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Answer:
    """All that the graph says about one article."""

    article: Article
    people: tuple[Thing, ...]
    roles: tuple[SaidRole, ...]
    organisations: tuple[Thing, ...]
    policies: tuple[Thing, ...]
    programmes: tuple[Thing, ...]
    events: tuple[SaidEvent, ...]
    speakers: tuple[Thing, ...]
    relations: tuple[SaidRelation, ...]
    objectives: tuple[tuple[str, str], ...]
    goals: tuple[tuple[str, str], ...]


def answer(extraction: Extraction, reference: Reference, blurb: Iterable[tuple[int, int]] = ()) -> Answer:
    """Read off what the graph says.

    :param blurb: (start, end) of the stretches of text that are the site's and not the article's.
    """
    return _Reader(extraction, reference, tuple(blurb)).read()


@cache
def _names_in(reference: Reference) -> Mapping[str, frozenset[str]]:
    """IRI → the keys of all names that the reference data give."""
    found: dict[str, set[str]] = {}
    for names in reference.names.values():
        for name in names:
            found.setdefault(name.iri, set()).update(keys(name.text))
    return {iri: frozenset(held) for iri, held in found.items()}


class _Reader:
    def __init__(self, extraction: Extraction, reference: Reference, blurb: tuple[tuple[int, int], ...]) -> None:
        self.article = extraction.article
        self.reference = reference
        self.entities = {entity.iri: entity for entity in extraction.entities}
        self.facts: list[tuple[Fact, str]] = []
        for fact in extraction.facts:
            stated = [
                e for e in fact.evidence if not any(start <= e.span.start < end for start, end in blurb)
            ]
            if stated:
                self.facts.append((fact, self._words(stated[0].sentence.of(self.article.text))))
        self.first: dict[str, str] = {}
        for fact, sentence in self.facts:
            for _, found in fact.roles:
                for iri in found:
                    self.first.setdefault(iri, sentence)
        self.things: dict[str, Thing] = {}

    @staticmethod
    def _words(sentence: str) -> str:
        return " ".join(sentence.split())

    def read(self) -> Answer:
        return Answer(
            self.article,
            self._of("PERSON", printed=True),
            tuple(self._roles()),
            self._of("ORG", printed=True),
            self._of("POLICY"),
            self._of("PROGRAMME"),
            tuple(self._event(thing) for thing in self._of("EVENT")),
            tuple(self._speakers()),
            tuple(self._relations()),
            self._numbered(_OBJECTIVE),
            self._numbered(_GOAL),
        )

    def thing(self, iri: str) -> Thing:
        if iri not in self.things:
            entity = self.entities[iri]
            labels = [label.value for label in entity.labels]
            name = max(entity.names, key=len) if entity.names else labels[0] if labels else iris.name(iri)
            wholes = frozenset().union(*(_names_in(self.reference).get(whole, ()) for whole in self._wholes(iri)))
            self.things[iri] = Thing(
                iri, name, all_keys([*labels, *entity.names]), entity.known, wholes,
                self.first.get(iri, ""),
            )  # fmt: skip
        return self.things[iri]

    def _wholes(self, iri: str) -> set[str]:
        found: set[str] = set()
        waiting = [iri]
        while waiting:
            known = self.reference.entities.get(waiting.pop())
            new = {parent for _, parent in known.parents} - found if known else set()
            found |= new
            waiting += new
        return found

    def _kind(self, entity: Entity) -> str:
        return load_ontology().entities[entity.kind].mention_type

    def _of(self, mention_type: str, *, printed: bool = False) -> tuple[Thing, ...]:
        return tuple(
            self.thing(iri) for iri in self.first
            if iri in self.entities  # an article is none
            and self._kind(self.entities[iri]) == mention_type and (self.entities[iri].names or not printed)
        )  # fmt: skip

    def _stating(self, kind: str, **roles: str) -> Iterator[tuple[Fact, str]]:
        for fact, sentence in self.facts:
            if fact.kind == kind and all(iri in fact.role(role) for role, iri in roles.items()):
                yield fact, sentence

    def _roles(self) -> Iterator[SaidRole]:
        seen = set()
        for fact, sentence in self._stating("Affiliation"):
            title = next((getattr(value, "value", str(value)) for value in fact.qualifier("title")), None)
            organisation = next(iter(fact.role("organization")), None)
            identity = (fact.role("member"), plain(title or ""), organisation)
            if identity not in seen:
                seen.add(identity)
                for member in fact.role("member"):
                    body = self.thing(organisation) if organisation else None
                    printed = body is not None and self._prints(fact, body)
                    yield SaidRole(self.thing(member), title, body, printed, sentence)

    def _prints(self, fact: Fact, thing: Thing) -> bool:
        """Whether the words that state the fact name the thing, and not only in brackets behind a title."""
        names = [f" {key} " for key in all_keys(self.entities[thing.iri].names)]
        texts = [f" {plain(_BRACKETS.sub(' ', e.span.of(self.article.text)))} " for e in fact.evidence]
        return any(name in text for name in names for text in texts)

    def _speakers(self) -> Iterator[Thing]:
        seen = {}
        for fact, _ in self._stating("Statement"):
            for iri in fact.role("speaker"):
                if self._kind(self.entities[iri]) == "PERSON":
                    seen[iri] = self.thing(iri)
        return iter(seen.values())

    def _event(self, event: Thing) -> SaidEvent:
        entity = self.entities[event.iri]
        type_ = next((iris.name(value.iri) for _, value in entity.links if isinstance(value, Ref)), "other")
        starts: dict[str, str] = {}
        ends: dict[str, str] = {}
        places: dict[Thing, str] = {}
        organisers: dict[Thing, str] = {}
        figures: dict[tuple[str, int], str] = {}
        whole = None
        for fact, sentence in self._stating("Occurrence", event=event.iri):
            for held, name in ((starts, "start"), (ends, "end")):
                for value in fact.qualifier(name):
                    held.setdefault(str(value), sentence)
            for iri in fact.role("place"):
                places.setdefault(self.thing(iri), sentence)
            whole = whole or next(iter(fact.role("before")), None)
        for fact, sentence in self._stating("Hosting", event=event.iri):
            for iri in fact.role("organizer"):
                organisers.setdefault(self.thing(iri), sentence)
        for fact, sentence in self._stating("Attendance", event=event.iri):
            for name, qualifier in _FIGURES:
                for number in fact.qualifier(qualifier):
                    if isinstance(number, int):
                        figures.setdefault((name, number), sentence)
        for fact, _ in self._stating("SubEvent", session=event.iri):
            whole = next(iter(fact.role("event")), None)
        return SaidEvent(
            event.iri, event.name, type_, tuple(starts.items()), tuple(ends.items()), tuple(places.items()),
            tuple(organisers.items()), tuple(figures.items()), whole, event.sentence,
        )  # fmt: skip

    @cached_property
    def _launches_inside(self) -> dict[str, str]:
        """Sessions, and launches that precede an event, by the event that they belong to."""
        inside: dict[str, str] = {}
        for fact, _ in self.facts:
            if fact.kind == "SubEvent":
                inside |= {session: fact.role("event")[0] for session in fact.role("session")}
            if fact.kind == "Occurrence" and fact.role("before"):
                inside |= {event: fact.role("before")[0] for event in fact.role("event")}
        return inside

    def _relations(self) -> Iterator[SaidRelation]:
        seen = set()
        for relation, kind, subject_role, target_role in RELATION_ROLES:
            for fact, sentence in self._stating(kind):
                for subject in fact.role(subject_role):
                    for target in fact.role(target_role):
                        ends = tuple(self._launches_inside.get(iri, iri) for iri in (subject, target))
                        if (relation, *ends) not in seen and ends[0] != ends[1]:
                            seen.add((relation, *ends))
                            part = self.thing(ends[0])
                            implied = "through" in (subject_role, target_role) or (
                                kind == "PartOf" and self._by_name(fact, part)
                            )
                            yield SaidRelation(part, relation, self.thing(ends[1]), implied, sentence)

    def _by_name(self, fact: Fact, part: Thing) -> bool:
        """Whether nothing but the part's name states the fact, or its words do not name the part."""
        own = all(plain(e.span.of(self.article.text)) in part.keys for e in fact.evidence)
        return own or not self._prints(fact, part)

    def _numbered(self, pattern: re.Pattern[str]) -> tuple[tuple[str, str], ...]:
        return tuple(
            (match[1], sentence) for iri, sentence in self.first.items() if (match := pattern.fullmatch(iri))
        )


def objective(iri: str) -> str | None:
    """How gold writes an objective or goal in a relation: "GCM Objective 5", "SDG 10.7"; None for other things."""
    if match := _OBJECTIVE.fullmatch(iri):
        return f"GCM Objective {match[1]}"
    match = _GOAL.fullmatch(iri)
    return f"SDG {match[1]}" if match else None
