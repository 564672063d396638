"""The sentences of a graph that state its facts, many facts at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from migkg import rdf
from migkg.queries import short
from migkg.sparql import blocks
from migkg.store import Store, select
from migkg.views import Quotation


def quotations(store: Store, facts: Iterable[str]) -> Mapping[str, list[Quotation]]:
    """IRI of a fact → the sentences that state it, each once an article, with the exact words marked.

    :returns: an empty list for a fact that the graph does not hold.
    """
    marks: dict[tuple[Any, ...], set[tuple[int, int]]] = defaultdict(set)
    for block in blocks("fact", dict.fromkeys(facts)):
        for row in select(store, _EVIDENCE.format(block=block)).rows:
            fact, begins, ends, *source = (getattr(term, "value", None) for term in row)
            marks[fact, *source].add((int(begins), int(ends)))  # type: ignore[arg-type]
    found: dict[str, list[Quotation]] = defaultdict(list)
    for (fact, sentence, before, page, article, title, published, url, lang), words in sorted(marks.items(), key=str):
        cut = tuple(sorted((start - int(before), end - int(before)) for start, end in words))
        number = rdf.page_number(page)
        told = Quotation(sentence, cut, title or short(article), published, url, number, article, lang or "")
        found[fact].append(told)
    return found


_EVIDENCE = """SELECT DISTINCT ?fact ?start ?end ?sentence ?before ?page ?article ?title ?published ?url ?lang
WHERE {{
  {block} ?fact mig:evidence ?span .
  ?span mig:sentence ?sentence ; mig:sentenceStart ?before ; oa:hasSource/prov:specializationOf ?article .
  ?span oa:hasSelector ?position . ?position oa:start ?start ; oa:end ?end .
  OPTIONAL {{ ?span oa:hasSelector/rdf:value ?page }}
  OPTIONAL {{ ?article schema:headline ?title }}
  OPTIONAL {{ ?article schema:datePublished ?published }}
  OPTIONAL {{ ?article schema:url ?url }}
  OPTIONAL {{ ?article schema:inLanguage ?lang }}
}}"""
