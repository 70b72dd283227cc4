"""Runs of lines that hold more than one element: a title with its details, numbered paragraphs, a question with its answer."""

from __future__ import annotations

import itertools
import re

from ffm.segment.elements import Element, Elements, split_element
from ffm.segment.lines import (
    BOLD_QUESTION,
    FIELD,
    FIELD_WITHIN,
    INLINE_LEADER,
    LIST_ITEM,
    LONG_LINE,
    NOTE_AT_END,
    SPEAKER,
    SPEAKER_TITLE,
    TURN_WITHIN,
    is_terminated,
    read_lines,
)
from ffm.segment.sources import parse_date

MAX_DATE = 60  # characters of a detail among which its date is sought
MIN_LEADERS = 3  # dotted lines within one paragraph from which on it holds a contents list
MIN_ITEM_WORDS = 12  # mean length from which on numbered items are paragraphs of their own
LONE_NUMBER = re.compile(r"[ \t]{0,20}\d{1,3}[ \t]{0,20}")
NUMBER_LINE = re.compile(r"[\r\n\u2028\u2029]" + LONE_NUMBER.pattern + r"[\r\n\u2028\u2029]")


def divide(element: Element) -> Elements:
    """Split what stands in one run of lines but is more than one element."""
    dotted = "...." in element.raw or ". . ." in element.raw or "…" in element.raw
    if dotted and element.kind in ("text", "heading") and len(leaders := list(INLINE_LEADER.finditer(element.raw))) >= MIN_LEADERS:
        pieces = split_element(element, [leaders[-1].end()])
        pieces[0].kind = "furniture"
        return pieces
    if element.one_line and element.kind in ("text", "heading") and (fields := _fields_within(element)):
        pieces = split_element(element, fields)
        for piece in pieces[1:]:
            piece.kind = "details"
        return pieces
    if not element.is_words:
        return [element]
    if not element.one_line and (element.raw.lstrip()[:1].isdigit() or NUMBER_LINE.search(element.raw)):
        divided = _divide_paragraphs(element)
        if len(divided) > 1:
            return divided
    return _split_turns(element)


def _fields_within(element: Element) -> list[int]:
    """Return where details begin within a line: a title with its date, or several details in a row."""
    raw = element.raw
    if len(raw) > LONG_LINE or "?" in raw or ":" not in raw:
        return []
    cuts = [match.end() for match in FIELD_WITHIN.finditer(raw)]
    if not cuts or is_terminated(element.text):
        return []
    before = raw[: cuts[0]].rstrip()
    if not FIELD.match(raw) and (is_terminated(before) or before[:1].islower()):
        return []
    return cuts if any(parse_date(raw[cut : cut + MAX_DATE]) for cut in cuts) else []


def _divide_paragraphs(element: Element) -> Elements:
    """Divide numbered paragraphs that no blank line sets apart, and take the marks of notes that stand on lines of their own out."""
    lines = list(read_lines(element.raw))
    items = [(line.start, int(match.group("number"))) for line in lines if (match := LIST_ITEM.match(line.raw)) and match.group("number")]
    cuts: list[int] = []
    if len(items) >= 2 and items[0][0] == 0 and all(after[1] == before[1] + 1 for before, after in itertools.pairwise(items)):
        edges = [start for start, _ in items] + [len(element.raw)]
        texts = [element.raw[left:right] for left, right in itertools.pairwise(edges)]
        long_enough = sum(len(text.split()) for text in texts) >= MIN_ITEM_WORDS * len(texts)
        if long_enough and all(is_terminated(NOTE_AT_END.sub("", text)) for text in texts):
            cuts = edges[1:-1]
    marks = [
        line
        for before, line, after in zip(lines, lines[1:], lines[2:], strict=False)
        if LONE_NUMBER.fullmatch(line.raw)
        and re.search(r"[.,;:)\"”’]\s*$", before.raw)
        and len(before.raw.split()) + len(after.raw.split()) > 3
        and re.match(r"\s*[\"“‘(]?[^\W\d_]", after.raw)
    ]
    if not cuts and not marks:
        return [element]
    edges = sorted({*cuts, *(edge for line in marks for edge in (line.start, line.end))})
    pieces = split_element(element, edges)
    starts = {element.start + cut for cut in cuts}
    for before, piece in zip([None, *pieces], pieces, strict=False):
        piece.kind = "furniture" if LONE_NUMBER.fullmatch(piece.raw) else "list" if LIST_ITEM.match(piece.raw) else "text"
        piece.runs_on = before is not None and before.kind == "furniture" and piece.start not in starts
        if piece.start in starts or piece.start == element.start:
            piece.blank_before = True
            if before is not None:
                before.blank_after = True
    return pieces


def _split_turns(element: Element) -> Elements:
    """Split a paragraph that holds a question and its answer, or several of both."""
    raw = element.raw
    speaker = SPEAKER.match(raw)
    if element.asks or (speaker and SPEAKER_TITLE.match(speaker.group("name"))):
        cuts = [match.end() for match in TURN_WITHIN.finditer(raw)]
    else:
        match = BOLD_QUESTION.match(raw)
        cuts = [match.end()] if match else []
    if not cuts:
        return [element]
    return split_element(element, cuts)
