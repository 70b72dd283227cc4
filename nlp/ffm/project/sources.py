"""The names by which one source goes in several reports, as a person lists them: ``sources.toml`` beside the register.

.. code-block:: toml

    [alias]
    "Shelter by the Lake" = "lake-shelter"
    "Lake House" = "lake-shelter"
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec import Struct

from ffm.errors import ReportError

FILE = "sources.toml"
IDENTIFIER = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Sources(Struct, frozen=True, forbid_unknown_fields=True):
    """What the file says: by name, as reports write it, the source's identifier."""

    alias: dict[str, str] = {}


def read_aliases(folder: Path) -> dict[str, str]:
    """Return the identifiers of sources by name, as a folder lists them; empty where it lists none.

    Raises
    ------
    ReportError
        If the file cannot be read, or an identifier is not of small letters, digits and hyphens.
    """
    path = folder / FILE
    try:
        found = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8-sig")), Sources).alias
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise ReportError(f"{path}: no list of sources' names: {error}; correct the file") from None
    for name, identifier in found.items():
        if not name.strip():
            raise ReportError(f"{path}: a name is empty; write the name that reports use")
        if not IDENTIFIER.fullmatch(identifier):
            raise ReportError(
                f'{path}: the identifier "{identifier}" of "{name}" has other characters than a-z, 0-9 and hyphens; write lake-shelter'
            )
    return found


def aliases(folders: Iterable[Path]) -> dict[str, str]:
    """Return the identifiers of sources by name of all folders of reports; where two list one name, the first counts.

    Raises
    ------
    ReportError
        If one of the files is damaged.
    """
    found: dict[str, str] = {}
    for folder in folders:
        for name, identifier in read_aliases(folder).items():
            found.setdefault(name, identifier)
    return found
