"""The figures of a model, as they are stored beside it in JSON."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from ffm.evaluation.bootstrap import Interval
from ffm.evaluation.calibration import CalibrationFigures
from ffm.evaluation.intervals import IntervalFigures
from ffm.evaluation.metrics import Score
from ffm.evaluation.splits import FoldKind
from ffm.evaluation.trust import FIGURES, Trust

MICRO = "micro"  # the key of the figures of all entity labels, counted together


class Ranked(Struct, frozen=True):
    """How well a theme is ranked that gets no labels.

    Attributes
    ----------
    support
        How many gold passages carry it.
    average_precision
        None where none does.
    """

    support: int
    average_precision: float | None


class ThemeFigures(Struct, frozen=True):
    """Cross-validated figures of the classifier, each None where it was not measured; intervals resample whole groups.

    Attributes
    ----------
    scores, f1
        None for a theme that gets no labels.
    stance_accuracy, stance_support
        Share of right stances, and the number of core themes of gold passages that it is a share of.
    core
        The ids of the core themes.
    ranked
        Of the themes that get no labels.
    """

    scores: dict[str, Score | None]
    f1: dict[str, Interval | None]
    macro_f1: Interval | None
    core_macro_f1: Interval | None
    stance_accuracy: float | None
    stance_support: int
    stance_interval: Interval | None = None
    micro_f1: Interval | None = None
    calibration: CalibrationFigures | None = None
    core: tuple[str, ...] = ()
    ranked: dict[str, Ranked] = {}


class EntityFigures(Struct, frozen=True):
    """Figures of the entities over the annotated ranges of all reports; intervals resample whole groups.

    Attributes
    ----------
    exact, overlapping
        By label, of those that gold marks, and of all together.
    values, values_support
        Share of the exactly found amounts whose kind, bounds and currency are right, None without any, and their number.
    by_report
        Exact micro-F1 by report, of those in which gold marks entities.
    """

    exact: dict[str, Score]
    overlapping: dict[str, Score]
    values: float | None
    by_report: dict[str, Score]
    exact_f1: dict[str, Interval] = {}
    overlapping_f1: dict[str, Interval] = {}
    values_interval: Interval | None = None
    values_support: int = 0


class LeftOutReport(Struct, frozen=True):
    """The figures of one report by a model that was trained without its family.

    Attributes
    ----------
    country
        ISO 3166-1 alpha-2 code; empty where it is not registered.
    together
        The other reports of its family: its digest or original, its series, and those that nearly repeat it.
    micro
        Of all decisions on themes; its support is the number of themes that gold gives to its passages.
    micro_f1
        With its interval, where the report has groups enough to resample.
    macro_f1, themes
        Mean F1 over the themes that the report has, and their number.
    entities
        Exact micro-figures; the rules are the same as everywhere.
    """

    country: str
    together: tuple[str, ...]
    passages: int
    micro: Score
    micro_f1: Interval | None
    macro_f1: float
    themes: int
    entities: Score | None


class LeftOutFigures(Struct, frozen=True):
    """Each report by a model trained without its family; intervals resample groups."""

    reports: dict[str, LeftOutReport]
    micro_f1: Interval
    macro_f1: Interval | None
    core_macro_f1: Interval | None


class CurvePoint(Struct, frozen=True):
    """The cross-validated macro-F1 of models trained on a share of the training groups of each fold.

    Attributes
    ----------
    groups, passages
        How many a model was trained on, on average.
    judged
        How many passages the models judged.
    draws
        How many random orders of the groups the point is the mean of.
    """

    share: float
    groups: float
    passages: float
    judged: int
    draws: int
    macro_f1: Interval | None
    core_macro_f1: Interval | None


class Figures(Struct, frozen=True):
    """All figures of a model, and how much gold stands behind them.

    Attributes
    ----------
    entities
        None where gold marks no entities.
    groups
        How many groups or, where ``folds`` says so, blocks of neighbouring passages were resampled.
    left_out
        None where the folds are not of families.
    by_group
        The figures of another interview of a known report; None where a quick run left them out, or the folds are not of families.
    curve
        Of the sparse classifier, over groups; None where a quick run left it out, or there are no groups.
    encoder
        Whether an encoder speaks in ``themes`` and ``by_group``.
    folds
        How the cross-validation divided the passages, see :class:`ffm.evaluation.splits.Folds`.
    gold
        Where the gold came from, one line a kind.
    intervals
        How often the comparison's intervals hold; None where the folds are not of families, or these are few.
    trust
        How often labels are right by their scores; None where the folds are not of families.
    seeds
        The seeds of the fits, of the bootstrap and of the learning curve.
    """

    themes: ThemeFigures
    entities: EntityFigures | None
    passages: int
    sentences: int
    groups: int
    reports: dict[str, int]
    left_out: LeftOutFigures | None = None
    curve: tuple[CurvePoint, ...] | None = None
    seeds: dict[str, tuple[int, ...]] = {}
    folds: FoldKind = "groups"
    by_group: ThemeFigures | None = None
    encoder: bool = False
    gold: tuple[str, ...] = ()
    intervals: IntervalFigures | None = None
    trust: Trust | None = None


def write_figures(figures: Figures, folder: Path) -> None:
    """Write the figures as JSON, rounded to four decimals so that the bytes are stable."""
    (folder / FIGURES).write_bytes(msgspec.json.format(msgspec.json.encode(_rounded(msgspec.to_builtins(figures))), indent=1) + b"\n")


def read_figures(path: Path) -> Figures:
    """Read figures that were written with a model."""
    return msgspec.json.decode(path.read_bytes(), type=Figures)


def model_figures(model: Path) -> Figures | None:
    """Return the measured figures of a model; None where it has none that can be read."""
    try:
        return read_figures(model / FIGURES)
    except (OSError, msgspec.DecodeError):
        return None


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value
