"""Labelling, simulated on the gold: how fast the classifier learns from what each strategy of ``ffm suggest`` chooses.

Groups of passages (interviews, other reports whole, reports that repeat each other together) are divided at random into a
pool and a test side, several times. From the same 40 random passages on, each strategy chooses 40 passages of the pool at a
time; a fast form of the project's classifier (one fit on precomputed features, without written examples) is trained anew on
what is labelled, its calibration and thresholds on out-of-half scores of the labelled passages. Writes docs/labelling/;
prints as it goes. It needs the annotated reports (FFM_RAW_TEXT) and about ten minutes of one core.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import msgspec
import numpy as np
from labelling_pages import write_pages
from msgspec import Struct
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from ffm.evaluation.crossval import calibrated
from ffm.evaluation.metrics import macro_f1, theme_scores
from ffm.evaluation.splits import joined_groups
from ffm.project.project import find_project
from ffm.suggest import STRATEGIES, Choice, Labelled, Pool, Strategy
from ffm.suggest.change import Periods, estimate, make_periods
from ffm.themes.classifier import SEED, STRENGTH, calibrate, passage_margins
from ffm.themes.features import Cues, features, fit_vectorizers
from ffm.training.train import load_examples

ROOT = Path(__file__).parents[2]
STEP = 40  # passages labelled at a time, and to begin with
STOP = 400
SPLITS = tuple(range(101, 107))  # seeds; what was tried on the way had seeds 0 to 6
TEST_SHARE = 0.25  # of the passages, at least
LARGEST_TEST = 0.4  # of the passages, at most
Z_95 = 1.96
Matrix = NDArray[np.float64]


class Point(Struct, frozen=True):
    """What is known after so many labels.

    Attributes
    ----------
    words
        Words of the labelled passages.
    macro_f1, average_precision
        Means over the themes of the test side.
    error, width, coverage
        Of the core themes' estimated changes between the pool's years: mean absolute error, mean width of the 95%
        interval, share of the intervals that hold the true change.
    """

    labels: int
    words: int
    macro_f1: float
    average_precision: float
    error: float
    width: float
    coverage: float


class Gold:
    """The gold as arrays, and the features that need no fit."""

    def __init__(self) -> None:
        self.scheme = find_project().scheme
        self.themes = self.scheme.theme_ids
        self.core = [self.themes.index(theme) for theme in self.scheme.core_ids]
        _, self.examples, messages = load_examples(find_project().gold, self.scheme)
        if messages:
            raise SystemExit(f"{len(messages)} reports of the gold are without text; set FFM_RAW_TEXT to the folders of the reports")
        self.groups = joined_groups(self.examples)
        self.sentences = [sentence for example in self.examples for sentence in example.sentences]
        self.owner = np.array([number for number, example in enumerate(self.examples) for _ in example.sentences])
        self.sentence_themes = np.array(
            [[theme in found for theme in self.themes] for example in self.examples for found in example.sentence_themes], dtype=np.int8
        )
        self.passage_themes = np.array([[theme in example.themes for theme in self.themes] for example in self.examples], dtype=np.float64)
        self.words = np.array([len(example.text.split()) for example in self.examples])
        self.cues = Cues(self.scheme.cues).matrix(self.sentences)
        self.dates = {name: (entry.country, entry.covers[:4]) for name, entry in find_project().reports().items()}

    def periods(self, pool: Sequence[int], candidates: Sequence[int]) -> Periods:
        """Return the years of candidates, and the changes between the years of the pool."""
        reports = [example.report for example in self.examples]
        return make_periods([reports[index] for index in pool], [reports[index] for index in candidates], self.dates)


class Side:
    """A division of the gold into pool and test, with features fitted on the pool."""

    def __init__(self, gold: Gold, seed: int) -> None:
        self.gold, self.seed = gold, seed
        test = _test_groups(gold.groups, seed)
        held_out = np.array([group in test for group in gold.groups])
        self.pool, self.test = np.flatnonzero(~held_out).tolist(), np.flatnonzero(held_out).tolist()
        vectorizers = fit_vectorizers([sentence for sentence, owner in zip(gold.sentences, gold.owner, strict=True) if not held_out[owner]])
        self.features: csr_matrix = hstack([features(vectorizers, gold.sentences), gold.cues], format="csr")

    def margins(self, trained_on: Sequence[int], judged: Sequence[int]) -> Matrix:
        """Train on the sentences of passages and return the margins of others, passages by themes."""
        gold = self.gold
        inside = np.isin(gold.owner, trained_on)
        matrix = self.features[inside]
        weights = np.zeros((matrix.shape[1], len(gold.themes)), dtype=np.float32)
        bias = np.full(len(gold.themes), -6.0)
        for column in range(len(gold.themes)):
            target = gold.sentence_themes[inside, column]
            if 0 < target.sum() < len(target):
                estimator = LogisticRegression(
                    C=STRENGTH, class_weight="balanced", solver="liblinear", dual=True, tol=0.1, max_iter=2000, random_state=SEED
                )
                estimator.fit(matrix, target)
                weights[:, column], bias[column] = estimator.coef_[0], estimator.intercept_[0]
        place = np.full(len(gold.examples), -1)
        place[list(judged)] = np.arange(len(judged))
        rows = place[gold.owner] >= 0
        found = np.asarray(self.features[rows] @ weights + bias, dtype=np.float64)
        return passage_margins(found, place[gold.owner][rows].tolist(), len(judged))


def _test_groups(groups: Sequence[str], seed: int) -> set[str]:
    """Return groups drawn at random until they hold enough passages, none that would make them too many."""
    names = sorted(set(groups))
    np.random.default_rng(seed).shuffle(names)
    chosen: set[str] = set()
    held = 0
    for name in names:
        size = groups.count(name)
        if held < TEST_SHARE * len(groups) and held + size <= LARGEST_TEST * len(groups):
            chosen.add(name)
            held += size
    return chosen


def simulate(side: Side, strategy: Strategy) -> list[Point]:
    """Label passages that a strategy chooses, step by step, and measure after each."""
    gold = side.gold
    labelled = np.random.default_rng(side.seed).choice(side.pool, STEP, replace=False).tolist()
    points = []
    while True:
        known = set(labelled)
        candidates = [index for index in side.pool if index not in known]
        margins = side.margins(labelled, [*candidates, *side.test])
        themes = [gold.examples[index].themes for index in labelled]
        fitted = calibrate(_out_of_half(side, labelled), themes, gold.themes)
        scores = calibrated(margins, fitted, gold.themes)
        thresholds = np.array([fitted.threshold[theme] for theme in gold.themes])
        count = len(candidates)
        pool = Pool(
            texts=tuple(gold.examples[index].text for index in candidates),
            scores=scores[:count],
            themes=gold.themes,
            thresholds=thresholds,
            labelled=tuple(Labelled(gold.examples[index].text, gold.examples[index].themes) for index in labelled),
            support=gold.passage_themes[labelled].sum(axis=0),
            periods=gold.periods(side.pool, candidates),
        )
        points.append(_measure(side, labelled, pool, margins[count:], scores[count:]))
        if len(labelled) + STEP > STOP:
            return points
        labelled += [candidates[choice.index] for choice in strategy(pool, STEP)]


def _out_of_half(side: Side, labelled: Sequence[int]) -> Matrix:
    """Return the margins of labelled passages by models trained on the other half of them."""
    order = np.random.default_rng(side.seed + len(labelled)).permutation(len(labelled))
    margins = np.zeros((len(labelled), len(side.gold.themes)))
    for judged, trained in ((order[::2], order[1::2]), (order[1::2], order[::2])):
        margins[judged] = side.margins([labelled[place] for place in trained], [labelled[place] for place in judged])
    return margins


def _measure(side: Side, labelled: Sequence[int], pool: Pool, margins: Matrix, scores: Matrix) -> Point:
    gold = side.gold
    labels = [frozenset(theme for theme, given in zip(gold.themes, row >= pool.thresholds, strict=True) if given) for row in scores]
    figures = theme_scores(gold.themes, [gold.examples[index].themes for index in side.test], labels, margins)
    precisions = [score.average_precision for score in figures.values() if score.average_precision is not None]
    whole = gold.periods(side.pool, side.pool)
    years = dict(zip(side.pool, whole.of, strict=True))
    core = gold.passage_themes[:, gold.core]
    truth, _ = estimate(core[side.pool], np.zeros((0, len(gold.core))), whole.of, gold.periods(side.pool, []))
    values, variances = estimate(core[labelled], pool.scores[:, gold.core], [years[index] for index in labelled], pool.periods)
    half, error = Z_95 * np.sqrt(variances), np.abs(values - truth)
    return Point(
        labels=len(labelled),
        words=int(gold.words[labelled].sum()),
        macro_f1=round(macro_f1(figures, gold.themes), 4),
        average_precision=round(float(np.mean(precisions)), 4),
        error=round(float(error.mean()), 4),
        width=round(float(2 * half.mean()), 4),
        coverage=round(float((error <= half + 1e-9).mean()), 4),
    )


def at_random(seed: int, pool: Pool, count: int) -> list[Choice]:
    """Choose at random: what every strategy is held against."""
    order = np.random.default_rng((seed, len(pool.texts))).permutation(len(pool.texts))
    return [Choice(int(index), 0.0) for index in order[:count]]


def core_only(gold: Gold, strategy: Strategy, pool: Pool, count: int) -> list[Choice]:
    """Let a strategy look at the core themes only, as ``ffm suggest`` does for comparison."""
    columns = gold.core
    return strategy(
        msgspec.structs.replace(
            pool,
            scores=pool.scores[:, columns],
            themes=tuple(gold.themes[column] for column in columns),
            thresholds=pool.thresholds[columns],
            support=pool.support[columns],
        ),
        count,
    )


def strategies_of(gold: Gold, seed: int) -> dict[str, Strategy]:
    """Return chance and the strategies, as ``ffm suggest`` runs them."""
    made: dict[str, Strategy] = {"random": partial(at_random, seed)}
    for name, strategy in STRATEGIES.items():
        made[name] = partial(core_only, gold, strategy) if name == "comparison" else strategy
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "docs" / "labelling", help="the folder to write into")
    parser.add_argument("--splits", type=int, default=len(SPLITS), help="so many of the divisions only")
    options = parser.parse_args()
    gold = Gold()
    print(f"{len(gold.examples)} passages, {len(gold.sentences)} sentences, {len(set(gold.groups))} groups")
    curves: dict[str, list[list[Point]]] = {}
    for seed in SPLITS[: options.splits]:
        side = Side(gold, seed)
        for name, strategy in strategies_of(gold, seed).items():
            started = time.process_time()
            points = simulate(side, strategy)
            curves.setdefault(name, []).append(points)
            shown = " ".join(f"{point.macro_f1:.2f}" for point in points)
            print(f"{seed} {name:13} {shown}  {time.process_time() - started:.1f} s", flush=True)
    options.output.mkdir(parents=True, exist_ok=True)
    for path in write_pages(curves, options.output, len(gold.examples), len(set(gold.groups))):
        print(path)


if __name__ == "__main__":
    main()
