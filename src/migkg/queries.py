"""Ready-made questions: the files of `queries/`, their parameters, and answers as tables with labels.

A file is a header of lines that begin with `#: ` (TOML: title, title_id, answers, parameters, columns), then SPARQL.
A parameter is bound to the variable of the same name, as an RDF term.

Dates are partial: `2024-06` stands for the whole month. A question compares two dates at the shorter precision, so an
event of which only the year is known counts for any period that touches that year.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from migkg import resources
from migkg.errors import DataError, NothingFound, QueryError, UnknownName
from migkg.model import PartialDate, Table
from migkg.ontology import BASE, ID, PREFIXES, SCHEME
from migkg.sparql import Term, blocks, text_of, values
from migkg.store import EmbeddedStore, Rows, Store, select
from migkg.tables import WIDTH, Line, lines_of, show

if TYPE_CHECKING:
    import pyoxigraph as ox

PARAMETER_TYPES = ("entity", "text", "date", "integer")

_XSD = PREFIXES["xsd"]
_PRECISIONS = {"year": "gYear", "month": "gYearMonth", "day": "date"}
# Datatype → what reads its text. A text that does not fit is shown as it is.
_PLAIN: Mapping[str, Callable[[str], int | float | bool | Decimal]] = {
    **{_XSD + name: int for name in ("integer", "nonNegativeInteger", "positiveInteger", "int", "long")},
    **{_XSD + name: float for name in ("double", "float")},
    _XSD + "decimal": Decimal,
    _XSD + "boolean": {"true": True, "1": True, "false": False, "0": False}.__getitem__,
}
# Most telling first. mentionedAs is last: it is what an article happened to print.
_LABELS = (
    ("skos:prefLabel",),
    ("schema:headline",),
    ("foaf:name", "schema:name", "dct:title", "rdfs:label", "mig:mentionedAs"),
)
# Names that identify a thing anywhere; names that do so only in some texts.
_NAMES = ("skos:prefLabel", "skos:altLabel", "mig:acronym", "foaf:name", "schema:name", "schema:headline", "rdfs:label")
_LOCAL_NAMES = ("mig:localName", "mig:mentionedAs")
_LISTED = 10  # things listed in a message
_ADDRESS = ("http://", "https://", "urn:")


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a question can be asked with.

    :param type: one of `PARAMETER_TYPES`.
    :param help: language → what it is for.
    :param default: the value when none is given, as text; None together with `optional` leaves it open.
    :param example: a value that the bundled corpus has an answer for.
    """

    name: str
    type: str
    help: Mapping[str, str] = field(hash=False)
    optional: bool = False
    default: str | None = None
    example: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A ready-made question.

    :param title: language → title.
    :param answers: language → the question in full words.
    :param columns: column → language → what it holds.
    :param sparql: the file without its header, in the same lines.
    :param where: the file it comes from.
    """

    name: str
    title: Mapping[str, str] = field(hash=False)
    answers: Mapping[str, str] = field(hash=False)
    parameters: Mapping[str, Parameter] = field(hash=False)
    columns: Mapping[str, Mapping[str, str]] = field(hash=False)
    sparql: str
    where: str = ""


@cache
def questions(folder: Path | None = None) -> Mapping[str, Question]:
    """All questions by name, sorted.

    :param folder: where the `.rq` files are; None for those that come with migkg.
    :raises DataError: when one is broken; the message names the file and the line.
    """
    folder = folder or resources.path("queries")
    return {path.stem: load_question(path) for path in sorted(folder.glob("*.rq"), key=lambda path: path.stem)}


def question(name: str) -> Question:
    """The question of that name.

    :raises UnknownName: when there is none; the message lists those there are.
    """
    known = questions()
    if name not in known:
        raise UnknownName("question", name, known, todo="All are listed by: migkg query")
    return known[name]


def load_question(path: Path) -> Question:
    """Read one file and check that header and query agree.

    :raises DataError: when it cannot be read, or its header or its query is broken.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"the question cannot be read ({error})", where=str(path)) from error
    lines = text.splitlines()
    length = next((number for number, line in enumerate(lines) if not line.startswith("#:")), len(lines))
    try:
        header = tomllib.loads("\n".join(line[2:].removeprefix(" ") for line in lines[:length]))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column \d+\)", str(error))
        raise DataError(
            f"the header is not TOML ({str(error).partition(' (at')[0]})",
            where=str(path),
            line=int(found[1]) if found else length,
        ) from error
    # Blank lines in place of the header: what the engine says of a line holds for the file.
    made = _from_header(path, header, "\n" * length + "\n".join(lines[length:]))
    try:
        answer = EmbeddedStore().query(made.sparql, where=str(path))
    except QueryError as error:
        raise DataError(error.what, where=str(path), line=error.line, todo=error.todo) from error
    if not isinstance(answer, Rows) or set(answer.columns) != set(made.columns):
        has = ", ".join(answer.columns) if isinstance(answer, Rows) else "no columns"
        raise DataError(
            f"the header describes the columns {', '.join(made.columns) or 'none'}", where=str(path), expected=has
        )
    for name in made.parameters:
        if not re.search(rf"[?$]{name}\b", made.sparql):
            raise DataError(f"the query has no variable ?{name} for its parameter", where=str(path))
    return made


