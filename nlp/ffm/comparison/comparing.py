"""From tagged passages to a comparison: figures, changes, the quotes behind them, and the page."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path

import pandas as pd
from msgspec import Struct
from msgspec.structs import replace

from ffm.comparison.answers import Answers
from ffm.comparison.carried import Carried, carried_over
from ffm.comparison.changes import Change, Correction, changes, pairs
from ffm.comparison.figures import Figure
from ffm.comparison.labelled import Told, read_marks, told_by_gold
from ffm.comparison.page import render_page
from ffm.comparison.positions import Position, Said, contradictions, corroborations, said
from ffm.comparison.prevalence import Prevalence, prevalences
from ffm.comparison.reports import ComparedReport, in_time_order, latest, notices_on
from ffm.comparison.rows import Rows
from ffm.comparison.sampling import FOLDER as DRAWS
from ffm.comparison.sampling import read_draws
from ffm.comparison.shares import ReportShares
from ffm.comparison.sources import Countries
from ffm.comparison.study import OpenReport, Setting, Studied, open_report, studied, tasks_of
from ffm.comparison.subsets import subset_changes
from ffm.comparison.tables import EVIDENCE_COLUMNS, Table, evidence_order, position_table, prevalence_table, record_table
from ffm.comparison.views import chosen_quotes
from ffm.engine import Killed, in_order
from ffm.errors import FfmError, OutputError, RecordError, ReportError
from ffm.evaluation.figures import Figures, model_figures
from ffm.evaluation.held_out import FILE as HELD_OUT
from ffm.evaluation.held_out import read_held_out
from ffm.evaluation.shifts import Shifts, read_shifts, unknown_shifts
from ffm.files import beside
from ffm.processes import uncollected
from ffm.project.project import Project, find_project
from ffm.project.scheme import Scheme
from ffm.project.sources import aliases
from ffm.records import TaggedPassage
from ffm.tagging.dataset import Findings, OpenData, opened, opened_rows
from ffm.tagging.filtering import EVERYTHING, Filter, FilterError
from ffm.tagging.frames import rows_of
from ffm.tagging.pipeline import SPARSE
from ffm.themes.digests import model_digest
from ffm.workbook import write_workbook

WORKBOOK = "comparison.xlsx"
MANY = 100 * 2**20  # bytes of rows, from which on several processes read them
MOST_WORKERS = 4
PACKED = 4  # times the bytes that rows have in Parquet, they have as lines of JSON
BYTES_OF_ROW = 2_000
MOST_REPORTS = 300  # on the page; of more, those that cover the latest time


class Comparison(Struct, frozen=True):
    """A comparison of reports.

    Attributes
    ----------
    tables
        By name: ``prevalence``, ``change``, ``carried``, ``positions``, ``figures``, ``evidence``.
    page
        The page, in HTML.
    reports, passages
        How many were compared; only passages that get themes count.
    messages
        Notices and errors, one line each.
    failed
        Number of input files that were refused.
    """

    tables: dict[str, Table]
    page: str
    reports: int
    passages: int
    messages: tuple[str, ...]
    failed: int

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table as a data frame; its columns are documented in ``docs/analyst.md``."""
        return self.tables[name].frame()

    @uncollected()
    def write(self, folder: str | Path) -> tuple[Path, ...]:
        """Write the page, each table as CSV and Parquet, and all tables as a workbook, into a folder, which is made if it is missing.

        Raises
        ------
        OutputError
            If the folder cannot be written; what stood there stays.
        """
        folder = Path(folder)
        files: dict[str, Callable[[Path], object]] = {"comparison.html": lambda path: path.write_bytes(self.page.encode("utf-8"))}
        for name, table in self.tables.items():
            files |= {f"{name}.csv": table.write_csv, f"{name}.parquet": table.write_parquet}
        written = write_together(folder, files)
        write_workbook(folder / WORKBOOK, {name: table.sheet(name) for name, table in self.tables.items()})
        return (*written, folder / WORKBOOK)


