"""Changes between reports: verdicts, what cannot be compared, and no change where there is none."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

import compared
from ffm.comparison import compare
from ffm.comparison.changes import Change, adjusted, changes, pairs
from ffm.comparison.labelled import told_by_gold
from ffm.comparison.reports import ComparedReport
from ffm.comparison.shares import report_shares
from ffm.comparison.subsets import subset_changes
from ffm.evaluation.held_out import read_held_out
from ffm.evaluation.shifts import Repeats, Shifts
from ffm.project.project import find_project
from ffm.project.reports import Registered
from rows import row

PROJECT = find_project()
SCHEME = PROJECT.scheme
THEMES = SCHEME.theme_ids
FIRST = THEMES[0]
SHIFTS = Shifts(dict.fromkeys(THEMES, 1.0), dict.fromkeys(THEMES, 0.3), dict.fromkeys(THEMES, Repeats(0.3, 0.1, 2.0)), 9, 3)
ENTRIES = {
    name: Registered(file=name, publisher="Harbour Office", country="AA", covers=covers, kind=kind)
    for name, covers, kind in (("coast-2017", "2017", "notes"), ("coast-2022", "2022", "notes"), ("letter-2023", "2023", "letter"))
}


def rows_of(report: str, carrying: int, count: int = 200, score: float = 0.9, **fields):
    return [
        row(
            report,
            number,
            "One sentence stands here.",
            scores={FIRST: score if number < carrying else 0.02},
            labels=(FIRST,) if number < carrying else (),
            scheme=SCHEME.reference,
            model="m@1+00000000",
            **fields,
        )
        for number in range(count)
    ]


def found(rows, baseline: str = "", undetermined=None, correction="bh") -> dict[str, Change]:
    reports = compared.described(rows, ENTRIES)
    labelled, _ = compared.labelled(rows, reports, SCHEME)
    shares = [report_shares(item, SHIFTS, THEMES) for item in labelled]
    every = changes(shares, pairs(reports, baseline), SHIFTS, THEMES, undetermined or {}, correction)
    return {change.theme: change for change in every if change.unit == "sentences"}


def alike(rows) -> dict[tuple[str, str, str], Change]:
    reports = compared.described(rows, ENTRIES)
    labelled, _ = compared.labelled(rows, reports, SCHEME)
    every = subset_changes(labelled, pairs(reports), SHIFTS, THEMES, {})
    return {(change.subset, change.subset_value, change.theme): change for change in every}


def mixed(report: str, states: int, ngos: int, carrying: int) -> list:
    """Return a report of a state's and an NGO's passages, of which the state's first ones carry the theme, in answer to a question on it."""
    rows = rows_of(report, carrying, states, source_type="state", source="Harbour Police", question="?", question_scores={FIRST: 0.9})
    others = rows_of(report, 0, states + ngos, source_type="ngo", source="Net Menders")[states:]
    return [*rows, *others]


class TestLikeWithLike:
    def test_sources_of_one_type_and_answers_to_one_question_are_compared_beside_the_whole(self):
        rows = [*mixed("coast-2017", 20, 80, 5), *mixed("coast-2022", 60, 20, 15)]
        changed = alike(rows)
        assert {kind for kind, _, _ in changed} == {"source_type", "asked"} and {theme for _, _, theme in changed} == set(THEMES)
        for key in (("source_type", "state", FIRST), ("asked", FIRST, FIRST)):
            state = changed[key]
            assert (state.n_from, state.n_to, state.found_from, state.found_to, state.verdict) == (20, 60, 5, 15, "beside")
            assert state.low <= 0 <= state.high and abs(state.change) < 0.02
        assert changed["source_type", "ngo", FIRST].found_from == 0
        whole = found(rows)[FIRST]
        assert whole.change > 0.1  # more of the later report are the state's words, who said then what they say now

    def test_a_subset_that_is_everything_or_next_to_nothing_is_not_told(self):
        assert alike([*mixed("coast-2017", 40, 0, 5), *mixed("coast-2022", 40, 0, 5)]) == {}
        few = alike([*mixed("coast-2017", 9, 50, 5), *mixed("coast-2022", 40, 50, 5)])
        assert {(kind, value) for kind, value, _ in few} == {("source_type", "ngo")}


