"""Reference data: what is known before any article is read, and under which names.

Turtle files of `data/reference/` and the concept schemes of the ontology, with the countries and subdivisions of
ISO 3166 from pycountry beneath them: a file that speaks of `…/id/place/ph` adds names to the country, and its
`skos:prefLabel` takes the place of the one of ISO. Links to other data sets come from `links.csv`.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from migkg import iso3166, resources
from migkg.errors import DataError
from migkg.model import PartialDate, Ref, Text
from migkg.ontology import ID, ONT, PREFIXES, load_ontology

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

PLACE = ID + "place/"
SKOS, SCHEMA, ORG = PREFIXES["skos"], PREFIXES["schema"], PREFIXES["org"]
TYPE = PREFIXES["rdf"] + "type"
PREF_LABEL, ALT_LABEL = SKOS + "prefLabel", SKOS + "altLabel"
ACRONYM, LOCAL_NAME, DEMONYM, COUNTRY = ONT + "acronym", ONT + "localName", ONT + "demonym", ONT + "country"
WITHIN = SCHEMA + "containedInPlace"
PARENTS = frozenset(
    {WITHIN, ONT + "implementsFramework", ORG + "subOrganizationOf", ORG + "unitOf", ORG + "postIn", SKOS + "broader"}
)
READ = PARENTS | {TYPE, PREF_LABEL, ALT_LABEL, ACRONYM, LOCAL_NAME, DEMONYM, COUNTRY}
LINKS = {"skos:exactMatch": SKOS + "exactMatch", "schema:sameAs": SCHEMA + "sameAs"}
LINK_COLUMNS = ["entity", "predicate", "target", "source", "date", "checker"]

CONCEPT = SKOS + "Concept"
PLACE_TYPES = frozenset({SCHEMA + "Place", PREFIXES["dct"] + "Location"})
COUNTRY_TYPES = PLACE_TYPES | {SCHEMA + "Country"}
# Nodes that the files may describe although no text mentions them.
NOT_ENTITIES = frozenset({ORG + "ChangeEvent", ORG + "Role", SKOS + "ConceptScheme", SKOS + "Collection"})

# Letters that no Unicode decomposition takes apart, and apostrophes that Unicode counts as letters.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ʻ": " ", "ʼ": " ", "ʾ": " "}
)
_ACCENTS = re.compile("[\u0300-\u036f]")
_NOT_WORD = re.compile(r"[\W_]+")


def normalise(text: str) -> str:
    """The form under which names are compared: compatibility forms, case, accents and punctuation do not count.

    NFKC as in Unicode (UAX 15), casefolded, accents stripped; quotes, dashes and other punctuation become a space;
    white space is collapsed. Other scripts keep their letters.

    >>> normalise("  Côte d’Ivoire "), normalise("Türkiye"), normalise("Viet–Nam"), normalise("Łódź (PL)")
    ('cote d ivoire', 'turkiye', 'viet nam', 'lodz pl')
    """
    if text.isascii():
        if text.isalnum():  # most names are one plain word
            return text.lower()
    else:
        # Decomposing again after casefolding makes the function idempotent (ϓ, ẞ, …).
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        text = unicodedata.normalize("NFKC", _ACCENTS.sub("", text).translate(_LETTERS))
    return _NOT_WORD.sub(" ", text.casefold()).strip()


@dataclass(frozen=True, slots=True)
class Name:
    """One name of one known entity.

    :param lang: language in which it is used; None when it serves in any.
    :param kind: entity kind of the bearer.
    :param local: it identifies the bearer only in texts about the bearer's country (`Known.country`).
    :param acronym: capitals count: "WHO" is a name, "who" is none.
    """

    text: str
    iri: str
    kind: str
    lang: str | None = None
    local: bool = False
    acronym: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """An entity of the reference data.

    :param labels: preferred labels, one a language, sorted by language.
    :param types: IRIs of its classes, sorted.
    :param country: IRI of the country it belongs to; a country belongs to itself.
    :param parents: (predicate IRI, entity IRI): the bodies, places or concepts it is part of.
    """

    iri: str
    kind: str
    labels: tuple[Text, ...]
    types: tuple[str, ...]
    country: str | None = None
    parents: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a code list (RDF typed literal)."""

    value: str
    datatype: str


