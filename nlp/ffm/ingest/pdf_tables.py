"""Ruled tables of a PDF page: a grid of lines, and the text in its cells."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pypdfium2.raw as pdfium_c
from msgspec import Struct, field

MAX_PATHS = 4000  # a page with more is a drawing
THIN = 2.5  # points; a box at most this high is a rule
NEAR = 4.0  # points within which two ends meet
MIN_RULE = 15.0
MIN_SIDE = 6.0
MAX_TORN = 0.25  # share of rows in which a rule may cut a word
HYPHENS = str.maketrans({"\ufffe": "-", "\u0002": "-"})


class PdfTable(Struct):
    """A table: its box in points, and its rows, cells set apart by tabs."""

    left: float
    bottom: float
    right: float
    top: float
    rows: list[str]

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point lies in the table."""
        return self.left - NEAR <= x <= self.right + NEAR and self.bottom - NEAR <= y <= self.top + NEAR


class _Level(Struct):
    """Rules at one height that meet: where they begin and end."""

    y: float
    left: float
    right: float
    cuts: list[float] = field(default_factory=list)


def clean(text: str) -> str:
    """Return a piece of a PDF's text with white space single and line-end hyphens as hyphens."""
    return re.sub(r"\s+", " ", text.translate(HYPHENS)).strip()


def read_tables(page: Any, textpage: Any) -> list[PdfTable]:
    """Return the ruled tables of a page, top to bottom.

    A table is a grid of rules, or of boxes filled with colour, in which a row has text in two cells or more, and which
    cuts through hardly a word: a chart's lines do.
    """
    levels, sides = _rules(page)
    tables: list[PdfTable] = []
    for group in _connected(levels, sides):
        left, right = min(level.left for level in group), max(level.right for level in group)
        rows: list[list[str]] = []
        torn = 0
        for above, below in itertools.pairwise(group):
            row = _row(textpage, above, below, sides, left)
            if row:
                rows.append(row)
                torn += sorted(" ".join(row).split()) != sorted(clean(textpage.get_text_bounded(left, below.y, right, above.y)).split())
        filled = [sum(bool(cell) for cell in row) >= 2 for row in rows]
        if len(rows) >= 2 and any(filled) and (sum(filled) >= 2 or len(rows) >= 3) and torn <= MAX_TORN * len(rows):
            tables.append(PdfTable(left, group[-1].y, right, group[0].y, ["\t".join(row) for row in rows]))
    return tables


def _rules(page: Any) -> tuple[list[_Level], list[tuple[float, float, float]]]:
    """Return the levels of a page, top to bottom, and its upright rules as (x, bottom, top)."""
    flat: list[tuple[float, float, float]] = []
    sides: list[tuple[float, float, float]] = []
    objects = list(itertools.islice(page.get_objects(filter=(pdfium_c.FPDF_PAGEOBJ_PATH,), max_depth=1), MAX_PATHS + 1))
    for path in objects if len(objects) <= MAX_PATHS else []:
        left, bottom, right, top = path.get_bounds()
        if right - left >= MIN_RULE:
            flat.append(((bottom + top) / 2, left, right)) if top - bottom <= THIN else flat.extend(
                [(top, left, right), (bottom, left, right)]
            )
        if top - bottom >= MIN_SIDE:
            sides.append(((left + right) / 2, bottom, top)) if right - left <= THIN else sides.extend(
                [(left, bottom, top), (right, bottom, top)]
            )
    levels: list[_Level] = []
    for y, left, right in sorted(flat, key=lambda rule: (-rule[0], rule[1])):
        level = next((level for level in reversed(levels[-8:]) if _meets(level, y, left, right)), None)
        if level is None:
            levels.append(_Level(y, left, right, [left, right]))
        else:
            level.left, level.right = min(level.left, left), max(level.right, right)
            level.cuts += [left, right]
    return levels, sides


def _meets(level: _Level, y: float, left: float, right: float) -> bool:
    return abs(level.y - y) <= THIN and left <= level.right + NEAR and right >= level.left - NEAR


def _connected(levels: list[_Level], sides: list[tuple[float, float, float]]) -> list[list[_Level]]:
    """Return groups of three levels or more, top to bottom, each joined to the one above by an upright rule at its side."""
    groups: list[list[_Level]] = []
    for level in levels:
        for group in groups:
            above = group[-1]
            overlap = min(above.right, level.right) - max(above.left, level.left)
            if overlap < 0.8 * min(above.right - above.left, level.right - level.left):
                continue
            if any(
                bottom <= level.y + NEAR
                and top >= above.y - NEAR
                and min(level.left, above.left) - NEAR <= x <= max(level.right, above.right) + NEAR
                for x, bottom, top in sides
            ):
                group.append(level)
                break
        else:
            groups.append([level])
    return [group for group in groups if len(group) >= 3]


def _row(textpage: Any, above: _Level, below: _Level, sides: list[tuple[float, float, float]], first: float) -> list[str]:
    """Return the texts of the cells between two levels, or nothing where none has text.

    A row that begins to the right of the table's left side, beside a cell of several rows, has an empty first cell.
    """
    if above.y - below.y < MIN_SIDE:
        return []
    middle = (above.y + below.y) / 2
    left, right = min(above.left, below.left), max(above.right, below.right)
    found = [*above.cuts, *below.cuts, *(x for x, bottom, top in sides if bottom < middle < top and left - NEAR <= x <= right + NEAR)]
    cuts: list[float] = []
    for x in sorted(found):
        if not cuts or x - cuts[-1] > MIN_SIDE:
            cuts.append(x)
    cells = [clean(textpage.get_text_bounded(a, below.y, b, above.y)) for a, b in itertools.pairwise(cuts)]
    if cuts[0] > first + MIN_SIDE:
        cells.insert(0, "")
    elif len(cells) == 1:
        cells.append("")
    return cells if any(cells) else []
