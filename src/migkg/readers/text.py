"""Plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migkg.readers.base import Parts, Raw, decode

if TYPE_CHECKING:
    from collections.abc import Iterator


def read_text(raw: Raw) -> Iterator[Parts]:
    """Plain text, as it is."""
    yield Parts(decode(raw))
