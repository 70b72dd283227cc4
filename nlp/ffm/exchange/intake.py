"""From what a format gives back to gold: joined to the reports' texts, checked, and refused by report and name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from ffm.errors import FfmError, RecordError
from ffm.exchange.items import Carried, Item, Span, item_of
from ffm.exchange.offsets import in_report, trimmed
from ffm.files import can_name_a_file
from ffm.gold.anchors import with_anchors
from ffm.gold.comments import Comment
from ffm.gold.older import older_notices, restate
from ffm.gold.store import GoldEntity, GoldHeader, GoldRecord, check_records, text_digest
from ffm.project.reports import Registered, open_report
from ffm.project.scheme import Scheme
from ffm.records import Report, joined, value_of
from ffm.tagging.schemes import shown

MAX_BYTES = 200_000_000


class Intake:
    """Collects the items that a format gives back, by report and annotator.

    Attributes
    ----------
    refused
        By report, why it is refused; the others are done.
    notices
        What was left out of a report that was taken.
    comments
        What annotators remarked.
    """

    def __init__(self, path: Path, entries: dict[str, Registered], scheme: Scheme) -> None:
        self.path = path
        self.scheme = scheme
        self.refused: dict[str, str] = {}
        self.notices: list[str] = []
        self.comments: list[Comment] = []
        self._entries = entries
        self._reports: dict[str, Report | None] = {}
        self._items: dict[tuple[str, str], list[Item]] = {}

    def text(self, report: str) -> str | None:
        """Return the text of a report as it is registered; None, and the report is refused, where it is not there."""
        if report not in self._reports:
            self._reports[report] = None
            entry = self._entries.get(report)
            if entry is None:
                self.refuse(report, "no report of this id is registered; register its file with ffm reports add --id")
            elif not entry.path.is_file():
                self.refuse(report, "the report's text is not here; put it into raw_text/ or name its folder in FFM_RAW_TEXT")
            else:
                try:
                    self._reports[report] = open_report(report, self._entries)
                except FfmError as error:
                    self.refuse(report, str(error))
        found = self._reports[report]
        return None if found is None else found.text

    def refuse(self, report: str, reason: str) -> None:
        """Refuse a report; its first reason counts."""
        self.refused.setdefault(report, f"{self.path}: {shown(report)}: {reason}")

    def add(self, carried: Carried, text: str, spans: Sequence[Span], themes: Sequence[str]) -> None:
        """Take a range with its spans and themes, if its report's text is there and has the range's text at its place."""
        report = carried.header.report
        whole = self.text(report)
        if whole is None:
            return
        if carried.parts[-1][1] > len(whole) or joined(whole, carried.parts) != text:
            self.refuse(report, f"{shown(carried.id)} is not what the report's text has there; import it with the text that was exported")
            return
        for start, end, label in spans:
            if trimmed(text, start, end) is None:
                self.notices.append(f"{self.path}: {shown(carried.id)}: the {shown(label)} {start}-{end} is white space only; left out")
        item = item_of(carried, text, spans, themes, self.scheme)
        self._items.setdefault((report, carried.header.annotator), []).append(item)

    def gold(self) -> list[tuple[GoldHeader, Sequence[GoldRecord]]]:
        """Return the gold of every report that holds together, by report id and annotator, in the labels of the scheme; the others are refused.

        Raises
        ------
        RecordError
            If nothing was read at all.
        """
        if not self._items and not self.refused:
            raise RecordError(f"{self.path}: holds no annotated ranges; export some first")
        found: list[tuple[GoldHeader, Sequence[GoldRecord]]] = []
        several = Counter(name for name, _ in self._items)
        for (name, annotator), items in sorted(self._items.items()):
            report = self._reports[name]
            if name in self.refused or report is None:
                continue
            try:
                if several[name] > 1 and not can_name_a_file(annotator):
                    raise RecordError(f'the annotator "{shown(annotator)}" cannot name a folder; rename the user')
                gold = restate(self._header(items, report), [_record(item) for item in items], self.scheme)
                _check_ranges(gold.records)
                check_records(name, gold.records, report, self.scheme)
            except FfmError as error:
                self.refuse(name, str(error).removeprefix(f"{name}: "))
                continue
            self.notices += older_notices(self.path, [gold], self.scheme)
            found.append((gold.header, with_anchors(gold.records, report.text)))
        return [(header, records) for header, records in found if header.report not in self.refused]

    def _header(self, items: Sequence[Item], report: Report) -> GoldHeader:
        headers = {item.carried.header for item in items}
        if len(headers) > 1:
            raise RecordError("its ranges are of different texts, dates or schemes; import one set of annotations at a time")
        return replace(headers.pop(), sha256=text_digest(report))


def read_capped(path: Path, limit: int = MAX_BYTES) -> bytes:
    """Return a file's bytes.

    Raises
    ------
    RecordError
        If it cannot be read, or is larger than any export.
    """
    try:
        size = path.stat().st_size
        if size > limit:
            raise RecordError(f"{path}: {size / 1e6:.0f} MB is over the limit of {limit / 1e6:.0f} MB; divide the file")
        return path.read_bytes()
    except OSError as error:
        raise RecordError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from None


def _record(item: Item) -> GoldRecord:
    parts = item.carried.parts
    entities = []
    for mark in item.marks:
        try:
            start, end = in_report(parts, mark.start, mark.end)
        except FfmError as error:
            raise RecordError(f"{item.id}: {error}") from None
        entities.append(GoldEntity(start, end, mark.label, **value_of(mark)))
    about = item.carried
    return GoldRecord(
        parts[0][0],
        parts[-1][1],
        tuple(entities),
        item.themes,
        about.stance,
        about.unit,
        about.role,
        about.unread,
        history=about.history,
    )


def _check_ranges(records: Sequence[GoldRecord]) -> None:
    for (start, end), count in Counter((record.start, record.end) for record in records).items():
        if count > 1:
            raise RecordError(f"{start}-{end} stands {count} times; leave one")
