"""Second pass: mentions that are built from mentions, by patterns over the first pass's line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from migkg.extract.document import Sentence
from migkg.extract.grammar import grammar, of_language, placeholders
from migkg.extract.lexicon import Lexicon
from migkg.extract.mention import Line, Mention, encode
from migkg.extract.mentions.acronyms import is_short_form
from migkg.extract.mentions.phrases import EventNoun
from migkg.model import Span
from migkg.reference import load_reference

# kind of entity that is built → patterns; `part` groups are what it is built from.
COMPOSITIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "action-plan", "en",
        (
            "national? action plan ( [ nap|ran ] )? of|for|on the? {part:POLICY} ( {DATE} )?",
            "national? implementation plan ( [ .1 ] )? of|for the? {part:POLICY} ( {DATE} )?",
            "nap|ran of|for|on? the? {part:POLICY} ( {DATE} )?",
            "nap|ran {part:POLICY}",
            "{part:POLICY} national? action plan|nap ( [ nap|ran ] )?",
        ),
    ),
    (
        "action-plan", "id",
        (
            "rencana aksi nasional ( [ ran ] )? untuk|bagi|tentang? {part:POLICY} ( {DATE} )?",
            "ran untuk|bagi? {part:POLICY} ( {DATE} )?",
            "rencana aksi {part:POLICY}",
        ),
    ),
    (
        "profile", "en",
        (
            "{framework:POLICY} country|national|local? profile|profiles|report|reports|assessment|assessments of|for|in the? {part:PLACE+}",
            "{part:PLACE} 's? {framework:POLICY} profile|profiles|report|reports",
        ),
    ),
    (
        "profile", "id",
        ("profil|laporan nasional|lokal? {framework:POLICY} ( untuk|di|bagi )? {part:PLACE+}",),
    ),
    ("office", "en", ("{whole:ORG} {part:PLACE}",)),
    ("office", "id", ("{whole:ORG} {part:PLACE}",)),
)  # fmt: skip


# The words of an action plan before what it is for.
_HEAD = re.compile(r"\s(?=\()|\s(?:of|for|on|untuk|bagi|tentang)\b")
_BRACKET = re.compile(r"\s?\((?:the |or )?[“\"']?(?P<short>[^()\n]{2,60}?)[”\"']?\)")


@dataclass(frozen=True, slots=True)
class Composite:
    """A thing named by the things that it belongs to: the action plan of a compact, the profile of a place.

    :param kind: entity kind; `parts`: name of the part → mentions.
    """

    kind: str
    parts: tuple[tuple[str, Mention], ...]

    def part(self, name: str) -> Mention | None:
        """The mention that is this part."""
        return next((mention for part, mention in self.parts if part == name), None)


def compose(sentence: Sentence, found: tuple[Mention, ...], lexicon: Lexicon, text: str) -> Line:
    """Fold short forms in brackets into their mentions, then build composites.

    :param found: selected mentions of the sentence, in order.
    :returns: the sentence's line.
    """
    line = encode(sentence, _folded(found, text))
    mentions = list(line.mentions)
    composed = False
    kinds, patterns = of_language(COMPOSITIONS, lexicon.lang)
    for number, regex in grammar(patterns, lexicon.lang).fitting(line.words):
        for match in regex.finditer(line.text):
            built = _build(kinds[number], match, line, text)
            if built is not None and not any(_clash(built, other) for other in mentions):
                mentions = [m for m in mentions if not built.span.holds(m.span)]
                mentions.append(built)
                composed = True
    return encode(sentence, sorted(mentions, key=lambda m: m.span)) if composed else line


def _clash(built: Mention, other: Mention) -> bool:
    """A composite may swallow mentions, not cross them; nor replace an equally long one of its type."""
    if not built.span.overlaps(other.span):
        return False
    return not built.span.holds(other.span) or (other.value.__class__ is tuple and built.type == other.type)


def _build(kind: str, match: re.Match[str], line: Line, text: str) -> Mention | None:
    span = line.span(match.start(), match.end())
    groups = {name: [line.find(p) for p in placeholders(group)] for name, group in match.groupdict().items() if group}
    parts = groups["part"]
    rest = tuple((name, found[0]) for name, found in groups.items() if name != "part")
    if kind == "office":
        return _office(span, groups)
    if kind == "profile" and not any(
        name.kind == "indicator-framework" for mention in groups["framework"] for name in mention.names
    ):
        return None
    if kind == "action-plan" and not any(
        name.kind in ("agreement", "framework", "convention", "agenda") for mention in parts for name in mention.names
    ):
        return None
    head = _HEAD.split(Span(span.start, parts[0].span.start).of(text))[0].strip() if kind == "action-plan" else ""
    if head[:1].isupper():
        words = Span(span.start, span.start + len(head))
        rest = (*rest, ("form", Mention("POLICY", words, " ".join(head.split()))))
    composites = tuple(Composite(kind, (("part", part), *rest)) for part in parts)
    return Mention("POLICY", span, " ".join(span.of(text).split()), value=composites)


def _office(span: Span, groups: dict[str, list[Mention]]) -> Mention | None:
    """ "IOM Mongolia": the office of an intergovernmental body in a country."""
    whole, place = groups["whole"][0], groups["part"][0]
    homes = {name.iri for name in place.names if name.kind == "country"}
    national = tuple(name for name in whole.names if name.local and load_reference().entities[name.iri].country in homes)
    if national:
        # "Ministry of Foreign Affairs Indonesia": the name that many countries' bodies have, and the country.
        return Mention("ORG", span, f"{whole.text} {place.text}", national)
    if homes and whole.names and all(name.kind == "organization" for name in whole.names):
        return Mention("ORG", span, f"{whole.text} {place.text}")  # "Caritas Jordan": a body of its own
    if not homes or not any(name.kind == "igo" for name in whole.names):
        return None
    return Mention(
        "ORG", span, f"{whole.text} {place.text}", value=(Composite("office", (("whole", whole), ("part", place))),)
    )


def _folded(mentions: tuple[Mention, ...], text: str) -> Iterator[Mention]:
    """ "International Organization for Migration (IOM)" is one mention."""
    skip: set[Span] = set()
    for i, mention in enumerate(mentions):
        if mention.span in skip:
            continue
        match = _BRACKET.match(text, mention.span.end) if mention.type in ("ORG", "POLICY", "PROG", "EVENT") else None
        if match:
            inside = [m for m in mentions[i + 1 : i + 4] if match.start() < m.span.start and m.span.end <= match.end()]
            same = [m for m in inside if m.type == mention.type and (_same(m, mention) or _same_event(m, mention))]
            short = match["short"]
            if inside and not any(m.names for m in inside) and _short(short, mention.text):
                same = inside  # its own acronym, read as a mention by now
            if same or (not inside and _short(short, mention.text)):
                skip.update(m.span for m in inside)
                yield replace(mention, span=Span(mention.span.start, match.end()), acronym=short)
                continue
        yield mention


def _same(one: Mention, other: Mention) -> bool:
    return bool({name.iri for name in one.names} & {name.iri for name in other.names})


def _same_event(one: Mention, other: Mention) -> bool:
    return (
        isinstance(one.value, EventNoun) and isinstance(other.value, EventNoun) and one.value.code == other.value.code
    )


def _short(short: str, long: str) -> bool:
    return short[0].isupper() and " " not in short and is_short_form(short, long)
