"""Where ontology/, data/ and queries/ are: inside the installed wheel, or at the top of a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from migkg.errors import DataError

FOLDERS = ("ontology", "data", "queries")


@cache
def root() -> Path:
    """The folder that holds `ontology/`, `data/` and `queries/`.

    :raises DataError: when the installation is incomplete.
    """
    package = Path(__file__).resolve().parent
    for candidate in (package / "_resources", package.parent.parent):
        if all((candidate / name).is_dir() for name in FOLDERS):
            return candidate
    raise DataError(
        "the folders ontology/, data/ and queries/ are missing", where=str(package), todo="Install migkg again."
    )


def path(*parts: str) -> Path:
    """A file or folder under `root()`, for example `path("ontology", "migkg.ttl")`."""
    return root().joinpath(*parts)
