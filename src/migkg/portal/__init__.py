"""The release of a graph: all that a linked-data portal, a registry or a stranger with a web server needs.

import migkg
from migkg.portal import make_release, write_release

with migkg.open("kg") as kg:
    write_release(make_release(kg, Path("portal.toml")), Path("release"))
"""

from __future__ import annotations

import errno
import glob
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from migkg import __version__
from migkg.errors import GraphError, WriteError
from migkg.ontology import BASE
from migkg.portal.catalogue import write_catalogue
from migkg.portal.changes import write_changes
from migkg.portal.check import Check
from migkg.portal.checks import checks_table, passed, run_checks, write_report
from migkg.portal.data import write_data
from migkg.portal.docs import write_docs
from migkg.portal.release import MARKER, File, Release, make_release
from migkg.portal.site import write_site
from migkg.portal.texts import write_texts
from migkg.portal.void import write_void

__all__ = [
    "MARKER", "PARTS", "Check", "ChecksFailed", "File", "Part", "Release", "Written", "check_release", "checks_table",
    "make_release", "passed", "write_release",
]  # fmt: skip

Part = Callable[[Release, Path, Sequence[File]], Iterable[File]]
"""Writes a part of a release into a folder, given the files made before it; tells which of its own to describe.

IRIs are migkg's own there; the publisher's base is put in afterwards.
"""

Progress = Callable[[int, int, str], object]
"""Who is told how many parts of how many are made, and the name of the next."""

PARTS: Mapping[str, Part] = {
    "data": write_data,
    "changes": write_changes,
    "void": write_void,
    "catalogue": write_catalogue,
    "texts": write_texts,
    "docs": write_docs,
    "site": write_site,
}
"""The parts of a release in the order in which they are made; a further one is a row here."""


@dataclass(frozen=True, slots=True)
class Written:
    """A release that was written. :param files: its data files. :param checks: what was checked; empty: nothing."""

    files: tuple[File, ...]
    checks: tuple[Check, ...]


