"""Claims that complete each other: what several sentences say of one event's time and place, or of one profile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from migkg.extract.claims import Claim, Target
from migkg.model import Value

# One claim of these kinds says all that an article says of the thing in this role; sentences fill it together.
_GATHERED = {"Occurrence": "event", "Assessment": "profile", "Attendance": "event"}


def gather(claims: Iterable[Claim]) -> list[Claim]:
    """Put together what several sentences say of one event's time and place, or of one profile."""
    kept: list[Claim] = []
    groups: dict[tuple[str, Target], list[Claim]] = {}
    for claim in claims:
        role = _GATHERED.get(claim.kind)
        if role is None or not claim.roles.get(role):
            kept.append(claim)
        else:
            groups.setdefault((claim.kind, claim.roles[role][0]), []).append(claim)
    for group in groups.values():
        roles: dict[str, tuple[Target, ...]] = {}
        qualifiers: dict[str, tuple[Value, ...]] = {}
        used = []
        for claim in group:
            if claim.kind == "Occurrence" and "start" in claim.qualifiers and "start" in qualifiers:
                # A second date says when else people spoke of the event; the first statement stands.
                if claim.qualifiers["start"] == qualifiers["start"]:
                    used.append(claim)
                continue
            news = {name for name in claim.roles if name not in roles}
            told = {name for name in claim.qualifiers if name not in qualifiers}
            if not news and not told and claim is not group[0]:
                continue
            used.append(claim)
            roles |= {name: found for name, found in claim.roles.items() if name in news}
            qualifiers |= {name: found for name, found in claim.qualifiers.items() if name in told}
        kept += [replace(claim, roles=roles, qualifiers=qualifiers) for claim in used]
    return sorted(kept, key=lambda c: (c.span, c.kind, c.rule))
