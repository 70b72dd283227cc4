"""Names over a whole report: what one passage defines or makes certain holds for the others.

A short form that the report defines is recognised wherever it stands; a source that was interviewed is a body
throughout; a name that the recogniser finds in some places and misses in others is found in all; one that it
finds in few of many places is dropped.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from ffm.entities.lexicon import folded, lexicon
from ffm.entities.names.bodies import SMALL_WORDS, acts, names_nothing
from ffm.entities.names.check import titles_document
from ffm.entities.names.common_words import is_unknown
from ffm.entities.names.index import NameIndex
from ffm.entities.names.propose import AMBIGUOUS_PLACES, ORG, PLACE
from ffm.entities.names.report_forms import sort_forms
from ffm.entities.tokens import apart
from ffm.records import Range, SourceType

WORDS = lexicon()
CERTAIN = ("formal", "short form", "list")
OFTEN = 3
RARE_SHARE = 0.15
RARE_FROM = 6
LOWER_WORD = re.compile(r"(?<![\w-])[a-z][\w'’]*(?![\w-])")
SENTENCE_START = re.compile(r"(?:^|[.?!:;][\"”’)]{0,4}\s{1,6}|\n\s{0,6}|[-•*–†‡§¶]\s+|[\"“‘(])$")
ABBREVIATION = re.compile(r"\b[A-Z]\.$|\b(?:Inc|Ltd|Co|Corp|St|Bros)\.$")
FIRST_AND_SHORT = re.compile(r"\b(?:([A-Z][a-z]{2,}) )?([A-Z]{3,})\b")
PLACED = re.compile(r"\b(?:in|from|to|near|of|at|around|outside|across|between|and)\s(\w+)")


class Found(Struct, frozen=True):
    """An entity in one text: its characters, label and what found it."""

    start: int
    end: int
    label: str
    origin: str | None = None


class ReportNames(Struct, frozen=True):
    """What a report makes certain."""

    certain: dict[str, str]  # surface forms with their label
    dropped: frozenset[str]  # surface forms that are no names here
    long_forms: dict[str, str]  # each short form's long form
    known_forms: dict[str, str] = {}  # for long forms of what the lexicon knows by a short one, that one


class Votes(Struct, frozen=True):
    """What was found in the passages of a report."""

    labels: dict[str, Counter[str]]  # for each surface form how often it got each label
    sure: dict[str, str]  # the label of those that a rule found
    inner: frozenset[str]  # those that stand somewhere else than at the start of a sentence


class _Whole:
    """A whole report: its text, the words that stand in lower case in it, and those that stand as places do."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lower = frozenset(LOWER_WORD.findall(text))
        self.placed = frozenset(PLACED.findall(text))

    def has_common(self, word: str) -> bool:
        """Tell whether a capitalised word also stands in lower case in the report: then it is a common word."""
        return not word.isupper() and word.lower() in self.lower


