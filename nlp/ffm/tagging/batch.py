"""Many reports: files found, tagged one by one by one or several processes, resumed, written as a data set."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ffm.engine import Killed, work_through
from ffm.files import beside, check_place
from ffm.ingest import DOCUMENTS, MAX_BYTES, SUFFIXES, report_id
from ffm.project.reports import Registered
from ffm.records import TaggedPassage
from ffm.tagging.folder import check_folder, write_manifest
from ffm.tagging.parts import LINES, TABLE, Head, Parts, opened, read_lines
from ffm.tagging.task import Read, Tagged, Tagger, Task, report_digest, ship, tag_task
from ffm.tagging.usage import usage_notices
from ffm.tagging.writers import FORMATS, write_rows

DIVIDED_BYTES = 60_000  # of a report from which on it may be divided: with less, each process would rather prepare than read
PIECES = 4  # for each process that the work is divided into at least, where it can be: one that is behind then keeps no other waiting long
CLUSTER = 8  # processes that a cluster is taken to have


class Outcome(Struct):
    """What a run of tagging did.

    Attributes
    ----------
    errors
        One line for each file that was refused.
    notices
        One line for each contradiction found in a report, and for themes that are given to most passages or to none.
    first_look
        Whether passages were ranked by a scheme alone, without labels.
    """

    reports: int = 0
    interviews: int = 0
    passages: int = 0
    words: int = 0
    first_look: bool = False
    errors: list[str] = msgspec.field(default_factory=list)
    notices: list[str] = msgspec.field(default_factory=list)


def find_files(paths: Iterable[Path], outcome: Outcome) -> list[Path]:
    """Return the files that paths name, each once: files as they are, a folder's documents sorted by name.

    Documents of formats that are not read are among them, so that each is named when it is refused. A folder's hidden
    files and its README.md are left out; a folder that holds nothing to read, or cannot be listed, becomes an error of
    the outcome.
    """
    files: dict[str, Path] = {}  # by their real places
    for path in paths:
        if not os.path.isdir(path):  # noqa: PTH112 (Path.is_dir raises for a name that is too long)
            files.setdefault(os.path.realpath(path), path)
            continue
        try:
            inside = sorted(item for item in path.iterdir() if _is_report(item))
        except OSError as error:
            outcome.errors.append(f"{path}: the folder cannot be listed ({error.strerror}); check its permissions")
            continue
        if not any(item.suffix.lower() in SUFFIXES for item in inside):
            outcome.errors.append(f"{path}: no {', '.join(SUFFIXES)} files in this folder; check the path")
        for item in inside:
            files.setdefault(os.path.realpath(item), item)
    return list(files.values())


def _is_report(path: Path) -> bool:
    return path.suffix.lower() in DOCUMENTS and not path.name.startswith(".") and path.name != "README.md" and not path.is_dir()


class Job(Struct, frozen=True):
    """A file of a run: its number in order, its register's entry, its report's id and its size in bytes."""

    number: int
    path: Path
    entry: Registered | None
    report: str
    size: int


def plan(files: Iterable[Path], entries: dict[str, Registered], outcome: Outcome) -> list[Job]:
    """Return a job for each file, in order; a file whose id is that of an earlier one becomes an error of the outcome."""
    registered = {os.path.realpath(entry.path): entry for entry in entries.values()}
    jobs: dict[str, Job] = {}
    for number, path in enumerate(files):
        entry = registered.get(os.path.realpath(path))
        report = entry.id if entry is not None else report_id(path)
        if report in jobs:
            outcome.errors.append(
                f'{path}: its id "{report}" is that of {jobs[report].path} too; rename the file, or register it with ffm reports add --id'
            )
            continue
        size = os.path.getsize(path) if os.path.isfile(path) else 0  # noqa: PTH113, PTH202 (pathlib's raise for a name that is too long)
        jobs[report] = Job(number, path, entry, report, size)
    return list(jobs.values())


class Run:
    """One run of tagging: which reports are done already, which are to do, and what became of them.

    It is itself the iterator over its tasks: the largest files first, so that no process is left with one at the end, and long ones in
    pieces, which are finished as soon as all are read. What a report's rows are does not depend on its pieces.

    Attributes
    ----------
    heads, errors
        By the number of its job, what a done report's part says of itself, and why another is none.
    count
        Number of tasks, without those that finish a report.
    """

    def __init__(
        self, jobs: Sequence[Job], parts: Parts, tagger: Tagger, workers: int, ship_files: bool, progress: Callable[[int, int], None]
    ) -> None:
        self.jobs = {job.number: job for job in jobs}
        self.parts, self.tagger, self.workers, self.ship_files, self.progress = parts, tagger, workers, ship_files, progress
        self.version = tagger.version()
        self.heads: dict[int, Head] = {}
        self.errors: dict[int, str] = {}
        self._total, self._done = sum(job.size for job in jobs), 0
        self._read: dict[int, dict[int, Read]] = {}
        self._next: deque[Task] = deque()  # what is to be handed out before anything else
        to_do = self._to_do()
        self._share = sum(job.size for job, _ in to_do) // (PIECES * workers)
        self.count = sum(self._pieces(job) for job, _ in to_do)
        self._left = iter(to_do)

    def __iter__(self) -> Iterator[Task]:
        return self

    def __next__(self) -> Task:
        """Return the next task; after all are handed out, those that have come up since."""
        if not self._next:
            job, digest = next(self._left)
            shipped = None
            if self.ship_files and digest:
                with suppress(OSError):  # the task says what is wrong
                    shipped = ship(job.path)
            pieces = self._pieces(job)
            task = Task(job.number, job.path, job.entry, digest, self.version, self.tagger, self.parts.suffix, shipped, pieces=pieces)
            self._next.extend(replace(task, piece=piece) for piece in range(pieces))
        return self._next.popleft()

    def _to_do(self) -> list[tuple[Job, str]]:
        """Return the jobs that are not done yet, the largest first, with the digests of their reports."""
        found = []
        for job in sorted(self.jobs.values(), key=lambda job: -job.size):
            digest = ""
            if 0 < job.size <= MAX_BYTES:
                with suppress(OSError):
                    digest = report_digest(job.path, job.entry)
            head = self.parts.head(job.report)
            if head is not None and (head.digest, head.version) == (digest, self.version):
                self.note(job.number, head)
            else:
                found.append((job, digest))
        return found

    def _pieces(self, job: Job) -> int:
        """Return in how many pieces a report is read: in one where it is short, or there are enough others to keep all processes busy."""
        if self.workers == 1 or job.size < DIVIDED_BYTES or job.size <= self._share:
            return 1
        return min(-(-job.size // max(self._share, 1)), PIECES * self.workers)

    def take(self, task: Task, result: Tagged | Read | str | Killed) -> None:
        """Keep what became of a task."""
        if task.number in self.errors:  # of another piece
            return
        if isinstance(result, Read):
            pieces = self._read.setdefault(task.number, {})
            pieces[task.piece] = result
            if len(pieces) == task.pieces:
                del self._read[task.number]
                self._next.appendleft(replace(task, read=tuple(pieces[piece] for piece in range(task.pieces))))
            return
        if isinstance(result, Tagged):
            self.parts.write(result.head.report, result.part)
            self.note(task.number, result.head)
            return
        self._read.pop(task.number, None)
        self.errors[task.number] = (
            f"{task.path}: what tagged it was killed, alone too (out of memory?); divide the file, or give it more memory"
            if isinstance(result, Killed)
            else result
        )
        self._tell(task.number)

    def note(self, number: int, head: Head) -> None:
        """Note a report as done."""
        self.heads[number] = head
        self._tell(number)

    def _tell(self, number: int) -> None:
        self._done += self.jobs[number].size
        self.progress(self._done, self._total)

    def sum_up(self, outcome: Outcome) -> None:
        """Tell the outcome, in the order of the files."""
        outcome.errors += [self.errors[number] for number in sorted(self.errors)]
        for number in sorted(self.heads):
            head = self.heads[number]
            outcome.reports += 1
            outcome.interviews += head.interviews
            outcome.passages += head.passages
            outcome.words += head.words
            outcome.notices += head.notices
        if not outcome.first_look:
            outcome.notices += usage_notices(self.tagger.model, list(self.heads.values()))

    def rows(self) -> Iterator[TaggedPassage]:
        """Yield the rows of all reports that were done, in the order of the files."""
        for number in sorted(self.heads):
            yield from read_lines(self.parts.place(self.heads[number].report))


def tag_files(
    paths: Sequence[Path],
    entries: dict[str, Registered],
    output: Path,
    model: Path,
    workers: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
    any_language: bool = False,
    sparse: bool = False,
    scheduler: str | None = None,
) -> Outcome:
    """Tag files, and the files of folders, into one data set; a report is in memory only while it is worked on.

    Parameters
    ----------
    output
        A folder of Parquet files, one a report, of which only those are written whose report, model or code is new; its other
        reports stay. Or a single file, ``.jsonl``, ``.parquet`` or ``.csv``, written beside its place and renamed. Where no file
        can be read, nothing is written and an existing output stays as it was.
    model
        The folder of the model, or the file of a scheme for a first look.
    workers
        Number of processes; the bytes of the output are the same for every number.
    progress
        Called with the bytes of the files that are done, and of all.
    any_language
        Label reports in other languages than the project's too.
    sparse
        Leave the model's encoder out: quicker, and less often right.
    scheduler
        The address of a dask scheduler, whose workers tag instead.

    Raises
    ------
    OutputError
        If the output cannot be written, or another run is writing to it: an existing output then stays as it was.
    ModelError
        If the model is missing or damaged.
    """
    single = output.suffix in FORMATS
    folder = Path(os.path.realpath(output))
    if single:
        check_place(output)
        folder = folder.with_name(f".{folder.name}.kept")
    else:
        check_folder(output)
    outcome = Outcome(first_look=model.is_file())
    jobs = plan(find_files(paths, outcome), entries, outcome)
    if not jobs:
        return outcome
    tagger = Tagger(model if scheduler is None else model.absolute(), sparse, any_language)
    with opened(folder, LINES if single else TABLE, output) as parts:
        run = Run(jobs, parts, tagger, workers if scheduler is None else CLUSTER, scheduler is not None, progress)
        try:
            with closing(work_through(tag_task, run, min(workers, run.count), scheduler)) as results:
                for task, result in results:
                    run.take(task, result)
            run.sum_up(outcome)
            if single and outcome.reports:
                with beside(output, folder) as part:
                    write_rows(run.rows(), part, output.suffix)
            elif outcome.reports:
                write_manifest(parts)
        except BaseException:
            if single and len(jobs) == 1:  # there is nothing to go on with
                parts.remove()
            raise
        if single:
            parts.remove()
    return outcome
