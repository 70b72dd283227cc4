"""Bullets that are drawn as shapes: small boxes before the first word of a line become characters."""

from __future__ import annotations

import numpy as np

from ffm.ingest.pdf.characters import SPACE, Characters, Floats

BULLET = 0x2022
SMALL, LARGE = 0.12, 0.7  # of the size; sides of a bullet
MAX_GAP = 3.0  # of the size; between a bullet and its text
MIN_SPACE = 1.5  # of the size; blank before a bullet
MAX_SHAPES = 500  # a page with more small shapes is a drawing


def add_bullets(found: Characters, shapes: Floats) -> Characters:
    """Return the characters of a page with one more for each bullet that is drawn as a shape.

    Parameters
    ----------
    found
        The characters.
    shapes
        Boxes of the page's paths as (left, bottom, right, top) in points.
    """
    printed = np.flatnonzero(found.codes > SPACE)
    if not len(shapes) or not len(printed):
        return found
    usual = float(np.median(found.size[printed]))
    wide, high = shapes[:, 2] - shapes[:, 0], shapes[:, 3] - shapes[:, 1]
    square = (wide > SMALL * usual) & (wide < LARGE * usual) & (np.abs(wide - high) < 0.35 * wide)
    boxes = np.unique(np.round(shapes[square], 1), axis=0)
    if not 0 < len(boxes) <= MAX_SHAPES:
        return found
    left, base, size = found.left[printed], found.base[printed], found.size[printed]
    added: list[tuple[float, float, float, float]] = []
    for box in boxes.tolist():
        middle = (box[1] + box[3]) / 2
        beside = (base < middle) & (middle < base + 0.75 * size)
        near = beside & (left >= box[2] - 0.5) & (left - box[2] < MAX_GAP * size)
        if near.any() and not (beside & (left < box[0]) & (left > box[0] - MIN_SPACE * size)).any():
            at = np.flatnonzero(near)[np.argmin(left[near])]
            added.append((box[0], box[2], float(base[at]), float(size[at])))
    if not added:
        return found
    new = np.array(sorted(set(added)))
    return Characters(
        np.concatenate((found.codes, np.full(len(new), BULLET))),
        np.concatenate((found.left, new[:, 0])),
        np.concatenate((found.right, new[:, 1])),
        np.concatenate((found.base, new[:, 2])),
        np.concatenate((found.size, new[:, 3])),
        np.concatenate((found.bold, np.zeros(len(new), np.bool_))),
    )
