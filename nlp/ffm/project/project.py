"""A project: a folder with ``ffm.toml``, beside its scheme, its gold, its reports and its models.

It is found by walking up from the working folder, as git finds a repository. The package carries a project too, with
the scheme and the model that serve where there is none.
"""

from __future__ import annotations

import os
import tomllib
from functools import cached_property
from pathlib import Path

import msgspec
from msgspec import Struct

from ffm.errors import ProjectError, SchemeError
from ffm.project.reports import Registered, registered
from ffm.project.scheme import Scheme, parse_scheme, read_scheme

FILE = "ffm.toml"
PROJECT_VARIABLE = "FFM_PROJECT"
RAW_TEXT_VARIABLE = "FFM_RAW_TEXT"


class Paths(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a project's parts stand, from its folder.

    Attributes
    ----------
    raw_text
        The folders of reports, each with its register; what ``ffm reports add`` registers goes to the first.
    card
        Markdown that stands in the cards of the project's models: what a reader of their figures should know of gold and reports.
    """

    scheme: str = "annotations/scheme.toml"
    gold: str = "annotations/gold"
    written: str = "annotations/written"
    raw_text: tuple[str, ...] = ("raw_text",)
    card: str = "annotations/card.md"


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """What ``ffm.toml`` says.

    Attributes
    ----------
    name
        The project's name, which its models bear.
    language
        ISO 639-1 code of the language of its reports.
    model
        The folder of the model that tags where none is named, and that ``ffm train`` writes.
    """

    name: str
    language: str = "en"
    model: str = "models/model"
    paths: Paths = Paths()


class Project:
    """A project, or what stands in for one.

    Attributes
    ----------
    folder
        Where ``ffm.toml`` stands.
    settings
        What it says.
    packaged
        Whether no project was found, and the scheme and model of the package serve.
    """

    def __init__(self, folder: Path, settings: Settings, packaged: bool = False) -> None:
        self.folder, self.settings, self.packaged = folder, settings, packaged

    @property
    def name(self) -> str:
        """The project's name."""
        return self.settings.name

    @property
    def scheme_file(self) -> Path:
        """The scheme's file."""
        return self.folder / self.settings.paths.scheme

    @property
    def gold(self) -> Path:
        """The folder of the gold data.

        Raises
        ------
        ProjectError
            If there is no project: the package brings no gold.
        """
        if self.packaged:
            raise ProjectError(f"no project here: {advice()}, or name the folder of the gold data with --gold")
        return self.folder / self.settings.paths.gold

    def written(self, gold: Path | None = None) -> Path:
        """Return the folder of the written examples: beside the gold, where that is not the project's."""
        return gold.parent / "written" if gold is not None else self.folder / self.settings.paths.written

    def corrections(self, gold: Path | None = None) -> Path:
        """Return the folder of corrections: beside the gold."""
        return (gold or self.folder / self.settings.paths.gold).parent / "corrections"

    @property
    def card_notes(self) -> str:
        """What the project says in the cards of its models; empty where it has no such file."""
        path = self.folder / self.settings.paths.card
        return path.read_text(encoding="utf-8").strip() if path.is_file() else ""

    @property
    def model(self) -> Path:
        """The folder of the model that tags where none is named."""
        return self.folder / self.settings.model

    @property
    def tags_with(self) -> Path:
        """What tags where no model is named: the model's folder or, as long as none is trained, the scheme's file."""
        return self.model if self.model.is_dir() else self.scheme_file

    @property
    def raw_text(self) -> tuple[Path, ...]:
        """The folders of reports: the project's, then those that FFM_RAW_TEXT names; without a project that of the working folder."""
        own = Path() if self.packaged else self.folder
        more = [Path(part).expanduser() for part in os.environ.get(RAW_TEXT_VARIABLE, "").split(os.pathsep) if part]
        return (*(own / folder for folder in self.settings.paths.raw_text), *more)

    @cached_property
    def written_scheme(self) -> Scheme:
        """The scheme as it is written, whether or not it holds together, which takes time to tell: enough to name it.

        Raises
        ------
        SchemeError
            If it is missing, or not of the form of a scheme.
        """
        return parse_scheme(self.scheme_file)

    @cached_property
    def scheme(self) -> Scheme:
        """The scheme.

        Raises
        ------
        SchemeError
            If it is missing or damaged.
        """
        if not self.scheme_file.is_file():
            raise SchemeError(f"{self.scheme_file}: no such file, though {self.folder / FILE} names it; write it or correct the path")
        return read_scheme(self.scheme_file)

    def reports(self) -> dict[str, Registered]:
        """Return the registered reports of all its folders, by id.

        Raises
        ------
        ReportError
            If a register is damaged.
        """
        return registered(self.raw_text)


def advice() -> str:
    """Return how to get a project, as messages have it."""
    return f"make one with ffm init DIR, or name one with --project or {PROJECT_VARIABLE}"


def read_project(folder: Path, packaged: bool = False) -> Project:
    """Read the project that stands in a folder.

    Raises
    ------
    ProjectError
        If there is none, or its ``ffm.toml`` is damaged.
    """
    path = folder / FILE
    try:
        settings = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8-sig")), Settings)
    except FileNotFoundError:
        raise ProjectError(f"{folder}: no project here ({FILE} is missing); {advice()}") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise ProjectError(f"{path}: not a project: {error}; correct the file") from None
    if not settings.name.strip() or not settings.name.isprintable():
        raise ProjectError(f"{path}: name is empty or has control characters; give the project a name")
    if not settings.paths.raw_text:
        raise ProjectError(f'{path}: raw_text names no folder; write raw_text = ["raw_text"]')
    return Project(folder, settings, packaged)


def find_project(given: Path | None = None) -> Project:
    """Return the project to work in.

    Parameters
    ----------
    given
        Its folder; by default that which FFM_PROJECT names, else the nearest one at or above the working folder,
        else that of the package.

    Raises
    ------
    ProjectError
        If the one that is named is none, or the one that is found is damaged.
    """
    named = given or (Path(os.environ[PROJECT_VARIABLE]).expanduser() if os.environ.get(PROJECT_VARIABLE) else None)
    if named is not None:
        return read_project(named)
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / FILE).is_file():
            return read_project(Path(os.path.relpath(folder, here)))
    return packaged_project()


def packaged_project() -> Project:
    """Return the project that the package carries: the nearest one at or above its data."""
    data = Path(__file__).parents[1] / "data"
    folder = next(folder for folder in (data, *data.parents) if (folder / FILE).is_file())
    return read_project(folder, packaged=True)
