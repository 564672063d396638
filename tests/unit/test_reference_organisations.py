"""The organisations in `data/reference` and their succession: complete, bilingual, without two bearers of one name."""

import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Dataset, Literal, NamedNode, Quad, RdfFormat, Store, parse

from migkg.reference import normalise

REFERENCE = Path(__file__).parents[2] / "data" / "reference"
FILES = sorted(REFERENCE.glob("organisations-*.ttl"))
CHANGES = REFERENCE / "changes.ttl"

ID = "https://w3id.org/migkg/id/"
ORGANIZATION, PLACE, POLICY = ID + "organization/", ID + "place/", ID + "policy/"
ONT = "https://w3id.org/migkg/ont#"
ORG = "http://www.w3.org/ns/org#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SOURCE = "http://purl.org/dc/terms/source"
DATE = "http://purl.org/dc/terms/date"
PREF, ALT = SKOS + "prefLabel", SKOS + "altLabel"
ACRONYM, LOCAL, COUNTRY = ONT + "acronym", ONT + "localName", ONT + "country"
PART_OF, UNIT_OF = ORG + "subOrganizationOf", ORG + "unitOf"

BODY, UNIT = ORG + "Organization", ORG + "OrganizationalUnit"
KINDS = {
    frozenset({BODY}),
    frozenset({BODY, "http://data.europa.eu/m8g/PublicOrganisation"}),
    frozenset({BODY, ONT + "IntergovernmentalOrganization"}),
    frozenset({UNIT}),
}
PROPERTIES = {TYPE, PREF, ALT, ACRONYM, LOCAL, COUNTRY, PART_OF, UNIT_OF, SOURCE}
LANGUAGES = {"en", "id"}


@cache
def quads(path: Path) -> tuple[Quad, ...]:
    return tuple(parse(path=str(path), format=RdfFormat.TURTLE))


@cache
def bodies() -> dict[str, dict[str, list[NamedNode | Literal]]]:
    """Subject → predicate → objects over all files of organisations."""
    found: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for path in FILES:
        for quad in quads(path):
            found[quad.subject.value][quad.predicate.value].append(quad.object)
    return found


def values(iri: str, predicate: str) -> list[str]:
    return [value.value for value in bodies()[iri][predicate]]


def wrong(test) -> list[str]:
    return [iri for iri in sorted(bodies()) if test(iri)]


def clashes(bearers: dict[object, set[str]]) -> dict[object, set[str]]:
    return {name: iris for name, iris in bearers.items() if len(iris) > 1}


def test_there_are_files_for_each_part_of_the_field_and_enough_organisations():
    assert [path.stem for path in FILES] == [
        "organisations-civil-society",
        "organisations-indonesia",
        "organisations-regional-donors",
        "organisations-un",
    ]
    assert len(bodies()) >= 150
    assert min(len({quad.subject for quad in quads(path)}) for path in FILES) >= 30


@pytest.mark.parametrize("path", [*FILES, CHANGES], ids=lambda path: path.stem)
def test_no_blank_nodes(path):
    assert not [
        quad for quad in quads(path) if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)
    ]


def test_an_organisation_is_described_in_one_file():
    homes = Counter(subject for path in FILES for subject in {quad.subject.value for quad in quads(path)})
    assert not [iri for iri, files in homes.items() if files > 1]


def test_iris_are_short_readable_slugs():
    pattern = re.compile(re.escape(ORGANIZATION) + r"[a-z0-9]+(-[a-z0-9]+)*")
    assert not wrong(lambda iri: not pattern.fullmatch(iri))
    assert max(len(iri) for iri in bodies()) <= len(ORGANIZATION) + 40


def test_types_are_those_of_an_entity_kind():
    assert not wrong(lambda iri: frozenset(values(iri, TYPE)) not in KINDS)


def test_only_the_properties_of_reference_data_are_used():
    # Identifiers in other data sets belong into links.csv, where each has its source.
    assert {predicate for properties in bodies().values() for predicate in properties if properties[predicate]} <= (
        PROPERTIES
    )


def test_no_identifier_of_another_data_set():
    registers = re.compile(
        r"wikidata|geonames|ror\.org|isni\.org|viaf\.org|dbpedia|opensanctions|lei\.info|publications\.europa"
    )
    assert not [
        quad for path in (*FILES, CHANGES) for quad in quads(path) if registers.search(quad.object.value.lower())
    ]


