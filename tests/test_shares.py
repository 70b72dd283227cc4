"""Shares of themes with their error: counts as distributions, samples that people read, and how often intervals hold."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import compared
from ffm.comparison.labelled import Told
from ffm.comparison.prevalence import prevalences
from ffm.comparison.sampling import DrawnPassages, draw, interval_width, read_draws, write_draw
from ffm.comparison.shares import report_shares
from ffm.evaluation.counts import (
    HIGH,
    LOW,
    PLACES,
    WEIGHTS,
    Count,
    Mixtures,
    count_passages,
    count_sentences,
    count_sources,
    covariance,
    intervals,
    quantiles,
    shifted_draws,
    total,
)
from ffm.evaluation.held_out import read_held_out
from ffm.evaluation.intervals import interval_figures
from ffm.evaluation.shifts import Repeats, Shifts, evidence_of, stretched, unknown_shifts
from ffm.project.project import find_project
from rows import row

PROJECT = find_project()
SCHEME = PROJECT.scheme
THEMES = SCHEME.theme_ids


def shifts(spread: float) -> Shifts:
    spreads = dict.fromkeys(THEMES, spread)
    return Shifts(spreads, spreads, dict.fromkeys(THEMES, Repeats(0.3, 0.1, 2.0)), 9, 3)


def exact(probability: list[float]) -> list[float]:
    """Return how likely each count of independent draws is, by going through all outcomes."""
    likely = [0.0] * (len(probability) + 1)
    for outcome in product((0, 1), repeat=len(probability)):
        likely[sum(outcome)] += float(np.prod([p if drawn else 1 - p for p, drawn in zip(probability, outcome, strict=True)]))
    return likely


class TestCounts:
    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.floats(0.02, 0.98), min_size=5, max_size=10))
    def test_without_a_shift_are_near_the_exact_distribution(self, probability):
        draws = shifted_draws(
            np.array(probability)[:, None], np.zeros((len(probability), 1)), np.zeros(len(probability), bool), shifts(0.0), THEMES[:1]
        )
        (count,) = count_passages(draws, np.ones(len(probability), bool))
        true = np.cumsum(exact(probability))
        assert count.expected == pytest.approx(sum(probability), abs=1e-6)
        assert np.max(np.abs(Mixtures([count]).below(np.arange(len(probability))[None, :])[0] - true[:-1])) < 0.1

    @given(st.floats(0.01, 0.99), st.floats(0, 1.5))
    def test_a_probability_is_right_on_the_average_of_shifts(self, probability, spread):
        odds = stretched(np.array([probability]), spread)
        averaged = float(WEIGHTS @ (1 / (1 + np.exp(-(odds + spread * PLACES)))))
        assert averaged == pytest.approx(probability, abs=0.02)

    def test_of_parts_that_share_a_shift_vary_together(self):
        half = np.full((20, 1), 0.3)
        draws = shifted_draws(np.vstack([half, half]), np.zeros((40, 1)), np.zeros(40, bool), shifts(1.0), THEMES[:1])
        first, second = np.arange(40) < 20, np.arange(40) >= 20
        one, other, both = (count_passages(draws, rows)[0] for rows in (first, second, np.ones(40, bool)))
        assert both.spread > 1.5 * (one.spread + other.spread)
        assert total([one, other]).spread == pytest.approx(both.spread)
        assert one.spread + other.spread + 2 * covariance(one.waves, other.waves, 1.0) == pytest.approx(both.spread, rel=0.01)
        assert covariance(one.waves, other.waves, 0.0) == pytest.approx(0.0)

    def test_of_what_is_known_are_certain(self):
        target = np.array([[1.0], [0.0], [1.0]])
        draws = shifted_draws(np.full((3, 1), 0.5), target, np.ones(3, bool), shifts(1.0), THEMES[:1])
        everything = np.ones(3, bool)
        assert intervals(count_passages(draws, everything)) == [(2, 2)]
        counted = count_sentences(draws, everything, np.array([4, 2, 5]), np.array([[3], [0], [1]]), [Repeats(0.3, 0.1, 2.0)])[0]
        assert intervals([counted]) == [(4, 4)] and counted.top == 11
        assert intervals(count_passages(count_sources(draws, np.array([0, 0, 1]), 2), np.ones(2, bool))) == [(2, 2)]

    def test_an_interval_of_something_rare_holds_none(self):
        draws = shifted_draws(np.full((40, 1), 0.01), np.zeros((40, 1)), np.zeros(40, bool), shifts(1.0), THEMES[:1])
        ((low, high),) = intervals(count_passages(draws, np.ones(40, bool)))
        assert low == 0 and 1 <= high <= 5

    def test_no_count_exceeds_its_top(self):
        count = Count(*(np.full((1, len(PLACES)), value) for value in (9.9, 4.0, 0.0)), 10.0)
        assert quantiles([count], 0.999) == [(10.0,)] and Mixtures([count]).below(np.array([[10.0]])) == [[1.0]]

    @given(st.lists(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30), min_size=1, max_size=4), st.floats(0, 1.5))
    def test_a_quantile_is_the_least_number_that_reaches_its_share(self, probabilities, spread):
        counts = []
        for probability in probabilities:
            column = np.array(probability)[:, None]
            draws = shifted_draws(column, np.zeros_like(column), np.zeros(len(column), bool), shifts(spread), THEMES[:1])
            counts += count_passages(draws, np.ones(len(column), bool))
        for count, found in zip(counts, quantiles(counts, LOW, HIGH), strict=True):
            told = Mixtures([count]).below(np.arange(count.top + 1)[None, :])[0]
            assert found == tuple(float(np.argmax(told >= share)) for share in (LOW, HIGH))


def rows_of_report(count: int = 80):
    return [row("coast", number, f"Sentence {number} stands here. Another follows.", scores={THEMES[0]: 0.4}) for number in range(count)]


def labelled(rows, **known):
    reports = compared.described(rows, {})
    found, notices = compared.labelled(rows, reports, SCHEME, known.get("gold", {}), known.get("read", {}), known.get("drawn", {}))
    return found[0], notices


def told(rows, carried) -> dict[tuple[int, int], Told]:
    return {
        (passage.start, passage.end): Told(
            frozenset(THEMES[:1] if number in carried else ()), {}, 2, {THEMES[0]: 1} if number in carried else {}
        )
        for number, passage in enumerate(rows)
    }


class TestWhatIsKnown:
    def test_gold_is_counted_and_never_the_labels_of_a_model_that_learnt_it(self):
        rows = [
            passage.__class__(**{**{f: getattr(passage, f) for f in passage.__struct_fields__}, "in_training": True})
            for passage in rows_of_report()
        ]
        found, _ = labelled(rows, gold={"coast": told(rows, range(8))})
        share = report_shares(found, shifts(1.0), THEMES).shares["passages"][0]
        assert found.how == "gold" and (share.value, share.low, share.high) == (0.1, 0.1, 0.1)
        lost, notices = labelled(rows)
        assert lost.how == "in-sample" and "its gold is not here" in notices[0]

    def test_what_was_read_without_a_draw_does_not_enter(self):
        rows = rows_of_report()
        read = dict(list(told(rows, range(10)).items())[:10])
        found, notices = labelled(rows, read={"coast": read})
        assert found.how == "model" and found.read == 0 and "not drawn by ffm sample" in notices[0]

    def test_a_draw_counts_up_to_the_first_passage_that_was_not_read(self):
        rows = rows_of_report()
        _, drawn = draw(rows, 30, seed=1)
        everything = told(rows, range(0, 80, 4))
        read = {place: everything[place] for place in drawn.passages if place != drawn.passages[20]}
        found, _ = labelled(rows, read={"coast": read}, drawn={"coast": drawn})
        assert found.how == "sample" and found.read == 20

    def test_few_passages_are_drawn_whole_and_draws_repeat(self, tmp_path):
        few, drawn = draw(rows_of_report(30), 10, seed=1)
        assert len(few) == drawn.of == 30
        assert draw(rows_of_report(), 10, seed=1) == draw(rows_of_report(), 10, seed=1)
        assert draw(rows_of_report(), 10, seed=1) != draw(rows_of_report(), 10, seed=2)
        write_draw(drawn, tmp_path / "draws")
        assert read_draws(tmp_path / "draws") == {"coast": drawn}
        assert isinstance(drawn, DrawnPassages)

    def test_a_sample_narrows_the_interval_about_as_told(self):
        rows = rows_of_report(400)
        _, drawn = draw(rows, 50, seed=3)
        carried = set(range(0, 400, 3))
        read = {place: mark for place, mark in told(rows, carried).items() if place in set(drawn.passages)}
        found, _ = labelled(rows, read={"coast": read}, drawn={"coast": drawn})
        share = report_shares(found, shifts(1.0), THEMES).shares["passages"][0]
        unread = report_shares(labelled(rows)[0], shifts(1.0), THEMES).shares["passages"][0]
        assert share.low < len(carried) / 400 < share.high
        assert share.high - share.low < unread.high - unread.low
        assert share.high - share.low == pytest.approx(interval_width(found.probability[:, 0], 50), rel=0.1)


class TestOtherSources:
    """What other sources would have said is told of interviews alone."""

    @staticmethod
    def interval(sources: int) -> tuple[float | None, float | None]:
        rows = [
            replace(passage, source=f"Office {number % sources}" if sources else None) for number, passage in enumerate(rows_of_report())
        ]
        figures = prevalences([report_shares(labelled(rows)[0], shifts(1.0), THEMES)], SCHEME)
        (figure,) = [item for item in figures if (item.grouping, item.theme) == ("report", THEMES[0])]
        measure = figure.units["sentences"]
        return measure.low_population, measure.high_population

    def test_from_six_interviews_on(self):
        low, high = self.interval(6)
        assert low is not None and high is not None and 0 < low < 0.4 < high < 1

    @pytest.mark.parametrize("sources", [0, 5])
    def test_never_of_a_narrative_or_of_few(self, sources):
        assert self.interval(sources) == (None, None)


class TestHonesty:
    """On the gold, with labels of models that had seen nothing of its family of reports."""

    def test_intervals_hold_as_often_as_they_promise(self):
        judged = read_held_out(PROJECT.model)
        families = {name: entry.family or entry.digest_of or name for name, entry in PROJECT.reports().items()}
        reports = np.array([item.report for item in judged])
        family = np.array([families.get(item.report, item.report) for item in judged])
        probability = np.array([[item.scores.get(theme, 0.002) for theme in THEMES] for item in judged])
        target = np.array([[float(theme in item.gold) for theme in THEMES] for item in judged])
        sentences = np.array([item.sentences for item in judged])
        carrying = np.array([[item.carrying.get(theme, 0) for theme in THEMES] for item in judged])
        told = evidence_of(THEMES, probability, target, sentences, carrying, list(reports), list(family))
        figures = interval_figures(told, probability, target)
        assert figures is not None and figures.families == len(set(family)) and figures.reports == len(set(reports))
        assert 0.92 <= figures.sentences.held <= 0.99 and 0.92 <= figures.passages.held <= 0.99
        assert all(figures.sentences.held_by_theme[theme] >= 0.85 for theme in SCHEME.core_ids)
        assert figures.sentences.width <= 0.25
        assert figures.sentences.held_long >= 0.85  # 38 intervals, of two reports

    def test_what_a_family_tells_is_left_out_with_it(self):
        rng = np.random.default_rng(5)
        shape = (60, len(THEMES))
        reports, families = [f"r{number % 6}" for number in range(60)], [f"f{number % 6 // 2}" for number in range(60)]
        probability, target = rng.uniform(0.1, 0.9, shape), rng.integers(0, 2, shape).astype(float)
        sentences, carrying = np.full(60, 2), target.astype(int)
        whole = evidence_of(THEMES, probability, target, sentences, carrying, reports, families)
        seen = np.array(families) != "f1"
        part = evidence_of(
            THEMES, probability[seen], target[seen], sentences[seen], carrying[seen],
            [name for name, keep in zip(reports, seen, strict=True) if keep], [name for name, keep in zip(families, seen, strict=True) if keep],
        )  # fmt: skip
        assert whole.without("f1").shifts() == part.shifts()
        assert interval_figures(whole, probability, target) is None  # of three families too few are left

    def test_without_labelled_families_the_spread_is_that_of_experience(self):
        assert set(unknown_shifts(THEMES).total.values()) == {1.0}
