"""From characters to pieces of lines: which characters stand in one word, and where a word ends.

Only places count: a word ends where the gap to the next character is wider than those between letters, whatever runs the
file draws. A space that the file draws counts where it is seen.
"""

from __future__ import annotations

import itertools
import re
import unicodedata

import numpy as np
from msgspec import Struct

from ffm.ingest.pdf.characters import SOFT_HYPHEN, SPACE, Characters, Floats, Mask, Whole

SAME_LINE = 0.12  # of the size; difference of height within a line
WORD_GAP = 0.16  # of the size; a wider gap ends a word
SPACE_STEP = 0.06  # of the size; a space by which the next character is moved at least that far counts
PIECE_GAP = 0.8  # a wider gap ends a piece
RUN_GAP = 2.0  # a wider gap ends the run in which letter-spacing is measured
MIN_GAPS = 5  # from which letter-spacing is measured
MAX_SPACING = 0.3  # of the size; letter-spacing of letters whose words are set apart by wider gaps alone
SMALL = 0.86  # of the size of a line; a raised number smaller than that is a mark
MOST_SPACING = 1.0  # the same where spaces are drawn between words
MIN_SPACED = 4  # spaces between single letters from which they are taken for a word
MAX_MARKS = 2000  # of a page; a page with more small pieces is a drawing
MAX_MARK = 12  # characters
RAISED = 0.6  # of the line's size
LOWERED = 0.35
BEFORE, AFTER = 2.0, 0.5  # of the line's size; how far before and after a line a mark may stand
MARK = re.compile(r"[\d,;*†‡§–-]+")
UNIT = re.compile(r"(?:^|[\s\d])[kcm]?m$")


class Piece(Struct):
    """A part of a line without a wide gap.

    Attributes
    ----------
    left, right, base
        Place in points, the base being the line on which the letters stand.
    size
        Size of the largest face in it, in points.
    edges
        Where each word begins and ends: left, right, left, right ...
    table
        Whether it is a whole table, its rows set apart by line ends and its cells by tabs; ``base`` is then that of its first line.
    depth
        How far a table reaches below that, in points.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool
    edges: list[float] = []
    table: bool = False
    depth: float = 0.0


def read_pieces(found: Characters) -> list[Piece]:
    """Return the pieces of a page's lines, line by line from the top, each line from the left."""
    printed = found.codes > SPACE
    if not printed.any():
        return []
    usual = float(np.median(found.size[printed]))
    rows = _rows(found.base, max(0.5, SAME_LINE * usual))
    raised = np.zeros(len(found), np.bool_)
    order, spaced, starts = _divide(found, rows, raised)
    if _move_marks(found, order, starts, rows, raised, usual):
        order, spaced, starts = _divide(found, rows, raised)
    return _pieces(found, order, spaced, starts, raised)


def _rows(base: Floats, near: float) -> Whole:
    """Return a number for each character that is the same for those of one height; the topmost have 0."""
    order = np.argsort(-base, kind="stable")
    rows = np.empty(len(base), np.int64)
    rows[order] = np.concatenate(([0], np.cumsum(-np.diff(base[order]) > near)))
    return rows


def _divide(found: Characters, rows: Whole, raised: Mask) -> tuple[Whole, Mask, Whole]:
    """Return the printed characters in the order of lines, whether a word's gap stands before each, and where pieces start."""
    combining = (found.codes >= 0x300) & (found.codes < 0x370)
    space = found.codes == SPACE
    keys = found.left - np.where(combining, 0.1 * found.size, np.where(space, 0.01, 0.0))
    everything = np.lexsort((keys, rows))
    places = np.flatnonzero(~space[everything])
    order = everything[places]
    row, left, right, size = rows[order], found.left[order], found.right[order], found.size[order]
    fresh = np.concatenate(([True], row[1:] != row[:-1]))
    gap = np.concatenate(([0.0], left[1:] - right[:-1]))
    size = np.concatenate((size[:1], np.maximum(size[1:], size[:-1])))
    after = everything[np.minimum(np.concatenate(([0], places[:-1] + 1)), len(everything) - 1)]  # the space after the character before
    drawn = space[after] & (left - found.left[after] > SPACE_STEP * size)
    extra = gap - _letter_spacing(found.codes[order], gap, size, fresh, drawn)
    spaced = drawn | (extra > WORD_GAP * size)
    spaced &= ~(raised[order] & (~drawn | (gap < 0.3 * size)) & ~np.concatenate(([True], raised[order][:-1])))
    starts = np.flatnonzero(fresh | (extra > PIECE_GAP * size))
    spaced[starts] = False
    _close_spaced_words(found.codes[order], gap, spaced, starts)
    return order, spaced, starts