def _from_header(path: Path, header: Mapping[str, Any], sparql: str) -> Question:
    where = str(path)
    required = ("title", "title_id", "answers", "columns")
    if missing := [key for key in required if not header.get(key)]:
        raise DataError(f"the header lacks {', '.join(missing)}", where=where, line=1)
    if unknown := sorted(header.keys() - {*required, "answers_id", "parameters", "columns_id"}):
        raise DataError(f"the header has the unknown key {unknown[0]}", where=where, line=1)
    parameters = {}
    for name, given in header.get("parameters", {}).items():
        if given.get("type") not in PARAMETER_TYPES:
            raise DataError(
                f"the parameter {name} has the type {given.get('type')}",
                where=where,
                line=1,
                expected="one of: " + ", ".join(PARAMETER_TYPES),
            )
        if unknown := sorted(given.keys() - {"type", "help", "help_id", "optional", "default", "example"}):
            raise DataError(f"the parameter {name} has the unknown key {unknown[0]}", where=where, line=1)
        for key in ("help", "example"):
            if not given.get(key):
                raise DataError(f"the parameter {name} has no {key}", where=where, line=1)
        default = str(given["default"]) if "default" in given else None
        parameters[name] = Parameter(
            name, given["type"], _texts(given, "help"), bool(given.get("optional")), default, str(given["example"])
        )
    columns, indonesian = header["columns"], header.get("columns_id", {})
    if unknown := sorted(indonesian.keys() - columns.keys()):
        raise DataError(f"columns_id has {unknown[0]}, which is no column", where=where, line=1)
    return Question(
        name=path.stem,
        title=_texts(header, "title"),
        answers=_texts(header, "answers"),
        parameters=parameters,
        columns={name: {"en": text, "id": indonesian.get(name, text)} for name, text in columns.items()},
        sparql=sparql,
        where=where,
    )


def _texts(header: Mapping[str, Any], name: str) -> dict[str, str]:
    """A text in both languages; the English one where there is no other."""
    return {"en": header[name], "id": header.get(f"{name}_id", header[name])}


def in_language(texts: Mapping[str, str], lang: str) -> str:
    """Of a text in several languages the one, or the English one where there is none."""
    return texts.get(lang, texts["en"])


