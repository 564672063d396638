"""Who pays for what, and who carries it out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migkg.extract.claims import Claim, EventRef, Target
from migkg.extract.facts.rules import Hit, Rule
from migkg.extract.grammar import placeholders
from migkg.extract.lexicon import word_class
from migkg.extract.mention import Mention
from migkg.extract.mentions import Reading
from migkg.extract.mentions.patterns import MoneyValue
from migkg.extract.mentions.titles import is_fund
from migkg.model import Ref, Value
from migkg.reference import normalise

_FUNDED_WORD = re.compile(r"(?P<who>[\w.]+)-(?:funded|financed|sponsored) ")
_NEAR = 80
_SUBJECT = 5  # words
# A match that starts before this offset of the line opens the sentence.
_OPENING = 30


def is_donor(mention: Mention, reading: Reading) -> bool:
    """Whether a body's support is money: a fund, a donor agency, a government or country from abroad."""
    if is_fund(mention):
        return True
    lang = reading.lexicon.lang
    words = f" {normalise(mention.text)} "
    if any(f" {normalise(phrase)} " in words for phrase in word_class(lang, "donors")):
        return True
    home = {reading.reference.entities[name.iri].country or name.iri for name in mention.names}
    return mention.type == "PLACE" and bool(home) and reading.country is not None and reading.country not in home


def funding(hit: Hit, *, donors: bool = False) -> Iterator[Claim]:
    """Who pays for what: the group `funder` for `funded`, else for what is nearest, `through` a fund.

    :param donors: leave out those whose support may be no money.
    """
    funders = _opening(hit) if hit.match.start() < _OPENING else hit.mentions("funder")
    if donors:
        funders = tuple(mention for mention in funders if is_donor(mention, hit.reading))
    by_way = hit.mentions("through") if hit.has("through") else ()
    through = tuple(target for mention in by_way for target in hit.expand(mention))
    if hit.has("funded"):
        funded = tuple(t for m in hit.mentions("funded") if not is_fund(m) for t in hit.expand(m))
    elif by_way and not any(is_fund(mention) for mention in by_way):
        funded, through = through, ()  # "with money from X under the project Y"
    else:
        funded = nearest(hit) or _generic(hit)
    if not funded or any(target in through for target in funded):
        return
    money: MoneyValue | None = hit.mention("amount").value if hit.has("amount") else None
    qualifiers: dict[str, list[Value]] = {"amount": [money.amount], "currency": [money.currency]} if money else {}
    for funder in funders:
        for target in funded:
            roles = {"funder": hit.expand(funder), "funded": [target], "through": through}
            yield hit.claim("Funding", roles, qualifiers)


def _generic(hit: Hit) -> tuple[Target, ...]:
    """ "The work is financed by X": the article's event."""
    words = hit.line.text[: hit.match.start()].split()[:_SUBJECT]
    generic = word_class(hit.reading.lexicon.lang, "generic_work")
    return () if hit.events.main is None or generic.isdisjoint(words) else (EventRef(hit.events.main),)


def _opening(hit: Hit) -> tuple[Mention, ...]:
    """The funders of a phrase that opens the sentence: what follows the comma behind them is who acts.

    "With funding from A, B and C run …", "With funding from A, B and C, D runs …"
    """
    if hit.has("funded"):
        return hit.mentions("funder")
    parts = hit.match["funder"].split(", ")
    joined = next((k for k, part in enumerate(parts[1:-1], 1) if " and " in f" {part}" or " dan " in f" {part}"), 0)
    return tuple(hit.line.find(found) for part in parts[: joined + 1] for found in placeholders(part))


def _support(hit: Hit) -> Iterator[Claim]:
    """ "Supported by" states money only where the supporter is a donor; help comes in other forms too."""
    yield from funding(hit, donors=True)


def nearest(hit: Hit, *kinds: str) -> tuple[Target, ...]:
    """What is meant when the sentence does not say it next to the verb: its programme, else its event, else the
    programme that was named last.

    :param kinds: types of mentions, in order of choice; programmes and events when none is given.
    """
    kinds = kinds or ("PROG", "EVENT")
    before = [m for m in hit.line.mentions if m.span.end <= hit.span.start and not is_fund(m)]
    behind = [m for m in hit.line.mentions if m.span.start >= hit.span.end and not is_fund(m)]
    for group in ([*reversed(before)], behind):
        for kind in kinds:
            for mention in group:
                if mention.type == kind and (targets := hit.expand(mention)):
                    return targets[:1]
    earlier = [
        mention for line in hit.reading.lines
        if line.sentence.index < hit.line.sentence.index and line.sentence.kind == "body"
        for mention in line.mentions if mention.type == "PROG" and not is_fund(mention)
    ]  # fmt: skip
    return hit.expand(earlier[-1]) if earlier else ()


