"""The ready-made questions: each has a recorded answer; parameters, names, dates, labels and messages."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

import migkg
from graphs import bundled
from migkg import queries, resources
from migkg.errors import DataError, NothingFound, QueryError, UnknownName
from migkg.model import Table
from migkg.ontology import ID, PREFIXES
from migkg.store import EmbeddedStore

FIXTURES = Path(__file__).parent.parent / "fixtures"
GOLDEN = Path(__file__).parent.parent / "golden" / "queries"
CONSULTATION = "event/consultation-2024-06-12-semarang"


@pytest.fixture(scope="module")
def store() -> Iterator[EmbeddedStore]:
    with EmbeddedStore() as made:
        made.bulk_load(FIXTURES / "graph.trig")
        yield made


def ask(store: EmbeddedStore, name: str, *, lang: str = "en", iris: bool = False, **params: str) -> Table:
    return queries.run(store, queries.question(name), params, lang=lang, iris=iris)


def column(table: Table, name: str) -> list[Any]:
    return [row[name] for row in table]


# --- every question has a recorded answer ---

CASES: dict[str, tuple[str, dict[str, str]]] = {
    **{
        name: (name, {})
        for name in queries.questions()
        if not any(p.default is None and not p.optional for p in queries.question(name).parameters.values())
    },
    "facts": ("facts", {"entity": "Rina Hartati"}),
    "facts.policy": ("facts", {"entity": "GCM"}),
    "sources-of-fact": ("sources-of-fact", {"fact": "fact/hosting-1"}),
    "who-spoke-about": ("who-spoke-about", {"policy": "GCM"}),
    "who-spoke-about.law": ("who-spoke-about", {"policy": "policy/uu-18-2017"}),
    "policy-timeline": ("policy-timeline", {"policy": "GCM"}),
    "policy-timeline.law": ("policy-timeline", {"policy": "policy/uu-18-2017"}),
    "posts-at-date.august": ("posts-at-date", {"date": "2024-08"}),
    "law-family.law": ("law-family", {"law": "policy/uu-39-2004"}),
    "changes.2023": ("changes", {"since": "2023", "until": "2023"}),
    "new-facts.october": ("new-facts", {"since": "2024-10"}),
    "two-employers.one": ("two-employers", {"months": "4"}),
    "who-met-whom.budi": ("who-met-whom", {"participant": "Budi Santosa"}),
    "missing-labels.en": ("missing-labels", {"language": "en"}),
    "organisation-changes.mofa": ("organisation-changes", {"organization": "Kemlu"}),
    "people.iom": ("people", {"organization": "IOM"}),
    "people.id": ("people", {"lang": "id"}),
    "speakers.event": ("speakers", {"event": CONSULTATION, "speaker": "budi santosa"}),
    "statements.text": ("statements", {"text": "MIGRAN"}),
    "policy-statements.gcm": ("policy-statements", {"about": "Global Compact for Migration"}),
    "events.august": ("events", {"since": "2024-08", "until": "2024"}),
    "events.semarang": ("events", {"place": "Semarang"}),
    "events.kemlu": ("events", {"organization": "kemlu"}),
    "co-organisers.iom": ("co-organisers", {"organization": "IOM"}),
    "objective-coverage.id": ("objective-coverage", {"lang": "id"}),
    "objectives.five": ("objectives", {"topic": "scheme/gcm/objective-5"}),
    "programme-funding.fund": ("programme-funding", {"body": "Migration Multi-Partner Trust Fund"}),
    "organisation-units.un": ("organisation-units", {"organization": "UN"}),
}


@pytest.mark.parametrize("case", sorted(CASES))
def test_answer_is_as_recorded(store: EmbeddedStore, golden: Any, case: str) -> None:
    name, params = CASES[case]
    given = {key: value for key, value in params.items() if key != "lang"}
    if "topic" in given:
        given["topic"] = "https://w3id.org/migkg/" + given["topic"]
    table = queries.run(store, queries.question(name), given, lang=params.get("lang", "en"))
    assert len(table) > 0, "the fixture graph holds an answer for each"
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([table.columns, *table.rows])
    golden.check(f"queries/{case}.csv", out.getvalue())


def test_every_question_is_recorded_and_nothing_else() -> None:
    assert {name for name, _ in CASES.values()} == set(queries.questions())
    assert {path.stem for path in GOLDEN.glob("*.csv")} == set(CASES)


def test_rows_do_not_depend_on_the_order_of_loading(store: EmbeddedStore) -> None:
    with EmbeddedStore() as other:
        for graph in reversed(store.graph_names()):
            other.put_graph(graph, sorted(store.quads(graph), key=str, reverse=True))
        for name, params in (case for key, case in CASES.items() if "." not in key):
            asked = queries.question(name)
            assert queries.run(other, asked, params) == queries.run(store, asked, params)


@pytest.mark.parametrize("name", queries.questions())
def test_question_is_well_described(name: str) -> None:
    asked = queries.question(name)
    assert set(asked.title) == {"en", "id"}
    assert all(text.endswith("?") for text in asked.answers.values())
    for texts in (asked.title, asked.answers, *(p.help for p in asked.parameters.values()), *asked.columns.values()):
        assert texts["id"] != texts["en"], "both languages"
    # A total order: whatever tells rows apart is in it.
    order = re.findall(r"\?(\w+)", re.findall(r"^ORDER BY (.*)$", asked.sparql, re.MULTILINE)[-1])
    grouped = re.findall(r"^GROUP BY (.*)$", asked.sparql, re.MULTILINE)
    assert set(re.findall(r"\?(\w+)", grouped[-1]) if grouped else asked.columns) <= set(order)
    assert asked.parameters.keys().isdisjoint({"lang", "iris", "footnotes"})
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)


@pytest.mark.parametrize("name", queries.questions())
def test_question_has_no_optional_with_several_patterns(name: str) -> None:
    # The embedded engine evaluates such an OPTIONAL as a full join.
    for block in re.findall(r"OPTIONAL \{([^{}]*)\}", queries.question(name).sparql):
        assert len(re.findall(r"[;.] ", re.sub(r"FILTER.*", "", block))) == 0, block


def test_titles_are_given_in_the_language_asked_for(store: EmbeddedStore) -> None:
    assert ask(store, "people").title == "People and their posts"
    assert ask(store, "people", lang="id").title == "Orang dan jabatannya"
    assert ask(store, "people", lang="fr").title == "People and their posts"


# --- meaning ---


def test_one_fact_of_two_articles_is_proved_by_both(store: EmbeddedStore) -> None:
    table = ask(store, "organisers", organizer="IOM", event=CONSULTATION)
    english = (
        "Semarang – The International Organization for Migration (IOM) and the Ministry of Foreign Affairs held a "
        "public consultation on the Global Compact for Migration in Semarang on 12 June 2024."
    )
    indonesian = (
        "Semarang – Organisasi Internasional untuk Migrasi (IOM) dan Kementerian Luar Negeri menyelenggarakan "
        "konsultasi publik di Semarang pada 12 Juni 2024."
    )
    assert column(table, "sentence") == [english, indonesian]


def test_coverage_lists_all_objectives_and_the_gaps(store: EmbeddedStore) -> None:
    table = ask(store, "objective-coverage")
    assert column(table, "number") == list(range(1, 24))
    covered = {row["number"]: tuple(row.values())[2:] for row in table if row["articles"]}
    assert covered == {5: (1, 1, 0, 1, 2), 7: (0, 0, 1, 1, 1), 23: (1, 0, 0, 0, 1)}


def test_units_count_with_their_organisation(store: EmbeddedStore) -> None:
    assert column(ask(store, "people", organization="UN"), "person") == ["Budi Santosa"]


@pytest.mark.parametrize(
    ("since", "until", "starts"),
    [
        ("", "", [*["2024-06-12"] * 3, "2024-08"]),
        ("2024", "", [*["2024-06-12"] * 3, "2024-08"]),
        ("2024-06-13", "", ["2024-08"]),
        ("2024-06-12", "2024-06-12", ["2024-06-12"] * 3),
        ("2024-08-20", "", ["2024-08"]),  # August may hold the 20th
        ("", "2024-08-01", [*["2024-06-12"] * 3, "2024-08"]),
        ("", "2024-07", ["2024-06-12"] * 3),
        ("2025", "", []),
        ("", "2023-12-31", []),
    ],
)
def test_dates_are_compared_at_the_shorter_precision(
    store: EmbeddedStore, since: str, until: str, starts: list[str]
) -> None:
    assert column(ask(store, "events", since=since, until=until), "start") == starts


def test_two_employers_need_to_be_near_in_time(store: EmbeddedStore) -> None:
    assert {*column(ask(store, "two-employers", months="4"), "person")} == {"Rina Hartati"}
    assert len(ask(store, "two-employers", months="3")) == 0


def test_a_post_at_a_date_is_its_last_known_holder(store: EmbeddedStore) -> None:
    def holders(date: str) -> set[tuple[str, str]]:
        return {(row["person"], row["seen"]) for row in ask(store, "posts-at-date", date=date, organization="Kemlu")}

    assert holders("2024-05") == set()
    assert holders("2024-06") == holders("2024-09-30") == {("Rina Hartati", "2024-06-13")}
    assert holders("2024-10-02") == holders("2025") == {("Farid Anwar", "2024-10-02")}


def test_new_facts_leave_out_what_was_told_before(store: EmbeddedStore) -> None:
    kinds = {(row["kind"], row["published"]) for row in ask(store, "new-facts", since="2024-06-14", until="2024-06")}
    assert ("hosting", "2024-06-14") in kinds  # of the workshop, which is new
    assert ("participation", "2024-06-14") not in kinds  # the opening was told the day before


def test_figures_of_one_article_do_not_disagree(store: EmbeddedStore) -> None:
    table = ask(store, "figures-that-disagree")
    assert column(table, "value") == [110, 130]
    assert {*column(table, "figure")} == {"in person"}  # online, all say 52


@pytest.mark.parametrize("glued", ["?s amig:Fact", "?s ?p true.mig:a ?q ?r", "?s a mig:Fact;mig:rule ?rule"])
def test_a_usual_prefix_is_known_wherever_the_engine_reads_one(store: EmbeddedStore, glued: str) -> None:
    assert queries.run_sparql(store, f"SELECT * WHERE {{ {glued} }} LIMIT 1").columns


def test_amounts_disagree_only_where_one_funder_gave_both() -> None:
    told = [("one", "fund", 5, "a"), ("two", "fund", 6, "b"), ("three", "bank", 7, "c"), ("four", None, 8, "d"),
            ("five", "state", 9, "e"), ("six", "state", 10, "e")]  # fmt: skip
    lines = "".join(
        f"""GRAPH ex:{article} {{ ex:{fact} mig:funded ex:plan ; mig:amount {amount} ; mig:evidence ex:span-{fact} .
        {f"ex:{fact} mig:funder ex:{funder} ." if funder else ""}
        ex:span-{fact} mig:sentence "{fact}" ; oa:hasSource ex:text-{article} .
        ex:text-{article} prov:specializationOf ex:{article} . }}\n"""
        for fact, funder, amount, article in told
    )
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in (*PREFIXES.items(), ("ex", "https://example.org/")))
    with EmbeddedStore() as made:
        for quad in ox.parse(prefixes + lines, ox.RdfFormat.TRIG):
            made.put_graph(quad.graph_name.value, [*made.quads(quad.graph_name.value), quad])
        assert column(ask(made, "figures-that-disagree"), "value") == [5, 6]


@pytest.mark.parametrize("name", queries.questions())
def test_examples_have_answers_or_at_least_meaning(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    asked = queries.question(name)
    needed = {p.name: p.example for p in asked.parameters.values() if p.default is None and not p.optional}
    with migkg.open(bundled(tmp_path_factory)) as kg:
        for parameter in asked.parameters.values():
            table = kg.query(name, **{**needed, parameter.name: parameter.example})
            assert not any(str(cell).startswith("https://w3id.org/") for row in table.rows for cell in row)


# --- parameters ---


@pytest.mark.parametrize(
    "name",
    [
        ID + "organization/mofa-id",
        f"<{ID}organization/mofa-id>",
        "organization/mofa-id",
        "Kementerian Luar Negeri",
        "kementerian  luar negeri",
        "KEMLU",
        "Kémlu",
        " Kemlu ",
        "Ministry of Foreign Affairs of the Republic of Indonesia",
        "MOFA",
    ],
)
def test_an_entity_is_known_by_iri_short_form_and_names(store: EmbeddedStore, name: str) -> None:
    assert queries.find_entity(store, name).value == ID + "organization/mofa-id"


def test_a_prefixed_name_is_an_entity(store: EmbeddedStore) -> None:
    assert queries.find_entity(store, "mig:Hosting").value == PREFIXES["mig"] + "Hosting"


def test_a_name_written_exactly_so_comes_first(store: EmbeddedStore) -> None:
    with EmbeddedStore() as own:
        label = ox.NamedNode(PREFIXES["skos"] + "prefLabel")
        own.put_graph(
            ID + "graph/x",
            [
                ox.Triple(ox.NamedNode(ID + "place/a"), label, ox.Literal("Aceh", language="en")),
                ox.Triple(ox.NamedNode(ID + "place/b"), label, ox.Literal("ACEH", language="en")),
            ],
        )
        assert queries.find_entity(own, "ACEH").value == ID + "place/b"
        with pytest.raises(QueryError, match="stands for 2 things"):
            queries.find_entity(own, "aceh")


def test_a_name_of_several_things_lists_them(store: EmbeddedStore) -> None:
    with pytest.raises(QueryError) as caught:
        ask(store, "people", organization="Ministry of Foreign Affairs")
    assert "organization/mofa-id" in str(caught.value)
    assert "organization/mofa-ph" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "close"),
    [
        ("Kementerian Luar Negri", "Close to it: Kementerian Luar Negeri"),
        ("xyzzy", "The questions people, events"),
        (ID + "person/nobody", "nothing with the IRI"),
        ("person/nobody", "nothing called"),
        ("IOM organised the consultation", "nothing called"),  # the words of a fact are no name
        ('x" } UNION { ?s ?p ?o } #', "nothing called"),
    ],
)
def test_an_unknown_entity_is_nothing_found(store: EmbeddedStore, name: str, close: str) -> None:
    with pytest.raises(NothingFound, match=close) as caught:
        ask(store, "people", organization=name)
    assert caught.value.exit_code == 1


NEEDING = [
    (name, parameter.name)
    for name, asked in queries.questions().items()
    for parameter in asked.parameters.values()
    if parameter.type == "entity" and not parameter.optional
]


@pytest.mark.parametrize(("name", "needed"), NEEDING)
def test_a_question_has_no_rows_about_what_the_graph_lacks(store: EmbeddedStore, name: str, needed: str) -> None:
    """That a needed thing is there is told from the rows: it is looked for only when there are none."""
    absent = ox.NamedNode(ID + "person/nobody")
    assert queries.run_sparql(store, queries.question(name).sparql, {needed: absent}).rows == ()
    with pytest.raises(NothingFound, match="nothing with the IRI"):
        ask(store, name, **{needed: absent.value})


def test_a_needed_thing_by_its_iri_costs_one_query(store: EmbeddedStore) -> None:
    sent: list[str] = []

    class Listener:
        def query(self, sparql: str, bindings: Any = None, *, where: str = "query") -> Any:
            sent.append(where)
            return store.query(sparql, bindings, where=where)

    asked = queries.question("sources-of-fact")
    table = queries.run(Listener(), asked, {"fact": "fact/hosting-1"}, iris=True)  # type: ignore[arg-type]
    assert table.rows
    assert sent == [asked.where]


def test_a_needed_thing_may_have_a_name_that_looks_like_an_iri() -> None:
    with EmbeddedStore() as own:
        own.bulk_load(FIXTURES / "graph.trig")
        label, thing = ox.NamedNode(PREFIXES["skos"] + "altLabel"), ox.NamedNode(ID + "person/rina-hartati")
        own.put_graph(ID + "graph/names", [ox.Triple(thing, label, ox.Literal(name)) for name in ("R/H", "dct:rina")])
        rows = ask(own, "facts", entity="Rina Hartati").rows
        assert rows
        assert ask(own, "facts", entity="R/H").rows == rows
        assert ask(own, "facts", entity="dct:rina").rows == rows
        assert ask(own, "facts", entity="R/H").notes == ("entity: Rina Hartati",)


@pytest.mark.parametrize(
    "value", ['" } UNION { ?s ?p ?o } #', "\\", '"""', "line\nbreak", "?text", "<https://x>", "') || (1 = 1"]
)
def test_a_text_parameter_stays_text(store: EmbeddedStore, value: str) -> None:
    assert len(ask(store, "statements", text=value)) == 0


