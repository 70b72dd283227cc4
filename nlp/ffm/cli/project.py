"""The project that a command works in: the one that ``--project`` names, else the one that is found from here."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from ffm.cli.console import notice
from ffm.errors import FfmError
from ffm.project.project import FILE, Project, find_project

Folder = Annotated[
    Path | None,
    typer.Option(
        "--project",
        metavar="DIR",
        help="The project's folder; by default the nearest one with ffm.toml, here or above.",
        show_default=False,
    ),
]


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
            notice(f"{what}; where none is named, the packaged scheme {_Run.found.written_scheme.reference} and its model serve")
    return _Run.found


def tell_other_scheme(model: Path) -> None:
    """Say so where a model labels by a scheme that means something else than the project's; without a project there is none to differ."""
    from ffm.themes.store import load_scheme

    project = current_project()
    if project.packaged or not model.is_dir():  # a first look has the project's own scheme
        return
    with suppress(FfmError):  # what is wrong with a model or a scheme is told where it is used
        scheme, own = load_scheme(model / "ffm_themes"), project.written_scheme
        if (scheme.id, scheme.digest) != (own.id, own.digest):
            notice(
                f"{model}: labels by the scheme {scheme.reference}, the project's is {own.reference}, which means something else; "
                "train again with ffm train"
            )


def project_options(app: typer.Typer) -> None:
    """Give an application, its groups and their commands the option ``--project``."""
    callback = app.registered_callback
    if callback is None or callback.callback is None:
        app.callback()(_with_project(_nothing))
    else:
        callback.callback = _with_project(callback.callback)
    for command in app.registered_commands:
        if command.callback is not None:
            command.callback = _with_project(command.callback)
    for group in app.registered_groups:
        if group.typer_instance is not None:
            project_options(group.typer_instance)


def _nothing() -> None:
    pass


def _with_project(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a command's function with one parameter more, which is kept before it runs."""

    @wraps(function)
    def run(*words: Any, project_folder: Path | None = None, **options: Any) -> Any:
        if project_folder is not None:
            _Run.given = project_folder
        return function(*words, **options)

    parameters = inspect.signature(function, eval_str=True).parameters
    added = inspect.Parameter("project_folder", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Folder)
    run.__signature__ = inspect.Signature([*parameters.values(), added])  # type: ignore[attr-defined]
    run.__annotations__ = {name: parameter.annotation for name, parameter in parameters.items()} | {added.name: Folder}
    return run
