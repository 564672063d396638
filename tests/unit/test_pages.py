"""Pages without a server: what stands on them, that it is escaped, and that people can use them."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from graphs import bundled
from htmls import check_usable
from migkg.errors import NothingFound, UnknownName
from migkg.folder import make_empty, read_manifest
from migkg.kg import KnowledgeGraph
from migkg.ontology import ID, ONT, PREFIXES, SCHEME
from migkg.pages.answers import question_page, sparql_page
from migkg.pages.links import LANGUAGES, Links
from migkg.pages.lists import articles_page, find_page, home_page, questions_page, vocabulary_page
from migkg.pages.models import MessagePage, Page
from migkg.pages.render import render
from migkg.pages.things import data, pieces, thing_page
from migkg.pages.words import words
from migkg.store import EmbeddedStore

ARTICLE = ID + "article/2024-06-12-public-discussion-jakarta-en"
GCM = ID + "policy/gcm"


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    return KnowledgeGraph(bundled(tmp_path_factory))


def every_page(kg: KnowledgeGraph, lang: str) -> list[Page]:
    things = [ARTICLE, GCM, ID + "place/id", SCHEME + "gcm", SCHEME + "gcm/objective-2", ID + "organization/iom"]
    facts = [fact.iri for fact in kg.explain(GCM).facts][:3]
    return [
        home_page(kg, lang=lang),
        articles_page(kg, lang=lang),
        find_page(kg, "", lang=lang),
        find_page(kg, "kemlu", lang=lang),
        find_page(kg, "§§", lang=lang),
        questions_page(lang=lang),
        question_page(kg, "people", {"organization": "IOM"}, lang=lang),
        question_page(kg, "people", {"organization": "no such body"}, lang=lang),
        sparql_page(kg, lang=lang),
        sparql_page(kg, "SELECT * WHERE { ?s ?p ?o }", lang=lang),
        sparql_page(kg, "SELECT nonsense", lang=lang),
        vocabulary_page(kg, lang=lang),
        MessagePage("Not found", message="There is no such thing."),
        *(thing_page(kg, iri, lang=lang) for iri in (*things, *facts)),
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_people_can_use_every_page(lang: str, kg: KnowledgeGraph) -> None:
    for page in every_page(kg, lang):
        tree = html.document_fromstring(render(page, Links(lang=lang), switch={"en": "/a", "id": "/b"}).decode())
        check_usable(tree, lang, page.title)
        assert {script.get("type") for script in tree.iter("script")} <= {"application/ld+json"}


def test_a_thing(kg: KnowledgeGraph) -> None:
    page = thing_page(kg, GCM)
    assert page.title == "Global Compact for Safe, Orderly and Regular Migration"
    assert "GCM" in page.names
    group = next(group for group in page.groups if group.kind == "Commitment")
    (row,) = [values for name, values in group.facts[0].rows if name == "party"]
    assert (row[0].text, row[0].iri) == ("Indonesia", ID + "place/id")
    assert page.groups[-1].kind == "Mention"
    cited = {quote.source for group in page.groups for fact in group.facts for quote in fact.quotes}
    assert cited == {source.number for source in page.sources} == set(range(1, len(page.sources) + 1))


def test_the_words_that_state_a_fact_are_marked(kg: KnowledgeGraph) -> None:
    shown = render(thing_page(kg, GCM), Links()).decode()
    assert "<mark>Indonesia is a champion country of the GCM</mark> and has drafted an NAP" in shown


def test_an_article_has_its_address_and_its_facts(kg: KnowledgeGraph) -> None:
    page = thing_page(kg, ARTICLE)
    told = dict(page.details)
    assert told["publisher"][0].iri == ID + "organization/iom-indonesia"
    assert page.facts == len(kg.explain(ARTICLE).facts)


def test_a_scheme_lists_its_terms_in_order(kg: KnowledgeGraph) -> None:
    page = thing_page(kg, SCHEME + "gcm")
    (terms,) = [group.things for group in page.incoming if any("objective-10" in thing.iri for thing in group.things)]
    numbers = [int(found[1]) for thing in terms if (found := re.search(r"objective-(\d+)", thing.iri))]
    assert numbers == list(range(1, 24))


def test_unknown(kg: KnowledgeGraph) -> None:
    for iri in (ID + "person/nobody", ID + "person/no body", ID + 'x"><script>'):
        with pytest.raises(NothingFound):
            thing_page(kg, iri)
        with pytest.raises(NothingFound):
            data(kg, iri, "ttl")
    with pytest.raises(UnknownName):
        question_page(kg, "nothing", {})


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # of rdflib's JSON-LD reader
def test_data_of_a_thing(kg: KnowledgeGraph) -> None:
    page = thing_page(kg, GCM)
    own = rdflib.Graph().parse(data=page.json_ld, format="json-ld")
    assert set(own.subjects()) == {rdflib.URIRef(GCM)}
    whole = rdflib.Graph().parse(data=data(kg, GCM, "ttl"), format="turtle")
    assert set(own) <= set(whole)
    facts = {fact.iri for group in page.groups for fact in group.facts}
    assert facts <= {str(subject) for subject in whole.subjects()}
    article = rdflib.Graph().parse(data=data(kg, ARTICLE, "nt"), format="nt")
    assert len(article) >= kg.store.count(f"{ID}graph/{ARTICLE.rpartition('/')[2]}")


def test_rows_that_are_proved_by_several_sentences_stand_once(kg: KnowledgeGraph) -> None:
    table = question_page(kg, "people", {"organization": "organization/iom"}).table
    assert table is not None
    cells = [row.cells for row in table.rows]
    assert len(cells) == len(set(cells)) < table.total == 11
    assert sorted(number for row in table.rows for number in row.quotes) == list(range(1, len(table.quotes) + 1))
    assert table.notes == ("organization: International Organization for Migration",)
    assert table.columns[0] == "Person"


def test_a_table_is_cut_and_says_so(kg: KnowledgeGraph) -> None:
    shown = render(sparql_page(kg, "SELECT * WHERE { ?s ?p ?o }"), Links()).decode()
    assert "Only the first 500 rows are shown." in shown
    assert shown.count("<tr>") == 501


# --- hostile input ---

EVIL = """</title></script><script>alert(1)</script>"><img src=x onerror='alert(2)'>&lt;{{ 7 * 7 }}"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """A graph whose article tries to get its own HTML into our pages."""
    folder = tmp_path_factory.mktemp("hostile") / "kg"
    make_empty(folder)
    turtle = f"""
    @base <{ID}> . @prefix mig: <{ONT}> . @prefix oa: <http://www.w3.org/ns/oa#> .
    @prefix schema: <https://schema.org/> . @prefix org: <{PREFIXES["org"]}> . @prefix foaf: <{PREFIXES["foaf"]}> .
    @prefix prov: <{PREFIXES["prov"]}> . @prefix skos: <{PREFIXES["skos"]}> .
    <article/evil> a schema:NewsArticle ; schema:headline "EVIL" ; schema:url <javascript:alert(3)> ;
      mig:publisherName "EVIL" ; schema:datePublished "EVIL" .
    <person/evil> a foaf:Person ; foaf:name "EVIL" ; skos:prefLabel "EVIL"@en ; mig:mentionedAs "EVIL 2" .
    <organization/evil> a org:Organization ; skos:prefLabel "EVIL"@en ; org:unitOf <javascript:alert(4)> .
    <fact/affiliation-1> a mig:Affiliation, mig:Fact ; org:member <person/evil> ; org:organization <organization/evil> ;
      mig:title "EVIL" ; mig:evidence <span/evil/0-4> ; mig:rule "EVIL" .
    <span/evil/0-4> a oa:SpecificResource ; mig:sentence "EVIL" ; mig:sentenceStart 0 ; oa:hasSource <snapshot/evil> ;
      oa:hasSelector <span/evil/0-4#p> .
    <span/evil/0-4#p> a oa:TextPositionSelector ; oa:start 0 ; oa:end 4 .
    <snapshot/evil> prov:specializationOf <article/evil> .
    """.replace("EVIL", EVIL.replace('"', '\\"'))
    with EmbeddedStore.open(folder / read_manifest(folder)["store"]) as store:
        quads = list(ox.parse(turtle, ox.RdfFormat.TURTLE))
        store.put_graph(ID + "graph/evil", [quad.triple for quad in quads])
    return KnowledgeGraph(folder)


