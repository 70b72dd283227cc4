"""Ruled tables of a page: grids of rules with text in their cells."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable

import numpy as np
from msgspec import Struct, field

from ffm.ingest.pdf.characters import SPACE, Characters, Floats, Mask
from ffm.ingest.pdf.columns import Region
from ffm.ingest.pdf.lines import read_lines
from ffm.ingest.pdf.words import Piece, read_pieces

THIN = 2.5  # points; a box at most this high is a rule
NEAR = 4.0  # points within which two ends meet
MIN_RULE = 15.0
MIN_SIDE = 6.0
MAX_TORN = 0.25  # share of rows in which a rule may cut a word
UPRIGHT = 0.7  # share of a row's height that an upright rule covers
MAX_COLUMNS = 60
MAX_LEVELS = 400

Join = Callable[[str, str], str]


class Table(Struct):
    """A ruled table: its box in points, its rows with cells set apart by tabs, and the size of its text."""

    left: float
    bottom: float
    right: float
    top: float
    rows: list[str]
    size: float

    def as_piece(self) -> Piece:
        """Return the table as one piece of the page."""
        return Piece(
            "\n".join(self.rows),
            self.left,
            self.right,
            self.top - self.size,
            self.size,
            False,
            [],
            True,
            self.top - self.size - self.bottom,
        )


class _Level(Struct):
    """Rules at one height that meet: where they begin and end."""

    y: float
    left: float
    right: float
    cuts: list[float] = field(default_factory=list)


def take_tables(found: Characters, rules: Floats, join: Join) -> tuple[list[Table], Characters]:
    """Return the ruled tables of a page, top to bottom, and the characters that stand in none.

    A table is a grid of rules, or of boxes filled with colour, in which a row has text in two cells or more, and which
    cuts through hardly a word: a chart's lines do.

    Parameters
    ----------
    found
        The characters of the page.
    rules
        Boxes of its paths as (left, bottom, right, top).
    join
        Joins two lines of a cell.
    """
    if len(rules) < 3 or not len(found):
        return [], found
    levels, sides = _levels(rules)
    tables: list[Table] = []
    outside = np.ones(len(found), np.bool_)
    middle, height = (found.left + found.right) / 2, found.base + 0.25 * found.size
    for group in _connected(levels, sides):
        left, right = min(level.left for level in group), max(level.right for level in group)
        inside = outside & (middle >= left - NEAR) & (middle <= right + NEAR)
        inside &= (height >= group[-1].y - NEAR) & (height <= group[0].y + NEAR)
        if not inside.any():
            continue
        table = _read_table(found.take(inside), group, sides, left, right, join)
        if table is not None:
            tables.append(table)
            outside &= ~inside
    return tables, found.take(outside)


def _levels(rules: Floats) -> tuple[list[_Level], Floats]:
    """Return the levels of a page, top to bottom, and its upright rules as (x, bottom, top), from the left."""
    left, bottom, right, top = rules.T
    wide, thin = right - left >= MIN_RULE, top - bottom <= THIN
    tall, narrow = top - bottom >= MIN_SIDE, right - left <= THIN
    flat = np.concatenate(
        [
            np.stack([(bottom + top) / 2, left, right], axis=1)[wide & thin],
            np.stack([top, left, right], axis=1)[wide & ~thin],
            np.stack([bottom, left, right], axis=1)[wide & ~thin],
        ]
    )
    sides = np.concatenate(
        [
            np.stack([(left + right) / 2, bottom, top], axis=1)[tall & narrow],
            np.stack([left, bottom, top], axis=1)[tall & ~narrow],
            np.stack([right, bottom, top], axis=1)[tall & ~narrow],
        ]
    )
    levels: list[_Level] = []
    for y, start, end in flat[np.lexsort((flat[:, 1], -flat[:, 0]))].tolist():
        level = next((level for level in reversed(levels[-8:]) if _meets(level, y, start, end)), None)
        if level is None:
            levels.append(_Level(y, start, end, [start, end]))
        else:
            level.left, level.right = min(level.left, start), max(level.right, end)
            level.cuts += [start, end]
    return levels[:MAX_LEVELS], sides[np.argsort(sides[:, 0], kind="stable")]


def _meets(level: _Level, y: float, left: float, right: float) -> bool:
    return abs(level.y - y) <= THIN and left <= level.right + NEAR and right >= level.left - NEAR


def _connected(levels: list[_Level], sides: Floats) -> list[list[_Level]]:
    """Return groups of three levels or more, top to bottom, each joined to the one above by an upright rule at its side."""
    groups: list[list[_Level]] = []
    for level in levels:
        for group in groups:
            above = group[-1]
            overlap = min(above.right, level.right) - max(above.left, level.left)
            if overlap < 0.8 * min(above.right - above.left, level.right - level.left):
                continue
            if _sides_within(sides, level, above).any():
                group.append(level)
                break
        else:
            groups.append([level])
    return [group for group in groups if len(group) >= 3]


def _sides_within(sides: Floats, below: _Level, above: _Level) -> Mask:
    """Tell which upright rules reach from one level to the one above."""
    left, right = min(below.left, above.left) - NEAR, max(below.right, above.right) + NEAR
    return (sides[:, 1] <= below.y + NEAR) & (sides[:, 2] >= above.y - NEAR) & (sides[:, 0] >= left) & (sides[:, 0] <= right)


def _read_table(inside: Characters, group: list[_Level], sides: Floats, left: float, right: float, join: Join) -> Table | None:
    """Return the table that a group of levels encloses, or None where it is no table."""
    strips: list[tuple[Characters, list[float]]] = []
    height = inside.base + 0.25 * inside.size
    for above, below in itertools.pairwise(group):
        if above.y - below.y < MIN_SIDE:
            continue
        which = (height < above.y + (NEAR if above is group[0] else 0)) & (height >= below.y - (NEAR if below is group[-1] else 0))
        if (which & (inside.codes > SPACE)).any():
            strips.append((inside.take(which), _cuts(above, below, sides)))
    if max((len(cuts) for _, cuts in strips), default=0) > MAX_COLUMNS:
        return None
    usual = _usual_cuts([cuts for _, cuts in strips])
    rows: list[list[str]] = []
    torn = 0
    for row, own in strips:
        cuts = usual if len(own) < len(usual) and _stands_in_columns(row, usual) else own
        whole = [cut for cut in cuts[1:-1] if not _is_torn(row, cut)]  # a title's words reach over the sides of the cells below
        places = np.searchsorted(whole, (row.left + row.right) / 2, side="right")
        cells = [_cell_text(row.take(places == number), join) for number in range(len(whole) + 1)]
        torn += len(whole) < len(cuts[1:-1])
        if cuts[0] > left + MIN_SIDE:  # beside a cell of several rows
            cells.insert(0, "")
        elif len(cells) == 1:
            cells.append("")
        rows.append(cells)
    filled = [sum(bool(cell) for cell in row) >= 2 for row in rows]
    if len(rows) < 2 or not any(filled) or (sum(filled) < 2 and len(rows) < 3) or torn > MAX_TORN * len(rows):
        return None
    size = float(np.median(inside.size))
    return Table(left, group[-1].y, right, group[0].y, ["\t".join(row) for row in rows], size)


def _usual_cuts(rows: list[list[float]]) -> list[float]:
    """Return where cells begin and end in the row with most cells of those that two rows or more have; no cuts without one."""
    counts = Counter(map(len, rows))
    most = max((count for count, times in counts.items() if times >= 2), default=0)
    return next((cuts for cuts in rows if len(cuts) == most), [])


def _stands_in_columns(row: Characters, cuts: list[float]) -> bool:
    """Tell whether the text of a row without upright rules stands in two or more of the other rows' columns, and across none."""
    places = {tuple(np.searchsorted(cuts, [piece.left + 1, piece.right - 1]).tolist()) for piece in read_pieces(row)}
    return len(places) >= 2 and all(begins == ends for begins, ends in places)


