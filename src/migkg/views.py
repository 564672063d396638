"""Facts in words for people, and one article's facts as JSON and Turtle for programs."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import groupby
from typing import Any

from migkg import iris, rdf, resources
from migkg.export import to_bytes
from migkg.model import RULES, Extraction, Fact, Finding, PartialDate, Ref, Text, Value
from migkg.ontology import PREFIXES, FactKind, load_ontology
from migkg.queries import short
from migkg.reference import load_reference
from migkg.store import EmbeddedStore
from migkg.tables import WIDTH, Line, lines_of, plain, quote

_HTML = {"bold": "b", "underline": "u", "dim": "span"}


@dataclass(frozen=True, slots=True)
class Quotation:
    """A sentence that proves a fact.

    :param marks: (start, end) of the exact words in `sentence`, in code points, half-open, sorted.
    :param article: its title, or its id. :param published: date as far as it is known.
    :param page: that it begins on, when the article has pages. :param source: the article's IRI.
    :param lang: of the article.
    """

    sentence: str
    marks: tuple[tuple[int, int], ...]
    article: str
    published: str | None = None
    address: str | None = None
    page: int | None = None
    source: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class FactView:
    """A fact in words.

    :param kind: label of its kind. :param part: what the thing that is explained is in it, or "".
    :param values: (role or qualifier, value), all as labels; roles come first. :param nodes: IRI of each value, or "".
    :param rules: names of the rules that read it; `readers`: who read it.
    :param names: labels of all things that take part, first the one that its shortcut begins with.
    """

    iri: str
    kind: str
    part: str
    values: tuple[tuple[str, str], ...]
    rules: tuple[str, ...]
    quotations: tuple[Quotation, ...]
    readers: tuple[str, ...] = (RULES,)
    nodes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """A thing or fact in words, with every sentence that proves it.

    :param names: further names, as known or as printed. :param details: (property, value) from the reference data.
    :param nodes: IRI of each value of `details`, or "". :param classes: IRIs of its types.
    :param total: how many facts speak of it, those that are not told here too.
    """

    iri: str
    label: str
    types: tuple[str, ...]
    names: tuple[str, ...]
    details: tuple[tuple[str, str], ...]
    facts: tuple[FactView, ...]
    nodes: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    total: int = 0

    def __str__(self) -> str:
        return plain(show_explanation(self))

    def _repr_html_(self) -> str:
        pieces = ("".join(_tagged(*piece) for piece in line) for line in show_explanation(self))
        return '<pre style="white-space: pre-wrap">' + "\n".join(pieces) + "</pre>"


def _tagged(text: str, style: str) -> str:
    tag = _HTML.get(style)
    return f"<{tag}>{escape(text)}</{tag}>" if tag else escape(text)


# -- words -------------------------------------------------------------------------------------------------------------


def in_words(iri: str) -> str:
    """What to call a thing that has no label: the last part of its IRI.

    >>> in_words("https://schema.org/containedInPlace"), in_words("https://w3id.org/migkg/id/place/id-jk")
    ('contained in place', 'id-jk')
    """
    return re.sub(r"(?<=[a-z])([A-Z])", lambda capital: " " + capital[1].lower(), iris.name(iri))


def view(
    iri: str,
    fact: Fact,
    labels: Mapping[str, str],
    quotations: Iterable[Quotation],
    rules: Iterable[str] = (),
    readers: Iterable[str] = (RULES,),
    *,
    lang: str = "en",
    about: str = "",
) -> FactView:
    """A fact in words.

    :param labels: IRI of a thing, role or qualifier → its label; one that is missing gets its name in the IRI.
    :param about: IRI of the thing that is explained; it is named by its part in the fact.
    """
    kind = load_ontology().kind(fact.kind)

    def label(iri: str) -> str:
        return labels.get(iri) or in_words(iri)

    parts = sorted({label(kind.roles[name]) for name, found in fact.roles if about in found})
    values = [(label(kind.roles[name]), label(iri), iri) for name, found in fact.roles for iri in found if iri != about]
    for name, told in fact.qualifiers:
        of = label(kind.qualifiers[name])
        values += [(of, label(v.iri), v.iri) if isinstance(v, Ref) else (of, _shown(v), "") for v in told]
    title = kind.label.get(lang) or kind.label["en"]
    return FactView(
        iri, title, " and ".join(parts), tuple((of, value) for of, value, _ in values), tuple(sorted(set(rules))),
        tuple(quotations), tuple(sorted(set(readers))), tuple(node for *_, node in values),
        tuple(label(iri) for name in in_order(kind) for role, found in fact.roles if role == name for iri in found),
    )  # fmt: skip


def in_order(kind: FactKind) -> tuple[str, ...]:
    """The roles of a kind of fact, as its name lists them: first the one that its shortcut begins with."""
    first = kind.shortcuts[0].source if kind.shortcuts else ""
    return tuple(sorted(kind.roles, key=lambda name: (name != first, name)))


def _shown(value: Value) -> str:
    return value.value if isinstance(value, Text) else str(value)


@cache
def _ontology_labels(lang: str) -> Mapping[str, str]:
    """The labels that the ontology declares: of roles, qualifiers and their values."""
    import pyoxigraph as ox

    found: dict[str, dict[str, str]] = {}
    for quad in ox.parse(path=str(resources.path("ontology", "migkg.ttl"))):
        if quad.predicate.value == PREFIXES["rdfs"] + "label" and isinstance(quad.object, ox.Literal):
            found.setdefault(str(quad.subject)[1:-1], {})[quad.object.language or ""] = quad.object.value
    return {iri: texts.get(lang) or texts.get("en", "") for iri, texts in found.items()}


# -- an explanation ----------------------------------------------------------------------------------------------------


def show_explanation(found: Explanation, width: int = WIDTH) -> Iterator[Line]:
    """An explanation in at most `width` cells: facts by kind, sentences with the exact words underlined, sources."""
    yield ((found.label, "bold"), (f"  {', '.join(found.types)}", "dim"))
    yield ((found.iri, "dim"),)
    if found.names:
        yield from _indented("Also called: " + "; ".join(found.names), width, "  ")
    for name, value in found.details:
        yield from _indented(f"{name}: {value}", width, "  ")
    sources: dict[tuple[str, str | None, str | None], int] = {}
    for (kind, part), facts in groupby(found.facts, key=lambda fact: (fact.kind, fact.part)):
        group = list(facts)
        yield ()
        yield ((kind.capitalize() + (f", as {part}" if part else ""), "bold"), (f"  {len(group):,}", "dim"))
        for number, fact in enumerate(group):
            if number:
                yield ()
            yield from show_fact(fact, width, sources)
    if sources:
        yield ()
        yield (("Sources", "bold"),)
    for (title, published, address), number in sources.items():
        text = ", ".join(part for part in (title, published) if part)
        yield from _indented(f"[{number}] {text}", width, "    ")
        if address:
            yield (("    ", ""), (address, "dim"))  # never broken, so that it can be clicked
    if not found.facts:
        yield ()
        yield (("No fact speaks of it.", ""),)


def show_fact(
    fact: FactView, width: int = WIDTH, sources: dict[tuple[str, str | None, str | None], int] | None = None
) -> Iterator[Line]:
    """A fact's roles and sentences; each source gets a number in `sources`, unless that is None."""
    quoted = {quotation.sentence for quotation in fact.quotations}
    for name, found in groupby(fact.values, key=lambda pair: pair[0]):
        told = [value for _, value in found if value not in quoted]  # what is quoted follows below
        if told:
            yield from _indented(f"  {name}: {'; '.join(told)}", width, "      ")
    if fact.readers != (RULES,):
        yield from _indented(f"  read by: {'; '.join(fact.readers)}", width, "      ")
    for quotation in fact.quotations:
        source = (quotation.article, quotation.published, quotation.address)
        place = [str(sources.setdefault(source, len(sources) + 1))] if sources is not None else []
        place += [f"p. {quotation.page}"] if quotation.page is not None else []
        yield from quote(quotation.sentence, quotation.marks, width, f" [{', '.join(place)}]" if place else "")


