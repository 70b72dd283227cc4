"""A PDF is taken apart by a process of its own, which has a limit on time and one on memory."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from typing import IO, Any

import numpy as np
from msgspec import Struct

from ffm.errors import ReportError
from ffm.ingest.pdf.characters import FEATURES, PageData
from ffm.limited import OUT_OF_MEMORY
from ffm.processes import limited_command

MAX_PAGES = 2000
CHILD = Path(__file__).with_name("child.py")
MAX_HEAD = 2**24  # bytes of the head of a record

REASONS = {
    "damaged": "not a readable PDF; open it in a viewer and save it again",
    "password": "the PDF is encrypted; save a copy without a password",
    "page": "page {page} of the PDF does not load; open the file in a viewer and print it to a new PDF",
    "characters": "the PDF holds more text than a report can; check what it is, or divide it",
    "pages": "{pages} pages are over the limit of {max_pages}; divide the file",
    "memory": "reading the PDF takes more than {megabytes} MB of memory; print it to a new PDF, or set FFM_PDF_MEGABYTES higher",
    "time": "reading the PDF takes longer than {seconds:g} s; print it to a new PDF, or set FFM_PDF_SECONDS higher",
}


class Limits(Struct, frozen=True):
    """What reading one PDF may take.

    Attributes
    ----------
    seconds
        Time by the clock, from the start of the process that reads it.
    megabytes
        Memory of that process, its libraries and the file included.
    """

    seconds: float = 60.0
    megabytes: int = 768


def limits_of_environment() -> Limits:
    """Return the limits that the environment sets as ``FFM_PDF_SECONDS`` and ``FFM_PDF_MEGABYTES``, else the usual ones.

    Raises
    ------
    ReportError
        If one of them is no positive number.
    """
    usual = Limits()
    found: list[float] = []
    for name, default in (("FFM_PDF_SECONDS", usual.seconds), ("FFM_PDF_MEGABYTES", usual.megabytes)):
        written = os.environ.get(name) or str(default)
        try:
            value = float(written)
        except ValueError:
            value = 0.0
        if not 0 < value < 1e6:
            raise ReportError(f'{name}: "{written}" is no limit; write a number such as {default:g}')
        found.append(value)
    return Limits(found[0], int(found[1]) or 1)


def read_pages(path: Path, data: bytes, limits: Limits) -> Iterator[PageData]:
    """Yield the pages of a PDF, as the process that reads it writes them.

    Raises
    ------
    ReportError
        If the PDF is damaged, encrypted or too long, a page does not load, or reading it goes over a limit.
    """
    with tempfile.TemporaryFile() as given:
        given.write(data)
        given.seek(0)
        process = subprocess.Popen(
            limited_command(limits.megabytes, CHILD, str(MAX_PAGES)),
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    late: list[bool] = []

    def stop() -> None:
        late.append(True)
        process.kill()

    clock = Timer(limits.seconds, stop)
    clock.daemon = True
    clock.start()
    values: dict[str, Any] = {"pages": 0, "max_pages": MAX_PAGES, "megabytes": limits.megabytes, "seconds": limits.seconds, "page": 0}
    reason = None
    assert process.stdout is not None
    try:
        while (head := _read_head(process.stdout)) is not None and "end" not in head:
            if "characters" in head:
                page = _read_page(process.stdout, head)
                if page is None:
                    break
                yield page
            else:
                values |= head
                reason = reason or head.get("refused")
        if reason is None and (head is None or "end" not in head):
            status = process.wait()
            reason = "time" if late else "memory" if status < 0 or status == OUT_OF_MEMORY else "damaged"
    finally:
        clock.cancel()
        process.kill()
        process.stdout.close()
        process.wait()
    if reason is not None:
        raise ReportError(f"{path}: {REASONS[reason].format_map(values)}")


def _read_head(stream: IO[bytes]) -> dict[str, Any] | None:
    """Return the head of the next record, or None where the stream has ended."""
    size = int.from_bytes(stream.read(4), "little")
    coded = stream.read(size) if 0 < size <= MAX_HEAD else b""
    if not coded or len(coded) < size:
        return None
    head: dict[str, Any] = json.loads(coded)
    return head


def _read_page(stream: IO[bytes], head: dict[str, Any]) -> PageData | None:
    """Return the page that a head describes, or None where the stream ends within it."""
    count, objects, rules = head["characters"], head["objects"], head["rules"]
    sizes = (4 * count, 16 * count, 4 * count, 4 * FEATURES * objects, 16 * rules)
    parts = [stream.read(size) for size in sizes]
    if any(len(part) < size for part, size in zip(parts, sizes, strict=True)):
        return None
    return PageData(
        width=head["width"],
        height=head["height"],
        codes=np.frombuffer(parts[0], np.uint32),
        boxes=np.frombuffer(parts[1], np.float32).reshape(count, 4).astype(np.float64),
        objects=np.frombuffer(parts[2], np.uint32),
        features=np.frombuffer(parts[3], np.float32).reshape(objects, FEATURES).astype(np.float64),
        fonts=[(str(name), int(weight)) for name, weight in head["fonts"]],
        rules=np.frombuffer(parts[4], np.float32).reshape(rules, 4).astype(np.float64),
        pictures=np.array(head["pictures"], np.float64).reshape(-1, 4),
    )
