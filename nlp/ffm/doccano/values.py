"""Values of amounts in words that a person can read and write: ``200 to 300 NPR, about, per month [in 2021: 2021-01-01 to 2021-12-31]``.

An annotator puts a value right with a comment, one line an amount: ``"200 rupees" = 200 NPR``. What stands after the sign is the whole
value; where the words are marked as an amount several times, ``#2`` after them takes the second.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import get_args

from msgspec import Struct

from ffm.entities.amounts.vocabulary import currencies
from ffm.errors import PassageError
from ffm.records import Period, Qualifier, Range, Rate, Value

LONGEST = 1_000  # characters of a comment's line that are read
PUT_RIGHT = re.compile(r'\A\s*["“„](?P<words>[^"“”„]+)["”“]\s*(?:#(?P<nth>\d{1,3})\s*)?=(?P<value>.*)', re.DOTALL)
_FIGURE = r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
FIGURES = re.compile(rf"(?P<low>{_FIGURE})(?:\s*(?:to|–|-)\s*(?P<high>{_FIGURE}))?\s*")
PERIOD = re.compile(r"\[(?P<words>[^\[\]]+?)(?::\s*(?P<days>(?:from\s+|to\s+)?\d[^\[\]:]*))?\]\s*$")
DAYS = re.compile(r"(?:from\s+)?(?P<start>\d{4}-\d\d-\d\d)?\s*(?:to\s+(?P<end>\d{4}-\d\d-\d\d))?")
CODE = re.compile(r"[A-Z]{3}")
QUALIFIERS: tuple[str, ...] = get_args(Qualifier)
RATES: tuple[str, ...] = get_args(Rate)
HOW = 'write it as "200 rupees" = 200 NPR, or = 12 %, or = 81 victims, with about, per month and the like after a comma'


class PutRight(Struct, frozen=True):
    """A value that a comment gives to an amount.

    Attributes
    ----------
    words
        The amount as marked, white space as one space each.
    nth
        Which of the amounts of these words, from 1; None for all.
    """

    words: str
    nth: int | None
    value: Value


def say_value(value: Value) -> str:
    """Return a value in words, which :func:`read_value` reads again."""
    if value.kind is None or value.low is None or value.high is None:
        return "no value"
    figures = _figure(value.low) if value.low == value.high else f"{_figure(value.low)} to {_figure(value.high)}"
    unit = {"money": value.currency, "percent": "%", "count": None}[value.kind]
    said = " ".join(filter(None, (figures, unit, " ".join((value.noun or "").split()))))
    said = ", ".join(filter(None, (said, value.qualifier, value.rate and f"per {value.rate}")))
    return f"{said} {_say_period(value.period)}" if value.period else said


def say_amount(words: str, value: Value) -> str:
    """Return an amount with its value, as a comment would put it right."""
    return f'"{quoted(words)}" = {say_value(value)}'


def quoted(words: str) -> str:
    """Return words as a comment quotes them: in one line, without quotation marks, which end a quote."""
    return " ".join(re.sub('["“”„]', " ", words).split())


def _figure(number: float) -> str:
    return format(Decimal(repr(number)), "f").removesuffix(".0")


def _say_period(period: Period) -> str:
    words = " ".join(re.sub(r"[\[\]]", " ", period.words).split())
    if period.start:
        days = f"{period.start} to {period.end}" if period.end else f"from {period.start}"
    else:
        days = f"to {period.end}" if period.end else ""
    return f"[{words}: {days}]" if days else f"[{words}]"


def read_value(said: str, text: str) -> Value:
    """Return the value that words say.

    Parameters
    ----------
    text
        The passage, in which the noun of a count stands.

    Raises
    ------
    PassageError
        If they say none; the message tells what is wrong with them, without the passage's name.
    """
    period = None
    if found := PERIOD.search(said):
        period = _read_period(found["words"].strip(), found["days"] or "")
        said = said[: found.start()]
    figures = FIGURES.match(said.strip())
    if figures is None:
        raise PassageError(f"does not begin with figures; {HOW}")
    low = _number(figures["low"])
    high = _number(figures["high"]) if figures["high"] else low
    if low > high:
        raise PassageError(f"says {figures['low']} to {figures['high']}, the greater first; turn them round")
    unit, *attributes = [part.strip() for part in said.strip()[figures.end() :].split(",")]
    qualifier = rate = None
    for attribute in attributes:
        word = " ".join(attribute.lower().split())
        if word in QUALIFIERS and qualifier is None:
            qualifier = word
        elif word.removeprefix("per ").removeprefix("a ") in RATES and rate is None:
            rate = word.removeprefix("per ").removeprefix("a ")
        else:
            raise PassageError(f'says "{attribute}", which is none of {", ".join(QUALIFIERS)}, per {", per ".join(RATES)}; {HOW}')
    kind, currency, noun = _unit(" ".join(unit.split()), text)
    return Value(
        kind=kind,  # type: ignore[arg-type]
        low=low,
        high=high,
        currency=currency,
        noun=noun,
        qualifier=qualifier,  # type: ignore[arg-type]
        rate=rate,  # type: ignore[arg-type]
        period=period,
    )


def _number(figure: str) -> float | int:
    plain = figure.replace(",", "")
    return float(plain) if "." in plain else int(plain)


def _unit(unit: str, text: str) -> tuple[str, str | None, str | None]:
    """Return kind, currency and noun of the words after the figures."""
    first, _, rest = unit.partition(" ")
    if first in ("%", "percent", "per") and rest in ("", "cent"):
        return "percent", None, None
    if CODE.fullmatch(first) and first in currencies().marks.get(first, ()) and (not rest or rest in " ".join(text.split())):
        return "money", first, rest or None
    if unit in " ".join(text.split()):
        return "count", None, unit or None
    if CODE.fullmatch(first) and not rest:
        raise PassageError(f'says "{first}", which is no currency of ISO 4217; {HOW}')
    raise PassageError(f'says "{unit}", which is no currency of ISO 4217 and does not stand in the passage; {HOW}')


def _read_period(words: str, days: str) -> Period:
    found = DAYS.fullmatch(days.strip())
    try:
        start, end = (found["start"], found["end"]) if found else ("", "")
        for day in filter(None, (start, end)):
            date.fromisoformat(day)
        sound = found is not None and (not start or not end or start <= end)
    except ValueError:
        sound = False
    if not sound:
        raise PassageError(f'says "{days}", which are no days; write them as [in 2021: 2021-01-01 to 2021-12-31], or the words alone')
    return Period(words, start or None, end or None)


def gives_a_value(line: str) -> bool:
    """Tell whether a line of a comment is of the form that gives an amount a value."""
    return PUT_RIGHT.match(line[:LONGEST]) is not None


def read_comments(comments: Iterable[str], text: str) -> list[PutRight]:
    """Return the values that comments on a passage give; what else they say is not looked at.

    Raises
    ------
    PassageError
        If a line gives a value that is none; the message quotes it, without the passage's name.
    """
    found = []
    for line in (line for comment in comments for line in comment.splitlines()):
        match = PUT_RIGHT.match(line[:LONGEST])
        if match is None:
            continue
        try:
            found.append(PutRight(quoted(match["words"]), int(match["nth"]) if match["nth"] else None, read_value(match["value"], text)))
        except PassageError as error:
            raise PassageError(f"the comment '{' '.join(line.split())[:100]}' {error}") from None
    return found


def put_right(given: Sequence[PutRight], amounts: Mapping[Range, str]) -> dict[Range, Value]:
    """Return the values that comments give to amounts.

    Parameters
    ----------
    amounts
        The words of each amount that is marked, in the passage's order.

    Raises
    ------
    PassageError
        If a comment speaks of an amount that is not marked, or two give one amount different values; without the passage's name.
    """
    found: dict[Range, Value] = {}
    for item in given:
        places = [place for place, words in amounts.items() if quoted(words) == item.words]
        if item.nth is not None:
            places = places[item.nth - 1 : item.nth] if item.nth else []
        if not places:
            which = f" #{item.nth}" if item.nth is not None else ""
            raise PassageError(
                f'a comment gives a value to "{item.words}"{which}, which is not marked as an amount; mark it, or delete the comment'
            )
        for place in places:
            if found.setdefault(place, item.value) != item.value:
                raise PassageError(f'comments give "{item.words}" different values; leave one, or tell the amounts apart with #1 and #2')
    return found
