"""Graphs to a server and back, graph by graph: what is there already is left alone, so that a transfer can be resumed.

Beside each graph a push notes on the server the digest of what it sent and how many triples the server then held. A
graph is left alone when its digest and the server's count are those of the note. Reading graphs back to compare them
would cost as much as sending them, and servers that rewrite literals (Virtuoso) would never agree; a count alone would
miss an edit. The note is taken away before a graph is sent and written after it: a graph without one is sent again.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from migkg import rdf
from migkg.errors import GraphError, MigkgError
from migkg.export import write_aside
from migkg.folder import FETCHED, FIND, index_file, publish, read_manifest, staged, writing
from migkg.kg import KnowledgeGraph
from migkg.lookup import Writer
from migkg.model import Finding
from migkg.store import EmbeddedStore, RemoteStore, Rows, Store

Progress = Callable[[int, int, str], object]

_BACKGROUND = (rdf.ONTOLOGY_GRAPH, rdf.SCHEMES_GRAPH, rdf.REFERENCE_GRAPH)
_MANIFEST = "https://w3id.org/migkg/graph/manifest"
_PIECE = 20_000  # characters; Virtuoso reads no long literals
_FACTS = """SELECT ?graph (COUNT(DISTINCT ?fact) AS ?n) WHERE {
  GRAPH ?graph { ?fact a mig:Fact } } GROUP BY ?graph"""
_KINDS = """SELECT ?kind (COUNT(DISTINCT ?fact) AS ?n) WHERE {
  ?fact a mig:Fact , ?kind FILTER(?kind != mig:Fact) } GROUP BY ?kind"""
_ARTICLES = """SELECT ?graph ?article (SAMPLE(?u) AS ?url) WHERE {
  GRAPH ?graph { ?article a schema:NewsArticle OPTIONAL { ?article schema:url ?u } } } GROUP BY ?graph ?article"""


@dataclass(frozen=True, slots=True)
class Transfer:
    """What a push or pull did; all graphs by their IRIs.

    :param sent: written now. :param kept: there before, and equal. :param removed: there before, and taken away.
    :param missing: not written, because of the error; of the first of them, the server may hold any state.
    :param others: at the target, and not in the source.
    """

    sent: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    error: MigkgError | None = None


def push(
    graph: KnowledgeGraph, target: RemoteStore, *, delete: bool = False, progress: Progress | None = None
) -> Transfer:
    """Make a server hold the named graphs of a graph folder.

    :param delete: also take away graphs that an earlier push brought and the folder no longer holds.
    :param progress: told (done, of, graph) before each graph.
    :returns: what is there and what is not; when the server fails midway, with the error.
    :raises EndpointError: when the server cannot be asked what it holds.
    """
    names = _ordered(graph.store.graph_names())
    counts, marks = target.counts(), target.marks()
    others = tuple(sorted((marks.keys() | counts.keys()) - set(names) - {_MANIFEST} - _pieces(marks)))
    gone = tuple(name for name in others if name in marks) if delete else ()
    done = Transfer(others=tuple(name for name in others if name not in gone))
    for n, name in enumerate(names):
        if progress:
            progress(n, len(names) + len(gone), name)
        lines = _lines(graph.store, name)
        digest = _digest(lines)
        if marks.get(name) == f"{digest} {counts.get(name)}":
            done = replace(done, kept=(*done.kept, name))
            continue
        try:
            _forget_manifest(target, marks)
            if name in marks:
                target.mark(name, "")
            target.put_graph(name, graph.store.quads(name))
            target.mark(name, f"{digest} {_held(target, name)}")
        except MigkgError as error:
            return replace(done, missing=names[n:], error=error)
        done = replace(done, sent=(*done.sent, name))
    try:
        for n, name in enumerate(gone):
            if progress:
                progress(len(names) + n, len(names) + len(gone), name)
            _forget_manifest(target, marks)
            target.delete_graph(name)
            target.mark(name, "")
            done = replace(done, removed=(*done.removed, name))
        _note_manifest(target, graph.manifest, marks)
    except MigkgError as error:
        return replace(done, error=error)
    return done


def pull(source: RemoteStore, folder: Path, *, progress: Progress | None = None) -> Transfer:
    """Write the named graphs of a server into a graph folder; its former graph is replaced when all is there.

    Graphs that the folder holds already, by the notes of the push, are not fetched, nor those that an earlier pull had
    fetched when it failed or was killed. What a push told of its build (the
    sources, the findings of SHACL) is in the new folder too; a server filled by other means tells only its triples.

    :raises EndpointError: when the server cannot be reached or answers in part; the folder is then as it was.
    :raises GraphError: when the server holds no graph, or changes meanwhile.
    """
    counts, marks = source.counts(), source.marks()
    names = _ordered(counts)
    if not names:
        raise GraphError("this server holds no named graph", where=repr(source), todo="Fill it with migkg push.")
    kept, sent = [], []
    with writing(folder), staged(folder) as staging:
        quads = staging / "graph.nq"
        with _former(folder) as former, quads.open("wb") as out:
            own = set(former.graph_names())
            for n, name in enumerate(names):
                if progress:
                    progress(n, len(names), name)
                lines = _lines(former, name) if name in own else []
                if marks.get(name) == f"{_digest(lines)} {counts[name]}":
                    kept.append(name)
                else:
                    lines = _fetched(source, name, counts[name], marks.get(name, ""), folder / FETCHED)
                    sent.append(name)
                out.write(rdf.nquads(lines, name))
        with EmbeddedStore.open(staging / "store") as store, Writer(staging / FIND, index_file(folder)) as index:
            store.load_written(quads)
            index.finish(store).close()
            manifest = _noted_manifest(marks) or _manifest(store)
        publish(folder, staging, manifest)
        shutil.rmtree(folder / FETCHED, ignore_errors=True)
    return Transfer(tuple(sent), tuple(kept), tuple(sorted(own - set(names))))


def _fetched(source: RemoteStore, name: str, count: int, note: str, kept: Path) -> list[str]:
    """The triples of a graph on a server, kept in a file until the pull is done.

    :param note: of the push, which tells whether the graph is still the one of the file; without one none is kept.
    :raises GraphError: when the server holds another number of triples than `count`.
    """
    file = kept / f"{hashlib.sha256(f'{name} {note}'.encode()).hexdigest()}.nt"
    noted = note.endswith(f" {count}")
    if noted and file.exists():
        return file.read_text(encoding="utf-8").split("\n")  # no literal holds a line's end (N-Triples, section 4)
    lines = _lines(source, name)
    if len(lines) != count:
        todo = "Pull again when nobody writes there."
        raise GraphError(f"the graph {name} changed meanwhile", where=repr(source), todo=todo)
    if noted:
        kept.mkdir(exist_ok=True)
        write_aside(file, "\n".join(lines).encode())
    return lines


def _ordered(names: Iterable[str]) -> tuple[str, ...]:
    """What the articles refer to comes before them."""
    return tuple(sorted(names, key=lambda name: (name not in _BACKGROUND, name)))


def _lines(store: Store, name: str) -> list[str]:
    """The triples of a graph, sorted, without the dot at the end."""
    return sorted(f"{q.subject} {q.predicate} {q.object}" for q in store.quads(name))


def _digest(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _held(target: RemoteStore, name: str) -> int:
    held = target.count(name)
    if not held:
        raise GraphError(f"the server took the graph {name} and holds nothing of it", where=repr(target))
    return held


def _former(folder: Path) -> EmbeddedStore:
    """The store of a graph folder, or an empty one."""
    try:
        return EmbeddedStore.open(folder / read_manifest(folder)["store"], read_only=True)
    except GraphError:
        return EmbeddedStore()


# -- the manifest: noted in pieces, and only when all graphs are there --


def _pieces(marks: Mapping[str, str]) -> set[str]:
    return {name for name in marks if name.startswith(_MANIFEST)}


def _forget_manifest(target: RemoteStore, marks: dict[str, str]) -> None:
    for name in _pieces(marks):
        target.mark(name, "")
        del marks[name]


def _note_manifest(target: RemoteStore, manifest: Mapping[str, Any], marks: dict[str, str]) -> None:
    told = {key: value for key, value in manifest.items() if key not in ("format", "migkg", "store")}
    packed = base64.b64encode(zlib.compress(json.dumps(told, sort_keys=True).encode(), 9)).decode()
    pieces = [packed[start : start + _PIECE] for start in range(0, len(packed), _PIECE)]
    noted = {f"{_MANIFEST}#{n}-of-{len(pieces)}": piece for n, piece in enumerate(pieces, 1)}
    if {name: marks[name] for name in _pieces(marks)} == noted:
        return
    _forget_manifest(target, marks)
    for name, piece in noted.items():
        target.mark(name, piece)


def _noted_manifest(marks: Mapping[str, str]) -> dict[str, Any] | None:
    """What the last push told; None when it was not complete."""
    names = sorted(_pieces(marks), key=lambda name: int(name.rpartition("#")[2].partition("-")[0]))
    if not names or not names[0].endswith(f"-of-{len(names)}"):
        return None
    found: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode("".join(marks[name] for name in names))))
    return found


def _manifest(store: EmbeddedStore) -> dict[str, Any]:
    """What the triples alone tell of a graph."""
    facts = {graph.value: int(n.value) for graph, n in _rows(store, _FACTS)}
    articles = []
    for graph, article, url in sorted(_rows(store, _ARTICLES), key=str):
        id_ = article.value.rpartition("/")[2]
        place = url.value if url else None
        articles.append({"id": id_, "source": place or id_, "url": place, "facts": facts.get(graph.value, 0)})
    kinds = {kind.value.rpartition("#")[2]: int(n.value) for kind, n in _rows(store, _KINDS)}
    unchecked = Finding("warning", "pulled.unchecked", "", "The graph was pulled from a server and not checked.")
    return {
        "articles": articles, "facts": dict(sorted(kinds.items())), "findings": [asdict(unchecked)], "unmatched": [],
        "checked": False, "triples": store.count(),
    }  # fmt: skip


def _rows(store: EmbeddedStore, sparql: str) -> tuple[tuple[Any, ...], ...]:
    answer = store.query(sparql)
    return answer.rows if isinstance(answer, Rows) else ()
