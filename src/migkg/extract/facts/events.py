"""Events: when and where they were, how many came, what was launched."""

from __future__ import annotations

from collections.abc import Iterator

from migkg.extract.claims import Claim, EventRef
from migkg.extract.facts.rules import Hit, Rule
from migkg.extract.facts.times import nearest_year
from migkg.extract.mention import Mention
from migkg.extract.mentions.patterns import DateValue
from migkg.extract.mentions.phrases import EventNoun
from migkg.model import Ref, Span, Value

_SCHEMA = "https://schema.org/"
_MODES = {
    "hybrid": "MixedEventAttendanceMode", "hibrida": "MixedEventAttendanceMode", "hibrid": "MixedEventAttendanceMode",
    "online": "OnlineEventAttendanceMode", "virtual": "OnlineEventAttendanceMode", "daring": "OnlineEventAttendanceMode",
    "in-person": "OfflineEventAttendanceMode", "luring": "OfflineEventAttendanceMode",
}  # fmt: skip


def _when(hit: Hit) -> Iterator[Claim]:
    """Date of an event, as precisely as printed; a missing year is that of the dateline or of publication."""
    value: DateValue = hit.mention("start").value
    keys = hit.events.keys(hit.mention("event"))
    year = nearest_year(value, hit.reading)
    start = value.start(year)
    if start is None or len(keys) != 1:
        return
    qualifiers: dict[str, list[Value]] = {"start": [start]}
    if (end := value.end(year)) is not None:
        qualifiers["end"] = [end]
    if value.weekday:
        qualifiers["weekday"] = [value.weekday]
    yield hit.claim("Occurrence", {"event": [EventRef(keys[0])]}, qualifiers)


def _where(hit: Hit) -> Iterator[Claim]:
    keys = hit.events.keys(hit.mention("event"))
    if len(keys) == 1:
        yield hit.claim("Occurrence", {"event": [EventRef(keys[0])], "place": hit.targets("place")})


def occurrences(hit_of_event: Hit) -> Iterator[Claim]:
    """What the noun phrase itself says: "this hybrid event"."""
    mention = hit_of_event.mention("event")
    noun: EventNoun = mention.value
    mode = next((_MODES[word] for word in noun.modifiers if word in _MODES), None)
    keys = hit_of_event.events.keys(mention)
    if mode and len(keys) == 1:
        claim = hit_of_event.claim(
            "Occurrence", {"event": [EventRef(keys[0])]}, {"attendanceMode": [Ref(_SCHEMA + mode)]}, span=mention.span
        )
        yield claim


def _attendance(hit: Hit) -> Iterator[Claim]:
    """Figures of people who came, and from which kinds of stakeholders."""
    line = hit.line
    before = [m for m in line.mentions if m.type == "EVENT" and m.span.start < hit.span.start and hit.events.keys(m)]
    after = [m for m in line.mentions if m.type == "EVENT" and m.span.start >= hit.span.end and hit.events.keys(m)]
    key = _event_of(hit, before, after)
    if key is None:
        return
    if hit.match.start() == 0 and key != hit.events.main:
        key = hit.events.main or key  # "They came from …" goes on about the event of the article
    counts: dict[str, list[Value]] = {
        name: [int(hit.mention(name).value)] for name in ("inPerson", "online", "total") if hit.has(name)
    }
    start, end = hit.span.start, hit.span.end
    categories, last = _categories(hit)
    if last is not None:
        end = max(end, last)
        counts["stakeholderCategory"] = list(categories)
    if before and hit.events.keys(before[-1]) == (key,):
        start = before[-1].span.start
    yield hit.claim("Attendance", {"event": [EventRef(key)]}, counts, span=Span(start, end))


def _event_of(hit: Hit, before: list[Mention], after: list[Mention]) -> str | None:
    for mention in [*reversed(before), *after]:
        keys = hit.events.keys(mention)
        if len(keys) == 1:
            return keys[0]
    return hit.events.main


def _categories(hit: Hit) -> tuple[tuple[Value, ...], int | None]:
    """The stakeholder categories listed behind "from", and where the list ends."""
    text = hit.reading.document.text
    found = [m for m in hit.line.mentions if m.type == "CATEGORY" and m.span.start >= hit.span.start]
    if not found or ("from" not in hit.line.text and "dari" not in hit.line.text):
        return (), None
    end = found[-1].span.end
    tail = text[end : end + 12]
    if tail.startswith(" (") and ")" in tail:
        end += tail.index(")") + 1
    return tuple(dict.fromkeys(Ref(m.names[0].iri) for m in found)), end


def _launch_before(hit: Hit) -> Iterator[Claim]:
    """ "Prior to the discussion, the profiles were launched": a launch of its own, before the event."""
    keys = hit.events.keys(hit.mention("event"))
    if len(keys) != 1:
        return
    launch = EventRef(f"{keys[0]}<launch")
    yield hit.claim("Occurrence", {"event": [launch], "before": [EventRef(keys[0])]})
    for output in hit.targets("output"):
        yield hit.claim("Launch", {"event": [launch], "output": [output]})


