"""``ffm sample``: passages drawn at random for people to read, so that a comparison knows its error."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ffm.cli.console import notice, printable, say
from ffm.cli.project import current_project
from ffm.errors import OutputError, RecordError

if TYPE_CHECKING:
    from ffm.project.scheme import Scheme
    from ffm.records import TaggedPassage


def sample_command(
    path: Annotated[Path, typer.Argument(help="An output of ffm tag (.jsonl, .parquet, .csv).", show_default=False)],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The drawn rows: .jsonl, .parquet or .csv.", show_default=False)
    ] = None,
    number: Annotated[int, typer.Option("-n", "--number", min=2, help="How many passages of each report.")] = 50,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Another seed draws other passages.")] = 1,
    for_comparison: Annotated[
        tuple[str, str] | None,
        typer.Option("--for-comparison", help="Two reports: say what interval of their change so many readings buy; draws nothing."),
    ] = None,
) -> None:
    """Draw passages at random for people to read; once they stand in the gold, ffm compare takes its shares from them."""
    from ffm.comparison.sampling import ALL_BELOW, FOLDER, draw, write_draw
    from ffm.files import beside, check_place
    from ffm.records import is_evidence
    from ffm.tagging.dataset import read_file
    from ffm.tagging.writers import FORMATS, write_rows

    passages = [passage for passage in read_file(path) if is_evidence(passage)]
    by_report: dict[str, list[TaggedPassage]] = {}
    for passage in passages:
        by_report.setdefault(passage.report, []).append(passage)
    project = current_project()
    if for_comparison is not None:
        _show_widths(by_report, for_comparison, number, project.scheme)
        return
    if output is None:
        raise typer.BadParameter("name the file for the drawn rows", param_hint="-o")
    if output.suffix not in FORMATS:
        raise OutputError(f"{output}: unknown format; end its name in {', '.join(FORMATS)}")
    check_place(output)
    rows: list[TaggedPassage] = []
    for name, mine in by_report.items():
        chosen, drawn = draw(mine, number, seed)
        write_draw(drawn, project.gold.parent / FOLDER)
        rows += chosen
        if drawn.of < ALL_BELOW:
            notice(f"{printable(name)}: {drawn.of} passages, so all are drawn: read all")
    with beside(output) as part:
        write_rows(rows, part, output.suffix)
    say(
        f"{output}: {len(rows):,} passages of {len(by_report)} {'report' if len(by_report) == 1 else 'reports'}, in the order in which to "
        f"read them; how they were drawn is kept in {project.gold.parent / FOLDER}"
    )


def _show_widths(by_report: dict[str, list[TaggedPassage]], names: Sequence[str], number: int, scheme: Scheme) -> None:
    """Print about how wide the intervals of shares of passages will be, and of their change, for each core theme."""
    import numpy as np

    from ffm.comparison.sampling import interval_width

    if missing := [name for name in names if name not in by_report]:
        raise RecordError(f"{missing[0]}: no passages of it here; there are {', '.join(sorted(by_report))}")
    typer.echo(f"{'':24}{names[0]:>26}{names[1]:>26}{'change':>12}")
    for theme in scheme.core_ids or scheme.theme_ids:
        widths = []
        for name in names:
            scores = np.array([passage.scores.get(theme, 0.0) for passage in by_report[name]])
            widths.append(interval_width(scores, number))
        change = float(np.hypot(widths[0], widths[1]))
        typer.echo(printable(f"{theme:24}{widths[0]:>26.0%}{widths[1]:>26.0%}{change:>12.0%}"))
    say(f"width of the 95% intervals once {number} passages of each report are read")
