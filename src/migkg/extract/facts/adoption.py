"""Who drafted, adopted or ratified which policy: in the active, the passive, as a noun, and of one named before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from migkg.extract.claims import Claim, Target
from migkg.extract.facts.rules import Hit, Rule, expand
from migkg.extract.lexicon import word_class
from migkg.extract.mention import Mention
from migkg.extract.mentions.patterns import DateValue
from migkg.model import Ref, Value

_ONT = "https://w3id.org/migkg/ont#"
_LAWS = frozenset({"law", "bill", "act"})
_KINDS = _LAWS | {"policy", "strategy", "plan", "convention", "protocol", "treaty", "declaration", "agreement", "decree"}
_BACK = 4  # sentences that "it" reaches back


def _adoption(status: str) -> Callable[[Hit], Iterable[Claim]]:
    def read(hit: Hit) -> Iterator[Claim]:
        policies = hit.targets("policy") if hit.has("policy") else _named_before(hit)
        qualifiers: dict[str, list[Value]] = {"status": [Ref(_ONT + status)]}
        if hit.has("date"):
            value: DateValue = hit.mention("date").value
            if (date := value.start(hit.reading.year)) is not None:
                qualifiers["date"] = [date]
        for adopter in hit.targets("adopter"):
            for policy in policies:
                yield hit.claim("Adoption", {"adopter": [adopter], "policy": [policy]}, qualifiers)

    return read


def _named_before(hit: Hit) -> tuple[Target, ...]:
    """What "it" or "the law" means: the only policy that the sentence before the match names, or the one before it."""
    for line in reversed(hit.reading.lines[: hit.line.sentence.index + 1]):
        if hit.line.sentence.index - line.sentence.index > _BACK or line.sentence.kind != "body":
            break
        found: list[Mention] = [
            m for m in line.mentions if m.type == "POLICY" and m.span.end <= hit.span.start and not _generic(m, hit)
        ]
        kind = _KINDS & frozenset(hit.match[0].split())
        if kind:  # "the bill" is no convention
            law = kind & _LAWS
            found = [m for m in found if (_LAWS if law else kind) & frozenset(m.text.lower().replace(",", " ").split())]
        if found:
            return expand(found[0], hit.events) if len({m.text for m in found}) == 1 else ()
    return ()


def _generic(mention: Mention, hit: Hit) -> bool:
    """ "A law", "the policy": no name."""
    return mention.text.lower() in word_class(hit.reading.document.lang, "policy_nouns")


_WHO = "( members | member states | states|countries|ministers|leaders|governments|parliament|lawmakers|officials | heads of state | {ROLE} )?"
_ADOPTED = "adopted|approved|endorsed|enacted|passed|issued|promulgated|ratified|validated"
_ANAPHOR = "( it | ( the|this|that ) ( .1 ) ( law|bill|act|policy|strategy|plan|convention|protocol|treaty|declaration|agreement|document|framework|decree|regulation|text|instrument ) )"

RULES = (
    Rule(
        "adoption.drafted", "en",
        ("{adopter:PLACE|ORG} ( has|have|had )? ( also|recently|already )? @draft ( a|an|the|its|their )? {policy:POLICY}",),
        _adoption("Drafted"),
        good=(("Kenya has drafted a national action plan for the GCM.", ("adopter=Kenya", "policy=action-plan-gcm-ke")),),
        bad=("Kenya has praised the national action plan for the GCM.",),
    ),
    Rule(
        "adoption.drafted", "id",
        ("{adopter:PLACE|ORG} ( telah|sudah )? @draft {policy:POLICY}",),
        _adoption("Drafted"),
        good=(("Kenya telah menyusun RAN GCM.", ("adopter=Kenya", "policy=action-plan-gcm-ke")),),
        bad=("Kenya telah memuji RAN GCM.",),
    ),
    Rule(
        "adoption.ratified", "en",
        (
            f"{{adopter:PLACE|ORG+}} {_WHO} ( @lately )? ( @lately )? ( on|in {{date:DATE}} ,? )? ( @lately )? @ratify ( a|an|the|its|their|both )? .1 {{policy:POLICY+}} ( on|in {{DATE}} )?",
            "{policy:POLICY} , ( which|that ) ( the )? {adopter:PLACE|ORG} ( has|had )? ( @lately )? @ratify ( on|in {date:DATE} )?",
            "{policy:POLICY} ,? ( which|that )? ( was|were|is|has )? ( been )? ( @lately )? ratified ( on|in {date:DATE} )? by the? {adopter:PLACE|ORG+}",
            "{adopter:PLACE|ORG} ..4 deposited ..10 ( instrument|instruments ) of ( ratification|accession ) ( of|to|for ) the? {policy:POLICY+}",
            "ratification of the? {policy:POLICY+} by the? {adopter:PLACE|ORG+}",
            "{adopter:PLACE|ORG} 's ( ratification of | accession to ) the? {policy:POLICY+}",
        ),
        _adoption("Ratified"), once="policy",
        good=(
            ("Kenya ratified the Convention on the Rights of the Child.", ("adopter=Kenya", "policy=Convention on the Rights of the Child")),
            ("The law follows the Palermo Protocol, which Ghana ratified in 2012.", ("adopter=Ghana", "policy=Palermo Protocol", "date=2012")),
            ("The Government of Kenya has deposited the instrument of ratification of the Convention on the Rights of the Child.", ("adopter=Government of Kenya", "policy=Convention on the Rights of the Child")),
            ("She welcomed Kenya's accession to the Convention on the Rights of the Child.", ("adopter=Kenya", "policy=Convention on the Rights of the Child")),
        ),
        bad=("Kenya reviewed the Convention on the Rights of the Child.", "Kenya has not ratified the Convention on the Rights of the Child."),
    ),
    Rule(
        "adoption.ratified", "id",
        (
            "{adopter:PLACE|ORG|NAME} ( telah|sudah|resmi|juga )? @ratify .2 {policy:POLICY+}",
            "{policy:POLICY} ( yang )? ( telah|sudah )? diratifikasi ( oleh )? .2 {adopter:PLACE|ORG}",
            "ratifikasi .1 {policy:POLICY} oleh .1 {adopter:PLACE|ORG}",
        ),
        _adoption("Ratified"),
        good=(
            ("Kenya telah meratifikasi Konvensi Hak Anak.", ("adopter=Kenya", "policy=Konvensi Hak Anak")),
            ("Konvensi Hak Anak telah diratifikasi oleh Kenya.", ("adopter=Kenya", "policy=Konvensi Hak Anak")),
        ),
        bad=("Kenya belum meratifikasi Konvensi Hak Anak.", "Kenya menelaah Konvensi Hak Anak."),
    ),
    Rule(
        "adoption.adopted", "en",
        (
            f"{{adopter:PLACE|ORG+}} {_WHO} ( @lately )? ( @lately )? ( on|in {{date:DATE}} ,? )? ( @lately )? @adopt ( a|an|the|its|their|both )? .2 {{policy:POLICY+}} ( on|in {{DATE}} )?",
            f"{{policy:POLICY}} ,? ( which|that )? ( was|were|is|has )? ( been )? ( @lately )? ( {_ADOPTED} ) .1 ( on|in {{date:DATE}} )? by ( members of )? ( the|its )? .2 {{adopter:PLACE|ORG+}} ( on|in {{DATE}} )?",
            f"{{policy:POLICY}} ,? ( which|that ) ( the )? {{adopter:PLACE|ORG}} {_WHO} ( has|had )? ( @lately )? @adopt ( on|in {{date:DATE}} )?",
            "( adoption|approval|endorsement|passage|enactment|validation ) of the? .1 {policy:POLICY+} ( on|in {date:DATE} )? by the? {adopter:PLACE|ORG+}",
            "{adopter:PLACE|ORG} 's ( adoption|approval|endorsement|passage|enactment ) of the? .1 {policy:POLICY+}",
            f"{{adopter:ORG}} {_WHO} ..6 , ( @lately )? @adopt the? {{policy:POLICY}}",
        ),
        _adoption("Adopted"), once="policy",
        good=(
            ("Kenya adopted the Global Compact for Migration.", ("adopter=Kenya", "policy=Global Compact for Migration")),
            ("The National Assembly on Monday passed the Harbour Workers Act.", ("adopter=National Assembly", "policy=Harbour Workers Act")),
            ("African Union leaders have endorsed the Harbour Workers Protocol.", ("adopter=African Union", "policy=Harbour Workers Protocol")),
            ("The Harbour Workers Act, which was passed by the Senate in May 2021, is new.", ("adopter=Senate", "policy=Harbour Workers Act")),
            ("He praised the Global Compact for Migration, endorsed by Kenya in 2018.", ("adopter=Kenya", "policy=Global Compact for Migration")),
            ("UNODC hailed the adoption of the Harbour Workers Act by the Senate.", ("adopter=Senate", "policy=Harbour Workers Act")),
        ),
        bad=("Kenya reviewed the Global Compact for Migration.", "The Senate has yet to pass the Harbour Workers Act.", "UNODC said that Kenya had adopted the Harbour Workers Act."),
    ),
    Rule(
        "adoption.decreed", "en",
        ("{adopter:NAME} ( @lately )? ( @lately )? ( issued|enacted|promulgated|decreed|approved ) ( a|an|the )? .2 {policy:POLICY+}",),
        _adoption("Adopted"), folded=True,
        good=(("President Rina Sari on Monday issued Presidential Regulation No. 18 of 2017.", ("adopter=Rina Sari", "policy=Presidential Regulation No. 18 of 2017")),),
        bad=("President Rina Sari read Presidential Regulation No. 18 of 2017.",),
    ),
    Rule(
        "adoption.named-before", "en",
        (
            f"{{adopter:PLACE|ORG}} {_WHO} ( @lately )? ( @lately )? ( on|in {{date:DATE}} ,? )? ( @lately )? ( {_ADOPTED} ) {_ANAPHOR} ( on|in {{DATE}} )?",
            f"{_ANAPHOR} ( , which )? ( was|were|has|had ) ( been )? ( @lately )? ( {_ADOPTED} ) .1 ( on|in {{date:DATE}} )? by ( members of )? the? {{adopter:PLACE|ORG}}",
        ),
        _adoption("Adopted"),
        good=(
            ("UNODC praised the Harbour Workers Act. The National Assembly adopted it on 23 May 2021.", ("adopter=National Assembly", "policy=Harbour Workers Act")),
            ("UNODC praised the Harbour Workers Act. The bill was passed by the Senate last month.", ("adopter=Senate", "policy=Harbour Workers Act")),
        ),
        bad=("UNODC praised the Harbour Workers Act. The National Assembly debated it on 23 May 2021.", "The National Assembly adopted it on 23 May 2021."),
    ),
    Rule(
        "adoption.adopted", "id",
        (
            "{adopter:PLACE|ORG|NAME} ( telah|sudah|resmi|juga|kembali|bersama )? ( telah|resmi )? @adopt .2 {policy:POLICY+}",
            "{policy:POLICY} ,? ( yang )? ( telah|sudah|resmi )? ( disahkan|ditetapkan|diadopsi|diterbitkan|disetujui|dikeluarkan|diundangkan ) ( oleh )? .2 {adopter:PLACE|ORG|NAME}",
            "( pengesahan|penetapan|penerbitan ) .1 {policy:POLICY} oleh .2 {adopter:PLACE|ORG|NAME}",
        ),
        _adoption("Adopted"), folded=True, once="policy",
        good=(
            ("DPR mengesahkan Undang-Undang Nomor 18 Tahun 2017.", ("adopter=DPR", "policy=Undang-Undang Nomor 18 Tahun 2017")),
            ("Bupati Lumajang Rina Sari menerbitkan Peraturan Daerah Nomor 4 Tahun 2021.", ("adopter=Rina Sari", "policy=Peraturan Daerah Nomor 4 Tahun 2021")),
            ("Undang-Undang Nomor 18 Tahun 2017 telah disahkan oleh DPR.", ("adopter=DPR", "policy=Undang-Undang Nomor 18 Tahun 2017")),
        ),
        bad=("DPR membaca Undang-Undang Nomor 18 Tahun 2017.", "DPR belum mengesahkan Undang-Undang Nomor 18 Tahun 2017."),
    ),
)  # fmt: skip
