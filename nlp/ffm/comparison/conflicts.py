"""Figures that are likely to conflict: two values for what seems to be the same thing, at the same time and place.

Precision goes before recall: what is not plainly told of the same thing is no pair.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import combinations
from math import inf

import msgspec
from msgspec import Struct

from ffm.comparison.attribution import BODY, attributions, verbs_of_saying
from ffm.comparison.carried import words_of
from ffm.comparison.figures import AMOUNT, Figure, place_of, table_heads, table_rows
from ffm.comparison.sources import Linked
from ffm.entities.amounts.attributes import MONTHS, periods_in
from ffm.entities.lexicon import folded, lexicon
from ffm.entities.names.propose import PLACE
from ffm.errors import PassageError
from ffm.exchange.offsets import in_passage
from ffm.records import Range, TaggedPassage
from ffm.segment.sentences import sentence_ranges

Interval = tuple[float, float]

ROUNDED = 0.1  # how far "about" reaches
FACTOR = 10  # values further apart count other things
NEAR = 30  # characters beside an amount in which it is called a part
ALIKE, ALONE = 0.34, 0.5  # share of the words around them that two figures have in common: where a deed joins them, where none does
SHARED = 2  # words, or a deed and a word, that they have in common at least
APART = 2  # words that each has alone at most
APART_AT_HOME = 1  # the same of two figures of one source in one report, which seldom contradicts itself
COMPLEMENT = 2  # words after "of" that belong to what is counted
BACK = 3  # sentences before a figure's own that its time or its subject may be told in
AMONG = 400  # figures of one noun, time and place that are compared with each other
ITSELF = re.compile(r"\b(?:we|our|us|i|my|it|its|they|their)\b", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_][\w'’-]*")
OF = re.compile(
    r"\s+of\s+(?:(?:the|all)\s+)?((?:(?!(?:the|these|those|whom|which|them|all|this|that)\b)[^\W\d_][\w-]*\s?){1,4})", re.IGNORECASE
)
CLAUSE = re.compile(r"[.;(]|\b(?:from|by|to|in|for|at|with|and)\b", re.IGNORECASE)
FIRST_PERSON = re.compile(r"\b(?:we|our|us|i|my)\b", re.IGNORECASE)
NAME = re.compile(r"(?<=[\w,] )[A-Z][a-z]\w+")
MONTH = re.compile(rf"\b(?:{'|'.join(MONTHS)})\b", re.IGNORECASE)
THIS_YEAR = re.compile(
    r"\b(?:during|throughout|over|in) (?:the|this|that) (?:reporting )?(?:year|period)\b|\bso far this year\b", re.IGNORECASE
)
ENDINGS = ("ations", "ation", "ings", "ing", "ied", "ies", "ed", "es", "s", "e")
STEM = 4  # letters that an ending leaves at least


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """The lists of ``figures.toml``."""

    same: tuple[tuple[str, ...], ...]
    deeds: tuple[tuple[str, ...], ...]
    narrower: tuple[str, ...]
    parts: tuple[str, ...]
    small: tuple[str, ...]


class Conflict(Struct, frozen=True):
    """Two figures that are likely to conflict.

    Attributes
    ----------
    first, second
        The figures, in order of report and offset.
    alike
        Share of the words around them that they have in common, in [0, 1].
    """

    first: Figure
    second: Figure
    alike: float


class Told(Struct, frozen=True):
    """A figure as it is told: what decides whether another counts the same.

    Attributes
    ----------
    noun
        What is counted, by its first name in ``figures.toml``.
    modifiers
        What the noun phrase says more.
    words
        The words of its sentence, or of those before it, that tell of what is counted.
    deeds
        What is done with it.
    narrower
        Words that make a part of it.
    part
        Whether it is called a part of another amount.
    time
        From when to when, or how it is worded, and months without a year.
    bodies
        Identifiers of the bodies that it is about, without who says it; its source where it speaks of itself.
    itself
        Whether its source speaks of itself.
    named
        Words in capitals in its sentence that are no body or place known: names all the same.
    interval
        The values that it leaves open.
    """

    figure: Figure
    noun: str
    modifiers: frozenset[str]
    words: frozenset[str]
    deeds: frozenset[int]
    narrower: frozenset[str]
    part: bool
    time: tuple[str | None, ...]
    place: str | None
    bodies: frozenset[str]
    itself: bool
    named: frozenset[str]
    interval: Interval


@cache
def vocabulary() -> Words:
    """Return the words of ``figures.toml``."""
    text = files("ffm.comparison").joinpath("figures.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Words)


def conflicts(found: Sequence[Figure], passages: Sequence[TaggedPassage], linked: Linked) -> list[Conflict]:
    """Return the pairs of figures that are likely to conflict, those first that are told most alike.

    Two conflict where kind, noun, time and place are the same, what is done with what is counted does not differ, neither is a part of
    another amount or narrower than the other, and no value fits both: a range that holds the other, or "over" and "at least" that reach it,
    do. They stand in different passages, or have different sources. Footnotes, which name sources, are left out; of texts that are carried
    over from report to report the first pair alone is given.

    Parameters
    ----------
    found
        Figures, of :func:`ffm.comparison.figures.figures`.
    passages
        The rows that they were found in.
    linked
        The sources over reports.
    """
    rows = {passage.passage: passage for passage in passages}
    home = _home(passages)
    said = attributions(sorted(passages, key=lambda passage: (passage.report, passage.start, passage.end, passage.passage)))
    groups: dict[tuple[object, ...], list[Told]] = defaultdict(list)
    for figure in found:
        row = rows.get(figure.passage)
        if row is None or row.kind == "footnote":
            continue
        told = _told(figure, row, home.get(figure.report), {item.id for item in said.get(figure.passage, ())}, linked)
        if told is not None:
            groups[figure.kind, figure.currency, figure.rate, told.noun, told.time, told.place].append(told)
    pairs: dict[frozenset[tuple[str, ...]], Conflict] = {}
    for group in groups.values():
        for one, other in combinations(group[:AMONG], 2):
            alike = _alike(one, other)
            if alike is not None:
                wording = frozenset((figure.text, *words_of(_sentence(figure, rows))) for figure in (one.figure, other.figure))
                pairs.setdefault(wording, Conflict(one.figure, other.figure, round(alike, 4)))
    return sorted(
        pairs.values(),
        key=lambda pair: (
            -pair.alike,
            pair.first.report,
            pair.first.start,
            pair.first.end,
            pair.second.report,
            pair.second.start,
            pair.second.end,
        ),
    )


def _sentence(figure: Figure, rows: Mapping[str, TaggedPassage]) -> str:
    row = rows[figure.passage]
    left, right = in_passage(row.parts, *figure.sentence)
    return row.text[left:right]


def _home(passages: Iterable[TaggedPassage]) -> dict[str, str]:
    """Return the country that each report names most often: of it all figures are that name no place."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for passage in passages:
        counts[passage.report].update(
            entity.text for entity in passage.entities if entity.label == PLACE and entity.text in lexicon().towns
        )
    return {report: min(mine, key=lambda name: (-mine[name], name)) for report, mine in counts.items() if mine}


