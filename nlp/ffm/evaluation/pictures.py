"""The figures of a model as pictures: small SVG files, the same bytes for the same figures.

The background is opaque, so that they are legible on light and dark pages.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ffm.evaluation.bootstrap import Interval
from ffm.evaluation.calibration import CalibrationFigures
from ffm.evaluation.figures import MICRO, CurvePoint, Figures

PAPER, INK, SOFT, LINE = "#fbfaf7", "#1f2630", "#5a6472", "#dedbd3"
CORE, OTHER = "#1f5a8c", "#b3541e"
SETTINGS: dict[Any, Any] = {
    "svg.hashsalt": "ffm",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9,
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "axes.edgecolor": LINE,
    "axes.labelcolor": INK,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "xtick.color": SOFT,
    "ytick.color": INK,
    "grid.color": LINE,
    "legend.frameon": False,
}


def can_draw() -> bool:
    """Tell whether matplotlib (the extra "figures") is installed."""
    return find_spec("matplotlib") is not None


def draw_pictures(figures: Figures) -> dict[str, bytes]:
    """Return the pictures by file name; none where they cannot be drawn."""
    if not can_draw():
        return {}
    import matplotlib

    with matplotlib.rc_context(SETTINGS):
        pictures = {}
        if figures.themes.macro_f1 is not None or figures.entities is not None:
            pictures["f1.svg"] = _draw_scores(figures)
        if figures.curve:
            pictures["learning_curve.svg"] = _draw_curve(figures.curve)
        if figures.themes.calibration is not None:
            pictures["reliability.svg"] = _draw_reliability(figures.themes.calibration)
    return pictures


def write_pictures(figures: Figures, folder: Path) -> list[str]:
    """Write the pictures into a folder and return their names."""
    pictures = draw_pictures(figures)
    for name, content in pictures.items():
        (folder / name).write_bytes(content)
    return list(pictures)


def _axes(width: float, height: float, title: str) -> tuple[Any, Any]:
    """Return a figure and its axes, apart from any window or state of matplotlib."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasSVG(figure)
    axes = figure.subplots()
    axes.set_title(title)
    return figure, axes


def _saved(figure: Any, title: str) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Title": title})
    return out.getvalue()


def _draw_scores(figures: Figures) -> bytes:
    """Draw F1 with its interval for each theme and entity label, with support."""
    themes, entities = figures.themes, figures.entities
    core = themes.core
    support = {theme: score.support for theme, score in themes.scores.items() if score is not None}
    rows: list[tuple[str, Interval, int, str]] = []
    if entities is not None:
        rows += [
            ("all entities, micro" if label == MICRO else label, value, entities.exact[label].support, SOFT)
            for label, value in entities.exact_f1.items()
        ]
    together = [
        ("core themes, macro", themes.core_macro_f1, sum(support.get(theme, 0) for theme in core), CORE),
        ("all themes, macro", themes.macro_f1, sum(support.values()), OTHER),
    ]
    rows += [(name, value, count, colour) for name, value, count, colour in together if value is not None]
    measured = {theme: value for theme, value in themes.f1.items() if value is not None}
    ordered = sorted(measured, key=lambda theme: (theme not in core, -measured[theme].value, theme))
    rows += [(theme, measured[theme], support[theme], CORE if theme in core else OTHER) for theme in ordered]
    title = f"F1 with 95% interval ({figures.folds} resampled), and support"
    figure, axes = _axes(7.2, 0.27 * len(rows) + 0.9, title)
    for place, (_, value, count, colour) in enumerate(rows):
        axes.plot([value.low, value.high], [place, place], color=colour, linewidth=2, solid_capstyle="butt", alpha=0.55)
        axes.plot([value.value], [place], marker="o", markersize=5, color=colour)
        axes.text(1.02, place, f"{value.value:.2f}  n {count}", va="center", color=SOFT)
    axes.set_yticks(range(len(rows)), [row[0] for row in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, 1)
    axes.set_xlabel("blue: core themes; brown: other themes; grey: entities, exact spans")
    axes.grid(axis="x")
    axes.tick_params(length=0)
    return _saved(figure, title)


def _draw_curve(curve: Sequence[CurvePoint]) -> bytes:
    """Draw macro-F1 against the share of training groups."""
    title = "Learning curve: cross-validated macro-F1 with 95% interval"
    figure, axes = _axes(6.4, 3.6, title)
    shares = [100 * point.share for point in curve]
    for name, attribute, colour, marker in (("core themes", "core_macro_f1", CORE, "o"), ("all themes", "macro_f1", OTHER, "s")):
        values = [value for point in curve if (value := getattr(point, attribute)) is not None]
        if len(values) < len(curve):
            continue
        axes.fill_between(shares, [value.low for value in values], [value.high for value in values], color=colour, alpha=0.15, linewidth=0)
        axes.plot(shares, [value.value for value in values], color=colour, marker=marker, markersize=5, label=name)
    axes.set_xticks(shares, [f"{point.share:.0%}\n{point.passages:.0f}" for point in curve])
    axes.set_xlabel("share of the training groups, and mean number of passages")
    axes.set_xlim(0, 104)
    axes.set_ylim(0, 1)
    axes.grid(axis="y")
    axes.legend(loc="lower right")
    return _saved(figure, title)


def _draw_reliability(found: CalibrationFigures) -> bytes:
    """Draw observed shares against predicted probabilities, with the support of each bin."""
    title = f"Reliability over all themes: Brier score {found.brier['all'].value:.3f}, mean distance {found.error:.3f}"
    figure, axes = _axes(5.6, 4.2, title)
    axes.plot([0, 1], [0, 1], color=SOFT, linewidth=1, linestyle="--")
    axes.plot([item.predicted for item in found.bins], [item.observed for item in found.bins], color=CORE, marker="o", markersize=5)
    for item in found.bins:
        axes.annotate(str(item.support), (item.predicted, item.observed), (5, -11), textcoords="offset points", color=SOFT, fontsize=8)
    axes.set_xlabel("mean probability of the bin (beside each point: its support)")
    axes.set_ylabel("share that gold has")
    axes.set_xlim(0, 1.06)
    axes.set_ylim(-0.03, 1.04)
    axes.grid()
    return _saved(figure, title)
