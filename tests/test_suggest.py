"""What to label next: each strategy picks what it should on a tiny case, the covered are left out, the order is fixed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import Done
from ffm.errors import GoldError, SuggestError
from ffm.gold.store import GoldHeader, GoldRecord, write_gold
from ffm.project.project import find_project
from ffm.records import TaggedPassage
from ffm.suggest import DEFAULT, STRATEGIES, Labelled, Pool, is_covered, make_periods, make_pool, open_passages, read_cover
from ffm.suggest.change import Periods, estimate, gains
from ffm.tagging.dataset import read_file

COMMON, RARE = "boats", "bread"
LABELLED = (
    Labelled("Nine boats crossed the lake.", frozenset({COMMON})),
    Labelled("The boats are old and slow.", frozenset({COMMON})),
    Labelled("Bakers sell bread at dawn.", frozenset({RARE})),
    Labelled("Nobody came to the meeting.", frozenset()),
)
PERIODS = Periods(("AL 2019", "AL 2020", "AL 2020", ""), {"AL 2019": 1, "AL 2020": 2}, (("AL 2019", "AL 2020"),))
TEXTS = ("Boats cross the lake at dawn.", "Old boats cross the lake.", "Bread is sold by bakers.", "The tower has a clock.")


def pool(scores: Sequence[Sequence[float]], texts: Sequence[str] = TEXTS, **changed: object) -> Pool:
    made: dict[str, object] = {
        "texts": tuple(texts),
        "scores": np.array(scores, dtype=np.float64),
        "themes": (COMMON, RARE),
        "thresholds": np.array([0.5, 0.3]),
        "labelled": LABELLED,
        "support": np.array([99.0, 3.0]),
        "periods": PERIODS,
    }
    return Pool(**{**made, **changed})  # type: ignore[arg-type]


def picked(name: str, given: Pool, count: int) -> list[int]:
    return [choice.index for choice in STRATEGIES[name](given, count)]


SURE = [0.01, 0.01]


def test_uncertainty_picks_the_score_that_tells_least() -> None:
    (choice,) = STRATEGIES["uncertainty"](pool([SURE, [0.99, 0.02], [0.03, 0.48], [0.1, 0.01]]), 1)
    assert (choice.index, choice.theme) == (2, RARE)


def test_rare_theme_picks_the_rare_theme_before_a_common_one_of_a_higher_score() -> None:
    choices = STRATEGIES["rare-theme"](pool([[0.9, 0.01], [0.8, 0.01], [0.01, 0.6], SURE]), 2)
    assert [(choice.index, choice.theme) for choice in choices] == [(2, RARE), (0, COMMON)]


def test_diversity_picks_one_passage_of_each_kind_and_nothing_that_is_labelled() -> None:
    texts = ["Boats cross the lake.", "Boats cross the lake slowly.", "The clock tower rings.", "The clock tower rings loudly."]
    assert {index // 2 for index in picked("diversity", pool([SURE] * 4, texts, labelled=()), 2)} == {0, 1}
    labelled = (Labelled(texts[0], frozenset()), Labelled(texts[1], frozenset()))
    assert set(picked("diversity", pool([SURE] * 4, texts, labelled=labelled), 2)) == {2, 3}


def test_disagreement_picks_what_looks_like_a_theme_and_has_other_words() -> None:
    texts = ["Boatswain steamboats lifeboats.", "Nobody came to the meeting.", "Nine boats crossed the lake."]
    (choice,) = STRATEGIES["disagreement"](pool([SURE] * 3, texts), 1)
    assert (choice.index, choice.theme) == (0, COMMON)


def test_disagreement_without_labelled_passages_is_refused() -> None:
    with pytest.raises(SuggestError, match="set FFM_RAW_TEXT"):
        STRATEGIES["disagreement"](pool([SURE] * 4, labelled=()), 1)


def test_comparison_picks_the_unsure_passage_of_the_small_period() -> None:
    assert picked("comparison", pool([[0.5, 0.01]] * 4), 4)[0] == 0
    assert picked("comparison", pool([SURE, [0.5, 0.5], [0.4, 0.4], [0.5, 0.5]]), 4) == [1, 2, 0, 3]


def test_comparison_of_one_date_is_refused() -> None:
    with pytest.raises(SuggestError, match="ffm reports add"):
        STRATEGIES["comparison"](pool([SURE] * 4, periods=Periods()), 1)


def test_hybrid_does_not_pick_the_same_passage_twice() -> None:
    texts = [TEXTS[0], TEXTS[0], TEXTS[2], TEXTS[3]]
    chosen = picked("hybrid", pool([[0.5, 0.5], [0.5, 0.5], [0.4, 0.4], SURE], texts, labelled=()), 2)
    assert chosen == [0, 2]


@pytest.mark.parametrize("name", STRATEGIES)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_choice_is_of_the_number_asked_for_without_repeats_and_the_same_again(name: str, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 12))
    score = st.floats(0, 1, allow_nan=False)
    scores = data.draw(st.lists(st.tuples(score, score), min_size=size, max_size=size))
    texts = data.draw(st.lists(st.sampled_from([*TEXTS, "", "..."]), min_size=size, max_size=size))
    dates = [(("AL 2019", "AL 2020")[number % 2]) for number in range(size)]
    periods = Periods(tuple(dates), {"AL 2019": size, "AL 2020": size}, (("AL 2019", "AL 2020"),))
    count = data.draw(st.integers(1, 15))
    given_pool = pool(scores, texts, periods=periods)
    choices = STRATEGIES[name](given_pool, count)
    assert len({choice.index for choice in choices}) == len(choices) == min(count, size)
    assert all(np.isfinite(choice.score) and choice.theme in (COMMON, RARE, "") for choice in choices)
    assert STRATEGIES[name](given_pool, count) == choices


def test_gains_are_what_labels_take_from_the_variance_of_the_changes() -> None:
    dates = {"a": ("AL", "2019"), "b": ("AL", "2020"), "c": ("AL", "2021"), "d": ("NG", "2020")}
    reports = ["a", "a", "b", "b", "b", "c", "d"]
    periods = make_periods(reports, reports, dates)
    assert periods.changes == (("AL 2019", "AL 2020"), ("AL 2020", "AL 2021"))
    scores = np.array([[0.5], [0.9], [0.2], [0.6], [0.5], [0.3], [0.5]])
    _, before = estimate(np.zeros((0, 1)), scores, (), periods)
    for index, gain in enumerate(gains(scores, periods)):
        rest = [other for other in range(7) if other != index]
        left = msgspec.structs.replace(periods, of=tuple(periods.of[other] for other in rest))
        _, after = estimate(np.ones((1, 1)), scores[rest], (periods.of[index],), left)
        assert gain == pytest.approx((before - after).sum())
    known = np.array([[1.0], [0.0], [0.0], [1.0], [1.0], [0.0], [1.0]])
    values, variances = estimate(known, np.zeros((0, 1)), periods.of, msgspec.structs.replace(periods, of=()))
    assert values.ravel() == pytest.approx([2 / 3 - 1 / 2, 0 - 2 / 3])
    assert not variances.any()


def passage(report: str, start: int, end: int, kind: str = "answer") -> TaggedPassage:
    row = {"report": report, "passage": f"{report}/{start}", "kind": kind, "start": start, "end": end, "parts": [[start, end]]}
    empty = dict.fromkeys(("section", "source", "source_type", "date", "date_conflict", "page", "question", "question_start"))
    return msgspec.convert({**row, **empty, "question_parts": [], "text": "x" * (end - start), "scores": {RARE: 0.5}}, TaggedPassage)


def gold(folder: Path, report: str, *records: GoldRecord) -> Path:
    folder.mkdir(exist_ok=True)
    write_gold(folder / f"{report}.jsonl", GoldHeader(report, "0" * 64, 1, "one", "human annotator", True, "2026-11-21"), records)
    return folder


def test_what_gold_covers_by_half_is_left_out(tmp_path: Path) -> None:
    records = (GoldRecord(0, 40, themes=(RARE,)), GoldRecord(30, 60, themes=(RARE,)), GoldRecord(100, 200, role="context"))
    cover = read_cover(gold(tmp_path / "gold", "a", *records), find_project().scheme)
    assert (cover.ranges, cover.support) == ({"a": ((0, 60),)}, {RARE: 2})
    covered = [passage("a", 0, 40), passage("a", 20, 100)]
    opened = [passage("a", 20, 101), passage("a", 100, 200), passage("b", 0, 40)]
    assert open_passages([*covered, *opened, passage("b", 50, 60, "table")], cover.ranges) == opened
    assert is_covered(passage("a", 0, 40), cover.ranges)


def test_gold_of_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="give the folder of the gold data with --gold"):
        read_cover(tmp_path / "none", find_project().scheme)


def test_pool_has_the_wanted_themes_only() -> None:
    made = make_pool([passage("a", 0, 5)], {RARE: 0.3}, LABELLED, {COMMON: 7, RARE: 2}, Periods())
    assert (made.themes, made.scores.tolist(), made.support.tolist()) == ((RARE,), [[0.5]], [2])


@pytest.mark.parametrize("name", [DEFAULT, "diversity"])
def test_command_writes_the_chosen_rows_and_says_why(run_ffm: Callable[..., Done], here: Path, tagged: Path, name: str) -> None:
    rows = read_file(tagged / "all.jsonl")
    first = next(row for row in rows if row.report == "bicycles" and row.kind == "answer")
    folder = gold(here / "gold", "bicycles", GoldRecord(first.start, first.end))
    words = ("suggest", tagged / "all.jsonl", "-n", 7, "--strategy", name, "--gold", folder, "-o")
    done = run_ffm(*words, here / "next.jsonl")
    assert done.code == 0, done.err
    chosen = read_file(here / "next.jsonl")
    assert len(chosen) == 7
    assert all(row in rows and row != first for row in chosen)
    table = done.out.splitlines()
    assert [line.split()[1] for line in table[1:8]] == [row.passage for row in chosen]
    assert table[8].endswith("left out as labelled: 1")
    assert run_ffm(*words, here / "again.jsonl").code == 0
    assert (here / "again.jsonl").read_bytes() == (here / "next.jsonl").read_bytes()


def test_command_tells_when_less_is_left_and_when_nothing_is(
    run_ffm: Callable[..., Done], refused: Callable[..., str], here: Path, tagged: Path
) -> None:
    rows = [row for row in read_file(tagged / "all.jsonl") if row.report == "line"]
    (here / "line.jsonl").write_bytes(b"\n".join(map(msgspec.json.encode, rows)))
    folder = here / "gold"
    folder.mkdir()
    done = run_ffm("suggest", here / "line.jsonl", "--gold", folder, "-o", here / "next.jsonl")
    assert done.code == 0
    assert "no more are left to label, 50 were wanted" in done.err
    gold(folder, "line", GoldRecord(0, 28))
    line = refused("suggest", here / "line.jsonl", "--gold", folder, "-o", here / "next.jsonl")
    assert "the gold covers all its passages" in line


def test_wrong_names_are_wrong_usage(refused: Callable[..., str], here: Path, tagged: Path) -> None:
    words = ("suggest", tagged / "all.jsonl", "-o", here / "next.jsonl")
    assert all(name in refused(*words, "--strategy", "luck", code=2) for name in STRATEGIES)
    assert find_project().scheme.theme_ids[0] in refused(*words, "--theme", "boats", code=2)
    assert "unknown format" in refused("suggest", tagged / "all.jsonl", "-o", here / "next.txt")
    assert "two years or more" in refused(*words, "--strategy", "comparison", "--theme", find_project().scheme.core_ids[0])
    assert not (here / "next.jsonl").exists()
