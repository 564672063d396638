"""IRIs: pure, readable, and never such that RDF refuses them."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migkg import iris

ANY = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Ministry of Foreign Affairs", "ministry-of-foreign-affairs"),
        ("  Côte d’Ivoire ", "cote-d-ivoire"),
        ("UU No. 18/2017", "uu-no-18-2017"),
        ("Łódź", "lodz"),
        ("Ma'ruf Amin", "ma-ruf-amin"),
        ("Ma’ruf Amin", "ma-ruf-amin"),
        ("ＩＯＭ Straße", "iom-strasse"),
    ],
)
def test_slug(text: str, slug: str) -> None:
    assert iris.slug(text) == slug


@pytest.mark.parametrize("text", ["", "移民", "—", "a" * 81, "IOM 移民"])
def test_a_slug_that_loses_letters_or_is_long_keeps_two_texts_apart(text: str) -> None:
    assert iris.slug(text) != iris.slug(text + "移")
    assert 0 < len(iris.slug(text)) <= 80


@given(ANY)
def test_every_slug_is_a_path_segment(text: str) -> None:
    assert iris.slug(text).replace("-", "").isalnum()
    assert iris.slug(text).isascii()
    assert iris.slug(text) == iris.slug(text)


def test_a_digest_keeps_its_parts_apart() -> None:
    assert iris.digest("ab", "c") != iris.digest("a", "bc")
    assert len(iris.digest("x", length=16)) == 16


def test_an_entity_and_its_name() -> None:
    assert iris.entity("event", "meeting", "2024-06-12") == "https://w3id.org/migkg/id/event/meeting-2024-06-12"
    assert iris.name(iris.entity("event", "meeting", "2024-06-12")) == "meeting-2024-06-12"
    assert iris.name("https://w3id.org/migkg/ont#Hosting") == "Hosting"


@given(ANY)
def test_every_entity_is_an_iri_with_one_segment_more(text: str) -> None:
    made = iris.entity("article", text)
    assert ox.NamedNode(made).value == made
    assert made.count("/") == iris.entity("article", "x").count("/")


@given(ANY, ANY)
def test_two_ids_have_two_iris(one: str, two: str) -> None:
    assert (iris.entity("article", one) == iris.entity("article", two)) == (one == two)


@pytest.mark.parametrize(
    ("url", "iri"),
    [
        ("https://example.org/news/1", "https://example.org/news/1"),
        ("https://example.org/a b?q=<x>&r=1#top", "https://example.org/a%20b?q=%3Cx%3E&r=1#top"),
        ("https://example.org/%20/%zz", "https://example.org/%20/%25zz"),
        ("https://example.org/a#b#c", "https://example.org/a#b%23c"),
        ("https://example.org/?list=[1]", "https://example.org/?list=%5B1%5D"),
        ("https://example.org/berita/é", "https://example.org/berita/%C3%A9"),
        ("http://[2001:db8::1]:8080/x", "http://[2001:db8::1]:8080/x"),
        ("https://me:secret@example.org/x", "https://example.org/x"),
        (" HTTPS://Example.org ", "https://example.org"),
    ],
)
def test_an_address_is_an_iri(url: str, iri: str) -> None:
    assert iris.address(url) == iri
    assert iris.address(iri) == iri


@pytest.mark.parametrize(
    "url", ["", "mailto:x@example.org", "news/1", "http://", "http://[x]/", "http://h:99999/", "http://h:x/"]
)
def test_what_is_no_address(url: str) -> None:
    assert iris.address(url) is None


STARTS = ("http://", "https://example.org/", "https://example.org?", "http://[::1]/#")


@given(st.builds("{}{}".format, st.sampled_from(STARTS), ANY))
def test_every_address_is_an_iri(url: str) -> None:
    made = iris.address(url)
    if made is not None:
        assert ox.NamedNode(made).value == made
        assert not set(made) & set('<>"{}|\\^` \n')
        assert iris.address(made) == made
