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
MORE = {"more", "fewer", "less"}
MODIFIERS = ("JJ", "VBN", "VBD", "VBG", "NN", "NNP", "RB", "HYPH")
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
            if lower[position] == "others" and head is None:
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
            if head is not None and tag not in ("HYPH", "AFX") and word not in ("-", "/", "–") and tokens.words[position - 1] != "-":
                break
        elif tag == "CC" and lower[position] in ("and", "or", "&"):
            if position == index and lower[position + 1 : position + 2] and lower[position + 1] in MORE:  # "three or more children"
                index = position = position + 2
                continue
            end = None if position == index else _coordinated(tokens, lower, tags, position, head)
            if end is None:
                break
            head = end
            position = end - 1
        elif not (word == "/" or tag == "SYM" or (word == "," and head is None and position > index)):
            head = _listed_heads(tags, lower, position, head) if word == "," else _named_again(tags, lower, position, head)
            break
        position += 1
    if head is None or (head - 1 > index and lower[head - 1] in MADE_BY):  # "one state-run and 3 NGO-run"
        return None
    if lower[index - 1] in MORE and tags[head - 1] not in PLURALS:  # "two or more pay"
        return None
    return None if value > 1 and tags[index] == "VBN" and tags[head - 1] == "NN" else head  # "two obtained residency"


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


def _coordinated(tokens: Tokens, lower: list[str], tags: Sequence[str], conjunction: int, head: int | None) -> int | None:
    """Return the index after the noun that a conjunction adds to the counted phrase, or None where it adds none.

    "women and girls", "new and old cases", "victims or potential victims", "Roma and Egyptians".
    """
    position = conjunction + 1
    while position < len(tags) and tags[position] in MODIFIERS and position - conjunction < 4:
        position += 1
    if position >= len(tags):
        return None
    seen = position - conjunction - 1
    if head is None or tags[head - 1] in ("NN", "JJ"):
        if tags[position] in PLURALS:
            return position + 1
        return position if head is None and seen > 0 and tags[position - 1] in NOUNS else None
    if lower[position] == lower[head - 1] and tags[position] in PLURALS:
        return position + 1
    if tokens.words[head - 1][0].isupper() and all(
        word[0].isupper() or word == "-" for word in tokens.words[conjunction + 1 : position + 1]
    ):
        return position + 1 if tags[position] in PLURALS else None
    return position + 1 if tags[position] == "NNS" and seen == 0 and tags[head - 1] == "NNS" else None


def _named_again(tags: Sequence[str], lower: list[str], of: int, head: int | None) -> int | None:
    """Return the index after a counted noun that comes again: "victims of theft and potential victims"; else the head."""
    if (
        head is None
        or lower[of] != "of"
        or tags[of + 1 : of + 2] not in (["NN"], ["NNS"])
        or lower[of + 2 : of + 3] not in (["and"], ["or"])
    ):
        return head
    position = of + 3
    while position < len(tags) and tags[position] in MODIFIERS and position - of < 6:
        position += 1
    return position + 1 if lower[position : position + 1] == [lower[head - 1]] else head


def _listed_heads(tags: Sequence[str], lower: list[str], comma: int, head: int | None) -> int | None:
    """Return the index after the last noun of a list of counted nouns: "prosecutors, judges, and police officers"; else the head."""
    position = comma
    items = 0
    while (
        head is not None
        and tags[head - 1] == "NNS"
        and position < len(tags)
        and (lower[position] == "," or lower[position] in ("and", "or"))
    ):
        last = lower[position] != "," or lower[position + 1 : position + 2] in (["and"], ["or"])
        position += 2 if last and lower[position] == "," else 1
        start = position
        while position < len(tags) and tags[position] in ("JJ", "NN") and position - start < 2:
            position += 1
        if position >= len(tags) or tags[position] != "NNS":
            return head
        position += 1
        items += 1
        if last:
            return position if items > 1 else head
    return head
