"""`ontology/shapes.ttl`: every shape finds what it is for, says what to do, and leaves a good graph alone."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from functools import cache
from pathlib import Path

import pycountry
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyshacl.entrypoints import meta_validate
from rdflib import DCTERMS, RDF, RDFS, SH, Graph, URIRef

from migkg import resources
from migkg.model import Finding
from migkg.ontology import ID, ONT, PREFIXES, load_ontology
from migkg.validate import validate

SHAPE = "https://w3id.org/migkg/shape/"
FILE = resources.path("ontology", "shapes.ttl")
GOOD = Path(__file__).parents[1] / "fixtures" / "shapes" / "good.ttl"
TARGETS = (SH.targetClass, SH.targetSubjectsOf)
HEAD = f"@base <{ID}> .\n" + "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())

# Shape → what makes it speak: lines that take triples of good.ttl away (-) and put others there (+).
BAD: dict[str, tuple[str, ...]] = {
    # facts
    "Fact": ("+ <thing/hosting> a mig:Hosting .",),
    "Fact-type": ("- <fact/hosting> a mig:Fact", "- <fact/hosting> a mig:Hosting"),
    "Fact-evidence": (
        "- <fact/hosting> mig:evidence",
        "- <fact/hosting> mig:evidence \n+ <fact/hosting> mig:evidence <snapshot/crew-forum> .",
    ),
    "Fact-label": ("- <fact/hosting> rdfs:label", '+ <fact/hosting> rdfs:label "in no language" .'),
    "Fact-rule": ("- <fact/hosting> mig:rule",),
    "Fact-reader": ("- <fact/hosting> mig:reader", "- <fact/hosting> mig:reader \n+ <fact/hosting> mig:reader 1 ."),
    "Affiliation-member": (
        "- <fact/affiliation> org:member",
        "+ <fact/affiliation> org:member <organization/port-council> .",
    ),
    "Affiliation-organization": (
        "+ <fact/affiliation> org:organization <organization/port-council> .",
        "- <fact/affiliation> org:organization \n+ <fact/affiliation> org:organization <place/harbour-town> .",
    ),
    "Affiliation-post": (
        "- <fact/affiliation> mig:post \n+ <fact/affiliation> mig:post <place/harbour-town> .",
        "+ <fact/affiliation> mig:post <post/other> . <post/other> a org:Post .",
    ),
    "Affiliation-title": ('+ <fact/affiliation> mig:title "Director" .',),
    "Affiliation-observed": (
        '- <fact/affiliation> mig:observed \n+ <fact/affiliation> mig:observed "12 June" .',
        '- <fact/affiliation> mig:observed \n+ <fact/affiliation> mig:observed "2024-13-45"^^xsd:date .',
        '+ <fact/affiliation> mig:observed "2024"^^xsd:gYear .',
    ),
    "Affiliation-without-organization": ("- <fact/affiliation> org:organization",),
    "Occurrence-event": (
        "- <fact/occurrence> mig:event",
        "+ <fact/occurrence> mig:event <event/crew-assembly> .",
        "- <fact/occurrence> mig:event \n+ <fact/occurrence> mig:event <place/harbour-town> .",
    ),
    "Occurrence-place": (
        "+ <fact/occurrence> mig:place <place/island-state> .",
        "- <fact/occurrence> mig:place \n+ <fact/occurrence> mig:place <person/mira-sand> .",
    ),
    "Occurrence-before": (
        "+ <fact/occurrence> mig:before <event/crew-forum> .",
        "+ <fact/occurrence> mig:before <place/harbour-town> .",
    ),
    "Occurrence-start": ('+ <fact/occurrence> mig:start "2023"^^xsd:gYear .',),
    "Occurrence-end": ('+ <fact/occurrence> mig:end "2025"^^xsd:gYear .',),
    "Occurrence-attendanceMode": (
        "- <fact/occurrence> mig:attendanceMode \n+ <fact/occurrence> mig:attendanceMode schema:Event .",
        "+ <fact/occurrence> mig:attendanceMode schema:OnlineEventAttendanceMode .",
    ),
    "Occurrence-weekday": ('+ <fact/occurrence> mig:weekday "yesterday" .',),
    "Occurrence-content": ("+ <fact/empty> a mig:Occurrence .",),
    "Hosting-event": ("- <fact/hosting> mig:event", "+ <fact/hosting> mig:event <event/crew-assembly> ."),
    "Hosting-organizer": (
        "- <fact/hosting> mig:organizer",
        "- <fact/hosting> mig:organizer \n+ <fact/hosting> mig:organizer <policy/gcm> .",
        "- <fact/hosting> mig:organizer \n+ <fact/hosting> mig:organizer <organization/described-nowhere> .",
    ),
    "Participation-event": ("- <fact/participation> mig:event",),
    "Participation-participant": (
        "- <fact/participation> mig:participant",
        "- <fact/participation> mig:participant \n+ <fact/participation> mig:participant <policy/gcm> .",
    ),
    "Participation-participationRole": ("+ <fact/participation> mig:participationRole mig:Direct .",),
    "Attendance-event": ("- <fact/attendance> mig:event",),
    "Attendance-inPerson": (
        "- <fact/attendance> mig:inPerson \n+ <fact/attendance> mig:inPerson -1 .",
        "+ <fact/attendance> mig:inPerson 12 .",
    ),
    "Attendance-online": ('- <fact/attendance> mig:online \n+ <fact/attendance> mig:online "many" .',),
    "Attendance-total": ("- <fact/attendance> mig:total \n+ <fact/attendance> mig:total 162.5 .",),
    "Attendance-stakeholderCategory": ('+ <fact/attendance> mig:stakeholderCategory "academia" .',),
    "Attendance-content": ("+ <fact/empty> a mig:Attendance .",),
    "Statement-speaker": (
        "- <fact/statement> mig:speaker",
        "- <fact/statement> mig:speaker \n+ <fact/statement> mig:speaker <policy/gcm> .",
    ),
    "Statement-event": (
        "+ <fact/statement> mig:event <event/crew-assembly> .",
        "- <fact/statement> mig:event \n+ <fact/statement> mig:event <place/harbour-town> .",
    ),
    "Statement-about": ('+ <fact/statement> mig:about "fees" .',),
    "Statement-quotation": (
        "- <fact/statement> mig:quotation",
        '- <fact/statement> mig:quotation \n+ <fact/statement> mig:quotation "Fair fees keep crews safe" .',
        '+ <fact/statement> mig:quotation "Fair fees"@en .',
    ),
    "Statement-mode": ("- <fact/statement> mig:mode", "+ <fact/statement> mig:mode mig:Reported ."),
    "Statement-without-topic": ("- <fact/statement> mig:about",),
    "SubEvent-event": ("- <fact/subevent> mig:event",),
    "SubEvent-session": (
        "- <fact/subevent> mig:session",
        "- <fact/subevent> mig:session \n+ <fact/subevent> mig:session <event/crew-forum> .",
    ),
    "SubEvent-order": ("- <fact/subevent> mig:order \n+ <fact/subevent> mig:order 0 .",),
    "Addressing-subject": (
        "- <fact/addressing> mig:subject",
        "- <fact/addressing> mig:subject \n+ <fact/addressing> mig:subject <person/mira-sand> .",
    ),
    "Addressing-topic": (
        "- <fact/addressing> mig:topic",
        '- <fact/addressing> mig:topic \n+ <fact/addressing> mig:topic "work at sea" .',
    ),
    "Addressing-theme": ('+ <fact/addressing> mig:theme "work at sea" .',),
    "Launch-event": ("- <fact/launch> mig:event",),
    "Launch-output": ("- <fact/launch> mig:output", "+ <fact/launch> mig:output <policy/gcm> ."),
    "Funding-funder": (
        "- <fact/funding> mig:funder",
        "- <fact/funding> mig:funder \n+ <fact/funding> mig:funder <policy/gcm> .",
    ),
    "Funding-funded": ('+ <fact/funding> mig:funded "crews" .', "+ <fact/funding> mig:funded <event/crew-forum> ."),
    "Funding-through": ("+ <fact/funding> mig:through <policy/gcm> .",),
    "Funding-amount": (
        "- <fact/funding> mig:amount \n+ <fact/funding> mig:amount 250000 .",
        "- <fact/funding> mig:amount \n+ <fact/funding> mig:amount -1.0 .",
    ),
    "Funding-currency": (
        '- <fact/funding> mig:currency \n+ <fact/funding> mig:currency "dollars" .',
        '- <fact/funding> mig:currency \n+ <fact/funding> mig:currency "RPH" .',
    ),
    "Funding-start": ('+ <fact/funding> mig:start "2022"^^xsd:gYear .',),
    "Funding-end": ('- <fact/funding> mig:end \n+ <fact/funding> mig:end "2025-05-32"^^xsd:date .',),
    "Funding-content": ("- <fact/funding> mig:funded \n- <fact/funding> mig:through",),
    "Funding-unit-currency": ("- <fact/funding> mig:currency",),
    "Implementation-programme": (
        "- <fact/implementation> mig:programme",
        "- <fact/implementation> mig:programme \n+ <fact/implementation> mig:programme <person/mira-sand> .",
    ),
    "Implementation-implementer": (
        "- <fact/implementation> mig:implementer",
        "- <fact/implementation> mig:implementer \n+ <fact/implementation> mig:implementer <person/mira-sand> .",
    ),
    "Implementation-lead": ("- <fact/implementation> mig:lead \n+ <fact/implementation> mig:lead mig:Adopted .",),
    "Partnership-partner": (
        "- <fact/partnership> mig:partner",
        "- <fact/partnership> mig:partner \n+ <fact/partnership> mig:partner <organization/sailors-guild> .",
    ),
    "Partnership-otherPartner": (
        "- <fact/partnership> mig:otherPartner",
        "- <fact/partnership> mig:otherPartner \n+ <fact/partnership> mig:otherPartner <event/crew-forum> .",
    ),
    "PartOf-part": (
        "- <fact/partof> mig:part",
        "- <fact/partof> mig:part \n+ <fact/partof> mig:part <organization/harbour-ministry> .",
    ),
    "PartOf-whole": (
        "- <fact/partof> mig:whole",
        "- <fact/partof> mig:whole \n+ <fact/partof> mig:whole <place/island-state> .",
    ),
    "Signature-signatory": (
        "- <fact/signature> mig:signatory",
        "- <fact/signature> mig:signatory \n+ <fact/signature> mig:signatory <policy/gcm> .",
    ),
    "Signature-agreement": (
        "- <fact/signature> mig:agreement",
        "- <fact/signature> mig:agreement \n+ <fact/signature> mig:agreement <place/island-state> .",
    ),
    "Signature-event": ("+ <fact/signature> mig:event <event/crew-assembly> .",),
    "Signature-date": ('+ <fact/signature> mig:date "2023"^^xsd:gYear .',),
    "Adoption-adopter": (
        "- <fact/adoption> mig:adopter",
        "- <fact/adoption> mig:adopter \n+ <fact/adoption> mig:adopter <policy/gcm> .",
    ),
    "Adoption-policy": (
        "- <fact/adoption> mig:policy",
        "- <fact/adoption> mig:policy \n+ <fact/adoption> mig:policy <person/mira-sand> .",
    ),
    "Adoption-date": ('- <fact/adoption> mig:date \n+ <fact/adoption> mig:date "May 2022"@en .',),
    "Adoption-status": (
        "- <fact/adoption> mig:status",
        "- <fact/adoption> mig:status \n+ <fact/adoption> mig:status mig:Champion .",
    ),
    "Assessment-profile": (
        "- <fact/assessment> mig:profile",
        "- <fact/assessment> mig:profile \n+ <fact/assessment> mig:profile <policy/crew-report> .",
    ),
    "Assessment-place": ("+ <fact/assessment> mig:place <place/island-state> .",),
    "Assessment-framework": ("+ <fact/assessment> mig:framework <policy/gcm> .",),
    "Assessment-consultation": ("+ <fact/assessment> mig:consultation <place/harbour-town> .",),
    "Assessment-start": ('+ <fact/assessment> mig:start "2022"^^xsd:gYear .',),
    "Assessment-end": ('+ <fact/assessment> mig:end "2025"^^xsd:gYear .',),
    "Assessment-indicatorCount": ("+ <fact/assessment> mig:indicatorCount 12 .",),
    "Assessment-without-place": ("- <fact/assessment> mig:place",),
    "Commitment-party": (
        "- <fact/commitment> mig:party",
        "- <fact/commitment> mig:party \n+ <fact/commitment> mig:party <policy/mgi> .",
    ),
    "Commitment-framework": (
        "- <fact/commitment> mig:framework",
        "- <fact/commitment> mig:framework \n+ <fact/commitment> mig:framework <place/island-state> .",
    ),
    "Commitment-status": ("- <fact/commitment> mig:status", "+ <fact/commitment> mig:status mig:Member ."),
    "Presence-organization": (
        "- <fact/presence> org:organization",
        "- <fact/presence> org:organization \n+ <fact/presence> org:organization <person/mira-sand> .",
    ),
    "Presence-place": ("+ <fact/presence> mig:place <place/island-state> .",),
    "Presence-since": ('+ <fact/presence> mig:since "1999"^^xsd:gYear .',),
    "Presence-memberStates": ("+ <fact/presence> mig:memberStates 13 .",),
    "Presence-countries": ("- <fact/presence> mig:countries \n+ <fact/presence> mig:countries -3 .",),
    "Presence-asPrinted": ('+ <fact/presence> mig:asPrinted "over 30 countries" .',),
    "Presence-content": ("+ <fact/empty> a mig:Presence .",),
    "Description-subject": (
        "- <fact/description> mig:subject",
        '- <fact/description> mig:subject \n+ <fact/description> mig:subject "the plan" .',
    ),
    "Description-text": ("- <fact/description> mig:text", '+ <fact/description> mig:text "a plan" .'),
    "Mention-article": ("- <fact/mention> mig:article", "+ <fact/mention> mig:article <article/other> ."),
    "Mention-mentioned": (
        "- <fact/mention> mig:mentioned",
        '- <fact/mention> mig:mentioned \n+ <fact/mention> mig:mentioned "UNODC" .',
    ),
    # values that contradict each other
    "Weekday": (
        '- <fact/occurrence> mig:weekday \n+ <fact/occurrence> mig:weekday "Thursday" .',
        '- <fact/occurrence> mig:weekday \n+ <fact/occurrence> mig:weekday "Kamis" .',
        '+ <fact/occurrence> mig:weekday "Jum’at" .',
    ),
    "Period": (
        '- <fact/occurrence> mig:end \n+ <fact/occurrence> mig:end "2024-06-11"^^xsd:date .',
        '- <fact/occurrence> mig:end \n+ <fact/occurrence> mig:end "2023"^^xsd:gYear .',
        '- <fact/funding> mig:end \n+ <fact/funding> mig:end "2022-12-31"^^xsd:date .',
    ),
    "Total": (
        "- <fact/attendance> mig:total \n+ <fact/attendance> mig:total 161 .",
        "- <fact/attendance> mig:total \n- <fact/attendance> mig:online \n+ <fact/attendance> mig:total 100 .",
    ),
    "Quoted": (
        '- <fact/statement> mig:quotation \n+ <fact/statement> mig:quotation "Fair fees keep crews happy"@en .',
        '- <fact/statement> mig:quotation \n+ <fact/statement> mig:quotation "Our action plan … Fair fees"@en .',
        "- <fact/statement> mig:evidence",
    ),
    # evidence
    "Span": ("+ [] a oa:SpecificResource .",),
    "Span-source": ("- <fact/hosting>/evidence oa:hasSource",),
    "Span-selectors": (
        "- <fact/hosting>/evidence oa:hasSelector",
        "- <fact/hosting>/quote a oa:TextQuoteSelector \n+ <fact/hosting>/quote a oa:TextPositionSelector .",
        "+ <fact/hosting>/evidence oa:hasSelector <span/crew-forum/third> .",
    ),
    "Span-words": (
        "- <fact/hosting>/quote a oa:TextQuoteSelector",
        "+ <fact/hosting>/evidence oa:hasSelector <quote/other> . <quote/other> a oa:TextQuoteSelector .",
    ),
    "Page-value": (
        "- <fact/occurrence>/page rdf:value",
        '- <fact/occurrence>/page rdf:value \n+ <fact/occurrence>/page rdf:value "3" .',
        '- <fact/occurrence>/page rdf:value \n+ <fact/occurrence>/page rdf:value "page=0" .',
    ),
    "Page-standard": (
        "- <fact/occurrence>/page dct:conformsTo",
        "+ <fact/occurrence>/page dct:conformsTo <http://tools.ietf.org/rfc/rfc5147> .",
    ),
    "Page-words": (
        "- <fact/occurrence>/page oa:refinedBy",
        "- <fact/occurrence>/page oa:refinedBy \n+ <fact/occurrence>/page oa:refinedBy <span/crew-forum/third> .",
    ),
    "Span-sentence": (
        "- <fact/hosting>/evidence mig:sentence",
        '+ <fact/hosting>/evidence mig:sentence "Another one." .',
        '- <fact/hosting>/evidence mig:sentence \n+ <fact/hosting>/evidence mig:sentence "words"@en .',
    ),
    "Span-sentence-start": (
        "- <fact/hosting>/evidence mig:sentenceStart",
        '- <fact/hosting>/evidence mig:sentenceStart \n+ <fact/hosting>/evidence mig:sentenceStart -1 .',
    ),
    "Position-start": (
        "- <fact/hosting>/position oa:start",
        "- <fact/hosting>/position oa:start \n+ <fact/hosting>/position oa:start \"3\" .",
        '- <fact/hosting>/position oa:start \n+ <fact/hosting>/position oa:start 9999 .',
    ),
    "Position-end": (
        "- <fact/hosting>/position oa:end",
        '- <fact/hosting>/position oa:end \n+ <fact/hosting>/position oa:end -1 .',
    ),
    "Quote-exact": (
        "- <fact/hosting>/quote oa:exact",
        '- <fact/hosting>/quote oa:exact \n+ <fact/hosting>/quote oa:exact "" .',
        '- <fact/hosting>/quote oa:exact \n+ <fact/hosting>/quote oa:exact "words"@en .',
    ),
    "Quote-prefix": ('+ <fact/hosting>/quote oa:prefix "other words" .',),
    "Quote-suffix": ('+ <fact/hosting>/quote oa:suffix "other words" .',),
    "Words": (
        '- <fact/hosting>/quote oa:exact \n+ <fact/hosting>/quote oa:exact "The Port Council held the Crew Forum" .',
        '- <fact/hosting>/position oa:start \n+ <fact/hosting>/position oa:start 64 .',
    ),
    "Sentence": (
        '- <fact/hosting>/evidence mig:sentence \n+ <fact/hosting>/evidence mig:sentence "Not in the text." .',
    ),
    "Within": (
        "- <fact/hosting>/evidence mig:sentenceStart \n+ <fact/hosting>/evidence mig:sentenceStart 0 .",
    ),
    "Length": (
        """- <snapshot/crew-forum> mig:snapshotText
