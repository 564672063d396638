"""A spaCy model as a second reader: a tiny one, trained here, saved and loaded by its folder."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import spacy
from spacy.about import __version__ as spacy_version
from spacy.training import Example
from spacy.util import fix_random_seed, minibatch

import migkg
from graphs import ARTICLES, article
from migkg import rdf
from migkg.articles import read_articles
from migkg.build import build, read_one
from migkg.errors import DataError, ReaderError, UnknownName
from migkg.export import to_bytes
from migkg.extract.mention import Mention
from migkg.model import RULES, Agent, Extraction, Span
from migkg.reference import load_reference
from migkg.resolve import resolve
from migkg.second import KINDS, Readers, checked, open_readers
from migkg.second.model import ModelReader, entity_types, load_model
from migkg.second.widen import mark, widen
from migkg.validate import validate
from sentences import claims, facts, rows
from warm import warm_workers

# Names in small sentences of several forms; a name in square brackets with its type. They begin with small letters, so
# that the rules, which look for capitals, will never find them by themselves.
SENTENCES = (
    "[ORG eSea] held a workshop in [GPE uTannimar].",
    "[ORG eSea] organised the seminar.",
    "[ORG iCrew] held a seminar in [GPE uTannimar] in [DATE 2019].",
    "[ORG iCrew] hosted a forum in [GPE oBay].",
    "The workshop was held by [ORG eSea] in [GPE oBay].",
    "The forum was organised by [ORG iCrew].",
    "[PERSON vTeo dMarsh] of [ORG iCrew] spoke at the forum.",
    "[PERSON dMarsh] said that the forum was useful.",
    "The law was the [LAW eHarbour act].",
    "It was a quiet day at the port and the crews stayed home.",
    "Fees were low, said [PERSON vTeo dMarsh].",
    "They met at the [EVENT iWater days] in [GPE uTannimar].",
    "The [EVENT iWater days] opened in [DATE 2019].",
)


def annotated(text: str) -> tuple[str, list[tuple[int, int, str]]]:
    """A sentence with names in square brackets → plain text and (start, end, type)."""
    plain, found = "", []
    for part in text.replace("[", "\0[").replace("]", "]\0").split("\0"):
        if part.startswith("["):
            type_, _, words = part[1:-1].partition(" ")
            found.append((len(plain), len(plain) + len(words), type_))
            plain += words
        else:
            plain += part
    return plain, found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained pipeline on disk."""
    fix_random_seed(7)
    nlp = spacy.blank("en")
    nlp.add_pipe("ner")
    examples = []
    for sentence in SENTENCES:
        text, entities = annotated(sentence)
        examples.append(Example.from_dict(nlp.make_doc(text), {"entities": entities}))
    optimizer = nlp.initialize(lambda: examples)
    shuffle = random.Random(7)  # noqa: S311 - order of training only
    for _ in range(40):
        shuffle.shuffle(examples)
        for batch in minibatch(examples, 4):
            nlp.update(batch, sgd=optimizer, drop=0.0)
    nlp.meta["name"], nlp.meta["version"] = "harbour", "0.3.1"
    target = tmp_path_factory.mktemp("model") / "harbour"
    nlp.to_disk(target)
    return target


@pytest.fixture(scope="module")
def model(folder: Path) -> ModelReader:
    return load_model(str(folder))


def read(text: str, model: ModelReader, lang: str = "en") -> Extraction:
    reference = load_reference()
    return resolve(Readers(others=(model,)).add(claims(text, lang), reference), reference)


def told(found: Extraction) -> set[tuple[str, tuple[str, ...]]]:
    """Kind and readers of each fact."""
    return {(fact.kind, tuple(sorted({e.reader for e in fact.evidence}))) for fact in found.facts}


HELD = "UNODC organised a training. eSea held a workshop in uTannimar."
MODEL = "spacy:en_harbour"


# --- what it adds ---


def test_a_fact_that_needs_a_name_of_the_model_is_the_models(model: ModelReader) -> None:
    found = read(HELD, model)
    assert told(found) == {("Hosting", (RULES,)), ("Hosting", (MODEL,)), ("Occurrence", (MODEL,))}
    assert rows(found, "Hosting", "organizer") == [("esea",), ("unodc",)]
    assert all(e.span.of(HELD) in HELD for fact in found.facts for e in fact.evidence)


