"""The command ``ffm``: its groups, and how errors become one line and an exit code."""

from __future__ import annotations

import sys
from typing import Annotated

import click
import typer

from ffm.cli.compare import compare_command
from ffm.cli.console import complain
from ffm.cli.reports import reports_app
from ffm.cli.scheme import scheme_app
from ffm.cli.show import show_command
from ffm.cli.tag import tag_command
from ffm.cli.train import evaluate_command, train_command
from ffm.errors import FfmError
from ffm.version import __version__

app = typer.Typer(
    name="ffm",
    help="Segment, annotate, classify and compare the reports of fact-finding missions.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("tag")(tag_command)
app.command("compare")(compare_command)
app.command("show")(show_command)
app.command("train")(train_command)
app.command("evaluate")(evaluate_command)
app.add_typer(reports_app, name="reports")
app.add_typer(scheme_app, name="scheme")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ffm {__version__}")
        raise typer.Exit


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")] = False,
) -> None:
    """Segment, annotate, classify and compare the reports of fact-finding missions."""


def main() -> None:
    """Run the command line.

    Exit codes: 0 done; 1 something in the input was refused (named, the rest done); 2 usage.
    """
    try:
        code = app(standalone_mode=False)
    except click.exceptions.Abort:
        complain("stopped")
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        complain("stopped; run the same command again to go on")
        sys.exit(1)
    except FfmError as error:
        if "--debug" in sys.argv:
            raise
        complain(str(error))
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)
