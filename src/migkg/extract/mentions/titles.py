"""Names of policies, programmes and funds, told by their capitals and head nouns."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise

from migkg.extract.document import Sentence
from migkg.extract.lexicon import Lexicon, load_lexicon, word_class
from migkg.extract.mention import Mention
from migkg.extract.mentions.phrases import firsts, phrase_at, starts
from migkg.model import Span

FUND = "fund"
"""Value of a mention of a fund, which pays for programmes and is none."""

_TABLES = ("policy", "programme", "fund")
_RUN_LIMIT = 16
_YEAR = re.compile(r"(?:19|20)\d\d$")
_ORDINAL = re.compile(r"\d{1,3}(?:st|nd|rd|th)$")
_DASHES = {"-", "–", "—"}
_NUMBERED = {"phase", "fase", "tahap", "nomor", "no.", "no"}
_TITLE_CASE = 0.7
# "EU-funded" tells whose it is and is no part of the name.
_SUPPORTED = ("-funded", "-financed", "-supported", "-led", "-backed", "-sponsored", "-implemented", "-run")
# What may stand right before a head noun as part of its name, and what ends the name.
_ENDS_POLICY = {"POLICY", "PROG", "NAME", "ROLE", "EVENT", "OBJ", "QUOTE", "MONEY"}
_ENDS_PROGRAMME = {"NAME", "ROLE", "QUOTE", "MONEY", "OBJ"}
_PLACES = {"PLACE", "DEMONYM"}


class Titles:
    """Names of policies, programmes and funds in one sentence.

    :param found: what was found in it before.
    """

    def __init__(self, sentence: Sentence, lexicon: Lexicon, text: str, found: Iterable[Mention]) -> None:
        self.sentence = sentence
        self.lang = lexicon.lang
        self.text = text
        self.words = sentence.words
        self.lower = sentence.lower
        self.capital = sentence.capital
        self.openers = word_class(self.lang, "openers")
        self.roles = lexicon.role_heads
        self.taken: dict[int, Mention] = {}
        for mention in found:
            begins = sentence.starts
            for i in range(bisect_left(begins, mention.span.start), bisect_left(begins, mention.span.end)):
                self.taken[i] = mention

    def find(self) -> Iterator[Mention]:
        """All names; where they overlap, the caller takes the longest."""
        if self.sentence.kind == "title" and self._title_case():
            return
        nouns = {table: frozenset(starts(self.lower, self.lang, table)) for table in _TABLES}
        behind_policy = {i - 1 for i in nouns["policy"] if i} if self.lang == "en" else set()
        for i in sorted(behind_policy.union(*nouns.values())):
            if i in nouns["policy"] and self.capital[i]:
                yield from self._policy(i)
            if i in nouns["programme"]:
                yield from self._programme(i)
            if i in nouns["fund"] and self.capital[i]:
                yield from self._fund(i)
            if i in behind_policy and self._is_body(i):
                yield from self._policy_of(i)

    def _is_body(self, i: int) -> bool:
        if i in self.taken:
            return self.taken[i].type == "ORG"
        return self.words[i].isupper() and len(self.words[i]) > 1

    def _title_case(self) -> bool:
        """A heading in which nearly every longer word has a capital: capitals tell nothing there."""
        long = [capital for word, capital in zip(self.words, self.capital, strict=True) if len(word) > 3]
        return sum(long) >= _TITLE_CASE * len(long)

    # -- policies ----------------------------------------------------------------------------------------------------

    def _policy(self, i: int) -> Iterator[Mention]:
        found = phrase_at(self.lower, i, self.lang, "policy")
        if found is None:
            return
        noun = i + found[0] - 1
        alone = found[1] in word_class(self.lang, "policy_alone")
        first = i if self.lang == "id" else self._left(i, word_class("en", "inside_policy"), _ENDS_POLICY)
        last = self._right(noun, _ENDS_POLICY, of_place=self.lang == "id")
        named = self._capitals(first, i - 1, besides=_PLACES) > 0 or last > noun or (alone and first <= i)
        if not named or self._inside_more(noun, last) or self._known(first, last):
            return
        beyond = last + 4 if self.words[last + 1 : last + 2] == ("(",) else last + 1
        near = range(first, min(beyond + (3 if self.lang == "en" else 2), len(self.words)))
        if any(self.taken[k].type == "POLICY" for k in near if k in self.taken and self._joined(last, k)):
            return  # "Action Plan for the Global Compact": a composition
        last = self._years(last, issued=found[1] in word_class(self.lang, "numbered_acts"))
        if first < last or alone:
            yield self._mention("POLICY", first, last)

    def _joined(self, last: int, k: int) -> bool:
        """Whether only a short form in brackets and small words of a name stand between."""
        small = {"(", ")", "the", *word_class(self.lang, "before_subject" if self.lang == "en" else "inside_programme")}
        between = range(last + 1, k)
        return all(self.lower[j] in small or self.words[j - 1] == "(" for j in between)

    def _policy_of(self, i: int) -> Iterator[Mention]:
        """ "AU strategy on migration": a body's policy, named in small letters by its subject."""
        j = i + 1
        if j >= len(self.words) or (j in self.taken and self.taken[j] is self.taken.get(i)) or self.capital[j]:
            return
        found = phrase_at(self.lower, j, "en", "policy")
        if found is None:
            return
        j += found[0]
        if j + 1 < len(self.words) and self.lower[j] in ("on", "for") and self.words[j + 1].isalpha():
            first = i
            while first > 0 and i in self.taken and self.taken.get(first - 1) is self.taken[i]:
                first -= 1
            last = j + 1
            if last + 1 < len(self.words) and self.lower[last + 1] in word_class("en", "subject_nouns"):
                last += 1
            elif self.lower[last + 1 : last + 2] in (("to",), ("of",)) and self.lower[last + 2 : last + 3] != ("the",):
                last = min(last + 2, len(self.words) - 1)
            if last not in self.taken:
                yield self._mention("POLICY", first, last)

    # -- programmes and funds ----------------------------------------------------------------------------------------

    def _programme(self, i: int) -> Iterator[Mention]:
        found = phrase_at(self.lower, i, self.lang, "programme")
        if found is None or (i in self.taken and self.taken[i].type not in ("NAME", "EVENT", "CATEGORY")):
            return
        noun = i + found[0] - 1
        if self.lang == "en":
            yield from self._before(i, noun)
        yield from self._behind(i, noun)

    def _before(self, i: int, noun: int) -> Iterator[Mention]:
        """ "Promoting Safe Return in Ghana project", "Joint Labour Migration Programme"."""
        first = self._left(i, word_class("en", "inside_programme"), _ENDS_PROGRAMME)
        if first < i and first in self.taken and self.taken[first].type == "ORG" and self.taken[first].names:
            body = self.taken[first]  # "the UNODC Safe Return project"
            while first < i and self.taken.get(first) is body:
                first += 1
        last = self._right(noun, _ENDS_PROGRAMME, of_place=True) if self.capital[i] else noun
        if self._inside_more(noun, last) or self._known(first, i - 1):
            return
        words = self._capitals(first, i - 1)
        short = words == 1 and first == i - 1 and self._coined(first)
        plain = all(self.lower[k] in word_class("en", "programme_sorts") or k in self.taken for k in range(first, i))
        if ((words < 2 and not short) or plain) and (last == noun or not words):
            return
        yield self._mention("PROG", first, last, title=(first, last if self.capital[i] else i - 1))

    def _behind(self, i: int, noun: int) -> Iterator[Mention]:
        """ "the project Promoting Safe Return in Ghana", "project dubbed Safe Return – Ghana, Phase 2"."""
        j = noun + 1
        if j < len(self.words) and self.lower[j] in word_class(self.lang, "called"):
            j += 1
        if j < len(self.words) and self.words[j] in (":", "“", '"', "‘"):
            j += 1
        if (
            self.lang == "en"
            and self.capital[i]
            and j == noun + 1
            and self.lower[i - 1] not in ("the", "a", "this", "its")
        ):
            return  # "Director of Programme Development"
        if j < len(self.words) and self.lower[j] == "the":
            j += 1
        if j >= len(self.words) or not self.capital[j] or self.lower[j] in self.roles:
            return
        if j in self.taken and self.taken[j].type in ("ORG", "POLICY", "PROG", *_ENDS_PROGRAMME):
            return
        last = self._run(j, _ENDS_PROGRAMME, dashes=True)
        if self._capitals(j, last) >= 2 and not self._known(j, last):
            yield self._mention("PROG", i, last, title=(j, last))

    def _fund(self, i: int) -> Iterator[Mention]:
        found = phrase_at(self.lower, i, self.lang, "fund")
        if found is None:
            return
        noun = i + found[0] - 1
        first = (
            i if self.lang == "id" else self._left(i, word_class("en", "inside_policy"), _ENDS_PROGRAMME, apart=False)
        )
        last = self._right(noun, _ENDS_PROGRAMME, of_place=True)
        named = self._capitals(first, i - 1, besides=_PLACES) + (last > noun)
        if named and not self._inside_more(noun, last) and not self._known(first, last):
            yield self._mention("PROG", first, last, value=FUND)

    # -- runs --------------------------------------------------------------------------------------------------------

    def _left(self, i: int, links: frozenset[str], ends: set[str], *, apart: bool = True) -> int:
        """Where the run of capitals starts that the noun at `i` ends.

        :param apart: what is known and stands behind a link belongs to another phrase ("Ghana and Migration Policy").
        """
        first = j = i
        linked = False
        while j > 0 and i - j < _RUN_LIMIT:
            k = j - 1
            other = self.taken.get(k)
            if other is not None and other.type in ends:
                break
            known = other is not None and other.type in ("ORG", "PLACE", "CATEGORY") and linked and apart
            if known and (self.taken[k].type == "ORG" or not self._in_place(j)):
                break
            if self.capital[k] and self.words[k][0].isalpha():
                if self.lower[k] in self.openers or self.lower[k].endswith(_SUPPORTED):
                    break
                first = j = k
                linked = False
            elif _YEAR.match(self.words[k]) or _ORDINAL.match(self.words[k]):
                return k
            elif self.words[k] == ")" and k > 2 and self.words[k - 2] == "(" and self.capital[k - 3]:
                j = k - 2
            elif self.lower[k] in links and k > 0:
                j, linked = k, True
            else:
                break
        return first

    def _in_place(self, j: int) -> bool:
        return self.lower[j] in ("in", "from", "for", "of")

    def _right(self, noun: int, ends: set[str], *, of_place: bool) -> int:
        """Where the complement of a noun ends: "… on the Placement of Workers"; the noun itself without one.

        :param of_place: whether a place alone is a complement ("Trust Fund for Africa").
        """
        j = noun + 1
        if self.words[j : j + 1] == ("(",) and self.words[j + 2 : j + 3] == (")",):
            j += 3  # "Memorandum of Understanding (MoU) on …"
        if self.lang == "id":
            if j < len(self.words) and (self.capital[j] or self.lower[j] in word_class("id", "inside_programme")):
                last = self._run(j, ends)
                return last if last >= j else noun
            return noun
        if j + 1 >= len(self.words) or self.lower[j] not in word_class("en", "before_subject"):
            return noun
        if self._elsewhere(j):
            return noun
        begin = j + 2 if self.lower[j + 1] == "the" and j + 2 < len(self.words) else j + 1
        other = self.taken.get(begin)
        if not self.capital[begin] or (other and (other.type in ends or other.type == "ORG")):
            return noun
        if other and other.type == "PLACE" and not (of_place and self.lower[j] == "for"):
            return noun
        last = self._run(begin, ends)
        return last if last >= begin else noun

    def _run(self, j: int, ends: set[str], *, dashes: bool = False) -> int:
        """The end of a run of capitals with small words between them, from `j` on."""
        last = j - 1
        links = word_class(self.lang, "inside_programme")
        start = j
        while j < len(self.words) and j - start < 2 * _RUN_LIMIT:
            other = self.taken.get(j)
            if other is not None and (
                other.type in ends or (other.type == "ORG" and self.lower[j - 1] in ("and", "dan", "the", ","))
            ):
                break
            if self.capital[j] and self.words[j][0].isalpha():
                last = j
            elif self.lower[j] in links:
                if self.lower[j] in ("and", "dan", "&") and self.lower[j + 1 : j + 2] in (("the",), ("a",)):
                    break
                if self._elsewhere(j):
                    break
                if self.lang == "id" and self._apart(j):
                    break
                if not any(self.capital[k] for k in range(j + 1, min(j + 4, len(self.words)))):
                    break
            elif self.words[j] == ",":
                if not (self._listed(j) or _NUMBERED.intersection(self.lower[j + 1 : j + 2])):
                    break
            elif dashes and self.words[j] in _DASHES:
                if j + 1 >= len(self.words) or not self.capital[j + 1]:
                    break
            elif self.words[j].isdigit() and self.lower[j - 1] in _NUMBERED:
                last = j
            else:
                break
            j += 1
        return last

    def _elsewhere(self, j: int) -> bool:
        """ "… on Tuesday", "… at the Ministry", "… in Bridgetown, Barbados": when and where it is done."""
        if j + 1 >= len(self.words):
            return False
        lexicon, following = load_lexicon(self.lang), self.lower[j + 1]
        if following in lexicon.weekdays or (following in lexicon.months and self.lang == "en"):
            return True
        other = self.taken.get(j + 2 if following == "the" else j + 1)
        if self.lower[j] in ("between", "antara", "dengan") and other is not None and other.type in ("ORG", "PLACE"):
            return True  # whose agreement it is
        if self.lower[j] not in word_class(self.lang, "place_words"):
            return False
        if self.lang == "id":
            return following in word_class("id", "venues")
        place = self.taken.get(j + 1)
        if self.lower[j] in word_class("en", "venue_words"):
            return following == "the" or (place is not None and place.type in ("PLACE", "ORG"))
        if place is None or place.type != "PLACE" or any(name.kind == "country" for name in place.names):
            return False
        behind = next((k for k in range(j + 1, len(self.words)) if self.taken.get(k) is not place), len(self.words))
        return behind == len(self.words) or not (self.capital[behind] or self.lower[behind] in ("and", "for", "of"))

    def _apart(self, j: int) -> bool:
        """ "Nota Kesepahaman dan Surat Edaran", "… pada Selasa": a second act or a day is no part of the name."""
        following = j + 1
        if self.lower[j] in ("dan", "serta") and following < len(self.words) and self.capital[following]:
            return phrase_at(self.lower, following, "id", "policy") is not None
        return following < len(self.words) and self.lower[following] in load_lexicon("id").weekdays

    def _listed(self, j: int) -> bool:
        """A comma within a name: capitals up to an "and" with a capital behind it."""
        for k in range(j + 1, min(j + 7, len(self.words) - 1)):
            if self.lower[k] in ("and", "dan", "&"):
                return k > j + 1 and self.capital[k + 1] and k + 1 not in self.taken
            if not (self.capital[k] or self.words[k] == ",") or k in self.taken:
                return False
        return False

    def _years(self, last: int, *, issued: bool) -> int:
        """The years of a plan: "2022", "2022-2025"; and of an act: "of 2019", ", 2021"."""
        year = last + 2
        if issued and year < len(self.words) and self.lower[last + 1] in ("of", ",") and _YEAR.match(self.words[year]):
            return year
        j = last + 1
        if self.words[j : j + 1] == ("(",) and self.words[j + 2 : j + 3] == (")",):
            j += 3
        if j < len(self.words) and _YEAR.match(self.words[j]):
            end = j + 2
            if end < len(self.words) and self.words[j + 1] in _DASHES and _YEAR.match(self.words[end]):
                return end
            return j
        return last

    # -- checks ------------------------------------------------------------------------------------------------------

    def _capitals(self, first: int, last: int, besides: set[str] | None = None) -> int:
        """Words in capitals from first to last, those of other mentions of the types `besides` left out."""
        return sum(
            self.capital[k] and not (besides and k in self.taken and self.taken[k].type in besides)
            for k in range(first, last + 1)
        )

    def _coined(self, k: int) -> bool:
        """A name of one word that is no word: "PROMISE", "SafeWay"."""
        word = self.words[k]
        return len(word) > 2 and k not in self.taken and any(char.isupper() for char in word[1:])

    def _known(self, first: int, last: int) -> bool:
        """Whether one mention that is known by name covers all the words."""
        other = self.taken.get(first)
        return (
            other is not None and bool(other.names) and all(self.taken.get(k) is other for k in range(first, last + 1))
        )

    def _inside_more(self, noun: int, last: int) -> bool:
        """A capital right behind the noun: the noun stands inside a longer name ("Migration Policy Institute")."""
        j = noun + 1
        if last > noun or j >= len(self.words) or self.lang == "id":
            return False
        return (
            self.capital[j] and self.words[j][0].isalpha() and not (j in self.taken and self.taken[j].type in ("DATE",))
        )

    def _mention(
        self, kind: str, first: int, last: int, *, title: tuple[int, int] | None = None, value: object = None
    ) -> Mention:
        span = Span(self.sentence.starts[first], self.sentence.ends[last])
        one, other = title or (first, last)
        words = Span(self.sentence.starts[one], self.sentence.ends[other]).of(self.text)
        return Mention(kind, span, " ".join(words.split()), value=value)