@pytest.mark.parametrize(
    ("name", "params", "message"),
    [
        ("events", {"since": "12 June"}, "the parameter since is .12 June.; expected a date"),
        ("events", {"since": "2024-13"}, "expected a date"),
        ("events", {"until": "2024-02-30"}, "expected a date"),
        ("facts", {}, "entity is missing; expected entity: The thing in question; for example entity=IOM"),
        ("facts", {"entity": ""}, "the parameter entity is missing"),
    ],
)
def test_a_wrong_parameter_says_what_was_expected(
    store: EmbeddedStore, name: str, params: dict[str, str], message: str
) -> None:
    with pytest.raises(QueryError, match=message):
        ask(store, name, **params)


def test_a_subquery_takes_a_parameter_where_it_says_undef(store: EmbeddedStore) -> None:
    ask_ = (
        "SELECT ?n { { SELECT (COUNT(*) AS ?n) { VALUES ?it { UNDEF } ?it mig:mentionedAs ?form } } "
        "FILTER(?n > 0 || ?it = ?it) } # VALUES ?it { UNDEF }"
    )
    found = queries.run_sparql(store, ask_, {"it": ox.NamedNode(ID + "place/id")})
    assert found.rows == ((1,),)
    everything = queries.run_sparql(store, ask_.replace(" || ?it = ?it", ""))
    assert everything.rows[0][0] > 10


