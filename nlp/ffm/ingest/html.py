"""Web pages, saved as HTML, to reports."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from ffm.errors import ReportError
from ffm.ingest.blocks import BlockReader, write_blocks
from ffm.ingest.dom import read_nodes
from ffm.ingest.encoding import decode
from ffm.ingest.main_text import MainText, without_apparatus
from ffm.records import Report

PAGE_START = re.compile(
    r"\A\s{0,1000}(?:<\?xml[^>]{0,200}>\s{0,99})?(?:<!--(?:[^-]|-(?!->)){0,5000}-->\s{0,99}){0,5}<(?:!doctype\s+html|html)\b", re.IGNORECASE
)
DECLARED = re.compile(
    rb"<meta[^>]{0,200}charset\s{0,3}=\s{0,3}[\"']?([\w-]{2,30})|<\?xml[^>]{0,80}encoding=[\"']([\w-]{2,30})", re.IGNORECASE
)
LATIN = ("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii")
ENCODINGS = re.compile(
    r"windows-\d{3,4}|cp\d{3,4}|iso-8859-\d{1,2}|latin-?\d|(?:us-)?ascii|koi8-[ru]|gbk?|gb2312|gb18030|big5|shift[-_]jis|euc-(?:jp|kr)|macintosh"
)
UNICODE_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def is_html(text: str) -> bool:
    """Tell whether a text is a page of HTML, whatever its file is called."""
    return PAGE_START.match(text[:10_000]) is not None


def decode_html(path: Path, data: bytes) -> str:
    """Return the text of a page, in the encoding that it declares where that is no Unicode.

    Raises
    ------
    ReportError
        If the bytes are binary.
    """
    match = DECLARED.search(data[:4096])
    name = (match[1] or match[2]).decode("ascii").lower() if match else "utf-8"
    if not ENCODINGS.fullmatch(name) or data.startswith(UNICODE_MARKS) or _is_utf8(data):
        return decode(path, data)
    try:
        # what pages call Latin-1 or ASCII is Windows-1252 (WHATWG Encoding, 4.2)
        return data.decode("cp1252" if name in LATIN else name, "replace")
    except LookupError:
        return decode(path, data)


def _is_utf8(data: bytes) -> bool:
    """Tell whether bytes are UTF-8 whatever they declare: other encodings that are no ASCII are so by no chance."""
    try:
        return not data.decode("utf-8").isascii()
    except UnicodeDecodeError:
        return False


def read_html(path: Path, text: str, name: str) -> Report:
    """Read a page of HTML: its main text as Markdown.

    Raises
    ------
    ReportError
        If the page holds no text of its own, or parsing it goes over the limits of :mod:`ffm.ingest.dom`.
    """
    root = read_nodes(path, text.encode("utf-8", "replace"))
    part = MainText(root).find()
    blocks = without_apparatus(BlockReader(part).read(part))
    if not any(block.kind != "heading" for block in blocks):
        raise ReportError(f"{path}: the page holds no text beside its menus; save it whole from a browser, or print it to PDF")
    return Report(name, write_blocks(blocks))
