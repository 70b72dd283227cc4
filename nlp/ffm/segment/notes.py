"""Footnotes: at the foot of a page, under a table, in lists of notes and of references."""

from __future__ import annotations

import re

from ffm.segment.elements import CAPTION, LOOK_LEVEL, Element, Elements
from ffm.segment.lines import BARE_NOTE, LIST_ITEM, TABLE_NOTE, is_terminated

REFERENCES = re.compile(
    r"^(?:references|bibliography|works cited|(?:end|foot)?notes(?: and references)?|notes and sources)$", re.IGNORECASE
)
REFERENCES_START = re.compile(r"^[-*+\s]{0,9}(?:\*\*|__)\s?(?:references|bibliography|endnotes|footnotes)\s?(?:\*\*|__)", re.IGNORECASE)
REFERENCE_MARK = r"(?:[a-z)\]\"'”’][.,;:]?|(?<!\d)[.,;:])%d(?=[\s.,;:)]|$)"
MARK_ALONE = re.compile(r"^\[(?:(?:foot|end)?note )?\^?\d{1,4}\]$", re.IGNORECASE)  # of a note, apart from what it belongs to
LOOK_BACK = 8  # elements before a note among which its mark is sought


def mark_notes(elements: Elements) -> Elements:
    """Turn notes and references into elements of kind "footnote"."""
    _mark_references(elements)
    for element in elements:
        if element.kind == "text" and element.isolated and MARK_ALONE.match(element.text):
            element.kind = "furniture"
    _mark_bare_notes(elements)
    _mark_continued(elements)
    return elements


def _mark_references(elements: Elements) -> None:
    """Mark what stands under a heading such as "References", to the next heading of its depth or to the end.

    Under "Notes" only numbered or marked items count, as the word heads notes of meetings too.
    """
    level = 0
    only_items = False
    for element in elements:
        if element.kind == "heading" and CAPTION.match(element.text):
            continue
        if element.kind == "text" and element.isolated and REFERENCES.match(element.text):
            element.kind, element.level = "heading", LOOK_LEVEL
        if element.kind == "heading" and level and element.level <= level and not REFERENCES.match(element.text):
            level = 0
        if element.kind == "heading" and REFERENCES.match(element.text):
            level, only_items = element.level, element.text.lower().startswith("notes")
        elif element.kind in ("text", "list") and REFERENCES_START.match(element.raw):
            level, only_items = 7, False
            element.kind = "footnote"
        elif (
            level and element.kind in ("text", "list") and (not only_items or LIST_ITEM.match(element.raw) or BARE_NOTE.match(element.raw))
        ):
            element.kind = "footnote"


def _mark_bare_notes(elements: Elements) -> None:
    """Mark paragraphs that open with a number, bare or in brackets, which stands as a mark in the text above, after a word or a stop."""
    last = 0
    for index, element in enumerate(elements):
        match = BARE_NOTE.match(element.raw) if element.kind in ("text", "list") else None
        if match is None:
            continue
        bracketed = match.group("bracketed") is not None
        number = int(match.group("bracketed") or match.group("number"))
        if number == last + 1 and index and elements[index - 1].kind == "footnote":
            element.kind, last = "footnote", number
            continue
        mark = re.compile(rf"(?<=\S)\[{number}\]" if bracketed else REFERENCE_MARK % number)
        if any(mark.search(other.raw) for other in elements[max(0, index - LOOK_BACK) : index] if other.kind in ("text", "list")):
            element.kind, last = "footnote", number


def _mark_continued(elements: Elements) -> None:
    """Mark the notes under tables, and the lists that a footnote continues in."""
    after_table = False
    last_number = 0
    in_note = False
    for element in elements:
        if element.kind == "table":
            after_table, in_note = True, False
        elif element.kind == "furniture":
            continue
        elif after_table and element.kind in ("text", "list") and TABLE_NOTE.match(element.raw):
            element.kind = "footnote"
        elif element.kind == "footnote":
            after_table = False
            numbers = _numbers(element)
            last_number = numbers[1] if numbers else 0
            in_note = not is_terminated(element.text) or element.text.endswith(":")
        elif element.kind == "list" and (numbers := _numbers(element)):
            first, last = numbers
            if (in_note and first == 1) or (last_number and first == last_number + 1):
                element.kind, last_number = "footnote", last
            after_table = in_note = False
        else:
            after_table = in_note = False


def _numbers(element: Element) -> tuple[int, int] | None:
    """Return the first and last number of a numbered list."""
    found = [int(match.group("number")) for line in element.raw.splitlines() if (match := LIST_ITEM.match(line)) and match.group("number")]
    return (found[0], found[-1]) if found else None
