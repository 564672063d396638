"""The concept schemes in `ontology/schemes`: complete, bilingual, consistent SKOS that passes VocPub."""

import re
from functools import cache
from pathlib import Path

import pytest
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, RDF, RDFS, SKOS, XSD

HERE = Path(__file__)
SCHEMES = HERE.parents[2] / "ontology" / "schemes"
VOCPUB = HERE.parents[3] / "shared" / "standards" / "vocpub" / "validator.multilang.ttl"
NAMES = sorted(path.stem for path in SCHEMES.glob("*.ttl"))

BASE = "https://w3id.org/migkg/scheme/"
MIG = Namespace("https://w3id.org/migkg/ont#")
SDO = Namespace("https://schema.org/")
SDGO = Namespace("http://metadata.un.org/sdg/ontology#")
MIGKG = URIRef("https://w3id.org/migkg/id/organization/migkg")
LANGUAGES = {"en", "id"}

SDG_TARGETS = ["3.c", "4.b", "5.2", "8.7", "8.8", "10.7", "10.c", "16.2", "17.16", "17.17", "17.18"]
CODES = {
    "event-types": {
        "meeting",
        "workshop",
        "training",
        "conference",
        "launch",
        "consultation",
        "public-discussion",
        "signing",
        "handover",
        "visit",
        "campaign",
        "ceremony",
        "operation",
        "session",
        "dialogue",
        "symposium",
        "other",
    },
    "gcm": {f"objective-{n}" for n in range(1, 24)} | {f"principle-{letter}" for letter in "abcdefghij"},
    "legal-types": {
        "uu",
        "perppu",
        "pp",
        "perpres",
        "keppres",
        "permen",
        "perda",
    },
    "mgi": {f"domain-{n}" for n in range(1, 7)},
    "migof": {"p1", "p2", "p3", "o1", "o2", "o3"},
    "roles": {
        "speaker",
        "opener",
        "closer",
        "moderator",
        "attendee",
        "organizer",
    },
    "sdg": {f"goal-{n}" for n in range(1, 18)} | {f"target-{code}" for code in SDG_TARGETS},
    "stakeholders": {
        "government",
        "local-government",
        "migrants",
        "diasporas",
        "local-communities",
        "civil-society",
        "academia",
        "private-sector",
        "parliamentarians",
        "trade-unions",
        "nhri",
        "media",
        "un-system",
        "donors",
        "youth",
        "other",
    },
}
COUNTS = [
    ("gcm", MIG.GCMObjective, 23),
    ("gcm", MIG.GCMGuidingPrinciple, 10),
    ("migof", SKOS.Concept, 6),
    ("mgi", MIG.MGIDomain, 6),
    ("sdg", SDGO.Goal, 17),
    ("sdg", SDGO.Target, len(SDG_TARGETS)),
]


@cache
def load(name: str) -> Graph:
    return Graph().parse(SCHEMES / f"{name}.ttl", format="turtle")


def iri(name: str, code: str | None = None) -> URIRef:
    return URIRef(BASE + name + (f"/{code}" if code else ""))


def concepts(name: str) -> set[URIRef]:
    return set(load(name).subjects(RDF.type, SKOS.Concept))


def texts(graph: Graph, node: URIRef, *predicates: URIRef) -> list[Literal]:
    return [text for predicate in predicates for text in graph.objects(node, predicate)]


def folded(label: Literal) -> tuple[str, str | None]:
    """Labels that differ only in case are one label to a reader and to a matcher."""
    return label.casefold(), label.language


def natural(code: str) -> list[tuple[int, str]]:
    return [(int(part) if part.isdigit() else -1, part) for part in re.split(r"(\d+)", code)]


def test_every_scheme_of_the_list_is_there():
    assert set(CODES) <= set(NAMES)


@pytest.mark.parametrize("name", sorted(CODES))
def test_a_scheme_holds_exactly_the_listed_concepts(name):
    assert concepts(name) == {iri(name, code) for code in CODES[name]}


@pytest.mark.parametrize(("name", "kind", "count"), COUNTS)
def test_the_number_of_concepts_of_a_kind(name, kind, count):
    assert len(set(load(name).subjects(RDF.type, kind))) == count


@pytest.mark.parametrize("name", NAMES)
def test_a_file_describes_one_scheme_its_concepts_and_its_publisher_only(name):
    graph = load(name)
    assert set(graph.subjects(RDF.type, SKOS.ConceptScheme)) == {iri(name)}
    assert set(graph.subjects()) == {iri(name), MIGKG} | concepts(name)


