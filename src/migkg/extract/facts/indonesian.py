"""How Indonesian releases tell who came, who spoke and who stood behind an event.

They name guests in lists behind "turut hadir", speakers behind "narasumber", and put the verb first. The patterns read
lines in which a person with post and body is one symbol, see `mentions.fold`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from migkg.extract.claims import Claim, EventRef, Target
from migkg.extract.facts.funding import funding, implementation
from migkg.extract.facts.participation import ROLES
from migkg.extract.facts.people import _affiliation as affiliation
from migkg.extract.facts.rules import Hit, Rule
from migkg.extract.lexicon import word_class
from migkg.extract.mention import Mention
from migkg.extract.tracking import SESSION
from migkg.model import Ref


def _event(hit: Hit) -> str | None:
    """The event that the pattern names, else the main one."""
    keys = hit.events.keys(hit.mention("event")) if hit.has("event") else ()
    main = hit.events.main
    loose = len(keys) == 1 and hit.events.all[keys[0]].code == SESSION and hit.events.all[keys[0]].parent is None
    if main and (not keys or loose):
        return main  # "the opening session" of an event that is not divided is the event
    return keys[0] if len(keys) == 1 else None


def _part(role: str) -> Callable[[Hit], Iterable[Claim]]:
    """The people and bodies of the pattern took part in this role."""

    def read(hit: Hit) -> Iterator[Claim]:
        yield from _taking_part(hit, role, hit.mentions("participant"))

    return read


def _listed(role: str) -> Callable[[Hit], Iterable[Claim]]:
    """So did those who follow in the list that the pattern's last person opens."""

    def read(hit: Hit) -> Iterator[Claim]:
        if role == "attendee" and not word_class("id", "resource_person").isdisjoint(hit.match[0].split()):
            return  # who came to speak is read as a speaker
        yield from _taking_part(hit, role, (*hit.mentions("participant"), *_rest(hit)))

    return read


def _taking_part(hit: Hit, role: str, people: Iterable[Mention]) -> Iterator[Claim]:
    key = _event(hit)
    if key is None:
        return
    for person in people:
        roles: dict[str, list[Target]] = {"event": [EventRef(key)], "participant": [person]}
        span = hit.span.join(person.span)
        yield hit.claim("Participation", roles, {"participationRole": [Ref(ROLES + role)]}, span=span)


def _rest(hit: Hit) -> Iterator[Mention]:
    """People behind the match, up to a verb of saying or what they came for."""
    ends = word_class("id", "report") | word_class("id", "say") | word_class("id", "list_ends")
    for (span, mention), offset in zip(hit.line.items, hit.line.offsets, strict=True):
        if offset < hit.match.end():
            continue
        if mention is None and span.of(hit.reading.document.text).lower() in ends:
            return
        if mention is not None and mention.type == "NAME":
            yield mention


def _hosting(hit: Hit) -> Iterator[Claim]:
    key = _event(hit)
    organizers = [target for role in ("organizer", "also") for target in hit.targets(role)]
    if key is not None and organizers and not hit.events.all[key].plural:
        yield hit.claim("Hosting", {"event": [EventRef(key)], "organizer": organizers})


def _venue(hit: Hit) -> Iterator[Claim]:
    """A building or room is where the event was, however long the event's title before it; a town may be its subject."""
    key = _event(hit)
    if key is not None and not hit.mention("place").names:
        yield hit.claim("Occurrence", {"event": [EventRef(key)], "place": hit.targets("place")})


def _represented(hit: Hit) -> Iterator[Claim]:
    yield from affiliation(hit)
    yield from _taking_part(hit, "attendee", hit.mentions("member"))


_OPENED = "UNODC menggelar lokakarya. "