def _cuts(above: _Level, below: _Level, sides: Floats) -> list[float]:
    """Return where the cells between two levels begin and end."""
    left, right = min(above.left, below.left), max(above.right, below.right)
    reach = np.minimum(sides[:, 2], above.y) - np.maximum(sides[:, 1], below.y)
    across = sides[(reach >= UPRIGHT * (above.y - below.y)) & (sides[:, 0] >= left - NEAR) & (sides[:, 0] <= right + NEAR), 0]
    cuts: list[float] = []
    for x in sorted([*above.cuts, *below.cuts, *across.tolist()]):
        if not cuts or x - cuts[-1] > MIN_SIDE:
            cuts.append(x)
    return cuts


def _cell_text(cell: Characters, join: Join) -> str:
    """Return the text of a cell on one line."""
    pieces = read_pieces(cell) if len(cell) else []
    text = ""
    if pieces:
        for line in read_lines(Region(pieces, pieces[0].left, pieces[0].right), 0):
            text = join(text, " ".join(line.text.split()))
    return text


def _is_torn(row: Characters, cut: float) -> bool:
    """Tell whether a cut goes through a letter, or between letters that stand close."""
    printed = row.codes > SPACE
    left, right, base, size = row.left[printed], row.right[printed], row.base[printed], row.size[printed]
    if ((left < cut - 1) & (right > cut + 1)).any():
        return True
    before, after = (right <= cut + 1) & (right > cut - size), (left >= cut - 1) & (left < cut + size)
    for end, height, em in zip(right[before].tolist(), base[before].tolist(), size[before].tolist(), strict=True):
        if (after & (np.abs(base - height) < 1) & (left - end < 0.12 * em)).any():
            return True
    return False