- <fact/hosting>/quote oa:exact
+ <fact/hosting>/quote oa:exact "The Port Council" .""",
    ),
    # provenance
    "Article": ("+ <story/other> a schema:NewsArticle .",),
    "Article-headline": ('+ <article/crew-forum> schema:headline "A forum" .',),
    "Article-url": (
        '- <article/crew-forum> schema:url \n+ <article/crew-forum> schema:url "crew-forum.html" .',
        "+ <article/crew-forum> schema:url <https://news.example/other> .",
    ),
    "Article-published": ('+ <article/crew-forum> schema:datePublished "2023"^^xsd:gYear .',),
    "Article-language": ("- <article/crew-forum> schema:inLanguage", '+ <article/crew-forum> schema:inLanguage "id" .'),
    "Article-without-date": ("- <article/crew-forum> schema:datePublished",),
    "Article-identified": ("- <article/crew-forum> schema:headline \n- <article/crew-forum> schema:url",),
    "Article-source": ("- <article/crew-forum> mig:publisherName",),
    "Article-snapshot": ("- <snapshot/crew-forum> prov:specializationOf",),
    "Snapshot-article": (
        "- <snapshot/crew-forum> prov:specializationOf",
        "+ <snapshot/crew-forum> prov:specializationOf <event/crew-forum> .",
    ),
    "Snapshot-digest": (
        "- <snapshot/crew-forum> mig:textSha256",
        '- <snapshot/crew-forum> mig:textSha256 \n+ <snapshot/crew-forum> mig:textSha256 "0123abc" .',
    ),
    "Snapshot-text": ('+ <snapshot/crew-forum> mig:snapshotText "another text" .',),
    "Digest": (f'- <snapshot/crew-forum> mig:textSha256 \n+ <snapshot/crew-forum> mig:textSha256 "{"0" * 64}" .',),
    "ArticleGraph-snapshot": ("- <graph/crew-forum> prov:wasDerivedFrom",),
    "ArticleGraph-activity": ("- <graph/crew-forum> prov:wasGeneratedBy",),
    "Activity-used": ("- <activity/crew-forum> prov:used",),
    "Activity-software": ("- <activity/crew-forum> prov:wasAssociatedWith",),
    "Software-version": ("- <software/migkg-1> mig:version", '+ <software/migkg-1> mig:version "2" .'),
    # entities
    "Entity-label": ("- <place/harbour-town> skos:prefLabel", '+ <place/harbour-town> skos:prefLabel "Town" .'),
    "Entity-label-unique": ('+ <place/harbour-town> skos:prefLabel "Town"@en .',),
    "Mentioned-form": ('+ <person/mira-sand> mig:mentionedAs "Sand" .',),
    "Person": ("+ <people/other> a foaf:Person .", "+ <person/Mira_Sand> a foaf:Person ."),
    "Person-name": ("- <person/mira-sand> foaf:name", '+ <person/mira-sand> foaf:name "Mira Sand"@en .'),
    "Organization": ("+ <person/crew-club> a org:Organization .", "+ <person/crew-club> a org:OrganizationalUnit ."),
    "Unit": ("+ <organization/crew-office> a org:Organization .",),
    "Post": ("+ <person/director> a org:Post .",),
    "Post-organization": ("+ <post/crew-office-director> org:postIn <place/harbour-town> .",),
    "Post-holder": ("+ <post/crew-office-director> org:heldBy <organization/crew-office> .",),
    "Post-without-organization": ("- <post/crew-office-director> org:postIn",),
    "Event": ("+ <place/forum> a cv:PublicEvent .",),
    "Event-type": ('+ <event/crew-forum> dct:type "conference" .',),
    "Event-start": ('+ <event/crew-forum> schema:startDate "2024-06-13"^^xsd:date .',),
    "Event-when": ("- <event/crew-forum> schema:startDate\n- <event/crew-forum> mig:precedes",),
    "Event-where": ("- <event/crew-forum> schema:location \n- <event/crew-forum> schema:eventAttendanceMode",),
    "Place": ("+ <event/town> a schema:Place .",),
    "Policy": (
        "+ <place/act> a eli:LegalResource .",
        "+ <place/act> a cv:ReferenceFramework .",
        "+ <place/act> a schema:Report .",
    ),
    "Law": ("+ <policy/seafarers-act> a cv:ReferenceFramework .",),
    "Programme": ("+ <place/fund> a schema:FundingScheme .", "+ <place/project> a schema:Project ."),
    "Change-original": ("- <change/crew-office-2020> org:originalOrganization",),
    "Change-resulting": ("+ <change/crew-office-2020> org:resultingOrganization <place/harbour-town> .",),
    "Change-date": ("- <change/crew-office-2020> dct:date", '+ <change/crew-office-2020> dct:date "2020" .'),
}


@cache
def shapes() -> Graph:
    return Graph().parse(FILE)


@cache
def good() -> frozenset[ox.Triple]:
    return frozenset(ox.Triple(q.subject, q.predicate, q.object) for q in ox.parse(path=GOOD))


def parsed(turtle: str) -> list[ox.Triple]:
    quads = ox.parse(HEAD + turtle, format=ox.RdfFormat.TURTLE)
    return [ox.Triple(q.subject, q.predicate, q.object) for q in quads]


def named(case: str) -> str:
    """`<fact/hosting>/evidence` and its selectors `/position`, `/quote` and `/page` by their IRIs."""

    def span(match: re.Match[str]) -> str:
        fact, part = ox.NamedNode(ID + match[1]), match[2]
        (iri,) = (t.object.value for t in good() if t.subject == fact and t.predicate.value == ONT + "evidence")
        return f"<{iri}>" if part == "evidence" else f"<{iri}#{part}>"

    return re.sub(r"<([^>]*)>/(evidence|position|quote|page)", span, case)


def edited(case: str) -> bytes:
    """good.ttl with a case's changes, as N-Triples."""
    triples = set(good())
    for line in named(case).split("\n"):
        sign, text = line[0], line[2:].strip()
        if sign == "+":
            triples.update(parsed(text))
            continue
        parts = text.split(" ")
        (pattern,) = parsed(" ".join([*parts, "[]"][:3]) + " .")
        gone = {
            t
            for t in triples
            if (t.subject, t.predicate) == (pattern.subject, pattern.predicate)
            and (len(parts) == 2 or t.object == pattern.object)
        }
        assert gone, f"nothing to take away: {line}"
        triples -= gone
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)


