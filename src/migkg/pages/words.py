"""The words of the pages themselves, in each language: `words.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from migkg.pages.links import LANGUAGES


@cache
def words(lang: str) -> Mapping[str, str]:
    """Key → text in a language; in English where it is missing there."""
    told = tomllib.loads(resources.files("migkg.pages").joinpath("words.toml").read_text(encoding="utf-8"))
    return {**told[LANGUAGES[0]], **told.get(lang, {})}
