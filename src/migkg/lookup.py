"""Finding things by their names, and articles by their words: an index beside the graph, made by each build.

SQLite with FTS5 comes with Python and folds case and accents. A build of ten thousand articles fills it in about a
second; it answers in milliseconds what a FILTER over the graph answers in tenths of a second. It alone keeps the
articles' texts, so it stays in the graph's folder and in no export. A graph without the file (elsewhere, or of an older
build) gets an index in memory, with the sentences that the graph cites in place of the texts.

Misspelt words are compared with the words of the index by rapidfuzz (optimal string alignment distance), once their
length has ruled out most of them.
"""

from __future__ import annotations

import io
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from migkg.errors import GraphError, QueryError, WriteError
from migkg.model import Article
from migkg.ontology import ID, PREFIXES, load_ontology
from migkg.queries import fold, labels, short
from migkg.sparql import values
from migkg.store import Store, select
from migkg.tables import WIDTH, Line, lines_of, quote, wrap

_VERSION = 1  # of the tables
_TABLES = f"""
PRAGMA user_version = {_VERSION};
CREATE TABLE spool (sha TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE article (iri TEXT NOT NULL, sha TEXT, title TEXT, body TEXT NOT NULL);
CREATE VIRTUAL TABLE words USING fts5(title, body, content=article, tokenize='unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE word USING fts5vocab(words, row);
CREATE TABLE name (iri TEXT NOT NULL, kind TEXT NOT NULL, way TEXT NOT NULL, text TEXT NOT NULL);
CREATE VIRTUAL TABLE names USING fts5(text, content=name, tokenize='unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE term USING fts5vocab(names, row);
"""
# How a thing came by a name, most telling first.
_WAYS = {
    "skos:prefLabel": "name", "foaf:name": "name", "schema:name": "name", "mig:acronym": "acronym",
    "skos:altLabel": "also called", "mig:localName": "also called", "mig:mentionedAs": "as printed",
}  # fmt: skip
_ORDER = ("name", "acronym", "also called", "as printed")
_ARTICLE = PREFIXES["schema"] + "NewsArticle"
_CANDIDATES = 300  # names that are compared in full
_SNIPPET = 24  # words shown of a text
_MARKS = ("\x02", "\x03")  # around the words that matched; no text holds them, as it is read without controls


@dataclass(frozen=True, slots=True)
class Found:
    """A thing or an article that was looked for.

    :param kind: what it is, in words.
    :param how: name, acronym, also called, as printed, or words (of an article's text).
    :param matched: the name or the piece of text; `marks` are the half-open offsets in it of the words found.
    :param score: 0 to 100, how near the name is to what was looked for.
    :param articles: how many articles name it.
    """

    iri: str
    kind: str
    label: str
    how: str
    matched: str
    score: float
    articles: int = 0
    marks: tuple[tuple[int, int], ...] = ()


