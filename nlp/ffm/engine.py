"""Many tasks, worked on by this process, by several of this machine, or by the workers of a cluster: one way for all.

The processes of this machine are loky's, those of a cluster dask's; both are used as executors of ``concurrent.futures``.
Results come as they are done, and only a few tasks are handed out at a time, so that memory does not grow with their number.
A task that kills the process that works on it is told apart from those that were worked on beside it.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from msgspec import Struct

from ffm.errors import FfmError
from ffm.processes import without_interrupts

Task = TypeVar("Task")
Result = TypeVar("Result")

LOOK_SECONDS = 0.3  # between two looks of a process whether its parent is still there
ANSWER_SECONDS = 20  # that a scheduler may take to answer, and its first worker to come


class Killed(Struct, frozen=True):
    """What a task has for a result when the process that worked on it was killed: by the system for its memory, or by a fault."""


def work_through(
    work: Callable[[Task], Result], tasks: Iterable[Task], workers: int = 1, scheduler: str | None = None
) -> Generator[tuple[Task, Result | Killed], None, None]:
    """Yield each task with its result, as they are done.

    Parameters
    ----------
    work
        A function of a module; with several processes, it and what it takes and gives are pickled.
    tasks
        Taken as they are needed, so that they need not be in memory together.
    workers
        Number of processes; 1 is this one, which a task that is killed takes with it.
    scheduler
        The address of a dask scheduler, whose workers then do the work; ``workers`` does not count.

    Raises
    ------
    FfmError
        If there is no scheduler at the address, or it has no workers or goes away.
    """
    if scheduler is not None:
        return _on_cluster(work, tasks, scheduler)
    if workers <= 1:
        return ((task, work(task)) for task in tasks)
    return _in_processes(work, iter(tasks), workers)


def in_order(work: Callable[[Task], Result], tasks: Iterable[Task], workers: int = 1) -> Iterator[Result | Killed]:
    """Yield the results of tasks as :func:`work_through` does, in the order of the tasks."""
    early: dict[int, Result | Killed] = {}
    wanted = 0
    for (number, _), result in work_through(partial(_of_numbered, work), enumerate(tasks), workers):
        early[number] = result
        while wanted in early:
            yield early.pop(wanted)
            wanted += 1


def _of_numbered(work: Callable[[Task], Result], task: tuple[int, Task]) -> Result:
    return work(task[1])


def _in_processes(
    work: Callable[[Task], Result], tasks: Iterator[Task], workers: int
) -> Generator[tuple[Task, Result | Killed], None, None]:
    """Work in processes of this machine; where one is killed, try the tasks that were under way one by one."""
    while suspects := (yield from _until_a_kill(work, tasks, workers)):
        alone = iter(suspects)
        while killers := (yield from _until_a_kill(work, alone, 1)):
            yield killers[0], Killed()


def _until_a_kill(work: Callable[[Task], Result], tasks: Iterator[Task], workers: int) -> Generator[tuple[Task, Result], None, list[Task]]:
    """Work in new processes until all is done or one of them is killed; return the tasks that were under way then."""
    suspects: list[Task] = []
    with _processes(workers) as executor:
        for task, future in _under_way(executor, work, tasks, workers + (workers > 1)):  # the next one waits beside those worked on
            try:
                result = future.result()
            except BrokenProcessPool:
                suspects.append(task)
                continue
            yield task, result
    return suspects


def _under_way(
    executor: Executor, work: Callable[[Task], Result], tasks: Iterator[Task], places: int
) -> Iterator[tuple[Task, Future[Result]]]:
    """Hand tasks out, as many at a time as there are places; yield each when it has ended, one way or the other."""
    running: dict[Future[Result], Task] = {}
    broken = False
    while True:
        for task in () if broken else islice(tasks, places - len(running)):
            future = _submitted(executor, work, task)
            running[future] = task
        if not running:
            return
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            broken = broken or (not future.cancelled() and isinstance(future.exception(), BrokenProcessPool))
            yield running.pop(future), future


def _submitted(executor: Executor, work: Callable[[Task], Result], task: Task) -> Future[Result]:
    """Hand a task out; where the processes have just been found dead, return it as one that ended so."""
    try:
        with without_interrupts():  # as processes are started when there is work
            return executor.submit(work, task)
    except BrokenProcessPool as error:
        future: Future[Result] = Future()
        future.set_exception(error)
        return future


@contextmanager
def _processes(workers: int) -> Iterator[Executor]:
    """Give processes of this machine, which are killed when the block does not end well."""
    from loky import ProcessPoolExecutor

    executor = ProcessPoolExecutor(workers, initializer=_start_process, initargs=(os.getpid(),))
    try:
        yield executor
    except BaseException:
        executor.shutdown(wait=True, kill_workers=True)
        raise
    executor.shutdown(wait=True)


def _start_process(parent: int) -> None:
    """Leave Ctrl-C, which a terminal sends to all processes, to the parent, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process when the one that started it has been killed; else it would wait for work for ever."""
    if sys.platform == "win32":
        process = multiprocessing.parent_process()
        if process is None:
            return
        process.join()
    else:
        while os.getppid() == parent:
            time.sleep(LOOK_SECONDS)
    os._exit(1)


def _on_cluster(work: Callable[[Task], Result], tasks: Iterable[Task], address: str) -> Generator[tuple[Task, Result | Killed], None, None]:
    """Work on a cluster, which tries a task that killed a worker on three more before it is given up."""
    with _cluster(address) as (executor, places):
        for task, future in _under_way(executor, work, iter(tasks), places):
            try:
                result = future.result()
            except CancelledError:
                raise FfmError(f"{address}: the scheduler is gone; start it, then run the same command again to go on") from None
            except Exception as error:
                if type(error).__name__ != "KilledWorker":
                    raise
                yield task, Killed()
                continue
            yield task, result


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """Give the executor of a cluster, and how many tasks to hand out to it at a time."""
    try:
        import distributed
    except ImportError:
        raise FfmError('--scheduler needs packages that are not installed; run: pip install "ffm-nlp[cluster]"') from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters of it comes as an error of one line
    connect: Any = distributed.Client
    client: Any = None
    try:
        client = connect(address, timeout=ANSWER_SECONDS, set_as_default=False)
        client.wait_for_workers(1, timeout=ANSWER_SECONDS)
        threads = sum(client.nthreads().values())
    except (OSError, TimeoutError, ValueError) as error:
        what = "has no workers" if client is not None else "no scheduler answers there"
        if client is not None:
            client.close()
        reason = f" ({error})" if isinstance(error, ValueError) else ""
        raise FfmError(f"{address}: {what}{reason}; start them with dask scheduler and dask worker {address}") from None
    try:
        yield client.get_executor(pure=False), 2 * threads
    finally:
        client.close()