Triple = tuple[str, str, Ref | Text | Code]


@dataclass(frozen=True, slots=True)
class Link:
    """An entity's counterpart in another data set, and who says so. Row of `links.csv`."""

    entity: str
    predicate: str
    target: str
    source: str
    date: PartialDate
    checker: str


@dataclass(frozen=True, eq=False)  # compared and hashed by identity: it keys caches
class Reference:
    """All known entities and their names.

    :param names: by `normalise`d form; several where a name is shared (local names, concepts).
    :param demonyms: normalised demonym ("filipino") → country.
    :param codes: ISO 3166 code of each place that comes from pycountry.
    """

    entities: Mapping[str, Known]
    names: Mapping[str, tuple[Name, ...]]
    demonyms: Mapping[str, str]
    codes: Mapping[str, str] = field(default_factory=dict)

    def lookup(self, text: str) -> tuple[Name, ...]:
        """The names that `text` may be, wherever the text stands; acronyms only when written with their capitals."""
        return tuple(
            name
            for name in self.names.get(normalise(text), ())
            if not name.acronym or text.isupper() or text.strip() == name.text
        )

    def within(self, iri: str, whole: str) -> bool:
        """Whether the entity is `whole` or part of it, over any number of steps.

        >>> load_reference().within(PLACE + "id-semarang", PLACE + "id")
        True
        """
        return whole in _ancestors(iri, lambda step: self.entities[step].parents if step in self.entities else ())


def reference_files(*extra_roots: Path) -> tuple[Path, ...]:
    """The Turtle files of `data/reference/`, then those of other folders, in the order of their names.

    :raises DataError: when an extra root is no folder.
    """
    found: list[Path] = []
    for folder in (resources.path("data", "reference"), *extra_roots):
        if not folder.is_dir():
            raise _broken(folder, "no folder with reference data", "Name a folder with *.ttl files.")
        found += sorted(folder.glob("*.ttl"))
    return tuple(found)


@cache
def load_reference(*extra_roots: Path) -> Reference:
    """Read the bundled reference data, and Turtle files of further folders on top.

    :raises DataError: for a file that is not Turtle, an entity without kind or labels, an unknown parent or
        country, and a name that would identify two entities.
    """
    drafts: dict[str, _Draft] = {}
    for country in iso3166.countries():
        draft = drafts[_place(country.code)] = _Draft(types=set(COUNTRY_TYPES))
        draft.iso_labels = {label.lang: label.value for label in country.labels}
        for name in country.names:
            draft.name(name.value, name.lang)
    # places.ttl describes those of Indonesia, with names in both languages.
    divisions = {_place(division.code): division for division in iso3166.divisions() if division.country != "ID"}
    codes = {iri: iri.removeprefix(PLACE).upper() for iri in (*drafts, *divisions)}
    for file in reference_files(*extra_roots):
        _read(file, drafts, schemes=False)
    for file in sorted(resources.path("ontology", "schemes").glob("*.ttl")):
        _read(file, drafts, schemes=True)
    entities = _entities(drafts, divisions)
    return Reference(entities, _names(drafts, divisions, entities), _demonyms(drafts), codes)


@cache
def load_links(*extra_roots: Path) -> tuple[Link, ...]:
    """Links to other data sets, each with its source, sorted.

    :raises DataError: for a row without source or date, of an unknown entity or with another predicate than
        `skos:exactMatch` and `schema:sameAs`, and when two entities are said to match one target.
    """
    entities = load_reference(*extra_roots).entities
    links: set[Link] = set()
    bearers: dict[str, str] = {}
    for folder in (resources.path("data", "reference"), *extra_roots):
        file = folder / "links.csv"
        for line, row in _rows(file) if file.exists() else ():
            link = _link(row, entities, file, line)
            other = bearers.setdefault(link.target, link.entity)
            if other != link.entity:
                what = f"{link.target} is already linked to <{other}>"
                raise _broken(file, what, "Keep the row that its source supports.", line=line)
            links.add(link)
    return tuple(sorted(links, key=lambda link: (link.entity, link.predicate, link.target)))


def country_triples() -> tuple[Triple, ...]:
    """What ISO 3166-1 says of every country, as triples: classes, labels, code."""
    countries = sorted(iri for iri, code in load_reference().codes.items() if "-" not in code)
    return tuple(triple for iri in countries for triple in place_triples(iri))


