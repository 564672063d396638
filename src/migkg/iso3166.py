"""Countries and their subdivisions as ISO 3166 names them, read from pycountry (Debian iso-codes)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from migkg.model import Text

# A subdivision whose name has only such words is worthless for finding places: plain words, given names, surnames.
_PLAIN = """
    alba and bali balkan bari bath batman bled bloke bong bono bury cape capital cascade cascades center central
    centrale centre centro cesar charlotte chin city coast collines colonia como cork delta district distrito east
    eastern enga flores fontana glacis grad guerrero gulf herrera hidalgo isabel isla islands jawa kalimantan lacs
    lakes lara leste lima littoral lower magdalena male maluku mara marche maria mary mayo meta metropolitan miranda
    mono montagnes most nacional nara national nelson nord norte north northeast northern northwest of ouest paola
    papua para paul pest pita plateau plateaux pool province reading region regional rivera rivers rocha saga sala
    sale savannah serravalle shan sila slough south southeast southern southwest sud sulawesi sumatera tete the
    trinity union unity upper valle victoria virginia west western with
"""
PLAIN_WORDS = frozenset(_PLAIN.split())

_VARIANTS = re.compile(r"[\[\](]|\)")


class Country(NamedTuple):
    """A country; labels and names are in English and Indonesian, names are all forms, the official ones too."""

    code: str
    labels: tuple[Text, ...]
    names: tuple[Text, ...]


class Division(NamedTuple):
    """A subdivision of a country. `around` is the code of the subdivision or country that holds it."""

    code: str
    name: str
    country: str
    around: str

    def names(self) -> tuple[str, ...]:
        """The name and its variants in brackets, without what an inverted name has behind its comma.

        >>> Division("ES-C", "A Coruña [La Coruña]", "ES", "ES-GA").names()
        ('A Coruña', 'La Coruña')
        """
        if self.name.isalpha():
            return (self.name,)
        forms = (form.partition(",")[0].strip() for form in _VARIANTS.split(self.name))
        return tuple(form for form in forms if form)


@cache
def countries() -> tuple[Country, ...]:
    """All countries of ISO 3166-1."""
    import gettext

    import pycountry

    indonesian = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=["id"], fallback=True).gettext
    found = []
    for record in pycountry.countries:
        usual = [form for form in (getattr(record, "common_name", None), record.name) if form]
        # Translations are listed under the formal name; the common one has none for some countries.
        known = next((form for form in usual if indonesian(form) != form), usual[0])
        labels = (Text(natural(usual[0]), "en"), Text(natural(indonesian(known)), "id"))
        forms = [*usual, *filter(None, [getattr(record, "official_name", None)])]
        english = [Text(natural(form).partition(" (")[0], "en") for form in forms]
        translated = [Text(natural(indonesian(form)).partition(" (")[0], "id") for form in forms]
        found.append(Country(record.alpha_2, labels, (*english, *translated)))
    return tuple(found)


@cache
def divisions() -> tuple[Division, ...]:
    """All subdivisions of ISO 3166-2, at every level."""
    import json

    import pycountry

    # Read without pycountry's objects, which take five times as long.
    text = Path(pycountry.DATABASE_DIR, "iso3166-2.json").read_text(encoding="utf-8")
    found = []
    for record in json.loads(text)["3166-2"]:
        code, country = record["code"], record["code"][:2]
        # A parent is given as "GB-ENG" or as "ENG".
        parent = record.get("parent", "").removeprefix(country + "-")
        found.append(Division(code, record["name"], country, f"{country}-{parent}" if parent else country))
    return tuple(found)


def natural(name: str) -> str:
    """The natural order of an inverted name.

    >>> natural("Korea, Republic of"), natural("Congo, The Democratic Republic of the")
    ('Republic of Korea', 'Democratic Republic of the Congo')
    """
    head, comma, tail = name.partition(", ")
    return f"{tail.removeprefix('The ')} {head}" if comma and re.search(r"\bof( the)?$", tail) else name


def tells_a_place(normalised: str) -> bool:
    """Whether the name of a subdivision can be looked for in a running text (about its country).

    >>> tells_a_place("upper west"), tells_a_place("coast"), tells_a_place("ica"), tells_a_place("sabah")
    (False, False, False, True)
    """
    return len(normalised) >= 4 and not PLAIN_WORDS.issuperset(normalised.split())
