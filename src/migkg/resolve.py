"""Claims → facts: each mention becomes an entity; "unsure" is an answer and leaves a finding, not a guess.

An IRI follows from the article and the reference data alone, so that every process, on every
machine, gives the same one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from migkg import iris
from migkg.entities import SEVERAL, Entities, Unsure, composite_of
from migkg.extract import Claims
from migkg.extract.claims import Claim
from migkg.extract.facts.rules import expand
from migkg.extract.gather import gather
from migkg.extract.mention import Mention
from migkg.model import RULES, Evidence, Extraction, Fact, Finding, PartialDate, Span, Text, Value
from migkg.ontology import load_ontology
from migkg.reference import Known, Reference

_NAMED = ("ORG", "POLICY", "PROG", "OBJ")


def resolve(claims: Claims, reference: Reference) -> Extraction:
    """Turn an article's claims into facts about entities."""
    return _Resolver(claims, reference).run()


class _Resolver:
    def __init__(self, claims: Claims, reference: Reference) -> None:
        self.claims = claims
        self.reading = claims.reading
        self.reference = reference
        self.article = claims.article
        self.text = self.article.text
        self.entities = Entities(claims, self.article, reference)
        self.evidence: dict[tuple[object, ...], dict[Evidence, None]] = {}

    def run(self) -> Extraction:
        findings: list[Finding] = list(self.claims.findings)
        drafts: list[tuple[Claim, dict[str, tuple[str, ...]]]] = []
        gathered = gather(claim for claim in self.claims.claims if claim.reader in self.claims.readers)
        # The rules alone name the events, so that these are the same whoever else reads.
        agents = self.claims.agents
        naming = gather(claim for claim in self.claims.claims if claim.reader == RULES) if agents else gathered
        event_claims = [claim for claim in naming if claim.kind in ("Occurrence", "Hosting", "SubEvent")]
        self.entities.name_events(event_claims)
        for claim in sorted(gathered, key=lambda claim: claim.reader != RULES):
            try:
                drafts.append(
                    (claim, {role: self.entities.role(role, targets) for role, targets in claim.roles.items()})
                )
            except Unsure as unsure:
                findings.append(self._unsure(unsure, claim))
        facts: dict[tuple[object, ...], Fact] = {}
        for claim, roles in drafts:
            for one in _split(roles):
                self._add(facts, claim, one)
        for claim, one in self._implied() if RULES in self.claims.readers else ():
            self._add(facts, claim, one)
        for claim, one in self._named({iri for fact in facts.values() for _, found in fact.roles for iri in found}):
            self._add(facts, claim, one)
        around = self._around()
        ordered = {}
        for key, fact in facts.items():
            # Most words are read in one sentence only.
            proofs = {
                e if around[e.span] == e.sentence else replace(e, sentence=around[e.span]) for e in self.evidence[key]
            }
            ordered[key] = replace(fact, evidence=tuple(sorted(proofs)))
        observed = self._observed(ordered)
        used = {iri for fact in observed for _, found in fact.roles for iri in found}
        entities = tuple(self.entities.all[iri] for iri in sorted(self.entities.all) if iri in used)
        return Extraction(
            self.article, entities, tuple(sorted(observed, key=lambda f: (f.evidence[0].span, f.kind, repr(f.roles)))),
            tuple(sorted(set(findings))), self.claims.agents,
        )  # fmt: skip

    # -- facts -----------------------------------------------------------------------------------------------------

    def _add(self, facts: dict[tuple[object, ...], Fact], claim: Claim, roles: Mapping[str, tuple[str, ...]]) -> None:
        kind = load_ontology().kind(claim.kind)
        values = {name: iri for name, iri in roles.items() if iri}
        if claim.kind == "PartOf" and values["part"] == values["whole"]:
            return
        if kind.symmetric:
            first, second = kind.roles
            one, two = sorted((values[first], values[second]))
            if one == two:
                return
            values = {first: one, second: two}
        if not claim.span.start < claim.span.end <= len(self.text):
            return  # the evidence gate: no words, no fact
        fact = Fact(
            claim.kind,
            tuple(sorted((name, found) for name, found in values.items())),
            tuple(sorted(((name, _ordered(found)) for name, found in claim.qualifiers.items()), key=lambda q: q[0])),
            (Evidence(claim.span, claim.sentence, claim.rule, claim.reader),),
        )
        identity: tuple[object, ...] = (
            fact.kind, fact.roles, tuple(q for q in fact.qualifiers if q[0] not in kind.wording)
        )  # fmt: skip
        if claim.reader != RULES and identity not in facts:
            identity = self._told(facts, fact) or identity
        self.evidence.setdefault(identity, {})[fact.evidence[0]] = None
        known = facts.get(identity)
        if known is None:
            facts[identity] = fact
        elif fact.qualifiers != known.qualifiers:
            wording = dict((*fact.qualifiers, *known.qualifiers))
            facts[identity] = replace(known, qualifiers=tuple(sorted(wording.items(), key=lambda q: q[0])))

    def _around(self) -> dict[Span, Span]:
        """The one sentence around each span: the widest that a rule read it in."""
        around: dict[Span, Span] = {}
        for proofs in self.evidence.values():
            for proof in proofs:
                known = around.get(proof.span)
                around[proof.span] = known.join(proof.sentence) if known else proof.sentence
        return around

    def _told(self, facts: Mapping[tuple[object, ...], Fact], fact: Fact) -> tuple[object, ...] | None:
        """The fact that a second reader tells again: in words that overlap, and saying no more."""
        words = fact.evidence[0].span
        for identity, known in facts.items():
            if (
                known.kind == fact.kind
                and any(evidence.span.overlaps(words) for evidence in self.evidence[identity])
                and all(set(found) <= set(known.role(name)) for name, found in fact.roles)
                and all(
                    isinstance(value, Text) or value in known.qualifier(name)
                    for name, values in fact.qualifiers
                    for value in values
                )
            ):
                return identity
        return None

    def _observed(self, facts: Mapping[tuple[object, ...], Fact]) -> list[Fact]:
        """Affiliations carry the day on which they were seen: that of the main event, else of publication."""
        main = self.entities.events.get(self.claims.events.main or "")
        starts = [
            fact.qualifier("start")[0]
            for fact in facts.values()
            if fact.kind == "Occurrence" and fact.role("event") == (main,) and fact.qualifier("start")
        ]
        day = starts[0] if starts else self.article.published
        found = []
        for fact in facts.values():
            if fact.kind == "Affiliation" and isinstance(day, PartialDate):
                qualifiers = (*fact.qualifiers, ("observed", (day,)))
                fact = replace(fact, qualifiers=tuple(sorted(qualifiers, key=lambda q: q[0])))
            found.append(fact)
        return found

    def _implied(self) -> Iterator[tuple[Claim, dict[str, tuple[str, ...]]]]:
        """ "IOM Mongolia" says by its name that it is part of IOM."""
        seen: set[str] = set()
        for line in self.reading.lines:
            for mention in line.mentions:
                if mention.type != "ORG":
                    continue
                whole = self._named_whole(mention)
                if whole is None:
                    continue
                iri = self.entities.organization(mention)
                if iri in self.entities.all and iri not in seen and iri != whole.iri:
                    seen.add(iri)
                    self.entities.keep_known(whole, "")
                    claim = Claim("PartOf", {}, mention.span, line.sentence.span, "partof.country-office", {})
                    yield claim, {"part": (iri,), "whole": (whole.iri,)}

    def _named(self, told: set[str]) -> Iterator[tuple[Claim, dict[str, tuple[str, ...]]]]:
        """Bodies, policies and programmes that no other fact speaks of: that the article names them is stated too.

        :param told: IRIs of all that other facts speak of.
        """
        article = iris.entity("article", self.article.id)
        for line in self.reading.lines:
            if line.sentence.kind not in ("body", "title"):
                continue
            for mention in (*line.mentions, *self.reading.inner.get(line.sentence.index, ())):
                if mention.type not in _NAMED or mention.reader not in self.claims.readers:
                    continue
                for target in expand(mention, self.claims.events):
                    try:
                        iri = self.entities.of(target)
                    except Unsure:
                        continue  # a rule that needs the name has said so
                    if iri and iri not in told:
                        told.add(iri)
                        words, sentence = mention.span, line.sentence.span
                        claim = Claim("Mention", {}, words, sentence, "mention.named", {}, mention.reader)
                        yield claim, {"article": (article,), "mentioned": (iri,)}

    def _named_whole(self, mention: Mention) -> Known | None:
        """The body whose name a unit's name starts with."""
        composite = composite_of(mention)
        if composite and composite.kind == "office":
            part = composite.part("whole")
            return self.reference.entities[part.names[0].iri] if part and part.names else None
        for name in mention.names:
            known = self.reference.entities[name.iri]
            if known.kind != "unit":
                continue
            for _, parent in known.parents:
                words = mention.text.split()
                for end in range(1, len(words)):
                    if any(other.iri == parent for other in self.reference.lookup(" ".join(words[:end]))):
                        return self.reference.entities[parent]
        return None

    def _unsure(self, unsure: Unsure, claim: Claim) -> Finding:
        if not unsure.candidates:
            what = f'"{unsure.mention.text}" is in no scheme; the {claim.kind} it stands in was left out.'
            return Finding(
                "warning", "resolution.unknown", "", f"{what} Check the number in the article.", article=self.article.id
            )
        names = ", ".join(iris.name(iri) for iri in unsure.candidates)
        return Finding(
            "info", "resolution.unsure", "", article=self.article.id, value=unsure.mention.text,
            message=f'"{unsure.mention.text}" may be any of: {names}; the {claim.kind} it stands in was left out. '
            "Add a name that tells them apart to the reference data.",
        )  # fmt: skip


def _ordered(values: tuple[Value, ...]) -> tuple[Value, ...]:
    return tuple(sorted(dict.fromkeys(values), key=repr))


def _split(roles: Mapping[str, tuple[str, ...]]) -> Iterator[dict[str, tuple[str, ...]]]:
    """One mapping for each combination of things in the roles that hold one thing a fact."""
    single = [name for name in roles if name not in SEVERAL and len(roles[name]) > 1]
    if not single:
        yield dict(roles)
        return
    name = single[0]
    for iri in roles[name]:
        yield from _split({**roles, name: (iri,)})
