"""Articles → facts → triples → findings → store: the one place where the rooms meet. Returns counts, never prints."""

from __future__ import annotations

import gc
import os
import signal
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from migkg import rdf, resources
from migkg.articles import STDIN, discover, read_articles, unique_ids
from migkg.errors import DataError, MigkgError, ReaderError, SourceError
from migkg.extract import extract
from migkg.folder import ANSWERS, publish, staged, writing
from migkg.model import RULES, Article, Extraction, Finding
from migkg.reference import Reference, load_reference
from migkg.resolve import resolve
from migkg.second import LOST, UNREAD, Readers, checked, open_readers
from migkg.store import EmbeddedStore

if TYPE_CHECKING:
    from concurrent.futures import Future

_BY_RULES = Readers()
# Articles that one worker takes at a time: fewer, and handing them over costs; more, and the last worker is waited for.
_BATCH = 8

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class How:
    """How the articles of a build are read, for processes to hand to each other; see `build`."""

    check: bool = True
    allow_private: bool = False
    readers: tuple[str, ...] = (RULES,)
    answers: Path | None = None


@dataclass(frozen=True, slots=True)
class ArticleResult:
    """What came of one article; small, so that memory stays flat in the number of articles."""

    article: Article
    facts: Mapping[str, int]
    readers: Mapping[str, int]
    spans: int
    entities: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """What a worker hands back: each article with its lines, and what went wrong.

    :param unmatched: shapes that had nothing to look at in any of the articles; None when nothing was checked.
    """

    results: tuple[tuple[ArticleResult, bytes], ...]
    errors: tuple[MigkgError, ...]
    unmatched: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    :param facts: kind → number of facts, each counted once an article; `entities` and `spans` are counted so too.
    :param triples: of the whole graph, with the reference data.
    :param findings: of SHACL and of resolution. :param errors: sources that were left out, and why.
    :param unmatched: shapes that had nothing to look at in the whole build.
    :param readers: reader → number of facts that it read; a fact that two readers read counts for both.
    :param lost: second reader → reason → how often something that it told was left out.
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
    readers: Mapping[str, int] = field(default_factory=dict)
    lost: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def conforms(self) -> bool:
        """True when nothing is wrong; warnings and gaps do not count."""
        return not any(finding.severity == "violation" for finding in self.findings)

    @property
    def unread(self) -> bool:
        """True when a language model was asked and could not be understood, or did not answer."""
        return any(reason in UNREAD for reasons in self.lost.values() for reason in reasons)


def read_one(article: Article, reference: Reference, readers: Readers = _BY_RULES) -> Extraction:
    """Article → entities and facts: a pure function of the article, the reference data and the readers."""
    claims = extract(article, reference)
    if claims is None:
        message = "This article is neither in English nor in Indonesian; nothing was read from it."
        finding = Finding("warning", "language.unknown", "", message, article=article.id)
        return Extraction(article, (), (), (finding,))
    return resolve(readers.add(claims, reference), reference)


def extract_source(
    source: str, *, allow_private: bool = False, readers: Sequence[str] = (RULES,)
) -> tuple[Extraction, ...]:
    """The facts of one source's articles, stored nowhere.

    :param readers: who reads; see `build`.
    :raises SourceError: when the source cannot be read. :raises ReaderError: when a reader cannot be used.
    """
    reference, reading = load_reference(), open_readers(checked(readers))
    articles = read_articles(source, allow_private=allow_private)
    return tuple(read_one(article, reference, reading) for article in articles)


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
    readers: Sequence[str] = (RULES,),
    progress: Progress | None = None,
) -> BuildReport:
    """Build a graph.

    :param sources: files, folders, addresses or `-`, in any order; the bundled corpus when empty.
    :param folder: graph folder, made if missing; its former graph is replaced when all is done.
    :param jobs: worker processes; the result is the same for any number.
    :param check: False leaves SHACL out.
    :param readers: `rules`, `spacy:NAME`, `llm:URL#MODEL`; see `second.open_readers`.
    :param progress: called with (sources done, all, name of the last one).
    :raises SourceError: when no source can be read at all; a bad one among good ones is reported in the result.
    :raises GraphError: when the folder holds something else, or another build writes into it.
    :raises WriteError: no space, no permission. :raises DataError: broken reference data, ontology or lexicon.
    :raises UnknownName: for an unknown reader. :raises ReaderError: when a reader cannot be used.
    """
    how = How(check, allow_private, checked(readers), folder / ANSWERS)
    found, errors = _discovered(sources or (bundled_corpus(),))
    if not found:
        raise _nothing_read(errors)
    with writing(folder), staged(folder) as staging:
        made = _Build(errors=errors)
        quads, triples = staging / "graph.nq", staging / "graph.nt"
        with quads.open("wb") as named, triples.open("wb") as default:

            def write(data: bytes) -> None:
                named.write(data)
                default.write(rdf.union(data))

            for data in rdf.background():
                write(data)
            if progress:
                progress(0, len(found), "")
            done = 0
            with closing(_batches(found, jobs, how)) as batches:
                for batch in batches:
                    made.add(batch, write)
                    done = min(done + _BATCH, len(found))
                    if progress:
                        progress(done, len(found), found[done - 1])
        if not made.seen:
            raise _nothing_read(made.errors)
        with EmbeddedStore.open(staging / "store") as store:
            store.load_written(quads, triples)
            count = store.count()
        report = made.report(folder, count, check=check)
        publish(folder, staging, made.manifest(report))
    return report


