"""What a language model is asked for: the kinds of facts with their roles and qualifiers, out of ontology and shapes.

Nothing here names a kind. A kind that is added to `ontology/` is asked for, and its answers are checked by its shape.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from migkg import iris, resources
from migkg.errors import DataError
from migkg.ontology import PREFIXES, FactKind, load_ontology

Form = Literal["thing", "text", "word", "date", "count", "sum", "choice"]

_RDF, _RDFS, _SKOS, _XSD, _OWL = (PREFIXES[name] for name in ("rdf", "rdfs", "skos", "xsd", "owl"))
_SH = "http://www.w3.org/ns/shacl#"
_TYPE = _RDF + "type"
_FORMS: Mapping[str, Form] = {
    _RDF + "langString": "text", _XSD + "string": "word", _XSD + "integer": "count", _XSD + "decimal": "sum",
    _XSD + "date": "date", _XSD + "gYearMonth": "date", _XSD + "gYear": "date",
}  # fmt: skip
# Not asked for: resolution gives the day on which an affiliation was seen, a sum of money its currency.
_DERIVED = frozenset({"observed", "currency"})
# How many things a role holds is for resolution to split: each shape wants one a fact.
_TYPE_WORDS = {"ORG": "organisation or unit", "CONCEPT": "objective"}
_WHAT: Mapping[Form, str] = {
    "text": "words of the article", "word": "a word of the article", "date": "a date as printed",
    "count": "a number as printed", "sum": "a sum of money as printed, with its currency",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slot:
    """A role or qualifier of a kind of fact.

    :param kinds: names of the kinds of entities that may fill a role.
    :param choices: name → IRI of each value that a choice has.
    :param pattern: what a word must match, in any case. :param unlike: name of the role that must hold something else.
    """

    name: str
    form: Form
    definition: str
    required: bool
    several: bool
    kinds: frozenset[str] = frozenset()
    choices: Mapping[str, str] = field(default_factory=dict, hash=False)
    pattern: str | None = None
    unlike: str | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fact as a language model is asked for it.

    :param spoken: True when its facts hold what somebody says, which no other kind may.
    :param one_of: sets of slots of which at least one must be filled.
    """

    name: str
    definition: str
    slots: Mapping[str, Slot] = field(hash=False)
    spoken: bool
    one_of: tuple[frozenset[str], ...]

    @property
    def roles(self) -> tuple[Slot, ...]:
        """The slots that things fill."""
        return tuple(slot for slot in self.slots.values() if slot.form == "thing")


@cache
def load_kinds() -> Mapping[str, Kind]:
    """All kinds of facts, by name.

    :raises DataError: when ontology or shapes are missing or broken.
    """
    return _Reader().read()


