"""Bad input of every kind, at every command that takes it: one message that says where, what and what to do; never a
traceback, never half a result.
"""

from __future__ import annotations

import json
import re
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from docs import docx, p
from graphs import article, bundled
from migkg import export, languages, ontology, queries, reference, resources, validate, views
from migkg.cli import main
from migkg.extract import lexicon
from pdfs import pdf

HELD = (
    "The International Organization for Migration (IOM) held a workshop in Jakarta on 12 June 2024. "
    "It was about the rights of the people who work in the region, and it was open to all of them."
)

Write = Callable[[Path], str]


def call(*words: str, stdin: bytes | None = None) -> Result:
    done = CliRunner().invoke(main, list(words), input=stdin)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundled(tmp_path_factory)


# --- sources ---


def written(name: str, data: bytes) -> Write:
    def write(folder: Path) -> str:
        (folder / name).write_bytes(data)
        return str(folder / name)

    return write


@cache
def bursting() -> bytes:
    return docx(p("x" * 60_000_000))


def large(folder: Path) -> str:
    with (folder / "large.txt").open("wb") as file:
        file.truncate(50_000_000)
    return str(folder / "large.txt")


def long_text(folder: Path) -> str:
    return written("long.txt", (HELD + "\n").encode() * 110_000)(folder)


def empty_folder(folder: Path) -> str:
    (folder / "empty").mkdir()
    (folder / "empty" / "picture.png").write_bytes(b"\x89PNG")
    return str(folder / "empty")


def dangling(folder: Path) -> str:
    (folder / "link.txt").symlink_to(folder / "gone.txt")
    return str(folder / "link.txt")


