"""Reference data: the bundled files say what they should, and broken ones are refused with where and what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migkg import iso3166, resources
from migkg.errors import DataError
from migkg.model import PartialDate, Ref, Text
from migkg.reference import (
    Code,
    Name,
    country_triples,
    load_links,
    load_reference,
    normalise,
    place_triples,
    reference_files,
)

if TYPE_CHECKING:
    from pathlib import Path

ID = "https://w3id.org/migkg/id/"
PLACE = ID + "place/"
POLICY = ID + "policy/"
WITHIN = "https://schema.org/containedInPlace"
HEAD = """
@prefix mig: <https://w3id.org/migkg/ont#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix place: <https://w3id.org/migkg/id/place/> .
@prefix o: <https://w3id.org/migkg/id/organization/> .
"""
LINKS_HEAD = "entity,predicate,target,source,date,checker\n"


def root(tmp_path: Path, turtle: str = "", links: str | None = None) -> Path:
    (tmp_path / "extra.ttl").write_text(HEAD + turtle, encoding="utf-8")
    if links is not None:
        (tmp_path / "links.csv").write_text(links, encoding="utf-8")
    return tmp_path


def iris(text: str, *roots: Path) -> set[str]:
    return {name.iri.removeprefix(ID) for name in load_reference(*roots).lookup(text) if name.kind != "concept"}


def bearers(text: str) -> set[tuple[str, bool]]:
    return {(name.iri.removeprefix(ID), name.local) for name in load_reference().lookup(text) if name.kind != "concept"}


# normalise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Türkiye", "turkiye"),
        ("Côte d’Ivoire", "cote d ivoire"),
        ("Côte d'Ivoire", "cote d ivoire"),
        ("Viet\u00a0Nam", "viet nam"),
        ("Guinea–Bissau", "guinea bissau"),
        ("“Safe, orderly and  regular”", "safe orderly and regular"),
        ("DİYARBAKIR", "diyarbakir"),
        ("Diyarbakır", "diyarbakir"),
        ("Straße", "strasse"),
        ("Tromsø", "tromso"),
        ("ﬁnance №5", "finance no5"),
        ("Nukuʻalofa", "nuku alofa"),
        ("a_b", "a b"),
        ("  \t\n", ""),
        ("—", ""),
        ("งานแรงงาน", "งานแรงงาน"),
    ],
)
def test_normalise(text: str, expected: str) -> None:
    assert normalise(text) == expected


@given(st.text())
def test_normalise_is_idempotent_and_blind_to_case_of_ascii(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert once == once.strip()
    assert "  " not in once
    if text.isascii():
        assert normalise(text.upper()) == once


# The bundled data


def test_every_entity_has_a_label_in_both_languages() -> None:
    lacking = {
        known.iri: langs
        for known in load_reference().entities.values()
        if not (langs := {label.lang for label in known.labels}) >= {"en", "id"}
    }
    assert lacking == {}


def test_names_lead_to_entities_and_are_sorted() -> None:
    reference = load_reference()
    for key, names in reference.names.items():
        assert key
        assert names
        for name in names:
            assert normalise(name.text) == key
            known = reference.entities[name.iri]
            assert known.kind == name.kind
            assert not name.local or known.country
        assert [(name.text, name.iri) for name in names] == sorted((name.text, name.iri) for name in names)


def test_a_name_identifies_one_entity_anywhere_or_one_in_a_country() -> None:
    reference = load_reference()
    for key, names in reference.names.items():
        named = [name for name in names if name.kind != "concept"]
        assert len({name.iri for name in named if not name.local}) <= 1, key
        by_country: dict[str | None, set[str]] = {}
        for name in named:
            if name.local:
                by_country.setdefault(reference.entities[name.iri].country, set()).add(name.iri)
        assert all(len(found) == 1 for found in by_country.values()), key


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Indonesia", "id"), ("Republik Indonesia", "id"), ("Viet Nam", "vn"), ("Vietnam", "vn"), ("Türkiye", "tr"),
        ("Turkey", "tr"), ("Turki", "tr"), ("Lao PDR", "la"), ("Lao People's Democratic Republic", "la"), ("DRC", "cd"),
        ("Democratic Republic of the Congo", "cd"), ("Congo", "cg"), ("Republic of Korea", "kr"), ("South Korea", "kr"),
        ("Korea Selatan", "kr"), ("UK", "gb"), ("Inggris", "gb"), ("USA", "us"), ("U.S.", "us"), ("Tiongkok", "cn"),
        ("Ivory Coast", "ci"), ("Côte d’Ivoire", "ci"), ("Pantai Gading", "ci"), ("Timor-Leste", "tl"),
        ("The Gambia", "gm"), ("Prancis", "fr"), ("Perancis", "fr"), ("UAE", "ae"), ("Russia", "ru"), ("Suriah", "sy"),
        ("Republic of Moldova", "md"), ("United Republic of Tanzania", "tz"), ("Mali", "ml"), ("Georgia", "ge"),
    ],
)  # fmt: skip
def test_country_names(text: str, slug: str) -> None:
    assert bearers(text) == {("place/" + slug, False)}


@pytest.mark.parametrize(
    ("demonym", "slug"),
    [
        ("Indonesian", "id"), ("Filipino", "ph"), ("Philippine", "ph"), ("Swiss", "ch"), ("Nigerien", "ne"),
        ("Nigerian", "ng"), ("Bangladeshi", "bd"), ("Kyrgyz", "kg"), ("Dutch", "nl"), ("Myanma", "mm"), ("Lao", "la"),
        ("British", "gb"), ("Congolese", "cd"), ("Timorese", "tl"), ("Emirati", "ae"), ("South Sudanese", "ss"),
    ],
)  # fmt: skip
def test_demonyms(demonym: str, slug: str) -> None:
    assert load_reference().demonyms[normalise(demonym)] == PLACE + slug


def test_there_are_demonyms_for_the_countries_of_migration_news() -> None:
    assert len(set(load_reference().demonyms.values())) >= 180


def test_countries_keep_what_iso_says() -> None:
    reference = load_reference()
    for country in pycountry.countries:
        known = reference.entities[PLACE + country.alpha_2.lower()]
        assert known.kind == "country"
        assert known.country == known.iri
        assert reference.codes[known.iri] == country.alpha_2
        for label in known.labels:
            # Plain names in their natural order: "Bolivia", not "Bolivia, Negara Plurinasional".
            assert ", " not in label.value or country.alpha_2 in {"BQ", "SH"}, label
            assert not label.value.startswith(("Republik ", "Republic ", "Negara ")) or country.alpha_2 in {
                "CD", "CF", "DO",
            }, label  # fmt: skip


def test_labels_of_the_file_take_the_place_of_those_of_iso() -> None:
    labels = {label.lang: label.value for label in load_reference().entities[PLACE + "tl"].labels}
    assert labels == {"en": "Timor-Leste", "id": "Timor-Leste"}  # ISO's Indonesian name is "Timor Timur"
    assert iris("Timor Timur") == {"place/tl"}


def test_indonesian_provinces_are_those_of_iso() -> None:
    reference = load_reference()
    iso = {
        record.code.lower(): record.name
        for record in pycountry.subdivisions.get(country_code="ID")
        if record.type in {"Province", "Special region", "Capital district", "Autonomous Province"}
    }
    provinces = {
        known.iri.removeprefix(PLACE): known
        for known in reference.entities.values()
        if known.parents == ((WITHIN, PLACE + "id"),) and known.iri.removeprefix(PLACE) in iso
    }
    assert len(iso) == 38
    assert provinces.keys() == iso.keys()
    for code, known in provinces.items():
        assert known.country == PLACE + "id"
        assert known.iri not in reference.codes  # described by the file alone
        if code != "id-yo":  # ISO's name is that of its capital too
            assert iris(iso[code]) == {"place/" + code}
        english = next(label.value for label in known.labels if label.lang == "en")
        if not english.startswith("Special Region"):
            assert iris(english + " Province") == {"place/" + code}


def test_codes_of_places_are_typed() -> None:
    turtle = resources.path("data", "reference", "places.ttl").read_text(encoding="utf-8")
    assert len(re.findall(r'"ID-[A-Z]{2}"\^\^mig:iso3166-2', turtle)) == 43  # 38 provinces, 5 groups of islands
    assert re.findall(r'"\d+"\^\^mig:bps', turtle) == ['"33"^^mig:bps']
    central_java = turtle[turtle.index("place:id-jt a") :].split(" .\n")[0]
    assert '"33"^^mig:bps' in central_java


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Central Java", "id-jt"), ("Central Java Province", "id-jt"), ("Provinsi Jawa Tengah", "id-jt"),
        ("Jateng", "id-jt"), ("NTB", "id-nb"), ("NTT", "id-nt"), ("DKI Jakarta", "id-jk"), ("Jakarta", "id-jk"),
        ("Semarang", "id-semarang"), ("Kota Semarang", "id-semarang"), ("Semarang Regency", "id-semarang-regency"),
        ("Kabupaten Semarang", "id-semarang-regency"), ("Central Jakarta", "id-central-jakarta"), ("Bali", "id-ba"),
        ("Jakarta Pusat", "id-central-jakarta"), ("Lombok Timur", "id-east-lombok"), ("Cilacap", "id-cilacap"),
        ("Geneva", "ch-geneva"), ("Jenewa", "ch-geneva"), ("Marrakesh", "ma-marrakech"), ("Chisinau", "md-chisinau"),
        ("Kuala Lumpur", "my-kuala-lumpur"), ("Bogotá", "co-bogota"), ("Sabah", "my-12"), ("New York", "us-new-york"),
        ("Ulaanbaatar", "mn-ulaanbaatar"), ("Addis Ababa", "et-addis-ababa"), ("Cox’s Bazar", "bd-cox-s-bazar"),
    ],
)  # fmt: skip
def test_places(text: str, slug: str) -> None:
    found = {(iri.replace("coxs", "cox-s"), local) for iri, local in bearers(text)}
    assert found == {("place/" + slug, False)}


def test_there_are_places_enough() -> None:
    reference = load_reference()
    cities = [
        known
        for known in reference.entities.values()
        if known.kind == "place" and known.iri not in reference.codes and known.country
    ]
    indonesian = [known for known in cities if known.country == PLACE + "id"]
    assert len(indonesian) >= 90 + 38
    assert len({known.country for known in cities}) >= 180
    for known in indonesian:
        assert reference.within(known.iri, PLACE + "id")


@pytest.mark.parametrize("text", ["Lima", "Malé", "Male", "Sofia", "Batang", "Kudus", "DIY"])
def test_ordinary_words_name_places_only_in_texts_about_the_country(text: str) -> None:
    assert {local for _, local in bearers(text)} == {True}


@pytest.mark.parametrize("text", ["Central", "Coast", "Western Province", "Upper West", "Mary", "Para", "Ica", "Male'"])
def test_subdivisions_with_everyday_names_have_no_names(text: str) -> None:
    divisions = load_reference().codes
    assert not [name for name in load_reference().lookup(text) if name.iri in divisions]


def test_subdivisions_are_local_and_yield_to_what_is_better_known() -> None:
    reference = load_reference()
    assert bearers("Luxembourg") == {("place/lu", False)}  # not the canton
    assert bearers("Santiago") == {("place/cl-santiago", False)}  # not the province of another country
    assert bearers("Kassala") == {("place/sd-kassala", False)}  # the city, not its state
    assert bearers("Punjab") == {("place/in-pb", True), ("place/pk-pb", True)}
    assert bearers("A Coruña") == bearers("La Coruña") == {("place/es-c", True)}
    assert reference.entities[PLACE + "in-pb"].country == PLACE + "in"
    for names in reference.names.values():
        for name in names:
            if name.iri in reference.codes and "-" in reference.codes[name.iri] and not name.local:
                assert name.iri.removeprefix(PLACE) in {
                    "my-12", "my-13", "my-01", "us-ca", "us-tx", "mm-16", "et-ti", "af-hel", "ph-14",
                }  # fmt: skip


def test_a_region_is_meant_rather_than_the_district_of_that_name_in_it() -> None:
    assert iris("Murcia") == {"place/es-mc"}  # ES-MU, the province, is part of it


def test_parents_lead_from_the_division_to_the_country() -> None:
    reference = load_reference()
    assert reference.entities[PLACE + "es-mu"].parents == ((WITHIN, PLACE + "es-mc"),)
    assert reference.within(PLACE + "es-mu", PLACE + "es")
    assert reference.within(PLACE + "id-semarang", PLACE + "id-jt")
    assert reference.within(PLACE + "id", PLACE + "id")
    assert not reference.within(PLACE + "id", PLACE + "id-jt")
    assert not reference.within("https://example.org/unknown", PLACE + "id")


@pytest.mark.parametrize(
    ("text", "found"),
    [("GCM", {"policy/gcm"}), ("gcm", set()), ("MiGOF", {"policy/migof"}), ("MIGOF", {"policy/migof"}), ("us", set()),
     ("US", {"place/us"}), ("Promise", set()), ("PROMISE", {"programme/promise"}), ("crest", set())],
)  # fmt: skip
def test_acronyms_need_their_capitals(text: str, found: set[str]) -> None:
    assert iris(text) == found


@pytest.mark.parametrize(
    ("text", "slug", "kind"),
    [
        ("Global Compact of Migration", "gcm", "agreement"),
        ("Global Compact for Safe, Orderly, and Regular Migration", "gcm", "agreement"),
        ("Kesepakatan Global untuk Migrasi", "gcm", "agreement"),
        ("Global Compact on Refugees", "gcr", "agreement"),
        ("New York Declaration", "new-york-declaration", "agreement"),
        ("2030 Agenda", "agenda-2030", "agenda"),
        ("SDGs", "sdgs", "framework"),
        ("Paris Agreement", "paris-agreement", "agreement"),
        ("ICRMW", "icrmw", "convention"),
        ("Palermo Protocol", "palermo-protocol-trafficking", "convention"),
        ("CEDAW", "cedaw", "convention"),
        ("ILO Convention No. 189", "ilo-c189", "convention"),
        ("1951 Refugee Convention", "refugee-convention", "convention"),
        ("ASEAN Consensus", "asean-consensus-2017", "agreement"),
        ("ACTIP", "actip", "convention"),
        ("MGI", "mgi", "indicator-framework"),
        ("Indikator Tata Kelola Migrasi", "mgi", "indicator-framework"),
        ("IMRF Progress Declaration", "imrf-progress-declaration-2022", "agreement"),
        ("Migration Governance Indicators Profile of Indonesia", "mgi-profile-id", "profile"),
        ("Central Java MGI Profile", "mgi-profile-id-jt", "profile"),
        ("Law No. 18 of 2017", "id-uu-2017-18", "law"),
        ("Law No. 18/2017", "id-uu-2017-18", "law"),
        ("Law 18/2017", "id-uu-2017-18", "law"),
        ("UU No. 18 Tahun 2017", "id-uu-2017-18", "law"),
        ("UU 18/2017", "id-uu-2017-18", "law"),
        ("UU PPMI", "id-uu-2017-18", "law"),
        ("Undang-Undang Nomor 18 Tahun 2017 tentang Perlindungan Pekerja Migran Indonesia", "id-uu-2017-18", "law"),
        ("Presidential Regulation No. 90 of 2019", "id-perpres-2019-90", "law"),
        ("Perpres 165/2024", "id-perpres-2024-165", "law"),
        ("PP No. 59 Tahun 2021", "id-pp-2021-59", "law"),
    ],
)
def test_policies(text: str, slug: str, kind: str) -> None:
    found = {(name.iri, name.kind, name.local) for name in load_reference().lookup(text) if name.kind != "concept"}
    # Every country has a "Law No. 18 of 2017": such a name counts in texts about its own country only.
    local = text.startswith(("Law", "Presidential Regulation"))
    assert found == {(POLICY + slug, kind, local)}


@pytest.mark.parametrize(
    "text",
    ["NAP GCM", "NAP-GCM", "NAP for the GCM", "NAP of the GCM", "GCM action plan", "RAN GCM", "NAP of GCM",
     "National Action Plan of the Global Compact for Migration", "Rencana Aksi Nasional Kesepakatan Global Migrasi"],
)  # fmt: skip
def test_the_national_action_plan_is_local(text: str) -> None:
    assert bearers(text) == {("policy/id-ran-gcm-2022-2025", True)}
    assert load_reference().entities[POLICY + "id-ran-gcm-2022-2025"].country == PLACE + "id"


def objects(file: str) -> dict[tuple[str, str], set[str]]:
    import pyoxigraph

    found: dict[tuple[str, str], set[str]] = {}
    path = str(resources.path("data", "reference", file))
    for quad in pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE):
        found.setdefault((quad.subject.value, quad.predicate.value), set()).add(quad.object.value)  # type: ignore[union-attr]
    return found


def test_acts_are_law_and_compacts_are_not() -> None:
    eli = "http://data.europa.eu/eli/ontology#"
    said = objects("policies.ttl")
    reference = load_reference()
    laws = [known for known in reference.entities.values() if known.kind == "law"]
    assert len(laws) >= 15
    for law in laws:
        match = re.fullmatch(POLICY + r"id-(uu|pp|perpres)-(\d{4})-(\d+)", law.iri)
        assert match, law.iri
        kind, year, number = match.groups()
        assert said[law.iri, eli + "type_document"] == {f"https://w3id.org/migkg/scheme/legal-types/{kind}"}
        assert said[law.iri, eli + "jurisdiction"] == {PLACE + "id"}
        assert min(said[law.iri, "http://purl.org/dc/terms/date"]).startswith(year)
        assert any(f"No. {number} of {year}" in label.value for label in law.labels)
        assert law.country == PLACE + "id"
    legal = {subject for subject, predicate in said if predicate.startswith(eli)}
    assert legal == {law.iri for law in laws}
    force = "https://w3id.org/migkg/ont#bindingForce"
    assert said[POLICY + "gcm", force] == {"https://w3id.org/migkg/ont#NonBinding"}
    assert said[POLICY + "icrmw", force] == {"https://w3id.org/migkg/ont#Binding"}


def test_relations_between_policies_are_those_of_the_sources() -> None:
    said = objects("policies.ttl")
    relations = {
        (subject.removeprefix(POLICY), re.split("[#/]", predicate)[-1], value.removeprefix(POLICY))
        for (subject, predicate), values in said.items()
        for value in values
        if value.startswith(POLICY)
    }
    act = "id-uu-2017-18"
    assert relations == {
        (act, "repeals", "id-uu-2004-39"),
        ("id-uu-2024-61", "amends", "id-uu-2008-39"),
        ("id-uu-2024-63", "amends", "id-uu-2011-6"),
        ("id-pp-2021-59", "based_on", act),
        ("id-pp-2022-22", "based_on", act),
        ("id-perpres-2019-90", "based_on", act),
        ("id-perpres-2024-165", "replaces", "id-perpres-2019-90"),
        ("id-perpres-2024-166", "replaces", "id-perpres-2019-90"),
        ("id-uu-2012-6", "relation", "icrmw"),
        ("id-ran-gcm-2022-2025", "implementsFramework", "gcm"),
        ("mgi", "conformsTo", "migof"),
        ("mgi-profile-id", "conformsTo", "mgi"),
        ("mgi-profile-id-jt", "conformsTo", "mgi"),
    }


@pytest.mark.parametrize(
    ("text", "slug", "kind"),
    [
        ("Migration MPTF", "mmptf", "fund"),
        ("MMPTF", "mmptf", "fund"),
        ("Migration Multi-Partner Trust Fund", "mmptf", "fund"),
        ("Migration Governance for Sustainable Development in Indonesia", "migration-governance-indonesia",
         "joint-programme"),
        ("Safe and Fair", "safe-and-fair", "joint-programme"),
        ("Ship to Shore Rights South East Asia", "ship-to-shore-rights-sea", "joint-programme"),
        ("EU-IOM Joint Initiative", "eu-iom-joint-initiative", "joint-programme"),
        ("TRIANGLE in ASEAN", "triangle-in-asean", "programme"),
        ("Desmigratif", "desmigratif", "programme"),
    ],
)  # fmt: skip
def test_programmes(text: str, slug: str, kind: str) -> None:
    found = {(name.iri, name.kind) for name in load_reference().lookup(text)}
    assert found == {(ID + "programme/" + slug, kind)}


def test_the_code_of_the_fund_is_recorded() -> None:
    assert objects("programmes.ttl")[ID + "programme/mmptf", "http://purl.org/dc/terms/identifier"] == {"MIG00"}


def test_concepts_of_the_schemes_are_known() -> None:
    reference = load_reference()
    schemes = "https://w3id.org/migkg/scheme/"
    for concept in ("gcm/objective-5", "gcm/principle-a", "migof/p1", "mgi/domain-6", "sdg/goal-10", "roles/speaker"):
        assert reference.entities[schemes + concept].kind == "concept"
    names = reference.lookup("Enhance availability and flexibility of pathways for regular migration")
    assert [name.iri for name in names] == [schemes + "gcm/objective-5"]


def test_reference_files_are_the_turtle_files_in_order(tmp_path: Path) -> None:
    extra = root(tmp_path)
    files = reference_files(extra)
    assert files[:-1] == reference_files()
    assert files[-1] == extra / "extra.ttl"
    assert [file.name for file in reference_files()] == sorted(file.name for file in reference_files())
    assert {"countries.ttl", "places.ttl", "policies.ttl", "programmes.ttl"} <= {
        file.name for file in reference_files()
    }


def test_the_reference_is_read_once() -> None:
    assert load_reference() is load_reference()


# Further folders


def test_an_extra_folder_adds_entities_and_names(tmp_path: Path) -> None:
    extra = root(
        tmp_path,
        'o:xy a org:Organization ; skos:prefLabel "Xylophone Watch"@en ; mig:acronym "XYW" ; '
        "org:subOrganizationOf o:parent . "
        'o:parent a org:Organization ; skos:prefLabel "Parent of Xylophones"@en ; mig:country place:ch . '
        'o:unit a org:OrganizationalUnit ; skos:prefLabel "Xylophone Unit"@en ; org:unitOf o:xy ; '
        'mig:localName "The Unit"@en, "TXU" . '
        'place:ph skos:altLabel "Pearl of the Orient Seas"@en . '
        'place:th-10 skos:altLabel "Krungthep Mahanakorn"@en .',
    )
    reference = load_reference(extra)
    assert iris("pearl of the orient seas", extra) == {"place/ph"}
    assert iris("Krungthep Mahanakorn", extra) == {"place/th-10"}
    assert reference.entities[PLACE + "th-10"].parents == ((WITHIN, PLACE + "th"),)
    unit = reference.entities[ID + "organization/unit"]
    assert (unit.kind, unit.country) == ("unit", PLACE + "ch")  # by way of what it is part of
    assert reference.lookup("TXU") == (
        Name("TXU", ID + "organization/unit", "unit", lang=None, local=True, acronym=True),
    )
    assert reference.lookup("the unit") == (Name("The Unit", ID + "organization/unit", "unit", lang="en", local=True),)
    assert reference.within(ID + "organization/unit", ID + "organization/parent")
    assert iris("Xylophone Watch") == set()  # the bundled reference is as it was


def test_a_name_in_two_languages_serves_in_any(tmp_path: Path) -> None:
    extra = root(tmp_path, 'o:a a org:Organization ; skos:prefLabel "Xylo"@en, "Xylo"@id ; skos:altLabel "Xy Lo"@id .')
    assert [name.lang for name in load_reference(extra).lookup("Xylo")] == [None]
    assert [name.lang for name in load_reference(extra).lookup("Xy Lo")] == ["id"]


def test_the_same_local_name_may_serve_two_countries(tmp_path: Path) -> None:
    extra = root(
        tmp_path,
        'o:a a org:Organization ; skos:prefLabel "A of X"@en ; mig:localName "Ministry of Xylophones"@en ; '
        "mig:country place:ph . "
        'o:b a org:Organization ; skos:prefLabel "B of Y"@en ; mig:localName "Ministry of Xylophones"@en ; '
        "mig:country place:th .",
    )
    assert iris("Ministry of Xylophones", extra) == {"organization/a", "organization/b"}


def test_circles_of_parents_do_not_hang(tmp_path: Path) -> None:
    extra = root(
        tmp_path,
        'o:a a org:Organization ; skos:prefLabel "Aaa Xy"@en ; org:subOrganizationOf o:b . '
        'o:b a org:Organization ; skos:prefLabel "Bbb Xy"@en ; org:subOrganizationOf o:a .',
    )
    assert load_reference(extra).within(ID + "organization/a", ID + "organization/b")
    assert load_reference(extra).entities[ID + "organization/a"].country is None


BROKEN = {
    "no dot": ('o:a a org:Organization ; skos:prefLabel "A"@en\no:b a org:Organization .', "not Turtle"),
    "unknown prefix": ("foo:a a org:Organization .", "not Turtle"),
    "no kind": ('o:a a org:FormalOrganization ; skos:prefLabel "A"@en .', "no entity kind.*FormalOrganization"),
    "no type": ('o:a skos:prefLabel "A"@en .', "no entity kind.*missing"),
    "nothing to read": ("o:a schema:url <https://example.org/> .", "no entity kind.*missing"),
    "two kinds": ('o:a a org:Organization, org:Post ; skos:prefLabel "A"@en .', "no entity kind"),
    "no label": ('o:a a org:Organization ; skos:altLabel "Aaa"@en .', "no skos:prefLabel"),
    "untagged label": ('o:a a org:Organization ; skos:prefLabel "Aaa" .', "without language"),
    "two labels": ('o:a a org:Organization ; skos:prefLabel "Aaa"@en, "Bbb"@en .', "and another one"),
    "empty name": ('o:a a org:Organization ; skos:prefLabel "Aaa"@en ; skos:altLabel "–"@en .', "empty name"),
    "unknown parent": (
        'o:a a org:Organization ; skos:prefLabel "Aaa"@en ; org:subOrganizationOf o:nobody .',
        "organization/nobody>, which nothing describes",
    ),
    "unknown country": (
        'o:a a org:Organization ; skos:prefLabel "Aaa"@en ; mig:country place:zz .',
        "place/zz>, which nothing describes",
    ),
    "blank node": ('o:a a org:Organization ; skos:prefLabel "Aaa"@en ; schema:location [] .', "blank node"),
    "blank subject": ('[] a org:Organization ; skos:prefLabel "Aaa"@en .', "blank node"),
    "local without country": (
        'o:a a org:Organization ; skos:prefLabel "Aaa"@en ; mig:localName "The Ministry"@en .',
        'local name "The Ministry" and no country',
    ),
    "name of two": (
        ('o:a a org:Organization ; skos:prefLabel "Xylo Watch"@en . '
        'o:b a org:Organization ; skos:prefLabel "Bbb Xy"@en ; skos:altLabel "XYLO-WATCH"@id .'),
        "is the name of <.*organization/[ab]> and of <.*organization/[ab]>",
    ),
    "name of a country": ('o:a a org:Organization ; skos:prefLabel "Tanzania"@en .', "/a> and of <.*place/tz"),
    "name of a policy": ('o:a a org:Organization ; skos:prefLabel "A"@en ; mig:acronym "GCM" .', "of <.*policy/gcm"),
    "local name of two in a country": (
        ('o:a a org:Organization ; skos:prefLabel "Aaa X"@en ; mig:localName "MoX" ; mig:country place:id . '
        'o:b a org:Organization ; skos:prefLabel "Bbb X"@en ; mig:localName "MOX" ; mig:country place:id .'),
        "organization/.> and of <.*organization/.>",
    ),
    "demonym of two": ('place:th mig:demonym "Filipino"@en .', '"Filipino" is the demonym of'),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_broken_files_are_refused(tmp_path: Path, case: str) -> None:
    turtle, message = BROKEN[case]
    extra = root(tmp_path, turtle)
    with pytest.raises(DataError, match=message) as caught:
        load_reference(extra)
    assert "extra.ttl" in caught.value.where
    assert caught.value.todo


def test_an_ambiguous_name_names_both_files(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        load_reference(root(tmp_path, 'o:a a org:Organization ; skos:prefLabel "Migration MPTF"@en .'))
    assert " and " in caught.value.where
    assert "programmes.ttl" in caught.value.where
    assert "extra.ttl" in caught.value.where


def test_a_syntax_error_tells_its_line(tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text(
        "@prefix a: <https://a.example/> .\n\na:b a:c a:d\na:e a:f a:g .\n", encoding="utf-8"
    )
    with pytest.raises(DataError, match="not Turtle") as caught:
        load_reference(tmp_path)
    assert caught.value.line == 4
    assert caught.value.where.endswith("bad.ttl")


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_bytes(b"@prefix a: <https://a.example/> .\na:b a:c '\xff' .")
    with pytest.raises(DataError, match=r"bad\.ttl:2: not Turtle"):
        load_reference(tmp_path)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no folder"):
        load_reference(tmp_path / "nowhere")


def test_change_events_are_no_entities(tmp_path: Path) -> None:
    extra = root(tmp_path, "<https://w3id.org/migkg/id/change/x> a org:ChangeEvent ; schema:name 'x' .")
    assert ID + "change/x" not in load_reference(extra).entities


# Links to other data sets


def test_bundled_links_are_those_with_a_source() -> None:
    links = load_links()
    entities = {link.entity.removeprefix(ID) for link in links}
    assert {link.predicate for link in links} == {"http://www.w3.org/2004/02/skos/core#exactMatch"}
    assert all(link.source and link.checker for link in links)
    targets = {(link.entity.removeprefix(ID), link.target) for link in links}
    wikidata = "http://www.wikidata.org/entity/"
    assert ("organization/unhcr", wikidata + "Q132551") in targets
    assert ("organization/un", wikidata + "Q1065") in targets
    assert ("place/id", "https://sws.geonames.org/1643084/") in targets
    assert ("place/id-semarang-regency", wikidata + "Q10687") in targets
    # Their sources contradict one another: left out until that is settled.
    assert not entities & {"organization/iom", "place/id-semarang", "policy/gcm", "policy/mgi"}
    assert list(links) == sorted(links, key=lambda link: (link.entity, link.predicate, link.target))


def test_a_link_of_an_extra_folder(tmp_path: Path) -> None:
    row = f'{PLACE}ph,schema:sameAs,https://example.org/ph,"Atlas, 2nd edition",2026-08,me\n'
    (link,) = set(load_links(root(tmp_path, links=LINKS_HEAD + row))) - set(load_links())
    assert (link.predicate, link.source) == ("https://schema.org/sameAs", "Atlas, 2nd edition")
    assert link.date == PartialDate(2026, 8)


BAD_LINKS = {
    "no source": ("place/ph,skos:exactMatch,https://example.org/ph,,2026-08-01,me", "no source"),
    "blank source": ("place/ph,skos:exactMatch,https://example.org/ph,  ,2026-08-01,me", "no source"),
    "no date": ("place/ph,skos:exactMatch,https://example.org/ph,atlas,,me", "no date"),
    "no checker": ("place/ph,skos:exactMatch,https://example.org/ph,atlas,2026-08-01,", "no checker"),
    "wrong date": ("place/ph,skos:exactMatch,https://example.org/ph,atlas,2026-02-30,me", "the date is wrong"),
    "no day": ("place/ph,skos:exactMatch,https://example.org/ph,atlas,yesterday,me", "the date is wrong"),
    "unknown entity": ("place/zz,skos:exactMatch,https://example.org/ph,atlas,2026-08-01,me", "zz> is no known entity"),
    "merging": ("place/ph,owl:sameAs,https://example.org/ph,atlas,2026-08-01,me", 'predicate is "owl:sameAs"'),
    "no address": ("place/ph,skos:exactMatch,Q928,atlas,2026-08-01,me", '"Q928" is no web address'),
    "address with a space": ("place/ph,skos:exactMatch,https://e.org/a b,atlas,2026-08-01,me", "no web address"),
    "too few cells": ("place/ph,skos:exactMatch,https://example.org/ph,atlas", "too few cells"),
    "too many cells": ("place/ph,skos:exactMatch,https://example.org/ph,a,b,2026-08-01,me", "too many"),
    "taken": ("place/ph,skos:exactMatch,http://www.wikidata.org/entity/Q252,atlas,2026-08-01,me", "already linked"),
}


@pytest.mark.parametrize("case", BAD_LINKS)
def test_bad_links_are_refused(tmp_path: Path, case: str) -> None:
    row, message = BAD_LINKS[case]
    extra = root(tmp_path, links=f"{LINKS_HEAD}{ID}{row}\n")
    with pytest.raises(DataError, match=message) as caught:
        load_links(extra)
    assert caught.value.where.endswith("links.csv")
    assert caught.value.line == 2
    assert caught.value.todo


def test_links_need_their_header_and_utf8(tmp_path: Path) -> None:
    with pytest.raises(DataError, match='the columns are "entity,target"'):
        load_links(root(tmp_path, links="entity,target\n"))
    other = tmp_path / "other"
    other.mkdir()
    (other / "links.csv").write_bytes(LINKS_HEAD.encode() + b"\xff\n")
    with pytest.raises(DataError, match="not CSV in UTF-8"):
        load_links(other)


# What ISO 3166 says, as triples


def test_triples_of_a_country() -> None:
    triples = place_triples(PLACE + "ph")
    assert (
        PLACE + "ph",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
        Ref("https://schema.org/Country"),
    ) in triples
    labels = {value for _, predicate, value in triples if predicate.endswith("#prefLabel")}
    assert labels == {Text("Philippines", "en"), Text("Filipina", "id")}
    codes = [value for _, predicate, value in triples if predicate.endswith("#notation")]
    assert codes == [Code("PH", "https://w3id.org/migkg/ont#iso3166-1")]
    assert not [predicate for _, predicate, _ in triples if predicate == WITHIN]


def test_triples_of_a_subdivision() -> None:
    triples = place_triples(PLACE + "gb-ken")
    assert (PLACE + "gb-ken", WITHIN, Ref(PLACE + "gb-eng")) in triples
    codes = [value for _, predicate, value in triples if predicate.endswith("#notation")]
    assert codes == [Code("GB-KEN", "https://w3id.org/migkg/ont#iso3166-2")]


def test_places_of_the_files_and_other_things_have_no_iso_triples() -> None:
    assert place_triples(PLACE + "id-jt") == place_triples(POLICY + "gcm") == place_triples(PLACE + "xx") == ()


def test_triples_of_all_countries() -> None:
    triples = country_triples()
    subjects = [subject for subject, _, _ in triples]
    assert len(set(subjects)) == len(pycountry.countries)
    assert subjects == sorted(subjects)
    assert len([1 for _, predicate, _ in triples if predicate.endswith("#prefLabel")]) == 2 * len(set(subjects))


def test_every_division_is_read_with_what_holds_it() -> None:
    codes = {country.code for country in iso3166.countries()} | {division.code for division in iso3166.divisions()}
    assert len(iso3166.divisions()) == len(pycountry.subdivisions)
    assert {division.around for division in iso3166.divisions()} <= codes
