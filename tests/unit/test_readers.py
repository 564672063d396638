"""The readers: bytes → text → what an article's source says of itself; what they refuse and in which words."""

from __future__ import annotations

import hashlib
import re
import time
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migkg.articles import read_articles
from migkg.errors import SourceError
from migkg.readers.base import normalise
from migkg.readers.html import MIN_PAGE_TEXT
from migkg.readers.markdown import FRONT_MATTER, plain_text

if TYPE_CHECKING:
    from migkg.model import Article

FIXTURES = Path(__file__).parents[1] / "fixtures" / "sources"
SENTENCE = (
    "The guild and the council of the harbour have signed an agreement that protects the crews from unfair fees. "
)


def read(path: Path, data: bytes | str) -> Article:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    (article,) = read_articles(str(path))
    return article


def refused(path: Path, data: bytes | str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read(path, data)
    assert caught.value.where == str(path)
    return caught.value


def page(head: str = "", body: str = SENTENCE * 3) -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body><main><h1>Crews</h1><p>{body}</p></main></body></html>"


# --- bytes → text ---


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_text_is_kept_but_for_newlines_and_the_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    text = "  Café – “one”\t😀\r\n\r\n  two\rthree\u2028four\u00a0five"
    article = read(tmp_path / "a.txt", text.encode(encoding))
    assert article.text == "  Café – “one”\t😀\n\n  two\nthree\u2028four\u00a0five"
    assert article.sha256 == hashlib.sha256(article.text.encode()).hexdigest()


@pytest.mark.parametrize("mark", [b"\xfe\xff", b"\x00\x00\xfe\xff"], ids=["UTF-16", "UTF-32"])
def test_big_endian_text_is_read(tmp_path: Path, mark: bytes) -> None:
    data = mark + "Crews".encode("utf-16-be" if len(mark) == 2 else "utf-32-be")
    assert read(tmp_path / "a.txt", data).text == "Crews"


def test_composed_and_decomposed_accents_give_the_same_article(tmp_path: Path) -> None:
    text = "Señora Quillà spoke in Tòrre"
    composed = read(tmp_path / "a.txt", unicodedata.normalize("NFC", text))
    assert read(tmp_path / "a.txt", unicodedata.normalize("NFD", text)) == composed


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_characters_that_xml_cannot_hold_become_spaces(tmp_path: Path, name: str) -> None:
    words = "page one\x0cpage\ufffftwo \x02three"
    article = read(tmp_path / name, page(body=words + SENTENCE * 3) if name == "a.html" else words)
    assert "page one page two three" in " ".join(article.text.split())


@pytest.mark.parametrize(
    "data",
    [b"\x7fELF\x02\x01\x01\0\0\0", "UTF-16 without its mark".encode("utf-16-le"), bytes(range(1, 32)) + b"abc"],
    ids=["program", "UTF-16", "controls"],
)
def test_binary_data_is_refused(tmp_path: Path, data: bytes) -> None:
    error = refused(tmp_path / "a.txt", data)
    assert "not text" in error.what
    assert "UTF-8" in error.expected


def test_binary_data_with_the_mark_of_utf16_is_refused(tmp_path: Path) -> None:
    assert "not text" in refused(tmp_path / "a.txt", b"\xff\xfe" + b"\x01\x00" * 40).what


def test_broken_utf16_names_the_byte(tmp_path: Path) -> None:
    error = refused(tmp_path / "a.txt", b"\xff\xfea\x00b")
    assert error.what == "not valid UTF-16, though it begins like it (byte 4)"


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_a_wrong_encoding_names_line_byte_and_remedy(tmp_path: Path, name: str) -> None:
    error = refused(tmp_path / name, "one\ntwo\nCafé and more".encode("latin-1"))
    assert error.what == "not valid UTF-8 at byte 11 (0xe9)"
    assert error.line == 3
    assert "iconv -f" in error.todo


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "latin1"])
@pytest.mark.parametrize("meta", ['<meta charset="{}">', "<META http-equiv=x content='text/html; charset={}'>"])
def test_the_charset_that_a_page_states_is_used(tmp_path: Path, charset: str, meta: str) -> None:
    data = page(meta.format(charset), "“Müller” " + SENTENCE * 3).encode("cp1252")
    assert "“Müller”" in read(tmp_path / "a.html", data).text


def test_valid_utf8_goes_before_a_wrong_statement(tmp_path: Path) -> None:
    data = page('<meta charset="iso-8859-1">', "“Müller” " + SENTENCE * 3)
    assert "“Müller”" in read(tmp_path / "a.html", data).text


