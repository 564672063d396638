"""JSON Lines: what a line may hold, what is said of a bad one, and files longer than memory."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migkg.errors import SourceError
from migkg.model import PartialDate
from migkg.readers.base import Parts, Raw
from migkg.readers.jsonl import FIELDS, pieces, read_lines

TEXT = "The guild and the council of the harbour have signed an agreement."


def read(*lines: object) -> list[Parts | SourceError]:
    data = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    return list(read_lines(Raw("news.jsonl", data, "news")))


def one(**fields: object) -> Parts:
    (parts,) = read(fields)
    assert isinstance(parts, Parts), parts
    return parts


def bad(line: object) -> SourceError:
    good, error, further = read({"text": TEXT}, line, {"text": TEXT})
    assert isinstance(good, Parts)
    assert isinstance(further, Parts), "a bad line costs no other"
    assert isinstance(error, SourceError)
    assert (error.where, error.line) == ("news.jsonl", 2)
    return error


def test_all_fields() -> None:
    parts = one(
        text=TEXT, id=77, url="https://example.org/a", title="Crews\nare safe", publisher="The Guild",
        published="2024-06-14T10:00:00+07:00", lang="en-GB", author="nobody asks", tags=["x"],
    )  # fmt: skip
    assert parts == Parts(
        f"Crews are safe\n{TEXT}", "Crews are safe", "https://example.org/a", "The Guild", PartialDate(2024, 6, 14),
        lang="en", name="77", line=1,
    )  # fmt: skip


def test_a_text_alone() -> None:
    assert one(text=TEXT, title=None, url="", lang=" ") == Parts(TEXT, name="news-1", line=1)


def test_an_article_is_named_by_its_id_else_its_address_else_its_line() -> None:
    found = read(
        {"text": TEXT, "id": "talks", "url": "https://example.org/a"},
        {"text": TEXT, "url": "https://example.org/a"},
        b"",
        {"text": TEXT},
    )
    assert [parts.name for parts in found if isinstance(parts, Parts)] == ["talks", "https://example.org/a", "news-4"]


def test_a_title_that_the_text_begins_with_is_not_repeated() -> None:
    assert one(text=f"Crews are safe\n{TEXT}", title="Crews are safe").text == f"Crews are safe\n{TEXT}"


@pytest.mark.parametrize(
    ("line", "what", "expected"),
    [
        (b"{", "not JSON (Expecting property name", "one JSON object a line"),
        (b"[", "not JSON", "one JSON object a line"),
        (b"text", "not JSON (Expecting value at character 1)", "one JSON object a line"),
        (b"[" * 200_000, "nested too deeply", "one JSON object a line"),
        (b'{"text": ' + b"9" * 9000 + b"}", "not JSON (", "one JSON object a line"),
        ([TEXT], "no JSON object", ", ".join(FIELDS)),
        (TEXT, "no JSON object", "text"),
        ({}, 'no text in the field "text"', ", ".join(FIELDS)),
        ({"body": TEXT}, 'no text in the field "text"', ", ".join(FIELDS)),
        ({"text": " \n"}, 'no text in the field "text"', "text"),
        ({"text": None}, 'no text in the field "text"', "text"),
        ({"text": [TEXT]}, "text: ['The guild", "as a string"),
        ({"text": TEXT, "title": 5}, "title: 5", "a title, as a string"),
        ({"text": TEXT, "published": "last week"}, "published: 'last week'", "YYYY-MM-DD"),
        ({"text": TEXT, "published": "2024-02-30"}, "published: '2024-02-30'", "YYYY-MM-DD"),
        ({"text": TEXT, "url": "example.org/a"}, "url: 'example.org/a'", "https://"),
        ({"text": TEXT, "url": "http://[::1"}, "url: 'http://[::1'", "https://"),
        ({"text": TEXT, "lang": "English!"}, "lang: 'English!'", "en or id"),
        (b'{"text": "caf\xe9"}', "not valid UTF-8 at byte 13 (0xe9)", "UTF-8"),
        (b'{"text": "\0\0\0"}', "not text: it holds control characters", "UTF-8"),
    ],
)
def test_a_bad_line_is_told_by_its_number(line: object, what: str, expected: str) -> None:
    error = bad(line)
    assert what in error.what
    assert expected in error.expected
    assert len(str(error)) < 400


def test_what_json_can_say_and_utf8_cannot_is_a_space() -> None:
    (parts,) = read(b'{"text": "a\\ud800b \\ud83d\\ude00 \\u0000c"}')
    assert isinstance(parts, Parts)
    assert parts.text == "a b 😀  c"


GOOD = st.builds(lambda text: json.dumps({"text": text}).encode(), st.text())


@given(st.lists(st.one_of(st.binary(max_size=40), GOOD)))
def test_any_bytes_give_articles_or_errors(lines: list[bytes]) -> None:
    try:
        found = read(*lines)
    except SourceError as error:
        assert error.what == "nothing but white space"
        return
    for parts in found:
        if isinstance(parts, Parts):
            assert parts.text.encode()
            assert parts.text.strip()
        else:
            assert parts.line


def test_a_file_is_cut_into_pieces_that_know_their_place() -> None:
    file = io.BytesIO(b"".join(json.dumps({"text": f"{n} {TEXT}"}).encode() + b"\n" for n in range(1, 20)))
    cut = list(pieces(file, "news.jsonl", "news", 8, 1000))
    assert [(raw.line, raw.data.count(b"\n")) for raw in cut if isinstance(raw, Raw)] == [(1, 8), (9, 8), (17, 3)]
    file.seek(0)
    whole = list(read_lines(Raw("news.jsonl", file.read(), "news")))
    assert [parts for raw in cut if isinstance(raw, Raw) for parts in read_lines(raw)] == whole
    assert [parts.name for parts in whole if isinstance(parts, Parts)] == [f"news-{n}" for n in range(1, 20)]


@pytest.mark.parametrize("end", [b"\n", b""])
def test_a_line_over_the_limit_is_left_out_and_the_next_keep_their_numbers(end: bytes) -> None:
    file = io.BytesIO(b'{"text": "a"}\n' + b"x" * 5000 + b'\n{"text": "b"}' + end)
    first, second = pieces(file, "news.jsonl", "news", 8, 1000)
    assert isinstance(first, SourceError)
    assert (first.where, first.line, first.what) == ("news.jsonl", 2, "a line larger than 1,000 bytes")
    assert isinstance(second, Raw)
    assert [parts.line for parts in read_lines(second) if isinstance(parts, Parts)] == [1, 3]


def test_only_a_line_over_the_limit() -> None:
    (error,) = pieces(io.BytesIO(b"x" * 5000), "news.jsonl", "news", 8, 1000)
    assert isinstance(error, SourceError)


@pytest.mark.parametrize("data", [b"", b"\n", b"\n" * 20, b" \n"])
def test_a_file_of_nothing(data: bytes) -> None:
    with pytest.raises(SourceError, match="nothing but white space"):
        for raw in pieces(io.BytesIO(data), "news.jsonl", "news", 8, 1000):
            assert isinstance(raw, Raw)
            list(read_lines(raw))


def test_empty_lines_before_the_first() -> None:
    file = io.BytesIO(b"\n" * 20 + b'{"text": "a"}')
    (raw,) = pieces(file, "news.jsonl", "news", 8, 1000)
    assert isinstance(raw, Raw)
    assert [parts.line for parts in read_lines(raw) if isinstance(parts, Parts)] == [21]


def test_a_file_without_end_is_read_in_little_memory(tmp_path: Path) -> None:
    import tracemalloc

    line = json.dumps({"text": TEXT * 20}).encode() + b"\n"
    path = tmp_path / "news.jsonl"
    path.write_bytes(line * 20_000)
    tracemalloc.start()
    with path.open("rb") as file:
        count = sum(1 for raw in pieces(file, "news.jsonl", "news", 8, 20_000_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 2_500
    assert peak < 1_000_000
