"""`catalogue.ttl`: the release as DCAT-AP 3 describes data sets, and once more as 2.1.1 does.

The two cannot be one file: a size is an `xsd:nonNegativeInteger` in one and an `xsd:decimal` in the other, and 2.1.1
knows checksums by SHA-1 alone. Portals that harvest the older profile take `catalogue-2.1.1.ttl`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from migkg import __version__
from migkg.errors import GraphError, QueryError
from migkg.ontology import ID
from migkg.portal.authorities import EU, MEDIA, authorities, told_of
from migkg.portal.counts import triples
from migkg.portal.release import File, Release
from migkg.portal.sheet import Sheet, full
from migkg.portal.void import VOID, part_iri
from migkg.portal.words import texts, words
from migkg.queries import labels
from migkg.store import select

if TYPE_CHECKING:
    import pyoxigraph as ox

CATALOGUE = "catalogue.ttl"
_LANGUAGES = ("ENG", "IND")
_SPARQL = "https://www.w3.org/TR/sparql11-protocol/"


@dataclass(frozen=True, slots=True)
class Profile:
    """What two versions of DCAT-AP want in different ways.

    :param size: datatype of sizes. :param checksum: algorithm. :param series: whether it knows series and versions.
    """

    file: str
    size: str
    checksum: str
    series: bool


PROFILES = (
    Profile(CATALOGUE, "xsd:nonNegativeInteger", "sha256", series=True),
    Profile("catalogue-2.1.1.ttl", "xsd:decimal", "sha1", series=False),
)


def write_catalogue(release: Release, folder: Path, made: Sequence[File]) -> Sequence[File]:
    """Write the descriptions; they are none of the data files.

    :raises QueryError: when the former release has the version of this one.
    :raises GraphError: when its description cannot be read.
    """
    for profile in PROFILES:
        (folder / profile.file).write_bytes(catalogue(release, folder, made, profile).turtle())
    return ()


def catalogue(release: Release, folder: Path, made: Sequence[File], profile: Profile) -> Sheet:
    """The description as triples."""
    sheet = Sheet()
    _catalogue(sheet, release)
    parts: dict[str, list[File]] = {}
    for file in made:
        parts.setdefault(file.part, []).append(file)
    for part, files in parts.items():
        node = part_iri(release, files[0])
        _dataset(sheet, release, node, release.title if not part else files[0].title,
                 release.description if not part else files[0].description)  # fmt: skip
        sheet.add(release.iri("catalogue"), "dcat:dataset", f"<{node}>")
        if part:
            sheet.add(node, "dct:isPartOf", f"<{release.dataset}>")
            sheet.add(release.dataset, "dct:hasPart", f"<{node}>")
        for file in files:
            _distribution(sheet, release, folder, file, profile)
    _graph(sheet, release, profile)
    if release.endpoint:
        _service(sheet, release, release.endpoint)
    if profile.series:
        _series(sheet, release)
    _agents(sheet, release)
    _names(sheet, release)
    sheet.triples |= told_of(sheet.triples)
    return sheet


def _catalogue(sheet: Sheet, release: Release) -> None:
    node = release.iri("catalogue")
    sheet.add(node, "a", "dcat:Catalog")
    sheet.add(
        node, "dct:title", {lang: words(lang)["catalogue"].format(title=title) for lang, title in release.title.items()}
    )
    sheet.add(node, "dct:description", release.description)
    _common(sheet, release, node)
    sheet.add(node, "dct:issued", release.date, kind="xsd:date")
    sheet.add(node, "dct:modified", release.date, kind="xsd:date")
    sheet.add(node, "dct:language", *(f"<{EU}language/{code}>" for code in _LANGUAGES))
    sheet.add(node, "dct:license", f"<{release.licence}>")
    sheet.add(node, "dct:spatial", *(f"<{place}>" for place in release.places))
    sheet.add(node, "dcat:themeTaxonomy", f"<{EU}data-theme>")
    sheet.add(node, "foaf:homepage", f"<{release.site}>")


def _common(sheet: Sheet, release: Release, node: str) -> None:
    """Who to ask."""
    sheet.add(node, "dct:publisher", f"<{release.publisher.iri}>")
    sheet.add(node, "dcat:contactPoint", f"<{release.iri('contact')}>")


def _dataset(
    sheet: Sheet, release: Release, node: str, title: Mapping[str, str], description: Mapping[str, str]
) -> None:
    sheet.add(node, "a", "dcat:Dataset")
    sheet.add(node, "dct:title", title)
    sheet.add(node, "dct:description", description)
    sheet.add(node, "dct:identifier", node)
    _common(sheet, release, node)
    sheet.add(node, "dct:creator", f"<{release.publisher.iri}>")
    sheet.add(node, "dct:issued", release.date, kind="xsd:date")
    sheet.add(node, "dct:modified", release.date, kind="xsd:date")
    sheet.add(node, "dct:language", *(f"<{EU}language/{code}>" for code in _LANGUAGES))
    sheet.add(node, "dct:accessRights", f"<{EU}access-right/PUBLIC>")
    sheet.add(node, "dct:accrualPeriodicity", f"<{EU}frequency/{release.frequency}>")
    sheet.add(node, "dcat:theme", *(f"<{EU}data-theme/{theme}>" for theme in release.themes))
    sheet.add(node, "dcat:keyword", release.keywords)
    sheet.add(node, "dcat:landingPage", f"<{release.site}>")
    sheet.add(node, "dcat:version", release.version)
    sheet.add(node, "owl:versionInfo", release.version)


def _graph(sheet: Sheet, release: Release, profile: Profile) -> None:
    """What only the graph itself has: place, period, how it was made, its place in the series."""
    node = release.dataset
    sheet.add(node, "dct:conformsTo", "<https://w3id.org/migkg/ont>")
    sheet.add(node, "dct:spatial", *(f"<{place}>" for place in release.places))
    sheet.add(node, "foaf:page", f"<{release.address(VOID)}>")
    sheet.add(release.address(VOID), "a", "foaf:Document")
    sheet.add(release.address(VOID), "rdfs:label", texts("void_file"))
    if period := _period(release):
        name = f"{node}/period"
        sheet.add(node, "dct:temporal", f"<{name}>")
        sheet.add(name, "a", "dct:PeriodOfTime")
        sheet.add(name, "rdfs:label", texts("period"))
        sheet.add(name, "dcat:startDate", period[0])
        sheet.add(name, "dcat:endDate", period[1])
    build, software = f"{node}/build", f"{ID}software/migkg-{__version__}"
    sheet.add(node, "prov:wasGeneratedBy", f"<{build}>")
    sheet.add(build, "a", "prov:Activity")
    sheet.add(build, "rdfs:label", texts("build"))
    sheet.add(build, "prov:wasAssociatedWith", f"<{software}>")
    sheet.add(software, "a", "prov:SoftwareAgent")
    sheet.add(software, "rdfs:label", f"migkg {__version__}")
    if profile.series:
        sheet.add(node, "dcat:inSeries", f"<{release.iri('series')}>")


def _period(release: Release) -> tuple[ox.Literal, ox.Literal] | None:
    """First and last day on which an event of the graph took place."""
    import pyoxigraph as ox

    rows = select(release.store, _DAYS).rows
    days = sorted((row[0] for row in rows if isinstance(row[0], ox.Literal)), key=lambda day: day.value)
    return (days[0], days[-1]) if days else None


_DAYS = "SELECT DISTINCT ?day WHERE { ?event a schema:Event ; schema:startDate|schema:endDate ?day }"


def _distribution(sheet: Sheet, release: Release, folder: Path, file: File, profile: Profile) -> None:
    node, dataset = f"{release.dataset}/{file.path}", part_iri(release, file)
    data = (folder / file.path).read_bytes()
    sheet.add(dataset, "dcat:distribution", f"<{node}>")
    sheet.add(dataset, "dct:conformsTo", f"<{file.conforms}>")
    sheet.add(node, "a", "dcat:Distribution")
    sheet.add(node, "dct:title", file.title)
    sheet.add(node, "dct:description", file.description)
    sheet.add(node, "dcat:accessURL", f"<{release.address(file.path)}>")
    sheet.add(node, "dcat:downloadURL", f"<{release.address(file.path)}>")
    sheet.add(node, "dcat:mediaType", f"<{MEDIA}{file.media_type}>")
    sheet.add(node, "dct:format", f"<{EU}file-type/{file.kind}>")
    sheet.add(node, "dcat:byteSize", len(data), kind=profile.size)
    sheet.add(node, "dct:license", f"<{release.licence}>")
    sheet.add(node, "dct:language", *(f"<{EU}language/{code}>" for code in _LANGUAGES))
    sheet.add(node, "dct:conformsTo", f"<{file.conforms}>")
    sheet.add(node, "dct:issued", release.date, kind="xsd:date")
    sheet.add(node, "dct:modified", release.date, kind="xsd:date")
    sheet.add(node, "dcatap:availability", f"<{EU}planned-availability/STABLE>")
    checksum = f"{node}/{profile.checksum}"
    sheet.add(node, "spdx:checksum", f"<{checksum}>")
    sheet.add(checksum, "a", "spdx:Checksum")
    sheet.add(checksum, "spdx:algorithm", f"<{full('spdx:checksumAlgorithm_' + profile.checksum).value}>")
    digest = hashlib.new(profile.checksum, data, usedforsecurity=False).hexdigest()
    sheet.add(checksum, "spdx:checksumValue", digest, kind="xsd:hexBinary")


def _service(sheet: Sheet, release: Release, endpoint: str) -> None:
    node = release.iri("sparql")
    sheet.add(release.iri("catalogue"), "dcat:service", f"<{node}>")
    sheet.add(node, "a", "dcat:DataService")
    sheet.add(node, "dct:title", texts("endpoint"))
    sheet.add(node, "dct:description", texts("endpoint_about"))
    _common(sheet, release, node)
    sheet.add(node, "dcat:endpointURL", f"<{endpoint}>")
    sheet.add(node, "dcat:endpointDescription", f"<{endpoint}>")
    sheet.add(endpoint, "a", "rdfs:Resource")  # as the profile's shapes of ranges want it
    sheet.add(endpoint, "rdfs:label", texts("endpoint"))
    sheet.add(node, "dcat:servesDataset", f"<{release.dataset}>")
    sheet.add(node, "dct:conformsTo", f"<{_SPARQL}>")
    sheet.add(node, "dct:license", f"<{release.licence}>")
    sheet.add(node, "dct:accessRights", f"<{EU}access-right/PUBLIC>")
    sheet.add(node, "dcat:keyword", release.keywords)
    sheet.add(node, "dcat:theme", *(f"<{EU}data-theme/{theme}>" for theme in release.themes))


def _series(sheet: Sheet, release: Release) -> None:
    """The series, and the versions before this one as the former release described them."""
    node = release.iri("series")
    sheet.add(node, "a", "dcat:DatasetSeries")
    sheet.add(node, "dct:title", release.title)
    sheet.add(node, "dct:description", texts("series_about"))
    _common(sheet, release, node)
    sheet.add(node, "dct:accrualPeriodicity", f"<{EU}frequency/{release.frequency}>")
    sheet.add(node, "dct:modified", release.date, kind="xsd:date")
    sheet.add(node, "dcat:last", f"<{release.dataset}>")
    former = former_versions(release)
    if former:
        sheet.add(release.dataset, "dcat:prev", f"<{former[-1][0]}>")
        sheet.add(release.dataset, "dcat:previousVersion", f"<{former[-1][0]}>")
        sheet.add(release.dataset, "prov:wasRevisionOf", f"<{former[-1][0]}>")
    sheet.add(node, "dcat:first", f"<{former[0][0] if former else release.dataset}>")
    for iri, told in former:
        sheet.triples |= told
        sheet.add(iri, "a", "dcat:Resource")  # no dcat:Dataset: harvesters would take it for one without files
        sheet.add(iri, "dcat:inSeries", f"<{node}>")


_KEPT = ("dct:title", "dct:description", "dct:identifier", "dct:issued", "dct:modified", "dct:publisher",
         "dcat:contactPoint", "dcat:version", "dcat:prev", "dcat:previousVersion", "prov:wasRevisionOf")  # fmt: skip


def former_versions(release: Release) -> list[tuple[str, set[ox.Triple]]]:
    """The versions of the graph that a former release knows, the oldest first, and what it says of each.

    :raises QueryError: when it has the version of this one. :raises GraphError: when it cannot be read.
    """

    if release.former is None:
        return []
    file = release.former / CATALOGUE
    if not file.is_file():
        raise GraphError("there is no release here", where=str(release.former), expected=f"a folder with {CATALOGUE}")
    found = triples(file)
    kept = {full(name) for name in _KEPT}
    told: list[tuple[str, str, set[ox.Triple]]] = []
    for triple in found:
        if triple.predicate == full("dcat:inSeries"):
            about = {one for one in found if one.subject == triple.subject and one.predicate in kept}
            issued = min((str(one.object) for one in about if one.predicate == full("dct:issued")), default="")
            told.append((issued, str(triple.subject)[1:-1], about))
    if release.dataset in (iri for _, iri, _ in told):
        raise QueryError(
            f"the former release is of version {release.version} too", where=str(release.former),
            todo="Give this one another number: --release.",
        )  # fmt: skip
    return [(iri, about) for _, iri, about in sorted(told, key=lambda one: one[:2])]


def _agents(sheet: Sheet, release: Release) -> None:
    publisher, contact = release.publisher, release.iri("contact")
    sheet.add(publisher.iri, "a", "foaf:Agent")
    sheet.add(publisher.iri, "foaf:name", publisher.name)
    sheet.add(publisher.iri, "foaf:homepage", f"<{publisher.homepage}>")
    sheet.add(publisher.iri, "foaf:mbox", f"<mailto:{publisher.email}>")
    sheet.add(contact, "a", "vcard:Kind", "vcard:Organization")
    sheet.add(contact, "vcard:fn", publisher.name)
    sheet.add(contact, "vcard:hasEmail", f"<mailto:{publisher.email}>")
    sheet.add(contact, "vcard:hasURL", f"<{publisher.homepage}>")
    for page, label in ((publisher.homepage, publisher.name), (release.site, release.title["en"])):
        sheet.add(page, "a", "foaf:Document")
        sheet.add(page, "rdfs:label", label)


def _names(sheet: Sheet, release: Release) -> None:
    """Types and labels of what is named and described neither here nor in the lists of others."""
    if release.licence not in authorities():
        sheet.add(release.licence, "a", "dct:LicenseDocument")
        sheet.add(release.licence, "dct:title", release.licence)
    for place in release.places:
        sheet.add(place, "a", "dct:Location")
        for lang in release.title:
            name = labels(release.store, [place], lang=lang)[place]
            sheet.add(place, "skos:prefLabel", {lang: name})
