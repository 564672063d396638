"""The static site of a release: the pages of the service as files, for any web server or for a folder on a disk.

Links between pages are relative, so it works under any path; the addresses of the pages in other languages, the
canonical ones, `sitemap.xml` and `404.html` name the site's own address.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from migkg.errors import GraphError, MigkgError
from migkg.formats import write_table
from migkg.kg import KnowledgeGraph
from migkg.ontology import BASE, ONT
from migkg.pages import VOCABULARY
from migkg.pages.answers import question_page
from migkg.pages.links import LANGUAGES, Links, is_ours
from migkg.pages.lists import articles_page, home_page, questions_page, vocabulary_page
from migkg.pages.models import Download, DownloadsPage, Link, MessagePage, Page
from migkg.pages.register import Register
from migkg.pages.render import SEARCH, STATIC, render, static
from migkg.pages.things import data_of, thing_pages
from migkg.pages.words import words
from migkg.portal.release import File, Release
from migkg.portal.server import own_rules, permanent_rules
from migkg.queries import Question, questions, run
from migkg.store import select

_TOGETHER = 200  # things whose pages are made at once
_MOST = 45_000  # pages in one sitemap; the protocol allows 50,000 addresses
_FORMS = {"ttl": ".ttl", "jsonld": ".jsonld"}
_TABLES = ("csv", "json")
# Of things that describe how a fact was read; their pages are led to from facts, and no search engine needs them.
_RECORDS = re.compile(r"id/(?:span|snapshot|activity|graph|software)/")


def write_site(release: Release, folder: Path, made: Sequence[File]) -> Iterable[File]:
    """Write all pages, the data beside them, and what a web server and search engines need.

    :param made: the files that the page of downloads lists.
    :raises GraphError: when two things would have one file. :raises OSError: as of the file system.
    """
    site = _Site(release, folder)
    kg = release.graph
    register = Register(kg)
    site.lists(register)
    site.questions()
    site.put("ont", partial(vocabulary_page, kg))
    site.put("downloads", partial(_downloads, folder, made))
    site.things()
    for name in (*STATIC, SEARCH):
        site.write(f"static/{name}", static(name) or b"")
    site.write("static/index.js", register.index())
    site.around()
    return ()


@dataclass(slots=True)
class _Site:
    """Writes pages, each in all languages.

    :param pages: page → its languages, of those that search engines are told.
    """

    release: Release
    folder: Path
    pages: dict[str, tuple[str, ...]] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)

    @property
    def kg(self) -> KnowledgeGraph:
        return self.release.graph

    def write(self, path: str, data: bytes) -> None:
        """Write a file, once."""
        if path.casefold() in self.written:  # some disks do not tell capitals from small letters
            todo = "Rename the article or the thing of which the file is."
            raise GraphError(f"two things of the graph need the file {path}", where=str(self.kg.folder), todo=todo)
        self.written.add(path.casefold())
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)

    def put(self, path: str, made: Callable[..., Page]) -> None:
        """Write a page in all languages. :param path: inside the site, without language and ending."""
        for lang in LANGUAGES:
            self.page(path, lang, made(lang=lang))
        if not _RECORDS.match(path):
            self.pages[path] = LANGUAGES

    def page(self, path: str, lang: str, page: Page, others: Mapping[str, str] | None = None) -> None:
        """Write a page in one language.

        :param others: language → what stands for it there, when that is another page; by default it is the same.
        """
        links = Links("../" * path.count("/"), lang, live=False)
        same = {code: (others or {}).get(code, path) for code in LANGUAGES}
        switch = {code: links.file(_at(at, code)) for code, at in same.items()}
        full = {code: self.address(path, code) for code, at in same.items() if at == path}
        data = render(page, links, switch=switch, full=full, release=self.told(lang))
        self.write(_at(path, lang), data)

    def address(self, path: str, lang: str) -> str:
        """The full address of a page; of the first page that of the site."""
        return self.release.site if _at(path, lang) == "index.html" else self.release.address(_at(path, lang))

    def told(self, lang: str) -> tuple[Link, ...]:
        """What the foot of each page tells."""
        release, told = self.release, words(lang)
        return (
            Link(told["version"].format(number=release.version)), Link(told["licence"], release.licence),
            Link(release.publisher.name, release.publisher.homepage),
        )  # fmt: skip

    def lists(self, register: Register) -> None:
        """The first page, and the pages that list."""
        kg, release = self.kg, self.release

        def home(lang: str) -> Page:
            page = home_page(kg, lang=lang)
            return replace(page, title=release.title[lang], lead=release.description[lang])

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

    def questions(self) -> None:
        """The questions with their answers; one that needs a value is asked with its example."""
        self.put("queries", questions_page)
        for name, asked in questions().items():
            given = {
                each.name: each.example
                for each in asked.parameters.values()
                if not each.optional and each.default is None
            }
            self.put(f"queries/{name}", partial(question_page, self.kg, name, given))
            self.tables(asked, given)

    def tables(self, asked: Question, given: Mapping[str, str]) -> None:
        """Its answer as files."""
        for lang in LANGUAGES:
            try:
                table = run(self.kg.store, asked, given, lang=lang)
            except MigkgError:
                return  # the page says why
            if table.rows:
                for form in _TABLES:
                    text = str(write_table(table, form))
                    self.write(_at(f"queries/{asked.name}", lang, f".{form}"), text.encode())

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
            iri = str(getattr(version, "value", ""))
            if iri.startswith(VOCABULARY + "/") and is_ours(iri):
                self.put(iri[len(BASE) :], partial(vocabulary_page, self.kg))
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
            self.write(_at("404", lang), render(page, Links(root, lang, live=False), release=self.told(lang)))
        robots = f"User-agent: *\nAllow: /\n\nSitemap: {self.release.address('sitemap.xml')}\n"
        self.write("robots.txt", robots.encode())
        self.write(".htaccess", own_rules(self.release).encode())
        if self.release.site != self.release.base:
            self.write("w3id/.htaccess", permanent_rules(self.release).encode())
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
    found = {str(getattr(it, "value", "")) for (it,) in rows}
    return {iri for iri in found if "#" not in iri and is_ours(iri) and not iri.startswith((ONT, VOCABULARY))}


def _downloads(folder: Path, made: Sequence[File], lang: str) -> DownloadsPage:
    told = words(lang)
    files = tuple(
        Download(file.title[lang], file.path, file.media_type, (folder / file.path).stat().st_size) for file in made
    )
    title = told["downloads"]
    return DownloadsPage(title, "downloads", lead=told["downloads_about"], groups=((title, files),))


def _at(path: str, lang: str, suffix: str = ".html") -> str:
    return path + ("" if lang == LANGUAGES[0] else f".{lang}") + suffix


def _numbered(section: str, number: int) -> str:
    return section if number == 1 else f"{section}-{number}"
