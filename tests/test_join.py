"""Gold of several sources as one: what says the same stands once, what contradicts is named, and nothing is dropped without a word."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from conftest import Done
from ffm.errors import GoldError
from ffm.gold.annotators import Annotations
from ffm.gold.join import Joined, join_gold
from ffm.gold.store import GoldEntity, GoldHeader, GoldRecord, read_gold, write_gold
from ffm.project.project import find_project

SCHEME = find_project().scheme
THEME, CORE = SCHEME.theme_ids[-1], SCHEME.core_ids[0]
BEDS = GoldEntity(3, 9, "AMOUNT", kind="count", low=12, high=12)
SENTENCES = (GoldRecord(0, 20, (BEDS,), (THEME,)), GoldRecord(21, 40, (), (CORE,), {CORE: "denied"}))
PASSAGE = GoldRecord(0, 40, (BEDS,), (THEME, CORE), {CORE: "denied"}, "passage")
OTHER = GoldRecord(50, 60, (), (THEME,), {}, "passage")


def gold(name: str, *records: GoldRecord, report: str = "harbour", **fields: object) -> Annotations:
    made = {"report": report, "sha256": "d", "scheme": SCHEME.version, "annotator": name, "made_by": "human annotator", "verified": True}
    header = GoldHeader(**{**made, "date": "2026-11-21", **fields})  # type: ignore[arg-type]
    return Annotations(name, {report: {(item.start, item.end): item for item in records}}, {report: header.sha256}, {report: header})


def ranges(joined: Joined) -> list[tuple[int, int]]:
    ((_, records),) = joined.gold
    return sorted((record.start, record.end) for record in records)


def test_a_round_on_passages_is_added_to_gold_on_sentences() -> None:
    joined = join_gold([gold("project", *SENTENCES), gold("round", PASSAGE, OTHER)], SCHEME)
    assert (joined.problems, joined.notices, joined.same) == ((), (), 1)
    assert ranges(joined) == [(0, 20), (21, 40), (50, 60)]  # sentences say where a theme stands, and stay
    assert ranges(join_gold([gold("round", PASSAGE, OTHER), gold("project", *SENTENCES)], SCHEME)) == ranges(joined)


def test_a_passage_that_reaches_further_than_the_sentences_that_say_the_same_stays() -> None:
    assert ranges(join_gold([gold("project", SENTENCES[0]), gold("round", replace(PASSAGE, themes=(THEME,), stance={}))], SCHEME)) == [
        (0, 40)
    ]


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (replace(PASSAGE, stance={CORE: "unknown"}), f"project: {CORE} denied; round: {CORE} unknown"),
        (replace(PASSAGE, themes=(CORE,)), f"project: {THEME}; round: -"),
        (replace(PASSAGE, entities=()), "project: AMOUNT 3-9 count 12-12; round: -"),
        (replace(PASSAGE, entities=(replace(BEDS, high=13),)), "project: AMOUNT 3-9 count 12-12; round: AMOUNT 3-9 count 12-13"),
    ],
)
def test_what_contradicts_is_named_until_it_is_told_which_counts(other: GoldRecord, told: str) -> None:
    sets = [gold("project", *SENTENCES), gold("round", other)]
    assert join_gold(sets, SCHEME).problems == (f"harbour 0-40: {told}; correct one, or let the later count with --later",)
    joined = join_gold(sets, SCHEME, later=True)
    assert (joined.problems, joined.notices) == ((), (f"harbour 0-40: {told}; round counts",))
    assert ranges(joined) == [(0, 40)]


def test_a_footnote_inside_of_a_passage_is_no_contradiction() -> None:
    footnote = GoldRecord(21, 25, role="context")
    assert ranges(join_gold([gold("project", footnote), gold("round", PASSAGE)], SCHEME)) == [(0, 40), (21, 25)]


def test_gold_of_other_texts_is_refused_and_of_other_reports_taken_as_it_is() -> None:
    (problem,) = join_gold([gold("project", PASSAGE), gold("round", PASSAGE, sha256="e")], SCHEME).problems
    assert problem.startswith("harbour: project and round annotated different texts")
    joined = join_gold([gold("project", PASSAGE), gold("round", PASSAGE, report="lake")], SCHEME)
    assert [header.annotator for header, _ in joined.gold] == ["project", "round"]
    with pytest.raises(GoldError, match="two or more sources"):
        join_gold([gold("project", PASSAGE)], SCHEME)


MARKS = st.lists(st.tuples(st.integers(1, 9), st.booleans(), st.booleans()), min_size=1, max_size=8)


def laid(marks: list[tuple[int, bool, bool]], unit: str) -> list[GoldRecord]:
    found, at = [], 0
    for length, marked, there in marks:
        if there:
            found.append(GoldRecord(at, at + length, (), (THEME,) if marked else (), {}, unit))
        at += length
    return found


@given(MARKS, MARKS)
def test_every_word_that_was_annotated_stays_annotated_and_once(
    one: list[tuple[int, bool, bool]], two: list[tuple[int, bool, bool]]
) -> None:
    sets = [gold("one", *laid(one, "sentence")), gold("two", *laid(two, "passage"))]
    joined = join_gold(sets, SCHEME, later=True)
    found = sorted(item for item in ranges(joined)) if joined.gold[0][1] else []
    assert all(first[1] <= second[0] for first, second in pairwise(found))
    plain = join_gold(sets, SCHEME)
    for place in (place for item in sets for place in item.records["harbour"] if not plain.problems):
        assert min(start for start, _ in ranges(plain)) <= place[0] < place[1] <= max(end for _, end in ranges(plain))


def test_a_passage_has_the_stance_of_one_of_its_sentences() -> None:
    both = (replace(SENTENCES[0], themes=(CORE,), stance={CORE: "unknown"}), SENTENCES[1])
    assert ranges(join_gold([gold("project", *both), gold("round", replace(PASSAGE, themes=(CORE,)))], SCHEME)) == [(0, 20), (21, 40)]


def test_ranges_that_cross_are_named_though_they_say_the_same() -> None:
    sets = [gold("project", replace(OTHER, start=45)), gold("round", replace(OTHER, end=65))]
    assert join_gold(sets, SCHEME).problems == (
        "harbour 45-65: project: 45-60; round: 50-65; correct one, or let the later count with --later",
    )


def test_the_command_writes_all_or_nothing(run_ffm: Callable[..., Done], here: Path) -> None:
    for name, records in (("project", SENTENCES), ("round", (replace(PASSAGE, entities=()), OTHER))):
        (here / name).mkdir()
        write_gold(here / name / "harbour.jsonl", gold(name, *records).headers["harbour"], records)
    refused = run_ffm("gold", "join", "project", "round", "-o", "all")
    assert refused.code == 1
    assert refused.errors == [
        "error: harbour 0-40: project: AMOUNT 3-9 count 12-12; round: -; correct one, or let the later count with --later"
    ]
    assert not (here / "all").exists()
    done = run_ffm("gold", "join", "project", "round", "-o", "all", "--later")
    assert (done.code, done.out) == (0, "all: 2 ranges of 1 report, 0 places twice and alike\n")
    assert done.errors == ["notice: harbour 0-40: project: AMOUNT 3-9 count 12-12; round: -; round counts"]
    assert [record.start for record in read_gold(here / "all" / "harbour.jsonl")[1]] == [0, 50]
