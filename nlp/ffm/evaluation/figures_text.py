"""The figures of a model as Markdown, for its card and for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from ffm.evaluation.bootstrap import Interval
from ffm.evaluation.calibration import CalibrationFigures
from ffm.evaluation.figures import MICRO, CurvePoint, EntityFigures, Figures, LeftOutFigures, LeftOutReport, Ranked, ThemeFigures
from ffm.evaluation.intervals import IntervalFigures
from ffm.evaluation.trust import BOUNDS, PRIOR, TRUSTED, Trust

OPTIMISTIC = "so the figures are optimistic for other reports"


NOT_MEASURED = "not measured"


def figures_markdown(figures: Figures) -> str:
    """Return the figures as Markdown: tables with intervals and support."""
    units = "blocks" if figures.folds == "blocks" else "groups"
    size = f"({figures.passages} passages, {figures.sentences} annotated ranges); 95% intervals resample {figures.groups} {units}."
    how = "each family of reports by models that had seen nothing of it" if figures.folds == "families" else f"cross-validated over {units}"
    lines = [f"Themes, {how} {size}", ""]
    if figures.folds == "blocks":
        lines += [
            "There are too few groups of passages (interviews, or reports that do not repeat each other) to leave some out, so the folds are of "
            f"blocks of neighbouring passages: each was judged by models that had seen other parts of its report, {OPTIMISTIC}.",
            "",
        ]
    lines += _themes(figures.themes)
    if figures.by_group is not None:
        lines += _by_group(figures.by_group, figures.encoder)
    lines += _entities(figures.entities)
    if figures.left_out is not None:
        lines += _left_out(figures, figures.left_out)
    elif figures.entities is not None:
        lines += _entity_reports(figures.entities)
    if figures.curve:
        lines += _curve(figures.curve)
    if figures.themes.calibration is not None:
        lines += _calibration(figures.themes.calibration)
    if figures.trust is not None:
        lines += _trust(figures.trust)
    if figures.intervals is not None:
        lines += _intervals(figures.intervals)
    if figures.seeds:
        lines += ["", f"Seeds: {'; '.join(f'{name} {_listed(seeds)}' for name, seeds in figures.seeds.items())}."]
    return "\n".join(lines) + "\n"


def _trust(trust: Trust) -> list[str]:
    """Return how often labels are right by their scores."""
    bounds = (0.0, *BOUNDS, 1.0)
    regions = [f"{low:.1f}-{high:.1f}" for low, high in pairwise(bounds)]
    rows = [*trust.themes.items(), ("all", trust.every)]
    return [
        "",
        "### Labels by their score",
        "",
        f"Share of labels that were right in reports whose family the model had not seen; under {TRUSTED:.0%} the pages call a label weak. A theme's own "
        f"labels count with {PRIOR} of all themes.",
        "",
        f"| theme | {' | '.join(f'score {region}' for region in regions)} |",
        f"|---|{'---|' * len(regions)}",
        *(f"| {theme} | {' | '.join(f'{region.precision:.2f} ({region.labels})' for region in mine)} |" for theme, mine in rows),
    ]


def _intervals(figures: IntervalFigures) -> list[str]:
    """Return how often the intervals of ``ffm compare`` hold."""
    lines = [
        "",
        f"Intervals of `ffm compare` for a report that nobody labelled: of {figures.reports} reports in {figures.families} families, each family judged by "
        "a classifier and by spreads that had seen nothing of it, so many 95% intervals held the gold's share.",
        "",
        "| unit | held | in reports of 100 passages or more | mean width (points) | theme that held least |",
        "|---|---|---|---|---|",
    ]
    for unit, told in (("sentences", figures.sentences), ("passages", figures.passages)):
        theme, least = min(told.held_by_theme.items(), key=lambda item: (item[1], item[0]))
        long = "-" if told.held_long is None else f"{told.held_long:.2f}"
        lines.append(f"| {unit} | {told.held:.2f} | {long} | {told.width * 100:.0f} | {theme} ({least:.2f}) |")
    return lines


def shown_value(value: Interval | float | None) -> str:
    """Return a figure with two decimals, or that it was not measured."""
    if value is None:
        return NOT_MEASURED
    return f"{value.value if isinstance(value, Interval) else value:.2f}"


def _listed(values: Sequence[object]) -> str:
    return ", ".join(str(value) for value in values)


def _range(interval: Interval | None) -> str:
    return "-" if interval is None else f"{interval.low:.2f}-{interval.high:.2f}"


def _themes(themes: ThemeFigures) -> list[str]:
    lines = ["| theme | precision | recall | F1 | interval | average precision | support |", "|---|---|---|---|---|---|---|"]
    for theme, found in themes.scores.items():
        if found is None:
            ranked = themes.ranked.get(theme, Ranked(0, None))
            precision = "-" if ranked.average_precision is None else f"{ranked.average_precision:.2f}"
            lines.append(f"| {theme} | - | - | {NOT_MEASURED} | - | {precision} | {ranked.support} |")
            continue
        precision = "-" if found.average_precision is None else f"{found.average_precision:.2f}"
        interval = _range(themes.f1[theme])
        lines.append(
            f"| {theme} | {found.precision:.2f} | {found.recall:.2f} | {found.f1:.2f} | {interval} | {precision} | {found.support} |"
        )
    support = {theme: found.support for theme, found in themes.scores.items() if found is not None}
    core = sum(support.get(theme, 0) for theme in themes.core)
    together = [
        ("core themes, macro", themes.core_macro_f1, core),
        ("all themes, macro", themes.macro_f1, sum(support.values())),
        ("all themes, micro", themes.micro_f1, sum(support.values())),
    ]
    for name, value, count in together:
        lines.append(f"| **{name}** | | | **{shown_value(value)}** | {_range(value)} | | {count} |")
    lines.append("")
    if themes.ranked:
        lines += [f"Ranked without labels, and left out of the means: {_listed(tuple(themes.ranked))}.", ""]
    if themes.stance_accuracy is None:
        return [*lines, f"Stance: {NOT_MEASURED}."]
    return [
        *lines,
        f"Stance right for {themes.stance_accuracy:.2f} ({_range(themes.stance_interval)}) of {themes.stance_support} core themes in gold passages.",
    ]


def _by_group(themes: ThemeFigures, encoder: bool) -> list[str]:
    """Return what to expect of another interview of a report whose other interviews the models knew."""
    least = " The encoder's part is that of folds of families, so that these are the least." if encoder else ""
    return [
        "",
        f"Folds of groups (interviews, or reports that do not repeat each other), so that other parts of a report were known: core themes, macro "
        f"{_with_range(themes.core_macro_f1)}; all themes, macro {_with_range(themes.macro_f1)}; micro {_with_range(themes.micro_f1)}.{least}",
    ]


def _entities(entities: EntityFigures | None) -> list[str]:
    if entities is None:
        return ["", f"Entities: {NOT_MEASURED}, as the gold marks none."]
    lines = [
        "",
        "| entity | precision | recall | F1 exact | interval | F1 overlapping | interval | support |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for label, found in entities.exact.items():
        lines.append(
            f"| {label} | {found.precision:.2f} | {found.recall:.2f} | {found.f1:.2f} | {_range(entities.exact_f1.get(label))} "
            f"| {entities.overlapping[label].f1:.2f} | {_range(entities.overlapping_f1.get(label))} | {found.support} |"
        )
    if entities.values is None:
        return [*lines, "", f"Values of amounts: {NOT_MEASURED}."]
    return [
        *lines,
        "",
        f"Values right for {entities.values:.2f} ({_range(entities.values_interval)}) of the {entities.values_support} amounts found exactly.",
    ]


def _entity_reports(entities: EntityFigures) -> list[str]:
    lines = ["", "| report | entities, exact micro-F1 | support |", "|---|---|---|"]
    return lines + [f"| {name} | {found.f1:.2f} | {found.support} |" for name, found in entities.by_report.items()]


def _left_out(figures: Figures, left_out: LeftOutFigures) -> list[str]:
    """Return the table of reports; differences are to the cross-validated figures of all."""
    micro = figures.themes.micro_f1.value if figures.themes.micro_f1 else 0.0
    entity = figures.entities.exact[MICRO].f1 if figures.entities is not None else None
    lines = [
        "",
        "### Reports that the model had not seen",
        "",
        "Each report by models trained without its family: its series, its digest, those that repeat it. The difference is to the figures above "
        f"(themes micro-F1 {micro:.2f}, entities {shown_value(entity)}); the entity rules are the same for all.",
        "",
        "| report | country | themes, micro-F1 | interval | difference | macro-F1 (themes) | support (passages) | entities, exact micro-F1 | difference | support |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, row in left_out.reports.items():
        lines.append(
            f"| {name} | {row.country or '-'} | {row.micro.f1:.2f} | {_range(row.micro_f1)} | {row.micro.f1 - micro:+.2f} "
            f"| {row.macro_f1:.2f} ({row.themes}) | {row.micro.support} ({row.passages}) | {_entity_cells(row, entity)} |"
        )
    value = left_out.micro_f1
    lines += [
        f"| **all** | | **{value.value:.2f}** | {_range(value)} | {value.value - micro:+.2f} | {shown_value(left_out.macro_f1)} "
        f"| {sum(row.micro.support for row in left_out.reports.values())} ({sum(row.passages for row in left_out.reports.values())}) | | | |",
        "",
        f"Macro-F1 of all reports: core themes {_with_range(left_out.core_macro_f1)}, all themes {_with_range(left_out.macro_f1)}.",
    ]
    together = {tuple(sorted((name, *row.together))) for name, row in left_out.reports.items() if row.together}
    if together:
        lines += ["", f"Families: {'; '.join(_listed(names) for names in sorted(together))}."]
    return [*lines, *_abroad(left_out, micro, entity)]


def _entity_cells(row: LeftOutReport, entity: float | None) -> str:
    if row.entities is None or entity is None:
        return "- | - | -"
    return f"{row.entities.f1:.2f} | {row.entities.f1 - entity:+.2f} | {row.entities.support}"


def _with_range(interval: Interval | None) -> str:
    return shown_value(interval) if interval is None else f"{interval.value:.2f} ({_range(interval)})"


def _abroad(left_out: LeftOutFigures, micro: float, entity: float | None) -> list[str]:
    """Return a sentence for each report of another country than most reports."""
    countries = Counter(row.country for row in left_out.reports.values() if row.country)
    if len(countries) < 2:
        return []
    usual = countries.most_common(1)[0][0]
    lines = []
    for name, row in left_out.reports.items():
        if row.country not in ("", usual):
            entities = (
                ""
                if row.entities is None or entity is None
                else f"; entities exact micro-F1 {row.entities.f1:.2f}, {row.entities.f1 - entity:+.2f}"
            )
            lines += [
                "",
                f"Another country's report ({row.country}, most are {usual}), {name}: themes micro-F1 {row.micro.f1:.2f}, {row.micro.f1 - micro:+.2f}{entities}.",
            ]
    return lines


def _curve(curve: Sequence[CurvePoint]) -> list[str]:
    lines = [
        "",
        "### Learning curve",
        "",
        "| share of the training groups | groups | passages | orders | core macro-F1 | interval | macro-F1 | interval |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {point.share:.0%} | {point.groups:.0f} | {point.passages:.0f} | {point.draws} | {shown_value(point.core_macro_f1)} "
        f"| {_range(point.core_macro_f1)} | {shown_value(point.macro_f1)} | {_range(point.macro_f1)} |"
        for point in curve
    ]
    if len(curve) > 1:
        before, last = curve[-2], curve[-1]
        lines += [
            "",
            f"From {before.share:.0%} to {last.share:.0%} of the groups: core {_gained(before.core_macro_f1, last.core_macro_f1)}, "
            f"all {_gained(before.macro_f1, last.macro_f1)}. Every second fold of the cross-validation, "
            f"{last.judged} passages; what is not gold (cues, written sentences) is the same at every point.",
        ]
    return lines


def _gained(before: Interval | None, last: Interval | None) -> str:
    return NOT_MEASURED if before is None or last is None else f"{last.value - before.value:+.2f}"


def _calibration(found: CalibrationFigures) -> list[str]:
    lines = [
        "",
        "### Calibration",
        "",
        "Out-of-fold probabilities, calibrated on the other folds. Over all themes, the mean distance between probability and observed "
        f"share is {found.error:.3f}.",
        "",
        "| probability | mean | observed | support |",
        "|---|---|---|---|",
        *(f"| {item.low:.1f}-{item.high:.1f} | {item.predicted:.2f} | {item.observed:.2f} | {item.support} |" for item in found.bins),
        "",
        "| theme | Brier score | interval | of always giving its share | support |",
        "|---|---|---|---|---|",
    ]
    for theme, value in found.brier.items():
        counts = found.counts.get(theme, ())
        support = (
            sum(pair[1] for pair in counts) if counts else sum(pair[1] for theme_counts in found.counts.values() for pair in theme_counts)
        )
        lines.append(f"| {theme} | {value.value:.3f} | {value.low:.3f}-{value.high:.3f} | {found.brier_of_share[theme]:.3f} | {support} |")
    return lines
