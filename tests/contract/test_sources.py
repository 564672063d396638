"""Every row of `articles.SOURCES`, and every place that bytes come from, keeps the same promises.

A new row needs a fixture `harbour-town-talks` with its first suffix that tells the same news; nothing else here.
"""

from __future__ import annotations

import hashlib
import io
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from migkg.articles import FEED, MAX_ID, SOURCES, discover, read_articles
from migkg.errors import SourceError
from migkg.readers.base import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migkg.model import Article

FIXTURES = Path(__file__).parents[1] / "fixtures" / "sources"
NAME = "harbour-town-talks"
KINDS = [name for name in SOURCES if name != FEED]  # a feed leads to articles; see tests/unit/test_feeds.py
FACTS = (
    "The Institute for Fair Moves and the Ministry of Tides held a public discussion on Tuesday, 4 March 2025",
    "64 people took part in person",
    "“Workers must know their contract before they leave the island,” said Mara Quill, Director of",
    "Lantern Fund through the Safe Passage programme, which runs from 2023 to 2026 in seven districts.",
)
STATED = (
    "Harbour Town hosts talks on safe labour migration", "https://news.example.org/2025/03/harbour-town-talks",
    "Institute for Fair Moves", "2025-03-05",
)  # fmt: skip
NOT_THE_ARTICLE = ("About us", "All rights reserved", "published:", "**", "](", "<p>", "&ldquo;")


def fixture(kind: str) -> Path:
    path = FIXTURES / (NAME + SOURCES[kind].suffixes[0])
    assert path.exists(), f"the row {kind!r} of SOURCES needs the fixture {path.name}"
    return path


def keeps_the_promises(article: Article, source: str) -> None:
    assert article.text.strip()
    assert normalise(article.text) == article.text
    assert article.sha256 == hashlib.sha256(article.text.encode()).hexdigest()
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", article.id)
    assert len(article.id) <= MAX_ID
    assert article.source in (source, f"{source}:1")  # with the line, where there may be several
    assert article.lang in ("en", "id", None)


@pytest.mark.parametrize("kind", KINDS)
def test_every_format_tells_the_same_news(kind: str) -> None:
    source = str(fixture(kind))
    (article,) = read_articles(source)
    keeps_the_promises(article, source)
    assert article.id == NAME
    assert article.lang == "en"
    for words in FACTS:
        assert words in article.text
    for words in NOT_THE_ARTICLE:
        assert words not in article.text
    assert article.text.startswith("Harbour Town hosts talks on safe labour migration\n")


def test_every_format_gives_the_same_snapshot() -> None:
    assert len({read_articles(str(fixture(kind)))[0].sha256 for kind in KINDS}) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_reading_twice_gives_the_same(kind: str) -> None:
    source = str(fixture(kind))
    assert read_articles(source) == read_articles(source)


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_source_states_of_itself_is_taken(kind: str) -> None:
    (article,) = read_articles(str(fixture(kind)))
    stated = (article.title, article.url, article.publisher, str(article.published))
    told = STATED[: {"text": 0, "pdf": 1, "docx": 1}.get(kind, len(STATED))]
    assert stated == (*told, *(None, None, None, "None")[len(told) :])


@pytest.mark.parametrize(
    ("kind", "suffix"), [(name, suffix) for name in KINDS for suffix in SOURCES[name].suffixes]
)
def test_every_suffix_is_found_in_a_folder_and_read(kind: str, suffix: str, tmp_path: Path) -> None:
    copy = tmp_path / "sub" / ("Copy" + suffix.upper())
    copy.parent.mkdir()
    copy.write_bytes(fixture(kind).read_bytes())
    (source,) = discover([str(tmp_path)])
    assert source == copy.as_posix()
    assert read_articles(source)[0].text == read_articles(str(fixture(kind)))[0].text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\t\n", "nothing but white space"),
        (b"\xef\xbb\xbf", "nothing but white space"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "not text|not valid UTF-8|not a PDF file|not a Word file"),
    ],
    ids=["empty", "white space", "only a byte order mark", "picture"],
)
def test_no_format_takes_what_is_no_article(kind: str, data: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / ("bad" + SOURCES[kind].suffixes[0])
    path.write_bytes(data)
    with pytest.raises(SourceError, match=words) as caught:
        read_articles(str(path))
    assert caught.value.where == str(path)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("kind", KINDS)
def test_no_format_takes_more_than_the_limit(kind: str) -> None:
    with pytest.raises(SourceError, match=f"larger than {10 * SOURCES[kind].times} bytes"):
        read_articles(str(fixture(kind)), max_bytes=10)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """A web server that hands out every fixture under its media type."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = FIXTURES / self.path.rsplit("/", 1)[-1]
            kind = next((kind for kind in SOURCES.values() if path.suffix in kind.suffixes), None)
            if kind is None or not path.is_file():
                self.send_error(404)
                return
            body = path.read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", f"{kind.media_types[0]}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/news"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("kind", KINDS)
def test_every_format_comes_from_the_web_too(kind: str, site: str) -> None:
    path = fixture(kind)
    source = f"{site}/{path.name}"
    (article,) = read_articles(source, allow_private=True, timeout=10)
    keeps_the_promises(article, source)
    assert article.id == NAME
    (on_disk,) = read_articles(str(path))
    assert article.text == on_disk.text
    assert article.url == (on_disk.url or source)


def test_standard_input_is_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    data = fixture("text").read_bytes()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    (article,) = read_articles("-")
    keeps_the_promises(article, "-")
    assert article.id == "stdin"
    assert article.text == read_articles(str(fixture("text")))[0].text
