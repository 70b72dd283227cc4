"""How far a report's labels lie from what a classifier says of them: each report shifts the log odds of a theme by an amount of its own.

Calibrated probabilities are right on the average of reports, not in each. Of a report that nobody labelled the shift is not known; how
widely shifts spread is, from reports whose families were left out when the classifier was fitted. The spread is what an honest interval of
a share has to pay.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.special import log_expit, logsumexp

from ffm.evaluation.kept import keep, kept

FILE = "shifts.json"
GRID = np.linspace(-5.0, 5.0, 51)  # shifts over which likelihoods are summed
SPREADS = tuple(round(0.1 * step, 1) for step in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 24))  # that are tried
UNKNOWN = 1.0  # the spread of a theme, where too few reports tell it
EDGE = 1e-4  # probabilities are kept this far from 0 and 1

Matrix = NDArray[np.float64]


class Repeats(Struct, frozen=True, forbid_unknown_fields=True):
    """How many of a carrying passage's other sentences carry the theme too.

    Attributes
    ----------
    share
        Of all reports.
    spread
        The standard deviation of the share over reports.
    clumping
        How many times the variance within a passage is that of independent sentences.
    """

    share: float
    spread: float
    clumping: float


class Shifts(Struct, frozen=True, forbid_unknown_fields=True):
    """How widely the shifts of reports spread, as standard deviations of log odds.

    Attributes
    ----------
    total
        By theme, over reports: the larger of the theme's own and that of all themes together.
    within
        The part of it that reports of one series do not share: it alone makes their change uncertain.
    repeats
        By theme.
    reports, series
        How many reports, and series of several, told it.
    """

    total: dict[str, float]
    within: dict[str, float]
    repeats: dict[str, Repeats]
    reports: int
    series: int


def unknown_shifts(themes: Sequence[str]) -> Shifts:
    """Return the shifts of a classifier of which too few reports are labelled to tell."""
    return Shifts(dict.fromkeys(themes, UNKNOWN), dict.fromkeys(themes, UNKNOWN), dict.fromkeys(themes, Repeats(0.3, 0.2, 2.0)), 0, 0)


def stretched(probability: Matrix, spread: float) -> Matrix:
    """Return the log odds at no shift, from probabilities that are right on the average of shifts.

    The average of ``expit(x + shift)`` over normal shifts is near ``expit(x / sqrt(1 + pi * spread**2 / 8))`` (MacKay 1992, "The evidence
    framework applied to classification networks", equation 10); this is its inverse.
    """
    clipped = np.clip(probability, EDGE, 1 - EDGE)
    return np.asarray(np.log(clipped / (1 - clipped)) * np.sqrt(1 + np.pi * spread**2 / 8), dtype=np.float64)


class Evidence(Struct, frozen=True):
    """What reports tell of shifts.

    Attributes
    ----------
    likelihood
        Log likelihoods of labels: spreads by themes by reports by shifts.
    member, sentences, carrying
        Of each passage the number of its report, how many sentences it has, and how many of them carry each theme.
    family
        Of each report.
    """

    themes: Sequence[str]
    likelihood: Matrix
    member: NDArray[np.int64]
    sentences: NDArray[np.int64]
    carrying: NDArray[np.int64]
    family: tuple[str, ...]

    def without(self, family: str) -> Evidence:
        """Return what the reports of other families tell."""
        kept = [number for number, name in enumerate(self.family) if name != family]
        passages = np.isin(self.member, kept)
        return Evidence(
            self.themes,
            self.likelihood[:, :, kept],
            np.searchsorted(kept, self.member[passages]),
            self.sentences[passages],
            self.carrying[passages],
            tuple(self.family[number] for number in kept),
        )

    def shifts(self) -> Shifts:
        """Fit the spreads by maximum likelihood."""
        marginal = np.array(
            [logsumexp(mine + _prior(spread), axis=2).sum(axis=1) for mine, spread in zip(self.likelihood, SPREADS, strict=True)]
        )
        pooled = int(marginal.sum(axis=1).argmax())
        total = np.maximum(marginal.argmax(axis=0), pooled)
        series = [[number for number, family in enumerate(self.family) if family == name] for name in sorted(set(self.family))]
        series = [members for members in series if len(members) > 1]
        within = _within(self.likelihood[total, np.arange(len(self.themes))], [SPREADS[index] for index in total], series)
        return Shifts(
            {theme: SPREADS[index] for theme, index in zip(self.themes, total, strict=True)},
            {theme: min(within, SPREADS[index]) for theme, index in zip(self.themes, total, strict=True)},
            _repeats(self.themes, self.sentences, self.carrying, self.member),
            len(self.family),
            len(series),
        )


def evidence_of(
    themes: Sequence[str],
    probability: Matrix,
    target: Matrix,
    sentences: NDArray[np.int64],
    carrying: NDArray[np.int64],
    reports: Sequence[str],
    families: Sequence[str],
) -> Evidence:
    """Return what labelled reports tell of shifts.

    Parameters
    ----------
    probability, target
        Of passages by themes: what a classifier that saw nothing of their family says, and 1 where gold has the theme.
    sentences, carrying
        How many sentences each passage has, and how many of them carry each theme.
    reports, families
        Of each passage.
    """
    names = sorted(set(reports))
    member = np.array([names.index(report) for report in reports])
    likelihood = np.array(
        [
            [_likelihoods(probability[:, theme], target[:, theme], member, len(names), spread) for theme in range(len(themes))]
            for spread in SPREADS
        ]
    )
    return Evidence(themes, likelihood, member, sentences, carrying, tuple(families[list(reports).index(name)] for name in names))


def _likelihoods(probability: Matrix, target: Matrix, member: NDArray[np.int64], count: int, spread: float) -> Matrix:
    """Return the log likelihood of each report's labels at each shift, reports by shifts."""
    odds = stretched(probability, spread)[:, None] + GRID
    return np.asarray((member == np.arange(count)[:, None]) @ log_expit(np.where(target[:, None] > 0, odds, -odds)), dtype=np.float64)


def _prior(spread: float) -> Matrix:
    """Return the log of how probable each shift of the grid is."""
    raw = -0.5 * (GRID / max(spread, 0.05)) ** 2
    return np.asarray(raw - logsumexp(raw), dtype=np.float64)


def _within(likelihood: Matrix, totals: Sequence[float], series: Sequence[Sequence[int]]) -> float:
    """Return the one spread within series, for all themes, that makes their labels most likely; the largest total without series."""
    if not series:
        return max(totals)
    distance = GRID[:, None] - GRID
    best = []
    for spread in SPREADS:
        kernel = -0.5 * (distance / spread) ** 2
        kernel -= logsumexp(kernel, axis=1, keepdims=True)
        told = 0.0
        for mine, total in zip(likelihood, totals, strict=True):
            common = _prior(float(np.sqrt(max(total**2 - spread**2, 0.0))))
            by_report = logsumexp(mine[:, None, :] + kernel, axis=2)  # reports by common shifts
            told += sum(float(logsumexp(by_report[list(members)].sum(axis=0) + common)) for members in series)
        best.append(told)
    return SPREADS[int(np.argmax(best))]


def _repeats(
    themes: Sequence[str], sentences: NDArray[np.int64], carrying: NDArray[np.int64], member: NDArray[np.int64]
) -> dict[str, Repeats]:
    """Return how sentences of carrying passages repeat each theme, by moments; spread and clumping are at least those of all themes."""
    share, spread, clumping = np.zeros((3, len(themes)))
    for column in range(len(themes)):
        rows = (carrying[:, column] > 0) & (sentences > 1)
        others, again, reports = (sentences[rows] - 1).astype(float), (carrying[rows, column] - 1).astype(float), member[rows]
        if not others.sum():
            continue
        mean = share[column] = again.sum() / others.sum()
        alone = np.maximum(others * mean * (1 - mean), 1e-9)
        clumping[column] = max(1.0, float(((again - others * mean) ** 2).sum() / alone.sum()))
        each = [(again[reports == name].sum(), others[reports == name].sum()) for name in set(reports.tolist())]
        excess = sum(total * ((told / total - mean) ** 2) - clumping[column] * mean * (1 - mean) for told, total in each)
        spread[column] = np.sqrt(max(0.0, excess / sum(total for _, total in each)))
    spread, clumping = np.maximum(spread, spread.mean()), np.maximum(clumping, clumping.mean())
    return {
        theme: Repeats(*(round(float(values[column]), 4) for values in (share, spread, clumping))) for column, theme in enumerate(themes)
    }


def write_shifts(shifts: Shifts, folder: Path) -> None:
    """Write shifts beside a model's other files."""
    keep(shifts, folder / FILE, readable=True)


def read_shifts(folder: Path) -> Shifts | None:
    """Read the shifts of a model's folder; None where it has none.

    Raises
    ------
    ModelError
        If they are damaged.
    """
    return kept(folder / FILE, Shifts, "ffm train")
