"""The evidence gate for what a language model tells: words → mentions of the text → claims.

What a model says counts for nothing here but as a hint where to look. The span is the text's own; whatever fills a
role is a mention in the text, and goes through the same resolution as a mention of the rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice

from migkg.extract import Claims
from migkg.extract.claims import Claim, Post, Target, Unit
from migkg.extract.facts.rules import claimed_from, expand, is_denied, is_supposed
from migkg.extract.mention import Line, Mention
from migkg.extract.mentions import Reading
from migkg.extract.mentions.patterns import ActValue, DateValue, MoneyValue
from migkg.extract.mentions.phrases import RoleValue
from migkg.model import PartialDate, Ref, Span, Text, Value
from migkg.reference import Reference
from migkg.second.answers import Dropped, Told, complete
from migkg.second.kinds import Slot
from migkg.second.widen import mark, widen

# Type of mention → kind of entity that a mention which nobody knows becomes.
_KINDS = {
    "NAME": "person", "ORG": "organization", "PLACE": "place", "POLICY": "policy", "PROG": "programme",
    "EVENT": "event", "ROLE": "post", "OBJ": "concept",
}  # fmt: skip
_UNKNOWN = frozenset(_KINDS) - {"OBJ"}  # an objective is known by its number
_NOUNS = ("EVENT", "ROLE")  # a model copies more or fewer of the words around these nouns than the rules do
_LONGEST = 1500  # code points of evidence
_OFTEN = 50  # occurrences of one form that are looked at
_HALF = 0.5
_BRACKETS = re.compile(r"\s?\([^()]*\)$")


@dataclass(frozen=True, slots=True)
class Draft:
    """A fact whose words stand in the text."""

    told: Told
    span: Span
    sentence: Span


def occurrences(text: str, words: str, within: Span) -> Iterator[Span]:
    """Where words stand in a text, white space aside, and not inside other words."""
    parts = [re.escape(part) for part in words.split()]
    if not parts:
        return
    before = r"(?<!\w)" if words.split()[0][0].isalnum() else ""
    after = r"(?!\w)" if words.split()[-1][-1].isalnum() else ""
    for match in islice(re.finditer(before + r"\s+".join(parts) + after, text[within.start : within.end]), _OFTEN):
        yield Span(within.start + match.start(), within.start + match.end())


def stand(told: Told, part: Span, reading: Reading) -> Draft:
    """The evidence gate: a fact with the span of its words.

    :param part: of the text, which the model was given.
    :raises Dropped: when its quotation or what fills a role is not in the text, or the text does not assert it.
    """
    document = reading.document
    if len(told.evidence.split()) < 2:
        raise Dropped("quotation-too-short")
    if len(told.evidence) > _LONGEST:
        raise Dropped("quotation-too-long")
    span = next(occurrences(document.text, told.evidence, part), None)
    if span is None:
        raise Dropped("quotation-not-in-text")
    sentence = document.sentence_at(span.start).span.join(document.sentence_at(span.end - 1).span).join(span)
    draft = Draft(told, span, sentence)
    everywhere = Span(0, len(document.text))
    here = False
    for slot in told.kind.roles:
        for value in told.values.get(slot.name, ()):
            if next(occurrences(document.text, value, everywhere), None) is None:
                raise Dropped("role-not-in-text")
            inside = list(occurrences(document.text, value, sentence))
            here = here or bool(inside)
            if inside and not told.kind.spoken and all(_only_said(found, reading) for found in inside):
                raise Dropped("not-asserted")
    if not here:
        raise Dropped("quotation-names-nobody")
    if not told.kind.spoken and not _asserted(draft, reading):
        raise Dropped("not-asserted")
    return draft


def _line_at(offset: int, reading: Reading) -> Line:
    return reading.lines[reading.document.sentence_at(offset).index]


def _offsets(line: Line, span: Span) -> tuple[int, int] | None:
    """Where a span stands in a line's text; None when it does not."""
    inside = [i for i, (item, _) in enumerate(line.items) if item.overlaps(span)]
    if not inside:
        return None
    ends = (*line.offsets[1:], len(line.text))
    return line.offsets[inside[0]], ends[inside[-1]]


