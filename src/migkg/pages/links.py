"""Where links lead: the same pages are served by a program and written as files."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from migkg.ontology import BASE, ONT

LANGUAGES = ("en", "id")
"""Languages that pages are shown in; the first is the one of an address that names none."""

DATA = {".ttl": "text/turtle", ".jsonld": "application/ld+json", ".nt": "application/n-triples"}
"""Suffix of an address → media type of the data behind it."""

_PLAIN = "/:@!$&'()*,;=~-._"


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of pages under one root.

    :param root: address of the first page, with a slash at its end. :param lang: of the pages that are led to.
    :param live: True when a program answers, so that forms and downloads of any question work.
    """

    root: str = "/"
    lang: str = "en"
    live: bool = True

    def page(self, iri: str) -> str:
        """The page of a thing; what is not ours leads to its own address."""
        if iri.startswith(ONT):
            return f"{self._at('ont', '.html')}#{quote(iri[len(ONT) :])}"
        return self._at(iri[len(BASE) :], ".html") if is_ours(iri) else iri

    def data(self, iri: str, suffix: str) -> str:
        """The data of a thing, by a suffix of `DATA`."""
        return f"{self.root}{quote(_path(iri), safe=_PLAIN)}{suffix}"

    def section(self, name: str, **parameters: str) -> str:
        """A page that lists things: `articles`, `queries`, `find`, `ont`; "" is the first page."""
        if self.live and name != "ont":
            told = {**parameters, **({"lang": self.lang} if self.lang != LANGUAGES[0] else {})}
            return self.root + quote(name, safe=_PLAIN) + (f"?{urlencode(told)}" if told else "")
        return self._at(name or "index", ".html")

    def static(self, name: str) -> str:
        """A file that pages need."""
        return f"{self.root}static/{name}"

    def _at(self, path: str, suffix: str) -> str:
        lang = "" if self.lang == LANGUAGES[0] else f".{self.lang}"
        return f"{self.root}{quote(path, safe=_PLAIN)}{lang}{suffix}"


def is_ours(iri: str) -> bool:
    """Whether a page of ours tells of this IRI."""
    return iri.startswith((BASE + "id/", BASE + "scheme/", ONT)) or iri == ONT[:-1]


def _path(iri: str) -> str:
    return iri.partition("#")[0][len(BASE) :]
