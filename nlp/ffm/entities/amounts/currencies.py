"""Which currency stands beside a number, and which is meant by a name that several countries use: by the country that is spoken of."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache, lru_cache

from msgspec import Struct

from ffm.entities.amounts.numerals import DASHES, Lexemes, Number, is_year
from ffm.entities.amounts.vocabulary import currencies, vocabulary
from ffm.entities.lexicon import folded_in_place, lexicon
from ffm.entities.names.index import NameIndex

WEIGHT = {"lift", "lifts", "lifting", "weigh", "weighs", "weighing", "weighed", "weight", "heavier", "carry", "carrying", "load", "loads"}
LONGEST_CODE = 3  # letters of a short form of a body, which hides no country
NEAR = 50  # so many mentions of countries on either side of an amount are looked at


class Where(Struct, frozen=True):
    """What may tell the country whose currency is meant: the text itself, then its question, then the country that the report is about."""

    text: str
    question: str = ""
    country: str | None = None


class Currency(Struct, frozen=True):
    """A currency beside a number."""

    edge: int  # the lexeme where it begins (before the number), or the one after it (after the number)
    code: str  # ISO 4217
    noun: str | None = None  # "old lek", whose value is not that of today's


def currency_before(lex: Lexemes, index: int, floor: int, number: Number, where: Where) -> Currency | None:
    """Return the currency that ends before a number and begins at or after a lexeme: "US$ 5", "Rs. 5", "Lek 500,000"."""
    table = currencies()
    large = number.grouped or number.scale > 1 or number.value >= 100 or lex.at(number.stop) in vocabulary().letters
    for start in range(max(floor, index - 3), index):
        name = lex.surface(start, index).rstrip(".")
        if (lex.joined(start) and lex.at(start - 1)[-1:].isalnum()) or len(lex.gap(index)) > 1:
            continue
        codes = table.marks.get(name)
        if codes is None and (name[:1].isupper() or number.grouped or len(name) < 3) and not is_year(lex, number):
            codes = table.nouns.get(name.lower())
        if codes is None or (name in table.rare and not (large and lex.gap(index))):
            continue
        if len(name) == 1 and name.isalpha() and not (large and lex.joined(index)):
            continue
        if code := _meant(name, codes, where, lex.starts[start]):
            return Currency(start, code)
    return None


def currency_after(lex: Lexemes, index: int, number: Number, where: Where) -> Currency | None:
    """Return the currency that begins at a lexeme after a number: "lek", "-euro", "Libyan dinars", "old lek", "€"."""
    table = currencies()
    start = index + 1 if lex.at(index) in DASHES and lex.joined(index) and lex.joined(index + 1) else index
    age = lex.at(start) if lex.at(start) in ("old", "new") and lex.at(start + 1) in table.nouns else ""
    start += bool(age)
    for stop in range(min(start + 3, len(lex)), start, -1):
        name = lex.surface(start, stop)
        codes = table.nouns.get(name.lower()) or (table.marks.get(name) if len(name) > 1 or not name.isalpha() else None)
        following = lex.words[stop] if stop < len(lex) else ""
        if (
            codes is None
            or (name in table.rare and name != "ALL" and number.value < 100)
            or (not name.isalpha() and following[:1].isdigit())
            or (name.istitle() and following.istitle() and not number.grouped and number.scale == 1)  # 29 Dong Tam residents
            or (name.lower() in ("pound", "pounds") and not WEIGHT.isdisjoint(lex.lower[max(0, index - 8) : index]))
        ):
            continue
        if code := _meant(name, codes, where, lex.starts[number.start]):
            return Currency(stop, code, f"old {name}" if age == "old" else None)
    return _with_adjective(lex, start)


def _with_adjective(lex: Lexemes, start: int) -> Currency | None:
    """Return the currency that the adjective of its country and a noun name: "Libyan dinars"."""
    table = currencies()
    adjective = _country_pattern()[0].match(lex.text, lex.starts[start]) if lex.at(start) and lex.words[start][0].isupper() else None
    if adjective is None:
        return None
    code = table.country_currency[table.countries[adjective.group(1)]]
    start = bisect_left(lex.starts, adjective.end())
    named = (stop for stop in range(min(start + 2, len(lex)), start, -1) if code in table.nouns.get(lex.surface(start, stop).lower(), ()))
    return next((Currency(stop, code) for stop in named), None)


ENGLISH = {"AU", "CA", "GB", "IE", "NZ", "US"}


def _meant(name: str, codes: Sequence[str], where: Where, offset: int) -> str | None:
    """Return the one of several codes that a name means, or None where it is no currency's name here.

    Of several countries the one named nearest decides, rather before it than after.
    """
    table = currencies()
    home = name in table.at_home
    if len(codes) == 1 and not home:
        return codes[0]
    for text, at in ((where.text, offset), (where.question, 0)):
        mentions = _countries_in(text)
        middle = bisect_left(mentions, (at, ""))
        named = [
            (at - place if place < at else 2 * (place - at), code)
            for place, country in mentions[max(0, middle - NEAR) : middle + NEAR]
            if (code := table.country_currency[country]) in codes
        ]
        if named:
            return min(named)[1]
    if (own := table.country_currency.get(where.country or "")) and own in codes:
        return own
    return None if home else next((code for code in table.usual if code in codes), codes[0])


@cache
def _country_pattern() -> tuple[re.Pattern[str], NameIndex, dict[str, str]]:
    """Return the pattern of the countries' names, the index of their towns, and the country of each town."""
    table = currencies()
    pattern = re.compile(rf"\b({'|'.join(sorted(map(re.escape, table.countries), key=len, reverse=True))})[a-z]*")
    towns = {
        folded_in_place(town): table.countries[name]
        for name, listed in lexicon().towns.items()
        if name in table.countries
        for town in listed
    }
    return pattern, NameIndex(towns), towns


