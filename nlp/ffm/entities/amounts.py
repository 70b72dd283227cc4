"""Amounts: money, percentages and counts, each with its value, as a spaCy component.

Only sentences that hold a number are tagged with parts of speech, which is a fraction of the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans, minibatch

from ffm.entities.counts import count_amounts
from ffm.entities.marked import Amount, enumerations, marked_amounts
from ffm.entities.numbers import BEGINS_NUMBER
from ffm.entities.stock import load_stock
from ffm.entities.tokens import Tokens, sentences
from ffm.records import Range

__all__ = ["LABEL", "Amount", "AmountFinder"]

LABEL = "AMOUNT"
BATCH = 64


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
        for batch in minibatch(stream, BATCH):
            texts = [Tokens.of(doc) for doc in batch]
            found = [marked_amounts(tokens.text, doc._.question or "") for tokens, doc in zip(texts, batch, strict=True)]
            listed = [enumerations(tokens.text) for tokens in texts]
            pieces = [(number, *piece) for number, doc in enumerate(batch) for piece in _number_sentences(texts[number], doc._.sentences)]
            parts = [texts[number].part(start, end) for number, start, end in pieces]
            for (number, start, _), part, tags in zip(pieces, parts, self._tag(parts), strict=True):
                offset = texts[number].offsets[start]
                closed = [*((amount.start, amount.end) for amount in found[number]), *listed[number]]
                taken = [(start - offset, end - offset) for start, end in closed]
                found[number] += [amount.moved(offset) for amount in count_amounts(part, tags, taken)]
            for doc, amounts in zip(batch, found, strict=True):
                if amounts:
                    _set_entities(doc, amounts)
                yield doc

    def _tag(self, parts: list[Tokens]) -> Iterator[list[str]]:
        if self._tagger is None:
            self._tagger = load_stock(("tok2vec", "tagger"))
        vocab = self._tagger.vocab
        for doc in self._tagger.pipe((part.doc(vocab) for part in parts), batch_size=BATCH):
            yield [token.tag_ for token in doc]

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


def _number_sentences(tokens: Tokens, ranges: tuple[Range, ...] | None) -> list[Range]:
    """Return the sentences of a text that hold a number, as ranges of tokens."""
    if not BEGINS_NUMBER.search(tokens.text):
        return []
    return [
        (start, end)
        for start, end in sentences(tokens, ranges)
        if BEGINS_NUMBER.search(tokens.text, tokens.offsets[start], tokens.end(end - 1))
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
    if span is None or any(character.isalnum() for character in text[span.start_char : amount.start] + text[amount.end : span.end_char]):
        return None
    return span
