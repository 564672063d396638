"""A picture of the ontology: how facts, entities and evidence hang together, each kind of fact, and the classes.

Plain SVG, made out of the ontology itself, so that a new kind of fact is in it at once. Its colours follow the reader's
light or dark setting.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from migkg.ontology import ONT, PREFIXES, FactKind, load_ontology
from migkg.queries import short

if TYPE_CHECKING:
    import pyoxigraph as ox

_WIDTH, _MARGIN, _GAP, _COLUMNS = 1240, 24, 16, 4
_CARD = (_WIDTH - 2 * _MARGIN - (_COLUMNS - 1) * _GAP) // _COLUMNS
_PAD, _INDENT, _CHARACTERS = 14, 16, 40  # of a line in a card
_RDFS, _SCHEMA = PREFIXES["rdfs"], PREFIXES["schema"]
_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "The ontology of migkg", "pattern": "A fact and its evidence", "kinds": "Kinds of facts",
        "classes": "Classes of things", "entity": "entity", "role": "role", "shortcut": "shortcut",
        "text": "the exact words", "version": "the text read", "with": "with", "any": "anything",
    },
    "id": {
        "title": "Ontologi migkg", "pattern": "Fakta dan buktinya", "kinds": "Jenis fakta",
        "classes": "Kelas hal", "entity": "entitas", "role": "peran", "shortcut": "pintasan",
        "text": "kata-kata persisnya", "version": "teks yang dibaca", "with": "dengan", "any": "apa pun",
    },
}  # fmt: skip
_STYLE = """
:root { color-scheme: light dark; }
.ground { fill: #ffffff; } .card { fill: #fbfaf7; stroke: #c9c4b8; } .fact { fill: #e8f1f3; stroke: #0b5a6f; }
text { font-family: system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; font-size: 13px;
fill: #1d2329; }
.heading { font-size: 19px; font-weight: 600; } .name { font-size: 15px; font-weight: 600; }
.term { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 11.5px; fill: #57606a; }
.of { fill: #0b5a6f; } .quiet { fill: #57606a; } .line { stroke: #57606a; fill: none; } .dash { stroke-dasharray: 5 4; }
.tip { fill: #57606a; } .middle { text-anchor: middle; }
@media (prefers-color-scheme: dark) {
.ground { fill: #1b2126; } .card { fill: #14181c; stroke: #4a545e; } .fact { fill: #10303a; stroke: #7cc4d6; }
text { fill: #e4e6e8; } .term, .quiet, .tip { fill: #a3acb5; } .of { fill: #7cc4d6; } .line { stroke: #a3acb5; }
}
"""


def diagram(quads: Iterable[ox.Quad], lang: str) -> bytes:
    """The picture as SVG.

    :param quads: the ontology. :param lang: of labels.
    """
    told = _Ontology.of(quads, lang)
    pieces: list[str] = []
    y = _MARGIN + 10
    for heading, part in (("pattern", _pattern), ("kinds", _kinds), ("classes", _classes)):
        pieces.append(_text(_MARGIN, y + 12, _WORDS[lang][heading], "heading"))
        shown, height = part(told, lang, y + 32)
        pieces += shown
        y += 32 + height + 34
    title = escape(_WORDS[lang]["title"])
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y}" width="{_WIDTH}" height="{y}" role="img" '
        f'lang="{lang}"><title>{title}</title><style>{_STYLE}</style>'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path class="tip" d="M0 0L8 4L0 8z"/></marker></defs>'
        f'<rect class="ground" width="{_WIDTH}" height="{y}"/>'
    )
    return "\n".join((head, *pieces, "</svg>", "")).encode()


@dataclass(slots=True)
class _Ontology:
    """Labels, ranges and superclasses of its terms."""

    labels: dict[str, str] = field(default_factory=dict)
    ranges: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    above: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, quads: Iterable[ox.Quad], lang: str) -> _Ontology:
        import pyoxigraph as ox

        made = cls()
        for quad in sorted(quads, key=str):
            if not isinstance(quad.subject, ox.NamedNode):
                continue
            subject, predicate, value = quad.subject.value, quad.predicate.value, quad.object
            if isinstance(value, ox.Literal):
                if predicate == _RDFS + "label" and (value.language == lang or subject not in made.labels):
                    made.labels[subject] = value.value
            elif isinstance(value, ox.NamedNode) and predicate in (_SCHEMA + "rangeIncludes", _RDFS + "range"):
                made.ranges[subject].append(value.value)
            elif isinstance(value, ox.NamedNode) and predicate == _RDFS + "subClassOf":
                made.above[subject].append(value.value)
        return made

    def label(self, iri: str) -> str:
        """Its label, or its short name."""
        return self.labels.get(iri, short(iri))


def _pattern(told: _Ontology, lang: str, y: int) -> tuple[list[str], int]:
    """Boxes in a row: an entity, the fact, the words that state it, the text that they stand in, the article."""
    words, width, height = _WORDS[lang], 168, 62
    step = (_WIDTH - 2 * _MARGIN - width) / 4
    boxes = (
        (words["entity"], "org:Organization, foaf:Person …"), (told.label(ONT + "Fact"), "mig:Fact"),
        (words["text"], "oa:SpecificResource"), (words["version"], "mig:Snapshot"),
        (told.label(_SCHEMA + "NewsArticle"), "schema:NewsArticle"),
    )  # fmt: skip
    arrows = (words["role"], "mig:evidence", "oa:hasSource", "prov:specializationOf")
    top, pieces = y + 46, []
    for place, (name, term) in enumerate(boxes):
        x, small = _MARGIN + place * step, len(term) > 22
        pieces.append(_box(x, top, width, height, "fact" if place == 1 else "card"))
        pieces.append(_text(x + width / 2, top + 27, name, "name middle"))
        pieces.append(_text(x + width / 2, top + 46, "org: foaf: schema: …" if small else term, "term middle"))
    for place, name in enumerate(arrows):
        start, end = _MARGIN + place * step + width, _MARGIN + (place + 1) * step
        if place == 0:
            start, end = end, start
        pieces.append(f'<path class="line" marker-end="url(#tip)" d="M{start:g} {top + 31}H{end:g}"/>')
        pieces.append(_text((start + end) / 2, top - 10, name, "term middle"))
    x = _MARGIN + width / 2
    arc = f"M{x - 40:g} {top}C{x - 40:g} {top - 44} {x + 40:g} {top - 44} {x + 40:g} {top - 2}"
    pieces.append(f'<path class="line dash" marker-end="url(#tip)" d="{arc}"/>')
    pieces.append(_text(x, top - 38, words["shortcut"], "term middle"))
    return pieces, 46 + height


def _kinds(told: _Ontology, lang: str, y: int) -> tuple[list[str], int]:
    """A card for each kind of fact: its roles with what may fill them, its qualifiers, its shortcuts."""
    kinds = sorted(load_ontology().facts.values(), key=lambda kind: (told.label(kind.iri), kind.iri))
    return _cards([list(_kind(told, lang, kind)) for kind in kinds], y, "fact")


def _kind(told: _Ontology, lang: str, kind: FactKind) -> Iterator[tuple[str, str, int]]:
    """(text, style, indent) of each line of a card."""
    yield told.label(kind.iri), "name", 0
    above = [short(iri) for iri in told.above[kind.iri] if iri != ONT + "Fact"]
    yield " ⊑ ".join((short(kind.iri), *above)), "term", 0
    for role in kind.roles.values():
        yield told.label(role), "", 0
        fillers = sorted({told.label(iri) for iri in told.ranges[role]}) or [_WORDS[lang]["any"]]
        for line in textwrap.wrap("→ " + ", ".join(fillers), _CHARACTERS - 5):
            yield line, "of", 12
    if kind.qualifiers:
        named = ", ".join(told.label(iri) for iri in kind.qualifiers.values())
        for line in textwrap.wrap(f"{_WORDS[lang]['with']} {named}", _CHARACTERS):
            yield line, "quiet", 0
    shortcuts = list(dict.fromkeys(short(shortcut.predicate) for shortcut in kind.shortcuts))
    for line in textwrap.wrap("⇢ " + ", ".join(shortcuts), 36, break_long_words=False) if shortcuts else ():
        yield line, "term", 0


def _classes(told: _Ontology, lang: str, y: int) -> tuple[list[str], int]:  # noqa: ARG001 - as the others
    """A card for each class that things of the ontology are typed with, and the classes below it."""
    below: dict[str, list[str]] = defaultdict(list)
    kinds = {kind.iri for kind in load_ontology().facts.values()} | {ONT + "Fact"}
    for iri, above in told.above.items():
        for other in above:
            if iri not in kinds:
                below[other].append(iri)
    used = {type_ for kind in load_ontology().entities.values() for type_ in kind.types}
    for iri in list(used):
        used.update(told.above[iri])
    roots = [iri for iri in used if not told.above[iri]]
    roots.sort(key=lambda iri: (-len(below[iri]), told.label(iri), iri))

    def tree(iri: str, depth: int) -> Iterator[tuple[str, str, int]]:
        yield told.label(iri), "name" if not depth else "", _INDENT * depth
        yield short(iri), "term", _INDENT * depth
        for other in sorted(below[iri], key=lambda iri: (told.label(iri), iri)):
            yield from tree(other, depth + 1)

    return _cards([list(tree(root, 0)) for root in roots], y, "card")


def _cards(cards: Sequence[Sequence[tuple[str, str, int]]], y: int, style: str) -> tuple[list[str], int]:
    """Cards in columns, each below the shortest one so far."""
    pieces, ends = [], [y] * _COLUMNS
    for lines in cards:
        column = ends.index(min(ends))
        x, top = _MARGIN + column * (_CARD + _GAP), ends[column]
        height = 2 * _PAD + sum(_height(style_) for _, style_, _ in lines)
        pieces.append(_box(x, top, _CARD, height, style))
        at, stems = top + _PAD, dict[int, int]()  # indent → where a branch to an entry begins
        for text, style_, indent in lines:
            at += _height(style_)
            pieces.append(_text(x + _PAD + indent, at - 5, text, style_))
            if style == "card" and style_ == "term":
                stems[indent + _INDENT] = at
            elif style == "card" and indent:
                left = x + _PAD + indent - 10
                pieces.append(f'<path class="line" d="M{left:g} {stems[indent]:g}V{at - 9:g}h7"/>')
                stems[indent] = at - 9
        ends[column] = top + height + _GAP
    return pieces, max(ends) - y - _GAP


def _height(style: str) -> int:
    return {"name": 21, "term": 17}.get(style, 18)


def _box(x: float, y: float, width: float, height: float, style: str) -> str:
    return f'<rect class="{style}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="6"/>'


def _text(x: float, y: float, text: str, style: str) -> str:
    class_ = f' class="{style}"' if style else ""
    return f'<text x="{x:g}" y="{y:g}"{class_}>{escape(text)}</text>'