@pytest.mark.parametrize("charset", ["hex", "unicode_escape", "idna", "utf-7", "nonsense", "shift_jis", "x" * 500])
def test_a_charset_that_is_none_or_does_not_fit(tmp_path: Path, charset: str) -> None:
    data = page(f'<meta charset="{charset}">', "M\udcfc\udcff" + SENTENCE * 3).encode("utf-8", "surrogateescape")
    assert "not valid UTF-8" in refused(tmp_path / "a.html", data).what


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert normalise(unicodedata.normalize("NFD", text)) == once
    assert not set(once) & {"\r", "\0", "\x0b", "\x0c", "\x1b", "\ufffe", "\uffff"}


# --- front matter ---


def test_front_matter_is_taken_whatever_its_quotes_and_comments(tmp_path: Path) -> None:
    article = read(
        tmp_path / "2024-06-12-talks.en.md",
        "\ufeff---  \r\n# who wrote it\r\nTitle: \"Crews: a new deal\"\r\npublisher: 'The Guild'\r\n"
        "published: 2024-06\r\n\r\nread:\r\nurl: https://example.org/x?y=1\r\nlang: en-GB\r\n---\r\n"
        "On Monday crews met.\r\n",
    )
    assert article.text == "Crews: a new deal\nOn Monday crews met."
    assert (article.id, article.title, article.publisher) == ("2024-06-12-talks-en", "Crews: a new deal", "The Guild")
    assert (str(article.published), article.read, article.lang) == ("2024-06", None, "en")
    assert article.url == "https://example.org/x?y=1"


def test_markdown_without_front_matter(tmp_path: Path) -> None:
    article = read(tmp_path / "a.md", SENTENCE)
    assert (article.text, article.title, article.lang) == (SENTENCE.strip(), None, "en")


@pytest.mark.parametrize(
    "body", ["Crews  met\n\nOn Monday.", "# Crews met\n\nOn Monday.", "**Crews met**\n\nOn Monday."]
)
def test_a_title_that_opens_the_body_is_not_repeated(tmp_path: Path, body: str) -> None:
    lines = read(tmp_path / "a.md", f"---\ntitle: Crews met\n---\n{body}").text.split("\n")
    assert [" ".join(line.split()) for line in lines] == ["Crews met", "On Monday."]


@pytest.mark.parametrize(
    ("lines", "line", "what", "expected"),
    [
        ("title: A\nno pair here\n---\nx", 3, "front matter is broken: 'no pair here'", '"key: value"'),
        ("title: A\n- list: x\n---\nx", 3, "front matter is broken", '"key: value"'),
        ("title: A\n\nOn Monday crews met.", 4, "front matter is broken", 'a line "---"'),
        ("title: A", 1, "has no end", 'a line "---"'),
        ("", 1, "has no end", 'a line "---"'),
        ("author: Mara Quill\n---\nx", 2, 'the key "author" is not known', ", ".join(FRONT_MATTER)),
        ("lang: en\nlang: id\n---\nx", 3, 'the key "lang" comes twice', ", ".join(FRONT_MATTER)),
        ("published: 12 June 2024\n---\nx", 2, "published: '12 June 2024'", "YYYY-MM-DD"),
        ("published: 2024-02-30\n---\nx", 2, "published: '2024-02-30'", "YYYY-MM-DD"),
        ("read: 2024-13\n---\nx", 2, "read: '2024-13'", "YYYY-MM"),
        ("url: example.org/a\n---\nx", 2, "url: 'example.org/a'", "https://"),
        ("url: https://example.org/a b\n---\nx", 2, "url: 'https://example.org/a b'", "https://"),
        ("url: http://[::1\n---\nx", 2, "url: 'http://[::1'", "https://"),
        ("lang: English!\n---\nx", 2, "lang: 'English!'", "en or id"),
    ],
)
def test_broken_front_matter_names_line_and_expectation(
    tmp_path: Path, lines: str, line: int, what: str, expected: str
) -> None:
    error = refused(tmp_path / "a.md", f"---\n{lines}")
    assert what in error.what
    assert error.line == line
    assert expected in error.expected


@pytest.mark.parametrize("body", ["", "\n\n", "<!-- nothing -->", "![](https://example.org/a.png)", "***"])
def test_front_matter_without_an_article(tmp_path: Path, body: str) -> None:
    assert refused(tmp_path / "a.md", f"---\ntitle: A\n---\n{body}").what == "no text after the front matter"


