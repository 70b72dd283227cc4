"""``ffm query``: a data set asked in SQL."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ffm.cli.console import notice, printable, say
from ffm.errors import OutputError

if TYPE_CHECKING:
    import pyarrow as pa

FORMATS = (".csv", ".jsonl", ".parquet")
WIDTH = 60  # characters of a cell on the terminal


def query_command(
    path: Annotated[Path, typer.Argument(help="An output of ffm tag: a folder, .jsonl, .parquet or .csv.", show_default=False)],
    sql: Annotated[str, typer.Argument(help="A query over passages, labels (one row a label) and entities.", show_default=False)],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write all rows into a file: .csv, .jsonl or .parquet.", show_default=False)
    ] = None,
    first: Annotated[int, typer.Option("-n", "--first", min=1, help="Print so many rows.")] = 100,
) -> None:
    """Ask a tagged data set in SQL (DuckDB's): SELECT theme, count(*) FROM labels GROUP BY theme."""
    from ffm.files import beside, check_place
    from ffm.tagging.query import ask

    if output is not None:
        check_place(output)
        if output.suffix not in FORMATS:
            raise OutputError(f"{output}: unknown format; end its name in {', '.join(FORMATS)}")
    with ask(path, sql) as reader:
        if output is None:
            _print(reader, first)
            return
        with beside(output) as part:
            rows = _write(reader, part, output.suffix)
    say(f"{output}: {rows:,} {'row' if rows == 1 else 'rows'}")


def _print(reader: pa.RecordBatchReader, first: int) -> None:
    names = reader.schema.names
    table: list[list[str]] = []
    more = False
    for batch in reader:
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            more = more or len(table) == first
            if not more:
                table.append([_cell(value) for value in row])
        if more:
            break
    widths = [max(len(name), *(len(row[number]) for row in table)) if table else len(name) for number, name in enumerate(names)]
    for line in (names, *table):
        typer.echo(printable("  ".join(f"{cell:{width}}" for cell, width in zip(line, widths, strict=True)).rstrip()))
    if more:
        notice(f"only the first {first:,} rows are printed; print more with -n, or write all with -o")


def _cell(value: object) -> str:
    text = "" if value is None else f"{round(value, 4):.15g}" if isinstance(value, float) else " ".join(str(value).split())
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"


def _write(reader: pa.RecordBatchReader, path: Path, suffix: str) -> int:
    """Write the answer batch by batch; return the number of its rows."""
    import pyarrow.parquet

    rows = 0
    if suffix == ".parquet":
        with pyarrow.parquet.ParquetWriter(path, reader.schema) as writer:
            for batch in reader:
                writer.write_batch(batch)
                rows += batch.num_rows
        return rows
    with path.open("w", encoding="utf-8", newline="") as out:
        cells = csv.writer(out, lineterminator="\n")
        if suffix == ".csv":
            cells.writerow(reader.schema.names)
        for batch in reader:
            for row in batch.to_pylist():
                rows += 1
                if suffix == ".csv":
                    cells.writerow([value if isinstance(value, str | int | float | None) else _json(value) for value in row.values()])
                else:
                    out.write(_json(row) + "\n")
    return rows


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
