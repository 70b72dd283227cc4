"""Gold joined to the reports that it was made on, in the labels of today's scheme."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from ffm.errors import FfmError, GoldError
from ffm.gold.anchors import reanchor
from ffm.gold.older import Restated, older_notices, read_current
from ffm.gold.store import GoldHeader, GoldRecord, GoldReport, check_records, text_digest
from ffm.project.reports import Registered, open_report
from ffm.project.scheme import Scheme
from ffm.records import Report


def gold_files(place: Path) -> list[Path]:
    """Return the gold files of a folder, or the one file that is named."""
    return sorted(place.glob("*.jsonl")) if place.is_dir() else [place]


def is_gold(place: Path) -> bool:
    """Tell whether a place holds gold data: a folder, or a file whose first line is a header."""
    if place.is_dir():
        return True
    try:
        with place.open("rb") as lines:
            first = msgspec.json.decode(lines.readline(10_000))
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return isinstance(first, dict) and "sha256" in first


def report_of(header: GoldHeader, ranges: int, entries: dict[str, Registered]) -> Report:
    """Return the report of a gold file as its text is now.

    Raises
    ------
    GoldError
        If its text is not here or cannot be read; the message tells how many ranges are skipped therefore.
    """
    name = header.report
    if name not in entries or not entries[name].path.is_file():
        address = entries[name].address if name in entries else ""
        hint = f"put its text into raw_text/ or name its folder in FFM_RAW_TEXT{f' (published at {address})' if address else ''}"
        raise GoldError(f"{name}: {ranges} annotated ranges skipped, the report's text is not here; {hint}")
    try:
        return open_report(name, entries)
    except FfmError as error:
        raise GoldError(f"{name}: {ranges} annotated ranges skipped: {error}") from None


def at_the_text(header: GoldHeader, records: Sequence[GoldRecord], report: Report) -> tuple[GoldReport, str]:
    """Return gold in the offsets of the text that is here: as it is where this is the one that was annotated, else re-anchored.

    Returns
    -------
    GoldReport
        What was found in the text.
    str
        What a reader should know of it; empty where nothing had to be moved.

    Raises
    ------
    GoldError
        If the text is another and fewer than half of the ranges are found in it.
    """
    digest = text_digest(report)
    if digest == header.sha256:
        return GoldReport(header, tuple(records), report), ""
    skipped = f"{header.report}: {len(records)} annotated ranges skipped, its text is not the one that was annotated"
    if not any(record.anchor for record in records):
        raise GoldError(f"{skipped}; restore the file")
    found = reanchor(records, report.text)
    told = f"{len(found.records)} of {len(records)} annotated ranges"
    if 2 * len(found.records) < len(records):
        raise GoldError(f"{skipped} and has only {told}; restore the file")
    message = f"{header.report}: {told} re-anchored to its new text"
    if found.lost:
        message += f", {len(found.lost)} not found: label these again, once ffm gold anchor -o has written the others down in the new text"
    return GoldReport(replace(header, sha256=digest), found.records, report), message


def load_gold(folder: Path, entries: dict[str, Registered], scheme: Scheme) -> tuple[list[GoldReport], list[str]]:
    """Read all gold files of a folder, or one gold file, and join them to their reports.

    Returns
    -------
    list of GoldReport
        Those whose text is there, by report id.
    list of str
        One message for each report that was skipped (its text is missing or another) or re-anchored to a new text, then one for
        each older version of the scheme by which gold was annotated: it is told in the labels of this one.

    Raises
    ------
    GoldError
        If a file is damaged, contradicts the scheme, or is of a version from which the scheme's changes do not lead.
    """
    joined: list[GoldReport] = []
    messages: list[str] = []
    read: list[Restated] = []
    for path in gold_files(folder):
        gold = read_current(path, scheme)
        try:
            report = report_of(gold.header, len(gold.records), entries)
            placed, message = at_the_text(gold.header, gold.records, report)
        except GoldError as error:
            messages.append(str(error))
            continue
        if message:
            messages.append(message)
        check_records(path.name, placed.records, report, scheme)
        joined.append(placed)
        read.append(gold)
    return joined, messages + older_notices(folder, read, scheme)