# --- Markdown → text ---


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("# Title #\n\nOne *two* **three** ***four*** _five_ `six`", "Title\nOne two three four five six"),
        ("Title\n=====\n\nSub\n---\n\nText", "Title\nSub\nText"),
        ("one\ntwo  \nthree\\\nfour", "one two\nthree\nfour"),
        (
            "[IOM](https://example.org 'x') and <https://example.org/a> and [b][1]\n\n[1]: /u",
            "IOM and https://example.org/a and b",
        ),
        ("![A picture](a.png)\n\nText ![x](b.png)", "Text"),
        ("> quoted\n> words\n\nsaid she", "quoted words\nsaid she"),
        ("- one\n- two\n  - three\n* four\n+ five", "- one\n- two\n  - three\n- four\n- five"),
        ("1. one\n2. two\n\n7) seven", "1. one\n2. two\n7) seven"),
        ("- one\n\n  more of one", "- one\nmore of one"),
        ("    indented paragraph\n\nnext", "indented paragraph\nnext"),
        ("```\ncode *as is*\n```", "code *as is*"),
        ("| A | B |\n|---|---|\n| 1 | *2* |", "A | B\n1 | 2"),
        ("one\n\n***\n\ntwo", "one\ntwo"),
        ("a <b>bold</b> word<br>next <!-- no --> end", "a bold word\nnext  end"),
        ("<div>\nfirst &amp; <i>second</i>\n<script>var x;</script>\n</div>", "first & second"),
        ("R&amp;D &copy; 5 \\* 6 a_b_c 3 * 4 * 5", "R&D © 5 * 6 a_b_c 3 * 4 * 5"),
        ("“Quoted,” said Mara – “again”.", "“Quoted,” said Mara – “again”."),
        ("GCM objectives no. 5 and 7\n12. June is a month", "GCM objectives no. 5 and 7 12. June is a month"),
    ],
)
def test_markdown_leaves_its_words(markdown: str, text: str) -> None:
    assert plain_text(markdown) == text


@given(st.text(alphabet="ab 1.\n#*_>-`[]()!|<>&;:\\\t", max_size=200))
def test_any_markdown_gives_lines_that_are_not_empty(markdown: str) -> None:
    text = plain_text(markdown)
    assert not text or all(line.strip() for line in text.split("\n") if "`" not in markdown and "<" not in markdown)


# --- web pages ---


def test_a_page_without_an_article_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no article on this page") as caught:
        read_articles(str(FIXTURES / "menu-only.html"))
    assert str(MIN_PAGE_TEXT) in caught.value.expected
    assert ".txt" in caught.value.todo


@pytest.mark.parametrize("html", ["x", "<", "<html></html>", "<?xml version='1.0'?><a/>", "just words " * 5])
def test_what_is_no_page(tmp_path: Path, html: str) -> None:
    assert "no article on this page" in refused(tmp_path / "a.html", html).what


def test_a_title_is_the_first_line(tmp_path: Path) -> None:
    head = '<title>Crews are safe now</title><meta property="og:title" content="Crews are  safe\nnow">'
    article = read(tmp_path / "a.html", page(head).replace("<h1>Crews</h1>", ""))
    assert article.title == "Crews are safe now"
    assert article.text.split("\n")[0] == "Crews are safe now"
    assert article.text.count("Crews are safe now") == 1


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ('<meta property="article:published_time" content="2024-06-14T10:00:00Z">', "2024-06-14"),
        ('<meta name="DC.date.issued" content="20240614">', "2024-06-14"),
        ('<meta itemprop="datePublished" content="2024/06/14">', "2024-06-14"),
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","datePublished": "2024-06-14"}</script>',
            "2024-06-14",
        ),
        ('<time class="post-published" datetime="2024-06-14">14 June</time>', "2024-06-14"),
        ('<time pubdate datetime="2024-06-14">14 June</time>', "2024-06-14"),
        ('<meta name="date" content="2024-02-31"><meta name="pubdate" content="2024-06-14">', "2024-06-14"),
        ('<meta name="date" content="2020-01-01"><meta name="pubdate" content="2024-06-14">', "2024-06-14"),
        ('<meta name="date" content="1970-01-01T00:00:00Z">', "None"),
        ('<meta name="date" content="0001-01-01">', "None"),
        ('<meta name="date" content="last week">', "None"),
        ('<meta property="article:modified_time" content="2024-06-14">', "None"),
        ('<time datetime="2024-06-12">the day of the event</time>', "None"),
        ("<p>Published on 14 June 2024</p>", "None"),
        ('<link rel="canonical" href="https://example.org/2024/06/14/crews">', "None"),
    ],
)
def test_only_a_stated_date_of_publication_is_taken(tmp_path: Path, head: str, published: str) -> None:
    body = "On 3 May 2021 the crews met. " + SENTENCE * 3
    assert str(read(tmp_path / "a.html", page(head, body)).published) == published


