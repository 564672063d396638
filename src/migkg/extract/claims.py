"""What a rule yields: a fact whose roles are still mentions, with the words that state it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from migkg.extract.mention import Mention
from migkg.extract.mentions.compose import Composite
from migkg.model import RULES, Ref, Span, Value


@dataclass(frozen=True, slots=True)
class EventRef:
    """An event of the document by its key; `tracking` gives out the keys."""

    key: str


@dataclass(frozen=True, slots=True)
class Post:
    """A post: the mention of its title, and where it is."""

    title: Mention
    organization: Target | None


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit that a post's holder heads, when the reference data know it: the Directorate of X for its Director.

    :param whole: the body that the text names beside the title, if any.
    """

    title: Mention
    whole: Mention | None


Target = Mention | EventRef | Composite | Post | Unit | Ref


@dataclass(frozen=True, slots=True)
class Claim:
    """A fact before resolution.

    :param span: the exact words; `sentence`: the sentence or sentences that they stand in.
    :param reader: who read it, as `model.Evidence` has it.
    """

    kind: str
    roles: Mapping[str, tuple[Target, ...]]
    span: Span
    sentence: Span
    rule: str
    qualifiers: Mapping[str, tuple[Value, ...]]
    reader: str = RULES
