"""Articles → facts → triples → findings → store: the one place where the rooms meet. Returns counts, never prints.

A graph folder holds `manifest.json`, which names the current store, and that store. A build writes a new store beside
the old one and replaces the manifest last, so that a build that fails or is killed leaves the former graph in place.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from migkg import __version__, rdf, resources
from migkg.articles import discover, read_articles, unique_ids
from migkg.errors import GraphError, MigkgError, SourceError, WriteError
from migkg.extract import extract
from migkg.model import Article, Extraction, Finding, Ref
from migkg.reference import Reference, load_links, load_reference, place_triples, reference_files
from migkg.resolve import resolve
from migkg.store import EmbeddedStore

MANIFEST = "manifest.json"
_STORE = "store-"
# Articles that one worker takes at a time: SHACL's cost for each run is shared by a batch, memory grows with it.
_BATCH = 8

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class ArticleResult:
    """What came of one article; small, so that memory stays flat in the number of articles."""

    article: Article
    facts: Mapping[str, int]
    spans: int
    entities: int
    lang: str | None


@dataclass(frozen=True, slots=True)
class Batch:
    """What a worker hands back."""

    results: tuple[tuple[ArticleResult, bytes], ...]
    findings: tuple[Finding, ...]
    errors: tuple[MigkgError, ...]
    unmatched: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    :param facts: kind → number of distinct facts in each article, added up.
    :param findings: of SHACL and of resolution; `errors`: sources that could not be read.
    :param unmatched: shapes that found nothing to check in the whole build.
    """

    folder: Path
    articles: int
    facts: Mapping[str, int]
    entities: int
    spans: int
    triples: int
    findings: tuple[Finding, ...]
    errors: tuple[MigkgError, ...]
    unmatched: tuple[str, ...]
    checked: bool

    @property
    def conforms(self) -> bool:
        return not any(finding.severity == "violation" for finding in self.findings)


def read_one(article: Article, reference: Reference) -> Extraction:
    """Article → entities and facts: a pure function of the article, the reference data and the rules."""
    claims = extract(article, reference)
    if claims is None:
        message = "This article is neither in English nor in Indonesian; nothing was read from it."
        finding = Finding("warning", "language.unknown", "", message, article=article.id)
        return Extraction(article, (), (), (finding,))
    return resolve(claims, reference)


def extract_source(source: str, *, allow_private: bool = False) -> tuple[Extraction, ...]:
    """The facts of one source's articles, stored nowhere.

    :raises SourceError: when the source cannot be read.
    """
    reference = load_reference()
    return tuple(read_one(article, reference) for article in read_articles(source, allow_private=allow_private))


def bundled_corpus() -> str:
    """The folder of the articles that come with migkg."""
    return str(resources.path("data", "articles"))


