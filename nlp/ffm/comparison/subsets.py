"""Parts of two reports that are more alike than the wholes: what sources of one type say, and what is answered to questions about a theme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from ffm.comparison.changes import Change, change_between
from ffm.comparison.labelled import Labelled
from ffm.comparison.shares import report_shares
from ffm.evaluation.shifts import Shifts

LEAST = 10  # passages of each report, from which its part is compared


def subset_changes(
    reports: Sequence[Labelled],
    compared: Sequence[tuple[int, int]],
    shifts: Shifts,
    themes: Sequence[str],
    undetermined: Mapping[str, frozenset[str]],
) -> list[Change]:
    """Return the changes of like with like, by pair, subset and theme, in sentences.

    They stand beside those of whole reports and have no verdict of their own: with one for each subset, too many would be chance.

    Parameters
    ----------
    reports
        With what is known of their labels.
    compared
        Which are compared, by number.
    undetermined
        By report the themes that its labels do not tell.

    Returns
    -------
    list of Change
        With ``subset`` and ``subset_value``. A subset is left out where either report has fewer than ten of its passages, and where it
        is all of both reports.
    """
    found = []
    for first, second in compared:
        pair = reports[first], reports[second]
        for value in _types(pair):
            kept = [np.array([passage.source_type == value for passage in side.passages], dtype=np.bool_) for side in pair]
            found += _changes(pair, kept, ("source_type", value), shifts, themes, undetermined)
        for theme in themes:
            kept = [np.array([theme in passage.question_scores for passage in side.passages], dtype=np.bool_) for side in pair]
            found += _changes(pair, kept, ("asked", theme), shifts, [theme], undetermined, themes.index(theme))
    return found


def _types(pair: tuple[Labelled, Labelled]) -> list[str]:
    """Return the types of sources that both reports have."""
    one, two = ({passage.source_type for passage in side.passages if passage.source_type} for side in pair)
    return sorted(one & two)


def _changes(
    pair: tuple[Labelled, Labelled],
    kept: Sequence[NDArray[np.bool_]],
    subset: tuple[str, str],
    shifts: Shifts,
    themes: Sequence[str],
    undetermined: Mapping[str, frozenset[str]],
    column: int | None = None,
) -> list[Change]:
    if any(mask.sum() < LEAST for mask in kept) or all(mask.all() for mask in kept):
        return []
    parts = [part_of(side, mask, column) for side, mask in zip(pair, kept, strict=True)]
    if any(part.how == "sample" and part.read < LEAST for part in parts):
        return []
    one, two = (report_shares(part, shifts, themes) for part in parts)
    changes = [change_between(one, two, "sentences", number, theme, shifts, undetermined, subset) for number, theme in enumerate(themes)]
    return [replace(change, verdict="beside", reason="") for change in changes if change.change is not None]


def part_of(report: Labelled, kept: NDArray[np.bool_], column: int | None = None) -> Labelled:
    """Return some passages of a report, and if a column is given what is known of that theme alone."""
    columns = slice(None) if column is None else slice(column, column + 1)
    numbers = sorted(set(report.source[kept].tolist()) - {-1})
    renumbered = {old: new for new, old in enumerate(numbers)}
    return replace(
        report,
        passages=tuple(passage for passage, keep in zip(report.passages, kept, strict=True) if keep),
        probability=report.probability[kept][:, columns],
        target=report.target[kept][:, columns],
        carrying=report.carrying[kept][:, columns],
        known=report.known[kept],
        sentences=report.sentences[kept],
        source=np.array([renumbered.get(number, -1) for number in report.source[kept].tolist()], dtype=np.int64),
        sources=tuple(report.sources[number] for number in numbers),
    )
