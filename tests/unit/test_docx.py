"""Word files: what is text and what is not, and what cannot be read."""

from __future__ import annotations

import struct
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from docs import docx, p, table
from migkg.errors import SourceError
from migkg.readers import docx as module
from migkg.readers.base import Parts, Raw
from migkg.readers.docx import read_docx

SAID = "Crews from five islands met with their ministers."


def read(*body: str, title: str = "", head: str = "") -> Parts:
    (parts,) = read_docx(Raw("notes.docx", docx(*body, title=title, head=head), "notes"))
    return parts


def lines(*body: str) -> list[str]:
    return read(*body).text.split("\n")


def refused(data: bytes) -> SourceError:
    with pytest.raises(SourceError) as caught:
        list(read_docx(Raw("notes.docx", data, "notes")))
    assert caught.value.where == "notes.docx"
    return caught.value


def test_headings_paragraphs_and_tables_in_their_order() -> None:
    rows = (("Island", "Crews"), ("Norland", p("1,200") + p("in June")), ("", "all"))
    assert lines(p("Fees", "Heading1"), p(SAID), table(*rows), p("The end.")) == [
        "Fees", SAID, "Island | Crews", "Norland | 1,200 in June", "all", "The end.",
    ]  # fmt: skip


def test_a_table_for_the_layout_is_no_table() -> None:
    assert lines(table((p("Letterhead") + p(SAID), ""))) == ["Letterhead", SAID]


def test_a_table_in_a_table() -> None:
    assert lines(table(("a", table(("b", "c"), ("d", "e"))))) == ["a | b | c d | e"]


def test_items_of_lists_are_marked() -> None:
    numbered = "<w:pPr><w:numPr><w:numId w:val='3'/></w:numPr></w:pPr>"
    none = "<w:pPr><w:numPr><w:numId w:val='0'/></w:numPr></w:pPr>"
    item = "<w:r><w:t>one</w:t></w:r>"
    assert lines(f"<w:p>{numbered}{item}</w:p>", f"<w:p>{none}{item}</w:p>", p("two", "ListBullet2")) == [
        "- one", "one", "- two",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ("<w:r><w:t>a</w:t></w:r><w:r><w:t>b</w:t></w:r>", "ab"),
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t></w:r>", "a b"),
        ("<w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:cr/><w:t>c</w:t></w:r>", "a\nb\nc"),
        ("<w:r><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t><w:softHyphen/><w:t>c</w:t></w:r>", "a-bc"),
        ("<w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink>", "link"),
        ("<w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del>", "new"),
        ("<w:moveFrom><w:r><w:t>there</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>here</w:t></w:r></w:moveTo>", "here"),
        ("<w:sdt><w:sdtContent><w:r><w:t>control</w:t></w:r></w:sdtContent></w:sdt>", "control"),
        ("<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>7</w:t></w:r>", "7"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:t>shown</w:t></w:r>", "shown"),
        ("<w:r><w:t>Fees</w:t><w:footnoteReference w:id='1'/></w:r>", "Fees"),
        ("<w:r><w:t>caf</w:t></w:r><w:r><w:t>e\u0301</w:t></w:r>", "caf\u00e9"),
    ],
)
def test_what_is_text_in_a_paragraph(runs: str, text: str) -> None:
    assert read(p(runs)).text == text


def test_a_content_control_may_hold_paragraphs() -> None:
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{p(SAID)}{table(('a', 'b'))}</w:sdtContent></w:sdt>"
    assert lines(control) == [SAID, "a | b"]


def test_a_text_box_comes_once_and_after_its_paragraph() -> None:
    box = f"<w:txbxContent>{p('In the box.')}</w:txbxContent>"
    runs = (
        f"<w:r><w:t>{SAID}</w:t></w:r><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert lines(p(runs)) == [SAID, "In the box."]


def test_the_title_is_what_is_printed_as_one() -> None:
    assert read(p("Crews at sea", "Title"), p(SAID), title="Template 7").title == "Crews at sea"
    assert read(p("Crews at sea"), p(SAID), title="crews  at sea").title == "Crews at sea"
    assert read(p("Crews at sea"), p(SAID), title="Template 7").title is None
    assert read(p("Crews at sea"), p(SAID)).title is None
    broken = p("<w:r><w:t>Crews</w:t><w:br/><w:t>at sea</w:t></w:r>", "Title")
    assert read(broken, p(SAID)).text == f"Crews at sea\n{SAID}"


# --- what cannot be read ---


def test_what_is_no_word_file() -> None:
    assert refused(b"<html>").what == "not a Word file"
    assert refused(b"\xd0\xcf\x11\xe0" + b"\0" * 100).what.startswith("an old Word file (.doc)")
    assert refused(b"PK\x03\x04nothing").what.startswith("the Word file is broken")
    assert refused(docx()).what == "no text in it"
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("content.xml", "<text/>")
    assert refused(out.getvalue()).what == "an archive without a Word text"


def test_broken_xml_is_named() -> None:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w:document>")
    assert "word/document.xml is not readable as XML" in refused(out.getvalue()).what


def test_a_file_cut_off_or_changed_gives_text_or_an_error() -> None:
    data = docx(p(SAID), p("The end."), title="x")
    for at in range(0, len(data), 7):
        for changed in (data[:at], data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]):
            try:
                list(read_docx(Raw("notes.docx", changed, "notes")))
            except SourceError as error:
                assert error.where == "notes.docx"


def test_an_archive_that_grows_without_end_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_XML", 1_000_000)
    data = docx(p("x" * 30_000_000))
    assert len(data) < 100_000
    assert refused(data).what == "unpacked, its text is larger than 1,000,000 bytes"
    # An entry that states a smaller size than it has gives no more than it states.
    lying = data.replace(struct.pack("<I", _unpacked(data)), struct.pack("<I", 1000))
    assert "broken" in refused(lying).what or "not readable" in refused(lying).what


def _unpacked(data: bytes) -> int:
    with ZipFile(BytesIO(data)) as archive:
        return archive.getinfo("word/document.xml").file_size


def test_other_parts_are_left_packed() -> None:
    parts = {"word__media__a.png": b"\0" * 30_000_000}
    (found,) = read_docx(Raw("notes.docx", docx(p(SAID), **parts), "notes"))
    assert found.text == SAID


def test_an_archive_of_many_files_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_PARTS", 50)
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for number in range(60):
            archive.writestr(str(number), b"")
    assert refused(out.getvalue()).what == "more than 50 files in it"


def test_entities_are_not_expanded_and_nothing_outside_is_read() -> None:
    levels = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12))
    head = f'<!DOCTYPE d [<!ENTITY e0 "ha">{levels}<!ENTITY out SYSTEM "file:///etc/hostname">]>'
    bomb, outside = (f"<w:r><w:t>&{name};</w:t></w:r><w:r><w:t>{SAID}</w:t></w:r>" for name in ("e12", "out"))
    for runs in (bomb, outside):
        try:
            assert read(p(runs), head=head).text == SAID
        except SourceError as error:
            assert "not readable as XML" in error.what


def test_deep_nesting_is_refused_or_read() -> None:
    deep = "<w:sdt>" * 5000 + p(SAID) + "</w:sdt>" * 5000
    assert "not readable as XML" in refused(docx(deep)).what
    assert read("<w:sdt>" * 200 + p(SAID) + "</w:sdt>" * 200).text == SAID
