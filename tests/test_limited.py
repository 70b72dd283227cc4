"""A file that runs in a process with limits on what it may take."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ffm.limited import OUT_OF_MEMORY
from ffm.processes import limited_command


def run(tmp_path: Path, script: str, *words: str) -> subprocess.CompletedProcess[str]:
    path = tmp_path / "script.py"
    path.write_text(script, encoding="utf-8")
    return subprocess.run(limited_command(200, path, *words), capture_output=True, encoding="utf-8", check=False)


def test_it_gets_its_words_and_keeps_its_exit_code(tmp_path: Path) -> None:
    done = run(tmp_path, "import sys\nprint(sys.argv[1:], __name__)\nsys.exit(3)", "one", "two")
    assert (done.returncode, done.stdout.strip()) == (3, "['one', 'two'] __main__")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such limit, or none that holds")
def test_it_gets_no_more_memory_than_that(tmp_path: Path) -> None:
    assert run(tmp_path, "bytearray(100 * 2**20)").returncode == 0
    assert run(tmp_path, "bytearray(400 * 2**20)").returncode == OUT_OF_MEMORY
