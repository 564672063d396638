"""What changed since a former release: for people by article (`CHANGES.md`), for programs as triples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from migkg.errors import GraphError
from migkg.ontology import BASE, ID, ONT, PREFIXES
from migkg.pages.links import LANGUAGES
from migkg.portal.release import File, Release, read_marker
from migkg.portal.void import short
from migkg.portal.words import words
from migkg.sparql import Term, text_of

if TYPE_CHECKING:
    import pyoxigraph as ox

FOLDER = "changes"
_LIMIT = 50  # things named of one kind of change in one place; all are in the triples
_TYPE, _LABEL = PREFIXES["rdf"] + "type", PREFIXES["rdfs"] + "label"
_NAMES = (PREFIXES["skos"] + "prefLabel", _LABEL, PREFIXES["schema"] + "headline")
_ARTICLE = PREFIXES["schema"] + "NewsArticle"
_BACKGROUND = ("reference", "ontology", "schemes")

Told: TypeAlias = "frozenset[tuple[str, Term]]"
Things: TypeAlias = "Mapping[str, Told]"
"""IRI of what a graph tells of → its properties and values."""


@dataclass(slots=True)
class Change:
    """What changed in a named graph.

    :param title: the article's headline, or the graph's name. :param state: `article_new`, `article_gone` or "".
    :param added, withdrawn, changed: labels of facts or things; of changed ones with the properties that differ.
    """

    title: str
    state: str = ""
    added: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    changed: list[tuple[str, str]] = field(default_factory=list)


def write_changes(release: Release, folder: Path, made: Sequence[File]) -> Sequence[File]:  # noqa: ARG001
    """Write both forms, when a former release is given.

    :raises GraphError: when the former release is none, or cannot be read.
    """
    if release.former is None:
        return ()
    marker = read_marker(release.former)
    new = _quads((folder / "data" / "graph.nq").read_bytes(), folder)
    data = _read(release.former)
    old_base = str(marker.get("base", BASE))
    old = _quads(data.replace(f"{old_base}id/".encode(), f"{release.base}id/".encode()), release.former)
    triples = {name: {quad.triple for quad in quads} for name, quads in (("new", new), ("old", old))}
    added, removed = triples["new"] - triples["old"], triples["old"] - triples["new"]
    (folder / FOLDER).mkdir()
    for name, lines in (("added", added), ("removed", removed)):
        text = "".join(sorted(f"{triple} .\n" for triple in lines))
        (folder / FOLDER / f"{name}.nt").write_text(text, encoding="utf-8")
    changes = list(_changes(old, new))
    numbers = {"former": str(marker.get("version", "?")), "version": release.version, "added": f"{len(added):,}",
               "removed": f"{len(removed):,}", "triples": f"{len(triples['new']):,}"}  # fmt: skip
    for lang in LANGUAGES:
        name = "CHANGES.md" if lang == LANGUAGES[0] else f"CHANGES.{lang}.md"
        (folder / name).write_text("\n".join(_lines(changes, lang, numbers)) + "\n", encoding="utf-8")
    return ()


def _read(folder: Path) -> bytes:
    file = folder / "data" / "graph.nq"
    try:
        return file.read_bytes()
    except OSError as error:
        raise GraphError(f"the former graph cannot be read ({error.strerror})", where=str(file)) from error


def _quads(data: bytes, where: Path) -> set[ox.Quad]:
    import pyoxigraph as ox

    try:
        return set(ox.parse(data, format=ox.RdfFormat.N_QUADS))
    except SyntaxError as error:
        raise GraphError(f"the graph is no N-Quads ({error})", where=str(where / "data" / "graph.nq")) from error


def _changes(old: Iterable[ox.Quad], new: Iterable[ox.Quad]) -> Iterator[Change]:
    """Graph by graph, those of articles first."""
    before, after = _by_graph(old), _by_graph(new)
    names = sorted(before.keys() | after.keys(), key=lambda name: (name.rpartition("/")[2] in _BACKGROUND, name))
    for name in names:
        was, now = before.get(name, {}), after.get(name, {})
        if was == now:
            continue
        background = name.rpartition("/")[2] in _BACKGROUND
        told = {**was, **now}
        labels = {iri: _label(told, iri) for iri in told}
        change = Change(_title(told, name), "" if background else _state(was, now))
        for iri in sorted(told, key=lambda iri: (labels[iri], iri)):
            if was.get(iri) == now.get(iri) or not (background or _is_fact(told[iri])):
                continue
            if iri not in was:
                change.added.append(labels[iri])
            elif iri not in now:
                change.withdrawn.append(labels[iri])
            else:
                differ = sorted({short(predicate) for predicate, _ in was[iri] ^ now[iri]})
                change.changed.append((labels[iri], ", ".join(differ)))
        if change.state or change.added or change.withdrawn or change.changed:
            yield change


def _state(was: Things, now: Things) -> str:
    return "" if was and now else "article_new" if now else "article_gone"


def _by_graph(quads: Iterable[ox.Quad]) -> dict[str, dict[str, Told]]:
    found: dict[str, dict[str, set[tuple[str, Term]]]] = defaultdict(lambda: defaultdict(set))
    for quad in quads:
        about = str(quad.subject)[1:-1]
        found[str(quad.graph_name)[1:-1]][about].add((quad.predicate.value, quad.object))
    return {name: {iri: frozenset(told) for iri, told in things.items()} for name, things in found.items()}


def _is_fact(told: Told) -> bool:
    return any(name == _TYPE and text_of(value) == f"{ONT}Fact" for name, value in told)


def _texts(told: Told, name: str) -> list[str]:
    """What a property says in words, the English ones first."""
    import pyoxigraph as ox

    found = sorted((value for predicate, value in told if predicate == name and isinstance(value, ox.Literal)), key=str)
    return [" ".join(one.value.split()) for one in sorted(found, key=lambda one: one.language != "en")]


def _label(things: Things, iri: str) -> str:
    """A name of a thing out of what a graph tells of it, in English if there is one."""
    told = things.get(iri, frozenset())
    named = (text for name in _NAMES for text in _texts(told, name))
    return next(named, short(iri.replace(ID, "id:")))


def _title(things: Things, name: str) -> str:
    for told in things.values():
        if any(predicate == _TYPE and text_of(value) == _ARTICLE for predicate, value in told):
            for head in _texts(told, _NAMES[2]):
                return head
    return name.rpartition("/")[2]


def _lines(changes: Sequence[Change], lang: str, numbers: Mapping[str, str]) -> Iterator[str]:
    told = words(lang)
    yield f"# {told['changes'].format(**numbers)}"
    yield ""
    yield told["changes_about"].format(**numbers)
    if not changes:
        yield f"\n{told['no_change']}"
    heading = ""
    for change in changes:
        section = told["background_changed" if change.title in _BACKGROUND else "articles_changed"]
        if section != heading:
            heading = section
            yield f"\n## {section}"
        yield f"\n### {escaped(change.title)}" + (f" ({told[change.state]})" if change.state else "")
        yield ""
        for what, labels in (("added", change.added), ("withdrawn", change.withdrawn)):
            yield from _listed([f"- {told[what]}: {escaped(label)}" for label in labels], told["more"])
        lines = [f"- {told['changed_in'].format(names=names)}: {escaped(label)}" for label, names in change.changed]
        yield from _listed(lines, told["more"])


def _listed(lines: Sequence[str], more: str) -> Iterator[str]:
    yield from lines[:_LIMIT]
    if len(lines) > _LIMIT:
        yield f"- {more.format(number=f'{len(lines) - _LIMIT:,}')}"


def escaped(text: str) -> str:
    """Text in which Markdown finds nothing to mark up."""
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>#|" else letter for letter in text)
