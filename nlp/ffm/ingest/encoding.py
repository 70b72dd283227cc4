"""Bytes to text: UTF-8, UTF-16 with or without a byte-order mark, Windows-1252 and Latin-1; anything else is refused."""

from __future__ import annotations

import codecs
from pathlib import Path

from ffm.errors import ReportError

MAX_CONTROL_SHARE = 0.001
MIN_WHOLE = 3  # whole characters beyond ASCII for each damaged one from which on a text is UTF-8 with damage


def decode(path: Path, data: bytes) -> str:
    """Return the text of a file's bytes; a byte-order mark is no part of it.

    Raises
    ------
    ReportError
        If the bytes are binary.
    """
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            errors = "replace" if encoding == "utf-8" else "strict"
            return _text_or_refuse(path, data[len(mark) :], encoding, errors)
    if b"\0" in data[:4096]:
        even, odd = data[0:4096:2].count(0), data[1:4096:2].count(0)
        if max(even, odd) > 0.3 * (min(len(data), 4096) / 2) and min(even, odd) < 0.05 * max(even, odd) + 1:
            return _text_or_refuse(path, data, "utf-16-le" if odd > even else "utf-16-be")
        raise ReportError(f"{path}: binary data, not text; export the report as .md, .txt or .pdf")
    try:
        return _text_or_refuse(path, data, "utf-8")
    except UnicodeDecodeError:
        lenient = data.decode("utf-8", errors="replace")
    damaged = lenient.count("\ufffd")
    if sum(character > "\x7f" for character in lenient) > (1 + MIN_WHOLE) * damaged:
        return _printable(path, lenient)
    try:
        return _text_or_refuse(path, data, "cp1252")
    except UnicodeDecodeError:
        return _text_or_refuse(path, data, "latin-1")


def _text_or_refuse(path: Path, data: bytes, encoding: str, errors: str = "strict") -> str:
    try:
        text = data.decode(encoding, errors)
    except UnicodeDecodeError:
        if encoding.startswith("utf-16"):
            raise ReportError(f"{path}: damaged UTF-16 text; save the report again as UTF-8") from None
        raise
    return _printable(path, text)


def _printable(path: Path, text: str) -> str:
    controls = sum(1 for character in text if (character < " " and character not in "\t\n\r\f\v") or "\x7f" <= character < "\xa0")
    if controls > max(2, MAX_CONTROL_SHARE * len(text)):
        raise ReportError(f"{path}: binary data, not text; export the report as .md, .txt or .pdf")
    return text
