"""Names that the reference data hold, found by spaCy's PhraseMatcher."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import compress
from typing import Any

from migkg.extract.document import Document, pipeline
from migkg.extract.mention import Mention
from migkg.model import Span
from migkg.ontology import load_ontology
from migkg.reference import Name, Reference, normalise

_TYPE = {"ORG": "ORG", "PLACE": "PLACE", "POLICY": "POLICY", "PROGRAMME": "PROG"}
_STAKEHOLDERS = "https://w3id.org/migkg/scheme/stakeholders/"
_DATELINE_WEIGHT = 3
# The country of a text is named this many times as often as the next.
_LEAD = 1.5
_WORD = re.compile(r"\w+")


class NameMatchers:
    """Matchers of known names, which learn a name when its first word stands in a text.

    To tokenise all names takes longer than to read some hundred articles, and one article needs few of them. What is
    found is the same as if all had been learnt.

    :ivar any_case: for names of several words. :ivar as_printed: for single words and acronyms.
    :ivar unlearnt: first word → the forms of names that it begins, for either matcher.
    """

    def __init__(self, reference: Reference, lang: str) -> None:
        from spacy.matcher import PhraseMatcher

        nlp = pipeline(lang)
        self._tokenizer: Any = nlp.tokenizer
        self._strings = nlp.vocab.strings
        self.any_case = PhraseMatcher(nlp.vocab, attr="LOWER")
        self.as_printed = PhraseMatcher(nlp.vocab, attr="ORTH")
        self.unlearnt: dict[str, tuple[set[str], set[str]]] = {}
        self._seen: set[int] = set()
        for names in reference.names.values():
            for name in names:
                if mention_type(name) is None:
                    continue
                as_printed = name.acronym or (" " not in name.text and not _is_category(name))
                forms = {name.text}
                if as_printed:
                    forms |= {name.text.upper()} if len(name.text) > 4 else set()
                else:
                    forms |= {name.text.replace("'", "’")} | ({name.text + "s"} if _is_category(name) else set())
                for form in forms:
                    self.unlearnt.setdefault(_first(form.lower()), (set(), set()))[as_printed].add(form)

    def learn(self, text: str, docs: Iterable[Any]) -> None:
        """Learn the names that may stand in a text.

        :param docs: the spaCy Docs that it was read into.
        """
        # The tokenizer may split a word ("USD|OL"): it is looked for as a whole, and by its first token.
        words = set(_WORD.findall(text.lower()))
        for doc in docs:
            tokens = set(doc.to_array("LOWER").tolist()) - self._seen
            self._seen |= tokens
            words.update(_first(self._strings[token]) for token in tokens)
        self.add(words & self.unlearnt.keys())

    def add(self, words: Iterable[str]) -> None:
        """Learn the names that begin with these words, keys of `unlearnt`."""
        for word in sorted(words):  # nothing may hang on the hash seed
            for matcher, forms in zip((self.any_case, self.as_printed), self.unlearnt.pop(word), strict=True):
                if forms:
                    matcher.add("NAME", list(self._tokenizer.pipe(sorted(forms))))


def _first(text: str) -> str:
    """The word that a text begins with; "" for a text that begins with a sign."""
    match = _WORD.match(text)
    return match[0] if match else ""


@lru_cache(maxsize=8)
def _matchers(reference: Reference, lang: str) -> NameMatchers:
    return NameMatchers(reference, lang)


def mention_type(name: Name) -> str | None:
    """The mention type of what a name stands for; None for what is not looked up by name."""
    if _is_category(name):
        return "CATEGORY"
    if name.kind == "concept":
        return None
    return _TYPE.get(load_ontology().entities[name.kind].mention_type)


def _is_category(name: Name) -> bool:
    return name.iri.startswith(_STAKEHOLDERS)


def find_names(document: Document, reference: Reference) -> tuple[list[Mention], str | None]:
    """Mentions of known names, and the country that the document is about.

    A name that only identifies something within its country ("Ministry of Foreign Affairs") counts when that is the
    document's country.
    """
    matchers = _matchers(reference, document.lang)
    text = document.text
    found: dict[Span, tuple[Name, ...]] = {}
    matchers.learn(text, (doc for doc, *_ in document.docs))
    for doc, offset, _ in document.docs:
        for matcher in (matchers.any_case, matchers.as_printed):
            for _, start, end in matcher(doc):
                first, last = doc[start], doc[end - 1]
                span = Span(offset + first.idx, offset + last.idx + len(last.text))
                form = span.of(text)
                names = reference.lookup(form) or reference.lookup(form.removesuffix("s"))
                if names:
                    found[span] = names
    country = _country(document, reference, found)
    mentions = []
    for span, names in found.items():
        form = " ".join(span.of(text).split())
        known = tuple(name for name in names if _holds(name, form, reference, country))
        by_type: dict[str, list[Name]] = {}
        for name in known:
            kind = mention_type(name)
            if kind:
                by_type.setdefault(kind, []).append(name)
        mentions += [Mention(kind, span, form, tuple(group)) for kind, group in sorted(by_type.items())]
    return mentions, country


def _holds(name: Name, form: str, reference: Reference, country: str | None) -> bool:
    if name.local and reference.entities[name.iri].country != country:
        return False
    if name.acronym:
        return form == name.text or (form.isupper() and len(form) > 4)
    # A name in small letters throughout is a common noun ("central bank"); categories are common nouns, and
    # "sustainable development goals" are one agenda.
    return _is_category(name) or any(char.isupper() for char in form) or (name.kind == "agenda" and form.count(" ") > 1)


def _country(document: Document, reference: Reference, found: dict[Span, tuple[Name, ...]]) -> str | None:
    """The country that a text names most, its dateline counting for several."""
    counts: Counter[str] = Counter()
    dateline = document.dateline.place if document.dateline else None
    for span, names in found.items():
        for country in sorted({iri for name in names if not name.local for iri in countries(reference, name)}):
            counts[country] += _DATELINE_WEIGHT if dateline and dateline.holds(span) else 1
    if dateline:
        for part in _parts(dateline.of(document.text)):
            for name in reference.lookup(part):
                for home in countries(reference, name):
                    counts[home] += _DATELINE_WEIGHT
    capitals = Counter(word for sentence in document.sentences for word in compress(sentence.words, sentence.capital))
    for word, times in capitals.items():
        if people_of := reference.demonyms.get(normalise(word)):
            counts[people_of] += times
    ranked = sorted(counts, key=lambda iri: (-counts[iri], iri))
    if len(ranked) > 1 and counts[ranked[0]] < _LEAD * counts[ranked[1]]:
        return None  # two countries alike: names that hold in one of them only are not told apart
    return ranked[0] if ranked else None


def _parts(place: str) -> Iterable[str]:
    yield place
    yield from place.replace("/", ",").split(",")


def countries(reference: Reference, name: Name) -> tuple[str, ...]:
    """The countries that a name points to: of a place or of a national body."""
    known = reference.entities[name.iri]
    if known.kind == "country":
        return (known.iri,)
    return (known.country,) if known.country else ()
