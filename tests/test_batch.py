"""Tagging many reports: the columns of the contract, the same bytes however it is run, nothing half, a killed run goes on."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from ffm.csv_files import plain
from ffm.ingest import read_report
from ffm.records import TaggedPassage
from ffm.tagging import batch
from ffm.tagging import report as tagging

CONTRACT = [
    "report",
    "passage",
    "kind",
    "start",
    "end",
    "section",
    "source",
    "source_type",
    "date",
    "page",
    "question",
    "question_start",
    "parts",
    "text",
    "entities",
    "question_entities",
    "scores",
    "labels",
    "stance",
    "scheme",
    "model",
    "part",
    "paragraph",
    "section_path",
    "quoted_source",
    "report_date",
    "sentences",
    "question_scores",
    "source_id",
    "in_training",
    "words",
]
EXTRA = {"date_conflict", "question_parts"}
NESTED = {
    "parts",
    "question_parts",
    "entities",
    "question_entities",
    "scores",
    "labels",
    "stance",
    "section_path",
    "sentences",
    "question_scores",
}


def json_rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def left_beside(output: Path) -> list[str]:
    """Return the names of what was left beside an output: parts and kept reports."""
    return sorted(path.name for path in output.parent.iterdir() if path.name.startswith(f".{output.name}"))


def test_every_column_of_the_contract_is_there_in_its_order(tagged: Path) -> None:
    for columns in (
        list(json_rows(tagged / "all.jsonl")[0]),
        list(pd.read_parquet(tagged / "all.parquet").columns),
        next(csv.reader((tagged / "all.csv").open(encoding="utf-8-sig", newline=""))),
    ):
        assert [column for column in columns if column not in EXTRA] == CONTRACT
        assert tuple(columns) == TaggedPassage.__struct_fields__


def test_jsonl_parquet_and_csv_hold_the_same_rows(tagged: Path) -> None:
    rows = json_rows(tagged / "all.jsonl")
    flat = [{key: json.dumps(value, ensure_ascii=False) if key in NESTED else value for key, value in row.items()} for row in rows]
    table = pd.read_parquet(tagged / "all.parquet")
    assert table.astype(object).where(table.notna(), None).to_dict("records") == flat
    with (tagged / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [{key: plain(cell) for key, cell in row.items()} for row in csv.DictReader(file)]
    assert cells == [
        {key: "" if value is None else str(value).lower() if isinstance(value, bool) else str(value) for key, value in row.items()}
        for row in flat
    ]


def test_nested_columns_are_json_strings_in_parquet_and_csv(tagged: Path) -> None:
    rows = json_rows(tagged / "all.jsonl")
    table = pd.read_parquet(tagged / "all.parquet")
    with (tagged / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = list(csv.DictReader(file))
    for column in NESTED:
        expected = [row[column] for row in rows]
        assert [json.loads(value) for value in table[column]] == expected
        assert [json.loads(row[column]) for row in cells] == expected


def test_columns_of_parquet_have_one_type_even_where_all_cells_are_empty(here: Path, run_ffm: Callable, tagged: Path) -> None:
    import pyarrow.parquet

    (here / "one.md").write_text("A line.\n", encoding="utf-8")
    assert run_ffm("tag", "one.md", "-o", "one.parquet").code == 0
    assert pyarrow.parquet.read_schema("one.parquet").equals(pyarrow.parquet.read_schema(tagged / "all.parquet"))


def test_every_row_quotes_its_report(tagged: Path, reports: Path) -> None:
    texts = {path.stem: read_report(path).text for path in reports.iterdir()}
    rows = json_rows(tagged / "all.jsonl")
    assert {row["report"] for row in rows} == set(texts)
    for row in rows:
        text = texts[row["report"]]
        assert row["text"] == " ".join(text[start:end] for start, end in row["parts"])
        assert (row["start"], row["end"]) == (row["parts"][0][0], row["parts"][-1][1])
        if row["question"] is not None:
            assert row["question"] == " ".join(text[start:end] for start, end in row["question_parts"])
            assert row["question_start"] == row["question_parts"][0][0]
        for entity in row["entities"] + row["question_entities"]:
            assert entity["text"] == " ".join(text[start:end] for start, end in entity.get("parts") or [[entity["start"], entity["end"]]])
    assert any(row["entities"] for row in rows)


def test_rows_stand_in_the_order_of_the_text_and_ids_are_unique(tagged: Path) -> None:
    rows = json_rows(tagged / "all.jsonl")
    for report in {row["report"] for row in rows}:
        mine = [row for row in rows if row["report"] == report]
        assert [row["start"] for row in mine] == sorted(row["start"] for row in mine)
    assert len({row["passage"] for row in rows}) == len(rows)


def test_answer_that_a_page_break_interrupts_is_one_row_with_two_parts(tagged: Path) -> None:
    (row,) = [row for row in json_rows(tagged / "all.jsonl") if len(row["parts"]) > 1]
    assert row["kind"] == "answer"
    assert row["text"].endswith("and the village turns its back on them.")


def test_footnotes_and_tables_have_no_themes_and_other_kinds_have_all_scores(tagged: Path) -> None:
    for row in json_rows(tagged / "all.jsonl"):
        assert bool(row["scores"]) == (row["kind"] in ("answer", "paragraph", "list"))
        assert set(row["labels"]) <= set(row["scores"])
        assert set(row["stance"]) <= set(row["labels"])


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_bytes_are_the_same_for_every_number_of_workers_and_on_every_run(
    here: Path, run_ffm: Callable, reports: Path, tagged: Path, workers: int
) -> None:
    done = run_ffm("tag", reports, "-o", "again.jsonl", "-j", workers)
    assert done.code == 0, done.err
    assert (here / "again.jsonl").read_bytes() == (tagged / "all.jsonl").read_bytes()


def test_parquet_and_csv_have_the_same_bytes_on_every_run(here: Path, run_ffm: Callable, reports: Path, tagged: Path) -> None:
    for suffix in ("parquet", "csv"):
        assert run_ffm("tag", reports, "-o", f"again.{suffix}").code == 0
        assert (here / f"again.{suffix}").read_bytes() == (tagged / f"all.{suffix}").read_bytes()


def test_file_named_twice_is_tagged_once(here: Path, run_ffm: Callable, reports: Path, tagged: Path) -> None:
    link = here / "link"
    link.symlink_to(reports)
    done = run_ffm("tag", reports, reports / "lake.md", link / "line.txt", "-o", "again.jsonl")
    assert done.code == 0
    assert all(line.startswith("notice: given to ") for line in done.errors), done.err  # shares of themes; no word of a file named twice
    assert (here / "again.jsonl").read_bytes() == (tagged / "all.jsonl").read_bytes()


def test_folder_leaves_out_its_readme_its_hidden_files_and_its_folders(here: Path, run_ffm: Callable) -> None:
    folder = here / "in"
    (folder / "deeper.md").mkdir(parents=True)
    for name in ("README.md", ".draft.md", "notes.csv", "kept.MD"):
        (folder / name).write_text("A line.\n", encoding="utf-8")
    assert run_ffm("tag", folder, "-o", "out.jsonl").code == 0
    assert {row["report"] for row in json_rows(here / "out.jsonl")} == {"kept"}


def test_output_is_replaced_when_a_run_ends_well_and_nothing_else_is_left(
    here: Path, run_ffm: Callable, reports: Path, tagged: Path
) -> None:
    (here / "out.jsonl").write_text("before", encoding="utf-8")
    assert run_ffm("tag", reports, "-o", "out.jsonl").code == 0
    assert (here / "out.jsonl").read_bytes() == (tagged / "all.jsonl").read_bytes()
    assert left_beside(here / "out.jsonl") == []


def test_output_that_is_a_symbolic_link_stays_one(here: Path, run_ffm: Callable, reports: Path, tagged: Path) -> None:
    (here / "disk").mkdir()
    (here / "out.jsonl").symlink_to(here / "disk" / "data.jsonl")
    assert run_ffm("tag", reports, "-o", "out.jsonl").code == 0
    assert (here / "out.jsonl").is_symlink()
    assert (here / "disk" / "data.jsonl").read_bytes() == (tagged / "all.jsonl").read_bytes()
    assert [path.name for path in (here / "disk").iterdir()] == ["data.jsonl"]


def test_full_disk_is_one_line_and_the_output_of_before_stays(
    here: Path, refused: Callable, reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half_then_full(rows: object, path: Path, suffix: str) -> None:
        path.write_text("half", encoding="utf-8")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(batch, "write_rows", half_then_full)
    (here / "out.jsonl").write_text("before", encoding="utf-8")
    assert "out.jsonl: cannot be written (No space left on device)" in refused("tag", reports / "line.txt", "-o", "out.jsonl")
    assert (here / "out.jsonl").read_text(encoding="utf-8") == "before"
    assert left_beside(here / "out.jsonl") == []


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=lambda sent: sent.name)
def test_interrupt_is_one_line_and_leaves_nothing_half(
    here: Path, refused: Callable, reports: Path, monkeypatch: pytest.MonkeyPatch, sent: signal.Signals
) -> None:
    def half_then_stopped(rows: object, path: Path, suffix: str) -> None:
        path.write_text("half", encoding="utf-8")
        signal.raise_signal(sent)

    monkeypatch.setattr(batch, "write_rows", half_then_stopped)
    (here / "out.jsonl").write_text("before", encoding="utf-8")
    assert "stopped" in refused("tag", reports / "line.txt", "-o", "out.jsonl", code=130)
    assert (here / "out.jsonl").read_text(encoding="utf-8") == "before"
    assert left_beside(here / "out.jsonl") == []


def test_run_that_was_interrupted_between_reports_tags_only_the_rest(
    here: Path, run_ffm: Callable, reports: Path, tagged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish, finished = tagging.finish, []

    def stop_at_the_third(prepared: object, readings: object, origin: object) -> object:
        finished.append(prepared)
        if len(finished) == 3:
            raise KeyboardInterrupt
        return finish(prepared, readings, origin)

    monkeypatch.setattr(tagging, "finish", stop_at_the_third)
    assert run_ffm("tag", reports, "-o", "out.jsonl").code == 130
    assert left_beside(here / "out.jsonl") == [".out.jsonl.kept"]
    assert run_ffm("tag", reports, "-o", "out.jsonl").code == 0
    assert len(finished) == 4
    assert (here / "out.jsonl").read_bytes() == (tagged / "all.jsonl").read_bytes()
    assert left_beside(here / "out.jsonl") == []


# The command, which says when it has kept a report and then waits to be stopped.
WAITING = """
import time
from ffm.tagging import parts
from ffm.cli import main

