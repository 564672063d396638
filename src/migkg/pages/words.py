"""The words of the pages themselves, in each language: `words.toml`."""

from __future__ import annotations

from collections.abc import Mapping

from migkg import resources


def words(lang: str) -> Mapping[str, str]:
    """Key → text in a language; in English where it is missing there."""
    return resources.words("migkg.pages", "words.toml", lang)
