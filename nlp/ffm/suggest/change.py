"""The change of a theme's prevalence between periods, how sure it is, and how much surer a label would make it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


class Periods(Struct, frozen=True):
    """Where passages stand in time.

    Attributes
    ----------
    of
        The period of each passage; empty for one that stands in none.
    sizes
        By period the number of all its passages, labelled ones among them.
    changes
        The pairs of periods that are compared, earlier and later.
    """

    of: tuple[str, ...] = ()
    sizes: dict[str, int] = {}
    changes: tuple[tuple[str, str], ...] = ()


def make_periods(reports: Sequence[str], candidates: Sequence[str], dates: Mapping[str, tuple[str, str]]) -> Periods:
    """Return the periods of passages: the years of one series of reports, each compared with the one that follows it.

    Parameters
    ----------
    reports
        The report of each passage that takes part in the comparison, candidates among them.
    candidates
        The report of each candidate.
    dates
        By report its series, such as a country, and its year; a report that is not in it stands in no period.
    """
    names = {report: " ".join(date) for report, date in dates.items()}
    sizes = Counter(names[report] for report in reports if report in names)
    present = sorted({date for report, date in dates.items() if names[report] in sizes})
    changes = tuple((" ".join(earlier), " ".join(later)) for earlier, later in pairwise(present) if earlier[0] == later[0])
    return Periods(tuple(names.get(report, "") for report in candidates), dict(sizes), changes)


def gains(scores: Matrix, periods: Periods) -> Matrix:
    """Return by how much a label would lower the variance of the changes that a passage takes part in, passages by themes.

    The prevalence of a theme in a period of ``N`` passages is estimated as the mean over its passages of what is known
    (0 or 1) where they are labelled and of the calibrated score ``p`` where they are not. If the scores are calibrated
    and passages independent, the error of the estimate has the variance ``sum p (1 - p) / N**2`` over the unlabelled
    passages, and the change between two periods has the sum of the variances of both. A label replaces ``p`` by what is
    known, so it takes ``p (1 - p) / N**2`` from each change that the passage's period stands in: in the middle of a
    series two, at its ends one. As the reductions of passages add up, the passages of the largest ones together lower
    the summed variance most; no search is needed.

    Source: the variance of a sum of independent Bernoulli variables (Poisson binomial distribution); choosing labels by
    the expected fall of an estimate's variance is optimal design as in D. Cohn, Z. Ghahramani and M. Jordan (1996),
    "Active learning with statistical models", Journal of Artificial Intelligence Research 4, 129-145, here for the
    estimate of a prevalence instead of a model's output.

    Parameters
    ----------
    scores
        Calibrated scores of unlabelled passages, by themes.
    """
    changes = Counter(period for change in periods.changes for period in change)
    weights = np.array([changes[period] / periods.sizes[period] ** 2 if period in changes else 0.0 for period in periods.of])
    return np.asarray(weights[:, None] * scores * (1.0 - scores), dtype=np.float64)


def estimate(known: Matrix, scores: Matrix, periods_known: Sequence[str], periods: Periods) -> tuple[Matrix, Matrix]:
    """Return the estimated changes and their variances, changes by themes.

    Parameters
    ----------
    known
        0 or 1 for labelled passages, by themes.
    scores
        Calibrated scores of the unlabelled passages, whose periods are those of ``periods``.
    periods_known
        The periods of the labelled passages.
    """
    count = scores.shape[1]
    total = {period: np.zeros(count) for period in periods.sizes}
    variance = {period: np.zeros(count) for period in periods.sizes}
    for rows, owners, unsure in ((known, periods_known, False), (scores, periods.of, True)):
        for row, period in zip(rows, owners, strict=True):
            if period in total:
                total[period] += row / periods.sizes[period]
                variance[period] += unsure * row * (1.0 - row) / periods.sizes[period] ** 2
    values = [total[later] - total[earlier] for earlier, later in periods.changes]
    variances = [variance[later] + variance[earlier] for earlier, later in periods.changes]
    return np.array(values).reshape(-1, count), np.array(variances).reshape(-1, count)
