"""The figures of a model: computed, written as JSON, rendered as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct
from spacy.language import Language

from ffm.annotation.gold import GoldEntity, GoldReport
from ffm.evaluation.crossval import OutOfFold
from ffm.evaluation.examples import Example
from ffm.evaluation.metrics import Score, Span, SpanCounts, macro_f1, summed, theme_scores
from ffm.records import Entity
from ffm.scheme import Scheme
from ffm.tagger import all_entities

FILE = "figures.json"
RESAMPLES = 1000
SEED = 20_26


RecordCounts = dict[tuple[str, int], dict[str, tuple[int, int, int]]]


class Interval(Struct, frozen=True):
    """A value with its 95% bootstrap interval."""

    value: float
    low: float
    high: float


class ThemeFigures(Struct, frozen=True):
    """Cross-validated figures of the classifier; intervals resample whole groups."""

    scores: dict[str, Score]
    f1: dict[str, Interval]
    macro_f1: Interval
    core_macro_f1: Interval
    stance_accuracy: float
    stance_support: int


class EntityFigures(Struct, frozen=True):
    """Figures of the entities over the annotated ranges of all reports.

    Attributes
    ----------
    values
        Share of the exactly found amounts whose kind, bounds and currency are right.
    by_report
        Exact micro-F1 by report.
    """

    exact: dict[str, Score]
    overlapping: dict[str, Score]
    values: float
    by_report: dict[str, Score]


class Figures(Struct, frozen=True):
    """All figures of a model, and how much gold stands behind them."""

    themes: ThemeFigures
    entities: EntityFigures
    passages: int
    sentences: int
    groups: int
    reports: dict[str, int]


def theme_figures(scheme: Scheme, examples: Sequence[Example], groups: Sequence[str], held_out: OutOfFold) -> ThemeFigures:
    """Return the figures of out-of-fold labels."""
    gold = [example.themes for example in examples]
    themes = scheme.theme_ids
    scores = theme_scores(themes, gold, held_out.labels, held_out.probability)
    hits, guessed, wanted = _counts(themes, gold, held_out.labels)
    names = sorted(set(groups))
    member = np.array([names.index(group) for group in groups])
    by_group = [np.array([part[member == index].sum(axis=0) for index in range(len(names))]) for part in (hits, guessed, wanted)]
    rng = np.random.default_rng(SEED)
    draws = np.stack([_f1(*(part.sum(axis=0) for part in _resampled(by_group, rng))) for _ in range(RESAMPLES)])
    supported = np.array([bool(scores[theme].support) for theme in themes])
    core = np.array([theme in scheme.core_ids for theme in themes]) & supported
    pairs = [
        (stance[theme], example.stance[theme])
        for example, stance in zip(examples, held_out.stance, strict=True)
        for theme in example.stance
        if theme in stance
    ]
    return ThemeFigures(
        scores,
        {theme: _interval(scores[theme].f1, draws[:, column]) for column, theme in enumerate(themes)},
        _interval(macro_f1(scores, themes), draws[:, supported].mean(axis=1)),
        _interval(macro_f1(scores, scheme.core_ids), draws[:, core].mean(axis=1) if core.any() else np.zeros(RESAMPLES)),
        sum(mine == theirs for mine, theirs in pairs) / len(pairs) if pairs else 0.0,
        len(pairs),
    )


def _resampled(parts: Sequence[np.ndarray], rng: np.random.Generator) -> list[np.ndarray]:
    """Return the counts of groups drawn with replacement, the same draw for each part."""
    drawn = rng.integers(0, len(parts[0]), len(parts[0]))
    return [part[drawn] for part in parts]


def _counts(
    themes: Sequence[str], gold: Sequence[frozenset[str]], guess: Sequence[frozenset[str]]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    wanted = np.array([[theme in found for theme in themes] for found in gold], dtype=np.int64)
    guessed = np.array([[theme in found for theme in themes] for found in guess], dtype=np.int64)
    return wanted & guessed, guessed, wanted


def _f1(hits: np.ndarray, guessed: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    return np.asarray(2 * hits / np.maximum(guessed + wanted, 1))


def _interval(value: float, draws: np.ndarray) -> Interval:
    low, high = np.quantile(draws, [0.025, 0.975])
    return Interval(float(value), float(low), float(high))


def entity_figures(gold: Sequence[GoldReport], nlp: Language) -> tuple[EntityFigures, RecordCounts]:
    """Tag the reports and compare with gold inside the annotated ranges.

    Returns
    -------
    EntityFigures
        The figures over all reports.
    RecordCounts
        For each (report, start of an annotated range): per label hits, predicted and gold spans, exact.
    """
    by_record: RecordCounts = {}
    labels: dict[str, SpanCounts] = {}
    by_report: dict[str, Score] = {}
    right = found = 0
    for item in gold:
        predicted = all_entities(item.report, nlp)
        counts: dict[str, SpanCounts] = {}
        for record in item.records:
            mine = {(entity.start, entity.end, entity.label): entity for entity in predicted if record.start <= entity.start < record.end}
            theirs = {(entity.start, entity.end, entity.label): entity for entity in record.entities}
            for label in {span[2] for span in (*mine, *theirs)}:
                both = _of(theirs, label), _of(mine, label)
                counts.setdefault(label, SpanCounts()).add(*both)
                by_record.setdefault((item.header.report, record.start), {})[label] = (
                    len({*both[0]} & {*both[1]}),
                    len(both[1]),
                    len(both[0]),
                )
            for span in mine.keys() & theirs.keys():
                if theirs[span].kind is not None:
                    found += 1
                    right += same_value(mine[span], theirs[span])
        by_report[item.header.report] = summed(counts.values()).exact_score()
        for label, count in counts.items():
            labels[label] = summed([labels.get(label, SpanCounts()), count])
    ordered = {label: labels[label] for label in sorted(labels)}
    figures = EntityFigures(
        {**{label: count.exact_score() for label, count in ordered.items()}, "micro": summed(ordered.values()).exact_score()},
        {**{label: count.overlapping_score() for label, count in ordered.items()}, "micro": summed(ordered.values()).overlapping_score()},
        right / found if found else 0.0,
        by_report,
    )
    return figures, by_record


def _of(spans: dict[Span, Entity] | dict[Span, GoldEntity], label: str) -> list[Span]:
    return [span for span in spans if span[2] == label]


def same_value(mine: Entity, theirs: GoldEntity) -> bool:
    """Tell whether an amount has the gold's kind, bounds and currency."""
    return mine.kind == theirs.kind and mine.low == theirs.low and mine.high == theirs.high and mine.currency == theirs.currency


