"""Jobs that a worker does with the graph: pages, data of a thing, tables to download, the API description."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from migkg import pages
from migkg.export import EXPORTS
from migkg.formats import write_table
from migkg.kg import KnowledgeGraph
from migkg.pages.answers import question_page, sparql_page
from migkg.pages.links import DATA, LANGUAGES, Links
from migkg.pages.lists import articles_page, find_page, home_page, questions_page, vocabulary_page
from migkg.pages.models import Page
from migkg.pages.render import render
from migkg.pages.things import data, thing_page
from migkg.queries import question, questions, run
from migkg.web.frames import Job, Reply
from migkg.web.openapi import openapi
from migkg.web.protocol import FILES, with_charset

HTML, JSON = "text/html; charset=utf-8", "application/json"
_FORMS = {".ttl": "ttl", ".jsonld": "jsonld", ".nt": "nt"}


def _int(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 9 else 1


_PAGES: Mapping[str, Callable[[KnowledgeGraph, Mapping[str, str], str], Page]] = {
    "": lambda kg, _, lang: home_page(kg, lang=lang),
    "articles": lambda kg, told, lang: articles_page(kg, _int(told.get("page", "")), lang=lang),
    "find": lambda kg, told, lang: find_page(kg, told.get("q", ""), lang=lang),
    "queries": lambda _, __, lang: questions_page(lang=lang),
    "sparql": lambda kg, told, lang: sparql_page(kg, told.get("query", ""), lang=lang),
}


def page(kg: KnowledgeGraph, job: Job) -> Reply:
    """A page as HTML.

    The job names the `section` with its `parameters`, or the `iri` of a thing; the language; and the full address of
    the service with its path (`base`, `root`).
    """
    told = job.arguments
    lang, iri, section = told["lang"], told["iri"], told["section"]
    parameters: dict[str, str] = told["parameters"]
    made: Page
    if iri:
        made = vocabulary_page(kg, lang=lang) if iri == pages.VOCABULARY else thing_page(kg, iri, lang=lang)
        switch = {code: Links(told["base"], code).page(iri) for code in LANGUAGES}
    else:
        name = section.removeprefix("queries/")
        asked = question_page(kg, name, parameters, lang=lang) if name != section else None
        made = asked or _PAGES[section](kg, parameters, lang)
        switch = {code: Links(told["base"], code).section(section, **parameters) for code in LANGUAGES}
    return Reply(200, HTML, render(made, Links(told["root"], lang), switch=switch))


def thing(kg: KnowledgeGraph, job: Job) -> Reply:
    """The data of a thing by a suffix of `DATA`."""
    suffix = str(job.arguments["suffix"])
    return Reply(200, with_charset(DATA[suffix]), data(kg, str(job.arguments["iri"]), _FORMS[suffix]))


def table(kg: KnowledgeGraph, job: Job) -> Reply:
    """The answer to a ready-made question, as a file."""
    told = job.arguments
    asked, form = question(told["name"]), told["form"]
    found = run(kg.store, asked, told["parameters"], lang=told["lang"], iris=told["iris"])
    written = write_table(found, form)
    return Reply(200, with_charset(FILES[form][0]), written if isinstance(written, bytes) else written.encode())


def listing(kg: KnowledgeGraph, job: Job) -> Reply:
    """What a page lists, as JSON."""
    told: Any = job.arguments
    made: Any
    if told["section"] == "find":
        text = told["parameters"].get("q", "").strip()
        made = [asdict(item) for item in kg.find(text, lang=told["lang"], limit=20)] if text else []
    elif told["section"] == "queries":
        made = [asdict(asked) | {"where": ""} for asked in questions().values()]
    else:
        found = articles_page(kg, _int(told["parameters"].get("page", "")), lang=told["lang"])
        made = {
            name: value for name, value in asdict(found).items() if name in ("articles", "total", "number", "pages")
        }
    return Reply(200, JSON, json.dumps(made, ensure_ascii=False, indent=1).encode() + b"\n")


def description(_: KnowledgeGraph, job: Job) -> Reply:
    """What the service offers, for programs that make clients."""
    made = openapi(str(job.arguments["base"]), writes=bool(job.arguments["writes"]))
    return Reply(200, JSON, json.dumps(made, ensure_ascii=False, indent=1).encode() + b"\n")


assert set(_FORMS.values()) <= set(EXPORTS)  # noqa: S101 - at import, so in every test
