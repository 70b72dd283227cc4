"""How far annotators are."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from ffm.doccano.client import Project, Server
from ffm.doccano.metadata import PASSAGE
from ffm.doccano.setup import ROLE, Batch, missing_line, missing_types
from ffm.errors import PassageError
from ffm.exchange.categories import category_types, read_categories
from ffm.project.scheme import Scheme


class Progress(Struct, frozen=True):
    """How many of a project's passages an annotator has confirmed."""

    project: str
    annotator: str
    done: int
    total: int


def read_progress(server: Server, batch: Batch, scheme: Scheme) -> tuple[list[Progress], list[str]]:
    """Return the progress of each annotator, and one line for each project that lacks labels and each passage that contradicts itself.

    In an annotator's own project, a passage counts whoever has confirmed it.
    """
    found: list[Progress] = []
    errors: list[str] = []
    for annotator, project in batch.projects.items():
        total, done = server.progress(project)
        if batch.blind:
            roles = server.members(project)
            found += [
                Progress(project.name, name, count, total) for name, count in sorted(done.items()) if count or roles.get(name) == ROLE
            ]
        else:
            found.append(Progress(project.name, annotator, min(total, sum(done.values())), total))
        missing = missing_types(server, project, scheme)
        if missing:
            errors.append(missing_line(project, missing))
        errors += _contradictions(server, project, scheme)
    return found, errors


def _contradictions(server: Server, project: Project, scheme: Scheme) -> Iterator[str]:
    """Yield a line for each passage whose themes contradict each other, which doccano itself cannot refuse; a pull would."""
    known = {label.text for label in category_types(scheme)}
    for name, rows in server.download(project).items():
        numbers = {example: number for number, example in enumerate(sorted(row["id"] for row in rows), 1)}
        for row in rows:
            try:
                read_categories(known.intersection(row["cats"]), scheme)
            except PassageError as error:
                who = "" if project.collaborative else f"{name}: "
                where = server.page(project, numbers[row["id"]])
                yield f'"{project.name}": {who}the passage {row.get(PASSAGE)}: {error}; correct it at {where}'


def progress_table(rows: list[Progress]) -> str:
    """Return the progress as a table of text."""
    cells = [("project", "annotator", "confirmed", "of", "")]
    for row in rows:
        share = f"{row.done / row.total:.0%}" if row.total else "-"
        cells.append((row.project, row.annotator, f"{row.done:,}", f"{row.total:,}", share))
    widths = [max(len(line[column]) for line in cells) for column in range(5)]
    return "\n".join(
        "  ".join(
            text.ljust(width) if column < 2 else text.rjust(width) for column, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    )
