"""The real article: what its graph must state, each with its words, and nothing else."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from migkg.build import extract_source
from migkg.iris import name
from migkg.model import Extraction, Fact, PartialDate, Ref, Text

ARTICLE = Path(__file__).parents[3] / "shared" / "articles" / "iom-mofa-public-discussion-2024.txt"
pytestmark = pytest.mark.skipif(
    not ARTICLE.is_file(), reason=f"{ARTICLE} is not here: the real article is not part of the project"
)


@pytest.fixture(scope="module")
def article() -> Extraction:
    return extract_source(str(ARTICLE))[0]


def of(article: Extraction, kind: str, **roles: str) -> list[Fact]:
    """Facts of a kind in which each named role has an IRI that ends so."""
    return [
        fact for fact in article.facts
        if fact.kind == kind and all(any(name(iri) == end for iri in fact.role(role)) for role, end in roles.items())
    ]  # fmt: skip


def one(article: Extraction, kind: str, **roles: str) -> Fact:
    found = of(article, kind, **roles)
    assert len(found) == 1, f"{len(found)} facts {kind} {roles}"
    return found[0]


def value(fact: Fact, qualifier: str) -> object:
    (found,) = fact.qualifier(qualifier)
    return found.value if isinstance(found, Text) else name(found.iri) if isinstance(found, Ref) else found


@pytest.fixture(scope="module")
def event(article: Extraction) -> str:
    """The public discussion: the event that IOM organised."""
    return name(one(article, "Hosting", organizer="iom").role("event")[0])


def test_the_event(article: Extraction, event: str) -> None:
    fact = one(article, "Occurrence", event=event)
    assert event.startswith("public-discussion-2024-06-12-")
    assert value(fact, "start") == PartialDate(2024, 6, 12)
    assert value(fact, "weekday") == "Wednesday"
    assert value(fact, "attendanceMode") == "MixedEventAttendanceMode"
    assert [name(iri) for iri in fact.role("place")] == ["id-jk"]


def test_organisers_and_subject(article: Extraction, event: str) -> None:
    assert {name(fact.role("organizer")[0]) for fact in of(article, "Hosting", event=event)} == {"iom", "id-kemlu"}
    plan = one(article, "Addressing", subject=event, topic="id-ran-gcm-2022-2025")
    assert str(value(plan, "theme")).startswith("migration governance")


def test_attendance(article: Extraction, event: str) -> None:
    fact = one(article, "Attendance", event=event)
    assert (value(fact, "inPerson"), value(fact, "online")) == (110, 52)
    found = {name(ref.iri) for ref in fact.qualifier("stakeholderCategory") if isinstance(ref, Ref)}
    assert found == {"government", "local-government", "diasporas", "civil-society", "academia", "nhri", "other"}


def test_profiles_launched_before(article: Extraction, event: str) -> None:
    launch = f"{event}-launch"
    assert {name(fact.role("output")[0]) for fact in of(article, "Launch", event=launch)} == {
        "mgi-profile-id",
        "mgi-profile-id-jt",
    }
    assert [name(iri) for iri in one(article, "Occurrence", event=launch).role("before")] == [event]


@pytest.mark.parametrize(("profile", "place"), [("mgi-profile-id", "id"), ("mgi-profile-id-jt", "id-jt")])
def test_each_profile_assesses_its_place(article: Extraction, profile: str, place: str) -> None:
    fact = one(article, "Assessment", profile=profile, place=place, framework="mgi")
    consultations = name(fact.role("consultation")[0])
    assert value(one(article, "Occurrence", event=consultations), "start") == PartialDate(2023, 3)


def test_three_sessions_in_order(article: Extraction, event: str) -> None:
    sessions = {value(fact, "order"): name(fact.role("session")[0]) for fact in of(article, "SubEvent", event=event)}
    assert sessions == {order: f"{event}-session-{order}" for order in (1, 2, 3)}
    one(article, "Addressing", subject=sessions[1], topic="objective-5")
    seventh = one(article, "Addressing", subject=sessions[2], topic="objective-7")
    assert value(seventh, "theme") == "Protecting Indonesian Migrant Workers"
    one(article, "Addressing", subject=sessions[3], topic="id-ran-gcm-2022-2025")


PEOPLE = [
    ("jeffrey-labovitz", "iom-indonesia", "Chief of Mission", "iom"),
    (
        "penny-dewi-herasati",
        "id-kemlu-sosbud-oinb",
        "Director of Socio-Cultural and International Organizations of Developing Countries",
        "id-kemlu",
    ),
    ("gita-sabharwal", "un-indonesia", "Resident Coordinators", "un"),
    ("judha-nugraha", "id-kemlu-pwni", "Director of Indonesian Citizens Protection", "id-kemlu"),
    ("ary-aprianto", "id-kemlu-sosbud-oinb", "Functional Coordinator", "id-kemlu"),
]


@pytest.mark.parametrize(("person", "body", "title", "whole"), PEOPLE)
def test_people_and_posts(article: Extraction, person: str, body: str, title: str, whole: str) -> None:
    fact = one(article, "Affiliation", member=person)
    assert [name(iri) for iri in fact.role("organization")] == [body]
    assert value(fact, "title") == title
    assert fact.role("post")
    one(article, "PartOf", part=body, whole=whole)


def test_nobody_else_is_a_person(article: Extraction) -> None:
    people = {name(entity.iri) for entity in article.entities if entity.kind == "person"}
    assert people == {person for person, *_ in PEOPLE}


def test_who_did_what(article: Extraction, event: str) -> None:
    roles = {
        name(fact.role("participant")[0]): (name(fact.role("event")[0]), value(fact, "participationRole"))
        for fact in of(article, "Participation")
    }
    assert roles == {
        "jeffrey-labovitz": (event, "speaker"),
        "penny-dewi-herasati": (event, "opener"),
        "gita-sabharwal": (event, "attendee"),
        "judha-nugraha": (f"{event}-session-2", "speaker"),
        "ary-aprianto": (f"{event}-session-3", "speaker"),
    }


ABOUT = [
    ("jeffrey-labovitz", {"mgi"}, "Migration can contribute", "migration governance in Indonesia"),
    ("penny-dewi-herasati", {"mgi", "id-government"}, "The Indonesian government", "from upstream to downstream"),
    ("gita-sabharwal", {"mgi"}, "The launch of MGI", "private sectors and recruitment agencies"),
    ("judha-nugraha", {"mgi"}, "Through this report", "positive impact to the migration"),
    ("ary-aprianto", {"gcm", "id-uu-2017-18"}, "The main reason", "from upstream to downstream"),
]


@pytest.mark.parametrize(("person", "about", "first", "last"), ABOUT)
def test_statements(article: Extraction, person: str, about: set[str], first: str, last: str) -> None:
    fact = one(article, "Statement", speaker=person)
    assert {name(iri) for iri in fact.role("about")} == about
    quotation = str(value(fact, "quotation"))
    assert quotation.startswith(first)
    assert quotation.endswith((last, last + "."))
    assert value(fact, "mode") == "Direct"


def test_commitment_and_plan(article: Extraction) -> None:
    assert value(one(article, "Commitment", party="id", framework="gcm"), "status") == "Champion"
    assert value(one(article, "Adoption", adopter="id", policy="id-ran-gcm-2022-2025"), "status") == "Drafted"
    assert "negotiated agreement" in str(value(one(article, "Description", subject="gcm"), "text"))


def test_programme_and_fund(article: Extraction, event: str) -> None:
    programme = "migration-governance-indonesia"
    found = {name(fact.role("implementer")[0]) for fact in of(article, "Implementation", programme=programme)}
    assert found == {"iom", "undp", "un-women"}
    one(article, "Funding", funder="mmptf", funded=event, through=programme)


def test_what_the_menu_says_of_the_publisher(article: Extraction) -> None:
    one(article, "PartOf", part="iom", whole="un")
    worldwide, in_indonesia = sorted(of(article, "Presence"), key=lambda fact: len(fact.role("place")))
    assert value(worldwide, "since") == PartialDate(1951)
    assert (value(worldwide, "memberStates"), value(worldwide, "countries")) == (175, 100)
    assert [name(iri) for iri in in_indonesia.role("place")] == ["id"]
    assert value(in_indonesia, "since") == PartialDate(1979)


def test_nothing_else(article: Extraction) -> None:
    """Every fact of the graph is one of those above: a further one has to be looked at before it is counted here."""
    assert Counter(fact.kind for fact in article.facts) == {
        "Hosting": 2, "Occurrence": 3, "Attendance": 1, "Addressing": 4, "SubEvent": 3, "Launch": 2, "Assessment": 2,
        "Affiliation": 5, "PartOf": 5, "Participation": 5, "Statement": 5, "Commitment": 1, "Adoption": 1,
        "Description": 1, "Funding": 1, "Implementation": 3, "Presence": 2,
    }  # fmt: skip
    bodies = {name(e.iri) for e in article.entities if e.kind in ("organization", "public-body", "igo", "unit")}
    assert bodies == {
        "iom", "un", "iom-indonesia", "un-indonesia", "undp", "un-women", "id-kemlu", "id-kemlu-sosbud-oinb",
        "id-kemlu-pwni", "id-government",
    }  # fmt: skip
    programmes = {name(e.iri) for e in article.entities if "programme" in e.kind or e.kind == "fund"}
    assert programmes == {"migration-governance-indonesia", "mmptf"}


def test_evidence_is_the_text(article: Extraction) -> None:
    text = article.article.text
    for fact in article.facts:
        for evidence in fact.evidence:
            assert evidence.sentence.holds(evidence.span)
            assert evidence.span.of(text) in evidence.sentence.of(text)
            assert evidence.span.of(text).strip() == evidence.span.of(text)


def test_title_language_and_publisher(article: Extraction) -> None:
    assert (article.article.title or "").startswith("IOM and MOFA held a Public Discussion")
    assert article.article.lang == "en"
    assert article.article.publisher == "International Organization for Migration"
