"""The page of a network as a file: what it holds, that nothing can break out of its data, positions, proofs."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from graphs import fixture_graph
from migkg.build import build
from migkg.cli import main
from migkg.errors import QueryError
from migkg.model import Edge, Network, Node
from migkg.network import page as making
from migkg.network import project
from migkg.network.layout import places
from migkg.network.page import page
from migkg.network.positions import arranged, positions, read_positions
from migkg.network.proofs import Proofs, proofs
from migkg.store import EmbeddedStore
from migkg.views import Quotation


def network(*names: str) -> Network:
    """Nodes in a row, each joined to the next."""
    nodes = tuple(Node(f"x:{n}", {"en": name, "id": name}, "igo") for n, name in enumerate(names))
    edges = tuple(
        Edge(f"x:{n}", f"x:{n + 1}", ("hosting",), 1, "2024", "2024-02", (f"f{n}",)) for n in range(len(names) - 1)
    )
    return Network("test", {"en": "Who <meets> whom", "id": "Siapa"}, False, "events", nodes, edges)  # noqa: FBT003


def told(made: bytes) -> Any:
    (data,) = re.findall(r'<script type="application/json" id="data"[^>]*>(.*?)</script>', made.decode(), re.DOTALL)
    return json.loads(data if data.startswith("{") else gzip.decompress(base64.b64decode(data)))


@given(st.lists(st.text(max_size=30), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_any_name_comes_back_and_stays_data(names: list[str]) -> None:
    made = page(network(*names))
    assert told(made)["nodes"]["label"] == names
    assert page(network(*names)) == made, "the same bytes"
    text = made.decode()
    assert text.count("<script") == text.count("</script>") == 2
    assert "\u2028" not in text


@pytest.mark.parametrize("lang", ["en", "id"])
def test_the_button_for_help_has_its_words(lang: str) -> None:
    """A key of the name of a method of dict: the page showed the method and its address, another one each time."""
    text = page(network("a", "b"), lang).decode()
    assert f'aria-label="{making.words(lang)["keys"]}">?</button>' in text
    assert "built-in" not in text


def test_the_page_may_run_its_own_program_and_ask_for_nothing() -> None:
    text = page(network("a", "b")).decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy.startswith("default-src 'none'; ")
    for tag, source in (("script type=\"module\"", "script-src"), ("style", "style-src")):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag.split()[0]}>", text, re.DOTALL)
        held = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{source} 'sha256-{held}';" in policy
    markup = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    assert not re.search(r"""(?:src|href)=["']?(?!data:,)\w""", markup)
    assert "<title>Who &lt;meets&gt; whom</title>" in text


def test_large_data_are_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = page(network("a", "b"))
    monkeypatch.setattr(making, "_PACKED", 10)
    packed = page(network("a", "b"))
    assert b'data-packed="gzip"' in packed
    assert told(packed) == told(plain)


def test_marks_are_counted_as_browsers_count() -> None:
    quote = Quotation("🌏🌏 مكتب x", ((3, 7), (5, 8), (8, 9)), "A", None, None, None, "x:a")
    (marks,) = told(page(network("a", "b"), proofs=Proofs({"f0": [quote]})))["quotes"]["marks"]
    start, end = marks
    assert "🌏🌏 مكتب x".encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le") == "مكتب x"


@pytest.mark.parametrize(
    ("url", "link"), [('https://a.example/?x="<', True), ("javascript:alert(1)", False), (None, False)]
)
def test_only_addresses_of_the_web_are_links(url: str | None, link: bool) -> None:  # noqa: FBT001
    quote = Quotation("s", ((0, 1),), "A", None, url, None, "x:a")
    assert told(page(network("a", "b"), proofs=Proofs({"f0": [quote]})))["articles"]["url"] == [url if link else ""]


@pytest.mark.parametrize("lang", ["en", "id"])
def test_every_word_of_the_page_is_there_and_used(lang: str) -> None:
    known = making.words(lang)
    assert set(known) == set(making.words("en"))
    used = "".join(making._static(name) for name in ("network.html", "page.js", "panel.js"))
    assert {word for word in known if not re.search(rf"\b{word}\b", used)} == set()
    for word in re.findall(r"words\.(\w+)", used):
        assert word in known


def test_every_file_of_the_program_is_in_the_page() -> None:
    static = Path(making.__file__).with_name("static")
    assert {file.stem for file in static.glob("*.js")} == set(making._MODULES)
    for at, name in enumerate(making._MODULES):
        imported = re.findall(r'^import .* from "./(\w+).js";$', making._static(f"{name}.js"), re.MULTILINE)
        assert set(imported) <= set(making._MODULES[:at])
    assert not re.search(r"^(import|export) ", making._script(), re.MULTILINE)


