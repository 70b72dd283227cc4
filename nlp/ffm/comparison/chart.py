"""Charts of prevalence over time: where every mark stands. The page's template draws them as SVG."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import ceil, floor

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from scipy.optimize import isotonic_regression

from ffm.comparison.prevalence import Measure, Prevalence
from ffm.comparison.reports import ComparedReport, time_middle, time_span

AXES = {0.05: 5, 0.1: 5, 0.2: 4, 0.3: 3, 0.4: 4, 0.5: 5, 0.6: 3, 0.8: 4, 1.0: 4}  # top of the axis: its number of steps
CHARACTER = 0.6  # width of a character as a share of the font's size: near enough to tell whether labels would touch


class Layout(Struct, frozen=True):
    """The measures of a chart, in its own units.

    Attributes
    ----------
    gap, least_gap
        Distance between two points that would else cover each other, and what it may shrink to where they crowd.
    letters
        Height of the row of letters between the axis and its years.
    steps
        Greatest number of years that are named on the axis.
    """

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    font: float
    gap: float
    least_gap: float
    letters: float
    steps: int

    @property
    def base(self) -> float:
        """Where the share is nought."""
        return self.height - self.bottom

    @property
    def end(self) -> float:
        """Where the plot ends on the right."""
        return self.width - self.right


LARGE = Layout(width=720, height=300, left=46, right=24, top=24, bottom=50, font=13, gap=26, least_gap=13, letters=24, steps=10)
SMALL = Layout(width=340, height=190, left=40, right=20, top=18, bottom=40, font=11, gap=16, least_gap=9, letters=19, steps=5)
WIDE_LARGE = replace(LARGE, width=1080, steps=16)
WIDE_SMALL = replace(SMALL, width=520, steps=8)
MANY = 8  # reports: more than these get wide charts


class Segment(Struct, frozen=True):
    """The part of a column that has one stance; ``order`` is the stance's place in the scheme."""

    y: float
    height: float
    order: int


class Point(Struct, frozen=True):
    """A report's share, with its whisker.

    Attributes
    ----------
    date_x
        Where the date truly is; ``x`` is moved aside where points would cover each other.
    span
        The bounds of the year, for a report that only says which year it covers.
    count
        The visible count, or empty where it would touch another; it stands in the list beside the chart, too.
    """

    report: str
    x: float
    y: float
    low: float
    high: float
    date_x: float
    span: tuple[float, float] | None
    count: str
    segments: tuple[Segment, ...]


class Tick(Struct, frozen=True):
    """A labelled place on an axis."""

    at: float
    label: str


class Chart(Struct, frozen=True):
    """All marks of a chart; ``mark`` is the width of a column."""

    layout: Layout
    mark: float
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    points: tuple[Point, ...]


def shown(figure: Prevalence) -> Measure | None:
    """Return what a chart shows of a figure: sentences, as passages are longer here and shorter there; None where nothing was measured."""
    measure = figure.units.get("sentences")
    return measure if measure is not None and measure.n else None


def axis_top(figures: Sequence[Prevalence]) -> float:
    """Return the top of an axis that holds the intervals of all figures; charts that share it can be compared by eye."""
    highest = max((measure.high for figure in figures if (measure := shown(figure)) and measure.high is not None), default=1.0)
    return next((top for top in AXES if highest <= top), 1.0)


