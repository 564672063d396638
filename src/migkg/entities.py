"""Mentions → entities: which thing a mention, an event or a composition stands for, and under which IRI.

An IRI follows from the article and the reference data alone, so that every process, on every machine, gives the same.
"""

from __future__ import annotations

import re
from dataclasses import replace

from migkg import iris
from migkg.extract import Claims
from migkg.extract.claims import Claim, EventRef, Post, Target, Unit
from migkg.extract.mention import Mention
from migkg.extract.mentions.compose import Composite
from migkg.extract.mentions.patterns import ActValue
from migkg.extract.mentions.phrases import RoleValue
from migkg.extract.tracking import Event, label, noun_phrase
from migkg.model import Article, Entity, Ref, Span, Text
from migkg.ontology import PREFIXES, SCHEME, load_ontology
from migkg.reference import Known, Name, Reference

# Roles that keep several things in one fact; the others split a claim into one fact each.
SEVERAL = frozenset({"about"})
_STATE_WORDS = re.compile(
    r"^(?:Ministry|Department|Directorate|Government|Parliament|National|Federal|Immigration|State|Deputy Ministry|"
    r"Office of the President)\b"
)
_OF_COUNTRY = re.compile(r"^(?P<body>.+) (?:of|for) (?:the )?(?:Republic of |Kingdom of )?(?P<country>[A-Z].*)$")
# "Ministry of Foreign Affairs Indonesia", "Ministry of Health, Kenya"
_BEFORE_COUNTRY = re.compile(r"^(?P<body>.+?),? (?P<country>[A-Z]\w+)$")


class Unsure(Exception):
    """A mention that may be several things; the claim is left out and a finding says so."""

    def __init__(self, mention: Mention, candidates: tuple[str, ...]) -> None:
        super().__init__(mention.text)
        self.mention = mention
        self.candidates = candidates


