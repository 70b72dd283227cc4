"""Writing files: beside their place, then renamed, so that no output is ever half."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ffm.errors import OutputError

NO_NAME = re.compile(r'[<>:"/\\|?*\x00-\x1f]|[ .]$')
DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]) *(?:\.|$)", re.IGNORECASE)
LONGEST_NAME = 200  # bytes; with what is put before and after, less than any file system's 255


@contextmanager
def beside(path: Path, within: Path | None = None) -> Iterator[Path]:
    """Give a path to write to, which takes its place when the block ends well and is removed when it does not.

    Where the place is a symbolic link, the file that it points to is replaced.

    Parameters
    ----------
    within
        A folder of the same file system to write in, so that what a killed process leaves is in there; else the place's own.

    Raises
    ------
    OutputError
        If the place is a folder, or its folder is missing or cannot be written.
    """
    part = _make_part(path, within)
    try:
        yield part
        part.replace(os.path.realpath(path))
    except OSError as error:
        raise _refused(path, error) from None
    finally:
        part.unlink(missing_ok=True)


def check_place(path: Path) -> None:
    """Refuse a place that :func:`beside` would refuse, before long work is done for it.

    Raises
    ------
    OutputError
        As :func:`beside`.
    """
    _make_part(path).unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text in UTF-8 with line feeds."""
    with beside(path) as part:
        part.write_bytes(text.encode("utf-8"))


def can_name_a_file(name: str) -> bool:
    """Tell whether a file or folder can bear a name on every system; Windows keeps some for devices and some characters for paths."""
    return bool(name) and not NO_NAME.search(name) and not DEVICE.match(name) and len(name.encode("utf-8", "surrogatepass")) <= LONGEST_NAME


def _make_part(path: Path, within: Path | None = None) -> Path:
    place = Path(os.path.realpath(path))
    if os.path.isdir(place):  # noqa: PTH112 (Path.is_dir raises for a name that is too long)
        raise OutputError(f"{path}: is a folder; name a file")
    part = (within or place.parent) / f".{place.name}.{os.getpid()}.part"
    try:
        part.touch()
    except FileNotFoundError:
        raise OutputError(f"{path}: its folder does not exist; make it first") from None
    except OSError as error:
        raise _refused(path, error) from None
    return part


def _refused(path: Path, error: OSError) -> OutputError:
    return OutputError(f"{path}: cannot be written ({error.strerror or error}); choose another place")
