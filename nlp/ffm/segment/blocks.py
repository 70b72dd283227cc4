"""What whole blocks of lines show: paragraphs without blank lines between, details, lines that return on each page."""

from __future__ import annotations

import re
from collections import Counter

from ffm.segment.elements import letters_key
from ffm.segment.lines import ANY_FIELD, FIELD, FOOTNOTE, LIST_ITEM, LONG_LINE, LOOSE_FIELD, OPEN_WORD, PAGE_NUMBER, Line, is_terminated
from ffm.segment.sources import begins_with_date

SHORT_LINE = 60  # a line that breaks off before this many characters was not broken by a margin
MAX_FIELD = 90  # characters of a line of details
MIN_UNBROKEN = 4  # lines of a block from which on it can be told that each is a paragraph
MIN_SENTENCE_WORDS = 3
MAX_BROKEN = 0.05  # share of a block's lines that may look broken by a margin though none is


def unbroken_lines(lines: list[Line]) -> set[int]:
    """Return the lines that are paragraphs or headings of their own though no blank line sets them apart.

    They stand in blocks in which lines do not break off as a margin makes them: hardly one begins in lower case or is
    long and open, some are sentences, some are short and none.
    """
    found: set[int] = set()
    block: list[int] = []
    for index in range(len(lines) + 1):
        if index < len(lines) and not lines[index].blank:
            block.append(index)
            continue
        if len(block) >= MIN_UNBROKEN:
            found.update(_apart(lines, block))
        block = []
    return found


def _apart(lines: list[Line], block: list[int]) -> set[int]:
    """Return the lines of a block that are paragraphs of their own; none where a margin broke its lines."""
    apart: set[int] = set()
    sentences = titles = broken = 0
    open_before = False
    for index in block:
        line = lines[index]
        text = line.plain
        listed = bool(LIST_ITEM.match(line.raw) or FOOTNOTE.match(line.raw) or FIELD.match(line.raw)) or line.raw[:1] in "|\t"
        if text[:1].islower():
            broken += 1
        elif not (open_before or listed):
            apart.add(index)
        ended = is_terminated(text)
        open_before = not ended and (line.raw.endswith("  ") or bool(OPEN_WORD.search(text)) or text.endswith(","))
        if ended:
            sentences += len(text.split()) >= MIN_SENTENCE_WORDS
        elif not listed:
            broken += open_before or SHORT_LINE < len(line.raw) <= LONG_LINE
            titles += 1
    return apart if sentences >= 2 and titles and broken <= MAX_BROKEN * len(block) else set()


def field_lines(lines: list[Line]) -> set[int]:
    """Return the lines of details whose labels are no known ones: blocks of two or more short lines "Label: value", one with a date alone."""
    found: set[int] = set()
    block: list[int] = []
    for index in range(len(lines) + 1):
        if index < len(lines) and _field(lines[index]):
            block.append(index)
            continue
        if len(block) >= 2:
            fields = [_field(lines[number]) for number in block]
            labels = {match.group("label") for match in fields if match}
            dated = any(
                begins_with_date(lines[number].raw[match.end() :].strip(" *_"))
                for number, match in zip(block, fields, strict=True)
                if match
            )
            if dated and len(labels) == len(block):
                found.update(block)
        block = []
    return found


def _field(line: Line) -> re.Match[str] | None:
    """Return the label of a short line that may be one of details."""
    if len(line.raw) > MAX_FIELD or is_terminated(line.plain):
        return None
    return ANY_FIELD.match(line.raw) if ":" in line.raw else LOOSE_FIELD.match(line.raw)


def running_lines(lines: list[Line]) -> set[int]:
    """Return the lines that stand first or last on the pages between form feeds, page after page, and the page numbers there."""
    edges: list[list[int]] = []
    page: list[int] = []
    for index, line in enumerate(lines):
        if not line.blank:
            page.append(index)
        if line.page_break or index == len(lines) - 1:
            edges.append(sorted({*page[:2], *page[-2:]}))
            page = []
    if len(edges) < 2:
        return set()
    counts = Counter(key for found in edges for key in {letters_key(lines[index].plain) for index in found})
    enough = max(2, 0.4 * len(edges))
    running: set[int] = set()
    for found in edges:
        for index in found:
            text = lines[index].plain
            key = letters_key(text)
            numbered = bool(PAGE_NUMBER.match(text)) and index in (found[0], found[-1])
            if numbered or (key and counts[key] >= enough and len(text) <= 120 and text[-1] not in ".?!"):
                running.add(index)
    return running
