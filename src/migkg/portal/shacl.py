"""Checks of a release by shapes: those of `ontology/portal/shapes/`, and any folder of shapes of others."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

from migkg import iris, resources
from migkg.errors import DataError
from migkg.model import Finding, Severity
from migkg.pages.links import LANGUAGES
from migkg.portal.check import Check, Pack
from migkg.portal.sheet import NAMES
from migkg.portal.words import texts, words
from migkg.validate import load_validator, to_rdflib

if TYPE_CHECKING:
    import pyoxigraph as ox
    from rdflib import Graph

_SH = NAMES["sh"]
_OWN = {"catalogue": ("catalogue.ttl", "catalogue-2.1.1.ttl"), "schemes": ("data/schemes/*.ttl",),
        "events": ("data/graph.ttl",)}  # fmt: skip
_SEVERITIES: Mapping[str, Severity] = {"Violation": "violation", "Warning": "warning", "Info": "info"}


@dataclass(frozen=True, slots=True)
class Profile:
    """A row of `ontology/portal/profiles.toml`.

    :param files: pattern of the shapes' paths. :param over: patterns of files of the release, each looked at alone.
    :param near: whether only what the shapes' targets say, and the classes of what they name, is looked at.
    """

    title: str
    files: str
    over: tuple[str, ...]
    gate: bool = True
    near: bool = False


_OTHERS = Profile("", "*", ("catalogue.ttl", "data/graph.ttl"))


def own_shapes(pack: Pack) -> Iterator[Check]:
    """The release by migkg's own shapes: the graph by those of a build, the rest by those for portals."""
    graph = "data/graph.trig"
    report = load_validator().validate((pack.folder / graph).read_bytes(), "trig", where=graph)
    yield Check("SHACL", texts("check_graph"), (graph,), report.findings, report.checked)
    for name, patterns in _OWN.items():
        paths = [path for pattern in patterns for path in pack.matching(pattern)]
        validator = load_validator(resources.path("ontology", "portal", "shapes", f"{name}.ttl"))
        reports = [validator.validate((pack.folder / path).read_bytes(), "ttl", where=path) for path in paths]
        findings = tuple(finding for report in reports for finding in report.findings)
        looked = sum(report.checked for report in reports)
        yield Check("SHACL", texts(f"check_{name}"), patterns, findings, looked)


def other_shapes(pack: Pack, folder: Path) -> Iterator[Check]:
    """The release by all shapes of a folder; what cannot be used is left out, and the check says what and why.

    :raises DataError: when the folder is missing, or a file of it is no Turtle.
    """
    if not folder.is_dir():
        raise DataError("there is no folder of shapes", where=str(folder), expected="Turtle files with SHACL shapes")
    told = tomllib.loads(resources.path("ontology", "portal", "profiles.toml").read_text(encoding="utf-8"))
    profiles = [Profile(**{**row, "over": tuple(row["over"])}) for row in told["profile"]]
    left_out: dict[str, list[str]] = {lang: [] for lang in LANGUAGES}
    for file in sorted(folder.rglob("*.ttl")):
        path = file.relative_to(folder).as_posix()
        if reason := next((row for row in told["left_out"] if fnmatch(path, row["files"])), None):
            for lang in LANGUAGES:
                left_out[lang].append(f"{path}: {reason[lang]}")
            continue
        shapes = _shapes(file)
        if not any(shapes.triples((None, None, _node("NodeShape")))):
            for lang in LANGUAGES:
                left_out[lang].append(f"{path}: {words(lang)['no_shapes']}")
            continue
        profile = next((row for row in profiles if fnmatch(path, row.files)), _OTHERS)
        yield _by_profile(pack, path, shapes, profile)
    if any(left_out.values()):
        notes = {lang: tuple(lines) for lang, lines in left_out.items()}
        yield Check("SHACL", texts("check_left_out"), (), notes=notes, gate=False)


