"""The figures of entities over the annotated ranges of all reports."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

import numpy as np
from spacy.language import Language

from ffm.evaluation.bootstrap import Interval, Matrix, Resampling, f1, interval
from ffm.evaluation.examples import Example
from ffm.evaluation.figures import MICRO, EntityFigures
from ffm.evaluation.metrics import Score, Span, SpanCounts, summed
from ffm.gold.store import GoldEntity, GoldReport
from ffm.records import Entity
from ffm.tagging.report import all_entities

RecordCounts = dict[tuple[str, int], dict[str, SpanCounts]]


class Owners:
    """Whose passage an annotated range belongs to: the last that begins at or before it, else the first of its report.

    So questions, footnotes and tables, which carry no themes, go with the interview in which they stand.
    """

    def __init__(self, examples: Sequence[Example]) -> None:
        self._starts: dict[str, list[tuple[int, int]]] = {}
        for number, example in enumerate(examples):
            self._starts.setdefault(example.report, []).append((example.start, number))
        for starts in self._starts.values():
            starts.sort()

    def of(self, report: str, start: int) -> int | None:
        """Return the number of an example; None where the report has none."""
        starts = self._starts.get(report)
        if not starts:
            return None
        return starts[max(0, bisect_right(starts, start, key=lambda pair: pair[0]) - 1)][1]


def entity_figures(
    gold: Sequence[GoldReport], nlp: Language, examples: Sequence[Example], groups: Sequence[str]
) -> tuple[EntityFigures | None, RecordCounts]:
    """Tag the reports and compare with gold inside the annotated ranges.

    Parameters
    ----------
    groups
        The group of each example, which intervals resample.

    Returns
    -------
    EntityFigures
        The figures over all reports; None where gold marks no entities, as where themes alone were annotated.
    RecordCounts
        For each (report, start of an annotated range) the counts of each label.
    """
    by_record: RecordCounts = {}
    by_report: dict[str, Score] = {}
    values: dict[tuple[str, int], tuple[int, int]] = {}
    for item in gold:
        name = item.header.report
        predicted = all_entities(item.report, nlp)
        for record in item.records:
            mine = {(entity.start, entity.end, entity.label): entity for entity in predicted if record.start <= entity.start < record.end}
            theirs = {(entity.start, entity.end, entity.label): entity for entity in record.entities}
            counts = by_record.setdefault((name, record.start), {})
            for label in {span[2] for span in (*mine, *theirs)}:
                counts.setdefault(label, SpanCounts()).add(_of(theirs, label), _of(mine, label))
            amounts = [span for span in mine.keys() & theirs.keys() if theirs[span].kind is not None]
            right, found = values.get((name, record.start), (0, 0))
            values[name, record.start] = (right + sum(same_value(mine[span], theirs[span]) for span in amounts), found + len(amounts))
        mine_only = [count for (report, _), labels in by_record.items() if report == name for count in labels.values()]
        if any(count.gold for count in mine_only):
            by_report[name] = summed(mine_only).exact_score()
    if not by_report:
        return None, {}
    owners = Owners(examples)
    resampling = Resampling([_group(report, owners.of(report, start), groups) for report, start in by_record])
    return _figures(by_record, by_report, values, resampling), by_record


def _group(report: str, owner: int | None, groups: Sequence[str]) -> str:
    return report if owner is None else groups[owner]


def _figures(
    by_record: RecordCounts, by_report: dict[str, Score], values: Mapping[tuple[str, int], tuple[int, int]], resampling: Resampling
) -> EntityFigures:
    labels = sorted({label for counts in by_record.values() for label in counts})
    totals = {label: summed(counts[label] for counts in by_record.values() if label in counts) for label in labels}
    totals[MICRO] = summed(totals.values())
    empty = SpanCounts()
    rows = np.array([[_fields(counts.get(label, empty)) for label in labels] for counts in by_record.values()], dtype=np.int64).reshape(
        len(by_record), len(labels), 5
    )
    drawn = resampling.drawn(rows)
    by_label = {**{label: drawn[:, column] for column, label in enumerate(labels)}, MICRO: drawn.sum(axis=1)}
    right, found = (sum(pair[place] for pair in values.values()) for place in (0, 1))
    share = right / found if found else None
    drawn_values = resampling.drawn([values[key] for key in by_record]) if by_record else np.zeros((1, 2))
    exact = {label: count.exact_score() for label, count in totals.items() if count.gold}
    overlapping = {label: count.overlapping_score() for label, count in totals.items() if count.gold}
    return EntityFigures(
        exact,
        overlapping,
        share,
        by_report,
        {label: interval(score.f1, f1(by_label[label][:, [0, 3, 4]])) for label, score in exact.items()},
        {label: _overlapping_interval(score.f1, by_label[label]) for label, score in overlapping.items()},
        None
        if share is None
        else interval(share, np.where(drawn_values[:, 1] > 0, drawn_values[:, 0] / np.maximum(drawn_values[:, 1], 1), np.nan)),
        found,
    )


def _fields(counts: SpanCounts) -> tuple[int, int, int, int, int]:
    return counts.exact, counts.predicted_met, counts.gold_met, counts.predicted, counts.gold


def _overlapping_interval(value: float, draws: Matrix) -> Interval:
    precision, recall = draws[:, 1] / np.maximum(draws[:, 3], 1), draws[:, 2] / np.maximum(draws[:, 4], 1)
    return interval(value, 2 * precision * recall / np.maximum(precision + recall, 1e-12))


def by_example(examples: Sequence[Example], by_record: RecordCounts) -> dict[tuple[str, int], dict[str, tuple[int, int, int]]]:
    """Add the counts of annotated ranges up over the passages that own them: hits, predicted and gold of each label.

    The keys are the report and start of passages.
    """
    owners = Owners(examples)
    totals: dict[tuple[str, int], dict[str, tuple[int, int, int]]] = {}
    for (report, start), labels in by_record.items():
        owner = owners.of(report, start)
        if owner is None:
            continue
        mine = totals.setdefault((report, examples[owner].start), {})
        for label, counts in sorted(labels.items()):
            hits, predicted, gold = mine.get(label, (0, 0, 0))
            mine[label] = (hits + counts.exact, predicted + counts.predicted, gold + counts.gold)
    return totals


def _of(spans: Mapping[Span, Entity] | Mapping[Span, GoldEntity], label: str) -> list[Span]:
    return [span for span in spans if span[2] == label]


def same_value(mine: Entity, theirs: GoldEntity) -> bool:
    """Tell whether an amount has the gold's kind, bounds and currency."""
    return mine.kind == theirs.kind and mine.low == theirs.low and mine.high == theirs.high and mine.currency == theirs.currency
