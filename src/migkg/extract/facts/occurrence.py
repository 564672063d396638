"""Events as their clauses report them: who held them, when and where; and what the dateline adds."""

from __future__ import annotations

from collections.abc import Iterator

from migkg.extract.claims import Claim, EventRef, Target
from migkg.extract.clauses import Frame
from migkg.extract.facts.rules import Hit, Rule, is_verb_denied
from migkg.extract.facts.times import day_before, nearest_year
from migkg.extract.lexicon import word_class
from migkg.extract.mention import Line, Mention
from migkg.extract.mentions import Reading
from migkg.extract.mentions.authority import mention_type
from migkg.extract.mentions.patterns import DateValue
from migkg.extract.tracking import Event, Events
from migkg.model import PartialDate, Value
from migkg.reference import Name

# Events that are at no one place.
_EVERYWHERE = frozenset({"campaign"})
_NEAR = 3  # sentences
_VERBS = ("@held", "@hold", "@happen", "@act")


def _frames(hit: Hit) -> Iterator[tuple[Frame, str]]:
    """The frame of the verb that was hit, unless a word of negation stands before it."""
    for line, frame, key in hit.events.frames:
        here = line is hit.line and frame.verb == hit.match.start()
        if here and not is_verb_denied(hit.line.text, frame.verb, hit.reading.lexicon):
            yield frame, key


def _hosting(hit: Hit) -> Iterator[Claim]:
    for frame, key in _frames(hit):
        organizers = [target for mention in frame.organizers for target in hit.expand(mention)]
        if organizers and not hit.events.all[key].plural:
            roles: dict[str, list[Target]] = {"event": [EventRef(key)], "organizer": organizers}
            yield hit.claim("Hosting", roles, span=frame.span)


def _occurrence(hit: Hit) -> Iterator[Claim]:
    for frame, key in _frames(hit):
        roles: dict[str, list[Target]] = {"event": [EventRef(key)]}
        qualifiers = when(frame.date.value, hit.reading) if frame.date else {}
        if frame.place:
            roles["place"] = [frame.place]
        if qualifiers or frame.place:
            yield hit.claim("Occurrence", roles, qualifiers, span=frame.span)


def _launching(hit: Hit) -> Iterator[Claim]:
    """What is launched: the policies and programmes that the verb's object names."""
    for frame, key in _frames(hit):
        if frame.act is None or hit.events.all[key].code != "launch":
            continue
        for mention in hit.line.mentions:
            if mention.type in ("POLICY", "PROG") and frame.act.holds(mention.span):
                for output in hit.expand(mention):
                    yield hit.claim("Launch", {"event": [EventRef(key)], "output": [output]}, span=frame.span)


def _running(hit: Hit) -> Iterator[Claim]:
    """A sentence behind the lead that says how long the news goes on."""
    main = hit.events.all.get(hit.events.main or "")
    if main is None or not 0 <= hit.line.sentence.index - main.line.sentence.index <= _NEAR:
        return
    qualifiers = when(hit.mention("start").value, hit.reading)
    if qualifiers:
        yield hit.claim("Occurrence", {"event": [EventRef(main.key)]}, qualifiers)


def when(value: DateValue, reading: Reading) -> dict[str, tuple[Value, ...]]:
    """A date as the qualifiers of an event; a missing year is the one nearest to the article's date."""
    year = nearest_year(value, reading)
    start = value.start(year)
    if start is None:
        return {}
    found: dict[str, tuple[Value, ...]] = {"start": (start,)}
    if (end := value.end(year)) is not None:
        found["end"] = (end,)
    if value.weekday:
        found["weekday"] = (value.weekday,)
    return found


