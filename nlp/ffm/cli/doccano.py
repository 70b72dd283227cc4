"""``ffm doccano``: the exchange with annotators who work in doccano."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ffm.cli.console import complain, notice, printable, say
from ffm.cli.project import current_project
from ffm.cli.suggestions import Keep, Suggestions, WithoutSuggestions, suggested
from ffm.doccano.errors import counted
from ffm.errors import FfmError

if TYPE_CHECKING:
    from ffm.doccano.client import Server
    from ffm.doccano.push import Pushed
    from ffm.doccano.setup import Batch
    from ffm.project.scheme import Scheme
    from ffm.records import TaggedPassage

doccano_app = typer.Typer(
    help="Annotators in doccano: set projects up, push passages, pull annotations. The server and the login stand in FFM_DOCCANO_URL, "
    "FFM_DOCCANO_USER and FFM_DOCCANO_PASSWORD, or are asked for.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Name = Annotated[
    str, typer.Argument(help="The name of the batch: that of its project, or what its projects' names begin with.", show_default=False)
]
Wait = Annotated[float, typer.Option("--wait", min=1, help="Seconds to wait for an import or export to end.")]
Tagged = Annotated[list[Path], typer.Argument(help="Outputs of ffm tag (.jsonl, .parquet, .csv).", show_default=False)]


@doccano_app.command("setup")
def setup(
    name: Name,
    annotators: Annotated[
        list[str], typer.Option("-a", "--annotator", help="A user of the server; give the option for each.", show_default=False)
    ],
    blind: Annotated[
        bool, typer.Option("--blind", help="One project in which annotators do not see each other's marks, nor suggestions.")
    ] = False,
    per_passage: Annotated[
        int | None,
        typer.Option("--per-passage", min=1, help="How many annotators read a passage; by default all read all.", show_default=False),
    ] = None,
    overlap: Annotated[
        float | None,
        typer.Option(
            "--overlap", min=0, max=1, help="With --per-passage: which part of the passages one annotator more reads.", show_default=False
        ),
    ] = None,
    auto_label: Annotated[
        str | None,
        typer.Option("--auto-label", help='The address of ffm serve, for labels while annotators look; "" ends that.', show_default=False),
    ] = None,
) -> None:
    """Make the projects of a batch, or repair them: labels, guideline, members. A second run changes nothing."""
    server = _connect()
    from ffm.doccano.setup import set_up
    from ffm.doccano.share import Share

    share = None if per_passage is None and overlap is None else Share(per_passage or 1, overlap or 0)
    done = set_up(server, name, list(dict.fromkeys(annotators)), current_project().scheme, blind, auto_label, share=share)
    if not server.keeps_to_itself():
        notice(
            f"{server.address}: doccano's page of a project asks a video site (youtube.com) for a script, which learns who annotates and when; "
            "let the proxy before it send the header Content-Security-Policy: default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:"
        )
    for line in done:
        say(line)
    if not done:
        say(f'"{name}": all is as it should be')


@doccano_app.command("push")
def push(
    name: Name,
    paths: Tagged,
    suggestions: Suggestions = None,
    without: WithoutSuggestions = False,
    keep: Keep = None,
    all_kinds: Annotated[bool, typer.Option("--all-kinds", help="Footnotes and tables too, in which only entities are marked.")] = False,
    wait: Wait = 300,
) -> None:
    """Send passages to a batch's projects: those that they lack, each with its question, source and date beside it."""
    passages, scheme = _read(paths)
    server = _connect(wait)
    from ffm.doccano.errors import DoccanoError
    from ffm.doccano.push import make_rows
    from ffm.doccano.push import push as push_rows
    from ffm.doccano.setup import open_batch

    batch = open_batch(server, name)
    if batch.blind and suggestions is not None:
        raise DoccanoError(f'"{name}" is blind: its annotators would not see suggestions; push without, or set up a batch without --blind')
    passages, refused = suggested(passages, scheme, suggestions, keep, wait)
    rows, errors = make_rows(passages, scheme, not batch.blind and not without, all_kinds)
    _report_push(push_rows(server, batch, rows, scheme), [*refused, *errors])


def _report_push(pushed: Pushed, errors: Sequence[str]) -> None:
    """Tell what was sent; ends the command with 1 where something was refused."""
    for project, number in pushed.sent.items():
        again = pushed.again[project]
        repaired = f", {again} of them anew, as an earlier push broke off" if again else ""
        say(f'"{project}": {counted(number)} sent{repaired}, {pushed.held[project]:,} there already')
    for message in [*errors, *pushed.errors]:
        complain(message)
    if errors or pushed.errors:
        raise typer.Exit(1)


