"""Checks of a release: the bundled one passes all, and each check fails on what it is for."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

import migkg
from graphs import DISCUSSION, NO_PAGES, PUBLISHER, bundled, released
from migkg import portal, resources
from migkg.cli import main
from migkg.errors import DataError, GraphError
from migkg.model import Finding
from migkg.ontology import ID
from migkg.portal import Check, ChecksFailed, File, Release, make_release, passed, run_checks, write_release
from migkg.portal.check import Pack
from migkg.portal.counts import forms
from migkg.portal.files import check_files
from migkg.portal.probes import found, probes
from migkg.portal.shacl import other_shapes
from migkg.portal.sheet import NAMES
from migkg.validate import load_validator

STANDARDS = Path(__file__).parents[3] / "shared" / "standards"
OWN = sorted(path.stem for path in resources.path("ontology", "portal", "shapes").glob("*.ttl"))
PREFIXES = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in NAMES.items())


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return released(tmp_path_factory)


@pytest.fixture(scope="module")
def few_pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One of two articles."""
    return released(tmp_path_factory, *DISCUSSION)


@pytest.fixture(scope="module")
def checks(pack: Path) -> tuple[Check, ...]:
    return run_checks(pack, STANDARDS if STANDARDS.is_dir() else None)


def test_the_bundled_release_passes(checks: tuple[Check, ...]) -> None:
    assert [check.title["en"] for check in checks if check.count("violation")] == []
    assert passed(checks)
    assert sum(check.group == "5-star" for check in checks) == 5
    assert all(check.looked for check in checks if check.over)


@pytest.mark.skipif(not STANDARDS.is_dir(), reason="the public shapes are not part of the project: ../shared/standards")
def test_public_shapes_were_looked_by_and_what_was_left_out_is_said(checks: tuple[Check, ...]) -> None:
    used = {check.title["en"].rpartition(": ")[2] for check in checks}
    assert {
        "dcat-ap-3.0.1/shacl-ranges.ttl", "dcat-ap-3.0.1/shacl-dcat-ap-SHACL.ttl", "dcat-ap-2.1.1/shapes.ttl",
        "dcat-ap-2.1.1/range.ttl", "cpev-1.1.0/shapes.ttl", "vocpub/validator.multilang.ttl",
    } <= used  # fmt: skip
    notes = [note for check in checks for note in check.notes.get("en", ())]
    assert any(note.startswith("dcat-ap-3.0.1/shacl-ranges.ttl: 206 links from shapes") for note in notes)
    assert any(note.startswith("dcat-ap-3.0.1/shacl-dcat-ap-SHACL.ttl: 2 links") for note in notes)
    assert "vocpub/validator.ga.ttl: further rules of one publisher" in " ".join(notes)


def test_shapes_of_others_find_something(few_pack: Path, tmp_path: Path) -> None:
    shapes = tmp_path / "shapes"
    shapes.mkdir()
    (shapes / "mine.ttl").write_text(f"""{PREFIXES}
      <urn:shape> a sh:NodeShape ; sh:targetClass dcat:Catalog ; sh:property <urn:broken>, <urn:title>, <urn:soft> .
      <urn:broken> a sh:PropertyShape ; sh:minCount 1 .
      <urn:title> sh:path dct:title ; sh:maxCount 1 .
      <urn:soft> sh:path dct:rights ; sh:minCount 1 ; sh:severity sh:Warning .""")
    (shapes / "my-mdr.ttl").write_text(f"""{PREFIXES}
      <urn:shape> a sh:NodeShape ; sh:targetClass dcat:Catalog ; sh:property <urn:title> .
      <urn:title> sh:path dct:title ; sh:maxCount 1 .""")
    (shapes / "words.ttl").write_text("<urn:a> <urn:b> <urn:c> .")
    told = {check.title["en"]: check for check in other_shapes(Pack(few_pack), shapes)}
    mine = told["mine.ttl: mine.ttl"]
    assert (mine.count("violation"), mine.count("warning"), mine.passed) == (1, 1, False)
    (note,) = mine.notes["id"]
    assert note.startswith("mine.ttl: 1 tautan dari bentuk (urn:shape) ke bentuk properti tanpa sh:path")
    noted = told["EU vocabularies (MDR): my-mdr.ttl"]
    assert (noted.count("violation"), noted.passed) == (1, True)
    assert told["Files of shapes that were left out"].notes["en"] == ("words.ttl: holds no shapes",)
    shutil.rmtree(shapes)
    shapes.mkdir()
    (shapes / "odd.ttl").write_text(f"""{PREFIXES}
      <urn:shape> a sh:NodeShape ; sh:targetClass dcat:Catalog ; sh:maxCount 1 .""")
    (odd,) = other_shapes(Pack(few_pack), shapes)
    assert (odd.over, odd.notes["en"][0].startswith("odd.ttl: the validator stops at it (")) == ((), True)
    (shapes / "broken.ttl").write_text("<a")
    with pytest.raises(DataError, match=r"broken\.ttl: the shapes cannot be read"):
        list(other_shapes(Pack(few_pack), shapes))
    with pytest.raises(DataError, match="no folder of shapes"):
        list(other_shapes(Pack(few_pack), tmp_path / "none"))