class _Reader:
    """Looks up what the Turtle files of `ontology/` say."""

    def __init__(self) -> None:
        import pyoxigraph as ox

        folder = resources.path("ontology")
        self.iris: dict[tuple[str, str], list[str]] = {}
        self.texts: dict[tuple[str, str], list[str]] = {}
        for file in (folder / "migkg.ttl", folder / "shapes.ttl", *sorted((folder / "schemes").glob("*.ttl"))):
            try:
                for quad in ox.parse(path=str(file)):
                    key = (str(quad.subject)[1:-1], quad.predicate.value)
                    if isinstance(quad.object, ox.NamedNode):
                        self.iris.setdefault(key, []).append(quad.object.value)
                    elif isinstance(quad.object, ox.Literal) and quad.object.language in (None, "en"):
                        self.texts.setdefault(key, []).append(quad.object.value)
            except (OSError, SyntaxError) as error:
                raise DataError(f"cannot be read as Turtle ({error})", where=str(file)) from error

    def read(self) -> Mapping[str, Kind]:
        targets = [(shape, iris) for (shape, predicate), iris in self.iris.items() if predicate == _SH + "targetClass"]
        kinds = (
            self.kind(kind, sorted(shape for shape, targeted in targets if kind.iri in targeted))
            for kind in load_ontology().facts.values()
        )
        # A role that no kind of entity may fill is one that migkg fills itself: the article that names something.
        return {kind.name: kind for kind in kinds if all(slot.kinds for slot in kind.roles if slot.required)}

    def kind(self, kind: FactKind, shapes: list[str]) -> Kind:
        found: dict[str, dict[str, Any]] = {}
        one_of = []
        for shape in shapes:
            for part in self.of(shape, "property"):
                path = next(iter(self.of(part, "path")), "")
                # A gap is no error: such a shape asks for more than a fact needs.
                if not self.of(part, "severity"):
                    self.constrain(found.setdefault(path, {}), part)
            parts = self.parts(shape)
            paths = frozenset(iri for part in parts for iri in self.of(part, "path"))
            if paths and len(paths) == len(parts):
                one_of.append(paths)
        terms = {**{name: (iri, True) for name, iri in kind.roles.items()}}
        terms |= {name: (iri, False) for name, iri in kind.qualifiers.items() if name not in _DERIVED}
        names = {iri: name for name, (iri, _) in terms.items()}
        slots = {
            name: self.slot(name, iri, found.get(iri, {}), names, role=role) for name, (iri, role) in terms.items()
        }
        wanted = tuple(frozenset(names[iri] for iri in paths if iri in names) for paths in one_of)
        spoken = PREFIXES["schema"] + "Quotation" in kind.types
        return Kind(kind.name, self.definition(kind.iri), slots, spoken, wanted)

    def constrain(self, found: dict[str, Any], part: str) -> None:
        """Add what a property shape asks for."""
        found["required"] = found.get("required") or self.number(part, "minCount") >= 1
        found["single"] = found.get("single") or bool(self.texts.get((part, _SH + "maxCount")))
        found["pattern"] = found.get("pattern") or next(iter(self.texts.get((part, _SH + "pattern"), [])), None)
        found["unlike"] = found.get("unlike") or next(iter(self.of(part, "disjoint")), None)
        nodes = self.of(part, "node")
        found.setdefault("classes", set()).update(self.of(part, "class"), *(self.values(n, "class") for n in nodes))
        found.setdefault("datatypes", set()).update(
            self.of(part, "datatype"), *(self.values(n, "datatype") for n in nodes)
        )

    def slot(self, name: str, iri: str, found: Mapping[str, Any], names: Mapping[str, str], *, role: bool) -> Slot:
        definition, required = self.definition(iri), bool(found.get("required"))
        pattern = found.get("pattern")
        if role:
            # Where a shape takes any thing, the ontology's hint holds.
            classes = found.get("classes") or set(self.iris.get((iri, PREFIXES["schema"] + "rangeIncludes"), ()))
            kinds = frozenset(
                kind.name for kind in load_ontology().entities.values() if not classes or classes & set(kind.types)
            )
            unlike = names.get(found.get("unlike") or "")
            return Slot(name, "thing", definition, required, several=True, kinds=kinds, unlike=unlike)
        several = not found.get("single")
        if _OWL + "ObjectProperty" in self.iris.get((iri, _TYPE), ()):
            return Slot(name, "choice", definition, required, several, choices=self.choices(pattern or "$^"))
        datatypes: Iterable[str] = found.get("datatypes") or self.iris.get((iri, _RDFS + "range"), [])
        forms = {_FORMS[datatype] for datatype in datatypes if datatype in _FORMS}
        return Slot(name, min(forms, default="word"), definition, required, several, pattern=pattern)

    def choices(self, pattern: str) -> Mapping[str, str]:
        """The values that ontology and schemes declare and the pattern allows."""
        listed = {
            subject for (subject, predicate), types in self.iris.items()
            if predicate == _TYPE and {_SKOS + "Concept", _OWL + "NamedIndividual"} & set(types)
        }  # fmt: skip
        return {iris.name(iri): iri for iri in sorted(listed) if re.search(pattern, iri)}

    def definition(self, iri: str) -> str:
        texts = (self.texts.get((iri, name)) for name in (_SKOS + "definition", _RDFS + "label"))
        return next((found[0] for found in texts if found), "")

    def of(self, shape: str, name: str) -> list[str]:
        return self.iris.get((shape, _SH + name), [])

    def number(self, shape: str, name: str) -> int:
        return max((int(text) for text in self.texts.get((shape, _SH + name), [])), default=0)

    def parts(self, shape: str) -> list[str]:
        """The shapes of which one must hold (`sh:or`)."""
        found, cell = [], next(iter(self.of(shape, "or")), "")
        while first := self.iris.get((cell, _RDF + "first")):
            found += first
            cell = self.iris[cell, _RDF + "rest"][0]
        return found

    def values(self, shape: str, name: str) -> set[str]:
        """What a node shape, or the shapes that it offers, have under a name."""
        return {*self.of(shape, name), *(value for part in self.parts(shape) for value in self.values(part, name))}


