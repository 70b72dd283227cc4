"""REFI-QDA projects read back: codings of the scheme's codes, placed in the reports' texts, by coder; memos as comments.

A zip file from outside: its entries are counted and read up to a limit, never unpacked to a disk; its XML may define no entities.
"""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ffm.errors import FfmError, RecordError
from ffm.exchange.intake import Intake
from ffm.exchange.items import Carried, Mark, Span, checked, identifier
from ffm.exchange.offsets import in_passage, in_report, trimmed
from ffm.exchange.places import Places, pieces
from ffm.exchange.refi_codes import Label, labels_of
from ffm.exchange.refi_memos import Memos
from ffm.exchange.refi_places import aligned, counted, position
from ffm.exchange.refi_project import Project, Source, XmlError, read_project
from ffm.exchange.refi_qda import NOTE
from ffm.gold.store import GoldHeader
from ffm.ingest.encoding import decode
from ffm.project.reports import is_date
from ffm.records import Range, joined
from ffm.tagging.schemes import shown

MAX_ENTRIES = 10_000
MAX_UNPACKED = 200_000_000  # of one entry; and twice that of all
MAX_RATIO, FREE = 200, 1_000_000  # how many times as large an entry may unpack, beyond what is free; codings reach 30
CHUNK = 1 << 16
DAMAGED = "save the project again, or give a .qdpx file of ffm export"
CODER = "human annotator"


class Note(Struct, frozen=True):
    """What the note of a report holds."""

    header: GoldHeader
    records: list[dict[str, object]]


class Coded(Struct, frozen=True):
    """A selection in the report's text, what it is coded with, by whom (empty for whom the export names) and on which day."""

    place: Range
    label: Label
    coder: str
    date: str


def read(path: Path, intake: Intake) -> None:
    """Read a project that was written here and may have been coded further since.

    Codes that the scheme does not know are left out with a notice, as are empty selections. A theme counts for every annotated range
    that its selection touches. What a coder added belongs to a reading under the coder's name, with what stood there before; memos become
    comments.

    Raises
    ------
    RecordError
        If the file is no project, or is larger than any.
    """
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            _Reader(path, archive, intake).read()
    except OSError as error:
        raise RecordError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from None
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise RecordError(f"{path}: not a .qdpx project ({error}); {DAMAGED}") from None


class _Archive:
    """The entries of a project's zip file, found without regard to case; what unpacks to more than the limits is refused before it does."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.path = path
        self._archive = archive
        if len(archive.infolist()) > MAX_ENTRIES:
            raise RecordError(f"{path}: has more than {MAX_ENTRIES:,} files; divide the project")
        self._entries = {_plain(info.filename): info for info in archive.infolist()}
        self._left = 2 * MAX_UNPACKED
        self.project = self._project()
        self._folder = self.project.rpartition("/")[0]

    def _project(self) -> str:
        """Return the name of the project's XML: any .qde, outside of the sources."""
        found = [name for name in self._entries if name.endswith(".qde") and "sources" not in name.split("/") and "__macosx" not in name]
        if len(found) > 1:
            raise RecordError(
                f"{self.path}: holds several projects ({', '.join(map(shown, sorted(found)[:3]))}); leave one of these .qde files"
            )
        if not found:
            raise RecordError(f"{self.path}: has no project.qde, nor another .qde; {DAMAGED}")
        return found[0]

    def source(self, place: str) -> bytes:
        """Return the bytes of a source's file, by its place as the XML tells it.

        Raises
        ------
        RecordError
            If it is not in the project, or too large.
        """
        name = _plain(place.removeprefix("internal://")).lstrip("/")
        for within in ("sources", "."):
            whole = "/".join(part for part in (self._folder, within, name) if part not in ("", "."))
            if whole in self._entries:
                return b"".join(self.chunks(whole))
        raise RecordError(f"{self.path}: has no file {shown(place)}; export the project with its sources inside")

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield an entry's bytes, piece by piece."""
        info = self._entries[name]
        limit = min(MAX_UNPACKED, MAX_RATIO * info.compress_size + FREE, self._left)
        refusal = RecordError(f"{self.path}: {shown(name)} unpacks to more than {limit / 1e6:.0f} MB; divide the project")
        if info.file_size > limit:
            raise refusal
        size = 0
        with self._archive.open(info) as entry:
            while chunk := entry.read(CHUNK):
                size += len(chunk)
                if size > limit:
                    raise refusal
                yield chunk
        self._left -= size


