"""Every error that migkg raises on purpose: one base, one class per situation.

A message says where, what was found, what was expected and what to do next. The parts are attributes too,
so that a caller can act on them; `exit_code` is what the command line ends with.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_LISTED = 24  # names in a message


class MigkgError(Exception):
    """Base of all errors that a user can mend.

    :param what: what is wrong, a sentence without its full stop.
    :param where: file, address or graph, as the user knows it.
    :param line: line in that file, from 1.
    :param expected: what would have been right.
    :param todo: what to do next.
    """

    exit_code = 2

    def __init__(
        self, what: str, *, where: str = "", line: int | None = None, expected: str = "", todo: str = ""
    ) -> None:
        super().__init__(what, where, line, expected, todo)
        self.what = what
        self.where = where
        self.line = line
        self.expected = expected
        self.todo = todo

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process borders in a parallel build; the default would lose the keyword arguments.
        return (_rebuild, (type(self), self.__dict__.copy()))

    def __str__(self) -> str:
        place = self.where + (f":{self.line}" if self.line is not None else "")
        text = f"{place}: {self.what}" if place else self.what
        if self.expected:
            text += f"; expected {self.expected}"
        text += "."
        return f"{text} {self.todo}" if self.todo else text


def _rebuild(kind: type[MigkgError], state: dict[str, object]) -> MigkgError:
    error = kind.__new__(kind)
    Exception.__init__(error, *[state[name] for name in ("what", "where", "line", "expected", "todo")])
    error.__dict__.update(state)
    return error


class SourceError(MigkgError):
    """An article that cannot be read: missing, empty, binary, too large, wrongly encoded, no article in it."""


class DataError(MigkgError):
    """A file of ontology/, data/ or queries/ that is broken or contradicts another one."""


class GraphError(MigkgError):
    """A graph folder or RDF file that is missing, not ours, or not readable."""


class NewerGraph(GraphError):
    """A graph folder in a form that only a newer migkg knows."""


class QueryError(MigkgError):
    """A query that cannot be parsed or run, or a parameter with a value of the wrong type."""


class EndpointError(MigkgError):
    """A server that cannot be reached, refuses, or answers with something that is not what was asked for."""


class WriteError(MigkgError):
    """A result that could not be written: no space, no permission, target in the way."""


class NothingFound(MigkgError):
    """Something was asked for by name, and the graph does not hold it."""

    exit_code = 1


class UnknownName(MigkgError):
    """A name out of a closed list was expected; the message lists the known ones, of a long list the near ones.

    :param todo: where the names are listed.

    >>> str(UnknownName("format", "tutle", ["turtle", "trig"]))
    'unknown format "tutle"; expected one of: turtle, trig. Did you mean "turtle"?'
    """

    def __init__(self, kind: str, name: str, known: Iterable[str], *, where: str = "", todo: str = "") -> None:
        self.kind = kind
        self.name = name
        self.known = tuple(known)
        few = len(self.known) <= _LISTED
        close = [f'"{other}"' for other in get_close_matches(name, self.known, n=1 if few else 5, cutoff=0.5)]
        meant = " or ".join(filter(None, (", ".join(close[:-1]), *close[-1:])))
        super().__init__(
            f'unknown {kind} "{name}"',
            where=where,
            expected="one of: " + ", ".join(self.known) if few else f"one of {len(self.known)} names",
            todo=" ".join(filter(None, (f"Did you mean {meant}?" if close else "", todo))),
        )


class ReaderError(MigkgError):
    """A second reader that cannot be used: no such model, no server at its address, no right to ask it."""


class MissingExtra(MigkgError):
    """An optional library is needed and not installed."""

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(f"{library} is not installed", todo=f"Install it with: python -m pip install 'migkg[{extra}]'")
