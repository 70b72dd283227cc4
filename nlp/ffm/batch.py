"""Many reports: files found, tagged by one or several processes, resumed, written in one of three formats."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pandas as pd
from msgspec import Struct

from ffm.errors import FfmError, OutputError
from ffm.ingest import MAX_BYTES, SUFFIXES, read_report
from ffm.output import beside
from ffm.paths import model_path
from ffm.pipeline import load
from ffm.records import Report, Segmentation, TaggedPassage
from ffm.reports import Registered, find_entry
from ffm.tagger import CHUNK, Prepared, Reading, Text, finish, prepare, read_texts
from ffm.version import __version__

FORMATS = (".jsonl", ".parquet", ".csv")
NESTED = ("parts", "question_parts", "entities", "question_entities", "scores", "labels", "stance")


class Outcome(Struct):
    """What a run of tagging did.

    Attributes
    ----------
    errors
        One line for each file that was refused.
    notices
        One line for each contradiction found in a report.
    """

    reports: int = 0
    interviews: int = 0
    passages: int = 0
    words: int = 0
    errors: list[str] = msgspec.field(default_factory=list)
    notices: list[str] = msgspec.field(default_factory=list)


def find_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files that paths name: files as they are, folders' readable files sorted by name, each once.

    Raises
    ------
    FfmError
        If a folder holds no file that can be read.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(
                item for item in path.iterdir() if item.suffix.lower() in SUFFIXES and item.is_file() and item.name != "README.md"
            )
            if not inside:
                raise FfmError(f"{path}: no {', '.join(SUFFIXES)} files in this folder; check the path")
            files += inside
        else:
            files.append(path)
    return list(dict.fromkeys(files))


def read_reports(files: Iterable[Path], entries: dict[str, Registered], outcome: Outcome) -> Iterator[Report]:
    """Yield the reports of files; what cannot be read, or repeats an id, becomes an error of the outcome."""
    seen: dict[str, Path] = {}
    for path in files:
        entry = find_entry(path, entries)
        try:
            report = read_report(path, entry.id if entry else None)
        except FfmError as error:
            outcome.errors.append(str(error))
            continue
        if report.id in seen:
            outcome.errors.append(
                f'{path}: its id "{report.id}" is that of {seen[report.id]} too; rename the file, or register it with ffm reports add --id'
            )
            continue
        seen[report.id] = path
        yield report


_WORKER_MODEL: Path | None = None


def _start_worker(model: Path | None) -> None:
    global _WORKER_MODEL  # one pipeline a process
    _WORKER_MODEL = model
    load(model)


def _read_chunk(texts: Sequence[Text]) -> list[Reading]:
    return read_texts(load(_WORKER_MODEL), texts)


Chunks = Callable[[Iterable[Sequence[Text]]], Iterator[list[Reading]]]


@contextmanager
def chunk_reader(workers: int, model: Path | None) -> Iterator[Chunks]:
    """Give a function that reads chunks of texts, in order, in this process or in several.

    Chunks are of a fixed size, so that the result is the same for every number of workers.
    """
    load(model)  # a damaged model is refused here, once
    if workers <= 1:
        yield lambda chunks: (read_texts(load(model), chunk) for chunk in chunks)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker, initargs=(model,)) as pool:
        yield lambda chunks: pool.map(_read_chunk, chunks)


def chunks_of(prepared: Prepared) -> list[tuple[Text, ...]]:
    """Return the texts of a report in chunks of a fixed size."""
    return [prepared.texts[start : start + CHUNK] for start in range(0, len(prepared.texts), CHUNK)]


def tag_files(
    files: Sequence[Path],
    entries: dict[str, Registered],
    output: Path,
    workers: int = 1,
    model: Path | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Outcome:
    """Tag files into one data set.

    Parameters
    ----------
    output
        ``.jsonl``, ``.parquet`` or ``.csv``; written beside its place and renamed.
    workers
        Number of processes; the bytes of the output are the same for every number.
    progress
        Called with the number of chunks done and of all chunks.

    Raises
    ------
    OutputError
        If the output cannot be written, or no file could be read: an existing output then stays as it was.
    """
    if output.suffix not in FORMATS:
        raise OutputError(f"{output}: unknown format; end its name in {', '.join(FORMATS)}")
    outcome = Outcome()
    with beside(output) as part:
        prepared = [prepare(report) for report in read_reports(files, entries, outcome)]
        if not prepared:
            raise OutputError(
                f"{output}: nothing to write, none of {len(files)} files could be read: {outcome.errors[0] if outcome.errors else ''}"
            )
        kept = Kept(output, model or model_path())
        before = {item.segmentation.report.id: kept.read(item.segmentation.report) for item in prepared}
        fresh = [item for item in prepared if before[item.segmentation.report.id] is None]
        chunks = [chunk for item in fresh for chunk in chunks_of(item)]
        rows: list[TaggedPassage] = []
        with chunk_reader(workers if len(chunks) > 1 else 1, model) as read:
            readings = read(chunks)
            done = 0
            for item in prepared:
                report = item.segmentation.report
                mine = before[report.id]
                if mine is None:
                    found: list[Reading] = []
                    for _ in chunks_of(item):
                        found += next(readings)
                        done += 1
                        progress(done, len(chunks))
                    mine = finish(item, found)
                    if len(prepared) > 1:
                        kept.write(report, mine)
                rows += mine
                _count(outcome, item.segmentation)
        write_rows(rows, part, output.suffix)
    kept.remove()
    return outcome


class Kept:
    """The reports that an interrupted run had finished, kept beside its output until a run ends well.

    A kept report counts only for the same text and the same model.
    """

    def __init__(self, output: Path, model: Path) -> None:
        self.folder = output.with_name(f".{output.name}.kept")
        self.model = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(model.rglob("*.json")))).hexdigest() + __version__

    def _key(self, report: Report) -> str:
        return hashlib.sha256(f"{self.model}\0{report.id}\0{report.text}".encode("utf-8", "surrogatepass")).hexdigest()

    def read(self, report: Report) -> list[TaggedPassage] | None:
        """Return the tagged passages of a report that an earlier run finished, else None."""
        try:
            return msgspec.json.decode((self.folder / f"{self._key(report)}.json").read_bytes(), type=list[TaggedPassage])
        except (OSError, msgspec.DecodeError):
            return None

    def write(self, report: Report, rows: Sequence[TaggedPassage]) -> None:
        """Keep a finished report."""
        self.folder.mkdir(exist_ok=True)
        with beside(self.folder / f"{self._key(report)}.json") as part:
            part.write_bytes(msgspec.json.encode(rows))

    def remove(self) -> None:
        """Forget what was kept."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _count(outcome: Outcome, segmentation: Segmentation) -> None:
    outcome.reports += 1
    outcome.interviews += sum(section.interview for section in segmentation.sections)
    outcome.passages += len(segmentation.passages)
    outcome.words += sum(len(passage.text.split()) for passage in segmentation.passages)
    outcome.notices += [f"{segmentation.report.id}: {notice}" for notice in segmentation.notices]


def write_rows(rows: Sequence[TaggedPassage], path: Path, suffix: str) -> None:
    """Write tagged passages in a format; nested columns are JSON strings in Parquet and CSV."""
    if suffix == ".jsonl":
        with path.open("wb") as out:
            for row in rows:
                out.write(msgspec.json.encode(row) + b"\n")
        return
    table = pd.DataFrame([_flat(row) for row in rows], columns=list(TaggedPassage.__struct_fields__))
    for column in ("page", "question_start", "start", "end"):
        table[column] = table[column].astype("Int64")
    if suffix == ".parquet":
        table.to_parquet(path, index=False)
    else:
        table.to_csv(path, index=False, lineterminator="\n")


def _flat(row: TaggedPassage) -> dict[str, object]:
    plain = msgspec.to_builtins(row)
    return {key: json.dumps(value, ensure_ascii=False) if key in NESTED else value for key, value in plain.items()}


__all__ = ["FORMATS", "MAX_BYTES", "Outcome", "find_files", "tag_files"]
