"""What a report took over from the one before it."""

from __future__ import annotations

import random
import time

from hypothesis import given
from hypothesis import strategies as st

from ffm.comparison.carried import Carried, carried_over
from ffm.records import TaggedPassage
from rows import row

BEFORE = [
    "The ferry to the island leaves twice a day from the old pier and takes forty minutes.",
    "In May the harbour office counted 310 boats, of which 12 had no papers and were towed away.",
    "Fishermen fear the winter storms more than the new rules of the harbour office.",
]


def report(name: str, texts: list[str]) -> list[TaggedPassage]:
    return [row(name, number, text) for number, text in enumerate(texts, 1)]


def states(before: list[str], after: list[str]) -> list[tuple[str | None, str | None, str]]:
    rows = [*report("a", before), *report("b", after)]
    found = carried_over(rows, "a", "b")
    return [(item.passage_from and item.passage_from[-1], item.passage_to and item.passage_to[-1], item.state) for item in found]


def test_what_was_carried_over_reworded_dropped_and_new_is_told_apart():
    after = [
        "A lighthouse was built on the cape.",
        "In June the harbour office counted 290 boats, of which 9 had no papers and were towed away.",
        BEFORE[0],
    ]
    assert states(BEFORE, after) == [("1", "3", "carried"), ("2", "2", "reworded"), ("3", None, "dropped"), (None, "1", "new")]


def test_case_accents_punctuation_and_marks_of_footnotes_make_no_rewording():
    assert states(["The quay of Korçë was mended [4]; it holds."], ["The Quay of Korce was mended – it holds[^12]."]) == [
        ("1", "1", "carried")
    ]


def test_a_changed_figure_makes_a_rewording_however_alike_the_rest_is():
    (found,) = carried_over([*report("a", [BEFORE[1]]), *report("b", [BEFORE[1].replace("310", "311")])], "a", "b")
    assert found.state == "reworded"
    assert found.similarity is not None
    assert 0.8 < found.similarity < 1


def test_a_passage_has_one_counterpart_and_the_most_similar_pair_goes_first():
    near, far = BEFORE[0].replace("forty", "fifty"), BEFORE[0].replace("twice a day", "on Sundays").replace("forty", "fifty")
    assert states([BEFORE[0]], [far, near]) == [("1", "2", "reworded"), (None, "1", "new")]


def test_a_text_that_stands_twice_is_carried_over_twice():
    assert states([BEFORE[0], BEFORE[0]], [BEFORE[0], BEFORE[0], BEFORE[0]]) == [
        ("1", "1", "carried"),
        ("2", "2", "carried"),
        (None, "3", "new"),
    ]


def test_two_words_in_common_make_no_rewording():
    assert states(["In the north."], ["In the south."]) == [("1", None, "dropped"), (None, "1", "new")]


def test_a_report_without_rows_is_new_or_dropped_as_a_whole():
    assert {state for *_, state in states(BEFORE, [])} == {"dropped"}
    assert {state for *_, state in states([], BEFORE)} == {"new"}
    assert states([], []) == []


def test_front_matter_footnotes_and_tables_are_left_out():
    rows = [*report("a", BEFORE[:1]), row("a", 7, BEFORE[1], part="front"), row("b", 1, BEFORE[1], kind="footnote")]
    assert carried_over(rows, "a", "b") == [Carried("a", "b", "a/0001", None, "dropped", None)]


WORDS = st.lists(st.sampled_from(["boat", "pier", "storm", "rule", "net", "of", "the", "in"]), max_size=14).map(" ".join)


@given(st.lists(WORDS, max_size=8), st.lists(WORDS, max_size=8))
def test_every_passage_is_told_of_once(before: list[str], after: list[str]):
    rows = [*report("a", before), *report("b", after)]
    found = carried_over(rows, "a", "b")
    assert sorted(item.passage_from for item in found if item.passage_from) == [f"a/{n:04}" for n in range(1, len(before) + 1)]
    assert sorted(item.passage_to for item in found if item.passage_to) == [f"b/{n:04}" for n in range(1, len(after) + 1)]
    assert all((item.similarity is not None) == (item.passage_from is not None and item.passage_to is not None) for item in found)
    assert found == carried_over(rows[::-1], "a", "b")


def test_long_reports_are_compared_in_seconds():
    chance = random.Random(5)
    words = [*(f"word{number}" for number in range(3000)), *["of", "the"] * 400]
    texts = [" ".join(chance.choices(words, k=60)) for _ in range(3000)]
    after = [text.replace(" of ", " by ", 3) for text in texts]
    started = time.process_time()
    found = carried_over([*report("a", texts), *report("b", after)], "a", "b")
    assert time.process_time() - started < 10
    assert sum(item.state in ("carried", "reworded") for item in found) > 2900
