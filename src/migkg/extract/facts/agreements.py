"""Who works with whom, and who signed what."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from migkg.extract.claims import Claim, Target
from migkg.extract.facts.funding import is_donor
from migkg.extract.facts.rules import Hit, Rule
from migkg.extract.grammar import compile_pattern, placeholders
from migkg.extract.mention import Mention
from migkg.extract.mentions.patterns import DateValue
from migkg.model import Value


def _partnership(hit: Hit) -> Iterator[Claim]:
    partners = [*hit.targets("partner"), *(hit.targets("otherPartner") if hit.has("otherPartner") else ())]
    # Who hold an event together are its organisers.
    hosts = {m.span for line, frame, _ in hit.events.frames if line is hit.line for m in frame.organizers}
    for one, other in combinations(partners, 2):
        if isinstance(one, Mention) and isinstance(other, Mention) and {one.span, other.span} <= hosts:
            continue
        yield hit.claim("Partnership", {"partner": [one], "otherPartner": [other]})


def _help(hit: Hit) -> Iterator[Claim]:
    """Help makes two bodies partners; a donor's is money."""
    helpers = [t for m in hit.mentions("otherPartner") if not is_donor(m, hit.reading) for t in hit.expand(m)]
    for one in hit.targets("partner"):
        for other in helpers:
            yield hit.claim("Partnership", {"partner": [one], "otherPartner": [other]})


def _signing(hit: Hit) -> Iterator[Claim]:
    """The people among those who signed; where none is named, the bodies and countries."""
    if hit.has("event") and hit.mention("event").value.code != "signing":
        return
    found = hit.mentions("who")
    signatories: list[Target] = [m for m in found if m.type == "NAME"] or [
        target for m in found if m.type in ("ORG", "PLACE") for target in hit.expand(m)
    ]
    signatories += [target for m in hit.mentions("also") for target in hit.expand(m)]
    qualifiers: dict[str, list[Value]] = {}
    if hit.has("date"):
        value: DateValue = hit.mention("date").value
        if (date := value.start(hit.reading.year)) is not None:
            qualifiers["date"] = [date]
    if signatories:
        yield hit.claim("Signature", {"signatory": signatories, "agreement": hit.targets("agreement")}, qualifiers)


def _signing_those(hit: Hit) -> Iterator[Claim]:
    """ "This document": the agreements that the sentence before says are signed."""
    lines = hit.reading.lines
    at = next(i for i, line in enumerate(lines) if line.sentence is hit.line.sentence)
    signs = compile_pattern(_SIGNED[hit.reading.document.lang], hit.reading.document.lang)
    for line in reversed(lines[max(0, at - _BACK) : at]):
        match = signs.search(line.text)
        if match is not None:
            named = [t for found in placeholders(match["agreement"]) for t in hit.expand(line.find(found))]
            yield hit.claim("Signature", {"signatory": hit.mentions("who"), "agreement": named})
            return


_BACK = 3
_SIGNED = {
    "en": "( @sign | signing of ) ( a|an|the )? .1 {agreement:POLICY+}",
    "id": "( @sign | penandatanganan ) {agreement:POLICY+}",
}
_WITH = "( closely|together|jointly|actively )? with the? {otherPartner:ORG+}"
_MADE = "developed|designed|prepared|produced|created|published|written|drafted|compiled|elaborated"

