"""Places in the texts of a REFI-QDA project as places in a report.

A program that opens a project and saves it again changes white space (line ends, the last line end, a mark of the byte order), and counts
positions in its own way: a line end of Windows as one character or two, a character beyond U+FFFF as one or two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise, product

from msgspec import Struct

from ffm.errors import RecordError
from ffm.exchange.refi_project import Selection
from ffm.records import Range
from ffm.tagging.schemes import shown

WORDS = re.compile(r"[^\s\ufeff]+")
SPACE = re.compile(r"[\s\ufeff]+")
AT_THE_END = 2  # characters by which a position may pass the end: a line end that was taken away
MAX_ASKED = 500  # selections that tell how a program counts
OWN = "ffm "  # begins the origin of what this project wrote
SHORTEST = 3  # characters of a selection's name that say something


def aligned(source: str, text: str) -> Sequence[int]:
    """Return the offset in a report's text of each offset of a source that differs from it in white space only.

    White space of the source stands where the next word does.

    Raises
    ------
    RecordError
        If it differs in more.
    """
    if source == text:
        return range(len(text) + 1)
    if SPACE.sub("", source) != SPACE.sub("", text):
        raise RecordError("the project's text is not the report's; import it with the text that was exported")
    offsets: list[int] = []
    here = _characters(text)
    for match in WORDS.finditer(source):
        places = [next(here) for _ in range(match.end() - match.start())]
        offsets += [places[0]] * (match.start() - len(offsets))
        offsets += places
    return [*offsets, *[len(text)] * (len(source) + 1 - len(offsets))]


def _characters(text: str) -> Iterator[int]:
    for match in WORDS.finditer(text):
        yield from range(match.start(), match.end())


class _Count(Struct, frozen=True):
    """A way to count positions: the offset in the source of each position."""

    lines: bool
    units: bool
    offsets: Sequence[int]

    def place(self, start: int, end: int) -> Range | None:
        """Return a range of the source; None where a position lies outside of it."""
        last = len(self.offsets) - 1
        if not 0 <= start <= end <= last + AT_THE_END or start > last:
            return None
        return self.offsets[start], self.offsets[min(end, last)]


def counted(source: str, selections: Sequence[Selection], origin: str) -> Callable[[int, int], Range | None]:
    """Return what tells the range in a source for two positions: the way to count by which most selections hold the words in their names.

    Where names tell nothing, it is the way by which the fewest selections cut a word, and then the standard's own, code points; ATLAS.ti
    counts a line end as one. What this project wrote counts as the standard does.
    """
    if origin.startswith(OWN):
        return _count(source, False, False).place
    counts = [_count(source, lines, units) for lines, units in product(*_ways(source, "atlas" in origin.lower()))]
    if len(counts) == 1:
        return counts[0].place
    asked = selections[:: max(1, len(selections) // MAX_ASKED)]
    told = [found for selection in asked if (found := _positions(selection)) is not None]

    def evidence(count: _Count) -> tuple[int, int]:
        places = [(count.place(start, end), name) for start, end, name in told]
        return (
            sum(place is not None and _named(source, place, name) for place, name in places),
            sum(place is not None and not (_cuts(source, place[0]) or _cuts(source, place[1])) for place, _ in places),
        )

    return max(counts, key=evidence).place


def _ways(source: str, one_a_line: bool) -> tuple[Sequence[bool], Sequence[bool]]:
    """Return whether line ends may count as one, and characters as two; what is expected first."""
    lines = ((True, False) if one_a_line else (False, True)) if "\r\n" in source else (False,)
    return lines, ((False, True) if source and max(source) > "\uffff" else (False,))


def _count(source: str, lines: bool, units: bool) -> _Count:
    if not lines and not units:
        return _Count(lines, units, range(len(source) + 1))
    offsets: list[int] = []
    for offset, (before, character) in enumerate(pairwise("\0" + source)):
        if lines and before == "\r" and character == "\n":
            continue
        offsets += [offset] * (2 if units and character > "\uffff" else 1)
    return _Count(lines, units, [*offsets, len(source)])


def _positions(selection: Selection) -> tuple[int, int, str] | None:
    try:
        return int(selection.start), int(selection.end), SPACE.sub("", selection.name).rstrip(".…")
    except ValueError:
        return None


def _named(source: str, place: Range, name: str) -> bool:
    words = SPACE.sub("", source[place[0] : place[0] + 2 * len(name) + 100])
    return len(name) >= SHORTEST and words.startswith(name)


def _cuts(source: str, at: int) -> bool:
    return 0 < at < len(source) and source[at - 1].isalnum() and source[at].isalnum()


def position(selection: Selection) -> tuple[int, int]:
    """Return the positions of a selection.

    Raises
    ------
    RecordError
        If it has none.
    """
    try:
        return int(selection.start), int(selection.end)
    except ValueError:
        raise RecordError(f"the selection {shown(selection.name)} has no position") from None
