"""The condition of a text: what a person should know before she relies on what was read from it, or was not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migkg.extract import Claims
from migkg.languages import languages_of
from migkg.model import Article, Finding

_NAMES = {"en": "English", "id": "Indonesian"}
# A quotation or a list of names in the other language is no mixture; half an article's translation is.
_MIXED = 0.2
# Of all words, and at least so many: in clean texts, with codes and addresses, one word in a hundred is odd.
_ODD_SHARE, _ODD_WORDS = 0.05, 10
# A figure or capitals inside a word, signs that are in no word; what UTF-8 looks like when it is read as windows-1252.
_ODD = re.compile(
    r"[a-z][0-9][a-z]|[a-z][A-Z][a-z]+[A-Z]|\w[|~^\\{}=¬¦§¢]|[|~^\\{}=¬¦§¢]\w|\ufffd|â€|Ã[\x80-\xbf]|Â[\xa0-\xbf]"
)
_ADDRESS = re.compile(r"https?:|www\.|@")
_SENTENCE_END = re.compile(r"[.!?…:][\"'”’»)\]]*$")
_LABEL_WORDS = 12  # a shorter last line is a signature or a label


def condition(article: Article, claims: Claims | None) -> Iterator[Finding]:
    """What is odd about a text.

    :param claims: what the rules read in it; None when it is in no language that they read.
    """
    shares = languages_of(article.text)
    mixed = len(shares) > 1 and min(shares.values()) >= _MIXED
    odd = _is_odd(article.text)
    if claims is None:
        yield _finding(article, "language.unknown", _unread(mixed=mixed, odd=odd))
    elif mixed and article.lang in shares:
        (other,) = (lang for lang in shares if lang != article.lang)
        yield _finding(
            article, "language.mixed",
            f"A part of this article ({shares[other]:.0%} of its sentences) is in {_NAMES[other]}, and was read as "
            f"{_NAMES[article.lang]}. Save each language as an article of its own.",
        )  # fmt: skip
    if odd and claims is not None:
        yield _finding(
            article, "text.odd",
            "Many words of this article hold characters that belong to no word, as after bad text recognition or a "
            "wrong encoding; names may be wrong and facts missing.",
        )  # fmt: skip
    if claims is not None and all(block.kind == "menu" for block in claims.reading.document.blocks):
        yield _finding(article, "text.menu", "This article holds no sentence, only labels such as those of a menu.")
    elif _is_cut(article.text):
        yield _finding(article, "text.cut", "This article breaks off in the middle of its last sentence.")
    if scanned := _scanned(article):
        yield _finding(article, "text.scanned", f"{scanned}: a picture without text, which was not read.")


def _finding(article: Article, shape: str, message: str) -> Finding:
    return Finding("warning", shape, "", message, article=article.id)


def _unread(*, mixed: bool, odd: bool) -> str:
    if mixed:
        return (
            "This article is in English and in Indonesian alike; nothing was read from it. "
            "Save each language as an article of its own, or state the one to read as its language."
        )
    why = ", or too many of its words are damaged" if odd else ""
    return f"This article is neither in English nor in Indonesian{why}; nothing was read from it."


def _is_odd(text: str) -> bool:
    words = [word for word in text.split() if not _ADDRESS.search(word)]
    odd = sum(_ODD.search(word) is not None for word in words)
    return odd >= max(_ODD_WORDS, _ODD_SHARE * len(words))


def _is_cut(text: str) -> bool:
    last = text.rstrip().rsplit("\n", 1)[-1].strip()
    return len(last.split()) >= _LABEL_WORDS and _SENTENCE_END.search(last) is None


def _scanned(article: Article) -> str:
    """ "Page 3", "Pages 3 and 5": those that end where they begin."""
    ends = [start for start, _ in article.pages[1:]] + [len(article.text)]
    empty = [page for (start, page), end in zip(article.pages, ends, strict=bool(article.pages)) if start == end]
    if not empty:
        return ""
    listed = ", ".join(map(str, empty[:10])) + (f" and {len(empty) - 10:,} more" if len(empty) > 10 else "")
    return f"Page{'s' if len(empty) > 1 else ''} {listed}"