# -- each query --------------------------------------------------------------------------------------------------------

ONTOLOGY = """<urn:ont> a owl:Ontology ; vann:preferredNamespaceUri "urn:ont#" . """
TERM = ONTOLOGY + "<urn:ont#Thing> a owl:Class ; rdfs:isDefinedBy <urn:ont> . "
PROPERTY = ONTOLOGY + "<urn:ont#leads> a owl:ObjectProperty ; rdfs:isDefinedBy <urn:ont> . "
CONCEPT = "<urn:s> a skos:ConceptScheme . <urn:a> a skos:Concept ; skos:inScheme <urn:s> . "
TWO = CONCEPT + "<urn:b> a skos:Concept ; skos:inScheme <urn:s> . "
RELEASE = "<https://x.org/catalogue#catalogue> a dcat:Catalog . "
FILE = "<urn:f> a dcat:Distribution ; dct:license <urn:l> . "
DATASET = "<urn:d> a dcat:Dataset ; dcat:inSeries <urn:series> ; dcat:distribution <urn:f> . "

BAD = {
    "described": RELEASE + "<urn:a> dct:relation <https://x.org/id/person/a> .",
    "evidence": "<urn:f> a mig:Fact ; mig:evidence <urn:span> .",
    "foops-defined-by": ONTOLOGY + "<urn:ont#Thing> a owl:Class .",
    "foops-definitions": TERM + "<urn:ont#Thing> skos:definition 'Something.'@en .",
    "foops-labels": TERM + "<urn:ont#Thing> rdfs:label 'thing'@en .",
    "foops-metadata": ONTOLOGY,
    "foops-namespace": ONTOLOGY + "<urn:other> a owl:Class ; rdfs:isDefinedBy <urn:ont> .",
    "foops-one-ontology": ONTOLOGY + "<urn:two> a owl:Ontology .",
    "foops-reuse": TERM + "<urn:ont#Thing> rdfs:subClassOf <urn:ont#Other> .",
    "foops-version": ONTOLOGY + "<urn:ont> owl:versionIRI <urn:ont> .",
    "label-terms": "<urn:a> <urn:p> <urn:b> .",
    "label-things": "<urn:a> rdfs:seeAlso <urn:b> .",
    "oops-cycle": "<urn:a> rdfs:subClassOf <urn:b> . <urn:b> rdfs:subClassOf <urn:a> .",
    "oops-disjoint": ONTOLOGY,
    "oops-domain-range": PROPERTY,
    "oops-file-name": "<urn:ont.owl> a owl:Ontology .",
    "oops-hijacking": ONTOLOGY + "schema:Event rdfs:subClassOf <urn:ont#Thing> .",
    "oops-inverse": PROPERTY,
    "oops-label-as-definition": "<urn:a> rdfs:label 'Thing'@en ; skos:definition 'thing.'@en .",
    "oops-miscellaneous": "<urn:ont#OtherThing> a owl:Class .",
    "oops-names": ONTOLOGY + "<urn:ont#thing> a owl:Class ; rdfs:isDefinedBy <urn:ont> .",
    "oops-own-inverse": "<urn:a> owl:inverseOf <urn:a> .",
    "oops-same-label": TERM + "<urn:ont#Thing> rdfs:label 'x'@en . "
    "<urn:ont#Two> a owl:Class ; rdfs:isDefinedBy <urn:ont> ; rdfs:label 'x'@en .",
    "oops-several-domains": "<urn:a> rdfs:domain <urn:b> , <urn:c> .",
    "oops-symmetric": "<urn:a> a owl:SymmetricProperty ; rdfs:domain <urn:b> ; rdfs:range <urn:c> .",
    "oops-unconnected": TERM,
    "oops-undeclared": "<urn:a> mig:noSuchTerm <urn:b> .",
    "skos-broader": TWO + "<urn:a> skos:broader <urn:b> .",
    "skos-cycle": TWO + "<urn:a> skos:broader <urn:b> . <urn:b> skos:broader <urn:a> .",
    "skos-definitions": CONCEPT,
    "skos-in-scheme": "<urn:a> a skos:Concept .",
    "skos-label-clash": CONCEPT + "<urn:a> skos:prefLabel 'x'@en ; skos:altLabel 'x'@en .",
    "skos-label-space": CONCEPT + "<urn:a> skos:prefLabel 'x  y'@en .",
    "skos-labels": CONCEPT + "<urn:a> skos:prefLabel 'x'@en .",
    "skos-notation": TWO + "<urn:a> skos:notation '1' . <urn:b> skos:notation '1' .",
    "skos-one-label": CONCEPT + "<urn:a> skos:prefLabel 'x'@en , 'y'@en .",
    "skos-one-scheme": CONCEPT + "<urn:t> a skos:ConceptScheme .",
    "skos-orphan": CONCEPT,
    "skos-related": TWO + "<urn:a> skos:related <urn:b> .",
    "skos-related-broader": TWO + "<urn:a> skos:related <urn:b> ; skos:broader <urn:b> .",
    "skos-same-label": TWO + "<urn:a> skos:prefLabel 'x'@en . <urn:b> skos:prefLabel 'x'@en .",
    "skos-top": CONCEPT + "<urn:a> skos:topConceptOf <urn:s> .",
    "skos-top-broader": TWO + "<urn:a> skos:topConceptOf <urn:s> ; skos:broader <urn:b> .",
    "skos-top-none": CONCEPT,
    "star-1": FILE,
    "star-2": FILE,
    "star-3": FILE + "<urn:f> dcat:mediaType <https://www.iana.org/assignments/media-types/application/vnd.ms-excel> .",
    "star-4": DATASET,
    "star-5": DATASET,
}
"""Query → triples in which it finds something."""


