"""The static site of a release: from a folder, from a plain server, from Apache; and what browsers and engines meet."""

from __future__ import annotations

import hashlib
import http.client
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import quote, unquote, urljoin, urlsplit
from urllib.request import ProxyHandler, build_opener

import pyoxigraph as ox
import pytest
from lxml import etree, html

from apaches import apache
from graphs import DISCUSSION, SITE, SITE_PARTS, site_release, sited, small
from htmls import broken_links, check_usable
from migkg import resources
from migkg.errors import GraphError
from migkg.folder import make_empty, read_manifest
from migkg.kg import KnowledgeGraph
from migkg.ontology import BASE, ID, ONT, PREFIXES
from migkg.pages import VOCABULARY
from migkg.pages.links import LANGUAGES, is_ours
from migkg.pages.render import static
from migkg.portal import Release, write_release
from migkg.portal.server import own_rules, permanent_rules
from migkg.rdf import ONTOLOGY_GRAPH
from migkg.store import EmbeddedStore

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
DIRECT = build_opener(ProxyHandler({}))


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    with KnowledgeGraph(small(tmp_path_factory, *DISCUSSION)) as kg:
        yield site_release(kg)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sited(tmp_path_factory)


@pytest.fixture(scope="module")
def trees(site: Path) -> dict[str, html.HtmlElement]:
    """Path → page."""
    return {
        file.relative_to(site).as_posix(): html.document_fromstring(file.read_text(encoding="utf-8"))
        for file in sorted(site.rglob("*.html"))
    }


def lang_of(path: str) -> str:
    return "id" if path.endswith(".id.html") else "en"


def test_every_iri_of_the_graph_has_its_pages_and_data(release: Release, site: Path) -> None:
    """Also the parts of things, which have places on the pages of these."""
    terms = {term.value for quad in release.store.quads() for term in (quad.subject, quad.predicate, quad.object)
             if isinstance(term, ox.NamedNode)}  # fmt: skip
    ours = {term for term in terms if term.startswith(BASE) and not term.startswith(BASE + "graph")}
    assert len(ours) > 300
    for iri in sorted(ours):
        document, _, part = iri[len(BASE) :].partition("#")
        for suffix in (".html", ".id.html", ".ttl", ".jsonld"):
            file = site / f"{document}{suffix}"
            assert file.is_file(), iri
        assert not part or f'id="{part}"' in (site / f"{document}.html").read_text(encoding="utf-8"), iri


def test_no_link_is_broken(site: Path) -> None:
    assert list(broken_links(site, SITE)) == []


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "index.html").write_text('<a href="a/b.html#x">', encoding="utf-8")
    page = '<p id="x"><a href="../">1</a> <a href="c.html">2</a> <img alt="" src="https://example.org/d.png">'
    more = '<a class="k" href="#y">3</a> <a href="https://elsewhere.example/">4</a>'
    (tmp_path / "a" / "b.html").write_text(page + more, encoding="utf-8")
    broken = [("a/b.html", "c.html"), ("a/b.html", "https://example.org/d.png"), ("a/b.html", "#y")]
    assert list(broken_links(tmp_path, "https://example.org/")) == broken


def test_all_can_use_every_page(trees: dict[str, html.HtmlElement]) -> None:
    for path, tree in trees.items():
        check_usable(tree, lang_of(path), path)


def test_no_page_needs_a_script_or_anything_from_elsewhere(trees: dict[str, html.HtmlElement]) -> None:
    for path, tree in trees.items():
        loaded = tree.xpath("//script/@src | //img/@src | //link[@rel='stylesheet']/@href | //iframe | //object")
        assert all(not urlsplit(str(link)).netloc for link in loaded), path
        assert bool(tree.xpath("//script[@src]")) == (path in ("find.html", "find.id.html")), path