class Writer:
    """Makes an index: `add` each article that was read, then `finish` when the graph is complete.

    :param file: where to write; None for memory. Texts wait in a file beside it, which is removed at the end.
    :param former: the index of the graph before, which holds the texts of articles that are not read again.
    """

    def __init__(self, file: Path | None = None, former: Path | None = None) -> None:
        self._file, self._former = file, former
        self._waiting = file.with_suffix(".texts").open("w+", encoding="utf-8") if file else io.StringIO()

    def add(self, article: Article) -> None:
        """Keep the text of an article; one without a text (it was not read again) is passed over."""
        if article.text:
            self._waiting.write(json.dumps([article.sha256, article.text]) + "\n")

    def finish(self, store: Store) -> sqlite3.Connection:
        """Index what the graph holds: its articles with their texts, and all that has a name.

        :raises WriteError: no space, no permission.
        """
        try:
            db = sqlite3.connect(self._file or ":memory:")
            # Written beside the graph that is being built: if it fails, all of it is thrown away.
            db.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLES}")
            self._texts(db, store)
            db.executemany("INSERT INTO name VALUES (?, ?, ?, ?)", sorted(names(store)))
            db.executescript(
                "DROP TABLE spool; INSERT INTO words(words) VALUES ('rebuild'); "
                "INSERT INTO names(names) VALUES ('rebuild')"
            )
            db.commit()
        except sqlite3.Error as error:
            raise WriteError(f"the index could not be written ({error})", where=str(self._file)) from error
        return db

    def close(self) -> None:
        """Let go of the texts."""
        self._waiting.close()
        if self._file:
            self._file.with_suffix(".texts").unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _texts(self, db: sqlite3.Connection, store: Store) -> None:
        self._waiting.seek(0)
        db.executemany("INSERT OR IGNORE INTO spool VALUES (?, ?)", map(json.loads, self._waiting))
        known = {sha for (sha,) in db.execute("SELECT sha FROM spool")}
        held = sorted(_strings(select(store, _ARTICLES).rows))
        if not known.issuperset(sha for _, sha, _ in held):
            if self._former and (former := _connect(self._former)):
                kept = former.execute("SELECT sha, body FROM article WHERE sha IS NOT NULL")
                db.executemany("INSERT OR IGNORE INTO spool VALUES (?, ?)", kept)
                former.close()
            known = {sha for (sha,) in db.execute("SELECT sha FROM spool")}
        cited: dict[str, dict[str, None]] = {}
        if not known.issuperset(sha for _, sha, _ in held):
            rows = sorted(_strings(select(store, _SENTENCES).rows), key=lambda row: (row[0], int(row[1]), row[2]))
            for article, _, sentence in rows:
                cited.setdefault(article, {})[sentence] = None
        for iri, sha, title in held:
            if sha in known:
                db.execute("INSERT INTO article SELECT ?, sha, ?, body FROM spool WHERE sha = ?", (iri, title, sha))
            else:  # the sentences in place of the text, under no sha, so that no later build takes them for it
                db.execute("INSERT INTO article VALUES (?, NULL, ?, ?)", (iri, title, "\n".join(cited.get(iri, ()))))


def _strings(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[str, ...]]:
    return (tuple("" if term is None else term.value for term in row) for row in rows)


def names(store: Store) -> Iterator[tuple[str, str, str, str]]:
    """(IRI, kind, way, name) of all that has a name and is a thing of the world, not a term of the ontology.

    The kind is the IRI of a class, the way one of: name, acronym, also called, as printed.
    """
    types: dict[str, set[str]] = {}
    for iri, type_ in _strings(select(store, _TYPES).rows):
        types.setdefault(iri, set()).add(type_)
    kinds = {iri: _kind(held) for iri, held in types.items()}
    seen: dict[tuple[str, str], str] = {}
    for prop, way in _WAYS.items():
        for iri, name in _strings(select(store, f"SELECT DISTINCT ?it ?name WHERE {{ ?it {prop} ?name }}").rows):
            if kinds.get(iri):
                known = seen.setdefault((iri, name), way)
                seen[iri, name] = min(known, way, key=_ORDER.index)
    for (iri, name), way in seen.items():
        yield iri, kinds[iri], way, name


def _kind(types: set[str]) -> str:
    """What a thing is, in one class: the most telling of the kinds of entities, or the class of a concept."""
    fitting = [kind for kind in load_ontology().entities.values() if types.issuperset(kind.types)]
    if fitting:
        return max(fitting, key=lambda kind: (len(kind.types), kind.iri)).iri
    concept = PREFIXES["skos"] + "Concept"
    return min(types - {concept}, default=concept) if concept in types else ""


# -- asking ------------------------------------------------------------------------------------------------------------


def open_index(file: Path | None, store: Store) -> sqlite3.Connection:
    """The index of a graph's folder; where there is none, or one of another version, one in memory.

    :param file: where it should be; None for a graph that has no folder here.
    """
    if file and (db := _connect(file)):
        return db
    with Writer() as writer:
        return writer.finish(store)


