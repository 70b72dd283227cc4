"""Footnotes: lines in small print at the foot of a column, the first of which opens with a mark."""

from __future__ import annotations

import re

from ffm.ingest.pdf.lines import Line

SMALL = 0.93  # of the size of the document's text
OPENS = re.compile(r"(?:<sup>(?P<raised>[\d*†‡§]{1,3})</sup>|(?P<plain>\d{1,3}|[*†‡§])(?=\s))\s*(?=\S)")
MAX_STEP = 20  # between the numbers of two notes of one page


def take_footnotes(lines: list[Line], usual: float) -> tuple[list[Line], list[list[Line]]]:
    """Return the lines of a region above its footnotes, and the lines of each footnote.

    Parameters
    ----------
    lines
        Lines of one region, from the top.
    usual
        Size of the document's text in points.
    """
    start = len(lines)
    while start and not lines[start - 1].table and lines[start - 1].size < SMALL * usual:
        start -= 1
    if not start:  # a column in small print, such as a list of references
        return lines, []
    notes: list[list[Line]] = []
    last: int | None = None
    for at in range(start, len(lines)):
        match = OPENS.match(lines[at].text)
        if match and (match["raised"] or _follows(last, match["plain"]) or (last is None and not _runs_on(lines, at))):
            mark = match["raised"] or match["plain"]
            last = int(mark) if mark.isdigit() else last
            notes.append([])
        elif not notes:
            continue
        notes[-1].append(lines[at])
    count = sum(map(len, notes))
    return lines[: len(lines) - count], notes


def _follows(last: int | None, mark: str | None) -> bool:
    return last is not None and mark is not None and mark.isdigit() and last < int(mark) <= last + MAX_STEP


def _runs_on(lines: list[Line], at: int) -> bool:
    """Tell whether a line that begins with a number runs on from the one above."""
    return at > 0 and lines[at - 1].base - lines[at].base < 1.5 * lines[at].size and abs(lines[at - 1].size - lines[at].size) < 0.5


def marked_note(text: str) -> str:
    """Return the text of a footnote with its mark raised."""
    match = OPENS.match(text)
    if match is None:
        return text
    return f"<sup>{match['raised'] or match['plain']}</sup> {text[match.end() :]}"
