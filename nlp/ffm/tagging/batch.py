"""Many reports: files found, tagged by one or several processes, resumed, written in one of three formats."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct
from spacy.language import Language

from ffm.errors import FfmError, OutputError
from ffm.files import beside, check_place
from ffm.ingest import DOCUMENTS, MAX_BYTES, SUFFIXES
from ffm.processes import without_interrupts, worker_pool
from ffm.project.reports import Registered, find_entry, read_registered
from ffm.records import Origin, Report, Segmentation, TaggedPassage
from ffm.tagging.dataset import FORMATS, write_rows
from ffm.tagging.pipeline import is_first_look, load, origin_of
from ffm.tagging.report import CHUNK, Prepared, Reading, Text, finish, prepare, read_texts
from ffm.tagging.usage import usage_notices


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


def read_reports(files: Iterable[Path], entries: dict[str, Registered], outcome: Outcome) -> Iterator[tuple[Path, Report]]:
    """Yield files with their reports; what cannot be read, or repeats an id, becomes an error of the outcome."""
    seen: dict[str, Path] = {}
    for path in files:
        entry = find_entry(path, entries)
        try:
            report = read_registered(path, entry)
        except FfmError as error:
            outcome.errors.append(str(error))
            continue
        except OSError as error:
            outcome.errors.append(f"{path}: cannot be read ({error.strerror}); check the path")
            continue
        except Exception as error:  # a fault of ours in one file is no reason to lose the others
            outcome.errors.append(_fault(path, _reason(error)))
            continue
        if report.id in seen:
            outcome.errors.append(
                f'{path}: its id "{report.id}" is that of {seen[report.id]} too; rename the file, or register it with ffm reports add --id'
            )
            continue
        seen[report.id] = path
        yield path, report


def prepare_reports(
    files: Iterable[Path], entries: dict[str, Registered], outcome: Outcome, any_language: bool = False
) -> dict[Path, Prepared]:
    """Return files with their reports, made ready for the pipeline.

    A report in another language than the project's is not labelled unless ``any_language``.
    """
    prepared: dict[Path, Prepared] = {}
    for path, report in read_reports(files, entries, outcome):
        try:
            prepared[path] = prepare(report, any_language)
        except Exception as error:  # a fault of ours in one report is no reason to lose the others
            outcome.errors.append(_fault(path, _reason(error)))
    return prepared


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _fault(path: Path, reason: str) -> str:
    return f"{path}: cannot be tagged ({reason}); this is a fault of ffm: run ffm --debug show on it to see where, and report it"


class Tagger(Struct, frozen=True):
    """What tags: a model's folder or a scheme's file, and whether its encoder is left out."""

    model: Path
    sparse: bool = False

    def load(self) -> Language:
        """Return the pipeline; loaded once a process."""
        return load(self.model, self.sparse)


_WORKER_TAGGER: Tagger | None = None


def _start_worker(tagger: Tagger) -> None:
    global _WORKER_TAGGER  # one pipeline a process
    _WORKER_TAGGER = tagger
    tagger.load()


def _read_chunk(texts: Sequence[Text], tagger: Tagger | None = None) -> list[Reading] | str:
    """Return what the pipeline finds in texts, or what went wrong."""
    mine = tagger or _WORKER_TAGGER
    assert mine is not None
    try:
        return read_texts(mine.load(), texts)
    except Exception as error:
        return _reason(error)


def _finished(prepared: Prepared, pieces: Iterable[list[Reading] | str], origin: Origin) -> list[TaggedPassage] | str:
    """Return the tagged passages of a report from what was found in its chunks, or what went wrong."""
    readings: list[Reading] = []
    for piece in pieces:
        if isinstance(piece, str):
            return piece
        readings += piece
    try:
        return finish(prepared, readings, origin)
    except Exception as error:
        return _reason(error)


Chunks = Callable[[Iterable[Sequence[Text]]], Iterator[list[Reading] | str]]


@contextmanager
def chunk_reader(workers: int, tagger: Tagger) -> Iterator[Chunks]:
    """Give a function that reads chunks of texts, in order, in this process or in several.

    Chunks are of a fixed size, so that the result is the same for every number of workers.

    Raises
    ------
    FfmError
        If a worker process was killed.
    """
    if workers <= 1:
        yield lambda chunks: (_read_chunk(chunk, tagger) for chunk in chunks)
        return
    with worker_pool(workers, _start_worker, Tagger(tagger.model.absolute(), tagger.sparse)) as pool:

        def read(chunks: Iterable[Sequence[Text]]) -> Iterator[list[Reading] | str]:
            with without_interrupts():
                return pool.map(_read_chunk, chunks)

        yield read


def chunks_of(prepared: Prepared) -> list[tuple[Text, ...]]:
    """Return the texts of a report in chunks of a fixed size."""
    return [prepared.texts[start : start + CHUNK] for start in range(0, len(prepared.texts), CHUNK)]


def tag_files(
    paths: Sequence[Path],
    entries: dict[str, Registered],
    output: Path,
    model: Path,
    workers: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
    any_language: bool = False,
    sparse: bool = False,
) -> Outcome:
    """Tag files, and the files of folders, into one data set.

    Parameters
    ----------
    output
        ``.jsonl``, ``.parquet`` or ``.csv``; written beside its place and renamed. Where no file can be read,
        nothing is written and an existing output stays as it was.
    model
        The folder of the model, or the file of a scheme for a first look.
    workers
        Number of processes; the bytes of the output are the same for every number.
    progress
        Called with the number of chunks done and of all chunks.
    any_language
        Label reports in other languages than the project's too.
    sparse
        Leave the model's encoder out: quicker, and less often right.

    Raises
    ------
    OutputError
        If the output cannot be written: an existing output then stays as it was.
    ModelError
        If the model is missing or damaged.
    """
    check_place(output)
    if output.suffix not in FORMATS:
        raise OutputError(f"{output}: unknown format; end its name in {', '.join(FORMATS)}")
    outcome = Outcome()
    prepared = prepare_reports(find_files(paths, outcome), entries, outcome, any_language)
    if not prepared:
        return outcome
    tagger = Tagger(model, sparse)
    nlp = tagger.load()  # a damaged model is refused here, once
    origin, outcome.first_look = origin_of(nlp), is_first_look(nlp)
    kept = Kept(output, tagger, any_language)
    before = {path: kept.read(item.segmentation.report) for path, item in prepared.items()}
    chunks = [chunk for path, item in prepared.items() if before[path] is None for chunk in chunks_of(item)]
    rows: list[TaggedPassage] = []
    done = 0
    with chunk_reader(workers if len(chunks) > 1 else 1, tagger) as read:
        readings = read(chunks)
        for path, item in prepared.items():
            mine = before[path]
            if mine is None:
                pieces = []
                for _ in chunks_of(item):
                    pieces.append(next(readings))
                    done += 1
                    progress(done, len(chunks))
                found = _finished(item, pieces, origin)
                if isinstance(found, str):
                    outcome.errors.append(_fault(path, found))
                    continue
                mine = found
                if len(prepared) > 1:
                    kept.write(item.segmentation.report, mine)
            rows += mine
            _count(outcome, item.segmentation)
    outcome.notices += [] if outcome.first_look else usage_notices(nlp, rows)
    if outcome.reports:
        with beside(output) as part:
            write_rows(rows, part, output.suffix)
    kept.remove()
    return outcome


class Kept:
    """The reports that an interrupted run had finished, kept beside its output until a run ends well.

    A kept report counts only for the same report, the same model, the same code and the same choice of languages.
    """

    def __init__(self, output: Path, tagger: Tagger, any_language: bool) -> None:
        place = Path(os.path.realpath(output))
        self.folder = place.with_name(f".{place.name}.kept")
        self.version = _fingerprint(tagger.model, Path(__file__).parents[1]) + bytes([any_language, tagger.sparse])

    def _file(self, report: Report) -> Path:
        key = hashlib.sha256(self.version + msgspec.json.encode(report)).hexdigest()
        return self.folder / f"{key}.json"

    def read(self, report: Report) -> list[TaggedPassage] | None:
        """Return the tagged passages of a report that an earlier run finished, else None."""
        try:
            return msgspec.json.decode(self._file(report).read_bytes(), type=list[TaggedPassage])
        except (OSError, msgspec.DecodeError):
            return None

    def write(self, report: Report, rows: Sequence[TaggedPassage]) -> None:
        """Keep a finished report."""
        try:
            self.folder.mkdir(exist_ok=True)
        except OSError as error:
            raise OutputError(f"{self.folder}: cannot be made ({error.strerror}); remove what stands there") from None
        with beside(self._file(report)) as part:
            part.write_bytes(msgspec.json.encode(rows))

    def remove(self) -> None:
        """Forget what was kept."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _fingerprint(*folders: Path) -> bytes:
    """Return a digest of the files in folders, their names and contents."""
    total = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else [folder]:
            if path.is_file() and path.suffix != ".pyc":
                total.update(
                    f"{path.relative_to(folder) if path != folder else path.name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode()
                )
    return total.digest()


def _count(outcome: Outcome, segmentation: Segmentation) -> None:
    outcome.reports += 1
    outcome.interviews += sum(section.interview for section in segmentation.sections)
    outcome.passages += len(segmentation.passages)
    outcome.words += sum(len(passage.text.split()) for passage in segmentation.passages)
    outcome.notices += segmentation.report.notices
    outcome.notices += [f"{segmentation.report.id}: {notice}" for notice in segmentation.notices]


__all__ = ["MAX_BYTES", "Outcome", "find_files", "tag_files"]
