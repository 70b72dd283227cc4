"""What annotators remark: a table beside their gold, for whoever decides on differences and whoever edits the guideline."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from ffm.csv_files import csv_text, read_rows
from ffm.errors import GoldError
from ffm.files import write_text
from ffm.records import Range

FILE = "comments.csv"  # in a folder of gold

Place = tuple[str, Range]


class Comment(Struct, frozen=True):
    """A remark on a range of a report; on the whole of it where start and end are 0, on a label alone where there is no report.

    Attributes
    ----------
    quote
        What the report has there.
    about
        The labels that the remark is about, with spaces between; empty where it tells none.
    author
        Who remarked it, as the program names the person.
    date
        ISO 8601 date; empty where it is not known.
    """

    report: str
    start: int
    end: int
    quote: str
    about: str
    author: str
    date: str
    comment: str


COLUMNS = Comment.__struct_fields__


def write_comments(folder: Path, comments: Sequence[Comment]) -> Path:
    """Write comments into a folder, one row each, and return the file.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    path = folder / FILE
    folder.mkdir(parents=True, exist_ok=True)
    write_text(path, csv_text(COLUMNS, [msgspec.structs.astuple(comment) for comment in comments]))
    return path


def comments_markdown(comments: Sequence[Comment], labels: Mapping[Place, Mapping[str, str]]) -> str:
    """Return comments as a list for whoever edits the guideline: what is remarked on one range stands together, with its labels.

    Parameters
    ----------
    labels
        By report and range, by annotator: what that person marked there.
    """
    places: dict[Place, list[Comment]] = {}
    for comment in sorted(comments, key=lambda comment: (comment.report, comment.start, comment.end, comment.date)):
        where = places.setdefault((comment.report, (comment.start, comment.end)), [])
        if comment not in where:
            where.append(comment)
    lines = []
    for place, remarked in places.items():
        report, (start, end) = place
        about = " ".join(dict.fromkeys(word for comment in remarked for word in comment.about.split()))
        where_it_is = f"{report} {start}-{end}" if end else report
        lines.append(f"- {_plain(' '.join(filter(None, (where_it_is, about))))}")
        if remarked[0].quote:
            lines.append(f"  > {_plain(remarked[0].quote)}")
        lines += [f"  - {_plain(name)} marked: {_plain(said)}" for name, said in sorted(labels.get(place, {}).items())]
        for comment in remarked:
            who = ", ".join(filter(None, (comment.author, comment.date)))
            lines.append(f"  - {_plain(who)}: {_plain(comment.comment)}")
    return "\n".join(lines) + ("\n" if lines else "")


def _plain(text: str) -> str:
    """Return words of others in one line, with what Markdown and HTML would take for their own escaped."""
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", " ".join(text.split()))


def read_comments(path: Path) -> list[Comment]:
    """Read a table of comments.

    Raises
    ------
    GoldError
        If it cannot be read, or a row is not of the form; the message names it.
    """
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            (_, columns), *rows = read_rows(lines)
            if missing := [column for column in COLUMNS if column not in columns]:
                raise GoldError(f'{path}: has no column "{missing[0]}"; restore the file')
            found = [(line, dict(zip(columns, cells, strict=False))) for line, cells in rows if any(cells)]
    except (OSError, UnicodeDecodeError, ValueError, csv.Error) as error:
        raise GoldError(f"{path}: cannot be read ({error}); restore the file") from None
    comments = []
    for line, row in found:
        try:
            comments.append(msgspec.convert(row, Comment, strict=False))
        except msgspec.ValidationError as error:
            raise GoldError(f"{path}: line {line}: {error}; correct the row") from None
    return comments
