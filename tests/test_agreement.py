"""Agreement: known values, properties, and what cannot be compared is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ffm.errors import GoldError
from ffm.evaluation.agreement import agreement_markdown, measure_agreement, nominal_alpha
from ffm.gold.annotators import Annotations, read_annotations
from ffm.gold.store import GoldEntity, GoldHeader, GoldRecord
from ffm.project.project import find_project

SCHEME = find_project().scheme
THEME, CORE = SCHEME.theme_ids[-1], SCHEME.core_ids[0]
PASSES = Path(__file__).parents[1] / "annotations" / "passes"


def annotator(name: str, marks: list[bool], stance: str | None = None, digest: str = "d") -> Annotations:
    records = {}
    for number, mark in enumerate(marks):
        themes = ((THEME,) if mark else ()) + ((CORE,) if stance else ())
        records[(10 * number, 10 * number + 9)] = GoldRecord(
            10 * number, 10 * number + 9, themes=themes, stance={CORE: stance} if stance else {}
        )
    return Annotations(name, {"report": records}, {"report": digest})


def test_alpha_is_that_of_the_textbook() -> None:
    # Krippendorff (2011), "Computing Krippendorff's alpha-reliability", section B: two observers, ten binary units
    one = [False, True, False, False, False, False, False, False, True, False]
    two = [True, True, True, False, False, True, False, False, False, False]
    found = measure_agreement([annotator("one", one), annotator("two", two)], SCHEME)
    assert found.alpha[THEME] == pytest.approx(0.095, abs=0.001)


@given(st.lists(st.booleans(), min_size=2, max_size=30))
def test_an_annotator_agrees_wholly_with_itself(marks: list[bool]) -> None:
    found = measure_agreement([annotator("one", marks, "denied"), annotator("two", marks, "denied")], SCHEME)
    assert found.alpha[THEME] in (None, pytest.approx(1.0))
    assert found.stance == 1.0
    assert not found.disagreements


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=3, max_size=30))
def test_the_order_of_annotators_does_not_matter(marks: list[tuple[bool, bool]]) -> None:
    one, two = annotator("one", [pair[0] for pair in marks]), annotator("two", [pair[1] for pair in marks])
    assert measure_agreement([one, two], SCHEME).alpha == pytest.approx(measure_agreement([two, one], SCHEME).alpha)


def test_spans_that_overlap_agree_in_part() -> None:
    def with_span(name: str, end: int) -> Annotations:
        record = GoldRecord(0, 20, entities=(GoldEntity(3, end, SCHEME.entity_ids[0]),))
        return Annotations(name, {"report": {(0, 20): record}}, {"report": "d"})

    found = measure_agreement([with_span("one", 8), with_span("two", 12)], SCHEME)
    assert (found.exact["all"].f1, found.overlapping["all"].f1) == (0.0, 1.0)
    assert [item.what for item in found.disagreements] == ["entities"]


def test_ranges_that_one_left_out_are_counted_and_left_out() -> None:
    found = measure_agreement([annotator("one", [True, False, True]), annotator("two", [True, False])], SCHEME)
    assert (found.ranges, found.unmatched) == (2, 1)


def test_a_different_stance_is_a_disagreement() -> None:
    found = measure_agreement([annotator("one", [True], "denied"), annotator("two", [True], "unknown")], SCHEME)
    assert found.stance == 0.0
    assert found.disagreements[0].readings == {"one": "denied", "two": "unknown"}


@pytest.mark.parametrize(
    "sets",
    [
        [annotator("one", [True])],
        [annotator("one", [True]), annotator("one", [True])],
        [annotator("one", [True]), annotator("two", [True], digest="other")],
        [annotator("one", [True]), Annotations("two", {"other": {}}, {"other": "d"})],
    ],
    ids=["one annotator", "one name twice", "different texts", "nothing shared"],
)
def test_what_cannot_be_compared_is_refused(sets: list[Annotations]) -> None:
    with pytest.raises(GoldError):
        measure_agreement(sets, SCHEME)


def test_the_two_passes_behind_the_gold_agree_as_the_documents_say() -> None:
    found = measure_agreement([read_annotations(PASSES / "a"), read_annotations(PASSES / "b")], SCHEME)
    assert found.exact["all"].f1 > 0.97
    assert all(value is not None and value > 0.9 for value in found.alpha.values())


# Partial readings


def test_alpha_with_missing_values_is_that_of_the_textbook() -> None:
    # Krippendorff (2011), "Computing Krippendorff's alpha-reliability", section C: four observers, twelve units, nominal
    rows = ["1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .", "1 2 3 3 2 4 4 1 2 5 1 ."]
    values = np.array([[np.nan if cell == "." else float(cell) for cell in row.split()] for row in rows])
    assert nominal_alpha(values) == pytest.approx(0.743, abs=0.001)


@given(st.lists(st.lists(st.sampled_from([0.0, 1.0, np.nan]), min_size=3, max_size=3), min_size=1, max_size=12))
def test_units_of_one_annotator_and_annotators_who_said_nothing_change_nothing(units: list[list[float]]) -> None:
    values = np.array(units).T
    alone = np.array([[1.0], [np.nan], [np.nan]])
    silent = np.full((1, len(units)), np.nan)
    assert nominal_alpha(np.hstack([values, alone])) == nominal_alpha(values)
    assert nominal_alpha(np.vstack([values, silent])) == nominal_alpha(values)


def part(name: str, marks: dict[str, dict[int, bool]], date: str = "2026-11-21") -> Annotations:
    """Return who read some ranges of some reports and marked a theme in some of them."""
    records = {
        report: {(10 * at, 10 * at + 9): GoldRecord(10 * at, 10 * at + 9, themes=(THEME,) if mark else ()) for at, mark in found.items()}
        for report, found in marks.items()
    }
    headers = {report: GoldHeader(report, "d", SCHEME.version, name, "human annotator", True, date) for report in marks}
    return Annotations(name, records, dict.fromkeys(marks, "d"), headers)


P, Q, R = {0: True, 1: False}, {2: True, 3: False, 4: True}, {5: False, 6: True}


def test_annotators_of_different_portions_are_measured_on_what_each_pair_shares() -> None:
    sets = [part("anna", {"x": P | Q}), part("ben", {"x": Q | R}), part("chen", {"x": P | R | {6: False, 9: True}})]
    found = measure_agreement(sets, SCHEME)
    assert (found.ranges, found.unmatched) == (7, 1)
    assert [(item.name, item.ranges, item.alpha) for item in found.pairs] == [
        ("anna, ben", 3, 1.0),
        ("anna, chen", 2, 1.0),
        ("ben, chen", 2, pytest.approx(0.0)),
    ]
    marks = [[1, 0, 1, 0, 1, np.nan, np.nan], [np.nan, np.nan, 1, 0, 1, 0, 1], [1, 0, np.nan, np.nan, np.nan, 0, 0]]
    assert found.alpha[THEME] == nominal_alpha(np.array(marks))
    assert [item.readings for item in found.disagreements] == [{"ben": "yes", "chen": "no"}]


def test_agreement_is_told_by_report_and_by_day() -> None:
    sets = [
        part("anna", {"x": {0: True, 1: False}, "y": {0: True, 1: False}}, "2026-11-20"),
        part("ben", {"x": {0: True, 1: False}}, "2026-11-21"),
        part("chen", {"y": {0: False, 1: True}}, "2026-11-23"),
    ]
    found = measure_agreement(sets, SCHEME)
    assert [(item.name, item.ranges, item.alpha) for item in found.reports] == [("x", 2, 1.0), ("y", 2, pytest.approx(-0.5))]
    assert [item.name for item in found.days] == ["2026-11-21", "2026-11-23"]
    told = agreement_markdown(found)
    assert "| anna, ben | 2 | 1.00 | - | - |" in told
    assert "| ben, chen | 0 | - | - | - |" in told
    assert "| y | 2 | -0.50 | - | - |" in told
    assert "| 2026-11-23 | 2 | -0.50 | - | - |" in told


def test_position_counts_apart_from_label() -> None:
    first, second = SCHEME.entity_ids[:2]

    def with_spans(name: str, *spans: tuple[int, int, str]) -> Annotations:
        return Annotations(name, {"x": {(0, 40): GoldRecord(0, 40, tuple(GoldEntity(*span) for span in spans))}}, {"x": "d"})

    found = measure_agreement(
        [with_spans("one", (0, 5, first), (9, 12, first), (20, 30, first)), with_spans("two", (0, 5, second), (9, 12, first))], SCHEME
    )
    assert (found.position, found.label, found.label_support) == (pytest.approx(0.8), 0.5, 2)
    exact = found.exact["all"]
    assert exact is not None
    assert exact.f1 == pytest.approx(0.4)


def test_what_nobody_marked_is_a_dash_and_no_figure() -> None:
    found = measure_agreement([part("one", {"x": {0: False}}), part("two", {"x": {0: False}})], SCHEME)
    assert set(found.exact.values()) == {None}
    assert (found.position, found.label, found.stance) == (None, None, None)
    told = agreement_markdown(found)
    assert f"| {SCHEME.entity_ids[0]} | - | - | 0 |" in told
    assert "0.00" not in told


def test_a_theme_that_was_left_unread_is_missing_and_no_disagreement() -> None:
    one, two = part("one", {"x": {0: True, 1: False}}), part("two", {"x": {0: True, 1: False}})
    two.records["x"][0, 9] = GoldRecord(0, 9, unread=(THEME,))
    found = measure_agreement([one, two], SCHEME)
    assert (found.alpha[THEME], found.disagreements) == (None, ())
