"""`articles` and its readers: what is taken, what is refused and in which words, ids, languages."""

from __future__ import annotations

import hashlib
import re
import tempfile
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migkg import articles
from migkg.articles import FEED, MAX_ID, SOURCES, Register, article_id, discover, read_articles
from migkg.errors import SourceError
from migkg.fetch import Page, Web
from migkg.model import Article, Finding
from migkg.readers.base import normalise

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


# --- where bytes come from ---


def test_folders_give_their_articles_sorted_and_each_once(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.MD", "a/.hidden.md", ".git/x.txt", "a/notes.odt", "a/b/page.htm", "a.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    folder = tmp_path.as_posix()
    expected = tuple(f"{folder}/{name}" for name in ("a/b/page.htm", "a/z.MD", "a.txt", "b.txt"))
    assert discover([folder]) == expected
    assert discover([folder, "-", f"{folder}/b.txt", "https://example.org/a", "-"]) == (
        *expected,
        "-",
        "https://example.org/a",
    )
    assert discover([]) == ()


def test_a_named_file_needs_no_known_suffix_to_be_found(tmp_path: Path) -> None:
    (tmp_path / "report.odt").write_text("x")
    assert discover([str(tmp_path / "report.odt")]) == (str(tmp_path / "report.odt"),)


def test_a_folder_without_articles_names_the_suffixes(tmp_path: Path) -> None:
    (tmp_path / "report.odt").write_text("x")
    with pytest.raises(SourceError, match="no article in this folder") as caught:
        discover([str(tmp_path)])
    assert caught.value.where == str(tmp_path)
    for name, kind in SOURCES.items():
        for suffix in kind.suffixes:
            # Feeds are followed where they are named.
            assert (suffix in caught.value.expected) == (name != FEED)


def test_a_folder_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def walk(folder: str, onerror: object) -> list[object]:
        assert callable(onerror)
        onerror(PermissionError(13, "Permission denied", folder))
        return []

    monkeypatch.setattr(articles.os, "walk", walk)
    with pytest.raises(SourceError, match="Permission denied"):
        discover([str(tmp_path)])


@pytest.mark.parametrize("call", [lambda source: discover([source]), read_articles], ids=["discover", "read_articles"])
@pytest.mark.parametrize("source", ["nowhere/at/all.txt", "bad\0name.txt", "x" * 5000 + ".txt", ""])
def test_a_missing_source(call: object, source: str) -> None:
    assert callable(call)
    with pytest.raises(SourceError, match="no such file or folder") as caught:
        call(source)
    assert caught.value.where == source


def test_a_misspelt_name_gets_a_proposal(tmp_path: Path) -> None:
    (tmp_path / "workshop.txt").write_text("x")
    with pytest.raises(SourceError, match=r'Did you mean "workshop\.txt"\?'):
        discover([str(tmp_path / "worksop.txt")])


def test_a_folder_is_no_article(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="this is a folder"):
        read_articles(str(tmp_path))


@pytest.mark.parametrize(("name", "words"), [("a.odt", r'end in "\.odt"'), ("a", "no ending")])
def test_an_unknown_suffix_names_the_known_ones(tmp_path: Path, name: str, words: str) -> None:
    error = refused(tmp_path / name, "text")
    assert re.search(words, error.what)
    assert ".txt, .md" in error.expected
    assert "pipe" in error.todo


def test_a_file_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("x")

    def fail(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", fail)
    with pytest.raises(SourceError, match="cannot read it: Permission denied"):
        read_articles(str(tmp_path / "a.txt"))


def test_a_file_name_that_is_no_utf8_stays_printable(tmp_path: Path) -> None:
    name = tmp_path / "caf\udce9.txt"
    try:
        name.write_text(SENTENCE)
    except (OSError, UnicodeError):
        pytest.skip("this file system takes UTF-8 names only")
    (article,) = read_articles(str(name))
    assert article.source.endswith("caf?.txt")
    assert re.fullmatch(r"caf-[0-9a-f]{8}", article.id)


@pytest.mark.parametrize(
    ("address", "media_type", "lang"),
    [
        ("https://example.org/a", "text/html", None),
        ("https://example.org/a.php", "application/xhtml+xml", None),
        ("https://example.org/a.md", "text/plain", "id"),
        ("https://example.org/a.md", "application/octet-stream", "id"),
        ("https://example.org/a.md", "", "id"),
        ("https://example.org/a.md?raw=1", "text/markdown", "id"),
        ("https://example.org/a", "text/plain", None),
    ],
)
def test_a_web_answer_is_read_by_its_media_type_and_a_vague_one_by_its_suffix(
    monkeypatch: pytest.MonkeyPatch, address: str, media_type: str, lang: str | None
) -> None:
    data = f"---\nlang: id\n---\n{SENTENCE}".encode() if lang else page().encode()
    monkeypatch.setattr(Web, "fetch", lambda _, url, __: Page(url, data, media_type))
    (article,) = read_articles(address)
    assert article.url == address
    assert article.lang == (lang or "en")
    assert article.text.startswith("Crews") == (lang is None), "a page is read as one, even when it comes as text/plain"


def test_a_web_answer_of_another_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Web, "fetch", lambda _, url, __: Page(url, b"\x89PNG", "image/png"))
    with pytest.raises(
        SourceError, match="the server sent image/png; expected text/plain, text/markdown, text/html"
    ):
        read_articles("https://example.org/a.png")


def test_a_charset_that_the_server_states_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    data = "Café “Müller” opened".encode("cp1252")
    monkeypatch.setattr(Web, "fetch", lambda _, url, __: Page(url, data, "text/plain", "iso-8859-1"))
    assert read_articles("https://example.org/a")[0].text == "Café “Müller” opened"


# --- ids ---


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("2024-06-12-public-discussion-jakarta.en", "2024-06-12-public-discussion-jakarta-en"),
        ("Café  Straße_1", None),
        ("Café & crème", "cafe-creme"),
        ("https://example.org/news/iom-and-mofa-held-talks", "iom-and-mofa-held-talks"),
        ("https://example.org/news/Talks.HTML", "talks"),
        ("https://example.org/news/talks/", "talks"),
        ("https://example.org/news/talks/index.php", "talks"),
        ("https://example.org/a%20b%E2%80%99s", "a-b-s"),
        ("https://example.org/", "example-org"),
        ("https://example.org/read.php?id=77&utm_source=mail", "read-77"),
        ("https://example.org/berita/4512345", "4512345"),
        ("https://example.org/новости", None),
        ("新闻", None),
        ("---", None),
        ("x" * 80, "x" * 80),
        ("x" * 81, None),
        ("word-" * 40, None),
    ],
)
def test_ids(name: str, slug: str | None) -> None:
    found = article_id(name)
    if slug is None:
        assert re.fullmatch(r"[a-z0-9-]+-[0-9a-f]{8}", found)
    else:
        assert found == slug