def write_release(
    release: Release,
    out: Path,
    *,
    parts: Mapping[str, Part] = PARTS,
    check: bool = True,
    shapes: Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Written:
    """Write a release, and check it: all of it, or nothing.

    It is written beside its place and moved there when it is whole; a former release in that place stays until then.

    :param out: a folder that is new, empty or a release of ours. :param check: False leaves the checks out.
    :param shapes: a folder of shapes of others to check by. :param force: also of a graph that does not conform, and
        when a check fails; the report inside tells. :param progress: told which part is being made.
    :raises GraphError: when the graph does not conform or was not checked, or the folder holds something else.
    :raises DataError: when the folder of shapes is missing or broken.
    :raises ChecksFailed: when a check fails. :raises WriteError: no space, no permission.
    """
    if not force:
        _check_graph(release)
    made: list[File] = []
    checks: tuple[Check, ...] = ()
    with _staged(out) as folder:
        marker = {
            "migkg": __version__,
            **{name: getattr(release, name) for name in ("version", "date", "base", "site")},
        }
        (folder / MARKER).write_text(json.dumps(marker, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        for number, (name, part) in enumerate(parts.items()):
            if progress:
                progress(number, len(parts) + check, name)
            before = set(folder.rglob("*")) if release.base != BASE else None
            made += part(release, folder, tuple(made))
            if before is not None:
                for file in set(folder.rglob("*")) - before:
                    if file.is_file():
                        file.write_bytes(release.rebased(file.read_bytes()))
        if check:
            if progress:
                progress(len(parts), len(parts) + 1, "checks")
            checks = run_checks(folder, shapes)
            write_report(folder, checks)
            if not passed(checks) and not force:
                raise ChecksFailed(checks, out)
    return Written(tuple(made), checks)


class ChecksFailed(GraphError):
    """A release that does not pass its checks. :param checks: all of them."""

    exit_code = 1

    def __init__(self, checks: tuple[Check, ...], out: Path) -> None:
        failed = [one for one in checks if not one.passed]
        listed = "".join(
            f"\n  {one.title['en']}: {one.count('violation'):,} violations, as {_shown(one)}" for one in failed
        )
        super().__init__(
            f"the release does not pass {len(failed)} of its checks:{listed}\nIt was not written", where=str(out),
            todo="Mend what is named, or write it as it is, with the report inside, by --force.",
        )  # fmt: skip
        self.checks = checks


def _shown(check: Check) -> str:
    first = next(finding for finding in check.findings if finding.severity == "violation")
    return " · ".join(filter(None, (first.focus, first.value, first.message)))


def check_release(folder: Path, shapes: Path | None = None) -> tuple[Check, ...]:
    """Check a release on disk, and put the report into it.

    :raises GraphError: when the folder is no release of ours, or a file of it cannot be read.
    :raises DataError: when the folder of shapes is missing or broken. :raises WriteError: no space, no permission.
    """
    checks = run_checks(folder, shapes)
    try:
        write_report(folder, checks)
    except OSError as error:
        raise WriteError(f"the report could not be written ({error.strerror})", where=str(folder)) from error
    return checks


def _check_graph(release: Release) -> None:
    """Refuse a graph of which SHACL says that it is wrong, or says nothing."""
    folder = str(release.graph.folder)
    if not release.graph.manifest["checked"]:
        todo = "Build it again without --no-check, or release it as it is with --force."
        raise GraphError("this graph was built with --no-check", where=folder, todo=todo)
    wrong = [finding for finding in release.graph.findings() if finding.severity == "violation"]
    if wrong:
        listed = "".join(f"\n  {finding.focus}: {finding.message}" for finding in wrong[:10])
        more = f"\n  … and {len(wrong) - 10:,} more" if len(wrong) > 10 else ""
        raise GraphError(
            f"the graph does not conform to its shapes:{listed}{more}\n{len(wrong):,} findings in all", where=folder,
            todo="Mend the articles or the reference data and build again, or release it as it is with --force.",
        )  # fmt: skip


@contextmanager
def _staged(out: Path) -> Iterator[Path]:
    """A folder beside `out` to write into, which takes its place at the end; it goes when something fails."""
    out = out.resolve()
    try:
        _check_target(out)
        out.parent.mkdir(parents=True, exist_ok=True)
        _clear(out)
        aside = Path(tempfile.mkdtemp(prefix=f".{out.name}-{os.getpid()}-", dir=out.parent))
        try:
            folder, old = aside / "new", aside / "old"
            folder.mkdir()
            yield folder
            if out.exists():
                out.rename(old)
            try:
                folder.rename(out)
            except OSError:
                if old.exists():
                    old.rename(out)
                raise
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        kept = "The former release is untouched. " if (out / MARKER).exists() else "Nothing was written. "
        raise WriteError(
            f"the release could not be written ({error.strerror or error})", where=str(out),
            todo=kept + ("Make room" if full else "Check the disk and its permissions") + ", or name another folder.",
        ) from error  # fmt: skip


def _clear(out: Path) -> None:
    """Take away what runs that were killed left beside a release: their folders name a process that is no more."""
    for left in out.parent.glob(f".{glob.escape(out.name)}-*-*"):
        number = left.name.removeprefix(f".{out.name}-").partition("-")[0]
        if number.isdigit() and left.is_dir():
            try:
                os.kill(int(number), 0)
            except ProcessLookupError:
                shutil.rmtree(left, ignore_errors=True)
            except OSError:
                continue  # it runs, and is not ours to ask


def _check_target(out: Path) -> None:
    if not os.path.lexists(out):
        return
    if not out.is_dir():
        raise GraphError("this is a file", where=str(out), expected="a folder for the release")
    others = sorted(path.name for path in out.iterdir())
    if others and MARKER not in others:
        raise GraphError(
            f"this folder holds other files ({others[0]}{', …' if len(others) > 1 else ''})", where=str(out),
            expected="a new or empty folder, or a release of migkg", todo="Name another folder.",
        )  # fmt: skip
