"""How bodies, programmes and money hang together: parts, presence, partners, implementers, funders."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from migkg.extract.claims import Claim, Target
from migkg.extract.facts.rules import Hit, Rule
from migkg.extract.facts.times import document_year
from migkg.extract.mention import Mention
from migkg.extract.mentions.patterns import DateValue, MoneyValue
from migkg.model import Value

_THESE = ("the", "this")
_PROGRAMME_WORDS = ("programme", "program", "project", "initiative")


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
        if (since := value.start(document_year(hit.reading))) is not None:
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


def _funding(hit: Hit) -> Iterator[Claim]:
    funders = hit.mentions("funder")
    through = hit.targets("through") if hit.has("through") else ()
    funded = hit.targets("funded") if hit.has("funded") else _nearest(hit)
    if not funded or any(target in through for target in funded):
        return
    money: MoneyValue | None = hit.mention("amount").value if hit.has("amount") else None
    qualifiers: dict[str, list[Value]] = {"amount": [money.amount], "currency": [money.currency]} if money else {}
    for funder in funders:
        for target in funded:
            roles = {"funder": hit.expand(funder), "funded": [target], "through": through}
            yield hit.claim("Funding", roles, qualifiers)


def _support(hit: Hit) -> Iterator[Claim]:
    """ "Supported by" states money only where the supporter is a fund; help comes in other forms too."""
    if all(_is_fund(mention) for mention in hit.mentions("funder")):
        yield from _funding(hit)


def _is_fund(mention: Mention) -> bool:
    return any(name.kind == "fund" for name in mention.names)


def _nearest(hit: Hit) -> tuple[Target, ...]:
    """What is funded when the sentence does not say it next to the verb: its programme, else its event.

    "The programme is funded by …" means the programme named last.
    """
    before = [m for m in hit.line.mentions if m.span.end <= hit.span.start]
    for kind in ("PROG", "EVENT"):
        for mention in reversed(before):
            if mention.type == kind and (targets := hit.expand(mention)):
                return targets[:1]
    head = hit.line.text[: hit.match.start()].split()
    if head and head[0] in _THESE and any(word in _PROGRAMME_WORDS for word in head[1:5]):
        earlier = [
            mention for line in hit.reading.lines if line.sentence.index < hit.line.sentence.index
            for mention in line.mentions if mention.type == "PROG" and not _is_fund(mention)
        ]  # fmt: skip
        return hit.expand(earlier[-1]) if earlier else ()
    return ()


def _implementation(hit: Hit) -> Iterator[Claim]:
    for programme in hit.targets("programme"):
        for implementer in hit.targets("implementer"):
            yield hit.claim("Implementation", {"programme": [programme], "implementer": [implementer]})


def _partnership(hit: Hit) -> Iterator[Claim]:
    partners = [*hit.targets("partner"), *hit.targets("otherPartner")]
    for one, other in combinations(partners, 2):
        yield hit.claim("Partnership", {"partner": [one], "otherPartner": [other]})


RULES = (
    Rule(
        "partof.stated", "en",
        ("{part:ORG} is|are|was|as ( also )? @part the? {whole:ORG}", "{part:ORG} , @part the? {whole:ORG}"),
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
    Rule(
        "funding.supported-by", "en",
        (
            "{funder:PROG|ORG} supported the? {funded:EVENT|PROG} ( ,? ( through|under ) ( the|its )? ( programme|program )? {through:PROG} )?",
            "{funded:EVENT|PROG|POLICY} ( was|is|were|are|has|been|also|made|possible|generously|financially )? ( been|also )? @support by the? {funder:ORG|PROG|PLACE+} ( ,? ( through|under ) ( the|its )? {through:PROG} )?",
        ),
        _support,
        good=(("The workshop was supported by the Migration Multi-Partner Trust Fund.", ("funder=Migration Multi-Partner Trust Fund", "funded=workshop")),),
        bad=("The workshop was supported by Rina Sari.",),
    ),
    Rule(
        "funding.funded-by", "en",
        (
            "{funded:EVENT|PROG|POLICY} ..4 ( co-funded|funded|financed|co-financed|sponsored ) by the? {funder:ORG|PROG|PLACE+} ( ,? ( through|under ) ( the|its )? {through:PROG} )?",
            "( co-funded|funded|financed|co-financed|sponsored ) by the? {funder:ORG|PROG|PLACE+} ( ,? ( through|under ) ( the|its )? {through:PROG} )?",
            "( with|thanks ) ( generous )? ( to )? ( funding|financing ) ( support )? from the? {funder:ORG|PROG|PLACE+}",
            "{funder:ORG|PROG|PLACE+} ( funds|funded|finances|financed ) the? {funded:EVENT|PROG} ( ,? ( through|under ) ( the|its )? {through:PROG} )?",
        ),
        _funding,
        good=(("The workshop was funded by the European Union.", ("funder=European Union", "funded=workshop")),),
        bad=("The workshop was praised by the European Union.",),
    ),
    Rule(
        "funding.supported-by", "id",
        (
            "{funded:EVENT|PROG|POLICY} .3 didukung ( oleh )? {funder:ORG|PROG|PLACE+} ( ,? ( melalui|lewat ) ( program )? {through:PROG} )?",
            "{funder:PROG|ORG} mendukung {funded:EVENT|PROG} ( ,? ( melalui|lewat ) ( program )? {through:PROG} )?",
        ),
        _support,
        good=(("Lokakarya ini didukung oleh Migration Multi-Partner Trust Fund.", ("funder=Migration Multi-Partner Trust Fund", "funded=lokakarya")),),
        bad=("Lokakarya ini didukung oleh Rina Sari.",),
    ),
    Rule(
        "funding.funded-by", "id",
        ("{funded:EVENT|PROG|POLICY} .3 didanai ( oleh )? {funder:ORG|PROG|PLACE+} ( ,? ( melalui|lewat ) ( program )? {through:PROG} )?",),
        _funding,
        good=(("Lokakarya ini didanai oleh Uni Eropa.", ("funder=Uni Eropa", "funded=lokakarya")),),
        bad=("Lokakarya ini dipuji oleh Uni Eropa.",),
    ),
    Rule(
        "implementation.by", "en",
        (
            "{programme:PROG} ( programme|program|project|initiative )? ,? ( which|that )? ( is|was|being|are )? ( being )? ( jointly )? @implemented the? {implementer:ORG+}",
            "{implementer:ORG+} ( jointly )? ( implement|implements|implemented|run|runs|lead|leads ) the? {programme:PROG}",
        ),
        _implementation,
        good=(("The PROMISE programme is implemented by UNODC and the ILO.", ("programme=PROMISE", "implementer=UNODC")),),
        bad=("The PROMISE programme was praised by UNODC.",),
    ),
    Rule(
        "implementation.by", "id",
        (
            "{programme:PROG} ,? yang? ( dilaksanakan|diimplementasikan|dijalankan|dikelola ) ( bersama )? oleh? {implementer:ORG+}",
            "{programme:PROG} ,? ( hasil|buah )? ( kerja sama|kolaborasi ) {implementer:ORG+}",
        ),
        _implementation,
        good=(("PROMISE dilaksanakan oleh UNODC dan ILO.", ("programme=PROMISE", "implementer=UNODC", "implementer=ILO")),),
        bad=("Program itu dipuji oleh UNODC.",),
    ),
    Rule(
        "partnership.partnered", "en",
        ("{partner:ORG} ( has|have )? ( partnered|teamed|cooperates|collaborates|collaborated|works ) ( up )? ( closely )? with the? {otherPartner:ORG+}",),
        _partnership,
        good=(("UNODC partnered with the ILO.", ("partner=UNODC", "otherPartner=ILO")),),
        bad=("UNODC met with the ILO.",),
    ),
)  # fmt: skip
