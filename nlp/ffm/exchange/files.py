"""Export of gold or tagged data into a file, and import of a file to gold, in any of the formats."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from ffm.errors import FfmError, RecordError
from ffm.exchange import Format, conll, docbin, doccano, excel, refi_qda, refi_read, web_annotation
from ffm.exchange.intake import Intake
from ffm.exchange.items import Bundle, Item, gold_items, tagged_items
from ffm.gold.comments import write_comments
from ffm.gold.load import is_gold, load_gold
from ffm.gold.store import GoldHeader, GoldRecord, write_gold_folder
from ffm.project.project import Project
from ffm.project.reports import Registered, open_report
from ffm.project.scheme import Scheme
from ffm.records import TaggedPassage
from ffm.tagging.dataset import read_tagged
from ffm.tagging.folder import is_data_set
from ffm.tagging.schemes import shown

WRITERS: dict[Format, Callable[[Bundle, Path], None]] = {
    Format.docbin: docbin.write,
    Format.conll: conll.write,
    Format.doccano: doccano.write,
    Format.webannotation: web_annotation.write,
    Format.refi_qda: refi_qda.write,
    Format.xlsx: excel.write,
}
READERS: dict[Format, Callable[[Path, Intake], None]] = {
    Format.docbin: docbin.read,
    Format.conll: conll.read,
    Format.doccano: doccano.read,
    Format.webannotation: web_annotation.read,
    Format.refi_qda: refi_read.read,
}
WHOLE_TEXTS = (Format.webannotation, Format.refi_qda)  # offsets are those of the report, whose text must be there


class Exchanged(Struct, frozen=True):
    """What was exported or imported.

    Attributes
    ----------
    notices, refused
        One line each: what was left out, and which reports were refused while the others were done.
    comments
        Number of comments that were written beside the gold.
    """

    ranges: int
    reports: tuple[str, ...]
    files: tuple[Path, ...]
    notices: tuple[str, ...]
    refused: tuple[str, ...]
    comments: int = 0


def export_source(source: Path, format: Format, output: Path, project: Project) -> Exchanged:
    """Write gold data or a tagged data set in a format of others.

    Parameters
    ----------
    source
        A folder of gold data, a gold file, or an output of ``ffm tag``.
    output
        The file to write.

    Raises
    ------
    FfmError
        If nothing can be exported, or the output cannot be written.
    """
    if not source.exists():
        raise RecordError(f"{source}: no such file or folder; give gold data or an output of ffm tag")
    bundle, notices, refused = (
        _gold(source, project.reports(), project.scheme)
        if is_gold(source) and not is_data_set(source)
        else _tagged(source, format, project)
    )
    if not bundle.items:
        raise RecordError((refused or notices or [f"{source}: holds no annotated ranges; give gold data or an output of ffm tag"])[0])
    WRITERS[format](bundle, output)
    return Exchanged(len(bundle.items), bundle.reports, (output,), tuple(notices), tuple(refused))


def import_file(path: Path, format: Format, folder: Path, entries: dict[str, Registered], scheme: Scheme) -> Exchanged:
    """Read a file of a format of others back to gold, one file a report; a report that does not hold together is refused.

    Where several annotators marked one report, each has a folder of that name in the folder; comments stand in one table beside them.

    Raises
    ------
    FfmError
        If the file is not of the format, or the folder cannot be written.
    """
    if format not in READERS:
        raise RecordError(
            f"{path}: {format} is written and not read back; label in a table of ffm gold template, and read it with ffm gold read"
        )
    intake = Intake(path, entries, scheme)
    READERS[format](path, intake)
    gold = intake.gold()
    written = list(_write(gold, folder))
    comments = [comment for comment in intake.comments if comment.report not in intake.refused]
    if written and comments:
        written.append(write_comments(folder, comments))
    return Exchanged(
        sum(len(records) for _, records in gold),
        tuple(dict.fromkeys(header.report for header, _ in gold)),
        tuple(written),
        tuple(intake.notices),
        tuple(intake.refused.values()),
        len(comments) if written else 0,
    )


def _write(gold: Sequence[tuple[GoldHeader, Sequence[GoldRecord]]], folder: Path) -> Iterator[Path]:
    """Write gold, one folder an annotator where one report has several, and yield its files."""
    if len({header.report for header, _ in gold}) == len(gold):
        yield from write_gold_folder(folder, gold) if gold else ()
        return
    for annotator in dict.fromkeys(header.annotator for header, _ in gold):
        yield from write_gold_folder(folder / annotator, [(header, records) for header, records in gold if header.annotator == annotator])


def _gold(source: Path, entries: dict[str, Registered], scheme: Scheme) -> tuple[Bundle, list[str], list[str]]:
    gold, notices = load_gold(source, entries, scheme)
    return gold_items(gold, scheme), notices, []


def _tagged(source: Path, format: Format, project: Project) -> tuple[Bundle, list[str], list[str]]:
    data = read_tagged([source], project)
    entries, scheme = project.reports(), data.scheme
    by_report: dict[str, list[TaggedPassage]] = {}
    for passage in data.passages:
        by_report.setdefault(passage.report, []).append(passage)
    items: list[Item] = []
    texts: dict[str, str] = {}
    refused: list[str] = []
    for name, passages in by_report.items():
        try:
            report = open_report(name, entries) if name in entries and entries[name].path.is_file() else None
            if report is None and format in WHOLE_TEXTS:
                raise RecordError("the report's text is not here, whose offsets this format has; register it with ffm reports add")
            items += tagged_items(passages, report, scheme)
        except FfmError as error:
            refused.append(f"{source}: {shown(name)}: {error}")
            continue
        if report is not None:
            texts[name] = report.text
    return Bundle(tuple(items), texts, scheme), [*data.messages, *data.retold], refused
