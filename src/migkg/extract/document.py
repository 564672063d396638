"""Article → Document: blocks of text, the title, the dateline, quotations and sentences.

Site menus are told from the article by shape alone (line length, sentence ends, repetition), in the manner of
jusText (Pomikálek 2011): no word of any site stands here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from migkg.extract.dateline import Dateline, dateline_end, find_dateline
from migkg.extract.lexicon import Lexicon
from migkg.model import Article, Span

if TYPE_CHECKING:
    from spacy.language import Language

BlockKind = Literal["menu", "about", "title", "body"]

# A line with fewer words is a label unless it ends as a sentence does.
_LABEL_WORDS = 12
# Quoted text with fewer words is a name or a phrase, unless punctuation closes it inside the quotes.
_STATEMENT_WORDS = 8
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
_QUOTES = (("“", "”"), ("«", "»"), ("„", "“"))
# What stands in quotation marks behind these words is a title.
_TITLE_CUE = re.compile(
    r"\b(?:projects?|programmes?|programs?|initiative|titled|entitled|called|named|theme|themed|dubbed|tema|bertema|bertajuk|berjudul|proyek|program),?:?\s$",
    re.IGNORECASE,
)
# A comma, and behind it a verb with a name, or a name with a verb: ", said Rina Sari", ", Rina Sari said".
_SAID = re.compile(
    r",\s(?:(?P<verb>[a-z]+)\s(?:the\s)?(?=[A-ZÀ-Ý])|(?:[A-ZÀ-Ý][\w.’'-]*\s){1,4}(?P<last>[a-z]+)(?=[\s.,:]|$))"
)
_STRAIGHT = re.compile(r'"([^"\n]{2,3000}?)"')
_DEGREE_ENDS = re.compile(r", (?:[A-Z][A-Za-z]{0,4}\.){2,4} (?=[A-Z][a-z])")
# Mail and text files break lines at 60 to 90 characters; a line ends early by at most a long word.
_WRAP_WIDTH, _WRAP_SLACK, _WRAPPED_LINES = 100, 20, 3


TOKEN_TABLE = ["IDX", "LENGTH", "ORTH", "IS_SPACE", "SPACY", "IS_PUNCT"]
"""What is asked of tokens: where they stand, their word, whether they are blank, have a blank behind, are a mark."""


@dataclass(frozen=True, slots=True)
class Block:
    """A line of the article's text and what it is."""

    span: Span
    kind: BlockKind


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its tokens; a quotation with its attribution is one sentence.

    :param lower: the tokens in small letters, with straight apostrophes; `plain`: as patterns write them.
    :param capital: whether each token starts with a capital.
    :param starts, ends: offsets of each token in the article's text.
    """

    index: int
    span: Span
    kind: BlockKind
    words: tuple[str, ...]
    lower: tuple[str, ...]
    plain: tuple[str, ...]
    capital: tuple[bool, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """An article with its structure.

    :param quotes: quotations with their marks; `docs`: each block's spaCy Doc with the offset of its first character.
    """

    article: Article
    lang: str
    blocks: tuple[Block, ...]
    title: Span | None
    dateline: Dateline | None
    quotes: tuple[Span, ...]
    sentences: tuple[Sentence, ...]
    docs: tuple[tuple[Any, int, BlockKind], ...]

    @property
    def text(self) -> str:
        """The article's text, which all spans point into."""
        return self.article.text

    def sentence_at(self, offset: int) -> Sentence:
        """The sentence that holds an offset (the last one before it when it lies between two)."""
        low, high = 0, len(self.sentences) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self.sentences[middle].span.start <= offset:
                low = middle
            else:
                high = middle - 1
        return self.sentences[low]


@cache
def pipeline(lang: str) -> Language:
    """The blank spaCy pipeline of a language: a tokeniser, no model."""
    from spacy.lang.char_classes import LIST_ELLIPSES
    from spacy.util import compile_infix_regex

    from migkg.extract.lexicon import load_lexicon

    nlp = _language(lang)()
    tokenizer: Any = nlp.tokenizer
    # The default cache of 10,000 words is filled by a gazetteer; every lookup after that is slow.
    tokenizer.max_cache_size = 1_000_000
    # Hyphenated words are one token ("Socio-Cultural", "kementerian-kementerian"); dashes and ranges still split, as
    # does a full stop to which a quotation is glued.
    infixes = [*LIST_ELLIPSES, r"[\"“”«»„(),;–—/]", r"(?<=[0-9])[-](?=[0-9])", r"(?<=[a-zà-ÿ])[.!?](?=[\"“])"]
    tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    for abbreviation in load_lexicon(lang).abbreviations:
        tokenizer.add_special_case(abbreviation, [{"ORTH": abbreviation}])
    return nlp