def test_each_has_one_preferred_label_in_english_and_in_indonesian():
    assert not wrong(lambda iri: sorted(label.language for label in bodies()[iri][PREF]) != sorted(LANGUAGES))


def test_names_are_tagged_and_acronyms_are_plain():
    for iri, properties in bodies().items():
        assert {name.language for name in properties[ALT]} <= LANGUAGES, iri
        assert {acronym.language for acronym in properties[ACRONYM]} <= {None}, iri
        assert {name.language for name in properties[LOCAL]} <= {*LANGUAGES, None}, iri


def test_names_are_clean():
    for iri, properties in bodies().items():
        for predicate in (PREF, ALT, ACRONYM, LOCAL):
            for name in properties[predicate]:
                assert name.value == " ".join(name.value.split()), (iri, name)
                assert len(normalise(name.value)) > 1, (iri, name)


def test_acronyms_do_not_read_like_words():
    # They are looked up by their capitals: "Sida" and "BP2MI" have them, "sida" has none.
    assert not wrong(lambda iri: any(acronym.islower() for acronym in values(iri, ACRONYM)))


def test_a_name_that_identifies_anywhere_has_one_bearer_over_all_reference_files():
    bearers: dict[object, set[str]] = defaultdict(set)
    for path in sorted(REFERENCE.glob("*.ttl")):
        for quad in quads(path):
            if quad.predicate.value in {PREF, ALT, ACRONYM} and not quad.subject.value.startswith(ID + "change/"):
                bearers[normalise(quad.object.value)].add(quad.subject.value)
    ours = {name: iris for name, iris in bearers.items() if any(iri.startswith(ORGANIZATION) for iri in iris)}
    assert not clashes(ours)


def test_a_local_name_has_one_bearer_in_its_country():
    bearers: dict[object, set[str]] = defaultdict(set)
    for iri in bodies():
        for name in values(iri, LOCAL):
            bearers[values(iri, COUNTRY)[0], normalise(name)].add(iri)
    assert not clashes(bearers)


def test_a_local_name_identifies_no_other_body_anywhere():
    anywhere = {normalise(name): iri for iri in bodies() for key in (PREF, ALT, ACRONYM) for name in values(iri, key)}
    assert not wrong(lambda iri: any(anywhere.get(normalise(name), iri) != iri for name in values(iri, LOCAL)))


def test_local_names_need_a_country():
    assert not wrong(lambda iri: values(iri, LOCAL) and not values(iri, COUNTRY))


def test_countries_are_places_by_iso_code():
    for iri in bodies():
        countries = values(iri, COUNTRY)
        assert len(countries) <= 1, iri
        assert all(re.fullmatch(re.escape(PLACE) + "[a-z]{2}", country) for country in countries), iri


def test_parents_exist():
    parents = {parent for iri in bodies() for key in (PART_OF, UNIT_OF) for parent in values(iri, key)}
    assert parents <= set(bodies())


def test_units_belong_to_a_body_and_only_units_do_so_by_unit_of():
    assert not wrong(lambda iri: (UNIT in values(iri, TYPE)) != bool(values(iri, UNIT_OF)))
    assert not wrong(lambda iri: UNIT in values(iri, TYPE) and values(iri, PART_OF))


def test_nothing_is_part_of_itself():
    def above(iri: str, seen: tuple[str, ...] = ()) -> bool:
        parents = values(iri, PART_OF) + values(iri, UNIT_OF)
        return any(parent in (iri, *seen) or above(parent, (*seen, iri)) for parent in parents)

    assert not wrong(above)


