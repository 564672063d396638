"""What an article's graph depends on beside the article: when it is the same, the graph is the same."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from migkg import __version__, resources

# Libraries that read, find, resolve and check.
_LIBRARIES = (
    "spacy", "trafilatura", "lxml", "pypdfium2", "markdown-it-py", "pycountry", "pyshacl", "rdflib", "pyoxigraph",
)  # fmt: skip
_FOLDERS = ("ontology", "data/lexicon", "data/reference")


def fingerprint(readers: Sequence[str], *, check: bool) -> str:
    """A digest of the code, the data and the libraries that make graphs, and of how they are told to.

    :param readers, check: see `build.build`.
    """
    return _digest([_installed(), *readers, str(check)])


@cache
def _installed() -> str:
    package = Path(__file__).resolve().parent
    parts = [__version__, f"{sys.version_info.major}.{sys.version_info.minor}", *map(_version, _LIBRARIES)]
    folders = [(package, "*.py"), *((resources.path(*name.split("/")), "*") for name in _FOLDERS)]
    for folder, pattern in folders:
        for file in sorted(folder.rglob(pattern)):
            if file.is_file() and "_resources" not in file.relative_to(folder).parts:
                parts += [file.relative_to(folder).as_posix(), hashlib.sha256(file.read_bytes()).hexdigest()]
    return _digest(parts)


def _version(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return name


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
