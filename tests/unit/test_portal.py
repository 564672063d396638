"""A release: its settings, its place on disk, its data."""

from __future__ import annotations

import errno
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, RdfFormat, parse

import migkg
from graphs import bundled
from migkg.errors import DataError, GraphError, QueryError, UnknownName, WriteError
from migkg.kg import KnowledgeGraph
from migkg.ontology import ID
from migkg.portal import MARKER, PARTS, File, Release, make_release, write_release
from migkg.portal.release import defaults

WHO = {"publisher": "Example Institute", "email": "data@example.org", "homepage": "https://example.org/"}
DATA = {"data": PARTS["data"]}


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    with migkg.open(bundled(tmp_path_factory)) as graph:
        yield graph


@pytest.fixture(scope="module")
def release(graph: KnowledgeGraph) -> Release:
    return make_release(graph, **WHO)


def tree(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


# -- settings ----------------------------------------------------------------------------------------------------------


def test_date_is_the_newest_of_the_articles(release: Release) -> None:
    assert (release.date, release.version) == ("2026-11-23", "2026-11-23")


def test_the_example_of_settings_says_what_is_missing(graph: KnowledgeGraph, tmp_path: Path) -> None:
    file = tmp_path / "portal.toml"
    file.write_text(defaults(), encoding="utf-8")
    with pytest.raises(QueryError, match=r'portal.toml: the setting "name" of \[publisher\] is missing.*--publisher'):
        make_release(graph, file)
    file.write_text(re.sub(r"^# (\w+ = )", r"\1", defaults(), flags=re.MULTILINE), encoding="utf-8")
    made = make_release(graph, file, version="2")
    assert made.publisher.iri == "https://example.org/#us"
    assert (made.version, made.site, made.endpoint) == ("2", "https://example.org/kg/", "https://example.org/sparql")


@pytest.mark.parametrize("missing", sorted(WHO))
def test_what_the_publisher_has_to_tell(graph: KnowledgeGraph, missing: str) -> None:
    with pytest.raises(QueryError, match=f"is missing.*--{missing}"):
        make_release(graph, **{**WHO, missing: None})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"base": "https://example.org/kg"}, 'without a slash at its end; expected "https://example.org/kg/"'),
        ({"base": "https://example.org/a b/"}, "holds ' '"),
        ({"base": "example.org/"}, "begins with http"),
        ({"site": "ftp://example.org/"}, "begins with http"),
        ({"date": "yesterday"}, "YYYY-MM-DD"),
        ({"email": "nobody"}, "e-mail"),
        ({"homepage": "example.org"}, "IRI"),
        ({"licence": "free"}, "IRI"),
        ({"endpoint": "mailto:x@y.org"}, "https://"),
    ],
)
def test_wrong_settings(graph: KnowledgeGraph, options: dict[str, str], message: str) -> None:
    with pytest.raises(QueryError, match=message):
        make_release(graph, **{**WHO, **options})


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("[release", DataError, "no TOML"),
        ("[releases]", UnknownName, "Did you mean"),
        ("[publisher]\nmail = 'a@b.org'", UnknownName, 'Did you mean "email"'),
        ("release = 1", DataError, r"expected \[release\]"),
        ("[title]\nen = ''", DataError, "empty"),
    ],
)
def test_broken_settings(graph: KnowledgeGraph, tmp_path: Path, text: str, error: type, message: str) -> None:
    file = tmp_path / "portal.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(error, match=message):
        make_release(graph, file, **WHO)
    with pytest.raises(DataError, match="cannot be read"):
        make_release(graph, tmp_path / "none.toml", **WHO)


# -- its place ---------------------------------------------------------------------------------------------------------


def test_the_same_bytes_again(release: Release, tmp_path: Path) -> None:
    write_release(release, tmp_path / "one", parts=DATA)
    write_release(release, tmp_path / "two", parts=DATA)
    first = tree(tmp_path / "one")
    assert first == tree(tmp_path / "two")
    assert len(first) > 10
    write_release(release, tmp_path / "one", parts=DATA)  # its own place may be used again
    assert first == tree(tmp_path / "one")
    assert {path.name for path in tmp_path.iterdir()} == {"one", "two"}


