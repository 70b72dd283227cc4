"""Annotations back from doccano: per annotator, into stand-off files of the gold format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from ffm.doccano.client import Server
from ffm.doccano.content import Content, keep_comments
from ffm.doccano.errors import DoccanoError, counted
from ffm.doccano.metadata import Sent, read_sent
from ffm.doccano.setup import DECISIONS, ROLE, Batch, missing_line, missing_types
from ffm.doccano.suggested import in_order, with_reading
from ffm.doccano.values import HOW, put_right, quoted, read_comments, say_amount
from ffm.entities.amounts import LABEL as AMOUNT
from ffm.entities.amounts import Where, country_of, value_in
from ffm.errors import FfmError, GoldError, PassageError
from ffm.exchange.categories import category_types, read_categories
from ffm.exchange.offsets import in_report, to_points
from ffm.files import can_name_a_file
from ffm.gold.anchors import with_anchors
from ffm.gold.comments import Comment
from ffm.gold.merge import ADJUDICATED
from ffm.gold.store import GoldEntity, GoldHeader, GoldRecord, check_records, read_gold, text_digest, write_gold
from ffm.project.reports import Registered, open_report
from ffm.project.scheme import Scheme
from ffm.records import THEMED_KINDS, Range, Report, Value, joined, value_of

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
    comments
        The tables of comments written, with the number of comments that were fetched.
    notices
        What a person should know of, one line each.
    errors
        One line for each thing that was refused.
    """

    files: dict[Path, int] = field(default_factory=dict)
    comments: dict[Path, int] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Texts:
    """The texts of reports, each read once."""

    def __init__(self, entries: Mapping[str, Registered], reports: Iterable[Report] = ()) -> None:
        self._entries = dict(entries)
        self._reports: dict[str, Report | str] = {report.id: report for report in reports}
        self._countries: dict[str, str | None] = {}

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

    def country(self, report: Report) -> str | None:
        """Return the country that a report is about, as it is registered or as its text tells."""
        if report.id not in self._countries:
            self._countries[report.id] = report.country or country_of(report.text)
        return self._countries[report.id]


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
    for annotator, content, rows in _annotated(server, batch, everything):
        project = content.project
        missing = missing_types(server, project, scheme)
        if missing:
            done.errors.append(missing_line(project, missing))
        if not can_name_a_file(annotator):
            done.errors.append(f'"{project.name}": the user name "{annotator}" cannot name a folder; rename the user in doccano')
            continue
        readings = read_rows(rows, annotator, scheme, texts, done, content.page)
        if rows and not everything and not batch.blind:
            _tell_unconfirmed(content, len(rows), done)
        if not rows:
            done.notices.append(f'"{project.name}": {annotator} has {"no passages" if everything else "confirmed no passages yet"}')
        who = ADJUDICATED if DECISIONS in project.tags else annotator
        header = GoldHeader("", "", scheme.version, who, MADE_BY, not everything, date.today().isoformat())
        _write(content, output / annotator, header, readings, texts, done)
        _write_comments(content, output / annotator, content.comments(annotator if batch.blind else None), done)
    return done


def _annotated(server: Server, batch: Batch, everything: bool) -> Iterator[tuple[str, Content, list[dict[str, Any]]]]:
    """Yield each annotator with the project and its rows."""
    for annotator, project in batch.projects.items():
        content = Content(server, project)
        exported = server.download(project, confirmed=not everything)
        if not batch.blind:
            yield annotator, content, exported.get("all", [])
            continue
        authors = {remark.author for remark in content.remarks}
        for name, role in sorted(server.members(project).items()):
            rows = exported.get(name, [])
            if role == ROLE or name in authors or any(row["entities"] or row["cats"] for row in rows):
                yield name, content, rows


def _tell_unconfirmed(content: Content, confirmed: int, done: Pulled) -> None:
    left = content.server.count(content.project) - confirmed
    if left > 0:
        where = content.server.page(content.project, 1, confirmed=False)
        done.notices.append(f'"{content.project.name}": {counted(left)} not confirmed yet and left out, the first at {where}')


def read_rows(
    rows: Sequence[Mapping[str, Any]],
    annotator: str,
    scheme: Scheme,
    texts: Texts,
    done: Pulled,
    page: Callable[[int], str] | None = None,
) -> dict[str, list[Reading]]:
    """Return what an annotator made of passages, by report; what is refused becomes an error of the outcome.

    Parameters
    ----------
    page
        Gives the address of an example, which errors then name.
    """
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
            reading = Reading(sent, _record(row, sent, report, texts.country(report), scheme, annotator, done))
        except PassageError as error:
            done.errors.append(f"{annotator}: {error}" + (f", at {page(row['id'])}" if page else ""))
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


