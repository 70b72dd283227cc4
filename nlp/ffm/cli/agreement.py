"""``ffm agreement``: how far annotators agree, and where they differ."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from ffm.cli.console import printable, say
from ffm.cli.project import current_project
from ffm.errors import FfmError
from ffm.files import write_text
from ffm.project.reports import open_report

if TYPE_CHECKING:
    from ffm.evaluation.agreement import Agreement


def agreement_command(
    paths: Annotated[
        list[Path], typer.Argument(help="Two or more sets of annotations: folders or files of the gold format.", show_default=False)
    ],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write all of it as JSON.", show_default=False)] = None,
    disagreements: Annotated[int, typer.Option("-n", "--disagreements", min=0, help="Show so many disagreements with their text.")] = 0,
) -> None:
    """Measure agreement: Krippendorff's alpha per theme, span F1 per label, stance, the list of disagreements."""
    from ffm.evaluation.agreement import agreement_markdown, measure_agreement
    from ffm.gold.annotators import read_annotations

    scheme = current_project().scheme
    agreement = measure_agreement([read_annotations(path, scheme) for path in paths], scheme)
    typer.echo(agreement_markdown(agreement), nl=False)
    _show(agreement, disagreements)
    if output is not None:
        write_text(output, msgspec.json.format(msgspec.json.encode(agreement), indent=1).decode() + "\n")
        say(f"{output}: agreement written")


def _show(agreement: Agreement, number: int) -> None:
    """Print the first disagreements with the text of their ranges, where the report's text is there."""
    entries = current_project().reports()
    texts: dict[str, str | None] = {}
    for item in agreement.disagreements[:number]:
        if item.report not in texts:
            try:
                texts[item.report] = open_report(item.report, entries).text
            except FfmError:
                texts[item.report] = None
        text = texts[item.report]
        quote = "(the report's text is not here)" if text is None else " ".join(text[item.start : item.end].split())
        readings = ", ".join(f"{name}: {reading}" for name, reading in item.readings.items())
        typer.echo("\n" + printable(f"{item.report} {item.start}-{item.end}  {item.what}  {readings}") + "\n  " + printable(quote))
