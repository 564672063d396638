"""When two names are one: by form, after case, accents and punctuation are set aside; and who is paired with whom."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from migkg.languages import link_words
from migkg.reference import normalise

_POSSESSIVE = re.compile(r"['’]s\b")
_BRACKETS = re.compile(r"\s?\(([^()]*)\)")
_ARTICLE = re.compile(r"^(?:the|an?) ")

_G = TypeVar("_G")
_S = TypeVar("_S")


def keys(name: str) -> frozenset[str]:
    """What a name is compared by: two names are one when they share a key.

    Case, accents, quotes, dashes and other punctuation do not count, nor do a leading "the" and the ending of a
    possessive. "&" is "and". "X (Y)" is called X, and Y too when that is an acronym at the end.

    >>> sorted(keys("the Ministry’s Trafficking in Persons (TiP) Unit"))[0]
    'ministry trafficking in persons tip unit'
    >>> sorted(keys("World Food Programme (WFP)"))
    ['wfp', 'world food programme', 'world food programme wfp']
    """
    forms = [name]
    if "(" in name:
        forms.append(_BRACKETS.sub("", name))
        last = name.rstrip().endswith(")") and re.search(r"\(([^()\s]{2,12})\)\s*$", name)
        if last and sum(c.isupper() for c in last[1]) >= 2:
            forms.append(last[1])
    return frozenset(filter(None, (plain(form) for form in forms)))


def plain(text: str) -> str:
    """A text in small letters without accents, punctuation, possessive and leading article."""
    text = _POSSESSIVE.sub("", text).replace("&", " and ")
    return _ARTICLE.sub("", normalise(text))


def joined(*parts: str | None) -> tuple[str, ...]:
    """The words of a title, and of its organisation, sorted, without what links them and without the plural's ending.

    >>> joined("Director of Research", "Institute") == joined("Director", "Research, the Institute")
    True
    """
    links = link_words()
    found = [word for part in parts if part for word in plain(part).split() if word not in links]
    return tuple(sorted(word.removesuffix("s") if len(word) > 3 else word for word in found))


def pair(gold: Sequence[_G], said: Sequence[_S], same: Callable[[_G, _S], bool]) -> dict[int, int]:
    """The most pairs in which everyone stands at most once: index in `gold` → index in `said`.

    Deterministic: earlier ones are tried first (augmenting paths, Kuhn 1955).
    """
    choices = [[s for s, other in enumerate(said) if same(one, other)] for one in gold]
    taken: dict[int, int] = {}

    def place(g: int, seen: set[int]) -> bool:
        for s in choices[g]:
            if s not in seen:
                seen.add(s)
                if s not in taken or place(taken[s], seen):
                    taken[s] = g
                    return True
        return False

    for g in range(len(gold)):
        place(g, set())
    return {g: s for s, g in sorted(taken.items(), key=lambda item: item[1])}


def words(label: str) -> frozenset[str]:
    """The words of a label that tell one event from another: those of four letters or more."""
    return frozenset(word for word in plain(label).split() if len(word) > 3)


def all_keys(names: Iterable[str]) -> frozenset[str]:
    """The keys of all the names together."""
    return frozenset().union(*map(keys, names))
