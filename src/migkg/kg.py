"""A built graph as users meet it: questions, tables, explanations, exports, and an rdflib graph.

    import migkg
    kg = migkg.open("kg")
    kg.query("people", organization="IOM").to_pandas()
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from migkg.build import read_manifest
from migkg.errors import MissingExtra, NothingFound, QueryError
from migkg.export import export
from migkg.model import Finding, Table
from migkg.ontology import ONT, PREFIXES, load_ontology
from migkg.queries import find_entity, labels, plain, question, run, run_sparql
from migkg.store import EmbeddedStore, Rows, select

if TYPE_CHECKING:
    import pandas as pd
    import rdflib

_RDF_TYPE = PREFIXES["rdf"] + "type"


class Answer(Table):
    """A table that shows itself in a notebook and turns into a data frame."""

    __slots__ = ()

    def to_pandas(self) -> pd.DataFrame:
        """As a pandas data frame.

        :raises MissingExtra: when pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise MissingExtra("pandas", "pandas") from error
        return pd.DataFrame(list(self.rows), columns=list(self.columns))

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(column)}</th>" for column in self.columns)
        rows = "".join(
            "<tr>" + "".join(f"<td>{'' if cell is None else escape(str(cell))}</td>" for cell in row) + "</tr>"
            for row in self.rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _answer(table: Table) -> Answer:
    return Answer(table.columns, table.rows, table.title, table.notes)


@dataclass(frozen=True, slots=True)
class Quotation:
    """The words that prove a fact: `sentence[start:end]` are the very words, offsets in code points."""

    sentence: str
    start: int
    end: int
    article: str
    address: str | None


@dataclass(frozen=True, slots=True)
class FactView:
    """A fact in words.

    :param kind: label of its kind. :param roles: (role or qualifier, value as a label), sorted. :param rules: names of the rules that read it.
    """

    iri: str
    kind: str
    roles: tuple[tuple[str, str], ...]
    rules: tuple[str, ...]
    quotations: tuple[Quotation, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """An entity or fact in words, with every sentence that proves it."""

    iri: str
    label: str
    types: tuple[str, ...]
    names: tuple[str, ...]
    facts: tuple[FactView, ...]


class KnowledgeGraph:
    """A graph folder, open for reading. Use it in a `with` statement, or `close` it."""

    def __init__(self, folder: Path | str = "kg") -> None:
        self.folder = Path(folder)
        self.manifest = read_manifest(self.folder)
        self.store = EmbeddedStore.open(self.folder / self.manifest["store"], read_only=True)

    def query(self, name: str, *, lang: str = "en", iris: bool = False, **params: str) -> Answer:
        """Ask a ready-made question.

        :param name: a file of `queries/` without its suffix.
        :param params: the question's parameters as text, or values whose text is meant.
        :raises UnknownName: for a question or parameter that does not exist; the message lists those that do.
        """
        return _answer(run(self.store, question(name), {k: str(v) for k, v in params.items()}, lang=lang, iris=iris))

    def sparql(self, text: str, *, lang: str = "en", iris: bool = False) -> Answer:
        """Ask a SPARQL query of one's own. :raises QueryError: see `Store.query`."""
        return _answer(run_sparql(self.store, text, lang=lang, iris=iris))

    def construct(self, text: str) -> str:
        """The answer to a CONSTRUCT or DESCRIBE query, as Turtle.

        :raises QueryError: for a query of another form.
        """
        import pyoxigraph as ox

        found = self.store.query(text)
        if isinstance(found, bool | Rows):
            raise QueryError("this query has no triples for an answer", expected="CONSTRUCT or DESCRIBE")
        triples = sorted(found, key=str)
        return (ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=dict(PREFIXES)) or b"").decode()

    def explain(self, thing: str, *, lang: str = "en") -> Explanation:
        """An entity or fact in words, with every sentence that proves it.

        :param thing: an IRI, its short form as `person/penny-dewi-herasati`, or a name.
        :raises NothingFound: when the graph holds nothing under that name.
        """
        iri = find_entity(self.store, thing).value
        types = [row[0].value for row in select(self.store, _TYPES, {"this": _node(iri)}).rows]
        if not types:
            raise NothingFound(f"nothing in the graph is called {thing}", todo="Try a name as printed in an article.")
        kinds = {kind.iri: kind for kind in load_ontology().facts.values()}
        own = next((kinds[type_] for type_ in types if type_ in kinds), None)
        found = [iri] if own else [row[0].value for row in select(self.store, _FACTS, {"this": _node(iri)}).rows]
        facts = tuple(self._fact(fact, lang) for fact in found)
        named = labels(self.store, [iri, *types], lang=lang)
        names = sorted({row[0].value for row in select(self.store, _NAMES, {"this": _node(iri)}).rows} - {named.get(iri)})
        shown = tuple(sorted({named.get(type_, type_) for type_ in types}))
        return Explanation(iri, named.get(iri, iri), shown, tuple(str(name) for name in names), facts)

    def _fact(self, iri: str, lang: str) -> FactView:
        triples = [(row[0].value, row[1]) for row in select(self.store, _TRIPLES, {"this": _node(iri)}).rows]
        ontology = load_ontology()
        kind = next(k for k in ontology.facts.values() if (_RDF_TYPE, k.iri) in {(p, getattr(o, "value", "")) for p, o in triples})
        wanted = {iri: name for name, iri in (*kind.roles.items(), *kind.qualifiers.items())}
        nodes = [o.value for p, o in triples if p in wanted and _is_node(o)]
        named = labels(self.store, [*nodes, *wanted], lang=lang)
        roles = [
            (named.get(p, wanted[p]), named.get(o.value, o.value) if _is_node(o) else str(plain(o)))
            for p, o in triples if p in wanted
        ]  # fmt: skip
        rules = tuple(sorted(str(o.value) for p, o in triples if p == ONT + "rule"))
        label = kind.label.get(lang, kind.label["en"])
        return FactView(iri, label, tuple(sorted(roles)), rules, tuple(self._quotations(iri)))

    def _quotations(self, iri: str) -> Iterator[Quotation]:
        for row in select(self.store, _EVIDENCE, {"this": _node(iri)}).rows:
            sentence, before, start, end, title, article, url = (None if cell is None else cell.value for cell in row)
            yield Quotation(sentence, int(start) - int(before), int(end) - int(before), title or article, url)

    def findings(self) -> tuple[Finding, ...]:
        """What SHACL and resolution found when the graph was built."""
        return tuple(Finding(**finding) for finding in self.manifest["findings"])

    def export(self, format: str, path: Path | str) -> None:  # noqa: A002 - the word users know
        """Write the graph to a file: ttl, trig, nt, nq, jsonld or rdfxml."""
        export(self.store, format, Path(path))

    def graph(self) -> rdflib.Graph:
        """The default graph as an rdflib graph over the same store."""
        import oxrdflib
        import pyoxigraph as ox
        import rdflib

        store = ox.Store.read_only(str(self.folder / self.manifest["store"]))
        graph = rdflib.Graph(store=oxrdflib.OxigraphStore(store=store), identifier=rdflib.graph.DATASET_DEFAULT_GRAPH_ID)
        for prefix, namespace in PREFIXES.items():
            graph.bind(prefix, namespace)
        return graph

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        facts = sum(self.manifest["facts"].values())
        return f"<KnowledgeGraph {self.folder}: {len(self.manifest['articles'])} articles, {facts} facts>"


def _node(iri: str) -> Any:
    import pyoxigraph as ox

    return ox.NamedNode(iri)


def _is_node(value: Any) -> bool:
    import pyoxigraph as ox

    return isinstance(value, ox.NamedNode)


_TYPES = "SELECT DISTINCT ?type WHERE { ?this a ?type } ORDER BY ?type"
_TRIPLES = "SELECT ?p ?o WHERE { ?this ?p ?o } ORDER BY ?p STR(?o)"
_FACTS = f"SELECT DISTINCT ?fact WHERE {{ ?fact ?p ?this ; <{ONT}evidence> ?span ; a ?kind }} ORDER BY ?kind ?fact"
_NAMES = """SELECT DISTINCT ?name WHERE {
  { ?this skos:prefLabel ?name } UNION { ?this skos:altLabel ?name } UNION { ?this mig:acronym ?name } UNION { ?this mig:mentionedAs ?name }
} ORDER BY ?name"""
_EVIDENCE = """SELECT ?exact ?sentenceStart ?start ?end ?title ?article ?url WHERE {
  ?this mig:evidence ?span .
  ?span mig:sentence ?sentence ; oa:hasSource/prov:specializationOf ?article ; oa:hasSelector ?position .
  ?position oa:start ?start ; oa:end ?end .
  ?sentence oa:hasSelector/oa:exact ?exact ; oa:hasSelector ?place .
  ?place oa:start ?sentenceStart .
  OPTIONAL { ?article schema:headline ?title }
  OPTIONAL { ?article schema:url ?url }
} ORDER BY ?article ?start ?end"""
