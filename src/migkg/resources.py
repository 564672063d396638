"""Where ontology/, data/ and queries/ are: inside the installed wheel, or at the top of a checkout."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from migkg.errors import DataError

if TYPE_CHECKING:
    import pyoxigraph as ox

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


def quads(file: Path) -> list[ox.Quad]:
    """The triples of a Turtle file.

    :raises DataError: when it is missing or broken.
    """
    import pyoxigraph as ox

    try:
        return list(ox.parse(path=str(file)))
    except (OSError, SyntaxError) as error:
        raise DataError(f"cannot be read as Turtle ({error})", where=str(file)) from error


@cache
def words(package: str, name: str, lang: str) -> Mapping[str, str]:
    """The words of a room in a language, key → text, out of a file that comes with it; in English where one is missing.

    :param package: the room, as `migkg.pages`. :param name: of its TOML file, with a table for each language.
    """
    told = tomllib.loads(resources.files(package).joinpath(name).read_text(encoding="utf-8"))
    return {**told["en"], **told.get(lang, {})}
