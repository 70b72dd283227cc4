"""Passages are chosen in one way by all commands: by theme, source, country, date, entity and amount."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Done
from ffm.project.reports import Registered
from ffm.records import Entity
from ffm.tagging.filtering import AmountRange, Filter, FilterError, make_filter, read_amount
from ffm.tagging.query import select
from ffm.tagging.writers import write_rows
from rows import row

ENTRIES = {
    "north": Registered(file="north.md", country="NO", covers="2019-06"),
    "south": Registered(file="south.md", country="KE", published="2021"),
    "east": Registered(file="east.md"),
}


def amount(low: float, high: float | None = None, kind: str = "count", **more: Any) -> Entity:
    return Entity(start=0, end=1, label="AMOUNT", text="x", kind=kind, low=low, high=low if high is None else high, **more)


ROWS = [
    row("north", 1, "The nurses said so.", source="Nurses' Union", source_type="ngo", labels=("housing",), date="2019-06-03"),
    row("north", 2, "Forty nurses.", source="Ministry of Health", source_type="state", entities=(amount(40, noun="nurses"),)),
    row("south", 1, "Fees of 200 to 300.", source="Nurses of Ōsaka", entities=(amount(200, 300, "money", currency="KES"),), report_date="2021-02"),
    row("south", 2, "A third.", kind="table", entities=(amount(33, kind="percent"), Entity(start=0, end=5, label="ORG", text="Red Cross", id="rc"))),
    row("east", 1, "Nobody knows when."),
]  # fmt: skip


def found(**asked: Any) -> list[str]:
    wanted = make_filter(ENTRIES, **asked)
    return [item.passage for item in ROWS if wanted.fits(item)]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["north/0001", "north/0002", "south/0001", "south/0002", "east/0001"]),
        ({"theme": "housing"}, ["north/0001"]),
        ({"source": "NURSES"}, ["north/0001", "south/0001"]),
        ({"source": "ōsaka"}, ["south/0001"]),
        ({"source_types": ["ngo", "state"]}, ["north/0001", "north/0002"]),
        ({"countries": ["ke"]}, ["south/0001", "south/0002"]),
        ({"countries": ["NO", "KE"], "source_types": ["state"]}, ["north/0002"]),
        ({"since": "2021"}, ["south/0001", "south/0002"]),
        ({"since": "2021-02"}, ["south/0001", "south/0002"]),
        ({"since": "2021-03"}, ["south/0002"]),
        ({"until": "2019"}, ["north/0001", "north/0002"]),
        ({"since": "2019-06-04", "until": "2020"}, ["north/0002"]),
        ({"entity": "red cro"}, ["south/0002"]),
        ({"entity": "RC"}, ["south/0002"]),
        ({"amount": "30..50"}, ["north/0002", "south/0002"]),
        ({"amount": "30..50 nurses"}, ["north/0002"]),
        ({"amount": "..35 %"}, ["south/0002"]),
        ({"amount": "250 KES"}, ["south/0001"]),
        ({"amount": "300.. KES"}, ["south/0001"]),
        ({"amount": "301.. KES"}, []),
        ({"amount": "250 UGX"}, []),
    ],
)
def test_passages_that_fit_all_that_is_asked_are_wanted(asked: dict[str, Any], expected: list[str]) -> None:
    assert found(**asked) == expected


@pytest.mark.parametrize(
    ("asked", "option", "why"),
    [
        ({"source_types": ["church"]}, "--source-type", "there are state, ngo"),
        ({"countries": ["Norway"]}, "--country", "two letters"),
        ({"countries": ["SE"]}, "--country", "there are reports of KE, NO"),
        ({"since": "last year"}, "--since", "write it as 2022"),
        ({"since": "2022", "until": "2021-05"}, "--until", "turn them round"),
        ({"amount": "much"}, "--amount", "write it as 1000..5000"),
        ({"amount": ".."}, "--amount", "write it as 1000..5000"),
        ({"amount": "50..20"}, "--amount", "turn them round"),
        ({"source": " "}, "--source", "1 to 200 characters"),
        ({"entity": "x" * 201}, "--entity", "1 to 200 characters"),
    ],
)
def test_what_cannot_be_is_refused_by_its_option(asked: dict[str, Any], option: str, why: str) -> None:
    with pytest.raises(FilterError, match=why) as raised:
        make_filter(ENTRIES, **asked)
    assert raised.value.option == option


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("1,000..5,000", AmountRange(1000, 5000)),
        ("..20 %", AmountRange(None, 20, "%")),
        ("1.5.. EUR", AmountRange(1.5, None, "EUR")),
        ("38  children at  risk", AmountRange(38, 38, "children at risk")),
        ("-5..5", AmountRange(-5, 5)),
    ],
)
def test_ranges_are_read(said: str, expected: AmountRange) -> None:
    assert read_amount(said) == expected


@given(st.text(max_size=40))
def test_no_words_break_the_reading_of_a_range(said: str) -> None:
    try:
        read = read_amount(said)
    except FilterError:
        return
    assert read.low is not None or read.high is not None


def test_a_filter_says_what_it_asks_for() -> None:
    assert make_filter(ENTRIES, source="unicef", since="2020", amount="..20 %").told() == "source unicef, since 2020, amount ..20 %"
    assert Filter().is_open and not make_filter(ENTRIES, since="2020").is_open


@pytest.mark.parametrize(
    "asked", [{"source": "ōsaka"}, {"countries": ["NO"], "since": "2019-06-04"}, {"amount": "30..50"}, {"theme": "housing"}]
)
def test_every_format_gives_the_same_passages(tmp_path: Path, asked: dict[str, Any]) -> None:
    wanted = make_filter(ENTRIES, **asked)
    expected = [item.passage for item in ROWS if wanted.fits(item)]
    for suffix in (".jsonl", ".parquet", ".csv"):
        path = tmp_path / f"rows{suffix}"
        write_rows(ROWS, path, suffix)
        assert [item.passage for item in select(path, wanted)] == expected


# The commands


def test_show_filters_files_and_reports_alike(here: Path, run_ffm: Callable[..., Done], reports: Path, tagged: Path) -> None:
    for place in (reports / "bicycles.md", tagged / "all.jsonl"):
        shown = run_ffm("show", place, "--amount", "9000 ALL", "--since", "2021-05", "--entity", "unicef").out
        assert "9,000 lek" in shown and "Q. Who mends" in shown and "Table 1" not in shown
        assert run_ffm("show", place, "--until", "2021-04").out == "no passages fit\n"


def test_show_tells_which_sources_there_are(here: Path, run_ffm: Callable[..., Done], reports: Path) -> None:
    done = run_ffm("show", reports / "bicycles.md", "--source", "bycicle")
    assert done.out == "no passages fit\n"
    assert done.err == 'notice: no source "bycicle"; there are Bicycle Workshop\n'
    there = run_ffm("show", reports / "bicycles.md", "--source", "bicycle", "--until", "1999")
    assert there.err.startswith('notice: "bicycle" is a source here, and none of its passages')


def test_suggest_chooses_among_what_fits(here: Path, run_ffm: Callable[..., Done], refused: Callable[..., str], tagged: Path) -> None:
    done = run_ffm("suggest", tagged / "all.jsonl", "-o", "next.jsonl", "-n", 1, "--amount", "12 beds")
    assert done.code == 0, done.err
    assert "12 beds" in (here / "next.jsonl").read_text(encoding="utf-8")
    assert "no passages fit (amount 13..13 beds)" in refused("suggest", tagged / "all.jsonl", "-o", "no.jsonl", "--amount", "13 beds")


def test_compare_counts_what_fits_and_says_so(here: Path, run_ffm: Callable[..., Done], refused: Callable[..., str], tagged: Path) -> None:
    done = run_ffm("compare", tagged / "all.jsonl", "-o", "page", "--since", "2021", "--entity", "unicef")
    assert done.code == 0, done.err
    assert "page: 1 passages of 1 report compared" in done.out
    assert "only passages that fit (since 2021, entity unicef): 1 of " in done.err
    assert "only passages that fit (since 2021, entity unicef)" in (here / "page" / "comparison.html").read_text(encoding="utf-8")
    assert "no passages to compare fit" in refused("compare", tagged / "all.jsonl", "-o", "none", "--entity", "nobody")
    assert "the scheme has no theme" in refused("compare", tagged / "all.jsonl", "-o", "none", "--theme", "weather", code=2)
    assert not (here / "none").exists()


@pytest.mark.parametrize("command", ["show", "suggest", "compare"])
def test_what_cannot_be_is_a_usage_error_of_every_command(refused: Callable[..., str], here: Path, tagged: Path, command: str) -> None:
    output = () if command == "show" else ("-o", "out.jsonl")
    line = refused(command, tagged / "all.jsonl", *output, "--country", "XX", code=2)
    assert "--country" in line and "no registered report is of XX" in line