def test_every_query_has_a_case() -> None:
    assert [probe.name for probe in probes()] == sorted(BAD)


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_query_finds_what_it_is_for(name: str) -> None:
    probe = next(probe for probe in probes() if probe.name == name)
    store = ox.Store()
    store.load((PREFIXES + BAD[name]).encode(), format=ox.RdfFormat.TURTLE)
    assert list(found(probe, store)), name
    assert set(probe.title) == {"en", "id"}
    assert probe.severity in ("violation", "warning", "info")


# -- each shape --------------------------------------------------------------------------------------------------------


def shapes_of(name: str) -> Iterator[tuple[str, str, str]]:
    """(property shape, class that it is for, property) of a file of own shapes."""
    store = ox.Store()
    store.load(path=resources.path("ontology", "portal", "shapes", f"{name}.ttl"), format=ox.RdfFormat.TURTLE)
    rows = store.query(
        "SELECT ?shape ?class ?path { ?node sh:targetClass ?class ; sh:property ?shape . ?shape sh:path ?path }",
        prefixes=dict(NAMES),
    )
    assert isinstance(rows, ox.QuerySolutions)
    for row in rows:
        yield tuple(str(term.value) for term in row)  # type: ignore[misc]


CASES = [(name, *case) for name in OWN for case in sorted(shapes_of(name))]


@pytest.mark.parametrize(("name", "shape", "kind", "path"), CASES, ids=[case[1].rpartition("/")[2] for case in CASES])
def test_a_shape_misses_what_it_is_for(name: str, shape: str, kind: str, path: str) -> None:
    """Each asks for something that has to be there; a thing without it is found, in both languages."""
    validator = load_validator(resources.path("ontology", "portal", "shapes", f"{name}.ttl"))
    report = validator.validate(f"<urn:thing> <{NAMES['rdf']}type> <{kind}> .".encode(), "nt")
    assert [f.path for f in report.findings if f.shape == shape.rpartition("/")[2]] == [path]
    text = resources.path("ontology", "portal", "shapes", f"{name}.ttl").read_text(encoding="utf-8")
    assert len(re.findall(r'sh:message "[^"]+"@en, "[^"]+"@id', text)) == text.count("a sh:PropertyShape")


