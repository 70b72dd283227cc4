"""The characters of a page as they stand on it: turned upright, each once, without what is not read as text."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FEATURES = 11  # of a text object: matrix a to f, font size, font, shade, render mode, no map to Unicode
SIZE, FONT, SHADE, MODE, LOST = 6, 7, 8, 9, 10
NO_OBJECT = 0xFFFFFFFF
SAME_ANGLE = 3.0  # degrees
SAME_PLACE = 0.12  # of the size; two equal characters nearer than that are one, drawn twice
LIGHT = 0.45  # shade (0 black, 1 white) from which on a text may be a watermark
LARGE = 1.6  # times the size of the page's text
HUGE = 2.2
CELL = 4.0  # points; side of the cells in which overlaps are counted
BOLD_NAME = re.compile(r"bold|black|heavy", re.IGNORECASE)
BOLD_WEIGHT = 600
BULLETS = (0xF0B7, 0xF0A7, 0xF076, 0xF0D8, 0xF0FC, 0xF02D, 0xF0A8, 0xF0B0, 0xF06E, 0xF075)  # of Symbol and Wingdings
FOLDED = {  # characters that stand for another one
    0xFFFE: 0x2D,  # pdfium's mark of a hyphen at a line's end
    0x02: 0x2D,
    0x2010: 0x2D,
    0x2011: 0x2D,
    **dict.fromkeys(BULLETS, 0x2022),
    **dict.fromkeys((0x09, 0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), 0x20),
}
SOFT_HYPHEN = 0xAD
SPACE = 0x20

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass
class PageData:
    """A page as pdfium gives it.

    Attributes
    ----------
    codes
        Code points, n.
    boxes
        Left, top, right, bottom in points, n by 4; the width is the advance width.
    objects
        Index of each character's text object, n; ``NO_OBJECT`` where pdfium made the character up.
    features
        What each text object is like, m by ``FEATURES``.
    fonts
        Names and weights.
    rules, pictures
        Boxes of paths and pictures as (left, bottom, right, top).
    """

    width: float
    height: float
    codes: NDArray[np.uint32]
    boxes: Floats
    objects: NDArray[np.uint32]
    features: Floats
    fonts: list[tuple[str, int]]
    rules: Floats
    pictures: Floats


@dataclass
class Characters:
    """Characters of a page that is turned upright: all arrays have one entry a character.

    Attributes
    ----------
    base
        Height of the line on which the character stands, in points from the foot of the page.
    size
        Size of the face in points.
    bold
        Whether the face is bold.
    """

    codes: Whole
    left: Floats
    right: Floats
    base: Floats
    size: Floats
    bold: Mask

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, which: Mask | Whole) -> Characters:
        """Return some of the characters, by a mask or by their indexes."""
        return Characters(self.codes[which], self.left[which], self.right[which], self.base[which], self.size[which], self.bold[which])


@dataclass
class Page:
    """A page turned upright: its characters, and the boxes of its rules as (left, bottom, right, top).

    Attributes
    ----------
    lost
        Share of the characters whose font has no map to Unicode, or maps them to nothing that is read.
    pictured
        Share of the page that pictures cover.
    """

    width: float
    height: float
    characters: Characters
    rules: Floats
    lost: float
    pictured: float


def upright(data: PageData) -> Page:
    """Return a page turned so that most of its text runs from left to right.

    Text at another angle, watermarks, characters that are drawn twice, control characters and characters without
    width or meaning are left out; ligatures that pdfium took apart get a place for each letter.
    """
    real = (data.objects != NO_OBJECT) & (data.objects < max(1, len(data.features)))
    codes = data.codes[real].astype(np.int64)
    boxes = data.boxes[real]
    of = data.objects[real].astype(np.int64)
    features = data.features
    pictured = _covered(data)
    if not len(codes):
        none = np.zeros(0)
        nothing = Characters(codes, none, none, none, none, np.zeros(0, np.bool_))
        return Page(data.width, data.height, nothing, data.rules, 0.0, pictured)
    angles = np.degrees(np.arctan2(features[:, 1], features[:, 0]))
    printed = ~_blank(codes)
    main = _usual_angle(angles, np.bincount(of[printed], minlength=len(features)))
    off = np.abs((angles - main + 180) % 360 - 180)
    width, height, left, right, base, rules = _turned(data, boxes, of, main)
    sizes = features[:, SIZE] * np.hypot(features[:, 2], features[:, 3])
    bold = np.array([bool(BOLD_NAME.search(name)) or weight >= BOLD_WEIGHT for name, weight in data.fonts] or [False])
    codes, kept = _read(codes)
    lost = printed & ((features[of, LOST] > 0) | ~kept)
    found = Characters(codes, left, right, base, sizes[of], bold[features[of, FONT].astype(np.int64)])
    _spread_ligatures(found)
    kept &= (off[of] <= SAME_ANGLE) & (found.size > 0.5) & (found.size < 2000)
    kept &= np.isfinite(left) & np.isfinite(right) & np.isfinite(base)
    shade, of = features[of, SHADE][kept], of[kept]
    found = found.take(kept)
    seen = ~_watermarks(found, of, shade)
    found, of = found.take(seen), of[seen]
    found = found.take(~_drawn_again(found))
    return Page(width, height, found, rules, float(lost.sum() / max(1, printed.sum())), pictured)


def _blank(codes: Whole) -> Mask:
    blank: Mask = (codes <= SPACE) | (codes == 0xA0)
    return blank


def _usual_angle(angles: Floats, weights: Whole) -> float:
    """Return the angle at which most characters of a page run, in degrees."""
    bins = np.round(angles).astype(np.int64) % 360
    counts = np.bincount(bins, weights=weights, minlength=360)
    near = counts + np.roll(counts, 1) + np.roll(counts, -1)
    best = int(np.argmax(near))
    close = (np.abs((bins - best + 180) % 360 - 180) <= 1) & (weights > 0)
    if not close.any():
        return 0.0
    apart = (angles[close] - best + 180) % 360 - 180
    return float(best + np.average(apart, weights=weights[close]))


def _turned(data: PageData, boxes: Floats, of: Whole, angle: float) -> tuple[float, float, Floats, Floats, Floats, Floats]:
    """Return the width and height of a page turned by an angle, and left, right and base of its characters, and its rules."""
    features = data.features
    quarter = round(angle / 90) % 4
    straight = abs(angle - 90 * round(angle / 90)) < 0.2
    if straight and quarter == 0:
        return data.width, data.height, boxes[:, 0], boxes[:, 2], features[of, 5], data.rules
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    corners = np.array([(x, y) for x in (0, data.width) for y in (0, data.height)])
    along, up = corners @ (cos, sin), corners @ (-sin, cos)
    middle_x, middle_y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    middle = middle_x * cos + middle_y * sin - along.min()
    wide, high = np.abs(boxes[:, 2] - boxes[:, 0]), np.abs(boxes[:, 1] - boxes[:, 3])
    if straight:
        long = high if quarter % 2 else wide
    else:  # the box is that around a turned box: solved for its sides
        c, s = abs(cos), abs(sin)
        long = np.maximum((wide * c - high * s) / (c * c - s * s), 0.0) if abs(c - s) > 0.1 else np.minimum(wide, high) / (2 * c)
    base = features[of, 5] * cos - features[of, 4] * sin - up.min()
    ends = np.stack([data.rules[:, [0, 1]] @ (cos, sin), data.rules[:, [2, 3]] @ (cos, sin)], axis=1) - along.min()
    heights = np.stack([data.rules[:, [0, 1]] @ (-sin, cos), data.rules[:, [2, 3]] @ (-sin, cos)], axis=1) - up.min()
    rules = np.stack([ends.min(axis=1), heights.min(axis=1), ends.max(axis=1), heights.max(axis=1)], axis=1)
    if not straight:
        rules = rules[:0]
    return float(np.ptp(along)), float(np.ptp(up)), middle - long / 2, middle + long / 2, base, rules


def _read(codes: Whole) -> tuple[Whole, Mask]:
    """Return characters as they are read, and which of them are read at all."""
    codes = codes.copy()
    for code, other in FOLDED.items():
        codes[codes == code] = other
    pairs = (codes[:-1] >= 0xD800) & (codes[:-1] < 0xDC00) & (codes[1:] >= 0xDC00) & (codes[1:] < 0xE000)
    at = np.flatnonzero(pairs)
    codes[at] = 0x10000 + ((codes[at] - 0xD800) << 10) + (codes[at + 1] - 0xDC00)
    kept = (codes >= SPACE) & ~((codes >= 0x7F) & (codes < 0xA0)) & ~((codes >= 0xD800) & (codes < 0xF900)) & (codes < 0xE0000)
    kept &= ~((codes >= 0x200B) & (codes <= 0x200F)) & ~((codes >= 0x202A) & (codes <= 0x202E)) & ~((codes >= 0x2060) & (codes <= 0x206F))
    kept &= (codes != 0xFEFF) & (codes < 0xFFF0) | (codes >= 0x10000)
    return codes, kept


def _spread_ligatures(found: Characters) -> None:
    """Give each letter of a ligature its share of the ligature's width, in place."""
    same = (found.left[1:] == found.left[:-1]) & (found.right[1:] == found.right[:-1]) & (found.base[1:] == found.base[:-1])
    same &= (found.right[1:] > found.left[1:]) & (found.codes[1:] > SPACE) & (found.codes[:-1] > SPACE)
    if not same.any():
        return
    starts = np.flatnonzero(np.concatenate(([True], ~same)))
    lengths = np.diff(np.concatenate((starts, [len(found)])))
    for start, length in zip(starts[lengths > 1], lengths[lengths > 1], strict=True):
        left, right = found.left[start], found.right[start]
        places = np.linspace(left, right, length + 1)
        found.left[start : start + length], found.right[start : start + length] = places[:-1], places[1:]