def _plain(name: str) -> str:
    return name.replace("\\", "/").lower()


class _Reader:
    """Reads one project."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, intake: Intake) -> None:
        self.path = path
        self.intake = intake
        self.archive = _Archive(path, archive)
        self.left_out: Counter[str] = Counter()
        try:
            self.project: Project = read_project(self.archive.chunks(self.archive.project))
        except XmlError as error:
            raise RecordError(f"{path}: {shown(self.archive.project)} {error}; {DAMAGED}") from None
        self.labels, self.others = labels_of([(code.guid, code.name) for code in self.project.codes], intake.scheme)

    def read(self) -> None:
        """Give the project's codings and memos to the intake."""
        texts = {note.guid: text for note in self.project.notes if (text := self._note_text(note)) is not None}
        notes = self._notes(texts)
        memos = Memos(self.project, texts, self.labels)
        for guid, note in notes.items():
            report = note.header.report
            text = self.intake.text(report)
            if text is None:
                continue
            try:
                source, source_text = self._source(report, guid, text)
                offsets = aligned(source_text, text)
                place = _Placing(source_text, source, self.project.origin, offsets)
                coded = list(self._coded(source, note.header.annotator, place, text))
                if place.empty:
                    self.intake.notices.append(
                        f"{self.path}: {report}: {place.empty} empty selection{'' if place.empty == 1 else 's'} left out"
                    )
                _add(note, coded, text, self.intake)
                self.intake.comments += memos.of(report, source, place.find, text)
            except FfmError as error:
                self.intake.refuse(report, str(error).removeprefix(f"{self.path}: "))
        self.intake.comments += memos.of_codes()
        for name, count in sorted(self.left_out.items()):
            self.intake.notices.append(f'{self.path}: the code "{shown(name)}" is none of the scheme; {count} codings left out')

    def _text(self, source: Source) -> str | None:
        """Return a source's or note's plain text, from the XML or from the file that it names; None where it has none."""
        if source.content is not None:
            return source.content
        if not source.place:
            return None
        data = self.archive.source(source.place)
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return decode(self.path, data)

    def _note_text(self, note: Source) -> str | None:
        """Return a note's text; a memo whose file is not there has none."""
        try:
            return self._text(note)
        except FfmError:
            if note.name.startswith(NOTE):
                raise
            return None

    def _notes(self, texts: dict[str, str]) -> dict[str, Note]:
        """Return the notes of ours, by guid; one is known by its name, or by what it holds where a program named it anew."""
        found: dict[str, Note] = {}
        for note in self.project.notes:
            text = texts.get(note.guid, "")
            if not note.name.startswith(NOTE) and not text.lstrip("\ufeff \r\n").startswith('{"header"'):
                continue
            try:
                mine = msgspec.json.decode(text.lstrip("\ufeff"), type=Note)
            except (msgspec.DecodeError, RecursionError) as error:
                raise RecordError(f"{self.path}: the note {shown(note.name)} was changed ({error}); {DAMAGED}") from None
            found[note.guid] = mine
        if not found:
            raise RecordError(f'{self.path}: has no note "{NOTE}..."; give a project that was made by ffm export')
        return found

    def _source(self, report: str, note: str, text: str) -> tuple[Source, str]:
        """Return the source of a report with its text: by its guid, its note or its name, or else by its words.

        Raises
        ------
        RecordError
            If there is none, or its text cannot be read.
        """
        mine = identifier("source", report)
        sources = self.project.sources
        named = [source for source in sources if source.guid == mine or note in source.notes]
        named += [source for source in sources if report in (source.name, source.name.rpartition(".")[0])]
        for source in named:
            found = self._text(source)
            if found is None:
                raise RecordError(f"{shown(source.name)} has no plain text; export the project with plain texts")
            return source, found
        for source in sources:
            found = self._text(source)
            if found is not None and found.split() == text.split():
                return source, found
        raise RecordError("the project has its note and not its text; export it again")

    def _coded(self, source: Source, annotator: str, place: _Placing, text: str) -> Iterator[Coded]:
        for selection in source.selections:
            where = place.find(*position(selection)) if selection.codings else None
            for coding in selection.codings if where else ():
                coder = self._coder(coding.user or selection.user, annotator)
                date = (coding.date or selection.date)[:10]
                for guid in coding.codes:
                    if guid not in self.labels:
                        self.left_out[self.others.get(guid, guid)] += 1
                        continue
                    label = self.labels[guid]
                    if where and label.entity and trimmed(text, *where) is None:
                        place.empty += 1
                    elif where:
                        yield Coded(where, label, coder, date)
        whole = sum(len(coding.codes) for coding in source.codings)
        if whole:
            self.intake.notices.append(
                f"{self.path}: {shown(source.name)}: {whole} codings of the whole source left out; code its passages"
            )

    def _coder(self, guid: str, annotator: str) -> str:
        """Return the name of who coded; empty for the annotator of the export and for whom the project does not name."""
        name = self.project.users.get(guid, "")
        return "" if name in ("", annotator, shown(annotator)) or guid == identifier("user", annotator) else name