def show_question(asked: Question, width: int = WIDTH, *, lang: str = "en") -> Iterator[Line]:
    """A question for people: what it answers, its parameters, its columns, and how to ask it."""
    yield from (((line, "bold"),) for line in lines_of(in_language(asked.title, lang), width))
    yield from (((line, ""),) for line in lines_of(in_language(asked.answers, lang), width))

    def default(one: Parameter) -> str:
        return f" [{one.default} if left out]" if one.default else ""

    listed = [
        (one.name, one.type, in_language(one.help, lang) + default(one), one.example)
        for one in asked.parameters.values()
    ]
    if listed:
        yield ()
        yield from list(show(Table(("parameter", "type", "meaning", "example"), tuple(listed)), width))[:-2]
    yield ()
    columns = tuple((name, in_language(texts, lang)) for name, texts in asked.columns.items())
    yield from list(show(Table(("column", "meaning"), columns), width))[:-2]
    needed = [one for one in asked.parameters.values() if not one.optional and one.default is None]
    shown = needed or list(asked.parameters.values())[:1]
    yield ()
    calls = " ".join(f"-p {quote(f'{one.name}={one.example}')}" for one in shown)
    yield ((f"For example: migkg query {asked.name} {calls}".rstrip(), ""),)


def run(
    store: Store, asked: Question, params: Mapping[str, str] | None = None, *, lang: str = "en", iris: bool = False
) -> Table:
    """Ask a ready-made question.

    :param params: parameter → value as text: for an entity its IRI, its short form as `organization/iom` or
        `mig:Fact`, or one of its names; for a date `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    :param lang: language of titles and labels, where there are any in it.
    :param iris: True to show IRIs in place of labels.
    :raises UnknownName: for a parameter that the question does not have.
    :raises QueryError: for a value of the wrong type, a missing one, or a name of several things.
    :raises NothingFound: for an entity that the graph does not hold.
    """
    where = f"question {asked.name}"
    given = {name: value for name, value in (params or {}).items() if value != ""}
    for name in given:
        if name not in asked.parameters:
            raise UnknownName("parameter", name, asked.parameters, where=where)
    bindings: dict[str, Term] = {}
    unseen: dict[str, str] = {}
    for parameter in asked.parameters.values():
        value = given.get(parameter.name, parameter.default)
        if value is not None:
            # Rows about a thing that the question needs show that the graph holds it: no look-up goes before it.
            iri = _as_iri(value) if parameter.type == "entity" and not parameter.optional else None
            if iri is not None:
                unseen[parameter.name] = value
            bindings[parameter.name] = iri or _term(store, parameter, value, where=where)
        elif not parameter.optional:
            raise QueryError(
                f"the parameter {parameter.name} is missing",
                where=where,
                expected=f"{parameter.type}: {in_language(parameter.help, lang)}; "
                f"for example {parameter.name}={parameter.example}",
            )
    answer = select(store, asked.sparql, bindings, where=asked.where)
    if unseen and not answer.rows:
        found = {name: find_entity(store, value, where=where) for name, value in unseen.items()}
        if not found.items() <= bindings.items():  # a name that looks like an IRI
            bindings.update(found)
            answer = select(store, asked.sparql, bindings, where=asked.where)
    # Labels of what was asked for are looked up together with those of the rows.
    *rows, told = _shown(store, (*answer.rows, tuple(bindings.values())), lang=lang, iris=iris)
    notes = tuple([f"{name}: {value}" for name, value in zip(bindings, told, strict=True)])
    return Table(answer.columns, tuple(rows), in_language(asked.title, lang), notes, terms=answer.rows)


def run_sparql(
    store: Store,
    sparql: str,
    bindings: Mapping[str, Term] | None = None,
    *,
    lang: str = "en",
    iris: bool = False,
    where: str = "query",
) -> Table:
    """Ask a question of one's own; the usual prefixes need no declaration.

    :returns: the rows of a SELECT; for ASK one cell; for CONSTRUCT and DESCRIBE subject, predicate and object.
    :raises QueryError: see `Store.query`.
    """
    answer = store.query(sparql, bindings, where=where)
    if isinstance(answer, bool):
        return Table(("answer",), ((answer,),))
    if not isinstance(answer, Rows):
        triples = tuple((t.subject, t.predicate, t.object) for t in answer)
        answer = Rows(("subject", "predicate", "object"), triples)
    return Table(answer.columns, tuple(_shown(store, answer.rows, lang=lang, iris=iris)), terms=answer.rows)


