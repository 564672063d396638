"""View models to HTML by the templates of `templates/`; whatever an article says is escaped."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from migkg import __version__
from migkg.pages.links import LANGUAGES, Links, is_ours
from migkg.pages.models import Link, Page
from migkg.pages.words import words

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

STATIC = ("style.css",)
"""Names of the files that pages need."""

SEARCH = "search.js"
"""Name of the program by which a static site is searched; every other page does without."""


def render(
    page: Page, links: Links, *, switch: Mapping[str, str] | None = None, full: Mapping[str, str] | None = None,
    release: Sequence[Link] = (),
) -> bytes:  # fmt: skip
    """A page as HTML.

    :param switch: language → address of this page in that language.
    :param full: the same with full addresses, when `switch` has others.
    :param release: what the foot of the page tells.
    """
    template = _environment().get_template(_template(page))
    addresses = switch or {} if full is None else full
    default = addresses.get(LANGUAGES[0], next(iter(addresses.values()), ""))
    text = template.render(
        page=page, links=links, words=words(links.lang), lang=links.lang, switch=switch or {}, addresses=addresses,
        canonical=addresses.get(links.lang, ""), default=default, version=__version__, release=release,
    )  # fmt: skip
    return text.encode()


def static(name: str) -> bytes | None:
    """The bytes of one of `STATIC`, or of `SEARCH`; None for another name."""
    return resources.files("migkg.pages").joinpath("static", name).read_bytes() if name in (*STATIC, SEARCH) else None


def _template(page: Page) -> str:
    return type(page).__name__.removesuffix("Page").lower() + ".html"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("migkg.pages"), autoescape=True, auto_reload=False, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.globals.update(is_ours=is_ours, address=address)
    made.filters.update(block=_block, number="{:,}".format)
    return made


def address(text: str) -> str:
    """An address that is safe to click; "" for any other text, as `javascript:…`."""
    return text if text.startswith(("http://", "https://")) else ""


def _block(text: str) -> Markup:
    """JSON in a script element: no text in it can end the element (HTML Standard, section 4.12.1.3)."""
    from markupsafe import Markup

    told = json.dumps(json.loads(text), ensure_ascii=False, indent=1) if text else "{}"
    return Markup(told.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))  # noqa: S704 - escaped
