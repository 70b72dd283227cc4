"""Sections: their titles, whose words stand in them, and in which sections they lie."""

from __future__ import annotations

import itertools
import re

from msgspec.structs import replace

from ffm.records import Correction, Section
from ffm.segment.elements import LOOK_LEVEL, Elements, Head
from ffm.segment.lines import CONTENTS
from ffm.segment.paths import LOOKS, OUTER, TITLE, Place, Style, containers, count_in_roman, place_under, style_of
from ffm.segment.sources import NAMELESS, source_name, source_type, without_date
from ffm.segment.titles import FRONT_TITLE, SUMMARY_TITLE

ROLE_OF_HOSTS = re.compile(r"\b(?:[A-Z]\w+ )?(?:Home Office|Embassy)\b.*", re.IGNORECASE)  # who asked, or lent the room
NUMBERED_TITLE = re.compile(
    r"^(?:[^\W\d_][\w-]{0,30} ){1,3}(?:(?:no|nr)\.? ?|# ?)?\d{1,3}(?: \([^()]{1,60}\))?$", re.IGNORECASE
)  # "Questionnaire No. 2"
UNNAMED_SOURCE = re.compile(r"^(?:source|interviewee|respondent|interlocutor) (?:no\.? ?)?[\dA-Z]{1,3}$", re.IGNORECASE)
COMMON_WORDS = frozenset(
    ["the", "ministry", "national", "state", "general", "center", "centre", "office", "mobile", "international", "department"]
)
MAX_NAME_WORDS = 14


def mark_sections(elements: Elements) -> Elements:
    """Make the sections: title, source and date, and the path of titles that leads to each.

    A section below an interview's depth is said by the interview's source, and so is one that names it, or one in
    plain text in which questions and answers go on or that another interview follows.
    """
    heads = [(element, element.head) for element in elements if element.head is not None]
    ends = [head.start for _, head in heads[1:]] + [element.end for element in elements[-1:] if heads]
    depths = [head.level for _, head in heads if head.interview and head.level < LOOK_LEVEL]
    last_source: Section | None = None  # of the interview above
    parent: tuple[int, Section] | None = None  # the sourced section whose sub-sections inherit from it
    way: list[Place] = []
    last_index = -1
    styles = _by_place(elements, [head for _, head in heads], [style_of(element, head) for element, head in heads])
    inside = _inside_interviews([head for _, head in heads], styles)
    titles = [head.title for _, head in heads]
    styles = count_in_roman(styles, titles)
    around = containers(styles, titles)
    places: list[Place] = []
    for number, ((element, head), end) in enumerate(zip(heads, ends, strict=True)):
        if head.interview:
            section = _interview(head, end)
            last_source, parent = section, (max(depths) if head.level == LOOK_LEVEL and depths else head.level, section)
        elif last_source is not None and _mentions(head.title, last_source.source or ""):
            section = _attributed(head, end, last_source)
            parent = (min(head.level, parent[0]) if parent else head.level, section)
        elif parent is not None and (head.level > parent[0] or (head.level == LOOK_LEVEL and (head.marks or number in inside))):
            section = _attributed(head, end, parent[1])
        else:
            last_source = last_source if head.level > 1 else None
            parent = None
            section = Section(head.title, head.start, end)
        if element.correction is not None:
            section = _corrected(section, element.correction)
            if section.source is not None:
                last_source, parent = section, (head.level, section)
        adjoins = all(other.kind == "furniture" for other in elements[last_index + 1 : head.index]) and last_index >= 0
        if section.interview:  # no interview lies in another, nor in what belongs to one
            way = list(itertools.takewhile(lambda other: not other.sourced, way))
        places.append(Place(styles[number], head.title, section.title, section.source is not None or section.interview))
        way = place_under(way, places[-1], adjoins, [places[outer] for outer in around.get(number, [])])
        element.section = replace(section, path=tuple(place.title for place in way if place.title))
        if CONTENTS.match(head.title):  # nothing lies in a list of contents
            way.pop()
        last_index = max([head.index, *head.details, *head.subheads])
    return elements


def _by_place(elements: Elements, heads: list[Head], styles: list[Style]) -> list[Style]:
    """Return the styles of headings, with those apart that have another one right below them.

    The first line of a text is its title; a plain heading right above another plain one is of a lower depth than those alone.
    """
    found = list(styles)
    for number, (head, below) in enumerate(itertools.pairwise(heads)):
        if any(other.kind != "furniture" for other in elements[head.index + 1 : below.index]):
            continue
        alone = styles[0][0] == "plain" or styles[0] not in styles[1:]
        if number == 0 and styles[0][0] in LOOKS and alone and not any(other.is_words for other in elements[: head.index]):
            found[0] = TITLE
        elif styles[number][0] == styles[number + 1][0] == "plain":
            found[number] = OUTER
    return found


def _inside_interviews(heads: list[Head], styles: list[Style]) -> set[int]:
    """Return the plain headings that lie in interviews: between two of them and, where there are such, below the last one too."""
    interviews = [number for number, head in enumerate(heads) if head.interview and head.level == LOOK_LEVEL]
    if not interviews:
        return set()
    if interviews == [0]:  # the text is one interview
        return set(range(1, len(heads)))
    between = {number for number in range(interviews[0] + 1, interviews[-1]) if not heads[number].interview}
    looks = {styles[number] for number in between}
    after = itertools.takewhile(
        lambda number: (
            styles[number] in looks and not (FRONT_TITLE.match(heads[number].title) or SUMMARY_TITLE.search(heads[number].title))
        ),
        range(interviews[-1] + 1, len(heads)),
    )
    return between.union(after)


def _corrected(section: Section, said: Correction) -> Section:
    """Return a section with what a person says of it."""
    return replace(
        section,
        source=said.source or section.source,
        source_type=said.source_type or (source_type(said.source) if said.source else section.source_type),
        date=said.date or section.date,
        part=said.part or section.part,
        interview=section.interview or said.source is not None,
    )


def _interview(head: Head, end: int) -> Section:
    """Make the section of an interview."""
    name = source_name(head.title)
    if head.meeting_with and (NAMELESS.match(name) or NUMBERED_TITLE.match(head.title) or not without_date(head.title)):
        name = " ".join(head.meeting_with.split()[:MAX_NAME_WORDS])
    source = None if NAMELESS.match(name) and not UNNAMED_SOURCE.match(name) else name
    day = head.detail_date or head.heading_date
    conflict = head.heading_date if head.detail_date and head.heading_date not in (None, head.detail_date) else None
    return Section(name, head.start, end, source, source_type(name, ROLE_OF_HOSTS.sub("", head.meeting_with)), day, conflict, True)


def _attributed(head: Head, end: int, to: Section) -> Section:
    """Make a section that is attributed to the source of another."""
    return Section(head.title, head.start, end, to.source, to.source_type, to.date, None, False)


def _mentions(title: str, source: str) -> bool:
    """Tell whether a title names a source: all its capitalised words, or its first one where that is distinctive."""
    words = list(re.findall(r"[A-Z][\w&-]+", source))
    return bool(words) and (
        source.lower() in title.lower() or (bool(re.search(rf"\b{re.escape(words[0])}\b", title)) and _is_distinctive(words[0].lower()))
    )


def _is_distinctive(word: str) -> bool:
    """Tell whether a word names a body rather than a kind of body or a nationality."""
    return word not in COMMON_WORDS and not word.endswith(("ian", "ean", "ese", "ish"))
