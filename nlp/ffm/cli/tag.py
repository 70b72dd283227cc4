"""``ffm tag``: reports in, tagged passages out."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from ffm.cli.console import complain, notice, progress_bar, say
from ffm.cli.limit import LimitOption, set_limit
from ffm.cli.project import current_project, tell_other_scheme

FIRST_LOOK = "first look: rankings by the scheme's definitions and cues, no labels"


def tag_command(
    paths: Annotated[list[Path], typer.Argument(help="Reports (.md, .txt, .html, .docx, .pdf), or folders of them.", show_default=False)],
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            help="The data set to write: a folder, of which only what is new is tagged, or a file .jsonl, .parquet or .csv.",
            show_default=False,
        ),
    ],
    workers: Annotated[int, typer.Option("-j", "--workers", min=1, max=64, help="Number of processes.")] = 1,
    model: Annotated[Path | None, typer.Option("--model", help="A model folder other than the project's.", show_default=False)] = None,
    any_language: Annotated[bool, typer.Option("--any-language", help="Label reports in other languages than English too.")] = False,
    sparse: Annotated[bool, typer.Option("--sparse", help="Leave the model's encoder out: quicker, and less often right.")] = False,
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler", metavar="ADDRESS", help="Tag on the workers of a dask scheduler, such as tcp://host:8786.", show_default=False
        ),
    ] = None,
    limit: LimitOption = None,
) -> None:
    """Tag reports: passages with entities, themes and stance, one row each."""
    from ffm.tagging.batch import tag_files

    set_limit(limit)
    project = current_project()
    tell_other_scheme(model or project.model)
    started = time.perf_counter()
    with progress_bar("tagging") as progress:
        outcome = tag_files(
            paths, project.reports(), output, model or project.tags_with, workers, progress, any_language, sparse, scheduler
        )
    for message in outcome.notices:
        notice(message)
    for message in outcome.errors:
        complain(message)
    if not outcome.reports:
        say(f"{output}: not written, {len(outcome.errors)} refused")
        raise typer.Exit(1)
    refused = f", {len(outcome.errors)} refused" if outcome.errors else ""
    first_look = f"; {FIRST_LOOK}" if outcome.first_look else ""
    say(
        f"{output}: {_counted(outcome.passages, 'passage')} ({outcome.words:,} words, {_counted(outcome.interviews, 'interview')}) "
        f"of {_counted(outcome.reports, 'report')}{refused}, {time.perf_counter() - started:.1f} s{first_look}"
    )
    if outcome.errors:
        raise typer.Exit(1)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
