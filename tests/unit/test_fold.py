"""People with their posts as one symbol."""

from __future__ import annotations

import pytest

from sentences import claims


def folded(text: str, lang: str = "en") -> str:
    """The folded line of the first sentence, the symbols without their numbers."""
    line = claims(text, lang).reading.people[0].text
    return " ".join(word.rstrip("0123456789") if word[:1].isupper() else word for word in line.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rina Sari, Head of Office at UNODC, spoke.", "NAME , spoke ."),
        ("The Minister of Health, Rina Sari, spoke.", "NAME , spoke ."),
        ("UNODC Country Manager Rina Sari spoke.", "NAME spoke ."),
        ("They met Rina Sari of UNODC and Budi Hartono.", "they met NAME and NAME ."),
        ("Rina Sari, Minister Budi Hartono and Dewi Ayu spoke.", "NAME , NAME and NAME spoke ."),
        ("The workshop was long.", "EVENT was long ."),
    ],
)
def test_a_person_s_phrase_is_one_symbol(text: str, expected: str) -> None:
    assert folded(text) == expected


def test_indonesian() -> None:
    assert folded("Direktur Pelatihan UNODC, Rina Sari, hadir.", "id") == "NAME , hadir ."


def test_the_symbol_covers_the_whole_phrase() -> None:
    text = "Rina Sari, Head of Office at UNODC, spoke."
    (place,) = [one for one in claims(text).reading.people[0].places if one.mention.type == "NAME"]
    assert place.span.of(text).startswith("Rina Sari, Head of Office at UNODC")
    assert place.mention.span.of(text) == "Rina Sari"
