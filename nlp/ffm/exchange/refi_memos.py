"""The memos of a REFI-QDA project as comments: on selections, codings, codes and whole sources.

Programs keep them in different places: as the description of a selection (MAXQDA, ATLAS.ti), as a note that a selection, coding, code or
source refers to, or as a note that a link joins to a selection (NVivo).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ffm.exchange.refi_codes import Label
from ffm.exchange.refi_places import position
from ffm.exchange.refi_project import Project, Selection, Source
from ffm.exchange.refi_qda import NOTE
from ffm.gold.comments import Comment
from ffm.records import Range


class Memos:
    """Finds the memos of one project.

    Parameters
    ----------
    texts
        The plain texts of notes, by guid.
    labels
        What the codes stand for, by guid.
    """

    def __init__(self, project: Project, texts: dict[str, str], labels: dict[str, Label]) -> None:
        self._project = project
        self._labels = labels
        self._texts = texts
        self._notes = {
            note.guid: note
            for note in project.notes
            if not note.name.startswith(NOTE) and not texts.get(note.guid, "").startswith('{"header"')
        }
        self._linked: dict[str, list[str]] = {}
        for one, two in project.links:
            for end, other in ((one, two), (two, one)):
                if other in self._notes:
                    self._linked.setdefault(end, []).append(other)

    def of(self, report: str, source: Source, find: Callable[[int, int], Range | None], text: str) -> list[Comment]:
        """Return the comments on a report, in the order of its text; those on the whole of it first."""
        found = [self._comment(note, report, text, None, ()) for note in self._referred(source.guid, source.notes)]
        if source.description.strip():
            found.append(self._made(source.description, source.user, source.date, report, text, None, ()))
        for selection in source.selections:
            found += self._of_selection(selection, report, find, text)
        return sorted(found, key=lambda comment: (comment.start, comment.end))

    def of_codes(self) -> list[Comment]:
        """Return the comments on codes, which belong to no report."""
        return [
            self._comment(note, "", "", None, (self._name(code.guid) or code.name,))
            for code in self._project.codes
            for note in self._referred(code.guid, code.notes)
        ]

    def _of_selection(self, selection: Selection, report: str, find: Callable[[int, int], Range | None], text: str) -> Iterator[Comment]:
        """Yield the comments on a selection: on all that it is coded with, or on one of its codings."""
        notes = self._referred(selection.guid, selection.notes)
        if not (notes or selection.description.strip() or any(coding.notes for coding in selection.codings)):
            return
        place = find(*position(selection))
        every = tuple(name for coding in selection.codings for guid in coding.codes if (name := self._name(guid)))
        if selection.description.strip():
            yield self._made(selection.description, selection.user, selection.date, report, text, place, every)
        for note in notes:
            yield self._comment(note, report, text, place, every)
        for coding in selection.codings:
            mine = tuple(name for guid in coding.codes if (name := self._name(guid)))
            for note in self._referred("", coding.notes):
                yield self._comment(note, report, text, place, mine)

    def _referred(self, guid: str, notes: list[str]) -> list[Source]:
        found = dict.fromkeys([*notes, *self._linked.get(guid, ())])
        return [self._notes[note] for note in found if note in self._notes]

    def _name(self, code: str) -> str:
        label = self._labels.get(code)
        return "" if label is None else label.entity or label.theme

    def _comment(self, note: Source, report: str, text: str, place: Range | None, about: tuple[str, ...]) -> Comment:
        words = self._texts.get(note.guid, "").strip() or note.description.strip() or note.name
        return self._made(words, note.user, note.date, report, text, place, about)

    def _made(self, words: str, user: str, date: str, report: str, text: str, place: Range | None, about: tuple[str, ...]) -> Comment:
        start, end = place or (0, 0)
        author = self._project.users.get(user, "")
        return Comment(
            report, start, end, text[start:end], " ".join(dict.fromkeys(about)), author, date[:10], words.strip().lstrip("\ufeff")
        )
