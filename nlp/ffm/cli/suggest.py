"""``ffm suggest``: which passages to label next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ffm.cli.console import notice, printable, say
from ffm.errors import SuggestError
from ffm.paths import gold_path, model_path
from ffm.scheme import Scheme, load_scheme

if TYPE_CHECKING:
    from ffm.annotation.suggest import Choice, GoldCover, Labelled, Pool
    from ffm.records import TaggedPassage
    from ffm.reports import Registered


def suggest_command(
    path: Annotated[Path, typer.Argument(help="An output of ffm tag (.jsonl, .parquet, .csv).", show_default=False)],
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
    gold: Annotated[
        Path | None, typer.Option("--gold", help="The folder of the gold data; by default annotations/gold.", show_default=False)
    ] = None,
    model: Annotated[Path | None, typer.Option("--model", help="The model that tagged, if not the project's.", show_default=False)] = None,
) -> None:
    """Choose the passages to label next: those of a tagged file that the gold does not cover, from which most is learnt."""
    from ffm.annotation.suggest import DEFAULT, STRATEGIES, make_pool, open_passages
    from ffm.batch import FORMATS, write_rows
    from ffm.comparison.read import read_file
    from ffm.output import beside
    from ffm.reports import registered
    from ffm.themes.store import load_classifier

    scheme, name = load_scheme(), strategy or DEFAULT
    if name not in STRATEGIES:
        raise typer.BadParameter(f'there is no strategy "{name}"; there are {", ".join(STRATEGIES)}', param_hint="--strategy")
    for theme in themes or ():
        if theme not in scheme.theme_ids:
            raise typer.BadParameter(f'the scheme has no theme "{theme}"; it has {", ".join(scheme.theme_ids)}', param_hint="--theme")
    if output.suffix not in FORMATS:
        raise typer.BadParameter(f"{output}: unknown format; end its name in {', '.join(FORMATS)}", param_hint="--output")
    passages = read_file(path)
    entries = registered()
    cover = _cover(gold)
    candidates = open_passages(passages, cover.ranges)
    if not candidates:
        raise SuggestError(f"{path}: the gold covers all its passages that get themes; tag another report")
    _, _, manifest = load_classifier((model or model_path()) / "ffm_themes")
    wanted = themes or (scheme.core_ids if name == "comparison" else scheme.theme_ids)
    thresholds = {theme: manifest.calibration.threshold[theme] for theme in manifest.themes if theme in wanted}
    pool = make_pool(candidates, thresholds, _labelled(gold, entries, scheme), cover.support, _periods(passages, candidates, entries))
    choices = STRATEGIES[name](pool, number)
    with beside(output) as part:
        write_rows([candidates[choice.index] for choice in choices], part, output.suffix)
    _show(choices, candidates, pool)
    if len(choices) < number:
        notice(f"{path}: only {len(choices)} passages are left to label")
    say(f"{output}: {len(choices):,} of {len(candidates):,} passages chosen by {name}; the gold covers {_held(passages, cover):,} others")
