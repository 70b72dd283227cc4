"""Single files of tagged passages, written row by row: JSON Lines, Parquet and CSV."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

import msgspec

from ffm.csv_files import csv_lines
from ffm.records import TaggedPassage

if TYPE_CHECKING:
    import pyarrow

FORMATS = (".jsonl", ".parquet", ".csv")
COLUMNS = TaggedPassage.__struct_fields__
ADDED = COLUMNS[COLUMNS.index("stance") + 1 :]  # since version 0.1.0, whose files are read too
_HINTS = get_type_hints(TaggedPassage)
NESTED = tuple(name for name in COLUMNS if get_origin(_HINTS[name]) in (tuple, dict))  # JSON in flat tables
# what pandas calls the types of the columns whose cells are neither text nor JSON
TYPES = {int: "Int64", float: "Float64", bool: "boolean"}
NUMBERS = {
    name: TYPES[kind] for name in COLUMNS for kind in (*get_args(_HINTS[name]), _HINTS[name]) if kind in TYPES and name not in NESTED
}
DEFAULTED = tuple(name for name in ADDED if name not in NESTED and NoneType not in get_args(_HINTS[name]))  # those that are never null
ROWS = 4096  # of a row group


def write_rows(rows: Iterable[TaggedPassage], path: Path, suffix: str) -> None:
    """Write tagged passages in a format, as they come; nested columns are JSON strings in Parquet and CSV."""
    if suffix == ".jsonl":
        with path.open("wb") as out:
            for row in rows:
                out.write(msgspec.json.encode(row) + b"\n")
    elif suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as cells:
            cells.writelines(csv_lines(COLUMNS, ([_cell(value) for value in _flat(row).values()] for row in rows)))
    else:
        _write_parquet(rows, path)


def _cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


def _write_parquet(rows: Iterable[TaggedPassage], path: Path) -> None:
    import pyarrow.parquet

    schema = _schema()
    left: Iterator[TaggedPassage] = iter(rows)
    with pyarrow.parquet.ParquetWriter(path, schema) as writer:
        while some := list(islice(left, ROWS)):
            writer.write_table(pyarrow.Table.from_pylist([_flat(row) for row in some], schema))


def _schema() -> pyarrow.Schema:
    """Return the columns of a flat table, with what pandas needs to give whole numbers back where some are null."""
    import pandas as pd
    import pyarrow

    empty = pd.DataFrame(columns=list(COLUMNS), dtype=object).astype({name: NUMBERS.get(name, "string") for name in COLUMNS})
    schema = pyarrow.Schema.from_pandas(empty, preserve_index=False)
    texts = (pyarrow.field(field.name, pyarrow.string()) if field.type == pyarrow.large_string() else field for field in schema)
    return pyarrow.schema(texts, schema.metadata)


def _flat(row: TaggedPassage) -> dict[str, Any]:
    plain = msgspec.to_builtins(row)
    return {key: json.dumps(value, ensure_ascii=False) if key in NESTED else value for key, value in plain.items()}
