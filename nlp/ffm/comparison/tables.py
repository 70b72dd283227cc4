"""The comparison as tables: tidy figures, and the quotes behind them; the same in CSV, Parquet and as data frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import islice, product
from pathlib import Path

import pandas as pd
import pyarrow
import pyarrow.parquet
from msgspec import Struct
from msgspec.structs import astuple

from ffm.comparison.positions import Position
from ffm.comparison.prevalence import Prevalence
from ffm.comparison.reports import ComparedReport, theme_order
from ffm.comparison.rows import Rows
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
ROWS_OF_GROUP = 20_000  # of a Parquet file
LAST_COLUMN = "reexpressed"
EVIDENCE_COLUMNS = (
    "theme", "score", "precision", "stance", "report", "covers", "publisher", "passage", "kind", "part", "section", "source", "source_type",
    "date", "page", "paragraph", "start", "end", "sentence_start", "sentence_end", "question", "text",
)  # fmt: skip


class Table(Struct, frozen=True):
    """A table: its columns, and rows of as many cells; what was not measured is None."""

    columns: tuple[str, ...]
    rows: Rows

    def write_csv(self, path: Path) -> None:
        """Write the table as CSV, as RFC 4180 has it; what a spreadsheet would take for a formula gets an apostrophe before it."""
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(csv_lines(self.columns, ()))
            file.flush()
            for lines in self.rows.lines():
                file.buffer.write(lines)  # encoded already

    def write_parquet(self, path: Path) -> None:
        """Write the table as Parquet, with texts as they are."""
        schema = self._schema()
        with pyarrow.parquet.ParquetWriter(path, schema) as writer:
            for batch in self._batches(schema):
                writer.write_batch(batch)

    def sheet(self, name: str) -> Sheet:
        """Return the table as a sheet of a workbook; of one with too many rows, a line on where they stand."""
        if len(self.rows) <= MOST_IN_SHEET:
            return self.columns, self.rows
        return self.columns, [[f"{len(self.rows):,} rows stand in {name}.csv and {name}.parquet: too many for a sheet"]]

    def frame(self) -> pd.DataFrame:
        """Return the table as a data frame."""
        schema = self._schema()
        frame: pd.DataFrame = pyarrow.Table.from_batches(self._batches(schema), schema).to_pandas()
        return frame

    def _schema(self) -> pyarrow.Schema:
        return pyarrow.schema(list(zip(self.columns, self.rows.types(), strict=True)))

    def _batches(self, schema: pyarrow.Schema) -> Iterator[pyarrow.RecordBatch]:
        rows = iter(self.rows)
        while some := list(islice(rows, ROWS_OF_GROUP)):
            columns = zip(*some, strict=True)
            yield pyarrow.record_batch([_of_type(column, kind) for column, kind in zip(columns, schema.types, strict=True)], schema)


def _of_type(values: Sequence[Cell], kind: pyarrow.DataType) -> pyarrow.Array:
    """Return a column as an array; whole numbers among floating ones are such too."""
    if kind == pyarrow.float64():
        values = [float(value) if isinstance(value, int) else value for value in values]
    return pyarrow.array(values, kind)


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
    columns = (*PREVALENCE_COLUMNS, *scheme.stances, LAST_COLUMN)
    return Table(columns, Rows.of(len(columns), rows))


def record_table(kind: type[Struct], records: Iterable[Struct]) -> Table:
    """Return one row for each record, a column for each of its fields; what is several things stands with spaces between."""
    columns = kind.__struct_fields__
    return Table(columns, Rows.of(len(columns), map(record_row, records)))


def record_row(record: Struct) -> list[Cell]:
    """Return a record as a row."""
    return [" ".join(map(str, value)) if isinstance(value, tuple) else value for value in astuple(record)]


def position_table(found: Iterable[Position]) -> Table:
    """Return one row for each position, with what its not reporting the theme means."""
    columns = (*Position.__struct_fields__, "silence")
    return Table(columns, Rows.of(len(columns), ([*record_row(item), item.silence] for item in found)))


def evidence_order(reports: Iterable[ComparedReport], scheme: Scheme) -> Iterator[tuple[str, str]]:
    """Yield themes and reports in the order of their evidence."""
    return product([theme.id for theme in theme_order(scheme)], [report.id for report in reports])


def evidence_rows(
    passages: Iterable[TaggedPassage], report: ComparedReport, scheme: Scheme, trust: Trust | None, known: Set[str]
) -> dict[str, list[Sequence[Cell]]]:
    """Return by theme one row for each themed passage of a report that carries it.

    Parameters
    ----------
    passages
        Of this report, by offset.
    trust
        How often labels of the model were right, by theme and score: the column ``precision``; None where that is not known.
    known
        The passages whose labels are those of gold or of readers: their score decided nothing, so they have no ``precision``.
    """
    rows: dict[str, list[Sequence[Cell]]] = {}
    with_stance = frozenset(scheme.stance_ids)
    for passage in filter(is_evidence, passages):
        for theme in passage.labels:
            first = next(iter(carrying_sentences(passage, theme)), (None, None))
            score = passage.scores.get(theme)
            own: Mapping[str, Cell] = {
                "theme": theme,
                "score": score,
                "precision": None if score is None or trust is None or passage.passage in known else trust.of(theme, score),
                "stance": passage.stance.get(theme) if theme in with_stance else None,
                "covers": report.covers,
                "publisher": report.publisher,
                "sentence_start": first[0],
                "sentence_end": first[1],
            }
            rows.setdefault(theme, []).append([own[column] if column in own else getattr(passage, column) for column in EVIDENCE_COLUMNS])
    return rows
