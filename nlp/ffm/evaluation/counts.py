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
SURE = 1e6  # what a count that does not vary is divided by: half a unit is beyond any doubt
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

    @property
    def waves(self) -> Matrix:
        """How the mean goes with the shift: its coefficients by Hermite's polynomials."""
        mine = np.atleast_1d((self.weights * self.mean).sum(axis=0) / WEIGHTS)
        return np.asarray(HERMITE.T @ (WEIGHTS * mine))


def covariance(one: Matrix, other: Matrix, correlation: float) -> float:
    """Return the covariance of two counts whose shifts go together, of their :attr:`Count.waves`, by Mehler's formula."""
    orders = np.arange(1, ORDERS + 1)
    return float((correlation**orders * one[1:] * other[1:] / factorial(orders)).sum())


class Mixtures:
    """Counts of one unit side by side."""

    def __init__(self, counts: Sequence[Count]) -> None:
        mean, variance, third = (np.array([getattr(count, name) for count in counts]) for name in ("mean", "variance", "third"))
        self._weights = counts[0].weights.ravel()
        self._top = np.array([[count.top] for count in counts])
        shape = (len(counts), 1, self._weights.size)
        certain = (variance <= 0).reshape(shape)
        deviation = np.sqrt(np.where(certain, 1.0, variance.reshape(shape)))
        self._centre, self._scale = mean.reshape(shape) - 0.5, np.where(certain, SURE, 1 / deviation)
        self._skewness = np.where(certain, 0.0, third.reshape(shape) / deviation**3) / (6 * np.sqrt(2 * np.pi))

    def below(self, values: Matrix) -> Matrix:
        """Return the probabilities that each count is at most some whole numbers, counts by numbers.

        The normal distribution is corrected for skewness and for counts being whole (Volkova 1996, "A refinement of the central limit
        theorem for sums of independent random indicators").

        Parameters
        ----------
        values
            Counts by numbers.
        """
        x = (values[:, :, None] - self._centre) * self._scale
        square = x * x
        told = np.clip(ndtr(x) + self._skewness * (1 - square) * np.exp(-square / 2), 0.0, 1.0) @ self._weights
        return np.where(values >= self._top, 1.0, told)


def quantiles(counts: Sequence[Count], *shares: float) -> list[tuple[float, ...]]:
    """Return for each of some counts of one unit the least whole numbers that the distribution's shares lie at or below."""
    if not counts:
        return []
    mixtures = Mixtures(counts)
    top = np.array([[count.top] for count in counts])
    low = np.zeros((len(counts), len(shares)))
    high = np.maximum(1.0, np.ceil(top)).repeat(len(shares), axis=1)
    while (low < high).any():
        between = np.floor((low + high) / 2)
        reached = mixtures.below(between) >= np.array(shares)
        low, high = np.where(reached, low, np.minimum(between + 1, high)), np.where(reached, between, high)
    return [tuple(row) for row in np.minimum(low, top).tolist()]


def intervals(counts: Sequence[Count]) -> list[tuple[float, float]]:
    """Return the 95% intervals of counts of one unit."""
    return [(low, high) for low, high in quantiles(counts, LOW, HIGH)]


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
