"""Worker processes: started anew, deaf to Ctrl-C (their parent stops them), and gone when their parent is.

What only some systems have (masks of signals, alarms; limits, in :mod:`ffm.limited`) is asked for here, and done without
where it is not there.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from ffm import limited
from ffm.errors import FfmError


@contextmanager
def worker_pool(workers: int, start: Callable[..., None], *arguments: Any) -> Iterator[ProcessPoolExecutor]:
    """Give a pool of worker processes, each of which has run ``start(*arguments)``.

    Hand work in within :func:`without_interrupts`, as a pool starts its processes then. Where this process is
    stopped, its workers are stopped in the midst of their work.

    Raises
    ------
    FfmError
        If a worker process was killed.
    """
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(
        workers, mp_context=multiprocessing.get_context("spawn"), initializer=_start_worker, initargs=(start, arguments)
    )
    try:
        yield pool
    except BrokenProcessPool:
        raise FfmError("a worker process was killed (out of memory?); run again with fewer workers, such as -j 1") from None
    except KeyboardInterrupt:
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def one_thread() -> Iterator[None]:
    """Let linear algebra use one thread within.

    Sums depend on how threads divide them, so only one gives the same bytes on every machine; and threads of several
    processes that wait for each other make all of them slow.
    """
    with threadpool_limits(1):
        yield


def _start_worker(start: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    start(*arguments)


def _end_with_parent() -> None:
    """End this process when the one that started it has been killed; else it would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def without_interrupts() -> Iterator[None]:
    """Let the processes that are started within not be reached by Ctrl-C, which a terminal sends to them too: this one stops them.

    Windows has no masks of signals to hand down; the processes of a pool ignore Ctrl-C there from their first line on.
    """
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # multiprocessing starts it with the first process, and takes back what is blocked
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_after(seconds: float) -> None:
    """End this process after some time, where the system has alarms; 0 takes it back."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


def limited_command(megabytes: int, file: Path, *words: str) -> list[str]:
    """Return the command that runs a Python file in a process with a limit on memory, apart from the user's environment."""
    return [sys.executable, "-I", str(Path(limited.__file__)), str(megabytes), str(file), *words]
