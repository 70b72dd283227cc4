"""The grammar of amounts.

::

    amount   = term [join term]                       two terms are one amount where they make a range
    term     = [sign] [currency] number [said] [letter] [unit | aside currency]
    number   = figure {scale} | words                 9,000 · 17.6 million · forty-two · half a million (numerals.py)
    said     = "(" number ")"                         the same number again: two (2)
    aside    = "(" term ")"                           the same in another currency: 330 ($9.93) baht
    letter   = "k" | "m" | "b" | "tn"                 beside a currency, or joined to the figure of a count
    unit     = "%" | "per" "cent" | ["-"] currency    (currencies.py)
    join     = dash | "to" | "or" | "and" after "between"

A term with a currency is money, one with "%" a percentage; any other is a bare number, which counts something or nothing: checks.py decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from ffm.entities.amounts.currencies import Currency, Where, currency_after, currency_before
from ffm.entities.amounts.numerals import DASHES, Lexemes, Number, is_year, number_at, tidy
from ffm.entities.amounts.vocabulary import vocabulary

PERCENT = "%"


class Term(Struct, frozen=True):
    """A number with its sign and unit."""

    start: int
    stop: int  # the range of its lexemes
    number: Number
    value: float | int
    unit: str | None = None  # "%", an ISO 4217 code, or None of a bare number
    before: bool = False  # whether the currency stands before the number
    noun: str | None = None  # "old lek"


class Quantity(Struct, frozen=True):
    """A term or a range of two, ``high`` equal to ``low`` in the first case."""

    start: int
    stop: int  # the range of its lexemes
    first: Number  # its number, of a range the lower one
    low: float | int
    high: float | int
    unit: str | None = None
    noun: str | None = None


def quantities(lex: Lexemes, where: Where) -> Iterator[Quantity]:
    """Yield the quantities of a text, from left to right and apart."""
    index = floor = 0
    while index < len(lex):
        term = _term(lex, index, floor, where)
        if term is None:
            index += 1
            continue
        quantity = _range(lex, term, where) or Quantity(term.start, term.stop, term.number, term.value, term.value, term.unit, term.noun)
        yield quantity
        index = floor = _said(lex, quantity.stop, quantity.high)


def _term(lex: Lexemes, index: int, floor: int, where: Where, aside: bool = True) -> Term | None:
    """Return the term whose number begins at a lexeme; its currency and sign begin at or after the floor."""
    number = number_at(lex, index)
    if number is None:
        return None
    number = replace(number, stop=_said(lex, number.stop, number.value))
    mark = currency_before(lex, index, floor, number, where) if index > floor else None
    start = mark.edge if mark else index
    if start > floor and _inside(lex, start, mark is not None):
        return None
    number = _with_letter(lex, number, mark, where)
    after = currency_after(lex, number.stop, number, where)
    if aside and not mark and not after:
        after = _after_aside(lex, number, where)
    if mark and after and after.code != mark.code and lex.words[start] != "$" and not lex.words[after.edge - 1].isupper():
        after = None
    if chosen := after or mark:
        term = Term(start, after.edge if after else number.stop, number, number.value, chosen.code, mark is not None, chosen.noun)
    elif stop := _percent(lex, number.stop):
        term = Term(start, stop, number, number.value, PERCENT)
    else:
        return Term(start, number.stop, number, number.value)
    return _signed(lex, term, floor)


def _after_aside(lex: Lexemes, number: Number, where: Where) -> Currency | None:
    """Return the currency of a number that comes after the same sum in brackets, in another currency: 330 ($9.93) | baht."""
    if lex.at(number.stop) != "(":
        return None
    inside = range(number.stop + 1, number.stop + 5)
    term = next((term for at in inside if (term := _term(lex, at, number.stop + 1, where, aside=False))), None)
    if term is None or term.unit in (None, PERCENT):
        return None
    close = next((at for at in range(term.stop, term.stop + 5) if lex.at(at) == ")"), None)
    after = currency_after(lex, close + 1, number, where) if close else None
    return after and replace(after, edge=number.stop)


def _said(lex: Lexemes, stop: int, value: float | int) -> int:
    """Return the index after a number in brackets that says a number again, else the index itself."""
    if lex.at(stop) == "(" and (again := number_at(lex, stop + 1)) and again.value == value and lex.at(again.stop) == ")":
        return again.stop + 1
    return stop


def _inside(lex: Lexemes, index: int, marked: bool) -> bool:
    """Tell whether a number or its mark is a part of something else: "A4", "12/05", "No.-12"."""
    if not lex.joined(index):
        return False
    last = lex.at(index - 1)[-1]
    if last == ".":
        return lex.at(index - 2) not in vocabulary().qualifiers  # c.300
    return last.isalnum() or last == "_" or (last in "/,:#%-" and not marked and not _sign(lex, index - 1))


def _with_letter(lex: Lexemes, number: Number, mark: Currency | None, where: Where) -> Number:
    """Return a number with its scale letter: "€ 3 m", "3 m euros", "1.2m people"; not "(49 M, 15 F)", the men of a count."""
    factor = vocabulary().letters.get(lex.at(number.stop))
    if factor is None or number.scale > 1 or len(lex.gap(number.stop)) > 1:
        return number
    joined = lex.joined(number.stop)
    scaled = replace(number, stop=number.stop + 1, value=tidy(number.value * factor), scale=factor, letter=True)
    if mark or currency_after(lex, scaled.stop, scaled, where):
        return scaled
    by_sex = any(lex.at(other) == "f" for other in range(max(0, number.start - 6), number.stop + 8))
    return scaled if joined and factor <= 1_000_000 and not by_sex else number


def _percent(lex: Lexemes, index: int) -> int | None:
    """Return the index after a sign or word for per cent, or None."""
    if lex.at(index) in ("%", "percent", "pct"):
        return index + 1 if not (lex.joined(index + 1) and lex.at(index + 1)[:1].isdigit()) else None
    return index + 2 if lex.at(index) == "per" and lex.at(index + 1) == "cent" else None


def _sign(lex: Lexemes, index: int) -> bool:
    """Tell whether a lexeme is the sign of what follows: "minus", or a dash that is joined to it alone."""
    if lex.at(index) in ("minus", "negative"):
        return True
    return lex.at(index) in DASHES and lex.joined(index + 1) and not lex.joined(index) and not lex.at(index - 1)[:1].isdigit()


def _signed(lex: Lexemes, term: Term, floor: int) -> Term:
    if term.start > floor and _sign(lex, term.start - 1):
        return replace(term, start=term.start - 1, value=-term.value)
    return term


def _range(lex: Lexemes, low: Term, where: Where) -> Quantity | None:
    """Return the range that a term begins, or None."""
    join = lex.at(low.stop)
    if join in DASHES:
        if lex.joined(low.stop) != lex.joined(low.stop + 1):
            return None
    elif join == "and":
        if "between" not in (lex.at(low.start - 1), lex.at(low.start - 2)):
            return None
    elif join not in ("to", "or") or (join == "to" and _changes(lex, low.start)):
        return None
    high = next((term for at in range(low.stop + 1, low.stop + 5) if (term := _term(lex, at, low.stop + 1, where))), None)
    if high is None or high.start != low.stop + 1 or (low.unit is None and is_year(lex, low.number)):
        return None
    if low.unit and high.unit != low.unit and not (low.before and high.unit is None):
        return None
    if join == "or" and low.before and not high.before:
        return None
    first, last = _shared(low, high), high.value
    unit = high.unit or low.unit
    if first > last or (unit and unit != PERCENT and low.unit is None and high.before):
        return None
    return Quantity(low.start, high.stop, low.number, first, last, unit, high.noun)


def _shared(low: Term, high: Term) -> float | int:
    """Return the lower bound of a range, scaled as the upper one where it is shortened: "2 to 3 million", "12-15,000"."""
    number, other = low.number, high.number
    if number.scale > 1 or number.grouped:
        return low.value
    factor = other.scale
    if factor == 1 and other.grouped and number.value < 1000:
        while other.value >= factor * 1000:
            factor *= 1000
    scaled = tidy(low.value * factor)
    return scaled if scaled <= high.value else low.value


@cache
def _change() -> re.Pattern[str]:
    return re.compile("|".join(word.replace("*", r"\w*").replace("?", r"\w") for word in vocabulary().changes))


def is_change(words: Iterable[str]) -> bool:
    """Tell whether one of some words in lower case is for a change: "rose", "cut", "an increase"."""
    return any(_change().fullmatch(word) for word in words)


def _changes(lex: Lexemes, start: int) -> bool:
    """Tell whether "from ... to ..." is a change from one figure to another: "the rent rose from", not "ranges from"."""
    while start and lex.at(start - 1) in vocabulary().qualifiers:
        start -= 1
    if lex.at(start - 1) != "from":
        return False
    for index in range(start - 2, max(-1, start - 16), -1):
        if lex.at(index) in (".", ";") or lex.at(index).startswith(("rang", "vari", "vary")):
            return False
        if is_change((lex.at(index),)):
            return True
    return False
