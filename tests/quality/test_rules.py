"""Each rule reads its good sentences as it says and makes nothing of its bad ones."""

from __future__ import annotations

import hashlib

import pytest

from migkg.extract import extract
from migkg.extract.facts import RULES
from migkg.extract.facts.rules import Rule
from migkg.iris import name
from migkg.model import Article, Entity, Extraction, Ref, Text, Value
from migkg.reference import load_reference, normalise
from migkg.resolve import resolve

GOOD = [
    pytest.param(rule, *example, id=f"{rule.name}-{rule.lang}-{i}")
    for rule in RULES
    for i, example in enumerate(rule.good)
]
BAD = [pytest.param(rule, text, id=f"{rule.name}-{rule.lang}-{i}") for rule in RULES for i, text in enumerate(rule.bad)]


def read(text: str, lang: str) -> Extraction:
    digest = hashlib.sha256(text.encode()).hexdigest()
    claims = extract(Article("example", text, digest, "example", lang=lang), load_reference())
    assert claims is not None
    return resolve(claims, load_reference())


def shown(value: Value) -> str:
    if isinstance(value, Ref):
        return name(value.iri)
    return value.value if isinstance(value, Text) else str(value)


def forms(entity: Entity | None, iri: str) -> set[str]:
    """All that an example may call an entity: its labels, its names in the text, the end of its IRI."""
    known = load_reference().entities.get(iri)
    labels = [*(known.labels if known else ()), *(entity.labels if entity else ())]
    return {
        normalise(form) for form in (name(iri), *(label.value for label in labels), *(entity.names if entity else ()))
    }


@pytest.mark.parametrize(("rule", "text", "expected"), GOOD)
def test_good_sentence(rule: Rule, text: str, expected: tuple[str, ...]) -> None:
    found = read(text, rule.lang)
    facts = [fact for fact in found.facts if any(evidence.rule == rule.name for evidence in fact.evidence)]
    assert facts, f"{rule.name} reads nothing; all: {[(f.kind, [e.rule for e in f.evidence]) for f in found.facts]}"
    entities = {entity.iri: entity for entity in found.entities}
    said: dict[str, set[str]] = {}
    for fact in facts:
        for role, iris in fact.roles:
            for iri in iris:
                said.setdefault(role, set()).update(forms(entities.get(iri), iri))
        for qualifier, values in fact.qualifiers:
            said.setdefault(qualifier, set()).update(normalise(shown(value)) for value in values)
    for pair in expected:
        role, _, words = pair.partition("=")
        assert any(normalise(words) in form for form in said.get(role, ())), f"{pair} is not among {said.get(role)}"
    for fact in facts:
        for evidence in fact.evidence:
            assert evidence.sentence.holds(evidence.span)


@pytest.mark.parametrize(("rule", "text"), BAD)
def test_bad_sentence(rule: Rule, text: str) -> None:
    found = read(text, rule.lang)
    wrong = [fact for fact in found.facts if any(evidence.rule == rule.name for evidence in fact.evidence)]
    assert not wrong, f"{rule.name} reads {[(fact.kind, fact.roles) for fact in wrong]}"


def test_every_rule_has_examples() -> None:
    missing = [f"{rule.name} ({rule.lang})" for rule in RULES if not rule.good or not rule.bad]
    assert not missing, missing


def test_rule_names_are_unique_in_a_language() -> None:
    names = [(rule.name, rule.lang) for rule in RULES]
    assert len(names) == len(set(names))