def test_wrong_values_are_found() -> None:
    validator = load_validator(resources.path("ontology", "portal", "shapes", "schemes.ttl"))
    report = validator.validate(f"""{PREFIXES}
      <urn:s> a skos:ConceptScheme ; skos:prefLabel "one"@en , "two"@en ; dct:creator <urn:nobody> ;
        dct:created "2026"^^xsd:gYear .""".encode(), "ttl")  # fmt: skip
    found_by = {finding.shape for finding in report.findings if finding.value or "prefLabel" in finding.path}
    assert {"ConceptScheme-prefLabel", "ConceptScheme-creator", "ConceptScheme-created"} <= found_by


# -- files -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of two triples, which is checked in no time."""

    def data(release: Release, folder: Path, made: Sequence[File]) -> Iterator[File]:
        (folder / "data").mkdir()
        triples = [ox.Triple(ox.NamedNode(ID + "place/gh"), ox.NamedNode(NAMES["rdf"] + "type"), node) for node in
                   (ox.NamedNode(NAMES["schema"] + "Place"), ox.NamedNode(NAMES["schema"] + "Country"))]  # fmt: skip
        graph = {"en": "graph", "id": "graf"}
        for suffix, form in forms().items():
            path = f"data/graph{suffix}"
            (folder / path).write_bytes(ox.serialize(triples, format=form) or b"")
            if suffix != ".nt":
                yield File(path, "text/turtle", "RDF_TURTLE", graph, graph)

    out = tmp_path_factory.mktemp("tiny") / "release"
    with migkg.open(bundled(tmp_path_factory)) as graph:
        write_release(make_release(graph, **PUBLISHER), out, parts={**NO_PAGES, "data": data}, check=False)
    return out


@pytest.fixture
def copy(tiny: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny, tmp_path / "copy"))


