"""Offsets: doccano counts UTF-16 code units of a passage's text, a report counts its own code points."""

from __future__ import annotations

from collections.abc import Sequence

from ffm.errors import PassageError
from ffm.records import Range


def unit_offsets(text: str) -> Sequence[int]:
    """Return, for each offset of a text and for its end, the offset in UTF-16 code units."""
    if text.isascii() or max(text) <= "\uffff":
        return range(len(text) + 1)
    offsets = [0]
    for character in text:
        offsets.append(offsets[-1] + (2 if character > "\uffff" else 1))
    return offsets


def to_units(text: str, spans: Sequence[Range]) -> list[Range]:
    """Return ranges of a text in UTF-16 code units."""
    units = unit_offsets(text)
    return [(units[start], units[end]) for start, end in spans]


def trimmed(text: str, start: int, end: int) -> Range | None:
    """Return a range of a text without the white space at its edges; None where nothing is left.

    What a person selects in another program often takes a space along: every door through which spans come in or go out calls this.
    """
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def to_points(text: str, spans: Sequence[Range]) -> list[Range]:
    """Return ranges in UTF-16 code units as ranges of a text.

    Raises
    ------
    PassageError
        If a range is empty, leaves the text, or begins or ends inside a character; without the passage's name.
    """
    points = {unit: point for point, unit in enumerate(unit_offsets(text))}
    found = []
    for start, end in spans:
        if start not in points or end not in points:
            raise PassageError(f"the span {start}-{end} leaves the text or divides a character")
        if start >= end:
            raise PassageError(f"the span {start}-{end} is empty")
        found.append((points[start], points[end]))
    return found


def in_passage(parts: Sequence[Range], start: int, end: int) -> Range:
    """Return a range of the report as a range of a passage's text, which is its parts joined by one space.

    Raises
    ------
    PassageError
        If the range begins or ends outside of the parts; without the passage's name.
    """
    first = last = None
    offset = 0
    for part_start, part_end in parts:
        if part_start <= start < part_end:
            first = offset + start - part_start
        if part_start < end <= part_end:
            last = offset + end - part_start
        offset += part_end - part_start + 1
    if first is None or last is None or first >= last:
        raise PassageError(f"the span {start}-{end} does not lie in the passage's parts")
    return first, last


def in_report(parts: Sequence[Range], start: int, end: int) -> Range:
    """Return a range of a passage's text as a range of its report, from the first character that it covers to the last.

    Raises
    ------
    PassageError
        If the range covers no character of a part; without the passage's name.
    """
    first = last = None
    offset = 0
    for part_start, part_end in parts:
        length = part_end - part_start
        left, right = max(start, offset), min(end, offset + length)
        if left < right:
            first = part_start + left - offset if first is None else first
            last = part_start + right - offset
        offset += length + 1
    if first is None or last is None:
        raise PassageError(f"the span {start}-{end} covers nothing of the passage")
    return first, last
