"""Cross-validation of the theme classifier, grouped by interview, thresholds tuned without the passages that they judge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from ffm.evaluation.examples import Example
from ffm.evaluation.splits import Split
from ffm.project.scheme import Scheme, Wording
from ffm.segment.sentences import sentence_ranges
from ffm.themes.classifier import LEARNT, Calibration, ThemeModel, Unit, calibrate, fit_model, passage_margins, probabilities
from ffm.themes.encoder import Encoder
from ffm.themes.features import SentenceContext, contexts
from ffm.themes.first_look import cues_of_definitions
from ffm.themes.mixture import Mixture, fit_mixture
from ffm.themes.stance import StanceModel, fit_stance, majority

Matrix = NDArray[np.float64]
LITTLE = 600  # passages


class Recipe(Struct, frozen=True):
    """What a classifier is trained with besides the gold.

    Attributes
    ----------
    themes, stance_themes, stances
        The themes to learn, those that carry a stance, and the stances.
    cues, stance_cues, wordings
        Phrases that hint at themes and stances, and how texts word that a theme is there or not, from the scheme.
    written
        Examples written for training; on the training side of every fold.
    learnt
        The themes of which there are examples enough.
    unit
        What the classifier reads: sentences, or whole passages where that is what gold marks.
    """

    themes: tuple[str, ...]
    stance_themes: tuple[str, ...]
    stances: tuple[str, ...]
    cues: tuple[str, ...] = ()
    stance_cues: tuple[str, ...] = ()
    written: tuple[Example, ...] = ()
    learnt: tuple[str, ...] = ()
    unit: Unit = "sentence"
    wordings: dict[str, Wording] = {}


def make_recipe(scheme: Scheme, examples: Sequence[Example], written: Sequence[Example] = ()) -> Recipe:
    """Return the recipe of a scheme for examples.

    Themes that fewer than ``LEARNT`` passages carry are not learnt. Where the gold is of fewer than ``LITTLE`` passages, the words of
    the themes' definitions are looked for as cues are: they tell more than so few passages can.
    """
    support = Counter(theme for example in [*examples, *written] for theme in example.themes)
    return Recipe(
        scheme.theme_ids,
        scheme.stance_ids,
        tuple(scheme.stances),
        scheme.cues if len(examples) >= LITTLE else cues_of_definitions(scheme),
        scheme.stance_cues,
        tuple(written),
        tuple(theme for theme in scheme.theme_ids if support[theme] >= LEARNT),
        "passage" if 2 * sum(example.whole for example in examples) > len(examples) else "sentence",
        scheme.wordings,
    )


class OutOfFold(Struct):
    """What models say of passages that they did not see.

    Attributes
    ----------
    margins
        Passages by themes; not a number where the model of the fold had no example of the theme.
    probability
        Calibrated on the other folds, passages by themes; 0 where the margin is no number.
    labels
        The themes above thresholds that the other folds gave.
    stance
        For each passage the stance of the core themes that gold marks.
    """

    margins: Matrix
    probability: Matrix
    labels: list[frozenset[str]]
    stance: list[dict[str, str]]


def training_sentences(examples: Sequence[Example], recipe: Recipe) -> tuple[list[SentenceContext], list[frozenset[str]]]:
    """Return the sentences of examples with the themes to learn; each sentence of a passage that is marked as a whole carries its themes."""
    sentences: list[SentenceContext] = []
    themes: list[frozenset[str]] = []
    learnt = frozenset(recipe.learnt)
    for example in examples:
        if recipe.unit == "passage" and example.whole:
            found = contexts([example.text[start:end] for start, end in sentence_ranges(example.text)], *_about(example))
            sentences += found
            themes += [example.themes & learnt] * len(found)
        else:
            sentences += example.sentences
            themes += [found & learnt for found in example.sentence_themes]
    return sentences, themes


def _about(example: Example) -> tuple[str, str]:
    """Return the question and the heading of an example."""
    return (example.sentences[0].question, example.sentences[0].heading) if example.sentences else ("", "")


def fit_themes(examples: Sequence[Example], recipe: Recipe) -> ThemeModel:
    """Fit the theme classifier on examples."""
    written, written_themes = training_sentences(recipe.written, recipe)
    return fit_model(*training_sentences(examples, recipe), recipe.themes, recipe.cues, written, written_themes, recipe.unit)


def fit_stances(examples: Sequence[Example], recipe: Recipe, encoder: Encoder | None = None) -> StanceModel:
    """Fit the classifier of stance on the sentences of examples, written ones too, that carry a core theme.

    Parameters
    ----------
    encoder
        Whose vectors it is to read. One that was tuned on a passage tells of it what it cannot tell of others: none where figures are made.
    """
    carrying = [example for example in [*examples, *recipe.written] if any(example.sentence_stance)]
    rows = [
        (sentence, theme, stance, (number, place))
        for number, example in enumerate(carrying)
        for place, (sentence, stances) in enumerate(zip(example.sentences, example.sentence_stance, strict=True))
        for theme, stance in sorted(stances.items())
    ]
    sentences, themes, stances = [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]
    vectors = None
    if encoder is not None and rows:
        read = [encoder.vectors(item.sentences[0].subject, [sentence.text for sentence in item.sentences]) for item in carrying]
        vectors = np.array([read[number][place] for *_, (number, place) in rows])
    return fit_stance(sentences, themes, stances, recipe.stance_themes, recipe.stances, recipe.stance_cues, recipe.wordings, vectors)


def example_margins(model: ThemeModel, examples: Sequence[Example]) -> Matrix:
    """Return the margins of examples, passages by themes; not a number for themes that the model had no example of."""
    read = [contexts([example.text], *_about(example)) if model.unit == "passage" else example.sentences for example in examples]
    owners = [number for number, sentences in enumerate(read) for _ in sentences]
    margins = passage_margins(model.margins([sentence for sentences in read for sentence in sentences]), owners, len(examples))
    margins[:, [model.themes.index(theme) for theme in model.unlearnt]] = np.nan
    return margins


class Judgement(Struct):
    """What the models of a split say of the examples outside of it: margins, and the stance of the core themes that gold marks."""

    margins: Matrix
    stance: list[dict[str, str]]


def judge_split(examples: Sequence[Example], recipe: Recipe, split: Split) -> Judgement:
    """Train on the examples inside of a split and judge those outside."""
    inside, outside = [examples[index] for index in split.inside], [examples[index] for index in split.outside]
    model = fit_stances(inside, recipe)
    return Judgement(example_margins(fit_themes(inside, recipe), outside), [_gold_theme_stance(model, example) for example in outside])


class Fitted(Struct, frozen=True):
    """What turns margins into probabilities and labels; ``mixture`` is None where there is no encoder."""

    calibration: Calibration
    mixture: Mixture | None

    def scores(self, margins: Matrix, encoder: Matrix | None, themes: Sequence[str]) -> Matrix:
        """Return probabilities of the margins of passages by the sparse classifier and by the encoder, passages by themes."""
        mixed = margins if self.mixture is None or encoder is None else self.mixture.combine(margins, encoder, themes)
        return calibrated(mixed, self.calibration, themes)


def fit_scores(
    margins: Matrix, encoder: Matrix | None, labels: Sequence[frozenset[str]], themes: Sequence[str], trusting: bool = False
) -> Fitted:
    """Fit mixture, calibration and thresholds on out-of-fold margins of passages and the themes that they carry."""
    if encoder is None:
        return Fitted(calibrate(margins, labels, themes, trusting), None)
    mixture = fit_mixture(margins, encoder, labels, themes)
    return Fitted(calibrate(mixture.combine(margins, encoder, themes), labels, themes, trusting), mixture)


def join_folds(
    examples: Sequence[Example],
    themes: Sequence[str],
    splits: Sequence[Split],
    judgements: Sequence[Judgement],
    encoder: Matrix | None = None,
) -> OutOfFold:
    """Return what the models of splits say of the examples; those that no split judges get no labels.

    The calibration and thresholds of a fold come from the out-of-fold margins of all other folds, whose models had seen
    the fold: no passage helps to calibrate its own score, but the margins are not those of a nested cross-validation.

    Parameters
    ----------
    encoder
        Out-of-fold margins of an encoder for all examples, under splits that leave out the same or more.
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
        known = [examples[index].themes for index in others]
        fitted = fit_scores(margins[others], None if encoder is None else encoder[others], known, themes, trusting=True)
        probability[outside] = fitted.scores(margins[outside], None if encoder is None else encoder[outside], themes)
        above = probability[outside] >= np.array([fitted.calibration.threshold[theme] for theme in themes])
        for index, row in zip(outside, above, strict=True):
            labels[index] = frozenset(theme for theme, given in zip(themes, row, strict=True) if given)
    return OutOfFold(margins, probability, labels, stance)


def calibrated(margins: Matrix, calibration: Calibration, themes: Sequence[str]) -> Matrix:
    """Return calibrated probabilities of margins, passages by themes; 0 where a margin is no number."""
    columns = [
        probabilities(margins[:, column], calibration.slope[theme], calibration.intercept[theme]) for column, theme in enumerate(themes)
    ]
    return np.nan_to_num(np.column_stack(columns))


def _gold_theme_stance(model: StanceModel, example: Example) -> dict[str, str]:
    found = {}
    for theme in example.stance:
        carrying = [sentence for sentence, themes in zip(example.sentences, example.sentence_themes, strict=True) if theme in themes]
        found[theme] = majority(model.classify(carrying, [theme] * len(carrying)), model.stances[0])
    return found