def found(case: str) -> tuple[Finding, ...]:
    return validate(edited(case)).findings


def reporting() -> dict[str, URIRef]:
    """The shapes that can find something: property shapes of targeted shapes, and targeted shapes with constraints."""
    names = {}
    for node in {s for target in TARGETS for s in shapes().subjects(target)}:
        constraints = {SH["or"], SH["not"], SH.sparql, SH.pattern, SH.nodeKind}
        if constraints & set(shapes().predicates(node)):
            names[str(node).removeprefix(SHAPE)] = node
        names |= {str(part).removeprefix(SHAPE): part for part in shapes().objects(node, SH.property)}
    return names


def test_a_good_graph_leaves_nothing_to_say() -> None:
    report = validate(GOOD.read_bytes(), "ttl")
    assert report.findings == ()
    assert report.unmatched == ()


def test_the_good_graph_has_every_kind_of_fact_and_of_entity() -> None:
    ontology = load_ontology()
    kinds: dict[str, set[str]] = {}
    for triple in good():
        if triple.predicate.value == str(RDF.type):
            kinds.setdefault(triple.subject.value, set()).add(triple.object.value)
    for fact in ontology.facts.values():
        assert any(set(fact.types) <= types for types in kinds.values()), fact.name
    for entity in ontology.entities.values():
        assert any(set(entity.types) <= types for types in kinds.values()), entity.name
    used = {triple.predicate.value for triple in good()}
    for fact in ontology.facts.values():
        assert {*fact.roles.values(), *fact.qualifiers.values()} <= used, fact.name


