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
LINE_STEP = 1.6  # times the size: the same
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
        table = None
        if stop - at >= MIN_ROWS - 1:
            headed = bool(result) and result[-1] is lines[at - 1] and lines[at - 1].base - lines[at].base < 2.5 * lines[at].size
            table = _read_table(lines[at - 1 : stop], join) if headed else None
            if table is not None:
                result.pop()
            else:
                table = _read_table(lines[at:stop], join)
        if table is None:
            result.append(lines[at])
            at += 1
        else:
            result.append(table)
            at = stop
    return result


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


def _read_table(lines: list[Line], join: Join) -> Line | None:
    """Return the table that lines form, or None where they form none."""
    columns = _find_columns(lines)
    if not columns.cuts:
        return None
    rows: list[list[str]] = []
    for line in lines:
        row = _place(line, columns)
        if row is None:
            return None
        rows.append(row)
    several = [row for row in rows if sum(map(bool, row)) >= 2]
    if len(several) < (MIN_ROWS if len(columns.cuts) == 1 else MIN_ROWS - 1):
        return None
    first = [row[0] for row in several if row[0]]
    if len(columns.cuts) == 1 and sum(bool(FIELD.fullmatch(text)) for text in first) >= 0.5 * len(first):
        return None  # a form: labels and what is filled in
    if not rows[0][0] and sum(map(bool, rows[0])) == 1 and len(columns.cuts) == 1:
        return None
    merged = _merge_rows(lines, rows, join)
    text = "\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in merged)
    low, high = min(line.left for line in lines), max(line.right for line in lines)
    head = lines[0]
    return Line([], low, high, head.base, head.size, head.column, head.page, False, text)


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
            if place is None:
                found[float(x)] = True
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
    least = min(steps)
    merged = [rows[0]]
    for line, row, step in zip(lines[1:], rows[1:], steps, strict=True):
        filled = [bool(cell) for cell in row]
        close = step <= ROW_STEP * least and step < LINE_STEP * line.size
        if close and not all(filled) and (not row[0] or (sum(filled) == 1 and row[0][0].islower())):
            merged[-1] = [join(one, other) for one, other in zip(merged[-1], row, strict=True)]
        else:
            merged.append(row)
    return merged
