"""Short forms and the long forms that they stand for."""

from __future__ import annotations


def is_short_form(short: str, long: str) -> bool:
    """Whether the letters of a short form stand in the long form in order, the first one at its start.

    Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions" (PSB 2003).

    >>> is_short_form("MOFA", "Ministry of Foreign Affairs"), is_short_form("IOM", "Ministry of Health")
    (True, False)
    """
    letters = [char for char in short.lower() if char.isalnum()]
    words = long.lower()
    position = len(words) - 1
    for i in range(len(letters) - 1, -1, -1):
        while position >= 0 and (
            words[position] != letters[i] or (i == 0 and position > 0 and words[position - 1].isalnum())
        ):
            position -= 1
        if position < 0:
            return False
        position -= 1
    return bool(letters)
