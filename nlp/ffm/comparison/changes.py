"""How much more or less one report speaks of a theme than another: the difference, its interval and a verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from scipy.special import ndtri, stdtr, stdtrit

from ffm.comparison.reports import ComparedReport
from ffm.comparison.shares import METHODS, ReportShares, Unit
from ffm.evaluation.counts import covariance
from ffm.evaluation.shifts import Shifts

Verdict = Literal["up", "down", "none", "cannot tell", "not comparable", "beside"]
Population = Literal["sources", "passages", "report"]
Correction = Literal["bh", "holm"]
FALSE_DISCOVERIES = 0.10  # the share of changes that are told and are none, at most on average (Benjamini and Hochberg)
ANY_FALSE = 0.05  # the chance that any is told that is none (Holm)
SMALL = 0.10  # a change whose interval stays within this is none to speak of
SURELY = 0.02  # what a change of two sampled reports must surely exceed: the sign of a smaller one is chance
UNLIKE = 1.5  # times as many words in a passage of one report as of the other, from which shares of passages cannot be compared


class Change(Struct, frozen=True):
    """The change of one theme between two reports, in one unit.

    Attributes
    ----------
    pair_from, pair_to
        Ids of the earlier and the later report.
    series
        What they have in common, if they are of one series.
    population
        What the interval is of: ``sources`` (had other such sources been asked), ``passages`` (had such reports been written again), or
        ``report`` (the two reports themselves, of which people read passages that were drawn).
    estimate_from, estimate_to, change, low, high
        Shares, their difference and its 95% interval.
    tau
        The spread of what the classifier's shift does not have in common in the two reports; None where no label is the classifier's.
    p, q
        Of no change; ``q`` is corrected for all themes and pairs.
    verdict, reason
        The verdict and why it is so, in words; ``beside`` without a verdict of its own, for a subset.
    mdc80
        The smallest true change that would be told in 80 of 100 such pairs, before the correction.
    subset, subset_value
        What of the reports is compared: all where empty, else ``source_type`` with the type, or ``asked`` with the theme of the questions.
    """

    pair_from: str
    pair_to: str
    series: str
    unit: Unit
    theme: str
    population: Population
    n_from: int
    n_to: int
    read_from: int
    read_to: int
    found_from: int
    found_to: int
    estimate_from: float | None
    estimate_to: float | None
    change: float | None
    low: float | None
    high: float | None
    method: str
    tau: float | None
    p: float | None
    q: float | None
    verdict: Verdict
    reason: str
    mdc80: float | None
    sources_from: int | None
    sources_to: int | None
    asked_from: int | None
    asked_to: int | None
    subset: str = ""
    subset_value: str = ""


def pairs(reports: Sequence[ComparedReport], baseline: str = "") -> list[tuple[int, int]]:
    """Return which reports are compared, by number: each with the one before it that is about the same country and of the same kind.

    Parameters
    ----------
    reports
        In the order of time.
    baseline
        The id of a report that all later ones of its country are compared with instead.
    """
    found = []
    for later, report in enumerate(reports):
        before = [
            number
            for number in range(later)
            if report.covers and reports[number].covers and (reports[number].country, reports[number].kind) == (report.country, report.kind)
        ]
        if baseline:
            before = [number for number in before if reports[number].id == baseline]
        if before:
            found.append((before[-1], later))
    return found


def changes(
    reports: Sequence[ReportShares],
    compared: Sequence[tuple[int, int]],
    shifts: Shifts,
    themes: Sequence[str],
    undetermined: Mapping[str, frozenset[str]],
    correction: Correction = "bh",
) -> list[Change]:
    """Return the changes between pairs of reports, by pair, unit and theme; verdicts are corrected over all of one unit.

    Parameters
    ----------
    undetermined
        By report the themes that its labels do not tell.
    """
    units: tuple[Unit, ...] = ("sentences", "passages")
    found = [
        change_between(reports[first], reports[second], unit, column, theme, shifts, undetermined)
        for unit in units
        for first, second in compared
        for column, theme in enumerate(themes)
        if reports[first].shares[unit] and reports[second].shares[unit]
    ]
    return [item for unit in units for item in judged([change for change in found if change.unit == unit], correction)]


def change_between(
    first: ReportShares,
    second: ReportShares,
    unit: Unit,
    column: int,
    theme: str,
    shifts: Shifts,
    undetermined: Mapping[str, frozenset[str]],
    subset: tuple[str, str] = ("", ""),
) -> Change:
    """Return the change of one theme between two reports or parts of them, before verdicts are given.

    Parameters
    ----------
    column
        The number of the theme among those of the shares.
    subset
        What of the reports is compared, as :class:`Change` has it.
    """
    one, two = first.outline, second.outline
    before, after = first.shares[unit][column], second.shares[unit][column]
    series = one.report.series_with(two.report)
    sources = [share.shares["sources"][column].found if share.shares["sources"] else None for share in (first, second)]
    asked = [None if side.asked is None else side.asked.get(theme, 0) for side in (one, two)]
    population: Population = "passages"
    if before.by_sources and after.by_sources:
        population = "sources"
    elif "sample" in (one.how, two.how):
        population = "report"
    known = Change(
        one.report.id,
        two.report.id,
        series,
        unit,
        theme,
        population,
        before.n,
        after.n,
        one.read,
        two.read,
        before.found,
        after.found,
        before.value,
        after.value,
        None,
        None,
        None,
        " / ".join(dict.fromkeys(METHODS[side.how] for side in (one, two))),
        None,
        None,
        None,
        "not comparable",
        "",
        None,
        sources[0],
        sources[1],
        asked[0],
        asked[1],
        *subset,
    )
    if reason := _incomparable(first, second, unit, theme, undetermined):
        measured = theme not in undetermined.get(one.report.id, ()), theme not in undetermined.get(two.report.id, ())
        return replace(
            known,
            reason=reason,
            estimate_from=before.value if measured[0] else None,
            estimate_to=after.value if measured[1] else None,
        )
    variance = before.variance + after.variance
    shared = bool(series) and before.variance > 0 and after.variance > 0  # what was counted has no shift to share
    tau = None if variance == 0 else shifts.within[theme] if shared else shifts.total[theme]
    if shared and before.waves is not None and after.waves is not None:
        common = 1 - (shifts.within[theme] / shifts.total[theme]) ** 2
        variance -= 2 * covariance(before.waves, after.waves, common) / (before.n * after.n)
    variance = max(variance, 0.0)
    freedom = min(share.freedom or 10_000 for share in (before, after))
    if population != "report":
        variance += before.sampling + after.sampling
        freedom = max(2, min(before.clusters + after.clusters - 2, freedom))
    error = float(np.sqrt(variance))
    change = after.value - before.value
    quantile = float(stdtrit(freedom, 0.975))
    return replace(
        known,
        change=change,
        low=max(-1.0, change - quantile * error),
        high=min(1.0, change + quantile * error),
        tau=tau,
        p=float(2 * stdtr(freedom, -abs(change) / error)) if error else 1.0,
        mdc80=float((quantile + ndtri(0.8)) * error),
    )


def _incomparable(first: ReportShares, second: ReportShares, unit: Unit, theme: str, undetermined: Mapping[str, frozenset[str]]) -> str:
    """Return why two reports cannot be compared for a theme; empty if they can."""
    one, two = first.outline, second.outline
    if any(theme in undetermined.get(side.report.id, ()) for side in (one, two)):
        return "the scheme of one of the reports does not tell this theme"
    if "in-sample" in (one.how, two.how):
        return "the model learnt from one of the reports, and its gold is not here"
    if one.report.kind != two.report.kind:
        return f"reports of different kinds ({one.report.kind or 'not registered'}, {two.report.kind or 'not registered'})"
    models = {model for side in (one, two) if side.how in ("model", "sample", "part") for model in side.models}
    if len(models) > 1:
        return "labelled by different models; tag both again with one"
    if unit == "passages":
        lengths = sorted(side.report.words / max(side.report.passages, 1) for side in (one, two))
        if lengths[1] > UNLIKE * lengths[0]:
            return f"passages of {lengths[0]:.0f} and {lengths[1]:.0f} words on average: compare sentences"
    return ""


def judged(found: Sequence[Change], correction: Correction) -> list[Change]:
    """Return changes with their verdicts, corrected over all that can be compared."""
    open_ones = [change for change in found if change.p is not None]
    limit = FALSE_DISCOVERIES if correction == "bh" else ANY_FALSE
    corrected = iter(adjusted([change.p or 0.0 for change in open_ones], correction))
    return [change if change.p is None else _with_verdict(change, next(corrected), limit) for change in found]


def adjusted(values: Sequence[float], correction: Correction) -> list[float]:
    """Return p-values corrected for their number, by Benjamini and Hochberg (1995) or by Holm (1979)."""
    count = len(values)
    order = np.argsort(values, kind="stable")
    ranked = np.asarray(values, dtype=np.float64)[order]
    if correction == "bh":
        steps = np.minimum.accumulate((ranked * count / np.arange(1, count + 1))[::-1])[::-1]
    else:
        steps = np.maximum.accumulate(ranked * (count - np.arange(count)))
    found = np.empty(count)
    found[order] = np.minimum(steps, 1.0)
    return [float(value) for value in found]


def _with_verdict(change: Change, q: float, limit: float) -> Change:
    assert change.change is not None and change.low is not None and change.high is not None and change.mdc80 is not None
    widest = max(abs(change.low), abs(change.high))
    nearest = min(abs(change.low), abs(change.high))
    if q <= limit and change.change and (change.population != "report" or nearest >= SURELY):
        verdict: Verdict = "up" if change.change > 0 else "down"
        reason = f"{abs(change.change) * 100:.0f} points, at least {nearest * 100:.0f}"
    elif widest <= SMALL:
        verdict, reason = "none", f"no change larger than {np.ceil(widest * 100):.0f} points"
    else:
        verdict, reason = "cannot tell", f"only a change of {np.ceil(change.mdc80 * 100):.0f} points or more would show"
    return replace(change, q=q, verdict=verdict, reason=reason)
