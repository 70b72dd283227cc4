"""From tagged passages to a comparison: figures, changes, the quotes behind them, and the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import pandas as pd
from msgspec import Struct
from msgspec.structs import replace

from ffm.comparison.answers import Answers
from ffm.comparison.attribution import attributions
from ffm.comparison.carried import Carried, carried_over
from ffm.comparison.changes import Change, Correction, changes, pairs
from ffm.comparison.figures import Figure, figures
from ffm.comparison.labelled import Told, label_reports, told_by_gold, told_by_readers
from ffm.comparison.page import render_page
from ffm.comparison.positions import contradictions, corroborations, positions
from ffm.comparison.prevalence import prevalences
from ffm.comparison.reports import describe_reports
from ffm.comparison.sampling import FOLDER as DRAWS
from ffm.comparison.sampling import read_draws
from ffm.comparison.shares import report_shares
from ffm.comparison.sources import link_sources
from ffm.comparison.subsets import subset_changes
from ffm.comparison.tables import Table, evidence_table, position_table, prevalence_table, record_table
from ffm.errors import OutputError, RecordError, ReportError
from ffm.evaluation.figures import Figures, model_figures
from ffm.evaluation.held_out import FILE as HELD_OUT
from ffm.evaluation.held_out import read_held_out
from ffm.evaluation.shifts import Shifts, read_shifts, unknown_shifts
from ffm.files import beside
from ffm.processes import uncollected
from ffm.project.project import Project, find_project
from ffm.project.scheme import Scheme
from ffm.project.sources import aliases
from ffm.records import TaggedPassage, is_evidence
from ffm.tagging.dataset import TaggedData, read_tagged, tagged_data
from ffm.tagging.filtering import EVERYTHING, Filter, FilterError
from ffm.tagging.frames import rows_of
from ffm.tagging.pipeline import SPARSE
from ffm.themes.digests import model_digest
from ffm.workbook import write_workbook

WORKBOOK = "comparison.xlsx"


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
    data = read_tagged(files, project) if files else tagged_data([row for row in rows if isinstance(row, TaggedPassage)], project)
    scheme, undetermined = data.scheme, data.undetermined
    if wanted.theme is not None and wanted.theme not in scheme.theme_ids:
        raise FilterError("--theme", f'the scheme has no theme "{wanted.theme}"; it has {", ".join(scheme.theme_ids)}')
    fitting = [passage for passage in data.passages if wanted.fits(passage)]
    if not wanted.is_open and not any(is_evidence(passage) for passage in fitting):
        raise RecordError(f"no passages to compare fit ({wanted.told()}); ask for more")
    passages = [_determined(passage, undetermined.get(passage.report, frozenset())) for passage in fitting]
    reports, about = describe_reports(passages, project.reports())
    if baseline and baseline not in {report.id for report in reports}:
        raise ReportError(f"{baseline}: is not among the compared reports; name one of {', '.join(report.id for report in reports)}")
    gold = _gold(project, scheme)
    read = {} if project.packaged else told_by_readers(project.gold, passages, gold)
    drawn = {} if project.packaged else read_draws(project.gold.parent / DRAWS)
    labelled, known = label_reports(passages, reports, scheme, gold, read, drawn)
    shifts, unsure = _shifts(project, scheme, data)
    shares = [report_shares(item, shifts, scheme.theme_ids) for item in labelled]
    prevalence = prevalences(shares, scheme, data.reexpressed, undetermined)
    compared = pairs(reports, baseline)
    found = changes(shares, compared, shifts, scheme.theme_ids, undetermined, correction)
    asked = [] if wanted.is_open else [_narrowed(wanted, len(fitting), len(data.passages))]
    alike = subset_changes(labelled, compared, shifts, scheme.theme_ids, undetermined)
    notices = [*asked, *data.retold, *about, *known, *unsure]
    refused = [f"{data.failed} of {len(rows)} input files could not be read and are not in this comparison."] if data.failed else []
    shown = [passage for item in labelled for passage in item.passages]
    covers, countries = {report.id: report.covers for report in reports}, {report.id: report.country for report in reports}
    linked = link_sources(passages, countries, aliases(project.raw_text))
    attributed = attributions(passage for passage in passages if passage.part == "evidence")
    held = positions(shown, scheme.theme_ids, linked, covers, attributed)
    carried = [item for first, second in compared for item in carried_over(shown, reports[first].id, reports[second].id)]
    amounts = figures(passages, linked, covers, attributed)
    measured = _figures(project, unsure)
    by_people = {passage.passage for item in labelled for passage, known_here in zip(item.passages, item.known, strict=True) if known_here}
    tables = {
        "prevalence": prevalence_table(prevalence, scheme),
        "change": record_table(Change, [*found, *alike]),
        "carried": record_table(Carried, carried),
        "positions": position_table(held),
        "figures": record_table(Figure, amounts),
        "evidence": evidence_table(shown, reports, scheme, measured.trust if measured else None, by_people),
    }
    answers = Answers(
        held,
        contradictions(held, shown, countries),
        corroborations(held, shown, countries, carried),
        carried,
        amounts,
    )
    page = render_page(shares, prevalence, [*found, *alike], answers, scheme, [*refused, *notices], measured)
    return Comparison(tables, page, len(reports), sum(report.passages for report in reports), (*data.messages, *notices), data.failed)


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


def _shifts(project: Project, scheme: Scheme, data: TaggedData) -> tuple[Shifts, list[str]]:
    """Return the shifts of the model that labelled, and a notice where they are not known."""
    shifts = read_shifts(project.model) if project.model.is_dir() else None
    models = {passage.model for passage in data.passages if passage.scores}
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


def _determined(passage: TaggedPassage, open_themes: frozenset[str]) -> TaggedPassage:
    """Return a passage without the themes that a change of the scheme leaves open: they are in no figure, so it is no quote behind one."""
    if not open_themes:
        return passage
    return replace(
        passage,
        labels=tuple(theme for theme in passage.labels if theme not in open_themes),
        stance={theme: stance for theme, stance in passage.stance.items() if theme not in open_themes},
    )


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
