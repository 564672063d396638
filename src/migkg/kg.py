"""A built graph as users meet it: questions, tables, explanations, exports, and an rdflib graph.

    import migkg
    kg = migkg.open("kg")
    kg.query("people", organization="IOM").to_pandas()
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from migkg import rdf
from migkg.errors import GraphError, NothingFound, QueryError
from migkg.export import EXPORTS, export
from migkg.folder import FIND, read_manifest
from migkg.footnotes import with_footnotes
from migkg.frames import Answer
from migkg.lookup import Found, find, open_index
from migkg.model import Fact, Finding, PartialDate, Ref
from migkg.ontology import ONT, PREFIXES, load_ontology
from migkg.queries import find_entity, labels, question, run, run_sparql, short
from migkg.quotations import quotations
from migkg.sparql import blocks, values
from migkg.store import EmbeddedStore, RemoteStore, Rows, Store, select
from migkg.views import Explanation, FactView, in_words, view

if TYPE_CHECKING:
    import networkx as nx
    import pyoxigraph as ox
    import rdflib

    from migkg.network.change import Change
    from migkg.network.matrix import Matrix


class Graph:
    """A graph, wherever its store is. Use it in a `with` statement, or `close` it."""

    store: Store

    def query(
        self, name: str, *, lang: str = "en", iris: bool = False, footnotes: bool = False, **params: object
    ) -> Answer:
        """Ask a ready-made question.

        :param name: a file of `queries/` without its suffix.
        :param footnotes: True to have the sentences as numbered footnotes in place of columns.
        :param params: the question's parameters as text, or values whose text is meant.
        :raises UnknownName: for a question or parameter that does not exist; the message lists those that do.
        """
        given = {key: str(value) for key, value in params.items()}
        table = run(self.store, question(name), given, lang=lang, iris=iris)
        return Answer.of(with_footnotes(self.store, table) if footnotes else table)

    def sparql(
        self, text: str, *, lang: str = "en", iris: bool = False, footnotes: bool = False, where: str = "query"
    ) -> Answer:
        """Ask a SPARQL query of one's own.

        :param footnotes: True to have a column `sentence` (and `article`) as numbered footnotes.
        :param where: the file it comes from, for messages.
        :raises QueryError: see `Store.query`.
        """
        table = run_sparql(self.store, text, lang=lang, iris=iris, where=where)
        return Answer.of(with_footnotes(self.store, table) if footnotes else table)

    def construct(self, text: str, *, where: str = "query") -> str:
        """The answer to a CONSTRUCT or DESCRIBE query, as Turtle.

        :raises QueryError: for a query of another form.
        """
        import pyoxigraph as ox

        found = self.store.query(text, where=where)
        if isinstance(found, bool | Rows):
            raise QueryError("this query has no triples for an answer", where=where, expected="CONSTRUCT or DESCRIBE")
        quads = [ox.Quad(triple.subject, triple.predicate, triple.object) for triple in found]
        return EXPORTS["ttl"].write(quads, self.store).decode()

    def explain(self, thing: str, *, lang: str = "en", most: int | None = None) -> Explanation:
        """An entity or fact in words, with every sentence that proves it.

        :param thing: an IRI, its short form as `person/penny-dewi-herasati`, or a name.
        :param most: facts of one kind to tell, None for all; of a thing that thousands of facts name, some take long.
        :raises NothingFound: when the graph holds nothing under that name.
        """
        (found,) = self.explain_all([find_entity(self.store, thing).value], lang=lang, most=most)
        return found

    def explain_all(self, iris: Sequence[str], *, lang: str = "en", most: int | None = None) -> list[Explanation]:
        """Many things in words, with as many queries as for one. A few hundred at once take little memory.

        :param iris: each once. :param most: see `explain`.
        :raises NothingFound: when the graph holds nothing of one of them.
        """
        import pyoxigraph as ox

        block = values(["this"], [[ox.NamedNode(iri)] for iri in iris])
        types, names, details = (self._about(sparql, block) for sparql in (_TYPES, _NAMES, _DETAILS))
        for iri in iris:
            if iri not in types:
                todo = "Try a name as printed in an article."
                raise NothingFound(f"the graph says nothing of {short(iri)}", todo=todo)
        about: dict[str, dict[ox.NamedNode, None]] = {iri: {} for iri in iris}
        for sparql in _FACTS:
            for iri, rows in self._about(sparql, block).items():
                about[iri].update(dict.fromkeys(fact for (fact,) in rows))
        shown = {iri: {fact.value for fact in (facts if most is None else _some(facts, most))}
                 for iri, facts in about.items()}  # fmt: skip
        triples = self._triples(sorted({fact for facts in shown.values() for fact in facts}))
        facts = rdf.facts_by_iri(triples)
        told = [term for rows in (*types.values(), *details.values()) for row in rows for term in row]
        known = {*iris, *(term.value for term in told if isinstance(term, ox.NamedNode)), *_iris(facts.values())}
        named = labels(self.store, known, lang=lang)
        views = self._views(facts, triples, named, lang)
        order = {iri: (_when(fact), iri) for iri, fact in facts.items()}
        return [
            _explained(
                iri, named, [row[0].value for row in types[iri]], {row[0].value for row in names.get(iri, ())},
                list(_details(((row[0].value, row[1]) for row in details.get(iri, ())), named, lang)),
                [views(fact, iri) for fact in sorted(shown[iri] & facts.keys(), key=order.__getitem__)],
                len(about[iri]),
            )
            for iri in iris
        ]  # fmt: skip

    def _about(self, sparql: str, block: str) -> dict[str, list[tuple[Any, ...]]]:
        """Thing → the other columns of the rows about it, of a query whose first column is the thing."""
        found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        for this, *rest in self._ask(sparql.format(block=block)):
            found[this.value].append(tuple(rest))
        return found

    def _ask(self, sparql: str, **bindings: ox.NamedNode) -> Iterator[tuple[Any, ...]]:
        return iter(select(self.store, sparql, bindings).rows)

    def _triples(self, iris: Iterable[str]) -> list[rdf.Triple]:
        """All that the graph says of some things."""
        import pyoxigraph as ox

        found = (ox.Triple(*row) for block in blocks("fact", iris) for row in self._ask(_TRIPLES.format(block=block)))
        return list(rdf.triples(found))

    def _views(
        self, facts: Mapping[str, Fact], triples: Iterable[rdf.Triple], named: Mapping[str, str], lang: str
    ) -> Callable[[str, str], FactView]:
        """What makes a view of a fact, as it is told on the page of a thing."""
        told: dict[tuple[str, str], list[str]] = defaultdict(list)
        for subject, predicate, value in triples:
            told[subject, predicate].append(str(value))
        sentences = quotations(self.store, facts)

        def made(iri: str, about: str) -> FactView:
            rules, readers = told[iri, ONT + "rule"], told[iri, ONT + "reader"]
            return view(iri, facts[iri], named, sentences[iri], rules, readers, lang=lang, about=about)

        return made

    def network(
        self, name: str, *, since: str = "", until: str = "", event_types: Sequence[str] = (),
        countries: Sequence[str] = (), min_weight: int = 1, roll_up: bool = False, ego: str = "", hops: int = 1,
        lang: str = "en",
    ) -> nx.Graph:  # fmt: skip
        """A network of stakeholders, as a networkx graph that shows itself in a notebook.

        What nodes and edges hold is told by `network.graph.to_networkx`.

        :param name: one of `network.networks()`. The other parameters: see `network.Selection`.
        :raises UnknownName: for a network that does not exist; the message lists those that do.
        :raises QueryError: for a date that is none.
        """
        from migkg.network import project, selection
        from migkg.network.notebook import shown

        wanted = selection(
            since, until, event_types, countries, min_weight=min_weight, roll_up=roll_up, ego=ego, hops=hops
        )
        return shown(self.store, project(self.store, name, wanted), lang=lang)

    def change(
        self, name: str, before: str, after: str, *, event_types: Sequence[str] = (), countries: Sequence[str] = (),
        min_weight: int = 1, roll_up: bool = False, lang: str = "en",
    ) -> Change:  # fmt: skip
        """What changed in a network from one period to another; it shows itself in a notebook.

        :param name: one of `network.networks()`. :param before, after: as `2023`, `2022..2023-06`, `..2021`, `2024..`.
            The other parameters: see `network.Selection`.
        :raises QueryError: for a period that is none. :raises UnknownName: for a network that does not exist.
        """
        from migkg.network import selection
        from migkg.network.change import change

        wanted = selection("", "", event_types, countries, min_weight=min_weight, roll_up=roll_up)
        return change(self.store, name, before, after, wanted, lang=lang)

    def matrix(
        self, name: str, *, since: str = "", until: str = "", event_types: Sequence[str] = (),
        countries: Sequence[str] = (), roll_up: bool = False, lang: str = "en",
    ) -> Matrix:  # fmt: skip
        """Two kinds of things against each other, with the facts behind each cell; it shows itself in a notebook.

        :param name: one of `network.matrix.matrices()`. The other parameters: see `network.Selection`.
        :raises UnknownName: for a matrix that does not exist; the message lists those that do.
        :raises QueryError: for a date that is none.
        """
        from migkg.network import selection
        from migkg.network.matrix import matrix

        return matrix(self.store, name, selection(since, until, event_types, countries, roll_up=roll_up), lang=lang)

    def export(self, format: str, path: Path | str) -> None:  # noqa: A002 - the word users know
        """Write the graph to a file: ttl, trig, nt, nq, jsonld or rdfxml."""
        export(self.store, format, Path(path))

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class KnowledgeGraph(Graph):
    """A graph folder, open for reading. Use it in a `with` statement, or `close` it."""

    store: EmbeddedStore

    def __init__(self, folder: Path | str = "kg") -> None:
        self.folder = Path(folder)
        self.manifest = read_manifest(self.folder)
        try:
            self.store = EmbeddedStore.open(self._place, read_only=True)
        except GraphError:
            former, self.manifest = self.manifest, read_manifest(self.folder)
            if former == self.manifest:
                raise
            self.store = EmbeddedStore.open(self._place, read_only=True)  # a build has just put a new one in place

    @property
    def _place(self) -> Path:
        return self.folder / str(self.manifest["store"])

    def find(self, text: str, *, lang: str = "en", limit: int = 10) -> tuple[Found, ...]:
        """Things by their names, in both languages and with small misspellings, and articles by their words.

        :param limit: how many things, and how many articles.
        :raises QueryError: when the text holds no word.
        """
        db = open_index(self.folder / f"{self.manifest['store']}{FIND}", self.store)
        try:
            return find(db, self.store, text, lang=lang, limit=limit)
        finally:
            db.close()

    def findings(self) -> tuple[Finding, ...]:
        """What SHACL and resolution found when the graph was built."""
        return tuple(Finding(**finding) for finding in self.manifest["findings"])

    def graph(self) -> rdflib.Graph:
        """The default graph as an rdflib graph over the same store."""
        import pyoxigraph as ox

        return _rdflib(ox.Store.read_only(str(self._place)))

    def __repr__(self) -> str:
        facts = sum(self.manifest["facts"].values())
        return f"<KnowledgeGraph {self.folder}: {len(self.manifest['articles'])} articles, {facts} facts>"


class RemoteGraph(Graph):
    """A graph on a SPARQL server, asked in the same way as one in a folder.

    :param endpoint: the address of its queries. :param options: see `RemoteStore`.
    :raises EndpointError: when it is no address; a server that does not answer is met by the first question.
    """

    def __init__(self, endpoint: str, **options: Any) -> None:
        self.store = RemoteStore(endpoint, **options)

    def graph(self) -> rdflib.Graph:
        """A copy of the default graph in memory, as an rdflib graph."""
        import pyoxigraph as ox

        copy = ox.Store()
        copy.extend(self.store.quads())
        return _rdflib(copy)

    def __repr__(self) -> str:
        return f"<RemoteGraph {self.store!r}>"


def _rdflib(store: ox.Store) -> rdflib.Graph:
    import oxrdflib
    import rdflib

    default = rdflib.graph.DATASET_DEFAULT_GRAPH_ID
    graph = rdflib.Graph(store=oxrdflib.OxigraphStore(store=store), identifier=default)
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph


def _some(facts: Iterable[ox.NamedNode], most: int) -> Iterator[ox.NamedNode]:
    """So many facts of each kind; the IRI of a fact names its kind."""
    told: Counter[str] = Counter()
    for fact in sorted(facts, key=lambda fact: fact.value):
        kind = fact.value.rpartition("-")[0]
        told[kind] += 1
        if told[kind] <= most:
            yield fact


def _iris(facts: Iterable[Fact]) -> Iterator[str]:
    """All IRIs that a view of some facts shows the labels of."""
    kinds: set[str] = set()
    for fact in facts:
        kinds.add(fact.kind)
        for _, found in fact.roles:
            yield from found
        for _, told in fact.qualifiers:
            yield from (value.iri for value in told if isinstance(value, Ref))
    for name in kinds:
        kind = load_ontology().kind(name)
        yield from (*kind.roles.values(), *kind.qualifiers.values())


def _explained(
    iri: str, named: Mapping[str, str], types: Sequence[str], names: set[str],
    details: Sequence[tuple[str, str, str]], views: Iterable[FactView], total: int,
) -> Explanation:  # fmt: skip
    facts = sorted(views, key=lambda one: (one.kind, one.part))
    return Explanation(
        iri, named[iri], _once(named[type_] for type_ in types), tuple(sorted(names - {named[iri]})),
        tuple((name, value) for name, value, _ in details), tuple(facts), tuple(node for *_, node in details),
        tuple(types), total,
    )  # fmt: skip


def _when(fact: Fact) -> str:
    """The first date of a fact; "" without one."""
    dates = (str(value) for _, told in fact.qualifiers for value in told if isinstance(value, PartialDate))
    return min(dates, default="")


def _details(found: Iterable[tuple[str, Any]], named: Mapping[str, str], lang: str) -> Iterator[tuple[str, str, str]]:
    """Properties in words, each with the IRI of its value or ""; of several languages the one that is wanted."""
    import pyoxigraph as ox

    told: dict[str, list[Any]] = defaultdict(list)
    for name, value in found:
        told[name].append(value)
    for name, held in told.items():
        label = named[name] if ":" not in named[name] else in_words(name)
        spoken = {value.language for value in held if isinstance(value, ox.Literal)}
        best = next((tag for tag in (lang, "en") if tag in spoken), None)
        for value in held:
            if isinstance(value, ox.NamedNode):
                known = named[value.value]
                yield label, value.value if known == short(value.value) else known, value.value
            elif value.language in (best, None):
                yield label, value.value, ""


def _once(labels: Iterable[str]) -> tuple[str, ...]:
    """Labels sorted, each once: two vocabularies may call a class by one word, "Person" and "person"."""
    return tuple(sorted({label.casefold(): label for label in sorted(labels)}.values()))


# Each asks of many things at once; the first column is the thing.
_TYPES = "SELECT DISTINCT ?this ?type WHERE {{ {block} ?this a ?type }} ORDER BY ?type"
_NAMES = """SELECT DISTINCT ?this ?name WHERE {{
  {block} ?this skos:prefLabel|skos:altLabel|mig:acronym|mig:mentionedAs ?name
}}"""
# What the reference data and the schemes tell; names and types are shown on their own.
_DETAILS = f"""SELECT DISTINCT ?this ?name ?value WHERE {{{{
  {{block}}
  {{{{ GRAPH <{rdf.REFERENCE_GRAPH}> {{{{ ?this ?name ?value }}}} }}}}
  UNION {{{{ GRAPH <{rdf.SCHEMES_GRAPH}> {{{{ ?this ?name ?value }}}} }}}}
  FILTER(?name NOT IN (rdf:type, skos:prefLabel, skos:altLabel, mig:acronym, mig:localName, mig:demonym, dct:source,
    rdfs:isDefinedBy, skos:inScheme, skos:topConceptOf, skos:hasTopConcept, skos:historyNote, skos:editorialNote))
}}}} ORDER BY ?name STR(?value)"""
# The facts about a thing, the fact itself, and the facts that an article states. Each on its own is a look-up; in one
# query with UNION the engine joins the thing last, after all facts of the graph.
_FACTS = (
    "SELECT DISTINCT ?this ?fact WHERE {{ {block} ?fact ?role ?this . ?fact mig:evidence ?span }}",
    "SELECT DISTINCT ?this ?fact WHERE {{ {block} ?this mig:evidence ?span BIND(?this AS ?fact) }}",
    "SELECT DISTINCT ?this ?fact WHERE {{ {block} ?fact mig:evidence/oa:hasSource/prov:specializationOf ?this }}",
)
_TRIPLES = "SELECT DISTINCT ?fact ?p ?o WHERE {{ {block} ?fact ?p ?o }}"