def test_every_shape_has_a_failing_graph() -> None:
    assert set(BAD) == set(reporting())


@pytest.mark.parametrize(("shape", "case"), [(shape, case) for shape, cases in BAD.items() for case in cases])
def test_a_shape_finds_what_it_is_for(shape: str, case: str) -> None:
    mine = [finding for finding in found(case) if finding.shape == shape]
    assert mine, f"{shape} finds nothing"
    severity = str(shapes().value(reporting()[shape], SH.severity, default=SH.Violation))
    for finding in mine:
        assert severity.removeprefix(str(SH)).lower() == finding.severity
        assert finding.message == str(
            next(m for m in shapes().objects(reporting()[shape], SH.message) if m.language == "en")
        )


DO = re.compile(
    r"(?<=\. )(Add|Build|Choose|Copy|Correct|Count|Find|Give|Keep|Link|Look|Make|Name|Read|Tag|Use|Validate|Write)\b"
)


@pytest.mark.parametrize("shape", sorted(reporting()))
def test_a_message_says_what_is_wrong_and_what_to_do(shape: str) -> None:
    messages = {m.language: str(m) for m in shapes().objects(reporting()[shape], SH.message)}
    assert sorted(messages) == ["en", "id"]
    assert DO.search(messages["en"]), messages["en"]
    for message in messages.values():
        assert message.endswith(".")
        assert len(message.split(". ")) >= 2
        assert "{" not in message


