"""The words that the names' component knows, read from ``lexicon.toml`` and ``gazetteer.toml``."""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from msgspec import Struct

from ffm.entities.places import countries


class Lexicon(Struct, frozen=True):
    """Towns by their countries, and sets of lower-case or cased words; see the comments in the files."""

    towns: dict[str, list[str]]
    months: frozenset[str]
    no_names: frozenset[str]
    names_if_acting: frozenset[str]
    heads: frozenset[str]
    no_heads: frozenset[str]
    places: frozenset[str]
    bodies: frozenset[str]
    lower_heads: frozenset[str]
    alone: frozenset[str]
    persons: frozenset[str]
    surnames: frozenset[str]
    done_to_persons: frozenset[str]
    done_by_persons: frozenset[str]
    of_persons: frozenset[str]
    known_words: frozenset[str]
    possessors: frozenset[str]
    not_first: frozenset[str]
    alone_too_vague: frozenset[str]
    subjects: frozenset[str]
    documents: frozenset[str]
    numbered: frozenset[str]
    directions: frozenset[str]
    place_kinds: frozenset[str]
    loose_kinds: frozenset[str]
    features: frozenset[str]
    office_holders: frozenset[str]
    movements: frozenset[str]
    after_last: frozenset[str]
    small_words: frozenset[str]
    single_bodies: frozenset[str]
    deeds: frozenset[str]


# Letters that no decomposition makes plain.
_STROKES = {"đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "ı": "i", "ħ": "h", "Ħ": "H", "ð": "d", "Ð": "D", "’": "'"}
_PLAIN_LETTERS = {ord(letter): plain for letter, plain in _STROKES.items()} | {
    code: plain
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    if len(plain := unicodedata.normalize("NFKD", chr(code))[0]) == 1 and plain.isalpha() and plain.isascii()
}


def folded(name: str) -> str:
    """Return a name without diacritics: "Kukës" and "Kükes" fold to "Kukes"."""
    if name.isascii():
        return name
    plain = unicodedata.normalize("NFKD", folded_in_place(name))
    marks = {character for character in set(plain) if unicodedata.combining(character)}
    return "".join(character for character in plain if character not in marks) if marks else plain


def folded_in_place(text: str) -> str:
    """Return a text with accented Latin letters as plain ones, character for character."""
    return text.translate(_PLAIN_LETTERS)


def _tables(name: str) -> dict[str, Any]:
    return tomllib.loads(files("ffm.entities").joinpath(name).read_text(encoding="utf-8"))


@cache
def lexicon() -> Lexicon:
    """Return the lexicon."""
    names, gazetteer = _tables("lexicon.toml")["names"], _tables("gazetteer.toml")
    places = {name for listed in (countries(), names["places"], *gazetteer["places"].values()) for name in listed}
    places |= {name.removeprefix("The ").removeprefix("the ") for name in places}
    bodies = {name for listed in (names["bodies"], *gazetteer["bodies"].values()) for name in listed}
    known = {"I"}.union(places, bodies, names["no_names"], (month.title() for month in names["months"]))
    places, bodies = (listed | {folded(name) for name in listed} for listed in (places, bodies))
    found = {"towns": gazetteer["places"], "places": places, "bodies": bodies, "known_words": known}
    return msgspec.convert(names | found, Lexicon)


@cache
def kinds_of_places() -> frozenset[str]:
    """Return the words for kinds of places, singular and plural: "county", "counties"."""
    kinds = lexicon().place_kinds | lexicon().loose_kinds
    return frozenset(form for kind in kinds for form in (kind, kind[:-1] + "ies" if kind.endswith("y") else kind + "s"))
