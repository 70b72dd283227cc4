"""REFI-QDA projects read back: codings of the scheme's codes, placed in the reports' texts.

A zip file from outside: its entries are counted and read up to a limit, never unpacked to a disk; its XML may define no entities.
"""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ParseError

import msgspec
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from msgspec import Struct
from msgspec.structs import replace

from ffm.errors import RecordError
from ffm.exchange.intake import Intake
from ffm.exchange.items import Carried, Mark, Span, checked
from ffm.exchange.offsets import in_passage, in_report
from ffm.exchange.places import Places, pieces
from ffm.exchange.refi_codes import NAMESPACE, Label, labels_of, plain_guid
from ffm.exchange.refi_qda import NOTE
from ffm.gold.store import GoldHeader
from ffm.records import Range, joined
from ffm.tagging.schemes import shown

if TYPE_CHECKING:
    from typing import IO

MAX_ENTRIES = 10_000
MAX_UNPACKED = 200_000_000  # of one entry
NS = f"{{{NAMESPACE}}}"
DAMAGED = "save the project again, or give a .qdpx file of ffm export"


class Note(Struct, frozen=True):
    """What the note of a report holds."""

    header: GoldHeader
    records: list[dict[str, object]]


class Coded(Struct, frozen=True):
    """A selection in the report's text, and what it is coded with."""

    place: Range
    label: Label


def read(path: Path, intake: Intake) -> None:
    """Read a project that was written here and may have been coded further since.

    Codes that the scheme does not know are left out with a notice. A theme counts for every annotated range that its
    selection touches.

    Raises
    ------
    RecordError
        If the file is no project, or is larger than any.
    """
    try:
        with path.open("rb") as file:
            _read(path, file, intake)
    except OSError as error:
        raise RecordError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from None


def _read(path: Path, file: IO[bytes], intake: Intake) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            if len(archive.infolist()) > MAX_ENTRIES:
                raise RecordError(f"{path}: has more than {MAX_ENTRIES:,} files; divide the project")
            entries = {info.filename.lower(): info for info in archive.infolist()}
            project = _xml(path, _unpacked(path, archive, entries, "project.qde"))
            labels, others = labels_of(project.findall(f"{NS}CodeBook/{NS}Codes/{NS}Code"), intake.scheme)
            notes = _notes(path, project, archive, entries)
            sources = {source.get("name", ""): source for source in project.findall(f"{NS}Sources/{NS}TextSource")}
            left_out: Counter[str] = Counter()
            for report, note in notes.items():
                if report not in sources:
                    intake.refuse(report, "the project has its note and not its text; export it again")
                    continue
                source_text = _text(path, sources[report], archive, entries)
                text = intake.text(report)
                if text is None:
                    continue
                try:
                    offsets = aligned(source_text, text)
                    coded = list(_coded(sources[report], labels, others, offsets, left_out))
                    _add(note, coded, text, intake)
                except RecordError as error:
                    intake.refuse(report, str(error))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise RecordError(f"{path}: not a .qdpx project ({error}); {DAMAGED}") from None
    for name, count in sorted(left_out.items()):
        intake.notices.append(f'{path}: the code "{shown(name)}" is none of the scheme; {count} codings left out')


def _unpacked(path: Path, archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], name: str) -> bytes:
    """Return an entry's bytes, found without regard to case; one that unpacks to more than the limit is refused before it does."""
    info = entries.get(name.lower())
    if info is None:
        raise RecordError(f"{path}: has no {shown(name)}; {DAMAGED}")
    with archive.open(info) as entry:
        data = entry.read(MAX_UNPACKED + 1)
    if len(data) > MAX_UNPACKED:
        raise RecordError(f"{path}: {shown(name)} unpacks to more than {MAX_UNPACKED / 1e6:.0f} MB; divide the project")
    return data


def _xml(path: Path, data: bytes) -> Element:
    try:
        project: Element = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise RecordError(f"{path}: project.qde is not XML that can be read ({error}); {DAMAGED}") from None
    if project.tag != f"{NS}Project":
        raise RecordError(f"{path}: project.qde is no REFI-QDA project; {DAMAGED}")
    return project


