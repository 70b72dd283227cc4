"""Gold and tagged data sets of an older version of the scheme, brought to the newer one, and what of them a person must look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

from ffm.errors import FfmError, SchemeError
from ffm.gold.load import gold_files
from ffm.gold.older import Restated, older_notices, read_current
from ffm.gold.store import GoldRecord, check_records, text_digest
from ffm.project.project import Project
from ffm.project.reports import Registered, open_report
from ffm.project.scheme import Scheme
from ffm.records import THEMED_KINDS, Entity, Passage, Report, TaggedPassage, value_of
from ffm.segment import segment
from ffm.tagging.dataset import read_file
from ffm.tagging.older import path_to, restate_row
from ffm.tagging.schemes import named, told
from ffm.themes.stance import majority


class MigratedGold(Struct, frozen=True):
    """Gold files in the labels of a scheme.

    Attributes
    ----------
    files
        By the place of each file, what stands in it now.
    review
        Passages to be looked at, as rows of ``ffm tag``: with the labels that they keep.
    notices, errors
        One line each; a file that is refused is in no other attribute.
    """

    files: dict[Path, Restated]
    review: tuple[TaggedPassage, ...]
    notices: tuple[str, ...]
    errors: tuple[str, ...]


class MigratedRows(Struct, frozen=True):
    """A tagged data set in the labels of a scheme.

    Attributes
    ----------
    rows
        All its rows.
    changed
        How many of them were labelled by an older version.
    review
        Those that a person must look at.
    notices
        What was told of it, one line each.
    """

    rows: tuple[TaggedPassage, ...]
    changed: int
    review: tuple[TaggedPassage, ...]
    notices: tuple[str, ...]


def migrate_gold(place: Path, project: Project, unread: bool = False) -> MigratedGold:
    """Bring a folder of gold, or a gold file, to the project's scheme.

    Parameters
    ----------
    unread
        List every passage for review that was not read for a label which came later.
    """
    files: dict[Path, Restated] = {}
    review: list[TaggedPassage] = []
    errors: list[str] = []
    absent: dict[str, int] = {}
    entries = project.reports()
    for path in gold_files(place):
        try:
            gold = read_current(path, project.scheme)
            check_records(path.name, gold.records, None, project.scheme)
        except FfmError as error:
            errors.append(str(error))
            continue
        files[path] = gold
        ranges = [record for record in gold.records if (record.start, record.end) in gold.review or (unread and gold.unread)]
        if not ranges:
            continue
        report = _text(gold, entries)
        if report is None:
            absent[gold.header.report] = len(ranges)
        else:
            review += _review_rows(report, gold.records, ranges, project.scheme)
    notices = older_notices(place, list(files.values()), project.scheme)
    if absent:
        notices.append(
            f"{place}: {sum(absent.values()):,} ranges for review of {', '.join(sorted(absent)[:3])}{' and more' if len(absent) > 3 else ''} "
            "are not listed, as the texts that were annotated are not here; name their folders in FFM_RAW_TEXT"
        )
    return MigratedGold(files, tuple(review), tuple(notices), tuple(errors))


def migrate_rows(path: Path, project: Project, unread: bool = False) -> MigratedRows:
    """Bring a tagged data set to the project's scheme; its labels are those of before, as far as the changes determine them.

    Parameters
    ----------
    unread
        List every row for review that was not read for a theme which came later.

    Raises
    ------
    RecordError
        If the file is damaged.
    SchemeError
        If its rows are of another scheme, or of a version from which the scheme's changes do not lead.
    """
    scheme = project.scheme
    rows, found = named(read_file(path), project)
    notices = [f"{path}: names no scheme, as version 0.1.0 wrote it; its labels are read as those of {found}"] if found else []
    paths = {}
    for reference in dict.fromkeys(row.scheme for row in rows):
        try:
            if not reference:
                raise SchemeError("no scheme that is known here has its themes; tag the report again")
            paths[reference] = path_to(scheme, reference, [row for row in rows if row.scheme == reference])
        except SchemeError as error:
            raise SchemeError(f"{path}: is labelled by {told(reference)}, the project's is {scheme.reference}: {error}") from None
    restated, review = [], []
    dropped: Counter[str] = Counter()
    added: set[str] = set()
    for row in rows:
        steps = paths[row.scheme]
        new, eyes = restate_row(row, steps, scheme)
        restated.append(new)
        later = {label for step in steps for label in step.added}
        added |= later
        if eyes or (unread and later and row.kind in THEMED_KINDS):
            review.append(new)
        for label in (*row.labels, *(entity.label for entity in row.entities)):
            targets = {label}
            for step in steps:
                targets = {target for name in targets for target in step.targets(name)}
            dropped.update([label] if not targets else [])
    if dropped:
        notices.append(f"{path}: labels that are dropped: {', '.join(f'{label} {count:,}' for label, count in sorted(dropped.items()))}")
    if added:
        notices.append(f"{path}: not read for {', '.join(sorted(added))}, which came later")
    return MigratedRows(tuple(restated), sum(bool(paths[row.scheme]) for row in rows), tuple(review), tuple(notices))


def _text(gold: Restated, entries: dict[str, Registered]) -> Report | None:
    """Return the text that was annotated, if it is here."""
    if gold.header.report not in entries:
        return None
    try:
        report = open_report(gold.header.report, entries)
    except FfmError:
        return None
    return report if text_digest(report) == gold.header.sha256 else None


def _review_rows(report: Report, records: Sequence[GoldRecord], ranges: Sequence[GoldRecord], scheme: Scheme) -> list[TaggedPassage]:
    """Return the passages that hold ranges for review, each with all that its records say."""
    return [
        _row(passage, report, [record for record in records if _overlap(passage, record)], scheme)
        for passage in segment(report).passages
        if any(_overlap(passage, record) for record in ranges)
    ]


def _overlap(passage: Passage, record: GoldRecord) -> bool:
    return any(record.start < end and start < record.end for start, end in passage.parts)


def _row(passage: Passage, report: Report, records: Sequence[GoldRecord], scheme: Scheme) -> TaggedPassage:
    themed = [record for record in records if record.role == "passage"] if passage.kind in THEMED_KINDS else []
    carried = {theme for record in themed for theme in record.themes}
    default = next(iter(scheme.stances), "")
    stance = {
        theme: majority([record.stance[theme] for record in themed if theme in record.stance], default)
        for theme in carried & set(scheme.stance_ids)
    }
    entities = [
        Entity(mark.start, mark.end, mark.label, report.text[mark.start : mark.end], **value_of(mark))
        for record in records
        for mark in record.entities
        if any(start <= mark.start and mark.end <= end for start, end in passage.parts)
    ]
    return TaggedPassage(
        **asdict(passage),
        entities=tuple(sorted(entities, key=lambda entity: entity.start)),
        labels=tuple(theme for theme in scheme.theme_ids if theme in carried),
        stance=stance,
        scheme=scheme.reference,
        model="gold",
    )
