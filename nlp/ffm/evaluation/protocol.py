"""All that is measured of a classifier: which fits it takes, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from ffm.evaluation.bootstrap import SEED as BOOTSTRAP_SEED
from ffm.evaluation.crossval import OutOfFold, Recipe, join_folds
from ffm.evaluation.examples import Example
from ffm.evaluation.figures import CurvePoint, LeftOutFigures, ThemeFigures
from ffm.evaluation.fits import Progress, judge_splits
from ffm.evaluation.learning_curve import CURVE_GROUPS, CURVE_SEEDS, curve_draws, learning_curve
from ffm.evaluation.left_out import left_out_figures, left_out_labels, report_splits
from ffm.evaluation.measure_themes import theme_figures
from ffm.evaluation.metrics import Score
from ffm.evaluation.splits import Folds, joined_groups, make_folds, report_clusters
from ffm.project.scheme import Scheme
from ffm.themes.classifier import SEED as FIT_SEED
from ffm.themes.classifier import Calibration, calibrate

SEEDS: dict[str, tuple[int, ...]] = {
    "fits": (FIT_SEED,),
    "bootstrap": (BOOTSTRAP_SEED,),
    "learning curve": tuple(sorted({seed for seeds in CURVE_SEEDS.values() for seed in seeds})),
}


class Measured(Struct):
    """What the fits of an evaluation said.

    Attributes
    ----------
    folds
        How the cross-validation divided the examples, with the group or block of each.
    calibration
        That of the whole, from the out-of-fold margins of all examples; its thresholds tell which themes are labelled.
    left_out
        Makes the leave-one-report-out figures from each report's country and entities; None in a quick run, and without groups.
    curve
        None in a quick run, and without groups.
    """

    folds: Folds
    held_out: OutOfFold
    calibration: Calibration
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
    folds = make_folds(examples, groups)
    whole = folds.splits
    clusters = report_clusters(examples, groups)
    quick = quick or folds.kind == "blocks"
    reports = [] if quick else report_splits(clusters, groups)
    draws = [] if quick or len(set(groups)) < CURVE_GROUPS else curve_draws(groups, whole)
    plan = [*whole, *reports, *(split for draw in draws for split in draw.splits)]
    judgements = judge_splits(examples, recipe, plan, workers, progress)
    count = len(whole)
    held_out = join_folds(examples, recipe.themes, whole, judgements[:count])
    calibration = calibrate(held_out.margins, [example.themes for example in examples], recipe.themes)
    labelled = tuple(calibration.threshold)
    held_out.labels = [found & frozenset(labelled) for found in held_out.labels]
    measured = Measured(folds, held_out, calibration, theme_figures(scheme, examples, folds.units, held_out, labelled), None, None)
    if quick:
        return measured
    if len(set(clusters)) > 1:
        labels = left_out_labels(examples, recipe.themes, reports, judgements[count : count + len(reports)], held_out)
        measured.left_out = lambda countries, entities: left_out_figures(scheme, examples, groups, clusters, labels, countries, entities)
    if draws:
        measured.curve = learning_curve(scheme, examples, groups, draws, judgements[count + len(reports) :], whole, judgements[:count])
    return measured
