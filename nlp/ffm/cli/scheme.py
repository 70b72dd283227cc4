"""``ffm scheme``: check the annotation scheme, render the guideline, tell versions apart, bring older data to the newest."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ffm.cli.console import complain, notice, say
from ffm.cli.project import current_project
from ffm.files import write_text
from ffm.project.guideline import render_guideline
from ffm.project.scheme import Scheme, parse_scheme, read_scheme, scheme_problems

scheme_app = typer.Typer(
    help="The annotation scheme: check it, render the guideline, follow its changes.", no_args_is_help=True, rich_markup_mode=None
)
SchemeFile = Annotated[Path | None, typer.Argument(help="A scheme.toml; by default the project's.", show_default=False)]


@scheme_app.command("check")
def check(path: SchemeFile = None) -> None:
    """Tell whether a scheme holds together, and whether its changes account for the older versions that are here."""
    name = path or current_project().scheme_file
    scheme = parse_scheme(name)
    problems = scheme_problems(scheme)
    if not problems and path is None:
        problems = _untold(scheme, name)
    for problem in problems:
        complain(f"{name}: {problem}")
    found = f"{len(problems)} {'problem' if len(problems) == 1 else 'problems'}" if problems else "no problems"
    say(f"{name}: version {scheme.version}, {len(scheme.entity)} entity labels, {len(scheme.theme)} themes, {found}")
    if problems:
        raise typer.Exit(1)


def _untold(scheme: Scheme, name: Path) -> list[str]:
    """Return in what a scheme differs from the older versions that models here were trained on, and its changes do not tell.

    Where one has its version and means something else, that is told: labels of the two could not be told apart.
    """
    from ffm.project.versions import UNTOLD, differences
    from ffm.tagging.schemes import known_schemes

    problems: dict[str, None] = {}
    others = {other.reference: other for other in known_schemes(current_project()) if other.id == scheme.id}
    for reference, other in others.items():
        if other.version > scheme.version or other.digest == scheme.digest:
            continue
        if other.version == scheme.version:
            notice(
                f"{name}: means something else than {reference}, which a model here was trained on; raise the version, and add [[change]]"
            )
            continue
        found = [difference.text for difference in differences(other, scheme) if difference.kind == UNTOLD]
        problems.update(dict.fromkeys(f"since {reference}, which a model here was trained on: {text}; add it" for text in found))
    return list(problems)


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


@scheme_app.command("diff")
def diff(
    schemes: Annotated[
        list[Path] | None,
        typer.Argument(
            help="OLD NEW: scheme.toml files or model folders. NEW alone with --from; by default the project's.", show_default=False
        ),
    ] = None,
    since: Annotated[
        int | None,
        typer.Option("--from", min=1, help="Tell what changed since this version, by the scheme's own changes.", show_default=False),
    ] = None,
) -> None:
    """Tell two versions of a scheme apart: what was renamed, split, merged, added, dropped, redefined, or only worded anew."""
    from ffm.project.versions import differences, earlier, steps_to, told_changes

    places = schemes or []
    if len(places) > 2 or (since is None) != (len(places) == 2):
        raise typer.BadParameter("name an older and a newer scheme, or one (or none, for the project's) with --from", param_hint="OLD NEW")
    new = _scheme(places[-1]) if places else current_project().scheme
    if since is None:
        old = _scheme(places[0])
        found = differences(old, new)
        say(f"{old.reference} -> {new.reference}")
    else:
        steps = steps_to(new, since)
        old, exact = earlier(new, since)
        found = told_changes(steps, new)
        say(f"{old.reference if exact else f'{old.id}@{old.version}'} -> {new.reference}")
    for difference in found:
        say(f"{difference.kind}: {difference.text}")
    if old.id != new.id:
        notice(f"{old.id} and {new.id} are two schemes, no versions of one")
    elif old.version >= new.version and old.digest != new.digest:
        notice(
            f"both call themselves version {new.version}, but mean different things; raise the version and add [[change]]"
            if old.version == new.version
            else f"version {old.version} is the later one; name the older scheme first"
        )
    if old.digest == new.digest:
        say(f"means the same: {new.digest}")
    elif not found:
        say("the same labels; groups, stances or meanings differ")


@scheme_app.command("migrate")
def migrate(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Folders or files of gold, or outputs of ffm tag; by default the project's gold.", show_default=False),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The folder to write into; made if missing.", show_default=False)
    ] = None,
    in_place: Annotated[bool, typer.Option("--in-place", help="Write each file in its own place.")] = False,
    review: Annotated[
        Path | None,
        typer.Option(
            "-r",
            "--review",
            help="Write the passages that a person must look at: .jsonl, .parquet or .csv, for ffm doccano push.",
            show_default=False,
        ),
    ] = None,
    unread: Annotated[
        bool, typer.Option("--unread", help="With --review: also all that was not read for labels which came later.")
    ] = False,
) -> None:
    """Bring gold or tagged files of an older version to the project's scheme; name what its changes leave open."""
    from ffm.cli.migrate import Migration
    from ffm.tagging.writers import FORMATS

    if output is not None and in_place:
        raise typer.BadParameter("either a folder or in place, not both", param_hint="--output")
    if output is not None and output.suffix in FORMATS:
        raise typer.BadParameter(
            f"{output} is the name of a file; -o names a folder, -r the file of passages for review", param_hint="--output"
        )
    project = current_project()
    run = Migration(project, output, in_place, review, unread)
    for path in paths or [project.gold]:
        run.read(path)
    run.write()
    if run.refused:
        raise typer.Exit(1)


def _scheme(place: Path) -> Scheme:
    """Return the scheme of a file, or the one that a model folder carries."""
    if not place.is_dir():
        return read_scheme(place)
    from ffm.themes.store import load_scheme

    return load_scheme(place / "ffm_themes")
