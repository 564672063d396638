"""IRIs: pure functions of what a thing is called, never of what else is in a graph.

Every IRI that does not come out of a Turtle file is made here, so that it holds no character that RDF refuses.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

from migkg.ontology import ID

_MAX_SLUG = 80
# Letters that no Unicode decomposition takes apart.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})


@lru_cache(maxsize=4096)  # names of kinds, bodies and people come again and again
def slug(text: str) -> str:
    """A readable path segment: ASCII letters and digits in small letters, joined by hyphens.

    Accents, case and punctuation do not count. Where a letter of another script is lost, where nothing is left or more
    than 80 characters, a short hash of the whole keeps two texts apart.

    >>> slug("Chargé d’affaires"), slug("Chargé d'Affaires"), slug("No. 18/2017")
    ('charge-d-affaires', 'charge-d-affaires', 'no-18-2017')
    """
    letters = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    plain = "".join(c for c in letters if not unicodedata.combining(c))
    found = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    lost = any(c.isalnum() and not c.isascii() for c in plain)
    if lost or not found or len(found) > _MAX_SLUG:
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


@lru_cache(maxsize=1024)  # a span's is asked for a dozen times
def entity(segment: str, *parts: str) -> str:
    """The IRI of a thing under the data base address; what an IRI cannot hold is percent-encoded.

    >>> entity("article", "talks <1>")
    'https://w3id.org/migkg/id/article/talks%20%3C1%3E'
    """
    return f"{ID}{segment}/{quote('-'.join(parts), safe='')}"


def address(url: str) -> str | None:
    """A web address as an IRI that every reader of RDF takes (RFC 3986): percent-encoded, and without a user name.

    :returns: None for what is no http or https address.

    >>> address("https://example.org/a b?q=<x>")
    'https://example.org/a%20b?q=%3Cx%3E'
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
        host = f"[{ipaddress.IPv6Address(host.partition('%')[0])}]" if ":" in host else _encoded(host, "")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    place = host if port is None else f"{host}:{port}"
    path, query, fragment = (_encoded(part, "/:@?") for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, place, path, query, fragment))


def _encoded(part: str, also: str) -> str:
    """A part of an address; what is percent-encoded already stays so."""
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", quote(part, safe=f"!$&'()*+,;=%{also}", errors="surrogatepass"))
