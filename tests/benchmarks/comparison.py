"""The comparison's honesty, by resampling the gold with the scores of models that had seen nothing of its families.

No change: the interviews of one report are divided at random into two made-up reports; a page is wrong if any verdict tells a change.
Change: of two reports whose gold differs, so many passages are drawn and read as ``ffm sample`` would have it; a true change of twelve
points or more should get its verdict, none the wrong sign. Prints a table; a small version of both runs in the tests.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence

import numpy as np

from ffm.comparison.changes import Change, changes
from ffm.comparison.labelled import Told, label_report, told_by_gold
from ffm.comparison.reports import describe_report
from ffm.comparison.sampling import DrawnPassages, draw
from ffm.comparison.shares import report_shares
from ffm.evaluation.held_out import Judged, read_held_out
from ffm.evaluation.shifts import read_shifts
from ffm.project.project import find_project
from ffm.project.reports import Registered
from ffm.records import TaggedPassage

PROJECT = find_project()
SCHEME = PROJECT.scheme
THEMES = SCHEME.theme_ids
SHIFTS = read_shifts(PROJECT.model)
JUDGED = read_held_out(PROJECT.model)
TOLD = told_by_gold(JUDGED, SCHEME)
ENTRIES = {
    name: Registered(file=name, publisher="p", country="AA", covers=covers, kind="k") for name, covers in (("a", "2017"), ("b", "2022"))
}
LARGE = 0.12


def made_up(name: str, judged: Sequence[Judged]) -> list[TaggedPassage]:
    """Return gold passages as the rows of a report that the model has not seen."""
    return [
        TaggedPassage(
            report=name, passage=f"{name}/{item.start}", kind="answer", start=item.start, end=item.end, section=None, source=item.group,
            source_type=None, date=None, date_conflict=None, page=None, question=None, question_start=None, question_parts=(),
            parts=((item.start, item.end),), text="One sentence stands here.", scores=item.scores, labels=item.labels,
            scheme=SCHEME.reference, words=4,
        )
        for item in judged
    ]  # fmt: skip


def told(name: str, original: str, rows: Sequence[TaggedPassage]) -> dict[tuple[int, int], Told]:
    """Return the gold of a made-up report's rows."""
    by_start = {place[0]: mark for place, mark in TOLD[original].items()}
    return {(row.start, row.end): by_start[row.start] for row in rows if row.report == name}


def compared(
    rows: Sequence[TaggedPassage], gold: dict, read: dict, drawn: dict[str, DrawnPassages], correction: str, unit: str
) -> list[Change]:
    """Return the changes from the first made-up report to the second, in one unit."""
    shares = []
    for name, entry in ENTRIES.items():
        mine = [row for row in rows if row.report == name]
        known = gold.get(name, {}), read.get(name, {}), drawn.get(name)
        labelled, _ = label_report(mine, describe_report(name, mine, entry), SCHEME, *known)
        shares.append(report_shares(labelled, SHIFTS, THEMES))
    return [change for change in changes(shares, [(0, 1)], SHIFTS, THEMES, {}, correction) if change.unit == unit]


def no_change(report: str, splits: int) -> None:
    """Print in how many splits of a report's interviews any verdict tells a change."""
    mine = [item for item in JUDGED if item.report == report]
    groups = sorted({item.group for item in mine})
    wrong: Counter[tuple[str, str]] = Counter()
    for seed in range(splits):
        order = np.random.default_rng(seed).permutation(len(groups))
        first = {groups[index] for index in order[: len(groups) // 2]}
        rows = [
            *made_up("a", [item for item in mine if item.group in first]),
            *made_up("b", [item for item in mine if item.group not in first]),
        ]
        known = {name: told(name, report, rows) for name in ("a", "b")}
        for labels, gold in (("gold", known), ("classifier", {})):
            for correction in ("bh", "holm"):
                verdicts = {change.verdict for change in compared(rows, gold, {}, {}, correction, "sentences")}
                wrong[labels, correction] += bool(verdicts & {"up", "down"})
    for labels in ("gold", "classifier"):
        for correction in ("bh", "holm"):
            print(f"no change, {report}, {labels}, {correction}: {wrong[labels, correction] / splits:.1%} of {splits} pages tell one")


def power(earlier: str, later: str, read: int, draws: int) -> None:
    """Print how many true changes of shares of passages are told, once so many passages of each report are read."""
    rows = {name: made_up(name, [item for item in JUDGED if item.report == original]) for name, original in (("a", earlier), ("b", later))}
    known = {"a": told("a", earlier, rows["a"]), "b": told("b", later, rows["b"])}
    share = {name: {theme: np.mean([theme in mark.themes for mark in known[name].values()]) for theme in THEMES} for name in known}
    true = {theme: share["b"][theme] - share["a"][theme] for theme in THEMES}
    right = wrong = held = intervals = 0
    width = 0.0
    large = [theme for theme in THEMES if abs(true[theme]) >= LARGE]
    for seed in range(draws):
        drawn = {name: draw(mine, read, seed)[1] for name, mine in rows.items()}
        marked = {name: {place: known[name][place] for place in drawn[name].passages} for name in rows}
        found = {change.theme: change for change in compared([*rows["a"], *rows["b"]], {}, marked, drawn, "bh", "passages")}
        signs = {theme: {"up": 1, "down": -1}.get(found[theme].verdict, 0) for theme in THEMES}
        right += sum(signs[theme] == np.sign(true[theme]) for theme in large)
        wrong += any(signs[theme] * true[theme] < 0 for theme in THEMES)
        held += sum(found[theme].low <= true[theme] <= found[theme].high for theme in THEMES)
        width += sum(found[theme].high - found[theme].low for theme in THEMES)
        intervals += len(THEMES)
    print(
        f"{read} of each read, {earlier} to {later}: {right / max(len(large) * draws, 1):.1%} of {len(large)} true changes of {LARGE:.0%} or more told, a wrong sign in "
        f"{wrong} of {draws} draws; {held / intervals:.1%} of intervals hold, {width / intervals * 100:.0f} points wide"
    )


def main() -> None:
    """Run both experiments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--splits", type=int, default=500)
    parser.add_argument("--draws", type=int, default=200)
    arguments = parser.parse_args()
    no_change("albania-ffm-2022", arguments.splits)
    power("albania-ffm-2018", "albania-ffm-2022", 50, arguments.draws)


if __name__ == "__main__":
    main()
