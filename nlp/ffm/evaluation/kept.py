"""Records that are kept in a model's folder, each in a file of JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from ffm.errors import ModelError

Record = TypeVar("Record", bound=Struct)


def keep(record: Struct, path: Path, readable: bool = False) -> None:
    """Write a record on one line, or in many that a person can read."""
    data = msgspec.json.encode(record)
    path.write_bytes((msgspec.json.format(data, indent=1) if readable else data) + b"\n")


def kept(path: Path, kind: type[Record], command: str) -> Record | None:
    """Read a record; None where there is none. ``command`` makes it anew.

    Raises
    ------
    ModelError
        If it is damaged.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as error:
        raise ModelError(f"{path}: damaged ({error}); train the model again with {command}") from None
