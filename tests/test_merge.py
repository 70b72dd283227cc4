"""Merging: gold from agreed and adjudicated labels; what contradicts itself is named, and then nothing is written."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from conftest import Done
from ffm.errors import GoldError
from ffm.gold.annotators import Annotations, read_annotations
from ffm.gold.merge import ADJUDICATED, Merged, OneSided, merge
from ffm.gold.store import GoldEntity, GoldHeader, GoldRecord, read_gold, text_digest, write_gold
from ffm.project.project import find_project
from ffm.records import Report

ANNOTATIONS = Path(__file__).parents[1] / "annotations"
SCHEME = find_project().scheme
THEME, CORE = SCHEME.theme_ids[-1], SCHEME.core_ids[0]
REPORT = Report("nurses", "Two nurses of UNICEF work in Tirana.\nThey met 12 cases in Vlora. Nobody was told.\n")
ORG, AMOUNT = GoldEntity(14, 20, "ORG"), GoldEntity(46, 54, "AMOUNT", kind="count", low=12, high=12)
FIRST = GoldRecord(0, 36, (ORG,), (THEME,))
SECOND = GoldRecord(37, 64, (AMOUNT,), (CORE,), {CORE: "denied"})


def annotations(name: str, *records: GoldRecord, **fields: object) -> Annotations:
    made = {"report": "nurses", "sha256": text_digest(REPORT), "scheme": SCHEME.version, "made_by": "human annotator", "verified": True}
    header = GoldHeader(**{**made, "annotator": name, "date": "2026-11-21", **fields})  # type: ignore[arg-type]
    return Annotations(
        name, {"nurses": {(record.start, record.end): record for record in records}}, {"nurses": header.sha256}, {"nurses": header}
    )


def merged(*sets: Annotations) -> Merged:
    return merge(sets, {"nurses": REPORT}, SCHEME)


def test_what_all_agree_on_is_gold() -> None:
    reordered = replace(FIRST, themes=(CORE, THEME), stance={CORE: "unknown"})
    found = merged(annotations("one", replace(reordered, themes=(THEME, CORE)), SECOND), annotations("two", reordered, SECOND))
    assert (found.problems, found.agreed, found.adjudicated) == ((), 2, 0)
    ((header, records),) = found.gold
    assert {theme for record in records for theme in record.themes} == {THEME, CORE}
    assert (header.annotator, header.made_by, header.verified) == (ADJUDICATED, "human annotator", True)


@pytest.mark.parametrize(
    ("other", "what"),
    [
        (replace(SECOND, stance={CORE: "reported"}), f"{CORE} (one: denied, two: reported)"),
        (replace(SECOND, themes=(), stance={}), f"{CORE} (one: denied, two: no)"),
        (replace(SECOND, themes=(CORE, THEME)), f"{THEME} (one: no, two: yes)"),
        (replace(SECOND, entities=(replace(AMOUNT, start=45),)), "entities (one: 46-54 AMOUNT count 12-12, two: 45-54 AMOUNT count 12-12)"),
        (replace(SECOND, entities=(replace(AMOUNT, high=13),)), "entities (one: 46-54 AMOUNT count 12-12, two: 46-54 AMOUNT count 12-13)"),
        (replace(SECOND, entities=(replace(AMOUNT, label="ORG", kind=None),)), "entities ("),
        (replace(SECOND, role="context", themes=(), stance={}), "role (one: passage, two: context)"),
        (None, "two did not annotate this range"),
    ],
)
def test_a_difference_is_named_until_it_is_adjudicated(other: GoldRecord | None, what: str) -> None:
    sets = [annotations("one", FIRST, SECOND), annotations("two", *([FIRST, other] if other else [FIRST]))]
    (problem,) = merged(*sets).problems
    assert problem.startswith('nurses 37-64 "They met 12 cases in Vlora.": annotators differ in ')
    assert what in problem
    decision = other or SECOND
    found = merged(*sets, annotations(ADJUDICATED, decision))
    assert (found.problems, found.agreed, found.adjudicated) == ((), 1, 1)
    assert found.gold[0][1] == (FIRST, decision)


@pytest.mark.parametrize(
    ("records", "what"),
    [
        ([replace(SECOND, stance={})], "nurses 37-64 \"They met 12 cases in Vlora.\": themes ['stigma'] need one stance each"),
        (
            [replace(FIRST, entities=(ORG, replace(ORG, start=17, end=25)))],
            'nurses 0-36 "Two nurses of UNICEF work in Tirana.": entity 17-25 overlaps',
        ),
        ([replace(FIRST, themes=("bicycles",))], 'the scheme has no theme "bicycles"'),
        ([replace(SECOND, end=500)], "outside of the text of 82 characters"),
        ([FIRST, replace(FIRST, start=20, entities=())], 'nurses 20-36 "work in Tirana.": overlaps the range 0-36'),
    ],
    ids=["theme without stance", "overlapping spans", "unknown theme", "outside", "overlapping ranges"],
)
def test_what_all_agree_on_and_contradicts_itself_is_named(records: list[GoldRecord], what: str) -> None:
    found = merged(annotations("one", *records), annotations("two", *records))
    assert any(what in problem for problem in found.problems), found.problems


def test_two_adjudications_of_one_passage_must_be_one() -> None:
    sets = [annotations("one", FIRST), annotations("two", replace(FIRST, themes=()))]
    third = annotations(ADJUDICATED, FIRST)
    (problem,) = merged(*sets, third, annotations(ADJUDICATED, replace(FIRST, entities=()))).problems
    assert "nurses 0-36" in problem
    assert "is adjudicated twice and differently" in problem
    assert merged(*sets, third, annotations(ADJUDICATED, FIRST)).problems == ()


def test_an_adjudication_of_what_nobody_annotated_is_named() -> None:
    (problem,) = merged(annotations("one", FIRST), annotations("two", FIRST), annotations(ADJUDICATED, SECOND)).problems
    assert 'nurses 37-64 "They met 12 cases in Vlora.": is adjudicated, but nobody annotated' in problem


def test_an_adjudication_that_overrules_all_is_taken_and_told() -> None:
    found = merged(annotations("one", FIRST), annotations("two", FIRST), annotations(ADJUDICATED, replace(FIRST, entities=())))
    assert found.problems == ()
    assert found.notices == ('nurses 0-36 "Two nurses of UNICEF work in Tirana.": adjudication overrules what all marked: ORG 14-20',)


@pytest.mark.parametrize(
    ("other", "what"),
    [
        (annotations("two", FIRST, sha256="other"), "one and two annotated different texts"),
        (annotations("two", FIRST, scheme=9), "different versions of the scheme"),
        (annotations("two", replace(FIRST, unit="passage")), "different units (passage, sentence)"),
        (Annotations("two", {}, {}, {}), "two did not annotate it, and 1 of 1 ranges are not adjudicated"),
    ],
)
def test_sets_of_other_texts_schemes_or_units_are_refused(other: Annotations, what: str) -> None:
    (problem,) = merged(annotations("one", FIRST), other).problems
    assert problem.startswith("nurses: ")
    assert what in problem


@pytest.mark.parametrize("names", [["one"], ["one", "one"], ["one", ADJUDICATED]])
def test_two_annotators_of_different_names_are_needed(names: list[str]) -> None:
    with pytest.raises(GoldError, match="two or more annotators"):
        merged(*(annotations(name, FIRST) for name in names))


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=8))
def test_gold_is_where_both_agree_and_else_the_decision(marks: list[tuple[bool, bool, bool]]) -> None:
    def marked(name: str, number: int, only: list[int]) -> Annotations:
        return annotations(name, *(GoldRecord(10 * at, 10 * at + 9, themes=(THEME,) if marks[at][number] else ()) for at in only))

    everywhere = list(range(len(marks)))
    differing = [at for at in everywhere if marks[at][0] != marks[at][1]]
    found = merged(marked("one", 0, everywhere), marked("two", 1, everywhere), marked(ADJUDICATED, 2, differing))
    assert not found.problems
    expected = [decision if one != two else one for one, two, decision in marks]
    assert [bool(record.themes) for record in found.gold[0][1]] == expected
    undecided = merged(marked("one", 0, everywhere), marked("two", 1, everywhere))
    assert len(undecided.problems) == len(differing)


def test_what_two_of_three_read_and_agree_on_is_gold() -> None:
    found = merged(annotations("one", FIRST), annotations("two", FIRST, SECOND), annotations("three", SECOND))
    assert (found.problems, found.agreed, found.gold[0][1]) == ((), 2, (FIRST, SECOND))


@pytest.mark.parametrize(("one_sided", "kept", "done"), [(OneSided.LEAVE, (FIRST,), "left out"), (OneSided.TAKE, (FIRST, SECOND), "taken")])
def test_what_one_alone_read_is_left_out_or_taken_as_told(one_sided: OneSided, kept: tuple[GoldRecord, ...], done: str) -> None:
    sets = [annotations("one", FIRST), annotations("two", FIRST, SECOND)]
    found = merge(sets, {"nurses": REPORT}, SCHEME, one_sided)
    assert (found.problems, found.agreed, found.alone, found.gold[0][1]) == ((), 1, len(kept) - 1, kept)
    assert found.notices == (f"nurses: 1 of 2 ranges {done} that one annotator alone read (two: 1)",)
    third = merge([*sets, annotations(ADJUDICATED, SECOND)], {"nurses": REPORT}, SCHEME, one_sided)
    assert (third.notices, third.adjudicated) == ((), 1)


def test_a_report_of_which_nothing_is_left_has_no_file() -> None:
    found = merge([annotations("one", FIRST), Annotations("two", {}, {}, {})], {"nurses": REPORT}, SCHEME, OneSided.LEAVE)
    assert (found.gold, found.notices) == ((), ("nurses: 1 of 1 ranges left out that one annotator alone read (one: 1)",))


def test_headers_say_who_made_it_and_that_all_of_it_was_verified() -> None:
    machine = annotations("two", FIRST, made_by="language model", verified=False, date="2026-12-01")
    ((header, _),) = merged(annotations("one", FIRST), machine).gold
    assert (header.made_by, header.verified, header.date) == ("human annotator and language model", False, "2026-12-01")


def test_both_passes_and_the_decisions_on_their_differences_give_the_gold_of_the_repository(
    run_ffm: Callable[..., Done], here: Path, tmp_path: Path
) -> None:
    first, second = (read_annotations(ANNOTATIONS / "passes" / name) for name in "ab")
    decided = 0
    for name in ("decisions", "a", "b"):
        (here / name).mkdir()
    for path in sorted((ANNOTATIONS / "gold").glob("*.jsonl")):
        header, records = read_gold(path)
        if header.scheme != first.headers[header.report].scheme:
            continue  # read again by a later version of the scheme
        for name in ("a", "b"):
            shutil.copy(ANNOTATIONS / "passes" / name / path.name, here / name)
        one, two = first.records[header.report], second.records[header.report]
        ranges = [(record.start, record.end) for record in records]
        mine = [
            record
            for record, place in zip(records, ranges, strict=True)
            if one[place] != two[place] or replace(record, anchor=None) != one[place]
        ]
        decided += len(mine)
        write_gold(here / "decisions" / path.name, header, mine)
    done = run_ffm("gold", "merge", "a", "b", "decisions", "-o", "merged")
    assert done.code == 0, done.err
    assert done.out.endswith(f" {decided:,} adjudicated\n")
    for path in (ANNOTATIONS / "gold" / found.name for found in (here / "a").glob("*.jsonl")):
        header, records = read_gold(path)
        found_header, found = read_gold(here / "merged" / path.name)
        assert found_header == header
        assert [replace(item, anchor=None) for item in found] == [replace(item, anchor=None) for item in records]


def test_nothing_is_written_where_a_difference_is_left(run_ffm: Callable[..., Done], here: Path) -> None:
    done = run_ffm("gold", "merge", ANNOTATIONS / "passes/a", ANNOTATIONS / "passes/b", "-o", "merged")
    assert done.code == 1
    assert "not adjudicated: have it decided" in done.err
    assert "merged: not written, " in done.out
    assert not (here / "merged").exists()
