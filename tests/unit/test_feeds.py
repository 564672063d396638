"""Feeds and sitemaps: which addresses they name, followed on a real server, and what a second build fetches."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

import migkg
from migkg import intake as module
from migkg.articles import SOURCES, read_articles
from migkg.build import BuildReport, build
from migkg.cli import main
from migkg.errors import SourceError
from migkg.export import to_bytes
from migkg.fetch import Web
from migkg.folder import read_manifest
from migkg.intake import Intake, read_parcel
from migkg.model import Article
from migkg.readers.base import Raw
from migkg.readers.feeds import BEGINS, Link, read_links, same_page
from warm import warm_workers
from webs import Handler, Server

pytestmark = pytest.mark.usefixtures("bare")

HELD = "The International Organization for Migration (IOM) held a workshop in {place} on 12 June 2024."
MORE = "It was about the rights of the people who work in the region, and it was open to all of them who had come."


def read(data: bytes | str, url: str | None = "https://news.example/feed.xml") -> list[Link | SourceError]:
    return list(read_links(Raw("feed.xml", data if isinstance(data, bytes) else data.encode(), "feed", url)))


def told(data: bytes | str, url: str | None = "https://news.example/feed.xml") -> list[tuple[str, str]]:
    links = [link for link in read(data, url) if isinstance(link, Link)]
    return [(link.address, str(link.published or link.changed)) for link in links]


RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><link>https://news.example/</link>
<atom:link href="https://news.example/feed.xml" rel="self"/>
<item><title>One</title><link> https://news.example/1 </link><pubDate>Wed, 12 Jun 2024 23:30:00 -0500</pubDate></item>
<item><link>/2</link><guid isPermaLink="false">no address</guid></item>
<item><guid>https://news.example/3</guid><pubDate>soon</pubDate></item>
<item><link>https://news.example/1#top</link></item>
</channel></rss>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><items><rdf:Seq><rdf:li rdf:resource="x"/></rdf:Seq></items></channel>
<item rdf:about="x"><link>https://news.example/1</link><dc:date>2024-06-12T01:00:00+07:00</dc:date></item></rdf:RDF>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://other.example/en/"><link href="https://news.example/"/>
<entry><link rel="enclosure" href="a.mp3"/><link href="1"/><published>2024-06-12T10:00:00Z</published></entry>
<entry><link rel="alternate" href="https://news.example/2"/><updated>2024-06-14T10:00:00Z</updated></entry></feed>"""
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://news.example/1</loc><lastmod>2024-06-12</lastmod></url>
<url><loc>https://news.example/2</loc><image:image><image:loc>https://news.example/a.png</image:loc></image:image></url>
<url><loc>https://news.example/3</loc><lastmod>2025-01-01</lastmod>
<news:news><news:publication_date>2024-06-14</news:publication_date></news:news></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://news.example/s1.xml</loc><lastmod>2024-06-12</lastmod></sitemap></sitemapindex>"""


@pytest.mark.parametrize(
    ("data", "links"),
    [
        (
            RSS,
            [("https://news.example/1", "2024-06-12"), ("https://news.example/2", ""), ("https://news.example/3", "")],
        ),
        (RDF, [("https://news.example/1", "2024-06-12")]),
        (ATOM, [("https://other.example/en/1", "2024-06-12"), ("https://news.example/2", "")]),
        (
            SITEMAP,
            [
                ("https://news.example/1", "2024-06-12"),
                ("https://news.example/2", ""),
                ("https://news.example/3", "2024-06-14"),
            ],
        ),
        (INDEX, [("https://news.example/s1.xml", "2024-06-12")]),
        ("\ufeff\n<!-- made by hand -->" + RSS.partition("?>")[2], None),
    ],
    ids=["RSS 2.0", "RSS 1.0", "Atom", "sitemap", "index", "a mark, a line and a comment before it"],
)
def test_every_dialect_is_read_and_known_by_its_beginning(data: str, links: list[tuple[str, str]] | None) -> None:
    if links is not None:
        assert told(data) == links
    assert BEGINS.match(data.encode())
    assert told(gzip.compress(data.encode())) == told(data)


def test_only_the_links_of_an_index_lead_to_lists() -> None:
    for data in (RSS, RDF, ATOM, SITEMAP, INDEX):
        assert {link.is_list for link in read(data) if isinstance(link, Link)} == {data is INDEX}