def _only_said(span: Span, reading: Reading) -> bool:
    """Whether words stand in a quotation or in a reported clause."""
    if any(quote.holds(span) for quote in reading.document.quotes):
        return True
    line = _line_at(span.start, reading)
    offsets = _offsets(line, span)
    return offsets is not None and offsets[1] > claimed_from(line, reading.document.lang)


def _asserted(draft: Draft, reading: Reading) -> bool:
    first, last = (reading.document.sentence_at(at).index for at in (draft.span.start, draft.span.end - 1))
    for line in reading.lines[first : last + 1]:
        offsets = _offsets(line, draft.span)
        if offsets is None:
            continue
        end = min(offsets[1], claimed_from(line, reading.document.lang))
        if is_supposed(line) or is_denied(line.text[:end], offsets[0], reading.lexicon):
            return False
    return True


# -- mentions ----------------------------------------------------------------------------------------------------------


def kinds_of(mention: Mention, reading: Reading) -> frozenset[str]:
    """The kinds of entities that a mention may stand for."""
    mention = reading.aliases.get(mention.text, mention)
    if isinstance(mention.value, tuple):
        kinds = {composite.kind for composite in mention.value}
        return frozenset("unit" if kind == "office" else "igo" if kind == "country-team" else kind for kind in kinds)
    if isinstance(mention.value, ActValue):
        return frozenset({"law"})
    known = frozenset(name.kind for name in mention.names)
    return known or frozenset({_KINDS[mention.type]} if mention.type in _KINDS else ())


def find(value: str, slot: Slot, draft: Draft, reading: Reading) -> Mention | None:
    """The mention that a model means by some words: one that may fill the slot, as near to the evidence as there is."""
    document = reading.document
    found = occurrences(document.text, value, Span(0, len(document.text)))
    for span in sorted(found, key=lambda span: _distance(span, draft)):
        index = document.sentence_at(span.start).index
        best, most = None, 0.0
        for mention in (*reading.lines[index].mentions, *reading.inner.get(index, ())):
            if mention.span.overlaps(span) and _may_fill(mention, slot, reading):
                quality = _likeness(mention, span, document.text)
                if quality > most:
                    best, most = mention, quality
        if best is not None:
            return best
    return None


def _may_fill(mention: Mention, slot: Slot, reading: Reading) -> bool:
    """A title names a post only where nothing but a post is meant; elsewhere it names who holds it."""
    return bool(slot.kinds & kinds_of(mention, reading)) and (mention.type != "ROLE" or len(slot.kinds) == 1)


def _distance(span: Span, draft: Draft) -> tuple[int, int]:
    """Inside the evidence first, then in its sentences, then before them, then behind."""
    if draft.span.holds(span):
        return 0, span.start
    if draft.sentence.holds(span):
        return 1, span.start
    if span.end <= draft.sentence.start:
        return 2, draft.sentence.start - span.end
    return 3, span.start


def _likeness(mention: Mention, span: Span, text: str) -> float:
    """How surely a mention is what some words mean: 2 for the same name; 0 for one that merely touches them."""
    if _core(mention.span.of(text)) == _core(span.of(text)) or _core(mention.text) == _core(span.of(text)):
        return 2.0
    shared = min(mention.span.end, span.end) - max(mention.span.start, span.start)
    share = shared / (max(mention.span.end, span.end) - min(mention.span.start, span.start))
    return 1 + share if mention.type in _NOUNS else share if share >= _HALF else 0.0


def _core(words: str) -> str:
    """A name without its article and without a short form in brackets behind it."""
    return " ".join(_BRACKETS.sub("", words).casefold().removeprefix("the ").split())