# -- words for the model ----------------------------------------------------------------------------------------------


@cache
def prompt() -> str:
    """The instructions for a language model, with every kind of fact in words."""
    head = resources.path("data", "lexicon", "llm.txt")
    try:
        words = head.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"cannot be read ({error})", where=str(head), todo="Install migkg again.") from error
    return words.rstrip() + "\n\n" + "\n".join(line for kind in load_kinds().values() for line in _listed(kind)) + "\n"


def _listed(kind: Kind) -> Iterator[str]:
    yield f"{kind.name}: {kind.definition}"
    for slot in kind.slots.values():
        needed = "required" if slot.required else "optional"
        yield f"  {slot.name} ({needed}; {_what(slot)}): {slot.definition}"
    for names in kind.one_of:
        yield f"  At least one of: {', '.join(sorted(names))}."


def _what(slot: Slot) -> str:
    if slot.form == "thing":
        return "names of: " + "; ".join(_named(slot.kinds))
    if slot.form == "choice":
        return "one of: " + ", ".join(slot.choices)
    return _WHAT[slot.form]


def _named(kinds: frozenset[str]) -> Iterator[str]:
    """Kinds of things in words; the type of mention where all kinds of a type are meant."""
    every = load_ontology().entities.values()
    for type_ in sorted({kind.mention_type for kind in every}):
        of_type = {kind.name for kind in every if kind.mention_type == type_}
        yield from [_TYPE_WORDS.get(type_, type_.lower())] if of_type <= kinds else sorted(of_type & kinds)


@cache
def schema() -> Mapping[str, Any]:
    """JSON Schema (2020-12) of the answer."""
    return {
        "type": "object",
        "properties": {"facts": {"type": "array", "items": {"anyOf": [_schema(k) for k in load_kinds().values()]}}},
        "required": ["facts"],
        "additionalProperties": False,
    }


def _schema(kind: Kind) -> Mapping[str, Any]:
    slots = {slot.name: _values(slot) for slot in kind.slots.values()}
    return {
        "type": "object",
        "properties": {"kind": {"const": kind.name}, "evidence": {"type": "string"}, **slots},
        "required": ["kind", "evidence", *(slot.name for slot in kind.slots.values() if slot.required)],
        "additionalProperties": False,
    }


def _values(slot: Slot) -> Mapping[str, Any]:
    one: Mapping[str, Any] = {"enum": list(slot.choices)} if slot.form == "choice" else {"type": "string"}
    return {"type": "array", "items": one} if slot.several else one


@cache
def rule() -> str:
    """What stands as the rule of a fact that a language model read: a name that changes with what the model is told."""
    return "prompt." + iris.digest(prompt(), json.dumps(schema(), sort_keys=True), length=8)
