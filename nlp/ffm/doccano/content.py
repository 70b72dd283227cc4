"""What a project holds when its annotations are fetched: passages, where doccano shows them, and what people remark there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from ffm.doccano.client import Project, Remark, Server
from ffm.doccano.metadata import Sent, read_sent
from ffm.doccano.values import gives_a_value
from ffm.errors import PassageError
from ffm.gold.comments import FILE, Comment, read_comments, write_comments
from ffm.records import Range

Place = tuple[str, Range]


class Content:
    """What a project holds, confirmed or not, and what is remarked there; each fetched when it is first asked for."""

    def __init__(self, server: Server, project: Project) -> None:
        self.server = server
        self.project = project

    @cached_property
    def passages(self) -> dict[int, Sent]:
        """Its passages, by the number of their example."""
        found = {}
        for row in self._rows:
            try:
                found[row["id"]] = read_sent(row)
            except PassageError:  # told where its annotations are read
                continue
        return found

    @cached_property
    def _rows(self) -> list[dict[str, Any]]:
        return [row for rows in self.server.download(self.project).values() for row in rows]

    def page(self, example: int) -> str:
        """Return the address at which doccano shows an example, which it numbers in its own way."""
        numbers = sorted({row["id"] for row in self._rows})
        return self.server.page(self.project, numbers.index(example) + 1 if example in numbers else 1)

    @cached_property
    def places(self) -> set[Place]:
        """The report and range of each passage."""
        return {(sent.report, sent.range) for sent in self.passages.values()}

    @cached_property
    def remarks(self) -> list[Remark]:
        """What is remarked, less the lines that give an amount a value: these are read with the labels."""
        found = []
        for remark in self.server.remarks(self.project):
            text = "\n".join(line for line in remark.text.splitlines() if not gives_a_value(line)).strip()
            if text:
                found.append(Remark(remark.example, remark.author, remark.date, text))
        return found

    def comments(self, author: str | None = None) -> list[Comment]:
        """Return the comments on passages, of all or of one author, in the order of their reports."""
        found = []
        for remark in self.remarks:
            if author is not None and remark.author != author:
                continue
            sent = self.passages.get(remark.example)
            if sent is not None:
                found.append(Comment(sent.report, *sent.range, " ".join(sent.text.split()), "", remark.author, remark.date, remark.text))
        return sorted(found, key=lambda comment: (comment.report, comment.start, comment.date))


def keep_comments(folder: Path, comments: Sequence[Comment], content: Content) -> Path | None:
    """Write comments into an annotator's folder, beside those that are there on passages of other projects; None where there is nothing.

    Raises
    ------
    GoldError
        If the table that is there is damaged; it is left as it was.
    OutputError
        If it cannot be written.
    """
    path = folder / FILE
    before = read_comments(path) if path.is_file() else []
    if not before and not comments:
        return None
    others = [item for item in before if (item.report, (item.start, item.end)) not in content.places]
    return write_comments(folder, [*others, *comments])