def test_what_is_no_feed_does_not_begin_like_one() -> None:
    for data in (b"<html><body><rss>", b"<feeder>", b"{}", b"text <rss>", b""):
        assert not BEGINS.match(data)


def test_sloppy_xml_gives_what_can_be_read() -> None:
    data = "<rss><channel><item><title>A &nbsp; B & C</title><link>https://news.example/1</link></item><item>"
    assert told(data) == [("https://news.example/1", "")]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("<kml><item><link>https://news.example/1</link></item></kml>", "XML of another kind"),
        ("<rss", "no item in this feed"),
        ("<urlset></urlset>", "no item in this feed"),
        ("no xml", "not readable as XML"),
        (b"\x1f\x8bnothing", "the packed file is broken"),
    ],
)
def test_what_is_no_feed(data: bytes | str, words: str) -> None:
    with pytest.raises(SourceError, match=words) as caught:
        read(data)
    assert caught.value.where == "feed.xml"


def test_items_without_an_address_are_reported_with_their_line() -> None:
    data = RSS.replace("<link>/2</link>", "").replace(">https://news.example/3<", ">javascript:void(0)<")
    errors = [link for link in read(data) if isinstance(link, SourceError)]
    assert [error.what for error in errors] == [
        "an item without an address", "an item with no address: 'javascript:void(0)'",
    ]  # fmt: skip
    assert [error.line for error in errors] == [5, 6]
    (relative,) = [link for link in read(RSS, url=None) if isinstance(link, SourceError)]
    assert relative.what == "an item with no address: '/2'"


def test_a_packed_sitemap_that_grows_without_end() -> None:
    with pytest.raises(SourceError, match="unpacked, it is larger than"):
        read(gzip.compress(b"<urlset>" + b" " * 60_000_000))


def test_entities_are_not_expanded_and_nothing_outside_is_read() -> None:
    levels = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12))
    for entity in ("e12", "out"):
        data = f'<!DOCTYPE rss [<!ENTITY e0 "ha">{levels}<!ENTITY out SYSTEM "file:///etc/hostname">]>'
        data += f"<rss><item><link>https://news.example/&{entity};</link></item></rss>"
        assert all(len(link.address) < 50 for link in read(data) if isinstance(link, Link))


ROOTS = st.sampled_from(["<rss>", "<urlset>", "<feed>", ""])


@given(st.text(alphabet="<>/&;! -'\"arslinkfedtm=:[]", max_size=200), ROOTS)
def test_any_text_gives_links_or_an_error(text: str, root: str) -> None:
    try:
        for link in read(root + text):
            assert isinstance(link, Link | SourceError)
    except SourceError as error:
        assert error.where == "feed.xml"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://news.example/a", "https://NEWS.example/a/"),
        ("https://news.example/a?id=1&utm_source=x", "https://news.example/a?id=1#part"),
    ],
)
def test_addresses_of_one_page(one: str, other: str) -> None:
    assert same_page(one) == same_page(other)


def test_addresses_of_two_pages() -> None:
    pages = ["https://news.example/a", "https://news.example/A", "https://news.example/a?id=1", "https://news.example/"]
    assert len({same_page(page) for page in pages}) == 4
    assert same_page("http://[broken") == "http://[broken"


# --- on a server ---


def page(place: str) -> bytes:
    return f"<html><title>News from {place}</title><p>{HELD.format(place=place)} {MORE}</p></html>".encode()


def feed(server: Server, *paths: str) -> bytes:
    date = "<pubDate>Thu, 13 Jun 2024 10:00:00 GMT</pubDate>"
    items = "".join(f"<item><link>{server.url}/{path}</link>{date}</item>" for path in paths)
    return f"<rss><channel>{items}</channel></rss>".encode()


def serve(server: Server, **bodies: bytes) -> None:
    for name, body in bodies.items():
        kind = "application/xml" if name.startswith(("feed", "map")) else "text/html"

        def answer(handler: Handler, body: bytes = body, kind: str = kind) -> None:
            handler.answer(200, body, Content_Type=kind)

        server.routes[f"/{name}"] = answer


