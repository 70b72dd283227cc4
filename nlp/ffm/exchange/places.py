"""Which passage a range of a report lies in, where passages have several parts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from ffm.records import Range


def pieces(start: int, end: int, parts: Sequence[Range]) -> tuple[Range, ...]:
    """Return a range of the report cut down to the parts of a passage."""
    return tuple((max(start, first), min(end, last)) for first, last in parts if start < last and first < end)


class Places:
    """Finds passages by the ranges that their parts take up."""

    def __init__(self, passages: Sequence[Sequence[Range]]) -> None:
        self._parts = sorted((start, end, number) for number, parts in enumerate(passages) for start, end in parts)
        self._starts = [start for start, _, _ in self._parts]

    def holding(self, place: Range) -> int | None:
        """Return the number of the passage in which a range begins and ends."""
        first, last = self._at(place[0]), self._at(place[1] - 1)
        return first if first == last else None

    def touching(self, place: Range) -> list[int]:
        """Return the numbers of the passages that share a character with a range."""
        at = max(0, bisect_right(self._starts, place[0]) - 1)
        nearby = self._parts[at : bisect_left(self._starts, place[1])]
        return list(dict.fromkeys(number for start, end, number in nearby if start < place[1] and place[0] < end))

    def _at(self, offset: int) -> int | None:
        at = bisect_right(self._starts, offset) - 1
        return self._parts[at][2] if at >= 0 and offset < self._parts[at][1] else None