def test_what_the_rules_read_alone_is_read_with_a_model_too(model: ModelReader) -> None:
    for file in sorted(ARTICLES.glob("2023-0[26]*.en.md")):
        for one in read_articles(str(file)):
            alone = read_one(one, load_reference()).facts
            both = read_one(one, load_reference(), Readers(others=(model,))).facts
            assert {fact.roles for fact in alone} <= {fact.roles for fact in both}
            assert {e for fact in alone for e in fact.evidence} <= {e for fact in both for e in fact.evidence}


def test_a_fact_that_both_read_is_the_rules_fact(model: ModelReader) -> None:
    found = read("eSea (SV) and UNODC held a workshop in Jakarta.", model)
    (occurrence,) = (fact for fact in found.facts if fact.kind == "Occurrence")
    assert {e.reader for e in occurrence.evidence} == {RULES}


def test_where_two_mentions_clash_the_rules_one_stays(model: ModelReader) -> None:
    text = "Marsh of UNODC held a forum in uTannimar."
    (wide,) = [Readers(others=(model,)).add(claims(text), load_reference())]
    assert [m.text for m in wide.reading.lines[0].mentions if m.type == "ORG"] == ["UNODC"]
    name = Mention("ORG", Span(0, 14), "Marsh of UNODC", reader=MODEL)
    assert widen(claims(text), [name], load_reference()).second == ()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("UNODC met Teo Marsh.", ["Teo Marsh"]),
        ("Teo Marsh, Director of UNODC, opened a workshop. UNODC met Teo Marsh.", []),
        ("Teo Marsh, Director of UNODC, opened a workshop. UNODC met Ann Marsh.", []),
    ],
)
def test_a_run_of_capitals_gives_way_unless_a_rule_takes_it_for_a_person(text: str, kept: list[str]) -> None:
    start = text.rindex("met ") + 4
    name = Mention("ORG", Span(start, len(text) - 1), text[start:-1], reader=MODEL)
    assert [m.text for m in widen(claims(text), [name], load_reference()).second] == kept


def test_a_last_name_is_the_person_of_the_full_name(model: ModelReader) -> None:
    text = "vTeo dMarsh of iCrew spoke at the forum. dMarsh said that the forum was useful."
    assert rows(read(text, model), "Affiliation", "member", "organization") == [("vteo-dmarsh", "icrew")]
    assert {row[0] for row in rows(read(text, model), "Statement", "speaker")} == {"vteo-dmarsh"}


def test_a_year_that_the_model_takes_for_a_date(model: ModelReader) -> None:
    (year,) = [m for m in model._mentions(claims("iCrew held a seminar in 2019.")) if m.type == "DATE"]
    assert str(year.value.start(None)) == "2019"


def test_a_named_event_has_a_name_for_its_iri(model: ModelReader) -> None:
    found = read("UNODC held the iWater days in Jakarta. The iWater days opened in uTannimar.", model)
    (hosting,) = (fact for fact in found.facts if fact.kind == "Hosting")
    assert "/other-iwater-days-" in hosting.role("event")[0]
    assert {e.reader for e in hosting.evidence} == {MODEL}


def test_titles_give_no_people(model: ModelReader) -> None:
    text = "vTeo dMarsh of iCrew wins a prize\n\nUNODC held a workshop in Jakarta on 12 June 2024, and crews came."
    assert all(m.type != "NAME" for m in model._mentions(claims(text)))


def test_a_text_in_another_language_is_left_to_the_rules(model: ModelReader) -> None:
    found = read("UNODC menggelar lokakarya di Jakarta.", model, "id")
    assert {readers for _, readers in told(found)} == {(RULES,)}
    (finding,) = (finding for finding in found.findings if finding.shape == "language.other")
    assert (finding.severity, finding.path) == ("info", MODEL)


# --- the same again ---


def test_the_same_model_gives_the_same_bytes(folder: Path, model: ModelReader) -> None:
    reference = load_reference()
    one, two = (rdf.graph_lines(read(HELD, reader), reference) for reader in (model, load_model(str(folder))))
    assert one == two


def test_the_graph_names_the_model_and_its_version(model: ModelReader) -> None:
    assert model.agent == Agent(MODEL, f"0.3.1 (spaCy {spacy_version})")
    lines = "\n".join(rdf.graph_lines(read(HELD, model), load_reference()))
    assert f'ont#reader> "{MODEL}"' in lines
    assert f'ont#version> "{model.agent.version}"' in lines
    assert lines.count("wasAssociatedWith") == 2
    assert "harbour" not in "\n".join(rdf.graph_lines(facts(HELD), load_reference()))


