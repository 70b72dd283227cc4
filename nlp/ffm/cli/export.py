"""``ffm export`` and ``ffm import``: annotations in the formats of others, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ffm.cli.console import complain, notice, say
from ffm.cli.project import current_project
from ffm.exchange import Format

if TYPE_CHECKING:
    from ffm.exchange.files import Exchanged

FormatOption = Annotated[Format, typer.Option("--format", help="The format.", show_default=False)]


def export_command(
    source: Annotated[
        Path, typer.Argument(help="Gold data (a folder or file), or an output of ffm tag (a folder or file).", show_default=False)
    ],
    format: FormatOption,
    output: Annotated[Path, typer.Option("-o", "--output", help="The file to write.", show_default=False)],
) -> None:
    """Write gold or tagged data for other programs; the file holds the text of the reports."""
    from ffm.exchange.files import export_source

    done = export_source(source, format, output, current_project())
    _tell(done)
    say(f"{output}: {_counted(done)} exported as {format}")
    _end(done)


def import_command(
    file: Annotated[Path, typer.Argument(help="A file that ffm export wrote, changed or not.", show_default=False)],
    format: FormatOption,
    folder: Annotated[
        Path, typer.Option("-o", "--output", help="The folder to write gold files into; made if missing.", show_default=False)
    ],
) -> None:
    """Read annotations back into gold files, one a report; quotes and offsets are held against the reports' texts."""
    from ffm.exchange.files import import_file

    done = import_file(file, format, folder, current_project().reports(), current_project().scheme)
    _tell(done)
    say(f"{folder}: {_counted(done)} imported" if done.files else f"{folder}: not written, nothing could be imported")
    if done.comments:
        say(f"{done.files[-1]}: {done.comments:,} {'comment' if done.comments == 1 else 'comments'}")
    _end(done)


def _tell(done: Exchanged) -> None:
    for message in done.notices:
        notice(message)
    for message in done.refused:
        complain(message)


def _counted(done: Exchanged) -> str:
    reports = len(done.reports)
    return f"{done.ranges:,} annotated ranges of {reports} {'report' if reports == 1 else 'reports'}"


def _end(done: Exchanged) -> None:
    if done.refused:
        raise typer.Exit(1)
