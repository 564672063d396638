"""How tests read sentences of their own: text → document, mentions, events, facts, each in one call."""

from __future__ import annotations

import hashlib
from typing import Any

from migkg.extract import Claims, extract
from migkg.extract.document import Document, read_document
from migkg.extract.lexicon import load_lexicon
from migkg.extract.mention import Mention
from migkg.iris import name
from migkg.model import Article, Extraction, Ref, Text
from migkg.reference import load_reference
from migkg.resolve import resolve


def article(text: str, lang: str = "en", **stated: Any) -> Article:
    """An article with this text; `stated` are further fields of it."""
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    return Article(stated.pop("id", "example"), text, digest, "example", lang=lang, **stated)


def document(text: str, lang: str = "en", **stated: Any) -> Document:
    return read_document(article(text, lang, **stated), load_lexicon(lang))


def claims(text: str, lang: str = "en", **stated: Any) -> Claims:
    found = extract(article(text, lang, **stated), load_reference())
    assert found is not None
    return found


def facts(text: str, lang: str = "en", **stated: Any) -> Extraction:
    return resolve(claims(text, lang, **stated), load_reference())


def mentions(text: str, kind: str, lang: str = "en") -> list[Mention]:
    """The mentions of one type, in the order of the text."""
    return [mention for line in claims(text, lang).reading.lines for mention in line.mentions if mention.type == kind]


def printed(text: str, kind: str, lang: str = "en") -> list[str]:
    return [mention.text for mention in mentions(text, kind, lang)]


def shown(value: Any) -> str:
    """The end of an IRI, the words of a literal."""
    return name(value.iri) if isinstance(value, Ref) else value.value if isinstance(value, Text) else str(value)


def rows(found: Extraction, kind: str, *columns: str) -> list[tuple[str, ...]]:
    """For each fact of a kind, its roles and qualifiers under these names, sorted; several values joined by "+"."""
    table = []
    for fact in found.facts:
        if fact.kind == kind:
            cells = ([name(iri) for iri in fact.role(c)] or [shown(v) for v in fact.qualifier(c)] for c in columns)
            table.append(tuple("+".join(cell) for cell in cells))
    return sorted(table)


def kinds(found: Extraction) -> set[str]:
    """The kinds of the facts; that a thing is named asserts nothing of it."""
    return {fact.kind for fact in found.facts} - {"Mention"}
