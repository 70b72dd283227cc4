"""Which themes the model that tagged rows only ranks: none of its rows has their labels, which says nothing of the texts."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from ffm.errors import FfmError
from ffm.project.project import Project, packaged_project
from ffm.themes.digests import model_digest
from ffm.themes.first_look import NAME
from ffm.themes.store import read_manifest


class _Meta(Struct):
    """What a model's ``meta.json`` calls it."""

    name: str
    version: str


def ranked_by(model: str, project: Project) -> frozenset[str] | None:
    """Return the themes that a model only ranks, as the column ``model`` names it; None for a first look, which ranks all.

    Parameters
    ----------
    project
        Among whose models, and that of the package, it is looked for; of one that is not here nothing is known.
    """
    if model.startswith(f"{NAME}@"):
        return None
    for folder in (*sorted(project.model.parent.glob("*/")), packaged_project().model):
        with suppress(FfmError, OSError, msgspec.DecodeError):
            if model.endswith(f"+{model_digest(folder)}") and model == _reference(folder):
                manifest = read_manifest(folder / "ffm_themes")
                return frozenset(manifest.themes) - manifest.calibration.threshold.keys()
    return frozenset()


def _reference(folder: Path) -> str:
    meta = msgspec.json.decode((folder / "meta.json").read_bytes(), type=_Meta)
    return f"{meta.name}@{meta.version}+{model_digest(folder)}"