def build(
    sources: Sequence[str],
    folder: Path,
    *,
    jobs: int = 1,
    check: bool = True,
    allow_private: bool = False,
    progress: Progress | None = None,
) -> BuildReport:
    """Build a graph.

    :param sources: files, folders, addresses or `-`; the bundled corpus when empty.
    :param folder: graph folder, made if missing; its former graph is replaced when all is done.
    :param jobs: worker processes; the result is the same for any number.
    :param check: False leaves SHACL out.
    :param progress: called with (sources done, all, name of the last one).
    :raises SourceError: when no source can be read at all; a bad one among good ones is reported in the result.
    :raises GraphError: when the folder holds something else. :raises WriteError: no space, no permission.
    """
    _check_target(folder)
    found = discover(sources or (bundled_corpus(),))
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".building-", dir=folder))
        try:
            return _build(found, folder, staging, jobs, progress, check=check, allow_private=allow_private)
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def _build(
    found: tuple[str, ...], folder: Path, staging: Path, jobs: int, progress: Progress | None, *, check: bool,
    allow_private: bool,
) -> BuildReport:  # fmt: skip
    findings: list[Finding] = []
    errors: list[MigkgError] = []
    seen: dict[str, Article] = {}
    totals = _Totals()
    unmatched: set[str] | None = None
    articles: list[dict[str, Any]] = []
    quads = staging / "graph.nq"
    digest = hashlib.sha256()
    with quads.open("wb") as out:
        for data in background():
            out.write(data)
            digest.update(data)
        done = 0
        for batch in _batches(found, jobs, check=check, allow_private=allow_private):
            errors += batch.errors
            findings += batch.findings
            if batch.unmatched is not None:
                unmatched = set(batch.unmatched) if unmatched is None else unmatched & batch.unmatched
            for result, data in batch.results:
                first = seen.setdefault(result.article.id, result.article)
                if first is not result.article:
                    again = unique_ids((first, result.article))
                    findings += again.duplicates
                    errors += again.conflicts
                    continue
                out.write(data)
                digest.update(data)
                totals.add(result)
                articles.append(_entry(result))
            done = min(done + _BATCH, len(found))
            if progress:
                progress(done, len(found), found[done - 1])
    if not seen:
        raise _nothing_read(errors)
    name = _STORE + digest.hexdigest()[:16]
    with EmbeddedStore.open(staging / name) as store:
        store.bulk_load(quads)
        triples = store.count()
    quads.unlink()
    report = BuildReport(
        folder, len(seen), dict(sorted(totals.facts.items())), totals.entities, totals.spans, triples,
        tuple(sorted(set(findings))), tuple(errors), tuple(sorted(unmatched or ())), check,
    )  # fmt: skip
    _publish(folder, staging, name, report, articles)
    return report


@dataclass(slots=True)
class _Totals:
    facts: Counter[str] = field(default_factory=Counter)
    entities: int = 0
    spans: int = 0

    def add(self, result: ArticleResult) -> None:
        self.facts.update(result.facts)
        self.entities += result.entities
        self.spans += result.spans


def _entry(result: ArticleResult) -> dict[str, Any]:
    article = result.article
    return {
        "id": article.id, "source": article.source, "sha256": article.sha256, "lang": result.lang,
        "facts": sum(result.facts.values()), "spans": result.spans,
    }  # fmt: skip


def _nothing_read(errors: Sequence[MigkgError]) -> MigkgError:
    if len(errors) == 1:
        return errors[0]
    listed = "".join(f"\n  {error}" for error in errors[:10])
    return SourceError(f"none of the {len(errors)} sources could be read:{listed}", todo="Mend or leave out the sources.")


# -- batches --------------------------------------------------------------------------------------------------------------


def _batches(found: tuple[str, ...], jobs: int, *, check: bool, allow_private: bool) -> Iterator[Batch]:
    """Batches in the order of the sources, from this process or from workers: the same bytes either way."""
    groups = [found[i : i + _BATCH] for i in range(0, len(found), _BATCH)]
    if jobs <= 1 or len(groups) <= 1:
        for group in groups:
            yield work(group, check, allow_private)
        return
    from collections import deque
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(min(jobs, len(groups)), mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[Batch]] = deque()
        rest = iter(groups)
        # A few batches ahead of the writer, not all of them: memory stays flat.
        for group in rest:
            waiting.append(pool.submit(work, group, check, allow_private))
            if len(waiting) > 2 * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def work(sources: Iterable[str], check: bool, allow_private: bool) -> Batch:  # noqa: FBT001 - called across processes
    """Read, extract, resolve, write and check a batch of sources."""
    reference = load_reference()
    results: list[tuple[ArticleResult, bytes]] = []
    findings: list[Finding] = []
    errors: list[MigkgError] = []
    to_check: list[str] = []
    for source in sources:
        try:
            read = read_articles(source, allow_private=allow_private)
        except MigkgError as error:
            errors.append(error)
            continue
        for article in read:
            extraction = read_one(article, reference)
            lines = rdf.graph_lines(extraction, reference)
            findings += extraction.findings
            results.append((_result(extraction), rdf.nquads(lines, rdf.graph_iri(article.id))))
            if check:
                to_check += lines
                to_check += rdf.context_lines(extraction, reference)
    unmatched = None
    if check and to_check:
        from migkg.validate import validate

        report = validate(rdf.ntriples(to_check))
        findings += report.findings
        unmatched = frozenset(report.unmatched)
    return Batch(tuple(results), tuple(findings), tuple(errors), unmatched)