class _Placing:
    """Finds the ranges of selections of one source in its report, and counts those that are empty."""

    def __init__(self, source_text: str, source: Source, origin: str, offsets: Sequence[int]) -> None:
        self.empty = 0
        self._text = source_text
        self._same = isinstance(offsets, range)
        self._offsets = offsets
        self._count = counted(source_text, source.selections, origin)

    def find(self, start: int, end: int) -> Range | None:
        """Return the range in the report of two positions; None where it is empty.

        Raises
        ------
        RecordError
            If a position is outside of the text.
        """
        place = self._count(start, end)
        if place is None:
            raise RecordError(f"the selection {start}-{end} is outside of the text; {DAMAGED}")
        if not self._same:  # white space stands elsewhere in the report, so that words are found alone
            place = trimmed(self._text, *place) or (0, 0)
        if place[0] == place[1]:
            self.empty += 1
            return None
        return self._offsets[place[0]], self._offsets[place[1] - 1] + 1


def _add(note: Note, coded: Sequence[Coded], text: str, intake: Intake) -> None:
    """Add a reading for each coder who added something: what was exported and is still there, and what that coder coded."""
    for coder in sorted({item.coder for item in coded} - {""}) or [""]:
        mine = [item for item in coded if item.coder in ("", coder)]
        header = note.header
        if coder:
            dates = [item.date for item in mine if item.coder and is_date(item.date)]
            header = replace(header, annotator=coder, made_by=CODER, date=max(dates, default=header.date))
        _add_reading(header, note.records, mine, text, intake)


def _add_reading(header: GoldHeader, found: Sequence[dict[str, object]], coded: Sequence[Coded], text: str, intake: Intake) -> None:
    try:
        records = [checked(msgspec.convert({**record, "header": header}, Carried)) for record in found]
    except msgspec.ValidationError as error:
        raise RecordError(f"its note was changed ({error}); {DAMAGED}") from None
    places = Places([record.parts for record in records])
    spans: list[list[Span]] = [[] for _ in records]
    themes: list[list[str]] = [[] for _ in records]
    stances: list[dict[str, str]] = [{} for _ in records]
    for item in coded:
        where = f"{item.place[0]}-{item.place[1]}"
        place = item.place
        number = places.holding(place)
        if item.label.entity:
            if number is None:  # white space that was selected too may lie outside of the range
                place = trimmed(text, *place) or place
                number = places.holding(place)
            if number is None:
                raise RecordError(f"the {item.label.entity} {where} lies in no annotated range, or in two; correct it or leave it out")
            spans[number].append((*in_passage(records[number].parts, *place), item.label.entity))
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
        mine = joined(text, record.parts)
        intake.add(full, mine, _whole(mine, spans[number], record.values, record.parts), themes[number])


def _whole(text: str, spans: Sequence[Span], values: Sequence[Mark], parts: Sequence[Range]) -> list[Span]:
    """Return the spans of an item with those pieces put together again that were one mark; white space at their edges does not count."""
    found = {(*(trimmed(text, start, end) or (start, end)), label) for start, end, label in spans}
    for mark in values:
        cut = [in_passage(parts, *piece) for piece in pieces(*in_report(parts, mark.start, mark.end), parts)]
        words = {(*place, mark.label) for piece in cut if (place := trimmed(text, *piece))}
        if len(cut) > 1 and words <= found:
            found = (found - words - {(*piece, mark.label) for piece in cut}) | {mark.span}
    return sorted(found)
