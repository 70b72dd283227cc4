"""What keeps two servers of one's own from each other; no server is needed to test it."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from ffm.doccano.errors import DoccanoError
from ffm.doccano.local_server import Installation, LocalServer, alone


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
