"""Speed and memory of a build, by stage, beside bare spaCy on the same texts in the same run.

    python tests/bench/build.py [ARTICLES]

Ratios tell; absolute figures are those of the machine. Nothing here is a test: a clock never makes one fail.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import corpus

_CHUNK = 8
_SAMPLE = 96  # articles that SHACL is timed on
_PASSES = 3  # over all articles; of each stage the fastest counts, as others share the machine


def timed(work: Callable[[Any], Any], items: Sequence[Any]) -> tuple[float, list[Any]]:
    """CPU seconds and results."""
    start = time.process_time()
    found = [work(item) for item in items]
    return time.process_time() - start, found


def stages(paths: list[str]) -> None:
    import spacy

    from migkg import rdf
    from migkg.articles import read_articles
    from migkg.extract import extract
    from migkg.reference import load_reference
    from migkg.resolve import resolve
    from migkg.store import EmbeddedStore
    from migkg.validate import validate
    from migkg.workers import settle

    reference = load_reference()
    warm = read_articles(paths[0])[0]
    resolve(extract(warm, reference), reference)  # builds the gazetteer, compiles the patterns
    bare = spacy.blank("en")
    bare.add_pipe("sentencizer")
    list(bare(warm.text).sents)
    settle()  # as a worker of the build does; bare spaCy profits as well

    def write(pair: Any) -> list[str]:
        article, extraction = pair
        lines = rdf.graph_lines(extraction, reference)
        out.write(rdf.nquads(lines, rdf.graph_iri(article.id)))
        return lines

    def load(store: Path) -> None:
        with EmbeddedStore.open(store) as opened:  # the engine works on in threads of its own until it is closed
            opened.load_written(quads)

    best: dict[str, float] = {}
    for _ in range(_PASSES):
        seconds = dict.fromkeys(("bare", "read", "extract", "resolve", "RDF"), 0.0)
        articles, found, graphs, triples = [], [], [], 0
        with tempfile.TemporaryDirectory() as folder:
            quads = Path(folder) / "graph.nq"
            with quads.open("wb") as out:
                for at in range(0, len(paths), _CHUNK):  # a batch at a time, as the build does: nothing piles up
                    spent, read = timed(read_articles, paths[at : at + _CHUNK])
                    seconds["read"] += spent
                    batch = [article for several in read for article in several]
                    spent, _ = timed(lambda article: list(bare(article.text).sents), batch)
                    seconds["bare"] += spent
                    spent, claims = timed(lambda article: extract(article, reference), batch)
                    seconds["extract"] += spent
                    spent, extractions = timed(lambda claim: resolve(claim, reference), claims)
                    seconds["resolve"] += spent
                    spent, written = timed(write, list(zip(batch, extractions, strict=True)))
                    seconds["RDF"] += spent
                    articles += batch
                    graphs += written if len(graphs) < _SAMPLE else []
                    triples += sum(map(len, written))
                    found += extractions if len(found) < _SAMPLE else []
            seconds["load"], _ = timed(load, [Path(folder) / "store"])
        best = {name: min(spent, best.get(name, spent)) for name, spent in seconds.items()}
    base = best.pop("bare")
    seconds = best
    sample = min(len(articles), _SAMPLE)
    documents = [
        rdf.ntriples(
            [
                line
                for i in range(at, min(at + _CHUNK, sample))
                for line in (*graphs[i], *rdf.context_lines(found[i], reference))
            ]
        )
        for at in range(0, sample, _CHUNK)
    ]
    validate(documents[0])
    shacl, _ = timed(validate, documents)

    count = len(articles)
    words = statistics.mean(len(article.text.split()) for article in articles)
    print(
        f"{count} articles of {words:.0f} words, {triples / count:.0f} triples each; one core, CPU time, best of {_PASSES}"
    )
    print(f"{'stage':24}{'ms/article':>12}{'articles/s':>12}{'x bare spaCy':>14}")
    rows = [("bare spaCy tok+sent", base / count), *((name, value / count) for name, value in seconds.items())]
    rows += [("all without SHACL", sum(seconds.values()) / count), (f"SHACL (first {sample})", shacl / sample)]
    for name, value in rows:
        print(f"{name:24}{value * 1000:12.2f}{1 / value if value else 0:12.0f}{value / (base / count):14.1f}")


def whole(paths: list[str], jobs: int, *, check: bool) -> None:
    """The command itself: wall seconds and peak memory of the largest process."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(paths[0]).parent
        command = [sys.executable, "-m", "migkg.cli", "build", str(listed), "--kg", f"{folder}/kg", "--jobs", str(jobs)]
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        start = time.perf_counter()
        subprocess.run([*command, *([] if check else ["--no-check"])], check=True, capture_output=True)
        wall = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        print(
            f"build of {len(paths)}, {jobs} job(s), {'with' if check else 'without'} SHACL: {wall:.1f} s, "
            f"{len(paths) / wall:.0f} articles/s, peak {max(peak, before) / 1024:.0f} MB"
        )


def start_up() -> None:
    """`migkg --help` beside `import rdflib`, alternating."""
    ratios = []
    for _ in range(7):
        times = []
        for command in (["-m", "migkg.cli", "--help"], ["-c", "import rdflib"]):
            start = time.perf_counter()
            subprocess.run([sys.executable, *command], check=True, capture_output=True)
            times.append(time.perf_counter() - start)
        ratios.append((times[0] / times[1], *times))
    ratio, ours, theirs = sorted(ratios)[len(ratios) // 2]
    print(
        f"migkg --help {ours * 1000:.0f} ms, import rdflib {theirs * 1000:.0f} ms: ratio {ratio:.2f} (median of 7 pairs)"
    )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    start_up()
    with tempfile.TemporaryDirectory() as folder:
        small = corpus.write(Path(folder) / "small", max(count // 4, 1))
        paths = corpus.write(Path(folder) / "all", count)
        # Smallest first: the peak of finished children only grows, and a child starts with what its parent holds.
        whole(small, 1, check=False)
        whole(paths, 1, check=False)
        whole(paths, 2, check=False)
        whole(small, 2, check=True)
        stages(paths)


if __name__ == "__main__":
    main()
