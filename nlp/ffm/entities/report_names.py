"""Names over a whole report: what one passage defines or makes certain holds for the others.

A short form that the report defines is recognised wherever it stands; a source that was interviewed is a body
throughout; a name that the recogniser finds in some places and misses in others is found in all; one that it
finds in few of many places is dropped.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct

from ffm.entities.lexicon import folded, lexicon
from ffm.entities.name_index import NameIndex
from ffm.entities.names import AMBIGUOUS_PLACES, ORG, PLACE, names_body, names_nothing
from ffm.entities.short_forms import ShortForm, find_short_forms
from ffm.records import Range, SourceType

CERTAIN = ("formal", "short form", "list")
RARE_SHARE = 0.15
RARE_FROM = 6
LOWER_WORD = re.compile(r"(?<![\w-])[a-z][\w'’]*(?![\w-])")
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
    """What a report makes certain.

    Attributes
    ----------
    certain
        Surface forms with their label.
    dropped
        Surface forms that are no names here.
    long_forms
        Each short form's long form.
    """

    certain: dict[str, str]
    dropped: frozenset[str]
    long_forms: dict[str, str]


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
    certain: dict[str, str] = {}
    for name, kind in sources:
        for alias in _source_aliases(name, kind, whole, lower_words):
            certain[alias] = ORG
    forms = [form for text in everything for form in find_short_forms(text)]
    bodies = {text[span.start : span.end] for text, spans in zip(texts, found, strict=True) for span in spans if span.label == ORG}
    long_forms, others = _sort_forms(forms, bodies | set(certain))
    for short, long in long_forms.items():
        certain[short] = ORG
        certain.setdefault(long, ORG)
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    sure: dict[str, str] = {}
    for text, spans in zip(texts, found, strict=True):
        for span in spans:
            if span.label in (ORG, PLACE):
                surface = text[span.start : span.end]
                votes[surface][span.label] += 1
                if span.origin in CERTAIN:
                    sure[surface] = span.label
    people: Counter[str] = Counter()
    for person in persons:
        people.update({person, person.split()[-1]} if person.split() else ())
    totals = _occurrences(texts, votes)
    dropped = set(others) - set(certain)
    for surface, labels in votes.items():
        label, count = max(labels.items(), key=lambda item: (item[1], item[0]))
        if surface in certain or surface in dropped:
            continue
        single = " " not in surface
        share = sum(labels.values()) / max(totals[surface], 1)
        if surface not in sure and people[surface] >= sum(labels.values()) and len(surface.split()) <= 3:
            dropped.add(surface)
        elif surface in sure:
            certain[surface] = sure[surface]
        elif single and totals[surface] >= RARE_FROM and share < RARE_SHARE:
            dropped.add(surface)
        elif (not single and surface[0].isupper()) or (count >= 2 and share >= 0.4):
            if not (single and _is_common(surface, lower_words)):
                certain[surface] = label
    return ReportNames(
        {k: v for k, v in certain.items() if len(k) > 1 and k not in words.heads and k not in AMBIGUOUS_PLACES},
        frozenset(dropped),
        long_forms,
    )


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
        for span in found
        if span.label not in (ORG, PLACE) or text[span.start : span.end] not in names.dropped
    ]
    for start, end in index.find(text):
        label = names.certain[text[start:end]]
        if label == ORG and start and text[start - 1] in '"“‘' and (tail := HEADS_AFTER_QUOTE.match(text[end:])):
            candidates.append(Found(start - 1, end + tail.end(), label, "report"))
        else:
            candidates.append(Found(start, end, label, "report"))
    bodies = [span for span in candidates if span.label == ORG]
    for number, span in enumerate(candidates):
        number_end = number_ends.get((span.start, span.end)) if span.label not in (ORG, PLACE) else None
        if number_end and any(number_end <= body.start < span.end for body in bodies):
            candidates[number] = Found(span.start, number_end, span.label, span.origin)
    candidates.sort(key=lambda span: (span.start - span.end, span.label in (ORG, PLACE), span.start, span.origin == "report"))
    kept: list[Found] = []
    for span in candidates:
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)


def _occurrences(texts: Sequence[str], surfaces: Iterable[str]) -> Counter[str]:
    index = NameIndex(surfaces)
    return Counter(text[start:end] for text in texts for start, end in index.find(text))


def _is_common(word: str, lower_words: frozenset[str]) -> bool:
    """Tell whether a capitalised word also stands in lower case in the report: then it is a common word."""
    return not word.isupper() and word.lower() in lower_words


def _source_aliases(name: str, kind: SourceType | None, whole: str, lower_words: frozenset[str]) -> list[str]:
    """Return the forms by which a source may be called: its name, its short form in brackets, its first word."""
    words = lexicon()
    bare = re.sub(r"\s*\([^()]*\)", "", name).strip()
    main = [
        word for word in re.findall(r"[\w&'’-]+", bare) if word.lower() not in ("of", "for", "the", "and", "in", "on", "against", "to", "&")
    ]
    if not main or not all(word[0].isupper() for word in main) or "," in bare or bare in words.places or names_nothing(bare, words):
        return []
    if not kind and len(main) > 6:
        return []
    aliases = [bare, *re.findall(r"\(([A-Z][\w&]{1,9})\)", name)]
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


def _sort_forms(forms: Sequence[ShortForm], bodies: set[str]) -> tuple[dict[str, str], set[str]]:
    """Return the short forms of bodies with their long forms, and the short forms of anything else."""
    words = lexicon()
    long_forms: dict[str, str] = {}
    others: set[str] = set()
    known = {folded(body).lower(): body for body in bodies}
    for form in forms:
        bare = re.sub(r"^(?:the|The|of|an?)\s+", "", form.long).strip("\"“”‘’'[],;: ")
        if names_nothing(bare, words):
            others.add(form.short)
            continue
        body = known.get(folded(bare).lower())
        if body is None and names_body(bare, form.short, words):
            body = bare
        if body is None:
            body = next(
                (known[key] for key in sorted(known, key=len, reverse=True) if folded(bare).lower().endswith(" " + key) and len(key) > 6),
                None,
            )
        if body is None:
            body = next(
                (known[key] for key in sorted(known, key=len, reverse=True) if folded(bare).lower().startswith(key + " ") and len(key) > 6),
                None,
            )
        if form.short in words.places or form.short in words.bodies:
            continue
        if body is not None and body != form.short and not names_nothing(body, words):
            long_forms.setdefault(form.short, body)
        else:
            others.add(form.short)
    return long_forms, others - set(long_forms)
