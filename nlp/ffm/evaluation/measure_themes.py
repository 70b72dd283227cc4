"""The figures of themes and stance, from what models said of passages that they had not seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ffm.evaluation.bootstrap import Interval, Resampling, f1, interval, mean_of
from ffm.evaluation.calibration import calibration_figures
from ffm.evaluation.crossval import OutOfFold
from ffm.evaluation.examples import Example
from ffm.evaluation.figures import Ranked, ThemeFigures
from ffm.evaluation.metrics import theme_scores
from ffm.project.scheme import Scheme

Counts = NDArray[np.int64]


def theme_figures(
    scheme: Scheme, examples: Sequence[Example], groups: Sequence[str], held_out: OutOfFold, labelled: Sequence[str]
) -> ThemeFigures:
    """Return the figures of out-of-fold labels, probabilities and stances; intervals resample groups.

    Parameters
    ----------
    labelled
        The themes that get labels; of the others only the ranking is measured.
    """
    gold = [example.themes for example in examples]
    themes = scheme.theme_ids
    found = theme_scores(themes, gold, held_out.labels, held_out.probability)
    scores = {theme: found[theme] if theme in labelled and found[theme].support else None for theme in themes}
    resampling = Resampling(groups)
    counts = theme_counts(themes, gold, held_out.labels) * np.array([score is not None for score in scores.values()])[:, None]
    draws = f1(resampling.drawn(counts))
    macro, core = macro_intervals(scheme, counts, resampling)
    right = stance_counts(examples, held_out.stance)
    drawn = resampling.drawn(right)
    stances = int(right[:, 1].sum())
    accuracy = float(right[:, 0].sum()) / stances if stances else None
    return ThemeFigures(
        scores,
        {theme: None if score is None else interval(score.f1, draws[:, column]) for column, (theme, score) in enumerate(scores.items())},
        macro,
        core,
        accuracy,
        stances,
        None if accuracy is None else interval(accuracy, np.where(drawn[:, 1] > 0, drawn[:, 0] / np.maximum(drawn[:, 1], 1), np.nan)),
        micro_interval(counts, resampling) if counts.any() else None,
        calibration_figures(themes, gold, held_out.probability, resampling),
        scheme.core_ids,
        {theme: Ranked(found[theme].support, found[theme].average_precision) for theme, score in scores.items() if score is None},
    )


def theme_counts(themes: Sequence[str], gold: Sequence[frozenset[str]], guess: Sequence[frozenset[str]]) -> Counts:
    """Return hits, predicted and gold, passages by themes by 3."""
    wanted = np.array([[theme in found for theme in themes] for found in gold], dtype=np.int64).reshape(len(gold), len(themes))
    guessed = np.array([[theme in found for theme in themes] for found in guess], dtype=np.int64).reshape(len(gold), len(themes))
    return np.stack([wanted & guessed, guessed, wanted], axis=2)


def macro_intervals(scheme: Scheme, counts: Counts, resampling: Resampling) -> tuple[Interval | None, Interval | None]:
    """Return the macro-F1 of all themes and of the core themes, over those that have support; None where none has."""
    supported = counts[:, :, 2].any(axis=0)
    core = np.array([theme in scheme.core_ids for theme in scheme.theme_ids]) & supported
    value, draws = f1(counts.sum(axis=0)), f1(resampling.drawn(counts))
    both = [interval(float(mean_of(value[chosen])), mean_of(draws[:, chosen])) if chosen.any() else None for chosen in (supported, core)]
    return both[0], both[1]


def micro_interval(counts: Counts, resampling: Resampling) -> Interval:
    """Return the F1 of all decisions on themes, counted together."""
    together = counts.sum(axis=1)
    return interval(float(np.nan_to_num(f1(together.sum(axis=0)))), f1(resampling.drawn(together)))


def stance_counts(examples: Sequence[Example], stance: Sequence[dict[str, str]]) -> Counts:
    """Return, for each passage, how many stances of its core themes are right, and how many there are."""
    counts = np.zeros((len(examples), 2), dtype=np.int64)
    for row, (example, found) in enumerate(zip(examples, stance, strict=True)):
        for theme, wanted in example.stance.items():
            if theme in found:
                counts[row] += (found[theme] == wanted, 1)
    return counts
