"""People: which post they hold where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from migkg.extract.claims import Claim, Post, Target, Unit
from migkg.extract.facts.rules import Hit, Rule
from migkg.extract.grammar import compile_pattern, placeholders
from migkg.extract.lexicon import word_class
from migkg.extract.mention import Mention
from migkg.extract.mentions.compose import Composite
from migkg.extract.mentions.fold import is_staff
from migkg.extract.mentions.phrases import RoleValue
from migkg.model import Span, Value

# "ex-minister" is two words.
_FIRST_WORD = re.compile(r"\w*")
# Between a title and the place that it is for: "in the".
_LINK_WORDS = 2
STAFFED = {
    "en": (
        "( {organization:ORG} 's? @staff | ( {among:ROLE|CATEGORY} | @staff ) ( of|from|at|representing ) the? {body:ORG} ( [ {ORG} ] )? )"
        " ( ,|;|:|-|[ )? ( ( including|namely|comprising|like | such as | led by ) ,|:? )? {first:NAME} ,|[|- the? {ROLE}"
    ),
    "id": (
        "( @staff | {among:ROLE|CATEGORY} dari? ) {organization:ORG} ( [ {ORG} ] )? ( ,|:|-|[ )?"
        " ( yakni|yaitu|meliputi|termasuk | antara lain | di antaranya | terdiri dari )? ,|:? {first:NAME} ,|[|- {ROLE}"
    ),
}
_STAFF = {
    "en": "{member:NAME} ,|[|- the? {post:ROLE} ( of|at|for|in? the? {unit:ORG} )?",
    "id": "{member:NAME} ,|[|- {post:ROLE} ( di|pada|dari? {unit:ORG} )?",
}


def is_full_name(mention: Mention) -> bool:
    """A full name, or one word behind an honorific; a single word alone names nobody for the first time."""
    return bool(mention.value != "short")


def _affiliation(hit: Hit) -> Iterator[Claim]:
    organization = hit.mention("organization") if hit.has("organization") else None
    whole = hit.mention("whole") if hit.has("whole") else None
    for member in hit.mentions("member"):
        if not is_full_name(member) and (not hit.events.main or not hit.has("organization")):
            return
        post = hit.mention("post")
        if _of_another(hit, member, post) or _among_staff(hit, member):
            return
        yield from _holding(hit, member, post, organization, whole)
        if hit.has("post2"):
            second = hit.mention("organization2") if hit.has("organization2") else organization
            yield from _holding(hit, member, hit.mention("post2"), second, None)


def _of_another(hit: Hit, member: Mention, post: Mention) -> bool:
    """Whether the post stands in the phrase of somebody else: "A, head of X, B, head of Y"."""
    for _, _, span, other in hit.reading.people[hit.line.sentence.index].places:
        if other.type != "NAME":
            continue
        if other.span != member.span and span.holds(post.span):
            return True
        if other.span == member.span and span.start < member.span.start and not span.holds(post.span):
            return True  # a person with a post before the name has none of the posts behind
    return False


def _among_staff(hit: Hit, member: Mention) -> bool:
    """Whether another rule reads this person: the body stands before all ("UNODC officials; A - …, B - …")."""
    if hit.rule not in ("affiliation.role-after-name", "affiliation.role-alone", "affiliation.role-then-name"):
        return False
    match = compile_pattern(STAFFED[hit.reading.document.lang], hit.reading.document.lang).search(hit.line.text)
    if match is None or not _is_staffed(Hit(hit.reading, hit.events, hit.line, match, hit.rule)):
        return False
    return hit.line.find(placeholders(match["first"])[0]).span.start <= member.span.start


def _is_staffed(hit: Hit) -> bool:
    """Whether several people of a body are announced: "representatives of X", not "the Director of X"."""
    return not hit.has("among") or hit.mention("among").type == "CATEGORY" or is_staff(hit.mention("among"), hit.reading.document.lang)


def _holding(
    hit: Hit, member: Mention, post: Mention, organization: Mention | None, whole: Mention | None
) -> Iterator[Claim]:
    before = hit.reading.document.text[max(0, post.span.start - 12) : post.span.start].lower().split()[-1:]
    first = _FIRST_WORD.match(post.text.lower())
    if first and not {first[0], *before}.isdisjoint(word_class(hit.reading.document.lang, "past")):
        return  # who held a post is not who holds it
    if is_staff(post, hit.reading.document.lang):
        if organization is not None:
            yield hit.claim("Affiliation", {"member": [member], "organization": [organization]})
        return
    title: dict[str, list[Value]] = {"title": [hit.printed(_title(hit, post))]}
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


def _title(hit: Hit, post: Mention) -> Span:
    """The words of a title: a place behind it and "a.i." belong to it, "Resident Coordinator in Kenya a.i."."""
    text = hit.reading.document.text
    end = post.span.end
    if hit.has("realm"):
        realm = hit.mention("realm").span
        if post.span.end <= realm.start and len(text[post.span.end : realm.start].split()) <= _LINK_WORDS:
            end = realm.end
    for words in sorted(word_class(hit.reading.document.lang, "ad_interim"), key=len, reverse=True):
        match = re.compile(rf",?\s\(?{re.escape(words)}(?![\w])\)?", re.IGNORECASE).match(text, end)
        if match:
            end = match.end()
            break
    return Span(post.span.start, end)


def _headed(hit: Hit) -> set[str]:
    """English head nouns of posts that lead a unit of their own name."""
    lexicon = hit.reading.lexicon
    return {lexicon.role_heads[head] for head in lexicon.headed}


def _membership(hit: Hit) -> Iterator[Claim]:
    """ "Rina Sari of Migrant CARE": an organisation without a post."""
    member = hit.mention("member")
    if is_full_name(member):
        yield hit.claim("Affiliation", {"member": [member], "organization": hit.targets("organization")})


def _staff(hit: Hit) -> Iterator[Claim]:
    """ "UNODC officials; Rina Sari - Head of Research and Budi - Head of Training": the body stands before all."""
    lang = hit.reading.document.lang
    if not _is_staffed(hit):
        return
    for match in compile_pattern(_STAFF[lang], lang).finditer(hit.line.text, hit.match.start("first")):
        one = Hit(hit.reading, hit.events, hit.line, match, hit.rule)
        member, post = one.mention("member"), one.mention("post")
        span = post.span.join(one.mention("unit").span) if one.has("unit") else post.span
        place = hit.mention("organization" if hit.has("organization") else "body")
        yield hit.claim(
            "Affiliation",
            {"member": [member], "organization": hit.expand(place), "post": [Post(replace(post, span=span), place)]},
            {"title": [hit.printed(span)]},
            span=hit.span.join(one.span),
        )


# A name and what links it to its post.
_AFTER = (
    "{member:NAME} ( ,|[|- ( who is | serving as | acting as | as )? | who is | , who serves as ) ( the|a|an|its|their )?"
    " ( @courtesy )?"
)

RULES = (
    Rule(
        "affiliation.staff", "en",
        (STAFFED["en"],),
        _staff, once="first",
        good=(
            ("UNODC officials; Rina Sari - Head of Research and Budi Hartono - Head of Training, spoke.", ("member=Rina Sari", "organization=UNODC", "post=Head of Research")),
            ("UNODC staff, Rina Sari (Head of Research) and Budi Hartono (Analyst), came.", ("member=Budi Hartono", "organization=UNODC", "post=Analyst")),
            ("They met key government officials from the Ministry of Health including, Hon. (Amb) Rina Sari, Cabinet Secretary, Eng. Budi Hartono, Principal Secretary, and Hon. Dewi Ayu, Chief Administrative Secretary.", ("member=Budi Hartono", "organization=Ministry of Health", "post=Principal Secretary", "member=Rina Sari", "member=Dewi Ayu")),
            ("Also present were representatives of the Ministry of Health (MoH), Ms. Rina Sari, Board Chair and Ms. Dewi Ayu, the Acting Director General.", ("member=Dewi Ayu", "organization=Ministry of Health", "title=Acting Director General", "title=Board Chair")),
        ),
        bad=("UNODC officials met Rina Sari.", "The Director of UNODC, Rina Sari, the Mayor, spoke."),
    ),
    Rule(
        "affiliation.role-after-name", "en",
        (
            f"{_AFTER} {{post:ROLE}} of|at|for the? {{organization:ORG}} in|for|to {{realm:PLACE}}",
            f"{_AFTER} {{post:ROLE}} ( in|for|to the? {{realm:PLACE}} )? ( [ {{ORG}} ] )? @title_link ( the )? {{organization:ORG}} ( @title_link ( the )? {{whole:ORG}} )? ,? and ( the )? {{post2:ROLE}} @title_link ( the )? {{organization2:ORG}}",
            f"{_AFTER} {{post:ROLE}} ,? and|& ( the )? {{post2:ROLE}} @title_link ( the )? {{organization:ORG}} ( @title_link ( the )? {{whole:ORG}} )?",
            f"{_AFTER} {{post:ROLE}} ( in|for|to the? {{realm:PLACE}} )? ( [ {{ORG}} ] )? @title_link ( the )? {{organization:ORG}} ( @title_link ( the )? {{whole:ORG}} )?",
            f"{_AFTER} {{post:ROLE}} {{organization:ORG}}",
        ),
        _affiliation, once="member post",
        good=(
            ("Rina Sari, Director of Training at the Ministry of Health of Kenya, spoke.", ("member=Rina Sari", "organization=Ministry of Health of Kenya", "post=Director of Training")),
            ("Rina Sari, Project Coordinator at UNODC, spoke.", ("member=Rina Sari", "organization=UNODC", "post=Project Coordinator")),
            ("Rina Sari, who is the Head of Office of UNODC, spoke.", ("member=Rina Sari", "organization=UNODC", "post=Head of Office")),
            ("Rina Sari (Programme Officer, UNODC) spoke.", ("member=Rina Sari", "organization=UNODC", "post=Programme Officer")),
            ("Rina Sari, Chair and Spokesperson of UNODC, spoke.", ("member=Rina Sari", "organization=UNODC", "title=Spokesperson")),
            ("Rina Sari, Chief of Mission a.i. of UNODC, spoke.", ("member=Rina Sari", "organization=UNODC", "title=Chief of Mission a.i.")),
        ),
        bad=("Rina Sari, who met the Director, spoke at UNODC.", "Rina Sari, former Head of Office at UNODC, spoke."),
    ),
    Rule(
        "affiliation.organization-then-role", "en",
        (
            f"{_AFTER} {{organization:ORG}} 's? ( {{PLACE}} 's? )? {{post:ROLE}} ( of|for|in|to the? {{realm:PLACE}} )? ( ,? and ( the )? {{post2:ROLE}} @title_link ( the )? {{organization2:ORG}} )?",
            "{organization:ORG} 's? ( {PLACE} 's? )? {post:ROLE} ( of|for|in|to the? {realm:PLACE} )? ,? and ( the )? {post2:ROLE} @title_link ( the )? {organization2:ORG} ,? {member:NAME}",
            "{organization:ORG} 's? {post:ROLE} ( of|for|in|to the? {realm:PLACE} )? ,? {member:NAME}",
            "{organization:ORG} 's? {PLACE} {post:ROLE} ,? {member:NAME}",
            "{organization:ORG} , whose {post:ROLE} ,? {member:NAME}",
            "{organization:ORG} ( , | was|were|is|are )? represented by ( the|its )? {post:ROLE} ,? {member:NAME}",
            "{organization:ORG} ( , | was|were|is|are )? represented by {member:NAME} , ( the|its )? {post:ROLE}",
        ),
        _affiliation, once="member post",
        good=(
            ("“We will go on with this work next year,” said Rina Sari, UNODC’s Country Manager.", ("member=Rina Sari", "organization=UNODC", "post=Country Manager")),
            ("UNODC Country Manager Rina Sari opened the workshop.", ("member=Rina Sari", "organization=UNODC", "post=Country Manager")),
            ("UNODC’s Chief of Mission in Kenya, Rina Sari, spoke.", ("member=Rina Sari", "title=Chief of Mission in Kenya")),
            ("They met UNODC, whose director, Rina Sari, spoke.", ("member=Rina Sari", "organization=UNODC", "title=director")),
            ("UNODC was represented by its Country Manager, Rina Sari.", ("member=Rina Sari", "organization=UNODC", "post=Country Manager")),
        ),
        bad=("Rina Sari met UNODC’s Country Manager.",),
    ),
    Rule(
        "affiliation.role-then-name", "en",
        (
            "{post:ROLE} ( in|for|to the? {realm:PLACE} )? ( [ {ORG} ] )? @title_link ( the )? {organization:ORG} ( @title_link ( the )? {whole:ORG} )? ( in|for|to {PLACE} )? ,? {member:NAME}",
            "{post:ROLE} ,? and ( the )? {post2:ROLE} @title_link ( the )? {organization:ORG} ,? {member:NAME}",
        ),
        _affiliation, once="member post",
        good=(
            ("The Head of the Ministry of Health of Kenya, Rina Sari, spoke.", ("member=Rina Sari", "organization=Ministry of Health of Kenya", "post=Head")),
            ("The Chief of Mission of UNODC in Kenya, Ms. Rina Sari, spoke.", ("member=Rina Sari", "organization=UNODC", "post=Chief of Mission")),
        ),
        bad=("The Head of the Ministry of Health of Kenya met Rina Sari.",),
    ),
    Rule(
        "affiliation.role-alone", "en",
        (
            f"{_AFTER} {{post:ROLE}} ( of|for|in|to the? {{realm:PLACE}} )? ( ,? and ( the )? {{post2:ROLE}} )?",
            "{post:ROLE} ( of|for|in|to the? {realm:PLACE} )? ( [ {ROLE|ORG} ] | [ .2 ] )? ( ,? and ( the )? {post2:ROLE} )? ,? {member:NAME}",
        ),
        _affiliation, once="member post",
        good=(
            ("Ambassador Rina Sari opened the workshop.", ("member=Rina Sari", "title=Ambassador")),
            ("Rina Sari, Ambassador of Japan, spoke.", ("member=Rina Sari", "title=Ambassador of Japan")),
            ("The Minister of Labour, Rina Sari, the Governor of Lampung, Budi Hartono, and the Mayor, Dewi Ayu, spoke.", ("member=Dewi Ayu", "title=Mayor", "title=Governor of Lampung")),
            ("The Minister of Labour, Ms. Rina Sari, the Ambassador of the EU Delegation to Kenya, Mr. Budi Hartono, and the Mayor, Dewi Ayu, met.", ("member=Rina Sari", "title=Minister of Labour", "title=Mayor")),
            ("Minister of Labour Rina Sari, the Governor of Lampung, Budi Hartono, and the Mayor, Dewi Ayu, met.", ("member=Rina Sari", "title=Minister of Labour", "title=Governor of Lampung")),
        ),
        bad=("The ambassador met Rina Sari.",),
    ),
    Rule(
        "affiliation.organization-alone", "en",
        (
            "{member:NAME} ( ,? of|from|representing|with ( the )? {organization:ORG} | [ {organization2:ORG} ] )",
            "contact|contacts :? {member:NAME} at|,|from|- ( the )? {organization:ORG}",
            "{organization:ORG} ( , | was|were|is|are )? represented by {member:NAME}",
        ),
        lambda hit: _membership(hit) if hit.has("organization") else (), once="member",
        good=(
            ("Rina Sari from UNODC spoke.", ("member=Rina Sari", "organization=UNODC")),
            ("Please contact Rina Sari at UNODC for more.", ("member=Rina Sari", "organization=UNODC")),
        ),
        bad=("Rina Sari met UNODC.",),
    ),
    Rule(
        "affiliation.staff", "id",
        (STAFFED["id"],),
        _staff, once="first",
        good=(("Pejabat UNODC, Rina Sari (Manajer Program) dan Budi Hartono (Analis), hadir.", ("member=Budi Hartono", "organization=UNODC", "post=Analis")),),
        bad=("Perwakilan UNODC bertemu Rina Sari.",),
    ),
    Rule(
        "affiliation.role-after-name", "id",
        (
            "{member:NAME} ,|[|- ( selaku|sebagai | yang merupakan )? {post:ROLE} ( @title_link )? {organization:ORG} ,? dan|sekaligus|serta|merangkap {post2:ROLE} ( @title_link )? {organization2:ORG}",
            "{member:NAME} ,|[|- ( selaku|sebagai | yang merupakan )? {post:ROLE} ( @title_link )? {organization:ORG} ( @title_link {whole:ORG} )?",
            "{member:NAME} ( selaku|sebagai | yang merupakan ) {post:ROLE} ( @title_link )? {organization:ORG} ( @title_link {whole:ORG} )?",
        ),
        _affiliation, once="member post",
        good=(
            ("Rina Sari, Direktur Pelatihan, UNODC, hadir.", ("member=Rina Sari", "organization=UNODC", "post=Direktur Pelatihan")),
            ("Rina Sari selaku Manajer Program UNODC hadir.", ("member=Rina Sari", "organization=UNODC", "post=Manajer Program")),
        ),
        bad=("Rina Sari bertemu Direktur UNODC.",),
    ),
    Rule(
        "affiliation.role-then-name", "id",
        (
            "{post:ROLE} ( @title_link )? {organization:ORG} ( @title_link {whole:ORG} )? ( di|untuk {PLACE} )? ,|[|-? {member:NAME}",
        ),
        _affiliation, once="member post",
        good=(
            ("Direktur UNODC Rina Sari hadir.", ("member=Rina Sari", "organization=UNODC", "post=Direktur")),
        ),
        bad=("Direktur UNODC bertemu Rina Sari.",),
    ),
    Rule(
        "affiliation.role-alone", "id",
        (
            "{member:NAME} ,|[|- ( selaku|sebagai | yang merupakan )? {post:ROLE}",
            "{member:NAME} ( selaku|sebagai | yang merupakan ) {post:ROLE}",
            "{post:ROLE} ( [ {ROLE|ORG} ] | [ .2 ] )? ,|[|-? {member:NAME}",
        ),
        _affiliation, once="member post",
        good=(
            ("Duta Besar Rina Sari membuka lokakarya.", ("member=Rina Sari", "title=Duta Besar")),
            ("Menteri Sosial (Mensos) Rina Sari, Menteri Perhubungan (Menhub) Budi Hartono, serta Menteri Agama Yusuf hadir.", ("member=Rina Sari", "title=Menteri Sosial", "member=Budi Hartono", "title=Menteri Perhubungan", "member=Yusuf")),
        ),
        bad=("Duta besar itu bertemu Rina Sari.",),
    ),
    Rule(
        "affiliation.organization-alone", "id",
        ("{member:NAME} ,? dari|mewakili {organization:ORG}",),
        _membership, once="member",
        good=(("Rina Sari dari UNODC hadir.", ("member=Rina Sari", "organization=UNODC")),),
        bad=("Rina Sari bertemu UNODC.",),
    ),
)  # fmt: skip
