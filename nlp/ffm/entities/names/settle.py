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

from ffm.entities.lexicon import Lexicon, folded, lexicon
from ffm.entities.names.bodies import SMALL_WORDS, acts, names_nothing, stands_after
from ffm.entities.names.check import titles_document
from ffm.entities.names.formal import NOT_FIRST
from ffm.entities.names.index import NameIndex
from ffm.entities.names.propose import AMBIGUOUS_PLACES, ORG, PLACE
from ffm.entities.names.report_forms import Forms, sort_forms
from ffm.records import Range, SourceType

CERTAIN = ("formal", "short form", "list")
RARE_SHARE = 0.15
RARE_FROM = 6
LOWER_WORD = re.compile(r"(?<![\w-])[a-z][\w'’]*(?![\w-])")
SENTENCE_START = re.compile(r"(?:^|[.?!:;][\"”’)]{0,4}\s{1,6}|\n\s{0,6}|[-•*–†‡§¶]\s+|[\"“‘(])$")
ABBREVIATION = re.compile(r"\b[A-Z]\.$|\b(?:Inc|Ltd|Co|Corp|St|Bros)\.$")
FIRST_AND_SHORT = re.compile(r"\b(?:([A-Z][a-z]{2,}) )?([A-Z]{3,})\b")
PLACED = re.compile(r"\b(?:in|from|to|near|of|at|around|outside|across|between|and)\s")
HEADS_AFTER_QUOTE = re.compile(
    r"^[\"”’]\s(?:(?:[A-Z][\w-]+\s)*(?:Cent(?:er|re)|center|centre|Foundation|Association|Organi[sz]ation|Shelter)\b(?:\s(?:for|of)(?:\s[A-Z][\w-]+)+)?)"
)


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


class Votes(Struct, frozen=True):
    """What was found in the passages of a report."""

    labels: dict[str, Counter[str]]  # for each surface form how often it got each label
    sure: dict[str, str]  # the label of those that a rule found
    inner: frozenset[str]  # those that stand somewhere else than at the start of a sentence


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
    words = lexicon()
    everything = list(texts) + list(extra)
    whole = "\n".join(everything)
    lower_words = frozenset(LOWER_WORD.findall(whole))
    votes = _count_votes(texts, found, lower_words)
    certain = {alias: ORG for name, kind in sources for alias in _source_aliases(name, kind, whole, lower_words)}
    bodies = {surface for surface, labels in votes.labels.items() if labels[ORG]}
    places = {surface for surface, labels in votes.labels.items() if labels[PLACE]}
    forms = sort_forms(everything, bodies | set(certain), places, words)
    _add_forms(certain, forms)
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
        count = sum(labels.values())
        single = " " not in surface
        share = count / max(totals[surface], 1)
        label = _label(surface, labels, whole)
        if (
            (people[surface] >= count and len(surface.split()) <= 3 and not surface.isupper())
            or (single and totals[surface] >= RARE_FROM and share < RARE_SHARE)
            or (single and label == ORG and not surface.isupper() and _is_chance(surface, votes, surnames, whole, lower_words))
        ):
            dropped.add(surface)
        elif (not single and surface[0].isupper()) or (count >= 2 and share >= 0.4):
            if not (single and _is_common(surface, lower_words)):
                certain[surface] = label
    certain |= dict.fromkeys(_fuller_names(certain, whole, lower_words, words), ORG)
    return ReportNames(
        {
            name: label
            for name, label in certain.items()
            if len(name) > 1 and name not in words.heads and name not in AMBIGUOUS_PLACES and not _two_names(name, certain)
        },
        frozenset(dropped),
        forms.bodies | forms.places,
    )


def _count_votes(texts: Sequence[str], found: Sequence[Sequence[Found]], lower_words: frozenset[str]) -> Votes:
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    sure: dict[str, str] = {}
    inner: set[str] = set()
    for text, spans in zip(texts, found, strict=True):
        for span in (_without_stop(text, span) for span in spans):
            if span.label in (ORG, PLACE):
                surface = text[span.start : span.end]
                labels[surface][span.label] += 1
                if span.origin in CERTAIN or (span.origin == "introduced" and not _is_common(surface, lower_words)):
                    sure[surface] = span.label
                if surface not in inner and not SENTENCE_START.search(text[max(0, span.start - 6) : span.start]):
                    inner.add(surface)
    return Votes(dict(labels), sure, frozenset(inner))


def _add_forms(certain: dict[str, str], forms: Forms) -> None:
    """Make the short forms certain, and their long forms where these are names."""
    for short, long in forms.bodies.items():
        certain[short] = ORG
        if any(character.isupper() for character in long):
            certain.setdefault(long, ORG)
    for short, long in forms.places.items():
        certain[short] = PLACE
        certain.setdefault(long, PLACE)


