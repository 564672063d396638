"""The words of a release, in each language: `words.toml`."""

from __future__ import annotations

from collections.abc import Mapping

from migkg import resources
from migkg.pages.links import LANGUAGES


def words(lang: str) -> Mapping[str, str]:
    """Key → text in a language; in English where it is missing there."""
    return resources.words("migkg.portal", "words.toml", lang)


def texts(key: str, **values: str) -> dict[str, str]:
    """A text in all languages. :param values: what stands for `{name}` in it."""
    return {lang: words(lang)[key].format(**values) for lang in LANGUAGES}
