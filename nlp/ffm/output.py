"""Writing files: beside their place, then renamed, so that no output is ever half."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ffm.errors import OutputError


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Give a path to write to, which takes its place when the block ends well and is removed when it does not.

    Raises
    ------
    OutputError
        If the folder is missing or cannot be written.
    """
    if path.is_dir():
        raise OutputError(f"{path}: is a folder; name a file")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.touch()
    except FileNotFoundError:
        raise OutputError(f"{path}: its folder does not exist; make it first") from None
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror}); choose another place") from None
    try:
        yield part
        part.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror}); choose another place") from None
    finally:
        part.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text in UTF-8 with line feeds."""
    with beside(path) as part:
        part.write_bytes(text.encode("utf-8"))