def _told(figure: Figure, passage: TaggedPassage, home: str | None, speakers: set[str], linked: Linked) -> Told | None:
    """Return how a figure is told; None where nothing says what it counts."""
    try:
        start, end = in_passage(passage.parts, figure.start, figure.end)
        left, right = in_passage(passage.parts, *figure.sentence)
    except PassageError:
        return None
    table = passage.kind == "table"
    text = passage.text
    others = sorted(place for entity in passage.entities if entity.label == AMOUNT and (place := place_of(passage, entity)))
    window = text[
        max([left, *(stop for _, stop in others if stop <= start)]) : min([right, *(begin for begin, _ in others if begin >= end)])
    ]
    noun, modifiers = _noun(figure, text[end:right], table)
    if not noun:
        return None
    sentences = [item for item in ([] if table else sentence_ranges(text)) if item[1] <= left][-BACK:]
    counted = {*noun.split(), *modifiers, *map(_singular, _words(figure.noun or ""))}
    around = _heads(passage, (start, end)) if table else _without(text, (left, right), others)
    words = _content(around, passage, counted)
    deeds = _deeds(window if not table else around) or _deeds(around)
    for before in reversed(sentences):
        if deeds and len(words) > 1:
            break
        earlier = text[before[0] : before[1]]
        words |= _content(earlier, passage, counted)
        deeds = deeds or _deeds(earlier)
    bodies = _bodies(passage, (left, right), linked) - {linked.over_reports(passage.report, name) for name in speakers}
    itself = not table and bool((ITSELF if figure.source else FIRST_PERSON).search(window))
    if itself:
        own = figure.source and linked.over_reports(passage.report, linked.local(passage.report, figure.source))
        bodies |= {own or passage.report}
    return Told(
        figure=figure,
        noun=noun,
        modifiers=modifiers,
        words=words,
        deeds=deeds,
        narrower=frozenset(modifiers & _narrower()) | (frozenset() if table else _narrowing(text[end:right], noun)),
        part=_is_part(text, (start, end), (left, right)) or (figure.period is None and _breaks_down(figure, passage, sentences)),
        time=_time(figure, text, (left, right), sentences, around if table else text[left:right]),
        place=None if figure.place == home else figure.place and folded(figure.place),
        bodies=frozenset(bodies),
        itself=itself,
        named=frozenset() if table else _named(text[left:right], passage),
        interval=_interval(figure),
    )


