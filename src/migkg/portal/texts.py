"""What people read first in a release: README, LICENSE and CITATION.cff."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from migkg.pages.links import LANGUAGES
from migkg.portal.authorities import authorities
from migkg.portal.catalogue import PROFILES
from migkg.portal.changes import escaped
from migkg.portal.release import File, Release
from migkg.portal.sheet import full
from migkg.portal.void import VOID
from migkg.portal.words import texts, words

_SPDX = {
    "https://creativecommons.org/licenses/by/4.0/": "CC-BY-4.0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0-1.0",
}


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the table of files."""

    path: str
    title: Mapping[str, str]
    media_type: str
    size: int


def write_texts(release: Release, folder: Path, made: Sequence[File]) -> Sequence[File]:
    """Write them; they are none of the data files."""
    import jinja2

    licence = licence_name(release)
    loader = jinja2.FunctionLoader(lambda name: resources.files("migkg.portal").joinpath(name).read_text("utf-8"))
    engine = jinja2.Environment(loader=loader, undefined=jinja2.StrictUndefined, keep_trailing_newline=True)  # noqa: S701
    engine.filters["md"] = escaped
    changes = (folder / "CHANGES.md").exists()
    for lang in LANGUAGES:
        page = engine.get_template(f"templates/README.{lang}.md")
        text = page.render(release=release, files=tuple(_rows(folder, made)), licence=licence, changes=changes)
        name = "README.md" if lang == LANGUAGES[0] else f"README.{lang}.md"
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "LICENSE").write_text(_licence(release, licence), encoding="utf-8")
    (folder / "CITATION.cff").write_text(_citation(release), encoding="utf-8")
    return ()


def licence_name(release: Release) -> dict[str, str]:
    """Language → the licence's name; its address for one that is not known here."""
    import pyoxigraph as ox

    told = {
        triple.object.language or "": triple.object.value
        for triple in authorities().get(release.licence, ())
        if triple.predicate == full("dct:title") and isinstance(triple.object, ox.Literal)
    }
    return {lang: told.get(lang, release.licence) for lang in LANGUAGES}


def _rows(folder: Path, made: Sequence[File]) -> Iterator[_Row]:
    for file in made:
        yield _Row(file.path, file.title, file.media_type, (folder / file.path).stat().st_size)
    about = {PROFILES[0].file: "catalogue_file", PROFILES[1].file: "catalogue_old_file", VOID: "void_file"}
    for path, key in about.items():
        yield _Row(path, texts(key), "text/turtle", (folder / path).stat().st_size)


def _licence(release: Release, licence: Mapping[str, str]) -> str:
    values = {"publisher": release.publisher.name, "year": release.date[:4], "licence": release.licence}
    told = (
        words(lang)["licence"].format(title=release.title[lang], name=licence[lang], **values) for lang in LANGUAGES
    )
    return "\n".join(told)


def _citation(release: Release) -> str:
    """The Citation File Format, version 1.2.0; JSON strings are strings of YAML."""
    spdx = _SPDX.get(release.licence)
    lines = [
        "cff-version: 1.2.0", "type: dataset", f"message: {_quoted(texts('cite')['en'])}",
        f"title: {_quoted(release.title['en'])}", f"abstract: {_quoted(release.description['en'])}",
        "authors:", f"  - name: {_quoted(release.publisher.name)}",
        f"    website: {_quoted(release.publisher.homepage)}",
        f"version: {_quoted(release.version)}", f"date-released: {_quoted(release.date)}",
        f"url: {_quoted(release.site)}",
        f"license: {spdx}" if spdx else f"license-url: {_quoted(release.licence)}",
        "keywords:", *(f"  - {_quoted(word)}" for lang in LANGUAGES for word in release.keywords[lang]),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