@doccano_app.command("pull")
def pull(
    name: Name,
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder to write into: ANNOTATOR/REPORT.jsonl.", show_default=False)],
    everything: Annotated[bool, typer.Option("--all", help="Passages too that are not confirmed.")] = False,
    reports: Annotated[
        list[Path] | None,
        typer.Option("--report", help="The file of a report that is not registered; may be repeated.", show_default=False),
    ] = None,
    wait: Wait = 300,
) -> None:
    """Fetch annotations, each annotator's into stand-off files of the gold format."""
    server = _connect(wait)
    from ffm.doccano.pull import Texts
    from ffm.doccano.pull import pull as pull_batch
    from ffm.doccano.setup import open_batch
    from ffm.project.reports import open_report

    entries = current_project().reports()
    texts = Texts(entries, [open_report(str(path), entries) for path in reports or ()])
    done = pull_batch(server, open_batch(server, name), current_project().scheme, texts, output, everything)
    for path, number in done.files.items():
        say(f"{path}: {counted(number)}")
    for path, number in done.comments.items():
        say(f"{path}: {number:,} {'comment' if number == 1 else 'comments'}")
    for message in done.notices:
        notice(message)
    for message in done.errors:
        complain(message)
    if done.errors:
        raise typer.Exit(1)


@doccano_app.command("status")
def status(name: Name) -> None:
    """Show how many passages each annotator has confirmed."""
    server = _connect()
    from ffm.doccano.setup import open_batch
    from ffm.doccano.status import progress_table, read_progress

    rows, errors = read_progress(server, open_batch(server, name), current_project().scheme)
    for line in progress_table(rows).splitlines():
        typer.echo(printable(line))
    for message in errors:
        complain(message)
    if errors:
        raise typer.Exit(1)


@doccano_app.command("adjudicate")
def adjudicate(
    name: Name,
    folders: Annotated[
        list[Path], typer.Argument(help="Two or more sets of annotations: the folders that pull wrote.", show_default=False)
    ],
    tagged: Annotated[
        list[Path], typer.Option("--tagged", help="The tagged data set that was pushed; may be repeated.", show_default=False)
    ],
    annotator: Annotated[str, typer.Option("-a", "--annotator", help="The user who decides.", show_default=False)],
    one_sided: Annotated[bool, typer.Option("--one-sided", help="Offer passages too that one annotator alone read.")] = False,
    wait: Wait = 300,
) -> None:
    """Make a project that holds only the passages on which annotators differ, each reading beside the text."""
    passages, scheme = _read(tagged)
    from ffm.doccano.adjudicate import find_differences

    found = find_differences(folders, passages, scheme, one_sided)
    for message in found.notices:
        notice(message)
    if not found.rows and not found.errors:
        say(f"{counted(found.compared)} compared, none differs; no project is needed")
        return
    server = _connect(wait)
    from ffm.doccano.push import push as push_rows
    from ffm.doccano.setup import open_batch, set_up

    for line in set_up(server, name, [annotator], scheme, decisions=True):
        say(line)
    batch = _of_annotator(open_batch(server, name), annotator)
    offered = f", {counted(found.offered)} of one annotator offered" if found.offered else ""
    say(f"{len(found.rows) - found.offered:,} of {counted(found.compared)} differ{offered}")
    _report_push(push_rows(server, batch, found.rows, scheme), found.errors)


def _of_annotator(batch: Batch, annotator: str) -> Batch:
    from msgspec.structs import replace

    return replace(batch, projects={annotator: batch.projects[annotator]})


@doccano_app.command("local")
def local(
    folder: Annotated[
        Path | None, typer.Option("--data", help="Where its database stands; by default beside the installed server.", show_default=False)
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 for any that is free.")] = 0,
    paths: Annotated[
        list[Path] | None, typer.Option("--fill", help="A tagged data set to fill a project with; may be repeated.", show_default=False)
    ] = None,
) -> None:
    """Install and start a doccano of your own on this machine, with an administrator and two annotators, until Ctrl-C."""
    _check_extra()
    passages, scheme = _read(paths or ())
    from ffm.doccano.trial import run_trial

    run_trial(folder, port, passages, scheme, say, notice)


def _read(paths: Sequence[Path]) -> tuple[list[TaggedPassage], Scheme]:
    """Return tagged passages and the project's scheme, which a batch is set up by and which they must be labelled by."""
    from ffm.tagging.dataset import read_file
    from ffm.tagging.schemes import check_origin

    scheme = current_project().scheme
    passages = []
    for path in paths:
        rows = read_file(path)
        check_origin(rows, scheme, path)
        passages += rows
    return passages, scheme


def _check_extra() -> None:
    if find_spec("doccano_client") is None:
        raise FfmError('ffm doccano needs packages that are not installed; run: pip install "ffm-nlp[doccano]"')


def _connect(wait: float = 300) -> Server:
    """Log in with what the environment says, or what the user answers."""
    _check_extra()
    from ffm.doccano.client import Server
    from ffm.doccano.connection import Limits, check_address, is_loopback

    address = check_address(_given("FFM_DOCCANO_URL", "Address of the doccano server"))
    if address.startswith("http:") and not is_loopback(address):
        notice(f"{address}: the password and the texts travel unencrypted; use https, or an SSH tunnel")
    user = _given("FFM_DOCCANO_USER", "User")
    password = _given("FFM_DOCCANO_PASSWORD", "Password", hidden=True)
    return Server(address, user, password, Limits(task=wait))


def _given(variable: str, what: str, hidden: bool = False) -> str:
    value = os.environ.get(variable, "")
    if not value and sys.stdin.isatty():
        value = str(typer.prompt(what, hide_input=hidden, err=True))
    if not value:
        raise FfmError(f"{variable} is not set, and there is no terminal to ask at; set it")
    return value
