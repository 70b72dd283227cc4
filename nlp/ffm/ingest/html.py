"""Web pages, saved as HTML, to reports."""

from __future__ import annotations

import re
from pathlib import Path

from ffm.errors import ReportError
from ffm.ingest.blocks import BlockReader, write_blocks
from ffm.ingest.dom import read_nodes
from ffm.ingest.main_text import MainText, without_apparatus
from ffm.records import Report

PAGE_START = re.compile(r"\s{0,1000}(?:<\?xml[^>]{0,200}>\s{0,99})?(?:<!--(?:[^-]|-(?!->)){0,5000}-->\s{0,99}){0,5}<(?:!doctype\s+html|html)\b", re.IGNORECASE)
DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s{0,3}=\s{0,3}[\"']?([\w-]{2,30})|<\?xml[^>]{0,80}encoding=[\"']([\w-]{2,30})", re.IGNORECASE)


def is_html(text: str) -> bool:
    """Tell whether a text is a page of HTML, whatever its file is called."""
    return PAGE_START.match(text[:10_000]) is not None


def declared_encoding(data: bytes) -> str | None:
    """Return the encoding that a page declares for itself, or None."""
    match = DECLARED.search(data[:4096])
    return (match[1] or match[2]).decode("ascii").lower() if match else None


def read_html(path: Path, text: str, name: str) -> Report:
    """Read a page of HTML: its main text as Markdown.

    Raises
    ------
    ReportError
        If the page holds no text of its own, or parsing it goes over the limits of :mod:`ffm.ingest.dom`.
    """
    root = read_nodes(path, text.encode("utf-8", "replace"), "html")
    part = MainText(root).find()
    blocks = without_apparatus(BlockReader(part).read(part))
    if not any(block.kind != "heading" for block in blocks):
        raise ReportError(f"{path}: the page holds no text beside its menus; save it whole from a browser, or print it to PDF")
    return Report(name, write_blocks(blocks))
