"""Short forms: which letters stand for which words, and what a short form that a text defines means in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migkg.extract.mentions.acronyms import is_short_form
from sentences import facts, printed, rows


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("IOM", "International Organization for Migration"),
        ("MOFA", "Ministry of Foreign Affairs"),
        ("MoH", "Ministry of Health"),
        ("UNODC", "United Nations Office on Drugs and Crime"),
        ("UNHCR", "United Nations High Commissioner for Refugees"),
        ("GCM", "Global Compact for Safe, Orderly and Regular Migration"),
        ("ASEAN", "Association of Southeast Asian Nations"),
        ("M-MPTF", "Migration Multi-Partner Trust Fund"),
        ("U.N.", "United Nations"),
        ("Kemlu", "Kementerian Luar Negeri"),
        ("Kemnaker", "Kementerian Ketenagakerjaan"),
        ("Bappenas", "Badan Perencanaan Pembangunan Nasional"),
        ("FGD", "focus group discussion"),
        ("NAP", "National Action Plan"),
        ("A", "Agency"),
    ],
)
def test_short_form(short: str, long: str) -> None:
    assert is_short_form(short, long)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("IOM", "Ministry of Health"),
        ("WHO", "World Bank"),
        ("UE", "European Union"),  # the letters of another language
        ("OM", "International Organization"),  # no word starts with the first letter where the others follow
        ("BP2MI", "Badan Pelindungan Pekerja Migran Indonesia"),  # the digit stands nowhere
        ("IOMX", "International Organization for Migration"),
        ("", "International Organization for Migration"),
        ("X", ""),
        ("-", "a-b"),
    ],
)
def test_no_short_form(short: str, long: str) -> None:
    assert not is_short_form(short, long)


@given(st.text(max_size=12), st.text(max_size=60))
def test_letters_stand_in_order(short: str, long: str) -> None:
    if is_short_form(short, long):
        rest = iter(long.lower())
        assert all(letter in rest for letter in short.lower() if letter.isalnum())


@given(st.lists(st.text("abcdefghij", min_size=1, max_size=8), min_size=1, max_size=6))
def test_initials_are_a_short_form(words: list[str]) -> None:
    assert is_short_form("".join(word[0] for word in words).upper(), " ".join(words))


# -- defined in a text

HWA = "Last week the Harbour Workers Alliance ({}) held a workshop in Bandung. {}"


@pytest.mark.parametrize("bracket", ["HWA", "“HWA”", "the HWA", '"HWA"'])
def test_name_with_its_short_form_is_one_mention(bracket: str) -> None:
    assert rows(facts(HWA.format(bracket, "")), "Hosting", "organizer") == [("harbour-workers-alliance",)]


@pytest.mark.parametrize("bracket", ["HWA", "“HWA”", "the HWA", '"HWA"'])
def test_short_form_means_the_name_later_on(bracket: str) -> None:
    found = facts(HWA.format(bracket, "HWA held a training in Nairobi."))
    assert ("harbour-workers-alliance",) in rows(found, "Hosting", "organizer")
    assert not any(entity.iri.endswith("/hwa") for entity in found.entities)


def test_known_name_with_its_short_form() -> None:
    found = facts("The United Nations Office on Drugs and Crime (UNODC) held a workshop in Bandung.")
    assert rows(found, "Hosting", "organizer") == [("unodc",)]
    (body,) = [entity for entity in found.entities if entity.iri.endswith("/unodc")]
    assert "UNODC" in body.names


def test_short_form_of_the_text_wins_over_the_known_one() -> None:
    text = "Last week the Institute of Ocean Management (IOM) met. Rina Sari, Head of Office at IOM, spoke."
    assert rows(facts(text), "Affiliation", "organization") == [("institute-of-ocean-management",)]


@pytest.mark.parametrize("bracket", ["2021", "UNODC", "formerly a club", "see page 5", "XYZ"])
def test_other_brackets_define_nothing(bracket: str) -> None:
    found = facts(HWA.format(bracket, "HWA held a training in Nairobi."))
    held = rows(found, "Hosting", "event", "organizer")
    assert all(organizer != "harbour-workers-alliance" for event, organizer in held if "training" in event)


def test_short_form_of_an_event() -> None:
    text = "Last week a focus group discussion (FGD) was held by UNODC. The FGD was opened by Rina Sari."
    found = facts(text)
    ((event, organizer),) = rows(found, "Hosting", "event", "organizer")
    assert organizer == "unodc"
    assert rows(found, "Participation", "event", "participant") == [(event, "rina-sari")]


def test_short_form_in_indonesian() -> None:
    text = "Pekan lalu Aliansi Pekerja Pelabuhan (disingkat APP) bertemu. APP menggelar pelatihan di Semarang."
    assert rows(facts(text, "id"), "Hosting", "organizer") == [("aliansi-pekerja-pelabuhan",)]


def test_name_without_bracket_keeps_its_words() -> None:
    assert printed("Last week the Harbour Workers Alliance held a workshop.", "ORG") == ["Harbour Workers Alliance"]