def _discovered(sources: Sequence[str]) -> tuple[tuple[str, ...], list[MigkgError]]:
    """The single sources, sorted so that their order on the command line changes nothing, and those that are none."""
    found: set[str] = set()
    errors: list[MigkgError] = []
    for source in dict.fromkeys(sources):
        try:
            found.update(discover((source,)))
        except SourceError as error:
            errors.append(error)
    return tuple(sorted(found)), errors


def _nothing_read(errors: Sequence[MigkgError]) -> MigkgError:
    if len(errors) == 1:
        return errors[0]
    listed = "".join(f"\n  {error}" for error in errors[:10])
    more = f"\n  … and {len(errors) - 10:,} more" if len(errors) > 10 else ""
    return SourceError(f"none of the {len(errors):,} sources could be read:{listed}{more}\nNo graph was written")


@dataclass(slots=True)
class _Build:
    """What has been read so far."""

    errors: list[MigkgError]
    seen: dict[str, Article] = field(default_factory=dict)
    articles: list[dict[str, Any]] = field(default_factory=list)
    findings: set[Finding] = field(default_factory=set)
    facts: Counter[str] = field(default_factory=Counter)
    readers: Counter[str] = field(default_factory=Counter)
    entities: int = 0
    spans: int = 0
    unmatched: frozenset[str] | None = None

    def add(self, batch: Batch, write: Callable[[bytes], object]) -> None:
        """Take in a batch; of articles with one id, the first in the order of the sources."""
        self.errors += batch.errors
        if batch.unmatched is not None:
            self.unmatched = batch.unmatched if self.unmatched is None else self.unmatched & batch.unmatched
        for result, data in batch.results:
            article = result.article
            first = self.seen.setdefault(article.id, article)
            if first is not article:
                again = unique_ids((first, article))
                self.findings.update(again.duplicates)
                self.errors += again.conflicts
                continue
            write(data)
            self.findings.update(result.findings)
            self.facts.update(result.facts)
            self.readers.update(result.readers)
            self.entities += result.entities
            self.spans += result.spans
            self.articles.append(
                {
                    "id": article.id, "source": article.source, "sha256": article.sha256, "lang": article.lang,
                    "facts": sum(result.facts.values()), "spans": result.spans,
                }
            )  # fmt: skip

    def report(self, folder: Path, triples: int, *, check: bool) -> BuildReport:
        """The counts, when all is read."""
        lost: dict[str, Counter[str]] = {}
        for finding in sorted(self.findings):
            if finding.shape.startswith(LOST):
                lost.setdefault(finding.path, Counter())[finding.shape.removeprefix(LOST)] += 1
        return BuildReport(
            folder, len(self.seen), dict(sorted(self.facts.items())), self.entities, self.spans, triples,
            tuple(sorted(self.findings)), tuple(self.errors), tuple(sorted(self.unmatched or ())), check,
            dict(sorted(self.readers.items())), lost,
        )  # fmt: skip

    def manifest(self, report: BuildReport) -> dict[str, Any]:
        """What the graph's folder tells of it."""
        return {
            "articles": self.articles, "facts": dict(report.facts), "entities": report.entities, "spans": report.spans,
            "triples": report.triples, "checked": report.checked, "unmatched": list(report.unmatched),
            "findings": [asdict(finding) for finding in report.findings], "readers": dict(report.readers),
        }  # fmt: skip


