"""`migkg.ontology`: what it reads out of a declaration, and what it says of a broken one."""

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from migkg import resources
from migkg.errors import DataError, UnknownName
from migkg.ontology import MENTION_TYPES, ONT, PREFIXES, Ontology, Shortcut, load_ontology, parse_ontology

HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
LINES = HEAD.count("\n")
SMALL = """
mig:Fact a owl:Class .
mig:Signing a owl:Class, mig:FactKind ; rdfs:subClassOf mig:Fact, org:Membership ;
    rdfs:label "signing"@en, "penandatanganan"@id ;
    mig:role mig:signatory, mig:agreement ; mig:qualifier mig:date, mig:status ;
    mig:shortcut mig:Signing-signedBy, mig:Signing-date .
mig:Signing-signedBy a mig:Shortcut ; mig:from mig:agreement ; mig:via mig:signedBy ; mig:to mig:signatory ;
    mig:onlyIf mig:Done .
mig:Signing-date a mig:Shortcut ; mig:from mig:agreement ; mig:via dct:date ; mig:to mig:date .
mig:signatory a owl:ObjectProperty . mig:agreement a owl:ObjectProperty . mig:signedBy a owl:ObjectProperty .
mig:status a rdf:Property . mig:date a owl:DatatypeProperty . dct:date a owl:DatatypeProperty .
mig:Done a skos:Concept .
mig:kind-law a mig:EntityKind ; mig:name "law" ; mig:segment "policy" ; mig:mentionType "POLICY" ;
    mig:writtenAs schema:Legislation, eli:LegalResource .
"""


def parse(text: str = SMALL) -> Ontology:
    return parse_ontology((HEAD + text).encode(), "small.ttl")


def test_a_fact_kind_has_all_that_its_declaration_says() -> None:
    kind = parse().kind("Signing")
    assert kind.name == "Signing"
    assert kind.iri == ONT + "Signing"
    assert kind.types == (ONT + "Signing", PREFIXES["org"] + "Membership", ONT + "Fact")
    assert list(kind.roles.items()) == [("agreement", ONT + "agreement"), ("signatory", ONT + "signatory")]
    assert list(kind.qualifiers.items()) == [("date", ONT + "date"), ("status", ONT + "status")]
    assert kind.shortcuts == (
        Shortcut("agreement", PREFIXES["dct"] + "date", "date", None),
        Shortcut("agreement", ONT + "signedBy", "signatory", ONT + "Done"),
    )
    assert kind.symmetric is False
    assert kind.label == {"en": "signing", "id": "penandatanganan"}


def test_an_entity_kind_has_all_that_its_declaration_says() -> None:
    kind = parse().entities["law"]
    assert kind.iri == ONT + "kind-law"
    assert (kind.segment, kind.mention_type) == ("policy", "POLICY")
    assert kind.types == (PREFIXES["eli"] + "LegalResource", PREFIXES["schema"] + "Legislation")


def test_superclasses_of_superclasses_are_types_too() -> None:
    kind = parse(SMALL + "mig:Fact rdfs:subClassOf prov:Entity . prov:Entity rdfs:subClassOf mig:Signing .").kind(
        "Signing"
    )
    assert kind.types == (
        ONT + "Signing", PREFIXES["org"] + "Membership", PREFIXES["prov"] + "Entity", ONT + "Fact",
    )  # fmt: skip


def test_symmetric_kinds() -> None:
    text = SMALL.replace("mig:to mig:date", "mig:to mig:signatory") + "mig:Signing mig:symmetric true ."
    assert parse(text).kind("Signing").symmetric is True
    assert parse(text.replace("symmetric true", "symmetric false")).kind("Signing").symmetric is False


def test_an_unknown_kind_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownName, match='unknown fact kind "Singing"; expected one of: Signing') as caught:
        parse().kind("Singing")
    assert caught.value.known == ("Signing",)


