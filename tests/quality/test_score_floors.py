"""The gate: on the gold of this project, no kind's F1 falls below what was reached before.

Floors are raised, and pinned to other gold, with `migkg score GOLD TEXTS --floors FILE --pin`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from migkg.build import bundled_corpus, read_one
from migkg.evaluate import evaluate
from migkg.evaluate.floors import fallen, read_floors
from migkg.evaluate.gold import gold_files, gold_hash
from migkg.evaluate.report import Score
from migkg.reference import load_reference

HERE = Path(__file__).parent
REAL = HERE.parents[2] / "shared" / "articles"
SETS = {"corpus": Path(bundled_corpus()), "real": REAL}
missing = pytest.mark.skipif(not REAL.is_dir(), reason=f"{REAL} is not here: the real article is not part of the project")
each_set = pytest.mark.parametrize("name", ["corpus", pytest.param("real", marks=missing)])


def score_of(name: str) -> Score:
    reference = load_reference()
    return evaluate(HERE / "gold" / name, SETS[name], lambda article: read_one(article, reference), samples=0)


@each_set
def test_nothing_falls_below_its_floor(name: str) -> None:
    found = score_of(name)
    assert not found.errors
    assert [str(kind) for kind in fallen(found, read_floors(HERE / "floors" / f"{name}.json"))] == []


@pytest.mark.parametrize("name", SETS)
def test_floors_belong_to_the_gold(name: str) -> None:
    assert read_floors(HERE / "floors" / f"{name}.json").gold == gold_hash(gold_files(HERE / "gold" / name))


def test_every_article_of_the_corpus_has_gold() -> None:
    gold = {file.stem for file in gold_files(HERE / "gold" / "corpus")}
    assert gold == {file.stem for file in SETS["corpus"].glob("*.md")}
