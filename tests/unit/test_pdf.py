"""PDF files: text by page, what is printed on every page, paragraphs and broken words, and what cannot be read."""

from __future__ import annotations

import random
import re
import tracemalloc
from pathlib import Path

import pytest
from click.testing import CliRunner

from migkg import rdf
from migkg.articles import read_articles
from migkg.build import build, extract_source
from migkg.cli import main
from migkg.errors import SourceError
from migkg.model import Article, Extraction
from migkg.ontology import PREFIXES
from migkg.readers.base import Parts, Raw
from migkg.readers.pdf import read_pdf
from migkg.reference import load_reference
from migkg.validate import validate
from pdfs import COLUMNS, LEADING, LEFT, TOP, Words, column, pdf, width

HELD = (
    "The International Organization for Migration (IOM) and the Ministry of Manpower held a workshop on fair "
    "recruitment in Jakarta on 12 June 2024."
)
SAID = "Crews from five islands met with their ministers, and all of them said that the fees they pay are too high."
MORE = "The council will look at the fees again before the end of the year, and it will hear the crews when it does so."


def read(*pages: list[Words], **options: object) -> Parts:
    (parts,) = read_pdf(Raw("report.pdf", pdf(*pages, **options), "report"))  # type: ignore[arg-type]
    return parts


def lines(*pages: list[Words]) -> list[str]:
    return read(*pages).text.split("\n")


def running(number: int, head: str = "Crews at Sea", of: int = 9) -> list[Words]:
    return [Words(head, LEFT, 800, 8), Words(f"{number} of {of}", 300, 30, 8)]


# --- paragraphs ---


def test_paragraphs_are_joined_again() -> None:
    assert lines(column(SAID, MORE, SAID)) == [SAID, MORE, SAID]


def test_paragraphs_that_stand_no_further_apart_end_with_a_short_line() -> None:
    first, second = column(SAID), column(MORE)
    below = [Words(words.text, words.x, words.y - LEADING * len(first), words.size) for words in second]
    assert lines([*first, *below]) == [SAID, MORE]


def test_headings_stand_alone() -> None:
    page = [
        Words("Crews at sea and their fees", LEFT, TOP, 18, bold=True),
        *column(SAID, y=TOP - 30),
        Words("What the council says", LEFT, TOP - 80, 11, bold=True),
        *column(MORE, y=TOP - 94),
    ]
    assert lines(page) == ["Crews at sea and their fees", SAID, "What the council says", MORE]


def test_items_of_a_list_stand_alone() -> None:
    items = ["• crews from five islands", "• ministers", "1. the first one", "2) the second one", "(a) another one"]
    assert lines(column("They met:\n" + "\n".join(items))) == ["They met:", *items]


def test_two_columns_are_read_one_after_the_other() -> None:
    left = column(SAID, MORE, letters=24, size=9)
    right = column(SAID.upper(), letters=24, size=9, x=320)
    assert lines([*left, *right]) == [SAID, MORE, SAID.upper()]


def test_a_sentence_goes_on_in_the_next_column_and_on_the_next_page() -> None:
    first, second = SAID.split(" and all of them ")
    there = column("and all of them " + second, letters=24, size=9, x=320)
    assert lines([*column(first, letters=24, size=9), *there]) == [SAID]
    assert lines(column(first), column("and all of them " + second)) == [SAID]


def test_a_page_that_ends_with_a_sentence_ends_a_paragraph() -> None:
    assert lines(column(SAID), column(MORE)) == [SAID, MORE]


def test_a_footnote_does_not_break_the_sentence_above_it() -> None:
    first, second = SAID.split(" and all of them ")
    note = Words("1 As of June.", LEFT, 60, 8)
    parts = read([*column(MORE, first), note], column("and all of them " + second, MORE))
    assert parts.text.split("\n") == [MORE, SAID, "1 As of June.", MORE]
    where = {word: parts.text.index(word) for word in ("Crews", "too high", "As of")}
    article = Article("a", parts.text, "", "", pages=parts.pages)
    assert {word: article.page(offset) for word, offset in where.items()} == {"Crews": 1, "too high": 2, "As of": 1}


