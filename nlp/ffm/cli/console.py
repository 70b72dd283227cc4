"""What the commands print: errors and notices on standard error, a progress bar on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn


def complain(message: str) -> None:
    """Print an error as one line."""
    typer.echo(f"error: {_one_line(message)}", err=True)


def notice(message: str) -> None:
    """Print a notice as one line."""
    typer.echo(f"notice: {_one_line(message)}", err=True)


def _one_line(message: str) -> str:
    """Return a message without line ends and control characters, which a file's name may hold."""
    return "".join(character if character.isprintable() else " " for character in " ".join(message.split()))


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that shows (done, total) as a bar where standard error is a terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield show
