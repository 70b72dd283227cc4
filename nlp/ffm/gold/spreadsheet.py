"""Labelling in a spreadsheet: passages out as CSV, one column a theme, and back as gold, every row held against its report."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from ffm.csv_files import Cell, csv_text, read_rows
from ffm.errors import FfmError, GoldError
from ffm.gold.store import GoldRecord
from ffm.ingest.encoding import decode
from ffm.project.reports import Registered, open_report
from ffm.project.scheme import Scheme
from ffm.records import Passage, Report, TaggedPassage, is_evidence

PLACE = ("report", "passage", "start", "end")
CONTEXT = ("section", "source", "date", "question", "text")
READ = "read"
YES, NO = ("x", "yes", "y", "1", "true"), ("", "no", "n", "0", "false")


class Filled(Struct, frozen=True):
    """What was read from a filled-in template.

    Attributes
    ----------
    records
        By report id, the rows that were read by the annotator.
    reports
        The reports, by id.
    unread
        Number of rows without any mark.
    problems
        One line for each row that is refused.
    """

    records: dict[str, tuple[GoldRecord, ...]]
    reports: dict[str, Report]
    unread: int
    problems: tuple[str, ...]


def template_csv(passages: Sequence[Passage | TaggedPassage], scheme: Scheme) -> str:
    """Return passages as CSV to label: where each stands, its text with its question, a column ``read``, one column a theme.

    Footnotes, tables and front matter, which get no themes, are left out. Texts that a spreadsheet would take for formulas get an
    apostrophe before them.
    """
    rows: list[Sequence[Cell]] = []
    for passage in passages:
        if is_evidence(passage):
            context = [str(getattr(passage, name) or "") for name in CONTEXT]
            rows.append([passage.report, passage.passage, passage.start, passage.end, *context, "", *("" for _ in scheme.theme)])
    return csv_text([*PLACE, *CONTEXT, READ, *scheme.theme_ids], rows)


def read_template(path: Path, entries: Mapping[str, Registered], scheme: Scheme) -> Filled:
    """Read a filled-in template.

    A row counts as read where its column ``read`` or that of a theme is marked; a theme's cell holds "x", or a stance of
    the scheme where the theme carries one ("x" stands for the first).

    Parameters
    ----------
    path
        CSV with commas, semicolons or tabs, in the encodings that spreadsheets write.
    entries
        The registered reports, by id.

    Raises
    ------
    GoldError
        If the file cannot be read, or its columns are not those of a template of this scheme.
    """
    rows = list(_rows(path, scheme))
    records: dict[str, dict[tuple[int, int], GoldRecord]] = {}
    reports: dict[str, Report] = {}
    problems: list[str] = []
    unread = 0
    for number, row in rows:
        where = f"{path}: row {number}"
        try:
            marks = {theme: _mark(row[theme], theme, scheme) for theme in scheme.theme_ids}
            if _is_no(row[READ]) and not any(marks.values()):
                unread += 1
                continue
            report = _report(row["report"], entries, reports)
            record = _record(row, report, {theme: mark for theme, mark in marks.items() if mark}, scheme)
        except FfmError as error:
            problems.append(f"{where}: {error}")
            continue
        mine = records.setdefault(report.id, {})
        if (record.start, record.end) in mine:
            problems.append(f"{where}: {row['passage']} stands twice; remove one of the rows")
            continue
        mine[record.start, record.end] = record
    found = {name: tuple(mine[span] for span in sorted(mine)) for name, mine in records.items()}
    return Filled(found, {name: reports[name] for name in found}, unread, tuple(problems))


def joined_with(before: Sequence[GoldRecord], new: Sequence[GoldRecord]) -> list[GoldRecord]:
    """Return the records of a report with new ones among them: a new reading of a range takes the place of the old one, whose entities stay.

    Raises
    ------
    GoldError
        If a new range overlaps another one that stays.
    """
    old = {(record.start, record.end): record for record in before}
    read = [replace(record, entities=old[span].entities) if (span := (record.start, record.end)) in old else record for record in new]
    spans = {(record.start, record.end) for record in new}
    kept = [record for record in before if (record.start, record.end) not in spans]
    every = sorted([*kept, *read], key=lambda record: (record.start, record.end))
    for one, two in pairwise(every):
        if two.start < one.end and "passage" in (one.unit, two.unit):
            raise GoldError(
                f"{two.start}-{two.end} overlaps {one.start}-{one.end}, which is labelled already; label whole passages of one segmentation"
            )
    return every


def _rows(path: Path, scheme: Scheme) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows by column, with their numbers as a spreadsheet shows them."""
    try:
        data = path.read_bytes()
        text = decode(path, data)
    except OSError as error:
        raise GoldError(f"{path}: cannot be read ({error.strerror}); check the path") from None
    except FfmError as error:
        raise GoldError(str(error)) from None
    try:
        table = list(read_rows(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise GoldError(f"{path}: not CSV: {error}; save the sheet as CSV") from None
    columns = [cell.strip() for cell in table[0][1]] if table else []
    for wanted in (*PLACE, "text", READ, *scheme.theme_ids):
        if columns.count(wanted) != 1:
            what = "has no column" if wanted not in columns else "has twice the column"
            raise GoldError(f'{path}: {what} "{wanted}" of the scheme {scheme.id}; begin with ffm gold template')
    if unknown := [column for column in columns if column and column not in (*PLACE, *CONTEXT, READ, *scheme.theme_ids)]:
        raise GoldError(f'{path}: the scheme {scheme.id} has no theme "{unknown[0]}"; remove the column or add the theme to the scheme')
    for number, (_, cells) in enumerate(table[1:], 2):
        if any(cell.strip() for cell in cells):
            yield number, dict(zip(columns, [*cells, *("" for _ in columns[len(cells) :])], strict=False))


def _mark(cell: str, theme: str, scheme: Scheme) -> str:
    """Return what a cell says of a theme: empty for no, else its stance or "yes"."""
    value = cell.strip().lower()
    stances = {stance.lower(): stance for stance in scheme.stances} if theme in scheme.stance_ids else {}
    if value in NO:
        return ""
    if value in YES:
        return next(iter(scheme.stances)) if stances else "yes"
    if value in stances:
        return stances[value]
    allowed = f"x or one of {', '.join(scheme.stances)}" if stances else "x"
    raise GoldError(f'"{cell.strip()[:40]}" under {theme} is no mark; write {allowed}, or leave the cell empty')


def _is_no(cell: str) -> bool:
    """Tell whether the column ``read`` is not marked."""
    if cell.strip().lower() not in (*YES, *NO):
        raise GoldError(f'"{cell.strip()[:40]}" under {READ} is no mark; write x, or leave the cell empty')
    return cell.strip().lower() in NO


def _report(name: str, entries: Mapping[str, Registered], reports: dict[str, Report]) -> Report:
    if name not in reports:
        if name not in entries:
            raise GoldError(f'"{name}" is no registered report; register it with ffm reports add')
        reports[name] = open_report(name, dict(entries))
    return reports[name]


def _record(row: Mapping[str, str], report: Report, marks: Mapping[str, str], scheme: Scheme) -> GoldRecord:
    """Return a row as a record, once its text is known to stand where the row says."""
    try:
        start, end = int(row["start"]), int(row["end"])
    except ValueError:
        raise GoldError(f'start "{row["start"]}" or end "{row["end"]}" is no number; take them from the template') from None
    quoted = "".join(row["text"].split())
    stands = "".join(report.text[max(start, 0) : end].split())
    if not quoted or not _same(quoted, stands):
        raise GoldError(f"its text does not stand at {start}-{end} of {report.id}; take text, start and end from a template of this report")
    stance = {theme: mark for theme, mark in marks.items() if theme in scheme.stance_ids}
    return GoldRecord(start, end, themes=tuple(marks), stance=stance, unit="passage")


def _same(quoted: str, stands: str) -> bool:
    """Tell whether a passage's text is what stands in the report; a note or page break between its parts may be left out."""
    if quoted == stands:
        return True
    rest = iter(stands)
    return quoted[:20] == stands[:20] and quoted[-20:] == stands[-20:] and all(character in rest for character in quoted)