def _shown(store: Store, rows: Iterable[Sequence[Term | None]], *, lang: str, iris: bool) -> list[tuple[Any, ...]]:
    """Each term as a plain Python value; an IRI as its label, and None for what is unbound."""
    import pyoxigraph as ox

    node = ox.NamedNode
    if iris:  # most cells are IRIs, and a call for each would cost a third more
        return [
            tuple([t.value if isinstance(t, node) else None if t is None else plain(t) for t in row]) for row in rows
        ]
    found = labels(store, {t.value for row in rows for t in row if isinstance(t, node)}, lang=lang)
    return [
        tuple([found[t.value] if isinstance(t, node) else None if t is None else plain(t) for t in row]) for row in rows
    ]


# What a number or a boolean can begin with (INF and NaN too): most texts are told apart from these by one letter.
_FIRST = frozenset("0123456789+-.tfIN")


def plain(term: Term) -> str | int | float | bool | Decimal:
    """A literal as a plain Python value; dates and all else as the text that it is."""
    text = getattr(term, "value", None)
    if not isinstance(text, str):
        return str(term)
    node = getattr(term, "datatype", None) if text[:1] in _FIRST else None
    read = _PLAIN.get(node.value) if node else None
    if read is None:
        return text
    try:
        return read(text)
    except (ValueError, ArithmeticError, KeyError):
        return text  # ill-typed in the graph: show what is there


def labels(store: Store, iris: Iterable[str], *, lang: str = "en") -> dict[str, str]:
    """The best label of each IRI: in `lang` if there is one, else in English, else any; without one its short form."""
    import pyoxigraph as ox

    wanted = sorted(set(iris))
    best: dict[str, tuple[tuple[int, int, str], str]] = {}
    # In steps: most things have the first label, and each branch of a UNION costs a look-up for each of them.
    for names in _LABELS:
        order = {_full(name): rank for rank, name in enumerate(names)}
        branches = " UNION ".join(f"{{ ?it {name} ?label BIND({name} AS ?property) }}" for name in names)
        missing = [iri for iri in wanted if iri not in best]
        for batch in blocks("it", missing):
            for it, name, label in select(store, f"SELECT ?it ?property ?label WHERE {{ {batch} {branches} }}").rows:
                if isinstance(it, ox.NamedNode) and isinstance(name, ox.NamedNode) and isinstance(label, ox.Literal):
                    languages = (lang, "en", None)
                    language = languages.index(label.language) if label.language in languages else len(languages)
                    rank = (order[name.value], language, label.value)
                    if it.value not in best or rank < best[it.value][0]:
                        best[it.value] = (rank, label.value)
    return {iri: best[iri][1] if iri in best else short(iri) for iri in wanted}


