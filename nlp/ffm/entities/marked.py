"""Money and percentages, found by their marks, with their values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from ffm.entities.currencies import currency_of
from ffm.entities.lexicon import lexicon
from ffm.entities.numbers import BEGINS_NUMBER, NUMBER, has_scale, tidy, value_of
from ffm.records import AmountKind, Range

NOT_INSIDE = r"(?<![\w/.,:#%-])"
BETWEEN = re.compile(r"\b[Bb]etween\s(?:\w+\s)?$")
LIST_NUMBER = re.compile(r"(?<![\w.,])(\d{1,2})[.)]\s+(?=[A-Z])")
JOIN = r"(?P<join>\s*(?:-|–|—|to|or|and)\s*)"
# What stands before "from 3 to 7" where that is a change from one figure to another, no range.
CHANGE = re.compile(
    r"\b(?:rose|ris(?:e|es|en|ing)|increas(?:e|es|ed|ing)|grew|gr(?:ow|ows|own|owing)|climbed|jumped|doubled|went\sup|up|raised|raising"
    r"|fell|fall(?:s|en|ing)?|drop(?:s|ped|ping)?|decreas(?:e|es|ed|ing)|declin(?:e|es|ed|ing)|reduc(?:e|es|ed|ing)|went\sdown|down|cut|lowered"
    r"|chang(?:e|es|ed|ing))\b[^.;\d]{0,60}\bfrom\s(?:(?:about|around|some|just|over|only|nearly)\s)?$"
)
# Codes that are words or other short forms too.
RARE_CODES = {"ALL", "BAM", "COP", "CRC", "CUP", "GEL", "LAK", "MAD", "MOP", "PEN", "SDG", "SOS", "TOP", "TRY"}


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
    abbreviations = _either((words.codes - RARE_CODES) | words.prefixes.keys())
    rare = _either(RARE_CODES & words.codes)
    naira = r"\bN(?=\d{3}|\d{1,3},\d|\d[\d.]*\s?(?:million|billion|trillion|m|bn)\b)"
    signs = (
        rf"(?:(?i:{symbols})|\b(?:{abbreviations})(?=\s?\d)|\b(?:{rare})(?=\s(?:\d{{3}}|\d{{1,2}},\d))|\bR(?=\d{{1,3}},\d{{3}})|{naira})"
    )
    marks = r"[€£$₦₹₺₴₫₽¥₪₸₼₾₩₱₲₵₭៛฿৳](?!\s?\d)"
    return {
        "percent": re.compile(
            rf"{NOT_INSIDE}(?P<low>{NUMBER})\s?(?:(?P<sign>%|per\s?cent|percent)?{JOIN}(?P<high>{NUMBER})\s?)?(?:%(?!\d)|(?i:per\s?cent|percent)\b)(?!age)"
        ),
        "prefix": re.compile(
            rf"(?<![\w.])(?=(?:[Uu][Ss]\s|F\s)?[^\s\d]{{1,7}}\s?\d)(?P<sign>{signs})\s?(?P<low>{NUMBER})(?:{JOIN}(?P<other>{signs})?\s?(?P<high>{NUMBER}))?(?:\s?(?:(?P<code>{codes})|(?P<name>(?i:{names})))\b)?"
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
    """Tell whether what joins two numbers makes a range of them: "and" does only after "between", "to" not after "rose from"."""
    join = (match.group("join") or "").lower()
    if "to" in join:
        return CHANGE.search(text[max(0, match.start() - 90) : match.start()]) is None
    return "and" not in join or BETWEEN.search(text[max(0, match.start() - 20) : match.start()]) is not None


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


def marked_amounts(text: str, context: str = "") -> list[Amount]:
    """Return the money and percentages of a text, in order.

    Parameters
    ----------
    context
        Another text that may tell the country whose currency is meant.
    """
    found: list[Amount] = []
    if not BEGINS_NUMBER.search(text):
        return found
    for kind, pattern in _patterns().items():
        position = 0
        while match := pattern.search(text, position):
            position = match.end()
            amount = _read(kind, match, text, context)
            if amount is None and match["high"]:
                # No range: its first number is an amount if it has a mark of its own; its second may be one.
                position = match.start("join" if kind == "prefix" else "high")
                amount = _read(kind, match, text, context, alone=True) if kind != "suffix" and match["sign"] else None
            if amount is None:
                continue
            ends = [other.end for other in found if amount.start < other.end and other.start < amount.end]
            if ends:  # what follows them may be an amount by itself
                position = max(ends)
            else:
                found.append(amount)
    return sorted(found, key=lambda amount: amount.start)


def _read(kind: str, match: re.Match[str], text: str, context: str, alone: bool = False) -> Amount | None:
    """Return the amount of a match, or None where what looks like a range is two numbers: "in 2019 and 45%".

    Parameters
    ----------
    alone
        Read only the first number.
    """
    range_ = bounds(match["low"], None if alone else match["high"])
    if range_ is None or not (alone or ranges(match, text)):
        return None
    low, high = range_
    if kind == "percent":
        return Amount(match.start(), match.end("sign") if alone else match.end(), "percent", low, high)
    start = match.start()
    if kind == "suffix":
        written = match["name"] or match["mark"]
        if written in RARE_CODES and written != "ALL" and high < 100:
            return None
        return Amount(start, match.end(), "money", low, high, currency_of(written, text, start, context))
    sign, other, after = match["sign"], match["other"], match["code"] or match["name"]
    currency = "NGN" if sign == "N" else "ZAR" if sign == "R" else currency_of(sign, text, start, context)
    if alone:
        return Amount(start, match.end("low"), "money", low, high, currency)
    if match["high"] and ((other and currency_of(other, text, start, context) != currency) or (after and "or" in match["join"])):
        return None
    if after and (match["code"] or sign == "$"):
        currency = currency_of(after, text, start, context)
    return Amount(start, match.end(), "money", low, high, currency)
