"""The sparse classifier and the encoder as one score: the mean of their log odds, each calibrated for itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from ffm.themes.classifier import fit_platt

Matrix = NDArray[np.float64]
Line = tuple[float, float]


class Mixture(Struct, frozen=True):
    """By theme the slope and intercept that turn a model's margin into log odds (Platt 1999), of the sparse classifier and of the encoder."""

    sparse: dict[str, Line]
    encoder: dict[str, Line]

    def combine(self, sparse: Matrix, encoder: Matrix, themes: Sequence[str]) -> Matrix:
        """Return the mean of the log odds, rows by themes; not a number where a margin is none."""
        return (_straight(sparse, self.sparse, themes) + _straight(encoder, self.encoder, themes)) / 2


def fit_mixture(sparse: Matrix, encoder: Matrix, labels: Sequence[frozenset[str]], themes: Sequence[str]) -> Mixture:
    """Fit the lines on out-of-fold margins, passages by themes, and the themes that passages carry."""
    return Mixture(_lines(sparse, labels, themes), _lines(encoder, labels, themes))


def _lines(margins: Matrix, labels: Sequence[frozenset[str]], themes: Sequence[str]) -> dict[str, Line]:
    found: dict[str, Line] = {}
    for column, theme in enumerate(themes):
        target = np.fromiter((theme in carried for carried in labels), dtype=np.int8, count=len(labels))
        seen = ~np.isnan(margins[:, column])
        slope, intercept = fit_platt(margins[seen, column], target[seen])
        found[theme] = (round(slope, 6), round(intercept, 6))
    return found


def _straight(margins: Matrix, lines: dict[str, Line], themes: Sequence[str]) -> Matrix:
    slope, intercept = np.array([lines[theme] for theme in themes]).T
    return np.asarray(margins * slope + intercept, dtype=np.float64)
