"""Bootstrap intervals that resample whole groups of passages, as passages of one interview are no independent draws.

The cluster bootstrap (Davison and Hinkley 1997, "Bootstrap Methods and their Application", section 3.8) with
percentile intervals (Efron and Tibshirani 1993, "An Introduction to the Bootstrap", chapter 13).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike, NDArray

RESAMPLES = 1000
SEED = 20_26

Matrix = NDArray[np.float64]


class Interval(Struct, frozen=True):
    """A value with its 95% bootstrap interval."""

    value: float
    low: float
    high: float


class Resampling:
    """Groups drawn with replacement, many times over; the draws are the same for all that is summed by them.

    Parameters
    ----------
    groups
        The group of each item.

    Attributes
    ----------
    names
        The groups.
    weights
        How often each group was drawn, resamples by groups.
    """

    def __init__(self, groups: Sequence[str], resamples: int = RESAMPLES, seed: int = SEED) -> None:
        self.names = sorted(set(groups))
        number = {name: index for index, name in enumerate(self.names)}
        self._member = np.array([number[group] for group in groups], dtype=np.intp)
        count = len(self.names)
        drawn = np.random.default_rng(seed).integers(0, max(count, 1), (resamples, count))
        self.weights = np.stack([(drawn == index).sum(axis=1) for index in range(count)], axis=1) if count else np.zeros((resamples, 0))

    def grouped(self, values: ArrayLike) -> Matrix:
        """Return the sums of values, items by anything, over each group."""
        items = np.asarray(values, dtype=np.float64)
        sums = np.zeros((len(self.names), *items.shape[1:]))
        np.add.at(sums, self._member, items)
        return sums

    def drawn(self, values: ArrayLike) -> Matrix:
        """Return the sums of values, items by anything, over the groups of each resample."""
        return np.asarray(np.tensordot(self.weights, self.grouped(values), axes=1), dtype=np.float64)


def f1(counts: ArrayLike) -> Matrix:
    """Return F1 of counts, whose last axis is hits, predicted and gold; not a number where nothing is predicted or gold."""
    values = np.asarray(counts, dtype=np.float64)
    total = values[..., 1] + values[..., 2]
    return np.where(total > 0, 2 * values[..., 0] / np.maximum(total, 1), np.nan)


def interval(value: float, draws: Matrix) -> Interval:
    """Return a value with the interval of its draws; draws that are no numbers are left out."""
    kept = draws[~np.isnan(draws)]
    low, high = np.quantile(kept, [0.025, 0.975]) if len(kept) else (value, value)
    return Interval(float(value), float(low), float(high))


def mean_of(draws: Matrix) -> Matrix:
    """Return the means over the last axis, leaving out what is no number; 0 where nothing is left."""
    known = ~np.isnan(draws)
    return np.asarray(np.where(known, draws, 0.0).sum(axis=-1) / np.maximum(known.sum(axis=-1), 1), dtype=np.float64)