def take(server: Server, source: str, *, limit: int = 100) -> tuple[list[Article], Intake]:
    intake = Intake(Web(1_000_000, 5, 0, allow_private=True), 1, limit=limit)
    articles = [article for parcel in intake.parcels((source,)) for article in read_parcel(parcel, intake.web)]
    return [article for article in articles if isinstance(article, Article)], intake


def test_a_feed_is_followed_to_its_articles(server: Server) -> None:
    named = feed(server, "jakarta", "gone", "bandung", "feed")
    serve(server, feed=named, jakarta=page("Jakarta"), bandung=page("Bandung"))
    articles, intake = take(server, f"{server.url}/feed")
    assert [(article.id, article.source) for article in articles] == [
        ("jakarta", f"{server.url}/jakarta"), ("bandung", f"{server.url}/bandung"),
    ]  # fmt: skip
    assert {str(article.published) for article in articles} == {"2024-06-13"}
    assert [error.where for error in intake.errors] == [f"{server.url}/gone"]
    assert server.paths() == ["/feed", "/jakarta", "/gone", "/bandung"], "a feed that names itself is not read twice"


def test_a_date_that_the_page_states_goes_before_that_of_the_feed(server: Server) -> None:
    meta = b'<meta property="article:published_time" content="2024-06-12"><title>'
    stated = page("Jakarta").replace(b"<title>", meta)
    serve(server, feed=feed(server, "jakarta"), jakarta=stated)
    (article,), _ = take(server, f"{server.url}/feed")
    assert str(article.published) == "2024-06-12"


@pytest.mark.parametrize("kind", ["text/html", "text/plain", "application/rss+xml", "text/xml; charset=utf-8", ""])
def test_a_feed_is_known_by_its_content(server: Server, kind: str) -> None:
    serve(server, jakarta=page("Jakarta"))
    server.routes["/any"] = lambda h: h.answer(200, feed(server, "jakarta"), Content_Type=kind)
    articles, _ = take(server, f"{server.url}/any")
    assert [article.id for article in articles] == ["jakarta"]


def test_a_page_under_a_type_of_xml_is_a_page(server: Server) -> None:
    head = b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x">'
    server.routes["/any"] = lambda h: h.answer(200, head + page("Jakarta"), Content_Type="application/xml")
    articles, _ = take(server, f"{server.url}/any")
    assert [article.title for article in articles] == ["News from Jakarta"]


@pytest.mark.parametrize("name", ["feed.xml", "feed.rss", "feed", "feed.txt.bak"])
def test_a_file_may_be_a_feed(server: Server, tmp_path: Path, name: str) -> None:
    serve(server, jakarta=page("Jakarta"))
    (tmp_path / name).write_bytes(feed(server, "jakarta"))
    articles, intake = take(server, str(tmp_path / name))
    assert [article.id for article in articles] == ["jakarta"]
    assert intake.errors == []


