"""What events and programmes are about, and which policies and objectives they serve."""

from __future__ import annotations

from collections.abc import Iterator

from migkg.extract.claims import Claim, EventRef
from migkg.extract.facts.funding import nearest
from migkg.extract.facts.rules import Hit, Rule
from migkg.extract.mention import Mention
from migkg.extract.mentions.patterns import ObjectiveValue
from migkg.model import Value


def _addressing(hit: Hit) -> Iterator[Claim]:
    keys: tuple[str | None, ...] = (hit.events.main,)
    if hit.has("subject"):
        keys = hit.events.keys(hit.mention("subject"))
    elif any(
        m.type == "EVENT" and m.span.start < hit.span.end and hit.events.keys(m) not in ((), keys)
        for m in hit.line.mentions
    ):
        return  # a session, or another event
    if len(keys) != 1 or keys[0] is None:
        return
    for mention in hit.mentions("topic"):
        for target in hit.expand(mention):
            theme = themes(hit, mention)
            if hit.has("theme"):
                theme = {"theme": [hit.printed(hit.words("theme"))]}
            yield hit.claim("Addressing", {"subject": [EventRef(keys[0])], "topic": [target]}, theme)


def themes(hit: Hit, mention: Mention) -> dict[str, list[Value]]:
    """The theme printed in brackets behind an objective."""
    value = mention.value
    if isinstance(value, ObjectiveValue) and value.theme_span:
        return {"theme": [hit.printed(value.theme_span)]}
    return {}


def _serving(hit: Hit) -> Iterator[Claim]:
    if hit.line.sentence.kind != "body" or _of_policy(hit):
        return  # what a site's own blurb says of its publisher is about no event
    subject = nearest(hit)
    if not subject and hit.events.main:
        subject = (EventRef(hit.events.main),)
    for target in subject:
        for mention in hit.mentions("topic"):
            for topic in hit.expand(mention):
                yield hit.claim("Addressing", {"subject": [target], "topic": [topic]}, themes(hit, mention))


def _of_policy(hit: Hit) -> bool:
    """Whether it is a policy of which the sentence says what it serves: "the strategy is in line with …"."""
    before = [m for m in hit.line.mentions if m.span.end <= hit.span.start]
    if any(m.type in ("EVENT", "PROG") for m in before):
        return False
    if any(m.type == "POLICY" for m in before):
        return True
    nouns = {noun.split()[-1] for noun in hit.reading.lexicon.words["policy_nouns"]}
    return not nouns.isdisjoint(hit.line.text[: hit.match.start()].split()[:_SUBJECT])


def _told(hit: Hit) -> Iterator[Claim]:
    """The event or programme that the sentence speaks of before the match."""
    if any(m.type in ("EVENT", "PROG") and m.span.end <= hit.span.start for m in hit.line.mentions):
        yield from _serving(hit)


_SUBJECT = 6  # words at most of a sentence's subject
_PEOPLE = (
    "participants|attendees|delegates|speakers|stakeholders|members|representatives|officials|delegations|ministers|experts|"
    "states|institutions|sides|parties|governments|they|discussions|talks|deliberations|exchanges|presentations|agenda|modules|topics|debates"
)
_DONE = "implementation|achievement|realization|realisation|fulfilment|localization|localisation|operationalization|roll-out|monitoring|review"
_TO_SERVE = "( to | aimed at | aims to | aimed to | aims at | sought to | seeks to | designed to | in order to | intended to ) .1 @serve"