SOURCES: dict[str, tuple[Write, str]] = {
    "empty": (written("a.txt", b""), "empty; expected an article"),
    "white space": (written("a.txt", b" \n\t\n"), "nothing but white space"),
    "binary": (written("a.txt", bytes(range(256)) * 9), "not text: it holds control characters"),
    "a picture by another name": (written("a.md", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "not text"),
    "windows-1252": (written("a.txt", "Ā “quoted” café".encode("cp1252", "replace")), r"not valid UTF-8 at byte \d+"),
    "half UTF-16": (written("a.txt", b"\xff\xfeA\x00B"), "not valid UTF-16"),
    "50 MB": (large, "larger than 20,000,000 bytes. Cut it into its articles"),
    "21 MB of text": (long_text, "larger than 20,000,000 bytes"),
    "no article in the page": (
        written("a.html", b"<html><body><ul><li><a href=x>Home</a></ul></body></html>"),
        "no article on this page",
    ),
    "an empty page": (written("a.html", b"<html></html>"), "no article on this page"),
    "front matter without end": (written("a.md", b"---\ntitle: x\n"), "the front matter has no end"),
    "front matter with a wrong date": (written("a.md", b"---\npublished: soon\n---\nx"), r"a\.md:2: published: 'soon'"),
    "front matter alone": (written("a.md", b"---\ntitle: x\n---\n"), "no text after the front matter"),
    "unknown suffix": (written("a.odt", b"x"), r'files that end in "\.odt" are not read; expected .*\.txt'),
    "no suffix": (written("a", b"x"), "the file's name has no ending"),
    "a scan": (written("a.pdf", pdf([], [], picture=True)), "no text on its 2 pages: a scan.*text layer.*ocrmypdf"),
    "no PDF": (written("a.pdf", b"<html>"), "not a PDF file; expected a file that begins with %PDF"),
    "half a PDF": (written("a.pdf", b"%PDF-1.7\n1 0 obj\n<<"), "the PDF file is broken"),
    "no Word file": (written("a.docx", b"text"), "not a Word file"),
    "an old Word file": (written("a.docx", b"\xd0\xcf\x11\xe0" * 9), r"an old Word file \(\.doc\).*Save it as \.docx"),
    "half a Word file": (written("a.docx", docx(p(HELD))[:300]), "the Word file is broken"),
    "a spreadsheet": (written("a.docx", docx(p(HELD)).replace(b"word/doc", b"xlsx/doc")), "an archive without a Word"),
    "a Word file that bursts": (
        lambda folder: written("a.docx", bursting())(folder), "unpacked, its text is larger than"
    ),
    "no JSON": (written("a.jsonl", b"{text: x}"), r"a\.jsonl:1: not JSON \(.*expected one JSON object a line"),
    "JSON without text": (written("a.jsonl", b'{"body": "x"}'), r'a\.jsonl:1: no text in the field "text"; expected'),
    "empty JSON Lines": (written("a.jsonl", b""), "empty; expected an article"),
    "blank JSON Lines": (written("a.jsonl", b"\n\n \n"), "nothing but white space"),
    "an empty feed": (written("a.xml", b"<rss><channel/></rss>"), "no item in this feed"),
    "XML of another kind": (written("a.xml", b"<kml/>"), "XML of another kind.*expected a feed"),
    "no XML": (written("a.rss", b"nothing"), "not readable as XML"),
    "missing": (lambda folder: str(folder / "gone.txt"), "no such file or folder"),
    "almost the right name": (
        lambda folder: [article(folder, "talks", HELD), str(folder / "talk.md")][1],  # type: ignore[list-item, return-value]
        r'no such file or folder\. Did you mean "talks\.md"',
    ),
    "a link to nothing": (dangling, "no such file or folder"),
    "a folder without articles": (empty_folder, "no article in this folder; expected files that end in"),
    "an over-long name": (lambda folder: str(folder / ("x" * 300 + ".txt")), "no such file or folder"),
    "a null byte in the name": (lambda folder: str(folder / "a\0b.txt"), "no such file or folder"),
    "another protocol": (lambda _: "ftp://example.org/x", "expected an address that starts with http:// or https://"),
    "a local address": (lambda _: "http://127.0.0.1:9/x", "an address of a private network"),
    "no address": (lambda _: "http://", "cannot fetch http://"),
}


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("command", ["build", "extract"])
def test_a_bad_source(tmp_path: Path, name: str, command: str) -> None:
    write, message = SOURCES[name]
    source = write(tmp_path)
    if command == "extract" and name == "a folder without articles":
        message = "this is a folder"
    more = ["--kg", str(tmp_path / "kg")] if command == "build" else []
    done = call(command, source, *more)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("migkg: ")
    assert done.stderr.count("\n") == 1
    assert re.search(message, done.stderr)
    assert not (tmp_path / "kg").exists()


def test_all_bad_sources_among_good_ones(tmp_path: Path) -> None:
    sources = []
    for number, (write, _) in enumerate(SOURCES.values()):
        (tmp_path / str(number)).mkdir()
        sources.append(write(tmp_path / str(number)))
    good = article(tmp_path, "workshop", HELD, title="A workshop")
    done = call("build", *sources, str(good), "--kg", str(tmp_path / "kg"), "--no-check", "--json")
    assert done.exit_code == 2
    made = json.loads(done.stdout)
    assert made["articles"] == 1
    assert len(made["errors"]) == len(SOURCES)
    for source in sources:
        assert any(error.startswith(source) for error in made["errors"]), source


FRENCH = "Les participants ont parlé de la gouvernance des migrations et de la protection des travailleurs. " * 3
INDONESIAN = "Lokakarya itu membahas hak para pekerja yang bekerja di kawasan ini dan terbuka bagi mereka semua."
TEXTS: dict[str, tuple[str, str]] = {
    "another language": (FRENCH, "neither in English nor in Indonesian; nothing was read from it"),
    "two languages alike": (f"{HELD}\n{INDONESIAN}\n{INDONESIAN}", "in English and in Indonesian alike"),
    "a second language": (f"{HELD}\n{HELD}\n{INDONESIAN}", "is in Indonesian, and was read as English"),
    "bad text recognition": (f"{HELD}\n" + "The w0rkers of the reg|on, s~id the g0vernm3nt. " * 9, "belong to no word"),
    "cut off": (f"{HELD}\nThe minister said on Tuesday that the crews of all the islands will soon be", "breaks off"),
    "a menu": ("Home\nThe news of the week\nWhat we do for you\nThe people and their rights\nContact", "no sentence"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_in_bad_condition(tmp_path: Path, name: str) -> None:
    text, message = TEXTS[name]
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    extracted = call("extract", str(tmp_path / "a.txt"))
    assert extracted.exit_code == (0 if HELD in text and "alike" not in name else 1)
    built = call("build", str(tmp_path / "a.txt"), "--kg", str(tmp_path / "kg"), "--no-check")
    assert built.exit_code == 0
    for done in (extracted, built):
        assert re.search(message, " ".join(done.stderr.split()))


def test_one_article_twice(tmp_path: Path) -> None:
    one, other = article(tmp_path, "one", HELD), article(tmp_path, "other", HELD)
    done = call("build", str(one), str(other), "--kg", str(tmp_path / "kg"), "--no-check")
    assert done.exit_code == 0
    assert done.stdout.startswith("1 article → ")
    assert f"{other} holds the same article as {one}; it is read once." in " ".join(done.stderr.split())


def test_bad_lines_among_good_ones(tmp_path: Path) -> None:
    good = [json.dumps({"id": str(n), "text": f"{HELD} It was day {n}."}) for n in range(20)]
    (tmp_path / "a.jsonl").write_text("\n".join([*good[:3], "{", *good[3:], '{"text": 5}']))
    done = call("build", str(tmp_path / "a.jsonl"), "--kg", str(tmp_path / "kg"), "--no-check", "--json")
    assert done.exit_code == 2
    made = json.loads(done.stdout)
    assert made["articles"] == 20
    assert [error.partition(": ")[0] for error in made["errors"]] == [f"{tmp_path}/a.jsonl:{n}" for n in (4, 22)]
    done = call("extract", str(tmp_path / "a.jsonl"))
    assert done.exit_code == 2
    assert done.stderr.count("left out: ") == 2
    assert done.stdout.count("Hosting") == 20


def test_standard_input(tmp_path: Path) -> None:
    for data, message in ((b"", "-: empty"), (b"\0\1", "-: not text"), (b"caf\xe9 au lait", "-:1: not valid UTF-8")):
        for words in (("extract", "-"), ("build", "-", "--kg", str(tmp_path / "kg"))):
            done = call(*words, stdin=data)
            assert (done.exit_code, done.stdout) == (2, "")
            assert done.stderr.startswith(f"migkg: {message}")


class _Pages(BaseHTTPRequestHandler):
    """`/STATUS` answers with that status, `/page` with an article, `/picture` with a picture."""

    def do_GET(self) -> None:
        answers = {"/page": (200, "text/html", f"<html><title>Talks</title><p>{HELD}</p></html>".encode()),
                   "/picture": (200, "image/png", b"\x89PNG")}  # fmt: skip
        stated = int(self.path[1:]) if self.path[1:].isdigit() else 404
        status, kind, body = answers.get(self.path) or (stated, "text/html", b"")
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Pages) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "message"),
    [("/404", "404 Not Found"), ("/403", "403 Forbidden"), ("/picture", "the server sent image/png"), ("/204", "")],
)
def test_an_address_that_fails(tmp_path: Path, site: str, path: str, message: str) -> None:
    good = article(tmp_path, "workshop", HELD, title="A workshop")
    words = ("build", site + path, str(good), "--allow-private", "--no-check", "--kg", str(tmp_path / "kg"))
    done = call(*words)
    assert done.exit_code == 2
    assert done.stderr.startswith(f"left out: {site}{path}: ")
    assert message in done.stderr
    assert done.stdout.startswith("1 article → ")


