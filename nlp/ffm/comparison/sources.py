"""Sources over reports: one identifier for all names by which a body goes in the reports of a country."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from ffm.comparison.attribution import BODY
from ffm.entities.lexicon import folded, lexicon
from ffm.entities.names.bodies import SMALL_WORDS
from ffm.entities.names.link import SPELLINGS, slug
from ffm.entities.names.propose import PLACE
from ffm.records import TaggedPassage

Key = frozenset[str]

# Words that tell what a body is, and leave its name what it is: "Vatra", "Vatra Centre", "Vatra Psycho-Social Centre".
FORMS = frozenset({"center", "foundation", "association", "organization", "ngo", "onlus", "shelter", "presence", "charity"})
PLURALS = {"children": "child", "women": "woman", "men": "man", "people": "person", "persons": "person"}
WORD = re.compile(r"[^\W_]+")
MERGED = 2  # words of a name, "Ministry of Boats", from which on one that goes on with "and ..." is the same body, renamed


class Names(Struct, frozen=True):
    """How the bodies of one report are named.

    Attributes
    ----------
    ids
        By name in small letters the identifier within the report.
    surfaces
        By identifier the names, with how often each stands.
    places
        The places that it names, in small letters, with how often each stands.
    """

    ids: dict[str, str]
    surfaces: dict[str, Counter[str]]
    places: Counter[str]


class Linked(Struct, frozen=True):
    """The sources of several reports.

    Attributes
    ----------
    ids
        By report and identifier within the report the identifier over the reports of its country.
    names
        The names of each report.
    """

    ids: dict[tuple[str, str], str]
    names: dict[str, Names]

    def local(self, report: str, name: str) -> str:
        """Return the identifier within a report of a source that it names so: that of the body of this name, else one made of the name."""
        return self.names[report].ids.get(_folded(name)) or slug(name)

    def within(self, report: str, text: str) -> str | None:
        """Return the identifier within a report of the longest name of a body that stands in a text ("Director of the RCV"), or None."""
        words = WORD.findall(_folded(text))
        return next(
            (
                found
                for length in range(len(words), 0, -1)
                for start in range(len(words) - length + 1)
                if (found := self.names[report].ids.get(" ".join(words[start : start + length])))
            ),
            None,
        )

    def shown(self, report: str, local: str) -> str:
        """Return the name by which a report's body is shown: its long form, else the one that stands most often."""
        counts = self.names[report].surfaces.get(local)
        if not counts:
            return local
        return min(counts, key=lambda name: (slug(name) != local, -counts[name], name))

    def over_reports(self, report: str, local: str) -> str:
        """Return the identifier over reports."""
        return self.ids.get((report, local), local)


def link_sources(
    passages: Sequence[TaggedPassage], countries: Mapping[str, str] | None = None, aliases: Mapping[str, str] | None = None
) -> Linked:
    """Link the bodies that several reports name, within each country.

    Names are one body's where they differ in spelling, in the order of their words, in the country's name or in a word that tells
    what a body is; where one is the other's short form, as any of the reports defines it; and where a ministry's name goes on with
    "and ..." in one other form alone. What a person listed counts before all.

    Parameters
    ----------
    passages
        Rows of all reports, of all kinds.
    countries
        By report its country; reports without one are taken together.
    aliases
        By name the identifier that a person gave it, see :mod:`ffm.project.sources`.

    Returns
    -------
    Linked
        The identifier of a body is that of its name within a report, the most frequent one of them.
    """
    listed = {_folded(name): identifier for name, identifier in (aliases or {}).items()}
    names = _names(passages)
    ids: dict[tuple[str, str], str] = {}
    by_country: dict[str, list[str]] = defaultdict(list)
    for report in sorted(names):
        by_country[(countries or {}).get(report, "")].append(report)
    for reports in by_country.values():
        ids.update(_link({report: names[report] for report in reports}, listed))
    return Linked(ids, names)


@lru_cache(maxsize=8_192)
def _folded(name: str) -> str:
    return " ".join(WORD.findall(folded(name).lower()))


def _names(passages: Iterable[TaggedPassage]) -> dict[str, Names]:
    """Return the names of each report: those of its entities, and its interviews'."""
    counts: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    interviewed: dict[str, dict[str, None]] = defaultdict(dict)
    places: dict[str, Counter[str]] = defaultdict(Counter)
    for passage in passages:
        mine = counts[passage.report]
        for entity in (*passage.entities, *passage.question_entities):
            if entity.label == BODY:
                mine[entity.id or slug(entity.text)][entity.text] += 1
            elif entity.label == PLACE:
                places[passage.report][_folded(entity.text)] += 1
        if passage.source is not None:
            interviewed[passage.report][passage.source] = None
    found = {}
    for report, surfaces in counts.items():
        seen: dict[str, Counter[str]] = defaultdict(Counter)
        for local, forms in surfaces.items():
            for name, count in forms.items():
                seen[_folded(name)][local] += count
        ids = {name: min(locals_, key=lambda local: (-locals_[local], local)) for name, locals_ in seen.items() if name}
        for source in interviewed[report]:
            local = ids.setdefault(_folded(source), slug(source))
            surfaces[local][source] += 1
        found[report] = Names(ids, dict(surfaces), places[report])
    return found


