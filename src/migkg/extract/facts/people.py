"""People: which post they hold where, and what they did at an event."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migkg.extract.claims import Claim, EventRef, Post, Target, Unit
from migkg.extract.facts.rules import Hit, Rule
from migkg.extract.lexicon import word_class
from migkg.extract.mention import Mention
from migkg.extract.mentions.compose import Composite
from migkg.extract.mentions.phrases import RoleValue
from migkg.model import Ref, Value

ROLES = "https://w3id.org/migkg/scheme/roles/"
# "ex-minister" is two words.
_FIRST_WORD = re.compile(r"\w*")


def is_full_name(mention: Mention) -> bool:
    """A full name, or one word behind an honorific; a single word alone names nobody for the first time."""
    return bool(mention.value != "short")


def _affiliation(hit: Hit) -> Iterator[Claim]:
    for member in hit.mentions("member"):
        if not is_full_name(member):
            return
        organization = hit.mention("organization") if hit.has("organization") else None
        whole = hit.mention("whole") if hit.has("whole") else None
        yield from _holding(hit, member, hit.mention("post"), organization, whole)
        if hit.has("post2"):
            second = hit.mention("organization2") if hit.has("organization2") else organization
            yield from _holding(hit, member, hit.mention("post2"), second, None)


def _holding(
    hit: Hit, member: Mention, post: Mention, organization: Mention | None, whole: Mention | None
) -> Iterator[Claim]:
    first = _FIRST_WORD.match(post.text.lower())
    if first and first[0] in word_class(hit.reading.document.lang, "past"):
        return  # who held a post is not who holds it
    title: dict[str, list[Value]] = {"title": [hit.printed(post.span)]}
    value = post.value
    heads_unit = isinstance(value, RoleValue) and value.complement and value.head in _headed(hit)
    if organization is None:
        # "Minister of Manpower" names its ministry, when the reference data know one of that name.
        where = Unit(post, None) if heads_unit else None
        # A post is somewhere: without a body there is only the printed title.
        roles: dict[str, list[Target]] = {"member": [member]}
        if where:
            roles |= {"organization": [where], "post": [Post(post, where)]}
        yield hit.claim("Affiliation", roles, title)
        return
    place: Target = hit.expand(organization)[0]
    if hit.has("realm") and place is organization:
        # "UN Resident Coordinator in X": the country team, when the reference data know it.
        place = Composite("country-team", (("whole", organization), ("part", hit.mention("realm"))))
    if heads_unit:
        # "Director of X at the Ministry": resolution gives the Directorate of X when the reference data know it.
        place = Unit(post, organization)
    yield hit.claim("Affiliation", {"member": [member], "organization": [place], "post": [Post(post, place)]}, title)
    if isinstance(place, Unit):
        yield hit.claim("PartOf", {"part": [place], "whole": hit.expand(organization)})
    if whole is not None:
        yield hit.claim("PartOf", {"part": hit.expand(organization), "whole": hit.expand(whole)})


def _headed(hit: Hit) -> set[str]:
    """English head nouns of posts that lead a unit of their own name."""
    lexicon = hit.reading.lexicon
    return {lexicon.role_heads[head] for head in lexicon.headed}


def _membership(hit: Hit) -> Iterator[Claim]:
    """ "Rina Sari of Migrant CARE": an organisation without a post."""
    member = hit.mention("member")
    if is_full_name(member):
        yield hit.claim("Affiliation", {"member": [member], "organization": hit.targets("organization")})


def _attendee(hit: Hit) -> Iterator[Claim]:
    yield from _taking_part(hit, "attendee")


def _opener(hit: Hit) -> Iterator[Claim]:
    yield from _taking_part(hit, "opener")


def _closer(hit: Hit) -> Iterator[Claim]:
    yield from _taking_part(hit, "closer")


def _speaker(hit: Hit) -> Iterator[Claim]:
    yield from _taking_part(hit, "speaker")


def _taking_part(hit: Hit, role: str) -> Iterator[Claim]:
    keys = hit.events.keys(hit.mention("event")) if hit.has("event") else ()
    if not hit.has("event") and hit.events.main:
        keys = (hit.events.main,)
    if len(keys) != 1:
        return
    for participant in hit.mentions("participant"):
        roles: dict[str, list[Target]] = {"event": [EventRef(keys[0])], "participant": [participant]}
        yield hit.claim("Participation", roles, {"participationRole": [Ref(ROLES + role)]})


RULES = (
    Rule(
        "affiliation.role-after-name", "en",
        (
            "{member:NAME} ,|[|- the? {post:ROLE} of|at|for the? {organization:ORG} in|for|to {realm:PLACE}",
            "{member:NAME} ,|[|- the? {post:ROLE} ,|of|at|for|from|in|with|to ( the )? {organization:ORG} ( ,? of|at|, ( the )? {whole:ORG} )? and ( the )? {post2:ROLE} of|at|for ( the )? {organization2:ORG}",
            "{member:NAME} ,|[|- the? {post:ROLE} ,|of|at|for|from|in|with|to ( the )? {organization:ORG} ( ,|of|at|under|within ( the )? {whole:ORG} )?",
            "{member:NAME} ,|[|- the? {post:ROLE} {organization:ORG}",
        ),
        _affiliation, once="member",
        good=(
            ("Rina Sari, Director of Training at the Ministry of Health of Kenya, spoke.", ("member=Rina Sari", "organization=Ministry of Health of Kenya", "post=Director of Training")),
            ("Rina Sari, Project Coordinator at UNODC, spoke.", ("member=Rina Sari", "organization=UNODC", "post=Project Coordinator")),
        ),
        bad=("Rina Sari, who met the Director, spoke at UNODC.",),
    ),
    Rule(
        "affiliation.organization-then-role", "en",
        (
            "{member:NAME} ,|[|- the? {organization:ORG} 's? {post:ROLE} ( of|for|in {realm:PLACE} )?",
            "{organization:ORG} 's? {post:ROLE} ( of|for|in|to {realm:PLACE} )? ,? {member:NAME}",
            "{organization:ORG} 's? {PLACE} {post:ROLE} ,? {member:NAME}",
        ),
        _affiliation, once="member",
        good=(
            ("“We will go on with this work next year,” said Rina Sari, UNODC’s Country Manager.", ("member=Rina Sari", "organization=UNODC", "post=Country Manager")),
            ("UNODC Country Manager Rina Sari opened the workshop.", ("member=Rina Sari", "organization=UNODC", "post=Country Manager")),
        ),
        bad=("Rina Sari met UNODC’s Country Manager.",),
    ),
    Rule(
        "affiliation.role-then-name", "en",
        (
            "{post:ROLE} ,|of|at|for|from|to|in ( the )? {organization:ORG} ( ,|of|at ( the )? {whole:ORG} )? ,? {member:NAME}",
        ),
        _affiliation, once="member",
        good=(("The Head of the Ministry of Health of Kenya, Rina Sari, spoke.", ("member=Rina Sari", "organization=Ministry of Health of Kenya", "post=Head")),),
        bad=("The Head of the Ministry of Health of Kenya met Rina Sari.",),
    ),
    Rule(
        "affiliation.role-alone", "en",
        ("{member:NAME} , the? {post:ROLE} ,|.|and|who|said|[", "{post:ROLE} ,? {member:NAME}"),
        _affiliation, once="member",
        good=(("Ambassador Rina Sari opened the workshop.", ("member=Rina Sari", "title=Ambassador")),),
        bad=("The ambassador met Rina Sari.",),
    ),
    Rule(
        "affiliation.organization-alone", "en",
        ("{member:NAME} ( of|from|representing|with ( the )? {organization:ORG} | [ {organization2:ORG} ] )",),
        lambda hit: _membership(hit) if hit.has("organization") else (), once="member",
        good=(("Rina Sari from UNODC spoke.", ("member=Rina Sari", "organization=UNODC")),),
        bad=("Rina Sari met UNODC.",),
    ),
    Rule(
        "affiliation.role-after-name", "id",
        (
            "{member:NAME} ,|[|- ( selaku|sebagai )? {post:ROLE} ( ,|di|pada|dari )? {organization:ORG} ( ,|di|pada|dari {whole:ORG} )?",
            "{member:NAME} selaku {post:ROLE} ( ,|di|pada|dari )? {organization:ORG} ( ,|di|pada|dari {whole:ORG} )?",
        ),
        _affiliation, once="member",
        good=(("Rina Sari, Direktur Pelatihan, UNODC, hadir.", ("member=Rina Sari", "organization=UNODC", "post=Direktur Pelatihan")),),
        bad=("Rina Sari bertemu Direktur UNODC.",),
    ),
    Rule(
        "affiliation.role-then-name", "id",
        (
            "{post:ROLE} ( ,|di|pada|dari )? {organization:ORG} ( ,|di|pada|dari {whole:ORG} )? ,|[? {member:NAME}",
        ),
        _affiliation, once="member",
        good=(("Direktur UNODC Rina Sari hadir.", ("member=Rina Sari", "organization=UNODC", "post=Direktur")),),
        bad=("Direktur UNODC bertemu Rina Sari.",),
    ),
    Rule(
        "affiliation.role-alone", "id",
        ("{member:NAME} , {post:ROLE} ,|.|dan|yang|[", "{post:ROLE} ,? {member:NAME}"),
        _affiliation, once="member",
        good=(("Duta Besar Rina Sari membuka lokakarya.", ("member=Rina Sari", "title=Duta Besar")),),
        bad=("Duta besar itu bertemu Rina Sari.",),
    ),
    Rule(
        "affiliation.organization-alone", "id",
        ("{member:NAME} dari|mewakili {organization:ORG}",),
        _membership, once="member",
        good=(("Rina Sari dari UNODC hadir.", ("member=Rina Sari", "organization=UNODC")),),
        bad=("Rina Sari bertemu UNODC.",),
    ),
    Rule(
        "participation.attended-by", "en",
        (
            "{event:EVENT} ( was|were )? also? @attend {participant:NAME}",
            "{participant:NAME} ( , ..16 , )? ( also )? ( attended ( the )? ( {event:EVENT} )? | was ( also )? present )",
        ),
        _attendee,
        good=(("This event was also attended by Rina Sari.", ("event=event", "participant=Rina Sari")),),
        bad=("This event was praised by Rina Sari.",),
    ),
    Rule(
        "participation.attended-by", "id",
        (
            "{event:EVENT} .1 juga? dihadiri ( juga )? oleh? {participant:NAME}",
            "{participant:NAME} ( , ..12 , )? ( turut|juga ) ( hadir|menghadiri )",
        ),
        _attendee,
        good=(("UNODC menggelar lokakarya. Kegiatan ini juga dihadiri Rina Sari.", ("event=lokakarya", "participant=Rina Sari")),),
        bad=("Kegiatan ini dipuji Rina Sari.",),
    ),
    Rule(
        "participation.opening", "en",
        (
            "{participant:NAME} ..16 ( during|in|delivering|delivered|gave|giving|at|with ) @his ( welcome|welcoming )? @opening ( @remark )",
            "{participant:NAME} ..8 ( officially )? ( opened|inaugurated ) the? {event:EVENT}",
            "{event:EVENT} ( was|were )? ( officially )? ( opened|inaugurated ) by ..6 {participant:NAME}",
        ),
        _opener,
        good=(
            ("UNODC held a workshop. “We look forward to a rich exchange today,” said Rina Sari in her opening remarks.", ("event=workshop", "participant=Rina Sari")),
            ("The workshop was opened by Rina Sari.", ("event=workshop", "participant=Rina Sari")),
        ),
        bad=("Rina Sari opened a bank account.",),
    ),
    Rule(
        "participation.closing", "en",
        (
            "{participant:NAME} ..16 ( during|in|delivering|delivered|gave|giving ) @his @closing ( @remark )",
            "{participant:NAME} ..8 ( officially )? closed the? {event:EVENT}",
            "{event:EVENT} ( was|were )? ( officially )? closed by ..6 {participant:NAME}",
        ),
        _closer,
        good=(("The workshop was closed by Rina Sari.", ("event=workshop", "participant=Rina Sari")),),
        bad=("Rina Sari closed the door.",),
    ),
    Rule(
        "participation.remarks", "en",
        (
            "{participant:NAME} ..16 ( during|in|delivering|delivered|gave|giving ) @his ( keynote )? ( @remark )",
            "( during|in|at|on ) the? .3 {event:EVENT} ( for|on {POLICY} )? ( discussion|session )? ,? {participant:NAME} ..16 @say",
            "( during|in|at|on ) the? {OBJ} {event:EVENT} ,? {participant:NAME} ..16 @say",
            "{participant:NAME} ( , ..16 , | [ ..8 ] ,? )? ( also )? spoke ( at|in|during ) {event:EVENT}",
        ),
        _speaker,
        good=(("UNODC held a workshop. “We look forward to a rich exchange today,” said Rina Sari in her remarks.", ("event=workshop", "participant=Rina Sari")),),
        bad=("Rina Sari read the remarks of the minister.",),
    ),
    Rule(
        "participation.opening", "id",
        (
            "{participant:NAME} ..16 ( dalam|saat|pada|memberikan|menyampaikan ) ( kata )? ( sambutan ) ( pembukaan|pembuka|pembukaannya )",
            "{event:EVENT} ( ini )? ( secara resmi )? dibuka ( secara resmi )? oleh? ..6 {participant:NAME}",
            "{participant:NAME} ..8 ( secara resmi )? membuka {event:EVENT}",
        ),
        _opener,
        good=(("Lokakarya ini dibuka oleh Rina Sari.", ("event=lokakarya", "participant=Rina Sari")),),
        bad=("Rina Sari membuka pintu.",),
    ),
    Rule(
        "participation.remarks", "id",
        (
            "{participant:NAME} ..16 ( dalam|saat|pada|memberikan|menyampaikan ) ( kata )? ( sambutannya|sambutan|pidatonya|paparannya )",
            "( dalam|pada|saat ) .2 {event:EVENT} ( untuk|tentang {POLICY} )? ,? {participant:NAME} ..16 @say",
            "( dalam|pada|saat ) {event:EVENT} {OBJ|POLICY} ,? ( yang ..12 , )? {participant:NAME} ..16 @say",
        ),
        _speaker,
        good=(("UNODC menggelar lokakarya. “Kami berharap kerja sama ini terus berlanjut,” ujar Rina Sari dalam sambutannya.", ("event=lokakarya", "participant=Rina Sari")),),
        bad=("Rina Sari membaca sambutan menteri.",),
    ),
)  # fmt: skip
