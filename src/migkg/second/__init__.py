"""Optional readers beside the rules: a statistical model of spaCy, a language model behind an address.

Whatever reads, the same evidence gate and the same resolution follow. A second reader takes what has been read of an
article so far and adds to it; it never takes away. Off by default.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from migkg.errors import UnknownName
from migkg.extract import Claims
from migkg.model import RULES, Agent, Finding
from migkg.reference import Reference
from migkg.second.answers import LOST
from migkg.second.answers import UNREAD as UNREAD
from migkg.second.chat import PREFIX as LLM
from migkg.second.chat import open_chat
from migkg.second.model import PREFIX as SPACY
from migkg.second.model import load_model

KINDS = (RULES, SPACY + "NAME", LLM + "URL#MODEL")


class Reader(Protocol):
    """What reads beside the rules."""

    @property
    def agent(self) -> Agent:
        """Its name, as evidence records it, and its version."""

    def read(self, claims: Claims, reference: Reference) -> Claims:
        """Add what this reader finds to what was found so far."""


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads.

    :param rules: False when only the facts of other readers are wanted; the rules' mentions are the ground for all.
    """

    rules: bool = True
    others: tuple[Reader, ...] = ()

    def add(self, claims: Claims, reference: Reference) -> Claims:
        """Let the second readers read, in their order."""
        if not self.rules:
            claims = replace(claims, readers=frozenset())
        for reader in self.others:
            claims = reader.read(claims, reference)
        return claims


@lru_cache(maxsize=8)
def open_readers(names: tuple[str, ...], answers: Path | None = None) -> Readers:
    """The readers of these names; a model is loaded once a process.

    :param names: `rules`, `spacy:NAME`, `llm:URL#MODEL`; empty for the rules alone. The rules read what a spaCy model
        finds, so they come with one; with a language model alone their facts are left out.
    :param answers: folder in which the answers of a language model are kept.
    :raises UnknownName: for another name. :raises ReaderError: when a reader cannot be used.
    """
    others = tuple(_open(name, answers) for name in dict.fromkeys(names) if name != RULES)
    return Readers(RULES in names or not others or any(name.startswith(SPACY) for name in names), others)


def _open(name: str, answers: Path | None) -> Reader:
    if name.startswith(LLM) and name != LLM:
        return open_chat(name.removeprefix(LLM), answers)
    if name.startswith(SPACY) and name != SPACY:
        return load_model(name.removeprefix(SPACY))
    raise UnknownName("reader", name, KINDS)


def checked(names: Sequence[str]) -> tuple[str, ...]:
    """Reader names in the form that processes hand to each other, after a look whether all can be used."""
    found = tuple(dict.fromkeys(names)) or (RULES,)
    open_readers(found)
    return found


def lost(findings: Iterable[Finding]) -> Mapping[str, Mapping[str, int]]:
    """Second reader → reason → how often something that it told was left out."""
    found: dict[str, Counter[str]] = {}
    for finding in sorted(findings):
        if finding.shape.startswith(LOST):
            found.setdefault(finding.path, Counter())[finding.shape.removeprefix(LOST)] += 1
    return found
