"""The words of a release, in each language: `words.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

LANGUAGES = ("en", "id")


@cache
def words(lang: str) -> Mapping[str, str]:
    """Key → text in a language; in English where it is missing there."""
    told = tomllib.loads(resources.files("migkg.portal").joinpath("words.toml").read_text(encoding="utf-8"))
    return {**told[LANGUAGES[0]], **told.get(lang, {})}


def texts(key: str, **values: str) -> dict[str, str]:
    """A text in all languages. :param values: what stands for `{name}` in it."""
    return {lang: words(lang)[key].format(**values) for lang in LANGUAGES}
