"""What a fact rule is, and how rules are run over a reading."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from operator import itemgetter

from migkg.extract.claims import Claim, EventRef, Target
from migkg.extract.grammar import grammar, placeholders
from migkg.extract.lexicon import Lexicon
from migkg.extract.mention import Line, Mention
from migkg.extract.mentions import Reading
from migkg.extract.mentions.compose import Composite
from migkg.extract.tracking import Events
from migkg.model import Ref, Span, Text, Value


@dataclass(frozen=True, slots=True)
class Hit:
    """A pattern's match in a line."""

    reading: Reading
    events: Events
    line: Line
    match: re.Match[str]
    rule: str

    def has(self, role: str) -> bool:
        """Whether the pattern's group of this name matched anything."""
        return bool(self.match.groupdict().get(role))

    def mentions(self, role: str) -> tuple[Mention, ...]:
        """The mentions in a group."""
        group = self.match.groupdict().get(role) or ""
        return tuple(self.line.find(placeholder) for placeholder in placeholders(group))

    def mention(self, role: str) -> Mention:
        """The first mention in a group that matched."""
        return self.mentions(role)[0]

    def targets(self, role: str) -> tuple[Target, ...]:
        """The things a role's mentions stand for: events by key, composites one by one."""
        return tuple(target for mention in self.mentions(role) for target in self.expand(mention))

    def expand(self, mention: Mention) -> tuple[Target, ...]:
        """The things that one mention stands for."""
        return expand(mention, self.events)

    @property
    def span(self) -> Span:
        """The words that matched, without punctuation at the ends."""
        found = self.line.span(self.match.start(), self.match.end())
        text = self.reading.document.text
        start, end = found.start, found.end
        while end - 1 > start and text[end - 1] in ",;: ":
            end -= 1
        return Span(start, end)

    def words(self, role: str) -> Span:
        """The stretch of text that a group covers."""
        return self.line.span(*self.match.span(role))

    def printed(self, span: Span) -> Text:
        """The words of a span, in the language of the document."""
        return Text(" ".join(span.of(self.reading.document.text).split()), self.reading.document.lang)

    def claim(
        self,
        kind: str,
        roles: Mapping[str, Iterable[Target]],
        qualifiers: Mapping[str, Iterable[Value]] | None = None,
        *,
        span: Span | None = None,
    ) -> Claim:
        """A claim on this hit's words; empty roles and qualifiers are left out."""
        return Claim(
            kind,
            {name: things for name, targets in roles.items() if (things := tuple(targets))},
            span or self.span,
            self.line.sentence.span,
            self.rule,
            {name: kept for name, values in (qualifiers or {}).items() if (kept := tuple(values))},
        )


def expand(mention: Mention, events: Events) -> tuple[Target, ...]:
    """The things that one mention stands for."""
    if mention.type == "EVENT":
        return tuple(EventRef(key) for key in events.keys(mention))
    if isinstance(mention.value, tuple) and mention.value and isinstance(mention.value[0], Composite):
        return mention.value
    if mention.type == "OBJ":
        return tuple(Ref(iri) for iri in mention.value.iris)
    return (mention,)


Reader = Callable[[Hit], Iterable[Claim]]


@dataclass(frozen=True, slots=True, eq=False)  # told apart by identity: their words are long to compare
class Rule:
    """A construction that states a fact.

    :param name: family and construction, as it stands in the graph ("affiliation.role-after-name").
    :param patterns: in the language of `grammar`, tried in order.
    :param read: from a match to claims.
    :param good: sentence → what it must yield, as "role=words" in the order of the ontology; run as tests.
    :param bad: sentences of which the rule must make nothing; run as tests.
    :param once: names of roles: a mention that filled one in an earlier match of the line is not read again.
    :param folded: whether the patterns read lines in which a person's phrase is one symbol, see `fold`.
    """

    name: str
    lang: str
    patterns: tuple[str, ...]
    read: Reader
    good: tuple[tuple[str, tuple[str, ...]], ...]
    bad: tuple[str, ...]
    once: str | None = None
    folded: bool = False


# Speech verb and "that": what follows is what somebody claims.
_CLAIMED = {
    "en": (
        "@report that",
        "@say that",
        "said|says ( the|a|all|most|many|its )? {ORG|PLACE|NAME|POLICY|EVENT|CATEGORY} .3 @hold",
    ),
    "id": ("@report bahwa", "@say bahwa"),
}
_ACCORDING = {"en": ("according to",), "id": ("menurut ( {ROLE} )? ( {ORG} )? {NAME}",)}
# "…, said X" behind words without quotation marks.
_ATTRIBUTED = (", @say {NAME}", ", {NAME} @say $")
_RELATIVE = re.compile(r", (?:which|who|yang) [^,]*,")
_CONDITIONS = ("if ", "whether ", "unless ", "jika ", "kalau ", "apabila ", "bila ", "seandainya ")