class TestVerdicts:
    def test_a_large_change_is_told_and_a_small_one_is_not(self):
        change = found([*rows_of("coast-2017", 10), *rows_of("coast-2022", 120)])[FIRST]
        assert (change.verdict, change.pair_from, change.pair_to) == ("up", "coast-2017", "coast-2022")
        assert change.low > 0.2 and change.q < 0.01 and change.series
        assert found([*rows_of("coast-2017", 120), *rows_of("coast-2022", 10)])[FIRST].verdict == "down"
        small = found([*rows_of("coast-2017", 20), *rows_of("coast-2022", 22)])[FIRST]
        assert small.verdict == "none" and small.reason.startswith("no change larger than")

    def test_few_passages_cannot_tell_and_say_what_would_have_shown(self):
        change = found([*rows_of("coast-2017", 2, 12), *rows_of("coast-2022", 4, 12)])[FIRST]
        assert change.verdict == "cannot tell" and change.mdc80 > 0.2 and "would show" in change.reason

    def test_other_kinds_models_and_schemes_are_not_compared(self):
        assert found([*rows_of("coast-2017", 10), *rows_of("letter-2023", 120)]) == {}
        other = [replace(passage, model="n@1+11111111") for passage in rows_of("coast-2022", 120)]
        assert found([*rows_of("coast-2017", 10), *other])[FIRST].reason.startswith("labelled by different models")
        lost = found([*rows_of("coast-2017", 10), *rows_of("coast-2022", 120)], undetermined={"coast-2017": frozenset({FIRST})})[FIRST]
        assert (lost.verdict, lost.estimate_from, lost.change) == ("not comparable", None, None)

    def test_passages_of_another_length_are_compared_by_sentences_only(self):
        long = [replace(passage, words=90) for passage in rows_of("coast-2022", 120)]
        reports = compared.described([*rows_of("coast-2017", 10), *long], ENTRIES)
        reports = [replace(report, words=report.passages * (4 if report.id == "coast-2017" else 90)) for report in reports]
        labelled, _ = compared.labelled([*rows_of("coast-2017", 10), *long], reports, SCHEME)
        every = changes([report_shares(item, SHIFTS, THEMES) for item in labelled], [(0, 1)], SHIFTS, THEMES, {})
        verdicts = {change.unit: change.verdict for change in every if change.theme == FIRST}
        assert verdicts == {"sentences": "up", "passages": "not comparable"}

    def test_pairs_are_of_one_country_and_kind_in_the_order_of_time(self):
        def report(name: str, country: str, covers: str, kind: str = "notes") -> ComparedReport:
            return ComparedReport(name, name, "P", country, covers, "", 1, 1, None, kind)

        reports = [report("a", "AA", "2016"), report("b", "BB", "2016"), report("c", "AA", "2017"), report("d", "AA", "2018")]
        assert pairs(reports) == [(0, 2), (2, 3)]
        assert pairs(reports, baseline="a") == [(0, 2), (0, 3)]
        assert pairs([report("a", "AA", ""), report("b", "AA", "2017")]) == []


class TestCorrection:
    def test_is_that_of_the_published_example(self):
        # Benjamini and Hochberg (1995), section 3.2: of fifteen p-values four are told at 5%, by Bonferroni's and Holm's way three
        values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
        assert sum(value <= 0.05 for value in adjusted(values, "bh")) == 4
        assert sum(value <= 0.05 for value in adjusted(values, "holm")) == 3

    @given(st.lists(st.floats(0, 1), max_size=40))
    def test_keeps_the_order_and_never_shrinks_a_value(self, values):
        for correction in ("bh", "holm"):
            corrected = adjusted(values, correction)
            assert all(after >= before - 1e-12 and after <= 1 for before, after in zip(values, corrected, strict=True))
            order = np.argsort(values, kind="stable")
            assert all(corrected[one] <= corrected[other] + 1e-12 for one, other in pairwise(order))


def halves(report: str, seed: int) -> list:
    """Return rows of two made-up reports: the halves of a gold report's interviews, with the gold's labels."""
    judged = [item for item in read_held_out(PROJECT.model) if item.report == report]
    groups = sorted({item.group for item in judged})
    order = np.random.default_rng(seed).permutation(len(groups))
    first = {groups[index] for index in order[: len(groups) // 2]}
    rows = []
    for number, item in enumerate(judged):
        name = "coast-2017" if item.group in first else "coast-2022"
        rows.append(
            row(
                name,
                number,
                "One sentence stands here.",
                start=item.start,
                source=item.group,
                scores=item.scores,
                labels=item.labels,
                scheme=SCHEME.reference,
            )
        )
    return rows


@pytest.mark.parametrize("gold", [True, False])
def test_halves_of_one_report_seldom_show_a_change(gold: bool) -> None:
    judged = [item for item in read_held_out(PROJECT.model) if item.report == "albania-ffm-2022"]
    pages = {"bh": 0, "holm": 0}
    splits = 60
    for seed in range(splits):
        rows = halves("albania-ffm-2022", seed)
        reports = compared.described(rows, ENTRIES)
        told = told_by_gold(judged, SCHEME)["albania-ffm-2022"]
        by_start = {place[0]: mark for place, mark in told.items()}
        known = {name: {} for name in ("coast-2017", "coast-2022")}
        for passage in rows:
            known[passage.report][passage.start, passage.end] = by_start[passage.start]
        labelled, _ = compared.labelled(rows, reports, SCHEME, known if gold else {}, {}, {})
        shares = [report_shares(item, SHIFTS, THEMES) for item in labelled]
        for correction in ("bh", "holm"):
            every = changes(shares, [(0, 1)], SHIFTS, THEMES, {}, correction)
            pages[correction] += any(change.verdict in ("up", "down") for change in every if change.unit == "sentences")
    assert pages["bh"] <= 0.15 * splits and pages["holm"] <= 0.10 * splits


def test_a_shorter_report_that_drops_a_theme_says_so(tmp_path, monkeypatch) -> None:
    (tmp_path / "raw_text").mkdir()
    (tmp_path / "raw_text/reports.toml").write_text(
        "".join(
            f'[{name}]\nfile = "{name}.md"\npublisher = "P"\nkind = "notes"\ncountry = "AA"\ncovers = "{name[-4:]}"\n' for name in ENTRIES
        ),
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FFM_RAW_TEXT", raising=False)
    page = compare([*rows_of("coast-2017", 60), *rows_of("coast-2022", 0, 40)]).page
    assert "The later report is much shorter" in page and "no improvement" in page
    assert f"No longer spoken of: {SCHEME.theme[0].name}" in page
