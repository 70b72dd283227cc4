"""Word files to reports."""

from __future__ import annotations

from pathlib import Path

from ffm.errors import ReportError
from ffm.ingest.blocks import BlockReader, write_blocks
from ffm.ingest.dom import html_of_docx, read_nodes
from ffm.ingest.main_text import without_contents
from ffm.records import Report


def read_docx(path: Path, data: bytes, name: str) -> Report:
    """Read a Word file as Markdown: tracked changes accepted; comments, running heads, pictures and contents left out.

    Raises
    ------
    ReportError
        If the file is damaged, encrypted, or holds no text, or reading it goes over the limits of :mod:`ffm.ingest.dom`.
    """
    root = read_nodes(path, html_of_docx(path, data))
    blocks = without_contents(BlockReader(root).read(root))
    if not blocks:
        raise ReportError(f"{path}: holds no text; check that the right file was saved")
    return Report(name, write_blocks(blocks))