# -- batches -----------------------------------------------------------------------------------------------------------


def _batches(found: tuple[str, ...], jobs: int, how: How) -> Generator[Batch, None, None]:
    """Batches in the order of the sources, from this process or from workers: the same bytes either way."""
    groups = [found[i : i + _BATCH] for i in range(0, len(found), _BATCH)]
    if jobs <= 1 or len(groups) <= 1:
        for group in groups:
            yield work(group, how)
        return
    from concurrent.futures import Future, ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import active_children, get_context

    # A forked process would inherit the engines' threads, stopped half-way.
    pool = ProcessPoolExecutor(min(jobs, len(groups)), mp_context=get_context("spawn"), initializer=_end_with_parent)
    before = set(active_children())
    waiting: deque[Future[Batch]] = deque()
    try:
        # A few batches ahead of the writer, not all of them: memory stays flat.
        for group in groups:
            if STDIN in group:  # workers have no standard input
                waiting.append(Future())
                waiting[-1].set_result(work(group, how))
            else:
                with _without_interrupts():
                    waiting.append(pool.submit(work, group, how))
            if len(waiting) > 2 * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise SourceError(
            "a worker process was killed", todo="Try again with fewer --jobs; memory may have run out."
        ) from error
    except BaseException:
        for child in set(active_children()) - before:
            child.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Processes started meanwhile never see Ctrl-C, which a terminal sends to all of them; the parent ends them."""
    former = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for work for ever."""
    from multiprocessing import parent_process
    from threading import Thread

    def watch() -> None:
        if parent := parent_process():
            parent.join()
            os._exit(1)

    Thread(target=watch, daemon=True).start()


@cache
def _settle() -> None:
    """Take what is loaded for good out of the garbage collector's rounds, which cost a third of the time otherwise."""
    gc.collect()
    gc.freeze()


def work(sources: Sequence[str], how: How) -> Batch:
    """Read, extract, resolve, write and check a batch of sources, each article on its own."""
    reference, readers = load_reference(), open_readers(how.readers, how.answers)
    _settle()
    results: list[tuple[ArticleResult, bytes]] = []
    errors: list[MigkgError] = []
    unmatched: frozenset[str] | None = None
    for source in sources:
        try:
            for article in read_articles(source, allow_private=how.allow_private):
                result, data, idle = _one(article, reference, readers, check=how.check)
                results.append((result, data))
                unmatched = idle if unmatched is None or idle is None else unmatched & idle
        except (DataError, ReaderError):
            raise  # every other article would meet it too
        except MigkgError as error:
            errors.append(error)
        except Exception as error:  # a mistake in one rule must not cost the other articles
            errors.append(_mishap(source, error))
    return Batch(tuple(results), tuple(errors), unmatched)


def _one(
    article: Article, reference: Reference, readers: Readers, *, check: bool
) -> tuple[ArticleResult, bytes, frozenset[str] | None]:
    """One article's graph, and the shapes that had nothing to look at in it."""
    extraction = read_one(article, reference, readers)
    lines = rdf.graph_lines(extraction, reference)
    findings = set(extraction.findings)
    idle: frozenset[str] | None = None
    if check:
        from migkg.validate import validate

        # Each article alone: what is found in it must not depend on its neighbours.
        report = validate(rdf.ntriples([*lines, *rdf.context_lines(extraction, reference)]))
        findings.update(report.findings)
        idle = frozenset(report.unmatched)
    result = ArticleResult(
        replace(extraction.article, text=""),
        Counter(fact.kind for fact in extraction.facts),
        Counter(reader for fact in extraction.facts for reader in {evidence.reader for evidence in fact.evidence}),
        len({evidence.span for fact in extraction.facts for evidence in fact.evidence}),
        len(extraction.entities),
        tuple(sorted(findings)),
    )
    return result, rdf.nquads(lines, rdf.graph_iri(article.id)), idle


def _mishap(source: str, error: Exception) -> SourceError:
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    where = f", {Path(last.tb_frame.f_code.co_filename).name}:{last.tb_lineno}" if last else ""
    return SourceError(
        f"migkg failed on it ({type(error).__name__}: {error}{where})", where=source,
        todo="This is a mistake in migkg: please report it, with the article.",
    )  # fmt: skip
