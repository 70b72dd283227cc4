"""What several test files need: the command in this process, and small reports of our own words."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import pytest

from ffm.cli import main, project

ROOT = Path(__file__).parents[1]

# A job in the background ignores Ctrl-C, and so would the programs that the tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)


class Done(NamedTuple):
    """What a command returned and printed."""

    code: int
    out: str
    err: str

    @property
    def errors(self) -> list[str]:
        """Its lines on standard error."""
        return self.err.splitlines()


def run_in_process(*words: str | Path) -> Done:
    """Run ``ffm`` through its entry point in this process, which loads the model once for all tests."""
    out, err = io.StringIO(), io.StringIO()
    with mock.patch.object(sys, "argv", ["ffm", *map(str, words)]), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as end:
            return Done(int(end.code or 0), out.getvalue(), err.getvalue())
    raise AssertionError("ffm.cli.main ends with sys.exit")


@pytest.fixture(scope="session")
def run_ffm() -> Callable[..., Done]:
    """Return the command as a function of its words."""
    return run_in_process


@pytest.fixture
def refused(run_ffm: Callable[..., Done]) -> Callable[..., str]:
    """Return a function that runs a command that must be refused, and returns its one line on standard error."""

    def run(*words: str | Path, code: int = 1) -> str:
        done = run_ffm(*words)
        assert done.code == code, done
        (line,) = done.errors
        assert line.startswith("error: ")
        assert line.isprintable()
        return line.removeprefix("error: ")

    return run


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder that is no project, with the repository's reports beside its own, and without the notice of that."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FFM_PROJECT", raising=False)
    monkeypatch.setenv("FFM_RAW_TEXT", str(ROOT / "raw_text"))
    monkeypatch.setattr(project, "notice", lambda message: None)
    return tmp_path


INTERVIEW = """# Meeting with the Bicycle Workshop

Date: 3 May 2021

**Q. Who mends the bicycles?**

Two mechanics of UNICEF mend them in Tirana. A new bicycle costs 9,000 lek, and 15% of them break within a year.

**Q. Do neighbours reject those who come back?**

Yes, families blame them, and{interruption}
the village turns its back on them.

Table 1. Bicycles by town

| Town | Bicycles |
|---|---|
| Vlora | {number} |
| Korça | 41 |
"""
NARRATIVE = """# Notes on the lake

## Shelter

The shelter by the lake is run by the Ministry of Boats (MoB). It has 12 beds.

- The MoB pays for the beds.
- The town pays for bread.

## School

{sentences}
"""


def write_reports(folder: Path) -> list[Path]:
    """Write three small reports: an interview, a narrative with a list, and one line of text."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "bicycles.md": INTERVIEW.format(number=17, interruption="\n\nPage 2\n\n"),
        "lake.md": NARRATIVE.format(sentences="\n\n".join(f"Class {number} has {number + 9} pupils." for number in range(1, 80))),
        "line.txt": "One nurse works in Shkodra.\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of small reports, not to be changed."""
    folder = tmp_path_factory.mktemp("reports")
    write_reports(folder)
    return folder


@pytest.fixture(scope="session")
def tagged(tmp_path_factory: pytest.TempPathFactory, reports: Path) -> Path:
    """Return a folder that holds the tagged reports as all.jsonl, all.parquet and all.csv."""
    folder = tmp_path_factory.mktemp("tagged")
    for suffix in ("jsonl", "parquet", "csv"):
        done = run_in_process("tag", reports, "-o", folder / f"all.{suffix}")
        assert done.code == 0, done.err
    return folder


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    """Return a folder in which this user cannot make a file."""
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    if os.access(folder, os.W_OK):  # root may write anywhere but here
        folder = Path("/sys")
    if not folder.is_dir():
        pytest.skip("every folder can be written")
    return folder


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[str]:
    """Return the address of a scheduler with three workers, each a process in a folder of its own."""
    pytest.importorskip("distributed")
    address = tmp_path / "address.json"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])}

    def start(what: str, *words: str) -> subprocess.Popen[bytes]:
        folder = tmp_path / what
        folder.mkdir(exist_ok=True)
        command = [sys.executable, "-m", f"distributed.cli.{what}", "--scheduler-file", str(address), "--no-dashboard", *words]
        return subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.DEVNULL)

    scheduler = start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-show")
    workers = [start("dask_worker", "--nthreads", "1") for _ in range(3)]
    until = time.monotonic() + 60
    while not address.exists() and time.monotonic() < until:
        time.sleep(0.1)
    try:
        yield json.loads(address.read_text())["address"]
    finally:
        for process in (*workers, scheduler):
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
