"""The words that the entity components know, read from ``lexicon.toml`` and ``gazetteer.toml``."""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

from msgspec import Struct


class Lexicon(Struct, frozen=True):
    """Currencies by their names, and sets of lower-case or cased words; see the comments in the files."""

    currencies: dict[str, str]
    prefixes: dict[str, str]
    codes: frozenset[str]
    shared_currencies: dict[str, dict[str, str]]
    countries: dict[str, list[str]]
    towns: dict[str, list[str]]
    units_of_measure: frozenset[str]
    labels: frozenset[str]
    ages: frozenset[str]
    months: frozenset[str]
    verbs: frozenset[str]
    counted_forms: frozenset[str]
    named_labels: frozenset[str]
    counted_by_one: frozenset[str]
    counted_by_word: frozenset[str]
    counted_by_deed: frozenset[str]
    figure_verbs: frozenset[str]
    no_names: frozenset[str]
    names_if_acting: frozenset[str]
    heads: frozenset[str]
    no_heads: frozenset[str]
    places: frozenset[str]
    bodies: frozenset[str]
    lower_heads: frozenset[str]
    alone: frozenset[str]
    known_words: frozenset[str]


def folded(name: str) -> str:
    """Return a name without diacritics: "Kukës" and "Kükes" fold to "Kukes"."""
    return "".join(character for character in unicodedata.normalize("NFKD", name) if not unicodedata.combining(character))


_PLAIN_LETTERS = {
    code: plain
    for code in range(0xC0, 0x250)
    if len(plain := unicodedata.normalize("NFKD", chr(code))[0]) == 1 and plain.isalpha() and plain.isascii()
}


def folded_in_place(text: str) -> str:
    """Return a text with accented Latin letters as plain ones, character for character."""
    return text.translate(_PLAIN_LETTERS)


def _tables(name: str) -> dict[str, Any]:
    return tomllib.loads(files("ffm.entities").joinpath(name).read_text(encoding="utf-8"))


@cache
def lexicon() -> Lexicon:
    """Return the lexicon."""
    tables, gazetteer = _tables("lexicon.toml"), _tables("gazetteer.toml")
    money, amounts, names = tables["currencies"], tables["amounts"], tables["names"]
    places = {name for listed in (names["places"], *gazetteer["places"].values()) for name in listed}
    places |= {name.removeprefix("The ").removeprefix("the ") for name in places}
    bodies = frozenset(name for listed in (names["bodies"], *gazetteer["bodies"].values()) for name in listed)
    return Lexicon(
        currencies={name: code for code, written in money.items() if code != "CODES" for name in written},
        prefixes={name: code for code, written in tables["prefixes"].items() for name in written},
        codes=frozenset(money["CODES"]),
        shared_currencies={name: shared["codes"] for shared in tables["shared_currencies"] for name in shared["names"]},
        countries=tables["countries"],
        towns=gazetteer["places"],
        units_of_measure=frozenset(amounts["units_of_measure"]),
        labels=frozenset(amounts["labels"]),
        ages=frozenset(amounts["ages"]),
        months=frozenset(amounts["months"]),
        verbs=frozenset(amounts["verbs"]),
        counted_forms=frozenset(amounts["counted_forms"]),
        named_labels=frozenset(amounts["named_labels"]),
        counted_by_one=frozenset(amounts["counted_by_one"]),
        counted_by_word=frozenset(amounts["counted_by_one"]) - frozenset(amounts["not_counted_by_word"]),
        counted_by_deed=frozenset(amounts["counted_by_deed"]),
        figure_verbs=frozenset(amounts["figure_verbs"]),
        no_names=frozenset(names["no_names"]),
        names_if_acting=frozenset(names["names_if_acting"]),
        heads=frozenset(names["heads"]),
        no_heads=frozenset(names["no_heads"]),
        places=frozenset(places) | {folded(name) for name in places},
        bodies=bodies,
        lower_heads=frozenset(names["lower_heads"]),
        alone=frozenset(names["alone"]),
        known_words=frozenset({"I"}.union(places, bodies, names["no_names"], (month.title() for month in amounts["months"]))),
    )
