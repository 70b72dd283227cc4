"""What the commands print: errors and notices on standard error, a progress bar on a terminal only."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn


def printable(text: str) -> str:
    """Return a text with a space for each control or escape character, which could steer a terminal."""
    return "".join(character if _shows(character) else " " for character in text)


def one_line(message: str) -> str:
    r"""Return a message as one line; control and escape characters, which a file's name may hold, are written as ``\x1b``."""
    line = re.sub(r"\s*\n\s*", " ", message.strip("\r\n"))
    return "".join(character if _shows(character) else character.encode("unicode_escape").decode() for character in line)


def _shows(character: str) -> bool:
    return character.isprintable() or unicodedata.category(character) == "Zs"


def complain(message: str) -> None:
    """Print an error as one line."""
    typer.echo(f"error: {one_line(message)}", err=True)


def notice(message: str) -> None:
    """Print a notice as one line."""
    typer.echo(f"notice: {one_line(message)}", err=True)


def say(message: str) -> None:
    """Print on standard output what was done, as one line."""
    typer.echo(one_line(message))


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