@pytest.mark.parametrize(
    "iri", ["article/evil", "person/evil", "organization/evil", "fact/affiliation-1", "span/evil/0-4"]
)
def test_what_an_article_says_is_never_html(iri: str, hostile: KnowledgeGraph) -> None:
    shown = render(thing_page(hostile, ID + iri), Links()).decode()
    check_harmless(shown)


def test_lists_are_harmless_too(hostile: KnowledgeGraph) -> None:
    pages = [
        home_page(hostile),
        articles_page(hostile),
        find_page(hostile, EVIL),
        find_page(hostile, "alert"),
        question_page(hostile, "people", {}),
        question_page(hostile, "people", {"organization": EVIL}),
        sparql_page(hostile, "SELECT * WHERE { ?s ?p ?o }"),
        sparql_page(hostile, EVIL),
        MessagePage(EVIL, message=EVIL),
    ]
    for page in pages:
        check_harmless(render(page, Links()).decode())


def check_harmless(shown: str) -> None:
    tree = html.document_fromstring(shown)
    assert {script.get("type") for script in tree.iter("script")} <= {"application/ld+json"}
    assert len(list(tree.iter("script"))) <= 1
    assert not list(tree.iter("img"))
    assert not [a for a in tree.iter("a", "link") if a.get("href", "").strip().lower().startswith("javascript")]
    assert "49" not in re.findall(r"&lt;(\d+)", shown)  # templates in values are text


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 45), st.integers(0, 45)), max_size=5))
def test_pieces_are_the_text(text: str, marks: list[tuple[int, int]]) -> None:
    found = pieces(text, marks)
    assert "".join(piece for piece, _ in found) == text
    assert all(first[1] != second[1] for first, second in pairwise(found))


def test_words_are_the_same_in_each_language() -> None:
    from importlib import resources
    from tomllib import loads

    told = loads(resources.files("migkg.pages").joinpath("words.toml").read_text(encoding="utf-8"))
    assert set(told) == set(LANGUAGES)
    assert set(told["id"]) | {"sparql", "download"} >= set(told["en"]) >= set(told["id"])
    assert words("id")["find"] == "Cari"


def test_links() -> None:
    assert Links().page(GCM) == "/id/policy/gcm.html"
    assert Links(lang="id").page(GCM) == "/id/policy/gcm.id.html"
    assert Links(root="/kg/").data(GCM, ".ttl") == "/kg/id/policy/gcm.ttl"
    assert Links().page(ONT + "Hosting") == "/ont.html#Hosting"
    assert Links().page("https://example.org/") == "https://example.org/"
    assert (
        Links(lang="id").section("queries/people", organization="A&B") == "/queries/people?organization=A%26B&lang=id"
    )
    assert Links(live=False).section("articles") == "/articles.html"
    assert Path(Links().static("style.css")).name == "style.css"
