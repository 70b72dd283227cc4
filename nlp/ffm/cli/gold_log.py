"""``ffm gold log`` and ``ffm gold share``: the history of gold, and gold without the names of people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from ffm.cli.console import printable, say
from ffm.cli.project import current_project
from ffm.errors import GoldError, OutputError
from ffm.files import write_text

if TYPE_CHECKING:
    from ffm.gold.log import Line
    from ffm.gold.store import GoldHeader, GoldRecord

SHOWN = ("when", "who", "did", "report", "start", "end", "model", "suggested", "kept", "added")
Places = Annotated[
    list[Path] | None,
    typer.Argument(help="Gold files, or folders of them at any depth; by default the project's gold and corrections.", show_default=False),
]


def log_command(
    places: Places = None,
    report: Annotated[str | None, typer.Option("--report", help="Only this report.", show_default=False)] = None,
    who: Annotated[str | None, typer.Option("--who", help="Only what this person did.", show_default=False)] = None,
    letters: Annotated[bool, typer.Option("--pseudonyms", help="Name people A, B, C.")] = False,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write the lines as CSV instead.", show_default=False)] = None,
) -> None:
    """Show who labelled what and when, what a model had suggested and whether it was accepted, who decided and who corrected."""
    from ffm.csv_files import csv_text
    from ffm.gold.log import Line, acceptance, log_lines, people, pseudonyms, without_names

    read = list(_read(_places(places)))
    names = pseudonyms(name for _, header, records in read for name in people(header, records)) if letters else {}
    chosen: list[Line] = []
    events: list[GoldRecord] = []
    for _, header, records in read:
        if report is not None and header.report != report:
            continue
        mine = [
            msgspec.structs.replace(record, history=tuple(event for event in record.history if who in (None, event.who)))
            for record in records
        ]
        header, mine = without_names(header, mine, names)
        chosen += log_lines(header, mine)
        events += mine
    chosen.sort(key=lambda line: (line.when, line.report, line.start))
    if output is not None:
        write_text(output, csv_text(Line.__struct_fields__, [msgspec.structs.astuple(line) for line in chosen]))
        say(f"{output}: {len(chosen):,} lines")
        return
    _show(chosen)
    say(acceptance(events).told() or "no history is kept here")


def share_command(
    places: Annotated[list[Path], typer.Argument(help="Gold files, or folders of them at any depth.", show_default=False)],
    folder: Annotated[Path, typer.Option("-o", "--output", help="The folder to write into; made if missing.", show_default=False)],
) -> None:
    """Copy gold with letters in place of the names of its annotators, for people outside; files and folders that bear a name bear its letter."""
    from ffm.gold.log import people, pseudonyms, without_names
    from ffm.gold.store import write_gold

    read = list(_read(places))
    names = pseudonyms(name for _, header, records in read for name in people(header, records))
    targets: dict[Path, tuple[GoldHeader, Sequence[GoldRecord]]] = {}
    for path, header, records in read:
        target = folder.joinpath(*(names.get(part, part) for part in path.parts[:-1]), f"{header.report}.jsonl")
        if target in targets:
            raise OutputError(f"{target}: would be written twice; copy the folders one at a time")
        targets[target] = without_names(header, records, names)
    if used := sorted(path for path in targets if path.exists()):
        raise OutputError(f"{used[0]}: stands there already; name a new folder")
    for target, (header, records) in targets.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        write_gold(target, header, records)
    say(
        f"{folder}: {len(targets)} {'file' if len(targets) == 1 else 'files'}, {len(names)} {'name' if len(names) == 1 else 'names'} replaced"
    )


def _places(places: Sequence[Path] | None) -> list[Path]:
    if places:
        return list(places)
    project = current_project()
    return [place for place in (project.gold, project.corrections()) if place.exists()]


def _read(places: Sequence[Path]) -> Iterator[tuple[Path, GoldHeader, Sequence[GoldRecord]]]:
    """Yield the gold files of places, each with its path below the place that was named."""
    from ffm.gold.load import is_gold
    from ffm.gold.store import read_gold

    for place in places:
        if not place.exists():
            raise GoldError(f"{place}: no such file or folder; give gold data")
        files = sorted(path for path in place.rglob("*.jsonl") if is_gold(path)) if place.is_dir() else [place]
        if not files:
            raise GoldError(f"{place}: holds no gold files; give a folder that ffm gold or ffm doccano pull wrote")
        for path in files:
            header, records = read_gold(path)
            yield Path(place.name) / path.relative_to(place) if place.is_dir() else Path(path.name), header, records


def _show(lines: Sequence[Line]) -> None:
    if not lines:
        return
    rows = [SHOWN, *([_cell(getattr(line, name)) for name in SHOWN] for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(SHOWN))]
    for row in rows:
        typer.echo(printable("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()))


def _cell(value: object) -> str:
    return "-" if value is None or value == "" else str(value)