def _text(path: Path, source: Element, archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> str:
    """Return a source's or note's plain text: from the XML, or from the file that it names."""
    content = source.find(f"{NS}PlainTextContent")
    if content is not None:
        return content.text or ""
    place = source.get("plainTextPath", "").removeprefix("internal://")
    if not place:
        raise RecordError(f"{path}: {shown(source.get('name', ''))} has no plain text; export the project with plain texts")
    try:
        return _unpacked(path, archive, entries, f"sources/{place}").decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RecordError(f"{path}: {shown(place)} is not UTF-8; {DAMAGED}") from None


def _notes(path: Path, project: Element, archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> dict[str, Note]:
    """Return the notes of ours, by report."""
    found: dict[str, Note] = {}
    for note in project.findall(f"{NS}Notes/{NS}Note"):
        if not note.get("name", "").startswith(NOTE):
            continue
        try:
            mine = msgspec.json.decode(_text(path, note, archive, entries), type=Note)
        except (msgspec.DecodeError, RecursionError) as error:
            raise RecordError(f"{path}: the note {shown(note.get('name', ''))} was changed ({error}); {DAMAGED}") from None
        found[mine.header.report] = mine
    if not found:
        raise RecordError(f'{path}: has no note "{NOTE}..."; give a project that was made by ffm export')
    return found


def aligned(source: str, text: str) -> list[int]:
    """Return the offset in a report's text of each offset of a source that differs from it in line ends only.

    Raises
    ------
    RecordError
        If it differs in more.
    """
    if source == text:
        return list(range(len(text) + 1))
    ours, theirs = list(_lines(text)), list(_lines(source))
    if [character for character, _ in ours] != [character for character, _ in theirs]:
        raise RecordError("the project's text is not the report's; import it with the text that was exported")
    offsets = [len(text)] * (len(source) + 1)
    for (_, there), (_, here) in zip(theirs, ours, strict=True):
        offsets[there] = here
    for offset in range(len(source) - 1, 0, -1):  # the second half of a line end stands where the line end stands
        if source[offset] == "\n" and source[offset - 1] == "\r":
            offsets[offset] = offsets[offset - 1]
    return offsets


def _lines(text: str) -> Iterator[tuple[str, int]]:
    """Yield each character with its offset, and one line feed for each line end of any kind."""
    for offset, character in enumerate(text):
        if character == "\n" and offset and text[offset - 1] == "\r":
            continue
        yield ("\n" if character == "\r" else character), offset


def _coded(
    source: Element, labels: dict[str, Label], others: dict[str, str], offsets: Sequence[int], left_out: Counter[str]
) -> Iterator[Coded]:
    for selection in source.findall(f"{NS}PlainTextSelection"):
        try:
            start, end = int(selection.get("startPosition", "")), int(selection.get("endPosition", ""))
        except ValueError:
            raise RecordError(f"the selection {shown(selection.get('name', ''))} has no position; {DAMAGED}") from None
        if not 0 <= start < end < len(offsets):
            raise RecordError(f"the selection {start}-{end} is outside of the text; {DAMAGED}")
        for reference in selection.findall(f"{NS}Coding/{NS}CodeRef"):
            guid = plain_guid(reference.get("targetGUID", ""))
            if guid in labels:
                yield Coded((offsets[start], offsets[end]), labels[guid])
            else:
                left_out[others.get(guid, guid)] += 1


def _add(note: Note, coded: Sequence[Coded], text: str, intake: Intake) -> None:
    try:
        records = [checked(msgspec.convert({**record, "header": note.header}, Carried)) for record in note.records]
    except msgspec.ValidationError as error:
        raise RecordError(f"its note was changed ({error}); {DAMAGED}") from None
    places = Places([record.parts for record in records])
    spans: list[list[Span]] = [[] for _ in records]
    themes: list[list[str]] = [[] for _ in records]
    stances: list[dict[str, str]] = [{} for _ in records]
    for item in coded:
        where = f"{item.place[0]}-{item.place[1]}"
        number = places.holding(item.place)
        if item.label.entity:
            if number is None:
                raise RecordError(f"the {item.label.entity} {where} lies in no annotated range, or in two; correct it or leave it out")
            spans[number].append((*in_passage(records[number].parts, *item.place), item.label.entity))
            continue
        touched = [number] if number is not None else places.touching(item.place)
        if not touched:
            raise RecordError(f"the theme {item.label.theme} at {where} touches no annotated range; correct it or leave it out")
        for number in touched:
            themes[number].append(item.label.theme)
            if item.label.stance and stances[number].setdefault(item.label.theme, item.label.stance) != item.label.stance:
                raise RecordError(f"the theme {item.label.theme} at {where} has two stances; leave one")
    for number, record in enumerate(records):
        full = replace(record, stance=stances[number])
        whole = _whole(spans[number], record.values, record.parts)
        intake.add(full, joined(text, record.parts), whole, themes[number])


def _whole(spans: Sequence[Span], values: Sequence[Mark], parts: Sequence[Range]) -> list[Span]:
    """Return the spans of an item with those pieces put together again that were one mark."""
    found = set(spans)
    for mark in values:
        cut = pieces(*in_report(parts, mark.start, mark.end), parts)
        mine = {(*in_passage(parts, *piece), mark.label) for piece in cut}
        if len(cut) > 1 and mine <= found:
            found = (found - mine) | {mark.span}
    return sorted(found)