def _language(lang: str) -> type[Language]:
    """spaCy's class of a language, without the words that its tokenizer is to keep whole though they have a hyphen.

    With our infixes it keeps them whole anyway, and to learn the 15,500 Indonesian ones takes seconds.
    """
    from spacy.util import get_lang_class

    language = get_lang_class(lang)
    kept = {
        word: parts
        for word, parts in language.Defaults.tokenizer_exceptions.items()
        if len(parts) > 1 or "-" not in word or not word.replace("-", "").isalpha()
    }
    defaults = type("Defaults", (language.Defaults,), {"tokenizer_exceptions": kept})
    return type(language.__name__, (language,), {"Defaults": defaults})


@cache
def _full_stops(lang: str) -> frozenset[int]:
    """What ends a sentence in any script, by number."""
    from spacy.pipeline import Sentencizer

    return frozenset(pipeline(lang).vocab.strings.add(mark) for mark in Sentencizer.default_punct_chars)


def read_document(article: Article, lexicon: Lexicon) -> Document:
    """Find an article's structure.

    :param article: any article whose `text` is not empty.
    :param lexicon: of the language it is read in.
    """
    text = article.text
    blocks, title, dateline = _blocks(article, lexicon)
    quotes: list[Span] = []
    sentences: list[Sentence] = []
    docs: list[tuple[Any, int, BlockKind]] = []
    nlp = pipeline(lexicon.lang)
    for block in blocks:
        if block.kind == "menu":
            continue
        start = block.span.start
        if dateline and block.span.holds(dateline.span):
            # What follows the dateline starts a sentence of its own.
            start = dateline_end(text, block.span, lexicon)
        source = text[start : block.span.end]
        doc = nlp.make_doc(source)
        docs.append((doc, start, block.kind))
        spoken = [] if block.kind == "title" else list(_quotations(source, lexicon))
        quotes.extend(Span(start + quote.start, start + quote.end) for quote in spoken)
        for words, starts, ends in _sentences(
            doc, start, text, quotes[len(quotes) - len(spoken) :], lexicon.honorifics
        ):
            lower, plain = _written(words)
            capital = tuple([word[0].isupper() for word in words])
            span = Span(starts[0], ends[-1])
            sentences.append(Sentence(len(sentences), span, block.kind, words, lower, plain, capital, starts, ends))
    return Document(article, lexicon.lang, tuple(blocks), title, dateline, tuple(quotes), tuple(sentences), tuple(docs))


def _lines(text: str) -> list[Span]:
    """The lines of a text; the lines of a paragraph that was broken at a fixed width are one."""
    spans: list[Span] = []
    paragraph: list[Span] = []
    for match in re.finditer(r"[^\n]*(?:\n|$)", text):
        line = match.group()
        if line.strip():
            left = len(line) - len(line.lstrip())
            paragraph.append(Span(match.start() + left, match.start() + len(line.rstrip())))
        else:
            spans += _unwrapped(paragraph, text)
            paragraph = []
    return spans


def _unwrapped(lines: list[Span], text: str) -> list[Span]:
    """Lines of like width, none but the last much shorter, which go on in the middle of a sentence."""
    if len(lines) < _WRAPPED_LINES:
        return lines
    widths = [line.end - line.start for line in lines[:-1]]
    wrapped = (
        max(widths) <= _WRAP_WIDTH
        and min(widths) >= max(widths) - _WRAP_SLACK
        and min(widths) > _WRAP_WIDTH // 3
        and any(not _SENTENCE_END.search(line.of(text)) for line in lines[:-1])
        and not any(line.of(text)[0] in "-•*▪·" for line in lines)
    )
    return [lines[0].join(lines[-1])] if wrapped else lines