def place_triples(iri: str) -> tuple[Triple, ...]:
    """What ISO 3166 says of a country or subdivision: classes, labels, code, the place around it.

    Nothing for places that the Turtle files describe themselves. Source: pycountry (Debian iso-codes).
    """
    reference = load_reference()
    code = reference.codes.get(iri)
    if code is None:
        return ()
    place = reference.entities[iri]
    datatype = ONT + ("iso3166-2" if "-" in code else "iso3166-1")
    return (
        *((iri, TYPE, Ref(kind)) for kind in place.types),
        *((iri, PREF_LABEL, label) for label in place.labels),
        (iri, SKOS + "notation", Code(code, datatype)),
        *((iri, predicate, Ref(parent)) for predicate, parent in place.parents),
    )


@dataclass(slots=True)
class _Draft:
    """An entity while it is being read."""

    file: Path | None = None  # the last that speaks of it; None: ISO 3166 only
    types: set[str] = field(default_factory=set)
    labels: dict[str, str] = field(default_factory=dict)
    iso_labels: dict[str, str] = field(default_factory=dict)
    names: dict[tuple[str, bool, bool], str | None] = field(default_factory=dict)
    demonyms: set[str] = field(default_factory=set)
    parents: set[tuple[str, str]] = field(default_factory=set)
    country: str | None = None

    def name(self, text: str, lang: str | None, *, local: bool = False, acronym: bool = False) -> None:
        key = (text, local, acronym)
        # The same word in two languages serves in any.
        self.names[key] = lang if self.names.get(key, lang) == lang else None


def _broken(file: Path | None, what: str, todo: str, *, expected: str = "", line: int | None = None) -> DataError:
    return DataError(what, where=str(file or "pycountry"), line=line, expected=expected, todo=todo)


def _place(code: str) -> str:
    return PLACE + code.lower()


def _ancestors(iri: str, parents: Callable[[str], Iterable[tuple[str, str]]]) -> list[str]:
    """`iri` and all that it is part of, nearest first; ends on circles."""
    found = [iri]
    for step in found:
        found += [parent for _, parent in parents(step) if parent not in found]
    return found


# Turtle


def _read(file: Path, drafts: dict[str, _Draft], *, schemes: bool) -> None:
    from pyoxigraph import Literal, NamedNode, RdfFormat, parse

    subjects: dict[str, list[tuple[str, NamedNode | Literal]]] = defaultdict(list)
    try:
        for quad in parse(path=str(file), format=RdfFormat.TURTLE):
            subject, predicate, value = quad.subject, quad.predicate.value, quad.object
            if not isinstance(subject, NamedNode) or not isinstance(value, (NamedNode, Literal)):
                raise _broken(file, "a blank node", "Give the node an IRI of its own.", expected="IRIs only")
            properties = subjects[subject.value]
            if predicate in READ:
                properties.append((predicate, value))
    except SyntaxError as error:
        what = f"not Turtle: {error.msg}"
        raise _broken(file, what, "Mend the line or the one before it.", line=error.lineno) from error
    except OSError as error:
        raise _broken(file, f"cannot be read: {error}", "Check the file's permissions.") from error
    for iri, properties in subjects.items():
        types = {value.value for predicate, value in properties if predicate == TYPE}
        if (schemes and CONCEPT not in types) or (types and types <= NOT_ENTITIES):
            continue
        draft = drafts.setdefault(iri, _Draft())
        draft.file = file
        draft.types |= types
        for predicate, value in properties:
            if isinstance(value, Literal):
                _add_name(draft, iri, predicate, value.value, value.language, file)
            elif predicate in PARENTS:
                draft.parents.add((predicate, value.value))
            elif predicate == COUNTRY:
                draft.country = value.value


def _add_name(draft: _Draft, iri: str, predicate: str, text: str, lang: str | None, file: Path) -> None:
    if predicate == PREF_LABEL:
        if lang is None or draft.labels.get(lang, text) != text:
            what = f'<{iri}> has the preferred label "{text}"' + (" and another one" if lang else " without language")
            raise _broken(file, what, "Tag it @en or @id, one a language; make further names skos:altLabel.")
        draft.labels[lang] = text
    if predicate == DEMONYM:
        draft.demonyms.add(text)
    else:
        # A local name without language is an acronym ("MOFA"): acronyms are spelled alike in every language.
        acronym = predicate == ACRONYM or (predicate == LOCAL_NAME and lang is None)
        draft.name(text, lang, local=predicate == LOCAL_NAME, acronym=acronym)


