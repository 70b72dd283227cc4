"""Money and percentages, found by their marks, with their values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from ffm.entities.lexicon import lexicon
from ffm.entities.numbers import BEGINS_NUMBER, NUMBER, has_scale, tidy, value_of
from ffm.records import AmountKind, Range

NOT_INSIDE = r"(?<![\w/.,:#%-])"
BETWEEN = re.compile(r"\b[Bb]etween\s(?:\w+\s)?$")
LIST_NUMBER = re.compile(r"(?<![\w.,])(\d{1,2})[.)]\s+(?=[A-Z])")
JOIN = r"(?P<join>\s*(?:-|–|—|to|or|and)\s*)"


class Amount(Struct, frozen=True):
    """A found amount: its characters, kind and value.

    Attributes
    ----------
    start, end
        Range in the text.
    low, high
        Bounds of the value, equal unless the text gives a range.
    currency
        ISO 4217 code (money).
    noun
        What is counted, as written (count).
    number_end
        Where the number of a count ends.
    """

    start: int
    end: int
    kind: AmountKind
    low: float | int
    high: float | int
    currency: str | None = None
    noun: str | None = None
    number_end: int = 0

    def moved(self, offset: int) -> Amount:
        """Return the amount of a sentence as one of the text in which the sentence begins at an offset."""
        return replace(self, start=self.start + offset, end=self.end + offset, number_end=self.number_end + offset)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Return the patterns of percentages, and of money with its currency before and after the figures."""
    words = lexicon()
    names = _either(name for name in words.currencies if name[0].isalpha() and name[-1].isalnum())
    symbols = _either(name for name in words.currencies if not name[-1].isalnum())
    codes = _either(words.codes)
    abbreviations = _either((words.codes - {"ALL"}) | words.prefixes.keys())
    naira = r"\bN(?=\d{3}|\d{1,3},\d|\d[\d.]*\s?(?:million|billion|trillion|m|bn)\b)"
    signs = rf"(?:(?i:{symbols})|\b(?:{abbreviations})(?=\s?\d)|\bALL(?=\s\d)|{naira})"
    marks = r"[€£$₦₹₺₴₫₽¥](?!\s?\d)"
    return {
        "percent": re.compile(
            rf"{NOT_INSIDE}(?P<low>{NUMBER})\s?(?:(?:%|per\s?cent|percent)?{JOIN}(?P<high>{NUMBER})\s?)?(?:%(?!\d)|(?i:per\s?cent|percent)\b)(?!age)"
        ),
        "prefix": re.compile(
            rf"(?<![\w.])(?P<sign>{signs})\s?(?P<low>{NUMBER})(?:{JOIN}(?:{signs})?\s?(?P<high>{NUMBER}))?(?:\s?(?P<code>{codes})\b)?"
        ),
        "suffix": re.compile(
            rf"{NOT_INSIDE}(?P<low>{NUMBER})(?:{JOIN}(?P<high>{NUMBER}))?\s?-?(?:(?P<name>(?i:{names})|(?:{codes}))\b|(?P<mark>{marks}))"
        ),
    }


def _either(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))


def bounds(low_text: str, high_text: str | None) -> tuple[float | int, float | int] | None:
    """Return the bounds of a value, or None where a range falls; "2 to 3 million" scales both.

    Raises
    ------
    ValueError
        If a text is no number.
    """
    low = value_of(low_text)
    if not high_text:
        return low, low
    high = value_of(high_text)
    scale = has_scale(high_text)
    if scale and not has_scale(low_text) and low < high:
        scaled = value_of(f"1 {scale}") * low
        low = tidy(scaled) if scaled <= high else low
    return (low, high) if low <= high else None


def ranges(match: re.Match[str], text: str) -> bool:
    """Tell whether what joins two numbers makes a range of them: "and" does only after "between"."""
    return "and" not in (match.group("join") or "").lower() or BETWEEN.search(text[max(0, match.start() - 20) : match.start()]) is not None


def enumerations(text: str) -> list[Range]:
    """Return the ranges of numbers that count off a list within a text: "1. The nurse 2. The cook"."""
    found: list[Range] = []
    run: list[Range] = []
    for match in LIST_NUMBER.finditer(text):
        number = int(match.group(1))
        if number != len(run) + 1:
            run = []
        if number == len(run) + 1:
            run.append(match.span(1))
            found += run if len(run) == 2 else run[2:][-1:]
    return found


def marked_amounts(text: str) -> list[Amount]:
    """Return the money and percentages of a text, in order."""
    found: list[Amount] = []
    if not BEGINS_NUMBER.search(text):
        return found
    for kind, pattern in _patterns().items():
        position = 0
        while match := pattern.search(text, position):
            position = match.end()
            amount = _read(kind, match, text)
            if amount is None:  # no range: its first number is money if the currency stands before it, else its second may be
                position = match.start("join" if kind == "prefix" else "high")
                amount = _read(kind, match, text, alone=True) if kind == "prefix" else None
            if amount is not None and all(amount.end <= other.start or other.end <= amount.start for other in found):
                found.append(amount)
    return sorted(found, key=lambda amount: amount.start)


def _read(kind: str, match: re.Match[str], text: str, alone: bool = False) -> Amount | None:
    """Return the amount of a match, or None where what looks like a range is two numbers: "in 2019 and 45%".

    Parameters
    ----------
    alone
        Read only the first number.
    """
    words = lexicon()
    groups = match.groupdict()
    range_ = bounds(groups["low"], None if alone else groups["high"])
    if range_ is None or not (alone or ranges(match, text)):
        return None
    low, high = range_
    if kind == "percent":
        return Amount(match.start(), match.end(), "percent", low, high)
    if kind == "suffix":
        written = groups["name"] or groups["mark"]
        return Amount(match.start(), match.end(), "money", low, high, words.currencies.get(written.lower(), written))
    sign = groups["sign"]
    currency = words.currencies.get(sign.lower()) or words.prefixes.get(sign) or ("NGN" if sign == "N" else sign)
    if alone:
        return Amount(match.start(), match.end("low"), "money", low, high, currency)
    return Amount(match.start(), match.end(), "money", low, high, groups["code"] or currency)