def _connect(file: Path) -> sqlite3.Connection | None:
    """An index, for reading; None when there is none that can be read."""
    if not file.is_file():
        return None
    db = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
    try:
        if db.execute("PRAGMA user_version").fetchone()[0] == _VERSION:
            return db
    except sqlite3.Error:
        pass  # not a database, or a broken one: it is made anew
    db.close()
    return None


def find(
    db: sqlite3.Connection, store: Store, text: str, *, lang: str = "en", limit: int = 10
) -> tuple[Found, ...]:
    """Things with that name and articles with these words, the nearest first; things before articles.

    All words must be there, the last one perhaps only begun. Only where nothing has them, misspellings are looked for:
    one letter in words of up to five, two in longer ones.

    :param lang: of labels and kinds. :param limit: how many things, and how many articles.
    :raises QueryError: when the text holds no word.
    """
    tokens = re.findall(r"[^\W_]+", fold(text))
    if not tokens:
        raise QueryError(f'there is no word in "{text}"', expected="a name, an acronym or words of an article")
    try:
        found: list[Found] = []
        for loose in (False, True):
            if not found:
                found += _things(db, store, fold(text), _matches(db, "term", tokens, loose=loose))[:limit]
                found += _articles(db, _matches(db, "word", tokens, loose=loose), limit)
    except sqlite3.Error as error:
        raise GraphError(f"the index cannot be read ({error})", todo="Build the graph again.") from error
    named = labels(store, [iri for one in found for iri in (one.iri, one.kind)], lang=lang)
    return tuple(replace(one, label=named[one.iri], kind=named[one.kind]) for one in found)


def show_found(found: Iterable[Found], width: int = WIDTH) -> Iterator[Line]:
    """What was found, for people: each with what matched and the command that tells more."""
    for number, one in enumerate(found):
        if number:
            yield ()
        told = f"{one.articles:,} article{'' if one.articles == 1 else 's'}" if one.articles else "in no article"
        about = f"  {one.kind}" if one.how == "words" else f"  {one.kind}, {told}"
        for start, end in wrap(one.label + about, width):
            cut = min(max(len(one.label), start), end)
            yield ((f"{one.label}{about}"[start:cut], "bold"), (f"{one.label}{about}"[cut:end], "dim"))
        if one.how == "words":
            yield from quote(one.matched, one.marks, width)
        elif one.matched != one.label:
            yield from (((f"    {line}", ""),) for line in lines_of(f"{one.how}: {one.matched}", width - 4))
        yield ((f"    migkg explain {short(one.iri)}", ""),)  # never broken, so that it can be copied


def _things(db: sqlite3.Connection, store: Store, wanted: str, queries: Iterable[str]) -> list[Found]:
    from rapidfuzz import fuzz

    ask = (
        "SELECT iri, kind, way, name.text FROM names JOIN name ON name.rowid = names.rowid WHERE names MATCH ? "
        "ORDER BY rank, iri LIMIT ?"
    )
    best: dict[str, Found] = {}
    for query in queries:
        for iri, kind, way, name in db.execute(ask, (query, _CANDIDATES)):
            folded = fold(name)
            whole, words = fuzz.ratio(wanted, folded), fuzz.token_set_ratio(wanted, folded)
            found = Found(iri, kind, "", way, name, round(max(whole, 0.35 * whole + 0.65 * words), 1))
            if iri not in best or _rank(found) < _rank(best[iri]):
                best[iri] = found
        if best:
            break
    counts = _counted(store, sorted(best))
    things = (replace(found, articles=counts.get(iri, 0)) for iri, found in best.items())
    return sorted(things, key=lambda found: (-found.score, -found.articles, found.iri))


def _rank(found: Found) -> tuple[float, int, str]:
    return -found.score, _ORDER.index(found.how), found.matched


