"""`validate`: findings in words, the same as pySHACL's own report; broken input is told with its place."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pyshacl
import pytest
from rdflib import RDF, SH, Graph

from migkg import resources
from migkg.errors import DataError, GraphError, UnknownName
from migkg.model import Finding
from migkg.ontology import ID, PREFIXES
from migkg.validate import SYNTAXES, Report, ShaclValidator, load_validator, merge, validate, validate_batches
from warm import warm_workers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migkg.validate import Validator

SHAPES = resources.path("ontology", "shapes.ttl")
GOOD = Path(__file__).parents[1] / "fixtures" / "shapes" / "good.ttl"
HEAD = f"@base <{ID}> .\n" + "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
BAD = HEAD + (
    '<fact/a> a mig:Hosting, mig:Fact ; rdfs:label "x"@en ; mig:rule "r" ; mig:evidence <span/one/1-2> ;'
    "  mig:event <event/e> ; mig:organizer <policy/p>, <event/e> .\n"
    '<event/e> a cv:PublicEvent ; skos:prefLabel "e"@en .\n'
    "<span/one/1-2> a oa:SpecificResource ; oa:hasSource <snapshot/one> .\n"
    "<snapshot/one> a mig:Snapshot ."
)
SHAPES_HEAD = "".join(
    f"@prefix {name}: <{iri}> .\n"
    for name, iri in {**PREFIXES, "sh": str(SH), "s": "https://example.org/shape/", "x": "https://example.org/"}.items()
)


def nt(turtle: str) -> bytes:
    data = ox.serialize(ox.parse(turtle, format=ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_TRIPLES)
    assert data is not None
    return data


def with_shapes(folder: Path, turtle: str) -> Path:
    path = folder / "shapes.ttl"
    path.write_text(SHAPES_HEAD + turtle)
    return path


def shapes_found(report: Report) -> set[str]:
    return {finding.shape for finding in report.findings}


# --- what is found ---


def test_a_finding_tells_all_that_shacl_knows() -> None:
    report = validate(BAD.encode(), "ttl")
    assert not report.conforms
    of_organizer = [f for f in report.findings if f.shape == "Hosting-organizer"]
    organizer = "https://w3id.org/migkg/ont#organizer"
    assert [(f.severity, f.focus, f.path, f.value, f.article) for f in of_organizer] == [
        ("violation", ID + "fact/a", organizer, "", "one"),  # two organisers
        ("violation", ID + "fact/a", organizer, ID + "event/e", "one"),
        ("violation", ID + "fact/a", organizer, ID + "policy/p", "one"),
    ]
    assert of_organizer[0].message.startswith("A hosting does not lead to exactly one organiser")


def test_severities_come_in_order_and_only_violations_count() -> None:
    report = validate(BAD.encode(), "ttl")
    severities = [f.severity for f in report.findings]
    assert set(severities) == {"violation", "warning", "info"}
    assert severities == sorted(severities, key=["violation", "warning", "info"].index)
    gaps = tuple(f for f in report.findings if f.severity != "violation")
    assert gaps
    assert Report(gaps).conforms
    assert Report().conforms


def test_findings_are_told_in_a_language() -> None:
    indonesian = ShaclValidator(SHAPES, lang="id").validate(BAD.encode(), "ttl")
    english = validate(BAD.encode(), "ttl")
    assert [f.shape for f in english.findings] == [f.shape for f in indonesian.findings]
    assert all("Penyelenggaraan" in f.message for f in indonesian.findings if f.shape.startswith("Hosting"))
    french = ShaclValidator(SHAPES, lang="fr").validate(BAD.encode(), "ttl")
    assert french == english


def test_messages_of_sparql_constraints_keep_their_language() -> None:
    turtle = HEAD + '<fact/x> mig:weekday "Monday" ; mig:start "2024-06-12"^^xsd:date .'
    (finding,) = validate(turtle.encode(), "ttl").findings
    assert finding.message.startswith("The article prints another weekday")
    (finding,) = ShaclValidator(SHAPES, lang="id").validate(turtle.encode(), "ttl").findings
    assert finding.message.startswith("Artikel mencetak hari")


def test_shapes_that_had_nothing_to_look_at_are_told() -> None:
    report = validate(BAD.encode(), "ttl")
    assert {"Funding", "Weekday", "Person"} <= set(report.unmatched)
    assert not {"Hosting", "Fact", "Event", "Span", "Snapshot"} & set(report.unmatched)
    assert report.unmatched == tuple(sorted(report.unmatched))
    assert report.checked == 4  # the fact, the event, the span and the snapshot


def test_no_data_leaves_every_shape_unmatched() -> None:
    report = validate(b"")
    targets = (SH.targetClass, SH.targetSubjectsOf)
    named = {str(s).rpartition("/")[2] for target in targets for s in Graph().parse(SHAPES).subjects(target)}
    assert report == Report((), tuple(sorted(named)), 0)


def test_merged_reports() -> None:
    good, bad = validate(GOOD.read_bytes(), "ttl"), validate(BAD.encode(), "ttl")
    both = merge([good, bad, bad])
    assert both.findings == bad.findings
    assert both.unmatched == ()
    assert both.checked == good.checked + 2 * bad.checked
    assert merge([bad]) == bad
    assert merge([]) == Report()


# --- the same as pySHACL's own report ---


def oracle(data: bytes) -> Counter[tuple[str, str, str, str, str]]:
    graph = Graph().parse(data, format="nt")
    _, results, _ = pyshacl.validate(graph, shacl_graph=Graph().parse(SHAPES), inference="none")
    found = {
        tuple(
            str(results.value(result, part, default="")).rpartition("/shape/" if part == SH.sourceShape else "\0")[2]
            for part in (SH.resultSeverity, SH.sourceShape, SH.focusNode, SH.resultPath, SH.value)
        )
        for result in results.objects(None, SH.result)
    }
    return Counter((*one[:4], "" if one[4] == one[2] else one[4]) for one in found)


def ours(data: bytes) -> Counter[tuple[str, str, str, str, str]]:
    severities = {"violation": SH.Violation, "warning": SH.Warning, "info": SH.Info}
    return Counter((str(severities[f.severity]), f.shape, f.focus, f.path, f.value) for f in validate(data).findings)


def without(predicate: str) -> bytes:
    """good.ttl without a property; without any of them, something is missing nearly everywhere."""
    lines = nt(GOOD.read_text()).splitlines(keepends=True)
    return b"".join(line for line in lines if predicate.encode() not in line.split(b" ", 2)[1])


@pytest.mark.parametrize(
    "predicate", ["#nothing", "#type", "#event", "prefLabel", "#evidence", "hasSelector", "snapshotText", "#status"]
)
def test_the_findings_are_those_of_pyshacl(predicate: str) -> None:
    data = without(predicate)
    assert ours(data) == oracle(data)


def test_values_that_are_wrong_are_found_as_pyshacl_finds_them() -> None:
    # Each object exchanged for the next one of the file: types, roles, dates and figures all over the place.
    triples = sorted(ox.parse(path=GOOD), key=str)
    objects = [triple.object for triple in triples]
    shifted = [
        ox.Triple(one.subject, one.predicate, other)
        for one, other in zip(triples, objects[7:] + objects[:7], strict=True)
    ]
    data = ox.serialize(shifted, format=ox.RdfFormat.N_TRIPLES)
    assert data is not None
    assert ours(data) == oracle(data)
    assert len(ours(data)) > 40


# --- terms ---


def test_a_plain_string_and_an_xsd_string_are_one_value() -> None:
    quoted = re.sub(
        rb'" \.$', b'"^^<http://www.w3.org/2001/XMLSchema#string> .', nt(GOOD.read_text()), flags=re.MULTILINE
    )
    assert b"XMLSchema#string" in quoted
    assert validate(quoted).findings == ()


def test_ill_typed_values_are_found_and_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    case = nt(GOOD.read_text()).replace(b'"2022-05"^^', b'"2022-13"^^')
    assert shapes_found(validate(case)) == {"Adoption-date"}
    assert capfd.readouterr() == ("", "")


def test_the_library_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    validate(BAD.encode(), "ttl")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_every_syntax_is_read(syntax: str) -> None:
    form = ox.RdfFormat.from_media_type(SYNTAXES[syntax])
    assert form is not None
    data = ox.serialize(ox.parse(BAD, format=ox.RdfFormat.TURTLE), format=form)
    assert data is not None
    assert validate(data, syntax) == validate(BAD.encode(), "ttl")


# --- which article ---


def test_a_finding_names_the_article_of_several() -> None:
    turtle = HEAD + "".join(
        f"<fact/{name}> a mig:Launch, mig:Fact ; mig:evidence <span/{name}/1-2> .\n"
        f"<span/{name}/1-2> a oa:SpecificResource ; oa:hasSource <snapshot/{name}> .\n"
        f"<span/{name}/1-2> oa:hasSelector <span/{name}/1-2#position> .\n"
        f"<span/{name}/1-2#position> a oa:TextPositionSelector .\n"
        f"<snapshot/{name}> a mig:Snapshot .\n"
        for name in ("one", "two")
    )
    shared = "<fact/both> a mig:Launch, mig:Fact ; mig:evidence <span/one/1-2>, <span/two/1-2> ."
    entity = "<event/e> a cv:PublicEvent ."
    articles = {
        (f.focus.removeprefix(ID), f.article) for f in validate((turtle + shared + entity).encode(), "ttl").findings
    }
    assert articles == {
        ("fact/one", "one"),
        ("fact/two", "two"),
        ("fact/both", ""),
        ("event/e", ""),
        *((f"span/{name}/1-2{part}", name) for name in ("one", "two") for part in ("", "#position")),
        *((f"snapshot/{name}", name) for name in ("one", "two")),
    }


def test_a_named_graph_names_the_article() -> None:
    homes = [("one", "graph/one"), ("two", "graph/two"), ("both", "graph/one"), ("both", "graph/two")]
    homes += [("known", "graph/reference"), ("elsewhere", "other/one")]
    event = ox.NamedNode(PREFIXES["cv"] + "PublicEvent")
    quads = [
        ox.Quad(ox.NamedNode(f"{ID}event/{name}"), ox.NamedNode(str(RDF.type)), event, ox.NamedNode(ID + home))
        for name, home in homes
    ]
    quads.append(ox.Quad(ox.NamedNode(ID + "event/default"), ox.NamedNode(str(RDF.type)), event))
    data = ox.serialize(quads, format=ox.RdfFormat.N_QUADS)
    assert data is not None
    articles = {f.focus.removeprefix(ID + "event/"): f.article for f in validate(data, "nq").findings}
    assert articles == {"one": "one", "two": "two", "both": "", "known": "", "elsewhere": "", "default": ""}


# --- broken input ---


def test_broken_data_is_told_with_its_line() -> None:
    with pytest.raises(GraphError) as caught:
        validate(b"<a:a> <b:b> <c:c> .\n<a:a> <b:b> .\n", where="article.nt")
    assert caught.value.line == 2
    assert str(caught.value).startswith("article.nt:2: not readable as RDF")


def test_triples_inside_triples_are_refused() -> None:
    with pytest.raises(GraphError, match="triple inside a triple"):
        validate(b"<a:a> <b:b> <<( <a:a> <b:b> <c:c> )>> .\n")


def test_an_unknown_syntax() -> None:
    with pytest.raises(UnknownName, match='unknown syntax "turtle"'):
        validate(b"", "turtle")


def test_shapes_that_are_missing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read") as caught:
        validate(b"", shapes=tmp_path / "none.ttl")
    assert caught.value.where == str(tmp_path / "none.ttl")


LINES = SHAPES_HEAD.count("\n")


BROKEN = (
    ("s:A a sh:NodeShape ;\n sh:property s:B\ns:B a", 3, "not readable as RDF"),
    (
        "s:A a sh:NodeShape .\ns:B sh:minCont 1 .",
        2,
        "sh:minCont is no term of SHACL. Did you mean sh:minCount?",
    ),
    ("s:A a sh:NodeShape ; sh:property s:B .\ns:B a sh:PropertyShape .", None, "must include one `sh:path`"),
    ("s:A a sh:NodeShape .\ns:B a sh:PropertyShape ; sh:path x:p ; sh:minCount 1, 2 .", 2, "the shape B is broken"),
    ("s:A a sh:NodeShape .\ns:B a sh:PropertyShape ; sh:path x:p ; sh:pattern 3 .", 2, "the shape B is broken"),
    ("s:A a sh:NodeShape .\ns:B a sh:PropertyShape ; sh:path x:p ; sh:pattern '(' .", 2, "the shape B is broken"),
    ("s:A a sh:NodeShape ; sh:sparql s:Q .\ns:Q sh:select 'SELECT $this WHERE { $this' .", 2, "the shape Q is broken"),
    (
        "s:A a sh:NodeShape ; sh:sparql s:Q .\ns:Q sh:select 'SELECT $this WHERE { $this y:p 1 }' .",
        2,
        "Unknown namespace prefix",
    ),
)


@pytest.mark.parametrize(("turtle", "line", "message"), BROKEN)
def test_broken_shapes_are_told_with_their_line(tmp_path: Path, turtle: str, line: int | None, message: str) -> None:
    path = with_shapes(tmp_path, turtle)
    with pytest.raises(DataError, match=re.escape(message)) as caught:
        ShaclValidator(path)
    assert caught.value.where == str(path)
    assert caught.value.line == (line and line + LINES)


# --- shapes of others ---


def test_shapes_keep_their_meaning_when_others_refer_to_them(tmp_path: Path) -> None:
    path = with_shapes(
        tmp_path,
        """
        s:Person a sh:NodeShape ; sh:targetClass foaf:Person ; sh:property s:Person-name .
        s:Person-name a sh:PropertyShape ; sh:path foaf:name ; sh:minCount 1 ; sh:message "no name" .
        s:Event a sh:NodeShape ; sh:targetClass cv:PublicEvent ; sh:property s:Event-host .
        s:Event-host a sh:PropertyShape ; sh:path schema:organizer ; sh:node s:Person .
        """,
    )
    data = nt(
        HEAD + "<event/e> a cv:PublicEvent ; schema:organizer <person/p>, <person/q> .\n"
        '<person/p> foaf:name "P" . <person/r> a foaf:Person .'
    )
    found = {(f.shape, f.value.removeprefix(ID), f.message) for f in ShaclValidator(path).validate(data).findings}
    assert {(shape, value) for shape, value, _ in found} == {("Event-host", "person/q"), ("Person-name", "")}
    assert "no name" in {message for _, _, message in found}


def test_shapes_may_be_switched_off(tmp_path: Path) -> None:
    path = with_shapes(
        tmp_path,
        """
        s:Person a sh:NodeShape ; sh:targetClass foaf:Person ; sh:property s:Person-name ; sh:deactivated true .
        s:Person-name a sh:PropertyShape ; sh:path foaf:name ; sh:minCount 1 .
        """,
    )
    assert ShaclValidator(path).validate(nt(HEAD + "<person/p> a foaf:Person .")) == Report()


def test_classes_of_the_data_have_subclasses_and_shapes_may_be_classes(tmp_path: Path) -> None:
    path = with_shapes(
        tmp_path,
        """
        x:Ship a sh:NodeShape, rdfs:Class ; sh:property s:Ship-name .
        s:Ship-name sh:path x:name ; sh:minCount 1 .
        """,
    )
    data = nt(SHAPES_HEAD + "x:Ferry rdfs:subClassOf x:Ship . x:one a x:Ferry . x:two a x:Ship .")
    assert {f.focus for f in ShaclValidator(path).validate(data).findings} == {
        "https://example.org/one",
        "https://example.org/two",
    }


# --- many ---


def batches() -> Iterator[bytes]:
    good = nt(GOOD.read_text())
    for number in range(8):
        yield good.replace(b"crew-forum", b"crew-forum-%d" % number).replace(b'"110"', b'"-%d"' % number)


def test_several_processes_give_the_same_reports_in_the_same_order() -> None:
    one = list(validate_batches(batches(), jobs=1))
    with warm_workers():
        assert list(validate_batches(batches(), jobs=2)) == one
    assert [report.findings[0].value for report in one[1:]] == [f"-{number}" for number in range(1, 8)]


def test_batches_are_taken_as_needed() -> None:
    taken = []

    def endless() -> Iterator[bytes]:
        while True:
            taken.append(1)
            yield b""

    assert len(list(islice(validate_batches(endless()), 3))) == 3
    assert len(taken) == 3
    with warm_workers():
        reports = validate_batches(endless(), jobs=2)
        assert len(list(islice(reports, 4))) == 4
        reports.close()  # type: ignore[attr-defined]
    assert len(taken) < 20


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_broken_batch_is_an_error_of_its_own(jobs: int) -> None:
    reports = validate_batches([b"", b"<a:a> ."], jobs=jobs)
    with warm_workers():
        assert next(reports).conforms
    with pytest.raises(GraphError, match="not readable as RDF"):
        next(reports)


def test_there_must_be_a_job() -> None:
    with pytest.raises(ValueError, match="0 jobs"):
        list(validate_batches([b""], jobs=0))


def test_a_validator_is_made_once_and_keeps_no_trace() -> None:
    validator: Validator = load_validator()
    assert validator is load_validator()
    first = validator.validate(BAD.encode(), "ttl")
    validator.validate(GOOD.read_bytes(), "ttl")
    assert validator.validate(BAD.encode(), "ttl") == first
    assert all(isinstance(finding, Finding) for finding in first.findings)
