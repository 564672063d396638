"""What tests draw at random."""

from __future__ import annotations

from hypothesis import strategies as st

from migkg.model import Table

cells = st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False) | st.text(max_size=40)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """A table with cells of all kinds."""
    names = ["name", "number_of_things", "sentence", "quotation", "article", "url"]
    columns = tuple(draw(st.lists(st.sampled_from(names), min_size=1, unique=True)))
    rows = tuple(tuple(draw(cells) for _ in columns) for _ in range(draw(st.integers(0, 4))))
    return Table(columns, rows, title=draw(st.text(max_size=30)))