def _articles(db: sqlite3.Connection, queries: Iterable[str], limit: int) -> list[Found]:
    ask = (
        "SELECT article.iri, snippet(words, -1, char(2), char(3), '…', ?) FROM words "
        "JOIN article ON article.rowid = words.rowid WHERE words MATCH ? ORDER BY rank, article.iri LIMIT ?"
    )
    for query in queries:
        if rows := db.execute(ask, (_SNIPPET, query, limit)).fetchall():
            return [Found(iri, _ARTICLE, "", "words", *_unmarked(piece)) for iri, piece in rows]
    return []


def _unmarked(piece: str) -> tuple[str, float, int, tuple[tuple[int, int], ...]]:
    """A snippet on one line without its marks, and where they were."""
    text, marks = "", []
    for part in re.split("([\x02\x03])", re.sub(r"\s+", " ", piece).strip()):
        if part == _MARKS[0]:
            marks.append((len(text), len(text)))
        elif part == _MARKS[1] and marks:
            marks[-1] = (marks[-1][0], len(text))
        elif part not in _MARKS:
            text += part
    return text, 100.0, 1, tuple(marks)


def _matches(db: sqlite3.Connection, vocabulary: str, tokens: Sequence[str], *, loose: bool) -> Iterator[str]:
    """FTS5 queries, from strict to loose: the words; the last one as a beginning. Loose: words that are near."""
    quoted = [f'"{token}"' for token in tokens]
    if not loose:
        yield " ".join(quoted)
        if len(tokens[-1]) > 2:
            yield " ".join(quoted) + "*"
        return
    near = [_near(db, vocabulary, token) for token in tokens]
    if all(near):
        yield " AND ".join("(" + " OR ".join(f'"{term}"' for term in terms) + ")" for terms in near)


def _near(db: sqlite3.Connection, vocabulary: str, token: str) -> list[str]:
    """Words of the index that a token may be a misspelling of."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    if len(token) < 4:
        return [token]
    most = 1 if len(token) <= 5 else 2
    ask = f"SELECT term FROM {vocabulary} WHERE length(term) BETWEEN ? AND ?"  # noqa: S608 - one of our two tables
    terms = [term for (term,) in db.execute(ask, (len(token) - most, len(token) + most))]
    found = process.extract(token, terms, scorer=OSA.distance, score_cutoff=most, limit=20)
    return [term for term, _, _ in found]


def _counted(store: Store, iris: Sequence[str]) -> dict[str, int]:
    """How many articles name a thing."""
    import pyoxigraph as ox

    if not iris:
        return {}
    block = values(["it"], [[ox.NamedNode(iri)] for iri in iris])
    ask = f"""SELECT ?it (COUNT(DISTINCT ?graph) AS ?articles) WHERE {{
      {block} {{ GRAPH ?graph {{ ?it a ?type }} }} UNION {{ GRAPH ?graph {{ ?it mig:mentionedAs ?form }} }}
      ?graph a mig:ArticleGraph }} GROUP BY ?it"""
    return {iri: int(count) for iri, count in _strings(select(store, ask).rows)}


_ARTICLES = """SELECT ?article ?sha ?title WHERE {
  ?snapshot prov:specializationOf ?article ; mig:textSha256 ?sha . OPTIONAL { ?article schema:headline ?title }
}"""
_SENTENCES = """SELECT DISTINCT ?article ?start ?sentence WHERE {
  ?span mig:sentence ?sentence ; mig:sentenceStart ?start ; oa:hasSource/prov:specializationOf ?article .
}"""
_TYPES = f"""SELECT ?it ?type WHERE {{
  ?it a ?type . FILTER(STRSTARTS(STR(?it), "{ID}") || EXISTS {{ ?it skos:inScheme ?scheme }})
  FILTER(?type NOT IN (mig:Fact, oa:SpecificResource, oa:TextPositionSelector, oa:TextQuoteSelector, prov:Entity))
}}"""
