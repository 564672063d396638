"""Who else was there: guests told in lists, by what they did at an event, or beside those who held it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from migkg.extract.claims import Claim, EventRef, Target
from migkg.extract.facts.participation import ROLES, event_key
from migkg.extract.facts.rules import Hit, Rule
from migkg.extract.lexicon import word_class
from migkg.extract.mention import Mention
from migkg.model import Ref


def _key(hit: Hit) -> str | None:
    """The event that the pattern names, else the one that the sentence reports, else the article's."""
    if hit.has("event"):
        return event_key(hit)
    told = [key for line, _, key in hit.events.frames if line.sentence is hit.line.sentence]
    return told[0] if told else hit.events.main


def _present(hit: Hit, role: str, who: Iterable[Target | Mention]) -> Iterator[Claim]:
    key = _key(hit)
    for target in who if key is not None else ():
        assert key is not None  # noqa: S101 - see above
        roles: dict[str, list[Target]] = {"event": [EventRef(key)], "participant": [target]}
        yield hit.claim("Participation", roles, {"participationRole": [Ref(ROLES + role)]})


def _people(role: str) -> Callable[[Hit], Iterable[Claim]]:
    def read(hit: Hit) -> Iterator[Claim]:
        yield from _present(hit, role, (*hit.mentions("participant"), *hit.mentions("other")))

    return read


def _listed(role: str) -> Callable[[Hit], Iterable[Claim]]:
    """The people of the pattern, and those who follow in its list."""

    def read(hit: Hit) -> Iterator[Claim]:
        yield from _present(hit, role, (*hit.mentions("participant"), *_rest(hit)))

    return read


def _rest(hit: Hit) -> Iterator[Mention]:
    """People behind the match, up to a verb of saying or what else the sentence goes on to."""
    lang = hit.reading.document.lang
    ends = word_class(lang, "report") | word_class(lang, "say") | word_class(lang, "list_ends")
    for (_, mention), offset, word in zip(hit.line.items, hit.line.offsets, hit.line.text.split(), strict=True):
        if offset < hit.match.end():
            continue
        if mention is None and word in ends:
            return
        if mention is not None and mention.type == "NAME":
            yield mention


def _bodies(hit: Hit) -> Iterator[Claim]:
    yield from _present(hit, "attendee", hit.targets("participant"))


_GUESTS = "participants|attendees|guests|delegates|speakers|panelists|panellists|dignitaries"
_OPENED = "UNODC held a workshop. "

