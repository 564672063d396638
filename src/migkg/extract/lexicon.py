"""The words of a language, read from `data/lexicon/LANG.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from migkg.errors import DataError, UnknownName
from migkg.resources import path

LANGUAGES = ("en", "id")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language's words.

    :param events: noun → code of its type in the scheme event-types; `acts`: verb → the same.
    :param words: name of a word class → its phrases; the class `act` holds the verbs of `acts`.
    :param role_heads: head noun of a post → the same in English, which names the post in every language.
    :param verb_like: English heads that in small letters are mostly another word ("lead", "chair").
    :param degrees: what stands behind a name, in its own spelling. :param not_names: in no person's name.
    :param headed: head noun of a post → head noun of the unit that it leads.
    """

    lang: str
    abbreviations: tuple[str, ...]
    labels: frozenset[str]
    honorifics: frozenset[str]
    particles: frozenset[str]
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    numbers: Mapping[str, int]
    ordinals: Mapping[str, int]
    role_heads: Mapping[str, str]
    role_modifiers: frozenset[str]
    verb_like: frozenset[str]
    organization_before: tuple[str, ...]
    organization_after: tuple[str, ...]
    units: tuple[str, ...]
    headed: Mapping[str, str]
    events: Mapping[str, str]
    acts: Mapping[str, str]
    generic_events: frozenset[str]
    hypernyms: frozenset[str]
    words: Mapping[str, tuple[str, ...]]
    degrees: frozenset[str]
    not_names: frozenset[str]


@cache
def load_lexicon(lang: str) -> Lexicon:
    """Read a language's lexicon.

    :raises UnknownName: when migkg has no lexicon of that language.
    :raises DataError: when the file is broken.
    """
    if lang not in LANGUAGES:
        raise UnknownName("language", lang, LANGUAGES)
    return read_lexicon(path("data", "lexicon", f"{lang}.toml"))


@cache
def word_class(lang: str, name: str) -> frozenset[str]:
    """The phrases of one word class, to ask whether a word is among them."""
    return frozenset(load_lexicon(lang).words[name])


def read_lexicon(file: Path) -> Lexicon:
    """Read one lexicon file; see `load_lexicon`."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DataError("the lexicon is missing", where=str(file), todo="Install migkg again.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"not TOML: {error}", where=str(file), todo="Mend the file.") from error
    try:
        return _lexicon(data)
    except (KeyError, TypeError, AttributeError) as error:
        raise DataError(
            f"the entry {error} is missing or of the wrong form", where=str(file), expected="the tables of en.toml"
        ) from error


def _lexicon(data: Mapping[str, Any]) -> Lexicon:
    organizations = data["organizations"]
    return Lexicon(
        lang=data["lang"],
        abbreviations=tuple(data["abbreviations"]),
        labels=frozenset(data["labels"]),
        honorifics=frozenset(data["honorifics"]),
        particles=frozenset(data["particles"]),
        months=dict(data["months"]),
        weekdays=dict(data["weekdays"]),
        numbers=dict(data["numbers"]),
        ordinals=dict(data["ordinals"]),
        role_heads=dict(_pairs(data["roles"]["heads"])),
        role_modifiers=frozenset(data["roles"]["modifiers"]),
        verb_like=frozenset(data["roles"]["verb_like"]),
        organization_before=tuple(organizations["before"]),
        organization_after=tuple(organizations["after"]),
        units=tuple(organizations["units"]),
        headed=dict(organizations["headed"]),
        events=dict(data["events"]),
        acts=dict(data["acts"]),
        generic_events=frozenset(data["event_words"]["generic"]),
        hypernyms=frozenset(data["event_words"]["any"]),
        words={**{name: tuple(phrases) for name, phrases in data["words"].items()}, "act": tuple(data["acts"])},
        degrees=frozenset(data["names"]["degrees"]),
        not_names=frozenset(data["names"]["never"]),
    )


def _pairs(heads: Any) -> list[tuple[str, str]]:
    """A list of heads, or a table head → English head."""
    return list(heads.items()) if isinstance(heads, dict) else [(head, head) for head in heads]
