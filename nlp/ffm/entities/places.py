"""The gazetteer: towns and subdivisions of all countries, by which a country's places are proposed (see :mod:`ffm.entities.distil_places`)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from ffm.entities.names.index import NameIndex

COUNTRIES = "*"  # what their row begins with


def places_by_country() -> dict[str, tuple[str, ...]]:
    """Return the names of places, in plain letters, by the ISO 3166-1 alpha-2 code of their country."""
    return {country: names for country, names in _rows().items() if country != COUNTRIES}


def countries() -> tuple[str, ...]:
    """Return the names of countries, short and official, as written."""
    return _rows()[COUNTRIES]


@cache
def _rows() -> dict[str, tuple[str, ...]]:
    lines = files("ffm.entities").joinpath("places.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.partition("\t") for line in lines if not line.startswith("#"))
    return {country: tuple(names.split("|")) for country, _, names in rows}


@cache
def countries_by_place() -> dict[str, frozenset[str]]:
    """Return the codes of the countries that have a place of a name."""
    found: dict[str, set[str]] = {}
    for country, names in places_by_country().items():
        for name in names:
            found.setdefault(name, set()).add(country)
    return {name: frozenset(codes) for name, codes in found.items()}


@cache
def places_of(country: str) -> NameIndex:
    """Return the index of a country's places; empty where the gazetteer has none."""
    return NameIndex(places_by_country().get(country, ()))
