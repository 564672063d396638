"""Facts, explanations and findings in words; one article as JSON and Turtle."""

from __future__ import annotations

import json
from dataclasses import replace

import pyoxigraph as ox
import pytest

from migkg.articles import read_articles
from migkg.build import read_one
from migkg.model import Evidence, Extraction, Fact, Finding, PartialDate, Span, Text
from migkg.ontology import ID, ONT, PREFIXES
from migkg.rdf import fact_iri
from migkg.reference import load_reference
from migkg.tables import plain, size
from migkg.views import (
    Explanation,
    FactView,
    Quotation,
    counts,
    extraction_json,
    extraction_turtle,
    in_words,
    show_explanation,
    show_extraction,
    show_findings,
    view,
)

ANI, IOM = ID + "person/ani", ID + "organization/iom"
SENTENCE = "Ani Wijaya, Head of Programmes at IOM, spoke in Jakarta."
FACT = Fact(
    "Affiliation",
    (("member", (ANI,)), ("organization", (IOM,))),
    (("observed", (PartialDate(2024, 6),)), ("title", (Text("Head of Programmes", "en"),))),
    (Evidence(Span(0, 37), Span(0, 56), "affiliation.apposition"),),
)
LABELS = {
    ANI: "Ani Wijaya", IOM: "International Organization for Migration",
    PREFIXES["org"] + "member": "member", PREFIXES["org"] + "organization": "organisation",
    ONT + "observed": "observed", ONT + "title": "title as printed",
}  # fmt: skip
QUOTATION = Quotation(SENTENCE, ((0, 37),), "Talks in Jakarta", "2024-06-12", "https://example.org/talks")


def explanation(*facts: FactView, **more: object) -> Explanation:
    return Explanation(**{
        "iri": ANI, "label": "Ani Wijaya", "types": ("person",), "names": (), "details": (), "facts": facts, **more,
    })  # fmt: skip


def test_a_fact_in_words() -> None:
    assert view(fact_iri(FACT), FACT, LABELS, [QUOTATION], ["affiliation.apposition"]) == FactView(
        fact_iri(FACT),
        "affiliation",
        "",
        (
            ("member", "Ani Wijaya"),
            ("organisation", "International Organization for Migration"),
            ("observed", "2024-06"),
            ("title as printed", "Head of Programmes"),
        ),
        ("affiliation.apposition",),
        (QUOTATION,),
        nodes=(ANI, IOM, "", ""),
        names=("Ani Wijaya", "International Organization for Migration"),
    )


def test_the_thing_that_is_explained_is_named_by_its_part() -> None:
    shown = view(fact_iri(FACT), FACT, LABELS, [], about=ANI, lang="id")
    assert (shown.kind, shown.part) == ("afiliasi", "member")
    assert "Ani Wijaya" not in dict(shown.values).values()


def test_without_a_label_the_iri_is_put_in_words() -> None:
    shown = view(fact_iri(FACT), FACT, {}, [])
    assert shown.values[:2] == (("member", "ani"), ("organization", "iom"))
    assert in_words(PREFIXES["schema"] + "containedInPlace") == "contained in place"


def test_an_explanation() -> None:
    second = replace(
        view(fact_iri(FACT), FACT, LABELS, [QUOTATION], about=ANI),
        values=(("organisation", "UN"), ("organisation", "IOM")),
    )
    shown = explanation(
        view(fact_iri(FACT), FACT, LABELS, [QUOTATION], about=ANI),
        second,
        names=("Ani",),
        details=(("part of", "United Nations"),),
    )
    assert str(shown) == (
        "Ani Wijaya  person\n"
        "https://w3id.org/migkg/id/person/ani\n"
        "Also called: Ani\n"
        "part of: United Nations\n"
        "\n"
        "Affiliation, as member  2\n"
        "  organisation: International Organization for Migration\n"
        "  observed: 2024-06\n"
        "  title as printed: Head of Programmes\n"
        "    “Ani Wijaya, Head of Programmes at IOM, spoke in Jakarta.” [1]\n"
        "\n"
        "  organisation: UN; IOM\n"
        "    “Ani Wijaya, Head of Programmes at IOM, spoke in Jakarta.” [1]\n"
        "\n"
        "Sources\n"
        "[1] Talks in Jakarta, 2024-06-12\n"
        "    https://example.org/talks"
    )
    pieces = [piece for line in show_explanation(shown) for piece in line]
    assert ("Ani Wijaya, Head of Programmes at IOM", "underline") in pieces


def test_an_explanation_without_facts() -> None:
    assert str(explanation()).endswith("No fact speaks of it.")


