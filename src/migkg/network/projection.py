"""The graph → a network: edges by the questions of `queries/networks/`, put together as `queries/networks.toml` says.

A question gives edges between two kinds of things ("who hosts which event"). A network takes them as they are, or joins
two sources by what they share: the one-mode projection of a two-mode network (Borgatti and Halgin 2011, "Analyzing
Affiliation Networks").
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from migkg import resources
from migkg.errors import DataError, QueryError, UnknownName
from migkg.model import Edge, Network, Node, PartialDate
from migkg.ontology import SCHEME, load_ontology
from migkg.queries import Question, find_entity, labels, questions
from migkg.sparql import values
from migkg.store import Store, select

_EVENT_TYPES = SCHEME + "event-types/"
_BATCH = 500  # IRIs asked for at once
_KEYS = {"title": str, "title_id": str, "questions": list, "weight": str, "over": str, "directed": bool}
_OPTIONAL = ("over", "directed")


@dataclass(frozen=True, slots=True)
class Declaration:
    """How a network is made.

    :param title: language → title. :param over: "target" or "source", what is folded away; "" for nothing.
    :param weight: what an edge's weight counts.
    """

    name: str
    title: Mapping[str, str] = field(hash=False)
    questions: tuple[Question, ...]
    weight: str
    over: str = ""
    directed: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """What part of the graph a network is made of.

    :param since, until: an edge counts when it holds in some part of this time; partial dates stand for all they cover.
    :param event_types: last parts of IRIs in the scheme of event types; edges without an event are left alone.
    :param countries: names or IRIs; of an edge, at least one end belongs to one of them.
    :param min_weight: lighter edges are left out.
    :param roll_up: count what a unit does as done by the body that it is part of.
    """

    since: PartialDate | None = None
    until: PartialDate | None = None
    event_types: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    min_weight: int = 1
    roll_up: bool = False


def selection(
    since: str = "", until: str = "", event_types: Sequence[str] = (), countries: Sequence[str] = (), *,
    min_weight: int = 1, roll_up: bool = False,
) -> Selection:  # fmt: skip
    """A selection out of text. :raises QueryError: for a date that is none."""
    return Selection(_date(since), _date(until), tuple(event_types), tuple(countries), min_weight, roll_up)


def _date(text: str) -> PartialDate | None:
    try:
        return PartialDate.parse(text.strip()) if text else None
    except ValueError as error:
        raise QueryError(f'"{text}" is no date', expected="a date as 2024, 2024-06 or 2024-06-12") from error


@cache
def networks(file: Path | None = None) -> Mapping[str, Declaration]:
    """All networks by name, in the order of their file.

    :raises DataError: when the file, or a question that it names, is missing or broken.
    """
    file = file or resources.path("queries", "networks.toml")
    known = questions(file.parent / "networks")
    try:
        declared = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"the networks cannot be read ({error})", where=str(file)) from error
    return {name: _declaration(name, given, known, str(file)) for name, given in declared.items()}


def _declaration(name: str, given: Any, known: Mapping[str, Question], where: str) -> Declaration:
    given = given if isinstance(given, dict) else {}
    for key, kind in _KEYS.items():
        if (key in given or key not in _OPTIONAL) and not isinstance(given.get(key), kind):
            raise DataError(f'the network {name} has no "{key}", or a wrong one', where=where)
    if unknown := sorted(given.keys() - _KEYS.keys()):
        raise DataError(f"the network {name} has the unknown key {unknown[0]}", where=where)
    if given.get("over", "target") not in ("target", "source"):
        raise DataError(f'the network {name} folds "{given["over"]}"', where=where, expected="target or source")
    for asked in given["questions"]:
        if asked not in known:
            raise DataError(f"the network {name} asks {asked}", where=where, expected="one of: " + ", ".join(known))
    titles = {"en": given["title"], "id": given["title_id"]}
    asked_for = tuple(known[one] for one in given["questions"])
    return Declaration(name, titles, asked_for, given["weight"], given.get("over", ""), given.get("directed", False))


class _Link(NamedTuple):
    """An edge as a question gives it."""

    source: str
    target: str
    kind: str
    fact: str
    event: str
    first: str
    last: str


def project(store: Store, name: str, selection: Selection | None = None) -> Network:
    """Make a network.

    :param name: one of `networks()`.
    :raises UnknownName: for a network or an event type that does not exist; the message lists those that do.
    :raises QueryError: when the time ends before it begins. :raises NothingFound: for a country that is not there.
    """
    selection = selection or Selection()
    if name not in networks():
        raise UnknownName("network", name, networks())
    if selection.since and selection.until and not _reaches(str(selection.until), str(selection.since)):
        raise QueryError(
            f"the time from {selection.since} to {selection.until} ends before it begins", expected="since before until"
        )
    declared = networks()[name]
    links = [link for question in declared.questions for link in _links(store, question)]
    notes: list[str] = []
    links = _in_time(links, selection, notes)
    links = _of_types(store, links, selection, notes)
    if selection.roll_up:
        links = _rolled_up(store, links)
        notes.append("Units count as the bodies that they are part of.")
    edges = list(_folded(links, declared.over) if declared.over else _plain(links, directed=declared.directed))
    nodes = _nodes(store, {iri for edge in edges for iri in (edge.source, edge.target)})
    edges = _of_countries(store, edges, nodes, selection, notes)
    if selection.min_weight > 1:
        edges = [edge for edge in edges if edge.weight >= selection.min_weight]
        notes.append(f"Edges of a weight below {selection.min_weight} are left out.")
    used = {iri for edge in edges for iri in (edge.source, edge.target)}
    return Network(
        name, declared.title, declared.directed, declared.weight,
        tuple(nodes[iri] for iri in sorted(used)), tuple(edges), tuple(notes),
    )  # fmt: skip


def _links(store: Store, question: Question) -> Iterator[_Link]:
    found = select(store, question.sparql, where=question.where)
    places = [found.columns.index(name) for name in ("source", "target", "fact", "event", "first", "last")]
    for row in found.rows:
        source, target, fact, event, first, last = (str(getattr(row[i], "value", "")) for i in places)
        yield _Link(source, target, question.name, fact, event, first, last)


# -- what counts -------------------------------------------------------------------------------------------------------


def _reaches(date: str, bound: str) -> bool:
    """Whether a day is not before another, at the shorter precision."""
    length = min(len(date), len(bound))
    return date[:length] >= bound[:length]


def _in_time(links: list[_Link], selection: Selection, notes: list[str]) -> list[_Link]:
    since, until = str(selection.since or ""), str(selection.until or "")
    if not since and not until:
        return links
    dated = [link for link in links if link.first or link.last]
    if undated := len(links) - len(dated):
        notes.append(f"{undated:,} facts without a date are left out.")
    span = " to ".join(filter(None, (since or "the beginning", until or "the end")))
    notes.append(f"Only what holds in the time from {span}.")
    return [
        link
        for link in dated
        if _reaches(link.last or link.first, since) and (not until or _reaches(until, link.first or link.last))
    ]


def _of_types(store: Store, links: list[_Link], selection: Selection, notes: list[str]) -> list[_Link]:
    if not selection.event_types:
        return links
    scheme = {"scheme": _node(_EVENT_TYPES[:-1])}
    rows = select(store, "SELECT ?type WHERE { ?type skos:inScheme ?scheme }", scheme).rows
    known = sorted(_text(term).removeprefix(_EVENT_TYPES) for (term,) in rows)
    for asked in selection.event_types:
        if asked not in known:
            raise UnknownName("event type", asked, known)
    events = {link.event for link in links if link.event}
    wanted = {_EVENT_TYPES + name for name in selection.event_types}
    fitting = {it for it, type_ in _pairs(store, events, "dct:type") if type_ in wanted}
    notes.append(f"Only events of the types {', '.join(selection.event_types)}.")
    return [link for link in links if not link.event or link.event in fitting]


def _rolled_up(store: Store, links: list[_Link]) -> list[_Link]:
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


def _of_countries(
    store: Store, edges: list[Edge], nodes: Mapping[str, Node], selection: Selection, notes: list[str]
) -> list[Edge]:
    if not selection.countries:
        return edges
    wanted = {find_entity(store, country).value for country in selection.countries}
    notes.append(f"Of each edge, one end at least belongs to {', '.join(selection.countries)}.")
    return [edge for edge in edges if {nodes[edge.source].country, nodes[edge.target].country} & wanted]


# -- edges -------------------------------------------------------------------------------------------------------------


def _plain(links: Iterable[_Link], *, directed: bool) -> Iterator[Edge]:
    """The links as they are; several between two things are one edge, and each fact counts once."""
    grouped: dict[tuple[str, str], list[_Link]] = defaultdict(list)
    for link in links:
        ends = (link.source, link.target)
        grouped[ends if directed or ends[::-1] not in grouped else ends[::-1]].append(link)
    for (source, target), several in sorted(grouped.items()):
        yield _edge(source, target, several, len({link.fact for link in several}))


def _folded(links: Iterable[_Link], over: str) -> Iterator[Edge]:
    """Two things that share a third: joined by one edge, of the weight of how many they share."""
    sharing: dict[str, dict[str, list[_Link]]] = defaultdict(lambda: defaultdict(list))
    for link in links:
        shared, one = (link.target, link.source) if over == "target" else (link.source, link.target)
        sharing[shared][one].append(link)
    pairs: dict[tuple[str, str], dict[str, list[_Link]]] = defaultdict(dict)
    for shared in sorted(sharing):
        for one, other in combinations(sorted(sharing[shared]), 2):
            pairs[one, other][shared] = sharing[shared][one] + sharing[shared][other]
    for (one, other), held in sorted(pairs.items()):
        yield _edge(one, other, [link for several in held.values() for link in several], len(held), tuple(held))


def _edge(source: str, target: str, links: Sequence[_Link], weight: int, shared: tuple[str, ...] = ()) -> Edge:
    kinds, facts = ({link[i] for link in links} for i in (2, 3))
    first = min((link.first for link in links if link.first), default="")
    last = max((link.last for link in links if link.last), default="")
    return Edge(source, target, tuple(sorted(kinds)), weight, first, last, tuple(sorted(facts)), shared)


# -- nodes -------------------------------------------------------------------------------------------------------------


def _nodes(store: Store, iris: set[str]) -> dict[str, Node]:
    english, indonesian = (labels(store, iris, lang=lang) for lang in ("en", "id"))
    types: dict[str, set[str]] = defaultdict(set)
    for iri, type_ in _pairs(store, iris, "a"):
        types[iri].add(type_)
    places = _pairs(store, iris, "schema:location/mig:country"), _pairs(store, iris, "mig:country")
    country = dict(sorted([*places[0], *places[1]]))
    parent = dict(sorted(_pairs(store, iris, "org:unitOf")))
    named = {iri: {"en": english[iri], "id": indonesian[iri]} for iri in iris}
    return {
        iri: Node(iri, named[iri], _kind(types[iri]), country.get(iri, ""), parent.get(iri, "")) for iri in sorted(iris)
    }


def _kind(types: set[str]) -> str:
    """The most telling kind of entity."""
    fitting = [kind for kind in load_ontology().entities.values() if types.issuperset(kind.types)]
    return max(fitting, key=lambda kind: (len(kind.types), kind.name)).name if fitting else ""


def _pairs(store: Store, iris: set[str], path: str) -> list[tuple[str, str]]:
    """(IRI, what a path of properties leads to) of things."""
    found: list[tuple[str, str]] = []
    wanted = sorted(iris)
    for start in range(0, len(wanted), _BATCH):
        block = values(["it"], [[_node(iri)] for iri in wanted[start : start + _BATCH]])
        found += _text_rows(select(store, f"SELECT DISTINCT ?it ?value WHERE {{ {block} ?it {path} ?value }}").rows)
    return found


def _text_rows(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[str, str]]:
    return ((_text(one), _text(other)) for one, other in rows)


def _text(term: Any) -> str:
    return str(getattr(term, "value", ""))


def _node(iri: str) -> Any:
    import pyoxigraph as ox

    return ox.NamedNode(iri)
