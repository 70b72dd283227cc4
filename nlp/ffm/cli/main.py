"""The command ``ffm``: its groups, and how errors become one line and an exit code."""

from __future__ import annotations

import os
import signal
import sys
import warnings
from types import FrameType
from typing import Annotated

import typer

from ffm import __version__
from ffm.cli.agreement import agreement_command
from ffm.cli.compare import compare_command
from ffm.cli.console import complain
from ffm.cli.doccano import doccano_app
from ffm.cli.examples import help_options
from ffm.cli.explain import explain_command
from ffm.cli.export import export_command, import_command
from ffm.cli.gold import gold_app
from ffm.cli.gold_log import log_command, share_command
from ffm.cli.init import init_command
from ffm.cli.model import model_app
from ffm.cli.project import begin, project_options
from ffm.cli.query import query_command
from ffm.cli.reports import reports_app
from ffm.cli.sample import sample_command
from ffm.cli.scheme import scheme_app
from ffm.cli.serve import serve_command
from ffm.cli.show import show_command
from ffm.cli.suggest import suggest_command
from ffm.cli.tag import tag_command
from ffm.cli.train import evaluate_command, train_command
from ffm.errors import FfmError

app = typer.Typer(
    name="ffm",
    help="Segment, annotate, classify and compare the reports of fact-finding missions.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("init")(init_command)
app.command("tag")(tag_command)
app.command("compare")(compare_command)
app.command("sample")(sample_command)
app.command("show")(show_command)
app.command("query")(query_command)
app.command("explain")(explain_command)
app.command("serve")(serve_command)
app.command("agreement")(agreement_command)
app.command("suggest")(suggest_command)
app.command("train")(train_command)
app.command("evaluate")(evaluate_command)
app.command("export")(export_command)
app.command("import")(import_command)
gold_app.command("log")(log_command)
gold_app.command("share")(share_command)
app.add_typer(gold_app, name="gold")
app.add_typer(reports_app, name="reports")
app.add_typer(scheme_app, name="scheme")
app.add_typer(model_app, name="model")
app.add_typer(doccano_app, name="doccano")

STOPPED = 130  # the shell's code for an interrupted command
# The base class of typer's usage errors: its own copy of click's, or click's, by the version of typer.
CommandError: type[Exception] = typer.BadParameter.__mro__[2]


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


project_options(app)
help_options(app)


def main() -> None:
    """Run the command line.

    Exit codes: 0 done; 1 something in the input was refused (named, the rest done); 2 usage; 130 stopped by a signal.
    """
    debug = "--debug" in sys.argv[1:]
    begin()
    _prepare_process(debug)
    try:
        code = _run()
    except Exception as error:
        if debug:
            raise
        code = _explain(error)
    except KeyboardInterrupt:
        code = STOPPED
    if code == STOPPED:
        complain("stopped; run the same command again to go on")
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # what reads our output has ended: no error, and no message of the interpreter about it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def _prepare_process(debug: bool) -> None:
    """Let a request to end be handled like Ctrl-C, and print what the terminal's encoding lacks as "?"."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) is signal.SIG_DFL:
            signal.signal(getattr(signal, name), stop)
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
    if not debug and not sys.warnoptions:
        warnings.simplefilter("ignore")


def _run() -> int:
    """Run the command that was asked for and return its exit code; a usage error is printed here."""
    try:
        code = app(prog_name="ffm", standalone_mode=False)
    except CommandError as error:
        context = getattr(error, "ctx", None)
        if type(error).__name__ == "NoArgsIsHelpError":
            typer.echo(str(error), err=True)
        else:
            complain(f"{error.format_message().rstrip('.')}; see {context.command_path if context else 'ffm'} --help")  # type: ignore[attr-defined]
        return int(getattr(error, "exit_code", 2))
    except typer.Abort:
        return STOPPED
    return code if isinstance(code, int) else 0


def _explain(error: Exception) -> int:
    if isinstance(error, FfmError):
        complain(str(error))
    elif isinstance(error, OSError) and error.filename is not None:
        complain(f"{os.fsdecode(error.filename)}: {error.strerror}; check the path and its permissions")
    else:
        complain(f"{type(error).__name__}: {error}; this is a fault of ffm: run it as ffm --debug to see where, and report it")
    return 1
