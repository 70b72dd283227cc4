"""``ffm compare``: tagged data sets in, prevalence over time with the quotes behind it out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ffm.cli.console import complain, notice, say
from ffm.cli.project import current_project


def compare_command(
    paths: Annotated[list[Path], typer.Argument(help="Outputs of ffm tag (.jsonl, .parquet, .csv).", show_default=False)],
    folder: Annotated[Path, typer.Option("-o", "--output", help="The folder to write into; made if missing.", show_default=False)],
) -> None:
    """Compare tagged reports: figures by theme and report, an HTML page, every figure with its quotes."""
    from ffm.comparison import compare

    comparison = compare(paths, folder, current_project())
    for message in comparison.messages:
        notice(message)
    reports = f"{comparison.reports} {'report' if comparison.reports == 1 else 'reports'}"
    say(f"{folder}: {comparison.passages:,} passages of {reports} compared; wrote {', '.join(path.name for path in comparison.files)}")
    if comparison.failed:
        complain(f"{comparison.failed} of {len(paths)} files were refused")
        raise typer.Exit(1)