def _indented(text: str, width: int, indent: str) -> Iterator[Line]:
    """A text whose further lines are indented, and those of its first line as it stands."""
    lead = text[: len(text) - len(text.lstrip())]
    first, *rest = lines_of(text, width - len(indent)) or [""]
    yield ((lead + first, ""),)
    for line in rest:
        yield ((indent + line, ""),)


# -- one article -------------------------------------------------------------------------------------------------------


def _labels(extraction: Extraction, lang: str) -> dict[str, str]:
    known = {entity.iri: entity.labels for entity in load_reference().entities.values()}
    known |= {entity.iri: entity.labels for entity in extraction.entities}
    own = {iri: {label.lang: label.value for label in labels} for iri, labels in known.items() if labels}
    return {
        **{iri: texts.get(lang) or texts.get("en") or min(texts.values()) for iri, texts in own.items()},
        **_ontology_labels(lang),
    }


def show_extraction(extraction: Extraction, width: int = WIDTH, *, lang: str = "en") -> Iterator[Line]:
    """One article's facts in the order of its text, with the words that state them."""
    labels = _labels(extraction, lang)
    article = extraction.article
    yield ((article.title or article.id, "bold"),)
    for fact in extraction.facts:
        yield ()
        rules, readers = zip(*((evidence.rule, evidence.reader) for evidence in fact.evidence), strict=True)
        shown = view(rdf.fact_iri(fact), fact, labels, _quotations(extraction, fact), rules, readers, lang=lang)
        yield ((shown.kind.capitalize(), "bold"),)
        yield from show_fact(shown, width)
    yield ()
    yield ((f"{len(extraction.facts):,} fact{'' if len(extraction.facts) == 1 else 's'}", "dim"),)