def test_shapes_have_no_blank_nodes_and_names_of_their_own() -> None:
    for quad in ox.parse(path=FILE):
        assert isinstance(quad.subject, ox.NamedNode)
        assert not isinstance(quad.object, ox.BlankNode)
        assert quad.subject.value.startswith(SHAPE.rstrip("/"))
    kinds = (SH.NodeShape, SH.PropertyShape, SH.SPARQLConstraint)
    for shape in {s for kind in kinds for s in shapes().subjects(RDF.type, kind)}:
        assert re.fullmatch(r"[A-Z][A-Za-z-]*", str(shape).removeprefix(SHAPE)), shape


def test_shapes_conform_to_the_shapes_of_shacl() -> None:
    conforms, _, text = meta_validate(Graph().parse(FILE), inference=None)
    assert conforms, text


def test_shapes_use_only_terms_that_the_ontology_declares() -> None:
    declared = {quad.subject.value for quad in ox.parse(path=resources.path("ontology", "migkg.ttl"))}
    used = set()
    for predicate in (SH.path, SH["class"], SH.targetClass, SH.targetSubjectsOf, SH.disjoint, SH.lessThan):
        used |= {str(term) for term in shapes().objects(None, predicate)}
    text = FILE.read_text(encoding="utf-8")
    used |= {ONT + name for name in re.findall(r"\bmig:([A-Za-z0-9]+)", text)}
    used |= {ONT + name for group in re.findall(r"/ont#\(\?:([^)]*)\)\$", text) for name in group.split("|")}
    used -= {ONT + name for name in ("Lead", "Partner")}  # spelt in two parts in a pattern
    assert {term for term in used if not term.startswith((str(RDF), str(RDFS), str(DCTERMS)))} <= declared


