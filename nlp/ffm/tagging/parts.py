"""Finished reports in a folder, one file each: replaced one by one, never half, by one run at a time.

A part is a Parquet file, or lines of JSON; either carries a :class:`Head` that says of what text, model and code it is. So a run that
was stopped at any moment goes on where it was, and one that is done has nothing to do.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import msgspec
from filelock import FileLock, Timeout
from msgspec import Struct
from msgspec.structs import replace

from ffm.errors import OutputError
from ffm.files import beside
from ffm.records import TaggedPassage

LINES, TABLE = ".jsonl", ".parquet"
HEAD_KEY = b"ffm"  # in the metadata of a Parquet file
LOCK = ".lock"
HIDDEN = (".", "_")  # what begins so is passed over by Arrow and Spark
PLAIN_NAME = 100  # characters of a report's id that its file's name has


class Head(Struct, frozen=True):
    """What a part says of itself.

    Attributes
    ----------
    report
        The report's id.
    digest
        SHA-256 over the report's file and what its register and its layout file say of it.
    version
        SHA-256 over the model, the code and the settings that it was tagged with.
    scheme, model
        As the rows have them.
    themed
        Number of passages that have scores.
    labels
        How many passages carry each theme.
    notices
        What a person should know of the report, one line each.
    size
        Bytes of the rows, where they are lines: fewer are a damaged part.
    """

    report: str
    digest: str
    version: str
    scheme: str
    model: str
    passages: int
    words: int
    interviews: int
    themed: int
    labels: dict[str, int]
    notices: tuple[str, ...] = ()
    size: int = 0


def pack(head: Head, rows: Sequence[TaggedPassage], suffix: str) -> bytes:
    """Return a part: Parquet with one row group, or lines of JSON of which the first is the head."""
    if suffix == LINES:
        lines = b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
        return msgspec.json.encode(replace(head, size=len(lines))) + b"\n" + lines
    import pyarrow.parquet

    from ffm.tagging.columns import to_table

    buffer = BytesIO()
    table = to_table(rows).replace_schema_metadata({HEAD_KEY: msgspec.json.encode(head)})
    pyarrow.parquet.write_table(table, buffer, compression="zstd", row_group_size=max(1, len(rows)))
    return buffer.getvalue()


def read_head(path: Path) -> Head | None:
    """Return the head of a part, or None where there is none or it is damaged."""
    try:
        if path.suffix == TABLE:
            import pyarrow.parquet

            found = (pyarrow.parquet.read_metadata(path).metadata or {}).get(HEAD_KEY, b"")
            return msgspec.json.decode(found, type=Head)
        with path.open("rb") as lines:
            line = lines.readline()
            head = msgspec.json.decode(line, type=Head)
            return head if path.stat().st_size == len(line) + head.size else None
    except (OSError, ValueError, msgspec.MsgspecError):  # what pyarrow raises for a damaged file is a ValueError
        return None


def read_lines(path: Path) -> Iterator[TaggedPassage]:
    """Yield the rows of a part that holds lines."""
    with path.open("rb") as lines:
        next(lines)
        for line in lines:
            yield msgspec.json.decode(line, type=TaggedPassage)


class Parts:
    """A folder of parts of one kind."""

    def __init__(self, folder: Path, suffix: str) -> None:
        self.folder, self.suffix = folder, suffix

    def place(self, report: str) -> Path:
        """Return where the part of a report stands; reports whose ids differ in case only have files apart on every system."""
        name = quote(report, safe="")[:PLAIN_NAME]
        if name != report or name != name.lower() or name.startswith(HIDDEN):
            name = f"{name.lower().lstrip('._')}~{hashlib.sha256(report.encode()).hexdigest()[:8]}"
        return self.folder / f"{name}{self.suffix}"

    def head(self, report: str) -> Head | None:
        """Return the head of a report's part, if it is there and whole."""
        head = read_head(self.place(report))
        return head if head is not None and head.report == report else None

    def all(self) -> list[Path]:
        """Return the files of all parts, sorted by name."""
        return sorted(path for path in self.folder.glob(f"*{self.suffix}") if not path.name.startswith("."))

    def write(self, report: str, data: bytes) -> None:
        """Write the part of a report, in place of an earlier one.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        with beside(self.place(report)) as part:
            part.write_bytes(data)

    def remove(self) -> None:
        """Remove the folder with all that is in it."""
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def opened(folder: Path, suffix: str, name: Path) -> Iterator[Parts]:
    """Give a folder of parts, made if it is missing, that no other run may write to meanwhile; what a killed run left half is removed.

    The lock is the operating system's: it ends with the process that holds it, however that ends.

    Parameters
    ----------
    name
        What messages call it.

    Raises
    ------
    OutputError
        If it cannot be written, or another run is writing to it.
    """
    try:
        folder.mkdir(exist_ok=True)
        lock = FileLock(folder / LOCK)
        lock.acquire(timeout=0)
    except Timeout:
        raise OutputError(f"{name}: another run is writing to it; wait until it is done, or name another place") from None
    except FileNotFoundError:
        raise OutputError(f"{name}: its folder does not exist; make it first") from None
    except OSError as error:
        raise OutputError(f"{name}: cannot be written ({error.strerror or error}); choose another place") from None
    try:
        for half in folder.glob(".*.part"):
            half.unlink(missing_ok=True)
        yield Parts(folder, suffix)
    finally:
        lock.release()
        if not any(item.name != LOCK for item in (folder.iterdir() if folder.is_dir() else ())):
            with suppress(OSError):  # another run may have begun
                (folder / LOCK).unlink(missing_ok=True)
                os.rmdir(folder)  # noqa: PTH106