RULES = (
    Rule(
        "partnership.partnered", "en",
        (
            f"{{partner:ORG+}} ( has|have|had|is|are|will )? ( also|jointly|been )? @partnering {_WITH}",
            "{partner:ORG+} ( has|have|had|are|were )? ( also )? ( partnered|partner|cooperate|cooperated|collaborate|collaborated|collaborating | join|joined|joining forces | team|teamed up | work|worked|working together )",
            "cooperation|collaboration|partnership|coordination ( between|among|of ) the? {partner:ORG+}",
            f"( {_MADE} ) ( jointly|together )? by the? {{partner:ORG+}}",
            "{partner:ORG+} ( have|has )? ( jointly )? ( developed|designed|wrote|produced|published|created ) the|a|an|these|this",
            "{partner:ORG} 's .3 ( support|assistance|help ) to the? {otherPartner:ORG+}",
            "{partner:ORG} , ( working | together | in close? {EVENT} | hand in hand ) with the? {otherPartner:ORG+} ,",
            f"( {_MADE} ) ( jointly )? by the? {{partner:ORG}} ( [ {{ORG}} ] )? ,? ( together | jointly | in close? ( {{EVENT}} | consultation|collaboration|cooperation|partnership|coordination ) ) with the? {{otherPartner:ORG+}}",
            "in|of|through close? ( consultation | {EVENT} ) between|among the? {partner:ORG+}",
            "^ ..6 close ( consultation | {EVENT} ) between|among the? {partner:ORG+}",
        ),
        _partnership,
        good=(
            ("UNODC partnered with the ILO.", ("partner=UNODC", "otherPartner=ILO")),
            ("UNODC and the ILO have joined forces on fair recruitment.", ("partner=UNODC", "otherPartner=ILO")),
            ("She praised the cooperation between UNODC and the ILO.", ("partner=UNODC", "otherPartner=ILO")),
            ("The manual was developed by UNODC and the ILO.", ("partner=UNODC", "otherPartner=ILO")),
            ("UNODC, working with the ILO and the World Bank, compiled the figures.", ("partner=UNODC", "otherPartner=ILO")),
            ("The manual was developed by the Ministry of Health in close consultation with UNODC.", ("partner=UNODC", "otherPartner=Ministry of Health")),
        ),
        bad=("UNODC met with the ILO.", "The manual was developed by UNODC.", "UNODC handed over twelve cars to the Ministry of Health."),
    ),
    Rule(
        "partnership.support", "en",
        (
            "{partner:ORG} , ( supported|assisted|backed|aided ) by the? {otherPartner:ORG+} ,",
            "{partner:ORG} ..14 with the? .1 ( support|assistance|help ) ( of|from ) the? {otherPartner:ORG+}",
        ),
        _help,
        good=(
            ("The Ministry of Health drew up the plan with the support of UNODC.", ("partner=UNODC", "otherPartner=Ministry of Health")),
            ("The Ministry of Health, supported by UNODC and the ILO, has drawn up a plan.", ("partner=UNODC", "otherPartner=Ministry of Health")),
        ),
        bad=("The Ministry of Health drew up the plan with the support of the European Union.",),
    ),
    Rule(
        "partnership.partnered", "id",
        (
            "{partner:ORG+} ( telah|terus|juga )? ( bekerja sama | bekerjasama|berkolaborasi|bermitra|bersinergi ) ( erat )? ( dengan|bersama ) {otherPartner:ORG+}",
            "( kerja sama | kerjasama|kolaborasi|kemitraan|sinergi ) antara {partner:ORG+}",
            "{partner:ORG} ..12 ( kerja sama | kerjasama|kolaborasi|kemitraan ) .2 ( terjalin|terbangun|dijalin|dibangun ) .2 dengan {otherPartner:ORG+}",
            "( disusun|dikembangkan|dirancang|dibuat ) ( bersama )? oleh {partner:ORG+}",
        ),
        _partnership,
        good=(
            ("UNODC bekerja sama dengan ILO.", ("partner=UNODC", "otherPartner=ILO")),
            ("Ia memuji kerja sama antara UNODC dan ILO.", ("partner=UNODC", "otherPartner=ILO")),
        ),
        bad=("UNODC bertemu dengan ILO.",),
    ),
    Rule(
        "partnership.support", "id",
        ("{partner:ORG} ..14 dengan dukungan ( dari )? {otherPartner:ORG+}",),
        _help,
        good=(("Kementerian Kesehatan menyusun panduan dengan dukungan UNODC.", ("partner=UNODC", "otherPartner=Kementerian Kesehatan")),),
        bad=("Kementerian Kesehatan menyusun panduan dengan dukungan Uni Eropa.",),
    ),
    Rule(
        "signature.by", "en",
        (
            "{agreement:POLICY} ( was|were|is|has )? ( been )? ( also|officially|formally|jointly )? signed ( ..6 ) ( between|by ) (who: ..30 ) ( today|yesterday|on|at|in|during $ | $ )",
            "(who: {NAME} , {ROLE} ( of|for|at )? the? ( {ORG|PLACE} )? ,? ( and the? {ROLE}? {NAME} ,? )? ) ( has|have )? @sign ( a|an|the )? {agreement:POLICY} ( on {date:DATE} )?",
            "(who: {ROLE} {NAME} ( and the? {ROLE}? {NAME} )? ) ( has|have )? @sign ( a|an|the )? {agreement:POLICY} ( on {date:DATE} )?",
        ),
        _signing,
        good=(
            ("The Memorandum of Understanding was signed by Ann Smith, Minister of Health, and John Doe, Director of UNODC.", ("signatory=Ann Smith", "signatory=John Doe", "agreement=Memorandum of Understanding")),
            ("President Ann Smith signed Law No. 18 of 2017.", ("signatory=Ann Smith", "agreement=Law No. 18 of 2017")),
        ),
        bad=("President Ann Smith read Law No. 18 of 2017.",),
    ),
    Rule(
        "signature.by", "id",
        (
            "(who: ( {ROLE} )? {NAME} ( dan|serta ( {ROLE} )? {NAME} )? ) ( telah|resmi )? @sign {agreement:POLICY} ( pada ( {date:DATE} )? )?",
            "{agreement:POLICY} ( telah|resmi )? ditandatangani ( ..3 ) oleh (who: ..24 ) $",
            "(who: {ORG|PLACE+} ) ( telah|resmi )? @sign {agreement:POLICY} ( pada ( {date:DATE} )? )?",
        ),
        _signing,
        good=(("Menteri Kesehatan Rina Sari dan Budi Hartono menandatangani Nota Kesepahaman tentang Penempatan Perawat.", ("signatory=Rina Sari", "signatory=Budi Hartono", "agreement=Nota Kesepahaman tentang Penempatan Perawat")),),
        bad=("Menteri Kesehatan Rina Sari membaca Nota Kesepahaman tentang Penempatan Perawat.",),
    ),
    Rule(
        "signature.several", "en",
        (
            "{who:NAME} and @his .2 counterpart ,? ..2 {also:NAME} ,? ( @lately )? ( @lately )? ( on {date:DATE} ,? )? @sign ( a|an|the )? .2 {agreement:POLICY+}",
            "{who:NAME+} ,? ( ..8 , )? ( @lately )? ( @lately )? ( on {date:DATE} ,? )? ( @lately )? @sign ( a|an|the )? .2 {agreement:POLICY+}",
            "{agreement:POLICY} , which the? {who:NAME|PLACE|ORG} ( has|had )? signed ( in|on {date:DATE} )?",
            "{agreement:POLICY} ( was|were ) .2 signed ( on {DATE} | in {PLACE} )? .2 by ..4 {who:NAME+}",
            "{who:ORG|PLACE+} ( @lately )? ( @lately )? ( on {date:DATE} ,? )? ( @lately )? @sign ( a|an|the )? .2 {agreement:POLICY+} ( with the? {also:ORG|PLACE+} )?",
            "{event:EVENT} of ( a|an|the )? .1 {agreement:POLICY} ( between|by|among ) the? .2 {who:ORG|PLACE|NAME+}",
        ),
        _signing, folded=True,
        good=(
            ("The Minister of Health, Ann Smith, the Minister of Labour, Mary Jones, and the Mayor, John Doe, signed the Memorandum of Understanding on Nurses.", ("signatory=Ann Smith", "signatory=Mary Jones", "signatory=John Doe")),
            ("UNODC and the ILO signed a Memorandum of Understanding.", ("signatory=UNODC", "signatory=ILO")),
            ("UNODC and Kenya on Wednesday signed the Memorandum of Understanding on Nurses.", ("signatory=UNODC", "signatory=Kenya", "agreement=Memorandum of Understanding on Nurses")),
            ("Labour Minister Ann Smith and her Kenyan counterpart, John Doe, on Friday signed the Memorandum of Understanding on Nurses.", ("signatory=Ann Smith", "signatory=John Doe")),
            ("They praised the Harbour Workers Act, which President Ann Smith signed in May 2021.", ("signatory=Ann Smith", "agreement=Harbour Workers Act")),
            ("President Ann Smith on Monday signed the Harbour Workers Act into law.", ("signatory=Ann Smith", "agreement=Harbour Workers Act")),
            ("They witnessed the signing of the Memorandum of Understanding on Nurses between UNODC and the ILO.", ("signatory=UNODC", "signatory=ILO")),
        ),
        bad=("Ann Smith read the Memorandum of Understanding.",),
    ),
    Rule(
        "signature.several", "id",
        (
            "{who:NAME+} ,? ( ..8 , )? ( telah|resmi|bersama|bersama-sama )? @sign {agreement:POLICY+} ( dengan {also:ORG+} )?",
            "{who:ORG+} ..10 ( dengan|melalui ) @sign {agreement:POLICY+}",
        ),
        _signing, folded=True,
        good=(
            ("Menteri Sosial (Mensos) Rina Sari, Menteri Perhubungan Budi Hartono, serta Menteri Agama Yusuf menandatangani Nota Kesepahaman tentang Penempatan Perawat.", ("signatory=Rina Sari", "signatory=Budi Hartono", "signatory=Yusuf")),
            ("Pemerintah Indonesia memperkuat pelindungan dengan menandatangani Nota Kesepahaman dan Surat Edaran Bersama.", ("agreement=Surat Edaran Bersama", "agreement=Nota Kesepahaman")),
        ),
        bad=("Menteri Sosial Rina Sari, serta Menteri Agama Yusuf membaca Nota Kesepahaman tentang Penempatan Perawat.",),
    ),
    Rule(
        "signature.those", "en",
        (
            "{who:NAME+} ,? ( ..8 , )? ( @lately )? ( @lately )? @sign ( this|these|the|both ) .1 ( document|documents|agreement|agreements|accord|text|memorandum|mou|pact|deal ) ( .|,|on|at|in|during|today|yesterday )",
            "^ ( this|these|the|both ) .1 ( document|documents|agreement|agreements|accord|text|memorandum|mou|pact|deal|protocol|treaty ) ( was|were ) .1 signed ( on {DATE} | in {PLACE} | at {PLACE} )? .2 by ..4 {who:NAME|ORG+}",
            "^ {POLICY} ( was|were ) .1 signed ( on {DATE} | in {PLACE} | at {PLACE} )? .2 by ..4 {who:NAME+}",
        ),
        _signing_those, folded=True,
        good=(("UNODC and the ILO have signed the Memorandum of Understanding on Nurses. Ann Smith, Minister of Health, and John Doe, Director of UNODC, signed the document on 4 May 2022.", ("signatory=Ann Smith", "signatory=John Doe", "agreement=Memorandum of Understanding on Nurses")), ("UNODC and the ILO have signed the Memorandum of Understanding on Nurses. The agreement was signed by Ann Smith, Minister of Health, and John Doe.", ("signatory=Ann Smith", "signatory=John Doe", "agreement=Memorandum of Understanding on Nurses")),),
        bad=("Ann Smith, Minister of Health, signed the document.",),
    ),
    Rule(
        "signature.those", "id",
        ("{who:NAME+} ,? ( ..8 , )? ( telah|resmi|bersama|bersama-sama )? @sign ( dokumen|naskah|perjanjian|kesepakatan|kedua|keduanya ) .2 ( ini|itu|tersebut )",),
        _signing_those, folded=True,
        good=(("Pemerintah memperkuat pelindungan dengan menandatangani Nota Kesepahaman dan Surat Edaran Bersama. Menteri Sosial Rina Sari serta Menteri Agama Yusuf menandatangani dokumen penting ini.", ("signatory=Rina Sari", "signatory=Yusuf", "agreement=Nota Kesepahaman")),),
        bad=("Menteri Sosial Rina Sari menandatangani dokumen penting ini.",),
    ),
)  # fmt: skip
