"""The words of the amounts' grammar, read from ``words.toml`` and ``currencies.toml`` beside it."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from msgspec import Struct

from ffm.entities.lexicon import folded_in_place


class Words(Struct, frozen=True):
    """What counts and what does not; the comments in ``words.toml`` say what each is for."""

    verbs: frozenset[str]
    counted_forms: frozenset[str]
    named_labels: frozenset[str]
    units_of_measure: frozenset[str]
    labels: frozenset[str]
    shortened_labels: frozenset[str]
    addresses: frozenset[str]
    ages: frozenset[str]
    totals: frozenset[str]
    counted_by_one: frozenset[str]
    not_counted_by_word: frozenset[str]
    counted_by_deed: frozenset[str]
    figure_verbs: frozenset[str]


class Vocabulary(Struct, frozen=True):
    """Number words and scales with what they are worth, phrases beside an amount with what they say of it, words for change."""

    numbers: dict[str, int]
    scales: dict[str, int]
    letters: dict[str, int]
    qualifiers: dict[str, str]
    rates: dict[str, str]
    changes: tuple[str, ...]
    words: Words


class Currencies(Struct, frozen=True):
    """Currencies by their nouns (lower case) and marks (as written), and countries by their names; the comments in ``currencies.toml`` say more."""

    nouns: dict[str, list[str]]
    marks: dict[str, list[str]]
    usual: list[str]
    rare: frozenset[str]
    at_home: frozenset[str]
    country_currency: dict[str, str]
    countries: dict[str, str]


def _tables(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


@cache
def vocabulary() -> Vocabulary:
    """Return the words of the grammar and its checks."""
    tables = _tables("words.toml")
    numbers = {word: value for value, word in enumerate(tables["numbers"]["units"])}
    numbers |= {word: 10 * value for value, word in enumerate(tables["numbers"]["tens"], start=2)}
    return Vocabulary(
        numbers,
        {word + ending: value for word, value in tables["scales"].items() for ending in ("", "s")},
        tables["letters"],
        {phrase: name for name, phrases in tables["qualifiers"].items() for phrase in phrases},
        {phrase: name for name, phrases in tables["rates"].items() for phrase in phrases},
        tuple(tables["changes"]["words"]),
        msgspec.convert(tables["checks"], Words),
    )


@cache
def currencies() -> Currencies:
    """Return the names of currencies."""
    tables = _tables("currencies.toml")
    nouns: defaultdict[str, list[str]] = defaultdict(list)
    marks: defaultdict[str, list[str]] = defaultdict(list)
    country_currency: dict[str, str] = {}
    countries: dict[str, str] = {}
    for code, row in tables["currencies"].items():
        marks[code].append(code)
        for name in row.pop("names"):
            noun = name[0].islower() and name[-1].isalpha()
            for form in (name, name + "s") if noun else (name,):
                (nouns if noun else marks)[form].append(code)
        for country, beginnings in row.items():
            country_currency[country] = code
            countries |= {folded_in_place(beginning): country for beginning in beginnings}
    readings = tables["readings"]
    home = frozenset(form for name in readings["at_home"] for form in (name, name + "s" * name.islower()))
    return Currencies(dict(nouns), dict(marks), readings["usual"], frozenset(readings["rare"]), home, country_currency, countries)
