"""Pages that list: the first page, articles, what was looked for, the vocabulary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from migkg import rdf
from migkg.errors import QueryError
from migkg.kg import KnowledgeGraph
from migkg.lookup import Found
from migkg.ontology import ID, ONT, PREFIXES, SCHEME, load_ontology
from migkg.pages.models import (
    ArticleItem,
    ArticlesPage,
    FindPage,
    FoundItem,
    HomePage,
    Link,
    QuestionItem,
    QuestionsPage,
    Term,
    VocabularyPage,
)
from migkg.pages.things import pieces
from migkg.pages.words import words
from migkg.queries import in_language, labels, questions
from migkg.sparql import text_of, values
from migkg.store import select

if TYPE_CHECKING:
    import pyoxigraph as ox

PER_PAGE = 50  # articles
_NEWEST = 6
_FIRST_QUESTIONS = ("people", "events", "commitments", "organisers", "policies", "programmes")
_FOUND = 20  # of each kind

_ARTICLES = "SELECT ?it ?published WHERE { ?it a schema:NewsArticle OPTIONAL { ?it schema:datePublished ?published } }"
_DETAILS = """SELECT ?it ?name ?value WHERE {{
  {block} VALUES ?name {{ schema:headline schema:publisher mig:publisherName schema:inLanguage }} ?it ?name ?value
}}"""


def _newest(kg: KnowledgeGraph) -> list[tuple[str, str]]:
    """(IRI, date) of all articles, the newest first."""
    dates: dict[str, str] = {}
    for it, published in select(kg.store, _ARTICLES).rows:
        dates[text_of(it)] = max(dates.get(text_of(it), ""), text_of(published))
    return sorted(sorted(dates.items()), key=lambda pair: pair[1], reverse=True)


def _items(kg: KnowledgeGraph, shown: Sequence[tuple[str, str]], lang: str) -> tuple[ArticleItem, ...]:
    import pyoxigraph as ox

    facts = {f"{ID}article/{entry['id']}": entry["facts"] for entry in kg.manifest["articles"]}
    block = values(["it"], [[ox.NamedNode(iri)] for iri, _ in shown])
    told: dict[tuple[str, str], str] = {}
    for it, name, value in select(kg.store, _DETAILS.format(block=block)).rows:
        key = (text_of(it), text_of(name).rpartition("/")[2].rpartition("#")[2])
        told[key] = min(told.get(key, text_of(value)), text_of(value))
    named = labels(kg.store, {value for (_, name), value in told.items() if name == "publisher"}, lang=lang)

    def item(iri: str, published: str) -> ArticleItem:
        of = {name: told.get((iri, name), "") for name in ("headline", "publisher", "publisherName", "inLanguage")}
        publisher = named[of["publisher"]] if of["publisher"] else of["publisherName"]
        return ArticleItem(iri, of["headline"] or iri, publisher, published, of["inLanguage"], facts.get(iri, 0))

    return tuple(item(iri, published) for iri, published in shown)


def home_page(kg: KnowledgeGraph, *, lang: str = "en") -> HomePage:
    """The first page: what is in this graph, and where to begin."""
    told = words(lang)
    listed = _newest(kg)
    counts = [(told["articles"], len(listed)), (told["facts"], sum(kg.manifest["facts"].values()))]
    # Of organisations and policies the reference data know many that no article speaks of, so they are not counted.
    for kind, name in (("people", "foaf:Person"), ("events", "schema:Event")):
        text = f"SELECT (COUNT(DISTINCT ?it) AS ?number) WHERE {{ ?it a {name} }}"
        counts.append((told[kind], int(text_of(select(kg.store, text).rows[0][0]))))
    known = questions()
    first = [name for name in _FIRST_QUESTIONS if name in known]
    asked = tuple((name, in_language(known[name].title, lang)) for name in first)
    return HomePage(told["site"], counts=tuple(counts), articles=_items(kg, listed[:_NEWEST], lang), questions=asked)


def articles_page(kg: KnowledgeGraph, number: int = 1, *, lang: str = "en") -> ArticlesPage:
    """A page of the list of articles. :param number: from 1; one past the end shows the last."""
    listed = _newest(kg)
    pages = max(1, -(-len(listed) // PER_PAGE))
    number = min(max(number, 1), pages)
    shown = listed[(number - 1) * PER_PAGE : number * PER_PAGE]
    return ArticlesPage(words(lang)["articles"], "articles", "", _items(kg, shown, lang), len(listed), number, pages)


def find_page(kg: KnowledgeGraph, text: str, *, lang: str = "en") -> FindPage:
    """What was found for some words."""
    told = words(lang)
    text = text.strip()
    if not text:
        return FindPage(told["find"], "find")
    try:
        found = kg.find(text, lang=lang, limit=_FOUND)
    except QueryError as error:
        return FindPage(told["find"], "find", text=text, message=str(error))
    items = [(item, _found(item)) for item in found]
    articles = tuple(shown for item, shown in items if item.how == "words")
    things = tuple(shown for item, shown in items if item.how != "words")
    message = "" if found else told["nothing_found"]
    return FindPage(f"{text} – {told['find']}", "find", "", text, things, articles, message)


def _found(item: Found) -> FoundItem:
    return FoundItem(item.iri, item.label, item.kind, item.how, pieces(item.matched, item.marks), item.articles)


def questions_page(*, lang: str = "en") -> QuestionsPage:
    """The ready-made questions."""
    listed = (
        QuestionItem(name, in_language(asked.title, lang), in_language(asked.answers, lang))
        for name, asked in questions().items()
    )
    return QuestionsPage(words(lang)["queries"], "queries", "", tuple(listed))


_GROUPS = {
    PREFIXES["owl"] + "Class": "classes", PREFIXES["rdfs"] + "Class": "classes",
    PREFIXES["owl"] + "ObjectProperty": "object_properties",
    PREFIXES["owl"] + "DatatypeProperty": "datatype_properties",
}  # fmt: skip


def vocabulary_page(kg: KnowledgeGraph, *, lang: str = "en") -> VocabularyPage:
    """The terms that migkg minted, kinds of facts first, and the schemes."""
    told = words(lang)
    kinds = {kind.iri: kind for kind in load_ontology().facts.values()}
    held: dict[str, dict[str, Term]] = defaultdict(dict)
    for iri, (group, label, definition) in sorted(_terms(kg, lang).items()):
        kind = kinds.get(iri)
        parts = {**kind.roles, **kind.qualifiers} if kind else {}
        name = "kinds_of_facts" if kind else group
        links = tuple(Link(part, of) for part, of in sorted(parts.items()))
        held[name][iri] = Term(iri, iri[len(ONT) :], label, definition, links)
    order = ("kinds_of_facts", "classes", "object_properties", "datatype_properties", "values")
    groups = tuple((told[name], tuple(held[name].values())) for name in order if held[name])
    schemes = select(kg.store, "SELECT DISTINCT ?it WHERE { ?it a skos:ConceptScheme }").rows
    iris = sorted(iri for (it,) in schemes if (iri := text_of(it)).startswith(SCHEME))
    named = labels(kg.store, iris, lang=lang)
    links = tuple(sorted((Link(named[iri], iri) for iri in iris), key=lambda link: link.text))
    return VocabularyPage(told["ont"], "ont", ONT[:-1], told["ont_about"], groups, links)


def _terms(kg: KnowledgeGraph, lang: str) -> dict[str, tuple[str, str, str]]:
    """IRI → (group, label, definition) of each term of our own."""

    rows = _of_graph(kg, rdf.ONTOLOGY_GRAPH)
    groups: dict[str, str] = {}
    texts: dict[tuple[str, str], list[ox.Literal]] = defaultdict(list)
    for it, name, value in rows:
        if not it.startswith(ONT) or it == ONT:
            continue
        if name == PREFIXES["rdf"] + "type":
            groups[it] = _GROUPS.get(value.value, groups.get(it, "values"))
        elif name in (PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "definition", PREFIXES["rdfs"] + "comment"):
            texts[it, "label" if name.endswith("label") else "definition"].append(value)
    return {
        it: (group, _best(texts[it, "label"], lang) or it[len(ONT) :], _best(texts[it, "definition"], lang))
        for it, group in groups.items()
    }


def _of_graph(kg: KnowledgeGraph, graph: str) -> Iterator[tuple[str, str, Any]]:
    for quad in kg.store.quads(graph):
        yield text_of(quad.subject), quad.predicate.value, quad.object


def _best(found: Sequence[ox.Literal], lang: str) -> str:
    ranked = sorted(found, key=lambda one: (lang, "en").index(one.language) if one.language in (lang, "en") else 2)
    return ranked[0].value if ranked else ""
