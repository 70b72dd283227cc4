"""How often the intervals of a comparison hold: of reports whose whole family neither the classifier nor the shifts had seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from ffm.evaluation.counts import count_passages, count_sentences, intervals, shifted_draws
from ffm.evaluation.shifts import Evidence

FEWEST = 5  # families, of which one can be left out and the others still tell how widely reports differ
LONG = 100  # passages of a report

Matrix = NDArray[np.float64]


class UnitIntervals(Struct, frozen=True):
    """How the 95% intervals of shares of one unit did.

    Attributes
    ----------
    held, held_long
        Share of reports and themes in which the interval held the gold's share; and of those with a hundred passages or more, None without any.
    width
        Mean width, in shares.
    held_by_theme
        By theme the share of reports in which it held.
    """

    held: float
    held_long: float | None
    width: float
    held_by_theme: dict[str, float]


class IntervalFigures(Struct, frozen=True):
    """The intervals of shares of sentences and of passages, and how many reports and families were left out for them."""

    sentences: UnitIntervals
    passages: UnitIntervals
    reports: int
    families: int


class _Trial(Struct, frozen=True):
    """One interval: its theme, whether it held, its width, whether the report is long."""

    theme: str
    held: bool
    width: float
    long: bool


def interval_figures(told: Evidence, probability: Matrix, target: Matrix) -> IntervalFigures | None:
    """Return how often intervals hold with each family left out; None where there are too few of them.

    Parameters
    ----------
    told
        What the reports tell of shifts, which are fitted again without each family.
    probability, target
        As :func:`ffm.evaluation.shifts.evidence_of` takes them.
    """
    names, themes = sorted(set(told.family)), told.themes
    if len(names) < FEWEST:
        return None
    trials: dict[str, list[_Trial]] = {"sentences": [], "passages": []}
    for name in names:
        shifts = told.without(name).shifts()
        for report in (number for number, family in enumerate(told.family) if family == name):
            mine = told.member == report
            count = int(mine.sum())
            draws = shifted_draws(probability[mine], target[mine], np.zeros(count, dtype=np.bool_), shifts, themes)
            every = np.ones(count, dtype=np.bool_)
            repeats = [shifts.repeats[theme] for theme in themes]
            counts = {
                "sentences": count_sentences(draws, every, told.sentences[mine], told.carrying[mine], repeats),
                "passages": count_passages(draws, every),
            }
            truth = {"sentences": told.carrying[mine].sum(axis=0), "passages": target[mine].sum(axis=0)}
            for unit, by_theme in counts.items():
                for theme, (low, high), distribution, true in zip(themes, intervals(by_theme), by_theme, truth[unit], strict=True):
                    trials[unit].append(_Trial(theme, low <= true <= high, (high - low) / distribution.top, count >= LONG))
    return IntervalFigures(_of_unit(trials["sentences"], themes), _of_unit(trials["passages"], themes), len(told.family), len(names))


def _of_unit(trials: Sequence[_Trial], themes: Sequence[str]) -> UnitIntervals:
    long = [trial.held for trial in trials if trial.long]
    return UnitIntervals(
        held=float(np.mean([trial.held for trial in trials])),
        held_long=float(np.mean(long)) if long else None,
        width=float(np.mean([trial.width for trial in trials])),
        held_by_theme={theme: float(np.mean([trial.held for trial in trials if trial.theme == theme])) for theme in themes},
    )
