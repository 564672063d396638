"""The pattern language of the fact rules: a cascaded finite-state grammar over words and typed mentions.

In the manner of FASTUS (Hobbs et al. 1997): mentions are found first, each becomes one symbol, and a fact pattern is a
regular expression over words and symbols. A pattern is a line of symbols with spaces between them:

    {member:NAME} , {post:ROLE} of|at the? {organization:ORG}

| symbol | stands for |
|---|---|
| `word` `a|b` | these very words, in small letters |
| `@class` | any phrase of that word class in the lexicon |
| `{role:TYPE}` `{role:A|B}` `{TYPE}` | a mention of that type, kept under the role's name |
| `{role:TYPE+}` | a list of such mentions: "A, B and the C" |
| `( a b | c )` | one of these sequences |
| `(name: a b )` | this sequence, kept under a name |
| `..5` | up to five symbols of any kind, as few as possible |
| `.5` | up to five plain words |
| `~5` | up to five plain words that do not say what something is about |
| `^` `$` | start and end of the sentence |
| `?` behind a symbol or a bracket | may be missing |

Every pattern compiles to a regular expression whose repetitions are bounded and not nested, so that matching stays
linear in the length of a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from migkg.errors import DataError, UnknownName
from migkg.extract.lexicon import Lexicon, load_lexicon

_PLACEHOLDER = re.compile(r"[A-Z]+\d+(?= )")
_SYMBOL = re.compile(r"\{(?:(?P<role>\w+):)?(?P<types>[A-Z|]+)(?P<list>\+)?\}(?P<maybe>\?)?$")
_OPENING = re.compile(r"\((?:(?P<name>\w+):)?$")
_LIST_LIMIT = 24
_SEPARATORS = {
    "en": [
        "and",
        "as well as",
        "&",
        "or",
        "together with",
        "along with",
        "alongside",
        "jointly with",
        "in collaboration with",
        "in cooperation with",
        "in partnership with",
        "in coordination with",
    ],
    "id": [
        "dan",
        "serta",
        "&",
        "atau",
        "maupun",
        "bersama",
        "bersama dengan",
        "beserta",
        "bekerja sama dengan",
        "berkolaborasi dengan",
        "bekerjasama dengan",
        "bermitra dengan",
        "bersinergi dengan",
        "menggandeng",
    ],
}
_ARTICLES = {
    "en": "(?:a |an |both |its |their |by |with |for |of )?(?:the )?",
    "id": "(?:para |oleh |dengan |pihak |untuk |di )?",
}


@cache
def compile_pattern(pattern: str, lang: str) -> re.Pattern[str]:
    """Compile a pattern of this language.

    :raises DataError: when brackets do not match; `UnknownName`: a word class that the lexicon lacks.
    """
    lexicon = load_lexicon(lang)
    symbols = pattern.split()
    regex, rest = _sequence(symbols, lexicon, pattern)
    if rest:
        raise DataError("a bracket closes that was not opened", where=f"pattern {pattern!r}")
    return re.compile(regex)


def placeholders(group: str) -> list[str]:
    """The mentions in what a group matched."""
    return _PLACEHOLDER.findall(group)


@cache
def needed_types(pattern: str) -> frozenset[str]:
    """Types without which the pattern cannot match: those outside brackets, alternatives and options."""
    needed = set()
    depth = 0
    for symbol in pattern.split():
        depth += (_OPENING.match(symbol) is not None) - symbol.startswith(")")
        match = _SYMBOL.match(symbol)
        if depth == 0 and match and not match["maybe"] and "|" not in match["types"]:
            needed.add(match["types"])
    return frozenset(needed)


def _sequence(symbols: list[str], lexicon: Lexicon, pattern: str) -> tuple[str, list[str]]:
    branches: list[list[str]] = [[]]
    while symbols:
        symbol, *symbols = symbols
        opening = _OPENING.match(symbol)
        if opening:
            inner, symbols = _sequence(symbols, lexicon, pattern)
            if not symbols or symbols[0] not in (")", ")?"):
                raise DataError("a bracket is not closed", where=f"pattern {pattern!r}")
            group = f"?P<{opening['name']}>" if opening["name"] else "?:"
            branches[-1].append(f"({group}{inner})" + symbols[0][1:])
            symbols = symbols[1:]
        elif symbol in (")", ")?"):
            symbols = [symbol, *symbols]
            break
        elif symbol == "|":
            branches.append([])
        else:
            branches[-1].append(_symbol(symbol, lexicon))
    return "|".join("".join(branch) for branch in branches), symbols


def _symbol(symbol: str, lexicon: Lexicon) -> str:
    if symbol == "^":
        return "^"
    if symbol == "$":
        return r"(?=\. $|$|; )"
    if symbol.startswith("..") and symbol[2:].isdigit():
        return rf"(?:\S+ ){{0,{symbol[2:]}}}?"
    if symbol.startswith(".") and symbol[1:].isdigit():
        return rf"(?:[^A-Z\s]\S* ){{0,{symbol[1:]}}}?"
    if symbol.startswith("~") and symbol[1:].isdigit():
        about = "|".join(re.escape(word) for word in lexicon.words["about"])
        return rf"(?:(?!(?:{about}) )[^A-Z\s]\S* ){{0,{symbol[1:]}}}?"
    match = _SYMBOL.match(symbol)
    if match:
        return _mention(match, lexicon.lang)
    if len(symbol) > 1 and set(symbol) & set("{}()"):
        raise DataError(f'"{symbol}" is no symbol', where="pattern", expected="the symbols of the table in grammar.py")
    maybe = len(symbol) > 1 and symbol.endswith("?")
    word = symbol.removesuffix("?") if maybe else symbol
    phrases = _class(word[1:], lexicon.words) if word.startswith("@") else word.split("|")
    found = rf"(?<!\S){_choice(phrases)}"
    return f"(?:{found})?" if maybe else found


def _class(name: str, words: Mapping[str, tuple[str, ...]]) -> list[str]:
    if name not in words:
        raise UnknownName("word class", name, sorted(words))
    return list(words[name])


def _choice(phrases: list[str]) -> str:
    # Longest first: an alternation takes the first branch that fits.
    return "(?:" + "|".join(re.escape(phrase) for phrase in sorted(phrases, key=lambda p: (-len(p), p))) + ") "


def _mention(match: re.Match[str], lang: str) -> str:
    one = rf"(?:{match['types']})\d+ "
    if match["list"]:
        words = sorted(_SEPARATORS[lang], key=lambda p: -len(p))
        joint = "(?:, )?(?:" + "|".join(re.escape(word) for word in words) + ") |, |; |/ "
        one = rf"{one}(?:(?:{joint}){_ARTICLES[lang]}{one}){{0,{_LIST_LIMIT}}}"
    inner = f"(?P<{match['role']}>{one})" if match["role"] else f"(?:{one})"
    return rf"(?<!\S){inner}" + ("?" if match["maybe"] else "")