# --- broken words ---


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [
        ("the agree-", "ment is", "the agreement is"),
        ("a socio-", "cultural one", "a socio-cultural one"),
        ("the Asia-", "Pacific region", "the Asia-Pacific region"),
        ("from 2020-", "2024 on", "from 2020-2024 on"),
        ("the COVID-", "19 years", "the COVID-19 years"),
        ("para kementerian-", "kementerian itu", "para kementerian-kementerian itu"),
        ("the crews -", "all of them", "the crews - all of them"),
        ("well-be-", "ing of", "well-being of"),
    ],
)
def test_words_that_a_line_breaks_are_mended(before: str, after: str, whole: str) -> None:
    filler = "xxx " * ((COLUMNS - len(before)) // 4)
    page = [
        Words(f"{filler}{before}", LEFT, TOP), Words(f"{after} far away", LEFT, TOP - LEADING),
        *column("The socio-cultural pillar.", y=TOP - 100),
    ]  # fmt: skip
    assert read(page).text.split("\n")[0] == f"{filler}{whole} far away"


# --- what is printed on every page ---


def test_running_heads_and_feet_are_dropped() -> None:
    pages = [[*running(number), *column(f"Part {number}. {SAID}")] for number in range(1, 10)]
    assert lines(*pages) == [f"Part {number}. {SAID}" for number in range(1, 10)]


def test_a_head_that_changes_with_the_chapter_is_known_by_the_page_number_beside_it() -> None:
    pages = []
    for number in range(1, 10):
        left, right = f"{number} Chapter {'I' * (number // 3 + 1)}", f"On crews {'at sea ' * (number // 4)}{number}"
        head = left if number % 2 else right
        pages.append([Words(head, LEFT, 800, 8), *column(f"Part {'i' * number}. {SAID}")])
    assert lines(*pages) == [f"Part {'i' * number}. {SAID}" for number in range(1, 10)]


def test_a_head_on_two_pages_of_two_is_dropped_and_a_line_on_two_of_nine_is_not() -> None:
    assert lines(*[[*running(n), *column(f"{n}. {SAID}")] for n in (1, 2)]) == [f"1. {SAID}", f"2. {SAID}"]
    pages = [column(f"{n} {SAID}") for n in range(1, 10)]
    for page in pages[3:5]:
        page.insert(0, Words("Crews at Sea", LEFT, 800, 8))  # may be a heading
    assert "\n".join(lines(*pages)).count("Crews at Sea") == 2


def test_the_same_sentence_at_different_places_stays() -> None:
    pages = [column(f"{n}. {SAID}", MORE, y=TOP - 23 * n) for n in range(1, 6)]
    assert "\n".join(lines(*pages)).count(MORE) == 5


# --- pages ---


def test_pages_begin_where_their_words_begin() -> None:
    parts = read(column(SAID), column(MORE), [], column(f"In the end {SAID}"))
    assert parts.pages == ((0, 1), (len(SAID) + 1, 2), (len(SAID) + len(MORE) + 2, 4))
    article = Article("a", parts.text, "", "", pages=parts.pages)
    assert [article.page(at) for at in (0, len(SAID), len(SAID) + 1, len(parts.text) - 1)] == [1, 1, 2, 4]
    assert Article("a", "text", "", "").page(2) is None


def test_evidence_names_its_page(tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(pdf(column(SAID, MORE), column(MORE, HELD)))
    (extraction,) = extract_source(str(tmp_path / "report.pdf"))
    fact = next(fact for fact in extraction.facts if fact.kind == "Hosting")
    found = graph(extraction)
    for evidence in fact.evidence:
        span = rdf.span_iri(extraction.article, evidence.span)
        assert (span, PREFIXES["oa"] + "hasSelector", f"{span}#page") in found
        page = {predicate: value for subject, predicate, value in found if subject == f"{span}#page"}
        assert page == {
            PREFIXES["rdf"] + "type": PREFIXES["oa"] + "FragmentSelector", PREFIXES["rdf"] + "value": "page=2",
            PREFIXES["dct"] + "conformsTo": "http://tools.ietf.org/rfc/rfc3778",
            PREFIXES["oa"] + "refinedBy": f"{span}#quote",
        }  # fmt: skip
    lines = [*rdf.graph_lines(extraction, load_reference()), *rdf.context_lines(extraction, load_reference())]
    report = validate(rdf.ntriples(lines))
    assert [finding for finding in report.findings if finding.severity == "violation"] == []
    assert "Page" not in report.unmatched


def graph(extraction: Extraction) -> set[tuple[str, str, str]]:
    triples = rdf.article_triples(extraction, load_reference())
    return {(subject, predicate, str(getattr(value, "iri", value))) for subject, predicate, value in triples}


def test_people_are_shown_the_page(tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(pdf(column(SAID, MORE), column(MORE, HELD)))
    shown = CliRunner().invoke(main, ["extract", str(tmp_path / "report.pdf")]).output
    assert re.search(r"2024\.”\s+\[p\. 2\]", shown)
    build([str(tmp_path / "report.pdf")], tmp_path / "kg", check=False)
    kg = ["--kg", str(tmp_path / "kg")]
    shown = CliRunner().invoke(main, ["explain", "IOM", *kg]).output
    assert re.search(r"2024\.”\s+\[1,\s+p\. 2\]", shown)
    told = CliRunner().invoke(main, ["explain", "IOM", "--json", *kg]).output
    assert '"page": 2' in told


# --- title ---


def test_the_title_is_the_stated_one_where_it_is_printed() -> None:
    page = column("Crews at sea", SAID, MORE)
    assert read(page, title="crews at sea").title == "Crews at sea"
    assert read(page, title="Microsoft Word - final2.docx").title is None


def test_the_title_is_what_is_printed_largest_on_the_first_page() -> None:
    page = [Words("Crews at sea pay too much", LEFT, TOP, 20), *column(SAID, MORE, y=TOP - 40)]
    assert read(page, [Words("The second chapter of it", LEFT, TOP, 30)]).title == "Crews at sea pay too much"
    assert read([Words("2024", LEFT, TOP, 20), *column(SAID, MORE, y=TOP - 40)]).title is None


# --- what cannot be read ---


def refused(data: bytes) -> SourceError:
    with pytest.raises(SourceError) as caught:
        list(read_pdf(Raw("report.pdf", data, "report")))
    assert caught.value.where == "report.pdf"
    return caught.value


def test_a_scan_says_that_it_is_one() -> None:
    error = refused(pdf([], [], [], picture=True))
    assert error.what == "no text on its 3 pages: a scan, or pictures only"
    assert "text layer" in error.expected
    assert "ocrmypdf" in error.todo
    assert refused(pdf([Words("12/6", LEFT, TOP)], picture=True)).what.startswith("no text on its 1 page:")


def test_a_scanned_page_among_others_begins_where_it_ends() -> None:
    data = pdf(column(SAID), [], column(MORE), [], picture=True)
    (parts,) = read_pdf(Raw("report.pdf", data, "report"))
    assert parts.text == f"{SAID}\n{MORE}"
    assert parts.pages == ((0, 1), (len(SAID) + 1, 2), (len(SAID) + 1, 3), (len(parts.text), 4))


def test_what_is_no_pdf() -> None:
    assert refused(b"<html>").what == "not a PDF file"
    assert "broken" in refused(b"%PDF-1.4\nnothing else").what


def test_a_locked_file() -> None:
    # The standard security handler (ISO 32000-1, section 7.6.3) with keys that no password makes.
    keys = f"/O <{'00' * 32}> /U <{'11' * 32}>"
    lock = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 {keys} >> /ID [<00> <00>]"
    data = pdf(column(SAID)).replace(b"/Info 5 0 R", lock.encode())
    error = refused(data)
    assert error.what == "locked by a password"
    assert "copy" in error.todo


def test_a_file_cut_off_in_the_middle_is_read_as_far_as_it_goes_or_refused() -> None:
    data = pdf(*[column(SAID)] * 5)
    for part in range(1, 10):
        try:
            list(read_pdf(Raw("report.pdf", data[: len(data) * part // 10], "report")))
        except SourceError as error:
            assert error.where == "report.pdf"


def test_bytes_that_were_changed_give_text_or_an_error() -> None:
    data = bytearray(pdf(*[[*running(n), *column(SAID, MORE)] for n in range(3)]))
    choose = random.Random(7)  # noqa: S311 - no secret
    for _ in range(200):
        changed = bytearray(data)
        for _ in range(choose.randint(1, 40)):
            changed[choose.randrange(len(changed))] = choose.randrange(256)
        try:
            for parts in read_pdf(Raw("report.pdf", bytes(changed), "report")):
                assert parts.text
        except SourceError:
            pass


def test_any_stored_text_is_in_its_stored_form(tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(pdf(column("Café  “Müller” opens early — so they say it."), column(SAID)))
    (article,) = read_articles(str(tmp_path / "report.pdf"))
    assert article.text == f"Café “Müller” opens early — so they say it.\n{SAID}"
    assert article.text[article.pages[1][0] :] == SAID


def test_two_hundred_pages_are_read_in_flat_memory_and_say_how_far_they_are() -> None:
    def peak(count: int) -> tuple[int, list[str]]:
        data = pdf(*[[*running(n, of=count), *column(*[f"Part {n}. {SAID}"] * 8)] for n in range(1, count + 1)])
        told: list[str] = []
        tracemalloc.start()
        (parts,) = read_pdf(Raw("report.pdf", data, "report", tell=told.append))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(parts.pages) == count
        assert parts.text.count("Part ") == 8 * count
        return most, told

    peak(1)  # what is loaded once
    most, told = peak(200)
    assert told == [f"page {page} of 200" for page in range(50, 201, 50)]
    # Lines and text stay, pages do not: some kilobytes a page.
    assert most < 200 * 25_000
    assert width("x") == pytest.approx(6.6)