def claimed_from(line: Line, lang: str) -> int:
    """Where in the line a reported clause starts; behind the end when there is none.

    What a speaker claims is the content of a Statement and no fact of the graph.
    """
    if _first_end(_ACCORDING[lang], line, lang) is not None:
        return 0
    if "QUOTE" not in line.types and _first_end(_ATTRIBUTED, line, lang) is not None:
        return 0
    claimed = _first_end(_CLAIMED[lang], line, lang)
    return len(line.text) if claimed is None else claimed


def _first_end(patterns: tuple[str, ...], line: Line, lang: str) -> int | None:
    """Where the first match of each pattern ends, the earliest of them; None when none matches."""
    found = (regex.search(line.text) for _, regex in grammar(patterns, lang).fitting(line.words))
    return min((match.end() for match in found if match), default=None)


def is_supposed(line: Line) -> bool:
    """A question, or a sentence that opens with a condition, states nothing."""
    return line.text.rstrip().endswith("?") or line.text.startswith(_CONDITIONS)


def is_denied(text: str, start: int, lexicon: Lexicon) -> bool:
    """Whether a word of negation stands among the words from `start` on, or among the two before them."""
    # What a relative clause denies is not what the sentence denies: "X, which does not fund travel, held …".
    words = (*text[:start].split()[-2:], *_RELATIVE.sub(" ", text[start:]).split())
    return not frozenset(lexicon.words["negation"]).isdisjoint(words)


def is_verb_denied(text: str, verb: int, lexicon: Lexicon) -> bool:
    """Whether a word of negation stands among the four before a verb, relative clauses aside."""
    words = _RELATIVE.sub(" ", text[:verb]).split()[-4:]
    return not frozenset(lexicon.words["negation"]).isdisjoint(words)


def run(rules: Iterable[Rule], reading: Reading, events: Events) -> Iterator[Claim]:
    """Run rules of the document's language over every line; earlier patterns win."""
    lang = reading.document.lang
    chosen, plain, folded = _patterns(tuple(rules), lang)
    of_plain, of_folded = grammar(plain[0], lang), grammar(folded[0], lang)  # looked up once: hundreds of patterns
    for line, people in zip(reading.lines, reading.people, strict=True):
        if not line.types or is_supposed(line):
            continue
        fitting = [(plain[1][i], regex, line) for i, regex in of_plain.fitting(line.words)]
        fitting += [(folded[1][i], regex, people) for i, regex in of_folded.fitting(people.words)]
        yield from _run(sorted(fitting, key=itemgetter(0)), chosen, reading, events)


def _run(
    fitting: list[tuple[int, re.Pattern[str], Line]], chosen: tuple[Rule, ...], reading: Reading, events: Events
) -> Iterator[Claim]:
    """Run the patterns that fit one sentence, each over its line, in their order."""
    claims_at: dict[int, int] = {}
    matched: dict[int, list[tuple[int, int]]] = {}
    seen: set[Span] = set()
    for number, regex, line in fitting:
        rule = chosen[number]
        for match in regex.finditer(line.text):
            taken = matched.setdefault(id(rule), [])
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            if id(line) not in claims_at:
                claims_at[id(line)] = claimed_from(line, rule.lang)
            if match.end() > claims_at[id(line)]:
                continue
            if is_denied(line.text[: match.end()], match.start(), reading.lexicon):
                continue
            hit = Hit(reading, events, line, match, rule.name)
            once = {mention.span for role in (rule.once or "").split() for mention in hit.mentions(role)}
            if once & seen:
                continue
            claims = list(rule.read(hit))
            if claims:
                taken.append(match.span())
                seen |= once
            yield from claims


_Numbered = tuple[tuple[str, ...], tuple[int, ...]]


@cache
def _patterns(rules: tuple[Rule, ...], lang: str) -> tuple[tuple[Rule, ...], _Numbered, _Numbered]:
    """The rule of each pattern of a language; the patterns of plain and of folded lines with their numbers among all."""
    found = [(rule, pattern) for rule in rules if rule.lang == lang for pattern in rule.patterns]
    plain, folded = (
        tuple((pattern, i) for i, (rule, pattern) in enumerate(found) if rule.folded is folds) for folds in (False, True)
    )
    split = [(tuple(p for p, _ in some), tuple(i for _, i in some)) for some in (plain, folded)]
    return tuple(rule for rule, _ in found), split[0], split[1]