@uncollected()
def compare(
    rows: Sequence[str | Path] | Sequence[TaggedPassage] | pd.DataFrame,
    project: Project | None = None,
    baseline: str = "",
    correction: Correction = "bh",
    wanted: Filter = EVERYTHING,
    workers: int | None = None,
) -> Comparison:
    """Compare the reports of tagged data sets.

    Parameters
    ----------
    rows
        Outputs of ``ffm tag`` (``.jsonl``, ``.parquet`` or ``.csv``; a damaged one is refused with a message, the others are
        compared), tagged passages, or the data frame of some (``pandas.concat`` joins those of several reports).
    project
        Whose registers tell of the reports, and whose model and gold of the labels; by default that of the working folder.
    baseline
        The id of a report that the later ones are compared with; by default each with the one before it.
    correction
        How verdicts of change are corrected for their number: ``bh`` (Benjamini and Hochberg, at 10%) or ``holm``.

    workers
        Number of processes; by default one, or for many passages one for each processor, four at most. The result is the same.

    Raises
    ------
    RecordError
        If no file could be read, no passage is wanted, or a draw of passages is damaged.
    SchemeError
        If the rows are labelled by two schemes.
    ReportError
        If the register of reports is damaged, or the baseline is no compared report.
    """
    project = project or find_project()
    if isinstance(rows, pd.DataFrame):
        rows = rows_of(rows)
    files = [Path(row) for row in rows if isinstance(row, str | Path)]
    passages = [row for row in rows if isinstance(row, TaggedPassage)]
    workers = workers or _workers(files, passages)
    with opened(files, project, workers) if files else opened_rows(passages, project) as data:
        return _compared(data, len(rows), project, baseline, correction, wanted, workers)


def _compared(
    data: OpenData, files: int, project: Project, baseline: str, correction: Correction, wanted: Filter, workers: int
) -> Comparison:
    scheme, undetermined = data.scheme, data.undetermined
    if wanted.theme is not None and wanted.theme not in scheme.theme_ids:
        raise FilterError("--theme", f'the scheme has no theme "{wanted.theme}"; it has {", ".join(scheme.theme_ids)}')
    setting, unsure = _setting(project, data, wanted)
    measured = _figures(project, unsure)
    setting = replace(setting, trust=measured.trust if measured else None)
    gathered = Gathered(data, setting, aliases(project.raw_text))
    for some in in_order(studied, tasks_of(setting, data.reports), workers):
        if isinstance(some, Killed):
            raise FfmError("a process that read reports was killed, as is done for want of memory; give ffm compare one process, with -j 1")
        for one in some:
            gathered.add(one)
    if not wanted.is_open and not gathered.passages:
        raise RecordError(f"no passages to compare fit ({wanted.told()}); ask for more")
    shares = gathered.shares()
    reports = [item.outline.report for item in shares]
    if baseline and baseline not in {report.id for report in reports}:
        raise ReportError(f"{baseline}: is not among the compared reports; name one of {', '.join(report.id for report in reports)}")
    prevalence = prevalences(shares, scheme, data.reexpressed, undetermined)
    compared = pairs(reports, baseline)
    found = changes(shares, compared, setting.shifts, scheme.theme_ids, undetermined, correction)
    alike, carried = _between(reports, compared, setting)
    asked = [] if wanted.is_open else [_narrowed(wanted, gathered.fitting, gathered.every)]
    notices = [*asked, *data.retold, *notices_on(reports, setting.entries), *gathered.notices(reports), *unsure]
    refused = [f"{data.failed} of {files} input files could not be read and are not in this comparison."] if data.failed else []
    held = gathered.positions()
    tables = {
        "prevalence": prevalence_table(prevalence, scheme),
        "change": record_table(Change, [*found, *alike]),
        "carried": record_table(Carried, carried),
        "positions": position_table(held),
        "figures": gathered.figures(),
        "evidence": gathered.evidence(reports),
    }
    page = _page(shares, prevalence, [*found, *alike], held, carried, [*refused, *notices], measured, setting, gathered.amounts)
    messages = (*data.messages, *gathered.findings.messages(), *notices)
    return Comparison(tables, page, len(reports), sum(report.passages for report in reports), messages, data.failed)


