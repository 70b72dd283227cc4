"""The tokens of a document as plain values, so that rules over them are quick and need no pipeline."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from spacy.tokens import Doc, Span

from ffm.records import Range
from ffm.segment.sentences import sentence_ranges


class Tokens(Struct, frozen=True):
    """The tokens of a text.

    Attributes
    ----------
    text
        The whole text.
    words
        Each token as written.
    spaced
        Whether a space follows each token.
    offsets
        Where each token begins in the text.
    """

    text: str
    words: list[str]
    spaced: list[bool]
    offsets: list[int]
    _starts: dict[int, int]
    _ends: dict[int, int]

    @classmethod
    def of(cls, doc: Doc | Span) -> Tokens:
        """Return the tokens of a document, or of a sentence of it."""
        words: list[str] = []
        spaced: list[bool] = []
        offsets: list[int] = []
        offset = 0
        for token in doc:
            word, space = token.text, bool(token.whitespace_)
            words.append(word)
            spaced.append(space)
            offsets.append(offset)
            offset += len(word) + space
        starts = {start: index for index, start in enumerate(offsets)}
        ends = {start + len(word): index + 1 for index, (start, word) in enumerate(zip(offsets, words, strict=True))}
        return cls(doc.text, words, spaced, offsets, starts, ends)

    def __len__(self) -> int:
        """Return the number of tokens."""
        return len(self.words)

    def word(self, index: int) -> str:
        """Return a token, or an empty string beyond either end."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def surface(self, start: int, end: int) -> str:
        """Return the text of a range of tokens."""
        return self.text[self.offsets[start] : self.offsets[end - 1] + len(self.words[end - 1])]

    def exactly(self, start: int, end: int) -> Range | None:
        """Return the range of tokens that covers exactly a range of characters, or None."""
        first, last = self._starts.get(start), self._ends.get(end)
        return None if first is None or last is None or first >= last else (first, last)


def sentences(doc: Doc) -> Iterator[Span]:
    """Yield the sentences of a document, divided at ends of lines too: there a list's item or a table's cell ends."""
    text = doc.text
    for start, end in doc._.sentences or sentence_ranges(text):
        while start < end:
            line_end = text.find("\n", start, end)
            stop = end if line_end < 0 else line_end
            if start < stop:
                span = doc.char_span(start, stop, alignment_mode="expand")
                if span is not None:
                    yield span
            start = stop + 1
