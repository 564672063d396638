"""What a service is started with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """What a service is started with.

    :param folder: the graph.
    :param hosts: further names that it may be asked under, beside those of this machine's loopback.
    :param public: the address that others know it by, without a slash at its end; "" takes that of each request.
    :param token: opens SPARQL Update and the Graph Store Protocol; "" leaves them shut.
    :param workers: queries answered at a time. :param queue: further ones that may wait.
    :param seconds: that a query may take; `write_seconds`: that a change may take.
    :param memory: bytes that a query may take.
    :param rows: rows or triples of one answer. :param answer: bytes of one answer.
    :param body: bytes of a request that only reads. :param upload: bytes of a request that writes.
    """

    folder: Path
    hosts: tuple[str, ...] = ()
    public: str = ""
    token: str = ""
    workers: int = 2
    queue: int = 128
    seconds: float = 30.0
    write_seconds: float = 600.0
    memory: int = 1024 * MEGABYTE
    rows: int = 100_000
    answer: int = 64 * MEGABYTE
    body: int = MEGABYTE
    upload: int = 128 * MEGABYTE
