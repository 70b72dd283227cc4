"""What processes ask of the system: to be left alone by Ctrl-C and by the collector of garbage, to be ended in time, to have limits.

What only some systems have (masks of signals, alarms; limits, in :mod:`ffm.limited`) is asked for here, and done without
where it is not there.
"""

from __future__ import annotations

import gc
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from pathlib import Path

from ffm import limited


@contextmanager
def one_thread() -> Iterator[None]:
    """Let linear algebra use one thread within.

    Sums depend on how threads divide them, so only one gives the same bytes on every machine; and threads of several
    processes that wait for each other make all of them slow.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield


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


@contextmanager
def uncollected() -> Iterator[None]:
    """Do without Python's search for cycles, of which rows and tables make none: it looks at all of them time and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def end_after(seconds: float) -> None:
    """End this process after some time, where the system has alarms; 0 takes it back."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


def limit_growth(megabytes: int) -> None:
    """Let this process and its children have no more memory than that beyond what this one has now, where the system tells and limits that."""
    if sys.platform != "linux":
        return
    import resource

    held = re.search(r"^VmData:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii", errors="replace"), re.MULTILINE)
    if held is not None:
        most = int(held[1]) * 1024 + megabytes * 2**20
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def limited_command(megabytes: int, file: Path, *words: str) -> list[str]:
    """Return the command that runs a Python file in a process with a limit on memory, apart from the user's environment."""
    return [sys.executable, "-I", str(Path(limited.__file__)), str(megabytes), str(file), *words]