def _close_spaced_words(codes: Whole, gap: Floats, spaced: Mask, starts: Whole) -> None:
    """Let only the wider gaps of a piece end words where a space stands after nearly every letter, in place."""
    lengths = np.diff(np.concatenate((starts, [len(codes)])))
    counts = np.add.reduceat(spaced, starts, dtype=np.int64)
    letters = np.add.reduceat(codes > 0x40, starts, dtype=np.int64)
    for at in np.flatnonzero((counts >= MIN_SPACED) & (counts >= 0.7 * (lengths - 1)) & (letters >= 0.9 * lengths)):
        inside = slice(starts[at] + 1, starts[at] + lengths[at])
        spaced[inside] = gap[inside] > 1.5 * np.median(gap[inside])


def _letter_spacing(codes: Whole, gap: Floats, size: Floats, fresh: Mask, drawn: Mask) -> Floats:
    """Return by how much the letters of each character's run are set apart: the median gap, in a run of letters.

    It may be wide where the file draws spaces between some of them, ``drawn``, which tell where words end.
    """
    begins = fresh | (gap > RUN_GAP * size)
    run = np.cumsum(begins) - 1
    inner = np.flatnonzero(~begins)
    spacing = np.zeros(len(codes))
    if not len(inner):
        return spacing
    order = inner[np.lexsort((gap[inner] / size[inner], run[inner]))]
    counts = np.bincount(run[inner], minlength=run[-1] + 1)
    ends = np.cumsum(counts)
    middle = np.minimum(ends - counts + (counts - 1) // 2, len(order) - 1)
    median = np.where(counts > 0, gap[order][middle] / size[order][middle], 0.0)
    letters = np.bincount(run, weights=(codes > 0x39) | (codes == 0x2E) | (codes == 0x2C)) / np.bincount(run)
    spaces = np.bincount(run, weights=drawn) / np.maximum(counts, 1)
    able = (letters > 0.6) & (median > 0.02)
    told = able & (counts >= MIN_GAPS) & (spaces > 0) & (spaces < 0.5) & (median <= MOST_SPACING)
    known = told | (able & (counts >= MIN_GAPS) & (median <= MAX_SPACING))
    if told.any():  # a lone word that is set like the lines above it
        usual = float(np.median(median[told]))
        known |= able & (np.abs(median - usual) <= 0.15 * usual)
    median = np.where(known, median, 0.0)
    return np.asarray(median[run] * size, np.float64)


def _move_marks(found: Characters, order: Whole, starts: Whole, rows: Whole, raised: Mask, usual: float) -> bool:
    """Put raised and lowered small characters into the lines on which they stand, in place; tell whether there were any."""
    ends = np.concatenate((starts[1:], [len(order)]))
    left, right = found.left[order[starts]], found.right[order[ends - 1]]
    base = found.base[order[starts]]
    size = np.maximum.reduceat(found.size[order], starts)
    small = np.flatnonzero((size < max(SMALL * usual, SMALL * float(size.max()) * 0.5)) & (ends - starts <= MAX_MARK))
    if not 0 < len(small) <= MAX_MARKS:
        return False
    down = np.argsort(-base, kind="stable")
    heights = -base[down]
    moved = False
    for at in small:
        low, high = np.searchsorted(heights, [-base[at] - LOWERED * usual * 1.5, -base[at] + RAISED * usual * 2])
        hosts = down[low:high]
        lift = base[at] - base[hosts]
        fits = (size[hosts] * SMALL > size[at]) & (lift <= RAISED * size[hosts]) & (lift >= -LOWERED * size[hosts]) & (np.abs(lift) > 0.3)
        fits &= (left[hosts] - BEFORE * size[hosts] <= right[at]) & (right[hosts] + AFTER * size[hosts] >= left[at])
        hosts = hosts[fits]
        if not len(hosts):
            continue
        apart = np.maximum(left[hosts] - right[at], left[at] - right[hosts])
        host = hosts[int(np.argmin(np.maximum(apart, 0.0)))]
        which = order[starts[at] : ends[at]]
        rows[which] = rows[order[starts[host]]]
        raised[which] = base[at] > base[host]
        moved = True
    return moved


def _pieces(found: Characters, order: Whole, spaced: Mask, starts: Whole, raised: Mask) -> list[Piece]:
    """Return the pieces with their texts."""
    codes = found.codes[order]
    at, inserted = np.flatnonzero(spaced), np.full(int(spaced.sum()), SPACE, np.int64)
    marks = _marks(codes, spaced, starts, raised[order])
    if marks:
        places = [(place, 0, SPACE) for place in at.tolist()]
        for start, end in marks:
            places += [(start, 1, ord(letter)) for letter in "<sup>"] + [(end, -1, ord(letter)) for letter in "</sup>"]
        places.sort(key=lambda place: place[:2])
        at, inserted = np.array([place[0] for place in places]), np.array([place[2] for place in places])
    text = np.insert(codes, at, inserted).astype("<u4").tobytes().decode("utf-32-le")
    begins = starts + np.searchsorted(at, starts, side="right")
    if marks:  # a mark that opens a piece belongs to it, one that closes the piece before does not
        closing = np.array([place[0] for place in places if place[1] < 0])
        begins = starts + np.searchsorted(at, starts, side="left") + np.searchsorted(closing, starts, side="right")
        begins -= np.searchsorted(closing, starts, side="left")
    stops = np.concatenate((begins[1:], [len(text)]))
    size = np.maximum.reduceat(found.size[order], starts)
    host = np.where(raised[order], -np.inf, found.base[order])
    base = np.maximum.reduceat(host, starts)
    base = np.where(np.isfinite(base), base, found.base[order[starts]])
    bold = np.logical_and.reduceat(found.bold[order] | raised[order], starts)
    left, right = found.left[order[starts]], np.maximum.reduceat(found.right[order], starts)
    words = np.union1d(np.flatnonzero(spaced), starts)
    edges = np.stack([found.left[order[words]], np.maximum.reduceat(found.right[order], words)], axis=1).ravel().tolist()
    first = (2 * np.searchsorted(words, np.concatenate((starts, [len(order)])))).tolist()
    return [
        Piece(_clean(text[begin:stop]), from_, to, height, points, heavy, edges[one:other])
        for begin, stop, (from_, to, height, points), heavy, (one, other) in zip(
            begins.tolist(),
            stops.tolist(),
            np.stack([left, right, base, size], axis=1).tolist(),
            bold.tolist(),
            itertools.pairwise(first),
            strict=True,
        )
    ]


def _marks(codes: Whole, spaced: Mask, starts: Whole, raised: Mask) -> list[tuple[int, int]]:
    """Return the ranges of raised characters that are marks of notes: numbers and signs, no letters."""
    if not raised.any():
        return []
    opens = np.zeros(len(codes), np.bool_)
    opens[starts] = True
    breaks = opens | spaced
    begins = np.flatnonzero(raised & (breaks | ~np.concatenate(([False], raised[:-1]))))
    ranges: list[tuple[int, int]] = []
    for begin in begins.tolist():
        end = begin + 1
        while end < len(codes) and raised[end] and not breaks[end]:
            end += 1
        text = "".join(map(chr, codes[begin:end].tolist()))
        before = "".join(map(chr, codes[max(0, begin - 3) : begin].tolist()))
        if MARK.fullmatch(text) and not (UNIT.search(before) and text in "23"):
            ranges.append((begin, end))
    return ranges


def _clean(text: str) -> str:
    """Return the text of a piece with its accents composed and without the soft hyphens within it."""
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFC", text)
    return composed[:-1].replace(chr(SOFT_HYPHEN), "") + composed[-1:]
