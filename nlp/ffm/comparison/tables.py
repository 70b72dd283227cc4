"""The comparison as tables: tidy figures, and the quotes behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ffm.comparison.prevalence import ComparedReport, Prevalence, theme_order, themed
from ffm.csv_files import Cell, csv_text
from ffm.project.scheme import Scheme
from ffm.records import TaggedPassage

PREVALENCE_COLUMNS = (
    "grouping",
    "value",
    "country",
    "publisher",
    "covers",
    "theme",
    "passages",
    "passages_total",
    "share_of_passages",
    "share_low",
    "share_high",
    "words",
    "words_total",
    "share_of_words",
    "sources",
)
LAST_COLUMN = "reexpressed"
EVIDENCE_COLUMNS = (
    "theme",
    "score",
    "stance",
    "report",
    "passage",
    "section",
    "source",
    "date",
    "page",
    "start",
    "end",
    "question",
    "text",
)


def prevalence_csv(figures: Iterable[Prevalence], scheme: Scheme) -> str:
    """Return one row for each figure; the columns after ``sources`` are the scheme's stances, the last says what rests on re-expressed labels.

    Shares have four decimals; what is None is empty: a theme that was not measured has no figures.
    """
    rows: list[Sequence[Cell]] = []
    for figure in figures:
        stances = figure.stances or {}
        rows.append(
            [
                *(getattr(figure, column) for column in PREVALENCE_COLUMNS),
                *(stances.get(stance) for stance in scheme.stances),
                "yes" if figure.reexpressed else "",
            ]
        )
    return csv_text((*PREVALENCE_COLUMNS, *scheme.stances, LAST_COLUMN), rows)


def evidence_csv(passages: Sequence[TaggedPassage], reports: Sequence[ComparedReport], scheme: Scheme) -> str:
    """Return one row for each theme of each themed passage: by theme, report and offset."""
    rows: list[Sequence[Cell]] = []
    for theme in theme_order(scheme):
        for _, quotes in quotes_by_report(passages, reports, theme.id):
            for passage in quotes:
                own = (theme.id, passage.scores.get(theme.id), passage.stance.get(theme.id) if theme.stance else None)
                rows.append([*own, *(getattr(passage, column) for column in EVIDENCE_COLUMNS[len(own) :])])
    return csv_text(EVIDENCE_COLUMNS, rows)


def quotes_by_report(
    passages: Sequence[TaggedPassage], reports: Sequence[ComparedReport], theme: str
) -> list[tuple[ComparedReport, list[TaggedPassage]]]:
    """Return the passages that carry a theme, for each report that has some, in the order of the reports."""
    quotes: dict[str, list[TaggedPassage]] = {}
    for passage in themed(passages):
        if theme in passage.labels:
            quotes.setdefault(passage.report, []).append(passage)
    return [(report, quotes[report.id]) for report in reports if report.id in quotes]
