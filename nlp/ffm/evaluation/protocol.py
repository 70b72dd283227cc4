"""All that is measured of a classifier: which fits it takes, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from ffm.evaluation.bootstrap import SEED as BOOTSTRAP_SEED
from ffm.evaluation.crossval import OutOfFold, Recipe, fold_splits, join_folds
from ffm.evaluation.examples import Example
from ffm.evaluation.figures import CurvePoint, LeftOutFigures, ThemeFigures
from ffm.evaluation.fits import Progress, judge_splits
from ffm.evaluation.learning_curve import CURVE_SEEDS, curve_draws, learning_curve
from ffm.evaluation.left_out import left_out_figures, left_out_labels, report_splits
from ffm.evaluation.measure_themes import theme_figures
from ffm.evaluation.metrics import Score
from ffm.evaluation.splits import folds, joined_groups, report_clusters
from ffm.project.scheme import Scheme
from ffm.themes.classifier import SEED as FIT_SEED

SEEDS: dict[str, tuple[int, ...]] = {
    "fits": (FIT_SEED,),
    "bootstrap": (BOOTSTRAP_SEED,),
    "learning curve": tuple(sorted({seed for seeds in CURVE_SEEDS.values() for seed in seeds})),
}


class Measured(Struct):
    """What the fits of an evaluation said.

    Attributes
    ----------
    groups
        The group of each example.
    left_out
        Makes the leave-one-report-out figures from each report's country and entities; None in a quick run.
    """

    groups: list[str]
    held_out: OutOfFold
    themes: ThemeFigures
    curve: tuple[CurvePoint, ...] | None
    left_out: Callable[[Mapping[str, str], Mapping[str, Score]], LeftOutFigures] | None


def measure(
    scheme: Scheme,
    examples: Sequence[Example],
    recipe: Recipe,
    quick: bool = False,
    workers: int = 1,
    progress: Progress = lambda done, total: None,
) -> Measured:
    """Cross-validate a recipe; unless it must be quick, leave out each report too and draw the learning curve.

    Parameters
    ----------
    workers
        Number of processes for the fits; the result is the same for every number.
    progress
        Called with how much of the fits is done, and how much they are.
    """
    groups = joined_groups(examples)
    fold = folds(examples)
    whole = fold_splits(fold)
    clusters = report_clusters(examples, groups)
    reports = [] if quick else report_splits(clusters, groups)
    draws = [] if quick else curve_draws(groups, fold)
    plan = [*whole, *reports, *(split for draw in draws for split in draw.splits)]
    judgements = judge_splits(examples, recipe, plan, workers, progress)
    count = len(whole)
    held_out = join_folds(examples, recipe.themes, whole, judgements[:count])
    measured = Measured(groups, held_out, theme_figures(scheme, examples, groups, held_out), None, None)
    if quick:
        return measured
    if len(set(clusters)) > 1:
        labels = left_out_labels(examples, recipe.themes, reports, judgements[count : count + len(reports)], held_out)
        measured.left_out = lambda countries, entities: left_out_figures(scheme, examples, groups, clusters, labels, countries, entities)
    measured.curve = learning_curve(scheme, examples, groups, draws, judgements[count + len(reports) :], whole, judgements[:count])
    return measured
