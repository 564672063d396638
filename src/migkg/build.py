"""Articles → facts → triples → findings → store: the one place where the rooms meet. Returns counts, never prints."""

from __future__ import annotations

import gc
import os
import signal
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import cache, partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from migkg import rdf, resources
from migkg.articles import MAX_BYTES, Register, discover
from migkg.errors import DataError, MigkgError, ReaderError, SourceError
from migkg.extract import extract
from migkg.fetch import DELAY, Web
from migkg.folder import ANSWERS, publish, staged, writing
from migkg.intake import Intake, Parcel, read_parcel
from migkg.model import RULES, Article, Extraction, Finding
from migkg.readers.base import silent
from migkg.reference import Reference, load_reference
from migkg.resolve import resolve
from migkg.second import UNREAD, Readers, checked, lost, open_readers
from migkg.store import EmbeddedStore

if TYPE_CHECKING:
    from concurrent.futures import Future

_BY_RULES = Readers()
# Articles that one worker takes at a time: fewer, and handing them over costs; more, and the last worker is waited for.
_BATCH = 8


class Progress(Protocol):
    """Who is told how far a build has come."""

    def __call__(self, done: int, total: int, source: str, part: str = "") -> None:
        """Take note.

        :param source: the last one done, or the one being read. :param part: how much of it is read, when it is long.
        """


@dataclass(frozen=True, slots=True)
class How:
    """How the articles of a build are read, for processes to hand to each other; see `build`."""

    check: bool = True
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


def extractions(
    source: str,
    *,
    allow_private: bool = False,
    delay: float = DELAY,
    readers: Sequence[str] = (RULES,),
    left_out: Callable[[MigkgError], object] | None = None,
    tell: Callable[[str], object] = silent,
) -> Iterator[Extraction]:
    """The facts of one source's articles, stored nowhere.

    :param allow_private, delay, readers: see `build`.
    :param left_out: called with each article that could not be read; None raises it.
    :param tell: called now and then with how far a long reading has come.
    :raises SourceError: when the source cannot be read. :raises ReaderError: when a reader cannot be used.
    """
    reference, reading = load_reference(), open_readers(checked(readers))
    intake = Intake(Web(MAX_BYTES, delay=delay, allow_private=allow_private))
    for parcel in intake.parcels((source,)):
        for article in read_parcel(parcel, intake.web, tell):
            if not isinstance(article, SourceError):
                yield read_one(article, reference, reading)
            elif left_out is None:
                raise article
            else:
                left_out(article)
    for error in intake.errors:
        if left_out is None:
            raise error
        left_out(error)


def extract_source(
    source: str, *, allow_private: bool = False, readers: Sequence[str] = (RULES,)
) -> tuple[Extraction, ...]:
    """The facts of all of one source's articles; see `extractions`.

    :raises SourceError: when it, or one of them, cannot be read. :raises ReaderError: when a reader cannot be used.
    """
    return tuple(extractions(source, allow_private=allow_private, readers=readers))


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
    delay: float = DELAY,
    readers: Sequence[str] = (RULES,),
    progress: Progress | None = None,
) -> BuildReport:
    """Build a graph.

    :param sources: files, folders, addresses or `-`, in any order; the bundled corpus when empty.
    :param folder: graph folder, made if missing; its former graph is replaced when all is done.
    :param jobs: worker processes; the result is the same for any number.
    :param check: False leaves SHACL out.
    :param allow_private: also fetch from private networks. :param delay: seconds between two requests to one host.
    :param readers: `rules`, `spacy:NAME`, `llm:URL#MODEL`; see `second.open_readers`.
    :param progress: told how many articles are done.
    :raises SourceError: when no source can be read at all; a bad one among good ones is reported in the result.
    :raises GraphError: when the folder holds something else, or another build writes into it.
    :raises WriteError: no space, no permission. :raises DataError: broken reference data, ontology or lexicon.
    :raises UnknownName: for an unknown reader. :raises ReaderError: when a reader cannot be used.
    """
    how = How(check, checked(readers), folder / ANSWERS)
    found, errors = _discovered(sources or (bundled_corpus(),))
    if not found:
        raise _nothing_read(errors)
    with writing(folder), staged(folder) as staging:
        made = _Build(errors)
        intake = Intake(Web(MAX_BYTES, delay=delay, allow_private=allow_private), len(found), errors)
        quads, triples = staging / "graph.nq", staging / "graph.nt"
        with quads.open("wb") as named, triples.open("wb") as default:

            def write(data: bytes) -> None:
                named.write(data)
                default.write(rdf.union(data))

            for data in rdf.background():
                write(data)
            done = 0

            def tell(source: str, part: str = "") -> None:
                if progress:
                    progress(done, max(intake.total, done), source, *filter(None, [part]))

            tell("")
            with closing(_batches(intake.parcels(found), jobs, how, tell)) as batches:
                for group, batch in batches:
                    made.add(batch, write)
                    done += sum(parcel.articles for parcel in group)
                    tell(group[-1].source)
        if not made.articles:
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
    seen: Register = field(default_factory=Register)
    articles: list[dict[str, Any]] = field(default_factory=list)
    findings: set[Finding] = field(default_factory=set)
    facts: Counter[str] = field(default_factory=Counter)
    readers: Counter[str] = field(default_factory=Counter)
    entities: int = 0
    spans: int = 0
    unmatched: frozenset[str] | None = None

    def add(self, batch: Batch, write: Callable[[bytes], object]) -> None:
        """Take in a batch; of articles with one id or one text, the first in the order of the sources."""
        self.errors += batch.errors
        if batch.unmatched is not None:
            self.unmatched = batch.unmatched if self.unmatched is None else self.unmatched & batch.unmatched
        for result, data in batch.results:
            article = result.article
            known = self.seen.add(article)
            if isinstance(known, Finding):
                self.findings.add(known)
            elif known is not None:
                self.errors.append(known)
            if known is not None:
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
        return BuildReport(
            folder, len(self.articles), dict(sorted(self.facts.items())), self.entities, self.spans, triples,
            tuple(sorted(self.findings)), tuple(self.errors), tuple(sorted(self.unmatched or ())), check,
            dict(sorted(self.readers.items())), lost(self.findings),
        )  # fmt: skip

    def manifest(self, report: BuildReport) -> dict[str, Any]:
        """What the graph's folder tells of it."""
        return {
            "articles": self.articles, "facts": dict(report.facts), "entities": report.entities, "spans": report.spans,
            "triples": report.triples, "checked": report.checked, "unmatched": list(report.unmatched),
            "findings": [asdict(finding) for finding in report.findings], "readers": dict(report.readers),
        }  # fmt: skip


