"""The project that a command works in: the one that ``--project`` names, else the one that is found from here."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from typer.core import TyperOption

from ffm.cli.console import notice
from ffm.errors import FfmError
from ffm.project.project import FILE, Project, find_project


class _Run:
    """What holds for one run of the command: tests run it many times in a process."""

    given: Path | None = None
    found: Project | None = None


def begin() -> None:
    """Forget the project of an earlier run."""
    _Run.given = _Run.found = None


def current_project() -> Project:
    """Return the project to work in; say so where the package's stands in for one.

    Raises
    ------
    ProjectError
        If the one that is named is none, or the one that is found is damaged.
    """
    if _Run.found is None:
        _Run.found = find_project(_Run.given)
        if _Run.found.packaged:
            here = Path("annotations/scheme.toml")
            what = f"{here} is not used, as there is no {FILE} beside it (ffm init . writes one)" if here.is_file() else "no project here"
            notice(f"{what}; the packaged scheme {_Run.found.scheme.reference} and its model serve")
    return _Run.found


def tell_other_scheme(model: Path) -> None:
    """Say so where a model labels by a scheme that means something else than the project's; without a project there is none to differ."""
    from ffm.themes.store import load_scheme

    project = current_project()
    if project.packaged:
        return
    with suppress(FfmError):  # what is wrong with a model or a scheme is told where it is used
        scheme = load_scheme(model / "ffm_themes")
        if (scheme.id, scheme.digest) != (project.scheme.id, project.scheme.digest):
            notice(
                f"{model}: labels by the scheme {scheme.reference}, the project's is {project.scheme.reference}, which means something else; "
                "train again with ffm train"
            )


def project_options(command: Any) -> Any:
    """Give a command and all below it the option ``--project``; return the command."""
    for below in getattr(command, "commands", {}).values():
        project_options(below)
    command.params.append(
        TyperOption(
            param_decls=["--project"],
            metavar="DIR",
            help="The project's folder; by default the nearest one with ffm.toml, here or above.",
            expose_value=False,
            is_eager=True,
            callback=_use,
        )
    )
    return command


def _use(context: Any, option: Any, value: str | None) -> None:
    if value is not None:
        _Run.given = Path(value)
