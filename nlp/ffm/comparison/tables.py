"""The comparison as tables: tidy figures, and the quotes behind them; the same in CSV, Parquet and as data frames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path

import pandas as pd
import pyarrow
import pyarrow.parquet
from msgspec import Struct
from msgspec.structs import astuple

from ffm.comparison.positions import Position
from ffm.comparison.prevalence import Prevalence
from ffm.comparison.reports import ComparedReport, theme_order
from ffm.csv_files import Cell, csv_lines
from ffm.evaluation.trust import Trust
from ffm.project.scheme import Scheme
from ffm.records import TaggedPassage, carrying_sentences, is_evidence
from ffm.workbook import Sheet

PREVALENCE_COLUMNS = (
    "grouping", "value", "report", "country", "publisher", "covers", "kind", "theme", "unit", "n", "found", "read", "estimate", "low", "high",
    "low_population", "high_population", "method",
)  # fmt: skip
MOST_IN_SHEET = 20_000  # rows; a sheet with more opens slowly, and takes most of a comparison's time
LAST_COLUMN = "reexpressed"
EVIDENCE_COLUMNS = (
    "theme", "score", "precision", "stance", "report", "covers", "publisher", "passage", "kind", "part", "section", "source", "source_type",
    "date", "page", "paragraph", "start", "end", "sentence_start", "sentence_end", "question", "text",
)  # fmt: skip


class Table(Struct, frozen=True):
    """A table: its columns, and rows of as many cells; what was not measured is None."""

    columns: tuple[str, ...]
    rows: list[Sequence[Cell]]

    def write_csv(self, path: Path) -> None:
        """Write the table as CSV, as RFC 4180 has it; what a spreadsheet would take for a formula gets an apostrophe before it."""
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(csv_lines(self.columns, self.rows))

    def write_parquet(self, path: Path) -> None:
        """Write the table as Parquet, with texts as they are."""
        pyarrow.parquet.write_table(self._arrow(), path)

    def sheet(self, name: str) -> Sheet:
        """Return the table as a sheet of a workbook; of one with too many rows, a line on where they stand."""
        if len(self.rows) <= MOST_IN_SHEET:
            return self.columns, self.rows
        return self.columns, [[f"{len(self.rows):,} rows stand in {name}.csv and {name}.parquet: too many for a sheet"]]

    def frame(self) -> pd.DataFrame:
        """Return the table as a data frame."""
        frame: pd.DataFrame = self._arrow().to_pandas()
        return frame

    def _arrow(self) -> pyarrow.Table:
        values = zip(*self.rows, strict=True) if self.rows else [()] * len(self.columns)
        return pyarrow.table({name: pyarrow.array(_of_one_type(column)) for name, column in zip(self.columns, values, strict=True)})


def _of_one_type(values: Sequence[Cell]) -> Sequence[Cell]:
    """Return numbers as floating ones where some are."""
    floating = any(issubclass(kind, float) for kind in set(map(type, values)))
    return [float(value) if isinstance(value, int) else value for value in values] if floating else values


def prevalence_table(figures: Iterable[Prevalence], scheme: Scheme) -> Table:
    """Return one row for each figure and unit; the columns after ``method`` are passages by the scheme's stances, and re-expressed labels.

    What is None is empty: a theme that was not measured has no figures.
    """
    rows: list[Sequence[Cell]] = []
    for figure in figures:
        report = figure.value if figure.grouping == "report" else ""
        about = (figure.grouping, figure.value, report, figure.country, figure.publisher, figure.covers, figure.kind, figure.theme)
        stances = [(figure.stances or {}).get(stance) for stance in scheme.stances]
        last = (figure.method, *stances, "yes" if figure.reexpressed else "")
        if not figure.measured:
            rows += [(*about, unit, *(None,) * 8, *last) for unit in ("sentences", "passages", "words")]
            continue
        for unit, measure in figure.units.items():
            interval = (measure.estimate, measure.low, measure.high, measure.low_population, measure.high_population)
            rows.append((*about, unit, measure.n, measure.found, figure.read, *interval, *last))
        rows.append((*about, "words", figure.words_total, figure.words, figure.read, *(None,) * 5, *last))
    return Table((*PREVALENCE_COLUMNS, *scheme.stances, LAST_COLUMN), rows)


def record_table(kind: type[Struct], records: Sequence[Struct]) -> Table:
    """Return one row for each record, a column for each of its fields; what is several things stands with spaces between."""
    columns = kind.__struct_fields__
    return Table(
        columns, [[" ".join(map(str, value)) if isinstance(value, tuple) else value for value in astuple(record)] for record in records]
    )


def position_table(found: Sequence[Position]) -> Table:
    """Return one row for each position, with what its not reporting the theme means."""
    table = record_table(Position, found)
    return Table((*table.columns, "silence"), [[*row, item.silence] for row, item in zip(table.rows, found, strict=True)])


def evidence_table(
    passages: Sequence[TaggedPassage], reports: Sequence[ComparedReport], scheme: Scheme, trust: Trust | None, known: Set[str]
) -> Table:
    """Return one row for each theme of each themed passage: by theme, report and offset.

    Parameters
    ----------
    trust
        How often labels of the model were right, by theme and score: the column ``precision``; None where that is not known.
    known
        The passages whose labels are those of gold or of readers: their score decided nothing, so they have no ``precision``.
    """
    rows: list[Sequence[Cell]] = []
    quotes: dict[tuple[str, str], list[TaggedPassage]] = {}
    for passage in filter(is_evidence, passages):
        for label in passage.labels:
            quotes.setdefault((label, passage.report), []).append(passage)
    for theme in theme_order(scheme):
        for report in reports:
            for passage in quotes.get((theme.id, report.id), ()):
                first = next(iter(carrying_sentences(passage, theme.id)), (None, None))
                score = passage.scores.get(theme.id)
                own: Mapping[str, Cell] = {
                    "theme": theme.id,
                    "score": score,
                    "precision": None if score is None or trust is None or passage.passage in known else trust.of(theme.id, score),
                    "stance": passage.stance.get(theme.id) if theme.stance else None,
                    "covers": report.covers,
                    "publisher": report.publisher,
                    "sentence_start": first[0],
                    "sentence_end": first[1],
                }
                rows.append([own[column] if column in own else getattr(passage, column) for column in EVIDENCE_COLUMNS])
    return Table(EVIDENCE_COLUMNS, rows)
