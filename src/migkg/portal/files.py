"""Checks of a release's files: checksums, counts, syntaxes, blank nodes, pages and links."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from migkg.model import Finding
from migkg.ontology import ONT, SCHEME
from migkg.portal.check import Check, Pack
from migkg.portal.counts import Counts, counted
from migkg.portal.sheet import full
from migkg.portal.words import texts

if TYPE_CHECKING:
    import pyoxigraph as ox

_SYNTAXES = ("data/graph.ttl", "data/graph.trig", "data/graph.nq", "data/graph.jsonld")
# What has no page of its own: it is shown on the page of the article or the fact that it is a part of.
_PARTS = ("span", "snapshot", "activity", "graph", "software")
_MARKDOWN_LINK = re.compile(r"\]\(([^()\s]+)\)")


def check_files(pack: Pack) -> Iterator[Check]:
    """All checks of this module."""
    yield _checksums(pack)
    yield _counts(pack)
    yield _same(pack)
    yield _blank(pack)
    if "index.html" in pack.paths:
        yield _pages(pack)
    yield _links(pack)


def _check(key: str, over: Iterable[str], findings: Iterable[Finding], looked: int, group: str = "files") -> Check:
    return Check(texts(group)["en"], texts(key), tuple(over), tuple(sorted(findings)), looked)


def _wrong(name: str, focus: str, message: str, value: str = "") -> Finding:
    return Finding("violation", name, focus, message, value=value)


def _values(held: set[ox.Triple]) -> dict[str, dict[str, list[str]]]:
    """Subject → property → values."""
    found: dict[str, dict[str, list[str]]] = {}
    for triple in held:
        value = str(getattr(triple.object, "value", triple.object))
        found.setdefault(str(triple.subject)[1:-1], {}).setdefault(triple.predicate.value, []).append(value)
    return found


def _checksums(pack: Pack) -> Check:
    """Files that the catalogues name are there, of the size and with the checksum that they tell."""
    findings, looked = [], 0
    names = {name: full(name).value for name in (
        "dcat:downloadURL", "dcat:byteSize", "spdx:checksum", "spdx:checksumValue", "spdx:algorithm"
    )}  # fmt: skip
    catalogues = pack.matching("catalogue*.ttl")
    for path in catalogues:
        told = _values(pack.triples(path))
        for node, values in sorted(told.items()):
            for address in values.get(names["dcat:downloadURL"], ()):
                looked += 1
                file = pack.folder / unquote(pack.local(address) or "")
                if not file.is_file():
                    findings.append(_wrong("missing", node, f"{path}: the file is not in the release", address))
                    continue
                data = file.read_bytes()
                if values.get(names["dcat:byteSize"]) != [str(len(data))]:
                    findings.append(_wrong("size", node, f"{path}: the size is not that of the file", address))
                for checksum in values.get(names["spdx:checksum"], ()):
                    algorithm = told[checksum][names["spdx:algorithm"]][0].rpartition("_")[2]
                    digest = hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()
                    if told[checksum][names["spdx:checksumValue"]] != [digest]:
                        findings.append(_wrong("checksum", node, f"{path}: the checksum is another one", address))
    return _check("check_checksums", catalogues, findings, looked)


_NUMBERS = {"void:triples": "triples", "void:entities": "entities", "void:distinctSubjects": "subjects",
            "void:distinctObjects": "objects"}  # fmt: skip


def _counts(pack: Pack) -> Check:
    """What `void.ttl` counts is what the files hold."""
    findings: list[Finding] = []
    told = _values(pack.triples("void.ttl"))
    looked = 0
    dump = full("void:dataDump").value
    for node, values in sorted(told.items()):
        # Of several files of one data set, each holds the same triples: `_same`.
        for address in sorted(values.get(dump, ()))[:1]:
            counts = counted(pack.triples(unquote(pack.local(address) or "")), pack.base)
            expected = {name: getattr(counts, of) for name, of in _NUMBERS.items()}
            expected |= {"void:classes": len(counts.classes), "void:properties": len(counts.properties)}
            for name, number in expected.items():
                looked += 1
                if (found := values.get(full(name).value, [])) != [str(number)]:
                    findings.append(_wrong("count", node, f"{name} is not {number}", ", ".join(found)))
            if len(values.get(dump, ())) > 1:
                looked += len(counts.classes) + len(counts.properties) + len(counts.links)
                findings += _partitions(told, counts)
    return _check("check_counts", ("void.ttl",), findings, looked)


def _partitions(told: dict[str, dict[str, list[str]]], counts: Counts) -> Iterator[Finding]:
    names = {name: full(name).value for name in (
        "void:class", "void:entities", "void:property", "void:triples", "void:linkPredicate"
    )}  # fmt: skip
    classes = {values[names["void:class"]][0]: int(values[names["void:entities"]][0])
               for values in told.values() if names["void:class"] in values}  # fmt: skip
    if classes != dict(counts.classes):
        yield _wrong("class", "void.ttl", "the numbers of instances are not those of the file")
    properties = {values[names["void:property"]][0]: int(values[names["void:triples"]][0])
                  for values in told.values() if names["void:property"] in values}  # fmt: skip
    if properties != {name: triples for name, (triples, _, _) in counts.properties.items()}:
        yield _wrong("property", "void.ttl", "the numbers of triples by property are not those of the file")
    links = sum(int(values[names["void:triples"]][0]) for values in told.values()
                if names["void:linkPredicate"] in values)  # fmt: skip
    if links != sum(triples for triples, _, _ in counts.links.values()):
        yield _wrong("links", "void.ttl", "the numbers of links are not those of the file")


def _same(pack: Pack) -> Check:
    """All syntaxes of the graph hold the same triples."""
    first = pack.triples(_SYNTAXES[0])
    findings = []
    for path in _SYNTAXES[1:]:
        differ = first ^ pack.triples(path)
        if differ:
            findings.append(_wrong("differs", path, f"{len(differ):,} triples differ from {_SYNTAXES[0]}"))
    return _check("check_same", _SYNTAXES, findings, len(_SYNTAXES))


def _blank(pack: Pack) -> Check:
    """No file has a blank node."""
    findings = []
    for path in pack.rdf:
        blank = [t for t in pack.triples(path) if str(t.subject).startswith("_:") or str(t.object).startswith("_:")]
        if blank:
            findings.append(
                _wrong("blank", path, f"{len(blank):,} triples have a blank node", str(min(blank, key=str)))
            )
    return _check("check_blank", pack.rdf, findings, len(pack.rdf))


def _pages(pack: Pack) -> Check:
    """Every entity, fact, article, scheme and term has a page and its data."""
    files = set(pack.paths)
    findings, looked = [], 0
    parts = tuple(f"{pack.base}id/{part}/" for part in _PARTS)
    iris = sorted({str(triple.subject)[1:-1] for triple in pack.triples("data/graph.ttl")})
    for iri in iris:
        ours = iri.startswith((f"{pack.base}id/", SCHEME)) and not iri.startswith(parts) and "#" not in iri
        if not ours and iri != ONT[:-1]:
            continue
        looked += 1
        path = unquote(pack.local(iri) or "")
        needed = (path + suffix for suffix in (".html", ".id.html", ".ttl", ".jsonld"))
        findings += [_wrong("page", iri, f"there is no {file}") for file in needed if file not in files]
    places = _page(pack.folder / "ont.html")[1] if "ont.html" in files else frozenset[str]()
    for term in (iri for iri in iris if iri.startswith(ONT)):
        looked += 1
        if unquote(term[len(ONT) :]) not in places:
            findings.append(_wrong("page", term, "the page of the ontology does not tell of it"))
    return _check("check_pages", ("data/graph.ttl", "**/*.html"), findings, looked)


def _links(pack: Pack) -> Check:
    """Every link to the release itself leads to a file, and to a place in it."""
    files, findings, looked = set(pack.paths), [], 0
    texts_of = [path for path in pack.paths if path.endswith((".html", ".md"))]
    pages = {path: _page(pack.folder / path) for path in texts_of if path.endswith(".html")}
    for path in texts_of:
        text = pages[path][0] if path in pages else _MARKDOWN_LINK.findall((pack.folder / path).read_text("utf-8"))
        for link in sorted(set(text)):
            parts = urlsplit(urljoin(pack.site + path, link))
            if parts.scheme not in ("http", "https"):
                continue
            local = pack.local(parts._replace(query="", fragment="").geturl())
            if local is None:
                continue
            looked += 1
            target = _target(unquote(local), files)
            if target is None:
                findings.append(_wrong("link", path, "a link leads to no file of the release", link))
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target][1]:
                findings.append(_wrong("anchor", path, "a link leads to a place that its page does not have", link))
    return _check("check_links", ("**/*.html", "*.md"), findings, looked)


def _target(path: str, files: set[str]) -> str | None:
    """The file that a web server answers with: for a folder its index, for the IRI of a thing its page."""
    folder = path == "" or path.endswith("/")
    tried = ["index.html", "README.md"] if folder else ["", ".html", ".ttl"]
    return next((path + end for end in tried if path + end in files), None)


def _page(file: Path) -> tuple[list[str], frozenset[str]]:
    """Links of a page, and the names of places in it."""
    from lxml import html

    document = html.document_fromstring(file.read_bytes())
    links = [link for _, attribute, link, _ in document.iterlinks() if attribute in ("href", "src", "action")]
    return links, frozenset(document.xpath("//@id | //a/@name"))
