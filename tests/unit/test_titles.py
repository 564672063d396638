"""Names of policies, programmes and funds by capitals and head nouns; what is no name; short mentions of them."""

from __future__ import annotations

import pytest

from migkg.extract.lexicon import load_lexicon
from migkg.extract.mentions import read_mentions
from migkg.reference import load_reference
from sentences import document


def named(text: str, kind: str, lang: str = "en") -> list[str]:
    reading = read_mentions(document(text, lang), load_lexicon(lang), load_reference())
    return [mention.text for line in reading.lines for mention in line.mentions if mention.type == kind]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("The Labour Migration Bill was tabled on Monday.", "Labour Migration Bill"),
        ("They discussed the 2019 Diaspora Engagement Policy in detail.", "2019 Diaspora Engagement Policy"),
        ("It follows the National Strategy for Labour Mobility 2021-2026.", "National Strategy for Labour Mobility 2021-2026"),
        ("They read the Counter-Trafficking in Persons Act of 2010.", "Counter-Trafficking in Persons Act of 2010"),
        ("Both signed a Memorandum of Understanding (MoU) on the Recruitment of Nurses.", "Memorandum of Understanding (MoU) on the Recruitment of Nurses"),
        ("Both signed an Exchange of Notes.", "Exchange of Notes"),
        ("The Kenya TiP National Plan of Action guides it.", "Kenya TiP National Plan of Action"),
        ("It is in line with the SADC policy on migration.", "SADC policy on migration"),
    ],
)  # fmt: skip
def test_policies(sentence: str, name: str) -> None:
    assert named(sentence, "POLICY") == [name]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("The Promoting Safe Return in Ghana project ended.", "Promoting Safe Return in Ghana"),
        ("The EU-funded Towards Fair Recruitment in Ghana (TFRG) project ended.", "Towards Fair Recruitment in Ghana (TFRG)"),
        ("They work under the project Promoting Safe Return in Ghana.", "Promoting Safe Return in Ghana"),
        ("It is part of a project dubbed Safe Return Action – West Africa, Phase 2, which ends soon.", "Safe Return Action – West Africa, Phase 2"),
        ("The project entitled Building Bridges for Diaspora Engagement ended.", "Building Bridges for Diaspora Engagement"),
        ("The Joint Labour Mobility Programme began.", "Joint Labour Mobility Programme"),
        ("The money came from the Norway Home Affairs Safe Return Fund.", "Norway Home Affairs Safe Return Fund"),
        ("It is paid from the 9th European Solidarity Fund.", "9th European Solidarity Fund"),
    ],
)  # fmt: skip
def test_programmes_and_funds(sentence: str, name: str) -> None:
    assert named(sentence, "PROG") == [name]


@pytest.mark.parametrize(
    ("sentence", "kind", "name"),
    [
        ("Mereka menyusun Rencana Aksi Nasional Pencegahan Kerja Paksa 2020-2024.", "POLICY", "Rencana Aksi Nasional Pencegahan Kerja Paksa 2020-2024"),
        ("Keduanya menandatangani Nota Kesepahaman tentang Penempatan Perawat.", "POLICY", "Nota Kesepahaman tentang Penempatan Perawat"),
        ("Kegiatan ini bagian dari proyek Kembali Aman untuk Semua.", "PROG", "Kembali Aman untuk Semua"),
    ],
)  # fmt: skip
def test_indonesian_names(sentence: str, kind: str, name: str) -> None:
    assert named(sentence, kind, "id") == [name]


@pytest.mark.parametrize(
    "sentence",
    [
        "The policy was praised.",
        "Project Manager Ann Smith and Policy Officer John Doe met.",
        "She works at the Migration Policy Institute.",
        "The Director of Programme Development Maria Lopez spoke.",
        "Ghana and Kenya have a new policy on returns.",
        "The IOM project ended.",
        "Ghana Adopts New Diaspora Engagement Policy After Long Debate",
    ],
)
def test_no_names(sentence: str) -> None:
    text = sentence if sentence.endswith(".") else f"{sentence}\n\nAccra – The talks went on for two days in the capital."
    assert not named(text, "POLICY")
    assert not named(text, "PROG")


def test_the_project_is_the_one_named_last() -> None:
    text = "The Safe Return project began. This joint project serves many. The Safe Return Fund pays. The project ends."
    assert named(text, "PROG") == ["Safe Return", "Safe Return", "Safe Return Fund", "Safe Return"]


def test_a_shorter_form_is_the_longer_name() -> None:
    reading = read_mentions(
        document("The Safe Return Steering Committee met. The Steering Committee agreed."),
        load_lexicon("en"),
        load_reference(),
    )
    assert reading.aliases["Steering Committee"].text == "Safe Return Steering Committee"