RULES = (
    Rule(
        "participation.guest-bodies", "en",
        (
            "{event:EVENT} ,? which ( was|were ) @attend ..16 ( @officials | {ROLE} ) of|from the? {participant:ORG+}",
            "@attend ..30 ( @officials | {ROLE} ) of|from|representing the? {participant:ORG+}",
            "@attend ..30 ( as well as | and ) by the? {participant:ORG+}",
            "( @officials | {ROLE} ) of|from|representing ( the )? {participant:ORG+} ( [ {ORG} ] )? .3 ( met | gathered | convened | assembled | came together | took part | attended | participated | joined )",
            f"( {_GUESTS} ) ( also )? ( included | include | including | came from | come from | comprised | consisted of | represented | were | were drawn from | drawn from ) ..6 {{participant:ORG+}}",
            "( attended|joined ) ( the )? ..6 ( alongside | together with | along with ) ( the )? ( @officials | {ROLE} ) of|from the? {participant:ORG+}",
            "( brought together | gathered | convened | united | assembled ) ..12 ( @officials | {CATEGORY|ROLE} ) of|from ( the )? {participant:ORG+}",
        ),
        _bodies, folded=True,
        good=(
            (f"{_OPENED}It was attended by delegations from 32 states, as well as representatives of UNHCR, the ILO and UNICEF.", ("participant=UNHCR", "participant=ILO", "participant=UNICEF")),
            (f"{_OPENED}It was attended by labour officers as well as by the Harbour Workers Association.", ("participant=Harbour Workers Association",)),
            (f"{_OPENED}Guests included officials from the Ministry of Health, UNHCR and the ILO.", ("participant=Ministry of Health", "participant=UNHCR", "participant=ILO")),
            ("Representatives of the Ministry of Health, UNHCR and the ILO met in Bandung on 3 May 2021 for a workshop.", ("event=workshop", "participant=Ministry of Health", "participant=UNHCR", "participant=ILO")),
        ),
        bad=(f"{_OPENED}It was attended by labour officers, and the ILO thanked them.", f"{_OPENED}Officials of UNHCR praised the ILO."),
    ),
    Rule(
        "participation.guests", "en",
        (
            f"among ( the|those|its )? ( {_GUESTS}|present|attending | in attendance ) ( at {{event:EVENT}} )? ( were|was|included|include ) ..6 {{participant:NAME}}",
            f"( {_GUESTS} ) ( at {{event:EVENT}} )? ( also )? ( included | include | including | were|: ) ..4 {{participant:NAME}}",
            "( witnessing|attending|joining|gracing ) the? .2 ( {event:EVENT} )? ( were|was ) ..4 {participant:NAME}",
            "( also )? ( present | in attendance ) ( at|in|during|for {event:EVENT} )? ( were|was|included ) ..6 {participant:NAME}",
            "( attended|witnessed|joined ) by ..8 {participant:NAME}",
            "in the presence of ..6 {participant:NAME}",
            "( attended|joined|accompanied|flanked ) ..2 by ..6 {participant:NAME}",
        ),
        _listed("attendee"), folded=True,
        good=(
            (f"{_OPENED}Among the participants were Deputy Prime Minister Rina Sari; the Head of the Harbour Desk, Budi Hartono; and Dewi Ayu of UNODC.", ("participant=Rina Sari", "participant=Budi Hartono", "participant=Dewi Ayu")),
            ("UNODC held a signing ceremony. Witnessing the signing were Ambassador Rina Sari and Labour Attaché Budi Hartono.", ("participant=Rina Sari", "participant=Budi Hartono")),
            (f"{_OPENED}It was opened in the presence of the Ambassador of Japan, Ms. Rina Sari, and UNODC Country Manager Budi Hartono.", ("participant=Rina Sari", "participant=Budi Hartono")),
        ),
        bad=(f"{_OPENED}Among the demands of the workers was a raise, said Rina Sari.",),
    ),
    Rule(
        "participation.spoke-there", "en",
        (
            "{participant:NAME+} ,? ( ..10 , )? ( also )? ( told|welcomed|addressed|briefed|greeted|thanked ) ( the )? ( {event:EVENT} | participants|delegates|attendees|audience|gathering|guests )",
            "( in|during|delivering|with ) @his .2 ( @remark ) ( at {event:EVENT} )? ,? ..6 {participant:NAME}",
            "{participant:NAME+} ,? ( ..10 , )? ( who )? ( also|then )? ( delivered | gave | made | offered | presented ) ( the|an|a|opening|closing|welcoming|welcome|keynote ) .3 ( @remark )",
            "{participant:NAME+} ,? ( ..10 , )? ( also|both|each )? ( spoke|intervened | took the floor ) ( .|,|on|about|at $ | $ )",
            "( @opening | @closing )? ( @remark ) ( were|was )? ( also )? ( delivered|given|made|presented )? ( also )? by ..6 {participant:NAME+} ( ,? and ( also )? by ..6 {other:NAME+} )?",
            "{participant:NAME+} ( , | [ ..6 ] ,? )? ( ..10 , )? ( also )? ( delivered ..3 remarks )",
            "( sessions|session|modules|training|workshop ) ( was|were ) .1 ( led|facilitated|conducted|delivered|moderated ) by ..4 {participant:NAME+}",
            "{participant:NAME+} ,? ( ..10 , )? ( @lately )? ( gave a presentation | presented the ( findings|results|report|main|draft|outcomes|key|study ) | shared the findings )",
            "{participant:NAME} ,? ( who )? ( speaking | spoke | representing | represented ) ( on behalf of | at {event:EVENT} | {ORG} at )",
            "on the ( margins|sidelines ) of {event:EVENT} , {participant:NAME}",
        ),
        _people("speaker"), folded=True,
        good=(
            (f"{_OPENED}“We have no time left for waiting,” Minister Rina Sari told the workshop.", ("participant=Rina Sari",)),
            (f"{_OPENED}In her closing remarks, UNODC Country Manager Rina Sari urged all to go on.", ("participant=Rina Sari",)),
            (f"{_OPENED}The Minister of Labour, Ms. Rina Sari, who delivered the feature address, urged all to go on.", ("participant=Rina Sari",)),
            (f"{_OPENED}Rina Sari and the Head of Research at UNODC, Budi Hartono, also spoke.", ("participant=Rina Sari", "participant=Budi Hartono")),
        ),
        bad=(f"{_OPENED}Rina Sari told the police of a theft.", f"{_OPENED}Rina Sari gave the plan her support."),
    ),
    Rule(
        "participation.acted-there", "en",
        (
            "{participant:NAME+} ,? ( ..10 , )? ( @lately )? ( officially|formally )? ( opened | inaugurated | launched | chaired | co-chaired | closed | kicked off ) ( the )? .2 {event:EVENT} ( together with | along with | alongside | with | accompanied by | in the presence of ) ..6 {other:NAME+}",
            "( handed over ) ..16 by ..6 {participant:NAME} ( ,? ( ..6 ,? )? to ..6 {other:NAME} )?",
            "( handed over ) ..16 to ..6 {other:NAME} by ..4 {participant:NAME}",
            "{participant:NAME} ..10 ( handed over | presented | donated | handed ) ..12 to ..6 {other:NAME}",
            "{participant:NAME+} ,? ( ..10 , )? ( received|accepted ) ( the )? ( donation|equipment|items|vehicles|keys|certificates|materials )",
            "{participant:NAME+} ,? ( ..10 , )? ( handed out | distributed | awarded ) ( the )? ( certificates )",
            "chaired by ..6 {participant:NAME} ,? and .1 co-chaired by ..6 {other:NAME}",
            "co-chaired by ..6 {participant:NAME} ( ,? and ..8 {other:NAME} )?",
            "( represented|deputized|deputised ) ( at {event:EVENT} )? by @his? ..6 {participant:NAME}",
        ),
        _people("attendee"), folded=True,
        good=(
            (f"{_OPENED}Minister Rina Sari opened the workshop together with UNODC Country Manager Budi Hartono and Dewi Ayu.", ("participant=Rina Sari", "participant=Budi Hartono", "participant=Dewi Ayu")),
            ("UNODC handed over two cars to Kenya. They were handed over at the port by Ambassador Rina Sari to the Head of the Border Agency, Budi Hartono.", ("participant=Rina Sari", "participant=Budi Hartono")),
            ("UNODC held a meeting. It was chaired by the Minister of Labour, Rina Sari, and co-chaired by First Deputy Minister Budi Hartono.", ("participant=Rina Sari", "participant=Budi Hartono")),
        ),
        bad=(f"{_OPENED}Rina Sari closed the door with care.",),
    ),
    Rule(
        "participation.did-it", "en",
        ("{participant:NAME+} ,? ( ..10 , )? ( @lately )? ( @lately )? ( launched | unveiled | handed over | inaugurated | released | visited | toured | commissioned )",),
        lambda hit: _people("attendee")(hit) if any(line.sentence is hit.line.sentence for line, _, _ in hit.events.frames) else (),
        folded=True,
        good=(
            ("Bandung – On 3 May 2021 the Minister of Health, Ms. Rina Sari, today launched the Health Strategy for Migrants.", ("participant=Rina Sari",)),
            ("Minister Rina Sari on Tuesday visited the Harapan Shelter.", ("participant=Rina Sari",)),
        ),
        bad=(f"{_OPENED}Rina Sari once launched a boat.",),
    ),
)  # fmt: skip
