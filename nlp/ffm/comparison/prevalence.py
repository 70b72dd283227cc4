"""Prevalence: how much of a report, a country, a type of source or a publisher speaks of a theme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from ffm.comparison.reports import ComparedReport, theme_order
from ffm.comparison.shares import METHODS, UNITS, Cell, ReportShares, Share, Unit
from ffm.project.scheme import Scheme, Theme

Grouping = Literal["report", "country", "source_type", "publisher"]
GROUPINGS: tuple[Grouping, ...] = ("report", "country", "source_type", "publisher")
NOT_STATED = "(not stated)"
Z_95 = 1.959963984540054  # the 97.5th percentile of the standard normal distribution


class Measure(Struct, frozen=True):
    """How many units of a group carry a theme.

    Attributes
    ----------
    n, found
        How many there are, and how many carry the theme by their labels.
    estimate, low, high
        What is estimated of what they truly carry, with a 95% interval: a share, or of sources their number. None where there are no units.
    low_population, high_population
        The 95% interval of the share had other such sources been asked; None where fewer than six were.
    """

    n: int
    found: int
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    low_population: float | None = None
    high_population: float | None = None


class Prevalence(Struct, frozen=True):
    """The prevalence of one theme in one group of passages.

    Attributes
    ----------
    grouping, value
        What the passages are grouped by, and the group; ``(not stated)`` gathers what has no value.
    country, publisher, covers, kind
        Those of the report, or of all reports of the group where they agree; else empty.
    method
        How the estimates were made.
    read
        How many passages of the group have labels of gold or of readers.
    units
        By unit. No sources where the group names none.
    words, words_total
        Words of the passages that carry the theme, and of all.
    stances
        Passages by stance, in the scheme's order; None for a theme that carries no stance.
    reexpressed
        Whether the theme is made of other ones of an older version of the scheme, in some of what was counted.

    Where none of the group's reports is labelled for the theme (an older scheme that does not determine it), nothing was
    measured: ``units`` is empty.
    """

    grouping: Grouping
    value: str
    country: str
    publisher: str
    covers: str
    kind: str
    theme: str
    method: str = ""
    read: int = 0
    units: dict[Unit, Measure] = {}
    words: int | None = None
    words_total: int | None = None
    stances: dict[str, int] | None = None
    reexpressed: bool = False

    @property
    def measured(self) -> bool:
        """Whether any report of the group is labelled for the theme."""
        return bool(self.units)


def prevalences(
    reports: Sequence[ReportShares],
    scheme: Scheme,
    reexpressed: Mapping[str, Container[str]] = MappingProxyType({}),
    undetermined: Mapping[str, Container[str]] = MappingProxyType({}),
) -> list[Prevalence]:
    """Return the prevalence of every theme in every group.

    Parameters
    ----------
    reports
        With their estimates, in order.
    reexpressed
        By report that was labelled by an older version of the scheme, the themes that are made of other ones of that version.
    undetermined
        By report, the themes that its labels do not tell: it does not count for them.

    Returns
    -------
    list of Prevalence
        By grouping, then by theme, then by group: reports in their order, other groups by name, ``(not stated)`` last.
    """
    figures = []
    left_out = {theme: frozenset(report for report, themes in undetermined.items() if theme in themes) for theme in scheme.theme_ids}
    for grouping in GROUPINGS:
        groups: dict[str, list[_Member]] = {}
        for shares in reports:
            report = shares.outline.report
            for value, cells in _cells(grouping, shares).items():
                groups.setdefault(value, []).append(_Member(shares, cells))
            if grouping == "report":
                groups.setdefault(report.id, [_Member(shares, ())])
        if grouping != "report":
            groups = {value: groups[value] for value in sorted(groups, key=lambda value: (value == NOT_STATED, value))}
        parts = [_Group(grouping, value, members, scheme, reexpressed, left_out) for value, members in groups.items()]
        figures += [part.prevalence(theme) for theme in theme_order(scheme) for part in parts]
    return figures


def _cells(grouping: Grouping, shares: ReportShares) -> dict[str, tuple[str, ...]]:
    """Return by group of a grouping the types of sources of a report that lie in it."""
    report, types = shares.outline.report, tuple(shares.cells)
    match grouping:
        case "report":
            return {report.id: types}
        case "country":
            return {report.country or NOT_STATED: types} if types else {}
        case "source_type":
            return {kind or NOT_STATED: (kind,) for kind in types}
        case "publisher":
            return {report.publisher or NOT_STATED: types} if types else {}


class _Member(Struct, frozen=True):
    """The part of a report that lies in a group: the passages of some types of sources."""

    shares: ReportShares
    types: tuple[str, ...]

    @property
    def report(self) -> ComparedReport:
        return self.shares.outline.report

    @property
    def cells(self) -> list[Cell]:
        return [self.shares.cells[kind] for kind in self.types]


class _Group:
    """The parts of reports of one group, with what all its figures share."""

    def __init__(
        self,
        grouping: Grouping,
        value: str,
        members: Sequence[_Member],
        scheme: Scheme,
        reexpressed: Mapping[str, Container[str]],
        undetermined: Mapping[str, frozenset[str]],
    ) -> None:
        self.grouping, self.value, self.scheme, self.members = grouping, value, scheme, members
        self.reexpressed, self.undetermined = reexpressed, undetermined
        self.columns = {theme: column for column, theme in enumerate(scheme.theme_ids)}
        self.sums: dict[frozenset[str], _Sums] = {}
        self.country = _agreed(member.report.country for member in members)
        self.publisher = _agreed(member.report.publisher for member in members)
        self.covers = _agreed(member.report.covers for member in members)
        self.kind = _agreed(member.report.kind for member in members)

    def prevalence(self, theme: Theme) -> Prevalence:
        """Return the figures of one theme in this group."""
        figure = Prevalence(self.grouping, self.value, self.country, self.publisher, self.covers, self.kind, theme.id)
        sums = self._sums(self.undetermined[theme.id])
        if not sums.members:
            return figure
        stances = None
        if theme.stance:
            stances = {stance: sums.stances[theme.id, stance] for stance in self.scheme.stances}
        column = self.columns[theme.id]
        measures = {unit: self._measure(sums, unit, column) for unit in UNITS}
        if not measures["sources"].n:
            del measures["sources"]
        return replace(
            figure,
            method=sums.method,
            read=sums.read,
            units=measures,
            words=sums.words_of[theme.id],
            words_total=sums.words,
            stances=stances,
            reexpressed=bool(self.reexpressed) and any(theme.id in self.reexpressed.get(report, ()) for report in sums.members),
        )

    def _sums(self, left_out: frozenset[str]) -> _Sums:
        """Return what the members have together, but for those that a theme leaves out."""
        if left_out not in self.sums:
            self.sums[left_out] = _Sums.of([member for member in self.members if member.report.id not in left_out])
        return self.sums[left_out]

    def _measure(self, sums: _Sums, unit: Unit, column: int) -> Measure:
        """Return what is estimated of a unit: of a whole report its share, of parts of reports the sum of what is expected in them."""
        if self.grouping == "report":
            shares = self.members[0].shares.shares[unit]
            return _of_report(shares[column], unit) if shares else Measure(0, 0)
        n = int(sums.n[unit])
        if not n:
            return Measure(0, 0)
        found, expected = int(sums.found[unit][column]), float(sums.expected[unit][column])
        error = float(np.sqrt(sums.spread[unit][column]))
        scale = 1 if unit == "sources" else n
        low, high = max(0.0, expected - Z_95 * error), min(float(n), expected + Z_95 * error)
        return Measure(n, found, expected / scale, low / scale, high / scale)


class _Sums(Struct):
    """What some members have together, by unit and theme as :class:`ffm.comparison.shares.Cell` has it of each."""

    members: frozenset[str]
    method: str
    read: int
    words: int
    words_of: Counter[str]
    stances: Counter[tuple[str, str]]
    n: dict[Unit, float]
    found: dict[Unit, NDArray[np.int64]]
    expected: dict[Unit, NDArray[np.float64]]
    spread: dict[Unit, NDArray[np.float64]]

    @classmethod
    def of(cls, members: Sequence[_Member]) -> _Sums:
        cells = [cell for member in members for cell in member.cells]
        words_of, stances = Counter[str](), Counter[tuple[str, str]]()
        for cell in cells:
            words_of.update(cell.words_of)
            stances.update(cell.stances)
        return cls(
            frozenset(member.report.id for member in members),
            " / ".join(dict.fromkeys(METHODS[member.shares.outline.how] for member in members)),
            sum(cell.read for cell in cells),
            sum(cell.words for cell in cells),
            words_of,
            stances,
            {unit: sum(cell.n[unit] for cell in cells) for unit in UNITS},
            {unit: sum((cell.found[unit] for cell in cells), np.zeros(1, dtype=np.int64)) for unit in UNITS},
            {unit: sum((cell.expected[unit] for cell in cells), np.zeros(1)) for unit in UNITS},
            {unit: sum((cell.spread[unit] for cell in cells), np.zeros(1)) for unit in UNITS},
        )


def _of_report(share: Share, unit: Unit) -> Measure:
    measure = Measure(share.n, share.found, share.value, share.low, share.high)
    if unit == "sources" or not share.by_sources:
        return measure
    low, high = share.population
    return Measure(share.n, share.found, share.value, share.low, share.high, low, high)


def _agreed(values: Iterable[str]) -> str:
    """Return the value that all have in common, or nothing."""
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else ""