def marks(drafts: Iterable[Draft], reading: Reading, reader: str) -> dict[str, list[Mention]]:
    """Words that are no mention which may fill their roles → mentions, where those roles leave one type."""
    document = reading.document
    types: dict[str, frozenset[str]] = {}
    known: dict[str, bool] = {}
    for draft in drafts:
        for slot in draft.told.kind.roles:
            allowed = frozenset(type_ for type_ in _UNKNOWN if _KINDS[type_] in slot.kinds)
            if len(allowed) > 1:
                # Where bodies may stand too, only a place that is known is meant; for posts see `_may_fill`.
                allowed -= {"PLACE", "ROLE"}
            for value in draft.told.values.get(slot.name, ()):
                types[value] = types.get(value, _UNKNOWN) & allowed
                mention = find(value, slot, draft, reading)
                known[value] = known.get(value, True) and mention is not None
    found: dict[str, list[Mention]] = {}
    for value, left in types.items():
        if not known[value] and len(left) == 1:
            spans = occurrences(document.text, value, Span(0, len(document.text)))
            marked = [mark(min(left), span, reading, reader) for span in spans]
            found[value] = [mention for mention in marked if mention is not None]
    return found


# -- claims ------------------------------------------------------------------------------------------------------------


def ground(
    drafts: Iterable[Draft], claims: Claims, reference: Reference, reader: str, rule: str
) -> tuple[Claims, list[tuple[Told, str, str]]]:
    """Add the claims that drafts come to.

    :returns: with what was left out: the fact, the reason, and the name of the qualifier where only that is missing.
    """
    listed = list(drafts)
    marked = marks(listed, claims.reading, reader)
    wide = widen(claims, (mention for mentions in marked.values() for mention in mentions), reference)
    made: list[Claim] = []
    lost: list[tuple[Told, str, str]] = []
    for draft in listed:
        try:
            claim, missing = _claim(draft, wide, marked)
        except Dropped as dropped:
            lost.append((draft.told, dropped.reason, ""))
            continue
        made.append(replace(claim, reader=reader, rule=rule))
        lost += [(draft.told, "qualifier", name) for name in missing]
    return replace(wide, claims=(*wide.claims, *made)), lost


def _claim(draft: Draft, claims: Claims, marked: Mapping[str, list[Mention]]) -> tuple[Claim, list[str]]:
    told = draft.told
    roles: dict[str, tuple[Target, ...]] = {}
    for slot in told.kind.roles:
        targets = tuple(
            target
            for value in told.values.get(slot.name, ())
            for target in _targets(value, slot, draft, claims, marked.get(value, []))
        )
        if targets:
            roles[slot.name] = tuple(dict.fromkeys(targets))
    for slot in told.kind.roles:
        if slot.unlike and set(roles.get(slot.name, ())) & set(roles.get(slot.unlike, ())):
            raise Dropped("incomplete")
    roles |= _post(roles, claims)
    qualifiers, missing = _qualifiers(draft, claims)
    if not complete(told.kind, {**roles, **qualifiers}):
        raise Dropped("incomplete")
    return Claim(told.kind.name, roles, draft.span, draft.sentence, "", qualifiers), missing


def _targets(value: str, slot: Slot, draft: Draft, claims: Claims, marked: list[Mention]) -> tuple[Target, ...]:
    # A mention that was marked may clash with one of the rules; it is what its role asks for all the same.
    mention = min(marked, key=lambda mention: _distance(mention.span, draft), default=None)
    mention = mention or find(value, slot, draft, claims.reading)
    targets = expand(mention, claims.events) if mention is not None else ()
    if mention is not None and mention.type == "EVENT":
        # Several workshops are not one event; a fact about them all is about none.
        targets = targets if not any(claims.events.all[key].plural for key in claims.events.keys(mention)) else ()
    if not targets:
        raise Dropped("role-not-recognised")
    return targets