def _blocks(article: Article, lexicon: Lexicon) -> tuple[list[Block], Span | None, Dateline | None]:
    """Classify each line; see the module's docstring for the idea."""
    text = article.text
    lines = _lines(text)
    prose = [_is_prose(span.of(text)) for span in lines]
    blurb = [
        prose[i] and i > 0 and not prose[i - 1] and _repeats(lines[i - 1].of(text), lines[i].of(text))
        for i in range(len(lines))
    ]
    told = (i for i, span in enumerate(lines) if prose[i] and not blurb[i] and find_dateline(text, span, lexicon))
    first = next(told, None)
    if first is None or any(prose[j] and not blurb[j] and prose[j - 1] for j in range(1, first)):
        # No dateline, or prose runs before it: the first prose line that is no menu blurb opens the article.
        first = next((i for i in range(len(lines)) if prose[i] and not blurb[i]), None)
    if first is None:
        # Nothing that reads as prose: a menu, or a stub of one line, which is still read.
        kind: BlockKind = "body" if len(lines) <= 2 else "menu"
        return [Block(span, kind) for span in lines], None, None
    title_line = _title_line(article, lines, prose, first)
    last = max(i for i in range(len(lines)) if prose[i] and not blurb[i])
    blocks = []
    for i, span in enumerate(lines):
        if i == title_line:
            kind = "title"
        elif i < first:
            kind = "about" if prose[i] else "menu"
        else:
            kind = "body" if i <= last else "menu"
        if kind == "about" and blurb[i]:
            # The label glued to the front of the blurb is no part of its first sentence.
            label = len(lines[i - 1].of(text))
            span = Span(span.start + label, span.end)
        blocks.append(Block(span, kind))
    title = lines[title_line] if title_line is not None else None
    return blocks, title, find_dateline(text, lines[first], lexicon)