def _full(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def short(iri: str) -> str:
    """An IRI as a person reads it: `organization/iom` for our data, `mig:Fact` where a prefix fits.

    >>> short("https://w3id.org/migkg/id/organization/iom"), short("http://www.w3.org/ns/org#Post")
    ('organization/iom', 'org:Post')
    """
    if iri.startswith(ID):
        return iri[len(ID) :]
    if iri.startswith(SCHEME):
        return iri[len(BASE) :]
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and re.fullmatch(r"[\w.-]+", iri[len(namespace) :]):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def _term(store: Store, parameter: Parameter, value: str, *, where: str) -> Term:
    """A parameter's value as the RDF term that it stands for."""
    import pyoxigraph as ox

    wrong = f'the parameter {parameter.name} is "{value}"'
    if parameter.type == "entity":
        return find_entity(store, value, where=where)
    if parameter.type == "date":
        try:
            date = PartialDate.parse(value.strip())
        except ValueError as error:
            raise QueryError(wrong, where=where, expected="a date as 2024, 2024-06 or 2024-06-12") from error
        return ox.Literal(str(date), datatype=ox.NamedNode(_XSD + _PRECISIONS[date.precision]))
    if parameter.type == "integer":
        try:
            return ox.Literal(int(value))
        except ValueError as error:
            raise QueryError(wrong, where=where, expected=f"a whole number, for example {parameter.example}") from error
    return ox.Literal(value)


def find_entity(store: Store, text: str, *, where: str = "") -> ox.NamedNode:
    """The one thing of the graph that an IRI, a short form or a name stands for.

    Names are compared without regard to case, accents and spacing; a name written exactly so, and a name that
    identifies a thing anywhere, come first.

    :raises NothingFound: when the graph does not hold it; the message lists names that are close.
    :raises QueryError: when the name stands for several things; the message lists them.
    """
    iri = _as_iri(text)
    if iri is not None and store.holds(iri):
        return iri
    text = _bare(text)
    if text.startswith(_ADDRESS):
        raise NothingFound(f"the graph holds nothing with the IRI {text}", where=where)
    found = _by_exact_name(store, text) or _by_folded_name(store, text, where=where)
    if len(found) > 1:
        named = labels(store, found[:_LISTED])
        several = "; ".join(f"{label} ({short(iri)})" for iri, label in named.items())
        several += f"; and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
        what = f'"{text}" stands for {len(found)} things: {several}'
        raise QueryError(what, where=where, todo="Give the form in brackets instead.")
    return _node(found[0])


def _bare(text: str) -> str:
    """What a user meant, without space and angle brackets around it."""
    return text.strip().removeprefix("<").removesuffix(">")


def _as_iri(text: str) -> ox.NamedNode | None:
    """The IRI that a text may be: as it is, with a prefix spelled out, or as a path under our data."""
    text = _bare(text)
    prefix, colon, rest = text.partition(":")
    if colon and prefix in PREFIXES:
        text = PREFIXES[prefix] + rest
    elif text.startswith(_ADDRESS):
        pass
    elif "/" in text:
        text = (BASE if text.startswith("scheme/") else ID) + text
    else:
        return None
    try:
        return _node(text)
    except ValueError:
        return None  # not an IRI, so it can only be a name


def _node(iri: str) -> ox.NamedNode:
    import pyoxigraph as ox

    return ox.NamedNode(iri)


def _by_exact_name(store: Store, text: str) -> Sequence[str]:
    """A look-up in the index, which a graph of any size answers at once."""
    import pyoxigraph as ox

    spellings = [[ox.Literal(text)], *([ox.Literal(text, language=lang)] for lang in ("en", "id"))]
    found = _names(store, values(["name"], spellings), _NAMES)
    return sorted({iri for iri, _ in found})


def _by_folded_name(store: Store, text: str, *, where: str) -> Sequence[str]:
    wanted = fold(text)
    near: dict[str, str] = {}
    for properties in (_NAMES, _LOCAL_NAMES):
        found = _names(store, "", properties)
        if matches := sorted({iri for iri, name in found if fold(name) == wanted}):
            return matches
        near.update((fold(name), name) for _, name in sorted(found, reverse=True))
    close = [near[name] for name in get_close_matches(wanted, near, n=3, cutoff=0.6)]
    raise NothingFound(
        f'the graph holds nothing called "{text}"',
        where=where,
        todo=f"Close to it: {'; '.join(close)}." if close else "The questions people, events and policies list names.",
    )


def _names(store: Store, block: str, properties: Iterable[str]) -> list[tuple[str, str]]:
    """IRI and name of all that has a name by these properties; the words of a fact are no name."""
    answer = select(
        store,
        f"SELECT ?it ?name WHERE {{ {block} VALUES ?property {{ {' '.join(properties)} }} ?it ?property ?name "
        "FILTER NOT EXISTS { ?it mig:evidence ?span } }",
    )
    return [(text_of(it), text_of(name)) for it, name in answer.rows]


def fold(text: str) -> str:
    """A text without case, accents and superfluous space, for comparison."""
    split = unicodedata.normalize("NFKD", text)
    return " ".join("".join(c for c in split if not unicodedata.combining(c)).casefold().split())
