"""Gold: what a person read in an article, from a YAML file, checked where it comes in.

The keys of a file are the fields of `Gold`; `id`, `url`, `query`, `lang`, `country`, `title` and `published` describe
the article and are not scored.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from migkg.errors import SourceError
from migkg.evaluate.names import keys
from migkg.model import PartialDate

EVENT_TYPES = (
    "Meeting", "Workshop", "Training", "Conference", "Launch", "Consultation", "PublicDiscussion", "Signing",
    "Handover", "Visit", "Campaign", "Ceremony", "Operation", "Other",
)  # fmt: skip
RELATIONS = ("funds", "implements", "partOf", "partners", "attends", "addresses", "launches", "signs", "adopts")
FIGURES = ("total", "in_person", "online")
_SUFFIXES = (".yaml", ".yml")
_DESCRIBING = ("id", "url", "query", "lang", "country", "title", "published")
_SCORED = ("events", "people", "organisations", "policies", "programmes", "relations", "gcm_objectives", "sdgs")


@dataclass(frozen=True, slots=True)
class Row:
    """A named organisation, policy or programme.

    :param forms: the name and the forms used, as printed. :param keys: how they are compared, see `names.keys`.
    """

    name: str
    forms: tuple[str, ...]
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Person:
    """A named person, with the role that the article states."""

    name: str
    role: str | None
    organisation: str | None
    speaks: bool


@dataclass(frozen=True, slots=True)
class GoldEvent:
    """An event; dates are ISO 8601 as precise as the article gives them.

    :param participants: (one of FIGURES, number) for each figure stated.
    """

    key: str
    label: str
    type: str
    start: str | None
    end: str | None
    place: str | None
    organisers: tuple[str, ...]
    participants: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Gold:
    """All that a person read in one article."""

    id: str
    events: tuple[GoldEvent, ...]
    people: tuple[Person, ...]
    organisations: tuple[Row, ...]
    policies: tuple[Row, ...]
    programmes: tuple[Row, ...]
    relations: tuple[tuple[str, str, str], ...]
    gcm_objectives: tuple[int, ...]
    sdgs: tuple[str, ...]

    def forms(self, name: str) -> tuple[str, ...]:
        """The forms of what a role, an organiser or a relation names: its row's, else the name itself."""
        wanted = keys(name)
        for row in (*self.organisations, *self.policies, *self.programmes):
            if row.name == name:
                return row.forms
        for row in (*self.organisations, *self.policies, *self.programmes):
            if row.keys & wanted:
                return (name, *row.forms)
        return (name,)

    def event(self, key: str) -> GoldEvent | None:
        """The event with this key."""
        return next((event for event in self.events if event.key == key), None)


# -- files -------------------------------------------------------------------------------------------------------------


def gold_files(path: Path) -> tuple[Path, ...]:
    """The gold files of a folder, sorted, or the one file.

    :raises SourceError: when there is none.
    """
    if path.is_dir():
        found = tuple(sorted(file for file in path.iterdir() if file.suffix in _SUFFIXES and file.is_file()))
        if not found:
            raise SourceError("no gold in this folder", where=str(path), expected="files that end in .yaml")
        return found
    if not path.is_file():
        raise SourceError("no such file or folder", where=str(path), expected="gold: a folder of ID.yaml, or one file")
    return (path,)


def gold_hash(files: Iterable[Path]) -> str:
    """SHA-256 over the files' names and bytes, sorted by name: the same gold gives the same."""
    found = hashlib.sha256()
    for file in sorted(files, key=lambda file: file.name):
        found.update(f"{file.name}\0{file.stat().st_size}\0".encode() + file.read_bytes())
    return found.hexdigest()


