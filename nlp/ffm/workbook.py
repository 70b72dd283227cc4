"""Workbooks for Excel and its like: sheets of columns and rows, in which every text is text and nothing is computed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from ffm.csv_files import Cell
from ffm.errors import OutputError
from ffm.files import beside

MAX_ROWS = 1_048_575  # of a sheet, below the columns' names
MAX_CELL = 32_767  # UTF-16 units of a text
CUT = " […]"  # ends a text that is longer
WIDTHS = {"text": 80, "quote": 60, "question": 40}
WIDTH = 16
NEVER = datetime(1980, 1, 1)  # the time of all workbooks, so that the same data gives the same bytes
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML 1.0 cannot hold

Sheet = tuple[Sequence[str], Iterable[Sequence[Cell]]]


def write_workbook(path: Path, sheets: Mapping[str, Sheet]) -> int:
    """Write a workbook beside its place and rename it.

    Parameters
    ----------
    sheets
        By name (up to 31 characters), the columns' names and the rows.

    Returns
    -------
    int
        Number of texts that were cut, as Excel holds no longer ones.

    Raises
    ------
    OutputError
        If it cannot be written, or a sheet has more rows than Excel can hold.
    """
    from xlsxwriter import Workbook

    shortened = 0
    with beside(path) as part:
        book = Workbook(
            part, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        )
        book.set_properties({"created": NEVER})
        head = book.add_format({"bold": True, "bottom": 1})
        plain = book.add_format({"valign": "top"})
        wrapped = book.add_format({"valign": "top", "text_wrap": True})
        try:
            for name, (columns, rows) in sheets.items():
                sheet = book.add_worksheet(name)
                sheet.freeze_panes(1, 0)
                for number, column in enumerate(columns):
                    sheet.set_column(number, number, WIDTHS.get(column, WIDTH), wrapped if column in WIDTHS else plain)
                    sheet.write_string(0, number, column, head)
                for at, row in enumerate(rows, 1):
                    if at > MAX_ROWS:
                        raise OutputError(
                            f"{path}: the sheet {name} would have more than {MAX_ROWS:,} rows; export fewer reports at a time"
                        )
                    for number, cell in enumerate(row):
                        if isinstance(cell, str):
                            text = fitting(cell)
                            shortened += text.endswith(CUT) and not cell.endswith(CUT)
                            sheet.write_string(at, number, text)
                        elif cell is not None:
                            sheet.write_number(at, number, cell)
                sheet.autofilter(0, 0, max(1, sheet.dim_rowmax or 0), len(columns) - 1)
        finally:
            book.close()
    return shortened


def fitting(text: str) -> str:
    """Return a text that a cell can hold: without what XML cannot say, and not longer than Excel's limit."""
    text = NO_XML.sub("\ufffd", text)
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MAX_CELL:
        return text
    return units[: 2 * (MAX_CELL - len(CUT))].decode("utf-16-le", "ignore") + CUT
