"""Cross-validation of the theme classifier, grouped by interview, thresholds tuned without the passages that they judge."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from ffm.evaluation.examples import Example
from ffm.themes.classifier import Calibration, ThemeModel, calibrate, fit_model, passage_margins, probabilities
from ffm.themes.features import SentenceContext
from ffm.themes.stance import StanceModel, fit_stance, majority

Matrix = NDArray[np.float64]


class OutOfFold(Struct):
    """What models say of passages that they did not see.

    Attributes
    ----------
    margins
        Passages by themes.
    probability
        Calibrated on the other folds, passages by themes.
    labels
        The themes above thresholds that the other folds gave.
    stance
        For each passage the stance of the core themes that gold marks.
    """

    margins: Matrix
    probability: Matrix
    labels: list[frozenset[str]]
    stance: list[dict[str, str]]


def training_sentences(examples: Sequence[Example]) -> tuple[list[SentenceContext], list[frozenset[str]]]:
    """Return the sentences of examples with their themes."""
    sentences = [sentence for example in examples for sentence in example.sentences]
    themes = [found for example in examples for found in example.sentence_themes]
    return sentences, themes


def fit_themes(examples: Sequence[Example], themes: Sequence[str], cues: Sequence[str] = ()) -> ThemeModel:
    """Fit the theme classifier on examples."""
    return fit_model(*training_sentences(examples), themes, cues)


def fit_stances(examples: Sequence[Example], themes: Sequence[str], names: Sequence[str]) -> StanceModel:
    """Fit the classifier of stance on the sentences of examples that carry a core theme."""
    rows = [
        (sentence, theme, stance)
        for example in examples
        for sentence, stances in zip(example.sentences, example.sentence_stance, strict=True)
        for theme, stance in sorted(stances.items())
    ]
    return fit_stance([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows], themes, names)


def example_margins(model: ThemeModel, examples: Sequence[Example]) -> Matrix:
    """Return the margins of examples, passages by themes."""
    sentences = [sentence for example in examples for sentence in example.sentences]
    owners = [number for number, example in enumerate(examples) for _ in example.sentences]
    return passage_margins(model.margins(sentences), owners, len(examples))


def cross_validate(
    examples: Sequence[Example],
    fold: NDArray[np.intp],
    themes: Sequence[str],
    stance_themes: Sequence[str],
    stances: Sequence[str],
    fit: Callable[[Sequence[Example], Sequence[str]], ThemeModel] = fit_themes,
) -> OutOfFold:
    """Return what models trained without a passage's fold say of it.

    The calibration and thresholds of a fold come from the out-of-fold margins of all other folds.
    """
    margins = np.zeros((len(examples), len(themes)))
    stance: list[dict[str, str]] = [{} for _ in examples]
    numbers = sorted(set(fold.tolist()))
    for number in numbers:
        inside = [examples[index] for index in np.flatnonzero(fold != number).tolist()]
        outside = np.flatnonzero(fold == number).tolist()
        margins[outside] = example_margins(fit(inside, themes), [examples[index] for index in outside])
        model = fit_stances(inside, stance_themes, stances)
        for index in outside:
            stance[index] = _gold_theme_stance(model, examples[index])
    probability = np.zeros_like(margins)
    labels: list[frozenset[str]] = [frozenset()] * len(examples)
    for number in numbers:
        inside_index, outside = np.flatnonzero(fold != number).tolist(), np.flatnonzero(fold == number).tolist()
        fitted = calibrate(margins[inside_index], [examples[index].themes for index in inside_index], themes)
        probability[outside] = calibrated(margins[outside], fitted, themes)
        for index in outside:
            labels[index] = frozenset(theme for column, theme in enumerate(themes) if probability[index, column] >= fitted.threshold[theme])
    return OutOfFold(margins, probability, labels, stance)


def calibrated(margins: Matrix, calibration: Calibration, themes: Sequence[str]) -> Matrix:
    """Return calibrated probabilities of margins, passages by themes."""
    return np.column_stack(
        [probabilities(margins[:, column], calibration.slope[theme], calibration.intercept[theme]) for column, theme in enumerate(themes)]
    )


def _gold_theme_stance(model: StanceModel, example: Example) -> dict[str, str]:
    found = {}
    for theme in example.stance:
        carrying = [sentence for sentence, themes in zip(example.sentences, example.sentence_themes, strict=True) if theme in themes]
        found[theme] = majority(model.classify(carrying, theme))
    return found
