"""`migkg build` and `migkg status`: a graph out of articles, and how it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from migkg.cli.options import (
    BAD_INPUT,
    WRONG_DATA,
    allow_private_option,
    delay_option,
    json_option,
    kg_option,
    limit_new_option,
    readers_option,
)  # fmt: skip
from migkg.cli.terminal import Progress, print_json, print_lines, say, width
from migkg.errors import MigkgError
from migkg.model import RULES

if TYPE_CHECKING:
    from migkg.build import BuildReport
    from migkg.status import Status
    from migkg.tables import Line

_LANGUAGES = {"en": "English", "id": "Indonesian"}
LIMIT = 8  # kinds of findings, and sources left out, shown before "… and N more"


@click.command(short_help="Build a graph from articles.")
@click.argument("sources", nargs=-1)
@kg_option
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(1), help="Worker processes.")
@click.option("--check/--no-check", default=True, show_default=True, help="Check the facts with SHACL.")
@readers_option
@limit_new_option
@delay_option
@allow_private_option
@click.option("--anew", is_flag=True, help="Read all sources again, also those that are as they were.")
@json_option
def build(
    sources: tuple[str, ...], folder: Path, jobs: int, readers: tuple[str, ...], limit: int, delay: float, *,
    check: bool, allow_private: bool, anew: bool, as_json: bool,
) -> None:  # fmt: skip
    """Build a graph from files, folders or addresses; from the bundled articles when none is named.

    Built again, only what is new or changed is read, and what its source no longer holds is withdrawn.
    A feed or sitemap, named by its file or address, gives the articles that are not in the graph yet; those that it
    gave before stay in it.

    A source that cannot be read is reported and left out, and the exit code is 2. A build that fails or is stopped
    leaves the former graph as it was. A single - reads one article from standard input.

    \b
    Examples:
      migkg build
      migkg build articles/ report.html https://example.org/news/1 --kg mygraph --jobs 2
    """
    from migkg.build import build as run

    with Progress() as progress:
        report = run(
            sources, folder, jobs=jobs, check=check, allow_private=allow_private, delay=delay, limit=limit,
            readers=readers, anew=anew, progress=progress,
        )
    _show_troubles(report)
    if as_json:
        print_json(_summary(report))
    else:
        _show_report(report)
    if report.errors or report.unread:
        raise SystemExit(BAD_INPUT)
    if not report.conforms:
        raise SystemExit(WRONG_DATA)


@click.command(short_help="Show what is in a graph, and what is stale.")
@kg_option
@json_option
def status(folder: Path, *, as_json: bool) -> None:
    """Show what is in a graph, from which articles, built when by which version, and what is stale.

    Nothing is fetched: what came from the web is not compared. The exit code is 1 when a build would give another
    graph.
    """
    from migkg.status import status as look

    found = look(folder)
    if as_json:
        print_json(_status_json(found))
    else:
        print_lines(_status_lines(found))
    if found.stale:
        raise SystemExit(WRONG_DATA)


def _status_json(found: Status) -> dict[str, Any]:
    shown = ("id", "title", "published", "lang", "source", "url", "facts")
    return {
        "folder": str(found.folder), "built": found.built.isoformat(), "version": found.version,
        "current": found.current, "checked": found.checked, "triples": found.triples, "facts": dict(found.facts),
        "stale": found.stale, "sources": dict(sorted(found.states.items())),
        "articles": [{name: entry.get(name) for name in shown} for entry in found.articles],
    }  # fmt: skip


def _status_lines(found: Status) -> Iterable[Line]:
    from collections import Counter

    from migkg.model import Table
    from migkg.status import UNCHANGED
    from migkg.tables import lines_of, show

    rows = tuple(
        (
            entry.get("title") or entry["id"], entry.get("published"), entry["lang"], entry["facts"],
            found.states.get(entry.get("named", ""), ""),
        )
        for entry in found.articles
    )  # fmt: skip
    yield from show(Table(("article", "published", "language", "facts", "source now"), rows), width())
    built = f"{found.built.astimezone():%Y-%m-%d %H:%M}"
    spoken = ", ".join(f"{n:,} {_LANGUAGES.get(lang, 'in others')}" for lang, n in sorted(found.languages.items()))
    checked = "checked with SHACL" if found.checked else "not checked"
    facts = sum(found.facts.values())
    what = f"{len(found.articles):,} articles ({spoken}), {facts:,} facts, {found.triples:,} triples"
    told = [f"{found.folder}: {what}; built {built} by migkg {found.version}, {checked}."]
    states = Counter(found.states.values())
    told.append("Sources: " + ", ".join(f"{count:,} {state}" for state, count in sorted(states.items())) + ".")
    changed = sorted(name for name, state in found.states.items() if state not in (UNCHANGED, "unknown"))
    told += [f"  {found.states[name]}: {name}" for name in changed[:LIMIT]]
    if len(changed) > LIMIT:
        told.append(f"  … and {len(changed) - LIMIT:,} more")
    if not found.current:
        told.append("The code, the data or the libraries are not those that built it: a build reads all anew.")
    elif found.stale:
        told.append("A build reads only what is changed or new.")
    for line in told:
        yield from (((part, ""),) for part in lines_of(line, width()))


def _summary(report: BuildReport) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "folder": str(report.folder), "articles": report.articles, "kept": report.kept,
        "withdrawn": report.withdrawn, "facts": dict(report.facts),
        "entities": report.entities, "spans": report.spans, "triples": report.triples, "checked": report.checked,
        "conforms": report.conforms, "findings": [asdict(finding) for finding in report.findings],
        "errors": [str(error) for error in report.errors], "unmatched": list(report.unmatched),
        "readers": dict(report.readers), "lost": {name: dict(reasons) for name, reasons in report.lost.items()},
    }  # fmt: skip


def _show_troubles(report: BuildReport) -> None:
    """On standard error, what a person should look at."""
    from migkg.views import show_findings

    show_left_out(report.errors)
    print_lines(show_findings(report.findings, width(), limit=LIMIT), err=True)


def show_left_out(errors: Sequence[MigkgError]) -> None:
    """Sources that could not be read, on standard error."""
    for error in errors[:LIMIT]:
        say(f"left out: {error}")
    if len(errors) > LIMIT:
        say(f"… and {len(errors) - LIMIT:,} more left out")


def _show_report(report: BuildReport) -> None:
    from migkg.tables import lines_of
    from migkg.views import counts

    made = (
        f"{report.articles:,} article{'' if report.articles == 1 else 's'}", f"{sum(report.facts.values()):,} facts",
        f"{report.spans:,} quoted spans", f"{report.triples:,} triples",
    )  # fmt: skip
    lines: list[Line] = [((" → ".join(made), "bold"), (f" in {report.folder}", ""))]
    if report.kept or report.withdrawn:
        read = report.articles - report.kept
        lines.append(((f"{read:,} read, {report.kept:,} unchanged, {report.withdrawn:,} withdrawn", ""),))
    kinds = ", ".join(f"{kind} {count:,}" for kind, count in report.facts.items())
    lines += [((line, "dim"),) for line in lines_of(kinds, width())]
    if set(report.readers) | set(report.lost) != {RULES}:
        for line in _reader_lines(report):
            lines += [((part, "dim"),) for part in lines_of(line, width())]
    if report.checked:
        verdict = "conform" if report.conforms else "do not conform"
        lines.append(((f"SHACL: the data {verdict}; {counts(report.findings)}", ""),))
    folder = "" if report.folder == Path("kg") else f" --kg {quote(str(report.folder))}"
    lines.append((("Next:", ""),))
    for call in ("query people", "explain IOM", "validate", "export -o graph.ttl"):
        lines.append(((f"  migkg {call}{folder}", ""),))  # never broken, so that it can be copied
    print_lines(lines)


def _reader_lines(report: BuildReport) -> Iterable[str]:
    """What each reader gave, and what of it was left out."""
    yield "Read by " + ", ".join(f"{name}: {count:,}" for name, count in report.readers.items())
    yield from lost_lines(report.lost)


def lost_lines(lost: Mapping[str, Mapping[str, int]]) -> Iterable[str]:
    """What was left out of second readers, a line each."""
    for name, reasons in lost.items():
        told = ", ".join(f"{reason.replace('-', ' ')} {count:,}" for reason, count in reasons.items())
        yield f"Left out of {name}: {told}"
