"""Reads `ontology/migkg.ttl`: which kinds of facts and of entities there are, and how each is written as RDF.

The declarations are data: a role, qualifier or shortcut is added in the Turtle file, never here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from migkg import resources
from migkg.errors import DataError, UnknownName

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

BASE = "https://w3id.org/migkg/"
ONT = BASE + "ont#"
ID = BASE + "id/"
SCHEME = BASE + "scheme/"

PREFIXES: Mapping[str, str] = {
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "mig": ONT,
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sdgo": "http://metadata.un.org/sdg/ontology#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""The prefixes of everything migkg writes, sorted."""

MENTION_TYPES = ("CONCEPT", "EVENT", "ORG", "PERSON", "PLACE", "POLICY", "POST", "PROGRAMME")
"""What a mention can be while a text is read; every entity kind has one of these."""

_TYPE = PREFIXES["rdf"] + "type"
_LABEL = PREFIXES["rdfs"] + "label"
_SUBCLASS = PREFIXES["rdfs"] + "subClassOf"
_PROPERTIES = frozenset(
    PREFIXES[prefix] + name
    for prefix, name in (
        ("owl", "AnnotationProperty"),
        ("owl", "DatatypeProperty"),
        ("owl", "ObjectProperty"),
        ("rdf", "Property"),
    )
)


@dataclass(frozen=True, slots=True, order=True)
class Shortcut:
    """The direct triple that stands for a fact in plain queries.

    :param source: role whose entity is the subject.
    :param predicate: IRI of the predicate.
    :param target: role or qualifier whose value is the object.
    :param only_if: IRI that must be a qualifier value of the fact or a class of the subject; None: always written.
    """

    source: str
    predicate: str
    target: str
    only_if: str | None = None


@dataclass(frozen=True, slots=True)
class FactKind:
    """A kind of fact.

    :param name: local name of its class, for example `Hosting`.
    :param types: its own IRI, then those of its superclasses, sorted: the `rdf:type`s of a fact.
    :param roles: name → property IRI, sorted by name; qualifiers: the same.
    :param symmetric: True when shortcuts are written both ways.
    :param wording: qualifiers that keep how an article words the fact and do not count for its identity.
    :param label: language → label.
    """

    name: str
    iri: str
    types: tuple[str, ...]
    roles: Mapping[str, str] = field(hash=False)
    qualifiers: Mapping[str, str] = field(hash=False)
    shortcuts: tuple[Shortcut, ...]
    symmetric: bool
    wording: frozenset[str]
    label: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class EntityKind:
    """A kind of entity.

    :param name: for example `law`.
    :param segment: first path segment of its IRIs under the data base address, for example `policy`.
    :param types: IRIs of the classes that an entity is typed with, sorted.
    :param mention_type: one of `MENTION_TYPES`. :param label: language → what people call such things.
    """

    name: str
    iri: str
    segment: str
    types: tuple[str, ...]
    mention_type: str
    label: Mapping[str, str] = field(default_factory=dict, hash=False)


_Kind = TypeVar("_Kind", FactKind, EntityKind)


@dataclass(frozen=True, slots=True)
class Ontology:
    """The declarations of `migkg.ttl`, by name, sorted."""

    facts: Mapping[str, FactKind] = field(hash=False)
    entities: Mapping[str, EntityKind] = field(hash=False)
    prefixes: Mapping[str, str] = field(hash=False)

    def kind(self, name: str) -> FactKind:
        """The kind of fact called `name`.

        :raises UnknownName: when there is none; the message lists those there are.
        """
        try:
            return self.facts[name]
        except KeyError:
            raise UnknownName("fact kind", name, self.facts) from None


@cache
def load_ontology() -> Ontology:
    """The ontology that comes with migkg, read once.

    :raises DataError: when its file is missing or broken.
    """
    path = resources.path("ontology", "migkg.ttl")
    try:
        turtle = path.read_bytes()
    except OSError as error:
        raise DataError(
            f"the ontology cannot be read ({error.strerror})", where=str(path), todo="Install migkg again."
        ) from error
    return parse_ontology(turtle, str(path))