def _watermarks(found: Characters, of: Whole, shade: Floats) -> Mask:
    """Tell which characters belong to a text laid over or under the others: light and large, or across other lines."""
    count = int(of.max()) + 1 if len(of) else 0
    marks = np.zeros(len(found), np.bool_)
    printed = found.codes > SPACE
    if not printed.any():
        return marks
    usual = float(np.median(found.size[printed]))
    doubtful = (found.size > HUGE * usual) | ((shade > LIGHT) & (shade < 0.99))
    if not doubtful.any() or doubtful.all():
        return marks
    across = np.zeros(count)
    body = ~doubtful & printed
    cells = _cells(found.left[body], found.base[body])
    wide = int(max(cells[:, 0].max(), 0)) + 2
    filled = np.unique(cells[:, 1] * wide + cells[:, 0])
    looked = np.flatnonzero(doubtful & printed)
    hits = np.zeros(len(looked))
    for share in (0.1, 0.3, 0.5, 0.7):  # of the size above the base: where another line's letters stand
        for side in (0.25, 0.75):
            x = found.left[looked] * (1 - side) + found.right[looked] * side
            near = np.zeros(len(looked), np.bool_)
            for dx in (-1, 0):
                place = _cells(x + dx * CELL, found.base[looked] + share * found.size[looked])
                inside = (place[:, 0] >= 0) & (place[:, 0] < wide)
                near |= np.isin(place[:, 1] * wide + place[:, 0], filled) & inside
            hits += near
    np.maximum.at(across, of[looked], hits)
    light, large = shade > LIGHT, found.size > LARGE * usual
    return doubtful & ((light & large) | ((light | (found.size > HUGE * usual)) & (across[of] >= 2)))