def test_unknown_names_list_the_known(store: EmbeddedStore) -> None:
    with pytest.raises(UnknownName, match='Did you mean "organization"'):
        ask(store, "people", organisation="IOM")
    with pytest.raises(UnknownName, match='Did you mean "speakers"'):
        queries.question("speaker")


def test_given_parameters_are_noted(store: EmbeddedStore) -> None:
    table = ask(store, "events", organization="iom", since="2024")
    assert table.notes == ("organization: International Organization for Migration", "since: 2024")


# --- labels and values ---


def test_iris_are_shown_when_asked_for(store: EmbeddedStore) -> None:
    table = ask(store, "people", iris=True, person="Budi Santosa")
    assert column(table, "body") == [ID + "organization/iom-indonesia"]


def test_labels_fall_back_from_language_to_any_to_short_form(store: EmbeddedStore) -> None:
    iris = [
        ID + "organization/iom",
        ID + "event/lokakarya-2024-08-lentera",
        ID + "person/nobody",
        "https://x.example/a",
    ]
    assert list(queries.labels(store, iris, lang="id").values()) == [
        "lokakarya daerah",
        "Organisasi Internasional untuk Migrasi",
        "person/nobody",
        "https://x.example/a",
    ]
    assert queries.labels(store, iris, lang="fr")[iris[0]] == "International Organization for Migration"
    assert queries.labels(store, []) == {}