def test_shacl_has_nothing_against_it(model: ModelReader) -> None:
    extraction = read(HELD, model)
    lines = [*rdf.graph_lines(extraction, load_reference()), *rdf.context_lines(extraction, load_reference())]
    assert [f for f in validate(rdf.ntriples(lines)).findings if f.severity == "violation"] == []


@pytest.mark.usefixtures("bare")
def test_a_build_with_two_processes_gives_the_bytes_of_one(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    for number in range(9):
        article(tmp_path / "articles", f"workshop-{number}", f"{HELD} Day {number}.", title="A workshop", lang="en")
    made = []
    for jobs in (1, 2):
        kg = tmp_path / f"kg{jobs}"
        with warm_workers():
            report = build([str(tmp_path / "articles")], kg, readers=(f"spacy:{folder}",), check=False, jobs=jobs)
        assert report.readers == {RULES: 9, MODEL: 18}
        assert report.lost == {}
        with migkg.open(kg) as graph:
            made.append(to_bytes(graph.store, "nq"))
    assert made[0] == made[1]


# --- names of readers, and models that cannot be used ---


def test_without_a_name_the_rules_read() -> None:
    assert open_readers(()) == open_readers((RULES,)) == Readers()
    assert checked(()) == (RULES,)


def test_a_model_brings_the_rules_along(folder: Path) -> None:
    readers = open_readers(checked([f"spacy:{folder}", f"spacy:{folder}"]))
    assert readers.rules
    assert [reader.agent.name for reader in readers.others] == [MODEL]


@pytest.mark.parametrize("name", ["spacey:en", "spacy:", "", "Rules"])
def test_an_unknown_reader(name: str) -> None:
    with pytest.raises(UnknownName) as caught:
        checked([name])
    assert caught.value.known == KINDS


def test_a_model_that_is_not_installed() -> None:
    with pytest.raises(ReaderError) as caught:
        checked(["spacy:en_no_such_model"])
    assert str(caught.value) == (
        "spacy:en_no_such_model: the spaCy model en_no_such_model is not installed. "
        "Install it with: python -m spacy download en_no_such_model"
    )


def test_folders_that_hold_no_model(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match="there is no such folder"):
        load_model(str(tmp_path / "missing"))
    with pytest.raises(ReaderError, match="cannot be loaded"):
        load_model(str(tmp_path))
    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(ReaderError, match="finds no names: it has no component; expected one with ner"):
        load_model(str(tmp_path / "blank"))


# --- the table of types ---


def test_the_table_is_complete() -> None:
    assert {"PERSON", "PER", "ORG", "GPE", "LOC", "FAC", "LAW", "EVENT", "DATE", "MONEY"} <= set(entity_types())


@pytest.mark.parametrize(
    ("table", "words"),
    [("[types", "cannot be read"), ("", "expected a table"), ('[types]\nORG = "BODY"', 'ORG is "BODY"; expected one')],
)
def test_a_broken_table(table: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "spacy.toml").write_text(table, encoding="utf-8")
    monkeypatch.setattr("migkg.second.model.resources.path", lambda *parts: tmp_path / parts[-1])
    with pytest.raises(DataError, match=words):
        entity_types.__wrapped__()


# --- mentions by the type ---


@pytest.mark.parametrize(
    ("text", "type_", "words", "kept"),
    [
        ("They met at the Harbour’s Days.", "EVENT", "the Harbour’s", "Harbour"),
        ("They met in uTannimar, a port.", "PLACE", "uTannimar,", "uTannimar"),
        ("They met in uTannimar.", "PLACE", "annimar", None),
        ("They met at the harbour.", "ORG", "the harbour", None),
        ("They paid USD 5 million.", "MONEY", "USD 5 million", "USD 5 million"),
        ("They paid some dollars.", "MONEY", "some dollars", None),
        ("They met last week.", "DATE", "last week", None),
        ("They are 12 & 14.", "ORG", "12 & 14", None),
    ],
)
def test_words_that_become_a_mention(text: str, type_: str, words: str, kept: str | None) -> None:
    reading = claims(text).reading
    start = text.index(words)
    span = Span(start, start + len(words))
    mention = mark(type_, span, reading, MODEL)
    assert (mention.text if mention else None) == kept
