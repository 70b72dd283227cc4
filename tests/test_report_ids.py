"""Ids of reports name files: one that leads elsewhere is refused where it is read, by every command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Done
from ffm.gold.store import GoldHeader, GoldRecord, text_digest, write_gold
from ffm.project.project import find_project
from ffm.records import Report

IDS = ["../../evil", "..", "a/b", "a\\b", "/etc/evil", "con", ".hidden", "", "a b", "x" * 300]
TEXT = "Two nurses work in Tirana.\n"


@pytest.fixture
def project(here: Path) -> Path:
    (here / "raw_text").mkdir()
    (here / "raw_text" / "nurses.txt").write_text(TEXT)
    return here


def register(name: str) -> None:
    quoted = name.replace("\\", "\\\\")
    Path("raw_text/reports.toml").write_text(f'["{quoted}"]\nfile = "nurses.txt"\n')


def gold(folder: str, name: str, annotator: str) -> str:
    header = GoldHeader(
        name, text_digest(Report("nurses", TEXT)), find_project().scheme.version, annotator, "human annotator", True, "2026-11-21"
    )
    Path(folder).mkdir(parents=True)
    write_gold(Path(folder) / "one.jsonl", header, [GoldRecord(0, 26)])
    return folder


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize(
    "words",
    [["reports", "list"], ["tag", "raw_text/nurses.txt", "-o", "x.jsonl"], ["gold", "template", "raw_text/nurses.txt", "-o", "x.csv"]],
)
def test_a_register_with_an_id_that_names_no_file_is_refused(
    project: Path, refused: Callable[..., str], words: list[str], name: str
) -> None:
    register(name)
    line = refused(*words)
    assert "reports.toml: the id " in line
    assert "correct the entry" in line
    assert len(line) < 400


@pytest.mark.parametrize("name", IDS)
def test_gold_of_such_an_id_writes_no_file(project: Path, run_ffm: Callable[..., Done], name: str) -> None:
    one, two = gold("deep/one", name, "anna"), gold("deep/two", name, "ben")
    before = sorted(project.rglob("*"))
    for words in (["gold", "merge", one, two], ["export", one, "--format", "conll"], ["gold", "anchor", one]):
        done = run_ffm(*words, "-o", "deep/out/x")
        assert (done.code, len(done.errors)) == (1, 1), done
        assert "one.jsonl: line 1: the id " in done.err
    assert sorted(project.rglob("*")) == before


def test_ids_of_letters_of_any_script_stay(project: Path, run_ffm: Callable[..., Done]) -> None:
    for name in ("nurses-2021", "Shkodër.1", "отчёт_2"):
        register(name)
        assert run_ffm("reports", "list").code == 0