def test_sources_are_addresses():
    for path in (*FILES, CHANGES):
        for quad in quads(path):
            if quad.predicate.value == SOURCE:
                assert isinstance(quad.object, NamedNode)
                assert re.match(r"https?://[\w.-]+/?", quad.object.value)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("IOM", "iom"),
        ("Organisasi Internasional untuk Migrasi", "iom"),
        ("PBB di Indonesia", "un-indonesia"),
        ("Kemlu", "id-kemlu"),
        ("Kementerian Luar Negeri", "id-kemlu"),
        (
            "Directorate of Social Culture and International Organizations of Developing Countries",
            "id-kemlu-sosbud-oinb",
        ),
        ("Direktorat Pelindungan WNI dan BHI", "id-kemlu-pwni"),
        ("Kementerian Perlindungan Pekerja Migran Indonesia", "id-kp2mi"),
        ("Manpower and Transmigration Department of Central Java Province", "id-disnakertrans-jawa-tengah"),
        ("Economist Impact", "economist-impact"),
        ("Migrant CARE", "migrant-care"),
    ],
)
def test_names_as_printed_are_there(name, slug):
    names = {normalise(known) for key in (PREF, ALT, ACRONYM) for known in values(ORGANIZATION + slug, key)}
    assert normalise(name) in names


@pytest.mark.parametrize(
    "name", ["Ministry of Foreign Affairs", "MOFA", "National Police", "MoM", "Cabinet Secretariat"]
)
def test_generic_names_identify_only_in_texts_about_their_country(name):
    key = normalise(name)
    assert not wrong(lambda iri: key in {normalise(known) for at in (PREF, ALT, ACRONYM) for known in values(iri, at)})
    assert wrong(lambda iri: key in map(normalise, values(iri, LOCAL)))


@pytest.mark.parametrize("acronym", ["PMI", "IDN", "MFA", "ITU"])
def test_what_means_something_else_in_the_field_is_no_acronym(acronym):
    assert not wrong(lambda iri: acronym in values(iri, ACRONYM))


# Succession


@cache
def changes() -> Store:
    store = Store()
    store.extend(Dataset(quads(CHANGES)))
    return store


def of_changes(predicate: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for quad in changes().quads_for_pattern(None, NamedNode(predicate), None):
        found[quad.subject.value].add(quad.object.value)
    return found


def test_each_change_names_both_sides_a_day_and_a_source():
    events = set(of_changes(TYPE))
    assert set(of_changes(ORG + "originalOrganization")) == events
    assert set(of_changes(ORG + "resultingOrganization")) == events
    assert set(of_changes(SOURCE)) == events
    assert set(of_changes(DATE)) == events
    assert all(iri.startswith(ID + "change/") for iri in events)
    for quad in changes().quads_for_pattern(None, NamedNode(DATE), None):
        assert quad.object.datatype.value.endswith("#date")
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", quad.object.value)
    for event in events:
        labels = changes().quads_for_pattern(NamedNode(event), NamedNode(PREF), None)
        assert {quad.object.language for quad in labels} == LANGUAGES


def test_changes_are_between_known_organisations():
    for side in ("originalOrganization", "resultingOrganization"):
        assert {iri for iris in of_changes(ORG + side).values() for iri in iris} <= set(bodies())


def test_acts_are_named_by_type_year_and_number():
    acts = {act for acts in of_changes(ONT + "effectedByAct").values() for act in acts}
    assert acts
    assert all(re.fullmatch(re.escape(POLICY) + r"[a-z]{2}-[a-z]+-\d{4}-\d+", act) for act in acts)


def test_the_chain_from_bnp2tki_to_the_ministry_walks():
    rows = changes().query(
        f"""PREFIX org: <{ORG}> PREFIX mig: <{ONT}> PREFIX dct: <http://purl.org/dc/terms/>
        SELECT ?before ?after ?act ?date {{
            <{ORGANIZATION}id-bnp2tki> (^org:originalOrganization/org:resultingOrganization)* ?before .
            ?change org:originalOrganization ?before ; org:resultingOrganization ?after ;
                mig:effectedByAct ?act ; dct:date ?date .
        }}"""
    )
    steps = {tuple(row[name].value.rpartition("/")[2] for name in ("before", "after", "act", "date")) for row in rows}
    assert steps == {
        ("id-bnp2tki", "id-bp2mi", "id-perpres-2019-90", "2019-12-31"),
        ("id-bp2mi", "id-kp2mi", "id-perpres-2024-165", "2024-11-05"),
        ("id-bp2mi", "id-kp2mi", "id-perpres-2024-166", "2024-11-05"),
        ("id-bp2mi", "id-bp2mi", "id-perpres-2024-165", "2024-11-05"),
        ("id-bp2mi", "id-bp2mi", "id-perpres-2024-166", "2024-11-05"),
    }