def may_name(sentence: Sentence, lang: str) -> bool:
    """Whether the sentence has a noun that policies, programmes or funds are named by."""
    return not _nouns(lang).isdisjoint(sentence.lower)


@cache
def _nouns(lang: str) -> frozenset[str]:
    return frozenset().union(*(firsts(lang, table) for table in _TABLES))


def is_fund(mention: Mention) -> bool:
    """Whether a programme is a fund, which pays for others."""
    return mention.value == FUND or any(name.kind == "fund" for name in mention.names)


def again(sentence: Sentence, lexicon: Lexicon, found: Iterable[Mention], last: Mention | None) -> Iterator[Mention]:
    """ "The project" and "this joint initiative": the programme that was named last.

    :param last: the programme that the sentences before named last.
    """
    nouns, these = word_class(lexicon.lang, "programme_again"), word_class(lexicon.lang, "these")
    if nouns.isdisjoint(sentence.lower):
        return
    divided = {phrase.split()[0] for phrase in lexicon.words["divided"]}
    named = [m for m in found if m.type == "PROG" and not is_fund(m)]
    begins = {m.span.start for m in found if m.type in ("PROG", "POLICY")}
    lower = [word.lower() for word in sentence.words]
    for i, (word, following) in enumerate(pairwise([*lower, ""])):
        if word not in nouns or following in divided:
            continue
        first, end = _determined(lower, i, these, lexicon.lang)
        if first is None or begins.intersection(sentence.starts[end + 1 : end + 2]):
            continue  # "the programme PROMISE" names it
        span = Span(sentence.starts[first], sentence.ends[end])
        before = [m for m in named if m.span.end <= span.start]
        meant = before[-1] if before else last
        if meant is not None and not any(m.span.overlaps(span) for m in found if m.type not in ("QUOTE", "NUM")):
            yield Mention("PROG", span, meant.text, meant.names, value=meant.value)


def _determined(lower: list[str], i: int, these: frozenset[str], lang: str) -> tuple[int | None, int]:
    """Where a noun's determiner stands, and where the phrase ends."""
    if lang == "id":
        return (i, i + 1) if i + 1 < len(lower) and lower[i + 1] in these else (None, i)
    for k in range(i - 1, max(i - 4, -1), -1):
        if lower[k] in these:
            return k, i
        if not lower[k].replace("-", "").isalpha():
            break
    return None, i
