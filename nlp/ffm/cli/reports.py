"""``ffm reports``: the register of reports."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ffm.cli.console import complain, printable, say
from ffm.cli.project import current_project
from ffm.files import write_text
from ffm.ingest.layouts import layout_path
from ffm.project.reports import REGISTER, add_report, open_report, verify
from ffm.segment import segment
from ffm.segment.corrections import UNMATCHED, template

reports_app = typer.Typer(help="The register of reports: add, list, text, layout, verify.", no_args_is_help=True, rich_markup_mode=None)


@reports_app.command("add")
def add(
    file: Annotated[Path, typer.Argument(help="The report's file.", show_default=False)],
    name: Annotated[str, typer.Option("--id", help="The report's id; by default the file's name.")] = "",
    title: Annotated[str, typer.Option(help="Its title.")] = "",
    publisher: Annotated[str, typer.Option(help="Who published it.")] = "",
    kind: Annotated[str, typer.Option(help="Its kind, such as ffm or human-rights.")] = "",
    country: Annotated[str, typer.Option(help="The country that it covers, two capitals such as AL.")] = "",
    covers: Annotated[str, typer.Option(help="The time that it speaks of: YYYY, YYYY-MM or YYYY-MM-DD.")] = "",
    published: Annotated[str, typer.Option(help="When it came out, in the same forms.")] = "",
    licence: Annotated[str, typer.Option(help="Its licence.")] = "",
    address: Annotated[str, typer.Option(help="Where it was published.")] = "",
) -> None:
    """Register a report."""
    about = {"title": title, "publisher": publisher, "kind": kind, "country": country, "licence": licence, "address": address}
    project = current_project()
    entry = add_report(file, project.raw_text[0], project.reports(), id=name, covers=covers, published=published, **about)
    say(f"{entry.id}: registered in {entry.folder}/{REGISTER}")


@reports_app.command("list")
def list_reports() -> None:
    """List the registered reports: id, what it covers, publisher, title."""
    entries = current_project().reports()
    if not entries:
        typer.echo("no reports are registered; add one with ffm reports add FILE")
        return
    width = max(len(name) for name in entries)
    for name, entry in sorted(entries.items()):
        missing = "" if entry.path.is_file() else "  (file is not here)"
        about = ": ".join(part for part in (entry.publisher, entry.title) if part)
        typer.echo(printable(f"{name:<{width}}  {entry.country or '--'}  {entry.covers or '-':<10}  {about}{missing}"))


@reports_app.command("text")
def text(
    report: Annotated[str, typer.Argument(help="A report's id, or the path of its file.", show_default=False)],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="The file to write; by default standard output.")] = None,
) -> None:
    """Write the text of a report as it was read: the text that offsets count in."""
    ingested = open_report(report, current_project().reports()).text
    if output is None:
        typer.echo(ingested, nl=False)
    else:
        write_text(output, ingested)
        say(f"{output}: {len(ingested):,} characters of {report}")


@reports_app.command("verify")
def verify_reports() -> None:
    """Check that each registered file is there, can be read and matches its checksum."""
    entries = current_project().reports()
    states = verify(entries)
    wrong = {name: state for name, state in states.items() if state != "ok"}
    advice = {
        "missing": "is not here; restore it or remove its entry",
        "changed": "differs from the registered one; restore it or register it again",
    }
    for name, state in sorted(wrong.items()):
        complain(f"{name}: {entries[name].path} {advice[state]}" if state in advice else f"{name}: {state}")
    say(f"{len(states) - len(wrong)} of {len(states)} reports are as registered")
    if wrong:
        raise typer.Exit(1)


@reports_app.command("layout")
def layout(
    report: Annotated[str, typer.Argument(help="A report's id, or the path of its file.", show_default=False)],
) -> None:
    """Write a report's layout file to correct, or check the one that it has."""
    entries = current_project().reports()
    path = entries[report].path if report in entries else Path(report)
    place = layout_path(path)
    found = segment(open_report(report, entries))
    if not place.exists():
        write_text(place, template(found))
        say(f"{place}: written; it says what was found, correct what is wrong, then run this again to check it")
        return
    wrong = [notice for notice in found.notices if notice.startswith(UNMATCHED)]
    for notice in wrong:
        complain(f"{place}: {notice.removeprefix(UNMATCHED)}")
    said = found.report.layout
    count = len(said.line) if said else 0
    named = f"{count - len(wrong)} of {count} lines are in the report" if count else "names no line yet"
    say(f"{place}: {named}; see ffm show --structure {report}")
    if wrong:
        raise typer.Exit(1)
