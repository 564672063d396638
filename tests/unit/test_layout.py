"""`readers.layout`: whatever lines come, no letter is lost but those of running heads, and every piece has its page."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from migkg.readers.base import normalise
from migkg.readers.layout import Line, paragraphs
from migkg.readers.pdf import _placed

WORDS = st.text(alphabet="abcAB-.1 é\u0301\u00ad•", min_size=1, max_size=30).map(lambda text: " ".join(text.split()))
LINES = st.builds(
    Line, WORDS.filter(bool), st.integers(1, 4), st.floats(0, 300), st.floats(300, 600), st.floats(0, 800),
    st.sampled_from([8.0, 10.0, 10.4, 16.0]), st.booleans(),
)  # fmt: skip


def letters(text: str) -> str:
    return "".join(sorted(c for c in text if c.isalnum()))


@given(st.lists(LINES, max_size=30).map(lambda lines: sorted(lines, key=lambda line: line.page)))
def test_no_letter_is_lost_and_pages_are_told(lines: list[Line]) -> None:
    found = paragraphs(lines)
    printed = "".join(line.text for line in lines)
    joined = "".join(paragraph.text for paragraph in found)
    assert set(letters(joined)) <= set(letters(printed))
    if len({line.page for line in lines}) < 2:
        assert letters(joined) == letters(printed), "one page has no running head"
    text, starts = _placed(found, ())
    assert [start for start, _ in starts] == sorted(start for start, _ in starts)
    assert {page for _, page in starts} <= {line.page for line in lines}
    assert text == text.rstrip()
    assert not starts or starts[0][0] == 0


@given(st.lists(LINES, max_size=30))
def test_the_text_is_in_its_stored_form(lines: list[Line]) -> None:
    whole = [Line(normalise(line.text), *(getattr(line, name) for name in Line.__slots__[1:])) for line in lines]
    text, _ = _placed(paragraphs(sorted(whole, key=lambda line: line.page)), ())
    assert normalise(text).rstrip() == text
