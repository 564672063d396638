"""Links inside a folder of pages: whether each leads to a file that is there, and to a place in it that is there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

_LINK = re.compile(r"""<(?:a|link|script|img|source|iframe|object)\b[^>]*?\s(?:href|src|data)="([^"]*)\"""")
_FORM = re.compile(r"""<form\b[^>]*?\saction="([^"]*)\"""")
_ID = re.compile(r"""\s(?:id|name)="([^"]*)\"""")


def broken_links(folder: Path, site: str) -> Iterator[tuple[str, str]]:
    """(page, link) of each link that leads nowhere inside of the site, in the order of the pages.

    :param site: the address under which the folder will lie; links to it are followed too.
    :raises OSError: as of the file system.
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
