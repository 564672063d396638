"""Networks: what the projections give, what the options leave out, the measures, and the files."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import networkx as nx
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from graphs import fixture_graph
from migkg import network as room
from migkg.cli import main
from migkg.errors import DataError, NothingFound, QueryError, UnknownName
from migkg.model import Edge, Network, Node
from migkg.network import NETWORK_FORMATS, measures, networks, notebook, paths, project, selection
from migkg.network import projection as projecting
from migkg.network.graph import to_networkx
from migkg.network.links import Link, in_time, rolled_up
from migkg.store import EmbeddedStore

QUERIES = Path(__file__).parents[2] / "queries"


@pytest.fixture(scope="module")
def store() -> Iterator[EmbeddedStore]:
    with fixture_graph() as made:
        yield made


def links(*rows: tuple[str, str]) -> list[Link]:
    return [Link(one, other, "hosting", f"f-{one}-{other}", other, "2024", "2024") for one, other in rows]


# --- projections ---


@pytest.mark.parametrize("name", networks())
def test_every_network_has_an_expected_answer(store: EmbeddedStore, golden: object, name: str) -> None:
    found = project(store, name)
    assert found.edges or name == "common-subjects", "the fixture graph should hold an edge of each"
    shown = {node.iri: node for node in found.nodes}
    lines = [f"# {found.title['en']} ({'directed' if found.directed else 'undirected'}; weight: {found.weight})\n"]
    lines += [f"node {n.labels['en']} | {n.labels['id']} | {n.type} | {n.country} | {n.parent}\n" for n in found.nodes]
    lines += [
        f"edge {shown[e.source].labels['en']} | {shown[e.target].labels['en']} | {' '.join(e.kinds)} | {e.weight} | "
        f"{e.first} | {e.last} | {len(e.facts)} facts | {len(e.shared)} shared\n"
        for e in found.edges
    ]
    golden.check(f"networks/{name}.txt", "".join(lines))  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", networks())
def test_every_edge_leads_to_facts_with_evidence(store: EmbeddedStore, name: str) -> None:
    for edge in project(store, name).edges:
        assert edge.facts
        for fact in edge.facts:
            assert store.query(f"ASK {{ <{fact}> mig:evidence/mig:sentence ?sentence }}") is True


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("uvwxyz")), unique=True, min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_folding_is_that_of_networkx(rows: list[tuple[str, str]]) -> None:
    two_mode = nx.Graph(rows)
    sources = sorted({one for one, _ in rows})
    wanted = nx.bipartite.weighted_projected_graph(two_mode, sources)
    found = list(projecting._folded(links(*rows), "target"))
    assert {(e.source, e.target): e.weight for e in found} == {
        tuple(sorted((one, other))): weight for one, other, weight in wanted.edges(data="weight")
    }
    for edge in found:
        assert edge.source < edge.target
        assert len(edge.shared) == edge.weight
        assert set(edge.facts) == {f"f-{end}-{shared}" for end in (edge.source, edge.target) for shared in edge.shared}


def test_a_fact_that_is_told_twice_counts_once() -> None:
    twice = links(("a", "b"), ("a", "b"))
    twice[1] = twice[1]._replace(first="2021", last="2026")
    (edge,) = projecting._plain(twice, directed=False)
    assert (edge.weight, edge.first, edge.last) == (1, "2021", "2026")


def test_an_undirected_edge_has_no_order_and_a_directed_one_has() -> None:
    both = [*links(("a", "b")), *links(("b", "a"))]
    assert [edge.weight for edge in projecting._plain(both, directed=False)] == [2]
    assert [(edge.source, edge.weight) for edge in projecting._plain(both, directed=True)] == [("a", 1), ("b", 1)]


# --- options ---


def test_a_time_window_compares_at_the_shorter_precision() -> None:
    dated = [
        *links(("a", "x")),
        links(("b", "x"))[0]._replace(first="2023-05-02", last="2023-06-01"),
        links(("c", "x"))[0]._replace(first="", last=""),
    ]
    notes: list[str] = []

    def left(since: str, until: str) -> list[str]:
        return [link.source for link in in_time(dated, selection(since, until), notes)]

    assert left("", "") == ["a", "b", "c"]
    assert left("2023-06", "") == ["a", "b"]
    assert left("2023-06-02", "") == ["a"]
    assert left("", "2023") == ["b"]
    assert left("2023-06-01", "2023-06-01") == ["b"]
    assert left("", "2023-05-01") == []
    assert notes[:2] == ["1 facts without a date are left out.", "Only what holds in the time from 2023-06 to the end."]


def test_options_on_the_graph(store: EmbeddedStore) -> None:
    everything = project(store, "co-hosting")
    assert project(store, "co-hosting", selection(since="1990", until="1999")).edges == ()
    heavy = project(store, "co-hosting", selection(min_weight=2))
    assert {edge.weight for edge in heavy.edges} <= {edge.weight for edge in everything.edges} - {1}
    assert "Edges of a weight below 2 are left out." in heavy.notes
    at_home = project(store, "co-hosting", selection(countries=["Indonesia"]))
    assert set(at_home.edges) <= set(everything.edges)
    for edge in at_home.edges:
        ends = {node.country.rpartition("/")[2] for node in at_home.nodes if node.iri in (edge.source, edge.target)}
        assert "id" in ends
    types = project(store, "hosting", selection(event_types=["consultation"]))
    assert set(types.edges) <= set(project(store, "hosting").edges)


def test_units_count_as_their_bodies() -> None:
    store = EmbeddedStore()
    store.bulk_load(
        b"<x:unit> <http://www.w3.org/ns/org#unitOf> <x:desk> <x:g> .\n"
        b"<x:desk> <http://www.w3.org/ns/org#unitOf> <x:body> <x:g> .\n"
        b"<x:ring> <http://www.w3.org/ns/org#unitOf> <x:ring2> <x:g> .\n"
        b"<x:ring2> <http://www.w3.org/ns/org#unitOf> <x:ring> <x:g> .\n"
    )
    rolled = rolled_up(store, links(("x:unit", "x:e"), ("x:body", "x:unit"), ("x:ring", "x:e")))
    assert [(link.source, link.target) for link in rolled] == [("x:body", "x:e"), ("x:ring2", "x:e")]


def test_around_one_thing(store: EmbeddedStore) -> None:
    everything = project(store, "participation")
    graph = nx.Graph(to_networkx(everything))
    ego = max(graph, key=lambda node: (graph.degree(node), node))
    for hops in (1, 2):
        found = project(store, "participation", selection(ego=ego, hops=hops))
        assert {node.iri for node in found.nodes} == set(nx.ego_graph(graph, ego, hops))
        assert set(found.edges) <= set(everything.edges)
        steps = "1 step" if hops == 1 else "2 steps"
        assert found.notes[-1] == f"Only {graph.nodes[ego]['label']} and what is within {steps} of it."


@pytest.mark.parametrize(
    ("name", "options", "error", "words"),
    [
        ("co-hostng", {}, UnknownName, r'unknown network "co-hostng"; expected one of: co-hosting.*Did you mean'),
        ("hosting", {"since": "June"}, QueryError, r'"June" is no date; expected a date as 2024'),
        ("hosting", {"since": "2025", "until": "2024"}, QueryError, "from 2025 to 2024 ends before it begins"),
        ("hosting", {"event_types": ["wrkshop"]}, UnknownName, 'unknown event type "wrkshop".*workshop'),
        ("hosting", {"countries": ["Atlantis"]}, NothingFound, "Atlantis"),
        ("hosting", {"ego": "Atlantis"}, NothingFound, "Atlantis"),
        ("funding", {"ego": "Indonesia"}, NothingFound, "Indonesia is not in this network"),
    ],
)
def test_bad_options(
    store: EmbeddedStore, name: str, options: dict[str, object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        project(store, name, selection(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x", "the networks cannot be read"),
        ("a = 1", 'the network a has no "title"'),
        ('[a]\ntitle="t"\ntitle_id="t"\nquestions=["no"]\nweight="w"', "the network a asks no; expected one of: "),
        ('[a]\ntitle="t"\ntitle_id="t"\nquestions=["hosting"]\nweight="w"\nover="it"', 'folds "it"; expected target'),
        ('[a]\ntitle="t"\ntitle_id="t"\nquestions=["hosting"]\nweight="w"\nmore=1', "has the unknown key more"),
    ],
)
def test_a_broken_declaration_is_told(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "networks").symlink_to(QUERIES / "networks")
    (tmp_path / "networks.toml").write_text(text)
    with pytest.raises(DataError, match=words):
        networks(tmp_path / "networks.toml")


# --- measures ---


def made(*edges: tuple[str, str, int], directed: bool = False, types: str = "body") -> Network:
    names = sorted({end for one, other, _ in edges for end in (one, other)})
    nodes = tuple(Node(f"x:{name}", {"en": name, "id": name.upper()}, types) for name in names)
    held = tuple(
        Edge(f"x:{one}", f"x:{other}", ("hosting",), weight, "2023", "2024-02", (f"x:f-{one}{other}",))
        for one, other, weight in edges
    )
    return Network("test", {"en": "Test", "id": "Uji"}, directed, "events", nodes, held)


@st.composite
def any_network(draw: st.DrawFn) -> Network:
    """Directed or not, weighted, in several parts, with nodes that nothing joins, and with none at all."""
    count, directed = draw(st.integers(0, 12)), draw(st.booleans())
    end = st.integers(0, max(count - 1, 0))
    ends = st.tuples(end, end).filter(lambda pair: pair[0] != pair[1])
    pairs = draw(st.lists(ends, unique=True, max_size=30)) if count > 1 else []
    pairs = pairs if directed else sorted({(min(pair), max(pair)) for pair in pairs})
    kinds = ["body" if n % 3 else "person" for n in range(count)]
    nodes = tuple(Node(f"x:{n:02}", {"en": f"n{n}", "id": f"n{n}"}, kind) for n, kind in enumerate(kinds))
    edges = tuple(
        Edge(f"x:{one:02}", f"x:{other:02}", ("hosting",), draw(st.integers(1, 5)), "2023", "2024", ("x:f",))
        for one, other in pairs
    )
    return Network("test", {"en": "Test", "id": "Uji"}, directed, "events", nodes, edges)


def both_ways(network: Network) -> nx.Graph:
    graph = nx.Graph()
    for node in network.nodes:
        graph.add_node(node.iri, type=node.type)
    for edge in network.edges:
        held = graph.get_edge_data(edge.source, edge.target, {"weight": 0})["weight"]
        graph.add_edge(edge.source, edge.target, weight=held + edge.weight)
    return graph


@given(any_network())
@settings(max_examples=80, deadline=None)
def test_measures_are_those_of_networkx(network: Network) -> None:
    graph = both_ways(network)
    found, whole = room.node_measures(network), room.network_measures(network)
    for name, wanted in (
        ("degree", dict(graph.degree())),
        ("strength", dict(graph.degree(weight="weight"))),
        ("betweenness", nx.betweenness_centrality(graph)),
        ("closeness", nx.closeness_centrality(graph)),
        ("pagerank", reference_pagerank(to_networkx(network)) if network.nodes else {}),
        ("core", nx.core_number(graph)),
    ):
        assert found[name] == pytest.approx(wanted, abs=1e-5), name
    if graph.number_of_edges():
        for name, wanted in (
            ("constraint", nx.constraint(graph, weight="weight")),
            ("effective_size", nx.effective_size(graph)),
            ("eigenvector", nx.eigenvector_centrality(graph, max_iter=1000, weight="weight")),
        ):
            assert found[name] == pytest.approx(wanted, nan_ok=True), name
        assert whole["modularity"] == pytest.approx(nx.community.modularity(graph, groups(found), weight="weight"))
        if len({graph.nodes[end]["type"] for edge in graph.edges() for end in edge}) > 1:
            mixed = nx.attribute_assortativity_coefficient(graph, "type")
            assert whole["assortativity"] == pytest.approx(mixed, nan_ok=True)
    numbers = set(found["community"].values())
    assert numbers == set(range(1, len(numbers) + 1))
    sizes = [len(group) for group in groups(found)]
    assert sizes == sorted(sizes, reverse=True)
    assert whole["density"] == pytest.approx(nx.density(to_networkx(network)))
    assert whole["components"] == nx.number_connected_components(graph)


def groups(found: Mapping[str, Mapping[str, float]]) -> list[set[str]]:
    held: dict[float, set[str]] = {}
    for node, number in found["community"].items():
        held.setdefault(number, set()).add(node)
    return [held[number] for number in sorted(held)]


@given(st.integers(2, 60), st.integers(0, 120), st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_paths_on_arrays_are_those_of_networkx(count: int, many: int, seed: int) -> None:
    """The engine of large networks, on small ones; from all nodes the estimate of betweenness is exact."""
    graph = nx.gnm_random_graph(count, many, seed=seed)
    arcs = paths.Arcs(count, list(graph.edges()))
    assert paths.from_pivots(arcs, count) == pytest.approx(list(nx.betweenness_centrality(graph).values()))
    assert paths.closeness(arcs) == pytest.approx(list(nx.closeness_centrality(graph).values()))


def test_closeness_walks_in_blocks_and_long_paths_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = nx.gnm_random_graph(300, 500, seed=1)
    monkeypatch.setattr(paths, "_BLOCK", 1000)
    found = paths.closeness(paths.Arcs(300, list(graph.edges())))
    assert found == pytest.approx(list(nx.closeness_centrality(graph).values()))
    graph = nx.path_graph(200)
    found = paths.closeness(paths.Arcs(200, list(graph.edges())))
    assert found == pytest.approx(list(nx.closeness_centrality(graph).values()))


def test_of_a_large_network_betweenness_is_estimated_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = nx.barabasi_albert_graph(400, 3, seed=1)
    network = made(*((f"{one:03}", f"{other:03}", 1) for one, other in graph.edges()))
    exact = room.node_measures(network)["betweenness"]
    monkeypatch.setattr(paths, "EXACT", 100)
    monkeypatch.setattr(paths, "PIVOTS", 200)
    monkeypatch.setattr(measures, "PIVOTS", 200)
    both = room.measured(network)
    assert both.notes == (
        "Betweenness is estimated from the shortest paths that begin at 200 of 400 nodes; close ranks may vary.",
    )
    assert both.notes[0] in room.measures_table(network).notes
    first = [set(sorted(values, key=lambda iri: -values[iri])[:10]) for values in (exact, both.nodes["betweenness"])]
    assert len(first[0] & first[1]) >= 8
    assert both.nodes == room.measured(network).nodes, "seeded"


def test_a_table_measures_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    real = nx.community.louvain_communities
    monkeypatch.setattr(nx.community, "louvain_communities", lambda *a, **n: asked.append(1) or real(*a, **n))
    room.measures_table(made(("a", "b", 1), ("b", "c", 1)))
    assert asked == [1]


def test_two_edges_between_two_nodes_add_their_weights() -> None:
    found = room.node_measures(made(("a", "b", 2), ("b", "a", 3), directed=True))
    assert (found["degree"]["x:a"], found["strength"]["x:a"], found["strength"]["x:b"]) == (1, 5, 5)


def reference_pagerank(graph: nx.Graph) -> dict[str, float]:
    """PageRank by its definition (Page et al. 1999), in plain Python: networkx needs SciPy for it."""
    arcs = graph.to_directed()
    out = {node: sum(data["weight"] for *_, data in arcs.out_edges(node, data=True)) for node in arcs}
    rank = dict.fromkeys(arcs, 1 / len(arcs))
    for _ in range(300):
        lost = sum(rank[node] for node in arcs if not out[node]) / len(arcs)
        rank = {
            node: 0.15 / len(arcs) + 0.85 * (lost + sum(
                rank[one] * data["weight"] / out[one] for one, _, data in arcs.in_edges(node, data=True)
            ))
            for node in arcs
        }  # fmt: skip
    return rank


def test_a_star_and_its_measures() -> None:
    network = made(("hub", "a", 1), ("hub", "b", 2), ("hub", "c", 1))
    found = room.node_measures(network)
    assert (found["degree"]["x:hub"], found["strength"]["x:hub"], found["betweenness"]["x:hub"]) == (3, 4, 1.0)
    assert found["effective_size"]["x:hub"] == 3
    whole = room.network_measures(network)
    assert (whole["density"], whole["components"]) == (0.5, 1)
    assert math.isnan(whole["assortativity"]), "one type only"


@pytest.mark.parametrize("network", [made(), replace(made(("a", "b", 1)), edges=())])
def test_an_empty_network_and_one_without_edges(network: Network) -> None:
    table = room.measures_table(network)
    assert len(table.rows) == len(network.nodes)
    for form in NETWORK_FORMATS.values():
        assert form.write(network, "en")


def test_every_measure_is_defined_and_shown() -> None:
    network = made(("a", "b", 1))
    found = {**room.node_measures(network), **room.network_measures(network)}
    assert set(found) == set(room.definitions())
    table = room.measures_table(network, lang="id", top=1)
    assert table.columns[:3] == ("node", "type", "derajat")
    assert [row[0] for row in table.rows] == ["A"]
    assert "derajat: Dengan berapa simpul lain ia terhubung." in table.notes
    english = room.measures_table(network)
    assert english.columns[2] == "degree"
    assert "degree: How many others it is joined to." in english.notes


# --- files ---

HOSTILE = ("a", 'quoted "name"', "<b>&amp;</b>", "back\\slash\nline", "مكتب", "🌏", "=cmd()", "a,b;c|d", "")


def hostile() -> Network:
    nodes = tuple(Node(f"x:{n}", {"en": text, "id": text}, "body") for n, text in enumerate(HOSTILE))
    edges = tuple(
        Edge("x:0", f"x:{n}", ("hosting",), n, "2023", "2024-02", (f"x:f{n}",)) for n in range(1, len(HOSTILE))
    )
    return Network("test", {"en": "Test", "id": "Uji"}, False, "events", nodes, edges)  # noqa: FBT003


def test_csv_is_what_kumu_takes() -> None:
    """By docs.kumu.io, "Structure your data": which columns come first, and that "|" parts values."""
    found = NETWORK_FORMATS["csv"].write(hostile(), "en")
    tables = {name: list(csv.DictReader(io.StringIO(data.decode(), newline=""))) for name, data in found.items()}
    assert list(tables[".nodes"][0])[:2] == ["Label", "Type"]
    assert list(tables[".edges"][0])[:4] == ["From", "To", "Direction", "Type"]
    labels = [row["Label"] for row in tables[".nodes"]]
    assert labels[:3] == list(HOSTILE[:3])
    assert labels[3] == "back\\slash line"
    assert labels[6] == "'=cmd()", "no spreadsheet runs it"
    assert labels[8] == "(x:8)", "what has no name"
    assert not any("|" in label for label in labels), "Kumu would take it for two"
    assert len(set(labels)) == len(labels)
    assert {row["From"] for row in tables[".edges"]} == {"a"}
    assert {row["To"] for row in tables[".edges"]} == set(labels[1:])
    two = replace(hostile().edges[0], facts=("x:f", "x:g"))
    edges = NETWORK_FORMATS["csv"].write(replace(hostile(), edges=(two,)), "en")[".edges"]
    assert b"x:f|x:g" in edges


def test_two_things_of_one_name_stay_apart_in_csv() -> None:
    network = made(("a", "b", 1))
    same = replace(network, nodes=tuple(replace(node, labels={"en": "Same", "id": "Sama"}) for node in network.nodes))
    (row,) = csv.DictReader(io.StringIO(NETWORK_FORMATS["csv"].write(same, "en")[".edges"].decode(), newline=""))
    assert (row["From"], row["To"]) == ("Same (x:a)", "Same (x:b)")


def test_json_comes_back() -> None:
    data = json.loads(NETWORK_FORMATS["json"].write(hostile(), "en")[""])
    back = nx.node_link_graph(data, edges="links")
    assert [back.nodes[f"x:{n}"]["label"] for n in range(len(HOSTILE))] == list(HOSTILE)
    elements = json.loads(NETWORK_FORMATS["cytoscape"].write(hostile(), "en")[""])["elements"]
    assert (len(elements["nodes"]), len(elements["edges"])) == (len(HOSTILE), len(HOSTILE) - 1)


def test_dot_quotes_what_it_must() -> None:
    text = NETWORK_FORMATS["dot"].write(hostile(), "en")[""].decode()
    assert '[label="quoted \\"name\\"", class="body"]' in text
    assert '[label="back\\\\slash\\nline", class="body"]' in text
    assert text.count(" -- ") == len(HOSTILE) - 1
    assert " -> " in NETWORK_FORMATS["dot"].write(made(("a", "b", 1), directed=True), "en")[""].decode()


@pytest.mark.parametrize("form", NETWORK_FORMATS)
def test_the_same_network_gives_the_same_bytes(store: EmbeddedStore, form: str) -> None:
    first, second = (NETWORK_FORMATS[form].write(project(store, "co-participation"), "id") for _ in range(2))
    assert first == second


# --- the command and Python ---


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from graphs import bundled

    return bundled(tmp_path_factory)


def run(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, ["network", *words])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    return done.exit_code, done.stdout, done.stderr


def test_the_command(folder: Path, tmp_path: Path) -> None:
    kg = ("--kg", str(folder))
    assert "co-hosting" in run()[1]
    code, shown, _ = run("--projection", "co-hosting", *kg)
    assert code == 0
    assert "International Organization" in " ".join(shown.split())
    assert "nodes," in shown
    assert "degree: How many" in run("--projection", "co-hosting", "--measures", "--top", "3", *kg)[1]
    assert run("--projection", "co-hosting", "--until", "1990", *kg)[0] == 1
    code, _, told = run("--projection", "co-hosting", "-o", str(tmp_path / "net.csv"), *kg)
    assert code == 0
    assert {path.name for path in tmp_path.iterdir()} == {"net.nodes.csv", "net.edges.csv"}
    assert "nodes" in told
    assert json.loads(run("--projection", "co-hosting", "--format", "json", *kg)[1])["nodes"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--projection", "nothing"), 'unknown network "nothing"; expected one of: co-hosting'),
        (("--projection", "hosting", "--format", "gefx"), 'unknown format "gefx".*Did you mean "gexf"'),
        (("--projection", "hosting", "-o", "x.gif"), 'unknown format "gif"'),
        (("--projection", "hosting", "--format", "csv"), "csv makes 2 files; expected a file to write"),
        (("--projection", "hosting", "-o", "/no/such/folder/x.dot"), "could not be written"),
    ],
)
def test_the_command_with_bad_input(folder: Path, words: tuple[str, ...], told: str) -> None:
    import re

    code, shown, errors = run(*words, "--kg", str(folder))
    assert (code, shown) == (2, "")
    assert re.search(told, errors)
    assert "Traceback" not in errors


def test_python_gives_a_networkx_graph_that_shows_itself(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import migkg

    with migkg.open(folder) as kg:
        graph = kg.network("co-hosting", since="2023")
        assert isinstance(graph, nx.Graph)
        assert nx.is_directed(kg.network("funding"))
    html = graph._repr_mimebundle_()["text/html"]
    assert html.startswith('<iframe title="Organisations that host events together" sandbox="allow-scripts ')
    assert "International Organization for Migration" in html
    assert html.count("<") == html.count(">") == 2, "the page is all in an attribute"
    graph.add_edge("mine", 7)
    assert ">mine<" not in graph._repr_mimebundle_()["text/html"], "what a user adds is shown too"
    graph.remove_nodes_from(["mine", 7])
    monkeypatch.setattr(notebook, "_SHOWN", (5, 5))
    assert "<td>International Organization for Migration</td>" in graph._repr_mimebundle_()["text/html"]
    assert all(data["facts"] for *_, data in graph.edges(data=True))
