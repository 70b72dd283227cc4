"""Sections: their titles, whose words stand in them, and in which sections they lie."""

from __future__ import annotations

import itertools
import re

from msgspec.structs import replace

from ffm.records import Correction, Section
from ffm.segment.elements import LOOK_LEVEL, Elements, Head
from ffm.segment.paths import Place, containers, place_under, style_of
from ffm.segment.sources import NAMELESS, source_name, source_type, without_date

ROLE_OF_HOSTS = re.compile(r"\b(?:[A-Z]\w+ )?(?:Home Office|Embassy)\b.*", re.IGNORECASE)  # who asked, or lent the room
COMMON_WORDS = frozenset(
    ["the", "ministry", "national", "state", "general", "center", "centre", "office", "mobile", "international", "department"]
)
MAX_NAME_WORDS = 14


def mark_sections(elements: Elements) -> Elements:
    """Make the sections: title, source and date, and the path of titles that leads to each.

    A section below an interview's depth is said by the interview's source, and so is one that names it, or one in
    plain text in which questions and answers go on.
    """
    heads = [(element, element.head) for element in elements if element.head is not None]
    ends = [head.start for _, head in heads[1:]] + [element.end for element in elements[-1:] if heads]
    depths = [head.level for _, head in heads if head.interview and head.level < LOOK_LEVEL]
    last_source: Section | None = None  # of the interview above
    parent: tuple[int, Section] | None = None  # the sourced section whose sub-sections inherit from it
    way: list[Place] = []
    last_index = -1
    styles = [style_of(element, head) for element, head in heads]
    around = containers(styles, [head.title for _, head in heads])
    places: list[Place] = []
    for number, ((element, head), end) in enumerate(zip(heads, ends, strict=True)):
        if head.interview:
            section = _interview(head, end)
            last_source, parent = section, (max(depths) if head.level == LOOK_LEVEL and depths else head.level, section)
        elif last_source is not None and _mentions(head.title, last_source.source or ""):
            section = _attributed(head, end, last_source)
            parent = (min(head.level, parent[0]) if parent else head.level, section)
        elif parent is not None and (head.level > parent[0] or (head.level == LOOK_LEVEL and head.marks)):
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
        last_index = max([head.index, *head.details, *head.subheads])
    return elements


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
    if (NAMELESS.match(name) or not without_date(head.title)) and head.meeting_with:
        name = " ".join(head.meeting_with.split()[:MAX_NAME_WORDS])
    source = None if NAMELESS.match(name) else name
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
