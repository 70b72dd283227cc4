"""Passages shared out among annotators, without a server."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ffm.doccano.share import Share, read_share

PEOPLE = ("anna", "ben", "carol", "dan")
PASSAGES = [f"notes/{number:04}" for number in range(2000)]


@given(st.integers(1, 6), st.floats(0, 1), st.text(max_size=9), st.permutations(PEOPLE))
def test_each_passage_has_its_readers_whatever_the_order_of_people(number: int, overlap: float, passage: str, people: list[str]) -> None:
    share = Share(number, overlap)
    readers = share.readers(passage, people)
    assert min(number, 4) <= len(readers) <= min(number + 1, 4)
    assert readers == share.readers(passage, PEOPLE)


@given(st.integers(1, 9999), st.integers(0, 10**6))
def test_a_tag_says_it_back(number: int, millionths: int) -> None:
    share = Share(number, millionths / 10**6)
    assert read_share(("ffm", share.tag)) == share


def test_other_tags_share_nothing_out() -> None:
    assert read_share(("ffm", "adjudication", "2 a passage")) is None


def test_work_is_even_and_every_pair_shares_some() -> None:
    share = Share(1, 0.2)
    readers = [share.readers(passage, PEOPLE) for passage in PASSAGES]
    assert sum(len(found) == 2 for found in readers) == pytest.approx(400, abs=80)
    work = Counter(name for found in readers for name in found)
    assert max(work.values()) < 1.15 * min(work.values())
    pairs = Counter(pair for found in readers for pair in combinations(sorted(found), 2))
    assert len(pairs) == 6
    assert min(pairs.values()) > 35


def test_few_passages_change_hands_when_somebody_joins() -> None:
    share = Share(1, 0.0)
    before = [share.readers(passage, PEOPLE) for passage in PASSAGES]
    after = [share.readers(passage, (*PEOPLE, "eve")) for passage in PASSAGES]
    moved = [new for old, new in zip(before, after, strict=True) if old != new]
    assert all(new == {"eve"} for new in moved)
    assert len(moved) == pytest.approx(400, abs=80)
