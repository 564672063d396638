"""A statistical model of spaCy as a second reader: it finds names, and the fact rules read them.

The rules' own mentions win where the two clash. What the rules read with the model's mentions among theirs, and not
without them, is read by the model: it is told apart by comparing the two readings.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from migkg import resources
from migkg.errors import DataError, ReaderError
from migkg.extract import Claims, claim
from migkg.extract.claims import Claim
from migkg.extract.mention import Mention
from migkg.model import Agent, Finding, Span
from migkg.reference import Reference
from migkg.second.widen import mark, widen

if TYPE_CHECKING:
    from spacy.language import Language

PREFIX = "spacy:"
_TYPES = ("NAME", "ORG", "PLACE", "POLICY", "PROG", "EVENT", "DATE", "MONEY")
_ANY_LANGUAGE = "xx"  # spaCy's code for models of many languages


@dataclass(frozen=True, slots=True)
class ModelReader:
    """A spaCy pipeline that has been loaded."""

    agent: Agent
    nlp: Language

    def read(self, claims: Claims, reference: Reference) -> Claims:
        """Add what the rules read with the model's mentions among theirs."""
        document = claims.reading.document
        done = replace(claims, readers=claims.readers | {self.agent.name}, agents=(*claims.agents, self.agent))
        if self.nlp.lang not in (document.lang, _ANY_LANGUAGE):
            name, article = self.agent.name, document.article.id
            what = f"{name} reads texts in the language {self.nlp.lang}; it was not asked about this one."
            finding = Finding("info", "language.other", "", what, path=name, article=article)
            return replace(done, findings=(*claims.findings, finding))
        wide = widen(done, self._mentions(claims), reference)
        known = {_content(one) for one in claims.claims}
        new = [one for one in claim(wide.reading, wide.events) if _content(one) not in known]
        return replace(wide, claims=(*claims.claims, *(replace(one, reader=self.agent.name) for one in new)))

    def _mentions(self, claims: Claims) -> Iterator[Mention]:
        document = claims.reading.document
        types = entity_types()
        texts = [doc.text for doc, _, _ in document.docs]
        for (_, offset, kind), doc in zip(document.docs, self.nlp.pipe(texts), strict=True):
            for entity in doc.ents:
                type_ = types.get(entity.label_)
                if type_ is None or (type_ == "NAME" and kind == "title"):
                    continue
                span = Span(offset + entity.start_char, offset + entity.end_char)
                mention = mark(type_, span, claims.reading, self.agent.name)
                if mention is not None:
                    yield mention


def load_model(name: str) -> ModelReader:
    """Load a spaCy pipeline by the name of its package or by its folder.

    :raises ReaderError: when it is not installed, cannot be loaded, or finds no entities.
    """
    import spacy
    from spacy.about import __version__

    where = PREFIX + name
    try:
        nlp = spacy.load(name)
    except (OSError, ValueError, ImportError) as error:
        if "[E050]" in str(error):
            folder = "/" in name or "\\" in name
            raise ReaderError(
                f"the spaCy model {name} is not installed" if not folder else "there is no such folder", where=where,
                todo="Check the path." if folder else f"Install it with: python -m spacy download {name}",
            ) from error  # fmt: skip
        reason = str(error).strip().splitlines()[0]
        raise ReaderError(f"the spaCy model cannot be loaded ({reason})", where=where) from error
    if not any("doc.ents" in nlp.get_pipe_meta(pipe).assigns for pipe in nlp.pipe_names):
        parts = ", ".join(nlp.pipe_names) or "no component"
        raise ReaderError(f"the spaCy model finds no names: it has {parts}", where=where, expected="one with ner")
    meta = nlp.meta
    label = f"{PREFIX}{meta['lang']}_{meta['name']}"
    return ModelReader(Agent(label, f"{meta['version']} (spaCy {__version__})"), nlp)


@cache
def entity_types() -> Mapping[str, str]:
    """Type of entity that models find → type of mention.

    :raises DataError: when the table is missing, broken or names a type of mention that is not read so.
    """
    file = resources.path("data", "lexicon", "spacy.toml")
    try:
        types: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))["types"]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError) as error:
        raise DataError(f"cannot be read ({error})", where=str(file), expected="a table [types]") from error
    for label, type_ in types.items():
        if type_ not in _TYPES:
            raise DataError(f'{label} is "{type_}"', where=str(file), expected="one of: " + ", ".join(_TYPES))
    return types


def _content(one: Claim) -> tuple[object, ...]:
    return one.kind, frozenset(one.roles.items()), frozenset(one.qualifiers.items())
