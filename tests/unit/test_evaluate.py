"""Scoring: what counts as the same, how events are aligned, what an empty answer earns, and what is reported."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from migkg import evaluate as evaluation
from migkg.build import read_one
from migkg.cli import main
from migkg.errors import SourceError, WriteError
from migkg.evaluate.floors import Floors, fallen, pin, read_floors, write_floors
from migkg.evaluate.gold import Gold, gold_files, gold_hash, read_gold
from migkg.evaluate.matching import KINDS, Outcome
from migkg.evaluate.names import joined, keys, pair
from migkg.evaluate.report import Count, Score, counts, error_lines, score, score_json, score_table
from migkg.iris import slug
from migkg.model import Article, Entity, Evidence, Extraction, Fact, PartialDate, Ref, Span, Text, Value
from migkg.ontology import ID, PREFIXES, SCHEME, load_ontology
from migkg.reference import load_reference
from sentences import article

SHARED = Path(__file__).parents[3] / "shared" / "gold"
EMPTY: dict[str, Any] = {
    "events": [], "people": [], "organisations": [], "policies": [], "programmes": [], "relations": [],
    "gcm_objectives": [], "sdgs": [],
}  # fmt: skip


# -- gold and graphs of our own


def gold(tmp_path: Path, **rows: Any) -> Gold:
    file = tmp_path / "talks.yaml"
    file.write_text(yaml.safe_dump({**EMPTY, **rows}, allow_unicode=True), encoding="utf-8")
    return read_gold(file)


def row(name: str, *forms: str, **more: str) -> dict[str, Any]:
    return {"name": name, "forms": [name, *forms], **more}


def person(
    name: str, role: str | None = None, organisation: str | None = None, *, speaks: bool = False
) -> dict[str, Any]:
    return {"name": name, "role": role, "organisation": organisation, "speaks": speaks}


def event(key: str = "e1", **slots: Any) -> dict[str, Any]:
    empty = {"label": "talks", "type": "Meeting", "start": None, "end": None, "place": None, "organisers": []}
    return {"key": key, **empty, **slots}


def thing(kind: str, name: str, *printed: str, known: bool = False, iri: str = "") -> Entity:
    """An entity; its name is printed unless it is known by another."""
    segment = load_ontology().entities[kind].segment
    forms = printed if known else (name, *printed)
    return Entity(iri or f"{ID}{segment}/{slug(name)}", kind, (Text(name, "en"),), forms, known)


def happening(code: str, label: str) -> Entity:
    type_ = (PREFIXES["dct"] + "type", Ref(f"{SCHEME}event-types/{code}"))
    return Entity(f"{ID}event/{slug(label)}", "event", (Text(label, "en"),), links=(type_,))


Told = tuple[str, dict[str, Entity | Value], str]


def graph(*told: Told, text: str = "") -> Extraction:
    """A graph that states each (kind, roles and qualifiers, words); the words make up the text."""
    lines = [words for _, _, words in told]
    whole = text or "\n".join(lines)
    facts, entities = [], {}
    for kind, values, words in told:
        start = whole.index(words)
        span = Span(start, start + len(words))
        roles = {name: value for name, value in values.items() if isinstance(value, Entity)}
        entities |= {value.iri: value for value in roles.values()}
        qualifiers = tuple((name, (value,)) for name, value in values.items() if not isinstance(value, Entity))
        facts.append(
            Fact(kind, tuple((n, (e.iri,)) for n, e in roles.items()), qualifiers, (Evidence(span, span, "by.hand"),))
        )
    return Extraction(article(whole), tuple(entities.values()), tuple(facts))


def outcomes(truth: Gold, found: Extraction) -> tuple[Outcome, ...]:
    return evaluation.compare_article(truth, found.article, lambda _: found)


def count(truth: Gold, found: Extraction, kind: str) -> tuple[int, int, int]:
    """tp, fp, fn."""
    counted = counts(outcomes(truth, found))[kind]
    return counted.tp, counted.fp, counted.fn


RIGHT, FALSE, MISSED, BOTH = (1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 1, 1)
IOM = thing("igo", "International Organization for Migration", "IOM", known=True, iri=f"{ID}organization/iom")
RINA = thing("person", "Rina Sari", "Sari")


def holds(title: str | None, organisation: Entity | None, words: str, who: Entity = RINA) -> Told:
    values: dict[str, Entity | Value] = {"member": who}
    if title:
        values["title"] = Text(title, "en")
    if organisation:
        values["organization"] = organisation
    return "Affiliation", values, words


# -- names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ministry of Foreign Affairs", "the ministry of foreign affairs"),
        ("Côte d’Ivoire Office", "Cote d'Ivoire Office"),
        ("NCCPIM&TIP", "NCCPIM & TIP"),
        ("Law and Order Board", "Law & Order Board"),
        ("World Food Programme (WFP)", "WFP"),
        ("World Food Programme (WFP)", "World Food Programme"),
        ("Trafficking in Persons (TiP) Secretariat", "Trafficking in Persons Secretariat"),
        ("the Ministry’s Academy", "Ministry Academy"),
        ("Viet–Nam Office", "Viet Nam Office"),
        ("“Open World”", "Open World"),
    ],
)
def test_names_that_are_one(one: str, other: str) -> None:
    assert keys(one) & keys(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("IOM Mongolia", "IOM"),
        ("Ministry of Labour", "Ministry of Labour of Chad"),
        ("Trafficking in Persons (TiP) Secretariat", "TiP"),
        ("Border Agency (North)", "North"),
        ("Rina Sari", "Sari"),
    ],
)
def test_names_that_are_not(one: str, other: str) -> None:
    assert not keys(one) & keys(other)


@given(st.text("aBé ’'(&-.)", max_size=30))
def test_accents_and_space_never_count(name: str) -> None:
    assert keys(name) == keys(f" {name.replace('é', 'e')} ")


def test_most_pairs_are_found() -> None:
    assert pair([1, 2], [1, 2], lambda g, s: g == 1 or s == 1) == {0: 1, 1: 0}
    assert pair([1, 2], [5], lambda g, s: g < s) == {0: 0}
    assert pair([], [1], lambda g, s: g == s) == {}


def test_title_and_body_together() -> None:
    assert joined("Directors of Research", "the Institute") == joined("Director", "Research, Institute")
    assert joined("Director", "Research") != joined("Deputy Director", "Research")


# -- entities


def test_an_entity_matches_by_its_label_or_a_printed_name(tmp_path: Path) -> None:
    found = graph(("PartOf", {"part": IOM, "whole": thing("igo", "UN")}, "IOM belongs to the UN."))
    by_label = gold(tmp_path, organisations=[row("International Organization for Migration"), row("UN")])
    assert count(by_label, found, "organisations") == (2, 0, 0)
    assert count(gold(tmp_path, organisations=[row("Migration Body", "IOM")]), found, "organisations") == (1, 1, 0)


def test_one_entity_serves_one_row(tmp_path: Path) -> None:
    found = graph(("Presence", {"organization": IOM}, "IOM is there."))
    truth = gold(tmp_path, organisations=[row("IOM"), row("International Organization for Migration")])
    assert count(truth, found, "organisations") == (1, 0, 1)


def test_two_entities_of_one_name_are_one_too_many(tmp_path: Path) -> None:
    double = thing("organization", "IOM", iri=f"{ID}organization/other")
    found = graph(("Partnership", {"partner": IOM, "otherPartner": double}, "IOM and IOM agreed."))
    assert count(gold(tmp_path, organisations=[row("IOM")]), found, "organisations") == (1, 1, 0)


def test_a_body_that_the_article_does_not_print_does_not_count(tmp_path: Path) -> None:
    whole = thing("igo", "United Nations", known=True)
    found = graph(("PartOf", {"part": IOM, "whole": whole}, "IOM spoke."))
    assert count(gold(tmp_path, organisations=[row("IOM")]), found, "organisations") == RIGHT


def test_kinds_of_things_are_told_apart(tmp_path: Path) -> None:
    law, fund = thing("law", "Law No. 1 of 2020"), thing("fund", "Trust Fund")
    found = graph(("Funding", {"funder": fund, "funded": law}, "The Trust Fund paid for Law No. 1 of 2020."))
    truth = gold(
        tmp_path, policies=[row("Law No. 1 of 2020", type="Law")], programmes=[row("Trust Fund")],
        organisations=[row("X")],
    )  # fmt: skip
    assert count(truth, found, "policies") == RIGHT
    assert count(truth, found, "programmes") == RIGHT
    assert count(truth, found, "organisations") == MISSED


def test_a_person_with_two_posts_is_one_person(tmp_path: Path) -> None:
    truth = gold(
        tmp_path, people=[person("Rina Sari", "Chair", speaks=True), person("Rina Sari", "Head", speaks=True)]
    )
    words = "Rina Sari, Chair, said so."
    found = graph(holds("Chair", None, words), ("Statement", {"speaker": RINA}, words))
    assert count(truth, found, "people") == RIGHT
    assert count(truth, found, "speakers") == RIGHT
    assert count(truth, found, "roles") == (1, 0, 1)


def test_a_site_s_blurb_does_not_count() -> None:
    text = (
        "Who We Are\nWho We AreIOM is part of the United Nations and works in all parts of the world.\n"
        "Dhaka – UNODC held a workshop on the rights of those who work abroad, and many of them came to it."
    )
    found = read_one(article(text), load_reference())
    assert {entity.iri for entity in found.entities} >= {f"{ID}organization/iom", f"{ID}organization/unodc"}
    truth = Gold("talks", (), (), (), (), (), (), (), ())
    wrong = {o.text for o in outcomes(truth, found) if o.kind == "organisations"}
    assert wrong == {"UNODC"}


# -- roles


UNIT = thing("unit", "Research Directorate", known=True)


@pytest.mark.parametrize(
    ("role", "organisation", "title", "body", "words"),
    [
        ("Chief of Mission", "IOM", "chief of mission", IOM, "Sari, IOM chief of mission, spoke."),
        ("Resident Coordinator", "IOM", "Resident Coordinators", IOM, "Sari, IOM Resident Coordinators, spoke."),
        ("Director of Research", "IOM", "Director", thing("unit", "Research, IOM"), "Sari, Director, Research, IOM."),
        ("Coordinator in Chad", "UN", "Coordinator", thing("unit", "UN in Chad"), "Sari, Coordinator of UN in Chad."),
        ("Ambassador of Japan", None, "Ambassador of Japan", None, "Sari, Ambassador of Japan, spoke."),
        ("Director of Research", None, "Director of Research", UNIT, "Sari, Director of Research, spoke."),
        (None, "IOM", None, IOM, "Rina Sari of IOM spoke."),
    ],
)
def test_roles_that_are_one(
    tmp_path: Path, role: str | None, organisation: str | None, title: str | None, body: Entity | None, words: str
) -> None:
    truth = gold(tmp_path, people=[person("Rina Sari", role, organisation)])
    assert count(truth, graph(holds(title, body, words)), "roles") == RIGHT


@pytest.mark.parametrize(
    ("role", "organisation", "title", "body", "words"),
    [
        ("Deputy Chief", "IOM", "Chief", IOM, "Sari, IOM Deputy Chief, spoke."),
        ("Chief", "UNODC", "Chief", IOM, "Sari, IOM Chief, spoke."),
        ("Chief", None, "Chief", IOM, "Sari, IOM Chief, spoke."),
        ("Chief", "IOM", "Chief", None, "Sari, IOM Chief, spoke."),
        (None, "IOM", "Chief", IOM, "Sari, IOM Chief, spoke."),
        ("Chief", "IOM", None, IOM, "Sari, IOM Chief, spoke."),
        # The unit is printed, so it is not the body that it is part of.
        ("Director", "Ministry", "Director", thing("unit", "Research Unit"), "Sari, Director of the Research Unit."),
    ],
)
def test_roles_that_are_not(
    tmp_path: Path, role: str | None, organisation: str | None, title: str | None, body: Entity | None, words: str
) -> None:
    truth = gold(tmp_path, people=[person("Rina Sari", role, organisation)])
    assert count(truth, graph(holds(title, body, words)), "roles") == BOTH


def test_a_unit_concluded_from_a_title_stands_for_its_body(tmp_path: Path) -> None:
    """The reference data know the directorate of this director, and that it is part of the ministry."""
    text = "Rina Sari, Director of Indonesian Citizens Protection at the Ministry of Foreign Affairs, spoke in Jakarta."
    found = read_one(article(text), load_reference())
    (body,) = next(fact.role("organization") for fact in found.facts if fact.kind == "Affiliation")
    assert body == f"{ID}organization/id-kemlu-pwni"
    ministry = person("Rina Sari", "Director of Indonesian Citizens Protection", "Ministry of Foreign Affairs")
    assert count(gold(tmp_path, people=[ministry]), found, "roles") == RIGHT
    assert count(gold(tmp_path), found, "partOf") == (0, 0, 0)
    other = {**ministry, "organisation": "Ministry of Health"}
    assert count(gold(tmp_path, people=[other]), found, "roles") == BOTH


def test_a_body_named_beside_the_words_of_the_role_is_concluded_all_the_same(tmp_path: Path) -> None:
    ministry = thing("public-body", "Ministry of Labour")
    text = "Rina Sari, Minister of Labour, spoke at the Ministry of Labour."
    words = "Rina Sari, Minister of Labour"
    found = graph(holds("Minister of Labour", ministry, words), text=text)
    assert count(gold(tmp_path, people=[person("Rina Sari", "Minister of Labour")]), found, "roles") == RIGHT
    named = graph(holds("Minister", ministry, "Rina Sari, Minister at the Ministry of Labour"))
    assert count(gold(tmp_path, people=[person("Rina Sari", "Minister")]), named, "roles") == BOTH


def test_a_role_needs_its_person(tmp_path: Path) -> None:
    truth = gold(tmp_path, people=[person("Budi Adi", "Chief", "IOM")])
    assert count(truth, graph(holds("Chief", IOM, "Sari, IOM Chief, spoke.")), "roles") == BOTH


def test_a_person_without_role_and_body_has_no_role(tmp_path: Path) -> None:
    assert count(gold(tmp_path, people=[person("Rina Sari")]), graph(), "roles") == (0, 0, 0)


# -- events


def occurs(one: Entity, words: str, **values: Entity | Value) -> Told:
    return "Occurrence", {"event": one, **values}, words


JAKARTA = thing("place", "Jakarta", "Jakarta", known=True)
TALKS = happening("meeting", "talks on borders")


@pytest.mark.parametrize(
    ("kind", "slots", "expected"),
    [
        ("events", {}, RIGHT),
        ("event-type", {}, RIGHT),
        ("event-type", {"type": "Workshop"}, BOTH),
        ("event-start", {}, RIGHT),
        ("event-start", {"start": "2024-06"}, BOTH),
        ("event-start", {"start": None}, FALSE),
        ("event-end", {"end": "2024-06-13"}, MISSED),
        ("event-place", {}, RIGHT),
        ("event-place", {"place": "Jakarta, Indonesia"}, RIGHT),
        ("event-place", {"place": "Hall in Jakarta"}, BOTH),
        ("event-organisers", {}, (1, 0, 1)),
        ("event-participants", {}, (1, 0, 1)),
        ("event-participants", {"participants": {"total": 30}}, BOTH),
    ],
)
def test_slots(tmp_path: Path, kind: str, slots: dict[str, Any], expected: tuple[int, int, int]) -> None:
    full = {
        "label": "talks on borders", "start": "2024-06-12", "place": "Jakarta", "organisers": ["IOM", "UNODC"],
        "participants": {"in_person": 30, "online": 5},
    }  # fmt: skip
    found = graph(
        occurs(TALKS, "The talks on borders were on 12 June.", start=PartialDate(2024, 6, 12), place=JAKARTA),
        ("Hosting", {"event": TALKS, "organizer": IOM}, "IOM held them."),
        ("Attendance", {"event": TALKS, "inPerson": 30}, "30 came."),
    )
    assert count(gold(tmp_path, events=[event(**{**full, **slots})]), found, kind) == expected


def test_a_wider_place_beside_the_right_one_is_no_false_alarm(tmp_path: Path) -> None:
    found = graph(
        occurs(TALKS, "The talks on borders were at the Grand Hall.", place=thing("place", "Grand Hall")),
        occurs(TALKS, "They were in Jakarta.", place=JAKARTA),
    )
    truth = gold(tmp_path, events=[event(label="talks on borders", place="Grand Hall in Jakarta")])
    assert count(truth, found, "event-place") == RIGHT
    truth = gold(tmp_path, events=[event(label="talks on borders", place="Jakarta")])
    assert count(truth, found, "event-place") == (1, 1, 0)


def test_events_that_agree_most_are_aligned(tmp_path: Path) -> None:
    """The order is that of neither side; each event of gold goes with the one of its day."""
    early, late = happening("meeting", "meeting on borders, May"), happening("meeting", "meeting on borders, June")
    found = graph(
        occurs(late, "The meeting on borders in June.", start=PartialDate(2024, 6)),
        occurs(early, "The meeting on borders in May.", start=PartialDate(2024, 5)),
    )
    events = [event("e1", label="meeting on borders", start="2024-05"), event("e2", label="meeting", start="2024-06")]
    truth = gold(tmp_path, events=events)
    assert count(truth, found, "event-start") == (2, 0, 0)
    assert count(truth, found, "events") == (2, 0, 0)


def test_events_that_agree_in_one_thing_only_are_two(tmp_path: Path) -> None:
    found = graph(occurs(TALKS, "The talks on borders were long.", start=PartialDate(2024, 6, 12)))
    truth = gold(tmp_path, events=[event(label="signing of an agreement", type="Signing", start="2024-06-12")])
    assert count(truth, found, "events") == BOTH
    assert count(truth, found, "event-start") == BOTH
    assert count(truth, found, "event-type") == BOTH


def test_sessions_are_no_false_alarms(tmp_path: Path) -> None:
    session = happening("session", "session 1 of the talks")
    goal = Entity(f"{SCHEME}gcm/objective-5", "concept", (Text("Pathways", "en"),), known=True)
    found = graph(
        occurs(TALKS, "The talks on borders were in Jakarta.", place=JAKARTA),
        ("SubEvent", {"event": TALKS, "session": session, "order": 1}, "They had sessions."),
        ("Addressing", {"subject": session, "topic": goal}, "The first was on objective 5."),
    )
    truth = gold(
        tmp_path, events=[event(label="talks on borders", place="Jakarta")],
        relations=[["e1", "addresses", "GCM Objective 5"]], gcm_objectives=[5],
    )  # fmt: skip
    assert count(truth, found, "events") == RIGHT
    assert count(truth, found, "addresses") == RIGHT
    assert count(truth, found, "objectives") == RIGHT


# -- relations


def test_partners_stand_in_either_order(tmp_path: Path) -> None:
    unodc = thing("igo", "UNODC")
    found = graph(("Partnership", {"partner": IOM, "otherPartner": unodc}, "IOM works with UNODC."))
    assert count(gold(tmp_path, relations=[["UNODC", "partners", "IOM"]]), found, "partners") == RIGHT
    assert count(gold(tmp_path, relations=[["UNODC", "funds", "IOM"]]), found, "relations") == BOTH


def test_ends_of_a_relation_match_by_the_forms_of_their_row(tmp_path: Path) -> None:
    values: dict[str, Entity | Value] = {"implementer": IOM, "programme": thing("programme", "Open Road")}
    found = graph(("Implementation", values, "IOM runs it."))
    organisations = [row("Migration Body", "IOM")]
    truth = gold(tmp_path, organisations=organisations, relations=[["Migration Body", "implements", "Open Road"]])
    assert count(truth, found, "implements") == RIGHT
    truth = gold(tmp_path, relations=[["Migration Body", "implements", "Open Road"]])
    assert count(truth, found, "implements") == BOTH


def test_attends_needs_the_aligned_event(tmp_path: Path) -> None:
    other = happening("signing", "signing of an agreement")
    told: list[Told] = [
        occurs(TALKS, "The talks on borders were in Jakarta.", place=JAKARTA),
        occurs(other, "The signing was in May.", start=PartialDate(2024, 5)),
    ]
    relations = [["Rina Sari", "attends", "e1"]]
    truth = gold(tmp_path, events=[event(label="talks on borders", place="Jakarta")], relations=relations)
    for one, expected in ((TALKS, RIGHT), (other, BOTH)):
        came: Told = ("Participation", {"event": one, "participant": RINA}, "Rina Sari came.")
        assert count(truth, graph(*told, came), "attends") == expected


def test_what_only_follows_is_right_and_never_wrong(tmp_path: Path) -> None:
    office = thing("unit", "IOM Chad")
    named = graph(("PartOf", {"part": office, "whole": IOM}, "IOM Chad"))
    assert count(gold(tmp_path), named, "partOf") == (0, 0, 0)
    assert count(gold(tmp_path, relations=[["IOM Chad", "partOf", "IOM"]]), named, "partOf") == RIGHT
    stated = graph(("PartOf", {"part": office, "whole": thing("igo", "UN")}, "IOM Chad belongs to the UN."))
    assert count(gold(tmp_path), stated, "partOf") == FALSE
    fund, scheme = thing("fund", "Trust Fund"), thing("programme", "Open Road")
    values: dict[str, Entity | Value] = {"funder": fund, "through": scheme, "funded": TALKS}
    through = graph(("Funding", values, "The Trust Fund pays for the talks on borders through Open Road."))
    truth = gold(tmp_path, relations=[["Trust Fund", "funds", "Open Road"]])
    assert count(truth, through, "funds") == (1, 1, 0)  # the talks are no event of this gold


def test_relations_count_all_relations(tmp_path: Path) -> None:
    truth = gold(tmp_path, relations=[["A", "funds", "B"], ["A", "signs", "C"]])
    counted = counts(outcomes(truth, graph()))
    assert (counted["funds"].fn, counted["signs"].fn, counted["relations"].fn) == (1, 1, 2)


# -- counts


def test_a_language_that_is_not_read_is_missed_whole(tmp_path: Path) -> None:
    text = "L’Organisation internationale pour les migrations (OIM) a tenu un atelier.\nRina Sari y a pris la parole."
    found = read_one(article(text, lang="fr"), load_reference())
    truth = gold(tmp_path, people=[person("Rina Sari")], organisations=[row("OIM")])
    told = outcomes(truth, found)
    assert {(o.kind, o.result, o.sentence) for o in told} == {
        ("people", "missed", "Rina Sari y a pris la parole."),
        ("organisations", "missed", text.split("\n")[0]),
    }


def test_an_empty_answer_earns_nothing(tmp_path: Path) -> None:
    truth = gold(tmp_path, people=[person("Rina Sari", "Chief", "IOM", speaks=True)], gcm_objectives=[5], sdgs=["10.7"])
    counted = counts(outcomes(truth, graph()))
    for kind in ("people", "roles", "speakers", "objectives", "sdgs"):
        assert (counted[kind].f1, counted[kind].recall, counted[kind].precision) == (0.0, 0.0, None)
    assert all(counted[kind].f1 is None for kind in ("events", "event-start", "programmes", "relations"))


def test_measures() -> None:
    held = Count(tp=6, fp=2, fn=4)
    assert (held.precision, held.recall) == (0.75, 0.6)
    assert held.f1 == pytest.approx(2 * 0.75 * 0.6 / (0.75 + 0.6))
    assert (Count().precision, Count().recall, Count().f1) == (None, None, None)


def outcome(kind: str, result: Any, name: str = "Rina Sari") -> Outcome:
    return Outcome("talks", kind, result, name, "Rina Sari came.")


def scored(*results: Sequence[Any], seed: int = 0, samples: int = 200, digest: str = "x") -> Score:
    """A score of people; each article has these results."""
    articles = {f"a{i}": [outcome("people", result) for result in held] for i, held in enumerate(results)}
    return score(articles, seed=seed, samples=samples, gold=digest)


def test_totals_are_micro() -> None:
    total = scored(["right", "right", "missed"], ["false"]).total["people"]
    assert (total.tp, total.fp, total.fn) == (2, 1, 1)


def test_the_interval_follows_from_the_seed() -> None:
    results = [["right", "missed"], ["right", "right"], ["false", "right"], ["missed"]]
    low, high = scored(*results, seed=1).intervals["people"]
    assert scored(*results, seed=1).intervals["people"] == (low, high)
    assert {scored(*results, seed=seed, samples=5).intervals["people"] for seed in range(8)} != {(low, high)}
    f1 = scored(*results).total["people"].f1
    assert f1 is not None
    assert low <= f1 <= high
    assert scored(["right"], ["right"]).intervals == {"people": (1.0, 1.0)}


def test_no_interval_of_nothing_or_of_one_article() -> None:
    assert scored(["right"]).intervals == {}
    assert scored(["right"], ["right"], samples=0).intervals == {}
    assert scored([], []).intervals == {}


def test_shown_are_kinds_with_something_to_count() -> None:
    found = scored(["right", "missed"], ["right"], samples=0)
    assert score_table(found).rows == (("people", 2, 0, 1, "1.00", "0.67", "0.80", "–"),)
    value = score_json(found)
    assert value["total"]["people"] == {
        "tp": 2, "fp": 0, "fn": 1, "precision": 1.0, "recall": 0.6667, "f1": 0.8, "interval": None,
    }  # fmt: skip
    assert value["total"]["sdgs"]["f1"] is None
    assert set(value["total"]) == set(KINDS)
    json.dumps(value)


def test_one_line_an_error() -> None:
    long = "word " * 100 + "and then Rina Sari said so, " + "word " * 100
    found = score(
        {"d02": [
            Outcome("d02", "people", "missed", "Penny", "Here is\n Penny."),
            Outcome("d02", "funds", "false", "A → B", ""),
            Outcome("d02", "people", "right", "Budi", "Budi."),
            Outcome("d02", "people", "false", "Rina Sari", long),
        ]}, seed=0, samples=0,
    )  # fmt: skip
    lines = list(error_lines(found))
    assert lines[:2] == ['d02 people MISS "Penny" | Here is Penny.', 'd02 funds FALSE "A → B" | –']
    assert "Rina Sari said so" in lines[2]
    assert len(lines[2]) < 330
    assert list(error_lines(found, ["relations"])) == [lines[1]]


def test_a_miss_shows_the_sentence_that_names_it(tmp_path: Path) -> None:
    text = "Nothing is said here by anyone. Then the IOM’s Rina Sari told them of her work. Rina Sari left after that."
    found = graph(text=text)
    truth = gold(
        tmp_path, people=[person("Rina Sari"), person("Budi Adi")], organisations=[row("IOM")],
        relations=[["Rina Sari", "signs", "IOM"]],
    )  # fmt: skip
    told = {(o.kind, o.text): o.sentence for o in outcomes(truth, found)}
    sentence = "Then the IOM’s Rina Sari told them of her work."
    assert told["people", "Rina Sari"] == told["organisations", "IOM"] == told["signs", "Rina Sari → IOM"] == sentence
    assert told["people", "Budi Adi"] == ""


# -- cut


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("IOM held talks. They were long.", "IOM held talks. They were long."),
        ("IOM held talks. “They were long.”", "IOM held talks. “They were long.”"),
        ("IOM held talks. They were attended by Mr. Budi Adi and", "IOM held talks."),
        ("IOM held talks in Jakarta today.\nTalks were", "IOM held talks in Jakarta today."),
        ("IOM held talks in Jakarta today.\nThey ended. Many who", "IOM held talks in Jakarta today.\nThey ended."),
        ("IOM held talks", "IOM held talks"),
    ],
)
@pytest.mark.parametrize("lang", ["en", None])
def test_a_broken_sentence_is_cut(text: str, kept: str, lang: str | None) -> None:
    if lang is None and "Mr." in text:
        pytest.skip("abbreviations are known for languages that are read")
    whole = Article("talks", text, "", "talks", lang=lang)
    cut = evaluation.cut_off(whole)
    assert cut.text == kept
    assert (cut is whole) == (text == kept)
    assert evaluation.cut_off(cut) is cut


# -- files


def write(folder: Path, name: str, value: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(value if isinstance(value, str) else yaml.safe_dump(value), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"people": [{"name": "X"}]}, 'people[0] has no "role"'),
        ({"people": [{**person("X"), "speaks": "maybe"}]}, "people[0].speaks"),
        ({"people": [{**person("X"), "name": ""}]}, "people[0].name"),
        ({"people": {"name": "X"}}, "people is"),
        ({"people": None}, "people is nothing"),
        ({"peopel": []}, 'has a key "peopel"'),
        ({"events": [event(type="Party")]}, "events[0].type"),
        ({"events": [event(start="12 June")]}, "events[0].start"),
        ({"events": [event(start="2024-02-30")]}, "events[0].start"),
        ({"events": [event(), event()]}, "a key of its own"),
        ({"events": [event(participants={"total": "many"})]}, "events[0].participants.total"),
        ({"events": [event(participants={"guests": 3})]}, 'has a key "guests"'),
        ({"relations": [["A", "likes", "B"]]}, "relations[0][1]"),
        ({"relations": [["A", "funds"]]}, "relations[0]"),
        ({"relations": [["A", "attends", "e7"]]}, "relations[0][2]"),
        ({"gcm_objectives": [24]}, "gcm_objectives[0]"),
        ({"gcm_objectives": ["five"]}, "gcm_objectives[0]"),
        ({"sdgs": ["ten"]}, "sdgs[0]"),
        ({"organisations": [{"name": "X", "forms": "X"}]}, "organisations[0].forms"),
        ({"id": "other"}, "id is"),
    ],
)
def test_wrong_gold_is_located(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    file = write(tmp_path, "talks.yaml", {**EMPTY, **change})
    with pytest.raises(SourceError) as caught:
        read_gold(file)
    assert message in str(caught.value)
    assert caught.value.where == str(file)
    assert caught.value.expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("people: [", "not YAML"),
        ("- a\n- b\n", "the file is"),
        ("", "the file is nothing"),
        ("events: []\nevents: []\n", 'the key "events" is given twice'),
        ("people: !!python/object:os.system {}\n", "not YAML"),
        ("? {a: 1}\n: b\n", "not YAML"),
        ("a: " + "[" * 5000, "not YAML"),
    ],
)
def test_what_is_no_gold(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SourceError, match=r"talks\.yaml") as caught:
        read_gold(write(tmp_path, "talks.yaml", text))
    assert message in str(caught.value)


def test_what_is_no_text_is_no_gold(tmp_path: Path) -> None:
    file = tmp_path / "talks.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SourceError, match="not UTF-8"):
        read_gold(file)


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not here: it is not part of the project")
def test_gold_that_others_wrote_is_read() -> None:
    assert all(read_gold(file).organisations for file in gold_files(SHARED))


def test_values_stay_as_written(tmp_path: Path) -> None:
    text = "".join(f"{key}: []\n" for key in EMPTY if key not in ("sdgs", "events"))
    text += "country: NO\npublished: 2024-06-12\nsdgs: [10.10, 5]\n"
    text += "events:\n  - {key: e1, label: x, type: Visit, start: 2024, end: null, place: No, organisers: []}\n"
    found = read_gold(write(tmp_path, "talks.yaml", text))
    assert found.sdgs == ("10.10", "5")
    assert (found.events[0].start, found.events[0].place) == ("2024", "No")


def test_the_hash_is_that_of_names_and_bytes(tmp_path: Path) -> None:
    one, two = write(tmp_path, "a.yaml", "x"), write(tmp_path, "b.yaml", "y")
    assert gold_files(tmp_path) == (one, two)
    first = gold_hash([one, two])
    assert first == gold_hash([two, one])
    two.write_text("z")
    assert gold_hash([one, two]) != first
    assert gold_hash([one]) != first


# -- the command


HELD = (
    "Jakarta – The International Organization for Migration (IOM) held a workshop in Jakarta on 12 June 2024. "
    "It was about the rights of the people who work in the region, and it was open to all of them."
)
TRUTH = {
    **EMPTY,
    "events": [event(label="workshop", type="Workshop", start="2024-06-12", place="Jakarta", organisers=["IOM"])],
    "organisations": [row("International Organization for Migration", "IOM")],
    "people": [person("Budi Adi", "Chief", "IOM", speaks=True)],
}

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Score two articles, one of which has no gold, and gold without a text."""
    write(tmp_path / "gold", "talks.yaml", {**TRUTH, "id": "talks"})
    write(tmp_path / "gold", "lost.yaml", EMPTY)
    write(tmp_path / "texts", "talks.txt", HELD)
    write(tmp_path / "texts", "more.txt", HELD)

    def call(*options: str) -> Result:
        words = ["score", str(tmp_path / "gold"), str(tmp_path / "texts"), *options]
        done = CliRunner(env={"COLUMNS": "80"}).invoke(main, words)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
        return done

    return call


