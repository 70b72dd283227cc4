"""The order in which the pieces of a page are read: columns one after the other, the rest from the top.

A gutter is a strip that few pieces cross. What crosses it (a title, a table, a line over the whole width) divides the page
into bands; in a band whose two sides are running text, the left side is read before the right one. This is the recursive
cut of Nagy and Seth (1984), with gutters tried before lines, and with sides that are not running text left together: those
are tables and forms.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from ffm.ingest.pdf.characters import Floats, Mask, Whole
from ffm.ingest.pdf.hyphens import HYPHENS
from ffm.ingest.pdf.words import Piece

MAX_DEPTH = 5
MIN_PIECES = 4
BLANK = 1.6  # of the size; a wider step between lines is a blank strip
GUTTER = 0.6  # of the size of the text; the least width of a gutter
WIDER = 1.3  # times the gap between words: the same, where lines are spread over a width
CROSSED = 0.34  # share of the lines beside a gutter that may cross it
SAME_HEIGHT = 0.5  # points
MAX_GUTTERS = 8  # tried
ALIGNED = 0.4  # share of the lines of the smaller side that stand at the height of one of the other side, in a table or form
MIN_LINES_BESIDE = 6
MIN_LETTERS = 12  # mean letters of a line of running text; cells of tables have fewer
FULL = 0.7  # of a column's width: a line that long is full
MIN_FULL = 0.5  # share of a column's lines that are full or end a sentence
MIN_LINES = 4  # of two columns together
MIN_CONTINUED = 0.25  # share of their lines that run on from the one above
ENDS = tuple('.?!:"”’)')  # of sentences


class Region(Struct):
    """Pieces that are read from the top, each line from the left, and the bounds of their column in points."""

    pieces: list[Piece]
    left: float
    right: float


class _Places:
    """Places of pieces as arrays."""

    def __init__(self, pieces: list[Piece]) -> None:
        values = np.array(
            [
                (
                    p.left,
                    p.right,
                    p.base,
                    p.size,
                    len(p.text),
                    p.bold,
                    p.text[:1].islower(),
                    p.text[-1:] in ENDS,
                    p.depth,
                    p.text[-1:] in HYPHENS,
                )
                for p in pieces
            ],
            np.float64,
        )
        self.left, self.right, self.base, self.size, self.letters = values.T[:5]
        self.bold, self.small, self.ended = values.T[5:8] > 0
        self.foot = self.base - values[:, 8]
        self.broken = values[:, 9] > 0
        self.gap = _word_gaps(pieces, self.base)


def _word_gaps(pieces: list[Piece], base: Floats) -> Floats:
    """Return the usual gap between the words of the line on which each piece stands, in points."""
    counts = np.array([max(1, len(piece.edges) // 2) for piece in pieces])
    edges = np.array([edge for piece in pieces for edge in (piece.edges or (piece.left, piece.right))]).reshape(-1, 2)
    rows = np.round(base).astype(np.int64)
    row = np.repeat(rows, counts)
    order = np.lexsort((edges[:, 0], row))
    edges, row = edges[order], row[order]
    inner = np.flatnonzero(row[1:] == row[:-1]) + 1
    gaps, row = edges[inner, 0] - edges[inner - 1, 1], row[inner]
    order = np.lexsort((gaps, row))
    found, begins, sizes = np.unique(row[order], return_index=True, return_counts=True)
    if not len(found):
        return np.zeros(len(pieces))
    medians = gaps[order][begins + (sizes - 1) // 2]
    at = np.minimum(np.searchsorted(found, rows), len(found) - 1)
    return np.where(found[at] == rows, medians[at], 0.0)


def read_regions(pieces: list[Piece]) -> list[Region]:
    """Return the pieces of a page in regions, in the order in which they are read."""
    if not pieces:
        return []
    places = _Places(pieces)
    parts: list[Whole] = []
    _cut(places, np.arange(len(pieces)), 0, parts)
    return [Region([pieces[at] for at in which], float(places.left[which].min()), float(places.right[which].max())) for which in parts]


def _cut(places: _Places, which: Whole, depth: int, parts: list[Whole]) -> None:
    """Append the regions of some pieces to ``parts``, in order: cut at a gutter, else at blank strips below which there is one."""
    if depth >= MAX_DEPTH or len(which) < MIN_PIECES:
        parts.append(which)
        return
    found = _bands(places, which)
    if found is not None:
        for sides in found:
            for side in sides:
                if len(side):
                    _cut(places, side, depth + 1, parts)
        return
    whole: list[Whole] = []
    for block in _blocks(places, which):
        inner: list[Whole] = []
        if len(block) < len(which):
            _cut(places, block, depth + 1, inner)
        if len(inner) > 1:
            parts += [np.concatenate(whole)] if whole else []
            parts += inner
            whole = []
        else:
            whole.append(block)
    parts += [np.concatenate(whole)] if whole else []


def _blocks(places: _Places, which: Whole) -> list[Whole]:
    """Divide pieces at the blank strips that go through all of them, from the top."""
    order = which[np.argsort(-places.base[which], kind="stable")]
    steps = np.minimum.accumulate(places.foot[order])[:-1] - places.base[order][1:]
    size = np.maximum(places.size[order][1:], places.size[order][:-1])
    return np.split(order, np.flatnonzero(steps > BLANK * size) + 1)


def _bands(places: _Places, which: Whole) -> list[tuple[Whole, Whole, Whole]] | None:
    """Divide pieces at a gutter, from the top: what is read before, then the left side, then the right; None without one."""
    left, right = places.left[which], places.right[which]
    least = max(GUTTER * float(np.median(places.size[which])), WIDER * float(np.quantile(places.gap[which], 0.75)))
    for x in _gutters(left, right, least):
        crossing = (left < x - 1) & (right > x + 1)
        crossing |= _beside(places.base[which], places.base[which][crossing])
        crossing |= _last_lines(places, which, crossing)
        is_left, is_right = ~crossing & (right <= x + 1), ~crossing & (right > x + 1)
        crossing |= _heads(places, which, is_left, is_right)
        is_left &= ~crossing
        walls = np.sort(-places.base[which][crossing])
        band = np.searchsorted(walls, -places.base[which], side="left")
        found: list[tuple[Whole, Whole, Whole]] = []
        flow: list[Whole] = []
        valid = False
        for number in np.unique(band):
            inside = band == number
            one, other = which[inside & is_left], which[inside & is_right]
            if len(one) and len(other) and (_is_set_beside(places, one, other) or _is_running_text(places, one, other)):
                found.append((np.concatenate(flow) if flow else which[:0], one, other))
                flow = []
                valid = True
            else:
                flow.append(which[inside & ~crossing])
            flow.append(which[inside & crossing])  # the wall that closes this band
        if valid:
            rest = np.concatenate(flow) if flow else which[:0]
            if len(rest):
                found.append((rest, which[:0], which[:0]))
            return found
    return None


def _beside(base: Floats, others: Floats) -> Mask:
    """Tell which heights are those of others."""
    if not len(others):
        return np.zeros(len(base), np.bool_)
    order = np.sort(others)
    at = np.searchsorted(order, base)
    return np.minimum(np.abs(order[np.minimum(at, len(order) - 1)] - base), np.abs(order[np.maximum(at - 1, 0)] - base)) < SAME_HEIGHT


def _gutters(left: Floats, right: Floats, least: float) -> list[float]:
    """Return places at which pieces may be divided, the least crossed and widest first; ``least`` is a gutter's width."""
    low = float(left.min())
    width = int(np.clip(right.max() - low, 0, 20_000)) + 2
    starts = np.clip(np.floor(left - low).astype(np.int64), 0, width - 1)
    ends = np.clip(np.ceil(right - low).astype(np.int64), 0, width - 1)
    cover = np.cumsum(np.bincount(starts, minlength=width) - np.bincount(ends, minlength=width))
    beside = np.minimum(np.maximum.accumulate(cover), np.maximum.accumulate(cover[::-1])[::-1])
    is_open = (cover <= CROSSED * beside) & (beside >= 2)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], is_open, [False])).astype(np.int8)))
    found: list[tuple[float, float, float]] = []
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if end - start < least:
            continue
        lowest = start + np.flatnonzero(cover[start:end] == cover[start:end].min())
        runs = np.split(lowest, np.flatnonzero(np.diff(lowest) > 1) + 1)
        run = max(runs, key=len)
        found.append((cover[run[0]] / beside[run[0]], -len(run), low + float(run[0] + run[-1] + 1) / 2))
    return [x for _, _, x in sorted(found)[:MAX_GUTTERS]]


