"""`ontology/migkg.ttl` and `ontology/context.jsonld`: documented, consistent, and only terms that exist."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import (
    DCAT,
    DCTERMS,
    FOAF,
    ORG,
    OWL,
    PROV,
    RDF,
    RDFS,
    SDO,
    SH,
    SKOS,
    TIME,
    VANN,
    VOID,
    XSD,
    Namespace,
)

from migkg.ontology import ID, ONT, PREFIXES, load_ontology

TOP = Path(__file__).parents[2]
ONTOLOGY = TOP / "ontology" / "migkg.ttl"
CONTEXT = TOP / "ontology" / "context.jsonld"
IN_GRAPH = [ONTOLOGY, *TOP.glob("ontology/schemes/*.ttl"), *TOP.glob("data/reference/*.ttl")]
SOURCES = sorted([*IN_GRAPH, *TOP.glob("ontology/shapes*.ttl"), CONTEXT, *TOP.glob("queries/**/*.rq")])
MIG = Namespace(ONT)
IRI = URIRef("https://w3id.org/migkg/ont")
LANGUAGES = {"en", "id"}

FACT_KINDS = (
    "Affiliation Occurrence Hosting Participation Attendance Statement SubEvent Addressing Launch Funding "
    "Implementation Partnership PartOf Signature Adoption Assessment Commitment Presence Description Mention"
)

# Terms of vocabularies that rdflib does not bundle; each line names where they were seen.
HAND_MADE = {
    # Core Public Event 1.1.0 (SEMIC), vocabulary.ttl and shapes.ttl; the last two: Core Public Organisation and
    # Core Criterion and Evidence vocabularies (SEMIC).
    "cv": "Participation PublicEvent audience eventNumber eventStatus expectedNumberOfParticipants format frequency "
    "hasParticipant hasParticipation parentEvent participates role subEvent PublicOrganisation ReferenceFramework",
    # ELI ontology, list of its classes and properties.
    "eli": "LegalResource LegalExpression amended_by amends applied_by applies based_on basis_for changed_by changes "
    "cited_by cites consolidated_by consolidates corrected_by corrects date_document date_no_longer_in_force "
    "date_publication description first_date_entry_in_force has_part id_local implemented_by implements in_force "
    "is_about is_part_of jurisdiction number passed_by published_in related_to repealed_by repeals "
    "responsibility_of_agent title title_alternative title_short type_document version_date",
    # Web Annotation Vocabulary (W3C Recommendation, 2017).
    "oa": "Annotation FragmentSelector SpecificResource TextPositionSelector TextQuoteSelector end exact hasSelector "
    "hasSource hasTarget prefix refinedBy start suffix",
    # UN SDG ontology, as the Dag Hammarskjöld Library uses it.
    "sdgo": "Goal Indicator Series Target hasIndicator hasSeries hasTarget isIndicatorOf isTargetOf tier",
}
BUNDLED = {str(namespace): namespace for namespace in (
    DCAT, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, TIME, VANN, VOID, XSD,
)}  # fmt: skip
# DCAT 3 (W3C Recommendation, 2024) has these; rdflib bundles DCAT 2.
LATER = {DCAT._NS + name for name in ("DatasetSeries", "inSeries", "version", "hasVersion", "isVersionOf")}


@cache
def graph(path: Path = ONTOLOGY) -> Graph:
    return Graph().parse(path, format="turtle")


def minted() -> list[URIRef]:
    return sorted({s for s in graph().subjects() if isinstance(s, URIRef) and s.startswith(ONT)})


def by_language(term: URIRef, predicate: URIRef) -> dict[str | None, str]:
    values = [value for value in graph().objects(term, predicate) if isinstance(value, Literal)]
    assert len({value.language for value in values}) == len(values), f"{term}: two values in one language"
    return {value.language: str(value) for value in values}


def terms(text: str) -> set[str]:
    """Every IRI that a Turtle, SPARQL or JSON-LD file names, prefixed or in full."""
    declared = re.findall(r"(?im)^\s*@?prefix\s+(\w+):\s*<([^>]*)>", text)
    prefixes = {**PREFIXES, **dict(declared)}
    full = {iri for iri in re.findall(r"<([^<>\s\"]+)>", text) if iri not in prefixes.values()}
    rest = re.sub(r"<[^<>\s]*>", " ", text)
    short = re.findall(r"(?<![\w:.?$-])(\w+):([A-Za-z_][\w-]*)", rest)
    return full | {prefixes[prefix] + name for prefix, name in short if prefix in prefixes}


@cache
def used() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in SOURCES:
        for iri in terms(path.read_text(encoding="utf-8")):
            found.setdefault(iri, set()).add(path.name)
    return found


def exists(iri: str) -> bool:
    """Whether a term is one of its vocabulary; IRIs outside of the known vocabularies are not terms."""
    for prefix, names in HAND_MADE.items():
        if iri.startswith(PREFIXES[prefix]):
            return iri[len(PREFIXES[prefix]) :] in names.split()
    for namespace, known in BUNDLED.items():
        if iri.startswith(namespace) and iri != namespace:
            return URIRef(iri) in known or iri in LATER
    return True


def test_the_header_says_what_a_catalogue_asks_for() -> None:
    for predicate in (DCTERMS.title, DCTERMS.description, RDFS.label):
        assert by_language(IRI, predicate).keys() == LANGUAGES
    for predicate in (DCTERMS.creator, DCTERMS.publisher, DCTERMS.source):
        assert all(isinstance(value, URIRef) for value in graph().objects(IRI, predicate))
        assert (IRI, predicate, None) in graph()
    for predicate in (DCTERMS.created, DCTERMS.issued, DCTERMS.modified):
        assert graph().value(IRI, predicate, any=False).datatype == XSD.date
    version = graph().value(IRI, OWL.versionInfo, any=False)
    assert graph().value(IRI, OWL.versionIRI, any=False) == URIRef(f"{IRI}/{version}")
    assert graph().value(IRI, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert str(graph().value(IRI, VANN.preferredNamespacePrefix)) == "mig"
    assert str(graph().value(IRI, VANN.preferredNamespaceUri)) == ONT


def test_every_minted_term_is_documented_in_both_languages() -> None:
    bad = []
    for term in minted():
        label, definition = by_language(term, RDFS.label), by_language(term, SKOS.definition)
        if label.keys() != LANGUAGES or definition.keys() != LANGUAGES:
            bad.append(f"{term}: labels {sorted(label)}, definitions {sorted(definition)}")
        elif definition["en"] == definition["id"]:
            bad.append(f"{term}: one text for two languages")
        elif not all(text[0].isupper() and text.endswith(".") for text in definition.values()):
            bad.append(f"{term}: a definition that is no sentence")
        if list(graph().objects(term, RDFS.isDefinedBy)) != [IRI]:
            bad.append(f"{term}: not defined by the ontology")
        if (term, RDF.type, None) not in graph():
            bad.append(f"{term}: no type")
    assert len(minted()) > 150
    assert bad == []


def test_no_two_minted_terms_share_a_definition() -> None:
    seen: dict[str, URIRef] = {}
    for term in minted():
        if (term, RDF.type, MIG.Shortcut) in graph():
            continue  # it may say what its property says
        for text in by_language(term, SKOS.definition).values():
            assert text not in seen, f"{term} and {seen[text]}"
            seen[text] = term


def test_names_follow_one_style() -> None:
    for term in minted():
        name, types = term[len(ONT) :], set(graph().objects(term, RDF.type))
        if MIG.Shortcut in types:
            assert re.fullmatch(r"[A-Z]\w+-[a-z]\w+", name), name
        elif MIG.EntityKind in types:
            assert name == f"kind-{graph().value(term, MIG.name)}"
        elif RDFS.Datatype not in types:
            assert name.isalnum(), name
            is_property = bool(types & {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty})
            assert name[0].islower() == is_property, name


def test_official_spelling_of_pelindungan() -> None:
    assert "erlindungan" not in ONTOLOGY.read_text(encoding="utf-8")


def test_reused_terms_can_be_shown_without_their_vocabularies() -> None:
    declared = set(graph().subjects(RDF.type, MIG.FactKind))
    shown = {term for kind in declared for term in graph().objects(kind, MIG.role | MIG.qualifier)}
    shown |= set(graph().objects(None, MIG.via)) | set(graph().objects(None, MIG.writtenAs))
    shown |= set(graph().objects(None, MIG.onlyIf)) | set(graph().objects(None, RDFS.subClassOf))
    shown |= set(graph().objects(None, RDFS.subPropertyOf)) | set(graph().objects(None, SDO.rangeIncludes))
    shown = {term for term in shown if not str(term).startswith((str(XSD), str(RDF), str(RDFS)))}
    missing = [term for term in shown if by_language(term, RDFS.label).keys() != LANGUAGES]
    assert len(shown) > 50
    assert missing == []


@pytest.mark.parametrize("path", IN_GRAPH, ids=lambda path: path.name)
def test_what_enters_the_graph_has_no_blank_nodes(path: Path) -> None:
    assert not [term for triple in graph(path) for term in triple if isinstance(term, BNode)]


def test_every_mig_term_that_is_used_is_declared() -> None:
    known = set(map(str, minted()))
    unknown = {iri: files for iri, files in used().items() if iri.startswith(ONT) and iri not in known | {ONT}}
    assert unknown == {}


def test_every_reused_term_exists_in_its_vocabulary() -> None:
    assert {iri: files for iri, files in used().items() if not exists(iri)} == {}


@pytest.mark.parametrize("prefix", ["schema", "org", "cv", "eli", "oa", "sdgo", "skos", "dcat"])
def test_a_misspelt_term_is_found(prefix: str) -> None:
    assert not exists(PREFIXES[prefix] + "organiser")


def test_terms_are_read_from_turtle_and_from_sparql() -> None:
    text = (
        "@prefix s: <https://schema.org/> .\nPREFIX org: <http://www.w3.org/ns/org#>\n#: a = 'mig:inHeader'\n"
        '?x s:organizer/mig:one ?y ; a <https://w3id.org/migkg/ont#two> . FILTER(?z:no) "mig:three" . <a mig:no>'
    )
    assert terms(text) >= {str(SDO) + "organizer", ONT + "one", ONT + "two", ONT + "three", ONT + "inHeader"}


def test_every_file_means_the_same_by_a_prefix() -> None:
    for path in SOURCES:
        for prefix, iri in re.findall(r"(?im)^\s*@?prefix\s+(\w+):\s*<([^>]*)>", path.read_text(encoding="utf-8")):
            assert PREFIXES.get(prefix, iri) == iri, f"{path.name}: {prefix}"
            assert iri not in PREFIXES.values() or PREFIXES.get(prefix) == iri, f"{path.name}: {prefix}"


def test_every_designed_fact_kind_is_declared() -> None:
    declared = {str(kind)[len(ONT) :] for kind in graph().subjects(RDF.type, MIG.FactKind)}
    assert declared == set(FACT_KINDS.split())
    for kind in declared:
        assert (MIG[kind], RDFS.subClassOf, MIG.Fact) in graph()
        assert (MIG[kind], RDF.type, OWL.Class) in graph()


def test_roles_lead_to_entities_and_shortcuts_fit_their_kind() -> None:
    for kind in graph().subjects(RDF.type, MIG.FactKind):
        roles, qualifiers = set(graph().objects(kind, MIG.role)), set(graph().objects(kind, MIG.qualifier))
        for role in roles:
            assert (role, RDF.type, OWL.ObjectProperty) in graph(), role
        shortcuts = set(graph().objects(kind, MIG.shortcut))
        assert shortcuts, f"{kind} has no shortcut"
        for shortcut in shortcuts:
            assert str(shortcut).startswith(f"{kind}-")
            start, via, end = (graph().value(shortcut, part, any=False) for part in (MIG["from"], MIG.via, MIG.to))
            assert start in roles
            assert end in roles | qualifiers
            is_text = (end, RDF.type, OWL.DatatypeProperty) in graph()
            assert ((via, RDF.type, OWL.DatatypeProperty) in graph()) == is_text, f"{shortcut}: {via} for {end}"
            assert ((via, RDF.type, OWL.ObjectProperty) in graph()) != is_text, f"{shortcut}: {via} for {end}"


def test_every_role_and_qualifier_property_serves_a_kind() -> None:
    text = ONTOLOGY.read_text(encoding="utf-8")
    section = text[text.index("\n### Roles") : text.index("\n### Properties of shortcuts")]
    declared = {MIG[name] for name in re.findall(r"(?m)^mig:(\w+) a ", section)}
    serving = set(graph().objects(None, MIG.role)) | set(graph().objects(None, MIG.qualifier))
    assert declared == {term for term in serving if str(term).startswith(ONT)}


def test_entity_kinds_make_usable_addresses() -> None:
    for kind in graph().subjects(RDF.type, MIG.EntityKind):
        segment = str(graph().value(kind, MIG.segment, any=False))
        assert re.fullmatch(r"[a-z]+", segment)
        assert str(URIRef(ID + segment + "/x")).startswith(ID)


def test_units_are_no_organisations_so_that_part_of_has_one_shortcut() -> None:
    for kind in graph().subjects(RDF.type, MIG.EntityKind):
        assert not {ORG.OrganizationalUnit, ORG.Organization} <= set(graph().objects(kind, MIG.writtenAs))


# The JSON-LD context


def context() -> dict[str, object]:
    loaded = json.loads(CONTEXT.read_text(encoding="utf-8"))["@context"]
    assert isinstance(loaded, dict)
    return loaded


def expanded(value: object) -> str:
    curie = value["@id"] if isinstance(value, dict) else value
    assert isinstance(curie, str)
    prefix, _, name = curie.partition(":")
    return PREFIXES[prefix] + name


def test_the_context_has_the_prefixes_of_every_writer() -> None:
    assert {name: value for name, value in context().items() if name in PREFIXES} == PREFIXES
    assert context()["@version"] == 1.1


def test_the_context_names_roles_and_qualifiers_as_the_code_does() -> None:
    for kind in load_ontology().facts.values():
        assert expanded(context()[kind.name]) == kind.iri
        for name, iri in {**kind.roles, **kind.qualifiers}.items():
            assert expanded(context()[name]) == iri


def test_every_context_term_is_a_known_term_of_the_right_sort() -> None:
    for name, value in context().items():
        if name in PREFIXES or name.startswith("@") or name in {"id", "type"}:
            continue
        iri = URIRef(expanded(value))
        assert exists(iri), name
        assert (iri, RDF.type, None) in graph() or iri == RDFS.label, f"{name} is not in the ontology"
        coerced = value.get("@type") if isinstance(value, dict) else None
        if (iri, RDF.type, OWL.ObjectProperty) in graph():
            assert coerced == "@id", name
        elif coerced == "@id":
            assert iri == SDO.url, name
        if (iri, RDFS.range, RDF.langString) in graph():
            assert isinstance(value, dict), name
            assert value["@container"] == "@language", name


DOCUMENT = {
    "id": ID + "fact/x1",
    "type": ["Fact", "Occurrence"],
    "event": ID + "event/e1",
    "place": {"id": ID + "place/id-jk", "type": "Place", "prefLabel": {"en": "Jakarta", "id": "Jakarta"}},
    "start": "2024-06-12",
    "mig:end": {"@value": "2024-06", "@type": "xsd:gYearMonth"},
    "attendanceMode": "schema:MixedEventAttendanceMode",
    "label": {"en": "public discussion, 12 June 2024"},
    "rule": "event-date",
    "evidence": {
        "id": ID + "snapshot/a#char=5,17",
        "type": "SpecificResource",
        "hasSelector": {"id": ID + "snapshot/a#char=5,17-p", "startPosition": "5", "endPosition": "17"},
    },
}
TURTLE = f"""
@prefix mig: <{ONT}> . @prefix oa: <{PREFIXES["oa"]}> . @prefix schema: <{SDO}> . @prefix skos: <{SKOS}> .
@prefix rdfs: <{RDFS}> . @prefix xsd: <{XSD}> .
<{ID}fact/x1> a mig:Fact, mig:Occurrence ; mig:event <{ID}event/e1> ; mig:place <{ID}place/id-jk> ;
    mig:start "2024-06-12"^^xsd:date ; mig:end "2024-06"^^xsd:gYearMonth ;
    mig:attendanceMode schema:MixedEventAttendanceMode ; rdfs:label "public discussion, 12 June 2024"@en ;
    mig:rule "event-date" ; mig:evidence <{ID}snapshot/a#char=5,17> .
<{ID}place/id-jk> a schema:Place ; skos:prefLabel "Jakarta"@en, "Jakarta"@id .
<{ID}snapshot/a#char=5,17> a oa:SpecificResource ; oa:hasSelector <{ID}snapshot/a#char=5,17-p> .
<{ID}snapshot/a#char=5,17-p> oa:start 5 ; oa:end 17 .
"""


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own JSON-LD reader uses it
def test_a_document_in_short_names_means_the_same_triples() -> None:
    read = Graph().parse(data=json.dumps({"@context": context(), **DOCUMENT}), format="json-ld")
    assert isomorphic(read, Graph().parse(data=TURTLE, format="turtle"))


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
def test_triples_come_back_from_compacted_json_ld() -> None:
    before = Graph().parse(data=TURTLE, format="turtle")
    written = before.serialize(format="json-ld", context=context(), auto_compact=False)
    nodes = json.loads(written)["@graph"]
    fact = next(node for node in nodes if node["id"] == ID + "fact/x1")
    assert fact["start"] == "2024-06-12"
    assert fact["label"] == {"en": "public discussion, 12 June 2024"}
    assert isomorphic(before, Graph().parse(data=written, format="json-ld"))
