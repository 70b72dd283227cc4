"""Front matter: what a report says of itself, its mission and its methods, apart from what its sources say."""

from __future__ import annotations

import re

from msgspec.structs import replace

from ffm.segment.elements import Elements

FRONT = re.compile(
    r"^(?:annex(?:e|es)?|appendix|appendices|section|chapter|part)?\s?(?:[A-Z]|[IVX]{1,5}|\d{1,2}(?:\.\d{1,2}){0,3})?[.:)–-]?\s?(?:the |a )?(?:"
    r"(?:draft )?terms of reference(?:\b.*)?|(?:scope|remit|mandate)(?: of (?:the|this) (?:report|mission|note|document|study|review|visit))?(?: and (?:method\w*|sources|limits|limitations))?|(?:aims?|objectives?|purpose)(?:\b.{0,40}\b(?:report|mission|visit|note|study))?"
    r"|(?:.{0,40}\b)?methodolog(?:y|ical)(?:\b.{0,30})?|(?:(?:research|survey|data|study) )?methods?(?: (?:used|of (?:the )?(?:research|mission|study|survey)))?|(?:research|quality) standards?|(?:identification|list|table|description|selection) of (?:the )?(?:sources|interlocutors"
    r"|interviewees|participants|organi[sz]ations|persons|people|meetings|interviews|abbreviations|acronyms|figures|tables|terms)(?:\b.*)?|(?:arranging|conduct(?:ing)?)\b.{0,40}\binterviews(?:\b.*)?"
    r"|sources (?:consulted|interviewed|met)|(?:people|persons|organi[sz]ations|bodies) (?:met|interviewed|consulted)|(?:key )?(?:definitions|terminology|abbreviations|acronyms|glossary)(?:\b.*)?"
    r"|fore ?word|preface|preamble|acknowledge?ments?|disclaimer|copyright(?:\b.*)?|about (?:the|this) (?:report|document|note|mission|authors?|project|team)|how (?:to use|this)\b.*"
    r"|(?:.{0,30}\b)?introductory note|(?:mission|visit|team) (?:programme|itinerary|members|composition)|questionnaire|interview (?:questions|guide|schedule)|list of questions|limitations|caveats"
    r")$",
    re.IGNORECASE,
)
EVIDENCE = re.compile(r"\b(?:summary|findings|conclusions?|key (?:points|messages)|results|situation|overview of)\b", re.IGNORECASE)
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
            if given is None and not sourced and FRONT.match(section.title):
                front_levels.append(section.path)
            if given is not None:
                part = given
            elif sourced:
                part = "evidence"
            elif front_levels or (
                element.start < introduction
                and section.path not in containers
                and not any(EVIDENCE.search(title) for title in section.path)
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
