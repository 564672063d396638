"""The settings of a release, out of a TOML file and options; `settings.toml` shows and explains them all."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from migkg.errors import DataError, GraphError, QueryError, UnknownName
from migkg.ontology import BASE, ID, ONT
from migkg.pages.links import LANGUAGES
from migkg.portal.authorities import codes
from migkg.store import Store, select

if TYPE_CHECKING:
    from migkg.kg import KnowledgeGraph

MARKER = "release.json"
"""The file by which a folder is known as a release of ours."""
_PUBLISHER = {
    "name": "who publishes the release", "email": "an address for questions", "homepage": "the publisher's web address"
}  # fmt: skip
# What an IRI cannot hold (RFC 3987), and what an address of files should not.
_NO_IRI = re.compile(r"[\s<>\"{}|\\^`?#]")
_TODO = "Set it in a file for --settings (`migkg portal --example` shows one)"


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes. :param iri: names it."""

    name: str
    iri: str
    email: str
    homepage: str


@dataclass(frozen=True, slots=True)
class File:
    """A data file of a release.

    :param path: inside the release, with "/". :param kind: of the EU list "file-type", as `RDF_TURTLE`.
    :param title, description: language → what it holds. :param conforms: IRI of what it is written by.
    :param part: what it holds, as `ontology` or `scheme/gcm`; files of one part say the same, each in its syntax. ""
        is the graph.
    """

    path: str
    media_type: str
    kind: str
    title: Mapping[str, str] = field(hash=False)
    description: Mapping[str, str] = field(hash=False)
    conforms: str = ONT[:-1]
    part: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """What is released, and how it is described.

    :param graph: the graph, open for reading. :param date: of the release, ISO 8601.
    :param base: what IRIs of the data begin with; :param site: the address under which the files will lie. Both end
        with a slash.
    :param licence: an IRI. :param title, description, keywords: by language.
    :param frequency, themes: codes of the EU's lists. :param places: IRIs of the places that the data are about.
    :param endpoint: a SPARQL endpoint that serves the data. :param former: folder of an earlier release.
    """

    graph: KnowledgeGraph
    publisher: Publisher
    date: str
    version: str
    title: Mapping[str, str] = field(hash=False)
    description: Mapping[str, str] = field(hash=False)
    keywords: Mapping[str, tuple[str, ...]] = field(hash=False)
    base: str = BASE
    site: str = BASE
    licence: str = "https://creativecommons.org/licenses/by/4.0/"
    frequency: str = "IRREG"
    themes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    endpoint: str | None = None
    former: Path | None = None

    @property
    def store(self) -> Store:
        """Where the graph is kept; its IRIs begin with migkg's own base."""
        return self.graph.store

    def address(self, path: str) -> str:
        """Where a file of the release will lie."""
        return self.site + quote(path)

    def iri(self, name: str) -> str:
        """IRI of something that only the release's own description speaks of."""
        return f"{self.base}catalogue#{quote(name)}"

    @property
    def dataset(self) -> str:
        """IRI of the graph in this version."""
        return self.iri(f"version-{self.version}")

    def rebased(self, data: bytes) -> bytes:
        """A file's bytes with the IRIs of data under the publisher's base; ontology and schemes keep theirs."""
        if self.base == BASE:
            return data
        return data.replace(ID.encode(), f"{self.base}id/".encode())


def read_marker(folder: Path, *needed: str) -> Mapping[str, Any]:
    """What a release tells of itself.

    :raises GraphError: when the folder is no release of ours, or it lacks something that is needed.
    """
    try:
        told = json.loads((folder / MARKER).read_text(encoding="utf-8"))
        found = told if isinstance(told, dict) else {}
        return {**found, **{name: found[name] for name in needed}}
    except (OSError, ValueError, KeyError) as error:
        expected = f"a folder that `migkg portal` wrote, with {MARKER}"
        raise GraphError("there is no release here", where=str(folder), expected=expected) from error


def defaults() -> str:
    """The text of `settings.toml`."""
    return resources.files("migkg.portal").joinpath("settings.toml").read_text(encoding="utf-8")


def make_release(
    graph: KnowledgeGraph, settings: Path | None = None, *, former: Path | None = None, **options: Any
) -> Release:
    """A release out of a settings file and options, which go before it.

    :param settings: TOML, see `settings.toml`.
    :param options: `date`, `version`, `base`, `site`, `licence`, `endpoint` of the release; `publisher`, `iri`,
        `email`, `homepage` of its publisher. None counts as left out.
    :raises DataError: when the file is broken, or holds a value of the wrong kind. :raises UnknownName: for an
        unknown setting. :raises QueryError: when one that is needed is missing, or no address.
    """
    told = tomllib.loads(defaults())
    given = _read(settings) if settings else {}
    where = str(settings) if settings else ""
    _check_names(given, where)
    for section, values in given.items():
        told[section] = {**told[section], **values}
    publisher, release = told["publisher"], told["release"]
    for name, value in options.items():
        if value is not None:
            name = "name" if name == "publisher" else name
            (publisher if name in ("name", "iri", "email", "homepage") else release)[name] = value
    for name, what in _PUBLISHER.items():
        if not str(publisher.get(name, "")).strip():
            option = "publisher" if name == "name" else name
            raise QueryError(
                f'the setting "{name}" of [publisher] is missing', where=where, expected=what,
                todo=f"{_TODO}, or by --{option}.",
            )  # fmt: skip
    when = _date(release["date"], where) if release.get("date") else newest_date(graph.store)
    base = _folder("base", release["base"], where)
    return Release(
        graph, _publisher(publisher, f"{base}catalogue#publisher", where), when, str(release.get("version") or when),
        {lang: _text(told["title"], lang, "title", where) for lang in LANGUAGES},
        {lang: _text(told["description"], lang, "description", where) for lang in LANGUAGES},
        {lang: tuple(map(str, told["keywords"].get(lang, ()))) for lang in LANGUAGES},
        base, _folder("site", release.get("site") or base, where), _address("licence", release["licence"], where),
        _code("frequency", str(release["frequency"]), where),
        tuple(_code("data-theme", str(theme), where) for theme in release["themes"]),
        tuple(_address("places", place, where).replace(f"{base}id/", ID) for place in release.get("places", ()))
        or countries(graph.store),
        _address("endpoint", release["endpoint"], where) if release.get("endpoint") else None, former,
    )  # fmt: skip