def make_chart(figures: Sequence[Prevalence], reports: Mapping[str, ComparedReport], top: float, layout: Layout) -> Chart | None:
    """Return the chart of one theme over time, or None if no report of it has a date.

    Parameters
    ----------
    figures
        One for each report, of one theme; in the order of time.
    reports
        By id. Those without a date or without themed passages are not in the chart; all others are on its axis.
    top
        Share at the top of the axis, as :func:`axis_top` gives it.
    """
    dated = [(figure, measure) for figure in figures if reports[figure.value].covers and (measure := shown(figure)) is not None]
    if not dated:
        return None
    spans = [time_span(reports[figure.value].covers) for figure, _ in dated]
    covered = [time_span(report.covers) for report in reports.values() if report.covers and report.passages]
    first, last = floor(min(start for start, _ in covered)), ceil(max(end for _, end in covered))
    left, right, base = layout.left, layout.end, layout.base

    def place(year: float) -> float:
        return left + (year - first) / (last - first) * (right - left)

    def level(share: float) -> float:
        return base - share / top * (base - layout.top)

    dates = [place(time_middle(reports[figure.value].covers)) for figure, _ in dated]
    half_year = (right - left) / (last - first) / 2
    gap = layout.gap
    moved = spread_out(dates, gap, left + gap / 2, right - gap / 2)
    while gap > layout.least_gap and max(abs(x - date) for x, date in zip(moved, dates, strict=True)) > half_year:
        gap = max(layout.least_gap, gap - 2)
        moved = spread_out(dates, gap, left + gap / 2, right - gap / 2)
    mark = gap - 4
    points = []
    for (figure, measure), span, date_x, x in zip(dated, spans, dates, moved, strict=True):
        points.append(
            Point(
                figure.value,
                round(x, 1),
                round(level(measure.estimate or 0), 1),
                round(level(measure.low or 0), 1),
                round(level(measure.high or 0), 1),
                round(date_x, 1),
                (round(place(span[0]), 1), round(place(span[1]), 1)) if span[1] - span[0] == 1 else None,
                f"{measure.found}/{measure.n}",
                _segments(figure, measure.estimate or 0, level),
            )
        )
    step = max(1, ceil((last - first) / layout.steps))
    return Chart(
        layout,
        mark,
        tuple(Tick(round(place(year), 1), str(year)) for year in range(first, last + 1, step)),
        tuple(Tick(round(level(top * part / AXES[top]), 1), f"{top * part / AXES[top]:.0%}") for part in range(AXES[top] + 1)),
        tuple(_labelled(points, layout, mark)),
    )


def spread_out(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move places apart until each is a gap from the next, in the same order, with the least sum of squared moves.

    This is an isotonic regression of what is left of the places once their gaps are taken out. Where the room does not
    hold them all, the gap shrinks.

    Parameters
    ----------
    places
        In ascending order.
    low, high
        Bounds of the room.
    """
    count = len(places)
    gap = min(gap, (high - low) / (count - 1)) if count > 1 else 0.0
    taken = gap * np.arange(count)
    fitted = isotonic_regression(np.asarray(places, dtype=float) - taken).x
    return [float(place) for place in np.clip(fitted, low, high - gap * (count - 1)) + taken]


def _segments(figure: Prevalence, share: float, level: Callable[[float], float]) -> tuple[Segment, ...]:
    """Return a column's parts as the passages' stances divide it, from the axis upwards in the scheme's order."""
    segments, below = [], 0
    count = sum((figure.stances or {}).values())
    total = count / share if count and share else 1
    for order, count in enumerate((figure.stances or {}).values()):
        foot, head = level(below / total), level((below + count) / total)
        if count:
            segments.append(Segment(round(head, 1), round(foot - head, 1), order))
        below += count
    return tuple(segments)


def _labelled(points: Sequence[Point], layout: Layout, mark: float) -> list[Point]:
    """Return the points with only those visible counts that touch no other count, point or whisker."""
    taken = [(point.x - mark / 2, point.high, point.x + mark / 2, layout.base if point.segments else point.low) for point in points]
    labelled = []
    for index, point in enumerate(points):
        half = len(point.count) * CHARACTER * layout.font / 2
        foot = point.high - 4
        box = (point.x - half, foot - layout.font, point.x + half, foot)
        others = [other for place, other in enumerate(taken) if place != index]
        if any(_touch(box, other) for other in others):
            labelled.append(replace(point, count=""))
        else:
            labelled.append(point)
            taken.append(box)
    return labelled


def _touch(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
