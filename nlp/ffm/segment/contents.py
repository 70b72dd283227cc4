"""The contents list, the cover before it, and the report's own date."""

from __future__ import annotations

import re

from ffm.segment.elements import LOOK_LEVEL, Element, Elements, letters_key
from ffm.segment.lines import CONTENTS, FIELD, LIST_ITEM, is_contents_line, is_terminated

PAGE_AT_END = re.compile(r"(?:\s|\.)\d{1,4}\W{0,4}$")
PAGE_RANGE = re.compile(r"^\W{0,4}(?:\d{1,4}|[ivxl]{1,6})(?:\s?[-–]\s?(?:\d{1,4}|[ivxl]{1,6}))?\W{0,4}$")
COLUMN_HEAD = re.compile(r"^pages?(?: nos?\.?| numbers?)?$", re.IGNORECASE)
MAX_ENTRY_WORDS = 20
MAX_COVER_WORDS = 60  # of a paragraph before the contents list from which on what stands there is text
ENTRY_LEVEL = 6  # of a heading that only the contents list tells of
MIN_RETURNS = 3  # items of a list that return as headings, from which on it is a contents list


def mark_contents(elements: Elements) -> Elements:
    """Mark the contents list and the cover before it; lines that return as contents entries are headings."""
    _mark_leaders(elements)
    at = next((index for index, element in enumerate(elements) if _opens_contents(element)), None)
    if at is None:
        _mark_returning_list(elements)
        return elements
    title = elements[at]
    if title.kind != "heading":
        title.kind, title.level = "heading", LOOK_LEVEL
    entries: set[str] = set()
    stop = at + 1
    while stop < len(elements):
        element = elements[stop]
        keys = _entry_keys(element)
        if element.kind == "heading" and element.level < 7:
            break
        returns = bool(keys & entries) and not PAGE_AT_END.search(element.text)
        if element.kind != "furniture" and (returns or not _is_entry(element)):
            break
        entries |= keys
        stop += 1
    stop = _without_first_heading(elements, at + 1, stop)
    for element in elements[at + 1 : stop]:
        element.kind, element.page = "furniture", None
    if not any(_is_long(element) for element in elements[:at]):
        for element in elements[:at]:
            if element.kind != "heading":
                element.kind = "furniture"
    for element in elements[stop:]:
        if element.kind in ("text", "list") and element.isolated and len(element.text.split()) <= MAX_ENTRY_WORDS and element.one_line:
            if letters_key(element.text) in entries and not is_terminated(element.text):
                element.kind, element.level = "heading", ENTRY_LEVEL
    return elements


def _mark_leaders(elements: Elements) -> None:
    """Mark page numbers that stand apart from the dotted lines that they belong to."""
    after = False
    for index, element in enumerate(elements):
        if (
            element.kind == "text"
            and COLUMN_HEAD.match(element.text)
            and index + 1 < len(elements)
            and is_contents_line(elements[index + 1].raw)
        ):
            element.kind = "furniture"
        dotted = element.kind == "furniture" and element.page is None and is_contents_line(element.raw)
        if after and element.kind in ("text", "furniture") and PAGE_RANGE.match(element.text):
            element.kind, element.page = "furniture", None
        elif not dotted:
            after = False
            continue
        after = dotted or after


def _without_first_heading(elements: Elements, start: int, stop: int) -> int:
    """Return where a contents list ends whose entries have pages: before a last short line without one, above a sentence."""
    listed = elements[start:stop]
    paged = sum(element.kind == "furniture" or bool(PAGE_AT_END.search(element.text)) for element in listed)
    if paged < 2 or stop >= len(elements) or not elements[stop].is_words:
        return stop
    while stop - 1 > start and elements[stop - 1].kind != "furniture" and not PAGE_AT_END.search(elements[stop - 1].text):
        stop -= 1
    return stop


def _mark_returning_list(elements: Elements) -> None:
    """Mark the first list whose items nearly all return as headings, whatever stands above it."""
    headings = {letters_key(element.text) for element in elements if element.kind == "heading"}
    for element in elements:
        if element.kind != "list":
            continue
        items = [letters_key(LIST_ITEM.sub("", line)) for line in element.raw.splitlines() if line.strip()]
        if sum(item in headings for item in items) >= max(MIN_RETURNS, 0.6 * len(items)):
            element.kind = "furniture"
        return


def _opens_contents(element: Element) -> bool:
    return element.kind in ("heading", "text") and bool(CONTENTS.match(element.text))


def _entry_keys(element: Element) -> set[str]:
    """Return what the lines of a contents list name, page numbers left out."""
    if element.page is not None or len(element.raw) > 20_000:
        return set()
    return {key for line in element.raw.splitlines() if (key := letters_key(re.sub(r"\]\([^)]{0,200}\)|</?b>", "", line)))}


def _is_entry(element: Element) -> bool:
    """Tell whether each line of an element looks like an entry of a contents list."""
    if element.asks or FIELD.match(element.raw):
        return False
    lines = element.raw.splitlines()
    return all(is_contents_line(line) or (len(line.split()) <= MAX_ENTRY_WORDS and not is_terminated(line.rstrip("*_ "))) for line in lines)


def _is_long(element: Element) -> bool:
    return element.kind in ("text", "list") and len(element.text.split()) > 60