def test_a_host_that_does_not_answer(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/x"
    done = call("extract", url, "--allow-private")
    assert done.exit_code == 2
    assert "the connection failed" in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_address_that_works(tmp_path: Path, site: str) -> None:
    done = call("build", f"{site}/page", "--allow-private", "--no-check", "--kg", str(tmp_path / "kg"))
    assert done.exit_code == 0, done.stderr
    shown = call("query", "articles", "--kg", str(tmp_path / "kg"), "--format", "csv").stdout
    assert f"{site}/page" in shown


# --- graph folders ---

COMMANDS = (("query", "people"), ("explain", "IOM"), ("export",), ("validate",), ("query", "--sparql", "ASK {}"))


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("kind", ["missing", "empty", "foreign", "file", "damaged", "without store"])
def test_a_bad_graph_folder(tmp_path: Path, folder: Path, kind: str, words: tuple[str, ...]) -> None:
    place = tmp_path / "kg"
    if kind in ("empty", "foreign"):
        place.mkdir()
    if kind == "foreign":
        (place / "letter.txt").write_text("Dear Sir")
    if kind == "file":
        place.write_text("x")
    if kind in ("damaged", "without store"):
        shutil.copytree(folder, place)
        for store in place.glob("store-?"):
            if kind == "damaged":
                (store / "CURRENT").write_text("MANIFEST-nonsense\n")
            else:
                shutil.rmtree(store)
    done = call(*words, "--kg", str(place))
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"migkg: {place}")
    assert "migkg build" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("gone.ttl", None, r"gone\.ttl: cannot be read \(No such file or directory\)"),
        ("a.txt", b"x", r'a\.txt: the suffix "\.txt" tells no RDF syntax; expected a file that ends in \.ttl, '),
        ("a.ttl", b"<x:a> <x:b>", r"a\.ttl:\d+: not readable as RDF"),
        ("a.nt", b"\xff\xfe\0", r"a\.nt:\d+: not readable as RDF"),
        ("a.rdf", b"<html>", r"a\.rdf: not readable as RDF"),
        ("a.jsonld", b"{", r"a\.jsonld:\d+: not readable as RDF"),
    ],
)
def test_a_bad_rdf_file(tmp_path: Path, name: str, data: bytes | None, message: str) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    done = call("validate", str(tmp_path / name))
    assert (done.exit_code, done.stdout) == (2, "")
    assert re.search(message, done.stderr)
    assert done.stderr.count("\n") == 1


