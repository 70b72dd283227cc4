"""What is estimated of a report, theme by theme: how many sources, sentences and passages speak of it, and how sure that is.

A report that was read, or whose gold is known, is counted. Of one where a random sample was read, the classifier's count is corrected by
what it got wrong in the sample (the difference estimator: Saerndal, Swensson and Wretman 1992, "Model Assisted Survey Sampling", chapter
6; Angelopoulos et al. 2023, "Prediction-powered inference"), its variance not taken for less than the classifier's own doubt. Of any other,
calibrated probabilities are summed, under the unknown shift of the report (:mod:`ffm.evaluation.shifts`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray
from scipy.special import stdtrit

from ffm.comparison.labelled import Labelled, Outline
from ffm.comparison.sampling import floor_of_errors
from ffm.evaluation.counts import (
    WEIGHTS,
    Count,
    Draws,
    count_passages,
    count_sentences,
    count_sources,
    intervals,
    moments,
    shifted_draws,
    total,
)
from ffm.evaluation.shifts import Repeats, Shifts

Matrix = NDArray[np.float64]
Unit = Literal["sources", "sentences", "passages"]
Distributions = dict[str, dict[Unit, list[Count]]]
UNITS: tuple[Unit, ...] = ("sources", "sentences", "passages")
METHODS = {
    "gold": "gold",
    "part": "gold of some passages, classifier for the others",
    "read": "read",
    "sample": "sample read, difference estimator",
    "model": "classifier, with the unknown shift of the report",
    "in-sample": "classifier that learnt from the report",
}
ENOUGH_SOURCES = 6  # interviews from which what others would have said can be told


class Share(Struct, frozen=True):
    """How much of a report speaks of a theme, in one unit.

    Attributes
    ----------
    n, found
        How many units there are, and how many carry the theme by their labels.
    value, low, high
        Of the report itself, with a 95% interval: a share, or of sources their number.
    variance
        Of the value: what is not known of the report's labels.
    sampling
        The variance that comes from which sources were asked, or where there are few of them from which passages were written: as a share.
    clusters
        How many sources, or passages, that is told from.
    by_sources
        Whether the clusters are sources, so that what others would have said can be told.
    waves
        How the count goes with the shift, see :attr:`ffm.evaluation.counts.Count.waves`; None where a sample was read, and of a report without a date.
    freedom
        Degrees of freedom of the variance; None where it is known but for the shift.
    """

    n: int
    found: int
    value: float
    low: float
    high: float
    variance: float
    sampling: float
    clusters: int
    waves: Matrix | None
    freedom: int | None = None
    by_sources: bool = False

    @property
    def population(self) -> tuple[float, float]:
        """The 95% interval of the share had other such sources been asked: Wilson's, on the effective number of units (Korn and Graubard 1998)."""
        share = min(max(self.value, 0.5 / max(self.n, 1)), 1 - 0.5 / max(self.n, 1))
        effective = share * (1 - share) / max(self.variance + self.sampling, 1e-12)
        z = float(stdtrit(max(self.clusters - 1, 1), 0.975))
        spread = 1 + z * z / effective
        centre = (share + z * z / (2 * effective)) / spread
        margin = z / spread * np.sqrt(share * (1 - share) / effective + z * z / (4 * effective * effective))
        return float(max(0.0, centre - margin)), float(min(1.0, centre + margin))


class Cell(Struct, frozen=True):
    """The passages of one type of source in a report.

    Attributes
    ----------
    n
        By unit how many there are.
    found
        By unit how many carry each theme by their labels.
    expected, spread
        By unit the means and variances of how many truly carry each theme.
    read
        Passages with labels of gold or of readers.
    words, words_of
        Words of all, and by theme of those that carry it.
    stances
        By theme and stance the passages with them.
    """

    n: dict[Unit, float]
    found: dict[Unit, NDArray[np.int64]]
    expected: dict[Unit, Matrix]
    spread: dict[Unit, Matrix]
    read: int
    words: int
    words_of: dict[str, int]
    stances: dict[tuple[str, str], int]


class ReportShares(Struct, frozen=True):
    """A report's shares by unit, in the order of the themes, and its cells by type of source."""

    outline: Outline
    shares: dict[Unit, list[Share]]
    cells: dict[str, Cell]


def report_shares(labelled: Labelled, shifts: Shifts, themes: Sequence[str]) -> ReportShares:
    """Estimate the shares of a report."""
    draws = shifted_draws(labelled.probability, labelled.target, labelled.known, shifts, themes)
    repeats = [shifts.repeats[theme] for theme in themes]
    counts, cells = _cells(labelled, draws, repeats, themes)
    shares: dict[Unit, list[Share]] = {"sources": _sources(counts, cells, len(themes))}
    likely = draws.told @ WEIGHTS
    others = labelled.sentences[:, None].astype(np.float64) - 1
    again: Matrix = 1 + np.array([repeat.share for repeat in repeats], dtype=np.float64) * others
    known = labelled.known[:, None]
    measures: tuple[tuple[Unit, Matrix, Matrix, Matrix, Matrix], ...] = (
        ("passages", np.ones_like(labelled.sentences, dtype=np.float64), likely, labelled.target, np.ones_like(again)),
        (
            "sentences",
            labelled.sentences.astype(np.float64),
            np.where(known, labelled.carrying, likely * again),
            labelled.carrying.astype(np.float64),
            again,
        ),
    )
    for unit, weight, expected, truth, factor in measures:
        shares[unit] = []
        totals = [total([mine[unit][column] for mine in counts.values()]) for column in range(len(themes) if len(weight) else 0)]
        for column, (count, interval) in enumerate(zip(totals, intervals(totals), strict=True)):
            found = sum(int(cell.found[unit][column]) for cell in cells.values())
            share = _share(count, interval, found, expected[:, column], weight, labelled)
            if labelled.how == "sample":
                guess = labelled.probability[:, column] * factor[:, column]
                share = _corrected(share, truth[:, column], guess, factor[:, column], labelled, column)
            shares[unit].append(share)
    return ReportShares(labelled.outline(), shares, cells)


