"""Leave-one-report-out: how well a model does on a report of which it has seen nothing.

Reports that repeat each other are left out together. Where such a cluster of reports is one group, its fold of the
cross-validation leaves it out already; only one of several groups (interviews) needs a fit of its own. The calibration and
thresholds come from the cross-validated margins of other reports.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ffm.evaluation.bootstrap import Resampling
from ffm.evaluation.crossval import Judgement, OutOfFold, decide
from ffm.evaluation.examples import Example
from ffm.evaluation.figures import LeftOutFigures, LeftOutReport
from ffm.evaluation.measure_themes import Counts, macro_intervals, micro_interval, theme_counts
from ffm.evaluation.metrics import Score, score
from ffm.evaluation.splits import Split
from ffm.project.scheme import Scheme

ENOUGH_GROUPS = 5  # for an interval of one report's figure


def report_splits(clusters: Sequence[str], groups: Sequence[str]) -> list[Split]:
    """Return one split for each cluster of several groups: trained without it, judged on it."""
    members: dict[str, set[str]] = {}
    for cluster, group in zip(clusters, groups, strict=True):
        members.setdefault(cluster, set()).add(group)
    names = sorted(name for name, found in members.items() if len(found) > 1)
    if len(members) < 2:
        return []
    return [
        Split(
            tuple(number for number, cluster in enumerate(clusters) if cluster != name),
            tuple(number for number, cluster in enumerate(clusters) if cluster == name),
        )
        for name in names
    ]


def left_out_labels(
    examples: Sequence[Example], themes: Sequence[str], splits: Sequence[Split], judgements: Sequence[Judgement], held_out: OutOfFold
) -> list[frozenset[str]]:
    """Return the labels of all examples by models that had seen nothing of their reports.

    Parameters
    ----------
    splits, judgements
        See :func:`report_splits`.
    held_out
        The cross-validation, for all other reports, and for calibration.
    """
    labels = list(held_out.labels)
    for split, judgement in zip(splits, judgements, strict=True):
        inside = list(split.inside)
        _, found = decide(judgement.margins, held_out.margins[inside], [examples[index].themes for index in inside], themes)
        for index, label in zip(split.outside, found, strict=True):
            labels[index] = label
    return labels


def left_out_figures(
    scheme: Scheme,
    examples: Sequence[Example],
    groups: Sequence[str],
    clusters: Sequence[str],
    labels: Sequence[frozenset[str]],
    countries: Mapping[str, str],
    entities: Mapping[str, Score],
) -> LeftOutFigures:
    """Return the figures of each report, and of all together.

    Parameters
    ----------
    clusters
        The cluster of reports of each example, as :func:`ffm.evaluation.splits.report_clusters` returns them.
    labels
        See :func:`left_out_labels`.
    countries
        The country of each report.
    entities
        The exact micro-figures of each report's entities.
    """
    counts = theme_counts(scheme.theme_ids, [example.themes for example in examples], labels)
    resampling = Resampling(groups)
    macro, core = macro_intervals(scheme, counts, resampling)
    found: dict[str, LeftOutReport] = {}
    for cluster in set(clusters):
        reports = sorted({example.report for example, mine in zip(examples, clusters, strict=True) if mine == cluster})
        for report in reports:
            rows = [index for index, example in enumerate(examples) if example.report == report]
            found[report] = _report(
                counts[rows],
                [groups[index] for index in rows],
                countries.get(report, ""),
                tuple(other for other in reports if other != report),
                entities.get(report),
            )
    return LeftOutFigures({report: found[report] for report in sorted(found)}, micro_interval(counts, resampling), macro, core)


def _report(counts: Counts, groups: Sequence[str], country: str, together: tuple[str, ...], entities: Score | None) -> LeftOutReport:
    totals = counts.sum(axis=0)
    carried = totals[:, 2] > 0
    each = [score(*(int(value) for value in row)).f1 for row in totals[carried]]
    return LeftOutReport(
        country,
        together,
        len(counts),
        score(*(int(value) for value in totals.sum(axis=0))),
        micro_interval(counts, Resampling(groups)) if len(set(groups)) >= ENOUGH_GROUPS else None,
        float(np.mean(each)) if each else 0.0,
        int(carried.sum()),
        entities,
    )
