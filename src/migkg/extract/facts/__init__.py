"""The fact rules, one module a family."""

from __future__ import annotations

from migkg.extract.facts import (
    addressing,
    adoption,
    agreements,
    events,
    funding,
    guests,
    indonesian,
    occurrence,
    participation,
    people,
    policies,
    structure,
)
from migkg.extract.facts.rules import Rule

RULES: tuple[Rule, ...] = (
    *indonesian.RULES,
    *people.RULES,
    *participation.RULES,
    *guests.RULES,
    *occurrence.RULES,
    *events.RULES,
    *addressing.RULES,
    *policies.RULES,
    *adoption.RULES,
    *structure.RULES,
    *funding.RULES,
    *agreements.RULES,
)
