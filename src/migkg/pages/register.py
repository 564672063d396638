"""All that has a page, by kind and by name: the lists of a static site, and the index that it is searched by."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from migkg import lookup
from migkg.kg import KnowledgeGraph
from migkg.ontology import BASE, ONT, PREFIXES, load_ontology
from migkg.pages.links import LANGUAGES, is_ours
from migkg.pages.lists import vocabulary_page
from migkg.pages.models import BrowsePage, FindPage, Listed, ListItem, ListPage
from migkg.pages.words import words
from migkg.queries import fold, labels
from migkg.sparql import text_of
from migkg.store import select
from migkg.views import in_order

PER_PAGE = 200  # things in a list
_NAMED = 3  # things by which a fact is named
_OTHERS = (("article", "schema:NewsArticle"), ("scheme", "skos:ConceptScheme"), ("change", "org:ChangeEvent"))
_FIRST = ("organization", "person", "event", "policy", "programme", "place", "post", "change")
_LAST = ("article", "scheme", "concept", "term")
_REST = "0"  # key of the list of names that begin with no letter from A to Z


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that has a page.

    :param group: key of its list. :param kind: IRI of what it is. :param label: language → its name.
    :param names: its further names. :param date: of an event or article, as far as it is known.
    :param facts: how many facts speak of it.
    """

    iri: str
    group: str
    kind: str
    label: Mapping[str, str] = field(hash=False)
    names: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()
    date: str = ""
    facts: int = 0


