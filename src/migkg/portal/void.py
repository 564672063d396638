"""`void.ttl`: what the graph holds, in numbers counted from the files of the release (VoID)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from migkg.ontology import PREFIXES
from migkg.portal.counts import Counts, count, segments
from migkg.portal.release import File, Release
from migkg.portal.sheet import NAMES, Sheet
from migkg.portal.words import texts

VOID = "void.ttl"
_EXAMPLES = 3


def write_void(release: Release, folder: Path, made: Sequence[File]) -> Sequence[File]:
    """Write the description; it is none of the data files."""
    (folder / VOID).write_bytes(void(release, folder, made).turtle())
    return ()


def void(release: Release, folder: Path, made: Sequence[File]) -> Sheet:
    """The description as triples."""
    sheet, dataset, about = Sheet(), release.dataset, f"{release.base}void"
    graph = next(file for file in made if not file.part)
    numbers = count(folder / graph.path, release.base)
    sheet.add(about, "a", "void:DatasetDescription")
    sheet.add(about, "dct:title", texts("void_file"))
    sheet.add(about, "foaf:primaryTopic", f"<{dataset}>")
    sheet.add(dataset, "a", "void:Dataset", "dcat:Dataset")
    sheet.add(dataset, "dct:title", release.title)
    sheet.add(dataset, "dct:description", release.description)
    sheet.add(dataset, "dct:license", f"<{release.licence}>")
    sheet.add(dataset, "foaf:homepage", f"<{release.site}>")
    sheet.add(dataset, "void:uriSpace", f"{release.base}id/")
    sheet.add(dataset, "void:uriRegexPattern", f"^{release.base}id/({'|'.join(segments())})/")
    sheet.add(dataset, "void:vocabulary", *(f"<{iri}>" for iri in _vocabularies(numbers)))
    sheet.add(dataset, "void:dataDump", *(f"<{release.address(file.path)}>" for file in made if not file.part))
    if release.endpoint:
        sheet.add(dataset, "void:sparqlEndpoint", f"<{release.endpoint}>")
    _statistics(sheet, dataset, numbers)
    for place in release.places[:_EXAMPLES]:
        sheet.add(dataset, "void:exampleResource", f"<{place}>")
    for name, instances in numbers.classes.items():
        node = f"{about}#class/{quote(short(name), safe='')}"
        sheet.add(dataset, "void:classPartition", f"<{node}>")
        sheet.add(node, "a", "void:Dataset")
        sheet.add(node, "dct:title", short(name))
        sheet.add(node, "void:class", f"<{name}>")
        sheet.add(node, "void:entities", instances)
    for name, (triples, subjects, objects) in numbers.properties.items():
        node = f"{about}#property/{quote(short(name), safe='')}"
        sheet.add(dataset, "void:propertyPartition", f"<{node}>")
        sheet.add(node, "a", "void:Dataset")
        sheet.add(node, "dct:title", short(name))
        sheet.add(node, "void:property", f"<{name}>")
        sheet.add(node, "void:triples", triples)
        sheet.add(node, "void:distinctSubjects", subjects)
        sheet.add(node, "void:distinctObjects", objects)
    _linksets(sheet, release, about, numbers)
    for file in made:
        if file.part and file.part not in ("shapes", "terms"):
            node = part_iri(release, file)
            sheet.add(dataset, "void:subset", f"<{node}>")
            sheet.add(node, "a", "void:Dataset")
            sheet.add(node, "dct:title", file.title)
            sheet.add(node, "void:dataDump", f"<{release.address(file.path)}>")
            _statistics(sheet, node, count(folder / file.path, release.base))
    return sheet


def part_iri(release: Release, file: File) -> str:
    """The data set that a file is a form of."""
    return f"{release.dataset}/{file.part}" if file.part else release.dataset


def short(iri: str) -> str:
    """`schema:Event`, or the whole IRI."""
    for prefix, namespace in NAMES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def _statistics(sheet: Sheet, dataset: str, numbers: Counts) -> None:
    sheet.add(dataset, "void:triples", numbers.triples)
    sheet.add(dataset, "void:entities", numbers.entities)
    sheet.add(dataset, "void:classes", len(numbers.classes))
    sheet.add(dataset, "void:properties", len(numbers.properties))
    sheet.add(dataset, "void:distinctSubjects", numbers.subjects)
    sheet.add(dataset, "void:distinctObjects", numbers.objects)


def _vocabularies(numbers: Counts) -> tuple[str, ...]:
    """The name spaces of classes and properties that have a prefix."""
    terms = (*numbers.classes, *numbers.properties)
    return tuple(sorted({iri for iri in PREFIXES.values() if any(term.startswith(iri) for term in terms)}))


def _linksets(sheet: Sheet, release: Release, about: str, numbers: Counts) -> None:
    """A set of links for each property and each other data set, and all to one data set together."""
    hosts: dict[str, dict[str, tuple[int, int, int]]] = defaultdict(dict)
    for (predicate, host), told in numbers.links.items():
        hosts[host][predicate] = told
    for host, by_predicate in sorted(hosts.items()):
        target = f"{about}#target/{quote(host)}"
        sheet.add(target, "a", "void:Dataset")
        sheet.add(target, "dct:title", host)
        sheet.add(target, "foaf:homepage", f"<https://{host}/>")
        for predicate, (triples, subjects, objects) in by_predicate.items():
            _, _, name = short(predicate).partition(":")
            node = f"{about}#links/{quote(host)}/{quote(name)}"
            sheet.add(release.dataset, "void:subset", f"<{node}>")
            sheet.add(node, "a", "void:Linkset")
            sheet.add(node, "dct:title", texts("links", host=host, name=name))
            sheet.add(node, "void:linkPredicate", f"<{predicate}>")
            sheet.add(node, "void:subjectsTarget", f"<{release.dataset}>")
            sheet.add(node, "void:objectsTarget", f"<{target}>")
            sheet.add(node, "void:triples", triples)
            sheet.add(node, "void:distinctSubjects", subjects)
            sheet.add(node, "void:distinctObjects", objects)
