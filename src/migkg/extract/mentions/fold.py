"""People with their posts as one symbol: "Rina Sari, Head of Office at UNODC, said" is read as "NAME0 , said".

What holds for a name holds for the whole phrase, so rules about speakers and guests need not know how posts are told.
Phrases are taken from the left, which tells "A, head of X, B, head of Y" from "the head of X, A, the head of Y, B".
"""

from __future__ import annotations

import re
from functools import cache

from migkg.extract.grammar import compile_pattern, placeholders
from migkg.extract.lexicon import word_class
from migkg.extract.mention import Line, Mention, Place, written

_POST = {
    "en": (
        "( the|a|an|its|their )? ( @courtesy )? ( {ORG} 's? )? ( {PLACE|DEMONYM} 's? )? ( @past )? {ROLE}"
        " ( [ {ORG|ROLE} ] | [ .2 ] )?"
        " ( @title_link the? {ORG|PLACE} )? ( @title_link the? {ORG|PLACE} )? ( @title_link the? {ORG|PLACE} )?"
        " ( ,? @ad_interim )?"
    ),
    "id": (
        "( selaku|sebagai|para )? ( @past )? {ROLE} ( [ {ORG|ROLE} ] | [ .2 ] )?"
        " ( @title_link? {ORG|PLACE} )? ( @title_link {ORG|PLACE} )? ( @title_link {ORG|PLACE} )? ( @ad_interim )?"
    ),
}
_ROLE = re.compile(r"ROLE\d+")
# A name apart that no post follows: the post before it is its own.
_OWN_POST = re.compile(r", NAME\d+ (?!(?:,|\[|-) (?:the |a |an )?(?:ROLE|ORG))")
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


def is_staff(post: Mention, lang: str) -> bool:
    """ "Representatives", "key officials": several people, and nobody's title."""
    words = post.text.lower()
    return any(words == noun or words.endswith(f" {noun}") for noun in word_class(lang, "staff_plural"))


def fold_people(line: Line, lang: str) -> Line:
    """A line with each person's phrase as the symbol of the name alone.

    The spans of these symbols cover the whole phrase, so that evidence holds it.
    """
    if "NAME" not in line.types or not line.types & {"ROLE", "ORG"}:
        return line
    items = line.text.split(" ")
    parts: list[str] = []
    places: list[Place] = []
    done = 0

    def copy(end: int) -> None:
        places.extend(p._replace(at=p.at - done + len(parts)) for p in line.places if done <= p.at < end)
        parts.extend(items[done:end])

    at = 0
    while match := _phrases(lang).search(line.text, at):
        group = next(group for group in ("one", "two", "three") if match[group])
        if group != "three" and is_staff(line.find(_ROLE.findall(match[0])[0]), lang):
            # "Officials of X, Rina Sari, Head of Y": they are several, and no post of the first.
            match, group = _phrases(lang).match(line.text, match.start(group)) or match, "three"
        at = match.end()
        if at > match.end(group) and (
            line.text.startswith("NAME", at) or (match.start() < match.start(group) and _OWN_POST.match(line.text, at))
        ):
            # "Rina Sari, Minister Budi Hartono": the post belongs to the name behind it; and in a list that starts
            # with a post, "Minister Rina Sari, the Ambassador, Budi Hartono", with a comma too.
            at = match.end(group)
        first, behind = (line.text.count(" ", 0, offset) for offset in (match.start(), at))
        copy(first)
        name = placeholders(match[group])[0]
        places.append(Place(len(parts), line.token(behind), line.span(match.start(), at), line.find(name)))
        parts.append(name)
        done = behind
    if not done:
        return line
    copy(len(items) - 1)
    return written(line.sentence, parts, line.mentions, places)
