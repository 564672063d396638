"""What the service and its workers say to each other: a header as JSON and a body as bytes, each with its length."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


class Stream(Protocol):
    """What can be read from."""

    def read(self, size: int, /) -> bytes:
        """So many bytes; fewer at the end."""


_LENGTHS = struct.Struct("!IQ")
LENGTHS = _LENGTHS.size


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do with the graph.

    :param name: of a function of `worker`'s table. :param body: what was sent along.
    """

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a job, in terms of HTTP.

    :param type: media type. :param cut: the answer was cut after so many rows; 0 when it is whole.
    :param fault: what is wrong in migkg, for the log.
    """

    status: int
    type: str = "text/plain; charset=utf-8"
    body: bytes = b""
    cut: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""


def pack(header: Mapping[str, Any], body: bytes = b"") -> bytes:
    """A frame."""
    text = json.dumps(header).encode()
    return _LENGTHS.pack(len(text), len(body)) + text + body


def lengths(start: bytes) -> tuple[int, int]:
    """(length of the header, length of the body) from a frame's first `LENGTHS` bytes."""
    header, body = _LENGTHS.unpack(start)
    return header, body


def read(stream: Stream) -> tuple[dict[str, Any], bytes] | None:
    """The next frame; None when the other side is gone."""
    start = stream.read(LENGTHS)
    if len(start) < LENGTHS:
        return None
    header, body = lengths(start)
    text, data = stream.read(header), stream.read(body)
    return (json.loads(text), data) if len(text) == header and len(data) == body else None
