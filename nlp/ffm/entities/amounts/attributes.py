"""What an amount carries beside its value: about or over, a day or a month, and the time that it is about."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from functools import cache

from ffm.entities.amounts.numerals import Lexemes
from ffm.entities.amounts.vocabulary import vocabulary
from ffm.records import Period, Range

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_MONTH = rf"(?:{'|'.join(MONTHS)}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?"
_YEAR = r"(?:19|20)\d\d"
_DATE = rf"(?:(?:\d{{1,2}}\s+)?{_MONTH},?\s+)?{_YEAR}"
_DAY = rf"(?:(?:\d{{1,2}}\s+)?{_MONTH},?\s+{_YEAR}|\d{{1,2}}\.\d{{1,2}}\.{_YEAR})"
_PART = (
    r"(?:(?:the\s+)?(?:(?P<half>first|second)\s+half|(?P<quarter>first|second|third|fourth)\s+quarter|(?P<piece>end|start|beginning|course))\s+of\s+"
    r"|(?P<side>early|late|mid)[\s-])?"
)
PERIOD = re.compile(
    rf"\b(?P<first>{_DAY}|(?:\d{{1,2}}\s+)?{_MONTH})\s?[-–]\s?(?P<last>{_DAY})(?![\d-])"
    rf"|(?P<range>\b(?:from|between)\s+(?P<from>{_DATE}|{_MONTH})\s+(?:to|and|until|till)\s+(?P<to>{_DATE})\b|(?<![\d-])(?P<years>{_YEAR}\s?[-–]\s?(?:{_YEAR}|\d\d))(?![\d-])(?!\s+{_MONTH}))"
    rf"|\b(?P<how>in|during|throughout|since|until|till|by|as\s+of|for|over)\s+{_PART}(?P<date>{_DATE})\b(?!\s?[-–/]\d)"
    r"|\b(?P<now>so\s+far(?:\s+this\s+year)?|to\s+date|until\s+now|currently|at\s+present)\b"
    r"|\b(?P<relative>(?:in\s+)?(?:last|this|the\s+previous|the\s+past)\s+(?:year|month|week)|(?:in|over|during)\s+the\s+(?:last|past)\s+(?:\w+\s+)?(?:years?|months?|weeks?))\b",
    re.IGNORECASE,
)
DATE = re.compile(rf"(?:(?:(?P<day>\d{{1,2}})[\s.]++)?(?P<month>[a-z]{{3,9}}|\d{{1,2}})[\s.,]++)?(?P<year>{_YEAR})")
ORDINALS = ("first", "second", "third", "fourth")
REACH = 6  # words between an amount and its rate
FAR = 1_000  # characters between a time and its amount


@cache
def _longest(which: str) -> int:
    return max(len(phrase.split()) for phrase in getattr(vocabulary(), which))


def qualifier_of(lex: Lexemes, start: int, stop: int) -> str | None:
    """Return what stands beside an amount: "about", "over", "under", "at least", "up to", or None."""
    phrases, after = vocabulary().qualifiers, lex.lower[stop : stop + 2]
    if after in (["-", "odd"], ["or", "so"]):
        return "about"
    if after in (["or", "less"], ["or", "fewer"]):
        return "up to"
    if after[:1] in (["+"], ["plus"]) or after in (["or", "more"], ["and", "above"], ["and", "over"]):
        return "at least"
    start -= lex.at(start - 1) in ("a", "the", "between", "from", "just")
    for length in range(min(start, _longest("qualifiers")), 0, -1):
        if found := phrases.get(" ".join(lex.lower[start - length : start])):
            return found
    return phrases.get(lex.at(start - 2)) if lex.at(start - 1) == "." else None  # approx. 30


def rate_of(lex: Lexemes, start: int, stop: int, left: int, right: int) -> str | None:
    """Return how often an amount comes: "day", "week", "month", "year", or None: after it ("200 euro a month"), or before ("a monthly fee of 5 lek")."""
    rates = vocabulary().rates
    for at in range(stop, min(right, stop + REACH)):
        for length in (3, 2, 1):
            if found := rates.get(" ".join(lex.lower[at : min(right, at + length)])):
                return found
        if lex.at(at)[0].isdigit() or lex.at(at) in (".", ";", ":", "(", "and", ","):
            break
    for at in range(start - 1, max(left, start - 5) - 1, -1):
        if lex.at(at) in ("monthly", "weekly", "daily", "annual", "yearly"):
            return rates[lex.at(at)]
        if lex.at(at)[0].isdigit() or lex.at(at) in (".", ";", ",", ")"):
            break
    return None


def periods_in(text: str, start: int, end: int, today: str | None = None) -> list[tuple[Range, Period]]:
    """Return the times that a sentence names, each with where it stands.

    Parameters
    ----------
    today
        ISO 8601 date of the report or interview, to which "so far" reaches.
    """
    return [(match.span(), Period(" ".join(match.group().split()), *_settled(match, today))) for match in PERIOD.finditer(text, start, end)]


def _settled(match: re.Match[str], today: str | None) -> tuple[str | None, str | None]:
    """Return from when and to when a time reaches, as ISO 8601 dates, where its words settle it."""
    if match["relative"] or (match["now"] and not today):
        return None, None
    if match["now"]:
        return None, _bounds(".".join(reversed((today or "").split("-"))))[1]
    if match["years"]:
        first, last = re.split(r"\s?[-–]\s?", match["years"])
        last = first[:2] + last if len(last) == 2 else last
        return (f"{first}-01-01", f"{last}-12-31") if first <= last else (None, None)
    if begins := match["first"] or match["from"]:
        ends = match["last"] or match["to"]
        return _bounds(begins, ends[-4:])[0], _bounds(ends)[1]
    first, last = _bounds(match["date"])
    year = match["date"][-4:]
    if part := match["half"] or match["quarter"]:
        months = 6 if match["half"] else 3
        number = ORDINALS.index(part.lower()) * months
        first, last = _bounds(f"{number + 1}.{year}")[0], _bounds(f"{number + months}.{year}")[1]
    elif match["side"] or match["piece"] in ("end", "start", "beginning"):
        first = last = None
    how = match["how"].lower().split()[0]
    if how == "since":
        return first, None
    return (None, last) if how in ("until", "till", "by", "as") else (first, last)


def _bounds(date: str, year: str = "") -> tuple[str | None, str | None]:
    """Return the first and last day of a date, month or year: "25.09.2017", "May 2022", "9.2017"; one without its year is in the given one."""
    match = DATE.fullmatch(date.lower()) or DATE.fullmatch(f"{date} {year}".lower())
    if match is None:
        return None, None
    year, month, day = match["year"], match["month"], int(match["day"] or 0)
    if month is None:
        return f"{year}-01-01", f"{year}-12-31"
    number = int(month) if month.isdigit() else next(place for place, name in enumerate(MONTHS, 1) if name.startswith(month[:3]))
    last = monthrange(int(year), number)[1] if 1 <= number <= len(MONTHS) else 0
    return (f"{year}-{number:02}-{day or 1:02}", f"{year}-{number:02}-{day or last:02}") if day <= last and last else (None, None)


def period_of(text: str, places: Sequence[tuple[Range, Period]], amount: Range, free: Range, left: int) -> Period | None:
    """Return the time of an amount: the first after it or the last before it with no other amount between; else that which its sentence begins with.

    Parameters
    ----------
    places
        The times of its sentence.
    free
        Where the amount before it ends, and where the next begins.
    left
        Where the sentence begins.
    """
    start, end = amount
    after = next((item for item in places if item[0][0] >= end), None)
    if after and after[0][0] < free[1] and not _leaves(text[end : after[0][0]]):
        return after[1]
    for (first, last), period in reversed(places):
        if last <= start < last + FAR and not _leaves(text[last:start]) and (first <= left + 1 or last >= free[0]):
            return period
    return None


def _leaves(text: str) -> bool:
    """Tell whether a stretch of text leaves brackets in which it begins."""
    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return True
    return False
