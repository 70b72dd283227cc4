"""Where the project's own data stands, in a checkout and in an installed package."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGED = Path(__file__).parents[1] / "data"
_CHECKOUT = Path(__file__).parents[3]


def scheme_path() -> Path:
    """Return the path of the annotation scheme."""
    packaged = _PACKAGED / "scheme.toml"
    return packaged if packaged.exists() else _CHECKOUT / "annotations" / "scheme.toml"


def model_path() -> Path:
    """Return the folder of the trained model."""
    packaged = _PACKAGED / "ffm-en"
    return packaged if packaged.exists() else _CHECKOUT / "models" / "ffm-en"


def gold_path() -> Path:
    """Return the folder of the gold data: the working directory's, else the checkout's."""
    local = Path("annotations/gold")
    return local if local.is_dir() else _CHECKOUT / "annotations" / "gold"


def written_path() -> Path:
    """Return the folder of the written examples: beside the gold data."""
    return gold_path().parent / "written"


def raw_text_folders() -> list[Path]:
    """Return the folders that may hold a ``reports.toml``: ``raw_text`` and those that FFM_RAW_TEXT lists."""
    local, checkout = Path("raw_text"), _CHECKOUT / "raw_text"
    folders = [checkout if checkout.is_dir() and not local.is_dir() else local]
    folders += [Path(part).expanduser() for part in os.environ.get("FFM_RAW_TEXT", "").split(os.pathsep) if part]
    return folders
