"""Chunks that are told by their capitals and head nouns: organisations and events; posts and people in `people`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache

from migkg.extract.document import Sentence
from migkg.extract.lexicon import Lexicon, load_lexicon, word_class
from migkg.extract.mention import Mention
from migkg.extract.mentions.acronyms import is_short_form
from migkg.extract.mentions.patterns import COMPOUND_NUMBERS, number_word
from migkg.extract.mentions.phrases import EventNoun, no_modifiers, phrase_at, starts
from migkg.model import Span

LINKS = {"of", "for", "on", "and", "the", "&", "dan", "untuk", "bidang", "atas", "pada", "in"}
_SCALED = frozenset((word,) for word in COMPOUND_NUMBERS)
# Inside a run that ends in its head noun only these may stand: "Labour and Employment Department".
_JOINTS = {"and", "&", "dan", "for"}
_HEAD_DISTANCE = 4
MODIFIER_LIMIT = 5
_VENUE_LIMIT = 9
_DETERMINERS = {
    "a": "new", "an": "new", "another": "new", "several": "new", "some": "new", "sebuah": "new", "suatu": "new",
    "the": "known", "this": "known", "that": "known", "these": "known", "those": "known", "its": "known",
    "their": "known",
}  # fmt: skip


@cache
def _openings(lang: str) -> frozenset[str]:
    """The first words of bodies that a country has one of."""
    return frozenset(phrase.split()[0] for phrase in load_lexicon(lang).words["lone_bodies"])


class Chunker:
    """Chunks of one sentence; `know` tells it what was found in it before."""

    def __init__(self, sentence: Sentence, lexicon: Lexicon, text: str) -> None:
        self.sentence = sentence
        self.lexicon = lexicon
        self.openers = word_class(lexicon.lang, "openers")
        self.text = text
        self.words = sentence.words
        self.lower = sentence.lower
        # In a heading every word may have a capital, its verb too.
        self.capital = sentence.capital
        if sentence.kind == "title":
            verbs = word_class(lexicon.lang, "heading_verbs")
            self.capital = tuple(
                [capital and word not in verbs for word, capital in zip(self.lower, self.capital, strict=True)]
            )
        self.taken: dict[int, Mention] = {}

    def know(self, mentions: Iterable[Mention]) -> None:
        """Replace what is known: token → the mention that covers it."""
        starts = self.sentence.starts
        self.taken = {
            i: mention
            for mention in mentions
            for i in range(bisect_left(starts, mention.span.start), bisect_left(starts, mention.span.end))
        }

    def _candidates(self, table: str) -> list[int]:
        """Tokens at which a phrase of the table may start."""
        return starts(self.lower, self.lexicon.lang, table)

    def mention(self, kind: str, first: int, last: int, value: object = None) -> Mention:
        """A mention of the tokens first..last, both included."""
        span = Span(self.sentence.starts[first], self.sentence.ends[last])
        return Mention(kind, span, " ".join(span.of(self.text).split()), value=value)

    def number_words(self) -> Iterator[Mention]:
        """Counts in letters: "seventeen", "forty-four"; "dua belas" is not two."""
        numbers = self.lexicon.numbers
        if numbers.keys().isdisjoint(self.lower) and "-" not in self.sentence.span.of(self.text):
            return
        for i in [i for i, word in enumerate(self.lower) if word in numbers or "-" in word]:
            if self.lower[i + 1 : i + 2] not in _SCALED:
                count = number_word(self.lower[i], self.lexicon)
                if count is not None:
                    yield self.mention("NUM", i, i, count)

    # -- organisations ---------------------------------------------------------------------------------------------

    def organizations(self) -> Iterator[Mention]:
        """Names with a head noun: "Ministry of X and Y", "Z University"."""
        after = 0
        for i, capital in enumerate(self.capital):
            if capital and i >= after and not self._is_day(i) and (last := self._organization_at(i)) is not None:
                yield self.mention("ORG", self._of_whom(i), last)
                after = last + 1
        if not _openings(self.lexicon.lang).isdisjoint(self.lower):
            yield from self._lone()
        yield from self._outposts()

    def _of_whom(self, i: int) -> int:
        """Where a name starts with the short form of the body that it is an office of: "ILO Country Office for X"."""
        body = self.taken.get(i - 1)
        if i == 0 or body is None or body.type != "ORG" or not self.words[i - 1].isupper():
            return i
        outposts = word_class(self.lexicon.lang, "outposts")
        return i - 1 if not outposts.isdisjoint(self.lower[i : i + 3]) else i

    def _lone(self) -> Iterator[Mention]:
        """Bodies that a country has one of: "the National Assembly"."""
        for phrase in self.lexicon.words["lone_bodies"]:
            words = tuple(phrase.split())
            for i in [i for i, word in enumerate(self.lower) if word == words[0]]:
                end = i + len(words)
                if self.lower[i:end] != words or not (self.capital[i] and self.capital[end - 1]):
                    continue
                apart = end == len(self.words) or not self.capital[end] or end in self.taken
                if apart and self._starts_run(i):
                    last = self._seat(end, ("of",))
                    yield self.mention("ORG", i, end - 1 if last is None else last)

    def _outposts(self) -> Iterator[Mention]:
        """The seat of a body abroad: "EU Delegation to Kenya"."""
        nouns = word_class(self.lexicon.lang, "outposts")
        if nouns.isdisjoint(self.lower):
            return
        for i in [i for i, word in enumerate(self.lower[:-2]) if word in nouns and self.capital[i]]:
            body = self.taken.get(i - 1)
            if body is not None and body.type == "ORG":
                last = self._seat(i + 1)
                if last is not None:
                    yield self.mention("ORG", next(k for k, other in self.taken.items() if other is body), last)
                continue
            # "Delegation of the EU to Kenya", not "Chief of Mission of the EU"
            if i == 0 or self.lower[i - 1] == "of":
                continue
            j = i + 3 if self.lower[i + 2] == "the" else i + 2
            body = self.taken.get(j)
            if self.lower[i + 1] == "of" and body is not None and body.type == "ORG" and body.names:
                while self.taken.get(j) is body:
                    j += 1
                last = self._seat(j)
                yield self.mention("ORG", i, j - 1 if last is None else last)

    def _seat(self, i: int, links: tuple[str, ...] = ("to", "in")) -> int | None:
        """Where "to the Republic of X" ends that starts here."""
        if i >= len(self.lower) or self.lower[i] not in links:
            return None
        j = i + 2 if self.lower[i + 1 : i + 2] == ("the",) else i + 1
        if self.lower[j : j + 2] == ("republic", "of") and j not in self.taken:
            j += 2
        place = self.taken.get(j)
        if place is None or place.type != "PLACE":
            return None
        while self.taken.get(j + 1) is place:
            j += 1
        return j

    def _organization_at(self, i: int) -> int | None:
        if self.lower[i] in self.openers:
            return None
        return self._headed(i) or self._ending(i)

    def _headed(self, i: int) -> int | None:
        """Where the name ends that starts with a head noun here."""
        for head in range(i, min(i + _HEAD_DISTANCE, len(self.words))):
            # "Regional Bureau for …": capitals may stand before the head noun.
            if not self.capital[head] or (
                head in self.taken
                and self.taken[head].type not in ("NAME", "DEMONYM", "CATEGORY")
                # "Kenya National Bureau of Statistics"
                and not (self.taken[head].type == "PLACE" and self.taken[head] is self.taken.get(i))
            ):
                break
            found = phrase_at(self.lower, head, self.lexicon.lang, "before")
            if found and self._starts_run(i):
                noun = head + found[0] - 1
                last = self._name_end(noun)
                if last > noun:
                    return last
        return None

    def _ending(self, i: int) -> int | None:
        """Where the run of capitals that starts here ends in a head noun."""
        known = self.taken.get(i)
        if known is not None and known.type not in ("PLACE", "NAME", "DEMONYM"):
            behind = next((k for k in range(i, len(self.words)) if self.taken.get(k) is not known), i)
            seat = behind > i and self.capital[behind] and behind not in self.taken
            seat = seat and phrase_at(self.lower, behind, self.lexicon.lang, "after") is not None
            if known.type != "ORG" or not (seat or self._bracketed(behind)):
                return None  # but "Prague Process Secretariat'
        # The noun alone is no name.
        ending: int | None = None
        j = i
        while j < len(self.words) and j - i < 8:
            if bracket := self._bracketed(j) if j > i else 0:
                j += bracket  # "Caribbean Community (CARICOM) Secretariat"
            if not (self.capital[j] or (self.lower[j] in _JOINTS and j > i)):
                if j == i or not (self._inside(j) or self._possessive(j)):
                    break
                j += 1
                continue
            if j > i and self.capital[j]:
                after = phrase_at(self.lower, j, self.lexicon.lang, "after")
                # "Meeting Room of the Ministry" is no name: the noun must follow a capital. Nor is "Director of …
                # Government".
                whose = self._possessive(j - 1)
                if after and after[1] in word_class(self.lexicon.lang, "last_words") and self._goes_on_behind(j):
                    after = None  # "Entebbe International Airport"
                before = self.capital[j - 1] or self.words[j - 1] == ")" or whose
                if after and before and not self._is_head(i) and (whose or not self._role_head(i)):
                    ending = j + after[0] - 1
            if self.lower[j] in ("and", "dan") and ending is not None:
                break
            j += 1
        if ending is None or not self._starts_run(i) or self.lower[i] in ("the", "a", "this"):
            return None
        return ending

    def _bracketed(self, j: int) -> int:
        """How many tokens a short form in brackets takes here, when a name goes on behind it."""
        if j >= len(self.words) or self.words[j] != "(":
            return 0
        inside = self.words[j + 2 : j + 3] == (")",)
        goes_on = inside and j + 3 < len(self.words) and self.capital[j + 3] and j + 3 not in self.taken
        return 3 if goes_on and is_short_form(self.words[j + 1], " ".join(self.words[max(0, j - 6) : j])) else 0

    def _inside(self, j: int) -> bool:
        """A small word inside the name of a body: "Trafficking in Persons (TiP) Secretariat"."""
        if self.lower[j] in ("in", "of") and "(" in self.words[j + 1 : j + 5]:
            return True
        return " ".join(self.lower[j : j + 2]) in word_class(self.lexicon.lang, "inside_bodies")

    def _goes_on_behind(self, j: int) -> bool:
        return j + 1 < len(self.words) and self.capital[j + 1] and j + 1 not in self.taken

    def _possessive(self, j: int) -> bool:
        """The mark behind those whose body it is: "Women's Union", "Prime Minister's Office"."""
        return (
            self.lower[j] in ("'s", "'", "’")
            and self.lower[j - 1] in word_class(self.lexicon.lang, "possessors")
            and j + 1 < len(self.words)
            and self.capital[j + 1]
        )

    def _is_head(self, i: int) -> bool:
        return phrase_at(self.lower, i, self.lexicon.lang, "before") is not None

    def _starts_run(self, i: int) -> bool:
        """A head noun in the middle of a run of capitals belongs to that run ("Indonesian Ministry" does not)."""
        before = i - 1
        if i == 0 or not self.capital[before] or before in self.taken or self.lower[before] in self.openers:
            return True
        return self.words[before] in '.“"' or self._is_day(before)

    def _name_end(self, last: int) -> int:
        """Where the name that starts with a head noun ends: "of Labour, Invalids and Social Affairs"."""
        j = last + 1
        end = last
        while j < len(self.words):
            if self.capital[j] and self.words[j][0].isalpha():
                if end == last and self.lower[j - 1] not in LINKS:
                    break  # "Ministry Jakarta": a head noun takes its complement by a link
                if region := phrase_at(self.lower, j, self.lexicon.lang, "regions"):
                    return j + region[0] - 1  # "Office for Asia and the Pacific"
                if self._is_head(j) and self.lower[j - 1] in ("and", "dan", ",", "&", "the"):
                    break
                other = self.taken.get(j)
                apart = other is not self.taken.get(last) and j > last + 2
                if other and other.type in ("ORG", "PROG", "DATE") and apart:
                    break
                end = j
                j += 1
            elif end == last and self.lower[j] in ("and", "&"):
                break  # "Workforce Department and Kazpost": the noun ends the name
            elif self._link_goes_on(j) or (self.words[j] == "," and self._list_goes_on(j)):
                j += 1
            else:
                break
        return end

    def _link_goes_on(self, j: int) -> bool:
        return self.lower[j] in LINKS and self._capital_after(j)

    def _capital_after(self, j: int) -> bool:
        following = j + 1
        if following < len(self.words) and self.lower[following] in ("the", "of"):
            following += 1
        if following >= len(self.words) or not self.capital[following]:
            return False
        other = self.taken.get(following)
        if self._is_day(following):
            return False  # "Ministry of Labour on Wednesday"
        if self.lower[j] in ("and", "dan", "&"):
            if following > j + 1 or self.lower[following] in self.lexicon.honorifics:
                return False  # "… and the State Migration Service" is a second body, "… and Dr. X" a person
            return not (other and other.type in ("ORG", "POLICY", "PROG")) and not self._is_head(following)
        if self.lower[j] == "in" and following > j + 1:
            return False  # "the Secretariat in the Prime Minister's Office"
        if self.lower[j] in ("in", "on", "for", "pada", "untuk"):
            return other is None or (other.type == "CATEGORY" and self.lower[j] in ("on", "for"))
        return other is None or other.type in ("PLACE", "CATEGORY", "NAME", "EVENT") or self._is_head(following)

    def _is_day(self, j: int) -> bool:
        """The name of a weekday or month."""
        return self.lower[j] in self.lexicon.weekdays or self.lower[j] in self.lexicon.months

    def _list_goes_on(self, j: int) -> bool:
        """A comma inside a name: "Labour, Invalids and …" — capitals up to an "and" with a capital behind it."""
        i = j + 1
        while i < len(self.words) and i - j < 5:
            if i in self.taken or self._is_head(i):
                return False
            if self.lower[i] in ("and", "dan"):
                return i > j + 1 and i + 1 < len(self.words) and self.capital[i + 1] and i + 1 not in self.taken
            if not (self.capital[i] or self.words[i] == ","):
                return False
            i += 1
        return False

    # -- posts (see `people`) ------------------------------------------------------------------------------------

    def _role_head(self, i: int) -> tuple[int, str] | None:
        found = phrase_at(self.lower, i, self.lexicon.lang, "roles")
        if found:
            if (
                found[1] in self.lexicon.verb_like
                and not self.capital[i]
                and (i == 0 or self.lower[i - 1] not in _DETERMINERS)
            ):
                return None
            return found
        if self.lower[i].endswith("s") and self.lexicon.lang == "en":
            single = (*self.lower[:i], self.lower[i][:-1], *self.lower[i + 1 :])
            plural = phrase_at(single, i, "en", "roles")
            return plural if plural and (self.capital[i] or plural[1] not in self.lexicon.verb_like) else None
        return None

    # -- events ----------------------------------------------------------------------------------------------------

    def events(self) -> Iterator[Mention]:
        """Event nouns with their determiner and modifiers: "a two-day national workshop", "this hybrid event"."""
        after = 0
        none = word_class(self.lexicon.lang, "no_events")
        for i in self._candidates("events"):
            if i < after or (i in self.taken and self.taken[i].type not in ("NAME", "CATEGORY")):
                continue
            found = phrase_at(self.lower, i, self.lexicon.lang, "events")
            if found is None or (i in self.taken and self.taken[i].type == "CATEGORY" and found[0] == 1):
                continue
            if " ".join(self.lower[max(0, i - 1) : i + 1]) in none or " ".join(self.lower[i : i + 2]) in none:
                continue
            length, code = self._compound(i, *found)
            last = i + length - 1
            first, determiner = self._determiner(i)
            modifiers = self.lower[first:i]
            if self.lexicon.lang == "id":
                last, determiner, modifiers = self._after_noun(last, determiner)
            noun = " ".join(self.lower[i : i + length])
            if self.lexicon.lang == "id" and modifiers and modifiers[0] in self.lexicon.ordinals:
                # "dua sesi pertama": the number stands before the noun, the ordinal behind it.
                last = max(last, i + length)
                if i > 0 and self.lower[i - 1] in self.lexicon.numbers:
                    first, modifiers = i - 1, (self.lower[i - 1], *modifiers)
            other = not word_class(self.lexicon.lang, "other").isdisjoint(modifiers)
            value = EventNoun(
                noun, code, determiner == "known" and not other, determiner == "new" or other,
                self._is_plural(noun, i), modifiers,
            )  # fmt: skip
            yield self.mention("EVENT", first, last, value)
            after = last + 1

    def _compound(self, i: int, length: int, code: str) -> tuple[int, str]:
        """Two nouns for one event: "launch meeting", "kegiatan diseminasi"; the one that tells more gives the type."""
        other = phrase_at(self.lower, i + length, self.lexicon.lang, "events") if i + length < len(self.lower) else None
        if other is None or i + length in self.taken:
            return length, code
        empty = other[1] if self.lexicon.lang == "en" else code
        if empty not in ("other", "meeting", "ceremony"):
            return length, code
        return length + other[0], code if self.lexicon.lang == "en" else other[1]

    # -- places ----------------------------------------------------------------------------------------------------

    def venues(self) -> Iterator[Mention]:
        """Where events are held, behind "at": "the Sunrise Hotel", "the port of Y"."""
        places = word_class(self.lexicon.lang, "place_words")
        for i, word in enumerate(self.lower):
            if word in places and i + 1 < len(self.words):
                first = i + 2 if self.lower[i + 1] == "the" else i + 1
                last = self._venue_end(first)
                if last is not None and last > first:
                    yield self.mention("PLACE", first, last)

    def _venue_end(self, first: int) -> int | None:
        heads = word_class(self.lexicon.lang, "venues")
        j, head, end = first, False, None
        while j < len(self.words) and j - first < _VENUE_LIMIT:
            if j in self.taken and self.taken[j].type in ("ORG", "POLICY", "PROG", "DATE", "QUOTE"):
                break
            if self.capital[j]:
                head = head or self.lower[j] in heads
                end = j
            elif self.lower[j] in heads and self.lower[j - 1] == "'s":
                return j  # "the Authority's headquarters"
            elif not (self.lower[j] in ("'s", "of", "the", "de", "&", "dan") and j > first):
                break
            j += 1
        if head:
            return end
        # "the immigration office in Y", "the port of Y"
        for j in range(first, min(first + 3, len(self.words) - 2)):
            if self.capital[j] or not self.words[j].isalpha():
                return None
            if self.lower[j] in heads:
                place = self.taken.get(j + 2)
                if self.lower[j + 1] in ("of", "in", "di") and place is not None and place.type == "PLACE":
                    return max(i for i, mention in self.taken.items() if mention is place)
                return None
        return None

    # -- determiners of events ---------------------------------------------------------------------------------------

    def _determiner(self, noun: int) -> tuple[int, str]:
        """Where the noun phrase starts, and whether it is new, known or bare."""
        j = noun - 1
        while j >= 0 and noun - j <= MODIFIER_LIMIT and (j not in self.taken or self.taken[j].type == "NUM"):
            word = self.lower[j]
            if word in _DETERMINERS:
                return j, _DETERMINERS[word]
            if (
                not word.replace("-", "").isalnum()
                or (word in LINKS and word not in ("and", "dan"))
                or word in ("to", "by", "with", "from", "at")
                or word in no_modifiers(self.lexicon.lang)
            ):
                break
            j -= 1
        return noun, "bare"

    def _after_noun(self, last: int, determiner: str) -> tuple[int, str, tuple[str, ...]]:
        """Indonesian puts adjectives and "this" behind the noun: "lokakarya hibrida ini"."""
        for j in range(last + 1, min(last + 4, len(self.words))):
            if self.lower[j] in ("ini", "tersebut", "itu"):
                return j, "known", self.lower[last + 1 : j]
            verb = self.lower[j].startswith(self.lexicon.words["verb_prefixes"])
            if j in self.taken or not self.words[j].isalpha() or self.capital[j] or verb:
                break
        return last, determiner, self.lower[last + 1 : last + 2]

    def _is_plural(self, noun: str, i: int) -> bool:
        if self.lexicon.lang == "id":
            return i > 0 and self.lower[i - 1] in word_class("id", "several")
        return noun.endswith("s") and not noun.endswith("ss")