def test_every_role_and_qualifier_of_every_kind_of_fact_has_a_shape() -> None:
    facts = set(shapes().objects(URIRef(SHAPE + "Fact"), SH.targetClass))
    for kind in load_ontology().facts.values():
        assert URIRef(kind.iri) in facts
        paths = {
            str(path)
            for shape in shapes().subjects(SH.targetClass, URIRef(kind.iri))
            if shape != URIRef(SHAPE + "Fact")
            for part in shapes().objects(shape, SH.property)
            for path in shapes().objects(part, SH.path)
        }
        assert paths == {*kind.roles.values(), *kind.qualifiers.values()}, kind.name


def test_every_kind_of_entity_has_a_shape_with_its_segment() -> None:
    for kind in load_ontology().entities.values():
        nodes = {s for iri in kind.types for s in shapes().subjects(SH.targetClass, URIRef(iri))}
        assert URIRef(SHAPE + "Entity") in nodes, kind.name
        patterns = {str(p) for node in nodes for p in shapes().objects(node, SH.pattern)}
        expected = set() if kind.name == "concept" else {f"/{kind.segment}/[a-z0-9][a-z0-9-]*$"}
        assert patterns == expected, kind.name


def test_currencies_are_those_of_iso_4217() -> None:
    (pattern,) = shapes().objects(URIRef(SHAPE + "Funding-currency"), SH.pattern)
    known = {currency.alpha_3 for currency in pycountry.currencies}
    assert set(re.findall("[A-Z]{3}", str(pattern))) == known


ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
INDONESIAN = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