def test_other_addresses_of_a_page(trees: dict[str, html.HtmlElement]) -> None:
    for path, tree in trees.items():
        if path.startswith(("404", "names/")):
            continue
        address = SITE if path == "index.html" else SITE + quote(path)
        assert tree.xpath("//link[@rel='canonical']/@href") == [address], path
        english = re.sub(r"(\.id)?\.html$", "", path)
        first = SITE if english == "index" else f"{SITE}{quote(english)}.html"
        told = dict(zip(*(tree.xpath(f"//link[@hreflang]/@{name}") for name in ("hreflang", "href")), strict=True))
        assert told == {"en": first, "id": f"{SITE}{quote(english)}.id.html", "x-default": first}, path
    data = trees["id/policy/gcm.html"].xpath("//link[@rel='alternate'][@type]/@href")
    assert data == ["../../id/policy/gcm.ttl", "../../id/policy/gcm.jsonld"]


def test_the_data_of_a_page_stand_in_it_and_beside_it(site: Path, trees: dict[str, html.HtmlElement]) -> None:
    def triples(data: bytes, form: ox.RdfFormat) -> set[ox.Triple]:
        return {quad.triple for quad in ox.parse(data, format=form)}

    for name in ("id/policy/gcm", "id/place/id", "scheme/gcm", f"id/article/{DISCUSSION[0]}"):
        (own,) = trees[f"{name}.html"].xpath("//script[@type='application/ld+json']/text()")
        turtle = triples((site / f"{name}.ttl").read_bytes(), ox.RdfFormat.TURTLE)
        assert triples(str(own).encode(), ox.RdfFormat.JSON_LD) <= turtle
        assert triples((site / f"{name}.jsonld").read_bytes(), ox.RdfFormat.JSON_LD) == turtle


def test_a_fact_shows_its_sentence_with_the_words_marked_in_its_language(site: Path) -> None:
    shown = (site / "id/policy/gcm.html").read_text(encoding="utf-8")
    assert "<blockquote><p><mark>Indonesia is a champion country of the GCM</mark>" in shown
    assert '<blockquote lang="id"><p><mark>Indonesia adalah negara jawara GCM</mark>' in shown


def test_titles_say_what_a_page_tells_of(trees: dict[str, html.HtmlElement]) -> None:
    def title(path: str) -> str:
        return str(trees[path].findtext(".//h1"))

    fact = next(path for path in trees if path.startswith("id/fact/commitment") and not path.endswith(".id.html"))
    assert title(fact) == "Commitment: Indonesia · Global Compact for Safe, Orderly and Regular Migration"
    indonesian = title(fact.replace(".html", ".id.html"))
    assert indonesian.startswith("Komitmen: Indonesia · Kesepakatan Global")
    span = next(path for path in trees if path.startswith(f"id/span/{DISCUSSION[0]}/1416-1458"))
    assert title(span) == "“Indonesia is a champion country of the GCM”"
    assert trees[f"id/article/{DISCUSSION[1]}.html"].xpath("//h1/@lang") == ["id"]
    (event,) = (path for path in trees if re.fullmatch(r"id/event/public-discussion-2024-06-12-id-jk-\w+\.html", path))
    told = trees[event].xpath("//article/dl[@class='details']")[0].text_content()
    assert "2024-06-12" in told
    assert "schema.org" not in told
    assert "Jakarta" in told


def test_the_first_page_describes_the_data_set(trees: dict[str, html.HtmlElement], release: Release) -> None:
    (told,) = trees["index.id.html"].xpath("//script[@type='application/ld+json']/text()")
    about = json.loads(told)
    assert (about["@type"], about["name"], about["url"]) == ("Dataset", release.title["id"], SITE)
    assert f"{SITE}data/graph.ttl" in {one["contentUrl"] for one in about["distribution"]}


def test_same_graph_same_bytes(release: Release, site: Path, tmp_path: Path) -> None:
    write_release(release, tmp_path / "again", parts=SITE_PARTS, check=False)
    assert digests(tmp_path / "again") == digests(site)


