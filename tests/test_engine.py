"""Many tasks in several processes: results as they come, few tasks at a time, one that kills its process told apart from the others."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import closing

import pytest

from ffm.engine import Killed, work_through
from ffm.errors import FfmError


def double(number: int) -> int:
    return 2 * number


def double_or_die(number: int) -> int:
    if number in (3, 7):
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def refuse(number: int) -> int:
    raise FfmError(f"{number} is refused")


@pytest.mark.parametrize("workers", [1, 2])
def test_every_task_comes_back_with_its_result(workers: int) -> None:
    assert sorted(work_through(double, range(20), workers)) == [(number, 2 * number) for number in range(20)]


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_tasks_that_kill_their_process_are_named_and_all_others_are_done() -> None:
    results = dict(work_through(double_or_die, range(12), 2))
    assert {number for number, result in results.items() if isinstance(result, Killed)} == {3, 7}
    assert {number: result for number, result in results.items() if number not in (3, 7)} == {
        n: 2 * n for n in range(12) if n not in (3, 7)
    }


def test_error_of_a_task_is_raised_here_and_ends_the_work() -> None:
    with pytest.raises(FfmError, match="is refused"):
        list(work_through(refuse, range(5), 2))


def test_tasks_are_taken_as_they_are_needed() -> None:
    taken = []

    def tasks() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    with closing(work_through(double, tasks(), 2)) as results:
        next(results)
    assert len(taken) < 20


def test_address_without_a_scheduler_is_one_line_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("ffm.engine.ANSWER_SECONDS", 1)
    with pytest.raises(FfmError, match=r"^tcp://127.0.0.1:1: no scheduler answers there; start"):
        list(work_through(double, range(3), scheduler="tcp://127.0.0.1:1"))


@pytest.mark.slow
def test_cluster_does_the_same_as_one_process(cluster: str) -> None:
    results = dict(work_through(double_or_die, range(12), scheduler=cluster))
    assert {number for number, result in results.items() if isinstance(result, Killed)} == {3, 7}
    assert all(result == 2 * number for number, result in results.items() if number not in (3, 7))
