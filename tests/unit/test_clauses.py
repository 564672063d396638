"""Clauses that report events: which bodies act, through asides, lists and chains; when and where."""

from __future__ import annotations

import pytest

from migkg.extract.clauses import Frame
from sentences import claims


def frame(text: str, lang: str = "en") -> Frame:
    """The only frame of a text."""
    ((_, found, _),) = claims(text, lang).events.frames
    return found


def organizers(text: str, lang: str = "en") -> list[str]:
    return [mention.text for mention in frame(text, lang).organizers]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("UNODC, in close cooperation with the ILO, held a workshop.", ["UNODC", "ILO"]),
        ("UNODC (Vienna) and the Ministry of Health on Thursday held a workshop.", ["UNODC", "Ministry of Health"]),
        ("The Kenya office of the ILO and UNODC hosted a workshop.", ["ILO", "UNODC"]),
        ("The workshop was organised by the Harbour Secretariat in the Prime Minister's Office and UNODC.",
         ["Harbour Secretariat", "UNODC"]),
        ("The course, held from 7 to 11 May 2021 in Bandung, was delivered by UNODC.", ["UNODC", "UNODC"]),
        ("With funding from the European Union, UNODC held a workshop.", ["UNODC"]),
    ],
)  # fmt: skip
def test_who_acts(text: str, expected: list[str]) -> None:
    found = [mention.text for _, one, _ in claims(text).events.frames for mention in one.organizers]
    assert found == expected


def test_when_and_where() -> None:
    found = frame("UNODC held a workshop on recruitment at the Sunrise Hotel in Bandung on 3 May 2021.")
    assert found.place is not None
    assert found.date is not None
    assert (found.place.text, found.date.text) == ("Sunrise Hotel", "3 May 2021")


def test_indonesian() -> None:
    assert organizers("UNODC bersama ILO menggelar lokakarya di Bandung.", "id") == ["UNODC", "ILO"]


@pytest.mark.parametrize(
    "text", ["UNODC praised the workshop.", "Officials of UNODC attended a workshop.", "A workshop helps."]
)
def test_no_clause_of_an_event(text: str) -> None:
    assert not claims(text).events.frames
