"""The bundled corpus: what its articles are, and that the two versions of one text meet."""

from __future__ import annotations

from pathlib import Path

import pytest

from migkg import rdf
from migkg.build import bundled_corpus, extract_source
from migkg.model import Extraction
from migkg.reference import load_reference
from migkg.validate import validate

FILES = sorted(Path(bundled_corpus()).glob("*.md"))
PAIRS = [file.name.removesuffix(".id.md") for file in FILES if file.name.endswith(".id.md") and file.with_name(file.name.replace(".id.", ".en.")).exists()]


@pytest.fixture(scope="module")
def corpus() -> dict[str, Extraction]:
    return {file.name.removesuffix(".md"): extract_source(str(file))[0] for file in FILES}


def test_what_the_corpus_is(corpus: dict[str, Extraction]) -> None:
    assert len(corpus) >= 12
    assert sum(found.article.lang == "id" for found in corpus.values()) >= 2
    for name, found in corpus.items():
        article = found.article
        assert article.url, name
        assert article.read, name
        assert article.title, name
        assert found.facts, f"nothing is read from {name}"


def test_every_fact_has_its_words(corpus: dict[str, Extraction]) -> None:
    for name, found in corpus.items():
        text = found.article.text
        for fact in found.facts:
            assert fact.evidence, (name, fact)
            for evidence in fact.evidence:
                assert evidence.sentence.holds(evidence.span), (name, fact)
                assert evidence.span.end <= len(text), (name, fact)


def main_event(found: Extraction) -> str:
    """The event of the first Occurrence that has a date, in the order of the text."""
    return next(fact.role("event")[0] for fact in found.facts if fact.kind == "Occurrence" and fact.qualifier("start"))


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if "focus-group" not in pair])
def test_both_versions_tell_of_one_event(corpus: dict[str, Extraction], pair: str) -> None:
    english, indonesian = corpus[f"{pair}.en"], corpus[f"{pair}.id"]
    assert main_event(english) == main_event(indonesian)
    for kind in ("Hosting", "Affiliation"):
        ours = {tuple(fact.roles) for fact in english.facts if fact.kind == kind}
        theirs = {tuple(fact.roles) for fact in indonesian.facts if fact.kind == kind}
        assert ours & theirs, f"no {kind} in common"


def test_facts_in_common_meet_in_one_node(corpus: dict[str, Extraction]) -> None:
    """The Indonesian version shares this many fact nodes with the English one; the floor only rises."""
    english, indonesian = (corpus[f"2024-06-12-public-discussion-jakarta.{lang}"] for lang in ("en", "id"))
    shared = {rdf.fact_iri(fact) for fact in english.facts} & {rdf.fact_iri(fact) for fact in indonesian.facts}
    assert len(shared) >= 20


def test_the_corpus_conforms(corpus: dict[str, Extraction]) -> None:
    reference = load_reference()
    for name, found in list(corpus.items())[::4]:
        report = validate(rdf.ntriples([*rdf.graph_lines(found, reference), *rdf.context_lines(found, reference)]))
        assert report.conforms, (name, report.findings)
