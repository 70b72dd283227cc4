"""``ffm gold``: gold data made from annotations."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace

from ffm.cli.console import complain, notice, printable, say
from ffm.cli.project import current_project
from ffm.errors import FfmError, GoldError
from ffm.files import beside, write_text
from ffm.gold.merge import OneSided
from ffm.project.reports import open_report
from ffm.records import Report

if TYPE_CHECKING:
    from ffm.gold.store import GoldRecord
    from ffm.records import Passage, TaggedPassage

MAX_PROBLEMS = 40

gold_app = typer.Typer(
    help="Gold data: label in a spreadsheet, merge the annotations of several people, tell their history.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@gold_app.callback()
def options() -> None:
    """Gold data: label in a spreadsheet, merge the annotations of several people, tell their history."""


@gold_app.command("template")
def template_command(
    source: Annotated[
        str, typer.Argument(help="A report's id, the path of its file, or rows of ffm suggest or ffm tag.", show_default=False)
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="The CSV file to write.", show_default=False)],
    first: Annotated[int, typer.Option("-n", "--first", min=0, help="Only so many passages; 0 for all.")] = 0,
) -> None:
    """Write passages to label in a spreadsheet: one row a passage, one column a theme."""
    from ffm.gold.spreadsheet import template_csv
    from ffm.records import is_evidence
    from ffm.segment import segment
    from ffm.tagging.dataset import read_file
    from ffm.tagging.folder import is_data_set
    from ffm.tagging.writers import FORMATS

    project = current_project()
    if (Path(source).suffix in FORMATS and Path(source).is_file()) or is_data_set(Path(source)):
        passages: Sequence[Passage | TaggedPassage] = read_file(Path(source))
    else:
        passages = segment(open_report(source, project.reports())).passages
    themed = [passage for passage in passages if is_evidence(passage)]
    chosen = themed[:first] if first else themed
    with beside(output) as part:
        part.write_bytes(template_csv(chosen, project.scheme).encode("utf-8"))
    say(f"{output}: {len(chosen):,} passages to label; mark a theme's column with x, and read with x where no theme applies")


@gold_app.command("read")
def read_command(
    file: Annotated[Path, typer.Argument(help="A template that was filled in.", show_default=False)],
    annotator: Annotated[str, typer.Option("-a", "--annotator", help="Who labelled.")] = "spreadsheet",
    folder: Annotated[
        Path | None, typer.Option("-o", "--output", help="The folder to write into; by default the project's gold.", show_default=False)
    ] = None,
) -> None:
    """Read labels back from a spreadsheet into gold files; every row is held against its report, wrong ones are named."""
    from ffm.gold.anchors import with_anchors
    from ffm.gold.history import Event
    from ffm.gold.log import with_history
    from ffm.gold.spreadsheet import joined_with, read_template
    from ffm.gold.store import GoldHeader, check_records, read_gold, text_digest, write_gold_folder

    project = current_project()
    place = folder or project.gold
    filled = read_template(file, project.reports(), project.scheme)
    gold, problems = [], list(filled.problems)
    for name, records in filled.records.items():
        report, path = filled.reports[name], place / f"{name}.jsonl"
        header = GoldHeader(name, text_digest(report), project.scheme.version, annotator, "human annotator", True, date.today().isoformat())
        before: Sequence[GoldRecord] = ()
        try:
            if path.is_file():
                old, before = read_gold(path)
                if old.scheme != header.scheme:
                    raise GoldError(
                        f"{path}: was annotated by version {old.scheme} of the scheme, this is version {header.scheme}; "
                        "bring it there with ffm scheme migrate first"
                    )
                if old.sha256 != header.sha256:
                    raise GoldError(f"{path}: was annotated on another text of {name}; bring it to this one with ffm gold anchor -o first")
                if (old.annotator, old.made_by) != (annotator, header.made_by):
                    raise GoldError(
                        f"{path}: holds other annotations ({old.annotator}, {old.made_by}, {old.date}); write beside them with -o, then ffm gold merge"
                    )
            event = Event("labelled", annotator, header.date)
            joined = with_history(joined_with(before, [replace(record, history=(event,)) for record in records]), before)
            check_records(name, joined, report, project.scheme)
        except GoldError as error:
            problems.append(str(error))
            continue
        gold.append((header, with_anchors(joined, report.text)))
    for problem in problems[:MAX_PROBLEMS]:
        complain(problem)
    labelled = sum(len(filled.records[header.report]) for header, _ in gold)
    if gold:
        write_gold_folder(place, gold)
    refused = f", {len(problems):,} refused" if problems else ""
    unread = f", {filled.unread:,} not read yet" if filled.unread else ""
    say(f"{place}: {labelled:,} labelled passages of {len(gold)} {'report' if len(gold) == 1 else 'reports'}{unread}{refused}")
    if problems:
        raise typer.Exit(1)


@gold_app.command("merge")
def merge_command(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="Sets of annotations of two or more people, and sets of adjudicated ones: folders or files.", show_default=False
        ),
    ],
    folder: Annotated[Path, typer.Option("-o", "--output", help="The folder to write into; made if missing.", show_default=False)],
    one_sided: Annotated[
        OneSided,
        typer.Option("--one-sided", help="What becomes of ranges that one annotator alone read: refuse, leave them out, or take them."),
    ] = OneSided.REFUSE,
) -> None:
    """Make gold from what annotators agree on and what was adjudicated; nothing is written where a difference is left."""
    from ffm.gold.anchors import with_anchors
    from ffm.gold.annotators import read_annotations
    from ffm.gold.merge import merge
    from ffm.gold.store import text_digest, write_gold_folder
    from ffm.project.versions import earlier

    sets = [read_annotations(path) for path in paths]
    digests = {report: digest for item in sets for report, digest in item.digests.items()}
    entries = current_project().reports()
    reports: dict[str, Report] = {}
    for name, digest in digests.items():
        if name not in entries or not entries[name].path.is_file():
            continue
        with suppress(FfmError):
            report = open_report(name, entries)
            if text_digest(report) == digest:
                reports[name] = report
    scheme = current_project().scheme
    versions = {header.scheme for item in sets for header in item.headers.values()}
    if len(versions) == 1:  # the gold stays what it was annotated as
        scheme, _ = earlier(scheme, versions.pop())
    merged = merge(sets, reports, scheme, one_sided)
    _refuse_problems(folder, merged.notices, merged.problems)
    gold = [
        (header, with_anchors(records, reports[header.report].text) if header.report in reports else records)
        for header, records in merged.gold
    ]
    write_gold_folder(folder, gold)
    say(
        f"{folder}: gold of {len(merged.gold)} {'report' if len(merged.gold) == 1 else 'reports'} written, "
        f"{merged.agreed + merged.adjudicated + merged.alone:,} ranges: {merged.agreed:,} agreed, {merged.adjudicated:,} adjudicated"
        + (f", {merged.alone:,} of one annotator" if merged.alone else "")
    )


def _refuse_problems(folder: Path, notices: Sequence[str], problems: Sequence[str]) -> None:
    """Tell notices and problems; end the command where there is a problem, with nothing written."""
    for message in notices:
        notice(message)
    for problem in problems[:MAX_PROBLEMS]:
        complain(problem)
    if problems:
        more = len(problems) - MAX_PROBLEMS
        say(f"{folder}: not written, {len(problems)} problems to settle" + (f" ({more} of them not shown)" if more > 0 else ""))
        raise typer.Exit(1)


@gold_app.command("join")
def join_command(
    paths: Annotated[
        list[Path], typer.Argument(help="Gold of two or more sources, folders or files: first the older.", show_default=False)
    ],
    folder: Annotated[Path, typer.Option("-o", "--output", help="The folder to write into; made if missing.", show_default=False)],
    later: Annotated[bool, typer.Option("--later", help="Where two contradict each other, let the one that is named later count.")] = False,
) -> None:
    """Join the gold of a round to that of the project; what contradicts is named, and nothing is dropped without a word."""
    from ffm.gold.annotators import read_annotations
    from ffm.gold.join import join_gold
    from ffm.gold.store import write_gold_folder

    project = current_project()
    sets = [replace(read_annotations(path, project.scheme), name=str(path)) for path in paths]
    joined = join_gold(sets, project.scheme, later)
    _refuse_problems(folder, joined.notices, joined.problems)
    write_gold_folder(folder, joined.gold)
    ranges = sum(len(records) for _, records in joined.gold)
    say(
        f"{folder}: {ranges:,} ranges of {len(joined.gold)} {'report' if len(joined.gold) == 1 else 'reports'}, {joined.same:,} places twice and alike"
    )


@gold_app.command("comments")
def comments_command(
    folders: Annotated[
        list[Path],
        typer.Argument(
            help="Folders of annotations with a table of comments, as ffm doccano pull and ffm import write them.", show_default=False
        ),
    ],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="The Markdown file to write.", show_default=False)] = None,
) -> None:
    """List what annotators remarked, beside what each marked there: for whoever edits the guideline."""
    from ffm.gold.annotators import read_annotations
    from ffm.gold.comments import FILE, Place, comments_markdown, read_comments

    comments, labels = [], dict[Place, dict[str, str]]()
    for folder in folders:
        if (folder / FILE).is_file():
            comments += read_comments(folder / FILE)
        elif not any(folder.glob("*.jsonl")):
            raise GoldError(f"{folder}: neither annotations nor comments here; give a folder that ffm doccano pull wrote")
        if any(folder.glob("*.jsonl")):
            read = read_annotations(folder)
            for report, records in read.records.items():
                for span, record in records.items():
                    said = [f"{theme} ({record.stance[theme]})" if theme in record.stance else theme for theme in record.themes]
                    labels.setdefault((report, span), {})[read.name] = ", ".join(said) or "no theme"
    listed = comments_markdown(comments, labels)
    if output is None:
        for line in listed.splitlines():
            typer.echo(printable(line))
    else:
        write_text(output, listed)
    say(f"{output or 'comments'}: {len(comments):,} {'comment' if len(comments) == 1 else 'comments'}")


@gold_app.command("anchor")
def anchor_command(
    place: Annotated[
        Path | None, typer.Argument(help="A folder of gold, or a gold file; by default the project's gold.", show_default=False)
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", help="Write into this folder instead, gold of a text that has changed re-anchored to it.", show_default=False
        ),
    ] = None,
) -> None:
    """Write hashes of its quotes into gold, by which it is found again where a report's text has changed."""
    from ffm.gold.anchors import with_anchors
    from ffm.gold.load import at_the_text, gold_files, report_of
    from ffm.gold.store import read_gold, text_digest, write_gold, write_gold_folder

    project = current_project()
    place = place or project.gold
    if not place.exists():
        raise GoldError(f"{place}: no such file or folder; give gold data")
    entries = project.reports()
    done, refused = [], 0
    for path in gold_files(place):
        try:
            header, records = read_gold(path)
            report = report_of(header, len(records), entries)
            if folder is None and text_digest(report) != header.sha256:
                raise GoldError(
                    f"{path}: its text is not the one that was annotated, and it is left as it was; bring it to the new text with -o"
                )
            gold, message = at_the_text(header, records, report)
        except GoldError as error:
            complain(str(error))
            refused += 1
            continue
        if message:
            notice(message)
        done.append((path, gold.header, with_anchors(gold.records, report.text)))
    if folder is None:
        for path, header, anchored in done:
            write_gold(path, header, anchored)
    elif done:
        write_gold_folder(folder, [(header, anchored) for _, header, anchored in done])
    ranges = sum(len(anchored) for _, _, anchored in done)
    say(
        f"{folder or place}: {ranges:,} ranges of {len(done)} {'file' if len(done) == 1 else 'files'} with hashes"
        + (f", {refused} skipped" if refused else "")
    )
    if refused:
        raise typer.Exit(1)
