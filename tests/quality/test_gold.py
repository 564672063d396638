"""The gold annotations: every file has the form of `gold/README.md`, and its words are words of its article."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pycountry
import pytest
import yaml

GOLD = Path(__file__).parent / "gold"
CORPUS = Path(__file__).parents[2] / "data" / "articles"
REAL = Path(__file__).parents[3] / "shared" / "articles"
FILES = sorted(GOLD.glob("*/*.yaml"))

EVENT_TYPES = {
    "Meeting", "Workshop", "Training", "Conference", "Launch", "Consultation", "PublicDiscussion",
    "Signing", "Handover", "Visit", "Campaign", "Ceremony", "Operation", "Other",
}  # fmt: skip
POLICY_TYPES = {
    "Law", "Policy", "Compact", "Agreement", "ActionPlan", "Strategy", "Convention", "Agenda",
    "IndicatorFramework", "Report", "Other",
}  # fmt: skip
RELATIONS = {"funds", "implements", "partOf", "partners", "attends", "addresses", "launches", "signs", "adopts"}
ROWS = {
    "events": {"key", "label", "type", "start", "end", "place", "organisers"},
    "people": {"name", "role", "organisation", "speaks"},
    "organisations": {"name", "forms"},
    "policies": {"name", "forms", "type"},
    "programmes": {"name", "forms"},
}
NAMED = ("people", "organisations", "policies", "programmes")
HEAD = {"id", "url", "query", "lang", "country", "title", "published"}
LISTS = {*ROWS, "relations", "gcm_objectives", "sdgs"}
OBJECTIVE = re.compile(r"GCM Objective (?:[1-9]|1\d|2[0-3])|SDG (?:[1-9]|1[0-7])(?:\.[1-9a-f]\d?)?")
# What an article prints otherwise: a role in the plural, a figure in words.
PLURAL = {"co-chair for business": "co-chairs for business", "Resident Coordinator": "Resident Coordinators"}
WORDS = {44: "Forty-four", 51: "Fifty-one", 58: "Fifty-eight"}

each_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


@cache
def gold(file: Path) -> dict[str, Any]:
    read = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert isinstance(read, dict)
    return read


@cache
def article(file: Path) -> tuple[dict[str, Any], str]:
    """What the front matter says, and title and body with single spaces."""
    if file.parent.name == "corpus":
        _, head, body = (CORPUS / f"{file.stem}.md").read_text(encoding="utf-8").split("---\n", 2)
        front = yaml.safe_load(head)
        return front, " ".join(f"{front['title']}\n{body}".split())
    source = REAL / f"{file.stem}.txt"
    if not source.is_file():
        pytest.skip(f"{source} is not here: real articles are not part of the project")
    return {}, " ".join(source.read_text(encoding="utf-8").split())


def rows(file: Path, *sections: str) -> Iterator[dict[str, Any]]:
    for section in sections:
        yield from gold(file)[section]


def names(file: Path, *sections: str) -> set[str]:
    return {row["name"] for row in rows(file, *sections)}


def test_every_article_of_the_corpus_has_gold() -> None:
    assert {file.stem for file in FILES if file.parent.name == "corpus"} == {file.stem for file in CORPUS.glob("*.md")}


@each_file
def test_keys_and_types(file: Path) -> None:
    found = gold(file)
    assert set(found) == HEAD | LISTS
    assert all(isinstance(found[key], list) for key in LISTS)
    assert found["id"] == file.stem
    assert found["lang"] in {"en", "id"}
    assert pycountry.countries.get(alpha_2=found["country"])
    assert found["published"] is None or isinstance(found["published"], datetime.date)
    assert all(isinstance(number, int) and 1 <= number <= 23 for number in found["gcm_objectives"])
    assert all(OBJECTIVE.fullmatch(f"SDG {code}") for code in found["sdgs"])
    for section, keys in ROWS.items():
        for row in found[section]:
            optional = {"participants"} if section == "events" else set()
            assert set(row) - optional == keys, row
    for section in ("organisations", "policies", "programmes"):
        listed = [row["name"] for row in found[section]]
        assert len(listed) == len(set(listed)), section
        for row in found[section]:
            assert row["forms"], row
            assert all(isinstance(form, str) for form in row["forms"]), row
    assert {row["type"] for row in found["policies"]} <= POLICY_TYPES
    for person in found["people"]:
        assert isinstance(person["speaks"], bool), person


def is_date(value: object) -> bool:
    return value is None or isinstance(value, datetime.date) or bool(re.fullmatch(r"\d{4}(-\d{2})?", str(value)))


@each_file
def test_events(file: Path) -> None:
    keys = [event["key"] for event in rows(file, "events")]
    assert keys == [f"e{number}" for number in range(1, len(keys) + 1)]
    for event in rows(file, "events"):
        assert event["type"] in EVENT_TYPES, event
        assert is_date(event["start"]), event
        assert is_date(event["end"]), event
        assert len(event["label"].split()) <= 15, f"a label is a short noun phrase: {event['label']}"
        assert set(event["organisers"]) <= names(file, "organisations", "programmes"), event
        if "participants" in event:
            assert set(event["participants"]) == {"total", "in_person", "online"}, event
            assert any(event["participants"].values()), event


@each_file
def test_relations_link_what_the_file_names(file: Path) -> None:
    events = {event["key"] for event in rows(file, "events")}
    known = names(file, *NAMED) | events
    relations = [tuple(relation) for relation in gold(file)["relations"]]
    assert len(relations) == len(set(relations))
    for subject, relation, target in relations:
        assert relation in RELATIONS
        # A country has no row of its own, but may fund, sign or adopt.
        country = relation in {"funds", "signs", "adopts"} and pycountry.countries.get(name=subject)
        assert subject in known or country, (subject, relation, target)
        assert target in known or (relation == "addresses" and OBJECTIVE.fullmatch(target)), (subject, relation, target)
        if relation in {"attends", "launches"}:
            assert (target if relation == "attends" else subject) in events, (subject, relation, target)
    for number in gold(file)["gcm_objectives"]:
        assert any(target == f"GCM Objective {number}" for _, _, target in relations)


def printed(words: object, text: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(str(words))}(?!\w)", text))


@each_file
def test_every_name_is_printed(file: Path) -> None:
    text = article(file)[1]
    for row in rows(file, "organisations", "policies", "programmes"):
        for form in row["forms"]:
            assert printed(form, text), f"{form!r} of {row['name']!r} is not in the text"
    organisations = names(file, "organisations")
    for person in rows(file, "people"):
        role = person["role"]
        assert printed(person["name"], text), person
        assert role is None or printed(role, text) or printed(PLURAL.get(role), text), person
        assert person["organisation"] is None or person["organisation"] in organisations, person
    for event in rows(file, "events"):
        assert event["place"] is None or printed(event["place"], text), event
        for figure in filter(None, event.get("participants", {}).values()):
            assert printed(figure, text) or printed(WORDS.get(figure), text), event
    known = names(file, *NAMED) | {event["key"] for event in rows(file, "events")}
    assert all(subject in known or printed(subject, text) for subject, *_ in gold(file)["relations"])


@each_file
def test_the_head_is_the_article_s(file: Path) -> None:
    front, text = article(file)
    found = gold(file)
    assert found["title"] is None or found["title"] in text
    if front:
        assert (found["title"], found["url"], found["lang"]) == (front["title"], front["url"], front["lang"])
        assert found["published"] == front.get("published")