@pytest.mark.parametrize("name", NAMES)
def test_no_blank_nodes(name):
    assert not [node for triple in load(name) for node in triple if isinstance(node, BNode)]


@pytest.mark.parametrize("name", NAMES)
def test_the_scheme_says_who_made_it_when_and_under_which_licence(name):
    graph, scheme = load(name), iri(name)
    for predicate in (DCTERMS.created, DCTERMS.modified):
        assert [date.datatype for date in graph.objects(scheme, predicate)] == [XSD.date]
    assert set(graph.objects(scheme, DCTERMS.creator)) == {MIGKG}
    assert set(graph.objects(scheme, DCTERMS.publisher)) == {MIGKG}
    assert set(graph.objects(scheme, DCTERMS.license)) == {URIRef("https://creativecommons.org/licenses/by/4.0/")}
    assert {note.language for note in graph.objects(scheme, SKOS.historyNote)} == LANGUAGES
    assert (MIGKG, RDF.type, SDO.Organization) in graph
    assert list(graph.objects(MIGKG, SDO.name)) == [Literal("migkg")]
    assert [url.datatype for url in graph.objects(MIGKG, SDO.url)] == [XSD.anyURI]


@pytest.mark.parametrize("name", NAMES)
def test_one_preferred_label_and_one_definition_in_each_language(name):
    graph = load(name)
    for node in concepts(name) | {iri(name)}:
        for predicate in (SKOS.prefLabel, SKOS.definition):
            languages = [text.language for text in graph.objects(node, predicate)]
            assert sorted(languages) == sorted(LANGUAGES), (node, predicate)


@pytest.mark.parametrize("name", NAMES)
def test_definitions_are_sentences_and_differ_from_each_other(name):
    graph = load(name)
    definitions = [text for node in concepts(name) for text in graph.objects(node, SKOS.definition)]
    assert len({folded(text) for text in definitions}) == len(definitions)
    for text in definitions:
        assert text.endswith(".") and text[0].isupper() and len(text.split()) >= 5, text


@pytest.mark.parametrize("name", NAMES)
def test_texts_are_clean_and_tagged(name):
    graph = load(name)
    for node in concepts(name) | {iri(name)}:
        for text in texts(graph, node, SKOS.prefLabel, SKOS.altLabel, SKOS.definition, SKOS.editorialNote):
            assert text.language in LANGUAGES, (node, text)
            assert str(text) == " ".join(text.split()), (node, text)


@pytest.mark.parametrize("name", NAMES)
def test_preferred_labels_are_unique_in_each_language(name):
    labels = [folded(text) for node in concepts(name) for text in load(name).objects(node, SKOS.prefLabel)]
    assert sorted(labels) == sorted(set(labels))


@pytest.mark.parametrize("name", NAMES)
def test_a_label_leads_to_one_concept_and_is_either_preferred_or_alternative(name):
    graph = load(name)
    seen: dict[tuple[str, str | None], URIRef] = {}
    for node in sorted(concepts(name)):
        for label in texts(graph, node, SKOS.prefLabel, SKOS.altLabel):
            key = folded(label)
            assert key not in seen, f"{label!r} labels {seen[key]} and {node}"
            seen[key] = node


@pytest.mark.parametrize("name", NAMES)
def test_indonesian_texts_keep_the_official_spelling(name):
    # "Perlindungan" is common in print and so may be an alternative label, never our own wording.
    graph = load(name)
    for node in concepts(name) | {iri(name)}:
        for text in texts(graph, node, SKOS.prefLabel, SKOS.definition):
            assert text.language != "id" or "perlindungan" not in text.casefold(), (node, text)


@pytest.mark.parametrize("name", NAMES)
def test_every_concept_has_one_notation_of_its_own(name):
    graph = load(name)
    notations = {node: list(graph.objects(node, SKOS.notation)) for node in concepts(name)}
    assert all(len(values) == 1 for values in notations.values())
    assert len({values[0] for values in notations.values()}) == len(notations)
    for node, (value,) in notations.items():
        code = node.removeprefix(f"{BASE}{name}/")
        assert code.casefold() in (value.casefold(), f"{code.split('-')[0]}-{value}".casefold()), (node, value)


@pytest.mark.parametrize("name", NAMES)
def test_every_concept_names_its_scheme_and_its_sources(name):
    graph = load(name)
    for node in concepts(name):
        assert node.startswith(f"{BASE}{name}/")
        assert list(graph.objects(node, SKOS.inScheme)) == [iri(name)]
        assert list(graph.objects(node, RDFS.isDefinedBy)) == [iri(name)]
        sources = list(graph.objects(node, DCTERMS.source))
        assert sources and all(isinstance(source, URIRef) for source in sources), node