def write_figures(figures: Figures, folder: Path) -> None:
    """Write the figures as JSON, rounded to four decimals so that the bytes are stable."""
    (folder / FILE).write_bytes(msgspec.json.format(msgspec.json.encode(_rounded(msgspec.to_builtins(figures))), indent=1) + b"\n")


def read_figures(path: Path) -> Figures:
    """Read figures that were written with a model."""
    return msgspec.json.decode(path.read_bytes(), type=Figures)


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return value


def figures_markdown(figures: Figures) -> str:
    """Return the figures as Markdown tables."""
    themes, entities = figures.themes, figures.entities
    lines = [
        f"Themes, cross-validated over {figures.groups} groups ({figures.passages} passages, {figures.sentences} sentences); 95% intervals resample groups.",
        "",
        "| theme | precision | recall | F1 | interval | average precision | support |",
        "|---|---|---|---|---|---|---|",
    ]
    for theme, found in themes.scores.items():
        interval = themes.f1[theme]
        precision = "-" if found.average_precision is None else f"{found.average_precision:.2f}"
        lines.append(
            f"| {theme} | {found.precision:.2f} | {found.recall:.2f} | {found.f1:.2f} | {interval.low:.2f}-{interval.high:.2f} | {precision} | {found.support} |"
        )
    for name, interval in (("core themes, macro", themes.core_macro_f1), ("all themes, macro", themes.macro_f1)):
        lines.append(f"| **{name}** | | | **{interval.value:.2f}** | {interval.low:.2f}-{interval.high:.2f} | | |")
    lines += [
        "",
        f"Stance right for {themes.stance_accuracy:.2f} of {themes.stance_support} core themes in gold passages.",
        "",
        "| entity | precision | recall | F1 exact | F1 overlapping | support |",
        "|---|---|---|---|---|---|",
    ]
    for label, found in entities.exact.items():
        lines.append(
            f"| {label} | {found.precision:.2f} | {found.recall:.2f} | {found.f1:.2f} | {entities.overlapping[label].f1:.2f} | {found.support} |"
        )
    lines += [
        "",
        f"Values right for {entities.values:.2f} of the amounts found exactly.",
        "",
        "| report | entities, exact micro-F1 | support |",
        "|---|---|---|",
    ]
    lines += [f"| {name} | {found.f1:.2f} | {found.support} |" for name, found in entities.by_report.items()]
    return "\n".join(lines) + "\n"
