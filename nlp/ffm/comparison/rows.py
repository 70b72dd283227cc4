"""Rows of tables, held on disk where they are many: added a segment at a time, and read in an order that may be settled later."""

from __future__ import annotations

import tempfile
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import islice

import msgspec
import pyarrow as pa
from msgspec import Struct

from ffm.csv_files import Cell, csv_line
from ffm.errors import OutputError
from ffm.records import Range

IN_MEMORY = 32 * 2**20  # bytes of a table's rows, from which on they are held on disk
AT_A_TIME = 10_000  # rows that are put away together
KINDS = (type(None), bool, int, float, str)
TYPES = (pa.null(), pa.bool_(), pa.int64(), pa.float64(), pa.string())  # of a column by the last kind of its cells
Kinds = tuple[int, ...]  # by column, a bit for each of the kinds that its cells have


class Segment(Struct, frozen=True):
    """Some rows of a table.

    Attributes
    ----------
    packed
        The rows, to be read again.
    lines
        The same as lines of CSV.
    count
        How many there are.
    kinds
        By column, which kinds of cells they have.
    """

    packed: bytes
    lines: bytes
    count: int
    kinds: Kinds


def segment(rows: Sequence[Sequence[Cell]]) -> Segment:
    """Return rows as a segment."""
    kinds = tuple(sum(1 << KINDS.index(kind) for kind in set(map(type, column))) for column in zip(*rows, strict=True))
    return Segment(msgspec.msgpack.encode(rows), "".join(map(csv_line, rows)).encode("utf-8"), len(rows), kinds)


class _Place(Struct, frozen=True):
    """Where a segment stands: begin and length of its rows and of its lines."""

    key: Hashable
    count: int
    packed: Range
    lines: Range


class Rows:
    """The rows of a table; looked through as often as is wanted, a segment in memory at a time."""

    def __init__(self, columns: int) -> None:
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY, prefix="ffm-")  # noqa: SIM115 (it lives as long as this)
        self._places: list[_Place] = []
        self._kinds = [0] * columns
        self._end = 0

    @classmethod
    def of(cls, columns: int, rows: Iterable[Sequence[Cell]]) -> Rows:
        """Return rows that are made one after the other."""
        found = cls(columns)
        left = iter(rows)
        while some := list(islice(left, AT_A_TIME)):
            found.add("", segment(some))
        return found

    def add(self, key: Hashable, some: Segment) -> None:
        """Add rows under a key.

        Raises
        ------
        OutputError
            If there is no room for them.
        """
        if not some.count:
            return
        try:
            self._file.seek(self._end)
            self._file.write(some.packed)
            self._file.write(some.lines)
        except OSError as error:
            raise OutputError(f"{tempfile.gettempdir()}: cannot hold the rows of a table for the time being ({error.strerror})") from None
        packed, lines = len(some.packed), len(some.lines)
        self._places.append(_Place(key, some.count, (self._end, packed), (self._end + packed, lines)))
        self._end += packed + lines
        self._kinds = [one | other for one, other in zip(self._kinds, some.kinds, strict=True)]

    def arrange(self, keys: Iterable[Hashable]) -> None:
        """Put the segments into the order of their keys."""
        order = {key: place for place, key in enumerate(keys)}
        self._places.sort(key=lambda place: order[place.key])

    def __len__(self) -> int:
        return sum(place.count for place in self._places)

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        for place in self._places:
            yield from msgspec.msgpack.decode(self._read(place.packed))

    def lines(self) -> Iterator[bytes]:
        """Yield the rows as CSV, some lines at a time."""
        for place in self._places:
            yield self._read(place.lines)

    def types(self) -> list[pa.DataType]:
        """Return by column the type of Arrow that holds its cells."""
        return [TYPES[max(0, kinds.bit_length() - 1)] for kinds in self._kinds]

    def _read(self, stretch: Range) -> bytes:
        self._file.seek(stretch[0])
        return self._file.read(stretch[1])