@pytest.mark.parametrize(
    ("head", "url", "id_"),
    [
        ('<link rel="canonical" href="https://example.org/n/crews-1">', "https://example.org/n/crews-1", "crews-1"),
        ('<meta property="og:url" content="https://example.org/crews-2">', "https://example.org/crews-2", "crews-2"),
        ('<link rel="canonical" href="https://example.org/">', None, "saved-page"),
        ('<link rel="canonical" href="javascript:void(0)">', None, "saved-page"),
        ('<link rel="canonical" href="http://[::1">', None, "saved-page"),
        ("", None, "saved-page"),
    ],
)  # fmt: skip
def test_a_saved_page_has_the_address_that_it_states(tmp_path: Path, head: str, url: str | None, id_: str) -> None:
    article = read(tmp_path / "saved page.html", page(head))
    assert (article.url, article.id) == (url, id_)


def test_a_host_is_no_publisher(tmp_path: Path) -> None:
    head = '<link rel="canonical" href="https://www.example.org/news/crews">'
    assert read(tmp_path / "a.html", page(head)).publisher is None
    named = read(tmp_path / "a.html", page(head + '<meta property="og:site_name" content="The Guild">'))
    assert named.publisher == "The Guild"


def test_the_language_of_a_page_is_that_of_its_words(tmp_path: Path) -> None:
    words = (FIXTURES / "dermaga-biru.id.txt").read_text(encoding="utf-8")
    article = read(tmp_path / "a.html", page(body=words).replace("<html>", '<html lang="en-US">'))
    assert article.lang == "id"


N = 20_000
HOSTILE = {
    "nested": "<div>" * N + SENTENCE * 3 + "</div>" * N,
    "nested tables": "<table><tr><td>" * N + SENTENCE * 3,
    "never closed": "<p><b><i><a href=x>" * N + SENTENCE * 3,
    "brackets": "<" * N + SENTENCE * 3,
    "comments": "<!--" * N + SENTENCE * 3,
    "scripts": "<script>" + "document.write('</p>');" * N + "</script>" + SENTENCE * 3,
    "open scripts": "<script " * N + SENTENCE * 3,
    "styles": "<style>" * N + SENTENCE * 3,
    "a huge attribute": f"<p class='{'x' * 50 * N}'>{SENTENCE * 3}</p>",
    "many attributes": "<p " + " ".join(f"a{n}=1" for n in range(N)) + f">{SENTENCE * 3}</p>",
    "entities": "&amp;" * N + "&#0;&#xD800;&nosuch;" * N + SENTENCE * 3,
    "an entity bomb": "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]>&b;" * 100 + SENTENCE * 3,
    "links": "<a href='javascript:x'>y</a>" * N + SENTENCE * 3,
    "link texts": "[" * (N // 2) + "![a](" * (N // 2) + SENTENCE * 3,
    "stars": "*a " * N + SENTENCE * 3,
    "quotations": "> " * N + SENTENCE * 3,
    "table bars": "|" * N + "\n" + "|-" * N + "\n" + SENTENCE * 3,
}


@pytest.mark.parametrize("suffix", [".html", ".md"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_markup_is_read_or_refused_in_time(tmp_path: Path, name: str, suffix: str) -> None:
    start = time.process_time()
    try:
        article = read(tmp_path / f"a{suffix}", page(body=HOSTILE[name]) if suffix == ".html" else HOSTILE[name])
        assert "document.write" not in article.text or suffix == ".md"
    except SourceError as error:
        assert re.match("no article on this page|no text", error.what)
    assert time.process_time() - start < 8, "the square of the length would take longer"


def test_a_picture_in_a_page_costs_no_words(tmp_path: Path) -> None:
    picture = f"<img alt='x' src='data:image/png;base64,{'QUJD' * 50_000}'>"
    assert SENTENCE.strip() in read(tmp_path / "a.html", page(body=f"{picture} {SENTENCE * 3}")).text


@pytest.mark.parametrize(
    ("block", "text"),
    [
        ("<div>a<!-- b -- c --> d</div>", "a d"),
        ("<div>a<!-- b", "a"),
        ("<div>a<SCRIPT type=x>b</script >c</div>", "ac"),
        ("<div>a<style>b</style></div>c<scripture>d", "acd"),
        ("<div>a < b > c</div>", "a  c"),
        ("<div>a &lt; b</div>", "a < b"),
    ],
)
def test_html_in_markdown_leaves_its_words(block: str, text: str) -> None:
    assert plain_text(block) == text
