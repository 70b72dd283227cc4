"""``ffm gold``: gold data made from annotations."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from ffm.cli.console import complain, notice, say
from ffm.cli.project import current_project
from ffm.errors import FfmError
from ffm.project.reports import open_report
from ffm.records import Report

MAX_PROBLEMS = 40

gold_app = typer.Typer(help="Gold data: merge the annotations of several people.", no_args_is_help=True, rich_markup_mode=None)


@gold_app.callback()
def options() -> None:
    """Gold data: merge the annotations of several people."""


@gold_app.command("merge")
def merge_command(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="Sets of annotations of two or more people, and sets of adjudicated ones: folders or files.", show_default=False
        ),
    ],
    folder: Annotated[Path, typer.Option("-o", "--output", help="The folder to write into; made if missing.", show_default=False)],
) -> None:
    """Make gold from what annotators agree on and what was adjudicated; nothing is written where a difference is left."""
    from ffm.gold.annotators import read_annotations
    from ffm.gold.merge import merge
    from ffm.gold.store import text_digest, write_gold_folder
    from ffm.project.versions import earlier

    sets = [read_annotations(path) for path in paths]
    digests = {report: digest for item in sets for report, digest in item.digests.items()}
    entries = current_project().reports()
    reports: dict[str, Report] = {}
    for name, digest in digests.items():
        if name not in entries or not entries[name].path.is_file():
            continue
        with suppress(FfmError):
            report = open_report(name, entries)
            if text_digest(report) == digest:
                reports[name] = report
    scheme = current_project().scheme
    versions = {header.scheme for item in sets for header in item.headers.values()}
    if len(versions) == 1:  # the gold stays what it was annotated as
        scheme, _ = earlier(scheme, versions.pop())
    merged = merge(sets, reports, scheme)
    for message in merged.notices:
        notice(message)
    for problem in merged.problems[:MAX_PROBLEMS]:
        complain(problem)
    if merged.problems:
        more = len(merged.problems) - MAX_PROBLEMS
        say(f"{folder}: not written, {len(merged.problems)} problems to settle" + (f" ({more} of them not shown)" if more > 0 else ""))
        raise typer.Exit(1)
    write_gold_folder(folder, merged.gold)
    say(
        f"{folder}: gold of {len(merged.gold)} {'report' if len(merged.gold) == 1 else 'reports'} written, {merged.agreed + merged.adjudicated:,} ranges: "
        f"{merged.agreed:,} agreed, {merged.adjudicated:,} adjudicated"
    )
