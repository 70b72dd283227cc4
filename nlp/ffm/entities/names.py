"""Names of organisations and places, as a spaCy component on the pretrained recogniser and on rules.

The pretrained recogniser proposes; formal names (:mod:`ffm.entities.formal`) and defined short forms take
precedence; a list of capitals that are no bodies, and what a name is built around, decide what is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from msgspec import Struct
from spacy.language import Language
from spacy.tokens import Doc, Span

from ffm.batches import batches
from ffm.entities.formal import ALONE_TOO_VAGUE, NOT_FIRST, POSSESSORS, formal_names
from ffm.entities.lexicon import Lexicon, folded_in_place, lexicon
from ffm.entities.name_index import NameIndex
from ffm.entities.short_forms import find_short_forms
from ffm.entities.stock import load_stock
from ffm.segment.sentences import sentence_ranges

ORG = "ORG"
PLACE = "PLACE"
BATCH = 64
AMBIGUOUS_PLACES = {"Georgia", "Jordan", "Chad", "Turkey", "Mali", "Niger", "Guinea", "Togo", "Cuba", "Fier", "Berat"}
PLACE_LABELS = {"GPE", "LOC"}
ORG_LABELS = {"ORG"}
RETYPED_LABELS = {"PERSON", "FAC", "PRODUCT", "NORP", "EVENT", "WORK_OF_ART"}
TRIMMED_FIRST = {"the", "a", "an", "The", "A", "An", "this", "that", "our", "their", "its"}
TRIMMED_EDGE = set("\"“”‘’'()[]{},.;:!?-–—/*•|<>")
DIRECTIONS = {
    "northern",
    "southern",
    "eastern",
    "western",
    "central",
    "north",
    "south",
    "east",
    "west",
    "rural",
    "urban",
    "mainland",
    "greater",
    "neighbouring",
    "neighboring",
}


class Candidate(Struct):
    """A proposed name: its tokens, label and what proposed it ("formal", "short form", "recogniser")."""

    start: int
    end: int
    label: str
    origin: str


class NameFinder:
    """The spaCy component ``ffm_names``: sets ORG and PLACE entities."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        self.vocab = nlp.vocab
        self._recogniser: Language | None = None

    def __call__(self, doc: Doc) -> Doc:
        return next(iter(self.pipe([doc])))

    def pipe(self, stream: Iterable[Doc], batch_size: int = BATCH) -> Iterator[Doc]:
        """Process documents in batches of a fixed size, so that the result is the same however they arrive."""
        if self._recogniser is None:
            self._recogniser = load_stock(("ner",))
        for batch in batches(stream, BATCH):
            spans = [(number, span) for number, doc in enumerate(batch) for span in _sentences_with_names(doc)]
            copies = [_copy(span, self._recogniser) for _, span in spans]
            proposals: list[list[Proposal]] = [[] for _ in batch]
            for (number, span), recognised in zip(spans, self._recogniser.pipe(copies, batch_size=BATCH), strict=True):
                proposals[number] += [
                    Proposal(span.start + entity.start, span.start + entity.end, entity.label_) for entity in recognised.ents
                ]
            for doc, proposed in zip(batch, proposals, strict=True):
                _set_names(doc, proposed)
                yield doc

    def to_bytes(self, exclude: Iterable[str] = ()) -> bytes:
        """Serialise nothing: the weights stand in their package."""
        return b""

    def from_bytes(self, data: bytes, exclude: Iterable[str] = ()) -> NameFinder:
        """Read nothing."""
        return self

    def to_disk(self, path: Any, exclude: Iterable[str] = ()) -> None:
        """Write nothing."""

    def from_disk(self, path: Any, exclude: Iterable[str] = ()) -> NameFinder:
        """Read nothing."""
        return self


class Proposal(Struct, frozen=True):
    """What the recogniser proposes: tokens of the document and its own label."""

    start: int
    end: int
    label: str


