"""A network as one page to explore: a single HTML file that asks nothing of any server.

The page holds the data in columns, positions computed beforehand, and its own program in `static/`: `network.js` draws
(and serves any other page that has a canvas and such data), `page.js` is what stands around the drawing.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, TypeVar

from migkg import __version__
from migkg.model import Network
from migkg.network.layout import Places
from migkg.network.measures import Measured, definitions, measured, said
from migkg.network.palette import LOOKS, kind_label, kinds, looks
from migkg.network.positions import arranged
from migkg.network.projection import networks, weight_name
from migkg.network.proofs import Proofs
from migkg.queries import in_language, short
from migkg.resources import words as told_words
from migkg.views import Quotation

MOST = 1000
"""Nodes that a page shows at first."""
_PACKED = 300_000  # bytes of data from which on they are compressed
_MODULES = ("draw", "names", "pointer", "network", "picture", "panel", "page")  # none imports from a later one
_GROUP = "community"
_LANGUAGES = ("en", "id")
_T = TypeVar("_T")


def page(network: Network, lang: str = "en", *, proofs: Proofs | None = None, given: Places | None = None) -> bytes:
    """The page: the same network gives the same bytes.

    :param lang: of the page; names are found in both languages. :param proofs: the sentences behind the edges; without
        them the page says that it has none. :param given: where nodes shall be, see `positions`.
    """
    return written(data(network, lang, proofs or Proofs(), arranged(network, given), measured(network)))


def written(told: Mapping[str, Any]) -> bytes:
    """The page of some data."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    script, style = _script(), _static("network.css")
    text, packed = _in_script(told)
    template = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True).from_string(
        _static("network.html")
    )
    made = template.render(
        words=told["words"], title=told["title"], lang=told["lang"], script=Markup(script), style=Markup(style),  # noqa: S704
        data=Markup(text), packed=packed, script_hash=_hash(script), style_hash=_hash(style),  # noqa: S704 - escaped
    )  # fmt: skip
    return made.encode("utf-8", "replace")


# -- data --------------------------------------------------------------------------------------------------------------


class _Numbers:
    """Values that data refer to by number, each held once."""

    def __init__(self) -> None:
        self.held: dict[Any, int] = {}

    def __call__(self, value: Any) -> int:
        return self.held.setdefault(value, len(self.held))

    def __len__(self) -> int:
        return len(self.held)


def data(network: Network, lang: str, proofs: Proofs, places: Places, found: Measured) -> dict[str, Any]:
    """All that the page knows, in columns; a number stands for what is told more than once."""
    measures = found.nodes
    other = next(tag for tag in _LANGUAGES if tag != lang)
    number = {node.iri: n for n, node in enumerate(network.nodes)}
    order = kinds(network)
    names, facts, sets = _Numbers(), _Numbers(), _Numbers()

    def name(iri: str) -> int:
        return names(iri) if iri else -1

    def all_nodes(of: Callable[[Any], _T]) -> list[_T]:
        return [of(node) for node in network.nodes]

    def all_edges(of: Callable[[Any], _T]) -> list[_T]:
        return [of(edge) for edge in network.edges]

    told: dict[str, Any] = {
        "version": __version__, "lang": lang, "name": network.name, "title": network.title[lang],
        "directed": network.directed, "weight": weight_name(network, lang), "notes": (*network.notes, *found.notes),
        "most": MOST, "words": words(lang), "proven": bool(proofs.quotations),
        "types": [
            {"label": kind_label(kind, lang), **look._asdict()} for kind, look in looks(network).items()
        ],
        "colours": [[look.colour, look.dark] for look in LOOKS],
        "measures": [
            {
                "name": known, "title": said(about, "title", lang), "definition": said(about, "definition", lang),
                "values": all_nodes(lambda node, of=measures[known]: _number(of[node.iri])),  # type: ignore[misc]
            }
            for known, about in definitions().items()
            if known in measures and known != _GROUP
        ],
        "whole": [
            {
                "title": said(about, "title", lang), "definition": said(about, "definition", lang),
                "value": _number(value),
            }
            for known, about in definitions().items()
            if not math.isnan(value := found.whole.get(known, math.nan))
        ],
        "group": said(definitions()[_GROUP], "definition", lang),
        "nodes": {
            "iri": all_nodes(lambda node: node.iri),
            "label": all_nodes(lambda node: node.labels[lang]),
            "other": all_nodes(lambda node: node.labels[other] if node.labels[other] != node.labels[lang] else ""),
            "type": all_nodes(lambda node: order.index(node.type)),
            "country": all_nodes(lambda node: name(node.country)),
            "parent": all_nodes(lambda node: name(node.parent)),
            "group": all_nodes(lambda node: int(measures[_GROUP][node.iri])),
            "x": all_nodes(lambda node: places[node.iri][0]),
            "y": all_nodes(lambda node: places[node.iri][1]),
        },
        "edges": {
            "source": all_edges(lambda edge: number[edge.source]),
            "target": all_edges(lambda edge: number[edge.target]),
            "weight": all_edges(lambda edge: edge.weight),
            "kinds": all_edges(lambda edge: sets(edge.kinds)),
            "first": all_edges(lambda edge: edge.first),
            "last": all_edges(lambda edge: edge.last),
            "facts": all_edges(lambda edge: [facts(iri) for iri in edge.facts]),
            "shared": all_edges(lambda edge: [name(iri) for iri in edge.shared]),
        },
    }  # fmt: skip
    titles = {asked.name: in_language(asked.title, lang) for asked in _questions(network)}
    told["kinds"] = [[titles.get(kind, kind) for kind in several] for several in sets.held]
    told["about"] = [[names(iri) for iri in proofs.about.get(fact, ())] for fact in facts.held]
    told["names"] = [proofs.labels.get(iri) or short(iri) for iri in names.held]
    return told | _evidence(facts.held, proofs)


