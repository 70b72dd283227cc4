"""Amounts: money, percentages and counts, each with its value, as a spaCy component.

Money and percentages are found by their marks; counts by a number and the noun phrase after it, read from
part-of-speech tags. Only sentences that hold a number are tagged, which is a fraction of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from msgspec import Struct
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from ffm.batches import batches
from ffm.entities.lexicon import lexicon
from ffm.entities.numbers import NUMBER, has_scale, tidy, value_of
from ffm.entities.stock import load_stock
from ffm.records import AmountKind

LABEL = "AMOUNT"
BATCH = 64
RANGE_WORD = r"\s*(?:-|–|—|to|or|and)\s*"
NOT_INSIDE = r"(?<![\w/.,:#-])"
AGE_WORDS = {"age", "ages", "aged", "younger", "older", "minor", "minors", "birthday", "adult", "adulthood"}
AUXILIARIES = {
    "is",
    "are",
    "was",
    "were",
    "be",
    "been",
    "being",
    "has",
    "have",
    "had",
    "do",
    "does",
    "did",
    "not",
    "so",
    "also",
    "only",
    "then",
    "there",
}
MADE_BY = {"based", "run", "led", "funded", "owned", "related", "supported", "managed"}
AFTER_NUMBER = r"(?![\w/:]|[.,]\d|-\w)"


class Amount(Struct, frozen=True):
    """A found amount: its characters, kind and value."""

    start: int
    end: int
    kind: AmountKind
    low: float | int
    high: float | int
    currency: str | None = None
    noun: str | None = None
    number_end: int = 0


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = lexicon()
    names = "|".join(re.escape(name) for name in sorted(words.currencies, key=len, reverse=True) if name[0].isalpha())
    symbols = "|".join(re.escape(name) for name in sorted(words.currencies, key=len, reverse=True) if not name[-1].isalnum())
    codes = "|".join(sorted(words.codes))
    suffix = rf"(?:(?P<name>(?i:{names})|(?:{codes}))\b|(?P<mark>[€£₦]))"
    return {
        "prefix": re.compile(
            rf"(?<![\w.])(?P<sign>(?:US|U\.S\.)?\$|(?i:{symbols})|\b(?:{codes})(?=\s?\d))\s?(?P<low>{NUMBER})"
            rf"(?:{RANGE_WORD}(?:(?:US)?\$|(?i:{symbols}))?\s?(?P<high>{NUMBER}))?(?:\s?(?P<code>{codes})\b)?",
        ),
        "suffix": re.compile(rf"{NOT_INSIDE}(?P<low>{NUMBER})(?:{RANGE_WORD}(?P<high>{NUMBER}))?\s?-?{suffix}"),
        "percent": re.compile(
            rf"{NOT_INSIDE}(?P<low>{NUMBER})\s?(?:(?:%|per\s?cent|percent)?{RANGE_WORD}(?P<high>{NUMBER})\s?)?(?:%|(?i:per\s?cent|percent)\b)(?!age)"
        ),
        "count": re.compile(rf"{NOT_INSIDE}(?P<low>{NUMBER})(?:\s*(?:-|–|to|or)\s*(?P<high>{NUMBER}))?{AFTER_NUMBER}", re.IGNORECASE),
        "number": re.compile(NUMBER, re.IGNORECASE),
    }


def _bounds(low_text: str, high_text: str | None) -> tuple[float | int, float | int]:
    """Return the bounds of a value; "2 to 3 million" scales both."""
    low = value_of(low_text)
    if not high_text:
        return low, low
    high = value_of(high_text)
    scale = has_scale(high_text)
    if scale and not has_scale(low_text) and low < high:
        scaled = value_of(f"1 {scale}") * low
        low = tidy(scaled) if scaled <= high else low
    return (low, high) if low <= high else (high, low)


def marked_amounts(text: str) -> list[Amount]:
    """Return the money and percentages of a text, in order."""
    patterns = _patterns()
    words = lexicon()
    found: list[Amount] = []
    for match in patterns["percent"].finditer(text):
        low, high = _bounds(match.group("low"), match.group("high"))
        found.append(Amount(match.start(), match.end(), "percent", low, high))
    for name in ("prefix", "suffix"):
        for match in patterns[name].finditer(text):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            groups = match.groupdict()
            if name == "prefix":
                sign = groups["sign"]
                currency = groups["code"] or words.currencies.get(sign.lower()) or ("USD" if "$" in sign else sign)
                if sign in words.codes and sign == "ALL" and re.match(r"\s", text[match.start() + 3 : match.start() + 4]) is None:
                    continue
            else:
                written = groups["name"] or groups["mark"]
                currency = words.currencies.get(written.lower(), written)
            low, high = _bounds(groups["low"], groups["high"])
            found.append(Amount(match.start(), match.end(), "money", low, high, currency))
    return sorted(found, key=lambda amount: amount.start)


def count_amounts(span: Span, tags: list[str], taken: list[Amount]) -> Iterator[Amount]:
    """Yield the counts of a sentence.

    Parameters
    ----------
    span
        The sentence.
    tags
        A Penn Treebank tag for each of its tokens.
    taken
        Money and percentages of the document, which no count overlaps.
    """
    text = span.text
    offset = span.start_char
    for match in _patterns()["count"].finditer(text):
        start, end = match.start() + offset, match.end() + offset
        if any(start < amount.end and amount.start < end for amount in taken):
            continue
        low_text, high_text = match.group("low"), match.group("high")
        first = span.doc.char_span(start, start + len(low_text), alignment_mode="expand")
        last = span.doc.char_span(end - len(high_text or low_text), end, alignment_mode="expand")
        if first is None or last is None or first.start_char != start or last.end_char != end:
            continue
        try:
            low, high = _bounds(low_text, high_text)
        except ValueError:
            continue
        head = _noun_phrase(span, tags, last.end - span.start)
        if not _is_count(span, first.start - span.start, last.end - span.start, head, low, low_text):
            continue
        stop = span[head - 1].idx + len(span[head - 1]) if head is not None else end
        noun = span.doc.text[end:stop].strip() or None
        yield Amount(start, stop, "count", low, high, noun=noun, number_end=end)


def _noun_phrase(span: Span, tags: list[str], index: int) -> int | None:
    """Return the index after the head noun of the phrase that begins at a token, or None where no noun follows."""
    head: int | None = None
    position = index
    while position < len(tags) and position - index < 9:
        tag, word = tags[position], span[position].text
        lower = word.lower()
        if tag in ("NN", "NNS", "NNP", "NNPS", "FW") or (
            tag == "CD" and head is None and word.isalpha() is False and "-" in word and word[0].isalpha()
        ):
            if head is not None and tags[head - 1] == "NNS" and tag in ("NNP", "NNPS", "NN") and lower not in ("staff",):
                if not (word == "/" or span[position - 1].text == "/"):
                    break
            head = position + 1
        elif tag in ("JJ", "JJR", "JJS") or (tag == "POS" and head is not None):
            if head is not None and tag != "POS" and tags[head - 1] in ("NNS", "NNPS"):
                break
        elif lower in AUXILIARIES or (word in ("-", "–", "—") and (span[position].whitespace_ or span[position - 1].whitespace_)):
            break
        elif head is not None and lower in MADE_BY and position + 1 < len(tags) and tags[position + 1] in ("NN", "NNS", "JJ"):
            pass
        elif tag in ("VBN", "VBG", "VBD", "RB", "HYPH", "AFX") or word in ("-", "/", "–"):
            if head is not None and tag not in ("HYPH", "AFX") and word not in ("-", "/", "–"):
                break
        elif tag == "CC" and lower in ("and", "or", "&"):
            if not _coordinates(tags, position, head):
                break
        elif word in ("/",) or tag == "SYM" or (word == "," and head is None and position > index):
            pass
        else:
            break
        position += 1
    return head


def _coordinates(tags: list[str], position: int, head: int | None) -> bool:
    """Tell whether what follows a conjunction belongs to the counted phrase: "women and girls", "new and old cases"."""
    position += 1
    seen = 0
    while position < len(tags) and tags[position] in ("JJ", "VBN", "VBG", "NN", "NNP", "RB") and seen < 3:
        position += 1
        seen += 1
    if position >= len(tags):
        return False
    if head is None or tags[head - 1] in ("NN", "JJ"):
        return tags[position] in ("NNS", "NNPS") or (head is None and seen > 0)
    return tags[position] == "NNS" and seen <= 1 and tags[head - 1] == "NNS"


def _is_count(span: Span, start: int, stop: int, head: int | None, low: float | int, written: str) -> bool:
    """Tell whether a number counts something: no date, age, duration, ordinal, label or vague "one"."""
    words = lexicon()
    tokens = [token.text for token in span]
    lower = [token.lower() for token in tokens]
    before = lower[start - 1] if start else ""
    before_two = lower[start - 2] if start > 1 else ""
    after = lower[stop] if stop < len(lower) else ""
    phrase = lower[stop:head] if head is not None else []
    if any(word in words.units_of_measure for word in phrase) or after in words.units_of_measure:
        return False
    if head is None and any(word in words.units_of_measure for word in lower[stop : stop + 3]):
        return False
    if before.rstrip(".") in words.labels or before in words.labels or (before == "." and before_two in words.labels):
        return False
    if after in words.months or before in words.months or re.match(r"^(?:st|nd|rd|th)$", after):
        return False
    if written.isdigit() and len(written) == 4 and 1900 <= low <= 2100:
        return False
    if re.fullmatch(r"\d+\.\d+", written) and head is None:
        return False
    if before in words.ages or (before in ("of", "between", "from", "least") and before_two in ("age", "ages", "aged")):
        return (head is not None and before in ("over", "above", "below", "under") and low > 99) or (
            head is not None and before == "over" and low > 25
        )
    if (before in ("-", "/", "–") and start > 1 and not span[start - 2].whitespace_ and not span[start - 1].whitespace_) or before in (
        "#",
        "§",
        "+",
        "=",
    ):
        return False
    recent = lower[max(0, start - 7) : start]
    if head is None and low <= 25 and any(word in AGE_WORDS for word in recent):
        return False
    if (before in ("than", "as") and before_two in ("younger", "older", "young", "old", "early", "late")) or "ratio" in lower[
        max(0, start - 14) : start
    ]:
        return False
    if (before == "between" and low <= 25 and after == "and" and head is None) or (
        before == "and" and head is None and low <= 25 and "between" in lower[max(0, start - 4) : start]
    ):
        return False
    if (before == "[" and head is None) or any(after.startswith(month) and len(month) > 3 for month in words.months):
        return False
    if (
        start > 1
        and head is not None
        and tokens[start - 1][:1].isupper()
        and span[start - 1].is_alpha
        and tokens[stop][:1].isupper()
        and (lower[start - 1] not in ("between", "from", "with", "over", "only", "about"))
    ):
        return False
    if low <= 1:
        if low < 1 or written.lower() not in ("one", "1"):
            return False
        return (
            bool(phrase)
            and (phrase[-1] in words.counted_by_one)
            and (
                written == "1"
                or (phrase[-1] in words.counted_by_word and (start > 0 or phrase[-1] in ("official", "interpreter", "representative")))
            )
            and before not in ("the", "this", "that", "no", "any", "each", "every", "another", "other", "same")
        )
    if head is None:
        if (
            not written.isdigit()
            and written.lower() in ("two", "three")
            and after not in ("of", ",", ".", ";", ")", "were", "have", "are", "in", "from", "for")
        ):
            return False
        if (
            low <= 25
            and before in ("is", "was", "until", "till", "at", "am", "be", "are", "to", "to", "’s", "'s")
            and after in (".", ",", "", "and", "or", "when", ")")
        ):
            return False
        if before == "(" and after == ")" and low < 10:
            return False
        if start == 0 and after in (".", ")"):
            return False
        if after in ("old", "o'clock", "pm", "am", ":"):
            return False
    return not (before == "article" or (re.match(r"^\d+[:.]\d\d$", written) and head is None))


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
            marked = [marked_amounts(doc.text) for doc in batch]
            sentences = [(number, span) for number, doc in enumerate(batch) for span in _number_sentences(doc)]
            tags = self._tag([span for _, span in sentences])
            found = [list(amounts) for amounts in marked]
            for (number, span), span_tags in zip(sentences, tags, strict=True):
                found[number] += count_amounts(span, span_tags, marked[number])
            for doc, amounts in zip(batch, found, strict=True):
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
    from ffm.segment.sentences import sentence_ranges

    text = doc.text
    number = _patterns()["number"]
    if not number.search(text):
        return []
    spans = []
    for start, end in doc._.sentences or sentence_ranges(text):
        if number.search(text, start, end):
            span = doc.char_span(start, end, alignment_mode="expand")
            if span is not None:
                spans.append(span)
    return spans


def number_alone(amount: Amount, bodies: Iterable[tuple[int, int]]) -> Amount:
    """Return a count without its noun phrase where a named body stands in the phrase: the name is marked, and the number alone."""
    if amount.kind == "count" and any(
        (amount.number_end <= start and end <= amount.end) or amount.number_end <= start < amount.end for start, end in bodies
    ):
        return Amount(amount.start, amount.number_end, "count", amount.low, amount.high, number_end=amount.number_end)
    return amount


def _set_entities(doc: Doc, amounts: list[Amount]) -> None:
    """Add amounts to a document's entities; an amount takes the place of a name that it overlaps."""
    spans: list[Span] = []
    values: dict[tuple[int, int], Amount] = {}
    bodies = [(entity.start_char, entity.end_char) for entity in doc.ents if entity.label_ == "ORG"]
    for amount in (number_alone(amount, bodies) for amount in amounts):
        span = doc.char_span(amount.start, amount.end, label=LABEL, alignment_mode="contract")
        if span is None:
            span = doc.char_span(amount.start, amount.end, label=LABEL, alignment_mode="expand")
        if span is not None:
            spans.append(span)
            values[(span.start, span.end)] = amount
    spans = filter_spans(spans)
    taken = {token for span in spans for token in range(span.start, span.end)}
    names = [entity for entity in doc.ents if not any(token in taken for token in range(entity.start, entity.end))]
    doc.ents = [*names, *spans]
    for span in doc.ents:
        if span.label_ == LABEL and (span.start, span.end) in values:
            span._.amount = values[(span.start, span.end)]