# -- batches -----------------------------------------------------------------------------------------------------------


def _groups(parcels: Iterable[Parcel]) -> Iterator[list[Parcel]]:
    """Parcels in groups of some articles; what comes from the web comes slowly, and waits for no other."""
    group: list[Parcel] = []
    for parcel in parcels:
        group.append(parcel)
        if sum(one.articles for one in group) >= _BATCH or (parcel.raw and parcel.raw.url):
            yield group
            group = []
    if group:
        yield group


def _batches(
    parcels: Iterable[Parcel], jobs: int, how: How, tell: Callable[[str, str], object]
) -> Generator[tuple[list[Parcel], Batch], None, None]:
    """Batches in the order of the sources, from this process or from workers: the same bytes either way."""
    groups = _groups(parcels)
    first = list(islice(groups, jobs))
    if len(first) <= 1:
        for group in chain(first, groups):
            yield group, work(group, how, tell)
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import active_children, get_context

    # A forked process would inherit the engines' threads, stopped half-way.
    pool = ProcessPoolExecutor(len(first), mp_context=get_context("spawn"), initializer=_end_with_parent)
    before = set(active_children())
    waiting: deque[tuple[list[Parcel], Future[Batch]]] = deque()
    try:
        # A few batches ahead of the writer, not all of them: memory stays flat.
        for group in chain(first, groups):
            with _without_interrupts():
                waiting.append((group, pool.submit(work, group, how)))
            if len(waiting) > 2 * jobs:
                done, batch = waiting.popleft()
                yield done, batch.result()
        for done, batch in waiting:
            yield done, batch.result()
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


def work(parcels: Sequence[Parcel], how: How, tell: Callable[[str, str], object] | None = None) -> Batch:
    """Read, extract, resolve, write and check what parcels hold, each article on its own."""
    reference, readers, web = load_reference(), open_readers(how.readers, how.answers), Web(MAX_BYTES)
    _settle()
    results: list[tuple[ArticleResult, bytes]] = []
    errors: list[MigkgError] = []
    unmatched: frozenset[str] | None = None
    for parcel in parcels:
        found = read_parcel(parcel, web, partial(tell, parcel.source) if tell else silent)
        for article in _caught(found, parcel.source):
            made = article if isinstance(article, MigkgError) else _one(article, reference, readers, check=how.check)
            if isinstance(made, MigkgError):
                errors.append(made)
                continue
            results.append(made[:2])
            idle = made[2]
            unmatched = idle if unmatched is None or idle is None else unmatched & idle
    return Batch(tuple(results), tuple(errors), unmatched)


def _caught(found: Iterator[Article | SourceError], source: str) -> Iterator[Article | MigkgError]:
    """What a parcel holds, and what went wrong with it as its last item."""
    try:
        yield from found
    except DataError:
        raise  # every other article would meet it too
    except MigkgError as error:
        yield error
    except Exception as error:  # a mistake in one reader of sources must not cost the other articles
        yield _mishap(source, error)


def _one(
    article: Article, reference: Reference, readers: Readers, *, check: bool
) -> tuple[ArticleResult, bytes, frozenset[str] | None] | MigkgError:
    """One article's graph, and the shapes that had nothing to look at in it; or what went wrong with it."""
    try:
        return _made(article, reference, readers, check=check)
    except (DataError, ReaderError):
        raise
    except MigkgError as error:
        return error
    except Exception as error:  # a mistake in one rule must not cost the other articles
        return _mishap(article.source, error)


def _made(
    article: Article, reference: Reference, readers: Readers, *, check: bool
) -> tuple[ArticleResult, bytes, frozenset[str] | None]:
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