# --- files of ours that somebody broke ---

LOADERS: dict[str, tuple[Any, ...]] = {
    "data/lexicon": (lexicon.load_lexicon, languages._languages),
    "data/reference": (reference.load_reference, reference.load_links),
    "ontology": (
        ontology.load_ontology, reference.load_reference, reference.load_links, validate.load_validator,
        export._short_names, views._ontology_labels,
    ),
    "queries": (queries.questions,),
}  # fmt: skip
"""Folder → what reads its files once."""


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> Iterator[Path]:
    """A copy of ontology/, data/ and queries/ that is read in place of ours, with the file of this name."""
    top = tmp_path / "top"
    for folder in resources.FOLDERS:
        shutil.copytree(resources.path(folder), top / folder)
    monkeypatch.setattr(resources, "root", lambda: top)
    loaders = next(loaders for folder, loaders in LOADERS.items() if name.startswith(folder))
    for loader in loaders:
        loader.cache_clear()
    yield top
    for loader in loaders:
        loader.cache_clear()


BROKEN = [
    ("ontology/migkg.ttl", "@prefix x <", ("build", "ARTICLE")),
    ("ontology/migkg.ttl", None, ("build", "ARTICLE")),
    ("ontology/migkg.ttl", "", ("build", "ARTICLE")),
    ("ontology/shapes.ttl", "@prefix x <", ("build", "ARTICLE")),
    ("ontology/shapes.ttl", None, ("validate", "FILE")),
    ("ontology/schemes/gcm.ttl", "<x:a> <x:b>", ("build", "ARTICLE")),
    ("ontology/context.jsonld", "{", ("export", "--format", "jsonld")),
    ("data/reference/places.ttl", "<x:a>", ("build", "ARTICLE")),
    ("data/reference/places.ttl", "<x:a>", ("extract", "ARTICLE")),
    ("data/reference/places.ttl", "\udcff\udcfe", ("extract", "ARTICLE")),
    ("data/reference/links.csv", "nonsense", ("build", "ARTICLE", "--no-check")),
    ("data/lexicon/en.toml", "x = ", ("build", "ARTICLE")),
    ("data/lexicon/en.toml", "x = 1", ("extract", "ARTICLE")),
    ("data/lexicon/en.toml", None, ("extract", "ARTICLE")),
    ("data/lexicon/languages.toml", "x = ", ("build", "FRESH")),
    ("queries/people.rq", "SELECT", ("query", "people")),
    ("queries/people.rq", '#: title = "x"\nSELECT ?x {}', ("query", "people")),
    ("queries/people.rq", "\udcff", ("query",)),
]


@pytest.mark.parametrize(("name", "text", "words"), BROKEN)
def test_a_broken_file_of_ours_is_named(
    tmp_path: Path, folder: Path, copy: Path, name: str, text: str | None, words: tuple[str, ...]
) -> None:
    (copy / name).unlink()
    if text is not None:
        (copy / name).write_text(text, encoding="utf-8", errors="surrogateescape")
    (tmp_path / "graph.nt").write_text("<https://x.org/a> <https://x.org/b> <https://x.org/c> .")
    (tmp_path / "fresh.txt").write_text(HELD)
    named = {"FILE": str(tmp_path / "graph.nt"), "FRESH": str(tmp_path / "fresh.txt")}
    named["ARTICLE"] = str(article(tmp_path, "workshop", HELD, title="A workshop", lang="en"))
    target = tmp_path / "kg" if words[0] == "build" else folder
    graph = [] if words[0] == "extract" else ["--kg", str(target)]
    done = call(*(named.get(word, word) for word in words), *graph)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"migkg: {copy / name}")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "kg").exists()


def test_an_incomplete_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "__file__", str(tmp_path / "migkg" / "resources.py"))
    resources.root.cache_clear()
    try:
        done = call("query")
    finally:
        monkeypatch.undo()
        resources.root.cache_clear()
    assert done.exit_code in (0, 2)  # questions may have been loaded before
    if done.exit_code:
        assert "the folders ontology/, data/ and queries/ are missing. Install migkg again." in done.stderr
