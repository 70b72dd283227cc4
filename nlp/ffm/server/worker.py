"""A process that holds the model and does one job at a time, and that is ended when a job takes too long.

A thread cannot be ended, and a hanging one would stop all others of its process: so requests are worked on in processes.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Literal

from msgspec import Struct
from spacy.language import Language

from ffm.errors import FfmError, ModelError
from ffm.processes import end_after, limit_growth, without_interrupts
from ffm.server.answers import RequestError
from ffm.tagging.pipeline import load

START_SECONDS = 120.0  # to load the model
GRACE = 5.0  # after which a worker whose server is gone ends itself
MEGABYTES = 3_000  # of memory for one job, beside the model
BUSY = "busy with other requests; try again in a moment"


class Outcome(Struct, frozen=True):
    """What came of a job: its value, or one line on why it was refused or failed."""

    kind: Literal["done", "refused", "failed"]
    value: Any


class Worker:
    """A process for one kind of job.

    Parameters
    ----------
    model
        A model folder; None for the project's.
    warm_up
        A function of a module, called with the pipeline when it is loaded, so that the first request need not wait for what loads at first use.
    seconds
        Time that a job may take; a job that takes longer is ended, and its process replaced.
    """

    def __init__(self, model: Path | None, warm_up: Callable[[Language], None], seconds: float) -> None:
        self.model = model
        self.warm_up = warm_up
        self.seconds = seconds
        self._process: multiprocessing.process.BaseProcess | None = None
        self._connection: Connection | None = None
        self._loaded = False

    def start(self) -> None:
        """Start the process; it loads the model while this one goes on."""
        ours: Any  # connections, of another class on Windows
        theirs: Any
        ours, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        process = context.Process(target=_work, args=(theirs, self.model, self.warm_up, self.seconds), daemon=True)
        with without_interrupts():
            process.start()
        theirs.close()
        self._process, self._connection, self._loaded = process, ours, False

    def wait(self) -> None:
        """Wait until the model is loaded.

        Raises
        ------
        ModelError
            If it cannot be loaded.
        """
        if self._loaded or self._connection is None:
            return
        try:
            problem = self._connection.recv() if self._connection.poll(START_SECONDS) else f"not loaded within {START_SECONDS:g} s"
        except (EOFError, OSError):
            problem = "the process that loads the model was killed (out of memory?)"
        if problem is not None:
            self.stop()
            raise ModelError(problem)
        self._loaded = True

    def stop(self) -> None:
        """End the process, whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._connection is not None:
            self._connection.close()
        self._process = self._connection = None

    def do(self, job: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        """Do a job, and wait for it.

        Raises
        ------
        RequestError
            If it was refused, took too long or failed.
        """
        outcome = self._outcome(job, arguments)
        if outcome.kind == "done":
            return outcome.value
        raise RequestError(422 if outcome.kind == "refused" else 500, outcome.value)

    def _outcome(self, job: Callable[..., Any], arguments: tuple[Any, ...]) -> Outcome:
        if self._process is None or not self._process.is_alive():
            self.stop()
            self.start()
        self.wait()
        connection = self._connection
        assert connection is not None
        try:
            connection.send((job, arguments))
            if connection.poll(self.seconds):
                outcome: Outcome = connection.recv()
                return outcome
        except (EOFError, OSError):
            self._replace()
            raise RequestError(
                500, "the process that worked on it was killed (out of memory?); divide the text and send its parts"
            ) from None
        self._replace()
        raise RequestError(504, f"not done within {self.seconds:g} s, and stopped; divide the text and send its parts")

    def _replace(self) -> None:
        self.stop()
        self.start()


class Pool:
    """Several processes for one kind of job, which take the next request as they are free.

    Parameters
    ----------
    model, warm_up, seconds
        As of a :class:`Worker`.
    places
        Number of requests that may wait or be worked on at once; more are refused.
    number
        Of processes.
    """

    def __init__(self, model: Path | None, warm_up: Callable[[Language], None], seconds: float, places: int, number: int = 1) -> None:
        self.workers = tuple(Worker(model, warm_up, seconds) for _ in range(number))
        self.seconds = seconds
        self.places = places
        self._taken = 0
        self._threads = ThreadPoolExecutor(number)  # one a worker, so that jobs queue
        self._free: SimpleQueue[Worker] = SimpleQueue()
        for worker in self.workers:
            self._free.put(worker)

    async def run(self, job: Callable[..., Any], *arguments: Any) -> Any:
        """Do a job: a function of a module, called with the pipeline and the arguments.

        Raises
        ------
        RequestError
            If too many wait, or the job waited too long, was refused, took too long or failed.
        """
        if self._taken >= self.places:
            raise RequestError(503, BUSY)
        self._taken += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._do, job, arguments, time.monotonic())
        finally:
            self._taken -= 1

    def start(self) -> None:
        """Start the processes."""
        for worker in self.workers:
            worker.start()

    def wait(self) -> None:
        """Wait until all have loaded the model.

        Raises
        ------
        ModelError
            If it cannot be loaded.
        """
        for worker in self.workers:
            worker.wait()

    def stop(self) -> None:
        """End the processes, whatever they do."""
        for worker in self.workers:
            worker.stop()

    def _do(self, job: Callable[..., Any], arguments: tuple[Any, ...], asked: float) -> Any:
        if time.monotonic() - asked > self.seconds:
            raise RequestError(503, BUSY)
        worker = self._free.get()
        try:
            return worker.do(job, arguments)
        finally:
            self._free.put(worker)


def _work(connection: Connection, model: Path | None, warm_up: Callable[[Language], None], seconds: float) -> None:
    """Load the model, then do jobs until the server is gone."""
    try:
        nlp = load(model)
        warm_up(nlp)
    except Exception as error:  # told to the server, which stops with it
        connection.send(str(error) if isinstance(error, FfmError) else _fault(error))
        return
    limit_growth(MEGABYTES)
    connection.send(None)
    while True:
        try:
            job, arguments = connection.recv()
            end_after(seconds + GRACE)  # for a server that is gone and cannot end it
            try:
                outcome = Outcome("done", job(nlp, *arguments))
            except FfmError as error:
                outcome = Outcome("refused", str(error))
            except MemoryError:
                outcome = Outcome("refused", f"needs more than {MEGABYTES:,} MB of memory; divide the text and send its parts")
            except Exception as error:  # a fault in one request is no reason to end the server
                outcome = Outcome("failed", _fault(error))
            end_after(0)
            connection.send(outcome)
        except (EOFError, OSError):
            return


def _fault(error: Exception) -> str:
    """Return where a fault of ours lies; not its message, which may hold words of a report."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""  # noqa: PTH119
    return f"a fault of ffm ({type(error).__name__}{place}); report it with the kind of text that was sent"