RULES = (
    Rule(
        "addressing.subject", "en",
        (
            "{subject:EVENT} on|about (theme: ..12 and|on|about the? {topic:POLICY|OBJ+} )",
            "{subject:EVENT} on|about|for (theme: the? .6 {topic:POLICY|OBJ+} )",
            "{subject:EVENT} ( was|were )? @discuss the? .6 {topic:POLICY|OBJ+}",
            f"{{subject:EVENT}} ..20 {_TO_SERVE} .8 {{topic:POLICY|OBJ+}}",
            f"( met|gathered|convened|assembled | came together ) ..20 {_TO_SERVE} .8 {{topic:POLICY|OBJ+}}",
            "{subject:EVENT} ..3 @discuss ..8 {topic:POLICY|OBJ+}",
            "{topic:POLICY} ( assessment|validation|review|consultation|implementation )? {subject:EVENT}",
            f"( {_PEOPLE} | {{EVENT|CATEGORY|ROLE}} ) ..12 @discuss ..8 {{topic:POLICY|OBJ+}}",
            "( objective|objectives|aim|aims|purpose|goal|focus ) of {subject:EVENT} ( is|was ) ..8 {topic:POLICY|OBJ+}",
        ),
        _addressing,
        good=(
            ("The ILO held a workshop on Law No. 18 of 2017.", ("subject=workshop", "topic=Law No. 18 of 2017")),
            ("The workshop discussed GCM Objective 7.", ("subject=workshop", "topic=objective-7")),
            ("UNODC held an MGI validation workshop in Bandung.", ("subject=workshop", "topic=MGI")),
            ("UNODC held a workshop. Participants also discussed GCM Objective 7.", ("subject=workshop", "topic=objective-7")),
            ("UNODC held a workshop. Discussions centred on Law No. 18 of 2017 and on GCM Objective 7.", ("subject=workshop", "topic=Law No. 18 of 2017", "topic=objective-7")),
            ("UNODC held a workshop. Sixty representatives of ministries and unions discussed progress on GCM objectives 4 and 7.", ("subject=workshop", "topic=objective-4", "topic=objective-7")),
            ("UNODC held a two-day workshop for forty officers in Bandung to validate the Harbour Workers Policy.", ("subject=workshop", "topic=Harbour Workers Policy")),
            ("UNODC held a workshop. The aim of the workshop was to speed up work on GCM Objective 7.", ("subject=workshop", "topic=objective-7")),
        ),
        bad=("The workshop was held under Law No. 18 of 2017.", "UNODC held a workshop. The Senate discussed fees, and Kenya read Law No. 18 of 2017."),
    ),
    Rule(
        "addressing.subject", "id",
        (
            "{subject:EVENT} tentang|mengenai|terkait|soal (theme: .8 {topic:POLICY|OBJ+} )",
            "{subject:EVENT} tentang|mengenai|terkait|soal (theme: ..12 dan|serta {topic:POLICY|OBJ+} )",
            "{subject:EVENT} .3 @discuss ..14 {topic:POLICY|OBJ+}",
            "{subject:EVENT} .5 ( implementasi|pelaksanaan|penerapan|sosialisasi|penyusunan|revisi|pembahasan ) .3 {topic:POLICY|OBJ+}",
            "{subject:EVENT} .6 untuk|guna ( membahas|memvalidasi|meninjau|memperkuat|menyusun|mendukung ) .6 {topic:POLICY|OBJ+}",
            "^ mereka|peserta|hadirin|pembicara ( juga )? @discuss .6 {topic:POLICY|OBJ+}",
        ),
        _addressing,
        good=(
            ("ILO menggelar lokakarya tentang UU No. 18 Tahun 2017.", ("subject=lokakarya", "topic=UU No. 18 Tahun 2017")),
            ("ILO menggelar lokakarya untuk membahas UU No. 18 Tahun 2017.", ("subject=lokakarya", "topic=UU No. 18 Tahun 2017")),
            ("ILO menggelar lokakarya. Peserta juga membahas UU No. 18 Tahun 2017.", ("subject=lokakarya", "topic=UU No. 18 Tahun 2017")),
        ),
        bad=("Lokakarya itu digelar menurut UU No. 18 Tahun 2017.",),
    ),
    Rule(
        "addressing.in-line", "en",
        (
            "in ( full )? line|alignment|accordance|conformity|keeping with the? .2 {topic:POLICY|OBJ+}",
            "( aligned|aligns|align ) with the? .2 {topic:POLICY|OBJ+}",
            "( within|in|under ) the ( framework|context ) of the? .2 {topic:POLICY|OBJ+}",
            "( contribute|contributes|contributing ) to ( the )? ( achievement|achieving|implementation|realization|implementing )? of? the? .2 {topic:POLICY|OBJ+}",
            "( towards|toward ) ( the )? ( achieving|achievement|implementation ) of? the? .2 {topic:POLICY|OBJ+}",
            "( to|effectively ) ( achieve|meet|implement ) the? .2 {topic:POLICY|OBJ+}",
            f"( @serve | strengthening|supporting|supports|supported|advancing|accelerating|promoting|furthers|furthering|monitoring ) .2 ( {_DONE} ) ( of|under ) the? .2 {{topic:POLICY|OBJ+}}",
            "in ( support|pursuit|fulfilment|furtherance|implementation ) of the? .2 {topic:POLICY|OBJ+}",
        ),
        _serving,
        good=(
            ("The Safe Harbour Action project works in line with the Global Compact for Migration.", ("subject=Safe Harbour Action", "topic=Global Compact for Migration")),
            ("The workshop contributes to the implementation of the Global Compact for Migration.", ("subject=workshop", "topic=Global Compact for Migration")),
            ("The workshop will help strengthen implementation of the Harbour Workers Policy.", ("subject=workshop", "topic=Harbour Workers Policy")),
            ("UNODC held a workshop. It is in line with Objective 1 and Objective 23 of the Global Compact for Migration.", ("subject=workshop", "topic=objective-1", "topic=objective-23")),
        ),
        bad=("The Safe Harbour Action project was praised before the Global Compact for Migration.", "UNODC held a workshop. The law is in line with the Global Compact for Migration."),
    ),
    Rule(
        "addressing.draws-on", "en",
        (
            "( draws | drew | drawing ) ( heavily )? on the? .2 {topic:POLICY|OBJ+}",
            "( responds | responded | responding | gives effect ) to the? .2 {topic:POLICY|OBJ+}",
            "( guided | informed | inspired ) by the? .2 {topic:POLICY|OBJ+}",
            "( based | anchored | grounded | rooted ) ( on|in ) the? .2 {topic:POLICY|OBJ+}",
            "( builds | built | building ) on the? .2 {topic:POLICY|OBJ+}",
            "( fulfils | fulfills | implements | addresses | advances | promotes ) the? .2 {topic:POLICY|OBJ+}",
            "{EVENT} ..12 under the? {topic:OBJ+}",
        ),
        _told,
        good=(
            ("The workshop drew on the Global Compact for Migration.", ("subject=workshop", "topic=Global Compact for Migration")),
            ("The training responds to GCM Objective 7 and to the Harbour Workers Policy.", ("subject=training", "topic=objective-7", "topic=Harbour Workers Policy")),
            ("The Safe Harbour Action project is guided by the Global Compact for Migration.", ("subject=Safe Harbour Action", "topic=Global Compact for Migration")),
        ),
        bad=("UNODC held a workshop. Kenya drew on the Global Compact for Migration.",),
    ),
    Rule(
        "addressing.in-line", "id",
        (
            "( sejalan|selaras|sesuai ) dengan .3 {topic:POLICY|OBJ+}",
            "dalam ( kerangka|rangka ) .3 {topic:POLICY|OBJ+}",
            "( mendukung|mendorong|memperkuat|mempercepat|meningkatkan ) ( pelaksanaan|implementasi|pencapaian|penerapan ) .2 {topic:POLICY|OBJ+}",
            "( mengacu|merujuk|berdasarkan|berlandaskan|berpedoman ) ( pada|kepada )? .2 {topic:POLICY|OBJ+}",
            "( berkontribusi ) ( pada|terhadap ) .3 {topic:POLICY|OBJ+}",
        ),
        _serving,
        good=(
            ("Lokakarya ini sejalan dengan GCM.", ("subject=lokakarya", "topic=GCM")),
            ("Lokakarya ini bertujuan memperkuat pelaksanaan UU No. 18 Tahun 2017.", ("subject=lokakarya", "topic=UU No. 18 Tahun 2017")),
        ),
        bad=("Lokakarya ini digelar setelah GCM.",),
    ),
    Rule(
        "addressing.titled", "en",
        ("{event:EVENT} : .4 {topic:POLICY|OBJ+}", "{event:EVENT} that|which ..30 @discuss the? .6 {topic:POLICY|OBJ+}"),
        lambda hit: (
            hit.claim("Addressing", {"subject": [EventRef(key)], "topic": [topic]})
            for key in hit.events.keys(hit.mention("event"))[:1]
            for topic in hit.targets("topic")
        ),
        good=(("UNODC held a Youth Forum: Understanding the Global Compact for Migration.", ("subject=Forum", "topic=Global Compact for Migration")),),
        bad=("UNODC held a Youth Forum before the Global Compact for Migration.",),
    ),
)  # fmt: skip
