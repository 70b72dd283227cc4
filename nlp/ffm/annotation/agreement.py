"""Agreement between annotators: Krippendorff's alpha per theme, span F1 per label, stance, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import krippendorff
import numpy as np
from msgspec import Struct

from ffm.annotation.gold import GoldHeader, GoldRecord, read_gold
from ffm.errors import GoldError
from ffm.evaluation.metrics import Score, Span, SpanCounts, summed
from ffm.scheme import Scheme


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


class Agreement(Struct, frozen=True):
    """How far annotators agree.

    Attributes
    ----------
    alpha
        Krippendorff's alpha of each theme over the ranges that all annotated (1 is full agreement, 0 what chance
        gives); None where no annotator marked the theme, as alpha is then not defined.
    marked
        How often each theme was marked, over all annotators.
    exact, overlapping
        Span F1 of each entity label, the mean over pairs of annotators counted together.
    stance, stance_support
        Share of equal stances where two annotators marked the same theme, and their number.
    ranges
        Number of ranges that all annotated.
    unmatched
        Number of ranges that only some annotated; they are left out.
    """

    annotators: tuple[str, ...]
    ranges: int
    unmatched: int
    alpha: dict[str, float | None]
    marked: dict[str, int]
    exact: dict[str, Score]
    overlapping: dict[str, Score]
    stance: float | None
    stance_support: int
    disagreements: tuple[Disagreement, ...]


def read_annotations(path: Path) -> Annotations:
    """Read an annotator's gold files: a folder of them, or one file.

    Raises
    ------
    GoldError
        If there is nothing to read, a file is damaged, or a range stands twice.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files or not files[0].is_file():
        raise GoldError(f"{path}: no annotations (.jsonl) here; give a folder or file of the gold format")
    records: dict[str, dict[tuple[int, int], GoldRecord]] = {}
    digests: dict[str, str] = {}
    headers: dict[str, GoldHeader] = {}
    for file in files:
        header, found = read_gold(file)
        headers[header.report] = header
        records[header.report] = _by_range(file, header, found)
        digests[header.report] = header.sha256
    names = {header.annotator for header in headers.values()}
    return Annotations(names.pop() if len(names) == 1 else path.name, records, digests, headers)


def _by_range(file: Path, header: GoldHeader, records: Sequence[GoldRecord]) -> dict[tuple[int, int], GoldRecord]:
    ranges: dict[tuple[int, int], GoldRecord] = {}
    for record in records:
        if (record.start, record.end) in ranges:
            raise GoldError(f"{file}: {header.report} {record.start}-{record.end} stands twice; remove one")
        ranges[(record.start, record.end)] = record
    return ranges


def measure_agreement(sets: Sequence[Annotations], scheme: Scheme) -> Agreement:
    """Measure how far two or more annotators agree.

    Raises
    ------
    GoldError
        If fewer than two sets are given, two have one name, they annotated different texts, or share no range.

    Notes
    -----
    Alpha is that of Krippendorff (2019), "Content Analysis", chapter 12, for nominal data.
    """
    names = [item.name for item in sets]
    if len(sets) < 2 or len(set(names)) < len(sets):
        raise GoldError(f"agreement needs two or more annotators of different names, got {', '.join(names) or 'none'}")
    shared: list[tuple[str, tuple[int, int]]] = []
    everything = 0
    for report in sorted(set.union(*(set(item.records) for item in sets))):
        having = [item for item in sets if report in item.records]
        if len({item.digests[report] for item in having}) > 1:
            raise GoldError(
                f"{report}: {' and '.join(item.name for item in having)} annotated different texts; compare annotations of one text"
            )
        ranges = [set(item.records.get(report, {})) for item in sets]
        shared += [(report, span) for span in sorted(set.intersection(*ranges))]
        everything += len(set.union(*ranges))
    if not shared:
        raise GoldError(f"{' and '.join(names)} share no annotated range; compare annotations of the same reports")
    themed = [(report, span) for report, span in shared if all(item.records[report][span].role == "passage" for item in sets)]
    alpha, marked = {}, {}
    for theme in scheme.theme_ids:
        matrix = np.array([[theme in item.records[report][span].themes for report, span in themed] for item in sets], dtype=float)
        marked[theme] = int(matrix.sum())
        alpha[theme] = _alpha(matrix)
    exact, overlapping = _span_agreement(sets, shared, scheme)
    stances = [
        first.records[report][span].stance[theme] == second.records[report][span].stance[theme]
        for first, second in combinations(sets, 2)
        for report, span in themed
        for theme in scheme.stance_ids
        if theme in first.records[report][span].stance and theme in second.records[report][span].stance
    ]
    return Agreement(
        tuple(names),
        len(shared),
        everything - len(shared),
        alpha,
        marked,
        exact,
        overlapping,
        sum(stances) / len(stances) if stances else None,
        len(stances),
        tuple(differences(sets, shared, scheme)),
    )


