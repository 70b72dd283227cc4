"""The gold store: stand-off annotations, joined to the texts of reports by offset.

A file holds one header line and one line for each annotated range of one report. It holds no text of the report:
names, figures and themes are offsets and labels, and a checksum tells which text they belong to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from ffm.errors import GoldError
from ffm.files import check_place, write_text
from ffm.gold.history import Event
from ffm.project.reports import id_problem
from ffm.project.scheme import Scheme
from ffm.records import Report, Value


class GoldHeader(Struct, frozen=True, forbid_unknown_fields=True):
    """Whose annotations of which text a file holds.

    Attributes
    ----------
    sha256
        Digest of the ingested text in UTF-8.
    annotator
        Who annotated: a reader's name, or "adjudicated".
    made_by
        "language model" or "human annotator".
    verified
        Whether a human annotator has checked the annotations.
    date
        ISO 8601 date of the annotation.
    """

    report: str
    sha256: str
    scheme: int
    annotator: str
    made_by: str
    verified: bool
    date: str


class GoldEntity(Value, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A span, of an amount with its value; offsets are those of the report's text."""

    start: int
    end: int
    label: str


class Anchor(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What a range's quote is known by in another text of its report (see :mod:`ffm.gold.anchors`); no text can be had from it.

    Attributes
    ----------
    length
        Of the quote, in normal form (:mod:`ffm.gold.normal`), as all that follows.
    head
        Rolling hash of its first characters.
    quote, before, after
        Hashes of the quote and of what stands around it, each of the nearer part and of all; empty where nothing stands there.
    bounds
        Where its entities begin and end: from the range's start in the text, then in the quote.
    """

    length: int
    head: int
    quote: str
    before: str
    after: str
    bounds: tuple[tuple[int, int], ...] = ()


class GoldRecord(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An annotated range: a sentence, or a whole passage.

    Attributes
    ----------
    unit
        "sentence" or "passage"; a passage's themes are the union over its sentences.
    role
        "passage" where themes were marked too; "context" for questions, details and footnotes, which have entities only.
    unread
        Labels of which it is not known whether the range carries them, as a change of the scheme leaves them open.
    anchor
        What the range is found by where the report's text has changed.
    history
        Who did what with it, in order.
    """

    start: int
    end: int
    entities: tuple[GoldEntity, ...] = ()
    themes: tuple[str, ...] = ()
    stance: dict[str, str] = {}
    unit: str = "sentence"
    role: str = "passage"
    unread: tuple[str, ...] = ()
    anchor: Anchor | None = None
    history: tuple[Event, ...] = ()


class GoldReport(Struct, frozen=True):
    """The annotations of one report with its text."""

    header: GoldHeader
    records: tuple[GoldRecord, ...]
    report: Report


def text_digest(report: Report) -> str:
    """Return the SHA-256 of a report's text in UTF-8, in hexadecimal."""
    return hashlib.sha256(report.text.encode("utf-8", "surrogatepass")).hexdigest()


def write_gold(path: Path, header: GoldHeader, records: Sequence[GoldRecord]) -> None:
    """Write a gold file, sorted by offset, beside its place and renamed."""
    ordered = sorted(records, key=lambda record: (record.start, record.end))
    lines = [msgspec.json.encode(header)] + [msgspec.json.encode(record) for record in ordered]
    write_text(path, b"\n".join(lines).decode() + "\n")


def read_gold(path: Path) -> tuple[GoldHeader, tuple[GoldRecord, ...]]:
    """Read a gold file.

    Raises
    ------
    GoldError
        If a line is not of the format; the message names it.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(f"{path}: cannot be read ({error}); check the file") from None
    if not lines:
        raise GoldError(f"{path}: empty; restore it or remove it")
    number = 1
    try:
        header = msgspec.json.decode(lines[0], type=GoldHeader)
        records = []
        for line in lines[1:]:
            number += 1
            if line.strip():
                records.append(msgspec.json.decode(line, type=GoldRecord))
    except msgspec.DecodeError as error:
        raise GoldError(f"{path}: line {number}: {error}; correct the line") from None
    if problem := id_problem(header.report):
        raise GoldError(f"{path}: line 1: {problem}; correct the line")
    return header, tuple(records)


def write_gold_folder(folder: Path, gold: Sequence[tuple[GoldHeader, Sequence[GoldRecord]]]) -> list[Path]:
    """Write the gold of several reports, one file each, into a folder, which is made if missing.

    Nothing is written where one of the files cannot be.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{header.report}.jsonl" for header, _ in gold]
    for path in paths:
        check_place(path)
    for path, (header, records) in zip(paths, gold, strict=True):
        write_gold(path, header, records)
    return paths


def check_records(name: str, records: Sequence[GoldRecord], report: Report | None, scheme: Scheme) -> None:
    """Check annotations against the scheme and the text that they belong to.

    Parameters
    ----------
    report
        None where its text is not here: ranges are then not held against its length.

    Raises
    ------
    GoldError
        On an unknown label, a range outside of the text or its record, overlapping entities, or a missing stance.
    """
    themes, stances, labels = set(scheme.theme_ids), set(scheme.stances), set(scheme.entity_ids)
    for record in records:
        where = f"{name}: {record.start}-{record.end}"
        if not 0 <= record.start < record.end or (report is not None and record.end > len(report.text)):
            length = f" of {len(report.text)} characters" if report is not None else ""
            raise GoldError(f"{where}: outside of the text{length}; was the report's text changed?")
        if unknown := set(record.themes) - themes:
            raise GoldError(f'{where}: the scheme has no theme "{min(unknown)}"; correct the label or add it to the scheme')
        if unknown := set(record.unread) - themes - labels:
            raise GoldError(f'{where}: the scheme has no label "{min(unknown)}" that could be unread; correct it')
        carrying = {theme for theme in record.themes if theme in scheme.stance_ids}
        if set(record.stance) != carrying or not set(record.stance.values()) <= stances:
            raise GoldError(f"{where}: themes {sorted(carrying)} need one stance each of {sorted(stances)}, found {record.stance}")
        last = record.start
        for entity in sorted(record.entities, key=lambda entity: entity.start):
            if entity.label not in labels:
                raise GoldError(f'{where}: the scheme has no entity label "{entity.label}"; correct the label')
            if not last <= entity.start < entity.end <= record.end:
                raise GoldError(f"{where}: entity {entity.start}-{entity.end} overlaps another or leaves its record; correct it")
            last = entity.end
