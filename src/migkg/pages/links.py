"""Where links lead: the same pages are served by a program and written as files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from migkg.ontology import BASE, ID, ONT, SCHEME

LANGUAGES = ("en", "id")
"""Languages that pages are shown in; the first is the one of an address that names none."""

DATA = {".ttl": "text/turtle", ".jsonld": "application/ld+json", ".nt": "application/n-triples"}
"""Suffix of an address → media type of the data behind it."""

_WRITTEN = (".ttl", ".jsonld")  # of DATA, what a static site has
_PLAIN = "/:@!$&'()*,;=~-._"


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of pages under one root.

    :param root: address of the first page, with a slash at its end, or the way there, as `../`, or "" for beside it.
    :param lang: of the pages that are led to.
    :param live: True when a program answers, so that forms and downloads of any question work.
    """

    root: str = "/"
    lang: str = "en"
    live: bool = True

    @property
    def formats(self) -> Mapping[str, str]:
        """Those of `DATA` that there are."""
        return DATA if self.live else {suffix: DATA[suffix] for suffix in _WRITTEN}

    @property
    def sections(self) -> tuple[str, ...]:
        """Names of the parts of the site that each page leads to."""
        return ("find", "articles", "queries", *(("sparql",) if self.live else ("browse",)), "ont") + (
            () if self.live else ("downloads",)
        )

    def page(self, iri: str) -> str:
        """The page of a thing; what is not ours leads to its own address."""
        if not is_ours(iri):
            return iri
        if iri.startswith(ONT):
            return f"{self._at('ont', '.html')}#{quote(iri[len(ONT) :])}"
        document, hash_, part = iri[len(BASE) :].partition("#")
        return self._at(document, ".html") + hash_ + quote(part, safe=_PLAIN)

    def data(self, iri: str, suffix: str) -> str:
        """The data of a thing, by a suffix of `DATA`."""
        return f"{self.root}{quote(_path(iri), safe=_PLAIN)}{suffix}"

    def section(self, name: str, **parameters: object) -> str:
        """A page that lists things: `articles`, `queries`, `find`, `ont`; "" is the first page."""
        if self.live and name != "ont":
            told = {**parameters, **({"lang": self.lang} if self.lang != LANGUAGES[0] else {})}
            return self.root + quote(name, safe=_PLAIN) + (f"?{urlencode(told)}" if told else "")
        page = str(parameters.get("page", 1))
        return self._at((name or "index") + (f"-{page}" if page != "1" else ""), ".html")

    def table(self, name: str, form: str, **parameters: str) -> str:
        """The answer to a question as a file."""
        if self.live:
            return self.section(f"queries/{name}.{form}", **parameters)
        return self._at(f"queries/{name}", f".{form}")

    def static(self, name: str) -> str:
        """A file that pages need."""
        return f"{self.root}static/{name}"

    def file(self, path: str) -> str:
        """A file of a release."""
        return self.root + quote(path, safe=_PLAIN)

    def _at(self, path: str, suffix: str) -> str:
        lang = "" if self.lang == LANGUAGES[0] else f".{self.lang}"
        return f"{self.root}{quote(path, safe=_PLAIN)}{lang}{suffix}"


def is_ours(iri: str) -> bool:
    """Whether a page of ours tells of this IRI.

    One that could lead out of the folder of a site is not ours: a graph may come from elsewhere.
    """
    if iri.startswith(ONT) or iri == ONT[:-1]:
        return True
    parts = _path(iri).split("/")
    return iri.startswith((ID, SCHEME, ONT[:-1] + "/")) and not {"", ".", ".."}.intersection(parts)


def _path(iri: str) -> str:
    return iri.partition("#")[0][len(BASE) :]
