"""From a file to the text of a report."""

from __future__ import annotations

import re
from pathlib import Path

from msgspec.structs import replace

from ffm.errors import ReportError
from ffm.ingest.encoding import decode
from ffm.ingest.layouts import read_layout
from ffm.ingest.pdf import read_pdf
from ffm.records import Report

__all__ = ["MAX_BYTES", "SUFFIXES", "read_report", "report_id"]

MAX_BYTES = 20_000_000
SUFFIXES = (".md", ".txt", ".pdf")


def report_id(path: Path) -> str:
    """Return the id that a file's report has where it is not registered: its stem, in safe characters."""
    return re.sub(r"[^\w.-]+", "-", path.stem).strip("-.") or "report"


def read_report(path: Path, name: str | None = None) -> Report:
    """Read a report.

    Parameters
    ----------
    path
        A ``.md``, ``.txt`` or ``.pdf`` file of at most 20 MB.
    name
        The report's id; by default from the file's name.

    Raises
    ------
    ReportError
        If the file is missing, empty, too large, of another format, or is no text, or its layout file is damaged.
    """
    name = name or report_id(path)
    if not path.is_file():
        raise ReportError(f"{path}: no such file; check the path")
    if path.suffix.lower() not in SUFFIXES:
        raise ReportError(f"{path}: cannot read {path.suffix or 'a file without suffix'}; convert it to .md, .txt or .pdf")
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ReportError(f"{path}: {size / 1e6:.0f} MB is over the limit of {MAX_BYTES / 1e6:.0f} MB; divide the file")
        data = path.read_bytes()
    except OSError as error:
        raise ReportError(f"{path}: cannot be read ({error.strerror}); check its permissions") from None
    if path.suffix.lower() == ".pdf":
        return replace(read_pdf(path, data, name), layout=read_layout(path))
    text = decode(path, data)
    if not text.strip():
        raise ReportError(f"{path}: holds no text; check that the right file was saved")
    return Report(name, text, layout=read_layout(path))