def learn_names(
    texts: Sequence[str],
    found: Sequence[Sequence[Found]],
    sources: Iterable[tuple[str, SourceType | None]],
    extra: Iterable[str] = (),
    persons: Iterable[str] = (),
) -> ReportNames:
    """Learn the names of a report from what was found passage by passage.

    Parameters
    ----------
    texts
        The clean texts of passages and questions.
    found
        What was found in each.
    sources
        The names of those who were interviewed, with their types.
    extra
        Other texts that may define short forms: headings, details lines.
    persons
        What the recogniser took for persons, repeats included.
    """
    everything = [*texts, *extra]
    whole = _Whole("\n".join(everything))
    votes = _count_votes(texts, found, whole)
    certain = {alias: ORG for name, kind in sources for alias in _source_aliases(name, kind, whole)}
    bodies = {surface for surface, labels in votes.labels.items() if labels[ORG]}
    places = {surface for surface, labels in votes.labels.items() if labels[PLACE]}
    forms = sort_forms(everything, bodies | set(certain), places)
    certain |= dict.fromkeys(forms.bodies, ORG) | dict.fromkeys(forms.places, PLACE)
    long_forms = {long: ORG for long in forms.bodies.values() if long != long.lower()} | dict.fromkeys(forms.places.values(), PLACE)
    certain = long_forms | {long: PLACE if short in WORDS.places else ORG for long, short in forms.known.items()} | certain
    people: Counter[str] = Counter()
    for person in persons:
        people.update({person, person.split()[-1]} if person.split() else ())
    surnames = {person.split()[-1] for person in people if " " in person}
    totals = _occurrences(texts, votes.labels)
    dropped = set(forms.others) - set(certain)
    for surface, labels in votes.labels.items():
        if surface in certain or surface in dropped:
            continue
        if surface in votes.sure:
            certain[surface] = votes.sure[surface]
            continue
        count, single = sum(labels.values()), " " not in surface
        share = count / max(totals[surface], 1)
        label = _label(surface, labels, whole)
        if (
            (people[surface] >= count and surface.count(" ") < 3 and not surface.isupper())
            or (single and totals[surface] >= RARE_FROM and share < RARE_SHARE)
            or (single and label == ORG and not surface.isupper() and (surface in surnames or _is_chance(surface, votes, whole)))
        ):
            dropped.add(surface)
        elif (not single and surface[0].isupper()) or (count >= 2 and share >= 0.4 and not whole.has_common(surface)):
            certain[surface] = label
    certain |= dict.fromkeys(_fuller_names(certain, whole), ORG)
    vague = WORDS.heads | AMBIGUOUS_PLACES
    kept = {name: label for name, label in certain.items() if len(name) > 1 and name not in vague and not _two_names(name, certain)}
    return ReportNames(kept, frozenset(dropped), forms.bodies | forms.places, forms.known)


def _count_votes(texts: Sequence[str], found: Sequence[Sequence[Found]], whole: _Whole) -> Votes:
    """Return what was found in the passages, surface form by surface form."""
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    sure: dict[str, str] = {}
    inner: set[str] = set()
    for text, spans in zip(texts, found, strict=True):
        for span in (_without_stop(text, span) for span in spans if span.label in (ORG, PLACE)):
            surface = text[span.start : span.end]
            labels[surface][span.label] += 1
            if span.origin in CERTAIN or (span.origin == "introduced" and not whole.has_common(surface)):
                sure[surface] = span.label
            if surface not in inner and not SENTENCE_START.search(text[max(0, span.start - 6) : span.start]):
                inner.add(surface)
    return Votes(dict(labels), sure, frozenset(inner))


def _label(surface: str, labels: Counter[str], whole: _Whole) -> str:
    """Return the label that a surface form got most often, or the other one where the report shows that it stands as that."""
    label = max(labels.items(), key=lambda item: (item[1], item[0]))[0]
    if " " in surface or surface.isupper():
        return label
    if label == ORG and labels[PLACE] and not acts(surface, whole.text):
        return PLACE  # "in Karrec" here, "the Karrec facility" there
    return ORG if label == PLACE and surface not in whole.placed and acts(surface, whole.text) else label


def _is_chance(surface: str, votes: Votes, whole: _Whole) -> bool:
    """Tell whether a word that the recogniser took for a body owes it to its capital alone, as the first word of its sentences."""
    return surface not in votes.inner and (whole.has_common(surface) or not acts(surface, whole.text))


def _fuller_names(certain: Mapping[str, str], whole: _Whole) -> list[str]:
    """Return the names of bodies whose short form in capitals nearly always follows the same first word: "Nisma ARSIS"."""
    before: dict[str, Counter[str]] = defaultdict(Counter)
    for first, name in FIRST_AND_SHORT.findall(whole.text):
        if certain.get(name) == ORG:
            before[name][first] += 1
    most = {name: firsts.most_common(1)[0] for name, firsts in before.items()}
    return sorted(
        f"{first} {name}"
        for name, (first, count) in most.items()
        if first and count >= max(OFTEN, 0.6 * before[name].total()) and is_unknown(first) and first not in WORDS.heads
        if not whole.has_common(first)
    )


