"""Attribution in narrative text: the sentences that a report gives as what a body says."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from itertools import groupby, pairwise

import msgspec
from msgspec import Struct

from ffm.errors import PassageError
from ffm.exchange.offsets import in_passage, in_report
from ffm.records import Entity, Range, TaggedPassage
from ffm.segment.sentences import sentence_ranges

BODY = "ORG"
REACH = 240  # characters after a name in which its verb stands, asides included
BACK = 80  # characters before a name that are looked at
PREPOSITION = re.compile(r"(?:^|\s)(?P<head>[\w-]+)\s(?P<word>of|for|from|at|in|with|within)\s(?:the\s|an?\s)?$", re.IGNORECASE)
DONE_TO = re.compile(r"\b(?:by|to|against|about|on|under|into|through|via|than|between|versus)\s(?:the\s|an?\s)?$", re.IGNORECASE)
PART_OF = re.compile(r"^,?\s(?:at|in|of|within|from)\s(?:the\s)?$", re.IGNORECASE)
AND = re.compile(r"^(?P<listed>,)?\s?(?P<last>and|as well as|or)?\s(?:the\s)?(?:[\w-]+\s(?:of|at|from|in)\s(?:the\s)?)?$", re.IGNORECASE)


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """The lists of ``attribution.toml``."""

    says: tuple[str, ...]
    says_that: tuple[str, ...]
    deeds_before_to: tuple[str, ...]
    people: tuple[str, ...]
    papers: tuple[str, ...]
    adverbs: tuple[str, ...]
    again: tuple[str, ...]


class Attribution(Struct, frozen=True):
    """A sentence that is given as what a body says.

    Attributes
    ----------
    id
        The body's identifier in the report.
    name
        The body, as written.
    start, end
        Range of the sentence in the report's text.
    """

    id: str
    name: str
    start: int
    end: int


Attributed = dict[str, tuple[Attribution, ...]]


class Patterns(Struct, frozen=True):
    """What is matched around a name: after it, before it, and where a sentence goes on about the one before."""

    says: re.Pattern[str]
    according: re.Pattern[str]
    said_by: re.Pattern[str]
    again: re.Pattern[str]
    speaks_for: frozenset[str]


@cache
def _words() -> Words:
    return msgspec.convert(tomllib.loads(files("ffm.comparison").joinpath("attribution.toml").read_text(encoding="utf-8")), Words)


@cache
def patterns() -> Patterns:
    """Return the patterns that ``attribution.toml`` makes; each takes linear time."""
    words = _words()
    forms = [verb.split() for verb in words.says]
    that = [verb.split() for verb in words.says_that]
    told = _any(form for verb in forms for form in verb[1:])
    base = _any(verb[0] for verb in forms)
    speaker = _any((*words.people, *words.papers))
    adverb = rf"(?:\s(?:{_any(words.adverbs)}|\w{{2,20}}ly))"
    verb = (
        rf"{adverb}{{0,3}}\s(?:(?:went on|goes on|continued) to {base}|(?!{_any(words.deeds_before_to)}(?:\s\w{{2,20}}ly)?\sto\b){told}"
        rf"|(?:{base}|{_any(form for verb in that for form in verb)})\sthat|(?:was|were|is|are) (?:not |also |un)?aware"
        rf"|(?:did|does|do|could|can) not (?:know|{base} that))\b"
    )
    return Patterns(
        says=re.compile(
            rf"\)?(?:['’]s?)?(?:\s\([^()]{{1,100}}\))?(?:(?:\s[\w-]{{1,30}}){{0,2}}\s{speaker})?(?:\s\([^()]{{1,100}}\))?(?:,\s[^,.;:]{{1,100}},)?,?{verb}",
            re.IGNORECASE,
        ),
        according=re.compile(
            r"\b(?:according to|in the (?:view|views|opinion|words|experience) of|(?:said|told|reported|stated|noted|confirmed|described|explained|estimated"
            r"|recorded|cited|quoted|alleged|claimed) by)\s(?:the\s|an?\s)?(?:(?:[\w-]+\s){0,3}(?:of|from|at|by)\s(?:the\s)?)?$",
            re.IGNORECASE,
        ),
        said_by=re.compile(rf"[,”’\"]\s{told}\s(?:the\s|an?\s)?(?:[\w-]+\s){{0,3}}$", re.IGNORECASE),
        again=re.compile(rf"[\s\"'“‘]*(?:{_any(words.again)}){verb}", re.IGNORECASE),
        speaks_for=frozenset(word for phrase in (*words.people, *words.papers) for word in phrase.split()[-1:]),
    )


def _any(words: Iterable[str]) -> str:
    return rf"(?:{'|'.join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))})"


def attributions(passages: Iterable[TaggedPassage]) -> Attributed:
    """Return by passage the sentences that its narrative gives as what bodies say, in order.

    A body is an entity ``ORG`` that is the subject of a verb of saying, with who speaks for it or what it wrote between ("UNICEF's
    director said", "Ministry of Boats data showed"), stands after "according to", or is joined with such a one by "and". A sentence
    that goes on about the one before it ("They added that ...") is the same body's.

    Parameters
    ----------
    passages
        Rows by report and offset. Those with a source of their own, an interview's, are left out.
    """
    found: Attributed = {}
    for _, section in groupby(passages, key=lambda passage: (passage.report, passage.section_path, passage.section)):
        before: tuple[Attribution, ...] = ()
        for passage in section:
            if passage.source is not None:
                continue
            mine, before = _in_passage(passage, before)
            if mine:
                found[passage.passage] = mine
    return found


def _in_passage(passage: TaggedPassage, before: tuple[Attribution, ...]) -> tuple[tuple[Attribution, ...], tuple[Attribution, ...]]:
    """Return the attributions of a passage, and those of its last sentence."""
    text = passage.text
    bodies = [(place, entity) for entity in passage.entities if entity.label == BODY and (place := _place(passage, entity)) is not None]
    found: list[Attribution] = []
    if not before and not any(_may_be_given(text, place) for place, _ in bodies):
        return (), ()  # most passages: their sentences need not be found
    for left, right in sentence_ranges(text):
        mine = [(place, entity) for place, entity in bodies if left <= place[0] and place[1] <= right]
        if not mine and not before:
            continue
        speaking = _speaking(text, (left, right), mine)
        try:
            start, end = in_report(passage.parts, left, right)
        except PassageError:
            continue
        if speaking:
            before = tuple(Attribution(entity.id or entity.text, entity.text, start, end) for entity in speaking)
        elif before and patterns().again.match(text, left, min(right, left + REACH)):
            before = tuple(Attribution(item.id, item.name, start, end) for item in before)
        else:
            before = ()
        found += before
    return tuple(found), before


def _place(passage: TaggedPassage, entity: Entity) -> Range | None:
    try:
        return in_passage(passage.parts, entity.start, entity.end)
    except PassageError:
        return None


def _speaking(text: str, sentence: Range, bodies: Sequence[tuple[Range, Entity]]) -> list[Entity]:
    """Return the bodies that a sentence is given as words of, each id once, in order."""
    if not bodies:
        return []
    says = [_says(text, sentence, place) for place, _ in bodies]
    cited = [_is_cited(text, sentence, place) for place, _ in bodies]
    gaps = [AND.match(text[left[1] : right[0]]) for (left, _), (right, _) in pairwise(bodies)]
    joined = [bool(gap and gap["last"]) for gap in gaps]
    for index in reversed(range(len(gaps) - 1)):  # a comma joins where a list goes on to its "and"
        joined[index] = joined[index] or bool(gaps[index] and joined[index + 1])
    for index in reversed(range(len(joined))):  # "the office A at the ministry B said": it is A that speaks; "both A and B said"
        if says[index + 1] and PART_OF.match(text[bodies[index][0][1] : bodies[index + 1][0][0]]):
            says[index], says[index + 1] = _may_speak(text, sentence, bodies[index][0]), False
            continue
        says[index] = says[index] or (joined[index] and says[index + 1] and _may_speak(text, sentence, bodies[index][0]))
    for index, is_joined in enumerate(joined):  # "according to A and B"
        cited[index + 1] = cited[index + 1] or (is_joined and cited[index])
    found: dict[str, Entity] = {}
    for (_, entity), by_verb, by_preposition in zip(bodies, says, cited, strict=True):
        if by_verb or by_preposition:
            found.setdefault(entity.id or entity.text, entity)
    return list(found.values())


def _may_be_given(text: str, place: Range) -> bool:
    """Tell whether something may be given as a body's words, wherever its sentence begins and ends."""
    told = patterns()
    if told.says.match(text, place[1], place[1] + REACH):
        return True
    before = text[max(0, place[0] - BACK) : place[0]]
    return bool(told.according.search(before) or told.said_by.search(before))


def _says(text: str, sentence: Range, place: Range) -> bool:
    if patterns().says.match(text, place[1], min(sentence[1], place[1] + REACH)) is None:
        return False
    return _may_speak(text, sentence, place)


def _may_speak(text: str, sentence: Range, place: Range) -> bool:
    """Tell whether a name can be a subject: it is no one's object, nor what somebody else than its people is "of"."""
    before = text[max(sentence[0], place[0] - BACK) : place[0]]
    if DONE_TO.search(before):
        return False
    match = PREPOSITION.search(before)
    if match is None:
        return True
    head = match["head"]
    return head.lower() in patterns().speaks_for or (match["word"].lower() not in ("of", "for") and head[:1].isupper())


def _is_cited(text: str, sentence: Range, place: Range) -> bool:
    before = text[max(sentence[0], place[0] - BACK) : place[0]]
    if patterns().according.search(before):
        return True
    return bool(patterns().said_by.search(before)) and (place[1] >= sentence[1] or text[place[1]] in ".,;:")
