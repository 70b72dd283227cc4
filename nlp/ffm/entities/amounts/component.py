"""The spaCy component ``ffm_amounts``: money, percentages and counts, each with its value.

Only sentences with a number that may count something are tagged with parts of speech, which is a fraction of the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from msgspec.structs import replace
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans, minibatch

from ffm.entities.amounts.currencies import Where
from ffm.entities.amounts.read import Amount, Draft, draft, finished, untagged
from ffm.entities.stock import TAGGER, read_by, stock
from ffm.entities.tokens import text_of
from ffm.records import Range

LABEL = "AMOUNT"
BATCH = 64
MOST_CUTS = 100  # tokens that are divided in one text; each costs time that grows with the text


class AmountFinder:
    """Adds AMOUNT entities, with their values in ``span._.amount``.

    It reads, where they are set, ``doc._.question``, ``doc._.sentences``, ``doc._.persons``, ``doc._.country`` (the country that the report is about,
    ISO 3166-1) and ``doc._.date`` (ISO 8601).
    """

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        self.vocab = nlp.vocab

    def __call__(self, doc: Doc) -> Doc:
        return next(iter(self.pipe([doc])))

    def pipe(self, stream: Iterable[Doc], batch_size: int = BATCH) -> Iterator[Doc]:
        """Process documents in batches."""
        for batch in minibatch(stream, BATCH):
            drafts = [_draft(doc) for doc in batch]
            self._tag([found for found in drafts if found is not None])
            for doc, found in zip(batch, drafts, strict=True):
                if found is not None and (amounts := finished(found)):
                    _set_entities(doc, amounts)
                yield doc

    def _tag(self, drafts: list[Draft]) -> None:
        """Fill in the tags of the sentences that need them."""
        vocab = stock().vocab
        places = [(found, left, right) for found in drafts for left, right in untagged(found)]
        texts = (
            Doc(vocab, words=found.lex.words[left:right], spaces=[not found.lex.joined(index + 1) for index in range(left, right)])
            for found, left, right in places
        )
        for (found, left, right), doc in zip(places, read_by(TAGGER, texts), strict=True):
            found.tags[left:right] = map(vocab.strings.__getitem__, doc.to_array("TAG").tolist())


def _draft(doc: Doc) -> Draft | None:
    text = text_of(doc)
    where = Where(text, doc._.question or "", doc._.country)
    return draft(text, where, doc._.sentences, doc._.persons or (), doc._.date)


def number_alone(amount: Amount, bodies: Iterable[Range]) -> Amount:
    """Return a count without its noun phrase where a named body stands in the phrase: the name is marked, and the number alone."""
    if amount.kind == "count" and any(amount.number_end <= start < amount.end for start, _ in bodies):
        return replace(amount, end=amount.number_end, noun=None)
    return amount


def _set_entities(doc: Doc, amounts: list[Amount]) -> None:
    """Add amounts to a document's entities; an amount takes the place of a name that it overlaps."""
    bodies = [(entity.start_char, entity.end_char) for entity in doc.ents if entity.label_ == "ORG"]
    amounts = [number_alone(amount, bodies) for amount in amounts]
    text, found = doc.text, []
    _divide_tokens(doc, text, amounts)
    for amount in amounts:
        if span := _span(doc, text, amount):
            span._.amount = amount
            found.append(span)
    spans = filter_spans(found)
    taken = {token for span in spans for token in range(span.start, span.end)}
    doc.ents = [*(entity for entity in doc.ents if taken.isdisjoint(range(entity.start, entity.end))), *spans]


def _divide_tokens(doc: Doc, text: str, amounts: Iterable[Amount]) -> None:
    """Divide the tokens in which an amount begins or ends beside a letter or digit: "c.70", "49M,15F"."""
    cuts: dict[int, set[int]] = {}
    for amount in amounts:
        if _span(doc, text, amount) is None:
            for place in (amount.start, amount.end):
                around = doc.char_span(max(0, place - 1), place + 1, alignment_mode="expand")
                if around is not None and len(around) == 1 and around.start_char < place < around.end_char:
                    cuts.setdefault(around.start, set()).add(place - around.start_char)
    with doc.retokenize() as retokenizer:
        for index, places in list(cuts.items())[:MOST_CUTS]:
            token = doc[index]
            edges = [0, *sorted(places), len(token.text)]
            pieces = [token.text[left:right] for left, right in pairwise(edges)]
            retokenizer.split(token, pieces, heads=[(token, number) for number in range(len(pieces))])


def _span(doc: Doc, text: str, amount: Amount) -> Span | None:
    """Return the tokens of an amount, or those around one that ends inside a token if they add no letter or digit to it."""
    span = doc.char_span(amount.start, amount.end, label=LABEL, alignment_mode="expand")
    if span is None or any(character.isalnum() for character in text[span.start_char : amount.start] + text[amount.end : span.end_char]):
        return None
    return span
