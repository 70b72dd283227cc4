"""Agreement between annotators: Krippendorff's alpha per theme, span F1 per label, stance, and where they differ.

Annotators may have read different portions: alpha takes what is missing into account, and pairs are measured on what both read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from ffm.errors import GoldError
from ffm.evaluation.metrics import Score, Span, SpanCounts, summed
from ffm.gold.annotators import Annotations, Disagreement, differences
from ffm.gold.store import GoldRecord
from ffm.project.scheme import Scheme
from ffm.records import Range

Place = tuple[str, Range]
ANYTHING = ""  # in place of a label where only positions count


class Portion(Struct, frozen=True):
    """How far annotators agree on a part of what they read: two of them, one report, or one day.

    Attributes
    ----------
    name
        The two annotators, the report, or the ISO 8601 date of the last of the annotations.
    ranges
        Number of ranges that at least two annotated.
    alpha
        The mean over themes whose alpha is defined; None where there is none.
    exact
        Micro-averaged span F1; None where nobody marked an entity.
    stance, stance_support
        As in :class:`Agreement`.
    """

    name: str
    ranges: int
    alpha: float | None
    exact: float | None
    stance: float | None
    stance_support: int


class Agreement(Struct, frozen=True):
    """How far annotators agree.

    Attributes
    ----------
    alpha
        Krippendorff's alpha of each theme over the ranges that at least two annotated (1 is full agreement, 0 what chance
        gives); None where no annotator marked the theme, as alpha is then not defined.
    marked
        How often each theme was marked, over all annotators.
    exact, overlapping
        Span F1 of each entity label, over pairs of annotators counted together; None where nobody marked the label.
    position
        F1 of spans whatever their label; None where nobody marked any.
    label, label_support
        Share of equal labels among spans that two annotators marked at one position, and their number.
    stance, stance_support
        Share of equal stances where two annotators marked the same theme, and their number.
    ranges
        Number of ranges that at least two annotated.
    unmatched
        Number of ranges that one annotator alone read; they are left out.
    pairs, reports, days
        The same for each pair of annotators, each report, and each day of annotation.
    """

    annotators: tuple[str, ...]
    ranges: int
    unmatched: int
    alpha: dict[str, float | None]
    marked: dict[str, int]
    exact: dict[str, Score | None]
    overlapping: dict[str, Score | None]
    position: float | None
    label: float | None
    label_support: int
    stance: float | None
    stance_support: int
    pairs: tuple[Portion, ...]
    reports: tuple[Portion, ...]
    days: tuple[Portion, ...]
    disagreements: tuple[Disagreement, ...]


def measure_agreement(sets: Sequence[Annotations], scheme: Scheme) -> Agreement:
    """Measure how far two or more annotators agree.

    Raises
    ------
    GoldError
        If fewer than two sets are given, two have one name, they annotated different texts, or no two share a range.

    Notes
    -----
    Alpha is that of Krippendorff (2019), "Content Analysis", chapter 12, for nominal data with missing values.
    """
    names = [item.name for item in sets]
    if len(sets) < 2 or len(set(names)) < len(sets):
        raise GoldError(f"agreement needs two or more annotators of different names, got {', '.join(names) or 'none'}")
    every = _places(sets)
    shared = [place for place in every if len(_readers(sets, place)) > 1]
    if not shared:
        raise GoldError(f"{' and '.join(names)} share no annotated range; compare annotations of the same reports")
    matrices = {theme: _marks(sets, shared, theme) for theme in scheme.theme_ids}
    counts = _span_counts(sets, shared, scheme)
    equal, support = _stances(sets, shared, scheme)
    same, placed = _same_position(sets, shared)
    position = _span_counts(sets, shared, scheme, lambda label: ANYTHING)[ANYTHING]
    return Agreement(
        annotators=tuple(names),
        ranges=len(shared),
        unmatched=len(every) - len(shared),
        alpha={theme: nominal_alpha(matrix) for theme, matrix in matrices.items()},
        marked={theme: int(np.nansum(matrix)) for theme, matrix in matrices.items()},
        exact={label: count.exact_score() if _any(count) else None for label, count in counts.items()},
        overlapping={label: count.overlapping_score() if _any(count) else None for label, count in counts.items()},
        position=position.exact_score().f1 if _any(position) else None,
        label=same / placed if placed else None,
        label_support=placed,
        stance=equal / support if support else None,
        stance_support=support,
        pairs=tuple(_portion(f"{one.name}, {two.name}", (one, two), shared, scheme) for one, two in combinations(sets, 2)),
        reports=_portions(sets, shared, scheme, lambda place: place[0]),
        days=_portions(sets, shared, scheme, lambda place: _day(sets, place)),
        disagreements=tuple(differences(sets, shared, scheme)),
    )


def nominal_alpha(values: NDArray[np.float64]) -> float | None:
    """Return Krippendorff's alpha of nominal values, annotators by units; None where fewer than two values occur.

    Parameters
    ----------
    values
        NaN where an annotator said nothing of a unit; a unit of which fewer than two said something tells nothing.
    """
    if values.size == 0:
        return None
    values = values[:, (~np.isnan(values)).sum(axis=0) > 1]
    domain = np.unique(values[~np.isnan(values)])
    if len(domain) < 2:
        return None
    counts = np.array([(values == value).sum(axis=0) for value in domain], dtype=np.float64)  # values by units
    said = counts.sum(axis=0)
    totals = counts.sum(axis=1)
    every = totals.sum()
    observed = ((said**2 - (counts**2).sum(axis=0)) / (said - 1)).sum()
    expected = (every**2 - (totals**2).sum()) / (every - 1)
    return float(1 - observed / expected)


def _places(sets: Sequence[Annotations]) -> list[Place]:
    """Return every range that somebody annotated.

    Raises
    ------
    GoldError
        If a report's annotations are of different texts.
    """
    places: list[Place] = []
    for report in sorted(set().union(*(item.records for item in sets))):
        having = [item for item in sets if report in item.records]
        if len({item.digests[report] for item in having}) > 1:
            raise GoldError(
                f"{report}: {' and '.join(item.name for item in having)} annotated different texts; compare annotations of one text"
            )
        places += [(report, span) for span in sorted(set().union(*(item.records[report] for item in having)))]
    return places


def _readers(sets: Sequence[Annotations], place: Place) -> list[GoldRecord]:
    """Return what each of those who annotated a range made of it."""
    report, span = place
    return [item.records[report][span] for item in sets if span in item.records.get(report, {})]


def _marks(sets: Sequence[Annotations], places: Sequence[Place], theme: str) -> NDArray[np.float64]:
    """Return whether each annotator marked a theme, annotators by ranges; NaN where that is not known."""

    def mark(item: Annotations, place: Place) -> float:
        record = item.records.get(place[0], {}).get(place[1])
        if record is None or record.role != "passage" or theme in record.unread:
            return np.nan
        return float(theme in record.themes)

    return np.array([[mark(item, place) for place in places] for item in sets], dtype=np.float64)


def _pairs(sets: Sequence[Annotations], places: Sequence[Place]) -> list[tuple[GoldRecord, GoldRecord]]:
    return [pair for place in places for pair in combinations(_readers(sets, place), 2)]


def _spans(record: GoldRecord, named: Callable[[str], str]) -> list[Span]:
    return [(entity.start, entity.end, named(entity.label)) for entity in record.entities]


def _span_counts(
    sets: Sequence[Annotations], places: Sequence[Place], scheme: Scheme, named: Callable[[str], str] = str
) -> dict[str, SpanCounts]:
    """Return the counts of each label over all pairs of annotators, and of all together."""
    counts = {named(label): SpanCounts() for label in scheme.entity_ids}
    for first, second in _pairs(sets, places):
        one, two = _spans(first, named), _spans(second, named)
        for label, count in counts.items():
            count.add([item for item in one if item[2] == label], [item for item in two if item[2] == label])
    counts["all"] = summed(list(counts.values()))
    return counts


def _any(count: SpanCounts) -> bool:
    return count.gold + count.predicted > 0


def _same_position(sets: Sequence[Annotations], places: Sequence[Place]) -> tuple[int, int]:
    """Return how many spans of one position have equal labels for two annotators, and how many there are."""
    same = every = 0
    for first, second in _pairs(sets, places):
        theirs = {(entity.start, entity.end): entity.label for entity in second.entities}
        labels = [(entity.label, theirs[at]) for entity in first.entities if (at := (entity.start, entity.end)) in theirs]
        same += sum(one == two for one, two in labels)
        every += len(labels)
    return same, every


def _stances(sets: Sequence[Annotations], places: Sequence[Place], scheme: Scheme) -> tuple[int, int]:
    """Return how many stances of themes that two annotators marked are equal, and how many there are."""
    both = [
        (first.stance[theme], second.stance[theme])
        for first, second in _pairs(sets, places)
        for theme in scheme.stance_ids
        if theme in first.stance and theme in second.stance
    ]
    return sum(one == two for one, two in both), len(both)


def _portion(name: str, sets: Sequence[Annotations], places: Sequence[Place], scheme: Scheme) -> Portion:
    mine = [place for place in places if len(_readers(sets, place)) > 1]
    found = [alpha for theme in scheme.theme_ids if (alpha := nominal_alpha(_marks(sets, mine, theme))) is not None]
    spans = _span_counts(sets, mine, scheme)["all"]
    equal, support = _stances(sets, mine, scheme)
    return Portion(
        name,
        len(mine),
        sum(found) / len(found) if found else None,
        spans.exact_score().f1 if _any(spans) else None,
        equal / support if support else None,
        support,
    )


def _portions(sets: Sequence[Annotations], places: Sequence[Place], scheme: Scheme, name: Callable[[Place], str]) -> tuple[Portion, ...]:
    """Return a portion for each name that the places have, in the order of the names."""
    by_name: dict[str, list[Place]] = {}
    for place in places:
        by_name.setdefault(name(place), []).append(place)
    return tuple(_portion(key, sets, mine, scheme) for key, mine in sorted(by_name.items()) if key)


def _day(sets: Sequence[Annotations], place: Place) -> str:
    """Return the day of the last annotation of a range, as the headers tell it; empty where they do not."""
    report, span = place
    return max((item.headers[report].date for item in sets if span in item.records.get(report, {}) and report in item.headers), default="")


def agreement_markdown(agreement: Agreement) -> str:
    """Return the figures as Markdown; "-" where nobody marked anything that could agree."""
    lines = [
        f"Agreement of {', '.join(agreement.annotators)} on {agreement.ranges} ranges"
        + (f" ({agreement.unmatched} that one alone annotated are left out)" if agreement.unmatched else "")
        + ".",
        "",
        "| theme | Krippendorff's alpha | marked |",
        "|---|---|---|",
    ]
    lines += [f"| {theme} | {_figure(value)} | {agreement.marked[theme]} |" for theme, value in agreement.alpha.items()]
    lines += ["", "| entity | F1 exact | F1 overlapping | support |", "|---|---|---|---|"]
    for label, found in agreement.exact.items():
        overlapping = agreement.overlapping[label]
        exact, met = (None if score is None else score.f1 for score in (found, overlapping))
        lines.append(f"| {label} | {_figure(exact)} | {_figure(met)} | {found.support if found else 0} |")
    lines += [
        "",
        f"Position of entities alone: F1 {_figure(agreement.position)}; label equal for {_figure(agreement.label)} of "
        f"{agreement.label_support} that two annotators marked at one position.",
        f"Stance equal for {_figure(agreement.stance)} of {agreement.stance_support} themes that two annotators marked.",
    ]
    for title, portions in (("annotators", agreement.pairs), ("report", agreement.reports), ("day of annotation", agreement.days)):
        if len(portions) > 1:
            lines += ["", f"| {title} | shared ranges | mean alpha | entities, F1 exact | stance equal |", "|---|---|---|---|---|"]
            lines += [
                f"| {item.name} | {item.ranges} | {_figure(item.alpha)} | {_figure(item.exact)} | {_figure(item.stance)} |"
                for item in portions
            ]
    lines += ["", f"{len(agreement.disagreements)} disagreements."]
    return "\n".join(lines) + "\n"


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
