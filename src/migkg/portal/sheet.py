"""A sheet of triples that is written down statement by statement, with the prefixes of what describes data sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from migkg.export import turtle
from migkg.ontology import PREFIXES

if TYPE_CHECKING:
    import pyoxigraph as ox

NAMES: Mapping[str, str] = {
    **PREFIXES,
    "dcatap": "http://data.europa.eu/r5r/",
    "sh": "http://www.w3.org/ns/shacl#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}


class Sheet:
    """Triples, each once."""

    def __init__(self) -> None:
        self.triples: set[ox.Triple] = set()

    def add(self, subject: str, predicate: str, *values: object, kind: str = "") -> None:
        """Add triples.

        :param predicate: a short name, as `dct:title`; `a` is rdf:type, whose values are short names or IRIs.
        :param values: an IRI between angle brackets, a text, a number, or language → text or texts.
        :param kind: datatype of texts, as `xsd:date`.
        """
        import pyoxigraph as ox

        node, name = ox.NamedNode(subject), full("rdf:type" if predicate == "a" else predicate)
        for value in values:
            if predicate == "a":
                self.triples.add(ox.Triple(node, name, full(str(value))))
            elif isinstance(value, Mapping):
                for lang, texts in value.items():
                    for text in [texts] if isinstance(texts, str) else texts:
                        self.triples.add(ox.Triple(node, name, ox.Literal(text, language=lang)))
            elif isinstance(value, int):
                number = ox.Literal(str(value), datatype=full(kind or "xsd:integer"))
                self.triples.add(ox.Triple(node, name, number))
            elif isinstance(value, str) and value.startswith("<") and value.endswith(">"):
                self.triples.add(ox.Triple(node, name, ox.NamedNode(value[1:-1])))
            elif isinstance(value, ox.Literal | ox.NamedNode):
                self.triples.add(ox.Triple(node, name, value))
            else:
                literal = ox.Literal(str(value), datatype=full(kind) if kind else None)
                self.triples.add(ox.Triple(node, name, literal))

    def turtle(self) -> bytes:
        """All of it, sorted, with the prefixes that it uses."""
        used = " ".join(str(node) for triple in self.triples for node in triple)
        return turtle(self.triples, {name: iri for name, iri in sorted(NAMES.items()) if iri in used})


def full(name: str) -> ox.NamedNode:
    """The node of a short name, or of an IRI."""
    import pyoxigraph as ox

    prefix, colon, local = name.partition(":")
    return ox.NamedNode(NAMES[prefix] + local if colon and prefix in NAMES else name)
