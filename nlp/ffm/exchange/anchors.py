"""W3C selectors: a quote with what stands around it, and a position; found again where the text has shifted."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from ffm.errors import RecordError
from ffm.records import Range
from ffm.tagging.schemes import shown

AROUND = 32  # characters before and after a quote


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
    """Return where a quote stands: at its position, or, where the text has shifted, at the one place that it fits.

    Raises
    ------
    RecordError
        If the quote stands nowhere, or in several places alike; without file and name.
    """
    if position is not None and 0 <= position.start < position.end and _fits(text, quote, position):
        return (position.start, position.end)
    places = _places(text, quote.prefix + quote.exact + quote.suffix)
    offset = len(quote.prefix)
    if not places:
        places, offset = _places(text, quote.exact), 0
    if len(places) == 1:
        start = places[0] + offset
        return (start, start + len(quote.exact))
    what = f'"{shown(quote.exact, 40)}"'
    if not places:
        raise RecordError(f"the quote {what} does not stand in the report's text")
    raise RecordError(f"the quote {what} stands in several places and at none of them at its position: ambiguous")


def _fits(text: str, quote: Quote, position: Position) -> bool:
    start, end = position.start, position.end
    return (
        text[start:end] == quote.exact
        and text[max(0, start - len(quote.prefix)) : start] == quote.prefix
        and text[end : end + len(quote.suffix)] == quote.suffix
    )


def _places(text: str, wanted: str) -> list[int]:
    """Return the first two places of a string in a text; overlapping ones count."""
    first = text.find(wanted)
    if first < 0:
        return []
    second = text.find(wanted, first + 1)
    return [first] if second < 0 else [first, second]