def test_an_explanation_in_a_notebook_is_escaped() -> None:
    shown = explanation(view(fact_iri(FACT), FACT, LABELS, [QUOTATION]), label="A <b> & c")._repr_html_()
    assert "<b>A &lt;b&gt; &amp; c</b>" in shown
    assert "<u>Ani Wijaya, Head of Programmes at IOM</u>" in shown


@pytest.mark.parametrize("width", [40, 80, 160])
def test_only_addresses_are_wider_than_the_window(width: int) -> None:
    long = "the many words of a very long name " * 6
    shown = explanation(
        view(fact_iri(FACT), FACT, {ANI: long, IOM: long}, [QUOTATION]), names=(long,), details=(("note", long),)
    )
    lines = [plain([line]) for line in show_explanation(shown, width)]
    assert all(size(line) <= width for line in lines if "https://" not in line)


# --- one article ---


@pytest.fixture(scope="module")
def extraction(tmp_path_factory: pytest.TempPathFactory) -> Extraction:
    file = tmp_path_factory.mktemp("article") / "talks.md"
    file.write_text(
        "---\ntitle: Talks <b>\nurl: https://example.org/a b\n---\n".replace("a b", "a%20b")
        + "Jakarta – The International Organization for Migration (IOM) held a workshop on 12 June 2024.\n\n"
        "Indonesia is a champion country of the Global Compact for Migration (GCM).\n",
        encoding="utf-8",
    )
    (article,) = read_articles(str(file))
    return read_one(article, load_reference())


def test_the_facts_of_an_article(extraction: Extraction) -> None:
    shown = plain(show_extraction(extraction, 80))
    assert shown.startswith("Talks <b>\n\n")
    assert (
        "Commitment\n  framework: Global Compact for Safe, Orderly and Regular Migration\n  party: Indonesia\n" in shown
    )
    assert "status: champion" in shown
    assert shown.endswith(f"{len(extraction.facts)} facts")
    assert "Penyelenggaraan\n  acara:" in plain(show_extraction(extraction, 80, lang="id"))


def test_an_article_as_json(extraction: Extraction) -> None:
    made = json.loads(extraction_json(extraction))
    assert made["article"]["url"] == "https://example.org/a%20b"
    text = extraction.article.text
    assert len(made["facts"]) == len(extraction.facts) > 1
    for fact in made["facts"]:
        assert fact["iri"].startswith(ID + "fact/")
        for evidence in fact["evidence"]:
            assert text[evidence["start"] : evidence["end"]] == evidence["exact"]
            assert evidence["exact"] in evidence["sentence"]
    (commitment,) = (fact for fact in made["facts"] if fact["kind"] == "Commitment")
    assert commitment["roles"]["party"] == [{"iri": ID + "place/id", "label": "Indonesia"}]
    assert commitment["qualifiers"]["status"][0]["iri"] == ONT + "Champion"


def test_an_article_as_turtle(extraction: Extraction) -> None:
    made = extraction_turtle(extraction)
    assert made == extraction_turtle(extraction)
    assert made.startswith("@prefix cv: ")
    triples = {quad.triple for quad in ox.parse(made, ox.RdfFormat.TURTLE)}
    assert (
        ox.Triple(ox.NamedNode(ID + "place/id"), ox.NamedNode(ONT + "championOf"), ox.NamedNode(ID + "policy/gcm"))
        in triples
    )


# --- findings ---

FINDINGS = (
    Finding("info", "Event-where", ID + "event/a", "An event has no place.", article="one"),
    Finding("warning", "Event-when", ID + "event/a", "An event has no date.", article="one"),
    Finding("warning", "Event-when", ID + "event/b", "An event has no date.", article="two"),
    Finding(
        "violation", "Span-quote", ID + "span/x", "The words are not those of the text.", value=ID + "x", article="one"
    ),
)


def test_all_findings_worst_first_and_those_of_a_kind_together() -> None:
    assert plain(show_findings(FINDINGS)) == (
        "violation: The words are not those of the text.\n"
        "    span/x x in one\n"
        "warning: An event has no date. (2 times)\n"
        "    event/a in one\n"
        "    event/b in two\n"
        "gap: An event has no place.\n"
        "    event/a in one"
    )


def test_findings_in_short() -> None:
    assert plain(show_findings(FINDINGS, limit=1)) == (
        "violation: The words are not those of the text. In one.\n… and 1 more kind of findings"
    )
    assert plain(show_findings((), limit=1)) == ""


def test_counts() -> None:
    assert counts(FINDINGS) == "1 violation, 2 warnings, 1 gap"
    assert counts(()) == "0 violations, 0 warnings, 0 gaps"
