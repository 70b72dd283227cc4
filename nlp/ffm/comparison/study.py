"""One report at a time: its rows are read, all that a comparison needs is drawn from them, and they are let go again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from ffm.comparison.attribution import attributions
from ffm.comparison.figures import Figure, figures
from ffm.comparison.labelled import Labelled, Marks, Told, label_report, told_by_marks
from ffm.comparison.positions import Position, positions
from ffm.comparison.reports import describe_report
from ffm.comparison.rows import Segment, segment
from ffm.comparison.sampling import DrawnPassages
from ffm.comparison.shares import ReportShares, report_shares
from ffm.comparison.sources import Names, names_of
from ffm.comparison.tables import evidence_rows, record_row
from ffm.evaluation.shifts import Shifts
from ffm.evaluation.trust import Trust
from ffm.processes import uncollected
from ffm.project.reports import Registered
from ffm.records import TaggedPassage, is_evidence
from ffm.tagging.dataset import Replaced, TaggedRows
from ffm.tagging.filtering import Filter

REPORTS_OF_TASK = 20


class Setting(Struct, frozen=True):
    """What reports are studied with.

    Attributes
    ----------
    rows
        Of all of them.
    entries, undetermined, gold, marks, drawn
        By report what the register says of it, which themes its labels do not tell, what gold says of its passages, what readers marked in
        it, and which passages were drawn.
    """

    rows: TaggedRows
    wanted: Filter
    shifts: Shifts
    trust: Trust | None
    entries: Mapping[str, Registered]
    undetermined: Mapping[str, frozenset[str]]
    gold: Mapping[str, Mapping[tuple[int, int], Told]]
    marks: Mapping[str, Sequence[Marks]]
    drawn: Mapping[str, DrawnPassages]


class OpenReport(Struct, frozen=True):
    """A report whose passages are at hand.

    Attributes
    ----------
    passages
        Those that are wanted, of all kinds.
    labelled
        What is known of those that get themes.
    notices
        On what is known.
    """

    passages: tuple[TaggedPassage, ...]
    labelled: Labelled
    notices: list[str]
    every: int
    unknown: tuple[Counter[str], ...]
    replaced: dict[Replaced, int]
    kept: dict[Replaced, int]


class Studied(Struct, frozen=True):
    """What was drawn from a report.

    Attributes
    ----------
    fitting, every
        How many of its passages are wanted, and how many there are.
    bodies
        Those of the sources in its positions that are bodies which it names, to be linked over reports.
    figures, evidence
        Rows of the tables of these names, of evidence by theme.
    notices, unknown, replaced, kept
        As :class:`OpenReport` has them.
    """

    report: str
    fitting: int
    every: int
    shares: ReportShares
    names: Names
    positions: list[Position]
    bodies: frozenset[str]
    figures: Segment
    evidence: dict[str, Segment]
    notices: list[str]
    unknown: tuple[Counter[str], ...]
    replaced: dict[Replaced, int]
    kept: dict[Replaced, int]


def open_report(report: str, setting: Setting) -> OpenReport:
    """Read the rows of a report, and what is known of their labels."""
    rows, scheme = setting.rows.read(report), setting.rows.scheme
    open_themes = setting.undetermined.get(report, frozenset())
    passages = tuple(_determined(passage, open_themes) for passage in rows.passages if setting.wanted.fits(passage))
    themed = [passage for passage in passages if is_evidence(passage)]
    about = describe_report(report, themed, setting.entries.get(report))
    read = told_by_marks(setting.marks.get(report, ()), themed)
    labelled, notices = label_report(themed, about, scheme, setting.gold.get(report, {}), read, setting.drawn.get(report))
    return OpenReport(passages, labelled, notices, len(rows.passages), rows.unknown, rows.replaced, rows.kept)


def study(report: str, setting: Setting) -> Studied:
    """Draw from a report what a comparison needs of it."""
    read = open_report(report, setting)
    labelled, scheme = read.labelled, setting.rows.scheme
    names = names_of(read.passages)
    covers = {report: labelled.report.covers}
    attributed = attributions(passage for passage in read.passages if passage.part == "evidence")
    held = positions(labelled.passages, scheme.theme_ids, {report: names}, covers, attributed)
    by_people = {passage.passage for passage, known in zip(labelled.passages, labelled.known, strict=True) if known}
    evidence = evidence_rows(labelled.passages, labelled.report, scheme, setting.trust, by_people)
    return Studied(
        report,
        len(read.passages),
        read.every,
        report_shares(labelled, setting.shifts, scheme.theme_ids),
        names,
        held,
        frozenset(position.source_id for position in held) & names.surfaces.keys(),
        segment([record_row(figure) for figure in figures(read.passages, {report: names}, covers, attributed)]),
        {theme: segment(rows) for theme, rows in evidence.items()},
        read.notices,
        read.unknown,
        read.replaced,
        read.kept,
    )


def studied(task: tuple[Setting, Sequence[str]]) -> list[Studied]:
    """Study some reports, in this process or in one of several."""
    setting, reports = task
    with uncollected():
        return [study(report, setting) for report in reports]


def tasks_of(setting: Setting, reports: Iterable[str]) -> Iterator[tuple[Setting, list[str]]]:
    """Yield tasks for :func:`studied`, each with no more than it needs."""
    left = iter(reports)
    while some := list(islice(left, REPORTS_OF_TASK)):
        yield only(setting, some), some


def figures_of(read: OpenReport) -> list[Figure]:
    """Return the figures of a report that is at hand."""
    report = read.labelled.report
    names = {report.id: names_of(read.passages)}
    attributed = attributions(passage for passage in read.passages if passage.part == "evidence")
    return figures(read.passages, names, {report.id: report.covers}, attributed)


def only(setting: Setting, reports: Iterable[str]) -> Setting:
    """Return a setting with what it has of some reports."""
    chosen = set(reports)
    kept = {
        name: {report: value for report, value in getattr(setting, name).items() if report in chosen}
        for name in ("entries", "undetermined", "gold", "marks", "drawn")
    }
    return replace(setting, rows=setting.rows.only(chosen), **kept)


def _determined(passage: TaggedPassage, open_themes: frozenset[str]) -> TaggedPassage:
    """Return a passage without the themes that a change of the scheme leaves open: they are in no figure, so it is no quote behind one."""
    if not open_themes:
        return passage
    return replace(
        passage,
        labels=tuple(theme for theme in passage.labels if theme not in open_themes),
        stance={theme: stance for theme, stance in passage.stance.items() if theme not in open_themes},
    )