def _entities(drafts: Mapping[str, _Draft], divisions: Mapping[str, iso3166.Division]) -> dict[str, Known]:
    kinds = {frozenset(kind.types): kind.name for kind in load_ontology().entities.values()}
    place_kind, place_types = kinds[PLACE_TYPES], tuple(sorted(PLACE_TYPES))
    entities: dict[str, Known] = {}
    for iri, (_, name, country, around) in divisions.items():
        parent = (WITHIN, _place(around))
        if iri in drafts:
            draft = drafts[iri]
            draft.types |= PLACE_TYPES
            draft.iso_labels = {"en": name, "id": name}
            draft.parents.add(parent)
        else:
            both = (Text(name, "en"), Text(name, "id"))
            entities[iri] = Known(iri, place_kind, both, place_types, _place(country), (parent,))
    for iri, draft in drafts.items():
        kind = "concept" if CONCEPT in draft.types else kinds.get(frozenset(draft.types))
        if kind is None:
            what = f"<{iri}> is of no entity kind; its types are " + (", ".join(sorted(draft.types)) or "missing")
            expected = "exactly the types of one of: " + ", ".join(sorted(kinds.values()))
            raise _broken(draft.file, what, "Correct its rdf:type, or its IRI.", expected=expected)
        if not (draft.iso_labels or draft.labels):
            raise _broken(draft.file, f"<{iri}> has no skos:prefLabel", "Give it one in English.")
        for other in sorted({parent for _, parent in draft.parents} | ({draft.country} if draft.country else set())):
            if other not in drafts and other not in divisions:
                what = f"<{iri}> refers to <{other}>, which nothing describes"
                raise _broken(draft.file, what, "Correct the IRI or describe the entity.")
        labels = tuple(Text(text, lang) for lang, text in sorted((draft.iso_labels | draft.labels).items()))
        types, parents = tuple(sorted(draft.types)), tuple(sorted(draft.parents))
        entities[iri] = Known(iri, kind, labels, types, parents=parents)
    for iri in drafts:
        entities[iri] = replace(entities[iri], country=_country(iri, drafts, entities))
    return entities


def _country(iri: str, drafts: Mapping[str, _Draft], entities: Mapping[str, Known]) -> str | None:
    """The country that the entity, or the nearest of what it is part of, belongs to."""
    for step in _ancestors(iri, lambda step: entities[step].parents):
        country = drafts[step].country if step in drafts else entities[step].country
        if country or entities[step].types == tuple(sorted(COUNTRY_TYPES)):
            return country or step
    return None


def _names(
    drafts: Mapping[str, _Draft], divisions: Mapping[str, iso3166.Division], entities: Mapping[str, Known]
) -> dict[str, tuple[Name, ...]]:
    names: dict[str, list[Name]] = defaultdict(list)
    for iri, draft in drafts.items():
        known = entities[iri]
        for (text, local, acronym), lang in draft.names.items():
            if local and known.country is None:
                what = f'<{iri}> has the local name "{text}" and no country'
                raise _broken(draft.file, what, "Give it a mig:country, or make the name an skos:altLabel.")
            key = normalise(text)
            if not key:
                raise _broken(draft.file, f"<{iri}> has an empty name", "Write the name or take the line out.")
            names[key].append(Name(text, iri, known.kind, lang, local, acronym))
    for key, bearers in names.items():
        if len(bearers) > 1:
            _refuse_ambiguous(key, bearers, drafts, entities)
    local_places: dict[str, list[Name]] = defaultdict(list)
    for iri, division in divisions.items():
        kind = entities[iri].kind
        for form in division.names():
            key = normalise(form)
            if iso3166.tells_a_place(key):
                local_places[key].append(Name(form, iri, kind, local=True))
    for key, candidates in local_places.items():
        taken = names.get(key)
        if taken or len(candidates) > 1:
            candidates = _free(candidates, taken or (), entities)
        if candidates:
            names[key] += candidates
    return {key: tuple(sorted(bearers, key=_order) if len(bearers) > 1 else bearers) for key, bearers in names.items()}