BROKEN = {
    "role that is no property": (
        ("mig:role mig:signatory,", "mig:role mig:singatory, mig:signatory,"),
        "mig:Signing uses mig:singatory, which is not declared",
    ),
    "qualifier that is no property": (
        ("mig:qualifier mig:date,", "mig:qualifier mig:Done, mig:date,"),
        "mig:Signing uses mig:Done, which is not declared",
    ),
    "role as a string": (
        ("mig:role mig:signatory,", 'mig:role "event", mig:signatory,'),
        'mig:Signing has the mig:role "event"; expected an IRI',
    ),
    "no role": (
        ("mig:role mig:signatory, mig:agreement ;", ""),
        "mig:Signing has no role; expected at least one mig:role",
    ),
    "role and qualifier of one name": (
        ("mig:qualifier mig:date,", "mig:qualifier mig:agreement, mig:date,"),
        'mig:Signing has "agreement" as a role and as a qualifier',
    ),
    "two roles of one name": (
        ("mig:role mig:signatory,", "mig:role mig:signatory, schema:agreement, "),
        'mig:Signing has two mig:roles called "agreement"',
    ),
    "no label": (
        ('rdfs:label "signing"@en, "penandatanganan"@id ;', ""),
        "mig:Signing has no label; expected an rdfs:label in English",
    ),
    "no English label": (('"signing"@en, ', ""), "mig:Signing has no label"),
    "shortcut that is not declared": (
        ("mig:Signing-date a mig:Shortcut", "mig:Signing-date a owl:Class"),
        "mig:Signing has the shortcut mig:Signing-date, which is not declared",
    ),
    "shortcut from no role": (
        ("mig:from mig:agreement ; mig:via dct:date", "mig:from mig:date ; mig:via dct:date"),
        "mig:Signing-date starts from mig:date; expected a role of mig:Signing: mig:agreement, mig:signatory",
    ),
    "shortcut to neither role nor qualifier": (
        ("mig:to mig:date", "mig:to mig:signedBy"),
        "leads to mig:signedBy; expected a role or qualifier of mig:Signing: mig:agreement, mig:date, mig:signatory,",
    ),
    "shortcut without predicate": (
        ("mig:via dct:date ;", ""),
        "mig:Signing-date has 0 values of mig:via; expected exactly one IRI",
    ),
    "shortcut with two predicates": (
        ("mig:via dct:date ;", "mig:via dct:date, mig:date ;"),
        "mig:Signing-date has 2 values of mig:via",
    ),
    "shortcut by an unknown predicate": (
        ("mig:via dct:date ;", "mig:via dct:dated ;"),
        "mig:Signing-date uses dct:dated, which is not declared",
    ),
    "condition that is not declared": (
        ("mig:onlyIf mig:Done", "mig:onlyIf mig:Dnoe"),
        "mig:Signing-signedBy depends on mig:Dnoe, which is not declared",
    ),
    "two conditions": (
        ("mig:onlyIf mig:Done", "mig:onlyIf mig:Done, mig:status"),
        "mig:Signing-signedBy has 2 values of mig:onlyIf; expected one at most",
    ),
    "condition as a string": (
        ("mig:onlyIf mig:Done", 'mig:onlyIf "Done"'),
        'mig:Signing-signedBy has the mig:onlyIf "Done"',
    ),
    "shortcut of no kind": (
        ("mig:shortcut mig:Signing-signedBy, ", "mig:shortcut "),
        "mig:Signing-signedBy is a shortcut of no kind of fact",
    ),
    "symmetric and to a qualifier": (
        ("mig:role ", "mig:symmetric true ; mig:role "),
        "mig:Signing-date leads to a qualifier; expected a role, because mig:Signing is symmetric",
    ),
    "symmetric, perhaps": (
        ("mig:role ", 'mig:symmetric "perhaps" ; mig:role '),
        "mig:Signing has a mig:symmetric that is neither true nor false",
    ),
    "no kind at all": ((", mig:FactKind", ""), "no kind of fact is declared; expected at least one mig:FactKind"),
    "entity kind without name": (
        ('mig:name "law" ;', ""),
        "mig:kind-law has 0 values of mig:name; expected exactly one string",
    ),
    "entity kind with two segments": (
        ('mig:segment "policy"', 'mig:segment "policy", "law"'),
        "mig:kind-law has 2 values of mig:segment",
    ),
    "entity kind of an unknown mention type": (
        ('"POLICY"', '"LAW"'),
        'mig:kind-law has the mention type "LAW"; expected one of: CONCEPT, EVENT',
    ),
    "entity kind without class": (
        ("mig:writtenAs schema:Legislation, eli:LegalResource", "a skos:Concept"),
        "mig:kind-law has no class; expected at least one mig:writtenAs",
    ),
    "two entity kinds of one name": (
        ("mig:Done a", ("mig:kind-act a mig:EntityKind ; mig:name 'law' ; mig:segment 'act' ; "
         "mig:mentionType 'POLICY' ; mig:writtenAs schema:Legislation . mig:Done a")),
        'is called "law" like another one',
    ),
    "blank node as a value": (
        ("mig:role mig:signatory,", "mig:role _:x,"),
        "a blank node stands beside mig:role; expected an IRI of its own",
    ),
    "blank node as a subject": (("mig:Done a", "[] a"), "a blank node stands beside rdf:type"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "message"), BROKEN.values(), ids=BROKEN)
def test_a_broken_declaration_is_named_with_its_file(change: tuple[str, str], message: str) -> None:
    old, new = change
    assert old in SMALL
    text = SMALL.replace(old, new) + "schema:agreement a owl:ObjectProperty ."
    with pytest.raises(DataError) as caught:
        parse(text)
    assert message in str(caught.value)
    assert caught.value.where == "small.ttl"


