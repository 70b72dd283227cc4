"""Lines of a region: pieces of one height, set side by side."""

from __future__ import annotations

import bisect
import re

from msgspec import Struct

from ffm.ingest.pdf.columns import Region
from ffm.ingest.pdf.words import Piece

SAME_LINE = 0.3  # of the size; difference of height within a line
CELL_GAP = 1.5  # of the size; a wider gap sets cells apart
MIN_ITEM_WORDS = 3
TAB_GAP = 2.5  # of the size; a wider gap is a tab
ASCENT, DESCENT = 0.75, 0.25  # of the size; how far letters reach above and below their line
LABEL = re.compile(
    r"(?:[•●▪◦‣○■□➢–-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)]|(?:[QA]|Question|Answer)\s?\d{0,3}[.:]?|\d{1,2}(?:\.\d{1,3})+\.?|<sup>[^<]*</sup>)"
)


class Line(Struct):
    """A line of a page, or a table.

    Attributes
    ----------
    cells
        Pieces that gaps wider than those between words set apart.
    left, right, base, size
        Place in points.
    column
        Left and right bounds of the column in which it stands.
    page
        Index of the page.
    bold
        Whether every letter is bold.
    table
        The rows of a table, cells set apart by tabs, one row a line; else empty.
    """

    cells: list[Piece]
    left: float
    right: float
    base: float
    size: float
    column: tuple[float, float]
    page: int
    bold: bool
    table: str = ""

    @property
    def text(self) -> str:
        """What is printed; cells that a wide gap sets apart with a tab between them, but not a field's label and what fills it."""
        if self.table or len(self.cells) == 1:
            return self.table or self.cells[0].text
        text = ""
        end = self.left
        for cell in self.cells:
            wide = cell.left - end > TAB_GAP * self.size and not text.endswith(":")
            text += ("\t" if wide else " ") * bool(text) + cell.text
            end = cell.right
        return text

    @property
    def top(self) -> float:
        """Height of the letters' upper end."""
        return self.base + ASCENT * self.size

    @property
    def bottom(self) -> float:
        """Height of the letters' lower end."""
        return self.base - DESCENT * self.size


def read_lines(region: Region, page: int) -> list[Line]:
    """Return the lines of a region, from the top."""
    rows: list[list[Piece]] = []
    taken: list[tuple[float, float]] = []  # left and right of the pieces of the last row, from the left
    for piece in sorted(region.pieces, key=lambda piece: -piece.base):
        row = rows[-1] if rows else None
        if row is not None and not (piece.table or row[0].table) and _is_level(row[0], piece) and _is_free(taken, piece):
            row.append(piece)
        else:
            rows.append([piece])
            taken = []
        bisect.insort(taken, (piece.left, piece.right))
    return [_line(sorted(row, key=lambda piece: piece.left), region, page) for row in rows]


def _is_level(first: Piece, piece: Piece) -> bool:
    """Tell whether a piece stands at the height of another."""
    return first.base - piece.base <= SAME_LINE * min(first.size, piece.size)


def _is_free(taken: list[tuple[float, float]], piece: Piece) -> bool:
    """Tell whether a piece stands over or under none of those of a row."""
    at = bisect.bisect(taken, (piece.left, piece.right))
    before, after = at == 0 or taken[at - 1][1] <= piece.left + 1, at == len(taken) or taken[at][0] >= piece.right - 1
    return before and after


def _is_label(first: Piece, row: list[Piece]) -> bool:
    """Tell whether the first piece of a line is the mark of an item, a turn or a note, whose text may stand apart from it."""
    return bool(LABEL.fullmatch(first.text)) or (len(row) == 2 and first.text.isdigit() and len(row[1].text.split()) >= MIN_ITEM_WORDS)


def _line(row: list[Piece], region: Region, page: int) -> Line:
    cells: list[Piece] = []
    for piece in row:
        last = cells[-1] if cells else None
        size = max(piece.size, last.size) if last else 0.0
        if last and (piece.left - last.right <= CELL_GAP * size or (len(cells) == 1 and _is_label(last, row))):
            text = f"{last.text} {piece.text}"
            base = last.base if last.size >= piece.size else piece.base
            cells[-1] = Piece(text, last.left, max(last.right, piece.right), base, size, last.bold and piece.bold, last.edges + piece.edges)
        else:
            cells.append(piece)
    largest = max(row, key=lambda piece: piece.size)
    return Line(
        cells,
        row[0].left,
        max(piece.right for piece in row),
        largest.base,
        largest.size,
        (region.left, region.right),
        page,
        all(piece.bold for piece in row),
        row[0].text if row[0].table else "",
    )