def _link(names: Mapping[str, Names], aliases: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Return the identifiers of the bodies of one country."""
    home = _home(mine.places for mine in names.values())
    keys = {(report, local): _key(local, home) for report, mine in names.items() for local in mine.surfaces}
    groups = _Groups(keys.values())
    for short, long in _short_forms(names, keys):
        groups.join(short, long)
    for short, long in _longer_names(keys, home):
        groups.join(short, long)
    counts: dict[Key, Counter[str]] = defaultdict(Counter)
    given: dict[Key, str] = {}
    for (report, local), key in sorted(keys.items()):
        surfaces = names[report].surfaces[local]
        counts[groups.of(key)][local] += sum(surfaces.values())
        for name in sorted({*map(_folded, surfaces), _folded(local)} & aliases.keys()):
            given.setdefault(groups.of(key), aliases[name])
    found = {}
    for place, key in keys.items():
        group = groups.of(key)
        found[place] = given.get(group) or min(counts[group], key=lambda local: (-counts[group][local], local))
    return found


class _Groups:
    """Disjoint sets of names."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self._above: dict[Key, Key] = {key: key for key in keys}

    def of(self, key: Key) -> Key:
        """Return the name that stands for a name's set."""
        while self._above[key] != key:
            self._above[key] = self._above[self._above[key]]
            key = self._above[key]
        return key

    def join(self, one: Key, other: Key) -> None:
        """Join the sets of two names; the first in order stands for both."""
        first, second = sorted((self.of(one), self.of(other)), key=sorted)
        self._above[second] = first


def _home(places: Iterable[Counter[str]]) -> frozenset[str]:
    """Return the country that reports speak of, and what its people are called: that of all countries which they name most often."""
    names = {_folded(name) for name in lexicon().towns}
    counts = Counter({name: count for name, count in sum(places, Counter()).items() if name in names})
    home = min(counts, key=lambda name: (-counts[name], name), default=None)
    return frozenset() if home is None else frozenset({home, f"{home}n", f"{home}ns"})


def _key(local: str, home: frozenset[str]) -> Key:
    """Return what is left of a name where spelling, small words, the country and the order of words tell nothing."""
    words = [word for word in american(local).split("-") if word not in SMALL_WORDS]
    own = [word for word in words if word not in home]
    kept = [word for word in own if word not in FORMS] if len(own) > 1 else own
    return frozenset(_singular(word) for word in (kept or own or words or [local]))


def _singular(word: str) -> str:
    word = word.removesuffix("s") if len(word) > 3 else word
    return PLURALS.get(word, word)


def _short_forms(names: Mapping[str, Names], keys: Mapping[tuple[str, str], Key]) -> list[tuple[Key, Key]]:
    """Return the short forms that a report uses without their long form, with the one that all reports which define them give."""
    long: dict[str, set[Key]] = defaultdict(set)
    for report, mine in names.items():
        for local, surfaces in mine.surfaces.items():
            for name in surfaces:
                if len(slug(name)) * 2 <= len(local):
                    long[slug(name)].add(keys[report, local])
    return [
        (key, next(iter(long[local])))
        for (_, local), key in sorted(keys.items())
        if len(long.get(local, ())) == 1 and key not in long[local]
    ]


def _longer_names(keys: Mapping[tuple[str, str], Key], home: frozenset[str]) -> list[tuple[Key, Key]]:
    """Return names with the longer ones of the same body.

    "Vatra" with "Vatra Psycho-Social Centre", which ends in what a body is; "Ministry of Health" with "Ministry of Health and
    Welfare", where that is the only one that goes on so.
    """
    locals_ = sorted({local for _, local in keys})
    by_local = {local: key for (_, local), key in keys.items()}
    renamed: dict[str, set[str]] = defaultdict(set)
    found = []
    for local in locals_:
        words = local.split("-")
        for stop in range(1, len(words)):
            short = "-".join(words[:stop])
            if short not in by_local:
                continue
            if american(words[-1]) in FORMS and stop == 1 and _is_proper(short, home):
                found.append((by_local[short], by_local[local]))
            elif words[stop] == "and" and words[0] == "ministry" and stop > MERGED:
                renamed[short].add(local)
    found += [(by_local[short], by_local[next(iter(longer))]) for short, longer in sorted(renamed.items()) if len(longer) == 1]
    return found


def american(word: str) -> str:
    """Return a word in American spelling, in which the forms are listed."""
    for british, other in SPELLINGS:
        word = word.replace(british, other)
    return word


def _is_proper(word: str, home: frozenset[str]) -> bool:
    """Tell whether a word alone is a name, not a kind of body, a country or an abbreviation that many names begin with ("UN")."""
    return len(word) > 3 and word.title() not in lexicon().heads and word not in home
