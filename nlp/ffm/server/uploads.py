"""Reports that were sent: read from a file for the time of the request, tagged, as rows or as a page."""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory, gettempdir

import msgspec
from msgspec.structs import replace
from spacy.language import Language

from ffm.errors import ReportError
from ffm.gold.store import text_digest
from ffm.ingest import read_report
from ffm.records import Report
from ffm.server.autolabel import WARM
from ffm.server.reading import Correcting, render_reading
from ffm.tagging.filtering import EVERYTHING, Filter
from ffm.tagging.pipeline import is_first_look, origin_of, scheme_of, theme_tagger
from ffm.tagging.report import finish, prepare, read_texts

LONGEST_NAME = 80
PASTED = "pasted-text.md"
PREFIX = "ffm-serve-"


def file_name(name: str) -> str:
    """Return the last part of a name that somebody sent, in characters that are safe in a file's name."""
    last = PurePosixPath(name.replace("\\", "/")).name
    plain = re.sub(r"[^\w.()-]+", "-", last).lstrip(".-")
    path = PurePosixPath(plain or PASTED)
    return f"{path.stem[:LONGEST_NAME]}{path.suffix[:10]}"


def text_name(name: str) -> str:
    """Return a file's name for a text that came without a file."""
    plain = file_name(name)
    return plain if plain.lower().endswith((".md", ".txt")) else f"{plain}.md"


@contextmanager
def kept_file(name: str, data: bytes) -> Iterator[Path]:
    """Keep what was sent in a file that only this user can read, until the block ends."""
    with TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-") as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        yield path


def remove_left_over() -> None:
    """Remove what servers of this user that were killed have left of what was sent to them."""
    for folder in Path(gettempdir()).glob(f"{PREFIX}*-*"):
        if _is_left_over(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_left_over(folder: Path) -> bool:
    """Tell whether a folder is of a server of this user that has ended; those that run make theirs and remove them meanwhile."""
    if sys.platform == "win32":  # where a process cannot be asked whether it lives without ending it
        return False
    number = folder.name.removeprefix(PREFIX).partition("-")[0]
    try:
        about = folder.lstat()
        if not number.isdecimal() or not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid():
            return False
        os.kill(int(number), 0)
    except (ProcessLookupError, OverflowError):
        return True
    except OSError:
        return False
    return False


def warm_up(nlp: Language) -> None:
    """Make one page."""
    with kept_file(PASTED, WARM.encode()) as path:
        read_upload(nlp, path, "")


def tag_upload(nlp: Language, path: Path) -> bytes:
    """Return the rows that ``ffm tag`` would write for a file, as JSON lines."""
    prepared = prepare(_report(path), any_language=False)
    rows = finish(prepared, read_texts(nlp, prepared.texts), origin_of(nlp))
    return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)


def read_upload(nlp: Language, path: Path, nonce: str, wanted: Filter = EVERYTHING, known: str | None = None) -> str:
    """Return the reading page of a file, with the passages that are wanted.

    Parameters
    ----------
    known
        Where corrections are kept, the id under which the file is registered, or nothing; else None.
    """
    report = _report(path, known or None)
    prepared = prepare(report, any_language=False)
    rows = finish(prepared, read_texts(nlp, prepared.texts), origin_of(nlp))
    model = None if is_first_look(nlp) else nlp.path
    ranked = theme_tagger(nlp).ranked
    shown = [row for row in rows if wanted.fits(row)]
    notices = [*prepared.segmentation.report.notices, *prepared.segmentation.notices]
    if not wanted.is_open:
        notices.insert(0, f"Only passages that fit ({wanted.told()}): {len(shown)} of {len(rows)}.")
    if known == "":
        notices.insert(0, "Corrections are kept for registered reports only; register this file with ffm reports add, and read it again.")
    correcting = Correcting(report.id, text_digest(report)) if known else None
    return render_reading(path.name, shown, notices, scheme_of(nlp), model, nonce, ranked, correcting)


def _report(path: Path, name: str | None = None) -> Report:
    try:
        report = read_report(path, name)
        return replace(report, notices=tuple(notice.replace(str(path), path.name) for notice in report.notices))
    except ReportError as error:
        raise ReportError(str(error).replace(str(path), path.name)) from None
