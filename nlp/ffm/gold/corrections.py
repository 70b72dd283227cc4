"""Labels put right where somebody reads: kept as gold of that person, of the labels that were touched and no others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from filelock import FileLock
from msgspec import Struct
from msgspec.structs import replace

from ffm.errors import GoldError
from ffm.gold.anchors import with_anchors
from ffm.gold.history import Event, with_event
from ffm.gold.store import GoldHeader, GoldRecord, check_records, read_gold, text_digest, write_gold
from ffm.project.scheme import Scheme
from ffm.records import Report

MADE_BY = "human annotator"


class Correction(Struct, frozen=True):
    """What a person says of a passage.

    Attributes
    ----------
    start, end
        The passage's range.
    wrong
        Themes that it does not carry.
    right
        Themes that it carries, with their stance where they have one.
    model, labels
        Who labelled the passage, and how, as in :class:`ffm.gold.history.Event`.
    """

    start: int
    end: int
    wrong: tuple[str, ...]
    right: dict[str, str | None]
    model: str
    labels: tuple[str, ...] = ()


def keep_correction(folder: Path, who: str, report: Report, correction: Correction, scheme: Scheme) -> Path:
    """Put a correction into a person's gold of a report; what the person said of the passage before stays, but for the same themes.

    Parameters
    ----------
    folder
        The project's folder of corrections.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    GoldError
        If it says nothing, contradicts itself, the scheme or the report, or what the person said before is of another text or scheme.
    OutputError
        If the file cannot be written.
    """
    if both := set(correction.wrong) & correction.right.keys():
        raise GoldError(f"{min(both)} is marked as wrong and as missing; mark one")
    if not correction.wrong and not correction.right:
        raise GoldError("nothing is marked; mark a label as wrong, or choose one that is missing")
    path = folder / who / f"{report.id}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    header = GoldHeader(report.id, text_digest(report), scheme.version, who, MADE_BY, True, date.today().isoformat())
    with FileLock(path.parent / ".lock"):
        before: Sequence[GoldRecord] = ()
        if path.is_file():
            old, before = read_gold(path)
            if (old.sha256, old.scheme) != (header.sha256, header.scheme):
                raise GoldError(f"{path}: holds corrections of another text or scheme; move it away, or bring it here with ffm gold anchor")
        place = (correction.start, correction.end)
        mine = next((record for record in before if (record.start, record.end) == place), None)
        record = _corrected(mine, correction, who, scheme)
        check_records(report.id, [record], report, scheme)
        others = [other for other in before if (other.start, other.end) != place]
        write_gold(path, header, [*others, *with_anchors([record], report.text)])
    return path


def _corrected(before: GoldRecord | None, correction: Correction, who: str, scheme: Scheme) -> GoldRecord:
    if unknown := {*correction.wrong, *correction.right} - set(scheme.theme_ids):
        raise GoldError(f'the scheme has no theme "{min(unknown)}"; read the report again')
    record = before or GoldRecord(correction.start, correction.end, unit="passage", unread=(*scheme.theme_ids, *scheme.entity_ids))
    touched = {*correction.wrong, *correction.right}
    kept = {theme: record.stance.get(theme) for theme in record.themes if theme not in touched}
    themes = {**kept, **correction.right}
    default = next(iter(scheme.stances), "")
    event = Event(
        "corrected",
        who,
        date.today().isoformat(),
        correction.model,
        correction.labels,
        suggested=len(correction.labels),
        kept=len(correction.labels) - sum(label.partition(":")[0] in touched for label in correction.labels),
        added=len(correction.right),
    )
    return replace(
        record,
        themes=tuple(theme for theme in scheme.theme_ids if theme in themes),
        stance={theme: themes[theme] or default for theme in scheme.theme_ids if theme in themes and theme in scheme.stance_ids},
        unread=tuple(label for label in record.unread if label not in touched),
        history=with_event(record.history, event),
    )


def as_read(record: GoldRecord, scheme: Scheme) -> GoldRecord:
    """Return a correction as the passage stands with it: what was not touched is as it was labelled when somebody read it."""
    known = set(scheme.theme_ids) - set(record.unread)
    shown = [label.partition(":")[::2] for event in record.history if event.did == "corrected" for label in event.labels]
    themes: dict[str, str | None] = {theme: stance or None for theme, stance in shown if theme not in known and theme in scheme.theme_ids}
    themes |= {theme: record.stance.get(theme) for theme in record.themes}
    default = next(iter(scheme.stances), "")
    return replace(
        record,
        themes=tuple(theme for theme in scheme.theme_ids if theme in themes),
        stance={theme: themes[theme] or default for theme in scheme.theme_ids if theme in themes and theme in scheme.stance_ids},
        unread=(),
        anchor=None,
    )
