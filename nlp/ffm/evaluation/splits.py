"""Splits that do not leak: one interview stands on one side, and so do passages that nearly repeat each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import GroupKFold

from ffm.evaluation.examples import Example

FOLDS = 8
NEAR_DUPLICATE = 0.8  # cosine of word bigrams


def joined_groups(examples: Sequence[Example]) -> list[str]:
    """Return each example's group, groups joined where passages of two of them nearly repeat each other.

    Reports of successive years repeat whole paragraphs; such reports become one group.
    """
    parent: dict[str, str] = {example.group: example.group for example in examples}

    def find(group: str) -> str:
        while parent[group] != group:
            group = parent[group]
        return group

    long = [number for number, example in enumerate(examples) if len(example.text.split()) >= 12]
    if long:
        matrix = TfidfVectorizer(ngram_range=(2, 2), sublinear_tf=True).fit_transform(examples[number].text for number in long)
        near = (matrix @ matrix.T).tocoo()
        for row, column, value in zip(near.row, near.col, near.data, strict=True):
            if row < column and value >= NEAR_DUPLICATE:
                first, second = find(examples[long[row]].group), find(examples[long[column]].group)
                if first != second:
                    parent[max(first, second)] = min(first, second)
    return [find(example.group) for example in examples]


def report_clusters(examples: Sequence[Example], groups: Sequence[str]) -> list[str]:
    """Return each example's cluster of reports that must be left out together, named after the first of them.

    A digest stands with its original, and with a report stand those that nearly repeat passages of it.

    Parameters
    ----------
    groups
        The groups of the examples, as :func:`joined_groups` returns them.
    """
    parent: dict[str, str] = {}

    def find(report: str) -> str:
        while parent.setdefault(report, report) != report:
            report = parent[report]
        return report

    originals = [example.group.partition("/")[0] for example in examples]
    for original, group in zip(originals, groups, strict=True):
        first, second = find(original), find(group.partition("/")[0])
        parent[max(first, second)] = min(first, second)
    return [find(original) for original in originals]


def folds(examples: Sequence[Example], count: int = FOLDS) -> NDArray[np.intp]:
    """Return the fold of each example, 0 to ``count`` - 1 (fewer where there are fewer groups)."""
    groups = joined_groups(examples)
    number = min(count, len(set(groups)))
    fold = np.zeros(len(examples), dtype=np.intp)
    if number < 2:
        return fold
    for index, (_, test) in enumerate(GroupKFold(number).split(np.zeros(len(examples)), groups=groups)):
        fold[test] = index
    return fold
