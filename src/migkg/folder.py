"""A graph's folder: its manifest, its lock, and the change from the former store to a new one.

A graph folder holds `manifest.json`, which names the current store, and that store. A build writes a new store beside
the old one and replaces the manifest last, so that a build that fails or is killed leaves the former graph in place.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from typing import Any

from migkg import __version__
from migkg.errors import GraphError, NewerGraph, WriteError

MANIFEST = "manifest.json"
FORMAT = 1
"""Of the folder and its store; raised when an older migkg would misread what a newer one wrote."""
_KEYS = {"store": str, "articles": list, "facts": dict, "findings": list, "unmatched": list, "checked": bool}
# Two names in turn: the store that the manifest names is never the one being replaced.
_STORE = "store-"
STORES = (_STORE + "a", _STORE + "b")
_STAGING = ".building-"
_LOCK = ".lock"
ANSWERS = "answers"
"""Folder with the answers of language models, each asked for once; it outlives builds, also those that fail."""
FETCHED = ".fetched"
"""Folder with the graphs that a pull has fetched so far, so that one that fails or is killed is resumed."""
FIND = ".find"
"""What the name of a store's file ends in that is the index for finding names and words; each build makes a new one."""


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn what the file system refuses into words, whether Python or the store's engine met it."""
    try:
        yield
    except OSError as error:
        raise _unwritable(folder, error.strerror or str(error), error.errno) from error
    except (WriteError, GraphError) as error:
        if _STAGING not in error.where:
            raise
        raise _unwritable(folder, str(error.__cause__ or error.what)) from error


