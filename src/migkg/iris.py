"""IRIs: pure functions of what a thing is called, never of what else is in a graph."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from migkg.ontology import ID

_MAX_SLUG = 80


def slug(text: str) -> str:
    """A readable path segment: ASCII letters and digits in small letters, joined by hyphens.

    A text that leaves nothing, or more than 80 characters, gets a short hash of the whole, so that no two texts meet.

    >>> slug("Chargé d’affaires"), slug("No. 18/2017")
    ('charge-d-affaires', 'no-18-2017')
    """
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    found = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if not found or len(found) > _MAX_SLUG:
        found = f"{found[: _MAX_SLUG - 13].rstrip('-')}-{digest(text)}".lstrip("-")
    return found


def digest(*parts: str, length: int = 12) -> str:
    """A short hexadecimal SHA-256 over parts that are kept apart."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:length]


def name(iri: str) -> str:
    """The last part of an IRI, which is readable in all of ours.

    >>> name("https://w3id.org/migkg/id/organization/iom")
    'iom'
    """
    return iri[max(iri.rfind("/"), iri.rfind("#")) + 1 :]


def entity(segment: str, *parts: str) -> str:
    """The IRI of a thing under the data base address."""
    return f"{ID}{segment}/{'-'.join(parts)}"