def _two_names(name: str, certain: Mapping[str, str]) -> bool:
    """Tell whether a name is two names joined by "and", each of them certain elsewhere."""
    parts = name.split(" and ")
    return any(certain.get(" and ".join(parts[:cut])) == ORG == certain.get(" and ".join(parts[cut:])) for cut in range(1, len(parts)))


def apply_names(text: str, found: Sequence[Found], names: ReportNames, index: NameIndex, number_ends: dict[Range, int]) -> list[Found]:
    """Return the entities of a text by what the whole report makes certain, in order and without overlaps.

    Parameters
    ----------
    number_ends
        For each count the offset at which its number ends: where a body turns out to stand in the counted phrase,
        the number alone stays.
    """
    candidates = []
    for span in (_without_stop(text, span) for span in found):
        surface = text[span.start : span.end]
        if span.label not in (ORG, PLACE):
            candidates.append(span)
        elif not _refused(surface, names):
            candidates.append(Found(span.start, span.end, names.certain.get(surface, span.label), span.origin))
    for start, end in index.find(text):
        label = names.certain[text[start:end]]
        if label == ORG or not titles_document(text, end):
            candidates.append(Found(start, end, label, "report"))
    bodies = sorted(span.start for span in candidates if span.label == ORG)
    for number, span in enumerate(candidates):
        number_end = number_ends.get((span.start, span.end)) if span.label not in (ORG, PLACE) else None
        if number_end and bisect_left(bodies, number_end) < bisect_left(bodies, span.end):
            candidates[number] = Found(span.start, number_end, span.label, span.origin)
    candidates.sort(key=lambda span: (span.start - span.end, span.label in (ORG, PLACE), span.start, span.origin == "report"))
    return apart(candidates, lambda span: (span.start, span.end))


def _without_stop(text: str, span: Found) -> Found:
    """Return an entity without the full stop of its sentence, which may stand in its last token: "Centre of VoT.", "N1.5m."."""
    if text[span.end - 1] == "." and not ABBREVIATION.search(text[span.start : span.end]):
        return Found(span.start, span.end - 1, span.label, span.origin)
    return span


def _refused(surface: str, names: ReportNames) -> bool:
    return surface in names.dropped or (" and " in surface and surface not in names.certain and _two_names(surface, names.certain))


def _occurrences(texts: Sequence[str], surfaces: Iterable[str]) -> Counter[str]:
    index = NameIndex(surfaces)
    return Counter(text[start:end] for text in texts for start, end in index.find(text))


def _source_aliases(name: str, kind: SourceType | None, whole: _Whole) -> list[str]:
    """Return the forms by which a source may be called: its name, its short form in brackets, its first word."""
    bare, *rest = re.sub(r"\s*\([^()]*\)", "", name).strip().split(", ")
    if any(folded(part) not in WORDS.places for part in rest):  # a list of people or bodies, not "Bread and Roses, Tirana"
        return []
    main = [word for word in re.findall(r"[\w&'’-]+", bare) if word.lower() not in SMALL_WORDS]
    if not main or bare in WORDS.places or names_nothing(bare):
        return []
    short = [form for form in re.findall(r"\(([A-Z][\w&]{1,9})\)", name) if form not in WORDS.no_names]
    if not all(word[0].isupper() for word in main) or (not kind and len(main) > 6):
        return short
    first, following = main[0], main[1] if len(main) > 1 else ""
    if kind in ("ngo", "media", "private") and following and is_unknown(first) and first not in WORDS.heads and not whole.has_common(first):
        if len(re.findall(rf"\b{re.escape(first)}\b(?! {re.escape(following)})", whole.text)) >= OFTEN:
            short.append(first)
    return [bare, *short]