@cache
def _bodies() -> NameIndex:
    return NameIndex(lexicon().bodies)


@lru_cache(8)
def _countries_in(text: str) -> list[tuple[int, str]]:
    """Return where a text names which country, by itself or by one of its towns, in order."""
    pattern, index, towns = _country_pattern()
    plain = folded_in_place(text)
    found = [
        *((match.start(), currencies().countries[match.group(1)]) for match in pattern.finditer(plain)),
        *((start, towns[plain[start:end]]) for start, end in index.find(plain)),
    ]
    return sorted(found)


def countries_of_text(text: str, country: str | None) -> frozenset[str]:
    """Return the ISO 3166-1 codes of the countries whose places a text may name: the report's, and those that the text itself names.

    Not those of English-language towns, whose names are words too (Union, Justice, March).
    """
    named = {code for _, code in _countries_in(text)}
    return frozenset((named | ({country} if country else set())) - ENGLISH)


@lru_cache(maxsize=8)  # as every passage of a report asks for it
def country_of(text: str) -> str | None:
    """Return the ISO 3166-1 code of the country that a report is about: the one named most, in its first line ten times; None where none leads.

    A country in the name of a body that reports everywhere speak of, "UK Home Office", tells who wrote, not what about.
    """
    counts: dict[str, int] = {}
    bodies = [span for span in _bodies().find(text) if span[1] - span[0] > LONGEST_CODE]
    title = len(text) - len(text.lstrip())
    title += len(text[title:].partition("\n")[0])
    for place, country in _countries_in(text):
        last = bisect_right(bodies, (place, len(text))) - 1
        if last >= 0 and place < bodies[last][1]:
            continue
        counts[country] = counts.get(country, 0) + (10 if place < title else 1)
    ranked = sorted(counts.items(), key=lambda item: -item[1])
    return ranked[0][0] if ranked and (len(ranked) == 1 or ranked[0][1] > 2 * ranked[1][1]) else None
