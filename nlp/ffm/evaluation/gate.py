"""The gate: does a candidate lose significantly against the model that stands? A paired bootstrap over groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from ffm.errors import ModelError
from ffm.evaluation.held_out import Judged
from ffm.scheme import Scheme

RESAMPLES = 2000
SEED = 20_26
LEVEL = 0.95  # one-sided confidence from which a loss is significant
MACRO = "macro-F1"

Counts = NDArray[np.int64]  # groups by (hits, predicted, gold)


class Verdict(Struct, frozen=True):
    """A figure of both models.

    Attributes
    ----------
    difference, low, high
        Candidate minus standing, and its 90% bootstrap interval, so that each end is a one-sided bound of 95%.
    detectable
        The smallest loss that this gold set detects: a true loss of that size is found in half of all samples.
    lost
        Whether the loss is significant: the whole interval lies below 0.
    """

    figure: str
    standing: float
    candidate: float
    difference: float
    low: float
    high: float
    detectable: float
    lost: bool


class Flip(Struct, frozen=True):
    """A passage whose label changed for one theme, and whether gold has it."""

    report: str
    start: int
    end: int
    theme: str
    before: bool
    after: bool
    gold: bool


class Gate(Struct, frozen=True):
    """The verdicts on all figures, and the passages that flipped."""

    verdicts: tuple[Verdict, ...]
    flips: tuple[Flip, ...]
    passages: int
    groups: int

    @property
    def passed(self) -> bool:
        """Whether no figure lost significantly."""
        return not any(verdict.lost for verdict in self.verdicts)


def compare_models(standing: Sequence[Judged], candidate: Sequence[Judged], scheme: Scheme) -> Gate:
    """Compare the held-out judgements of two models on the passages that both judged.

    Raises
    ------
    ModelError
        If they share fewer than two groups of passages, as models of different gold data do.
    """
    mine = {(item.report, item.start, item.end): item for item in candidate}
    pairs = [(item, mine[key]) for item in standing if (key := (item.report, item.start, item.end)) in mine]
    groups = sorted({item.group for item, _ in pairs})
    if len(groups) < 2:
        raise ModelError(f"the two models share {len(pairs)} judged passages of {len(groups)} groups; train both on the same gold data")
    rng = np.random.default_rng(SEED)
    draws = rng.integers(0, len(groups), (RESAMPLES, len(groups)))
    member = {group: number for number, group in enumerate(groups)}
    themes = [theme for theme in scheme.theme_ids if any(theme in item.gold for item, _ in pairs)]
    counts = {theme: _pair_counts(pairs, member, _theme_counts(theme)) for theme in themes}
    verdicts = [_macro_verdict([counts[theme] for theme in themes], draws)]
    verdicts += [_verdict(theme, *counts[theme], draws) for theme in scheme.core_ids if theme in counts]
    for label in scheme.entity_ids:
        both = _pair_counts(pairs, member, _entity_counts(label))
        if both[0].any() and both[1].any():
            verdicts.append(_verdict(label, *both, draws))
    flips = [
        Flip(before.report, before.start, before.end, theme, theme in before.labels, theme in after.labels, theme in before.gold)
        for before, after in pairs
        for theme in scheme.theme_ids
        if (theme in before.labels) != (theme in after.labels)
    ]
    return Gate(tuple(verdicts), tuple(flips), len(pairs), len(groups))


def _theme_counts(theme: str) -> Callable[[Judged], tuple[int, int, int]]:
    return lambda item: (int(theme in item.gold and theme in item.labels), int(theme in item.labels), int(theme in item.gold))


def _entity_counts(label: str) -> Callable[[Judged], tuple[int, int, int]]:
    return lambda item: item.entities.get(label, (0, 0, 0))


def _pair_counts(
    pairs: Sequence[tuple[Judged, Judged]], member: dict[str, int], count: Callable[[Judged], tuple[int, int, int]]
) -> tuple[Counts, Counts]:
    """Return the counts of both models, groups by (hits, predicted, gold)."""
    both = np.zeros((2, len(member), 3), dtype=np.int64)
    for before, after in pairs:
        both[0, member[before.group]] += count(before)
        both[1, member[before.group]] += count(after)
    return both[0], both[1]


def _f1(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray(2 * counts[..., 0] / np.maximum(counts[..., 1] + counts[..., 2], 1), dtype=np.float64)


def _drawn(counts: Counts, draws: NDArray[np.int64]) -> NDArray[np.float64]:
    return _f1(counts[draws].sum(axis=1))


def _verdict(figure: str, before: Counts, after: Counts, draws: NDArray[np.int64]) -> Verdict:
    differences = _drawn(after, draws) - _drawn(before, draws)
    return _judge(figure, float(_f1(before.sum(axis=0))), float(_f1(after.sum(axis=0))), differences)


def _macro_verdict(counts: Sequence[tuple[Counts, Counts]], draws: NDArray[np.int64]) -> Verdict:
    differences = np.mean([_drawn(after, draws) - _drawn(before, draws) for before, after in counts], axis=0)
    before = float(np.mean([_f1(pair[0].sum(axis=0)) for pair in counts]))
    after = float(np.mean([_f1(pair[1].sum(axis=0)) for pair in counts]))
    return _judge(MACRO, before, after, differences)


def _judge(figure: str, before: float, after: float, differences: NDArray[np.float64]) -> Verdict:
    low, middle, high = (float(value) for value in np.quantile(differences, [1 - LEVEL, 0.5, LEVEL]))
    return Verdict(figure, before, after, after - before, low, high, high - middle, high < 0)


def gate_markdown(gate: Gate, texts: dict[str, str], show: int = 50) -> str:
    """Return the verdicts and flipped passages as Markdown; ``texts`` are the reports' texts, where they are there."""
    lines = [
        f"{'Passed' if gate.passed else 'FAILED'}: {gate.passages} passages in {gate.groups} groups.",
        "",
        "| figure | standing | candidate | difference | 90% interval | smallest detectable loss | |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {item.figure} | {item.standing:.3f} | {item.candidate:.3f} | {item.difference:+.3f} | {item.low:+.3f} to {item.high:+.3f} "
        f"| {item.detectable:.3f} | {'**lost**' if item.lost else 'ok'} |"
        for item in gate.verdicts
    ]
    if gate.flips:
        lines += ["", f"{len(gate.flips)} labels flipped{f', the first {show}' if len(gate.flips) > show else ''}:", ""]
    for flip in gate.flips[:show]:
        change = f"{'+' if flip.after else '-'}{flip.theme} ({'right' if flip.after == flip.gold else 'wrong'})"
        text = texts.get(flip.report)
        quote = (
            "(text not here)"
            if text is None
            else " ".join(text[flip.start : flip.end].split())[:300].replace("|", "\\|").replace("<", "&lt;")
        )
        lines.append(f"- {flip.report} {flip.start}-{flip.end} {change}: {quote}")
    return "\n".join(lines) + "\n"
