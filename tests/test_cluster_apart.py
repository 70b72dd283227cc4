"""A cluster for real: machines with networks and files of their own, one of which is killed half-way; the bytes are those of one process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import cluster_apart

REPORTS = 24


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no namespaces")
def test_data_set_of_a_cluster_that_loses_a_worker_is_that_of_one_process(here: Path, run_ffm: Callable) -> None:
    pytest.importorskip("distributed")
    if not cluster_apart.can_be_apart():
        pytest.skip("no networks of one's own can be made here")
    reports, output = here / "reports", here / "out" / "set"
    reports.mkdir()
    output.parent.mkdir()
    for number in range(REPORTS):
        boats = "".join(f"The Harbour Board of Vlora counted {number + line} boats in 2021.\n\n" for line in range(5 * number + 1))
        (reports / f"harbour-{number:02}.md").write_text(boats, encoding="utf-8")
    assert run_ffm("tag", reports, "-o", here / "one").code == 0
    words = [*cluster_apart.ALONE, sys.executable, str(Path(cluster_apart.__file__)), str(reports), str(output)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, env={**os.environ, "FFM_RAW_TEXT": ""})
    assert done.returncode == 0, done.stderr
    assert "killed while it was under way" in done.stdout
    assert {path.name: path.read_bytes() for path in output.iterdir()} == {
        path.name: path.read_bytes() for path in (here / "one").iterdir()
    }
