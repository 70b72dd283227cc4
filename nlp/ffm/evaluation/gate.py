"""The gate: whether a candidate loses significantly against the model that stands, by a paired bootstrap over groups.

Both models are judged on the same passages, against the candidate's gold, and each resample of groups gives one
difference of each figure (Efron and Tibshirani 1993, chapter 16; for language models Koehn 2004).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from ffm.errors import ModelError
from ffm.evaluation.bootstrap import SEED, Matrix, Resampling, f1
from ffm.evaluation.gate_gold import GoldChange, compare_gold, key_of
from ffm.evaluation.held_out import Judged
from ffm.project.scheme import Scheme

RESAMPLES = 2000
LEVEL = 0.95  # one-sided confidence from which a loss is significant
POWER = 0.8  # share of samples in which a detectable loss is found
POWER_DISTANCE = 2.487  # standard errors between no loss and one that is found with that power at that level
SIMULATIONS, SIMULATED_RESAMPLES = 40, 500
MACRO = "macro-F1"
STANCE = "stance"  # right stances, of the themes that gold marks

Counts = NDArray[np.int64]


class Verdict(Struct, frozen=True):
    """A figure of both models.

    Attributes
    ----------
    support
        How many gold items it rests on.
    difference, low, high
        Candidate minus standing, and its 90% bootstrap interval, so that each end is a one-sided bound of 95%.
    detectable
        The smallest loss that this gold detects in four of five samples; None where it detects not even a total one.
    lost
        Whether the loss is significant: the whole interval lies below 0.
    """

    figure: str
    support: int
    standing: float
    candidate: float
    difference: float
    low: float
    high: float
    detectable: float | None
    lost: bool


class Flip(Struct, frozen=True):
    """A passage of which the models differ: its themes by both and by gold, and the entity counts that changed.

    Attributes
    ----------
    entities
        By label: right, predicted and gold spans of the standing model, and of the candidate.
    worse
        How many of its labels and spans were right before only.
    """

    report: str
    start: int
    end: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    gold: tuple[str, ...]
    entities: dict[str, tuple[tuple[int, int, int], tuple[int, int, int]]]
    worse: int


class Gate(Struct, frozen=True):
    """The verdicts on all figures, and the passages that flipped, those first that speak for a significant loss.

    Attributes
    ----------
    passages
        How many both models judged, of ``standing`` and ``candidate`` passages that each of them did.
    gold
        What became of the gold.
    """

    verdicts: tuple[Verdict, ...]
    flips: tuple[Flip, ...]
    passages: int
    standing: int
    candidate: int
    groups: int
    gold: GoldChange

    @property
    def lost(self) -> tuple[str, ...]:
        """The figures that lost significantly."""
        return tuple(verdict.figure for verdict in self.verdicts if verdict.lost)

    @property
    def passed(self) -> bool:
        """Whether no figure lost significantly, and the gold is comparable."""
        return not self.lost and not self.gold.failures


def compare_models(standing: Sequence[Judged], candidate: Sequence[Judged], scheme: Scheme, before: Scheme | None = None) -> Gate:
    """Compare the held-out judgements of two models on the passages that both judged.

    Parameters
    ----------
    scheme, before
        The candidate's scheme and the standing model's, where it is another. Core themes are those of either.

    Raises
    ------
    ModelError
        If they share fewer than two groups of passages, as models of different gold data do.
    """
    mine = {key_of(item): item for item in candidate}
    pairs = [(item, mine[key]) for item in standing if (key := key_of(item)) in mine]
    groups = [after.group for _, after in pairs]
    if len(set(groups)) < 2:
        raise ModelError(
            f"the two models share {len(pairs)} judged passages of {len(set(groups))} groups, of {len(standing)} and "
            f"{len(candidate)}; train both on the same gold data, with the texts of its reports in FFM_RAW_TEXT"
        )
    resampling = Resampling(groups, RESAMPLES, SEED)
    themes = [theme for theme in scheme.theme_ids if any(theme in after.gold for _, after in pairs)]
    counts = {theme: _both(pairs, _theme_counts(theme), resampling) for theme in themes}
    verdicts = [_judge(MACRO, np.stack([counts[theme] for theme in themes], axis=2), resampling)] if themes else []
    core = {*scheme.core_ids, *(before or scheme).core_ids}
    verdicts += [_judge(theme, counts[theme][:, :, None], resampling) for theme in themes if theme in core]
    for label in scheme.entity_ids:
        both = _both(pairs, _entity_counts(label), resampling)
        if both[..., 2].any():
            verdicts.append(_judge(label, both[:, :, None], resampling))
    stances = _both(pairs, _stance_counts, resampling)
    if stances[..., 2].any():
        verdicts.append(_judge(STANCE, stances[:, :, None], resampling))
    flips = [flip for before, after in pairs if (flip := _flip(before, after, scheme)) is not None]
    lost = {verdict.figure for verdict in verdicts if verdict.lost}
    flips.sort(key=lambda flip: (-_speaks_for(flip, lost), -flip.worse))
    gold = compare_gold(standing, candidate, before or scheme, scheme)
    return Gate(tuple(verdicts), tuple(flips), len(pairs), len(standing), len(candidate), len(resampling.names), gold)


Count = Callable[[Judged, Judged], tuple[int, int, int]]


def _theme_counts(theme: str) -> Count:
    return lambda item, by: (int(theme in by.gold and theme in item.labels), int(theme in item.labels), int(theme in by.gold))


def _entity_counts(label: str) -> Count:
    return lambda item, by: item.entities.get(label, (0, 0, 0))


def _stance_counts(item: Judged, by: Judged) -> tuple[int, int, int]:
    """Count where both models judged the stance; right stances of so many, so that the F1 is their share."""
    both = item.stance.keys() & by.stance.keys()
    return sum(item.stance[theme][1] == by.stance[theme][0] for theme in both), len(both), len(both)


def _both(pairs: Sequence[tuple[Judged, Judged]], count: Count, resampling: Resampling) -> Matrix:
    """Return the counts of both models: model by group by (hits, predicted, gold)."""
    return np.stack([resampling.grouped([count(pair[model], pair[1]) for pair in pairs]) for model in (0, 1)])


def _drawn(counts: Matrix, weights: Matrix) -> Matrix:
    """Return the mean F1 of figures, groups by figures by 3, in each resample; what a resample lacks counts as 0."""
    return np.asarray(np.nan_to_num(f1(np.tensordot(weights, counts, axes=1))).mean(axis=1))


def _whole(counts: Matrix) -> float:
    return float(np.nan_to_num(f1(counts.sum(axis=0))).mean())


def _judge(figure: str, counts: Matrix, resampling: Resampling) -> Verdict:
    """Judge a figure, the mean F1 of one or several; ``counts`` are model by group by figure by (hits, predicted, gold)."""
    before, after = counts
    differences = _drawn(after, resampling.weights) - _drawn(before, resampling.weights)
    low, high = (float(value) for value in np.quantile(differences, [1 - LEVEL, LEVEL]))
    least = _least_loss(before, resampling.weights[:SIMULATED_RESAMPLES])
    detectable = None if least is None else max(least, POWER_DISTANCE * float(differences.std()))
    values = _whole(before), _whole(after)
    return Verdict(figure, int(after[..., 2].sum()), *values, values[1] - values[0], low, high, detectable, high < 0)


def _least_loss(counts: Matrix, weights: Matrix) -> float | None:
    """Return the smallest loss that the gate finds in four of five simulations of candidates that are right less often.

    A simulated candidate lacks some of the standing model's right labels, drawn at random, and is else the same.
    """
    hits = np.array([place for place, number in np.ndenumerate(counts[..., 0].astype(np.intp)) for _ in range(number)], dtype=np.intp)
    before = _drawn(counts, weights)

    def spoiled(number: int, simulation: int) -> Matrix:
        lost = np.random.default_rng((SEED, number, simulation)).choice(len(hits), number, replace=False)
        candidate = counts.copy()
        for place in (0, 1):
            np.subtract.at(candidate[..., place], tuple(hits[lost].T), 1)
        return candidate

    def found(number: int) -> bool:
        drawn = [_drawn(spoiled(number, simulation), weights) - before for simulation in range(SIMULATIONS)]
        return sum(float(np.quantile(item, LEVEL)) < 0 for item in drawn) >= POWER * SIMULATIONS

    too_few, enough = 0, 1
    while enough < len(hits) and not found(enough):
        too_few, enough = enough, 2 * enough
    if not len(hits) or (enough >= len(hits) and not found(len(hits))):
        return None
    enough = min(enough, len(hits))
    while enough - too_few > 1:
        middle = (enough + too_few) // 2
        too_few, enough = (too_few, middle) if found(middle) else (middle, enough)
    return float(np.mean([_whole(counts) - _whole(spoiled(enough, simulation)) for simulation in range(SIMULATIONS)]))


def _flip(before: Judged, after: Judged, scheme: Scheme) -> Flip | None:
    """Return what differs between two judgements of a passage; None where nothing does."""
    themes = [theme for theme in scheme.theme_ids if (theme in before.labels) != (theme in after.labels)]
    entities = {
        label: (mine, theirs)
        for label in scheme.entity_ids
        if (mine := before.entities.get(label, (0, 0, 0)))[:2] != (theirs := after.entities.get(label, (0, 0, 0)))[:2]
    }
    if not themes and not entities:
        return None
    worse = sum((theme in after.labels) != (theme in after.gold) for theme in themes)
    worse += sum(max(0, mine[0] - theirs[0]) for mine, theirs in entities.values())
    old, new, gold = (_in_order(item, scheme) for item in (before.labels, after.labels, after.gold))
    return Flip(before.report, before.start, before.end, old, new, gold, entities, worse)


def _in_order(labels: Sequence[str], scheme: Scheme) -> tuple[str, ...]:
    return tuple(theme for theme in scheme.theme_ids if theme in labels)


def _speaks_for(flip: Flip, lost: set[str]) -> int:
    """Return how many of a flip's changes for the worse are of figures that lost significantly."""
    changed = set(flip.before) ^ set(flip.after)
    wrong = {theme for theme in changed if (theme in flip.after) != (theme in flip.gold)}
    spans = {label for label, (mine, theirs) in flip.entities.items() if theirs[0] < mine[0]}
    return len((wrong | spans) & lost) + (len(wrong) if MACRO in lost else 0)
