"""The options by which commands choose passages, the same for all: ``--theme``, ``--source``, ``--country`` and the others."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer
from msgspec import Struct

from ffm.cli.project import current_project
from ffm.project.scheme import Scheme
from ffm.tagging.filtering import SOURCE_TYPES, Filter, FilterError, make_filter

OPTIONS: dict[str, tuple[Any, Any]] = {
    "theme": (
        Annotated[str | None, typer.Option("--theme", help="Only passages that carry this theme.", show_default=False)],
        None,
    ),
    "source": (
        Annotated[str | None, typer.Option("--source", help="Only passages of this source, or a part of its name.", show_default=False)],
        None,
    ),
    "source_types": (
        Annotated[
            list[str] | None,
            typer.Option(
                "--source-type", help=f"Only sources of this type: {', '.join(SOURCE_TYPES)}; may be repeated.", show_default=False
            ),
        ],
        None,
    ),
    "countries": (
        Annotated[
            list[str] | None,
            typer.Option("--country", help="Only reports registered as of this country (AL); may be repeated.", show_default=False),
        ],
        None,
    ),
    "since": (
        Annotated[str, typer.Option("--since", help="Only what was said then or later: 2021, 2021-04 or 2021-04-30.", show_default=False)],
        "",
    ),
    "until": (Annotated[str, typer.Option("--until", help="Only what was said then or before.", show_default=False)], ""),
    "entity": (
        Annotated[
            str | None, typer.Option("--entity", help="Only passages that name this, or a name with these words in it.", show_default=False)
        ],
        None,
    ),
    "amount": (
        Annotated[
            str,
            typer.Option(
                "--amount", help="Only passages with such an amount: 1000..5000, 200.. EUR, ..20 %, 38 children.", show_default=False
            ),
        ],
        "",
    ),
}


class Asked(Struct, frozen=True):
    """The options as they were given, by the names that :func:`ffm.tagging.filtering.make_filter` has for them."""

    given: dict[str, Any]

    @property
    def theme(self) -> str | None:
        """The theme that was asked for."""
        theme: str | None = self.given.get("theme")
        return theme

    def filter(self, **others: Any) -> Filter:
        """Return the filter; ``others`` replace what was given.

        Raises
        ------
        typer.BadParameter
            If something was asked for that cannot be.
        """
        options = {name: value for name, value in {**self.given, **others}.items() if value not in (None, [])}
        try:
            return make_filter(current_project().reports(), **options)
        except FilterError as error:
            raise typer.BadParameter(str(error), param_hint=error.option) from None


def check_theme(theme: str | None, scheme: Scheme) -> None:
    """Refuse a theme that a scheme does not have.

    Raises
    ------
    typer.BadParameter
        If it does not.
    """
    if theme is not None and theme not in scheme.theme_ids:
        raise typer.BadParameter(f'the scheme has no theme "{theme}"; it has {", ".join(scheme.theme_ids)}', param_hint="--theme")


def filtered(*left_out: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options, in place of its parameter ``asked``; without those that are left out."""
    options = {name: option for name, option in OPTIONS.items() if name not in left_out}

    def decorated(function: Callable[..., None]) -> Callable[..., None]:
        @wraps(function)
        def run(*words: Any, **given: Any) -> None:
            function(*words, asked=Asked({name: given.pop(name) for name in options}), **given)

        parameters = []
        for parameter in inspect.signature(function, eval_str=True).parameters.values():
            if parameter.name == "asked":
                parameters += [
                    inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
                    for name, (annotation, default) in options.items()
                ]
            else:
                parameters.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY))
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        return run

    return decorated