@given(day=st.dates(), printed=st.integers(0, 6), names=st.sampled_from((ENGLISH, INDONESIAN)))
def test_a_printed_weekday_is_compared_with_the_date(day: date, printed: int, names: tuple[str, ...]) -> None:
    turtle = f'<fact/x> mig:weekday "{names[printed]}" ; mig:start "{day.isoformat()}"^^xsd:date .'
    weekday = [f for f in validate((HEAD + turtle).encode(), "ttl").findings if f.shape == "Weekday"]
    assert bool(weekday) == (day.weekday() != printed)
    assert [f.value for f in weekday] in ([], [f"{names[printed]}, {day.isoformat()}"])


@pytest.mark.parametrize("name", ["Jumat", "Jum'at", "Jum’at", "JUMAT", "friday"])
@pytest.mark.parametrize(("day", "wrong"), [("2024-06-14", False), ("2024-06-13", True)])
def test_weekdays_have_spellings(name: str, day: str, wrong: bool) -> None:  # noqa: FBT001
    turtle = f'<fact/x> a mig:Occurrence ; mig:weekday "{name}" ; mig:start "{day}"^^xsd:date .'
    shapes_found = {f.shape for f in validate((HEAD + turtle).encode(), "ttl").findings}
    assert ("Weekday" in shapes_found) == wrong
    assert "Occurrence-weekday" not in shapes_found


