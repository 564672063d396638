"""What the embedded engine does today and migkg is built around. A test that fails here after an upgrade is good news:
read what it guards, and take the workaround out."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migkg.store import embedded

A, B, C = (ox.NamedNode(f"https://example.org/{name}") for name in "abc")
TYPE, LABEL, DATE, PLACE = (ox.NamedNode(f"https://example.org/{name}") for name in ("type", "label", "date", "place"))


def filled(quads: Iterable[ox.Quad]) -> ox.Store:
    store = ox.Store()
    store.extend(quads)
    return store


def count(store: ox.Store, sparql: str, **options: object) -> int:
    answer = store.query(sparql, **options)  # type: ignore[arg-type]
    assert isinstance(answer, ox.QuerySolutions)
    return len(list(answer))


def fastest(work: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def test_a_union_default_graph_counts_a_triple_once_a_graph() -> None:
    """So the default graph is written out, merged and without duplicates (`store.embedded`)."""
    store = filled([ox.Quad(A, LABEL, B, ox.NamedNode(f"https://example.org/g{number}")) for number in range(3)])
    ask = "SELECT * { ?s ?p ?o }"
    assert count(store, ask, use_default_graph_as_union=True) == 3, "once would be right, as RDF merge has it"


def test_substitutions_reach_only_variables_that_select_names() -> None:
    """So parameters, which questions have in their FILTERs alone, are bound by a VALUES block (`sparql.prepare`)."""
    store = filled([ox.Quad(A, LABEL, B), ox.Quad(C, LABEL, B)])
    ask = "SELECT ?s { ?s ?p ?o FILTER(?s = ?it) }"
    with pytest.raises(RuntimeError, match=r"\?it"):
        count(store, ask, substitutions={ox.Variable("it"): A})
    assert count(store, ask.replace("{ ?s", "{ VALUES ?it { <https://example.org/a> } ?s")) == 1


def dated(events: int) -> ox.Store:
    """Events, each with a fact on its date and place, of which two are of the type that is asked for."""
    quads = []
    for number in range(events):
        event, fact = (ox.NamedNode(f"https://example.org/{kind}{number}") for kind in ("event", "fact"))
        quads += [
            ox.Quad(event, TYPE, A if number < 2 else B), ox.Quad(fact, TYPE, C), ox.Quad(fact, LABEL, event),
            ox.Quad(fact, DATE, ox.Literal(str(number))), ox.Quad(fact, PLACE, C),
        ]  # fmt: skip
    return filled(quads)


_FEW = "?event <https://example.org/type> <https://example.org/a> ."
_FACT = "?fact <https://example.org/label> ?event"


def test_an_optional_with_several_patterns_is_a_full_join() -> None:
    """So questions have OPTIONALs of one pattern, and listings are asked for in steps (`queries.labels`).

    The OPTIONAL is planned as if nothing were bound yet, and begins with the class of which there are most.
    """
    rest = "?fact <https://example.org/type> <https://example.org/c> ; <https://example.org/label> ?event"
    events = dated(2000)
    several = f"SELECT * {{ {_FEW} OPTIONAL {{ {rest} ; <https://example.org/date> ?date }} }}"
    joined = f"SELECT * {{ {_FEW} {rest} ; <https://example.org/date> ?date }}"
    assert count(events, several) == count(events, joined) == 2
    slow, fast = (fastest(lambda text=text: count(events, text)) for text in (several, joined))  # type: ignore[misc]
    assert slow > 10 * fast, "an OPTIONAL for two events reads all 2,000 facts"


def test_an_exists_with_several_patterns_is_joined_anew_for_each_row() -> None:
    """So questions over many rows exclude by MINUS or compare with a MAX of a subquery."""
    events = dated(500)
    inner = f"{_FACT} ; <https://example.org/date> ?date . FILTER(STR(?date) < '0')"
    exists = f"SELECT * {{ ?event <https://example.org/type> ?type FILTER(NOT EXISTS {{ {inner} }}) }}"
    minus = f"SELECT * {{ ?event <https://example.org/type> ?type MINUS {{ {inner} }} }}"
    assert count(events, exists) == count(events, minus) == 1000
    slow, fast = (fastest(lambda text=text: count(events, text)) for text in (exists, minus))  # type: ignore[misc]
    assert slow > fast


def test_each_piece_that_is_loaded_stays_a_file_until_all_are_merged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a large load is merged at its end (`store.embedded._MANY`): a triple is looked up in every file."""
    lines = tmp_path / "all.nq"
    long = f'{A} {B} "{"é" * 20_000}" {C} .\n'  # of more bytes than the engine asks for at once
    lines.write_text("".join(f'{A} {B} "{number}" {C} .\n{long}' for number in range(99)), encoding="utf-8")
    monkeypatch.setattr(embedded, "_PIECE", 1_500_000)

    def files(many: int) -> int:
        monkeypatch.setattr(embedded, "_MANY", many)
        place = tmp_path / f"store-{many}"
        with embedded.EmbeddedStore.open(place) as store:
            store.load_written(lines)
            assert store.count(C.value) == store.count() == 100
        return len(list(place.glob("*.sst")))

    assert files(2) < files(1000)


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=30), max_size=20), st.data())
def test_a_piece_is_made_of_whole_lines(values: list[str], data: st.DataObject) -> None:
    most, block, size = (data.draw(st.integers(1, top)) for top in (300, 200, 40))
    quads = [ox.Quad(A, B, ox.Literal(value + " <x:y> ."), C) for value in values]
    triples = [quad.triple for quad in quads]
    named, unnamed = (ox.serialize(each, format=ox.RdfFormat.N_QUADS) or b"" for each in (quads, triples))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedded, "_PIECE", most)
        patch.setattr(embedded, "_BLOCK", block)
        for without, expected in ((False, named), (True, unnamed)):
            source, pieces = io.BufferedReader(io.BytesIO(named)), []  # type: ignore[arg-type]
            while source.peek(1):
                piece = embedded._Piece(source, unnamed=without)
                found = list(iter(lambda piece=piece: piece.read(size), b""))  # type: ignore[misc]
                assert max(map(len, found)) <= size
                pieces.append(b"".join(found))
            assert b"".join(pieces) == expected
            assert all(piece.endswith(b"\n") for piece in pieces)
