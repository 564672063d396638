"""The parts of a query, and the queries that a remote store asks in its place.

Servers answer SELECT in a form that shows when it is incomplete, and that can be had page by page; their answers to
CONSTRUCT and DESCRIBE have neither. So a remote store asks every query as a SELECT. The text has been read by a SPARQL
parser before it comes here; only its outermost clauses are told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from migkg.sparql import Token, tokens_of

_FORMS = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}
_TAIL = ("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES")
_OPEN = {"(": 1, "{": 1, "[": 1, ")": -1, "}": -1, "]": -1}
_TOTAL = "migkgTotal"
_THING = "migkgThing"


@dataclass(frozen=True, slots=True)
class Parts:
    """A query in its clauses.

    :param prologue: BASE and PREFIX. :param form: SELECT, ASK, CONSTRUCT or DESCRIBE.
    :param head: what SELECT or DESCRIBE names. :param template: what stands in the braces of CONSTRUCT.
    :param dataset: FROM clauses. :param group: the pattern with its braces; "" for a DESCRIBE without one.
    :param grouping: GROUP BY and HAVING. :param order: what follows ORDER BY.
    :param values: a VALUES clause at the end.
    """

    prologue: str
    form: str
    head: str
    template: str
    dataset: str
    group: str
    grouping: str
    order: str
    limit: int | None
    offset: int
    values: str

    def select(self) -> str:
        """A SELECT without the prologue and the data set, as it can stand in a subquery; no LIMIT and no OFFSET."""
        order = f"ORDER BY {self.order}" if self.order else ""
        return _lines(f"SELECT {self.head}", f"WHERE {self.group}", self.grouping, order, self.values)

    def around(self, head: str, inner: str, limit: int | None = None, offset: int = 0) -> str:
        """A query over the rows of another."""
        slice_ = "" if limit is None else f"LIMIT {limit} OFFSET {offset}"
        return _lines(self.prologue, f"SELECT {head}", self.dataset, "WHERE { {", inner, "} }", slice_)


def parts_of(sparql: str) -> Parts:
    """Tell the clauses of a query apart.

    :param sparql: SPARQL 1.1 that a parser has accepted.

    >>> parts = parts_of("SELECT ?a { ?a ?b ?c } ORDER BY ?a LIMIT 5")
    >>> parts.group, parts.order, parts.limit, parts.offset
    ('{ ?a ?b ?c }', '?a', 5, 0)
    """
    tokens = [token for token in tokens_of(sparql) if token.kind not in ("space", "comment")]
    start = next(n for n, token in enumerate(tokens) if token.kind == "word" and token.text.upper() in _FORMS)
    prologue, form = sparql[: tokens[start].start], tokens[start].text.upper()
    at = start + 1
    template = ""
    if form == "CONSTRUCT" and tokens[at].text == "{":
        end = _closing(tokens, at)
        template, at = sparql[tokens[at].end : tokens[end].start], end + 1
    end = _next(tokens, at, ("FROM", "WHERE", *_TAIL), brace=True)
    head, at = _text(sparql, tokens, at, end), end
    first = at
    while at < len(tokens) and _word(tokens[at]) == "FROM":
        at += 3 if _word(tokens[at + 1]) == "NAMED" else 2
    dataset = _text(sparql, tokens, first, at)
    at += at < len(tokens) and _word(tokens[at]) == "WHERE"
    group = ""
    if at < len(tokens) and tokens[at].text == "{":
        end = _closing(tokens, at)
        group, at = _text(sparql, tokens, at, end + 1), end + 1
    tail: dict[str, str] = {}
    while at < len(tokens):
        end = _next(tokens, at + 1, _TAIL)
        tail[_word(tokens[at])] = _text(sparql, tokens, at, end)
        at = end
    if form == "CONSTRUCT" and not template:
        template = group[1:-1]
    return Parts(
        prologue.rstrip(), form, head, template, dataset, group, _lines(tail.get("GROUP", ""), tail.get("HAVING", "")),
        _after(tail.get("ORDER", ""), 2), _number(tail.get("LIMIT", "")), _number(tail.get("OFFSET", "")) or 0,
        tail.get("VALUES", ""),
    )  # fmt: skip


def as_select(parts: Parts) -> Parts:
    """A CONSTRUCT as the SELECT of the variables of its template, a DESCRIBE as that of the things it names."""
    if parts.form == "CONSTRUCT":
        names = dict.fromkeys(token.text[1:] for token in tokens_of(parts.template) if token.kind == "variable")
        head = " ".join(f"?{name}" for name in names) or f"(1 AS ?{_TOTAL})"
    else:
        named = [token for token in tokens_of(parts.head) if token.kind in ("iri", "name", "variable")]
        head = " ".join(
            token.text if token.kind == "variable" else f"({token.text} AS ?{_THING}{n})"
            for n, token in enumerate(named)
        )
    return replace(parts, form="SELECT", head=head or "*", group=parts.group or "{}", template="")


def whole(parts: Parts) -> str:
    """A SELECT as one text."""
    limit = "" if parts.limit is None else f"LIMIT {parts.limit}"
    offset = f"OFFSET {parts.offset}" if parts.offset else ""
    order = f"ORDER BY {parts.order}" if parts.order else ""
    return _lines(
        parts.prologue, f"SELECT {parts.head}", parts.dataset, f"WHERE {parts.group}", parts.grouping, order, limit,
        offset, parts.values,
    )  # fmt: skip


def page(parts: Parts, columns: Sequence[str], limit: int, offset: int) -> str:
    """Some rows of a SELECT in its own order, and where that leaves it open, by a hash of the row.

    The order stands in a subquery: Virtuoso sorts at most 10,000 rows for a LIMIT beside an ORDER BY. It is one key:
    of three for each column Virtuoso crashes, and of long texts it makes no key.

    :param offset: rows to leave out, counted from those that the query itself leaves out.
    """
    cells = ', " ", '.join(
        f'COALESCE(STR(?{name}), ""), "@", COALESCE(LANG(?{name}), ""), "^", COALESCE(STR(DATATYPE(?{name})), "")'
        for name in columns
    )
    key = f"SHA256(CONCAT({cells}))" if columns else ""
    if parts.order:
        inner = replace(parts, order=_lines(parts.order, key)).select()
    else:
        inner = _lines("SELECT * WHERE { {", parts.select(), "} }", f"ORDER BY {key}" if key else "")
    return parts.around("*", inner, limit, parts.offset + offset)


def total(parts: Parts) -> str:
    """How many rows a SELECT has, its LIMIT and OFFSET left aside.

    Counted and not asked for by OFFSET: Virtuoso disregards LIMIT and OFFSET around a DISTINCT.
    """
    return parts.around(f"(COUNT(*) AS ?{_TOTAL})", replace(parts, order="").select())


GRAPH = "migkgGraph"
"""Variables that `by_variables` adds begin so."""


def by_variables(sparql: str, hidden: Sequence[str]) -> str:
    """Named graphs that a query names, met by variables: Virtuoso shows only these when the default graph is named.

    :param hidden: graphs that other variables do not meet.

    >>> by_variables("ASK { GRAPH <g:1> { ?s ?p ?o } }", ["g:2"])
    'ASK { VALUES ?migkgGraph6 { <g:1> } GRAPH ?migkgGraph6 { ?s ?p ?o } }'
    >>> by_variables("ASK { GRAPH ?g { ?s ?p ?o } }", ["g:2"])
    'ASK { FILTER(?g NOT IN (<g:2>)) GRAPH ?g { ?s ?p ?o } }'
    """
    others = ", ".join(f"<{name}>" for name in hidden)
    tokens = [token for token in tokens_of(sparql) if token.kind not in ("space", "comment")]
    found = []
    at = 0
    for word, name in pairwise(tokens):
        if _word(word) != "GRAPH" or name.kind not in ("iri", "name", "variable"):
            continue
        if name.kind == "variable":
            found += [sparql[at : word.start], f"FILTER({name.text} NOT IN ({others})) GRAPH {name.text}"]
        else:
            variable = f"?{GRAPH}{word.start}"
            found += [sparql[at : word.start], f"VALUES {variable} {{ {name.text} }} GRAPH {variable}"]
        at = name.end
    return "".join([*found, sparql[at:]])


def _lines(*texts: str) -> str:
    # A comment may end any of them; the line ends with it.
    return "\n".join(text for text in texts if text)


def _word(token: Token) -> str:
    return token.text.upper() if token.kind == "word" else ""


def _text(sparql: str, tokens: Sequence[Token], start: int, end: int) -> str:
    return sparql[tokens[start].start : tokens[end - 1].end] if start < end else ""


def _closing(tokens: Sequence[Token], start: int) -> int:
    depth = 0
    for n in range(start, len(tokens)):
        depth += {"{": 1, "}": -1}.get(tokens[n].text, 0) if tokens[n].kind == "sign" else 0
        if not depth:
            return n
    raise AssertionError("the query has been read by a parser")


def _next(tokens: Sequence[Token], start: int, words: Sequence[str], *, brace: bool = False) -> int:
    """The next of some keywords outside of all brackets."""
    depth = 0
    for n in range(start, len(tokens)):
        if not depth and (_word(tokens[n]) in words or (brace and tokens[n].text == "{")):
            return n
        depth += _OPEN.get(tokens[n].text, 0) if tokens[n].kind == "sign" else 0
    return len(tokens)


def _after(text: str, words: int) -> str:
    tokens = [token for token in tokens_of(text) if token.kind not in ("space", "comment")]
    return text[tokens[words].start :] if len(tokens) > words else ""


def _number(text: str) -> int | None:
    return next((int(token.text) for token in tokens_of(text) if token.kind == "number"), None)
