"""Whatever a language model answers: nothing breaks, and what becomes a fact stands in the text and fits its shape."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from migkg import rdf
from migkg.model import Span
from migkg.reference import load_reference
from migkg.resolve import resolve
from migkg.second.answers import Dropped, parse, read_told, shown
from migkg.second.chat import parts
from migkg.second.ground import ground, kinds_of, occurrences, stand
from migkg.second.kinds import Slot, load_kinds
from migkg.validate import validate
from sentences import claims

TEXT = (
    "Crews meet in Bandung\n\n"
    "Bandung – On 3 and 4 May 2021, UNODC and the Harbour Ministry of Kenya held a workshop on the Global Compact for "
    "Migration. Mira Sand, Director of the Crew Office, opened it. “Fair fees keep crews safe,” said Sand.\n\n"
    "The European Union gave USD 250,000 for the PROMISE programme, which UNODC (45 staff) implements with the ILO. "
    "Kenya is a champion country of the GCM, and IOM Kenya signed the Crew Agreement at a second forum in Nairobi."
)
READING = claims(TEXT).reading
MENTIONS = [mention for line in READING.lines for mention in line.mentions]
SENTENCES = [line.sentence.span.of(TEXT) for line in READING.lines]
WORDS = TEXT.split()
_FORMS = {"date": "DATE", "count": "NUM", "sum": "MONEY"}

_any = st.one_of(
    st.sampled_from(WORDS), st.text(max_size=8), st.lists(st.sampled_from(WORDS), max_size=3), st.integers(), st.none()
)


def fitting(slot: Slot) -> st.SearchStrategy[Any]:
    """What a good model fills a slot with."""
    if slot.form == "choice":
        return st.sampled_from(sorted(slot.choices))
    if slot.form in ("text", "word"):
        return st.sampled_from([*SENTENCES, *WORDS])
    kinds = [(mention, kinds_of(mention, READING)) for mention in MENTIONS]
    words = [m.span.of(TEXT) for m, of in kinds if of & slot.kinds or m.type == _FORMS.get(slot.form)]
    return st.lists(st.sampled_from(words or WORDS), min_size=1, max_size=2)


@st.composite
def told(draw: st.DrawFn) -> Any:
    """A fact of some kind with all that it needs, most of it well filled, with the sentence of one of its names."""
    kind = load_kinds()[draw(st.sampled_from(sorted(load_kinds())))]
    values: dict[str, Any] = {}
    for slot in kind.slots.values():
        if slot.required or draw(st.booleans()):
            values[slot.name] = draw(_any if draw(st.integers(0, 9)) == 0 else fitting(slot))
    names = [name for value in values.values() if isinstance(value, list) for name in value]
    near = [sentence for sentence in SENTENCES if any(name in sentence for name in names)]
    evidence = draw(st.sampled_from(near or SENTENCES) if draw(st.integers(0, 9)) else st.text(max_size=9))
    return {"kind": kind.name, "evidence": evidence, **values}


_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | st.just("kind"), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=60)
@given(st.lists(st.one_of(told(), told(), told(), _json), max_size=12))
def test_facts_stand_in_the_text_and_fit_their_shapes(answer: list[Any]) -> None:
    found = claims(TEXT)
    part = next(parts(found.reading.document))
    drafts = []
    for raw in parse(json.dumps({"facts": answer})):
        assert shown(raw).isprintable()
        try:
            drafts.append(stand(read_told(raw, "here"), part, found.reading))
        except Dropped:
            continue
    done, _ = ground(drafts, found, load_reference(), "llm:x", "prompt.x")
    extraction = resolve(done, load_reference())
    for claim in done.claims:
        assert claim.span.of(TEXT).strip()
        assert claim.sentence.holds(claim.span)
        assert claim.roles.keys() <= {slot.name for slot in load_kinds()[claim.kind].roles}
    if len(done.claims) > len(found.claims):
        lines = [*rdf.graph_lines(extraction, load_reference()), *rdf.context_lines(extraction, load_reference())]
        assert [f for f in validate(rdf.ntriples(lines)).findings if f.severity == "violation"] == []


@given(st.text(max_size=40), st.text(max_size=5))
def test_words_are_found_as_they_stand(text: str, words: str) -> None:
    if not text:
        return
    for span in occurrences(text, words, Span(0, len(text))):
        assert span.of(text).split() == words.split()


@given(st.text(max_size=60))
def test_any_answer_is_read_or_refused(content: str) -> None:
    for wrapped in (content, f"```json\n{content}\n```", f'{{"facts": {content}}}', f'{{"facts": [{content}'):
        try:
            assert isinstance(parse(wrapped), list)
        except ValueError:
            continue