def _last_lines(places: _Places, which: Whole, crossing: Mask) -> Mask:
    """Tell which pieces run on below one that crosses the gutter: the short last line of a centred title or a wide paragraph."""
    last = np.zeros(len(which), np.bool_)
    order = np.argsort(-places.base[which], kind="stable")
    base, size, bold = places.base[which][order], places.size[which][order], places.bold[which][order]
    left, right = places.left[which][order], places.right[which][order]
    for at in range(1, len(order)):
        above = at - 1
        is_wall = crossing[order[above]] or last[order[above]]
        if not is_wall or crossing[order[at]] or (at + 1 < len(order) and base[at] - base[at + 1] < SAME_HEIGHT):
            continue
        close = base[above] - base[at] < 1.45 * size[at] and abs(size[above] - size[at]) < 0.05 * size[at] and bold[above] == bold[at]
        last[order[at]] = close and left[above] - 1 <= left[at] and right[at] <= right[above] + 1
    return last


def _heads(places: _Places, which: Whole, is_left: Mask, is_right: Mask) -> Mask:
    """Tell which pieces at the left are headings of the whole width: set off by their face, and with nothing beside them."""
    heads = np.zeros(len(which), np.bool_)
    if not is_right.any():
        return heads
    size, base = places.size[which], places.base[which]
    usual = float(np.median(size))
    beside, under = np.sort(base[is_right]), np.sort(base[is_left])
    for at in np.flatnonzero(is_left & (places.bold[which] | (size > 1.15 * usual))):
        low, high = np.searchsorted(beside, [base[at] - 1.3 * size[at], base[at] + 2.2 * size[at]])
        below = np.searchsorted(under, base[at] - 0.5 * size[at])
        level = low > 0 and below > 0 and abs(beside[low - 1] - under[below - 1]) < usual  # both sides go on at one height
        heads[at] = low == high < len(beside) and level
    return heads


