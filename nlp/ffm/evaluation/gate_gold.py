"""What became of the gold between two models: a candidate that was judged by less, or by other labels, must not pass for a better one.

The difference of two figures says nothing about gold that is gone: a theme without gold has no figure to lose. So the gold that the
standing model's record holds is counted against the candidate's, passage by passage, before any figure is believed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from ffm.evaluation.held_out import Judged
from ffm.project.scheme import Scheme

LEAST_SHARE = 0.5  # of the standing model's passages, and of its labels of each kind, that the candidate's gold must still hold


class GoldChange(Struct, frozen=True):
    """The gold of the standing model's record and of the candidate's.

    Attributes
    ----------
    passages, reports
        How many stand in the standing model's record, in the candidate's, and in both.
    labels
        How many labels of themes the standing model's record holds, and the candidate's.
    failures
        What is lost, a sentence each, with numbers; empty where the candidate's gold holds enough of the standing model's.
    notes
        What could not be compared.
    """

    passages: tuple[int, int, int]
    reports: tuple[int, int, int]
    labels: tuple[int, int]
    differs: bool
    failures: tuple[str, ...]
    notes: tuple[str, ...]


Marks = Callable[[Judged], Iterator[tuple[str, int]]]
Key = tuple[str, int, int]


def compare_gold(standing: Sequence[Judged], candidate: Sequence[Judged], before: Scheme, after: Scheme) -> GoldChange:
    """Count the gold of two records against each other.

    Parameters
    ----------
    standing, candidate
        The records of both models.
    before, after
        Their schemes.
    """
    old, new = ({key_of(item): item for item in judged} for judged in (standing, candidate))
    shared = [key for key in old if key in new]
    failures: list[str] = []
    if len(shared) < LEAST_SHARE * len(old):
        failures.append(f"only {len(shared)} of the {len(old)} passages of the standing model's gold were judged by both models")
    if before.id != after.id:
        failures.append(f"the candidate's scheme is {after.id}, the standing model's {before.id}")
    gone = [label for label in (*before.theme_ids, *before.entity_ids) if label not in (*after.theme_ids, *after.entity_ids)]
    failures += [f"{label} is not in the candidate's scheme" for label in gone]
    pairs = [(old[key], new[key]) for key in shared]
    stances = any(item.stance for item in standing)
    for what, marks in (("labels", _themes), ("spans", _entities), ("stances", _stances)):
        failures += _losses(what, standing, candidate, pairs, marks, gone)
    reports = {item.report for item in standing}, {item.report for item in candidate}
    return GoldChange(
        (len(old), len(new), len(shared)),
        (len(reports[0]), len(reports[1]), len(reports[0] & reports[1])),
        (sum(len(item.gold) for item in standing), sum(len(item.gold) for item in candidate)),
        set(old) != set(new) or any(_gold(one) != _gold(other) for one, other in pairs),
        tuple(failures),
        () if stances or not before.stance_ids else ("The standing model's record holds no stances: they were not compared.",),
    )


def key_of(item: Judged) -> Key:
    """Return by what the judgements of a passage are found in two records."""
    return item.report, item.start, item.end


def _losses(
    what: str,
    standing: Sequence[Judged],
    candidate: Sequence[Judged],
    pairs: Sequence[tuple[Judged, Judged]],
    marks: Marks,
    gone: Sequence[str],
) -> list[str]:
    """Return which kinds of label the candidate's gold lost: of all that there were, or on the passages that both records hold."""
    had, has = _count(standing, marks), _count(candidate, marks)
    there, kept = _count([before for before, _ in pairs], marks), Counter[str]()
    for before, after in pairs:
        mine = dict(marks(after))
        for label, number in marks(before):
            kept[label] += min(number, mine.get(label, 0))
    found = []
    for label, number in had.items():
        if label in gone:
            continue
        if has[label] < LEAST_SHARE * number:
            found.append(f"the candidate's gold has {has[label]} {what} of {label}, the standing model's {number}")
        elif kept[label] < LEAST_SHARE * there[label]:
            found.append(
                f"on the passages that both judged, {kept[label]} of {there[label]} {what} of {label} are still where they were in the gold"
            )
    return found


def _count(judged: Sequence[Judged], marks: Marks) -> Counter[str]:
    counts = Counter[str]()
    for item in judged:
        for label, number in marks(item):
            counts[label] += number
    return counts


def _themes(item: Judged) -> Iterator[tuple[str, int]]:
    return ((theme, 1) for theme in item.gold)


def _entities(item: Judged) -> Iterator[tuple[str, int]]:
    return ((label, counts[2]) for label, counts in item.entities.items() if counts[2])


def _stances(item: Judged) -> Iterator[tuple[str, int]]:
    """Return the gold's stances, by theme and stance, of themes that the gold has at all."""
    return ((f"{theme} ({gold})", 1) for theme, (gold, _) in item.stance.items())


def _gold(item: Judged) -> tuple[frozenset[str], dict[str, int], dict[str, str]]:
    return frozenset(item.gold), dict(_entities(item)), {theme: gold for theme, (gold, _) in item.stance.items()}
