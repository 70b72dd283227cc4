"""Workbooks: three sheets with all that was marked, in which nothing is computed and nothing is too long for Excel."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from conftest import Done
from ffm.errors import OutputError
from ffm.workbook import CUT, MAX_CELL, fitting, write_workbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def rows_of(path: Path, sheet: int) -> list[dict[str, str | float]]:
    """Return the rows of a sheet by column; the sheets are read as the standard tells them."""
    with zipfile.ZipFile(path) as archive:
        assert not any("externalLink" in name or "vba" in name for name in archive.namelist())
        tree = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{sheet}.xml"))
    assert tree.find(f".//{MAIN}f") is None
    table = []
    for row in tree.iter(f"{MAIN}row"):
        cells: dict[str, str | float] = {}
        for cell in row.iter(f"{MAIN}c"):
            column = re.sub(r"\d", "", cell.get("r", ""))
            text = "".join(part.text or "" for part in cell.iter(f"{MAIN}t"))
            cells[column] = text if cell.get("t") == "inlineStr" else float(cell.findtext(f"{MAIN}v") or "nan")
        table.append(cells)
    head, *rows = table
    return [{str(head[column]): value for column, value in row.items()} for row in rows]


def test_tagged_reports_are_three_sheets(run_ffm: Callable[..., Done], tagged: Path, here: Path) -> None:
    done = run_ffm("export", tagged / "all.jsonl", "--format", "xlsx", "-o", "x.xlsx")
    assert (done.code, done.err) == (0, "")
    passages, entities, themes = (rows_of(Path("x.xlsx"), number) for number in (1, 2, 3))
    texts = {row["passage"]: row["text"] for row in passages}
    assert any(str(text).startswith("- The MoB") for text in texts.values())
    (price,) = (row for row in entities if row["quote"] == "9,000 lek")
    assert (price["label"], price["low"], price["currency"]) == ("AMOUNT", 9000.0, "ALL")
    assert all(row["text"] == texts[row["passage"]] for row in themes)
    assert {row["passage"] for row in themes} == {row["passage"] for row in passages if row.get("themes")}
    first = Path("x.xlsx").read_bytes()
    assert run_ffm("export", tagged / "all.jsonl", "--format", "xlsx", "-o", "x.xlsx").code == 0
    assert Path("x.xlsx").read_bytes() == first


@pytest.mark.parametrize("text", ["=1+1", "'=1", "-5", "http://example.org", "+49", "0012", "_x0041_", "a\tb\nc", "😀", "{=1}", "<&>"])
def test_a_text_stands_as_it_is(tmp_path: Path, text: str) -> None:
    assert write_workbook(tmp_path / "x.xlsx", {"one": (["text", "n"], [[text, 7], [None, 0.5]])}) == 0
    stands, empty = rows_of(tmp_path / "x.xlsx", 1)
    assert str(stands["text"]).replace("_x005F_x", "_x") == text
    assert (stands["n"], empty) == (7.0, {"n": 0.5})


def test_what_excel_cannot_hold_is_cut_and_counted(tmp_path: Path) -> None:
    long = "😀" * MAX_CELL
    assert write_workbook(tmp_path / "x.xlsx", {"one": (["text"], [[long], ["a\x00\ufffe\ud800b"]])}) == 1
    cut, odd = rows_of(tmp_path / "x.xlsx", 1)
    assert str(cut["text"]).endswith("😀" + CUT)
    assert len(str(cut["text"]).encode("utf-16-le")) // 2 <= MAX_CELL
    assert odd["text"] == "a\ufffd\ufffd\ufffdb"
    assert fitting("short") == "short"


def test_a_sheet_with_too_many_rows_is_refused_and_the_old_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ffm.workbook.MAX_ROWS", 2)
    (tmp_path / "x.xlsx").write_text("before")
    with pytest.raises(OutputError, match="the sheet one would have more than 2 rows"):
        write_workbook(tmp_path / "x.xlsx", {"one": (["n"], [[1], [2], [3]])})
    assert (tmp_path / "x.xlsx").read_text() == "before"


def test_a_workbook_is_not_read_back(here: Path, refused: Callable[..., str]) -> None:
    (here / "x.xlsx").write_bytes(b"PK")
    assert "is written and not read back" in refused("import", "x.xlsx", "--format", "xlsx", "-o", "back")
