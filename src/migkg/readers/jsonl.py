"""JSON Lines: one article a line, as a JSON object."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from migkg.errors import SourceError
from migkg.model import PartialDate
from migkg.readers.base import Parts, Raw, decode, normalise, one_line, stated_language, web_address, with_title


def _date(value: str) -> PartialDate:
    """A date, or the date of a point in time: `2024-06-14T10:00:00Z`."""
    return PartialDate.parse(value.strip()[:10])


# Field → how its value is read, and what is expected of it; other fields are left alone.
FIELDS: dict[str, tuple[Callable[[str], Any], str]] = {
    "text": (normalise, "the article's text"),
    "id": (str, "a name"),
    "url": (web_address, "an address that starts with http:// or https://"),
    "title": (one_line, "a title"),
    "publisher": (str, "a name"),
    "published": (_date, "a date as YYYY-MM-DD, YYYY-MM or YYYY"),
    "lang": (stated_language, "a language tag such as en or id"),
}


def read_lines(raw: Raw) -> Iterator[Parts | SourceError]:
    """The articles of a file of JSON Lines; a line that holds none is an error beside them.

    :raises SourceError: nothing but white space.
    """
    if not raw.data.strip(b"\xef\xbb\xbf \t\r\n"):
        raise SourceError("nothing but white space", where=raw.source, expected="an article")
    for number, line in enumerate(raw.data.split(b"\n"), start=raw.line):
        if line.strip():
            try:
                yield _article(replace(raw, data=line, line=number))
            except SourceError as error:
                yield SourceError(
                    error.what, where=raw.source, line=number, expected=error.expected, todo=error.todo
                )  # fmt: skip


def _article(raw: Raw) -> Parts:
    try:
        found = json.loads(decode(raw).lstrip("\ufeff"))
    except RecursionError:
        raise SourceError("nested too deeply", expected="one JSON object a line, without others in it") from None
    except ValueError as error:
        what = f"not JSON ({error.msg} at character {error.pos + 1})" if isinstance(error, json.JSONDecodeError) else ""
        raise SourceError(what or f"not JSON ({error})", expected="one JSON object a line") from error
    if not isinstance(found, dict):
        raise SourceError("no JSON object", expected="fields such as " + ", ".join(FIELDS))
    values = {name: _value(name, found.get(name)) for name in FIELDS}
    text, name = values.pop("text"), values.pop("id")
    if not (text or "").strip():
        raise SourceError('no text in the field "text"', expected="fields such as " + ", ".join(FIELDS))
    return Parts(
        with_title(text, values["title"], text.lstrip().split("\n", 1)[:1]), **values,
        name=name or values["url"] or f"{raw.name}-{raw.line}", line=raw.line,
    )  # fmt: skip


def _value(name: str, value: object) -> Any:
    convert, expected = FIELDS[name]
    if name == "id" and isinstance(value, int):
        value = str(value)
    try:
        if isinstance(value, str):
            return convert(value) if value.strip() else None
        if value is None:
            return None
    except ValueError as error:
        raise SourceError(f"{name}: {value!r:.80}", expected=expected) from error
    raise SourceError(f"{name}: {value!r:.80}", expected=f"{expected}, as a string")


def pieces(file: BinaryIO, source: str, name: str, lines: int, max_bytes: int) -> Iterator[Raw | SourceError]:
    """A file in pieces of some lines each, so that one of any length is read in little memory.

    :param lines: of a piece, at most. :param max_bytes: a longer line is an error beside the pieces.
    """
    held: list[bytes] = []
    size, start, number, empty = 0, 1, 0, True
    while line := file.readline(max_bytes + 1):
        number += 1
        if len(line) > max_bytes:
            while not line.endswith(b"\n") and (line := file.readline(max_bytes)):
                pass  # to its end, a piece at a time
            yield SourceError(f"a line larger than {max_bytes:,} bytes", where=source, line=number)
            line, empty = b"\n", False
        held.append(line)
        size += len(line)
        if len(held) >= lines or size > max_bytes:
            if size > len(held):  # a piece of empty lines holds nothing
                yield Raw(source, b"".join(held), name, line=start)
                empty = False
            held, size, start = [], 0, number + 1
    if empty or size > len(held):
        yield Raw(source, b"".join(held), name, line=start)