def test_names_that_differ_in_lost_letters_or_after_the_cut_keep_apart() -> None:
    names = ["新闻", "消息", "新闻 1", "消息 1", "x" * 90 + "a", "x" * 90 + "b"]
    assert len({article_id(name) for name in names}) == len(names)
    assert article_id(unicodedata.normalize("NFD", "ßé")) == article_id("ßé")


@given(st.text(max_size=200))
def test_any_name_gives_a_slug(name: str) -> None:
    found = article_id(name)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", found)
    assert len(found) <= MAX_ID


def make(id_: str, text: str, source: str) -> Article:
    return Article(id=id_, text=text, sha256=hashlib.sha256(text.encode()).hexdigest(), source=source)


def test_the_same_article_twice_is_read_once() -> None:
    first, second, third = make("a", "x", "a.txt"), make("a", "x", "b/a.txt"), make("b", "y", "b.txt")
    register = Register()
    assert register.add(first) is None
    assert register.add(third) is None
    for again in (second, make("c", "x", "c.txt")):
        finding = register.add(again)
        assert isinstance(finding, Finding)
        assert (finding.severity, finding.article) == ("warning", "a")
        assert f"{again.source} holds the same article as a.txt; it is read once" in finding.message
    assert register.by_id == {"a": first, "b": third}


def test_two_articles_with_one_id_are_a_conflict_that_names_both() -> None:
    register = Register()
    assert register.add(make("a", "x", "a.txt")) is None
    error = register.add(make("a", "y", "b/a.txt"))
    assert isinstance(error, SourceError)
    assert error.where == "b/a.txt"
    assert "a.txt" in error.what
    assert "Rename" in error.todo


@pytest.mark.parametrize(
    ("tag", "lang"), [("en", "en"), ("id-ID", "id"), ("in", "id"), ("EN_us", "en"), ("fr", None), ("tl", None)]
)
def test_a_stated_language_goes_before_the_words(tmp_path: Path, tag: str, lang: str | None) -> None:
    assert read(tmp_path / "a.md", f"---\nlang: {tag}\n---\n{SENTENCE}").lang == lang


# --- any bytes ---

MARKUP = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<div", ">", "<!--", "-->", "<a href='", "'", "<meta charset=", "utf-16", "&#0;", "&#xD800;",
         "<title>", "</title>", "<html lang=en>", "<table><tr><td>", "<script>", "<![CDATA[", "<?xml encoding='x'?>",
         "---\n", "title: ", "url: http://[", "\n", "# ", "> ", "- ", "```", "| a |\n|--|\n", "[x](", "\x85", "&amp;",
         "\ufeff", SENTENCE, "e\u0301",
         '<script type="application/ld+json">{"datePublished":"2024-13-45"}</script>', "<link rel=canonical href=//[>"]
    ),
    max_size=30,
).map("".join)  # fmt: skip
ANY_BYTES = st.one_of(st.binary(max_size=400), MARKUP.map(str.encode), st.text(max_size=300).map(str.encode))


@pytest.mark.parametrize("suffix", [kind.suffixes[0] for kind in SOURCES.values()])
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=ANY_BYTES)
def test_any_bytes_give_articles_or_a_source_error(suffix: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "any" + suffix)
        path.write_bytes(data)
        try:
            found = read_articles(str(path))
        except SourceError as error:
            assert error.where == str(path)
            return
        for article in found:
            assert article.text.strip()
            assert normalise(article.text) == article.text
            assert article.sha256 == hashlib.sha256(article.text.encode()).hexdigest()
        assert read_articles(str(path)) == found
