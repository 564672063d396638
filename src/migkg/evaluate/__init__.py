"""How much of what articles say the graph gets right: gold files against the graphs of their texts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from migkg.articles import discover, read_articles
from migkg.errors import MigkgError, SourceError
from migkg.evaluate.answer import answer
from migkg.evaluate.gold import Gold, gold_files, gold_hash, read_gold
from migkg.evaluate.matching import Outcome, compare
from migkg.evaluate.report import Score, score
from migkg.extract.document import Document, pipeline, read_document
from migkg.extract.lexicon import LANGUAGES, load_lexicon
from migkg.model import Article, Extraction
from migkg.reference import load_reference

Extract = Callable[[Article], Extraction]

_ENDED = re.compile(r"[.!?…][\"'”’»)\]]*$")
_END = re.compile(r"[.!?…][\"'”’»)\]]*(?=\s)|\n")


def evaluate(
    gold: Path, texts: Path, extract: Extract, *, cut: bool = False, seed: int = 0, samples: int = 1000
) -> Score:
    """Score the graphs of texts against gold.

    :param gold: a folder of ID.yaml, or one file. :param texts: a folder of articles named ID with any known suffix, or
        one file; each is read on its own.
    :param extract: from an article to its facts, as a build does it.
    :param cut: leave out a last sentence that the text breaks off.
    :param seed: of the bootstrap. :param samples: drawn for the intervals.
    :returns: the score; a gold file or text that cannot be read is left out and stands among its errors.
    :raises SourceError: when there is no gold, no text, or no gold has a text.
    """
    files = {file.stem: file for file in gold_files(gold)}
    found = texts_by_id(texts)
    both = sorted(files.keys() & found.keys())
    if not both:
        raise SourceError(
            f"no text belongs to any of the {len(files):,} gold files", where=str(texts),
            expected=f"files named as the gold is, such as {min(files)}.txt",
        )  # fmt: skip
    articles: dict[str, Sequence[Outcome]] = {}
    errors: list[MigkgError] = []
    for id_ in both:
        try:
            truth, article = read_gold(files[id_]), _one_article(found[id_])
        except SourceError as error:
            errors.append(error)
            continue
        articles[id_] = compare_article(truth, cut_off(article) if cut else article, extract)
    if not articles:
        raise errors[0]
    return score(
        articles, seed=seed, samples=samples, gold=gold_hash(files.values()), errors=errors,
        without_text=sorted(files.keys() - found.keys()), without_gold=sorted(found.keys() - files.keys()),
    )  # fmt: skip


def _one_article(source: str) -> Article:
    articles = read_articles(source)
    if len(articles) != 1:
        raise SourceError(f"{len(articles):,} articles in it", where=source, expected="one article a file")
    return articles[0]


def texts_by_id(path: Path) -> Mapping[str, str]:
    """The sources under a path by their names without suffix.

    :raises SourceError: when there is none, or two have one name.
    """
    found: dict[str, str] = {}
    for source in discover((str(path),)):
        first = found.setdefault(Path(source).stem, source)
        if first != source:
            raise SourceError(f'"{first}" has the same name', where=source, expected="one text for each gold file")
    return found


def compare_article(gold: Gold, article: Article, extract: Extract) -> tuple[Outcome, ...]:
    """The outcomes of one article."""
    document = _document(article)
    blurb = [(b.span.start, b.span.end) for b in document.blocks if b.kind == "about"] if document else []
    sentences = [s.span.of(article.text) for s in document.sentences] if document else article.text.split("\n")
    return compare(gold, answer(extract(article), load_reference(), blurb), sentences)


def cut_off(article: Article) -> Article:
    """The article without a last sentence that the text breaks off, one that ends without sentence punctuation."""
    from spacy.pipeline import Sentencizer

    text = article.text
    if _ENDED.search(text):
        return article
    document = _document(article)
    last = document.sentences[-1].span if document is not None and document.sentences else None
    if last is not None and last.end == len(text):
        end = last.start
    elif document is not None:  # the last line reads as one of a menu
        line = text.rfind("\n") + 1
        doc = Sentencizer()(pipeline(document.lang).make_doc(text[line:]))
        end = line + max(sentence.start_char for sentence in doc.sents)
    else:
        end = max((match.end() for match in _END.finditer(text)), default=0)
    kept = text[:end].rstrip()
    return replace(article, text=kept, sha256=hashlib.sha256(kept.encode()).hexdigest()) if kept else article


def _document(article: Article) -> Document | None:
    return read_document(article, load_lexicon(article.lang)) if article.lang in LANGUAGES and article.lang else None
