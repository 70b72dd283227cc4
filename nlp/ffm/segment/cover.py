"""The cover: the lines under a report's title, and the report's own date."""

from __future__ import annotations

import itertools
import re

from ffm.segment.elements import LOOK_LEVEL, Element, Elements
from ffm.segment.lines import STARTS_DETAILS, is_terminated, plain
from ffm.segment.sources import MONTH_AND_YEAR, ends_or_begins_with_date, is_date, parse_date, parse_month
from ffm.segment.titles import VERSION, is_date_alone, is_dated_title, is_version_line

MAX_COVER_LINES = 8
MAX_COVER_WORDS = 14
MAX_DATE_LINES = 40  # elements among which the report's date is sought
PERIOD = re.compile(
    r"\b(?:period|between|from|conducted|covers|covering|until)\b|\d\s?[–-]\s?\d", re.IGNORECASE
)  # is no day of the report's own
YEAR = re.compile(r"\b(?:19|20)\d{2}\b|\bv(?:ersion)?\.? ?\d|^reference\b", re.IGNORECASE)
SENTENCE_WITHIN = re.compile(r"[.!?](?:\[\^?\d+\]|<sup>\d+</sup>)*\s+[A-Z]")


def mark_cover(elements: Elements) -> Elements:
    """Mark the short lines under the title, such as a place and a date, as far as the first section or paragraph."""
    _mark_sitting(elements)
    stop = next((index for index, element in enumerate(elements[: MAX_COVER_LINES + 1]) if not _is_cover_line(element)), 0)
    heads = [index for index, element in enumerate(elements[:stop]) if element.kind == "heading"]
    if not heads or stop >= len(elements) or elements[stop].text[:1].islower():
        return elements
    for index in heads[1:-1]:
        element = elements[index]
        if element.level == LOOK_LEVEL and ends_or_begins_with_date(element.text) and parse_date(element.text) is None:
            element.kind = "furniture"  # a place and a month, as below a title
    if len(heads) > 1 or elements[stop].asks:
        stop = heads[-1]
    below = [element for element in elements[1:stop] if element.kind == "text"]
    if sum(is_dated_title(element) for element in below) < 2:  # more are a list of sources
        for element in below:
            element.kind = "furniture"
    return elements


def _mark_sitting(elements: Elements) -> None:
    """Mark the lines above the first speaker, one of which tells the day of the sitting; the first of them is its title."""
    above = list(itertools.takewhile(lambda element: not element.speaker, elements[: MAX_COVER_LINES + 1]))
    lines = [element for element in above if element.kind != "furniture"]
    if len(above) == len(elements) or not 2 <= len(lines) <= MAX_COVER_LINES:
        return
    short = all(
        element.kind in ("text", "heading") and len(element.text.split()) <= MAX_COVER_WORDS and not is_terminated(element.text)
        for element in lines
    )
    if short and any(parse_date(element.text) for element in lines[1:]):
        lines[0].kind, lines[0].level = "heading", lines[0].level or LOOK_LEVEL
        for element in lines[1:]:
            if element.kind == "text":
                element.kind = "furniture"


def _is_cover_line(element: Element) -> bool:
    if element.kind in ("furniture", "heading"):
        return True
    return (
        element.kind == "text"
        and element.isolated
        and len(element.text.split()) <= MAX_COVER_WORDS * (1 if element.one_line else 2)
        and bool(YEAR.search(element.text))
        and not is_terminated(element.text)
        and not SENTENCE_WITHIN.search(element.text)
        and not (STARTS_DETAILS.match(element.raw) or is_date(element.text))
    )


def report_date(elements: Elements) -> str | None:
    """Return the report's own date: that of its version line, else of a line that is a date alone or ends its cover's title.

    Only what stands above the first paragraph counts, and a version line further below.
    """
    found: str | None = None
    for element, below in itertools.pairwise([*elements[:MAX_DATE_LINES], None]):
        if element is not None and (is_version_line(element) or (element.kind == "heading" and VERSION.match(element.text))):
            day = parse_date(element.text) or parse_month(element.text)
            if day is None and below is not None and is_date_alone(below.text):
                day = parse_date(below.text) or parse_month(below.text)
            if day:
                return day
    for element in elements[:MAX_DATE_LINES]:
        if element.is_words or (element.section is not None and element.section.interview):
            break
        if element.section is not None:
            found = found or _day_of(element.text)
        elif element.kind in ("furniture", "details"):
            lines = element.raw.splitlines()[:MAX_COVER_LINES]
            found = found or next(filter(None, (_day_of(plain(line)) for line in lines)), None)
    return found


def _day_of(line: str) -> str | None:
    """Return the day of a line of the cover, or the month in which it ends; none where it tells a period."""
    if PERIOD.search(line):
        return None
    tail = MONTH_AND_YEAR.search(line)
    return parse_date(line) or (parse_month(line) if tail and tail.end() >= len(line) - 1 else None)