RULES = (
    Rule(
        "affiliation.represented-by", "id",
        ("{organization:ORG} .2 diwakili .1 oleh? {post:ROLE} ,? {member:NAME}",),
        _represented, once="member",
        good=(
            ("UNODC menggelar lokakarya. Migrant CARE diwakili oleh Koordinator Program, Rina Sari.", ("member=Rina Sari", "organization=Migrant CARE", "title=Koordinator Program")),
            (f"{_OPENED}ILO yang diwakili Direktur Pelatihan Budi Hartono ikut berbicara.", ("member=Budi Hartono", "organization=ILO")),
        ),
        bad=("ILO menemui Direktur Pelatihan Budi Hartono.",),
    ),
    Rule(
        "affiliation.body-in-body", "id",
        (
            "{post:ROLE} ( ,|di|pada|dari )? {organization:ORG} {whole:ORG} ,|[? {member:NAME}",
            "{member:NAME} ,|[ {post:ROLE} ( ,|di|pada|dari )? {organization:ORG} {whole:ORG}",
        ),
        affiliation, once="member",
        good=(
            ("Dekan Fakultas Hukum Universitas Airlangga, Rina Sari, hadir.", ("member=Rina Sari", "organization=Fakultas Hukum", "title=Dekan")),
            ("Budi Hartono, Kepala Biro Hukum Kementerian Ketenagakerjaan, hadir.", ("member=Budi Hartono", "organization=Biro Hukum")),
        ),
        bad=("Dekan Fakultas Hukum Universitas Airlangga menemui Rina Sari.",),
    ),
    Rule(
        "occurrence.venue", "id",
        ("@hold .5 {event:EVENT} ..30 di {place:PLACE}", "{event:EVENT} ..20 @held ..8 di {place:PLACE}", "di {place:PLACE} ..12 @hold .5 {event:EVENT}"),
        _venue,
        good=(
            ("ILO menggelar seminar bertajuk “Kerja Layak bagi Semua” di Aula Kantor Bupati Lumajang, Kamis.", ("event=seminar", "place=Aula Kantor Bupati Lumajang")),
            ("Lokakarya bersama Migrant CARE itu berlangsung selama dua hari di Hotel Sinar Pagi.", ("event=Lokakarya", "place=Hotel Sinar Pagi")),
        ),
        bad=("ILO menggelar seminar tentang upah buruh di Indonesia.",),
    ),
    Rule(
        "participation.opened-by", "id",
        (
            "{event:EVENT} .4 dibuka .4 {participant:NAME+}",
            "{participant:NAME} .4 membuka .3 {event:EVENT}",
            "membuka {event:EVENT} .3 ,? {participant:NAME}",
            "{participant:NAME} .6 sambutan .2 membuka",
        ),
        _part("opener"), folded=True,
        good=(
            ("UNODC menggelar lokakarya. Acara dibuka secara resmi oleh Camat Sukamaju, Rina Sari.", ("participant=Rina Sari",)),
            (f"{_OPENED}Rektor Universitas Maju Budi Hartono secara resmi membuka kegiatan tersebut.", ("participant=Budi Hartono",)),
            (f"{_OPENED}Lokakarya ini langsung dibuka oleh Wakil Bupati Lumajang, Drs. H. Budi Hartono, M.Si.", ("participant=Budi Hartono",)),
        ),
        bad=("UNODC menggelar lokakarya. Rina Sari membuka usaha di desa.",),
    ),
    Rule(
        "participation.closed-by", "id",
        ("{event:EVENT} .4 ditutup .4 {participant:NAME+}", "{participant:NAME} .4 menutup .3 {event:EVENT}"),
        _part("closer"), folded=True,
        good=(
            (f"{_OPENED}Kegiatan ditutup oleh Kepala UNODC Indonesia, Rina Sari.", ("participant=Rina Sari",)),
            (f"{_OPENED}Direktur Pelatihan Budi Hartono menutup acara itu.", ("participant=Budi Hartono",)),
        ),
        bad=(f"{_OPENED}Rina Sari menutup pintu.",),
    ),
    Rule(
        "participation.resource-person", "id",
        (
            "@resource_person .6 ,|:|;? {participant:NAME}",
            "{participant:NAME} .3 ( menjadi|sebagai|selaku|bertindak .2 ) .1 @resource_person",
            "menghadirkan .4 {participant:NAME}",
            "sambutan .4 ( disampaikan|diberikan ) .2 {participant:NAME}",
            "( materi|paparan|pemaparan ) .4 ( disampaikan|dipaparkan|dibawakan|oleh ) .2 {participant:NAME}",
            "{participant:NAME} .2 ( berbicara|berpidato ) .1 ( pada|dalam|di|saat ) .2 {event:EVENT}",
            "^ ( dalam|pada|saat ) .3 {event:EVENT} {OBJ|POLICY}? ,? {participant:NAME} .4 @report",
            "{participant:NAME} .1 ( memberikan|menyampaikan|membawakan|memaparkan ) .1 ( materi|paparan|pemaparan|presentasi|kuliah|sambutan|laporan )",
        ),
        _listed("speaker"), folded=True,
        good=(
            (f"{_OPENED}Hadir sebagai narasumber Kepala Dinas Sosial Kabupaten Lumajang, Rina Sari, dan Kapolres Lumajang, AKBP Budi Hartono.", ("participant=Rina Sari", "participant=Budi Hartono")),
            (f"{_OPENED}Acara menghadirkan tiga pembicara, yakni Rina Sari dari ILO, Budi Hartono dari Migrant CARE, dan Siti Aminah.", ("participant=Rina Sari", "participant=Siti Aminah")),
            (f"{_OPENED}Rina Sari, Direktur Pelatihan ILO, berbicara pada sesi pembukaan.", ("participant=Rina Sari",)),
        ),
        bad=(f"{_OPENED}Panitia mencari narasumber lain tahun depan.",),
    ),
    Rule(
        "participation.moderator", "id",
        (
            "( dimoderatori|dipandu|dimoderasi ) oleh? {participant:NAME}",
            "{participant:NAME} .3 ( menjadi|sebagai|selaku ) moderator",
            "moderator ,? ( yakni|yaitu )? {participant:NAME}",
        ),
        _part("moderator"), folded=True,
        good=((f"{_OPENED}Diskusi dipandu oleh Rina Sari dari Migrant CARE.", ("participant=Rina Sari",)), (f"{_OPENED}Budi Hartono bertindak sebagai moderator.", ("participant=Budi Hartono",))),
        bad=(f"{_OPENED}Rina Sari mencari moderator.",),
    ),
    Rule(
        "participation.guests", "id",
        (
            "( turut|juga|ikut ) ( hadir|dihadiri|menghadiri ) .1 ( oleh )? ( ( dalam|pada|di ) .3 {event:EVENT} )? .6 ,|:|;? .6 {participant:NAME}",
            "hadir ( pula|juga|antara|langsung|di )? ( lain|antaranya )? ( ( dalam|pada|di ) .3 {event:EVENT} )? .6 ,|:|;? .4 {participant:NAME}",
            "{event:EVENT} .3 ( dihadiri|disaksikan ) ..8 {participant:NAME}",
            "didampingi .2 {participant:NAME}",
            "dan ( turut )? ( dihadiri|disaksikan ) ( oleh )? .2 {participant:NAME}",
            "{event:EVENT} .2 dilakukan .2 oleh? .2 {participant:NAME}",
            "{participant:NAME} .1 mewakili ..4 ( dalam|pada|di ) .1 {event:EVENT}",
            "{participant:NAME} ,? ( yang )? ( turut|juga|ikut|telah )? ( hadir|menghadiri ) ( ( dalam|pada|di )? .2 {event:EVENT} )?",
        ),
        _listed("attendee"), folded=True,
        good=(
            (f"{_OPENED}Turut hadir Kepala Dinas Sosial Kabupaten Lumajang, Rina Sari; Kapolres Lumajang, AKBP Budi Hartono; dan Camat Sukamaju, Siti Aminah.", ("participant=Rina Sari", "participant=Budi Hartono", "participant=Siti Aminah")),
            (f"{_OPENED}Hadir dalam kegiatan tersebut, antara lain, Bupati Lumajang Rina Sari.", ("participant=Rina Sari",)),
            (f"{_OPENED}Kegiatan ini dihadiri oleh 40 peserta dan Direktur Pelatihan ILO, Budi Hartono.", ("participant=Budi Hartono",)),
        ),
        bad=("UNODC telah hadir di Kenya sejak tahun 1988, kata Rina Sari.",),
    ),
    Rule(
        "participation.bodies", "id",
        (
            "{participant:ORG} ( [ ..3 ] )? .2 ( menghadiri|berpartisipasi|mengikuti ) .3 {event:EVENT}",
            "{participant:ORG} .1 ( ikut|turut ) ( serta|hadir|berpartisipasi ) .2 {event:EVENT}",
        ),
        _part("attendee"),
        good=(
            ("Migrant CARE berpartisipasi aktif dalam lokakarya yang digelar oleh UNODC.", ("participant=Migrant CARE",)),
            ("ILO turut hadir dalam seminar yang digelar UNODC.", ("participant=ILO",)),
        ),
        bad=("Migrant CARE memuji lokakarya yang digelar oleh UNODC.",),
    ),
    Rule(
        "participation.sent", "id",
        (
            "( dihadiri|disaksikan|diikuti ) ..30 ( perwakilan|pejabat|delegasi|wakil | {ROLE} ) dari? {participant:ORG+}",
        ),
        _part("attendee"), folded=True,
        good=(
            ("UNODC menggelar lokakarya. Acara itu disaksikan Bupati Lumajang Rina Sari serta perwakilan ILO dan Migrant CARE.", ("participant=ILO", "participant=Migrant CARE")),
        ),
        bad=("UNODC menggelar lokakarya. Acara itu disaksikan Kepala ILO Indonesia Rina Sari.",),
    ),
    Rule(
        "hosting.cooperation", "id",
        (
            "{event:EVENT} .6 ( kerja sama|kerjasama|kolaborasi ) ( antara )? {organizer:ORG+} ( dengan {also:ORG+} )?",
            "^ ( bekerja sama|berkolaborasi|bersinergi|bermitra ) dengan {also:ORG+} , {organizer:ORG+} .2 @hold .5 {event:EVENT}",
            "{organizer:ORG} ( melalui|lewat ) {also:ORG+} .2 @hold .5 {event:EVENT}",
            "{organizer:ORG+} .1 @hold_it ( ..4 @together {also:ORG+} )?",
        ),
        _hosting,
        good=(
            ("Lokakarya ini merupakan hasil kerja sama antara UNODC dan ILO.", ("organizer=UNODC", "organizer=ILO")),
            ("Bekerja sama dengan ILO, UNODC menggelar seminar di Bandung.", ("organizer=UNODC", "organizer=ILO")),
            ("Lokakarya berlangsung di Bandung. UNODC menyelenggarakannya bersama ILO.", ("organizer=UNODC", "organizer=ILO")),
        ),
        bad=("Lokakarya ini membahas ILO dan UNODC.",),
    ),
    Rule(
        "funding.with-money-of", "id",
        (
            "^ ( didanai|dibiayai|disponsori ) ( penuh )? ( oleh )? {funder:ORG|PROG|PLACE+} ( melalui .3 {through:PROG} )? , {funded:EVENT|PROG}",
            "{funded:EVENT|PROG} .3 ( dibiayai|disponsori ) ( penuh )? ( oleh )? {funder:ORG|PROG|PLACE+}",
            "( dengan|atas|melalui|lewat|mendapat ) ( dukungan|bantuan )? ( dana|pendanaan ) ( dari )? {funder:ORG|PROG|PLACE+}",
        ),
        funding,
        good=(
            ("Didanai oleh Uni Eropa, lokakarya ini berlangsung dua hari.", ("funder=Uni Eropa", "funded=lokakarya")),
            ("Lokakarya ini digelar dengan dukungan dana dari Uni Eropa.", ("funder=Uni Eropa", "funded=lokakarya")),
            ("Seminar tersebut dibiayai oleh Uni Eropa.", ("funder=Uni Eropa", "funded=Seminar")),
        ),
        bad=("Lokakarya ini digelar dengan dukungan moral dari Uni Eropa.",),
    ),
    Rule(
        "implementation.and-by", "id",
        ("{programme:PROG} ,? yang ..8 ( dan|serta ) ( dilaksanakan|dijalankan|diimplementasikan|dikelola ) ( bersama )? oleh? {implementer:ORG+}",),
        implementation,
        good=(("PROMISE, yang didanai Uni Eropa dan dilaksanakan oleh UNODC dan ILO, berakhir.", ("programme=PROMISE", "implementer=UNODC", "implementer=ILO")),),
        bad=("PROMISE, yang didanai Uni Eropa dan dipuji oleh UNODC, berakhir.",),
    ),
)  # fmt: skip
