"""Labelling in a spreadsheet: what is marked comes back as gold, what does not fit its report is named by its row."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from ffm.gold.store import read_gold

CREWS = """# Meeting with the Ferry Office

Date: 3 May 2021

**Q. Are the ferries full?**

A. Yes, two ferries carry more people than they may.

**Q. Who checks them?**

A. =Nobody checks them in winter. The harbour master does in summer.
"""
SCHEME = """
id = "ferries"
version = 1
title = "Ferries"
[stances]
reported = "said to be so"
denied = "said not to be so"
[[theme]]
id = "crowding"
name = "Crowding"
group = "core"
stance = true
applies = "too many people"
colour = "#102030"
key = "c"
[[theme]]
id = "checks"
name = "Checks"
group = "topic"
applies = "who checks"
colour = "#302010"
key = "k"
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a project on ferries with one report."""
    for name, content in {
        "ffm.toml": 'name = "ferries"\n',
        "annotations/scheme.toml": SCHEME,
        "raw_text/crews.md": CREWS,
        "raw_text/reports.toml": '[crews]\nfile = "crews.md"\n',
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FFM_RAW_TEXT", raising=False)
    return tmp_path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, rows: list[dict[str, str]], delimiter: str = ",", encoding: str = "utf-8-sig") -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def template(project: Path, run_ffm: Callable) -> Path:
    done = run_ffm("gold", "template", "crews", "-o", "gold.csv")
    assert (done.code, done.err) == (0, "")
    return project / "gold.csv"


def test_a_template_has_a_row_a_passage_with_its_question_and_a_column_a_theme(template: Path) -> None:
    rows = rows_of(template)
    assert [row["question"] for row in rows] == ["**Q. Are the ferries full?**", "**Q. Who checks them?**"]
    assert list(rows[0])[-3:] == ["read", "crowding", "checks"]
    assert not any(row["text"].startswith(("=", "+", "-", "@")) for row in rows)


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-16")])
def test_marks_come_back_as_gold(template: Path, run_ffm: Callable, delimiter: str, encoding: str) -> None:
    rows = rows_of(template)
    rows[0]["crowding"], rows[1]["read"] = "X", "x"
    write_rows(template, rows, delimiter, encoding)
    done = run_ffm("gold", "read", "gold.csv", "-a", "first reader")
    assert (done.code, done.err) == (0, "")
    header, records = read_gold(Path("annotations/gold/crews.jsonl"))
    assert (header.annotator, header.made_by, header.verified, header.scheme) == ("first reader", "human annotator", True, 1)
    assert [(record.themes, record.stance, record.unit) for record in records] == [
        (("crowding",), {"crowding": "reported"}, "passage"),
        ((), {}, "passage"),
    ]
    for record, row in zip(records, rows, strict=True):
        assert CREWS[record.start : record.end] == row["text"].removeprefix("'")


def test_rows_without_a_mark_are_not_gold_and_a_later_reading_replaces_the_earlier(template: Path, run_ffm: Callable) -> None:
    rows = rows_of(template)
    rows[0]["crowding"] = "denied"
    write_rows(template, rows)
    assert "1 labelled passages of 1 report, 1 not read yet" in run_ffm("gold", "read", "gold.csv").out
    rows[0]["crowding"], rows[1]["checks"] = "reported", "1"
    write_rows(template, rows)
    assert run_ffm("gold", "read", "gold.csv").code == 0
    _, records = read_gold(Path("annotations/gold/crews.jsonl"))
    assert [record.stance for record in records] == [{"crowding": "reported"}, {}]


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("crowding", "perhaps", '"perhaps" under crowding is no mark; write x or one of reported, denied'),
        ("checks", "denied", '"denied" under checks is no mark; write x, or'),
        ("read", "later", '"later" under read is no mark'),
        ("text", "Another text.", "its text does not stand at"),
        ("start", "two", 'start "two" or end'),
        ("start", "-4", "its text does not stand at"),
        ("report", "boats", '"boats" is no registered report'),
    ],
)
def test_a_row_that_does_not_fit_is_named_and_the_others_are_read(
    template: Path, run_ffm: Callable, column: str, value: str, why: str
) -> None:
    rows = rows_of(template)
    for row in rows:
        row["checks"] = "x"
    rows[0][column] = value
    write_rows(template, rows)
    done = run_ffm("gold", "read", "gold.csv")
    assert done.code == 1
    (line,) = done.errors
    assert line.startswith("error: gold.csv: row 2: ") and why in line
    _, records = read_gold(Path("annotations/gold/crews.jsonl"))
    assert len(records) == 1


def test_a_row_that_stands_twice_is_named(template: Path, run_ffm: Callable) -> None:
    rows = rows_of(template)
    rows[0]["checks"] = "x"
    write_rows(template, [rows[0], rows[0]])
    assert "stands twice" in run_ffm("gold", "read", "gold.csv").err


def test_a_sheet_of_another_scheme_is_refused(template: Path, refused: Callable) -> None:
    rows = [{key: value for key, value in row.items() if key != "checks"} for row in rows_of(template)]
    write_rows(template, rows)
    assert 'has no column "checks" of the scheme ferries' in refused("gold", "read", "gold.csv")
    write_rows(template, [{**row, "checks": "", "weather": ""} for row in rows])
    assert 'the scheme ferries has no theme "weather"' in refused("gold", "read", "gold.csv")


def test_gold_of_others_is_not_mixed_with(template: Path, run_ffm: Callable) -> None:
    rows = rows_of(template)
    rows[0]["checks"] = "x"
    write_rows(template, rows)
    assert run_ffm("gold", "read", "gold.csv", "-a", "one").code == 0
    before = Path("annotations/gold/crews.jsonl").read_bytes()
    done = run_ffm("gold", "read", "gold.csv", "-a", "two")
    assert done.code == 1 and "holds other annotations (one, human annotator" in done.err
    assert Path("annotations/gold/crews.jsonl").read_bytes() == before


def test_a_template_of_what_suggest_chose_has_these_rows_only(project: Path, run_ffm: Callable) -> None:
    assert run_ffm("gold", "template", "crews", "-o", "first.csv", "-n", "1").code == 0
    assert len(rows_of(project / "first.csv")) == 1
