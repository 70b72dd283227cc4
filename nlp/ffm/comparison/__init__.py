"""The comparison of reports: how much of each speaks of what, over time, with the quotes behind every figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from ffm.comparison.page import render_page
from ffm.comparison.prevalence import describe_reports, prevalences
from ffm.comparison.tables import evidence_csv, prevalence_csv
from ffm.errors import OutputError
from ffm.files import beside
from ffm.project.project import Project, find_project
from ffm.records import TaggedPassage
from ffm.tagging.dataset import read_tagged

__all__ = ["Comparison", "compare"]


class Comparison(Struct, frozen=True):
    """What a comparison wrote, and of what.

    Attributes
    ----------
    files
        The page, the figures and the evidence.
    reports, passages
        How many were compared; only passages that get themes count.
    messages
        Notices and errors, one line each.
    failed
        Number of input files that were refused.
    """

    files: tuple[Path, ...]
    reports: int
    passages: int
    messages: tuple[str, ...]
    failed: int


def compare(paths: Sequence[Path], folder: Path, project: Project | None = None) -> Comparison:
    """Compare the reports of tagged data sets.

    Parameters
    ----------
    paths
        Outputs of ``ffm tag``: ``.jsonl``, ``.parquet`` or ``.csv``. A damaged one is refused with a message; the
        others are compared.
    folder
        Where ``comparison.html``, ``prevalence.csv`` and ``evidence.csv`` go; made if it is missing.
    project
        Whose registers tell of the reports; by default that of the working folder.

    Raises
    ------
    RecordError
        If no file could be read.
    SchemeError
        If the rows are labelled by two schemes.
    ReportError
        If the register of reports is damaged.
    OutputError
        If the folder cannot be written; what stood there stays.
    """
    project = project or find_project()
    data = read_tagged(paths, project)
    scheme = data.scheme
    passages = [_determined(passage, data.undetermined.get(passage.report, frozenset())) for passage in data.passages]
    reports, about = describe_reports(passages, project.reports())
    notices = [*data.retold, *about]
    figures = prevalences(passages, reports, scheme, data.reexpressed, data.undetermined)
    refused = [f"{data.failed} of {len(paths)} input files could not be read and are not in this comparison."] if data.failed else []
    texts = {
        "comparison.html": render_page(passages, reports, figures, scheme, [*refused, *notices]),
        "prevalence.csv": prevalence_csv(figures, scheme),
        "evidence.csv": evidence_csv(passages, reports, scheme),
    }
    files = write_together(folder, texts)
    return Comparison(files, len(reports), sum(report.passages for report in reports), (*data.messages, *notices), data.failed)


def _determined(passage: TaggedPassage, open_themes: frozenset[str]) -> TaggedPassage:
    """Return a passage without the themes that a change of the scheme leaves open: they are in no figure, so it is no quote behind one."""
    if not open_themes:
        return passage
    return replace(
        passage,
        labels=tuple(theme for theme in passage.labels if theme not in open_themes),
        stance={theme: stance for theme, stance in passage.stance.items() if theme not in open_themes},
    )


def write_together(folder: Path, texts: Mapping[str, str]) -> tuple[Path, ...]:
    """Write texts into a folder by name, in UTF-8: all are written beside their places before the first is renamed.

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
        for name, text in texts.items():
            stack.enter_context(beside(folder / name)).write_bytes(text.encode("utf-8"))
    return tuple(folder / name for name in texts)
