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
from migkg.fingerprint import fingerprint
from migkg.folder import ANSWERS, FIND, index_file, publish, staged, writing
from migkg.former import Former, open_former, packed
from migkg.intake import LIMIT, Intake, Parcel, read_parcel
from migkg.lookup import Writer
from migkg.model import RULES, Article, Extraction, Finding
from migkg.readers.base import silent
from migkg.reference import load_reference
from migkg.second import UNREAD, checked, lost, open_readers
from migkg.store import EmbeddedStore
from migkg.workers import ArticleResult, Done, How, batches, read_one


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
    :param kept: articles that are as they were in the graph before, and were not read again.
    :param withdrawn: articles of the graph before that this one does not hold.
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
    kept: int = 0
    withdrawn: int = 0

    @property
    def conforms(self) -> bool:
        """True when nothing is wrong; warnings and gaps do not count."""
        return not any(finding.severity == "violation" for finding in self.findings)

    @property
    def unread(self) -> bool:
        """True when a language model was asked and could not be understood, or did not answer."""
        return _is_unread(self.lost)


def _is_unread(lost: Mapping[str, Mapping[str, int]]) -> bool:
    return any(reason in UNREAD for reasons in lost.values() for reason in reasons)


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
    anew: bool = False,
    progress: Progress | None = None,
) -> BuildReport:
    """Build a graph.

    What the folder's former graph holds of a source that is as it was is kept; all else is read, and what no source
    holds any more is withdrawn: the graph is the one that a build into an empty folder gives. A feed gives its articles
    that the former graph does not hold; those that it gave before stay.

    :param sources: files, folders, addresses or `-`, in any order; the bundled corpus when empty.
    :param folder: graph folder, made if missing; its former graph is replaced when all is done.
    :param jobs: worker processes; the result is the same for any number.
    :param check: False leaves SHACL out.
    :param allow_private: also fetch from private networks. :param delay: seconds between two requests to one host.
    :param limit: new articles to read of one feed.
    :param readers: `rules`, `spacy:NAME`, `llm:URL#MODEL`; see `second.open_readers`.
    :param anew: read all sources again, whatever the former graph holds.
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
    key = fingerprint(how.readers, check=check)
    with writing(folder), staged(folder) as staging, Writer(staging / FIND, index_file(folder)) as index:
        former = open_former(folder)
        alike = former.manifest["key"] == key
        made = _Build(former, errors, index)
        intake = Intake(
            Web(MAX_BYTES, delay=delay, allow_private=allow_private), len(found), errors, made.findings,
            former.known(), limit, held=former.parcels() if alike and not anew else {},
        )  # fmt: skip
        quads = staging / "graph.nq"
        with quads.open("wb") as out:
            done = 0

            def tell(source: str, part: str = "") -> None:
                if progress:
                    progress(done, max(intake.total, done), source, *filter(None, [part]))

            tell("")
            with closing(batches(intake.parcels(found), jobs, how, tell)) as groups:
                for group, results in groups:
                    made.add(group, results, out.write)
                    done += sum(len(parcel.kept) or parcel.articles for parcel in group)
                    tell(group[-1].source)
            made.keep_feeds(intake.met.union(*map(former.of_feed, found)), check=check)
        if not made.articles:
            raise _nothing_read(made.errors)
        _store(quads, staging / "store", former, made, alike=alike)
        with EmbeddedStore.open(staging / "store", read_only=True) as store:
            count = store.count()
            index.finish(store).close()
        report = made.report(folder, count, check=check)
        given = {
            "sources": list(sources or (bundled_corpus(),)), "from": str(Path.cwd()), "readers": list(how.readers),
        }  # fmt: skip
        publish(folder, staging, {**made.manifest(report), "key": key, "build": given})
    return report


def _store(quads: Path, place: Path, former: Former, made: _Build, *, alike: bool) -> None:
    """Make the store: out of the former one where most of it stays, else from the ground up.

    :param quads: what was read. :param alike: the former graph was made by the same code and data.
    """
    gone = former.entries.keys() - made.kept
    if alike and len(gone) <= len(made.kept):
        former.copy_to(place)
        with EmbeddedStore.open(place) as store:
            for id_ in sorted(gone):
                store.delete_graph(rdf.graph_iri(id_))
            store.load_written(quads)
        return
    with quads.open("ab") as out:
        out.writelines(rdf.background())
        out.writelines(former.graphs(made.kept))
    with EmbeddedStore.open(place) as store:
        store.load_written(quads)


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
    """What has been read so far.

    :param kept: ids of articles whose graph is that of the graph before.
    """

    former: Former
    errors: list[MigkgError]
    index: Writer
    seen: Register = field(default_factory=Register)
    articles: dict[str, dict[str, Any]] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    findings: set[Finding] = field(default_factory=set)
    facts: Counter[str] = field(default_factory=Counter)
    readers: Counter[str] = field(default_factory=Counter)
    idle: dict[str, frozenset[str] | None] = field(default_factory=dict)
    entities: int = 0
    spans: int = 0

    def add(self, group: Sequence[Parcel], done: Sequence[Done], write: Callable[[bytes], object]) -> None:
        """Take in parcels; of articles with one id or one text, the first in the order of the sources.

        :param done: what was made of each parcel that is not kept, in their order.
        """
        made = iter(done)
        for parcel in group:
            if parcel.kept:
                kept = [self._keep(id_, parcel.feed) for id_ in parcel.kept]
                if all(kept):
                    for id_ in parcel.kept:
                        self.articles[id_].update(parcel=parcel.digest, named=parcel.source)
                continue
            one = next(made)
            self.errors += one.errors
            told = [finding for result, _ in one.results for finding in result.findings]
            taken = [self._take(result, data, parcel.feed, write) for result, data in one.results]
            # Whatever went wrong is tried again by the next build, so that it is told again, or mended.
            if all(taken) and not one.errors and not _is_unread(lost(told)):
                for result, _ in one.results:
                    self.articles[result.article.id].update(parcel=parcel.digest, named=parcel.source)

    def keep_feeds(self, ids: set[str], *, check: bool) -> None:
        """Take over what feeds gave to the graph before, but for what was read anew."""
        kept = sorted((ids & self.former.entries.keys()) - self.seen.by_id.keys())
        for id_ in kept:
            entry = self.former.entries[id_]
            if self._keep(id_, entry["feed"]):
                self.articles[id_]["also"] += entry["also"]
        if kept and check and not self.former.manifest["checked"]:
            message = f"{len(kept):,} articles were kept from the graph before, which was built with --no-check."
            self.findings.add(Finding("warning", "kept.unchecked", "", message))

    def _is_new(self, article: Article) -> bool:
        known = self.seen.add(article)
        if isinstance(known, Finding):
            self.findings.add(known)
            self.articles[known.article]["also"].append(article.source)
        elif known is not None:
            self.errors.append(known)
        return known is None

    def _take(self, result: ArticleResult, data: bytes, feed: str, write: Callable[[bytes], object]) -> bool:
        """Take in an article that was read; whether it is one."""
        article = result.article
        if not self._is_new(article):
            return False
        write(data)
        self.index.add(article)
        entry: dict[str, Any] = {
            "id": article.id, "source": article.source, "url": article.url, "also": [], "feed": feed,
            "parcel": "", "named": article.source, "title": article.title,
            "published": str(article.published) if article.published else None,
            "sha256": article.sha256, "lang": article.lang, "facts": sum(result.facts.values()),
            "kinds": dict(sorted(result.facts.items())), "readers": dict(sorted(result.readers.items())),
            "entities": result.entities, "spans": result.spans,
        }  # fmt: skip
        self._count(entry, result.findings, result.idle)
        return True

    def _keep(self, id_: str, feed: str) -> bool:
        """Take over an article of the graph before; whether it is one here too."""
        if not self._is_new(self.former.article(id_)):
            return False
        entry = {**self.former.entries[id_], "also": [], "feed": feed, "parcel": ""}
        self._count(entry, self.former.findings(id_), self.former.idle(id_))
        self.kept.add(id_)
        return True

    def _count(self, entry: dict[str, Any], findings: Sequence[Finding], idle: frozenset[str] | None) -> None:
        self.articles[entry["id"]] = entry
        self.idle[entry["id"]] = idle
        self.findings.update(findings)
        self.facts.update(entry["kinds"])
        self.readers.update(entry["readers"])
        self.entities += entry["entities"]
        self.spans += entry["spans"]

    def report(self, folder: Path, triples: int, *, check: bool) -> BuildReport:
        """The counts, when all is read."""
        checked = [idle for idle in self.idle.values() if idle is not None]
        unmatched = frozenset.intersection(*checked) if checked and check else frozenset[str]()
        return BuildReport(
            folder, len(self.articles), dict(sorted(self.facts.items())), self.entities, self.spans, triples,
            tuple(sorted(self.findings)), tuple(self.errors), tuple(sorted(unmatched)), check,
            dict(sorted(self.readers.items())), lost(self.findings), len(self.kept),
            len(self.former.entries.keys() - self.articles.keys()),
        )  # fmt: skip

    def manifest(self, report: BuildReport) -> dict[str, Any]:
        """What the graph's folder tells of it."""
        shapes = sorted(frozenset[str]().union(*(idle for idle in self.idle.values() if idle)))
        articles = [
            {**entry, "idle": None if (idle := self.idle[id_]) is None else packed(idle, shapes)}
            for id_, entry in self.articles.items()
        ]
        return {
            "articles": articles, "shapes": shapes, "facts": dict(report.facts), "entities": report.entities,
            "spans": report.spans, "triples": report.triples, "checked": report.checked,
            "unmatched": list(report.unmatched), "readers": dict(report.readers),
            "findings": [asdict(finding) for finding in report.findings],
        }  # fmt: skip
