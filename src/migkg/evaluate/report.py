"""Outcomes to counts, precision, recall and F1 with intervals, and to tables and listings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from migkg.errors import MigkgError
from migkg.evaluate.gold import RELATIONS
from migkg.evaluate.matching import KINDS, Outcome
from migkg.model import Table

_EXCERPT = 280  # characters of a sentence in the listing of errors


@dataclass(frozen=True, slots=True)
class Count:
    """How many items of a kind were right, false alarms, and missed."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    @property
    def precision(self) -> float | None:
        """Share of what the graph says that is right; None when it says nothing."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else None

    @property
    def recall(self) -> float | None:
        """Share of gold that the graph says; None when gold has nothing."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of both; None when there is nothing to count, 0 when nothing is right."""
        whole = 2 * self.tp + self.fp + self.fn
        return 2 * self.tp / whole if whole else None

    def __add__(self, other: Count) -> Count:
        return Count(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn)


@dataclass(frozen=True, slots=True)
class Score:
    """The result over articles.

    :param articles: article → kind → count; total: the sums over the articles (micro).
    :param intervals: kind → (low, high) of F1, 95 % bootstrap over articles; without those of nothing to count.
    :param without_text, without_gold: ids that have no partner. :param gold: SHA-256 of the gold files.
    :param errors: gold files and texts that could not be read.
    """

    articles: Mapping[str, Mapping[str, Count]]
    total: Mapping[str, Count]
    intervals: Mapping[str, tuple[float, float]]
    outcomes: tuple[Outcome, ...]
    without_text: tuple[str, ...] = ()
    without_gold: tuple[str, ...] = ()
    gold: str = ""
    errors: tuple[MigkgError, ...] = ()


def counts(outcomes: Sequence[Outcome]) -> dict[str, Count]:
    """Kind → count, for every kind; `relations` are all relations together."""
    held: Counter[tuple[str, str]] = Counter((outcome.kind, outcome.result) for outcome in outcomes)
    found = {kind: Count(held[kind, "right"], held[kind, "false"], held[kind, "missed"]) for kind in KINDS}
    found["relations"] = sum((found[relation] for relation in RELATIONS), Count())
    return found


def score(
    articles: Mapping[str, Sequence[Outcome]],
    *,
    seed: int,
    samples: int,
    without_text: Sequence[str] = (),
    without_gold: Sequence[str] = (),
    gold: str = "",
    errors: Sequence[MigkgError] = (),
) -> Score:
    """Sum up articles.

    :param articles: id → its outcomes. :param seed: of the bootstrap. :param samples: 0 gives no intervals.
    """
    each = {article: counts(outcomes) for article, outcomes in articles.items()}
    total = {kind: sum((held[kind] for held in each.values()), Count()) for kind in KINDS}
    outcomes = tuple(outcome for found in articles.values() for outcome in found)
    intervals = bootstrap(list(each.values()), Random(seed), samples)  # noqa: S311 - no secret
    return Score(each, total, intervals, outcomes, tuple(without_text), tuple(without_gold), gold, tuple(errors))


def bootstrap(articles: Sequence[Mapping[str, Count]], random: Random, samples: int) -> dict[str, tuple[float, float]]:
    """95 % percentile interval of each kind's F1, articles drawn with replacement (Efron & Tibshirani 1993, ch. 13).

    A sample in which a kind has nothing to count says nothing of it; one article alone gives no interval.
    """
    drawn: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for _ in range(samples if len(articles) > 1 else 0):
        sample = random.choices(articles, k=len(articles))
        for kind in KINDS:
            f1 = sum((counts[kind] for counts in sample), Count()).f1
            if f1 is not None:
                drawn[kind].append(f1)
    found = {}
    for kind, values in drawn.items():
        if values:
            values.sort()
            last = len(values) - 1
            found[kind] = (values[round(0.025 * last)], values[round(0.975 * last)])
    return found


# -- shown -------------------------------------------------------------------------------------------------------------