def _unwritable(folder: Path, reason: str, number: int | None = None) -> WriteError:
    # The engine says: "IO error: No space left on device: While appending to file: …", or the same the other way round.
    reason = re.sub("^(IO error: )+", "", reason).split(": While")[0]
    reason = reason.rpartition(": ")[2] if reason.startswith("While") else reason
    full = number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) or re.search("no space|quota|too large", reason, re.I)
    todo = "Make room" if full else "Check the disk and its permissions"
    kept = "The former graph is untouched. " if (folder / MANIFEST).exists() else ""
    return WriteError(
        f"the graph could not be written ({reason})", where=str(folder),
        todo=f"{kept}{todo}, or name another folder with --kg.",
    )  # fmt: skip


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Be the only one that writes into a graph folder.

    :raises GraphError: when another process does.
    """
    import fcntl

    # The system lets go of the lock when the process ends, however it ends.
    with (folder / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            todo = "Wait until it has ended, or name another folder with --kg."
            raise GraphError("another build is writing into this folder", where=str(folder), todo=todo) from error
        yield


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """A folder inside the graph folder to write into, alone; what killed builds left there is cleared away."""
    _check_target(folder)
    new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with locked(folder):
            for left in folder.glob(_STAGING + "*"):
                shutil.rmtree(left, ignore_errors=True)
            staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=folder))
            try:
                yield staging
            finally:
                shutil.rmtree(staging, ignore_errors=True)
    except BaseException:
        if new and not any((folder / name).exists() for name in (MANIFEST, ANSWERS, FETCHED)):
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _check_target(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise GraphError("this is a file", where=str(folder), expected="a folder for the graph")
    if folder.is_dir() and not (folder / MANIFEST).is_file():
        ours = (_STAGING, _STORE, _LOCK, ANSWERS, FETCHED)
        others = sorted(path.name for path in folder.iterdir() if not path.name.startswith(ours))
        if others:
            raise GraphError(
                f"this folder holds other files ({others[0]}{', …' if len(others) > 1 else ''})", where=str(folder),
                expected="an empty folder or a graph of migkg", todo="Name another folder with --kg.",
            )  # fmt: skip


def publish(folder: Path, staging: Path, manifest: Mapping[str, Any]) -> None:
    """Put the new store in place; the manifest is replaced last and at once.

    :param manifest: all of it but the names of the store and of the version that made it.
    """
    try:
        former = read_manifest(folder)["store"]
    except NewerGraph:
        raise
    except GraphError:
        former = None
    name = STORES[former == STORES[0]]
    manifest = {**manifest, "format": FORMAT, "migkg": __version__, "store": name}
    aside = staging / MANIFEST
    _write_manifest(aside, manifest)
    # The former store stays until the next build: who reads it may not have opened all of its files yet.
    shutil.rmtree(folder / name, ignore_errors=True)
    (staging / "store").rename(folder / name)
    (folder / f"{name}{FIND}").unlink(missing_ok=True)
    if (staging / FIND).exists():
        (staging / FIND).rename(folder / f"{name}{FIND}")
    aside.replace(folder / MANIFEST)
    for left in folder.glob(_STORE + "*"):
        if left.name.removesuffix(FIND) not in (name, former):
            shutil.rmtree(left, ignore_errors=True)


def _write_manifest(file: Path, manifest: Mapping[str, Any]) -> None:
    with file.open("w", encoding="utf-8") as out:
        json.dump(manifest, out, ensure_ascii=False, indent=1, sort_keys=True)
        out.write("\n")
        out.flush()
        os.fsync(out.fileno())


def make_empty(folder: Path) -> None:
    """Make a graph without articles, unless there is a graph.

    :raises GraphError: when the folder holds something else. :raises WriteError: no space, no permission.
    """
    from migkg.store import EmbeddedStore

    if (folder / MANIFEST).exists():
        return
    empty = {"articles": [], "facts": {}, "findings": [], "unmatched": [], "checked": True, "triples": 0}
    with writing(folder), staged(folder) as staging:
        EmbeddedStore.open(staging / "store").close()
        publish(folder, staging, empty)


def mark_changed(folder: Path) -> None:
    """Note that the store is being changed by something else than a build, so that the next build keeps none of it.

    The caller holds the lock. The index for finding is removed: it no longer tells what is there.
    """
    manifest = read_manifest(folder)
    (folder / f"{manifest['store']}{FIND}").unlink(missing_ok=True)
    if not manifest.get("key"):
        return
    built = (folder / MANIFEST).stat()
    with tempfile.TemporaryDirectory(prefix=_STAGING, dir=folder) as staging:
        aside = Path(staging) / MANIFEST
        _write_manifest(aside, {**manifest, "key": ""})
        os.utime(aside, ns=(built.st_atime_ns, built.st_mtime_ns))  # the time of the build
        aside.replace(folder / MANIFEST)


def index_file(folder: Path) -> Path | None:
    """The file of a graph's index; None when there is no graph."""
    try:
        return folder / f"{read_manifest(folder)['store']}{FIND}"
    except GraphError:
        return None


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a graph folder.

    :raises GraphError: when there is no graph in it, or its manifest is broken. :raises NewerGraph: of a later format.
    """
    file = folder / MANIFEST
    todo = f"Make a graph with: migkg build --kg {quote(str(folder))}"
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise GraphError("there is no graph here", where=str(folder), todo=todo) from error
    except (OSError, ValueError) as error:
        raise GraphError(f"the manifest cannot be read ({error})", where=str(file), todo=todo) from error
    if not isinstance(manifest, dict):
        raise GraphError("the manifest is no JSON object", where=str(file), todo=todo)
    if manifest.get("format", FORMAT) != FORMAT:
        made_by = f"{manifest.get('migkg', 'of unknown version')}; this is {__version__}"
        todo = "Install that version, or build into another folder with --kg."
        raise NewerGraph(f"this graph was made by a newer migkg ({made_by})", where=str(folder), todo=todo)
    for key, kind in _KEYS.items():
        if not isinstance(manifest.get(key), kind):
            raise GraphError(f'the manifest has no "{key}", or a wrong one', where=str(file), todo=todo)
    if not (folder / manifest["store"]).is_dir():
        raise GraphError("the store that the manifest names is missing", where=str(file), todo=todo)
    return manifest
