"""Chunks that are told by their capitals and head nouns: posts and names of people."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migkg.extract.lexicon import word_class
from migkg.extract.mention import Mention
from migkg.extract.mentions.chunks import LINKS, MODIFIER_LIMIT, Chunker
from migkg.extract.mentions.phrases import RoleValue, phrase_at
from migkg.model import Span

# Academic degrees behind a name: "Rina Sari, M.Si., Head of …".
_DEGREES = re.compile(r"(?:,\s?(?:[A-Z][A-Za-z]{0,4}\.){1,4}[A-Z]{0,2}[a-z]{0,2}\.?(?=,|\s|$)){1,4}")
# A degree without full stops, behind a comma or not: what it is, the lexicon tells.
_DEGREE = re.compile(r",?\s([A-Z][A-Za-z.]{1,6})(?=[,;.)\s]|$)")
_NICKNAME_MARKS = {("“", "”"), ('"', '"'), ("‘", "’"), ("'", "'"), ("(", ")")}
_PREFIXED = re.compile(r"(?:[aA][a-z]|el|ul|d|bin|ibn)[-'’][A-ZÀ-Ý]\w")
_INITIALS = re.compile(r"(?:[A-Z]\.)+")
# Participles and adverbs that open a sentence: "Speaking", "Finally".
_OPENING_WORD = re.compile(r"[A-Z]\w{3,}(?:ing|ly)")
# What an ambassador at large is for: "Ambassador to Counter Modern Slavery".
_TASKS = ("counter", "combat", "monitor", "prevent")
_NAME_LIMIT = 8
_FULL_NAME = 4
_CREDIT_REACH = 6
_ACRONYM_LIMIT = 8


class PeopleChunker(Chunker):
    """A chunker that finds posts and people too."""

    # -- posts -----------------------------------------------------------------------------------------------------

    def roles(self) -> Iterator[Mention]:
        """Posts: modifiers, head noun and what follows "of": "Deputy Director for Labour Migration"."""
        after = 0
        for i in self._candidates("roles"):
            if i < after or (i in self.taken and self.taken[i].type != "NAME"):
                continue
            found = self._role_head(i)
            if found is None:
                continue
            length, head = found
            first, last = i, i + length - 1
            for k in range(i + 1, last + 1):
                inner = self._role_head(k)
                if inner is not None and k + inner[0] - 1 > last:
                    last, head = k + inner[0] - 1, inner[1]  # "Acting Director | General"
            while first > 0 and i - first < MODIFIER_LIMIT and self._is_modifier(first - 1, i):
                first -= 1
            if any(self.lower[j] in ("and", "&") for j in range(first, i)) and self._role_head(first):
                first = i  # "President X and Prime Minister": two posts, not one
            end = self._complement_end(last) if self.capital[i] or self.lexicon.lang == "id" else last
            complement = None
            if end > last:
                begin = last + 2 if self.lower[last + 1] in LINKS else last + 1
                complement = Span(self.sentence.starts[begin], self.sentence.ends[end]).of(self.text)
            end = self._interim_end(end)
            yield self.mention("ROLE", first, end, RoleValue(head, complement))
            after = end + 1
            body = self._acronym_after(end)
            if body is not None:
                yield self.mention("ORG", body, body)

    def _interim_end(self, end: int) -> int:
        """Behind "a.i." or "ad interim", which stand behind a title and belong to it."""
        words = word_class(self.lexicon.lang, "ad_interim")
        for length in (2, 1):
            if " ".join(self.lower[end + 1 : end + 1 + length]) in words:
                return end + length
        return end

    def _acronym_after(self, end: int) -> int | None:
        """ "Director of GPA": capitals behind a post are a body, also one that nobody has introduced."""
        j = end + 1
        if j + 1 < len(self.words) and self.lower[j] in ("of", "at", "for", "from"):
            j += 2 if self.lower[j + 1] == "the" else 1
            if j < len(self.words) and j not in self.taken and self._is_acronym(j):
                return j
        return None

    def _is_acronym(self, j: int) -> bool:
        return self.words[j].isupper() and self.words[j].isalpha() and 2 <= len(self.words[j]) <= _ACRONYM_LIMIT

    def _is_modifier(self, j: int, head: int) -> bool:
        if j in self.taken and self.taken[j].type in ("ORG", "PLACE", "POLICY", "DATE", "PROG"):
            return False
        if self.capital[head]:
            if self.capital[j] and self.words[j][0].isalpha():
                if self.lower[j] in self.openers or self.lower[j] in word_class("en", "courtesy"):
                    return False
                opening = self._opens(j) and _OPENING_WORD.fullmatch(self.words[j]) is not None
                return not opening and not (self.words[j].isupper() and self.words[head] != self.words[head].upper())
            return self.lower[j] in ("and", "&") and j > 0 and self.capital[j - 1] and self._is_modifier(j - 1, head)
        return self.lower[j] in self.lexicon.role_modifiers

    def _complement_end(self, last: int) -> int:
        """The end of "… of Socio-Cultural and International Organizations"; `last` when no such part follows."""
        j = last + 1
        if j + 1 >= len(self.words):
            return last
        if self.lower[j] not in ("of", "for", "on", "in", "to"):
            return last
        begin = j + 2 if self.lower[j + 1] == "the" else j + 1
        if begin >= len(self.words) or not self.capital[begin] or self._is_head(begin):
            return last
        if self.lower[j] in ("in", "to"):
            # "Specialist in Labour Migration", "Adviser to the President", not "Officer in Dakar".
            if begin in self.taken:
                return last
            if self.lower[j] == "to" and self.lower[begin] in _TASKS:
                while begin + 1 < len(self.words) and self.capital[begin + 1] and begin + 1 not in self.taken:
                    begin += 1
                return begin
            if self.lower[j] == "to" and not self._role_head(begin):
                return last
        other = self.taken.get(begin)
        region = phrase_at(self.lower, begin, self.lexicon.lang, "regions")
        if region is not None and self.capital[begin + region[0] - 1]:
            return begin + region[0] - 1
        if other and other.type == "PLACE":
            return self._realm_end(begin)
        if self._is_headless_unit(begin):
            return self._end_of(begin)
        if self._is_acronym(begin) or (other and other.type in ("ORG", "PROG", "POLICY")):
            return last
        return self._before_name(begin, self._name_end(last))

    def _before_name(self, begin: int, end: int) -> int:
        """The end of a complement that a name follows without a comma: "Minister of Labour | Rina Sari"."""
        j = end
        while j > begin and j not in self.taken and self.capital[j] and self._is_name_word(j):
            j -= 1
        apart = 2 <= end - j <= _FULL_NAME and self.lower[j] in self.lexicon.not_names and self.capital[j]
        return j if apart else end

    def _end_of(self, i: int) -> int:
        """The last token of the mention that covers a token."""
        mention = self.taken[i]
        while self.taken.get(i + 1) is mention:
            i += 1
        return i

    def _is_headless_unit(self, i: int) -> bool:
        """A unit named without its head noun completes the title of who leads it: "Director for Harbour Affairs"."""
        other = self.taken.get(i)
        return (
            other is not None
            and other.type == "ORG"
            and bool(other.names)
            and all(name.kind == "unit" for name in other.names)
            and " " in other.text
            and not self.words[i].isupper()  # "the ILO in Indonesia" is a body
            and not self._is_head(i)
            and phrase_at(self.lower, self._end_of(i), self.lexicon.lang, "after") is None
        )

    def _realm_end(self, begin: int) -> int:
        """ "Ambassador of Japan to Bangladesh", "Governor of Central Java"."""
        end = self._end_of(begin)
        j = end + 1
        if j + 1 < len(self.words) and self.lower[j] == "to":
            j += 2 if self.lower[j + 1] == "the" and j + 2 < len(self.words) else 1
            other = self.taken.get(j)
            if other and other.type == "PLACE":
                return self._end_of(j)
        return end

    # -- people ----------------------------------------------------------------------------------------------------

    def names(self) -> Iterator[Mention]:
        """Runs of capitals that may be a person's name; a fact rule decides whether one is."""
        after = 0
        for i, capital in enumerate(self.capital):
            if i < after or not (capital or self.lower[i] in self.lexicon.honorifics) or self._known(i):
                continue
            start = i
            while reach := self._honorific(start):
                start += reach
            honorific = start - i
            end = self._name_run(start, certain=honorific > 0 or self._behind(start))
            count = end - start + 1
            after = max(end, i) + 1
            if end < start or (count < 2 and not honorific and not self._beside_role(start)):
                continue
            if not honorific and self._is_label(i):
                continue
            span = Span(self.sentence.starts[i], self.sentence.ends[end])
            name = Span(self.sentence.starts[start], self.sentence.ends[end])
            span = Span(span.start, self._degrees_end(span.end))
            yield Mention("NAME", span, " ".join(name.of(self.text).split()))

    def _known(self, i: int) -> bool:
        """Taken by another mention; "Mr. Jordan Smith": a place behind an honorific or a post may be a first name."""
        other = self.taken.get(i)
        if other is None:
            return False
        return not (self._is_given(i) and (i > 0 and (self._is_honorific(i - 1) or self._behind(i))))

    def _is_given(self, i: int) -> bool:
        """A place of one word with a name's word beside it."""
        other = self.taken.get(i)
        if other is None or other.type not in ("PLACE", "DEMONYM") or " " in other.text:
            return False
        return i + 1 < len(self.words) and i + 1 not in self.taken and self.capital[i + 1] and self._is_name_word(i + 1)

    def _is_honorific(self, i: int) -> bool:
        """ "Dr.", and "Senior" of "Senior Colonel"."""
        if i >= len(self.words) or i in self.taken:
            return False
        ranks = self.lexicon.honorifics
        before = word_class(self.lexicon.lang, "rank_modifiers")
        return self.lower[i] in ranks or (
            self.lower[i] in before and i + 1 < len(self.words) and self.lower[i + 1] in ranks
        )

    def _honorific(self, i: int) -> int:
        """How many words an honorific takes here: "Dr.", and, behind another one, "(Amb)"."""
        if self._is_honorific(i):
            return 1
        bracketed = self.words[i : i + 1] == ("(",) and self.words[i + 2 : i + 3] == (")",)
        return 3 if bracketed and self._is_honorific(i - 1) and self._is_honorific(i + 1) else 0

    def _behind(self, i: int) -> bool:
        """Behind a post: "Minister Jordan Smith"."""
        behind = self.taken.get(i - 1)
        return behind is not None and behind.type == "ROLE"

    def _is_label(self, i: int) -> bool:
        """ "Photo: Rina Sari", "By Rina Sari": who made a picture or text is nobody that it tells of."""
        labels = word_class(self.lexicon.lang, "credits")
        return any(
            (self.lower[j] in labels and ":" in self.words[j + 1 : i]) or (j == 0 and self.lower[j] == "by")
            for j in range(max(0, i - _CREDIT_REACH), i)
        )

    def _degrees_end(self, end: int) -> int:
        """Behind the academic degrees that follow a name: "Rina Sari, PhD, M.Si."."""
        match = _DEGREES.match(self.text, end)
        end = match.end() if match else end
        while match := _DEGREE.match(self.text, end):
            if match[1] not in self.lexicon.degrees:
                break
            end = match.end()
        return end

    def _beside_role(self, i: int) -> bool:
        """Many Indonesians have one name: "Menteri Ketenagakerjaan Yassierli", "Zanariah, Direktur …"."""
        if self._behind(i):
            return True
        after = self.taken.get(i + 2)
        return bool(after and after.type == "ROLE" and self.words[i + 1] == ",")

    def _name_run(self, i: int, *, certain: bool) -> int:
        """The last word of the name that starts at a word; the word before it when none does.

        :param certain: an honorific or post stands before it, so that a place or month may be part of the name.
        """
        end = i - 1
        j = i
        while j < len(self.words) and j - i < _NAME_LIMIT:
            if j in self.taken and not (certain and self._is_given(j)):
                break
            if j > i and self.words[j] in self.lexicon.degrees:
                break
            if self._is_nickname(j) and j > i:
                end = j + 3
                j += 4
                continue
            if (self.capital[j] or self._is_prefixed(j, i)) and (self._is_name_word(j) or self._is_given_word(j, i)):
                end = j
            elif not (self.lower[j] in self.lexicon.particles and j > i and self._capital_soon(j)):
                break
            j += 1
        return end

    def _is_nickname(self, j: int) -> bool:
        """ "Maria “Mia” Lopez": a name in quotation marks or brackets inside a name."""
        return (
            j + 3 < len(self.words)
            and (self.words[j], self.words[j + 2]) in _NICKNAME_MARKS
            and self.capital[j + 1]
            and j + 3 not in self.taken
            and self.capital[j + 3]
            and self._is_name_word(j + 3)
        )

    def _is_prefixed(self, j: int, start: int) -> bool:
        """ "al-Hassan", "d'Almeida" inside a name."""
        return j > start and _PREFIXED.match(self.words[j]) is not None

    def _is_given_word(self, j: int, start: int) -> bool:
        """ "May Tan": a word that is a name too, at the head of a name's word or behind an honorific."""
        if self.lower[j] not in word_class(self.lexicon.lang, "given_names"):
            return False
        if j > 0 and self._is_honorific(j - 1):
            return True
        before = self.lower[j - 1] if j > 0 else ""
        apart = not before.isalpha() or before in word_class(self.lexicon.lang, "say")
        follows = j + 1 < len(self.words) and j + 1 not in self.taken and self.capital[j + 1]
        return j == start and apart and follows and self._is_name_word(j + 1)

    def _capital_soon(self, j: int) -> bool:
        """A capital behind this particle, or behind the one after it: "van der Klaauw"."""
        while j < len(self.words) and self.lower[j] in self.lexicon.particles and not self.capital[j]:
            j += 1
        return j < len(self.words) and self.capital[j]

    def _is_name_word(self, j: int) -> bool:
        word = self.words[j]
        if self.lower[j] in self.lexicon.not_names or (self._opens(j) and _OPENING_WORD.fullmatch(word)):
            return False
        letters = word.replace("-", "").replace("'", "").replace("’", "").replace(".", "")
        short = len(letters) <= 2 or _INITIALS.fullmatch(word) is not None
        return letters.isalpha() and (short or not word.endswith("."))

    def _opens(self, j: int) -> bool:
        """The first word of a sentence, or of what is quoted."""
        return j == 0 or self.words[j - 1] in "“\"«"
