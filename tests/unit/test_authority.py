"""Known names: what is learnt on sight is found as if all names had been learnt at first."""

from __future__ import annotations

from typing import Any

import pytest

from graphs import ARTICLES
from migkg.articles import read_articles
from migkg.extract.document import pipeline
from migkg.extract.lexicon import LANGUAGES
from migkg.extract.mentions.authority import NameMatchers
from migkg.reference import load_reference

# Words that the tokenizer splits ("USD|OL", "IDR|IJA"), signs before a name, another case, a plural.
ODD = (
    "USDOL and IDRIJA met, as did (IOM), “UNHCR”, UN-Women and 10 UN staff.",
    "THE INTERNATIONAL ORGANIZATION FOR MIGRATION, côte d'ivoire and Côte d’Ivoire met civil society organisations.",
    "“Kementerian Luar Negeri” /IOM/ bertemu dengan pekerja migran.",
)


def found(matchers: NameMatchers, doc: Any) -> list[tuple[int, int]]:
    return sorted((start, end) for m in (matchers.any_case, matchers.as_printed) for _, start, end in m(doc))


@pytest.fixture(scope="module", params=LANGUAGES)
def all_learnt(request: pytest.FixtureRequest) -> tuple[str, NameMatchers]:
    matchers = NameMatchers(load_reference(), request.param)
    matchers.add(list(matchers.unlearnt))
    return request.param, matchers


def test_names_are_found_as_if_all_had_been_learnt(all_learnt: tuple[str, NameMatchers]) -> None:
    lang, learnt = all_learnt
    texts = [article.text for path in sorted(ARTICLES.iterdir()) for article in read_articles(str(path))]
    for text in (*ODD, *texts):
        doc = pipeline(lang)(text)
        matchers = NameMatchers(load_reference(), lang)
        matchers.learn(text, [doc])
        assert found(matchers, doc) == found(learnt, doc), text[:80]


def test_the_odd_texts_hold_names(all_learnt: tuple[str, NameMatchers]) -> None:
    lang, learnt = all_learnt
    assert all(found(learnt, pipeline(lang)(text)) for text in ODD)
