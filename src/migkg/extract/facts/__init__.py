"""The fact rules, one module a family."""

from __future__ import annotations

from migkg.extract.facts import (
    agreements,
    events,
    funding,
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
    *occurrence.RULES,
    *events.RULES,
    *policies.RULES,
    *structure.RULES,
    *funding.RULES,
    *agreements.RULES,
)
