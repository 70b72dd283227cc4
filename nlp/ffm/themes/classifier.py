"""The theme classifier: one logistic regression a theme over sentences; a passage scores as its best sentence.

scikit-learn fits and calibrates; it is imported where that is done, as reading with a fitted classifier does without.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from ffm.themes.features import Cues, SentenceContext, features, fit_vectorizers, select_features, shared_cues
from ffm.themes.terms import Vectorizer

SEED = 20_26
MAX_FEATURES = 24_000
STRENGTH = 4.0  # inverse of the regularisation
TOLERANCE = 1e-3  # of a fit
WRITTEN_WEIGHT = 0.3  # of a written sentence against one of the gold, in one of the two fits
SHRINKAGE = 30  # passages with a theme at which its own threshold counts as much as that of all themes together
LEARNT = 5  # passages with a theme from which it is learnt at all
SUPPORTED = 30  # passages with a theme from which its slope needs no prior
PRIOR_SLOPE = 1.0  # of well supported themes: margins are log odds, nearly; up to one more with few examples, whose margins are smaller
NEWTON_STEPS = 50
TRUSTED = 0.25  # of the way from chance to perfect that a ranking must go for its threshold to be trusted
UNSEEN = -8.0  # the margin of a passage without sentences

Matrix = NDArray[np.float64]
Unit = Literal["sentence", "passage"]


class Calibration(Struct, frozen=True):
    """Per theme: slope and intercept that turn a passage's margin into a probability, and the probability from which it is a label.

    The slope and intercept are those of Platt (1999), "Probabilistic outputs for support vector machines", fitted
    on out-of-fold margins; the threshold maximises F1 on them. A theme without a threshold is a ranking: never a label.
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
    unit
        What it reads: "sentence", where a passage scores as its best one, or "passage", where gold marks whole passages.
    """

    themes: tuple[str, ...]
    vectorizers: dict[str, Vectorizer]
    cues: Cues
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    unit: Unit = "sentence"

    @property
    def unlearnt(self) -> tuple[str, ...]:
        """The themes that had too few examples to learn from."""
        return tuple(theme for column, theme in enumerate(self.themes) if not self.weights[:, column].any())

    @property
    def width(self) -> int:
        """Number of features."""
        return sum(map(len, self.vectorizers.values())) + self.cues.width

    def margins(self, sentences: Sequence[SentenceContext]) -> Matrix:
        """Return the log odds of each theme for each sentence, sentences by themes."""
        if not sentences:
            return np.zeros((0, len(self.themes)))
        matrix = hstack([features(self.vectorizers, sentences), self.cues.matrix(sentences)], format="csr")
        return np.asarray(matrix @ self.weights + self.bias, dtype=np.float64)


def fit_model(
    sentences: Sequence[SentenceContext],
    labels: Sequence[frozenset[str]],
    themes: Sequence[str],
    cues: Sequence[str] = (),
    written: Sequence[SentenceContext] = (),
    written_labels: Sequence[frozenset[str]] = (),
    unit: Unit = "sentence",
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
    written, written_labels
        Sentences written for training. The weights are the mean of those of a fit with them and of one without.
    unit
        What the model is to read, see :class:`ThemeModel`.

    Notes
    -----
    Only the features that go most with some theme, by the chi-square statistic of Yang and Pedersen (1997), "A
    comparative study on feature selection in text categorization", are kept: the model stays small and fits fast.
    """
    found = shared_cues(tuple(cues))
    rows, targets = [*sentences, *written], [*labels, *written_labels]
    importance = np.concatenate([np.ones(len(sentences)), np.full(len(written), WRITTEN_WEIGHT)])
    vectorizers = fit_vectorizers(rows)
    matrix = features(vectorizers, rows)
    if matrix.shape[1] > MAX_FEATURES:
        telling = _association(matrix, targets, themes, importance)
        vectorizers, matrix = select_features(vectorizers, matrix, telling >= np.sort(telling)[-MAX_FEATURES])
    matrix = hstack([matrix, found.matrix(rows)], format="csr")
    weights, bias = _fit_themes(matrix, targets, themes, importance)
    if written:
        count = len(sentences)
        alone, alone_bias = _fit_themes(matrix[:count], targets[:count], themes, importance[:count])
        weights, bias = np.float32(0.5) * (weights + alone), np.float32(0.5) * (bias + alone_bias)
    return ThemeModel(tuple(themes), vectorizers, found, weights, bias, unit)