def test_many_labels_come_in_batches(store: EmbeddedStore) -> None:
    iris = [f"{ID}person/p{number}" for number in range(1201)] + [ID + "organization/iom"]
    found = queries.labels(store, iris)
    assert len(found) == 1202
    assert found[ID + "organization/iom"] == "International Organization for Migration"


def test_values_are_plain_python(store: EmbeddedStore) -> None:
    xsd = PREFIXES["xsd"]
    table = queries.run_sparql(
        store,
        "SELECT ?a ?b ?c ?d ?e ?f ?g ?h WHERE { VALUES (?a ?b ?c ?d ?e ?f ?g ?h) { (5 1.50 2.5e0 true "
        '"2024-06"^^xsd:gYearMonth "tujuh"@id "x"^^xsd:integer UNDEF) } }',
    )
    assert table.rows == ((5, Decimal("1.50"), 2.5, True, "2024-06", "tujuh", "x", None),)
    assert isinstance(table.rows[0][3], bool)
    assert queries.plain(ox.Literal("7", datatype=ox.NamedNode(xsd + "nonNegativeInteger"))) == 7


def test_own_sparql_of_every_form(store: EmbeddedStore) -> None:
    assert queries.run_sparql(store, "ASK { ?s ?p ?o }") == Table(("answer",), ((True,),))
    made = queries.run_sparql(store, "CONSTRUCT WHERE { ?a mig:presentIn ?b }")
    assert made.columns == ("subject", "predicate", "object")
    assert made.rows == (("International Organization for Migration", "mig:presentIn", "Indonesia"),)
    bound = queries.run_sparql(store, "SELECT ?place { ?it mig:presentIn ?place }", {"it": ox.NamedNode("https://x/y")})
    assert bound.rows == ()
    with pytest.raises(QueryError, match=r"mine\.rq:2: "):
        queries.run_sparql(store, "SELECT *\nWHERE {", where="mine.rq")


