"""Tagged data sets, the outputs of ``ffm tag``, read back: as a whole, or a report at a time in one scheme."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from ffm.errors import RecordError
from ffm.project.changes import Step
from ffm.project.project import Project
from ffm.project.scheme import Scheme
from ffm.records import TaggedPassage
from ffm.tagging.known import Names, known
from ffm.tagging.older import in_one_scheme, restate_row
from ffm.tagging.once import Once
from ffm.tagging.reading import rows_of
from ffm.tagging.schemes import named, shown
from ffm.tagging.shelves import Shelf, Witnesses, shelved, shelved_rows

Replaced = tuple[int, int]  # the numbers of a data set and of an earlier one, or of itself twice


class ReportRows(Struct, frozen=True):
    """The rows of one report.

    Attributes
    ----------
    passages
        By offset; each passage once.
    unknown
        By data set, what their scheme does not know, as notices with how many passages have it.
    replaced, kept
        By the numbers of a data set and an earlier one, how many passages of the later took the place of others, and how many stayed.
    """

    passages: tuple[TaggedPassage, ...]
    unknown: tuple[Counter[str], ...]
    replaced: dict[Replaced, int]
    kept: dict[Replaced, int]


class TaggedRows(Struct, frozen=True):
    """Rows of data sets, a report at a time, all told in one scheme.

    Attributes
    ----------
    steps
        By what a row calls its scheme, how it is told in the one.
    """

    shelves: tuple[Shelf, ...]
    scheme: Scheme
    steps: dict[str, tuple[Step, ...]]

    def read(self, report: str) -> ReportRows:
        """Return the rows of a report; where two data sets hold the same passage, the later one's counts.

        Raises
        ------
        RecordError
            If they are no longer there.
        """
        names = Names.of(self.scheme)
        found: dict[str, tuple[TaggedPassage, int]] = {}
        unknown: tuple[Counter[str], ...] = tuple(Counter() for _ in self.shelves)
        replaced: dict[Replaced, int] = Counter()
        kept: dict[Replaced, int] = {}
        for number, shelf in enumerate(self.shelves):
            mine: dict[str, TaggedPassage] = {}
            for row in shelf.rows(report):
                steps = self.steps[row.scheme]
                passage = known(restate_row(row, steps, self.scheme)[0] if steps else row, names, unknown[number])
                if passage.passage in mine:
                    replaced[number, number] += 1
                elif passage.passage in found:
                    replaced[number, found[passage.passage][1]] += 1
                mine[passage.passage] = passage
            for pair in replaced:
                if pair[0] == number:
                    kept[pair] = sum(origin == pair[1] and name not in mine for name, (_, origin) in found.items())
            found.update({name: (passage, number) for name, passage in mine.items()})
        in_order = sorted((passage for passage, _ in found.values()), key=lambda passage: (passage.start, passage.end, passage.passage))
        return ReportRows(tuple(in_order), unknown, dict(replaced), kept)

    def only(self, reports: Iterable[str]) -> TaggedRows:
        """Return what this holds of some reports."""
        return replace(self, shelves=tuple(shelf.only(reports) for shelf in self.shelves))


class OpenData(Struct, frozen=True):
    """Tagged data sets that were gone through, to be read a report at a time.

    Attributes
    ----------
    reports
        Their ids, in order.
    messages
        Notices and errors on whole data sets, one line each, that name their file; for those on rows see :class:`Findings`.
    failed
        Number of files that were refused.
    reexpressed
        By report that was labelled by an older version of the scheme, the themes that are made of other ones of that version.
    undetermined
        By report, the themes that its labels do not tell, as a change of the scheme leaves them open or its model only ranks them.
    retold
        What a reader of it should know, one line a version or model.
    """

    rows: TaggedRows
    reports: tuple[str, ...]
    messages: tuple[str, ...]
    failed: int
    reexpressed: dict[str, frozenset[str]]
    undetermined: dict[str, frozenset[str]]
    retold: tuple[str, ...]

    @property
    def scheme(self) -> Scheme:
        """The scheme that the rows are told in."""
        return self.rows.scheme

    def models(self) -> set[str]:
        """Return the models that gave the scores of the rows."""
        found: set[str] = set()
        for report in self.reports:
            mine = set[str]().union(*(shelf.models.get(report, ()) for shelf in self.rows.shelves))
            if len(mine) > 1:  # those of one may all have been replaced
                mine = {passage.model for passage in self.rows.read(report).passages if passage.scores}
            found |= mine
        return found


class Findings(Struct):
    """What was found in the rows of reports, gathered as they are read."""

    places: tuple[str, ...]
    unknown: dict[int, Counter[str]] = field(default_factory=dict)
    replaced: list[tuple[int, str, int, int, int]] = field(default_factory=list)

    def add(self, report: str, unknown: Sequence[Counter[str]], replaced: dict[Replaced, int], kept: dict[Replaced, int]) -> None:
        """Add what was found in a report, see :class:`ReportRows`."""
        for number, notices in enumerate(unknown):
            if notices:
                self.unknown.setdefault(number, Counter()).update(notices)
        self.replaced += [(number, report, earlier, count, kept[number, earlier]) for (number, earlier), count in replaced.items()]

    def messages(self) -> list[str]:
        """Return notices, one line each: by data set what its scheme does not know, then whose passages it replaces."""
        told = []
        for number, place in enumerate(self.places):
            unknown = sorted(self.unknown.get(number, Counter()).items())
            told += [f"{place}: {notice.format(count=_passages(count))}" for notice, count in unknown]
            for _, report, earlier, count, kept in sorted(item for item in self.replaced if item[0] == number):
                whose = "earlier ones in the same file" if earlier == number else f"those of {self.places[earlier]}"
                rest = f"; {_passages(kept)} that only the earlier file has stay, so check that both are of one text" if kept else ""
                told.append(f"{place}: {_passages(count)} of {shown(report)} replace {whose}{rest}")
        return told


class TaggedData(Struct, frozen=True):
    """What was read from tagged data sets.

    Attributes
    ----------
    passages
        By report and offset; each (report, passage) once.
    scheme
        The scheme that they are labelled by: the newest among those of the files.
    messages
        Notices and errors, one line each, that name their file.
    failed, reexpressed, undetermined, retold
        As :class:`OpenData` has them.
    """

    passages: tuple[TaggedPassage, ...]
    scheme: Scheme
    messages: tuple[str, ...]
    failed: int
    reexpressed: dict[str, frozenset[str]] = {}
    undetermined: dict[str, frozenset[str]] = {}
    retold: tuple[str, ...] = ()


def read_tagged(paths: Sequence[Path], project: Project) -> TaggedData:
    """Read tagged data sets as :func:`opened` opens them, all rows at once.

    Raises
    ------
    RecordError, SchemeError
        As :func:`opened`.
    """
    with opened(paths, project) as data:
        findings = Findings(tuple(shelf.name for shelf in data.rows.shelves))
        passages: list[TaggedPassage] = []
        for report in data.reports:
            rows = data.rows.read(report)
            findings.add(report, rows.unknown, rows.replaced, rows.kept)
            passages += rows.passages
    messages = (*data.messages, *findings.messages())
    return TaggedData(tuple(passages), data.scheme, messages, data.failed, data.reexpressed, data.undetermined, data.retold)


@contextmanager
def opened(paths: Sequence[Path], project: Project, workers: int = 1) -> Iterator[OpenData]:
    """Give tagged data sets to be read a report at a time; a damaged file is refused with a message, and the others are read.

    Where two files hold the same passage of the same report, the later file's counts. Where they are labelled by several
    versions of one scheme, all are told in the newest, see :func:`ffm.tagging.older.in_one_scheme`.

    Parameters
    ----------
    paths
        ``.jsonl``, ``.parquet`` or ``.csv`` files with the columns of :class:`ffm.records.TaggedPassage`, and folders of them.
    project
        Whose schemes, with those of its models, tell the names of the labels; see :func:`ffm.tagging.schemes.scheme_of_rows`.
    workers
        Number of processes that go through the files.

    Raises
    ------
    RecordError
        If no file could be read.
    SchemeError
        If the rows are labelled by two schemes, or by versions of one between which its changes do not lead.
    """
    found: list[tuple[Shelf, Witnesses]] = []
    messages: list[str] = []
    errors: list[str] = []
    with tempfile.TemporaryDirectory(prefix="ffm-") as folder:
        for number, path in enumerate(paths):
            witnesses = Witnesses()
            try:
                shelf = shelved(path, Path(folder), number, witnesses, workers)
            except RecordError as error:
                errors.append(str(error))
                messages.append(str(error))
                continue
            if notice := _name_scheme(shelf, witnesses, project):
                messages.append(notice)
            found.append((shelf, witnesses))
        if not found:
            more = f" (and {len(errors) - 1} more files refused)" if len(errors) > 1 else ""
            raise RecordError(f"{errors[0]}{more}" if errors else "no tagged data set to compare; name the output of ffm tag")
        yield _in_one(found, project, messages, len(errors))


@contextmanager
def opened_rows(rows: Sequence[TaggedPassage], project: Project) -> Iterator[OpenData]:
    """Give tagged passages as :func:`opened` gives those of files.

    Raises
    ------
    RecordError
        If there are none.
    SchemeError
        As :func:`opened`.
    """
    if not rows:
        raise RecordError("no tagged passages to compare; give those that ffm.tag returns")
    with tempfile.TemporaryDirectory(prefix="ffm-") as folder:
        witnesses = Witnesses()
        shelf = shelved_rows(rows, "rows", Path(folder) / "rows.jsonl", witnesses)
        _name_scheme(shelf, witnesses, project)
        yield _in_one([(shelf, witnesses)], project, [], 0)


def _name_scheme(shelf: Shelf, witnesses: Witnesses, project: Project) -> str:
    """Name the scheme of rows that do not, where it can be told; return a notice of it."""
    witnesses.rows, shelf.scheme = named(witnesses.rows, project)
    if not shelf.scheme:
        return ""
    return f"{shelf.name}: names no scheme, as version 0.1.0 wrote it; its labels are read as those of {shelf.scheme}"


def _in_one(found: Sequence[tuple[Shelf, Witnesses]], project: Project, messages: Sequence[str], failed: int) -> OpenData:
    told = in_one_scheme([row for _, witnesses in found for row in witnesses.rows], project)
    shelves = tuple(shelf for shelf, _ in found)
    reports = tuple(sorted(set[str]().union(*(shelf.runs for shelf in shelves))))
    rows = TaggedRows(shelves, told.scheme, told.steps)
    return OpenData(rows, reports, tuple(messages), failed, told.reexpressed, told.undetermined, told.notices)


def read_file(path: Path) -> list[TaggedPassage]:
    """Read one tagged data set and check every record as far as that can be done without its report.

    Raises
    ------
    RecordError
        If the file is missing, of another format or empty, or a record is damaged; the message names file and line.
    """
    once = Once()
    return [once.kept(passage) for _, passage in rows_of(path)]


def _passages(count: int) -> str:
    return f"{count:,} {'passage' if count == 1 else 'passages'}"
