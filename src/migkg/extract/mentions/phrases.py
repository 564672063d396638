"""Phrases of the lexicon in a row of words, and what the nouns of events and posts tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from migkg.extract.lexicon import load_lexicon


@dataclass(frozen=True, slots=True)
class EventNoun:
    """What the words of an event mention tell.

    :param noun: head noun as in the lexicon; `code`: its type in the scheme event-types.
    :param known: True when a determiner says that the event was named before.
    """

    noun: str
    code: str
    known: bool
    new: bool
    plural: bool
    modifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleValue:
    """A post as read: its head noun in English, and what follows "of" in its title."""

    head: str
    complement: str | None


@cache
def trie(lang: str, table: str) -> Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """First word → phrases that start with it, longest first, each with its meaning."""
    lexicon = load_lexicon(lang)
    phrases: dict[str, str] = {
        "events": dict(lexicon.events),
        "acts": dict(lexicon.acts),
        "roles": dict(lexicon.role_heads),
        "before": {phrase: phrase for phrase in lexicon.organization_before},
        "after": {phrase: phrase for phrase in lexicon.organization_after},
        "policy": {phrase: phrase for phrase in lexicon.words["policy_nouns"]},
        "programme": {phrase: phrase for phrase in lexicon.words["programme_nouns"]},
        "regions": {phrase: phrase for phrase in lexicon.words["regions"]},
        "fund": {phrase: phrase for phrase in lexicon.words["fund_nouns"]},
    }[table]
    trie: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for phrase, meaning in phrases.items():
        words = tuple(phrase.split())
        trie.setdefault(words[0], []).append((words, meaning))
    return {first: tuple(sorted(found, key=lambda item: (-len(item[0]), item))) for first, found in trie.items()}


@cache
def firsts(lang: str, table: str) -> frozenset[str]:
    """First words of a table's phrases, and their plurals."""
    words = set(trie(lang, table))
    return frozenset(words | {word + "s" for word in words})


def starts(words: tuple[str, ...], lang: str, table: str) -> list[int]:
    """Where a phrase of the table may start, in the singular or the plural."""
    wanted = firsts(lang, table)
    return [] if wanted.isdisjoint(words) else [i for i, word in enumerate(words) if word in wanted]


@cache
def no_modifiers(lang: str) -> frozenset[str]:
    """Verbs: what stands before one belongs to another phrase ("the programme had three sessions")."""
    words = load_lexicon(lang).words
    verbs = {
        phrase for name in ("hold", "held", "divided", "say", "discuss", "launch", "sign") for phrase in words[name]
    }
    return frozenset(verbs - {"opening", "closing"})


def phrase_at(words: tuple[str, ...], at: int, lang: str, table: str) -> tuple[int, str] | None:
    """The longest phrase of the table that starts here: its length in words and its meaning."""
    for phrase, meaning in trie(lang, table).get(words[at], ()):
        if words[at : at + len(phrase)] == phrase:
            return len(phrase), meaning
    return None
