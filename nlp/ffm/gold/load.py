"""Gold joined to the reports that it was made on, in the labels of today's scheme."""

from __future__ import annotations

from pathlib import Path

import msgspec

from ffm.errors import FfmError
from ffm.gold.older import Restated, older_notices, read_current
from ffm.gold.store import GoldReport, check_records, text_digest
from ffm.project.reports import Registered, open_report
from ffm.project.scheme import Scheme


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


def load_gold(folder: Path, entries: dict[str, Registered], scheme: Scheme) -> tuple[list[GoldReport], list[str]]:
    """Read all gold files of a folder, or one gold file, and join them to their reports.

    Returns
    -------
    list of GoldReport
        Those whose text is there, by report id.
    list of str
        One message for each report that was skipped (its text is missing or another), then one for each older version of
        the scheme by which gold was annotated: it is told in the labels of this one.

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
        header, records = gold.header, gold.records
        if header.report not in entries or not entries[header.report].path.is_file():
            address = entries[header.report].address if header.report in entries else ""
            hint = f"put its text into raw_text/ or name its folder in FFM_RAW_TEXT{f' (published at {address})' if address else ''}"
            messages.append(f"{header.report}: {len(records)} annotated ranges skipped, the report's text is not here; {hint}")
            continue
        try:
            report = open_report(header.report, entries)
        except FfmError as error:
            messages.append(f"{header.report}: {len(records)} annotated ranges skipped: {error}")
            continue
        if text_digest(report) != header.sha256:
            messages.append(
                f"{header.report}: {len(records)} annotated ranges skipped, its text is not the one that was annotated; restore the file"
            )
            continue
        check_records(path.name, records, report, scheme)
        joined.append(GoldReport(header, records, report))
        read.append(gold)
    return joined, messages + older_notices(folder, read, scheme)