def _alike(one: Told, other: Told) -> float | None:
    """Return how alike two figures of one noun, time and place are told, None where they do not conflict."""
    first, second = one.figure, other.figure
    if first.passage == second.passage and (first.source == second.source or first.sentence == second.sentence):
        return None
    if one.part or other.part or one.narrower != other.narrower:
        return None
    if one.interval[0] <= other.interval[1] and other.interval[0] <= one.interval[1]:
        return None
    smaller, larger = sorted((first.high, second.high))
    if smaller <= 0 or larger > FACTOR * smaller:
        return None
    if not (one.modifiers ^ other.modifiers) <= (one.words | other.words | one.modifiers) & (one.words | other.words | other.modifiers):
        return None
    if (one.bodies or other.bodies) and not one.bodies & other.bodies and (one.itself or other.itself or (one.bodies and other.bodies)):
        return None
    if one.named - other.named and other.named - one.named:
        return None
    if one.deeds and other.deeds and not one.deeds & other.deeds:
        return None
    if not one.words or not other.words:
        return None
    mine = one.words | {f"deed {deed}" for deed in one.deeds}
    yours = other.words | {f"deed {deed}" for deed in other.deeds}
    alike = len(mine & yours) / min(len(mine), len(yours))
    at_home = first.report == second.report and first.source == second.source
    if min(len(mine - yours), len(yours - mine)) > (APART_AT_HOME if at_home else APART):
        return None
    return alike if len(mine & yours) >= SHARED and alike >= (ALIKE if one.deeds & other.deeds else ALONE) else None


def _interval(figure: Figure) -> Interval:
    """Return the values that a figure leaves open."""
    match figure.qualifier:
        case "about":
            return figure.low * (1 - ROUNDED), figure.high * (1 + ROUNDED)
        case "over" | "at least":
            return figure.low, inf
        case "under" | "up to":
            return 0, figure.high
        case None:
            return figure.low, figure.high


def _singular(word: str) -> str:
    irregular = {"children": "child", "women": "woman", "men": "man", "people": "person", "persons": "person", "policemen": "policeman"}
    if word in irregular:
        return irregular[word]
    if word.endswith("ies") and len(word) > STEM:
        return word[:-3] + "y"
    return word.removesuffix("s") if len(word) > 2 and not word.endswith("ss") else word


@cache
def _names() -> dict[str, str]:
    """Return by name of a thing the first of its names."""
    return {name: names[0] for names in vocabulary().same for name in names}


@cache
def _small() -> frozenset[str]:
    return frozenset(vocabulary().small) | verbs_of_saying()


@cache
def _narrower() -> frozenset[str]:
    return frozenset(_singular(word) for word in vocabulary().narrower)


def _noun(figure: Figure, after: str, table: bool) -> tuple[str, frozenset[str]]:
    """Return the name of what a figure counts, and what its phrase says more.

    A cell's is what its row's head names last, after a colon: "Age: Children"; a share's is what it is a share of.
    """
    phrase = figure.noun or ""
    if table:
        phrase = phrase.split(", ")[0].rpartition(":")[2]
    of = OF.match(after)
    more = _words(of[1]) if of else []
    if figure.kind == "money":
        return "money", frozenset()
    if not phrase and figure.kind == "percent":
        plural = next((index for index, word in enumerate(more) if _singular(word) != word), 0)
        phrase, more = " ".join(more[: plural + 1]), []
    words, more = [_singular(word) for word in _words(phrase)], [_singular(word) for word in more]
    names = _names()
    for extra in range(len(more), -1, -1):
        whole = words + (["of", *more[:extra]] if extra else [])
        for start in range(len(words)):
            name = names.get(" ".join(whole[start:]))
            if name is not None:
                return name, frozenset(words[:start]) - _small()
    if not words:
        return "", frozenset()
    return words[-1], frozenset((*words[:-1], *more[:COMPLEMENT])) - _small()