def _association(
    matrix: csr_matrix, labels: Sequence[frozenset[str]], themes: Sequence[str], importance: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return for each feature its largest chi-square statistic over the themes."""
    from sklearn.feature_selection import chi2

    weighted = matrix.multiply(importance[:, None]).tocsr()
    largest = np.zeros(matrix.shape[1])
    for theme in themes:
        target = np.fromiter((theme in found for found in labels), dtype=np.int8, count=len(labels))
        if 0 < target.sum() < len(target):
            largest = np.maximum(largest, np.nan_to_num(chi2(weighted, target)[0]))
    return largest


def _fit_themes(
    matrix: csr_matrix, labels: Sequence[frozenset[str]], themes: Sequence[str], importance: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return coefficients (features by themes) and intercepts."""
    from sklearn.linear_model import LogisticRegression

    weights = np.zeros((matrix.shape[1], len(themes)), dtype=np.float32)
    bias = np.full(len(themes), -6.0, dtype=np.float32)
    for column, theme in enumerate(themes):
        target = np.fromiter((theme in found for found in labels), dtype=np.int8, count=len(labels))
        if 0 < target.sum() < len(target):
            estimator = LogisticRegression(
                C=STRENGTH, class_weight="balanced", solver="liblinear", tol=TOLERANCE, max_iter=2000, random_state=SEED
            )
            estimator.fit(matrix, target, sample_weight=importance)
            weights[:, column], bias[column] = estimator.coef_[0].astype(np.float32), np.float32(estimator.intercept_[0])
    return weights, bias


def passage_margins(margins: Matrix, passages: Sequence[int], count: int) -> Matrix:
    """Return each passage's margins: those of its best sentence, theme by theme; ``passages`` tells whose each sentence is."""
    best = np.full((count, margins.shape[1]), UNSEEN)
    np.maximum.at(best, np.asarray(passages, dtype=np.intp), margins)
    return best


def calibrate(margins: Matrix, labels: Sequence[frozenset[str]], themes: Sequence[str], trusting: bool = False) -> Calibration:
    """Fit slopes, intercepts and thresholds on out-of-fold margins of passages.

    A theme's threshold is drawn towards the one that serves all themes together best, the more the rarer the theme is:
    the best threshold of few passages is a matter of luck. A theme gets none where fewer than ``LEARNT`` passages carry it, or
    where its ranking goes less than ``TRUSTED`` of the way from chance to perfect.

    Parameters
    ----------
    margins
        Passages by themes; not a number where the model that judged a passage had not learnt the theme.
    trusting
        Give each theme a threshold all the same, as within a cross-validation, where whether a theme is labelled is decided on the whole.
    """
    slope, intercept, own = {}, {}, {}
    scores = np.zeros_like(margins)
    targets = np.zeros(margins.shape, dtype=np.int8)
    for column, theme in enumerate(themes):
        target = np.fromiter((theme in found for found in labels), dtype=np.int8, count=len(labels))
        seen = ~np.isnan(margins[:, column])
        slope[theme], intercept[theme] = fit_platt(margins[seen, column], target[seen])
        scores[seen, column] = probabilities(margins[seen, column], slope[theme], intercept[theme])
        if trusting or _is_trusted(scores[seen, column], target[seen]):
            own[theme] = best_threshold(scores[:, column], target)
            targets[:, column] = target
    shared = _shared_threshold(scores, targets)
    support = dict(zip(themes, targets.sum(axis=0).tolist(), strict=True))
    threshold = {theme: round((support[theme] * own[theme] + SHRINKAGE * shared) / (support[theme] + SHRINKAGE), 6) for theme in own}
    return Calibration(
        {theme: round(value, 6) for theme, value in slope.items()},
        {theme: round(value, 6) for theme, value in intercept.items()},
        threshold,
    )


def fit_platt(margins: Matrix, target: NDArray[np.int8]) -> tuple[float, float]:
    """Return the slope and intercept that turn margins of one theme into probabilities.

    Where fewer than ``SUPPORTED`` passages carry the theme, the targets are smoothed as by Platt (1999), section 2.2, and the slope is
    drawn towards ``PRIOR_SLOPE``, the more the fewer they are: folds that differ by luck else flatten it to nothing.
    """
    positive = int(target.sum())
    if positive == len(target) or not positive:
        return PRIOR_SLOPE, 0.0
    if positive >= SUPPORTED:
        from sklearn.linear_model import LogisticRegression

        fitted = LogisticRegression(C=1e3).fit(margins[:, None], target)
        return float(max(fitted.coef_[0, 0], 1e-3)), float(fitted.intercept_[0])
    pull = 1 - positive / SUPPORTED
    smooth = np.where(target > 0, (positive + 1) / (positive + 2), 1 / (len(target) - positive + 2))
    wanted = pull * smooth + (1 - pull) * target
    design = np.column_stack([margins, np.ones(len(margins))])
    prior, strength = np.array([PRIOR_SLOPE + pull, 0.0]), np.diag([pull, 1e-3])
    found = prior.copy()
    for _ in range(NEWTON_STEPS):
        guess = probabilities(design @ found, 1.0, 0.0)
        gradient = design.T @ (guess - wanted) + strength @ (found - prior)
        curvature = (design * (guess * (1 - guess))[:, None]).T @ design + strength
        found = found - np.clip(np.linalg.solve(curvature, gradient), -1.0, 1.0)
    return float(max(found[0], 1e-3)), float(found[1])


def _is_trusted(scores: Matrix, target: NDArray[np.int8]) -> bool:
    """Tell whether a theme is carried often enough, and ranked well enough, to be labelled from a threshold."""
    if target.sum() < LEARNT or target.all():
        return False
    from sklearn.metrics import average_precision_score

    share = target.mean()
    return bool(average_precision_score(target, scores) >= share + TRUSTED * (1 - share))


def _shared_threshold(scores: Matrix, targets: NDArray[np.int8]) -> float:
    """Return the one threshold, 0.15 to 0.60, that gives the best macro-F1; 0.5 without positives."""
    if not targets.any():
        return 0.5

    def macro_f1(threshold: float) -> float:
        labelled = scores >= threshold
        hits = (labelled & (targets > 0)).sum(axis=0)
        return float((2 * hits / np.maximum(labelled.sum(axis=0) + targets.sum(axis=0), 1)).mean())

    return max((round(0.15 + 0.01 * step, 2) for step in range(46)), key=macro_f1)


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
