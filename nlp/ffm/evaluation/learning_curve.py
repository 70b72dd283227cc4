"""The learning curve, which tells whether more gold would help.

Within every second fold of the cross-validation (all would take minutes more), models are trained on a share of the
training groups. The subsets are nested: a larger share holds the smaller ones of the same random order.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from math import ceil

import numpy as np
from msgspec import Struct

from ffm.evaluation.bootstrap import Interval, Resampling
from ffm.evaluation.crossval import Judgement, join_folds
from ffm.evaluation.examples import Example
from ffm.evaluation.figures import CurvePoint
from ffm.evaluation.measure_themes import macro_intervals, theme_counts
from ffm.evaluation.splits import Split
from ffm.project.scheme import Scheme

EVERY = 2
# The seeds of the random orders of groups from which each share is measured: two where a fit is cheap and luck is great.
CURVE_GROUPS = 10  # below, a tenth or a quarter of the groups is none or one, and the curve tells nothing
CURVE_SEEDS: dict[float, tuple[int, ...]] = {0.1: (20_26, 20_27), 0.25: (20_26,), 0.5: (20_26,), 0.75: (20_26,)}


class Draw(Struct, frozen=True):
    """The splits of one share and one random order, one a fold."""

    share: float
    splits: tuple[Split, ...]


def curve_draws(groups: Sequence[str], splits: Sequence[Split]) -> list[Draw]:
    """Return the splits of all shares below the whole and all seeds, from those of the cross-validation."""
    whole = splits[::EVERY]
    return [
        Draw(share, tuple(_part_of(split, groups, share, (seed, number)) for number, split in enumerate(whole)))
        for share, seeds in CURVE_SEEDS.items()
        for seed in seeds
    ]


def _part_of(split: Split, groups: Sequence[str], share: float, seed: tuple[int, int]) -> Split:
    """Return a split that is trained on a share of its groups, the first of a random order."""
    names = sorted({groups[index] for index in split.inside})
    order = np.random.default_rng(seed).permutation(len(names))
    kept = {names[index] for index in order[: ceil(share * len(names))]}
    return Split(tuple(index for index in split.inside if groups[index] in kept), split.outside)


def learning_curve(
    scheme: Scheme,
    examples: Sequence[Example],
    groups: Sequence[str],
    draws: Sequence[Draw],
    judgements: Sequence[Judgement],
    whole: Sequence[Split],
    whole_judgements: Sequence[Judgement],
) -> tuple[CurvePoint, ...]:
    """Return the points of the curve.

    Parameters
    ----------
    judgements
        Those of all splits of all draws, in order.
    whole, whole_judgements
        The splits of the cross-validation, which train on all groups, and theirs.
    """
    judged = sorted(index for split in whole[::EVERY] for index in split.outside)
    resampling = Resampling([groups[index] for index in judged])
    gold = [examples[index].themes for index in judged]
    remaining = iter([*judgements, *whole_judgements[::EVERY]])
    found: dict[float, list[tuple[Draw, tuple[Interval | None, Interval | None]]]] = {}
    for draw in [*draws, Draw(1.0, tuple(whole[::EVERY]))]:
        labels = join_folds(examples, scheme.theme_ids, draw.splits, list(islice(remaining, len(draw.splits)))).labels
        counts = theme_counts(scheme.theme_ids, gold, [labels[index] for index in judged])
        found.setdefault(draw.share, []).append((draw, macro_intervals(scheme, counts, resampling)))
    return tuple(_point(share, found[share], groups) for share in sorted(found))


def _point(share: float, found: Sequence[tuple[Draw, tuple[Interval | None, Interval | None]]], groups: Sequence[str]) -> CurvePoint:
    splits = [split for draw, _ in found for split in draw.splits]
    return CurvePoint(
        share,
        float(np.mean([len({groups[index] for index in split.inside}) for split in splits])),
        float(np.mean([len(split.inside) for split in splits])),
        sum(len(split.outside) for split in found[0][0].splits),
        len(found),
        _mean([pair[0] for _, pair in found]),
        _mean([pair[1] for _, pair in found]),
    )


def _mean(found: Sequence[Interval | None]) -> Interval | None:
    known = [item for item in found if item is not None]
    if not known:
        return None
    return Interval(*(float(np.mean([getattr(item, name) for item in known])) for name in ("value", "low", "high")))
