"""Tables: rows with pipes, rows of cells between tabs, aligned columns and HTML."""

from __future__ import annotations

import re
from collections.abc import Callable

from ffm.segment.lines import ATX_HEADING, FIELD, LONG_LINE, Line, is_terminated

HTML_ROW = re.compile(r"^\s*+</?(?:table|tr|td|th|thead|tbody)\b", re.IGNORECASE)
PIPE_RULE = re.compile(r"^\s{0,9}\|?(?:\s{0,9}:?-{2,}:?\s{0,9}\|)+(?:\s{0,9}:?-{2,}:?)?\s{0,9}$")
COLUMN_GAP = re.compile(r"(?<=\S)\s{3,}+(?=\S)")
MAX_CELL_WORDS = 6  # mean number of words between two gaps of a row of aligned columns; justified text has more


def is_table_line(line: Line, previous_is_table: bool) -> bool:
    """Tell whether a line is a row: pipes, HTML or cells between tabs."""
    if line.plain.startswith("|") or HTML_ROW.match(line.raw):
        return True
    cells = line.raw.lstrip().split("\t")  # a tab before the first word is an indent
    if len(cells) < 2:
        return previous_is_table and line.raw.startswith("\t")
    if FIELD.match(line.raw):
        return False
    return len(cells) >= 3 or previous_is_table or not (is_terminated(line.plain) and len(cells[-1].split()) > MAX_CELL_WORDS)


def is_column_line(line: Line) -> bool:
    """Tell whether a line shows columns set apart by three spaces or more."""
    if len(line.raw) >= LONG_LINE or is_terminated(line.plain) or FIELD.match(line.raw):
        return False
    cells = COLUMN_GAP.split(line.raw.strip())
    return len(cells) >= 2 and len(line.plain.split()) <= MAX_CELL_WORDS * len(cells)


def table_extent(lines: list[Line], index: int, opens: Callable[[Line], bool]) -> int:
    """Return where the table stops that begins at a line, or 0 where none begins.

    Parameters
    ----------
    lines
        All lines of the text.
    index
        The line in question.
    opens
        Tells whether a line opens an element of another kind, such as a list item.
    """
    line = lines[index]
    stop = index + 1
    if "|" in line.raw and stop < len(lines) and PIPE_RULE.match(lines[stop].raw):
        while stop < len(lines) and "|" in lines[stop].raw:
            stop += 1
        return stop
    piped = line.plain.startswith("|") or bool(HTML_ROW.match(line.raw))
    headed = line.raw.startswith("\t") and stop < len(lines) and "\t" in lines[stop].raw.lstrip()
    if (headed or is_table_line(line, False)) and (piped or not opens(line)):
        while stop < len(lines) and not lines[stop].blank and not ATX_HEADING.match(lines[stop].raw):
            if not is_table_line(lines[stop], True) and (stop + 1 >= len(lines) or not is_table_line(lines[stop + 1], True)):
                break
            stop += 1
        lone = stop == index + 1 and not piped
        return 0 if lone and (line.raw.split("\t")[0].strip().isdigit() or is_terminated(line.plain)) else stop
    if is_column_line(line) and not opens(line):
        while stop < len(lines) and is_column_line(lines[stop]) and not opens(lines[stop]):
            stop += 1
        return stop if stop > index + 1 else 0
    return 0
