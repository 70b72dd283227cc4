"""``ffm scheme``: check the annotation scheme, render the annotators' guideline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ffm.cli.console import complain, say
from ffm.cli.project import current_project
from ffm.files import write_text
from ffm.project.scheme import parse_scheme, read_scheme, render_guideline, scheme_problems

scheme_app = typer.Typer(help="The annotation scheme: check it, render the guideline.", no_args_is_help=True, rich_markup_mode=None)
SchemeFile = Annotated[Path | None, typer.Argument(help="A scheme.toml; by default the project's.", show_default=False)]


@scheme_app.command("check")
def check(path: SchemeFile = None) -> None:
    """Tell whether a scheme holds together; name every problem."""
    name = path or current_project().scheme_file
    scheme = parse_scheme(name)
    problems = scheme_problems(scheme)
    for problem in problems:
        complain(f"{name}: {problem}")
    found = f"{len(problems)} {'problem' if len(problems) == 1 else 'problems'}" if problems else "no problems"
    say(f"{name}: version {scheme.version}, {len(scheme.entity)} entity labels, {len(scheme.theme)} themes, {found}")
    if problems:
        raise typer.Exit(1)


@scheme_app.command("guideline")
def guideline(
    path: SchemeFile = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="A file; by default the screen.", show_default=False)] = None,
) -> None:
    """Render the annotators' guideline as Markdown."""
    text = render_guideline(read_scheme(path or current_project().scheme_file))
    if output is None:
        typer.echo(text, nl=False)
    else:
        write_text(output, text)
        say(f"{output}: guideline written")
