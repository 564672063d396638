"""Chunks of Indonesian: names start with their head noun, and nothing marks where they end.

"Kepala Dinas Tenaga Kerja Kabupaten X Rina Sari": post, body, place and person follow each other without a comma. What
tells them apart is that posts and bodies are named in words of administration, which are no names of people, and that
a body's name ends with the place that it serves.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from migkg.extract.lexicon import word_class
from migkg.extract.mention import Mention
from migkg.extract.mentions.chunks import LINKS
from migkg.extract.mentions.people import PeopleChunker
from migkg.extract.mentions.phrases import EventNoun, phrase_at, trie

_LINKS = LINKS - {"of", "for", "on", "and", "the", "in"} | {"serta", "dalam"}
_STATE = ("ri", "republik")
# A place or a body of free words has at most this many; a title walks back at most this far to its head.
_FREE_LIMIT = 4
_BACK_LIMIT = 14
# By its affixes a noun and no name: "Kelembagaan", "Harmonisasi".
_NOUN = re.compile(r"(?:ke|pe|per|pem|pen|peng)\w{4,}an|\w{4,}(?:isasi|litas|logi)")
_BLEND = ("NAME", "DEMONYM", "CATEGORY")


class IndonesianChunker(PeopleChunker):
    """A chunker for Indonesian word order."""

    # -- words -----------------------------------------------------------------------------------------------------

    def _is(self, name: str, j: int) -> bool:
        return self.lower[j] in word_class("id", name)

    def _phrase(self, first: int, last: int) -> str:
        return " ".join(self.lower[first : last + 1])

    def _vocabulary(self, j: int) -> bool:
        """A word of administration in capitals: part of a title or of a body's name, and of no person's."""
        return self.capital[j] and (
            self.lower[j] in self.lexicon.not_names
            or self._is_acronym(j)
            or self.words[j].isdigit()
            or _NOUN.fullmatch(self.lower[j]) is not None
        )

    def _free_run(self, j: int) -> int:
        """How many words in capitals that may be any name stand from here on."""
        start = j
        while (
            j < len(self.words)
            and self.capital[j]
            and self.words[j][0].isalpha()
            and (j not in self.taken or self.taken[j].type == "NAME")
            and not self._vocabulary(j)
            and self.lower[j] not in self.lexicon.honorifics
        ):
            j += 1
        return j - start

    def _behind_post(self, i: int) -> bool:
        """Whether a title leads up to this word: "Kepala Divisi Keimigrasian | Kantor …"."""
        for j in range(i - 1, max(-1, i - _BACK_LIMIT), -1):
            if phrase_at(self.lower, j, "id", "roles"):
                return True
            if not (self._vocabulary(j) or self.lower[j] in _LINKS or self.words[j] == "," or j in self.taken):
                return False
        return False

    # -- organisations ---------------------------------------------------------------------------------------------

    def organizations(self) -> Iterator[Mention]:
        """Bodies, also with their short form in the middle: "Balai X (BX) Sulawesi Selatan"."""
        yield from (self._whole(found) for found in super().organizations())
        yield from self._grown()

    def _whole(self, found: Mention) -> Mention:
        """The name without what stands in brackets in it."""
        head, opening, rest = found.text.partition(" (")
        if not opening:
            return found
        acronym, _, tail = rest.partition(")")
        return replace(found, text=f"{head}{tail}", acronym=acronym)

    def _grown(self) -> Iterator[Mention]:
        """Known bodies with the state or the place behind them: "Kementerian Sosial RI", "BP3MI Jawa Timur"."""
        for mention in dict.fromkeys(self.taken.values()):
            if mention.type != "ORG":
                continue
            first = next(i for i, other in self.taken.items() if other is mention)
            last = self._end_of(first)
            j = self._behind_bracket(last + 1)
            if j >= len(self.words) or not self.capital[j]:
                continue
            if self.lower[j] in _STATE:
                end = self._end_of(j) if j in self.taken else j
                if self.lower[j] == "ri" or end > j:
                    yield replace(self.mention("ORG", first, end), text=mention.text, names=mention.names)
            elif j > last + 1 and self.taken.get(j) and self.taken[j].type == "PLACE":
                yield self._whole(self.mention("ORG", first, self._end_of(j)))

    def _behind_bracket(self, j: int) -> int:
        """The token behind a short form in brackets: "(BP3MI)"; this one when none stands here."""
        if j + 3 < len(self.words) and self.words[j] == "(" and self.words[j + 2] == ")" and self.capital[j + 1]:
            return j + 3
        return j

    def _headed(self, i: int) -> int | None:
        found = phrase_at(self.lower, i, "id", "before")
        if found is None or (i in self.taken and self.taken[i].type not in (*_BLEND, "PLACE")):
            return None
        noun = i + found[0] - 1
        last = self._body_end(i, noun) if self._may_start(i) else noun
        return last if last > noun else None

    def _may_start(self, i: int) -> bool:
        before = i - 1
        if i == 0 or not self.capital[before] or before in self.taken or self._is("openers", before):
            return True
        return self.words[before] in '.“"' or self._role_head(before) is not None or self._behind_post(i)

    def _body_end(self, first: int, noun: int) -> int:
        """Where the name of the body ends whose head noun ends at `noun`."""
        head = self._phrase(first, noun)
        free = head.split()[0] in word_class("id", "free_bodies")
        outer = head in word_class("id", "outer_bodies")
        placed = head in word_class("id", "placed_bodies")
        post = self._behind_post(first)
        j, end = noun + 1, noun
        while j < len(self.words):
            bracket = self._behind_bracket(j)
            if bracket > j:
                # Only a place goes on behind a short form.
                if bracket < len(self.words) and (self._is("areas", bracket) or self._place_at(bracket)):
                    j = bracket
                    continue
                break
            if self._place_at(j):
                return self._place_end(j)
            mention = self.taken.get(j)
            if mention is not None and mention.type not in _BLEND:
                if outer and end == noun and mention.type == "ORG":
                    end = self._end_of(j)
                    placed = True
                    j = end + 1
                    continue
                break
            inner = j == noun + 1 and not free and self._is("free_bodies", j)
            if phrase_at(self.lower, j, "id", "before") and self.capital[j] and not self._is("areas", j) and not inner:
                if not (outer and end == noun):
                    break  # a body in a body: the outer one ends
                placed, end = True, j
                j += 1
            elif inner or self._vocabulary(j) or (mention is not None and self.capital[j]):
                end = self._end_of(j) if mention is not None else j
                j = end + 1
            elif self.capital[j] and self.words[j][0].isalpha():
                return self._free_end(j, end, noun, free=free, placed=placed, post=post)
            elif self._goes_on(j, free=free):
                j += 1
            else:
                break
        return end

    def _place_at(self, j: int) -> bool:
        return j in self.taken and self.taken[j].type == "PLACE"

    def _place_end(self, j: int) -> int:
        """Places in a row: "Kota X Provinsi Y"; a known place inside a longer free name ends where that ends."""
        end = self._end_of(j)
        while end + 1 < len(self.words) and self._place_at(end + 1):
            end = self._end_of(end + 1)
        if end + 1 < len(self.words) and self.capital[end + 1] and self._is("compass", end + 1):
            end += 1  # "Indonesia Timur"
        return end

    def _free_end(self, j: int, end: int, noun: int, *, free: bool, placed: bool, post: bool) -> int:
        """How much of a run of free words is the body's name; the rest is a person's, or nothing."""
        run = self._free_run(j)
        follows = j + run < len(self.words) and self.words[j + run] == ","
        area = self._is("areas", j - 1)
        apart = not post or (follows and run <= 2) or (follows and area)
        if free and post and not apart and end > noun and run > 1:
            return j if run > 2 else end
        if free or area or placed:
            if apart:
                return j + min(run, _FREE_LIMIT) - 1
            return j if run > 1 else j + run - 1
        if post:
            # "Kepala Dinas Sosial Rina Sari": a person, unless one comes behind the comma.
            return j + run - 1 if follows and run == 1 and self._name_behind(j + run) else end
        return j + min(run, 2) - 1

    def _name_behind(self, comma: int) -> bool:
        behind = comma + 1
        return behind < len(self.words) and (
            self._free_run(behind) > 0 or self.lower[behind] in self.lexicon.honorifics
        )

    def _goes_on(self, j: int, *, free: bool) -> bool:
        """A link inside a name, or a comma of a list inside one: "Hukum, Hak Asasi Manusia, dan Imigrasi"."""
        if j + 1 >= len(self.words):
            return False
        if self.lower[j] in _LINKS:
            return self._part(j + 1) or (free and self.capital[j + 1] and j + 1 not in self.taken)
        return self.words[j] == "," and self._list_goes_on(j)

    def _part(self, j: int) -> bool:
        """A word that may go on a name behind a link."""
        if phrase_at(self.lower, j, "id", "before") and not self._is("areas", j):
            return False
        if phrase_at(self.lower, j, "id", "roles"):
            return False
        other = self.taken.get(j)
        return self._vocabulary(j) and (other is None or other.type in _BLEND)

    def _list_goes_on(self, j: int) -> bool:
        i = j + 1
        while i < len(self.words) and i - j < 2 * _FREE_LIMIT:
            if self.lower[i] in ("dan", "serta") or (self.words[i] == "&" and i > j + 1):
                return i + 1 < len(self.words) and self._part(i + 1)
            if self.words[i] != "," and not self._part(i):
                return False
            i += 1
        return False

    # -- posts -----------------------------------------------------------------------------------------------------

    def _role_head(self, i: int) -> tuple[int, str] | None:
        """ "Kepala Kantor Imigrasi X" is the head of a body: a title does not reach into its name."""
        for words, meaning in trie("id", "roles").get(self.lower[i], ()):
            last = i + len(words) - 1
            inside = last > i and last in self.taken and self.taken[last].type == "ORG"
            if self.lower[i : last + 1] == words and not inside:
                small = meaning in self.lexicon.verb_like and not self.capital[i]
                return None if small else (len(words), meaning)
        return None

    def _is_modifier(self, j: int, head: int) -> bool:
        return j not in self.taken and self.lower[j] in self.lexicon.role_modifiers and head > j

    def _complement_end(self, last: int) -> int:
        """Words of administration, and places, belong to the title; a name does not: "Direktur Pelatihan Rina Sari"."""
        j, end = last + 1, last
        seated = self._phrase(last, last) in word_class("id", "seated_posts")
        while j < len(self.words):
            mention = self.taken.get(j)
            if mention is not None and mention.type == "PLACE":
                return self._place_end(j)
            if end == last and self._vocabulary(j) and not self.words[j].isupper() and self._is_headless_unit(j):
                return self._end_of(j)
            if mention is not None and mention.type not in _BLEND:
                break
            if mention is not None and self.capital[j]:
                end = self._end_of(j)
                j = end + 1
            elif self._vocabulary(j) and self.lower[j] != "ri" and not (self._is_head(j) and end == last):
                end = j
                j += 1
            elif self.capital[j] and self.words[j][0].isalpha() and (self._is("areas", j - 1) or seated):
                return self._seat_end(j, end)
            elif self._goes_on(j, free=False) and (end > last or self.lower[j] in _LINKS):
                j += 1
            else:
                break
        return end

    def _seat_end(self, j: int, end: int) -> int:
        """ "Camat Ndona, Yosefina": an unknown place behind a post that has a seat, when the name stands apart."""
        run = self._free_run(j)
        behind = j + run
        if behind < len(self.words) and self.words[behind] == "," and self._name_behind(behind) and run < _FREE_LIMIT:
            return behind - 1
        return j if run >= _FREE_LIMIT - 1 or self._is("areas", j - 1) else end

    # -- people ----------------------------------------------------------------------------------------------------

    def _is_name_word(self, j: int) -> bool:
        return super()._is_name_word(j) and _NOUN.fullmatch(self.lower[j]) is None

    def _beside_role(self, i: int) -> bool:
        """Many Indonesians have one name: beside a post, or beside the body that a post is in, it is one."""
        if super()._beside_role(i):
            return True
        behind = i - 1
        apart = behind > 0 and self.words[behind] == ","
        if apart:
            behind -= 1
            following = i + 1
            if following < len(self.words) and self.words[following][0].isalnum() and self.capital[following]:
                return False
        mention = self.taken.get(behind)
        if mention is None or mention.type not in ("ROLE", "ORG"):
            return False
        if mention.type == "ROLE":
            return True
        before = next(j for j, other in self.taken.items() if other is mention) - 1
        while before > 0 and (self.words[before] == "," or self.lower[before] in ("di", "pada", "dari")):
            before -= 1
        return before in self.taken and self.taken[before].type == "ROLE"

    # -- events ----------------------------------------------------------------------------------------------------

    def events(self) -> Iterator[Mention]:
        """Event nouns, each with the noun that announces it: "kegiatan sosialisasi" is one event."""
        frame: Mention | None = None
        for mention in super().events():
            noun: EventNoun = mention.value
            if frame is not None:
                if self.text[frame.span.end : mention.span.start] == " " and noun.noun not in _frames():
                    mention = replace(
                        mention, span=frame.span.join(mention.span), text=f"{frame.text} {mention.text}"
                    )
                else:
                    yield frame
                frame = None
            if noun.noun in _frames() and not noun.known:
                frame = mention
            elif not self._is_sort(mention):
                yield mention
        if frame is not None:
            yield frame

    def _is_sort(self, mention: Mention) -> bool:
        """ "Nota kesepahaman tentang pelatihan", "balai pelatihan": the sort of thing, no event."""
        noun: EventNoun = mention.value
        first = bisect_left(self.sentence.starts, mention.span.start)
        if first == 0 or noun.known or noun.new or self.capital[first]:
            return False
        return self._is("no_event", first - 1)

    # -- places ----------------------------------------------------------------------------------------------------

    def venues(self) -> Iterator[Mention]:
        """Where something takes place: "di Aula Kantor X", "bertempat di Hotel Y"."""
        after = 0
        for i in range(1, len(self.words)):
            if i < after or not self._is("venues", i) or self.lower[i - 1] not in ("di", "bertempat"):
                continue
            end = self._venue_end(i)
            if end > i:
                yield self.mention("PLACE", i, end)
                after = end + 1

    def _venue_end(self, i: int) -> int:
        j, end = i + 1, i
        while j < len(self.words):
            mention = self.taken.get(j)
            if mention is not None:
                if mention.type not in (*_BLEND, "PLACE", "ORG", "ROLE", "NUM"):
                    break
                end = self._end_of(j)
                j = end + 1
            elif self.capital[j] or self.words[j].isdigit():
                end = j
                j += 1
            elif (self._is("venues", j) or self.lower[j] in ("dan", "lantai", "rapat", "serbaguna")) and (
                j + 1 < len(self.words) and (self.capital[j + 1] or self.words[j + 1].isdigit())
            ):
                j += 1
            else:
                break
        return end


def _frames() -> frozenset[str]:
    return word_class("id", "event_frames")