def score_table(found: Score, kinds: Sequence[str] = KINDS) -> Table:
    """A row for each kind that has something to count."""
    rows = tuple(
        (kind, *_cells(count), _range(found, kind))
        for kind in kinds if (count := found.total[kind]).f1 is not None
    )  # fmt: skip
    articles = len(found.articles)
    title = f"Micro totals over {articles:,} article{'' if articles == 1 else 's'}"
    columns = ("kind", "tp", "fp", "fn", "precision", "recall", "F1", "95 %")
    return Table(columns, rows, title=title)


def article_table(found: Score, kinds: Sequence[str] = KINDS) -> Table:
    """A row for each article and kind with something to count."""
    rows = tuple(
        (article, kind, *_cells(count))
        for article, held in found.articles.items()
        for kind in kinds if (count := held[kind]).f1 is not None
    )  # fmt: skip
    return Table(("article", "kind", "tp", "fp", "fn", "precision", "recall", "F1"), rows, title="By article")


def error_lines(found: Score, kinds: Sequence[str] = KINDS) -> Iterator[str]:
    """One line for each miss and false alarm: article, kind, MISS or FALSE, what, and its sentence."""
    for outcome in found.outcomes:
        wanted = outcome.kind in kinds or ("relations" in kinds and outcome.kind in RELATIONS)
        if outcome.result != "right" and wanted:
            result = "MISS" if outcome.result == "missed" else "FALSE"
            sentence = _excerpt(" ".join(outcome.sentence.split()), outcome.text) or "–"
            yield f'{outcome.article} {outcome.kind} {result} "{outcome.text}" | {sentence}'


def _excerpt(sentence: str, item: str) -> str:
    """A long sentence around the first name of an item."""
    if len(sentence) <= _EXCERPT:
        return sentence
    name = re.split(r" [|→] |: ", item)[0]
    start = max(0, sentence.casefold().find(name.casefold()) - _EXCERPT // 3)
    start = min(start, len(sentence) - _EXCERPT)
    start = sentence.rfind(" ", 0, start) + 1 if start else 0
    end = start + _EXCERPT
    end = sentence.rfind(" ", start, end) if end < len(sentence) else len(sentence)
    kept = sentence[start : max(end, start + 1)]
    return ("… " if start else "") + kept + (" …" if start + len(kept) < len(sentence) else "")


def score_json(found: Score, kinds: Sequence[str] = KINDS) -> dict[str, Any]:
    """All of a score as plain values; None where there is nothing to count."""

    def plain(count: Count) -> dict[str, Any]:
        values = {"precision": count.precision, "recall": count.recall, "f1": count.f1}
        rounded = {name: None if value is None else round(value, 4) for name, value in values.items()}
        return {"tp": count.tp, "fp": count.fp, "fn": count.fn, **rounded}

    def interval(kind: str) -> list[float] | None:
        return [round(end, 4) for end in found.intervals[kind]] if kind in found.intervals else None

    return {
        "gold": found.gold,
        "total": {kind: {**plain(found.total[kind]), "interval": interval(kind)} for kind in kinds},
        "articles": {
            article: {kind: plain(held[kind]) for kind in kinds} for article, held in found.articles.items()
        },
        "errors": [
            {"article": o.article, "kind": o.kind, "result": o.result, "item": o.text, "sentence": o.sentence}
            for o in found.outcomes
            if o.result != "right" and (o.kind in kinds or ("relations" in kinds and o.kind in RELATIONS))
        ],
        "without_text": list(found.without_text),
        "without_gold": list(found.without_gold),
        "unreadable": [str(error) for error in found.errors],
    }


def _cells(count: Count) -> tuple[int | str, ...]:
    return (count.tp, count.fp, count.fn, _two(count.precision), _two(count.recall), _two(count.f1))


def _two(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _range(found: Score, kind: str) -> str:
    if kind not in found.intervals:
        return "–"
    low, high = found.intervals[kind]
    return f"{low:.2f}–{high:.2f}"
