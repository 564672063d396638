"""Whatever the text: extraction and resolution never fail, point into the text, and give the same answer again."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from migkg.extract import Claims, extract
from migkg.extract.facts import RULES
from migkg.model import Extraction, Ref, Text
from migkg.ontology import load_ontology
from migkg.reference import load_reference
from migkg.resolve import resolve
from sentences import article, claims, document, facts

LANGS = st.sampled_from(["en", "id"])
# What an IRI may hold (RFC 3987) and nothing that a Turtle writer would have to escape.
IRI = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+")

FRAGMENTS = {
    "en": (
        "Jakarta – ", "Geneva/New York, 3 May — ", "UNODC", "the ILO", "IOM Kenya", "the Ministry of Foreign Affairs",
        "(MOFA)", "of Indonesia", "the Harbour Workers Alliance (HWA)", "HWA", "Rina Sari", "Ms. Sari",
        "Rina van der Klaauw", "H.E.", "Director of Training", "Head of Office at", ", Chief of Mission,", "held",
        "has organised", "a workshop", "the workshop", "this event", "another training", "several consultations",
        "three sessions", "was divided into", "the first session", "the last two sessions", "discussed",
        "GCM Objective 7 (data)", "GCM objectives no 5 and 7", "SDG 10.7", "Law No. 18 of 2017",
        "the Global Compact for Migration", "the MGI profile of Kenya", "the National Action Plan for the GCM",
        "on 3 May 2021", "30 May to 2 June", "since 2019", "Monday (12/06/2024)", "29 February 2023", "in Bandung",
        "in Nairobi, Kenya", "by", "was funded by", "was opened by", "together with", "and", "and the", ",", ".", "!",
        "?", ";", ":", "US$5 million", "45 participants", "from academia and diasporas", "in-person", "said",
        "she said", "stressed that", "according to", "“", "”", '"', "‘", "’", "“We need data from every ministry,”",
        "project “Safe Roads”", "signed", "ratified", "is part of", "partnered with", "prior to", "launched", "\n",
        "\n\n", "•", "Home", "Share this:",
    ),
    "id": (
        "Jakarta – ", "Jakarta, Rabu (12/06/2024) – ", "UNODC", "ILO", "Kementerian Luar Negeri", "(Kemlu)",
        "Aliansi Pekerja Pelabuhan (APP)", "APP", "Rina Sari", "Bapak Budi", "Dr. Rina Sari, S.H.,",
        "Direktur Pelatihan", "Koordinator Proyek", "selaku", "Duta Besar", "menggelar", "telah menyelenggarakan",
        "lokakarya", "lokakarya ini", "kegiatan tersebut", "dua pelatihan", "dibagi menjadi", "tiga sesi",
        "sesi pertama", "sesi terakhir", "membahas", "Tujuan 7 GCM", "TPB 10.7", "UU No. 18 Tahun 2017",
        "Perpres 22/2021", "profil MGI Kenya", "RAN GCM", "pada Senin, 3 Mei 2021", "20 s.d. 21 Juni 2023",
        "sejak 2019", "di Bandung", "di Kenya", "oleh", "bersama", "dan", "serta", ",", ".", "!", "?",
        "Rp1.500.000,50", "45 peserta", "dari akademisi dan diaspora", "ujar", "katanya", "menegaskan bahwa",
        "menurut", "“", "”", '"', "“Kami butuh data dari setiap kementerian,”", "merupakan bagian dari",
        "didanai oleh", "dibuka oleh", "sebelum", "diluncurkan", "\n", "\n\n", "•", "Beranda",
    ),
}  # fmt: skip
# What scanning, copying from PDF and other scripts leave behind.
NOISE = (
    "\u00a0", "\u200b", "\u00ad", "\ufeff", "\u2028", "\u0301", "\t", "ﬁ", "é", "ß", "İ", "ı", "Ǆ", "漢字", "العربية",
    "हिन्दी", "😀", "👩‍👩‍👧", "|", "¦", "~", "^", "_", "\\", "<b>", "&amp;", "{", "}", "[", "]", "(", ")", "%", "#", "@",
    "*", "$", "€", "0", "1l0O", "rn", "...", "…", "--", "—", "O B J E C T I V E", "wor\u00adkshop", "UN0DC",
    "Rina\u00a0Sari", "3\u00a0May", "٣", "½", "²", "ORG0", "NAME1 ", "QUOTE0", "A" * 60,
)  # fmt: skip


# Sentences that state something, one or more for each rule.
STATING = {lang: tuple(text for rule in RULES if rule.lang == lang for text, _ in rule.good) for lang in FRAGMENTS}
# Qualifiers that give words of the text.
PRINTED = ("quotation", "title", "theme", "asPrinted", "text", "weekday")


def texts(lang: str) -> st.SearchStrategy[str]:
    pieces = st.one_of(
        st.sampled_from(FRAGMENTS[lang]), st.sampled_from(FRAGMENTS[lang]), st.sampled_from(FRAGMENTS[lang]),
        st.sampled_from(NOISE), st.text(max_size=6),
    )  # fmt: skip
    joints = st.sampled_from([" ", " ", " ", ""])
    return (
        st.lists(st.tuples(pieces, joints), min_size=1, max_size=70)
        .map(lambda parts: "".join(piece + joint for piece, joint in parts))
        # `articles` hands over no surrogates and no control characters.
        .map(lambda text: "".join(c for c in text if c == "\n" or not ("\ud800" <= c <= "\udfff" or c < " ")))
        .filter(str.strip)
    )


def stating(lang: str) -> st.SearchStrategy[str]:
    """Sentences that state facts, with words dropped, doubled, moved or replaced, in one or more paragraphs."""

    def change(parts: tuple[list[str], list[tuple[int, int, str]]]) -> str:
        words = " ".join(parts[0]).split(" ")
        for at, what, other in parts[1]:
            i = at % len(words)
            if what == 0:
                words[i : i + 1] = []
            elif what == 1:
                words[i:i] = [words[i]]
            elif what == 2:
                words[i] = other
            else:
                words[i:i] = [other]
            words = words or [other]
        return " ".join(words)

    others = st.one_of(st.sampled_from(FRAGMENTS[lang]), st.sampled_from(NOISE))
    changes = st.lists(st.tuples(st.integers(0, 999), st.integers(0, 3), others), max_size=6)
    sentences = st.lists(st.sampled_from(STATING[lang]), min_size=1, max_size=6)
    return st.tuples(sentences, changes).map(change).filter(str.strip)


def check(found: Extraction, text: str) -> None:
    """The invariants that every consumer of an extraction relies on."""
    plain = " ".join(text.split())
    quotes = document(text, found.article.lang or "en").quotes
    ontology = load_ontology()
    assert found.article.text == text
    entities = {entity.iri: entity for entity in found.entities}
    known = load_reference().entities
    assert len(entities) == len(found.entities)
    for entity in found.entities:
        assert IRI.fullmatch(entity.iri), entity.iri
        assert entity.kind in ontology.entities or entity.kind == "concept"
        assert entity.labels
        assert all(label.value.strip() and label.lang for label in entity.labels)
    seen = set()
    for fact in found.facts:
        kind = ontology.kind(fact.kind)
        assert fact.evidence, "no fact without evidence"
        for evidence in fact.evidence:
            assert 0 <= evidence.span.start < evidence.span.end <= len(text)
            assert evidence.sentence.end <= len(text)
            assert evidence.sentence.holds(evidence.span)
            assert evidence.span.of(text).strip()
            assert evidence.rule
            assert fact.kind in ("Statement", "Mention") or not any(quote.holds(evidence.span) for quote in quotes)
        assert {role for role, _ in fact.roles} <= set(kind.roles)
        assert {qualifier for qualifier, _ in fact.qualifiers} <= set(kind.qualifiers)
        for role, iris in fact.roles:
            assert iris
            assert all(IRI.fullmatch(iri) for iri in iris)
            assert role == "article" or all(iri in entities or iri in known or "/scheme/sdg/" in iri for iri in iris)
        for _, values in fact.qualifiers:
            assert values
            assert all(IRI.fullmatch(value.iri) for value in values if isinstance(value, Ref))
        for qualifier in PRINTED:
            for value in fact.qualifier(qualifier):
                words = value.value if isinstance(value, Text) else str(value)
                assert all(part in plain for part in words.split(" … "))
        identity = (fact.kind, fact.roles, fact.qualifiers)
        assert identity not in seen, "one fact, several evidences"
        seen.add(identity)
    for finding in found.findings:
        assert finding.message
        assert finding.article == found.article.id


def read(text: str, lang: str) -> Extraction:
    return resolve(claims(text, lang), load_reference())


@settings(max_examples=400)
@given(st.data())
def test_any_mixture_of_fragments(data: st.DataObject) -> None:
    lang = data.draw(LANGS)
    text = data.draw(texts(lang))
    found = read(text, lang)
    check(found, text)
    assert read(text, lang) == found


@settings(max_examples=300)
@given(st.data())
def test_sentences_that_state_something(data: st.DataObject) -> None:
    lang = data.draw(LANGS)
    text = data.draw(stating(lang))
    found = read(text, lang)
    check(found, text)
    assert read(text, lang) == found


@pytest.mark.parametrize("lang", ["en", "id"])
def test_all_sentences_at_once(lang: str) -> None:
    text = " ".join(STATING[lang])
    found = read(text, lang)
    check(found, text)
    assert len({fact.kind for fact in found.facts}) > 8
    check(read("\n".join(STATING[lang]), lang), "\n".join(STATING[lang]))


@settings(max_examples=150)
@given(st.text(min_size=1, max_size=200).filter(str.strip), LANGS)
@example("ORG0 held EVENT1 in PLACE2 .", "en")
@example("“", "en")
@example("“”", "en")
@example('"', "id")
@example("(", "en")
@example("Jakarta – ", "en")
@example("Jakarta –", "id")
@example("•", "en")
@example("ſ İ ŉ ǰ ΐ ﬃ", "en")
@example("\u0130stanbul \u0130\u0130\u0130 said “We need data from every \u0130.”", "en")
@example("ﬁ\u00adﬂ\u200b\u2028\u2029\u0085 UNODC", "en")
@example("1" * 5000, "en")
@example("UU No. " + "1" * 400 + "/2017", "id")
@example("US$" + "9" * 400 + " million was given by the ILO to UNODC.", "en")
@example("UU No. 0 Tahun 2017", "id")
@example("on 00/00/2000, 0 May 2000 and 31/02/2024", "en")
def test_any_text(text: str, lang: str) -> None:
    text = "".join(c for c in text if not "\ud800" <= c <= "\udfff")
    if text.strip():
        check(read(text, lang), text)


@pytest.mark.parametrize("lang", ["en", "id"])
def test_the_wrong_language_does_no_harm(lang: str) -> None:
    other = {"en": "id", "id": "en"}[lang]
    text = " ".join(FRAGMENTS[other]) + "\n" + ". ".join(FRAGMENTS[other])
    check(read(text, lang), text)


@given(st.data())
def test_facts_of_a_text_are_those_of_its_paragraphs_in_place(data: st.DataObject) -> None:
    """Blank lines and white space at the ends of lines change no fact, only where its words stand."""
    lang = data.draw(LANGS)
    lines = [line for line in data.draw(texts(lang)).split("\n") if line.strip()]
    plain, spaced = "\n".join(line.strip() for line in lines), "\n\n".join(f"  {line.strip()}  " for line in lines)
    one, other = read(plain, lang), read(spaced, lang)
    assert [(f.kind, f.roles, f.qualifiers) for f in one.facts] == [
        (f.kind, f.roles, f.qualifiers) for f in other.facts
    ]


@given(st.data())
def test_mentions_lie_in_their_sentences(data: st.DataObject) -> None:
    lang = data.draw(LANGS)
    text = data.draw(texts(lang))
    reading = claims(text, lang).reading
    for line in reading.lines:
        last = line.sentence.span.start
        for mention in line.mentions:
            assert last <= mention.span.start
            assert mention.span.end <= line.sentence.span.end
            assert mention.text
            last = mention.span.end
        assert line.text == line.text.rstrip() + " " or not line.text.strip()
        for offset, (span, mention) in zip(line.offsets, line.items, strict=True):
            end = line.text.index(" ", offset) + 1
            assert line.span(offset, offset + 1) == line.span(offset, end) == span
            assert mention is None or span == mention.span
        assert line.token(len(line.items)) == len(line.sentence.words)
        for offset, mention in line.placed():
            assert line.find(re.match(r"\w+", line.text[offset:])[0]) is mention
            assert line.text[offset:].startswith(mention.type)


@given(st.lists(st.sampled_from(["“", "”", '"', "‘", "’", "«", "»", "(", ")"]), min_size=1, max_size=40), LANGS)
def test_unbalanced_marks(marks: list[str], lang: str) -> None:
    words = FRAGMENTS[lang]
    text = "".join(f"{mark}{words[i % len(words)]} " for i, mark in enumerate(marks))
    check(read(text, lang), text)


PRINT_DIGEST = """
import hashlib, sys
from sentences import facts
print(hashlib.sha256(repr(facts(sys.stdin.buffer.read().decode())).encode()).hexdigest())
"""


def test_no_answer_hangs_on_the_hash_seed() -> None:
    tests = Path(__file__).parents[1]
    path = os.pathsep.join([str(tests), str(tests.parent / "src")])
    text = " ".join(STATING["en"])
    other = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"  # this process has a seed too
    env = {**os.environ, "PYTHONHASHSEED": other, "PYTHONPATH": path}
    command = [sys.executable, "-c", PRINT_DIGEST]
    told = subprocess.run(command, input=text.encode(), env=env, capture_output=True, check=True).stdout.decode()
    assert told.strip() == hashlib.sha256(repr(facts(text)).encode()).hexdigest()


# -- size

PARAGRAPH = (
    "{name} Sari, Project Coordinator at UNODC, opened the workshop on GCM Objective 7 in Bandung. “We need data from "
    "every ministry,” said Budi Hartono from the ILO. UNODC and the ILO held a workshop in Nairobi on 3 May 2021.\n"
)


def corpus(paragraphs: int) -> str:
    return "".join(PARAGRAPH.format(name=f"Rin{chr(97 + i % 26)}{chr(97 + i // 26 % 26)}") for i in range(paragraphs))


def seconds(text: str) -> float:
    start = process_time()
    extract(article(text), load_reference())
    return process_time() - start


def test_time_grows_with_the_length_of_the_text() -> None:
    """Four times the length takes at most ten times as long; squared it would be 16."""
    seconds(corpus(1))  # words and names are loaded once
    again = []
    for _ in range(5):  # another process may be in the way
        again.append([seconds(corpus(size)) for size in (60, 240)])
        if again[-1][1] < 10 * again[-1][0]:
            return
    raise AssertionError(again)


def test_time_of_resolution_grows_with_the_length_of_the_text() -> None:
    """Four times the length takes at most eight times as long; squared it would be 16."""
    found = [claims(corpus(size)) for size in (60, 240)]
    again = []
    for _ in range(5):  # another process may be in the way
        again.append([resolution(one) for one in found])
        if again[-1][1] < 8 * again[-1][0]:
            return
    raise AssertionError(again)


def resolution(found: Claims) -> float:
    start = process_time()
    resolve(found, load_reference())
    return process_time() - start


@pytest.mark.parametrize(
    "unit",
    [
        "UNODC, ",
        "Rina Sari, ",
        "and ",
        "“We need data,” ",
        "( ",
        "3 May, ",
        "the ",
        "GCM Objective 7, ",
        ". ",
        "Harbour ",
        "a",
        "1,000 ",
    ],
)
def test_a_line_without_an_end_takes_no_ages(unit: str) -> None:
    start = process_time()
    found = document(unit * 400)
    read(unit * 400, "en")
    assert found.sentences
    assert process_time() - start < 10


@given(
    st.lists(
        st.sampled_from(["Rina", " ", "\n", ".", "!", "?", "…", "。", "”", "“", ")", "M.Si", "12", "a", ",", "¿"]),
        max_size=40,
    )
)
@settings(max_examples=200, deadline=None)
def test_sentences_start_where_the_library_says(parts: list[str]) -> None:
    from spacy.pipeline import Sentencizer

    from migkg.extract.document import TOKEN_TABLE, pipeline, sentence_starts

    doc = pipeline("en").make_doc("".join(parts))
    assert sentence_starts(doc, doc.to_array(TOKEN_TABLE).tolist()) == [s.start for s in Sentencizer()(doc).sents]
