"""Agreement between annotators: Krippendorff's alpha per theme, span F1 per label, stance, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import krippendorff
import numpy as np
from msgspec import Struct

from ffm.errors import GoldError
from ffm.evaluation.metrics import Score, Span, SpanCounts, summed
from ffm.gold.annotators import Annotations, Disagreement, differences
from ffm.gold.store import GoldRecord
from ffm.project.scheme import Scheme


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
