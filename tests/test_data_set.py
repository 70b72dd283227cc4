"""A data set that is a folder: real nested types, only what is new is tagged, one run at a time, asked in SQL."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ffm.records import Entity, Period, Sentence, TaggedPassage
from ffm.tagging import batch
from ffm.tagging import report as tagging
from ffm.tagging.columns import schema_of, to_plain, to_table
from ffm.tagging.dataset import read_file
from ffm.tagging.filtering import AmountRange, Filter
from ffm.tagging.parts import Parts
from ffm.tagging.query import select
from ffm.tagging.report import CHUNK
from ffm.tagging.task import Tagged, Task, tag_task

KILLS = 10  # each with its second run takes ten seconds or more


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def data_set(here: Path, run_ffm: Callable, reports: Path) -> Path:
    """Return the tagged reports as a folder."""
    done = run_ffm("tag", reports, "-o", "set")
    assert done.code == 0, done.err
    return here / "set"


def test_folder_holds_a_file_for_each_report_and_a_manifest_and_the_same_rows_as_a_single_file(data_set: Path, tagged: Path) -> None:
    assert set(files_of(data_set)) == {"bicycles.parquet", "lake.parquet", "line.parquet", "_manifest.json", ".lock"}
    manifest = json.loads((data_set / "_manifest.json").read_bytes())
    assert set(manifest["reports"]) == {"bicycles", "lake", "line"}
    assert manifest["reports"]["lake"].keys() == {"file", "digest", "version", "scheme", "model", "passages", "words"}
    assert read_file(data_set) == read_file(tagged / "all.jsonl")


def test_nested_columns_are_lists_structs_and_maps(data_set: Path) -> None:
    schema = pyarrow.parquet.read_schema(data_set / "lake.parquet")
    assert schema.names == list(TaggedPassage.__struct_fields__)
    assert schema.field("parts").type.value_type == pa.struct(
        [pa.field("start", pa.int64(), nullable=False), pa.field("end", pa.int64(), nullable=False)]
    )
    assert pa.types.is_map(schema.field("scores").type)
    assert {"start", "text", "low", "period"} <= {field.name for field in schema.field("entities").type.value_type}
    assert {"words", "from", "to"} == {field.name for field in schema.field("entities").type.value_type.field("period").type}


texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
ranges = st.tuples(st.integers(0, 10**9), st.integers(0, 10**9))
numbers = (
    st.none() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False).filter(lambda value: not value.is_integer())
)
entities = st.builds(
    Entity,
    start=st.integers(0, 99),
    end=st.integers(0, 99),
    label=texts,
    text=texts,
    parts=st.lists(ranges, max_size=2).map(tuple),
    low=numbers,
    high=numbers,
    period=st.none() | st.builds(Period, words=texts, start=st.none() | texts),
)


@settings(max_examples=60)
@given(
    st.lists(entities, max_size=3).map(tuple),
    st.dictionaries(texts, st.floats(0, 1), max_size=3),
    st.lists(
        st.builds(Sentence, st.integers(0, 9), st.integers(0, 9), st.dictionaries(texts, st.floats(0, 1), max_size=2)), max_size=3
    ).map(tuple),
    st.none() | texts,
)
def test_rows_come_back_from_arrow_as_they_were(
    found: tuple[Entity, ...], scores: dict[str, float], sentences: tuple[Sentence, ...], source: str | None
) -> None:
    plain = {"report": "a", "passage": "a/1", "kind": "list", "start": 0, "end": 1, "section": None, "source": source, "source_type": "ngo"}
    plain |= {"date": None, "date_conflict": None, "page": None, "question": None, "question_start": None, "question_parts": []}
    row = msgspec.convert({**plain, "parts": [(0, 1)], "text": "x"}, TaggedPassage)
    row = msgspec.structs.replace(row, entities=found, scores=scores, sentences=sentences)
    (back,) = to_plain(to_table([row]).to_batches())
    assert msgspec.convert(back, TaggedPassage) == row


def test_schema_follows_from_the_record() -> None:
    class Later(TaggedPassage, frozen=True):
        cited_by: tuple[str, ...] = ()
        seen: bool = False

    schema = schema_of(Later)
    assert schema.field("cited_by").type == pa.list_(pa.string())
    assert schema.field("seen").type == pa.bool_()


@pytest.mark.parametrize("workers", [1, 2])
def test_bytes_are_the_same_for_every_number_of_workers(here: Path, run_ffm: Callable, reports: Path, data_set: Path, workers: int) -> None:
    assert run_ffm("tag", reports, "-o", "again.dataset", "-j", workers).code == 0
    assert files_of(here / "again.dataset") == files_of(data_set)


def test_only_what_is_new_or_changed_is_tagged(
    here: Path, run_ffm: Callable, reports: Path, data_set: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def noted(task: Task) -> Tagged | str:
        done.append(task.path.name)
        return tag_task(task)

    monkeypatch.setattr(batch, "tag_task", noted)
    before = files_of(data_set)
    mine = Path(shutil.copytree(reports, here / "in"))
    assert run_ffm("tag", mine, "-o", "set").code == 0
    assert done == []
    assert files_of(data_set) == before
    (mine / "line.txt").write_text("Two nurses work in Shkodra.\n", encoding="utf-8")
    (mine / "new.md").write_text("Three nurses work in Vlora.\n", encoding="utf-8")
    assert run_ffm("tag", mine, "-o", "set").code == 0
    assert sorted(done) == ["line.txt", "new.md"]
    assert {name for name, data in files_of(data_set).items() if before.get(name) != data} == {
        "line.parquet",
        "new.parquet",
        "_manifest.json",
    }
    done.clear()
    assert run_ffm("tag", mine / "new.md", "-o", "set", "--sparse").code == 0
    assert done == ["new.md"]


def test_damaged_part_is_tagged_again(run_ffm: Callable, reports: Path, data_set: Path) -> None:
    before = files_of(data_set)
    (data_set / "lake.parquet").write_bytes(before["lake.parquet"][:200])
    assert run_ffm("tag", reports, "-o", "set").code == 0
    assert files_of(data_set) == before


def test_reports_whose_names_differ_in_case_only_or_are_long_have_files_apart(tmp_path: Path) -> None:
    names = ["lake", "Lake", "LAKE", "x" * 150, "x" * 151, "søen", ".lake", "_lake", "a/b"]
    places = [Parts(tmp_path, ".parquet").place(name) for name in names]
    assert len({place.name.lower() for place in places}) == len(names)
    assert all(place.parent == tmp_path and len(place.name) < 130 and not place.name.startswith((".", "_")) for place in places)


HOLDING = """
import sys, time
from pathlib import Path
from ffm.tagging.parts import opened
with opened(Path(sys.argv[1]), ".parquet", Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(100)
"""


def test_two_runs_on_one_data_set_exclude_each_other_and_a_killed_one_holds_nothing(
    run_ffm: Callable, refused: Callable, reports: Path, data_set: Path
) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDING, data_set], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        assert refused("tag", reports, "-o", "set") == "set: another run is writing to it; wait until it is done, or name another place"
        other.kill()
    assert run_ffm("tag", reports, "-o", "set").code == 0


def test_full_disk_is_one_line_and_what_was_done_stays(
    here: Path, refused: Callable, run_ffm: Callable, reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, written = Path.write_bytes, []

    def full_at_the_second(path: Path, data: bytes) -> int:
        if path.name.endswith(".part"):
            written.append(path)
            if len(written) == 2:
                write(path, data[:100])
                raise OSError(28, "No space left on device")
        return write(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full_at_the_second)
        assert "cannot be written (No space left on device)" in refused("tag", reports, "-o", "set")
    assert sorted(files_of(here / "set")) == [".lock", "lake.parquet"]
    assert run_ffm("tag", reports, "-o", "set").code == 0
    assert {row.report for row in read_file(here / "set")} == {"bicycles", "lake", "line"}


def test_folder_that_cannot_be_written_is_one_line(refused: Callable, reports: Path, locked: Path) -> None:
    assert f"{locked / 'set'}: cannot be written (" in refused("tag", reports, "-o", locked / "set")


def test_nothing_is_left_where_nothing_could_be_read(here: Path, refused: Callable) -> None:
    refused("tag", "missing.md", "-o", "set")
    assert list(here.iterdir()) == []


def die_at_bad(task: Task) -> Tagged | str:
    if task.path.stem == "bad":
        os.kill(os.getpid(), signal.SIGKILL)
    return tag_task(task)


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_report_that_kills_its_worker_is_refused_by_name_and_the_rest_is_done(
    here: Path, refused: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "tag_task", die_at_bad)
    for name in ("good", "bad", "better"):
        (here / f"{name}.md").write_text(f"Some {name} boats.\n", encoding="utf-8")
    line = refused("tag", "good.md", "bad.md", "better.md", "-o", "set", "-j", 2)
    assert line.startswith("bad.md: what tagged it was killed, alone too (out of memory?); ")
    assert {passage.report for passage in read_file(here / "set")} == {"good", "better"}


@pytest.fixture
def long_report(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a report of three chunks of texts and a few, which is divided like one of many."""
    monkeypatch.setattr(batch, "DIVIDED_BYTES", 1)
    path = here / "long.md"
    path.write_text("".join(f"The Harbour Board of Vlora counted {number} boats.\n\n" for number in range(3 * CHUNK + 7)), encoding="utf-8")
    return path


def test_long_report_is_read_in_pieces_by_several_processes_and_its_bytes_are_the_same(
    here: Path, run_ffm: Callable, long_report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "short.md").write_text("A boat.\n", encoding="utf-8")
    assert run_ffm("tag", "long.md", "short.md", "-o", "one").code == 0
    handed: list[Task] = []
    taken = batch.Run.take

    def noted(run: batch.Run, task: Task, result: object) -> None:
        handed.append(task)
        taken(run, task, result)

    monkeypatch.setattr(batch.Run, "take", noted)
    assert run_ffm("tag", "long.md", "short.md", "-o", "two", "-j", 2).code == 0
    assert sum(task.pieces > 1 and not task.read for task in handed) == 8
    assert sum(bool(task.read) for task in handed) == 1
    assert files_of(here / "two") == files_of(here / "one")


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_divided_report_that_kills_its_worker_is_named_once(
    here: Path, refused: Callable, long_report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "tag_task", die_at_bad)
    long_report.rename(here / "bad.md")
    (here / "good.md").write_text("Some good boats.\n", encoding="utf-8")
    line = refused("tag", "bad.md", "good.md", "-o", "set", "-j", 2)
    assert line.startswith("bad.md: what tagged it was killed, alone too (out of memory?); ")
    assert {passage.report for passage in read_file(here / "set")} == {"good"}


@pytest.mark.parametrize("pieces", [1, 2, 3, 5, 9])
def test_what_is_read_in_pieces_stands_in_the_order_of_the_texts(pieces: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagging, "read_texts", lambda nlp, texts: list(texts))
    for count in (0, 1, CHUNK, 5 * CHUNK, 5 * CHUNK + 1):
        texts = list(range(count))
        assert tagging.in_order([tagging.read_piece(None, texts, piece, pieces) for piece in range(pieces)]) == texts


@pytest.mark.slow
def test_run_that_is_killed_at_any_moment_goes_on_and_gives_the_same_bytes(here: Path, reports: Path, data_set: Path) -> None:
    moments = random.Random(7)
    words = [sys.executable, "-c", "from ffm.cli import main; main()", "tag", str(reports), "-o"]
    for number in range(KILLS):
        output = here / f"set{number}"
        with subprocess.Popen([*words, str(output)], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
            time.sleep(moments.uniform(1.5, 6))
            process.kill()
        assert subprocess.run([*words, str(output)], capture_output=True, check=False).returncode == 0
        assert files_of(output) == files_of(data_set)


@pytest.mark.slow
def test_cluster_gives_the_same_bytes_without_seeing_the_files(
    here: Path, run_ffm: Callable, reports: Path, data_set: Path, cluster: str
) -> None:
    (here / "bad.md").write_text(" ", encoding="utf-8")
    done = run_ffm("tag", reports, "bad.md", "-o", "far", "--scheduler", cluster)
    assert [line for line in done.errors if line.startswith("error")] == [
        "error: bad.md: holds no text; check that the right file was saved"
    ]
    assert files_of(here / "far") == files_of(data_set)


# Reading


def test_passages_are_selected_by_theme_source_and_kind(data_set: Path, tagged: Path) -> None:
    rows = read_file(tagged / "all.jsonl")
    theme = next(label for row in rows for label in row.labels)
    source = next(row.source for row in rows if row.source)
    for wanted in (
        Filter(theme=theme),
        Filter(source=source.upper()[:4]),
        Filter(kinds=("list", "table")),
        Filter(theme, source, ("answer",)),
        Filter(reports=frozenset({"lake"})),
        Filter(since="2021-05", until="2021"),
        Filter(entity="unicef"),
        Filter(amount=AmountRange(12, 15)),
        Filter(source="workshop", amount=AmountRange(None, None, "ALL")),
    ):
        expected = [row for row in rows if wanted.fits(row)]
        assert 0 < len(expected) < len(rows)
        assert list(select(data_set, wanted)) == expected
        assert list(select(tagged / "all.parquet", wanted)) == expected


def test_query_answers_from_folders_and_single_files_alike(run_ffm: Callable, data_set: Path, tagged: Path) -> None:
    sql = "select label, count(*) as n, min(low) as low from entities group by label order by label"
    answers = {run_ffm("query", path, sql).out for path in (data_set, tagged / "all.jsonl", tagged / "all.parquet", tagged / "all.csv")}
    (answer,) = answers
    assert answer.splitlines()[0].split() == ["label", "n", "low"]
    assert "AMOUNT" in answer


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_query_writes_its_answer_into_a_file(here: Path, run_ffm: Callable, data_set: Path, suffix: str) -> None:
    done = run_ffm("query", data_set, "select report, passage, entities from passages", "-o", f"answer{suffix}")
    assert done.out == f"answer{suffix}: {len(read_file(data_set))} rows\n"
    assert (here / f"answer{suffix}").stat().st_size


@pytest.mark.parametrize("sql", ["selekt 1", "select nothing from passages", "select * from read_csv('no.csv')"])
def test_query_that_is_none_is_one_line(refused: Callable, data_set: Path, sql: str) -> None:
    assert refused("query", data_set, sql).startswith(f"{data_set}: ")


def test_folder_without_reports_is_refused(here: Path, refused: Callable) -> None:
    (here / "empty").mkdir()
    assert "is a folder without tagged reports" in refused("query", "empty", "select 1")


def test_control_characters_of_a_report_do_not_reach_the_terminal(here: Path, run_ffm: Callable) -> None:
    (here / "a.md").write_text("Two \x1b[31m boats.\n", encoding="utf-8")
    assert run_ffm("tag", "a.md", "-o", "set").code == 0
    assert "\x1b" not in run_ffm("query", "set", "select text from passages").out


def test_show_export_and_compare_read_a_folder(here: Path, run_ffm: Callable, data_set: Path, tagged: Path) -> None:
    assert run_ffm("show", data_set, "-n", 3).out == run_ffm("show", tagged / "all.jsonl", "-n", 3).out != ""
    for source in (data_set, tagged / "all.jsonl"):
        assert run_ffm("export", source, "--format", "conll", "-o", f"{source.stem}.conll").code == 0
    assert (here / "set.conll").read_bytes() == (here / "all.conll").read_bytes()