def _sentences_with_names(doc: Doc) -> Iterator[Span]:
    """Yield the sentences that can hold a name: a capital stands inside them, or begins them in a word that is no function word.

    The others, a third of the text, need not be read by the recogniser.
    """
    text = doc.text
    for start, end in doc._.sentences or sentence_ranges(text):
        span = doc.char_span(start, end, alignment_mode="expand")
        if span is None:
            continue
        first = span[0]
        if ((first.is_title or first.is_upper) and not first.is_stop) or any(
            character.isupper() for character in text[first.idx + len(first) : end].replace(" I ", " ")
        ):
            yield span


def _copy(span: Span, nlp: Language) -> Doc:
    return Doc(nlp.vocab, words=[token.text for token in span], spaces=[bool(token.whitespace_) for token in span])


def _set_names(doc: Doc, proposed: list[Proposal]) -> None:
    words = lexicon()
    text = doc.text
    candidates = [Candidate(start, end, ORG, "formal") for start, end in formal_names(doc)]
    bodies, others = _short_forms(doc, text, candidates)
    candidates += bodies
    for proposal in proposed:
        label = _label(doc[proposal.start : proposal.end].text, proposal.label, words)
        if label is not None:
            candidates.append(Candidate(proposal.start, proposal.end, label, "recogniser"))
    candidates += _listed(doc, text, words) + _introduced(doc) + _acronyms(doc, words)
    head = _run_in_head(doc)
    candidates = [c for c in candidates if c.start >= head or c.origin == "list"]
    doc._.persons = [doc[proposal.start : proposal.end].text for proposal in proposed if proposal.label == "PERSON"]
    kept = _resolve(doc, [c for c in (_trim(doc, c) for c in candidates) if c is not None and _is_name(doc, c, words, others)])
    spans = []
    for candidate in kept:
        span = Span(doc, candidate.start, candidate.end, label=candidate.label)
        span._.origin = candidate.origin
        spans.append(span)
    doc.ents = spans


def _introduced(doc: Doc) -> list[Candidate]:
    """Return candidates for the capitalised words right after "NGO": "the NGO Nisma ARSIS"."""
    found = []
    for token in doc:
        if token.text in ("NGO", "NGOs") and token.i + 1 < len(doc) and doc[token.i + 1].text[0].isupper():
            end = token.i + 1
            while end < len(doc) and doc[end].text[0].isupper() and end - token.i <= 5:
                end += 1
            found.append(Candidate(token.i + 1, end, ORG, "introduced"))
    return found


def _acronyms(doc: Doc, words: Lexicon) -> list[Candidate]:
    """Return candidates for short forms in capitals that are no common abbreviation: "INSTAT", "SPAK"."""
    found = []
    for token in doc:
        text = token.text
        if not (3 <= len(text) <= 8 and text.isascii() and text.isalpha() and text.isupper()) or text in words.no_names:
            continue
        beside = [doc[index].text for index in (token.i - 1, token.i + 1) if 0 <= index < len(doc)]
        if not any(other.isupper() and other.isalpha() and len(other) > 1 for other in beside):  # no line in capitals
            found.append(Candidate(token.i, token.i + 1, ORG, "acronym"))
    return found


def _run_in_head(doc: Doc) -> int:
    """Return the index after a run-in head such as "Access to Basic Services:", 0 where the text has none."""
    for token in doc[:14]:
        if token.text == ":":
            main = [word.text for word in doc[: token.i] if word.is_alpha and len(word.text) > 3]
            return token.i + 1 if len(main) >= 2 and all(word[0].isupper() for word in main) else 0
        if token.text in (".", "?", "!", "(", '"'):
            return 0
    return 0


@cache
def _list_index() -> NameIndex:
    """Return the index of the lexicon's bodies, places and heads that stand alone."""
    words = lexicon()
    return NameIndex(folded_in_place(name) for name in (words.bodies | words.places | words.alone) - AMBIGUOUS_PLACES)


