"""CSV as people's spreadsheets need it: the one writer and the one reader of all tables.

Written is UTF-8 with a byte-order mark, by which Excel knows it, with commas and line feeds. A cell whose text a spreadsheet would compute
gets an apostrophe before it, and one that only looks so gets a second one, so that what is written is read back exactly. Read are commas,
semicolons (what Excel writes in most of Europe) and tabs.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
GUARD = "'"
MARK = "\ufeff"
QUOTED = re.compile('[,;\t"\r\n]')
SUSPECT = frozenset((*(start[0] for start in FORMULA), GUARD))  # what a text that is guarded begins with
MAX_CELL = 50_000_000  # characters; Python's own limit for a cell of CSV is 131,072
SEPARATORS = ",;\t"
SHORT = 64  # characters of a text that is likely to stand in many rows

Cell = str | int | float | None


def neutral(cell: str) -> str:
    """Return a text that a spreadsheet takes for text: what could begin a formula gets an apostrophe before it."""
    return GUARD + cell if _is_formula(cell) else cell


def plain(cell: str) -> str:
    """Return the text that a cell was written for: the inverse of :func:`neutral`."""
    return cell[1:] if cell.startswith(GUARD) and _is_formula(cell) else cell


def _is_formula(cell: str) -> bool:
    """Tell whether a text begins as a formula, or would be taken for one that was guarded."""
    return cell.lstrip(GUARD).startswith(FORMULA)


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return a table as CSV; what is None is empty, a share or score has four decimals."""
    return "".join(csv_lines(columns, rows))


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield the lines of a table as CSV, with the byte-order mark before the first."""
    yield MARK + csv_line(columns)
    for row in rows:
        yield csv_line(row)


def csv_line(row: Sequence[Cell]) -> str:
    """Return one line of a table as CSV."""
    cells = [
        ""
        if cell is None
        else (_short_text(cell) if len(cell) <= SHORT else _text(cell))
        if isinstance(cell, str)
        else f"{cell:.4f}"
        if isinstance(cell, float)
        else str(cell)
        for cell in row
    ]
    return ",".join(cells) + "\n"


@lru_cache(maxsize=65_536)
def _short_text(cell: str) -> str:
    return _text(cell)


def _text(cell: str) -> str:
    """Return a text as RFC 4180 has it; the csv module leaves a lone carriage return unquoted where lines end in line feeds.

    Semicolons and tabs are quoted too: a spreadsheet that divides at these must not find a formula behind one.
    """
    text = neutral(cell) if cell[:1] in SUSPECT else cell
    return '"' + text.replace('"', '""') + '"' if QUOTED.search(text) else text


def read_rows(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a table, the columns' names first, each with the number of its first line.

    Parameters
    ----------
    lines
        With their ends, as a file that was opened with ``newline=""`` gives them.

    Raises
    ------
    csv.Error
        If a cell is quoted wrongly.
    """
    csv.field_size_limit(max(MAX_CELL, csv.field_size_limit()))
    waiting = iter(lines)
    first = next(waiting, "").removeprefix(MARK)
    before = 1
    if first.lower().startswith("sep="):  # a line by which Excel tells what divides the cells
        first, before = next(waiting, ""), 2
    reader = csv.reader(_chained(first, waiting), delimiter=max(SEPARATORS, key=first.count), strict=True)
    line = before
    for cells in reader:
        yield line, [plain(cell) for cell in cells]
        line = before + reader.line_num


def _chained(first: str, rest: Iterable[str]) -> Iterator[str]:
    yield first
    yield from rest
