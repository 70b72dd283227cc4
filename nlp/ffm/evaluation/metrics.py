"""Precision, recall, F1 and average precision, with their support."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score


class Score(Struct, frozen=True):
    """Figures of one label, each 0 to 1.

    Attributes
    ----------
    support
        How many gold items carry the label.
    average_precision
        Area under the precision-recall curve; None for entities, which have no scores.
    """

    precision: float
    recall: float
    f1: float
    support: int
    average_precision: float | None = None


def score(hits: int, predicted: int, gold: int, average_precision: float | None = None) -> Score:
    """Return the figures for counts; 0 where a denominator is 0."""
    return Score(
        hits / predicted if predicted else 0.0,
        hits / gold if gold else 0.0,
        2 * hits / (predicted + gold) if predicted + gold else 0.0,
        gold,
        average_precision,
    )


def theme_scores(
    themes: Sequence[str], gold: Sequence[frozenset[str]], predicted: Sequence[frozenset[str]], probability: NDArray[np.float64]
) -> dict[str, Score]:
    """Return the figures of each theme.

    Parameters
    ----------
    probability
        Scores, passages by themes.
    """
    scores: dict[str, Score] = {}
    for column, theme in enumerate(themes):
        target = np.fromiter((theme in found for found in gold), dtype=np.int8, count=len(gold))
        guess = np.fromiter((theme in found for found in predicted), dtype=np.int8, count=len(gold))
        precision = float(average_precision_score(target, probability[:, column])) if target.any() else None
        scores[theme] = score(int((target & guess).sum()), int(guess.sum()), int(target.sum()), precision)
    return scores


def macro_f1(scores: dict[str, Score], themes: Iterable[str]) -> float:
    """Return the mean F1 over themes that have support."""
    values = [scores[theme].f1 for theme in themes if scores[theme].support]
    return float(np.mean(values)) if values else 0.0


Span = tuple[int, int, str]


class SpanCounts(Struct):
    """Counts of spans of one label, to be added up over texts."""

    exact: int = 0
    predicted_met: int = 0
    gold_met: int = 0
    predicted: int = 0
    gold: int = 0

    def add(self, gold: Iterable[Span], predicted: Iterable[Span]) -> None:
        """Count the spans of one text: those that are equal, and those that an equal label overlaps."""
        theirs, mine = set(gold), set(predicted)
        self.exact += len(theirs & mine)
        self.predicted_met += sum(_meets(span, theirs) for span in mine)
        self.gold_met += sum(_meets(span, mine) for span in theirs)
        self.predicted += len(mine)
        self.gold += len(theirs)

    def exact_score(self) -> Score:
        """Return the figures of exact matching."""
        return score(self.exact, self.predicted, self.gold)

    def overlapping_score(self) -> Score:
        """Return the figures of overlapping matching."""
        precision = self.predicted_met / self.predicted if self.predicted else 0.0
        recall = self.gold_met / self.gold if self.gold else 0.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return Score(precision, recall, f1, self.gold)


def summed(counts: Iterable[SpanCounts]) -> SpanCounts:
    """Return the sum of counts, for micro-averaged figures."""
    total = SpanCounts()
    for item in counts:
        for name in total.__struct_fields__:
            setattr(total, name, getattr(total, name) + getattr(item, name))
    return total


def _meets(span: Span, others: set[Span]) -> bool:
    return any(span[0] < other[1] and other[0] < span[1] and span[2] == other[2] for other in others)
