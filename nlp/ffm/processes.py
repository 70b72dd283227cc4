"""Worker processes: started anew, deaf to Ctrl-C (their parent stops them), and gone when their parent is."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any

from threadpoolctl import threadpool_limits

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
    """Let the processes that are started within ignore Ctrl-C, which a terminal sends to them too: this one stops them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
