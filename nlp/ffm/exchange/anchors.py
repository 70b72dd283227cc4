"""W3C selectors: a quote with what stands around it, and a position; found again where the text has shifted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from ffm.errors import RecordError
from ffm.gold.normal import normal_words
from ffm.records import Range
from ffm.tagging.schemes import shown

AROUND = 32  # characters before and after a quote
NEAR = 12  # of them, in normal form, that must stand beside the quote
LEAST = 3  # of a context, with fewer of which it contradicts nothing
LONG = 32  # characters of a quote that hardly stand twice by chance
LONGEST = 64  # characters of a context that are looked at
SPREAD = 3  # how many times as long a context may be in the text, which has white space and marks that others leave out
MAX_PLACES, MAX_NAMED = 100, 3
FITS, PARTLY, CONTRADICTS = "fits", "partly", "contradicts"


class Quote(Struct, frozen=True):
    """A TextQuoteSelector: what is quoted, and what stands around it."""

    exact: str
    prefix: str = ""
    suffix: str = ""


class Position(Struct, frozen=True):
    """A TextPositionSelector, in code points."""

    start: int
    end: int


def selectors(text: str, start: int, end: int) -> list[dict[str, Any]]:
    """Return the two selectors of a range."""
    return [
        {
            "type": "TextQuoteSelector",
            "exact": text[start:end],
            "prefix": text[max(0, start - AROUND) : start],
            "suffix": text[end : end + AROUND],
        },
        {"type": "TextPositionSelector", "start": start, "end": end},
    ]


def read_selectors(found: object) -> tuple[Quote, Position | None]:
    """Return the quote and, where there is one, the position of a target's selectors.

    Raises
    ------
    RecordError
        If there is no quote, or one of them is damaged; without file and name.
    """
    quote: Quote | None = None
    position: Position | None = None
    try:
        for selector in found if isinstance(found, list) else [found]:
            kind = selector.get("type") if isinstance(selector, dict) else None
            if kind == "TextQuoteSelector":
                quote = msgspec.convert(selector, Quote)
            elif kind == "TextPositionSelector":
                position = msgspec.convert(selector, Position)
    except msgspec.ValidationError as error:
        raise RecordError(f"a damaged selector ({error})") from None
    if quote is None or not quote.exact:
        raise RecordError("no TextQuoteSelector")
    return quote, position


def anchor(text: str, quote: Quote, position: Position | None) -> Range:
    """Return where a quote stands: at its position where all fits, or else at the one place where its context stands too.

    Context is held against the text in normal form (:mod:`ffm.gold.normal`), from the quote outwards; its nearer part counts, as the rest
    may have been edited. A short quote needs both sides, as an answer of few words follows the same question in many interviews; for a
    long one a whole side is enough. Without any context the quote must stand once.

    Raises
    ------
    RecordError
        If the quote stands nowhere, its context contradicts every place of it, or speaks for several alike; without file and name. The
        message names the candidates.
    """
    if position is not None and 0 <= position.start < position.end and _fits(text, quote, position):
        return (position.start, position.end)
    exactly = _starts(text, quote.prefix + quote.exact + quote.suffix)
    if len(exactly) == 1:
        start = exactly[0] + len(quote.prefix)
        return (start, start + len(quote.exact))
    what = f'"{shown(quote.exact, 40)}"'
    starts = _starts(text, quote.exact)
    if not starts:
        raise RecordError(f"the quote {what} does not stand in the report's text")
    if len(starts) > MAX_PLACES:
        raise RecordError(f"the quote {what} stands in more than {MAX_PLACES} places and at none of them at its position: ambiguous")
    places = [_place(text, quote, start) for start in starts]
    for wanted in (FITS, PARTLY):
        having = [place for place in places if place.verdict == wanted]
        most = max((place.agreeing for place in having), default=0)
        best = [place.start for place in having if place.agreeing == most]
        if len(best) > 1 and position is not None and position.start in best:
            best = [position.start]
        if len(best) == 1:
            return (best[0], best[0] + len(quote.exact))
        if best:
            raise RecordError(f"the quote {what} stands in several places alike, {_candidates(text, quote, best)}: ambiguous")
    raise RecordError(
        f"the quote {what} does not stand in the report's text between the words around it, but at {_candidates(text, quote, starts)}"
    )


def _fits(text: str, quote: Quote, position: Position) -> bool:
    start, end = position.start, position.end
    return (
        text[start:end] == quote.exact
        and text[max(0, start - len(quote.prefix)) : start] == quote.prefix
        and text[end : end + len(quote.suffix)] == quote.suffix
    )


def _starts(text: str, wanted: str) -> list[int]:
    """Return where a string begins in a text, overlapping ones too; no more than one above the limit."""
    starts: list[int] = []
    at = text.find(wanted)
    while at >= 0 and len(starts) <= MAX_PLACES:
        starts.append(at)
        at = text.find(wanted, at + 1)
    return starts


class _Place(Struct, frozen=True):
    """Where a quote stands, whether its context stands there too, and how many of the context's characters do."""

    start: int
    verdict: str
    agreeing: int


def _place(text: str, quote: Quote, start: int) -> _Place:
    end = start + len(quote.exact)
    before, after = quote.prefix[-LONGEST:], quote.suffix[:LONGEST]
    sides = (
        _agreement(normal_words(before)[::-1], normal_words(text[max(0, start - SPREAD * len(before)) : start])[::-1]),
        _agreement(normal_words(after), normal_words(text[end : end + SPREAD * len(after)])),
    )
    told = [side for side in sides if side.said]
    agreeing = sum(side.agreeing for side in told)
    if all(side.agreeing >= min(side.said, NEAR) or side.said < LEAST for side in told):
        return _Place(start, FITS, agreeing)
    whole = any(side.agreeing == side.said for side in told)
    return _Place(start, PARTLY if whole and len(normal_words(quote.exact)) >= LONG else CONTRADICTS, agreeing)


class _Side(Struct, frozen=True):
    """How many characters a side of a context has, and how many of them stand in the text, from the quote on."""

    said: int
    agreeing: int


def _agreement(said: str, stands: str) -> _Side:
    shorter = min(len(said), len(stands))
    return _Side(len(said), next((at for at in range(shorter) if said[at] != stands[at]), shorter))


def _candidates(text: str, quote: Quote, starts: Sequence[int]) -> str:
    """Return places of a quote as a message names them: with the words around them."""
    length = len(quote.exact)
    named = [
        f'{start}-{start + length} ("{shown(text[max(0, start - NEAR) : start + length + NEAR], 60)}")' for start in starts[:MAX_NAMED]
    ]
    more = f" and {len(starts) - MAX_NAMED} more" if len(starts) > MAX_NAMED else ""
    return ", ".join(named) + more