def test_score_prints_a_table(run: Run) -> None:
    done = run()
    assert done.exit_code == 0
    assert "Gold without a text: lost" in done.stderr
    assert "Texts without gold: more" in done.stderr
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    table = {line.split()[0]: line.split()[1:] for line in lines if line}
    assert table["people"] == ["0", "0", "1", "–", "0.00", "0.00", "–"]
    assert table["organisations"][:3] == table["event-start"][:3] == table["event-organisers"][:3] == ["1", "0", "0"]
    assert "sdgs" not in table


def test_score_by_article_and_kind(run: Run) -> None:
    done = run("--by-article", "--kind", "people")
    assert [line.split()[:4] for line in done.stdout.splitlines() if line.startswith("talks ")] == [
        ["talks", "people", "0", "0"]
    ]
    assert "event" not in done.stdout


def test_score_lists_errors(run: Run) -> None:
    done = run("--errors")
    assert done.exit_code == 0
    assert 'talks people MISS "Budi Adi" | –' in done.stdout.splitlines()
    assert 'talks roles MISS "Budi Adi | Chief | IOM" | –' in done.stdout.splitlines()
    assert run("--errors", "--kind", "sdgs").stdout == ""


def test_score_as_json(run: Run) -> None:
    value = json.loads(run("--format", "json", "--seed", "7").stdout)
    assert value["articles"]["talks"]["event-place"]["f1"] == 1.0
    assert value["without_text"] == ["lost"]
    assert any(error["kind"] == "people" and error["result"] == "missed" for error in value["errors"])