RULES = (
    Rule(
        "hosting.clause", "en", _VERBS, _hosting,
        good=(
            ("The ILO (Geneva), in close cooperation with Migrant CARE, today hosted a Youth Dialogue in Bandung.", ("event=Youth Dialogue", "organizer=ILO", "organizer=Migrant CARE")),
            ("UNODC, the guardian of the protocols, with funding from the European Union, has launched the Safe Roads campaign.", ("event=campaign", "organizer=UNODC")),
            ("UNHCR and Migrant CARE have handed over three vehicles to the Ministry of Health.", ("event=handover of three vehicles", "organizer=UNHCR", "organizer=Migrant CARE")),
            ("The ILO and Migrant CARE held a workshop on fair recruitment.", ("event=workshop", "organizer=ILO", "organizer=Migrant CARE")),
            ("UNHCR, in partnership with the Ministry of Health, organized a two-day training in Bandung.", ("event=training", "organizer=UNHCR", "organizer=Ministry of Health")),
            ("The seminar was organised by UNODC in collaboration with the ILO.", ("event=seminar", "organizer=UNODC", "organizer=ILO")),
            ("Officials praised a workshop that UNODC organised in Bandung in partnership with the ILO.", ("event=workshop", "organizer=UNODC", "organizer=ILO")),
            ("The workshop ended. UNODC hosted it jointly with the ILO.", ("event=workshop", "organizer=UNODC", "organizer=ILO")),
            ("The two-day workshop, organised by UNODC and the ILO, took place in Bandung.", ("event=workshop", "organizer=UNODC", "organizer=ILO")),
        ),
        bad=("The seminar was praised by UNODC.", "Migrant CARE held talks.", "Officials of the ILO attended a workshop.", "The ILO did not hold a workshop.", "UNODC said that the ILO had held a workshop."),
    ),
    Rule(
        "hosting.clause", "id", _VERBS, _hosting,
        good=(
            ("Migrant CARE, bekerja sama dengan ILO dan UNODC, menggelar lokakarya di Bandung.", ("event=lokakarya", "organizer=Migrant CARE", "organizer=ILO", "organizer=UNODC")),
            ("Migrant CARE bersama ILO menggelar lokakarya di Bandung.", ("event=lokakarya", "organizer=Migrant CARE", "organizer=ILO")),
            ("Seminar tersebut diselenggarakan oleh UNODC bersama ILO.", ("event=seminar", "organizer=UNODC", "organizer=ILO")),
            ("UNODC menyerahkan lima unit komputer kepada Kementerian Kesehatan.", ("event=lima unit komputer", "organizer=UNODC")),
        ),
        bad=("Migrant CARE memuji lokakarya itu.", "Pejabat ILO menghadiri lokakarya.", "ILO tidak menggelar lokakarya."),
    ),
    Rule(
        "occurrence.clause", "en", _VERBS, _occurrence,
        good=(
            ("The ILO convened a workshop on fair recruitment at the Sunrise Hotel in Bandung on 3 May 2021.", ("event=workshop", "start=2021-05-03", "place=Sunrise Hotel")),
            ("On 3 May 2021, the ILO held a workshop in Bandung.", ("event=workshop", "start=2021-05-03", "place=Bandung")),
            ("The ILO held a workshop in Bandung on 4 and 5 May 2021.", ("event=workshop", "start=2021-05-04", "end=2021-05-05")),
            ("The workshop was held in Bandung on Monday, 3 May 2021.", ("event=workshop", "start=2021-05-03", "weekday=Monday")),
            ("On 3 May 2021, UNODC visited the Harapan Shelter.", ("event=visit", "start=2021-05-03")),
        ),
        bad=("The ILO held a workshop on labour migration in Indonesia.", "The ILO, which opened on 3 May 2021, praised the workshop."),
    ),
    Rule(
        "occurrence.clause", "id", _VERBS, _occurrence,
        good=(("ILO menggelar lokakarya di Bandung pada Senin, 3 Mei 2021.", ("event=lokakarya", "start=2021-05-03", "weekday=Senin", "place=Bandung")), ("ILO menggelar lokakarya tentang rekrutmen di Hotel Mawar pada Senin, 3 Mei 2021.", ("event=lokakarya", "start=2021-05-03", "place=Hotel Mawar")),),
        bad=("ILO menggelar lokakarya tentang migrasi tenaga kerja di Indonesia.",),
    ),
    Rule(
        "launch.clause", "en", _VERBS, _launching,
        good=(
            ("The ILO, together with Migrant CARE, launched today the National Migration Policy of Kenya.", ("event=launch", "output=National Migration Policy")),
            ("Bandung – The Ministry of Health unveiled the Health Strategy for Migrants on 3 May 2021.", ("event=launch", "output=Health Strategy for Migrants")),
        ),
        bad=("The ILO today praised the National Migration Policy of Kenya.",),
    ),
    Rule(
        "launch.clause", "id", _VERBS, _launching,
        good=(("Bandung – ILO hari ini meluncurkan Rencana Aksi Nasional Migrasi.", ("event=launch", "output=Rencana Aksi Nasional Migrasi")),),
        bad=("ILO hari ini memuji Rencana Aksi Nasional Migrasi.",),
    ),
    Rule(
        "occurrence.running", "en",
        (
            "^ running|taking|lasting|scheduled|held ( place )? from|between {start:DATE}",
            "the|this campaign|initiative|programme|program|event|roadshow|training|operation ( will )? run|runs|ran|lasts|lasted|continues ( from|between|until )? {start:DATE}",
        ),
        _running,
        good=(
            ("UNODC launched a campaign. Running from 4 May to 30 June 2021, it reaches ten towns.", ("event=campaign", "start=2021-05-04", "end=2021-06-30")),
            ("UNODC launched a campaign. The initiative runs from 4 May to 30 June 2021.", ("event=campaign", "start=2021-05-04", "end=2021-06-30")),
        ),
        bad=("UNODC launched a campaign. Funds from 4 May 2021 are spent.",),
    ),
    Rule(
        "occurrence.running", "id",
        ("^ ( kegiatan|acara|kampanye|pelatihan|lokakarya|program )? ( ini|tersebut )? berlangsung|digelar|dilaksanakan ( selama {NUM} hari , )? ( dari|mulai|pada|sejak )? {start:DATE}",),
        _running,
        good=(("UNODC menggelar kampanye. Program ini berlangsung dari 4 Mei hingga 30 Juni 2021.", ("event=kampanye", "start=2021-05-04", "end=2021-06-30")),),
        bad=("UNODC menggelar kampanye. Dana dari 4 Mei 2021 dipakai.",),
    ),
)  # fmt: skip


