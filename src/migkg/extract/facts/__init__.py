"""The fact rules, one module a family."""

from __future__ import annotations

from migkg.extract.facts import events, occurrence, people, policies, structure
from migkg.extract.facts.rules import Rule

RULES: tuple[Rule, ...] = (*people.RULES, *occurrence.RULES, *events.RULES, *policies.RULES, *structure.RULES)
