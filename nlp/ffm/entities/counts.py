"""Counts: a number and the noun phrase after it, read from part-of-speech tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from ffm.entities.count_checks import PLURALS, Number, counts_something, is_year
from ffm.entities.lexicon import lexicon
from ffm.entities.marked import NOT_INSIDE, Amount, bounds, ranges
from ffm.entities.numbers import NUMBER
from ffm.entities.tokens import Tokens
from ffm.records import Range

AFTER_NUMBER = r"(?![\w/:]|[.,]\d|-\w)"
NOUNS = ("NN", "NNS", "NNP", "NNPS", "FW")
AUXILIARIES = {
    "is", "are", "was", "were", "be", "been", "being", "has", "have", "had", "do", "does", "did", "not", "so", "also", "only", "then", "there",
}  # fmt: skip
MADE_BY = {"based", "run", "led", "funded", "owned", "related", "supported", "managed"}
POSSESSED = {"ours", "theirs", "mine", "yours"}
PHONE = re.compile(
    r"(?<!\w)(?:\+|00)\d[\d\s()./-]{6,}\d|(?<![\w.,])0\d{1,4}(?:[\s./-]\d{2,})+|\b116[\s-]\d{3}\b|(?<![\w.,])\d{3,4}-\d{3,4}(?:-\d{2,4})+(?!\w)"
)


@cache
def _count_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"{NOT_INSIDE}(?P<low>{NUMBER})(?:(?P<join>\s*(?:-|–|to|or|and)\s*)(?P<high>{NUMBER}))?{AFTER_NUMBER}", re.IGNORECASE
    )


def count_amounts(tokens: Tokens, tags: Sequence[str], taken: Sequence[Range]) -> Iterator[Amount]:
    """Yield the counts of a sentence.

    Parameters
    ----------
    tokens
        The sentence.
    tags
        A Penn Treebank tag for each of its tokens.
    taken
        Ranges of the sentence that hold money and percentages, which no count overlaps.
    """
    text = tokens.text
    closed = [*taken, *(match.span() for match in PHONE.finditer(text))]
    lower = [word.lower() for word in tokens.words]
    for start, end, low, high, written in _numbers(text):
        range_ = tokens.exactly(start, end)
        if range_ is None or any(start < other_end and other_start < end for other_start, other_end in closed):
            continue
        head = _noun_phrase(tokens, lower, tags, range_[1], low)
        number = Number(tokens, lower, tags, *range_, head, end, low, written)
        if counts_something(number, ranged=high != low):
            stop = end if head is None else tokens.end(head - 1)
            yield Amount(start, stop, "count", low, high, noun=text[end:stop].strip() or None, number_end=end)


def _numbers(text: str) -> Iterator[tuple[int, int, float | int, float | int, str]]:
    """Yield the numbers and ranges of a text with their bounds, and what the lower bound is written as.

    What only looks like a range ("from 3 in 2013 to 22") is two numbers.
    """
    pattern = _count_pattern()
    position = 0
    while match := pattern.search(text, position):
        low_text, high_text = match.group("low"), match.group("high")
        position = match.end()
        range_ = bounds(low_text, high_text)
        if high_text and (range_ is None or is_year(low_text, range_[0]) or not ranges(match, text)):
            position = match.start("high")
            single = bounds(low_text, None)
            if single is not None:
                yield match.start(), match.end("low"), *single, low_text
        elif range_ is not None:
            yield match.start(), match.end(), *range_, low_text


def _noun_phrase(tokens: Tokens, lower: list[str], tags: Sequence[str], index: int, value: float | int) -> int | None:
    """Return the index after the head noun of the phrase that begins at a token, or None where no noun follows."""
    words = lexicon()
    head: int | None = None
    position = index
    while position < len(tags) and position - index < 9:
        tag, word = tags[position], tokens.words[position]
        plural = head is not None and tags[head - 1] in PLURALS
        if word in words.counted_forms:
            head = position + 1
        elif (
            lower[position] in POSSESSED
            or (lower[position] in words.labels and re.match(r"\d", tokens.word(position + 1)))
            or (position == index and value > 1 and lower[position] in words.verbs and not _noun_follows(tags, position + 1))
        ):
            break
        elif tag in NOUNS or (tag == "VBZ" and position == index and value > 1) or _joined_number(tokens, tags, position, head):
            if plural and tags[position] != "NNS" and lower[position] != "staff" and word != "/" and tokens.words[position - 1] != "/":
                break
            head = position + 1
        elif tag in ("JJ", "JJR", "JJS") or (tag == "POS" and head is not None):
            if plural and tag != "POS":
                break
        elif lower[position] in AUXILIARIES or (word in ("-", "–", "—") and (tokens.spaced[position] or tokens.spaced[position - 1])):
            break
        elif head is not None and lower[position] in MADE_BY and position + 1 < len(tags) and tags[position + 1] in ("NN", "NNS", "JJ"):
            pass
        elif tag == "VBD" and position == index:  # "two obtained residency"
            break
        elif tag in ("VBN", "VBG", "VBD", "RB", "HYPH", "AFX") or word in ("-", "/", "–"):
            if head is not None and tag not in ("HYPH", "AFX") and word not in ("-", "/", "–"):
                break
        elif tag == "CC" and lower[position] in ("and", "or", "&"):
            if position == index or not _coordinates(tags, position, head):
                break
        elif not (word == "/" or tag == "SYM" or (word == "," and head is None and position > index)):
            break
        position += 1
    return None if head is not None and head - 1 > index and lower[head - 1] in MADE_BY else head  # "one state-run and 3 NGO-run"


def _noun_follows(tags: Sequence[str], position: int) -> bool:
    return position < len(tags) and tags[position] in NOUNS


def _joined_number(tokens: Tokens, tags: Sequence[str], position: int, head: int | None) -> bool:
    """Tell whether a token is a number joined to a word, or the number in "one-stop shops"."""
    word = tokens.words[position]
    return (
        head is None
        and tags[position] == "CD"
        and word[0].isalpha()
        and ("-" in word or (tokens.word(position + 1) == "-" and not tokens.spaced[position]))
    )


def _coordinates(tags: Sequence[str], position: int, head: int | None) -> bool:
    """Tell whether what follows a conjunction belongs to the counted phrase: "women and girls", "new and old cases"."""
    position += 1
    seen = 0
    while position < len(tags) and tags[position] in ("JJ", "VBN", "VBD", "VBG", "NN", "NNP", "RB") and seen < 3:
        position += 1
        seen += 1
    if position >= len(tags):
        return False
    if head is None or tags[head - 1] in ("NN", "JJ"):
        return tags[position] in PLURALS or (head is None and seen > 0)
    return tags[position] == "NNS" and seen <= 1 and tags[head - 1] == "NNS"
