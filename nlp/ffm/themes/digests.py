"""The digests of a model's files, over all that decides what it says."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from ffm.errors import ModelError

FILE = "digests.json"
PROSE = (".md", ".svg")  # for people: a mended word in a card makes no other model


def write_digests(folder: Path) -> None:
    """Write the digests of a model's files beside them."""
    (folder / FILE).write_bytes(msgspec.json.format(msgspec.json.encode(_digests(folder)), indent=1) + b"\n")


def check_digests(folder: Path) -> None:
    """Hold a model's files against their digests.

    Raises
    ------
    ModelError
        If one is missing, new or changed.
    """
    try:
        written = msgspec.json.decode((folder / FILE).read_bytes(), type=dict[str, str])
    except FileNotFoundError:
        raise ModelError(f"{folder / FILE}: missing; restore the model folder or train it again with ffm train") from None
    except msgspec.DecodeError as error:
        raise ModelError(f"{folder / FILE}: damaged ({error}); restore the model folder or train it again with ffm train") from None
    found = _digests(folder)
    for name in sorted(written.keys() | found.keys()):
        if written.get(name) != found.get(name):
            what = (
                "is missing" if name not in found else "is no part of the model" if name not in written else "does not match its checksum"
            )
            raise ModelError(f"{folder / name}: {what}; restore the model folder or train it again with ffm train")


def model_digest(folder: Path | None) -> str:
    """Return eight hexadecimal digits over all files of a model; of one that is not stored, zeros."""
    path = None if folder is None else folder / FILE
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8] if path is not None and path.is_file() else "0" * 8


def _digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in PROSE and path.name != FILE)
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
