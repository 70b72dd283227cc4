"""What ``ffm scheme migrate`` does: all inputs are read, then all outputs are written."""

from __future__ import annotations

from pathlib import Path

from ffm.cli.console import complain, notice, say
from ffm.errors import FfmError, OutputError
from ffm.files import beside, check_place
from ffm.gold.load import is_gold
from ffm.gold.older import Restated
from ffm.gold.store import write_gold
from ffm.project.project import Project
from ffm.records import TaggedPassage
from ffm.tagging.migrate import MigratedRows, migrate_gold, migrate_rows
from ffm.tagging.writers import FORMATS, write_rows


class Migration:
    """One run: what was read, and where it goes.

    Attributes
    ----------
    refused
        Number of inputs that were refused; the others are done.
    """

    def __init__(self, project: Project, folder: Path | None, in_place: bool, review: Path | None, unread: bool) -> None:
        self.project, self.folder, self.in_place, self.review, self.unread = project, folder, in_place, review, unread
        self.refused = 0
        self._gold: dict[Path, Restated] = {}
        self._rows: dict[Path, MigratedRows] = {}
        self._eyes: list[TaggedPassage] = []
        if review is not None:
            if review.suffix not in FORMATS:
                raise OutputError(f"{review}: unknown format; end its name in {', '.join(FORMATS)}")
            check_place(review)

    def read(self, path: Path) -> None:
        """Read one input; tells what its labels became."""
        try:
            if is_gold(path):
                gold = migrate_gold(path, self.project, self.unread)
                self._gold.update(gold.files)
                self._eyes += gold.review
                notices, errors = gold.notices, gold.errors
            else:
                rows = migrate_rows(path, self.project, self.unread)
                self._rows[path] = rows
                self._eyes += rows.review
                notices, errors = rows.notices, ()
        except FfmError as error:
            notices, errors = (), (str(error),)
        for message in notices:
            notice(message)
        for message in errors:
            complain(message)
        self.refused += len(errors)

    def write(self) -> None:
        """Write what was read, each file under its name, and the passages for review."""
        if self.folder is not None and self._gold and self._rows:
            raise OutputError(f"{self.folder}: gold and tagged files do not go into one folder; migrate them one after the other")
        targets = {path: self._target(path) for path in (*self._gold, *self._rows)}
        if len({target for target in targets.values() if target is not None}) < sum(target is not None for target in targets.values()):
            raise OutputError(f"{self.folder}: two of the files have one name; migrate them into two folders")
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
        for target in targets.values():
            if target is not None:
                check_place(target)
        for path, gold in self._gold.items():
            if target := targets[path]:
                write_gold(target, gold.header, gold.records)
            self._tell(targets[path] or path, gold.since, len(gold.records), "range", len(gold.review))
        for path, rows in self._rows.items():
            if target := targets[path]:
                with beside(target) as part:
                    write_rows(rows.rows, part, target.suffix)
            self._tell(targets[path] or path, None, rows.changed, "row", len(rows.review))
        if self.review is not None:
            with beside(self.review) as part:
                write_rows(self._eyes, part, self.review.suffix)
            say(f"{self.review}: {_counted(len(self._eyes), 'passage')} for review")
        if self.folder is None and not self.in_place and targets:
            notice("nothing is written in the labels of the new version yet; say where with -o DIR, or --in-place")

    def _target(self, path: Path) -> Path | None:
        if self.in_place:
            return path
        return self.folder / path.name if self.folder is not None else None

    def _tell(self, place: Path, since: int | None, number: int, what: str, review: int) -> None:
        version = self.project.scheme.version
        if since == version or (since is None and not number):
            say(f"{place}: is of version {version} already")
            return
        of = f" of version {since}" if since is not None else ""
        say(f"{place}: {_counted(number, what)}{of} told in version {version}, {review:,} for review")


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