def _listed(doc: Doc, text: str, words: Lexicon) -> list[Candidate]:
    """Return candidates for the bodies and places of the lexicon, and for the bodies that a head alone names."""
    found = []
    plain = folded_in_place(text)
    for start, end in _list_index().find(plain):
        name = plain[start:end]
        span = doc.char_span(start, end)
        if span is None or (name in words.alone and not (span.start and doc[span.start - 1].lower_ in ("the", "an", "albanian"))):
            continue
        found.append(Candidate(span.start, span.end, PLACE if name in words.places else ORG, "list"))
    return found


def _label(surface: str, proposed: str, words: Lexicon) -> str | None:
    """Return our label for what the recogniser proposes, or None."""
    text = _bare(surface)
    if text in words.places:
        return PLACE
    if text.startswith(("Government of", "Republic of")):
        return None
    if proposed in PLACE_LABELS:
        return PLACE
    if proposed in ORG_LABELS or text in words.bodies:
        return ORG
    if proposed in RETYPED_LABELS and proposed != "NORP" and any(word in words.heads for word in surface.split()):
        return ORG
    return None


def _bare(text: str) -> str:
    return re.sub(r"^(?:the|The)\s+", "", text).strip("\"“”‘’'.,;: ")


def _short_forms(doc: Doc, text: str, formal: list[Candidate]) -> tuple[list[Candidate], set[str]]:
    """Return candidates for the bodies whose short forms a text defines, and the short forms of what is no body."""
    words = lexicon()
    bodies: list[Candidate] = []
    others: set[str] = set()
    for form in find_short_forms(text):
        span = doc.char_span(form.start, form.end, alignment_mode="expand")
        if span is None:
            continue
        if names_body(form.long, form.short, words) or any(
            candidate.start < span.end and span.start < candidate.end and candidate.end == span.end for candidate in formal
        ):
            if not names_nothing(form.long, words):
                first = min([span.start] + [c.start for c in formal if c.end == span.end and c.start < span.start])
                while first < span.end - 1 and doc[first].text in NOT_FIRST:
                    first += 1
                bodies.append(Candidate(first, span.end, ORG, "short form"))
                bodies += [Candidate(token.i, token.i + 1, ORG, "short form") for token in doc if token.text == form.short]
                continue
        if form.short not in words.places and form.short not in words.bodies:
            others.add(form.short)
    return bodies, others


def names_body(long: str, short: str, words: Lexicon) -> bool:
    """Tell whether a long form names a body: its main words are capitalised and it is built around a head word."""
    main = [
        word for word in re.findall(r"[\w’'&-]+", long) if word.lower() not in ("of", "for", "the", "and", "in", "on", "against", "to", "&")
    ]
    capitalised = sum(1 for word in main if word[0].isupper())
    if not main or capitalised < 0.7 * len(main) or names_nothing(long, words) or short in words.no_names:
        return False
    return any(word in words.heads for word in main)


def names_nothing(text: str, words: Lexicon) -> bool:
    """Tell whether a capitalised phrase names a document, law, mechanism or kind of people rather than a body."""
    parts = text.split()
    if parts and parts[0] in ("UN", "World"):  # the UN Development Programme, the World Food Programme
        return False
    before_of = re.split(r"\s+(?:of|for|on|against)\s+", text)[0].split()
    if before_of and before_of[-1] in words.heads:
        return False
    return bool(parts) and (parts[-1] in words.no_heads or (bool(before_of) and before_of[-1] in words.no_heads))


