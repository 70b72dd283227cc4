"""Front matter: what a report says of itself, its mission and its methods, apart from what its sources say."""

from __future__ import annotations

from msgspec.structs import replace

from ffm.segment.elements import Elements
from ffm.segment.titles import FRONT_TITLE, SUMMARY_TITLE

MIN_INTERVIEWS = 2
INTERVIEW_SHARE = 0.5  # of the words, from which on what stands before the interviews introduces them


def mark_front_matter(elements: Elements) -> Elements:
    """Mark what stands under headings of front matter and, in a report made of interviews, what introduces them.

    What a person said of a section, and what lies in an interview, counts before both.
    """
    introduction = _introduction_end(elements)
    containers = {
        element.section.path[:depth]
        for element in elements
        if element.section is not None and element.section.interview
        for depth in range(len(element.section.path))
    }
    front_levels: list[tuple[str, ...]] = []
    part = "evidence"
    for element in elements:
        section = element.section
        if section is not None:
            given = element.correction.part if element.correction is not None else None
            sourced = section.interview or section.source is not None
            front_levels = [path for path in front_levels if section.path[: len(path)] == path]
            if given is None and not sourced and FRONT_TITLE.match(section.title):
                front_levels.append(section.path)
            if given is not None:
                part = given
            elif sourced:
                part = "evidence"
            elif front_levels or (
                element.start < introduction
                and section.path not in containers
                and not any(SUMMARY_TITLE.search(title) for title in section.path)
            ):
                part = "front"
            else:
                part = "evidence"
            if given == "front":
                front_levels.append(section.path)
            element.section = replace(section, part="front" if part == "front" else "evidence")
        element.part = "front" if part == "front" else "evidence"
    return elements


def _introduction_end(elements: Elements) -> int:
    """Return the offset before which sections introduce the interviews of which a report is made, or 0."""
    words = said = interviews = first = 0
    sourced = False
    for element in elements:
        if element.section is not None:
            sourced = element.section.interview or element.section.source is not None
            if element.section.interview:
                interviews += 1
                first = first or element.start
        if element.is_words:
            count = len(element.text.split())
            words += count
            said += count if sourced else 0
    return first if interviews >= MIN_INTERVIEWS and said >= INTERVIEW_SHARE * words else 0
