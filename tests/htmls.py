"""What every page has to be so that all can use it, whoever shows it; and links inside a folder of pages."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import html

_LINK = re.compile(r"""<(?:a|link|script|img|source|iframe|object)\b[^>]*?\s(?:href|src|data)="([^"]*)\"""")
_FORM = re.compile(r"""<form\b[^>]*?\saction="([^"]*)\"""")
_ID = re.compile(r"""\s(?:id|name)="([^"]*)\"""")


def check_usable(tree: html.HtmlElement, lang: str, name: str = "") -> None:
    """One heading, landmarks, a language, names for what is filled in, tables with heads, unique ids, no own script."""
    assert tree.get("lang") == lang, name
    assert len(tree.findall(".//h1")) == 1, name
    assert [len(tree.findall(f".//{tag}")) for tag in ("main", "body/header", "body/footer")] == [1, 1, 1], name
    assert tree.xpath("//body/a[1]/@href") == ["#content"], name
    assert all(nav.get("aria-label") for nav in tree.iter("nav")), name
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), name
    inside = {a.get("href")[1:] for a in tree.iter("a") if a.get("href").startswith("#")}
    assert inside <= set(ids), name
    labelled = {label.get("for") for label in tree.iter("label")}
    fields = [e for e in tree.iter("input", "textarea", "select") if e.get("type") != "hidden"]
    assert {field.get("id") for field in fields} <= labelled, name
    assert all("".join((*a.itertext(), *a.xpath(".//img/@alt"))).strip() for a in tree.iter("a", "button")), name
    assert all(table.find("caption") is not None and table.find("thead") is not None for table in tree.iter("table"))
    assert all(image.get("alt") for image in tree.iter("img")), name
    assert not [script for script in tree.iter("script") if script.text and script.get("type") != "application/ld+json"]
    assert not [attribute for element in tree.iter() for attribute in element.attrib if attribute.startswith("on")]
    assert not [element for element in tree.iter() if element.get("style") or element.tag == "style"], name
    levels = [int(heading.tag[1]) for heading in tree.iter("h1", "h2", "h3")]
    assert all(after - before <= 1 for before, after in pairwise(levels)), name


def broken_links(folder: Path, site: str) -> Iterator[tuple[str, str]]:
    """(page, link) of each link that leads nowhere inside of the site, in the order of the pages.

    A folder is taken for a plain web server: an address is a file, only a folder stands for its `index.html`.

    :param site: the address under which the folder will lie; links to it are followed too.
    """
    files = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    root = urlsplit(site)

    @lru_cache(maxsize=64)
    def places(path: str) -> frozenset[str]:
        text = (folder / path).read_text(encoding="utf-8")
        return frozenset(unescape(found) for found in _ID.findall(text))

    def leads(page: str, link: str) -> bool:
        if link.startswith(site):
            link = root.path + link.removeprefix(site)
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            return True
        path = unquote(parts.path)
        if path.startswith("/"):
            if not path.startswith(root.path):
                return True
            target = path.removeprefix(root.path)
        else:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
        target = "index.html" if target in ("", ".") else target
        if target not in files:
            return False
        return not parts.fragment or not target.endswith(".html") or unquote(parts.fragment) in places(target)

    for page in sorted(path for path in files if path.endswith(".html")):
        text = (folder / page).read_text(encoding="utf-8")
        for link in dict.fromkeys(unescape(found) for found in (*_LINK.findall(text), *_FORM.findall(text))):
            if not leads(page, link):
                yield page, link
