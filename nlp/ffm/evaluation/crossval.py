"""Cross-validation of the theme classifier, grouped by interview, thresholds tuned without the passages that they judge."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from ffm.evaluation.examples import Example
from ffm.project.scheme import Scheme
from ffm.themes.classifier import Calibration, ThemeModel, calibrate, fit_model, passage_margins, probabilities
from ffm.themes.features import SentenceContext
from ffm.themes.stance import StanceModel, fit_stance, majority

Matrix = NDArray[np.float64]


class Recipe(Struct, frozen=True):
    """What a classifier is trained with besides the gold.

    Attributes
    ----------
    themes, stance_themes, stances
        The themes to learn, those that carry a stance, and the stances.
    cues, stance_cues
        The scheme's phrases that hint at themes and stances.
    written
        Examples written for training; on the training side of every fold.
    """

    themes: tuple[str, ...]
    stance_themes: tuple[str, ...]
    stances: tuple[str, ...]
    cues: tuple[str, ...] = ()
    stance_cues: tuple[str, ...] = ()
    written: tuple[Example, ...] = ()


def scheme_recipe(scheme: Scheme, written: Sequence[Example] = ()) -> Recipe:
    """Return the recipe of a scheme."""
    return Recipe(scheme.theme_ids, scheme.stance_ids, tuple(scheme.stances), scheme.cues, scheme.stance_cues, tuple(written))


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


def fit_themes(examples: Sequence[Example], recipe: Recipe) -> ThemeModel:
    """Fit the theme classifier on examples."""
    written, written_themes = training_sentences(recipe.written)
    return fit_model(*training_sentences(examples), recipe.themes, recipe.cues, written, written_themes)


def fit_stances(examples: Sequence[Example], recipe: Recipe) -> StanceModel:
    """Fit the classifier of stance on the sentences of examples, written ones too, that carry a core theme."""
    rows = [
        (sentence, theme, stance)
        for example in [*examples, *recipe.written]
        for sentence, stances in zip(example.sentences, example.sentence_stance, strict=True)
        for theme, stance in sorted(stances.items())
    ]
    sentences, themes, stances = [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]
    return fit_stance(sentences, themes, stances, recipe.stance_themes, recipe.stances, recipe.stance_cues)


def example_margins(model: ThemeModel, examples: Sequence[Example]) -> Matrix:
    """Return the margins of examples, passages by themes."""
    sentences = [sentence for example in examples for sentence in example.sentences]
    owners = [number for number, example in enumerate(examples) for _ in example.sentences]
    return passage_margins(model.margins(sentences), owners, len(examples))


class Split(Struct, frozen=True):
    """Numbers of the examples that models are trained on, and of those that they judge."""

    inside: tuple[int, ...]
    outside: tuple[int, ...]


class Judgement(Struct):
    """What the models of a split say of the examples outside of it: margins, and the stance of the core themes that gold marks."""

    margins: Matrix
    stance: list[dict[str, str]]


def fold_splits(fold: NDArray[np.intp]) -> list[Split]:
    """Return one split a fold: trained without it, judged on it."""
    return [Split(tuple(np.flatnonzero(fold != number)), tuple(np.flatnonzero(fold == number))) for number in np.unique(fold)]


def judge_split(examples: Sequence[Example], recipe: Recipe, split: Split) -> Judgement:
    """Train on the examples inside of a split and judge those outside."""
    inside, outside = [examples[index] for index in split.inside], [examples[index] for index in split.outside]
    model = fit_stances(inside, recipe)
    return Judgement(example_margins(fit_themes(inside, recipe), outside), [_gold_theme_stance(model, example) for example in outside])


def cross_validate(examples: Sequence[Example], fold: NDArray[np.intp], recipe: Recipe) -> OutOfFold:
    """Return what models trained without a passage's fold say of it."""
    splits = fold_splits(fold)
    return join_folds(examples, recipe.themes, splits, [judge_split(examples, recipe, split) for split in splits])


def join_folds(examples: Sequence[Example], themes: Sequence[str], splits: Sequence[Split], judgements: Sequence[Judgement]) -> OutOfFold:
    """Return what the models of splits say of the examples; those that no split judges get no labels.

    The calibration and thresholds of a fold come from the out-of-fold margins of all other folds, whose models had seen
    the fold: no passage helps to calibrate its own score, but the margins are not those of a nested cross-validation.
    """
    margins = np.zeros((len(examples), len(themes)))
    judged = {index for split in splits for index in split.outside}
    stance: list[dict[str, str]] = [{} for _ in examples]
    for split, judgement in zip(splits, judgements, strict=True):
        margins[list(split.outside)] = judgement.margins
        for index, found in zip(split.outside, judgement.stance, strict=True):
            stance[index] = found
    probability = np.zeros_like(margins)
    labels: list[frozenset[str]] = [frozenset()] * len(examples)
    for split in splits:
        outside = list(split.outside)
        others = sorted(judged - set(outside))
        probability[outside], found_labels = decide(margins[outside], margins[others], [examples[index].themes for index in others], themes)
        for index, label in zip(outside, found_labels, strict=True):
            labels[index] = label
    return OutOfFold(margins, probability, labels, stance)


def decide(
    margins: Matrix, known: Matrix, known_themes: Sequence[frozenset[str]], themes: Sequence[str]
) -> tuple[Matrix, list[frozenset[str]]]:
    """Return probabilities and labels of margins, calibrated on other passages' out-of-fold margins and themes."""
    fitted = calibrate(known, known_themes, themes)
    probability = calibrated(margins, fitted, themes)
    above = probability >= np.array([fitted.threshold[theme] for theme in themes])
    return probability, [frozenset(theme for theme, given in zip(themes, row, strict=True) if given) for row in above]


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
