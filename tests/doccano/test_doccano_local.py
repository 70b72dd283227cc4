"""What keeps two servers of one's own from each other; no server is needed to test it."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from ffm.doccano.errors import DoccanoError
from ffm.doccano.local_server import Installation, LocalServer, alone, first_error, install


def test_a_second_start_in_one_folder_is_refused_and_told_where_the_first_answers(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with alone(data, "http://127.0.0.1:4000"):
        with pytest.raises(DoccanoError, match=r"runs here already, at http://127\.0\.0\.1:4000; .*--data") as refused, alone(data, "x"):
            pass
        assert "\n" not in str(refused.value)
    with alone(data, "http://127.0.0.1:5"):
        assert (data / "running").read_text() == "http://127.0.0.1:5"  # the first has ended, and its address is gone


def test_a_port_that_is_taken_is_refused_before_anything_is_started(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        local = LocalServer(Installation(tmp_path), tmp_path / "data", taken.getsockname()[1])
        with pytest.raises(DoccanoError, match="something answers at this port already; choose another with --port"):
            local.start()
    assert not local.data.exists()


def test_a_free_port_is_kept_from_the_moment_that_it_is_told(tmp_path: Path) -> None:
    local = LocalServer(Installation(tmp_path), tmp_path / "data")
    with socket.socket() as other, pytest.raises(OSError):
        other.bind(("127.0.0.1", local.port))


NOT_FOUND = """ERROR: Could not find a version that satisfies the requirement absent==1.0 (from versions: none)
ERROR: No matching distribution found for absent==1.0
"""
NOT_BUILT = """  error: subprocess-exited-with-error

  × python setup.py egg_info did not run successfully.
  │ exit code: 1
  ╰─> [39 lines of output]
      distutils.errors.DistutilsError: no such tool
      [end of output]

  note: This error originates from a subprocess, and is likely not a problem with pip.
error: metadata-generation-failed

note: This is an issue with the package mentioned above, not pip.
hint: See above for details.
"""


@pytest.mark.parametrize(
    ("told", "first"),
    [
        (NOT_FOUND, "ERROR: Could not find a version that satisfies the requirement absent==1.0 (from versions: none)"),
        ("WARNING: an old pip\n" + NOT_BUILT, "error: subprocess-exited-with-error: python setup.py egg_info did not run successfully."),
        ("Traceback (most recent call last):\nMemoryError\n", "MemoryError"),
        ("", "no reason given"),
    ],
)
def test_pip_s_first_error_is_shown_not_its_last_hint(told: str, first: str) -> None:
    assert first_error(told) == first


def test_a_failed_installation_says_why_and_keeps_the_whole_of_what_was_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FFM_DOCCANO_HOME", str(tmp_path))
    absent = tmp_path / "absent.txt"
    absent.write_text(f"./absent-1.0.tar.gz --hash=sha256:{'0' * 64}\n")
    monkeypatch.setattr("ffm.doccano.local_server.BUILD_PINS", absent)
    monkeypatch.setattr("ffm.doccano.local_server.find_python", lambda: sys.executable)
    with pytest.raises(DoccanoError, match=r"doccano cannot be installed \(ERROR: .*absent-1\.0") as refused:
        install()
    (log,) = tmp_path.glob("*/install.log")
    assert str(log) in str(refused.value)
    assert "absent-1.0" in log.read_text(encoding="utf-8")
