"""SPARQL text: just enough of its tokens to see keywords, variables and braces where they are meant as such.

Whatever kind of store answers, a query is prepared here: it only reads, stays with its store, and has its terms bound
as RDF terms, never as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from migkg.errors import QueryError
from migkg.ontology import PREFIXES

if TYPE_CHECKING:
    import pyoxigraph as ox

Term: TypeAlias = "ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple"

_TOKEN = re.compile(
    r"""
    (?P<string>\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
             | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
  | (?P<iri><[^<>"{}|^`\x00-\x20]*>)
  | (?P<comment>\#[^\n\r]*)
  | (?P<variable>[?$]\w+)
  | (?P<language>@[A-Za-z][A-Za-z0-9-]*)
  | (?P<name>(?:[^\W\d_][\w.-]*|_)?:(?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\.)(?:[\w.:-]|%[0-9A-Fa-f]{2}|\\.)*)?)
  | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<word>[A-Za-z_]+)
  | (?P<space>\s+)
  | (?P<sign>\\.|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}


class Token(NamedTuple):
    """A piece of SPARQL text: its kind, and where it starts."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the next one starts."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a query's text tells of itself.

    :param tokens: all of them, spaces and comments too. :param service: the first that would call another service.
    :param update: its first word, when it changes the graph. :param group: where its pattern begins, if it has one.
    :param variables: without their marks. :param slots: the UNDEF of each `VALUES ?name { UNDEF }`, and the name.
    :param starred: whether it is a `SELECT *`. :param prefixes: the usual ones that it may use, with their IRIs.
    """

    tokens: tuple[Token, ...]
    service: Token | None
    update: Token | None
    group: int | None
    variables: frozenset[str]
    slots: tuple[tuple[Token, str], ...]
    starred: bool
    prefixes: Mapping[str, str]


_SHORT = 10_000  # characters; longer queries are made by programs, each another one


def reading_of(sparql: str) -> Reading:
    """The tokens of a text, and what they tell."""
    return _kept(sparql) if len(sparql) < _SHORT else _read(sparql)


def tokens_of(sparql: str) -> tuple[Token, ...]:
    """All tokens of a text, spaces and comments too."""
    return reading_of(sparql).tokens


@lru_cache(maxsize=256)
def _kept(sparql: str) -> Reading:
    # A question that is asked again costs the engine less time than this would.
    return _read(sparql)


def _read(sparql: str) -> Reading:
    found = _TOKEN.finditer(sparql)
    tokens = tuple(Token(match.lastgroup or "sign", match.group(), match.start()) for match in found)
    first = next((t for t in tokens if t.kind == "word" and t.text.upper() not in ("PREFIX", "BASE")), None)
    words = (token.text.upper() for token in tokens if token.kind in ("word", "sign"))
    starred = "SELECT" in words and "*" in (next(words, ""), next(words, ""))  # `SELECT *`, `SELECT DISTINCT *`
    small = sparql.lower()  # programs write thousands of tokens: they are gone through for what is there at all
    return Reading(
        tokens, _with(tokens, "service") if "service" in small else None,
        first if first and first.text.upper() in _UPDATES else None, _outermost_group(tokens),
        frozenset(token.text[1:] for token in tokens if token.kind == "variable"),
        tuple(_slots(tokens)) if "undef" in small else (), starred,
        # By the text, not the tokens: an engine may read `true.mig:x` and `amig:x` as two of them.
        {name: iri for name, iri in sorted(PREFIXES.items()) if f"{name}:" in sparql},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Prepared:
    """A query that is safe to send: it stays with this store, only reads, and has its terms bound.

    :param text: the query with its bindings; `reading` is of the query as it was given.
    """

    text: str
    reading: Reading
    where: str

    @property
    def tokens(self) -> tuple[Token, ...]:
        """Those of the query as it was given."""
        return self.reading.tokens

    def columns(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The columns of an answer as the user expects them: for `SELECT *` by first appearance in the query."""
        if not self.reading.starred:
            return names
        seen = dict.fromkeys(token.text[1:] for token in self.tokens if token.kind == "variable")
        return tuple(name for name in seen if name in names)

    def limited(self, most: int) -> str | None:
        """The query with a LIMIT of at most so many rows; None when it is no SELECT, or asks for no more itself."""
        depth, form, closed, awaited, end = 0, "", False, False, len(self.text)
        limit: Token | None = None
        for token in self.tokens:
            if token.kind == "sign":
                depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(token.text, 0)
                closed = closed or (token.text == "}" and depth == 0)
            elif token.kind == "number" and awaited:
                limit, awaited = token, False
            elif token.kind == "word" and depth == 0:
                word = token.text.upper()
                form = form or (word if word in _FORMS else "")
                awaited = word == "LIMIT" and closed
                end = token.start if word == "VALUES" and closed else end
        if form != "SELECT":
            return None
        if limit is not None:
            asked = int(limit.text) if limit.text.isdigit() else 0
            return self.text[: limit.start] + str(most) + self.text[limit.end :] if asked > most else None
        return f"{self.text[:end]}\nLIMIT {most}\n{self.text[end:]}"

    def starred(self, names: Iterable[str]) -> str | None:
        """A `SELECT *` with its columns named as `columns` orders them; None for another query."""
        given = tuple(names)
        columns = self.columns(given)
        star = next((token for token in self.tokens if token.text == "*" and token.kind == "sign"), None)
        if columns == given or star is None:
            return None
        return self.text[: star.start] + " ".join("?" + name for name in columns) + self.text[star.end :]

    def syntax_error(self, message: str) -> QueryError:
        """The engine's complaint in our words: where it stopped reading, and at what."""
        update = self.where == UPDATE
        token, message = _stumble(self.tokens, self.reading.prefixes, update=update) or (None, message)
        name = "update" if update else "query"
        if "variable that is unbound" in message:
            return QueryError(
                "SELECT names a variable that the query does not bind or group by",
                where=self.where,
                todo="Add it to the pattern, or to GROUP BY.",
            )
        text = "".join(token.text for token in self.tokens)
        at = token.start if token else len(text)
        line, column = _place(text, at)
        open_at = _unclosed(self.tokens)
        if open_at and (token is None or token.start >= open_at.start):
            # What is open is where the mistake was made, however far the engine read on.
            line, column = _place(text, open_at.start)
            mark = "quotation mark" if open_at.text in "\"'" else f'"{open_at.text}"'
            what, todo = f"the {mark} is not closed", f"Close it where its part of the {name} ends."
        elif token is None:
            what, todo = f"the {name} ends too early", "Look for a missing term or closing brace at its end."
        elif "Prefix not found" in message and token.kind == "name":
            prefix = token.text.partition(":")[0]
            what = f'the prefix "{prefix}:" is not declared'
            near = get_close_matches(prefix, PREFIXES, n=2, cutoff=0.5)
            meant = f"Did you mean {' or '.join(f'{name}:' for name in near)}? " if near else ""
            todo = f"{meant}Known without a declaration: {', '.join(sorted(PREFIXES))}."
        else:
            what = f'the {name} cannot be read from "{token.text[:40]}" on'
            near = get_close_matches(token.text.upper(), _KEYWORDS, n=1, cutoff=0.7) if token.kind == "word" else []
            meant = f"Did you mean {near[0]}? " if near and near[0] != token.text.upper() else ""
            todo = f"{meant}Look there and just before it: a missing term, dot, brace or bracket."
            if token.kind == "sign" and text[: token.start].endswith(("http:", "https:")):
                todo = "An address stands in angle brackets: <https://…>."
        return QueryError(f"{what} (column {column})", where=self.where, line=line, todo=todo)


def _place(text: str, at: int) -> tuple[int, int]:
    """Line and column, from 1."""
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1


_CLOSING = {"}": "{", ")": "(", "]": "["}


def _unclosed(tokens: Iterable[Token]) -> Token | None:
    """A quotation mark, or else the innermost brace or bracket, that nothing closes; None when all are closed."""
    held: list[Token] = []
    for token in tokens:
        if token.kind != "sign":
            continue
        if token.text in "\"'":
            return token
        if token.text in _CLOSING.values():
            held.append(token)
        elif token.text in _CLOSING and held and held[-1].text == _CLOSING[token.text]:
            held.pop()
    return held[-1] if held else None


_KEYWORDS = (
    "SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "WHERE", "PREFIX", "BASE", "DISTINCT", "REDUCED", "FROM", "NAMED",
    "FILTER", "OPTIONAL", "UNION", "MINUS", "GRAPH", "BIND", "VALUES", "GROUP", "ORDER", "HAVING", "LIMIT", "OFFSET",
    "EXISTS", "COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT", "REGEX", "CONTAINS", "STRSTARTS",
    "STRENDS", "BOUND", "COALESCE", "LCASE", "UCASE", "SUBSTR", "STRLEN", "CONCAT", "LANG", "DATATYPE", "YEAR",
    "INSERT", "DELETE", "DATA", "WITH", "USING", "CLEAR", "DROP", "CREATE", "COPY", "MOVE",
)  # fmt: skip
_PAD = " " * 24  # longer than any keyword


def _stumble(tokens: Iterable[Token], prefixes: Mapping[str, str], *, update: bool) -> tuple[Token | None, str] | None:
    """The token at which the engine stops reading (None for the end) and its message.

    It reports a position up to a keyword's length too far. So it reads the text again with its tokens far apart.
    """
    import pyoxigraph as ox

    spread, starts = _PAD, []
    for token in tokens:
        if token.kind in ("space", "comment"):
            spread += _PAD
            continue
        apart = _PAD if token.text in "{}();," else ""
        spread += apart
        starts.append((len(spread), token))
        spread += token.text.replace("\n", " ") + apart
    spread += _PAD
    empty = ox.Store()
    try:
        (empty.update if update else empty.query)(spread, prefixes=dict(prefixes))
    except SyntaxError as error:
        found = re.search(r"1:(\d+)", str(error))
        at = int(found[1]) - 1 if found else len(spread)
        if at >= len(spread):
            return None, str(error)
        return next((token for start, token in reversed(starts) if start <= at), None), str(error)
    except (OSError, RuntimeError, ValueError):
        pass  # it can be read after all; then the first message is all we have
    return None


def prepare(sparql: str, bindings: Mapping[str, Term], *, where: str = "query") -> Prepared:
    """Check a query and bind its variables, alike for every kind of store.

    The terms enter as a VALUES block in the outermost group, written by the RDF library's serialiser. (The engine's
    own substitution reaches only variables that SELECT names, and no FILTER.) A subquery or MINUS, which SPARQL
    evaluates on its own, gets the term where it says `VALUES ?name { UNDEF }`.

    :raises QueryError: when it would call another service, change the graph, or lacks a variable that is to be bound.
    """
    found = reading_of(sparql)
    _refuse(found.service, _SERVICE, sparql, where)
    if found.update:
        what = f"{found.update.text.upper()} changes the graph, and a query only reads"
        todo = "Use SELECT, ASK, CONSTRUCT or DESCRIBE; the graph changes by `migkg build`."
        raise _at(what, sparql, found.update.start, where, todo)
    if not bindings:
        return Prepared(sparql, found, where)
    for name in bindings:
        if name not in found.variables:
            raise QueryError(f"the query has no variable ?{name} to bind", where=where)
    if found.group is None:
        raise QueryError("the query has no pattern in braces to bind a variable in", where=where)
    names = sorted(bindings)
    block = f" {values(names, [[bindings[name] for name in names]])} "
    text, last = sparql[: found.group] + block, found.group
    for slot, name in found.slots:
        if slot.start >= found.group and name in bindings:
            text += sparql[last : slot.start] + _written(bindings[name])
            last = slot.end
    return Prepared(text + sparql[last:], found, where)


def _slots(tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    """The UNDEF of each `VALUES ?name { UNDEF }`, and the name."""
    told = [token for token in tokens if token.kind not in ("space", "comment")]
    for five in zip(told, told[1:], told[2:], told[3:], told[4:], strict=False):
        words = [token.text.upper() for token in five]
        if [words[0], *words[2:]] == ["VALUES", "{", "UNDEF", "}"] and five[1].kind == "variable":
            yield five[3], five[1].text[1:]


UPDATE = "update"
"""What an update is called where a message says where it speaks of."""


def prepare_update(sparql: str) -> Prepared:
    """Check that a SPARQL Update stays with its store.

    Prefixes that it declares are in `reading.prefixes` and no longer in its text: the engine takes none behind the
    first operation, where programs that join updates write them.

    :raises QueryError: when it would load from an address or call another service.
    """
    found = reading_of(sparql)
    _refuse(found.service, _SERVICE, sparql, UPDATE)
    _refuse(_with(found.tokens, "load"), "LOAD would fetch from an address", sparql, UPDATE)
    plain = Prepared(sparql, replace(found, prefixes=PREFIXES), UPDATE)
    told = _told(plain)
    declared: dict[str, str] = {}
    gone: set[int] = set()
    for word, name, iri in zip(told, told[1:], told[2:], strict=False):
        if word.kind == "word" and word.text.upper() == "PREFIX" and name.text.endswith(":") and iri.kind == "iri":
            usual = f"<{PREFIXES.get(name.text[:-1], iri.text[1:-1])}>"  # it holds up to here
            used = usual != iri.text and name.text not in declared and any(
                token.text.startswith(name.text) for token in told if token.kind == "name" and token.start < word.start
            )  # fmt: skip
            if used or declared.setdefault(name.text, iri.text) != iri.text or not _PLAIN_IRI.fullmatch(iri.text):
                return plain  # the engine will tell
            gone |= {word.start, name.start, iri.start}
    tokens = tuple(
        token._replace(kind="space", text=" " * len(token.text)) if token.start in gone else token
        for token in found.tokens
    )
    prefixes = {**PREFIXES, **{name.removesuffix(":"): iri[1:-1] for name, iri in declared.items()}}
    text = "".join(token.text for token in tokens)
    return Prepared(text, replace(found, tokens=tokens, prefixes=prefixes), UPDATE)


def extended(update: Prepared, operation: str) -> str:
    """An update with one more operation behind its own; it may be empty or end with a semicolon."""
    told = _told(update)
    joint = ";" if told and told[-1].text != ";" else ""
    return f"{update.text}\n{joint}\n{operation}"


def _told(update: Prepared) -> list[Token]:
    """The tokens that mean something."""
    return [token for token in update.tokens if token.kind not in ("space", "comment")]


_HARMLESS = {"DATA", "USING", "NAMED", "PREFIX", "BASE", "CREATE", "CLEAR", "DROP", "SILENT", ""}
_PLAIN_IRI = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:[^\\]*>")
_PLAIN_NAME = re.compile(r"[\w-]*:[\w-]+")


def written_graphs(update: Prepared) -> frozenset[str] | None:
    """The graphs that an update may write into; None when its words leave that open.

    They do for `GRAPH ?g`, for triples that go into the default graph, for operations on several graphs (CLEAR ALL,
    COPY, …), and for names that are no whole IRIs.

    >>> text = "WITH <x:g> DELETE { ?s ?p 1 } INSERT { GRAPH <x:h> { ?s ?p 2 } } WHERE { ?s ?p 1 }"
    >>> sorted(written_graphs(prepare_update(text)))
    ['x:g', 'x:h']
    """
    tokens = _told(update)  # with PREFIX in them where `prepare_update` left the prefixes to the engine
    prefixes = {} if any(token.text.upper() == "PREFIX" for token in tokens) else update.reading.prefixes
    found: set[str] = set()
    depth, template, at_home, last = 0, False, False, ""  # at home: triples outside of GRAPH go into a named graph
    for token, after in zip_longest(tokens, tokens[1:]):
        word = token.text.upper() if token.kind in ("word", "sign") else ""
        if word in ("{", "}"):
            depth += 1 if word == "{" else -1
            template = template and (word == "{" or depth > 0)
        elif last in ("CLEAR", "DROP") and word not in ("SILENT", "GRAPH"):
            return None
        elif word in ("GRAPH", "WITH"):
            name = _whole_iri(after, prefixes)
            if name is None:
                return None
            found.add(name)
            at_home = at_home or word == "WITH"
        elif depth == 0:
            if word in ("INSERT", "DELETE"):
                template = True
            elif word == "WHERE":
                template = last == "DELETE"
            elif word == ";":
                at_home = False
            elif word not in _HARMLESS or token.kind == "variable":
                return None
        elif template and depth == 1 and not at_home and word != "." and last != "GRAPH":
            return None
        last = last if word == "SILENT" else word
    return frozenset(found)


def _whole_iri(token: Token | None, prefixes: Mapping[str, str]) -> str | None:
    """The IRI that a token names; None where that takes more than to put a prefix and a name together."""
    iri = ""
    if token and token.kind == "iri" and _PLAIN_IRI.fullmatch(token.text):
        iri = token.text[1:-1]
    elif token and token.kind == "name" and _PLAIN_NAME.fullmatch(token.text):
        prefix, _, local = token.text.partition(":")
        iri = prefixes[prefix] + local if prefix in prefixes else ""
    return None if not iri or "/." in iri else iri


_SERVICE = "SERVICE would ask another endpoint"


def _with(tokens: Iterable[Token], keyword: str) -> Token | None:
    """The first word with a keyword in it."""
    # Part of a word is enough: an engine may read `trueSERVICE:x` as three tokens.
    words = (token for token in tokens if token.kind in ("word", "name"))
    return next((word for word in words if keyword in word.text.partition(":")[0].lower()), None)


def _refuse(token: Token | None, what: str, sparql: str, where: str) -> None:
    if token is not None:
        raise _at(what, sparql, token.start, where, "migkg answers from the graph alone.")


def _at(what: str, sparql: str, position: int, where: str, todo: str) -> QueryError:
    line = sparql.count("\n", 0, position) + 1
    return QueryError(what, where=where, line=line, todo=todo)


def values(names: Sequence[str], rows: Iterable[Sequence[Term]]) -> str:
    """A VALUES block; its terms are written by the RDF library's serialiser, so that no text is read as SPARQL.

    :param names: the variables; each row has a term for each.
    :raises QueryError: when a term is neither an IRI nor a literal.

    >>> import pyoxigraph as ox
    >>> values(["it"], [[ox.Literal('a " } b', language="id")]])
    'VALUES ?it { "a \\\\" } b"@id }'
    """
    if len(names) == 1:  # half as much to read
        return f"VALUES ?{names[0]} {{ {' '.join([_written(term) for (term,) in rows])} }}"
    written = " ".join([f"({' '.join(map(_written, row))})" for row in rows])
    return f"VALUES (?{' ?'.join(names)}) {{ {written} }}"


_TOGETHER = 500  # IRIs asked for at once


def blocks(name: str, iris: Iterable[str]) -> Iterator[str]:
    """VALUES blocks of some hundred IRIs each, in their order.

    :param name: of the variable.
    """
    import pyoxigraph as ox

    listed = list(iris)
    for start in range(0, len(listed), _TOGETHER):
        yield values([name], [[ox.NamedNode(iri)] for iri in listed[start : start + _TOGETHER]])


def text_of(term: Term | None) -> str:
    """The text of an IRI, literal or blank node; "" for what is unbound."""
    return str(getattr(term, "value", ""))


def _written(term: Term) -> str:
    import pyoxigraph as ox

    if not isinstance(term, (ox.NamedNode, ox.Literal)):  # a union would be made anew for each term
        raise QueryError(f"a variable cannot be bound to {term}", expected="an IRI or a literal")
    return str(term)


def _outermost_group(tokens: Iterable[Token]) -> int | None:
    """Where the pattern of the query begins: after the first brace that opens no template and is in no bracket."""
    depth = 0
    template = False
    form = ""
    for token in tokens:
        if token.kind == "word":
            word = token.text.upper()
            if word in _FORMS and not form:
                form = word
                template = word == "CONSTRUCT"
            elif word == "WHERE" and depth == 0:
                template = False
        elif token.kind == "sign":
            if token.text == "{" and depth == 0 and not template:
                return token.end
            depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(token.text, 0)
            template = template and not (token.text == "}" and depth == 0)
    return None
