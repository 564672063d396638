"""The static site of a release: the pages of the service as files, for any web server or for a folder on a disk.

Links between pages are relative, so it works under any path; the addresses of the pages in other languages, the
canonical ones, `sitemap.xml` and `404.html` name the site's own address.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from migkg.formats import write_table
from migkg.kg import KnowledgeGraph
from migkg.ontology import BASE, ONT
from migkg.pages import VOCABULARY
from migkg.pages.answers import answered, question_page
from migkg.pages.links import LANGUAGES, Links, is_ours
from migkg.pages.lists import articles_page, home_page, questions_page, vocabulary_page
from migkg.pages.models import Download, DownloadsPage, MessagePage, Page
from migkg.pages.register import Register
from migkg.pages.render import SEARCH, STATIC, render, static
from migkg.pages.things import data_of, thing_pages
from migkg.pages.words import words
from migkg.portal import docs
from migkg.portal.release import File, Release
from migkg.portal.server import own_rules, permanent_rules
from migkg.portal.writer import Writer, at
from migkg.queries import questions
from migkg.sparql import text_of
from migkg.store import select

_TOGETHER = 200  # things whose pages are made at once
_MOST = 45_000  # pages in one sitemap; the protocol allows 50,000 addresses
_FORMS = {"ttl": ".ttl", "jsonld": ".jsonld"}
_TABLES = ("csv", "json")
# What describes the data; "{lang}" is the part of a name that tells the language.
_BESIDE = (
    ("README{lang}.md", "text/markdown"), ("catalogue.ttl", "text/turtle"), ("catalogue-2.1.1.ttl", "text/turtle"),
    ("void.ttl", "text/turtle"), ("CHANGES{lang}.md", "text/markdown"), ("CITATION.cff", "text/yaml"),
    ("LICENSE", "text/plain"),
)  # fmt: skip


def write_site(release: Release, folder: Path, made: Sequence[File]) -> Iterable[File]:
    """Write all pages, the data beside them, and what a web server and search engines need.

    :param made: the files that the page of downloads lists.
    :raises GraphError: when two things would have one file. :raises OSError: as of the file system.
    """
    site = _Site(release, folder, made)
    kg = release.graph
    register = Register(kg)
    site.lists(register)
    site.questions()
    site.put("ont", site.vocabulary)
    site.put("downloads", partial(_downloads, folder, made))
    site.things()
    for name in (*STATIC, SEARCH):
        site.write(f"static/{name}", static(name) or b"")
    site.write("static/index.js", register.index())
    site.around()
    return ()


class _Site(Writer):
    """Writes the parts of the site."""

    def __init__(self, release: Release, folder: Path, made: Sequence[File]) -> None:
        super().__init__(release, folder)
        self.made = made

    def lists(self, register: Register) -> None:
        """The first page, and the pages that list."""
        kg, release = self.kg, self.release

        def home(lang: str) -> Page:
            page = home_page(kg, lang=lang)
            about = _about(release, self.made, lang)
            return replace(page, title=release.title[lang], lead=release.description[lang], json_ld=about)

        self.put("index", home)
        self.put("find", register.find_page)
        self.put("browse", register.browse_page)
        for number in range(1, articles_page(kg).pages + 1):
            self.put(_numbered("articles", number), partial(articles_page, kg, number))
        lengths = {lang: dict(register.sections(lang)) for lang in LANGUAGES}
        for lang in LANGUAGES:
            for section, pages in lengths[lang].items():
                for number in range(1, pages + 1):
                    path = _numbered(section, number)
                    others = {
                        code: section if lengths[code].get(section) else "browse"
                        for code in LANGUAGES
                        if lengths[code].get(section, 0) < number
                    }
                    self.page(path, lang, register.list_page(section, number, lang), others)
                    self.pages[path] = (*self.pages.get(path, ()), lang)

    def vocabulary(self, lang: str) -> Page:
        """The terms of the ontology, with what else of the release tells of it."""
        page = vocabulary_page(self.kg, lang=lang)
        held = [path if (self.folder / path).is_file() else "" for path in (docs.picture(lang), docs.page(lang))]
        return replace(page, picture=held[0], documentation=held[1])

    def questions(self) -> None:
        """The questions with their answers; one that needs a value is asked with its example."""
        self.put("queries", questions_page)
        for name, asked in questions().items():
            given = {
                each.name: each.example
                for each in asked.parameters.values()
                if not each.optional and each.default is None
            }
            found = {lang: answered(self.kg, asked, given, lang=lang) for lang in LANGUAGES}
            self.put(f"queries/{name}", partial(self.question, name, given, found))
            for lang, (table, _) in found.items():
                if table is not None and table.rows:
                    for form in _TABLES:
                        self.write(at(f"queries/{name}", lang, f".{form}"), str(write_table(table, form)).encode())

    def question(self, name: str, given: Mapping[str, str], found: Mapping[str, Any], lang: str) -> Page:
        """A question with its answer. :param found: language → the answer."""
        return question_page(self.kg, name, given, lang=lang, answer=found[lang])

    def things(self) -> None:
        """Every thing, fact, article and term that has an IRI of its own, and its data."""
        iris = sorted(_documents(self.kg))
        for start in range(0, len(iris), _TOGETHER):
            some = iris[start : start + _TOGETHER]
            pages = {lang: dict(zip(some, thing_pages(self.kg, some, lang=lang), strict=True)) for lang in LANGUAGES}
            for iri in some:
                self.put(iri[len(BASE) :], partial(_page_of, pages, iri))
            for iri, told in data_of(self.kg, some, tuple(_FORMS)):
                self.data(iri[len(BASE) :], told)
        ((_, told),) = data_of(self.kg, [VOCABULARY], tuple(_FORMS))
        self.data("ont", told)
        for (version,) in select(self.kg.store, f"SELECT ?it WHERE {{ <{VOCABULARY}> owl:versionIRI ?it }}").rows:
            iri = text_of(version)
            if iri.startswith(VOCABULARY + "/") and is_ours(iri):
                self.put(iri[len(BASE) :], self.vocabulary)
                self.data(iri[len(BASE) :], told)

    def data(self, path: str, told: Mapping[str, bytes]) -> None:
        """What the graph says of a thing, as files."""
        for form, data in told.items():
            self.write(path + _FORMS[form], data)

    def around(self) -> None:
        """What a web server and search engines need."""
        root = urlsplit(self.release.site).path
        for lang in LANGUAGES:
            page = MessagePage(words(lang)["not_found"], message=words(lang)["not_found_about"])
            self.write(at("404", lang), render(page, Links(root, lang, live=False), release=self.told(lang)))
        robots = f"User-agent: *\nAllow: /\n\nSitemap: {self.release.address('sitemap.xml')}\n"
        self.write("robots.txt", robots.encode())
        self.write(".htaccess", own_rules(self.release).encode())
        if self.release.site != self.release.base:
            self.write("w3id/.htaccess", permanent_rules(self.release).encode())
        if (self.folder / docs.page(LANGUAGES[0])).is_file():
            self.pages[docs.DOCUMENT] = LANGUAGES
        for name, text in self.sitemaps():
            self.write(name, text.encode())

    def sitemaps(self) -> Iterator[tuple[str, str]]:
        """(name, text) of the sitemap, or of several and their index (sitemaps.org protocol 0.9)."""
        paths, most = list(self.pages), _MOST // len(LANGUAGES)
        parts = [paths[start : start + most] for start in range(0, len(paths), most)]
        if len(parts) == 1:
            yield "sitemap.xml", self.sitemap(parts[0])
            return
        names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
        yield from zip(names, map(self.sitemap, parts), strict=True)
        rows = (f"<sitemap><loc>{escape(self.release.address(name))}</loc></sitemap>" for name in names)
        yield "sitemap.xml", _xml("sitemapindex", "", rows)

    def sitemap(self, paths: Iterable[str]) -> str:
        """Pages with their addresses in each language, and the date of the release."""

        def rows() -> Iterator[str]:
            for path in paths:
                told = self.pages[path]
                addresses = {lang: escape(self.address(path, lang), {'"': "&quot;"}) for lang in told}
                others = "".join(
                    f'<xhtml:link rel="alternate" hreflang="{lang}" href="{address}"/>'
                    for lang, address in (*addresses.items(), ("x-default", addresses[told[0]]))
                )
                for address in addresses.values():
                    yield f"<url><loc>{address}</loc><lastmod>{self.release.date}</lastmod>{others}</url>"

        return _xml("urlset", ' xmlns:xhtml="http://www.w3.org/1999/xhtml"', rows())


def _page_of(pages: Mapping[str, Mapping[str, Page]], iri: str, lang: str) -> Page:
    return pages[lang][iri]


def _xml(name: str, spaces: str, rows: Iterable[str]) -> str:
    head = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"{spaces}>'
    )
    return "\n".join((head, *rows, f"</{name}>", ""))


def _documents(kg: KnowledgeGraph) -> set[str]:
    """IRIs of all that has a page of its own."""
    rows = select(kg.store, "SELECT DISTINCT ?it WHERE { ?it a ?type }").rows
    found = {text_of(it) for (it,) in rows}
    return {iri for iri in found if "#" not in iri and is_ours(iri) and not iri.startswith((ONT, VOCABULARY))}


def _about(release: Release, made: Sequence[File], lang: str) -> str:
    """The data set in the words of schema.org, as search engines for data sets read it."""
    told = {
        "@context": "https://schema.org/", "@type": "Dataset", "@id": release.dataset, "url": release.site,
        "name": release.title[lang], "description": release.description[lang], "inLanguage": list(LANGUAGES),
        "version": release.version, "datePublished": release.date, "license": release.licence,
        "keywords": list(release.keywords[lang]), "isAccessibleForFree": True,
        "creator": {
            "@type": "Organization", "@id": release.publisher.iri, "name": release.publisher.name,
            "url": release.publisher.homepage,
        },
        "distribution": [
            {
                "@type": "DataDownload", "name": file.title[lang], "encodingFormat": file.media_type,
                "contentUrl": release.address(file.path),
            }
            for file in made
        ],
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False)


def _downloads(folder: Path, made: Sequence[File], lang: str) -> DownloadsPage:
    told = words(lang)
    files = tuple(
        Download(file.title[lang], file.path, file.media_type, (folder / file.path).stat().st_size) for file in made
    )
    mark = "" if lang == LANGUAGES[0] else f".{lang}"
    beside = tuple(
        Download(name, name, media, (folder / name).stat().st_size)
        for name, media in ((name.format(lang=mark), media) for name, media in _BESIDE)
        if (folder / name).is_file()
    )
    groups = ((told["downloads"], files), (told["description"], beside))
    return DownloadsPage(
        told["downloads"], "downloads", lead=told["downloads_about"], groups=tuple(one for one in groups if one[1])
    )



def _numbered(section: str, number: int) -> str:
    return section if number == 1 else f"{section}-{number}"