def _alpha(matrix: np.ndarray) -> float | None:
    """Return alpha of binary marks, annotators by ranges; None where nobody marked or all marked everything."""
    if matrix.size == 0 or len(np.unique(matrix)) < 2:
        return None
    return float(krippendorff.alpha(reliability_data=matrix, level_of_measurement="nominal"))


def _spans(record: GoldRecord) -> list[Span]:
    return [(entity.start, entity.end, entity.label) for entity in record.entities]


def _span_agreement(
    sets: Sequence[Annotations], shared: Sequence[tuple[str, tuple[int, int]]], scheme: Scheme
) -> tuple[dict[str, Score], dict[str, Score]]:
    counts = {label: SpanCounts() for label in scheme.entity_ids}
    for first, second in combinations(sets, 2):
        for report, span in shared:
            one, two = _spans(first.records[report][span]), _spans(second.records[report][span])
            for label, count in counts.items():
                count.add([item for item in one if item[2] == label], [item for item in two if item[2] == label])
    counts["all"] = summed(counts.values())
    return {label: count.exact_score() for label, count in counts.items()}, {
        label: count.overlapping_score() for label, count in counts.items()
    }


def differences(sets: Sequence[Annotations], shared: Sequence[tuple[str, tuple[int, int]]], scheme: Scheme) -> list[Disagreement]:
    """Return where annotators differ on ranges that all annotated: one entry a theme (its stance counts), one for the entities."""
    found = []
    for report, span in shared:
        records = {item.name: item.records[report][span] for item in sets}
        for theme in scheme.theme_ids:
            readings = {name: (record.stance.get(theme, "yes") if theme in record.themes else "no") for name, record in records.items()}
            if len(set(readings.values())) > 1:
                found.append(Disagreement(report, *span, theme, readings))
        marked = {name: {_entity_text(entity) for entity in record.entities} for name, record in records.items()}
        agreed = set.intersection(*marked.values())
        if any(mine - agreed for mine in marked.values()):
            found.append(
                Disagreement(report, *span, "entities", {name: "; ".join(sorted(mine - agreed)) or "-" for name, mine in marked.items()})
            )
    return found


def _entity_text(entity: object) -> str:
    from ffm.annotation.gold import GoldEntity

    assert isinstance(entity, GoldEntity)
    value = "" if entity.kind is None else f" {entity.kind} {entity.low}-{entity.high}{f' {entity.currency}' if entity.currency else ''}"
    return f"{entity.start}-{entity.end} {entity.label}{value}"


def agreement_markdown(agreement: Agreement) -> str:
    """Return the figures as Markdown."""
    lines = [
        f"Agreement of {', '.join(agreement.annotators)} on {agreement.ranges} ranges"
        + (f" ({agreement.unmatched} that not all annotated are left out)" if agreement.unmatched else "")
        + ".",
        "",
        "| theme | Krippendorff's alpha | marked |",
        "|---|---|---|",
    ]
    lines += [
        f"| {theme} | {'-' if value is None else f'{value:.2f}'} | {agreement.marked[theme]} |" for theme, value in agreement.alpha.items()
    ]
    lines += ["", "| entity | F1 exact | F1 overlapping | support |", "|---|---|---|---|"]
    lines += [
        f"| {label} | {found.f1:.2f} | {agreement.overlapping[label].f1:.2f} | {found.support} |"
        for label, found in agreement.exact.items()
    ]
    stance = "-" if agreement.stance is None else f"{agreement.stance:.2f}"
    lines += [
        "",
        f"Stance equal for {stance} of {agreement.stance_support} themes that two annotators marked.",
        f"{len(agreement.disagreements)} disagreements.",
    ]
    return "\n".join(lines) + "\n"