def read_gold(file: Path) -> Gold:
    """Read one gold file.

    :raises SourceError: when it cannot be read, is no YAML, or a value is not what its key needs; the message names it.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise SourceError(f"cannot be read ({why})", where=str(file)) from error
    return _Reader(str(file)).gold(_load(text, str(file)), file.stem)


def _load(text: str, where: str) -> Any:
    """YAML with null, true, false and whole numbers; all else is a string: 10.10, NO and dates stay as written."""
    import yaml

    class Loader(yaml.SafeLoader):
        pass

    Loader.yaml_implicit_resolvers = {}
    for tag, pattern in (
        ("null", r"(?:~|null|Null|NULL|)$"),
        ("bool", r"(?:true|True|TRUE|false|False|FALSE)$"),
        ("int", r"(?:0|[1-9]\d*)$"),
    ):
        Loader.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile(pattern), None)

    def mapping(loader: Loader, node: yaml.MappingNode) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value]
        if twice := next((name for name in names if names.count(name) > 1), None):
            line = node.start_mark.line + 1
            raise SourceError(f'the key "{twice}" is given twice', where=where, line=line, expected="each key once")
        return loader.construct_mapping(node, deep=True)

    Loader.add_constructor("tag:yaml.org,2002:map", mapping)
    try:
        return yaml.load(text, Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        what = getattr(error, "problem", None) or str(error).split("\n")[0] or "nested too deeply"
        raise SourceError(f"not YAML: {what}", where=where, line=line, expected="a gold file") from error


class _Reader:
    """Checks each value as it is taken; `at` is its place in the file, such as `people[2].role`."""

    def __init__(self, where: str) -> None:
        self.where = where

    def gold(self, data: Any, stem: str) -> Gold:
        top = self.keys(data, "", _SCORED, _DESCRIBING)
        if "id" in top and top["id"] != stem:
            raise self.wrong("id", top["id"], f"the file's own name, {stem}")
        events = tuple(self.event(value, at) for value, at in self.rows(top, "events"))
        held = [event.key for event in events]
        if twice := next((key for key in held if held.count(key) > 1), None):
            raise self.wrong("events", twice, "a key of its own for each event")
        gold = Gold(
            stem,
            events,
            tuple(self.person(value, at) for value, at in self.rows(top, "people")),
            tuple(self.row(value, at) for value, at in self.rows(top, "organisations")),
            tuple(self.row(value, at, "type") for value, at in self.rows(top, "policies")),
            tuple(self.row(value, at, "type") for value, at in self.rows(top, "programmes")),
            tuple(self.relation(value, at, held) for value, at in self.rows(top, "relations")),
            tuple(self.number(value, at) for value, at in self.rows(top, "gcm_objectives")),
            tuple(str(value) for value, _ in self.rows(top, "sdgs")),
        )
        for value, at in zip(gold.gcm_objectives, range(len(gold.gcm_objectives)), strict=True):
            if not 1 <= value <= 23:
                raise self.wrong(f"gcm_objectives[{at}]", value, "a number from 1 to 23")
        for at, goal in enumerate(gold.sdgs):
            if not re.fullmatch(r"\d{1,2}(?:\.[\da-c]{1,2})?", goal):
                raise self.wrong(f"sdgs[{at}]", goal, 'a goal or target such as "10" or "10.7"')
        return gold

    def event(self, data: Any, at: str) -> GoldEvent:
        needed = ("key", "label", "type", "start", "end", "place", "organisers")
        value = self.keys(data, at, needed, ("participants",))
        if value["type"] not in EVENT_TYPES:
            raise self.wrong(f"{at}.type", value["type"], "one of: " + ", ".join(EVENT_TYPES))
        figures = self.keys(value.get("participants") or {}, f"{at}.participants", (), FIGURES)
        return GoldEvent(
            self.text(value, "key", at), self.text(value, "label", at), value["type"], self.date(value, "start", at),
            self.date(value, "end", at), self.text_or_none(value, "place", at),
            tuple(self.string(name, f"{at}.organisers[{i}]") for i, name in enumerate(value["organisers"] or [])),
            tuple(
                (name, self.number(figures[name], f"{at}.participants.{name}"))
                for name in FIGURES if figures.get(name) is not None
            ),
        )  # fmt: skip

    def person(self, data: Any, at: str) -> Person:
        value = self.keys(data, at, ("name", "role", "organisation", "speaks"))
        if not isinstance(value["speaks"], bool):
            raise self.wrong(f"{at}.speaks", value["speaks"], "true or false")
        return Person(
            self.text(value, "name", at), self.text_or_none(value, "role", at),
            self.text_or_none(value, "organisation", at), value["speaks"],
        )  # fmt: skip

    def row(self, data: Any, at: str, *optional: str) -> Row:
        value = self.keys(data, at, ("name", "forms"), optional)
        name = self.text(value, "name", at)
        if not isinstance(value["forms"], list):
            raise self.wrong(f"{at}.forms", value["forms"], "a list")
        forms = tuple(self.string(form, f"{at}.forms[{i}]") for i, form in enumerate(value["forms"]))
        held = tuple(dict.fromkeys((name, *forms)))
        return Row(name, held, frozenset().union(*map(keys, held)))

    def relation(self, data: Any, at: str, events: Sequence[str]) -> tuple[str, str, str]:
        if not isinstance(data, list) or len(data) != 3:
            raise self.wrong(at, data, "[subject, relation, object]")
        subject, relation, target = (self.string(part, f"{at}[{i}]") for i, part in enumerate(data))
        if relation not in RELATIONS:
            raise self.wrong(f"{at}[1]", relation, "one of: " + ", ".join(RELATIONS))
        for i, end in ((0, subject), (2, target)):
            if re.fullmatch(r"e\d+", end) and end not in events:
                raise self.wrong(f"{at}[{i}]", end, "the key of an event: " + (", ".join(events) or "there is none"))
        return subject, relation, target

    # values

    def keys(self, data: Any, at: str, needed: Iterable[str], optional: Iterable[str] = ()) -> Mapping[str, Any]:
        if not isinstance(data, dict):
            raise self.wrong(at or "the file", data, "keys with values")
        for name in needed:
            if name not in data:
                raise SourceError(f'{at or "the file"} has no "{name}"', where=self.where, expected=", ".join(needed))
        known = (*needed, *optional)
        for name in data:
            if name not in known:
                raise SourceError(
                    f'{at or "the file"} has a key "{name}"', where=self.where, expected="only " + ", ".join(known)
                )
        return data

    def rows(self, top: Mapping[str, Any], name: str) -> list[tuple[Any, str]]:
        if not isinstance(top[name], list):
            raise self.wrong(name, top[name], "a list; an empty one is []")
        return [(value, f"{name}[{i}]") for i, value in enumerate(top[name])]

    def string(self, value: Any, at: str) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(at, value, "words")
        return value

    def text(self, value: Mapping[str, Any], name: str, at: str) -> str:
        return self.string(value[name], f"{at}.{name}")

    def text_or_none(self, value: Mapping[str, Any], name: str, at: str) -> str | None:
        return None if value[name] is None else self.string(value[name], f"{at}.{name}")

    def number(self, value: Any, at: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong(at, value, "a whole number")
        return value

    def date(self, value: Mapping[str, Any], name: str, at: str) -> str | None:
        if value[name] is None:
            return None
        try:
            return str(PartialDate.parse(str(value[name])))
        except ValueError as error:
            raise self.wrong(f"{at}.{name}", value[name], "YYYY-MM-DD, YYYY-MM, YYYY or null") from error

    def wrong(self, at: str, value: Any, expected: str) -> SourceError:
        shown = "nothing" if value is None else f'"{str(value)[:60]}"'
        return SourceError(f"{at} is {shown}", where=self.where, expected=expected)