# --- proofs ---


@pytest.fixture(scope="module")
def store() -> Iterator[EmbeddedStore]:
    with fixture_graph() as made:
        yield made


def test_every_edge_of_the_page_has_its_sentences(store: EmbeddedStore) -> None:
    found = project(store, "co-hosting")
    held = told(page(found, proofs=proofs(store, found)))
    for number, edge in enumerate(found.edges):
        quotes = [quote for fact in held["edges"]["facts"][number] for quote in held["facts"][fact]]
        assert quotes
        assert len(held["edges"]["shared"][number]) == edge.weight
        for fact in held["edges"]["facts"][number]:
            assert set(held["about"][fact]) & set(held["edges"]["shared"][number])
        for quote in quotes:
            text, article = held["quotes"]["text"][quote], held["quotes"]["article"][quote]
            starts = held["quotes"]["marks"][quote]
            assert 0 <= starts[0] < starts[-1] <= len(text)
            assert held["articles"]["url"][article].startswith("https://")
            assert held["articles"]["publisher"][article]


# --- positions ---


def test_positions_come_back(tmp_path: Path) -> None:
    made = network("a", "b", "c")
    where = places(made)
    file = tmp_path / "p.json"
    file.write_text(positions(made, where), encoding="utf-8")
    assert read_positions(file) == where
    assert arranged(made, read_positions(file)) == where


def test_new_nodes_stand_by_what_they_are_joined_to() -> None:
    made = network("a", "b", "c", "d")
    given = {"x:0": (10.0, 10.0), "x:1": (12.0, 10.0), "x:9": (0.0, 0.0)}
    found = arranged(made, given)
    assert found["x:0"] == (10.0, 10.0)
    assert abs(found["x:2"][0] - 12) + abs(found["x:2"][1] - 10) <= 1, "beside b"
    assert found["x:3"][1] < 10, "below all"
    assert set(found) == {"x:0", "x:1", "x:2", "x:3"}
    assert arranged(made, {"x:9": (0.0, 0.0)}) == places(made)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"positions": 1}', '{"positions": {"a": [1]}}', '{"positions": {"a": [1, "x"]}}',
             '{"positions": {"a": [NaN, 1]}}'],
)  # fmt: skip
def test_a_file_that_holds_no_positions(tmp_path: Path, text: str) -> None:
    (tmp_path / "p.json").write_text(text)
    with pytest.raises(QueryError, match=r"this file holds no positions; expected a file that the page"):
        read_positions(tmp_path / "p.json")
    with pytest.raises(QueryError, match="the positions cannot be read"):
        read_positions(tmp_path / "none.json")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    (folder / "a.md").write_text(
        "---\ntitle: Workshop\nurl: https://news.example/a\npublished: 2024-06-13\n---\n\n"
        "The International Organization for Migration and the Ministry of Foreign Affairs hosted a workshop on "
        "migration in Jakarta on 12 June 2024.\n",
        encoding="utf-8",
    )
    build((str(folder / "a.md"),), folder / "kg", check=False)
    return folder


def test_the_command_writes_the_page_and_reads_positions(folder: Path) -> None:
    graph = ["--kg", str(folder / "kg")]
    call = ["network", "--projection", "co-hosting", *graph]
    done = CliRunner().invoke(main, [*call, "-o", str(folder / "n.html")])
    assert done.exit_code == 0, done.output
    held = told((folder / "n.html").read_bytes())
    assert held["quotes"]["text"][0].startswith("The International Organization for Migration and the Ministry")
    where = {iri: [float(n), 7.5] for n, iri in enumerate(held["nodes"]["iri"])}
    (folder / "p.json").write_text(json.dumps({"positions": where}))
    for name in ("m.html", "m.svg"):
        done = CliRunner().invoke(main, [*call, "--positions", str(folder / "p.json"), "-o", str(folder / name)])
        assert done.exit_code == 0, done.output
    assert told((folder / "m.html").read_bytes())["nodes"]["y"] == [7.5, 7.5]
    done = CliRunner().invoke(main, [*call, "--positions", str(folder / "p.json"), "-o", str(folder / "m.csv")])
    told_ = " ".join(done.output.split())
    assert "--positions says where nodes are drawn; expected --format html, svg, png, pdf" in told_