def _evidence(facts: Iterable[str], proofs: Proofs) -> dict[str, Any]:
    """Fact → quotations, each a sentence with its marks, of an article."""
    quotes, articles = _Numbers(), _Numbers()

    def quote(told: Quotation) -> int:
        articles(told.source)
        return quotes(told)

    by_fact = [[quote(told) for told in proofs.quotations.get(fact, ())] for fact in facts]
    source: dict[str, Quotation] = {}
    for told in quotes.held:
        source.setdefault(told.source, told)
    return {
        "facts": by_fact,
        "quotes": {
            "text": [told.sentence for told in quotes.held],
            "marks": [_marks(told) for told in quotes.held],
            "article": [articles(told.source) for told in quotes.held],
            "page": [told.page or 0 for told in quotes.held],
        },
        "articles": {
            "title": [source[iri].article for iri in articles.held],
            "publisher": [proofs.publishers.get(iri, "") for iri in articles.held],
            "date": [source[iri].published or "" for iri in articles.held],
            "url": [_address(source[iri].address) for iri in articles.held],
        },
    }


def _marks(told: Quotation) -> list[int]:
    """Starts and ends in UTF-16 code units, in which a browser counts; marks that overlap are one."""
    joined: list[list[int]] = []
    for start, end in told.marks:
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(end, joined[-1][1])
        else:
            joined.append([start, end])
    return [len(told.sentence[:at].encode("utf-16-le")) // 2 for mark in joined for at in mark]


def _address(url: str | None) -> str:
    """An address that a link may lead to: of the web, and no program."""
    return url if url and re.match(r"https?://", url, re.IGNORECASE) else ""


def _questions(network: Network) -> Sequence[Any]:
    declared = networks().get(network.name)
    return declared.questions if declared else ()


def _number(value: float) -> float | None:
    """As short as can be; nothing for what is not a number."""
    if math.isnan(value):
        return None
    return int(value) if float(value).is_integer() else float(f"{value:.4g}")


# -- the file ----------------------------------------------------------------------------------------------------------


def words(lang: str) -> Mapping[str, str]:
    """Key → text in a language; in English where it is missing there."""
    return told_words("migkg.network", "static/words.toml", lang)


def _static(name: str) -> str:
    return resources.files("migkg.network").joinpath("static", name).read_text(encoding="utf-8")


@cache
def _script() -> str:
    """The modules as one: what they import from each other is there already."""
    text = "\n".join(_static(f"{name}.js") for name in _MODULES)
    return re.sub(r"^export (?=\w)", "", re.sub(r"^import .*\n", "", text, flags=re.MULTILINE), flags=re.MULTILINE)


def _in_script(told: Mapping[str, Any]) -> tuple[str, bool]:
    """Data as the text of a script element, in which nothing can end it; and whether it is compressed."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    raw = text.encode("utf-8", "replace")
    if len(raw) <= _PACKED:
        return text, False
    return base64.b64encode(gzip.compress(raw, 6, mtime=0)).decode(), True


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
