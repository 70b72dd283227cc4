"""Agreement: known values, properties, and what cannot be compared is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ffm.errors import GoldError
from ffm.evaluation.agreement import measure_agreement
from ffm.gold.annotators import Annotations, read_annotations
from ffm.gold.store import GoldEntity, GoldRecord
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
