"""Tables without rules: lines whose words stand in columns, one below the other."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable

import numpy as np
from msgspec import Struct

from ffm.ingest.pdf.lines import Line

MIN_ROWS = 3
MAX_ROWS = 400
NEAR = 1.5  # points within which words begin at one place
MIN_GUTTER = 0.9  # of the size; a strip between columns that nothing crosses
ALIGNED = 0.5  # share of the rows with cells in which a word begins where a column does
WIDE_STEP = 4.0  # times the size: a wider step between lines ends a table
ROW_STEP = 1.3  # times the least step: a wider one begins a row
LEAST_STEP = 0.8  # times the size; no two rows stand closer
LINE_STEP = 1.6  # times the size: the same
HEAD_STEP = 2.5  # times the size; between a head and the first row
MAX_MISSES = 1  # lines in a row that stand in no column
FIELD = re.compile(r".{1,60}:$")

Join = Callable[[str, str], str]


class _Columns(Struct):
    """Where the columns after the first begin; and whether each was found by its words' left edges."""

    cuts: list[float]
    aligned: list[bool]


def tabulate(lines: list[Line], join: Join) -> list[Line]:
    """Return the lines of a region, those of each table without rules as one line with its rows.

    Parameters
    ----------
    lines
        Lines from the top.
    join
        Joins two lines of a cell.
    """
    result: list[Line] = []
    at = 0
    while at < len(lines):
        stop = _extent(lines, at)
        table, stop = _longest_table(lines, at, stop, join)
        if table is None:
            result += lines[at:stop]
        else:
            if table.base > lines[at].base:  # the line above is its head
                result.pop()
            result.append(table)
        at = stop
    return result


def _longest_table(lines: list[Line], at: int, stop: int, join: Join) -> tuple[Line | None, int]:
    """Return the table that begins at a line, or at the one above that heads it, and where it stops; None where none does."""
    above = lines[at - 1] if at else None
    if stop - at < MIN_ROWS - 1:
        return None, max(stop, at + 1)
    if above is not None and not above.table and above.base - lines[at].base < HEAD_STEP * lines[at].size:
        table, end = _read_table(lines[at - 1 : stop], join)
        if table is not None and end > MIN_ROWS - 1:
            return table, at - 1 + end
    table, end = _read_table(lines[at:stop], join)
    return table, at + max(end, 1)


def _extent(lines: list[Line], at: int) -> int:
    """Return where the run of lines stops that begins at a line with cells and may be a table."""
    if lines[at].table or len(lines[at].cells) < 2:
        return at
    begins: list[float] = []
    stop = last = at
    while stop < len(lines) and stop - at < MAX_ROWS and not lines[stop].table:
        line = lines[stop]
        if stop > at and lines[stop - 1].base - line.base > WIDE_STEP * line.size:
            break
        stop += 1
        if len(line.cells) > 1:
            begins += [cell.left for cell in line.cells[1:]]
            last = stop
        elif any(
            abs(x - place) <= NEAR
            for x in line.cells[0].edges[::2][: 1 if line.left > lines[at].left + NEAR else 12]
            for place in begins[-12:]
        ):
            last = stop
        elif stop - last > MAX_MISSES:
            break
    return last


def _read_table(lines: list[Line], join: Join) -> tuple[Line | None, int]:
    """Return the table that lines, or the first of them, form, and how many; None and how many lines form none."""
    rows: list[list[str]] = []
    for _ in range(2):  # again without the lines from the first one on that stands in no columns
        columns = _find_columns(lines)
        placed = [_place(line, columns) for line in lines] if columns.cuts else []
        rows = [row for row in itertools.takewhile(lambda row: row is not None, placed) if row is not None]
        if len(rows) == len(lines):
            break
        if len(rows) < MIN_ROWS - 1:
            return None, len(lines)
        lines = lines[: len(rows)]
    while (
        len(rows) > MIN_ROWS
        and not any(rows[-1][1:])
        and lines[len(rows) - 2].base - lines[len(rows) - 1].base > ROW_STEP * _least_step(lines)
    ):
        rows.pop()
    lines = lines[: len(rows)]
    if not _is_table(rows, len(columns.cuts)):
        return None, max(1, len(lines))
    merged = _merge_rows(lines, rows, join)
    text = "\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in merged)
    low, high = min(line.left for line in lines), max(line.right for line in lines)
    head = lines[0]
    return Line([], low, high, head.base, head.size, head.column, head.page, False, text), len(lines)