def _result(extraction: Extraction) -> ArticleResult:
    spans = {evidence.span for fact in extraction.facts for evidence in fact.evidence}
    return ArticleResult(
        replace(extraction.article, text=""),
        dict(Counter(fact.kind for fact in extraction.facts)),
        len(spans),
        len(extraction.entities),
        extraction.article.lang,
    )


def background() -> Iterator[bytes]:
    """Reference data, ontology and schemes, each in its named graph."""
    import pyoxigraph as ox

    reference = load_reference()
    countries = [iri for iri, code in sorted(reference.codes.items()) if "-" not in code]
    own = [triple for iri in countries for triple in place_triples(iri)]
    links = [(link.entity, link.predicate, Ref(link.target)) for link in load_links()]
    parts: tuple[tuple[str, list[Path], list[str]], ...] = (
        (rdf.REFERENCE_GRAPH, list(reference_files()), rdf.lines([*own, *links])),
        (rdf.ONTOLOGY_GRAPH, [resources.path("ontology", "migkg.ttl")], []),
        (rdf.SCHEMES_GRAPH, sorted(resources.path("ontology", "schemes").glob("*.ttl")), []),
    )
    for graph, files, extra in parts:
        found = set(extra)
        for file in files:
            for quad in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE):
                found.add(f"{quad.subject} {quad.predicate} {quad.object}")
        yield rdf.nquads(sorted(found), graph)


# -- the folder -----------------------------------------------------------------------------------------------------------


def _check_target(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise GraphError("this is a file", where=str(folder), expected="a folder for the graph")
    if folder.is_dir() and not (folder / MANIFEST).is_file():
        others = [path.name for path in folder.iterdir() if not path.name.startswith((".building-", _STORE))]
        if others:
            raise GraphError(
                f"this folder holds other files ({others[0]}, …)", where=str(folder),
                expected="an empty folder or a graph of migkg", todo="Name another folder with --kg.",
            )  # fmt: skip


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Turn what the file system refuses into words."""
    try:
        yield
    except OSError as error:
        todo = "Make room or name another folder with --kg." if error.errno == errno.ENOSPC else "Check the permissions."
        raise WriteError(
            f"the graph could not be written ({error.strerror or error})", where=str(folder),
            todo=f"The former graph is untouched. {todo}",
        ) from error  # fmt: skip


def _publish(folder: Path, staging: Path, name: str, report: BuildReport, articles: list[dict[str, Any]]) -> None:
    """Put the new store in place; the manifest is replaced last and at once."""
    target = folder / name
    if target.exists():
        shutil.rmtree(target)
    (staging / name).rename(target)
    manifest = {
        "migkg": __version__,
        "store": name,
        "articles": articles,
        "facts": dict(report.facts),
        "entities": report.entities,
        "spans": report.spans,
        "triples": report.triples,
        "checked": report.checked,
        "unmatched": list(report.unmatched),
        "findings": [asdict(finding) for finding in report.findings],
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    aside = staging / MANIFEST
    with aside.open("w", encoding="utf-8") as out:
        out.write(text + "\n")
        out.flush()
        os.fsync(out.fileno())
    aside.replace(folder / MANIFEST)
    for path in sorted(folder.glob(_STORE + "*")):
        if path.name != name:
            shutil.rmtree(path, ignore_errors=True)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a graph folder.

    :raises GraphError: when there is no graph in it, or its manifest is broken.
    """
    file = folder / MANIFEST
    todo = f"Make a graph with: migkg build --kg {folder}"
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
        store = folder / manifest["store"]
    except FileNotFoundError as error:
        raise GraphError("there is no graph here", where=str(folder), todo=todo) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GraphError(f"the manifest cannot be read ({error})", where=str(file), todo=todo) from error
    if not store.is_dir():
        raise GraphError("the store that the manifest names is missing", where=str(store), todo=todo)
    return dict(manifest)