def _is_prose(line: str) -> bool:
    words = len(line.split())
    if line[0] in "-•*▪·" and words < 2 * _LABEL_WORDS and not _SENTENCE_END.search(line):
        return False
    return words >= 2 * _LABEL_WORDS or (words >= _LABEL_WORDS // 2 and _SENTENCE_END.search(line) is not None)


def _repeats(label: str, line: str) -> bool:
    """A menu's blurb starts with the label that stands on the line before it, glued to its first word."""
    return len(line) > len(label) and line.casefold().startswith(label.casefold()) and line[len(label)].isalpha()


def _title_line(article: Article, lines: list[Span], prose: list[bool], first: int) -> int | None:
    """The stated title, or the line right above the article when it is no repeated label."""
    text = article.text
    texts = [span.of(text) for span in lines]
    if article.title and article.title in texts[: first + 1]:
        return texts.index(article.title)
    above = first - 1
    if above >= 0 and not prose[above] and texts.count(texts[above]) == 1 and texts[above][0].isalnum():
        return above if len(texts[above].split()) >= 4 else None
    return None


def _quotations(text: str, lexicon: Lexicon) -> Iterator[Span]:
    """Quoted speech, marks included; titles and single phrases in quotation marks are left to the sentence.

    A quotation that its paragraph does not close goes on in the next one (the convention of long quotations): it ends
    with the paragraph, or before its attribution when that stands there: "“We need data, said Rina Sari".
    """
    for opening, closing in _QUOTES:
        position = 0
        while (start := text.find(opening, position)) >= 0:
            end = text.find(closing, start + 1)
            closed = end >= 0
            unclosed = len(text) if closed else _attribution(text, start + 1, lexicon)
            span = Span(start, end + 1 if closed else unclosed)
            position = span.end
            inner = text[span.start + 1 : span.end - 1 if closed else span.end]
            if not _TITLE_CUE.search(text[:start]) and _is_speech(inner, text[span.end :]):
                yield span
    for match in _STRAIGHT.finditer(text):
        if not _TITLE_CUE.search(text[: match.start()]) and _is_speech(match.group(1), text[match.end() :]):
            yield Span(*match.span())


def _attribution(text: str, start: int, lexicon: Lexicon) -> int:
    """Where ", said X" or ", X said" stands behind an opening mark that nothing closes; else the end of the text."""
    for match in _SAID.finditer(text, start):
        if {match["verb"], match["last"]} & set(lexicon.words["say"]):
            return match.start() + 1
    return len(text)


def _is_speech(inner: str, after: str) -> bool:
    words = inner.split()
    if len(words) < 3:
        return False
    if inner.rstrip()[-1:] in ",.!?…":
        return True
    capitals = sum(word[0].isupper() for word in words)
    return len(words) >= _STATEMENT_WORDS and (capitals * 2 < len(words) or after[:1] in ".,")


# Brackets group symbols in a pattern, so those of the text are written otherwise; curly apostrophes become straight.
_PLAIN = str.maketrans({"(": "[", ")": "]", "’": "'", "‘": "'", "–": "-", "—": "-", " ": None})


_MARKS = re.compile(f"[{re.escape(''.join(map(chr, _PLAIN)))}]")


def _written(words: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Words as the lexicon and as patterns write them."""
    # No token holds a line break; one string costs a tenth of a string for each word.
    joined = "\n".join(words).lower()
    if _MARKS.search(joined) is None:
        lower = tuple(joined.split("\n"))
        return lower, lower
    return tuple(joined.replace("’", "'").split("\n")), tuple(joined.translate(_PLAIN).split("\n"))


_Tokens = tuple[tuple[str, ...], tuple[int, ...], tuple[int, ...]]


def _sentences(
    doc: Any, offset: int, text: str, quotes: list[Span], honorifics: frozenset[str]
) -> Iterator[_Tokens]:
    """spaCy's sentences, except that no sentence ends inside a quotation or between it and its attribution.

    :param offset: where the Doc starts in the text. :param quotes: those in it.
    :returns: for each its tokens and where they start and end in the text.
    """
    starts, ends, openings = _tokens(doc, offset, text, honorifics)
    words = tuple([text[start:end] for start, end in zip(starts, ends, strict=True)])
    quotes = sorted(quotes)
    closings = {quote.end for quote in quotes}
    marks = {**{quote.start: True for quote in quotes}, **dict.fromkeys(closings, False)}
    # Where a sentence may start: at spaCy's starts, and behind a quotation.
    candidates = openings.union(i + 1 for i, end in enumerate(ends) if end in closings) if closings else openings
    first = position = 0
    for i in sorted(candidates):
        if not 0 < i < len(words):
            continue
        begin, end = starts[i], ends[i - 1]
        while position < len(quotes) and quotes[position].end <= begin:
            position += 1
        if position < len(quotes) and quotes[position].start < begin:
            continue  # inside a quotation
        glued = position > 0 and quotes[position - 1].end == begin  # the full stop after a closing mark
        opens = i in openings and not glued and not _continues(words[i], begin, end, marks)
        if opens or (end in closings and _after_full_quote(words[i], end, text)):
            yield words[first:i], starts[first:i], ends[first:i]
            first = i
    if words:
        yield words[first:], starts[first:], ends[first:]


def sentence_starts(doc: Any, table: list[list[int]]) -> list[int]:
    """Where sentences start by the rule of spaCy's `sentencizer`: behind full stops and all marks that follow them.

    :param table: `TOKEN_TABLE` of the Doc. :returns: numbers of tokens.
    """
    stops = _full_stops(doc.lang_)
    starts = [0] if table else []
    for stop in [i for i, row in enumerate(table) if row[2] in stops]:
        if stop >= starts[-1]:
            rest = range(stop + 1, len(table))
            behind = next((i for i in rest if not table[i][5] and table[i][2] not in stops), None)
            if behind is None:
                break
            starts.append(behind)
    return starts


def _tokens(
    doc: Any, offset: int, text: str, honorifics: frozenset[str]
) -> tuple[tuple[int, ...], tuple[int, ...], set[int]]:
    """Where tokens that are no white space start and end in the text, and which of them open a sentence."""
    # As an array: an object for each token, only to ask it, costs more than all the rest.
    table = doc.to_array(TOKEN_TABLE).tolist()
    openings = set()
    for i in sentence_starts(doc, table):
        # spaCy leaves an opening mark with the sentence before it, we do not.
        while i > 0 and not table[i - 1][4] and doc[i - 1].text in '“«„‘(["':
            i -= 1
        openings.add(i)
    # "… Budi Hartono, M.Si. Mereka …": the full stop of a degree behind a name ends the sentence too.
    end = offset + sum(table[-1][:2]) if table else offset
    for match in _DEGREE_ENDS.finditer(text, offset, end):
        if match[0][2:-1].lower() in honorifics:
            continue  # ", H.E. Rina Sari": before a name
        after = match.end() - offset
        if (following := doc.char_span(after, after + 1, alignment_mode="expand")) is not None:
            openings.add(following.start)
    kept = [i for i, row in enumerate(table) if not row[3]]
    starts = tuple([offset + table[i][0] for i in kept])
    ends = tuple([offset + table[i][0] + table[i][1] for i in kept])
    if len(kept) < len(table):
        openings = {number for number, i in enumerate(kept) if i in openings}
    return starts, ends, openings


def _continues(word: str, begin: int, end: int, marks: Mapping[int, bool]) -> bool:
    """A closing mark, or a word in small letters after a quotation, belongs to the sentence before it.

    :param marks: where quotations begin (True) and end (False): a straight mark may be either.
    """
    if word in "”»’)]" or (word in "\"'" and begin == end and not marks.get(begin)):
        return True
    return marks.get(end) is False and word[0].islower()


def _after_full_quote(word: str, end: int, text: str) -> bool:
    """A quotation that closes with a full stop ends its sentence when a capital follows."""
    return text[end - 2] in ".!?…" and (word[0].isupper() or word[0] in '“"«')
