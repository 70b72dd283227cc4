"""CSV of all commands: spreadsheets compute nothing of it, Excel of any country can save it, and it is read back exactly."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from conftest import Done
from ffm.csv_files import FORMULA, csv_text, neutral, plain, read_rows
from ffm.tagging.dataset import read_file
from ffm.tagging.writers import write_rows

CELLS = st.text(st.sampled_from("=+-@\t\r\n';,\"a1 é😀＝")) | st.text()


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=6))
def test_what_is_written_is_read_exactly_and_begins_no_formula(rows: list[list[str]]) -> None:
    text = csv_text(["one", "two"], rows)
    assert text.startswith("\ufeff")
    (_, head), *found = read_rows(io.StringIO(text, newline=""))
    assert head == ["one", "two"]
    assert [cells for _, cells in found] == rows
    stands = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert not any(cell.startswith(FORMULA) for row in stands for cell in row)


@given(CELLS)
def test_a_guard_is_taken_off_where_it_was_put_and_nowhere_else(cell: str) -> None:
    assert plain(neutral(cell)) == cell
    assert neutral(cell) in (cell, f"'{cell}")


@pytest.mark.parametrize("cell", ["'tis", "it's", "", "'"])
def test_apostrophes_of_words_stay(cell: str) -> None:
    assert neutral(cell) == plain(cell) == cell


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("told", [True, False])
def test_what_a_spreadsheet_saved_is_read_by_its_separator(separator: str, told: bool) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows([["one", "two"], ["a,b;c\td", "x\ny"], ["", ""], ["'=1", "2"]])
    text = (f"sep={separator}\r\n" if told else "") + out.getvalue()
    rows = list(read_rows(io.StringIO("\ufeff" + text, newline="")))
    assert [cells for _, cells in rows] == [["one", "two"], ["a,b;c\td", "x\ny"], ["", ""], ["=1", "2"]]
    assert [line - told for line, _ in rows] == [1, 2, 4, 5]


def test_a_tagged_table_comes_back_from_a_european_excel(tagged: Path, tmp_path: Path) -> None:
    rows = read_file(tagged / "all.jsonl")
    texts = ["=cmd|'/C calc'!A0", "'=1+1", "-5 degrees; +2", "@home,\r\nhere"]
    changed = []
    for row, text in zip(rows, texts, strict=False):
        start = row.start
        changed.append(replace(row, text=text, section=text, end=start + len(text), parts=((start, start + len(text)),), sentences=()))
    write_rows(changed, tmp_path / "x.csv", ".csv")
    assert read_file(tmp_path / "x.csv") == changed
    saved = csv.reader(io.StringIO((tmp_path / "x.csv").read_bytes().decode("utf-8-sig"), newline=""))
    with (tmp_path / "saved.csv").open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerows([*saved, [""] * len(changed[0].__struct_fields__)])
    assert read_file(tmp_path / "saved.csv") == changed


def test_all_tables_of_the_commands_begin_with_the_mark_of_utf_8(
    tagged: Path, here: Path, run_ffm: Callable[..., Done], reports: Path
) -> None:
    assert run_ffm("compare", tagged / "all.jsonl", "-o", "compared").code == 0
    assert run_ffm("gold", "template", tagged / "all.jsonl", "-o", "template.csv").code == 0
    for path in (tagged / "all.csv", Path("template.csv"), *Path("compared").glob("*.csv")):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf"), path
