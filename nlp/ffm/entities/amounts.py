"""Amounts: money, percentages and counts, each with its value, as a spaCy component.

Only sentences that hold a number are tagged with parts of speech, which is a fraction of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from ffm.batches import batches
from ffm.entities.counts import count_amounts
from ffm.entities.marked import Amount, marked_amounts
from ffm.entities.numbers import NUMBER
from ffm.entities.stock import load_stock
from ffm.entities.tokens import Tokens, sentences
from ffm.records import Range

__all__ = ["LABEL", "Amount", "AmountFinder"]

LABEL = "AMOUNT"
BATCH = 64
_NUMBER = re.compile(NUMBER)


class AmountFinder:
    """The spaCy component ``ffm_amounts``: adds AMOUNT entities, with their values in ``span._.amount``."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        self.vocab = nlp.vocab
        self._tagger: Language | None = None

    def __call__(self, doc: Doc) -> Doc:
        return next(iter(self.pipe([doc])))

    def pipe(self, stream: Iterable[Doc], batch_size: int = BATCH) -> Iterator[Doc]:
        """Process documents in batches, tagging only the sentences that hold a number."""
        for batch in batches(stream, BATCH):
            found = [marked_amounts(doc.text) for doc in batch]
            pieces = [(number, span) for number, doc in enumerate(batch) for span in _number_sentences(doc)]
            tags = self._tag([span for _, span in pieces])
            for (number, span), span_tags in zip(pieces, tags, strict=True):
                found[number] += _counts(span, span_tags, [(amount.start, amount.end) for amount in found[number]])
            for doc, amounts in zip(batch, found, strict=True):
                if amounts:
                    _set_entities(doc, amounts)
                yield doc

    def _tag(self, spans: list[Span]) -> list[list[str]]:
        if not spans:
            return []
        if self._tagger is None:
            self._tagger = load_stock(("tok2vec", "tagger"))
        vocab = self._tagger.vocab
        docs = [Doc(vocab, words=[token.text for token in span], spaces=[bool(token.whitespace_) for token in span]) for span in spans]
        return [[token.tag_ for token in doc] for doc in self._tagger.pipe(docs, batch_size=BATCH)]

    def to_bytes(self, exclude: Iterable[str] = ()) -> bytes:
        """Serialise nothing: the component has no state."""
        return b""

    def from_bytes(self, data: bytes, exclude: Iterable[str] = ()) -> AmountFinder:
        """Read nothing."""
        return self

    def to_disk(self, path: Any, exclude: Iterable[str] = ()) -> None:
        """Write nothing."""

    def from_disk(self, path: Any, exclude: Iterable[str] = ()) -> AmountFinder:
        """Read nothing."""
        return self


def _number_sentences(doc: Doc) -> list[Span]:
    """Return the sentences of a document that hold a number, as spans."""
    return [span for span in sentences(doc) if _NUMBER.search(span.text)] if _NUMBER.search(doc.text) else []


def _counts(span: Span, tags: list[str], taken: list[Range]) -> list[Amount]:
    """Return the counts of a sentence, with offsets in the document."""
    offset = span.start_char
    inside = [(start - offset, end - offset) for start, end in taken]
    return [
        Amount(
            amount.start + offset,
            amount.end + offset,
            "count",
            amount.low,
            amount.high,
            noun=amount.noun,
            number_end=amount.number_end + offset,
        )
        for amount in count_amounts(Tokens.of(span), tags, inside)
    ]


def number_alone(amount: Amount, bodies: Iterable[Range]) -> Amount:
    """Return a count without its noun phrase where a named body stands in the phrase: the name is marked, and the number alone."""
    if amount.kind == "count" and any(amount.number_end <= start < amount.end for start, _ in bodies):
        return Amount(amount.start, amount.number_end, "count", amount.low, amount.high, number_end=amount.number_end)
    return amount


def _set_entities(doc: Doc, amounts: list[Amount]) -> None:
    """Add amounts to a document's entities; an amount takes the place of a name that it overlaps."""
    entities = doc.ents
    bodies = [(entity.start_char, entity.end_char) for entity in entities if entity.label_ == "ORG"]
    values: dict[Range, Amount] = {}
    spans: list[Span] = []
    for amount in (number_alone(amount, bodies) for amount in amounts):
        span = doc.char_span(amount.start, amount.end, label=LABEL) or _widened(doc, amount)
        if span is not None:
            spans.append(span)
            values[(span.start, span.end)] = amount
    spans = filter_spans(spans)
    taken = {token for span in spans for token in range(span.start, span.end)}
    for span in spans:
        span._.amount = values[(span.start, span.end)]
    doc.ents = [*(entity for entity in entities if not any(token in taken for token in range(entity.start, entity.end))), *spans]


def _widened(doc: Doc, amount: Amount) -> Span | None:
    """Return the tokens around an amount that ends inside a token, if they add no letter or digit to it."""
    span = doc.char_span(amount.start, amount.end, label=LABEL, alignment_mode="expand")
    text = doc.text
    if span is None or any(
        character.isalnum() for character in text[span.start_char : amount.start] + text[amount.end : span.end_char]
    ):
        return None
    return span