def test_a_broken_file_loses_no_other(tmp_path: Path, run: Run) -> None:
    write(tmp_path / "gold", "more.yaml", "people: [")
    done = run()
    assert done.exit_code == 2
    assert "Left out:" in done.stderr
    assert "more.yaml" in done.stderr
    assert "event-start" in done.stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--kind", "persons"), "unknown kind"),
        (("--format", "xml"), "unknown format"),
        (("--pin",), "--pin needs --floors"),
        (("--floors", "nowhere.json"), "no such file"),
    ],
)
def test_wrong_use(run: Run, options: tuple[str, ...], message: str) -> None:
    done = run(*options)
    assert done.exit_code == 2
    assert message in done.stderr


def test_nothing_to_score(tmp_path: Path) -> None:
    write(tmp_path / "gold", "talks.yaml", EMPTY)
    write(tmp_path / "texts", "other.txt", HELD)
    for words, message in (
        (["gold", "texts"], "no text belongs to any"),
        (["texts", "texts"], "no gold in this folder"),
        (["nowhere", "texts"], "no such file or folder"),
        (["gold", "nowhere"], "no such file or folder"),
    ):
        done = CliRunner().invoke(main, ["score", *(str(tmp_path / word) for word in words)])
        assert (done.exit_code, message in done.stderr) == (2, True), done.stderr


