"""``ffm suggest``: which passages to label next."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan, nan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace

from ffm.cli.console import notice, printable, say
from ffm.cli.filters import Asked, check_theme, filtered
from ffm.cli.project import current_project
from ffm.errors import OutputError, SuggestError
from ffm.project.scheme import Scheme, read_scheme
from ffm.records import THEMED_KINDS

if TYPE_CHECKING:
    from ffm.project.reports import Registered
    from ffm.records import TaggedPassage
    from ffm.suggest import Choice, Labelled, Periods, Pool


@filtered("theme")
def suggest_command(
    path: Annotated[Path, typer.Argument(help="An output of ffm tag: a folder, .jsonl, .parquet or .csv.", show_default=False)],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The chosen rows, best first: .jsonl, .parquet or .csv.", show_default=False)
    ],
    number: Annotated[int, typer.Option("-n", "--number", min=1, help="How many passages to choose.")] = 50,
    strategy: Annotated[
        str | None,
        typer.Option(
            "--strategy", help="How to choose; without it as docs/labelling found best. A wrong name lists all.", show_default=False
        ),
    ] = None,
    themes: Annotated[
        list[str] | None,
        typer.Option("--theme", help="Look at this theme only; may be repeated.", show_default=False),
    ] = None,
    *,
    asked: Asked,
    gold: Annotated[
        Path | None, typer.Option("--gold", help="The folder of the gold data; by default annotations/gold.", show_default=False)
    ] = None,
    model: Annotated[Path | None, typer.Option("--model", help="The model that tagged, if not the project's.", show_default=False)] = None,
) -> None:
    """Choose the passages to label next: those of a tagged file that the gold does not cover, from which most is learnt."""
    from ffm.files import beside, check_place
    from ffm.suggest import DEFAULT, READ_LABELLED, STRATEGIES, GoldCover, make_pool, open_passages, read_cover
    from ffm.tagging.query import select
    from ffm.tagging.schemes import check_origin
    from ffm.tagging.writers import FORMATS, write_rows
    from ffm.themes.store import load_scheme

    project, name = current_project(), strategy or DEFAULT
    tagger = model or project.tags_with
    scheme = read_scheme(tagger) if tagger.is_file() else load_scheme(tagger / "ffm_themes")
    if name not in STRATEGIES:
        raise typer.BadParameter(f'there is no strategy "{name}"; there are {", ".join(STRATEGIES)}', param_hint="--strategy")
    for theme in themes or ():
        check_theme(theme, scheme)
    wanted = asked.filter()
    check_place(output)
    if output.suffix not in FORMATS:
        raise OutputError(f"{output}: unknown format; end its name in {', '.join(FORMATS)}")
    thresholds = _thresholds(tagger, themes or (scheme.core_ids if name == "comparison" else scheme.theme_ids))
    folder = gold or (None if project.packaged else project.gold)
    cover = (
        read_cover(folder, scheme) if folder is not None and (gold or folder.is_dir()) else GoldCover({}, {})
    )  # a project begins without gold
    passages = list(select(path, replace(wanted, kinds=THEMED_KINDS)))
    if not passages and not wanted.is_open:
        raise SuggestError(f"{path}: no passages fit ({wanted.told()}); ask for more")
    check_origin(passages, scheme, path)
    candidates = open_passages(passages, cover.ranges)
    if not candidates:
        raise SuggestError(f"{path}: the gold covers all its passages that get themes; tag another report")
    entries = project.reports()
    labelled = _labelled(folder, entries, scheme) if name in READ_LABELLED and folder is not None and folder.is_dir() else []
    pool = make_pool(candidates, thresholds, labelled, cover.support, _periods(passages, candidates, entries))
    choices = STRATEGIES[name](pool, number)
    with beside(output) as part:
        write_rows([candidates[choice.index] for choice in choices], part, output.suffix)
    _show(choices, candidates, pool)
    if len(choices) < number:
        notice(f"{path}: no more are left to label, {number} were wanted")
    say(
        f"{output}: {len(choices):,} of {len(candidates):,} passages chosen by {name}; left out as labelled: {len(passages) - len(candidates):,}"
    )


def _thresholds(model: Path, themes: Sequence[str]) -> dict[str, float]:
    """Return the thresholds of themes in the model that tagged; not a number for those that it only ranks, all in a first look."""
    from ffm.themes.store import read_manifest

    if model.is_file():
        return dict.fromkeys(themes, nan)
    manifest = read_manifest(model / "ffm_themes")
    if missing := [theme for theme in themes if theme not in manifest.themes]:
        raise SuggestError(f'{model}: the model does not know the theme "{missing[0]}"; train it again with ffm train')
    return {theme: manifest.calibration.threshold.get(theme, nan) for theme in themes}


def _periods(passages: Sequence[TaggedPassage], candidates: Sequence[TaggedPassage], entries: dict[str, Registered]) -> Periods:
    """Return the years that the reports cover, a series for each country."""
    from ffm.suggest import make_periods

    dates = {entry.id: (entry.country, entry.covers[:4]) for entry in entries.values() if entry.country and entry.covers}
    return make_periods([passage.report for passage in passages], [passage.report for passage in candidates], dates)


def _labelled(folder: Path, entries: dict[str, Registered], scheme: Scheme) -> list[Labelled]:
    """Return the labelled passages whose text is here; tells how many files of gold are without theirs."""
    from ffm.evaluation.examples import make_examples
    from ffm.gold.load import gold_files, load_gold
    from ffm.suggest import Labelled

    joined, _ = load_gold(folder, entries, scheme)
    if absent := len(gold_files(folder)) - len(joined):
        notice(
            f"{folder}: the texts of {absent} of {absent + len(joined)} reports are not here, so their labelled passages "
            "do not count; set FFM_RAW_TEXT to the folders of the reports"
        )
    return [Labelled(example.text, example.themes) for example in make_examples(joined, entries, scheme)]


def _show(choices: Sequence[Choice], candidates: Sequence[TaggedPassage], pool: Pool) -> None:
    """Print why each passage was chosen: its worth, the theme that speaks most for it, the model's score of that theme."""
    width = max(len("passage"), *(len(candidates[choice.index].passage) for choice in choices))
    typer.echo(f"{'':>4}  {'passage':{width}}  {'worth':>9}  why")
    for rank, choice in enumerate(choices, 1):
        why = "stands for many others"
        if choice.theme:
            column = pool.themes.index(choice.theme)
            limit = "ranked only" if isnan(pool.thresholds[column]) else f"threshold {pool.thresholds[column]:.2f}"
            why = f"{choice.theme} {pool.scores[choice.index, column]:.2f} ({limit})"
        typer.echo(printable(f"{rank:>4}  {candidates[choice.index].passage:{width}}  {choice.score:>9.3g}  {why}"))
