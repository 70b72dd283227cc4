"""How many units carry a theme, as a distribution: what a classifier's probabilities and the unknown shift of a report leave open."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.polynomial.hermite_e import hermegauss, hermevander
from numpy.typing import NDArray
from scipy.special import expit, factorial, ndtr

from ffm.evaluation.shifts import Repeats, Shifts, stretched

Matrix = NDArray[np.float64]

LOW, HIGH = 0.025, 0.975  # the quantiles of a 95% interval
ORDERS = 5  # of the Hermite polynomials by which the means at two shifts are held together


def _nodes(count: int) -> tuple[Matrix, Matrix]:
    places, weights = hermegauss(count)
    return np.asarray(places), np.asarray(weights / weights.sum())


PLACES, WEIGHTS = _nodes(15)  # of a standard normal shift
FEW_PLACES, FEW_WEIGHTS = _nodes(5)  # of how much sentences repeat
BOTH_WEIGHTS = FEW_WEIGHTS[:, None] * WEIGHTS
TRIED = 24  # numbers tried at a time for a quantile
HERMITE = hermevander(PLACES, ORDERS)


class Count(Struct, frozen=True):
    """The distribution of a count of one theme: a mixture over shifts of sums of independent draws.

    Attributes
    ----------
    mean, variance, third
        The first moment and the second and third central ones at each shift, and for sentences at each share that repeats: shares by shifts.
    top
        What it cannot exceed.
    """

    mean: Matrix
    variance: Matrix
    third: Matrix
    top: float

    @property
    def weights(self) -> Matrix:
        """The weights of the mixture."""
        return WEIGHTS[None, :] if len(self.mean) == 1 else BOTH_WEIGHTS

    @property
    def expected(self) -> float:
        """The mean over the mixture."""
        return float((self.weights * self.mean).sum())

    @property
    def spread(self) -> float:
        """The variance over the mixture."""
        return max(0.0, float((self.weights * (self.variance + self.mean**2)).sum() - self.expected**2))

    def below(self, values: Matrix) -> Matrix:
        """Return the probabilities of counts of at most some whole numbers.

        The normal distribution is corrected for skewness and for counts being whole (Volkova 1996, "A refinement of the central limit
        theorem for sums of independent random indicators").
        """
        certain = self.variance <= 0
        deviation = np.sqrt(np.where(certain, 1.0, self.variance))
        x = (values[:, None, None] + 0.5 - self.mean) / deviation
        density = np.exp(-x * x / 2) / np.sqrt(2 * np.pi)
        smooth = np.clip(ndtr(x) + self.third / deviation**3 * (1 - x * x) * density / 6, 0.0, 1.0)
        told = (self.weights * np.where(certain, x >= 0, smooth)).sum(axis=(1, 2))
        return np.where(values >= self.top, 1.0, told)

    def quantiles(self, *shares: float) -> tuple[float, ...]:
        """Return the least whole numbers that the distribution's shares lie at or below."""
        bounds = [(0, max(1, int(np.ceil(self.top))))] * len(shares)
        while any(low < high for low, high in bounds):
            # The first of some numbers between that reaches the share, and the one before it, are the next bounds.
            tried = [np.arange(low, max(low + 1, high), max(1, (high - low) // TRIED)) for low, high in bounds]
            same = all(bound == bounds[0] for bound in bounds)  # as at first: told once
            told = self.below(np.concatenate(tried[:1] if same else tried).astype(np.float64))
            ends = np.cumsum([0 if same and number else len(between) for number, between in enumerate(tried)])
            for number, (share, between, end) in enumerate(zip(shares, tried, ends.tolist(), strict=True)):
                low, high = bounds[number]
                reached = told[end - len(between) : end] >= share
                first = int(reached.argmax()) if reached.any() else len(between)
                after = int(between[first - 1]) + 1 if first else low
                bounds[number] = after, max(after, int(between[first]) if first < len(between) else high)
        return tuple(min(float(low), self.top) for low, _ in bounds)

    def interval(self) -> tuple[float, float]:
        """Return the 95% interval."""
        low, high = self.quantiles(LOW, HIGH)
        return low, high

    def covariance(self, other: Count, correlation: float) -> float:
        """Return the covariance with another count whose shift goes with this one's, by Mehler's formula."""
        mine, theirs = (np.atleast_1d((count.weights * count.mean).sum(axis=0) / WEIGHTS) for count in (self, other))
        first, second = (HERMITE.T @ (WEIGHTS * values) for values in (mine, theirs))
        orders = np.arange(1, ORDERS + 1)
        return float((correlation**orders * first[1:] * second[1:] / factorial(orders)).sum())


def total(counts: Sequence[Count]) -> Count:
    """Return the count of what counts with the same shift make together."""
    if len(counts) == 1:
        return counts[0]
    mean, variance, third = (np.sum([getattr(count, name) for count in counts], axis=0) for name in ("mean", "variance", "third"))
    return Count(mean, variance, third, sum(count.top for count in counts))


def moments(counts: Sequence[Count]) -> tuple[list[float], list[float]]:
    """Return what is expected of counts of one unit, and their variances, as each count's own properties do."""
    if not counts:
        return [], []
    mean, variance = (np.array([getattr(count, name) for count in counts]) for name in ("mean", "variance"))
    first, second = ((counts[0].weights * values).reshape(len(counts), -1).sum(axis=1).tolist() for values in (mean, variance + mean**2))
    return first, [max(0.0, square - expected**2) for square, expected in zip(second, first, strict=True)]


class Draws(Struct, frozen=True):
    """What may be carried, units by themes: how likely at each shift (units by themes by shifts), or for sure.

    Attributes
    ----------
    known
        By unit, whether it is known for sure; ``told`` then holds 0 or 1.
    """

    told: Matrix
    known: NDArray[np.bool_]


def shifted_draws(probability: Matrix, target: Matrix, known: NDArray[np.bool_], shifts: Shifts, themes: Sequence[str]) -> Draws:
    """Return what a report's passages may carry, at shifts that the whole report shares.

    Parameters
    ----------
    probability, target
        Passages by themes; the target, 0 or 1, counts where it is known.
    """
    told = np.empty((*probability.shape, len(PLACES)))
    for column, theme in enumerate(themes):
        spread = shifts.total[theme]
        told[:, column] = expit(stretched(probability[:, column], spread)[:, None] + spread * PLACES)
    told[known] = target[known][:, :, None]
    return Draws(told, known)


def count_passages(draws: Draws, rows: NDArray[np.bool_]) -> list[Count]:
    """Return by theme how many of some passages carry it."""
    told = draws.told[rows]
    own = told * (1 - told)
    mean, variance, third = told.sum(axis=0), own.sum(axis=0), (own * (1 - 2 * told)).sum(axis=0)
    return [Count(mean[[column]], variance[[column]], third[[column]], float(len(told))) for column in range(mean.shape[0])]


def count_sentences(
    draws: Draws, rows: NDArray[np.bool_], sentences: NDArray[np.int64], carrying: NDArray[np.int64], repeats: Sequence[Repeats]
) -> list[Count]:
    """Return by theme how many sentences of some passages carry it: one of each carrying passage, and a share of its others.

    Parameters
    ----------
    sentences, carrying
        Of each passage, and of those that are known by theme how many carry it.
    """
    open_rows, known_rows = rows & ~draws.known, rows & draws.known
    told, others = draws.told[open_rows], (sentences[open_rows] - 1).astype(np.float64)
    own = told * (1 - told)
    skew = own * (1 - 2 * told)
    top, found = float(sentences[rows].sum()), []
    for column, repeat in enumerate(repeats):
        share = np.clip(repeat.share + FEW_PLACES * repeat.spread, 0.0, 1.0)
        weight = 1 + share[:, None] * others
        again = (repeat.clumping * share * (1 - share))[:, None] * (others @ told[:, column])
        fixed = float(carrying[known_rows, column].sum())
        found.append(Count(fixed + weight @ told[:, column], weight**2 @ own[:, column] + again, weight**3 @ skew[:, column], top))
    return found


def count_sources(draws: Draws, source: NDArray[np.int64], sources: int) -> Draws:
    """Return which sources may carry each theme in any of their passages; ``source`` is the number of each passage's, -1 for none."""
    named = source >= 0
    silent = np.zeros((sources, *draws.told.shape[1:]))
    np.add.at(silent, source[named], np.log1p(-np.minimum(draws.told[named], 1 - 1e-12)))
    return Draws(-np.expm1(silent), np.zeros(sources, dtype=np.bool_))
