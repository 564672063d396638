"""Networks: each stage of a large one, beside networkx alone on the same network in one run.

    python tests/bench/network.py [NODES EDGES]        default: 1000 5000, then 5000 50000

The network is made up, seeded: twelve groups, a tenth of the edges between them, some nodes with many. Seconds are
those of the machine, and CPU time of all threads; ratios tell. Where networkx would take minutes, it does a part of the
work and the whole is reckoned from that, marked with "~". Its own layouts need SciPy for so many nodes; the springs
that it has without are run for a few of 300 steps.
"""

from __future__ import annotations

import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import networkx as nx

from migkg.model import Edge, Network, Node
from migkg.network import NETWORK_FORMATS, layout, measures, paths

GROUPS = 12
PART = 10  # nodes of which networkx does the work of all
STEPS, ALL_STEPS = 1, 300


def made_up(nodes: int, edges: int, seed: int = 0) -> Network:
    dice = random.Random(seed)  # noqa: S311
    group = [dice.randrange(GROUPS) for _ in range(nodes)]
    ends: dict[int, list[int]] = defaultdict(list)
    for node, number in enumerate(group):
        ends[number].append(node)
    joined: set[tuple[int, int]] = set()
    while len(joined) < edges:
        inside = dice.random() < 0.9
        number = dice.randrange(GROUPS)
        one, other = (dice.choice(ends[number]) if inside else dice.randrange(nodes) for _ in range(2))
        pair = min(one, other), max(one, other)
        if one != other and pair not in joined:
            joined.add(pair)
            if inside and dice.random() < 0.3:  # who has edges gets more
                ends[number] += [one, other]
    kinds = ("igo", "public-body", "organization", "person")
    return Network(
        "made-up", {"en": "Made up", "id": "Dibuat-buat"}, False, "events in common",  # noqa: FBT003
        tuple(
            Node(f"https://example.org/{n:05}", {"en": f"Organisation number {n}", "id": f"Organisasi nomor {n}"}, dice.choice(kinds))
            for n in range(nodes)
        ),
        tuple(
            Edge(f"https://example.org/{one:05}", f"https://example.org/{other:05}", ("participation",), dice.randint(1, 5),
                 "2023-02", "2024", (f"https://example.org/fact/{n}",))
            for n, (one, other) in enumerate(sorted(joined))
        ),
    )  # fmt: skip


def spent(work: Callable[[], Any]) -> tuple[float, float]:
    """(seconds of CPU, seconds by the clock)."""
    cpu, clock = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - clock


def show(name: str, ours: tuple[float, float], theirs: float | None = None, part: float = 1.0) -> None:
    beside = f"{'~' if part < 1 else ' '}{theirs / part:9.2f} {theirs / part / max(ours[0], 1e-9):9.1f}" if theirs else ""
    print(f"{name:28} {ours[0]:8.2f} {ours[1]:8.2f}  {beside}", flush=True)


def bench(nodes: int, edges: int) -> None:
    network = made_up(nodes, edges)
    print(f"\n{nodes:,} nodes, {edges:,} edges\n{'':28} {'CPU s':>8} {'clock s':>8}   {'networkx':>9} {'ratio':>9}")
    graph = measures._undirected(network)
    names = [node.iri for node in network.nodes]
    arcs = paths.Arcs(nodes, list(graph.edges()))
    some = random.Random(1).sample(range(nodes), PART)  # noqa: S311
    part = PART / nodes
    springs = spent(lambda: nx.drawing.layout._fruchterman_reingold(nx.to_numpy_array(graph), iterations=STEPS, seed=0))[0]
    show("layout", spent(lambda: layout.places(network)), springs, STEPS / ALL_STEPS)
    show(
        "betweenness", spent(lambda: paths.betweenness(arcs)),
        spent(lambda: nx.betweenness_centrality_subset(graph, some, list(graph)))[0], part,
    )  # fmt: skip
    show(
        "closeness", spent(lambda: paths.closeness(arcs)),
        spent(lambda: [nx.closeness_centrality(graph, node) for node in some])[0], part,
    )  # fmt: skip
    show(
        "constraint, effective size", spent(lambda: measures._brokerage(graph)),
        spent(lambda: (nx.constraint(graph, some, weight="weight"), nx.effective_size(graph, some)))[0], part,
    )  # fmt: skip
    show("PageRank", spent(lambda: measures._pagerank(network, names)))
    show(
        "eigenvector", spent(lambda: measures._eigenvector(graph)),
        spent(lambda: nx.eigenvector_centrality(graph, max_iter=1000, weight="weight"))[0],
    )  # fmt: skip
    show("communities (networkx)", spent(lambda: measures._communities(graph, names)))
    show("k-core (networkx)", spent(lambda: nx.core_number(graph)))
    show("all measures, as a table", spent(lambda: measures.measures_table(network)))
    for name, form in NETWORK_FORMATS.items():
        written: list[int] = []
        took = spent(lambda form=form, written=written: written.append(sum(map(len, form.write(network, "en").values()))))
        show(f"{name}, {written[0] / 1e6:.1f} MB", took)


if __name__ == "__main__":
    sizes = [int(word) for word in sys.argv[1:]] or [1000, 5000, 5000, 50000]
    for at in range(0, len(sizes), 2):
        bench(sizes[at], sizes[at + 1])
