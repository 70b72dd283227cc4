"""Evaluation that does not flatter itself: groups stay together, repeats stay on one side, figures are those computed by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ffm.evaluation.examples import Example, make_examples
from ffm.evaluation.metrics import SpanCounts, score, theme_scores
from ffm.evaluation.splits import group_folds, joined_groups
from ffm.project.project import find_project
from ffm.themes.features import contexts
from ffm.training.train import load_examples

GOLD = Path(__file__).parents[1] / "annotations" / "gold"


def example(group: str, text: str) -> Example:
    return Example("r", f"r/{group}", 0, 1, group, text, tuple(contexts([text], "")), (frozenset(),), ({},), frozenset(), {})


def words(seed: int, count: int = 30) -> str:
    rng = np.random.default_rng(seed)
    return " ".join("".join(chr(97 + letter) for letter in rng.integers(0, 26, 6)) for _ in range(count))


def test_no_group_stands_in_two_folds() -> None:
    examples = [example(f"g{number % 7}", words(number)) for number in range(40)]
    fold = group_folds(joined_groups(examples), 4)
    for group in {item.group for item in examples}:
        assert len({fold[index] for index, item in enumerate(examples) if item.group == group}) == 1


def test_groups_that_repeat_a_passage_become_one() -> None:
    repeated = words(1)
    examples = [example("2016", repeated), example("2017", repeated + " more"), example("other", words(2))]
    groups = joined_groups(examples)
    assert groups[0] == groups[1] != groups[2]


def test_short_repeats_do_not_join_groups() -> None:
    assert len(set(joined_groups([example("a", "Yes, of course."), example("b", "Yes, of course."), example("c", words(3))]))) == 3


def test_digest_and_original_stand_in_one_group() -> None:
    scheme = find_project().scheme
    _, examples, messages = load_examples(GOLD, scheme, find_project().reports())
    if any("albania-ffm-2022:" in message for message in messages):
        pytest.skip("the report of 2022 is not here")
    sources: dict[str, set[str]] = {}
    for item in examples:
        sources.setdefault(item.group, set()).add(item.report)
    both = [group for group, reports in sources.items() if reports >= {"albania-ffm-2022", "albania-ffm-2022-digest"}]
    assert len(both) >= 10


def test_examples_carry_the_themes_of_their_sentences() -> None:
    _, examples, _ = load_examples(GOLD, find_project().scheme, find_project().reports())
    for item in examples:
        assert item.themes == frozenset().union(*item.sentence_themes)
        assert len(item.sentences) == len(item.sentence_themes) == len(item.sentence_stance)
        assert set(item.stance) <= item.themes


def test_making_examples_twice_gives_the_same() -> None:

    gold, examples, _ = load_examples(GOLD, find_project().scheme, find_project().reports())
    assert make_examples(gold, find_project().reports(), find_project().scheme) == examples


def test_figures_of_themes_are_those_by_hand() -> None:
    gold = [frozenset("a"), frozenset("ab"), frozenset(), frozenset("b")]
    predicted = [frozenset("a"), frozenset("a"), frozenset("a"), frozenset()]
    found = theme_scores(("a", "b"), gold, predicted, np.array([[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.1, 0.4]]))
    assert (found["a"].precision, found["a"].recall, found["a"].support) == (pytest.approx(2 / 3), 1.0, 2)
    assert (found["b"].precision, found["b"].recall, found["b"].f1) == (0.0, 0.0, 0.0)
    assert found["a"].average_precision == 1.0


def test_exact_and_overlapping_spans_by_hand() -> None:
    counts = SpanCounts()
    counts.add([(0, 5, "ORG"), (10, 15, "ORG")], [(0, 5, "ORG"), (11, 15, "ORG"), (20, 25, "ORG")])
    assert counts.exact_score().f1 == pytest.approx(2 / 5)
    overlapping = counts.overlapping_score()
    assert (overlapping.precision, overlapping.recall) == (pytest.approx(2 / 3), 1.0)


spans = st.sets(st.tuples(st.integers(0, 30), st.integers(1, 5)).map(lambda pair: (pair[0], pair[0] + pair[1], "ORG")), max_size=8)


@given(spans, spans)
def test_overlapping_is_never_below_exact(gold: set[tuple[int, int, str]], predicted: set[tuple[int, int, str]]) -> None:
    counts = SpanCounts()
    counts.add(gold, predicted)
    assert counts.overlapping_score().f1 >= counts.exact_score().f1 - 1e-12


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
def test_scores_stay_between_0_and_1(hits: int, more: int, missed: int) -> None:
    found = score(hits, hits + more, hits + missed)
    assert all(0 <= value <= 1 for value in (found.precision, found.recall, found.f1))
