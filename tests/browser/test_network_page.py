"""The page of a network in a real browser: what a reader does with it, by pointer and by keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from browsers import Opener, chromium, open_page  # noqa: F401 - fixtures
from graphs import fixture_graph
from migkg.model import Edge, Network, Node
from migkg.network import NETWORK_FORMATS, project
from migkg.network import page as making
from migkg.network.formats import Extras
from migkg.network.measures import Measured
from migkg.network.notebook import shown
from migkg.network.positions import read_positions
from migkg.network.proofs import Proofs, proofs
from migkg.store import EmbeddedStore
from migkg.views import Quotation

SIDE = 110  # px beside the drawing that fits into the canvas
HOSTILE = (
    'quoted "name" & more', "</script><script>document.title='broken'</script>", "<img src=x onerror=alert(1)>",
    "🌏 🇮🇩", "مكتب الهجرة (IOM)", "a\u2028b", "back\\slash", "'; --", "",
)  # fmt: skip


def network(
    pairs: list[tuple[int, int, int]], *, names: dict[int, str] | None = None, directed: bool = False
) -> Network:
    """Nodes by number, edges with weights; an edge of weight w is of the year 2018 + w."""
    ends = sorted({end for one, other, _ in pairs for end in (one, other)} | set(names or ()))
    known = names or {}
    nodes = tuple(
        Node(f"x:{n:05}", {"en": known.get(n, f"Body {n}"), "id": f"Badan {n}"}, ("igo", "unit")[n % 2]) for n in ends
    )
    edges = tuple(
        Edge(f"x:{one:05}", f"x:{two:05}", ("hosting",), weight, f"{2018 + weight}", f"{2018 + weight}-06", (f"f{n}",))
        for n, (one, two, weight) in enumerate(pairs)
    )
    return Network("made-up", {"en": "Made up", "id": "Rekaan"}, directed, "events", nodes, edges, ("A note.",))


def written(folder: Path, made: Network, lang: str = "en", extras: Extras | None = None) -> Path:
    file = folder / "network.html"
    file.write_bytes(NETWORK_FORMATS["html"].write(made, lang, extras or Extras())[""])
    return file


def ready(page: Any) -> Any:
    page.wait_for_selector("html[data-ready=yes]")
    return page


def status(page: Any) -> str:
    return str(page.inner_text("#status"))


def saved(page: Any, button: str) -> bytes:
    with page.expect_download() as download:
        page.click(f"#{button}")
    return Path(download.value.path()).read_bytes()


CHAIN = [(0, 1, 3), (1, 2, 2), (2, 3, 1), (3, 4, 1), (5, 6, 1)]


@pytest.fixture(scope="module")
def store() -> Iterator[EmbeddedStore]:
    with fixture_graph() as made:
        yield made


def test_an_edge_shows_the_sentences_that_prove_it(store: EmbeddedStore, tmp_path: Path, open_page: Opener) -> None:  # noqa: F811
    found = project(store, "co-hosting")
    page = ready(open_page(written(tmp_path, found, extras=Extras(proofs=proofs(store, found)))))
    assert page.inner_text("h1") == "Organisations that host events together"
    page.click("#tab-edges")
    page.click("#table .proof >> nth=0")
    assert "events hosted together" in page.inner_text("#card .weight")
    told = proofs(store, found).quotations
    sentences = {quote.sentence for one in found.edges for fact in one.facts for quote in told[fact]}
    shown_ = page.locator("#card blockquote").all_inner_texts()
    assert shown_
    assert set(shown_) <= sentences
    marked = page.locator("#card mark").all_inner_texts()
    exact = {q.sentence[start:end] for several in told.values() for q in several for start, end in q.marks}
    assert set(marked) <= exact
    link = page.locator("#card figcaption a").first
    assert link.get_attribute("href").startswith("https://")
    assert "noopener" in link.get_attribute("rel")


def test_click_on_the_drawing(tmp_path: Path, open_page: Opener) -> None:  # noqa: F811
    made = network([(0, 1, 2)])
    given = {"x:00000": (0.0, 0.0), "x:00001": (4.0, 0.0)}
    page = ready(open_page(written(tmp_path, made, extras=Extras(places=given))))
    box = page.locator("#canvas").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(*middle)
    assert [part.strip() for part in page.inner_text("#card h2").split("\n")] == ["Body 0", "–", "Body 1"]
    assert page.inner_text("#card").endswith("This page was made without the sentences.")
    page.mouse.click(middle[0], middle[1] - 200)
    assert page.get_attribute("#tab-nodes", "aria-selected") == "true", "a click on nothing lets go"
    page.mouse.click(box["x"] + box["width"] - SIDE, middle[1])
    assert page.inner_text("#card h2").strip() == "Body 1"
    assert page.inner_text("#card .other") == "Badan 1"
    assert "Betweenness" in page.inner_text("#card .measures") or "betweenness" in page.inner_text("#card .measures")
    assert "How many others it is joined to." in page.inner_text("#card .measures")


def test_search_in_both_languages_without_accents(tmp_path: Path, open_page: Opener) -> None:  # noqa: F811
    page = ready(open_page(written(tmp_path, network(CHAIN, names={2: "Organisation de la Francophonie à Genève"}))))
    page.keyboard.press("/")
    page.keyboard.type("geneve")
    assert page.locator("#found [role=option]").count() == 1
    page.keyboard.press("Enter")
    assert page.inner_text("#card h2").strip() == "Organisation de la Francophonie à Genève"
    page.fill("#search", "badan 4")
    page.press("#search", "Enter")
    assert page.inner_text("#card h2").strip() == "Body 4"
    page.fill("#search", "zzz")
    assert page.inner_text("#found") == "No such name."
    page.uncheck("#types input >> nth=0")
    page.fill("#search", "body 6")
    page.press("#search", "Enter")
    assert page.is_checked("#types input >> nth=0"), "what is found is shown"
    assert page.inner_text("#card h2").strip() == "Body 6"


def test_filters(tmp_path: Path, open_page: Opener) -> None:  # noqa: F811
    page = ready(open_page(written(tmp_path, network(CHAIN))))
    assert status(page) == "Showing all 7 nodes and 5 edges."
    page.uncheck("#types input >> nth=1")
    assert status(page) == "Showing 4 of 7 nodes, 0 of 5 edges."
    page.click("#reset")
    page.locator("#from").focus()
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#time-is") == "2020–2021"
    assert status(page) == "Showing 3 of 7 nodes, 2 of 5 edges."
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#time-is") == "2021", "the handles do not pass each other"
    page.click("#reset")
    page.locator("#least").focus()
    page.keyboard.press("ArrowRight")
    assert status(page) == "Showing 3 of 7 nodes, 2 of 5 edges."
    page.click("#reset")
    page.select_option("#group", index=1)
    assert page.locator("#table tbody tr").count() < 7
    page.click("#reset")
    assert status(page) == "Showing all 7 nodes and 5 edges."


def test_steps_around_a_node_by_keys(tmp_path: Path, open_page: Opener) -> None:  # noqa: F811
    page = ready(open_page(written(tmp_path, network(CHAIN))))
    page.fill("#search", "Body 0")
    page.press("#search", "Enter")
    for key, rows in (("1", 2), ("2", 3), ("3", 4)):
        page.keyboard.press(key)
        page.click("#tab-nodes")
        assert page.locator("#table tbody tr").count() == rows
        assert page.get_attribute(f"#hops [data-hops='{key}']", "aria-pressed") == "true"
    page.keyboard.press("Escape")
    assert page.locator("#table tbody tr").count() == 7
    assert page.locator("#hops").is_hidden()


def test_keys_move_the_camera_walk_the_nodes_and_take_back(tmp_path: Path, open_page: Opener) -> None:  # noqa: F811
    page = ready(open_page(written(tmp_path, network(CHAIN))))
    page.locator("#canvas").focus()
    pictures = [saved(page, "svg")]
    for key in ("ArrowLeft", "+", "f"):
        page.keyboard.press(key)
        pictures.append(saved(page, "svg"))
    assert len(set(pictures[:3])) == 3
    assert pictures[3] == pictures[0], "F shows all of it again"
    page.locator("#canvas").focus()
    page.keyboard.press("n")
    first = page.inner_text("#card h2")
    page.keyboard.press("n")
    assert page.inner_text("#card h2") != first
    page.keyboard.press("p")
    assert page.inner_text("#card h2") == first
    page.keyboard.press("h")
    assert status(page).startswith("Showing 6 of 7 nodes")
    page.keyboard.press("u")
    assert status(page).startswith("Showing all 7 nodes")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#keys").is_hidden()


def test_tables_are_sorted_by_their_heads(tmp_path: Path, open_page: Opener) -> None:  # noqa: F811
    page = ready(open_page(written(tmp_path, network(CHAIN))))

    def names() -> list[str]:
        return [str(text).strip() for text in page.locator("#table tbody bdi").all_inner_texts()]

    assert names()[0] == "Body 1", "the strongest first"
    page.click("#table th:first-child button")
    assert names() == sorted(names())
    assert page.get_attribute("#table th:first-child", "aria-sort") == "ascending"
    page.click("#table th:first-child button")
    assert names() == sorted(names(), reverse=True)
    page.focus("#tab-nodes")
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#table caption") == "5 edges, as shown"


def test_dark_and_light(tmp_path: Path, open_page: Opener) -> None:  # noqa: F811
    file = written(tmp_path, network(CHAIN))
    page = ready(open_page(file, color_scheme="dark"))
    dark = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(dark) == "rgb(27, 32, 38)"
    page.click("#theme")
    assert page.evaluate(dark) == "rgb(245, 246, 248)"


def test_pictures_and_positions_are_saved(tmp_path: Path, open_page: Opener) -> None:  # noqa: F811
    made = network(CHAIN, names={0: HOSTILE[0], 1: HOSTILE[1], 2: HOSTILE[4]})
    page = ready(open_page(written(tmp_path, made), color_scheme="dark"))
    files = {}
    for button in ("png", "svg", "save"):
        with page.expect_download() as download:
            page.click(f"#{button}")
        files[button] = tmp_path / download.value.suggested_filename
        download.value.save_as(files[button])
    assert files["png"].read_bytes().startswith(b"\x89PNG")
    tree = etree.parse(files["svg"])
    texts = ["".join(node.itertext()) for node in tree.iter("{*}text")]
    assert "Made up" in texts
    assert HOSTILE[0] in texts
    assert "intergovernmental organisation" in texts, "the legend"
    assert any("Showing all 7 nodes and 5 edges. A note." in text for text in texts), "the source line"
    assert not list(tree.iter("{*}script"))
    assert files["save"].name == "made-up.positions.json"
    assert set(read_positions(files["save"])) == {node.iri for node in made.nodes}


def test_a_node_that_is_dragged_stays_and_can_be_put_back(tmp_path: Path, open_page: Opener) -> None:  # noqa: F811
    given = {"x:00000": (0.0, 0.0), "x:00001": (4.0, 0.0)}
    page = ready(open_page(written(tmp_path, network([(0, 1, 1)]), extras=Extras(places=given))))
    box = page.locator("#canvas").bounding_box()
    x, y = box["x"] + box["width"] - SIDE, box["y"] + box["height"] / 2
    unit = (box["width"] - 2 * SIDE) / 4
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - unit, steps=3)
    page.mouse.up()
    moved = {"x:00000": [0, 0], "x:00001": pytest.approx([4, 1], abs=0.01)}
    assert json.loads(saved(page, "save"))["positions"] == moved
    page.click("#undo")
    assert json.loads(saved(page, "save"))["positions"] == {"x:00000": [0, 0], "x:00001": [4, 0]}
    assert page.locator("#undo").is_disabled()


def test_hostile_names_are_names(tmp_path: Path, open_page: Opener) -> None:  # noqa: F811
    made = network([(0, n, 1) for n in range(1, len(HOSTILE))], names=dict(enumerate(HOSTILE)))
    sentence = "🌏 In <b>2024</b> the مكتب & others met."
    start = sentence.index("the")
    quote = Quotation(sentence, ((start, start + 8),), "A <i>title</i>", "2024-05-06", "javascript:alert(1)", 3, "x:a")
    extras = Extras(proofs=Proofs({"f0": [quote]}, {"x:a": "Publisher & Co"}))
    page = ready(open_page(written(tmp_path, made, extras=extras)))
    assert page.title() == "Made up"
    page.click("#table th:first-child button")
    shown_ = set(page.locator("#table tbody bdi").evaluate_all("all => all.map(one => one.textContent)"))
    assert shown_ == {name or f"x:{n:05}" for n, name in enumerate(HOSTILE)}
    page.click("#tab-edges")
    page.locator("#table .proof[data-edge='0']").click()
    assert page.inner_text("#card blockquote") == sentence
    assert page.inner_text("#card mark") == "the مكتب"
    assert page.locator("#card figcaption a").count() == 0, "no program is a link"
    assert page.inner_text("#card figcaption") == "A <i>title</i> · Publisher & Co · 2024-05-06 · page 3"


@pytest.mark.parametrize("made", [network([]), network([], names={0: "Alone"}), network([(0, 1, 1)], directed=True)])
def test_small_networks(tmp_path: Path, open_page: Opener, made: Network) -> None:  # noqa: F811
    page = ready(open_page(written(tmp_path, made, "id")))
    assert page.locator("html").get_attribute("lang") == "id"
    assert page.inner_text("h1") == "Rekaan"
    assert re.search("kosong" if not made.nodes else "Menampilkan semua", status(page))
    for key in ("f", "+", "n", "1", "Escape"):
        page.keyboard.press(key)
    with page.expect_download():
        page.click("#svg")


def test_a_large_network_opens_on_its_strongest(tmp_path: Path, open_page: Opener) -> None:  # noqa: F811
    made = network([(n, (n * 7 + 1) % 1500, 1 + n % 4) for n in range(1500) if n != (n * 7 + 1) % 1500])
    where = {node.iri: (n % 40, n // 40) for n, node in enumerate(made.nodes)}
    measures = {name: {node.iri: n % 9 for n, node in enumerate(made.nodes)} for name in ("strength", "community")}
    file = tmp_path / "large.html"
    file.write_bytes(making.written(making.data(made, "en", Proofs(), where, Measured(measures, {}))))
    page = ready(open_page(file))
    assert status(page).startswith("Showing 1,000 of 1,500 nodes")
    page.click("#all")
    assert status(page).startswith("Showing all 1,500 nodes")
    assert page.inner_text("#all") == "Show the strongest 1,000"
    page.click("#all")
    assert status(page).startswith("Showing 1,000 of 1,500 nodes")


def test_data_that_are_packed(tmp_path: Path, open_page: Opener, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(making, "_PACKED", 10)
    page = ready(open_page(written(tmp_path, network(CHAIN))))
    assert page.get_attribute("#data", "data-packed") == "gzip"
    assert status(page) == "Showing all 7 nodes and 5 edges."


def test_a_phone(tmp_path: Path, open_page: Opener) -> None:  # noqa: F811
    small = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    page = ready(open_page(written(tmp_path, network(CHAIN)), **small))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("#types").is_hidden()
    page.click("#filters summary")
    assert page.locator("#types").is_visible()


def test_a_notebook_shows_the_page_in_a_frame(store: EmbeddedStore, tmp_path: Path, open_page: Opener) -> None:  # noqa: F811
    graph = shown(store, project(store, "co-hosting"))
    kept = graph.subgraph(list(graph)[:2]).copy()
    file = tmp_path / "notebook.html"
    file.write_text(f"<!doctype html><meta charset=utf-8>{kept._repr_mimebundle_()['text/html']}", encoding="utf-8")
    frame = open_page(file).frame_locator("iframe")
    frame.locator("html[data-ready=yes]").wait_for()
    assert "all 2 nodes" in frame.locator("#status").inner_text()
    frame.locator("#tab-edges").click()
    frame.locator("#table .proof").first.click()
    assert frame.locator("#card blockquote").count() > 0
