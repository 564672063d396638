"""The page of a made-up network of 5,000 nodes and 50,000 edges: how long it takes to make, and how smoothly it moves.

python tests/bench/network_page.py [nodes] [edges] [--out FILE]

Frames are those that the browser asks for while a script zooms and pans all nodes, on a canvas of 900 by 800 px.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from migkg.model import Edge, Network, Node
from migkg.network.layout import places
from migkg.network.measures import measured
from migkg.network.page import data, written
from migkg.network.proofs import Proofs
from migkg.views import Quotation

TYPES = ("igo", "unit", "public-body", "organization", "person", "event", "policy", "fund")

MOVE = """async ([kind, ms]) => {
  const canvas = document.getElementById("canvas");
  const box = canvas.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  const send = (name, more) => canvas.dispatchEvent(new PointerEvent(name, { pointerId: 1, bubbles: true, ...more }));
  const frame = () => new Promise(requestAnimationFrame);
  canvas.setPointerCapture = () => {};
  let frames = 0, longest = 0, last = performance.now();
  const start = last;
  if (kind === "pan") send("pointerdown", { clientX: x, clientY: y - box.height / 2 + 2 });
  while (performance.now() - start < ms) {
    const turn = frames / 20;
    if (kind === "pan") send("pointermove", { clientX: x + 150 * Math.sin(turn), clientY: box.top + 100 + 90 * Math.cos(turn) });
    else canvas.dispatchEvent(new WheelEvent("wheel", { clientX: x, clientY: y, deltaY: Math.sin(turn) > 0 ? -40 : 40, cancelable: true }));
    await frame();
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    frames += 1;
  }
  if (kind === "pan") send("pointerup", { clientX: x, clientY: y });
  return [frames / ((last - start) / 1000), longest];
}"""


def network(nodes: int, edges: int) -> tuple[Network, Proofs]:
    """Few with many edges, many with few; each edge of one fact, which one sentence states."""
    rng = random.Random(0)  # noqa: S311 - a bench
    named = tuple(
        Node(f"https://w3id.org/migkg/id/organization/o{n}", {"en": f"Organisation number {n}", "id": f"Badan {n}"}, TYPES[n % 8])
        for n in range(nodes)
    )
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < edges:
        one, two = (int(nodes * rng.random() ** 2) for _ in range(2))
        if one != two:
            pairs.add((min(one, two), max(one, two)))
    held, told = [], {}
    for n, (one, two) in enumerate(sorted(pairs)):
        fact, year = f"https://w3id.org/migkg/id/fact/hosting-{n:016x}", 2010 + n % 15
        weight = 1 + int(8 * rng.random() ** 6)
        held.append(Edge(named[one].iri, named[two].iri, ("hosting",), weight, f"{year}-03", f"{year}-11", (fact,)))
        article = n % 2000
        sentence = f"Organisation number {one} and organisation number {two} hosted event {n} together in {year}."
        told[fact] = [Quotation(sentence, ((0, 20),), f"Article {article}", f"{year}-04-05", "https://news.example/a", None, f"a{article}")]
    title = {"en": "Made-up network", "id": "Jaringan rekaan"}
    return Network("bench", title, False, "events", named, tuple(held)), Proofs(told)  # noqa: FBT003


def in_browser(file: Path) -> None:
    """Open the page, show all, move."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for ratio in (1, 2):
            page: Any = browser.new_page(viewport={"width": 1580, "height": 860}, device_scale_factor=ratio)
            start = time.perf_counter()
            page.goto(file.as_uri())
            page.wait_for_selector("html[data-ready=yes]")
            page.evaluate("() => new Promise(requestAnimationFrame)")
            print(f"-- {ratio} px a px")
            print(f"{'opened and first painted':<28} {time.perf_counter() - start:8.2f} s")
            show(page, "strongest thousand")
            start = time.perf_counter()
            page.click("#all")
            page.evaluate("() => new Promise(requestAnimationFrame)")
            print(f"{'show all':<28} {time.perf_counter() - start:8.2f} s")
            show(page, "all")
            start = time.perf_counter()
            page.locator("#least").focus()
            page.keyboard.press("ArrowRight")
            page.evaluate("() => new Promise(requestAnimationFrame)")
            print(f"{'filter by weight':<28} {time.perf_counter() - start:8.2f} s")
            heap = page.evaluate("performance.memory.usedJSHeapSize") / 1e6
            print(f"{'memory of the program':<28} {heap:8.0f} MB")
        browser.close()


def show(page: Any, what: str) -> None:
    """Frames a second while zooming and panning."""
    for kind in ("zoom", "pan"):
        page.click("#fit")
        page.wait_for_timeout(1500)  # it comes to rest
        rate, longest = page.evaluate(MOVE, [kind, 4000])
        print(f"{f'{what}: {kind}':<28} {rate:8.1f} frames/s, longest {longest:.0f} ms")


def main() -> None:
    """Make the page stage by stage, then open it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("nodes", nargs="?", type=int, default=5000)
    parser.add_argument("edges", nargs="?", type=int, default=50000)
    parser.add_argument("--out", type=Path, help="keep the page here")
    given = parser.parse_args()
    made, proofs = network(given.nodes, given.edges)
    print(f"{given.nodes:,} nodes, {given.edges:,} edges; Python {sys.version.split()[0]}")
    start = time.perf_counter()
    where = places(made)
    print(f"{'layout':<28} {time.perf_counter() - start:8.2f} s")
    start = time.perf_counter()
    found = measured(made)
    print(f"{'measures':<28} {time.perf_counter() - start:8.2f} s")
    start = time.perf_counter()
    told = data(made, "en", proofs, where, found)
    print(f"{'data':<28} {time.perf_counter() - start:8.2f} s")
    start = time.perf_counter()
    page = written(told)
    print(f"{'page':<28} {time.perf_counter() - start:8.2f} s, {len(page):,} bytes")
    bare = len(written({**told, **data(made, "en", Proofs(), where, found)}))
    print(f"{'without its sentences':<28} {'':>8}    {bare:,} bytes")
    with TemporaryDirectory() as folder:
        file = given.out or Path(folder) / "page.html"
        file.write_bytes(page)
        in_browser(file)


if __name__ == "__main__":
    main()
