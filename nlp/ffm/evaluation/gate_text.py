"""The gate's verdicts as Markdown: for a terminal, a job's summary or a comment."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ffm.evaluation.gate import Flip, Gate, Verdict
from ffm.evaluation.gate_gold import LEAST_SHARE, GoldChange

QUOTE = 300  # characters of a passage that are quoted


def gate_markdown(gate: Gate, texts: Mapping[str, str], show: int = 50) -> str:
    """Return the verdicts and flipped passages as Markdown.

    Parameters
    ----------
    texts
        The reports' texts, where they are there.
    show
        How many flipped passages to list.
    """
    reasons = [f"a significant loss in {', '.join(gate.lost)}"] if gate.lost else []
    reasons += ["the gold is not comparable"] if gate.gold.failures else []
    lines = [
        f"**{'Passed' if gate.passed else 'FAILED'}**: "
        + (f"{'; '.join(reasons)}." if reasons else "no significant loss in any core theme, entity label, stance or macro-F1."),
        "",
        *_gold(gate.gold),
        f"{gate.passages} passages in {gate.groups} groups judged by both models; the standing model judged {gate.standing}, the candidate "
        f"{gate.candidate}. A loss is significant where the whole interval (90%, paired bootstrap over groups) lies below 0.",
        "",
        "| figure | support | standing | candidate | difference | interval | smallest detectable loss | |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(verdict) for verdict in gate.verdicts),
    ]
    if gate.flips:
        shown = f", {show} of them listed" if len(gate.flips) > show else ""
        lines += ["", f"{len(gate.flips)} {'passage' if len(gate.flips) == 1 else 'passages'} flipped{shown}.", ""]
    for flip in gate.flips[:show]:
        lines += _described(flip, texts.get(flip.report))
    return "\n".join(lines) + "\n"


def _gold(gold: GoldChange) -> list[str]:
    """Tell that the gold is another, and what of it is lost."""
    lines: list[str] = []
    if gold.differs:
        told = (
            f"{name}: {mine} in the standing model's, {theirs} in the candidate's, {both} in both"
            for name, (mine, theirs, both) in (("passages", gold.passages), ("reports", gold.reports))
        )
        labels = f"labels: {gold.labels[0]} in the standing model's, {gold.labels[1]} in the candidate's"
        lines += [f"The gold is another than that of the standing model: {'; '.join((*told, labels))}.", ""]
    if gold.failures:
        lines += [f"Less than {LEAST_SHARE:.0%} of it is left, or it is of another scheme:", ""]
        lines += [*(f"- {failure}" for failure in gold.failures), ""]
    return [*lines, *(line for note in gold.notes for line in (note, ""))]


def _row(item: Verdict) -> str:
    detectable = "none" if item.detectable is None else f"{item.detectable:.3f}"
    return (
        f"| {item.figure} | {item.support} | {item.standing:.3f} | {item.candidate:.3f} | {item.difference:+.3f} "
        f"| {item.low:+.3f} to {item.high:+.3f} | {detectable} | {'**lost**' if item.lost else 'ok'} |"
    )


def _described(flip: Flip, text: str | None) -> list[str]:
    changes = [f"-{theme} ({_verdict(theme not in flip.gold)})" for theme in flip.before if theme not in flip.after]
    changes += [f"+{theme} ({_verdict(theme in flip.gold)})" for theme in flip.after if theme not in flip.before]
    changes += [
        f"{label} {before[0]} right of {before[1]} found, now {after[0]} of {after[1]} (gold {after[2]})"
        for label, (before, after) in flip.entities.items()
    ]
    quote = "text not here" if text is None else code(" ".join(text[flip.start : flip.end].split())[:QUOTE])
    lines = [f"- {code(f'{flip.report} {flip.start}-{flip.end}')} {'; '.join(changes)}"]
    if flip.before != flip.after:
        lines.append(f"  - old: {_names(flip.before)}; new: {_names(flip.after)}; gold: {_names(flip.gold)}")
    return [*lines, f"  - {quote}"]


def _verdict(right: bool) -> str:
    return "right" if right else "wrong"


def _names(labels: tuple[str, ...]) -> str:
    return ", ".join(labels) or "none"


def code(text: str) -> str:
    """Return a text as a code span, in which neither markup, links, pictures nor mentions of users work."""
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") or not text.strip() else ""
    return f"{fence}{space}{text}{space}{fence}"
