"""Links: one id for all forms of a name in a report."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from ffm.entities.lexicon import folded
from ffm.entities.names.propose import ORG, PLACE
from ffm.entities.names.settle import ReportNames

SAME = {
    "us": "united-states", "usa": "united-states", "u-s": "united-states", "u-s-a": "united-states", "united-states-of-america": "united-states",
    "uk": "united-kingdom", "u-k": "united-kingdom", "great-britain": "united-kingdom", "britain": "united-kingdom", "eu": "european-union",
    "un": "united-nations", "usdos": "us-department-of-state", "viet-nam": "vietnam", "kri": "kurdistan-region-of-iraq",
}  # fmt: skip
SPELLINGS = (("centre", "center"), ("organisation", "organization"), ("programme", "program"), ("labour", "labor"))
ENDING = re.compile(r"(?<=\w{4})[ae]$")


def slug(name: str) -> str:
    """Return a name as an id: lower case, without diacritics, words joined by hyphens."""
    text = re.sub(r"[^a-z0-9]+", "-", folded(name).lower().replace("&", " and ").replace("'s", "s").replace("’s", "s")).strip("-")
    text = re.sub(r"^the-", "", text)
    return SAME.get(text, text) or "name"


def link_names(surfaces: Iterable[tuple[str, str]], names: ReportNames) -> dict[tuple[str, str], str]:
    """Return the id of each (surface, label).

    A short form has the id of its long form; a long form that the report defines for a name of the lexicon, "UNICEF", the id of this name. Forms that differ only in diacritics, case, hyphens, British or
    American spelling, or, for places, in a final a or e (Vlora, Vlorë), share the id of the most frequent of them.
    """
    counts = Counter(surfaces)
    groups: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    keys: dict[tuple[str, str], tuple[str, str]] = {}
    known = {(_key(slug(long), label), label): slug(short) for long, short in names.known_forms.items() for label in (ORG, PLACE)}
    for (surface, label), count in counts.items():
        name = slug(names.long_forms.get(surface, surface))
        name = known.get((_key(name, label), label), name)
        key = (_key(name, label), label)
        keys[(surface, label)] = key
        groups[key][name] += count
    ids = {key: min(group.items(), key=lambda item: (-item[1], item[0]))[0] for key, group in groups.items()}
    return {item: ids[key] for item, key in keys.items()}


def _key(name: str, label: str) -> str:
    for british, american in SPELLINGS:
        name = name.replace(british, american)
    name = name.replace("-", "")
    return ENDING.sub("", name) if label == PLACE else name
