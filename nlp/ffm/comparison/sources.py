"""Sources over reports: one identifier for all names by which a body goes in the reports of a country."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from msgspec import Struct, field

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

    def local(self, name: str) -> str:
        """Return the identifier within the report of a source that it names so: that of the body of this name, else one made of the name."""
        return self.ids.get(_folded(name)) or slug(name)

    def within(self, text: str) -> str | None:
        """Return the identifier within the report of the longest name of a body that stands in a text ("Director of the RCV"), or None."""
        words = WORD.findall(_folded(text))
        return next(
            (
                found
                for length in range(len(words), 0, -1)
                for start in range(len(words) - length + 1)
                if (found := self.ids.get(" ".join(words[start : start + length])))
            ),
            None,
        )

    def shown(self, local: str) -> str:
        """Return the name by which the report's body is shown: its long form, else the one that stands most often."""
        counts = self.surfaces.get(local)
        if not counts:
            return local
        return min(counts, key=lambda name: (slug(name) != local, -counts[name], name))


@lru_cache(maxsize=8_192)
def _folded(name: str) -> str:
    return " ".join(WORD.findall(folded(name).lower()))


def names_of(passages: Iterable[TaggedPassage]) -> Names:
    """Return the names of one report: those of its entities, and its interviews'."""
    surfaces: dict[str, Counter[str]] = defaultdict(Counter)
    interviewed: dict[str, None] = {}
    places: Counter[str] = Counter()
    for passage in passages:
        for entity in (*passage.entities, *passage.question_entities):
            if entity.label == BODY:
                surfaces[entity.id or slug(entity.text)][entity.text] += 1
            elif entity.label == PLACE:
                places[_folded(entity.text)] += 1
        if passage.source is not None:
            interviewed[passage.source] = None
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for local, forms in surfaces.items():
        for name, count in forms.items():
            seen[_folded(name)][local] += count
    ids = {name: min(locals_, key=lambda local: (-locals_[local], local)) for name, locals_ in seen.items() if name}
    for source in interviewed:
        surfaces[ids.setdefault(_folded(source), slug(source))][source] += 1
    return Names(ids, dict(surfaces), places)


class Countries:
    """The bodies that reports name, gathered by country and linked there.

    Names are one body's where they differ in spelling, in the order of their words, in the country's name or in a word that tells
    what a body is; where one is the other's short form, as any of the reports defines it; and where a ministry's name goes on with
    "and ..." in one other form alone. What a person listed counts before all.
    """

    def __init__(self, aliases: Mapping[str, str]) -> None:
        self._listed = {_folded(name): identifier for name, identifier in aliases.items()}
        self._named: dict[str, _Named] = defaultdict(_Named)

    def add(self, country: str, names: Names) -> None:
        """Add the names of a report; reports are added in the order of their ids."""
        named = self._named[country]
        named.places.update(names.places)
        for local, surfaces in sorted(names.surfaces.items()):
            named.surfaces.setdefault(local, Counter()).update(surfaces)
            for name in sorted({*map(_folded, surfaces), _folded(local)} & self._listed.keys()):
                named.given[local, self._listed[name]] = None

    def linked(self) -> dict[str, dict[str, str]]:
        """Return by country and identifier within a report the identifier over its reports."""
        return {country: _link(named) for country, named in self._named.items()}


class _Named(Struct):
    """What the reports of one country name.

    Attributes
    ----------
    given
        Identifiers within reports with those that a person gave one of their names, in order.
    """

    surfaces: dict[str, Counter[str]] = field(default_factory=dict)
    places: Counter[str] = field(default_factory=Counter)
    given: dict[tuple[str, str], None] = field(default_factory=dict)


def _link(named: _Named) -> dict[str, str]:
    """Return the identifiers of the bodies of one country."""
    home = _home(named.places)
    keys = {local: _key(local, home) for local in sorted(named.surfaces)}
    groups = _Groups(keys.values())
    for short, long in (*_short_forms(named.surfaces, keys), *_longer_names(keys, home)):
        groups.join(short, long)
    counts: dict[Key, Counter[str]] = defaultdict(Counter)
    for local, key in keys.items():
        counts[groups.of(key)][local] += named.surfaces[local].total()
    given: dict[Key, str] = {}
    for local, identifier in named.given:
        given.setdefault(groups.of(keys[local]), identifier)
    best = {group: min(mine, key=lambda local: (-mine[local], local)) for group, mine in counts.items()}
    return {local: given.get(groups.of(key)) or best[groups.of(key)] for local, key in keys.items()}


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


def _home(places: Counter[str]) -> frozenset[str]:
    """Return the country that reports speak of, and what its people are called: that of all countries which they name most often."""
    names = {_folded(name) for name in lexicon().towns}
    counts = {name: count for name, count in places.items() if name in names}
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


def _short_forms(surfaces: Mapping[str, Iterable[str]], keys: Mapping[str, Key]) -> list[tuple[Key, Key]]:
    """Return the short forms that a report uses without their long form, with the one that all reports which define them give."""
    long: dict[str, set[Key]] = defaultdict(set)
    for local, names in surfaces.items():
        for name in names:
            if len(slug(name)) * 2 <= len(local):
                long[slug(name)].add(keys[local])
    return [(key, next(iter(long[local]))) for local, key in keys.items() if len(long.get(local, ())) == 1 and key not in long[local]]


def _longer_names(keys: Mapping[str, Key], home: frozenset[str]) -> list[tuple[Key, Key]]:
    """Return names with the longer ones of the same body.

    "Vatra" with "Vatra Psycho-Social Centre", which ends in what a body is; "Ministry of Health" with "Ministry of Health and
    Welfare", where that is the only one that goes on so.
    """
    renamed: dict[str, set[str]] = defaultdict(set)
    found = []
    for local in keys:
        words = local.split("-")
        for stop in range(1, len(words)):
            short = "-".join(words[:stop])
            if short not in keys:
                continue
            if american(words[-1]) in FORMS and stop == 1 and _is_proper(short, home):
                found.append((keys[short], keys[local]))
            elif words[stop] == "and" and words[0] == "ministry" and stop > MERGED:
                renamed[short].add(local)
    found += [(keys[short], keys[next(iter(longer))]) for short, longer in sorted(renamed.items()) if len(longer) == 1]
    return found


def american(word: str) -> str:
    """Return a word in American spelling, in which the forms are listed."""
    for british, other in SPELLINGS:
        word = word.replace(british, other)
    return word


def _is_proper(word: str, home: frozenset[str]) -> bool:
    """Tell whether a word alone is a name, not a kind of body, a country or an abbreviation that many names begin with ("UN")."""
    return len(word) > 3 and word.title() not in lexicon().heads and word not in home
