"""``ffm agreement``: how far annotators agree, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from msgspec.structs import replace

from ffm.cli.console import printable, say
from ffm.cli.project import current_project
from ffm.errors import FfmError
from ffm.files import write_text
from ffm.project.reports import open_report

if TYPE_CHECKING:
    from ffm.evaluation.agreement import Agreement
    from ffm.gold.annotators import Annotations
    from ffm.project.scheme import Scheme


def agreement_command(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="Two or more sets: folders or files of the gold format, or passages as a model tagged them.", show_default=False
        ),
    ],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write all of it as JSON.", show_default=False)] = None,
    letters: Annotated[bool, typer.Option("--pseudonyms", help="Name annotators A, B, C.")] = False,
    disagreements: Annotated[int, typer.Option("-n", "--disagreements", min=0, help="Show so many disagreements with their text.")] = 0,
) -> None:
    """Measure agreement: Krippendorff's alpha per theme, span F1 per label, stance, the list of disagreements."""
    from ffm.evaluation.agreement import agreement_markdown, measure_agreement
    from ffm.gold.log import pseudonyms

    scheme = current_project().scheme
    sets = _sets(paths, scheme)
    if letters:
        names = pseudonyms(item.name for item in sets if item.headers)  # a model is no person
        sets = [replace(item, name=names.get(item.name, item.name)) for item in sets]
    agreement = measure_agreement(sets, scheme)
    typer.echo(agreement_markdown(agreement), nl=False)
    _show(agreement, disagreements)
    if output is not None:
        write_text(output, msgspec.json.format(msgspec.json.encode(agreement), indent=1).decode() + "\n")
        say(f"{output}: agreement written")


def _sets(paths: Sequence[Path], scheme: Scheme) -> list[Annotations]:
    """Read the sets; a tagged file counts as its model's annotations, of the texts that the people read."""
    from ffm.gold.annotators import annotations_of_rows, read_annotations
    from ffm.gold.load import is_gold
    from ffm.tagging.dataset import read_file
    from ffm.tagging.folder import is_data_set
    from ffm.tagging.schemes import check_origin
    from ffm.tagging.writers import FORMATS

    tagged = [path for path in paths if is_data_set(path) or (path.suffix in FORMATS and path.is_file() and not is_gold(path))]
    found = {path: read_annotations(path, scheme) for path in paths if path not in tagged}
    digests = {report: digest for item in found.values() for report, digest in item.digests.items()}
    for path in tagged:
        rows = read_file(path)
        check_origin(rows, scheme, path)
        models = {row.model for row in rows}
        found[path] = annotations_of_rows(models.pop() if len(models) == 1 else path.stem, rows, digests)
    return [found[path] for path in paths]


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
