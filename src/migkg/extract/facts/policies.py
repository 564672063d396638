"""Policies: commitments to them, what they are, and what profiles assess."""

from __future__ import annotations

from collections.abc import Iterator

from migkg.extract.claims import Claim, EventRef, Target
from migkg.extract.facts.rules import Hit, Rule
from migkg.extract.mentions import Reading
from migkg.extract.mentions.compose import Composite
from migkg.extract.mentions.patterns import DateValue
from migkg.model import Ref

_ONT = "https://w3id.org/migkg/ont#"


def _champion(hit: Hit) -> Iterator[Claim]:
    yield hit.claim(
        "Commitment", {"party": hit.targets("party"), "framework": hit.targets("framework")},
        {"status": [Ref(_ONT + "Champion")]},
    )  # fmt: skip


def _description(hit: Hit) -> Iterator[Claim]:
    words = hit.words("text") if hit.has("text") else None
    if words is None:
        return
    span = hit.words("subject").join(words)
    yield hit.claim("Description", {"subject": hit.targets("subject")}, {"text": [hit.printed(words)]}, span=span)


def _consultations(hit: Hit) -> Iterator[Claim]:
    """ "… profiles, which were developed through several consultations since March 2023"."""
    keys = hit.events.keys(hit.mention("consultation"))
    if len(keys) != 1:
        return
    if hit.has("since"):
        value: DateValue = hit.mention("since").value
        if (start := value.start(hit.reading.year)) is not None:
            span = hit.words("consultation").join(hit.words("since"))
            yield hit.claim("Occurrence", {"event": [EventRef(keys[0])]}, {"start": [start]}, span=span)
    for target in hit.targets("profile"):
        if isinstance(target, Composite) and target.kind == "profile":
            yield hit.claim("Assessment", {**profile_roles(target), "consultation": [EventRef(keys[0])]})


def profile_roles(profile: Composite) -> dict[str, list[Target]]:
    """A profile assesses its place under its framework."""
    roles: dict[str, list[Target]] = {"profile": [profile]}
    for role, part in (("place", "part"), ("framework", "framework")):
        mention = profile.part(part)
        if mention is not None:
            roles[role] = [mention]
    return roles


def profiles(reading: Reading) -> Iterator[Claim]:
    """Each "MGI profile of X" states by its name what is assessed under which framework."""
    seen: set[Composite] = set()
    for line in reading.lines:
        if line.sentence.kind != "body":
            continue
        for mention in line.mentions:
            values = mention.value if isinstance(mention.value, tuple) else ()
            for target in values:
                if isinstance(target, Composite) and target.kind == "profile" and target not in seen:
                    seen.add(target)
                    roles = {role: tuple(targets) for role, targets in profile_roles(target).items()}
                    yield Claim(
                        "Assessment", roles, mention.span, line.sentence.span, "assessment.profile-of-place", {}
                    )


_THING = "agreement|framework|instrument|treaty|compact|convention|plan|tool|platform|law|fund|mechanism|programme|initiative|document"

RULES = (
    Rule(
        "commitment.champion", "en",
        ("{party:PLACE|ORG} ( is|as|was|became|remains ) ( also )? @champion the? {framework:POLICY}", "{party:PLACE|ORG} , @champion the? {framework:POLICY}"),
        _champion,
        good=(("Kenya is a champion country of the Global Compact for Migration.", ("party=Kenya", "framework=Global Compact for Migration")),),
        bad=("Kenya is a member of the Global Compact for Migration.",),
    ),
    Rule(
        "commitment.champion", "id",
        ("{party:PLACE|ORG} ( adalah|merupakan|sebagai|ditunjuk|menjadi ) .3 @champion .2 {framework:POLICY}",),
        _champion,
        good=(("Kenya merupakan negara champion GCM.", ("party=Kenya", "framework=GCM")),),
        bad=("Kenya merupakan anggota GCM.",),
    ),
    Rule(
        "description.apposition", "en",
        (
            f"{{subject:POLICY|PROG}} , ( and )? (text: the|a|an .12 {_THING} ..20 ) ( , that|which | , $ | $ )",
        ),
        _description,
        good=(("Kenya joined the GCM, the first agreement on migration that was negotiated by states.", ("subject=GCM",)),),
        bad=("Kenya joined the GCM, the minister said.",),
    ),
    Rule(
        "assessment.developed-through", "en",
        ("{profile:POLICY} ,? ( which|that )? ( was|were|is|are )? @develop ( through|in|after|following|by|with ) {consultation:EVENT} ( ( held|conducted )? since {since:DATE} )?",),
        _consultations,
        good=(("The MGI profile of Kenya was developed through several consultations since May 2021.", ("event=consultations", "start=2021-05", "profile=MGI profile of Kenya")),),
        bad=("The MGI profile of Kenya was discussed in several consultations.",),
    ),
    Rule(
        "assessment.developed-through", "id",
        ("{profile:POLICY} ,? yang? @develop ( melalui|lewat|dari|setelah ) ( serangkaian|sejumlah|beberapa )? {consultation:EVENT} .6 ( sejak {since:DATE} )?",),
        _consultations,
        good=(("Profil MGI Kenya disusun melalui beberapa konsultasi sejak Mei 2021.", ("event=konsultasi", "start=2021-05", "profile=mgi-profile-ke")),),
        bad=("Profil MGI Kenya dibahas dalam beberapa konsultasi.",),
    ),
)  # fmt: skip
