"""What a strategy chooses from: the passages that nobody has labelled yet, with what is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from ffm.errors import GoldError
from ffm.gold.older import read_current
from ffm.gold.store import GoldRecord
from ffm.project.scheme import Scheme
from ffm.records import THEMED_KINDS, Range, TaggedPassage
from ffm.segment.markup import clean
from ffm.suggest.change import Periods

Matrix = NDArray[np.float64]
Covered = Mapping[str, Sequence[Range]]
COVERED_SHARE = 0.5  # of a passage's characters


class Labelled(Struct, frozen=True):
    """A passage whose themes are known."""

    text: str
    themes: frozenset[str]


class Pool(Struct, frozen=True):
    """The candidates, and what has been labelled before.

    Attributes
    ----------
    texts
        The candidates' clean texts.
    scores
        The model's calibrated scores, candidates by themes.
    themes
        The themes that count, in the order of the columns.
    thresholds
        The score from which each theme is a label; not a number for one that is ranked only.
    labelled
        The labelled passages whose text is here.
    support
        How many labelled passages or ranges carry each theme, whether their text is here or not.
    periods
        The periods of the candidates, and the changes between them.
    """

    texts: tuple[str, ...]
    scores: Matrix
    themes: tuple[str, ...]
    thresholds: NDArray[np.float64]
    labelled: tuple[Labelled, ...]
    support: NDArray[np.float64]
    periods: Periods


class GoldCover(Struct, frozen=True):
    """What gold covers, by report and offset, and how often each theme stands in it; no text is needed to know it.

    Attributes
    ----------
    ranges
        By report the annotated ranges in which themes were marked, sorted, without overlaps.
    support
        By theme the number of these ranges that carry it.
    """

    ranges: dict[str, tuple[Range, ...]]
    support: dict[str, int]


def read_cover(folder: Path, scheme: Scheme) -> GoldCover:
    """Read what the gold files of a folder cover, in the labels of a scheme; what waits for review is not covered.

    Raises
    ------
    GoldError
        If there is no such folder, or a file in it is damaged or of a version that the scheme does not reach.
    """
    if not folder.is_dir():
        raise GoldError(f"{folder}: no such folder; give the folder of the gold data with --gold")
    ranges: dict[str, list[GoldRecord]] = {}
    for path in sorted(folder.glob("*.jsonl")):
        gold = read_current(path, scheme)
        ranges.setdefault(gold.header.report, []).extend(
            record for record in gold.records if record.role == "passage" and not record.unread
        )
    support: dict[str, int] = {}
    for records_of in ranges.values():
        for theme in (theme for record in records_of for theme in record.themes):
            support[theme] = support.get(theme, 0) + 1
    return GoldCover({report: _merged((record.start, record.end) for record in mine) for report, mine in ranges.items()}, support)


def _merged(ranges: Iterable[Range]) -> tuple[Range, ...]:
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def is_covered(passage: TaggedPassage, cover: Covered) -> bool:
    """Tell whether annotated ranges hold at least half of a passage's characters."""
    ranges = cover.get(passage.report, ())
    length = sum(end - start for start, end in passage.parts)
    held = sum(max(0, min(end, right) - max(start, left)) for start, end in passage.parts for left, right in ranges)
    return held >= COVERED_SHARE * length


def open_passages(passages: Sequence[TaggedPassage], cover: Covered) -> list[TaggedPassage]:
    """Return the passages that get themes and that the gold does not cover."""
    return [passage for passage in passages if passage.kind in THEMED_KINDS and passage.scores and not is_covered(passage, cover)]


def make_pool(
    candidates: Sequence[TaggedPassage],
    thresholds: Mapping[str, float],
    labelled: Sequence[Labelled],
    support: Mapping[str, int],
    periods: Periods,
) -> Pool:
    """Return the pool of candidates.

    Parameters
    ----------
    thresholds
        By theme; its keys are the themes that count.
    """
    themes = tuple(thresholds)
    scores = [[passage.scores.get(theme, 0.0) for theme in themes] for passage in candidates]
    return Pool(
        tuple(clean(passage.text).text for passage in candidates),
        np.array(scores, dtype=np.float64).reshape(len(candidates), len(themes)),
        themes,
        np.array(list(thresholds.values()), dtype=np.float64),
        tuple(labelled),
        np.array([support.get(theme, 0) for theme in themes], dtype=np.float64),
        periods,
    )