def digests(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_sitemap(site: Path, trees: dict[str, html.HtmlElement]) -> None:
    tree = etree.fromstring((site / "sitemap.xml").read_bytes())
    spaces = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    addresses = tree.xpath("//s:loc/text()", namespaces=spaces)
    told = {unquote(address.removeprefix(SITE)) or "index.html" for address in addresses}
    assert told <= set(trees)
    assert {path for path in trees if path.startswith(("id/policy", "scheme/", "queries", "names/"))} <= told
    assert not {path for path in told if path.startswith(("404", "id/span"))}
    assert set(tree.xpath("//x:link/@hreflang", namespaces=spaces)) == {"en", "id", "x-default"}
    assert f"Sitemap: {SITE}sitemap.xml" in (site / "robots.txt").read_text(encoding="utf-8")


def test_a_publishers_own_base(tmp_path: Path) -> None:
    own = "https://data.example.org/"
    turtle = f'<{ID}policy/a> a cv:ReferenceFramework ; skos:prefLabel "A"@en ; dct:relation <{ID}place/b> .'
    more = f'<{ID}policy/a> dct:type <{ONT}Policy> . <{ID}place/b> a schema:Place ; skos:prefLabel "B"@en .'
    graph = graph_of(tmp_path, turtle + more, terms=True)
    with KnowledgeGraph(graph) as kg:
        write_release(replace(site_release(kg), base=own, site=own), tmp_path / "out", parts=SITE_PARTS, check=False)
    for file in sorted((tmp_path / "out").rglob("*")):
        if file.suffix in (".html", ".ttl", ".jsonld", ".js", ".xml"):
            assert ID not in file.read_text(encoding="utf-8"), file
    page = html.document_fromstring((tmp_path / "out/id/policy/a.html").read_text(encoding="utf-8"))
    assert page.xpath("//link[@rel='canonical']/@href") == [own + "id/policy/a.html"]
    assert page.xpath("string(//p[@class='iri']/code)") == own + "id/policy/a"
    (told,) = page.xpath("//script[@type='application/ld+json']/text()")
    quads = list(ox.parse(str(told).encode(), format=ox.RdfFormat.JSON_LD))
    assert {quad.subject.value for quad in quads} == {own + "id/policy/a"}
    assert ox.NamedNode(ONT + "Policy") in [quad.object for quad in quads]
    assert list(broken_links(tmp_path / "out", own)) == []
    assert not (tmp_path / "out" / "w3id").exists()


# --- hostile and odd graphs ---


def test_what_a_graph_says_stays_in_its_place(tmp_path: Path) -> None:
    """Names full of HTML; IRIs that lead out of the folder; what an IRI has percent-encoded."""
    evil = "</title></script><script>alert(1)</script><img src=x onerror=alert(2)>\u2028"
    odd = f'<{ID}organization/a> a org:Organization ; skos:prefLabel "EVIL"@en ; schema:url <javascript:alert(3)> .'
    out_of = "".join(f"<{ID}{path}> a org:Organization ." for path in ("../../../../evil", "organization//b", "x/./c"))
    encoded = f'<{ID}organization/talks%20%3C1%3E> a org:Organization ; skos:prefLabel "Talks <1>"@en .'
    graph = graph_of(tmp_path, odd.replace("EVIL", evil) + out_of + encoded)
    with KnowledgeGraph(graph) as kg:
        write_release(site_release(kg), tmp_path / "top" / "out", parts=SITE_PARTS, check=False)
    assert [path.name for path in (tmp_path / "top").iterdir()] == ["out"]
    assert not list((tmp_path / "top").rglob("*evil*"))
    assert not is_ours(ID + "../../../../evil")
    assert list(broken_links(tmp_path / "top" / "out", SITE)) == []
    for file in sorted((tmp_path / "top" / "out").rglob("*.html")):
        tree = html.document_fromstring(file.read_text(encoding="utf-8"))
        assert not [script for script in tree.iter("script") if script.text and "json" not in script.get("type", "")]
        assert not list(tree.iter("img")), file
        assert not [a for a in tree.iter("a") if a.get("href", "").startswith("javascript")], file
    assert (tmp_path / "top/out/id/organization/talks%20%3C1%3E.html").is_file()


def test_two_things_that_need_one_file(tmp_path: Path) -> None:
    """An article "a.id" in English, and "a" in Indonesian."""
    graph = graph_of(tmp_path, "".join(f"<{ID}article/{name}> a schema:NewsArticle ." for name in ("a", "a.id")))
    with (
        KnowledgeGraph(graph) as kg,
        pytest.raises(GraphError, match=r"two things of the graph need the file id/article/a\.id\.html"),
    ):
        write_release(site_release(kg), tmp_path / "out", parts=SITE_PARTS, check=False)
    assert not (tmp_path / "out").exists()


def graph_of(tmp_path: Path, turtle: str, *, terms: bool = False) -> Path:
    """:param terms: with those of the ontology, which have hundreds of pages."""
    folder = tmp_path / "kg"
    make_empty(folder)
    with EmbeddedStore.open(folder / read_manifest(folder)["store"]) as store:
        prefixes = "".join(f"@prefix {name}: <{space}> .\n" for name, space in PREFIXES.items())
        triples = [quad.triple for quad in ox.parse(prefixes + turtle, ox.RdfFormat.TURTLE)]
        store.put_graph(ID + "graph/odd", triples)
        ontology = [quad.triple for quad in ox.parse(path=str(resources.path("ontology", "migkg.ttl")))]
        store.put_graph(ONTOLOGY_GRAPH, [it for it in ontology if terms or it.subject == ox.NamedNode(VOCABULARY)])
    return folder


# --- servers ---


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        pass


@contextmanager
def plain_server(folder: Path) -> Iterator[str]:
    """A web server without rules; all it knows is files."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as running:
        thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}/"
        running.shutdown()
        thread.join()


def test_on_a_server_without_rules(site: Path, tmp_path: Path) -> None:
    """In a folder below the top, from the first page on, in both languages."""
    (tmp_path / "some").mkdir()
    (tmp_path / "some" / "where").symlink_to(site)
    with plain_server(tmp_path) as top:
        waiting, seen = [f"{top}some/where/", f"{top}some/where/index.id.html"], set[str]()
        while waiting and len(seen) < 250:
            address = waiting.pop(0)
            seen.add(address)
            with DIRECT.open(address) as answer:
                assert answer.status == 200, address
                if answer.headers["Content-Type"].startswith("text/html"):
                    tree = html.document_fromstring(answer.read().decode())
                    found = tree.xpath("//a/@href | //link/@href")
                    links = (urljoin(address, link).partition("#")[0] for link in found)
                    waiting += sorted({link for link in links if link.startswith(top)} - seen - set(waiting))
        assert len(seen) > 200


@pytest.fixture(scope="module")
def served(release: Release, site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Apache with the site at the top and deep below, and the rules of permanent addresses in `migkg`."""
    rules = tmp_path_factory.mktemp("w3id")
    assert (site / "w3id" / ".htaccess").read_text(encoding="utf-8") == permanent_rules(release)
    (rules / ".htaccess").write_text(permanent_rules(release), encoding="utf-8")
    with apache(tmp_path_factory.mktemp("apache"), site, deep__kg=site, migkg=rules) as address:
        yield address


def asked(address: str, accept: str | None = None, language: str | None = None) -> tuple[int, dict[str, str], bytes]:
    """Of one request, without following where it leads."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc)
    headers = {name: value for name, value in (("Accept", accept), ("Accept-Language", language)) if value}
    try:
        connection.request("GET", parts.path, headers=headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("place", ["", "deep/kg/", "migkg/"])
@pytest.mark.parametrize(
    ("accept", "language", "suffix"),
    [
        (BROWSER, None, ".html"),
        (BROWSER, "en-US,en;q=0.9,id;q=0.2", ".html"),
        (BROWSER, "id-ID,id;q=0.9,en;q=0.5", ".id.html"),
        (BROWSER, "fr, id;q=0.8", ".id.html"),
        (BROWSER, "de", ".html"),
        (None, None, ".html"),
        ("*/*", "id", ".id.html"),
        ("text/turtle", None, ".ttl"),
        ("text/turtle", "id", ".ttl"),
        ("application/ld+json", None, ".jsonld"),
        ("application/ld+json, text/turtle;q=0.5", None, ".jsonld"),
        ("text/turtle;q=0.9, application/xhtml+xml;q=0.5, */*;q=0.1", None, ".ttl"),
        ("text/turtle;q=0, application/ld+json;q=0.3", None, ".jsonld"),
        ("text/html;q=0.4, text/turtle", None, ".ttl"),
        ("image/png", None, ".html"),
    ],
)
def test_an_iri_leads_where_the_client_wants(
    place: str, accept: str | None, language: str | None, suffix: str, served: str
) -> None:
    there = SITE if place == "migkg/" else served + place
    for name in ("id/policy/gcm", "ont", "ont/0.1.0", "scheme/gcm", "scheme/gcm/objective-5"):
        status, headers, _ = asked(served + place + name, accept, language)
        assert (status, headers["Location"]) == (303, f"{there}{name}{suffix}")
        assert {"Accept", "Accept-Language"} <= set(headers["Vary"].split(","))
        assert headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("path", "media"),
    [
        ("id/policy/gcm.html", "text/html; charset=utf-8"),
        ("id/policy/gcm.id.html", "text/html; charset=utf-8"),
        ("id/policy/gcm.ttl", "text/turtle; charset=utf-8"),
        ("id/policy/gcm.jsonld", "application/ld+json; charset=utf-8"),
        ("static/style.css", "text/css; charset=utf-8"),
        ("static/search.js", "text/javascript; charset=utf-8"),
    ],
)
def test_media_types(path: str, media: str, served: str) -> None:
    status, headers, _ = asked(served + "deep/kg/" + path)
    assert (status, headers["Content-Type"]) == (200, media)
    assert headers.get("Content-Language") == ("id" if ".id." in path else None)


def test_the_rest_of_a_site_on_apache(served: str) -> None:
    below = served + "deep/kg/"
    assert asked(below, BROWSER)[0] == 200
    assert asked(below, BROWSER, "id")[1]["Location"] == below + "index.id.html"
    assert asked(below + "index.html", BROWSER, "id")[0] == 200
    # What is percent-encoded in an IRI is so in the name of its file.
    odd = asked(below + "id/article/talks%20%3C1%3E", "text/turtle")[1]["Location"]
    assert odd.endswith("/talks%2520%253C1%253E.ttl")
    for path in ("nothing", "id/person/nobody.html", "id/person/nobody.ttl", "id/", "data/"):
        status, _, body = asked(below + path, BROWSER)
        assert status == 404, path
        assert b"<h1>Not found</h1>" in body
    assert asked(served + "migkg/data/graph.ttl")[1]["Location"] == SITE + "data/graph.ttl"


def test_rules_name_no_place_but_the_site(release: Release) -> None:
    """They work wherever the folder is put."""
    own = own_rules(release)
    assert own.count("example.org") == 0
    assert own.count("/deep/kg/") == 1  # the page of what is not found
    assert BASE not in own + permanent_rules(release)


# --- the search, and what a browser shows ---


def test_index_of_names(site: Path) -> None:
    text = (site / "static" / "index.js").read_text(encoding="utf-8")
    told = json.loads(text.removeprefix("window.migkgIndex=").removesuffix(";\n"))
    of = {row[0]: row for row in told["things"]}
    assert of["id/policy/gcm"][1].startswith("Global Compact")
    assert "GCM" in of["id/policy/gcm"][5]
    assert of["ont#Hosting"][1:3] == ["hosting", "penyelenggaraan"]
    assert f"id/article/{DISCUSSION[0]}" in of
    assert static("search.js")
    assert [told["kinds"][of["id/place/id"][3]][LANGUAGES.index(lang)] for lang in LANGUAGES] == ["country", "negara"]
