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
from dataclasses import dataclass
from functools import cache

from migkg.errors import DataError, UnknownName
from migkg.extract.lexicon import Lexicon, load_lexicon

_PLACEHOLDER = re.compile(r"[A-Z]+\d+(?= )")
_SYMBOL = re.compile(r"\{(?:(?P<role>\w+):)?(?P<types>[A-Z|]+)(?P<list>\+)?\}(?P<maybe>\?)?$")
_OPENING = re.compile(r"\((?:(?P<name>\w+):)?$")
_OPTIONAL = re.compile(r"[\^$]$|(?:\.\.?|~)\d+$|.+\?$")
_LIST_LIMIT = 24
_IN_BRACKETS = re.compile(r"\[ [^\]]*\] ")
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
    "en": "(?:a |an |both |its |their |by |with |for |of |on |to |from )?(?:the )?",
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
    """The mentions in what a group matched, without what stands in brackets behind a member of a list."""
    return _PLACEHOLDER.findall(_IN_BRACKETS.sub("", group))


@dataclass(frozen=True, slots=True)
class Grammar:
    """Patterns that are run over the same lines: only those are tried that can match.

    A pattern needs one of each of several sets of words: its first, second … need. All this is in the bits of numbers,
    as hundreds of patterns are asked for each line: bit `i * len(patterns) + n` is the need `i` of the pattern `n`.

    :param met: word → the needs that it meets. :param without: needs that patterns do not have.
    :param most: needs that a pattern has at most.
    """

    patterns: tuple[str, ...]
    lang: str
    met: Mapping[str, int]
    without: int
    most: int

    def fitting(self, words: frozenset[str]) -> list[tuple[int, re.Pattern[str]]]:
        """The patterns that may match a line, in their order, by number.

        :param words: what stands in the line, with the types of its mentions: `Line.words`.
        """
        needs, met = self.without, self.met
        for word in met.keys() & words:
            needs |= met[word]
        count = len(self.patterns)
        left = needs & ((1 << count) - 1)
        for i in range(1, self.most):
            left &= needs >> (i * count)
        fitting = []
        while left:
            lowest = left & -left
            number = lowest.bit_length() - 1
            # Compiled when first needed: one article needs a part of them, and all take longer than it does.
            fitting.append((number, compile_pattern(self.patterns[number], self.lang)))
            left ^= lowest
        return fitting


@cache
def of_language(
    table: tuple[tuple[str, str, tuple[str, ...]], ...], lang: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Of a table of (name, language, patterns), the patterns of one language, and for each its name."""
    found = [(name, pattern) for name, of, patterns in table if of == lang for pattern in patterns]
    return tuple(name for name, _ in found), tuple(pattern for _, pattern in found)


@cache
def grammar(patterns: tuple[str, ...], lang: str) -> Grammar:
    """Patterns of one language that are tried together; see `compile_pattern` for what is raised."""
    lexicon = load_lexicon(lang)
    needs = [sorted(_needs(pattern.split(), lexicon)[0], key=_frequency) for pattern in patterns]
    most = max(1, max(map(len, needs), default=0))
    met: dict[str, int] = {}
    without = 0
    for number, needed in enumerate(needs):
        for i in range(most):
            bit = 1 << (i * len(patterns) + number)
            if i >= len(needed):
                without |= bit
            else:
                met |= {word: met.get(word, 0) | bit for word in needed[i]}
    return Grammar(patterns, lang, met, without, most)


def _needs(symbols: list[str], lexicon: Lexicon) -> tuple[list[frozenset[str]], list[str]]:
    """What a sequence needs, and the symbols behind it."""
    branches: list[list[frozenset[str]]] = [[]]
    while symbols and symbols[0] not in (")", ")?"):
        symbol, *symbols = symbols
        if _OPENING.match(symbol):
            inner, symbols = _needs(symbols, lexicon)
            branches[-1] += inner if symbols[:1] == [")"] else []
            symbols = symbols[1:]
        elif symbol == "|":
            branches.append([])
        elif not _OPTIONAL.match(symbol):
            match = _SYMBOL.match(symbol)
            phrases = match["types"].split("|") if match else _phrases(symbol, lexicon)
            # Of a phrase, its longest word: the rarest one.
            branches[-1].append(frozenset(max(phrase.split(), key=len) for phrase in phrases))
    if len(branches) == 1:
        return branches[0], symbols
    if not all(branches):
        return [], symbols
    return [frozenset().union(*(min(branch, key=_frequency) for branch in branches))], symbols


def _frequency(words: frozenset[str]) -> tuple[float, list[str]]:
    """How often one of these words is likely to stand in a line: short ones are everywhere, types are frequent."""
    return sum(2.0 if word.isupper() else 8.0 if len(word) < 4 else 0.2 for word in words), sorted(words)


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
    found = rf"(?<!\S){_choice(_phrases(symbol.removesuffix('?') if maybe else symbol, lexicon))}"
    return f"(?:{found})?" if maybe else found


def _phrases(symbol: str, lexicon: Lexicon) -> list[str]:
    """The phrases that a symbol stands for: those of a word class, or its own words."""
    if not symbol.startswith("@"):
        return symbol.split("|")
    name = symbol[1:]
    if name not in lexicon.words:
        raise UnknownName("word class", name, sorted(lexicon.words))
    return list(lexicon.words[name])


def _choice(phrases: list[str]) -> str:
    # Longest first: an alternation takes the first branch that fits.
    return "(?:" + "|".join(re.escape(phrase) for phrase in sorted(phrases, key=lambda p: (-len(p), p))) + ") "


def _mention(match: re.Match[str], lang: str) -> str:
    one = rf"(?:{match['types']})\d+ "
    if match["list"]:
        words = sorted(_SEPARATORS[lang], key=lambda p: -len(p))
        joint = "(?:, )?(?:" + "|".join(re.escape(word) for word in words) + ") |, |; |/ "
        # "the Border Agency (BA Service), the …": what stands in brackets behind a member is none.
        aside = r"(?:\[ [^\]]{1,60}\] )?"
        one = rf"{one}(?:{aside}(?:{joint}){_ARTICLES[lang]}{one}){{0,{_LIST_LIMIT}}}"
    inner = f"(?P<{match['role']}>{one})" if match["role"] else f"(?:{one})"
    return rf"(?<!\S){inner}" + ("?" if match["maybe"] else "")
