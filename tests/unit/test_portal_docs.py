"""The documentation of the ontology: all its terms, under their own names, in one language at a time; the diagram."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from lxml import etree, html

from htmls import check_usable
from migkg import resources
from migkg.errors import MissingExtra
from migkg.folder import make_empty, read_manifest
from migkg.kg import KnowledgeGraph
from migkg.ontology import ID, ONT, load_ontology
from migkg.portal import Release, docs, make_release
from migkg.portal.diagram import diagram
from migkg.portal.docs import page, picture, write_docs
from migkg.rdf import ONTOLOGY_GRAPH
from migkg.store import EmbeddedStore

SVG = "{http://www.w3.org/2000/svg}"
TURTLE = resources.path("ontology", "migkg.ttl")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    folder = tmp_path_factory.mktemp("docs") / "kg"
    make_empty(folder)
    evil = f'<{ONT}Hosting> <http://www.w3.org/2004/02/skos/core#definition> "<script>alert(1)</script>"@en .'
    quads = [*ox.parse(path=str(TURTLE)), *ox.parse(evil, ox.RdfFormat.TURTLE)]
    with EmbeddedStore.open(folder / read_manifest(folder)["store"]) as store:
        store.put_graph(ONTOLOGY_GRAPH, [quad.triple for quad in quads])
    with KnowledgeGraph(folder) as kg:
        yield make_release(
            kg, publisher="Example Institute", email="data@example.org", homepage="https://example.org/",
            date="2026-11-30", site="https://example.org/kg/",
        )  # fmt: skip


MADE: dict[str, str] = {}
"""Language → what pyLODE made for `site`; it takes seconds."""


@pytest.fixture(scope="module")
def site(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, real = tmp_path_factory.mktemp("site"), docs._made
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(docs, "_made", lambda release, lang: MADE.setdefault(lang, real(release, lang)))
        assert list(write_docs(release, folder, ())) == []
    return folder


@pytest.mark.parametrize("lang", ["en", "id"])
def test_all_terms_under_their_own_names(lang: str, site: Path) -> None:
    tree = html.document_fromstring((site / page(lang)).read_text(encoding="utf-8"))
    check_usable(tree, lang)
    subjects = {quad.subject.value for quad in ox.parse(path=str(TURTLE)) if isinstance(quad.subject, ox.NamedNode)}
    kinds = {kind.iri for kind in load_ontology().facts.values()}
    for iri in kinds & subjects:
        (place,) = tree.xpath(f"//div[@id='{iri[len(ONT) :]}']")
        assert place.xpath("string(.//code)") == iri
    text = tree.text_content()
    assert ("An organisation or person organises" in text) == (lang == "en")
    assert ("Organisasi atau orang menyelenggarakan" in text) == (lang == "id")
    assert not tree.xpath("//script[not(@type)]")


def test_titles_are_in_one_language(site: Path) -> None:
    english, indonesian = (html.parse(str(site / page(lang))).findtext(".//h1") for lang in ("en", "id"))
    assert english == "migkg: an ontology of migration governance in the news"
    assert indonesian == "migkg: ontologi tata kelola migrasi dalam berita"


def test_same_ontology_same_bytes(
    release: Release, site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not a word of it on the terminal. pyLODE is asked anew for one of the languages, which it makes alike."""
    real = docs._made
    monkeypatch.setattr(docs, "_made", lambda release, lang: MADE[lang] if lang == "en" else real(release, lang))
    list(write_docs(release, tmp_path, ()))
    assert capsys.readouterr() == ("", "")
    for lang in ("en", "id"):
        for name in (page(lang), picture(lang)):
            assert (tmp_path / name).read_bytes() == (site / name).read_bytes()


@pytest.mark.parametrize("lang", ["en", "id"])
def test_every_kind_of_fact_is_in_the_diagram_and_no_text_leaves_its_box(lang: str) -> None:
    tree = etree.fromstring(diagram(ox.parse(path=str(TURTLE)), lang))
    texts = [text.text for text in tree.iter(f"{SVG}text")]
    for kind in load_ontology().facts.values():
        assert kind.label[lang] in texts
    assert tree.findtext(f"{SVG}title")
    boxes = [tuple(float(box.get(name)) for name in ("x", "y", "width", "height")) for box in tree.iter(f"{SVG}rect")
             if box.get("x")]  # fmt: skip
    for text in tree.iter(f"{SVG}text"):
        if "middle" in text.get("class", "") or text.get("class") == "heading":
            continue
        x, y = float(text.get("x")), float(text.get("y"))
        left, _, width, _ = next(b for b in boxes if b[0] <= x <= b[0] + b[2] and b[1] <= y <= b[1] + b[3])
        # Of a usual sans-serif face, letters are half as wide as high; of a face of one width, three fifths.
        size = {"name": 15 * 0.56, "term": 11.5 * 0.6}.get(text.get("class", ""), 13 * 0.52)
        assert x + size * len(text.text) <= left + width, text.text
    for a, b in ((a, b) for a in boxes for b in boxes if a < b):
        assert a[0] + a[2] <= b[0] or a[1] + a[3] <= b[1] or b[1] + b[3] <= a[1]


def test_without_pylode(release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "pylode"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pylode", None)
    with pytest.raises(MissingExtra, match=r"pip install 'migkg\[portal\]'"):
        list(write_docs(release, tmp_path, ()))


def test_base_of_the_data_is_no_matter(site: Path) -> None:
    assert not re.search(ID + "(?!organization/migkg)", (site / page("en")).read_text(encoding="utf-8"))