def test_two_texts_of_one_name_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "texts", "talks.txt", HELD)
    write(tmp_path / "texts", "talks.md", HELD)
    with pytest.raises(SourceError, match="has the same name"):
        evaluation.texts_by_id(tmp_path / "texts")


# -- floors


def test_floors_rise_and_never_fall() -> None:
    good, bad = scored(["right", "right", "missed"]), scored(["right", "missed", "missed"])
    floors = pin(bad, None)
    assert floors.floors == {"people": 0.5}
    assert pin(good, floors).floors == {"people": 0.8}
    with pytest.raises(WriteError, match=r"people fell from 0\.8000 to 0\.5000"):
        pin(bad, pin(good, floors))
    assert pin(scored(["missed"], digest="other"), floors) == Floors("other", {"people": 0.0})


def test_what_fell_is_told() -> None:
    floors = Floors("x", {"people": 0.8, "sdgs": 0.5})
    below = fallen(scored(["right", "missed"]), floors)
    assert [(one.kind, one.floor, one.f1) for one in below] == [("people", 0.8, 0.6666), ("sdgs", 0.5, 0.0)]
    assert fallen(scored(["right"]), Floors("x", {"people": 1.0})) == ()
    with pytest.raises(SourceError, match="other gold"):
        fallen(scored(["right"], digest="y"), floors)