def test_the_declarations_that_the_broken_ones_start_from_are_sound() -> None:
    assert parse(SMALL + "schema:agreement a owl:ObjectProperty .").facts.keys() == {"Signing"}


@pytest.mark.parametrize(
    ("text", "line"),
    [(b"mig:a a mig:B .", 1), ((HEAD + "mig:a a mig:B").encode(), LINES + 1), (b"<a:a> a <a:b> .\n\xff\xfe", 2)],
    ids=["no prefix", "no full stop", "not UTF-8"],
)
def test_what_is_no_turtle_is_named_with_its_line(text: bytes, line: int) -> None:
    with pytest.raises(DataError, match="not Turtle") as caught:
        parse_ontology(text, "small.ttl")
    assert (caught.value.where, caught.value.line) == ("small.ttl", line)


def test_a_missing_file_is_a_data_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(resources, "path", lambda *parts: tmp_path.joinpath(*parts))
    with pytest.raises(DataError, match=r"migkg\.ttl: the ontology cannot be read .*Install migkg again\."):
        load_ontology.__wrapped__()


# The ontology that migkg ships


def test_the_shipped_ontology_loads_once() -> None:
    assert load_ontology() is load_ontology()


def test_everything_comes_sorted_whatever_the_order_in_the_file() -> None:
    ontology = load_ontology()
    for names in (ontology.facts, ontology.entities, ontology.prefixes):
        assert list(names) == sorted(names)
    for kind in ontology.facts.values():
        assert list(kind.roles) == sorted(kind.roles)
        assert list(kind.qualifiers) == sorted(kind.qualifiers)
        assert kind.types[0] == kind.iri
        assert list(kind.types[1:]) == sorted(kind.types[1:])
        assert [(s.source, s.predicate) for s in kind.shortcuts] == sorted(
            (s.source, s.predicate) for s in kind.shortcuts
        )
    assert all(list(kind.types) == sorted(kind.types) for kind in ontology.entities.values())


def test_types_of_facts_are_the_kind_and_what_it_specialises() -> None:
    facts = load_ontology().facts
    assert set(facts["Affiliation"].types) == {ONT + "Affiliation", ONT + "Fact", PREFIXES["org"] + "Membership"}
    assert set(facts["Participation"].types) == {
        ONT + "Participation", ONT + "Fact", PREFIXES["cv"] + "Participation",
    }  # fmt: skip
    assert set(facts["Statement"].types) == {ONT + "Statement", ONT + "Fact", PREFIXES["schema"] + "Quotation"}
    assert set(facts["Hosting"].types) == {ONT + "Hosting", ONT + "Fact"}


def test_partnership_alone_is_symmetric() -> None:
    assert [name for name, kind in load_ontology().facts.items() if kind.symmetric] == ["Partnership"]


def test_shortcuts_under_a_condition() -> None:
    conditions = {
        (name, shortcut.predicate.rpartition("#")[2]): shortcut.only_if.rpartition("#")[2]
        for name, kind in load_ontology().facts.items()
        for shortcut in kind.shortcuts
        if shortcut.only_if
    }
    assert conditions == {
        ("Adoption", "draftedBy"): "Drafted",
        ("Adoption", "adoptedBy"): "Adopted",
        ("Adoption", "ratifiedBy"): "Ratified",
        ("Adoption", "amendedBy"): "Amended",
        ("Commitment", "championOf"): "Champion",
        ("Commitment", "committedTo"): "Committed",
        ("PartOf", "unitOf"): "OrganizationalUnit",
        ("PartOf", "subOrganizationOf"): "Organization",
    }


def test_entity_kinds_cover_every_mention_type() -> None:
    kinds = load_ontology().entities
    assert {kind.mention_type for kind in kinds.values()} == set(MENTION_TYPES)
    assert {kind.segment for kind in kinds.values()} == {
        "concept", "event", "organization", "person", "place", "policy", "post", "programme",
    }  # fmt: skip
    assert len({kind.types for kind in kinds.values()}) == len(kinds), "two kinds could not be told apart in the data"


def test_an_ontology_can_cross_process_borders_and_be_a_key() -> None:
    ontology = load_ontology()
    copy = pickle.loads(pickle.dumps(ontology))  # noqa: S301
    assert copy == ontology
    assert hash(copy) == hash(ontology)
    assert hash(copy.kind("Hosting")) == hash(ontology.kind("Hosting"))


def test_loading_needs_no_rdflib_and_importing_no_engine() -> None:
    code = (
        "import sys, migkg.ontology as o; early = {'rdflib', 'pyoxigraph'} & sys.modules.keys();"
        "o.load_ontology(); late = {'rdflib'} & sys.modules.keys(); sys.exit(str(early | late) if early | late else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
