"""What several annotators marked: read side by side, and where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from ffm.errors import GoldError
from ffm.gold.older import read_current
from ffm.gold.store import GoldEntity, GoldHeader, GoldRecord, read_gold
from ffm.project.scheme import Scheme
from ffm.records import THEMED_KINDS, TaggedPassage, value_of


class Annotations(Struct, frozen=True):
    """One annotator's records of several reports.

    Attributes
    ----------
    name
        The annotator, or the folder where a file does not tell.
    records
        By report id, then by range.
    digests
        By report id, which text was annotated.
    headers
        By report id, the first line of its file.
    """

    name: str
    records: dict[str, dict[tuple[int, int], GoldRecord]]
    digests: dict[str, str]
    headers: dict[str, GoldHeader] = {}


class Disagreement(Struct, frozen=True):
    """A range on which annotators differ: what each marked, by annotator's name."""

    report: str
    start: int
    end: int
    what: str
    readings: dict[str, str]


def read_annotations(path: Path, scheme: Scheme | None = None) -> Annotations:
    """Read an annotator's gold files: a folder of them, or one file.

    Parameters
    ----------
    scheme
        In whose labels they are told; by default those of the version that each was annotated by.

    Raises
    ------
    GoldError
        If there is nothing to read, a file is damaged or of a version that the scheme does not reach, or a range stands twice.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files or not files[0].is_file():
        raise GoldError(f"{path}: no annotations (.jsonl) here; give a folder or file of the gold format")
    records: dict[str, dict[tuple[int, int], GoldRecord]] = {}
    digests: dict[str, str] = {}
    headers: dict[str, GoldHeader] = {}
    for file in files:
        if scheme is None:
            header, found = read_gold(file)
        else:
            current = read_current(file, scheme)
            header, found = current.header, current.records
        headers[header.report] = header
        records[header.report] = _by_range(file, header, found)
        digests[header.report] = header.sha256
    names = {header.annotator for header in headers.values()}
    return Annotations(names.pop() if len(names) == 1 else path.name, records, digests, headers)


def annotations_of_rows(name: str, rows: Sequence[TaggedPassage], digests: Mapping[str, str]) -> Annotations:
    """Return what a model or another tool says of passages as an annotator's records, of passages as wholes.

    Parameters
    ----------
    digests
        Which text of each report it is measured on, as rows do not tell; rows of other reports are left out.
    """
    records: dict[str, dict[tuple[int, int], GoldRecord]] = {}
    for row in rows:
        if row.report in digests:
            entities = tuple(GoldEntity(item.start, item.end, item.label, **value_of(item)) for item in row.entities)
            role = "passage" if row.kind in THEMED_KINDS else "context"
            record = GoldRecord(row.start, row.end, entities, row.labels, dict(row.stance), "passage", role)
            records.setdefault(row.report, {})[row.start, row.end] = record
    return Annotations(name, records, {report: digests[report] for report in records})


def _by_range(file: Path, header: GoldHeader, records: Sequence[GoldRecord]) -> dict[tuple[int, int], GoldRecord]:
    ranges: dict[tuple[int, int], GoldRecord] = {}
    for record in records:
        if (record.start, record.end) in ranges:
            raise GoldError(f"{file}: {header.report} {record.start}-{record.end} stands twice; remove one")
        ranges[(record.start, record.end)] = record
    return ranges


def differences(sets: Sequence[Annotations], shared: Sequence[tuple[str, tuple[int, int]]], scheme: Scheme) -> list[Disagreement]:
    """Return where those who annotated a range differ on it: one entry a theme (its stance counts), one for the entities.

    A theme that somebody left unread is compared among the others.
    """
    found = []
    for report, span in shared:
        records = {item.name: item.records[report][span] for item in sets if span in item.records.get(report, {})}
        for theme in scheme.theme_ids:
            readings = {
                name: (record.stance.get(theme, "yes") if theme in record.themes else "no")
                for name, record in records.items()
                if theme not in record.unread
            }
            if len(set(readings.values())) > 1:
                found.append(Disagreement(report, *span, theme, readings))
        marked = {name: {_entity_text(entity) for entity in record.entities} for name, record in records.items()}
        agreed = set.intersection(*marked.values())
        if any(mine - agreed for mine in marked.values()):
            found.append(
                Disagreement(report, *span, "entities", {name: "; ".join(sorted(mine - agreed)) or "-" for name, mine in marked.items()})
            )
    return found


def _entity_text(entity: GoldEntity) -> str:
    value = "" if entity.kind is None else f" {entity.kind} {entity.low}-{entity.high}{f' {entity.currency}' if entity.currency else ''}"
    return f"{entity.start}-{entity.end} {entity.label}{value}"
