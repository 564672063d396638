"""One article's facts for people and programs: a table, JSON, Turtle."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from migkg import iris, rdf
from migkg.model import Extraction, Fact, PartialDate, Ref, Table, Text, Value
from migkg.ontology import PREFIXES, load_ontology
from migkg.reference import load_reference


def _labels(extraction: Extraction, lang: str) -> Mapping[str, str]:
    return {
        entity.iri: next((label.value for label in entity.labels if label.lang == lang), entity.labels[0].value)
        for entity in extraction.entities if entity.labels
    }  # fmt: skip


def _shown(value: Value) -> Any:
    if isinstance(value, Ref):
        return iris.name(value.iri)
    if isinstance(value, Text):
        return value.value
    return str(value) if isinstance(value, PartialDate) else value


def _said(fact: Fact, labels: Mapping[str, str]) -> str:
    roles = [f"{name}: {'; '.join(labels.get(iri, iris.name(iri)) for iri in found)}" for name, found in fact.roles]
    known = [f"{name}: {'; '.join(str(_shown(value)) for value in values)}" for name, values in fact.qualifiers]
    return "\n".join((*roles, *known))


def extraction_table(extraction: Extraction, lang: str = "en") -> Table:
    """Kind, what is stated, the words that state it; in the order of the text."""
    labels = _labels(extraction, lang)
    text = extraction.article.text
    rows = tuple(
        (
            load_ontology().kind(fact.kind).label.get(lang, fact.kind),
            _said(fact, labels),
            "\n".join(f"“{evidence.span.of(text)}” [{evidence.span.start}–{evidence.span.end}]" for evidence in fact.evidence),
        )
        for fact in extraction.facts
    )
    title = extraction.article.title or extraction.article.id
    return Table(("fact", "what", "words"), rows, title=title)


def extraction_json(extraction: Extraction) -> str:
    """All of an extraction as JSON; offsets are code points, half-open."""
    labels = _labels(extraction, "en")
    article = extraction.article
    facts = [
        {
            "iri": rdf.fact_iri(fact),
            "kind": fact.kind,
            "roles": {name: [{"iri": iri, "label": labels.get(iri, iris.name(iri))} for iri in found] for name, found in fact.roles},
            "qualifiers": {name: [_shown(value) for value in values] for name, values in fact.qualifiers},
            "evidence": [
                {
                    "start": e.span.start, "end": e.span.end, "exact": e.span.of(article.text),
                    "sentence": e.sentence.of(article.text), "rule": e.rule, "reader": e.reader,
                }
                for e in fact.evidence
            ],
        }
        for fact in extraction.facts
    ]  # fmt: skip
    value = {
        "article": {
            "id": article.id, "title": article.title, "url": article.url, "publisher": article.publisher,
            "published": str(article.published) if article.published else None, "lang": article.lang,
            "sha256": article.sha256,
        },
        "facts": facts,
        "findings": [finding.message for finding in extraction.findings],
    }  # fmt: skip
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def extraction_turtle(extraction: Extraction) -> str:
    """The article's graph as Turtle."""
    import pyoxigraph as ox

    lines = rdf.graph_lines(extraction, load_reference())
    triples = [quad.triple for quad in ox.parse(rdf.ntriples(lines), ox.RdfFormat.N_TRIPLES)]
    found = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=dict(PREFIXES))
    return (found or b"").decode()