def test_a_floor_is_rounded_down() -> None:
    found = scored(["right", "right", "missed", "missed", "missed", "missed"])
    assert pin(found, None).floors == {"people": 0.5}
    found = scored(["right", "missed"])  # 2/3
    assert fallen(found, pin(found, None)) == ()


def test_floors_are_written_and_read(tmp_path: Path) -> None:
    file = tmp_path / "floors.json"
    floors = Floors("x", {"people": 0.5})
    write_floors(file, floors)
    assert read_floors(file) == floors
    with pytest.raises(WriteError, match="cannot be written"):
        write_floors(tmp_path / "nowhere" / "floors.json", floors)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"gold": "x"}', '{"gold": "x", "floors": {"a": 1}}', '{"gold": "x", "floors": {"people": 2}}']
)
def test_what_holds_no_floors(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceError, match=r"floors\.json"):
        read_floors(write(tmp_path, "floors.json", text))


def test_the_command_holds_the_floors(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "floors.json"
    assert run("--floors", str(file), "--pin").exit_code == 0
    floors = read_floors(file)
    assert floors.floors["organisations"] == 1.0
    assert run("--floors", str(file)).exit_code == 0
    write_floors(file, Floors(floors.gold, {**floors.floors, "people": 0.5}))
    done = run("--floors", str(file))
    assert done.exit_code == 1
    assert "people fell from 0.5000 to 0.0000" in done.stderr
    assert "people" in done.stdout
    assert run("--floors", str(file), "--pin").exit_code == 2
