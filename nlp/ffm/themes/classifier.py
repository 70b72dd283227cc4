"""The theme classifier: one logistic regression a theme over sentences; a passage scores as its best sentence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from ffm.themes.features import Cues, SentenceContext, features, fit_features, make_vectorizers, selected_vocabularies

SEED = 20_26
MAX_FEATURES = 12_000
STRENGTH = 4.0  # inverse of the regularisation

Matrix = NDArray[np.float64]


class Calibration(Struct, frozen=True):
    """Per theme: slope and intercept that turn a passage's margin into a probability, and the probability from which it is a label.

    The slope and intercept are those of Platt (1999), "Probabilistic outputs for support vector machines", fitted
    on out-of-fold margins; the threshold maximises F1 on them.
    """

    slope: dict[str, float]
    intercept: dict[str, float]
    threshold: dict[str, float]


class ThemeModel(Struct):
    """A fitted classifier.

    Attributes
    ----------
    themes
        The theme ids, in the order of the columns.
    weights, bias
        Coefficients, features by themes, and intercepts.
    """

    themes: tuple[str, ...]
    vectorizers: dict[str, TfidfVectorizer]
    cues: Cues
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def margins(self, sentences: Sequence[SentenceContext]) -> Matrix:
        """Return the log odds of each theme for each sentence, sentences by themes."""
        if not sentences:
            return np.zeros((0, len(self.themes)))
        matrix = hstack([features(self.vectorizers, sentences), self.cues.matrix(sentences)], format="csr")
        return np.asarray(matrix @ self.weights + self.bias, dtype=np.float64)


def fit_model(
    sentences: Sequence[SentenceContext], labels: Sequence[frozenset[str]], themes: Sequence[str], cues: Sequence[str] = ()
) -> ThemeModel:
    """Fit the classifier on sentences.

    Parameters
    ----------
    sentences, labels
        Each sentence with the themes that it carries.
    themes
        The themes to learn; one that no sentence carries gets a constant low margin.
    cues
        Phrases that hint at themes, from the scheme.

    Notes
    -----
    The features that weigh most are chosen in a first fit and fitted anew, which keeps the stored model small.
    """
    found = Cues(cues)
    first = _fit_once(make_vectorizers(), found, sentences, labels, themes)
    strength = np.abs(first.weights[: len(first.weights) - found.width]).max(axis=1)
    if len(strength) <= MAX_FEATURES:
        return first
    keep = strength >= np.sort(strength)[-MAX_FEATURES]
    return _fit_once(make_vectorizers(selected_vocabularies(first.vectorizers, keep)), found, sentences, labels, themes)


def _fit_once(
    vectorizers: dict[str, TfidfVectorizer],
    cues: Cues,
    sentences: Sequence[SentenceContext],
    labels: Sequence[frozenset[str]],
    themes: Sequence[str],
) -> ThemeModel:
    matrix = hstack([fit_features(vectorizers, sentences), cues.matrix(sentences)], format="csr")
    weights = np.zeros((matrix.shape[1], len(themes)), dtype=np.float32)
    bias = np.full(len(themes), -6.0, dtype=np.float32)
    for column, theme in enumerate(themes):
        target = np.fromiter((theme in found for found in labels), dtype=np.int8, count=len(labels))
        if 0 < target.sum() < len(target):
            weights[:, column], bias[column] = _fit_theme(matrix, target)
    return ThemeModel(tuple(themes), vectorizers, cues, weights, bias)


def _fit_theme(matrix: csr_matrix, target: NDArray[np.int8]) -> tuple[NDArray[np.float32], np.float32]:
    estimator = LogisticRegression(C=STRENGTH, class_weight="balanced", solver="liblinear", tol=1e-3, max_iter=2000, random_state=SEED)
    estimator.fit(matrix, target)
    return estimator.coef_[0].astype(np.float32), np.float32(estimator.intercept_[0])


def passage_margins(margins: Matrix, passages: Sequence[int], count: int) -> Matrix:
    """Return each passage's margins: those of its best sentence, theme by theme; ``passages`` tells whose each sentence is."""
    best = np.full((count, margins.shape[1]), -8.0)
    np.maximum.at(best, np.asarray(passages, dtype=np.intp), margins)
    return best


def calibrate(margins: Matrix, labels: Sequence[frozenset[str]], themes: Sequence[str]) -> Calibration:
    """Fit slopes, intercepts and thresholds on out-of-fold margins of passages."""
    slope, intercept, threshold = {}, {}, {}
    for column, theme in enumerate(themes):
        target = np.fromiter((theme in found for found in labels), dtype=np.int8, count=len(labels))
        if 0 < target.sum() < len(target):
            fitted = LogisticRegression(C=1e3).fit(margins[:, [column]], target)
            slope[theme], intercept[theme] = float(max(fitted.coef_[0, 0], 1e-3)), float(fitted.intercept_[0])
        else:
            slope[theme], intercept[theme] = 1.0, 0.0
        scores = probabilities(margins[:, column], slope[theme], intercept[theme])
        threshold[theme] = round(best_threshold(scores, target), 6)
    return Calibration(
        {theme: round(value, 6) for theme, value in slope.items()},
        {theme: round(value, 6) for theme, value in intercept.items()},
        threshold,
    )


def probabilities(margins: Matrix, slope: float, intercept: float) -> Matrix:
    """Return calibrated probabilities, 0 to 1."""
    return np.asarray(1.0 / (1.0 + np.exp(-(slope * margins + intercept))), dtype=np.float64)


def best_threshold(scores: Matrix, target: NDArray[np.int8]) -> float:
    """Return the score from which labelling gives the best F1, midway between neighbouring scores; 0.5 without positives.

    F1 is smoothed over neighbouring thresholds, as its maximum on few positives is a matter of luck.
    """
    if not target.any():
        return 0.5
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(target[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + target.sum())
    width = max(1, int(0.1 * target.sum()))
    smooth = np.convolve(np.pad(f1, width, mode="edge"), np.ones(2 * width + 1) / (2 * width + 1), mode="valid")
    best = int(np.argmax(smooth))
    ranked = scores[order]
    following = ranked[best + 1] if best + 1 < len(ranked) else 0.0
    return float((ranked[best] + following) / 2)
