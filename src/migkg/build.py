"""Articles → facts → triples → findings → store: the one place where the rooms meet. Returns counts, never prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from migkg import rdf, resources
from migkg.articles import MAX_BYTES, Register, discover
from migkg.errors import MigkgError, SourceError
from migkg.fetch import DELAY, Web
from migkg.folder import ANSWERS, FIND, publish, staged, writing
from migkg.former import Former, open_former
from migkg.intake import LIMIT, Intake, read_parcel
from migkg.lookup import Writer
from migkg.model import RULES, Extraction, Finding
from migkg.readers.base import silent
from migkg.reference import load_reference
from migkg.second import UNREAD, checked, lost, open_readers
from migkg.store import EmbeddedStore
from migkg.workers import ArticleResult, Batch, How, batches, read_one


class Progress(Protocol):
    """Who is told how far a build has come."""

    def __call__(self, done: int, total: int, source: str, part: str = "") -> None:
        """Take note.

        :param source: the last one done, or the one being read. :param part: how much of it is read, when it is long.
        """


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


def extractions(
    source: str,
    *,
    allow_private: bool = False,
    delay: float = DELAY,
    limit: int = LIMIT,
    readers: Sequence[str] = (RULES,),
    left_out: Callable[[MigkgError], object] | None = None,
    tell: Callable[[str], object] = silent,
) -> Iterator[Extraction]:
    """The facts of one source's articles, stored nowhere.

    :param allow_private, delay, limit, readers: see `build`.
    :param left_out: called with each article that could not be read; None raises it.
    :param tell: called now and then with how far a long reading has come.
    :raises SourceError: when the source cannot be read. :raises ReaderError: when a reader cannot be used.
    """
    reference, reading = load_reference(), open_readers(checked(readers))
    intake = Intake(Web(MAX_BYTES, delay=delay, allow_private=allow_private), limit=limit)
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
    for finding in sorted(intake.findings):
        tell(finding.message)


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
    limit: int = LIMIT,
    readers: Sequence[str] = (RULES,),
    progress: Progress | None = None,
) -> BuildReport:
    """Build a graph.

    A feed gives its articles that the folder's former graph does not hold; those that it gave before stay.

    :param sources: files, folders, addresses or `-`, in any order; the bundled corpus when empty.
    :param folder: graph folder, made if missing; its former graph is replaced when all is done.
    :param jobs: worker processes; the result is the same for any number.
    :param check: False leaves SHACL out.
    :param allow_private: also fetch from private networks. :param delay: seconds between two requests to one host.
    :param limit: new articles to read of one feed.
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
    with writing(folder), staged(folder) as staging, Writer(staging / FIND, folder / FIND) as index:
        former = open_former(folder)
        made = _Build(errors, index)
        intake = Intake(
            Web(MAX_BYTES, delay=delay, allow_private=allow_private), len(found), errors, made.findings,
            former.known() if former else {}, limit,
        )  # fmt: skip
        quads = staging / "graph.nq"
        with quads.open("wb") as out:

            def write(data: bytes) -> None:
                out.write(data)
                out.write(rdf.union(data))

            for data in rdf.background():
                write(data)
            done = 0

            def tell(source: str, part: str = "") -> None:
                if progress:
                    progress(done, max(intake.total, done), source, *filter(None, [part]))

            tell("")
            with closing(batches(intake.parcels(found), jobs, how, tell)) as done_batches:
                for group, batch in done_batches:
                    made.add(batch, write)
                    done += sum(parcel.articles for parcel in group)
                    tell(group[-1].source)
            if former:
                made.keep(former, intake.met.union(*map(former.of_feed, found)), write, check=check)
        if not made.articles:
            raise _nothing_read(made.errors)
        with EmbeddedStore.open(staging / "store") as store:
            store.load_written(quads)
            count = store.count()
            index.finish(store).close()
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
    index: Writer
    seen: Register = field(default_factory=Register)
    articles: dict[str, dict[str, Any]] = field(default_factory=dict)
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
            self._take(result, data, write)

    def keep(self, former: Former, ids: set[str], write: Callable[[bytes], object], *, check: bool) -> None:
        """Take over articles of the graph before, but for those that were read anew."""
        kept = 0
        for article, entry, findings, data in former.graphs(ids - self.seen.by_id.keys()):
            result = ArticleResult(
                article, entry["kinds"], entry["readers"], entry["spans"], entry["entities"], findings, entry["feed"]
            )  # fmt: skip
            self._take(result, data, write, also=entry["also"])
            kept += 1
        unmatched = frozenset(former.manifest["unmatched"])
        if kept and check and not former.manifest["checked"]:
            message = f"{kept:,} articles were kept from the graph before, which was built with --no-check."
            self.findings.add(Finding("warning", "kept.unchecked", "", message))
        elif kept and check:
            self.unmatched = unmatched if self.unmatched is None else self.unmatched & unmatched

    def _take(
        self, result: ArticleResult, data: bytes, write: Callable[[bytes], object], also: Sequence[str] = ()
    ) -> None:
        article = result.article
        known = self.seen.add(article)
        if isinstance(known, Finding):
            self.findings.add(known)
            self.articles[known.article]["also"].append(article.source)
        elif known is not None:
            self.errors.append(known)
        if known is not None:
            return
        write(data)
        self.index.add(article)
        self.findings.update(result.findings)
        self.facts.update(result.facts)
        self.readers.update(result.readers)
        self.entities += result.entities
        self.spans += result.spans
        self.articles[article.id] = {
            "id": article.id, "source": article.source, "url": article.url, "also": list(also), "feed": result.feed,
            "sha256": article.sha256, "lang": article.lang, "facts": sum(result.facts.values()),
            "kinds": dict(sorted(result.facts.items())), "readers": dict(sorted(result.readers.items())),
            "entities": result.entities, "spans": result.spans,
        }  # fmt: skip

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
            "articles": list(self.articles.values()), "facts": dict(report.facts), "entities": report.entities,
            "spans": report.spans, "triples": report.triples, "checked": report.checked,
            "unmatched": list(report.unmatched), "readers": dict(report.readers),
            "findings": [asdict(finding) for finding in report.findings],
        }  # fmt: skip
