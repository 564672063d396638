"""Chunks that are told by their capitals and head nouns: posts and names of people."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migkg.extract.mention import Mention
from migkg.extract.mentions.chunks import LINKS, MODIFIER_LIMIT, Chunker
from migkg.extract.mentions.phrases import RoleValue
from migkg.model import Span

# Academic degrees behind a name: "Rina Sari, M.Si., Head of …".
_DEGREES = re.compile(r"(?:,\s?(?:[A-Z][A-Za-z]{0,4}\.){1,4}[A-Z]{0,2}[a-z]{0,2}\.?(?=,|\s|$)){1,4}")
_NAME_LIMIT = 6
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
            while first > 0 and i - first < MODIFIER_LIMIT and self._is_modifier(first - 1, i):
                first -= 1
            if any(self.lower[j] in ("and", "&") for j in range(first, i)) and self._role_head(first):
                first = i  # "President X and Prime Minister": two posts, not one
            end = self._complement_end(last) if self.capital[i] or self.lexicon.lang == "id" else last
            complement = None
            if end > last:
                begin = last + 2 if self.lower[last + 1] in LINKS else last + 1
                complement = Span(self.sentence.starts[begin], self.sentence.ends[end]).of(self.text)
            yield self.mention("ROLE", first, end, RoleValue(head, complement))
            after = end + 1
            body = self._acronym_after(end)
            if body is not None:
                yield self.mention("ORG", body, body)

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
        if self.lexicon.lang == "id":
            return self.lower[j] in self.lexicon.role_modifiers
        if self.capital[head]:
            if self.capital[j] and self.words[j][0].isalpha():
                return self.lower[j] not in ("the", "this", "a", "an") and not self.words[j].isupper()
            return self.lower[j] in ("and", "&") and j > 0 and self.capital[j - 1] and self._is_modifier(j - 1, head)
        return self.lower[j] in self.lexicon.role_modifiers

    def _complement_end(self, last: int) -> int:
        """The end of "… of Socio-Cultural and International Organizations"; `last` when no such part follows."""
        j = last + 1
        if j + 1 >= len(self.words):
            return last
        if self.lexicon.lang == "id":
            return self._title_end(last)
        if self.lower[j] not in ("of", "for", "on", "bidang", "urusan"):
            return last
        begin = j + 2 if self.lower[j + 1] == "the" else j + 1
        if begin >= len(self.words) or not self.capital[begin] or self._is_head(begin):
            return last
        other = self.taken.get(begin)
        if other and other.type == "PLACE":
            return self._realm_end(begin)
        if self._is_acronym(begin) or (other and other.type in ("ORG", "PROG", "POLICY")):
            return last
        return self._name_end(last, juxtaposed=False)

    def _title_end(self, last: int) -> int:
        """Indonesian puts the complement right behind the head, where a name may stand too: "Direktur Pelatihan Rina
        Sari". Words that are part of no name belong to the title.
        """
        j, end = last + 1, last
        if j in self.taken and self.taken[j].type == "PLACE":
            return max(i for i, mention in self.taken.items() if mention is self.taken[j])
        while j < len(self.words) and j not in self.taken and not (self._is_head(j) and end == last):
            if self.capital[j] and (self.lower[j] in self.lexicon.not_names or self._is_acronym(j)):
                end = j
            elif self.lower[j] not in LINKS:
                break
            j += 1
        return end

    def _realm_end(self, begin: int) -> int:
        """ "Ambassador of Japan to Bangladesh", "Governor of Central Java"."""
        place = self.taken[begin]
        end = max(i for i, mention in self.taken.items() if mention is place)
        j = end + 1
        if j + 1 < len(self.words) and self.lower[j] == "to":
            j += 2 if self.lower[j + 1] == "the" and j + 2 < len(self.words) else 1
            other = self.taken.get(j)
            if other and other.type == "PLACE":
                return max(i for i, mention in self.taken.items() if mention is other)
        return end

    # -- people ----------------------------------------------------------------------------------------------------

    def names(self) -> Iterator[Mention]:
        """Runs of capitals that may be a person's name; a fact rule decides whether one is."""
        after = 0
        for i, capital in enumerate(self.capital):
            if i < after or not (capital or self.lower[i] in self.lexicon.honorifics) or i in self.taken:
                continue
            honorific = 0
            while i + honorific < len(self.words) and self.lower[i + honorific] in self.lexicon.honorifics:
                honorific += 1
            start = i + honorific
            end = self._name_run(start)
            count = end - start + 1
            after = max(end, i) + 1
            if end < start or (count < 2 and not honorific and not self._beside_role(start)):
                continue
            span = Span(self.sentence.starts[i], self.sentence.ends[end])
            name = Span(self.sentence.starts[start], self.sentence.ends[end])
            degrees = _DEGREES.match(self.text, span.end)
            if degrees:
                span = Span(span.start, degrees.end())
            yield Mention("NAME", span, " ".join(name.of(self.text).split()))

    def _beside_role(self, i: int) -> bool:
        """Many Indonesians have one name: "Menteri Ketenagakerjaan Yassierli", "Zanariah, Direktur …"."""
        behind = self.taken.get(i - 1)
        if behind and behind.type == "ROLE":
            return True
        after = self.taken.get(i + 2)
        return bool(after and after.type == "ROLE" and self.words[i + 1] == ",")

    def _name_run(self, i: int) -> int:
        end = i - 1
        j = i
        while j < len(self.words) and j - i < _NAME_LIMIT:
            word = self.words[j]
            if j in self.taken:
                break
            if self.capital[j] and self._is_name_word(word):
                end = j
            elif not (self.lower[j] in self.lexicon.particles and j > i and self._capital_soon(j)):
                break
            j += 1
        return end

    def _capital_soon(self, j: int) -> bool:
        """A capital behind this particle, or behind the one after it: "van der Klaauw"."""
        while j < len(self.words) and self.lower[j] in self.lexicon.particles and not self.capital[j]:
            j += 1
        return j < len(self.words) and self.capital[j]

    def _is_name_word(self, word: str) -> bool:
        if word.lower() in self.lexicon.not_names:
            return False
        letters = word.replace("-", "").replace("'", "").replace("’", "").replace(".", "")
        return letters.isalpha() and not (word.endswith(".") and len(letters) > 2)
