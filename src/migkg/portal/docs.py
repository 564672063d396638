"""The documentation of the ontology: what pyLODE makes of it, on pages like all others, and a diagram.

pyLODE (BSD 3-Clause) glues the texts of several languages together, so it is given one language at a time; its own
headings are English. Its page has no landmarks, and names places by labels: here they have the names of the terms, as
in the ontology's IRIs.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from migkg import rdf
from migkg.errors import MissingExtra, WriteError
from migkg.ontology import ONT
from migkg.pages import VOCABULARY
from migkg.pages.links import LANGUAGES
from migkg.pages.models import DocumentPage, Link
from migkg.pages.words import words
from migkg.portal.diagram import diagram
from migkg.portal.release import File, Release
from migkg.portal.writer import Writer, at
from migkg.validate import to_rdflib

if TYPE_CHECKING:
    from lxml.html import HtmlElement

DOCUMENT = "doc/ontology"
_LEFT_OUT = {"legend"}  # of its sections: what "c" and "op" behind a name mean is in their titles too


def picture(lang: str) -> str:
    """The file of the diagram."""
    return at(DOCUMENT, lang, ".svg")


def page(lang: str) -> str:
    """The file of the documentation."""
    return at(DOCUMENT, lang)


def write_docs(release: Release, folder: Path, made: Sequence[File]) -> Iterable[File]:  # noqa: ARG001
    """Write diagram and documentation in all languages.

    :raises MissingExtra: without pyLODE. :raises WriteError: when pyLODE cannot keep what it needs.
    """
    documents = {lang: _document(release, lang) for lang in LANGUAGES}
    writer = Writer(release, folder)
    for lang in LANGUAGES:
        writer.write(picture(lang), diagram(release.store.quads(rdf.ONTOLOGY_GRAPH), lang))
    writer.put(DOCUMENT, partial(_of, documents))
    return ()


def _of(documents: Mapping[str, DocumentPage], lang: str) -> DocumentPage:
    return documents[lang]


def _document(release: Release, lang: str) -> DocumentPage:
    from lxml import html
    from lxml_html_clean import Cleaner

    tree = html.document_fromstring(_made(release, lang))
    content = tree.get_element_by_id("content")
    Cleaner(safe_attrs_only=False, page_structure=False)(content)  # a graph may come from elsewhere
    title = content.find(".//h1")
    title.drop_tree()
    sections = [section for section in content if section.get("id") not in _LEFT_OUT]
    _name_places(sections)
    for table in list(content.iter("table")):
        _as_list(table)
    for element in content.iter("dl"):
        element.set("class", "details")
    contents = tuple(_entry(section) for section in sections)
    body = "\n".join(html.tostring(section, encoding="unicode").strip() for section in sections)
    told = words(lang)
    return DocumentPage(
        title.text_content().strip(), "ont", VOCABULARY, told["documentation_about"], picture(lang), body, contents
    )


def _made(release: Release, lang: str) -> str:
    """What pyLODE makes of the texts of one language."""
    import rdflib

    graph = rdflib.Graph()
    # What pyLODE lists is in the order of the graph: our own terms first.
    triples = to_rdflib(quad.triple for quad in release.store.quads(rdf.ONTOLOGY_GRAPH))
    for triple in sorted(triples, key=lambda one: (not str(one[0]).startswith(ONT), one)):
        if not isinstance(triple[2], rdflib.Literal) or triple[2].language in (None, lang):
            graph.add(triple)
    graph.remove((rdflib.URIRef(VOCABULARY), rdflib.RDFS.label, None))  # it has a title
    return _pylode(graph)


def _pylode(graph: Any) -> str:
    logger, quiet = logging.getLogger(), logging.NullHandler()
    logger.addHandler(quiet)  # on import, pyLODE would have the whole program tell what it does
    try:
        from pylode.profiles.ontpub import OntPub

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # it leaves its style sheet open
            return str(OntPub(graph).make_html())
    except ImportError as error:
        raise MissingExtra("pyLODE 3.3.4", "portal") from error
    except PermissionError as error:
        what, todo = "pyLODE cannot keep what it knows of other ontologies", "Run it once as who may write there."
        raise WriteError(what, where=str(error.filename), todo=todo) from error
    finally:
        logger.removeHandler(quiet)


def _name_places(sections: Iterable[HtmlElement]) -> None:
    """Give each term of ours the place that its IRI names."""
    listed = list(sections)
    names = {}
    for section in listed:
        for entity in section.iter("div"):
            if "entity" in entity.get("class", "").split() and entity.get("id"):
                iri = next((code.text_content().strip() for code in entity.iter("code")), "")
                if iri.startswith(ONT):
                    names[entity.get("id")] = iri[len(ONT) :]
    # A term of another vocabulary may have the name of one of ours.
    taken = set(names.values())
    places = [element for section in listed for element in section.iter() if element.get("id")]
    for element in places:
        if element.get("id") not in names and element.get("id") in taken:
            names[element.get("id")] = f"other-{element.get('id')}"
    for element in places:
        element.set("id", names.get(element.get("id"), element.get("id")))
    for section in listed:
        for link in section.iter("a"):
            if (place := link.get("href", "")).startswith("#"):
                link.set("href", "#" + names.get(place[1:], place[1:]))


def _as_list(table: HtmlElement) -> None:
    """A table of names and values as the list that it is."""
    from lxml import html

    told = html.Element("dl")
    for row in table.iter("tr"):
        group = html.Element("div")
        for cell in row:
            cell.tag = "dt" if cell.tag == "th" else "dd"
            group.append(cell)
        told.append(group)
    table.getparent().replace(table, told)


def _entry(section: HtmlElement) -> tuple[Link, tuple[Link, ...]]:
    heading = section.find(".//h2")
    below = (
        Link(re.sub(r"\s+", " ", "".join(entity.find("h3").xpath("text()"))).strip(), f"#{entity.get('id')}")
        for entity in section.iter("div")
        if entity.get("id") and entity.find("h3") is not None
    )
    return Link(heading.text_content().strip(), f"#{section.get('id')}"), tuple(below)