def _words(text: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[^\W\d_][^\s,;:()]*", folded(text)) if word]


def _stem(word: str) -> str:
    return next((word[: -len(ending)] for ending in ENDINGS if word.endswith(ending) and len(word) - len(ending) >= STEM), word)


def _content(text: str, passage: TaggedPassage, counted: Iterable[str]) -> frozenset[str]:
    """Return the words of a text that tell something, without names, what is counted and verbs of saying."""
    named = {word.lower() for entity in passage.entities if entity.label in (BODY, PLACE) for word in WORD.findall(folded(entity.text))}
    left_out = {*named, *counted, *_small()}
    return frozenset(
        _stem(word) for found in WORD.findall(folded(text)) if (word := found.lower()) not in left_out and _singular(word) not in left_out
    )


def _named(text: str, passage: TaggedPassage) -> frozenset[str]:
    """Return the words in capitals within a sentence that are part of no body or place."""
    known = {word for entity in passage.entities if entity.label in (BODY, PLACE) for word in WORD.findall(entity.text)}
    return frozenset(word for word in NAME.findall(text) if word not in known and word.lower() not in _small())


def _deeds(text: str) -> frozenset[int]:
    """Return which deeds a text tells of."""
    words = [word.lower() for word in WORD.findall(text)]
    return frozenset(
        number for number, beginnings in enumerate(vocabulary().deeds) if any(word.startswith(tuple(beginnings)) for word in words)
    )


def _narrowing(after: str, noun: str) -> frozenset[str]:
    """Return the narrowing words in the phrase after an amount: "12 victims, all women"."""
    own = set(noun.split())
    near = [_singular(word.lower()) for word in WORD.findall(CLAUSE.split(after, maxsplit=1)[0])]
    return frozenset(word for word in near if word in _narrower() and word not in own)


def _is_part(text: str, amount: Range, sentence: Range) -> bool:
    """Tell whether an amount is called a part of another, before it or after it."""
    before = " ".join(text[max(sentence[0], amount[0] - NEAR) : amount[0]].lower().split())
    after = " ".join(text[amount[1] : min(sentence[1], amount[1] + NEAR)].lower().split())
    return any(
        re.search(rf"\b{re.escape(part)}\b(?:[^.;]{{0,12}})$", before) or after.startswith(part) for part in vocabulary().parts
    ) or before.endswith("(")


def _breaks_down(figure: Figure, passage: TaggedPassage, before: Sequence[Range]) -> bool:
    """Tell whether a sentence before an amount's names a larger number of the same: what comes then breaks it down."""
    own = figure.noun and _singular(_words(figure.noun)[-1]) if figure.noun and _words(figure.noun) else None
    return any(
        entity.noun is not None
        and entity.low is not None
        and entity.low > figure.low
        and _words(entity.noun)
        and _singular(_words(entity.noun)[-1]) == own
        and any(start <= place[0] < end for start, end in before)
        for entity in passage.entities
        if entity.label == AMOUNT and (place := place_of(passage, entity))
    )


def _without(text: str, sentence: Range, amounts: Sequence[Range]) -> str:
    """Return a sentence without its amounts."""
    kept, at = [], sentence[0]
    for start, end in amounts:
        if sentence[0] <= start and end <= sentence[1]:
            kept.append(text[at:start])
            at = end
    return " ".join((*kept, text[at : sentence[1]]))


def _heads(passage: TaggedPassage, amount: Range) -> str:
    """Return what the head of a table tells of a cell: its row's and column's heads, and the first cell."""
    rows = table_rows(passage.text)
    heads = table_heads(rows, amount, passage)
    return " ".join((*heads.words, rows[0][0].words if rows else ""))


def _bodies(passage: TaggedPassage, sentence: Range, linked: Linked) -> set[str]:
    return {
        linked.over_reports(passage.report, entity.id or entity.text)
        for entity in passage.entities
        if entity.label == BODY and (place := place_of(passage, entity)) and sentence[0] <= place[0] < sentence[1]
    }


def _time(figure: Figure, text: str, sentence: Range, before: Sequence[Range], own: str) -> tuple[str | None, ...]:
    """Return the time of a figure: its own, else the last one in the sentences before it, else that which its report covers."""
    if figure.period_from or figure.period_to:
        return figure.period_from, figure.period_to
    if figure.period is not None and not THIS_YEAR.search(figure.period):
        return figure.report, figure.period.lower()
    times = [period for _, period in periods_in(text, before[0][0] if before else sentence[0], sentence[0]) if period.start or period.end]
    if times and figure.period is None and not MONTH.search(own):
        return times[-1].start, times[-1].end
    months = " ".join(sorted({month.lower() for month in MONTH.findall(own)}))
    year = figure.covers[:4]
    if THIS_YEAR.search(own) and not months and year:
        return f"{year}-01-01", f"{year}-12-31"
    return year or figure.report, months or None