def _workers(files: Sequence[Path], passages: Sequence[TaggedPassage]) -> int:
    """Return how many processes are worth their start."""
    parts = [part for file in files for part in (file.glob("*") if file.is_dir() else [file])]
    size = sum(part.stat().st_size * (1 if part.suffix == ".jsonl" else PACKED) for part in parts if part.is_file())
    return min(os.cpu_count() or 1, MOST_WORKERS) if max(size, len(passages) * BYTES_OF_ROW) >= MANY else 1


def _setting(project: Project, data: OpenData, wanted: Filter) -> tuple[Setting, list[str]]:
    """Return what reports are studied with, and a notice where the model's shifts are not known."""
    gold = _gold(project, data.scheme)
    marks = {} if project.packaged else read_marks(project.gold, set(data.reports) - gold.keys())
    drawn = {} if project.packaged else read_draws(project.gold.parent / DRAWS)
    shifts, unsure = _shifts(project, data)
    return Setting(data.rows, wanted, shifts, None, project.reports(), data.undetermined, gold, marks, drawn), unsure


def _between(
    reports: Sequence[ComparedReport], compared: Sequence[tuple[int, int]], setting: Setting
) -> tuple[list[Change], list[Carried]]:
    """Return the changes of parts of reports, and what was carried over, by pair; both reports of a pair are read once more."""
    alike: list[Change] = []
    carried: list[Carried] = []
    read = lru_cache(maxsize=2)(lambda report: open_report(report, setting).labelled)
    for first, second in compared:
        one, two = read(reports[first].id), read(reports[second].id)
        alike += subset_changes([one, two], [(0, 1)], setting.shifts, setting.rows.scheme.theme_ids, setting.undetermined)
        carried += carried_over([*one.passages, *two.passages], one.report.id, two.report.id)
    return alike, carried


def _page(
    shares: Sequence[ReportShares],
    prevalence: Sequence[Prevalence],
    found: Sequence[Change],
    held: Sequence[Position],
    carried: Sequence[Carried],
    notices: Sequence[str],
    measured: Figures | None,
    setting: Setting,
    amounts: int,
) -> str:
    """Return the page, of the latest reports where there are too many; they are read once more for their quotes."""
    every = [item.outline.report for item in shares]
    shown = {report.id: report for report in latest(every, MOST_REPORTS)}
    countries = {report.id: report.country for report in every}
    held = [position for position in held if position.report in shown]
    mine: dict[str, list[Position]] = {report: [] for report in shown}
    for position in held:
        mine[position.report].append(position)
    carried = [item for item in carried if item.to_report in shown]

    def read(report: str) -> OpenReport:
        return open_report(report, setting)

    rows: list[Said] = []
    quoted = {}
    on_page = [item for item in shares if item.outline.report.id in shown]
    for item, numbers in zip(on_page, chosen_quotes(on_page, setting.rows.scheme), strict=True):
        report = item.outline.report.id
        passages = read(report).labelled.passages
        rows += said(mine[report], passages)
        quoted[report] = {number: passages[number] for number in numbers}
    answers = Answers(
        held, contradictions(held, rows, countries), corroborations(held, rows, countries, carried), carried, amounts, quoted, read
    )
    return render_page(
        on_page,
        [figure for figure in prevalence if figure.grouping != "report" or figure.value in shown],
        [change for change in found if change.pair_from in shown and change.pair_to in shown],
        answers,
        setting.rows.scheme,
        notices,
        measured,
        every,
    )


