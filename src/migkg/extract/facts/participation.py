"""People at events: who attended, opened, led, closed them and spoke there."""

from __future__ import annotations

from collections.abc import Iterator

from migkg.extract.claims import Claim, EventRef, Target
from migkg.extract.facts.rules import Hit, Rule
from migkg.extract.mention import Mention
from migkg.extract.tracking import SESSION, Events
from migkg.model import Ref

_SIGNINGS = ("signing", "ceremony")
_ENCOUNTERS = frozenset({"meeting", "visit", "signing", "handover", "launch", "ceremony", "consultation"})
ROLES = "https://w3id.org/migkg/scheme/roles/"


def _attendee(hit: Hit) -> Iterator[Claim]:
    yield from _taking_part(hit, "attendee")


def _opener(hit: Hit) -> Iterator[Claim]:
    yield from _taking_part(hit, "opener")


def _closer(hit: Hit) -> Iterator[Claim]:
    yield from _taking_part(hit, "closer")


def _speaker(hit: Hit) -> Iterator[Claim]:
    yield from _taking_part(hit, "speaker")


def _moderator(hit: Hit) -> Iterator[Claim]:
    yield from _taking_part(hit, "moderator")


def _taking_part(hit: Hit, role: str) -> Iterator[Claim]:
    key = event_key(hit)
    if key is None:
        return
    for participant in hit.mentions("participant"):
        roles: dict[str, list[Target]] = {"event": [EventRef(key)], "participant": [participant]}
        yield hit.claim("Participation", roles, {"participationRole": [Ref(ROLES + role)]})


def _bodies(hit: Hit) -> Iterator[Claim]:
    key = event_key(hit)
    if key is not None:
        for target in (target for role in ("participant", "also", "more") for target in hit.targets(role)):
            roles: dict[str, list[Target]] = {"event": [EventRef(key)], "participant": [target]}
            yield hit.claim("Participation", roles, {"participationRole": [Ref(ROLES + "attendee")]})


def event_key(hit: Hit) -> str | None:
    """The event of a hit, else that of the article: "the opening session" of an event without sessions is the event."""
    if not hit.has("event"):
        return hit.events.main
    return key_of(hit.events, hit.mention("event"))


def key_of(events: Events, mention: Mention) -> str | None:
    """The one event that a mention speaks of, if it is one."""
    keys = events.keys(mention)
    if mention.value.code == SESSION and not any(events.all[key].parent for key in keys):
        return events.main or (keys[0] if len(keys) == 1 else None)
    return keys[0] if len(keys) == 1 else None


def _together(hit: Hit) -> Iterator[Claim]:
    """Who meets, receives or visits whom takes part in the event that the verb reports, else in the article's."""
    told = [key for line, frame, key in hit.events.frames if line.sentence is hit.line.sentence]
    if hit.has("event") and (named := key_of(hit.events, hit.mention("event"))):
        told = [named]
    key = told[0] if told else hit.events.main
    if key is None or (not told and hit.events.all[key].code not in _ENCOUNTERS):
        return
    for role in ("participant", "other", "body"):
        for participant in hit.mentions(role):
            roles: dict[str, list[Target]] = {"event": [EventRef(key)], "participant": [participant]}
            yield hit.claim("Participation", roles, {"participationRole": [Ref(ROLES + "attendee")]})


def _signing(hit: Hit) -> Iterator[Claim]:
    """Who signs is there, when the article tells of a signing."""
    told = [key for line, _, key in hit.events.frames if line.sentence is hit.line.sentence]
    key = next((key for key in told if hit.events.all[key].code in _SIGNINGS), hit.events.main)
    if key is not None and hit.events.all[key].code in _SIGNINGS:
        for participant in (*hit.mentions("participant"), *hit.mentions("also")):
            roles: dict[str, list[Target]] = {"event": [EventRef(key)], "participant": [participant]}
            yield hit.claim("Participation", roles, {"participationRole": [Ref(ROLES + "attendee")]})


