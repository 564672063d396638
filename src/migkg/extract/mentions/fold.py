"""People with their posts as one symbol: "Rina Sari, Head of Office at UNODC, said" is read as "NAME0 , said".

What holds for a name holds for the whole phrase, so rules about speakers and guests need not know how posts are told.
Phrases are taken from the left, which tells "A, head of X, B, head of Y" from "the head of X, A, the head of Y, B".
"""

from __future__ import annotations

import re
from functools import cache

from migkg.extract.grammar import compile_pattern, placeholders
from migkg.extract.mention import Line, Mention
from migkg.model import Span

_POST = {
    "en": (
        "( the|a|an|its|their )? ( @courtesy )? ( {ORG} 's? )? ( {PLACE|DEMONYM} 's? )? ( @past )? {ROLE}"
        " ( [ {ORG} ] )?"
        " ( @title_link the? {ORG|PLACE} )? ( @title_link the? {ORG|PLACE} )? ( @title_link the? {ORG|PLACE} )?"
        " ( ,? @ad_interim )?"
    ),
    "id": (
        "( selaku|sebagai|para )? ( @past )? {ROLE} ( [ {ORG} ] )?"
        " ( @title_link? {ORG|PLACE} )? ( @title_link {ORG|PLACE} )? ( @title_link {ORG|PLACE} )? ( @ad_interim )?"
    ),
}
_AND = {"en": "( ,? and|& POST )?", "id": "( ,? dan|sekaligus|serta|merangkap POST )?"}


@cache
def _phrases(lang: str) -> re.Pattern[str]:
    post = f"( {_POST[lang]} )"
    both = _AND[lang].replace("POST", post)
    if lang == "en":
        behind = (
            f"( ,|[|- ( who is | serving as | acting as | as )? {post} {both} ]? | who is {post} |"
            " ,? of|from|representing|with the? {ORG} ( in {PLACE} )? | [ {ORG|PLACE} ] )"
        )
    else:
        behind = (
            f"( ,|[|- ( yang merupakan )? {post} {both} ]? | ( selaku|sebagai | yang merupakan ) {post} {both} |"
            " dari|mewakili {ORG} | [ {ORG|PLACE} ] )"
        )
    pattern = (
        f"( {post} {both} {{one:NAME}} {behind}? | {post} {both} , {{two:NAME}} | {{three:NAME}} {behind}? )"
    )
    return compile_pattern(pattern, lang)


def fold_people(line: Line, lang: str) -> Line:
    """A line with each person's phrase as the symbol of the name alone.

    The spans of these symbols cover the whole phrase, so that evidence holds it.
    """
    if "NAME" not in line.types or not line.types & {"ROLE", "ORG"}:
        return line
    items: list[tuple[Span, Mention | None]] = []
    parts: list[str] = []
    offsets: list[int] = []
    length = position = 0
    pairs = list(zip(line.items, line.offsets, strict=True))

    def keep(item: tuple[Span, Mention | None], part: str) -> None:
        nonlocal length
        items.append(item)
        parts.append(part)
        offsets.append(length)
        length += len(part)

    def copy(end: int) -> None:
        nonlocal position
        while position < len(pairs) and pairs[position][1] < end:
            item, start = pairs[position]
            following = pairs[position + 1][1] if position + 1 < len(pairs) else len(line.text)
            keep(item, line.text[start:following])
            position += 1

    at = 0
    while match := _phrases(lang).search(line.text, at):
        group = next(group for group in ("one", "two", "three") if match[group])
        end = match.end()
        if line.text.startswith("NAME", end) and end > match.end(group):
            # "Rina Sari, Minister Budi Hartono": the post belongs to the name behind it.
            end = match.end(group)
        copy(match.start())
        name = placeholders(match[group])[0]
        keep((line.span(match.start(), end), line.find(name)), f"{name} ")
        while position < len(pairs) and pairs[position][1] < end:
            position += 1
        at = end
    copy(len(line.text) + 1)
    return Line(line.sentence, "".join(parts), tuple(items), tuple(offsets), line.types, line.mentions)
