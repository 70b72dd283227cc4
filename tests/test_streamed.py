"""A comparison reads its reports one at a time: what it says does not depend on how the rows stand, or on how many processes read them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ffm.comparison import comparing
from ffm.comparison.rows import KINDS, TYPES, Rows, segment
from ffm.csv_files import csv_line
from ffm.project.project import find_project
from ffm.records import TaggedPassage
from ffm.tagging import shelves
from ffm.tagging.dataset import read_tagged
from ffm.tagging.shelves import Shelf, Witnesses, shelved
from ffm.tagging.writers import write_rows

CELLS = st.one_of(
    st.none(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False), st.text("ab,;\n'=é", max_size=5)
)


def row(report: str, number: int, theme: str = "stigma") -> TaggedPassage:
    text = f"Lamp {number} stands near the river."
    start = number * 100
    return TaggedPassage(
        report=report,
        passage=f"{report}/{number:04}",
        kind="paragraph",
        start=start,
        end=start + len(text),
        section=None,
        source=None,
        source_type=None,
        date=None,
        date_conflict=None,
        page=None,
        question=None,
        question_start=None,
        question_parts=(),
        parts=((start, start + len(text)),),
        text=text,
        scores={theme: 0.5},
        scheme=find_project().scheme.reference,
        model=f"model-{number % 2}",
        words=6,
    )


PLACES = st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 30)), min_size=1, max_size=40, unique=True)


@settings(max_examples=15, deadline=None)
@given(places=PLACES, suffix=st.sampled_from([".jsonl", ".csv"]))
def test_rows_are_read_by_report_and_offset_in_whatever_order_they_stand(
    tmp_path_factory: pytest.TempPathFactory, places: list[tuple[str, int]], suffix: str
) -> None:
    path = tmp_path_factory.mktemp("rows") / f"rows{suffix}"
    write_rows([row(*place) for place in places], path, suffix)
    assert list(read_tagged([path], find_project()).passages) == [row(*place) for place in sorted(places)]


def contents(shelf: Shelf) -> dict[str, list[TaggedPassage]]:
    return {report: list(shelf.rows(report)) for report in sorted(shelf.runs)}


def test_a_file_gone_through_in_pieces_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "rows.jsonl"
    write_rows([row(report, number) for report in "abca" for number in range(1 + 20 * (report == "c"), 30)], path, ".jsonl")
    alone, together = Witnesses(), Witnesses()
    whole = shelved(path, tmp_path, 0, alone)
    monkeypatch.setattr(shelves, "PIECE", 3_000)
    monkeypatch.setattr(shelves, "in_order", lambda work, tasks, _: map(work, tasks))
    pieces = shelved(path, tmp_path, 0, together, workers=2)
    assert contents(pieces) == contents(whole)
    assert pieces.models == whole.models
    assert together.rows == alone.rows


@settings(max_examples=30, deadline=None)
@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=12), cut=st.integers(0, 12))
def test_rows_of_a_table_come_back_in_the_order_of_their_keys(rows: list[tuple[object, object]], cut: int) -> None:
    held = Rows(2)
    held.add("later", segment(rows[cut:]))
    held.add("first", segment(rows[:cut]))
    held.arrange(["first", "later"])
    assert [tuple(one) for one in held] == rows
    assert len(held) == len(rows)
    assert b"".join(held.lines()).decode() == "".join(map(csv_line, rows))
    last = [max((KINDS.index(type(one[column])) for one in rows), default=0) for column in (0, 1)]
    assert held.types() == [TYPES[kind] for kind in last]


def dated_rows() -> list[TaggedPassage]:
    years = {"early": "2031", "middle": "2032", "late": "2033"}
    return [
        replace(row(report, number), report_date=year, labels=("stigma",), stance={"stigma": "reported"}, scores={"stigma": 0.9})
        for report, year in years.items()
        for number in range(1, 4)
    ]


def test_the_page_shows_the_latest_reports_and_says_so_and_the_tables_hold_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "MOST_REPORTS", 2)
    found = comparing.compare(dated_rows())
    assert "This page shows 2 of them, those that cover the latest time; all 3 stand in the tables beside it." in found.page
    assert found.page.count("Lamp 1 stands near the river.") == 2  # one quote of each report that is shown
    assert {one for one in found.frame("prevalence")["report"] if one} == {"early", "middle", "late"}
    assert set(found.frame("evidence")["report"]) == {"early", "middle", "late"}


def test_several_processes_compare_alike(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    write_rows(dated_rows(), path, ".jsonl")
    alone, together = comparing.compare([path], workers=1), comparing.compare([path], workers=2)
    assert together.page == alone.page and together.messages == alone.messages
    assert {name: list(table.rows) for name, table in together.tables.items()} == {
        name: list(table.rows) for name, table in alone.tables.items()
    }
