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
REACH = 6  # words between an amount and its rate
FAR = 1_000  # characters between a time and its amount


@cache
def _longest(which: str) -> int:
    return max(len(phrase.split()) for phrase in getattr(vocabulary(), which))


def qualifier_of(lex: Lexemes, start: int, stop: int) -> str | None:
    """Return what stands beside an amount: "about", "over", "under", "at least", "up to", or None."""
    phrases = vocabulary().qualifiers
    after = lex.at(stop) == "-" and lex.at(stop + 1)
    if after == "odd" or lex.lower[stop : stop + 2] == ["or", "so"]:
        return "about"
    if lex.at(stop) in ("+", "plus") or lex.lower[stop : stop + 2] in (
        ["or", "more"],
        ["or", "less"],
        ["or", "fewer"],
        ["and", "above"],
        ["and", "over"],
    ):
        return "up to" if lex.at(stop + 1) in ("less", "fewer") else "at least"
    start -= lex.at(start - 1) in ("a", "the", "between", "from", "just")
    for length in range(_longest("qualifiers"), 0, -1):
        words = lex.lower[max(0, start - length) : start]
        if len(words) == length and (found := phrases.get(" ".join(words))):
            return found
        if length == 1 and lex.at(start - 1) == "." and (found := phrases.get(lex.at(start - 2))) and len(lex.at(start - 2)) < 7:
            return found
    return None


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
    found = []
    for match in PERIOD.finditer(text, start, end):
        words = " ".join(match.group().split())
        found.append((match.span(), Period(words, *_settled(match, today))))
    return found


def _settled(match: re.Match[str], today: str | None) -> tuple[str | None, str | None]:
    """Return from when and to when a time reaches, as ISO 8601 dates, where its words settle it."""
    if match["now"]:
        return None, _bounds(today)[1] if today else None
    if match["years"]:
        first, last = re.split(r"\s?[-–]\s?", match["years"])
        last = first[:2] + last if len(last) == 2 else last
        return (f"{first}-01-01", f"{last}-12-31") if first <= last else (None, None)
    if match["last"]:
        return _bounds(_written(match["first"], match["last"][-4:]))[0], _bounds(_written(match["last"], match["last"][-4:]))[1]
    if match["range"]:
        to = _bounds(match["to"])
        start = match["from"] if re.search(_YEAR, match["from"]) else f"{match['from']} {match['to'][-4:]}"
        return _bounds(start)[0], to[1]
    if match["relative"]:
        return None, None
    first, last = _bounds(match["date"])
    year = match["date"][-4:]
    if match["half"]:
        first, last = (f"{year}-01-01", f"{year}-06-30") if match["half"].lower() == "first" else (f"{year}-07-01", f"{year}-12-31")
    elif match["quarter"]:
        number = ("first", "second", "third", "fourth").index(match["quarter"].lower())
        first, last = f"{year}-{3 * number + 1:02}-01", f"{year}-{3 * number + 3:02}-{monthrange(int(year), 3 * number + 3)[1]}"
    elif match["side"] or match["piece"] in ("end", "start", "beginning"):
        first = last = None
    how = match["how"].lower().split()[0]
    if how == "since":
        return first, None
    return (None, last) if how in ("until", "till", "by", "as") else (first, last)


def _written(date: str, year: str) -> str:
    """Return a date with its month as a word, and with a year: "25.09.2017", "January"."""
    if figures := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", date):
        return f"{figures[1]} {MONTHS[int(figures[2]) - 1]} {figures[3]}" if 1 <= int(figures[2]) <= len(MONTHS) else figures[3]
    return date if re.search(rf"{_YEAR}$", date) else f"{date} {year}"


def _bounds(date: str) -> tuple[str | None, str | None]:
    """Return the first and last day of a date, month or year, as written or in ISO 8601."""
    if iso := re.fullmatch(r"(\d{4})(?:-(\d\d))?(-\d\d)?", date):
        if iso[3] or not iso[2]:
            return (date, date) if iso[3] else (f"{date}-01-01", f"{date}-12-31")
        date = f"{MONTHS[int(iso[2]) - 1]} {iso[1]}"
    year = date[-4:]
    month = re.search(r"[a-z]{3,}", date.lower())
    if month is None:
        return f"{year}-01-01", f"{year}-12-31"
    number = next(place for place, name in enumerate(MONTHS, start=1) if name.startswith(month.group()[:3]))
    day = re.match(r"\d{1,2}", date)
    last = monthrange(int(year), number)[1]
    if day is None:
        return f"{year}-{number:02}-01", f"{year}-{number:02}-{last}"
    if not 1 <= int(day.group()) <= last:
        return None, None
    return (f"{year}-{number:02}-{int(day.group()):02}",) * 2


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
