"""Rows of several reports as a comparison takes them, one report at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ffm.comparison.labelled import Labelled, Told, label_report
from ffm.comparison.reports import ComparedReport, describe_report, in_time_order
from ffm.comparison.sampling import DrawnPassages
from ffm.project.reports import Registered
from ffm.project.scheme import Scheme
from ffm.records import TaggedPassage, is_evidence

ByRange = Mapping[tuple[int, int], Told]


def evidence_of(rows: Sequence[TaggedPassage], report: str) -> list[TaggedPassage]:
    """Return the rows of a report that get themes."""
    return [row for row in rows if row.report == report and is_evidence(row)]


def described(rows: Sequence[TaggedPassage], entries: Mapping[str, Registered]) -> list[ComparedReport]:
    """Return the reports of rows in the order of time."""
    names = dict.fromkeys(row.report for row in rows)
    return in_time_order(describe_report(name, evidence_of(rows, name), entries.get(name)) for name in names)


def labelled(
    rows: Sequence[TaggedPassage],
    reports: Sequence[ComparedReport],
    scheme: Scheme,
    gold: Mapping[str, ByRange] = {},
    read: Mapping[str, ByRange] = {},
    drawn: Mapping[str, DrawnPassages] = {},
) -> tuple[list[Labelled], list[str]]:
    """Return the reports with what is known of their labels, and notices."""
    found = [
        label_report(evidence_of(rows, report.id), report, scheme, gold.get(report.id, {}), read.get(report.id, {}), drawn.get(report.id))
        for report in reports
    ]
    return [one for one, _ in found], [notice for _, notices in found for notice in notices]
