"""Tagged data sets read through DuckDB: of a folder only the columns and rows that are asked for, a few at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ffm.errors import RecordError
from ffm.records import TaggedPassage
from ffm.tagging.contract import checked
from ffm.tagging.filtering import Filter
from ffm.tagging.folder import check_readable
from ffm.tagging.writers import COLUMNS

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

BATCH = 1024  # rows that are in memory at a time
# Beside the view of passages: one row a label, one row an entity.
VIEWS = """
create view labels as select report, passage, source_type, date, unnest(labels) as theme, stance[theme] as stance, scores[theme] as score
from passages;
create view entities as select report, passage, unnest(entities, max_depth := 2) from passages;
"""


@contextmanager
def opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection with a data set's passages, labels and entities as views.

    A folder's files are read as they are asked for; a single file is read as a whole.

    Raises
    ------
    RecordError
        If there is no data set, or it is damaged.
    """
    import duckdb

    with tempfile.TemporaryDirectory(prefix="ffm-") as spill:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "temp_directory": spill,
        }
        with duckdb.connect(config=settings) as connection:
            if path.is_dir():
                files = ", ".join(_quoted(file) for file in check_readable(path))
                connection.execute(f"create view passages as select * from read_parquet([{files}], union_by_name = true)")
            else:
                from ffm.tagging.columns import to_table
                from ffm.tagging.dataset import read_file

                connection.register("passages", to_table(read_file(path)))
            connection.execute(VIEWS)
            yield connection


def _quoted(path: Path) -> str:
    escaped = str(path).replace("'", "''")
    return f"'{escaped}'"


def select(path: Path, wanted: Filter) -> Iterator[TaggedPassage]:
    """Yield the passages of a data set that are wanted, in its order.

    Raises
    ------
    RecordError
        If the data set is missing or damaged.
    """
    if not path.is_dir():
        from ffm.tagging.dataset import read_file

        yield from (passage for passage in read_file(path) if wanted.fits(passage))
        return
    from ffm.tagging.columns import to_plain

    condition, values = wanted.sql()
    with opened(path) as connection:
        present = {row[0] for row in connection.execute("describe passages").fetchall()}
        columns = ", ".join(f'"{column}"' for column in COLUMNS if column in present)
        with _told(path):
            found = connection.execute(f"select {columns} from passages where {condition}", values)
            batches: pa.RecordBatchReader = found.to_arrow_reader(BATCH)
            for row in to_plain(batches):
                passage = _passage(path, row)
                if wanted.fits(passage):
                    yield passage


def _passage(path: Path, row: dict[str, Any]) -> TaggedPassage:
    try:
        return checked(msgspec.convert(row, TaggedPassage))
    except (msgspec.ValidationError, RecordError) as error:
        raise RecordError(f"{path}: {row.get('passage', 'a row')}: {error}; tag the report again") from None


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tell what DuckDB says in one line."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        line = " ".join(str(error).split())
        raise RecordError(f"{path}: {line[:300]}") from None


@contextmanager
def ask(path: Path, sql: str) -> Iterator[pa.RecordBatchReader]:
    """Give the answer to a query over the views ``passages``, ``labels`` and ``entities``, in batches.

    Raises
    ------
    RecordError
        If the data set is damaged, or the query is none.
    """
    with opened(path) as connection, _told(path):
        yield connection.execute(sql).to_arrow_reader(BATCH)