def _trim(doc: Doc, candidate: Candidate) -> Candidate | None:
    """Strip articles, quotes, punctuation and the possessive from a candidate's edges; a direction from a place."""
    start, end = candidate.start, candidate.end
    if candidate.origin == "recogniser":
        for index in range(start + 1, end):
            if doc[index].text in (",", ":", ";", "(") or (doc[index].text in ("'s", "’s") and doc[index - 1].text not in POSSESSORS):
                end = index
                break
    while start < end and (doc[start].text in TRIMMED_FIRST or doc[start].text in TRIMMED_EDGE or doc[start].is_space):
        start += 1
    while end > start and (doc[end - 1].text in TRIMMED_EDGE or doc[end - 1].text in ("'s", "’s", "'", "’") or doc[end - 1].is_space):
        end -= 1
    if candidate.origin == "recogniser":
        while start < end - 1 and doc[start].text in NOT_FIRST and doc[start].text not in ("New", "Mary"):
            start += 1
    if candidate.label == PLACE:
        while start < end - 1 and doc[start].lower_ in DIRECTIONS and doc[start:end].text not in lexicon().places:
            start += 1
        while (
            start < end - 1
            and doc[end - 1].text.lower() in ("city", "region", "district", "county", "state", "area", "border", "countries", "country")
            and doc[end - 1].text.islower()
        ):
            end -= 1
    if start >= end:
        return None
    return Candidate(start, end, candidate.label, candidate.origin)


def _is_name(doc: Doc, candidate: Candidate, words: Lexicon, others: set[str]) -> bool:
    text = doc[candidate.start : candidate.end].text
    if (
        text in words.no_names
        or text in others
        or re.search(r"\b[Gg]overnments?$", text)
        or not any(character.isupper() for character in text)
    ):
        return False
    if candidate.origin == "list":
        return True
    if candidate.origin in ("formal", "short form"):
        return not names_nothing(text, words)
    if re.search(r"[<>@=]|https?:|www\.|\d{3}", text) or len(text) < 2 or len(text.split()) > 12:
        return False
    if all(part in words.no_names or part in ("and", "or", "&") for part in re.split(r"[\s/]+", text)):
        return False
    if candidate.label == PLACE:
        following = doc[candidate.end].text.lower() if candidate.end < len(doc) else ""
        if candidate.end - candidate.start > 1 or text.startswith("Balkan"):
            return not following.startswith("countr") or (text in words.places and not text.endswith(("Balkan", "Balkans")))
        return (
            text[0].isupper()
            and text not in words.heads
            and (text in words.places or not re.fullmatch(r"[A-Z]{2,4}|\w*[a-z][A-Z]\w*", text))
        )
    if names_nothing(text, words) or (text.split()[-1] in ALONE_TOO_VAGUE and len(text.split()) == 1):
        return False
    return not (candidate.end - candidate.start == 1 and text in words.heads)


def _resolve(doc: Doc, candidates: list[Candidate]) -> list[Candidate]:
    """Keep the best of overlapping candidates: a defined short form, then the longest name, then the formal one."""
    rank = {"short form": 0, "formal": 1, "introduced": 2, "recogniser": 3, "list": 4, "acronym": 5}
    order = sorted(candidates, key=lambda c: (rank[c.origin] > 0, c.start - c.end, rank[c.origin], c.start))
    kept: list[Candidate] = []
    for candidate in order:
        if all(candidate.end <= other.start or candidate.start >= other.end for other in kept):
            kept.append(candidate)
    return _with_country(doc, sorted(kept, key=lambda c: c.start))


def _with_country(doc: Doc, candidates: list[Candidate]) -> list[Candidate]:
    """Join a short body and the place right after it: "UNICEF Albania", "ARSIS Tirana"."""
    joined: list[Candidate] = []
    for candidate in candidates:
        last = joined[-1] if joined else None
        if (
            last is not None
            and candidate.label == PLACE
            and last.label == ORG
            and last.end == candidate.start
            and last.end - last.start <= 2
            and doc[last.end - 1].text not in ("Ministry", "Police", "Embassy")
        ):
            joined[-1] = Candidate(last.start, candidate.end, ORG, last.origin)
        else:
            joined.append(candidate)
    return joined
