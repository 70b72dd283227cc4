"""Whether probabilities are to be believed: reliability curve and Brier score of out-of-fold probabilities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from ffm.evaluation.bootstrap import Interval, Resampling, interval

BINS = 10

Matrix = NDArray[np.float64]


class Bin(Struct, frozen=True):
    """The probabilities from ``low`` to below ``high`` (1 stands in the last bin).

    Attributes
    ----------
    predicted
        Their mean.
    observed
        The share of them that gold has.
    support
        How many there are, one for each passage and theme.
    """

    low: float
    high: float
    predicted: float
    observed: float
    support: int


class CalibrationFigures(Struct, frozen=True):
    """How far probabilities are from what happens.

    Attributes
    ----------
    bins
        The reliability curve over all themes; empty bins are left out.
    error
        The mean distance between predicted and observed, weighted by support: the expected calibration error of
        Naeini, Cooper and Hauskrecht (2015).
    counts
        For each theme and bin: passages, and those of them that gold gives the theme.
    brier
        The mean squared distance between probability and gold (Brier 1950), by theme and for "all".
    brier_of_share
        What one would get by always giving the theme's share of passages: a score above it is worse than that.
    """

    bins: tuple[Bin, ...]
    error: float
    counts: dict[str, tuple[tuple[int, int], ...]]
    brier: dict[str, Interval]
    brier_of_share: dict[str, float]


def calibration_figures(
    themes: Sequence[str], gold: Sequence[frozenset[str]], probability: Matrix, resampling: Resampling
) -> CalibrationFigures:
    """Return the figures of probabilities, passages by themes, which must come from models and calibrations that saw other folds only."""
    target = np.array([[theme in found for theme in themes] for found in gold], dtype=np.float64).reshape(len(gold), len(themes))
    where = np.minimum((probability * BINS).astype(np.intp), BINS - 1)
    bins = []
    for number in range(BINS):
        inside = where == number
        if inside.any():
            bins.append(
                Bin(number / BINS, (number + 1) / BINS, float(probability[inside].mean()), float(target[inside].mean()), int(inside.sum()))
            )
    total = sum(item.support for item in bins)
    error = sum(item.support * abs(item.predicted - item.observed) for item in bins) / max(total, 1)
    counts = {
        theme: tuple(
            (int((where[:, column] == number).sum()), int(target[where[:, column] == number, column].sum())) for number in range(BINS)
        )
        for column, theme in enumerate(themes)
    }
    squares = (probability - target) ** 2
    draws = resampling.drawn(squares) / np.maximum(resampling.drawn(np.ones((len(gold), 1))), 1)
    share = target.mean(axis=0)
    brier = {theme: interval(float(squares[:, column].mean()), draws[:, column]) for column, theme in enumerate(themes)}
    of_share = {theme: float(value * (1 - value)) for theme, value in zip(themes, share, strict=True)}
    return CalibrationFigures(
        tuple(bins),
        float(error),
        counts,
        {**brier, "all": interval(float(squares.mean()), draws.mean(axis=1))},
        {**of_share, "all": float((share * (1 - share)).mean())},
    )