def _cells(labelled: Labelled, draws: Draws, repeats: Sequence[Repeats], themes: Sequence[str]) -> tuple[Distributions, dict[str, Cell]]:
    """Return by type of source how many units carry each theme: their distributions by unit, and the cells."""
    by_source = count_sources(draws, labelled.source, len(labelled.sources))
    types = np.array([passage.source_type or "" for passage in labelled.passages], dtype=object)
    type_of = {passage.source: passage.source_type or "" for passage in labelled.passages if passage.source}
    source_types = np.array([type_of[source] for source in labelled.sources], dtype=object)
    carries = np.array([[theme in passage.labels for theme in themes] for passage in labelled.passages], dtype=np.bool_)
    carries = carries.reshape(len(labelled.passages), len(themes))
    spoken = np.zeros((len(labelled.sources), len(themes)), dtype=np.bool_)
    named = labelled.source >= 0
    np.logical_or.at(spoken, labelled.source[named], carries[named])
    distributions, cells = {}, {}
    for kind in sorted({*types, *source_types}):
        rows, mine = types == kind, source_types == kind
        counts: dict[Unit, list[Count]] = {
            "sources": count_passages(by_source, mine),
            "sentences": count_sentences(draws, rows, labelled.sentences, labelled.carrying, repeats),
            "passages": count_passages(draws, rows),
        }
        found: dict[Unit, NDArray[np.int64]] = {
            "sources": spoken[mine].sum(axis=0),
            "sentences": (labelled.carrying * carries)[rows].sum(axis=0),
            "passages": carries[rows].sum(axis=0),
        }
        told = {unit: [np.array(values) for values in moments(counts[unit])] for unit in UNITS}
        n = {unit: counts[unit][0].top if counts[unit] else 0.0 for unit in UNITS}
        distributions[kind] = counts
        expected, spread = ({unit: told[unit][place] for unit in UNITS} for place in (0, 1))
        cells[kind] = Cell(n, found, expected, spread, int(labelled.known[rows].sum()), *_words_and_stances(labelled, rows))
    return distributions, cells


def _words_and_stances(labelled: Labelled, rows: NDArray[np.bool_]) -> tuple[int, dict[str, int], dict[tuple[str, str], int]]:
    """Return the words of some passages, of those that carry each theme, and the passages by theme and stance."""
    words, words_of, stances = 0, Counter[str](), Counter[tuple[str, str]]()
    for passage, mine in zip(labelled.passages, rows.tolist(), strict=True):
        if mine:
            words += passage.words
            for theme in passage.labels:
                words_of[theme] += passage.words
                if theme in passage.stance:
                    stances[theme, passage.stance[theme]] += 1
    return words, dict(words_of), dict(stances)


def _sources(distributions: Distributions, cells: Mapping[str, Cell], themes: int) -> list[Share]:
    """Return how many sources speak of each theme; none where the report names no source."""
    counts = [total([mine["sources"][column] for mine in distributions.values()]) for column in range(themes if cells else 0)]
    shares = []
    for column, (count, (low, high)) in enumerate(zip(counts, intervals(counts), strict=True)):
        found = sum(int(cell.found["sources"][column]) for cell in cells.values())
        if count.top:
            shares.append(Share(int(count.top), found, count.expected, min(low, found), max(high, found), count.spread, 0.0, 0, None))
    return shares


def _share(count: Count, interval: tuple[float, float], found: int, expected: Matrix, weight: Matrix, labelled: Labelled) -> Share:
    """Return a share of sentences or passages, with the variance of sampling of a ratio of sums over clusters."""
    low, high = interval
    n = count.top
    value = count.expected / n
    by_sources = len(labelled.sources) >= ENOUGH_SOURCES and bool((labelled.source >= 0).all())
    clusters = labelled.source if by_sources else np.arange(len(weight))
    number = int(clusters.max()) + 1
    residual = np.bincount(clusters, expected - value * weight, minlength=number)
    usual = min(max(value, 0.5 / n), 1 - 0.5 / n)
    sampling = max(number / max(number - 1, 1) * float((residual**2).sum()) / n**2, usual * (1 - usual) / n)
    waves = count.waves if labelled.report.covers else None  # a report without a date is compared with none
    return Share(int(n), found, value, low / n, high / n, count.spread / n**2, sampling, number, waves, by_sources=by_sources)


def _corrected(share: Share, truth: Matrix, guess: Matrix, factor: Matrix, labelled: Labelled, column: int) -> Share:
    """Return a share of a report of which a random sample was read: the classifier's sum, corrected by what it got wrong in the sample."""
    passages, read = len(guess), labelled.read
    wrong = (truth - guess)[labelled.known]
    least = floor_of_errors(labelled.probability[:, column], read) * float(factor.mean()) ** 2
    scale = passages / share.n
    variance = max(float(wrong.var(ddof=1)), least) / read * (1 - read / passages) * scale**2
    value = (float(guess.sum()) + passages * float(wrong.mean())) / share.n
    half = float(stdtrit(read - 1, 0.975)) * float(np.sqrt(variance))
    seen = float(truth[labelled.known].sum()) / share.n
    value = min(max(value, seen), 1.0)
    return replace(
        share, value=value, low=max(seen, value - half), high=min(1.0, value + half), variance=variance, waves=None, freedom=read - 1
    )