keep = parts.Parts.write

def keep_and_wait(self, report, data):
    keep(self, report, data)
    print("kept", flush=True)
    time.sleep(100)

parts.Parts.write = keep_and_wait
if __name__ == "__main__":
    main()
"""


def running(group: int) -> list[str]:
    """Return the processes of a group that still run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, owner = path.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(owner) == group and state != "Z":
            found.append(path.parent.name)
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL], ids=lambda sent: sent.name)
def test_stopped_run_with_workers_leaves_no_process_and_the_next_run_gives_the_same_bytes(
    here: Path, run_ffm: Callable, reports: Path, tagged: Path, sent: signal.Signals
) -> None:
    (here / "waiting.py").write_text(WAITING, encoding="utf-8")
    output = here / "out.jsonl"
    words = [sys.executable, "waiting.py", "tag", reports, "-o", output, "-j", "2"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline() == "kept\n", process.stderr.read()
        if sent is signal.SIGINT:
            os.killpg(process.pid, sent)  # as a terminal sends Ctrl-C: to the workers too
        else:
            process.kill()
        _, err = process.communicate(timeout=120)
    if sent is signal.SIGKILL:
        assert process.returncode == -signal.SIGKILL
    else:
        assert (process.returncode, err.splitlines()[-1]) == (130, "error: stopped; run the same command again to go on")
    until = time.monotonic() + 60
    while running(process.pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert running(process.pid) == []
    assert left_beside(output) == [".out.jsonl.kept"]
    assert not output.exists()
    assert run_ffm("tag", reports, "-o", output).code == 0
    assert output.read_bytes() == (tagged / "all.jsonl").read_bytes()
    assert left_beside(output) == []


def test_kept_report_counts_for_the_same_text_only(here: Path, run_ffm: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*values: object) -> None:
        raise KeyboardInterrupt

    for name in ("a.md", "b.md"):
        (here / name).write_text("Two boats.\n", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(batch, "write_rows", stop)
        assert run_ffm("tag", "a.md", "b.md", "-o", "out.jsonl").code == 130
    (here / "b.md").write_text("Three boats.\n", encoding="utf-8")
    assert run_ffm("tag", "a.md", "b.md", "-o", "out.jsonl").code == 0
    assert [row["text"] for row in json_rows(here / "out.jsonl")] == ["Two boats.", "Three boats."]
    assert left_beside(here / "out.jsonl") == []


def test_kept_report_that_is_damaged_is_tagged_again(
    here: Path, run_ffm: Callable, reports: Path, tagged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*values: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(batch, "write_rows", stop)
        assert run_ffm("tag", reports, "-o", "out.jsonl").code == 130
    kept = list((here / ".out.jsonl.kept").glob("*.jsonl"))
    assert len(kept) == 3
    for path in kept:
        path.write_bytes(path.read_bytes()[:100])
    assert run_ffm("tag", reports, "-o", "out.jsonl").code == 0
    assert (here / "out.jsonl").read_bytes() == (tagged / "all.jsonl").read_bytes()
    assert left_beside(here / "out.jsonl") == []


@pytest.mark.parametrize("step", ["prepare", "read_texts", "finish"])
def test_fault_in_one_report_is_named_and_the_others_are_done(
    here: Path, refused: Callable, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    work = getattr(tagging, step)

    def fail_at_bad(*values: object) -> object:
        if "bad boats" in repr(values):
            raise ZeroDivisionError("two\nlines")
        return work(*values)

    monkeypatch.setattr(tagging, step, fail_at_bad)
    for name in ("good", "bad", "better"):
        (here / f"{name}.md").write_text(f"Some {name} boats.\n", encoding="utf-8")
    line = refused("tag", "good.md", "bad.md", "better.md", "-o", "out.jsonl")
    assert line.startswith("bad.md: cannot be tagged (ZeroDivisionError: two lines); ")
    assert [row["report"] for row in json_rows(here / "out.jsonl")] == ["good", "better"]
    assert left_beside(here / "out.jsonl") == []