def implementation(hit: Hit) -> Iterator[Claim]:
    """Who carries out what: `implementer` and `also` the `programme`, else the nearest one."""
    programmes = (
        tuple(t for m in hit.mentions("programme") if not is_fund(m) for t in hit.expand(m))
        if hit.has("programme")
        else nearest(hit, "PROG")
    )
    implementers = [*hit.targets("implementer"), *(hit.targets("also") if hit.has("also") else ())]
    for programme in programmes:
        for implementer in implementers:
            yield hit.claim("Implementation", {"programme": [programme], "implementer": [implementer]})


def _chained(hit: Hit) -> Iterator[Claim]:
    """ "… funded by A and implemented by B": the programme named last before it in the sentence."""
    named = [m for m in hit.line.mentions if m.type == "PROG" and m.span.end <= hit.span.start and not is_fund(m)]
    for programme in hit.expand(named[-1]) if named else ():
        for implementer in hit.targets("implementer"):
            yield hit.claim("Implementation", {"programme": [programme], "implementer": [implementer]})


def _own(hit: Hit) -> Iterator[Claim]:
    """ "IOM's project": the one who has a programme carries it out, but a donor pays for it."""
    if not any(is_donor(mention, hit.reading) for mention in hit.mentions("implementer")):
        yield from implementation(hit)


def funded_words(reading: Reading) -> Iterator[Claim]:
    """ "A Canadian-funded project": who pays stands in the adjective."""
    for line in reading.lines:
        if line.sentence.kind != "body" or "PROG" not in line.types:
            continue
        for match in _FUNDED_WORD.finditer(line.text):
            funder = _country_or_body(match["who"], reading)
            programme = next(
                (
                    m for offset, m in line.placed()
                    if m.type == "PROG" and match.end() <= offset < match.end() + _NEAR and not is_fund(m)
                ),
                None,
            )  # fmt: skip
            if funder and programme:
                span = line.span(*match.span()).join(programme.span)
                roles: dict[str, tuple[Target, ...]] = {"funder": (Ref(funder),), "funded": (programme,)}
                yield Claim("Funding", roles, span, line.sentence.span, "funding.funded-adjective", {})


def _country_or_body(word: str, reading: Reading) -> str | None:
    country = reading.reference.demonyms.get(normalise(word))
    if country:
        return country
    names = {name.iri for form in (word, word.upper()) for name in reading.reference.lookup(form) if not name.local}
    return names.pop() if len(names) == 1 else None


_FUNDER = "the? ( {ORG} 's | kingdom of the | people of )? {funder:ORG|PROG|PLACE+} ( of the? {ORG} )? ( ,? ( through|under|via ) ( the|its )? .1 {through:PROG} )?"
_FUNDER_ID = "{funder:ORG|PROG|PLACE+} ( ,? ( melalui|lewat ) .1 {through:PROG} )?"
_MONEY_VERBS = "contributed|contributes|provided|provides|donated|pledged|committed|allocated|granted|awarded|invested"

