"""Rows of tables, held on disk where they are many: added a segment at a time, and read in an order that may be settled later."""

from __future__ import annotations

import tempfile
from collections.abc import Hashable, Iterable, Iterator, Sequence

import msgspec
import pyarrow as pa
from msgspec import Struct

from ffm.csv_files import Cell
from ffm.errors import OutputError

IN_MEMORY = 32 * 2**20  # bytes of a table's rows, from which on they are held on disk
KINDS = (type(None), bool, int, float, str)
TYPES = (pa.null(), pa.bool_(), pa.int64(), pa.float64(), pa.string())  # of a column by the last kind of its cells
Kinds = tuple[int, ...]  # by column, a bit for each of the kinds that its cells have


class Segment(Struct, frozen=True):
    """Some rows of a table, packed.

    Attributes
    ----------
    count
        How many there are.
    kinds
        By column, which kinds of cells they have.
    """

    data: bytes
    count: int
    kinds: Kinds


def packed(rows: Sequence[Sequence[Cell]]) -> Segment:
    """Return rows as a segment."""
    kinds = tuple(sum(1 << KINDS.index(kind) for kind in set(map(type, column))) for column in zip(*rows, strict=True))
    return Segment(msgspec.msgpack.encode(rows), len(rows), kinds)


class Rows:
    """The rows of a table; looked through as often as is wanted, a segment in memory at a time."""

    def __init__(self, columns: int) -> None:
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY, prefix="ffm-")  # noqa: SIM115 (it lives as long as this)
        self._places: list[tuple[Hashable, int, int, int]] = []
        self._kinds = [0] * columns
        self._end = 0

    @classmethod
    def of(cls, columns: int, rows: Iterable[Sequence[Cell]]) -> Rows:
        """Return rows that are at hand."""
        found = cls(columns)
        found.add("", packed(list(rows)))
        return found

    def add(self, key: Hashable, segment: Segment) -> None:
        """Add rows under a key.

        Raises
        ------
        OutputError
            If there is no room for them.
        """
        if not segment.count:
            return
        try:
            self._file.seek(self._end)
            self._file.write(segment.data)
        except OSError as error:
            raise OutputError(f"{tempfile.gettempdir()}: cannot hold the rows of a table for the time being ({error.strerror})") from None
        self._places.append((key, self._end, len(segment.data), segment.count))
        self._end += len(segment.data)
        self._kinds = [one | other for one, other in zip(self._kinds, segment.kinds, strict=True)]

    def arrange(self, keys: Iterable[Hashable]) -> None:
        """Put the segments into the order of their keys."""
        order = {key: place for place, key in enumerate(keys)}
        self._places.sort(key=lambda place: order[place[0]])

    def __len__(self) -> int:
        return sum(count for _, _, _, count in self._places)

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        for _, start, length, _ in self._places:
            self._file.seek(start)
            yield from msgspec.msgpack.decode(self._file.read(length))

    def types(self) -> list[pa.DataType]:
        """Return by column the type of Arrow that holds its cells."""
        return [TYPES[max(0, kinds.bit_length() - 1)] for kinds in self._kinds]
