"""Names that the reference data hold, found by spaCy's PhraseMatcher."""

from __future__ import annotations

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


@lru_cache(maxsize=8)
def _matchers(reference: Reference, lang: str) -> tuple[Any, Any]:
    """One matcher for names of several words in any case, one for single words and acronyms as printed."""
    from spacy.matcher import PhraseMatcher

    nlp = pipeline(lang)
    tokenizer: Any = nlp.tokenizer
    any_case = PhraseMatcher(nlp.vocab, attr="LOWER")
    as_printed = PhraseMatcher(nlp.vocab, attr="ORTH")
    long: set[str] = set()
    short: set[str] = set()
    for names in reference.names.values():
        for name in names:
            if mention_type(name) is None:
                continue
            if name.acronym or (" " not in name.text and not _is_category(name)):
                short.update({name.text, name.text.upper()} if len(name.text) > 4 else {name.text})
            else:
                long.add(name.text.replace("'", "’"))
                long.add(name.text)
                if _is_category(name):
                    long.add(name.text + "s")
    # Sorted: the order of rules must not hang on the hash seed.
    any_case.add("NAME", list(tokenizer.pipe(sorted(long))))
    as_printed.add("NAME", list(tokenizer.pipe(sorted(short))))
    return any_case, as_printed


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
    any_case, as_printed = _matchers(reference, document.lang)
    text = document.text
    found: dict[Span, tuple[Name, ...]] = {}
    for doc, offset, _ in document.docs:
        for matcher in (any_case, as_printed):
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