class Register:
    """What there is in a graph to be listed; asked for by a dozen queries, whatever its size."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        self._kg = kg
        self.things = (*_things(kg), *_terms(kg))
        self.facts = tuple(_facts(kg))
        kinds = {entry.kind for entry in (*self.things, *self.facts)}
        self._kinds = {lang: labels(kg.store, kinds, lang=lang) for lang in LANGUAGES}

    @cached_property
    def _by_group(self) -> Mapping[str, list[Entry]]:
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in (*self.things, *self.facts):
            found[entry.group].append(entry)
        return found

    @cached_property
    def _by_letter(self) -> Mapping[str, Mapping[str, list[tuple[str, Entry]]]]:
        """Language → letter → (name, thing), of labels and acronyms."""
        found: dict[str, dict[str, list[tuple[str, Entry]]]] = {lang: defaultdict(list) for lang in LANGUAGES}
        for lang in LANGUAGES:
            for entry in self.things:
                for name in dict.fromkeys((entry.label[lang], *entry.acronyms)):
                    first = next((letter for letter in fold(name) if letter.isalnum()), "")
                    found[lang][first if "a" <= first <= "z" else _REST].append((name, entry))
        return found

    def sections(self, lang: str) -> Iterator[tuple[str, int]]:
        """(section, pages) of all lists in a language."""
        for group, entries in self._by_group.items():
            yield f"list/{group}", _pages(len(entries))
        for letter, named in self._by_letter[lang].items():
            yield f"names/{letter}", _pages(len(named))

    def browse_page(self, lang: str) -> BrowsePage:
        """All lists."""
        told = words(lang)
        kinds = sorted({entry.group for entry in self.facts}, key=lambda group: self._title(group, lang))
        parts = (("by_kind", _FIRST), ("facts_by_kind", kinds), ("other_lists", _LAST))
        groups = tuple((told[name], tuple(self._listed(keys, lang))) for name, keys in parts)
        held = tuple(group for group in groups if group[1])
        return BrowsePage(told["browse"], "browse", groups=held, letters=self.letters(lang))

    def find_page(self, lang: str) -> FindPage:
        """The page that the index is searched on; without JavaScript, that leads to the lists of names."""
        return FindPage(words(lang)["find"], "find", letters=self.letters(lang))

    def letters(self, lang: str) -> tuple[Listed, ...]:
        """The lists of names."""
        held = self._by_letter[lang]
        order = sorted(held, key=lambda letter: (letter == _REST, letter))
        return tuple(Listed(_letter(letter, lang), f"names/{letter}", len(held[letter])) for letter in order)

    def list_page(self, section: str, number: int, lang: str) -> ListPage:
        """A page of a list. :param number: from 1."""
        top, _, key = section.partition("/")
        if top == "names":
            named = sorted(self._by_letter[lang][key], key=lambda pair: (fold(pair[0]), pair[1].iri))
            title = _letter(key, lang)
        else:
            entries = sorted(self._by_group[key], key=lambda entry: (fold(entry.label[lang]), entry.iri))
            dated = key in ("event", "article")
            named = [(entry.label[lang], entry) for entry in entries]
            if dated:
                named.sort(key=lambda pair: pair[1].date, reverse=True)
            title = self._title(key, lang)
        several = len({entry.kind for _, entry in named}) > 1
        shown = named[(number - 1) * PER_PAGE : number * PER_PAGE]
        items = tuple(self._item(name, entry, lang, several=several) for name, entry in shown)
        return ListPage(title, "browse", "", section, items, len(named), number, _pages(len(named)))

    def index(self) -> bytes:
        """All names as a script that a search needs: from a folder, a page may read no other file."""
        kinds = sorted({entry.kind for entry in self.things})
        terms = {entry.iri: entry for entry in self.things}
        rows = [
            [
                entry.iri[len(BASE) :], entry.label["en"],
                entry.label["id"] if entry.label["id"] != entry.label["en"] else 0, kinds.index(entry.kind),
                entry.facts, sorted({*entry.names, *entry.acronyms} - set(entry.label.values())),
            ]
            for _, entry in sorted(terms.items())
        ]  # fmt: skip
        told = {"kinds": [[self._kinds[lang][kind] for lang in LANGUAGES] for kind in kinds], "things": rows}
        text = json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("],[", "],\n[")
        return f"window.migkgIndex={text};\n".encode()

    def _listed(self, keys: Iterable[str], lang: str) -> Iterator[Listed]:
        for key in keys:
            if held := self._by_group.get(key):
                yield Listed(self._title(key, lang), f"list/{key}", len(held))

    def _title(self, group: str, lang: str) -> str:
        kind = next((entry.kind for entry in self.facts if entry.group == group), None)
        return self._kinds[lang][kind].capitalize() if kind else words(lang)[f"list_{group}"]

    def _item(self, name: str, entry: Entry, lang: str, *, several: bool) -> ListItem:
        notes = [entry.label[lang]] if name != entry.label[lang] else []
        notes += [entry.date] if entry.date else []
        notes += [self._kinds[lang][entry.kind]] if several else []
        return ListItem(entry.iri, name, " · ".join(notes), entry.facts)


def _pages(number: int) -> int:
    return max(1, -(-number // PER_PAGE))


def _letter(key: str, lang: str) -> str:
    return words(lang)["other_names"] if key == _REST else key.upper()


def _things(kg: KnowledgeGraph) -> Iterator[Entry]:
    segments = {kind.iri: kind.segment for kind in load_ontology().entities.values()}
    kinds: dict[str, tuple[str, str]] = {}
    names: dict[str, set[str]] = defaultdict(set)
    acronyms: dict[str, set[str]] = defaultdict(set)
    for iri, kind, way, name in lookup.names(kg.store):
        kinds[iri] = (segments.get(kind, "concept"), kind)
        (acronyms if way == "acronym" else names)[iri].add(name)
    for group, class_ in _OTHERS:
        full = PREFIXES[class_.partition(":")[0]] + class_.partition(":")[2]
        for (it,) in _rows(kg, f"SELECT DISTINCT ?it WHERE {{ ?it a {class_} }}"):
            kinds.setdefault(it, (group, full))
    dates = _dates(kg)
    counts = {it: int(number) for it, number in _rows(kg, _COUNTS)}
    ours = sorted(iri for iri in kinds if is_ours(iri))
    named = {lang: labels(kg.store, ours, lang=lang) for lang in LANGUAGES}
    for iri in ours:
        group, kind = kinds[iri]
        label = {lang: named[lang][iri] for lang in LANGUAGES}
        yield Entry(
            iri, group, kind, label, tuple(sorted(names[iri])), tuple(sorted(acronyms[iri])), dates.get(iri, ""),
            counts.get(iri, 0),
        )  # fmt: skip


def _facts(kg: KnowledgeGraph) -> Iterator[Entry]:
    kinds = {kind.iri: kind for kind in load_ontology().facts.values()}
    found = {it: kinds[type_] for it, type_ in _rows(kg, _FACTS) if type_ in kinds and is_ours(it)}
    about: dict[str, set[tuple[int, str]]] = defaultdict(set)
    for it, role, thing in _rows(kg, _ABOUT):
        roles = [found[it].roles[name] for name in in_order(found[it])] if it in found else []
        if role in roles:
            about[it].add((roles.index(role), thing))
    things = {thing for held in about.values() for _, thing in held}
    named = {lang: labels(kg.store, {*found, *things}, lang=lang) for lang in LANGUAGES}
    for iri, kind in sorted(found.items()):
        told = [thing for _, thing in sorted(about[iri])][:_NAMED]
        label = {lang: " · ".join(named[lang][each] for each in told) or named[lang][iri] for lang in LANGUAGES}
        yield Entry(iri, f"fact-{kind.name.lower()}", kind.iri, label)


def _terms(kg: KnowledgeGraph) -> Iterator[Entry]:
    """The terms of the ontology."""
    groups = {lang: vocabulary_page(kg, lang=lang).groups for lang in LANGUAGES}
    found = {lang: {term.iri: term.label for _, terms in groups[lang] for term in terms} for lang in LANGUAGES}
    for iri in sorted(found[LANGUAGES[0]]):
        yield Entry(iri, "term", ONT[:-1], {lang: found[lang][iri] for lang in LANGUAGES}, (iri[len(ONT) :],))


def _dates(kg: KnowledgeGraph) -> dict[str, str]:
    found: dict[str, str] = {}
    for it, date in _rows(kg, _DATES):
        found[it] = min(found.get(it, date), date)
    return found


def _rows(kg: KnowledgeGraph, sparql: str) -> Iterator[tuple[str, ...]]:
    for row in select(kg.store, sparql).rows:
        yield tuple(text_of(term) for term in row)


_COUNTS = """SELECT ?it (COUNT(DISTINCT ?fact) AS ?facts) WHERE { ?fact mig:evidence ?span ; ?role ?it } GROUP BY ?it"""
_FACTS = "SELECT DISTINCT ?it ?type WHERE { ?it a mig:Fact , ?type }"
_ABOUT = "SELECT DISTINCT ?it ?role ?thing WHERE { ?it mig:evidence ?span ; ?role ?thing FILTER(isIRI(?thing)) }"
_DATES = "SELECT ?it ?date WHERE { ?it schema:startDate|schema:datePublished ?date }"