def test_a_month_has_no_weekday() -> None:
    turtle = '<fact/x> mig:weekday "Monday" ; mig:start "2024-06"^^xsd:gYearMonth .'
    assert validate((HEAD + turtle).encode(), "ttl").findings == ()


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        ("2024-06-12", "2024-06-12", False),
        ("2024-06-12", "2024-06-11", True),
        ("2024-06-12", "2024-06", False),
        ("2024-06-12", "2024", False),
        ("2024-06", "2024-05-31", True),
        ("2024", "2023-12-31", True),
        ("2023", "2024-01", False),
    ],
)
def test_an_end_is_compared_as_far_as_both_dates_go(start: str, end: str, wrong: bool) -> None:  # noqa: FBT001
    kinds = {10: "date", 7: "gYearMonth", 4: "gYear"}
    turtle = f'<fact/x> mig:start "{start}"^^xsd:{kinds[len(start)]} ; mig:end "{end}"^^xsd:{kinds[len(end)]} .'
    assert {f.shape for f in validate((HEAD + turtle).encode(), "ttl").findings} == ({"Period"} if wrong else set())


@pytest.mark.parametrize(
    ("quotation", "wrong"),
    [
        ("Fair fees keep crews safe … Our action plan says so.", False),
        ("Our action plan says so", False),
        ('"Fair fees, keep crews safe"', False),
        ("Fair … crews safe … says so", False),
        ("fair fees keep crews safe", True),
        ("Fair fees … happy crews", True),
        ("Fair crews safe", True),
    ],
)
def test_a_quotation_stands_in_the_words_that_prove_it(quotation: str, wrong: bool) -> None:  # noqa: FBT001
    literal = str(ox.Literal(quotation, language="en"))
    case = f"- <fact/statement> mig:quotation \n+ <fact/statement> mig:quotation {literal} ."
    assert ("Quoted" in {f.shape for f in found(case)}) == wrong


def test_a_quotation_may_stand_in_any_of_several_spans() -> None:
    case = "+ <fact/statement> mig:evidence <fact/hosting>/evidence ."
    assert found(case) == ()


@given(before=st.text(max_size=9), words=st.text(min_size=1, max_size=9), behind=st.text(max_size=9))
def test_positions_count_code_points(before: str, words: str, behind: str) -> None:
    text, start = before + words + behind, len(before)
    snapshot, span = "<snapshot/a>", "<span/a/1>"

    def graph(end: int) -> bytes:
        turtle = (
            f"{snapshot} mig:snapshotText {ox.Literal(text)} .\n"
            f"{span} oa:hasSource {snapshot} ; oa:hasSelector <span/a/1#position>, <span/a/1#quote> .\n"
            f'<span/a/1#position> oa:start {start} .\n'
            f'<span/a/1#position> oa:end {end} .\n'
            f"<span/a/1#quote> oa:exact {ox.Literal(words)} .\n"
        )
        return (HEAD + turtle).encode()

    assert validate(graph(start + len(words)), "ttl").findings == ()
    (finding,) = validate(graph(start + len(words) - 1), "ttl").findings
    assert (finding.shape, finding.focus, finding.value) == ("Words", ID + "snapshot/a", ID + "span/a/1")


def test_the_digest_is_that_of_the_text_in_utf_8() -> None:
    text = "Jum’at – 😀"
    turtle = f'<snapshot/a> mig:snapshotText "{text}" ; mig:textSha256 "{hashlib.sha256(text.encode()).hexdigest()}" .'
    assert validate((HEAD + turtle).encode(), "ttl").findings == ()


def test_a_session_needs_no_date_or_place_of_its_own() -> None:
    session = "<event/x> a cv:PublicEvent ; dct:type <https://w3id.org/migkg/scheme/event-types/session> ."
    assert not {"Event-when", "Event-where"} & {f.shape for f in validate((HEAD + session).encode(), "ttl").findings}
