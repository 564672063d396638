"""What the graph says of who is joined to what, and what part of it is asked for: the stuff of networks and matrices.

A question of `queries/networks/` or `queries/matrices/` gives links, each with the fact behind it and its dates.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from migkg.errors import DataError, QueryError, UnknownName
from migkg.model import Node, PartialDate
from migkg.ontology import SCHEME, load_ontology
from migkg.queries import Question, labels
from migkg.sparql import blocks, text_of
from migkg.store import Store, select

_EVENT_TYPES = SCHEME + "event-types/"
_NOTES = {
    "en": {
        "undated": "{:,} facts without a date are left out.", "time": "Only what holds in the time from {} to {}.",
        "begin": "the beginning", "end": "the end", "types": "Only events of the types {}.",
        "units": "Units count as the bodies that they are part of.",
    },
    "id": {
        "undated": "{:,} fakta tanpa tanggal tidak disertakan.",
        "time": "Hanya yang berlaku pada masa dari {} sampai {}.",
        "begin": "awal", "end": "akhir", "types": "Hanya acara jenis {}.",
        "units": "Unit dihitung sebagai lembaga induknya.",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Selection:
    """What part of the graph a network is made of.

    :param since, until: an edge counts when it holds in some part of this time; partial dates stand for all they cover.
    :param event_types: last parts of IRIs in the scheme of event types; edges without an event are left alone.
    :param countries: names or IRIs; of an edge, at least one end belongs to one of them.
    :param min_weight: lighter edges are left out.
    :param roll_up: count what a unit does as done by the body that it is part of.
    :param ego: name or IRI of a thing; only it and what is within `hops` steps of it, with all edges between them.
    """

    since: PartialDate | None = None
    until: PartialDate | None = None
    event_types: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    min_weight: int = 1
    roll_up: bool = False
    ego: str = ""
    hops: int = 1


def selection(
    since: str = "", until: str = "", event_types: Sequence[str] = (), countries: Sequence[str] = (), *,
    min_weight: int = 1, roll_up: bool = False, ego: str = "", hops: int = 1,
) -> Selection:  # fmt: skip
    """A selection out of text. :raises QueryError: for a date that is none."""
    return Selection(_date(since), _date(until), tuple(event_types), tuple(countries), min_weight, roll_up, ego, hops)


def _date(text: str) -> PartialDate | None:
    try:
        return PartialDate.parse(text.strip()) if text else None
    except ValueError as error:
        raise QueryError(f'"{text}" is no date', expected="a date as 2024, 2024-06 or 2024-06-12") from error


def declarations(file: Path, what: str) -> dict[str, Any]:
    """What a TOML file declares, by name.

    :param what: networks, matrices: for the message. :raises DataError: when it is missing or broken.
    """
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"the {what} cannot be read ({error})", where=str(file)) from error


class Link(NamedTuple):
    """An edge as a question gives it."""

    source: str
    target: str
    kind: str
    fact: str
    event: str
    first: str
    last: str
    through: str = ""  # a second fact that is needed to join the two


def stated(store: Store, question: Question) -> Iterator[Link]:
    """The links that a question gives."""
    found = select(store, question.sparql, where=question.where)
    names = [name for name in Link._fields if name != "kind" and (name != "through" or name in found.columns)]
    places = [found.columns.index(name) for name in names]
    for row in found.rows:
        source, target, *told = (text_of(row[i]) for i in places)
        yield Link(source, target, question.name, *told)


# -- what counts -------------------------------------------------------------------------------------------------------


def chosen(
    store: Store, asked: Iterable[Question], selection: Selection, lang: str = "en"
) -> tuple[list[Link], list[str]]:
    """The links that count, and how they were chosen, a sentence each. Countries and weights are left to the caller.

    :param lang: of these sentences.
    :raises QueryError: when the time ends before it begins. :raises UnknownName: for an event type that is none.
    """
    since, until = str(selection.since or ""), str(selection.until or "")
    if since and until and not reaches(until, since):
        raise QueryError(f"the time from {since} to {until} ends before it begins", expected="since before until")
    notes: list[str] = []
    links = [link for question in asked for link in stated(store, question)]
    links = in_time(links, selection, notes, lang)
    links = of_types(store, links, selection, notes, lang)
    if selection.roll_up:
        links = rolled_up(store, links)
        notes.append(_NOTES[lang]["units"])
    return links, notes


def reaches(date: str, bound: str) -> bool:
    """Whether a day is not before another, at the shorter precision."""
    length = min(len(date), len(bound))
    return date[:length] >= bound[:length]


def in_time(links: list[Link], selection: Selection, notes: list[str], lang: str = "en") -> list[Link]:
    """Those that hold in some part of the time that is asked for."""
    since, until = str(selection.since or ""), str(selection.until or "")
    if not since and not until:
        return links
    told, dated = _NOTES[lang], [link for link in links if link.first or link.last]
    if undated := len(links) - len(dated):
        notes.append(told["undated"].format(undated))
    notes.append(told["time"].format(since or told["begin"], until or told["end"]))
    return [
        link
        for link in dated
        if reaches(link.last or link.first, since) and (not until or reaches(until, link.first or link.last))
    ]


def of_types(store: Store, links: list[Link], selection: Selection, notes: list[str], lang: str) -> list[Link]:
    """Those at events of the types that are asked for, and those at no event."""
    if not selection.event_types:
        return links
    scheme = {"scheme": _node(_EVENT_TYPES[:-1])}
    rows = select(store, "SELECT ?type WHERE { ?type skos:inScheme ?scheme }", scheme).rows
    known = sorted(text_of(term).removeprefix(_EVENT_TYPES) for (term,) in rows)
    for asked in selection.event_types:
        if asked not in known:
            raise UnknownName("event type", asked, known)
    events = {link.event for link in links if link.event}
    wanted = {_EVENT_TYPES + name for name in selection.event_types}
    fitting = {it for it, type_ in pairs(store, events, "dct:type") if type_ in wanted}
    notes.append(_NOTES[lang]["types"].format(", ".join(selection.event_types)))
    return [link for link in links if not link.event or link.event in fitting]


def rolled_up(store: Store, links: list[Link]) -> list[Link]:
    """Each unit as the body at its top; what is then between a body and itself falls away."""
    wholes = dict(sorted(_text_rows(select(store, "SELECT ?part ?whole WHERE { ?part org:unitOf ?whole }").rows)))

    def top(iri: str) -> str:
        seen = {iri}
        while (whole := wholes.get(iri)) and whole not in seen:
            seen.add(whole)
            iri = whole
        return iri

    rolled = (link._replace(source=top(link.source), target=top(link.target)) for link in links)
    return [link for link in rolled if link.source != link.target]


# -- nodes -------------------------------------------------------------------------------------------------------------


def nodes_of(store: Store, iris: set[str]) -> dict[str, Node]:
    """Things with their names, kinds, countries and wholes."""
    english, indonesian = (labels(store, iris, lang=lang) for lang in ("en", "id"))
    types: dict[str, set[str]] = defaultdict(set)
    for iri, type_ in pairs(store, iris, "a"):
        types[iri].add(type_)
    places = pairs(store, iris, "schema:location/mig:country"), pairs(store, iris, "mig:country")
    country = dict(sorted([*places[0], *places[1]]))
    parent = dict(sorted(pairs(store, iris, "org:unitOf")))
    named = {iri: {"en": english[iri], "id": indonesian[iri]} for iri in iris}
    return {
        iri: Node(iri, named[iri], _kind(types[iri]), country.get(iri, ""), parent.get(iri, "")) for iri in sorted(iris)
    }


def _kind(types: set[str]) -> str:
    """The most telling kind of entity."""
    fitting = [kind for kind in load_ontology().entities.values() if types.issuperset(kind.types)]
    return max(fitting, key=lambda kind: (len(kind.types), kind.name)).name if fitting else ""


def pairs(store: Store, iris: Iterable[str], path: str) -> list[tuple[str, str]]:
    """(IRI, what a path of properties leads to) of things."""
    found: list[tuple[str, str]] = []
    for block in blocks("it", sorted(iris)):
        found += _text_rows(select(store, f"SELECT DISTINCT ?it ?value WHERE {{ {block} ?it {path} ?value }}").rows)
    return found


def _text_rows(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[str, str]]:
    return ((text_of(one), text_of(other)) for one, other in rows)


def _node(iri: str) -> Any:
    import pyoxigraph as ox

    return ox.NamedNode(iri)
