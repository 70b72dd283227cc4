"""One report, or a piece of a long one, as a task for a process: all that the process needs, and what it gives back.

The pipeline is imported where a task is worked on: a process that only hands tasks out does without it.
"""

from __future__ import annotations

import gc
import hashlib
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from msgspec import Struct

from ffm.errors import FfmError, ModelError, ReportError
from ffm.ingest.layouts import layout_path
from ffm.processes import one_thread
from ffm.project.reports import Registered, read_registered
from ffm.tagging.parts import Head, pack
from ffm.themes.digests import FILE as DIGESTS

if TYPE_CHECKING:
    from spacy.language import Language

    from ffm.tagging.report import Prepared, Reading

PACKAGE = Path(__file__).parents[1]
MODELS = "data"  # the folder of the package where the wheel has the packaged model, which is no code
SETTINGS = "FFM_PDF_"  # what begins the names of the variables by which reports are read

_ONE_AT_A_TIME = Lock()  # a worker of a cluster may have several threads, the pipeline is for one


class Tagger(Struct, frozen=True):
    """What tags, and how.

    Attributes
    ----------
    model
        A model's folder or a scheme's file.
    sparse
        Whether the model's encoder is left out.
    any_language
        Whether reports in other languages than the project's are labelled too.
    """

    model: Path
    sparse: bool = False
    any_language: bool = False

    def load(self) -> Language:
        """Return the pipeline; loaded once a process."""
        from ffm.tagging.pipeline import load

        nlp = load(self.model, self.sparse)
        _keep_out_of_collection()
        return nlp

    def version(self) -> str:
        """Return a digest over the model, the code and the settings: what is tagged by the same is the same.

        Raises
        ------
        ModelError
            If the model is not here.
        """
        decisive = self.model if self.model.is_file() else self.model / DIGESTS
        try:
            total = hashlib.sha256(decisive.read_bytes())
        except FileNotFoundError:
            total = hashlib.sha256()  # what is wrong with the model is told where it is loaded
        for path in sorted(PACKAGE.rglob("*")):
            inside = path.relative_to(PACKAGE)
            if path.is_file() and path.suffix != ".pyc" and inside.parts[0] != MODELS:
                total.update(f"{inside.as_posix()}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
        total.update(repr((self.sparse, self.any_language, sorted(settings().items()))).encode())
        return total.hexdigest()


def settings() -> dict[str, str]:
    """Return the variables of the environment by which reports are read."""
    return {name: value for name, value in os.environ.items() if name.startswith(SETTINGS)}


@cache
def _keep_out_of_collection() -> None:
    """Let the collector of garbage pass over what is loaded, once: going through a pipeline again and again takes a tenth of the time."""
    gc.collect()
    gc.freeze()


class Shipped(Struct, frozen=True):
    """What travels to a machine that may not have the report's file: its bytes, those of its layout file, how to read it."""

    content: bytes
    layout: bytes | None
    settings: dict[str, str]


class Task(Struct, frozen=True):
    """A report to be tagged, a piece of its texts to be read, or one that all pieces have been read of to be finished.

    Attributes
    ----------
    number
        Its place in the order of the run.
    path, entry
        Its file, and what the register says of it.
    digest, version
        What its part is told to be of, see :class:`ffm.tagging.parts.Head`.
    suffix
        The form of the part.
    piece, pieces
        Which of how many pieces; a report that is not divided is one.
    read
        What was found in each piece of a divided report, once that is known of all.
    """

    number: int
    path: Path
    entry: Registered | None
    digest: str
    version: str
    tagger: Tagger
    suffix: str
    shipped: Shipped | None = None
    piece: int = 0
    pieces: int = 1
    read: tuple[Read, ...] = ()


class Read(Struct, frozen=True):
    """What was found in a piece of a report."""

    readings: list[Reading]


class Tagged(Struct, frozen=True):
    """A tagged report: what its part says of itself, and the part."""

    head: Head
    part: bytes


def report_digest(path: Path, entry: Registered | None) -> str:
    """Return a digest over a report's file, its layout file and what the register says of it.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    layout = layout_path(path)
    said = (entry.id, entry.country, entry.covers, entry.published) if entry is not None else (path.stem,)
    total = hashlib.sha256(repr((path.suffix.lower(), said)).encode("utf-8", "surrogateescape"))
    for file in (path, *([layout] if layout.is_file() else [])):
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def ship(path: Path) -> Shipped:
    """Return what a machine that does not see a report's file must be sent.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    layout = layout_path(path)
    return Shipped(path.read_bytes(), layout.read_bytes() if layout.is_file() else None, settings())


def tag_task(task: Task) -> Tagged | Read | str:
    """Tag a report, or read a piece of it; return one line on it where it is refused.

    Raises
    ------
    ModelError, SchemeError
        If the model is missing or damaged, which no other report can mend.
    """
    with _ONE_AT_A_TIME, one_thread():
        try:
            prepared = _prepared(task)
        except FfmError as error:
            return str(error)
        except OSError as error:
            return f"{task.path}: cannot be read ({error.strerror}); check the path"
        except Exception as error:  # a fault of ours in one file is no reason to lose the others
            return fault(task.path, error)
        nlp = task.tagger.load()
        if task.shipped is not None and task.tagger.version() != task.version:
            raise ModelError(
                f"{task.tagger.model}: a worker of the cluster has another model there, or other code of ffm; "
                "install the same version of ffm on all machines, and put the same model in the same place"
            )
        try:
            return _tagged(task, prepared, nlp)
        except Exception as error:
            return fault(task.path, error)


_LAST: dict[tuple[Path, str, str], Prepared] = {}  # the divided report that this process had a piece of last: the next may be of the same


def _prepared(task: Task) -> Prepared:
    """Read and prepare a task's report; one of which this process may get several pieces is kept until it gets another."""
    from ffm.tagging.report import prepare

    key = (task.path, task.digest, task.version)
    if task.pieces > 1 and key in _LAST:
        return _LAST[key]
    _LAST.clear()
    with _at_hand(task) as path:
        try:
            report = read_registered(path, task.entry)
        except FfmError as error:
            raise ReportError(str(error).replace(str(path), str(task.path))) from None
    prepared = prepare(report, task.tagger.any_language)
    if task.pieces > 1:
        _LAST[key] = prepared
    return prepared


def fault(path: Path, error: Exception) -> str:
    """Return what is said of a report that could not be tagged by a fault of ours."""
    reason = f"{type(error).__name__}: {error}"
    return f"{path}: cannot be tagged ({reason}); this is a fault of ffm: run ffm --debug show on it to see where, and report it"


def _tagged(task: Task, prepared: Prepared, nlp: Language) -> Tagged | Read:
    from ffm.tagging.pipeline import origin_of
    from ffm.tagging.report import finish, in_order, read_piece

    if task.read:
        readings = in_order([piece.readings for piece in task.read])
    else:
        readings = read_piece(nlp, prepared.texts, task.piece, task.pieces)
        if task.pieces > 1:
            return Read(readings)
    origin = origin_of(nlp)
    rows = finish(prepared, readings, origin)
    found = prepared.segmentation
    head = Head(
        found.report.id,
        task.digest,
        task.version,
        origin.scheme,
        origin.model,
        passages=len(rows),
        words=sum(len(row.text.split()) for row in rows),
        interviews=sum(section.interview for section in found.sections),
        themed=sum(bool(row.scores) for row in rows),
        labels=dict(sorted(Counter(label for row in rows for label in row.labels).items())),
        notices=(*found.report.notices, *(f"{found.report.id}: {notice}" for notice in found.notices)),
    )
    return Tagged(head, pack(head, rows, task.suffix))


@contextmanager
def _at_hand(task: Task) -> Iterator[Path]:
    """Give the path of a report's file; one that was sent is written to a folder of its own."""
    if task.shipped is None:
        yield task.path
        return
    os.environ.update(task.shipped.settings)
    with tempfile.TemporaryDirectory(prefix="ffm-") as folder:
        path = Path(folder) / task.path.name
        path.write_bytes(task.shipped.content)
        if task.shipped.layout is not None:
            layout_path(path).write_bytes(task.shipped.layout)
        yield path