def newest_date(store: Store) -> str:
    """The newest day on which an article of the graph was published or read.

    :raises QueryError: when no article tells one.
    """
    import pyoxigraph as ox

    found = [term.value for row in select(store, _NEWEST).rows for term in row if isinstance(term, ox.Literal)]
    if not found:
        raise QueryError("no article of the graph has a date", expected="the date of the release: --date")
    return found[0]


def countries(store: Store) -> tuple[str, ...]:
    """IRIs of the countries in which events took place."""
    import pyoxigraph as ox

    found = (row[0] for row in select(store, _COUNTRIES).rows)
    return tuple(sorted(country.value for country in found if isinstance(country, ox.NamedNode)))


_COUNTRIES = """SELECT DISTINCT ?country WHERE {
  { SELECT DISTINCT ?place WHERE { ?event a schema:Event ; schema:location ?place } }
  ?place schema:containedInPlace* ?country . ?country a schema:Country
}"""
_NEWEST = """SELECT (MAX(?day) AS ?newest) WHERE {
  ?article a schema:NewsArticle ; schema:datePublished|mig:dateRead ?date
  BIND(SUBSTR(STR(?date), 1, 10) AS ?day) FILTER(STRLEN(?day) = 10)
}"""


def _read(settings: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(settings.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"the settings cannot be read ({error.strerror})", where=str(settings)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"the settings are no TOML ({error})", where=str(settings)) from error


def _check_names(given: Mapping[str, Any], where: str) -> None:
    example = defaults()
    for section, values in given.items():
        known = tomllib.loads(example)
        if section not in known:
            raise UnknownName("section", f"[{section}]", [f"[{name}]" for name in known], where=where)
        if not isinstance(values, dict):
            raise DataError(f'"{section}" is no section', where=where, expected=f"[{section}]")
        body = example.partition(f"[{section}]")[2].partition("\n[")[0]
        names = re.findall(r"^(?:# )?(\w+) = ", body, re.MULTILINE)
        for name in values:
            if name not in names:
                raise UnknownName(f"setting of [{section}]", name, names, where=where)


def _publisher(told: Mapping[str, Any], iri: str, where: str) -> Publisher:
    homepage = _address("homepage", told["homepage"], where)
    email = str(told["email"]).removeprefix("mailto:")
    if not re.fullmatch(r"[^\s<>@]+@[^\s<>@]+", email):
        raise QueryError(f'the setting "email" is "{email}"', where=where, expected="an e-mail address")
    return Publisher(str(told["name"]), _iri("iri", told.get("iri") or iri, where), email, homepage)


def _text(told: Mapping[str, Any], lang: str, name: str, where: str) -> str:
    text = told.get(lang)
    if not isinstance(text, str) or not text.strip():
        raise DataError(f'the setting "{lang}" of [{name}] is empty', where=where, expected="a text")
    return text


def _code(name: str, code: str, where: str) -> str:
    known = codes(name)
    if code not in known:
        raise UnknownName(f"code of the EU list {name}", code, known, where=where)
    return code


def _date(value: object, where: str) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise QueryError(f'the date of the release is "{value}"', where=where, expected="YYYY-MM-DD") from error


def _folder(name: str, value: object, where: str) -> str:
    """An address under which files lie."""
    address, text = f'the {name} address is "{value}"', str(value)
    if found := _NO_IRI.search(text):
        raise QueryError(f"{address}, which holds {found[0]!r}", where=where, expected="an address without it")
    if not re.match(r"https?://[^/]+/", text + "/"):
        raise QueryError(address, where=where, expected="an address that begins with http:// or https://")
    if not text.endswith("/"):
        raise QueryError(f"{address}, without a slash at its end", where=where, expected=f'"{text}/"')
    return text


def _iri(name: str, value: object, where: str) -> str:
    text = str(value)
    if _NO_IRI.search(text.replace("#", "").replace("?", "")) or not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:.", text):
        raise QueryError(f'the setting "{name}" is "{value}"', where=where, expected="an IRI")
    return text


def _address(name: str, value: object, where: str) -> str:
    text = _iri(name, value, where)
    if not text.startswith(("http://", "https://")):
        raise QueryError(f'the setting "{name}" is "{value}"', where=where, expected="an address: https://…")
    return text
