"""The strategies: each chooses the passages of which a label is expected to give most."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from ffm.errors import SuggestError
from ffm.suggest.change import gains
from ffm.suggest.pool import Pool
from ffm.suggest.similarity import representatives, spread, text_vectors
from ffm.suggest.views import two_views

Matrix = NDArray[np.float64]


class Choice(Struct, frozen=True):
    """A passage to label next.

    Attributes
    ----------
    index
        Which candidate.
    score
        What the strategy expects of it; comparable within one run only.
    theme
        The theme that speaks most for it; empty where the strategy looks at no theme.
    """

    index: int
    score: float
    theme: str = ""


class Strategy(Protocol):
    """Chooses passages to label next.

    The same pool gives the same choice; candidates of equal worth are taken in the order of the pool.
    """

    def __call__(self, pool: Pool, count: int) -> list[Choice]:
        """Return ``count`` different candidates, or all where there are fewer, the best first."""
        ...


def uncertainty(pool: Pool, count: int) -> list[Choice]:
    """Choose the passages of which the model is least sure: the entropy of the calibrated scores, summed over themes.

    Source: D. Lewis and W. Gale (1994), "A sequential algorithm for training text classifiers", SIGIR; entropy as in
    B. Settles (2009), "Active learning literature survey". Nearness to the themes' thresholds instead of to one half
    was tried too and did worse (docs/experiments.md).
    """
    return _largest(_entropy(pool.scores), pool, count)


def disagreement(pool: Pool, count: int) -> list[Choice]:
    """Choose the passages of which two classifiers that see other sides of a text say most different things.

    Source: I. Muslea, S. Minton and C. Knoblock (2000), "Selective sampling with redundant views", AAAI; the views are
    those of :func:`ffm.suggest.views.two_views`, the measure is the summed difference of probabilities.

    Raises
    ------
    SuggestError
        If no labelled passage's text is here.
    """
    if not pool.labelled:
        raise SuggestError(
            "disagreement learns from labelled passages, and the text of none is here; set FFM_RAW_TEXT to the folders of the reports"
        )
    words, characters = two_views(pool.texts, pool.labelled, pool.themes)
    return _largest(np.abs(words - characters), pool, count)


def diversity(pool: Pool, count: int) -> list[Choice]:
    """Choose the passages that together stand for all others best, beside those that are labelled; no scores are used.

    Source: see :func:`ffm.suggest.similarity.representatives`.
    """
    vectors, before = text_vectors(pool.texts, [passage.text for passage in pool.labelled])
    return [Choice(index, gain) for index, gain in representatives(vectors, before, count)]


def rare_theme(pool: Pool, count: int) -> list[Choice]:
    """Choose the passages that promise labels of the themes that have few: scores weighted by rarity, summed.

    The weight of a theme is the inverse square root of its number of labels; the inverse itself did no better.
    Source: certainty-based ("relevance") sampling of rare classes as in J. Attenberg and F. Provost (2010), "Why label
    when you can search?", KDD.
    """
    return _largest(pool.scores * _rarity(pool), pool, count)


def comparison(pool: Pool, count: int) -> list[Choice]:
    """Choose the passages whose labels narrow the intervals of the themes' changes over time most.

    Source and formula: see :func:`ffm.suggest.change.gains`.

    Raises
    ------
    SuggestError
        If the passages are not of two dates.
    """
    if not pool.periods.changes:
        raise SuggestError(
            "comparison needs reports of two years or more about one country; tag them together, and register each with "
            "ffm reports add --country and --covers"
        )
    return _largest(gains(pool.scores, pool.periods), pool, count)


def hybrid(pool: Pool, count: int) -> list[Choice]:
    """Choose passages that are uncertain, promise rare themes and do not repeat each other.

    A passage is worth the sum of what it is worth to :func:`uncertainty` and to :func:`rare_theme`, theme by theme with the
    weights of rarity, less as it resembles what was chosen before it.
    Source: see :func:`ffm.suggest.similarity.spread`.
    """
    worth = (_entropy(pool.scores) + pool.scores) * _rarity(pool)
    vectors, _ = text_vectors(pool.texts, ())
    return [Choice(index, value, pool.themes[int(np.argmax(worth[index]))]) for index, value in spread(vectors, worth.sum(axis=1), count)]


def _entropy(scores: Matrix) -> Matrix:
    inside = np.clip(scores, 1e-6, 1 - 1e-6)
    return np.asarray(-inside * np.log(inside) - (1 - inside) * np.log(1 - inside), dtype=np.float64)


def _rarity(pool: Pool) -> Matrix:
    """Return a weight for each theme, 1 in the mean."""
    weights = 1 / np.sqrt(pool.support + 1)
    return np.asarray(weights / weights.mean(), dtype=np.float64)


def _largest(worth: Matrix, pool: Pool, count: int) -> list[Choice]:
    """Return the candidates of the largest sums over themes."""
    totals = worth.sum(axis=1)
    order = np.argsort(-totals, kind="stable")[:count]
    return [Choice(int(index), float(totals[index]), pool.themes[int(np.argmax(worth[index]))]) for index in order]


STRATEGIES: dict[str, Strategy] = {
    "uncertainty": uncertainty,
    "disagreement": disagreement,
    "diversity": diversity,
    "rare-theme": rare_theme,
    "comparison": comparison,
    "hybrid": hybrid,
}
READ_LABELLED = frozenset({"disagreement", "diversity"})  # those that read the text of labelled passages
DEFAULT = "hybrid"  # the best of docs/labelling