def parse_ontology(turtle: bytes, where: str) -> Ontology:
    """Read the kinds of facts and of entities that a Turtle file declares.

    :param where: the file, for messages.
    :raises DataError: when it is no Turtle, or a declaration is incomplete or contradicts another one.
    """
    import pyoxigraph

    iris: dict[tuple[str, str], set[str]] = {}
    texts: dict[tuple[str, str], list[tuple[str, str]]] = {}
    try:
        for quad in pyoxigraph.parse(turtle, pyoxigraph.RdfFormat.TURTLE):
            subject, predicate, value = quad.subject, quad.predicate.value, quad.object
            if isinstance(subject, pyoxigraph.NamedNode) and isinstance(value, pyoxigraph.NamedNode):
                iris.setdefault((subject.value, predicate), set()).add(value.value)
            elif isinstance(subject, pyoxigraph.NamedNode) and isinstance(value, pyoxigraph.Literal):
                texts.setdefault((subject.value, predicate), []).append((value.language or "", value.value))
            else:
                raise DataError(
                    f"a blank node stands beside {_short(predicate)}", where=where, expected="an IRI of its own"
                )
    except SyntaxError as error:
        raise DataError(f"not Turtle: {error.msg}", where=where, line=error.lineno) from error
    return _Reader(iris, texts, where).read()


