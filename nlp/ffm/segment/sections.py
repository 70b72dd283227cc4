"""Sections: their titles, whose words stand in them, and in which sections they lie."""

from __future__ import annotations

import itertools
import re

from msgspec import Struct
from msgspec.structs import replace

from ffm.records import Correction, Section
from ffm.segment.elements import LOOK_LEVEL, SECTION_TITLE, Element, Elements, Head
from ffm.segment.lines import ATX_HEADING, is_bold
from ffm.segment.sources import NAMELESS, source_name, source_type, without_date

ENTRY_LEVEL = 6  # of a heading that only the contents list tells of
ROLE_OF_HOSTS = re.compile(r"\b(?:[A-Z]\w+ )?(?:Home Office|Embassy)\b.*", re.IGNORECASE)  # who asked, or lent the room
COMMON_WORDS = frozenset(
    ["the", "ministry", "national", "state", "general", "center", "centre", "office", "mobile", "international", "department"]
)
MAX_NAME_WORDS = 14

Style = tuple[str, int]
DIVISIONS = ("part", "chapter", "section")  # of a report's title, with numbers of their own
ANNEXES = ("annex", "appendix")
DOTTED = re.compile(r"^(?P<number>\d{1,3}(?:\.\d{1,3}){0,4})(?:[.)]|\s)\s{0,9}(?=\D)")
ROMAN = re.compile(r"^[IVX]{1,5}[.)]\s")
UPPER = re.compile(r"^[A-Z][.)]\s")
LOWER = re.compile(r"^\(?[a-z][.)]\s")


class Place(Struct, frozen=True):
    """A heading on the way from the outermost to the innermost one: how it looks, its number, its title, whether it has a source."""

    style: Style
    number: str
    title: str
    sourced: bool = False


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
    for (element, head), end in zip(heads, ends, strict=True):
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
        place = Place(_style(element, head), _number(head.title), section.title, section.source is not None or section.interview)
        way = _placed(way, place, adjoins)
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


def _style(element: Element, head: Head) -> Style:
    """Return how a heading looks: headings that look alike are of one depth."""
    if 0 < element.level < LOOK_LEVEL and (ATX_HEADING.match(element.raw) or element.level != ENTRY_LEVEL):
        return ("mark", element.level)
    if head.interview:
        return ("interview", 0)
    title = head.title
    if SECTION_TITLE.match(title):
        return (title.split()[0].lower(), 0)
    number = _number(title)
    if number:
        return ("number", number.count(".") + 1)
    for name, pattern in (("roman", ROMAN), ("upper", UPPER), ("lower", LOWER)):
        if pattern.match(title):
            return (name, 0)
    if title.isupper():
        return ("capitals", 0)
    return ("bold" if is_bold(element.raw) else "plain", 0)


def _number(title: str) -> str:
    match = DOTTED.match(title)
    return match.group("number") if match else ""


def _placed(way: list[Place], place: Place, adjoins: bool) -> list[Place]:
    """Return the way to a heading: up to the last one that looks like it, which it replaces, else one step further down.

    Where no text stands between two headings that look alike and carry no number, the second lies in the first.
    """
    kind, depth = place.style
    if kind == "mark":
        kept = [other for other in way if other.style[0] == "mark" and other.style[1] < depth]
        same = [other for other in way if other.style == place.style and other.number]
        kept += [other for other in same if place.number.startswith(f"{other.number}.")]  # "2.1" under "2", of the same mark
        return [*kept, place]
    if kind in ANNEXES or (kind in DIVISIONS and place.style not in {other.style for other in way}):
        outer = [other for other in way if other.style[0] == "mark" or (kind in DIVISIONS and other.style[0] in DIVISIONS)]
        if adjoins and not any(other.style[0] in DIVISIONS for other in way):
            return [*way, place]
        title = way[:1] if len(way) > 1 and way[0].style[0] in ("plain", "capitals", "bold") else []
        return [*title, *outer, place]
    for at in range(len(way) - 1, -1, -1):
        style = way[at].style
        if style[0] == "mark":
            break
        if style == place.style:
            nested = adjoins and at == len(way) - 1 and kind in ("plain", "bold", "capitals")
            return [*(way if nested else way[:at]), place]
        if kind == "number" and style[0] == "number":
            if style[1] < depth:
                return [*way[: at + 1], place]
            continue
    if kind == "number":
        first = next((at for at, other in enumerate(way) if other.style[0] == "number"), None)
        if first is not None:
            return [*way[:first], place]
    return [*way, place]


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
