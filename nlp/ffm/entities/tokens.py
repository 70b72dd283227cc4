"""The tokens of a document as plain values, so that rules over them are quick and need no pipeline."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from msgspec import Struct
from spacy.tokens import Doc
from spacy.vocab import Vocab

from ffm.records import Range
from ffm.segment.sentences import sentence_ranges

Item = TypeVar("Item")


class Tokens(Struct, frozen=True):
    """The tokens of a text."""

    text: str  # the whole text
    words: list[str]  # each token as written
    spaced: list[bool]  # whether a space follows each token
    offsets: list[int]  # where each token begins in the text

    @classmethod
    def of(cls, doc: Doc) -> Tokens:
        """Return the tokens of a document."""
        words, spaced = _words(doc)
        return cls.joined(words, spaced)

    @classmethod
    def joined(cls, words: list[str], spaced: list[bool]) -> Tokens:
        """Return tokens from words and whether a space follows each."""
        offsets: list[int] = []
        offset = 0
        for word, space in zip(words, spaced, strict=True):
            offsets.append(offset)
            offset += len(word) + space
        return cls("".join([word + " " if space else word for word, space in zip(words, spaced, strict=True)]), words, spaced, offsets)

    def __len__(self) -> int:
        """Return the number of tokens."""
        return len(self.words)

    def word(self, index: int) -> str:
        """Return a token, or an empty string beyond either end."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def end(self, index: int) -> int:
        """Return where a token ends in the text."""
        return self.offsets[index] + len(self.words[index])

    def surface(self, start: int, end: int) -> str:
        """Return the text of a range of tokens."""
        return self.text[self.offsets[start] : self.end(end - 1)]

    def exactly(self, start: int, end: int) -> Range | None:
        """Return the range of tokens that covers exactly a range of characters, or None."""
        first, last = bisect_left(self.offsets, start), bisect_left(self.offsets, end) - 1
        if first > last or self.offsets[first] != start or self.end(last) != end:
            return None
        return first, last + 1

    def matches(self, pattern: re.Pattern[str], group: str | int = 0) -> Iterator[tuple[Range, re.Match[str]]]:
        """Yield the matches of a pattern whose group begins and ends with tokens, each after the range of these."""
        for match in pattern.finditer(self.text):
            if span := self.exactly(*match.span(group)):
                yield span, match

    def around(self, start: int, end: int) -> Range:
        """Return the range of the tokens that a range of characters touches."""
        return max(0, bisect_right(self.offsets, start) - 1), bisect_left(self.offsets, end)

    def part(self, start: int, end: int) -> Tokens:
        """Return a range of tokens as tokens of their own text."""
        return Tokens.joined(self.words[start:end], self.spaced[start:end])

    def doc(self, vocab: Vocab) -> Doc:
        """Return the tokens as a document."""
        return Doc(vocab, words=self.words, spaces=self.spaced)


def apart(items: Iterable[Item], place: Callable[[Item], Range]) -> list[Item]:
    """Return of overlapping items, the best first, those that overlap none before them, in the order of their places."""
    kept: list[Item] = []
    ends: list[int] = []
    for item in items:
        start, end = place(item)
        at = bisect_right(ends, start)
        if at == len(kept) or end <= place(kept[at])[0]:
            kept.insert(at, item)
            ends.insert(at, end)
    return kept


def text_of(doc: Doc) -> str:
    """Return a document's text, as ``doc.text`` does, without an object a token."""
    return "".join([word + " " if space else word for word, space in zip(*_words(doc), strict=True)])


def _words(doc: Doc) -> tuple[list[str], list[bool]]:
    """Return the words of a document, and whether a space follows each."""
    if not len(doc):
        return [], []
    words, spaced = doc.to_array(["ORTH", "SPACY"]).T.tolist()
    return list(map(doc.vocab.strings.__getitem__, words)), list(map(bool, spaced))


def sentences(tokens: Tokens, ranges: tuple[Range, ...] | None) -> Iterator[Range]:
    """Yield the sentences of a text as ranges of tokens, divided at ends of lines too: there a list's item or a table's cell ends.

    Parameters
    ----------
    ranges
        The sentences as ranges of characters, where they are known.
    """
    text = tokens.text
    for start, end in ranges or sentence_ranges(text):
        while start < end:
            line_end = text.find("\n", start, end)
            stop = end if line_end < 0 else line_end
            if start < stop:
                yield tokens.around(start, stop)
            start = stop + 1
