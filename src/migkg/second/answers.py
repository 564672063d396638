"""What a language model answers → the facts that it tells, each in the form of its kind; the rest with a reason."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from migkg.second.kinds import Kind, load_kinds

# Reason → what a person reads; each is about one fact, but for the first three and the last.
REASONS: Mapping[str, str] = {
    "no-answer": "a part of the article was not read: no answer came",
    "bad-json": "a part of the article was not read: the answer is no JSON object with a list of facts",
    "too-many": "facts behind the limit of one answer were left out",
    "malformed": "a fact was left out: it is not in the form that was asked for",
    "unknown-kind": "a fact was left out: there is no such kind",
    "unknown-role": "a fact was left out: its kind has no such role or qualifier",
    "incomplete": "a fact was left out: a part that its kind needs is missing",
    "quotation-not-in-text": "a fact was left out: its quotation is not in the text",
    "quotation-too-short": "a fact was left out: its quotation is a single word",
    "quotation-too-long": "a fact was left out: its quotation is too long to prove it",
    "quotation-names-nobody": "a fact was left out: the sentence of its quotation names nothing that takes part in it",
    "role-not-in-text": "a fact was left out: what fills a role is not in the text",
    "role-not-recognised": "a fact was left out: what fills a role is no name of a thing that may fill it",
    "not-asserted": "a fact was left out: the article does not state it, but reports, asks, supposes or denies it",
    "qualifier": "a qualifier was left out: its words or their value are not in the text",
}
LOST = "reader."
"""What the shape of a finding on something left out begins with; the reason follows, and its path names the reader."""
UNREAD = frozenset({"no-answer", "bad-json"})
"""The reasons for which a part of an article was not read at all."""
_FENCED = re.compile(r"```[a-zA-Z]*\s*\n(.*?)```", re.DOTALL)
_OBJECT = re.compile(r'\{\s*"facts"\s*:')
_LIMIT = 4000  # characters of one value
_MANY = 60  # values of one slot
_SHOWN = 80


class Dropped(Exception):
    """A fact that does not pass; `reason` is one of `REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as a model told it.

    :param place: where in its answers, for a person who looks for it: "part 1, fact 3".
    :param values: name of a role or qualifier → what fills it, as told.
    """

    place: str
    kind: Kind
    evidence: str
    values: Mapping[str, tuple[str, ...]] = field(hash=False)


def parse(content: str) -> list[Any]:
    """The list of facts in an answer, also where a model wraps it in Markdown or in words of its own.

    :raises ValueError: when there is none.
    """
    for text in _candidates(content):
        try:
            found, _ = json.JSONDecoder().raw_decode(text.strip())
        except (ValueError, RecursionError):
            continue
        facts = found.get("facts") if isinstance(found, dict) else found
        if isinstance(facts, list):
            return facts
    raise ValueError("no JSON object with a list of facts")


def _candidates(content: str) -> Iterator[str]:
    yield content
    yield from reversed(_FENCED.findall(content))
    yield from (content[match.start() :] for match, _ in zip(_OBJECT.finditer(content), range(3), strict=False))


def read_told(raw: Any, place: str) -> Told:
    """One fact of an answer, checked against its kind.

    :raises Dropped: when it is not in the form that was asked for.
    """
    if not isinstance(raw, dict) or not isinstance(raw.get("kind"), str) or not isinstance(raw.get("evidence"), str):
        raise Dropped("malformed")
    kind = load_kinds().get(raw["kind"])
    if kind is None:
        raise Dropped("unknown-kind")
    values = {name: found for name, value in raw.items() if name not in ("kind", "evidence") and (found := _all(value))}
    if not values.keys() <= kind.slots.keys():
        raise Dropped("unknown-role")
    told = Told(place, kind, raw["evidence"], values)
    if not complete(kind, values):
        raise Dropped("incomplete")
    return told


def complete(kind: Kind, values: Mapping[str, Any]) -> bool:
    """Whether all is there that a fact of this kind needs."""
    return all(values.get(slot.name) for slot in kind.slots.values() if slot.required) and all(
        any(values.get(name) for name in names) for names in kind.one_of
    )


def _all(value: Any) -> tuple[str, ...]:
    """A value or a list of values as strings; nothing for null and empty ones."""
    values = value if isinstance(value, list) else [value]
    if len(values) > _MANY:
        raise Dropped("malformed")
    found = []
    for one in values:
        if isinstance(one, bool) or not isinstance(one, str | int | float | None):
            raise Dropped("malformed")
        if one is not None and (text := " ".join(str(one).split())):
            if len(text) > _LIMIT:
                raise Dropped("malformed")
            found.append(text)
    return tuple(dict.fromkeys(found))


def shown(raw: Any) -> str:
    """What a model told, short and fit for a terminal."""
    kind = raw.get("kind") if isinstance(raw, dict) else None
    text = f"{kind}: {raw.get('evidence')}" if isinstance(raw, dict) and kind else str(raw)[: 10 * _SHOWN]
    plain = " ".join("".join(char if char.isprintable() else " " for char in text[: 10 * _SHOWN]).split())
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1] + "…"