def _is_table(rows: list[list[str]], cuts: int) -> bool:
    """Tell whether enough rows have several cells, and whether they are no form: labels and what is filled in."""
    several = [row for row in rows if sum(map(bool, row)) >= 2]
    if len(several) < (MIN_ROWS if cuts == 1 else MIN_ROWS - 1):
        return False
    first = [row[0] for row in several if row[0]]
    return not (cuts == 1 and sum(bool(FIELD.fullmatch(text)) for text in first) >= 0.5 * len(first))


def _find_columns(lines: list[Line]) -> _Columns:
    """Return the columns of lines: blank strips between the cells of all of them, and places where words begin in most."""
    full = [line for line in lines if len(line.cells) >= 2]
    size = max(line.size for line in lines)
    low = min(line.left for line in lines)
    width = int(min(max(line.right for line in lines) - low, 5000)) + 2
    cover = np.zeros(width + 1, np.int64)
    for cell in (cell for line in full for cell in line.cells):
        cover[int(cell.left - low) : int(min(cell.right - low, width)) + 1] += 1
    edges = np.flatnonzero(np.diff(np.concatenate(([0], (cover == 0).astype(np.int8), [0])))).tolist()
    strips = [
        (low + a, low + b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= MIN_GUTTER * size and a > 0 and b <= width
    ]
    votes: Counter[int] = Counter()
    for line in lines:
        words = [x for cell in line.cells for x in cell.edges[::2]][1:]
        votes.update({round(x) for x in words})
    found = {right: False for _, right in strips}
    enough = max(MIN_ROWS, ALIGNED * len(full))
    for x, count in votes.items():
        near = count + max(votes[x - 1], votes[x + 1])
        if near >= enough and count == max(votes[x - 1], count, votes[x + 1]):
            place = next((cut for cut in found if abs(cut - x) <= 2 * NEAR), None)
            found[float(x) if place is None else place] = True
    cuts = sorted(found)
    return _Columns([cut - NEAR for cut in cuts], [found[cut] for cut in cuts])


def _place(line: Line, columns: _Columns) -> list[str] | None:
    """Return a line's texts by column, or None where its words run on over the place where a column begins."""
    words = [word for cell in line.cells for word in cell.text.split(" ")]
    edges = [edge for cell in line.cells for edge in cell.edges]
    if len(edges) != 2 * len(words):
        return None
    row = [""] * (len(columns.cuts) + 1)
    before = -1
    for number, word in enumerate(words):
        left, right = edges[2 * number], edges[2 * number + 1]
        at = int(np.searchsorted(columns.cuts, left, side="right"))
        if at < len(columns.cuts) and right > columns.cuts[at] + 2 * NEAR:
            return None
        if number and at != before and left - edges[2 * number - 1] < 0.6 * line.size:
            begins = columns.cuts[at - 1] + NEAR
            if abs(left - begins) > NEAR or not columns.aligned[at - 1]:
                return None  # a phrase, and no cells
        row[at] = f"{row[at]} {word}".strip()
        before = at
    return row


def _merge_rows(lines: list[Line], rows: list[list[str]], join: Join) -> list[list[str]]:
    """Return rows, lines that run on within cells joined to those above."""
    steps = [above.base - line.base for above, line in itertools.pairwise(lines)]
    least = _least_step(lines)
    merged = [rows[0]]
    for line, row, step in zip(lines[1:], rows[1:], steps, strict=True):
        filled = [bool(cell) for cell in row]
        close = step <= ROW_STEP * least and step < LINE_STEP * line.size
        runs_on = close and not all(filled) and (not row[0] or (sum(filled) == 1 and row[0][0].islower()))
        if runs_on or step < LEAST_STEP * line.size:  # cells of one row whose middles are at one height
            merged[-1] = [join(one, other) for one, other in zip(merged[-1], row, strict=True)]
        else:
            merged.append(row)
    return merged


def _least_step(lines: list[Line]) -> float:
    """Return the least distance between lines in points."""
    return min(above.base - line.base for above, line in itertools.pairwise(lines))
