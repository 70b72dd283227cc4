"""A model's folder: written beside its place and put there whole, recovered where a run was killed between two renames."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path

from filelock import FileLock

from ffm.errors import OutputError

STALE = 3600.0  # seconds after which a part folder cannot be one that another run is writing


def check_model_place(folder: Path) -> None:
    """Refuse a place where no model can be written, before long work is done for it; recover what a killed run left.

    Raises
    ------
    OutputError
        If it is a file, holds something that is no model, or cannot be made.
    """
    with _refusing(folder):
        place = _place(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        with _locked(place):
            _recover(place)
        if place.exists() and not place.is_dir():
            raise OutputError(f"{folder}: is a file; name a folder")
        if place.exists() and any(place.iterdir()) and not (place / "config.cfg").is_file():
            raise OutputError(f"{folder}: is not empty and no model; name another folder")
        Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent)).rmdir()


@contextmanager
def model_place(folder: Path) -> Iterator[Path]:
    """Give an empty folder to write a model to, which takes its place when the block ends well; a model there is replaced.

    The model that stands there is renamed aside, the new one renamed into its place and the old one removed, so that a
    run that is killed leaves one of the two whole, and the next run puts it right.

    Raises
    ------
    OutputError
        As :func:`check_model_place`.
    """
    check_model_place(folder)
    place = _place(folder)
    with _refusing(folder):
        part = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent))
        try:
            part.chmod(0o755)
            yield part
            with _locked(place):
                _recover(place)
                if place.exists():
                    place.rename(_aside(place))
                try:
                    part.rename(place)
                finally:
                    _recover(place)
        finally:
            shutil.rmtree(part, ignore_errors=True)


def _place(folder: Path) -> Path:
    return Path(os.path.realpath(folder))


def _aside(place: Path) -> Path:
    return place.with_name(f".{place.name}.old.part")


def _recover(place: Path) -> None:
    """Put back a model that a killed run had renamed aside, or remove it where its successor stands; remove stale parts."""
    aside = _aside(place)
    if aside.is_dir():
        if place.exists():
            shutil.rmtree(aside)
        else:
            aside.rename(place)
    for part in place.parent.glob(f".{escape(place.name)}.*.part"):
        with suppress(FileNotFoundError):
            if time.time() - part.stat().st_mtime > STALE:
                shutil.rmtree(part, ignore_errors=True)


@contextmanager
def _locked(place: Path) -> Iterator[None]:
    """Let one run at a time rename models at a place; the others wait."""
    lock = place.with_name(f".{place.name}.lock")
    with FileLock(lock):
        try:
            yield
        finally:
            with suppress(PermissionError):  # Windows keeps what is open, and the lock removes it there
                lock.unlink(missing_ok=True)


@contextmanager
def _refusing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror}); choose another place") from None
