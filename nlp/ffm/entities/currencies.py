"""Which currency is meant by a name that several countries use: rupees are Pakistan's or India's by the country that a text speaks of."""

from __future__ import annotations

import re
from functools import cache

from ffm.entities.lexicon import folded_in_place, lexicon
from ffm.entities.names.index import NameIndex


def currency_of(written: str, text: str, offset: int, context: str = "") -> str:
    """Return the ISO 4217 code of a currency as written in a text: "€", "Rs", "dinars", "UAH".

    Parameters
    ----------
    offset
        Where it stands in the text: of several countries the one named nearest decides, rather before it than after.
    context
        Another text that may name the country, where the text itself does not: its question.
    """
    words = lexicon()
    code = words.currencies.get(written.lower()) or words.prefixes.get(written) or written
    by_country = words.shared_currencies.get(written.lower())
    if by_country is None:
        return code
    for where, at in ((text, offset), (context, 0)):
        named = [
            (at - place if place < at else 2 * (place - at), country) for place, country in _countries_in(where) if country in by_country
        ]
        if named:
            return by_country[min(named)[1]]
    return code


@cache
def _patterns() -> tuple[re.Pattern[str], dict[str, str], NameIndex, dict[str, str]]:
    """Return the pattern of the countries' names, the country of each beginning, and the same for their towns."""
    words = lexicon()
    beginnings = {beginning: country for country, names in words.countries.items() for beginning in names}
    pattern = re.compile(rf"\b({'|'.join(sorted(map(re.escape, beginnings), key=len, reverse=True))})[a-z]*")
    towns = {folded_in_place(town): country for country, names in words.towns.items() if country in words.countries for town in names}
    return pattern, beginnings, NameIndex(towns), towns


def _countries_in(text: str) -> list[tuple[int, str]]:
    """Return where a text names which country, by itself or by one of its towns."""
    pattern, beginnings, index, towns = _patterns()
    plain = folded_in_place(text)
    return [
        *((match.start(), beginnings[match.group(1)]) for match in pattern.finditer(text)),
        *((start, towns[plain[start:end]]) for start, end in index.find(plain)),
    ]