def _record(
    row: Mapping[str, Any], sent: Sent, report: Report, country: str | None, scheme: Scheme, annotator: str, done: Pulled
) -> GoldRecord:
    """Return what a row says of a passage, in offsets of its report.

    Raises
    ------
    PassageError
        If it is not of the report's text, or its marks contradict each other; the message names the passage.
    """
    text = sent.text
    if sent.parts[-1][1] > len(report.text) or joined(report.text, sent.parts) != text:
        raise PassageError(
            f"the passage {sent.passage}: its text is not that of {report.id}: one of them was changed; restore the report's file, "
            "or delete the passage in doccano and push again"
        )
    try:
        themes, stances = read_categories(row["cats"], scheme)
        spans = _in_passage(sorted(row["entities"]), row["text"], sent, annotator, done)
        marks = [((start, end), in_report(sent.parts, start, end), label) for start, end, label in spans]
        amounts = {place: text[start:end] for (start, end), place, label in marks if label == AMOUNT}
        given = put_right(read_comments(comments_of(row), text), amounts)
        where = Where(text, joined(report.text, sent.question), country)
        entities = []
        for (start, end), place, label in marks:
            if label != AMOUNT:
                entities.append(GoldEntity(*place, label))
                continue
            value = given.get(place) or sent.amounts.get(place)
            if value is None and place in sent.undecided:
                raise PassageError(
                    f'the annotators gave "{quoted(text[start:end])}" different values: the one that holds stands in no comment; {HOW}'
                )
            value = value or _read_anew(place, value_in(text, start, end, where, sent.date or report.date), sent)
            if value is None:
                done.notices.append(
                    f'{annotator}: the passage {sent.passage}: the AMOUNT "{text[start:end]}" has no value that can be read; it is kept without'
                )
            elif value == given.get(place):
                done.notices.append(f"{annotator}: the passage {sent.passage}: by comment {say_amount(text[start:end], value)}")
            entities.append(GoldEntity(*place, label, **({} if value is None else value_of(value))))
        start, end = sent.range
        role = "passage" if sent.kind in THEMED_KINDS else "context"
        record = GoldRecord(start, end, tuple(entities), themes, stances, "passage", role)
        check_records(report.id, [record], report, scheme)
        record = with_reading(record, sent.told, annotator, scheme)
    except PassageError as error:
        remedy = "" if "; " in str(error) else "; correct it in doccano"
        raise PassageError(f"the passage {sent.passage}: {error}{remedy}") from None
    except GoldError as error:
        raise PassageError(f"the passage {sent.passage}: {str(error).split('; ')[0]}; correct it in doccano") from None
    return record


def _in_passage(spans: Sequence[tuple[int, int, str]], text: str, sent: Sent, annotator: str, done: Pulled) -> list[tuple[int, int, str]]:
    """Return marks in offsets of the passage; those of the lines above it are left out.

    Raises
    ------
    PassageError
        If one lies outside of the text, or reaches from the lines above into the passage.
    """
    found = []
    ranges = to_points(text, [(start, end) for start, end, _ in spans])
    for (start, end), (_, _, label) in zip(ranges, spans, strict=True):
        if start >= sent.lead:
            found.append((start - sent.lead, end - sent.lead, label))
        elif end > sent.lead:
            raise PassageError(f"a mark ({label}) reaches from the lines above into the passage")
        else:
            done.notices.append(
                f'{annotator}: the passage {sent.passage}: the {label} "{quoted(text[start:end])}" in the lines above it is left out'
            )
    return found


def _read_anew(place: Range, found: Value | None, sent: Sent) -> Value | None:
    """Return the value of an amount whose bounds an annotator has moved: the number as it is read now; what was sent tells the currency."""
    if found is None:
        return None
    for (start, end), before in sent.amounts.items():
        same = (before.kind, before.low, before.high) == (found.kind, found.low, found.high) == ("money", found.low, found.high)
        if same and start < place[1] and place[0] < end:
            return replace(found, currency=before.currency)
    return found


def comments_of(row: Mapping[str, Any]) -> list[str]:
    """Return the comments on a row of an export."""
    return [str(item["comment"]) if isinstance(item, Mapping) else str(item) for item in row.get("Comments", ())]


def _write_comments(content: Content, folder: Path, comments: Sequence[Comment], done: Pulled) -> None:
    try:
        path = keep_comments(folder, comments, content)
    except GoldError as error:
        done.errors.append(f"{error}; the comments of {folder.name} are not written")
        return
    if path is not None:
        done.comments[path] = len(comments)


def _write(
    content: Content,
    folder: Path,
    header: GoldHeader,
    readings: Mapping[str, Sequence[Reading]],
    texts: Texts,
    done: Pulled,
) -> None:
    """Write an annotator's files, but none in the place of one that holds more than this project has."""
    for name, items in sorted(readings.items()):
        path = folder / f"{name}.jsonl"
        report = texts.get(name)
        records: Sequence[GoldRecord] = ()
        if path.is_file():
            before, records = read_gold(path)
            others = {(record.start, record.end) for record in records} - {(item.record.start, item.record.end) for item in items}
            strange = {where for where in others if (name, where) not in content.places}
            if strange or before.annotator != header.annotator:
                done.errors.append(
                    f'{path}: holds {counted(len(strange))} that "{content.project.name}" has not, and is left as it was; pull into another folder'
                )
                continue
        folder.mkdir(parents=True, exist_ok=True)
        pulled = in_order([item.record for item in items], records, header)
        records = with_anchors(pulled, report.text)
        write_gold(path, replace(header, report=name, sha256=text_digest(report)), records)
        done.files[path] = len(items)