def test_a_feed_in_a_folder_is_not_followed(server: Server, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(HELD.format(place="Jakarta"))
    (tmp_path / "feed.xml").write_bytes(feed(server, "jakarta"))
    report = build([str(tmp_path)], tmp_path / "kg", check=False, allow_private=True)
    assert (report.articles, report.errors, server.asked) == (1, (), [])


def test_a_feed_is_no_article(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(RSS)
    with pytest.raises(SourceError, match="a feed, whose articles are at other addresses"):
        read_articles(str(tmp_path / "feed.xml"))
    assert "feed" in SOURCES


def test_a_sitemap_gives_its_newest_pages_up_to_the_limit(server: Server) -> None:
    entries = [("jakarta", "2024-06-12"), ("bandung", "2024-06-14"), ("medan", ""), ("depok", "2024-06-13T10:00:00Z")]
    urls = "".join(f"<url><loc>{server.url}/{name}</loc><lastmod>{day}</lastmod></url>" for name, day in entries)
    serve(server, map=f"<urlset>{urls}</urlset>".encode(), **{name: page(name.title()) for name, _ in entries})
    articles, intake = take(server, f"{server.url}/map", limit=2)
    assert [article.id for article in articles] == ["bandung", "depok"]
    (finding,) = intake.findings
    assert f"{server.url}/map names 4 new articles; 2 were read." in finding.message
    assert finding.severity == "warning"
    assert [article.id for article in take(server, f"{server.url}/map")[0]] == ["bandung", "depok", "jakarta", "medan"]


def test_an_index_is_followed_one_level_and_no_further(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def index(*names: str) -> bytes:
        lists = "".join(f"<sitemap><loc>{server.url}/{name}</loc></sitemap>" for name in names)
        return f"<sitemapindex>{lists}</sitemapindex>".encode()

    one, two = (f"<urlset><url><loc>{server.url}/{name}</loc></url></urlset>".encode() for name in ("jakarta", "medan"))
    serve(
        server, map=index("map1", "map2", "gone", "medan", "mapindex"), map1=one, map2=gzip.compress(two),
        mapindex=index("map"), jakarta=page("Jakarta"), medan=page("Medan"),
    )  # fmt: skip
    articles, intake = take(server, f"{server.url}/map")
    assert [article.id for article in articles] == ["jakarta", "medan"]
    errors = {error.where.rpartition("/")[2]: error.what for error in intake.errors}
    assert errors.keys() == {"gone", "medan", "mapindex"}
    assert errors["mapindex"] == "an index in an index is not followed"
    assert errors["medan"] == "no sitemap"
    assert [path for path, _ in server.asked].count("/map") == 1
    monkeypatch.setattr(module, "MAX_LISTS", 1)
    articles, intake = take(server, f"{server.url}/map")
    assert [article.id for article in articles] == ["jakarta"]
    assert "names 5 sitemaps; 1 were read" in next(iter(intake.findings)).message


def test_a_private_address_in_a_feed_is_refused(server: Server, tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(feed(server, "jakarta"))
    intake = Intake(Web(1_000_000, 5, 0), 1)
    assert list(intake.parcels((str(tmp_path / "feed.xml"),))) == []
    (error,) = intake.errors
    assert "an address of a private network" in str(error)
    assert server.asked == []


# --- into a graph ---


def rebuilt(server: Server, folder: Path, *more: str, **options: object) -> BuildReport:
    del server.asked[:]
    sources = [f"{server.url}/feed", *more]
    return build(sources, folder, allow_private=True, delay=0, check=False, **options)  # type: ignore[arg-type]


def ids(folder: Path) -> set[str]:
    return {entry["id"] for entry in read_manifest(folder)["articles"]}


def exported(folder: Path) -> bytes:
    with migkg.open(folder) as graph:
        return to_bytes(graph.store, "nq")


@pytest.fixture
def site(server: Server) -> Server:
    serve(server, feed=feed(server, "jakarta", "bandung"), jakarta=page("Jakarta"), bandung=page("Bandung"),
          medan=page("Medan"))  # fmt: skip
    return server


def test_a_second_build_fetches_what_is_new_and_keeps_what_was_there(site: Server, tmp_path: Path) -> None:
    first = rebuilt(site, tmp_path / "kg")
    assert site.paths() == ["/feed", "/jakarta", "/bandung"]
    before = exported(tmp_path / "kg")
    again = rebuilt(site, tmp_path / "kg")
    assert site.paths() == ["/feed"]
    assert exported(tmp_path / "kg") == before
    assert (again.articles, again.facts, again.spans, again.entities, again.readers) == (
        first.articles, first.facts, first.spans, first.entities, first.readers,
    )  # fmt: skip
    serve(site, feed=feed(site, "medan", "bandung"))
    report = rebuilt(site, tmp_path / "kg")
    assert site.paths() == ["/feed", "/medan"]
    assert report.articles == 3
    assert ids(tmp_path / "kg") == {"jakarta", "bandung", "medan"}, "what the feed names no longer stays"
    after = exported(tmp_path / "kg").splitlines()
    assert set(before.splitlines()) <= set(after)
    assert all(b"medan" in line for line in set(after) - set(before.splitlines()))
    named = [f"{site.url}/{name}" for name in ("jakarta", "bandung", "medan")]
    build(named, tmp_path / "other", allow_private=True, delay=0)
    assert {entry["id"]: entry["facts"] for entry in read_manifest(tmp_path / "other")["articles"]} == {
        entry["id"]: entry["facts"] for entry in read_manifest(tmp_path / "kg")["articles"]
    }


def test_an_article_that_was_named_by_itself_is_not_fetched_again_for_a_feed(site: Server, tmp_path: Path) -> None:
    build([f"{site.url}/jakarta"], tmp_path / "kg", allow_private=True, delay=0, check=False)
    rebuilt(site, tmp_path / "kg")
    assert site.paths() == ["/feed", "/bandung"]
    assert ids(tmp_path / "kg") == {"jakarta", "bandung"}
    rebuilt(site, tmp_path / "kg", f"{site.url}/jakarta")
    assert site.paths() == ["/feed", "/jakarta"], "what is named by itself is read anew"
    assert ids(tmp_path / "kg") == {"jakarta", "bandung"}


def test_one_text_at_two_addresses_is_read_once_and_both_are_known(site: Server, tmp_path: Path) -> None:
    serve(site, feed=feed(site, "jakarta", "copy"), copy=page("Jakarta"))
    report = rebuilt(site, tmp_path / "kg")
    (finding,) = [finding for finding in report.findings if finding.shape == "duplicate-article"]
    assert finding.message == f"{site.url}/copy holds the same article as {site.url}/jakarta; it is read once."
    rebuilt(site, tmp_path / "kg")
    assert site.paths() == ["/feed"]
    assert ids(tmp_path / "kg") == {"jakarta"}


def test_a_feed_that_cannot_be_fetched_keeps_its_articles(site: Server, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text(HELD.format(place="Depok"))
    rebuilt(site, tmp_path / "kg", str(tmp_path / "note.txt"))
    site.routes["/feed"] = lambda h: h.answer(404)
    report = rebuilt(site, tmp_path / "kg", str(tmp_path / "note.txt"))
    assert [error.where for error in report.errors] == [f"{site.url}/feed"]
    assert ids(tmp_path / "kg") == {"jakarta", "bandung", "note"}


def test_other_sources_replace_the_graph_as_ever(site: Server, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text(HELD.format(place="Depok"))
    rebuilt(site, tmp_path / "kg", str(tmp_path / "note.txt"))
    build([str(tmp_path / "note.txt")], tmp_path / "kg", check=False)
    assert ids(tmp_path / "kg") == {"note"}


def test_a_limit_is_used_up_by_new_articles_only(site: Server, tmp_path: Path) -> None:
    serve(site, feed=feed(site, "jakarta", "bandung", "medan"))
    for count in (1, 2, 3):
        assert rebuilt(site, tmp_path / "kg", limit=1).articles == count


def test_findings_of_kept_articles_stay(site: Server, tmp_path: Path) -> None:
    serve(site, feed=feed(site, "paris"), paris=(
        "<html><title>Nouvelles</title><p>" + "Les participants ont parlé de la gouvernance des migrations. " * 5
        + "</p></html>"
    ).encode())  # fmt: skip
    first = rebuilt(site, tmp_path / "kg")
    assert [finding.shape for finding in first.findings] == ["language.unknown"]
    assert rebuilt(site, tmp_path / "kg").findings == first.findings


def test_kept_articles_that_were_never_checked_are_told_of(site: Server, tmp_path: Path) -> None:
    rebuilt(site, tmp_path / "kg")
    report = build([f"{site.url}/feed"], tmp_path / "kg", allow_private=True, delay=0)
    assert "kept.unchecked" in {finding.shape for finding in report.findings}
    assert "2 articles were kept" in next(f.message for f in report.findings if f.shape == "kept.unchecked")


def test_several_processes_give_the_same(site: Server, tmp_path: Path) -> None:
    rebuilt(site, tmp_path / "kg")
    with warm_workers():
        rebuilt(site, tmp_path / "two", jobs=2)
    assert exported(tmp_path / "kg") == exported(tmp_path / "two")


# --- on the command line ---


def call(*words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--allow-private", "--delay", "0"])


def test_what_a_person_sees(site: Server, tmp_path: Path) -> None:
    done = call("build", f"{site.url}/feed", "--kg", str(tmp_path / "kg"), "--limit", "1", "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["articles"] == 1
    assert "names 2 new articles; 1 were read." in " ".join(done.stderr.split())
    done = call("extract", f"{site.url}/feed")
    assert done.exit_code == 0, done.stderr
    assert "News from Jakarta" in done.stdout
    assert "News from Bandung" in done.stdout