RULES = (
    Rule(
        "funding.funded-by", "en",
        (
            f"{{funded:EVENT|PROG|POLICY}} ..4 ( co-funded|funded|financed|co-financed|sponsored|bankrolled ) ( jointly )? by {_FUNDER}",
            f"( co-funded|funded|financed|co-financed|sponsored|bankrolled ) ( jointly )? by {_FUNDER}",
            f"( funding|financing|funds ) ( support|assistance )? ( provided|received|coming )? from|by|of {_FUNDER}",
            f"financial ( support|assistance|contribution|contributions|backing ) ( provided )? from|by|of {_FUNDER}",
            f"financially ( supported|backed ) by {_FUNDER}",
            "{funder:ORG|PROG|PLACE} for ( its )? .1 ( funding|financing ) ( of )? the? .1 {funded:EVENT|PROG}",
            "{funder:ORG|PROG|PLACE+} ( is|are|has|have )? ( also )? ( funds|funded|finances|financed|funding|financing|co-funds|co-finances|bankrolls ) the? .2 {funded:EVENT|PROG} ( ,? ( through|under ) ( the|its )? {through:PROG} )?",
        ),
        funding,
        good=(
            ("The workshop was funded by the European Union.", ("funder=European Union", "funded=workshop")),
            ("With funding support from the European Union, UNODC runs the Safe Harbour Action project.", ("funder=European Union", "funded=Safe Harbour Action")),
            ("UNODC runs the Safe Harbour Action project with financial assistance from Canada.", ("funder=Canada", "funded=Safe Harbour Action")),
            ("UNODC held a workshop. The work is financed by the European Union.", ("funder=European Union", "funded=workshop")),
        ),
        bad=("The workshop was praised by the European Union.", "The European Union welcomed funding for the workshop."),
    ),
    Rule(
        "funding.supported-by", "en",
        (
            "{funder:PROG|ORG} supported|supports the? {funded:EVENT|PROG} ( ,? ( through|under ) ( the|its )? ( programme|program )? {through:PROG} )?",
            f"{{funded:EVENT|PROG|POLICY}} .3 ( made possible | supported|backed ) by {_FUNDER}",
            f"{{funded:EVENT|PROG|POLICY}} ..3 made possible ( with|through|thanks to ) .5 ( of|from|by ) {_FUNDER}",
            f"with|through|under the? .2 ( support|assistance|contribution ) ( of|from|by ) {_FUNDER}",
            f"( is|was|are|were ) ( generously|kindly )? supported by {_FUNDER}",
        ),
        _support,
        good=(
            ("The workshop was supported by the Migration Multi-Partner Trust Fund.", ("funder=Migration Multi-Partner Trust Fund", "funded=workshop")),
            ("UNODC runs the Safe Harbour Action project with the support of the European Union.", ("funder=European Union", "funded=Safe Harbour Action")),
        ),
        bad=("The workshop was supported by Rina Sari.", "The workshop was held with the support of UNODC."),
    ),
    Rule(
        "funding.amount", "en",
        (
            "{amount:MONEY} .4 ( from|by ) the? {funder:ORG|PROG|PLACE+}",
            f"{{funder:ORG|PROG|PLACE+}} ( has|have )? ( {_MONEY_VERBS} ) .3 {{amount:MONEY}} ( ..6 ( to|for|towards ) the? {{funded:PROG}} )?",
            "contribution of {amount:MONEY} ( from|by ) the? {funder:ORG|PROG|PLACE+}",
        ),
        _support,
        good=(("The European Union has provided EUR 5 million for the Safe Harbour Action project.", ("funder=European Union", "funded=Safe Harbour Action", "amount=5000000", "currency=EUR")),),
        bad=("UNODC said that EUR 5 million is needed.",),
    ),
    Rule(
        "funding.supported-by", "id",
        (
            f"{{funded:EVENT|PROG|POLICY}} .3 didukung ( oleh )? {_FUNDER_ID}",
            "{funder:PROG|ORG} mendukung {funded:EVENT|PROG} ( ,? ( melalui|lewat ) ( program )? {through:PROG} )?",
            f"( dengan|atas ) dukungan ( dari )? {_FUNDER_ID}",
        ),
        _support,
        good=(("Lokakarya ini didukung oleh Migration Multi-Partner Trust Fund.", ("funder=Migration Multi-Partner Trust Fund", "funded=lokakarya")),),
        bad=("Lokakarya ini didukung oleh Rina Sari.",),
    ),
    Rule(
        "funding.funded-by", "id",
        (
            f"{{funded:EVENT|PROG|POLICY}} .3 ( didanai|dibiayai|disponsori ) ( oleh )? {_FUNDER_ID}",
            f"( didanai|dibiayai|disponsori ) ( oleh )? {_FUNDER_ID}",
            f"( pendanaan|pembiayaan | bantuan|dukungan dana|pendanaan|finansial|keuangan ) ( dari|oleh ) {_FUNDER_ID}",
            "{funder:ORG|PROG|PLACE+} ( mendanai|membiayai ) {funded:EVENT|PROG}",
        ),
        funding,
        good=(("Lokakarya ini didanai oleh Uni Eropa.", ("funder=Uni Eropa", "funded=lokakarya")),),
        bad=("Lokakarya ini dipuji oleh Uni Eropa.",),
    ),
    Rule(
        "implementation.by", "en",
        (
            "{programme:PROG} ( programme|program|project|initiative )? ( [ .3 ] )? ,? ( which|that )? ( is|was|are|will|has )? ( being|be|been )? ( jointly|currently|also )? @implemented the? {implementer:ORG+}",
            "{programme:PROG} ,? ( is )? ( led|co-led|managed|coordinated|spearheaded ) ( jointly )? by the? {implementer:ORG+}",
            "{implementer:ORG+} ,? ( is|are|has|have|will )? ( been|be )? ( currently|jointly|also )? ( implement|implements|implemented|implementing|run|runs|running|lead|leads|leading|execute|executes|executed|executing|deliver|delivers|delivered | carry|carries|carried|carrying|roll|rolls|rolling out ) the|its|their|a|an? .2 {programme:PROG}",
            "{implementer:ORG+} ,? ( has|have|is|are )? ( been )? ( implemented|implement|implements|implementing | carried|carry out ) .3 ( activities|interventions|measures|actions )",
            "{programme:PROG} ,? involving the? {implementer:ORG+}",
            "{programme:PROG} of the? {implementer:ORG+}",
            "{programme:PROG} , a|an|the .4 ( programme|program|project|initiative|collaboration|effort ) ( of|by|between|among ) the? {implementer:ORG+}",
            "{implementer:ORG+} as ( an|the|its|their )? implementing partner|partners|agency|agencies",
            "implementing ( partner|partners|agency|agencies ) ( is|are|include|includes|:|, )? the? {implementer:ORG+}",
        ),
        implementation,
        good=(
            ("The PROMISE programme is implemented by UNODC and the ILO.", ("programme=PROMISE", "implementer=UNODC")),
            ("The Safe Harbour Action project, involving UNODC and the ILO, began.", ("programme=Safe Harbour Action", "implementer=UNODC", "implementer=ILO")),
            ("The Safe Harbour Action project began with UNODC as implementing partner.", ("programme=Safe Harbour Action", "implementer=UNODC")),
            ("UNODC, together with the ILO, implements the Safe Harbour Action project.", ("programme=Safe Harbour Action", "implementer=UNODC", "implementer=ILO")),
        ),
        bad=("The PROMISE programme was praised by UNODC.",),
    ),
    Rule(
        "implementation.and-by", "en",
        (",? and ( is|was|being )? ( jointly )? @implemented the? {implementer:ORG+}",),
        _chained,
        good=(
            ("The Safe Harbour Action project, which is funded by the European Union and implemented by UNODC in collaboration with the ILO, began.", ("programme=Safe Harbour Action", "implementer=UNODC", "implementer=ILO")),
            ("They praised the Safe Harbour Action project (SHA), financed by Canada, and implemented by UNODC.", ("programme=Safe Harbour Action", "implementer=UNODC")),
        ),
        bad=("The Safe Harbour Action project is funded by Canada and praised by UNODC.",),
    ),
    Rule(
        "implementation.own", "en",
        (
            "{implementer:ORG} 's .3 {programme:PROG}",
            "a|an|the .2 {implementer:ORG} {programme:PROG}",
            "{programme:PROG} , a|an|the .3 {implementer:ORG} ( 's )? .1 ( programme|program|project|initiative )",
            "{implementer:ORG} ,? ( through|under|via ) its .2 {programme:PROG}",
        ),
        _own,
        good=(
            ("It is part of UNODC's regional project dubbed Safe Harbour Action.", ("programme=Safe Harbour Action", "implementer=UNODC")),
            ("Safe Harbour Action Programme, a UNODC project, began.", ("programme=Safe Harbour Action Programme", "implementer=UNODC")),
        ),
        bad=("The European Union's Safe Harbour Action project began.",),
    ),
    Rule(
        "implementation.by", "id",
        (
            "{programme:PROG} ,? yang? ( dilaksanakan|diimplementasikan|dijalankan|dikelola|dipimpin ) ( bersama )? oleh? {implementer:ORG+}",
            "{programme:PROG} ,? ( hasil|buah )? ( kerja sama|kolaborasi ) ( antara )? {implementer:ORG+}",
            "{implementer:ORG+} ( telah|sedang|tengah )? ( melaksanakan|menjalankan|mengimplementasikan|mengelola ) {programme:PROG}",
            "{programme:PROG} ,? yang? melibatkan {implementer:ORG+}",
            "{implementer:ORG+} sebagai ( mitra|badan|lembaga ) pelaksana",
        ),
        implementation,
        good=(
            ("PROMISE dilaksanakan oleh UNODC dan ILO.", ("programme=PROMISE", "implementer=UNODC", "implementer=ILO")),
            ("UNODC menjalankan proyek Pelabuhan Aman Bersama.", ("programme=Pelabuhan Aman Bersama", "implementer=UNODC")),
        ),
        bad=("Program itu dipuji oleh UNODC.",),
    ),
)  # fmt: skip
