"""Splits that do not leak: one interview stands on one side, and so do passages that nearly repeat each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import ceil
from typing import Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import GroupKFold

from ffm.evaluation.examples import Example
from ffm.themes.terms import fitted

FOLDS = 8
FAMILY_FOLDS = 6
NEAR_DUPLICATE = 0.8  # cosine of word bigrams
MIN_GROUPS = 3
LARGEST_GROUP = 0.5  # of the passages: a model of a fold must see at least the other half
BLOCK = 4  # passages, at least
BLOCKS_PER_FOLD = 10  # at most
GAP = 1  # passages before and after a block that its fold is not trained on

FoldKind = Literal["families", "groups", "blocks"]


class Split(Struct, frozen=True):
    """Numbers of the examples that models are trained on, and of those that they judge."""

    inside: tuple[int, ...]
    outside: tuple[int, ...]


class Folds(Struct, frozen=True):
    """How a cross-validation divides the examples.

    Attributes
    ----------
    kind
        "families": no report stands on both sides, nor one of its series or one that repeats it. "groups": no interview or report does.
        "blocks": neighbouring passages stay together, but the same report stands
        on both sides, so that figures are optimistic.
    units
        The group or block of each example: what intervals resample.
    splits
        One a fold.
    """

    kind: FoldKind
    units: list[str]
    splits: list[Split]


def make_folds(examples: Sequence[Example], groups: Sequence[str], families: Sequence[str] = ()) -> Folds:
    """Return folds of whole families where there are families enough, else of groups, else of blocks of neighbouring passages.

    There are enough where there are ``MIN_GROUPS`` and none holds more than half of the passages.

    Parameters
    ----------
    groups
        The group of each example, as :func:`joined_groups` returns them.
    families
        The family of each example, as :func:`report_families` returns them.
    """
    if _are_enough(families):
        return Folds("families", list(groups), fold_splits(group_folds(families, FAMILY_FOLDS)))
    if _are_enough(groups):
        return Folds("groups", list(groups), fold_splits(group_folds(groups)))
    return _block_folds(examples)


def _are_enough(names: Sequence[str]) -> bool:
    sizes = Counter(names)
    return len(sizes) >= MIN_GROUPS and max(sizes.values()) <= LARGEST_GROUP * len(names)


def group_folds(groups: Sequence[str], count: int = FOLDS) -> NDArray[np.intp]:
    """Return the fold of each example, 0 to ``count`` - 1 (fewer where there are fewer groups)."""
    number = min(count, len(set(groups)))
    fold = np.zeros(len(groups), dtype=np.intp)
    if number < 2:
        return fold
    for index, (_, test) in enumerate(GroupKFold(number).split(np.zeros(len(groups)), groups=groups)):
        fold[test] = index
    return fold


def fold_splits(fold: NDArray[np.intp]) -> list[Split]:
    """Return one split a fold: trained without it, judged on it."""
    return [Split(tuple(np.flatnonzero(fold != number)), tuple(np.flatnonzero(fold == number))) for number in np.unique(fold)]


def joined_groups(examples: Sequence[Example]) -> list[str]:
    """Return each example's group, groups joined where passages of two of them nearly repeat each other.

    Reports of successive years repeat whole paragraphs; such reports become one group.
    """
    parent: dict[str, str] = {example.group: example.group for example in examples}

    def find(group: str) -> str:
        while parent[group] != group:
            group = parent[group]
        return group

    for one, two in _repeats(examples):
        first, second = find(examples[one].group), find(examples[two].group)
        if first != second:
            parent[max(first, second)] = min(first, second)
    return [find(example.group) for example in examples]


def _repeats(examples: Sequence[Example]) -> list[tuple[int, int]]:
    """Return the pairs of examples that nearly repeat each other; short ones do not count."""
    long = [number for number, example in enumerate(examples) if len(example.text.split()) >= 12]
    if not long:
        return []
    texts = [examples[number].text for number in long]
    matrix = fitted(TfidfVectorizer(ngram_range=(2, 2), sublinear_tf=True), texts).transform(texts)
    near = (matrix @ matrix.T).tocoo()
    return [
        (long[row], long[column])
        for row, column, value in zip(near.row, near.col, near.data, strict=True)
        if row < column and value >= NEAR_DUPLICATE
    ]


def report_families(examples: Sequence[Example], groups: Sequence[str], named: Mapping[str, str]) -> list[str]:
    """Return each example's family: reports that must be left out together, named after the first of them.

    A digest stands with its original, with a report stand those of its series as the register names them, and those that nearly
    repeat passages of it.

    Parameters
    ----------
    groups
        The groups of the examples, as :func:`joined_groups` returns them.
    named
        By report the name of its family; those without one are a family for themselves.
    """
    parent: dict[str, str] = {}

    def find(report: str) -> str:
        while parent.setdefault(report, report) != report:
            report = parent[report]
        return report

    def join(one: str, two: str) -> None:
        first, second = find(one), find(two)
        parent[max(first, second)] = min(first, second)

    originals = [example.group.partition("/")[0] for example in examples]
    series: dict[str, str] = {}
    for example, original, group in zip(examples, originals, groups, strict=True):
        join(original, group.partition("/")[0])
        for report in (example.report, original):
            if name := named.get(report):
                join(original, series.setdefault(name, original))
    return [find(original) for original in originals]


def _block_folds(examples: Sequence[Example]) -> Folds:
    """Return folds of blocks of neighbours; the models of a fold see neither the passages next to its blocks nor their repeats."""
    order = sorted(range(len(examples)), key=lambda index: (examples[index].report, examples[index].start))
    size = max(BLOCK, ceil(len(order) / (FOLDS * BLOCKS_PER_FOLD)))
    blocks: list[list[int]] = []
    for index in order:
        if not blocks or len(blocks[-1]) == size or examples[blocks[-1][-1]].report != examples[index].report:
            blocks.append([])
        blocks[-1].append(index)
    units = [""] * len(examples)
    for number, block in enumerate(blocks):
        for index in block:
            units[index] = f"{examples[index].report}/block-{number:03}"
    at = {index: place for place, index in enumerate(order)}
    twins: dict[int, set[int]] = {}
    for one, two in _repeats(examples):
        twins.setdefault(one, set()).add(two)
        twins.setdefault(two, set()).add(one)

    def split(outside: list[int]) -> Split:
        held = set(outside)
        near = {
            order[place]
            for index in outside
            for place in range(max(0, at[index] - GAP), min(len(order), at[index] + GAP + 1))
            if examples[order[place]].report == examples[index].report
        }
        repeats = {twin for index in outside for twin in twins.get(index, ())}
        inside = [index for index in range(len(examples)) if index not in held | near | repeats]
        if 2 * len(inside) < len(examples):  # texts that repeat themselves throughout
            inside = [index for index in range(len(examples)) if index not in held | near]
        return Split(tuple(inside), tuple(sorted(outside)))

    return Folds("blocks", units, [split(outside) for outside in _dealt(blocks, examples)])


def _dealt(blocks: Sequence[Sequence[int]], examples: Sequence[Example]) -> list[list[int]]:
    """Deal blocks out to folds of about equal size, so that the passages of each theme are spread over them."""
    support = Counter(theme for example in examples for theme in example.themes)
    number = max(2, min(FOLDS, len(blocks)))
    most = ceil(len(examples) / number)
    dealt: list[list[int]] = [[] for _ in range(number)]
    carried: list[Counter[str]] = [Counter() for _ in range(number)]
    for block in blocks:
        mine = Counter(theme for index in block for theme in examples[index].themes)

        def crowding(fold: int, mine: Counter[str] = mine) -> tuple[bool, float, int]:
            shared = sum(count * carried[fold][theme] / support[theme] for theme, count in mine.items())
            return len(dealt[fold]) >= most, shared, len(dealt[fold])

        chosen = min(range(number), key=crowding)
        dealt[chosen] += block
        carried[chosen] += mine
    return [fold for fold in dealt if fold]
