"""Names of organisations and places, as a spaCy component on the pretrained recogniser and on rules.

The pretrained recogniser proposes; formal names (:mod:`ffm.entities.names.formal`) and defined short forms take
precedence; a list of capitals that are no bodies, and what a name is built around, decide what is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy.lang.en.stop_words import STOP_WORDS
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import minibatch

from ffm.entities.amounts.currencies import countries_of_text
from ffm.entities.lexicon import folded_in_place, lexicon
from ffm.entities.names.check import is_known_body, is_name, relabelled, trimmed
from ffm.entities.names.lists import listed_persons, listed_with_bodies, listed_with_places
from ffm.entities.names.propose import ORG, PLACE, PLACING, Candidate, Proposal, find_candidates
from ffm.entities.stock import RECOGNISER, read_by, stock
from ffm.entities.tokens import Tokens, apart, sentences
from ffm.records import Range

BATCH = 64
RANK = {"short form": 0, "quoted": 1, "formal": 2, "introduced": 3, "list": 4, "kind": 5, "gazetteer": 6, "recogniser": 7, "acronym": 8}


class NameFinder:
    """The spaCy component ``ffm_names``: sets ORG and PLACE entities."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        self.vocab = nlp.vocab

    def __call__(self, doc: Doc) -> Doc:
        return next(iter(self.pipe([doc])))

    def pipe(self, stream: Iterable[Doc], batch_size: int = BATCH) -> Iterator[Doc]:
        """Process documents in batches of a fixed size, so that the result is the same however they arrive."""
        for batch in minibatch(stream, BATCH):
            texts = [Tokens.of(doc) for doc in batch]
            pieces = [
                (number, *piece) for number, doc in enumerate(batch) for piece in _sentences_with_names(texts[number], doc._.sentences)
            ]
            copies = [texts[number].part(start, end).doc(stock().vocab) for number, start, end in pieces]
            proposals: list[list[Proposal]] = [[] for _ in batch]
            for (number, start, _), recognised in zip(pieces, read_by(RECOGNISER, copies), strict=True):
                proposals[number] += [Proposal(start + entity.start, start + entity.end, entity.label_) for entity in recognised.ents]
            for doc, tokens, proposed in zip(batch, texts, proposals, strict=True):
                _set_names(doc, tokens, proposed)
                yield doc


def _sentences_with_names(tokens: Tokens, ranges: tuple[Range, ...] | None) -> Iterator[Range]:
    """Yield the sentences that can hold a name which the lexicon does not know: a capital stands inside them, or begins them in no function word.

    The others, more than a third of the text, need not be read by the recogniser.
    """
    known = lexicon().known_words
    for start, end in sentences(tokens, ranges):
        if any(
            word not in known and word != word.lower() and (index or word.lower() not in STOP_WORDS)
            for index, word in enumerate(tokens.words[start:end])
        ):
            yield start, end


def _set_names(doc: Doc, tokens: Tokens, proposed: list[Proposal]) -> None:
    told = listed_persons(tokens)
    candidates, others = find_candidates(tokens, proposed, countries_of_text(tokens.text, doc._.country))
    names = [
        name
        for candidate in candidates
        if (bare := trimmed(tokens, candidate)) is not None
        for name in relabelled(tokens, bare)
        if is_name(tokens, name, others, told)
    ]
    recognised = [(proposal.start, proposal.end) for proposal in proposed if proposal.label == "PERSON"]
    persons = [*told, *(span for span in recognised if folded_in_place(tokens.surface(*span)) not in lexicon().places)]
    named = [span for span in persons if span in told or span[1] - span[0] > 1]  # a single word may be a place that none knows
    resolved = _with_listed_places(tokens, _resolved(tokens, names), named)
    places = [(name.start, name.end) for name in resolved if name.label == PLACE]
    doc._.persons = [tokens.surface(*span) for span in persons if span not in places]
    bodies = [(name.start, name.end) for name in resolved if name.label == ORG]
    if bodies:
        resolved += [Candidate(*span, ORG, "listed") for span in listed_with_bodies(tokens, bodies, places + persons)]
    spans = []
    for candidate in sorted(resolved, key=lambda name: name.start):
        span = Span(doc, candidate.start, candidate.end, label=candidate.label)
        span._.origin = candidate.origin
        spans.append(span)
    doc.ents = spans


def _with_listed_places(tokens: Tokens, names: list[Candidate], persons: list[Range]) -> list[Candidate]:
    """Add what is listed with places; what the recogniser alone took for a body gives way to it."""
    places = [
        (name.start, name.end)
        for name in names
        if name.label == PLACE and (name.origin != "recogniser" or tokens.word(name.start - 1) in PLACING)
    ]
    if not places:
        return names
    sure = [(name.start, name.end) for name in names if name.label == ORG and (name.origin != "recogniser" or is_known_body(tokens, name))]
    listed = listed_with_places(tokens, places, [*sure, *persons])
    kept = [name for name in names if not any(name.start < end and start < name.end for start, end in listed)]
    return kept + [Candidate(*span, PLACE, "gazetteer") for span in listed]


def _resolved(tokens: Tokens, candidates: list[Candidate]) -> list[Candidate]:
    """Keep the best of overlapping candidates: a defined short form, then the longest name, then the surest."""
    order = sorted(candidates, key=lambda c: (RANK[c.origin] > 0, c.start - c.end, RANK[c.origin], c.start))
    return _with_country(tokens, apart(order, lambda c: (c.start, c.end)))


def _with_country(tokens: Tokens, candidates: list[Candidate]) -> list[Candidate]:
    """Join a short body and the place right after it: "UNICEF Albania", "ARSIS Tirana"."""
    joined: list[Candidate] = []
    for candidate in candidates:
        last = joined[-1] if joined else None
        if last and (last.label, candidate.label, last.end) == (ORG, PLACE, candidate.start):
            short = last.end - last.start <= 2 or tokens.surface(candidate.start, candidate.end).isupper()
            if short and tokens.words[last.end - 1] not in ("Ministry", "Police", "Embassy"):
                joined.pop()
                candidate = Candidate(last.start, candidate.end, ORG, last.origin)
        joined.append(candidate)
    return joined
