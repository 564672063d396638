"""What bodies are part of, and where they are present."""

from __future__ import annotations

from collections.abc import Iterator

from migkg.extract.claims import Claim, Target
from migkg.extract.facts.rules import Hit, Rule
from migkg.extract.mentions.patterns import DateValue
from migkg.model import Value


def _part_of(hit: Hit) -> Iterator[Claim]:
    yield hit.claim("PartOf", {"part": hit.targets("part"), "whole": hit.targets("whole")})


def _unit_of(hit: Hit) -> Iterator[Claim]:
    part = hit.mention("part")
    if any(name.kind == "unit" for name in part.names):
        yield hit.claim("PartOf", {"part": hit.targets("part"), "whole": hit.targets("whole")})


def _presence(hit: Hit) -> Iterator[Claim]:
    qualifiers: dict[str, list[Value]] = {}
    if hit.has("since"):
        value: DateValue = hit.mention("since").value
        if (since := value.start(hit.reading.year)) is not None:
            qualifiers["since"] = [since]
    for name in ("memberStates", "countries"):
        if hit.has(name):
            qualifiers[name] = [int(hit.mention(name).value)]
    roles: dict[str, list[Target]] = {"organization": list(hit.targets("organization"))}
    if hit.has("place"):
        roles["place"] = list(hit.targets("place"))
    if qualifiers:
        qualifiers["asPrinted"] = [hit.printed(hit.span)]
        yield hit.claim("Presence", roles, qualifiers)


RULES = (
    Rule(
        "partof.stated", "en",
        ("{part:ORG} is|are|was|as ( also )? @part the? {whole:ORG}", "{part:ORG} ..18 has|have been @part the? {whole:ORG} ( system )?", "{part:ORG} , @part the? {whole:ORG}"),
        _part_of,
        good=(("UNODC is part of the United Nations.", ("part=UNODC", "whole=United Nations")),),
        bad=("UNODC works with the United Nations.",),
    ),
    Rule(
        "partof.unit", "en",
        ("{part:ORG} at|of|in|under|within|, the? {whole:ORG}",),
        _unit_of,
        good=(("Rina Sari, Coordinator at the Directorate of Consular Affairs at the Ministry of Foreign Affairs of Indonesia, spoke.", ("part=Directorate of Consular Affairs", "whole=Ministry of Foreign Affairs")),),
        bad=("UNODC at the United Nations.",),
    ),
    Rule(
        "partof.unit", "id",
        ("{part:ORG} ( di|pada|,|dari )? {whole:ORG}",),
        _unit_of,
        good=(("Rina Sari, Koordinator, Direktorat Konsuler, Kemlu, hadir.", ("part=Direktorat Konsuler", "whole=Kementerian Luar Negeri")),),
        bad=("UNODC di PBB.",),
    ),
    Rule(
        "partof.stated", "id",
        ("{part:ORG} ( adalah|merupakan ) @part {whole:ORG}",),
        _part_of,
        good=(("UNODC merupakan bagian dari PBB.", ("part=UNODC", "whole=PBB")),),
        bad=("UNODC bekerja dengan PBB.",),
    ),
    Rule(
        "presence.since", "en",
        ("{organization:ORG} ( also )? @presence {place:PLACE} since {since:DATE}", "since {since:DATE} , {organization:ORG} @presence {place:PLACE}"),
        _presence,
        good=(("UNODC has had a presence in Kenya since 1988.", ("organization=UNODC", "place=Kenya", "since=1988")),),
        bad=("UNODC praised the presence of the minister in Kenya.",),
    ),
    Rule(
        "presence.worldwide", "en",
        (
            "{organization:ORG} ..30 since {since:DATE} ..24 with {memberStates:NUM} member states and .3 @over? {countries:NUM} countries",
            "{organization:ORG} ..30 with {memberStates:NUM} member states ( and .3 @over? {countries:NUM} countries )?",
            "{organization:ORG} ..12 present in @over? {countries:NUM} countries",
        ),
        _presence,
        good=(("The ILO has promoted decent work since 1919, with 187 member states and offices in over 40 countries.", ("organization=ILO", "since=1919", "memberStates=187", "countries=40")),),
        bad=("The ILO has worked with 187 companies.",),
    ),
    Rule(
        "presence.since", "id",
        ("{organization:ORG} ( telah|sudah )? ( hadir|bekerja|beroperasi|ada ) di {place:PLACE} sejak ( tahun )? {since:DATE}",),
        _presence,
        good=(("UNODC telah hadir di Kenya sejak tahun 1988.", ("organization=UNODC", "place=Kenya", "since=1988")),),
        bad=("UNODC memuji Kenya.",),
    ),
)  # fmt: skip
