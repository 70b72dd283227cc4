"""Capitalised words that name nothing by themselves: kinds of bodies and documents, peoples, months, posts, parts of a country."""

from __future__ import annotations

import re
from functools import lru_cache

from spacy.lang.en.stop_words import STOP_WORDS

from ffm.entities.lexicon import folded_in_place, kinds_of_places, lexicon
from ffm.entities.places import countries_by_place

# A part of a country, which has no name.
COMPASS = re.compile(r"(?:(?:North|South)[- ]?(?:[Ee]ast|[Ww]est)?|East|West|Cent(?:er|re))(?:ern)?")
PEOPLES = re.compile(
    r"[A-Z][a-z]+(?:ian|ean|ese|ish|ic|ista?|ite|phone)s?|German|Moroccan|Mexican|Saudi|Emirati|French|Dutch|Swiss|Greek|Turkish|Kurdish|Western|Eastern"
)


def is_place_name(word: str) -> bool:
    """Tell whether the lexicon or the gazetteer knows a place of a name."""
    plain = folded_in_place(word)
    return plain in lexicon().places or plain in countries_by_place()


def of_people(word: str) -> bool:
    """Tell whether a word is the adjective of a people or country: "Albanian", "Iraqi", "Somali", "Kenyan", "Afghan"."""
    stems = (word[:-1], word + "a", word + "istan", *(word.removesuffix(ending) for ending in ("an", "ans") if word.endswith(ending)))
    return PEOPLES.fullmatch(word) is not None or any(name in lexicon().places for name in stems)


@lru_cache(maxsize=10_000)
def is_common(word: str) -> bool:
    """Tell whether a capitalised word is one of those that name nothing by themselves."""
    words, lower = lexicon(), word.lower()
    return (
        any(word in listed for listed in (words.heads, words.no_heads, words.no_names, words.not_first, words.subjects))
        or any(lower in listed for listed in (words.months, words.persons, kinds_of_places(), STOP_WORDS))
        or of_people(word)
        or COMPASS.fullmatch(word) is not None
    )


@lru_cache(maxsize=10_000)
def is_unknown(word: str) -> bool:
    """Tell whether a word is a capitalised one that no list knows, except as the head of a body."""
    words = lexicon()
    return (
        word[0].isupper()
        and word.isalpha()
        and word not in words.known_words
        and word not in words.not_first
        and word.lower() not in STOP_WORDS
        and folded_in_place(word) not in words.places
    )
