"""How often a label with a score like this is right: measured on reports whose family the model had not seen."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

if TYPE_CHECKING:  # brings scikit-learn, which who only looks up a label's trust needs not wait for
    from ffm.evaluation.held_out import Judged

FIGURES = "figures.json"  # of a model, with all that was measured of it
BOUNDS = (0.5, 0.8)  # of scores, between the regions
PRIOR = 10  # labels of all themes that count with each theme's own: few labels alone tell little
TRUSTED = 0.7  # of a region's labels that must be right


class Region(Struct, frozen=True):
    """The labels of a theme with scores in one region: how many were given, and what share of such labels is taken to be right."""

    labels: int
    precision: float


class Trust(Struct, frozen=True):
    """By theme the regions of scores, from low to high; and those of all themes together."""

    themes: dict[str, tuple[Region, ...]]
    every: tuple[Region, ...]

    def of(self, theme: str, score: float) -> float | None:
        """Return the share of labels of a theme with such a score that is right; None of a theme that was not measured."""
        regions = self.themes.get(theme)
        return None if regions is None else regions[bisect_right(BOUNDS, score)].precision


class _Told(Struct):
    """Of a model's figures, what is wanted here."""

    trust: Trust | None = None


def model_trust(model: Path) -> Trust | None:
    """Return how often a model's labels were right; None where it has no figures that can be read."""
    try:
        return msgspec.json.decode((model / FIGURES).read_bytes(), type=_Told).trust
    except (OSError, msgspec.DecodeError):
        return None


def measured_trust(judged: Sequence[Judged], themes: Sequence[str]) -> Trust:
    """Return how often labels were right, by theme and region of scores.

    Parameters
    ----------
    judged
        Gold passages with the labels and scores of models that had not seen them.
    """
    given = {(theme, region): [0, 0] for theme in themes for region in range(len(BOUNDS) + 1)}
    for item in judged:
        for theme in item.labels:
            count = given[theme, bisect_right(BOUNDS, item.scores.get(theme, 0.0))]
            count[0] += 1
            count[1] += theme in item.gold
    every: list[Region] = []
    by_theme: dict[str, list[Region]] = {theme: [] for theme in themes}
    for region in range(len(BOUNDS) + 1):
        labels, right = (sum(given[theme, region][part] for theme in themes) for part in (0, 1))
        usual = right / labels if labels else 0.0
        every.append(Region(labels, usual))
        for theme in themes:
            mine, hits = given[theme, region]
            by_theme[theme].append(Region(mine, (hits + PRIOR * usual) / (mine + PRIOR)))
    return Trust({theme: tuple(regions) for theme, regions in by_theme.items()}, tuple(every))


def weakness(trust: Trust | None, theme: str, score: float) -> str:
    """Return in words how often labels like this one are right, if that is seldom or not known to be often; else nothing."""
    precision = None if trust is None else trust.of(theme, score)
    if precision is None or precision >= TRUSTED:
        return ""
    return f"of labels with such a score, {precision:.0%} were right in reports that the model had not seen"