@pytest.mark.parametrize("name", NAMES)
def test_hierarchy_has_both_directions_and_its_tops(name):
    graph, scheme = load(name), iri(name)
    broader = set(graph.subject_objects(SKOS.broader))
    assert {(low, high) for high, low in graph.subject_objects(SKOS.narrower)} == broader
    tops = set(graph.objects(scheme, SKOS.hasTopConcept))
    assert set(graph.subjects(SKOS.topConceptOf, scheme)) == tops
    below = {low for low, _ in broader}
    assert tops | below == concepts(name) and not tops & below
    for node in concepts(name):
        above = list(graph.transitive_objects(node, SKOS.broader))
        assert tops & set(above), f"{node} leads to no top concept"


@pytest.mark.parametrize("name", NAMES)
def test_concepts_stand_in_natural_order(name):
    text = (SCHEMES / f"{name}.ttl").read_text(encoding="utf-8")
    codes = re.findall(r"^\w+:(\S+) a skos:Concept\b", text, flags=re.MULTILINE)
    assert len(codes) == len(concepts(name))
    assert codes == sorted(codes, key=lambda code: natural(code))


@pytest.mark.parametrize("name", sorted(set(CODES) - {"sdg"}))
def test_all_schemes_but_sdg_are_flat(name):
    assert not list(load(name).subject_objects(SKOS.broader))


def test_short_labels_of_the_un_network_are_alternative_labels():
    expected = {5: "Regular pathways", 7: "Reduce vulnerabilities", 13: "Alternatives to detention", 20: "Remittances"}
    graph = load("gcm")
    for number, label in expected.items():
        assert (iri("gcm", f"objective-{number}"), SKOS.altLabel, Literal(label, lang="en")) in graph


def test_objective_titles_are_the_official_ones():
    graph = load("gcm")
    for number, title in [
        (5, "Enhance availability and flexibility of pathways for regular migration"),
        (7, "Address and reduce vulnerabilities in migration"),
        (23, "Strengthen international cooperation and global partnerships for safe, orderly and regular migration"),
    ]:
        assert (iri("gcm", f"objective-{number}"), SKOS.prefLabel, Literal(title, lang="en")) in graph


def test_only_pages_of_the_un_network_that_were_seen_are_referred_to():
    seen = {
        "objective-9": "287",
        "objective-10": "288",
        "principle-a": "738",
        "principle-d": "741",
        "principle-f": "259",
    }
    assert set(load("gcm").subject_objects(RDFS.seeAlso)) == {
        (iri("gcm", code), URIRef(f"https://migrationnetwork.un.org/taxonomy/term/{term}"))
        for code, term in seen.items()
    }


def test_each_mgi_domain_matches_one_item_of_migof():
    order = ["p1", "p2", "p3", "o1", "o2", "o3"]
    assert set(load("mgi").subject_objects(SKOS.closeMatch)) == {
        (iri("mgi", f"domain-{n}"), iri("migof", code)) for n, code in enumerate(order, 1)
    }
    assert set(load("mgi").objects(None, SKOS.closeMatch)) == concepts("migof")


def test_sdg_goals_match_the_un_vocabulary_and_targets_match_nothing():
    assert set(load("sdg").subject_objects(SKOS.exactMatch)) == {
        (iri("sdg", f"goal-{n}"), URIRef(f"http://metadata.un.org/sdg/{n}")) for n in range(1, 18)
    }


def test_each_sdg_target_stands_under_the_goal_of_its_number():
    assert set(load("sdg").subject_objects(SKOS.broader)) == {
        (iri("sdg", f"target-{code}"), iri("sdg", f"goal-{code.split('.')[0]}")) for code in SDG_TARGETS
    }


def vocpub(graph: Graph) -> tuple[bool, str]:
    from pyshacl import validate

    if not VOCPUB.is_file():
        pytest.skip(f"the VocPub validator is not at hand: {VOCPUB.name} is expected in {VOCPUB.parent.name}/")
    shapes = Graph().parse(VOCPUB, format="turtle")
    conforms, _, report = validate(graph, shacl_graph=shapes, allow_warnings=True, inplace=False)
    return conforms, report


@pytest.mark.parametrize("name", NAMES)
def test_vocpub_finds_no_violation(name):
    conforms, report = vocpub(load(name))
    assert conforms, report


def test_vocpub_would_find_a_missing_definition():
    graph = Graph() + load("roles")
    graph.remove((iri("roles", "speaker"), SKOS.definition, None))
    conforms, report = vocpub(graph)
    assert not conforms and "speaker" in report