def _label(surface: str, labels: Counter[str], whole: str) -> str:
    """Return the label that a surface form got most often, or the other one where the report shows that it stands as that."""
    label = max(labels.items(), key=lambda item: (item[1], item[0]))[0]
    if " " in surface or surface.isupper():
        return label
    if label == ORG and labels[PLACE] and not acts(surface, whole):
        return PLACE  # "in Karrec" here, "the Karrec facility" there
    return ORG if label == PLACE and not stands_after(PLACED, surface, whole) and acts(surface, whole) else label


def _is_chance(surface: str, votes: Votes, surnames: set[str], whole: str, lower_words: frozenset[str]) -> bool:
    """Tell whether a word that the recogniser took for a body owes it to its capital alone: a first word, a person's last name."""
    first = surface not in votes.inner and (_is_common(surface, lower_words) or not acts(surface, whole))
    return first or surface in surnames


def _fuller_names(certain: Mapping[str, str], whole: str, lower_words: frozenset[str], words: Lexicon) -> list[str]:
    """Return the names of bodies whose short form in capitals nearly always follows the same first word: "Nisma ARSIS"."""
    short = {name for name, label in certain.items() if label == ORG and len(name) >= 3 and name.isupper() and name.isalpha()}
    before: dict[str, Counter[str]] = defaultdict(Counter)
    for first, name in FIRST_AND_SHORT.findall(whole):
        before[name][first] += 1
    fuller = []
    for name in short & before.keys():
        first, count = before[name].most_common(1)[0]
        if first and count >= 3 and count >= 0.6 * before[name].total():
            if not (first in NOT_FIRST or first in words.heads or folded(first) in words.places or first in words.no_names):
                if not _is_common(first, lower_words):
                    fuller.append(f"{first} {name}")
    return sorted(fuller)


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
    candidates = [
        Found(
            span.start,
            span.end,
            names.certain.get(text[span.start : span.end], span.label) if span.label in (ORG, PLACE) else span.label,
            span.origin,
        )
        for span in (_without_stop(text, span) for span in found)
        if span.label not in (ORG, PLACE) or not _refused(text[span.start : span.end], names)
    ]
    for start, end in index.find(text):
        label = names.certain[text[start:end]]
        if label == PLACE and titles_document(text, end):
            continue
        if label == ORG and start and text[start - 1] in '"“‘' and (tail := HEADS_AFTER_QUOTE.match(text[end:])):
            candidates.append(Found(start - 1, end + tail.end(), label, "report"))
        else:
            candidates.append(Found(start, end, label, "report"))
    bodies = sorted(span.start for span in candidates if span.label == ORG)
    for number, span in enumerate(candidates):
        number_end = number_ends.get((span.start, span.end)) if span.label not in (ORG, PLACE) else None
        if number_end and bisect_left(bodies, number_end) < bisect_left(bodies, span.end):
            candidates[number] = Found(span.start, number_end, span.label, span.origin)
    candidates.sort(key=lambda span: (span.start - span.end, span.label in (ORG, PLACE), span.start, span.origin == "report"))
    kept: list[Found] = []  # by their places
    starts: list[int] = []
    for span in candidates:
        at = bisect_left(starts, span.start)
        if (not at or kept[at - 1].end <= span.start) and (at == len(kept) or span.end <= kept[at].start):
            kept.insert(at, span)
            starts.insert(at, span.start)
    return kept


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


def _is_common(word: str, lower_words: frozenset[str]) -> bool:
    """Tell whether a capitalised word also stands in lower case in the report: then it is a common word."""
    return not word.isupper() and word.lower() in lower_words


def _source_aliases(name: str, kind: SourceType | None, whole: str, lower_words: frozenset[str]) -> list[str]:
    """Return the forms by which a source may be called: its name, its short form in brackets, its first word."""
    words = lexicon()
    bare, *rest = re.sub(r"\s*\([^()]*\)", "", name).strip().split(", ")
    if any(folded(part) not in words.places for part in rest):  # a list of people or bodies, not "Bread and Roses, Tirana"
        return []
    main = [word for word in re.findall(r"[\w&'’-]+", bare) if word.lower() not in SMALL_WORDS]
    if not main or bare in words.places or names_nothing(bare):
        return []
    short = [form for form in re.findall(r"\(([A-Z][\w&]{1,9})\)", name) if form not in words.no_names]
    if not all(word[0].isupper() for word in main) or (not kind and len(main) > 6):
        return short
    aliases = [bare, *short]
    first = main[0]
    if (
        kind in ("ngo", "media", "private")
        and len(main) > 1
        and len(first) > 3
        and folded(first) not in words.places
        and first not in words.heads
        and not _is_common(first, lower_words)
        and len(re.findall(rf"\b{re.escape(first)}\b(?! {re.escape(main[1])})", whole)) >= 3
    ):
        aliases.append(first)
    return aliases
