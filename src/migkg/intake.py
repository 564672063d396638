"""Sources → parcels, each of which a worker reads on its own: long files are cut.

What needs the network or standard input is done here, in one process, so that a host is asked at a decent pace however
many workers read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from migkg.articles import STDIN, is_address, kind_of, opened, read_raw
from migkg.errors import MigkgError, SourceError
from migkg.readers.base import Raw, silent
from migkg.readers.jsonl import pieces

if TYPE_CHECKING:
    from collections.abc import Callable

    from migkg.fetch import Web
    from migkg.model import Article

LINES = 8  # of a file of JSON Lines, that a worker takes at a time


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a worker reads at a time.

    :param raw: None when the worker opens the source itself: a file. :param kind: row of SOURCES that reads it.
    :param articles: about how many it holds.
    """

    source: str
    raw: Raw | None = None
    kind: str = ""
    articles: int = 1


@dataclass(slots=True)
class Intake:
    """Opens sources one after the other.

    :param web: by which addresses are fetched.
    :param total: how many articles there may be, one a source at first; it grows while sources are opened.
    :param errors: sources that could not be opened.
    """

    web: Web
    total: int = 0
    errors: list[MigkgError] = field(default_factory=list)

    def parcels(self, sources: Iterable[str]) -> Iterator[Parcel]:
        """The parcels of sources, in their order."""
        for source in sources:
            try:
                yield from self._of(source)
            except SourceError as error:
                self.errors.append(error)

    def _of(self, source: str) -> Iterator[Parcel]:
        if source != STDIN and not is_address(source):
            if kind_of(source) == "jsonl":
                yield from self._lines(source)
            else:
                yield Parcel(source)
            return
        raw, kind = opened(source, self.web)
        yield Parcel(source, raw, kind)

    def _lines(self, source: str) -> Iterator[Parcel]:
        """A file of JSON Lines in pieces; it may be larger than memory."""
        try:
            with Path(source).open("rb") as file:
                self.total += sum(block.count(b"\n") for block in iter(lambda: file.read(2**20), b"")) - 1
                if not file.tell():
                    raise SourceError("empty", where=source, expected="an article")
                file.seek(0)
                for piece in pieces(file, source, Path(source).stem, LINES, self.web.max_bytes):
                    if isinstance(piece, SourceError):
                        self.errors.append(piece)
                    else:
                        yield Parcel(source, piece, "jsonl", piece.data.count(b"\n"))
        except OSError as error:
            raise SourceError(f"cannot read it: {error.strerror}", where=source) from error


def read_parcel(parcel: Parcel, web: Web, tell: Callable[[str], object] = silent) -> Iterator[Article | SourceError]:
    """The articles of a parcel, with an error for each that could not be read.

    :param tell: called now and then with how far a long reading has come.
    :raises SourceError: when none could.
    """
    raw, kind = (parcel.raw, parcel.kind) if parcel.raw else opened(parcel.source, web)
    yield from read_raw(replace(raw, tell=tell), kind)