RULES = (
    Rule(
        "participation.bodies", "en",
        (
            "( with|by ) ( the )? ( active|full|joint )? participation of ( the )? {participant:ORG+} ( ,? and ..5 - ( the )? {also:ORG+} - )? ( ,? and ( the )? {more:ORG} )?",
            "{event:EVENT} .6 @attend ( the )? ( {ROLE} of|from | @officials of|from )? ( the )? {participant:ORG+}",
            "^ ( {ROLE} | @officials ) of|from ( the )? {participant:ORG+} ( also|jointly )? attended|participated|joined",
            "^ ( {ROLE} | @officials ) of|from ..16 such|including|namely ( as )? ( the )? {participant:ORG+} ..6 attended|participated|joined|took",
            "( brought together | gathered | convened | united ) ..8 of|from ( the )? {participant:ORG+}",
            "( participants|delegates|attendees ) ..10 from|representing ..3 {participant:ORG+}",
        ),
        _bodies,
        good=(
            ("UNODC held a workshop. With the active participation of UNHCR and two other bodies – the ILO and UNICEF – and the Ministry of Health, it went well.", ("event=workshop", "participant=UNHCR", "participant=ILO", "participant=UNICEF", "participant=Ministry of Health")),
            ("UNODC held a workshop. The workshop was attended by representatives of the ILO and UNHCR.", ("event=workshop", "participant=ILO", "participant=UNHCR")),
            ("UNODC held a workshop. Officials from the Ministry of Health and UNHCR participated.", ("event=workshop", "participant=Ministry of Health", "participant=UNHCR")),
            ("UNODC held a workshop. Representatives of state bodies, such as the Ministry of Health (MH Service), the Border Agency and the ILO, took part in it.", ("event=workshop", "participant=Ministry of Health", "participant=Border Agency", "participant=ILO")),
            ("UNODC held a workshop. It brought together forty officers of the Ministry of Health and the ILO.", ("event=workshop", "participant=Ministry of Health", "participant=ILO")),
            ("UNODC held a workshop. The participants were women and men from the Ministry of Health and the ILO.", ("event=workshop", "participant=Ministry of Health", "participant=ILO")),
        ),
        bad=("UNODC held a workshop. Officials from the ILO praised UNHCR.", "UNODC held a workshop. Participants thanked the ILO."),
    ),
    Rule(
        "participation.attended-by", "en",
        (
            "{event:EVENT} .6 @attend ..8 {participant:NAME+}",
            "^ ..4 @attend ..8 {participant:NAME+}",
            "( also|those )? ( present | in attendance ) ( at|in|during {event:EVENT} | as special guests )? ( were|was|included|include|: ) ..4 {participant:NAME+}",
            "in the presence of ..4 {participant:NAME+}",
            "{participant:NAME+} ,? ( ..8 , )? ( also|both|all )? ( attended | joined | graced | witnessed | took part in | participated in | participated at | were present at | was present at | was also present at | were also present at | were in attendance at | was in attendance at | represented @his .3 at | presided at ) ( the )? .2 {event:EVENT}",
            "{participant:NAME+} ,? ( ..8 , )? ( also|both|all )? ( was|were ) ( also|all|both )? ( present | in attendance | among the participants | among the guests | among those present )",
            "{participant:NAME+} ,? ( ..8 , )? ( also|both|all )? ( attended $ | attended virtually | joined virtually | joined online )",
            "( witnessed|observed|graced ) by ..4 {participant:NAME+}",
            "( attendees|guests|participants|dignitaries ) ( present )? ( included|include|were ) ..4 {participant:NAME+}",
        ),
        _attendee, folded=True,
        good=(
            ("This event was also attended by Rina Sari.", ("event=event", "participant=Rina Sari")),
            ("UNODC held a workshop. Also present were Rina Sari, Ambassador of Japan, and Budi Hartono, Head of Research at UNODC.", ("event=workshop", "participant=Rina Sari", "participant=Budi Hartono")),
            ("UNODC held a ceremony. The Minister of Labour, Ms. Rina Sari, was in attendance.", ("event=ceremony", "participant=Rina Sari")),
            ("UNODC held a workshop. It was attended by the Minister of Labour, Ms. Rina Sari.", ("event=workshop", "participant=Rina Sari")),
        ),
        bad=("This event was praised by Rina Sari.",),
    ),
    Rule(
        "participation.represented", "en",
        ("{event:EVENT} .6 @attend .3 ( @staff | {ROLE|CATEGORY} ) ( of|from|representing ) ( the )? {participant:ORG+}",),
        _attendee, folded=True,
        good=(
            ("UNODC held a meeting. The meeting was also attended by representatives from the Ministry of Health.", ("participant=Ministry of Health",)),
            ("The workshop was attended by officials of the Ministry of Health, UNODC and the ILO.", ("participant=ILO", "participant=UNODC")),
        ),
        bad=("The workshop was praised by officials of the Ministry of Health.",),
    ),
    Rule(
        "participation.represented", "id",
        ("{event:EVENT} .3 @attend .2 ( @staff | {ROLE|CATEGORY} ) ( dari )? {participant:ORG+}",),
        _attendee, folded=True,
        good=(("UNODC menggelar lokakarya. Lokakarya ini dihadiri perwakilan dari Kementerian Sosial dan ILO.", ("participant=Kementerian Sosial", "participant=ILO")),),
        bad=("Lokakarya ini dipuji perwakilan dari Kementerian Sosial.",),
    ),
    Rule(
        "participation.attended-by", "id",
        (
            "{event:EVENT} .3 @attend ..6 {participant:NAME+}",
            "( turut )? ( hadir ) ( pula|juga )? ( dalam|pada {event:EVENT} )? ( ini|tersebut )? ,? ( antara lain | di antaranya | adalah | yakni | yaitu )? ..3 {participant:NAME+}",
            "{participant:NAME+} ,? ( ..8 , )? ( turut|juga|ikut )? ( menghadiri|mengikuti ) {event:EVENT}",
            "{participant:NAME+} ,? ( ..8 , )? ( turut|juga|ikut ) ( hadir|menghadiri )",
            "{participant:NAME+} ,? ( ..8 , )? ( mewakili ) .6 ( dalam|pada {event:EVENT} )",
            "disaksikan ( langsung )? ( oleh )? ..4 {participant:NAME+}",
        ),
        _attendee, folded=True,
        good=(
            ("UNODC menggelar lokakarya. Kegiatan ini juga dihadiri Rina Sari.", ("event=lokakarya", "participant=Rina Sari")),
            ("UNODC menggelar lokakarya. Turut hadir Rina Sari, Direktur Pelatihan UNODC.", ("event=lokakarya", "participant=Rina Sari")),
        ),
        bad=("Kegiatan ini dipuji Rina Sari.",),
    ),
    Rule(
        "participation.together", "en",
        (
            "{participant:NAME+} ,? ( ..8 , )? ( also|both|jointly|today|have|has|had )? ( met|gathered|convened|assembled ) .5 ( for|at|during ) {event:EVENT}",
            "{participant:NAME+} ,? ( ..8 , )? ( also|both|jointly|today|recently|have|has|had )? ( met | held talks | held discussions | held a meeting | paid a .2 call | exchanged ) ( with|on|to )? the? .6 ( {CATEGORY} )? .2 ( {ORG} )? ( ,|including | : )? ..2 {other:NAME+}",
            "{participant:NAME+} ,? ( ..8 , )? ( also|today|recently|has|had )? ( received | visited | welcomed | hosted ) ( the )? .2 {other:NAME+}",
            "{participant:NAME+} ,? ( ..8 , )? ( also|both|jointly|today|recently|have|has|had )? ( met | gathered | held talks | held discussions | handed over ) ( at|in|on|for|to|with|today|virtually | {EVENT|DATE} )",
            "{body:ORG} ( delegation )? ( led|headed|represented ) by ..3 {participant:NAME+} ..4 ( met | visited | held talks ) ( with )?",
            "( accompanied|received|welcomed|joined|facilitated|co-facilitated ) by ..4 {participant:NAME+}",
            "( supported|assisted ) by .4 ( expert|experts|consultant|consultants|facilitator|facilitators | {ROLE} ) ,? {participant:NAME+}",
            "( resource person | resource persons | facilitators|facilitator|trainers ) ( were|was|included|include|including|: ) ..3 {participant:NAME+}",
        ),
        _together, folded=True,
        good=(
            ("On 4 May 2022, Rina Sari, UNODC Country Manager, met with Budi Hartono, Minister of Labour, in Jakarta.", ("participant=Rina Sari", "participant=Budi Hartono")),
            ("The Minister of Labour, Ms. Rina Sari, the Ambassador of Japan, Mr. Budi Hartono, and the Mayor, Dewi Ayu, met at the Ministry for a handover event on Friday, 4 November 2022.", ("participant=Rina Sari", "participant=Budi Hartono", "participant=Dewi Ayu")),
            ("UNODC paid a visit to Jakarta on 4 May 2022. The Director General of Immigration, Rina Sari, received the Ambassador of Japan, Budi Hartono.", ("participant=Rina Sari", "participant=Budi Hartono")),
        ),
        bad=("Rina Sari met the target of the plan.", "Rina Sari received an award."),
    ),
    Rule(
        "participation.together", "id",
        (
            "{participant:NAME+} ,? ( ..8 , )? ( juga|telah|hari )? ( bertemu|menerima|mengunjungi|menemui|menyambut | beraudiensi | melakukan pertemuan | mengadakan pertemuan | menggelar pertemuan ) ( dengan|kunjungan|audiensi|kepada )? ..4 {other:NAME+}",
            "( didampingi|diterima|disambut|ditemui|difasilitasi ) ( langsung )? ( oleh )? ..4 {participant:NAME+}",
        ),
        _together, folded=True,
        good=(
            ("UNODC menggelar pertemuan pada 4 Mei 2022. Bupati Malang Rina Sari bertemu Duta Besar Jepang Budi Hartono di Jakarta.", ("participant=Rina Sari", "participant=Budi Hartono")),
            ("UNODC menggelar pertemuan pada 4 Mei 2022. Rombongan diterima langsung oleh Wakil Bupati Rina Sari.", ("participant=Rina Sari",)),
        ),
        bad=("Rina Sari menerima penghargaan.",),
    ),
    Rule(
        "participation.opening", "en",
        (
            "{participant:NAME} ..16 ( during|in|delivering|delivered|gave|giving|at|with|made|offered ) @his ( official|formal )? ( welcome|welcoming )? @opening ( @remark )",
            "@opening ( @remark ) ( were|was )? ( delivered|given|made )? by ..4 {participant:NAME+}",
            "( in|during|with ) @his ( welcome|welcoming )? @opening ( @remark ) ,? ..3 {participant:NAME}",
            "{participant:NAME+} ,? ( ..8 , )? ( officially|formally|jointly|also )? ( opened | inaugurated | launched | kicked off | unveiled | commissioned | flagged off ) ( the )? {event:EVENT}",
            "{event:EVENT} .4 ( opened | inaugurated | kicked off | launched | officiated | flagged off ) ( jointly )? by ..4 {participant:NAME+}",
            "( opening|inaugurating ) {event:EVENT} ,? ..3 {participant:NAME}",
        ),
        _opener, folded=True,
        good=(
            ("UNODC held a workshop. “We look forward to a rich exchange today,” said Rina Sari in her opening remarks.", ("event=workshop", "participant=Rina Sari")),
            ("The workshop was opened by Rina Sari.", ("event=workshop", "participant=Rina Sari")),
            ("The workshop was officially opened by the Minister of Labour, Rina Sari, and UNODC Country Manager Budi Hartono.", ("event=workshop", "participant=Rina Sari", "participant=Budi Hartono")),
            ("UNODC held a workshop. In her opening remarks, Rina Sari thanked all.", ("event=workshop", "participant=Rina Sari")),
        ),
        bad=("Rina Sari opened a bank account.",),
    ),
    Rule(
        "participation.closing", "en",
        (
            "{participant:NAME} ..16 ( during|in|delivering|delivered|gave|giving ) @his @closing ( @remark )",
            "@closing ( @remark ) ( were|was )? ( delivered|given|made )? by ..4 {participant:NAME+}",
            "{participant:NAME+} ,? ( ..8 , )? ( officially|formally )? closed ( the )? {event:EVENT}",
            "{event:EVENT} .3 closed by ..4 {participant:NAME+}",
        ),
        _closer, folded=True,
        good=(("The workshop was closed by Rina Sari.", ("event=workshop", "participant=Rina Sari")),),
        bad=("Rina Sari closed the door.",),
    ),
    Rule(
        "participation.leading", "en",
        (
            "{participant:NAME+} ,? ( ..8 , )? ( who )? ( jointly|also )? ( chaired | co-chaired | moderated | co-moderated | presided over | facilitated | co-facilitated | led | co-led | hosted | co-hosted ) ( the )? .2 {event:EVENT}",
            "{event:EVENT} .6 ( chaired | co-chaired | moderated | co-moderated | presided over | facilitated | led | co-led | hosted | co-hosted ) ( jointly )? by ..4 {participant:NAME+}",
            "( chaired | co-chaired | moderated | presided over ) ( jointly )? by ..4 {participant:NAME+}",
        ),
        _moderator, folded=True,
        good=(
            ("The meeting was co-chaired by Rina Sari, Minister of Labour, and Budi Hartono, Country Manager of UNODC.", ("event=meeting", "participant=Rina Sari", "participant=Budi Hartono")),
            ("Rina Sari, Minister of Labour, chaired the meeting.", ("event=meeting", "participant=Rina Sari")),
        ),
        bad=("Rina Sari led a long life.",),
    ),
    Rule(
        "participation.remarks", "en",
        (
            "{participant:NAME} ..16 ( during|in|delivering|delivered|gave|giving|made|making ) @his ( keynote|welcome|welcoming )? ( @remark )",
            "( in|during ) @his ( keynote|welcome )? ( @remark ) ,? ..3 {participant:NAME}",
            "( remarks|remark|speech|speeches|address|addresses|presentation|presentations|statements|keynote ) ( were|was )? ( also )? ( delivered|given|made|presented )? ( by|from ) ..4 {participant:NAME+}",
            "( during|in|at|on ) the? .3 {event:EVENT} ( for|on {POLICY} )? ( discussion|session )? ,? {participant:NAME} ..16 @say",
            "( during|in|at|on ) the? {OBJ} {event:EVENT} ,? {participant:NAME} ..16 @say",
            "( speaking|addressing ) ( at | during | on .4 of )? ( the )? .3 {event:EVENT} ( ..6 , )? ,? {participant:NAME+}",
            "{participant:NAME+} ,? ( ..8 , | [ ..8 ] ,? )? ( who|also )? ( spoke | presented | addressed | delivered .5 | gave .5 ) ( at|in|during )? ( the )? .2 {event:EVENT}",
            "( speakers|panelists|panellists|presenters ) ( were | included | include | including | such as | : ) ..3 {participant:NAME+}",
            "{event:EVENT} .2 ( featured|heard|presented ) ..8 {participant:NAME+}",
        ),
        _speaker, folded=True,
        good=(
            ("UNODC held a workshop. “We look forward to a rich exchange today,” said Rina Sari in her remarks.", ("event=workshop", "participant=Rina Sari")),
            ("Speaking at the workshop, the Minister of Labour, Rina Sari, thanked all.", ("event=workshop", "participant=Rina Sari")),
            ("UNODC held a workshop. Remarks were delivered by Rina Sari, Ambassador of Japan.", ("event=workshop", "participant=Rina Sari")),
            ("UNODC held a workshop. The speakers included Rina Sari from UNODC and Budi Hartono.", ("event=workshop", "participant=Rina Sari", "participant=Budi Hartono")),
        ),
        bad=("Rina Sari read the remarks of the minister.",),
    ),
    Rule(
        "participation.signing", "en",
        (
            "{participant:NAME} and @his .2 counterpart ,? ..2 {also:NAME} ,? ( @lately )? ( @lately )? @sign ..6 {POLICY}",
            "{participant:NAME+} ,? ( , ..8 , )? ( @lately )? ( @lately )? @sign ..6 {POLICY}",
            "^ ( the|this ) ( agreement|document|memorandum|mou|accord|pact|deal | {POLICY} ) ( was|were ) .1 signed ( on {DATE} )? .2 by ..6 {participant:NAME+}",
            "{POLICY} .8 signed ( on {DATE} )? .4 ( between | by ) ..4 {participant:NAME+}",
        ),
        _signing, folded=True,
        good=(("UNODC held a signing ceremony. The Paris Agreement was signed by Rina Sari, Minister of Labour, and Budi Hartono.", ("event=signing ceremony", "participant=Rina Sari", "participant=Budi Hartono")),),
        bad=("UNODC held a workshop. Rina Sari praised the Paris Agreement.",),
    ),
    Rule(
        "participation.signing", "id",
        (
            "{participant:NAME+} ,? ( , ..8 , )? ( bersama|telah )? @sign ..4 {POLICY}",
            "{participant:NAME+} ,? ( , ..8 , )? ( bersama|telah )? @sign ( dokumen|naskah|perjanjian|kesepakatan ) .2 ( ini|itu|tersebut )",
            "{POLICY} .6 ditandatangani ( oleh | antara )? ..4 {participant:NAME+}",
        ),
        _signing, folded=True,
        good=(("UNODC menggelar penandatanganan. Rina Sari menandatangani Perjanjian Paris.", ("event=penandatanganan", "participant=Rina Sari")),),
        bad=("UNODC menggelar lokakarya. Rina Sari memuji Perjanjian Paris.",),
    ),
    Rule(
        "participation.opening", "id",
        (
            "{participant:NAME} ..16 ( dalam|saat|pada|memberikan|menyampaikan ) ( kata )? ( sambutan ) ( pembukaan|pembuka|pembukaannya )",
            "{event:EVENT} ( ini|tersebut )? ( secara resmi )? dibuka ( secara resmi )? ( langsung )? ( oleh )? ..6 {participant:NAME+}",
            "{participant:NAME+} ,? ( ..8 , )? ( secara resmi )? ( membuka|meresmikan|meluncurkan ) {event:EVENT}",
            "dibuka ( secara resmi )? oleh ..4 {participant:NAME+}",
        ),
        _opener, folded=True,
        good=(
            ("Lokakarya ini dibuka oleh Rina Sari.", ("event=lokakarya", "participant=Rina Sari")),
            ("Rina Sari, Direktur Pelatihan UNODC, secara resmi membuka lokakarya.", ("event=lokakarya", "participant=Rina Sari")),
        ),
        bad=("Rina Sari membuka pintu.",),
    ),
    Rule(
        "participation.leading", "id",
        (
            "{event:EVENT} .4 ( dipimpin|dimoderatori|dipandu|diketuai ) ( langsung )? ( oleh )? ..4 {participant:NAME+}",
            "{participant:NAME+} ,? ( ..8 , )? ( memimpin|memandu|memoderatori ) {event:EVENT}",
        ),
        _moderator, folded=True,
        good=(("Rapat ini dipimpin oleh Rina Sari.", ("event=rapat", "participant=Rina Sari")),),
        bad=("Rina Sari memimpin doa.",),
    ),
    Rule(
        "participation.remarks", "id",
        (
            "{participant:NAME} ..16 ( dalam|saat|pada|memberikan|menyampaikan ) ( kata )? ( sambutannya|sambutan|pidatonya|paparannya )",
            "( dalam|pada|saat ) .2 {event:EVENT} ( untuk|tentang {POLICY} )? ,? {participant:NAME} ..16 @say",
            "( dalam|pada|saat ) {event:EVENT} {OBJ|POLICY} ,? ( yang ..12 , )? {participant:NAME} ..16 @say",
            "{participant:NAME+} ,? ( ..8 , )? ( berbicara | memberikan paparan | menyampaikan paparan | menjadi narasumber ) ( dalam|pada|di|saat ) {event:EVENT}",
            "( narasumber|pembicara|panelis ) ( yakni | yaitu | antara lain | adalah | : ) ..3 {participant:NAME+}",
        ),
        _speaker, folded=True,
        good=(
            ("UNODC menggelar lokakarya. “Kami berharap kerja sama ini terus berlanjut,” ujar Rina Sari dalam sambutannya.", ("event=lokakarya", "participant=Rina Sari")),
            ("Rina Sari, Direktur Pelatihan UNODC, berbicara pada lokakarya.", ("event=lokakarya", "participant=Rina Sari")),
        ),
        bad=("Rina Sari membaca sambutan menteri.",),
    ),
)  # fmt: skip