def _cells(x: Floats, y: Floats) -> Whole:
    return np.stack([np.floor(x / CELL), np.floor(y / CELL)], axis=1).astype(np.int64)


def _drawn_again(found: Characters) -> Mask:
    """Tell which characters stand where an equal one stands already: a face made bold by drawing it twice."""
    again = np.zeros(len(found), np.bool_)
    for shift in (0.0, 0.5):
        rows = np.floor(found.base / np.maximum(1.0, found.size * 0.3) + shift)
        order = np.lexsort((found.left, rows, found.codes))
        codes, left, base, size = found.codes[order], found.left[order], found.base[order], found.size[order]
        near = (codes[1:] == codes[:-1]) & (codes[1:] > SPACE) & (np.abs(left[1:] - left[:-1]) <= SAME_PLACE * size[1:])
        near &= np.abs(base[1:] - base[:-1]) <= SAME_PLACE * size[1:]
        pairs = np.flatnonzero(near)
        again[np.maximum(order[pairs], order[pairs + 1])] = True
    return again


def _covered(data: PageData) -> float:
    """Return the share of a page that pictures cover; pictures that overlap count each for itself, up to the whole."""
    if not len(data.pictures) or data.width <= 0 or data.height <= 0:
        return 0.0
    x = np.clip(data.pictures[:, [0, 2]], 0, data.width)
    y = np.clip(data.pictures[:, [1, 3]], 0, data.height)
    return float(min(1.0, ((x[:, 1] - x[:, 0]) * (y[:, 1] - y[:, 0])).sum() / (data.width * data.height)))
