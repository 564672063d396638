"""The pages and data of the service over HTTP: dereferencing, languages, lists, downloads, and that no link is dead."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
import rdflib
from lxml import html
from openapi_spec_validator import validate

from graphs import bundled
from migkg.web.openapi import openapi
from migkg.web.protocol import FILES
from services import RunningService, service

HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"  # as a browser says


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundled(tmp_path_factory)


@pytest.fixture(scope="module")
def running(graph: Path) -> Iterator[RunningService]:
    with service(graph) as started:
        yield started


@pytest.mark.parametrize(
    ("accept", "language", "where"),
    [
        (HTML, "", "/id/policy/gcm.html"),
        (HTML, "id-ID,id;q=0.9,en;q=0.5", "/id/policy/gcm.id.html"),
        ("", "", "/id/policy/gcm.html"),
        ("text/turtle", "", "/id/policy/gcm.ttl"),
        ("application/ld+json, text/turtle;q=0.5", "", "/id/policy/gcm.jsonld"),
        ("application/n-triples", "", "/id/policy/gcm.nt"),
    ],
)
def test_a_thing_is_not_a_page(accept: str, language: str, where: str, running: RunningService) -> None:
    headers = {"Accept-Language": language} if language else {}
    answer = running.get("id/policy/gcm", accept, **headers)
    assert (answer.status, answer.headers["Location"]) == (303, where)
    assert {"Accept", "Accept-Language"} <= set(answer.headers["Vary"].split(", "))
    assert running.get(where[1:]).status == 200


def test_a_thing_in_no_format_that_fits(running: RunningService) -> None:
    assert running.get("id/policy/gcm", "image/png").status == 406


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # of rdflib's JSON-LD reader
def test_every_format_says_the_same(running: RunningService) -> None:
    told = {
        form: rdflib.Graph().parse(data=running.get(f"id/policy/gcm{suffix}").data, format=form)
        for suffix, form in ((".ttl", "turtle"), (".nt", "nt"), (".jsonld", "json-ld"))
    }
    assert len({frozenset(graph) for graph in told.values()}) == 1
    assert (None, rdflib.RDF.type, None) in told["turtle"]


def test_other_addresses_of_a_page(running: RunningService) -> None:
    tree = html.document_fromstring(running.get("id/policy/gcm.id.html").data)
    base = running.address.rstrip("/")
    assert tree.xpath("//link[@rel='canonical']/@href") == [f"{base}/id/policy/gcm.id.html"]
    assert dict(zip(*(tree.xpath(f"//link[@hreflang]/@{name}") for name in ("hreflang", "href")), strict=True)) == {
        "en": f"{base}/id/policy/gcm.html",
        "id": f"{base}/id/policy/gcm.id.html",
        "x-default": f"{base}/id/policy/gcm.html",
    }
    types = tree.xpath("//link[@rel='alternate']/@type")
    assert types == ["text/turtle", "application/ld+json", "application/n-triples"]


def test_no_link_is_dead(running: RunningService) -> None:
    """From the first page on, in both languages, and what a page loads is there too."""
    waiting, seen = [running.address, running.address + "?lang=id", running.address + "ont.html"], set[str]()
    patterns: dict[str, int] = {}
    while waiting and len(seen) < 120:
        address = waiting.pop(0).partition("#")[0]
        kind = re.sub(r"[^/]*$", "", address)
        if address in seen or patterns.get(kind, 0) >= 5:
            continue
        seen.add(address)
        patterns[kind] = patterns.get(kind, 0) + 1
        answer = running.get(address.removeprefix(running.address), HTML)
        assert answer.status == 200, address
        if answer.headers["Content-Type"].startswith("text/html"):
            tree = html.document_fromstring(answer.data)
            found = (urljoin(address, link) for link in tree.xpath("//a/@href | //link/@href"))
            waiting += sorted({link for link in found if link.startswith(running.address)} - seen)
    assert len(seen) > 60


def test_errors_are_pages_for_people_and_text_for_programs(running: RunningService) -> None:
    for path in ("nothing", "id/person/nobody.html", "queries/nothing", "static/nothing.css"):
        page = running.get(path, HTML)
        assert page.status == 404
        assert page.headers["Content-Type"].startswith("text/html")
        assert b"<h1>Not found</h1>" in page.data
        assert running.get(path, "application/json").headers["Content-Type"].startswith("text/plain")
    assert running.get("id/person/nobody.ttl", "text/turtle").status == 404
    assert running.http.request("DELETE", running.address + "articles").status == 405


def test_question(running: RunningService) -> None:
    page = running.get("queries/people?organization=IOM", HTML)
    tree = html.document_fromstring(page.data)
    assert tree.xpath("//input[@id='p-organization']/@value") == ["IOM"]
    links = [link for link in tree.xpath("//a[@download]/@href") if ".csv" in link]
    rows = list(csv.reader(io.StringIO(running.get(links[0][1:]).data.decode())))
    assert rows[0][0] == "person"
    assert len(rows) == 12
    told = json.loads(running.get("queries/people.json?organization=IOM").data)["results"]["bindings"]
    assert len(told) == len(rows) - 1
    assert told[0]["person"]["value"].startswith("https://w3id.org/migkg/id/person/")
    assert running.get("queries/people.json?organization=nobody+knows+it").status == 404
    assert running.get("queries/people.json?wrong=1").status == 400
    assert running.get("queries/nothing.csv").status == 404


@pytest.mark.parametrize("form", FILES)
def test_a_question_answers_in_the_format_that_is_accepted(running: RunningService, form: str) -> None:
    for media in FILES[form]:
        answer = running.get("queries/people?organization=IOM&iris=1", f"{media}, text/html;q=0.5")
        assert answer.headers["Content-Type"].partition(";")[0] == FILES[form][0]
        assert "Accept" in answer.headers["Vary"]
        suffixed = running.get(f"queries/people.{form}?organization=IOM&iris=1", HTML)
        assert answer.headers["Content-Type"] == suffixed.headers["Content-Type"]
        assert answer.data == suffixed.data
        assert running.get("queries/people?wrong=1", media).status == 400
        assert running.get("queries/nothing", media).status == 404
    for media in (HTML, "*/*", "image/png"):
        assert running.get("queries/people?organization=IOM", media).headers["Content-Type"].startswith("text/html")


def test_lists_for_programs(running: RunningService) -> None:
    found = json.loads(running.get("find?q=kemlu", "application/json").data)
    assert found[0]["iri"].endswith("/organization/id-kemlu")
    assert json.loads(running.get("find?format=json").data) == []
    articles = json.loads(running.get("articles?format=json").data)
    assert articles["total"] == len(articles["articles"]) > 20
    assert {"name", "title", "parameters"} <= set(json.loads(running.get("queries?format=json").data)[0])


def test_openapi(running: RunningService) -> None:
    told = json.loads(running.get("openapi.json").data)
    assert told["openapi"] == "3.1.0"
    for writes in (False, True):
        validate(openapi("http://127.0.0.1/", writes=writes))
    assert told["servers"] == [{"url": running.address.rstrip("/")}]
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            assert operation["responses"], path
            if method == "get" and "{" not in path and not any(p.get("required") for p in operation["parameters"]):
                assert running.get(path[1:] + ("?default" if path == "/graphs" else "")).status == 200, path
    answers = told["paths"]["/queries/laws"]["get"]["responses"]["200"]["content"]
    for media in answers:
        assert running.get("queries/laws", media).headers["Content-Type"].partition(";")[0] == media
    described = answers["application/sparql-results+json"]["schema"]["properties"]["results"]["properties"]["bindings"]
    head = json.loads(running.get("queries/laws.json").data)["head"]["vars"]
    assert set(described["items"]["properties"]) <= set(head)
    names = [operation["operationId"] for methods in told["paths"].values() for operation in methods.values()]
    assert len(names) == len(set(names))


def test_browsers_get_a_form_at_the_endpoint(running: RunningService) -> None:
    tree = html.document_fromstring(running.get("sparql", HTML).data)
    assert tree.xpath("//textarea/@name") == ["query"]
    answer = running.query("SELECT ?e WHERE { ?e a schema:Event } LIMIT 3", HTML)
    assert len(html.document_fromstring(answer.data).xpath("//tbody/tr")) == 3
    assert running.query("ASK {}", HTML, format="csv").data == b"true"


def test_behind_a_proxy(graph: Path) -> None:
    """Links carry the path under which the service is known, and its name is allowed."""
    with service(graph, "--public-url", "https://data.example.org/kg/") as started:
        answer = started.get("id/policy/gcm", HTML, Host="data.example.org")
        assert answer.headers["Location"] == "/kg/id/policy/gcm.html"
        page = started.get("id/policy/gcm.html", HTML).data.decode()
        assert '<link rel="canonical" href="https://data.example.org/kg/id/policy/gcm.html">' in page
        assert 'href="/kg/static/style.css"' in page
        assert not re.findall(r'href="/(?!kg/)', page)
