"""A release: its settings, its place on disk, its data."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from pyoxigraph import BlankNode, QuerySolutions, RdfFormat, Store, parse

import migkg
from graphs import DISCUSSION, NO_PAGES, PUBLISHER, bundled, released, small
from migkg.errors import DataError, GraphError, QueryError, UnknownName, WriteError
from migkg.kg import KnowledgeGraph
from migkg.ontology import ID, PREFIXES
from migkg.portal import MARKER, PARTS, File, Part, Release, make_release, write_release
from migkg.portal.check import Pack
from migkg.portal.counts import forms
from migkg.portal.probes import run_probes
from migkg.portal.release import defaults
from migkg.portal.sheet import NAMES
from migkg.store import EmbeddedStore


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    with migkg.open(bundled(tmp_path_factory)) as graph:
        yield graph


@pytest.fixture(scope="module")
def release(graph: KnowledgeGraph) -> Release:
    return make_release(graph, **PUBLISHER)


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole release, for reading only."""
    return released(tmp_path_factory)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    """A release of two articles."""
    with migkg.open(small(tmp_path_factory, *DISCUSSION)) as graph:
        yield make_release(graph, **PUBLISHER)


@pytest.fixture(scope="module")
def few_pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That release, for reading only."""
    return released(tmp_path_factory, *DISCUSSION)


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


@pytest.mark.parametrize("missing", sorted(PUBLISHER))
def test_what_the_publisher_has_to_tell(graph: KnowledgeGraph, missing: str) -> None:
    with pytest.raises(QueryError, match=f"is missing.*--{missing}"):
        make_release(graph, **{**PUBLISHER, missing: None})


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
        make_release(graph, **{**PUBLISHER, **options})


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
        make_release(graph, file, **PUBLISHER)
    with pytest.raises(DataError, match="cannot be read"):
        make_release(graph, tmp_path / "none.toml", **PUBLISHER)


# -- its place ---------------------------------------------------------------------------------------------------------


def one_file(release: Release, folder: Path, made: Sequence[File]) -> Iterable[File]:
    (folder / "thing.ttl").write_text(f"<{ID}place/id> a <{ID}place> .\n", encoding="utf-8")
    return ()


ONE: Mapping[str, Part] = {"one": one_file}


def copied(pack: Path) -> Mapping[str, Part]:
    """All parts, with the data taken from another release."""

    def data(release: Release, folder: Path, made: Sequence[File]) -> Iterable[File]:
        shutil.copytree(pack / "data", folder / "data")
        return files

    files = tuple(parts_of(pack))
    return {**NO_PAGES, "data": data}


def parts_of(pack: Path) -> Iterator[File]:
    for file in sorted((pack / "data").rglob("*.*")):
        path = file.relative_to(pack).as_posix()
        part = "" if file.stem == "graph" else file.stem
        yield File(path, "text/turtle", "RDF_TURTLE", {"en": path, "id": path}, {"en": path, "id": path}, part=part)


def test_the_same_bytes_again(few: Release, few_pack: Path, tmp_path: Path) -> None:
    out = tmp_path / "one"
    write_release(replace(few, endpoint="https://example.org/sparql"), out, parts=NO_PAGES, check=False)
    first = tree(out)
    assert first == tree(few_pack)
    assert len(first) > 15
    write_release(few, out, parts={"one": one_file}, check=False)  # its own place may be used again
    assert set(tree(out)) == {MARKER, "thing.ttl"}
    assert {path.name for path in tmp_path.iterdir()} == {"one"}


def test_a_folder_of_others_is_left_alone(release: Release, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(GraphError, match=r"holds other files \(notes.txt\)"):
        write_release(release, tmp_path, parts=ONE, check=False)
    with pytest.raises(GraphError, match="this is a file"):
        write_release(release, tmp_path / "notes.txt", parts=ONE, check=False)
    assert tree(tmp_path) == {"notes.txt": b"mine"}


def test_a_full_disk_leaves_the_former_release(release: Release, tmp_path: Path) -> None:
    def full(release: Release, folder: Path, made: Sequence[File]) -> Iterable[File]:
        raise OSError(errno.ENOSPC, "No space left on device")

    out = tmp_path / "out"
    with pytest.raises(WriteError, match=r"No space left.*Nothing was written\. Make room"):
        write_release(release, out, parts={**ONE, "full": full}, check=False)
    assert list(tmp_path.iterdir()) == []
    write_release(release, out, parts={}, check=False)
    before = tree(out)
    with pytest.raises(WriteError, match="former release is untouched"):
        write_release(release, out, parts={**ONE, "full": full}, check=False)
    assert tree(out) == before
    assert list(tmp_path.iterdir()) == [out]


def test_what_a_killed_run_left_goes_and_a_running_one_stays(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = subprocess.Popen(["true"])
    child.wait()
    killed, running = tmp_path / f".out-{child.pid}-abc", tmp_path / f".out-{os.getpid()}-abc"
    other = tmp_path / ".out-notes-abc"
    for folder in (killed, running, other):
        (folder / "new").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    write_release(release, Path("out"), parts=ONE, check=False)
    assert set(tmp_path.iterdir()) == {tmp_path / "out", running, other}
    monkeypatch.chdir(tmp_path / "out")
    write_release(release, Path(), parts={}, check=False)
    assert set(tree(tmp_path / "out")) == {MARKER}


def test_a_link_leads_to_the_release(release: Release, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_release(release, tmp_path / "link", parts=ONE, check=False)
    assert (tmp_path / "link").is_symlink()
    assert set(tree(tmp_path / "real")) == {MARKER, "thing.ttl"}


def test_a_graph_that_does_not_conform_is_refused(graph: KnowledgeGraph, release: Release, tmp_path: Path) -> None:
    folder = tmp_path / "kg"
    shutil.copytree(graph.folder, folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    wrong = {"severity": "violation", "shape": "s", "focus": ID + "person/x", "message": "A person has no name."}
    (folder / "manifest.json").write_text(json.dumps({**manifest, "findings": [wrong]}), encoding="utf-8")
    with migkg.open(folder) as bad:
        with pytest.raises(GraphError, match=r"does not conform(.|\n)*A person has no name"):
            write_release(replace(release, graph=bad), tmp_path / "out", parts=ONE, check=False)
        write_release(replace(release, graph=bad), tmp_path / "out", parts=ONE, check=False, force=True)
    (folder / "manifest.json").write_text(json.dumps({**manifest, "checked": False}), encoding="utf-8")
    with migkg.open(folder) as bad, pytest.raises(GraphError, match="--no-check"):
        write_release(replace(release, graph=bad), tmp_path / "other", parts=ONE, check=False)


# -- data --------------------------------------------------------------------------------------------------------------


def test_a_publisher_has_a_base_of_his_own(few: Release, few_pack: Path, tmp_path: Path) -> None:
    own = "https://data.example.org/kg/"
    write_release(replace(few, base=own, site=own), tmp_path / "own", parts=copied(few_pack), check=False)
    ours, theirs = tree(few_pack), tree(tmp_path / "own")
    assert ours.keys() == theirs.keys()
    for name in ours:
        assert ID.encode() not in theirs[name], name
        if name.startswith("data/"):
            assert theirs[name] == ours[name].replace(ID.encode(), f"{own}id/".encode())
    assert b"<https://w3id.org/migkg/scheme/gcm>" in theirs["data/schemes/gcm.ttl"]
    assert b"<https://data.example.org/kg/catalogue#catalogue>" in theirs["catalogue.ttl"]
    (place,) = ask(tmp_path / "own" / "catalogue.ttl", query=f"SELECT ?n {{ <{own}id/place/id> skos:prefLabel ?n "
                   "FILTER(LANG(?n) = 'en') }")  # fmt: skip
    assert place == ("Indonesia",)


def test_data_are_whole_and_without_blank_nodes(release: Release, pack: Path) -> None:
    counts = {}
    for file in sorted((pack / "data").rglob("*.*")):
        quads = list(parse(path=file, format=forms()[file.suffix]))
        assert not any(isinstance(node, BlankNode) for quad in quads for node in (quad.subject, quad.object))
        counts[file.name] = len({quad.triple for quad in quads})
    assert {counts[f"graph.{form}"] for form in ("ttl", "trig", "nq", "jsonld")} == {release.store.count()}
    schemes = sorted((pack / "data" / "schemes").iterdir())
    assert len(schemes) == 8
    for path in schemes:
        assert path.read_text(encoding="utf-8").count("skos:ConceptScheme ") == 1


# -- description -------------------------------------------------------------------------------------------------------


def ask(*files: Path, query: str) -> list[tuple[str, ...]]:
    store = Store()
    for file in files:
        store.load(path=file, format=RdfFormat.TURTLE)
    found = store.query(query, prefixes=dict(NAMES))
    assert isinstance(found, QuerySolutions)
    return [tuple("" if term is None else str(term.value) for term in row) for row in found]


def test_distributions_are_those_files(pack: Path) -> None:
    rows = ask(pack / "catalogue.ttl", query="""SELECT ?url ?size ?sum ?type ?format {
      ?it a dcat:Distribution ; dcat:downloadURL ?url ; dcat:byteSize ?size ; dcat:mediaType ?type ; dct:format ?format
        ; spdx:checksum [ spdx:checksumValue ?sum ; spdx:algorithm spdx:checksumAlgorithm_sha256 ] }""")  # fmt: skip
    assert len(rows) == 16
    for url, size, checksum, media, kind in rows:
        data = (pack / url.removeprefix("https://w3id.org/migkg/")).read_bytes()
        assert (int(size), checksum) == (len(data), hashlib.sha256(data).hexdigest())
        assert media.startswith("https://www.iana.org/assignments/media-types/")
        assert kind.startswith("http://publications.europa.eu/resource/authority/file-type/")
    (old,) = ask(pack / "catalogue-2.1.1.ttl", query="""SELECT (COUNT(*) AS ?n) { ?it dcat:byteSize ?size ;
      spdx:checksum/spdx:algorithm spdx:checksumAlgorithm_sha1 FILTER(datatype(?size) = xsd:decimal) }""")  # fmt: skip
    assert old == ("16",)


def test_counts_are_those_of_the_files(pack: Path) -> None:
    graph = {quad.triple for quad in parse(path=pack / "data" / "graph.nq", format=RdfFormat.N_QUADS)}
    rows = dict(ask(pack / "void.ttl", query="""SELECT ?name ?n { ?it a dcat:Dataset ; ?p ?n
      VALUES (?p ?name) { (void:triples "triples") (void:entities "entities") (void:distinctSubjects "subjects")
        (void:distinctObjects "objects") (void:classes "classes") (void:properties "properties") } }"""))  # fmt: skip
    subjects = {str(triple.subject) for triple in graph}
    kinds = "organization|person|place|event|policy|programme"
    assert int(rows["triples"]) == len(graph)
    assert int(rows["subjects"]) == len(subjects)
    assert int(rows["objects"]) == len({str(triple.object) for triple in graph})
    assert int(rows["properties"]) == len({triple.predicate for triple in graph})
    entities = [one for one in subjects if re.match(rf"<{ID}({kinds})/", one)]
    assert len(entities) <= int(rows["entities"]) <= len(entities) + 60  # roles, posts and funds have segments too
    (events,) = ask(pack / "void.ttl", query="SELECT ?n { ?it void:class schema:Event ; void:entities ?n }")
    assert int(events[0]) == sum(
        t.predicate.value == PREFIXES["rdf"] + "type" and str(t.object) == "<https://schema.org/Event>" for t in graph
    )
    linksets = dict(ask(pack / "void.ttl", query="""SELECT ?home ?n { ?it a void:Linkset ; void:triples ?n ;
      void:linkPredicate skos:exactMatch ; void:objectsTarget/foaf:homepage ?home }"""))  # fmt: skip
    wikidata = [t for t in graph if "exactMatch" in str(t.predicate) and "www.wikidata.org" in str(t.object)]
    assert int(linksets["https://www.wikidata.org/"]) == len(wikidata) > 10


def test_what_a_harvester_needs(pack: Path) -> None:
    """CKAN with ckanext-dcat: title, notes, an identifier, publisher, an address of each resource."""
    rows = ask(pack / "catalogue.ttl", query="""SELECT ?it (LANG(?title) AS ?lang) ?title ?notes ?id ?name ?mail {
      [] a dcat:Catalog ; dcat:dataset ?it . ?it dct:title ?title ; dct:description ?notes ; dct:identifier ?id ;
        dct:publisher/foaf:name ?name ; dcat:contactPoint/vcard:hasEmail ?mail ; dcat:theme ?theme ;
        dcat:landingPage ?page ; dct:language ?language ; dct:accrualPeriodicity ?often
      FILTER(LANG(?title) = LANG(?notes)) }""")  # fmt: skip
    assert {row[1] for row in rows} == {"en", "id"}
    assert len({row[0] for row in rows}) == 13
    assert {row[0] for row in rows} == {row[4] for row in rows}
    assert {row[5:] for row in rows} == {("Example Institute", "mailto:data@example.org")}
    (bare,) = ask(pack / "catalogue.ttl", query="""SELECT (COUNT(?it) AS ?n) { ?it a dcat:Distribution
      FILTER NOT EXISTS { ?it dcat:accessURL ?a ; dct:license ?l ; dct:title ?t } }""")  # fmt: skip
    assert bare == ("0",)
    (service,) = ask(pack / "catalogue.ttl", query="SELECT ?url { [] a dcat:DataService ; dcat:endpointURL ?url }")
    assert service == ("https://example.org/sparql",)


def test_no_blank_node_and_both_languages(few: Release, few_pack: Path, tmp_path: Path) -> None:
    for file in ("catalogue.ttl", "catalogue-2.1.1.ttl", "void.ttl"):
        quads = list(parse(path=few_pack / file, format=RdfFormat.TURTLE))
        assert not any(isinstance(node, BlankNode) for quad in quads for node in (quad.subject, quad.object))
    for name in ("README.md", "README.id.md"):
        text = (few_pack / name).read_text(encoding="utf-8")
        assert "{{" not in text and "data/schemes/gcm.ttl" in text and "a@b" not in text
    odd = replace(few.publisher, name="Data | <b>Us</b> `&` Co")
    write_release(replace(few, publisher=odd), tmp_path / "odd", parts=copied(few_pack), check=False)
    text = (tmp_path / "odd" / "README.md").read_text(encoding="utf-8")
    assert r"[Data \| \<b\>Us\</b\> \`&\` Co](https://example.org/)" in text
    citation = yaml.safe_load((few_pack / "CITATION.cff").read_text(encoding="utf-8"))
    assert (citation["cff-version"], citation["license"], citation["type"]) == ("1.2.0", "CC-BY-4.0", "dataset")
    assert "Hak cipta 2026 Example Institute" in (few_pack / "LICENSE").read_text(encoding="utf-8")


# -- changes -----------------------------------------------------------------------------------------------------------


def test_what_changed_since_the_former_release(few: Release, few_pack: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kg"
    shutil.copytree(few.graph.folder, folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    with EmbeddedStore.open(folder / manifest["store"]) as store:
        article = next(name for name in store.graph_names() if name.endswith("-jakarta-id"))
        quads = list(store.quads(article))
        label = PREFIXES["rdfs"] + "label"
        gone = min(str(quad.subject)[1:-1] for quad in quads if "/fact/hosting-" in str(quad.subject))
        name = min(str(q.object) for q in quads if str(q.subject) == f"<{gone}>" and q.predicate.value == label)
        store.put_graph(article, [q for q in quads if str(q.subject) != f"<{gone}>"])
        store.delete_graph(next(name for name in store.graph_names() if name.endswith("-jakarta-en")))
    with migkg.open(folder) as changed:
        after = replace(few, graph=changed, former=few_pack, version="2", base="https://example.org/kg/")
        write_release(after, tmp_path / "out", parts=NO_PAGES, check=False)
    text = (tmp_path / "out" / "CHANGES.md").read_text(encoding="utf-8")
    assert text.startswith(f"# Changes since version {few.version}")
    assert f"- withdrawn: {name[1:-4]}" in text
    assert re.search(r"^### Jakarta discussion weighs .* \(withdrawn article\)$", text, re.MULTILINE)
    assert "ditarik" in (tmp_path / "out" / "CHANGES.id.md").read_text(encoding="utf-8")
    removed = (tmp_path / "out" / "changes" / "removed.nt").read_text(encoding="utf-8")
    assert f"<https://example.org/kg/id/{gone.removeprefix(ID)}>" in removed
    assert (tmp_path / "out" / "changes" / "added.nt").read_text(encoding="utf-8") == ""
    rows = ask(tmp_path / "out" / "catalogue.ttl", query="""SELECT ?version ?was { ?it prov:wasRevisionOf ?old ;
      dcat:version ?version ; dcat:inSeries ?series . ?old dcat:version ?was ; dcat:inSeries ?series }""")  # fmt: skip
    assert rows == [("2", few.version)]
    (datasets,) = ask(tmp_path / "out" / "catalogue.ttl", query="SELECT (COUNT(?it) AS ?n) { ?it a dcat:Dataset }")
    assert datasets == ("13",)  # the former version is described, and is none that a harvester would take
    checks = list(run_probes(Pack(tmp_path / "out")))
    assert [check.title["en"] for check in checks if check.count("violation")] == []


def test_nothing_changed(few: Release, few_pack: Path, tmp_path: Path) -> None:
    parts = {name: part for name, part in copied(few_pack).items() if name in ("data", "changes")}
    write_release(replace(few, former=few_pack, version="2"), tmp_path / "out", parts=parts, check=False)
    assert "Nothing changed." in (tmp_path / "out" / "CHANGES.md").read_text(encoding="utf-8")
    only = {"catalogue": PARTS["catalogue"]}
    with pytest.raises(QueryError, match=f"of version {few.version} too"):
        write_release(replace(few, former=few_pack), tmp_path / "other", parts=only, check=False)
    with pytest.raises(GraphError, match="no release here"):
        write_release(replace(few, former=tmp_path), tmp_path / "other", parts=parts, check=False)
