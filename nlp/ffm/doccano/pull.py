"""Annotations back from doccano: per annotator, into stand-off files of the gold format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from ffm.doccano.client import Project, Server
from ffm.doccano.errors import DoccanoError, counted
from ffm.doccano.metadata import Sent, read_sent
from ffm.doccano.setup import DECISIONS, ROLE, Batch, missing_line, missing_types
from ffm.doccano.told import in_order, with_reading
from ffm.entities.amounts import LABEL as AMOUNT
from ffm.entities.amounts import Where, country_of, value_in
from ffm.errors import FfmError, GoldError, PassageError
from ffm.exchange.categories import category_types, read_categories
from ffm.exchange.offsets import in_report, to_points
from ffm.files import can_name_a_file
from ffm.gold.anchors import with_anchors
from ffm.gold.merge import ADJUDICATED
from ffm.gold.store import GoldEntity, GoldHeader, GoldRecord, check_records, read_gold, text_digest, write_gold
from ffm.project.reports import Registered, open_report
from ffm.project.scheme import Scheme
from ffm.records import THEMED_KINDS, Range, Report, joined, value_of

MADE_BY = "human annotator"


class Reading(Struct, frozen=True):
    """What an annotator made of a passage."""

    sent: Sent
    record: GoldRecord


class Pulled(Struct):
    """What a pull did.

    Attributes
    ----------
    files
        The files written, with the number of passages in each.
    notices
        What a person should know of, one line each.
    errors
        One line for each thing that was refused.
    """

    files: dict[Path, int] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Texts:
    """The texts of reports, each read once."""

    def __init__(self, entries: Mapping[str, Registered], reports: Iterable[Report] = ()) -> None:
        self._entries = dict(entries)
        self._reports: dict[str, Report | str] = {report.id: report for report in reports}

    def get(self, name: str) -> Report:
        """Return a report.

        Raises
        ------
        DoccanoError
            If its text is not here.
        """
        if name not in self._reports:
            try:
                if name not in self._entries:
                    raise DoccanoError(f"{name}: no such report is registered; register its text, or name its file with --report")
                self._reports[name] = open_report(name, self._entries)
            except FfmError as error:
                self._reports[name] = str(error)
        found = self._reports[name]
        if isinstance(found, str):
            raise DoccanoError(found)
        return found


def pull(server: Server, batch: Batch, scheme: Scheme, texts: Texts, output: Path, everything: bool = False) -> Pulled:
    """Fetch the annotations of a batch into ``output/ANNOTATOR/REPORT.jsonl``; decisions name "adjudicated" as their annotator.

    Parameters
    ----------
    everything
        Passages too that their annotator has not confirmed.

    Raises
    ------
    DoccanoError
        If the server cannot be reached, or its task fails or does not end.
    OutputError
        If a file cannot be written.
    """
    done = Pulled()
    for annotator, project, rows in _annotated(server, batch, everything):
        missing = missing_types(server, project, scheme)
        if missing:
            done.errors.append(missing_line(project, missing))
        if not can_name_a_file(annotator):
            done.errors.append(f'"{project.name}": the user name "{annotator}" cannot name a folder; rename the user in doccano')
            continue
        readings = read_rows(rows, annotator, scheme, texts, done)
        if not rows:
            done.notices.append(f'"{project.name}": {annotator} has {"no passages" if everything else "confirmed no passages yet"}')
        who = ADJUDICATED if DECISIONS in project.tags else annotator
        header = GoldHeader("", "", scheme.version, who, MADE_BY, not everything, date.today().isoformat())
        _write(server, project, output / annotator, header, readings, texts, done)
    return done


def _annotated(server: Server, batch: Batch, everything: bool) -> Iterator[tuple[str, Project, list[dict[str, Any]]]]:
    """Yield each annotator with the project and its rows."""
    for annotator, project in batch.projects.items():
        exported = server.download(project, confirmed=not everything)
        if not batch.blind:
            yield annotator, project, exported.get("all", [])
            continue
        for name, role in sorted(server.members(project).items()):
            rows = exported.get(name, [])
            if role == ROLE or any(row["entities"] or row["cats"] for row in rows):
                yield name, project, rows


def read_rows(rows: Sequence[Mapping[str, Any]], annotator: str, scheme: Scheme, texts: Texts, done: Pulled) -> dict[str, list[Reading]]:
    """Return what an annotator made of passages, by report; what is refused becomes an error of the outcome."""
    known = {label.text for label in category_types(scheme)} | set(scheme.entity_ids)
    unknown: dict[str, list[str]] = {}
    absent: dict[str, int] = {}
    found: dict[str, Reading] = {}
    for row in rows:
        try:
            sent = read_sent(row)
            labels = {*row["cats"], *(label for _, _, label in row["entities"])}
            if strange := sorted(labels - known):
                for label in strange:
                    unknown.setdefault(label, []).append(sent.passage)
                continue
            report = texts.get(sent.report)
            reading = Reading(sent, _record(row, sent, report, scheme, annotator, done))
        except PassageError as error:
            done.errors.append(f"{annotator}: {error}")
            continue
        except DoccanoError as error:
            absent[str(error)] = absent.get(str(error), 0) + 1
            continue
        if found.get(sent.passage, reading).record != reading.record:
            done.errors.append(
                f"{annotator}: the passage {sent.passage} stands in doccano twice and is marked differently; delete one there"
            )
            continue
        found[sent.passage] = reading
    for label, passages in unknown.items():
        done.errors.append(
            f'{annotator}: the scheme has no label "{label}", so {counted(len(passages))} left out, the first {passages[0]}; '
            "add the label to the scheme, or remove it in doccano"
        )
    done.errors += [f"{annotator}: {counted(count)} left out: {message}" for message, count in absent.items()]
    by_report: dict[str, list[Reading]] = {}
    for reading in found.values():
        by_report.setdefault(reading.sent.report, []).append(reading)
    return by_report


def _record(row: Mapping[str, Any], sent: Sent, report: Report, scheme: Scheme, annotator: str, done: Pulled) -> GoldRecord:
    """Return what a row says of a passage, in offsets of its report.

    Raises
    ------
    PassageError
        If it is not of the report's text, or its marks contradict each other; the message names the passage.
    """
    text = row["text"]
    if sent.parts[-1][1] > len(report.text) or joined(report.text, sent.parts) != text:
        raise PassageError(f"the passage {sent.passage} is of another text than {report.id} has now; restore the report's file")
    try:
        themes, stances = read_categories(row["cats"], scheme)
        spans = sorted(row["entities"])
        ranges = to_points(text, [(start, end) for start, end, _ in spans])
        entities = []
        where = Where(text, row.get("question") or "", report.country or country_of(report.text))
        for (start, end), (_, _, label) in zip(ranges, spans, strict=True):
            place = in_report(sent.parts, start, end)
            value = (
                (sent.amounts.get(place) or value_in(text, start, end, where, row.get("date") or report.date)) if label == AMOUNT else None
            )
            entity = GoldEntity(*place, label, **({} if value is None else value_of(value)))
            if label == AMOUNT and entity.kind is None:
                done.notices.append(
                    f'{annotator}: the passage {sent.passage}: the AMOUNT "{text[start:end]}" has no value that can be read; it is kept without'
                )
            entities.append(entity)
        start, end = sent.parts[0][0], sent.parts[-1][1]
        role = "passage" if sent.kind in THEMED_KINDS else "context"
        record = GoldRecord(start, end, tuple(entities), themes, stances, "passage", role)
        check_records(report.id, [record], report, scheme)
        record = with_reading(record, row, annotator, scheme)
    except (PassageError, GoldError) as error:
        reason = str(error).split("; ")[0]
        raise PassageError(f"the passage {sent.passage}: {reason}; correct it in doccano") from None
    return record


def _write(
    server: Server,
    project: Project,
    folder: Path,
    header: GoldHeader,
    readings: Mapping[str, Sequence[Reading]],
    texts: Texts,
    done: Pulled,
) -> None:
    """Write an annotator's files, but none in the place of one that holds more than this project has."""
    here: set[tuple[str, Range]] | None = None
    for name, items in sorted(readings.items()):
        path = folder / f"{name}.jsonl"
        report = texts.get(name)
        records: Sequence[GoldRecord] = ()
        if path.is_file():
            before, records = read_gold(path)
            others = {(record.start, record.end) for record in records} - {(item.record.start, item.record.end) for item in items}
            if others and here is None:
                here = set(_held(server, project))
            strange = others - {where for held, where in here or () if held == name}
            if strange or before.annotator != header.annotator:
                done.errors.append(
                    f'{path}: holds {counted(len(strange))} that "{project.name}" has not, and is left as it was; pull into another folder'
                )
                continue
        folder.mkdir(parents=True, exist_ok=True)
        pulled = in_order([item.record for item in items], records, header)
        records = with_anchors(pulled, report.text)
        write_gold(path, replace(header, report=name, sha256=text_digest(report)), records)
        done.files[path] = len(items)


def _held(server: Server, project: Project) -> Iterator[tuple[str, Range]]:
    """Yield the report and range of every passage of a project, confirmed or not."""
    for rows in server.download(project).values():
        for row in rows:
            try:
                sent = read_sent(row)
            except PassageError:
                continue
            yield sent.report, (sent.parts[0][0], sent.parts[-1][1])