class _Reader:
    """Turns the triples of one file, looked up by subject and property, into kinds."""

    def __init__(
        self,
        iris: Mapping[tuple[str, str], set[str]],
        texts: Mapping[tuple[str, str], list[tuple[str, str]]],
        where: str,
    ) -> None:
        self._iri_values = iris
        self._text_values = texts
        self._where = where

    def read(self) -> Ontology:
        facts = [self._fact_kind(iri) for iri in self._instances("FactKind")]
        if not facts:
            raise DataError("no kind of fact is declared", where=self._where, expected="at least one mig:FactKind")
        used = {shortcut for kind in facts for shortcut in self._declared(kind.iri, "shortcut")}
        for iri in self._instances("Shortcut"):
            if iri not in used:
                raise self._broken(iri, "is a shortcut of no kind of fact", "mig:shortcut to it from its kind")
        entities = [self._entity_kind(iri) for iri in self._instances("EntityKind")]
        return Ontology(facts=self._by_name(facts), entities=self._by_name(entities), prefixes=PREFIXES)

    def _fact_kind(self, iri: str) -> FactKind:
        roles = self._properties(iri, "role")
        if not roles:
            raise self._broken(iri, "has no role", "at least one mig:role")
        qualifiers = self._properties(iri, "qualifier")
        if both := sorted(roles.keys() & qualifiers.keys()):
            raise self._broken(iri, f'has "{both[0]}" as a role and as a qualifier', "two different names")
        label = dict(sorted(self._text_values.get((iri, _LABEL), [])))
        if "en" not in label:
            raise self._broken(iri, "has no label", "an rdfs:label in English")
        shortcuts = [self._shortcut(iri, shortcut, roles, qualifiers) for shortcut in self._declared(iri, "shortcut")]
        return FactKind(
            name=_local_name(iri),
            iri=iri,
            types=(iri, *self._superclasses(iri)),
            roles=roles,
            qualifiers=qualifiers,
            shortcuts=tuple(sorted(shortcuts, key=lambda s: (s.source, s.predicate, s.target, s.only_if or ""))),
            symmetric=self._flag(iri, "symmetric"),
            wording=frozenset(name for name, value in qualifiers.items() if self._flag(value, "wordingOnly")),
            label=label,
        )

    def _shortcut(self, kind: str, iri: str, roles: Mapping[str, str], qualifiers: Mapping[str, str]) -> Shortcut:
        if ONT + "Shortcut" not in self._iris(iri, _TYPE):
            raise self._broken(kind, f"has the shortcut {_short(iri)}, which is not declared", "a mig:Shortcut")
        source, predicate, target = (self._one_iri(iri, name) for name in ("from", "via", "to"))
        if source not in roles.values():
            raise self._broken(
                iri, f"starts from {_short(source)}", f"a role of {_short(kind)}: {_names(roles.values())}"
            )
        if target not in roles.values() and target not in qualifiers.values():
            known = _names([*roles.values(), *qualifiers.values()])
            raise self._broken(iri, f"leads to {_short(target)}", f"a role or qualifier of {_short(kind)}: {known}")
        if self._flag(kind, "symmetric") and target not in roles.values():
            raise self._broken(iri, "leads to a qualifier", f"a role, because {_short(kind)} is symmetric")
        self._check_property(iri, predicate)
        only_if = self._declared(iri, "onlyIf")
        if len(only_if) > 1:
            raise self._broken(iri, f"has {len(only_if)} values of mig:onlyIf", "one at most")
        if only_if and not self._iris(only_if[0], _TYPE):  # a misspelt condition would never hold, silently
            raise self._broken(iri, f"depends on {_short(only_if[0])}, which is not declared", "a value or a class")
        return Shortcut(_local_name(source), predicate, _local_name(target), only_if[0] if only_if else None)

    def _entity_kind(self, iri: str) -> EntityKind:
        name, segment, mention_type = (self._one_text(iri, part) for part in ("name", "segment", "mentionType"))
        if mention_type not in MENTION_TYPES:
            raise self._broken(iri, f'has the mention type "{mention_type}"', "one of: " + ", ".join(MENTION_TYPES))
        types = tuple(self._declared(iri, "writtenAs"))
        if not types:
            raise self._broken(iri, "has no class", "at least one mig:writtenAs")
        label = dict(sorted(self._text_values.get((iri, _LABEL), [])))
        return EntityKind(name=name, iri=iri, segment=segment, types=types, mention_type=mention_type, label=label)

    def _properties(self, iri: str, part: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for value in self._declared(iri, part):
            self._check_property(iri, value)
            name = _local_name(value)
            if name in found:
                raise self._broken(iri, f'has two mig:{part}s called "{name}"', "two different names")
            found[name] = value
        return dict(sorted(found.items()))

    def _check_property(self, iri: str, value: str) -> None:
        if _PROPERTIES.isdisjoint(self._iris(value, _TYPE)):
            raise self._broken(iri, f"uses {_short(value)}, which is not declared", "a property of this file")

    def _superclasses(self, iri: str) -> list[str]:
        found: set[str] = set()
        waiting = [iri]
        while waiting:
            new = set(self._iris(waiting.pop(), _SUBCLASS)) - found - {iri}
            found |= new
            waiting += new
        return sorted(found)

    def _instances(self, name: str) -> list[str]:
        found = {
            iri for (iri, predicate), values in self._iri_values.items() if predicate == _TYPE and ONT + name in values
        }
        return sorted(found)

    def _iris(self, iri: str, predicate: str) -> list[str]:
        return sorted(self._iri_values.get((iri, predicate), ()))

    def _declared(self, iri: str, name: str) -> list[str]:
        """The IRIs of a mig: property; a literal in their place would otherwise be overlooked."""
        if text := self._text_values.get((iri, ONT + name)):
            raise self._broken(iri, f'has the mig:{name} "{text[0][1]}"', "an IRI")
        return self._iris(iri, ONT + name)

    def _one_iri(self, iri: str, name: str) -> str:
        values = self._declared(iri, name)
        if len(values) != 1:
            raise self._broken(iri, f"has {len(values)} values of mig:{name}", "exactly one IRI")
        return values[0]

    def _one_text(self, iri: str, name: str) -> str:
        values = self._text_values.get((iri, ONT + name), [])
        if len(values) != 1 or not values[0][1]:
            raise self._broken(iri, f"has {len(values)} values of mig:{name}", "exactly one string")
        return values[0][1]

    def _flag(self, iri: str, name: str) -> bool:
        values = {value for _, value in self._text_values.get((iri, ONT + name), [])}
        if values - {"true"} and values - {"false"}:
            raise self._broken(iri, f"has a mig:{name} that is neither true nor false", "true or false")
        return "true" in values

    def _by_name(self, kinds: Sequence[_Kind]) -> dict[str, _Kind]:
        found: dict[str, _Kind] = {}
        for kind in kinds:
            if kind.name in found:
                raise self._broken(kind.iri, f'is called "{kind.name}" like another one', "a name of its own")
            found[kind.name] = kind
        return dict(sorted(found.items()))

    def _broken(self, iri: str, what: str, expected: str) -> DataError:
        return DataError(f"{_short(iri)} {what}", where=self._where, expected=expected)


def _local_name(iri: str) -> str:
    return iri[max(iri.rfind("#"), iri.rfind("/")) + 1 :]


def _short(iri: str) -> str:
    """The IRI as a person reads it: `mig:event` where a prefix fits."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return f"<{iri}>"


def _names(properties: Iterable[str]) -> str:
    return ", ".join(_short(iri) for iri in sorted(properties))