# --- broken files ---

GOOD = """#: title = "T"
#: title_id = "J"
#: answers = "Which?"
#: [parameters.it]
#: type = "entity"
#: help = "the thing"
#: example = "IOM"
#: optional = true
#: [columns]
#: it = "the thing"

SELECT ?it WHERE { ?it a mig:Fact } ORDER BY ?it
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"T"', '"T', r"mine.rq:1: the header is not TOML"),
        ('#: help = "the thing"', '#: help = "the thing" x', r"mine.rq:6: the header is not TOML"),
        ('#: answers = "Which?"\n', "", r"mine.rq:1: the header lacks answers"),
        (GOOD, "SELECT * { ?s ?p ?o }", r"the header lacks title, title_id, answers, columns"),
        ('"entity"', '"thing"', r"the parameter it has the type thing; expected one of: entity, text, date, integer"),
        ('#: help = "the thing"\n', "", r"the parameter it has no help"),
        ("#: optional", "#: optionl", r"the parameter it has the unknown key optionl"),
        ("#: answers", '#: author = "me"\n#: answers', r"the header has the unknown key author"),
        ("mig:Fact }", "mig:Fact", r"mine.rq:12: the .{. is not closed"),
        ("mig:Fact", "nope:Fact", r"mine.rq:12: the prefix .nope:. is not declared"),
        ('#: it = "the thing"', '#: its = "the thing"', r"describes the columns its; expected it"),
        ("[parameters.it]", "[parameters.other]", r"has no variable \?other"),
        ("SELECT ?it WHERE", "ASK", r"mine.rq:12: |describes the columns it; expected no columns"),
    ],
)
def test_a_broken_file_says_where(tmp_path: Path, old: str, new: str, message: str) -> None:
    file = tmp_path / "mine.rq"
    assert old in GOOD
    file.write_text(GOOD, encoding="utf-8")
    assert queries.load_question(file).name == "mine"
    file.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=message) as caught:
        queries.load_question(file)
    assert str(file) in str(caught.value)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / "mine.rq"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="cannot be read"):
        queries.load_question(file)


def test_defaults_and_numbers(store: EmbeddedStore, tmp_path: Path) -> None:
    file = tmp_path / "mine.rq"
    file.write_text(
        '#: title = "T"\n#: title_id = "J"\n#: answers = "Which?"\n#: [parameters.least]\n#: type = "integer"\n'
        '#: help = "at least"\n#: example = "60"\n#: default = 53\n#: [columns]\n#: n = "number"\n'
        "SELECT ?n WHERE { ?e mig:inPersonAttendance|mig:onlineAttendance ?n FILTER(?n >= ?least) } ORDER BY ?n\n",
        encoding="utf-8",
    )
    asked = queries.load_question(file)
    assert column(queries.run(store, asked), "n") == [110, 130]
    assert column(queries.run(store, asked, {"least": "52"}), "n") == [52, 110, 130]
    with pytest.raises(QueryError, match="a whole number, for example 60"):
        queries.run(store, asked, {"least": "many"})


def test_questions_are_found_in_the_checkout() -> None:
    assert len(queries.questions()) >= 30
    assert list(queries.questions(resources.path("queries"))) == sorted(queries.questions())
