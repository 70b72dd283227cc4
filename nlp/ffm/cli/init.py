"""``ffm init``: a project of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ffm.cli.console import say
from ffm.project.start import start_project


def init_command(
    folder: Annotated[Path, typer.Argument(help="The project's folder; made if missing.", show_default=False)],
    reports: Annotated[
        list[Path] | None,
        typer.Option("--from-reports", help="A report to copy into the project and register; may be repeated.", show_default=False),
    ] = None,
    more: Annotated[list[Path] | None, typer.Argument(help="Further reports, after --from-reports.", show_default=False)] = None,
) -> None:
    """Start a project: a scheme to edit, a register of reports, and a first report to try."""
    if more and not reports:
        raise typer.BadParameter(f"{more[0]} follows the folder; name reports after --from-reports")
    project = start_project(folder, [*(reports or ()), *(more or ())])
    entries = project.reports()
    say(
        f"{folder}: project {project.name} with {len(project.scheme.theme)} themes and {len(entries)} {'report' if len(entries) == 1 else 'reports'}"
    )
    say(f"next: edit {project.scheme_file}, then cd {folder} && ffm tag raw_text -o tagged.jsonl")