def test_a_folder_of_others_is_left_alone(release: Release, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(GraphError, match=r"holds other files \(notes.txt\)"):
        write_release(release, tmp_path, parts=DATA)
    with pytest.raises(GraphError, match="this is a file"):
        write_release(release, tmp_path / "notes.txt", parts=DATA)
    assert tree(tmp_path) == {"notes.txt": b"mine"}


def test_a_full_disk_leaves_the_former_release(release: Release, tmp_path: Path) -> None:
    def full(release: Release, folder: Path, made: Sequence[File]) -> Iterable[File]:
        raise OSError(errno.ENOSPC, "No space left on device")

    out = tmp_path / "out"
    with pytest.raises(WriteError, match=r"No space left.*Nothing was written\. Make room"):
        write_release(release, out, parts={**DATA, "full": full})
    assert list(tmp_path.iterdir()) == []
    write_release(release, out, parts={})
    before = tree(out)
    with pytest.raises(WriteError, match="former release is untouched"):
        write_release(release, out, parts={**DATA, "full": full})
    assert tree(out) == before
    assert list(tmp_path.iterdir()) == [out]


def test_a_graph_that_does_not_conform_is_refused(graph: KnowledgeGraph, release: Release, tmp_path: Path) -> None:
    folder = tmp_path / "kg"
    shutil.copytree(graph.folder, folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    wrong = {"severity": "violation", "shape": "s", "focus": ID + "person/x", "message": "A person has no name."}
    (folder / "manifest.json").write_text(json.dumps({**manifest, "findings": [wrong]}), encoding="utf-8")
    with migkg.open(folder) as bad:
        with pytest.raises(GraphError, match=r"does not conform(.|\n)*A person has no name"):
            write_release(replace(release, graph=bad), tmp_path / "out", parts=DATA)
        write_release(replace(release, graph=bad), tmp_path / "out", parts=DATA, force=True)
    (folder / "manifest.json").write_text(json.dumps({**manifest, "checked": False}), encoding="utf-8")
    with migkg.open(folder) as bad, pytest.raises(GraphError, match="--no-check"):
        write_release(replace(release, graph=bad), tmp_path / "other", parts=DATA)


# -- data --------------------------------------------------------------------------------------------------------------


def test_a_publisher_has_a_base_of_his_own(release: Release, tmp_path: Path) -> None:
    own = "https://data.example.org/kg/"
    write_release(release, tmp_path / "ours", parts=DATA)
    write_release(replace(release, base=own), tmp_path / "own", parts=DATA)
    ours, theirs = tree(tmp_path / "ours"), tree(tmp_path / "own")
    assert ours.keys() == theirs.keys()
    for name in ours:
        if name != MARKER:
            assert ID.encode() not in theirs[name]
            assert theirs[name] == ours[name].replace(ID.encode(), f"{own}id/".encode())
    assert b"<https://w3id.org/migkg/scheme/gcm>" in theirs["data/schemes/gcm.ttl"]


def test_data_are_whole_and_without_blank_nodes(release: Release, tmp_path: Path) -> None:
    made = write_release(release, tmp_path / "out", parts=DATA)
    forms = {"text/turtle": RdfFormat.TURTLE, "application/trig": RdfFormat.TRIG}
    counts = {}
    for file in made:
        if file.media_type in forms:
            quads = list(parse(path=tmp_path / "out" / file.path, format=forms[file.media_type]))
            assert not any(isinstance(node, BlankNode) for quad in quads for node in (quad.subject, quad.object))
            counts[file.path] = len({quad.triple for quad in quads})
    count = release.store.count()
    assert counts["data/graph.ttl"] == counts["data/graph.trig"] == count
    schemes = [path for path in counts if path.startswith("data/schemes/")]
    assert len(schemes) == 8
    for path in schemes:
        assert (tmp_path / "out" / path).read_text(encoding="utf-8").count("skos:ConceptScheme ") == 1