def _by_profile(pack: Pack, path: str, shapes: Graph, profile: Profile) -> Check:
    from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError

    broken = _drop_broken(shapes)
    findings: list[Finding] = []
    looked = 0
    paths = [found for pattern in profile.over for found in pack.matching(pattern)]
    targets = _targets(shapes)
    notes: dict[str, tuple[str, ...]] = {}
    for over in paths:
        held = pack.triples(over)
        looked += sum(_is_target(triple, targets) for triple in held)
        try:
            findings += _run(shapes, to_rdflib(_near(held, targets) if profile.near else held), over)
        except (ReportableRuntimeError, ShapeLoadError, ConstraintLoadError) as error:
            why = " ".join(str(getattr(error, "message", error)).split())
            return Check("SHACL", texts("check_left_out"), (), gate=False, notes={
                lang: (f"{path}: {words(lang)['unusable'].format(why=why)}",) for lang in LANGUAGES
            })  # fmt: skip
    if broken:
        listed = ", ".join(sorted({name for name, _ in broken}))
        number = str(len(broken))
        notes = {
            lang: (f"{path}: {words(lang)['broken_shapes'].format(number=number, names=listed)}",) for lang in LANGUAGES
        }
    title = texts("check_profile", profile=profile.title or path, file=path)
    return Check(profile.title or "SHACL", title, tuple(paths), tuple(sorted(findings)), looked, profile.gate, notes)


def _shapes(file: Path) -> Graph:
    from rdflib import Graph

    try:
        return Graph().parse(file, format="turtle")
    except (OSError, SyntaxError) as error:  # rdflib's BadSyntax is a SyntaxError
        raise DataError(f"the shapes cannot be read ({error})", where=str(file)) from error


def _drop_broken(shapes: Graph) -> list[tuple[str, str]]:
    """Take out property shapes without a path, at which pySHACL stops; (shape, property shape) of each link to one."""
    from rdflib import RDF

    link, path = _node("property"), _node("path")
    found = [(shape, part) for shape, part in shapes.subject_objects(link) if (part, path, None) not in shapes]
    declared = [part for part in shapes.subjects(RDF.type, _node("PropertyShape")) if (part, path, None) not in shapes]
    for shape, part in found:
        shapes.remove((shape, link, part))
    for part in declared:
        shapes.remove((part, None, None))
    return [(iris.name(str(shape)), str(part)) for shape, part in found]


def _run(shapes: Graph, data: Graph, over: str) -> Iterator[Finding]:
    import pyshacl
    from rdflib import RDF

    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, allow_warnings=True)
    for result in report.subjects(RDF.type, _node("ValidationResult")):

        def told(name: str, result: Any = result) -> str:
            value = report.value(result, _node(name))
            return "" if value is None else str(value)

        yield Finding(
            severity=_SEVERITIES.get(iris.name(told("resultSeverity")), "violation"),
            shape=iris.name(told("sourceConstraintComponent")), focus=told("focusNode"),
            message=f"{over}: {' '.join(told('resultMessage').split())}", path=told("resultPath"),
            value=told("value"),
        )  # fmt: skip


def _targets(shapes: Graph) -> frozenset[str]:
    return frozenset(f"<{target}>" for target in shapes.objects(None, _node("targetClass")))


def _is_target(triple: ox.Triple, targets: frozenset[str]) -> bool:
    return triple.predicate.value == NAMES["rdf"] + "type" and str(triple.object) in targets


def _near(held: Iterable[ox.Triple], targets: frozenset[str]) -> set[ox.Triple]:
    """What is said of the targets, and the classes of what that names."""
    held = list(held)
    focus = {str(triple.subject) for triple in held if _is_target(triple, targets)}
    near = {triple for triple in held if str(triple.subject) in focus}
    named = {str(triple.object) for triple in near}
    return near | {
        triple for triple in held if str(triple.subject) in named and triple.predicate.value == NAMES["rdf"] + "type"
    }


def _node(name: str) -> Any:
    from rdflib import URIRef

    return URIRef(_SH + name)
