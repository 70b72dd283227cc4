"""Where the rows of each report stand, so that a data set of any size is read a report at a time.

A data set is gone through once: each row is checked, and what it tells of its scheme is noted. The lines of a JSON Lines file are read
again where they stand; the rows of any other form are written down as such lines, in a folder for the time being.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from ffm.engine import Killed, in_order
from ffm.errors import OutputError, RecordError
from ffm.processes import uncollected
from ffm.records import Range, TaggedPassage
from ffm.segment.passages import count_words
from ffm.tagging.reading import DECODER, rows_of

PIECE = 32 * 2**20  # bytes of a file that are gone through at a time, by several processes
Labelled = tuple[str, str, str]  # a report, and the scheme and the model of its labels


class Shelf(Struct):
    """The rows of one data set.

    Attributes
    ----------
    name
        What messages call it.
    path
        The file in which its lines stand.
    runs
        By report where stretches of its lines begin and end, one after the other.
    models
        By report the models that gave its scores.
    scheme
        What the scheme is called of rows that do not name theirs.
    """

    name: str
    path: Path
    runs: dict[str, array[int]] = field(default_factory=dict)
    models: dict[str, set[str]] = field(default_factory=dict)
    scheme: str = ""

    def rows(self, report: str) -> Iterator[TaggedPassage]:
        """Yield the rows of a report in their order.

        Raises
        ------
        RecordError
            If they are no longer there.
        """
        try:
            with self.path.open("rb") as lines:
                runs = self.runs.get(report, array("q"))
                for start, stop in zip(runs[::2], runs[1::2], strict=True):
                    lines.seek(start)
                    for line in lines.read(stop - start).split(b"\n"):
                        if line.strip():
                            yield self._completed(DECODER.decode(line))
        except (OSError, msgspec.DecodeError) as error:
            raise RecordError(f"{self.name}: was changed while it was read ({error}); run the command again") from None

    def _completed(self, row: TaggedPassage) -> TaggedPassage:
        words = row.words or count_words(row.text)
        scheme = row.scheme or self.scheme
        return row if (words, scheme) == (row.words, row.scheme) else replace(row, words=words, scheme=scheme)

    def only(self, reports: Iterable[str]) -> Shelf:
        """Return what this holds of some reports."""
        return replace(self, runs={report: self.runs[report] for report in reports if report in self.runs}, models={})


class Witnesses:
    """Rows that say of a report's scheme, model or labels what none before them did, without their texts."""

    def __init__(self) -> None:
        self.rows: list[TaggedPassage] = []
        self._origins: set[Labelled] = set()
        self._told: dict[str, _Told] = {}

    def see(self, row: TaggedPassage) -> None:
        """Keep a row if it says something new."""
        origin = (row.report, row.scheme, row.model)
        told = self._told.get(row.scheme)
        if told is None:
            told = self._told[row.scheme] = _Told()
        is_news = told.hears(row)
        if is_news or origin not in self._origins:
            self._origins.add(origin)
            self.rows.append(replace(row, text="", question=None, sentences=()))


class _Told(Struct):
    """What rows of one scheme told: themes, stances of themes, and labels of entities."""

    themes: set[str] = field(default_factory=set)
    stances: set[tuple[str, str]] = field(default_factory=set)
    entities: set[str] = field(default_factory=set)

    def hears(self, row: TaggedPassage) -> bool:
        """Tell whether a row has something new, and remember it."""
        is_news = False
        if not (self.themes >= row.scores.keys() and self.themes.issuperset(row.labels)):
            self.themes.update(row.scores, row.labels)
            is_news = True
        if row.stance and not self.stances.issuperset(row.stance.items()):
            self.stances.update(row.stance.items())
            is_news = True
        labels = {entity.label for entity in row.entities}
        labels.update([entity.label for entity in row.question_entities])
        if not labels <= self.entities:
            self.entities |= labels
            is_news = True
        return is_news


