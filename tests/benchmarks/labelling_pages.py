"""The pages of the labelling benchmark: figures as JSON, tables as Markdown, curves as a picture; the same bytes each time."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import matplotlib
import msgspec
import numpy as np
from matplotlib.figure import Figure
from msgspec import Struct
from scipy.stats import t as student

from ffm.evaluation.pictures import SETTINGS
from ffm.suggest import DEFAULT

CHANCE = "random"
MEASURES = ("words", "macro_f1", "average_precision", "error", "width", "coverage")
COLOURS = {
    CHANCE: "#5a6472",
    "uncertainty": "#1f5a8c",
    "disagreement": "#8a6fae",
    "diversity": "#3f8f5b",
    "rare-theme": "#b3541e",
    "comparison": "#b0306a",
    "hybrid": "#0f9a9a",
}


class Estimate(Struct, frozen=True):
    """A mean over the divisions with its 95% interval (Student's t)."""

    value: float
    low: float
    high: float


class Summary(Struct, frozen=True):
    """What a strategy came to.

    Attributes
    ----------
    curve
        By measure its estimate after each step.
    gain, gain_by_words
        Macro-F1 above chance on the same division, the mean of all steps after the first; and at equal numbers of words.
    gain_average_precision
        The same of the mean average precision.
    gain_by_division
        The gains in macro-F1, one a division.
    labels_for_chance
        How many labels give the macro-F1 that chance reaches with the last of its own; None where it is not reached.
    width, error, coverage
        Of the estimated changes of core themes, the mean of all steps after the first, chance's and this strategy's.
    """

    curve: dict[str, list[Estimate]]
    gain: Estimate
    gain_by_words: Estimate
    gain_average_precision: Estimate
    gain_by_division: list[float]
    labels_for_chance: int | None
    width: Estimate
    error: Estimate
    coverage: Estimate


class Results(Struct, frozen=True):
    """All of the benchmark's figures."""

    passages: int
    groups: int
    divisions: int
    labels: list[int]
    strategies: dict[str, Summary]


def estimated(values: Sequence[float]) -> Estimate:
    """Return the mean of one value a division, with its interval."""
    found = np.asarray(values, dtype=np.float64)
    mean, half = float(found.mean()), 0.0
    if len(found) > 1:
        half = float(student.ppf(0.975, len(found) - 1) * found.std(ddof=1) / np.sqrt(len(found)))
    return Estimate(round(mean, 4), round(mean - half, 4), round(mean + half, 4))


def summarise(curves: dict[str, list[list]]) -> dict[str, Summary]:
    """Return the summary of each strategy."""
    arrays = {
        name: {measure: np.array([[getattr(point, measure) for point in points] for points in divisions]) for measure in MEASURES}
        for name, divisions in curves.items()
    }
    labels = [point.labels for point in curves[CHANCE][0]]
    chance = arrays[CHANCE]
    goal = chance["macro_f1"][:, -1].mean()
    summaries = {}
    for name, mine in arrays.items():
        gains = (mine["macro_f1"] - chance["macro_f1"])[:, 1:].mean(axis=1)
        reached = np.flatnonzero(mine["macro_f1"].mean(axis=0) >= goal - 1e-9)
        summaries[name] = Summary(
            curve={measure: [estimated(column) for column in values.T] for measure, values in mine.items()},
            gain=estimated(gains),
            gain_by_words=estimated(_gains_by_words(mine, chance)),
            gain_average_precision=estimated((mine["average_precision"] - chance["average_precision"])[:, 1:].mean(axis=1)),
            gain_by_division=[round(float(gain), 4) for gain in gains],
            labels_for_chance=labels[reached[0]] if len(reached) else None,
            **{measure: estimated(mine[measure][:, 1:].mean(axis=1)) for measure in ("width", "error", "coverage")},
        )
    return summaries


def _gains_by_words(mine: dict, chance: dict) -> list[float]:
    """Return for each division the mean distance of the two curves over the words that both have labelled."""
    gains = []
    for words, values, words_chance, values_chance in zip(
        mine["words"], mine["macro_f1"], chance["words"], chance["macro_f1"], strict=True
    ):
        grid = np.linspace(words_chance[1], min(words[-1], words_chance[-1]), 50)
        gains.append(float((np.interp(grid, words, values) - np.interp(grid, words_chance, values_chance)).mean()))
    return gains


def markdown(results: Results) -> str:
    """Return the tables."""
    chosen = sorted(results.strategies.items(), key=lambda item: (item[0] != CHANCE, -item[1].gain.value))
    shown = [number for number in (40, 80, 120, 160, 200, 240, 320, 400) if number in results.labels]
    places = [results.labels.index(number) for number in shown]
    lines = [
        "# What to label next: the strategies of `ffm suggest`, measured",
        "",
        "Written by `python tests/benchmarks/labelling.py`, which says how labelling is simulated: "
        f"{results.passages} gold passages in {results.groups} groups, {results.divisions} random divisions into a pool and held-out "
        "groups, 40 random passages to begin with, 40 chosen at a time. Figures are means over the divisions; intervals are 95% (Student's t "
        "over divisions, which share passages: somewhat too narrow). The gold is machine-annotated, so labels are freer of noise than people's, "
        "and the cues of the scheme were written by somebody who had read the reports.",
        "",
        "![Macro-F1 against labels and words; width and error of the estimated changes](curves.svg)",
        "",
        "## Macro-F1 on held-out groups, by number of labelled passages",
        "",
        f"| strategy | {' | '.join(map(str, shown))} | above random | at equal words | labels for random's best |",
        f"|---|{'---|' * len(shown)}---|---|---|",
    ]
    for name, item in chosen:
        values = " | ".join(f"{item.curve['macro_f1'][place].value:.3f}" for place in places)
        gains = "| | " if name == CHANCE else f"| {_signed(item.gain)} | {_signed(item.gain_by_words)} "
        lines.append(f"| {_named(name)} | {values} {gains}| {item.labels_for_chance or 'not reached'} |")
    lines += [
        "",
        "*Above random*: paired, the mean of all steps after the first. *At equal words*: the same where both have labelled equally many "
        "words, as strategies prefer longer passages, which take longer to label.",
        "",
        "## Mean average precision, words, and the change of the core themes",
        "",
        "| strategy | mean average precision at 200 | above random | words at 200 | width of the change's interval | its error | its coverage |",
        "|---|---|---|---|---|---|---|",
    ]
    middle = results.labels.index(200)
    for name, item in chosen:
        lines.append(
            f"| {_named(name)} | {item.curve['average_precision'][middle].value:.3f} "
            f"| {'' if name == CHANCE else _signed(item.gain_average_precision)} | {item.curve['words'][middle].value:,.0f} "
            f"| {_with_interval(item.width)} | {_with_interval(item.error)} | {item.coverage.value:.2f} |"
        )
    lines += [
        "",
        "The change is that of a core theme's prevalence between two years that follow each other, estimated over the pool from labels and, "
        "where there are none, from calibrated scores. *Width* is that of its 95% interval, *error* the mean absolute distance from "
        "the true change, *coverage* the share of intervals that hold it (0.95 would be right); means of all steps after the first. A narrow interval "
        "is worth its coverage: the formula of `comparison` counts the model's scores as calibrated, which those of a model that learnt from a "
        "choice of passages so one-sided are not quite. `comparison` serves a change that is to be known from labels; it is no way to train a classifier.",
        "",
    ]
    return "\n".join(lines)


def _named(name: str) -> str:
    return f"**{name}** (default)" if name == DEFAULT else name


def _signed(item: Estimate) -> str:
    return f"{item.value:+.3f} ({item.low:+.3f} to {item.high:+.3f})"


def _with_interval(item: Estimate) -> str:
    return f"{item.value:.3f} ({item.low:.3f} to {item.high:.3f})"


def draw(results: Results) -> bytes:
    """Return the curves as SVG."""
    with matplotlib.rc_context({**SETTINGS, "font.size": 8}):
        figure = Figure(figsize=(9, 6.6), layout="constrained")
        (labels, words), (width, error) = figure.subplots(2, 2)
        for name, item in results.strategies.items():
            style = {"color": COLOURS.get(name, "#000000"), "linewidth": 2.2 if name in (CHANCE, DEFAULT) else 1.1}
            if name == CHANCE:
                style["linestyle"] = "--"
            for axes, across, measure in (
                (labels, results.labels, "macro_f1"),
                (words, [point.value for point in item.curve["words"]], "macro_f1"),
                (width, results.labels, "width"),
                (error, results.labels, "error"),
            ):
                axes.plot(across, [point.value for point in item.curve[measure]], label=name, **style)
            if name in (CHANCE, DEFAULT):
                low, high = ([getattr(point, end) for point in item.curve["macro_f1"]] for end in ("low", "high"))
                labels.fill_between(results.labels, low, high, color=style["color"], alpha=0.12, linewidth=0)
        for axes, title, across in (
            (labels, "Macro-F1 on held-out groups (bands: 95%)", "labelled passages"),
            (words, "The same against words", "labelled words"),
            (width, "Width of the core themes' changes", "labelled passages"),
            (error, "Error of the core themes' changes", "labelled passages"),
        ):
            axes.set_title(title)
            axes.set_xlabel(across)
            axes.grid(axis="y")
        labels.legend(loc="lower right")
        for axes in (width, error):
            axes.set_ylim(bottom=0)
        out = io.BytesIO()
        figure.savefig(out, format="svg", metadata={"Date": None})
    return b"\n".join(line.rstrip() for line in out.getvalue().splitlines()) + b"\n"


def write_pages(curves: dict[str, list[list]], folder: Path, passages: int, groups: int) -> list[Path]:
    """Write all pages and return their paths."""
    points = curves[CHANCE][0]
    results = Results(passages, groups, len(curves[CHANCE]), [point.labels for point in points], summarise(curves))
    contents = {
        "figures.json": msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n",
        "README.md": markdown(results).encode(),
        "curves.svg": draw(results),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in contents]
