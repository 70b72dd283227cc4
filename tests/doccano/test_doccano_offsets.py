"""Offsets between a report's code points and doccano's UTF-16 units, without a server."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ffm.errors import PassageError
from ffm.exchange.offsets import in_passage, in_report, to_points, to_units, unit_offsets
from ffm.tagging.report import report_ranges

TEXTS = st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("😀👩‍⚕️🇦🇱é́שלום")), min_size=1, max_size=40)


@given(TEXTS)
def test_units_are_those_of_the_utf_16_encoding(text: str) -> None:
    for point, unit in enumerate(unit_offsets(text)):
        assert len(text[:point].encode("utf-16-le")) == 2 * unit


@given(TEXTS, st.data())
def test_a_span_comes_back_equal(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    ((left, right),) = to_units(text, [(start, end)])
    assert text.encode("utf-16-le")[2 * left : 2 * right].decode("utf-16-le") == text[start:end]
    assert to_points(text, [(left, right)]) == [(start, end)]


@pytest.mark.parametrize(
    ("span", "why"),
    [
        ((0, 1), "the span 0-1 leaves the text or divides a character"),
        ((1, 2), "the span 1-2 leaves the text or divides a character"),
        ((0, 9), "the span 0-9 leaves the text or divides a character"),
        ((2, 2), "the span 2-2 is empty"),
        ((3, 2), "the span 3-2 is empty"),
    ],
)
def test_a_span_that_is_none_of_the_text_is_refused(span: tuple[int, int], why: str) -> None:
    with pytest.raises(PassageError, match=f"^{why}$"):
        to_points("😀ab", [span])


@st.composite
def parts(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    found, offset = [], 0
    for _ in range(draw(st.integers(1, 4))):
        start = offset + draw(st.integers(0, 5))
        offset = start + draw(st.integers(1, 9))
        found.append((start, offset))
        offset += 1
    return tuple(found)


@given(parts(), st.data())
def test_a_span_of_a_passage_with_several_parts_comes_back_equal(ranges: tuple[tuple[int, int], ...], data: st.DataObject) -> None:
    inside = [offset for start, end in ranges for offset in range(start, end)]
    start = data.draw(st.sampled_from(inside))
    end = data.draw(st.sampled_from([offset for offset in inside if offset >= start])) + 1
    span = in_passage(ranges, start, end)
    assert in_report(ranges, *span) == (start, end)
    found = report_ranges(span, ranges)  # the tagger's own map
    assert (found[0][0], found[-1][1]) == (start, end)


def test_a_span_in_the_gap_between_parts_is_refused() -> None:
    ranges = ((0, 4), (10, 14))
    with pytest.raises(PassageError, match="the span 5-8 does not lie in the passage's parts"):
        in_passage(ranges, 5, 8)
    with pytest.raises(PassageError, match="the span 4-5 covers nothing of the passage"):
        in_report(ranges, 4, 5)  # the space that joins the parts
    assert in_report(ranges, 3, 6) == (3, 11)
    assert in_report(ranges, 4, 6) == (10, 11)
