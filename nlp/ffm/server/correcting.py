"""Corrections on the reading page: a person marks a label as wrong or chooses one that is missing, and it is kept as gold of that person.

Off unless it is asked for, on this machine only, and for registered reports only, whose text training finds again.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from msgspec import Struct
from starlette.datastructures import FormData

from ffm.errors import FfmError, ServeError
from ffm.exchange.categories import category_types, read_categories
from ffm.files import can_name_a_file
from ffm.gold.corrections import Correction, keep_correction
from ffm.gold.store import text_digest
from ffm.project.project import Project
from ffm.project.reports import open_report
from ffm.server.access import is_loopback
from ffm.server.answers import RequestError

WRONG, RIGHT = "wrong", "right"  # names of the fields that may stand several times
FIELDS = ("report", "sha256", "start", "end", "model", "labels")
LONGEST = 500  # characters of a field


class Corrector(Struct, frozen=True):
    """Who corrects, and in which project."""

    who: str
    project: Project

    def keep(self, form: FormData) -> str:
        """Keep what a form says, and return it in words.

        Raises
        ------
        RequestError
            If the form is none of the page, or its report is not the one that is registered.
        FfmError
            If the correction cannot be kept.
        """
        fields = {name: value for name in FIELDS if isinstance(value := form.get(name), str)}
        wrong, right = ([value for value in form.getlist(name) if isinstance(value, str) and value] for name in (WRONG, RIGHT))
        if set(fields) != set(FIELDS) or any(len(value) > LONGEST for value in (*fields.values(), *wrong, *right)):
            raise RequestError(400, "not a form of the reading page; read the report again")
        if not fields["start"].isdecimal() or not fields["end"].isdecimal():
            raise RequestError(400, "the passage has no place; read the report again")
        entries, scheme = self.project.reports(), self.project.scheme
        if fields["report"] not in entries:
            raise RequestError(404, "no report of this id is registered; register its file with ffm reports add, and read it again")
        report = open_report(fields["report"], entries)
        if text_digest(report) != fields["sha256"]:
            raise RequestError(409, f"{report.id}: its text is another by now; read the report again")
        themes, stances = read_categories(right, scheme)
        known = {label.text for label in category_types(scheme)}
        if unknown := sorted({*right, *fields["labels"].split()} - known):
            raise RequestError(400, f'the scheme has no theme "{unknown[0]}"; read the report again')
        correction = Correction(
            int(fields["start"]),
            int(fields["end"]),
            tuple(wrong),
            {theme: stances.get(theme) for theme in themes},
            fields["model"],
            tuple(fields["labels"].split()),
        )
        keep_correction(self.project.corrections(), self.who, report, correction, scheme)
        said = [f"{theme} is wrong" for theme in wrong] + [f"{theme} is right" for theme in right]
        return f"{report.id} {correction.start}–{correction.end}: {', '.join(said)}. Kept as {self.who}’s"


def make_corrector(who: str, host: str, project: Project) -> Corrector:
    """Return what keeps a person's corrections.

    Raises
    ------
    ServeError
        If the name cannot name a folder, other machines could reach the server, or there is no project.
    """
    if not can_name_a_file(who) or who.startswith("."):
        raise ServeError(f'--corrections "{who}": cannot name a folder; give a name of letters and digits')
    if not is_loopback(host):
        raise ServeError(f"--corrections: is for this machine only, and --host {host} is not; leave one of them out")
    if project.packaged:
        raise ServeError("--corrections: there is no project here to keep them in; make one with ffm init, or name it with --project")
    return Corrector(who, project)


def registered_as(path: Path, project: Project) -> str | None:
    """Return the id of the registered report that a file is, byte by byte; None where it is none."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    try:
        entries = project.reports()
    except FfmError:
        return None
    return next((name for name, entry in entries.items() if (entry.sha256 or _digest(entry.path)) == digest), None)


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