def shelved(path: Path, folder: Path, number: int, witnesses: Witnesses, workers: int = 1) -> Shelf:
    """Go through a data set, and return where its rows stand.

    Parameters
    ----------
    folder
        For the rows of a data set that is not JSON Lines, in a file of this number.
    witnesses
        Sees each row, or at least each that it would keep.
    workers
        Number of processes that go through JSON Lines.

    Raises
    ------
    RecordError
        As :func:`ffm.tagging.reading.rows_of`.
    """
    if path.suffix.lower() != ".jsonl" or path.is_dir():
        return shelved_rows((row for _, row in rows_of(path)), str(path), folder / f"{number}.jsonl", witnesses)
    shelf = Shelf(str(path), path)
    pieces = _pieces(path) if workers > 1 and path.is_file() else []
    if len(pieces) < 2 or not _join(shelf, in_order(_piece, [(path, piece) for piece in pieces], workers), witnesses):
        shelf = Shelf(str(path), path)
        _note(shelf, ((span, row) for span, row in rows_of(path) if span is not None), witnesses)
    return shelf


def _pieces(path: Path) -> list[Range]:
    """Return stretches of whole lines that a file consists of."""
    bounds = [0]
    with path.open("rb") as lines:
        size = lines.seek(0, os.SEEK_END)
        while bounds[-1] < size:
            lines.seek(min(bounds[-1] + PIECE, size))
            lines.readline()
            bounds.append(lines.tell())
    return list(pairwise(bounds))


def _piece(task: tuple[Path, Range]) -> tuple[Shelf, list[TaggedPassage]] | None:
    """Go through a piece of a file; return what is there and its witnesses, None where a line is damaged."""
    path, within = task
    shelf, witnesses = Shelf(str(path), path), Witnesses()
    try:
        with uncollected():
            _note(shelf, ((span, row) for span, row in rows_of(path, within) if span is not None), witnesses)
    except RecordError:
        return None
    return shelf, witnesses.rows


def _join(shelf: Shelf, pieces: Iterable[tuple[Shelf, list[TaggedPassage]] | Killed | None], witnesses: Witnesses) -> bool:
    """Put the pieces of a file together; tell whether all are whole."""
    rows: list[TaggedPassage] = []
    for piece in pieces:
        if piece is None or isinstance(piece, Killed):
            return False
        mine, more = piece
        rows += more
        for report, runs in mine.runs.items():
            shelf.runs.setdefault(report, array("q")).extend(runs)
            shelf.models.setdefault(report, set()).update(mine.models[report])
    for row in rows:
        witnesses.see(row)
    return True


def shelved_rows(rows: Iterable[TaggedPassage], name: str, path: Path, witnesses: Witnesses) -> Shelf:
    """Write rows down as lines of a file, and return where they stand.

    Raises
    ------
    OutputError
        If there is no room for them.
    """
    shelf = Shelf(name, path)
    try:
        with path.open("wb") as out:
            _note(shelf, _written(rows, out), witnesses)
    except OSError as error:
        raise OutputError(f"{path.parent}: cannot hold the rows of {name} for the time being ({error.strerror}); make room there") from None
    return shelf


def _written(rows: Iterable[TaggedPassage], out: BinaryIO) -> Iterator[tuple[Range, TaggedPassage]]:
    stop = 0
    for row in rows:
        start, stop = stop, stop + out.write(msgspec.json.encode(row) + b"\n")
        yield (start, stop), row


def _note(shelf: Shelf, rows: Iterable[tuple[Range, TaggedPassage]], witnesses: Witnesses) -> None:
    last, runs = None, array("q")
    for (start, stop), row in rows:
        report = row.report
        if report == last:
            runs[-1] = stop
        else:
            last = report
            runs = shelf.runs.setdefault(report, array("q"))
            runs.extend((start, stop))
            models = shelf.models.setdefault(report, set())
        if row.scores:
            models.add(row.model)
        witnesses.see(row)