def dateline_claims(reading: Reading, events: Events) -> Iterator[Claim]:
    """The dateline's place, and the article's day, are those of the event that the lead reports.

    They come last: `gather` takes the nearest statement first and these only for what is missing.
    """
    dateline = reading.document.dateline
    event = events.all.get(events.main or "")
    body = [line for line in reading.lines if line.sentence.kind == "body"]
    if dateline is None or event is None or not body:
        return
    text = reading.document.text
    sentence = dateline.span.join(body[0].sentence.span)
    roles: dict[str, tuple[Target, ...]] = {"event": (EventRef(event.key),)}
    if dateline.place is not None and event.code not in _EVERYWHERE:
        printed = dateline.place.of(text)
        if place_names := _places(reading, printed):
            place = Mention("PLACE", dateline.place, printed, place_names)
            yield Claim(
                "Occurrence", {**roles, "place": (place,)}, dateline.place, sentence, "occurrence.dateline-place", {}
            )
    if dateline.date is not None and _reported_first(event, body, events) and (day := _told_day(event, reading)):
        yield Claim("Occurrence", roles, dateline.date, sentence, "occurrence.dateline-date", {"start": (day,)})


def _told_day(event: Event, reading: Reading) -> PartialDate | None:
    """The day on which news without a date of its own happened: that of the dateline, or the one before it."""
    words = frozenset(event.line.text.split())
    lang = reading.document.lang
    date = reading.date
    if date is None or date.day is None or not words.isdisjoint(word_class(lang, "later")):
        return None
    if any(m.type == "DATE" and (m.value.day or not m.value.year) for m in event.line.mentions):
        return None
    return day_before(date, 1) if not words.isdisjoint(word_class(lang, "yesterday")) else date


def _reported_first(event: Event, body: list[Line], events: Events) -> bool:
    """Whether the lead reports the event: its first sentence, or the second with a clause about it."""
    if event.line is body[0]:
        return True
    return event.line in body[:2] and any(key == event.key for line, _, key in events.frames if line is event.line)


def lead_claims(reading: Reading, events: Events) -> Iterator[Claim]:
    """The one full date of the sentence that introduces the main event is that event's, when no rule found another."""
    event = events.all.get(events.main or "")
    body = [line for line in reading.lines if line.sentence.kind == "body"]
    if event is None or not _reported_first(event, body, events):
        return
    dates = [m for m in event.line.mentions if m.type == "DATE" and m.value.day and m.value.month]
    # A date that opens the sentence without "on" is when the text was released.
    if len(dates) != 1 or dates[0].span.start == event.line.sentence.span.start:
        return
    qualifiers = when(dates[0].value, reading)
    if qualifiers:
        span = event.mention.span.join(dates[0].span)
        # The noun of an event that a verb tells may stand in the sentence behind.
        around = event.line.sentence.span.join(reading.document.sentence_at(event.mention.span.start).span)
        roles: dict[str, tuple[Target, ...]] = {"event": (EventRef(event.key),)}
        yield Claim("Occurrence", roles, span, around, "occurrence.lead-date", qualifiers)


def _places(reading: Reading, printed: str) -> tuple[Name, ...]:
    """What the reference data know by a dateline: "Jakarta", "JAKARTA", "Geneva/New York"."""
    found = tuple(
        name for part in (printed, *printed.replace("/", ",").split(",")) for name in reading.reference.lookup(part.strip().title() if part.isupper() else part.strip())
        if mention_type(name) == "PLACE"
    )  # fmt: skip
    return tuple(dict.fromkeys(found))
