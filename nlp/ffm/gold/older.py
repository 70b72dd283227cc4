"""Gold of an older version of the scheme, told in the newer one as far as its changes determine it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from ffm.errors import GoldError, SchemeError
from ffm.gold.store import GoldEntity, GoldHeader, GoldRecord, read_gold
from ffm.project.changes import Labelling, Step, reexpressed
from ffm.project.scheme import Scheme
from ffm.project.versions import steps_to
from ffm.records import Range


class Restated(Struct, frozen=True):
    """A gold file in the labels of a scheme.

    Attributes
    ----------
    header, records
        In the scheme's version.
    since
        The version under which it was annotated.
    review
        By range, the labels that a person must look at: they may be the one or the other, or mean something else now.
    dropped
        How many marks of labels that were dropped are gone, by label.
    unread
        Labels that are new since: nobody has read the text for them.
    """

    header: GoldHeader
    records: tuple[GoldRecord, ...]
    since: int
    review: dict[Range, frozenset[str]]
    dropped: dict[str, int]
    unread: tuple[str, ...]


def read_current(path: Path, scheme: Scheme) -> Restated:
    """Read a gold file, of whatever version of the scheme.

    Raises
    ------
    GoldError
        If it is damaged, or the scheme's changes do not lead from its version to the scheme's; the message names the file.
    """
    header, records = read_gold(path)
    try:
        return restate(header, records, scheme)
    except SchemeError as error:
        raise GoldError(f"{path}: was annotated by version {header.scheme}: {error}") from None


def restate(header: GoldHeader, records: Sequence[GoldRecord], scheme: Scheme) -> Restated:
    """Return gold in the labels of a scheme.

    What the changes leave open is taken out of a record's themes and stands in its ``unread``.

    Raises
    ------
    SchemeError
        If the scheme's changes do not lead from the gold's version to the scheme's.
    """
    steps = steps_to(scheme, header.scheme)
    found: list[GoldRecord] = []
    review: dict[Range, frozenset[str]] = {}
    dropped: Counter[str] = Counter()
    for record in records:
        restated, eyes = _restated(record, steps, scheme)
        found.append(restated)
        if eyes:
            place = (record.start, record.end)
            review[place] = review.get(place, frozenset()) | eyes
        dropped.update(_dropped(record, steps))
    unread: list[str] = []
    for step in steps:
        unread = [target for label in unread for target in step.targets(label)] + list(step.added)
    return Restated(replace(header, scheme=scheme.version), tuple(found), header.scheme, review, dict(dropped), tuple(unread))


def _restated(record: GoldRecord, steps: Iterable[Step], scheme: Scheme) -> tuple[GoldRecord, frozenset[str]]:
    """Return a record in the labels of a scheme, and those of them that a person must look at."""
    steps = tuple(steps)
    if not steps:
        return record, frozenset()
    themes = reexpressed(Labelling({theme: record.stance.get(theme) for theme in record.themes}, frozenset(record.unread)), steps)
    carrying = set(scheme.stance_ids)
    stances = {theme: stance for theme, stance in themes.carried.items() if theme in carrying and stance in scheme.stances}
    unstated = carrying & themes.carried.keys() - stances.keys()
    entities: list[GoldEntity] = []
    unread, eyes = themes.open | unstated, themes.open | unstated | themes.doubtful
    for entity in record.entities:
        label = reexpressed(Labelling({entity.label: None}), steps)
        unread, eyes = unread | label.open, eyes | label.open | label.doubtful
        entities += [replace(entity, label=name) for name in label.carried]
    return (
        replace(
            record,
            entities=tuple(entities),
            themes=tuple(theme for theme in themes.carried if theme not in unstated),
            stance={theme: stance for theme, stance in stances.items() if stance is not None},
            unread=tuple(sorted(unread)),
        ),
        eyes,
    )


def _dropped(record: GoldRecord, steps: Iterable[Step]) -> Counter[str]:
    """Return how many marks of a record are of labels that were dropped, by label."""
    gone: Counter[str] = Counter()
    for label in (*record.themes, *(entity.label for entity in record.entities)):
        names = {label}
        for step in steps:
            names = {target for name in names for target in step.targets(name)}
        if not names:
            gone[label] += 1
    return gone


def older_notices(folder: Path, read: Sequence[Restated], scheme: Scheme) -> list[str]:
    """Return what a reader of gold of older versions should know, one line a version."""
    notices = []
    for version in sorted({item.since for item in read if item.since < scheme.version}):
        mine = [item for item in read if item.since == version]
        records = sum(len(item.records) for item in mine)
        eyes = Counter(label for item in mine for labels in item.review.values() for label in labels)
        dropped: Counter[str] = Counter()
        for item in mine:
            dropped.update(item.dropped)
        line = f"{folder}: {records:,} ranges of {len(mine)} {'file' if len(mine) == 1 else 'files'} were annotated by version {version} and are read as version {scheme.version}"
        if eyes:
            review = sum(len(item.review) for item in mine)
            line += f"; {review:,} of them need review ({_counted(eyes)}): see ffm scheme migrate"
        if dropped:
            line += f"; labels that are dropped: {_counted(dropped)}"
        if mine[0].unread:
            line += f"; not read for {', '.join(mine[0].unread)}, which came later"
        notices.append(line)
    return notices


def _counted(labels: Counter[str]) -> str:
    return ", ".join(f"{label} {count:,}" for label, count in sorted(labels.items()))
