"""Figures of a classifier: intervals by groups, reports left out, learning curve, calibration, from made-up examples."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from msgspec.structs import replace

from ffm.evaluation import protocol
from ffm.evaluation.bootstrap import Resampling, f1, interval, mean_of
from ffm.evaluation.calibration import calibration_figures
from ffm.evaluation.crossval import Judgement, OutOfFold, Recipe, join_folds
from ffm.evaluation.examples import Example
from ffm.evaluation.fits import judge_splits
from ffm.evaluation.learning_curve import CURVE_SEEDS, EVERY, curve_draws, learning_curve
from ffm.evaluation.left_out import left_out_figures
from ffm.evaluation.measure_entities import Owners, by_example
from ffm.evaluation.measure_themes import theme_figures
from ffm.evaluation.metrics import Score, SpanCounts
from ffm.evaluation.protocol import SEEDS, Measured, measure
from ffm.evaluation.splits import Split, fold_splits, group_folds, joined_groups, make_folds, report_families
from ffm.project.project import find_project
from ffm.themes.features import contexts

SCHEME = replace(find_project().scheme, theme=find_project().scheme.theme[:4])
THEMES = SCHEME.theme_ids
RECIPE = Recipe(SCHEME.theme_ids, SCHEME.stance_ids, tuple(SCHEME.stances), learnt=SCHEME.theme_ids)
WORDS = ["garden", "river", "bicycle", "window", "lantern", "harbour", "orchard", "meadow", "copper", "violin", "candle", "ladder"]


def example(report: str, source: str, number: int, themes: Sequence[str] = (), start: int = 0) -> Example:
    """Return a passage whose words tell its themes and else nothing."""
    rng = np.random.default_rng(abs(hash_of(f"{report}{source}{number}")))
    text = " ".join([*(f"sign{SCHEME.theme_ids.index(theme)}" for theme in themes), *rng.permutation(WORDS)[:8]])
    stance = dict.fromkeys((theme for theme in themes if theme in SCHEME.stance_ids), next(iter(SCHEME.stances)))
    found = frozenset(themes)
    return Example(
        report,
        f"{report}/{number}",
        start,
        start + 50,
        f"{report}/{source}",
        text,
        tuple(contexts([text], "")),
        (found,),
        (stance,),
        found,
        stance,
    )


def splits_of(examples: Sequence[Example]) -> list[Split]:
    """Return the folds of whole families, which here are the reports."""
    groups = joined_groups(examples)
    return make_folds(examples, groups, report_families(examples, groups, {})).splits


def group_splits(examples: Sequence[Example]) -> list[Split]:
    return fold_splits(group_folds(joined_groups(examples)))


def hash_of(text: str) -> int:
    return int.from_bytes(text.encode()[-6:], "big")


def material(reports: int = 3, sources: int = 2) -> list[Example]:
    return [
        example(f"report{report}", f"source{source}", number, [THEMES[number % 4]] if number < 6 else [], 100 * (8 * source + number))
        for report in range(reports)
        for source in range(sources)
        for number in range(8)
    ]


@pytest.fixture(scope="module")
def measured() -> Measured:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(protocol, "CURVE_GROUPS", 2)
        return measure(SCHEME, material(), RECIPE, {})


def test_few_groups_make_no_curve() -> None:
    assert measure(SCHEME, material(), RECIPE, {}).curve is None


def test_intervals_are_those_of_whole_groups() -> None:
    resampling = Resampling(["a", "a", "b"], 500, 1)
    drawn = resampling.drawn([[1.0], [2.0], [10.0]])
    assert set(drawn[:, 0]) == {6.0, 13.0, 20.0}
    assert (resampling.weights.sum(axis=1) == 2).all()


def test_one_group_has_no_spread() -> None:
    assert interval(0.5, f1(Resampling(["a"] * 3).drawn([[1, 2, 2], [0, 0, 0], [0, 0, 0]]))).low == 0.5


def test_f1_of_nothing_is_no_number_and_is_left_out_of_means() -> None:
    values = f1([[2, 2, 2], [0, 0, 0]])
    assert values[0] == 1 and np.isnan(values[1])
    assert mean_of(values) == 1
    assert mean_of(f1([[0, 0, 0]])) == 0


def test_figures_have_intervals_and_support_beside_every_score(measured: Measured) -> None:
    figures = measured.themes
    for value in (figures.macro_f1, figures.core_macro_f1, figures.micro_f1, figures.stance_interval, *figures.f1.values()):
        assert value is not None
        assert 0 <= value.low <= value.high <= 1
    assert figures.stance_support == sum(len(item.stance) for item in material())
    assert figures.scores[THEMES[0]].support == 12


@pytest.mark.slow
def test_more_workers_give_the_same_figures() -> None:
    examples = material()
    splits = splits_of(examples)
    alone = judge_splits(examples, RECIPE, splits[:3], 1)
    shown: list[tuple[int, int]] = []
    together = judge_splits(examples, RECIPE, splits[:3], 2, lambda done, total: shown.append((done, total)))
    for one, two in zip(alone, together, strict=True):
        assert one.margins.tobytes() == two.margins.tobytes()
        assert one.stance == two.stance
    assert shown[-1][0] == shown[-1][1]


def test_cross_validation_in_steps_is_that_at_once(measured: Measured) -> None:
    examples = material()
    splits = splits_of(examples)
    whole = join_folds(examples, RECIPE.themes, splits, judge_splits(examples, RECIPE, splits))
    assert whole.margins.tobytes() == measured.held_out.margins.tobytes()
    assert whole.labels == measured.held_out.labels


def test_a_digest_is_left_out_with_its_original_and_repeats_with_each_other() -> None:
    original, digest = example("one", "a", 1), example("one-digest", "b", 2)
    digest = replace(digest, group="one/b")
    examples = [original, digest, example("two", "", 3), example("three", "", 4)]
    assert report_families(examples, ["one/a", "one/b", "two/", "three/"], {})[:2] == ["one", "one"]
    assert report_families(examples, ["one/a", "one/b", "three/", "three/"], {}) == ["one", "one", "three", "three"]
    assert report_families(examples, ["one/a", "two/", "two/", "three/"], {}) == ["one", "one", "one", "three"]


def test_reports_of_a_series_are_one_family() -> None:
    examples = [example("one", "", 1), example("two", "", 2), example("three", "", 3), example("three-digest", "", 4)]
    examples[3] = replace(examples[3], group="three/")
    groups = ["one/", "two/", "three/", "three/"]
    assert report_families(examples, groups, {"one": "yearly", "two": "yearly"}) == ["one", "one", "three", "three"]
    assert len(set(report_families(examples, groups, {"two": "yearly", "three-digest": "yearly"}))) == 2


def test_no_family_stands_on_both_sides_of_a_fold(measured: Measured) -> None:
    assert measured.folds.kind == "families"
    for split in measured.folds.splits:
        assert not {measured.families[index] for index in split.inside} & {measured.families[index] for index in split.outside}


def test_left_out_figures_are_those_by_hand() -> None:
    examples = [example("home", "a", 1, THEMES[:2]), example("home", "b", 2, THEMES[:1]), example("far", "", 3, THEMES[2:3])]
    labels = [frozenset(THEMES[:2]), frozenset(THEMES[1:2]), frozenset(THEMES[2:3])]
    clusters = ["home", "home", "far"]
    found = left_out_figures(
        SCHEME, examples, [item.group for item in examples], clusters, labels, {"far": "NG"}, {"far": Score(1, 1, 1, 7)}
    )
    home, far = found.reports["home"], found.reports["far"]
    assert (home.micro.f1, home.micro.support, home.passages, home.themes) == (pytest.approx(4 / 6), 3, 2, 2)
    assert home.macro_f1 == pytest.approx((2 / 3 + 2 / 3) / 2)
    assert (far.micro.f1, far.country, far.entities and far.entities.support, far.micro_f1) == (1.0, "NG", 7, None)
    assert found.micro_f1.value == pytest.approx(6 / 8)


def test_left_out_reports_that_share_words_are_found_again(measured: Measured) -> None:
    examples = material()
    countries = {f"report{number}": "AL" for number in range(3)}
    found = left_out_figures(SCHEME, examples, measured.folds.units, measured.families, measured.held_out.labels, countries, {})
    assert set(found.reports) == {f"report{number}" for number in range(3)}
    assert all(row.micro.support == 12 and row.country == "AL" and row.entities is None for row in found.reports.values())
    assert found.micro_f1.value > 0.8


def test_subsets_of_the_curve_are_nested_whole_groups_of_the_same_folds() -> None:
    examples = material()
    groups = [item.group for item in examples]
    draws = curve_draws(groups, group_splits(examples))
    assert len(draws) == sum(map(len, CURVE_SEEDS.values()))
    for number, whole in enumerate(group_splits(examples)[::EVERY]):
        first = [set(next(draw for draw in draws if draw.share == share).splits[number].inside) for share in sorted(CURVE_SEEDS)]
        assert all(smaller < larger for smaller, larger in pairwise(first))
        assert first[-1] < set(whole.inside)
        for draw in draws:
            part = draw.splits[number]
            assert part.outside == whole.outside
            kept = {groups[index] for index in part.inside}
            assert {index for index in whole.inside if groups[index] in kept} == set(part.inside)


def test_the_curve_ends_in_the_judgements_of_the_whole(measured: Measured) -> None:
    assert measured.curve is not None
    examples = material()
    splits = group_splits(examples)
    judgements = judge_splits(examples, RECIPE, splits)
    (point,) = learning_curve(SCHEME, examples, [item.group for item in examples], [], [], splits, judgements)
    assert point == measured.curve[-1]
    assert point.judged == sum(len(split.outside) for split in splits[::EVERY])
    assert [point.share for point in measured.curve] == [0.1, 0.25, 0.5, 0.75, 1.0]
    assert [point.passages for point in measured.curve] == sorted(point.passages for point in measured.curve)
    assert measured.curve[0].macro_f1.value < measured.curve[-1].macro_f1.value


def test_a_quick_run_leaves_out_curve_and_reports_and_judges_the_same(measured: Measured) -> None:
    quick = measure(SCHEME, material(), RECIPE, {}, quick=True)
    assert quick.curve is None and quick.by_group is None
    assert quick.themes == measured.themes
    assert all(SEEDS.values())


def test_calibration_figures_are_those_by_hand() -> None:
    gold = [frozenset("a"), frozenset(), frozenset("a"), frozenset()]
    probability = np.array([[0.9], [0.1], [0.5], [1.0]])
    found = calibration_figures("a", gold, probability, Resampling(["1", "2", "3", "4"]))
    assert found.brier["a"].value == pytest.approx((0.01 + 0.01 + 0.25 + 1) / 4)
    assert found.brier_of_share == {"a": 0.25, "all": 0.25}
    assert [(item.low, item.observed, item.support) for item in found.bins] == [(0.1, 0, 1), (0.5, 1, 1), (0.9, 0.5, 2)]
    assert found.counts["a"][9] == (2, 1)
    assert found.error == pytest.approx((0.1 + 0.5 + 2 * 0.45) / 4)


def test_probabilities_that_are_right_lie_on_the_line() -> None:
    rng = np.random.default_rng(5)
    probability = rng.uniform(size=(4000, 1))
    gold = [
        frozenset("a") if drawn < value else frozenset() for drawn, value in zip(rng.uniform(size=4000), probability[:, 0], strict=True)
    ]
    found = calibration_figures("a", gold, probability, Resampling([str(number % 40) for number in range(4000)]))
    assert found.error < 0.03
    assert len(found.bins) == 10
    assert found.brier["a"].value < found.brier_of_share["a"]


def test_probabilities_of_a_fold_do_not_depend_on_its_gold() -> None:
    """Slopes, intercepts and thresholds come from the margins and the gold of the other folds."""
    examples = material()
    splits = splits_of(examples)
    rng = np.random.default_rng(1)
    judgements = [Judgement(rng.normal(size=(len(split.outside), len(THEMES))), [{} for _ in split.outside]) for split in splits]
    mine = splits[0].outside
    changed = [replace(item, themes=frozenset(THEMES)) if number in mine else item for number, item in enumerate(examples)]
    before, after = (join_folds(material, THEMES, splits, judgements) for material in (examples, changed))
    assert np.array_equal(before.probability[list(mine)], after.probability[list(mine)])
    assert [before.labels[index] for index in mine] == [after.labels[index] for index in mine]
    assert not np.array_equal(before.probability, after.probability)


def test_stance_intervals_resample_groups() -> None:
    core = SCHEME.stance_ids[0]
    examples = [example("r", f"s{number % 4}", number, [core]) for number in range(20)]
    wrong = next(stance for stance in SCHEME.stances if stance != examples[0].stance[core])
    stance = [dict(item.stance) if number % 4 else {core: wrong} for number, item in enumerate(examples)]
    column = SCHEME.theme_ids.index(core)
    probability = np.zeros((20, len(SCHEME.theme_ids)))
    probability[:, column] = 1
    found = theme_figures(
        SCHEME, examples, [item.group for item in examples], OutOfFold(probability, probability, [frozenset([core])] * 20, stance), (core,)
    )
    assert (found.stance_accuracy, found.stance_support) == (0.75, 20)
    assert found.stance_interval is not None and found.stance_interval.low <= 0.25 < 0.75 < found.stance_interval.high


def test_ranges_without_themes_go_with_the_passage_before_them() -> None:
    examples = [example("r", "a", 1, start=100), example("r", "b", 2, start=500)]
    owners = Owners(examples)
    assert [owners.of("r", start) for start in (0, 100, 130, 499, 500, 9000)] == [0, 0, 0, 0, 1, 1]
    assert owners.of("other", 1) is None
    counts = {
        ("r", 100): {"ORG": SpanCounts(1, 1, 1, 1, 2)},
        ("r", 300): {"ORG": SpanCounts(2, 2, 2, 3, 2)},
        ("other", 1): {"ORG": SpanCounts(1)},
    }
    assert by_example(examples, counts) == {("r", 100): {"ORG": (3, 4, 4)}}
