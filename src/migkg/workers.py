"""Parcels → articles' graphs, checked: in this process or in several, each article on its own."""

from __future__ import annotations

import gc
import os
import signal
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from migkg import rdf
from migkg.articles import MAX_BYTES
from migkg.condition import condition
from migkg.errors import DataError, MigkgError, ReaderError, SourceError
from migkg.extract import extract
from migkg.fetch import Web
from migkg.intake import Parcel, read_parcel
from migkg.model import RULES, Article, Extraction, Finding
from migkg.readers.base import silent
from migkg.reference import Reference, load_reference
from migkg.resolve import resolve
from migkg.second import Readers, open_readers

if TYPE_CHECKING:
    from concurrent.futures import Future

_BY_RULES = Readers()
# Articles that one worker takes at a time: fewer, and handing them over costs; more, and the last worker is waited for.
_BATCH = 8
_KEPT = 250  # parcels with nothing to read that pass at a time
_LONG = 200_000  # characters of an article, about 60 pages, at which a person begins to wonder


@dataclass(frozen=True, slots=True)
class How:
    """How the articles of a build are read, for processes to hand to each other; see `build.build`."""

    check: bool = True
    readers: tuple[str, ...] = (RULES,)
    answers: Path | None = None


@dataclass(frozen=True, slots=True)
class ArticleResult:
    """What came of one article; small, so that memory stays flat in the number of articles.

    :param idle: shapes that had nothing to look at; None when it was not checked.
    """

    article: Article
    facts: Mapping[str, int]
    readers: Mapping[str, int]
    spans: int
    entities: int
    findings: tuple[Finding, ...]
    idle: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What a worker made of a parcel: each article with its lines, and what went wrong."""

    results: tuple[tuple[ArticleResult, bytes], ...] = ()
    errors: tuple[MigkgError, ...] = ()


def read_one(article: Article, reference: Reference, readers: Readers = _BY_RULES) -> Extraction:
    """Article → entities and facts: a pure function of the article, the reference data and the readers."""
    claims = extract(article, reference)
    findings = tuple(condition(article, claims))
    if claims is None:
        return Extraction(article, (), (), findings)
    extraction = resolve(readers.add(claims, reference), reference)
    return replace(extraction, findings=(*findings, *extraction.findings))


def _groups(parcels: Iterable[Parcel]) -> Iterator[list[Parcel]]:
    """Parcels in groups of some articles; what comes from the web comes slowly, and waits for no other."""
    group: list[Parcel] = []
    count = 0
    for parcel in parcels:
        group.append(parcel)
        count += 0 if parcel.kept else parcel.articles
        if count >= _BATCH or len(group) >= _KEPT or (parcel.raw and parcel.raw.url):
            yield group
            group, count = [], 0
    if group:
        yield group


def batches(
    parcels: Iterable[Parcel], jobs: int, how: How, tell: Callable[[str, str], object]
) -> Generator[tuple[list[Parcel], Sequence[Done]], None, None]:
    """Parcels with what was made of them, in the order of the sources: the same bytes from one process and from many.

    :returns: groups of parcels; for each that is not kept, in order, what was made of it.
    """
    groups = _groups(parcels)
    first: list[list[Parcel]] = []
    while (busy := sum(map(_is_busy, first))) < jobs and (group := next(groups, None)):
        first.append(group)
    if busy <= 1:
        for group in chain(first, groups):
            yield group, work(_unread(group), how, tell)
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import active_children, get_context

    # A forked process would inherit the engines' threads, stopped half-way.
    pool = ProcessPoolExecutor(busy, mp_context=get_context("spawn"), initializer=_end_with_parent)
    before = set(active_children())
    waiting: deque[tuple[list[Parcel], Future[Sequence[Done]]]] = deque()
    try:
        # A few batches ahead of the writer, not all of them: memory stays flat.
        for group in chain(first, groups):
            with _without_interrupts():
                waiting.append((group, pool.submit(work, _unread(group), how)))
            if len(waiting) > 2 * jobs:
                former, made = waiting.popleft()
                yield former, made.result()
        for former, made in waiting:
            yield former, made.result()
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


def _unread(group: Sequence[Parcel]) -> list[Parcel]:
    return [parcel for parcel in group if not parcel.kept]


def _is_busy(group: Sequence[Parcel]) -> bool:
    return any(not parcel.kept for parcel in group)


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
def settle() -> None:
    """Take what is loaded for good out of the garbage collector's rounds, which cost a third of the time otherwise.

    Hardly anything that is made for an article needs them, so they are rare.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


def work(parcels: Sequence[Parcel], how: How, tell: Callable[[str, str], object] | None = None) -> Sequence[Done]:
    """Read, extract, resolve, write and check what parcels hold, each article on its own."""
    if not parcels:
        return ()
    reference, readers, web = load_reference(), open_readers(how.readers, how.answers), Web(MAX_BYTES)
    settle()
    done = []
    for parcel in parcels:
        results: list[tuple[ArticleResult, bytes]] = []
        errors: list[MigkgError] = []
        said = partial(tell, parcel.source) if tell else silent
        found = read_parcel(parcel, web, said)
        for article in _caught(found, parcel.source):
            if isinstance(article, MigkgError):
                errors.append(article)
                continue
            made = _one(article, reference, readers, said if len(article.text) > _LONG else silent, check=how.check)
            if isinstance(made, MigkgError):
                errors.append(made)
            else:
                results.append(made)
        done.append(Done(tuple(results), tuple(errors)))
    return done


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
    article: Article, reference: Reference, readers: Readers, tell: Callable[[str], object], *, check: bool
) -> tuple[ArticleResult, bytes] | MigkgError:
    """One article's graph, or what went wrong with it."""
    try:
        return _made(article, reference, readers, tell, check=check)
    except (DataError, ReaderError):
        raise
    except MigkgError as error:
        return error
    except Exception as error:  # a mistake in one rule must not cost the other articles
        return _mishap(article.source, error)


def _made(
    article: Article, reference: Reference, readers: Readers, tell: Callable[[str], object], *, check: bool
) -> tuple[ArticleResult, bytes]:
    tell("looking for facts")
    extraction = read_one(article, reference, readers)
    lines = rdf.graph_lines(extraction, reference)
    findings = set(extraction.findings)
    idle: frozenset[str] | None = None
    if check:
        from migkg.validate import validate

        tell(f"checking {len(extraction.facts):,} facts")
        # Each article alone: what is found in it must not depend on its neighbours.
        report = validate(rdf.ntriples([*lines, *rdf.context_lines(extraction, reference)]))
        findings.update(report.findings)
        idle = frozenset(report.unmatched)
    result = ArticleResult(
        replace(extraction.article, pages=()),
        Counter(fact.kind for fact in extraction.facts),
        Counter(reader for fact in extraction.facts for reader in {evidence.reader for evidence in fact.evidence}),
        len({evidence.span for fact in extraction.facts for evidence in fact.evidence}),
        len(extraction.entities),
        tuple(sorted(findings)),
        idle,
    )
    return result, rdf.nquads(lines, rdf.graph_iri(article.id))


def _mishap(source: str, error: Exception) -> SourceError:
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    where = f", {Path(last.tb_frame.f_code.co_filename).name}:{last.tb_lineno}" if last else ""
    return SourceError(
        f"migkg failed on it ({type(error).__name__}: {error}{where})", where=source,
        todo="This is a mistake in migkg: please report it, with the article.",
    )  # fmt: skip
