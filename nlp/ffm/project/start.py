"""A new project: its folder with a scheme to edit, a register, a README and a first report to try."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from ffm.errors import OutputError, ProjectError
from ffm.files import write_text
from ffm.ingest import read_report
from ffm.project.project import FILE, Project, read_project
from ffm.project.reports import add_report

TEMPLATES = {FILE: FILE, "annotations/scheme.toml": "scheme.toml", "README.md": "README.md"}
EXAMPLE = {"raw_text/first-report.md": "first-report.md", "raw_text/reports.toml": "reports.toml"}
FOLDERS = ("annotations/gold", "raw_text", "models")


def start_project(folder: Path, reports: Sequence[Path] = ()) -> Project:
    """Make a project in a folder; what stands there already stays as it is.

    Parameters
    ----------
    folder
        Made if missing.
    reports
        Files to copy into the project and to register; without any the project gets a first report to try.

    Returns
    -------
    Project
        The new project.

    Raises
    ------
    ProjectError
        If the folder is a project already.
    ReportError
        If a report cannot be read; nothing is made then.
    OutputError
        If the folder cannot be written.
    """
    if (folder / FILE).exists():
        raise ProjectError(f"{folder / FILE}: is there already, so this folder is a project; edit that file")
    for path in reports:
        read_report(path)
    name = re.sub(r"[^A-Za-z0-9]+", "-", folder.absolute().name).strip("-").lower()
    name = name if re.match("[a-z]", name) else f"project-{name}".rstrip("-")
    try:
        for part in FOLDERS:
            (folder / part).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made ({error.strerror}); choose another place") from None
    example = not reports and not any((folder / "raw_text").iterdir())
    for place, template in {**TEMPLATES, **(EXAMPLE if example else {})}.items():
        if not (folder / place).exists():
            text = files("ffm.project").joinpath("template", template).read_text(encoding="utf-8")
            write_text(folder / place, text.replace("{name}", name))
    project = read_project(folder)
    for path in reports:
        add_report(_copied(path, folder / "raw_text"), folder / "raw_text", project.reports())
    return project


def _copied(path: Path, folder: Path) -> Path:
    """Return a report's copy in the project's folder of reports."""
    place = folder / path.name
    if place.exists() and not place.samefile(path):
        raise OutputError(f"{place}: is there already; rename one of the two files")
    if not place.exists():
        try:
            shutil.copyfile(path, place)
        except OSError as error:
            raise OutputError(f"{place}: cannot be written ({error.strerror}); check the folder") from None
    return place
