"""The rows of a tagged data set, one after the other: JSON Lines, Parquet, CSV and folders."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pyarrow
import pyarrow.parquet

from ffm.csv_files import read_rows
from ffm.errors import RecordError
from ffm.records import Range, TaggedPassage
from ffm.tagging.contract import checked
from ffm.tagging.schemes import shown
from ffm.tagging.writers import ADDED, COLUMNS, DEFAULTED, NESTED, NUMBERS

Row = tuple[str, Range | None, Any]  # where a person finds it, the bytes of its line, and what stands there

DECODER = msgspec.json.Decoder(TaggedPassage)
MARK = b"\xef\xbb\xbf"  # of byte order, before the first line


def rows_of(path: Path, within: Range | None = None) -> Iterator[tuple[Range | None, TaggedPassage]]:
    """Yield the rows of one tagged data set, each checked as far as that can be done without its report.

    Parameters
    ----------
    within
        Whole lines of JSON Lines, by where they begin and end, if not all are wanted; messages count from the first of them.

    Yields
    ------
    tuple
        Where the row's bytes begin and end, in JSON Lines alone, and the row.

    Raises
    ------
    RecordError
        If the file is missing, of another format or empty, or a record is damaged; the message names file and line.
    """
    readers: dict[str, Callable[[Path], Iterator[Row]]] = {
        ".jsonl": partial(_json_rows, within=within),
        ".parquet": _parquet_rows,
        ".csv": _csv_rows,
    }
    reader = readers.get(path.suffix.lower())
    if path.is_dir():
        from ffm.tagging.filtering import Filter
        from ffm.tagging.query import select

        yield from ((None, passage) for passage in select(path, Filter()))
        return
    if reader is None:
        raise RecordError(f"{path}: cannot read {path.suffix or 'a file without suffix'}; give a .jsonl, .parquet or .csv file of ffm tag")
    found = False
    try:
        for place, span, row in reader(path):
            found = True
            try:
                passage = checked(row if type(row) is TaggedPassage else msgspec.convert(row, TaggedPassage))
            except (msgspec.ValidationError, RecordError) as error:
                raise RecordError(f"{path}: {place}: {error}; tag the report again or correct the {place.split()[0]}") from None
            yield span, passage
    except FileNotFoundError:
        raise RecordError(f"{path}: no such file; check the path") from None
    except UnicodeDecodeError:
        raise RecordError(f"{path}: a text in it is not UTF-8; tag the report again") from None
    except pyarrow.ArrowException as error:
        raise RecordError(f"{path}: not a Parquet file: {shown(str(error), 120)}; tag the report again") from None
    except OSError as error:
        raise RecordError(
            f"{path}: cannot be read ({error.strerror or shown(str(error), 120)}); check the file and its permissions"
        ) from None
    if not found:
        raise RecordError(f"{path}: holds no passages; tag a report into it first")


def _json_rows(path: Path, within: Range | None) -> Iterator[Row]:
    stop, end = within or (0, None)
    with path.open("rb") as lines:
        lines.seek(stop)
        for number, line in enumerate(lines, 1):
            start, stop = stop, stop + len(line)
            if start == end:
                break
            if start == 0 and line.startswith(MARK):
                line, start = line[len(MARK) :], len(MARK)
            if line.strip():
                try:
                    yield f"line {number}", (start, stop), DECODER.decode(line)
                except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):  # what is wrong is told from its parts
                    yield f"line {number}", (start, stop), _json(path, f"line {number}", line)


def _csv_rows(path: Path) -> Iterator[Row]:
    line = 1
    with path.open(encoding="utf-8", newline="") as file:
        rows = read_rows(file)
        try:
            _, head = next(rows, (1, []))
            _check_columns(path, head)
            for line, cells in rows:
                if not any(cells):  # as Excel leaves them below a table
                    continue
                if len(cells) != len(head):
                    raise RecordError(
                        f"{path}: line {line}: {len(cells)} cells under {len(head)} columns; tag the report again or correct the line"
                    )
                row = dict(zip(head, cells, strict=True))
                yield f"line {line}", None, _unpacked(path, f"line {line}", row)
        except csv.Error as error:
            raise RecordError(f"{path}: line {line} or later: not CSV: {error}; tag the report again or correct the line") from None
        except UnicodeDecodeError:
            raise RecordError(f"{path}: line {line} or later: not UTF-8; tag the report again or save the file as UTF-8") from None


def _parquet_rows(path: Path) -> Iterator[Row]:
    with pyarrow.parquet.ParquetFile(path) as file:
        _check_columns(path, file.schema_arrow.names)
        number = 0
        for batch in file.iter_batches(batch_size=1024, columns=[column for column in COLUMNS if column in file.schema_arrow.names]):
            for row in batch.to_pylist():
                number += 1
                yield f"row {number}", None, _unpacked(path, f"row {number}", row)


def _check_columns(path: Path, columns: Iterable[str]) -> None:
    missing = [column for column in COLUMNS if column not in {*columns, *ADDED}]
    if missing:
        raise RecordError(f'{path}: has no column "{missing[0]}"; give an output of ffm tag, with all its columns')


def _unpacked(path: Path, place: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of a flat table with its nested columns and numbers decoded; what is null there takes no part."""
    unpacked: dict[str, Any] = {column: None if row[column] == "" else row[column] for column in COLUMNS if column in row}
    for column in (*NESTED, *NUMBERS):
        value = unpacked.get(column)
        if isinstance(value, str):
            value = _json(path, f"{place}, column {column}", value.encode("utf-8", "replace"))
        if column in NUMBERS and isinstance(value, float):  # what pandas makes of whole numbers with nulls among them
            value = None if value != value else int(value) if value.is_integer() else value
        unpacked[column] = value
    return {column: value for column, value in unpacked.items() if value is not None or column not in (*NESTED, *DEFAULTED)}


def _json(path: Path, place: str, data: bytes) -> Any:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RecordError(f"{path}: {place}: not JSON: {error}; tag the report again or correct the {place.split()[0]}") from None
