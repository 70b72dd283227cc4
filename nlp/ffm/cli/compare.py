"""``ffm compare``: tagged data sets in; changes, prevalence over time and the quotes behind them out."""

from __future__ import annotations

import gc
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ffm.cli.console import complain, notice, say
from ffm.cli.filters import Asked, filtered
from ffm.cli.project import current_project
from ffm.processes import uncollected
from ffm.tagging.filtering import FilterError


class Correction(StrEnum):
    """How verdicts are corrected for their number."""

    BH = "bh"
    HOLM = "holm"


@filtered()
def compare_command(
    paths: Annotated[list[Path], typer.Argument(help="Outputs of ffm tag (.jsonl, .parquet, .csv).", show_default=False)],
    folder: Annotated[Path, typer.Option("-o", "--output", help="The folder to write into; made if missing.", show_default=False)],
    asked: Asked,
    baseline: Annotated[
        str,
        typer.Option(
            "--baseline", help="The report that later ones are compared with, if not each with the one before.", show_default=False
        ),
    ] = "",
    correction: Annotated[
        Correction, typer.Option("--correction", help="bh: of ten verdicts of change one is wrong at most, on average; holm: hardly any.")
    ] = Correction.BH,
    workers: Annotated[
        int | None,
        typer.Option(
            "-j",
            "--workers",
            min=1,
            max=64,
            help="Number of processes; by default one, for many passages one for each processor.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Compare tagged reports: what changed and how sure that is, an HTML page, every figure with its quotes."""
    from ffm.comparison import compare

    wanted = asked.filter()
    with uncollected():
        try:
            comparison = compare(paths, current_project(), baseline, correction.value, wanted, workers)
        except FilterError as error:  # a theme that the rows' scheme does not have
            raise typer.BadParameter(str(error), param_hint=error.option) from None
        files = comparison.write(folder)
        gc.freeze()  # the process ends here: what it holds need not be looked through once more
    for message in comparison.messages:
        notice(message)
    reports = f"{comparison.reports} {'report' if comparison.reports == 1 else 'reports'}"
    documents = [path.name for path in files if path.stem not in comparison.tables]
    tables = f"{len(comparison.tables)} tables (.csv, .parquet)"
    say(f"{folder}: {comparison.passages:,} passages of {reports} compared; wrote {', '.join(documents)} and {tables}")
    if comparison.failed:
        complain(f"{comparison.failed} of {len(paths)} files were refused")
        raise typer.Exit(1)
