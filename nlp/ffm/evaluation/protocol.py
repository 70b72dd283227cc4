"""All that is measured of a classifier: which fits it takes, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from ffm.evaluation.bootstrap import SEED as BOOTSTRAP_SEED
from ffm.evaluation.crossval import Fitted, Matrix, OutOfFold, Recipe, fit_scores, join_folds
from ffm.evaluation.examples import Example
from ffm.evaluation.figures import CurvePoint, ThemeFigures
from ffm.evaluation.fits import Progress, judge_splits
from ffm.evaluation.learning_curve import CURVE_GROUPS, CURVE_SEEDS, curve_draws, learning_curve
from ffm.evaluation.measure_themes import theme_figures
from ffm.evaluation.splits import FoldKind, Folds, Split, fold_splits, group_folds, joined_groups, make_folds, report_families
from ffm.project.scheme import Scheme
from ffm.themes.classifier import SEED as FIT_SEED
from ffm.themes.classifier import Calibration

SecondMargins = Callable[[Sequence[Split], FoldKind], Matrix]  # the margins of all examples, each by an encoder that had not seen its fold

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
    families
        The family of reports of each example.
    held_out, themes
        By models that had not seen the fold.
    fitted
        Mixture, calibration and thresholds of the whole, from the out-of-fold margins of all examples; its thresholds tell which themes
        are labelled.
    sparse
        The calibration of the sparse classifier alone; that of ``fitted`` where there is no encoder.
    by_group, curve
        The figures by folds of groups, and the learning curve of the sparse classifier; None in a quick run, and where there are no
        families, or groups.
    """

    folds: Folds
    families: list[str]
    held_out: OutOfFold
    themes: ThemeFigures
    fitted: Fitted
    sparse: Calibration
    by_group: ThemeFigures | None = None
    curve: tuple[CurvePoint, ...] | None = None


def measure(
    scheme: Scheme,
    examples: Sequence[Example],
    recipe: Recipe,
    named: Mapping[str, str],
    second: SecondMargins | None = None,
    quick: bool = False,
    workers: int = 1,
    progress: Progress = lambda done, total: None,
) -> Measured:
    """Cross-validate a recipe over families; unless it must be quick, over groups too, and draw the learning curve.

    Parameters
    ----------
    named
        By report the name of its family, from the register.
    second
        Gives the margins of an encoder that had not seen the folds, if there is one.
    workers
        Number of processes for the fits; the result is the same for every number.
    progress
        Called with how much of the fits is done, and how much they are.
    """
    groups = joined_groups(examples)
    families = report_families(examples, groups, named)
    folds = make_folds(examples, groups, families)
    whole = folds.splits
    by_group = fold_splits(group_folds(groups)) if folds.kind == "families" and not quick else []
    curved = by_group or (whole if folds.kind == "groups" and not quick else [])
    draws = curve_draws(groups, curved) if curved and len(set(groups)) >= CURVE_GROUPS else []
    plan = [*whole, *by_group, *(split for draw in draws for split in draw.splits)]
    judgements = judge_splits(examples, recipe, plan, workers, progress)
    first, rest = judgements[: len(whole)], judgements[len(whole) + len(by_group) :]
    without_fold = second(whole, folds.kind) if second is not None else None
    gold = [example.themes for example in examples]
    held_out = join_folds(examples, recipe.themes, whole, first, without_fold)
    fitted = fit_scores(held_out.margins, without_fold, gold, recipe.themes)
    labelled = tuple(fitted.calibration.threshold)
    held_out.labels = [found & frozenset(labelled) for found in held_out.labels]
    measured = Measured(
        folds,
        families,
        held_out,
        theme_figures(scheme, examples, folds.units, held_out, labelled),
        fitted,
        fit_scores(held_out.margins, None, gold, recipe.themes).calibration,
    )
    if by_group:
        mine = judgements[len(whole) : len(whole) + len(by_group)]
        found = join_folds(examples, recipe.themes, by_group, mine, second(by_group, "groups") if second is not None else None)
        found.labels = [labels & frozenset(labelled) for labels in found.labels]
        measured.by_group = theme_figures(scheme, examples, folds.units, found, labelled)
    if draws:
        mine = judgements[len(whole) : len(whole) + len(by_group)] if by_group else first
        measured.curve = learning_curve(scheme, examples, groups, draws, rest, curved, mine)
    return measured