class Gathered:
    """What was drawn from reports, one after the other in the order of their ids.

    Attributes
    ----------
    fitting, every
        How many passages are wanted, and how many there are.
    passages
        How many of the wanted ones get themes.
    amounts
        How many figures there are.
    """

    def __init__(self, data: OpenData, setting: Setting, listed: Mapping[str, str]) -> None:
        self.findings = Findings(tuple(shelf.name for shelf in data.rows.shelves))
        self.fitting = self.every = self.passages = self.amounts = 0
        self._setting = setting
        self._studied: dict[str, ReportShares] = {}
        self._notices: dict[str, list[str]] = {}
        self._positions: list[tuple[list[Position], frozenset[str]]] = []
        self._countries = Countries(listed)
        self._figures, self._evidence = Rows(len(Figure.__struct_fields__)), Rows(len(EVIDENCE_COLUMNS))

    def add(self, studied: Studied) -> None:
        """Add a report; one of which no passage is wanted is in no figure."""
        self.findings.add(studied.report, studied.unknown, studied.replaced, studied.kept)
        self.fitting, self.every = self.fitting + studied.fitting, self.every + studied.every
        if not studied.fitting:
            return
        report = studied.shares.outline.report
        self.passages += report.passages
        self.amounts += studied.figures.count
        self._studied[report.id] = studied.shares
        self._notices[report.id] = studied.notices
        self._countries.add(report.country, studied.names)
        self._positions.append((studied.positions, studied.bodies))
        self._figures.add(report.id, studied.figures)
        for theme, segment in studied.evidence.items():
            self._evidence.add((theme, report.id), segment)

    def shares(self) -> list[ReportShares]:
        """Return the reports in the order of time."""
        return [self._studied[report.id] for report in in_time_order(shares.outline.report for shares in self._studied.values())]

    def notices(self, reports: Iterable[ComparedReport]) -> list[str]:
        """Return what is to be known of the labels of reports."""
        return [notice for report in reports for notice in self._notices[report.id]]

    def positions(self) -> list[Position]:
        """Return the positions, with the sources' identifiers over reports."""
        ids = self._countries.linked()
        found = []
        for held, bodies in self._positions:
            for position in held:
                own = ids[self._studied[position.report].outline.report.country]
                linked = own[position.source_id] if position.source_id in bodies else position.source_id
                found.append(position if linked == position.source_id else replace(position, source_id=linked))
        return found

    def figures(self) -> Table:
        """Return the table of figures."""
        return Table(Figure.__struct_fields__, self._figures)

    def evidence(self, reports: Sequence[ComparedReport]) -> Table:
        """Return the table of evidence."""
        self._evidence.arrange(evidence_order(reports, self._setting.rows.scheme))
        return Table(EVIDENCE_COLUMNS, self._evidence)


def _narrowed(wanted: Filter, fitting: int, every: int) -> str:
    """Return what a reader must know of figures that are not of all passages."""
    chosen = f"; passages were chosen by the label {wanted.theme}, so its own shares tell nothing" if wanted.theme else ""
    return f"only passages that fit ({wanted.told()}): {fitting:,} of {every:,}; shares and changes are of these alone{chosen}"


def _gold(project: Project, scheme: Scheme) -> dict[str, dict[tuple[int, int], Told]]:
    """Return what the gold of the project's model says; nothing where it has none, or learnt another version of the scheme."""
    if not (project.model / HELD_OUT).is_file():
        return {}
    judged = read_held_out(project.model)
    known = set(scheme.theme_ids)
    return told_by_gold(judged, scheme) if all(known.issuperset(item.gold) for item in judged) else {}


def _shifts(project: Project, data: OpenData) -> tuple[Shifts, list[str]]:
    """Return the shifts of the model that labelled, and a notice where they are not known."""
    shifts = read_shifts(project.model) if project.model.is_dir() else None
    scheme, models = data.scheme, data.models()
    digest = model_digest(project.model)
    same = all(model.endswith(f"+{digest}") and SPARSE not in model for model in models)  # the sparse classifier alone errs by more
    if shifts is not None and same and shifts.total.keys() >= set(scheme.theme_ids):
        return shifts, []
    told = (
        "labelled by another model than the project's" if shifts is not None else "labelled by a model without figures on left-out families"
    )
    return unknown_shifts(scheme.theme_ids), [f"{told}: how far its shares may be off is taken from experience with others"]


def _figures(project: Project, unsure: Sequence[str]) -> Figures | None:
    """Return the measured figures of the project's model; None where it is not the one that labelled."""
    return None if unsure else model_figures(project.model)


def write_together(folder: Path, files: Mapping[str, Callable[[Path], object]]) -> tuple[Path, ...]:
    """Write files into a folder by name: all are written beside their places before the first is renamed.

    Parameters
    ----------
    files
        By name what writes the file to a path.

    Raises
    ------
    OutputError
        If the folder or a file cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise OutputError(f"{folder}: is a file; name a folder") from None
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made ({error.strerror}); choose another place") from None
    with ExitStack() as stack:
        for name, write in files.items():
            write(stack.enter_context(beside(folder / name)))
    return tuple(folder / name for name in files)