def change(file: str, old: str, new: str) -> Callable[[Path], object]:
    def done(pack: Path) -> None:
        text = (pack / file).read_text(encoding="utf-8")
        assert old in text
        (pack / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return done


def page(text: str) -> Callable[[Path], object]:
    return lambda pack: (pack / "page.html").write_text(f"<html><body><p id='here'>{text}</p></body></html>")


def written(file: str, text: str) -> Callable[[Path], object]:
    return lambda pack: (pack / file).write_text(text)


@pytest.mark.parametrize(
    ("spoil", "shape"),
    [
        (change("data/graph.ttl", "Country", "Contrie"), "checksum"),
        (change("data/graph.ttl", "Country", "Countries"), "size"),
        (lambda pack: (pack / "data" / "graph.nt").rename(pack / "x.nt"), ""),
        (change("catalogue.ttl", "downloadURL <https://w3id.org/", "downloadURL <https://x.org/"), "missing"),
        (change("void.ttl", "void:triples 2", "void:triples 3"), "count"),
        (change("void.ttl", "void:class schema:Place", "void:class schema:Planet"), "class"),
        (change("void.ttl", "void:property rdf:type", "void:property rdf:value"), "property"),
        (change("data/graph.jsonld", "Country", "Contrie"), "differs"),
        (written("data/odd.ttl", "[] <urn:p> 1 ."), "blank"),
        (page("<a href='none.html'>x</a>"), "link"),
        (page("<a href='page.html#there'>x</a>"), "anchor"),
        (page("<img src='none.png'>"), "link"),
        (page("<a href='https://w3id.org/migkg/id/place/xx'>x</a>"), "link"),
        (change("README.md", "](README.id.md)", "](x.md)"), "link"),
        (written("index.html", "<p>x</p>"), "page"),
    ],
)  # fmt: skip
def test_spoilt_files_are_found(copy: Path, spoil: Callable[[Path], object], shape: str) -> None:
    assert [finding for check in check_files(Pack(copy)) for finding in check.findings] == []
    spoil(copy)
    findings = [finding for check in check_files(Pack(copy)) for finding in check.findings]
    assert (shape in {finding.shape for finding in findings}) if shape else not findings


@pytest.mark.parametrize("link", ["page.html#here", "#here", "./", "data/graph.ttl", "https://elsewhere.org/", "README",
                                  "mailto:a@b.org", "https://w3id.org/migkg/void#links"])  # fmt: skip
def test_good_links_are_not(copy: Path, link: str) -> None:
    page(f"<a href='{link}'>x</a>")(copy)
    if link == "README":
        (copy / "README.html").write_text("<p>x</p>")
    findings = [finding for check in check_files(Pack(copy)) for finding in check.findings]
    assert [finding for finding in findings if finding.shape in ("link", "anchor")] == []


# -- command -----------------------------------------------------------------------------------------------------------


BAD_CHECK = Check(
    "x", {"en": "All is well", "id": "Semua baik"}, ("a",), (Finding("violation", "s", "urn:f", "Not so"),)
)


def test_command_checks_a_release(
    pack: Path, checks: tuple[Check, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = shutil.copytree(pack, tmp_path / "copy")
    with monkeypatch.context() as patched:
        patched.setattr(portal, "run_checks", lambda *_: checks)
        result = CliRunner(env={"COLUMNS": "160"}).invoke(main, ["portal", str(copy), "--check", "--lang", "id"])
    assert result.exit_code == 0, result.output
    assert "Semua sintaksis graf" in result.stdout
    assert (copy / "checks.md").read_text(encoding="utf-8").startswith("# Checks\n\nAll ")
    report = list(ox.parse(path=copy / "report.ttl"))
    assert not any(isinstance(node, ox.BlankNode) for quad in report for node in (quad.subject, quad.object))
    with monkeypatch.context() as patched:
        patched.setattr(portal, "run_checks", lambda *_: (BAD_CHECK, *checks))
        result = CliRunner().invoke(main, ["portal", str(copy), "--check"])
    assert result.exit_code == 1
    assert "NO" in result.stdout
    assert "Not all of the" in (copy / "checks.md").read_text(encoding="utf-8")
    result = CliRunner().invoke(main, ["portal", str(tmp_path), "--check"])
    assert (result.exit_code, "there is no release here" in result.stderr) == (2, True)


def test_a_release_that_fails_is_not_written(
    checks: tuple[Check, ...], tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portal, "run_checks", lambda *_: (BAD_CHECK, *checks))
    with migkg.open(bundled(tmp_path_factory)) as graph:
        release = make_release(graph, **PUBLISHER)
        with pytest.raises(ChecksFailed, match=r"All is well: 1 violations, as urn:f · Not so\nIt was not written"):
            write_release(release, tmp_path / "out", parts={})
        assert list(tmp_path.iterdir()) == []
        written = write_release(release, tmp_path / "out", parts={}, force=True)
    assert not passed(written.checks)
    assert "All is well | NO | 1" in (tmp_path / "out" / "checks.md").read_text(encoding="utf-8")
    assert "urn:f" in (tmp_path / "out" / "report.ttl").read_text(encoding="utf-8")


def test_command_writes_a_release(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kg, out = str(bundled(tmp_path_factory)), tmp_path / "out"
    file = tmp_path / "portal.toml"
    file.write_text("[publisher]\nname = 'Us'\nemail = 'a@b.org'\nhomepage = 'https://b.org/'\n", encoding="utf-8")
    command = ["portal", str(out), "--kg", kg, "--settings", str(file), "--release", "3"]
    made = {"nothing": lambda *_: ()}
    monkeypatch.setattr(portal, "write_release", partial(write_release, parts=made))
    monkeypatch.setattr(portal, "run_checks", lambda *_: (BAD_CHECK,))
    result = CliRunner().invoke(main, command)
    assert (result.exit_code, "All is well" in result.stdout, "not written" in result.stderr) == (1, True, True)
    assert not out.exists()
    result = CliRunner().invoke(main, [*command, "--force"])
    assert (result.exit_code, "Release 3 of 2026-11-23 is in" in result.stderr) == (1, True)
    monkeypatch.setattr(portal, "run_checks", lambda *_: ())
    assert CliRunner().invoke(main, command).exit_code == 0
    assert not (out / "report.ttl").read_bytes().count(b"urn:f")


def test_command_says_what_is_missing(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> None:
    kg = str(bundled(tmp_path_factory))
    result = CliRunner().invoke(main, ["portal", str(tmp_path / "out"), "--kg", kg])
    assert (result.exit_code, "--publisher" in result.stderr) == (2, True)
    result = CliRunner().invoke(main, ["portal", "--example"])
    assert result.stdout.startswith("# Settings of a release")
    assert CliRunner().invoke(main, ["portal"]).exit_code == 2


def test_a_folder_that_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="no release here"):
        run_checks(tmp_path)
