"""Document → mentions: what the reference data know, what has a form of its own, what capitals and head nouns tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from migkg.extract.document import Document, Sentence
from migkg.extract.lexicon import Lexicon
from migkg.extract.mention import Line, Mention, select
from migkg.extract.mentions.acronyms import is_short_form
from migkg.extract.mentions.authority import find_names
from migkg.extract.mentions.compose import compose
from migkg.extract.mentions.dating import document_date, document_year
from migkg.extract.mentions.fold import fold_people
from migkg.extract.mentions.indonesian import IndonesianChunker
from migkg.extract.mentions.patterns import (
    find_acts,
    find_dates,
    find_figures,
    find_objectives,
    find_programmes,
)
from migkg.extract.mentions.people import PeopleChunker
from migkg.extract.mentions.titles import Titles, again, is_fund, may_name
from migkg.model import PartialDate, Span
from migkg.reference import Reference

_CHUNKERS: Mapping[str, type[PeopleChunker]] = {"en": PeopleChunker, "id": IndonesianChunker}
_DIGIT = re.compile(r"\d")
_COMPACT = re.compile(r"\bGCM\b|\bGlobal Compact (?:for|on|of) |\bKesepakatan Global\b")
_NAMED = ("ORG", "POLICY", "PROG")
_SHORT_FORM = re.compile(r"\s?\((?:the |or |disingkat )?[“\"']?(?P<short>[A-Z][\w&./-]{1,14})[”\"']?\)")


@dataclass(frozen=True, slots=True)
class Reading:
    """A document with its mentions.

    :param lines: one a sentence, quotations closed; `inner`: sentence index → the mentions inside its quotations.
    :param people: the lines with each person's phrase as one symbol, see `fold`.
    :param country: IRI of the country that the document is about.
    :param date: of the article; `year`: that dates without one fall in.
    :param aliases: short form defined in the text → the mention that it stands for.
    """

    document: Document
    lexicon: Lexicon
    reference: Reference
    lines: tuple[Line, ...]
    people: tuple[Line, ...]
    inner: Mapping[int, tuple[Mention, ...]]
    country: str | None
    aliases: Mapping[str, Mention]
    date: PartialDate | None
    year: int | None


def read_mentions(
    document: Document, lexicon: Lexicon, reference: Reference, more: Iterable[Mention] = ()
) -> Reading:
    """Find the mentions of a document.

    :param more: those of other readers than the rules; a run of capitals that may be a name gives way to one.
    """
    text = document.text
    names, country = find_names(document, reference)
    compact = _COMPACT.search(text) is not None
    quotes = [Mention("QUOTE", span, span.of(text)) for span in document.quotes]
    by_sentence = _by_sentence(document, [*names, *quotes])
    beside = _by_sentence(document, list(more))
    chosen: dict[int, tuple[Mention, ...]] = {}
    for sentence in document.sentences:
        found = _find(sentence, document, lexicon, by_sentence[sentence.index], compact=compact)
        if more_here := beside[sentence.index]:
            kept = (m for m in found if m.type != "NAME" or not any(other.span.overlaps(m.span) for other in more_here))
            found = tuple(sorted((*kept, *more_here), key=lambda m: (m.type != "QUOTE", m.span)))
        chosen[sentence.index] = found
    aliases = _aliases(text, chosen)
    if aliases:
        chosen = {index: _with_aliases(document.sentences[index], found, aliases) for index, found in chosen.items()}
    shorter = _shortened(chosen)
    aliases = {**shorter, **aliases}
    parts = {
        word for mentions in chosen.values() for m in mentions if m.type == "NAME" and " " in m.text
        for word in m.text.split() if len(word) > 2 and word[0].isupper()
    }  # fmt: skip
    if parts:
        chosen = {index: _with_short_names(document.sentences[index], found, parts) for index, found in chosen.items()}
    chosen = _with_anaphora(document, lexicon, chosen)
    lines, inner = _compose(document, lexicon, chosen)
    built = _aliases_of_composites(lines)
    if built:
        aliases = {**built, **aliases}
        chosen = {index: _with_aliases(document.sentences[index], found, built) for index, found in chosen.items()}
        lines, inner = _compose(document, lexicon, chosen)
    people = tuple(fold_people(line, lexicon.lang) for line in lines)
    date = document_date(document, lexicon)
    year = document_year(date, text, lines)
    return Reading(document, lexicon, reference, lines, people, inner, country, aliases, date, year)


def _compose(
    document: Document, lexicon: Lexicon, chosen: Mapping[int, tuple[Mention, ...]]
) -> tuple[tuple[Line, ...], dict[int, tuple[Mention, ...]]]:
    lines, inner = [], {}
    for sentence in document.sentences:
        outside, inside = _split(chosen[sentence.index])
        lines.append(compose(sentence, outside, lexicon, document.text))
        if inside:
            inner[sentence.index] = compose(sentence, inside, lexicon, document.text).mentions
    return tuple(lines), inner


def _by_sentence(document: Document, mentions: list[Mention]) -> list[list[Mention]]:
    groups: list[list[Mention]] = [[] for _ in document.sentences]
    for mention in mentions:
        sentence = document.sentence_at(mention.span.start)
        if sentence.span.holds(mention.span):
            groups[sentence.index].append(mention)
    return groups


def _find(
    sentence: Sentence, document: Document, lexicon: Lexicon, known: list[Mention], *, compact: bool
) -> tuple[Mention, ...]:
    text = document.text
    chunker = _CHUNKERS[lexicon.lang](sentence, lexicon, text)
    patterned = [*find_programmes(text, sentence.span), *chunker.number_words()]
    if _DIGIT.search(text, sentence.span.start, sentence.span.end):
        patterned += find_dates(text, sentence.span, lexicon)
        patterned += find_acts(text, sentence.span)
        patterned += find_objectives(text, sentence.span, compact=compact)
        patterned += find_figures(text, sentence.span)
    given = [mention for mention in known if mention.type != "QUOTE"]
    quotes = sorted((mention for mention in known if mention.type == "QUOTE"), key=lambda mention: mention.span)
    # Longer chunks may swallow known names ("Manpower Department of Central Java"), so all compete at once.
    found = _select_apart([*given, *patterned], quotes)
    chunker.know(found)
    bodies = tuple(chunker.organizations())
    if may_name(sentence, lexicon.lang):
        bodies += tuple(Titles(sentence, lexicon, text, select([*found, *bodies])).find())
    for chunks in (lambda: bodies, chunker.roles, chunker.venues):
        if more := tuple(chunks()):
            found = _select_apart([*found, *more], quotes)
            chunker.know(found)
    people = () if sentence.kind == "title" else tuple(chunker.names())
    if more := (*people, *chunker.events()):
        found = _select_apart([*found, *more], quotes)
    return (*quotes, *found)


def _select_apart(mentions: list[Mention], quotes: list[Mention]) -> tuple[Mention, ...]:
    """Select within quotations and outside them apart: no mention crosses a quotation mark."""
    if not quotes:
        return select(mentions)
    return select(m for m in mentions if not any(q.span.overlaps(m.span) and not q.span.holds(m.span) for q in quotes))


def _split(mentions: tuple[Mention, ...]) -> tuple[tuple[Mention, ...], tuple[Mention, ...]]:
    quotes = [m for m in mentions if m.type == "QUOTE"]
    if not quotes:
        return tuple(sorted(mentions, key=lambda m: m.span)), ()
    inside = [m for m in mentions if m.type != "QUOTE" and any(q.span.holds(m.span) for q in quotes)]
    outside = [m for m in mentions if m.type == "QUOTE" or m not in inside]
    return tuple(sorted(outside, key=lambda m: m.span)), tuple(sorted(inside, key=lambda m: m.span))


# -- short forms ------------------------------------------------------------------------------------------------------


def _aliases(text: str, chosen: Mapping[int, tuple[Mention, ...]]) -> dict[str, Mention]:
    """Short forms in brackets behind a name."""
    aliases: dict[str, Mention] = {}
    for found in chosen.values():
        for mention in found:
            if mention.type not in ("ORG", "POLICY", "PROG", "EVENT"):
                continue
            match = _SHORT_FORM.match(text, mention.span.end)
            if match and match["short"] not in aliases and is_short_form(match["short"], mention.text):
                aliases[match["short"]] = mention
    return aliases


def _shortened(chosen: Mapping[int, tuple[Mention, ...]]) -> dict[str, Mention]:
    """Names of which the text also prints a longer form: "Steering Committee" for "PROMISE Steering Committee"."""
    found: dict[tuple[str, str], Mention] = {}
    for mentions in chosen.values():
        for mention in mentions:
            if mention.type in _NAMED:
                found.setdefault((mention.type, mention.text), mention)
    shortened = {}
    for (kind, text), mention in found.items():
        if mention.names or mention.value is not None or " " not in text:
            continue
        longer = {
            other for (type_, long), other in found.items()
            if type_ == kind and (long.startswith(text + " ") or long.endswith(" " + text))
        }  # fmt: skip
        if len(longer) == 1:
            shortened[text] = longer.pop()
    return shortened


def _aliases_of_composites(lines: Iterable[Line]) -> dict[str, Mention]:
    """ "National Action Plan (NAP) of the Global Compact": the short form stands inside the name."""
    aliases: dict[str, Mention] = {}
    for line in lines:
        for mention in line.mentions:
            if isinstance(mention.value, tuple) and len(mention.value) == 1:
                for match in _SHORT_FORM.finditer(mention.text):
                    # At the very end it belongs to the part that stands there ("… of the Global Compact (GCM)").
                    if match.end() < len(mention.text) and is_short_form(match["short"], mention.text[: match.start()]):
                        aliases.setdefault(match["short"], mention)
    return aliases


def _with_aliases(
    sentence: Sentence, found: tuple[Mention, ...], aliases: Mapping[str, Mention]
) -> tuple[Mention, ...]:
    extra = []
    if aliases.keys().isdisjoint(sentence.words):
        return found
    for word, start, end in zip(sentence.words, sentence.starts, sentence.ends, strict=True):
        long = aliases.get(word)
        if long is not None and not long.span.holds(Span(start, end)):
            extra.append(Mention(long.type, Span(start, end), word, long.names, value=long.value, reader=long.reader))
    if not extra:
        return found
    quotes = [m for m in found if m.type == "QUOTE"]
    # What the text defines goes before what the reference data know by the same letters.
    spans = {m.span for m in extra}
    kept = [m for m in found if m.type != "QUOTE" and m.span not in spans]
    return (*quotes, *select([*extra, *kept]))


def _with_anaphora(
    document: Document, lexicon: Lexicon, chosen: Mapping[int, tuple[Mention, ...]]
) -> dict[int, tuple[Mention, ...]]:
    """ "The project" is the programme that was named last."""
    last: Mention | None = None
    extended = dict(chosen)
    for sentence in document.sentences:
        found = chosen[sentence.index]
        if sentence.kind == "body":
            extra = list(again(sentence, lexicon, found, last))
            if extra:
                extended[sentence.index] = (*found, *extra)
            named = [m for m in found if m.type == "PROG" and not is_fund(m)]
            last = named[-1] if named else last
    return extended


def _with_short_names(sentence: Sentence, found: tuple[Mention, ...], parts: set[str]) -> tuple[Mention, ...]:
    """A single capitalised word that is part of a full name met elsewhere is a short mention of that person."""
    if sentence.kind == "title" or parts.isdisjoint(sentence.words):
        return found
    extra = [
        Mention("NAME", Span(start, end), word, value="short")
        for word, start, end in zip(sentence.words, sentence.starts, sentence.ends, strict=True)
        if word in parts and not any(m.type != "QUOTE" and m.span.start <= start < m.span.end for m in found)
    ]
    # "Minister Sari": the post does not make one word a full name.
    found = tuple(
        replace(m, value="short") if m.type == "NAME" and m.text in parts and m.value is None else m for m in found
    )
    return (*found, *extra) if extra else found