def _quotations(extraction: Extraction, fact: Fact) -> Sequence[Quotation]:
    """A fact's sentences, each once, with all the words in it that state the fact."""
    article = extraction.article
    found = []
    for sentence in sorted({evidence.sentence for evidence in fact.evidence}):
        spans = sorted({evidence.span for evidence in fact.evidence if evidence.sentence == sentence})
        marks = tuple((span.start - sentence.start, span.end - sentence.start) for span in spans)
        published = str(article.published) if article.published else None
        source = (article.title or article.id, published, article.url)
        found.append(Quotation(sentence.of(article.text), marks, *source, page=article.page(sentence.start)))
    return found


def extraction_json(extraction: Extraction) -> str:
    """All of an extraction as JSON; offsets are code points, half-open."""
    labels = _labels(extraction, "en")
    article = extraction.article

    def plain(value: Value) -> Any:
        match value:
            case Ref(iri):
                return {"iri": iri, "label": labels.get(iri) or in_words(iri)}
            case Text() | PartialDate():
                return _shown(value)
            case _:
                return value

    facts = [
        {
            "iri": rdf.fact_iri(fact),
            "kind": fact.kind,
            "roles": {name: [plain(Ref(iri)) for iri in found] for name, found in fact.roles},
            "qualifiers": {name: [plain(value) for value in values] for name, values in fact.qualifiers},
            "evidence": [
                {
                    "start": e.span.start, "end": e.span.end, "page": article.page(e.span.start),
                    "exact": e.span.of(article.text),
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
    return json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n"


def extraction_turtle(extraction: Extraction) -> str:
    """The article's graph as Turtle, in the form of `migkg export`."""
    import pyoxigraph as ox

    lines = rdf.graph_lines(extraction, load_reference())
    with EmbeddedStore() as store:
        store.put_graph(rdf.graph_iri(extraction.article.id), ox.parse(rdf.ntriples(lines), ox.RdfFormat.N_TRIPLES))
        return to_bytes(store, "ttl").decode()


# -- findings ----------------------------------------------------------------------------------------------------------

_SEVERITIES = {"violation": "violation", "warning": "warning", "info": "gap"}


def counts(findings: Iterable[Finding]) -> str:
    """How many findings there are of each severity: "0 violations, 1 warning, 3 gaps"."""
    held: Counter[str] = Counter(finding.severity for finding in findings)
    return ", ".join(f"{held[key]:,} {name}{'' if held[key] == 1 else 's'}" for key, name in _SEVERITIES.items())


def show_findings(findings: Iterable[Finding], width: int = WIDTH, *, limit: int | None = None) -> Iterator[Line]:
    """Findings in words, those of a kind together.

    :param limit: None shows all, with each thing in question; else so many kinds of them, and no gaps.
    """
    brief = limit is not None
    listed = [finding for finding in findings if not brief or finding.severity != "info"]
    listed.sort(key=lambda f: (list(_SEVERITIES).index(f.severity), f.shape, f.message, f.article, f.focus, f.value))
    kinds = [list(group) for _, group in groupby(listed, key=lambda f: (f.severity, f.shape, f.message))]
    for group in kinds[:limit]:
        first, name = group[0], _SEVERITIES[group[0].severity]
        text = f"{name}: {first.message}" + (f" ({len(group):,} times)" if len(group) > 1 else "")
        if brief and len(group) == 1 and first.article:
            text += f" In {first.article}."
        start, *rest = lines_of(text, width)
        yield ((start[: len(name)], "bold"), (start[len(name) :], ""))
        yield from (((line, ""),) for line in rest)
        for finding in () if brief else group:
            held = (short(finding.focus), short(finding.value), f"in {finding.article}" if finding.article else "")
            yield (("    " + " ".join(part for part in held if part), "dim"),)
    if limit is not None and len(kinds) > limit:
        more = len(kinds) - limit
        yield ((f"… and {more:,} more kind{'' if more == 1 else 's'} of findings", ""),)