def _order(name: Name) -> tuple[str, str, bool, bool, str]:
    return name.text, name.iri, name.local, name.acronym, name.lang or ""


def _free(candidates: Iterable[Name], taken: Iterable[Name], entities: Mapping[str, Known]) -> list[Name]:
    """Names of subdivisions that nothing known anywhere (Georgia, Mali) or in the same country bears."""

    def depth(name: Name) -> int:
        return len(_ancestors(name.iri, lambda step: entities[step].parents))

    used = {entities[name.iri].country if name.local else None for name in taken if name.kind != "concept"}
    if None in used:
        return []
    by_country: dict[str | None, list[Name]] = defaultdict(list)
    for name in candidates:
        by_country[entities[name.iri].country].append(name)
    free: list[Name] = []
    for country, bearers in by_country.items():
        # A region and the district in it often share a name; the larger one is meant more often.
        outermost = min(map(depth, bearers))
        chosen = [name for name in bearers if depth(name) == outermost]
        if country not in used and len({name.iri for name in chosen}) == 1:
            free += chosen
    return free


def _refuse_ambiguous(
    key: str, bearers: Iterable[Name], drafts: Mapping[str, _Draft], entities: Mapping[str, Known]
) -> None:
    seen: dict[str | None, str] = {}
    for name in sorted(bearers, key=_order):
        # Labels of concepts are everyday words ("government"); whoever looks for them knows the scheme.
        if name.kind == "concept":
            continue
        other = seen.setdefault(entities[name.iri].country if name.local else None, name.iri)
        if other != name.iri:
            places = sorted({str(drafts[iri].file or "pycountry") for iri in (other, name.iri)})
            raise DataError(
                f'"{name.text}" ({key}) is the name of <{other}> and of <{name.iri}>',
                where=" and ".join(places),
                expected="a name that identifies one of them",
                todo="Make it a mig:localName of the one that a country tells apart, or take it out of one.",
            )


def _demonyms(drafts: Mapping[str, _Draft]) -> dict[str, str]:
    found: dict[str, str] = {}
    for iri, draft in drafts.items():
        for demonym in sorted(draft.demonyms):
            other = found.setdefault(normalise(demonym), iri)
            if other != iri:
                what = f'"{demonym}" is the demonym of <{other}> and of <{iri}>'
                raise _broken(draft.file, what, "Keep it where most texts mean it.")
    return found


# links.csv


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            if reader.fieldnames != LINK_COLUMNS:
                found = ",".join(reader.fieldnames or ())
                raise _broken(file, f'the columns are "{found}"', f"Write: {','.join(LINK_COLUMNS)}", line=1)
            for row in reader:
                if None in row or None in row.values():
                    raise _broken(file, "too many or too few cells", "Quote cells with a comma.", line=reader.line_num)
                yield reader.line_num, {key: value.strip() for key, value in row.items()}
    except (csv.Error, UnicodeDecodeError) as error:
        raise _broken(file, f"not CSV in UTF-8: {error}", "Save it as CSV in UTF-8.") from error


def _link(row: Mapping[str, str], entities: Mapping[str, Known], file: Path, line: int) -> Link:
    def refuse(what: str, todo: str) -> DataError:
        return _broken(file, what, todo, line=line)

    for column in LINK_COLUMNS:
        if not row[column]:
            raise refuse(f"no {column}", "Say where the link was seen, and when; leave out what has no source.")
    if row["entity"] not in entities:
        raise refuse(f"<{row['entity']}> is no known entity", "Correct the IRI, or describe the entity in Turtle.")
    if row["predicate"] not in LINKS:
        raise refuse(f'the predicate is "{row["predicate"]}"', f"Write {' or '.join(LINKS)}; nothing is merged.")
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", row["target"]):
        raise refuse(f'"{row["target"]}" is no web address', "Write the full IRI.")
    try:
        date = PartialDate.parse(row["date"])
    except ValueError as error:
        raise refuse(f"the date is wrong: {error}", "Write it as YYYY-MM-DD.") from error
    return Link(row["entity"], LINKS[row["predicate"]], row["target"], row["source"], date, row["checker"])
