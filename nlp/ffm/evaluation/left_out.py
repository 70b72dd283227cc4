"""How well a model does on reports of which it has seen nothing: the folds of whole families, told report by report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ffm.evaluation.bootstrap import Resampling
from ffm.evaluation.examples import Example
from ffm.evaluation.figures import LeftOutFigures, LeftOutReport
from ffm.evaluation.measure_themes import Counts, macro_intervals, micro_interval, theme_counts
from ffm.evaluation.metrics import Score, score
from ffm.project.scheme import Scheme

ENOUGH_GROUPS = 5  # for an interval of one report's figure


def left_out_figures(
    scheme: Scheme,
    examples: Sequence[Example],
    groups: Sequence[str],
    families: Sequence[str],
    labels: Sequence[frozenset[str]],
    countries: Mapping[str, str],
    entities: Mapping[str, Score],
) -> LeftOutFigures:
    """Return the figures of each report, and of all together.

    Parameters
    ----------
    families
        The family of each example, as :func:`ffm.evaluation.splits.report_families` returns them.
    labels
        By models that had seen nothing of the example's family.
    countries
        The country of each report.
    entities
        The exact micro-figures of each report's entities.
    """
    counts = theme_counts(scheme.theme_ids, [example.themes for example in examples], labels)
    resampling = Resampling(groups)
    macro, core = macro_intervals(scheme, counts, resampling)
    found: dict[str, LeftOutReport] = {}
    for family in sorted(set(families)):
        reports = sorted({example.report for example, mine in zip(examples, families, strict=True) if mine == family})
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
