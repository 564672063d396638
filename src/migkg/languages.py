"""Which language a text is in, told by its function words."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from migkg import resources
from migkg.errors import DataError

_ENOUGH = 30_000  # the first 5,000 words tell as much as all
_LINE_WORDS = 8  # a shorter line is a label or a name


@cache
def _languages() -> tuple[dict[str, frozenset[str]], float, float, int, frozenset[str]]:
    import tomllib

    path = resources.path("data", "lexicon", "languages.toml")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        words = {lang: frozenset(listed) for lang, listed in table["words"].items()}
        links = frozenset(table["links"])
        return words, table["least_share"], table["least_ratio"], table["least_different"], links
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise DataError(f"the lists of function words are not readable: {error}", where=str(path)) from error


def languages_of(text: str) -> dict[str, float]:
    """Language → its share of the letters in lines that tell one by their words; the same text in two is both."""
    letters: Counter[str] = Counter()
    for line in text[:_ENOUGH].split("\n"):
        if len(line.split()) >= _LINE_WORDS and (lang := guess_language(line)):
            letters[lang] += len(line)
    return {lang: count / letters.total() for lang, count in letters.items()}


def guess_language(text: str) -> str | None:
    """`en` or `id` by the share of function words; None for another language, a mixture, or too few words.

    Malay is taken for Indonesian: nearly all their function words are the same.
    """
    lists, least_share, least_ratio, least_different, _ = _languages()
    words = re.findall(r"[^\W\d_]+", text[:_ENOUGH].lower())
    hits = {lang: [word for word in words if word in listed] for lang, listed in lists.items()}
    best, second = sorted(hits, key=lambda lang: -len(hits[lang]))[:2]
    enough = len(hits[best]) >= max(least_share * len(words), least_ratio * len(hits[second]))
    return best if enough and len(set(hits[best])) >= least_different else None


def link_words() -> frozenset[str]:
    """The words that link a title with its body, in all languages that are read."""
    return _languages()[4]