class Entities:
    """The things that an article speaks of; each is kept with the forms under which it is printed.

    :param article: the article as described by its own text.
    """

    def __init__(self, claims: Claims, article: Article, reference: Reference) -> None:
        self.claims = claims
        self.reading = claims.reading
        self.reference = reference
        self.article = article
        self.lang = self.reading.document.lang
        self.text = article.text
        self.all: dict[str, Entity] = {}
        self.events: dict[str, str] = {}
        self.starts: dict[str, str] = {}
        self.people = self._people()
        names = {person.text.casefold() for person in self.people}
        # All that a full name may be cut to: "van der klaauw", "der klaauw", "klaauw"; "ismail sabri" of three names.
        cuts = [(name, i) for name in names for i, char in enumerate(name) if char == " "]
        self.endings = {name[i + 1 :] for name, i in cuts} | {name[:i] for name, i in cuts if " " in name[:i]}

    def role(self, role: str, targets: tuple[Target, ...]) -> tuple[str, ...]:
        """The IRIs of all that fills a role. :raises Unsure: see `of`."""
        found = tuple(dict.fromkeys(iri for target in targets if (iri := self.of(target))))
        return tuple(sorted(found)) if role in SEVERAL else found

    def of(self, target: Target) -> str:
        """The IRI of what a target stands for; "" for nothing. :raises Unsure: when it may be several things."""
        if isinstance(target, Ref):
            return self._reference(target.iri)
        if isinstance(target, EventRef):
            return self._event(target.key)
        if isinstance(target, Composite):
            return self._composite(target)
        if isinstance(target, Post):
            return self._post(target)
        if isinstance(target, Unit):
            return self._unit(target)
        if target.type == "NAME":
            return self._person(target)
        if target.type == "ORG":
            return self.organization(target)
        composite = composite_of(target)
        if composite is not None:
            return self._composite(composite)
        if target.type == "PLACE":
            return self._place(target)
        return self._named(target)

    def _keep(self, iri: str, kind: str, labels: tuple[Text, ...], form: str, *, known: bool) -> str:
        entity = self.all.get(iri)
        if entity is None:
            self.all[iri] = Entity(iri, kind, labels, (form,) if form else (), known)
        elif form and form not in entity.names:
            self.all[iri] = replace(entity, names=tuple(sorted({*entity.names, form})))
        return iri

    def keep_known(self, known: Known, form: str) -> str:
        """Take in a thing of the reference data under the form that is printed; its IRI."""
        return self._keep(known.iri, known.kind, known.labels, form, known=True)

    def _reference(self, iri: str) -> str:
        known = self.reference.entities.get(iri)
        if known is None:
            # "SDG target 9.9": the scheme has no such thing.
            raise Unsure(Mention("OBJ", Span(0, 1), iris.name(iri)), ())
        return self.keep_known(known, "")

    def _local(self, kind: str, form: str, *parts: str) -> str:
        segment = load_ontology().entities[kind].segment
        return self._keep(iris.entity(segment, *parts), kind, (Text(form, self.lang),), form, known=False)

    # people

    def _people(self) -> list[Mention]:
        return [
            mention for line in self.reading.lines for mention in line.mentions
            if mention.type == "NAME" and mention.value != "short"
        ]  # fmt: skip

    def _person(self, mention: Mention) -> str:
        full = mention
        words = mention.text.casefold().split()
        if mention.value == "short" or not self._first_words(mention):
            longer = {
                person.text: person for person in self.people
                if len(person.text.split()) > len(words) and _part_of(words, person.text.casefold().split())
            }  # fmt: skip
            before = {text: person for text, person in longer.items() if person.span.start < mention.span.start}
            choice = before or longer
            if len(choice) > 1:
                raise Unsure(mention, tuple(sorted(choice)))
            full = next(iter(choice.values()), mention)
        iri = iris.entity("person", iris.slug(full.text))
        self._keep(iri, "person", (Text(full.text, self.lang),), full.text, known=False)
        return self._keep(iri, "person", (), mention.text, known=False)

    def _first_words(self, mention: Mention) -> bool:
        """Whether the name stands before every longer one that ends as it does."""
        if mention.text.casefold() not in self.endings:
            return True
        return all(
            person.span.start > mention.span.start for person in self.people
            if person.text.casefold().endswith(" " + mention.text.casefold())
            or person.text.casefold().startswith(mention.text.casefold() + " ")
        )  # fmt: skip

    # organisations

    def _choose(self, mention: Mention, names: tuple[Name, ...]) -> Known | None:
        """The one thing that names stand for here: several are told apart by the document's country."""
        found = dict.fromkeys(name.iri for name in names)
        if len(found) > 1:
            here = [iri for iri in found if self.reference.entities[iri].country == self.reading.country]
            here = here or [iri for iri in found if self.reference.entities[iri].country is None]
            exact = [
                iri for iri in here if any(label.value == mention.text for label in self.reference.entities[iri].labels)
            ]
            found = dict.fromkeys(exact if len(exact) == 1 else here or found)
        if len(found) > 1:
            raise Unsure(mention, tuple(found))
        return self.reference.entities[next(iter(found))] if found else None

    def organization(self, mention: Mention) -> str:
        """The IRI of an organisation. :raises Unsure: when it may be several."""
        composite = composite_of(mention)
        if composite is not None:
            return self._composite(composite)
        long = self.reading.aliases.get(mention.text)
        if long is not None and long is not mention and long.text != mention.text:
            iri = self.organization(long)
            entity = self.all[iri]
            return self._keep(iri, entity.kind, entity.labels, mention.text, known=entity.known)
        known = self._choose(mention, mention.names) or self._with_country(mention)
        if known is not None:
            self.keep_known(known, mention.text)
            return self.keep_known(known, mention.acronym or "")
        lexicon = self.reading.lexicon
        first = mention.text.lower()
        kind = "unit" if any(first.startswith(unit + " ") for unit in lexicon.units) else "organization"
        parts = [iris.slug(mention.text)]
        if _STATE_WORDS.match(mention.text) and not self._names_country(mention.text) and self.reading.country:
            # Every country has its Ministry of Labour: one that the text does not place is of the text's country.
            parts.insert(0, iris.name(self.reading.country))
        return self._local(kind, mention.text, *parts)

    def _names_country(self, text: str) -> bool:
        match = _OF_COUNTRY.match(text)
        return match is not None and any(name.kind == "country" for name in self.reference.lookup(match["country"]))

    def _with_country(self, mention: Mention) -> Known | None:
        """ "Ministry of Foreign Affairs of Indonesia": the local name of a body with its country behind it."""
        match = _OF_COUNTRY.match(mention.text) or _BEFORE_COUNTRY.match(mention.text)
        countries = [n.iri for n in self.reference.lookup(match["country"]) if n.kind == "country"] if match else []
        country = countries[0] if countries else self.reading.country
        body = match["body"] if match and countries else mention.text
        found = {
            name.iri for name in self.reference.lookup(body)
            if name.local and self.reference.entities[name.iri].country == country
        }  # fmt: skip
        return self.reference.entities[next(iter(found))] if len(found) == 1 else None

    def _unit(self, unit: Unit) -> str:
        """The unit that a post's holder leads, if the reference data hold it; else the body itself, or nothing."""
        whole = self.organization(unit.whole) if unit.whole is not None else ""
        value = unit.title.value
        if isinstance(value, RoleValue) and value.complement:
            lexicon = self.reading.lexicon
            nouns = [noun for head, noun in lexicon.headed.items() if lexicon.role_heads.get(head) == value.head]
            forms = [f"{noun} {link}{value.complement}" for noun in nouns for link in ("of ", "for ", "for the ", "")]
            for form in (value.complement, *forms):
                for name in self.reference.lookup(form):
                    known = self.reference.entities[name.iri]
                    inside = known.kind == "unit" and self.reference.within(known.iri, whole)
                    if inside if whole else self._here(name):
                        return self.keep_known(known, "")
        return whole

    def _here(self, name: Name) -> bool:
        """Whether a name holds in this document: everywhere, or in its country."""
        return not name.local or self.reference.entities[name.iri].country == self.reading.country

    def _post(self, post: Post) -> str:
        value = post.title.value
        head = value.head if isinstance(value, RoleValue) else post.title.text
        where = self.of(post.organization) if post.organization is not None else ""
        parts = [iris.name(where)] if where else []
        inside = isinstance(post.organization, Unit) and bool(where) and (
            post.organization.whole is None or where != self.organization(post.organization.whole)
        )  # fmt: skip
        modifiers = _before_head(post.title.text, head)
        realm = self._realm(post.organization)
        if realm and where and iris.name(realm) not in iris.name(where):
            parts.append(iris.name(realm))  # an organisation has such a post in every country
        parts.append(iris.slug(f"{modifiers} {head}".strip()))
        if isinstance(value, RoleValue) and value.complement and not inside:
            places = [name.iri for name in self.reference.lookup(value.complement) if name.kind in ("place", "country")]
            parts.append(iris.name(min(places)) if places else iris.slug(value.complement))
        return self._local("post", post.title.text, *parts)

    def _realm(self, target: Target | None) -> str | None:
        """The country that a post of an intergovernmental body is for: the one printed, else that of the text."""
        if isinstance(target, Composite) and target.kind == "country-team":
            place = target.part("part")
            return self._place(place) if place is not None else None
        if isinstance(target, Mention) and any(name.kind == "igo" for name in target.names):
            return self.reading.country
        return None

    # composites

    def _composite(self, composite: Composite) -> str:
        if composite.kind in ("office", "country-team"):
            return self._office(composite)
        if composite.kind == "profile":
            return self._profile(composite)
        return self._action_plan(composite)

    def _office(self, composite: Composite) -> str:
        whole, place = composite.part("whole"), composite.part("part")
        assert whole is not None and place is not None  # noqa: S101 - `compose` builds offices from both
        body, country = self.organization(whole), self._place(place)
        text = f"{whole.text} {place.text}" if composite.kind == "office" else ""
        for known in self.reference.entities.values():
            if known.kind == "unit" and known.country == country and any(parent == body for _, parent in known.parents):
                return self.keep_known(known, text)
        if composite.kind == "country-team":
            return body  # not known apart: the body that the text names; `_post` tells its posts apart
        return self._local("unit", text, iris.name(body), iris.name(country))

    def _profile(self, composite: Composite) -> str:
        framework, place = composite.part("framework"), composite.part("part")
        assert framework is not None and place is not None  # noqa: S101 - `compose` builds profiles from both
        parts = (iris.name(self.of(framework)), "profile", iris.name(self._place(place)))
        iri = iris.entity("policy", *parts)
        known = self.reference.entities.get(iri)
        if known is not None:
            return self.keep_known(known, "")
        form = (
            f"{framework.text} profile of {place.text}"
            if self.lang == "en"
            else f"Profil {framework.text} {place.text}"
        )
        self._keep(iri, "profile", (Text(form, self.lang),), "", known=False)
        return iri

    def _action_plan(self, composite: Composite) -> str:
        part, printed = composite.part("part"), composite.part("form")
        assert part is not None  # noqa: S101 - `compose` builds action plans from one
        name = printed.text if printed is not None else ""
        framework = self.of(part)
        country = self.reading.country
        for known in self.reference.entities.values():
            if (
                known.kind == "action-plan"
                and known.country == country
                and any(p == framework for _, p in known.parents)
            ):
                return self.keep_known(known, name)
        form = f"National Action Plan for {part.text}" if self.lang == "en" else f"Rencana Aksi Nasional {part.text}"
        where = (iris.name(country),) if country else ()
        iri = iris.entity("policy", "action-plan", iris.name(framework), *where)
        return self._keep(iri, "action-plan", (Text(form, self.lang),), name, known=False)

    # policies, programmes, places

    def _named(self, mention: Mention) -> str:
        if isinstance(mention.value, ActValue):
            return self._act(mention, mention.value)
        long = self.reading.aliases.get(mention.text)
        if long is not None and long.text != mention.text:
            iri = self.of(long)
            entity = self.all[iri]
            return self._keep(iri, entity.kind, entity.labels, mention.text, known=entity.known)
        known = self._choose(mention, mention.names)
        if known is not None:
            self.keep_known(known, mention.text)
            return self.keep_known(known, mention.acronym or "")
        return self._local("programme" if mention.type == "PROG" else "policy", mention.text, iris.slug(mention.text))

    def _act(self, mention: Mention, act: ActValue) -> str:
        country = iris.name(self.reading.country) if self.reading.country else "xx"
        code = "uu" if act.code == "law" and country == "id" else act.code
        if code in _INDONESIAN:
            country = "id"
        if code in _ISSUED:  # several ministers and towns number theirs from one
            return self._local("law", mention.text, iris.slug(mention.text))
        iri = iris.entity("policy", country, code, str(act.year), act.number)
        known = self.reference.entities.get(iri)
        if known is not None:
            return self.keep_known(known, mention.text)
        return self._keep(iri, "law", (Text(mention.text, self.lang),), mention.text, known=False)

    def _place(self, mention: Mention) -> str:
        names = mention.names
        countries = [name for name in names if name.kind == "country"]
        known = self._choose(mention, tuple(countries) or names)
        if known is not None:
            return self.keep_known(known, mention.text)
        return self._local("place", mention.text, iris.slug(mention.text))

    # events

    def name_events(self, claims: list[Claim]) -> None:
        """Give each event its IRI: type, start, place and organisers, which its versions in other languages share."""
        events = self.claims.events
        main = events.main
        for key in sorted(events.all, key=lambda key: (key != main, key)):
            event = events.all[key]
            if event.parent is None:
                self.events[key] = iris.entity("event", *self._event_parts(event, claims, main))

    def _event_parts(self, event: Event, claims: list[Claim], main: str | None) -> tuple[str, ...]:
        ref = EventRef(event.key)
        mine = [claim for claim in claims if claim.roles.get("event") == (ref,)]
        start = next((str(c.qualifiers["start"][0]) for c in mine if c.qualifiers.get("start")), "")
        self.starts[event.key] = start
        places, hosts = set(), set()
        for claim in mine:
            try:
                places |= {self.of(target) for target in claim.roles.get("place", ())}
                if claim.kind == "Hosting":
                    hosts |= {self.of(target) for target in claim.roles.get("organizer", ())}
            except Unsure:
                continue
        if start and (places or hosts):
            where = (iris.name(min(places)),) if places else ()
            by = (iris.digest(*sorted(hosts), length=8),) if hosts else ()
            return (event.code, start, *where, *by)
        anchor = self.events.get(main or "") if event.key != main else None
        if event.named:
            return (event.code, iris.slug(event.mention.text), iris.digest(anchor or self.article.id, length=8))
        if anchor:
            # Relative to the article's main event, which both language versions of a text share.
            return (event.code, *((start,) if start else ()), iris.digest(anchor, event.code, start, length=8))
        return (event.code, *((start,) if start else ()), self.article.id[:60], event.key)

    def _label(self, event: Event) -> str:
        return label(event, self.text)

    def _event(self, key: str) -> str:
        events = self.claims.events
        if key.endswith("<launch"):
            whole = self._event(key.removesuffix("<launch"))
            words = {"en": "launch before the {}", "id": "peluncuran sebelum {}"}[self.lang]
            return self._keep_event(
                f"{whole}-launch", "launch", words.format(self._short_label(key.removesuffix("<launch")))
            )
        event = events.all[key]
        if event.parent is None and self.events[key] in self.all:
            return self.events[key]
        if event.parent is not None:
            whole = self._event(event.parent)
            words = {"en": "session {} of the {}", "id": "sesi {} dari {}"}[self.lang]
            title = words.format(event.order, self._short_label(event.parent))
            return self._keep_event(f"{whole}-session-{event.order}", "session", title)
        return self._keep_event(self.events[key], event.code, self._label(event))

    def _short_label(self, key: str) -> str:
        """An event's noun and its date, which is enough beside what belongs to it."""
        noun, start = noun_phrase(self.claims.events.all[key], self.text), self.starts.get(key)
        return f"{noun}, {start}" if start else noun

    def _keep_event(self, iri: str, code: str, title: str) -> str:
        if iri not in self.all:
            type_ = (PREFIXES["dct"] + "type", Ref(f"{SCHEME}event-types/{code}"))
            self.all[iri] = Entity(iri, "event", (Text(title, self.lang),), links=(type_,))
        return iri


_LOCAL = frozenset({"permen", "kepmen", "perda", "pergub", "perbup", "perwali", "peraturan"})
_ISSUED = _LOCAL | {"decree"}
_INDONESIAN = _LOCAL | {"uu", "perppu", "pp", "perpres", "keppres"}


def composite_of(mention: Mention) -> Composite | None:
    """The composition that a mention stands for, if it is one."""
    if isinstance(mention.value, tuple) and mention.value and isinstance(mention.value[0], Composite):
        return mention.value[0]
    return None


def _part_of(short: list[str], full: list[str]) -> bool:
    """One name of a person ("Penny"), or the end or beginning of a full name ("van der Klaauw", "Penny Dewi")."""
    return short[0] in full if len(short) == 1 else short in (full[-len(short) :], full[: len(short)])


def _before_head(title: str, head: str) -> str:
    """What stands before the head noun of a title: "Senior" of "Senior Programme Officer"."""
    at = title.lower().find(head)
    return title[:at].strip() if at > 0 else ""