def _is_set_beside(places: _Places, one: Whole, other: Whole) -> bool:
    """Tell whether two sides of a gutter are set independently: hardly a line of one stands at the height of one of the other."""
    heights = [np.unique(np.round(places.base[side], 1)) for side in (one, other)]
    if min(map(len, heights)) < 2 or sum(map(len, heights)) < MIN_LINES_BESIDE:
        return False
    if min(h.max() for h in heights) < max(h.min() for h in heights):
        return False
    small, large = sorted(heights, key=len)
    return float(_beside(small, large).mean()) < ALIGNED


def _is_running_text(places: _Places, one: Whole, other: Whole) -> bool:
    """Tell whether two sides of a gutter are columns of text, and no table or form: lines are full and run on, sentences end."""
    top = min(float(places.base[side].max()) for side in (one, other))
    one, other = (side[places.base[side] <= top + places.size[side]] for side in (one, other))  # what stands beside the other
    if not len(one) or not len(other):
        return False
    sides = [_Rows(places, side) for side in (one, other)]
    count = sum(len(rows) for rows in sides)
    if count < MIN_LINES or min(rows.top for rows in sides) < max(rows.foot for rows in sides):
        return False
    for rows, side in zip(sides, (one, other), strict=True):
        if places.letters[side].sum() / len(rows) < MIN_LETTERS:
            return False
        if len(rows) > 2 and ((rows.full | rows.ended).mean() < MIN_FULL or not rows.runs_on.any()):
            return False
    if not any(rows.small.any() for rows in sides) or not any(rows.ended.any() for rows in sides):
        return False
    return sum(int(rows.runs_on.sum()) for rows in sides) >= MIN_CONTINUED * count and not _is_table(places, one, other)


class _Rows:
    """The rows of one side of a gutter, from the top: which are full, end a sentence, begin with a small letter, run on."""

    def __init__(self, places: _Places, side: Whole) -> None:
        heights, row = np.unique(-np.round(places.base[side]), return_inverse=True)
        self.top, self.foot = float(-heights[0]), float(-heights[-1])
        left, right = places.left[side], places.right[side]
        first, last = np.lexsort((left, row)), np.lexsort((right, row))
        begins = np.searchsorted(row[first], np.arange(len(heights)))
        ends = np.searchsorted(row[last], np.arange(len(heights)), side="right") - 1
        self.small = places.small[side][first][begins]
        self.ended = places.ended[side][last][ends]
        self.full = right[last][ends] >= left.min() + FULL * (right.max() - left.min())
        self.full |= places.broken[side][last][ends]  # a word is cut only where a line is full
        self.runs_on = self.small | np.concatenate(([False], self.full[:-1] & ~self.ended[:-1]))

    def __len__(self) -> int:
        return len(self.full)


def _is_table(places: _Places, one: Whole, other: Whole) -> bool:
    """Tell whether all wide gaps between the lines of two sides stand at the same heights, as those between rows do."""
    gaps: list[set[int]] = []
    for side in (one, other):
        bases = np.unique(np.round(places.base[side]))[::-1]
        if len(bases) < 3:
            return False
        steps = -np.diff(bases)
        wide = np.flatnonzero(steps > 1.25 * steps.min())
        gaps.append({int(bases[at + 1]) for at in wide})
    shared = {base for base in gaps[0] if gaps[1] & {base - 1, base, base + 1}}
    return len(shared) >= 2 and len(shared) >= 0.8 * max(len(gaps[0]), len(gaps[1]))
