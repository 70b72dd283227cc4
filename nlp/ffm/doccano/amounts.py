"""The value of an amount that a person marked: kind, bounds and currency, from the words of the span alone."""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct

from ffm.entities.marked import JOIN, bounds, marked_amounts
from ffm.entities.numbers import NUMBER
from ffm.records import AmountKind


class Value(Struct, frozen=True):
    """The value of an amount."""

    kind: AmountKind
    low: float | int
    high: float | int
    currency: str | None = None


@cache
def _count() -> re.Pattern[str]:
    return re.compile(rf"(?P<low>{NUMBER})(?:{JOIN}(?P<high>{NUMBER}))?(?![\w%]|[.,]\d)")


def read_value(text: str) -> Value | None:
    """Return the value of a marked amount, or None where its words give none.

    What is neither money nor a percentage is a count, whose number may stand anywhere in the span ("some 20 beds").
    """
    plain = re.sub(r"\s+", " ", text).strip()
    marked = marked_amounts(plain)
    if len(marked) == 1:
        amount = marked[0]
        return Value(amount.kind, amount.low, amount.high, amount.currency)
    match = None if marked else _count().search(plain)
    if match is None:
        return None
    try:
        found = bounds(match.group("low"), match.group("high"))
    except ValueError:
        return None
    return None if found is None else Value("count", *found)
