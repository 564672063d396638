"""Markdown with front matter."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from migkg.errors import SourceError
from migkg.model import PartialDate
from migkg.readers.base import Parts, Raw, decode, normalise, stated_language, web_address, with_title

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from markdown_it.token import Token

# Key of the front matter → how its value is read, and what is expected of it.
FRONT_MATTER: dict[str, tuple[Callable[[str], Any], str]] = {
    "title": (str, "a title"),
    "url": (web_address, "an address that starts with http:// or https://"),
    "published": (PartialDate.parse, "a date as YYYY-MM-DD, YYYY-MM or YYYY"),
    "read": (PartialDate.parse, "a date as YYYY-MM-DD, YYYY-MM or YYYY"),
    "publisher": (str, "a name"),
    "lang": (stated_language, "a language tag such as en or id"),
}


def _front_matter(text: str, source: str) -> tuple[dict[str, Any], str]:
    """The pairs between two `---` lines, and the rest; no pairs when the text does not begin with `---`."""
    first, *lines = text.split("\n")
    if first.rstrip() != "---":
        return {}, text
    values: dict[str, Any] = {}
    for number, line in enumerate(lines, start=2):
        if line.rstrip() == "---":
            return values, "\n".join(lines[number - 1 :])
        if not line.strip() or line.startswith("#"):
            continue
        key, colon, value = line.partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon or not re.fullmatch(r"\w+", key):
            raise SourceError(
                f"the front matter is broken: {line.strip()[:60]!r}",
                where=source,
                line=number,
                expected='"key: value", and a line "---" after the last one',
            )
        if key not in FRONT_MATTER or key in values:
            raise SourceError(
                f'the key "{key}" {"comes twice" if key in values else "is not known"}',
                where=source,
                line=number,
                expected="one of: " + ", ".join(FRONT_MATTER),
            )
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1].strip()
        convert, expected = FRONT_MATTER[key]
        try:
            values[key] = convert(value) if value else None
        except ValueError as error:
            raise SourceError(f"{key}: {value!r}", where=source, line=number, expected=expected) from error
    raise SourceError("the front matter has no end", where=source, line=1, expected='a line "---" after its last pair')


def read_markdown(raw: Raw) -> Iterator[Parts]:
    """Markdown, with what its front matter states."""
    values, body = _front_matter(normalise(decode(raw)), raw.source)
    text = plain_text(body)
    if not text:
        raise SourceError("no text" + (" after the front matter" if values else ""), where=raw.source)
    yield Parts(with_title(text, values.get("title"), text.split("\n", 1)[:1]), **values)


@cache
def _markdown() -> Any:
    from markdown_it import MarkdownIt

    # Four spaces open a code block in Markdown and a paragraph in news.
    return MarkdownIt("commonmark").enable("table").disable("code")


def plain_text(markdown: str) -> str:
    """Markdown (CommonMark and tables) without its marks: one line a paragraph, heading, list item or table row.

    A link leaves its words, a picture nothing; list items keep "- " or their number; cells are parted by " | ".
    """
    lines: list[str] = []
    mark, depth = "", 0
    row: list[str] | None = None
    for token in _markdown().parse(markdown):
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                depth += 1
            case "bullet_list_close" | "ordered_list_close":
                depth -= 1
            case "list_item_open":
                mark = "  " * (depth - 1) + (f"{token.info}{token.markup} " if token.info else "- ")
            case "tr_open":
                row = []
            case "tr_close":
                lines.append(" | ".join(row or ()))
                row = None
            case "inline" if row is not None:
                row.append(_inline(token))
            case "inline":
                lines.append(mark + _inline(token))
                mark = ""
            case "fence":
                lines.append(token.content.rstrip("\n"))
            case "html_block":
                lines.append(_without_tags(token.content))
    return "\n".join(line for line in lines if line.strip())


def _inline(token: Token) -> str:
    text = ""
    for child in token.children or ():
        match child.type:
            case "text" | "code_inline":
                text += child.content
            case "softbreak":
                text += " "
            case "hardbreak":
                text += "\n"
            case "html_inline" if child.content.lower().startswith("<br"):
                text += "\n"
    return text.strip()


# What is never shown begins so; what is not closed hides the rest, as in a browser.
_HIDDEN = re.compile(r"<(?:(!--)|(script|style)\b)", re.IGNORECASE)


def _without_tags(block: str) -> str:
    from html import unescape

    kept: list[str] = []
    at, small = 0, block.lower()
    while found := _HIDDEN.search(block, at):
        kept.append(block[at : found.start()])
        end = small.find("--" if found[1] else f"</{found[2].lower()}", found.end())
        end = block.find(">", end) if end >= 0 else -1
        at = end + 1 if end >= 0 else len(block)
    text = unescape(re.sub(r"<[^<>]*>", "", "".join(kept) + block[at:]))
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())
