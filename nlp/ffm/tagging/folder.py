"""A data set that is a folder: one Parquet file a report, and a manifest that tells what stands in it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from ffm.errors import OutputError, RecordError
from ffm.files import beside
from ffm.tagging.parts import LOCK, TABLE, Head, Parts, read_head
from ffm.tagging.writers import FORMATS

MANIFEST = "_manifest.json"  # what begins so is no data for Arrow and Spark
SUFFIXES = ("", ".dataset")  # that the name of such a folder may have
FORMAT = 1


def is_data_set(path: Path) -> bool:
    """Tell whether a path is a folder of tagged reports; one without a manifest is of a run that was stopped."""
    return path.is_dir() and ((path / MANIFEST).is_file() or bool(part_files(path)))


def part_files(folder: Path) -> list[Path]:
    """Return the files of a data set that hold a report each, sorted by name."""
    return [path for path in Parts(folder, TABLE).all() if read_head(path) is not None]


def check_folder(output: Path) -> None:
    """Refuse a place for a data set that is another folder, or whose name is not that of one.

    Raises
    ------
    OutputError
        If it is so.
    """
    if output.is_dir():
        others = [item.name for item in output.iterdir() if item.name != LOCK and not item.name.endswith(".part")]
        if others and not is_data_set(output):
            raise OutputError(f"{output}: is a folder that holds other things than tagged reports; name a new one, or a file")
    elif output.suffix not in SUFFIXES:
        raise OutputError(f"{output}: unknown format; end its name in {', '.join(FORMATS)}, or give a folder's name without an ending")
    elif output.exists():
        raise OutputError(f"{output}: is a file; name a new folder, or end a file's name in {', '.join(FORMATS)}")


def write_manifest(parts: Parts) -> None:
    """Write what stands in a data set: by report its file, and of what text, model and code it is."""
    reports = {head.report: {"file": path.name, **_said(head)} for path in parts.all() if (head := read_head(path)) is not None}
    with beside(parts.folder / MANIFEST) as part:
        part.write_bytes(msgspec.json.format(msgspec.json.encode({"format": FORMAT, "reports": reports}), indent=1) + b"\n")


def _said(head: Head) -> dict[str, object]:
    said = msgspec.to_builtins(head)
    return {name: said[name] for name in ("digest", "version", "scheme", "model", "passages", "words")}


def check_readable(path: Path) -> list[Path]:
    """Return the files of a data set.

    Raises
    ------
    RecordError
        If the folder is none.
    """
    files = part_files(path)
    if not files:
        raise RecordError(f"{path}: is a folder without tagged reports; name an output of ffm tag, or the files in it")
    return files