def _post(roles: Mapping[str, tuple[Target, ...]], claims: Claims) -> dict[str, tuple[Target, ...]]:
    """A post is somewhere, and may be the head of a unit, as `facts.people` has it."""
    found: dict[str, tuple[Target, ...]] = {}
    lexicon = claims.reading.lexicon
    heads = {lexicon.role_heads[head] for head in lexicon.headed}
    body = next(iter(roles.get("organization", ())), None)
    for name, targets in roles.items():
        titles = [target for target in targets if isinstance(target, Mention) and target.type == "ROLE"]
        if not titles:
            continue
        value = titles[0].value
        if isinstance(body, Mention) and isinstance(value, RoleValue) and value.complement and value.head in heads:
            body = Unit(titles[0], body)
            found["organization"] = (body,)
        found[name] = tuple(Post(title, body) for title in titles) if body is not None else ()
    return found


# -- qualifiers --------------------------------------------------------------------------------------------------------


def _qualifiers(draft: Draft, claims: Claims) -> tuple[dict[str, tuple[Value, ...]], list[str]]:
    """The qualifiers whose words, or whose values, are in the text; and the names of those that are not."""
    found: dict[str, tuple[Value, ...]] = {}
    missing: list[str] = []
    for slot in draft.told.kind.slots.values():
        told = draft.told.values.get(slot.name, ())
        if slot.form == "thing" or not told:
            continue
        if slot.form == "sum":
            money = [value for words in told[:1] if (value := _money(words, draft, claims.reading))]
            found |= {name: (v,) for one in money for name, v in ((slot.name, one.amount), ("currency", one.currency))}
            missing += [] if money else [slot.name]
            continue
        values = [_value(words, slot, draft, claims.reading) for words in (told if slot.several else told[:1])]
        kept = tuple(value for value in values if value is not None)
        missing += [slot.name] if len(kept) < len(told) else []
        if kept:
            found[slot.name] = kept
    start, end = (found.get(name, (None,))[0] for name in ("start", "end"))
    if isinstance(start, PartialDate) and isinstance(end, PartialDate):
        shorter = min(len(str(start)), len(str(end)))
        if str(end)[:shorter] < str(start)[:shorter]:
            del found["end"]
            missing.append("end")
    return found, missing


def _value(words: str, slot: Slot, draft: Draft, reading: Reading) -> Value | None:
    text = reading.document.text
    if slot.form == "choice":
        names = {name.casefold(): iri for name, iri in slot.choices.items()}
        return Ref(names[words.casefold()]) if words.casefold() in names else None
    if slot.form == "text":
        span = next(occurrences(text, words, draft.span), None)
        return Text(" ".join(span.of(text).split()), reading.document.lang) if span else None
    if slot.form == "word":
        fits = slot.pattern is None or re.search(slot.pattern, words, re.IGNORECASE) is not None
        return words if fits and any(occurrences(text, words, draft.sentence)) else None
    if slot.form == "date":
        return _date(words, draft, reading, last=slot.name == "end")
    number = next((m.value for m in _near(words, "NUM", draft, reading)), None)
    return int(number) if number is not None else None


def _near(words: str, type_: str, draft: Draft, reading: Reading) -> Iterator[Mention]:
    """Mentions of a type that some words touch, those nearest to the evidence first."""
    found = occurrences(reading.document.text, words, Span(0, len(reading.document.text)))
    for span in sorted(found, key=lambda span: _distance(span, draft)):
        for mention in _line_at(span.start, reading).mentions:
            if mention.type == type_ and mention.span.overlaps(span):
                yield mention


def _date(words: str, draft: Draft, reading: Reading, *, last: bool) -> PartialDate | None:
    """A date by its words, or by its value where the text holds a date of that value."""
    year = reading.year

    def dates(value: DateValue) -> tuple[PartialDate | None, PartialDate | None]:
        return value.start(year), value.end(year)

    for mention in _near(words, "DATE", draft, reading):
        start, end = dates(mention.value)
        return end or start if last else start
    try:
        told = PartialDate.parse(words)
    except ValueError:
        return None
    stated = (m.value for line in reading.lines for m in line.mentions if m.type == "DATE")
    return told if any(told in dates(value) for value in stated) else None


def _money(words: str, draft: Draft, reading: Reading) -> MoneyValue | None:
    for mention in _near(words, "MONEY", draft, reading):
        value: MoneyValue = mention.value
        return value if isinstance(value.amount, Decimal) else None
    return None