def _launch(hit: Hit) -> Iterator[Claim]:
    keys = hit.events.keys(hit.mention("event"))
    for output in hit.targets("output"):
        if len(keys) == 1:
            yield hit.claim("Launch", {"event": [EventRef(keys[0])], "output": [output]})


_PEOPLE = "members|investigators|trainees|practitioners|professionals|journalists|leaders|experts|workers|participants|attendees|people|persons|representatives|officials|officers|delegates|individuals|students|stakeholders|guests"

RULES = (
    Rule(
        "occurrence.date", "en",
        (
            "{event:EVENT} ( ,|on|of|in|from|since|took|place )? ( place )? ( on|in|since|from )? {start:DATE}",
            "{event:EVENT} that|which ..6 @hold ( in|at {PLACE} )? ( , )? on|from|in {start:DATE}",
            "^ on {start:DATE} , the? {event:EVENT}",
            "{event:EVENT} .5 since {start:DATE}",
        ),
        _when,
        good=(
            ("Rina Sari praised the workshop of 3 May 2021.", ("event=workshop", "start=2021-05-03")),
            ("On Monday, 3 May 2021, the workshop was praised by Rina Sari.", ("event=workshop", "start=2021-05-03", "weekday=Monday")),
        ),
        bad=("The ILO, founded in 1919, praised the workshop.",),
    ),
    Rule(
        "occurrence.date", "id",
        (
            "{event:EVENT} ( pada|sejak|dari|di )? {start:DATE}",
            "{event:EVENT} tentang|mengenai|terkait|soal|bertajuk|bertema ..12 pada ( hari|tanggal )? {start:DATE}",
            "pada ( hari|tanggal )? {start:DATE} ,? melalui|dalam|lewat {event:EVENT}",
        ),
        _when,
        good=(("Rina Sari memuji lokakarya pada Senin, 3 Mei 2021.", ("event=lokakarya", "start=2021-05-03", "weekday=Senin")),),
        bad=("ILO memuji lokakarya itu.",),
    ),
    Rule(
        "occurrence.place", "en",
        (
            "{event:EVENT} in|at {place:PLACE}",
            "{event:EVENT} that|which ..6 @hold ( on {DATE} )? in|at {place:PLACE}",
            "( met | gathered | convened | assembled | came together ) in|at the? {place:PLACE} ..12 ( for|during | to attend ) .2 {event:EVENT}",
        ),
        _where,
        good=(
            ("Rina Sari opened the workshop in Bandung.", ("event=workshop", "place=Bandung")),
            ("Officials of Kenya gathered in Bandung, Indonesia, on 3 May 2021 for the Harbour Conference.", ("event=Conference", "place=Bandung")),
        ),
        bad=("The ILO held a workshop on migration governance in Indonesia.",),
    ),
    Rule(
        "occurrence.place", "id",
        (
            "{event:EVENT} di {place:PLACE}",
        ),
        _where,
        good=(("Rina Sari membuka lokakarya di Bandung.", ("event=lokakarya", "place=Bandung")),),
        bad=("ILO menggelar lokakarya tentang tata kelola migrasi di Indonesia.",),
    ),
    Rule(
        "occurrence.mode", "en", ("{event:EVENT}",), occurrences,
        good=(("This hybrid workshop was held by the ILO.", ("event=workshop", "attendanceMode=MixedEventAttendanceMode")),),
        bad=("This workshop was held by the ILO.",),
    ),
    Rule(
        "occurrence.mode", "id", ("{event:EVENT}",), occurrences,
        good=(("Lokakarya hibrida ini digelar oleh ILO.", ("event=lokakarya", "attendanceMode=MixedEventAttendanceMode")),),
        bad=("Lokakarya ini digelar oleh ILO.",),
    ),
    Rule(
        "attendance.figures", "en",
        (
            f"{{total:NUM}} .3 {_PEOPLE} ..14 {{inPerson:NUM}} ( of them )? ( in person | in-person|onsite ) ,? and {{online:NUM}} ( of them )? ( online|virtually )",
            f"{{inPerson:NUM}} ( in-person|onsite|on-site|offline|physical {_PEOPLE}? | {_PEOPLE} ( attended|participated|joined )? ( in person|in-person|onsite|on-site|offline ) ) ( ,? and|with {{online:NUM}} ( online|virtual|virtually {_PEOPLE}? | {_PEOPLE}? ( online|virtually ) ) )?",
            f"( attended|joined|followed ) by ( @over )? ( a total of )? {{total:NUM}} .4 {_PEOPLE}",
            "( attended|joined|followed ) by ( @over )? ( a total of )? {total:NUM} .3 {CATEGORY}",
            f"( gathered|brought|involved|convened|engaged|saw|welcomed|with|gathering|bringing|counted|drew|attracted|assembled|united ) ( together )? ( @over )? ( a total of )? {{total:NUM}} .3 {_PEOPLE}",
            f"( @over )? ( a total of )? {{total:NUM}} .3 {_PEOPLE} ( from|representing|of ) ..24 ( attended|participated|joined|took ) ",
            f"( @over )? ( a total of )? {{total:NUM}} .3 {_PEOPLE} ( attended|participated|joined|took )",
            f"{{total:NUM}} .4 {_PEOPLE} ..30 ( attended|participated|joined | took part | gathered|met|discussed|reviewed|convened )",
            f"the {{total:NUM}} {_PEOPLE}",
            "( graduated|trained ) {total:NUM} .4",
            f"attendance .3 {{total:NUM}} .2 {_PEOPLE}",
            "^ they|participants|attendees .3 from|represented .2 {CATEGORY}",
        ),
        _attendance,
        good=(
            ("The ILO held a workshop. It was attended by 45 participants from academia and diasporas.", ("event=workshop", "total=45", "stakeholderCategory=academia", "stakeholderCategory=diasporas")),
            ("The ILO held a workshop. The workshop was attended by 45 civil society organisations.", ("event=workshop", "total=45")),
            ("The workshop drew 30 in-person participants and 12 online participants.", ("event=workshop", "inPerson=30", "online=12")),
            ("The ILO held a workshop. Around 120 members of unions from 15 towns took part.", ("event=workshop", "total=120")),
            ("The ILO held a workshop. It drew 85 participants from unions, 60 of them in person and 25 online.", ("event=workshop", "total=85", "inPerson=60", "online=25")),
        ),
        bad=("The workshop helped 300 migrants return home.", "The ILO trained staff at the workshop in 12 ports."),
    ),
    Rule(
        "attendance.figures", "id",
        (
            "{inPerson:NUM} ( peserta|orang )? ( secara|yang )? ( hadir )? ( secara )? luring|langsung|tatap ( muka )? ( ,? dan|serta|, {online:NUM} ( peserta|orang )? ( secara|yang )? ( hadir )? ( secara )? daring|online|virtual )?",
            "^ mereka|peserta .3 dari .2 {CATEGORY}",
            "( lebih dari | sekitar|sebanyak|sejumlah|sedikitnya|setidaknya )? {total:NUM} peserta|orang|perwakilan|tamu|pemangku ( kepentingan )? ..10 hadir|menghadiri|mengikuti|bergabung|berpartisipasi|ikut",
            "( dihadiri|diikuti ) ( oleh )? ( lebih dari|sekitar|sebanyak )? {total:NUM} .2 {CATEGORY}",
            "( dihadiri|diikuti|melibatkan ) ( oleh )? ( lebih dari|sekitar|sebanyak )? {total:NUM} .2 peserta|orang|perwakilan|tamu",
        ),
        _attendance,
        good=(("ILO menggelar lokakarya. Kegiatan ini dihadiri oleh 45 peserta dari akademisi dan diaspora.", ("event=lokakarya", "total=45", "stakeholderCategory=academia", "stakeholderCategory=diasporas")),),
        bad=("Lokakarya itu membantu 300 pekerja.",),
    ),
    Rule(
        "launch.before-event", "en",
        ("@before ( to )? the? {event:EVENT} ,? ..4 {output:POLICY|PROG+} ..14 ( was|were|is|are ) ( officially )? launched|released|unveiled",),
        _launch_before,
        good=(("Prior to the workshop, the MGI profile of Kenya was launched.", ("event=launch", "output=MGI profile of Kenya")),),
        bad=("Before the workshop, the MGI profile of Kenya was discussed.",),
    ),
    Rule(
        "launch.before-event", "id",
        ("sebelum {event:EVENT} ( dimulai )? ,? ..4 {output:POLICY|PROG+} ..10 diluncurkan",),
        _launch_before,
        good=(("Sebelum lokakarya dimulai, profil MGI Kenya diluncurkan.", ("event=launch", "output=mgi-profile-ke")),),
        bad=("Sebelum lokakarya dimulai, profil MGI Kenya dibahas.",),
    ),
    Rule(
        "launch.at-event", "en",
        (
            "( at|during ) {event:EVENT} , ..10 launched|released|unveiled|introduced the? .4 {output:POLICY|PROG+}",
            "{event:EVENT} ( to|that|which )? launch|launched|unveiled|launching the? .4 {output:POLICY|PROG+}",
            "launched|released|unveiled the? .4 {output:POLICY|PROG+} ..6 ( at|during ) {event:EVENT}",
            "{event:EVENT} of the? .3 {output:POLICY|PROG+} ..4 ( was|took|is ) ( @held | place )",
        ),
        _launch,
        good=(("At the workshop, the ILO launched the MGI profile of Kenya.", ("event=workshop", "output=MGI profile of Kenya")),),
        bad=("At the workshop, the ILO discussed the MGI profile of Kenya.",),
    ),
)  # fmt: skip
